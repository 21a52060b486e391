package strict

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"dancu/internal/access"
)

// MaxText is the longest text of a value that is a word, a code or an id, in
// characters.
const MaxText = 2000

// Text reads a text as it is written, of 1 to most characters. Numbers and
// dates are taken as written, too: 1.010100 is a code and 045 a province.
func (r *Reader) Text(p Place, most int) (s string, ok bool) {
	if s, ok = r.Scalar(p); !ok {
		return "", false
	}
	if why := badText(s, most); why != "" {
		r.Bad(p, "%s", why)
		return "", false
	}
	return s, true
}

// Scalar reads a text as it is written, whatever it is.
func (r *Reader) Scalar(p Place) (s string, ok bool) {
	if p.node.Kind == yaml.ScalarNode {
		switch p.node.ShortTag() {
		case "!!str", "!!int", "!!float", "!!timestamp":
			return p.node.Value, true
		}
	}
	r.wants(p, "text")
	return "", false
}

// badText says what is wrong with a text a person wrote, "" if nothing. Format
// characters (zero width, direction of writing) are refused: what is read must
// be what is there.
func badText(s string, most int) string {
	switch {
	case strings.TrimSpace(s) == "":
		return "this is empty: write something"
	case utf8.RuneCountInString(s) > most:
		return fmt.Sprintf("this has %d characters: at most %d are kept", utf8.RuneCountInString(s), most)
	case strings.ContainsFunc(s, func(c rune) bool {
		return unicode.In(c, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) && c != '\n'
	}):
		return "this has control or invisible characters: take them out"
	}
	return ""
}

// Line reads a text of one line.
func (r *Reader) Line(p Place, most int) (string, bool) {
	s, ok := r.Text(p, most)
	if ok && strings.ContainsRune(s, '\n') {
		r.Bad(p, "this must be one line: take the line breaks out")
		return "", false
	}
	return s, ok
}

var idForm = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{0,62}$`)

// ID reads an id.
func (r *Reader) ID(p Place) string {
	s, ok := r.Text(p, MaxText)
	if ok && !idForm.MatchString(s) {
		r.Bad(p, "%q is not an id: use 1 to 63 of a-z, 0-9, dot and hyphen, beginning with a letter or digit", Clip(s))
		return ""
	}
	return s
}

// Integer reads a whole number from least to most.
func (r *Reader) Integer(p Place, least, most int) int {
	if p.node.Kind == yaml.ScalarNode && p.node.ShortTag() == "!!int" {
		if n, err := strconv.Atoi(p.node.Value); err == nil && n >= least && n <= most {
			return n
		}
		r.Bad(p, "%s is not a whole number from %d to %d", Clip(p.node.Value), least, most)
		return 0
	}
	r.wants(p, "a whole number")
	return 0
}

// Number reads a number above 0 and up to most.
func (r *Reader) Number(p Place, most float64) float64 {
	if p.node.Kind == yaml.ScalarNode {
		switch p.node.ShortTag() {
		case "!!int", "!!float":
			if f, err := strconv.ParseFloat(p.node.Value, 64); err == nil && f > 0 && f <= most {
				return f
			}
			r.Bad(p, "%s is not a number above 0 and up to %g", Clip(p.node.Value), most)
			return 0
		}
	}
	r.wants(p, "a number")
	return 0
}

// Boolean reads true or false.
func (r *Reader) Boolean(p Place) bool {
	if p.node.Kind == yaml.ScalarNode && p.node.ShortTag() == "!!bool" {
		return strings.EqualFold(p.node.Value, "true")
	}
	r.wants(p, "true or false")
	return false
}

// OneOf reads one of some words.
func (r *Reader) OneOf(p Place, words ...string) string {
	s, ok := r.Text(p, MaxText)
	if ok && !slices.Contains(words, s) {
		r.Bad(p, "%q is none of %s", Clip(s), strings.Join(words, ", "))
		return ""
	}
	return s
}

// Words reads a list of texts without repetition; check says what is wrong
// with one of them, "" if nothing.
func (r *Reader) Words(p Place, most int, check func(string) string) []string {
	var out []string
	r.List(p, most, func(e Place) {
		s, ok := r.Text(e, MaxText)
		if !ok {
			return
		}
		if why := check(s); why != "" {
			r.Bad(e, "%s", why)
			return
		}
		if slices.Contains(out, s) {
			r.Bad(e, "%q is there twice: keep one", Clip(s))
			return
		}
		out = append(out, s)
	})
	return out
}

// Bilingual reads {vi, en}, both of one line.
func (r *Reader) Bilingual(p Place, most int) (t access.Text) {
	r.Object(p,
		Member{"vi", true, func(p Place) { t.VI, _ = r.Line(p, most) }},
		Member{"en", true, func(p Place) { t.EN, _ = r.Line(p, most) }})
	return t
}

// Date reads a day, like 2026-01-31, of the years 1990 to 2199.
func (r *Reader) Date(p Place) access.Date {
	s, ok := r.Text(p, MaxText)
	if !ok {
		return access.Date{}
	}
	t, err := time.ParseInLocation(time.DateOnly, s, access.Zone)
	if err != nil {
		r.Bad(p, "%q is not a day: write it like 2026-01-31", Clip(s))
		return access.Date{}
	}
	if t.Year() < 1990 || t.Year() > 2199 {
		r.Bad(p, "the year %d cannot be meant: use 1990 to 2199", t.Year())
		return access.Date{}
	}
	return access.DateOf(t)
}
