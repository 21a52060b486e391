package api

import (
	"bufio"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.uber.org/goleak"

	"dancu/internal/access"
	"dancu/internal/fault"
	"dancu/internal/gate"
	"dancu/internal/register"
	"dancu/internal/web"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestEveryCodeHasItsStatus(t *testing.T) {
	want := map[int][]access.Code{
		400: {access.PurposeMissing, access.PurposeMalformed, access.OfficerMissing, access.RequestInvalid},
		401: {access.UnknownCredential},
		403: {
			access.IntermediaryForbidden, access.ConnectionNotActive, access.ConnectionSuspended, access.ConnectionVolume,
			access.ConnectionPattern, access.AssessmentLapsed, access.ChangeUndeclared, access.GrantNone, access.GrantExpired,
			access.GrantField, access.GrantKey, access.PurposeNotGranted, access.CaseExhausted, access.ConsentMissing,
			access.OfficerForbidden, access.TerritoryForbidden, access.AddressForbidden, access.QuotaExceeded, access.VerifyMismatches,
		},
		409: {access.RequestReplayed},
		413: {access.RequestTooLarge},
		422: {access.SearchTooMany},
		429: {access.RateExceeded},
		500: {access.InternalError},
		503: {access.LogUnavailable, access.ServiceBusy},
	}
	n := 0
	for status, codes := range want {
		for _, c := range codes {
			n++
			if statuses[c] != status {
				t.Errorf("%s: %d, want %d", c, statuses[c], status)
			}
		}
	}
	if n != len(access.Precedence) || n != len(statuses) {
		t.Errorf("%d codes here, %d published, %d with a status", n, len(access.Precedence), len(statuses))
	}
	for code, title := range web.Titles {
		info, ok := access.Code(code).Info()
		if !ok || web.Text(info.Title) != title {
			t.Errorf("package web calls %s %q; the table %q", code, title, info.Title)
		}
	}
}

func TestAnswers(t *testing.T) {
	s := start(t)
	p := people(t)
	for _, test := range []struct {
		path, body string
		answer     gate.Answer
		want       func() string
	}{
		{"/v1/lookup", lookupBody, gate.Answer{People: p[:1]}, func() string {
			return `{"person":` + string(p[0].Append(nil, access.FieldsOf(access.FullName, access.Sex))) + `,"receipt":` + receipt + `}`
		}},
		{"/v1/lookup", lookupBody, gate.Answer{}, func() string { return `{"person":null,"receipt":` + receipt + `}` }},
		{"/v1/verify", verifyBody, gate.Answer{Match: true}, func() string { return `{"match":true,"receipt":` + receipt + `}` }},
		{"/v1/verify", verifyBody, gate.Answer{}, func() string { return `{"match":false,"receipt":` + receipt + `}` }},
		{"/v1/search", searchBody, gate.Answer{People: p[:2]}, func() string {
			f := access.FieldsOf(access.PIN, access.FullName)
			return `{"people":[` + string(p[0].Append(nil, f)) + `,` + string(p[1].Append(nil, f)) + `],"receipt":` + receipt + `}`
		}},
		{"/v1/search", searchBody, gate.Answer{}, func() string { return `{"people":[],"receipt":` + receipt + `}` }},
		{"/v1/household", householdBody, gate.Answer{People: p[:1]}, func() string {
			return `{"members":[` + string(p[0].Append(nil, access.FieldsOf(access.FullName))) + `],"receipt":` + receipt + `}`
		}},
		{"/v1/household", householdBody, gate.Answer{}, func() string { return `{"members":[],"receipt":` + receipt + `}` }},
	} {
		test.answer.Receipt = []byte(receipt)
		test.answer.Usage = gate.Usage{Calls: 12, Limit: 10000, Reset: time.Now().Add(90 * time.Minute)}
		s.gate.do = func(*gate.Call) (*gate.Answer, error) { return &test.answer, nil }
		a := s.post(test.path, test.body)
		if a.StatusCode != 200 || string(a.raw) != test.want() {
			t.Errorf("%s: %d\n%s\nwant\n%s", test.path, a.StatusCode, a.raw, test.want())
		}
		if a.ContentLength != int64(len(a.raw)) || a.Header.Get("Content-Type") != "application/json" || a.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: headers %v", test.path, a.Header)
		}
		call := s.gate.last()
		if id := a.Header.Get("Dancu-Request-Id"); id != call.RequestID || id == "" {
			t.Errorf("%s: request id %q, the gate's %q", test.path, id, call.RequestID)
		}
		if got := a.Header.Get("RateLimit"); !strings.HasPrefix(got, `"volume";r=9988;t=5`) {
			t.Errorf("%s: RateLimit %q", test.path, got)
		}
		if got := a.Header.Get("RateLimit-Policy"); got != `"volume";q=10000;w=86400` {
			t.Errorf("%s: RateLimit-Policy %q", test.path, got)
		}
		if n := s.gate.noted(); len(n) != 0 {
			t.Errorf("%s: an answered call was noted: %+v", test.path, n)
		}
	}
}

func TestTheGateIsToldAll(t *testing.T) {
	s := start(t)
	r := s.request("/v1/lookup", with2(lookupBody, `"represented":"bank","consent":"k1","receipt":"full","retryOf":"019aabcd-0000-7abc-8def-0123456789ab"`))
	id := r.Header.Get("Dancu-Transaction-Id")
	r.Header.Set("Dancu-Transaction-Id", strings.ToUpper(id))
	r.Header.Set("Dancu-Client", "motcua/3.1 (build 7)")
	r.Header.Set("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
	a := s.send(s.lgsp, r)
	if a.StatusCode != 200 || a.Header.Get("Traceparent") != r.Header.Get("traceparent") {
		t.Fatalf("%d %s", a.StatusCode, a.raw)
	}
	got := s.gate.last()
	want := &gate.Call{
		Address: netip.MustParseAddr("127.0.0.1"), Channel: access.ChannelAPI, Transaction: id,
		RetryOf: "019aabcd-0000-7abc-8def-0123456789ab", Build: "motcua/3.1 (build 7)", RequestID: a.Header.Get("Dancu-Request-Id"),
		Represented: "bank", Service: access.Lookup,
		Keys:   register.Keys{PIN: "001305000042", FullName: "Nguyễn Văn An", DateOfBirth: "2005-02-03"},
		Fields: access.FieldsOf(access.FullName, access.Sex), Procedure: "1.010100", Case: "H13-261120-0001",
		Officer: access.Officer{ID: "cb-17", Address: "10.1.2.3", Session: "s-1"}, Consent: "k1", FullReceipt: true,
	}
	if d := cmp.Diff(want, got, cmpopts.IgnoreFields(gate.Call{}, "Thumbprint"), cmp.Comparer(func(a, b netip.Addr) bool { return a == b })); d != "" {
		t.Error(d)
	}
	if s.gate.dir.Standing(got.Thumbprint, "bank").Connection.ID != "c-bank" {
		t.Error("the thumbprint is not the client's")
	}
	if log := s.logged(); !strings.Contains(log, `"connection":"c-bank"`) || !strings.Contains(log, `"trace":"4bf92f3577b34da6a3ce929d0e0e4736"`) {
		t.Errorf("log %s", log)
	}
}

// Missing purposes and officers are decisions, with entries: the form of the
// request does not refuse them.
func TestWhatTheDecisionAsksForReachesIt(t *testing.T) {
	s := start(t)
	for name, body := range map[string]string{
		"nothing":         `{"pin":"001305000042","fields":["sex"]}`,
		"empty objects":   `{"pin":"001305000042","fields":["sex"],"purpose":{},"officer":{}}`,
		"empty texts":     `{"pin":"001305000042","fields":["sex"],"purpose":{"procedure":"","case":""},"officer":{"id":"","address":"","session":""}}`,
		"malformed codes": `{"pin":"001305000042","fields":["sex"],"purpose":{"procedure":"x","case":"y"}}`,
	} {
		s.gate.do = func(*gate.Call) (*gate.Answer, error) {
			return nil, &gate.Refusal{Code: access.PurposeMissing, Index: 9, Reasons: []access.Reason{
				{Code: access.PurposeMissing, Names: []string{"purpose.procedure"}}, {Code: access.OfficerMissing, Names: []string{"officer.id"}},
			}}
		}
		a := s.post("/v1/lookup", body)
		if c := s.gate.last(); c == nil || c.Officer.ID != "" {
			t.Fatalf("%s: the gate was not asked: %s", name, a.raw)
		}
		if a.StatusCode != 400 || a.code() != "purpose.missing" {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.raw)
		}
	}
	if c := s.post("/v1/search", `{"fields":["sex"]}`); c.code() != "purpose.missing" || s.gate.last() == nil {
		t.Errorf("a search without keys is for the decision to refuse: %s", c.raw)
	}
}

func TestEveryRefusalIsAProblem(t *testing.T) {
	s := start(t)
	for _, code := range access.Precedence {
		info, _ := code.Info()
		r := &gate.Refusal{Code: code, Index: 77, Reasons: []access.Reason{{Code: code, Names: []string{"religion", "pin"}}, {Code: access.InternalError}}}
		s.gate.do = func(*gate.Call) (*gate.Answer, error) { return nil, r }
		q := s.request("/v1/lookup", lookupBody)
		q.Header.Set("Accept-Language", "en")
		a := s.send(s.province, q)
		want := map[string]any{
			"type": "urn:dancu:problem:" + string(code), "title": info.Title.EN, "titles": map[string]any{"vi": info.Title.VI, "en": info.Title.EN},
			"status": float64(statuses[code]), "detail": info.Program.EN, "code": string(code),
			"instance": "urn:dancu:entry:log.example.vn/dancu:77", "index": 77.0, "names": []any{"religion", "pin"}, "reasons": []any{string(code), "internal"},
		}
		if d := cmp.Diff(want, a.json); d != "" || a.StatusCode != statuses[code] {
			t.Errorf("%s: %d %s", code, a.StatusCode, d)
		}
		if ct := a.Header.Get("Content-Type"); ct != "application/problem+json" {
			t.Errorf("%s: %s", code, ct)
		}
		if statuses[code] == 503 && a.Header.Get("Retry-After") == "" {
			t.Errorf("%s: no Retry-After", code)
		}
		if !strings.Contains(s.logged(), `"code":"`+string(code)+`"`) {
			t.Errorf("%s: not in the log", code)
		}
		// In a summary entry there is no index, and the request's id stands for it.
		r.Index, r.RetryAfter = -1, 2500*time.Millisecond
		a = s.post("/v1/lookup", lookupBody)
		if _, has := a.json["index"]; has || a.json["instance"] != "urn:uuid:"+a.Header.Get("Dancu-Request-Id") || a.Header.Get("Retry-After") != "3" {
			t.Errorf("%s: %s %v", code, a.raw, a.Header)
		}
	}
	s.gate.do = func(*gate.Call) (*gate.Answer, error) {
		return nil, &gate.Refusal{Code: access.RequestReplayed, Index: 0, First: "answered", Reasons: []access.Reason{{Code: access.RequestReplayed}}}
	}
	if a := s.post("/v1/lookup", lookupBody); a.StatusCode != 409 || a.json["index"] != 0.0 || a.json["result"] != "answered" {
		t.Errorf("replayed: %d %s", a.StatusCode, a.raw)
	}
}

func TestFaultsOfTheGateAreProblemsWithoutTheirText(t *testing.T) {
	s := start(t)
	for _, test := range []struct {
		err    error
		status int
		code   string
	}{
		{errors.New("disk /secret"), 500, "internal"},
		{fault.Wrap(fault.Unavailable, errors.New("secret"), "secret"), 503, "log.unavailable"},
		{fault.New(fault.Conflict, "secret"), 500, "internal"},
		{fault.New(fault.Kind(99), "secret"), 500, "internal"},
	} {
		s.gate.do = func(*gate.Call) (*gate.Answer, error) { return nil, test.err }
		a := s.post("/v1/lookup", lookupBody)
		if a.StatusCode != test.status || a.code() != test.code || strings.Contains(string(a.raw), "secret") {
			t.Errorf("%v: %d %s", test.err, a.StatusCode, a.raw)
		}
	}
	s.gate.do = func(*gate.Call) (*gate.Answer, error) { panic("secret") }
	if a := s.post("/v1/lookup", lookupBody); a.StatusCode != 500 || a.code() != "internal" || strings.Contains(string(a.raw), "secret") {
		t.Errorf("panic: %d %s", a.StatusCode, a.raw)
	}
	// The connection, and the next call, live on.
	s.gate.do = func(*gate.Call) (*gate.Answer, error) { return &gate.Answer{Receipt: []byte(receipt)}, nil }
	if a := s.post("/v1/lookup", lookupBody); a.StatusCode != 200 {
		t.Errorf("after the panic: %d", a.StatusCode)
	}
}

func TestUnknownCredentialsAreRefusedAndCounted(t *testing.T) {
	s := start(t)
	for name, c := range map[string]*http.Client{"a certificate nobody registered": s.stranger, "no certificate": s.bare} {
		for _, path := range []string{"/v1/lookup", "/v1/verify", "/v1/search", "/v1/household", "/v1/consents"} {
			a := s.send(c, s.request(path, "not even JSON"))
			if a.StatusCode != 401 || a.code() != "auth.unknown_credential" || a.Header.Get("Www-Authenticate") == "" {
				t.Errorf("%s %s: %d %s", name, path, a.StatusCode, a.raw)
			}
		}
		for _, path := range []string{"/v1/me", "/v1/log/proof?index=0"} {
			r, _ := http.NewRequest("GET", s.url+path, nil)
			if a := s.send(c, r); a.StatusCode != 401 {
				t.Errorf("%s %s: %d", name, path, a.StatusCode)
			}
		}
		n := s.gate.noted()
		if len(n) != 7 || n[0].Code != access.UnknownCredential || n[0].Address != netip.MustParseAddr("127.0.0.1") || n[0].Connection != "" {
			t.Errorf("%s: noted %+v", name, n)
		}
		if s.gate.last() != nil {
			t.Errorf("%s: the gate was asked", name)
		}
	}
	// A registered one outside its term is as good as none.
	late := now.AddDate(2, 0, 0)
	s2 := start(t, func(c *Config) { c.Now = func() time.Time { return late } })
	if a := s2.post("/v1/lookup", lookupBody); a.StatusCode != 401 {
		t.Errorf("an expired certificate: %d", a.StatusCode)
	}
}

func TestTLS13Only(t *testing.T) {
	s := start(t)
	addr := strings.TrimPrefix(s.url, "https://")
	if _, err := tls.Dial("tcp", addr, &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS12}); err == nil {
		t.Error("TLS 1.2 was spoken")
	}
	c, err := tls.Dial("tcp", addr, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2", "http/1.1"}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if st := c.ConnectionState(); st.Version != tls.VersionTLS13 || st.NegotiatedProtocol != "http/1.1" {
		t.Errorf("%x %q", st.Version, st.NegotiatedProtocol)
	}
	if _, err := tls.Dial("tcp", addr, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2"}}); err == nil {
		t.Error("a client that wants HTTP/2 only got through")
	}
}

func TestTransactionIDs(t *testing.T) {
	s := start(t)
	id := func(d time.Duration) []string { return []string{web.NewID(now.Add(d))} }
	for _, test := range []struct {
		name string
		ids  []string
		ok   bool
	}{
		{"of now", id(0), true},
		{"48 hours old", id(-48 * time.Hour), true},
		{"48 hours and a millisecond old", id(-48*time.Hour - time.Millisecond), false},
		{"5 minutes ahead", id(5 * time.Minute), true},
		{"5 minutes and a millisecond ahead", id(5*time.Minute + time.Millisecond), false},
		{"missing", nil, false},
		{"empty", []string{""}, false},
		{"two", append(id(0), id(0)...), false},
		{"version 4", []string{"0f3a4e36-9ad6-4c43-8d21-3a3a0c0e5b11"}, false},
		{"in braces", []string{"{" + id(0)[0] + "}"}, false},
		{"without hyphens", []string{strings.ReplaceAll(id(0)[0], "-", "")}, false},
	} {
		r := s.request("/v1/lookup", lookupBody)
		delete(r.Header, "Dancu-Transaction-Id")
		if test.ids != nil {
			r.Header["Dancu-Transaction-Id"] = test.ids
		}
		a := s.send(s.province, r)
		if test.ok != (a.StatusCode == 200) || !test.ok && (a.code() != "request.invalid" || a.StatusCode != 400) {
			t.Errorf("%s: %d %s", test.name, a.StatusCode, a.raw)
		}
		if !test.ok {
			if d := cmp.Diff([]any{"Dancu-Transaction-Id"}, a.json["names"]); d != "" {
				t.Errorf("%s: %s", test.name, d)
			}
			if n := s.gate.noted(); len(n) != 1 || n[0].Code != access.RequestInvalid || n[0].Connection != "c-onestop" {
				t.Errorf("%s: noted %+v", test.name, n)
			}
		}
	}
}

func TestHeadersOfAPost(t *testing.T) {
	s := start(t)
	for _, test := range []struct {
		name   string
		change func(*http.Request)
		status int
	}{
		{"charset", func(r *http.Request) { r.Header.Set("Content-Type", "Application/JSON; charset=UTF-8") }, 200},
		{"another charset", func(r *http.Request) { r.Header.Set("Content-Type", "application/json; charset=latin1") }, 415},
		{"a form", func(r *http.Request) { r.Header.Set("Content-Type", "application/x-www-form-urlencoded") }, 415},
		{"no type", func(r *http.Request) { r.Header.Del("Content-Type") }, 415},
		{"two types", func(r *http.Request) { r.Header.Add("Content-Type", "application/json") }, 415},
		{"compressed", func(r *http.Request) { r.Header.Set("Content-Encoding", "gzip") }, 415},
		{"a query", func(r *http.Request) { r.URL.RawQuery = "pin=001305000042" }, 400},
		{"an empty query", func(r *http.Request) { r.URL.ForceQuery = true }, 400},
		{"client of 200", func(r *http.Request) { r.Header.Set("Dancu-Client", strings.Repeat("~", 200)) }, 200},
		{"client of 201", func(r *http.Request) { r.Header.Set("Dancu-Client", strings.Repeat("~", 201)) }, 400},
		{"client not ASCII", func(r *http.Request) { r.Header.Set("Dancu-Client", "một cửa") }, 400},
		{"two clients", func(r *http.Request) { r.Header["Dancu-Client"] = []string{"a", "b"} }, 400},
		{"malformed trace", func(r *http.Request) { r.Header.Set("traceparent", "00-zz") }, 200},
		{"zero trace", func(r *http.Request) {
			r.Header.Set("traceparent", "00-00000000000000000000000000000000-00f067aa0ba902b7-01")
		}, 200},
		{"a header of 16 KiB", func(r *http.Request) { r.Header.Set("X-Big", strings.Repeat("x", 16<<10)) }, 431},
		{"65 headers", func(r *http.Request) {
			for i := range 65 {
				r.Header.Set(fmt.Sprintf("X-%d", i), "1")
			}
		}, 431},
		{"a long target", func(r *http.Request) { r.URL.Path = "/" + strings.Repeat("x", 2<<10) }, 414},
	} {
		r := s.request("/v1/lookup", lookupBody)
		test.change(r)
		a := s.send(s.province, r)
		if a.StatusCode != test.status {
			t.Errorf("%s: %d %s", test.name, a.StatusCode, a.raw)
		}
		if a.Header.Get("Traceparent") != "" {
			t.Errorf("%s: a malformed trace came back", test.name)
		}
		if test.status >= 400 && !strings.HasPrefix(a.code(), "request.") {
			t.Errorf("%s: %s", test.name, a.raw)
		}
	}
}

func TestBodyLimit(t *testing.T) {
	s := start(t, func(c *Config) { c.Limits.BodyBytes = 1 << 10 })
	at := lookupBody + strings.Repeat(" ", 1<<10-len(lookupBody))
	for _, test := range []struct {
		body   string
		chunks bool
		status int
	}{{at, false, 200}, {at + " ", false, 413}, {at, true, 200}, {at + " ", true, 413}} {
		r := s.request("/v1/lookup", test.body)
		if test.chunks {
			r.Body, r.ContentLength, r.GetBody = io.NopCloser(strings.NewReader(test.body)), -1, nil
		}
		a := s.send(s.province, r)
		if a.StatusCode != test.status || test.status == 413 && a.code() != "request.too_large" {
			t.Errorf("%d bytes, chunked %v: %d %s", len(test.body), test.chunks, a.StatusCode, a.raw)
		}
		if n := s.gate.noted(); test.status == 413 && (len(n) != 1 || n[0].Code != access.RequestTooLarge) {
			t.Errorf("noted %+v", n)
		}
	}
}

// A call over the rate is refused before its body is looked at.
func TestRateBeforeBody(t *testing.T) {
	clock := now
	s := start(t, func(c *Config) { c.Now = func() time.Time { return clock } })
	c := *s.gate.dir.Connection("c-onestop")
	c.Rate = access.Rate{PerSecond: 2, Burst: 2}
	doc, _ := json.Marshal(&c)
	dir, err := s.gate.dir.Apply([]access.Change{{Version: s.gate.dir.Version() + 1, Kind: access.ChangeConnection, ID: c.ID, Doc: doc}})
	if err != nil {
		t.Fatal(err)
	}
	s.gate.dir = dir
	// The limiter's clock begins with the process; the API's is the test's.
	for i := range 2 {
		if a := s.post("/v1/lookup", lookupBody); a.StatusCode != 200 {
			t.Fatalf("call %d: %s", i, a.raw)
		}
	}
	a := s.post("/v1/lookup", "not JSON at all")
	if a.StatusCode != 429 || a.code() != "rate.exceeded" || a.Header.Get("Retry-After") != "1" ||
		a.Header.Get("RateLimit-Policy") != `"rate";q=2;w=1` || a.Header.Get("RateLimit") != `"rate";r=0;t=1` {
		t.Errorf("%d %v %s", a.StatusCode, a.Header, a.raw)
	}
	if n := s.gate.noted(); len(n) != 1 || n[0].Code != access.RateExceeded || n[0].Connection != "c-onestop" {
		t.Errorf("noted %+v", n)
	}
	if a := s.send(s.lgsp, s.request("/v1/lookup", lookupBody)); a.StatusCode != 200 {
		t.Errorf("another connection: %d", a.StatusCode)
	}
	clock = clock.Add(500 * time.Millisecond)
	if a := s.post("/v1/lookup", lookupBody); a.StatusCode != 200 {
		t.Errorf("half a second later: %d", a.StatusCode)
	}
}

// A represented system is held to its own rate, and does not use up another's.
func TestRateOfARepresentedSystem(t *testing.T) {
	s := start(t)
	c := *s.gate.dir.Connection("c-bank")
	c.Rate = access.Rate{PerSecond: 1, Burst: 1}
	doc, _ := json.Marshal(&c)
	dir, err := s.gate.dir.Apply([]access.Change{{Version: s.gate.dir.Version() + 1, Kind: access.ChangeConnection, ID: c.ID, Doc: doc}})
	if err != nil {
		t.Fatal(err)
	}
	s.gate.dir = dir
	for i, want := range []int{200, 429} {
		if a := s.send(s.lgsp, s.request("/v1/lookup", with2(lookupBody, `"represented":"bank"`))); a.StatusCode != want {
			t.Errorf("call %d: %d %s", i, a.StatusCode, a.raw)
		}
	}
	if n := s.gate.noted(); len(n) != 1 || n[0].Connection != "c-bank" {
		t.Errorf("noted %+v", n)
	}
	if a := s.send(s.lgsp, s.request("/v1/lookup", lookupBody)); a.StatusCode != 200 {
		t.Errorf("the intermediary itself: %d", a.StatusCode)
	}
	// A system that does not exist is the gate's to refuse.
	if a := s.send(s.lgsp, s.request("/v1/lookup", with2(lookupBody, `"represented":"nobody"`))); a.StatusCode != 200 {
		t.Errorf("nobody: %d", a.StatusCode)
	}
}

func TestConsents(t *testing.T) {
	s := start(t)
	a := s.send(s.lgsp, s.request("/v1/consents", with2(consentBody, `"represented":"bank"`)))
	if a.StatusCode != 200 || string(a.raw) != `{"consent":"019aabcd-0000-7abc-8def-0123456789ab"}` {
		t.Fatalf("%d %s", a.StatusCode, a.raw)
	}
	got := *s.gate.given[0]
	want := gate.ConsentCall{
		Thumbprint: got.Thumbprint, Address: netip.MustParseAddr("127.0.0.1"), Transaction: got.Transaction, RequestID: a.Header.Get("Dancu-Request-Id"),
		Represented: "bank", PIN: "001305000042", Procedure: "1.010100", Case: "H13-261120-0001", Fields: access.FieldsOf(access.FullName),
		Until: time.Date(2027, 1, 31, 17, 0, 0, 0, time.UTC), EvidenceKind: "paper", EvidenceSHA256: strings.Repeat("abcdef", 11)[:64],
	}
	if got != want {
		t.Errorf("%+v\nwant\n%+v", got, want)
	}
	s.gate.consent = func(*gate.ConsentCall) (string, error) {
		return "", &gate.Refusal{Code: access.RequestInvalid, Index: -1, Reasons: []access.Reason{{Code: access.RequestInvalid, Names: []string{"until"}}}}
	}
	if a := s.post("/v1/consents", consentBody); a.StatusCode != 400 || cmp.Diff([]any{"until"}, a.json["names"]) != "" {
		t.Errorf("%d %s", a.StatusCode, a.raw)
	}
	if a := s.post("/v1/consents", strings.Replace(consentBody, `"until":"2027-01-31",`, "", 1)); a.StatusCode != 400 || a.json["pointer"] != "/until" {
		t.Errorf("%d %s", a.StatusCode, a.raw)
	}
}

func (s *system) get(c *http.Client, path string) answered {
	s.t.Helper()
	r, err := http.NewRequest(http.MethodGet, s.url+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.send(c, r)
}

func TestMe(t *testing.T) {
	s := start(t)
	a := s.get(s.province, "/v1/me")
	if a.StatusCode != 200 || a.Header.Get("RateLimit-Policy") != `"volume";q=10000;w=86400` {
		t.Fatalf("%d %v %s", a.StatusCode, a.Header, a.raw)
	}
	var m Me
	if err := json.Unmarshal(a.raw, &m); err != nil {
		t.Fatal(err)
	}
	l := m.Connection.Limit
	if m.System.ID != "onestop" || m.Agency.Code != "H13" || m.Connection.ID != "c-onestop" || m.Connection.State != access.Active || m.Refused != nil ||
		l.Calls != 10000 || l.CallsUsed != 7 || l.CallsLeft != 9993 || *l.People != 5000 || *l.PeopleLeft != 4997 ||
		len(m.Grants) != 2 || !m.Grants[0].InForce || m.Grants[0].Claims != 0 || m.Grants[1].Claims != access.DefaultClaims {
		t.Errorf("%s", a.raw)
	}
	if a := s.get(s.lgsp, "/v1/me?represented=bank"); a.json["connection"].(map[string]any)["id"] != "c-bank" {
		t.Errorf("%s", a.raw)
	}
	if a := s.get(s.lgsp, "/v1/me?represented=nobody"); a.StatusCode != 200 || a.json["connection"] != nil || a.json["agency"] != nil {
		t.Errorf("%s", a.raw)
	}
	for _, q := range []string{"?x=1", "?represented=a&represented=b", "?represented=bank&x=1", "?represented=" + strings.Repeat("x", 65), "?%zz"} {
		if a := s.get(s.lgsp, "/v1/me"+q); a.StatusCode != 400 || a.code() != "request.invalid" {
			t.Errorf("%s: %d %s", q, a.StatusCode, a.raw)
		}
	}
	s.gate.me = func(access.Thumbprint, string) (*gate.Me, error) { return nil, errors.New("no database") }
	if a := s.get(s.province, "/v1/me"); a.StatusCode != 500 || a.code() != "internal" {
		t.Errorf("%d %s", a.StatusCode, a.raw)
	}
	lock := access.ConnectionVolume
	s.gate.me = func(tp access.Thumbprint, _ string) (*gate.Me, error) {
		st := s.gate.dir.Standing(tp, "")
		c := *st.Connection
		c.Lock = access.Lock{By: access.LockedVolume, Since: now}
		st.Connection = &c
		return &gate.Me{Standing: st, Decided: lock, Usage: gate.Usage{Calls: 10001, Limit: 10000, Reset: now}}, nil
	}
	a = s.get(s.province, "/v1/me")
	c := a.json["connection"].(map[string]any)
	if a.json["refused"] != "connection.locked_volume" || c["lock"].(map[string]any)["by"] != "volume" || c["limit"].(map[string]any)["callsLeft"] != 0.0 {
		t.Errorf("locked: %s", a.raw)
	}
}

// TestMeShowsTheLifeCycle: what people set on a connection is what its system
// reads, and a refusal says which rule it was.
func TestMeShowsTheLifeCycle(t *testing.T) {
	s := start(t)
	d := s.gate.dir
	system, c := *d.System("onestop"), *d.Connection("c-onestop")
	key, other := strings.Repeat("1", 64), strings.Repeat("2", 64)
	system.Keys = []string{key}
	system.Credentials = slices.Clone(system.Credentials)
	system.Credentials[0].Key = key
	system.Credentials = append(system.Credentials,
		access.Credential{SHA256: strings.Repeat("a", 64), Key: other, NotBefore: now, NotAfter: now.AddDate(0, 0, 7)},
		access.Credential{SHA256: strings.Repeat("b", 64), Key: key, NotBefore: now.AddDate(-1, 0, 0), NotAfter: now})
	c.State, c.SuspendedBy, c.Violation, c.Remedy = access.Suspended, access.ByAgency, "thay máy chủ", "báo lại khi xong"
	c.CommittedUntil = now.AddDate(0, 1, 0)
	c.Grants = slices.Clone(c.Grants)
	c.Grants[0].Onward = []access.Onward{
		{Name: access.Text{VI: "Kho bạc"}, Basis: access.Text{VI: "Điều 5"}, Until: now},
		{Name: access.Text{VI: "Thuế"}, Basis: access.Text{VI: "Điều 6"}, Until: now.Add(1)},
	}
	var changes []access.Change
	for _, v := range []struct {
		kind access.ChangeKind
		id   string
		doc  any
	}{
		{access.ChangeSystem, "onestop", system},
		{access.ChangeConnection, "c-onestop", c},
		{access.ChangeMaintenance, "later", access.Maintenance{From: now.Add(time.Hour), Until: now.Add(2 * time.Hour), Text: access.Text{VI: "Nâng cấp", EN: "Upgrade"}}},
		{access.ChangeMaintenance, "now", access.Maintenance{From: now, Until: now.Add(time.Hour), Services: []access.Service{access.Search}}},
	} {
		doc, err := json.Marshal(v.doc)
		if err != nil {
			t.Fatal(err)
		}
		changes = append(changes, access.Change{Version: d.Version() + 1, Kind: v.kind, ID: v.id, Doc: doc})
	}
	next, err := d.Apply(changes)
	if err != nil {
		t.Fatal(err)
	}
	s.gate.dir = next
	a := s.get(s.province, "/v1/me")
	var m Me
	if err := json.Unmarshal(a.raw, &m); err != nil {
		t.Fatal(err)
	}
	k := m.Connection
	if k.SuspendedBy != access.ByAgency || k.Violation != c.Violation || k.Remedy != c.Remedy || k.CommittedUntil == nil || !k.CommittedUntil.Equal(c.CommittedUntil) {
		t.Errorf("connection: %s", a.raw)
	}
	if !m.Certificate.Declared || len(m.Certificates) != 2 || m.Certificates[0].SHA256 != strings.Repeat("a", 64) || m.Certificates[0].Declared ||
		m.Certificates[1] != m.Certificate {
		t.Errorf("certificates: %s", a.raw)
	}
	if o := m.Grants[0].Onward; len(o) != 2 || o[0].InForce || !o[1].InForce || o[0].Name.VI != "Kho bạc" || m.Grants[1].Onward == nil {
		t.Errorf("onward: %s", a.raw)
	}
	if w := m.Maintenance; len(w) != 2 || w[0].ID != "now" || !w[0].Running || w[1].Running || w[1].Text.EN != "Upgrade" || w[1].Services == nil {
		t.Errorf("maintenance: %s", a.raw)
	}

	for name, want := range map[string]struct {
		code   access.Code
		detail string
	}{
		access.NameCommitment:  {access.ConnectionNotActive, "ký lại"},
		access.NameByAgency:    {access.ConnectionSuspended, "Chính cơ quan"},
		access.NameByRegister:  {access.ConnectionSuspended, "Đơn vị vận hành"},
		access.NameKey:         {access.ChangeUndeclared, "Khoá của chứng thư"},
		access.NameMaintenance: {access.ServiceBusy, "bảo trì"},
	} {
		s.gate.do = func(*gate.Call) (*gate.Answer, error) {
			return nil, &gate.Refusal{Code: want.code, Reasons: []access.Reason{{Code: want.code, Names: []string{"c-onestop", name}}}, Index: -1, RetryAfter: 90 * time.Minute}
		}
		a := s.send(s.province, s.request("/v1/lookup", lookupBody))
		if a.code() != string(want.code) || !strings.Contains(a.json["detail"].(string), want.detail) || a.Header.Get("Retry-After") != "5400" {
			t.Errorf("%s: %v %s", name, a.Header, a.raw)
		}
	}
}

func TestProof(t *testing.T) {
	s := start(t)
	if a := s.get(s.province, "/v1/log/proof?index=4"); a.StatusCode != 200 || !strings.HasPrefix(string(a.raw), "c2sp.org/tlog-proof@v1\n") ||
		a.Header.Get("Content-Type") != "text/plain; charset=utf-8" {
		t.Errorf("%d %v %s", a.StatusCode, a.Header, a.raw)
	}
	for q, status := range map[string]int{
		"?index=5": 404, "": 400, "?index=": 400, "?index=-1": 400, "?index=04": 400, "?index=4&index=4": 400, "?index=4&x=1": 400,
		"?index=9223372036854775808": 400, "?index=9223372036854775807": 404, "?index=1e3": 400, "?x=4": 400,
	} {
		if a := s.get(s.province, "/v1/log/proof"+q); a.StatusCode != status || a.code() != "request.invalid" {
			t.Errorf("%s: %d %s", q, a.StatusCode, a.raw)
		}
	}
	down := start(t, func(c *Config) { c.Log = testLog{err: fault.New(fault.Unavailable, "down")} })
	if a := down.get(down.province, "/v1/log/proof?index=4"); a.StatusCode != 503 || a.code() != "log.unavailable" {
		t.Errorf("%d %s", a.StatusCode, a.raw)
	}
}

func TestPathsAndMethods(t *testing.T) {
	s := start(t)
	for _, test := range []struct {
		method, path string
		status       int
		allow        string
	}{
		{"GET", "/v1/lookup", 405, "POST"},
		{"PUT", "/v1/verify", 405, "POST"},
		{"OPTIONS", "/v1/lookup", 405, "POST"},
		{"TRACE", "/v1/lookup", 405, "POST"},
		{"POST", "/v1/me", 405, "GET, HEAD"},
		{"DELETE", "/openapi.json", 405, "GET, HEAD"},
		{"POST", "/v1/lookup/", 404, ""},
		{"POST", "/v2/lookup", 404, ""},
		{"GET", "/", 404, ""},
		{"GET", "/checkpoint", 404, ""},
		{"GET", "/v1/lookup/001305000042", 404, ""},
		{"POST", "/v1//lookup", 404, ""},
		{"POST", "/v1/%6cookup", 200, ""},
		{"POST", "/v1/lookup%00", 404, ""},
		{"POST", "/v1/..%2fv1/lookup", 404, ""},
	} {
		r := s.request("", lookupBody)
		r.Method = test.method
		if test.method == "TRACE" { // the client sends no body with it
			r.Body, r.ContentLength = nil, 0
		}
		u, err := r.URL.Parse(s.url + test.path)
		if err != nil {
			t.Fatal(err)
		}
		r.URL = u
		a := s.send(s.province, r)
		if a.StatusCode != test.status || a.Header.Get("Allow") != test.allow {
			t.Errorf("%s %s: %d %q %s", test.method, test.path, a.StatusCode, a.Header.Get("Allow"), a.raw)
		}
		if test.status != 200 && a.code() != "request.invalid" {
			t.Errorf("%s %s: %s", test.method, test.path, a.raw)
		}
	}
}

// What only a raw connection can send.
func TestHostileBytes(t *testing.T) {
	s := start(t, func(c *Config) { c.Limits.ReadHeader, c.Limits.Read = time.Second, 2*time.Second })
	addr := strings.TrimPrefix(s.url, "https://")
	cert := s.province.Transport.(*http.Transport).TLSClientConfig.Certificates
	head := "POST /v1/lookup HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nDancu-Transaction-Id: " + web.NewID(now) + "\r\n"
	for name, test := range map[string]struct {
		bytes  string
		status []int // 0: closed without an answer
	}{
		"two lengths":          {head + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef", []int{400}},
		"length and chunks":    {head + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", []int{400, 200}},
		"negative length":      {head + "Content-Length: -1\r\n\r\n", []int{400}},
		"huge length":          {head + "Content-Length: 99999999999\r\n\r\n", []int{413}},
		"unknown encoding":     {head + "Transfer-Encoding: gzip\r\n\r\n", []int{501, 400}},
		"no host":              {"POST /v1/lookup HTTP/1.1\r\n\r\n", []int{400}},
		"HTTP/2 preface":       {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", []int{505, 400, 404}},
		"HTTP/3":               {"GET / HTTP/3.0\r\nHost: x\r\n\r\n", []int{505}},
		"asterisk":             {"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", []int{404, 400}},
		"absolute":             {"GET http://other/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n", []int{200}},
		"NUL in a header":      {head + "X: a\x00b\r\n\r\n", []int{400}},
		"header without colon": {head + "nonsense\r\n\r\n", []int{400}},
		"gigantic header":      {head + "X-Big: " + strings.Repeat("x", 1<<20) + "\r\n\r\n", []int{431}},
		"gigantic target":      {"GET /" + strings.Repeat("x", 1<<20) + " HTTP/1.1\r\nHost: x\r\n\r\n", []int{431, 400, 414}},
		"chunk of nonsense":    {head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", []int{400}},
		"a trickling body":     {head + "Content-Length: 500\r\n\r\n{", []int{408}},
		"a trickling head":     {head, []int{0, 408}},
		"garbage":              {"\x16\x03\x01\x00\x00", []int{0, 400}},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := tls.Dial("tcp", addr, &tls.Config{InsecureSkipVerify: true, Certificates: cert})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = c.Close() }()
			_ = c.SetDeadline(time.Now().Add(30 * time.Second))
			// The server may answer and close before all is written.
			_, _ = io.WriteString(c, test.bytes)
			res, err := http.ReadResponse(bufio.NewReader(c), nil)
			status := 0
			if err == nil {
				status = res.StatusCode
				_, _ = io.Copy(io.Discard, res.Body)
				_ = res.Body.Close()
			}
			for _, want := range test.status {
				if status == want {
					return
				}
			}
			t.Errorf("%d (%v), want one of %v", status, err, test.status)
		})
	}
	if a := s.post("/v1/lookup", lookupBody); a.StatusCode != 200 {
		t.Errorf("after all that: %d", a.StatusCode)
	}
}

// G10: whatever happens to a call, its person is in the body alone.
func TestNothingOfAPersonLeaks(t *testing.T) {
	s := start(t)
	const pin, name = "001305000042", "Nguyễn Văn An"
	var out strings.Builder
	call := func(r *http.Request, c *http.Client) {
		a := s.send(c, r)
		if a.StatusCode == 200 {
			return // an answer is to whom it belongs
		}
		fmt.Fprintf(&out, "%d %v %s\n", a.StatusCode, a.Header, a.raw)
	}
	for _, do := range []func(*gate.Call) (*gate.Answer, error){
		func(*gate.Call) (*gate.Answer, error) { return &gate.Answer{Receipt: []byte(receipt)}, nil },
		func(*gate.Call) (*gate.Answer, error) {
			return nil, &gate.Refusal{Code: access.PurposeNotGranted, Reasons: []access.Reason{{Code: access.PurposeNotGranted, Names: []string{pin}}}}
		},
		func(*gate.Call) (*gate.Answer, error) { return nil, fmt.Errorf("couldn't read %s", pin) },
		func(*gate.Call) (*gate.Answer, error) { panic(pin + name) },
	} {
		s.gate.do = do
		for _, path := range []string{"/v1/lookup", "/v1/" + pin, "/v1/lookup?pin=" + pin} {
			for _, body := range []string{
				lookupBody, lookupBody[:40], with("dateOfBirth", `"`+pin+`"`), with2(lookupBody, `"`+pin+`":1`), with2(lookupBody, `"`+name+`":1`),
				with("fields", `["`+pin+`","`+name+`"]`), strings.Replace(lookupBody, `"`+pin+`"`, pin, 1), with("receipt", `"`+name+`"`),
			} {
				for _, c := range []*http.Client{s.province, s.bare} {
					r := s.request(path, body)
					r.Header.Set("User-Agent", pin)
					r.Header.Set("Dancu-Client", pin+"\t")
					call(r, c)
					r = s.request(path, body)
					r.Header.Set("Dancu-Transaction-Id", pin)
					call(r, c)
					r = s.request(path, body)
					r.Header.Set("traceparent", pin)
					call(r, c)
				}
			}
		}
		r, _ := http.NewRequest("GET", s.url+"/v1/me?"+pin+"="+pin, nil)
		call(r, s.province)
		r, _ = http.NewRequest("GET", s.url+"/v1/log/proof?index="+pin+"&name="+pin, nil)
		call(r, s.province)
	}
	for what, text := range map[string]string{"problems": out.String(), "log": s.logged()} {
		for _, word := range []string{pin, name, "Nguy", "Văn An", "2005-02-03"} {
			if i := strings.Index(text, word); i >= 0 {
				t.Errorf("%s hold %q: …%s…", what, word, text[max(0, i-200):min(len(text), i+200)])
			}
		}
	}
	if !strings.Contains(s.logged(), `"route":"POST /v1/lookup"`) {
		t.Error("the log does not name the route")
	}
}

func BenchmarkAnswer(b *testing.B) {
	a := &gate.Answer{Match: true, Receipt: []byte(receipt)}
	buf := make([]byte, 0, 4096)
	b.ReportAllocs()
	for b.Loop() {
		buf = appendAnswer(buf[:0], access.Verify, 0, a)
	}
}

// sink is a ResponseWriter that keeps nothing.
type sink struct{ h http.Header }

func (s *sink) Header() http.Header         { return s.h }
func (s *sink) WriteHeader(int)             {}
func (s *sink) Write(b []byte) (int, error) { return len(b), nil }

// BenchmarkCall is a whole call without the network and the gate.
func BenchmarkCall(b *testing.B) {
	cert := certificate(b)
	g := &testGate{dir: directory(b, thumbprint(cert), access.Thumbprint{1})}
	answer := &gate.Answer{Receipt: []byte(receipt), Usage: gate.Usage{Calls: 1, Limit: 10, Reset: time.Now().Add(time.Hour)}}
	g.do = func(*gate.Call) (*gate.Answer, error) { g.calls = g.calls[:0]; return answer, nil }
	h := New(Config{Gate: g, Log: testLog{}, Rate: access.Rate{PerSecond: 1e9, Burst: 1 << 30}})
	c := *g.dir.Connection("c-onestop")
	c.Rate = access.Rate{PerSecond: 1e9, Burst: 1 << 30}
	doc, _ := json.Marshal(&c)
	g.dir, _ = g.dir.Apply([]access.Change{{Version: 1 << 40, Kind: access.ChangeConnection, ID: c.ID, Doc: doc}})
	body := strings.NewReader("")
	r, err := http.NewRequest("POST", "/v1/lookup", io.NopCloser(body))
	if err != nil {
		b.Fatal(err)
	}
	r.RemoteAddr, r.RequestURI = "127.0.0.1:1", "/v1/lookup"
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Dancu-Transaction-Id", web.NewID(time.Now()))
	r.TLS = &tls.ConnectionState{PeerCertificates: nil}
	r.TLS.PeerCertificates = append(r.TLS.PeerCertificates, cert.Leaf)
	r.ContentLength = int64(len(lookupBody))
	w := &sink{h: http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		clear(w.h)
		body.Reset(lookupBody)
		h.ServeHTTP(w, r)
	}
	if w.h.Get("Ratelimit") == "" {
		b.Fatal("not answered")
	}
}
