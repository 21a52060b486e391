package job

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"dancu/internal/db"
)

// row is a job as it is stored.
type row struct {
	Job
	params, why []byte // sealed
	claim       string
	lease       time.Time
}

const columns = "id, kind, owner, params, state, node, claim, lease, attempts, stop, done, total, created, started, ended, code, file, result, why"

func scan(from interface{ Scan(dest ...any) error }) (*row, error) {
	var r row
	var lease, stop, created, started, ended int64
	var result string
	err := from.Scan(&r.ID, &r.Kind, &r.Owner, &r.params, &r.State, &r.Node, &r.claim, &lease, &r.Attempts, &stop, &r.Done, &r.Total,
		&created, &started, &ended, &r.Code, &r.File, &result, &r.why)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(result), &r.Counts)
	}
	if err != nil {
		return nil, fmt.Errorf("couldn't read a job: %w", err)
	}
	r.lease, r.Stopping = db.Time(lease), stop == 1 && !r.State.Over()
	r.Created, r.Started, r.Ended = db.Time(created), db.Time(started), db.Time(ended)
	return &r, nil
}

func insert(ctx context.Context, tx *db.Tx, r *row) error {
	_, err := tx.Exec(ctx, `INSERT INTO jobs (id, kind, owner, params, state, node, claim, lease, attempts, stop, done, total, created, started, ended, code, file, result, why)
		VALUES ($1, $2, $3, $4, $5, '', '', 0, 0, 0, 0, 0, $6, 0, 0, '', '', '{}', $7)`,
		r.ID, r.Kind, r.Owner, r.params, string(r.State), db.Micros(r.Created), []byte{})
	if err != nil {
		return fmt.Errorf("couldn't store a job: %w", err)
	}
	return nil
}

// byID returns a job, nil if there is none.
func byID(ctx context.Context, q db.Querier, id string) (*row, error) {
	return scan(q.QueryRow(ctx, "SELECT "+columns+" FROM jobs WHERE id = $1", id))
}

func list(rows *db.Rows, err error) (out []row, _ error) {
	if err != nil {
		return nil, fmt.Errorf("couldn't read the jobs: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		r, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, *r)
	}
	return out, rows.Err()
}

// ofOwner returns up to limit of an owner's jobs below an id, newest first.
func ofOwner(ctx context.Context, q db.Querier, owner, below string, limit int) ([]row, error) {
	if below == "" {
		below = "g" // after every UUID
	}
	return list(q.Query(ctx, "SELECT "+columns+" FROM jobs WHERE owner = $1 AND id < $2 ORDER BY id DESC LIMIT $3", owner, below, int64(limit)))
}

// takeable returns jobs that wait or whose node gave no sign of life until now,
// the oldest first.
func takeable(ctx context.Context, q db.Querier, now time.Time, limit int) ([]row, error) {
	return list(q.Query(ctx, "SELECT "+columns+` FROM jobs
		WHERE (state = 'queued' OR state = 'running') AND (state = 'queued' OR lease <= $1) ORDER BY id LIMIT $2`, db.Micros(now), int64(limit)))
}

func countOpen(ctx context.Context, q db.Querier, owner string) (n int64, err error) {
	if err := q.QueryRow(ctx, "SELECT count(*) FROM jobs WHERE owner = $1 AND ended = 0", owner).Scan(&n); err != nil {
		return 0, fmt.Errorf("couldn't count the jobs: %w", err)
	}
	return n, nil
}

func countStates(ctx context.Context, q db.Querier) (queued, running int64, err error) {
	for state, n := range map[State]*int64{Queued: &queued, Running: &running} {
		if err := q.QueryRow(ctx, "SELECT count(*) FROM jobs WHERE state = $1", string(state)).Scan(n); err != nil {
			return 0, 0, fmt.Errorf("couldn't count the jobs: %w", err)
		}
	}
	return queued, running, nil
}

// take gives a job to a node, unless it is another's meanwhile. was is the claim
// it had when it was read.
func take(ctx context.Context, tx *db.Tx, r *row, was string, now time.Time) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE jobs SET state = 'running', node = $3, claim = $4, lease = $5, attempts = attempts + 1, done = 0, total = 0, started = $6
		WHERE id = $1 AND claim = $2 AND ended = 0 AND stop = 0 AND (state = 'queued' OR lease <= $6)`,
		r.ID, was, r.Node, r.claim, db.Micros(r.lease), db.Micros(now))
	if err != nil {
		return false, fmt.Errorf("couldn't take a job: %w", err)
	}
	return n == 1, nil
}

// beat renews a claim and notes how far the attempt is; held is false if it has
// lost the job, stop says that it is to end.
func beat(ctx context.Context, tx *db.Tx, id, claim string, until time.Time, done, total int64) (held, stop bool, err error) {
	var flag int64
	err = tx.QueryRow(ctx, `UPDATE jobs SET lease = $3, done = $4, total = $5 WHERE id = $1 AND claim = $2 AND state = 'running' RETURNING stop`,
		id, claim, db.Micros(until), done, total).Scan(&flag)
	if errors.Is(err, sql.ErrNoRows) {
		return false, false, nil
	}
	if err != nil {
		return false, false, fmt.Errorf("couldn't renew the lease of a job: %w", err)
	}
	return true, flag == 1, nil
}

// settle ends a job, as the attempt that has the claim.
func settle(ctx context.Context, tx *db.Tx, r *row) (bool, error) {
	counts := "{}"
	if r.Counts != nil {
		b, err := json.Marshal(r.Counts)
		if err != nil {
			return false, err
		}
		counts = string(b)
	}
	if r.why == nil {
		r.why = []byte{}
	}
	n, err := tx.Exec(ctx, `UPDATE jobs SET state = $3, claim = '', lease = 0, done = $4, total = $5, ended = $6, code = $7, file = $8, result = $9, why = $10
		WHERE id = $1 AND claim = $2 AND ended = 0`,
		r.ID, r.claim, string(r.State), r.Done, r.Total, db.Micros(r.Ended), string(r.Code), r.File, counts, r.why)
	if err != nil {
		return false, fmt.Errorf("couldn't end a job: %w", err)
	}
	return n == 1, nil
}

// handBack queues a job again whose node stops: it was no attempt.
func handBack(ctx context.Context, tx *db.Tx, id, claim string) error {
	_, err := tx.Exec(ctx, `UPDATE jobs SET state = 'queued', claim = '', lease = 0, attempts = attempts - 1
		WHERE id = $1 AND claim = $2 AND state = 'running'`, id, claim)
	if err != nil {
		return fmt.Errorf("couldn't hand a job back: %w", err)
	}
	return nil
}

// askToStop cancels a job that waits, or asks its node to.
func askToStop(ctx context.Context, tx *db.Tx, id string, now time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE jobs SET stop = 1, state = CASE WHEN state = 'queued' THEN 'cancelled' ELSE state END,
		ended = CASE WHEN state = 'queued' THEN $2 ELSE ended END WHERE id = $1 AND ended = 0`, id, db.Micros(now))
	if err != nil {
		return fmt.Errorf("couldn't cancel a job: %w", err)
	}
	return nil
}

// removeEnded deletes jobs that ended before a moment, and returns how many.
func removeEnded(ctx context.Context, tx *db.Tx, before time.Time) (int64, error) {
	n, err := tx.Exec(ctx, "DELETE FROM jobs WHERE ended > 0 AND ended <= $1", db.Micros(before))
	if err != nil {
		return 0, fmt.Errorf("couldn't remove old jobs: %w", err)
	}
	return n, nil
}
