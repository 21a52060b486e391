package signing

// The bounds of one dictionary.
const (
	maxNesting = 8
	maxTokens  = 2000
)

// lexer reads the objects of a PDF (ISO 32000-2, 7.2 and 7.3), as far as a
// signature's dictionary has them.
type lexer struct {
	b      []byte
	at     int
	tokens int
}

func blank(c byte) bool {
	return c == 0 || c == '\t' || c == '\n' || c == '\f' || c == '\r' || c == ' '
}

func regular(c byte) bool {
	switch c {
	case '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
		return false
	}
	return !blank(c)
}

// space skips what is blank. Comments are not skipped: no program writes them
// into a signature, and they can hide things.
func (l *lexer) space() {
	for l.at < len(l.b) && blank(l.b[l.at]) {
		l.at++
	}
}

// take skips a text if it comes next.
func (l *lexer) take(s string) bool {
	if len(l.b)-l.at < len(s) || string(l.b[l.at:l.at+len(s)]) != s {
		return false
	}
	l.at += len(s)
	return true
}

// name reads a name, with its #xx decoded. PDF bounds names at 127 bytes.
func (l *lexer) name() (string, bool) {
	if !l.take("/") {
		return "", false
	}
	var buf [127]byte
	out := buf[:0]
	for ; l.at < len(l.b) && regular(l.b[l.at]); l.at++ {
		if len(out) == len(buf) {
			return "", false
		}
		c := l.b[l.at]
		if c == '#' && l.at+2 < len(l.b) {
			if hi, lo := unhex(l.b[l.at+1]), unhex(l.b[l.at+2]); hi >= 0 && lo >= 0 {
				c = byte(hi<<4 | lo)
				l.at += 2
			}
		}
		out = append(out, c)
	}
	return string(out), true
}

func unhex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// dictionary reads a dictionary and returns where the values of its members
// stand. A key that is there twice is none of ours to choose from: it fails.
func (l *lexer) dictionary() (map[string]span, bool) {
	l.space()
	members := map[string]span{}
	return members, l.members(0, func(key string, v span) bool {
		_, twice := members[key]
		members[key] = v
		return !twice
	})
}

func (l *lexer) members(depth int, f func(key string, v span) bool) bool {
	if depth == maxNesting || !l.take("<<") {
		return false
	}
	for {
		l.space()
		if l.take(">>") {
			return true
		}
		key, ok := l.name()
		if !ok {
			return false
		}
		l.space()
		from := l.at
		if !l.value(depth) || f != nil && !f(key, span{from, l.at}) {
			return false
		}
	}
}

// value skips one value: a reference ("5 0 R") as a whole.
func (l *lexer) value(depth int) bool {
	if l.tokens++; l.tokens > maxTokens || l.at >= len(l.b) {
		return false
	}
	switch c := l.b[l.at]; {
	case c == '/':
		_, ok := l.name()
		return ok
	case c == '(':
		return l.str()
	case c == '<' && l.at+1 < len(l.b) && l.b[l.at+1] == '<':
		return l.members(depth+1, nil)
	case c == '<':
		for l.at++; l.at < len(l.b); l.at++ {
			if l.b[l.at] == '>' {
				l.at++
				return true
			}
			if unhex(l.b[l.at]) < 0 && !blank(l.b[l.at]) {
				return false
			}
		}
		return false
	case c == '[':
		if depth+1 >= maxNesting {
			return false
		}
		for l.at++; ; {
			l.space()
			if l.take("]") {
				return true
			}
			if !l.value(depth + 1) {
				return false
			}
		}
	case regular(c):
		number := l.word()
		before := l.at
		if l.space(); number && l.at < len(l.b) && l.b[l.at] >= '0' && l.b[l.at] <= '9' {
			if l.word() {
				if l.space(); l.take("R") && (l.at == len(l.b) || !regular(l.b[l.at])) {
					return true
				}
			}
		}
		l.at = before
		return true
	}
	return false
}

// word skips regular characters and reports whether all were digits.
func (l *lexer) word() bool {
	digits := true
	for ; l.at < len(l.b) && regular(l.b[l.at]); l.at++ {
		digits = digits && l.b[l.at] >= '0' && l.b[l.at] <= '9'
	}
	return digits
}

// str skips a string in parentheses.
func (l *lexer) str() bool {
	open := 0
	for ; l.at < len(l.b); l.at++ {
		switch l.b[l.at] {
		case '\\':
			l.at++
		case '(':
			open++
		case ')':
			if open--; open == 0 {
				l.at++
				return true
			}
		}
	}
	return false
}
