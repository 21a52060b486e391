package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"reflect"
	"strings"
	"syscall"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"dancu/internal/fault"
)

var errBad = driver.ErrBadConn

// unknownError is a commit of which nobody knows whether it took effect.
type unknownError struct{ error }

func (e *unknownError) Unwrap() error { return e.error }

// IsUnknown reports whether err comes from a commit that may have taken
// effect.
func IsUnknown(err error) bool {
	var u *unknownError
	return errors.As(err, &u)
}

// dataError is a statement refused for the values it was given.
type dataError struct{ error }

func (e *dataError) Unwrap() error { return e.error }

// IsData reports whether the database refused the values themselves: of the
// wrong type, out of range, not valid UTF-8, with a NUL, too big, or against a
// constraint. The same values will fail again; others in the same batch need
// not.
func IsData(err error) bool {
	var e *dataError
	return errors.As(err, &e)
}

// cause is what remains of a driver's error: enough to find the fault, without
// a word that may have come from a value. It takes the driver's error out of
// the chain, whose fields hold values too.
type cause struct {
	text string
	is   error // a sentinel of the standard library to keep, or nil
}

func (c *cause) Error() string { return c.text }
func (c *cause) Unwrap() error { return c.is }

// kind gives a driver's error a kind and takes the values out of its text.
func kind(err error) error {
	if err == nil || errors.Is(err, sql.ErrNoRows) {
		return err
	}
	var f *fault.Error
	var done *cause
	if errors.As(err, &f) || errors.As(err, &done) {
		return err
	}
	if pg := (*pgconn.PgError)(nil); errors.As(err, &pg) {
		return kindPostgres(pg)
	}
	if sq := (*sqlite.Error)(nil); errors.As(err, &sq) {
		return kindSQLite(sq)
	}
	c := &cause{text: text(err)}
	for _, s := range []error{context.Canceled, context.DeadlineExceeded, sql.ErrConnDone, sql.ErrTxDone, io.ErrUnexpectedEOF} {
		if errors.Is(err, s) {
			c.is = s
			break
		}
	}
	msg := err.Error()
	switch {
	case strings.HasPrefix(msg, encoding):
		return &dataError{fault.Wrap(fault.Invalid, c, "the database refused a value")}
	case msg == "sql: database is closed":
		return fault.Wrap(fault.Unavailable, c, "the database is closed")
	case isConnection(err), errors.Is(err, sql.ErrConnDone), errors.Is(err, driver.ErrBadConn):
		return fault.Wrap(fault.Unavailable, c, "the database cannot be reached")
	}
	return c // database/sql was used wrongly, or a column has another type
}

// kindPrepare is kind for the preparation of a SQLite statement. What SQLite
// then has to say is about the statement's text, which is ours, so it stays.
func kindPrepare(err error) error {
	if sq := (*sqlite.Error)(nil); errors.As(err, &sq) && sq.Code()&0xff == sqlite3.SQLITE_ERROR {
		return &cause{text: sq.Error()}
	}
	return kind(err)
}

func kindPostgres(pg *pgconn.PgError) error {
	c := &cause{text: "SQLSTATE " + pg.Code}
	for _, p := range []struct{ what, name string }{
		{"table", pg.TableName}, {"column", pg.ColumnName}, {"constraint", pg.ConstraintName},
	} {
		if p.name != "" {
			c.text += ", " + p.what + " " + p.name
		}
	}
	class := pg.Code[:min(2, len(pg.Code))]
	switch class {
	case "22":
		return &dataError{fault.Wrap(fault.Invalid, c, "the database refused a value")}
	case "23":
		return &dataError{fault.Wrap(fault.Conflict, c, "the database refused a row that contradicts another")}
	case "54":
		// A limit of the server's: an index key over 2,704 bytes, for one.
		return &dataError{fault.Wrap(fault.Invalid, c, "the database refused a value as too big")}
	case "42":
		// Our own SQL is wrong; the message is about its text.
		c.text = pg.Severity + ": " + pg.Message + " (" + c.text + ")"
		return c
	}
	switch {
	case pg.Code == "57014": // its message may be the client's own
	case strings.Contains("08 25 28 3D 40 53 55 57 58", class):
		// About sessions, transactions, locks and resources, never values.
		c.text = pg.Severity + ": " + pg.Message + " (" + c.text + ")"
	}
	return fault.Wrap(fault.Unavailable, c, "the database cannot do this now")
}

func kindSQLite(sq *sqlite.Error) error {
	code := sq.Code()
	c := &cause{text: sq.Error()}
	switch code & 0xff {
	case sqlite3.SQLITE_CONSTRAINT:
		if code == sqlite3.SQLITE_CONSTRAINT_DATATYPE {
			return &dataError{fault.Wrap(fault.Invalid, c, "the database refused a value")}
		}
		return &dataError{fault.Wrap(fault.Conflict, c, "the database refused a row that contradicts another")}
	case sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_TOOBIG:
		return &dataError{fault.Wrap(fault.Invalid, c, "the database refused a value")}
	case sqlite3.SQLITE_ERROR:
		// At run time the message may quote a value (a JSON path, a search).
		return &cause{text: fmt.Sprintf("SQLite: the statement failed when run (%d)", code)}
	case sqlite3.SQLITE_MISUSE, sqlite3.SQLITE_RANGE:
		return c
	}
	return fault.Wrap(fault.Unavailable, c, "the database cannot do this now")
}

// encoding begins pgx's complaint about a value that does not fit its
// parameter. It has no type of its own; TestDataErrors notices when it changes.
const encoding = "failed to encode args["

// text is the text of an error of unknown make, as far as it cannot hold a
// value.
func text(err error) string {
	msg := err.Error()
	switch {
	case isConnection(err), errors.Is(err, sql.ErrConnDone), errors.Is(err, driver.ErrBadConn):
		return msg
	case strings.HasPrefix(msg, "sql: Scan error on column"):
		// "…index 0, name "x": converting driver.Value type string ("…")"
		parts := strings.SplitN(msg, ": ", 3)
		return strings.Join(parts[:2], ": ")
	case strings.HasPrefix(msg, encoding):
		head, _, _ := strings.Cut(msg, ": ")
		return head
	case strings.HasPrefix(msg, "sql: "):
		return msg
	}
	return fmt.Sprintf("%T (its text is withheld: it may hold a value)", err)
}

// isConnection reports whether err is about the way to the server.
func isConnection(err error) bool {
	var (
		connect *pgconn.ConnectError
		network net.Error
		errno   syscall.Errno
	)
	return errors.As(err, &connect) || errors.As(err, &network) || errors.As(err, &errno) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) ||
		pgconn.Timeout(err) || pgconn.SafeToRetry(err)
}

// stale reports whether err is about a connection that was lost while nobody
// used it, so that another may do.
func stale(ctx context.Context, err error) bool {
	var connect *pgconn.ConnectError
	var pg *pgconn.PgError
	switch {
	case err == nil, ctx.Err() != nil, errors.As(err, &connect), pgconn.Timeout(err):
		return false
	case errors.As(err, &pg):
		return strings.HasPrefix(pg.Code, "57P") // shut down or terminated
	}
	return isConnection(err)
}

// postgresUndone reports whether a COMMIT that failed with err is known to
// have been undone: the server itself said so and lived on. FATAL and PANIC may
// come while it waits for a standby, after the record was written.
func postgresUndone(err error) bool {
	var pg *pgconn.PgError
	return errors.Is(err, pgx.ErrTxCommitRollback) ||
		errors.As(err, &pg) && pg.SeverityUnlocalized == "ERROR"
}

// sqliteUndone is the same for SQLite. It is not known after an I/O error: the
// record of the commit may lie complete in the WAL, and would count after a
// crash.
func sqliteUndone(err error) bool {
	var sq *sqlite.Error
	if !errors.As(err, &sq) {
		return false
	}
	switch sq.Code() & 0xff {
	case sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL:
		return true
	}
	return false
}

// checkText refuses what SQLite would take as text and PostgreSQL would not,
// before either sees it.
func checkText(args []any) error {
	for i, a := range args {
		s, ok := a.(string)
		if !ok {
			switch a.(type) {
			case nil, int64, int, []byte, bool:
				continue
			}
			v := reflect.ValueOf(a)
			if v.Kind() != reflect.String {
				continue
			}
			s = v.String()
		}
		if !utf8.ValidString(s) || strings.IndexByte(s, 0) >= 0 {
			return &dataError{fault.Wrap(fault.Invalid, &cause{text: fmt.Sprintf("argument %d is not UTF-8 text without NUL", i+1)}, "the database refused a value")}
		}
	}
	return nil
}
