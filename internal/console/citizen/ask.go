package citizen

import (
	"net/http"
	"strconv"

	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/desk"
	"dancu/internal/fault"
	"dancu/internal/identity"
	"dancu/internal/ledger"
	"dancu/internal/web"
)

// askView is a question or complaint being written, and then checked.
type askView struct {
	ui.Page
	Row      row
	Of       string
	Action   string
	Kind     ui.Choice
	Text     ui.Field
	Mistakes []ui.Mistake
	Failed   string
	// Of the check: what will be sent, in words.
	Check           bool
	Chosen, Written string
}

func (p *Pages) newAskView(page ui.Page, r *ledger.Record, s *subject, kind desk.Kind, text string) askView {
	l := page.Lang
	v := askView{Page: page, Row: p.newRow(l, r, s), Of: s.id, Action: "/me/entry/" + strconv.FormatInt(r.Index, 10) + "/ask"}
	v.Lead = l.T(i18n.AskLead)
	v.Up = ui.Entry{Label: l.T(i18n.AskBack), Href: v.Row.Href}
	v.Kind = ui.Choice{Name: "kind", Legend: l.T(i18n.AskKind), Options: []ui.Option{
		{Value: string(desk.Question), Label: l.T(i18n.AskQuestion), Note: l.T(i18n.AskQuestionNote), On: kind == desk.Question},
		{Value: string(desk.Complaint), Label: l.T(i18n.AskComplaint), Note: l.T(i18n.AskComplaintNote), On: kind == desk.Complaint},
	}}
	v.Text = ui.Field{Name: "text", Label: l.T(i18n.AskText), Hint: l.T(i18n.AskTextHint, l.Int(desk.MaxText)), Value: text, Max: desk.MaxText, Rows: 7, Required: true}
	v.Chosen, v.Written = kindName(l, kind), text
	return v
}

func kindName(l i18n.Lang, k desk.Kind) string {
	switch k {
	case desk.Question:
		return l.T(i18n.AskQuestion)
	case desk.Complaint:
		return l.T(i18n.AskComplaint)
	}
	return string(k)
}

// askable finds the entry that is asked about.
func (p *Pages) askable(r *http.Request, v *site.Visit, of string) (*subject, *ledger.Record, error) {
	s, err := p.subject(r, v, of)
	if err != nil {
		return nil, nil, err
	}
	rec, err := p.entryOf(r, v, s)
	if err != nil {
		return nil, nil, err
	}
	if lookAt(rec, s.pin).sight == represented {
		return nil, nil, web.NotFound() // no agency looked
	}
	return s, rec, nil
}

// Ask shows the form.
func (p *Pages) Ask(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	s, rec, err := p.askable(r, v, r.URL.Query().Get("of"))
	if err != nil {
		return err
	}
	return v.Render(w, r, http.StatusOK, askPage(p.newAskView(v.Page(i18n.AskTitle), rec, s, "", "")))
}

// Send checks what was written, shows it once more, and then sends it: one
// address for the three, so that going back loses nothing.
func (p *Pages) Send(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	f, err := v.Form(r)
	if err != nil {
		return err
	}
	s, rec, err := p.askable(r, v, f.Raw("of"))
	if err != nil {
		return err
	}
	kind := desk.Kind(f.Raw("kind"))
	view := p.newAskView(v.Page(i18n.AskTitle), rec, s, kind, f.Text("text", desk.MaxText))
	text, err := desk.Check(kind, view.Written)
	if desk.CodeOf(err) == desk.KindMissing {
		f.Fail("kind", v.Lang.Text(desk.TextOf(err)))
		text, err = desk.Check(desk.Question, view.Written)
	}
	if err != nil {
		f.Fail("text", v.Lang.Text(desk.TextOf(err)))
	}
	if !f.OK() {
		f.Keep(&view.Text)
		if view.Kind.Error = f.Wrong["kind"]; view.Kind.Error != "" {
			view.Mistakes = append(view.Mistakes, ui.Mistake{Field: "kind", Text: view.Kind.Error})
		}
		view.Mistakes = append(view.Mistakes, ui.Mistakes(view.Text)...)
		return v.Render(w, r, http.StatusUnprocessableEntity, askPage(view))
	}
	view.Written = text
	switch f.Raw("step") {
	case "edit":
		return v.Render(w, r, http.StatusOK, askPage(view))
	case "send":
	default:
		view.Check = true
		view.Title, view.Lead = v.T(i18n.AskCheckTitle), v.T(i18n.AskCheckLead)
		return v.Render(w, r, http.StatusOK, askPage(view))
	}
	x := lookAt(rec, s.pin)
	draft := desk.Draft{Kind: kind, Text: text, About: desk.About{
		Entry: rec.Index, Time: rec.Time, Agency: x.call.Agency, Procedure: x.call.Procedure, Call: x.call.Request, Transaction: x.call.Transaction,
	}}
	if !s.own() {
		draft.Person = s.pin
	}
	id, err := p.c.Desk.Open(r.Context(), p.asker(v, s.self), draft)
	if said := desk.TextOf(err); said.VI != "" {
		view.Failed = v.Lang.Text(said)
		status := http.StatusConflict
		if fault.Is(err, fault.Exhausted) {
			status = http.StatusTooManyRequests
		}
		return v.Render(w, r, status, askPage(view))
	}
	if err != nil {
		return err
	}
	v.Redirect(w, r, site.With("/me/requests/"+id, "done", "sent"))
	return nil
}

// asker is the visitor as who asks at the desk.
func (p *Pages) asker(v *site.Visit, pin string) desk.Asker {
	return desk.Asker{Actor: reader(v, i18n.MeReason).Actor, PIN: pin, Still: v.Identity.Still(v.Actor(), identity.SeeOwnRecord)}
}
