// Package operator is the pages of whoever runs the register: the day at a
// glance, connections and everything about each, the queues with their clocks,
// the calendar of inspections, and the acts that take two people, of every area
// (each kind says itself what it is called and what it is about,
// identity.TwoPerson). Staff accounts and reviews are in package people.
//
// What these pages cost grows with the connections there are and not with the
// log: calls are read from sums (package watch), standings from one picture, and
// what limits were used from a few statements for all; bench measures the pages
// on a small system and on a large one. Agencies' people and officers never see
// them (TestAuthorization).
package operator

import (
	"encoding/json"
	"net/http"
	"strings"
	"unicode/utf8"

	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/identity"
	"dancu/internal/ledger"
	"dancu/internal/onboarding"
	"dancu/internal/watch"
	"dancu/internal/web"
)

// Pages are the handlers.
type Pages struct {
	source Source
	office *onboarding.Onboarding
	usage  *watch.Usage
	log    *ledger.Log
}

// New returns the pages over the areas. Of the log they read plain columns only.
func New(s Source, office *onboarding.Onboarding, usage *watch.Usage, log *ledger.Log) *Pages {
	return &Pages{s, office, usage, log}
}

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
	// Admin says that the visitor may propose another administrator.
	Admin         bool
	Kind, State   ui.Field
	Kinds, States []ui.Option
	Rows          []row
	Pager         ui.PagerOf
}

// row is one proposal.
type row struct {
	ID, What, About, Path, By, Reason, Created, Until string
	Details                                           []ui.Fact
	Confirmers                                        string
	State                                             string
	Tone                                              ui.Tone
	Note                                              string
	Open                                              bool // it waits
	Own                                               bool // the visitor's own: not to be confirmed by them
	Confirm                                           bool // the visitor may
	Decline                                           ui.Field
}

// states names the states of a proposal.
var states = map[identity.ProposalState]struct {
	word i18n.Msg
	tone ui.Tone
}{
	identity.Proposed: {i18n.ActsProposed, ui.Warn},
	identity.Executed: {i18n.ActsExecuted, ui.OK},
	identity.Declined: {i18n.ActsDeclined, ui.Bad},
	identity.Failed:   {i18n.ActsFailed, ui.Bad},
	identity.Lapsed:   {i18n.ActsLapsed, ui.Plain},
}

func newListView(p ui.Page, kinds []identity.ActKind, admin bool, f identity.ProposalFilter, list []identity.Listed, next string) listView {
	l := p.Lang
	p.Lead = l.T(i18n.ActsLead)
	v := listView{
		Page: p, Admin: admin,
		Kind:   ui.Field{Name: "kind", Label: l.T(i18n.ActsWhat), Value: f.Kind, More: map[string]any{"data-submit": true}},
		State:  ui.Field{Name: "state", Label: l.T(i18n.ActsState), Value: string(f.State), More: map[string]any{"data-submit": true}},
		Kinds:  []ui.Option{{Label: l.T(i18n.ActsAllKinds)}},
		States: []ui.Option{{Label: l.T(i18n.PeopleAllStates)}},
	}
	for _, k := range kinds {
		v.Kinds = append(v.Kinds, ui.Option{Value: k.Kind, Label: l.Text(k.Title)})
	}
	for _, st := range identity.ProposalStates {
		v.States = append(v.States, ui.Option{Value: string(st), Label: l.T(states[st].word)})
	}
	if f.After != "" {
		v.Pager.First = site.With("/acts", "kind", f.Kind, "state", string(f.State))
	}
	if next != "" {
		v.Pager.Next = site.With("/acts", "kind", f.Kind, "state", string(f.State), "after", next)
	}
	for _, x := range list {
		v.Rows = append(v.Rows, newRow(l, x))
	}
	return v
}

func newRow(l i18n.Lang, x identity.Listed) row {
	r := row{
		ID: x.ID, What: l.Text(x.Title), About: l.Text(x.Shown.About), Path: x.Shown.Path, By: x.ByCode, Reason: x.Act.Reason,
		Created: l.Time(x.Created), Until: l.Time(x.Expires), State: l.T(states[x.State].word), Tone: states[x.State].tone,
		Note: x.Note, Own: x.Own, Open: x.State == identity.Proposed, Confirm: x.MayConfirm,
		Decline: ui.Field{Name: "note", ID: "note-" + x.ID, Label: l.T(i18n.ActsNote), Max: maxReason},
	}
	if x.State == identity.Failed {
		r.Note = l.Text(x.Failure)
	}
	for _, d := range x.Shown.Details {
		r.Details = append(r.Details, ui.Fact{Term: l.Text(d.Label), Is: ui.Text(l.Text(d.Value))})
	}
	names := make([]string, len(x.Confirmers))
	for i, k := range x.Confirmers {
		names[i] = site.KindName(l, k)
	}
	r.Confirmers = l.T(i18n.ActsConfirmers, strings.Join(names, ", "))
	return r
}

// List shows the proposals.
func (p *Pages) List(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	return p.show(w, r, v, "")
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request, v *site.Visit, failed string) error {
	var f identity.ProposalFilter
	if q := r.URL.Query(); r.Method == http.MethodGet {
		f = identity.ProposalFilter{Kind: q.Get("kind"), State: identity.ProposalState(q.Get("state")), After: q.Get("after")}
	}
	list, next, err := v.Identity.Proposals(r.Context(), v.Actor(), f)
	if err != nil {
		return err
	}
	view := newListView(v.Page(i18n.ActsTitle), v.Identity.ActKinds(v.Kind()), v.Identity.MayPropose(v.Kind(), identity.NewAdministrator), f, list, next)
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
	if words, ok := identity.FailureOf(err); ok {
		said = v.T(i18n.ActsFailedNow, v.Lang.Text(words))
	}
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
