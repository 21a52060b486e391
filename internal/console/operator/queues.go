package operator

import (
	"net/http"
	"slices"

	"dancu/internal/access"
	"dancu/internal/console/i18n"
	"dancu/internal/console/life"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/onboarding"
)

// queue is a list of tasks that belong together.
type queue struct {
	name   string
	label  i18n.Msg
	list   onboarding.Kind // where all matters of it are, open and closed
	prefix []string        // of the kinds of task
}

// queues are the queues. A kind of task is in the first whose prefix it has, so
// that a new kind has its place (TestEveryTaskHasAQueue).
var queues = []queue{
	{"requests", i18n.OpQueueRequests, onboarding.KindApplication, []string{"application.", "grant.", "commitment."}},
	{"changes", i18n.OpQueueChanges, onboarding.KindChange, []string{"change."}},
	{"assessments", i18n.OpQueueAssessments, onboarding.KindAssessment, []string{"assessment.", "certificate."}},
	{"inspections", i18n.OpQueueInspections, onboarding.KindInspection, []string{"inspection."}},
	{"suspensions", i18n.OpQueueSuspensions, onboarding.KindConnection, []string{"suspension.", "connection."}},
	{"unlocks", i18n.OpQueueUnlocks, onboarding.KindConnection, []string{"lock."}},
	{"others", i18n.OpQueueOthers, "all", []string{""}},
}

// kinds are the kinds of task of a queue.
func (q *queue) kinds() (out []onboarding.TaskKind) {
	for _, t := range onboarding.TaskKinds() {
		if queueOf(t.Kind) == q {
			out = append(out, t.Kind)
		}
	}
	return out
}

func queueOf(k onboarding.TaskKind) *queue {
	for i := range queues {
		for _, p := range queues[i].prefix {
			if len(k) >= len(p) && string(k[:len(p)]) == p {
				return &queues[i]
			}
		}
	}
	return nil
}

// Who a queue is kept to.
const (
	everybody = ""
	mine      = "mine"
)

// queueView is a queue with its clocks.
type queueView struct {
	ui.Page
	Tabs        []ui.Entry
	Name        string
	Owner, Late ui.Field
	Owners      []ui.Option
	Lates       []ui.Option
	Count       string
	Rows        []taskRow
	Pager       ui.PagerOf
	All         string // address of all matters of the queue
	Calendar    string // address of the calendar; "" for none
	Export      string
}

// queueQuery is what a queue is asked for.
type queueQuery struct {
	q                  *queue
	owner, late, after string
}

func (x *queueQuery) path() string { return "/operator/queues/" + x.q.name }

func (x *queueQuery) pairs() []string { return []string{"owner", x.owner, "late", x.late} }

func (x *queueQuery) filter(v *site.Visit, who *onboarding.Person) onboarding.TaskFilter {
	f := onboarding.TaskFilter{Kinds: x.q.kinds(), After: x.after}
	if x.owner == mine {
		f.Owner = who.Duty
	} else if x.owner != everybody {
		f.Owner = onboarding.Duty(x.owner)
	}
	if x.late != "" {
		f.DueBy = v.Moment()
	}
	return f
}

func queueQueryOf(r *http.Request) (queueQuery, bool) {
	name := r.PathValue("queue")
	i := slices.IndexFunc(queues, func(q queue) bool { return q.name == name })
	if i < 0 {
		return queueQuery{}, false
	}
	q := r.URL.Query()
	return queueQuery{q: &queues[i], owner: q.Get("owner"), late: q.Get("late"), after: q.Get("after")}, true
}

// Queues leads to the first queue.
func (p *Pages) Queues(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	v.Redirect(w, r, "/operator/queues/"+queues[0].name)
	return nil
}

// Queue shows one queue: what is due first stands first.
func (p *Pages) Queue(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	x, ok := queueQueryOf(r)
	if !ok {
		return notFound()
	}
	who, err := life.PersonOf(v)
	if err != nil {
		return err
	}
	list, err := p.office.Tasks(r.Context(), who, x.filter(v, &who))
	if err != nil {
		return life.Problem(err)
	}
	tally, err := p.office.Tally(r.Context(), who, onboarding.TaskFilter{})
	if err != nil {
		return life.Problem(err)
	}
	return v.Render(w, r, http.StatusOK, queuePage(newQueueView(v.Page(i18n.OpQueues), x, list, tally, p.source.Directory())))
}

func newQueueView(page ui.Page, x queueQuery, list onboarding.TaskList, tally []onboarding.TaskTally, dir *access.Directory) queueView {
	l := page.Lang
	open, late := map[string]int64{}, map[string]int64{}
	for _, t := range tally {
		if q := queueOf(t.Kind); q != nil {
			open[q.name] += t.Open
			late[q.name] += t.Overdue
		}
	}
	v := queueView{
		Page: page, Name: l.T(x.q.label), All: life.ListPath(x.q.list), Export: site.With("/operator/queues/"+x.q.name+"/export", x.pairs()...),
		Owner: ui.Field{Name: "owner", Label: l.T(i18n.LifeOwner), Value: x.owner, More: map[string]any{"data-submit": true}},
		Late:  ui.Field{Name: "late", Label: l.T(i18n.LifeDue), Value: x.late, More: map[string]any{"data-submit": true}},
		Lates: []ui.Option{{Label: l.T(i18n.OpAny)}, {Value: "1", Label: l.T(i18n.OpLateOnly)}},
		Count: l.T(i18n.LifeTasksCount, l.Int(open[x.q.name]), l.Int(late[x.q.name])),
	}
	v.Owners = []ui.Option{{Label: l.T(i18n.OpEverybody)}, {Value: mine, Label: l.T(i18n.OpMine)}}
	for _, d := range []onboarding.Duty{onboarding.Operator, onboarding.Assessor, onboarding.Supervisor, onboarding.Inspector, onboarding.Agency} {
		v.Owners = append(v.Owners, ui.Option{Value: string(d), Label: life.Upper(life.DutyName(l, d))})
	}
	for i := range queues {
		q := &queues[i]
		label := l.T(q.label) + " (" + l.Int(open[q.name]) + ")"
		v.Tabs = append(v.Tabs, ui.Entry{Label: label, Href: "/operator/queues/" + q.name, Here: q == x.q})
	}
	if x.q.list == onboarding.KindInspection {
		v.Calendar = "/operator/queues/inspections/calendar"
	}
	if x.after != "" {
		v.Pager.First = site.With(x.path(), x.pairs()...)
	}
	if list.Next != "" {
		v.Pager.Next = site.With(x.path(), append(x.pairs(), "after", list.Next)...)
	}
	for i := range list.Tasks {
		t := &list.Tasks[i]
		v.Rows = append(v.Rows, newTaskRow(l, t, list.Matters[t.Matter], dir, list.Now))
	}
	return v
}

// maxExport is the most tasks of a file.
const maxExport = 5000

// ExportQueue gives out what a queue shows, all pages of it.
func (p *Pages) ExportQueue(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	x, ok := queueQueryOf(r)
	if !ok {
		return notFound()
	}
	who, err := life.PersonOf(v)
	if err != nil {
		return err
	}
	f := x.filter(v, &who)
	f.After, f.Limit = "", onboarding.MaxPage
	t := &site.Table{
		Name: x.q.name + "-" + v.Stamp(), Sheet: v.T(x.q.label),
		Columns: site.Columns("task", "label", "matter", "title", "agency", "owner", "opened", "due", "overdue"),
	}
	t.Rows = func(add func(...site.Cell) error) error {
		for n := 0; n < maxExport; {
			list, err := p.office.Tasks(r.Context(), who, f)
			if err != nil {
				return life.Problem(err)
			}
			for i := range list.Tasks {
				task := &list.Tasks[i]
				title, late := "", "no"
				if m := list.Matters[task.Matter]; m != nil {
					title = life.Title(v.Lang, m)
				}
				if task.Overdue(list.Now) {
					late = "yes"
				}
				cells := site.Texts(string(task.Kind), life.TaskLabel(v.Lang, task.Kind), task.Matter, title, task.Agency, string(task.Owner))
				if err := add(append(cells, site.Moment(task.Opened), site.Moment(task.Due), site.Text(late))...); err != nil {
					return err
				}
			}
			n += len(list.Tasks)
			if f.After = list.Next; f.After == "" {
				return nil
			}
		}
		return nil
	}
	return site.SendTable(w, t, site.FormatOf(r.URL.Query().Get("as")))
}
