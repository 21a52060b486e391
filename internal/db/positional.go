package db

import (
	"strconv"
	"strings"
)

// positional turns $1, $2, … into ? for SQLite where that means the same: each
// number once, in order. The driver finds the value of a named parameter by
// comparing names, which for a statement of many rows costs more than running
// it; a ? it finds by its place.
func positional(query string) string {
	var b strings.Builder
	next, last := 1, 0
	for i := 0; i < len(query); i++ {
		switch query[i] {
		case '\'', '"':
			end := strings.IndexByte(query[i+1:], query[i])
			if end < 0 {
				return query
			}
			i += end + 1
		case '-', '/':
			if strings.HasPrefix(query[i:], "--") || strings.HasPrefix(query[i:], "/*") {
				return query // a comment: not worth reading
			}
		case '$':
			digits := i + 1
			for digits < len(query) && '0' <= query[digits] && query[digits] <= '9' {
				digits++
			}
			if query[i+1:digits] != strconv.Itoa(next) {
				return query
			}
			b.WriteString(query[last:i])
			b.WriteByte('?')
			last, next, i = digits, next+1, digits-1
		}
	}
	b.WriteString(query[last:])
	return b.String()
}
