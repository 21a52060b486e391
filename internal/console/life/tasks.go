package life

import (
	"net/http"
	"slices"
	"time"

	"dancu/internal/access"
	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/identity"
	"dancu/internal/onboarding"
)

// tasksView is what a visitor has to do.
type tasksView struct {
	ui.Page
	Tallies []tallyView
	Rows    []taskView
	Pager   ui.PagerOf
	Empty   string
	Count   string
	// Kinds lead to the lists of matters, Begin to what the visitor may open.
	Kinds, Begin []ui.Entry
	// Other is the way to everybody's tasks, or back to the own.
	Other ui.Entry
	// Kept are the forms that were begun and not sent; Done says what was saved.
	Kept []ui.KeptOf
	Done string
}

// tallyView counts the open tasks of a kind.
type tallyView struct {
	Label, Href, Open, Overdue string
	Here                       bool
}

// taskView is one task.
type taskView struct {
	What, Law, Owner, Opened, Due, Note string
	Tone                                ui.Tone
	Title, Href, Agency                 string // of the matter; "" where that is the page's own
	Done                                string
}

func newTaskView(l i18n.Lang, t *onboarding.Task, m *onboarding.Matter, dir *access.Directory, now time.Time) taskView {
	x := taskOf(t.Kind)
	v := taskView{What: l.Text(x.Label), Law: law(l, x.Law), Owner: duty(l, t.Owner), Opened: l.Time(t.Opened), Href: path(t.Matter)}
	v.Due, v.Note, v.Tone = clock(l, t, now)
	if !t.Done.IsZero() {
		v.Done = l.Time(t.Done) + " · " + t.By
	}
	if t.Agency != "" {
		v.Agency = agencyName(l, dir, t.Agency)
	}
	if m != nil {
		v.Title = title(l, m)
	}
	return v
}

// Tasks shows what the visitor has to do: what is due first stands first.
func (p *Pages) Tasks(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	who, err := person(v)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	// Support has no tasks of its own: it sees everybody's.
	all := q.Get("all") != "" || who.Duty == onboarding.Support
	f := onboarding.TaskFilter{Kind: onboarding.TaskKind(q.Get("kind")), After: q.Get("after")}
	if !all {
		f.Owner = who.Duty
	}
	list, err := p.office.Tasks(r.Context(), who, f)
	if err != nil {
		return problem(err)
	}
	tally, err := p.office.Tally(r.Context(), who, onboarding.TaskFilter{Owner: f.Owner})
	if err != nil {
		return problem(err)
	}
	view := newTasksView(v.Page(i18n.LifeTasks), v.Kind(), f, all, list, tally, p.standing.Directory())
	if view.Kept, err = v.AllKept(r); err != nil {
		return err
	}
	if q.Get("done") == "draft" {
		view.Done = v.T(i18n.KeepDone)
	}
	return v.Render(w, r, http.StatusOK, tasksPage(view))
}

func newTasksView(page ui.Page, kind identity.Kind, f onboarding.TaskFilter, all bool, list onboarding.TaskList, tally []onboarding.TaskTally, dir *access.Directory) tasksView {
	l := page.Lang
	mine, _ := DutyOf(kind)
	page.Lead = l.T(i18n.LifeTasksLead, duty(l, mine))
	every := ""
	if all {
		every = "1"
		page.Lead = l.T(i18n.LifeTasksAll)
	}
	v := tasksView{Page: page, Empty: l.T(i18n.LifeTasksNone)}
	for i := range list.Tasks {
		t := &list.Tasks[i]
		v.Rows = append(v.Rows, newTaskView(l, t, list.Matters[t.Matter], dir, list.Now))
	}
	total, late := int64(0), int64(0)
	for _, t := range tally {
		total, late = total+t.Open, late+t.Overdue
		x := tallyView{
			Label: l.Text(taskOf(t.Kind).Label), Href: site.With("/life", "kind", string(t.Kind), "all", every), Open: l.Int(t.Open),
			Here: t.Kind == f.Kind,
		}
		if t.Overdue > 0 {
			x.Overdue = l.T(i18n.LifeOverdueCount, l.Int(t.Overdue))
		}
		if x.Here {
			x.Href = site.With("/life", "all", every)
		}
		v.Tallies = append(v.Tallies, x)
	}
	v.Count = l.T(i18n.LifeTasksCount, l.Int(total), l.Int(late))
	v.Pager = pager("/life", list.Next, f.After, "kind", string(f.Kind), "all", every)
	v.Kinds, v.Begin = kindEntries(l), beginEntries(l, mine)
	switch {
	case mine == onboarding.Agency || mine == onboarding.Support:
	case all:
		v.Other = ui.Entry{Label: l.T(i18n.LifeTasksOwn), Href: "/life"}
	default:
		v.Other = ui.Entry{Label: l.T(i18n.LifeTasksEvery), Href: "/life?all=1"}
	}
	return v
}

// kindEntries lead to the lists.
func kindEntries(l i18n.Lang) (out []ui.Entry) {
	for _, k := range onboarding.Kinds() {
		out = append(out, ui.Entry{Label: l.Text(k.Many), Href: listHref(k.Kind)})
	}
	return append(out, ui.Entry{Label: l.T(i18n.LifeAllKinds), Href: listHref(anyKind)})
}

// beginEntries are the kinds of which this office opens matters by itself.
func beginEntries(l i18n.Lang, mine onboarding.Duty) (out []ui.Entry) {
	for _, k := range onboarding.Kinds() {
		if slices.Contains(k.By, mine) {
			out = append(out, ui.Entry{Label: l.Text(k.Title), Href: newHref(k.Kind)})
		}
	}
	return out
}

// pager goes on through a list whose filter stands in the address.
func pager(path, next, after string, filter ...string) (out ui.PagerOf) {
	if next != "" {
		out.Next = site.With(path, append(slices.Clone(filter), "after", next)...)
	}
	if after != "" {
		out.First = site.With(path, filter...)
	}
	return out
}
