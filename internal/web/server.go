package web

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// Limits bound what a client can hold on to. A zero member means its default.
type Limits struct {
	BodyBytes   int64 // of a request's body; default 64 KiB
	HeaderBytes int   // of all header fields together; default 16 KiB
	Headers     int   // how many header fields; default 64
	URIBytes    int   // of the request's target; default 2 KiB

	// ReadHeader is how long a request's head may take to come, and a TLS
	// handshake to finish; default 5 s.
	ReadHeader time.Duration
	// Read is how long a whole request may take to come, from its first byte
	// of head to its last of body; default 10 s.
	Read time.Duration
	// Write is how long the answer may take, from the end of the head to its
	// last byte; default 30 s.
	Write time.Duration
	// Idle is how long a connection may wait for its next request; default 2
	// min.
	Idle time.Duration

	// Connections is how many may be open at a time; default 4096. One more is
	// closed as soon as it is accepted.
	Connections int
	// ConnectionsPerAddress is the same for one remote address (IPv6: one /64);
	// default 512, for an intermediary carries the calls of a whole province.
	// Below zero means no such limit.
	ConnectionsPerAddress int

	// DrainDelay is how long, at shut-down, new connections are still accepted
	// and told 503, so that a load balancer can look elsewhere; default 0.
	DrainDelay time.Duration
	// Drain is how long calls that were begun may take to end after that;
	// default 15 s. What is left then is cut off.
	Drain time.Duration
}

func (l Limits) withDefaults() Limits {
	l.BodyBytes = cmp.Or(l.BodyBytes, 64<<10)
	l.HeaderBytes = cmp.Or(l.HeaderBytes, 16<<10)
	l.Headers = cmp.Or(l.Headers, 64)
	l.URIBytes = cmp.Or(l.URIBytes, 2<<10)
	l.ReadHeader = cmp.Or(l.ReadHeader, 5*time.Second)
	l.Read = cmp.Or(l.Read, 10*time.Second)
	l.Write = cmp.Or(l.Write, 30*time.Second)
	l.Idle = cmp.Or(l.Idle, 2*time.Minute)
	l.Connections = cmp.Or(l.Connections, 4096)
	l.ConnectionsPerAddress = cmp.Or(l.ConnectionsPerAddress, 512)
	l.Drain = cmp.Or(l.Drain, 15*time.Second)
	return l
}

// Defaults returns l with its zero members replaced by their defaults.
func (l Limits) Defaults() Limits { return l.withDefaults() }

// readAtMost is the factor between a limit on a request's head and what
// net/http reads before it gives up: between the two there is a problem in
// answer, beyond it net/http's own plain text.
const readAtMost = 4

// Server serves one listener.
type Server struct {
	Handler http.Handler
	// TLS is nil for plain HTTP.
	TLS    *tls.Config
	Limits Limits
	// OnDrain is called once when the shut-down begins, before anything is
	// refused; nil for nothing.
	OnDrain func()
	// ErrorLog takes what net/http has to say of broken connections, which
	// names remote addresses; nil for nowhere.
	ErrorLog *log.Logger

	refused atomic.Int64
}

// Refused returns how many connections were closed because of a limit on them.
func (s *Server) Refused() int64 { return s.refused.Load() }

// Serve serves ln until ctx ends, then drains and returns nil. ln is closed.
func Serve(ctx context.Context, ln net.Listener, tlsConfig *tls.Config, h http.Handler, l Limits) error {
	return (&Server{Handler: h, TLS: tlsConfig, Limits: l}).Serve(ctx, ln)
}

// Serve serves ln, HTTP/1.1 only, until ctx ends. Then requests that come in
// are answered 503 and their connections closed, those that were begun may end
// within Limits.Drain, and Serve returns nil, or an error if some had to be cut
// off. It returns earlier, with an error, if the listener fails. ln is closed.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	limits := s.Limits.withDefaults()
	var draining atomic.Bool
	errorLog := s.ErrorLog
	if errorLog == nil {
		errorLog = log.New(io.Discard, "", 0)
	}
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	srv := &http.Server{
		Handler:                      drainable(&draining, s.Handler),
		TLSConfig:                    s.TLS,
		Protocols:                    &protocols,
		ReadHeaderTimeout:            limits.ReadHeader,
		ReadTimeout:                  limits.Read,
		WriteTimeout:                 limits.Write,
		IdleTimeout:                  limits.Idle,
		MaxHeaderBytes:               readAtMost * (limits.HeaderBytes + limits.URIBytes),
		DisableGeneralOptionsHandler: true,
		ErrorLog:                     errorLog,
		// Calls outlive ctx until they are drained.
		BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			return context.WithValue(ctx, peerKey{}, &peer{addr: parseAddr(c.RemoteAddr().String())})
		},
	}
	limited := &limitedListener{Listener: ln, limits: &limits, refused: &s.refused, perAddr: make(map[netip.Addr]int)}
	done := make(chan error, 1)
	go func() {
		if s.TLS != nil {
			done <- srv.ServeTLS(limited, "", "")
			return
		}
		done <- srv.Serve(limited)
	}()
	select {
	case err := <-done:
		_ = srv.Close()
		return fmt.Errorf("couldn't go on serving: %w", err)
	case <-ctx.Done():
	}
	draining.Store(true)
	if s.OnDrain != nil {
		s.OnDrain()
	}
	srv.SetKeepAlivesEnabled(false)
	if limits.DrainDelay > 0 {
		select {
		case <-time.After(limits.DrainDelay):
		case err := <-done:
			_ = srv.Close()
			return fmt.Errorf("couldn't go on serving: %w", err)
		}
	}
	bound, cancel := context.WithTimeout(context.WithoutCancel(ctx), limits.Drain)
	defer cancel()
	err := srv.Shutdown(bound)
	if err != nil {
		_ = srv.Close()
		err = fmt.Errorf("calls were cut off after %v of draining: %w", limits.Drain, err)
	}
	if end := <-done; !errors.Is(end, http.ErrServerClosed) && err == nil {
		err = fmt.Errorf("couldn't end serving in order: %w", end)
	}
	return err
}

// drainable refuses requests that come in once the server drains.
func drainable(draining *atomic.Bool, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !draining.Load() {
			h.ServeHTTP(w, r)
			return
		}
		id := NewID(time.Now())
		w.Header()["Dancu-Request-Id"] = []string{id}
		WriteProblem(w, r, &Problem{
			Status: http.StatusServiceUnavailable, Code: codeBusy, Title: titleOf(codeBusy),
			Instance: "urn:uuid:" + id, RetryAfter: busyRetry, Close: true,
			Detail: Text{
				VI: "Máy chủ đang dừng: hãy gửi lại sau ít giây với mã giao dịch mới.",
				EN: "This server is shutting down: call again in a few seconds.",
			},
		})
	})
}

// limitedListener bounds the open connections, in all and per address.
type limitedListener struct {
	net.Listener
	limits  *Limits
	refused *atomic.Int64

	mu      sync.Mutex // guards the rest
	open    int
	perAddr map[netip.Addr]int
}

// Accept returns the next connection that is within the limits.
func (l *limitedListener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		addr := Group(parseAddr(c.RemoteAddr().String()))
		if l.admit(addr) {
			return &limitedConn{Conn: c, release: sync.OnceFunc(func() { l.leave(addr) })}, nil
		}
		l.refused.Add(1)
		_ = c.Close()
	}
}

func (l *limitedListener) admit(addr netip.Addr) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	per := l.limits.ConnectionsPerAddress
	// Connections of a Unix socket have no address and are of this machine.
	if l.open >= l.limits.Connections || per >= 0 && addr.IsValid() && l.perAddr[addr] >= per {
		return false
	}
	l.open++
	l.perAddr[addr]++
	return true
}

func (l *limitedListener) leave(addr netip.Addr) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open--
	if l.perAddr[addr]--; l.perAddr[addr] <= 0 {
		delete(l.perAddr, addr)
	}
}

type limitedConn struct {
	net.Conn
	release func()
}

func (c *limitedConn) Close() error {
	c.release()
	return c.Conn.Close()
}

// CloseWrite lets net/http and crypto/tls half-close as they would without us.
func (c *limitedConn) CloseWrite() error {
	if h, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return h.CloseWrite()
	}
	return errors.ErrUnsupported
}
