package web

import (
	"encoding/hex"
	"math/rand/v2"
	"time"
)

// idText is the length of a UUID's canonical text.
const idText = 36

// NewID returns a new UUIDv7 (RFC 9562) of time t in canonical text. Its 74
// random bits come from the run-time's ChaCha8 generator: it names a request
// and keeps no secret.
func NewID(t time.Time) string {
	var id [16]byte
	ms := uint64(max(t.UnixMilli(), 0))
	a, b := rand.Uint64(), rand.Uint64()
	for i := range 6 {
		id[i] = byte(ms >> (40 - 8*i))
	}
	id[6] = 0x70 | byte(a>>8)&0x0f
	id[7] = byte(a)
	for i := range 8 {
		id[8+i] = byte(b >> (56 - 8*i))
	}
	id[8] = 0x80 | id[8]&0x3f
	var out [idText]byte
	hex.Encode(out[0:8], id[0:4])
	hex.Encode(out[9:13], id[4:6])
	hex.Encode(out[14:18], id[6:8])
	hex.Encode(out[19:23], id[8:10])
	hex.Encode(out[24:36], id[10:16])
	out[8], out[13], out[18], out[23] = '-', '-', '-', '-'
	return string(out[:])
}

// ParseID reads a UUIDv7: 8-4-4-4-12 hexadecimal digits, version 7 and variant
// 10, in either case. It returns the lower-case text and the time in the id,
// to the millisecond. It allocates only where letters must be lowered.
func ParseID(s string) (id string, t time.Time, ok bool) {
	if len(s) != idText {
		return "", time.Time{}, false
	}
	var ms int64
	upper, digits := false, 0
	for i := range len(s) {
		c := s[i]
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if c != '-' {
				return "", time.Time{}, false
			}
			continue
		}
		var v byte
		switch {
		case '0' <= c && c <= '9':
			v = c - '0'
		case 'a' <= c && c <= 'f':
			v = c - 'a' + 10
		case 'A' <= c && c <= 'F':
			v = c - 'A' + 10
			upper = true
		default:
			return "", time.Time{}, false
		}
		if digits < 12 {
			ms = ms<<4 | int64(v)
		}
		if i == 14 && v != 7 || i == 19 && v>>2 != 2 {
			return "", time.Time{}, false
		}
		digits++
	}
	if upper {
		b := []byte(s)
		for i, c := range b {
			if 'A' <= c && c <= 'F' {
				b[i] = c + 'a' - 'A'
			}
		}
		s = string(b)
	}
	return s, time.UnixMilli(ms), true
}
