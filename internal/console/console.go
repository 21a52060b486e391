// Package console is what people see: pages drawn on the server.
//
// The site map is one table (routes.go): a pattern, who may, a handler. What is
// not in it is not there, and who may not never reaches the handler
// (TestAuthorization). The pages of each audience are packages of their own
// beside this one: officer, agency, operator, inspector; what they share is in
// site (who is visiting) and people (accounts).
//
// The status page is for everybody, so it shows nobody: no name, no number, no
// officer, no case, no address (TestStatusNamesNobody). What it shows it reads
// through [Source], and when that has no answer the page says so with status
// 503 (TestUnavailable).
//
// Every page is complete without script, in Vietnamese and in English, under a
// content security policy that allows nothing inline (TestEveryPage), and its
// styles stay within what Chrome 109 knows. The parts pages are made of are in
// ui, the texts in i18n. See also package e2e, where a real browser reads the
// pages.
package console

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"sync"
	"time"

	"dancu/internal/access"
	"dancu/internal/console/agency"
	"dancu/internal/console/citizen"
	"dancu/internal/console/guides"
	"dancu/internal/console/i18n"
	"dancu/internal/console/inspector"
	"dancu/internal/console/jobs"
	"dancu/internal/console/life"
	"dancu/internal/console/notices"
	"dancu/internal/console/officer"
	"dancu/internal/console/operator"
	"dancu/internal/console/requests"
	"dancu/internal/console/setting"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/desk"
	"dancu/internal/draft"
	"dancu/internal/identity"
	"dancu/internal/job"
	"dancu/internal/ledger"
	"dancu/internal/manual"
	"dancu/internal/notify"
	"dancu/internal/onboarding"
	"dancu/internal/settings"
	"dancu/internal/watch"
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
	// Assets are the stylesheet, script and icons; nil means those in the
	// program.
	Assets *frontend.Assets
	// Log takes one record for each request and the errors that are ours; nil
	// for none.
	Log *slog.Logger
	// Observe is told of every request, for metrics; nil for nobody.
	Observe func(*web.Event)

	// Identity lets people sign in; nil: the console is the status page alone.
	Identity *identity.Store
	// Rules are the rules of accounts that pages name. Rules.Origin is the
	// console's public address; the zero value means the area's defaults.
	Rules identity.Settings
	// Secure says that browsers reach the console over HTTPS.
	Secure bool
	// Door is the way in through agencies' own providers; nil for none.
	Door Door
	// Desk answers officers' look-ups; needed with Identity.
	Desk officer.Desk
	// Office is the life cycle of connections; needed with Identity.
	Office *onboarding.Onboarding
	// Notices is what was told to whom, NoticeOffice what people do about it;
	// needed with Identity.
	Notices      *notify.Outbox
	NoticeOffice *notify.Office
	// Settings are the system's settings; needed with Identity.
	Settings *settings.Store
	// Files is the vault of evidence files; nil: no page takes a file.
	Files life.Files
	// Drafts keep what is typed into long forms; nil: nothing is kept.
	Drafts *draft.Store
	// Operator says what the pages of whoever runs the register need besides, and
	// Usage has the sums of calls; both needed with Identity.
	Operator operator.Source
	Usage    *watch.Usage
	// Manual is user guides and notices to officers; needed with Identity.
	Manual *manual.Store
	// Ledger is the log as inspectors and officers read it; needed with Identity.
	Ledger *ledger.Log
	// People says who represents whom; needed with Identity.
	People citizen.People
	// Requests is the desk for people's questions; needed with Identity.
	Requests *desk.Desk
	// Procedure is the name of a procedure on a day; nil: nobody knows any.
	Procedure func(code string, on time.Time) (access.Text, bool)
	// Totals are the published months; nil: nothing is published.
	Totals func(ctx context.Context) ([]citizen.Month, error)
	// VerifierKey is the log's public key: pages check proofs with it.
	VerifierKey string
	// Searches keep what people look for; needed with Identity.
	Searches site.Searches
	// Jobs do long work; needed with Identity. New makes the kinds known that
	// pages ask for.
	Jobs *job.Jobs
	// Imports take files for the register; nil: no page does.
	Imports jobs.Imports
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// console holds what the handlers share.
type console struct {
	site    *site.Site
	assets  *frontend.Assets
	status  *shared
	rules   identity.Settings
	door    Door
	limiter *web.Limiter
	// readings are the rates of reading the log.
	readings *web.Limiter
	desk     *officer.Pages
	agency   *agency.Pages
	guides   *guides.Pages
	acts     *operator.Pages
	log      *inspector.Pages
	life     *life.Pages
	citizen  *citizen.Pages
	requests *requests.Pages
	notices  *notices.Pages
	settings *setting.Pages
	jobs     *jobs.Pages
}

// signInAddresses is how many addresses' rates of signing in are remembered.
const signInAddresses = 20_000

// New returns the handler of the whole console.
func New(c Config) (http.Handler, error) {
	if c.Source == nil {
		return nil, errors.New("console: Config.Source is missing")
	}
	if c.Identity != nil && (c.Desk == nil || c.Ledger == nil || c.Office == nil || c.People == nil || c.Requests == nil || c.Operator == nil || c.Usage == nil || c.Manual == nil || c.Notices == nil || c.NoticeOffice == nil || c.Settings == nil) {
		return nil, errors.New("console: with Config.Identity, Desk, Office, People, Requests, Operator, Usage, Manual, Notices, NoticeOffice, Settings, Searches, Jobs and Ledger must be there")
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
	s := assemble(c)
	kit := &web.Kit{Log: c.Log, Level: slog.LevelDebug, Render: s.problem, Observe: c.Observe}
	// Whatever changes something must come from our own pages: the browser says
	// where a request comes from, and the cookies stay at home besides.
	guarded, err := web.CrossOrigin(s.mux())
	if err != nil {
		return nil, err
	}
	return web.Page(kit.Wrap(guarded), web.PageOptions{BodyOf: bodyBytes}), nil
}

func assemble(c Config) *console {
	if c.Rules.Origin == "" {
		c.Rules = identity.DefaultSettings()
	}
	st := &site.Site{Assets: c.Assets, Identity: c.Identity, Secure: c.Secure, Now: c.Now, Log: c.Log, Drafts: c.Drafts, Searches: c.Searches}
	about := citizen.New(citizen.Config{
		Log: c.Ledger, People: c.People, Desk: c.Requests, Procedure: c.Procedure, Totals: c.Totals, VerifierKey: c.VerifierKey,
		Directory: func() *access.Directory { return c.Desk.Directory() },
	})
	return &console{
		site: st, assets: c.Assets, rules: c.Rules, door: c.Door,
		status:  &shared{source: c.Source, patience: c.Patience, fresh: c.Fresh, turn: make(chan struct{}, 1)},
		limiter: web.NewLimiter(signInAddresses), readings: web.NewLimiter(readingSessions),
		desk: officer.New(c.Desk, c.Ledger, c.Manual),
		agency: agency.New(agency.Config{
			Standing: c.Desk, Office: c.Office, Person: life.PersonOf, Left: officer.Left(c.Desk), Usage: c.Usage, Log: c.Ledger,
		}),
		guides:   guides.New(c.Desk, c.Manual),
		acts:     operator.New(c.Operator, c.Office, c.Usage, c.Ledger),
		log:      inspector.New(inspector.Config{Log: c.Ledger, VerifierKey: c.VerifierKey, Jobs: c.Jobs, Still: stillOf(c.Identity)}),
		jobs:     jobs.New(c.Jobs, c.Imports),
		life:     life.New(c.Office, c.Desk, c.Files),
		citizen:  about,
		requests: requests.New(c.Requests, about),
		notices:  notices.New(c.Notices, c.NoticeOffice, c.Desk),
		settings: setting.New(c.Settings),
	}
}

// stillOf is the accounts' question whether an account may still do something;
// without accounts nobody may.
func stillOf(s *identity.Store) func(string, identity.Act) identity.Still {
	if s == nil {
		return nil
	}
	return s.StillOf
}

// bodyBytes bounds a request's body, in bytes; 0 means what pages have.
func bodyBytes(r *http.Request) int64 {
	return max(life.BodyBytes(r), jobs.BodyBytes(r))
}

// mux serves the site map and the assets.
func (s *console) mux() *web.Mux {
	mux := web.NewMux()
	mux.HandleFunc("GET "+frontend.Prefix+"{name}", s.asset)
	for _, r := range s.routes() {
		if s.site.Identity == nil && !s.alone(r.Pattern) {
			continue
		}
		mux.HandleFunc(r.Pattern, s.site.Serve(r))
	}
	return mux
}

// asset serves a file of the front end.
func (s *console) asset(w http.ResponseWriter, r *http.Request) error {
	if !s.assets.Serve(w, r, r.PathValue("name")) {
		return web.NotFound()
	}
	return nil
}

func notFound() error { return web.NotFound() }

// problem writes a problem as a page of the same shell.
func (s *console) problem(w http.ResponseWriter, r *http.Request, p *web.Problem) {
	visit := s.site.Visitor(w, r)
	l := visit.Lang
	v := problemView{Page: visit.Page(i18n.InternalTitle), Back: site.Home(visit.Kind()), Code: strconv.Itoa(p.Status), Request: web.RequestID(w)}
	switch {
	case p.Status == http.StatusNotFound:
		v.Title, v.Text = l.T(i18n.NotFoundTitle), l.T(i18n.NotFoundText)
	case p.Status == http.StatusMethodNotAllowed:
		v.Title, v.Text = l.T(i18n.MethodTitle), l.T(i18n.MethodText)
	case p.Status == http.StatusServiceUnavailable:
		v.Title, v.Text, v.Next = l.T(i18n.UnavailableTitle), l.T(i18n.UnavailableText), l.T(i18n.UnavailableNext)
		v.Tone, v.Reload = ui.Bad, r.Method == http.MethodGet
	case p.Status == http.StatusInternalServerError:
		v.Title, v.Text = l.T(i18n.InternalTitle), l.T(i18n.InternalText)
		v.Tone = ui.Bad
	default:
		v.Title, v.Text = p.Title.In(web.Lang(l)), p.Detail.In(web.Lang(l))
		if identity.Code(p.Code).Text(l.String()) != "" {
			v.Title = l.T(i18n.InvalidTitle)
		}
	}
	p.SetHeaders(w.Header())
	page := problemPage(v)
	if site.Fragment(r) {
		page = problemFragment(v)
	}
	if err := site.Send(w, r, p.Status, l, site.Private, page); err != nil {
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
	Back          string // where the visitor's work begins
}

// licencesPage shows the licences of the third-party packages in the pages.
func (s *console) licencesPage(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	p := v.Page(i18n.Licences)
	how := site.Shared
	if v.Session != nil {
		how = site.Private
	}
	return site.Send(w, r, http.StatusOK, p.Lang, how, licences(p, s.assets.Licences()))
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
