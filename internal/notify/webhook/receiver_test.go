package webhook

import (
	"crypto/x509"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dancu/internal/notify"
)

var secret = []byte("mot bi mat dai 32 ky tu cho test")

// receiver is an agency's system that checks what it gets.
type receiver struct {
	t      *testing.T
	server *httptest.Server
	roots  *x509.CertPool
	raw    atomic.Pointer[http.HandlerFunc] // if set, it answers alone

	mu     sync.Mutex // guards the rest
	now    func() time.Time
	answer func(w http.ResponseWriter, r *http.Request) bool // true: it has answered
	got    []payload
	ids    []string
	calls  int
}

// newReceiver starts one on this machine, with a certificate.
func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{t: t, now: time.Now, roots: x509.NewCertPool()}
	r.server = httptest.NewUnstartedServer(r)
	r.server.Config.ErrorLog = log.New(io.Discard, "", 0)
	r.server.StartTLS()
	t.Cleanup(r.server.Close)
	r.roots.AddCert(r.server.Certificate())
	return r
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	if raw := r.raw.Load(); raw != nil {
		(*raw)(w, req)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, req.Body, MaxBody))
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls++
	if r.answer != nil && r.answer(w, req) {
		return
	}
	if err != nil || req.Method != http.MethodPost || req.Header.Get("Content-Type") != "application/json" {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if err := Verify(secret, req.Header.Get(HeaderSignature), body, r.now(), Tolerance); err != nil {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	var p payload
	if err := json.Unmarshal(body, &p); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	r.got, r.ids = append(r.got, p), append(r.ids, req.Header.Get(HeaderID))
	w.WriteHeader(http.StatusNoContent)
}

// answers sets what it does instead of looking.
func (r *receiver) answers(f func(w http.ResponseWriter, req *http.Request) bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = f
}

// instead lets somebody else answer, who may take as long as they like.
func (r *receiver) instead(f http.HandlerFunc) { r.raw.Store(&f) }

func (r *receiver) status(code int) {
	r.answers(func(w http.ResponseWriter, _ *http.Request) bool { w.WriteHeader(code); return true })
}

func (r *receiver) took() []payload {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]payload(nil), r.got...)
}

func (r *receiver) called() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.calls
}

var thisMachine = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}

// sender is one that may reach this machine.
func (r *receiver) sender(change ...func(*Config)) *Sender {
	cfg := Config{Networks: thisMachine, Roots: r.roots, Time: 5 * time.Second}
	for _, c := range change {
		c(&cfg)
	}
	return New(cfg)
}

// message is one for this receiver.
func (r *receiver) message() *notify.Message {
	return &notify.Message{
		ID: "019aae10-7d52-7a31-8f0e-3d2f7c9a4b11", Topic: "task.overdue", To: "agency-1", Time: time.Date(2026, 11, 25, 1, 30, 0, 0, time.UTC),
		Params: map[string]string{"matter": "HS-1", "due": "2026-12-02"}, URL: "https://dancu.example.vn/matters/1",
		Texts: []notify.Rendered{{Lang: "vi", Subject: "Công việc quá hạn", Body: "Đề nghị xử lý ngay."}, {Lang: "en", Subject: "A task is overdue", Body: "Please deal with it."}},
		Webhook: &notify.Webhook{
			ID: "hook-1", URL: r.server.URL + "/thong-bao", Secret: secret,
		},
	}
}

func (r *receiver) refused(err error, code string, never bool) {
	r.t.Helper()
	if err == nil || notify.CodeOf(err) != code || notify.IsRefused(err) != never {
		r.t.Errorf("got %v (for good: %v), want %s (%v)", err, notify.IsRefused(err), code, never)
	}
}
