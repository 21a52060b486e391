package site

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Matches reports whether all words stand in one of the texts, without regard to
// case and diacritics: who types "thong bao" finds "Thông báo".
func Matches(words string, texts ...string) bool {
	all := plain(strings.Join(texts, "\n"))
	for _, w := range strings.Fields(plain(words)) {
		if !strings.Contains(all, w) {
			return false
		}
	}
	return true
}

// plain is a text in small letters without marks; đ is a d.
func plain(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(s) {
		switch r = unicode.ToLower(r); {
		case unicode.Is(unicode.Mn, r):
		case r == 'đ':
			b.WriteByte('d')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
