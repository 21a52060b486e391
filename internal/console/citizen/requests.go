package citizen

import (
	"net/http"

	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/desk"
	"dancu/internal/web"
)

// requestsPerPage is how many requests a page lists.
const requestsPerPage = 30

// requestsView is what somebody has asked.
type requestsView struct {
	ui.Page
	Rows  []RequestRow
	Pager ui.PagerOf
}

// RequestRow is a request in a list, in words.
type RequestRow struct {
	ID, Kind, State, Entry, Agency, Procedure string
	Created, Changed                          string
	Tone                                      ui.Tone
}

// StateName is what a state is called.
func StateName(l i18n.Lang, s desk.State) (string, ui.Tone) {
	switch s {
	case desk.Received:
		return l.T(i18n.RequestReceived), ui.Warn
	case desk.Seen:
		return l.T(i18n.RequestSeen), ui.Warn
	case desk.Answered:
		return l.T(i18n.RequestAnswered), ui.OK
	case desk.Closed:
		return l.T(i18n.RequestClosed), ui.Plain
	}
	return string(s), ui.Plain
}

// NewRequestRow puts a request into words.
func (p *Pages) NewRequestRow(l i18n.Lang, r *desk.Request) RequestRow {
	x := RequestRow{
		ID: r.ID, Kind: kindName(l, r.Kind), Entry: l.Int(r.Entry), Agency: agencyName(l, p.c.Directory(), r.Agency), Procedure: r.Procedure,
		Created: l.Time(r.Created), Changed: l.Time(r.Changed),
	}
	if name, ok := p.c.Procedure(r.Procedure, r.Created); ok {
		x.Procedure = l.Text(name)
	}
	x.State, x.Tone = StateName(l, r.State)
	return x
}

// Step is something done about a request, in words.
type Step struct{ Time, What, Text string }

// Steps puts what was done into words.
func Steps(l i18n.Lang, r *desk.Request) (out []Step) {
	for _, s := range r.Steps {
		m := map[desk.State]map[desk.Side]i18n.Msg{
			desk.Received: {desk.Citizen: i18n.StepReceived},
			desk.Seen:     {desk.Agency: i18n.StepSeenAgency, desk.Register: i18n.StepSeenRegister},
			desk.Answered: {desk.Agency: i18n.StepAnsweredAgency, desk.Register: i18n.StepAnsweredRegister},
			desk.Closed:   {desk.Citizen: i18n.StepClosedCitizen, desk.Register: i18n.StepClosedRegister},
		}[s.Act][s.Side]
		out = append(out, Step{Time: l.Time(s.Time), What: l.T(m), Text: s.Text})
	}
	return out
}

// Requests lists what the visitor has asked.
func (p *Pages) Requests(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	pin, err := v.Identity.PersonOf(r.Context(), v.Session.ID)
	if err != nil {
		return err
	}
	before := r.URL.Query().Get("before")
	list, err := p.c.Desk.ListMine(r.Context(), pin, desk.Filter{Before: before, Limit: requestsPerPage})
	if err != nil {
		return err
	}
	view := p.newRequestsView(v.Page(i18n.RequestsTitle), list)
	if before != "" {
		view.Pager.First = "/me/requests"
	}
	return v.Render(w, r, http.StatusOK, requestsPage(view))
}

func (p *Pages) newRequestsView(page ui.Page, list desk.List) requestsView {
	l := page.Lang
	v := requestsView{Page: page}
	v.Lead = l.T(i18n.RequestsLead)
	for i := range list.Requests {
		v.Rows = append(v.Rows, p.NewRequestRow(l, &list.Requests[i]))
	}
	if list.Next != "" {
		v.Pager.Next = site.With("/me/requests", "before", list.Next)
	}
	return v
}

// requestView is one request.
type requestView struct {
	ui.Page
	Row      RequestRow
	Done     string
	Failed   string
	OnBehalf bool
	Text     string
	Steps    []Step
	Close    string // the address that closes it; "" when it is closed
}

func (p *Pages) newRequestView(page ui.Page, r *desk.Request) requestView {
	l := page.Lang
	v := requestView{Page: page, Row: p.NewRequestRow(l, r), OnBehalf: r.OnBehalf, Text: r.Text, Steps: Steps(l, r)}
	v.Up = ui.Entry{Label: l.T(i18n.RequestsTitle), Href: "/me/requests"}
	if r.May(desk.Citizen, desk.Closed) {
		v.Close = "/me/requests/" + r.ID + "/close"
	}
	return v
}

// Request shows one of the visitor's requests.
func (p *Pages) Request(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	pin, err := v.Identity.PersonOf(r.Context(), v.Session.ID)
	if err != nil {
		return err
	}
	x, err := p.c.Desk.Mine(r.Context(), pin, r.PathValue("id"))
	if err != nil {
		return Problem(err)
	}
	view := p.newRequestView(v.Page(i18n.RequestTitle), x)
	switch r.URL.Query().Get("done") {
	case "sent":
		view.Done = v.T(i18n.RequestSent)
	case "closed":
		view.Done = v.T(i18n.RequestWasClosed)
	}
	return v.Render(w, r, http.StatusOK, requestPage(view))
}

// Close closes one of the visitor's requests.
func (p *Pages) Close(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	pin, err := v.Identity.PersonOf(r.Context(), v.Session.ID)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	if err := p.c.Desk.Close(r.Context(), p.asker(v, pin), id); err != nil {
		return Problem(err)
	}
	v.Redirect(w, r, site.With("/me/requests/"+id, "done", "closed"))
	return nil
}

// Problem turns a refusal of the desk into a problem in both languages; any
// other error stays as it is.
func Problem(err error) error {
	said := desk.TextOf(err)
	if said.VI == "" {
		return err
	}
	if desk.CodeOf(err) == desk.NotThere {
		return web.NotFound()
	}
	x := *web.ProblemOf(err)
	x.Code, x.Detail = string(desk.CodeOf(err)), web.Text{VI: said.VI, EN: said.EN}
	return &x
}
