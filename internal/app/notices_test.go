package app_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"dancu/internal/app"
	"dancu/internal/apptest"
	"dancu/internal/db"
	"dancu/internal/fault"
	"dancu/internal/notify"
)

// postbox is a mail server that takes everything.
type postbox struct {
	mu  sync.Mutex
	got []*mail.Message
	to  []string
}

func (p *postbox) NewSession(*smtp.Conn) (smtp.Session, error) { return &letter{box: p}, nil }

func (p *postbox) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.got)
}

type letter struct {
	box *postbox
	to  string
}

func (*letter) Mail(string, *smtp.MailOptions) error { return nil }

func (l *letter) Rcpt(to string, _ *smtp.RcptOptions) error { l.to = to; return nil }

func (l *letter) Data(r io.Reader) error {
	m, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	l.box.mu.Lock()
	defer l.box.mu.Unlock()
	l.box.got, l.box.to = append(l.box.got, m), append(l.box.to, l.to)
	return nil
}

func (*letter) Reset()        {}
func (*letter) Logout() error { return nil }

// openPostbox starts one on this machine.
func openPostbox(t *testing.T) (*postbox, string) {
	t.Helper()
	p := &postbox{}
	s := smtp.NewServer(p)
	s.Domain = "mail.example.vn"
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = s.Serve(ln) }()
	t.Cleanup(func() { _ = s.Close() })
	return p, ln.Addr().String()
}

// overdue writes a notice to the operators.
func overdue(t *testing.T, a *app.App) {
	t.Helper()
	err := a.Main.Write(t.Context(), func(tx *db.Tx) error {
		return a.Notices.Put(t.Context(), tx, notify.Notice{
			Key: "task.overdue/1", Topic: "task.overdue", To: "operator", Link: "/operator/matters/1",
			Params: map[string]string{"matter": "HS-1", "due": "2026-12-02"},
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// running runs a node until the test's end.
func running(t *testing.T, a *app.App) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx) }()
	<-a.Serving()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
}

// metrics is what the operations listener says.
func metrics(t *testing.T, a *app.App) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+a.Address("operations")+"/metrics", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestNoticesLeaveTheNode(t *testing.T) {
	box, addr := openPostbox(t)
	cfg := folder(t)
	cfg.Notify.SMTPServer, cfg.Notify.SMTPTLS, cfg.Notify.From = addr, "none", "thong-bao@dancu.example.vn"
	cfg.Notify.OperatorMail = "mot@c06.example.vn, hai@c06.example.vn"
	cfg.Identity.Origin = "https://dancu.example.vn"
	if err := cfg.Check(); err != nil {
		t.Fatal(err)
	}
	out := new(apptest.Output)
	a, err := app.New(t.Context(), cfg, func(o *app.Options) { o.Stderr = out })
	if err != nil {
		t.Fatal(err)
	}
	running(t, a)
	overdue(t, a)
	for end := time.Now().Add(30 * time.Second); box.count() < 2; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d mails arrived: %s", box.count(), out.String())
		}
	}
	if to := strings.Join(box.to, " "); to != "hai@c06.example.vn mot@c06.example.vn" && to != "mot@c06.example.vn hai@c06.example.vn" {
		t.Errorf("they went to %s", to)
	}
	var m string
	for end := time.Now().Add(30 * time.Second); !strings.Contains(m, "dancu_notices_mail_total 2"); time.Sleep(20 * time.Millisecond) {
		if m = metrics(t, a); time.Now().After(end) {
			t.Fatalf("the metrics do not say so: %s", m)
		}
	}
	for _, s := range []string{"mot@", "c06.example", "HS-1", "/operator/"} {
		if strings.Contains(out.String()+m, s) {
			t.Errorf("logs or metrics have %s", s)
		}
	}
}

func TestWithoutAMailServerNoticesAreKept(t *testing.T) {
	a, err := app.New(t.Context(), folder(t), quiet)
	if err != nil {
		t.Fatal(err)
	}
	running(t, a)
	overdue(t, a)
	all, err := a.Notices.List(t.Context(), notify.Filter{})
	if err != nil || len(all) != 1 || all[0].State != notify.Held || a.Notices.Delivers() {
		t.Errorf("kept: %+v (%v)", all, err)
	}
	if m := metrics(t, a); !strings.Contains(m, "dancu_notices_held 1") || !strings.Contains(m, "dancu_notices_waiting 0") {
		t.Errorf("the metrics do not say so: %s", m)
	}
}

func TestSettingsOfNotices(t *testing.T) {
	whole := func(c *app.NotifyConfig) {
		c.SMTPServer, c.From = "mail.example.vn:587", "thong-bao@example.vn"
	}
	for _, c := range []struct {
		name   string
		change func(*app.NotifyConfig)
		key    string // that is named; "" if it is right
	}{
		{"nothing", func(*app.NotifyConfig) {}, ""},
		{"mail", whole, ""},
		{"mail with a sign-in", func(c *app.NotifyConfig) { whole(c); c.SMTPUser, c.SMTPPasswordFile = "u", "keys/mail" }, ""},
		{"a user without a password", func(c *app.NotifyConfig) { whole(c); c.SMTPUser = "u" }, "notify.smtp_server"},
		{"no TLS to elsewhere", func(c *app.NotifyConfig) { whole(c); c.SMTPTLS = "none" }, "notify.smtp_server"},
		{"no such TLS", func(c *app.NotifyConfig) { whole(c); c.SMTPTLS = "ssl" }, "notify.smtp_server"},
		{"no port", func(c *app.NotifyConfig) { whole(c); c.SMTPServer = "mail.example.vn" }, "notify.smtp_server"},
		{"from nobody", func(c *app.NotifyConfig) { whole(c); c.From = "" }, "notify.from"},
		{"from two", func(c *app.NotifyConfig) { whole(c); c.From = "a@example.vn,b@example.vn" }, "notify.from"},
		{"mailboxes", func(c *app.NotifyConfig) { c.SupportMail = "a@example.vn, b@example.vn" }, ""},
		{"no mailboxes", func(c *app.NotifyConfig) { c.SupportMail = "a@example.vn, b" }, "notify.support_mail"},
		{"most mailboxes", func(c *app.NotifyConfig) { c.SupportMail = strings.Repeat("a@example.vn,", notify.MaxTargets) }, ""},
		{"too many mailboxes", func(c *app.NotifyConfig) { c.SupportMail = strings.Repeat("a@example.vn,", notify.MaxTargets+1) }, "notify.support_mail"},
		{"networks", func(c *app.NotifyConfig) { c.WebhookNetworks = "10.0.0.0/8, fd00::/8" }, ""},
		{"no networks", func(c *app.NotifyConfig) { c.WebhookNetworks = "10.0.0.1/8" }, "notify.webhook_networks"},
		{"no name", func(c *app.NotifyConfig) { c.Name = "" }, "notify.name"},
		{"a name of two lines", func(c *app.NotifyConfig) { c.Name = "a\nb" }, "notify.name"},
		{"one attempt", func(c *app.NotifyConfig) { c.Attempts = 1 }, ""},
		{"no attempt", func(c *app.NotifyConfig) { c.Attempts = 0 }, "notify.attempts"},
		{"most attempts", func(c *app.NotifyConfig) { c.Attempts = 100 }, ""},
		{"too many attempts", func(c *app.NotifyConfig) { c.Attempts = 101 }, "notify.attempts"},
		{"no worker", func(c *app.NotifyConfig) { c.Workers = 0 }, "notify.workers"},
		{"too many workers", func(c *app.NotifyConfig) { c.Workers = 33 }, "notify.workers"},
		{"waits alike", func(c *app.NotifyConfig) { c.FirstWait, c.LongestWait = time.Hour, time.Hour }, ""},
		{"waits the wrong way", func(c *app.NotifyConfig) { c.FirstWait, c.LongestWait = time.Hour, time.Minute }, "notify.longest_wait"},
		{"longest delivery", func(c *app.NotifyConfig) { c.SendTime = 2 * time.Minute }, ""},
		{"too long a delivery", func(c *app.NotifyConfig) { c.SendTime = 2*time.Minute + 1 }, "notify.send_time"},
	} {
		cfg := app.DefaultConfig()
		cfg.State = "."
		c.change(&cfg.Notify)
		err := cfg.Check()
		if c.key == "" && err != nil || c.key != "" && (!fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), c.key+": ")) {
			t.Errorf("%s: got %v, want something about %q", c.name, err, c.key)
		}
	}
}

// The mail server's password is in a file of its own, and a file that others
// may read is refused at the start.
func TestThePasswordOfTheMailServer(t *testing.T) {
	cfg := folder(t)
	cfg.Notify.SMTPServer, cfg.Notify.From = "mail.example.vn:587", "thong-bao@example.vn"
	cfg.Notify.SMTPUser, cfg.Notify.SMTPPasswordFile = "dancu", "keys/mail.password"
	file := filepath.Join(cfg.State, "keys", "mail.password")
	for _, c := range []struct {
		mode os.FileMode
		ok   bool
	}{{0o644, false}, {0o600, true}} {
		if err := os.WriteFile(file, []byte("secret\n"), c.mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(file, c.mode); err != nil {
			t.Fatal(err)
		}
		a, err := app.New(t.Context(), cfg, quiet)
		if (err == nil) != c.ok {
			t.Errorf("mode %04o: %v", c.mode, err)
		}
		if err == nil {
			_ = a.Close()
		}
	}
	cfg.Notify.SMTPCAFile = "keys/mail.password" // no certificate
	if _, err := app.New(t.Context(), cfg, quiet); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "notify.smtp_ca_file") {
		t.Errorf("authorities that are none: %v", err)
	}
}

// A setting that is yes or no is read from the file and from the environment.
func TestSettingsOfYesAndNo(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "dancu.yaml")
	for text, want := range map[string]bool{"true": true, "false": false} {
		if err := os.WriteFile(file, []byte("state: .\nnotify:\n  webhooks: "+text+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		l, err := app.LoadConfig(file, nil)
		if err != nil || l.Config.Notify.Webhooks != want {
			t.Errorf("%s: %v (%v)", text, l, err)
		}
		l, err = app.LoadConfig("", []string{"DANCU_STATE=" + dir, "DANCU_NOTIFY_WEBHOOKS=" + text})
		if err != nil || l.Config.Notify.Webhooks != want {
			t.Errorf("%s from the environment: %v (%v)", text, l, err)
		}
	}
	for _, text := range []string{"1", "maybe", `"yes"`} {
		if err := os.WriteFile(file, []byte("state: .\nnotify:\n  webhooks: "+text+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := app.LoadConfig(file, nil); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "true or false") {
			t.Errorf("%s: %v", text, err)
		}
	}
}
