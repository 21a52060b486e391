// Package people is the pages about other people's accounts: the list, a new
// one, one account with what can be done to it, and the quarterly review.
//
// An agency's administrator has them for that agency's officers, the register's
// administrator for staff and agencies' administrators: the same pages over two
// [Scope] values. Whom an act may concern the area asks in the act's own
// transaction; these pages only leave out what would be refused anyway.
package people

import (
	"net/http"
	"time"

	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/identity"
	"dancu/internal/web"
)

// Scope is whose accounts the pages are about.
type Scope struct {
	// Base is the address of the list, Reviews that of the review.
	Base, Reviews string
	// Title, Lead and New are the words of the list and of a new account.
	Title, Lead, New i18n.Msg
	// Kinds are the kinds of account that can be made here; one needs no choice.
	Kinds []identity.Kind
	// Listed are the kinds that the list can be narrowed to.
	Listed []identity.Kind
	// Manage is who may make and change accounts, Review who may review them.
	Manage, Review identity.Act
}

// Officers are an agency's officers, for its administrator.
var Officers = &Scope{
	Base: "/agency/officers", Reviews: "/agency/review",
	Title: i18n.PeopleOfficers, Lead: i18n.PeopleOfficersLead, New: i18n.PeopleNewOfficer,
	Kinds:  []identity.Kind{identity.AgencyOfficer},
	Manage: identity.ManageOfficers, Review: identity.ReviewOfficers,
}

// Staff are the register's staff and the agencies' administrators, for the
// register's administrator. Another register administrator takes two people and
// is not made here.
var Staff = &Scope{
	Base: "/staff", Reviews: "/staff/review",
	Title: i18n.PeopleStaff, Lead: i18n.PeopleStaffLead, New: i18n.PeopleNew,
	Kinds: []identity.Kind{
		identity.Onboarder, identity.Assessor, identity.Inspector, identity.Supervisor, identity.Support, identity.AgencyAdmin,
	},
	Listed: []identity.Kind{
		identity.Onboarder, identity.Assessor, identity.Inspector, identity.Supervisor, identity.Support,
		identity.Administrator, identity.AgencyAdmin,
	},
	Manage: identity.ManageStaff, Review: identity.ReviewStaff,
}

// The most characters of what can be typed; the area has rules of its own.
const (
	maxName   = 100
	maxLogin  = 64
	maxCode   = 20
	maxUnit   = 100
	maxReason = 300
	maxFind   = 100
	// found is how many accounts a search shows at most.
	found = 200
)

// row is one account of a list.
type row struct {
	ID, Name, Login, Code string
	Kind, Unit            string
	State                 string
	Tone                  ui.Tone
	Last, Factor          string
	FactorTone            ui.Tone
}

func newRow(l i18n.Lang, a identity.Account, now time.Time) row {
	r := row{
		ID: a.ID, Name: a.Name, Login: a.Login, Code: a.Code, Kind: site.KindName(l, a.Kind), Unit: a.Unit,
		Last: l.T(i18n.NeverSignedIn), Factor: l.T(i18n.FactorsNone), FactorTone: ui.Warn,
	}
	if a.Agency != "" && a.Kind == identity.AgencyAdmin {
		r.Unit = a.Agency
	}
	r.State, r.Tone = StateOf(l, a, now)
	if !a.LastSignIn.IsZero() {
		r.Last = l.Time(a.LastSignIn)
	}
	if a.TOTP || a.Passkeys > 0 {
		r.Factor, r.FactorTone = l.T(i18n.FactorsSome), ui.OK
	}
	return r
}

// StateOf puts an account's state into a word and a colour.
func StateOf(l i18n.Lang, a identity.Account, now time.Time) (word string, tone ui.Tone) {
	switch {
	case a.State == identity.Disabled:
		return l.T(i18n.StateOfDisabled), ui.Bad
	case now.Before(a.LockedUntil):
		return l.T(i18n.StateOfLocked, l.Time(a.LockedUntil)), ui.Warn
	case a.LastSignIn.IsZero():
		return l.T(i18n.StateOfNew), ui.Plain
	}
	return l.T(i18n.StateOfActive), ui.OK
}

// listView is a list of accounts.
type listView struct {
	ui.Page
	Scope       *Scope
	Find        ui.Field
	Kind, State ui.Field
	Kinds       []ui.Option
	States      []ui.Option
	Rows        []row
	Empty       string
	Count       string
	Pager       ui.PagerOf
}

func newListView(p ui.Page, s *Scope, kind, state string) listView {
	l := p.Lang
	p.Lead = l.T(s.Lead)
	v := listView{
		Page: p, Scope: s, Empty: l.T(i18n.PeopleNone),
		Find: ui.Field{
			Name: "text", Label: l.T(i18n.PeopleFind), Hint: l.T(i18n.PeopleFindHint), Max: maxFind,
			More: map[string]any{
				"data-search": true, "hx-post": s.Base + "/find", "hx-trigger": "input changed delay:250ms",
				"hx-target": "#accounts", "hx-swap": "outerHTML", "hx-sync": "this:replace",
			},
		},
		Kind:   ui.Field{Name: "kind", Label: l.T(i18n.FieldKind), Value: kind, More: map[string]any{"data-submit": true}},
		State:  ui.Field{Name: "state", Label: l.T(i18n.ColumnState), Value: state, More: map[string]any{"data-submit": true}},
		Kinds:  []ui.Option{{Label: l.T(i18n.PeopleAllKinds)}},
		States: []ui.Option{{Label: l.T(i18n.PeopleAllStates)}},
	}
	for _, k := range s.Listed {
		v.Kinds = append(v.Kinds, ui.Option{Value: string(k), Label: site.KindName(l, k)})
	}
	for _, st := range []struct {
		state identity.State
		m     i18n.Msg
	}{{identity.Active, i18n.StateOfActive}, {identity.Disabled, i18n.StateOfDisabled}} {
		v.States = append(v.States, ui.Option{Value: string(st.state), Label: l.T(st.m)})
	}
	return v
}

func (v *listView) fill(accounts []identity.Account, now time.Time) {
	for _, a := range accounts {
		v.Rows = append(v.Rows, newRow(v.Lang, a, now))
	}
}

// List shows the accounts, page by page.
func List(s *Scope) site.Handler {
	return func(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
		q := r.URL.Query()
		f := identity.Filter{Kind: identity.Kind(q.Get("kind")), State: identity.State(q.Get("state")), After: q.Get("after")}
		accounts, next, err := v.Identity.Accounts(r.Context(), v.Actor(), f)
		if err != nil {
			return err
		}
		view := newListView(v.Page(s.Title), s, q.Get("kind"), q.Get("state"))
		if identity.May(v.Kind(), s.Manage) {
			view.Act = ui.Entry{Label: v.T(s.New), Href: s.Base + "/new"}
		}
		view.fill(accounts, v.Moment())
		if len(accounts) > 0 {
			view.Count = v.T(i18n.PeopleCount, v.Lang.Int(int64(len(accounts))))
		}
		if f.After != "" {
			view.Pager.First = site.With(s.Base, "kind", q.Get("kind"), "state", q.Get("state"))
		}
		if next != "" {
			view.Pager.Next = site.With(s.Base, "kind", q.Get("kind"), "state", q.Get("state"), "after", next)
		}
		return v.Render(w, r, http.StatusOK, listPage(view))
	}
}

// Find shows the accounts that fit what is typed: with script the list alone,
// as it is typed. It names a person, so it comes by POST.
func Find(s *Scope) site.Handler {
	return func(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
		f, err := v.Form(r)
		if err != nil {
			return err
		}
		view := newListView(v.Page(s.Title), s, f.Raw("kind"), f.Raw("state"))
		text := f.Text("text", maxFind)
		filter := identity.Filter{Kind: identity.Kind(f.Raw("kind")), State: identity.State(f.Raw("state")), Text: text, Limit: found}
		accounts, next, err := v.Identity.Accounts(r.Context(), v.Actor(), filter)
		if err != nil {
			return err
		}
		f.Keep(&view.Find)
		view.Empty = v.T(i18n.PeopleNotFound)
		view.fill(accounts, v.Moment())
		switch n := v.Lang.Int(int64(len(accounts))); {
		case next != "":
			view.Count = v.T(i18n.PeopleFoundMany, n)
		case len(accounts) > 0:
			view.Count = v.T(i18n.PeopleFound, n)
		}
		if site.Fragment(r) {
			return v.Render(w, r, http.StatusOK, accountsPart(view))
		}
		return v.Render(w, r, http.StatusOK, listPage(view))
	}
}

// newView is a new account.
type newView struct {
	ui.Page
	Scope                         *Scope
	Failed                        string
	Name, Login, Code, Unit, Kind ui.Field
	Agency                        ui.Field
	Kinds                         []ui.Option
}

func newNewView(p ui.Page, s *Scope) newView {
	l := p.Lang
	p.Lead = l.T(i18n.PeopleNewLead)
	v := newView{
		Page: p, Scope: s,
		Name:   ui.Field{Name: "name", Label: l.T(i18n.FieldName), Max: maxName, Required: true, Focus: true, Wide: true},
		Login:  ui.Field{Name: "login", Label: l.T(i18n.FieldLogin), Hint: l.T(i18n.FieldLoginHint), Max: maxLogin, Required: true},
		Code:   ui.Field{Name: "code", Label: l.T(i18n.FieldCode), Hint: l.T(i18n.FieldCodeHint), Max: maxCode, Required: true},
		Unit:   ui.Field{Name: "unit", Label: l.T(i18n.FieldUnit), Hint: l.T(i18n.FieldUnitHint), Max: maxUnit, Wide: true},
		Kind:   ui.Field{Name: "kind", Label: l.T(i18n.FieldKind)},
		Agency: ui.Field{Name: "agency", Label: l.T(i18n.FieldAgency), Hint: l.T(i18n.FieldAgencyHint), Max: maxLogin},
	}
	if len(s.Kinds) > 1 {
		v.Kinds = append(v.Kinds, ui.Option{Label: "–"})
		for _, k := range s.Kinds {
			v.Kinds = append(v.Kinds, ui.Option{Value: string(k), Label: site.KindName(l, k)})
		}
	}
	return v
}

// New is the form of a new account.
func New(s *Scope) site.Handler {
	return func(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
		return v.Render(w, r, http.StatusOK, newPage(newNewView(v.Page(s.New), s)))
	}
}

// Create makes the account and shows its one-time password, once.
func Create(s *Scope) site.Handler {
	return func(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
		f, err := v.Form(r)
		if err != nil {
			return err
		}
		a := identity.NewAccount{
			Kind: s.Kinds[0],
			Name: f.Need("name", maxName, i18n.FieldNameMissing), Login: f.Need("login", maxLogin, i18n.FieldLoginMissing),
			Code: f.Need("code", maxCode, i18n.FieldCodeMissing), Unit: f.Text("unit", maxUnit),
		}
		if len(s.Kinds) > 1 {
			if a.Kind = identity.Kind(f.Need("kind", maxLogin, i18n.FieldKindMissing)); a.Kind == identity.AgencyAdmin {
				a.Agency = f.Need("agency", maxLogin, i18n.FieldAgencyMissing)
			}
		}
		view := newNewView(v.Page(s.New), s)
		if f.OK() {
			issued, err := v.Identity.CreateAccount(r.Context(), v.Actor(), a)
			if err == nil {
				return showIssued(w, r, v, s, issued)
			}
			if v.Stale(w, r, err, s.Base+"/new") {
				return nil
			}
			switch c := identity.CodeOf(err); c {
			case identity.LoginTaken, identity.LoginInvalid:
				f.Fail("login", v.Said(err))
			case identity.CodeTaken, identity.CodeInvalid:
				f.Fail("code", v.Said(err))
			case identity.NameInvalid:
				f.Fail("name", v.Said(err))
			case identity.KindInvalid:
				f.Fail("kind", v.Said(err))
			case identity.AgencyInvalid:
				f.Fail("agency", v.Said(err))
			default:
				if view.Failed = v.Said(err); view.Failed == "" {
					return err
				}
			}
			web.EventOf(w).Code = string(identity.CodeOf(err))
		}
		f.Keep(&view.Name, &view.Login, &view.Code, &view.Unit, &view.Kind, &view.Agency)
		return v.Render(w, r, http.StatusUnprocessableEntity, newPage(view))
	}
}

// issuedView shows a one-time password, once.
type issuedView struct {
	ui.Page
	Name, Login, Password, Back string
}

func showIssued(w http.ResponseWriter, r *http.Request, v *site.Visit, s *Scope, i identity.Issued) error {
	view := issuedView{Page: v.Page(i18n.IssuedTitle), Name: i.Account.Name, Login: i.Account.Login, Password: i.Password, Back: s.Base + "/" + i.Account.ID}
	view.Lead = v.T(i18n.IssuedLead)
	return v.RenderSecret(w, r, issuedPage(view))
}
