// Package requests is where the register's people and agencies' administrators
// deal with what people ask about the accesses to their data: a list of those
// that concern them, and for each to take note and to answer. An agency sees
// what is about itself (TestACitizenAsks in package console); opening one is an entry of the log.
package requests

import (
	"context"
	"net/http"

	"dancu/internal/console/citizen"
	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/desk"
	"dancu/internal/identity"
	"dancu/internal/ledger"
	"dancu/internal/web"
)

// Desk is where requests are.
type Desk interface {
	ListWork(ctx context.Context, by desk.Worker, f desk.Filter) (desk.List, error)
	Find(ctx context.Context, by desk.Worker, id string) (*desk.Request, error)
	See(ctx context.Context, by desk.Worker, id string) error
	Answer(ctx context.Context, by desk.Worker, id, text string) error
	Settle(ctx context.Context, by desk.Worker, id string) error
}

// Words puts requests into words, as the people who sent them read them.
type Words interface {
	NewRequestRow(l i18n.Lang, r *desk.Request) citizen.RequestRow
}

// Pages are the handlers.
type Pages struct {
	desk  Desk
	words Words
}

// New returns the pages.
func New(d Desk, w Words) *Pages { return &Pages{d, w} }

const perPage = 50

// worker is the visitor as the desk knows them.
func worker(v *site.Visit) desk.Worker {
	a := v.Session.Account
	w := desk.Worker{
		Actor: ledger.Actor{Kind: string(a.Kind), ID: a.Code, Session: v.Session.ID}, Side: desk.Register, Account: a.ID,
		Still: v.Identity.Still(v.Actor(), identity.AnswerRequests),
	}
	if v.From.Address.IsValid() {
		w.Actor.Address = v.From.Address.Unmap().WithZone("").String()
	}
	if a.Kind.OfAgency() {
		w.Side, w.Of = desk.Agency, a.Agency
	}
	return w
}

// listView is the requests that concern the visitor.
type listView struct {
	ui.Page
	Rows          []citizen.RequestRow
	State, Kind   ui.Field
	States, Kinds []ui.Option
	Pager         ui.PagerOf
}

// filterOf reads a filter from an address: it names nobody.
func filterOf(r *http.Request) desk.Filter {
	q := r.URL.Query()
	f := desk.Filter{Kind: desk.Kind(q.Get("kind")), Before: q.Get("before"), Limit: perPage}
	switch s := q.Get("state"); s {
	case "":
		f.Open = true
	case "all":
	default:
		f.State = desk.State(s)
	}
	return f
}

func (p *Pages) newListView(page ui.Page, list desk.List, f desk.Filter) listView {
	l := page.Lang
	v := listView{Page: page}
	v.Lead = l.T(i18n.WorkLead)
	state := string(f.State)
	if state == "" && !f.Open {
		state = "all"
	}
	v.State = ui.Field{Name: "state", Label: l.T(i18n.WorkState), Value: state}
	v.States = []ui.Option{{Label: l.T(i18n.WorkOnlyOpen)}}
	for _, s := range desk.States {
		name, _ := citizen.StateName(l, s)
		v.States = append(v.States, ui.Option{Value: string(s), Label: name})
	}
	v.States = append(v.States, ui.Option{Value: "all", Label: l.T(i18n.WorkEvery)})
	v.Kind = ui.Field{Name: "kind", Label: l.T(i18n.WorkKind), Value: string(f.Kind)}
	v.Kinds = []ui.Option{
		{Label: l.T(i18n.WorkAnyKind)}, {Value: string(desk.Question), Label: l.T(i18n.AskQuestion)}, {Value: string(desk.Complaint), Label: l.T(i18n.AskComplaint)},
	}
	for i := range list.Requests {
		v.Rows = append(v.Rows, p.words.NewRequestRow(l, &list.Requests[i]))
	}
	if n := len(v.Rows); n > 0 {
		v.Pager.Count = l.T(i18n.MeShown, l.Int(int64(n)))
	}
	if list.Next != "" {
		v.Pager.Next = site.With("/desk", "state", state, "kind", string(f.Kind), "before", list.Next)
	}
	if f.Before != "" {
		v.Pager.First = site.With("/desk", "state", state, "kind", string(f.Kind))
	}
	return v
}

// List lists the requests that concern the visitor.
func (p *Pages) List(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	f := filterOf(r)
	list, err := p.desk.ListWork(r.Context(), worker(v), f)
	if err != nil {
		return err
	}
	return v.Render(w, r, http.StatusOK, listPage(p.newListView(v.Page(i18n.WorkTitle), list, f)))
}

// oneView is one request.
type oneView struct {
	ui.Page
	Row      citizen.RequestRow
	Done     string
	OnBehalf bool
	Text     string
	Find     []ui.Fact
	Steps    []citizen.Step
	Answer   ui.Field
	Mistakes []ui.Mistake
	// The acts that there are now.
	See, Reply, Settle bool
}

func (p *Pages) newOneView(page ui.Page, r *desk.Request, side desk.Side) oneView {
	l := page.Lang
	v := oneView{
		Page: page, Row: p.words.NewRequestRow(l, r), OnBehalf: r.OnBehalf, Text: r.Text, Steps: citizen.Steps(l, r),
		See: r.May(side, desk.Seen), Reply: r.May(side, desk.Answered), Settle: r.May(side, desk.Closed),
	}
	v.Lead = l.T(i18n.WorkReadNote)
	v.Up = ui.Entry{Label: l.T(i18n.WorkTitle), Href: "/desk"}
	v.Find = []ui.Fact{{Term: l.T(i18n.WorkCallTime), Is: ui.Text(l.Seconds(r.About.Time))}}
	for _, f := range []struct {
		m i18n.Msg
		s string
	}{{i18n.WorkCall, r.About.Call}, {i18n.WorkTransaction, r.About.Transaction}} {
		if f.s != "" {
			v.Find = append(v.Find, ui.Fact{Term: l.T(f.m), Is: ui.Text(f.s)})
		}
	}
	v.Answer = ui.Field{Name: "text", Label: l.T(i18n.WorkAnswer), Hint: l.T(i18n.WorkAnswerHint), Max: desk.MaxText, Rows: 6, Required: true}
	return v
}

// One shows a request. That it was opened is an entry.
func (p *Pages) One(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	by := worker(v)
	x, err := p.desk.Find(r.Context(), by, r.PathValue("id"))
	if err != nil {
		return citizen.Problem(err)
	}
	view := p.newOneView(v.Page(i18n.WorkOne), x, by.Side)
	if m, ok := done[r.URL.Query().Get("done")]; ok {
		view.Done = v.T(m)
	}
	return v.Render(w, r, http.StatusOK, onePage(view))
}

// done is what is said after an act.
var done = map[string]i18n.Msg{"seen": i18n.WorkDoneSeen, "answer": i18n.WorkDoneAnswered, "close": i18n.WorkDoneClosed}

// Act takes note of a request, answers it or closes it.
func (p *Pages) Act(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	f, err := v.Form(r)
	if err != nil {
		return err
	}
	by, id, act := worker(v), r.PathValue("id"), r.PathValue("act")
	switch act {
	case "seen":
		err = p.desk.See(r.Context(), by, id)
	case "answer":
		err = p.desk.Answer(r.Context(), by, id, f.Text("text", desk.MaxText))
	case "close":
		err = p.desk.Settle(r.Context(), by, id)
	default:
		return web.NotFound()
	}
	switch code := desk.CodeOf(err); {
	case code == desk.TextShort, code == desk.TextLong, code == desk.TextOdd:
		x, ferr := p.desk.Find(r.Context(), by, id)
		if ferr != nil {
			return citizen.Problem(ferr)
		}
		view := p.newOneView(v.Page(i18n.WorkOne), x, by.Side)
		f.Fail("text", v.Lang.Text(desk.TextOf(err)))
		f.Keep(&view.Answer)
		view.Mistakes = ui.Mistakes(view.Answer)
		return v.Render(w, r, http.StatusUnprocessableEntity, onePage(view))
	case err != nil:
		return citizen.Problem(err)
	}
	v.Redirect(w, r, site.With("/desk/"+id, "done", act))
	return nil
}
