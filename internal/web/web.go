// Package web is the HTTP kit of the machine API and of the pages: handlers
// that return their error, problems, limits, a server that drains, security
// headers, the choice of language and rates.
//
// Three things hold for whatever is served through it. An error becomes an
// answer in one place, and the text of one that is ours alone never leaves the
// process (TestInternalTextNeverLeaves). The record of a request names its
// route, never its address, query, body or a person (TestEventHoldsNoPerson,
// guarantee G10). A client can hold on to memory, a connection or a goroutine
// only within stated bounds (TestSlowBodyIsCut, TestConnectionLimits,
// TestDrain).
package web

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"runtime"
	"runtime/debug"
	"strings"
	"time"
)

// Handler answers a request, or returns why it cannot. What it returns is
// turned into an answer by [Fail]: a *[Problem] as it is, any other error by
// its fault.Kind. A handler that has begun to write its answer must not return
// an error other than http.ErrAbortHandler.
type Handler func(w http.ResponseWriter, r *http.Request) error

// ServeHTTP makes a Handler an http.Handler.
func (h Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := h(w, r); err != nil {
		Fail(w, r, err)
	}
}

// Event is what is known of a request when it ends. It has no member for a
// person, an address or a URL, so that none can get into it.
type Event struct {
	Method     string // a method of RFC 9110, else "other"
	Route      string // the pattern that matched, "" if none did
	Status     int
	Code       string // of the problem, "" if there was none
	Connection string // id of the connection on which the call was made
	RequestID  string
	Trace      string // trace id of a traceparent header
	Duration   time.Duration
	Err        error // what was behind a problem that was ours
}

// Kit wraps a mux once: it gives the request its id, checks the sizes of its
// head, recovers from panics, lets errors be rendered and writes one event.
type Kit struct {
	// Log takes the events and the errors that are ours; nil for none.
	Log *slog.Logger
	// Level is at what level the event of a request is logged that did not
	// fail on our side (status below 500).
	Level slog.Level
	// Limits bound the request's head; zero members mean the defaults.
	Limits Limits
	// Render writes a problem; nil means [WriteProblem].
	Render func(w http.ResponseWriter, r *http.Request, p *Problem)
	// Observe is told every event, for metrics; nil for nobody. It must not
	// keep the pointer.
	Observe func(*Event)
}

// response is the ResponseWriter that handlers under a Kit see.
type response struct {
	http.ResponseWriter
	kit   *Kit
	event Event
	id    [1]string
}

// Unwrap gives http.ResponseController the connection's own writer.
func (w *response) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *response) WriteHeader(status int) {
	if w.event.Status == 0 && status >= 200 {
		w.event.Status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *response) Write(b []byte) (int, error) {
	if w.event.Status == 0 {
		w.event.Status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// EventOf returns the event of the request that w answers, for a handler to
// fill in; outside a Kit it is one that nobody reads.
func EventOf(w http.ResponseWriter) *Event {
	if rw := under(w); rw != nil {
		return &rw.event
	}
	return new(Event)
}

// under finds the Kit's writer.
func under(w http.ResponseWriter) *response {
	for {
		switch v := w.(type) {
		case *response:
			return v
		case interface{ Unwrap() http.ResponseWriter }:
			w = v.Unwrap()
		default:
			return nil
		}
	}
}

// RequestID returns our own id of the request that w answers, a UUIDv7.
func RequestID(w http.ResponseWriter) string { return EventOf(w).RequestID }

// Wrap returns next with everything a Kit does around it.
func (k *Kit) Wrap(next http.Handler) http.Handler {
	limits := k.Limits.withDefaults()
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		start := time.Now()
		w := &response{ResponseWriter: rw, kit: k}
		w.id[0] = NewID(start)
		w.event.RequestID = w.id[0]
		w.Header()["Dancu-Request-Id"] = w.id[:]
		defer k.finish(w, r, start)
		if err := checkHead(r, &limits); err != nil {
			Fail(w, r, err)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// finish recovers, and writes the event.
func (k *Kit) finish(w *response, r *http.Request, start time.Time) {
	v := recover()
	if v != nil && !aborts(v) {
		err := &panicError{text: panicText(v), stack: string(debug.Stack())}
		if w.event.Status == 0 {
			Fail(w, r, err)
		} else {
			// Half an answer is out: the connection must break, else the
			// client takes it for a whole one.
			w.event.Err = err
			v = http.ErrAbortHandler
		}
	}
	e := &w.event
	e.Method = method(r.Method)
	e.Route = r.Pattern
	e.Duration = time.Since(start)
	if e.Status == 0 && v == nil {
		e.Status = http.StatusOK
	}
	if k.Observe != nil {
		k.Observe(e)
	}
	k.log(r.Context(), e)
	if aborts(v) {
		panic(http.ErrAbortHandler)
	}
}

// aborts reports whether a panic is the one that breaks a connection off.
func aborts(v any) bool {
	err, ok := v.(error)
	return ok && errors.Is(err, http.ErrAbortHandler)
}

// log writes the one record of a request.
func (k *Kit) log(ctx context.Context, e *Event) {
	if k.Log == nil {
		return
	}
	level := k.Level
	// A caller that went away is no failure of ours, and could fill the log.
	if gone := errors.Is(e.Err, context.Canceled); !gone && (e.Err != nil || e.Status >= 500) {
		level = slog.LevelError
	}
	if !k.Log.Enabled(ctx, level) {
		return
	}
	attrs := make([]slog.Attr, 0, 10)
	attrs = append(
		attrs,
		slog.String("method", e.Method),
		slog.String("route", e.Route),
		slog.Int("status", e.Status),
		slog.String("request", e.RequestID),
		slog.Duration("duration", e.Duration),
	)
	for _, a := range [...]struct{ key, value string }{
		{"code", e.Code}, {"connection", e.Connection}, {"trace", e.Trace},
	} {
		if a.value != "" {
			attrs = append(attrs, slog.String(a.key, a.value))
		}
	}
	if e.Err != nil {
		attrs = append(attrs, slog.String("error", Redact(e.Err.Error())))
		var p *panicError
		if errors.As(e.Err, &p) {
			attrs = append(attrs, slog.String("stack", p.stack))
		}
	}
	k.Log.LogAttrs(ctx, level, "request", attrs...)
}

// panicError is a panic made an error of no kind: an internal one.
type panicError struct{ text, stack string }

func (e *panicError) Error() string { return "panic: " + e.text }

// panicText says what a panic was. Only the run-time's own texts are repeated:
// another value may hold anything.
func panicText(v any) string {
	if err, ok := v.(runtime.Error); ok {
		return err.Error()
	}
	return fmt.Sprintf("a value of type %T", v)
}

// Redact replaces every run of nine digits or more, as numbers of people are,
// by "#". It is the last net under the rule that errors hold nothing of a
// person, not a replacement for it.
func Redact(s string) string {
	const shortest = 9
	var b strings.Builder
	done := 0
	for i := 0; i < len(s); {
		j := i
		for j < len(s) && '0' <= s[j] && s[j] <= '9' {
			j++
		}
		if j-i >= shortest {
			b.WriteString(s[done:i])
			b.WriteByte('#')
			done = j
		}
		i = max(j, i+1)
	}
	if done == 0 {
		return s
	}
	b.WriteString(s[done:])
	return b.String()
}

// method returns m if it is one of the usual ones: any token may stand in its
// place on the wire, a number of twelve digits, too.
func method(m string) string {
	switch m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
		http.MethodDelete, http.MethodOptions, http.MethodTrace, http.MethodConnect:
		return m
	}
	return "other"
}

// checkHead checks the sizes of a request's head. What is larger than net/http
// reads at all (four times as much) it answers itself, in plain text.
func checkHead(r *http.Request, l *Limits) error {
	if len(r.RequestURI) > l.URIBytes {
		return &Problem{
			Status: http.StatusRequestURITooLong, Code: codeTooLarge, Title: titleOf(codeTooLarge), Close: true,
			Detail: Text{
				VI: fmt.Sprintf("Địa chỉ yêu cầu dài quá %d byte.", l.URIBytes),
				EN: fmt.Sprintf("The request's target is longer than %d bytes.", l.URIBytes),
			},
		}
	}
	size, count := 0, 0
	for name, values := range r.Header {
		for _, v := range values {
			size += len(name) + len(v) + 4 // ": " and the line's end
			count++
		}
	}
	if size > l.HeaderBytes || count > l.Headers {
		return &Problem{
			Status: http.StatusRequestHeaderFieldsTooLarge, Code: codeTooLarge, Title: titleOf(codeTooLarge), Close: true,
			Detail: Text{
				VI: fmt.Sprintf("Phần đầu của yêu cầu vượt quá %d byte hoặc %d trường.", l.HeaderBytes, l.Headers),
				EN: fmt.Sprintf("The request's header is larger than %d bytes or has more than %d fields.", l.HeaderBytes, l.Headers),
			},
		}
	}
	return nil
}

// peer is what is worked out once for each connection. The requests of an
// HTTP/1.1 connection come one after the other, so it needs no lock.
type peer struct {
	addr       netip.Addr
	thumbprint [sha256.Size]byte
	state      uint8 // 0: not looked yet; 1: no certificate; 2: thumbprint holds
}

type peerKey struct{}

// Thumbprint returns the SHA-256 of the DER form of the client's certificate;
// ok is false if it showed none. That the client holds the certificate's key
// was proved in the TLS handshake.
func Thumbprint(r *http.Request) (t [sha256.Size]byte, ok bool) {
	p, _ := r.Context().Value(peerKey{}).(*peer)
	if p != nil && p.state != 0 {
		return p.thumbprint, p.state == 2
	}
	if r.TLS != nil && len(r.TLS.PeerCertificates) > 0 {
		t, ok = sha256.Sum256(r.TLS.PeerCertificates[0].Raw), true
	}
	if p != nil {
		p.thumbprint, p.state = t, 1
		if ok {
			p.state = 2
		}
	}
	return t, ok
}

// RemoteAddr returns the address of the client, an IPv4 one never in its
// mapped form; the zero Addr if it has none (a Unix socket).
func RemoteAddr(r *http.Request) netip.Addr {
	if p, _ := r.Context().Value(peerKey{}).(*peer); p != nil {
		return p.addr
	}
	return parseAddr(r.RemoteAddr)
}

func parseAddr(s string) netip.Addr {
	a, err := netip.ParseAddrPort(s)
	if err != nil {
		return netip.Addr{}
	}
	return a.Addr().Unmap()
}
