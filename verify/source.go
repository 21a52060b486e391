package verify

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// ErrNotFound says that a source does not have what was asked for.
var ErrNotFound = errors.New("not there")

// Source is where a log publishes its checkpoint, tiles and entry bundles.
type Source interface {
	// Read returns what is at path ("checkpoint" or "tile/…"), at most limit
	// bytes of it, or an error that is ErrNotFound if there is nothing.
	// Nothing that Read returns is believed before it was checked.
	Read(ctx context.Context, path string, limit int64) ([]byte, error)
}

// OpenSource returns the source at an http(s) URL prefix or in a folder.
func OpenSource(where string) (Source, error) {
	if strings.HasPrefix(where, "http://") || strings.HasPrefix(where, "https://") {
		if _, err := url.Parse(where); err != nil {
			return nil, errors.New("malformed URL of a log")
		}
		return web{strings.TrimRight(where, "/") + "/", &http.Client{Timeout: 30 * time.Second}}, nil
	}
	info, err := os.Stat(where)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("%s is neither a folder nor an http(s) URL", where)
	}
	return folder(where), nil
}

// folder is a source in a folder.
type folder string

func (f folder) Read(_ context.Context, path string, limit int64) ([]byte, error) {
	file, err := os.Open(filepath.Join(string(f), filepath.FromSlash(path)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return readAll(file, limit)
}

// web is a source behind an http(s) URL prefix.
type web struct {
	prefix string
	client *http.Client
}

func (w web) Read(ctx context.Context, path string, limit int64) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, w.prefix+path, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", "dancu-verify")
	resp, err := w.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusOK:
		return readAll(resp.Body, limit)
	case http.StatusNotFound, http.StatusGone:
		return nil, ErrNotFound
	}
	return nil, fmt.Errorf("the log answers %s", resp.Status)
}

// readAll reads at most limit bytes; more is an error.
func readAll(r io.Reader, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("more than %d bytes", limit)
	}
	return data, nil
}

// ReadCheckpoint reads the source's checkpoint and checks its signature.
func ReadCheckpoint(ctx context.Context, src Source, vkey string) (Checkpoint, error) {
	signed, err := src.Read(ctx, "checkpoint", MaxCheckpoint)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("couldn't read the checkpoint: %w", err)
	}
	return OpenCheckpoint(signed, vkey)
}

// readTile reads a tile or bundle of exactly t.Width. A log may drop a
// partial tile once the full one is there: then the full one is cut.
func readTile(ctx context.Context, src Source, t Tile) ([]byte, error) {
	each := tlog.HashSize
	if t.Entries {
		each += 2
	}
	data, err := src.Read(ctx, t.Path(), int64(TileWidth*each))
	if errors.Is(err, ErrNotFound) && t.Width < TileWidth {
		full := t
		full.Width = TileWidth
		if data, err = src.Read(ctx, full.Path(), int64(TileWidth*each)); err == nil && len(data) == TileWidth*each {
			data = data[:t.Width*each]
		}
	}
	if err != nil {
		return nil, fmt.Errorf("couldn't read %s: %w", t.Path(), err)
	}
	if len(data) != t.Width*each {
		return nil, fmt.Errorf("%s has %d bytes instead of %d", t.Path(), len(data), t.Width*each)
	}
	return data, nil
}

// tileReader lets x/mod's client code read a source.
type tileReader struct {
	ctx context.Context
	src Source
}

func (tileReader) Height() int                     { return TileHeight }
func (tileReader) SaveTiles([]tlog.Tile, [][]byte) {}

func (r tileReader) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(tiles))
	for i, t := range tiles {
		var err error
		if data[i], err = readTile(r.ctx, r.src, Tile{Level: t.L, N: t.N, Width: t.W}); err != nil {
			return nil, err
		}
	}
	return data, nil
}

// Hashes returns a reader of the tree's hashes that takes them from the
// source's tiles and checks each of them against the checkpoint.
func Hashes(ctx context.Context, src Source, c Checkpoint) tlog.HashReader {
	return tlog.TileHashReader(tlog.Tree{N: c.Size, Hash: c.Root}, tileReader{ctx, src})
}

// ProveInclusion makes the proof that entry index is in the tree of c from
// the source's tiles.
func ProveInclusion(ctx context.Context, src Source, c Checkpoint, index int64) ([]tlog.Hash, error) {
	if index < 0 || index >= c.Size {
		return nil, fmt.Errorf("entry %d is not in a log of %d entries", index, c.Size)
	}
	return tlog.ProveRecord(c.Size, index, Hashes(ctx, src, c))
}

// ProveConsistency makes the proof that the tree of c begins with the tree of
// its first older entries from the source's tiles. It is empty when older is
// 0 or c.Size.
func ProveConsistency(ctx context.Context, src Source, c Checkpoint, older int64) ([]tlog.Hash, error) {
	switch {
	case older < 0 || older > c.Size:
		return nil, fmt.Errorf("a log of %d entries is no part of one of %d", older, c.Size)
	case older == 0 || older == c.Size:
		return nil, nil
	}
	return tlog.ProveTree(c.Size, older, Hashes(ctx, src, c))
}

// ReadLeaf returns the leaf of an entry from the source's entry bundles, once it
// is found to be under the checkpoint c, which the caller opened with the log's
// key.
func ReadLeaf(ctx context.Context, src Source, c Checkpoint, index int64) (leaf [32]byte, err error) {
	hashes, err := ProveInclusion(ctx, src, c, index)
	if err != nil {
		return leaf, err
	}
	n := index / TileWidth
	t := Tile{Entries: true, N: n, Width: TileWidthAt(0, n, c.Size)}
	data, err := readTile(ctx, src, t)
	if err != nil {
		return leaf, err
	}
	leaves, err := ParseBundle(data, t.Width)
	if err != nil {
		return leaf, fmt.Errorf("malformed %s: %w", t.Path(), err)
	}
	leaf = leaves[index%TileWidth]
	return leaf, CheckInclusion(hashes, c, index, LeafHash(leaf))
}

// CheckSizes checks that the log of older entries is the beginning of the one of
// newer entries, and that of the log of c, which the caller opened with the log's
// key. It returns the log as it was with both sizes; neither is signed. Every hash
// comes from the source's tiles and is checked against c.
func CheckSizes(ctx context.Context, src Source, c Checkpoint, older, newer int64) (was, is Checkpoint, err error) {
	if older < 1 || newer < older || newer > c.Size {
		return was, is, fmt.Errorf("the sizes must be between 1 and %d, the older one first", c.Size)
	}
	tree := Hashes(ctx, src, c)
	for i, to := range []*Checkpoint{&was, &is} {
		size := []int64{older, newer}[i]
		root, err := tlog.TreeHash(size, tree)
		if err != nil {
			return was, is, err
		}
		*to = Checkpoint{Origin: c.Origin, Size: size, Root: root}
	}
	for _, pair := range [][2]Checkpoint{{was, is}, {is, c}} {
		var hashes []tlog.Hash
		if pair[0].Size < pair[1].Size {
			if hashes, err = tlog.ProveTree(pair[1].Size, pair[0].Size, tree); err != nil {
				return was, is, err
			}
		}
		if err := CheckConsistency(pair[0], pair[1], hashes); err != nil {
			return was, is, err
		}
	}
	return was, is, nil
}

// CheckConsistencyTiles checks with the source's tiles that nothing up to the
// older checkpoint has changed in the log of the newer one.
func CheckConsistencyTiles(ctx context.Context, src Source, older, newer Checkpoint) error {
	var hashes []tlog.Hash
	if 0 < older.Size && older.Size < newer.Size {
		var err error
		if hashes, err = ProveConsistency(ctx, src, newer, older.Size); err != nil {
			return err
		}
	}
	return CheckConsistency(older, newer, hashes)
}
