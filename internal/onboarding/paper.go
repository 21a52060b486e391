package onboarding

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"dancu/internal/access"
	"dancu/internal/onboarding/catalogue"
)

// Paper is a document that an act made from a text of the catalogue: what is
// signed, a certificate, the notice of a suspension, the end. Its bytes are what
// the entry has the hash of.
type Paper struct {
	Name     string        `json:"name"` // within its matter
	Template catalogue.Ref `json:"template"`
	Title    access.Text   `json:"title"`
	Text     string        `json:"text"`
	SHA256   string        `json:"sha256"` // of Text, hex
	At       time.Time     `json:"at"`
}

// Papers returns a matter's documents, the newest last.
func (s *Sight) Papers() (out []Paper) {
	m := s.Matter
	switch m.Kind {
	case KindCommitment:
		var st signedText
		if ok, err := m.read("signed", &st); err == nil && ok {
			out = append(out, Paper{Name: "text", Template: st.Template, Title: access.Text{VI: m.Title, EN: m.Title}, Text: st.Text, SHA256: st.SHA256, At: st.Fixed})
		}
	case KindAssessment:
		var c certification
		if ok, err := m.read("certificate", &c); err == nil && ok && c.Text != "" {
			out = append(out, Paper{
				Name: "certificate", Title: access.Text{VI: "Chứng nhận đánh giá " + c.Number, EN: "Certificate " + c.Number}, Text: c.Text, SHA256: c.SHA256, At: c.From,
			})
		}
	case KindConnection:
		_, _ = m.read("papers", &out) // we have written it
	}
	return out
}

// blank stands in a document for what is filled in when it is issued.
const blank = "………"

// paper adds a document to the matter.
func (w *work) paper(id string, known map[string]any) error {
	t, err := w.o.cat.Templates.At(id, access.DateOf(w.now))
	if err != nil {
		return err
	}
	known["number"], known["signatory"] = cmp.Or(w.in.text("number"), blank), cmp.Or(w.in.text("signatory"), blank)
	known["date"], known["connection"] = access.DateOf(w.now).String(), w.m.Connection
	if s := w.dir.System(w.m.System); s != nil {
		known["connection"] = s.Name.VI + " (" + w.m.Connection + ")"
	}
	if a := w.dir.Agency(w.m.Agency); a != nil {
		known["agency"] = a.Name.VI
	}
	rendered, err := t.Render(templateValues(t, known))
	if err != nil {
		return err
	}
	sum := sha256.Sum256(rendered)
	var all []Paper
	if _, err := w.m.read("papers", &all); err != nil {
		return err
	}
	p := Paper{
		Name: fmt.Sprintf("%s-%d", id, len(all)+1), Template: t.Ref(), Title: t.Name, Text: string(rendered), SHA256: hex.EncodeToString(sum[:]), At: w.now,
	}
	if len(all) >= maxPapers {
		all = all[1:] // its hash stays in the entry
	}
	w.m.put("papers", append(all, p))
	w.members["paper"], w.members["template"], w.members["templateVersion"] = p.SHA256, t.ID, t.Version
	return nil
}

// maxPapers is how many documents a connection keeps: what is older is told by
// the entries.
const maxPapers = 20

// groundText is what a document says of a ground.
func (w *work) groundText(use catalogue.Use, id string) string {
	for _, g := range w.o.cat.Grounds(use, access.DateOf(w.now)) {
		if g.ID == id {
			return g.Text.VI
		}
	}
	return id
}

// signs is what the forms of signing begin with: the hash of the text that is
// shown beside it.
func signs(s *Sight) Values {
	if list := s.Papers(); len(list) > 0 {
		return Values{"sha256": list[len(list)-1].SHA256}
	}
	return nil
}

// issuing are the fields by which a notice of the register is issued.
func issuing(more ...Field) Form {
	return append(more,
		Field{
			Name: "number", Label: access.Text{VI: "Số văn bản", EN: "Number of the notice"}, Type: TypeLine, Max: 60,
			Help: access.Text{VI: "Để trống nếu ghi số khi phát hành.", EN: "Leave it empty if it gets its number when it is issued."},
		},
		Field{Name: "signatory", Label: access.Text{VI: "Người ký, chức vụ", EN: "Signatory, position"}, Type: TypeLine, Max: 300})
}
