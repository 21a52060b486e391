package dbtest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"

	"dancu/internal/db"
)

// Bringing an empty database's tables up to date takes longer than most tests.
// So it is done once for a server, and once for each tree of SQLite in a test
// process; a test's own database begins as a copy of that. What it opens is
// still looked through for what is missing, as at every start of a node.

// trees are all there are.
var trees = []db.Tree{db.Main, db.Register, db.Derived, db.Evidence}

// Template makes a database on the server that has the tables of all trees, for
// others to be copied from, and sets Server.From to its name. It stays as long
// as the server.
func (s *Server) Template(ctx context.Context) error {
	name := "dancu_template_" + strings.ToLower(rand.Text()[:16])
	if err := s.admin(ctx, fmt.Sprintf("create database %s template template0 encoding 'UTF8'", name)); err != nil {
		return err
	}
	dsn, err := s.database(name)
	if err != nil {
		return err
	}
	for _, tree := range trees {
		d, err := db.Open(ctx, db.Config{DSN: dsn, Tree: tree})
		if err != nil {
			return err
		}
		if err := d.Close(); err != nil {
			return err
		}
	}
	// Nobody may be connected to what is copied.
	if err := s.admin(ctx, fmt.Sprintf("alter database %s is_template true allow_connections false", name)); err != nil {
		return err
	}
	s.From = name
	return nil
}

// database is the address of one of the server's databases.
func (s *Server) database(name string) (string, error) {
	u, err := url.Parse(s.DSN)
	if err != nil || !strings.HasPrefix(u.Scheme, "postgres") {
		return "", fmt.Errorf("%s must be an address like postgres://user@host:5432/postgres", envDSN)
	}
	u.Path = "/" + name
	return u.String(), nil
}

// admin runs one statement on the server.
func (s *Server) admin(ctx context.Context, query string) error {
	c, err := pgx.Connect(ctx, s.DSN)
	if err != nil {
		return err
	}
	_, err = c.Exec(ctx, query, pgx.QueryExecModeSimpleProtocol)
	if err = errors.Join(err, c.Close(ctx)); err != nil {
		return fmt.Errorf("%s: %w", query, err)
	}
	return nil
}

// files are the trees' SQLite files as they are when nothing but their tables
// is in them.
var files struct {
	mu   sync.Mutex
	tree map[db.Tree][]byte
}

// emptyFile returns a tree's SQLite file with its tables and no rows.
func emptyFile(tree db.Tree) (file []byte, err error) {
	files.mu.Lock()
	defer files.mu.Unlock()
	if b := files.tree[tree]; b != nil {
		return b, nil
	}
	dir, err := os.MkdirTemp("", "dancu-tables-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "tables.db")
	d, err := db.Open(context.Background(), db.Config{DSN: "sqlite:" + path, Tree: tree})
	if err != nil {
		return nil, err
	}
	// The last one to close a file folds its WAL into it.
	if err := d.Close(); err != nil {
		return nil, err
	}
	if _, err := os.Stat(path + "-wal"); !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%s has a WAL after it was closed (%v)", path, err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if files.tree == nil {
		files.tree = map[db.Tree][]byte{}
	}
	files.tree[tree] = b
	return b, nil
}

// Tables gives a SQLite file that is not there yet a tree's tables.
func Tables(file string, tree db.Tree) error {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	b, err := emptyFile(tree)
	if err == nil {
		_, err = f.Write(b)
	}
	return errors.Join(err, f.Close())
}
