package verify

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// BundleFormat is the name and version of the form of an evidence bundle: a zip
// archive with
//
//	bundle.json           the format, origin and moment, and the entries' indexes
//	checkpoint            the signed checkpoint that all proofs are under
//	log.pub               the log's verifier key
//	entries/INDEX.json    one full receipt for each entry: its parts and its proof
//	README.*              how to check all that, for people
//
// A bundle shows that its entries are in the log and unchanged, with the log's
// key alone. It cannot show that there are no others.
const BundleFormat = "dancu/bundle/1"

// Limits of a bundle.
const (
	// MaxBundleEntries is how many entries a bundle has at most.
	MaxBundleEntries = 10_000
	maxManifest      = 1 << 20
	// maxBundle is the most bytes of the files that are read, unpacked.
	maxBundle = 1 << 30
)

// The names in a bundle.
const (
	bundleManifest   = "bundle.json"
	bundleCheckpoint = "checkpoint"
	bundleKey        = "log.pub"
	bundleEntries    = "entries/"
)

// Manifest is the bundle.json of a bundle.
type Manifest struct {
	Format  string    `json:"format"`
	Origin  string    `json:"origin"`
	Made    time.Time `json:"made"`
	Entries []int64   `json:"entries"` // ascending
}

// BundleWriter writes a bundle.
type BundleWriter struct {
	zip      *zip.Writer
	origin   string
	vkey     string
	signed   []byte
	manifest Manifest
}

// NewBundleWriter begins a bundle under a signed checkpoint, which must be one of
// the log of that verifier key. The archive is complete after Close.
func NewBundleWriter(w io.Writer, signed []byte, vkey string, made time.Time) (*BundleWriter, error) {
	c, err := OpenCheckpoint(signed, vkey)
	if err != nil {
		return nil, err
	}
	b := &BundleWriter{zip: zip.NewWriter(w), origin: c.Origin, vkey: strings.TrimSpace(vkey), signed: signed}
	b.manifest = Manifest{Format: BundleFormat, Origin: c.Origin, Made: made.UTC(), Entries: []int64{}}
	if err := b.File(bundleKey, []byte(b.vkey+"\n")); err != nil {
		return nil, err
	}
	return b, b.File(bundleCheckpoint, signed)
}

// File adds a file that is not checked, such as a README.
func (b *BundleWriter) File(name string, data []byte) error {
	w, err := b.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: b.manifest.Made})
	if err == nil {
		_, err = w.Write(data)
	}
	return err
}

// Entry adds an entry, in ascending order of index. It must be a full receipt
// under the bundle's checkpoint: what would not verify is not written.
func (b *BundleWriter) Entry(r *Receipt) error {
	if len(b.manifest.Entries) == MaxBundleEntries {
		return fmt.Errorf("a bundle has at most %d entries", MaxBundleEntries)
	}
	if n := len(b.manifest.Entries); n > 0 && b.manifest.Entries[n-1] >= r.Index {
		return fmt.Errorf("entry %d follows entry %d", r.Index, b.manifest.Entries[n-1])
	}
	if r.Proof == nil || !bytes.Equal(r.Proof.Checkpoint, b.signed) {
		return errors.New("the entry's proof is not under the bundle's checkpoint")
	}
	if _, err := r.Verify(b.vkey); err != nil {
		return err
	}
	b.manifest.Entries = append(b.manifest.Entries, r.Index)
	return b.File(bundleEntries+strconv.FormatInt(r.Index, 10)+".json", r.JSON())
}

// Close writes the manifest and ends the archive. The writer below stays open.
func (b *BundleWriter) Close() error {
	data, err := json.MarshalIndent(b.manifest, "", "  ")
	if err != nil {
		return err
	}
	if err := b.File(bundleManifest, append(data, '\n')); err != nil {
		return err
	}
	return b.zip.Close()
}

// CheckBundle checks an opened bundle with the log's verifier key, which comes
// from elsewhere: that every entry its manifest names is there, is what its
// parts say and is in the log under the bundle's checkpoint, and that there is
// nothing else in it that could be taken for an entry. An error means that the
// archive cannot be read at all.
func CheckBundle(in io.ReaderAt, size int64, vkey string) (*Report, error) {
	z, err := zip.NewReader(in, size)
	if err != nil {
		return nil, fmt.Errorf("the bundle cannot be read: %w", err)
	}
	r := &Report{}
	files := map[string]*zip.File{}
	total := uint64(0)
	for _, f := range z.File {
		if files[f.Name] != nil {
			r.Add(f.Name, "the archive has it twice")
			continue
		}
		files[f.Name] = f
		total += f.UncompressedSize64
	}
	if total > maxBundle {
		return nil, fmt.Errorf("the bundle unpacks to more than %d bytes", maxBundle)
	}
	read := func(name string, limit int64) []byte {
		f := files[name]
		if f == nil {
			r.Add(name, "the bundle does not have it")
			return nil
		}
		data, err := unzip(f, limit)
		if err != nil {
			r.Add(name, "%v", err)
			return nil
		}
		return data
	}
	signed := read(bundleCheckpoint, MaxCheckpoint)
	if signed != nil {
		if r.Checkpoint, err = OpenCheckpoint(signed, vkey); err != nil {
			r.Add(bundleCheckpoint, "%v", err)
		}
	}
	if key := read(bundleKey, 4096); key != nil && strings.TrimSpace(string(key)) != strings.TrimSpace(vkey) {
		r.Add(bundleKey, "the key in the bundle is not the log's")
	}
	var m Manifest
	if data := read(bundleManifest, maxManifest); data != nil {
		if err := json.Unmarshal(data, &m); err != nil {
			r.Add(bundleManifest, "%v", err)
		} else if m.Format != BundleFormat || m.Origin != r.Checkpoint.Origin {
			r.Add(bundleManifest, "format %q of %q instead of %q of %q", m.Format, m.Origin, BundleFormat, r.Checkpoint.Origin)
		}
	}
	if len(m.Entries) > MaxBundleEntries {
		r.Add(bundleManifest, "it names %d entries; at most %d may be", len(m.Entries), MaxBundleEntries)
		return r, nil
	}
	if !slices.IsSorted(m.Entries) || len(slices.Compact(slices.Clone(m.Entries))) != len(m.Entries) {
		r.Add(bundleManifest, "the indexes are not in order")
	}
	for _, index := range m.Entries {
		data := read(bundleEntries+strconv.FormatInt(index, 10)+".json", MaxReceipt)
		if data == nil {
			continue
		}
		receipt, err := ParseReceipt(data)
		if err == nil && receipt.Index != index {
			err = fmt.Errorf("it is a receipt of entry %d", receipt.Index)
		}
		if err == nil && (receipt.Proof == nil || !bytes.Equal(receipt.Proof.Checkpoint, signed)) {
			err = errors.New("its proof is not under the bundle's checkpoint")
		}
		if err == nil {
			_, err = receipt.Verify(vkey)
		}
		if err != nil {
			r.Add(Entry(index), "%v", err)
			continue
		}
		r.Entries++
	}
	for _, f := range z.File {
		name, is := strings.CutPrefix(f.Name, bundleEntries)
		index, err := strconv.ParseInt(strings.TrimSuffix(name, ".json"), 10, 64)
		if is && (err != nil || !slices.Contains(m.Entries, index) || f.Name != path.Clean(f.Name)) {
			r.Add(f.Name, "the manifest does not name it")
		}
	}
	return r, nil
}

// unzip reads a file of an archive, which checks its sum.
func unzip(f *zip.File, limit int64) ([]byte, error) {
	in, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = in.Close() }()
	data, err := io.ReadAll(io.LimitReader(in, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = fmt.Errorf("it has more than %d bytes", limit)
	}
	return data, err
}
