package console

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"dancu/internal/access"
	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/fault"
	"dancu/internal/identity"
	"dancu/internal/web"
)

// The status page is bounded, whatever the number of connections: it must stay
// within its 10 KB.
const (
	maxConnections = 40 // those that need attention first
	maxEntries     = 12
	maxMaintenance = 3
	soon           = 30 * 24 * time.Hour // how long before its end a term is pointed out
)

// statusPage shows how the system stands.
func (s *console) statusPage(w http.ResponseWriter, r *http.Request, visit *site.Visit) error {
	st, err := s.status.get(r.Context())
	if err != nil {
		// Whatever kept the source from answering, the reader sees one thing:
		// nothing is known now.
		p := web.ProblemOf(fault.Wrap(fault.Unavailable, err, "the status cannot be read now"))
		p.RetryAfter = 10 * time.Second
		return p
	}
	p := visit.Page(i18n.StatusTitle)
	p.Lead = p.Lang.T(i18n.StatusAsOf, p.Lang.Time(st.At))
	p.Reload, p.Quiet = true, true
	how := site.Shared
	if visit.Session != nil {
		how = site.Private // the shell names who is signed in
	}
	v := newStatusView(p, st)
	// Which agency is connected, how much it asks and whether it was stopped is
	// for those who run the register; everybody is told how the service stands.
	v.Detailed = visit.Identity == nil || identity.May(visit.Kind(), identity.SeeStatus)
	if visit.Identity != nil {
		v.Contacts = "/contacts"
		if identity.May(visit.Kind(), identity.SeeLifecycle) {
			v.More = "/operator/connections"
		}
	}
	return site.Send(w, r, http.StatusOK, p.Lang, how, statusPage(v))
}

// statusView is exactly what the status page shows.
type statusView struct {
	ui.Page
	Ready   bool
	Pending bool // today's counts are not known yet
	// Detailed shows connections and entries with the agencies they belong to.
	Detailed bool
	// Contacts and More are the addresses of the contact officers and of the
	// connections one by one; "" for none.
	Contacts, More string
	// Maintenance are announced windows in words.
	Maintenance []string
	Figures     []ui.Figure
	Connections []connectionView
	Total       int // connections there are
	Recent      []entryView
	Refusals    []refusalView
	Log         Log
}

// connectionView is one row of connections.
type connectionView struct {
	Agency, System, Via, ID string
	State                   string
	Tone                    ui.Tone
	Since                   string // since when locked; "" if not
	Near                    bool   // near the limit, though usable
	Usage, People, Window   string
	Scope                   string // what the numbers are of, if not of the whole connection
	Gauge                   ui.GaugeOf
	Certificate, Assessment termView
	Grants                  string

	urgency int
}

// termView is the end of a term.
type termView struct {
	Until string
	Note  string // "12 days left"; "" while the end is far
	Tone  ui.Tone
}

// entryView is one row of the newest entries.
type entryView struct {
	Index, Time, Kind, Agency string
	Result                    string
	Tone                      ui.Tone
	Code                      string
}

// refusalView is one row of refusals.
type refusalView struct {
	Title, Code, Count string
}

func newStatusView(p ui.Page, st Status) statusView {
	l := p.Lang
	v := statusView{Page: p, Ready: st.Ready, Pending: st.CountsPending, Total: len(st.Connections), Log: st.Log}
	for _, m := range st.Maintenance[:min(len(st.Maintenance), maxMaintenance)] {
		v.Maintenance = append(v.Maintenance, l.T(i18n.MaintenanceText, l.Time(m.From), l.Time(m.Until))+" "+l.Text(m.Text))
	}
	active := 0
	for _, c := range st.Connections {
		if c.Stopped == access.Allowed && c.State == access.Active {
			active++
		}
		v.Connections = append(v.Connections, newConnectionView(l, c, st.At))
	}
	order := collate.New(language.Vietnamese)
	slices.SortStableFunc(v.Connections, func(a, b connectionView) int {
		return cmp.Or(
			-cmp.Compare(a.urgency, b.urgency),
			order.CompareString(a.Agency, b.Agency),
			order.CompareString(a.System, b.System),
			cmp.Compare(a.ID, b.ID),
		)
	})
	v.Connections = v.Connections[:min(len(v.Connections), maxConnections)]

	refused := int64(0)
	counts := slices.Clone(st.Refusals)
	slices.SortFunc(counts, func(a, b Refusal) int {
		return cmp.Or(-cmp.Compare(a.Count, b.Count), cmp.Compare(a.Code, b.Code))
	})
	for _, c := range counts {
		refused += c.Count
		v.Refusals = append(v.Refusals, refusalView{Title: site.CodeTitle(l, c.Code), Code: string(c.Code), Count: l.Int(c.Count)})
	}
	for _, e := range st.Recent[:min(len(st.Recent), maxEntries)] {
		v.Recent = append(v.Recent, newEntryView(l, e))
	}
	v.Figures = []ui.Figure{
		{Term: l.T(i18n.FigureConnections), Value: l.Int(int64(active)), Note: l.T(i18n.FigureConnectionsOf, l.Int(int64(len(st.Connections))))},
		{Term: l.T(i18n.FigureCalls), Value: known(!st.CountsPending, l.Int(st.CallsToday)), Note: l.T(i18n.FigureCallsNote)},
		{Term: l.T(i18n.FigureRefusals), Value: known(!st.CountsPending, l.Int(refused)), Note: l.T(i18n.FigureRefusalsNote)},
		{Term: l.T(i18n.FigureEntries), Value: l.Int(st.Log.Size), Note: l.Time(st.Log.Time)},
		{Term: l.T(i18n.FigurePeople), Value: known(st.People >= 0, l.Int(st.People)), Note: l.T(i18n.FigurePeopleNote)},
	}
	return v
}

// known is the number, or dots while it is not known.
func known(is bool, number string) string {
	if is {
		return number
	}
	return "…"
}

func newConnectionView(l i18n.Lang, c Connection, now time.Time) connectionView {
	v := connectionView{
		Agency: l.Text(c.Agency), System: l.Text(c.System), ID: c.ID,
		Usage:       l.T(i18n.UsageOf, l.Int(c.Calls), l.Int(c.Limit.Calls)),
		Certificate: newTermView(l, c.CertificateUntil, now, i18n.NoCertificate),
		Assessment:  newTermView(l, c.AssessedUntil, now, i18n.NotAssessed),
		Grants:      l.Int(int64(c.Grants)),
	}
	if via := l.Text(c.Via); via != "" {
		v.Via = l.T(i18n.ViaIntermediary, via)
	}
	if !c.LockedAt.IsZero() {
		v.Since = l.T(i18n.StateSince, l.Time(c.LockedAt))
	}
	v.Gauge = ui.GaugeOf{Used: c.Calls, Limit: c.Limit.Calls, WarnAt: c.Limit.WarnAt}
	v.Gauge.Text = l.T(i18n.UsageAria, l.Int(c.Calls), l.Int(c.Limit.Calls),
		l.Percent(c.Calls, c.Limit.Calls), l.Percent(int64(c.Limit.WarnAt), 100))
	if c.Limit.People > 0 {
		v.People = l.T(i18n.UsagePeople, l.Int(c.People), l.Int(c.Limit.People))
	}
	switch c.Limit.Window {
	case access.Hour:
		v.Window = l.T(i18n.UsageReset, l.T(i18n.WindowHour), l.Clock(c.Reset))
	case access.Month:
		v.Window = l.T(i18n.UsageReset, l.T(i18n.WindowMonth), l.Time(c.Reset))
	default:
		v.Window = l.T(i18n.UsageReset, l.T(i18n.WindowDay), l.Clock(c.Reset))
	}
	switch c.Limit.Scope {
	case access.PerOfficer:
		v.Scope = l.T(i18n.UsagePerOfficer)
	case access.PerService:
		v.Scope = l.T(i18n.UsagePerService)
	}
	v.State, v.Tone, v.urgency = state(l, c)
	if v.Tone == ui.OK && v.Gauge.Tone() != ui.OK {
		v.Near, v.urgency = true, 2
	}
	if v.urgency == 0 && (v.Certificate.Tone != ui.Plain || v.Assessment.Tone != ui.Plain) {
		v.urgency = 1
	}
	return v
}

// state puts a connection's standing into a word, a colour, and how much
// attention it needs: 4 locked or suspended, 3 stopped otherwise, 0 active, -1
// not in use.
func state(l i18n.Lang, c Connection) (word string, tone ui.Tone, urgency int) {
	switch c.State {
	case access.Draft:
		return l.T(i18n.StateDraft), ui.Plain, -1
	case access.Ended:
		return l.T(i18n.StateEnded), ui.Plain, -1
	}
	switch c.Stopped {
	case access.Allowed:
		return l.T(i18n.StateActive), ui.OK, 0
	case access.ConnectionSuspended:
		return l.T(i18n.StateSuspended), ui.Bad, 4
	case access.ConnectionVolume:
		return l.T(i18n.StateLockedVolume), ui.Bad, 4
	case access.ConnectionPattern:
		return l.T(i18n.StateLockedPattern), ui.Bad, 4
	case access.AssessmentLapsed:
		return l.T(i18n.StateAssessmentLapsed), ui.Bad, 3
	case access.UnknownCredential:
		return l.T(i18n.StateCertificateLapsed), ui.Bad, 3
	case access.IntermediaryForbidden:
		return l.T(i18n.StateIntermediary), ui.Bad, 3
	}
	return l.T(i18n.StateStopped, site.CodeTitle(l, c.Stopped)), ui.Bad, 3
}

// newTermView words the end of a term; never is the word for none at all.
func newTermView(l i18n.Lang, until, now time.Time, never i18n.Msg) termView {
	if until.IsZero() {
		return termView{Until: l.T(never), Tone: ui.Bad}
	}
	v := termView{Until: l.Date(until)}
	left := until.Sub(now)
	switch days := int64(daysBetween(now, until)); {
	case left <= 0:
		v.Note, v.Tone = l.T(i18n.Expired), ui.Bad
	case left > soon:
	case days == 0:
		v.Note, v.Tone = l.T(i18n.ExpiresToday), ui.Bad
	case days == 1:
		v.Note, v.Tone = l.T(i18n.ExpiresInOne), ui.Warn
	default:
		v.Note, v.Tone = l.T(i18n.ExpiresIn, l.Int(days)), ui.Warn
	}
	return v
}

// daysBetween counts midnights in Việt Nam from a to b.
func daysBetween(a, b time.Time) int {
	return int(access.Day.Start(b).Sub(access.Day.Start(a)) / (24 * time.Hour))
}

func newEntryView(l i18n.Lang, e Entry) entryView {
	v := entryView{
		Index: l.Int(e.Index), Time: l.Seconds(e.Time), Kind: site.EntryKind(l, e.Kind),
		Agency: cmp.Or(l.Text(e.Agency), "–"), Code: string(e.Code),
	}
	switch {
	case e.Code != access.Allowed:
		v.Result, v.Tone = l.T(i18n.ResultRefused), ui.Warn
	case strings.HasPrefix(e.Kind, "call."):
		v.Result, v.Tone = l.T(i18n.ResultAnswered), ui.OK
	default:
		v.Result, v.Tone = l.T(i18n.ResultDone), ui.Plain
	}
	return v
}
