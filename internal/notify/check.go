package notify

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"dancu/internal/fault"
)

// Check refuses a notice that could not be put.
func (n *Notice) Check() error { return n.check() }

// check refuses a notice that its topic does not want or that must not leave.
func (n *Notice) check() error {
	t := topicOf(n.Topic)
	switch {
	case t == nil:
		return fault.New(fault.Internal, "there is no notice of %q", n.Topic)
	case n.Key == "" || len(n.Key) > MaxKey || !printable(n.Key):
		return fault.New(fault.Internal, "the key of a notice of %s must be 1 to %d bytes", n.Topic, MaxKey)
	case n.To == "" || len(n.To) > MaxTo || !printable(n.To) || strings.Contains(n.To, "@"):
		return fault.New(fault.Internal, "a notice of %s goes to the id of an agency or to a duty", n.Topic)
	case !isPath(n.Link):
		return fault.New(fault.Internal, "the link of a notice of %s must be a path of at most %d bytes without a query", n.Topic, MaxLink)
	}
	want := t.Params()
	for _, name := range want {
		v, ok := n.Params[name]
		if !ok {
			return fault.New(fault.Internal, "a notice of %s needs %s", n.Topic, name)
		}
		if err := checkValue(name, v); err != nil {
			return err
		}
	}
	if len(n.Params) != len(want) {
		return fault.New(fault.Internal, "a notice of %s has values that its text does not use", n.Topic)
	}
	return nil
}

// personal finds what looks like a personal number or a mailbox. A UUID may
// end in twelve digits and is neither.
var personal = regexp.MustCompile(`(^|[^0-9A-Za-z])[0-9]{12}($|[^0-9A-Za-z])|@`)

func checkValue(name, v string) error {
	bad := func(what string) error {
		return fault.New(fault.Invalid, "%s cannot go into a notice: %s", name, what)
	}
	switch {
	case v == "" || len(v) > MaxValue || !printable(v):
		return bad("it must be 1 to " + strconv.Itoa(MaxValue) + " bytes of printable text")
	case uuid.Validate(v) != nil && personal.MatchString(v):
		return bad("it looks like a personal number or a mailbox")
	}
	p := params[name]
	switch p.Kind {
	case Date:
		if _, err := time.Parse(time.DateOnly, v); err != nil {
			return bad("it must be a date like 2026-11-25")
		}
	case Time:
		if _, err := time.Parse(time.RFC3339, v); err != nil {
			return bad("it must be a time like 2026-11-25T08:00:00Z")
		}
	case Number:
		if _, err := strconv.ParseInt(v, 10, 64); err != nil {
			return bad("it must be a whole number")
		}
	case Choice:
		if _, ok := p.Choices[v]; !ok {
			return bad("it must be one of the known words")
		}
	case Code:
	}
	return nil
}

func printable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
}

// isPath reports whether a link is "" or a path of the console's. A query
// could carry what addresses must not.
func isPath(s string) bool {
	return s == "" || len(s) <= MaxLink && s[0] == '/' && !strings.HasPrefix(s, "//") &&
		!strings.ContainsFunc(s, func(r rune) bool {
			return r <= ' ' || r > '~' || strings.ContainsRune(`?#\"<>@`, r)
		})
}
