package identity

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"dancu/internal/db"
)

// keyRow is a row of api_keys.
type keyRow struct {
	Key
	account string
	hash    []byte
}

const keyColumns = "id, account, selector, hash, name, networks, created, expires, used, ended, why"

func scanKey(row scanner) (*keyRow, error) {
	var r keyRow
	var networks string
	var created, expires, used, ended int64
	if err := row.Scan(&r.ID, &r.account, &r.Shown, &r.hash, &r.Name, &networks, &created, &expires, &used, &ended, &r.Why); err != nil {
		return nil, err
	}
	r.Created, r.Expires, r.Used, r.Ended = db.Time(created), db.Time(expires), db.Time(used), db.Time(ended)
	for _, n := range strings.Fields(networks) {
		p, err := netip.ParsePrefix(n)
		if err != nil {
			return nil, err // never one fewer: it would be heard from anywhere
		}
		r.Networks = append(r.Networks, p)
	}
	return &r, nil
}

func oneKey(row *db.Row) (*keyRow, error) {
	r, err := scanKey(row)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("couldn't read a key: %w", err)
	}
	return r, nil
}

func keyByID(ctx context.Context, q db.Querier, id string) (*keyRow, error) {
	return oneKey(q.QueryRow(ctx, "SELECT "+keyColumns+" FROM api_keys WHERE id = $1", id))
}

func keyBySelector(ctx context.Context, q db.Querier, selector string) (*keyRow, error) {
	return oneKey(q.QueryRow(ctx, "SELECT "+keyColumns+" FROM api_keys WHERE selector = $1", selector))
}

func allKeys(rows *db.Rows, err error) (out []*keyRow, _ error) {
	if err != nil {
		return nil, fmt.Errorf("couldn't read keys: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		r, err := scanKey(rows)
		if err != nil {
			return nil, fmt.Errorf("couldn't read keys: %w", err)
		}
		out = append(out, r)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("couldn't read keys: %w", err)
	}
	return out, nil
}

// keysOf returns up to limit keys of an account, newest first.
func keysOf(ctx context.Context, q db.Querier, account string, limit int) ([]*keyRow, error) {
	return allKeys(q.Query(ctx, "SELECT "+keyColumns+" FROM api_keys WHERE account = $1 ORDER BY id DESC LIMIT $2", account, int64(limit)))
}

// openKeys returns the keys of an account that were not ended, as far as is
// known.
func openKeys(ctx context.Context, q db.Querier, account string) ([]*keyRow, error) {
	return allKeys(q.Query(ctx, "SELECT "+keyColumns+" FROM api_keys WHERE account = $1 AND ended = 0 ORDER BY id", account))
}

// overdueKeys returns up to limit keys past their term that were not ended.
func overdueKeys(ctx context.Context, q db.Querier, now time.Time, limit int) ([]*keyRow, error) {
	return allKeys(q.Query(ctx, "SELECT "+keyColumns+" FROM api_keys WHERE ended = 0 AND expires <= $1 ORDER BY expires, id LIMIT $2", db.Micros(now), int64(limit)))
}

func insertKey(ctx context.Context, tx *db.Tx, r *keyRow) error {
	_, err := tx.Exec(ctx, `INSERT INTO api_keys (id, account, selector, hash, name, networks, created, expires, used, ended, why)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, '')`,
		r.ID, r.account, r.Shown, r.hash, r.Name, strings.Join(networkTexts(r.Networks), " "), db.Micros(r.Created), db.Micros(r.Expires))
	if err != nil {
		return fmt.Errorf("couldn't store a key: %w", err)
	}
	return nil
}

// updateKey writes what of a key changes.
func updateKey(ctx context.Context, tx *db.Tx, r *keyRow) error {
	_, err := tx.Exec(ctx, "UPDATE api_keys SET used = $2, ended = $3, why = $4 WHERE id = $1", r.ID, db.Micros(r.Used), db.Micros(r.Ended), r.Why)
	if err != nil {
		return fmt.Errorf("couldn't store a key: %w", err)
	}
	return nil
}

// dropKeys forgets up to limit keys that ended before a time; the log tells of
// them.
func dropKeys(ctx context.Context, tx *db.Tx, before time.Time, limit int) error {
	_, err := tx.Exec(ctx, "DELETE FROM api_keys WHERE id IN (SELECT id FROM api_keys WHERE ended > 0 AND ended <= $1 LIMIT $2)", db.Micros(before), int64(limit))
	if err != nil {
		return fmt.Errorf("couldn't drop old keys: %w", err)
	}
	return nil
}
