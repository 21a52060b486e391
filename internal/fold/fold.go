// Package fold makes texts alike that people type in different ways: it is how
// lists of accounts and of matters are searched. Blanks and signs stay, because
// a search is for words as they stand in a name or a code. The register's own
// folding is another, and must stay so: it makes one key of a person's whole
// name, without blanks and apostrophes, and is stored with every person.
//
// What it returns is stored beside what is searched: a change of it takes a
// migration. See TestText.
package fold

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Text returns a text without case and diacritics, đ as d.
func Text(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case r == 'đ' || r == 'Đ':
			return 'd'
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(s))
}
