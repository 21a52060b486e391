// Package db is the one door to SQL: embedded SQLite or PostgreSQL, one text
// of SQL for both with $1, $2.
//
// A write either returned nil, and then it survives a power cut as far as the
// disk keeps its word, or it did not, and then [IsUnknown] says whether it may
// have happened all the same. See TestCommitOutcome. No other package imports
// a driver, and no value of a statement ever reaches an error's text.
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite" // the SQLite driver

	"dancu/internal/fault"
)

// Engine is a database engine.
type Engine string

// The engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// Tree names a set of tables with migrations of its own. On SQLite each tree
// is a file of its own, so that an import never holds the log's lock and what
// is derived never shares the log's fsync; on PostgreSQL all are in one
// database.
type Tree string

// The trees.
const (
	Main     Tree = "main"     // standing, log, counters
	Register Tree = "register" // the citizens
	Derived  Tree = "derived"  // what can be computed again from Main
)

// Config says what to open.
type Config struct {
	// DSN is "sqlite:FILE" or a "postgres://" URL.
	DSN  string
	Tree Tree
	// Readers is how many connections read at once; 0 means 4 (SQLite) or 16.
	Readers int
	// ClockOffset is added to the database's clock. It is for tests.
	ClockOffset func() time.Duration
	// Relaxed gives up durability of the last transactions at a power cut
	// (SQLite synchronous=NORMAL, PostgreSQL synchronous_commit=off). Only for
	// what can be computed or loaded again.
	Relaxed bool
}

// DB is an open database.
type DB struct {
	engine  Engine
	cfg     Config
	r       *sql.DB
	w       *sql.DB
	slot    chan struct{} // holds the right to use the writer
	conn    *sql.Conn     // the writer's connection, owned by whoever took slot
	wstmts  map[string]*sql.Stmt
	rstmts  sync.Map // string -> *sql.Stmt, SQLite only
	notices atomic.Int64
}

// lockTimeout bounds how long one statement may wait for the one lock, and
// with it how long a dead node can hold up the others.
const lockTimeout = 5 * time.Second

// Open opens the database and brings its tables up to date.
func Open(ctx context.Context, cfg Config) (*DB, error) {
	d := &DB{cfg: cfg, slot: make(chan struct{}, 1), wstmts: map[string]*sql.Stmt{}}
	var err error
	switch {
	case strings.HasPrefix(cfg.DSN, "sqlite:"):
		d.engine = SQLite
		err = d.openSQLite(strings.TrimPrefix(cfg.DSN, "sqlite:"))
	case strings.HasPrefix(cfg.DSN, "postgres://"), strings.HasPrefix(cfg.DSN, "postgresql://"):
		d.engine = Postgres
		err = d.openPostgres(cfg.DSN)
	default:
		return nil, fault.New(fault.Invalid, "the database address must begin with sqlite: or postgres://")
	}
	if err != nil {
		return nil, err
	}
	if err := migrate(ctx, d.engine, d.cfg.Tree, d.w); err != nil {
		_ = d.Close()
		return nil, fmt.Errorf("couldn't bring the %s tables up to date: %w", cfg.Tree, err)
	}
	return d, nil
}

func (d *DB) openSQLite(file string) error {
	abs, err := filepath.Abs(file)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(abs), 0o700); err != nil {
		return fault.Wrap(fault.Unavailable, err, "couldn't make the folder of the database file")
	}
	dsn := func(extra ...string) string {
		q := url.Values{}
		// A transaction that begins as a reader and turns writer fails at
		// once when another writer is there, whatever the time-out: so
		// writers begin as writers.
		q.Set("_txlock", "immediate")
		sync := "synchronous(FULL)"
		if d.cfg.Relaxed {
			sync = "synchronous(NORMAL)"
		}
		for _, p := range append([]string{
			"busy_timeout(5000)", "journal_mode(WAL)", sync, "foreign_keys(1)",
			"trusted_schema(0)", "mmap_size(1073741824)", "cache_size(-16384)", "temp_store(2)",
		}, extra...) {
			q.Add("_pragma", p)
		}
		return "file:" + (&url.URL{Path: abs}).EscapedPath() + "?" + q.Encode()
	}
	// 4,000 pages is 16 MiB of WAL before the writer pays for a checkpoint.
	if d.w, err = sql.Open("sqlite", dsn("wal_autocheckpoint(4000)")); err != nil {
		return err
	}
	d.w.SetMaxOpenConns(1)
	d.w.SetConnMaxLifetime(0)
	if d.r, err = sql.Open("sqlite", dsn("query_only(1)")); err != nil {
		return err
	}
	n := d.cfg.Readers
	if n == 0 {
		n = 4
	}
	d.r.SetMaxOpenConns(n)
	d.r.SetMaxIdleConns(n)
	return nil
}

func (d *DB) openPostgres(dsn string) error {
	cfg, err := pgx.ParseConfig(dsn)
	if err != nil {
		// The parser's text may hold the password.
		return fault.New(fault.Invalid, "the PostgreSQL address cannot be read: check it against postgres://user@host:5432/name?sslmode=verify-full")
	}
	set := func(name, value string) {
		if _, ok := cfg.RuntimeParams[name]; !ok {
			cfg.RuntimeParams[name] = value
		}
	}
	set("application_name", "dancu")
	set("timezone", "UTC")
	set("statement_timeout", "60000")
	set("idle_in_transaction_session_timeout", "15000")
	set("tcp_user_timeout", "10000")
	reader := cfg.Copy()
	set("lock_timeout", fmt.Sprint(lockTimeout.Milliseconds()))
	if d.cfg.Relaxed {
		cfg.RuntimeParams["synchronous_commit"] = "off"
	}
	// A COMMIT that gives up waiting for a standby succeeds with a warning;
	// it is not an acknowledgement.
	cfg.OnNotice = func(_ *pgconn.PgConn, n *pgconn.Notice) {
		if n.SeverityUnlocalized == "WARNING" {
			d.notices.Add(1)
		}
	}
	d.w = stdlib.OpenDB(*cfg, stdlib.OptionAfterConnect(d.checkDurable))
	d.w.SetMaxOpenConns(1)
	d.r = stdlib.OpenDB(*reader)
	n := d.cfg.Readers
	if n == 0 {
		n = 16
	}
	d.r.SetMaxOpenConns(n)
	d.r.SetMaxIdleConns(n)
	return nil
}

// checkDurable refuses a session whose COMMIT would not mean what Write
// promises.
func (d *DB) checkDurable(ctx context.Context, c *pgx.Conn) error {
	if d.cfg.Relaxed {
		return nil
	}
	var fsync, pages, commit string
	err := c.QueryRow(ctx, "select current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit')").
		Scan(&fsync, &pages, &commit)
	if err != nil {
		return err
	}
	if fsync != "on" || pages != "on" || (commit != "on" && commit != "remote_apply") {
		return fault.New(fault.Unavailable,
			"PostgreSQL would not keep what it acknowledges (fsync=%s, full_page_writes=%s, synchronous_commit=%s): set all three to on", fsync, pages, commit)
	}
	return nil
}

// Engine returns the engine.
func (d *DB) Engine() Engine { return d.engine }

// Close closes the database. On SQLite it folds the WAL into the file.
func (d *DB) Close() error {
	d.slot <- struct{}{}
	defer func() { <-d.slot }()
	d.dropConn()
	var errs []error
	if d.r != nil {
		errs = append(errs, d.r.Close())
	}
	if d.w != nil {
		errs = append(errs, d.w.Close())
	}
	return errors.Join(errs...)
}

// offset returns the test offset of the clock.
func (d *DB) offset() time.Duration {
	if d.cfg.ClockOffset == nil {
		return 0
	}
	return d.cfg.ClockOffset()
}

// Querier runs statements: a DB's reader pool, or a transaction.
type Querier interface {
	Query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRow(ctx context.Context, query string, args ...any) *Row
	Engine() Engine
}

// Row is the result of QueryRow. Its Scan gives sql.ErrNoRows when there is
// none, and any other error with a kind.
type Row struct {
	row *sql.Row
	err error
}

// Scan copies the row's columns into dest.
func (r *Row) Scan(dest ...any) error {
	if r.err != nil {
		return r.err
	}
	if err := r.row.Scan(dest...); err != nil {
		if errors.Is(err, sql.ErrNoRows) {
			return sql.ErrNoRows
		}
		return kind(err)
	}
	return nil
}

// Query runs one reading statement on the reader pool.
func (d *DB) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if d.engine == Postgres {
		rows, err := d.r.QueryContext(ctx, query, args...)
		return rows, kind(err)
	}
	st, err := d.readStmt(ctx, query)
	if err != nil {
		return nil, err
	}
	rows, err := st.QueryContext(ctx, args...)
	return rows, kind(err)
}

// QueryRow runs one reading statement of at most one row on the reader pool.
func (d *DB) QueryRow(ctx context.Context, query string, args ...any) *Row {
	if d.engine == Postgres {
		return &Row{row: d.r.QueryRowContext(ctx, query, args...)}
	}
	st, err := d.readStmt(ctx, query)
	if err != nil {
		return &Row{err: err}
	}
	return &Row{row: st.QueryRowContext(ctx, args...)}
}

// readStmt returns the prepared form of a query. The texts are constants of
// the program, so the cache is bounded by it.
func (d *DB) readStmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if st, ok := d.rstmts.Load(query); ok {
		return st.(*sql.Stmt), nil
	}
	st, err := d.r.PrepareContext(ctx, query)
	if err != nil {
		return nil, kind(err)
	}
	if old, loaded := d.rstmts.LoadOrStore(query, st); loaded {
		_ = st.Close()
		return old.(*sql.Stmt), nil
	}
	return st, nil
}

// Read runs fn on one consistent snapshot. fn may be run again.
func (d *DB) Read(ctx context.Context, fn func(*Tx) error) error {
	opts := &sql.TxOptions{ReadOnly: true}
	if d.engine == Postgres {
		opts.Isolation = sql.LevelRepeatableRead
	}
	// On SQLite the pool's query_only connections begin deferred: a snapshot.
	tx, err := d.r.BeginTx(ctx, opts)
	if err != nil {
		return kind(err)
	}
	defer func() { _ = tx.Rollback() }()
	return fn(&Tx{db: d, tx: tx})
}

// Tx is a transaction.
type Tx struct {
	db *DB
	tx *sql.Tx // nil in a SQLite writer, which runs on db.conn
}

// Write runs fn in one transaction and commits it. When fn fails, nothing is
// written and its error is returned. When the commit itself fails the outcome
// is unknown, and the error says so to IsUnknown. There is one writer at a
// time per handle; ctx bounds the wait for it too.
func (d *DB) Write(ctx context.Context, fn func(*Tx) error) (err error) {
	select {
	case d.slot <- struct{}{}:
	case <-ctx.Done():
		return fault.Wrap(fault.Unavailable, ctx.Err(), "the database is busy: try again")
	}
	defer func() { <-d.slot }()
	if d.conn == nil {
		c, err := d.w.Conn(ctx)
		if err != nil {
			return kind(err)
		}
		d.conn = c
	}
	if d.engine == Postgres {
		return d.writePostgres(ctx, fn)
	}
	if _, err := d.exec(ctx, "BEGIN IMMEDIATE"); err != nil {
		d.dropConn()
		return kind(err)
	}
	done := false
	defer func() {
		if !done { // fn failed or panicked
			if _, rerr := d.exec(context.WithoutCancel(ctx), "ROLLBACK"); rerr != nil {
				d.dropConn()
			}
		}
	}()
	if err := fn(&Tx{db: d}); err != nil {
		return err
	}
	if _, err := d.exec(context.WithoutCancel(ctx), "COMMIT"); err != nil {
		// A failed COMMIT may leave the transaction open; the deferred
		// ROLLBACK closes it.
		return &unknownError{kind(err)}
	}
	done = true
	return nil
}

func (d *DB) writePostgres(ctx context.Context, fn func(*Tx) error) error {
	tx, err := d.conn.BeginTx(ctx, nil)
	if err != nil {
		d.dropConn()
		return kind(err)
	}
	ok := false
	defer func() {
		if !ok {
			if rerr := tx.Rollback(); rerr != nil && !errors.Is(rerr, sql.ErrTxDone) {
				d.dropConn()
			}
		}
	}()
	if err := fn(&Tx{db: d, tx: tx}); err != nil {
		return err
	}
	before := d.notices.Load()
	if err := tx.Commit(); err != nil {
		d.dropConn()
		return &unknownError{kind(err)}
	}
	ok = true
	if d.notices.Load() != before {
		d.dropConn()
		return &unknownError{fault.New(fault.Unavailable, "PostgreSQL committed with a warning: the standby has not confirmed")}
	}
	return nil
}

// dropConn gives up the writer's connection; the next writer takes a new one.
func (d *DB) dropConn() {
	for _, st := range d.wstmts {
		_ = st.Close()
	}
	clear(d.wstmts)
	if d.conn != nil {
		// ErrBadConn makes the pool throw the connection away instead of
		// keeping whatever state it is in.
		_ = d.conn.Raw(func(any) error { return errBad })
		_ = d.conn.Close()
		d.conn = nil
	}
}

// exec runs a statement on the SQLite writer, prepared once.
func (d *DB) exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	st, err := d.writeStmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return st.ExecContext(ctx, args...)
}

func (d *DB) writeStmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if st, ok := d.wstmts[query]; ok {
		return st, nil
	}
	st, err := d.conn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	d.wstmts[query] = st
	return st, nil
}

// Engine returns the engine.
func (tx *Tx) Engine() Engine { return tx.db.engine }

// Exec runs a statement and returns how many rows it changed.
func (tx *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	var res sql.Result
	var err error
	if tx.tx != nil {
		res, err = tx.tx.ExecContext(ctx, query, args...)
	} else {
		res, err = tx.db.exec(ctx, query, args...)
	}
	if err != nil {
		return 0, kind(err)
	}
	n, err := res.RowsAffected()
	return n, kind(err)
}

// Query runs a statement that returns rows.
func (tx *Tx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if tx.tx != nil {
		rows, err := tx.tx.QueryContext(ctx, query, args...)
		return rows, kind(err)
	}
	st, err := tx.db.writeStmt(ctx, query)
	if err != nil {
		return nil, kind(err)
	}
	rows, err := st.QueryContext(ctx, args...)
	return rows, kind(err)
}

// QueryRow runs a statement of at most one row.
func (tx *Tx) QueryRow(ctx context.Context, query string, args ...any) *Row {
	if tx.tx != nil {
		return &Row{row: tx.tx.QueryRowContext(ctx, query, args...)}
	}
	st, err := tx.db.writeStmt(ctx, query)
	if err != nil {
		return &Row{err: kind(err)}
	}
	return &Row{row: st.QueryRowContext(ctx, args...)}
}

// ledgerLock is the key of the one lock on PostgreSQL ("dancu" in ASCII).
const ledgerLock = 0x64616e6375

// Lock takes the one lock under which standing, accounts and log are written
// and returns the database's clock, read while holding it. It must be the
// transaction's first statement. On SQLite the transaction itself is the lock.
func (tx *Tx) Lock(ctx context.Context) (time.Time, error) {
	if tx.db.engine == SQLite {
		return time.Now().Add(tx.db.offset()).UTC(), nil
	}
	var micros int64
	err := tx.QueryRow(ctx, "select (extract(epoch from clock_timestamp()) * 1000000)::bigint from pg_advisory_xact_lock($1)", int64(ledgerLock)).Scan(&micros)
	if err != nil {
		return time.Time{}, err
	}
	return time.UnixMicro(micros).Add(tx.db.offset()).UTC(), nil
}

// Clock returns the time as this process sees it, with the test offset.
func (d *DB) Clock() time.Time { return time.Now().Add(d.offset()) }

// Micros is how a time is stored: UTC microseconds; the zero time is 0.
func Micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// Time is the reverse of Micros.
func Time(micros int64) time.Time {
	if micros == 0 {
		return time.Time{}
	}
	return time.UnixMicro(micros).UTC()
}
