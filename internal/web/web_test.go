package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dancu/internal/fault"
)

// serve runs one request through a Kit around h and returns the answer, the
// logged text and the event.
func serve(t *testing.T, h http.Handler, r *http.Request) (*http.Response, string, Event) {
	t.Helper()
	var log bytes.Buffer
	var event Event
	k := &Kit{Log: slog.New(slog.NewJSONHandler(&log, nil)), Observe: func(e *Event) { event = *e }}
	w := httptest.NewRecorder()
	k.Wrap(h).ServeHTTP(w, r)
	return w.Result(), log.String(), event
}

func body(t *testing.T, res *http.Response) map[string]any {
	t.Helper()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatalf("not JSON: %v\n%s", err, raw)
	}
	return m
}

func TestEveryKindHasOneStatusAndCode(t *testing.T) {
	want := map[fault.Kind]struct {
		status int
		code   string
	}{
		fault.Internal:        {500, "internal"},
		fault.Invalid:         {400, "request.invalid"},
		fault.Unauthenticated: {401, "auth.unknown_credential"},
		fault.Forbidden:       {403, "grant.none"},
		fault.NotFound:        {404, "request.invalid"},
		fault.Conflict:        {409, "request.invalid"},
		fault.Exhausted:       {429, "rate.exceeded"},
		fault.Unavailable:     {503, "service.busy"},
	}
	for k, w := range want {
		res, _, event := serve(t, Handler(func(http.ResponseWriter, *http.Request) error {
			return fmt.Errorf("around: %w", fault.New(k, "say this"))
		}), httptest.NewRequest("GET", "/", nil))
		m := body(t, res)
		if res.StatusCode != w.status || m["code"] != w.code || m["status"] != float64(w.status) || event.Code != w.code {
			t.Errorf("%v: status %d, %v; want %d %s", k, res.StatusCode, m, w.status, w.code)
		}
		if got := m["detail"]; k != fault.Internal && got != "say this" || k == fault.Internal && got != nil {
			t.Errorf("%v: detail %v", k, got)
		}
		if got := res.Header.Get("Content-Type"); got != "application/problem+json" {
			t.Errorf("%v: content type %q", k, got)
		}
	}
	for code := range Titles {
		if Titles[code].VI == "" || Titles[code].EN == "" {
			t.Errorf("code %s lacks a title", code)
		}
	}
}

func TestInternalTextNeverLeaves(t *testing.T) {
	const secret = "open /secret/place: no"
	tests := map[string]Handler{
		"error": func(http.ResponseWriter, *http.Request) error { return errors.New(secret) },
		"cause": func(http.ResponseWriter, *http.Request) error {
			return fault.Wrap(fault.Unavailable, errors.New(secret), "later")
		},
		"panic":         func(http.ResponseWriter, *http.Request) error { panic(secret) },
		"panic error":   func(http.ResponseWriter, *http.Request) error { panic(errors.New(secret)) },
		"internal kind": func(http.ResponseWriter, *http.Request) error { return fault.New(fault.Internal, secret) },
		"problem's cause": func(http.ResponseWriter, *http.Request) error {
			return &Problem{Status: 500, Code: "internal", Cause: errors.New(secret)}
		},
	}
	for name, h := range tests {
		res, log, event := serve(t, h, httptest.NewRequest("GET", "/", nil))
		raw, _ := io.ReadAll(res.Body)
		if strings.Contains(string(raw), "secret") {
			t.Errorf("%s: the text left: %s", name, raw)
		}
		if res.StatusCode < 500 || event.Err == nil {
			t.Errorf("%s: status %d, event %+v", name, res.StatusCode, event)
		}
		if strings.HasPrefix(name, "panic") {
			// The value of a panic may be anything; its type is enough.
			if strings.Contains(log, "secret") || !strings.Contains(log, "stack") {
				t.Errorf("%s: logged %s", name, log)
			}
		} else if !strings.Contains(log, secret) || !strings.Contains(log, `"level":"ERROR"`) {
			t.Errorf("%s: not logged: %s", name, log)
		}
	}
}

func TestRuntimePanicIsAProblemAndKeepsItsText(t *testing.T) {
	var none []int
	res, log, _ := serve(t, Handler(func(http.ResponseWriter, *http.Request) error { return fmt.Errorf("%d", none[3]) }), httptest.NewRequest("GET", "/", nil))
	if res.StatusCode != 500 || !strings.Contains(log, "index out of range") {
		t.Errorf("status %d, log %s", res.StatusCode, log)
	}
}

func TestACallerThatWentAwayIsNoError(t *testing.T) {
	_, log, event := serve(t, Handler(func(http.ResponseWriter, *http.Request) error {
		return fault.Wrap(fault.Unavailable, context.Canceled, "the caller went away")
	}), httptest.NewRequest("GET", "/", nil))
	if strings.Contains(log, `"ERROR"`) || event.Status != 503 {
		t.Errorf("%+v %s", event, log)
	}
}

func TestHalfAnAnswerIsBrokenOff(t *testing.T) {
	defer func() {
		if v := recover(); !aborts(v) {
			t.Errorf("recovered %v; the connection must be aborted", v)
		}
	}()
	serve(t, Handler(func(w http.ResponseWriter, _ *http.Request) error {
		_, _ = w.Write([]byte(`{"half":`))
		panic("late")
	}), httptest.NewRequest("GET", "/", nil))
}

func TestEventHoldsNoPerson(t *testing.T) {
	const pin, name = "001305000042", "NguyenVanAn"
	m := NewMux()
	m.HandleFunc("GET /thing/{id}", func(http.ResponseWriter, *http.Request) error {
		return fmt.Errorf("couldn't read row (%s): 012345678", pin)
	})
	for _, r := range []*http.Request{
		httptest.NewRequest("GET", "/thing/"+pin+"?pin="+pin+"&name="+name, nil),
		httptest.NewRequest("GET", "/"+pin, nil),
		httptest.NewRequest(pin, "/thing/"+name, nil),
		httptest.NewRequest("POST", "/thing/"+name+"?"+name, strings.NewReader(pin)),
	} {
		r.Header.Set("User-Agent", name)
		_, log, event := serve(t, m, r)
		if log == "" || event.Status == 0 {
			t.Fatal("no event")
		}
		if s := log + fmt.Sprintf("%+v", event.Method+event.Route); strings.Contains(s, pin) || strings.Contains(s, name) || strings.Contains(s, "012345678") {
			t.Errorf("%s %s: the log has a person in it: %s", r.Method, r.URL, log)
		}
	}
}

func TestEventSaysWhatTheOperatorNeeds(t *testing.T) {
	m := NewMux()
	m.HandleFunc("GET /x", func(w http.ResponseWriter, _ *http.Request) error {
		EventOf(w).Connection, EventOf(w).Trace = "conn-1", "abc"
		return &Problem{Status: 403, Code: "connection.suspended"}
	})
	res, log, event := serve(t, m, httptest.NewRequest("GET", "/x", nil))
	var rec map[string]any
	if err := json.Unmarshal([]byte(log), &rec); err != nil {
		t.Fatalf("want one record: %v: %s", err, log)
	}
	delete(rec, "time")
	if _, ok := rec["duration"].(float64); !ok {
		t.Error("no duration")
	}
	delete(rec, "duration")
	want := map[string]any{
		"level": "INFO", "msg": "request", "method": "GET", "route": "GET /x", "status": 403.0,
		"request": res.Header.Get("Dancu-Request-Id"), "code": "connection.suspended", "connection": "conn-1", "trace": "abc",
	}
	if d := cmp.Diff(want, rec); d != "" {
		t.Error(d)
	}
	if _, _, ok := ParseID(event.RequestID); !ok {
		t.Errorf("request id %q", event.RequestID)
	}
}

func TestProblemIsInBothLanguages(t *testing.T) {
	p := &Problem{
		Status: 429, Code: "rate.exceeded", Title: Titles["rate.exceeded"], Detail: Text{"chờ", "wait"},
		RetryAfter: 1500 * time.Millisecond, Index: 0, HasIndex: true, Names: []string{"a\"b"}, Reasons: []string{"rate.exceeded"},
		Result: "answered", Pointer: "", HasPointer: true,
	}
	for _, test := range []struct{ accept, title, detail, lang string }{
		{"", "Gọi quá nhanh", "chờ", "vi"},
		{"en", "Too many requests", "wait", "en"},
		{"fr", "Gọi quá nhanh", "chờ", "vi"},
		{"vi;q=0.4, en-US;q=0.9", "Too many requests", "wait", "en"},
		{"en;q=0, vi;q=0.1", "Gọi quá nhanh", "chờ", "vi"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Accept-Language", test.accept)
		res, _, event := serve(t, Handler(func(http.ResponseWriter, *http.Request) error { return p }), r)
		want := map[string]any{
			"type": "urn:dancu:problem:rate.exceeded", "title": test.title, "titles": map[string]any{"vi": "Gọi quá nhanh", "en": "Too many requests"},
			"status": 429.0, "detail": test.detail, "instance": "urn:uuid:" + event.RequestID, "code": "rate.exceeded",
			"pointer": "", "index": 0.0, "names": []any{`a"b`}, "reasons": []any{"rate.exceeded"}, "result": "answered",
		}
		if d := cmp.Diff(want, body(t, res)); d != "" {
			t.Errorf("%q: %s", test.accept, d)
		}
		if res.Header.Get("Retry-After") != "2" || res.Header.Get("Content-Language") != test.lang || res.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("headers %v", res.Header)
		}
	}
}

func TestAcceptLanguage(t *testing.T) {
	for header, want := range map[string]Lang{
		"": Vietnamese, "en": English, "EN-gb": English, "vi-VN,vi;q=0.9,en;q=0.8": Vietnamese, "de, en;q=0.5": English,
		"*": Vietnamese, "en;q=x": Vietnamese, "en;q=2": Vietnamese, "en;q=NaN": Vietnamese, "eng": Vietnamese,
		strings.Repeat("x,", 200) + "en": Vietnamese, ",,;;=": Vietnamese, "en;q=0.5,vi;q=0.5": English,
	} {
		if got := AcceptLanguage(header); got != want {
			t.Errorf("%q: %s, want %s", header, got, want)
		}
	}
}

func TestUnknownPathsAndMethodsAreProblems(t *testing.T) {
	m := NewMux()
	m.HandleFunc("POST /v1/lookup", func(w http.ResponseWriter, _ *http.Request) error { w.WriteHeader(204); return nil })
	m.HandleFunc("GET /tile/{path...}", func(w http.ResponseWriter, _ *http.Request) error { w.WriteHeader(204); return nil })
	for _, test := range []struct {
		method, target string
		status         int
		allow          string
	}{
		{"POST", "/v1/lookup", 204, ""},
		{"GET", "/v1/lookup", 405, "POST"},
		{"DELETE", "/v1/lookup", 405, "POST"},
		{"BREW", "/v1/lookup", 405, "POST"},
		{"POST", "/v1/lookup/", 404, ""},
		{"POST", "/v1/LOOKUP", 404, ""},
		{"POST", "//v1/lookup", 404, ""},
		{"POST", "/v1/../v1/lookup", 404, ""},
		{"POST", "/v1/./lookup", 404, ""},
		{"GET", "/", 404, ""},
		{"GET", "/tile/0/000", 204, ""},
		{"HEAD", "/tile/0/000", 204, ""},
		{"POST", "/tile/0/000", 405, "GET, HEAD"},
		{"GET", "/tile/../x", 404, ""},
	} {
		r := httptest.NewRequest(test.method, "/", nil)
		r.RequestURI, r.URL.Path = test.target, test.target
		res, _, event := serve(t, m, r)
		if res.StatusCode != test.status || res.Header.Get("Allow") != test.allow {
			t.Errorf("%s %s: %d %q, want %d %q", test.method, test.target, res.StatusCode, res.Header.Get("Allow"), test.status, test.allow)
		}
		if test.status >= 400 && (event.Code != "request.invalid" || body(t, res)["code"] != "request.invalid") {
			t.Errorf("%s %s: event %+v", test.method, test.target, event)
		}
	}
}

func TestHeadLimits(t *testing.T) {
	k := &Kit{Limits: Limits{HeaderBytes: 100, Headers: 3, URIBytes: 20}}
	h := k.Wrap(Handler(func(w http.ResponseWriter, _ *http.Request) error { w.WriteHeader(204); return nil }))
	tests := []struct {
		name   string
		uri    string
		header http.Header
		status int
	}{
		{"at the limit of bytes", "/", http.Header{"A": {strings.Repeat("x", 95)}}, 204},
		{"one byte more", "/", http.Header{"A": {strings.Repeat("x", 96)}}, 431},
		{"at the limit of fields", "/", http.Header{"A": {"", "", ""}}, 204},
		{"one field more", "/", http.Header{"A": {"", ""}, "B": {"", ""}}, 431},
		{"at the limit of the target", "/" + strings.Repeat("x", 19), nil, 204},
		{"one byte more of target", "/" + strings.Repeat("x", 20), nil, 414},
	}
	for _, test := range tests {
		r := httptest.NewRequest("GET", test.uri, nil)
		r.Header = test.header
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != test.status {
			t.Errorf("%s: %d, want %d", test.name, w.Code, test.status)
		}
		if test.status >= 400 && (!strings.Contains(w.Body.String(), "request.too_large") || w.Header().Get("Connection") != "close") {
			t.Errorf("%s: %v %s", test.name, w.Header(), w.Body)
		}
	}
}

// slowReader is a body whose deadline passed.
type slowReader struct{}

func (slowReader) Read([]byte) (int, error) { return 0, fmt.Errorf("read: %w", os.ErrDeadlineExceeded) }

func TestReadBody(t *testing.T) {
	const limit = 64
	chunked := func(n int) *http.Request {
		r := httptest.NewRequest("POST", "/", io.MultiReader(strings.NewReader(strings.Repeat("x", n))))
		r.ContentLength = -1
		return r
	}
	whole := func(n int) *http.Request {
		return httptest.NewRequest("POST", "/", strings.NewReader(strings.Repeat("x", n)))
	}
	early := whole(10)
	early.ContentLength = 20
	slow := httptest.NewRequest("POST", "/", slowReader{})
	slow.ContentLength = 5
	tests := []struct {
		name   string
		r      *http.Request
		status int // 0: read
		want   int
	}{
		{"at the limit", whole(limit), 0, limit},
		{"one more", whole(limit + 1), 413, 0},
		{"chunked at the limit", chunked(limit), 0, limit},
		{"chunked, one more", chunked(limit + 1), 413, 0},
		{"empty", whole(0), 0, 0},
		{"ends early", early, 400, 0},
		{"too slow", slow, 408, 0},
	}
	for _, test := range tests {
		got, err := ReadBody(httptest.NewRecorder(), test.r, make([]byte, 0, 8), limit)
		var p *Problem
		switch {
		case test.status == 0 && (err != nil || len(got) != test.want):
			t.Errorf("%s: %d bytes, %v", test.name, len(got), err)
		case test.status != 0 && (!errors.As(err, &p) || p.Status != test.status || !p.Close):
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

func TestIDs(t *testing.T) {
	now := time.UnixMilli(1_763_800_000_123)
	seen := map[string]bool{}
	for range 1000 {
		id := NewID(now)
		got, at, ok := ParseID(id)
		if !ok || got != id || !at.Equal(now) || seen[id] {
			t.Fatalf("%q: %q %v %v", id, got, at, ok)
		}
		seen[id] = true
	}
	if got, _, ok := ParseID("019AABCD-0000-7ABC-8DEF-0123456789AB"); !ok || got != "019aabcd-0000-7abc-8def-0123456789ab" {
		t.Errorf("capitals: %q %v", got, ok)
	}
	for _, bad := range []string{
		"", "019aabcd-0000-7abc-8def-0123456789a", "019aabcd-0000-7abc-8def-0123456789abc",
		"019aabcd-0000-4abc-8def-0123456789ab", "019aabcd-0000-7abc-7def-0123456789ab", "019aabcd-0000-7abc-cdef-0123456789ab",
		"019aabcd00000-7abc-8def-0123456789ab", "{19aabcd-0000-7abc-8def-0123456789ab", "019aabcg-0000-7abc-8def-0123456789ab",
	} {
		if _, _, ok := ParseID(bad); ok {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestRedact(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "12345678": "12345678", "123456789": "#", "a 001305000042, b 012345678!": "a #, b #!", "0013050000421234": "#",
	} {
		if got := Redact(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestPageHeaders(t *testing.T) {
	var nonces []string
	h := Page(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		nonces = append(nonces, Nonce(r))
		if _, err := io.ReadAll(r.Body); err != nil {
			w.WriteHeader(413)
		}
	}), PageOptions{Nonce: true, BodyBytes: 4})
	for _, body := range []string{"1234", "12345"} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("POST", "https://x.example/?lang=en", strings.NewReader(body)))
		csp := w.Header().Get("Content-Security-Policy")
		if strings.Contains(csp, "unsafe") || !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "frame-ancestors 'none'") ||
			!strings.Contains(csp, "'nonce-"+nonces[len(nonces)-1]+"'") {
			t.Errorf("policy %q", csp)
		}
		if (w.Code == 413) != (len(body) > 4) {
			t.Errorf("body of %d: %d", len(body), w.Code)
		}
		for k, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
			"Strict-Transport-Security": "max-age=31536000", "Cross-Origin-Opener-Policy": "same-origin",
		} {
			if got := w.Header().Get(k); got != want {
				t.Errorf("%s: %q", k, got)
			}
		}
		if c := w.Header().Get("Set-Cookie"); !strings.HasPrefix(c, "dancu_lang=en;") || !strings.Contains(c, "Secure") || !strings.Contains(c, "HttpOnly") {
			t.Errorf("cookie %q", c)
		}
	}
	if nonces[0] == nonces[1] || nonces[0] == "" {
		t.Errorf("nonces %q", nonces)
	}
}

func TestLanguageOfAPage(t *testing.T) {
	r := httptest.NewRequest("GET", "/a?lang=en&x=1", nil)
	if got := Language(r); got != English {
		t.Errorf("?lang: %s", got)
	}
	if got := LangLink(r, Vietnamese); got != "/a?lang=vi&x=1" {
		t.Errorf("link %q", got)
	}
	r = httptest.NewRequest("GET", "/a?lang=xx", nil)
	r.AddCookie(&http.Cookie{Name: langCookie, Value: "en"})
	if got := Language(r); got != English {
		t.Errorf("cookie: %s", got)
	}
	r = httptest.NewRequest("GET", "/a", nil)
	r.AddCookie(&http.Cookie{Name: langCookie, Value: "zz"})
	if got := Language(r); got != Vietnamese {
		t.Errorf("default: %s", got)
	}
}

func TestCrossOriginIsRefused(t *testing.T) {
	h, err := CrossOrigin(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }), "https://ok.example")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		site, origin string
		status       int
	}{
		{"same-origin", "", 204},
		{"none", "", 204},
		{"cross-site", "https://bad.example", 403},
		{"cross-site", "https://ok.example", 204},
		{"", "https://bad.example", 403},
	} {
		r := httptest.NewRequest("POST", "https://console.example/act", nil)
		if test.site != "" {
			r.Header.Set("Sec-Fetch-Site", test.site)
		}
		if test.origin != "" {
			r.Header.Set("Origin", test.origin)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != test.status {
			t.Errorf("%+v: %d", test, w.Code)
		}
	}
	if _, err := CrossOrigin(http.NotFoundHandler(), "nonsense"); err == nil {
		t.Error("a trusted origin that is none was taken")
	}
}
