package operator

import (
	"context"
	"math"
	"net/http"
	"slices"
	"time"

	"dancu/internal/access"
	"dancu/internal/console/i18n"
	"dancu/internal/console/life"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/identity"
	"dancu/internal/onboarding"
	"dancu/internal/watch"
)

// The most that the page shows of each.
const (
	todayConnections = 8
	todayTasks       = 8
	todayCodes       = 8
	todayMarks       = 8
)

// today is what the page is made of.
type today struct {
	now      time.Time
	dir      *access.Directory
	lines    []line
	hours    []watch.Hour
	usual    [24]float64
	hasUsual bool
	codes    []watch.Group
	marks    []watch.Mark
	health   Health
	mine     onboarding.Duty // "" for who has no part in the life cycle
	tasks    onboarding.TaskList
	tally    []onboarding.TaskTally
	mayList  bool // the visitor sees connections one by one
}

// Today is the home of whoever runs the register: the day at a glance.
func (p *Pages) Today(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	ctx := r.Context()
	t := today{now: v.Moment(), dir: p.source.Directory(), health: p.source.Health(ctx), mayList: identity.May(v.Kind(), identity.SeeLifecycle)}
	begin, end := access.Day.Start(t.now), access.Day.End(t.now)
	var err error
	if t.lines, err = p.linesOf(ctx, t.dir); err != nil {
		return err
	}
	if t.hours, err = p.usage.Hours(ctx, watch.Scope{}, begin, end); err != nil {
		return err
	}
	if t.usual, t.hasUsual, err = p.usage.Usual(ctx, watch.Scope{}, t.now); err != nil {
		return err
	}
	if t.codes, err = p.usage.By(ctx, watch.ByCode, watch.Scope{}, begin, end); err != nil {
		return err
	}
	if t.marks, err = p.usage.Marks(ctx, "", t.now.Add(-24*time.Hour), t.now.Add(time.Minute)); err != nil {
		return err
	}
	if err := p.todaysTasks(ctx, v, &t); err != nil {
		return err
	}
	return v.Render(w, r, http.StatusOK, todayPage(newTodayView(v.Page(i18n.OpToday), &t)))
}

func (p *Pages) todaysTasks(ctx context.Context, v *site.Visit, t *today) error {
	duty, ok := life.DutyOf(v.Kind())
	if !ok {
		return nil
	}
	who, err := life.PersonOf(v)
	if err != nil {
		return err
	}
	t.mine = duty
	f := onboarding.TaskFilter{Owner: duty, Limit: todayTasks}
	if duty == onboarding.Support {
		f.Owner = "" // it has no tasks of its own: it sees everybody's
	}
	if t.tasks, err = p.office.Tasks(ctx, who, f); err != nil {
		return life.Problem(err)
	}
	if t.tally, err = p.office.Tally(ctx, who, f); err != nil {
		return life.Problem(err)
	}
	return nil
}

// todayView is the day at a glance.
type todayView struct {
	ui.Page
	Pending     string // the sums are behind; "" if they are not
	Figures     []ui.Figure
	Chart       ui.ChartOf
	Refusals    []groupRow
	Attention   []connectionRow
	More        string // address of the list of them
	Marks       []markRow
	HasTasks    bool
	Tasks       []taskRow
	TaskCount   string
	Health      []ui.Fact
	Connections bool // the visitor sees them one by one
}

// markRow is something that happened to a connection.
type markRow struct{ Time, What, Who, Href, Index string }

// taskRow is one task.
type taskRow struct {
	Due, Note                  string
	Tone                       ui.Tone
	What, Title, Href          string
	Agency, Owner, Since, Kind string
}

// lag is how many entries the sums may be behind without it being said.
const lag = 5_000

func newTodayView(p ui.Page, t *today) todayView {
	l := p.Lang
	p.Lead, p.Reload = l.T(i18n.StatusAsOf, l.Time(t.now)), true
	v := todayView{Page: p, HasTasks: t.mine != "", Connections: t.mayList}
	v.Chart = dayChart(l, "today", t.hours, t.usual, t.hasUsual, t.now)
	v.Chart.Title = l.T(i18n.OpByHourOf, l.Date(t.now))
	v.Refusals = refusalRows(l, t.codes, todayCodes)
	if behind := t.health.Size - t.health.Covered; behind > lag {
		v.Pending = l.T(i18n.OpBehind, l.Int(behind))
	}
	var sum watch.Count
	for _, h := range t.hours {
		sum.Answered, sum.Refused, sum.People = sum.Answered+h.Answered, sum.Refused+h.Refused, sum.People+h.People
	}
	active, locked := int64(0), int64(0)
	var attention []line
	for i := range t.lines {
		x := &t.lines[i]
		if x.c.State == access.Active && x.stand.Stopped == access.Allowed {
			active++
		}
		if x.locked() && x.c.State != access.Ended {
			locked++
		}
		if x.urgency(t.now) > 0 {
			attention = append(attention, *x)
		}
	}
	slices.SortStableFunc(attention, func(a, b line) int { return b.urgency(t.now) - a.urgency(t.now) })
	for i := range attention[:min(len(attention), todayConnections)] {
		v.Attention = append(v.Attention, newConnectionRow(l, &attention[i], t.now))
	}
	note := l.T(i18n.OpNoUsual)
	if t.hasUsual {
		note = l.T(i18n.OpUsualNow, l.Int(int64(math.Round(soFar(t.usual, t.now)))))
	}
	v.Figures = []ui.Figure{
		{Term: l.T(i18n.OpAnsweredToday), Value: l.Int(sum.Answered), Note: note},
		{Term: l.T(i18n.OpRefusedToday), Value: l.Int(sum.Refused), Note: refusedShare(l, sum)},
		{Term: l.T(i18n.OpPeopleToday), Value: l.Int(sum.People)},
		{Term: l.T(i18n.FigureConnections), Value: l.Int(active), Note: l.T(i18n.FigureConnectionsOf, l.Int(int64(len(t.lines))))},
		{Term: l.T(i18n.OpLockedNow), Value: l.Int(locked)},
	}
	if t.mine != "" {
		open, late := int64(0), int64(0)
		for _, x := range t.tally {
			open, late = open+x.Open, late+x.Overdue
		}
		v.TaskCount = l.T(i18n.LifeTasksCount, l.Int(open), l.Int(late))
		v.Figures = append(v.Figures, ui.Figure{Term: l.T(i18n.OpTasksLate), Value: l.Int(late), Note: l.T(i18n.OpTasksOpen, l.Int(open))})
		for i := range t.tasks.Tasks {
			task := &t.tasks.Tasks[i]
			v.Tasks = append(v.Tasks, newTaskRow(l, task, t.tasks.Matters[task.Matter], t.dir, t.tasks.Now))
		}
	}
	for _, m := range t.marks[:min(len(t.marks), todayMarks)] {
		v.Marks = append(v.Marks, newMarkRow(l, m, t.dir, t.mayList))
	}
	v.Health = healthFacts(l, &t.health)
	return v
}

func refusedShare(l i18n.Lang, n watch.Count) string {
	if n.Refused == 0 {
		return ""
	}
	return l.T(i18n.OpRefusedShare, l.Percent(n.Refused, n.Refused+n.Answered))
}

// urgency is how much attention a connection needs: 3 while it is stopped by
// itself, 2 near its limit, 1 when something ends within a month, 0 none.
func (x *line) urgency(now time.Time) int {
	switch {
	case x.c.State == access.Draft || x.c.State == access.Ended:
		return 0
	case x.stand.Stopped != access.Allowed || x.locked():
		return 3
	case x.c.Limit.WarnAt > 0 && x.share() >= x.c.Limit.WarnAt:
		return 2
	case !x.end.IsZero() && x.end.Before(now.Add(soon)):
		return 1
	}
	return 0
}

func newMarkRow(l i18n.Lang, m watch.Mark, dir *access.Directory, link bool) markRow {
	r := markRow{Time: l.Time(m.Time), What: site.EntryKind(l, m.Kind), Who: m.Connection, Index: l.Int(m.Index)}
	if c := dir.Connection(m.Connection); c != nil {
		if s := dir.System(c.System); s != nil {
			r.Who = l.Text(s.Name)
			if a := dir.Agency(s.Agency); a != nil {
				r.Who = l.Text(a.Name) + ": " + r.Who
			}
		}
		if link {
			r.Href = connectionHref(c.ID)
		}
	}
	return r
}

func newTaskRow(l i18n.Lang, t *onboarding.Task, m *onboarding.Matter, dir *access.Directory, now time.Time) taskRow {
	r := taskRow{What: life.TaskLabel(l, t.Kind), Href: life.Path(t.Matter), Owner: life.DutyName(l, t.Owner), Since: l.Time(t.Opened)}
	r.Due, r.Note, r.Tone = life.Clock(l, t, now)
	if m != nil {
		r.Title, r.Kind = life.Title(l, m), life.KindTitle(l, m.Kind)
	}
	if a := dir.Agency(t.Agency); a != nil {
		r.Agency = l.Text(a.Name)
	}
	return r
}

// healthFacts say how the log stands.
func healthFacts(l i18n.Lang, h *Health) []ui.Fact {
	badge := func(tone ui.Tone, m i18n.Msg, args ...any) ui.Fact {
		return ui.Fact{Is: ui.Badge(tone, l.T(m, args...))}
	}
	add := func(out []ui.Fact, term i18n.Msg, f ui.Fact) []ui.Fact {
		f.Term = l.T(term)
		return append(out, f)
	}
	var out []ui.Fact
	ready := badge(ui.OK, i18n.OpReady)
	if !h.Ready {
		ready = badge(ui.Bad, i18n.OpNotReady)
	}
	out = add(out, i18n.OpServing, ready)
	out = add(out, i18n.LogSize, ui.Fact{Is: ui.Two(l.T(i18n.LogSizeOf, l.Int(h.Size)), momentOr(l, h.At))})
	behind := ""
	if n := h.Size - h.Checkpoint; n > 0 && h.Checkpoint > 0 {
		behind = l.T(i18n.OpCheckpointBehind, l.Int(n))
	}
	checkpoint := l.T(i18n.OpCheckpointNone)
	if h.Checkpoint > 0 {
		checkpoint = l.T(i18n.LogSizeOf, l.Int(h.Checkpoint))
	}
	out = add(out, i18n.LogCheckpoint, ui.Fact{Is: ui.Two(checkpoint, behind)})
	out = add(out, i18n.OpChecked, ui.Fact{Is: checkFact(l, h)})
	if h.Disk > 0 {
		tone, word := ui.OK, i18n.OpRoomEnough
		switch h.Room {
		case RoomLow:
			tone, word = ui.Warn, i18n.OpRoomLow
		case RoomOut:
			tone, word = ui.Bad, i18n.OpRoomOut
		}
		out = add(out, i18n.OpRoom, ui.Fact{Is: wordFact(tone, l.T(word), l.T(i18n.OpRoomOf, gibi(l, h.Free), gibi(l, h.Disk)))})
	}
	return add(out, i18n.OpNode, ui.Fact{Is: ui.Code(h.Node)})
}

func momentOr(l i18n.Lang, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return l.Seconds(t)
}

// gibi is a number of bytes in GiB.
func gibi(l i18n.Lang, bytes uint64) string { return l.Int(int64(bytes >> 30)) }
