package verify

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// The shape of the published tree (C2SP tlog-tiles).
const (
	// TileHeight is the height of a tile: 256 hashes wide.
	TileHeight = 8
	// TileWidth is how many hashes a full tile has.
	TileWidth = 1 << TileHeight
	// MaxSize is the largest tree this package looks at. At a million entries
	// a second it would last nine years; below it no arithmetic overflows.
	MaxSize = 1 << 48
)

// Tile names a tile or an entry bundle of the log.
type Tile struct {
	// Entries says that it is the bundle of entries that belongs to the tile
	// of hashes at level 0.
	Entries bool
	Level   int   // 0 to 63
	N       int64 // place in the level
	Width   int   // 1 to TileWidth
}

// Path returns the tile's path below the log's prefix, such as
// tile/0/x001/x234/067 or tile/entries/000.p/17.
func (t Tile) Path() string {
	var b strings.Builder
	b.WriteString("tile/")
	if t.Entries {
		b.WriteString("entries/")
	} else {
		b.WriteString(strconv.Itoa(t.Level))
		b.WriteByte('/')
	}
	groups := []int64{t.N % 1000}
	for n := t.N / 1000; n > 0; n /= 1000 {
		groups = append(groups, n%1000)
	}
	for i := len(groups) - 1; i > 0; i-- {
		fmt.Fprintf(&b, "x%03d/", groups[i])
	}
	fmt.Fprintf(&b, "%03d", groups[0])
	if t.Width != TileWidth {
		fmt.Fprintf(&b, ".p/%d", t.Width)
	}
	return b.String()
}

// ParseTile reads a tile's path. There is one path for each tile: what
// ParseTile accepts, [Tile.Path] gives back.
func ParseTile(path string) (Tile, error) {
	bad := func() (Tile, error) {
		return Tile{}, errors.New("malformed tile path: it must look like tile/0/x001/234, tile/1/000.p/17 or tile/entries/x001/234")
	}
	rest, ok := strings.CutPrefix(path, "tile/")
	if !ok || len(path) > 64 {
		return bad()
	}
	level, rest, ok := strings.Cut(rest, "/")
	if !ok {
		return bad()
	}
	t := Tile{Width: TileWidth}
	if level == "entries" {
		t.Entries = true
	} else if t.Level, ok = decimal(level, 63); !ok {
		return bad()
	}
	if number, width, partial := strings.Cut(rest, ".p/"); partial {
		if t.Width, ok = decimal(width, TileWidth-1); !ok || t.Width == 0 {
			return bad()
		}
		rest = number
	}
	groups := strings.Split(rest, "/")
	for i, g := range groups {
		if i < len(groups)-1 {
			if g, ok = strings.CutPrefix(g, "x"); !ok {
				return bad()
			}
		}
		if len(g) != 3 || g[0] < '0' || g[0] > '9' || g[1] < '0' || g[1] > '9' || g[2] < '0' || g[2] > '9' {
			return bad()
		}
		if len(groups) > 1 && i == 0 && g == "000" {
			return bad()
		}
		if t.N > MaxSize {
			return bad()
		}
		t.N = t.N*1000 + int64(g[0]-'0')*100 + int64(g[1]-'0')*10 + int64(g[2]-'0')
	}
	if t.N > MaxSize {
		return bad()
	}
	return t, nil
}

// decimal reads a number of 0 to limit without leading zeroes.
func decimal(s string, limit int) (int, bool) {
	if s == "" || len(s) > 3 || len(s) > 1 && s[0] == '0' {
		return 0, false
	}
	n := 0
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, n <= limit
}

// TileWidthAt returns how many hashes tile n of a level has in a tree of the
// given size: 0 if it has none.
func TileWidthAt(level int, n, size int64) int {
	if level < 0 || level > 63/TileHeight || n < 0 || size < 0 {
		return 0
	}
	have := size >> (uint(level) * TileHeight)
	return int(min(max(have-n*TileWidth, 0), TileWidth))
}

// BuildBundle returns the entry bundle of up to [TileWidth] leaves: each
// preceded by its length as a big-endian uint16.
func BuildBundle(leaves [][32]byte) []byte {
	b := make([]byte, 0, len(leaves)*34)
	for i := range leaves {
		b = binary.BigEndian.AppendUint16(b, 32)
		b = append(b, leaves[i][:]...)
	}
	return b
}

// ParseBundle returns the leaves in an entry bundle of the given width.
func ParseBundle(data []byte, width int) ([][32]byte, error) {
	if width < 1 || width > TileWidth || len(data) != width*34 {
		return nil, fmt.Errorf("entry bundle of %d bytes; %d entries of this log take %d", len(data), width, width*34)
	}
	leaves := make([][32]byte, width)
	for i := range leaves {
		e := data[i*34:]
		if n := binary.BigEndian.Uint16(e); n != 32 {
			return nil, fmt.Errorf("entry %d of the bundle has %d bytes; every entry of this log has 32", i, n)
		}
		copy(leaves[i][:], e[2:])
	}
	return leaves, nil
}

// LeafHash returns the RFC 6962 hash of a leaf: SHA-256(0x00 ‖ leaf).
func LeafHash(leaf [32]byte) tlog.Hash { return tlog.RecordHash(leaf[:]) }

// Range computes the root of a tree from its leaf hashes and the hashes of
// its subtrees, from left to right, in memory that grows with the tree's
// height only. The zero Range is the empty tree.
type Range struct {
	size int64
	// stack holds the roots of the full subtrees, largest first: one for
	// every bit set in size.
	stack []tlog.Hash
}

// NewRange returns the range of the first size entries from the roots of
// their full subtrees, largest first.
func NewRange(size int64, frontier []tlog.Hash) (*Range, error) {
	bits := 0
	for n := size; n > 0; n &= n - 1 {
		bits++
	}
	if size < 0 || size > MaxSize || len(frontier) != bits {
		return nil, fmt.Errorf("%d subtrees for a tree of %d entries; it has %d", len(frontier), size, bits)
	}
	return &Range{size: size, stack: append([]tlog.Hash(nil), frontier...)}, nil
}

// Size returns how many entries the range covers.
func (r *Range) Size() int64 { return r.size }

// Frontier returns the roots of the full subtrees, largest first.
func (r *Range) Frontier() []tlog.Hash { return append([]tlog.Hash(nil), r.stack...) }

// Add adds one leaf hash at the right.
func (r *Range) Add(h tlog.Hash) {
	for n := r.size; n&1 == 1; n >>= 1 {
		h = tlog.NodeHash(r.stack[len(r.stack)-1], h)
		r.stack = r.stack[:len(r.stack)-1]
	}
	r.stack = append(r.stack, h)
	r.size++
}

// Root returns the RFC 6962 root of what was added. The root of nothing is
// SHA-256 of nothing.
func (r *Range) Root() tlog.Hash {
	if len(r.stack) == 0 {
		return emptyRoot
	}
	h := r.stack[len(r.stack)-1]
	for i := len(r.stack) - 2; i >= 0; i-- {
		h = tlog.NodeHash(r.stack[i], h)
	}
	return h
}

// TileRoot returns the root of the subtree over a tile's hashes (1 to
// [TileWidth] of them, 32 bytes each).
func TileRoot(data []byte) (tlog.Hash, error) {
	if len(data) == 0 || len(data)%tlog.HashSize != 0 || len(data) > TileWidth*tlog.HashSize {
		return tlog.Hash{}, fmt.Errorf("tile of %d bytes; it must hold 1 to %d hashes of %d bytes", len(data), TileWidth, tlog.HashSize)
	}
	return tileRoot(data), nil
}

func tileRoot(data []byte) tlog.Hash {
	var r Range
	for i := 0; i < len(data); i += tlog.HashSize {
		r.Add(tlog.Hash(data[i:]))
	}
	return r.Root()
}
