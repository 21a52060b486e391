package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"

	"dancu/internal/access"
	"dancu/internal/gate"
)

var update = flag.Bool("update", false, "write openapi.json anew; its version must have moved")

const golden = "openapi.json"

// The document is kept as a file, so that what changes in it is seen in
// review. It cannot change without its version.
func TestDocument(t *testing.T) {
	got, err := documentJSON()
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(golden)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	if bytes.Equal(got, want) {
		return
	}
	if want != nil {
		var old struct{ Info struct{ Version string } }
		if err := json.Unmarshal(want, &old); err != nil {
			t.Fatal(err)
		}
		if old.Info.Version == Version {
			t.Fatalf("the document has changed and its version is still %s: move Version, then run go test -run TestDocument -update", Version)
		}
	}
	if !*update {
		t.Fatal("openapi.json is not the document: run go test -run TestDocument -update and look at what changed")
	}
	if err := os.WriteFile(golden, got, 0o644); err != nil {
		t.Fatal(err)
	}
}

func loadDocument(t *testing.T) (*openapi3.T, routers.Router) {
	t.Helper()
	raw, err := documentJSON()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(raw)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	router, err := legacy.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	return doc, router
}

// contract checks real requests and answers against the document.
type contract struct {
	t      *testing.T
	s      *system
	router routers.Router
	seen   map[string]bool // "POST /v1/lookup 403 grant.none"
}

// check sends r and holds the answer, and if valid the request, against the
// document.
func (c *contract) check(client *http.Client, r *http.Request, valid bool) answered {
	c.t.Helper()
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	a := c.s.send(client, r)
	q := r.Clone(c.t.Context())
	q.URL.Scheme, q.URL.Host, q.Host = "", "", ""
	q.Body = io.NopCloser(bytes.NewReader(body))
	route, params, err := c.router.FindRoute(q)
	if err != nil {
		c.t.Fatalf("%s %s is not in the document: %v", r.Method, r.URL.Path, err)
	}
	options := &openapi3filter.Options{
		AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true, MultiError: false,
	}
	in := &openapi3filter.RequestValidationInput{Request: q, PathParams: params, Route: route, Options: options}
	if err := openapi3filter.ValidateRequest(c.t.Context(), in); valid != (err == nil) {
		c.t.Errorf("%s %s: the document says %v of the request\n%s", r.Method, r.URL.Path, err, body)
	}
	out := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: in, Status: a.StatusCode, Header: a.Header, Body: io.NopCloser(bytes.NewReader(a.raw)), Options: options,
	}
	if err := openapi3filter.ValidateResponse(c.t.Context(), out); err != nil {
		c.t.Errorf("%s %s: answer %d does not follow the document: %v\n%s", r.Method, r.URL.Path, a.StatusCode, err, a.raw)
	}
	c.seen[strings.TrimSpace(r.Method+" "+r.URL.Path+" "+a.code())] = true
	return a
}

// A check that lets everything pass would prove nothing.
func TestTheContractCheckRefusesOtherAnswers(t *testing.T) {
	_, router := loadDocument(t)
	r, _ := http.NewRequest("POST", "/v1/lookup", strings.NewReader(lookupBody))
	r.Header.Set("Content-Type", "application/json")
	route, params, err := router.FindRoute(r)
	if err != nil {
		t.Fatal(err)
	}
	problem := `{"type":"urn:dancu:problem:grant.none","title":"a","titles":{"vi":"a","en":"b"},"status":403,"instance":"urn:uuid:x","code":"grant.none"}`
	for name, test := range map[string]struct {
		status int
		kind   string
		body   string
		ok     bool
	}{
		"whole":                 {200, "application/json", `{"person":{"sex":"male"},"receipt":` + receipt + `}`, true},
		"without a receipt":     {200, "application/json", `{"person":null}`, false},
		"another member":        {200, "application/json", `{"person":null,"extra":1,"receipt":` + receipt + `}`, false},
		"an unknown field":      {200, "application/json", `{"person":{"salary":"1"},"receipt":` + receipt + `}`, false},
		"a field's wrong shape": {200, "application/json", `{"person":{"sex":"m"},"receipt":` + receipt + `}`, false},
		"a number as a PIN":     {200, "application/json", `{"person":{"pin":1305000042},"receipt":` + receipt + `}`, false},
		"another address":       {200, "application/json", `{"person":{"nativePlace":{"street":"x"}},"receipt":` + receipt + `}`, false},
		"problem":               {403, "application/problem+json", problem, true},
		"problem of the status": {409, "application/problem+json", problem, false},
		"problem without code":  {403, "application/problem+json", `{"title":"a"}`, false},
		"status not foreseen":   {302, "application/json", `{}`, false},
		"type not foreseen":     {200, "text/plain", `x`, false},
	} {
		out := &openapi3filter.ResponseValidationInput{
			RequestValidationInput: &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route},
			Status:                 test.status, Header: http.Header{"Content-Type": {test.kind}, "Dancu-Request-Id": {"x"}},
			Body:    io.NopCloser(strings.NewReader(test.body)),
			Options: &openapi3filter.Options{IncludeResponseStatus: true},
		}
		if err := openapi3filter.ValidateResponse(t.Context(), out); test.ok != (err == nil) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Every route, every answer and every code that the document names.
func TestAnswersFollowTheDocument(t *testing.T) {
	_, router := loadDocument(t)
	s := start(t)
	c := &contract{t: t, s: s, router: router, seen: map[string]bool{}}
	bodies := map[string]string{
		"/v1/lookup": lookupBody, "/v1/verify": verifyBody, "/v1/search": searchBody, "/v1/household": householdBody, "/v1/consents": consentBody,
	}
	p := people(t)
	refuse := func(code access.Code) error {
		switch code {
		case access.InternalError:
			return errors.New("broken")
		case access.RequestReplayed:
			return &gate.Refusal{Code: code, Index: 3, First: "answered", Reasons: []access.Reason{{Code: code}}}
		default:
		}
		return &gate.Refusal{Code: code, Index: 5, Reasons: []access.Reason{{Code: code, Names: []string{"religion"}}}, Usage: gate.Usage{Calls: 1, Limit: 2, Reset: time.Now().Add(time.Hour)}}
	}
	for i := range operations {
		o := &operations[i]
		if o.takes == nil {
			continue
		}
		// Whatever fields are asked, every value has the shape it is said to have.
		for n, answer := range []*gate.Answer{{People: p, Match: true}, {People: nil}} {
			answer.Receipt = []byte(receipt)
			answer.Usage = gate.Usage{Calls: 1, Limit: 2, Reset: time.Now().Add(time.Hour)}
			s.gate.do = func(*gate.Call) (*gate.Answer, error) { return answer, nil }
			body := bodies[o.path]
			if o.takes.may&memberFields != 0 && n == 0 {
				m := map[string]any{}
				_ = json.Unmarshal([]byte(body), &m)
				m["fields"] = access.AllFields.Names()
				raw, _ := json.Marshal(m)
				body = string(raw)
			}
			if a := c.check(s.province, s.request(o.path, body), true); a.StatusCode != 200 {
				t.Errorf("%s: %d %s", o.path, a.StatusCode, a.raw)
			}
		}
		for _, code := range o.codes {
			s.gate.do = func(*gate.Call) (*gate.Answer, error) { return nil, refuse(code) }
			s.gate.consent = func(*gate.ConsentCall) (string, error) { return "", refuse(code) }
			c.check(s.province, s.request(o.path, bodies[o.path]), true)
		}
		s.gate.consent = nil
		c.check(s.bare, s.request(o.path, bodies[o.path]), true)
		c.check(s.province, s.request(o.path, `{"foo":1}`), false)
		c.check(s.province, s.request(o.path, bodies[o.path]+strings.Repeat(" ", 65<<10)), true)
		r := s.request(o.path, bodies[o.path])
		r.Header.Set("X-Big", strings.Repeat("x", 17<<10))
		c.check(s.province, r, true)
		r = s.request(o.path, bodies[o.path])
		r.Header.Del("Dancu-Transaction-Id")
		c.check(s.province, r, false)
	}
	// Everybody of the register, in every field, one by one.
	for i := range p {
		s.gate.do = func(*gate.Call) (*gate.Answer, error) {
			return &gate.Answer{People: p[i : i+1], Receipt: []byte(receipt)}, nil
		}
		m := map[string]any{}
		_ = json.Unmarshal([]byte(lookupBody), &m)
		m["fields"] = access.AllFields.Names()
		raw, _ := json.Marshal(m)
		c.check(s.province, s.request("/v1/lookup", string(raw)), true)
	}
	for _, path := range []string{"/v1/me", "/v1/log/proof?index=4"} {
		get := func() *http.Request {
			r, err := http.NewRequest("GET", s.url+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		if a := c.check(s.province, get(), true); a.StatusCode != 200 {
			t.Errorf("%s: %d %s", path, a.StatusCode, a.raw)
		}
		c.check(s.lgsp, get(), true)
		c.check(s.stranger, get(), true)
		r := get()
		r.Header.Set("X-Big", strings.Repeat("x", 17<<10))
		c.check(s.province, r, true)
	}
	r, _ := http.NewRequest("GET", s.url+"/v1/log/proof?index=5", nil)
	c.check(s.province, r, true)
	for i := range operations {
		o := &operations[i]
		if o.takes == nil {
			continue
		}
		for _, code := range o.codes {
			if key := "POST " + o.path + " " + string(code); !c.seen[key] {
				t.Errorf("%s was never seen", key)
			}
		}
	}
}

// The rates and the log's outages follow the document, too.
func TestOutagesFollowTheDocument(t *testing.T) {
	_, router := loadDocument(t)
	s := start(t, func(c *Config) {
		c.Log = testLog{err: errors.New("broken")}
	})
	dir := s.gate.dir
	conn := *dir.Connection("c-onestop")
	conn.Rate = access.Rate{PerSecond: 0.001, Burst: 1}
	conn.State, conn.SuspendedBy, conn.Violation, conn.Remedy, conn.CommittedUntil = access.Suspended, access.ByAgency, "v", "r", now
	conn.Grants = slices.Clone(conn.Grants)
	conn.Grants[0].Onward = []access.Onward{{Name: access.Text{VI: "Kho bạc"}, Basis: access.Text{VI: "Điều 5"}, Until: now}}
	doc, _ := json.Marshal(&conn)
	window, _ := json.Marshal(access.Maintenance{From: now, Until: now.Add(time.Hour), Services: []access.Service{access.Search}})
	dir, err := dir.Apply([]access.Change{
		{Version: 1 << 40, Kind: access.ChangeConnection, ID: conn.ID, Doc: doc},
		{Version: 1 << 40, Kind: access.ChangeMaintenance, ID: "m", Doc: window},
	})
	if err != nil {
		t.Fatal(err)
	}
	s.gate.dir = dir
	c := &contract{t: t, s: s, router: router, seen: map[string]bool{}}
	get := func(path string) *http.Request {
		r, _ := http.NewRequest("GET", s.url+path, nil)
		return r
	}
	if a := c.check(s.lgsp, get("/v1/log/proof?index=1"), true); a.StatusCode != 500 {
		t.Errorf("%d %s", a.StatusCode, a.raw)
	}
	c.check(s.province, get("/v1/me"), true)
	for _, path := range []string{"/v1/me", "/v1/log/proof?index=1"} {
		if a := c.check(s.province, get(path), true); a.StatusCode != 429 {
			t.Errorf("%s: %d %s", path, a.StatusCode, a.raw)
		}
	}
	if a := c.check(s.province, s.request("/v1/lookup", lookupBody), true); a.StatusCode != 429 {
		t.Errorf("%d %s", a.StatusCode, a.raw)
	}
	s.gate.me = func(access.Thumbprint, string) (*gate.Me, error) {
		return nil, &gate.Refusal{Code: access.LogUnavailable, Index: -1}
	}
	if a := c.check(s.lgsp, get("/v1/me"), true); a.StatusCode != 503 {
		t.Errorf("%d %s", a.StatusCode, a.raw)
	}
}

// What is served is what is kept, and the routes are those of the document.
func TestTheDocumentIsServed(t *testing.T) {
	s := start(t)
	a := s.get(s.bare, "/openapi.json")
	want, err := os.ReadFile(filepath.Clean(golden))
	if err != nil {
		t.Fatal(err)
	}
	if a.StatusCode != 200 || !bytes.Equal(a.raw, want) || a.Header.Get("Content-Type") != "application/json" {
		t.Errorf("%d %v, %d bytes; kept are %d", a.StatusCode, a.Header, len(a.raw), len(want))
	}
	doc, _ := loadDocument(t)
	if doc.Info.Version != Version || !doc.IsOpenAPI31OrLater() {
		t.Errorf("version %s of OpenAPI %s", doc.Info.Version, doc.OpenAPI)
	}
	for path, item := range doc.Paths.Map() {
		for method := range item.Operations() {
			r, _ := http.NewRequest(method, s.url+path, nil)
			if a := s.send(s.bare, r); a.StatusCode != 401 {
				t.Errorf("%s %s: %d without a certificate", method, path, a.StatusCode)
			}
		}
	}
}

// The table of statuses on the page about the API is the one in the code.
func TestTheReadmeHasEveryCodeAtItsStatus(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("..", "..", "docs", "api", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]string{}
	for line := range strings.Lines(string(raw)) {
		if cells := strings.Split(line, "|"); len(cells) == 4 {
			rows[strings.TrimSpace(cells[1])] += cells[2]
		}
	}
	for _, c := range access.Precedence {
		row := rows[strconv.Itoa(statuses[c])]
		if statuses[c] == http.StatusRequestEntityTooLarge {
			row = rows["413, 414, 431"]
		}
		area, _, _ := strings.Cut(string(c), ".")
		if !strings.Contains(row, "`"+string(c)+"`") && !strings.Contains(row, "`"+area+".*`") {
			t.Errorf("%s is not in the row of %d: %q", c, statuses[c], row)
		}
	}
}
