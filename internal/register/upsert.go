package register

import (
	"context"
	"fmt"
	"strings"

	"dancu/internal/db"
)

// upsert brings rows in by PIN, in their order, and returns how many were new
// and how many changed; the others were there as they are.
func upsert(ctx context.Context, tx *db.Tx, rows []row) (inserted, updated int64, err error) {
	if tx.Engine() == db.Postgres {
		return upsertPostgres(ctx, tx, rows)
	}
	return upsertSQLite(ctx, tx, rows)
}

const (
	peopleColumns = "(pin, cmnd, name_fold, dob, sex, province, household, rec)"
	peopleWidth   = 8
	// rowsPerInsert spares the cost of a call per row.
	rowsPerInsert = 10
)

var (
	insertOne  = insertText(1)
	insertMany = insertText(rowsPerInsert)
)

// insertText is an insert of n rows that skips those whose PIN is there.
// Whatever else fails ends the whole transaction: saying so spares SQLite the
// copies of pages it would need to undo this statement alone.
func insertText(n int) string {
	var b strings.Builder
	b.WriteString("insert or rollback into people " + peopleColumns + " values ")
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('(')
		for c := range peopleWidth {
			if c > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, "$%d", i*peopleWidth+c+1)
		}
		b.WriteByte(')')
	}
	b.WriteString(" on conflict (pin) do nothing")
	return b.String()
}

// rec is the whole record, so rows with equal rec are equal.
const updateOne = `update people set cmnd = v.cmnd, name_fold = v.name_fold, dob = v.dob, sex = v.sex,
	province = v.province, household = v.household, rec = v.rec
	from (select $1 as pin, $2 as cmnd, $3 as name_fold, $4 as dob, $5 as sex, $6 as province, $7 as household, $8 as rec) as v
	where people.pin = v.pin and people.rec <> v.rec`

func (r *row) args(dst []any) []any {
	return append(dst, r.pin, null(r.cmnd), r.nameFold, r.dob, r.sex, r.province, null(r.household), r.rec)
}

func null(v string) any {
	if v == "" {
		return nil
	}
	return v
}

func upsertSQLite(ctx context.Context, tx *db.Tx, rows []row) (inserted, updated int64, err error) {
	// A context that can end costs a goroutine per statement.
	bare := context.WithoutCancel(ctx)
	args := make([]any, 0, rowsPerInsert*peopleWidth)
	for len(rows) > 0 {
		if err := ctx.Err(); err != nil {
			return 0, 0, err
		}
		n, text := 1, insertOne
		if len(rows) >= rowsPerInsert {
			n, text = rowsPerInsert, insertMany
		}
		args = args[:0]
		for i := range rows[:n] {
			args = rows[i].args(args)
		}
		k, err := tx.Exec(bare, text, args...)
		if err != nil {
			return 0, 0, err
		}
		inserted += k
		if k < int64(n) {
			// Some PINs were there. Those just inserted equal their rows.
			for i := range rows[:n] {
				k, err := tx.Exec(bare, updateOne, rows[i].args(args[:0])...)
				if err != nil {
					return 0, 0, err
				}
				updated += k
			}
		}
		rows = rows[n:]
	}
	return inserted, updated, nil
}

const upsertMany = `insert into people ` + peopleColumns + `
	select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bytea[])
	on conflict (pin) do update set cmnd = excluded.cmnd, name_fold = excluded.name_fold, dob = excluded.dob, sex = excluded.sex,
	province = excluded.province, household = excluded.household, rec = excluded.rec
	where people.rec <> excluded.rec
	returning (xmax = 0)` // xmax is 0 in a row version nobody had before

func upsertPostgres(ctx context.Context, tx *db.Tx, rows []row) (inserted, updated int64, err error) {
	for len(rows) > 0 {
		// One statement may not touch a PIN twice.
		n := len(rows)
		seen := make(map[string]bool, n)
		for i := range rows {
			if seen[rows[i].pin] {
				n = i
				break
			}
			seen[rows[i].pin] = true
		}
		i, u, err := upsertDistinct(ctx, tx, rows[:n])
		if err != nil {
			return 0, 0, err
		}
		inserted, updated, rows = inserted+i, updated+u, rows[n:]
	}
	return inserted, updated, nil
}

func upsertDistinct(ctx context.Context, tx *db.Tx, rows []row) (inserted, updated int64, err error) {
	n := len(rows)
	texts := make([]string, 5*n)
	pins, names, dobs, sexes, provs := texts[:n], texts[n:2*n], texts[2*n:3*n], texts[3*n:4*n], texts[4*n:]
	optional := make([]*string, 2*n)
	cmnds, households := optional[:n], optional[n:]
	recs := make([][]byte, n)
	for i := range rows {
		r := &rows[i]
		pins[i], names[i], dobs[i], sexes[i], provs[i], recs[i] = r.pin, r.nameFold, r.dob, r.sex, r.province, r.rec
		if r.cmnd != "" {
			cmnds[i] = &r.cmnd
		}
		if r.household != "" {
			households[i] = &r.household
		}
	}
	res, err := tx.Query(ctx, upsertMany, pins, cmnds, names, dobs, sexes, provs, households, recs)
	if err != nil {
		return 0, 0, err
	}
	defer func() { _ = res.Close() }()
	for res.Next() {
		var fresh bool
		if err := res.Scan(&fresh); err != nil {
			return 0, 0, err
		}
		if fresh {
			inserted++
		} else {
			updated++
		}
	}
	return inserted, updated, res.Err()
}
