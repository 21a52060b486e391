package notify

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"dancu/internal/db"
)

// State is where a notice stands.
type State string

// The states.
const (
	Waiting State = "waiting" // to be sent, or being sent
	Held    State = "held"    // nothing to send it with
	Sent    State = "sent"    // taken by all who were to have it
	Failed  State = "failed"  // given up; Retry begins anew
)

// The states of a delivery besides Waiting and Sent.
const refused State = "refused" // the other side said never

// row is a notice as it is stored.
type row struct {
	id, key, topic, to string
	params, link       string
	created            time.Time
	state              State
	attempts           int
	next               time.Time
	claim, cause       string
	settled            time.Time
}

const noticeColumns = "id, key, topic, recipient, params, link, created, state, attempts, next, claim, cause, settled"

type scanner interface{ Scan(dest ...any) error }

func scanNotice(from scanner) (*row, error) {
	var r row
	var created, next, settled int64
	err := from.Scan(&r.id, &r.key, &r.topic, &r.to, &r.params, &r.link, &created, &r.state, &r.attempts, &next, &r.claim, &r.cause, &settled)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("couldn't read a notice: %w", err)
	}
	r.created, r.next, r.settled = db.Time(created), db.Time(next), db.Time(settled)
	return &r, nil
}

// insertNotice runs under the log's lock: it waits for nobody. The key decides.
func insertNotice(ctx context.Context, tx *db.Tx, r *row) error {
	err := tx.Later(ctx, `INSERT INTO notices (id, key, topic, recipient, params, link, created, state, attempts, next, claim, cause, settled)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $7, '', '', 0) ON CONFLICT (key) DO NOTHING`,
		r.id, r.key, r.topic, r.to, r.params, r.link, db.Micros(r.created), string(r.state))
	if err != nil {
		return fmt.Errorf("couldn't store a notice: %w", err)
	}
	return nil
}

// due reports whether any notice is due now.
func due(ctx context.Context, q db.Querier, now time.Time) (bool, error) {
	var n int
	err := q.QueryRow(ctx, "SELECT count(*) FROM (SELECT 1 FROM notices WHERE state = 'waiting' AND next <= $1 LIMIT 1) AS any_due", db.Micros(now)).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("couldn't look for notices: %w", err)
	}
	return n > 0, nil
}

// claimNotice takes the notice that is due longest until the given time, or
// returns nil if somebody else was quicker or none is due.
func claimNotice(ctx context.Context, tx *db.Tx, now, until time.Time, claim string) (*row, error) {
	// The outer conditions are asked again of a row for which another node's
	// claim had to be waited for.
	return scanNotice(tx.QueryRow(ctx, `UPDATE notices SET next = $2, claim = $3, attempts = attempts + 1
		WHERE id = (SELECT id FROM notices WHERE state = 'waiting' AND next <= $1 ORDER BY next LIMIT 1) AND state = 'waiting' AND next <= $1
		RETURNING `+noticeColumns, db.Micros(now), db.Micros(until), claim))
}

// settleNotice ends a claim with the row's state, next time, attempts and
// cause. It reports false if the claim had lapsed and is another's now.
func settleNotice(ctx context.Context, tx *db.Tx, r *row) (bool, error) {
	n, err := tx.Exec(ctx, "UPDATE notices SET state = $3, attempts = $4, next = $5, cause = $6, settled = $7, claim = '' WHERE id = $1 AND claim = $2",
		r.id, r.claim, string(r.state), int64(r.attempts), db.Micros(r.next), r.cause, db.Micros(r.settled))
	if err != nil {
		return false, fmt.Errorf("couldn't settle a notice: %w", err)
	}
	return n == 1, nil
}

// release lets notices go that were held for want of a sender.
func release(ctx context.Context, tx *db.Tx, now, since time.Time) error {
	_, err := tx.Exec(ctx, "UPDATE notices SET state = 'waiting', next = $1 WHERE state = 'held' AND created >= $2", db.Micros(now), db.Micros(since))
	if err != nil {
		return fmt.Errorf("couldn't release notices: %w", err)
	}
	return nil
}

func heldSince(ctx context.Context, q db.Querier, since time.Time) (bool, error) {
	var n int
	err := q.QueryRow(ctx, "SELECT count(*) FROM (SELECT 1 FROM notices WHERE state = 'held' AND created >= $1 LIMIT 1) AS any_held", db.Micros(since)).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("couldn't look for held notices: %w", err)
	}
	return n > 0, nil
}

// restart makes a notice due at once, with all its attempts, unless it is sent
// or a node is at it.
func restart(ctx context.Context, tx *db.Tx, id string, state State, now time.Time) (bool, error) {
	n, err := tx.Exec(ctx, "UPDATE notices SET state = $3, attempts = 0, next = $2, claim = '', settled = 0 WHERE id = $1 AND state <> 'sent' AND (claim = '' OR next <= $2)",
		id, db.Micros(now), string(state))
	if err == nil && n == 1 {
		_, err = tx.Exec(ctx, "UPDATE notice_deliveries SET state = 'waiting' WHERE notice = $1 AND state = 'refused'", id)
	}
	if err != nil {
		return false, fmt.Errorf("couldn't begin a notice anew: %w", err)
	}
	return n == 1, nil
}

func noticeByID(ctx context.Context, q db.Querier, id string) (*row, error) {
	return scanNotice(q.QueryRow(ctx, "SELECT "+noticeColumns+" FROM notices WHERE id = $1", id))
}

// target is one mailbox or webhook of a notice, and how it stands.
type target struct {
	notice   string
	channel  Channel
	name     string
	state    State
	attempts int
	last     time.Time
	cause    string
}

// targetsOf returns the deliveries of these notices.
func targetsOf(ctx context.Context, q db.Querier, notices ...string) (out []target, _ error) {
	list, err := json.Marshal(notices)
	if err != nil {
		return nil, err
	}
	in := "(SELECT value FROM json_each($1))"
	if q.Engine() == db.Postgres {
		in = "(SELECT json_array_elements_text($1::json))"
	}
	rows, err := q.Query(ctx, `SELECT notice, channel, target, state, attempts, last, cause FROM notice_deliveries
		WHERE notice IN `+in+` ORDER BY notice, channel, target`, string(list))
	if err != nil {
		return nil, fmt.Errorf("couldn't read deliveries: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var t target
		var last int64
		if err := rows.Scan(&t.notice, &t.channel, &t.name, &t.state, &t.attempts, &last, &t.cause); err != nil {
			return nil, fmt.Errorf("couldn't read deliveries: %w", err)
		}
		t.last = db.Time(last)
		out = append(out, t)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("couldn't read deliveries: %w", err)
	}
	return out, nil
}

// saveTarget writes how a delivery stands. One that was taken stays taken,
// whatever a node that comes late has to say.
func saveTarget(ctx context.Context, tx *db.Tx, t *target) error {
	_, err := tx.Exec(ctx, `INSERT INTO notice_deliveries (notice, channel, target, state, attempts, last, cause)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (notice, channel, target) DO UPDATE SET state = excluded.state, attempts = excluded.attempts,
			last = excluded.last, cause = excluded.cause WHERE notice_deliveries.state <> 'sent'`,
		t.notice, string(t.channel), t.name, string(t.state), int64(t.attempts), db.Micros(t.last), t.cause)
	if err != nil {
		return fmt.Errorf("couldn't store a delivery: %w", err)
	}
	return nil
}
