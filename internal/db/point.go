package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"io"
	"runtime"
	"sync"
)

// point reads one blob by one text key on SQLite: the read that every look-up
// makes. It goes to the driver directly, on connections of its own, because
// database/sql takes as long again as SQLite does for so small a read. Whoever
// comes while all connections read goes into the next read together with the
// others that wait: beginning and ending a read costs as much as the read.
type point struct {
	pool *sql.DB
	one  string // one text parameter; the blob
	many string // a JSON list of texts; place in the list and blob of those found

	mu      sync.Mutex
	free    []*pointConn // owned under mu
	open    int          // connections that there are, owned under mu
	waiting []*pointRead // owned under mu
	closed  bool         // owned under mu
	idle    sync.Cond    // a connection came back
}

// pointRead is one waiting read. value and err are set before done is closed.
type pointRead struct {
	key   string
	value []byte
	err   error
	done  chan struct{}
}

type pointConn struct {
	conn      *sql.Conn
	one, many driver.StmtQueryContext
	args      [1]driver.NamedValue
	dest      [2]driver.Value
}

// pointConns is how many such reads run at once; more wait. A read takes
// microseconds of a core and each connection has a page cache of its own, so
// more connections than cores only make the caches colder. The one used last
// is used next.
var pointConns = min(8, runtime.NumCPU())

// pointMost is how many keys one read takes.
const pointMost = 64

// Point returns a function that runs one, which must have one text parameter
// and give one blob column, and returns the blob of the first row, or
// sql.ErrNoRows. On SQLite reads that wait for each other are run together as
// many, whose parameter is a JSON list of the keys and whose columns are a
// key's place in it and its blob. On PostgreSQL it is QueryRow.
func (d *DB) Point(one, many string) func(ctx context.Context, key string) ([]byte, error) {
	if d.engine == Postgres {
		return func(ctx context.Context, key string) (b []byte, err error) {
			err = d.QueryRow(ctx, one, key).Scan(&b)
			return b, err
		}
	}
	p := &point{pool: d.r, one: positional(one), many: positional(many)}
	p.idle.L = &p.mu
	d.r.SetMaxOpenConns(d.r.Stats().MaxOpenConnections + pointConns)
	d.atClose = append(d.atClose, p.close)
	return func(_ context.Context, key string) ([]byte, error) {
		if err := checkText([]any{key}); err != nil {
			return nil, err
		}
		r := &pointRead{key: key, done: make(chan struct{})}
		p.get(r)
		return r.value, r.err
	}
}

// get reads r, and with it what else waits, or leaves that to somebody who does.
func (p *point) get(r *pointRead) {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		r.err = sql.ErrConnDone
		return
	}
	p.waiting = append(p.waiting, r)
	var c *pointConn
	switch n := len(p.free); {
	case n > 0:
		c, p.free = p.free[n-1], p.free[:n-1]
	case p.open < pointConns:
		p.open++
	default:
		p.mu.Unlock()
		<-r.done
		return
	}
	p.mu.Unlock()
	// Who is about to ask may come along.
	runtime.Gosched()
	p.lead(c)
	<-r.done
}

// lead reads what waits, until nobody does, and gives the connection back. It
// hands over after one read, so that nobody's own answer waits for others'.
func (p *point) lead(c *pointConn) {
	p.mu.Lock()
	n := min(len(p.waiting), pointMost)
	batch := p.waiting[:n:n]
	p.waiting = p.waiting[n:]
	p.mu.Unlock()
	if n > 0 {
		c = p.read(c, batch)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case len(p.waiting) > 0:
		go p.lead(c)
		return
	case c != nil:
		p.free = append(p.free, c)
	default:
		p.open--
	}
	p.idle.Broadcast()
}

// read runs one read for a batch and gives everybody their answer. It returns
// the connection, nil if it is no longer good.
func (p *point) read(c *pointConn, batch []*pointRead) *pointConn {
	var err error
	if c == nil {
		c, err = p.connect()
	}
	for _, r := range batch {
		r.err = sql.ErrNoRows
	}
	if err == nil {
		if err = c.conn.Raw(func(any) error { return c.run(batch) }); err != nil {
			_ = c.conn.Close()
			c = nil // the next read takes a new connection
		}
	}
	err = kind(err)
	for _, r := range batch {
		if err != nil {
			r.value, r.err = nil, err
		}
		close(r.done)
	}
	return c
}

// run reads the batch's values into it.
func (c *pointConn) run(batch []*pointRead) (err error) {
	st, arg := c.one, batch[0].key
	if len(batch) > 1 {
		st, arg = c.many, keyList(batch)
	}
	c.args[0] = driver.NamedValue{Ordinal: 1, Value: arg}
	// The read cannot wait for a writer: nothing to cancel.
	rows, err := st.QueryContext(context.Background(), c.args[:])
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	dest := c.dest[:len(rows.Columns())]
	defer clear(dest)
	for {
		if err := rows.Next(dest); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		i := int64(0)
		if len(batch) > 1 {
			i, _ = dest[0].(int64)
		}
		if r := batch[i]; r.err != nil { // of several rows the first counts
			r.value, _ = dest[len(dest)-1].([]byte)
			r.err = nil
		}
		if len(batch) == 1 {
			return nil
		}
	}
}

// keyList is the JSON list of the batch's keys.
func keyList(batch []*pointRead) string {
	keys := make([]string, len(batch))
	for i, r := range batch {
		keys[i] = r.key
	}
	b, _ := json.Marshal(keys) // texts always encode
	return string(b)
}

// connect makes a connection with its statements.
func (p *point) connect() (c *pointConn, err error) {
	c = &pointConn{}
	if c.conn, err = p.pool.Conn(context.Background()); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, c.conn.Close())
		}
	}()
	// Most of the index of a million keys and what lies above the rows; of more
	// keys the upper part. What is not here is copied from the system's cache
	// of the file. The driver's allocator takes twice as much memory for a page,
	// and a node is to stay under a quarter of a gigabyte.
	if _, err = c.conn.ExecContext(context.Background(), "pragma cache_size(-16384)"); err != nil {
		return nil, err
	}
	return c, c.conn.Raw(func(dc any) error {
		prepare := func(query string) (driver.StmtQueryContext, error) {
			st, err := dc.(driver.ConnPrepareContext).PrepareContext(context.Background(), query)
			if err != nil {
				return nil, err
			}
			return st.(driver.StmtQueryContext), nil
		}
		var one, many error
		c.one, one = prepare(p.one)
		c.many, many = prepare(p.many)
		return errors.Join(one, many)
	})
}

// close waits for the reads under way and gives the connections back.
func (p *point) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for len(p.free) < p.open {
		p.idle.Wait()
	}
	for _, c := range p.free {
		_ = c.conn.Raw(func(any) error {
			return errors.Join(c.one.(driver.Stmt).Close(), c.many.(driver.Stmt).Close())
		})
		_ = c.conn.Close()
	}
	p.free, p.open = nil, 0
}
