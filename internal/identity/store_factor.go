package identity

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"dancu/internal/db"
)

// The kinds of second factor.
const (
	factorTOTP    = "totp"
	factorPasskey = "passkey"
)

// factorRow is a row of factors.
type factorRow struct {
	Factor
	account  string
	secret   []byte // totp: sealed; passkey: the credential, JSON
	handle   string
	lastStep int64
}

func factorsOf(ctx context.Context, q db.Querier, account string) (out []*factorRow, err error) {
	rows, err := q.Query(ctx, "SELECT id, account, kind, name, secret, handle, last_step, created, used FROM factors WHERE account = $1 ORDER BY id", account)
	if err != nil {
		return nil, fmt.Errorf("couldn't read factors: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var r factorRow
		var created, used int64
		if err := rows.Scan(&r.ID, &r.account, &r.Kind, &r.Name, &r.secret, &r.handle, &r.lastStep, &created, &used); err != nil {
			return nil, fmt.Errorf("couldn't read factors: %w", err)
		}
		r.Created, r.Used = db.Time(created), db.Time(used)
		out = append(out, &r)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("couldn't read factors: %w", err)
	}
	return out, nil
}

func insertFactor(ctx context.Context, tx *db.Tx, r *factorRow) error {
	_, err := tx.Exec(ctx, "INSERT INTO factors (id, account, kind, name, secret, handle, last_step, created, used) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
		r.ID, r.account, r.Kind, r.Name, r.secret, r.handle, r.lastStep, db.Micros(r.Created), db.Micros(r.Used))
	if err != nil {
		return fmt.Errorf("couldn't store a factor: %w", err)
	}
	return nil
}

// handleTaken reports whether any account has a factor with this handle.
func handleTaken(ctx context.Context, q db.Querier, handle string) (bool, error) {
	var n int64
	if err := q.QueryRow(ctx, "SELECT count(*) FROM factors WHERE handle = $1", handle).Scan(&n); err != nil {
		return false, fmt.Errorf("couldn't look for a factor: %w", err)
	}
	return n > 0, nil
}

// useFactor notes that a factor was shown.
func useFactor(ctx context.Context, tx *db.Tx, r *factorRow) error {
	_, err := tx.Exec(ctx, "UPDATE factors SET secret = $2, last_step = $3, used = $4 WHERE id = $1", r.ID, r.secret, r.lastStep, db.Micros(r.Used))
	if err != nil {
		return fmt.Errorf("couldn't store a factor: %w", err)
	}
	return nil
}

func deleteFactor(ctx context.Context, tx *db.Tx, id string) error {
	if _, err := tx.Exec(ctx, "DELETE FROM factors WHERE id = $1", id); err != nil {
		return fmt.Errorf("couldn't remove a factor: %w", err)
	}
	return nil
}

// deleteFactors takes all factors and recovery codes from an account.
func deleteFactors(ctx context.Context, tx *db.Tx, account string) error {
	_, err := tx.Exec(ctx, "DELETE FROM factors WHERE account = $1", account)
	if err == nil {
		_, err = tx.Exec(ctx, "DELETE FROM recovery_codes WHERE account = $1", account)
	}
	if err != nil {
		return fmt.Errorf("couldn't remove factors: %w", err)
	}
	return nil
}

// factorCounts returns how many of each an account has.
func factorCounts(ctx context.Context, q db.Querier, account string) (totp, passkeys, recovery int, err error) {
	err = q.QueryRow(ctx, `SELECT (SELECT count(*) FROM factors WHERE account = $1 AND kind = 'totp'),
		(SELECT count(*) FROM factors WHERE account = $1 AND kind = 'passkey'),
		(SELECT count(*) FROM recovery_codes WHERE account = $1)`, account).Scan(&totp, &passkeys, &recovery)
	if err != nil {
		return 0, 0, 0, fmt.Errorf("couldn't count factors: %w", err)
	}
	return totp, passkeys, recovery, nil
}

func replaceRecovery(ctx context.Context, tx *db.Tx, account string, hashes [][]byte) error {
	_, err := tx.Exec(ctx, "DELETE FROM recovery_codes WHERE account = $1", account)
	for _, h := range hashes {
		if err == nil {
			_, err = tx.Exec(ctx, "INSERT INTO recovery_codes (account, hash) VALUES ($1, $2)", account, h)
		}
	}
	if err != nil {
		return fmt.Errorf("couldn't store recovery codes: %w", err)
	}
	return nil
}

// spendRecovery takes a recovery code, if it is the account's.
func spendRecovery(ctx context.Context, tx *db.Tx, account string, hash []byte) (bool, error) {
	n, err := tx.Exec(ctx, "DELETE FROM recovery_codes WHERE account = $1 AND hash = $2", account, hash)
	if err != nil {
		return false, fmt.Errorf("couldn't take a recovery code: %w", err)
	}
	return n == 1, nil
}

// ceremony kinds.
const (
	ceremonyLogin    = "login"
	ceremonyRegister = "register"
	ceremonyTOTP     = "totp"
)

func putCeremony(ctx context.Context, tx *db.Tx, owner, kind string, sealed []byte, expires time.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO ceremonies (owner, kind, data, expires) VALUES ($1, $2, $3, $4)
		ON CONFLICT (owner, kind) DO UPDATE SET data = excluded.data, expires = excluded.expires`, owner, kind, sealed, db.Micros(expires))
	if err != nil {
		return fmt.Errorf("couldn't store a challenge: %w", err)
	}
	return nil
}

// takeCeremony takes out what was asked or offered, nil if there is nothing
// that holds at now: it can be answered once.
func takeCeremony(ctx context.Context, tx *db.Tx, owner, kind string, now time.Time) ([]byte, error) {
	var sealed []byte
	var expires int64
	err := tx.QueryRow(ctx, "DELETE FROM ceremonies WHERE owner = $1 AND kind = $2 RETURNING data, expires", owner, kind).Scan(&sealed, &expires)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("couldn't read a challenge: %w", err)
	}
	if !now.Before(db.Time(expires)) {
		return nil, nil
	}
	return sealed, nil
}

func dropCeremonies(ctx context.Context, tx *db.Tx, now time.Time) error {
	if _, err := tx.Exec(ctx, "DELETE FROM ceremonies WHERE expires <= $1", db.Micros(now)); err != nil {
		return fmt.Errorf("couldn't drop old challenges: %w", err)
	}
	return nil
}

// attemptRow is a row of attempts.
type attemptRow struct {
	failures, rounds  int64
	lockedUntil, last time.Time
}

func readAttempt(ctx context.Context, q db.Querier, subject string) (r attemptRow, err error) {
	var until, last int64
	err = q.QueryRow(ctx, "SELECT failures, rounds, locked_until, last FROM attempts WHERE subject = $1", subject).Scan(&r.failures, &r.rounds, &until, &last)
	if errors.Is(err, sql.ErrNoRows) {
		return attemptRow{}, nil
	}
	if err != nil {
		return r, fmt.Errorf("couldn't read failed sign-ins: %w", err)
	}
	r.lockedUntil, r.last = db.Time(until), db.Time(last)
	return r, nil
}

func writeAttempt(ctx context.Context, tx *db.Tx, subject string, r attemptRow) error {
	_, err := tx.Exec(ctx, `INSERT INTO attempts (subject, failures, rounds, locked_until, last) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (subject) DO UPDATE SET failures = excluded.failures, rounds = excluded.rounds, locked_until = excluded.locked_until, last = excluded.last`,
		subject, r.failures, r.rounds, db.Micros(r.lockedUntil), db.Micros(r.last))
	if err != nil {
		return fmt.Errorf("couldn't count a failed sign-in: %w", err)
	}
	return nil
}

func dropAttempt(ctx context.Context, tx *db.Tx, subject string) error {
	if _, err := tx.Exec(ctx, "DELETE FROM attempts WHERE subject = $1", subject); err != nil {
		return fmt.Errorf("couldn't forget failed sign-ins: %w", err)
	}
	return nil
}

// dropAttempts forgets failures of long ago that no account has: nobody can
// fill the table with made-up people.
func dropAttempts(ctx context.Context, tx *db.Tx, before time.Time) error {
	_, err := tx.Exec(ctx, "DELETE FROM attempts WHERE subject NOT LIKE 'a:%' AND last <= $1 AND locked_until <= $1", db.Micros(before))
	if err != nil {
		return fmt.Errorf("couldn't forget failed sign-ins: %w", err)
	}
	return nil
}
