package db

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"time"

	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
	"github.com/pressly/goose/v3/lock"
)

// The migrations: one folder per engine and tree, files of equal names, a file
// per area. Forward only.
//
//go:embed migrations
var migrations embed.FS

// migrate brings the tree's tables up to date. Nodes that start at once wait
// for each other.
func (d *DB) migrate(ctx context.Context) error {
	dir, err := fs.Sub(migrations, fmt.Sprintf("migrations/%s/%s", d.engine, d.cfg.Tree))
	if err != nil {
		return err
	}
	dialect, pool := database.DialectSQLite3, d.w
	var opts []goose.ProviderOption
	if d.engine == Postgres {
		dialect = database.DialectPostgres
		// It looks once a second, for five minutes.
		l, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
		if err != nil {
			return err
		}
		opts = append(opts, goose.WithSessionLocker(l))
		// A pool of its own: the lock keeps one connection, and building an
		// index may take longer than any statement of daily work.
		cfg := d.pg.Copy()
		cfg.RuntimeParams["statement_timeout"] = "0"
		cfg.RuntimeParams["idle_in_transaction_session_timeout"] = "0"
		cfg.OnNotice = nil
		pool = stdlib.OpenDB(*cfg)
		pool.SetMaxOpenConns(2)
		defer func(p *sql.DB) { _ = p.Close() }(pool)
	}
	store, err := database.NewStore(dialect, "migrations_"+string(d.cfg.Tree))
	if err != nil {
		return err
	}
	p, err := goose.NewProvider("", pool, dir, append(opts, goose.WithStore(store))...)
	if err != nil {
		return err
	}
	_, err = p.Up(ctx)
	// SQLite has no lock for this: whoever comes second finds the file busy,
	// or a table there that was not there a moment ago, and looks again.
	for tries := 0; err != nil && d.engine == SQLite && tries < 20 && ctx.Err() == nil; tries++ {
		time.Sleep(100 * time.Millisecond)
		_, err = p.Up(ctx)
	}
	return err
}
