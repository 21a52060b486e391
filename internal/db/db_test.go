package db_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
)

var ctx = context.Background()

// harness is an open database with a table of its own: things (id, name, n).
type harness struct {
	*testing.T
	*db.DB
	env *dbtest.Env
}

// each runs fn on both engines.
func each(t *testing.T, fn func(h *harness)) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) { fn(open(t, env)) })
}

func open(t *testing.T, env *dbtest.Env, opts ...func(*db.Config)) *harness {
	h := &harness{t, env.Open(db.Main, opts...), env}
	strict := ""
	if env.Engine == db.SQLite {
		strict = " strict"
	}
	h.ok(h.exec(`create table if not exists things (
		id bigint primary key check (id >= 0), name text not null unique, n bigint,
		up bigint references things (id) deferrable initially deferred)` + strings.ReplaceAll(strict, "bigint", "integer")))
	return h
}

func (h *harness) ok(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

// exec runs one statement in one transaction.
func (h *harness) exec(query string, args ...any) error {
	if h.env.Engine == db.SQLite {
		query = strings.ReplaceAll(query, "bigint", "integer")
	}
	return h.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, query, args...)
		return err
	})
}

// put returns a transaction function that adds a thing.
func put(id int, name string) func(*db.Tx) error {
	return func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `insert into things (id, name) values ($1, $2)`, id, name)
		return err
	}
}

// has reports whether the thing is there, as a fresh look sees it.
func (h *harness) has(id int) bool {
	h.Helper()
	var n int
	h.ok(h.env.Raw(db.Main).QueryRowContext(ctx, `select count(*) from things where id = $1`, id).Scan(&n))
	return n == 1
}

func (h *harness) works() {
	h.Helper()
	id := int(time.Now().UnixMicro())
	if err := h.Write(ctx, put(id, fmt.Sprint("works", id))); err != nil {
		h.Fatalf("the next write fails: %v", err)
	}
	if !h.has(id) {
		h.Fatal("the next write is lost")
	}
}

// outcome checks the error of a write that must have failed.
func (h *harness) outcome(err error, unknown bool, id int, there bool) {
	h.Helper()
	if err == nil {
		h.Fatal("no error")
	}
	if got := db.IsUnknown(err); got != unknown {
		h.Errorf("IsUnknown = %v, want %v: %v", got, unknown, err)
	}
	if got := h.has(id); got != there {
		h.Errorf("row there: %v, want %v (%v)", got, there, err)
	}
	h.works()
}

// A write that fails is undone, or says that it cannot know.
func TestCommitOutcome(t *testing.T) {
	each(t, func(h *harness) {
		boom := errors.New("boom")
		err := h.Write(ctx, func(tx *db.Tx) error { return errors.Join(put(1, "a")(tx), boom) })
		if !errors.Is(err, boom) {
			t.Errorf("the function's error is lost: %v", err)
		}
		h.outcome(err, false, 1, false)

		c, cancel := context.WithCancel(ctx)
		err = h.Write(c, func(tx *db.Tx) error { defer cancel(); return put(2, "b")(tx) })
		if !fault.Is(err, fault.Unavailable) || !errors.Is(err, context.Canceled) {
			t.Errorf("caller gone before the commit: %v", err)
		}
		h.outcome(err, false, 2, false)

		// What only COMMIT finds wrong: a thing whose parent is missing.
		err = h.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `insert into things (id, name, up) values (3, 'c', 99)`)
			return err
		})
		if !db.IsData(err) || !fault.Is(err, fault.Conflict) {
			t.Errorf("contradiction found by COMMIT: %v", err)
		}
		h.outcome(err, false, 3, false)
	})
}

func TestCommitOutcomeWhenTheLineIsCut(t *testing.T) {
	for _, c := range []struct {
		name  string
		at    dbtest.Point
		there bool
	}{
		{"before COMMIT", dbtest.BeforeCommit, false},
		{"after COMMIT", dbtest.AfterCommit, true},
		{"silence after COMMIT", dbtest.MuteCommit, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			env := dbtest.Postgres(t)
			p := env.Proxy()
			h := open(t, env, p.Through())
			h.SetPatience(time.Minute, 100*time.Millisecond)
			p.CutAtCommit(c.at)
			err := h.Write(ctx, put(1, "a"))
			if !fault.Is(err, fault.Unavailable) {
				t.Errorf("kind %v: %v", fault.KindOf(err), err)
			}
			if c.at == dbtest.BeforeCommit { // the server rolls back when it notices
				env.TerminateBackends()
			}
			h.SetPatience(time.Minute, time.Minute)
			h.outcome(err, true, 1, c.there)
		})
	}
	t.Run("before any statement", func(t *testing.T) {
		env := dbtest.Postgres(t)
		p := env.Proxy()
		h := open(t, env, p.Through())
		before := p.Commits()
		err := h.Write(ctx, func(tx *db.Tx) error { p.Cut(); return put(1, "a")(tx) })
		if p.Commits() != before {
			t.Error("a COMMIT was sent all the same")
		}
		h.outcome(err, false, 1, false)
	})
	t.Run("silence before COMMIT", func(t *testing.T) {
		env := dbtest.Postgres(t)
		p := env.Proxy()
		h := open(t, env, p.Through())
		h.SetPatience(100*time.Millisecond, 100*time.Millisecond)
		err := h.Write(ctx, func(tx *db.Tx) error { p.BlackHole(); return put(1, "a")(tx) })
		p.Restore()
		h.SetPatience(time.Minute, time.Minute)
		env.TerminateBackends()
		h.outcome(err, false, 1, false)
	})
}

func TestCommitOutcomeWhenBackendsAreTerminated(t *testing.T) {
	h := open(t, dbtest.Postgres(t))
	err := h.Write(ctx, func(tx *db.Tx) error {
		if err := put(1, "a")(tx); err != nil {
			return err
		}
		h.env.TerminateBackends()
		return put(2, "b")(tx)
	})
	h.outcome(err, false, 1, false)

	err = h.Write(ctx, func(tx *db.Tx) error {
		defer h.env.TerminateBackends()
		return put(3, "c")(tx)
	})
	h.outcome(err, true, 3, false) // COMMIT was on its way: nobody can know

	// Idle connections, the writer's and the readers', are replaced unseen.
	h.ok(h.Ping(ctx))
	h.env.TerminateBackends()
	h.works()
	h.ok(h.Ping(ctx))
}

// A commit whose wait for a standby was cancelled is on our disk and on no
// other.
func TestCommitOutcomeWhenTheStandbyWaitIsCancelled(t *testing.T) {
	env := dbtest.PostgresAlone(t)
	h := open(t, env)
	admin := env.Raw(db.Main)
	set := func(v string) {
		t.Helper()
		_, err := admin.ExecContext(ctx, `alter system set synchronous_standby_names = '`+v+`'`)
		h.ok(err)
		_, err = admin.ExecContext(ctx, `select pg_reload_conf()`)
		h.ok(err)
		// Committing backends read the new value when they next look.
		for got := "?"; got != v; {
			c, err := sql.Open("pgx", env.DSN(db.Main))
			h.ok(err)
			h.ok(c.QueryRowContext(ctx, `show synchronous_standby_names`).Scan(&got))
			c.Close()
		}
	}
	for i, stop := range []string{"pg_cancel_backend", "pg_terminate_backend"} {
		set("nobody")
		done := make(chan error)
		go func() { done <- h.Write(ctx, put(i, stop)) }()
		for n := 0; n == 0; {
			h.ok(admin.QueryRowContext(ctx, `select count(*) filter (where `+stop+`(pid)) from pg_stat_activity where wait_event = 'SyncRep'`).Scan(&n))
		}
		err := <-done
		set("")
		h.outcome(err, true, i, true)
	}
}

// A commit that met an I/O error may count after a crash.
func TestCommitOutcomeOnDiskErrors(t *testing.T) {
	h := open(t, dbtest.SQLite(t))
	limit := func(cur uint64) {
		t.Helper()
		var l unix.Rlimit
		h.ok(unix.Getrlimit(unix.RLIMIT_FSIZE, &l))
		l.Cur = min(cur, l.Max)
		h.ok(unix.Setrlimit(unix.RLIMIT_FSIZE, &l))
	}
	ignoreFileSizeSignal()
	fi, err := os.Stat(h.env.File(db.Main) + "-wal")
	h.ok(err)
	limit(uint64(fi.Size()))
	err = h.Write(ctx, put(1, "a"))
	limit(unix.RLIM_INFINITY)
	if !fault.Is(err, fault.Unavailable) {
		t.Errorf("kind %v: %v", fault.KindOf(err), err)
	}
	h.outcome(err, true, 1, false)
}

func TestFullDiskIsUnavailableAndPasses(t *testing.T) {
	h := open(t, dbtest.SQLite(t))
	set := func(pages string) {
		t.Helper()
		var n int
		h.ok(h.Write(ctx, func(tx *db.Tx) error {
			return tx.QueryRow(ctx, "pragma max_page_count = "+pages).Scan(&n)
		}))
	}
	set("1") // as many as there are
	var err error
	id := 0
	for ; err == nil; id++ {
		err = h.Write(ctx, put(id, strings.Repeat("x", 3000)+fmt.Sprint(id)))
	}
	if !fault.Is(err, fault.Unavailable) || db.IsData(err) || db.IsUnknown(err) {
		t.Errorf("kind %v: %v", fault.KindOf(err), err)
	}
	if h.has(id - 1) {
		t.Error("the failed row is there")
	}
	set("1000000")
	h.works()
}

func TestReadOnlyFiles(t *testing.T) {
	h := open(t, dbtest.SQLite(t))
	h.ok(h.exec("pragma query_only(1)"))
	err := h.Write(ctx, put(1, "a"))
	if !fault.Is(err, fault.Unavailable) || db.IsUnknown(err) {
		t.Errorf("kind %v: %v", fault.KindOf(err), err)
	}
	h.ok(h.exec("pragma query_only(0)"))
	h.outcome(err, false, 1, false)
	h.ok(h.Close())

	dir := filepath.Dir(h.env.File(db.Main))
	h.ok(os.Chmod(h.env.File(db.Main), 0o444))
	h.ok(os.Chmod(dir, 0o555))
	defer os.Chmod(dir, 0o755)
	asNobody(t, func() {
		d, err := db.Open(ctx, db.Config{DSN: h.env.DSN(db.Main), Tree: db.Main})
		if err == nil {
			d.Close()
			t.Error("a file that cannot be written was opened")
		} else if !fault.Is(err, fault.Unavailable) {
			t.Errorf("kind %v: %v", fault.KindOf(err), err)
		}
	})
}

// asNobody runs fn on a thread without root's right to write everywhere.
func asNobody(t *testing.T, fn func()) {
	t.Helper()
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		if os.Geteuid() == 0 {
			runtime.LockOSThread() // never unlocked: the thread ends with us
			if _, _, e := syscall.RawSyscall(syscall.SYS_SETFSUID, 65534, 0, 0); e != 0 {
				t.Error(e)
				return
			}
		}
		fn()
	}()
	wg.Wait()
}

// After its first error a transaction writes nothing more, whatever its
// function makes of the error.
func TestTransactionEndsAtItsFirstError(t *testing.T) {
	each(t, func(h *harness) {
		h.ok(h.Write(ctx, put(1, "a")))
		err := h.Write(ctx, func(tx *db.Tx) error {
			h.ok(put(2, "b")(tx))
			if err := put(1, "twice")(tx); !db.IsData(err) {
				h.Errorf("a second row with the same key: %v", err)
			}
			if err := put(3, "c")(tx); err == nil {
				h.Error("a statement ran after the error")
			}
			if err := tx.QueryRow(ctx, "select 1").Scan(new(int)); err == nil {
				h.Error("a query ran after the error")
			}
			return nil
		})
		if !db.IsData(err) {
			t.Errorf("Write returns another error: %v", err)
		}
		h.outcome(err, false, 2, false)

		h.ok(h.Write(ctx, func(tx *db.Tx) error { // no row is no error
			if err := tx.QueryRow(ctx, "select id from things where id = -1").Scan(new(int)); !errors.Is(err, sql.ErrNoRows) {
				return fmt.Errorf("want sql.ErrNoRows, got %w", err)
			}
			return put(4, "d")(tx)
		}))
	})
}

func TestPanicReleasesEverything(t *testing.T) {
	each(t, func(h *harness) {
		for name, run := range map[string]func(context.Context, func(*db.Tx) error) error{"Write": h.Write, "Read": h.Read} {
			func() {
				defer func() {
					if recover() != "boom" {
						h.Errorf("%s swallowed the panic", name)
					}
				}()
				_ = run(ctx, func(tx *db.Tx) error {
					if name == "Write" {
						h.ok(put(1, "a")(tx))
					}
					_, err := tx.Query(ctx, "select 1 union select 2")
					h.ok(err)
					panic("boom")
				})
			}()
		}
		if h.has(1) {
			h.Error("written in spite of the panic")
		}
		if n := h.ReaderInUse(); n != 0 {
			h.Errorf("%d readers are still taken", n)
		}
		h.works()
	})
}

func TestForgottenRowsAreClosed(t *testing.T) {
	each(t, func(h *harness) {
		for i := range 20 {
			h.ok(h.Write(ctx, func(tx *db.Tx) error {
				if err := put(i, fmt.Sprint(i))(tx); err != nil {
					return err
				}
				if i%2 == 0 {
					tx.QueryRow(ctx, "select 1") // never scanned
					return nil
				}
				rows, err := tx.Query(ctx, "select id from things")
				if err == nil {
					rows.Next()
				}
				return err
			}))
			h.ok(h.Read(ctx, func(tx *db.Tx) error {
				rows, err := tx.Query(ctx, "select id from things")
				if err == nil {
					rows.Next()
				}
				return err
			}))
		}
		if n := h.ReaderInUse(); n != 0 {
			h.Errorf("%d readers are still taken", n)
		}
		h.works()
	})
}

func TestOneStatementAtATime(t *testing.T) {
	each(t, func(h *harness) {
		for name, run := range map[string]func(context.Context, func(*db.Tx) error) error{"Write": h.Write, "Read": h.Read} {
			err := run(ctx, func(tx *db.Tx) error {
				rows, err := tx.Query(ctx, "select 1 union select 2")
				h.ok(err)
				for rows.Next() {
				}
				h.ok(rows.Err())
				// Read to the end, they are no longer open.
				h.ok(tx.QueryRow(ctx, "select 1").Scan(new(int)))
				rows, err = tx.Query(ctx, "select 1 union select 2")
				h.ok(err)
				rows.Next()
				return tx.QueryRow(ctx, "select 1").Scan(new(int))
			})
			if err == nil || !strings.Contains(err.Error(), "still open") {
				h.Errorf("%s: %v", name, err)
			}
		}
		h.works()
	})
}

func TestWaitForTheWriterHonoursItsDeadline(t *testing.T) {
	each(t, func(h *harness) {
		inside, leave, left := make(chan struct{}), make(chan struct{}), make(chan error)
		go func() {
			left <- h.Write(ctx, func(*db.Tx) error { close(inside); <-leave; return nil })
		}()
		<-inside
		c, cancel := context.WithCancel(ctx)
		waiting := make(chan error)
		go func() { waiting <- h.Write(c, put(1, "a")) }()
		cancel()
		if err := <-waiting; !fault.Is(err, fault.Unavailable) || !errors.Is(err, context.Canceled) || db.IsUnknown(err) {
			h.Errorf("got %v", err)
		}
		close(leave)
		h.ok(<-left)
		if err := h.Write(c, put(2, "b")); err == nil || h.has(2) {
			h.Errorf("a caller already gone got the free writer: %v", err)
		}
		h.works()
	})
}

func TestReadersSeeOneSnapshot(t *testing.T) {
	each(t, func(h *harness) {
		count := func(q db.Querier) (n int) {
			h.Helper()
			h.ok(q.QueryRow(ctx, "select count(*) from things").Scan(&n))
			return n
		}
		h.ok(h.Read(ctx, func(tx *db.Tx) error {
			before := count(tx)
			h.ok(h.Write(ctx, put(1, "a"))) // a reader holds up no writer
			if after := count(tx); after != before {
				h.Errorf("the snapshot went from %d to %d rows", before, after)
			}
			if n := count(h); n != before+1 {
				h.Errorf("a new reader sees %d rows, want %d", n, before+1)
			}
			return nil
		}))
		h.ok(h.Write(ctx, func(tx *db.Tx) error {
			h.ok(put(2, "b")(tx))
			if n := count(h); n != 1 {
				h.Errorf("a reader sees what is not committed: %d rows", n)
			}
			if n := count(tx); n != 2 {
				h.Errorf("the writer does not see its own row: %d rows", n)
			}
			return nil
		}))
	})
}

func TestReadersCannotWrite(t *testing.T) {
	each(t, func(h *harness) {
		if err := h.Read(ctx, put(1, "a")); err == nil || h.has(1) {
			h.Errorf("Read wrote: %v", err)
		}
		if err := h.QueryRow(ctx, "insert into things (id, name) values (2, 'b') returning id").Scan(new(int)); err == nil || h.has(2) {
			h.Errorf("QueryRow wrote: %v", err)
		}
	})
}

func TestWriterPreparesOnce(t *testing.T) {
	h := open(t, dbtest.SQLite(t))
	h.ok(h.Write(ctx, put(1, "a")))
	before := h.WriterStatements()
	for i := 2; i < 50; i++ {
		h.ok(h.Write(ctx, put(i, fmt.Sprint(i))))
	}
	if n := h.WriterStatements(); n != before {
		t.Errorf("%d statements prepared, want %d", n, before)
	}
	// A changed schema invalidates no cached statement.
	h.ok(h.exec("alter table things add column extra text"))
	h.works()
}

// secret is a value that must not come out again.
const secret = "PIN 079188001234"

func TestDataErrors(t *testing.T) {
	each(t, func(h *harness) {
		h.ok(h.exec(`insert into things (id, name) values ($1, $2)`, 1, secret))
		h.ok(h.exec(`create index if not exists things_name on things (name)`))
		for _, c := range []struct {
			name  string
			query string
			args  []any
			kind  fault.Kind
		}{
			{"NUL in text", `insert into things (id, name) values ($1, $2)`, []any{2, secret + "\x00"}, fault.Invalid},
			{"text that is not UTF-8", `insert into things (id, name) values ($1, $2)`, []any{2, secret + "\xff"}, fault.Invalid},
			{"a second row", `insert into things (id, name) values ($1, $2)`, []any{2, secret}, fault.Conflict},
			{"nothing where something must be", `insert into things (id, name) values ($1, $2)`, []any{2, nil}, fault.Conflict},
			{"against a check", `insert into things (id, name) values ($1, $2)`, []any{-79188001234, "b"}, fault.Conflict},
			{"text for a number", `insert into things (id, name, n) values ($1, $2, $3)`, []any{2, "b", secret + "x"}, fault.Invalid},
		} {
			err := h.exec(c.query, c.args...)
			if !db.IsData(err) || db.IsUnknown(err) || fault.KindOf(err) != c.kind {
				t.Errorf("%s: IsData %v, kind %v, want true, %v: %v", c.name, db.IsData(err), fault.KindOf(err), c.kind, err)
			}
			noValue(t, c.name, err)
			h.works()
		}
		// A query for it finds the same fault.
		err := h.QueryRow(ctx, `select id from things where name = $1`, "\x00").Scan(new(int))
		if !db.IsData(err) {
			t.Errorf("NUL in a query: %v", err)
		}
	})
	t.Run("too big for an index", func(t *testing.T) {
		h := open(t, dbtest.Postgres(t))
		big := make([]rune, 9000)
		for i := range big {
			big[i] = rune('a' + i*i*7%977) // does not compress away
		}
		err := h.Write(ctx, put(5, string(big)))
		if !db.IsData(err) || !fault.Is(err, fault.Invalid) {
			t.Errorf("kind %v: %v", fault.KindOf(err), err)
		}
		h.works()
	})
	t.Run("too big for SQLite", func(t *testing.T) {
		h := open(t, dbtest.SQLite(t))
		err := h.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `insert into things (id, name) values ($1, cast(zeroblob(1100000000) as text))`, 7)
			return err
		})
		if !db.IsData(err) || !fault.Is(err, fault.Invalid) {
			t.Errorf("kind %v: %v", fault.KindOf(err), err)
		}
		h.works()
	})
}

// noValue checks that err, in whatever form it may be logged, has no part of
// the secret.
func noValue(t *testing.T, name string, err error) {
	t.Helper()
	for _, f := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		for e := err; e != nil; e = errors.Unwrap(e) {
			if s := fmt.Sprintf(f, e); strings.Contains(s, "79188001234") {
				t.Errorf("%s: the value is in the error: %s", name, s)
			}
		}
	}
}

func TestNoValueInErrors(t *testing.T) {
	each(t, func(h *harness) {
		h.ok(h.exec(`insert into things (id, name) values ($1, $2)`, 1, secret))
		var n int
		var when time.Time
		type strange struct{ pin string }
		for name, err := range map[string]error{
			"scan into a number": h.QueryRow(ctx, `select name from things`).Scan(&n),
			"scan into a time":   h.QueryRow(ctx, `select name from things`).Scan(&when),
			"cast":               h.exec(`update things set n = cast($1 as bigint) / 0 where name = $2`, secret, secret),
			"no such table":      h.exec(`insert into nothing (id) values ($1)`, secret),
			"no such column":     h.QueryRow(ctx, `select nothing from things where name = $1`, secret).Scan(&n),
			"strange value":      h.exec(`insert into things (id, name) values ($1, $2)`, 2, strange{secret}),
			"too few values":     h.exec(`insert into things (id, name) values ($1, $2)`, secret),
			"too many values":    h.exec(`insert into things (id, name) values (9, $1)`, secret, secret),
			"in a copy": h.Write(ctx, func(tx *db.Tx) error {
				_, err := tx.CopyIn(ctx, "things", []string{"id", "name"}, func(yield func([]any, error) bool) {
					yield([]any{secret + "y", secret}, nil)
				})
				return err
			}),
			"read transaction": h.Read(ctx, func(tx *db.Tx) error {
				return tx.QueryRow(ctx, `select name from things where name = $1`, secret).Scan(&n)
			}),
		} {
			if err == nil && name != "cast" && name != "too many values" && name != "too few values" {
				t.Errorf("%s: no error", name)
			}
			if err != nil {
				t.Log(name, "→", err)
			}
			noValue(t, name, err)
		}
		if h.env.Engine == db.SQLite {
			err := h.QueryRow(ctx, `select json_extract('{}', $1)`, secret).Scan(&n)
			if err == nil {
				t.Error("a JSON path that is none: no error")
			}
			noValue(t, "JSON path", err)
		}
		h.works()
	})
}

// Nor does one reach the server's log.
func TestNoValueInTheServersLog(t *testing.T) {
	const secret = "PIN 001099004321" // of this test alone: the log is shared
	env := dbtest.Postgres(t)
	h := open(t, env)
	h.ok(h.exec(`insert into things (id, name) values ($1, $2)`, 1, secret))
	if s, err := h.LogsValues(ctx); err != nil || len(s) != 0 {
		t.Errorf("LogsValues: %v, %v", s, err)
	}
	for _, err := range []error{
		h.exec(`insert into things (id, name) values ($1, $2)`, 2, secret),
		h.exec(`insert into things (id, name) values ($1, $2)`, 2, secret+"\x00"),
		h.exec(`insert into things (id, name) values ($1, $2)`, 2, secret+"\xff"),
		h.exec(`insert into things (id, name) values ($1, $2)`, -1099004321, "x"),
		h.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.CopyIn(ctx, "things", []string{"id", "name"}, func(yield func([]any, error) bool) {
				yield([]any{secret + "y", secret}, nil)
			})
			return err
		}),
		h.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.CopyIn(ctx, "things", []string{"id", "name"}, func(yield func([]any, error) bool) {
				yield(nil, errors.New(secret))
			})
			return err
		}),
		h.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.CopyIn(ctx, "things", []string{"id", "name"}, func(yield func([]any, error) bool) {
				yield([]any{int64(9), secret}, nil)
			})
			return err
		}),
	} {
		if err == nil {
			t.Error("no error")
		}
	}
	log := env.PostgresLog()
	if !strings.Contains(log, "things_name_key") {
		t.Error("this is not the log the errors went to")
	}
	for line := range strings.Lines(log) {
		if strings.Contains(line, "1099004321") {
			t.Errorf("in the server's log: %s", line)
		}
	}
	// A role without the right is told of what remains.
	raw := env.Raw(db.Main)
	role := "weak_" + dbName(t, raw)
	for _, q := range []string{"create role " + role + " login", "grant all on schema public to " + role, "grant all on all tables in schema public to " + role} {
		if _, err := raw.ExecContext(ctx, q); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		raw := env.Raw(db.Main)
		_, err := raw.ExecContext(ctx, "drop owned by "+role+"; drop role "+role)
		h.ok(err)
	})
	weak := env.Open(db.Main, func(c *db.Config) { c.DSN = strings.Replace(c.DSN, "dancu@", role+"@", 1) })
	defer weak.Close()
	got, err := weak.LogsValues(ctx)
	if want := "[log_error_verbosity=default log_parameter_max_length=-1]"; err != nil || fmt.Sprint(got) != want {
		t.Errorf("LogsValues of a weak role: %v, %v, want %s", got, err, want)
	}
}

func TestErrorKinds(t *testing.T) {
	each(t, func(h *harness) {
		for name, c := range map[string]struct {
			err  error
			kind fault.Kind
			says string
		}{
			"wrong SQL":         {h.exec(`insert into nothing (id) values (1)`), fault.Internal, "nothing"},
			"wrong SQL, reader": {h.QueryRow(ctx, `select x from nothing`).Scan(new(int)), fault.Internal, "nothing"},
			"wrong SQL, snapshot": {h.Read(ctx, func(tx *db.Tx) error {
				return tx.QueryRow(ctx, `select x from nothing`).Scan(new(int))
			}), fault.Internal, "nothing"},
			"wrong scan": {h.QueryRow(ctx, `select 'x'`).Scan(new(int)), fault.Internal, "column index 0"},
		} {
			if fault.KindOf(c.err) != c.kind || c.err == nil || !strings.Contains(c.err.Error(), c.says) || db.IsData(c.err) {
				t.Errorf("%s: kind %v, want %v: %v", name, fault.KindOf(c.err), c.kind, c.err)
			}
			if fault.Text(c.err) != "" {
				t.Errorf("%s: its text may be shown: %s", name, fault.Text(c.err))
			}
		}
		if err := h.QueryRow(ctx, `select 1 where 1 = 0`).Scan(new(int)); !errors.Is(err, sql.ErrNoRows) {
			t.Errorf("no row: %v", err)
		}
		h.ok(h.Close())
		h.ok(h.Close())
		for name, err := range map[string]error{"write": h.Write(ctx, put(1, "a")), "read": h.Ping(ctx)} {
			if !fault.Is(err, fault.Unavailable) {
				t.Errorf("%s when closed: kind %v: %v", name, fault.KindOf(err), err)
			}
		}
	})
	for name, dsn := range map[string]string{
		"unreachable": "postgres://u:verysecret@127.0.0.1:1/x?connect_timeout=1",
		"no socket":   "postgres://u:verysecret@/x?host=/nowhere",
		"a folder":    "sqlite:" + t.TempDir(),
		"no scheme":   "verysecret",
		"no file":     "sqlite:",
		"unreadable":  "postgres://u:verysecret@[::1/x",
	} {
		d, err := db.Open(ctx, db.Config{DSN: dsn, Tree: db.Main})
		if err == nil {
			d.Close()
			t.Errorf("%s: opened", name)
			continue
		}
		want := fault.Unavailable
		if name == "no scheme" || name == "no file" || name == "unreadable" {
			want = fault.Invalid
		}
		if fault.KindOf(err) != want || fault.Text(err) == "" {
			t.Errorf("%s: kind %v, want %v: %v", name, fault.KindOf(err), want, err)
		}
		if strings.Contains(fmt.Sprintf("%v %+v", err, err), "verysecret") {
			t.Errorf("%s: the password is in the error: %v", name, err)
		}
	}
}

// Two handles, as two nodes have, never hold the lock at once, and the clock
// is read by who holds it.
func TestLockSerialises(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		a, b := open(t, env), open(t, env)
		a.ok(a.Write(ctx, put(1, "counter")))
		a.ok(a.exec(`update things set n = 0`))
		var wg sync.WaitGroup
		var last time.Time
		const each = 50
		for _, h := range []*harness{a, b} {
			wg.Go(func() {
				for range each {
					err := h.Write(ctx, func(tx *db.Tx) error {
						now, err := tx.Lock(ctx)
						if err != nil {
							return err
						}
						var n int
						if err := tx.QueryRow(ctx, `select n from things where id = 1`).Scan(&n); err != nil {
							return err
						}
						if now.Before(last) { // no two hold the lock, so last needs none
							return fmt.Errorf("the clock went back from %v to %v", last, now)
						}
						last = now
						_, err = tx.Exec(ctx, `update things set n = $1 where id = 1`, n+1)
						return err
					})
					if err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		wg.Wait()
		var n int
		a.ok(a.QueryRow(ctx, `select n from things where id = 1`).Scan(&n))
		if n != 2*each {
			t.Errorf("counted %d, want %d: two writers at once", n, 2*each)
		}
	})
}

func TestClockIsReadAfterTheWait(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		a, b := open(t, env), open(t, env)
		var released, got time.Time
		done := make(chan error)
		a.ok(a.Write(ctx, func(tx *db.Tx) (err error) {
			if _, err := tx.Lock(ctx); err != nil {
				return err
			}
			go func() {
				done <- b.Write(ctx, func(tx *db.Tx) (err error) { got, err = tx.Lock(ctx); return err })
			}()
			if env.Engine == db.Postgres { // until the other really waits
				raw := env.Raw(db.Main)
				for n := 0; n == 0; {
					if err := raw.QueryRowContext(ctx, `select count(*) from pg_locks where locktype = 'advisory' and not granted
						and database = (select oid from pg_database where datname = current_database())`).Scan(&n); err != nil {
						return err
					}
				}
			}
			released, err = tx.Lock(ctx) // one may take it again
			return err
		}))
		a.ok(<-done)
		if got.Before(released) {
			t.Errorf("got the lock at %v, when it was held until %v: the clock was read before the wait", got, released)
		}
		if got.Location() != time.UTC || !got.Equal(db.Time(db.Micros(got))) || strings.Contains(got.String(), "m=") {
			t.Errorf("%v does not read back as it was", got)
		}
	})
}

func TestLockWaitIsBounded(t *testing.T) {
	env := dbtest.Postgres(t)
	a := open(t, env)
	b := open(t, env, func(c *db.Config) { c.DSN += "&lock_timeout=20" })
	a.ok(a.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Lock(ctx)
		a.ok(err)
		err = b.Write(ctx, func(tx *db.Tx) error { _, err := tx.Lock(ctx); return err })
		if !fault.Is(err, fault.Unavailable) || db.IsUnknown(err) {
			t.Errorf("kind %v: %v", fault.KindOf(err), err)
		}
		return nil
	}))
	b.works()
}
