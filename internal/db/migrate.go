package db

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
	"github.com/pressly/goose/v3/lock"
)

// The migrations: one folder per engine and tree, files of equal names, a file
// per area. Forward only.
//
//go:embed migrations
var migrations embed.FS

// migrate brings one tree's tables up to date.
func migrate(ctx context.Context, e Engine, tree Tree, w *sql.DB) error {
	dir, err := fs.Sub(migrations, fmt.Sprintf("migrations/%s/%s", e, tree))
	if err != nil {
		return err
	}
	dialect := database.DialectSQLite3
	var opts []goose.ProviderOption
	if e == Postgres {
		dialect = database.DialectPostgres
		// Several nodes may start at once.
		l, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return err
		}
		// The writer pool has one connection, which the session lock holds.
		w.SetMaxOpenConns(2)
		defer w.SetMaxOpenConns(1)
		opts = append(opts, goose.WithSessionLocker(l))
	}
	store, err := database.NewStore(dialect, "migrations_"+string(tree))
	if err != nil {
		return err
	}
	opts = append(opts, goose.WithStore(store))
	p, err := goose.NewProvider("", w, dir, opts...)
	if err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return kind(err)
}
