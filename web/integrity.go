package web

import (
	"crypto/sha512"
	"encoding/base64"
)

// Integrity returns the value of an integrity attribute for the file:
// "sha384-" and the base64 of its hash.
func Integrity(data []byte) string {
	sum := sha512.Sum384(data)
	return "sha384-" + base64.StdEncoding.EncodeToString(sum[:])
}
