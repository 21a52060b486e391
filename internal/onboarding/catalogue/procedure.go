package catalogue

import (
	"slices"

	"dancu/internal/access"
	"dancu/internal/onboarding/strict"
)

// Procedure is an administrative procedure and what it justifies asking for.
type Procedure struct {
	Code      string           `json:"code"` // with or without the publishing agency's code
	Name      access.Text      `json:"name"`
	Fields    access.FieldSet  `json:"fields"`             // of a person's record; empty if no source says which
	Services  []access.Service `json:"services,omitempty"` // empty if no source says which
	Law       []Law            `json:"law,omitempty"`
	Mark      Mark             `json:"mark"`
	Synthetic bool             `json:"synthetic,omitempty"` // made up, for the demonstration
	Note      access.Text      `json:"note,omitzero"`
}

type procedures struct {
	Header
	Procedures []Procedure `json:"procedures"`
}

// Procedures is the catalogue of procedures of one day.
type Procedures []Procedure

// Procedures returns the procedures in force on a day, the operator's first.
func (c *Catalogue) Procedures(on access.Date) Procedures {
	return layer(c.procedures.inForce(on), func(d *procedures) []Procedure { return d.Procedures }, func(p Procedure) string { return p.Code })
}

// Find returns the procedure with that code, or else the one of its bare
// number, which every agency has: "1.010100" is found for "1.010100.H13".
func (ps Procedures) Find(code string) (Procedure, bool) {
	number := ""
	if p, err := access.ParseProcedure(code); err == nil {
		number = p.Number
	}
	for _, c := range []string{code, number} {
		if i := slices.IndexFunc(ps, func(p Procedure) bool { return p.Code == c }); i >= 0 {
			return ps[i], true
		}
	}
	return Procedure{}, false
}

// Unknown returns those of the codes that the catalogue does not have.
func (ps Procedures) Unknown(codes []string) (out []string) {
	for _, c := range codes {
		if _, ok := ps.Find(c); !ok {
			out = append(out, c)
		}
	}
	return out
}

// Excess returns the fields that none of the procedures justifies, for a
// reviewer to ask about. A procedure that is not in the catalogue justifies
// none.
func (ps Procedures) Excess(codes []string, fields access.FieldSet) access.FieldSet {
	for _, c := range codes {
		if p, ok := ps.Find(c); ok {
			fields &^= p.Fields
		}
	}
	return fields
}

// ExcessServices returns the services that none of the procedures justifies.
func (ps Procedures) ExcessServices(codes []string, services []access.Service) (out []access.Service) {
	for _, s := range services {
		if !slices.ContainsFunc(codes, func(c string) bool {
			p, ok := ps.Find(c)
			return ok && slices.Contains(p.Services, s)
		}) {
			out = append(out, s)
		}
	}
	return out
}

func (p *parser) procedures(root strict.Place) document {
	d := &procedures{}
	seen := ids{}
	p.document(root, &d.Header, need("procedures", func(at strict.Place) {
		p.List(at, 20*maxList, func(at strict.Place) { d.Procedures = append(d.Procedures, p.procedure(at, seen)) })
	}))
	return d
}

func (p *parser) procedure(at strict.Place, seen ids) (x Procedure) {
	p.Object(at,
		need("code", func(at strict.Place) {
			x.Code, _ = p.Line(at, maxName)
			if _, err := access.ParseProcedure(x.Code); x.Code != "" && err != nil {
				p.Bad(at, "%q is %s", strict.Clip(x.Code), err)
			}
			p.once(seen, at, x.Code)
		}),
		need("name", func(at strict.Place) { x.Name = p.Bilingual(at, maxName) }),
		may("fields", func(at strict.Place) {
			names := p.Words(at, int(access.NumFields), func(s string) string {
				if _, ok := access.ParseField(s); !ok {
					return "no field has this name: the fields are those of Law 26/2023/QH15 Art. 9, like fullName"
				}
				return ""
			})
			for _, n := range names {
				f, _ := access.ParseField(n)
				x.Fields |= access.FieldsOf(f)
			}
		}),
		may("services", func(at strict.Place) {
			for _, n := range p.Words(at, 10, func(s string) string {
				if _, ok := access.ParseService(s); !ok {
					return "no service has this name: use verify, lookup, search or household"
				}
				return ""
			}) {
				s, _ := access.ParseService(n)
				x.Services = append(x.Services, s)
			}
		}),
		may("law", func(at strict.Place) { x.Law = p.law(at) }),
		need("mark", func(at strict.Place) { x.Mark = p.mark(at) }),
		may("synthetic", func(at strict.Place) { x.Synthetic = p.Boolean(at) }),
		may("note", func(at strict.Place) { x.Note = p.Bilingual(at, maxText) }))
	slices.Sort(x.Services)
	return x
}
