package notify

import (
	"context"
	"crypto/cipher"
	"database/sql"
	"errors"
	"fmt"

	"dancu/internal/db"
)

const hookColumns = "id, agency, url, state, secret, next, next_since, made, maker, proved, tested, cause, ended"

func scanHook(from scanner) (*hookRow, error) {
	var r hookRow
	var since, made, proved, tested, ended int64
	err := from.Scan(&r.ID, &r.Agency, &r.URL, &r.State, &r.secret, &r.next, &since, &made, &r.Maker, &proved, &tested, &r.Cause, &ended)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("couldn't read a webhook: %w", err)
	}
	r.Rotating, r.Made, r.Proved, r.Tested, r.Ended = db.Time(since), db.Time(made), db.Time(proved), db.Time(tested), db.Time(ended)
	return &r, nil
}

func hookByID(ctx context.Context, q db.Querier, id string) (*hookRow, error) {
	return scanHook(q.QueryRow(ctx, "SELECT "+hookColumns+" FROM webhooks WHERE id = $1", id))
}

// maxEnded is how many webhooks of an agency are read: those it has, and the
// newest of those it had.
const maxEnded = 50

func hooksOf(ctx context.Context, q db.Querier, agency string) (out []hookRow, _ error) {
	rows, err := q.Query(ctx, "SELECT "+hookColumns+" FROM webhooks WHERE agency = $1 ORDER BY CASE WHEN state = 'ended' THEN 1 ELSE 0 END, id DESC LIMIT $2",
		agency, int64(maxEnded))
	if err != nil {
		return nil, fmt.Errorf("couldn't read webhooks: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		r, err := scanHook(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, *r)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("couldn't read webhooks: %w", err)
	}
	return out, nil
}

// putHook writes a webhook as it now stands.
func putHook(ctx context.Context, tx *db.Tx, r *hookRow) error {
	_, err := tx.Exec(ctx, `INSERT INTO webhooks (id, agency, url, state, secret, next, next_since, made, maker, proved, tested, cause, ended)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		ON CONFLICT (id) DO UPDATE SET state = excluded.state, secret = excluded.secret, next = excluded.next, next_since = excluded.next_since,
			proved = excluded.proved, tested = excluded.tested, cause = excluded.cause, ended = excluded.ended`,
		r.ID, r.Agency, r.URL, string(r.State), some(r.secret), some(r.next), db.Micros(r.Rotating), db.Micros(r.Made), r.Maker,
		db.Micros(r.Proved), db.Micros(r.Tested), r.Cause, db.Micros(r.Ended))
	if err != nil {
		return fmt.Errorf("couldn't store a webhook: %w", err)
	}
	return nil
}

// some keeps what is empty from being NULL.
func some(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// seal seals a webhook's secret for it alone. The box makes the nonce.
func seal(box cipher.AEAD, id, secret string) []byte {
	return box.Seal(nil, nil, []byte(secret), []byte(hookPurpose+id))
}

// unseal opens what seal sealed.
func unseal(box cipher.AEAD, id string, sealed []byte) ([]byte, error) {
	out, err := box.Open(nil, nil, sealed, []byte(hookPurpose+id))
	if err != nil {
		return nil, fmt.Errorf("couldn't open a webhook's secret: %w", err)
	}
	return out, nil
}

// hookPurpose parts these secrets from whatever else the box seals.
const hookPurpose = "webhook/"
