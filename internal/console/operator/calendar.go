package operator

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"

	"dancu/internal/access"
	"dancu/internal/console/i18n"
	"dancu/internal/console/life"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/onboarding"
	"dancu/internal/web"
)

func notFound() error { return web.NotFound() }

// maxInspections is how many matters a month is looked for in, the newest
// changed first.
const maxInspections = 5 * onboarding.MaxPage

// planned is an inspection with its days.
type planned struct {
	m           *onboarding.Matter
	from, until access.Date
}

// plannedOf reads when an inspection is planned; false if it is not yet, or if
// that is not for the visitor.
func plannedOf(m *onboarding.Matter) (planned, bool) {
	var doc struct {
		Plan struct{ From, Until access.Date }
	}
	if json.Unmarshal(m.Doc, &doc) != nil || doc.Plan.From == (access.Date{}) {
		return planned{}, false
	}
	x := planned{m: m, from: doc.Plan.From, until: doc.Plan.Until}
	if x.from.After(x.until) {
		x.until = x.from
	}
	return x, true
}

// calendarView is a month of inspections.
type calendarView struct {
	ui.Page
	Month        string
	Before, Next ui.Entry // zero where no link leads
	Choose       ui.Field
	Weekdays     []string
	Weeks        [][]dayView
	List         []inspectionRow
	Due          []taskRow
	Queue        string
}

// dayView is one day of the month; a day of the months around has no number.
type dayView struct {
	Number string
	Today  bool
	Off    bool
	Items  []ui.Entry
	More   string
}

// inspectionRow is one inspection of the month.
type inspectionRow struct {
	Days, Title, Agency, Href, State string
	Tone                             ui.Tone
}

// monthsLinked is how many months back and ahead the links lead.
const monthsLinked = 12

// maxItems is how many inspections a day of the picture names.
const maxItems = 2

// monthOf is the month that is asked for, else now's.
func monthOf(r *http.Request, now time.Time) time.Time {
	if t, err := time.ParseInLocation("2006-01", r.URL.Query().Get("month"), access.Zone); err == nil && t.Year() >= 2000 && t.Year() < 2200 {
		return t
	}
	return access.Month.Start(now)
}

// Calendar shows a month of inspections.
func (p *Pages) Calendar(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	who, err := life.PersonOf(v)
	if err != nil {
		return err
	}
	month := monthOf(r, v.Moment())
	list, err := p.inspections(r.Context(), who, month)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(queues, func(q queue) bool { return q.list == onboarding.KindInspection })
	tasks, err := p.office.Tasks(r.Context(), who, onboarding.TaskFilter{Kinds: queues[i].kinds(), DueBy: month.AddDate(0, 1, 0), Limit: todayTasks})
	if err != nil {
		return life.Problem(err)
	}
	view := newCalendarView(v.Page(i18n.OpCalendar), month, v.Moment(), list, tasks, p.source.Directory(), p.office.Working)
	return v.Render(w, r, http.StatusOK, calendarPage(view))
}

// inspections are those with a day in the month, in order.
func (p *Pages) inspections(ctx context.Context, who onboarding.Person, month time.Time) (out []planned, err error) {
	first, last := access.DateOf(month), access.DateOf(month.AddDate(0, 1, -1))
	f := onboarding.Filter{Kind: onboarding.KindInspection, Limit: onboarding.MaxPage}
	for n := 0; n < maxInspections; n += onboarding.MaxPage {
		list, err := p.office.List(ctx, who, f)
		if err != nil {
			return nil, life.Problem(err)
		}
		for _, m := range list.Matters {
			if x, ok := plannedOf(m); ok && m.State != onboarding.Cancelled && !x.from.After(last) && !first.After(x.until) {
				out = append(out, x)
			}
		}
		if f.After = list.Next; f.After == "" {
			break
		}
	}
	slices.SortStableFunc(out, func(a, b planned) int {
		switch {
		case a.from.After(b.from):
			return 1
		case b.from.After(a.from):
			return -1
		}
		return 0
	})
	return out, nil
}

func newCalendarView(page ui.Page, month, now time.Time, list []planned, tasks onboarding.TaskList, dir *access.Directory, working func(access.Date) bool) calendarView {
	l := page.Lang
	label := func(t time.Time) string { return l.T(i18n.OpMonth, int(t.Month()), t.Year()) }
	here := access.Month.Start(now)
	to := func(t time.Time) ui.Entry {
		// What is further away is chosen by its month.
		if t.Before(here.AddDate(0, -monthsLinked, 0)) || t.After(here.AddDate(0, monthsLinked, 0)) {
			return ui.Entry{}
		}
		return ui.Entry{Label: label(t), Href: "/operator/queues/inspections/calendar?month=" + t.Format("2006-01")}
	}
	page.Up = ui.Entry{Label: l.T(i18n.OpQueueInspections), Href: "/operator/queues/inspections"}
	v := calendarView{
		Page: page, Month: label(month), Before: to(month.AddDate(0, -1, 0)), Next: to(month.AddDate(0, 1, 0)),
		Choose: ui.Field{Name: "month", Label: l.T(i18n.OpMonths), Hint: l.T(i18n.OpMonthHint), Value: month.Format("2006-01"), Type: "month", Max: 7},
		Weekdays: []string{
			l.T(i18n.OpMonday), l.T(i18n.OpTuesday), l.T(i18n.OpWednesday), l.T(i18n.OpThursday), l.T(i18n.OpFriday), l.T(i18n.OpSaturday), l.T(i18n.OpSunday),
		},
	}
	// Weeks begin on Monday, as in Việt Nam.
	week := make([]dayView, (int(month.Weekday())+6)%7, 7)
	for t := month; t.Month() == month.Month(); t = t.AddDate(0, 0, 1) {
		d := access.DateOf(t)
		x := dayView{Number: strconv.Itoa(t.Day()), Today: d == access.DateOf(now), Off: !working(d)}
		for _, i := range list {
			if d == i.from || !i.from.After(d) && !d.After(i.until) && !x.Off {
				x.Items = append(x.Items, ui.Entry{Label: life.Title(l, i.m), Href: life.Path(i.m.ID)})
			}
		}
		if n := len(x.Items); n > maxItems {
			x.Items, x.More = x.Items[:maxItems], l.T(i18n.OpMore, l.Int(int64(n-maxItems)))
		}
		if week = append(week, x); len(week) == 7 {
			v.Weeks, week = append(v.Weeks, week), make([]dayView, 0, 7)
		}
	}
	if len(week) > 0 {
		v.Weeks = append(v.Weeks, append(week, make([]dayView, 7-len(week))...))
	}
	day := func(d access.Date) string {
		return l.Date(time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, access.Zone))
	}
	for _, i := range list {
		r := inspectionRow{Days: day(i.from) + " – " + day(i.until), Title: life.Title(l, i.m), Href: life.Path(i.m.ID)}
		r.State, r.Tone = life.Badge(l, i.m)
		if a := dir.Agency(i.m.Agency); a != nil {
			r.Agency = l.Text(a.Name)
		}
		v.List = append(v.List, r)
	}
	for i := range tasks.Tasks {
		t := &tasks.Tasks[i]
		v.Due = append(v.Due, newTaskRow(l, t, tasks.Matters[t.Matter], dir, tasks.Now))
	}
	return v
}
