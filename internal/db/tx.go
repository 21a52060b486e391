package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/stdlib"

	"dancu/internal/fault"
)

// Querier runs reading statements: a DB's reader pool, or a transaction.
//
// The text of a statement is a constant of the program; values go in args, and
// only there: texts may show up in errors and in the database's log. A value
// has the type of its column: PostgreSQL logs text that it cannot read as a
// number.
type Querier interface {
	Query(ctx context.Context, query string, args ...any) (*Rows, error)
	QueryRow(ctx context.Context, query string, args ...any) *Row
	Engine() Engine
}

// Rows is the result of Query. It must be closed, and Err asked after the last
// Next. In a transaction the rows must be read to their end or closed before
// the next statement; it closes what its function forgot. Errors have kinds.
type Rows struct {
	rows *sql.Rows
	stmt *sql.Stmt // to be closed with the rows, or nil
	tx   *Tx       // the transaction that tracks them, or nil
}

// Next prepares the next row for Scan. It reports false at the end and after
// an error.
func (r *Rows) Next() bool {
	if r.rows.Next() {
		return true
	}
	r.tx.forget(r)
	return false
}

// Scan copies the row's columns into dest.
func (r *Rows) Scan(dest ...any) error { return r.tx.fail(kind(r.rows.Scan(dest...))) }

// Err returns the error that ended the rows, if one did.
func (r *Rows) Err() error { return r.tx.fail(kind(r.rows.Err())) }

// Close ends the rows. Closing twice is fine.
func (r *Rows) Close() error {
	err := r.rows.Close()
	if r.stmt != nil {
		_ = r.stmt.Close()
	}
	r.tx.forget(r)
	return kind(err)
}

// Row is the result of QueryRow. Its Scan must be called; it gives
// sql.ErrNoRows when there is none, and any other error with a kind.
type Row struct {
	rows *Rows
	err  error
}

// Scan copies the first row's columns into dest.
func (r *Row) Scan(dest ...any) error {
	if r.err != nil {
		return r.err
	}
	defer func() { _ = r.rows.Close() }()
	for _, d := range dest {
		if _, ok := d.(*sql.RawBytes); ok {
			return fault.New(fault.Internal, "sql.RawBytes would not outlive the row: scan into []byte")
		}
	}
	if !r.rows.Next() {
		if err := r.rows.Err(); err != nil {
			return err
		}
		return sql.ErrNoRows
	}
	if err := r.rows.Scan(dest...); err != nil {
		return err
	}
	// An error of the statement may come after its first row.
	return r.rows.Close()
}

// Query runs one reading statement on the reader pool.
func (d *DB) Query(ctx context.Context, query string, args ...any) (*Rows, error) {
	if err := checkText(args); err != nil {
		return nil, err
	}
	if d.engine == Postgres {
		rows, err := again(ctx, d, func() (*sql.Rows, error) { return d.r.QueryContext(ctx, query, args...) })
		if err != nil {
			return nil, kind(err)
		}
		return &Rows{rows: rows}, nil
	}
	st, err := d.readStmt(ctx, query)
	if err != nil {
		return nil, err
	}
	rows, err := st.QueryContext(ctx, args...)
	if err != nil {
		return nil, kind(err)
	}
	return &Rows{rows: rows}, nil
}

// again runs f, and runs it again for as long as it meets connections that
// were lost while idle: after a restart of the server all are.
func again[T any](ctx context.Context, d *DB, f func() (T, error)) (T, error) {
	v, err := f()
	for i := d.r.Stats().MaxOpenConnections; i > 0 && d.engine == Postgres && stale(ctx, err); i-- {
		v, err = f()
	}
	return v, err
}

// QueryRow runs one reading statement of at most one row on the reader pool.
func (d *DB) QueryRow(ctx context.Context, query string, args ...any) *Row {
	rows, err := d.Query(ctx, query, args...)
	return &Row{rows, err}
}

// readStmt returns the prepared form of a query. The texts are constants of
// the program, so the cache is bounded by it.
func (d *DB) readStmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if st, ok := d.rstmts.Load(query); ok {
		return st.(*sql.Stmt), nil
	}
	st, err := d.r.PrepareContext(ctx, positional(query))
	if err != nil {
		return nil, kindPrepare(err)
	}
	if old, loaded := d.rstmts.LoadOrStore(query, st); loaded {
		_ = st.Close()
		return old.(*sql.Stmt), nil
	}
	return st, nil
}

// Read runs fn on one consistent snapshot, taken at its first statement.
func (d *DB) Read(ctx context.Context, fn func(*Tx) error) error {
	opts := &sql.TxOptions{ReadOnly: true}
	if d.engine == Postgres {
		opts.Isolation = sql.LevelRepeatableRead
	}
	// On SQLite the pool's query_only connections begin deferred: a snapshot.
	sqltx, err := again(ctx, d, func() (*sql.Tx, error) { return d.r.BeginTx(ctx, opts) })
	if err != nil {
		return kind(err)
	}
	defer func() { _ = sqltx.Rollback() }()
	tx := &Tx{db: d, tx: sqltx}
	defer tx.closeRows()
	return fn(tx)
}

// Tx is a transaction. It belongs to the goroutine that runs its function.
//
// Once a statement has failed, the transaction is over: whatever the function
// then does, nothing of it is written. PostgreSQL has it so; SQLite would in
// some cases undo what was done and run the next statements on their own.
type Tx struct {
	db   *DB
	tx   *sql.Tx     // nil in a SQLite writer, which runs on db.conn
	open []*Rows     // not yet closed
	err  error       // what ended the transaction
	cut  *time.Timer // of a PostgreSQL writer: cuts the connection
	late *pgx.Batch  // what Later put off, nil if nothing
}

// fail notes the error that ends the transaction.
func (tx *Tx) fail(err error) error {
	if tx != nil && tx.err == nil && err != nil && !errors.Is(err, sql.ErrNoRows) {
		tx.err = err
	}
	return err
}

// forget stops tracking r.
func (tx *Tx) forget(r *Rows) {
	if tx == nil {
		return
	}
	// Mostly it is the last.
	for i := len(tx.open) - 1; i >= 0; i-- {
		if tx.open[i] == r {
			tx.open = slices.Delete(tx.open, i, i+1)
			return
		}
	}
}

// closeRows closes what the function left open: an open statement keeps its
// connection, and on SQLite its snapshot.
func (tx *Tx) closeRows() {
	for len(tx.open) > 0 {
		_ = tx.open[len(tx.open)-1].Close()
	}
}

// Write runs fn in one transaction and commits it.
//
// When fn fails or panics, nothing is written. When the commit fails, the
// transaction is mostly known to have been undone; where that cannot be known,
// [IsUnknown] says so of the error. There is one writer at a time per DB; ctx
// bounds the wait for it, and its end before the commit undoes the
// transaction, but a commit under way is not broken off. fn must not call
// Write.
func (d *DB) Write(ctx context.Context, fn func(*Tx) error) error {
	err := ctx.Err()
	if err == nil {
		select {
		case d.slot <- struct{}{}:
		case <-ctx.Done():
			err = ctx.Err()
		}
	}
	if err != nil {
		return fault.Wrap(fault.Unavailable, err, "the database is busy: try again")
	}
	defer func() { <-d.slot }()
	if err := d.takeConn(ctx); err != nil {
		return err
	}
	if d.engine == Postgres {
		return d.writePostgres(ctx, fn)
	}
	return d.writeSQLite(ctx, fn)
}

// takeConn sees to it that there is a writer's connection.
func (d *DB) takeConn(ctx context.Context) error {
	if d.closed {
		return fault.New(fault.Unavailable, "the database is closed")
	}
	if d.conn != nil {
		return nil
	}
	c, err := d.w.Conn(ctx)
	if err != nil {
		return kind(err)
	}
	d.conn, d.fresh = c, true
	if d.engine == SQLite {
		err = checkSQLite(ctx, c, d.cfg.Relaxed)
	} else {
		err = c.Raw(func(dc any) error {
			d.net = dc.(*stdlib.Conn).Conn().PgConn().Conn()
			return nil
		})
	}
	if err != nil {
		d.dropConn()
	}
	return kind(err)
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
		d.conn, d.net = nil, nil
	}
}

func (d *DB) writeSQLite(ctx context.Context, fn func(*Tx) error) error {
	d.fresh = false
	// Not the caller's context: who waits for another process's lock waits at
	// most the busy timeout, and an interrupted writer loses its connection.
	bg := context.Background()
	if err := d.exec(bg, "BEGIN IMMEDIATE"); err != nil {
		d.dropConn()
		return kind(err)
	}
	tx := &Tx{db: d}
	done := false
	defer func() {
		if !done {
			tx.closeRows()
			if d.exec(bg, "ROLLBACK") != nil {
				d.dropConn()
			}
		}
	}()
	if err := fn(tx); err != nil {
		return err
	}
	if err := tx.ready(ctx); err != nil {
		return err
	}
	if err := d.cfg.fail("commit"); err != nil {
		return &unknownError{kind(err)}
	}
	if err := d.exec(bg, "COMMIT"); err != nil {
		// The deferred ROLLBACK closes what a failed COMMIT leaves open.
		if sqliteUndone(err) {
			return kind(err)
		}
		return &unknownError{kind(err)}
	}
	done = true
	if err := d.cfg.fail("committed"); err != nil {
		return &unknownError{kind(err)}
	}
	return nil
}

// ready reports why a transaction whose function was content must not be
// committed, if there is a reason.
func (tx *Tx) ready(ctx context.Context) error {
	if tx.err != nil {
		return tx.err
	}
	if err := ctx.Err(); err != nil {
		return kind(err)
	}
	tx.closeRows()
	return tx.sendLate()
}

func (d *DB) writePostgres(ctx context.Context, fn func(*Tx) error) error {
	socket := d.net
	cut := time.AfterFunc(d.patience, func() { _ = socket.SetDeadline(time.Unix(1, 0)) })
	defer cut.Stop()
	// Not the caller's context: database/sql would roll back behind our back.
	bg := context.Background()
	sqltx, err := d.conn.BeginTx(bg, nil)
	if err != nil {
		stale := !d.fresh
		d.dropConn()
		if !stale {
			return kind(err)
		}
		// The server may have been restarted since the last write. Nothing has
		// been run, so a new connection may try; it does so once.
		cut.Stop()
		if err := d.takeConn(ctx); err != nil {
			return err
		}
		return d.writePostgres(ctx, fn)
	}
	d.fresh = false
	tx := &Tx{db: d, tx: sqltx, cut: cut}
	done := false
	defer func() {
		if !done {
			cut.Reset(d.commitPatience)
			tx.closeRows()
			if err := sqltx.Rollback(); err != nil && !errors.Is(err, sql.ErrTxDone) {
				d.dropConn()
			}
		}
	}()
	if err := fn(tx); err != nil {
		return err
	}
	if err := tx.ready(ctx); err != nil {
		return err
	}
	if err := d.cfg.fail("commit"); err != nil {
		return &unknownError{kind(err)}
	}
	before := d.warnings.Load()
	cut.Reset(d.commitPatience)
	err = sqltx.Commit()
	done = true
	if err != nil {
		d.dropConn()
		if postgresUndone(err) {
			return kind(err)
		}
		return &unknownError{kind(err)}
	}
	if err := d.cfg.fail("committed"); err != nil {
		return &unknownError{kind(err)}
	}
	if d.warnings.Load() != before {
		d.dropConn()
		return &unknownError{fault.New(fault.Unavailable, "PostgreSQL committed with a warning: the standby has not confirmed")}
	}
	return nil
}

// exec runs a statement without values on the SQLite writer.
func (d *DB) exec(ctx context.Context, query string) error {
	st, err := d.writeStmt(ctx, query)
	if err != nil {
		return err
	}
	_, err = st.ExecContext(ctx)
	return err
}

// writeStmt returns a statement of the SQLite writer, prepared once.
func (d *DB) writeStmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if st, ok := d.wstmts[query]; ok {
		return st, nil
	}
	st, err := d.conn.PrepareContext(ctx, positional(query))
	if err != nil {
		return nil, kindPrepare(err)
	}
	d.wstmts[query] = st
	return st, nil
}

// Engine returns the engine.
func (tx *Tx) Engine() Engine { return tx.db.engine }

// begin is what every statement does first.
func (tx *Tx) begin(args []any) error {
	if tx.err != nil {
		return tx.err
	}
	if len(tx.open) > 0 {
		// PostgreSQL cannot; SQLite must not seem to.
		return tx.fail(fault.New(fault.Internal, "a statement was run while the rows of the last are still open"))
	}
	if tx.cut != nil {
		tx.cut.Reset(tx.db.patience)
	}
	if err := tx.db.cfg.fail("statement"); err != nil {
		return tx.fail(kind(err))
	}
	if err := checkText(args); err != nil {
		return tx.fail(err)
	}
	return tx.sendLate()
}

// Later runs a writing statement before the next one that is run, or before
// the commit at the latest. On PostgreSQL those that follow each other go out
// together, which costs one round trip for all; an error of theirs may so be
// one of a later statement, or of Write.
func (tx *Tx) Later(ctx context.Context, query string, args ...any) error {
	if tx.db.engine == SQLite {
		_, err := tx.Exec(ctx, query, args...)
		return err
	}
	late := tx.late
	tx.late = nil // or begin would send them
	if err := tx.begin(args); err != nil {
		return err
	}
	if late == nil {
		late = &pgx.Batch{}
	}
	late.Queue(query, args...)
	tx.late = late
	return nil
}

// sendLate runs what Later put off.
func (tx *Tx) sendLate() error {
	if tx.late == nil {
		return nil
	}
	late := tx.late
	tx.late = nil
	err := tx.db.conn.Raw(func(dc any) error {
		return dc.(*stdlib.Conn).Conn().SendBatch(context.Background(), late).Close()
	})
	return tx.fail(kind(err))
}

// lasting is the context of a statement: a writer's is not broken off when its
// caller goes away, which would end the transaction of everybody in it. What
// bounds it are the engine's own limits, and for the transaction as a whole the
// context of Write.
func (tx *Tx) lasting(ctx context.Context) context.Context {
	if tx.tx == nil || tx.cut != nil {
		return context.WithoutCancel(ctx)
	}
	return ctx
}

// Exec runs a statement and returns how many rows it changed.
func (tx *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	if err := tx.begin(args); err != nil {
		return 0, err
	}
	ctx = tx.lasting(ctx)
	var res sql.Result
	var err error
	if tx.tx != nil {
		res, err = tx.tx.ExecContext(ctx, query, args...)
	} else {
		var st *sql.Stmt
		if st, err = tx.db.writeStmt(ctx, query); err == nil {
			res, err = st.ExecContext(ctx, args...)
		}
	}
	if err != nil {
		return 0, tx.fail(kind(err))
	}
	n, err := res.RowsAffected()
	return n, tx.fail(kind(err))
}

// Query runs a statement that returns rows.
func (tx *Tx) Query(ctx context.Context, query string, args ...any) (*Rows, error) {
	if err := tx.begin(args); err != nil {
		return nil, err
	}
	ctx = tx.lasting(ctx)
	r := &Rows{tx: tx}
	var err error
	switch {
	case tx.db.engine == Postgres:
		r.rows, err = tx.tx.QueryContext(ctx, query, args...)
	case tx.tx != nil: // a SQLite reader
		if r.stmt, err = tx.tx.PrepareContext(ctx, positional(query)); err != nil {
			return nil, tx.fail(kindPrepare(err))
		}
		if r.rows, err = r.stmt.QueryContext(ctx, args...); err != nil {
			_ = r.stmt.Close()
		}
	default:
		var st *sql.Stmt
		if st, err = tx.db.writeStmt(ctx, query); err == nil {
			r.rows, err = st.QueryContext(ctx, args...)
		}
	}
	if err != nil {
		return nil, tx.fail(kind(err))
	}
	tx.open = append(tx.open, r)
	return r, nil
}

// QueryRow runs a statement of at most one row.
func (tx *Tx) QueryRow(ctx context.Context, query string, args ...any) *Row {
	rows, err := tx.Query(ctx, query, args...)
	return &Row{rows, err}
}

var identifier = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// CopyIn adds rows to a table in bulk and returns how many: by COPY on
// PostgreSQL, one prepared INSERT on SQLite. Each row has a value per column,
// of the column's own type (int64, string, []byte or nil). An error in rows
// ends the transaction and is returned. Names are constants of the program.
func (tx *Tx) CopyIn(ctx context.Context, table string, columns []string, rows iter.Seq2[[]any, error]) (int64, error) {
	for _, n := range append([]string{table}, columns...) {
		if !identifier.MatchString(n) {
			return 0, tx.fail(fault.New(fault.Internal, "%q is not the name of a table or column", n))
		}
	}
	if tx.db.engine == SQLite {
		return tx.insertAll(ctx, table, columns, rows)
	}
	if err := tx.begin(nil); err != nil {
		return 0, err
	}
	next, stop := iter.Pull2(rows)
	defer stop()
	var bad error
	var n int64
	err := tx.db.conn.Raw(func(dc any) error {
		c := dc.(*stdlib.Conn).Conn()
		fits, err := copyTypes(ctx, c, table, columns)
		if err != nil {
			return err
		}
		n, err = c.CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromFunc(func() ([]any, error) {
			tx.cut.Reset(tx.db.patience)
			row, err, ok := next()
			if !ok {
				return nil, nil
			}
			if err == nil {
				err = fits(row)
			}
			if err != nil {
				bad = err
				// The server logs this text, so it has nothing of the row.
				return nil, errCopyEnded
			}
			return row, nil
		}))
		return err
	})
	if bad != nil {
		return 0, tx.fail(bad)
	}
	return n, tx.fail(kind(err))
}

var errCopyEnded = errors.New("the rows ended with an error")

// copyTypes returns the check that a row fits the columns. pgx would find out
// too, and then tell the server the value, which the server would log.
func copyTypes(ctx context.Context, c *pgx.Conn, table string, columns []string) (func(row []any) error, error) {
	d, err := c.Prepare(ctx, "", "select "+strings.Join(columns, ", ")+" from "+table)
	if err != nil {
		return nil, err
	}
	return func(row []any) error {
		if len(row) != len(d.Fields) {
			return fault.New(fault.Internal, "a row to copy into %s has %d values for %d columns", table, len(row), len(d.Fields))
		}
		for i, v := range row {
			oid := d.Fields[i].DataTypeOID
			switch v.(type) {
			case nil:
				continue
			case int64:
				if oid == pgtype.Int8OID {
					continue
				}
			case string:
				if oid == pgtype.TextOID {
					continue
				}
			case []byte:
				if oid == pgtype.ByteaOID {
					continue
				}
			}
			return &dataError{fault.Wrap(fault.Invalid, &cause{text: fmt.Sprintf("a %T does not fit column %s of %s", v, columns[i], table)}, "the database refused a value")}
		}
		return checkText(row)
	}, nil
}

func (tx *Tx) insertAll(ctx context.Context, table string, columns []string, rows iter.Seq2[[]any, error]) (n int64, err error) {
	query := "insert into " + table + " (" + strings.Join(columns, ", ") + ") values (?" + strings.Repeat(", ?", len(columns)-1) + ")"
	for row, err := range rows {
		if err != nil {
			return 0, tx.fail(err)
		}
		if _, err := tx.Exec(ctx, query, row...); err != nil {
			return 0, err
		}
		n++
	}
	return n, nil
}
