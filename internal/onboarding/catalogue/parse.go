package catalogue

import (
	"regexp"
	"slices"
	"strings"

	"dancu/internal/onboarding/strict"
)

// Limits on what a file may hold.
const (
	maxList = 1000 // members of one list
	maxName = 300  // characters of a name
	maxText = 2000 // characters of an item's text
	maxBody = 60_000
)

type member = strict.Member

// need and may are members that must and may be there.
func need(name string, read func(strict.Place)) member {
	return member{Name: name, Need: true, Read: read}
}
func may(name string, read func(strict.Place)) member { return member{Name: name, Read: read} }

// ids are the ids of a list that were read.
type ids map[string]bool

// parser reads one file.
type parser struct {
	strict.Reader
	uses []use
}

// use is a name of something in another document, checked when all are read.
type use struct {
	r    *strict.Reader
	at   strict.Place
	what string
	name string
}

const (
	usesAct   = "act"
	usesClock = "clock"
)

// parsers is what reads each kind.
var parsers = map[Kind]func(*parser, strict.Place) document{
	KindActs:       (*parser).acts,
	KindChecklist:  (*parser).checklist,
	KindTemplate:   (*parser).template,
	KindProcedures: (*parser).procedures,
	KindChanges:    (*parser).changes,
	KindAuthority:  (*parser).authority,
	KindGrounds:    (*parser).grounds,
	KindTracks:     (*parser).tracks,
	KindClocks:     (*parser).clocks,
}

// parse reads one file. The document is nil if anything in it is wrong.
func parse(name string, data []byte) (document, *parser) {
	p := &parser{Reader: strict.Reader{File: name}}
	root, ok := p.Reader.Document(data)
	if !ok {
		return nil, p
	}
	kind := Kind(p.Kind(root, "kind"))
	read, ok := parsers[kind]
	if !ok {
		kinds := make([]string, 0, len(parsers))
		for k := range parsers {
			kinds = append(kinds, string(k))
		}
		slices.Sort(kinds)
		p.Bad(root, "kind must be one of %s: write it first", strings.Join(kinds, ", "))
		return nil, p
	}
	d := read(p, root)
	if len(p.Problems) > 0 {
		return nil, p
	}
	h := d.head()
	h.Kind, h.File = kind, name
	h.Hash = hashOf(d)
	return d, p
}

var versionForm = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{0,30}$`)

// document reads the members every document has, and those of its kind.
func (p *parser) document(root strict.Place, h *Header, own ...member) {
	p.Object(root, append([]member{
		need("kind", func(strict.Place) {}),
		need("id", func(at strict.Place) { h.ID = p.ID(at) }),
		need("version", func(at strict.Place) {
			h.Version, _ = p.Line(at, maxName)
			if h.Version != "" && !versionForm.MatchString(h.Version) {
				p.Bad(at, "%q is not a version: use 1 to 31 of a-z, 0-9, dot and hyphen, like 2026 or 1.2", strict.Clip(h.Version))
			}
		}),
		need("from", func(at strict.Place) { h.From = p.Date(at) }),
		need("name", func(at strict.Place) { h.Name = p.Bilingual(at, maxName) }),
		need("source", func(at strict.Place) { h.Source = p.Bilingual(at, maxText) }),
		may("law", func(at strict.Place) { h.Law = p.law(at) }),
		need("mark", func(at strict.Place) { h.Mark = p.mark(at) }),
	}, own...)...)
}

func (p *parser) mark(at strict.Place) Mark { return Mark(p.OneOf(at, marks...)) }

// once notes an id that is in a list twice.
func (p *parser) once(seen ids, at strict.Place, id string) {
	if id != "" && seen[id] {
		p.Bad(at, "%q is there twice: ids are unique within a file", strict.Clip(id))
	}
	seen[id] = true
}

// clock reads the id of a clock.
func (p *parser) clock(at strict.Place) string {
	id := p.ID(at)
	if id != "" {
		p.uses = append(p.uses, use{&p.Reader, at, usesClock, id})
	}
	return id
}
