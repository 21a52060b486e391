package db

import (
	"context"
	"time"
)

// SetPatience shortens the time after which a silent server is given up.
func (d *DB) SetPatience(statement, commit time.Duration) {
	d.patience, d.commitPatience = statement, commit
}

// WriterPragma reads a setting of the SQLite writer.
func (d *DB) WriterPragma(name string) (v string, err error) {
	err = d.Write(context.Background(), func(tx *Tx) error { return tx.QueryRow(context.Background(), "pragma "+name).Scan(&v) })
	return v, err
}

// WriterStatements is how many statements the SQLite writer has prepared.
func (d *DB) WriterStatements() int { return len(d.wstmts) }

// ReaderInUse is how many of the reader's connections are taken.
func (d *DB) ReaderInUse() int { return d.r.Stats().InUse }

// CheckSQLite is checkSQLite.
var CheckSQLite = checkSQLite

// Migrations is migrations.
var Migrations = migrations
