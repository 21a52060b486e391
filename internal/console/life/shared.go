package life

import (
	"time"

	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/identity"
	"dancu/internal/onboarding"
)

// What pages of other packages say of the life cycle, in the same words.

// PersonOf is the visitor as the office knows them; an error if their kind of
// account has no part in the life cycle.
func PersonOf(v *site.Visit) (onboarding.Person, error) { return person(v) }

// Problem is an error of the office as a page's problem.
func Problem(err error) error { return problem(err) }

// TaskLabel is the name of a kind of task.
func TaskLabel(l i18n.Lang, k onboarding.TaskKind) string { return l.Text(taskOf(k).Label) }

// Clock says when a task is due and how that stands at now.
func Clock(l i18n.Lang, t *onboarding.Task, now time.Time) (due, note string, tone ui.Tone) {
	return clock(l, t, now)
}

// DutyName is the name of an office.
func DutyName(l i18n.Lang, d onboarding.Duty) string { return duty(l, d) }

// Badge is a matter's state in a word and a colour.
func Badge(l i18n.Lang, m *onboarding.Matter) (word string, tone ui.Tone) { return badge(l, m) }

// Title is how a matter is called.
func Title(l i18n.Lang, m *onboarding.Matter) string { return title(l, m) }

// KindTitle is the name of a kind of matter.
func KindTitle(l i18n.Lang, k onboarding.Kind) string {
	if info := infoOf(k); info != nil {
		return l.Text(info.Title)
	}
	return string(k)
}

// Law is a provision as people write it.
func Law(l i18n.Lang, s string) string { return law(l, s) }

// Upper begins a label with a capital letter.
func Upper(s string) string { return upper(s) }

// Path is the address of a matter's page.
func Path(id string) string { return path(id) }

// ActPath is the address of an act on a matter.
func ActPath(id, act string) string { return path(id) + "/act/" + act }

// ListPath is the address of the list of a kind of matter.
func ListPath(k onboarding.Kind) string { return listHref(k) }

// SampleTasks are made-up tasks, for the samples of pages that show the life
// cycle beside their own.
func SampleTasks() (onboarding.TaskList, []onboarding.TaskTally) { return sampleTasks() }

// SampleConnection is a made-up connection in that state, as a supervisor sees
// it.
func SampleConnection(state onboarding.State) *onboarding.Sight {
	s := sampleConnection(state)
	s.Can = sampleCan(s.Matter, identity.Supervisor)
	return s
}
