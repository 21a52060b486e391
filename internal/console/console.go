// Package console is what people see: pages drawn on the server.
//
// Until people can sign in there is one page, and it shows nobody: no name, no
// number, no officer, no case, no address (TestStatusNamesNobody). What it
// shows it reads through [Source], and when that has no answer the page says
// so with status 503 (TestUnavailable).
//
// Every page is complete without script, in Vietnamese and in English, under a
// content security policy that allows nothing inline (TestEveryPage), and its
// styles stay within what Chrome 109 knows. The parts pages are made of are in
// ui, the texts in i18n. See also package e2e, where a real browser reads the
// pages.
package console

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/a-h/templ"

	"dancu/internal/console/i18n"
	"dancu/internal/console/ui"
	"dancu/internal/web"
	frontend "dancu/web"
)

// Config is what the console is made of.
type Config struct {
	// Source says how the system stands.
	Source Source
	// Patience is how long a page waits for Source; 0 means 5 s.
	Patience time.Duration
	// Fresh is how long one answer of Source serves every reader; 0 means 1 s.
	Fresh time.Duration
	// Assets are the stylesheet and icons; nil means those in the program.
	Assets *frontend.Assets
	// Log takes one record for each request and the errors that are ours; nil
	// for none.
	Log *slog.Logger
	// Observe is told of every request, for metrics; nil for nobody.
	Observe func(*web.Event)
}

// console holds what the handlers share.
type console struct {
	assets *frontend.Assets
	status *shared
}

// New returns the handler of the whole console.
func New(c Config) (http.Handler, error) {
	if c.Source == nil {
		return nil, errors.New("console: Config.Source is missing")
	}
	if c.Assets == nil {
		a, err := frontend.Embedded()
		if err != nil {
			return nil, err
		}
		c.Assets = a
	}
	if c.Patience == 0 {
		c.Patience = 5 * time.Second
	}
	if c.Fresh == 0 {
		c.Fresh = time.Second
	}
	if c.Log != nil && !c.Assets.Built() {
		c.Log.Warn("the console's assets were not built: pages use the plain styles (npm ci in web, then go run ./cmd/webbuild)")
	}
	s := &console{
		assets: c.Assets,
		status: &shared{source: c.Source, patience: c.Patience, fresh: c.Fresh, turn: make(chan struct{}, 1)},
	}
	mux := web.NewMux()
	for _, r := range s.routes() {
		mux.HandleFunc(r.pattern, r.handler)
	}
	kit := &web.Kit{Log: c.Log, Level: slog.LevelDebug, Render: s.problem, Observe: c.Observe}
	return web.Page(kit.Wrap(mux), web.PageOptions{}), nil
}

// route is one line of the site map.
type route struct {
	pattern string
	handler web.Handler
}

// routes is the site map.
func (s *console) routes() []route {
	return []route{
		{"GET /{$}", s.statusPage},
		{"GET /licences", s.licencesPage},
		{"GET " + frontend.Prefix + "{name}", s.asset},
	}
}

// asset serves a file of the front end.
func (s *console) asset(w http.ResponseWriter, r *http.Request) error {
	if !s.assets.Serve(w, r, r.PathValue("name")) {
		return web.NotFound()
	}
	return nil
}

// page begins the description of a page.
func (s *console) page(r *http.Request, title i18n.Msg) ui.Page {
	l := i18n.Of(r)
	return ui.Page{Lang: l, Title: l.T(title), URL: r.URL, Assets: s.assets}
}

// render draws the component and sends it in one piece, compressed if the
// client takes that (nothing secret is in these pages that compression could
// give away), with an entity tag so that an unchanged page costs nothing.
func render(w http.ResponseWriter, r *http.Request, status int, l i18n.Lang, c templ.Component) error {
	var page bytes.Buffer
	if err := c.Render(r.Context(), &page); err != nil {
		return err
	}
	body := page.Bytes()
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", l.String())
	h.Add("Vary", "Accept-Encoding")
	if status == http.StatusOK {
		sum := sha256.Sum256(body)
		tag := `W/"` + hex.EncodeToString(sum[:12]) + `"`
		h.Set("ETag", tag)
		h.Set("Cache-Control", "private, no-cache")
		if frontend.Fresh(r, tag) {
			h.Del("Content-Type")
			w.WriteHeader(http.StatusNotModified)
			return nil
		}
	}
	if frontend.Accepts(r, "gzip") {
		var zipped bytes.Buffer
		z := gzip.NewWriter(&zipped)
		if _, err := z.Write(body); err != nil {
			return err
		}
		if err := z.Close(); err != nil {
			return err
		}
		body = zipped.Bytes()
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // an error means that the client is gone
	}
	return nil
}

// problem writes a problem as a page of the same shell.
func (s *console) problem(w http.ResponseWriter, r *http.Request, p *web.Problem) {
	l := i18n.Of(r)
	v := problemView{Page: ui.Page{Lang: l, URL: r.URL, Assets: s.assets}, Code: strconv.Itoa(p.Status), Request: web.RequestID(w)}
	switch p.Status {
	case http.StatusNotFound:
		v.Title, v.Text = l.T(i18n.NotFoundTitle), l.T(i18n.NotFoundText)
	case http.StatusMethodNotAllowed:
		v.Title, v.Text = l.T(i18n.MethodTitle), l.T(i18n.MethodText)
	case http.StatusServiceUnavailable:
		v.Title, v.Text, v.Next = l.T(i18n.UnavailableTitle), l.T(i18n.UnavailableText), l.T(i18n.UnavailableNext)
		v.Tone, v.Reload = ui.Bad, true
	case http.StatusInternalServerError:
		v.Title, v.Text = l.T(i18n.InternalTitle), l.T(i18n.InternalText)
		v.Tone = ui.Bad
	default:
		v.Title, v.Text = p.Title.In(web.Lang(l)), p.Detail.In(web.Lang(l))
	}
	p.SetHeaders(w.Header())
	if err := render(w, r, p.Status, l, problemPage(v)); err != nil {
		// Drawing failed before anything was sent: say it without a page.
		web.WriteProblem(w, r, p)
	}
}

// problemView is a page about a problem.
type problemView struct {
	ui.Page
	Tone          ui.Tone
	Text, Next    string
	Code, Request string // status and id of the request, for whoever is called for help
}

// licencesPage shows the licences of the third-party packages in the pages.
func (s *console) licencesPage(w http.ResponseWriter, r *http.Request) error {
	p := s.page(r, i18n.Licences)
	return render(w, r, http.StatusOK, p.Lang, licences(p, s.assets.Licences()))
}

// shared lets all readers share one answer of the source, so that a crowd of
// them costs no more than one reader does.
type shared struct {
	source   Source
	patience time.Duration
	fresh    time.Duration

	turn chan struct{} // holds a token while the source is being asked

	mu     sync.Mutex
	status Status
	err    error
	until  time.Time // when the answer is no longer fresh
}

// get returns an answer that is fresh, waiting for the source if need be. The
// source is asked under a context of its own: a reader who leaves does not
// spoil the answer of the others.
func (s *shared) get(ctx context.Context) (Status, error) {
	if st, err, ok := s.cached(); ok {
		return st, err
	}
	select {
	case s.turn <- struct{}{}:
	case <-ctx.Done():
		return Status{}, ctx.Err()
	}
	defer func() { <-s.turn }()
	if st, err, ok := s.cached(); ok {
		return st, err // somebody else asked while we waited
	}
	own, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.patience)
	defer cancel()
	st, err := s.source.Status(own)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status, s.err, s.until = st, err, time.Now().Add(s.fresh)
	return st, err
}

func (s *shared) cached() (st Status, err error, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.status, s.err, time.Now().Before(s.until)
}
