package onboarding

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"dancu/internal/db"
	"dancu/internal/fold"
)

const matterColumns = `id, kind, agency, system, connection, parent, state, title, doc, version, opened, changed, closed`

func scanMatter(row interface{ Scan(...any) error }) (*Matter, error) {
	var m Matter
	var doc string
	var opened, changed, closed int64
	err := row.Scan(&m.ID, &m.Kind, &m.Agency, &m.System, &m.Connection, &m.Parent, &m.State, &m.Title, &doc, &m.Version, &opened, &changed, &closed)
	if err != nil {
		return nil, err
	}
	m.Doc, m.Opened, m.Changed, m.Closed = json.RawMessage(doc), db.Time(opened), db.Time(changed), db.Time(closed)
	return &m, nil
}

// selectMatter returns a matter, nil if there is no row.
func selectMatter(ctx context.Context, q db.Querier, id string) (*Matter, error) {
	m, err := scanMatter(q.QueryRow(ctx, `SELECT `+matterColumns+` FROM matters WHERE id = $1`, id))
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("couldn't read a matter: %w", err)
	}
	return m, nil
}

// saveMatter stores a matter as it is now; its version says whether it is new.
func saveMatter(ctx context.Context, tx *db.Tx, m *Matter) error {
	folded := fold.Text(strings.Join([]string{m.Title, m.ID, m.Agency, m.System, m.Connection}, " "))
	_, err := tx.Exec(ctx, `INSERT INTO matters
		(id, kind, agency, system, connection, parent, state, title, folded, doc, version, opened, changed, closed)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
		ON CONFLICT (id) DO UPDATE SET agency = excluded.agency, system = excluded.system, connection = excluded.connection,
			state = excluded.state, title = excluded.title, folded = excluded.folded, doc = excluded.doc,
			version = excluded.version, changed = excluded.changed, closed = excluded.closed`,
		m.ID, string(m.Kind), m.Agency, m.System, m.Connection, m.Parent, string(m.State), m.Title, folded, string(m.Doc),
		m.Version, db.Micros(m.Opened), db.Micros(m.Changed), db.Micros(m.Closed))
	if err != nil {
		return fmt.Errorf("couldn't store a matter: %w", err)
	}
	return nil
}

// matterQuery is what selectMatters filters by; "" is anything.
type matterQuery struct {
	kind, state                        string
	agency, system, connection, parent string
	words                              string // folded
	open                               bool   // only those not closed
	closed                             bool   // only those that are
	beforeAt                           int64  // keyset: changed and id of the last one seen
	beforeID                           string
	limit                              int
}

// selectMatters lists the newest changed first.
func selectMatters(ctx context.Context, q db.Querier, f matterQuery) (out []*Matter, err error) {
	if f.beforeAt == 0 {
		f.beforeAt = 1 << 62
	}
	life := 0
	switch {
	case f.open:
		life = 1
	case f.closed:
		life = 2
	}
	like := "%" + likeEscaper.Replace(f.words) + "%"
	rows, err := q.Query(ctx, `SELECT `+matterColumns+` FROM matters
		WHERE ($1 = '' OR kind = $1) AND ($2 = '' OR state = $2) AND ($3 = '' OR agency = $3) AND ($4 = '' OR system = $4)
		AND ($5 = '' OR connection = $5) AND ($6 = '' OR parent = $6) AND ($7 = 0 OR $7 = 1 AND closed = 0 OR $7 = 2 AND closed > 0) AND folded LIKE $8 ESCAPE '\'
		AND (changed < $9 OR changed = $9 AND id < $10)
		ORDER BY changed DESC, id DESC LIMIT $11`,
		f.kind, f.state, f.agency, f.system, f.connection, f.parent, life, like, f.beforeAt, f.beforeID, f.limit)
	if err != nil {
		return nil, fmt.Errorf("couldn't list matters: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		m, err := scanMatter(rows)
		if err != nil {
			return nil, fmt.Errorf("couldn't list matters: %w", err)
		}
		out = append(out, m)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("couldn't list matters: %w", err)
	}
	return out, nil
}

var likeEscaper = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// Done is one act that was done to a matter.
type Done struct {
	Version int64           `json:"version"` // the matter's, after it
	Act     string          `json:"act"`
	State   State           `json:"state"` // the matter's, after it
	Actor   string          `json:"actor"`
	Duty    Duty            `json:"duty"`
	Reason  string          `json:"reason,omitempty"`
	Input   json.RawMessage `json:"input,omitempty"`
	Entry   int64           `json:"entry"` // index in the log
	At      time.Time       `json:"at"`
}

func insertDone(ctx context.Context, tx *db.Tx, matter string, d *Done) error {
	_, err := tx.Exec(ctx, `INSERT INTO matter_acts (matter, version, act, state, actor, duty, reason, input, entry, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		matter, d.Version, d.Act, string(d.State), d.Actor, string(d.Duty), d.Reason, string(d.Input), d.Entry, db.Micros(d.At))
	if err != nil {
		return fmt.Errorf("couldn't store what was done: %w", err)
	}
	return nil
}

// selectDone returns what was done to a matter, the newest first, at most
// limit.
func selectDone(ctx context.Context, q db.Querier, matter string, limit int) (out []Done, err error) {
	rows, err := q.Query(ctx, `SELECT version, act, state, actor, duty, reason, input, entry, at
		FROM matter_acts WHERE matter = $1 ORDER BY version DESC LIMIT $2`, matter, limit)
	if err != nil {
		return nil, fmt.Errorf("couldn't read what was done: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var d Done
		var input string
		var at int64
		if err := rows.Scan(&d.Version, &d.Act, &d.State, &d.Actor, &d.Duty, &d.Reason, &input, &d.Entry, &at); err != nil {
			return nil, fmt.Errorf("couldn't read what was done: %w", err)
		}
		d.Input, d.At = json.RawMessage(input), db.Time(at)
		out = append(out, d)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("couldn't read what was done: %w", err)
	}
	return out, nil
}

const taskColumns = `id, kind, matter, owner, agency, opened, due, done, actor`

func scanTask(row interface{ Scan(...any) error }) (t Task, err error) {
	var opened, due, done int64
	if err = row.Scan(&t.ID, &t.Kind, &t.Matter, &t.Owner, &t.Agency, &opened, &due, &done, &t.By); err != nil {
		return t, fmt.Errorf("couldn't read a task: %w", err)
	}
	t.Opened, t.Due, t.Done = db.Time(opened), db.Time(due), db.Time(done)
	return t, nil
}

func insertTask(ctx context.Context, tx *db.Tx, t *Task) error {
	_, err := tx.Exec(ctx, `INSERT INTO tasks (id, kind, matter, owner, agency, opened, due, done, actor, told)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 0, '', 0)`,
		t.ID, string(t.Kind), t.Matter, string(t.Owner), t.Agency, db.Micros(t.Opened), db.Micros(t.Due))
	if err != nil {
		return fmt.Errorf("couldn't store a task: %w", err)
	}
	return nil
}

// finishTasks marks the open tasks of a matter done; kind "" is all of them.
func finishTasks(ctx context.Context, tx *db.Tx, matter string, kind TaskKind, by string, now time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE tasks SET done = $1, actor = $2 WHERE matter = $3 AND ($4 = '' OR kind = $4) AND done = 0`,
		db.Micros(now), by, matter, string(kind))
	if err != nil {
		return fmt.Errorf("couldn't mark a task done: %w", err)
	}
	return nil
}

// taskQuery is what selectTasks filters by; "" is anything.
type taskQuery struct {
	owner, agency, matter string
	kind                  string
	kinds                 string // each between blanks
	open                  bool
	dueBefore             int64 // with a clock that ends before; 0 is all
	untold                bool
	afterDue              int64 // keyset: due (no clock last) and id of the last one seen
	afterID               string
	limit                 int
}

// noClock sorts tasks without a clock after all others.
const noClock = 1 << 62

// selectTasks lists what is due first.
func selectTasks(ctx context.Context, q db.Querier, f taskQuery) (out []Task, err error) {
	flag := map[bool]int{true: 1}
	rows, err := q.Query(ctx, `SELECT `+taskColumns+` FROM tasks
		WHERE ($1 = '' OR owner = $1) AND ($2 = '' OR agency = $2) AND ($3 = '' OR matter = $3) AND ($4 = '' OR kind = $4)
		AND ($5 = 0 OR done = 0) AND (CAST($6 AS BIGINT) = 0 OR due > 0 AND due < $6) AND ($7 = 0 OR told = 0)
		AND (CASE due WHEN 0 THEN $8 ELSE due END > $9 OR CASE due WHEN 0 THEN $8 ELSE due END = $9 AND id > $10)
		AND ($12 = '' OR $12 LIKE '% ' || kind || ' %')
		ORDER BY CASE due WHEN 0 THEN $8 ELSE due END, id LIMIT $11`,
		f.owner, f.agency, f.matter, f.kind, flag[f.open], f.dueBefore, flag[f.untold], int64(noClock), f.afterDue, f.afterID, f.limit, f.kinds)
	if err != nil {
		return nil, fmt.Errorf("couldn't list tasks: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		t, err := scanTask(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("couldn't list tasks: %w", err)
	}
	return out, nil
}

// countOpen counts an agency's open matters, those that are long lived left
// out.
func countOpen(ctx context.Context, q db.Querier, agency string) (n int, err error) {
	err = q.QueryRow(ctx, `SELECT count(*) FROM matters WHERE agency = $1 AND closed = 0 AND kind NOT IN ('agency', 'system', 'connection')`, agency).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("couldn't count matters: %w", err)
	}
	return n, nil
}

// maxSeen is how many of a connection's incidents are looked through.
const maxSeen = 500

// selectIncidents returns a connection's incidents, the newest changed first.
func selectIncidents(ctx context.Context, q db.Querier, system, connection string) (out []*Matter, err error) {
	rows, err := q.Query(ctx, `SELECT `+matterColumns+` FROM matters
		WHERE system = $1 AND kind = $2 AND connection = $3 ORDER BY changed DESC, id DESC LIMIT $4`,
		system, string(KindIncident), connection, maxSeen)
	if err != nil {
		return nil, fmt.Errorf("couldn't list incidents: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		m, err := scanMatter(rows)
		if err != nil {
			return nil, fmt.Errorf("couldn't list incidents: %w", err)
		}
		out = append(out, m)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("couldn't list incidents: %w", err)
	}
	return out, nil
}

// selectInspected returns when the newest inspection of each connection was
// opened; cancelled ones do not count.
func selectInspected(ctx context.Context, q db.Querier) (map[string]time.Time, error) {
	rows, err := q.Query(ctx, `SELECT connection, MAX(opened) FROM matters WHERE kind = $1 AND state <> $2 GROUP BY connection`,
		string(KindInspection), string(Cancelled))
	if err != nil {
		return nil, fmt.Errorf("couldn't list inspections: %w", err)
	}
	defer rows.Close()
	out := map[string]time.Time{}
	for rows.Next() {
		var id string
		var opened int64
		if err := rows.Scan(&id, &opened); err != nil {
			return nil, fmt.Errorf("couldn't list inspections: %w", err)
		}
		out[id] = db.Time(opened)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("couldn't list inspections: %w", err)
	}
	return out, nil
}

// markTold marks that an open task is overdue was told; false if it was before,
// or the task is done.
func markTold(ctx context.Context, tx *db.Tx, id string) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE tasks SET told = 1 WHERE id = $1 AND told = 0 AND done = 0`, id)
	if err != nil {
		return false, fmt.Errorf("couldn't mark a task: %w", err)
	}
	return n > 0, nil
}

// takeLease takes or renews a lease; false if another holds it.
func takeLease(ctx context.Context, tx *db.Tx, name, holder string, now, until time.Time) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO leases (name, holder, until) VALUES ($1, $2, $3)
		ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
		WHERE leases.holder = excluded.holder OR leases.until <= $4`, name, holder, db.Micros(until), db.Micros(now))
	if err != nil {
		return false, fmt.Errorf("couldn't take a lease: %w", err)
	}
	return n > 0, nil
}

// mentioned reports whether an id, which has no special characters, stands in
// any matter or act.
func mentioned(ctx context.Context, q db.Querier, id string) (there bool, err error) {
	err = q.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM matters WHERE doc LIKE $1) OR EXISTS (SELECT 1 FROM matter_acts WHERE input LIKE $1)`,
		"%"+id+"%").Scan(&there)
	if err != nil {
		return false, fmt.Errorf("couldn't look for a file's matter: %w", err)
	}
	return there, nil
}
