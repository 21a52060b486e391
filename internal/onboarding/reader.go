package onboarding

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"dancu/internal/access"
	"dancu/internal/fault"
)

// Limits on what a file may hold.
const (
	// MaxFile is the largest file, in bytes.
	MaxFile = 1 << 20
	// MaxCertificate is the largest certificate file, in bytes.
	MaxCertificate = 64 << 10

	maxID       = 63   // characters of an id
	maxName     = 300  // characters of a name
	maxText     = 2000 // characters of a legal basis, a reason, a violation
	maxList     = 1000 // members of one list of codes, addresses, builds
	maxProblems = 100  // problems listed; more are counted
	maxCalls    = 1_000_000_000_000
)

// Problem is one thing wrong with a file.
type Problem struct {
	Line int    // 1 is the first; 0 if it is about the whole file
	Path string // like "connections[0].grants[2].fields"
	Text string // what is wrong and what to do
}

// String returns the problem on one line.
func (p Problem) String() string {
	var b strings.Builder
	if p.Line > 0 {
		fmt.Fprintf(&b, "line %d: ", p.Line)
	}
	if p.Path != "" {
		b.WriteString(p.Path + ": ")
	}
	b.WriteString(p.Text)
	return b.String()
}

// problems collects what is wrong, so that all of it is told at once.
type problems []Problem

// err returns one error with every problem in the order of their lines, or
// nil.
func (ps problems) err(name string) error {
	if len(ps) == 0 {
		return nil
	}
	ps = slices.Clone(ps)
	slices.SortStableFunc(ps, func(a, b Problem) int { return a.Line - b.Line })
	var b strings.Builder
	things := "one thing is"
	if len(ps) > 1 {
		things = fmt.Sprintf("%d things are", len(ps))
	}
	fmt.Fprintf(&b, "%s in %s wrong, nothing was changed:", things, name)
	for i, p := range ps {
		if i == maxProblems {
			fmt.Fprintf(&b, "\n  and %d more", len(ps)-i)
			break
		}
		b.WriteString("\n  " + p.String())
	}
	return fault.New(fault.Invalid, "%s", b.String())
}

// place is a node and the way to it.
type place struct {
	node *yaml.Node
	path string
}

func (p place) member(name string, n *yaml.Node) place {
	if p.path != "" {
		name = p.path + "." + name
	}
	return place{n, name}
}

func (p place) element(i int, n *yaml.Node) place {
	return place{n, fmt.Sprintf("%s[%d]", p.path, i)}
}

func (p place) line() int {
	if p.node == nil {
		return 0
	}
	return p.node.Line
}

// reader turns YAML nodes into values and notes what is wrong with them. A
// value that is wrong is left zero.
type reader struct {
	problems problems
}

func (r *reader) bad(p place, format string, args ...any) {
	r.problems = append(r.problems, Problem{p.line(), p.path, fmt.Sprintf(format, args...)})
}

// document reads the one document of data; ok is false if there is none that
// could be looked at further.
func (r *reader) document(data []byte) (root place, ok bool) {
	switch {
	case len(data) > MaxFile:
		r.bad(root, "the file has %d bytes: at most %d are read; split it, apply takes the parts one by one", len(data), MaxFile)
		return root, false
	case !utf8.Valid(data):
		r.bad(root, "the file is not UTF-8 text: save it as UTF-8")
		return root, false
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc yaml.Node
	if err := decodeYAML(dec, &doc); err != nil {
		if errors.Is(err, io.EOF) {
			r.bad(root, "the file is empty: it needs at least one of agencies, systems, connections")
		} else {
			r.syntax(err)
		}
		return root, false
	}
	var more yaml.Node
	if err := decodeYAML(dec, &more); err == nil {
		r.bad(place{&more, ""}, `a second document begins here: put everything into one, without "---"`)
		return root, false
	} else if !errors.Is(err, io.EOF) {
		r.syntax(err)
		return root, false
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) != 1 {
		r.bad(root, "the file is empty: it needs at least one of agencies, systems, connections")
		return root, false
	}
	return place{doc.Content[0], ""}, true
}

// decodeYAML is dec.Decode with a panic of the parser as an error.
func decodeYAML(dec *yaml.Decoder, n *yaml.Node) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("yaml: the parser gave up: %v", p)
		}
	}()
	return dec.Decode(n)
}

var yamlLine = regexp.MustCompile(`^yaml: line (\d+): `)

// syntax notes an error of the YAML parser.
func (r *reader) syntax(err error) {
	text := err.Error()
	var line int
	if m := yamlLine.FindStringSubmatch(text); m != nil {
		line, _ = strconv.Atoi(m[1])
		text = text[len(m[0]):]
	}
	text = strings.TrimPrefix(text, "yaml: ")
	r.problems = append(r.problems, Problem{Line: line, Text: "this is not YAML: " + text + "; check indentation, colons and quotes near this line"})
}

// kindName says what a node is, in the words of someone writing the file.
func kindName(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping (key: value)"
	case yaml.SequenceNode:
		return "a list"
	case yaml.AliasNode:
		return "an alias (*name)"
	case yaml.ScalarNode:
		switch n.ShortTag() {
		case "!!null":
			return "nothing"
		case "!!bool":
			return "true or false"
		case "!!int", "!!float":
			return "a number"
		}
		return "text"
	}
	return "nothing"
}

// wants notes that something else was expected.
func (r *reader) wants(p place, want string) {
	if p.node.Kind == yaml.AliasNode {
		r.bad(p, "aliases are not read: write the value out")
		return
	}
	r.bad(p, "this must be %s, not %s", want, kindName(p.node))
}

// member is one key of an object and what reads its value.
type member struct {
	name string
	need bool
	read func(place)
}

// object reads a mapping. Unknown, repeated and missing keys are problems.
func (r *reader) object(p place, members ...member) {
	if p.node.Kind != yaml.MappingNode {
		r.wants(p, "a mapping (key: value)")
		return
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(p.node.Content); i += 2 {
		key, value := p.node.Content[i], p.node.Content[i+1]
		if key.Kind != yaml.ScalarNode {
			r.wants(p.member("?", key), "a key")
			continue
		}
		at := place{key, p.path}
		if line, twice := seen[key.Value]; twice {
			r.bad(at, "%q is there twice, first on line %d: keep one", clip(key.Value), line)
			continue
		}
		seen[key.Value] = key.Line
		m := slices.IndexFunc(members, func(m member) bool { return m.name == key.Value })
		if m < 0 {
			names := make([]string, len(members))
			for i, m := range members {
				names[i] = m.name
			}
			r.bad(at, "unknown key %q: the keys here are %s", clip(key.Value), strings.Join(names, ", "))
			continue
		}
		members[m].read(p.member(key.Value, value))
	}
	for _, m := range members {
		if _, there := seen[m.name]; m.need && !there {
			r.bad(p, "%s is missing: add it", m.name)
		}
	}
}

// list reads a sequence.
func (r *reader) list(p place, most int, element func(int, place)) {
	if p.node.Kind != yaml.SequenceNode {
		r.wants(p, "a list")
		return
	}
	if n := len(p.node.Content); n > most {
		r.bad(p, "the list has %d members: at most %d are read", n, most)
		return
	}
	for i, n := range p.node.Content {
		element(i, p.element(i, n))
	}
}

// some reports whether p is a list with members; an empty list is a problem.
func (r *reader) some(p place, why string) bool {
	if p.node.Kind != yaml.SequenceNode {
		return false
	}
	if len(p.node.Content) == 0 {
		r.bad(p, "%s", why)
		return false
	}
	return true
}

// text reads a text as it is written. Numbers and dates are taken as written,
// too: 1.010100 is a code and 045 a province.
func (r *reader) text(p place, most int) (s string, ok bool) {
	if p.node.Kind != yaml.ScalarNode {
		r.wants(p, "text")
		return "", false
	}
	switch p.node.ShortTag() {
	case "!!str", "!!int", "!!float", "!!timestamp":
	default:
		r.wants(p, "text")
		return "", false
	}
	s = p.node.Value
	if why := badText(s, most); why != "" {
		r.bad(p, "%s", why)
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

// id reads an id.
func (r *reader) id(p place) string {
	s, ok := r.text(p, maxText)
	if ok && !idForm.MatchString(s) {
		r.bad(p, "%q is not an id: use 1 to %d of a-z, 0-9, dot and hyphen, beginning with a letter or digit", clip(s), maxID)
		return ""
	}
	return s
}

// integer reads a whole number from least to most.
func (r *reader) integer(p place, least, most int64) int64 {
	if p.node.Kind == yaml.ScalarNode && p.node.ShortTag() == "!!int" {
		if n, err := strconv.ParseInt(p.node.Value, 10, 64); err == nil && n >= least && n <= most {
			return n
		}
		r.bad(p, "%s is not a whole number from %d to %d", clip(p.node.Value), least, most)
		return 0
	}
	r.wants(p, "a whole number")
	return 0
}

// number reads a number above 0 and up to most.
func (r *reader) number(p place, most float64) float64 {
	if p.node.Kind == yaml.ScalarNode {
		switch p.node.ShortTag() {
		case "!!int", "!!float":
			if f, err := strconv.ParseFloat(p.node.Value, 64); err == nil && f > 0 && f <= most {
				return f
			}
			r.bad(p, "%s is not a number above 0 and up to %g", clip(p.node.Value), most)
			return 0
		}
	}
	r.wants(p, "a number")
	return 0
}

func (r *reader) boolean(p place) bool {
	if p.node.Kind == yaml.ScalarNode && p.node.ShortTag() == "!!bool" {
		return strings.EqualFold(p.node.Value, "true")
	}
	r.wants(p, "true or false")
	return false
}

// oneOf reads one of some words.
func (r *reader) oneOf(p place, words ...string) string {
	s, ok := r.text(p, maxText)
	if ok && !slices.Contains(words, s) {
		r.bad(p, "%q is none of %s", clip(s), strings.Join(words, ", "))
		return ""
	}
	return s
}

// words reads a list of texts without repetition; check says what is wrong
// with one of them.
func (r *reader) words(p place, check func(string) string) []string {
	var out []string
	r.list(p, maxList, func(_ int, e place) {
		s, ok := r.text(e, maxText)
		if !ok {
			return
		}
		if why := check(s); why != "" {
			r.bad(e, "%s", why)
			return
		}
		if slices.Contains(out, s) {
			r.bad(e, "%q is there twice: keep one", clip(s))
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
	r.bad(p, "%q is not a time: write a day like 2026-01-31 (Vietnam; as an end it is included) or a moment like 2026-01-31T17:00:00+07:00", clip(s))
	return time.Time{}
}

// century keeps times in the range every part of the system can hold.
func (r *reader) century(p place, t time.Time) time.Time {
	t = t.UTC().Truncate(time.Microsecond)
	if t.Year() < 1990 || t.Year() > 2199 {
		r.bad(p, "the year %d cannot be meant: use 1990 to 2199", t.Year())
		return time.Time{}
	}
	return t
}

// term reads from and until of the object that p is, given by two members.
func (r *reader) term(p place, from, until time.Time) {
	if !from.IsZero() && !until.IsZero() && !until.After(from) {
		r.bad(p, "it ends (%s) before it begins (%s): swap or correct from and until", stamp(until), stamp(from))
	}
}

// stamp is how times are shown: Vietnam's time, to the second.
func stamp(t time.Time) string { return t.In(access.Zone).Format("2006-01-02T15:04:05Z07:00") }

// clip shortens what is quoted in a message.
func clip(s string) string {
	const most = 60
	s = strings.ToValidUTF8(s, "�")
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}
