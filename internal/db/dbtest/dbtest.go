// Package dbtest gives tests real databases: SQLite always, PostgreSQL where
// its programs are installed.
//
// Every [Env] is a fresh database, with tables and without rows, that is gone
// when its test ends ([Env.Bare] takes the tables away). The
// PostgreSQL server behind it is started once per test process, listens on a
// Unix socket in a folder of its own and on nothing else, keeps its default
// durability settings, and goes when the test process goes, however that ends.
// There are no fakes here: what breaks in a test breaks the way it does in
// service ([Env.TerminateBackends], [Proxy]).
//
// Four environment variables matter:
//
//	DANCU_TEST_POSTGRES       address of a server to use, with the right to create databases
//	DANCU_TEST_POSTGRES_FROM  a database on that server that has all tables, to copy ([Server.Template])
//	DANCU_TEST_POSTGRES_LOG   that server's log file, for [Env.PostgresLog]
//	DANCU_REQUIRE_POSTGRES    1: a missing PostgreSQL fails the test instead of skipping it
package dbtest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the PostgreSQL driver

	"dancu/internal/db"
)

// The environment variables of the package comment.
const (
	envDSN     = "DANCU_TEST_POSTGRES"
	envFrom    = "DANCU_TEST_POSTGRES_FROM"
	envLog     = "DANCU_TEST_POSTGRES_LOG"
	envRequire = "DANCU_REQUIRE_POSTGRES"
)

// Env is one set of databases on one engine, without rows, for one test.
type Env struct {
	Engine db.Engine

	t    testing.TB
	dir  string // SQLite: folder of the files
	dsn  string // PostgreSQL: the test's own database
	name string // and its name
	log  string // the server's log file, "" if unknown

	alone *Server // of PostgresAlone
	bare  bool    // SQLite: tables are made, not copied
}

// Each runs fn once per engine, as subtests "sqlite" and "postgres".
func Each(t *testing.T, fn func(t *testing.T, env *Env)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { fn(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { fn(t, Postgres(t)) })
}

// SQLite returns an Env of SQLite files in a temporary folder.
func SQLite(t testing.TB) *Env {
	t.Helper()
	return &Env{Engine: db.SQLite, t: t, dir: t.TempDir()}
}

// shared is the server of this test process.
var shared = sync.OnceValues(func() (*Server, error) {
	if dsn := os.Getenv(envDSN); dsn != "" {
		return &Server{DSN: dsn, Log: os.Getenv(envLog), From: os.Getenv(envFrom)}, nil
	}
	// Nothing stops it: its keeper does when this process has gone.
	s, err := Start()
	if err == nil {
		err = s.Template(context.Background())
	}
	return s, err
})

// Postgres returns an Env with a fresh database on this process's PostgreSQL
// server. Where PostgreSQL is not installed the test is skipped, or fails if
// DANCU_REQUIRE_POSTGRES is 1.
func Postgres(t testing.TB) *Env {
	t.Helper()
	s, err := shared()
	must(t, err)
	return newPostgres(t, s)
}

// PostgresAlone returns an Env on a server of its own, for tests that change
// the server's settings or stop it. It takes some seconds to start.
func PostgresAlone(t testing.TB) *Env {
	t.Helper()
	c, err := Start()
	must(t, err)
	t.Cleanup(c.Stop)
	e := newPostgres(t, c)
	e.alone = c
	return e
}

// must fails the test for err, or skips it if PostgreSQL is just not there.
func must(t testing.TB, err error) {
	t.Helper()
	switch {
	case err == nil:
	case errors.Is(err, ErrAbsent) && os.Getenv(envRequire) != "1":
		t.Skip(err)
	default:
		t.Fatal(err)
	}
}

func newPostgres(t testing.TB, s *Server) *Env {
	t.Helper()
	name := "dancu_test_" + strings.ToLower(rand.Text()[:16])
	dsn, err := s.database(name)
	if err != nil {
		t.Fatal(err)
	}
	// Not the test's context: that is cancelled before clean-up.
	admin := func(query string) {
		t.Helper()
		if err := s.admin(context.Background(), query); err != nil {
			t.Fatal(err)
		}
	}
	from := s.From
	if from == "" {
		from = "template0 encoding 'UTF8'"
	}
	admin(fmt.Sprintf("create database %s template %s", name, from))
	t.Cleanup(func() { admin(fmt.Sprintf("drop database if exists %s with (force)", name)) })
	return &Env{Engine: db.Postgres, t: t, dsn: dsn, name: name, log: s.Log}
}

// Bare takes the tables out of an Env in which nothing has been opened yet, for
// tests of how they are made.
func (e *Env) Bare() *Env {
	e.t.Helper()
	e.bare = true
	if e.Engine == db.Postgres {
		for _, query := range []string{"drop schema public cascade", "create schema public"} {
			if _, err := e.Raw(db.Main).ExecContext(context.Background(), query); err != nil {
				e.t.Fatal(err)
			}
		}
	}
	return e
}

// DSN returns the address of one tree's database. On PostgreSQL all trees are
// in one.
func (e *Env) DSN(tree db.Tree) string {
	if e.Engine == db.SQLite {
		return "sqlite:" + e.File(tree)
	}
	return e.dsn
}

// File returns the path of a tree's SQLite file, "" on PostgreSQL.
func (e *Env) File(tree db.Tree) string {
	if e.Engine != db.SQLite {
		return ""
	}
	return filepath.Join(e.dir, string(tree)+".db")
}

// Open opens one tree. Opened again it has the same data, as after a restart
// or on a second node. It is closed when the test ends; closing it before is
// fine.
func (e *Env) Open(tree db.Tree, opts ...func(*db.Config)) *db.DB {
	e.t.Helper()
	cfg := db.Config{DSN: e.DSN(tree), Tree: tree}
	for _, o := range opts {
		o(&cfg)
	}
	if e.Engine == db.SQLite && !e.bare && !cfg.AsIs {
		if err := Tables(e.File(tree), tree); err != nil {
			e.t.Fatal(err)
		}
	}
	d, err := db.Open(context.Background(), cfg)
	if err != nil {
		e.t.Fatalf("open %s on %s: %v", tree, e.Engine, err)
	}
	e.t.Cleanup(func() { _ = d.Close() })
	return d
}

// Raw opens the data of one tree behind the program's back, with none of db's
// settings: to read settings and schemas, and to tamper. It is closed when the
// test ends.
func (e *Env) Raw(tree db.Tree) *sql.DB {
	e.t.Helper()
	driver, dsn := "pgx", e.dsn
	if e.Engine == db.SQLite {
		driver, dsn = "sqlite", "file:"+(&url.URL{Path: e.File(tree)}).EscapedPath()+"?_pragma=busy_timeout(5000)"
	}
	p, err := sql.Open(driver, dsn)
	if err != nil {
		e.t.Fatal(err)
	}
	e.t.Cleanup(func() { _ = p.Close() })
	return p
}

// TerminateBackends ends every connection to the Env's database but the one
// that does it, waits until they are gone, and returns how many there were. It
// is an error on SQLite.
func (e *Env) TerminateBackends() int {
	e.t.Helper()
	if e.Engine != db.Postgres {
		e.t.Fatal("TerminateBackends is for PostgreSQL: SQLite has no backends")
	}
	var n int
	err := e.Raw(db.Main).QueryRowContext(context.Background(),
		`select count(*) filter (where pg_terminate_backend(pid, 10000))
		   from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`).Scan(&n)
	if err != nil {
		e.t.Fatal(err)
	}
	return n
}

// PostgresLog returns all the server has logged so far, other tests' lines
// included.
func (e *Env) PostgresLog() string {
	e.t.Helper()
	if e.log == "" {
		e.t.Fatalf("the log of the server of %s is not known: set %s to its path", envDSN, envLog)
	}
	b, err := os.ReadFile(e.log)
	if err != nil {
		e.t.Fatal(err)
	}
	return string(b)
}
