package telemetry

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"
)

type odd struct{ Number string }

func TestLoggerHidesNumbers(t *testing.T) {
	const pin, cmnd = "001305000042", "123456789"
	var b bytes.Buffer
	l, err := NewLogger(&b, "info", "n1")
	if err != nil {
		t.Fatal(err)
	}
	l.With("with", "x"+pin).WithGroup("g").Info(
		"message "+pin, "string", "a"+cmnd+"b", "error", errors.New(pin), "any", odd{pin}, "list", []string{cmnd},
		slog.Group("group", "inner", pin), "short", "12345678",
	)
	l.Debug("not at this level")
	if s := b.String(); strings.Contains(s, pin) || strings.Contains(s, cmnd) || !strings.Contains(s, "12345678") {
		t.Errorf("got %s", s)
	}
	var record map[string]any
	if err := json.Unmarshal(b.Bytes(), &record); err != nil {
		t.Fatalf("not one line of JSON: %v", err)
	}
	if record["node"] != "n1" || record["msg"] != "message #" {
		t.Errorf("got %v", record)
	}
}

func TestLoggerWithholdsWhatIsPersonal(t *testing.T) {
	const name = "Nguyễn Thị Ánh"
	type person struct{ FullName string }
	var b bytes.Buffer
	l, err := NewLogger(&b, "info", "n1")
	if err != nil {
		t.Fatal(err)
	}
	l.With("full_name", name).WithGroup("keys").Info("x", "a", name)
	l.Info("x", "fullName", name, "FULL-NAME", name, "dateOfBirth", name, "cmnd", 98765432101234567, "pin", []byte(name))
	l.Info("x", slog.Group("subject", "inner", name, slog.Group("deeper", "still", name)))
	l.Info("x", "p", person{name}, "q", &person{name}, "r", []person{{name}}, "s", map[string]string{"k": name}, "t", []any{name})
	if strings.Contains(b.String(), "Ánh") || strings.Contains(b.String(), "98765432101234567") {
		t.Errorf("got %s", b.String())
	}
	if n := strings.Count(b.String(), "(withheld"); n != 14 {
		t.Errorf("%d values withheld, want 14: %s", n, b.String())
	}

	b.Reset()
	l.Info("x", "connection", "c1", "codes", []string{"a", "b"}, "from", netip.MustParseAddr("127.0.0.1"),
		"error", errors.New("why"), "n", 7, "took", time.Second, "nothing", nil, "yes", true)
	for _, want := range []string{`"connection":"c1"`, `[a b]`, `127.0.0.1`, `why`, `"n":7`, `"yes":true`} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %s in %s", want, b.String())
		}
	}
	if strings.Contains(b.String(), "withheld") {
		t.Errorf("got %s", b.String())
	}
}

func TestLoggerKeepsTimesAndRequestIDs(t *testing.T) {
	var b bytes.Buffer
	l, err := NewLogger(&b, "info", "n1")
	if err != nil {
		t.Fatal(err)
	}
	const id = "01890a5d-ac96-774b-bcce-123456789012"
	l.Info("x", "request", id, "duration", 5*time.Second)
	if !strings.Contains(b.String(), id) || !strings.Contains(b.String(), "5000000000") {
		t.Errorf("got %s", b.String())
	}
}

func TestLoggerRefusesUnknownLevels(t *testing.T) {
	if _, err := NewLogger(&bytes.Buffer{}, "loud", "n"); err == nil {
		t.Error("no error")
	}
}

func TestHide(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "12345678": "12345678", "123456789": "#", "a123456789": "a#", "1 123456789012 2": "1 # 2", "é123456789é": "é#é",
	} {
		if got := Hide(in); got != want {
			t.Errorf("Hide(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestReadinessSaysWhyNot(t *testing.T) {
	m := NewMetrics("v1", "n1")
	m.Gauge("dancu_test", "A test.", func() float64 { return 7 })
	m.Counter("dancu_test_total", "A test.", func() float64 { return 8 })
	m.Observe("api", "POST /v1/lookup", 200, "", time.Millisecond)
	m.Observe("api", "", 404, "request.invalid", time.Millisecond)
	var not error
	h := m.Handler(func() error { return not })
	get := func(path string) (int, string) {
		r := httptest.NewRecorder()
		h.ServeHTTP(r, httptest.NewRequest(http.MethodGet, path, nil))
		return r.Code, r.Body.String()
	}
	if code, body := get("/readyz"); code != 200 || body != "ready\n" {
		t.Errorf("got %d %q", code, body)
	}
	not = errors.New("the log is starting 123456789")
	if code, body := get("/readyz"); code != 503 || body != "the log is starting #\n" {
		t.Errorf("got %d %q", code, body)
	}
	if code, _ := get("/healthz"); code != 200 {
		t.Errorf("healthz: %d", code)
	}
	_, body := get("/metrics")
	for _, want := range []string{
		"dancu_test 7", "dancu_test_total 8", `version="v1"`,
		`dancu_requests_total{code="",listener="api",route="POST /v1/lookup",status="200"} 1`,
		`dancu_requests_total{code="request.invalid",listener="api",route="none",status="404"} 1`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("no %q in the metrics", want)
		}
	}
}
