package operator

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"dancu/internal/access"
	"dancu/internal/console/agency"
	"dancu/internal/console/i18n"
	"dancu/internal/console/life"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/ledger"
	"dancu/internal/onboarding"
	"dancu/internal/watch"
	"dancu/internal/web"
)

// ranges are the days a picture can show, defaultDays what it shows unasked.
var ranges = []int{1, 7, 30, 90}

const defaultDays = 7

// The most that the page shows of each.
const (
	oneEntries = 15
	oneMatters = 20
	oneGroups  = 8
)

// one is what the page of a connection is made of.
type one struct {
	now      time.Time
	days     int
	line     line
	sight    *onboarding.Sight
	caller   *access.System
	hours    []watch.Hour
	marks    []watch.Mark
	by       map[watch.Dimension][]watch.Group
	officers map[string]int64
	entries  []ledger.Line
}

// Connection shows everything about one connection. What it costs does not grow
// with the log: each part is one reading of what is bounded.
func (p *Pages) Connection(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	ctx, id := r.Context(), r.PathValue("id")
	o := one{now: v.Moment(), days: defaultDays, by: map[watch.Dimension][]watch.Group{}}
	if n, err := strconv.Atoi(r.URL.Query().Get("days")); err == nil && slices.Contains(ranges, n) {
		o.days = n
	}
	who, err := life.PersonOf(v)
	if err != nil {
		return err
	}
	if o.sight, err = p.office.See(ctx, who, onboarding.MatterOf(onboarding.KindConnection, id)); err != nil {
		return life.Problem(err)
	}
	if o.sight.Connection == nil {
		return web.NotFound()
	}
	if err := p.gather(ctx, v, &o); err != nil {
		return err
	}
	return v.Render(w, r, http.StatusOK, onePage(newOneView(v.Page(i18n.OpConnection), &o)))
}

// gather reads what the areas know of the connection.
func (p *Pages) gather(ctx context.Context, v *site.Visit, o *one) (err error) {
	c, dir := o.sight.Connection, o.sight.Dir
	used, err := p.source.Used(ctx, c)
	if err != nil {
		return err
	}
	o.line = newLine(dir, c, p.source.Stands(dir)[c.ID], used[c.ID])
	if o.caller = dir.System(c.System); c.Via != "" {
		o.caller = dir.System(c.Via)
	}
	from, until := access.Day.Start(o.now).AddDate(0, 0, 1-o.days), access.Day.End(o.now)
	scope := watch.Scope{Connection: c.ID}
	if o.hours, err = p.usage.Hours(ctx, scope, from, until); err != nil {
		return err
	}
	if o.marks, err = p.usage.Marks(ctx, c.ID, from, until); err != nil {
		return err
	}
	for _, d := range []watch.Dimension{watch.ByProcedure, watch.ByService, watch.ByCode} {
		if o.by[d], err = p.usage.By(ctx, d, scope, from, until); err != nil {
			return err
		}
	}
	if o.officers, err = v.Identity.OfficersOn(ctx, o.line.agencyID, c.ID); err != nil {
		return err
	}
	o.entries, err = p.log.RecentOf(ctx, c.ID, oneEntries)
	return err
}

// oneView is everything about one connection.
type oneView struct {
	ui.Page
	State       string
	Tone        ui.Tone
	Lock        string
	Usage       string
	People      string
	Gauge       ui.GaugeOf
	Acts        []ui.Entry
	Links       []ui.Entry
	Facts       []ui.Fact
	Gates       []gateView
	Tasks       []taskRow
	Ranges      []ui.Entry
	Chart       ui.ChartOf
	Procedures  []groupRow
	Services    []groupRow
	Refusals    []groupRow
	Grants      []grantView
	Keys        []keyView
	Assessments []matterRow
	Documents   []matterRow
	Matters     []matterRow
	More        string // address of all matters
	Officers    string
	Entries     []entryRow
	Marks       []markRow
}

// gateView is one condition that must hold.
type gateView struct {
	Label, Why, Law, Href string
	Green                 bool
}

// grantView is a grant.
type grantView struct {
	Service, Procedures, Fields, Limits, Officers string
	Until                                         termView
	From, Law                                     string
	Over                                          bool
}

// keyView is a certificate.
type keyView struct {
	SHA256, From, Represents string
	Until                    termView
	Over                     bool
}

// matterRow is a matter of the life cycle.
type matterRow struct {
	Kind, Title, Href, State, Changed string
	Tone                              ui.Tone
}

// entryRow is an entry's plain columns.
type entryRow struct {
	Index, Time, Kind, Result, Code string
	Tone                            ui.Tone
}

func newOneView(p ui.Page, o *one) oneView {
	l, c, m := p.Lang, o.sight.Connection, o.sight.Matter
	p.Title = l.Text(o.line.system)
	if p.Title == "" {
		p.Title = c.ID
	}
	p.Lead = l.Text(o.line.agency)
	p.Up = ui.Entry{Label: l.T(i18n.OpConnections), Href: "/operator/connections"}
	v := oneView{
		Page: p, Usage: l.T(i18n.UsageOf, l.Int(o.line.used.Calls), l.Int(c.Limit.Calls)), Gauge: gauge(l, &o.line),
		Facts: oneFacts(l, o), More: site.With("/life/all/", "q", c.System),
		Chart: rangeChart(l, c.Limit, o.hours, o.marks, o.days, o.now),
	}
	v.State, v.Tone = state(l, c, o.line.stand.Stopped)
	if o.line.locked() {
		v.Lock = l.T(i18n.LifeLocked, site.CodeTitle(l, lockCode(c.Lock.By)), l.Time(c.Lock.Since))
	}
	if c.Limit.People > 0 {
		v.People = l.T(i18n.UsagePeople, l.Int(o.line.used.People), l.Int(c.Limit.People))
	}
	for _, r := range o.sight.Can {
		v.Acts = append(v.Acts, ui.Entry{Label: l.Text(r.Label), Href: life.ActPath(m.ID, r.Name)})
	}
	v.Links = []ui.Entry{
		{Label: l.T(i18n.OpMatter), Href: life.Path(m.ID)},
		{Label: l.T(i18n.LifeSystem), Href: life.Path(onboarding.MatterOf(onboarding.KindSystem, c.System))},
	}
	if o.line.agencyID != "" {
		v.Links = append(v.Links, ui.Entry{Label: l.T(i18n.LifeAgency), Href: life.Path(onboarding.MatterOf(onboarding.KindAgency, o.line.agencyID))})
	}
	for _, g := range o.sight.Gates {
		x := gateView{Label: l.Text(g.Label), Why: life.Upper(l.Text(g.Why)), Law: life.Law(l, g.Law), Green: g.Green}
		if g.Matter != "" {
			x.Href = life.Path(g.Matter)
		}
		v.Gates = append(v.Gates, x)
	}
	for i := range o.sight.Tasks {
		if t := &o.sight.Tasks[i]; t.Done.IsZero() {
			v.Tasks = append(v.Tasks, newTaskRow(l, t, m, o.sight.Dir, o.sight.Now))
		}
	}
	for _, n := range ranges {
		label := l.T(i18n.OpDays, l.Int(int64(n)))
		if n == 1 {
			label = l.T(i18n.OpToday)
		}
		v.Ranges = append(v.Ranges, ui.Entry{Label: label, Href: connectionHref(c.ID) + "?days=" + strconv.Itoa(n) + "#usage-days", Here: n == o.days})
	}
	itself := func(key string) (string, string) {
		if key == "" {
			return l.T(i18n.OpNone), ""
		}
		return key, ""
	}
	v.Procedures = groupRows(l, o.by[watch.ByProcedure], oneGroups, itself)
	v.Services = groupRows(l, o.by[watch.ByService], oneGroups, func(key string) (string, string) {
		if s, ok := access.ParseService(key); ok {
			return agency.ServiceName(l, s), ""
		}
		return itself(key)
	})
	v.Refusals = refusalRows(l, o.by[watch.ByCode], oneGroups)
	v.Officers = l.T(i18n.OpOfficers, l.Int(o.officers[""]))
	for i := range c.Grants {
		v.Grants = append(v.Grants, newGrantView(l, &c.Grants[i], o.officers, o.now))
	}
	v.Keys = keyViews(l, o)
	v.relate(l, o.sight.Related)
	for _, e := range o.entries {
		v.Entries = append(v.Entries, newEntryRow(l, e))
	}
	for _, x := range o.marks[:min(len(o.marks), oneEntries)] {
		v.Marks = append(v.Marks, newMarkRow(l, x, o.sight.Dir, false))
	}
	return v
}

// lockCode is the code with which calls over a locked connection are refused.
func lockCode(by access.LockKind) access.Code {
	if by == access.LockedVolume {
		return access.ConnectionVolume
	}
	return access.ConnectionPattern
}

// relate sorts the matters about the connection's system into assessments,
// documents to be signed, and the rest.
func (v *oneView) relate(l i18n.Lang, list []*onboarding.Matter) {
	for _, m := range list {
		r := matterRow{Kind: life.KindTitle(l, m.Kind), Title: life.Title(l, m), Href: life.Path(m.ID), Changed: l.Time(m.Changed)}
		r.State, r.Tone = life.Badge(l, m)
		to := &v.Matters
		switch m.Kind {
		case onboarding.KindAssessment:
			to = &v.Assessments
		case onboarding.KindCommitment, onboarding.KindApplication:
			to = &v.Documents
		}
		if len(*to) < oneMatters {
			*to = append(*to, r)
		}
	}
}

func oneFacts(l i18n.Lang, o *one) (out []ui.Fact) {
	c := o.sight.Connection
	add := func(term i18n.Msg, text string) {
		if text != "" {
			out = append(out, ui.Fact{Term: l.T(term), Is: ui.Lines(text)})
		}
	}
	out = append(out, ui.Fact{Term: l.T(i18n.LifeConnection), Is: ui.Code(c.ID)})
	add(i18n.LifeCode, o.line.code)
	add(i18n.LifeVia, l.Text(o.line.via))
	add(i18n.LifeLevel, number(o.line.level))
	limit := l.T(i18n.LifeCalls, l.Int(c.Limit.Calls))
	add(i18n.LifeLimit, limit+" "+l.T(windowWords[c.Limit.Window]))
	term := func(term i18n.Msg, t time.Time) {
		x := newTerm(l, t, o.now)
		out = append(out, ui.Fact{Term: l.T(term), Is: endCell(x, "")})
	}
	term(i18n.OpEndAssessment, c.AssessedUntil)
	term(i18n.OpEndCertificate, o.line.stand.CertificateUntil)
	if !c.CommittedUntil.IsZero() {
		term(i18n.OpEndCommitment, c.CommittedUntil)
	}
	add(i18n.LifeViolation, c.Violation)
	add(i18n.LifeRemedy, c.Remedy)
	return out
}

var windowWords = map[access.Window]i18n.Msg{access.Hour: i18n.OpPerHour, access.Day: i18n.OpPerDay, access.Month: i18n.OpPerMonth}

// maxProcedures is how many procedures of a grant are named.
const maxProcedures = 6

func newGrantView(l i18n.Lang, g *access.Grant, officers map[string]int64, now time.Time) grantView {
	v := grantView{
		Service: agency.ServiceName(l, g.Service), From: l.Date(g.From), Until: newTerm(l, g.Until, now), Law: l.Text(g.LegalBasis),
		Officers: l.Int(officers[g.ID]), Over: !now.Before(g.Until),
	}
	n := len(g.Procedures)
	v.Procedures = join(g.Procedures[:min(n, maxProcedures)])
	if n > maxProcedures {
		v.Procedures += " " + l.T(i18n.OpMore, l.Int(int64(n-maxProcedures)))
	}
	var fields []string
	for f := range g.Fields.All() {
		if f < access.NumFields {
			fields = append(fields, l.Text(access.Text{VI: access.Fields[f].VI, EN: access.Fields[f].EN}))
		}
	}
	v.Fields = join(fields)
	if g.Quota > 0 {
		v.Limits = l.T(i18n.LifeCalls, l.Int(g.Quota))
	}
	return v
}

func join(list []string) string {
	out := ""
	for i, s := range list {
		if i > 0 {
			out += ", "
		}
		out += s
	}
	return out
}

// keyViews are the certificates that the connection's calls can come with, the
// last to end first.
func keyViews(l i18n.Lang, o *one) (out []keyView) {
	if o.caller == nil {
		return nil
	}
	c := o.sight.Connection
	list := slices.Clone(o.caller.Credentials)
	slices.SortFunc(list, func(a, b access.Credential) int { return b.NotAfter.Compare(a.NotAfter) })
	for _, k := range list {
		if c.Via != "" && k.Represents != "" && k.Represents != c.System {
			continue
		}
		out = append(out, keyView{SHA256: k.SHA256, From: l.Date(k.NotBefore), Until: newTerm(l, k.NotAfter, o.now), Represents: k.Represents, Over: o.now.After(k.NotAfter)})
		if len(out) == oneMatters {
			break
		}
	}
	return out
}

func newEntryRow(l i18n.Lang, e ledger.Line) entryRow {
	r := entryRow{Index: l.Int(e.Index), Time: l.Seconds(e.Time), Kind: site.EntryKind(l, e.Kind), Result: l.T(i18n.ResultDone)}
	switch {
	case e.Code != "":
		r.Result, r.Code, r.Tone = site.CodeTitle(l, access.Code(e.Code)), e.Code, ui.Bad
	case len(e.Kind) > 5 && e.Kind[:5] == "call.":
		r.Result, r.Tone = l.T(i18n.ResultAnswered), ui.OK
	}
	return r
}
