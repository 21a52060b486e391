package catalogue

import (
	"regexp"
	"strings"

	"dancu/internal/access"
	"dancu/internal/onboarding/strict"
)

// Law names a place in the law: an act of the catalogue of acts, alone or with
// an article ("46/2022/TT-BCA Art. 6.2.a") or, in standards, a section
// ("QCVN 12:2026/BCA sec. 3.7.2").
type Law string

var lawForm = regexp.MustCompile(`^(\S.*?)(?: (Art\.|sec\.) ([1-9]\d*(?:\.[1-9]\d*)*(?:\.[a-zđ])?))?$`)

// Act returns the act's code.
func (l Law) Act() string {
	if m := lawForm.FindStringSubmatch(string(l)); m != nil {
		return m[1]
	}
	return string(l) // not one that was read from a file
}

// article returns the place in the act in both languages, with a blank before
// it, and empty texts if the whole act is meant.
func (l Law) article() access.Text {
	m := lawForm.FindStringSubmatch(string(l))
	switch {
	case m == nil || m[2] == "":
		return access.Text{}
	case m[2] == "sec.":
		return access.Text{VI: " mục " + m[3], EN: " section " + m[3]}
	}
	vi := ""
	for i, part := range strings.Split(m[3], ".") {
		switch {
		case i == 0:
			vi += " Điều " + part
		case strings.Trim(part, "0123456789") == "":
			vi += " khoản " + part
		default:
			vi += " điểm " + part
		}
	}
	return access.Text{VI: vi, EN: " Art. " + m[3]}
}

// Act is a law, decree, circular, standard or letter.
type Act struct {
	Code  string      `json:"code"` // like "46/2022/TT-BCA"
	Name  access.Text `json:"name"` // how it is cited: "Thông tư 46/2022/TT-BCA"
	About access.Text `json:"about"`
	From  access.Date `json:"from,omitzero"`  // in force from; zero if not known
	Until access.Date `json:"until,omitzero"` // the first day it is no longer; zero if not known to have ended
	Mark  Mark        `json:"mark"`
}

type acts struct {
	Header
	Acts []Act `json:"acts"`
}

// Act returns the act with that code; ok is false if there is none.
func (c *Catalogue) Act(code string) (Act, bool) {
	// An act is known whatever the day: old documents name old acts.
	for _, own := range []bool{true, false} {
		for i := len(c.acts.docs) - 1; i >= 0; i-- {
			if c.acts.docs[i].Operator != own {
				continue
			}
			for _, a := range c.acts.docs[i].Acts {
				if a.Code == code {
					return a, true
				}
			}
		}
	}
	return Act{}, false
}

// Cite returns how a place in the law is written: "Thông tư 46/2022/TT-BCA
// Điều 6 khoản 2 điểm a".
func (c *Catalogue) Cite(l Law) access.Text {
	name := access.Text{VI: l.Act(), EN: l.Act()}
	if a, ok := c.Act(l.Act()); ok {
		name = a.Name
	}
	at := l.article()
	return access.Text{VI: name.VI + at.VI, EN: name.EN + at.EN}
}

func (p *parser) acts(root strict.Place) document {
	d := &acts{}
	seen := ids{}
	p.document(root, &d.Header, need("acts", func(at strict.Place) {
		p.List(at, maxList, func(at strict.Place) {
			var a Act
			p.Object(at,
				need("code", func(at strict.Place) {
					a.Code, _ = p.Line(at, maxName)
					if strings.Contains(a.Code, " Art. ") || strings.Contains(a.Code, " sec. ") {
						p.Bad(at, "%q names an article: write the act alone", strict.Clip(a.Code))
					}
					p.once(seen, at, a.Code)
				}),
				need("name", func(at strict.Place) { a.Name = p.Bilingual(at, maxName) }),
				need("about", func(at strict.Place) { a.About = p.Bilingual(at, maxText) }),
				may("from", func(at strict.Place) { a.From = p.Date(at) }),
				may("until", func(at strict.Place) { a.Until = p.Date(at) }),
				need("mark", func(at strict.Place) { a.Mark = p.mark(at) }))
			d.Acts = append(d.Acts, a)
		})
	}))
	return d
}

// law reads a list of places in the law. Whether the acts are known is checked
// when all files are read.
func (p *parser) law(at strict.Place) (out []Law) {
	p.List(at, maxList, func(at strict.Place) {
		s, ok := p.Line(at, maxName)
		if !ok {
			return
		}
		if !lawForm.MatchString(s) {
			p.Bad(at, `%q is not a place in the law: write it like "46/2022/TT-BCA Art. 6.2.a"`, strict.Clip(s))
			return
		}
		out = append(out, Law(s))
		p.uses = append(p.uses, use{&p.Reader, at, usesAct, Law(s).Act()})
	})
	return out
}
