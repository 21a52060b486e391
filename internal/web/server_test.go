package web

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"math/big"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// running is a server under test.
type running struct {
	addr string
	stop context.CancelFunc
	done chan error
	srv  *Server
}

func start(t *testing.T, s *Server) *running {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	r := &running{addr: ln.Addr().String(), stop: cancel, done: make(chan error, 1), srv: s}
	go func() { r.done <- s.Serve(ctx, ln) }()
	t.Cleanup(func() {
		cancel()
		<-r.done
	})
	return r
}

func (r *running) dial(t *testing.T) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", r.addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	// So that a hanging server fails the test instead of the whole run.
	_ = c.SetDeadline(time.Now().Add(30 * time.Second))
	return c
}

var echo = Handler(func(w http.ResponseWriter, r *http.Request) error {
	b, err := ReadBody(w, r, nil, 1<<20)
	if err != nil {
		return err
	}
	Write(w, 200, []string{"text/plain"}, b)
	return nil
})

func TestSlowBodyIsCut(t *testing.T) {
	r := start(t, &Server{Handler: (&Kit{}).Wrap(echo), Limits: Limits{ReadHeader: 100 * time.Millisecond, Read: 200 * time.Millisecond}})
	for name, request := range map[string]string{
		"with a length": "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc",
		"in chunks":     "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
	} {
		c := r.dial(t)
		if _, err := io.WriteString(c, request); err != nil {
			t.Fatal(err)
		}
		res, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		b, _ := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if res.StatusCode != 408 || !res.Close || !strings.Contains(string(b), "request.invalid") {
			t.Errorf("%s: %d %v %s", name, res.StatusCode, res.Header, b)
		}
	}
	// A head that never ends, and a handshake that never begins, are closed
	// without a word.
	c := r.dial(t)
	if _, err := io.WriteString(c, "POST / HTTP/1.1\r\nHost: x\r\nX-Slow: "); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(c); err != nil && !errors.Is(err, io.EOF) && !strings.Contains(err.Error(), "reset") {
		t.Error(err)
	}
}

func TestHandshakeThatStallsIsCut(t *testing.T) {
	cert := certificate(t)
	r := start(t, &Server{
		Handler: echo, Limits: Limits{ReadHeader: 100 * time.Millisecond},
		TLS: &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS13},
	})
	c := r.dial(t)
	if _, err := io.ReadAll(c); err != nil && !strings.Contains(err.Error(), "reset") {
		t.Errorf("the connection was not closed by the server: %v", err)
	}
}

func TestConnectionLimits(t *testing.T) {
	for name, limits := range map[string]Limits{
		"in all":      {Connections: 2},
		"per address": {ConnectionsPerAddress: 2},
	} {
		r := start(t, &Server{Handler: echo, Limits: limits})
		use := func(c net.Conn) error {
			if _, err := io.WriteString(c, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nok"); err != nil {
				return err
			}
			res, err := http.ReadResponse(bufio.NewReader(c), nil)
			if err != nil {
				return err
			}
			_, _ = io.Copy(io.Discard, res.Body)
			return res.Body.Close()
		}
		a, b := r.dial(t), r.dial(t)
		if err := errors.Join(use(a), use(b)); err != nil {
			t.Fatalf("%s: within the limit: %v", name, err)
		}
		if err := use(r.dial(t)); err == nil {
			t.Fatalf("%s: one over the limit was served", name)
		}
		if r.srv.Refused() != 1 {
			t.Errorf("%s: %d refused", name, r.srv.Refused())
		}
		// The place of one that ends is free again.
		_ = a.Close()
		for try := 0; ; try++ {
			if err := use(r.dial(t)); err == nil {
				break
			} else if try > 1000 {
				t.Fatalf("%s: the place was not freed: %v", name, err)
			}
			time.Sleep(time.Millisecond)
		}
	}
}

func TestDrain(t *testing.T) {
	entered, release := make(chan struct{}), make(chan struct{})
	var once sync.Once
	drained := make(chan struct{})
	h := Handler(func(w http.ResponseWriter, r *http.Request) error {
		if r.URL.Path == "/slow" {
			once.Do(func() { close(entered) })
			<-release
			if r.Context().Err() != nil {
				return errors.New("the call was cancelled")
			}
		}
		Write(w, 200, []string{"text/plain"}, []byte("done"))
		return nil
	})
	r := start(t, &Server{Handler: (&Kit{}).Wrap(h), Limits: Limits{DrainDelay: 50 * time.Millisecond, Drain: 20 * time.Second}, OnDrain: func() { close(drained) }})
	idle := r.dial(t)
	idleReader := bufio.NewReader(idle)
	get := func(c net.Conn, rd *bufio.Reader, path string) (*http.Response, string, error) {
		if _, err := io.WriteString(c, "GET "+path+" HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
			return nil, "", err
		}
		res, err := http.ReadResponse(rd, nil)
		if err != nil {
			return nil, "", err
		}
		b, _ := io.ReadAll(res.Body)
		return res, string(b), res.Body.Close()
	}
	if _, b, err := get(idle, idleReader, "/"); err != nil || b != "done" {
		t.Fatal(b, err)
	}
	slow := r.dial(t)
	type result struct {
		res  *http.Response
		body string
		err  error
	}
	got := make(chan result, 1)
	go func() {
		res, b, err := get(slow, bufio.NewReader(slow), "/slow")
		got <- result{res, b, err}
	}()
	<-entered
	r.stop()
	<-drained
	// New ones are refused: with 503 as long as the listener is open.
	if res, b, err := get(idle, idleReader, "/"); err == nil {
		if res.StatusCode != 503 || !res.Close || res.Header.Get("Retry-After") == "" || !strings.Contains(b, "service.busy") || res.Header.Get("Dancu-Request-Id") == "" {
			t.Errorf("while draining: %d %v %s", res.StatusCode, res.Header, b)
		}
	}
	close(release)
	if g := <-got; g.err != nil || g.res.StatusCode != 200 || g.body != "done" || !g.res.Close {
		t.Errorf("the call that was begun: %+v", g)
	}
	if err := <-r.done; err != nil {
		t.Error(err)
	}
	r.done <- nil
	if c, err := net.Dial("tcp", r.addr); err == nil {
		_ = c.Close()
		t.Error("it still listens")
	}
}

func TestDrainIsBounded(t *testing.T) {
	entered := make(chan struct{})
	r := start(t, &Server{
		Handler: Handler(func(_ http.ResponseWriter, r *http.Request) error {
			close(entered)
			<-r.Context().Done()
			return http.ErrAbortHandler
		}),
		Limits: Limits{Drain: 50 * time.Millisecond},
	})
	c := r.dial(t)
	if _, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	<-entered
	r.stop()
	if err := <-r.done; err == nil {
		t.Error("a call was cut off and nobody said so")
	}
	r.done <- nil
}

func TestServeEndsWhenTheListenerFails(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = ln.Close()
	if err := Serve(context.Background(), ln, nil, echo, Limits{}); err == nil {
		t.Error("no error")
	}
}

func TestThumbprintAndAddress(t *testing.T) {
	server, client := certificate(t), certificate(t)
	var got []string
	var mu sync.Mutex
	r := start(t, &Server{
		TLS: &tls.Config{Certificates: []tls.Certificate{server}, MinVersion: tls.VersionTLS13, ClientAuth: tls.RequestClientCert},
		Handler: Handler(func(w http.ResponseWriter, r *http.Request) error {
			mu.Lock()
			defer mu.Unlock()
			tp, ok := Thumbprint(r)
			if ok {
				got = append(got, string(tp[:]))
			} else {
				got = append(got, "none")
			}
			if !RemoteAddr(r).IsLoopback() {
				t.Errorf("address %v", RemoteAddr(r))
			}
			w.WriteHeader(204)
			return nil
		}),
	})
	call := func(certs ...tls.Certificate) {
		tr := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true, Certificates: certs}}
		defer tr.CloseIdleConnections()
		for range 2 {
			res, err := (&http.Client{Transport: tr}).Get("https://" + r.addr)
			if err != nil {
				t.Fatal(err)
			}
			_ = res.Body.Close()
		}
	}
	call(client)
	call()
	want := sha256.Sum256(client.Certificate[0])
	if len(got) != 4 || got[0] != string(want[:]) || got[1] != got[0] || got[2] != "none" || got[3] != "none" {
		t.Errorf("thumbprints %q", got)
	}
}

// certificate makes a self-signed one for 127.0.0.1.
func certificate(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	serial, _ := rand.Int(rand.Reader, big.NewInt(1<<62))
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: "test"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}, &x509.Certificate{Subject: pkix.Name{CommonName: "test"}, SerialNumber: serial}, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}
