package catalogue

import (
	"slices"

	"dancu/internal/access"
	"dancu/internal/onboarding/strict"
)

// Use is what a ground is for.
type Use string

// The uses.
const (
	ForTermination Use = "termination" // Decree 47/2020/NĐ-CP Art. 44
	ForSuspension  Use = "suspension"  // Decree 47/2020/NĐ-CP Art. 43
	ForRefusal     Use = "refusal"     // of an application, Decree 47/2020/NĐ-CP Art. 35
)

// Ground is a reason the law (or, marked so, dancu) knows for an act.
type Ground struct {
	ID   string      `json:"id"`
	Use  Use         `json:"use"`
	Text access.Text `json:"text"`
	Law  []Law       `json:"law"`
	Mark Mark        `json:"mark"`
}

type grounds struct {
	Header
	Grounds []Ground `json:"grounds"`
}

// Grounds returns the grounds for an act on a day.
func (c *Catalogue) Grounds(use Use, on access.Date) []Ground {
	all := layer(c.grounds.inForce(on), func(d *grounds) []Ground { return d.Grounds }, func(g Ground) string { return g.ID })
	return slices.DeleteFunc(all, func(g Ground) bool { return g.Use != use })
}

func (p *parser) grounds(root strict.Place) document {
	d := &grounds{}
	seen := ids{}
	p.document(root, &d.Header, need("grounds", func(at strict.Place) {
		p.List(at, maxList, func(at strict.Place) {
			var g Ground
			p.Object(at,
				need("id", func(at strict.Place) { g.ID = p.ID(at); p.once(seen, at, g.ID) }),
				need("use", func(at strict.Place) {
					g.Use = Use(p.OneOf(at, string(ForTermination), string(ForSuspension), string(ForRefusal)))
				}),
				need("text", func(at strict.Place) { g.Text = p.Bilingual(at, maxText) }),
				need("law", func(at strict.Place) { g.Law = p.law(at) }),
				need("mark", func(at strict.Place) { g.Mark = p.mark(at) }))
			d.Grounds = append(d.Grounds, g)
		})
	}))
	return d
}

// The tracks the program knows by name.
const (
	TrackOrdinary          = "ordinary"
	TrackDefence           = "defence"            // the Ministry of Defence's own units assess
	TrackEIDPlatform       = "eid-platform"       // already connected to the e-ID platform
	TrackMonitoringShared  = "monitoring-shared"  // yearly check: online monitoring data are shared
	TrackRecentCertificate = "recent-certificate" // yearly check: a certificate at most a year old
)

// Track is a way to an assessment, or an exemption from one (Circular
// 46/2022/TT-BCA Art. 6.3 and 6.4).
type Track struct {
	ID       string           `json:"id"`
	Name     access.Text      `json:"name"`
	Exempt   bool             `json:"exempt"`            // no check is made; the evidence stands in for it
	Kinds    []AssessmentKind `json:"kinds"`             // what it may be used for
	Evidence access.Text      `json:"evidence"`          // what must be shown
	Clock    string           `json:"clock,omitempty"`   // how long it lasts, from the date of the evidence
	Assessor access.Text      `json:"assessor,omitzero"` // who assesses
	Defence  bool             `json:"defence,omitempty"` // only for agencies of the Ministry of Defence
	Law      []Law            `json:"law"`
	Mark     Mark             `json:"mark"`
	Note     access.Text      `json:"note,omitzero"`
}

type tracks struct {
	Header
	Tracks []Track `json:"tracks"`
}

// Tracks returns the tracks for a kind of assessment on a day.
func (c *Catalogue) Tracks(kind AssessmentKind, on access.Date) []Track {
	all := layer(c.tracks.inForce(on), func(d *tracks) []Track { return d.Tracks }, func(t Track) string { return t.ID })
	return slices.DeleteFunc(all, func(t Track) bool { return !slices.Contains(t.Kinds, kind) })
}

func (p *parser) tracks(root strict.Place) document {
	d := &tracks{}
	seen := ids{}
	p.document(root, &d.Header, need("tracks", func(at strict.Place) {
		p.List(at, maxList, func(at strict.Place) {
			var t Track
			p.Object(at,
				need("id", func(at strict.Place) { t.ID = p.ID(at); p.once(seen, at, t.ID) }),
				need("name", func(at strict.Place) { t.Name = p.Bilingual(at, maxName) }),
				need("exempt", func(at strict.Place) { t.Exempt = p.Boolean(at) }),
				need("kinds", func(at strict.Place) { t.Kinds = p.kinds(at) }),
				need("evidence", func(at strict.Place) { t.Evidence = p.Bilingual(at, maxText) }),
				may("clock", func(at strict.Place) { t.Clock = p.clock(at) }),
				may("assessor", func(at strict.Place) { t.Assessor = p.Bilingual(at, maxName) }),
				may("defence", func(at strict.Place) { t.Defence = p.Boolean(at) }),
				need("law", func(at strict.Place) { t.Law = p.law(at) }),
				need("mark", func(at strict.Place) { t.Mark = p.mark(at) }),
				may("note", func(at strict.Place) { t.Note = p.Bilingual(at, maxText) }))
			d.Tracks = append(d.Tracks, t)
		})
	}))
	return d
}
