// Package operator is the pages of the register's administrator that nobody
// else has: acts that take two people. Staff accounts and reviews are in
// package people.
package operator

import (
	"encoding/json"
	"net/http"
	"unicode/utf8"

	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/identity"
	"dancu/internal/web"
)

// Pages are the handlers.
type Pages struct{}

// New returns them.
func New() *Pages { return &Pages{} }

// The most characters of what can be typed; the area has rules of its own. A
// reason has at least minReason.
const (
	maxName   = 100
	maxLogin  = 64
	maxCode   = 20
	maxUnit   = 100
	maxReason = 300
	minReason = 10
)

// listView is the list of proposals.
type listView struct {
	ui.Page
	Done, Failed string
	Rows         []row
}

// row is one proposal.
type row struct {
	ID, What, About, By, Reason, Created, Until string
	State                                       string
	Tone                                        ui.Tone
	Note                                        string
	Open                                        bool // it waits
	Own                                         bool // the visitor's own: not to be confirmed by them
	Decline                                     ui.Field
}

// acts names the kinds of two-person act.
var acts = map[string]i18n.Msg{
	identity.NewAdministrator:    i18n.ActNewAdministrator,
	identity.FactorReset:         i18n.ActFactorReset,
	identity.EnableAdministrator: i18n.ActEnableAdministrator,
}

func newListView(p ui.Page, own string, list []identity.Proposal) listView {
	l := p.Lang
	p.Lead = l.T(i18n.ActsLead)
	v := listView{Page: p}
	for _, x := range list {
		r := row{
			ID: x.ID, What: x.Act.Kind, By: x.ByCode, Reason: x.Act.Reason, Created: l.Time(x.Created), Until: l.Time(x.Expires),
			Note: x.Note, Own: x.By == own, Open: x.State == identity.Proposed,
			Decline: ui.Field{Name: "note", ID: "note-" + x.ID, Label: l.T(i18n.ActsNote), Max: maxReason},
		}
		if m, ok := acts[x.Act.Kind]; ok {
			r.What = l.T(m)
		}
		if x.Act.Kind == identity.NewAdministrator {
			var a identity.NewAccount
			if json.Unmarshal(x.Act.Payload, &a) == nil {
				r.About = a.Name + " · " + a.Login
			}
		}
		switch x.State {
		case identity.Proposed:
			r.State, r.Tone = l.T(i18n.ActsProposed), ui.Warn
		case identity.Executed:
			r.State, r.Tone = l.T(i18n.ActsExecuted), ui.OK
		case identity.Declined:
			r.State, r.Tone = l.T(i18n.ActsDeclined), ui.Bad
		default:
			r.State = l.T(i18n.ActsLapsed)
		}
		v.Rows = append(v.Rows, r)
	}
	return v
}

// List shows the proposals.
func (p *Pages) List(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	return p.show(w, r, v, "")
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request, v *site.Visit, failed string) error {
	list, err := v.Identity.Proposals(r.Context(), v.Actor())
	if err != nil {
		return err
	}
	view := newListView(v.Page(i18n.ActsTitle), v.Session.Account.ID, list)
	// Nobody confirms what they cannot see: whose account it is.
	for i, x := range list {
		if x.Act.Subject == "" {
			continue
		}
		a, err := v.Identity.Account(r.Context(), v.Actor(), x.Act.Subject)
		if err != nil {
			return err
		}
		view.Rows[i].About = a.Name + " · " + a.Login
	}
	if view.Failed = failed; failed == "" {
		switch r.URL.Query().Get("done") {
		case "proposed":
			view.Done = v.T(i18n.OneProposed)
		case "confirm":
			view.Done = v.T(i18n.ConfirmDone)
		case "act":
			view.Done = v.T(i18n.OneDone)
		}
	}
	return v.Render(w, r, status(failed), listPage(view))
}

func status(failed string) int {
	if failed != "" {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}

// secretView shows what a confirmed act brought about, once.
type secretView struct {
	ui.Page
	Secret string
}

// Confirm does a proposed act.
func (p *Pages) Confirm(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	secret, err := v.Identity.Confirm(r.Context(), v.Actor(), r.PathValue("id"))
	if err != nil {
		return p.failed(w, r, v, err)
	}
	if secret == "" {
		v.Redirect(w, r, "/acts?done=act")
		return nil
	}
	view := secretView{Page: v.Page(i18n.ActsSecretTitle), Secret: secret}
	view.Lead = v.T(i18n.IssuedLead)
	return v.RenderSecret(w, r, secretPage(view))
}

// Decline ends a proposal.
func (p *Pages) Decline(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	f, err := v.Form(r)
	if err != nil {
		return err
	}
	note := f.Text("note", maxReason)
	if !f.OK() {
		return p.show(w, r, v, f.Wrong["note"])
	}
	if err := v.Identity.Decline(r.Context(), v.Actor(), r.PathValue("id"), note); err != nil {
		return p.failed(w, r, v, err)
	}
	v.Redirect(w, r, "/acts?done=act")
	return nil
}

func (p *Pages) failed(w http.ResponseWriter, r *http.Request, v *site.Visit, err error) error {
	if v.Stale(w, r, err, "/acts") {
		return nil
	}
	said := v.Said(err)
	if said == "" {
		return err
	}
	web.EventOf(w).Code = string(identity.CodeOf(err))
	return p.show(w, r, v, said)
}

// proposeView proposes another register administrator.
type proposeView struct {
	ui.Page
	Failed                          string
	Name, Login, Code, Unit, Reason ui.Field
}

func newProposeView(p ui.Page) proposeView {
	l := p.Lang
	p.Lead = l.T(i18n.PeopleAdminTwo)
	return proposeView{
		Page:   p,
		Name:   ui.Field{Name: "name", Label: l.T(i18n.FieldName), Max: maxName, Required: true, Focus: true, Wide: true},
		Login:  ui.Field{Name: "login", Label: l.T(i18n.FieldLogin), Hint: l.T(i18n.FieldLoginHint), Max: maxLogin, Required: true},
		Code:   ui.Field{Name: "code", Label: l.T(i18n.FieldCode), Hint: l.T(i18n.FieldCodeHint), Max: maxCode, Required: true},
		Unit:   ui.Field{Name: "unit", Label: l.T(i18n.FieldUnit), Max: maxUnit, Wide: true},
		Reason: ui.Field{Name: "reason", Label: l.T(i18n.Reason), Hint: l.T(i18n.ActsReasonHint), Max: maxReason, Required: true, Wide: true},
	}
}

// NewAdministrator is the form of that proposal.
func (p *Pages) NewAdministrator(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	return v.Render(w, r, http.StatusOK, proposePage(newProposeView(v.Page(i18n.PeopleAdminPropose))))
}

// ProposeAdministrator proposes it.
func (p *Pages) ProposeAdministrator(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	f, err := v.Form(r)
	if err != nil {
		return err
	}
	a := identity.NewAccount{
		Kind: identity.Administrator, Name: f.Need("name", maxName, i18n.FieldNameMissing),
		Login: f.Need("login", maxLogin, i18n.FieldLoginMissing), Code: f.Need("code", maxCode, i18n.FieldCodeMissing),
		Unit: f.Text("unit", maxUnit),
	}
	reason := f.Need("reason", maxReason, i18n.ReasonMissing)
	if utf8.RuneCountInString(reason) < minReason {
		f.Fail("reason", v.T(i18n.ActsReasonHint))
	}
	view := newProposeView(v.Page(i18n.PeopleAdminPropose))
	if f.OK() {
		payload, err := json.Marshal(a)
		if err != nil {
			return err
		}
		_, err = v.Identity.Propose(r.Context(), v.Actor(), identity.TwoPersonAct{Kind: identity.NewAdministrator, Payload: payload, Reason: reason})
		if err == nil {
			v.Redirect(w, r, "/acts?done=proposed")
			return nil
		}
		if v.Stale(w, r, err, "/acts/administrator") {
			return nil
		}
		if view.Failed = v.Said(err); view.Failed == "" {
			return err
		}
		web.EventOf(w).Code = string(identity.CodeOf(err))
	}
	f.Keep(&view.Name, &view.Login, &view.Code, &view.Unit, &view.Reason)
	return v.Render(w, r, http.StatusUnprocessableEntity, proposePage(view))
}
