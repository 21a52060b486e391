package catalogue

import (
	"slices"

	"dancu/internal/access"
	"dancu/internal/onboarding/strict"
)

// Body is a sort of agency or organisation as the rules of authority tell
// them apart. It is data, not a fixed list: the reform of 2025 took away a
// whole level.
type Body struct {
	ID    string       `json:"id"`
	Group access.Group `json:"group"`
	Level string       `json:"level,omitempty"` // "central", "provincial", …; empty where the level does not matter
	Name  access.Text  `json:"name"`
	From  access.Date  `json:"from,omitzero"`
	Until access.Date  `json:"until,omitzero"` // the first day there is none any more
	Mark  Mark         `json:"mark"`
}

// Channel is a way of exploiting the register that a group has.
type Channel struct {
	ID     string         `json:"id"`
	Name   access.Text    `json:"name"`
	Groups []access.Group `json:"groups"`
	Law    []Law          `json:"law"`
	Mark   Mark           `json:"mark"`
}

// AuthorityRule says who permits bodies of some sorts.
type AuthorityRule struct {
	ID        string      `json:"id"`
	Bodies    []string    `json:"bodies"`
	Authority string      `json:"authority"` // id, like "provincial-director"
	Name      access.Text `json:"name"`      // of the authority
	From      access.Date `json:"from,omitzero"`
	Until     access.Date `json:"until,omitzero"` // the first day it no longer holds
	Law       []Law       `json:"law"`
	Mark      Mark        `json:"mark"`
	Note      access.Text `json:"note,omitzero"`
}

type authority struct {
	Header
	Bodies   []Body          `json:"bodies"`
	Channels []Channel       `json:"channels"`
	Rules    []AuthorityRule `json:"rules"`
}

// Bodies returns the sorts of bodies there are on a day.
func (c *Catalogue) Bodies(on access.Date) []Body {
	all := layer(c.authority.inForce(on), func(d *authority) []Body { return d.Bodies }, func(b Body) string { return b.ID })
	return slices.DeleteFunc(all, func(b Body) bool { return !within(on, b.From, b.Until) })
}

// Channels returns the ways a group has on a day.
func (c *Catalogue) Channels(g access.Group, on access.Date) []Channel {
	all := layer(c.authority.inForce(on), func(d *authority) []Channel { return d.Channels }, func(c Channel) string { return c.ID })
	return slices.DeleteFunc(all, func(c Channel) bool { return !slices.Contains(c.Groups, g) })
}

// AuthorityRules returns every rule in force on a day, in the order in which
// they are asked.
func (c *Catalogue) AuthorityRules(on access.Date) []AuthorityRule {
	all := layer(c.authority.inForce(on), func(d *authority) []AuthorityRule { return d.Rules }, func(r AuthorityRule) string { return r.ID })
	return slices.DeleteFunc(all, func(r AuthorityRule) bool { return !within(on, r.From, r.Until) })
}

// Authorities returns the rules by which a body may be permitted on a day, one
// for each authority that may, the usual one first. There are none for a body
// that no rule names: then nobody may permit it.
func (c *Catalogue) Authorities(body string, on access.Date) (out []AuthorityRule) {
	for _, r := range c.AuthorityRules(on) {
		if slices.Contains(r.Bodies, body) && !slices.ContainsFunc(out, func(o AuthorityRule) bool { return o.Authority == r.Authority }) {
			out = append(out, r)
		}
	}
	return out
}

// Body returns a sort of body that there is on a day; ok is false if there is
// none with this id.
func (c *Catalogue) Body(id string, on access.Date) (b Body, ok bool) {
	all := c.Bodies(on)
	if i := slices.IndexFunc(all, func(b Body) bool { return b.ID == id }); i >= 0 {
		return all[i], true
	}
	return Body{}, false
}

// within reports whether a day is in a term; a zero end is open.
func within(on, from, until access.Date) bool {
	return !from.After(on) && (until == access.Date{} || until.After(on))
}

func (p *parser) authority(root strict.Place) document {
	d := &authority{}
	bodies, channels, rules := ids{}, ids{}, ids{}
	p.document(root, &d.Header,
		need("bodies", func(at strict.Place) {
			p.List(at, maxList, func(at strict.Place) { d.Bodies = append(d.Bodies, p.body(at, bodies)) })
		}),
		need("channels", func(at strict.Place) {
			p.List(at, maxList, func(at strict.Place) { d.Channels = append(d.Channels, p.channel(at, channels)) })
		}),
		need("rules", func(at strict.Place) {
			p.List(at, maxList, func(at strict.Place) { d.Rules = append(d.Rules, p.authorityRule(at, rules, bodies)) })
		}))
	return d
}

func (p *parser) body(at strict.Place, seen ids) (b Body) {
	p.Object(at,
		need("id", func(at strict.Place) { b.ID = p.ID(at); p.once(seen, at, b.ID) }),
		need("group", func(at strict.Place) { b.Group = access.Group(p.Integer(at, 1, 4)) }),
		may("level", func(at strict.Place) { b.Level = p.ID(at) }),
		need("name", func(at strict.Place) { b.Name = p.Bilingual(at, maxName) }),
		may("from", func(at strict.Place) { b.From = p.Date(at) }),
		may("until", func(at strict.Place) { b.Until = p.Date(at) }),
		need("mark", func(at strict.Place) { b.Mark = p.mark(at) }))
	p.term(at, b.From, b.Until)
	return b
}

func (p *parser) channel(at strict.Place, seen ids) (c Channel) {
	p.Object(at,
		need("id", func(at strict.Place) { c.ID = p.ID(at); p.once(seen, at, c.ID) }),
		need("name", func(at strict.Place) { c.Name = p.Bilingual(at, maxName) }),
		need("groups", func(at strict.Place) {
			p.List(at, 4, func(at strict.Place) {
				g := access.Group(p.Integer(at, 1, 4))
				if slices.Contains(c.Groups, g) {
					p.Bad(at, "group %d is there twice: keep one", g)
				}
				c.Groups = append(c.Groups, g)
			})
		}),
		need("law", func(at strict.Place) { c.Law = p.law(at) }),
		need("mark", func(at strict.Place) { c.Mark = p.mark(at) }))
	return c
}

func (p *parser) authorityRule(at strict.Place, seen, bodies ids) (r AuthorityRule) {
	p.Object(at,
		need("id", func(at strict.Place) { r.ID = p.ID(at); p.once(seen, at, r.ID) }),
		need("bodies", func(at strict.Place) {
			r.Bodies = p.Words(at, maxList, func(s string) string {
				if !bodies[s] {
					return "no body of this file has this id: write bodies before rules"
				}
				return ""
			})
		}),
		need("authority", func(at strict.Place) { r.Authority = p.ID(at) }),
		need("name", func(at strict.Place) { r.Name = p.Bilingual(at, maxName) }),
		may("from", func(at strict.Place) { r.From = p.Date(at) }),
		may("until", func(at strict.Place) { r.Until = p.Date(at) }),
		need("law", func(at strict.Place) { r.Law = p.law(at) }),
		need("mark", func(at strict.Place) { r.Mark = p.mark(at) }),
		may("note", func(at strict.Place) { r.Note = p.Bilingual(at, maxText) }))
	p.term(at, r.From, r.Until)
	return r
}

// term notes a term that ends before it begins.
func (p *parser) term(at strict.Place, from, until access.Date) {
	if (until != access.Date{}) && !until.After(from) {
		p.Bad(at, "it ends (%s) before it begins (%s): until is the first day it no longer holds", until, from)
	}
}
