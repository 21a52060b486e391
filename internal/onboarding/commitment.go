package onboarding

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/fault"
	"dancu/internal/onboarding/catalogue"
	"dancu/internal/onboarding/signing"
)

// The texts that a connection stands on, by their ids in the catalogue.
const (
	Undertaking = "undertaking" // the security undertaking
	Agreement   = "agreement"   // Decree 47/2020/NĐ-CP Art. 37-39
)

// The states of a commitment.
const (
	Fixed      State = "fixed"  // its text and hash stand
	Signed     State = "signed" // by the agency; the register has not accepted it
	InForce    State = "in-force"
	Superseded State = "superseded"
)

// commitmentKind: the undertaking or the agreement of one system. The text is
// made from a version of a template and its fields, and from then on known by
// its hash: that is what is signed, and what entries name.
var commitmentKind = KindInfo{
	Kind:  KindCommitment,
	Title: access.Text{VI: "Cam kết, thoả thuận", EN: "Undertaking or agreement"}, Many: access.Text{VI: "Cam kết, thoả thuận", EN: "Undertakings and agreements"},
	Law: "47/2020/NĐ-CP Art. 37-39", First: Draft, By: []Duty{Agency, Operator}, About: KindSystem,
	Open: Form{{
		Name: "template", Label: access.Text{VI: "Văn bản", EN: "Text"}, Type: TypeChoice, Required: true,
		Choices: func(Around) []Choice {
			return []Choice{
				{Undertaking, access.Text{VI: "Bản cam kết bảo đảm an ninh, an toàn, bảo mật thông tin", EN: "Security undertaking"}},
				{Agreement, access.Text{VI: "Thoả thuận kết nối, khai thác", EN: "Agreement on connection and exploitation"}},
			}
		},
	}},
	Opening: openCommitment, Event: EventCommitmentOpened, Own: commitmentSections,
	Replaced: []State{InForce},
	States: []StateInfo{
		{Draft, access.Text{VI: "Đang soạn", EN: "draft"}, false},
		{Fixed, access.Text{VI: "Chờ ký", EN: "to be signed"}, false},
		{Signed, access.Text{VI: "Đã ký, chờ tiếp nhận", EN: "signed, to be accepted"}, false},
		{InForce, access.Text{VI: "Có hiệu lực", EN: "in force"}, false},
		{Superseded, access.Text{VI: "Đã được thay thế", EN: "superseded"}, true},
		{Withdrawn, access.Text{VI: "Đã huỷ", EN: "withdrawn"}, true},
	},
	Editable: []State{Draft}, EditBy: []Duty{Agency, Operator},
}

// signedText is the text of a commitment as it stands.
type signedText struct {
	Template catalogue.Ref `json:"template"`
	Text     string        `json:"text"`
	SHA256   string        `json:"sha256"` // of Text
	Fixed    time.Time     `json:"fixed"`
	// Signatures are the agency's, and with an agreement the register's.
	Signatures []signedBy `json:"signatures,omitempty"`
}

// signedBy is one signature.
type signedBy struct {
	Side     string              `json:"side"`   // "agency" or "register"
	Method   string              `json:"method"` // "factor", "cms" or "pdf"
	Name     string              `json:"name"`
	Position string              `json:"position,omitempty"`
	Account  string              `json:"account,omitempty"`
	At       time.Time           `json:"at"`
	File     string              `json:"file,omitempty"` // id of the evidence file
	SHA256   string              `json:"sha256"`         // of what was signed: the text, or the PDF
	Signers  []signing.Signature `json:"signers,omitempty"`
}

func openCommitment(w *work) error {
	t, err := w.o.cat.Templates.At(w.in.text("template"), access.DateOf(w.now))
	if err != nil {
		return err
	}
	w.m.Title = t.Name.VI
	w.m.put("template", t.Ref())
	// What the register knows needs not be typed.
	known := Values{"date": access.DateOf(w.now).String()}
	if a := w.dir.Agency(w.m.Agency); a != nil {
		known["agency"], known["agencyCode"] = a.Name.VI, a.Code
	}
	if s := w.dir.System(w.m.System); s != nil {
		known["system"], known["level"] = s.Name.VI, int64(s.Level)
	}
	all, err := commitmentSections(w.o, w.m)
	if err != nil {
		return err
	}
	w.m.put("text", fitting(all[0].Form, known))
	return nil
}

// fitting keeps of the values what the form has fields for.
func fitting(f Form, v Values) Values {
	out := Values{}
	for name, value := range v {
		if f.Field(name) != nil {
			out[name] = value
		}
	}
	return out
}

// templateOf is the version that a commitment is made from.
func (o *Onboarding) templateOf(m *Matter) (*catalogue.Template, error) {
	var ref catalogue.Ref
	if ok, err := m.read("template", &ref); err != nil || !ok {
		return nil, errors.Join(err, fmt.Errorf("the commitment %s has no template", m.ID))
	}
	return o.cat.Templates.Hash(ref.Hash)
}

// commitmentSections are the fields of the commitment's template.
func commitmentSections(o *Onboarding, m *Matter) ([]Section, error) {
	t, err := o.templateOf(m)
	if err != nil {
		return nil, err
	}
	return []Section{{Name: "text", Title: t.Name, Form: templateForm(t)}}, nil
}

// templateForm asks for the fields of a template.
func templateForm(t *catalogue.Template) (out Form) {
	for _, f := range t.Fields {
		field := Field{Name: f.Name, Label: f.Label, Required: f.Required, Max: f.Max}
		switch f.Type {
		case catalogue.LineField:
			field.Type = TypeLine
		case catalogue.TextField:
			field.Type = TypeText
		case catalogue.LinesField:
			field.Type = TypeLines
		case catalogue.DateField:
			field.Type = TypeDate
		case catalogue.NumberField:
			field.Type = TypeNumber
		}
		out = append(out, field)
	}
	return out
}

// fixCommitment makes the text from the fields. From now on it is known by its
// hash, and only reopening changes it.
func fixCommitment(w *work) error {
	t, err := w.o.templateOf(w.m)
	if err != nil {
		return err
	}
	s := Section{Name: "text", Form: templateForm(t)}
	values, problems := w.m.values(&s, w.around(), true)
	if err := wrongForm(problems); err != nil {
		return err
	}
	in := catalogue.Values{}
	for name, v := range values {
		in[name] = v
	}
	if wrong := t.Check(in); len(wrong) > 0 {
		for _, x := range wrong {
			problems = append(problems, FieldProblem{Section: s.Name, Field: x.Field, Text: x.Text})
		}
		return wrongForm(problems)
	}
	rendered, err := t.Render(in)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(rendered)
	st := signedText{Template: t.Ref(), Text: string(rendered), SHA256: hex.EncodeToString(sum[:]), Fixed: w.now}
	w.m.put("signed", st)
	w.members["template"], w.members["version"], w.members["text"] = t.ID, t.Version, st.SHA256
	return nil
}

func reopenCommitment(w *work) error {
	w.m.put("signed", nil)
	return nil
}

// Signing asks for the hash that the signer has seen, so that nobody signs
// what they did not read.
var signForm = Form{
	{Name: "name", Label: access.Text{VI: "Người ký", EN: "Signatory"}, Type: TypeLine, Required: true, Max: 100},
	{Name: "position", Label: access.Text{VI: "Chức vụ", EN: "Position"}, Type: TypeLine, Required: true, Max: 150},
	{Name: "sha256", Label: access.Text{VI: "Mã băm SHA-256 của văn bản", EN: "SHA-256 of the text"}, Type: TypeLine, Required: true, Max: 64},
}

// sign is the signature of the agency's signatory, in dancu, with a second
// factor shown just now.
func sign(w *work) error {
	return w.addSignature(signedBy{
		Side: "agency", Method: "factor", Name: w.in.text("name"), Position: w.in.text("position"), Account: w.by.Account, SHA256: w.in.text("sha256"),
	})
}

// addSignature adds one signature of the text as it stands.
func (w *work) addSignature(s signedBy) error {
	var st signedText
	if ok, err := w.m.read("signed", &st); err != nil || !ok {
		return errors.Join(err, fmt.Errorf("the commitment %s has no text", w.m.ID))
	}
	if s.Method != "pdf" && s.SHA256 != st.SHA256 {
		return wrongForm([]FieldProblem{{Field: "sha256", Text: text("Đây không phải là mã băm của văn bản đang chờ ký.", "this is not the hash of the text that is to be signed")}})
	}
	s.At = w.now
	st.Signatures = append(st.Signatures, s)
	w.m.put("signed", st)
	w.members["text"], w.members["signer"], w.members["method"] = st.SHA256, s.Name, s.Method
	if s.Method == "pdf" {
		w.members["file"] = s.SHA256
	}
	return nil
}

// A signed file: a PDF with its signature in it, or a CMS signature beside the
// very text.
var signFileForm = Form{{
	Name: "file", Label: access.Text{VI: "Tệp đã ký số", EN: "Signed file"}, Type: TypeFiles, Required: true, Max: 1,
	Help: access.Text{
		VI: "Tệp PDF đã ký số, hoặc chữ ký CMS tách rời (.p7s) của đúng văn bản trong hồ sơ.",
		EN: "A signed PDF, or a detached CMS signature (.p7s) of the very text in this matter.",
	},
}}

// checkedFile is what was found of a signed file before the lock.
type checkedFile struct {
	id, method string
	sha256     string // of what the signature is of
	signers    []signing.Signature
}

// checkSignedFile verifies the signature of an uploaded file.
func checkSignedFile(ctx context.Context, o *Onboarding, m *Matter, in Values) (any, error) {
	if o.cfg.Vault == nil {
		return nil, refuse(fault.Unavailable, "Chưa cấu hình kho tệp: hãy ký trong hệ thống.", "there is no vault for files here: sign in dancu")
	}
	id := in.list("file")[0]
	name, data, err := o.cfg.Vault.Content(ctx, id)
	if err != nil {
		return nil, fieldRefused("file", err)
	}
	var st signedText
	if ok, err := m.read("signed", &st); err != nil || !ok {
		return nil, errors.Join(err, fmt.Errorf("the commitment %s has no text", m.ID))
	}
	opt := signing.Options{Roots: o.cfg.Roots, Now: o.main.Clock().UTC()}
	out := checkedFile{id: id, method: "cms", sha256: st.SHA256}
	if strings.HasSuffix(strings.ToLower(name), ".pdf") {
		sum := sha256.Sum256(data)
		out.method, out.sha256 = "pdf", hex.EncodeToString(sum[:])
		out.signers, err = signing.VerifyPDF(data, opt)
	} else {
		out.signers, err = signing.VerifyDetached([]byte(st.Text), data, opt)
	}
	if err != nil {
		t := signing.CodeOf(err).Text()
		return nil, &Refusal{fault.Invalid, t, []FieldProblem{{Field: "file", Text: t}}}
	}
	return out, nil
}

func signFile(w *work) error {
	f, ok := w.prepared.(checkedFile)
	if !ok || len(f.signers) == 0 {
		return fmt.Errorf("the signed file of %s was not checked", w.m.ID)
	}
	names := make([]string, len(f.signers))
	for i, s := range f.signers {
		names[i] = s.Signer.CommonName
	}
	return w.addSignature(signedBy{
		Side: "agency", Method: f.method, Name: strings.Join(names, ", "), Account: w.by.Account, File: f.id, SHA256: f.sha256, Signers: f.signers,
	})
}

var acceptCommitmentForm = Form{
	{Name: "name", Label: access.Text{VI: "Đại diện cơ quan quản lý", EN: "For the register"}, Type: TypeLine, Required: true, Max: 100},
	{Name: "position", Label: access.Text{VI: "Chức vụ", EN: "Position"}, Type: TypeLine, Required: true, Max: 150},
	{Name: "number", Label: access.Text{VI: "Số, ngày văn bản tiếp nhận", EN: "Number and date of the acceptance"}, Type: TypeLine, Max: 150},
}

// acceptCommitment is the register's side: the commitment is in force, and what
// it replaces is not any more. A signature again lifts the end that a newer
// version of the template had set.
func acceptCommitment(w *work) error {
	var st signedText
	if ok, err := w.m.read("signed", &st); err != nil || !ok {
		return errors.Join(err, fmt.Errorf("the commitment %s has no text", w.m.ID))
	}
	if err := w.addSignature(signedBy{Side: "register", Method: "factor", Name: w.in.text("name"), Position: w.in.text("position"), Account: w.by.Account, SHA256: st.SHA256}); err != nil {
		return err
	}
	others, err := selectMatters(w.ctx, w.tx, matterQuery{kind: string(KindCommitment), system: w.m.System, open: true, limit: MaxPage})
	if err != nil {
		return err
	}
	have := map[string]*signedText{st.Template.ID: &st}
	for _, m := range others {
		var old signedText
		if m.ID == w.m.ID || m.State != InForce {
			continue
		}
		if _, err := m.read("signed", &old); err != nil {
			return err
		}
		if old.Template.ID != st.Template.ID {
			have[old.Template.ID] = &old
			continue
		}
		w.after = append(w.after, func() error { return w.supersede(m) })
	}
	return w.commitUntil(have)
}

// supersede ends a commitment that this one replaces.
func (w *work) supersede(m *Matter) error {
	m.State, m.Version, m.Changed, m.Closed = Superseded, m.Version+1, w.now, w.now
	m.put("supersededBy", w.m.ID)
	if err := saveMatter(w.ctx, w.tx.Tx, m); err != nil {
		return err
	}
	if err := finishTasks(w.ctx, w.tx.Tx, m.ID, "", w.by.Actor.ID, w.now); err != nil {
		return err
	}
	return insertDone(w.ctx, w.tx.Tx, m.ID, &Done{
		Version: m.Version, Act: "supersede", State: m.State, Actor: w.by.Actor.ID, Duty: w.by.Duty, Input: []byte("{}"), Entry: w.entry, At: w.now,
	})
}

// commitUntil sets, on every connection of the system, until when its
// commitments stand: an old version only to the day by which the newest is to
// be signed.
func (w *work) commitUntil(have map[string]*signedText) error {
	until, err := w.o.committedUntil(w.now, have)
	if err != nil {
		return err
	}
	for c := range w.dir.Connections() {
		if c.System != w.m.System || c.State == access.Ended || c.CommittedUntil.Equal(until) {
			continue
		}
		next := *c
		next.CommittedUntil = until
		w.stand(access.ChangeConnection, c.ID, &next)
	}
	return nil
}

// committedUntil is the first moment at which one of the commitments no longer
// stands; zero if none ends by itself.
func (o *Onboarding) committedUntil(now time.Time, have map[string]*signedText) (until time.Time, err error) {
	for id, st := range have {
		newest, err := o.cat.Templates.At(id, access.DateOf(now))
		if err != nil {
			return until, err
		}
		if newest.Hash == st.Template.Hash {
			continue
		}
		if by := newest.SignAgainBy(); !by.IsZero() && (until.IsZero() || by.Before(until)) {
			until = by
		}
	}
	return until, nil
}

// gateCommitment asks for one of the texts, in force, of a version that still
// stands.
func gateCommitment(template string) func(g *gatework) (bool, access.Text, string, error) {
	return func(g *gatework) (bool, access.Text, string, error) {
		m, st, err := commitmentInForce(g.ctx, g.q, g.s.ID, template)
		switch {
		case err != nil:
			return false, access.Text{}, "", err
		case m == nil && g.imported:
			return true, imported, "", nil
		case m == nil:
			return false, text("Chưa được ký và tiếp nhận.", "it is not signed and accepted"), "", nil
		}
		until, err := g.o.committedUntil(g.now, map[string]*signedText{template: st})
		if err != nil {
			return false, access.Text{}, "", err
		}
		if !until.IsZero() && !g.now.Before(until) {
			return false, text("Phải ký lại theo mẫu mới từ %s.", "the new version had to be signed by %s", day(until)), m.ID, nil
		}
		return true, text("Phiên bản %[1]s, mã băm %[2]s…", "version %[1]s, hash %[2]s…", st.Template.Version, st.SHA256[:12]), m.ID, nil
	}
}

// commitmentInForce returns a system's commitment under a template, nil if
// there is none.
func commitmentInForce(ctx context.Context, q db.Querier, system, template string) (*Matter, *signedText, error) {
	all, err := selectMatters(ctx, q, matterQuery{kind: string(KindCommitment), system: system, state: string(InForce), limit: MaxPage})
	if err != nil {
		return nil, nil, err
	}
	for _, m := range all {
		var st signedText
		if _, err := m.read("signed", &st); err != nil {
			return nil, nil, err
		}
		if st.Template.ID == template {
			return m, &st, nil
		}
	}
	return nil, nil, nil
}

// templateValues turns what we know into the values of a template.
func templateValues(t *catalogue.Template, known map[string]any) catalogue.Values {
	out := catalogue.Values{}
	for _, f := range t.Fields {
		switch v := known[f.Name].(type) {
		case nil:
		case int64:
			out[f.Name] = strconv.FormatInt(v, 10)
		case []string:
			out[f.Name] = slices.Clone(v)
		default:
			out[f.Name] = v
		}
	}
	return out
}
