// Package jobs is the pages of long work: what the visitor has asked for, how
// far it is, and its result. They are everybody's who has an account, each
// person's own alone (TestAJobsPages in package console).
package jobs

import (
	"context"
	"io"
	"net/http"
	"slices"
	"time"

	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/fault"
	"dancu/internal/identity"
	"dancu/internal/job"
	"dancu/internal/ledger"
	"dancu/internal/web"
)

// Imports take files for the register.
type Imports interface {
	// MaxSize is the largest file taken, in bytes.
	MaxSize() int64
	// Take keeps a file and queues its import, on behalf of an account and in the
	// name of actor; it returns the job's id. A name that does not say what the
	// file is is [BadName].
	Take(ctx context.Context, account string, actor ledger.Actor, name string, r io.Reader) (job string, err error)
}

// BadName is the error of a file whose name does not say what it is.
var BadName = fault.New(fault.Invalid, "the file's name must end in .csv or .jsonl")

// Pages are the handlers.
type Pages struct {
	jobs    *job.Jobs
	imports Imports
}

// New returns the pages; imports may be nil.
func New(j *job.Jobs, imports Imports) *Pages { return &Pages{j, imports} }

const perPage = 25

// listView is the visitor's jobs.
type listView struct {
	ui.Page
	Rows   []row
	Count  string
	Pager  ui.PagerOf
	Verify bool
	Import bool
}

// row is one job.
type row struct {
	Href, Title, State, Created, Ended, Note string
	Tone                                     ui.Tone
}

func newListView(p ui.Page, list []job.Job, title func(string) string) listView {
	l := p.Lang
	p.Lead = l.T(i18n.JobsLead)
	v := listView{Page: p}
	for i := range list {
		x := &list[i]
		r := row{Href: "/jobs/" + x.ID, Title: title(x.Kind), Created: l.Time(x.Created), Ended: l.Time(x.Ended)}
		r.State, r.Tone = stateOf(l, x)
		if x.State == job.Running && x.Total > 0 {
			r.Note = l.Percent(x.Done, x.Total)
		}
		v.Rows = append(v.Rows, r)
	}
	if len(list) > 0 {
		v.Count = l.T(i18n.JobsCount, l.Int(int64(len(list))))
	}
	return v
}

// stateOf puts a job's state into a word and a colour.
func stateOf(l i18n.Lang, x *job.Job) (word string, tone ui.Tone) {
	switch {
	case x.State == job.Done:
		return l.T(i18n.JobDone), ui.OK
	case x.State == job.Failed:
		return l.T(i18n.JobFailed), ui.Bad
	case x.State == job.Cancelled:
		return l.T(i18n.JobCancelled), ui.Plain
	case x.Stopping:
		return l.T(i18n.JobStopping), ui.Warn
	case x.State == job.Running:
		return l.T(i18n.JobRunning), ui.Plain
	}
	return l.T(i18n.JobQueued), ui.Plain
}

// List shows the visitor's jobs.
func (p *Pages) List(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	after := r.URL.Query().Get("after")
	list, next, err := p.jobs.List(r.Context(), v.Session.Account.ID, after, perPage)
	if err != nil {
		return err
	}
	view := newListView(v.Page(i18n.JobsTitle), list, func(kind string) string { return v.Lang.Text(p.jobs.Title(kind)) })
	view.Verify = identity.May(v.Kind(), identity.VerifyLog)
	view.Import = p.imports != nil && identity.May(v.Kind(), identity.ImportRegister)
	if after != "" {
		view.Pager.First = "/jobs"
	}
	if next != "" {
		view.Pager.Next = site.With("/jobs", "after", next)
	}
	return v.Render(w, r, http.StatusOK, listPage(view))
}

// Verify begins a verification of the whole log.
func (p *Pages) Verify(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	id, err := p.jobs.Add(r.Context(), job.VerifyLog, v.Session.Account.ID, struct{}{})
	if err != nil {
		return err
	}
	v.Redirect(w, r, "/jobs/"+id)
	return nil
}

// jobView is one job.
type jobView struct {
	ui.Page
	Gone            bool
	ID, State       string
	Tone            ui.Tone
	Over            bool
	Bar             ui.GaugeOf
	HasBar          bool
	Figures         []ui.Figure
	Facts           []ui.Fact
	Why, Words      string
	Download        string
	Note            string
	MayCancel, Runs bool
}

// refresh is how often the page of a job under way reads itself again, in
// seconds.
const refresh = 10

func newJobView(p ui.Page, x *job.Job, title string, now time.Time, keep time.Duration) jobView {
	l := p.Lang
	p.Title = title
	p.Up = ui.Entry{Label: l.T(i18n.JobsTitle), Href: "/jobs"}
	v := jobView{ID: x.ID, Over: x.State.Over(), Runs: x.State == job.Running}
	if !v.Over {
		p.Lead, p.Refresh = l.T(i18n.JobLeave), refresh
	}
	v.Page = p
	v.State, v.Tone = stateOf(l, x)
	v.MayCancel = !v.Over && !x.Stopping
	if v.HasBar = x.Total > 0 && x.State != job.Failed; v.HasBar {
		v.Bar = ui.GaugeOf{Used: x.Done, Limit: x.Total, Text: l.T(i18n.JobOf, l.Int(x.Done), l.Int(x.Total), l.Percent(x.Done, x.Total))}
	}
	figure := func(term i18n.Msg, value string) {
		v.Figures = append(v.Figures, ui.Figure{Term: l.T(term), Value: value})
	}
	if v.Runs {
		if x.Total > 0 {
			figure(i18n.JobProgress, l.Percent(x.Done, x.Total))
		} else if x.Done > 0 {
			figure(i18n.JobProgress, l.T(i18n.JobSoFar, l.Int(x.Done)))
		}
		if rate := x.Rate(now); rate >= 1 {
			figure(i18n.JobRate, l.Int(int64(rate)))
		}
		left := l.T(i18n.JobLeftUnknown)
		if d := x.Left(now); d > 0 {
			left = span(l, d)
		}
		figure(i18n.JobLeft, left)
	}
	for _, c := range counts {
		if n, ok := x.Counts[c.name]; ok {
			figure(c.word, l.Int(n))
		}
	}
	fact := func(term i18n.Msg, value string) {
		v.Facts = append(v.Facts, ui.Fact{Term: l.T(term), Is: ui.Text(value)})
	}
	fact(i18n.JobsCreated, l.Time(x.Created))
	if !x.Started.IsZero() {
		fact(i18n.JobStarted, l.Seconds(x.Started))
		fact(i18n.JobNode, x.Node)
	}
	if x.Attempts > 1 {
		fact(i18n.JobAttempts, l.Int(int64(x.Attempts)))
	}
	if v.Over {
		fact(i18n.JobsEnded, l.Seconds(x.Ended))
		if !x.Started.IsZero() {
			fact(i18n.JobTook, span(l, x.Ended.Sub(x.Started)))
		}
	}
	switch {
	case x.State == job.Failed:
		v.Why, v.Words = l.T(whys[x.Code]), x.Why
		if _, known := whys[x.Code]; !known {
			v.Why = l.T(i18n.JobWhyBroken)
		}
	case x.State == job.Done && x.File != "":
		v.Download = "/jobs/" + x.ID + "/file"
		fact(i18n.JobKeptUntil, l.Time(x.Ended.Add(keep)))
	case x.State == job.Done:
		v.Note = l.T(i18n.JobNoFile)
	}
	if x.State == job.Done && x.Counts["bad"] > 0 {
		v.Note = l.T(i18n.JobBadRows)
	}
	return v
}

// counts are the names under which kinds count, in their order.
var counts = []struct {
	name string
	word i18n.Msg
}{
	{"entries", i18n.JobCountEntries},
	{"proofs", i18n.JobCountProofs},
	{"findings", i18n.JobCountFindings},
	{"rows", i18n.JobCountRows},
	{"inserted", i18n.JobCountInserted},
	{"updated", i18n.JobCountUpdated},
	{"unchanged", i18n.JobCountUnchanged},
	{"bad", i18n.JobCountBad},
}

// whys say why a job failed and what to do.
var whys = map[job.Code]i18n.Msg{
	job.GivenUp: i18n.JobWhyGivenUp, job.Invalid: i18n.JobWhyInvalid, job.NotAllowed: i18n.JobWhyNotAllowed, job.NotFound: i18n.JobWhyNotFound,
	job.TooLarge: i18n.JobWhyTooLarge, job.Unavailable: i18n.JobWhyUnavailable, job.Broken: i18n.JobWhyBroken,
}

// span writes how long something takes.
func span(l i18n.Lang, d time.Duration) string {
	s := int64(max(d.Round(time.Second)/time.Second, 1))
	switch {
	case s < 60:
		return l.T(i18n.Seconds, s)
	case s < 3600:
		return l.T(i18n.MinutesSeconds, s/60, s%60)
	}
	return l.T(i18n.HoursMinutes, s/3600, s%3600/60)
}

// Show shows one job; the script asks for its part alone, every so often.
func (p *Pages) Show(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	x, err := p.jobs.Show(r.Context(), v.Session.Account.ID, r.PathValue("id"))
	if fault.Is(err, fault.NotFound) {
		return v.Render(w, r, http.StatusNotFound, jobPage(jobView{Page: v.Page(i18n.JobTitle), Gone: true}))
	}
	if err != nil {
		return err
	}
	view := newJobView(v.Page(i18n.JobTitle), &x, v.Lang.Text(p.jobs.Title(x.Kind)), v.Moment(), p.jobs.Keep())
	if site.Fragment(r) {
		return v.Render(w, r, http.StatusOK, jobPart(view))
	}
	return v.Render(w, r, http.StatusOK, jobPage(view))
}

// Cancel ends a job.
func (p *Pages) Cancel(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	id := r.PathValue("id")
	if err := p.jobs.Cancel(r.Context(), v.Session.Account.ID, id); err != nil {
		return gone(err)
	}
	v.Redirect(w, r, "/jobs/"+id)
	return nil
}

// gone is a job that is not there as a page that is not.
func gone(err error) error {
	if fault.Is(err, fault.NotFound) {
		return web.NotFound()
	}
	return err
}

// File gives out a job's result.
func (p *Pages) File(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	f, err := p.jobs.Open(r.Context(), v.Session.Account.ID, r.PathValue("id"))
	if err != nil {
		return gone(err)
	}
	if !plain(f.Name) {
		return fault.New(fault.Internal, "a result has a name that cannot be sent")
	}
	site.SendFile(w, f.Name, f.Type)
	w.WriteHeader(http.StatusOK)
	// An error means that the client is gone, or that the file does not end: then
	// it is cut off, and its reader sees that.
	if n, err := io.Copy(w, f.Content); err != nil || n != f.Size {
		panic(http.ErrAbortHandler)
	}
	return nil
}

// plain reports whether a name needs no quoting in a header.
func plain(name string) bool {
	return name != "" && !slices.ContainsFunc([]byte(name), func(b byte) bool {
		return b < '!' || b > '~' || b == '"' || b == '\\'
	})
}
