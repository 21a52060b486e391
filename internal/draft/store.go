package draft

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"dancu/internal/db"
)

// row is a row of drafts.
type row struct {
	account, form  string
	saved, expires time.Time
	sealed         []byte
}

func put(ctx context.Context, tx *db.Tx, r *row) error {
	_, err := tx.Exec(ctx, `INSERT INTO drafts (account, form, saved, expires, sealed) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (account, form) DO UPDATE SET saved = excluded.saved, expires = excluded.expires, sealed = excluded.sealed`,
		r.account, r.form, db.Micros(r.saved), db.Micros(r.expires), r.sealed)
	if err != nil {
		return fmt.Errorf("couldn't save a draft: %w", err)
	}
	return nil
}

// get returns a draft that has not lapsed at now, nil if there is none.
func get(ctx context.Context, q db.Querier, account, form string, now time.Time) (*row, error) {
	r := row{account: account, form: form}
	var saved, expires int64
	err := q.QueryRow(ctx, "SELECT saved, expires, sealed FROM drafts WHERE account = $1 AND form = $2 AND expires > $3", account, form, db.Micros(now)).
		Scan(&saved, &expires, &r.sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("couldn't read a draft: %w", err)
	}
	r.saved, r.expires = db.Time(saved), db.Time(expires)
	return &r, nil
}

// list returns an account's drafts that have not lapsed, the newest first.
func list(ctx context.Context, q db.Querier, account string, now time.Time) (out []row, err error) {
	rows, err := q.Query(ctx, "SELECT form, saved, expires, sealed FROM drafts WHERE account = $1 AND expires > $2 ORDER BY saved DESC, form", account, db.Micros(now))
	if err != nil {
		return nil, fmt.Errorf("couldn't read drafts: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		r := row{account: account}
		var saved, expires int64
		if err := rows.Scan(&r.form, &saved, &expires, &r.sealed); err != nil {
			return nil, fmt.Errorf("couldn't read drafts: %w", err)
		}
		r.saved, r.expires = db.Time(saved), db.Time(expires)
		out = append(out, r)
	}
	return out, rows.Err()
}

func drop(ctx context.Context, tx *db.Tx, account, form string) error {
	if _, err := tx.Exec(ctx, "DELETE FROM drafts WHERE account = $1 AND form = $2", account, form); err != nil {
		return fmt.Errorf("couldn't remove a draft: %w", err)
	}
	return nil
}

// dropOldest leaves an account its newest drafts.
func dropOldest(ctx context.Context, tx *db.Tx, account string, most int) error {
	_, err := tx.Exec(ctx, `DELETE FROM drafts WHERE account = $1 AND form NOT IN (
		SELECT form FROM drafts WHERE account = $1 ORDER BY saved DESC, form LIMIT $2)`, account, int64(most))
	if err != nil {
		return fmt.Errorf("couldn't remove old drafts: %w", err)
	}
	return nil
}

func anyExpired(ctx context.Context, q db.Querier, now time.Time) (bool, error) {
	var n int64
	if err := q.QueryRow(ctx, "SELECT count(*) FROM (SELECT 1 FROM drafts WHERE expires <= $1 LIMIT 1) AS x", db.Micros(now)).Scan(&n); err != nil {
		return false, fmt.Errorf("couldn't look for old drafts: %w", err)
	}
	return n > 0, nil
}

func dropExpired(ctx context.Context, tx *db.Tx, now time.Time) (int64, error) {
	n, err := tx.Exec(ctx, "DELETE FROM drafts WHERE expires <= $1", db.Micros(now))
	if err != nil {
		return 0, fmt.Errorf("couldn't remove old drafts: %w", err)
	}
	return n, nil
}
