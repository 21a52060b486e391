package api

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
	"dancu/internal/gate"
	"dancu/internal/register"
	"dancu/internal/web"
)

// now is the instant of the tests.
var now = time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC)

// testGate is a gate that does as it is told: faults are injected here, which
// the real one cannot be made to have at will.
type testGate struct {
	do      func(*gate.Call) (*gate.Answer, error)
	consent func(*gate.ConsentCall) (string, error)
	me      func(access.Thumbprint, string) (*gate.Me, error)
	dir     *access.Directory

	mu    sync.Mutex
	calls []*gate.Call
	given []*gate.ConsentCall
	notes []gate.Undecided
}

func (g *testGate) Do(_ context.Context, c *gate.Call) (*gate.Answer, error) {
	g.mu.Lock()
	g.calls = append(g.calls, c)
	g.mu.Unlock()
	return g.do(c)
}

func (g *testGate) GiveConsent(_ context.Context, c *gate.ConsentCall) (string, error) {
	g.mu.Lock()
	g.given = append(g.given, c)
	g.mu.Unlock()
	if g.consent != nil {
		return g.consent(c)
	}
	return "019aabcd-0000-7abc-8def-0123456789ab", nil
}

func (g *testGate) Me(_ context.Context, t access.Thumbprint, represented string) (*gate.Me, error) {
	if g.me != nil {
		return g.me(t, represented)
	}
	s := g.dir.Standing(t, represented)
	m := &gate.Me{Standing: s}
	m.Running, m.Announced = g.dir.Maintenance(now)
	if s.Connection != nil {
		m.Usage = gate.Usage{Calls: 7, Limit: s.Connection.Limit.Calls, Reset: s.Connection.Limit.Window.End(now)}
		m.People, m.PeopleLimit = 3, s.Connection.Limit.People
	}
	return m, nil
}

func (g *testGate) Note(u gate.Undecided) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.notes = append(g.notes, u)
}

func (g *testGate) Directory() *access.Directory { return g.dir }

// last returns the last call that reached the gate, nil if none did since the
// last time.
func (g *testGate) last() *gate.Call {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.calls) == 0 {
		return nil
	}
	c := g.calls[len(g.calls)-1]
	g.calls = nil
	return c
}

// noted returns what was noted since the last time.
func (g *testGate) noted() []gate.Undecided {
	g.mu.Lock()
	defer g.mu.Unlock()
	n := g.notes
	g.notes = nil
	return n
}

// testLog is a log of five entries.
type testLog struct{ err error }

func (testLog) Origin() string { return "log.example.vn/dancu" }

func (l testLog) Checkpoint() []byte {
	if l.err != nil {
		return nil
	}
	return []byte("log.example.vn/dancu\n5\n\n")
}

func (l testLog) Tile(_ context.Context, path string) ([]byte, error) {
	switch {
	case l.err != nil:
		return nil, l.err
	case path == "tile/0/000.p/5" || path == "tile/entries/000":
		return []byte{1, 2, 3}, nil
	case strings.Contains(path, "bad"):
		return nil, fault.New(fault.Invalid, "malformed tile path")
	}
	return nil, fault.New(fault.NotFound, "no such tile")
}

func (l testLog) Proof(_ context.Context, index int64) ([]byte, error) {
	if l.err != nil {
		return nil, l.err
	}
	if index >= 5 {
		return nil, fault.New(fault.NotFound, "no such entry")
	}
	return []byte("c2sp.org/tlog-proof@v1\nindex " + strconv.FormatInt(index, 10) + "\n"), nil
}

// receipt is a receipt in the shape of the log's.
const receipt = `{"index":4,"origin":"log.example.vn/dancu","parts":[{"data":{"service":"lookup"},"name":"access","salt":"AAAAAAAAAAAAAAAAAAAAAA=="},{"digest":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","name":"subject"}],"requestId":"r","time":"2026-11-22T03:00:00.000000Z"}`

// system is a running API with its clients.
type system struct {
	t      testing.TB
	gate   *testGate
	log    *bytes.Buffer // what was logged; read it when no call is under way
	logMu  *sync.Mutex
	url    string
	people []*register.Person
	// Clients of a province's system, of an intermediary, of nobody known, and
	// without a certificate.
	province, lgsp, stranger, bare *http.Client
}

// lockedWriter lets a log be read while servers write it.
type lockedWriter struct {
	mu *sync.Mutex
	b  *bytes.Buffer
}

func (w lockedWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.Write(p)
}

func (s *system) logged() string {
	s.logMu.Lock()
	defer s.logMu.Unlock()
	return s.log.String()
}

// start starts an API over real TLS, with a scripted gate before a real
// register.
func start(t testing.TB, change ...func(*Config)) *system {
	t.Helper()
	s := &system{t: t, gate: &testGate{}, log: new(bytes.Buffer), logMu: new(sync.Mutex), people: people(t)}
	server := certificate(t)
	province, lgsp, stranger := certificate(t), certificate(t), certificate(t)
	s.gate.dir = directory(t, thumbprint(province), thumbprint(lgsp))
	s.gate.do = func(c *gate.Call) (*gate.Answer, error) {
		return &gate.Answer{
			People: s.people[:1], Match: true, Receipt: []byte(receipt), Index: 4,
			Usage: gate.Usage{Calls: 12, Limit: 10000, Reset: time.Now().Add(time.Hour)},
		}, nil
	}
	cfg := Config{
		Gate: s.gate, Log: testLog{}, Logger: slog.New(slog.NewJSONHandler(lockedWriter{s.logMu, s.log}, nil)),
		Now: func() time.Time { return now },
	}
	for _, c := range change {
		c(&cfg)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		done <- web.Serve(ctx, ln, TLSConfig(func() (*tls.Certificate, error) { return &server, nil }), New(cfg), cfg.Limits)
	}()
	s.url = "https://" + ln.Addr().String()
	s.province, s.lgsp, s.stranger, s.bare = client(t, server, &province), client(t, server, &lgsp), client(t, server, &stranger), client(t, server, nil)
	t.Cleanup(func() {
		for _, c := range []*http.Client{s.province, s.lgsp, s.stranger, s.bare} {
			c.CloseIdleConnections()
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return s
}

var loaded struct {
	sync.Once
	people []*register.Person
	pins   []string
	names  []string
}

// people are citizens of a register in SQLite, loaded once.
func people(t testing.TB) []*register.Person {
	loaded.Do(func() {
		tt, ok := t.(*testing.T)
		if !ok {
			t.Skip("people are loaded by tests only")
		}
		r := register.New(dbtest.SQLite(tt).Open(db.Register))
		records := register.Generated(register.GenerateOptions{People: 50, Seed: 1})
		if _, err := r.Load(context.Background(), records); err != nil {
			t.Fatal(err)
		}
		for rec := range records {
			p, err := r.Get(context.Background(), rec.Text(access.PIN))
			if err != nil {
				t.Fatal(err)
			}
			if p == nil {
				continue
			}
			loaded.people = append(loaded.people, p)
			loaded.pins = append(loaded.pins, p.PIN)
			loaded.names = append(loaded.names, rec.Text(access.FullName))
		}
	})
	if len(loaded.people) < 3 {
		t.Fatal("no people were loaded")
	}
	return loaded.people
}

// directory holds a province's system and, behind an intermediary, a bank's.
func directory(t testing.TB, province, lgsp access.Thumbprint) *access.Directory {
	t.Helper()
	term := func(from, until int) (time.Time, time.Time) { return now.AddDate(0, 0, from), now.AddDate(0, 0, until) }
	nb, na := term(-30, 300)
	credential := func(tp access.Thumbprint) []access.Credential {
		return []access.Credential{{SHA256: tp.String(), NotBefore: nb, NotAfter: na}}
	}
	limit := access.DefaultLimit
	limit.People = 5000
	connection := func(id, system, via string, grants ...access.Grant) *access.Connection {
		return &access.Connection{
			ID: id, System: system, Via: via, State: access.Active, AssessedFrom: nb, AssessedUntil: na, Limit: limit,
			Rate: access.Rate{PerSecond: 1000, Burst: 1000}, Mismatches: 5, Grants: grants,
		}
	}
	grant := func(id string, s access.Service) access.Grant {
		return access.Grant{
			ID: id, Hash: strings.Repeat("0", 64), Service: s, Procedures: []string{"1.010100"}, Fields: access.FieldsOf(access.FullName, access.Sex),
			Keys: access.DefaultKeys(s), From: nb, Until: na, LegalBasis: access.Text{VI: "Luật", EN: "Law"}, PeoplePerCase: 10, SearchCap: 5,
		}
	}
	var changes []access.Change
	add := func(kind access.ChangeKind, id string, v any) {
		doc, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		changes = append(changes, access.Change{Version: int64(len(changes) + 1), Kind: kind, ID: id, Doc: doc})
	}
	add(access.ChangeAgency, "a1", &access.Agency{ID: "a1", Code: "H13", Name: access.Text{VI: "Tỉnh", EN: "Province"}, Group: access.GroupState})
	add(access.ChangeAgency, "a2", &access.Agency{ID: "a2", Code: "H29", Name: access.Text{VI: "Trục"}, Group: access.GroupState})
	add(access.ChangeAgency, "a3", &access.Agency{ID: "a3", Code: "0100112437", Name: access.Text{VI: "Ngân hàng", EN: "Bank"}, Group: access.GroupServices})
	add(access.ChangeSystem, "onestop", &access.System{ID: "onestop", Agency: "a1", Name: access.Text{VI: "Một cửa"}, Level: 3, Credentials: credential(province)})
	add(access.ChangeSystem, "lgsp", &access.System{ID: "lgsp", Agency: "a2", Name: access.Text{VI: "LGSP"}, Level: 3, Intermediary: true, Credentials: credential(lgsp)})
	add(access.ChangeSystem, "bank", &access.System{ID: "bank", Agency: "a3", Name: access.Text{VI: "NH"}, Level: 3})
	add(access.ChangeConnection, "c-onestop", connection("c-onestop", "onestop", "", grant("g1", access.Lookup), grant("g2", access.Verify)))
	add(access.ChangeConnection, "c-lgsp", connection("c-lgsp", "lgsp", ""))
	add(access.ChangeConnection, "c-bank", connection("c-bank", "bank", "lgsp", grant("g3", access.Lookup)))
	d, err := (*access.Directory)(nil).Apply(changes)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// certificate makes a self-signed one for 127.0.0.1.
func certificate(t testing.TB) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	serial, _ := rand.Int(rand.Reader, big.NewInt(1<<62))
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: "test"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

func thumbprint(c tls.Certificate) access.Thumbprint { return sha256.Sum256(c.Certificate[0]) }

func client(t testing.TB, server tls.Certificate, own *tls.Certificate) *http.Client {
	t.Helper()
	roots := x509.NewCertPool()
	roots.AddCert(server.Leaf)
	c := &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	if own != nil {
		c.Certificates = []tls.Certificate{*own}
	}
	return &http.Client{
		Transport: &http.Transport{TLSClientConfig: c, ForceAttemptHTTP2: true},
		Timeout:   30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return errors.New("the API never redirects")
		},
	}
}

// answer is one answer, read.
type answered struct {
	*http.Response
	raw  []byte
	json map[string]any
}

// code is the code of the problem.
func (a answered) code() string { c, _ := a.json["code"].(string); return c }

// send sends a request and reads the answer.
func (s *system) send(c *http.Client, r *http.Request) answered {
	s.t.Helper()
	res, err := c.Do(r)
	if err != nil {
		s.t.Fatalf("%s %s: %v", r.Method, r.URL.Path, err)
	}
	raw, err := io.ReadAll(res.Body)
	if err = errors.Join(err, res.Body.Close()); err != nil {
		s.t.Fatal(err)
	}
	a := answered{Response: res, raw: raw}
	if strings.Contains(res.Header.Get("Content-Type"), "json") {
		if err := json.Unmarshal(raw, &a.json); err != nil {
			s.t.Fatalf("%s %s: not JSON: %v\n%s", r.Method, r.URL.Path, err, raw)
		}
	}
	return a
}

// request makes a POST with the headers every one needs.
func (s *system) request(path, body string) *http.Request {
	s.t.Helper()
	r, err := http.NewRequest(http.MethodPost, s.url+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Dancu-Transaction-Id", web.NewID(now))
	return r
}

// post calls as the province's system.
func (s *system) post(path, body string) answered {
	s.t.Helper()
	return s.send(s.province, s.request(path, body))
}

// Bodies that are whole.
const (
	purposeOfficer = `"purpose":{"procedure":"1.010100","case":"H13-261120-0001"},"officer":{"id":"cb-17","address":"10.1.2.3","session":"s-1"}`
	lookupBody     = `{"pin":"001305000042","fullName":"Nguyễn Văn An","dateOfBirth":"2005-02-03","fields":["fullName","sex"],` + purposeOfficer + `}`
	verifyBody     = `{"pin":"001305000042","claims":{"fullName":"Nguyễn Văn An","dateOfBirth":"2005-02-03"},` + purposeOfficer + `}`
	searchBody     = `{"fullName":"Nguyễn Văn An","dateOfBirth":"2005","sex":"male","province":"001","fields":["pin","fullName"],` + purposeOfficer + `}`
	householdBody  = `{"pin":"001305000042","fullName":"Nguyễn Văn An","dateOfBirth":"2005-02-03","fields":["fullName"],` + purposeOfficer + `}`
	consentBody    = `{"pin":"001305000042","purpose":{"procedure":"1.010100","case":"H13-261120-0001"},"fields":["fullName"],"until":"2027-01-31","evidence":{"kind":"paper","sha256":"ABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCD"}}`
)
