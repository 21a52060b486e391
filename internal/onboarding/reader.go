package onboarding

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"dancu/internal/access"
	"dancu/internal/onboarding/strict"
)

// Limits on what a file may hold.
const (
	// MaxFile is the largest file, in bytes.
	MaxFile = 1 << 20
	// MaxCertificate is the largest certificate file, in bytes.
	MaxCertificate = 64 << 10

	maxID    = 63   // characters of an id
	maxName  = 300  // characters of a name
	maxText  = 2000 // characters of a legal basis, a reason, a violation
	maxList  = 1000 // members of one list of codes, addresses, builds
	maxCalls = 1_000_000_000_000
)

// wrongIn returns one error with every problem in the order of their lines, or
// nil.
func wrongIn(name string, ps strict.Problems) error {
	return ps.Error("in " + name + " wrong, nothing was changed")
}

// place is a node and the way to it.
type place = strict.Place

// reader turns YAML nodes into values and notes what is wrong with them. A
// value that is wrong is left zero. It is the strict reader with the forms of
// this file: moments, terms, and lists that say for themselves what an empty
// one lacks.
type reader struct{ strict.Reader }

func newReader() *reader {
	return &reader{strict.Reader{
		Empty: "it needs at least one of agencies, systems, connections",
		Large: "split it, apply takes the parts one by one",
	}}
}

// member is one key of an object and what reads its value.
type member struct {
	name string
	need bool
	read func(place)
}

// object reads a mapping. Unknown, repeated and missing keys are problems.
func (r *reader) object(p place, members ...member) {
	all := make([]strict.Member, len(members))
	for i, m := range members {
		all[i] = strict.Member{Name: m.name, Need: m.need, Read: m.read}
	}
	r.Object(p, all...)
}

// list reads a sequence, which may be empty.
func (r *reader) list(p place, most int, element func(place)) { r.Each(p, most, element) }

// some reports whether p is a list with members; an empty list is a problem.
func (r *reader) some(p place, why string) bool {
	n, ok := p.Members()
	if ok && n == 0 {
		r.Bad(p, "%s", why)
	}
	return n > 0
}

// text reads a text as it is written. Numbers and dates are taken as written,
// too: 1.010100 is a code and 045 a province.
func (r *reader) text(p place, most int) (s string, ok bool) {
	if s, ok = r.Scalar(p); !ok {
		return "", false
	}
	if why := badText(s, most); why != "" {
		r.Bad(p, "%s", why)
		return "", false
	}
	return s, true
}

// badText says what is wrong with a text a person wrote, "" if nothing.
func badText(s string, most int) string {
	switch {
	case strings.TrimSpace(s) == "":
		return "this is empty: write something"
	case !utf8.ValidString(s):
		return "this is not UTF-8 text"
	case utf8.RuneCountInString(s) > most:
		return fmt.Sprintf("this has %d characters: at most %d are kept", utf8.RuneCountInString(s), most)
	case strings.ContainsFunc(s, func(c rune) bool { return unicode.IsControl(c) && c != '\n' && c != '\t' }):
		return "this has control characters: take them out"
	}
	return ""
}

var idForm = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{0,62}$`)

// words reads a list of texts without repetition; check says what is wrong
// with one of them.
func (r *reader) words(p place, check func(string) string) []string {
	var out []string
	r.list(p, maxList, func(e place) {
		s, ok := r.text(e, maxText)
		if !ok {
			return
		}
		if why := check(s); why != "" {
			r.Bad(e, "%s", why)
			return
		}
		if slices.Contains(out, s) {
			r.Bad(e, "%q is there twice: keep one", clip(s))
			return
		}
		out = append(out, s)
	})
	return out
}

// bilingual reads {vi, en}. English may be left out where need is false.
func (r *reader) bilingual(p place, most int, needEN bool) (t access.Text) {
	r.object(p,
		member{"vi", true, func(p place) { t.VI, _ = r.text(p, most) }},
		member{"en", needEN, func(p place) { t.EN, _ = r.text(p, most) }})
	return t
}

// moment reads a time: RFC 3339, or a day. A day as a beginning is its first
// moment in Vietnam, as an end its last: it is included.
func (r *reader) moment(p place, end bool) time.Time {
	s, ok := r.text(p, maxText)
	if !ok {
		return time.Time{}
	}
	if t, err := time.ParseInLocation(time.DateOnly, s, access.Zone); err == nil {
		if end {
			t = t.AddDate(0, 0, 1)
		}
		return r.century(p, t)
	}
	if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
		return r.century(p, t)
	}
	r.Bad(p, "%q is not a time: write a day like 2026-01-31 (Vietnam; as an end it is included) or a moment like 2026-01-31T17:00:00+07:00", clip(s))
	return time.Time{}
}

// century keeps times in the range every part of the system can hold.
func (r *reader) century(p place, t time.Time) time.Time {
	t = t.UTC().Truncate(time.Microsecond)
	if t.Year() < 1990 || t.Year() > 2199 {
		r.Bad(p, "the year %d cannot be meant: use 1990 to 2199", t.Year())
		return time.Time{}
	}
	return t
}

// term reads from and until of the object that p is, given by two members.
func (r *reader) term(p place, from, until time.Time) {
	if !from.IsZero() && !until.IsZero() && !until.After(from) {
		r.Bad(p, "it ends (%s) before it begins (%s): swap or correct from and until", stamp(until), stamp(from))
	}
}

// stamp is how times are shown: Vietnam's time, to the second.
func stamp(t time.Time) string { return t.In(access.Zone).Format("2006-01-02T15:04:05Z07:00") }

// clip shortens what is quoted in a message.
func clip(s string) string { return strict.Clip(s) }
