package onboarding

import (
	"time"

	"dancu/internal/access"
)

// TaskKind is what is to be done by whom until when. The table of all is
// tasks.
type TaskKind string

// Task is something that has to be done, with its clock.
type Task struct {
	ID     string    `json:"id"`
	Kind   TaskKind  `json:"kind"`
	Matter string    `json:"matter"`
	Owner  Duty      `json:"owner"`
	Agency string    `json:"agency,omitempty"` // whose it is if the owner is an agency, else whom it concerns
	Opened time.Time `json:"opened"`
	// Due is the last moment; zero means that there is no clock.
	Due  time.Time `json:"due,omitzero"`
	Done time.Time `json:"done,omitzero"`
	// By is who did it (or dropped it), as in entries.
	By string `json:"by,omitempty"`
}

// Overdue reports whether the task is late at now, or was when it was done.
func (t *Task) Overdue(now time.Time) bool {
	if !t.Done.IsZero() {
		now = t.Done
	}
	return !t.Due.IsZero() && now.After(t.Due)
}

// TaskInfo is a kind of task.
type TaskInfo struct {
	Kind  TaskKind
	Label access.Text
	Law   string
	Owner Duty
	// Clock is the id of a clock in the catalogue; "" means that the task has
	// none, or that the act says when it is due.
	Clock string
}
