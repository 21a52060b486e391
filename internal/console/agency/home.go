package agency

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"dancu/internal/access"
	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/onboarding"
)

// Left is what a connection has used of its volume limit, exactly: the counters
// of the gate.
type Left struct {
	// Calls and People are those of whichever the limit is counted by and has
	// used most: the connection, an officer, a service.
	Calls, People int64
	// Reset is when the window ends.
	Reset time.Time
}

// The most that the home page shows of each; the rest is a click away.
const (
	homeTasks    = 8
	homeUnderWay = 6
	homeMatters  = 30
)

// homeView is where an agency's administrator begins.
type homeView struct {
	ui.Page
	Done  string
	Stops []stopView
	// Tasks are the agency's to do; More is how many there are besides.
	Tasks []ui.Step
	More  string
	// UnderWay is what others do, or somebody has begun.
	UnderWay []ui.Step
	// Setup are the conditions of connections that are not active yet.
	Setup  []setupView
	Quotas []quotaView
	Ends   []ui.Step
	News   []newsView
	Kept   []ui.KeptOf
	Ways   []ui.Entry
}

// stopView is a connection that answers nothing now, and the way forward.
type stopView struct {
	Title, Why, Since, Law, Next string
	Way                          ui.Entry
}

// setupView is a connection on its way to its first call.
type setupView struct {
	Title, Note string
	Steps       []ui.Step
}

// quotaView is what is left of one connection's limit.
type quotaView struct {
	Name, Href, Text, People string
	Gauge                    ui.GaugeOf
}

// newsView is something announced.
type newsView struct {
	Title, Text string
	Tone        ui.Tone
}

// own are the agency's connections that have not ended, in the order of their
// ids.
func own(dir *access.Directory, agency string) (out []*access.Connection) {
	for c := range dir.Connections() {
		if s := dir.System(c.System); s != nil && s.Agency == agency && c.State != access.Ended {
			out = append(out, c)
		}
	}
	return out
}

// nameOf is how a connection is called: by its system.
func nameOf(l i18n.Lang, dir *access.Directory, c *access.Connection) string {
	if s := dir.System(c.System); s != nil {
		return cmp.Or(l.Text(s.Name), c.ID)
	}
	return c.ID
}

func matterHref(kind onboarding.Kind, id string) string {
	return "/life/" + onboarding.MatterOf(kind, id)
}

// Home is where an agency's administrator begins: what is wrong, what there is
// to do, who else must act, and what runs out.
func (p *Pages) Home(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	who, err := p.cfg.Person(v)
	if err != nil {
		return err
	}
	now, dir, l := v.Moment(), p.cfg.Standing.Directory(), v.Lang
	view := newHomeView(v.Page(i18n.HomeTitle), dir, who.Agency)
	if r.URL.Query().Get("done") == "draft" {
		view.Done = v.T(i18n.KeepDone)
	}
	connections := own(dir, who.Agency)
	for _, c := range connections {
		if s, stopped := newStop(l, dir, c, now); stopped {
			view.Stops = append(view.Stops, s)
		}
		left, err := p.cfg.Left(r.Context(), c)
		if err != nil {
			return err
		}
		view.Quotas = append(view.Quotas, newQuotaView(l, dir, c, left))
	}
	view.Ends = newEnds(l, dir, connections, now)
	view.News = newNews(l, dir, now)
	tasks, err := p.cfg.Office.Tasks(r.Context(), who, onboarding.TaskFilter{Limit: onboarding.MaxPage})
	if err != nil {
		return err
	}
	view.tasks(&tasks)
	if err := p.underWay(r.Context(), &view, who, dir, connections); err != nil {
		return err
	}
	if view.Kept, err = v.AllKept(r); err != nil {
		return err
	}
	return v.Render(w, r, http.StatusOK, homePage(view))
}

func newHomeView(page ui.Page, dir *access.Directory, agency string) homeView {
	l := page.Lang
	if a := dir.Agency(agency); a != nil {
		page.Title = cmp.Or(l.Text(a.Name), page.Title)
	}
	page.Lead = l.T(i18n.HomeLead)
	v := homeView{Page: page}
	for _, x := range []struct {
		label i18n.Msg
		href  string
	}{
		{i18n.HomeCertificates, "/agency/certificates"},
		{i18n.HomeApply, "/life/new/application"},
		{i18n.HomeApplications, "/life/application/"},
		{i18n.HomeChange, "/life/new/change"},
		{i18n.HomeChanges, "/life/change/"},
		{i18n.HomeUndertakings, "/life/commitment/"},
		{i18n.HomeAssessments, "/life/assessment/"},
		{i18n.HomeInspections, "/life/inspection/"},
		{i18n.HomeIncident, "/life/new/incident"},
		{i18n.HomeBreach, "/life/new/breach"},
		{i18n.BoardTitle, "/agency/board"},
		{i18n.NoticesOwn, "/agency/notices"},
		{i18n.GuideWriteTitle, "/agency/guide"},
		{i18n.MenuReview, "/agency/review"},
		{i18n.MenuProvider, "/agency/provider"},
	} {
		v.Ways = append(v.Ways, ui.Entry{Label: l.T(x.label), Href: x.href})
	}
	return v
}

// stopOf is the code that every call on the connection is refused with now,
// whatever it asks; access.Allowed if there is none.
func stopOf(dir *access.Directory, c *access.Connection, now time.Time) access.Code {
	s := dir.StandingOf(c.ID)
	d := access.Decide(&s, &access.Request{Channel: access.ChannelPortal}, now)
	for _, r := range d.Reasons {
		switch r.Code {
		case access.ConnectionNotActive, access.ConnectionSuspended, access.ConnectionVolume, access.ConnectionPattern, access.AssessmentLapsed:
			return r.Code
		default:
		}
	}
	return access.Allowed
}

// newStop says why a connection answers nothing, under which provision, and
// what the agency can do about it.
func newStop(l i18n.Lang, dir *access.Directory, c *access.Connection, now time.Time) (stopView, bool) {
	code := stopOf(dir, c, now)
	info, ok := code.Info()
	if code == access.Allowed || !ok {
		return stopView{}, false
	}
	v := stopView{
		Title: l.T(i18n.HomeStop, nameOf(l, dir, c), l.Text(info.Title)), Why: l.Text(info.Cause), Law: l.Text(info.Legal),
		Way: ui.Entry{Label: l.T(i18n.HomeSeeConnection), Href: matterHref(onboarding.KindConnection, c.ID)},
	}
	switch code {
	case access.ConnectionSuspended:
		v.Why = cmp.Or(c.Violation, v.Why)
		v.Next = cmp.Or(c.Remedy, l.T(i18n.HomeNextSuspended))
		if c.WhoSuspended() == access.ByRegister {
			v.Way = ui.Entry{Label: l.T(i18n.HomeRemedied), Href: matterHref(onboarding.KindConnection, c.ID) + "/act/remedied"}
		}
	case access.ConnectionVolume:
		v.Since, v.Next = l.T(i18n.HomeLockedSince, l.Time(c.Lock.Since)), l.T(i18n.HomeNextVolume, l.Int(c.Limit.Calls))
		v.Why = cmp.Or(c.Lock.Reason, v.Why)
	case access.ConnectionPattern:
		v.Since, v.Next = l.T(i18n.HomeLockedSince, l.Time(c.Lock.Since)), l.T(i18n.HomeNextPattern)
		v.Why = cmp.Or(c.Lock.Reason, v.Why)
	case access.AssessmentLapsed:
		v.Next = l.T(i18n.HomeNextAssess)
		v.Way = ui.Entry{Label: l.T(i18n.HomeAskAssess), Href: site.With("/life/new/assessment", "system", c.System)}
	default:
		if c.State == access.Active { // the undertaking has ended
			v.Why, v.Next = l.T(i18n.HomeWhyCommitment, l.Date(c.CommittedUntil)), l.T(i18n.HomeNextCommitment)
			v.Way = ui.Entry{Label: l.T(i18n.HomeSignCommitment), Href: site.With("/life/new/commitment", "system", c.System)}
			break
		}
		return stopView{}, false // not active yet: its conditions are shown instead
	}
	return v, true
}

func newQuotaView(l i18n.Lang, dir *access.Directory, c *access.Connection, left Left) quotaView {
	rest := max(c.Limit.Calls-left.Calls, 0)
	v := quotaView{
		Name: nameOf(l, dir, c), Href: site.With("/agency/usage", "connection", c.ID),
		Text:  l.T(i18n.HomeQuotaLeft, l.Int(rest), l.Int(c.Limit.Calls), l.Time(left.Reset)),
		Gauge: ui.GaugeOf{Used: left.Calls, Limit: c.Limit.Calls, WarnAt: c.Limit.WarnAt, Text: l.T(i18n.QuotaText, l.Int(left.Calls), l.Int(c.Limit.Calls), l.Time(left.Reset))},
	}
	switch c.Limit.Scope {
	case access.PerOfficer:
		v.Text += " " + l.T(i18n.HomeQuotaOfficer)
	case access.PerService:
		v.Text += " " + l.T(i18n.HomeQuotaService)
	default:
	}
	if c.Limit.People > 0 {
		v.People = l.T(i18n.HomeQuotaPeople, l.Int(max(c.Limit.People-left.People, 0)), l.Int(c.Limit.People))
	}
	return v
}

// The days before an end at which it is shown, pressed and urgent.
const (
	endShown  = 60
	endSoon   = 30
	endUrgent = 7
)

// newEnds are what runs out within 60 days or has run out: certificates,
// assessments, undertakings, grants; what ends first stands first.
func newEnds(l i18n.Lang, dir *access.Directory, connections []*access.Connection, now time.Time) []ui.Step {
	type end struct {
		at   time.Time
		step ui.Step
	}
	var ends []end
	add := func(at time.Time, label string, href string) {
		if at.IsZero() {
			return
		}
		days := daysTo(now, at)
		if days > endShown {
			return
		}
		s := ui.Step{Label: label, Href: href, Note: l.T(i18n.HomeEndsAt, l.Date(at)), Word: l.T(i18n.HomeEndsIn, l.Int(int64(days)))}
		switch {
		case !now.Before(at):
			s.Tone, s.Word = ui.Bad, l.T(i18n.HomeEnded)
		case days <= endUrgent:
			s.Tone = ui.Bad
		case days <= endSoon:
			s.Tone = ui.Warn
		}
		ends = append(ends, end{at, s})
	}
	seen := map[string]bool{}
	for _, c := range connections {
		name := nameOf(l, dir, c)
		add(c.AssessedUntil, l.T(i18n.HomeEndAssessment, name), site.With("/life/new/assessment", "system", c.System))
		add(c.CommittedUntil, l.T(i18n.HomeEndCommitment, name), site.With("/life/new/commitment", "system", c.System))
		for i := range c.Grants {
			g := &c.Grants[i]
			add(g.Until, l.T(i18n.HomeEndGrant, ServiceName(l, g.Service), name), site.With("/life/new/application", "connection", c.ID))
		}
		if s := dir.System(c.System); s != nil && c.Via == "" && !seen[s.ID] {
			seen[s.ID] = true
			add(lastCertificate(s, now), l.T(i18n.HomeEndCertificate, name), "/agency/certificates")
		}
	}
	slices.SortStableFunc(ends, func(a, b end) int { return a.at.Compare(b.at) })
	out := make([]ui.Step, len(ends))
	for i := range ends {
		out[i] = ends[i].step
	}
	return out
}

// daysTo is in how many calendar days a moment comes; below zero when it has
// gone by.
func daysTo(now, at time.Time) int {
	return int(access.Day.Start(at).Sub(access.Day.Start(now)) / (24 * time.Hour))
}

// lastCertificate is when the last certificate ends that a system calls with;
// the zero time if it has none.
func lastCertificate(s *access.System, _ time.Time) (last time.Time) {
	for i := range s.Credentials {
		if s.Credentials[i].NotAfter.After(last) {
			last = s.Credentials[i].NotAfter
		}
	}
	return last
}

// newNews are the maintenance windows that are not over.
func newNews(l i18n.Lang, dir *access.Directory, now time.Time) (out []newsView) {
	for _, m := range dir.StandingOf("").Maintenance {
		if !m.Until.After(now) {
			continue
		}
		n := newsView{Title: l.T(i18n.HomeMaintenance, l.Time(m.From), l.Time(m.Until)), Text: l.Text(m.Text)}
		if !now.Before(m.From) {
			n.Tone = ui.Warn
		}
		out = append(out, n)
	}
	return out
}

// tasks lists what the agency has to do.
func (v *homeView) tasks(list *onboarding.TaskList) {
	l := v.Lang
	for i := range list.Tasks {
		if i == homeTasks {
			v.More = l.T(i18n.HomeMoreTasks, l.Int(int64(len(list.Tasks)-homeTasks)))
			break
		}
		t := &list.Tasks[i]
		s := ui.Step{Label: taskLabel(l, t.Kind), Href: "/life/" + t.Matter, Note: l.T(i18n.HomeSince, l.Date(t.Opened))}
		if m := list.Matters[t.Matter]; m != nil && m.Title != "" {
			s.Note = m.Title + " · " + s.Note
		}
		s.Word, s.Tone = due(l, t.Due, list.Now)
		v.Tasks = append(v.Tasks, s)
	}
}

// due says when something is due.
func due(l i18n.Lang, at, now time.Time) (string, ui.Tone) {
	switch days := daysTo(now, at); {
	case at.IsZero():
		return l.T(i18n.LifeNoClock), ui.Plain
	case now.After(at):
		return l.T(i18n.LifeOverdue), ui.Bad
	case days == 0:
		return l.T(i18n.LifeDueToday), ui.Warn
	case days <= 3:
		return l.T(i18n.LifeDueIn, l.Int(int64(days))), ui.Warn
	default:
		return l.T(i18n.LifeDueIn, l.Int(int64(days))), ui.Plain
	}
}

func taskLabel(l i18n.Lang, k onboarding.TaskKind) string {
	for _, t := range onboarding.TaskKinds() {
		if t.Kind == k {
			return l.Text(t.Label)
		}
	}
	return string(k)
}

func kindOf(k onboarding.Kind) *onboarding.KindInfo {
	for _, i := range onboarding.Kinds() {
		if i.Kind == k {
			return i
		}
	}
	return nil
}

// underWay adds the open matters, each with who must act and since when, and the
// conditions of connections that are not active yet.
func (p *Pages) underWay(ctx context.Context, view *homeView, who onboarding.Person, dir *access.Directory, connections []*access.Connection) error {
	list, err := p.cfg.Office.List(ctx, who, onboarding.Filter{Open: true, Limit: homeMatters})
	if err != nil {
		return err
	}
	for _, m := range list.Matters {
		switch m.Kind {
		case onboarding.KindAgency, onboarding.KindSystem, onboarding.KindConnection, onboarding.KindMaintenance:
			continue
		default:
		}
		if len(view.UnderWay) == homeUnderWay {
			break
		}
		s, err := p.cfg.Office.See(ctx, who, m.ID)
		if err != nil {
			return err
		}
		view.UnderWay = append(view.UnderWay, newUnderWay(view.Lang, s))
	}
	for _, c := range connections {
		if c.State == access.Active || c.State == access.Suspended || len(view.Setup) == homeUnderWay {
			continue
		}
		s, err := p.cfg.Office.See(ctx, who, onboarding.MatterOf(onboarding.KindConnection, c.ID))
		if err != nil {
			return err
		}
		view.Setup = append(view.Setup, newSetup(view.Lang, nameOf(view.Lang, dir, c), s))
	}
	return nil
}

// newUnderWay is a matter with who must act.
func newUnderWay(l i18n.Lang, s *onboarding.Sight) ui.Step {
	m := s.Matter
	out := ui.Step{Label: m.Title, Href: "/life/" + m.ID, Word: string(m.State)}
	if k := kindOf(m.Kind); k != nil {
		info := k.State(m.State)
		out.Word = capital(l.Text(info.Label))
		if kind := l.Text(k.Title); out.Label == "" {
			out.Label = kind
		} else if !strings.Contains(out.Label, kind) {
			out.Label = kind + ": " + out.Label
		}
	}
	out.Note = l.T(i18n.HomeChanged, l.Date(m.Changed))
	for i := range s.Tasks {
		t := &s.Tasks[i]
		if !t.Done.IsZero() {
			continue
		}
		out.Note = l.T(i18n.HomeActs, capital(l.Text(t.Owner.Label())), l.Date(t.Opened))
		if t.Overdue(s.Now) {
			out.Tone = ui.Bad
		} else if t.Owner == onboarding.Agency {
			out.Tone = ui.Warn
		}
		break
	}
	return out
}

// newSetup is a connection's way to its first call, condition by condition.
func newSetup(l i18n.Lang, name string, s *onboarding.Sight) setupView {
	v := setupView{Title: l.T(i18n.HomeSetup, name)}
	green := 0
	for i := range s.Gates {
		g := &s.Gates[i]
		step := ui.Step{Label: l.Text(g.Label), Note: l.Text(g.Why), Word: l.T(i18n.HomeGateOpen), Tone: ui.Warn}
		if g.Matter != "" {
			step.Href = "/life/" + g.Matter
		}
		if g.Green {
			green++
			step.Word, step.Tone = l.T(i18n.HomeGateGreen), ui.OK
		}
		v.Steps = append(v.Steps, step)
	}
	v.Note = l.T(i18n.HomeGates, l.Int(int64(green)), l.Int(int64(len(s.Gates))))
	if green == len(s.Gates) {
		v.Note = l.T(i18n.HomeGatesAll)
	}
	return v
}

// capital begins a label with a capital letter.
func capital(s string) string {
	for i, r := range s {
		if i == 0 {
			return strings.ToUpper(string(r)) + s[len(string(r)):]
		}
	}
	return s
}
