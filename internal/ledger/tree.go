package ledger

import (
	"sync"

	"golang.org/x/mod/sumdb/tlog"

	"dancu/verify"
)

// tileKey names a full tile.
type tileKey struct {
	level int
	n     int64
}

// fullTile is a tile that has just become full.
type fullTile struct {
	tileKey
	data []byte
}

// rightEdge is the part of the tree that is not yet in full tiles: at most 255
// hashes a level. One follower adds to it, anybody reads.
type rightEdge struct {
	mu      sync.RWMutex
	size    int64
	levels  [][]byte             // the partial tile's hashes, level by level
	fronts  []frontier           // what of them is needed for the root
	pending map[tileKey]([]byte) // full, and not yet known to be stored
}

// add appends leaves.
func (e *rightEdge) add(leaves [][32]byte) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, leaf := range leaves {
		h := recordHash(leaf)
		e.size++
		for level := 0; ; level++ {
			if level == len(e.levels) {
				e.levels, e.fronts = append(e.levels, nil), append(e.fronts, frontier{})
			}
			e.levels[level] = append(e.levels[level], h[:]...)
			e.fronts[level].addHash(h)
			if len(e.levels[level]) < verify.TileWidth*tlog.HashSize {
				break
			}
			data := e.levels[level]
			h = e.fronts[level].root()
			e.levels[level], e.fronts[level] = nil, frontier{}
			if e.pending == nil {
				e.pending = map[tileKey][]byte{}
			}
			e.pending[tileKey{level, e.size>>((level+1)*verify.TileHeight) - 1}] = data
		}
	}
}

// frontOf returns the frontier over the hashes of a tile.
func frontOf(data []byte) (f frontier) {
	for i := 0; i < len(data); i += tlog.HashSize {
		f.addHash([32]byte(data[i:]))
	}
	return f
}

// tileRoot returns the root over the hashes of a tile.
func tileRoot(data []byte) [32]byte {
	f := frontOf(data)
	return f.root()
}

// root returns the size and the root of the tree.
func (e *rightEdge) root() (int64, [32]byte) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	var all frontier
	for level := len(e.fronts) - 1; level >= 0; level-- {
		all.roots = append(all.roots, e.fronts[level].roots...)
	}
	return e.size, all.root()
}

// count returns the size of the tree.
func (e *rightEdge) count() int64 {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return e.size
}

// full returns the tiles that are to be stored, lowest first.
func (e *rightEdge) full() []fullTile {
	e.mu.RLock()
	defer e.mu.RUnlock()
	tiles := make([]fullTile, 0, len(e.pending))
	for k, data := range e.pending {
		tiles = append(tiles, fullTile{k, data})
	}
	return tiles
}

// stored forgets tiles that are now stored.
func (e *rightEdge) stored(tiles []fullTile) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, t := range tiles {
		delete(e.pending, t.tileKey)
	}
}

// tile returns the first width hashes of a tile, if the edge has them.
func (e *rightEdge) tile(level int, n int64, width int) ([]byte, bool) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	if data, ok := e.pending[tileKey{level, n}]; ok {
		return data[:width*tlog.HashSize], true
	}
	if level >= len(e.levels) || e.size>>((level+1)*verify.TileHeight) != n || len(e.levels[level]) < width*tlog.HashSize {
		return nil, false
	}
	return append([]byte(nil), e.levels[level][:width*tlog.HashSize]...), true
}

// reset makes the edge that of a tree of full tiles only, whose partial tiles
// above level 0 are given.
func (e *rightEdge) reset(size int64, levels [][]byte) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.size, e.levels, e.pending = size, levels, nil
	e.fronts = make([]frontier, len(levels))
	for i, data := range levels {
		e.fronts[i] = frontOf(data)
	}
}

// addHash appends a hash instead of a leaf.
func (f *frontier) addHash(h [32]byte) {
	for n := f.size; n&1 == 1; n >>= 1 {
		h = nodeHash(f.roots[len(f.roots)-1], h)
		f.roots = f.roots[:len(f.roots)-1]
	}
	f.roots = append(f.roots, h)
	f.size++
}
