package ledger

import (
	"crypto/sha256"
	"fmt"
	"math/bits"
)

// frontier is what of a Merkle tree is needed to append to it: the roots of
// its full subtrees, largest first (RFC 6962). A tree of n leaves has as many
// as n has bits set.
type frontier struct {
	size  int64
	roots [][32]byte
}

// parseFrontier reads the stored form: the roots, 32 bytes each.
func parseFrontier(size int64, b []byte) (frontier, error) {
	if size < 0 || len(b) != 32*bits.OnesCount64(uint64(size)) {
		return frontier{}, fmt.Errorf("the frontier of %d entries has %d bytes", size, len(b))
	}
	f := frontier{size: size, roots: make([][32]byte, len(b)/32, len(b)/32+8)}
	for i := range f.roots {
		copy(f.roots[i][:], b[32*i:])
	}
	return f, nil
}

// bytes is the stored form.
func (f *frontier) bytes() []byte {
	out := make([]byte, 0, 32*len(f.roots))
	for i := range f.roots {
		out = append(out, f.roots[i][:]...)
	}
	return out
}

// add appends a leaf.
func (f *frontier) add(leaf [32]byte) {
	h := recordHash(leaf)
	for n := f.size; n&1 == 1; n >>= 1 {
		h = nodeHash(f.roots[len(f.roots)-1], h)
		f.roots = f.roots[:len(f.roots)-1]
	}
	f.roots = append(f.roots, h)
	f.size++
}

// root returns the root of the tree.
func (f *frontier) root() [32]byte {
	if len(f.roots) == 0 {
		return sha256.Sum256(nil)
	}
	h := f.roots[len(f.roots)-1]
	for i := len(f.roots) - 2; i >= 0; i-- {
		h = nodeHash(f.roots[i], h)
	}
	return h
}

// recordHash is the RFC 6962 hash of a leaf.
func recordHash(leaf [32]byte) [32]byte {
	var b [33]byte
	copy(b[1:], leaf[:])
	return sha256.Sum256(b[:])
}

// nodeHash is the RFC 6962 hash of an inner node.
func nodeHash(left, right [32]byte) [32]byte {
	var b [65]byte
	b[0] = 1
	copy(b[1:], left[:])
	copy(b[33:], right[:])
	return sha256.Sum256(b[:])
}
