package catalogue

import (
	"slices"
	"strings"

	"dancu/internal/access"
	"dancu/internal/onboarding/strict"
)

// AssessmentKind is why a system is assessed (Circular 46/2022/TT-BCA Art. 6.2
// and 6.4).
type AssessmentKind string

// The kinds of assessment.
const (
	Initial     AssessmentKind = "initial"      // before connecting
	AfterChange AssessmentKind = "after-change" // after the design was adjusted or changed
	Periodic    AssessmentKind = "periodic"     // once a year
	Unscheduled AssessmentKind = "unscheduled"
)

// AssessmentKinds are the kinds of assessment in the order of a system's life.
var AssessmentKinds = []AssessmentKind{Initial, AfterChange, Periodic, Unscheduled}

// Text returns the kind in words.
func (k AssessmentKind) Text() access.Text {
	switch k {
	case Initial:
		return access.Text{VI: "Trước khi kết nối", EN: "Before connecting"}
	case AfterChange:
		return access.Text{VI: "Sau khi điều chỉnh, thay đổi", EN: "After a change"}
	case Periodic:
		return access.Text{VI: "Định kỳ hằng năm", EN: "Yearly"}
	case Unscheduled:
		return access.Text{VI: "Đột xuất", EN: "Unscheduled"}
	}
	return access.Text{VI: string(k), EN: string(k)}
}

// Groups are the five groups of Circular 46/2022/TT-BCA Art. 6.2 in its order,
// a), b), c), d), đ), under names of plain letters.
var Groups = []string{"a", "b", "c", "d", "dd"}

// Group is one of the five groups.
type Group struct {
	ID     string      `json:"id"`     // one of Groups
	Letter string      `json:"letter"` // as in the law: "đ" for "dd"
	Name   access.Text `json:"name"`
	Law    []Law       `json:"law"`
	Mark   Mark        `json:"mark"`
}

// Topic is a finer division that a newer standard makes, within one of the
// five groups.
type Topic struct {
	ID    string      `json:"id"`
	Group string      `json:"group"`
	Name  access.Text `json:"name"`
	Rows  int         `json:"rows,omitempty"` // how many rows the standard has for it; 0 if not known
}

// Item is one thing an assessment asks.
type Item struct {
	ID       string           `json:"id"` // never given to another item of the same checklist id
	Group    string           `json:"group"`
	Topic    string           `json:"topic,omitempty"`
	Text     access.Text      `json:"text"`
	Law      []Law            `json:"law"`
	Mark     Mark             `json:"mark"`
	Kinds    []AssessmentKind `json:"kinds"`    // which assessments ask it
	Evidence bool             `json:"evidence"` // a file must be shown for a pass
}

// Checklist is what an assessment asks.
type Checklist struct {
	Header
	Groups []Group `json:"groups"` // all five, in the law's order
	Topics []Topic `json:"topics,omitempty"`
	Items  []Item  `json:"items"` // by group
}

// For returns the items that an assessment of that kind asks, by group.
func (c *Checklist) For(kind AssessmentKind) (out []Item) {
	for _, i := range c.Items {
		if slices.Contains(i.Kinds, kind) {
			out = append(out, i)
		}
	}
	return out
}

// Item returns the item with that id; ok is false if there is none.
func (c *Checklist) Item(id string) (Item, bool) {
	i := slices.IndexFunc(c.Items, func(i Item) bool { return i.ID == id })
	if i < 0 {
		return Item{}, false
	}
	return c.Items[i], true
}

func (p *parser) checklist(root strict.Place) document {
	d := &Checklist{}
	topics, items := map[string]string{}, ids{}
	var itemsAt strict.Place
	p.document(root, &d.Header,
		need("groups", func(at strict.Place) {
			seen := ids{}
			p.List(at, len(Groups), func(at strict.Place) { d.Groups = append(d.Groups, p.group(at, seen)) })
			for _, g := range Groups {
				if !seen[g] {
					p.Bad(at, "group %s is missing: all five of Circular 46/2022/TT-BCA Art. 6.2 are needed", g)
				}
			}
		}),
		may("topics", func(at strict.Place) {
			p.List(at, maxList, func(at strict.Place) { d.Topics = append(d.Topics, p.topic(at, topics)) })
		}),
		need("items", func(at strict.Place) {
			itemsAt = at
			p.List(at, maxList, func(at strict.Place) { d.Items = append(d.Items, p.item(at, items, topics, d.Topics != nil)) })
		}))
	for _, g := range Groups {
		if itemsAt.There() && len(d.Items) > 0 && !slices.ContainsFunc(d.Items, func(i Item) bool { return i.Group == g }) {
			p.Bad(itemsAt, "group %s has no item: an assessment looks at all five groups", g)
		}
	}
	byGroup := func(a, b string) int { return slices.Index(Groups, a) - slices.Index(Groups, b) }
	slices.SortStableFunc(d.Groups, func(a, b Group) int { return byGroup(a.ID, b.ID) })
	slices.SortStableFunc(d.Items, func(a, b Item) int { return byGroup(a.Group, b.Group) })
	return d
}

func (p *parser) group(at strict.Place, seen ids) (g Group) {
	p.Object(at,
		need("id", func(at strict.Place) { g.ID = p.OneOf(at, Groups...); p.once(seen, at, g.ID) }),
		need("letter", func(at strict.Place) { g.Letter, _ = p.Line(at, maxName) }),
		need("name", func(at strict.Place) { g.Name = p.Bilingual(at, maxName) }),
		need("law", func(at strict.Place) { g.Law = p.law(at) }),
		need("mark", func(at strict.Place) { g.Mark = p.mark(at) }))
	return g
}

func (p *parser) topic(at strict.Place, topics map[string]string) (t Topic) {
	p.Object(at,
		need("id", func(at strict.Place) {
			if t.ID = p.ID(at); t.ID != "" && topics[t.ID] != "" {
				p.Bad(at, "%q is there twice: ids are unique within a file", t.ID)
			}
		}),
		need("group", func(at strict.Place) { t.Group = p.OneOf(at, Groups...) }),
		need("name", func(at strict.Place) { t.Name = p.Bilingual(at, maxName) }),
		may("rows", func(at strict.Place) { t.Rows = p.Integer(at, 1, maxList) }))
	topics[t.ID] = t.Group
	return t
}

func (p *parser) item(at strict.Place, seen ids, topics map[string]string, divided bool) (i Item) {
	var topicAt strict.Place
	i.Kinds = AssessmentKinds
	p.Object(at,
		need("id", func(at strict.Place) { i.ID = p.ID(at); p.once(seen, at, i.ID) }),
		need("group", func(at strict.Place) { i.Group = p.OneOf(at, Groups...) }),
		member{Name: "topic", Need: divided, Read: func(at strict.Place) { i.Topic, topicAt = p.ID(at), at }},
		need("text", func(at strict.Place) { i.Text = p.Bilingual(at, maxText) }),
		need("law", func(at strict.Place) { i.Law = p.law(at) }),
		need("mark", func(at strict.Place) { i.Mark = p.mark(at) }),
		may("kinds", func(at strict.Place) { i.Kinds = p.kinds(at) }),
		need("evidence", func(at strict.Place) { i.Evidence = p.Boolean(at) }))
	if i.Topic == "" || i.Group == "" {
		return i
	}
	switch g, ok := topics[i.Topic]; {
	case !ok:
		p.Bad(topicAt, "no topic of this file is called %q: write topics before items", i.Topic)
	case g != i.Group:
		p.Bad(topicAt, "the topic %q is of group %s, the item of group %s: correct one of them", i.Topic, g, i.Group)
	}
	return i
}

// kinds reads a list of kinds of assessment.
func (p *parser) kinds(at strict.Place) (out []AssessmentKind) {
	words := p.Words(at, len(AssessmentKinds), func(s string) string {
		if slices.Contains(AssessmentKinds, AssessmentKind(s)) {
			return ""
		}
		names := make([]string, len(AssessmentKinds))
		for i, k := range AssessmentKinds {
			names[i] = string(k)
		}
		return "this is none of " + strings.Join(names, ", ")
	})
	for _, k := range AssessmentKinds {
		if slices.Contains(words, string(k)) {
			out = append(out, k)
		}
	}
	return out
}
