// Package inspector is the log as people read it: the search, one officer's
// day, one request's story, and for citizens who looked at their data.
//
// Every reading is itself an entry, acknowledged before anything is shown
// (guarantee G7; TestEveryReadingIsAnEntry in package
// console). What names a person, an officer, a
// case or an address comes by POST and is kept under the id of the search, so
// that it stands in no address (guarantee G10).
package inspector

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"dancu/internal/access"
	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/identity"
	"dancu/internal/job"
	"dancu/internal/ledger"
)

// Log is the log as it is read here.
type Log interface {
	Search(ctx context.Context, reader ledger.Reader, q ledger.Query) (*ledger.Result, error)
	// Take is Read for an export: the entry says so.
	Take(ctx context.Context, reader ledger.Reader, people []string, indexes ...int64) (*ledger.Result, error)
	Proof(ctx context.Context, index int64) ([]byte, error)
}

// Config is what the pages are made of.
type Config struct {
	Log Log
	// VerifierKey is the log's public key: proofs are checked with it.
	VerifierKey string
	// Jobs do what is too long for a page; New makes the kinds known.
	Jobs *job.Jobs
	// Still says whether an account may still do an act, for what outlives its
	// session (identity.Store.StillOf).
	Still func(account string, a identity.Act) identity.Still
}

// Pages are the handlers.
type Pages struct {
	log Log
	key string
	cfg Config
}

// New returns the pages.
func New(c Config) *Pages {
	return &Pages{log: c.Log, key: c.VerifierKey, cfg: c}
}

// The most characters of what can be typed.
const (
	maxTerm   = 100
	maxReason = 300
	perPage   = 50
)

// search is a saved search.
type search struct {
	Reason string
	Query  ledger.Query
	// Typed are the fields as they were typed, for changing the search.
	Typed map[string]string
}

// terms are the conditions of the form, in its order.
var terms = []struct {
	name  string
	kind  ledger.TermKind
	label i18n.Msg
	group int // 0 who, 1 what
	mode  string
}{
	{"person", ledger.TermPerson, i18n.LogPerson, 0, "numeric"},
	{"officer", ledger.TermOfficer, i18n.LogOfficer, 0, ""},
	{"case", ledger.TermCase, i18n.LogCase, 0, ""},
	{"address", ledger.TermAddress, i18n.LogAddress, 0, ""},
	{"agency", ledger.TermAgency, i18n.LogAgency, 1, ""},
	{"system", ledger.TermSystem, i18n.LogSystem, 1, ""},
	{"connection", ledger.TermConnection, i18n.LogConnection, 1, ""},
	{"procedure", ledger.TermProcedure, i18n.LogProcedure, 1, ""},
	{"request", ledger.TermRequest, i18n.LogRequest, 1, ""},
	{"transaction", ledger.TermTransaction, i18n.LogTransaction, 1, ""},
}

// formView is the form of a search.
type formView struct {
	ui.Page
	Failed             string
	Reason             ui.Field
	Who, What, When    []ui.Field
	Kind, Code         ui.Field
	KindList, CodeList []ui.Option
	Mistakes           []ui.Mistake
	Open               bool // show the further conditions
}

func newFormView(p ui.Page, typed map[string]string) formView {
	l := p.Lang
	p.Lead = l.T(i18n.LogLead)
	v := formView{
		Page: p,
		Reason: ui.Field{
			Name: "reason", Label: l.T(i18n.LogReason), Hint: l.T(i18n.LogReasonHint), Value: typed["reason"], Max: maxReason, Required: true, Wide: true,
		},
		Kind: ui.Field{Name: "kind", Label: l.T(i18n.LogKind), Value: typed["kind"]},
		Code: ui.Field{Name: "code", Label: l.T(i18n.LogCode), Value: typed["code"]},
	}
	for i, t := range terms {
		f := ui.Field{Name: t.name, Label: l.T(t.label), Value: typed[t.name], Max: maxTerm, Mode: t.mode, Focus: i == 0}
		if i == 0 {
			f.More = map[string]any{"data-search": true}
		}
		if t.group == 0 {
			v.Who = append(v.Who, f)
		} else {
			v.What = append(v.What, f)
			v.Open = v.Open || typed[t.name] != ""
		}
	}
	v.When = []ui.Field{
		{Name: "from", Label: l.T(i18n.LogFrom), Hint: l.T(i18n.LogDayHint), Value: typed["from"], Max: 10},
		{Name: "until", Label: l.T(i18n.LogUntil), Hint: l.T(i18n.LogDayHint), Value: typed["until"], Max: 10},
	}
	v.KindList = []ui.Option{{Label: l.T(i18n.LogKindAny)}}
	for _, k := range site.Kinds() {
		v.KindList = append(v.KindList, ui.Option{Value: k, Label: site.EntryKind(l, k)})
	}
	v.CodeList = []ui.Option{{Label: l.T(i18n.LogCodeAny)}}
	for _, c := range access.Codes {
		v.CodeList = append(v.CodeList, ui.Option{Value: string(c.Code), Label: l.Text(c.Title)})
	}
	v.Open = v.Open || typed["kind"] != "" || typed["code"] != ""
	return v
}

// Form is the form of a search, empty or as a search before was typed.
func (p *Pages) Form(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	typed := map[string]string{}
	s, ok, err := p.saved(r, v, r.URL.Query().Get("of"))
	if err != nil {
		return err
	}
	if ok {
		typed = s.Typed
	}
	return v.Render(w, r, http.StatusOK, formPage(newFormView(v.Page(i18n.LogTitle), typed)))
}

// The kinds of saved searches.
const (
	kindLog = "log"
	kindDay = "log.day"
)

func (p *Pages) saved(r *http.Request, v *site.Visit, id string) (s search, ok bool, err error) {
	ok, err = v.FindSearch(r, kindLog, id, &s)
	return s, ok, err
}

// Search keeps a search and leads to its results.
func (p *Pages) Search(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	f, err := v.Form(r)
	if err != nil {
		return err
	}
	s := search{Typed: map[string]string{}}
	s.Reason = f.Need("reason", maxReason, i18n.ReasonMissing)
	s.Typed["reason"] = s.Reason
	for _, t := range terms {
		value := f.Text(t.name, maxTerm)
		switch t.kind {
		case ledger.TermPerson:
			value = strings.Map(func(r rune) rune {
				if r == ' ' || r == '.' {
					return -1
				}
				return r
			}, value)
		case ledger.TermCase, ledger.TermAgency, ledger.TermProcedure:
			value = strings.ToUpper(value)
		case ledger.TermRequest, ledger.TermTransaction:
			value = strings.ToLower(value)
		}
		if value != "" {
			s.Query.Terms = append(s.Query.Terms, ledger.Term{Kind: t.kind, Value: value})
			s.Typed[t.name] = value
		}
	}
	s.Query.Kind, s.Query.Code = f.Text("kind", maxTerm), f.Text("code", maxTerm)
	s.Typed["kind"], s.Typed["code"] = s.Query.Kind, s.Query.Code
	s.Typed["from"], s.Typed["until"] = f.Text("from", 10), f.Text("until", 10)
	s.Query.From = readDay(f, "from", v.T(i18n.LogDayWrong))
	if until := readDay(f, "until", v.T(i18n.LogDayWrong)); !until.IsZero() {
		s.Query.Until = until.AddDate(0, 0, 1)
	}
	s.Query.Limit = perPage
	if !f.OK() {
		view := newFormView(v.Page(i18n.LogTitle), s.Typed)
		view.keep(f)
		return v.Render(w, r, http.StatusUnprocessableEntity, formPage(view))
	}
	id, err := v.SaveSearch(r, kindLog, s)
	if err != nil {
		return err
	}
	v.Redirect(w, r, "/log/"+id)
	return nil
}

// keep puts what was typed back, with what is wrong.
func (v *formView) keep(f *site.Form) {
	all := []*ui.Field{&v.Reason}
	for _, list := range [][]ui.Field{v.Who, v.What, v.When} {
		for i := range list {
			all = append(all, &list[i])
		}
	}
	f.Keep(all...)
	for _, x := range all {
		v.Mistakes = append(v.Mistakes, ui.Mistakes(*x)...)
	}
}

// readDay is a day of the form as its first moment, zero if there is none.
func readDay(f *site.Form, name, wrong string) time.Time {
	s := f.Text(name, 10)
	if s == "" {
		return time.Time{}
	}
	for _, layout := range []string{"02/01/2006", "2/1/2006", time.DateOnly} {
		if t, err := time.ParseInLocation(layout, s, access.Zone); err == nil {
			return t
		}
	}
	f.Fail(name, wrong)
	return time.Time{}
}

// resultsView is what a search found.
type resultsView struct {
	ui.Page
	ID    string
	Rows  []row
	Pager ui.PagerOf
	Gone  bool // the search is no longer kept
	// Before is where the page begins, for the export of exactly these rows.
	Before string
}

// row is one entry.
type row struct {
	Index, Time, Kind string
	Agency, Officer   string
	Trust             string // "verified" or "claimed"; "" where there is no officer
	Procedure, Case   string
	Number            string // masked on the page
	People            string
	Result, Code      string
	Tone              ui.Tone
	Address, Session  string
	Request           string
	Text              string // of an event: what it says besides
	Removed           bool
}

// shortSession is how much of a session's id a list shows: enough to tell the
// sessions of a day apart; the whole id is in the entry and in the export.
const shortSession = 8

// newRow puts an entry into words.
func newRow(l i18n.Lang, r *ledger.Record) row {
	x := row{Index: strconv.FormatInt(r.Index, 10), Time: l.Seconds(r.Time), Kind: site.EntryKind(l, r.Kind), Code: r.Code, Removed: r.Parts == nil}
	if r.Part(ledger.PartAccess) != nil {
		c := site.CallOf(r)
		x.Agency, x.Officer, x.Procedure, x.Case, x.Number = c.Agency, c.Officer, c.Procedure, c.Case, c.Number
		x.Address, x.Session, x.Request = c.OfficerAddress, c.Session, c.Request
		if c.Officer != "" {
			x.Trust = l.T(i18n.LogClaimed)
			if c.Verified {
				x.Trust = l.T(i18n.LogVerified)
			}
		}
		if n := len(c.People); n > 1 {
			x.People = l.T(i18n.ResultPeople, l.Int(int64(n)))
		}
		x.Result, x.Tone = l.T(i18n.ResultAnswered), ui.OK
		if c.Result == "empty" {
			x.Result, x.Tone = l.T(i18n.OutcomeEmpty), ui.Plain
		}
	} else {
		e := site.EventOf(r)
		x.Agency, x.Address, x.Session, x.Text = e.Agency, e.Address, e.Session, e.Reason
		x.Officer = e.Officer
		if x.Officer == "" {
			x.Officer = e.Actor
		}
		x.Result = l.T(i18n.ResultDone)
	}
	if n := len(x.Session); n > shortSession {
		x.Session = x.Session[n-shortSession:]
	}
	if r.Code != "" {
		x.Result, x.Tone = site.CodeTitle(l, access.Code(r.Code)), ui.Bad
	}
	return x
}

func newResultsView(p ui.Page, id string, res *ledger.Result) resultsView {
	l := p.Lang
	p.Lead = l.T(i18n.LogLead)
	v := resultsView{Page: p, ID: id}
	for i := range res.Records {
		v.Rows = append(v.Rows, newRow(l, &res.Records[i]))
	}
	v.Pager.Count = l.T(i18n.LogCount, l.Int(int64(len(v.Rows))), l.Int(res.Entry))
	if res.Next > 0 {
		v.Pager.Next = site.With("/log/"+id, "before", strconv.FormatInt(res.Next, 10))
	}
	return v
}

// Results reads the log for a saved search, page by page.
func (p *Pages) Results(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	id := r.PathValue("search")
	s, ok, err := p.saved(r, v, id)
	if err != nil {
		return err
	}
	if !ok {
		return v.Render(w, r, http.StatusNotFound, resultsPage(resultsView{Page: v.Page(i18n.LogResults), Gone: true}))
	}
	before := beforeOf(r.URL.Query().Get("before"))
	s.Query.Before = before
	res, err := p.log.Search(r.Context(), v.ReaderOf(s.Reason, identity.SearchLog), s.Query)
	if err != nil {
		return err
	}
	view := newResultsView(v.Page(i18n.LogResults), id, res)
	if before > 0 {
		view.Before, view.Pager.First = strconv.FormatInt(before, 10), "/log/"+id
	}
	return v.Render(w, r, http.StatusOK, resultsPage(view))
}

// beforeOf is where a page begins; what is no index begins at the newest.
func beforeOf(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}
