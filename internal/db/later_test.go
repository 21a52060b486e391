package db_test

import (
	"context"
	"testing"

	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
)

// TestLater says when statements put off are run: in their order, before the
// next statement that is not, and before the commit; and that one of them that
// fails undoes the transaction.
func TestLater(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		ctx := context.Background()
		d := env.Open(db.Register)
		const insert = "insert into imports (source, position, line, errpos, counts, time) values ($1, $2, 0, 0, '', 0)"
		sum := func(q db.Querier) (n int64) {
			t.Helper()
			if err := q.QueryRow(ctx, "select cast(coalesce(sum(position), 0) as bigint) from imports").Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		err := d.Write(ctx, func(tx *db.Tx) error {
			if err := tx.Later(ctx, insert, "a", int64(1)); err != nil {
				return err
			}
			if err := tx.Later(ctx, "update imports set position = position + $1", int64(1)); err != nil {
				return err
			}
			if got := sum(tx); got != 2 {
				t.Errorf("a query after them sees %d, want 2", got)
			}
			return tx.Later(ctx, insert, "b", int64(10))
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := sum(d); got != 12 {
			t.Errorf("after the commit the sum is %d, want 12", got)
		}

		err = d.Write(ctx, func(tx *db.Tx) error {
			if err := tx.Later(ctx, insert, "c", int64(100)); err != nil {
				return err
			}
			return tx.Later(ctx, insert, "a", int64(1000))
		})
		if !fault.Is(err, fault.Conflict) || !db.IsData(err) || db.IsUnknown(err) {
			t.Errorf("a row that is there: got %v, want a conflict that is known to be undone", err)
		}
		if got := sum(d); got != 12 {
			t.Errorf("after the conflict the sum is %d, want 12", got)
		}
		if err := d.Write(ctx, func(tx *db.Tx) error { return tx.Later(ctx, insert, "a\x00", int64(1)) }); !db.IsData(err) {
			t.Errorf("a value that is no text: got %v", err)
		}
		if err := d.Write(ctx, func(tx *db.Tx) error { return tx.Later(ctx, insert, "d", int64(1)) }); err != nil {
			t.Errorf("the next transaction: %v", err)
		}
	})
}

// TestACallerThatGoesAwayBreaksNothingOff: a statement of a writer goes on
// although the context it was given is over.
func TestACallerThatGoesAwayBreaksNothingOff(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		d := env.Open(db.Register)
		err := d.Write(context.Background(), func(tx *db.Tx) error {
			gone, cancel := context.WithCancel(context.Background())
			cancel()
			if _, err := tx.Exec(gone, "insert into imports (source, position, line, errpos, counts, time) values ('a', 1, 0, 0, '', 0)"); err != nil {
				return err
			}
			var n int64
			return tx.QueryRow(gone, "select count(*) from imports").Scan(&n)
		})
		if err != nil {
			t.Error(err)
		}
	})
}
