package identity

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"dancu/internal/db"
)

// sessionRow is a row of sessions.
type sessionRow struct {
	id, account                              string
	kind                                     Kind
	version                                  int64
	method                                   string
	person                                   []byte // sealed; empty but for citizens
	started, seen, factor, idleUntil, endsBy time.Time
	address, agent                           string
	ended                                    time.Time
	why                                      string
}

const sessionColumns = `id, account, kind, version, method, person, started, seen, factor, idle_until, ends_by, address, agent, ended, why`

func scanSession(row scanner) (*sessionRow, error) {
	var r sessionRow
	var started, seen, factor, idle, ends, ended int64
	err := row.Scan(&r.id, &r.account, &r.kind, &r.version, &r.method, &r.person, &started, &seen, &factor, &idle, &ends, &r.address, &r.agent, &ended, &r.why)
	if err != nil {
		return nil, err
	}
	r.started, r.seen, r.factor, r.idleUntil, r.endsBy, r.ended = db.Time(started), db.Time(seen), db.Time(factor), db.Time(idle), db.Time(ends), db.Time(ended)
	return &r, nil
}

func oneSession(row *db.Row) (*sessionRow, error) {
	r, err := scanSession(row)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("couldn't read a session: %w", err)
	}
	return r, nil
}

func sessionByToken(ctx context.Context, q db.Querier, hash []byte) (*sessionRow, error) {
	return oneSession(q.QueryRow(ctx, "SELECT "+sessionColumns+" FROM sessions WHERE token = $1", hash))
}

func sessionByID(ctx context.Context, q db.Querier, id string) (*sessionRow, error) {
	return oneSession(q.QueryRow(ctx, "SELECT "+sessionColumns+" FROM sessions WHERE id = $1", id))
}

func allSessions(rows *db.Rows, err error) ([]*sessionRow, error) {
	if err != nil {
		return nil, fmt.Errorf("couldn't read sessions: %w", err)
	}
	defer rows.Close()
	var out []*sessionRow
	for rows.Next() {
		r, err := scanSession(rows)
		if err != nil {
			return nil, fmt.Errorf("couldn't read sessions: %w", err)
		}
		out = append(out, r)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("couldn't read sessions: %w", err)
	}
	return out, nil
}

// openSessions returns the sessions of an account that were not closed.
func openSessions(ctx context.Context, q db.Querier, account string) ([]*sessionRow, error) {
	rows, err := q.Query(ctx, "SELECT "+sessionColumns+" FROM sessions WHERE account = $1 AND ended = 0 ORDER BY id DESC", account)
	return allSessions(rows, err)
}

// federatedSessions are the open ones that an agency's provider opened.
func federatedSessions(ctx context.Context, q db.Querier, agency string) ([]*sessionRow, error) {
	rows, err := q.Query(ctx, "SELECT "+sessionColumns+` FROM sessions WHERE method = $1 AND ended = 0
		AND account IN (SELECT id FROM accounts WHERE agency = $2) ORDER BY id`, methodProvider, agency)
	return allSessions(rows, err)
}

// overdueSessions returns up to limit sessions that timed out and were not
// closed.
func overdueSessions(ctx context.Context, q db.Querier, now time.Time, limit int) ([]*sessionRow, error) {
	rows, err := q.Query(ctx, "SELECT "+sessionColumns+" FROM sessions WHERE ended = 0 AND (idle_until <= $1 OR ends_by <= $1) ORDER BY id LIMIT $2",
		db.Micros(now), int64(limit))
	return allSessions(rows, err)
}

func insertSession(ctx context.Context, tx *db.Tx, r *sessionRow, token []byte) error {
	if r.person == nil {
		r.person = []byte{}
	}
	_, err := tx.Exec(ctx, `INSERT INTO sessions (id, token, account, kind, version, method, person, started, seen, factor, idle_until, ends_by, address, agent, ended, why)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0, '')`,
		r.id, token, r.account, string(r.kind), r.version, r.method, r.person, db.Micros(r.started), db.Micros(r.seen), db.Micros(r.factor),
		db.Micros(r.idleUntil), db.Micros(r.endsBy), r.address, r.agent)
	if err != nil {
		return fmt.Errorf("couldn't store a session: %w", err)
	}
	return nil
}

// updateSession writes what requests and proofs change of a session.
func updateSession(ctx context.Context, tx *db.Tx, r *sessionRow) error {
	_, err := tx.Exec(ctx, "UPDATE sessions SET version = $2, seen = $3, factor = $4, idle_until = $5, ended = $6, why = $7 WHERE id = $1",
		r.id, r.version, db.Micros(r.seen), db.Micros(r.factor), db.Micros(r.idleUntil), db.Micros(r.ended), r.why)
	if err != nil {
		return fmt.Errorf("couldn't store a session: %w", err)
	}
	return nil
}

// dropSessions forgets up to limit sessions that ended before a time; the log
// tells of them. It returns how many there were.
func dropSessions(ctx context.Context, tx *db.Tx, before time.Time, limit int) (int64, error) {
	n, err := tx.Exec(ctx, "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE ended > 0 AND ended <= $1 LIMIT $2)", db.Micros(before), int64(limit))
	if err != nil {
		return 0, fmt.Errorf("couldn't drop old sessions: %w", err)
	}
	return n, nil
}

func replaceToken(ctx context.Context, tx *db.Tx, session string, hash []byte) error {
	if _, err := tx.Exec(ctx, "UPDATE sessions SET token = $2 WHERE id = $1", session, hash); err != nil {
		return fmt.Errorf("couldn't change a session's token: %w", err)
	}
	return nil
}

// officerRow is whose a live session is.
type officerRow struct{ session, account, code, agency string }

// liveOfficers returns whose these sessions are, of those live at now.
func liveOfficers(ctx context.Context, q db.Querier, sessions []string, now time.Time) (out []officerRow, err error) {
	list, err := json.Marshal(sessions)
	if err != nil {
		return nil, err
	}
	in := "(SELECT value FROM json_each($1))"
	if q.Engine() == db.Postgres {
		in = "(SELECT json_array_elements_text($1::json))"
	}
	rows, err := q.Query(ctx, `SELECT s.id, a.id, a.code, a.agency FROM sessions s JOIN accounts a ON a.id = s.account
		WHERE s.id IN `+in+` AND s.ended = 0 AND s.idle_until > $2 AND s.ends_by > $2
		AND a.state = 'active' AND a.version = s.version AND a.kind = 'agency-officer'`, string(list), db.Micros(now))
	if err != nil {
		return nil, fmt.Errorf("couldn't read officers' sessions: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var r officerRow
		if err := rows.Scan(&r.session, &r.account, &r.code, &r.agency); err != nil {
			return nil, fmt.Errorf("couldn't read officers' sessions: %w", err)
		}
		out = append(out, r)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("couldn't read officers' sessions: %w", err)
	}
	return out, nil
}

// tokenKnown reports whether the token with this hash is one of a session or of
// a pending sign-in, over or not.
func tokenKnown(ctx context.Context, q db.Querier, hash []byte) (bool, error) {
	var n int64
	err := q.QueryRow(ctx, "SELECT (SELECT count(*) FROM signins WHERE token = $1) + (SELECT count(*) FROM sessions WHERE token = $1)", hash).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("couldn't look for a token: %w", err)
	}
	return n > 0, nil
}

// signinRow is a row of signins.
type signinRow struct {
	account        string
	version        int64
	need           Need
	factor         time.Time
	method         string
	expires        time.Time
	address, agent string
}

const signinColumns = "account, version, need, factor, method, expires, address, agent"

func scanSignin(row scanner) (*signinRow, error) {
	var r signinRow
	var factor, expires int64
	if err := row.Scan(&r.account, &r.version, &r.need, &factor, &r.method, &expires, &r.address, &r.agent); err != nil {
		return nil, err
	}
	r.factor, r.expires = db.Time(factor), db.Time(expires)
	return &r, nil
}

func signinByToken(ctx context.Context, q db.Querier, hash []byte) (*signinRow, error) {
	r, err := scanSignin(q.QueryRow(ctx, "SELECT "+signinColumns+" FROM signins WHERE token = $1", hash))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("couldn't read a sign-in: %w", err)
	}
	return r, nil
}

func insertSignin(ctx context.Context, tx *db.Tx, r *signinRow, hash []byte) error {
	_, err := tx.Exec(ctx, "INSERT INTO signins (token, account, version, need, factor, method, expires, address, agent) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
		hash, r.account, r.version, string(r.need), db.Micros(r.factor), r.method, db.Micros(r.expires), r.address, r.agent)
	if err != nil {
		return fmt.Errorf("couldn't store a sign-in: %w", err)
	}
	return nil
}

// dropSignins ends all pending sign-ins of an account.
func dropSignins(ctx context.Context, tx *db.Tx, account string) error {
	if _, err := tx.Exec(ctx, "DELETE FROM signins WHERE account = $1", account); err != nil {
		return fmt.Errorf("couldn't end sign-ins: %w", err)
	}
	return nil
}

// takeSignins takes out all pending sign-ins of an account.
func takeSignins(ctx context.Context, tx *db.Tx, account string) ([]*signinRow, error) {
	rows, err := tx.Query(ctx, "DELETE FROM signins WHERE account = $1 RETURNING "+signinColumns, account)
	return allSignins(rows, err)
}

// takeFederatedSignins takes out those that an agency's provider opened.
func takeFederatedSignins(ctx context.Context, tx *db.Tx, agency string) ([]*signinRow, error) {
	rows, err := tx.Query(ctx, `DELETE FROM signins WHERE method = $1 AND account IN (SELECT id FROM accounts WHERE agency = $2)
		RETURNING `+signinColumns, methodProvider, agency)
	return allSignins(rows, err)
}

// lapsedSignins takes out up to limit sign-ins that were not finished in time.
func lapsedSignins(ctx context.Context, tx *db.Tx, now time.Time, limit int) ([]*signinRow, error) {
	rows, err := tx.Query(ctx, `DELETE FROM signins WHERE token IN (SELECT token FROM signins WHERE expires <= $1 ORDER BY expires LIMIT $2)
		RETURNING `+signinColumns, db.Micros(now), int64(limit))
	return allSignins(rows, err)
}

func allSignins(rows *db.Rows, err error) (out []*signinRow, _ error) {
	if err != nil {
		return nil, fmt.Errorf("couldn't end sign-ins: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		r, err := scanSignin(rows)
		if err != nil {
			return nil, fmt.Errorf("couldn't end sign-ins: %w", err)
		}
		out = append(out, r)
	}
	return out, rows.Err()
}
