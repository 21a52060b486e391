package catalogue

import (
	"slices"

	"dancu/internal/access"
	"dancu/internal/fault"
	"dancu/internal/onboarding/strict"
)

// ChangeKind is what of a connected system changes. An operator's file may
// have more kinds than these.
type ChangeKind string

// The kinds of change the program knows by name.
const (
	ChangeSystem         ChangeKind = "system"
	ChangeApplication    ChangeKind = "application"
	ChangeSource         ChangeKind = "source"
	ChangeFunction       ChangeKind = "function"
	ChangeInfrastructure ChangeKind = "infrastructure"
	ChangePersonnel      ChangeKind = "personnel"
	ChangeKey            ChangeKind = "key"       // the certificate the system calls with
	ChangeBuild          ChangeKind = "build"     // the client build
	ChangeAddresses      ChangeKind = "addresses" // where calls come from
)

// ChangeKinds are the kinds of change the program knows by name.
var ChangeKinds = []ChangeKind{
	ChangeSystem, ChangeApplication, ChangeSource, ChangeFunction, ChangeInfrastructure,
	ChangePersonnel, ChangeKey, ChangeBuild, ChangeAddresses,
}

// Consequence is what follows from a declared change for the connection.
type Consequence string

// The consequences.
const (
	Keep  Consequence = "keep"  // it keeps running
	Until Consequence = "until" // it runs until a term ends, unless re-assessed before
	Stop  Consequence = "stop"  // it stops until re-assessed
)

// ChangeRule says what follows from a change of one kind.
type ChangeRule struct {
	Kind        ChangeKind  `json:"kind"`
	Name        access.Text `json:"name"`
	Consequence Consequence `json:"consequence"`
	Clock       string      `json:"clock,omitempty"`  // with Until: how long it runs, from the report
	Reassess    bool        `json:"reassess"`         // whether a new assessment is needed
	Report      string      `json:"report,omitempty"` // the clock within which, or before which, it is reported
	Law         []Law       `json:"law"`
	Mark        Mark        `json:"mark"`
	Note        access.Text `json:"note,omitzero"`
}

type changes struct {
	Header
	Rules []ChangeRule `json:"rules"`
}

// ChangeRules returns what follows from each kind of change on a day.
func (c *Catalogue) ChangeRules(on access.Date) []ChangeRule {
	return layer(c.changes.inForce(on), func(d *changes) []ChangeRule { return d.Rules }, func(r ChangeRule) string { return string(r.Kind) })
}

// ChangeRule returns what follows from a kind of change on a day. A kind
// without a rule is fault.NotFound: a change nobody has ruled on is not one
// that is let through.
func (c *Catalogue) ChangeRule(kind ChangeKind, on access.Date) (ChangeRule, error) {
	rules := c.ChangeRules(on)
	if i := slices.IndexFunc(rules, func(r ChangeRule) bool { return r.Kind == kind }); i >= 0 {
		return rules[i], nil
	}
	return ChangeRule{}, fault.New(fault.NotFound, "there is no rule for a change of the kind %q on %s: add it to a file of kind changes", kind, on)
}

func (p *parser) changes(root strict.Place) document {
	d := &changes{}
	seen := ids{}
	p.document(root, &d.Header, need("rules", func(at strict.Place) {
		p.List(at, maxList, func(at strict.Place) { d.Rules = append(d.Rules, p.changeRule(at, seen)) })
	}))
	return d
}

func (p *parser) changeRule(at strict.Place, seen ids) (r ChangeRule) {
	p.Object(at,
		need("kind", func(at strict.Place) { r.Kind = ChangeKind(p.ID(at)); p.once(seen, at, string(r.Kind)) }),
		need("name", func(at strict.Place) { r.Name = p.Bilingual(at, maxName) }),
		need("consequence", func(at strict.Place) {
			r.Consequence = Consequence(p.OneOf(at, string(Keep), string(Until), string(Stop)))
		}),
		may("clock", func(at strict.Place) { r.Clock = p.clock(at) }),
		need("reassess", func(at strict.Place) { r.Reassess = p.Boolean(at) }),
		may("report", func(at strict.Place) { r.Report = p.clock(at) }),
		need("law", func(at strict.Place) { r.Law = p.law(at) }),
		need("mark", func(at strict.Place) { r.Mark = p.mark(at) }),
		may("note", func(at strict.Place) { r.Note = p.Bilingual(at, maxText) }))
	switch {
	case r.Consequence == Until && r.Clock == "":
		p.Bad(at, "clock is missing: say how long the connection runs on")
	case r.Consequence != Until && r.Clock != "":
		p.Bad(at, "only a connection that runs until a date has a clock: leave clock out")
	}
	if (r.Consequence == Until || r.Consequence == Stop) && !r.Reassess {
		p.Bad(at, "a connection that ends or stops at a change comes back by an assessment: set reassess: true, or keep it running")
	}
	return r
}
