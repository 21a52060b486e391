// Package db is the one door to SQL: embedded SQLite or PostgreSQL, one text
// of SQL for both with $1, $2.
//
// A write either returned nil, and then it survives a power cut as far as the
// disk keeps its word, or it did not, and then [IsUnknown] says whether it may
// have happened all the same. See TestCommitOutcome. No other package imports
// a driver, and no value of a statement ever reaches an error's text. See
// TestNoValueInErrors.
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
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
	Evidence Tree = "evidence" // uploaded files
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
	// Cache is how much of the file the SQLite writer keeps in memory, in MiB,
	// and how large the WAL grows before it is folded in; 0 means 16. A bulk
	// load into a large file wants more: its keys come in no order.
	Cache int
	// AsIs leaves the tables as they are instead of bringing them up to date:
	// for a look at a database that a node of another version may be using.
	AsIs bool
	// Fault makes writing fail, for tests: it is asked before each statement
	// of a writer ("statement"), before the COMMIT ("commit") and after it
	// took effect ("committed"), and an error it returns is the step's.
	Fault func(step string) error
}

// fail asks the tests whether a step is to fail.
func (c *Config) fail(step string) error {
	if c.Fault == nil {
		return nil
	}
	return c.Fault(step)
}

// DB is an open database. Its methods may be called from many goroutines.
type DB struct {
	engine Engine
	cfg    Config
	r      *sql.DB
	w      *sql.DB
	rstmts sync.Map // string -> *sql.Stmt, SQLite only
	pg     *pgx.ConnConfig

	slot chan struct{} // holds the right to use the writer

	atClose []func() // before the pools close; set while opening areas

	// Owned by whoever took slot.
	conn   *sql.Conn            // the writer's connection, nil before the first use and after a failure
	wstmts map[string]*sql.Stmt // its prepared statements, SQLite only
	net    net.Conn             // its socket, PostgreSQL only
	fresh  bool                 // nothing has been run on it yet
	closed bool

	patience, commitPatience time.Duration // the constants; tests have less

	warnings atomic.Int64 // WARNINGs PostgreSQL sent to writers
}

const (
	// lockTimeout bounds how long one statement may wait for the one lock, and
	// with it how long a dead node can hold up the others.
	lockTimeout = 5 * time.Second

	// statementTimeout is PostgreSQL's limit for one statement. A COMMIT that
	// waits longer for a standby ends with a warning, that is, unknown.
	statementTimeout = 60 * time.Second

	// patience is what we give one statement of a writer before we cut the
	// connection: the server has had its own limit by then, so nobody is there.
	patience = statementTimeout + 5*time.Second

	// commitPatience is the same for COMMIT and ROLLBACK. Past it the outcome
	// of a COMMIT is unknown.
	commitPatience = 20 * time.Second
)

// Open opens the database and brings its tables up to date.
func Open(ctx context.Context, cfg Config) (*DB, error) {
	d := &DB{
		cfg: cfg, slot: make(chan struct{}, 1), wstmts: map[string]*sql.Stmt{},
		patience: patience, commitPatience: commitPatience,
	}
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
	if cfg.AsIs {
		return d, nil
	}
	if err := d.migrate(ctx); err != nil {
		_ = d.Close()
		// The text is about our own files and has no values in it.
		return nil, fault.Wrap(fault.KindOf(kind(err)), err, "couldn't bring the %s tables up to date", cfg.Tree)
	}
	// The settings are read back now rather than at the first write.
	if err := d.Write(ctx, func(*Tx) error { return nil }); err != nil {
		_ = d.Close()
		return nil, err
	}
	return d, nil
}

// sqliteDSN is the address of a file, whatever characters its path has, with
// the settings every connection to it gets.
func (d *DB) sqliteDSN(path string, extra ...string) string {
	q := url.Values{}
	// A transaction that begins as a reader and turns writer fails at once
	// when another writer is there, whatever the time-out: so writers begin as
	// writers.
	q.Set("_txlock", "immediate")
	sync := "synchronous(FULL)"
	if d.cfg.Relaxed {
		sync = "synchronous(NORMAL)"
	}
	for _, p := range append([]string{
		"busy_timeout(5000)", "journal_mode(WAL)", sync, "foreign_keys(1)",
		"trusted_schema(0)", "temp_store(2)",
	}, extra...) {
		q.Add("_pragma", p)
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

func (d *DB) openSQLite(file string) error {
	if file == "" {
		return fault.New(fault.Invalid, "the database address sqlite: has no file name: write it as sqlite:/var/lib/dancu/%s.db", d.cfg.Tree)
	}
	abs, err := filepath.Abs(file)
	if err != nil {
		return err
	}
	if err := makeFile(abs); err != nil {
		return fault.Wrap(fault.Unavailable, err, "couldn't make the database file")
	}
	// 256 pages are a MiB. Caches are of fixed size and nothing is mapped, so
	// that memory does not grow with the data; what is not cached here the
	// system caches.
	cache := max(16, d.cfg.Cache)
	if d.w, err = sql.Open("sqlite", d.sqliteDSN(abs, fmt.Sprintf("wal_autocheckpoint(%d)", 250*cache), fmt.Sprintf("cache_size(-%d)", 1024*cache))); err != nil {
		return err
	}
	d.w.SetMaxOpenConns(1)
	d.w.SetConnMaxLifetime(0)
	if d.r, err = sql.Open("sqlite", d.sqliteDSN(abs, "query_only(1)", "cache_size(-2048)")); err != nil {
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

// makeFile makes the file and its folder if they are not there, for the owner
// alone, and sees to it that their names survive a power cut. SQLite gives its
// side files the file's own permissions, and syncs the names of those.
func makeFile(path string) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	dir := filepath.Dir(path)
	made := []string{dir} // folders to which a name is added
	for p := dir; ; p = filepath.Dir(p) {
		if _, err := os.Stat(p); err == nil || p == filepath.Dir(p) {
			break
		}
		made = append(made, filepath.Dir(p))
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	for _, p := range made {
		f, err := os.Open(p)
		if err != nil {
			return err
		}
		if err := errors.Join(f.Sync(), f.Close()); err != nil {
			return err
		}
	}
	return nil
}

// checkSQLite refuses a connection whose COMMIT would not mean what Write
// promises: SQLite ignores a setting it cannot keep.
func checkSQLite(ctx context.Context, c *sql.Conn, relaxed bool) error {
	var mode string
	var sync, keys int
	err := errors.Join(
		c.QueryRowContext(ctx, "pragma journal_mode").Scan(&mode),
		c.QueryRowContext(ctx, "pragma synchronous").Scan(&sync),
		c.QueryRowContext(ctx, "pragma foreign_keys").Scan(&keys))
	if err != nil {
		return kind(err)
	}
	want := 2 // FULL
	if relaxed {
		want = 1 // NORMAL
	}
	if mode != "wal" || sync != want || keys != 1 {
		return fault.New(fault.Unavailable,
			"SQLite would not keep what it acknowledges (journal_mode=%s, synchronous=%d, foreign_keys=%d): put the file on a local disk", mode, sync, keys)
	}
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
	set("statement_timeout", fmt.Sprint(statementTimeout.Milliseconds()))
	set("idle_in_transaction_session_timeout", "15000")
	set("tcp_user_timeout", "10000")
	// A peer that went without a word must not hold up who has no deadline.
	cfg.DialFunc = dialer.DialContext
	reader := cfg.Copy()
	reader.RuntimeParams["default_transaction_read_only"] = "on"
	set("lock_timeout", fmt.Sprint(lockTimeout.Milliseconds()))
	if d.cfg.Relaxed {
		cfg.RuntimeParams["synchronous_commit"] = "off"
	}
	if d.cfg.Tree == Main {
		// What is written under the one lock goes by keys. A planner that
		// last saw small tables would read whole ones there.
		set("plan_cache_mode", "force_generic_plan")
		set("enable_seqscan", "off")
		set("enable_hashjoin", "off")
		set("enable_mergejoin", "off")
	}
	// A COMMIT that gives up waiting for a standby succeeds with a warning;
	// it is not an acknowledgement.
	cfg.OnNotice = func(_ *pgconn.PgConn, n *pgconn.Notice) {
		if n.SeverityUnlocalized == "WARNING" {
			d.warnings.Add(1)
		}
	}
	d.w = stdlib.OpenDB(*cfg, stdlib.OptionAfterConnect(d.checkPostgres))
	d.w.SetMaxOpenConns(1)
	d.r = stdlib.OpenDB(*reader, stdlib.OptionAfterConnect(quiet))
	n := d.cfg.Readers
	if n == 0 {
		n = 16
	}
	d.r.SetMaxOpenConns(n)
	d.r.SetMaxIdleConns(n)
	d.pg = cfg
	return nil
}

// dialer notices within some 15 seconds that the other side is gone.
var dialer = &net.Dialer{
	Timeout:         5 * time.Second,
	KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 5 * time.Second, Interval: 3 * time.Second, Count: 3},
	Control:         userTimeout,
}

// checkPostgres refuses a session whose COMMIT would not mean what Write
// promises, and pins the one of the settings that a session owns, so that a
// change of the server's configuration cannot weaken it later.
func (d *DB) checkPostgres(ctx context.Context, c *pgx.Conn) error {
	if err := quiet(ctx, c); err != nil {
		return err
	}
	if d.cfg.Relaxed {
		return nil
	}
	var fsync, pages, commit string
	err := c.QueryRow(ctx, `select current_setting('fsync'), current_setting('full_page_writes'),
		set_config('synchronous_commit', current_setting('synchronous_commit'), false)`).
		Scan(&fsync, &pages, &commit)
	if err != nil {
		return kind(err)
	}
	if fsync != "on" || pages != "on" || (commit != "on" && commit != "remote_apply") {
		return fault.New(fault.Unavailable,
			"PostgreSQL would not keep what it acknowledges (fsync=%s, full_page_writes=%s, synchronous_commit=%s): set all three to on", fsync, pages, commit)
	}
	return nil
}

// quiet keeps values out of the server's log as far as our role may: terse
// errors have no "Key (…)=(…) already exists", and slow statements no
// parameters. See LogsValues.
func quiet(ctx context.Context, c *pgx.Conn) error {
	_, err := c.Exec(ctx, `do $$
begin
	perform set_config('log_parameter_max_length_on_error', '0', false);
	perform set_config('log_error_verbosity', 'terse', false);
	perform set_config('log_parameter_max_length', '0', false);
exception when insufficient_privilege then null;
end $$`)
	return kind(err)
}

// LogsValues names the settings, with their values, under which the database
// server writes values of our statements, and so personal data, to its own log,
// and which our role may not change; there should be none. As a superuser,
// either set them or grant the right to:
//
//	GRANT SET ON PARAMETER log_error_verbosity, log_parameter_max_length TO dancu
func (d *DB) LogsValues(ctx context.Context) (settings []string, err error) {
	if d.engine != Postgres {
		return nil, nil
	}
	// Asked of the writer, whose statements fail with values in them.
	err = d.Write(ctx, func(tx *Tx) error {
		rows, err := tx.Query(ctx, `select name || '=' || setting from pg_settings
			where name = 'log_error_verbosity' and setting <> 'terse'
			   or name = 'log_parameter_max_length' and setting <> '0'
			   or name = 'log_parameter_max_length_on_error' and setting <> '0'
			order by name`)
		if err != nil {
			return err
		}
		defer rows.Close()
		settings = nil
		for rows.Next() {
			var s string
			if err := rows.Scan(&s); err != nil {
				return err
			}
			settings = append(settings, s)
		}
		return rows.Err()
	})
	return settings, err
}

// Engine returns the engine.
func (d *DB) Engine() Engine { return d.engine }

// Close waits for the writer and closes the database. On SQLite it folds the
// WAL into the file. Closing twice is fine.
func (d *DB) Close() error {
	d.slot <- struct{}{}
	defer func() { <-d.slot }()
	if d.closed {
		return nil
	}
	d.closed = true
	d.dropConn()
	for _, f := range d.atClose {
		f()
	}
	var errs []error
	// The reader goes first: the last connection to close folds the WAL, and a
	// reader must not.
	if d.r != nil {
		errs = append(errs, d.r.Close())
	}
	if d.w != nil {
		errs = append(errs, d.w.Close())
	}
	return errors.Join(errs...)
}

// Ping reports whether the database answers a reader. It says nothing about
// the disk's room for writing.
func (d *DB) Ping(ctx context.Context) error {
	var one int
	return d.QueryRow(ctx, "select 1").Scan(&one)
}

// Size returns the bytes on disk of the named tables with their indexes, or of
// the whole database if none is named (on SQLite, of the tree's file without
// its WAL). On SQLite it reads the whole file.
func (d *DB) Size(ctx context.Context, tables ...string) (int64, error) {
	var total int64
	if len(tables) == 0 {
		query := "select page_count * page_size from pragma_page_count(), pragma_page_size()"
		if d.engine == Postgres {
			query = "select pg_database_size(current_database())"
		}
		err := d.QueryRow(ctx, query).Scan(&total)
		return total, err
	}
	query := "select sum(pgsize) from dbstat where aggregate = 1 and name in (select name from sqlite_schema where tbl_name = $1)"
	if d.engine == Postgres {
		query = "select pg_total_relation_size(to_regclass($1))"
	}
	for _, t := range tables {
		var n sql.NullInt64
		if err := d.QueryRow(ctx, query, t).Scan(&n); err != nil {
			return 0, err
		}
		if !n.Valid {
			return 0, fault.New(fault.NotFound, "there is no table %s", t)
		}
		total += n.Int64
	}
	return total, nil
}

// offset returns the test offset of the clock.
func (d *DB) offset() time.Duration {
	if d.cfg.ClockOffset == nil {
		return 0
	}
	return d.cfg.ClockOffset()
}

// ledgerLock is the key of the one lock on PostgreSQL ("dancu" in ASCII).
const ledgerLock = 0x64616e6375

// Lock takes the one lock under which standing, accounts and log are written
// and returns the database's clock, read while holding it. It must be the
// transaction's first statement. On SQLite the transaction itself is the lock.
// The clock has whole microseconds, so that it reads back from a table as it
// was.
func (tx *Tx) Lock(ctx context.Context) (time.Time, error) {
	if tx.db.engine == SQLite {
		return time.UnixMicro(time.Now().Add(tx.db.offset()).UnixMicro()).UTC(), nil
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

// Micros is how a time is stored: UTC microseconds since 1970; the zero time is
// 0. What is finer is cut off.
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
