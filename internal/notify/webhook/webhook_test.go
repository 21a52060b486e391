package webhook

import (
	"crypto/x509"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dancu/internal/fault"
)

func TestANoticeArrivesSigned(t *testing.T) {
	r := newReceiver(t)
	m := r.message()
	if err := r.sender().Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	got := r.took()
	if len(got) != 1 {
		t.Fatalf("arrived %d times", len(got))
	}
	p := got[0]
	if p.ID != m.ID || r.ids[0] != m.ID || p.Topic != m.Topic || p.To != "agency-1" || !p.Time.Equal(m.Time) || p.Page != m.URL ||
		p.Params["due"] != "2026-12-02" || p.VI.Title != "Công việc quá hạn" || p.VI.Text != "Đề nghị xử lý ngay." || p.EN.Title != "A task is overdue" {
		t.Errorf("arrived as %+v", p)
	}
}

func TestTheReceiverRefusesWhatIsNotOurs(t *testing.T) {
	r := newReceiver(t)
	m := r.message()
	m.Webhook.Secret = []byte("another secret of good length")
	r.refused(r.sender().Send(t.Context(), m), "webhook.status.401", false)
	// Clocks apart, ours or theirs: refused, and tried again when they are set.
	for _, by := range []time.Duration{Tolerance + 5*time.Second, -Tolerance - 5*time.Second} {
		off := func(c *Config) { c.Now = func() time.Time { return time.Now().Add(by) } }
		r.refused(r.sender(off).Send(t.Context(), r.message()), "webhook.status.401", false)
	}
	near := func(c *Config) { c.Now = func() time.Time { return time.Now().Add(Tolerance - 10*time.Second) } }
	if err := r.sender(near).Send(t.Context(), r.message()); err != nil {
		t.Errorf("within the tolerance: %v", err)
	}
	if len(r.took()) != 1 {
		t.Errorf("%d were taken", len(r.took()))
	}
}

func TestSignature(t *testing.T) {
	at, body := time.Unix(1764034200, 0), []byte(`{"id":"1"}`)
	// Made apart from this program, with openssl dgst -sha256 -hmac.
	const want = "t=1764034200,v1=d3a7a85cf998dd77f24b544f3cc85886cce497706b89e31a188b091a42738201"
	if got := Sign(at, body, secret); got != want {
		t.Errorf("signed %s, want %s", got, want)
	}
	for _, c := range []struct {
		name, header string
		body         []byte
		now          time.Time
		ok           bool
	}{
		{"as it should be", want, body, at, true},
		{"at the edge", want, body, at.Add(Tolerance), true},
		{"too late", want, body, at.Add(Tolerance + time.Second), false},
		{"at the other edge", want, body, at.Add(-Tolerance), true},
		{"too early", want, body, at.Add(-Tolerance - time.Second), false},
		{"another body", want, []byte(`{"id":"2"}`), at, false},
		{"another time", strings.Replace(want, "4200", "4201", 1), body, at, false},
		{"nothing", "", body, at, false},
		{"no signature", "t=1764034200", body, at, false},
		{"no time", "t=,v1=" + want[len("t=1764034200,v1="):], body, at, false},
		{"cut", want[:len(want)-2], body, at, false},
		{"not hex", "t=1764034200,v1=zz", body, at, false},
	} {
		if err := Verify(secret, c.header, c.body, c.now, Tolerance); (err == nil) != c.ok || err != nil && !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestWhatTheReceiverSays(t *testing.T) {
	r := newReceiver(t)
	send := func() error { return r.sender().Send(t.Context(), r.message()) }
	for _, code := range []int{200, 202, 204} {
		r.status(code)
		if err := send(); err != nil {
			t.Errorf("%d: %v", code, err)
		}
	}
	for _, code := range []int{400, 401, 404, 429, 500, 503} {
		r.status(code)
		r.refused(send(), fmt.Sprintf("webhook.status.%d", code), false)
	}
	r.status(http.StatusGone)
	r.refused(send(), "webhook.gone", true)
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	r := newReceiver(t)
	var elsewhere atomic.Int32
	other := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { elsewhere.Add(1) }))
	t.Cleanup(other.Close)
	r.roots.AddCert(other.Certificate())
	for _, code := range []int{301, 302, 303, 307, 308} {
		r.answers(func(w http.ResponseWriter, req *http.Request) bool {
			http.Redirect(w, req, other.URL, code)
			return true
		})
		r.refused(r.sender().Send(t.Context(), r.message()), "webhook.redirect", false)
	}
	if n := elsewhere.Load(); n != 0 {
		t.Errorf("%d redirects were followed", n)
	}
}

func TestASlowReceiver(t *testing.T) {
	r := newReceiver(t)
	short := func(c *Config) { c.Time = 300 * time.Millisecond }
	end := make(chan struct{})
	t.Cleanup(func() { close(end) })
	r.instead(func(http.ResponseWriter, *http.Request) { <-end })
	began := time.Now()
	r.refused(r.sender(short).Send(t.Context(), r.message()), "timeout", false)
	if took := time.Since(began); took < 250*time.Millisecond || took > 3*time.Second {
		t.Errorf("it took %v, want 300 ms", took)
	}
}

// Who has said yes has the notice: a body that never ends, or is endless, holds
// nobody up and changes nothing.
func TestASlowBody(t *testing.T) {
	r := newReceiver(t)
	end := make(chan struct{})
	t.Cleanup(func() { close(end) })
	for name, answer := range map[string]http.HandlerFunc{
		"slow": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusOK)
			w.(http.Flusher).Flush()
			<-end
		},
		"endless": func(w http.ResponseWriter, req *http.Request) {
			w.WriteHeader(http.StatusOK)
			for req.Context().Err() == nil {
				if _, err := w.Write(make([]byte, 1<<16)); err != nil {
					return
				}
			}
		},
	} {
		r.instead(answer)
		began := time.Now()
		if err := r.sender(func(c *Config) { c.Time = 300 * time.Millisecond }).Send(t.Context(), r.message()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if took := time.Since(began); took > 3*time.Second {
			t.Errorf("%s: it took %v", name, took)
		}
	}
	// A header without end is no answer.
	r.instead(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X", strings.Repeat("x", 2*maxHeader))
		w.WriteHeader(http.StatusOK)
	})
	r.refused(r.sender().Send(t.Context(), r.message()), "webhook.unreachable", false)
}

func TestCertificatesAreChecked(t *testing.T) {
	r := newReceiver(t)
	r.refused(r.sender(func(c *Config) { c.Roots = x509.NewCertPool() }).Send(t.Context(), r.message()), "webhook.tls", false)
	m := r.message()
	m.Webhook.URL = strings.Replace(m.Webhook.URL, "127.0.0.1", "localhost", 1) // not in the certificate
	r.refused(r.sender().Send(t.Context(), m), "webhook.tls", false)
	if r.called() != 0 {
		t.Error("something was posted all the same")
	}
}

func TestOurOwnNetworksAreOutOfReach(t *testing.T) {
	r := newReceiver(t)
	for _, host := range []string{"127.0.0.1", "localhost"} {
		m := r.message()
		m.Webhook.URL = strings.Replace(m.Webhook.URL, "127.0.0.1", host, 1)
		r.refused(r.sender(func(c *Config) { c.Networks = nil }).Send(t.Context(), m), "webhook.address", false)
	}
	if r.called() != 0 {
		t.Fatal("our own machine was reached")
	}
	for address, want := range map[string]bool{
		"1.1.1.1": true, "203.162.0.1": true, "2405:4800::1": true, "172.15.255.255": true, "172.32.0.1": true, "100.63.255.255": true, "100.128.0.1": true,
		"0.0.0.0": false, "0.1.2.3": false, "127.0.0.1": false, "127.255.255.255": false, "10.0.0.1": false, "172.16.0.1": false, "172.31.255.255": false,
		"192.168.1.1": false, "169.254.169.254": false, "100.64.0.1": false, "192.0.2.1": false, "198.18.0.1": false, "224.0.0.1": false, "240.0.0.1": false, "255.255.255.255": false,
		"::": false, "::1": false, "::127.0.0.1": false, "::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false, "::ffff:1.1.1.1": true, "64:ff9b::7f00:1": false,
		"fe80::1": false, "fe80::1%eth0": false, "fc00::1": false, "fd12::1": false, "ff02::1": false, "2002:7f00:1::": false, "2001::1": false, "2001:db8::1": false,
	} {
		if got := reachable(netip.MustParseAddr(address), nil); got != want {
			t.Errorf("%s may be reached: %v, want %v", address, got, want)
		}
	}
	// What is allowed is allowed, and nothing beside it.
	allowed := []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")}
	for address, want := range map[string]bool{"10.1.0.1": true, "::ffff:10.1.255.255": true, "10.2.0.1": false, "127.0.0.1": false, "1.1.1.1": true} {
		if got := reachable(netip.MustParseAddr(address), allowed); got != want {
			t.Errorf("with 10.1.0.0/16 allowed, %s: %v, want %v", address, got, want)
		}
	}
}

func TestNobodyListens(t *testing.T) {
	r := newReceiver(t)
	r.server.Close()
	r.refused(r.sender().Send(t.Context(), r.message()), "webhook.unreachable", false)
}

func TestWhatCannotBeAReceiver(t *testing.T) {
	r := newReceiver(t)
	for address, ok := range map[string]bool{
		"https://system.example.vn/notices": true, "https://system.example.vn:8443/a?b=c": true, "https://[2405:4800::1]/": true,
		"http://system.example.vn/": false, "ftp://system.example.vn/": false, "system.example.vn": false, "": false, "https://": false, "https://:443/": false,
		"https://user:pw@system.example.vn/": false, "https://system.example.vn/#a": false, "https://system.example.vn/\n": false,
		"https://system.example.vn/" + strings.Repeat("x", 2000): false, "https:system.example.vn": false,
	} {
		if err := CheckURL(address); (err == nil) != ok || err != nil && !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", address, err)
		}
		if !ok {
			m := r.message()
			m.Webhook.URL = address
			r.refused(r.sender().Send(t.Context(), m), "webhook.invalid", false)
		}
	}
	for n, ok := range map[int]bool{0: false, MinSecret - 1: false, MinSecret: true} {
		m := r.message()
		m.Webhook.Secret = secret[:n]
		r.answers(func(w http.ResponseWriter, _ *http.Request) bool { w.WriteHeader(http.StatusOK); return true })
		if err := r.sender().Send(t.Context(), m); (err == nil) != ok {
			t.Errorf("a secret of %d bytes: %v", n, err)
		}
	}
	for n, ok := range map[int]bool{MaxBody - 2000: true, MaxBody: false} {
		m := r.message()
		m.Texts[0].Body = strings.Repeat("x", n)
		if err := r.sender().Send(t.Context(), m); (err == nil) != ok {
			t.Errorf("a text of %d bytes: %v", n, err)
		}
	}
}
