package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"dancu/internal/access"
	"dancu/internal/fault"
	"dancu/internal/ledger"
	"dancu/internal/onboarding"
	"dancu/internal/register"
	"dancu/internal/web"
)

// DemoOptions says what the demonstration is to be like.
type DemoOptions struct {
	// Dir is its state folder; what is in it is kept and used again.
	Dir string
	// People is how many synthetic people a new register gets.
	People int
	// Seed makes the people; the same seed makes the same people.
	Seed uint64
	// API and Console are the addresses of the API and the status page.
	API, Console string
	// Limit is the volume limit of the demonstration's systems, in counted
	// calls a calendar day.
	Limit int64
	// Quiet leaves out the background traffic.
	Quiet bool
	// Stdout takes "ready" and the example call, Stderr everything else.
	Stdout, Stderr io.Writer
	// App are further options of the node. They are for tests.
	App []func(*Options)
	// Progress is told how many people are in the register while it fills; nil
	// for nobody.
	Progress func(done, all int)
}

// The demonstration's own bounds: far above what a script needs, so that what
// it shows is the volume limit and not these.
const (
	demoPeoplePerCase = 1_000_000
	demoRatePerSecond = 100_000
	demoSample        = 100 // people in demo.json
	demoSampleLeast   = 50
)

// DemoFile is the name of the file with everything a script needs.
const DemoFile = "demo.json"

// demoStateFile keeps what a later start on the same folder must know.
const demoStateFile = "demo-state.json"

// demoState is what is in it.
type demoState struct {
	People int      `json:"people"`
	Seed   uint64   `json:"seed"`
	Sample []string `json:"sample"` // PINs that may be shown as samples
}

// DemoInfo is demo.json.
type DemoInfo struct {
	API       string       `json:"api"`
	Console   string       `json:"console"`
	CA        string       `json:"ca"`
	Systems   []DemoSystem `json:"systems"`
	AllFields []string     `json:"all_fields"`
	People    []DemoPerson `json:"sample_people"`
	Officer   DemoOfficer  `json:"officer"`
	Log       DemoLog      `json:"log"`
	// Operations is the prefix of /healthz, /readyz and /metrics.
	Operations string `json:"operations"`
	// Config is the configuration file, for other commands of dancu.
	Config string `json:"config"`
	// Accounts are those who can sign in to the console, and CitizenCode is the
	// code with which every sample person can.
	Accounts    []DemoAccount `json:"accounts"`
	CitizenCode string        `json:"citizen_code"`
}

// DemoSystem is one system of demo.json.
type DemoSystem struct {
	ID         string   `json:"id"`
	Agency     string   `json:"agency"`
	Cert       string   `json:"cert"`
	Key        string   `json:"key"`
	Procedures []string `json:"procedures"`
	Case       string   `json:"case"`
	Consent    bool     `json:"consent"`
	Fields     []string `json:"fields"`
	Limit      int64    `json:"limit"`
	// Represented is the system the certificate stands for, where it is an
	// intermediary's. Calls may name it and need not.
	Represented string `json:"represented,omitempty"`
}

// DemoPerson is one sample person.
type DemoPerson struct {
	PIN         string `json:"pin"`
	FullName    string `json:"fullName"`
	DateOfBirth string `json:"dateOfBirth"`
}

// DemoOfficer is the officer object of a request.
type DemoOfficer struct {
	ID      string `json:"id"`
	Address string `json:"address"`
	Session string `json:"session"`
}

// DemoLog says where the log can be read and how it can be verified.
type DemoLog struct {
	URL      string `json:"url"`
	Vkey     string `json:"vkey"`
	VkeyFile string `json:"vkeyfile"`
}

// demoOfficer is accepted for every system: agencies vouch for their officers,
// so any name will do.
var demoOfficer = DemoOfficer{ID: "CB-0001", Address: "10.0.0.15", Session: "phien-demo-0001"}

// Demo is the running demonstration.
type Demo struct {
	App  *App
	Info DemoInfo
	// Transaction is the fresh id in the example call.
	Transaction string

	opts   DemoOptions
	sample []string // PINs for the traffic
}

// NewDemo makes or opens the demonstration's state and everything in it; Run
// serves it.
func NewDemo(ctx context.Context, o DemoOptions) (_ *Demo, err error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	if o.Dir, err = filepath.Abs(o.Dir); err != nil {
		return nil, err
	}
	// Whoever waits for the file must not find an old one.
	if err := os.Remove(filepath.Join(o.Dir, DemoFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err := o.initialise(); err != nil {
		return nil, err
	}
	cfg, err := o.config()
	if err != nil {
		return nil, err
	}
	d := &Demo{opts: o}
	a, err := New(ctx, *cfg, append([]func(*Options){func(ao *Options) { ao.Stderr, ao.EIdentity = o.Stderr, d.citizens() }}, o.App...)...)
	if err != nil {
		return nil, err
	}
	d.App = a
	defer func() {
		if err != nil {
			_ = a.Close()
		}
	}()
	state, err := d.population(ctx)
	if err != nil {
		return nil, err
	}
	now := a.Main.Clock()
	d.sample = state.Sample
	people, err := d.samplePeople(ctx, state.Sample)
	if err != nil {
		return nil, err
	}
	systems, err := d.connect(ctx, now)
	if err != nil {
		return nil, err
	}
	d.describe(systems, people)
	if d.Info.Accounts, err = d.accounts(ctx); err != nil {
		return nil, err
	}
	return d, nil
}

func (o *DemoOptions) check() error {
	switch {
	case o.Dir == "":
		return fault.New(fault.Invalid, "name a folder with --dir")
	case o.People < 1 || o.People > register.MaxPeople:
		return fault.New(fault.Invalid, "--people must be 1 to %d", register.MaxPeople)
	case o.Limit < 1:
		return fault.New(fault.Invalid, "--limit must be at least 1")
	}
	for _, a := range [][2]string{{"--api", o.API}, {"--console", o.Console}} {
		if _, port, err := net.SplitHostPort(a[1]); err != nil || port == "" {
			return fault.New(fault.Invalid, "%s must be HOST:PORT, like 127.0.0.1:8443", a[0])
		}
	}
	return nil
}

// initialise makes the state folder if there is none yet, and renews a server
// certificate that has ended or does not have the names that are needed.
func (o *DemoOptions) initialise() error {
	now := time.Now()
	names := []string{"127.0.0.1", "localhost", "::1"}
	if host, _, _ := net.SplitHostPort(o.API); host != "" && !slices.Contains(names, host) {
		if ip := net.ParseIP(host); ip == nil || !ip.IsUnspecified() {
			names = append(names, host)
		}
	}
	_, err := os.Stat(filepath.Join(o.Dir, ConfigFile))
	if errors.Is(err, fs.ErrNotExist) {
		fmt.Fprintf(o.Stderr, "making a new demonstration in %s\n", o.Dir)
		_, err = Init(o.Dir, InitOptions{Origin: "demo.dancu.example/log", Names: names, Now: now})
		return err
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(o.Stderr, "using the demonstration that is in %s\n", o.Dir)
	keys := filepath.Join(o.Dir, "keys")
	server, err := ReadCertificate(filepath.Join(keys, "server.crt"))
	good := err == nil && server.NotAfter.Sub(now) > certificateSoon
	for _, n := range names {
		good = good && server.VerifyHostname(n) == nil
	}
	if good {
		return nil
	}
	ca, err := ReadCA(filepath.Join(keys, "ca.crt"), filepath.Join(keys, "ca.key"))
	if err != nil {
		return err
	}
	pair, err := ca.Server(names, now, now.AddDate(1, 0, 0))
	if err != nil {
		return err
	}
	return errors.Join(
		writeAtomic(filepath.Join(keys, "server.key"), pair.Key, 0o600),
		writeAtomic(filepath.Join(keys, "server.crt"), pair.Cert, 0o644),
	)
}

// config is the folder's configuration with the listeners of this run.
func (o *DemoOptions) config() (*Config, error) {
	l, err := LoadConfig(filepath.Join(o.Dir, ConfigFile), nil)
	if err != nil {
		return nil, err
	}
	c := l.Config
	c.Node = "demo"
	c.API.Listen, c.Console.Listen = o.API, o.Console
	// Passkeys are bound to a name; browsers take this one for safe without a
	// certificate.
	host, port, err := net.SplitHostPort(o.Console)
	if err != nil {
		return nil, err
	}
	if port == "0" {
		if port, err = freePort(host); err != nil {
			return nil, err
		}
		c.Console.Listen = net.JoinHostPort(host, port)
	}
	if c.Console.CertificateFile == "" {
		c.Identity.Origin = "http://localhost:" + port
	}
	// An agency's own sign-in can be tried against one on this machine.
	c.Identity.LoopbackProviders = true
	c.Log.Listen, c.Operations.Listen = "127.0.0.1:0", "127.0.0.1:0"
	// A load test comes from one address.
	c.API.MaxConnections, c.API.MaxConnectionsPerAddress = 8192, 8192
	if l.Origins["telemetry.level"] == OriginDefault {
		c.Telemetry.Level = "warn"
	}
	return &c, nil
}

// freePort finds a port of this machine that nobody has: the console's address
// must be known before it is made. It is below those that the system gives to
// outgoing connections, one of which could have it before we do.
func freePort(host string) (string, error) {
	var err error
	for range 100 {
		port := strconv.Itoa(20_000 + rand.IntN(10_000))
		var ln net.Listener
		if ln, err = net.Listen("tcp", net.JoinHostPort(host, port)); err == nil {
			return port, ln.Close()
		}
	}
	return "", fault.Wrap(fault.Unavailable, err, "couldn't find a free port for the console: name one with --console")
}

// population fills a new register, or takes what is there.
func (d *Demo) population(ctx context.Context) (*demoState, error) {
	file := d.App.Config.Path(demoStateFile)
	state := &demoState{}
	b, err := os.ReadFile(file)
	if err == nil {
		if err := json.Unmarshal(b, state); err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "%s is damaged: remove it, and the people are made again", file)
		}
		if d.opts.People != state.People || d.opts.Seed != state.Seed {
			fmt.Fprintf(d.opts.Stderr, "keeping the %d people of seed %d that are there; for others name another --dir\n", state.People, state.Seed)
		}
		return state, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	// A start that was cut off here begins again: the same people by the same
	// numbers.
	o := register.GenerateOptions{People: d.opts.People, Seed: d.opts.Seed}
	var eligible []string
	done := 0
	// Samples are spread over the whole population, and there are some to
	// spare for those that are changed later.
	every := max(1, o.People/(20*demoSample))
	records := func(yield func(*register.Record) bool) {
		for r := range register.Generated(o) {
			if !yield(r) {
				return
			}
			if done%every == 0 && eligibleRecord(r) {
				eligible = append(eligible, r.Text(access.PIN))
			}
			if done++; d.opts.Progress != nil && done%1000 == 0 {
				d.opts.Progress(done, o.People)
			}
		}
	}
	counts, err := d.App.Register.Load(ctx, records)
	if err != nil {
		return nil, err
	}
	if d.opts.Progress != nil {
		d.opts.Progress(int(counts.Rows), o.People)
	}
	state.People, state.Seed = o.People, o.Seed
	step := max(1, len(eligible)/(4*demoSample))
	for i := 0; i < len(eligible) && len(state.Sample) < 4*demoSample; i += step {
		state.Sample = append(state.Sample, eligible[i])
	}
	if b, err = json.MarshalIndent(state, "", " "); err != nil {
		return nil, err
	}
	return state, writeAtomic(file, b, 0o600)
}

// sampleFields are what every sample person has: what identifies them, and the
// first three fields of every system.
func sampleFields() access.FieldSet {
	set := access.FieldsOf(access.FullName, access.DateOfBirth)
	for _, s := range demoSystems {
		set |= access.FieldsOf(s.fields[:3]...)
	}
	return set
}

// eligibleRecord says whether a person may be a sample.
func eligibleRecord(r *register.Record) bool {
	if r.Protected() || r.Value(access.DeathOrMissing) != nil || r.Value(access.HouseholdField) == nil {
		return false
	}
	for f := range sampleFields().All() {
		if r.Value(f) == nil {
			return false
		}
	}
	return len(r.Text(access.DateOfBirth)) == len(time.DateOnly)
}

// samplePeople reads the sample people as they are now.
func (d *Demo) samplePeople(ctx context.Context, pins []string) ([]DemoPerson, error) {
	people := []DemoPerson{}
	for _, pin := range pins {
		if len(people) == demoSample {
			break
		}
		p, err := d.App.Register.Get(ctx, pin)
		if err != nil {
			return nil, err
		}
		if p == nil || p.Subject.Protected {
			continue
		}
		var has map[string]json.RawMessage
		if err := json.Unmarshal(p.Append(nil, sampleFields()|access.FieldsOf(access.DeathOrMissing)), &has); err != nil {
			return nil, err
		}
		complete := true
		for name, v := range has {
			complete = complete && (string(v) == "null") == (name == access.DeathOrMissing.String())
		}
		if !complete {
			continue
		}
		one := DemoPerson{PIN: pin}
		err = errors.Join(
			json.Unmarshal(has[access.FullName.String()], &one.FullName),
			json.Unmarshal(has[access.DateOfBirth.String()], &one.DateOfBirth),
		)
		if err != nil {
			return nil, err
		}
		people = append(people, one)
	}
	if len(people) < demoSampleLeast {
		fmt.Fprintf(d.opts.Stderr, "only %d of these people can serve as samples: ask for more with --people and a new --dir\n", len(people))
	}
	return people, nil
}

// connect applies the connections of the demonstration, with certificates that
// last, and says how they stand.
func (d *Demo) connect(ctx context.Context, now time.Time) ([]DemoSystem, error) {
	dir := filepath.Join(d.opts.Dir, "clients")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	ca, err := ReadCA(d.App.Config.Path("keys/ca.crt"), d.App.Config.Path("keys/ca.key"))
	if err != nil {
		return nil, err
	}
	src := onboarding.Source{Name: filepath.Join(d.opts.Dir, "connections.yaml"), Files: map[string][]byte{}}
	for _, c := range demoCertificates() {
		cert := filepath.Join(dir, c+".crt")
		key := filepath.Join(dir, c+".key")
		if x, err := ReadCertificate(cert); err != nil || x.NotAfter.Sub(now) < certificateSoon {
			pair, err := ca.Client(c, now, now.AddDate(1, 0, 0))
			if err != nil {
				return nil, err
			}
			if err := errors.Join(writeAtomic(key, pair.Key, 0o600), writeAtomic(cert, pair.Cert, 0o644)); err != nil {
				return nil, err
			}
		}
		if src.Files["clients/"+c+".crt"], err = os.ReadFile(cert); err != nil {
			return nil, err
		}
	}
	src.YAML = demoConnections(now, d.opts.Limit)
	if err := writeAtomic(src.Name, src.YAML, 0o644); err != nil {
		return nil, err
	}
	actor := ledger.Actor{Kind: "system", ID: "dancu demo"}
	if _, err := d.App.Onboarding.ApplyFile(ctx, actor, src, onboarding.Options{}); err != nil {
		return nil, err
	}
	dir2, err := d.App.Onboarding.Load(ctx, d.App.Main, nil)
	if err != nil {
		return nil, err
	}
	var out []DemoSystem
	for _, s := range demoSystems {
		c := dir2.Connection(s.id)
		switch {
		case c == nil:
			return nil, fmt.Errorf("the connection %s is missing", s.id)
		case c.State != access.Active:
			fmt.Fprintf(d.opts.Stderr, "the connection %s is %s; two supervisors take it up again in the console\n", s.id, c.State)
		case c.Lock.By != access.Unlocked:
			fmt.Fprintf(d.opts.Stderr, "the connection %s is locked; two supervisors lift the lock in the console\n", s.id)
		}
		one := DemoSystem{
			ID: s.id, Agency: s.agency.code,
			Cert: filepath.Join(dir, s.certificate()+".crt"), Key: filepath.Join(dir, s.certificate()+".key"),
			Procedures: s.procedures, Case: demoCase(s.agency.code, now), Consent: s.agency.group != 1,
			Limit: d.opts.Limit,
		}
		for _, f := range s.fields {
			one.Fields = append(one.Fields, f.String())
		}
		if s.via != "" {
			one.Represented = s.id
		}
		out = append(out, one)
	}
	return out, nil
}

// describe fills in demo.json.
func (d *Demo) describe(systems []DemoSystem, people []DemoPerson) {
	console := "http"
	if d.App.Config.Console.CertificateFile != "" {
		console = "https"
	}
	d.Info = DemoInfo{
		API:        "https://" + reachable(d.App.Address(listenAPI)),
		Console:    console + "://" + reachable(d.App.Address(listenConsole)),
		CA:         d.App.Config.Path("keys/ca.crt"),
		Systems:    systems,
		AllFields:  access.AllFields.Names(),
		People:     people,
		Officer:    demoOfficer,
		Log:        DemoLog{URL: "http://" + d.App.Address(listenLog), Vkey: d.App.VerifierKey, VkeyFile: d.App.Config.Path("keys/log.pub")},
		Operations: "http://" + d.App.Address(listenOperations),
		Config:     filepath.Join(d.opts.Dir, ConfigFile),

		CitizenCode: demoCitizenCode,
	}
}

// reachable is an address under which a listener of every address answers.
func reachable(address string) string {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}

// Run serves until ctx ends. When everything serves it writes demo.json and
// prints "ready" and the example call.
func (d *Demo) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- d.App.Run(ctx) }()
	select {
	case <-d.App.Serving():
	case err := <-done:
		return err
	}
	err := d.announce(ctx)
	traffic := make(chan struct{})
	if err != nil {
		cancel()
		close(traffic)
	} else {
		go func() {
			defer close(traffic)
			if !d.opts.Quiet {
				d.runTraffic(ctx)
			}
		}()
	}
	err = errors.Join(err, <-done)
	cancel()
	<-traffic
	return err
}

// announce says that the demonstration can be used.
func (d *Demo) announce(ctx context.Context) error {
	// What is announced must work at once: every face is asked first.
	if err := d.probe(ctx); err != nil {
		return err
	}
	b, err := json.MarshalIndent(d.Info, "", "  ")
	if err != nil {
		return err
	}
	if err := writeAtomic(filepath.Join(d.opts.Dir, DemoFile), append(b, '\n'), 0o600); err != nil {
		return err
	}
	d.Transaction = web.NewID(time.Now())
	text := "ready\n"
	if call := d.exampleCall(); call != "" {
		text += "\n# One look-up, as the one-stop office. The transaction id is good for 48 hours and for one call.\n" + call + "\n"
	}
	text += d.signIns()
	_, err = io.WriteString(d.opts.Stdout, text)
	return err
}

// signIns says who can sign in to the console, and how.
func (d *Demo) signIns() string {
	if len(d.Info.Accounts) == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n# Sign in to the console at %s/sign-in: login, password, secret of the authenticator app.\n", d.Info.Console)
	for _, a := range d.Info.Accounts {
		fmt.Fprintf(&b, "# %-15s %-17s %s  %s\n", a.Kind, a.Login, a.Password, a.TOTP)
	}
	if len(d.Info.People) > 0 {
		fmt.Fprintf(&b, "# As a made-up citizen at %s/sign-in/citizen: %s with the code %s\n", d.Info.Console, d.Info.People[0].PIN, d.Info.CitizenCode)
	}
	return b.String()
}

// exampleCall is a curl command that works as printed.
func (d *Demo) exampleCall() string {
	if len(d.Info.People) == 0 {
		return ""
	}
	s, p := d.Info.Systems[0], d.Info.People[0]
	body := struct {
		DemoPerson
		Fields  []string          `json:"fields"`
		Purpose map[string]string `json:"purpose"`
		Officer DemoOfficer       `json:"officer"`
	}{p, s.Fields[:3], map[string]string{"procedure": s.Procedures[0], "case": s.Case}, d.Info.Officer}
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(body); err != nil {
		return ""
	}
	return fmt.Sprintf("curl -sS --cacert %s --cert %s --key %s \\\n  -H 'Content-Type: application/json' -H 'Dancu-Transaction-Id: %s' \\\n  -d %s \\\n  %s/v1/lookup",
		quote(d.Info.CA), quote(s.Cert), quote(s.Key), d.Transaction, quote(strings.TrimSpace(b.String())), d.Info.API)
}

// quote makes one word of a text for a POSIX shell.
func quote(s string) string {
	if s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return !strings.ContainsRune("/._-:@", r) && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	}) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// Close releases everything.
func (d *Demo) Close() error { return d.App.Close() }
