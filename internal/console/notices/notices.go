// Package notices is the pages of what was told to whom: the register's people
// see every notice and send one again, an agency's administrator sees the
// agency's own and looks after its webhooks.
//
// Nothing here changes a notice: the area does, with an entry. A webhook's secret
// is shown once, on the answer that made it (TestASecretIsShownOnce).
package notices

import (
	"errors"
	"net/http"

	"dancu/internal/access"
	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/fault"
	"dancu/internal/identity"
	"dancu/internal/ledger"
	"dancu/internal/notify"
	"dancu/internal/web"
)

// Standing is the picture of everybody's standing, for names.
type Standing interface{ Directory() *access.Directory }

// Pages are the handlers.
type Pages struct {
	box      *notify.Outbox
	office   *notify.Office
	standing Standing
}

// New returns the pages over the outbox and its office.
func New(box *notify.Outbox, office *notify.Office, s Standing) *Pages {
	return &Pages{box, office, s}
}

// Scope is whose notices the pages are about.
type Scope struct {
	// Base is the address of the list.
	Base string
	// Title and Lead are the words of the list.
	Title, Lead i18n.Msg
	// own is an agency's own: the others are not there.
	own bool
}

// Register are all notices, for the register's people; Agency those of the
// visitor's agency.
var (
	Register = &Scope{Base: "/notices", Title: i18n.NoticesTitle, Lead: i18n.NoticesLead}
	Agency   = &Scope{Base: "/agency/notices", Title: i18n.NoticesOwn, Lead: i18n.NoticesOwnLead, own: true}
)

// person is the visitor as the area knows them, by that act.
func person(v *site.Visit, act identity.Act) notify.Person {
	a := v.Session.Account
	p := notify.Person{Actor: ledger.Actor{Kind: string(a.Kind), ID: a.Code, Session: v.Session.ID}, Agency: a.Agency}
	if v.From.Address.IsValid() {
		p.Actor.Address = v.From.Address.Unmap().WithZone("").String()
	}
	still, fresh := v.Identity.Still(v.Actor(), act), v.Identity.StillFresh(v.Actor(), act)
	p.Still = notify.StillBy(still, fresh)
	return p
}

// said is a refusal of the area in the visitor's language, "" if err is none
// that belongs on a page.
func said(v *site.Visit, err error) string {
	var r *notify.Refusal
	switch {
	case errors.As(err, &r) && !fault.Is(err, fault.NotFound):
		return v.Lang.Text(r.Words())
	case errors.As(err, &r):
		return ""
	}
	return v.Said(err)
}

// problem is an error as a page of its own.
func problem(err error) error {
	var r *notify.Refusal
	if errors.As(err, &r) && fault.Is(err, fault.NotFound) {
		return web.NotFound()
	}
	return err
}

// query is what a list is asked for, as it stands in its address: no part of it
// names a person.
type query struct {
	state, to, after string
}

func queryOf(r *http.Request, v *site.Visit, s *Scope) (q query, f notify.Filter) {
	values := r.URL.Query()
	q = query{values.Get("state"), values.Get("to"), values.Get("after")}
	f = notify.Filter{State: notify.State(q.state), To: q.to, Before: q.after, Limit: pageLength}
	if s.own {
		q.to, f.To = "", v.Session.Account.Agency
	}
	return q, f
}

// pageLength is how many notices a page has, and maxExport how many a file.
const (
	pageLength = 50
	maxExport  = 5000
)

// List shows the notices, the newest first.
func (p *Pages) List(s *Scope) site.Handler {
	return func(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
		q, f := queryOf(r, v, s)
		f.Limit++ // one more says whether there are more
		list, err := p.box.List(r.Context(), f)
		if err != nil {
			return problem(err)
		}
		var counts notify.Counts
		if !s.own {
			if counts, err = p.box.Counts(r.Context()); err != nil {
				return err
			}
		}
		view := newListView(v.Page(s.Title), s, q, list, counts, p.standing.Directory())
		if !s.own {
			view.Delivers = p.box.Delivers()
		}
		return v.Render(w, r, http.StatusOK, listPage(view))
	}
}

// columns are those of the file.
var columns = site.Columns("id", "created", "topic", "recipient", "title", "state", "attempts", "cause", "settled")

// Export gives out what the list shows, all pages of it, up to maxExport rows.
func (p *Pages) Export(s *Scope) site.Handler {
	return func(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
		_, f := queryOf(r, v, s)
		f.Before, f.Limit = "", notify.MaxList
		t := &site.Table{Name: "notices-" + v.Stamp(), Columns: columns}
		t.Rows = func(add func(...site.Cell) error) error {
			for n := 0; n < maxExport; {
				list, err := p.box.List(r.Context(), f)
				if err != nil {
					return problem(err)
				}
				for i := range list {
					x := &list[i]
					err := add(site.Text(x.ID), site.Moment(x.Created), site.Text(x.Topic), site.Text(x.To), site.Text(rendered(v.Lang, x).Subject),
						site.Text(string(x.State)), site.Number(int64(x.Attempts)), site.Text(x.Cause), site.Moment(x.Settled))
					if err != nil {
						return err
					}
				}
				if n += len(list); len(list) < f.Limit {
					return nil
				}
				f.Before = list[len(list)-1].ID
			}
			return nil
		}
		return site.SendTable(w, t, site.FormatOf(r.URL.Query().Get("as")))
	}
}

// One shows one notice with what became of it.
func (p *Pages) One(s *Scope) site.Handler {
	return func(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
		return p.show(w, r, v, s, "")
	}
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request, v *site.Visit, s *Scope, failed string) error {
	x, err := p.box.Show(r.Context(), r.PathValue("id"))
	if err != nil {
		return problem(err)
	}
	if s.own && x.To != v.Session.Account.Agency {
		return web.NotFound()
	}
	view := newOneView(v.Page(i18n.NoticesOne), s, v.Kind(), &x, p.standing.Directory())
	status := http.StatusOK
	if view.Failed = failed; failed != "" {
		status = http.StatusConflict
	} else if r.URL.Query().Get("done") != "" {
		view.Done = v.T(i18n.NoticesRetried)
	}
	return v.Render(w, r, status, onePage(view))
}

// Retry sends a notice again.
func (p *Pages) Retry(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	err := p.office.Retry(r.Context(), person(v, identity.RetryNotices), r.PathValue("id"))
	if err == nil {
		v.Redirect(w, r, Register.Base+"/"+r.PathValue("id")+"?done=act")
		return nil
	}
	text := said(v, err)
	if text == "" {
		return problem(err)
	}
	return p.show(w, r, v, Register, text)
}
