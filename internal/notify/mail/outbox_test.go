package mail

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/internal/notify"
)

// book sends everything to one mailbox.
type book struct{}

func (book) Addresses(context.Context, db.Querier, string) ([]string, []notify.Webhook, string, error) {
	return []string{"dau-moi@haiduong.example.vn"}, nil, "vi", nil
}

func outbox(t *testing.T, d *db.DB, s notify.Sender) *notify.Outbox {
	t.Helper()
	o, err := notify.New(notify.Config{Main: d, Addresses: book{}, Mail: s, Poll: 5 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func put(t *testing.T, d *db.DB, o *notify.Outbox) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		return o.Put(t.Context(), tx, notify.Notice{Key: "k", Topic: "task.overdue", To: "agency-1", Params: map[string]string{"matter": "HS-1", "due": "2026-12-02"}})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// settled runs a node until the notice is in a state.
func settled(t *testing.T, o *notify.Outbox, want func(notify.Record) bool) notify.Record {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); _ = o.Run(ctx) }()
	defer func() { cancel(); <-done }()
	for end := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		all, err := o.List(t.Context(), notify.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		if len(all) == 1 && want(all[0]) {
			return all[0]
		}
		if time.Now().After(end) {
			t.Fatalf("it did not come to that: %+v", all)
		}
	}
}

// A server that is busy, then cuts the line after it has the mail, then takes
// it: it has it twice, under one Message-ID.
func TestCutAfterTheMailWasTaken(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		s := newServer(t, startTLS, withAuth)
		var offset atomic.Int64
		d := env.Open(db.Main, func(c *db.Config) { c.ClockOffset = func() time.Duration { return time.Duration(offset.Load()) } })
		o := outbox(t, d, s.sender(StartTLS))
		put(t, d, o)
		s.says(func() { s.rcpt = func() error { return smtpError(451) } })
		tried := func(n int) func(notify.Record) bool {
			return func(r notify.Record) bool { return r.Attempts == n && !r.Sending }
		}
		settled(t, o, tried(1))

		var lost []taken
		s.says(func() {
			s.rcpt = nil
			s.data = func(c net.Conn) error {
				// It is kept, and the line is cut before the answer.
				s.mu.Lock()
				lost = append(lost, taken{})
				s.mu.Unlock()
				_ = c.Close()
				return nil
			}
		})
		offset.Add(int64(2 * time.Minute))
		settled(t, o, tried(2))
		s.says(func() { s.data = nil })
		offset.Add(int64(5 * time.Minute))
		r := settled(t, o, func(r notify.Record) bool { return r.State == notify.Sent })
		got := s.mails()
		if len(lost) != 1 || len(got) != 2 || r.Attempts != 3 {
			t.Fatalf("cut %d times, arrived %d times in %d attempts", len(lost), len(got), r.Attempts)
		}
		for _, m := range got {
			if m.header.Get("Message-Id") != "<"+r.ID+"@dancu.example.vn>" {
				t.Errorf("arrived as %s", m.header.Get("Message-Id"))
			}
		}
	})
}

// The names of what the killed process is told.
const (
	envKilled = "DANCU_TEST_NOTIFY_KILLED"
	envServer = "DANCU_TEST_NOTIFY_SERVER"
	envRoots  = "DANCU_TEST_NOTIFY_ROOTS"
)

// killer sends for real and is killed before it can say so.
type killer struct{ *Sender }

func (k killer) Send(ctx context.Context, m *notify.Message) error {
	if err := k.Sender.Send(ctx, m); err != nil {
		return err
	}
	return syscall.Kill(os.Getpid(), syscall.SIGKILL)
}

// A process that is killed between the mail and the record of it: the next one
// sends the mail again, under the same id.
func TestKilledBetweenMailAndRecord(t *testing.T) {
	if os.Getenv(envKilled) != "" {
		beKilled(t)
		return
	}
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		s := newServer(t, startTLS)
		var offset atomic.Int64
		d := env.Open(db.Main, func(c *db.Config) { c.ClockOffset = func() time.Duration { return time.Duration(offset.Load()) } })
		o := outbox(t, d, s.sender(StartTLS))
		put(t, d, o)
		roots := filepath.Join(t.TempDir(), "roots.pem")
		writeRoots(t, s, roots)
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKilledBetweenMailAndRecord$")
		cmd.Env = append(os.Environ(), envKilled+"="+env.DSN(db.Main), envServer+"="+s.addr, envRoots+"="+roots)
		out, err := cmd.CombinedOutput()
		status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus)
		if err == nil || !ok || status.Signal() != syscall.SIGKILL {
			t.Fatalf("the process was not killed (%v): %s", err, out)
		}
		if len(s.mails()) != 1 {
			t.Fatalf("%d mails before it was killed", len(s.mails()))
		}
		offset.Store(int64(6 * time.Minute))
		r := settled(t, o, func(r notify.Record) bool { return r.State == notify.Sent })
		got := s.mails()
		if len(got) != 2 || got[0].header.Get("Dancu-Notice-Id") != r.ID || got[1].header.Get("Dancu-Notice-Id") != r.ID {
			t.Errorf("%d mails, want two under one id", len(got))
		}
	})
}

func writeRoots(t *testing.T, s *server, path string) {
	t.Helper()
	der := s.smtp.TLSConfig.Certificates[0].Certificate[0]
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
}

func beKilled(t *testing.T) {
	text, err := os.ReadFile(os.Getenv(envRoots))
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(text)
	s := (&server{t: t, addr: os.Getenv(envServer), roots: roots}).sender(StartTLS)
	d, err := db.Open(t.Context(), db.Config{DSN: os.Getenv(envKilled), Tree: db.Main})
	if err != nil {
		t.Fatal(err)
	}
	_ = outbox(t, d, killer{s}).Run(t.Context())
}
