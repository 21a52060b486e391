package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"runtime"
	"sync"
)

// point reads one blob by one text key on SQLite: the read that every look-up
// makes. It goes to the driver directly, on connections of its own, because
// database/sql takes as long again as SQLite does for so small a read.
type point struct {
	pool  *sql.DB
	query string
	free  chan *pointConn

	mu     sync.Mutex
	closed bool
}

type pointConn struct {
	conn *sql.Conn
	stmt driver.StmtQueryContext
	args [1]driver.NamedValue
	dest [1]driver.Value
}

// pointConns is how many such reads run at once; more wait. A read takes
// microseconds of a core and each connection has a page cache of its own, so
// more connections than cores only make the caches colder.
var pointConns = min(8, runtime.GOMAXPROCS(0))

// Point returns a function that runs query, which must have one text parameter
// and give one blob column, and returns the blob of the first row, or
// sql.ErrNoRows. On PostgreSQL it is QueryRow.
func (d *DB) Point(query string) func(ctx context.Context, key string) ([]byte, error) {
	if d.engine == Postgres {
		return func(ctx context.Context, key string) (b []byte, err error) {
			err = d.QueryRow(ctx, query, key).Scan(&b)
			return b, err
		}
	}
	p := &point{pool: d.r, query: positional(query), free: make(chan *pointConn, pointConns)}
	d.r.SetMaxOpenConns(d.r.Stats().MaxOpenConnections + pointConns)
	for range pointConns {
		p.free <- nil // made when first used
	}
	d.atClose = append(d.atClose, p.close)
	return func(_ context.Context, key string) ([]byte, error) {
		if err := checkText([]any{key}); err != nil {
			return nil, err
		}
		return p.get(key)
	}
}

func (p *point) get(key string) (value []byte, err error) {
	c := <-p.free
	defer func() { p.free <- c }()
	if c == nil {
		if c, err = p.open(); err != nil {
			return nil, kind(err)
		}
	}
	err = c.conn.Raw(func(any) error {
		c.args[0] = driver.NamedValue{Ordinal: 1, Value: key}
		// The read cannot wait for a writer: nothing to cancel.
		rows, err := c.stmt.QueryContext(context.Background(), c.args[:])
		if err != nil {
			return err
		}
		if err = rows.Next(c.dest[:]); err == nil {
			value, _ = c.dest[0].([]byte)
			c.dest[0] = nil
		}
		return errors.Join(err, rows.Close())
	})
	switch {
	case err == nil:
		return value, nil
	case errors.Is(err, io.EOF):
		return nil, sql.ErrNoRows
	}
	_ = c.conn.Close()
	c = nil // the next read takes a new connection
	return nil, kind(err)
}

func (p *point) open() (*pointConn, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, sql.ErrConnDone
	}
	c := &pointConn{}
	var err error
	if c.conn, err = p.pool.Conn(context.Background()); err != nil {
		return nil, err
	}
	// Most of the index of a million keys, the upper pages of a hundred
	// million; what lies below is read from the system's cache.
	if _, err = c.conn.ExecContext(context.Background(), "pragma cache_size(-16384)"); err != nil {
		return nil, errors.Join(err, c.conn.Close())
	}
	err = c.conn.Raw(func(dc any) error {
		st, err := dc.(driver.ConnPrepareContext).PrepareContext(context.Background(), p.query)
		if err != nil {
			return err
		}
		c.stmt = st.(driver.StmtQueryContext)
		return nil
	})
	if err != nil {
		return nil, errors.Join(err, c.conn.Close())
	}
	return c, nil
}

// close waits for the reads under way and gives the connections back.
func (p *point) close() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	for range pointConns {
		if c := <-p.free; c != nil {
			_ = c.conn.Raw(func(any) error { return c.stmt.(driver.Stmt).Close() })
			_ = c.conn.Close()
		}
	}
	for range pointConns {
		p.free <- nil
	}
}
