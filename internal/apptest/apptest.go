// Package apptest is a whole running system for tests: real TLS, a real
// database, real people, and verbs to use and break it with.
//
// [Start] runs it in the test's own process; [StartProcess] runs the program
// itself, which can be killed. Both are the demonstration without its
// background traffic, so that what a test uses is what a visitor sees.
package apptest

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"dancu/internal/app"
	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/internal/ledger"
	"dancu/internal/onboarding"
	"dancu/verify"
)

// Options say what the system is like.
type Options struct {
	// Env is where the data is; nil means SQLite files in the state folder.
	Env *dbtest.Env
	// People is how many there are; 0 means 400.
	People int
	// Limit is the systems' volume limit; 0 means 10,000.
	Limit int64
	// Settings are added to the configuration file, as YAML lines at the top
	// level ("gate:\n  queue: 4").
	Settings string
	// ClockOffset is added to the databases' clocks. Only for Start.
	ClockOffset func() time.Duration
	// Traffic leaves the background traffic on.
	Traffic bool
	// Folder is where the state folder lies, and what a program of its own
	// writes for a while; "" is the system's own place for that.
	Folder string
}

// Account is somebody who can sign in to the system's console, and Person one
// of its people.
type (
	Account = app.DemoAccount
	Person  = app.DemoPerson
)

// System is a running system.
type System struct {
	t    testing.TB
	opts Options
	// Info is its demo.json.
	Info app.DemoInfo
	// Dir is its state folder.
	Dir string
	// App is the node; nil in a process of its own.
	App *app.App
	// Logs is all it has written to its operational log, over all its runs.
	Logs *Output

	stdout  *signal
	stop    func() error // of the run that is on
	process *exec.Cmd
	exited  chan error
	binary  string
}

// Start runs a system in this process. It is stopped when the test ends.
func Start(t testing.TB, opts ...Options) *System {
	t.Helper()
	s := prepare(t, opts)
	s.run()
	return s
}

// StartProcess runs the program itself. It is stopped when the test ends.
func StartProcess(t testing.TB, opts ...Options) *System {
	t.Helper()
	s := prepare(t, opts)
	s.binary = Binary(t)
	s.run()
	return s
}

// prepare makes the state folder.
func prepare(t testing.TB, opts []Options) *System {
	t.Helper()
	s := &System{t: t, Logs: &Output{}}
	if len(opts) > 0 {
		s.opts = opts[0]
	}
	if s.opts.People == 0 {
		s.opts.People = 400
	}
	if s.opts.Limit == 0 {
		s.opts.Limit = 10_000
	}
	// Not t.TempDir: a socket's path may have 107 bytes.
	dir, err := os.MkdirTemp(s.opts.Folder, "dancu-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	s.Dir = dir
	if _, err := app.Init(dir, app.InitOptions{Origin: "demo.dancu.example/log", Names: []string{"127.0.0.1", "localhost", "::1"}}); err != nil {
		t.Fatal(err)
	}
	settings := quickly(s.opts.Settings)
	if env := s.opts.Env; env != nil && env.Engine == db.Postgres {
		if err := os.WriteFile(filepath.Join(dir, "keys", "database"), []byte(env.DSN(db.Main)), 0o600); err != nil {
			t.Fatal(err)
		}
		settings += "\ndatabase:\n  address_file: keys/database\n"
	} else if err := Tables(dir); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, app.ConfigFile)
	text, err := os.ReadFile(file)
	if err == nil {
		err = os.WriteFile(file, append(text, "\n"+settings...), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if s.stop != nil {
			s.Stop()
		}
	})
	return s
}

// quickly adds to settings that passwords are hashed with as little as may be:
// a system has many, and identity's own tests have the real cost.
func quickly(settings string) string {
	const block, least = "identity:\n", "  hash_memory: 64KiB\n"
	switch {
	case strings.Contains(settings, "hash_memory:"):
		return settings
	case strings.HasPrefix(settings, block):
		return block + least + settings[len(block):]
	case strings.Contains(settings, "\n"+block):
		return strings.Replace(settings, "\n"+block, "\n"+block+least, 1)
	}
	return block + least + settings
}

// Tables gives a state folder that has no databases yet those of a first start:
// a copy, for making them takes longer than most tests.
func Tables(dir string) error {
	for tree, file := range map[db.Tree]string{db.Main: "dancu.db", db.Register: "register.db", db.Derived: "derived.db", db.Evidence: "evidence.db"} {
		if err := dbtest.Tables(filepath.Join(dir, file), tree); err != nil {
			return err
		}
	}
	return nil
}

// run starts the system on what its folder has.
func (s *System) run() {
	s.t.Helper()
	if s.binary != "" {
		s.runProcess()
	} else {
		s.runHere()
	}
	b, err := os.ReadFile(filepath.Join(s.Dir, app.DemoFile))
	if err == nil {
		err = json.Unmarshal(b, &s.Info)
	}
	if err != nil {
		s.t.Fatalf("demo.json: %v", err)
	}
}

func (s *System) runHere() {
	s.t.Helper()
	ready := &signal{want: []byte("ready\n"), seen: make(chan struct{})}
	s.stdout = ready
	ctx, cancel := context.WithCancel(context.Background())
	d, err := app.NewDemo(ctx, app.DemoOptions{
		Dir: s.Dir, People: s.opts.People, Seed: 1, API: "127.0.0.1:0", Console: "127.0.0.1:0",
		Limit: s.opts.Limit, Quiet: !s.opts.Traffic, Stdout: ready, Stderr: s.Logs,
		App: []func(*app.Options){func(o *app.Options) {
			o.ClockOffset = s.opts.ClockOffset
			o.ClockHold = 10 * time.Millisecond
		}},
	})
	if err != nil {
		cancel()
		s.t.Fatalf("the system did not start: %v", err)
	}
	done := make(chan error, 1)
	go func() { done <- d.Run(ctx) }()
	select {
	case <-ready.seen:
	case err := <-done:
		cancel()
		_ = d.Close()
		s.t.Fatalf("the system did not come up: %v", err)
	}
	s.App = d.App
	s.stop = func() error {
		cancel()
		return errors.Join(<-done, d.Close())
	}
}

func (s *System) runProcess() {
	s.t.Helper()
	args := []string{
		"demo", "--dir", s.Dir, "--people", fmt.Sprint(s.opts.People), "--limit", fmt.Sprint(s.opts.Limit),
		"--api", "127.0.0.1:0", "--console", "127.0.0.1:0",
	}
	if !s.opts.Traffic {
		args = append(args, "--quiet")
	}
	ready := &signal{want: []byte("ready\n"), seen: make(chan struct{})}
	s.stdout = ready
	s.process = exec.Command(s.binary, args...)
	if s.opts.Folder != "" {
		s.process.Env = append(os.Environ(), "TMPDIR="+s.opts.Folder)
	}
	s.process.Stdout, s.process.Stderr = ready, s.Logs
	// It must not outlive the test's process.
	s.process.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := s.process.Start(); err != nil {
		s.t.Fatal(err)
	}
	exited := make(chan error, 1)
	s.exited = exited
	go func(c *exec.Cmd) { exited <- c.Wait() }(s.process)
	select {
	case <-ready.seen:
	case err := <-exited:
		s.t.Fatalf("the program did not come up: %v\n%s", err, s.Logs)
	}
	s.stop = func() error {
		if err := s.process.Process.Signal(syscall.SIGTERM); err != nil {
			return err
		}
		return <-exited
	}
}

// Stop stops the system as an operator does, and fails the test if it does not
// end cleanly.
func (s *System) Stop() {
	s.t.Helper()
	if err := s.stop(); err != nil {
		s.t.Errorf("the system did not stop cleanly: %v\n%s", err, s.Logs)
	}
	s.stop, s.App = nil, nil
}

// Kill ends the program at once, as the out-of-memory killer does.
func (s *System) Kill() {
	s.t.Helper()
	if s.process == nil {
		s.t.Fatal("only a system of StartProcess can be killed")
	}
	_ = s.process.Process.Kill()
	<-s.exited
	s.stop = nil
}

// Restart stops the system, if it is running, and starts it again on what its
// folder has.
func (s *System) Restart() {
	s.t.Helper()
	if s.stop != nil {
		s.Stop()
	}
	s.run()
}

// Control returns the controls of the system, running or not, as the command
// line has them.
func (s *System) Control() app.Control {
	s.t.Helper()
	l, err := app.LoadConfig(filepath.Join(s.Dir, app.ConfigFile), nil)
	if err != nil {
		s.t.Fatal(err)
	}
	c, err := app.OpenControl(s.t.Context(), l.Config, s.Logs)
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

// control does one thing with the controls.
func (s *System) control(fn func(context.Context, app.Control) error) {
	s.t.Helper()
	c := s.Control()
	if err := errors.Join(fn(s.t.Context(), c), c.Close()); err != nil {
		s.t.Fatal(err)
	}
}

// Stdout returns what the present run has printed.
func (s *System) Stdout() string { return s.stdout.String() }

// Suspend suspends a connection.
func (s *System) Suspend(id string) {
	s.t.Helper()
	s.control(func(ctx context.Context, c app.Control) error {
		return c.Suspend(ctx, id, "used for another purpose", "a report on the use")
	})
}

// Resume ends a suspension, by two people.
func (s *System) Resume(id string) {
	s.t.Helper()
	s.ofTwo(id, "resume", onboarding.Input{Reason: "the report was accepted"})
}

// Unlock lifts a lock, by two people.
func (s *System) Unlock(id string) {
	s.t.Helper()
	s.ofTwo(id, "unlock", onboarding.Input{Reason: "checked with the agency", Values: []byte(
		`{"cause":"a loop in the client","measures":"the loop was mended","decision":"12/QĐ"}`)})
}

// Seal seals the accesses on a connection for a procedure until tomorrow, by two
// people.
func (s *System) Seal(id, procedure string) {
	s.t.Helper()
	s.ofTwo(id, "seal", onboarding.Input{Reason: "ordered by the authority", Values: []byte(`{"procedure":"` + procedure +
		`","class":"withheld","until":"` + time.Now().AddDate(0, 0, 1).Format(time.DateOnly) + `","basisVI":"Quyết định mẫu số 1/QĐ","decision":"1/QĐ"}`)})
}

// ofTwo does an act of two supervisors on a connection. A system in a process
// of its own is stopped for it: nobody else may have its data meanwhile.
func (s *System) ofTwo(id, act string, in onboarding.Input) {
	s.t.Helper()
	someone := func(account string) onboarding.Person {
		return onboarding.Person{
			Actor: ledger.Actor{Kind: "account", ID: account}, Account: account, Duty: onboarding.Supervisor,
			Still: func(context.Context, db.Querier, time.Time, bool) error { return nil },
		}
	}
	a := s.App
	if a == nil {
		s.Stop()
		l, err := app.LoadConfig(filepath.Join(s.Dir, app.ConfigFile), nil)
		if err == nil {
			a, err = app.New(s.t.Context(), l.Config)
		}
		if err != nil {
			s.t.Fatal(err)
		}
		defer func() {
			if err := a.Close(); err != nil {
				s.t.Error(err)
			}
			s.run()
		}()
	}
	err := a.Log.Write(s.t.Context(), func(tx *ledger.Tx) error {
		_, err := a.Onboarding.ActOfTwo(s.t.Context(), tx, someone("one"), someone("two"), onboarding.MatterOf(onboarding.KindConnection, id), act, in)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// Apply applies a declarative file of connections.
func (s *System) Apply(yaml string) {
	s.t.Helper()
	s.control(func(ctx context.Context, c app.Control) error {
		_, err := c.Apply(ctx, onboarding.Source{Name: "test", YAML: []byte(yaml)}, onboarding.Options{})
		return err
	})
}

// Connection returns a connection and what it has used.
func (s *System) Connection(id string) (v app.ConnectionView) {
	s.t.Helper()
	s.control(func(ctx context.Context, c app.Control) error {
		vs, err := c.Connections(ctx, id)
		if err == nil {
			v = vs[0]
		}
		return err
	})
	return v
}

// Checkpoint returns the newest published checkpoint, its signature checked.
func (s *System) Checkpoint() verify.Checkpoint {
	s.t.Helper()
	c, err := verify.ReadCheckpoint(s.t.Context(), s.Source(), s.Info.Log.Vkey)
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

// Source is where the log publishes, as anybody sees it.
func (s *System) Source() verify.Source {
	s.t.Helper()
	src, err := verify.OpenSource(s.Info.Log.URL)
	if err != nil {
		s.t.Fatal(err)
	}
	return src
}

// VerifyReceipt checks a receipt against the public log, and offline as well
// if it is a full one.
func (s *System) VerifyReceipt(receipt []byte) *verify.Receipt {
	s.t.Helper()
	r, err := verify.ParseReceipt(receipt)
	if err != nil {
		s.t.Fatalf("receipt: %v", err)
	}
	if r.Proof != nil {
		if _, err := r.Verify(s.Info.Log.Vkey); err != nil {
			s.t.Fatalf("receipt of entry %d, offline: %v", r.Index, err)
		}
	}
	if err := r.VerifyTiles(s.t.Context(), s.Source(), s.published(r.Index)); err != nil {
		s.t.Fatalf("receipt of entry %d: %v", r.Index, err)
	}
	return r
}

// published waits for a checkpoint that covers an entry: publishing comes
// after the acknowledgement.
func (s *System) published(index int64) verify.Checkpoint {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 30*time.Second)
	defer cancel()
	for {
		if c := s.Checkpoint(); c.Size > index {
			return c
		}
		select {
		case <-ctx.Done():
			s.t.Fatalf("entry %d was not published", index)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// VerifyLog reads the whole public log and checks that it hangs together.
func (s *System) VerifyLog() *verify.Report {
	s.t.Helper()
	r, err := verify.CheckTree(s.t.Context(), s.Source(), s.Info.Log.Vkey, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	if !r.OK() {
		s.t.Fatalf("the log does not verify: %v", r.Findings)
	}
	return r
}

// Client calls the machine API as one of the systems of demo.json. Its methods
// may be called from many goroutines.
type Client struct {
	s *System
	// System is whose certificate it has.
	System app.DemoSystem
	// HTTP is the client underneath.
	HTTP *http.Client
}

// Client returns a client for the i-th system of demo.json: 0 is the one-stop
// office, 1 the ministry's, 2 the bank's.
func (s *System) Client(i int) *Client {
	s.t.Helper()
	sys := s.Info.Systems[i]
	pair, err := tls.LoadX509KeyPair(sys.Cert, sys.Key)
	if err != nil {
		s.t.Fatal(err)
	}
	return &Client{s: s, System: sys, HTTP: s.HTTP(pair)}
}

// HTTP returns a client that trusts the system's authority and shows the
// certificates.
func (s *System) HTTP(certificates ...tls.Certificate) *http.Client {
	s.t.Helper()
	b, err := os.ReadFile(s.Info.CA)
	if err != nil {
		s.t.Fatal(err)
	}
	cfg := &tls.Config{MinVersion: tls.VersionTLS13, RootCAs: x509.NewCertPool(), Certificates: certificates}
	cfg.RootCAs.AppendCertsFromPEM(b)
	tr := &http.Transport{
		TLSClientConfig: cfg, MaxIdleConnsPerHost: 256,
		DialContext: (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
	}
	s.t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr, Timeout: 60 * time.Second}
}

// Answer is what came back.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
	// What the body says.
	Person  json.RawMessage   `json:"person"`
	People  []json.RawMessage `json:"people"`
	Members []json.RawMessage `json:"members"`
	Match   bool              `json:"match"`
	Receipt json.RawMessage   `json:"receipt"`
	Consent string            `json:"consent"`
	Code    string            `json:"code"`
	Index   *int64            `json:"index"`
}

// Found reports whether a person was answered.
func (a *Answer) Found() bool { return len(a.Person) > 0 && string(a.Person) != "null" }

// Request is a call's body; members that are nil are left out.
type Request map[string]any

// With returns the request with a member set, or left out if value is nil.
func (r Request) With(member string, value any) Request {
	out := Request{}
	for k, v := range r {
		out[k] = v
	}
	if value == nil {
		delete(out, member)
	} else {
		out[member] = value
	}
	return out
}

// Base is what every call of this client has: purpose and officer.
func (c *Client) Base() Request {
	return Request{
		"purpose": map[string]string{"procedure": c.System.Procedures[0], "case": c.System.Case},
		"officer": c.s.Info.Officer,
	}
}

// LookupRequest asks for a person's first three granted fields.
func (c *Client) LookupRequest(p app.DemoPerson) Request {
	return c.Base().With("pin", p.PIN).With("fullName", p.FullName).With("dateOfBirth", p.DateOfBirth).
		With("fields", c.System.Fields[:3])
}

// Lookup looks a person up.
func (c *Client) Lookup(p app.DemoPerson) *Answer {
	c.s.t.Helper()
	return c.Post("/v1/lookup", c.LookupRequest(p))
}

// Verify verifies a person's name and date of birth.
func (c *Client) Verify(p app.DemoPerson) *Answer {
	c.s.t.Helper()
	return c.Post("/v1/verify", c.Base().With("pin", p.PIN).
		With("claims", map[string]string{"fullName": p.FullName, "dateOfBirth": p.DateOfBirth}))
}

// Search searches by a person's name and date of birth.
func (c *Client) Search(p app.DemoPerson) *Answer {
	c.s.t.Helper()
	return c.Post("/v1/search", c.Base().With("fullName", p.FullName).With("dateOfBirth", p.DateOfBirth).With("fields", c.System.Fields[:3]))
}

// Household asks for a person's household.
func (c *Client) Household(p app.DemoPerson) *Answer {
	c.s.t.Helper()
	return c.Post("/v1/household", c.LookupRequest(p))
}

// GiveConsent records a person's consent to the first three fields and returns
// its id.
func (c *Client) GiveConsent(p app.DemoPerson) string {
	c.s.t.Helper()
	a := c.Post("/v1/consents", Request{
		"pin": p.PIN, "purpose": c.Base()["purpose"], "fields": c.System.Fields[:3],
		"until":    time.Now().AddDate(0, 0, 30).UTC().Format(time.RFC3339),
		"evidence": map[string]string{"kind": "paper", "sha256": strings.Repeat("ab", 32)},
	})
	if a.Consent == "" {
		c.s.t.Fatalf("no consent: %d %s", a.Status, a.Body)
	}
	return a.Consent
}

// Post makes a call with a fresh transaction id. A call that gets no answer
// fails the test.
func (c *Client) Post(path string, body any) *Answer {
	c.s.t.Helper()
	a, err := c.Try(path, body)
	if err != nil {
		c.s.t.Fatalf("POST %s: %v", path, err)
	}
	return a
}

// Try makes a call that may get no answer.
func (c *Client) Try(path string, body any) (*Answer, error) {
	return c.TryWithID(path, body, uuid.Must(uuid.NewV7()).String())
}

// TryWithID makes a call with a transaction id of the test's.
func (c *Client) TryWithID(path string, body any, transaction string) (*Answer, error) {
	b, raw := body.([]byte)
	if !raw {
		var err error
		if b, err = json.Marshal(body); err != nil {
			return nil, err
		}
	}
	req, err := http.NewRequest(http.MethodPost, c.s.Info.API+path, bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Dancu-Transaction-Id", transaction)
	return c.do(req)
}

// Get reads from the API.
func (c *Client) Get(path string) *Answer {
	c.s.t.Helper()
	req, err := http.NewRequest(http.MethodGet, c.s.Info.API+path, nil)
	if err != nil {
		c.s.t.Fatal(err)
	}
	a, err := c.do(req)
	if err != nil {
		c.s.t.Fatalf("GET %s: %v", path, err)
	}
	return a
}

func (c *Client) do(req *http.Request) (*Answer, error) {
	res, err := c.HTTP.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	a := &Answer{Status: res.StatusCode, Header: res.Header}
	if a.Body, err = io.ReadAll(res.Body); err != nil {
		return nil, err
	}
	if strings.Contains(res.Header.Get("Content-Type"), "json") {
		if err := json.Unmarshal(a.Body, a); err != nil {
			return nil, fmt.Errorf("status %d: %w in %q", res.StatusCode, err, a.Body)
		}
	}
	return a, nil
}

// Read reads a plain page: of the console, of the operations listener, of the
// log.
func (s *System) Read(url string) (status int, body string) {
	s.t.Helper()
	res, err := s.HTTP().Get(url)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return res.StatusCode, string(b)
}

var build struct {
	once sync.Once
	path string
	err  error
}

// Binary returns the path of the program, built once for this test process and
// for it alone: other processes may test other sources.
func Binary(t testing.TB) string {
	t.Helper()
	build.once.Do(func() { build.path, build.err = buildBinary() })
	if build.err != nil {
		t.Fatal(build.err)
	}
	return build.path
}

const binaryPrefix = "dancu-bin-"

func buildBinary() (string, error) {
	sweepBinaries()
	dir, err := os.MkdirTemp("", fmt.Sprintf("%s%d-", binaryPrefix, os.Getpid()))
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "dancu")
	if out, err := exec.Command("go", "build", "-o", path, "dancu/cmd/dancu").CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return path, nil
}

// sweepBinaries removes what test processes built that are gone.
func sweepBinaries() {
	dirs, _ := filepath.Glob(filepath.Join(os.TempDir(), binaryPrefix+"*-*"))
	for _, dir := range dirs {
		pid, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(dir), binaryPrefix), "-")
		if n, err := strconv.Atoi(pid); err == nil && n > 0 && errors.Is(syscall.Kill(n, 0), syscall.ESRCH) {
			_ = os.RemoveAll(dir)
		}
	}
}

// RemoveBinary removes what Binary built; a TestMain calls it at the end.
func RemoveBinary() {
	if build.path != "" {
		_ = os.RemoveAll(filepath.Dir(build.path))
	}
}

// Output keeps what is written to it.
type Output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write keeps b.
func (o *Output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(b)
}

// String returns all of it.
func (o *Output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// signal keeps what is written to it and notices a line.
type signal struct {
	mu   sync.Mutex
	want []byte
	have []byte
	seen chan struct{}
	said bool
}

func (s *signal) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.have = append(s.have, b...)
	if !s.said {
		if bytes.HasPrefix(s.have, s.want) || bytes.Contains(s.have, append([]byte("\n"), s.want...)) {
			s.said = true
			close(s.seen)
		}
	}
	return len(b), nil
}

// String returns all of it.
func (s *signal) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return string(s.have)
}
