package identity

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"dancu/internal/db"
)

const reviewColumns = "id, agency, opened, time, signed"

func oneReview(row *db.Row) (*Review, error) {
	var r Review
	var opened, signed int64
	err := row.Scan(&r.ID, &r.Agency, &r.By, &opened, &signed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("couldn't read a review: %w", err)
	}
	r.Opened, r.Signed = db.Time(opened), db.Time(signed)
	return &r, nil
}

func reviewByID(ctx context.Context, q db.Querier, id string) (*Review, error) {
	return oneReview(q.QueryRow(ctx, "SELECT "+reviewColumns+" FROM reviews WHERE id = $1", id))
}

func openReview(ctx context.Context, q db.Querier, agency string) (*Review, error) {
	return oneReview(q.QueryRow(ctx, "SELECT "+reviewColumns+" FROM reviews WHERE agency = $1 AND signed = 0", agency))
}

// insertReview stores a review of the active accounts of these kinds and
// returns how many they are.
func insertReview(ctx context.Context, tx *db.Tx, r *Review, kinds []Kind) (int64, error) {
	_, err := tx.Exec(ctx, "INSERT INTO reviews (id, agency, opened, time, signed, signer) VALUES ($1, $2, $3, $4, 0, '')", r.ID, r.Agency, r.By, db.Micros(r.Opened))
	if err != nil {
		return 0, fmt.Errorf("couldn't store a review: %w", err)
	}
	list, err := json.Marshal(kinds)
	if err != nil {
		return 0, err
	}
	in := "(SELECT value FROM json_each($2))"
	if tx.Engine() == db.Postgres {
		in = "(SELECT json_array_elements_text($2::json))"
	}
	n, err := tx.Exec(ctx, `INSERT INTO review_items (review, account, verdict, note, decided)
		SELECT $1, id, '', '', 0 FROM accounts WHERE state = 'active' AND kind IN `+in+` AND ($3 = '' OR agency = $3)`, r.ID, string(list), r.Agency)
	if err != nil {
		return 0, fmt.Errorf("couldn't store a review: %w", err)
	}
	return n, nil
}

// reviewRow is a row of review_items.
type reviewRow struct {
	ReviewItem
	account string
}

func reviewRows(ctx context.Context, q db.Querier, review string) (out []reviewRow, err error) {
	rows, err := q.Query(ctx, "SELECT account, verdict, note, decided FROM review_items WHERE review = $1 ORDER BY account", review)
	if err != nil {
		return nil, fmt.Errorf("couldn't read a review: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var r reviewRow
		var decided int64
		if err := rows.Scan(&r.account, &r.Verdict, &r.Note, &decided); err != nil {
			return nil, fmt.Errorf("couldn't read a review: %w", err)
		}
		r.Decided = db.Time(decided)
		out = append(out, r)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("couldn't read a review: %w", err)
	}
	return out, nil
}

// reviewAccounts returns the items of a review with their accounts, and what
// stands of these in other tables: one statement, and one for all their rights.
func reviewAccounts(ctx context.Context, q db.Querier, review string) (out []ReviewItem, err error) {
	rows, err := q.Query(ctx, `SELECT i.verdict, i.note, i.decided,
		(SELECT count(*) FROM factors f WHERE f.account = a.id AND f.kind = 'totp'),
		(SELECT count(*) FROM factors f WHERE f.account = a.id AND f.kind = 'passkey'),
		(SELECT count(*) FROM recovery_codes c WHERE c.account = a.id),
		coalesce((SELECT t.locked_until FROM attempts t WHERE t.subject = 'a:' || a.id), 0),
		a.`+strings.ReplaceAll(accountColumns, ", ", ", a.")+`
		FROM review_items i JOIN accounts a ON a.id = i.account WHERE i.review = $1 ORDER BY i.account`, review)
	if err != nil {
		return nil, fmt.Errorf("couldn't read a review: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var it ReviewItem
		var decided, totp, passkeys, recovery, locked int64
		r, err := scanAccount(after{rows, []any{&it.Verdict, &it.Note, &decided, &totp, &passkeys, &recovery, &locked}})
		if err != nil {
			return nil, fmt.Errorf("couldn't read a review: %w", err)
		}
		it.Account, it.Decided = r.Account, db.Time(decided)
		it.Account.TOTP, it.Account.Passkeys, it.Account.Recovery, it.Account.LockedUntil = totp > 0, int(passkeys), int(recovery), db.Time(locked)
		out = append(out, it)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("couldn't read a review: %w", err)
	}
	return out, nil
}

// after scans a row's first columns into its own, and the others into those of
// whoever scans it.
type after struct {
	row scanner
	own []any
}

func (a after) Scan(dest ...any) error { return a.row.Scan(append(a.own, dest...)...) }

func updateReviewItem(ctx context.Context, tx *db.Tx, review string, r reviewRow) error {
	_, err := tx.Exec(ctx, "UPDATE review_items SET verdict = $3, note = $4, decided = $5 WHERE review = $1 AND account = $2",
		review, r.account, r.Verdict, r.Note, db.Micros(r.Decided))
	if err != nil {
		return fmt.Errorf("couldn't decide in a review: %w", err)
	}
	return nil
}

func signReview(ctx context.Context, tx *db.Tx, id, signer string, now time.Time) error {
	if _, err := tx.Exec(ctx, "UPDATE reviews SET signed = $2, signer = $3 WHERE id = $1", id, db.Micros(now), signer); err != nil {
		return fmt.Errorf("couldn't sign a review: %w", err)
	}
	return nil
}

func agenciesWithAccounts(ctx context.Context, q db.Querier) (out []string, err error) {
	rows, err := q.Query(ctx, "SELECT DISTINCT agency FROM accounts WHERE agency <> '' ORDER BY agency")
	if err != nil {
		return nil, fmt.Errorf("couldn't read the agencies: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var a string
		if err := rows.Scan(&a); err != nil {
			return nil, fmt.Errorf("couldn't read the agencies: %w", err)
		}
		out = append(out, a)
	}
	return out, rows.Err()
}

// reviewTimes returns when a scope was last signed off, when its first account
// was made, and its open review.
func reviewTimes(ctx context.Context, q db.Querier, agency string, kinds []Kind) (last, first time.Time, open string, err error) {
	list, err := json.Marshal(kinds)
	if err != nil {
		return last, first, "", err
	}
	in := "(SELECT value FROM json_each($2))"
	if q.Engine() == db.Postgres {
		in = "(SELECT json_array_elements_text($2::json))"
	}
	var l, f int64
	err = q.QueryRow(ctx, `SELECT coalesce((SELECT max(signed) FROM reviews WHERE agency = $1), 0),
		coalesce((SELECT min(created) FROM accounts WHERE kind IN `+in+` AND ($1 = '' OR agency = $1)), 0),
		coalesce((SELECT min(id) FROM reviews WHERE agency = $1 AND signed = 0), '')`, agency, string(list)).Scan(&l, &f, &open)
	if err != nil {
		return last, first, "", fmt.Errorf("couldn't read the reviews: %w", err)
	}
	return db.Time(l), db.Time(f), open, nil
}
