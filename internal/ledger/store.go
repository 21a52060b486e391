package ledger

import (
	"context"
	"math/bits"
	"strconv"
	"strings"

	"dancu/internal/db"
)

const insertEntry = "INSERT INTO entries (idx, time, kind, connection, code, call, leaf, sealkey, body, outcome) "

// insertRows are the SQLite insertions of 1, 2, 4, 8 and 16 rows: any batch is a
// few of them, and each stays prepared.
var insertRows = func() (texts [5]string) {
	for i := range texts {
		// Whatever fails here ends the whole transaction: saying so spares
		// SQLite the copies it would need to undo this statement alone.
		texts[i] = strings.Replace(insertEntry, "INSERT", "INSERT OR ROLLBACK", 1) + "VALUES " + rowsOfParams(1<<i, 10)
	}
	return texts
}()

// rowsOfParams returns "($1, $2), ($3, $4)" for 2 rows of 2 columns.
func rowsOfParams(rows, cols int) string {
	var b strings.Builder
	for r := range rows {
		if r > 0 {
			b.WriteString(", ")
		}
		b.WriteByte('(')
		for c := range cols {
			if c > 0 {
				b.WriteString(", ")
			}
			b.WriteByte('$')
			b.WriteString(strconv.Itoa(r*cols + c + 1))
		}
		b.WriteByte(')')
	}
	return b.String()
}

// insertEntries writes the staged entries: one statement on PostgreSQL, and
// on SQLite one for each power of two that their number is made of.
func (tx *Tx) insertEntries(ctx context.Context) error {
	if tx.Engine() == db.Postgres {
		return tx.insertEntriesPostgres(ctx)
	}
	rest := tx.entries
	args := make([]any, 0, 10*min(len(rest), 1<<(len(insertRows)-1)))
	for len(rest) > 0 {
		i := min(bits.Len(uint(len(rest))), len(insertRows)) - 1
		args = args[:0]
		for _, e := range rest[:1<<i] {
			var call any
			if e.Call != nil {
				call = e.Call
			}
			args = append(args, e.Index, db.Micros(e.Time), e.Kind, e.Connection, e.Code, call, e.Leaf[:], e.sealkey, e.sealed, e.storedOutcome())
		}
		if _, err := tx.Exec(ctx, insertRows[i], args...); err != nil {
			return err
		}
		rest = rest[1<<i:]
	}
	return nil
}

func (tx *Tx) insertEntriesPostgres(ctx context.Context) error {
	n := len(tx.entries)
	idx, times := make([]int64, n), make([]int64, n)
	kinds, conns, codes, sealkeys := make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	calls, leaves, bodies, outcomes := make([][]byte, n), make([][]byte, n), make([][]byte, n), make([][]byte, n)
	for i, e := range tx.entries {
		idx[i], times[i] = e.Index, db.Micros(e.Time)
		kinds[i], conns[i], codes[i], sealkeys[i] = e.Kind, e.Connection, e.Code, e.sealkey
		calls[i], leaves[i], bodies[i], outcomes[i] = e.Call, e.Leaf[:], e.sealed, e.storedOutcome()
	}
	return tx.Later(ctx, insertEntry+`SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[],
		$6::bytea[], $7::bytea[], $8::text[], $9::bytea[], $10::bytea[])`,
		idx, times, kinds, conns, codes, calls, leaves, sealkeys, bodies, outcomes)
}
