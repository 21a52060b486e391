package dbtest_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dancu/internal/db"
	"dancu/internal/db/dbtest"
)

func TestEnvsAreApartAndSurviveReopening(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		ctx := context.Background()
		d := env.Open(db.Main)
		err := d.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `insert into standing (version, kind, id, doc, time) values ($1, $2, $3, $4, $5)`, 1, "k", "i", []byte{1}, 2)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		count := func(d *db.DB) (n int) {
			t.Helper()
			if err := d.QueryRow(ctx, `select count(*) from standing`).Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		if got := count(env.Open(db.Main)); got != 1 {
			t.Errorf("opened again: %d rows, want 1", got)
		}
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		other := dbtest.SQLite(t)
		if env.Engine == db.Postgres {
			other = dbtest.Postgres(t)
			if !strings.Contains(env.PostgresLog(), "ready to accept connections") {
				t.Error("the server's log cannot be read")
			}
			if n := env.TerminateBackends(); n == 0 {
				t.Error("no backend was terminated")
			}
		}
		if got := count(other.Open(db.Main)); got != 0 {
			t.Errorf("another Env: %d rows, want 0", got)
		}
	})
}

func TestStopRemovesEverything(t *testing.T) {
	s, err := dbtest.Start()
	if err != nil {
		t.Skip(err)
	}
	dir := filepath.Dir(s.Log)
	s.Stop()
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("%s is still there: %v", dir, err)
	}
}
