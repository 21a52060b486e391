package agency

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"dancu/internal/access"
	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/identity"
	"dancu/internal/ledger"
	"dancu/internal/web"
)

// Log is the log as an agency's administrator reads it: every reading is itself
// an entry (guarantee G7).
type Log interface {
	Search(ctx context.Context, reader ledger.Reader, q ledger.Query) (*ledger.Result, error)
	Take(ctx context.Context, reader ledger.Reader, people []string, indexes ...int64) (*ledger.Result, error)
}

// The most characters of what can be typed, and how many entries a page shows.
const (
	maxTerm    = 100
	maxReason  = 300
	logPerPage = 50
)

// ownKinds are the beginnings of the kinds of entry that an agency reads of its
// own: calls, and what its people did. What the register's people do about an
// agency (an inspection that is not announced yet) is not among them.
var ownKinds = []string{"call.", "calls.", "session.", "signin.", "account.", "review.", "provider.", "key.", "connection.locked", "connection.unlocked", "consent.", "credential.", "guide.", "notice."}

// mayRead reports whether an entry is one that the agency of this code reads:
// asked of each entry, besides the search. Others are as if they were not.
func mayRead(r *ledger.Record, code string) bool {
	if !slices.ContainsFunc(ownKinds, func(k string) bool { return strings.HasPrefix(r.Kind, k) }) {
		return false
	}
	if r.Part(ledger.PartAccess) != nil {
		return site.CallOf(r).Agency == code
	}
	return site.EventOf(r).Agency == code
}

// logSearch is a saved search.
type logSearch struct {
	Reason string
	Query  ledger.Query
	Typed  map[string]string
}

// logTerms are the conditions of the form, in its order.
var logTerms = []struct {
	name  string
	kind  ledger.TermKind
	label i18n.Msg
}{
	{"officer", ledger.TermOfficer, i18n.LogOfficer},
	{"case", ledger.TermCase, i18n.LogCase},
	{"procedure", ledger.TermProcedure, i18n.LogProcedure},
}

// logView is the form of a search.
type logView struct {
	ui.Page
	Reason   ui.Field
	Terms    []ui.Field
	Days     []ui.Field
	Code     ui.Field
	Codes    []ui.Option
	Mistakes []ui.Mistake
}

func newLogView(p ui.Page, typed map[string]string) logView {
	l := p.Lang
	p.Lead = l.T(i18n.OwnLogLead)
	v := logView{
		Page:   p,
		Reason: ui.Field{Name: "reason", Label: l.T(i18n.LogReason), Hint: l.T(i18n.OwnLogReasonHint), Value: typed["reason"], Max: maxReason, Required: true, Wide: true},
		Code:   ui.Field{Name: "code", Label: l.T(i18n.LogCode), Value: typed["code"]},
		Days: []ui.Field{
			{Name: "from", Label: l.T(i18n.LogFrom), Hint: l.T(i18n.LogDayHint), Value: typed["from"], Max: 10},
			{Name: "until", Label: l.T(i18n.LogUntil), Hint: l.T(i18n.LogDayHint), Value: typed["until"], Max: 10},
		},
	}
	for i, t := range logTerms {
		f := ui.Field{Name: t.name, Label: l.T(t.label), Value: typed[t.name], Max: maxTerm}
		if i == 0 {
			f.More = map[string]any{"data-search": true}
		}
		v.Terms = append(v.Terms, f)
	}
	v.Codes = []ui.Option{{Label: l.T(i18n.LogCodeAny)}}
	for _, c := range access.Codes {
		v.Codes = append(v.Codes, ui.Option{Value: string(c.Code), Label: l.Text(c.Title)})
	}
	return v
}

// LogForm is the form of a search, empty or as a search before was typed.
func (p *Pages) LogForm(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	typed := map[string]string{}
	s, ok, err := savedLog(r, v, r.URL.Query().Get("of"))
	if err != nil {
		return err
	}
	if ok {
		typed = s.Typed
	}
	return v.Render(w, r, http.StatusOK, logPage(newLogView(v.Page(i18n.OwnLogTitle), typed)))
}

// savedLog reads a search that was kept.
func savedLog(r *http.Request, v *site.Visit, id string) (s logSearch, ok bool, err error) {
	ok, err = v.FindSearch(r, savedLogs, id, &s)
	return s, ok, err
}

// savedLogs is the kind of what is kept of these searches.
const savedLogs = "agency-log"

// LogSearch keeps a search and leads to its results: officers and cases stand in
// no address (guarantee G10).
func (p *Pages) LogSearch(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	f, err := v.Form(r)
	if err != nil {
		return err
	}
	s := logSearch{Typed: map[string]string{}}
	s.Reason = f.Need("reason", maxReason, i18n.ReasonMissing)
	s.Typed["reason"] = s.Reason
	for _, t := range logTerms {
		value := f.Text(t.name, maxTerm)
		if value == "" {
			continue
		}
		s.Typed[t.name] = value
		if t.kind != ledger.TermOfficer {
			value = strings.ToUpper(value)
		}
		s.Query.Terms = append(s.Query.Terms, ledger.Term{Kind: t.kind, Value: value})
	}
	s.Query.Code = f.Text("code", maxTerm)
	s.Typed["code"], s.Typed["from"], s.Typed["until"] = s.Query.Code, f.Text("from", 10), f.Text("until", 10)
	s.Query.From = typedDay(f, "from", v.T(i18n.LogDayWrong))
	if until := typedDay(f, "until", v.T(i18n.LogDayWrong)); !until.IsZero() {
		s.Query.Until = until.AddDate(0, 0, 1)
	}
	s.Query.Limit = logPerPage
	if !f.OK() {
		view := newLogView(v.Page(i18n.OwnLogTitle), s.Typed)
		all := []*ui.Field{&view.Reason}
		for i := range view.Terms {
			all = append(all, &view.Terms[i])
		}
		for i := range view.Days {
			all = append(all, &view.Days[i])
		}
		f.Keep(all...)
		for _, x := range all {
			view.Mistakes = append(view.Mistakes, ui.Mistakes(*x)...)
		}
		return v.Render(w, r, http.StatusUnprocessableEntity, logPage(view))
	}
	id, err := v.SaveSearch(r, savedLogs, s)
	if err != nil {
		return err
	}
	v.Redirect(w, r, "/agency/log/"+id)
	return nil
}

// typedDay is a day of the form as its first moment, zero if there is none.
func typedDay(f *site.Form, name, wrong string) time.Time {
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

// logResults is what a search found.
type logResults struct {
	ui.Page
	ID, Before string
	Gone       bool
	Rows       []logRow
	Pager      ui.PagerOf
}

// logRow is one entry in plain words. Numbers of people are masked: an agency
// sees that somebody was looked up and for what, not whom else to look at.
type logRow struct {
	Index, Time, Kind, Officer, Trust, Procedure, Case, Number string
	Fields, Result, Code                                       string
	Tone                                                       ui.Tone
}

func newLogRow(l i18n.Lang, r *ledger.Record) logRow {
	x := logRow{Index: strconv.FormatInt(r.Index, 10), Time: l.Seconds(r.Time), Kind: site.EntryKind(l, r.Kind), Code: r.Code, Result: l.T(i18n.ResultDone)}
	if r.Part(ledger.PartAccess) != nil {
		c := site.CallOf(r)
		x.Officer, x.Procedure, x.Case, x.Number = c.Officer, c.Procedure, c.Case, c.Number
		if c.Officer != "" {
			x.Trust = l.T(i18n.LogClaimed)
			if c.Verified {
				x.Trust = l.T(i18n.LogVerified)
			}
		}
		x.Fields = fieldNames(l, c.Asked)
		x.Result, x.Tone = l.T(i18n.ResultAnswered), ui.OK
		if c.Result == "empty" {
			x.Result, x.Tone = l.T(i18n.OutcomeEmpty), ui.Plain
		}
	} else {
		e := site.EventOf(r)
		if x.Officer = e.Officer; x.Officer == "" {
			x.Officer = e.Actor
		}
	}
	if r.Code != "" {
		x.Result, x.Tone = site.CodeTitle(l, access.Code(r.Code)), ui.Bad
	}
	return x
}

// fieldNames are fields in plain words.
func fieldNames(l i18n.Lang, asked []string) string {
	var out []string
	for _, name := range asked {
		if f, ok := access.ParseField(name); ok {
			name = access.Fields[f].VI
			if l == i18n.EN {
				name = access.Fields[f].EN
			}
		}
		out = append(out, name)
	}
	return strings.Join(out, ", ")
}

// read reads the agency's own entries for a saved search from one page on.
func (p *Pages) read(r *http.Request, v *site.Visit, s *logSearch, before int64) (records []ledger.Record, next, entry int64, err error) {
	a := p.cfg.Standing.Directory().Agency(v.Session.Account.Agency)
	if a == nil {
		return nil, 0, 0, web.NotFound()
	}
	q := s.Query
	q.Terms = append(slices.Clone(q.Terms), ledger.Term{Kind: ledger.TermAgency, Value: a.Code})
	q.Before = before
	q.Show = func(x *ledger.Record) bool { return mayRead(x, a.Code) }
	res, err := p.cfg.Log.Search(r.Context(), v.ReaderOf(s.Reason, identity.SeeAgencyHistory), q)
	if err != nil {
		return nil, 0, 0, err
	}
	return res.Records, res.Next, res.Entry, nil
}

// LogResults shows what a search found, page by page.
func (p *Pages) LogResults(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	id := r.PathValue("search")
	s, ok, err := savedLog(r, v, id)
	if err != nil {
		return err
	}
	page := v.Page(i18n.OwnLogResults)
	if !ok {
		return v.Render(w, r, http.StatusNotFound, logResultsPage(logResults{Page: page, Gone: true}))
	}
	before := beforeOf(r.URL.Query().Get("before"))
	records, next, entry, err := p.read(r, v, &s, before)
	if err != nil {
		return err
	}
	view := newLogResults(page, id, records, next, entry)
	if before > 0 {
		view.Before, view.Pager.First = strconv.FormatInt(before, 10), "/agency/log/"+id
	}
	return v.Render(w, r, http.StatusOK, logResultsPage(view))
}

func newLogResults(page ui.Page, id string, records []ledger.Record, next, entry int64) logResults {
	l := page.Lang
	page.Lead = l.T(i18n.OwnLogLead)
	v := logResults{Page: page, ID: id}
	for i := range records {
		v.Rows = append(v.Rows, newLogRow(l, &records[i]))
	}
	v.Pager.Count = l.T(i18n.LogCount, l.Int(int64(len(v.Rows))), l.Int(entry))
	if next > 0 {
		v.Pager.Next = site.With("/agency/log/"+id, "before", strconv.FormatInt(next, 10))
	}
	return v
}

// beforeOf is where a page begins; what is no index begins at the newest.
func beforeOf(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// LogFile takes exactly the rows of one page along. That they were taken away is
// an entry of the log, acknowledged before the file is given out.
func (p *Pages) LogFile(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	f, err := v.Form(r)
	if err != nil {
		return err
	}
	s, ok, err := savedLog(r, v, r.PathValue("search"))
	if err != nil {
		return err
	}
	if !ok {
		return web.NotFound()
	}
	records, _, _, err := p.read(r, v, &s, beforeOf(f.Raw("before")))
	if err != nil {
		return err
	}
	if len(records) > 0 {
		indexes := make([]int64, len(records))
		for i := range records {
			indexes[i] = records[i].Index
		}
		taken, err := p.cfg.Log.Take(r.Context(), v.ReaderOf(s.Reason, identity.SeeAgencyHistory), nil, indexes...)
		if err != nil {
			return err
		}
		records = taken.Records
	}
	t := &site.Table{
		Name: "agency-log-" + v.Stamp(), Columns: site.Columns("index", "time", "kind", "officer", "procedure", "case", "person", "fields", "result", "code"),
		Rows: func(add func(...site.Cell) error) error {
			for i := range records {
				x := newLogRow(v.Lang, &records[i])
				number := ""
				if x.Number != "" {
					number = ui.Mask(x.Number)
				}
				if err := add(site.Number(records[i].Index), site.Moment(records[i].Time), site.Text(x.Kind), site.Text(x.Officer), site.Text(x.Procedure),
					site.Text(x.Case), site.Text(number), site.Text(x.Fields), site.Text(x.Result), site.Text(x.Code)); err != nil {
					return err
				}
			}
			return nil
		},
	}
	return site.SendTable(w, t, site.FormatOf(f.Raw("as")))
}
