package onboarding

import (
	"context"
	"fmt"

	"dancu/internal/access"
	"dancu/internal/db"
)

// TaskTally counts the open tasks of a kind.
type TaskTally struct {
	Kind    TaskKind `json:"kind"`
	Open    int64    `json:"open"`
	Overdue int64    `json:"overdue"`
}

// Tally counts the open tasks that [Onboarding.Tasks] would list, by kind, in
// the order of the table of tasks. Of the filter only Owner and Agency are
// heard.
func (o *Onboarding) Tally(ctx context.Context, by Person, f TaskFilter) (out []TaskTally, err error) {
	q, err := by.tasks(f)
	if err != nil {
		return nil, err
	}
	now := o.main.Clock().UTC()
	err = o.main.Read(ctx, func(tx *db.Tx) error {
		out = nil
		if err := by.stands(ctx, tx, now, false); err != nil {
			return err
		}
		counts, err := countTasks(ctx, tx, q.owner, q.agency, db.Micros(now))
		if err != nil {
			return err
		}
		for i := range tasks {
			if c, ok := counts[tasks[i].Kind]; ok {
				out = append(out, c)
			}
		}
		return nil
	})
	return out, err
}

// tasks is the query of a filter as this person may make it.
func (p *Person) tasks(f TaskFilter) (taskQuery, error) {
	q := taskQuery{agency: f.Agency, owner: string(f.Owner), matter: f.Matter, kind: string(f.Kind), open: !f.Done, dueBefore: db.Micros(f.DueBy)}
	if f.Kind == "" {
		for _, k := range f.Kinds {
			q.kinds += " " + string(k) + " "
		}
	}
	if p.Duty == Agency {
		if p.Agency == "" {
			return q, errNoAgency()
		}
		q.agency, q.owner = p.Agency, string(Agency)
	}
	return q, nil
}

// countTasks counts the open tasks by kind.
func countTasks(ctx context.Context, q db.Querier, owner, agency string, now int64) (map[TaskKind]TaskTally, error) {
	rows, err := q.Query(ctx, `SELECT kind, count(*), sum(CASE WHEN due > 0 AND due < $3 THEN 1 ELSE 0 END) FROM tasks
		WHERE ($1 = '' OR owner = $1) AND ($2 = '' OR agency = $2) AND done = 0 GROUP BY kind`, owner, agency, now)
	if err != nil {
		return nil, fmt.Errorf("couldn't count tasks: %w", err)
	}
	defer rows.Close()
	out := map[TaskKind]TaskTally{}
	for rows.Next() {
		var t TaskTally
		if err := rows.Scan(&t.Kind, &t.Open, &t.Overdue); err != nil {
			return nil, fmt.Errorf("couldn't count tasks: %w", err)
		}
		out[t.Kind] = t
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("couldn't count tasks: %w", err)
	}
	return out, nil
}

// mattersOf reads the matters that tasks are about.
func (o *Onboarding) mattersOf(ctx context.Context, tx *db.Tx, list []Task) (map[string]*Matter, error) {
	out := map[string]*Matter{}
	var dir *access.Directory
	for _, t := range list {
		if _, ok := out[t.Matter]; ok {
			continue
		}
		if dir == nil {
			var err error
			if dir, err = o.picture(ctx, tx); err != nil {
				return nil, err
			}
		}
		m, err := o.matter(ctx, tx, dir, t.Matter)
		if err != nil {
			return nil, err
		}
		if m != nil {
			out[t.Matter] = m
		}
	}
	return out, nil
}
