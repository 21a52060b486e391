package signing

import "errors"

// The bounds of what is handed to the parser of CMS, which recurses and copies
// at every level.
const (
	maxCMS      = 1 << 20 // bytes
	maxDepth    = 40
	maxElements = 50_000
)

var errBER = errors.New("not a bounded BER structure")

// measure returns the length of the BER element that b begins with, if it is
// well nested: elements end within the element they are in, lengths that are
// not said ahead are closed, and there are neither too many levels nor too many
// elements. It looks at primitive elements from outside only.
func measure(b []byte) (int, error) {
	const open = -1 // an element whose length is not said ahead
	var ends [maxDepth]int
	depth, at := 0, 0
	for n := 0; ; n++ {
		if n == maxElements || len(b)-at < 2 {
			return 0, errBER
		}
		tag, l := b[at], int(b[at+1])
		if depth > 0 && ends[depth-1] == open && tag == 0 && l == 0 {
			at += 2
			depth--
		} else {
			if tag&0x1f == 0x1f || tag == 0 {
				return 0, errBER // no tag so large is in CMS
			}
			at += 2
			length := l
			if l >= 0x80 {
				size := l & 0x7f
				if size > 4 || len(b)-at < size {
					return 0, errBER
				}
				length = 0
				for _, c := range b[at : at+size] {
					length = length<<8 | int(c)
				}
				at += size
			}
			limit := len(b)
			if depth > 0 && ends[depth-1] != open {
				limit = ends[depth-1]
			}
			if length > limit-at {
				return 0, errBER
			}
			switch constructed := tag&0x20 != 0; {
			case l == 0x80 && !constructed:
				return 0, errBER
			case constructed && (l == 0x80 || length > 0):
				if depth == maxDepth {
					return 0, errBER
				}
				ends[depth] = at + length
				if l == 0x80 {
					ends[depth] = open
				}
				depth++
				continue
			default:
				at += length
			}
		}
		for depth > 0 && ends[depth-1] == at {
			depth--
		}
		if depth == 0 {
			return at, nil
		}
	}
}
