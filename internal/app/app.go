// Package app is the only place where the areas are wired to each other: it
// reads the configuration, opens what there is to open, runs it, and shuts it
// down in the order in which nothing is lost.
//
// A stop first says that it is not ready, then lets the calls under way end,
// then writes the summaries of refused calls, then stops the log and closes the
// databases. A call that was answered before the stop has its entry, one that
// was not is answered 503. See TestStopDrains.
package app

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"dancu/internal/api"
	"dancu/internal/db"
	"dancu/internal/desk"
	"dancu/internal/draft"
	"dancu/internal/evidence"
	"dancu/internal/fault"
	"dancu/internal/gate"
	"dancu/internal/identity"
	"dancu/internal/job"
	"dancu/internal/ledger"
	"dancu/internal/manual"
	"dancu/internal/notify"
	"dancu/internal/notify/webhook"
	"dancu/internal/onboarding"
	"dancu/internal/register"
	"dancu/internal/saved"
	"dancu/internal/settings"
	"dancu/internal/telemetry"
	"dancu/internal/watch"
	"dancu/internal/web"
)

// App is one node: everything that runs in this process.
type App struct {
	Config     Config
	Logger     *slog.Logger
	Metrics    *telemetry.Metrics
	Main       *db.DB
	RegisterDB *db.DB
	Derived    *db.DB
	EvidenceDB *db.DB
	Log        *ledger.Log
	Register   *register.Register
	Onboarding *onboarding.Onboarding
	Identity   *identity.Store
	Gate       *gate.Gate
	Notices    *notify.Outbox
	Evidence   *evidence.Vault
	Usage      *watch.Usage
	Manual     *manual.Store
	Drafts     *draft.Store
	Jobs       *job.Jobs
	Searches   *saved.Searches
	Desk       *desk.Desk
	// NoticeOffice is what people do about notices and webhooks.
	NoticeOffice *notify.Office
	// Settings is what was changed of the configuration at run time.
	Settings *settings.Store
	// VerifierKey is the public half of the log's key, as a note verifier key.
	VerifierKey string

	hooks     *webhook.Sender // nil: webhooks are off
	commits   commitMetrics
	listeners []*listener
	control   net.Listener
	unlock    func()
	serving   chan struct{} // closed once every listener serves
	draining  atomic.Bool
	closeOnce sync.Once
	closeErr  error
}

// Options is what a program, as opposed to an operator, decides.
type Options struct {
	// Stderr takes the operational log; nil means os.Stderr.
	Stderr io.Writer
	// ClockOffset is added to the databases' clocks. It is for tests.
	ClockOffset func() time.Duration
	// EIdentity proves citizens; nil means that no citizen signs in.
	EIdentity identity.EIdentity
	// ClockHold is how long the log stays down after its clock was stepped; 0
	// means the log's own default. It is for tests.
	ClockHold time.Duration
}

// New opens the state folder and everything in it, and binds the listeners, so
// that whatever an operator can get wrong shows before the first call. Close
// must be called.
func New(ctx context.Context, cfg Config, opts ...func(*Options)) (_ *App, err error) {
	o := Options{Stderr: os.Stderr}
	for _, opt := range opts {
		opt(&o)
	}
	if err := cfg.Check(); err != nil {
		return nil, err
	}
	a := &App{Config: cfg, serving: make(chan struct{})}
	defer func() {
		if err != nil {
			_ = a.Close()
		}
	}()
	if a.Logger, err = telemetry.NewLogger(o.Stderr, cfg.Telemetry.Level, cfg.Node); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "telemetry.level")
	}
	a.Metrics = telemetry.NewMetrics(Version(), cfg.Node)
	if fi, err := os.Stat(cfg.State); err != nil || !fi.IsDir() {
		return nil, fault.New(fault.Invalid, "%s is no state folder: \"dancu init\" makes one", cfg.State)
	}
	if a.unlock, err = cfg.LockState(); err != nil {
		return nil, err
	}
	if err := a.openData(ctx, &o); err != nil {
		return nil, err
	}
	if err := a.openAreas(ctx, &o); err != nil {
		return nil, err
	}
	if err := a.listen(); err != nil {
		return nil, err
	}
	a.measure()
	return a, nil
}

// openData opens the databases.
func (a *App) openData(ctx context.Context, o *Options) error {
	for _, d := range []struct {
		to      **db.DB
		tree    db.Tree
		relaxed bool
	}{
		{&a.Main, db.Main, false},
		{&a.RegisterDB, db.Register, false},
		{&a.Derived, db.Derived, true}, // can be computed again
		{&a.EvidenceDB, db.Evidence, false},
	} {
		cfg, err := a.Config.DB(d.tree)
		if err != nil {
			return err
		}
		cfg.Relaxed, cfg.ClockOffset = d.relaxed, o.ClockOffset
		if *d.to, err = db.Open(ctx, cfg); err != nil {
			return err
		}
	}
	return nil
}

// DB returns how to open one tree's database.
func (c *Config) DB(tree db.Tree) (db.Config, error) {
	address := c.Database.Address
	if c.Database.AddressFile != "" {
		var err error
		if address, err = readSecret(c.Path(c.Database.AddressFile)); err != nil {
			return db.Config{}, err
		}
		if u, err := url.Parse(address); err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
			return db.Config{}, fault.New(fault.Invalid, "%s holds no PostgreSQL address like postgres://user:password@host:5432/name", c.Path(c.Database.AddressFile))
		}
	}
	if address == "" {
		address = "sqlite:" + c.Path(map[db.Tree]string{
			db.Main: fileMain, db.Register: fileRegister, db.Derived: fileDerived, db.Evidence: fileEvidence,
		}[tree])
	}
	return db.Config{DSN: address, Tree: tree, Readers: c.Database.Readers}, nil
}

// importCache is the page cache of an import, in MiB: a process of its own that
// ends when it is done.
const importCache = 256

// OpenRegister opens the register alone, for imports: its tables are apart from
// the log's, so a server may run at the same time. closeIt must be called.
func OpenRegister(ctx context.Context, cfg Config) (r *register.Register, closeIt func() error, err error) {
	where, err := cfg.DB(db.Register)
	if err != nil {
		return nil, nil, err
	}
	where.Cache = importCache
	d, err := db.Open(ctx, where)
	if err != nil {
		return nil, nil, err
	}
	return register.New(d), d.Close, nil
}

// openAreas makes the areas and hands each what it needs.
func (a *App) openAreas(ctx context.Context, o *Options) error {
	skey, origin, err := a.Config.signingKey()
	if err != nil {
		return err
	}
	if a.VerifierKey, err = verifierKey(skey); err != nil {
		return err
	}
	sealing, err := a.Config.sealingKey()
	if err != nil {
		return err
	}
	a.Log, err = ledger.Open(ctx, ledger.Config{
		Main: a.Main, Derived: a.Derived,
		Origin: origin, SigningKey: skey, SealingKey: sealing,
		Node: a.Config.Node, Version: Version(), Logger: a.Logger.With("part", "ledger"),
		ClockHold: o.ClockHold,
	})
	if err != nil {
		return err
	}
	a.Register = register.New(a.RegisterDB)
	if a.Notices, err = a.openNotices(ctx); err != nil {
		return err
	}
	if err := a.openVault(ctx); err != nil {
		return err
	}
	if err := a.openJobs(ctx); err != nil {
		return err
	}
	office, err := a.Config.office()
	if err != nil {
		return err
	}
	office.Main, office.Log, office.Vault = a.Main, a.Log, officeFiles{a.Evidence}
	office.Notices = lifeNotices{a.Notices, a.Logger.With("part", "onboarding")}
	a.Onboarding = onboarding.New(office)
	if err := a.openManual(); err != nil {
		return err
	}
	a.Usage = watch.New(watch.Config{Derived: a.Derived, Log: a.Log, Working: a.Onboarding.Working})
	a.NoticeOffice = a.openNoticeOffice()
	a.Identity, err = identity.New(ctx, identity.Config{
		Main: a.Main, Log: a.Log, Agencies: &agencies{office: a.Onboarding}, Settings: a.Config.Identity.settings(),
		EIdentity: o.EIdentity, Logger: a.Logger.With("part", "identity"),
	})
	if err != nil {
		return err
	}
	registerTwo(a.Identity, a.Onboarding)
	a.openSettings()
	registerSettings(a.Identity, a.Settings)
	if err := a.Settings.Load(ctx); err != nil {
		return err
	}
	a.Gate, err = gate.New(ctx, gate.Config{
		Log: a.Log, Main: a.Main, Register: a.Register, Consents: a.Onboarding, Officers: a.Identity, Load: a.Onboarding.Load,
		QueueSize: a.Config.Gate.Queue, QueueShare: a.Config.Gate.QueueShare, BatchSize: a.Config.Gate.Batch,
		RefusalsPerMinute: a.Config.Gate.RefusalsPerMinute,
		Observe:           a.commits.observe, Logger: a.Logger.With("part", "gate"),
	})
	if err != nil {
		return err
	}
	return a.openDesk(ctx)
}

// listener is one address that is served.
type listener struct {
	name    string
	address string
	key     string // of the setting, for messages
	handler http.Handler
	tls     *tls.Config
	limits  web.Limits
	ln      net.Listener
	server  *web.Server
}

// The listeners' names.
const (
	listenAPI        = "api"
	listenLog        = "log"
	listenConsole    = "console"
	listenOperations = "operations"
)

// Address returns where a listener ("api", "log", "console", "operations")
// listens, "" if it is off.
func (a *App) Address(name string) string {
	for _, l := range a.listeners {
		if l.name == name {
			return l.ln.Addr().String()
		}
	}
	return ""
}

// listen binds every address that is to be served.
func (a *App) listen() error {
	ls, err := a.faces()
	if err != nil {
		return err
	}
	for _, l := range ls {
		if l.address == "" {
			continue
		}
		l.limits.Drain, l.limits.DrainDelay = a.Config.Drain, a.Config.DrainDelay
		l.server = &web.Server{
			Handler: l.handler, TLS: l.tls, Limits: l.limits,
			// What net/http says of broken connections names addresses; at this
			// level it is for whoever asks for it.
			ErrorLog: slog.NewLogLogger(a.Logger.With("listener", l.name).Handler(), slog.LevelDebug),
		}
		var config net.ListenConfig
		if l.ln, err = config.Listen(context.Background(), "tcp", l.address); err != nil {
			return fault.Wrap(fault.Unavailable, err, "couldn't listen: set %s to a free address of this machine", l.key)
		}
		a.listeners = append(a.listeners, l)
	}
	a.control, err = ListenControl(a.Config)
	return err
}

// observe counts the requests of one listener.
func (a *App) observe(name string) func(*web.Event) {
	return func(e *web.Event) { a.Metrics.Observe(name, e.Route, e.Status, e.Code, e.Duration) }
}

// certificate reads a server certificate. It is read again when its files
// change, so that it can be renewed without a stop.
func (a *App) certificate(certFile, keyFile string) (*certificate, error) {
	pair := &certificate{cert: a.Config.Path(certFile), key: a.Config.Path(keyFile), logger: a.Logger}
	if fi, err := os.Stat(pair.key); err == nil {
		if err := checkSecretMode(pair.key, fi); err != nil {
			return nil, err
		}
	}
	return pair, pair.read()
}

// consoleTLS is the console's TLS configuration, nil for plain HTTP.
func (a *App) consoleTLS() (*tls.Config, error) {
	if a.Config.Console.CertificateFile == "" {
		return nil, nil
	}
	pair, err := a.certificate(a.Config.Console.CertificateFile, a.Config.Console.KeyFile)
	if err != nil {
		return nil, err
	}
	return &tls.Config{
		MinVersion: tls.VersionTLS12, // browsers on old office machines
		NextProtos: []string{"http/1.1"},
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			return pair.get()
		},
	}, nil
}

// apiTLS is the API's TLS configuration, which asks for the client's
// certificate. With client_ca_file set it refuses certificates of other
// authorities in the handshake already.
func (a *App) apiTLS() (*tls.Config, error) {
	pair, err := a.certificate(a.Config.API.CertificateFile, a.Config.API.KeyFile)
	if err != nil {
		return nil, err
	}
	cfg := api.TLSConfig(pair.get)
	if file := a.Config.Path(a.Config.API.ClientCAFile); file != "" {
		b, err := os.ReadFile(file)
		if err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "couldn't read api.client_ca_file")
		}
		cfg.ClientCAs = x509.NewCertPool()
		if !cfg.ClientCAs.AppendCertsFromPEM(b) {
			return nil, fault.New(fault.Invalid, "api.client_ca_file: %s holds no certificate", file)
		}
		cfg.ClientAuth = tls.VerifyClientCertIfGiven
	}
	return cfg, nil
}

// certificate is a server certificate that follows its files.
type certificate struct {
	cert, key string
	logger    *slog.Logger

	mu     sync.Mutex // guards the rest
	pair   *tls.Certificate
	stamp  [2]time.Time
	looked time.Time
}

// certificateLook is how often the files are looked at.
const certificateLook = 10 * time.Second

func (c *certificate) read() error {
	stamp, err := c.stamps()
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "couldn't read the server certificate")
	}
	pair, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "%s and %s are not a certificate and its key", c.cert, c.key)
	}
	c.pair, c.stamp, c.looked = &pair, stamp, time.Now()
	return nil
}

func (c *certificate) stamps() (s [2]time.Time, err error) {
	for i, f := range []string{c.cert, c.key} {
		fi, err := os.Stat(f)
		if err != nil {
			return s, err
		}
		s[i] = fi.ModTime()
	}
	return s, nil
}

func (c *certificate) get() (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Since(c.looked) < certificateLook {
		return c.pair, nil
	}
	c.looked = time.Now()
	if s, err := c.stamps(); err == nil && s != c.stamp {
		// One of the two may be written only now: the old pair serves on.
		if err := c.read(); err != nil {
			c.logger.Warn("the new server certificate cannot be used yet", "error", err)
		} else {
			c.logger.Info("the server certificate was renewed")
		}
	}
	return c.pair, nil
}

// Ready returns nil when the node answers look-ups, or why it does not.
func (a *App) Ready() error {
	if a.draining.Load() {
		return fault.New(fault.Unavailable, "the node is stopping")
	}
	select {
	case <-a.serving:
	default:
		return fault.New(fault.Unavailable, "the node is starting")
	}
	if err := a.Log.Ready(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	for _, d := range []*db.DB{a.Main, a.RegisterDB, a.EvidenceDB} {
		if err := d.Ping(ctx); err != nil {
			return fault.Wrap(fault.Unavailable, err, "a database does not answer")
		}
	}
	return nil
}

// Serving is closed once everything serves.
func (a *App) Serving() <-chan struct{} { return a.serving }

// part is something that runs until its context ends.
type part struct {
	name string
	stop context.CancelFunc
	done chan struct{}
	err  error // after done
}

// Run serves until ctx ends, then stops in order and returns nil. If any part
// fails, everything stops and Run says which one it was.
func (a *App) Run(ctx context.Context) error {
	failed := make(chan *part, 16)
	start := func(name string, run func(context.Context) error) *part {
		// Each part is stopped when its turn comes, not when ctx ends.
		pctx, stop := context.WithCancel(context.WithoutCancel(ctx))
		p := &part{name: name, stop: stop, done: make(chan struct{})}
		go func() {
			p.err = run(pctx)
			early := pctx.Err() == nil
			if early && p.err == nil {
				p.err = errors.New("it stopped by itself")
			}
			close(p.done)
			if early {
				failed <- p
			}
		}()
		return p
	}
	log := start("the log", a.Log.Run)
	gates := start("the gate", a.Gate.Run)
	usage := start("the usage", a.Usage.Run)
	accounts := start("the accounts", a.sweep)
	notices := start("the notices", a.Notices.Run)
	files := start("the evidence files", a.sweepFiles)
	life := start("the life of connections", a.life)
	work := start("the jobs", a.Jobs.Run)
	sweeps := start("the sweep of jobs", a.sweepJobs)
	incidents := start("the incidents", a.incidents)
	changed := start("the settings", a.Settings.Run)
	var faces, operations []*part
	for _, l := range a.listeners {
		p := start("the "+l.name+" listener", func(ctx context.Context) error { return l.server.Serve(ctx, l.ln) })
		if l.name == listenOperations {
			operations = append(operations, p) // to the end, so that it can say what happens
		} else {
			faces = append(faces, p)
		}
	}
	faces = append(faces, start("the control socket", func(ctx context.Context) error {
		return ServeControl(ctx, a.control, a.Control())
	}))
	close(a.serving)
	a.Logger.Info("serving", "version", Version(), "engine", string(a.Main.Engine()))

	var err error
	select {
	case <-ctx.Done():
		a.Logger.Info("stopping")
	case p := <-failed:
		err = fmt.Errorf("%s failed: %w", p.name, p.err)
		a.Logger.Error("stopping because a part failed", "part", p.name, "error", p.err)
	}
	a.draining.Store(true)
	for _, stage := range [][]*part{faces, {gates, usage, accounts, notices, files, life, incidents, changed, work, sweeps}, {log}, operations} {
		for _, p := range stage {
			p.stop()
		}
		for _, p := range stage {
			<-p.done
			if p.err != nil && err == nil {
				// Asked to stop, it had to cut something off: worth a line, not a
				// failure, for the bound is the operator's.
				a.Logger.Warn("a part did not stop cleanly", "part", p.name, "error", p.err)
			}
		}
	}
	a.Logger.Info("stopped")
	return err
}

// Close releases everything. Run must have returned. Closing twice is fine.
func (a *App) Close() error {
	a.closeOnce.Do(func() {
		var errs []error
		for _, l := range a.listeners {
			if err := l.ln.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
				errs = append(errs, err)
			}
		}
		if a.control != nil {
			_ = a.control.Close() // says only that it was closed
		}
		if a.Log != nil {
			errs = append(errs, a.Log.Close())
		}
		for _, d := range []*db.DB{a.EvidenceDB, a.Derived, a.RegisterDB, a.Main} {
			if d != nil {
				errs = append(errs, d.Close())
			}
		}
		if a.unlock != nil {
			a.unlock()
		}
		a.closeErr = errors.Join(errs...)
	})
	return a.closeErr
}

// socketPath is the control socket's path as the system takes it: a path of
// more than 107 bytes is given relative to the working folder if that helps.
func socketPath(path string) string {
	const longest = 107
	if len(path) <= longest {
		return path
	}
	wd, err := os.Getwd()
	if err != nil {
		return path
	}
	if rel, err := filepath.Rel(wd, path); err == nil && len(rel) < len(path) && !strings.HasPrefix(rel, "../../../..") {
		return rel
	}
	return path
}
