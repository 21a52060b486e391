package verify

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// Limits of the JSON this package reads. A part is small; whoever sends more
// is up to something else.
const (
	// MaxJSON is the most bytes of one JSON value.
	MaxJSON = 4 << 20
	// MaxDepth is how deep objects and arrays may nest.
	MaxDepth = 16
	// MaxInteger is the largest absolute value of an integer: beyond it,
	// programs that keep numbers as doubles would read another one.
	MaxInteger = 1<<53 - 1
)

// Canonical returns the one form in which a JSON value is hashed: RFC 8785
// (JCS), restricted to objects, arrays, strings, booleans and integers within
// ±[MaxInteger]. Fractions, exponents, -0, null, duplicate members, lone
// surrogates, invalid UTF-8, anything after the value, depth beyond
// [MaxDepth] and more than [MaxJSON] bytes are errors: a value has one
// reading or none. Canonical(Canonical(x)) = Canonical(x).
func Canonical(data []byte) ([]byte, error) {
	if len(data) > MaxJSON {
		return nil, fmt.Errorf("JSON value of %d bytes; the limit is %d", len(data), MaxJSON)
	}
	p := jsonParser{in: data}
	out, err := p.value(make([]byte, 0, len(data)), 0)
	if err != nil {
		return nil, fmt.Errorf("JSON, byte %d: %w", p.pos, err)
	}
	p.space()
	if p.pos != len(p.in) {
		return nil, fmt.Errorf("JSON, byte %d: something follows the value", p.pos)
	}
	return out, nil
}

// Object reads a JSON object under the rules of [Canonical] and returns its
// members, each value in canonical form.
func Object(data []byte) (map[string][]byte, error) {
	data, err := Canonical(data)
	if err != nil {
		return nil, err
	}
	if data[0] != '{' {
		return nil, errors.New("JSON: an object was expected")
	}
	p := jsonParser{in: data}
	members, err := p.members(0)
	m := make(map[string][]byte, len(members))
	for _, e := range members {
		m[e.name] = e.value
	}
	return m, err
}

// Array reads a JSON array under the rules of [Canonical] and returns its
// elements, each in canonical form.
func Array(data []byte) ([][]byte, error) {
	data, err := Canonical(data)
	if err != nil {
		return nil, err
	}
	if data[0] != '[' {
		return nil, errors.New("JSON: an array was expected")
	}
	p := jsonParser{in: data}
	var elements [][]byte
	_, err = p.array(nil, 0, func(e []byte) { elements = append(elements, e) })
	return elements, err
}

// String reads a JSON string under the rules of [Canonical].
func String(data []byte) (string, error) {
	data, err := Canonical(data)
	if err != nil {
		return "", err
	}
	if data[0] != '"' {
		return "", errors.New("JSON: a string was expected")
	}
	p := jsonParser{in: data}
	return p.string()
}

// Integer reads a JSON integer under the rules of [Canonical].
func Integer(data []byte) (int64, error) {
	data, err := Canonical(data)
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseInt(string(data), 10, 64)
	if err != nil {
		return 0, errors.New("JSON: an integer was expected")
	}
	return n, nil
}

// AppendString appends the canonical form of a string to b. s must be valid
// UTF-8.
func AppendString(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' {
			continue
		}
		b = append(b, s[start:i]...)
		start = i + 1
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\b':
			b = append(b, `\b`...)
		case '\t':
			b = append(b, `\t`...)
		case '\n':
			b = append(b, `\n`...)
		case '\f':
			b = append(b, `\f`...)
		case '\r':
			b = append(b, `\r`...)
		default:
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
	}
	b = append(b, s[start:]...)
	return append(b, '"')
}

// jsonParser reads one JSON value.
type jsonParser struct {
	in  []byte
	pos int
}

// member is one member of an object; value is canonical.
type member struct {
	name  string
	value []byte
}

func (p *jsonParser) space() {
	for p.pos < len(p.in) && (p.in[p.pos] == ' ' || p.in[p.pos] == '\t' || p.in[p.pos] == '\n' || p.in[p.pos] == '\r') {
		p.pos++
	}
}

// peek returns the next byte that is not white space, or 0 at the end.
func (p *jsonParser) peek() byte {
	p.space()
	if p.pos == len(p.in) {
		return 0
	}
	return p.in[p.pos]
}

// value appends the canonical form of the next value to out.
func (p *jsonParser) value(out []byte, depth int) ([]byte, error) {
	switch c := p.peek(); {
	case c == '{':
		members, err := p.members(depth)
		if err != nil {
			return nil, err
		}
		out = append(out, '{')
		for i, m := range members {
			if i > 0 {
				out = append(out, ',')
			}
			out = AppendString(out, m.name)
			out = append(out, ':')
			out = append(out, m.value...)
		}
		return append(out, '}'), nil
	case c == '[':
		return p.array(out, depth, func([]byte) {})
	case c == '"':
		s, err := p.string()
		if err != nil {
			return nil, err
		}
		return AppendString(out, s), nil
	case c == '-' || c >= '0' && c <= '9':
		return p.integer(out)
	case bytes.HasPrefix(p.in[p.pos:], []byte("true")):
		p.pos += 4
		return append(out, "true"...), nil
	case bytes.HasPrefix(p.in[p.pos:], []byte("false")):
		p.pos += 5
		return append(out, "false"...), nil
	case bytes.HasPrefix(p.in[p.pos:], []byte("null")):
		return nil, errors.New("null is not allowed: leave the member out")
	}
	return nil, errors.New("a value was expected")
}

// members reads an object and returns its members in the order of RFC 8785:
// by UTF-16 code units.
func (p *jsonParser) members(depth int) ([]member, error) {
	if depth == MaxDepth {
		return nil, fmt.Errorf("nested deeper than %d", MaxDepth)
	}
	p.pos++ // {
	var members []member
	for first := true; p.peek() != '}'; first = false {
		if !first {
			if p.peek() != ',' {
				return nil, errors.New("',' or '}' was expected")
			}
			p.pos++
		}
		if p.peek() != '"' {
			return nil, errors.New("a member's name was expected")
		}
		name, err := p.string()
		if err != nil {
			return nil, err
		}
		if p.peek() != ':' {
			return nil, errors.New("':' was expected")
		}
		p.pos++
		value, err := p.value(nil, depth+1)
		if err != nil {
			return nil, err
		}
		members = append(members, member{name, value})
	}
	p.pos++ // }
	slices.SortFunc(members, func(a, b member) int { return compareUTF16(a.name, b.name) })
	for i := 1; i < len(members); i++ {
		if members[i].name == members[i-1].name {
			return nil, errors.New("an object has two members of the same name")
		}
	}
	return members, nil
}

func (p *jsonParser) array(out []byte, depth int, each func([]byte)) ([]byte, error) {
	if depth == MaxDepth {
		return nil, fmt.Errorf("nested deeper than %d", MaxDepth)
	}
	p.pos++ // [
	out = append(out, '[')
	for first := true; p.peek() != ']'; first = false {
		if !first {
			if p.peek() != ',' {
				return nil, errors.New("',' or ']' was expected")
			}
			p.pos++
			out = append(out, ',')
		}
		start := len(out)
		var err error
		if out, err = p.value(out, depth+1); err != nil {
			return nil, err
		}
		each(bytes.Clone(out[start:]))
	}
	p.pos++ // ]
	return append(out, ']'), nil
}

// compareUTF16 orders two valid strings by UTF-16 code units: like their
// bytes, but for characters beyond U+FFFF, which go before U+E000–U+FFFF.
func compareUTF16(a, b string) int {
	for a != "" && b != "" {
		ra, na := utf8.DecodeRuneInString(a)
		rb, nb := utf8.DecodeRuneInString(b)
		if ra != rb {
			// The first unit decides: for a pair it is the high surrogate,
			// unless both are pairs, and then code points decide.
			ua, ub := ra, rb
			if (ra > 0xffff) != (rb > 0xffff) {
				if ra > 0xffff {
					ua, _ = utf16.EncodeRune(ra)
				} else {
					ub, _ = utf16.EncodeRune(rb)
				}
			}
			return int(ua) - int(ub)
		}
		a, b = a[na:], b[nb:]
	}
	return len(a) - len(b)
}

// integer appends the next integer to out.
func (p *jsonParser) integer(out []byte) ([]byte, error) {
	start := p.pos
	if p.in[p.pos] == '-' {
		p.pos++
	}
	digits := p.pos
	for p.pos < len(p.in) && p.in[p.pos] >= '0' && p.in[p.pos] <= '9' {
		p.pos++
	}
	text := p.in[start:p.pos]
	switch n := p.pos - digits; {
	case n == 0 || n > 1 && p.in[digits] == '0' || string(text) == "-0":
		return nil, errors.New("malformed integer")
	case p.pos < len(p.in) && (p.in[p.pos] == '.' || p.in[p.pos] == 'e' || p.in[p.pos] == 'E'):
		return nil, errors.New("only integers are allowed as numbers")
	}
	if v, err := strconv.ParseInt(string(text), 10, 64); err != nil || v > MaxInteger || v < -MaxInteger {
		return nil, errors.New("integer out of range")
	}
	return append(out, text...), nil
}

// string reads the string at p.pos, quotes included.
func (p *jsonParser) string() (string, error) {
	p.pos++ // "
	start := p.pos
	// Most strings hold no escape: they are taken as they are.
	for p.pos < len(p.in) && p.in[p.pos] >= 0x20 && p.in[p.pos] != '"' && p.in[p.pos] != '\\' {
		p.pos++
	}
	s := bytes.Clone(p.in[start:p.pos])
	for {
		if p.pos >= len(p.in) {
			return "", errors.New("a string does not end")
		}
		switch c := p.in[p.pos]; {
		case c == '"':
			p.pos++
			if !utf8.Valid(s) {
				return "", errors.New("a string is not valid UTF-8")
			}
			return string(s), nil
		case c < 0x20:
			return "", errors.New("a control character stands unescaped in a string")
		case c != '\\':
			s = append(s, c)
			p.pos++
		default:
			r, err := p.escape()
			if err != nil {
				return "", err
			}
			s = utf8.AppendRune(s, r)
		}
	}
}

// escape reads one escape sequence.
func (p *jsonParser) escape() (rune, error) {
	p.pos++ // \
	if p.pos == len(p.in) {
		return 0, errors.New("a string does not end")
	}
	c := p.in[p.pos]
	p.pos++
	switch c {
	case '"', '\\', '/':
		return rune(c), nil
	case 'b':
		return '\b', nil
	case 't':
		return '\t', nil
	case 'n':
		return '\n', nil
	case 'f':
		return '\f', nil
	case 'r':
		return '\r', nil
	case 'u':
		r, err := p.hex4()
		if err != nil || !utf16.IsSurrogate(r) {
			return r, err
		}
		if !bytes.HasPrefix(p.in[p.pos:], []byte(`\u`)) {
			return 0, errors.New("half a surrogate pair")
		}
		p.pos += 2
		low, err := p.hex4()
		if err != nil {
			return 0, err
		}
		if r = utf16.DecodeRune(r, low); r == utf8.RuneError {
			return 0, errors.New("half a surrogate pair")
		}
		return r, nil
	}
	return 0, errors.New("unknown escape sequence")
}

func (p *jsonParser) hex4() (rune, error) {
	if len(p.in)-p.pos < 4 {
		return 0, errors.New("a string does not end")
	}
	n, err := strconv.ParseUint(string(p.in[p.pos:p.pos+4]), 16, 16)
	if err != nil {
		return 0, errors.New("malformed \\u escape")
	}
	p.pos += 4
	return rune(n), nil
}
