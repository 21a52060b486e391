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

// record is a row of accounts.
type record struct {
	Account
	version  int64
	password string
	enabled  time.Time
}

const accountColumns = `id, kind, agency, code, login, name, unit, state, reason, version, password, password_set, must_change, created, enabled, last_signin`

// scanner is a row or rows.
type scanner interface{ Scan(dest ...any) error }

func scanAccount(row scanner) (*record, error) {
	var r record
	var set, must, created, enabled, last int64
	err := row.Scan(&r.ID, &r.Kind, &r.Agency, &r.Code, &r.Login, &r.Name, &r.Unit, &r.State, &r.Reason, &r.version, &r.password, &set, &must, &created, &enabled, &last)
	if err != nil {
		return nil, err
	}
	r.PasswordSet, r.MustChange, r.Created, r.enabled, r.LastSignIn = db.Time(set), must != 0, db.Time(created), db.Time(enabled), db.Time(last)
	return &r, nil
}

// oneAccount returns the account of a row, nil if there is none.
func oneAccount(row *db.Row) (*record, error) {
	r, err := scanAccount(row)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("couldn't read an account: %w", err)
	}
	return r, nil
}

func accountByID(ctx context.Context, q db.Querier, id string) (*record, error) {
	return oneAccount(q.QueryRow(ctx, "SELECT "+accountColumns+" FROM accounts WHERE id = $1", id))
}

func accountByLogin(ctx context.Context, q db.Querier, login string) (*record, error) {
	return oneAccount(q.QueryRow(ctx, "SELECT "+accountColumns+" FROM accounts WHERE login = $1", login))
}

func accountByCode(ctx context.Context, q db.Querier, agency, code string) (*record, error) {
	return oneAccount(q.QueryRow(ctx, "SELECT "+accountColumns+" FROM accounts WHERE agency = $1 AND code = $2", agency, code))
}

// accountsAfter returns up to limit accounts after an id, oldest first. Empty
// and zero arguments do not narrow; folded is a part of the folded text.
func accountsAfter(ctx context.Context, q db.Querier, after string, kinds []Kind, agency string, state State, folded string, limit int) ([]*record, error) {
	list, err := json.Marshal(kinds)
	if err != nil {
		return nil, err
	}
	in := "(SELECT value FROM json_each($2))"
	if q.Engine() == db.Postgres {
		in = "(SELECT json_array_elements_text($2::json))"
	}
	pattern := "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(folded) + "%"
	rows, err := q.Query(ctx, "SELECT "+accountColumns+" FROM accounts WHERE id > $1 AND kind IN "+in+`
		AND ($3 = '' OR agency = $3) AND ($4 = '' OR state = $4) AND folded LIKE $5 ESCAPE '\' ORDER BY id LIMIT $6`,
		after, string(list), agency, string(state), pattern, int64(limit))
	return allAccounts(rows, err)
}

func allAccounts(rows *db.Rows, err error) ([]*record, error) {
	if err != nil {
		return nil, fmt.Errorf("couldn't read accounts: %w", err)
	}
	defer rows.Close()
	var out []*record
	for rows.Next() {
		r, err := scanAccount(rows)
		if err != nil {
			return nil, fmt.Errorf("couldn't read accounts: %w", err)
		}
		out = append(out, r)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("couldn't read accounts: %w", err)
	}
	return out, nil
}

// idleAccounts returns up to limit active accounts that nobody signed in to
// since a time.
func idleAccounts(ctx context.Context, q db.Querier, since time.Time, limit int) ([]*record, error) {
	rows, err := q.Query(ctx, "SELECT "+accountColumns+" FROM accounts WHERE state = 'active' AND enabled <= $1 AND last_signin <= $1 ORDER BY id LIMIT $2",
		db.Micros(since), int64(limit))
	return allAccounts(rows, err)
}

func insertAccount(ctx context.Context, tx *db.Tx, r *record) error {
	_, err := tx.Exec(ctx, `INSERT INTO accounts (id, kind, agency, code, login, name, folded, unit, state, reason, version, password, password_set, must_change, created, enabled, last_signin)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
		r.ID, string(r.Kind), r.Agency, r.Code, r.Login, r.Name, folded(r), r.Unit, string(r.State), r.Reason, r.version, r.password,
		db.Micros(r.PasswordSet), bit(r.MustChange), db.Micros(r.Created), db.Micros(r.enabled), db.Micros(r.LastSignIn))
	if err != nil {
		return fmt.Errorf("couldn't store an account: %w", err)
	}
	return nil
}

// updateAccount writes everything of an account that may change.
func updateAccount(ctx context.Context, tx *db.Tx, r *record) error {
	n, err := tx.Exec(ctx, `UPDATE accounts SET name = $2, folded = $3, unit = $4, state = $5, reason = $6, version = $7, password = $8,
		password_set = $9, must_change = $10, enabled = $11, last_signin = $12 WHERE id = $1`,
		r.ID, r.Name, folded(r), r.Unit, string(r.State), r.Reason, r.version, r.password,
		db.Micros(r.PasswordSet), bit(r.MustChange), db.Micros(r.enabled), db.Micros(r.LastSignIn))
	if err == nil && n != 1 {
		err = errors.New("it is not there")
	}
	if err != nil {
		return fmt.Errorf("couldn't store an account: %w", err)
	}
	return nil
}

func countAdministrators(ctx context.Context, q db.Querier) (n int64, err error) {
	if err := q.QueryRow(ctx, "SELECT count(*) FROM accounts WHERE kind = 'administrator' AND state = 'active'").Scan(&n); err != nil {
		return 0, fmt.Errorf("couldn't count the administrators: %w", err)
	}
	return n, nil
}

func oldPasswords(ctx context.Context, q db.Querier, account string, limit int) (out []string, err error) {
	rows, err := q.Query(ctx, "SELECT password FROM old_passwords WHERE account = $1 ORDER BY set_at DESC LIMIT $2", account, int64(limit))
	if err != nil {
		return nil, fmt.Errorf("couldn't read former passwords: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var p string
		if err := rows.Scan(&p); err != nil {
			return nil, fmt.Errorf("couldn't read former passwords: %w", err)
		}
		out = append(out, p)
	}
	return out, rows.Err()
}

// keepPassword notes the present password as a former one and forgets all but
// the newest of them.
func keepPassword(ctx context.Context, tx *db.Tx, r *record, history int) error {
	if r.password == "" || r.MustChange {
		return nil // a one-time password was nobody's choice
	}
	_, err := tx.Exec(ctx, "INSERT INTO old_passwords (account, set_at, password) VALUES ($1, $2, $3) ON CONFLICT (account, set_at) DO NOTHING",
		r.ID, db.Micros(r.PasswordSet), r.password)
	if err == nil {
		_, err = tx.Exec(ctx, `DELETE FROM old_passwords WHERE account = $1 AND set_at NOT IN
			(SELECT set_at FROM old_passwords WHERE account = $1 ORDER BY set_at DESC LIMIT $2)`, r.ID, int64(history))
	}
	if err != nil {
		return fmt.Errorf("couldn't keep a former password: %w", err)
	}
	return nil
}

// rightsOf returns what an officer was given.
func rightsOf(ctx context.Context, q db.Querier, account string) (Rights, error) {
	all, err := rightsOfAll(ctx, q, []string{account})
	return all[account], err
}

// rightsOfAll returns what officers were given, by account.
func rightsOfAll(ctx context.Context, q db.Querier, accounts []string) (map[string]Rights, error) {
	list, err := json.Marshal(accounts)
	if err != nil {
		return nil, err
	}
	in := "(SELECT value FROM json_each($1))"
	if q.Engine() == db.Postgres {
		in = "(SELECT json_array_elements_text($1::json))"
	}
	rows, err := q.Query(ctx, "SELECT account, connection, grant_id FROM officer_grants WHERE account IN "+in+" ORDER BY account, connection, grant_id", string(list))
	if err != nil {
		return nil, fmt.Errorf("couldn't read officers' rights: %w", err)
	}
	defer rows.Close()
	out := map[string]Rights{}
	for rows.Next() {
		var account, connection, grant string
		if err := rows.Scan(&account, &connection, &grant); err != nil {
			return nil, fmt.Errorf("couldn't read officers' rights: %w", err)
		}
		if out[account] == nil {
			out[account] = Rights{}
		}
		out[account][connection] = append(out[account][connection], grant)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("couldn't read officers' rights: %w", err)
	}
	return out, nil
}

func replaceRights(ctx context.Context, tx *db.Tx, account string, r Rights) error {
	if _, err := tx.Exec(ctx, "DELETE FROM officer_grants WHERE account = $1", account); err != nil {
		return fmt.Errorf("couldn't change an officer's rights: %w", err)
	}
	for c, grants := range r {
		for _, g := range grants {
			if _, err := tx.Exec(ctx, "INSERT INTO officer_grants (account, connection, grant_id) VALUES ($1, $2, $3)", account, c, g); err != nil {
				return fmt.Errorf("couldn't change an officer's rights: %w", err)
			}
		}
	}
	return nil
}

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
