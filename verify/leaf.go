// Package verify holds the formats of the access log and the checks that
// anyone may run on them, offline and without dancu.
//
// Whoever kept a checkpoint or a receipt can tell with this package alone
// whether the log still contains, unchanged and in its place, what was there
// then. See TestReceipt and TestConsistency.
package verify

import "crypto/sha256"

// LeafVersion is the first byte hashed into every leaf.
const LeafVersion = 1

// Salt is what hides a part whose content could be guessed.
type Salt [16]byte

// Digest is the SHA-256 that stands for a part in its leaf.
type Digest [32]byte

// partPrefix separates part digests from every other use of SHA-256.
const partPrefix = "dancu/part/1\x00"

// PartDigest returns SHA-256("dancu/part/1" ‖ 0x00 ‖ salt ‖ len(name) ‖ name ‖
// data), where len(name) is one byte. data is the part's canonical JSON.
func PartDigest(name string, salt *Salt, data []byte) (d Digest) {
	var stack [1024]byte
	b := append(stack[:0], partPrefix...)
	b = append(b, salt[:]...)
	b = append(b, byte(len(name)))
	b = append(b, name...)
	b = append(b, data...)
	return sha256.Sum256(b)
}

// Leaf returns the 32 bytes that stand for an entry in the tree:
// SHA-256(LeafVersion ‖ digests), the digests in the order of the parts. RFC
// 6962 leaf hashing (0x00 prefix) is applied to it by the tree.
func Leaf(digests []Digest) [32]byte {
	var stack [1 + 8*32]byte
	b := append(stack[:0], LeafVersion)
	for i := range digests {
		b = append(b, digests[i][:]...)
	}
	return sha256.Sum256(b)
}
