package register

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold returns a text in the form that names are matched by: without case,
// diacritics, spaces, hyphens and apostrophes, and with đ as d. Clients send
// names in upper case, without marks and with other spacing, so none of these
// may tell people apart. Neither database folds: they disagree about đ.
//
// Fold is idempotent, and equal for composed and decomposed text.
func Fold(s string) string { return string(AppendFold(make([]byte, 0, len(s)), s)) }

// AppendFold appends the folded form of s to dst.
func AppendFold(dst []byte, s string) []byte {
	start := len(dst)
	for _, r := range s {
		if r >= tableEnd || foldTable[r] == toSlow {
			return foldSlow(dst[:start], s)
		}
		if f := foldTable[r]; f != toNothing {
			dst = utf8.AppendRune(dst, rune(f))
		}
	}
	return dst
}

// foldSlow is the definition; the table is computed from it.
func foldSlow(dst []byte, s string) []byte {
	for _, r := range norm.NFD.String(s) {
		if r = foldRune(r); r >= 0 {
			dst = utf8.AppendRune(dst, r)
		}
	}
	return dst
}

// foldRune folds one rune of a decomposed text; it gives -1 for one that does
// not count.
func foldRune(r rune) rune {
	switch r {
	case 'đ', 'Đ', 'ð', 'Ð', 'ɖ', 'Ɖ': // the last four are mistaken for the first two, and look the same in capitals
		return 'd'
	case '\'', '’', '‘', 'ʼ', '`', '´', 'ˈ': // H’Hen, H'Hen
		return -1
	}
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf, unicode.Pd) || unicode.IsSpace(r) || unicode.IsControl(r) {
		return -1
	}
	return unicode.ToLower(r)
}

const (
	tableEnd  = 0x1F00 // past Latin Extended Additional, where the Vietnamese letters end
	toSlow    = 0
	toNothing = 1
)

// foldTable spares the decomposition for Latin letters: what one rune folds
// to, toNothing, or toSlow where that is not one rune.
var foldTable = func() (t [tableEnd]uint16) {
	for r := rune(0); r < tableEnd; r++ {
		if r >= 0x250 && (r < 0x300 || r >= 0x370) && r < 0x1E00 {
			continue
		}
		out := []rune(string(foldSlow(nil, string(r))))
		switch {
		case len(out) == 0:
			t[r] = toNothing
		case len(out) == 1 && out[0] > toNothing && out[0] < 0x10000:
			t[r] = uint16(out[0])
		}
	}
	return t
}()
