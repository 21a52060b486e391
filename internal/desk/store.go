package desk

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"dancu/internal/db"
)

// row is a row of the table requests.
type row struct {
	id               string
	kind             Kind
	state            State
	asker            []byte
	entry            int64
	agency, code     string
	procedure        string
	created, changed time.Time
	body             []byte
}

func (r *row) request() *Request {
	return &Request{
		ID: r.id, Kind: r.kind, State: r.state, Entry: r.entry, Agency: r.code, Procedure: r.procedure, Created: r.created, Changed: r.changed,
	}
}

// stepRow is a row of the table request_steps.
type stepRow struct {
	n       int
	time    time.Time
	act     State
	side    Side
	account string
	body    []byte
}

// scope is whose requests are listed; agency "" and no asker is all of them.
type scope struct {
	asker  []byte
	agency string
}

const requestColumns = "id, kind, state, asker, entry, agency, code, procedure, created, changed, body"

func insertRequest(ctx context.Context, tx *db.Tx, r *row) error {
	_, err := tx.Exec(ctx, "INSERT INTO requests ("+requestColumns+") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
		r.id, string(r.kind), string(r.state), r.asker, r.entry, r.agency, r.code, r.procedure, db.Micros(r.created), db.Micros(r.changed), r.body)
	if err != nil {
		return fmt.Errorf("couldn't store a request: %w", err)
	}
	return nil
}

func insertStep(ctx context.Context, tx *db.Tx, request string, s stepRow) error {
	_, err := tx.Exec(ctx, "INSERT INTO request_steps (request, n, time, act, side, account, body) VALUES ($1, $2, $3, $4, $5, $6, $7)",
		request, int64(s.n), db.Micros(s.time), string(s.act), string(s.side), s.account, s.body)
	if err != nil {
		return fmt.Errorf("couldn't store a step of a request: %w", err)
	}
	return nil
}

func updateRequest(ctx context.Context, tx *db.Tx, id string, state State, now time.Time) error {
	if _, err := tx.Exec(ctx, "UPDATE requests SET state = $1, changed = $2 WHERE id = $3", string(state), db.Micros(now), id); err != nil {
		return fmt.Errorf("couldn't change a request: %w", err)
	}
	return nil
}

func scanRequest(scan func(...any) error) (*row, error) {
	r := &row{}
	var kind, state string
	var created, changed int64
	if err := scan(&r.id, &kind, &state, &r.asker, &r.entry, &r.agency, &r.code, &r.procedure, &created, &changed, &r.body); err != nil {
		return nil, err
	}
	r.kind, r.state, r.created, r.changed = Kind(kind), State(state), db.Time(created), db.Time(changed)
	return r, nil
}

// selectRequest returns a request, nil if there is none.
func selectRequest(ctx context.Context, q db.Querier, id string) (*row, error) {
	r, err := scanRequest(q.QueryRow(ctx, "SELECT "+requestColumns+" FROM requests WHERE id = $1", id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("couldn't read a request: %w", err)
	}
	return r, nil
}

// selectRequests lists one person's, one agency's or all requests.
func selectRequests(ctx context.Context, q db.Querier, s scope, f Filter, limit int) ([]*row, error) {
	where, args := "", []any{string(f.State), string(f.Kind), f.Open, f.Before, int64(limit)}
	switch {
	case s.asker != nil:
		where, args = "asker = $6 AND ", append(args, s.asker)
	case s.agency != "":
		where, args = "agency = $6 AND ", append(args, s.agency)
	}
	if args[2] = int64(0); f.Open {
		args[2] = int64(1)
	}
	rows, err := q.Query(ctx, "SELECT "+requestColumns+" FROM requests WHERE "+where+`(CAST($1 AS TEXT) = '' OR state = CAST($1 AS TEXT))
		AND (CAST($2 AS TEXT) = '' OR kind = CAST($2 AS TEXT)) AND (CAST($3 AS BIGINT) = 0 OR state <> 'closed')
		AND (CAST($4 AS TEXT) = '' OR id < CAST($4 AS TEXT)) ORDER BY id DESC LIMIT $5`, args...)
	if err != nil {
		return nil, fmt.Errorf("couldn't list requests: %w", err)
	}
	defer rows.Close()
	var out []*row
	for rows.Next() {
		r, err := scanRequest(rows.Scan)
		if err != nil {
			return nil, fmt.Errorf("couldn't list requests: %w", err)
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

func countSteps(ctx context.Context, q db.Querier, request string) (int, error) {
	var n int64
	if err := q.QueryRow(ctx, "SELECT COUNT(*) FROM request_steps WHERE request = $1", request).Scan(&n); err != nil {
		return 0, fmt.Errorf("couldn't count the steps of a request: %w", err)
	}
	return int(n), nil
}

func selectSteps(ctx context.Context, q db.Querier, request string) ([]stepRow, error) {
	rows, err := q.Query(ctx, "SELECT n, time, act, side, account, body FROM request_steps WHERE request = $1 ORDER BY n", request)
	if err != nil {
		return nil, fmt.Errorf("couldn't read the steps of a request: %w", err)
	}
	defer rows.Close()
	var out []stepRow
	for rows.Next() {
		var s stepRow
		var act, side string
		var n, at int64
		if err := rows.Scan(&n, &at, &act, &side, &s.account, &s.body); err != nil {
			return nil, fmt.Errorf("couldn't read the steps of a request: %w", err)
		}
		s.n, s.time, s.act, s.side = int(n), db.Time(at), State(act), Side(side)
		out = append(out, s)
	}
	return out, rows.Err()
}

// counts is how much one person has asked.
type counts struct{ day, open, same int }

// countRequests counts one person's requests: those since a moment, those open,
// and those open of the same kind about the same entry.
func countRequests(ctx context.Context, q db.Querier, asker []byte, since time.Time, x *Draft) (counts, error) {
	var day, open, same int64
	err := q.QueryRow(ctx, `SELECT COALESCE(SUM(CASE WHEN created > $2 THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN state <> 'closed' THEN 1 ELSE 0 END), 0),
		COALESCE(SUM(CASE WHEN state <> 'closed' AND entry = $3 AND kind = $4 THEN 1 ELSE 0 END), 0) FROM requests WHERE asker = $1`,
		asker, db.Micros(since), x.About.Entry, string(x.Kind)).Scan(&day, &open, &same)
	if err != nil {
		return counts{}, fmt.Errorf("couldn't count somebody's requests: %w", err)
	}
	return counts{int(day), int(open), int(same)}, nil
}
