package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"strings"

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

// IsData reports whether the database refused the values themselves (SQLSTATE
// class 22 or 23, SQLite mismatch, constraint or too big): the same values
// will fail again, others in the same batch need not.
func IsData(err error) bool {
	var e *dataError
	return errors.As(err, &e)
}

// kind gives a driver's error a kind. Its text never leaves the process.
func kind(err error) error {
	if err == nil || errors.Is(err, sql.ErrNoRows) {
		return err
	}
	var f *fault.Error
	if errors.As(err, &f) {
		return err
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch {
		case strings.HasPrefix(pg.Code, "22"):
			return &dataError{fault.Wrap(fault.Invalid, err, "the database refused a value")}
		case strings.HasPrefix(pg.Code, "23"):
			return &dataError{fault.Wrap(fault.Conflict, err, "the database refused a row that contradicts another")}
		case strings.HasPrefix(pg.Code, "42"):
			return err // our own SQL is wrong
		}
		return fault.Wrap(fault.Unavailable, err, "the database cannot do this now")
	}
	var sq *sqlite.Error
	if errors.As(err, &sq) {
		switch sq.Code() & 0xff {
		case sqlite3.SQLITE_CONSTRAINT:
			return &dataError{fault.Wrap(fault.Conflict, err, "the database refused a row that contradicts another")}
		case sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_TOOBIG:
			return &dataError{fault.Wrap(fault.Invalid, err, "the database refused a value")}
		case sqlite3.SQLITE_ERROR, sqlite3.SQLITE_MISUSE, sqlite3.SQLITE_RANGE:
			return err
		}
		return fault.Wrap(fault.Unavailable, err, "the database cannot do this now")
	}
	var conn *pgconn.ConnectError
	if errors.As(err, &conn) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) ||
		errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) || pgconn.Timeout(err) {
		return fault.Wrap(fault.Unavailable, err, "the database cannot be reached")
	}
	return fault.Wrap(fault.Unavailable, err, "the database failed")
}
