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
	if d.current(ctx, dir) {
		return nil
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

// current reports that every migration of dir has been applied, as at most
// starts: that costs one query instead of a pool of connections and a lock. An
// error says no; migrating has a better one if it meets it too.
func (d *DB) current(ctx context.Context, dir fs.FS) bool {
	files, err := fs.ReadDir(dir, ".")
	if err != nil {
		return false
	}
	if d.engine == Postgres {
		// A table that is not there yet is no error for the server's log.
		var there bool
		if err := d.r.QueryRowContext(ctx, `select to_regclass($1) is not null`, "migrations_"+string(d.cfg.Tree)).Scan(&there); err != nil || !there {
			return false
		}
	}
	// They are numbered from 1 without gaps; 0 is goose's own row.
	var applied, newest int
	err = d.r.QueryRowContext(ctx, `select count(distinct version_id), coalesce(max(version_id), 0)
		from migrations_`+string(d.cfg.Tree)+` where version_id > 0 and is_applied`).Scan(&applied, &newest)
	return err == nil && applied == len(files) && newest == len(files)
}
