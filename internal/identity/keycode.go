package identity

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"hash/crc32"
	"strings"
)

// A key is "dancu_" and 40 characters: base32 (small letters) of 5 bytes by
// which it is found, 16 that are the secret, and the CRC-32 of all before it.
// Whoever searches files and programs for keys that got out knows one by its
// beginning and its checksum, and a character lost in copying is told as such
// without asking anybody.
const (
	keyPrefix   = "dancu_"
	keySelector = 5  // bytes
	keySecret   = 16 // bytes
	keyLength   = len(keyPrefix) + (keySelector+keySecret+4)*8/5
)

var keyCoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// newKeyText returns a new key.
func newKeyText() string {
	raw := make([]byte, keySelector+keySecret, keySelector+keySecret+4)
	_, _ = rand.Read(raw)
	return keyText(raw)
}

func keyText(raw []byte) string {
	sum := crc32.ChecksumIEEE(append([]byte(keyPrefix), raw...))
	return keyPrefix + keyCoding.EncodeToString(binary.BigEndian.AppendUint32(raw, sum))
}

// KeyShaped reports whether a text has the form of a key, checksum included. It
// says nothing of whether there is such a key.
func KeyShaped(text string) bool {
	if len(text) != keyLength || !strings.HasPrefix(text, keyPrefix) {
		return false
	}
	raw, err := keyCoding.DecodeString(text[len(keyPrefix):])
	return err == nil && keyText(raw[:keySelector+keySecret:keySelector+keySecret]) == text
}

// selector is the part of a key by which it is found and shown.
func selector(key string) string { return key[:len(keyPrefix)+keySelector*8/5] }
