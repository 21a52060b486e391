package verify

import (
	"context"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// MaxFindings is how many findings a report lists; more are counted.
const MaxFindings = 1000

// Finding is one thing that is wrong, and where.
type Finding struct {
	// Place is where: "entry 17", "tile/0/003", "line 5".
	Place string `json:"place"`
	// Text is what is wrong there.
	Text string `json:"text"`
}

// String returns "place: text".
func (f Finding) String() string { return f.Place + ": " + f.Text }

// Report is the result of checking a whole log or a stretch of it.
type Report struct {
	// Checkpoint is what was checked against.
	Checkpoint Checkpoint `json:"-"`
	// Entries is how many entries were looked at.
	Entries int64 `json:"entries"`
	// Findings are the first MaxFindings things found wrong, in order.
	Findings []Finding `json:"findings"`
	// More is how many further things were found.
	More int64 `json:"more"`
}

// OK reports whether nothing was found.
func (r *Report) OK() bool { return len(r.Findings) == 0 }

// Add adds a finding.
func (r *Report) Add(place, format string, args ...any) {
	if len(r.Findings) == MaxFindings {
		r.More++
		return
	}
	r.Findings = append(r.Findings, Finding{place, fmt.Sprintf(format, args...)})
}

// Entry is how a report names the place of an entry.
func Entry(index int64) string { return fmt.Sprintf("entry %d", index) }

// CheckTree reads everything a log publishes under its checkpoint, checks
// every entry against its tile, every tile against the one above it and the
// root against the checkpoint, and reports all places that do not fit. It
// needs memory for a few tiles. progress, if not nil, is told how many of the
// entries were looked at. The error says that checking itself was not
// possible.
func CheckTree(ctx context.Context, src Source, vkey string, progress func(done, total int64)) (*Report, error) {
	c, err := ReadCheckpoint(ctx, src, vkey)
	if err != nil {
		return nil, err
	}
	r := &Report{Checkpoint: c}
	// frontier holds the full subtrees' roots, largest first: those inside
	// the partial tiles at the right edge, from the top level down.
	frontier := []tlog.Hash{}
	for level := 0; c.Size>>(uint(level)*TileHeight) > 0; level++ {
		edge, err := checkLevel(ctx, src, r, level, progress)
		if err != nil {
			return nil, err
		}
		frontier = append(edge, frontier...)
	}
	if r.OK() {
		// Without findings every level gave the subtrees it has.
		whole := Range{size: c.Size, stack: frontier}
		if whole.Root() != c.Root {
			r.Add("root", "the tiles give %s, the checkpoint of %d entries says %s", whole.Root(), c.Size, c.Root)
		}
	}
	return r, nil
}

// checkLevel checks the tiles of one level against the level above, and at
// level 0 the entries. It returns the full subtrees' roots in the level's
// partial tile, largest first.
func checkLevel(ctx context.Context, src Source, r *Report, level int, progress func(done, total int64)) ([]tlog.Hash, error) {
	size := r.Checkpoint.Size
	var above []byte // the tile of the level above that has this tile's root
	var edge []tlog.Hash
	for n := int64(0); ; n++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		width := TileWidthAt(level, n, size)
		if width == 0 {
			return edge, nil
		}
		t := Tile{Level: level, N: n, Width: width}
		data, err := readTile(ctx, src, t)
		if err != nil {
			r.Add(t.Path(), "%v", err)
		}
		if level == 0 {
			checkEntries(ctx, src, r, t, data)
			if r.Entries += int64(width); progress != nil {
				progress(r.Entries, size)
			}
		}
		if width < TileWidth {
			if data != nil {
				edge = subtrees(data, width)
			}
			continue
		}
		up := Tile{Level: level + 1, N: n / TileWidth}
		up.Width = TileWidthAt(up.Level, up.N, size)
		if n%TileWidth == 0 {
			// A tile that cannot be read is reported when its own level's
			// turn comes.
			above, _ = readTile(ctx, src, up)
		}
		if data == nil || above == nil {
			continue
		}
		root := tileRoot(data)
		if want := tlog.Hash(above[n%TileWidth*tlog.HashSize:]); root != want {
			r.Add(t.Path(), "its hashes give %s, %s says %s", root, up.Path(), want)
		}
	}
}

// checkEntries checks a bundle of entries against its tile of hashes.
func checkEntries(ctx context.Context, src Source, r *Report, t Tile, hashes []byte) {
	t.Entries = true
	data, err := readTile(ctx, src, t)
	var leaves [][32]byte
	if err == nil {
		leaves, err = ParseBundle(data, t.Width)
	}
	if err != nil {
		r.Add(t.Path(), "%v", err)
		return
	}
	if hashes == nil {
		return
	}
	for i, leaf := range leaves {
		if LeafHash(leaf) != tlog.Hash(hashes[i*tlog.HashSize:]) {
			r.Add(Entry(t.N*TileWidth+int64(i)), "the entry in %s is not the one hashed in %s", t.Path(), Tile{N: t.N, Width: t.Width}.Path())
		}
	}
}

// subtrees returns the roots of the full subtrees of a partial tile, largest
// first.
func subtrees(data []byte, width int) []tlog.Hash {
	var r Range
	for i := range width {
		r.Add(tlog.Hash(data[i*tlog.HashSize:]))
	}
	return r.Frontier()
}
