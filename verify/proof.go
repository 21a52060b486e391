package verify

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// proofHeader is the first line of a proof (C2SP tlog-proof).
const proofHeader = "c2sp.org/tlog-proof@v1"

// Limits of a proof.
const (
	// MaxProof is the most bytes of a proof.
	MaxProof = 256 << 10
	// MaxProofHashes is the most hashes on the way from a leaf to the root of
	// a tree of MaxSize.
	MaxProofHashes = 48
)

// Proof is a C2SP tlog-proof: that an entry is in the log, checkable offline.
type Proof struct {
	// Extra is opaque and proves nothing; dancu writes none.
	Extra []byte
	Index int64
	// Hashes lead from the leaf's sibling to the root's child.
	Hashes []tlog.Hash
	// Checkpoint is the signed checkpoint, verbatim.
	Checkpoint []byte
}

// Text returns the proof in its textual form.
func (p *Proof) Text() []byte {
	var b strings.Builder
	b.WriteString(proofHeader + "\n")
	if p.Extra != nil {
		fmt.Fprintf(&b, "extra %s\n", base64.StdEncoding.EncodeToString(p.Extra))
	}
	fmt.Fprintf(&b, "index %d\n", p.Index)
	for _, h := range p.Hashes {
		b.WriteString(base64.StdEncoding.EncodeToString(h[:]))
		b.WriteByte('\n')
	}
	b.WriteByte('\n')
	b.Write(p.Checkpoint)
	return []byte(b.String())
}

// ParseProof reads a proof. It checks nothing but the form: see
// [Proof.Verify].
func ParseProof(text []byte) (*Proof, error) {
	bad := func(what string) (*Proof, error) { return nil, errors.New("malformed proof: " + what) }
	if len(text) > MaxProof {
		return bad(fmt.Sprintf("%d bytes; the limit is %d", len(text), MaxProof))
	}
	next := func(rest string) (line, after string, ok bool) { return strings.Cut(rest, "\n") }
	line, rest, ok := next(string(text))
	if !ok || line != proofHeader {
		return bad("the first line must be " + proofHeader)
	}
	p := &Proof{}
	line, rest, ok = next(rest)
	if extra, is := strings.CutPrefix(line, "extra "); is {
		b, err := base64.StdEncoding.Strict().DecodeString(extra)
		if err != nil || strings.Contains(extra, "\r") {
			return bad("extra: base64 was expected")
		}
		p.Extra = b
		line, rest, ok = next(rest)
	}
	index, is := strings.CutPrefix(line, "index ")
	if !ok || !is {
		return bad("a line with the index was expected")
	}
	var err error
	if p.Index, err = parseSize(index); err != nil {
		return bad("index: " + err.Error())
	}
	for {
		line, rest, ok = next(rest)
		if !ok {
			return bad("an empty line and the checkpoint must follow the hashes")
		}
		if line == "" {
			break
		}
		if len(p.Hashes) == MaxProofHashes {
			return bad(fmt.Sprintf("more than %d hashes", MaxProofHashes))
		}
		h, err := parseHash(line)
		if err != nil {
			return bad(err.Error())
		}
		p.Hashes = append(p.Hashes, h)
	}
	p.Checkpoint = []byte(rest)
	if _, err := ParseCheckpoint(p.Checkpoint); err != nil {
		return nil, err
	}
	return p, nil
}

// Verify checks that leaf is the entry at the proof's index in the log whose
// verifier key is vkey, and returns the checkpoint that says so.
func (p *Proof) Verify(leaf [32]byte, vkey string) (Checkpoint, error) {
	c, err := OpenCheckpoint(p.Checkpoint, vkey)
	if err != nil {
		return Checkpoint{}, err
	}
	return c, CheckInclusion(p.Hashes, c, p.Index, LeafHash(leaf))
}

// CheckInclusion checks that the entry with the given RFC 6962 leaf hash
// stands at index in the tree of checkpoint c.
func CheckInclusion(hashes []tlog.Hash, c Checkpoint, index int64, leafHash tlog.Hash) error {
	if index < 0 || index >= c.Size {
		return fmt.Errorf("entry %d is not in a log of %d entries", index, c.Size)
	}
	if err := tlog.CheckRecord(hashes, c.Size, c.Root, index, leafHash); err != nil {
		return fmt.Errorf("entry %d is not what the checkpoint of %d entries commits to: %w", index, c.Size, err)
	}
	return nil
}

// CheckConsistency checks that the log of checkpoint newer is the log of
// checkpoint older with entries added at the end and nothing else changed.
// hashes is an RFC 6962 consistency proof.
func CheckConsistency(older, newer Checkpoint, hashes []tlog.Hash) error {
	if older.Origin != newer.Origin {
		return fmt.Errorf("the checkpoints are of two logs: %q and %q", older.Origin, newer.Origin)
	}
	switch {
	case older.Size > newer.Size:
		return fmt.Errorf("the log has shrunk: from %d entries to %d", older.Size, newer.Size)
	case older.Size == newer.Size:
		if older.Root != newer.Root {
			return fmt.Errorf("two roots for a log of %d entries: its past was rewritten", older.Size)
		}
		return nil
	case older.Size == 0:
		return nil // every log begins empty
	}
	if err := tlog.CheckTree(hashes, newer.Size, newer.Root, older.Size, older.Root); err != nil {
		return fmt.Errorf("the first %d of %d entries are no longer those the older checkpoint commits to: %w", older.Size, newer.Size, err)
	}
	return nil
}
