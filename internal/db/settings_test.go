package db_test

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"pgregory.net/rapid"

	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
)

// Writing past the limit of a file's size is to be an error, not a signal.
func ignoreFileSizeSignal() { signal.Ignore(syscall.SIGXFSZ) }

func TestSQLiteSettingsReadBack(t *testing.T) {
	for _, c := range []struct {
		relaxed bool
		sync    string
	}{{false, "2"}, {true, "1"}} {
		d := dbtest.SQLite(t).Open(db.Main, func(cfg *db.Config) { cfg.Relaxed = c.relaxed })
		for name, want := range map[string]string{
			"journal_mode": "wal", "synchronous": c.sync, "foreign_keys": "1", "busy_timeout": "5000",
			"trusted_schema": "0", "query_only": "0", "wal_autocheckpoint": "4000",
		} {
			if got, err := d.WriterPragma(name); err != nil || got != want {
				t.Errorf("writer (relaxed %v): %s = %s, %v, want %s", c.relaxed, name, got, err, want)
			}
		}
		for name, want := range map[string]string{"query_only": "1", "journal_mode": "wal"} {
			var got string
			if err := d.QueryRow(ctx, "pragma "+name).Scan(&got); err != nil || got != want {
				t.Errorf("reader: %s = %s, %v, want %s", name, got, err, want)
			}
		}
	}
}

// A connection whose journal is not what Write needs is refused.
func TestSQLiteThatWouldNotKeepItsWordIsRefused(t *testing.T) {
	for _, c := range []struct {
		settings string
		ok       bool
	}{
		{"journal_mode(wal); pragma synchronous(full); pragma foreign_keys(1)", true},
		{"journal_mode(delete); pragma synchronous(full); pragma foreign_keys(1)", false},
		{"journal_mode(wal); pragma synchronous(normal); pragma foreign_keys(1)", false},
		{"journal_mode(wal); pragma synchronous(full); pragma foreign_keys(0)", false},
	} {
		conn, err := dbtest.SQLite(t).Raw(db.Main).Conn(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.ExecContext(ctx, "pragma "+c.settings); err != nil {
			t.Fatal(err)
		}
		if err := db.CheckSQLite(ctx, conn, false); (err == nil) != c.ok || err != nil && !fault.Is(err, fault.Unavailable) {
			t.Errorf("%s: %v", c.settings, err)
		}
		conn.Close()
	}
}

func TestPostgresThatWouldNotKeepItsWordIsRefused(t *testing.T) {
	env := dbtest.PostgresAlone(t)
	admin := env.Raw(db.Main)
	do := func(query string) {
		t.Helper()
		if _, err := admin.ExecContext(ctx, query); err != nil {
			t.Fatal(err)
		}
	}
	// until reads a setting as new sessions get it.
	until := func(name, want string) {
		t.Helper()
		do("select pg_reload_conf()")
		for got := ""; got != want; {
			c, err := sql.Open("pgx", env.DSN(db.Main))
			if err == nil {
				err = c.QueryRowContext(ctx, "show "+name).Scan(&got)
			}
			if err != nil {
				t.Fatal(err)
			}
			c.Close()
		}
	}
	refused := func(why string) {
		t.Helper()
		d, err := db.Open(ctx, db.Config{DSN: env.DSN(db.Main), Tree: db.Main})
		if err == nil {
			d.Close()
			t.Errorf("%s: opened", why)
		} else if !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), "would not keep") {
			t.Errorf("%s: kind %v: %v", why, fault.KindOf(err), err)
		}
	}
	h := open(t, env) // from before it all

	do("alter database " + dbName(t, admin) + " set synchronous_commit = off")
	refused("synchronous_commit off for the database")
	do("alter database " + dbName(t, admin) + " set synchronous_commit = remote_apply")
	env.Open(db.Main)
	do("alter database " + dbName(t, admin) + " set synchronous_commit = local")
	refused("synchronous_commit local")
	do("alter database " + dbName(t, admin) + " reset synchronous_commit")

	do("alter system set synchronous_commit = off")
	until("synchronous_commit", "off")
	refused("synchronous_commit off for the server")
	var got string
	h.ok(h.Write(ctx, func(tx *db.Tx) error { return tx.QueryRow(ctx, "show synchronous_commit").Scan(&got) }))
	if got != "on" {
		t.Errorf("a session from before now commits with synchronous_commit=%s", got)
	}
	relaxed := env.Open(db.Main, func(c *db.Config) { c.Relaxed = true })
	if err := relaxed.Ping(ctx); err != nil {
		t.Error(err)
	}
	do("alter system reset synchronous_commit")

	do("alter system set full_page_writes = off")
	until("full_page_writes", "off")
	refused("full_page_writes off")
	do("alter system reset full_page_writes")

	do("alter system set fsync = off")
	until("fsync", "off")
	refused("fsync off")
	h.works() // its session was checked at its start
}

func dbName(t *testing.T, p *sql.DB) (name string) {
	t.Helper()
	if err := p.QueryRowContext(ctx, "select current_database()").Scan(&name); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestPostgresSessionSettings(t *testing.T) {
	env := dbtest.Postgres(t)
	show := func(q db.Querier, name string) (v string) {
		t.Helper()
		if err := q.QueryRow(ctx, "show "+name).Scan(&v); err != nil {
			t.Fatal(err)
		}
		return v
	}
	check := func(q db.Querier, want map[string]string) {
		t.Helper()
		for name, w := range want {
			if got := show(q, name); got != w {
				t.Errorf("%s = %s, want %s", name, got, w)
			}
		}
	}
	common := map[string]string{
		"application_name": "dancu", "timezone": "UTC", "statement_timeout": "1min",
		"idle_in_transaction_session_timeout": "15s",
	}
	d := env.Open(db.Main)
	check(d, common)
	if err := d.Write(ctx, func(tx *db.Tx) error {
		check(tx, common)
		check(tx, map[string]string{"lock_timeout": "5s", "transaction_isolation": "read committed"})
		return nil
	}); err != nil {
		t.Error(err)
	}
	if err := d.Read(ctx, func(tx *db.Tx) error {
		check(tx, map[string]string{"transaction_isolation": "repeatable read", "transaction_read_only": "on"})
		return nil
	}); err != nil {
		t.Error(err)
	}
	// What the address says is left alone.
	d = env.Open(db.Main, func(c *db.Config) { c.DSN += "&statement_timeout=7s&application_name=x" })
	check(d, map[string]string{"statement_timeout": "7s", "application_name": "x"})
}

func TestOddFileNames(t *testing.T) {
	for _, name := range []string{
		"a b", "100%", "%41", "what?", "x#y", "a&_pragma=synchronous(0)", "a?_pragma=synchronous(0)", "Dân cư – Thừa Thiên Huế",
		"q'uote\"", "back\\slash", "semi;colon", "plus+", "file:x", "new\nline", ":memory:",
	} {
		file := filepath.Join(t.TempDir(), name, name)
		d, err := db.Open(ctx, db.Config{DSN: "sqlite:" + file, Tree: db.Main})
		if err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		if v, err := d.WriterPragma("synchronous"); v != "2" || err != nil {
			t.Errorf("%q: synchronous = %s, %v", name, v, err)
		}
		var at string
		if err := d.QueryRow(ctx, "select file from pragma_database_list").Scan(&at); err != nil || at != file {
			t.Errorf("%q: the file is %q, %v", name, at, err)
		}
		if err := d.Close(); err != nil {
			t.Errorf("%q: %v", name, err)
		}
		// The WAL is folded and gone.
		names, err := os.ReadDir(filepath.Dir(file))
		if err != nil || len(names) != 1 || names[0].Name() != name {
			t.Errorf("%q: left in the folder: %v, %v", name, names, err)
		}
	}
}

func TestFilesAreTheOwnersAlone(t *testing.T) {
	file := filepath.Join(t.TempDir(), "new", "folder", "main.db")
	d, err := db.Open(ctx, db.Config{DSN: "sqlite:" + file, Tree: db.Main})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	for path, want := range map[string]os.FileMode{
		filepath.Dir(file): 0o700 | os.ModeDir, file: 0o600, file + "-wal": 0o600, file + "-shm": 0o600,
	} {
		fi, err := os.Stat(path)
		if err != nil {
			t.Error(err)
		} else if fi.Mode() != want {
			t.Errorf("%s has mode %v, want %v", filepath.Base(path), fi.Mode(), want)
		}
	}
}

func TestMicros(t *testing.T) {
	if db.Micros(time.Time{}) != 0 || !db.Time(0).IsZero() {
		t.Error("the zero time is not 0")
	}
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(-1e10, 1e11).Draw(t, "seconds"), rapid.Int64Range(0, 999_999_999).Draw(t, "ns"))
		got := db.Time(db.Micros(at))
		if want := at.Truncate(time.Microsecond); at.UnixMicro() != 0 && !got.Equal(want) || got.Location() != time.UTC {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

func TestClockOffset(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		var by time.Duration
		d := env.Open(db.Main, func(c *db.Config) { c.ClockOffset = func() time.Duration { return by } })
		at := func() (now time.Time) {
			if err := d.Write(ctx, func(tx *db.Tx) (err error) { now, err = tx.Lock(ctx); return err }); err != nil {
				t.Fatal(err)
			}
			return now
		}
		before := at()
		by = 24 * time.Hour
		if got := at().Sub(before); got < by || got > by+time.Hour {
			t.Errorf("the clock went on by %v, want %v", got, by)
		}
	})
}

func TestCopyIn(t *testing.T) {
	each(t, func(h *harness) {
		rows := func(n int, at int, bad error) func(func([]any, error) bool) {
			return func(yield func([]any, error) bool) {
				for i := range n {
					if i == at {
						if bad != nil {
							yield(nil, bad)
							return
						}
						if !yield([]any{int64(i), "\x00" + secret, nil}, nil) {
							return
						}
						continue
					}
					if !yield([]any{int64(i), fmt.Sprintf("Nguyễn Văn %d", i), nil}, nil) {
						return
					}
				}
			}
		}
		columns := []string{"id", "name", "n"}
		copyIn := func(seq func(func([]any, error) bool)) (n int64, err error) {
			err = h.Write(ctx, func(tx *db.Tx) error {
				if n, err = tx.CopyIn(ctx, "things", columns, seq); err != nil {
					return nil // the transaction knows
				}
				_, err = tx.Exec(ctx, `update things set n = 1`) // and may go on
				return err
			})
			return n, err
		}
		boom := errors.New("boom")
		if _, err := copyIn(rows(100, 50, boom)); !errors.Is(err, boom) {
			t.Errorf("the source's error: %v", err)
		}
		if _, err := copyIn(rows(100, 50, nil)); !db.IsData(err) {
			t.Errorf("a bad row: %v", err)
		} else {
			noValue(t, "copy", err)
		}
		var n int
		h.ok(h.QueryRow(ctx, `select count(*) from things`).Scan(&n))
		if n != 0 {
			t.Errorf("%d rows of failed copies", n)
		}
		got, err := copyIn(rows(5000, -1, nil))
		h.ok(err)
		h.ok(h.QueryRow(ctx, `select count(*) from things where n = 1`).Scan(&n))
		if got != 5000 || n != 5000 {
			t.Errorf("copied %d, there are %d, want 5000", got, n)
		}
		if _, err := copyIn(rows(1, -1, nil)); !db.IsData(err) || !fault.Is(err, fault.Conflict) {
			t.Errorf("a second time: %v", err)
		}
		err = h.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.CopyIn(ctx, "things; drop table things", columns, rows(1, -1, nil))
			return err
		})
		if err == nil {
			t.Error("a name that is none was taken")
		}
		h.works()
	})
}

func TestSize(t *testing.T) {
	each(t, func(h *harness) {
		size := func(tables ...string) int64 {
			h.Helper()
			n, err := h.Size(ctx, tables...)
			h.ok(err)
			return n
		}
		before, all := size("things"), size()
		if before <= 0 || all < before {
			t.Errorf("things has %d bytes, all %d", before, all)
		}
		h.ok(h.Write(ctx, func(tx *db.Tx) error {
			for i := range 200 {
				if err := put(i, fmt.Sprint(i)+strings.Repeat("x", 1000))(tx); err != nil {
					return err
				}
			}
			return nil
		}))
		// The column is unique, so the index holds it again.
		if grown := size("things") - before; h.env.Engine == db.SQLite && grown < 400_000 || grown < 200_000 {
			t.Errorf("200 rows of 1,000 bytes and their index took %d bytes", grown)
		}
		if a, b := size("things", "standing"), size("things")+size("standing"); a != b {
			t.Errorf("both together have %d bytes, one by one %d", a, b)
		}
		if _, err := h.Size(ctx, "nothing"); !fault.Is(err, fault.NotFound) {
			t.Errorf("a table that is not there: %v", err)
		}
	})
}
