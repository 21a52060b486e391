package dbtest

import (
	"bytes"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"dancu/internal/db"
)

// Proxy stands between a client and PostgreSQL and breaks the line on request.
// Its zero mode forwards everything. It understands just enough of the protocol
// to see a COMMIT, on connections without TLS.
type Proxy struct {
	// DSN is the address of the Env's database by way of the proxy.
	DSN string

	network, address string // of the server
	ln               net.Listener

	mu       sync.Mutex
	conns    map[net.Conn]bool // both sides of every connection
	mute     bool
	atCommit Point
	commits  int
}

// Point is a moment in the course of a COMMIT.
type Point int

// The points at which CutAtCommit cuts.
const (
	Never        Point = iota
	BeforeCommit       // the server never gets the COMMIT
	AfterCommit        // the server has answered it; the client never hears
	MuteCommit         // the same, but the line stays up, silent
)

// Proxy starts a proxy before the Env's server. It is closed when the test
// ends.
func (e *Env) Proxy() *Proxy {
	e.t.Helper()
	return NewProxy(e.t, e.DSN(db.Main))
}

// NewProxy starts a proxy before the server of a PostgreSQL address.
func NewProxy(t testing.TB, dsn string) *Proxy {
	t.Helper()
	cfg, err := pgconn.ParseConfig(dsn)
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{conns: map[net.Conn]bool{}}
	p.network, p.address = pgconn.NetworkAddress(cfg.Host, cfg.Port)
	dir, err := os.MkdirTemp("/tmp", "dancu-proxy-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if p.ln, err = net.Listen("unix", filepath.Join(dir, ".s.PGSQL.5432")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = p.ln.Close()
		p.Cut()
	})
	p.DSN = (&url.URL{
		Scheme: "postgres", User: url.UserPassword(cfg.User, cfg.Password), Path: "/" + cfg.Database,
		RawQuery: url.Values{"host": {dir}}.Encode(),
	}).String()
	go p.accept()
	return p
}

// Through is an option of [Env.Open] that goes by way of the proxy.
func (p *Proxy) Through() func(*db.Config) {
	return func(c *db.Config) { c.DSN = p.DSN }
}

// Cut breaks every connection there is. New ones are forwarded.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		_ = c.Close()
	}
	clear(p.conns)
}

// BlackHole lets what clients send through and swallows every answer, on
// connections old and new, until Restore.
func (p *Proxy) BlackHole() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mute = true
}

// Restore ends what BlackHole and CutAtCommit began, and cuts the connections
// that lost an answer.
func (p *Proxy) Restore() {
	p.mu.Lock()
	p.mute, p.atCommit = false, Never
	p.mu.Unlock()
	p.Cut()
}

// CutAtCommit makes the next COMMIT lose its connection at the given point.
// It happens once.
func (p *Proxy) CutAtCommit(at Point) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.atCommit = at
}

// Commits returns how many COMMITs clients have sent.
func (p *Proxy) Commits() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.commits
}

func (p *Proxy) accept() {
	for {
		client, err := p.ln.Accept()
		if err != nil {
			return
		}
		server, err := net.DialTimeout(p.network, p.address, 10*time.Second)
		if err != nil {
			_ = client.Close()
			continue
		}
		p.mu.Lock()
		p.conns[client], p.conns[server] = true, true
		p.mu.Unlock()
		go p.forward(client, server)
	}
}

func (p *Proxy) close(cs ...net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range cs {
		_ = c.Close()
		delete(p.conns, c)
	}
}

// A COMMIT travels alone, as one simple query.
var commit = []byte("Q\x00\x00\x00\x0bcommit\x00")

func (p *Proxy) forward(client, server net.Conn) {
	defer p.close(client, server)
	var swallow sync.Mutex
	lost := Never               // guarded by swallow
	done := make(chan struct{}) // closed with the answers' end
	answered := make(chan struct{}, 1)
	go func() {
		defer close(done)
		defer p.close(client, server)
		buf := make([]byte, 64<<10)
		for {
			n, err := server.Read(buf)
			if err != nil {
				return
			}
			swallow.Lock()
			l := lost
			swallow.Unlock()
			p.mu.Lock()
			mute := p.mute
			p.mu.Unlock()
			switch {
			case l != Never:
				// ReadyForQuery, idle: the COMMIT is over.
				if bytes.HasSuffix(buf[:n], []byte("Z\x00\x00\x00\x05I")) {
					select {
					case answered <- struct{}{}:
					default:
					}
				}
			case mute:
			default:
				if _, err := client.Write(buf[:n]); err != nil {
					return
				}
			}
		}
	}()
	buf := make([]byte, 64<<10)
	for {
		n, err := client.Read(buf)
		if err != nil {
			return
		}
		at := Never
		if bytes.Equal(buf[:n], commit) {
			p.mu.Lock()
			p.commits++
			at, p.atCommit = p.atCommit, Never
			p.mu.Unlock()
		}
		if at == BeforeCommit {
			return
		}
		if at != Never {
			swallow.Lock()
			lost = at
			swallow.Unlock()
		}
		if _, err := server.Write(buf[:n]); err != nil {
			return
		}
		if at == AfterCommit {
			select {
			case <-answered:
			case <-done:
			}
			return
		}
		if at == MuteCommit {
			_, _ = io.Copy(server, client) // until someone cuts
			return
		}
	}
}
