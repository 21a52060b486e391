package db_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"dancu/internal/db"
	"dancu/internal/db/dbtest"
)

// TestPointReads reads from many goroutines, keys that are there and keys that
// are not, and closes the database under them: everybody gets their own value.
func TestPointReads(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		ctx := context.Background()
		d := env.Open(db.Register)
		err := d.Write(ctx, func(tx *db.Tx) error {
			for i := range 300 {
				if _, err := tx.Exec(ctx, "insert into imports (source, position, line, errpos, counts, time) values ($1, 0, 0, 0, $2, 0)",
					fmt.Sprintf("key %d \"\\", i), fmt.Sprintf("value %d", i)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		blob := "cast(counts as blob)"
		if d.Engine() == db.Postgres {
			blob = "convert_to(counts, 'UTF8')"
		}
		get := d.Point(
			"select "+blob+" from imports where source = $1",
			"select s.key, "+blob+" from json_each($1) as s cross join imports as i where i.source = s.value")
		read := func(i int) error {
			b, err := get(ctx, fmt.Sprintf("key %d \"\\", i))
			switch {
			case i >= 300 && errors.Is(err, sql.ErrNoRows):
				return nil
			case err != nil:
				return err
			case i >= 300 || string(b) != fmt.Sprintf("value %d", i):
				return fmt.Errorf("key %d has the value %q", i, b)
			}
			return nil
		}
		var wg sync.WaitGroup
		for g := range 64 {
			wg.Go(func() {
				for n := range 200 {
					if err := read((n*(g%7+1) + g%3) % 330); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		wg.Wait()
		if _, err := get(ctx, "a\x00b"); !db.IsData(err) && d.Engine() == db.SQLite {
			t.Errorf("a key that is no text: got %v", err)
		}

		var failed atomic.Int64
		begun := make(chan struct{}, 64)
		for range 64 {
			wg.Go(func() {
				for n := 0; ; n++ {
					if err := read(n % 330); err != nil {
						failed.Add(1)
						return
					}
					select {
					case begun <- struct{}{}:
					default:
					}
				}
			})
		}
		<-begun
		if err := d.Close(); err != nil {
			t.Error(err)
		}
		wg.Wait()
		if failed.Load() != 64 {
			t.Errorf("%d of 64 readers were told that the database is closed", failed.Load())
		}
	})
}
