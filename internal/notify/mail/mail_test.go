package mail

import (
	"context"
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-sasl"

	"dancu/internal/fault"
)

func withAuth(s *server) { s.auth = true }

func TestAMailArrives(t *testing.T) {
	for _, c := range []struct {
		name string
		h    how
		tls  TLS
		with []func(*server)
	}{
		{"STARTTLS", startTLS, StartTLS, nil},
		{"STARTTLS, signed in", startTLS, StartTLS, []func(*server){withAuth}},
		{"STARTTLS, signed in by LOGIN", startTLS, StartTLS, []func(*server){withAuth, func(s *server) { s.mechs = []string{sasl.Login} }}},
		{"TLS", implicit, Implicit, nil},
		{"TLS, signed in", implicit, Implicit, []func(*server){withAuth}},
		{"on this machine", plain, None, nil},
		{"on this machine, signed in", plain, None, []func(*server){withAuth}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newServer(t, c.h, c.with...)
			if err := s.sender(c.tls).Send(t.Context(), letter()); err != nil {
				t.Fatal(err)
			}
			got := s.mails()
			if len(got) != 1 || got[0].from != "thong-bao@dancu.example.vn" || got[0].to != "dau-moi@haiduong.example.vn" {
				t.Fatalf("arrived: %+v", got)
			}
			h := got[0].header
			for name, want := range map[string]string{
				"Message-Id":         "<019aae10-7d52-7a31-8f0e-3d2f7c9a4b11@dancu.example.vn>",
				"Dancu-Notice-Id":    "019aae10-7d52-7a31-8f0e-3d2f7c9a4b11",
				"Dancu-Notice-Topic": "task.overdue",
				"Auto-Submitted":     "auto-generated",
				"Subject":            "Công việc quá hạn: hồ sơ HS-1",
			} {
				if v, err := new(mime.WordDecoder).DecodeHeader(h.Get(name)); err != nil || v != want {
					t.Errorf("%s is %q (%v), want %q", name, v, err, want)
				}
			}
			if from, err := h.AddressList("From"); err != nil || from[0].Name != "Hệ thống dân cư" {
				t.Errorf("from %v (%v)", from, err)
			}
			body, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(got[0].body)))
			if err != nil {
				t.Fatal(err)
			}
			text := strings.ReplaceAll(string(body), "\r\n", "\n")
			vi, en := strings.Index(text, "Đề nghị xử lý ngay."), strings.Index(text, "Please deal with it.")
			if vi < 0 || en < vi || !strings.Contains(text, "Kính gửi Quý cơ quan, đơn vị,") {
				t.Errorf("the text is not whole:\n%s", text)
			}
		})
	}
}

func TestThePasswordNeedsTLS(t *testing.T) {
	// A server that offers no STARTTLS, or whose certificate is another's, gets
	// neither password nor mail.
	s := newServer(t, plain, withAuth)
	refusedWith(t, s.sender(StartTLS).Send(t.Context(), letter()), "mail.tls", false)
	refusedWith(t, s.sender(Implicit).Send(t.Context(), letter()), "mail.tls", false)
	_, others := certificate(t)
	strange := func(c *Config) { c.Roots = others }
	for h, way := range map[how]TLS{startTLS: StartTLS, implicit: Implicit} {
		s := newServer(t, h, withAuth)
		refusedWith(t, s.sender(way, strange).Send(t.Context(), letter()), "mail.tls", false)
		if len(s.mails()) != 0 {
			t.Error("the mail went out all the same")
		}
	}
	if len(s.mails()) != 0 {
		t.Error("the mail went out without TLS")
	}
	// Without TLS only this machine is a mail server.
	for server, ok := range map[string]bool{
		"127.0.0.1:25": true, "127.8.8.8:25": true, "[::1]:25": true, "localhost:25": true,
		"10.0.0.5:25": false, "mail.example.vn:25": false, "localhost.example.vn:25": false,
	} {
		_, err := New(Config{Server: server, TLS: None, From: "a@example.vn"})
		if (err == nil) != ok || err != nil && !fault.Is(err, fault.Invalid) {
			t.Errorf("%s without TLS: %v", server, err)
		}
	}
}

func TestWrongPassword(t *testing.T) {
	s := newServer(t, startTLS, withAuth)
	wrong := func(c *Config) { c.Password = func() (string, error) { return "another", nil } }
	refusedWith(t, s.sender(StartTLS, wrong).Send(t.Context(), letter()), "mail.auth", false)
	// The server offers no sign-in at all.
	s = newServer(t, startTLS)
	asks := func(c *Config) { c.User, c.Password = user, func() (string, error) { return password, nil } }
	refusedWith(t, s.sender(StartTLS, asks).Send(t.Context(), letter()), "mail.auth", false)
	if len(s.mails()) != 0 {
		t.Error("the mail went out without a sign-in")
	}
}

func TestWhatTheServerSays(t *testing.T) {
	s := newServer(t, startTLS)
	send := func() error { return s.sender(StartTLS).Send(t.Context(), letter()) }
	at := func(set func()) { s.says(func() { s.from, s.rcpt, s.data = nil, nil, nil; set() }) }

	at(func() { s.rcpt = func() error { return smtpError(450) } })
	refusedWith(t, send(), "mail.deferred", false)
	at(func() { s.rcpt = func() error { return smtpError(550) } })
	refusedWith(t, send(), "mail.refused", true)
	at(func() { s.data = func(net.Conn) error { return smtpError(451) } })
	refusedWith(t, send(), "mail.deferred", false)
	at(func() { s.data = func(net.Conn) error { return smtpError(554) } })
	refusedWith(t, send(), "mail.refused", true)
	at(func() { s.from = func() error { return smtpError(421) } })
	refusedWith(t, send(), "mail.deferred", false)
	at(func() { s.from = func() error { return smtpError(553) } })
	refusedWith(t, send(), "mail.sender", false) // a setting of ours: not for good
	at(func() { s.data = func(c net.Conn) error { _ = c.Close(); return errCut } })
	refusedWith(t, send(), "mail.broken", false)
	if len(s.mails()) != 0 {
		t.Fatal("a mail was taken")
	}
	at(func() {})
	if err := send(); err != nil {
		t.Errorf("after all that: %v", err)
	}
}

// What was taken is sent, however the server parts.
func TestTakenIsTaken(t *testing.T) {
	s := newServer(t, startTLS)
	s.says(func() {
		s.data = func(c net.Conn) error {
			time.AfterFunc(20*time.Millisecond, func() { _ = c.Close() })
			return nil
		}
	})
	for range 5 {
		if err := s.sender(StartTLS).Send(t.Context(), letter()); err != nil {
			t.Errorf("the server has it, and Send says %v", err)
		}
	}
}

func TestAServerThatHangs(t *testing.T) {
	hang := make(chan struct{})
	t.Cleanup(func() { close(hang) })
	s := newServer(t, startTLS)
	s.says(func() { s.data = func(net.Conn) error { <-hang; return errCut } })
	short := func(c *Config) { c.Time = 300 * time.Millisecond }
	began := time.Now()
	refusedWith(t, s.sender(StartTLS, short).Send(t.Context(), letter()), "timeout", false)
	if took := time.Since(began); took < 250*time.Millisecond || took > 3*time.Second {
		t.Errorf("it took %v, want 300 ms", took)
	}

	// One that says nothing, and one that drips: the time is for all of it.
	for name, talk := range map[string]func(net.Conn){
		"silent": func(net.Conn) { <-hang },
		"dripping": func(c net.Conn) {
			for {
				if _, err := c.Write([]byte("220-wait\r\n")); err != nil {
					return
				}
				time.Sleep(20 * time.Millisecond)
			}
		},
	} {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = ln.Close() })
		go func() {
			for {
				c, err := ln.Accept()
				if err != nil {
					return
				}
				go talk(c)
			}
		}()
		s.addr = ln.Addr().String()
		for _, way := range []TLS{StartTLS, Implicit, None} {
			began := time.Now()
			err := s.sender(way, short).Send(t.Context(), letter())
			if took := time.Since(began); err == nil || took > 3*time.Second {
				t.Errorf("%s, %s: %v after %v", name, way, err, took)
			}
		}
	}

	// The caller's end ends it, too.
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	began = time.Now()
	if err := s.sender(StartTLS).Send(ctx, letter()); err == nil || time.Since(began) > 3*time.Second {
		t.Errorf("after its end: %v, %v", err, time.Since(began))
	}
}

func TestNobodyListens(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &server{t: t, addr: ln.Addr().String()}
	_ = ln.Close()
	refusedWith(t, s.sender(StartTLS).Send(t.Context(), letter()), "mail.unreachable", false)
}

func TestWhatIsNoMailbox(t *testing.T) {
	s := newServer(t, startTLS)
	for _, to := range []string{"", "nobody", "A <a@example.vn>", "a@example.vn\r\nBcc: b@example.vn", "a@example.vn, b@example.vn"} {
		m := letter()
		m.Email = to
		refusedWith(t, s.sender(StartTLS).Send(t.Context(), m), "mail.address", true)
	}
	if s.calls != 0 {
		t.Errorf("the server was called %d times", s.calls)
	}
}

func TestSettingsOfMail(t *testing.T) {
	secret := func() (string, error) { return password, nil }
	for _, c := range []struct {
		name string
		cfg  Config
		ok   bool
	}{
		{"whole", Config{Server: "mail.example.vn:587", TLS: StartTLS, From: "a@example.vn", User: user, Password: secret}, true},
		{"no sign-in", Config{Server: "mail.example.vn:465", TLS: Implicit, From: "a@example.vn"}, true},
		{"no port", Config{Server: "mail.example.vn", TLS: StartTLS, From: "a@example.vn"}, false},
		{"no host", Config{Server: ":587", TLS: StartTLS, From: "a@example.vn"}, false},
		{"port 0", Config{Server: "mail.example.vn:0", TLS: StartTLS, From: "a@example.vn"}, false},
		{"highest port", Config{Server: "mail.example.vn:65535", TLS: StartTLS, From: "a@example.vn"}, true},
		{"port too high", Config{Server: "mail.example.vn:65536", TLS: StartTLS, From: "a@example.vn"}, false},
		{"TLS not said", Config{Server: "mail.example.vn:587", From: "a@example.vn"}, false},
		{"from nobody", Config{Server: "mail.example.vn:587", TLS: StartTLS}, false},
		{"from a name", Config{Server: "mail.example.vn:587", TLS: StartTLS, From: "A <a@example.vn>"}, false},
		{"user alone", Config{Server: "mail.example.vn:587", TLS: StartTLS, From: "a@example.vn", User: user}, false},
		{"password alone", Config{Server: "mail.example.vn:587", TLS: StartTLS, From: "a@example.vn", Password: secret}, false},
	} {
		if _, err := New(c.cfg); (err == nil) != c.ok {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
