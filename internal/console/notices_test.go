package console_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dancu/internal/apptest"
	"dancu/internal/db"
	"dancu/internal/identity"
	"dancu/internal/notify"
)

// hookReceiver is an agency's system that takes notices. It checks signatures by
// the documentation and not by our own code.
type hookReceiver struct {
	*httptest.Server
	mu     sync.Mutex
	secret string
	topics []string
}

func newHookReceiver(t *testing.T) (r *hookReceiver, ca string) {
	t.Helper()
	r = &hookReceiver{}
	r.Server = httptest.NewUnstartedServer(r)
	r.Config.ErrorLog = log.New(io.Discard, "", 0)
	r.StartTLS()
	t.Cleanup(r.Close)
	ca = filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: r.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	return r, ca
}

func (r *hookReceiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	r.mu.Lock()
	defer r.mu.Unlock()
	parts := strings.Split(req.Header.Get("Dancu-Signature"), ",")
	mac := hmac.New(sha256.New, []byte(r.secret))
	mac.Write([]byte(strings.TrimPrefix(parts[0], "t=") + "." + string(body)))
	for _, p := range parts[1:] {
		if r.secret != "" && p == "v1="+hex.EncodeToString(mac.Sum(nil)) {
			r.topics = append(r.topics, req.Header.Get("Dancu-Notice-Topic"))
			w.WriteHeader(http.StatusNoContent)
			return
		}
	}
	w.WriteHeader(http.StatusUnauthorized)
}

func (r *hookReceiver) knows(secret string) { r.mu.Lock(); r.secret = secret; r.mu.Unlock() }

func (r *hookReceiver) got(topic string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for _, t := range r.topics {
		if t == topic {
			n++
		}
	}
	return n
}

// tell writes a notice to an agency or a duty and returns its id.
func (p *place) tell(key, to string) (id string) {
	p.t.Helper()
	err := p.App.Main.Write(p.t.Context(), func(tx *db.Tx) error {
		return p.App.Notices.Put(p.t.Context(), tx, notify.Notice{
			Key: key, Topic: "task.overdue", To: to, Params: map[string]string{"matter": "HS-1", "due": "2026-12-02"}, Link: "/life/connection.mot-cua",
		})
	})
	if err == nil {
		err = p.App.Main.QueryRow(p.t.Context(), "SELECT id FROM notices WHERE key = $1", key).Scan(&id)
	}
	if err != nil {
		p.t.Fatal(err)
	}
	return id
}

// rested lets every webhook be tested again at once.
func (p *place) rested() {
	p.t.Helper()
	err := p.App.Main.Write(p.t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(p.t.Context(), "UPDATE webhooks SET tested = 0")
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
}

// action is the address of the first form whose address ends so.
func (p *page) action(suffix string) string {
	p.t.Helper()
	for _, n := range p.find("form", nil) {
		if a := at(n, "action"); strings.HasSuffix(a, suffix) {
			return a
		}
	}
	p.t.Fatalf("%s has no form to %s:\n%s", p.path, suffix, p.text())
	return ""
}

// The register's people see all notices and send one again; an agency's
// administrator sees the agency's own, looks after its webhooks, and nobody
// else's. A secret is shown once.
func TestNoticesAndWebhooks(t *testing.T) {
	r, ca := newHookReceiver(t)
	p := &place{t: t, offset: &atomic.Int64{}}
	p.System = apptest.Start(t, apptest.Options{Settings: fmt.Sprintf(
		"notify:\n  webhooks: true\n  webhook_networks: 127.0.0.0/8\n  webhook_ca_file: %s\nidentity:\n  address_attempts: 5000\n", ca,
	)})
	admin := p.signIn(p.account("quantri"))
	operator := p.staff(admin, identity.Onboarder, "tiep.nhan", "TN-0001")
	own := p.signIn(p.account("quantri.songxanh"))
	agency := p.account("quantri.songxanh").Agency

	mine, theirs := p.tell("a", agency), p.tell("b", "operator")
	operator.get("/notices").says("task is overdue", "2 notices")
	pg := operator.get("/notices?to=" + agency)
	if !strings.Contains(pg.body, mine) || strings.Contains(pg.body, theirs) {
		t.Errorf("filtered by its recipient: %s", pg.text())
	}
	if file := operator.get("/notices/export?to=" + agency); !strings.Contains(file.body, mine) || strings.Contains(file.body, theirs) || !strings.HasPrefix(file.body, "\ufeffid,created") {
		t.Errorf("the file is %q", file.body)
	}
	operator.get("/notices/"+mine).is(200, "/notices/"+mine).says("HS-1", "Open the page it points to")
	operator.post("/notices/" + mine + "/retry").says("sent again now")
	if pg := operator.get("/notices/nothing"); pg.status != http.StatusNotFound {
		t.Errorf("a notice that there is not: %d", pg.status)
	}
	if pg := admin.get("/notices/" + mine); pg.status != 200 || len(pg.find("form", nil)) > 0 && strings.Contains(pg.body, "/retry") {
		t.Error("who may not send it again is offered to")
	}
	list := own.get("/agency/notices").says("1 notices")
	if !strings.Contains(list.body, mine) || strings.Contains(list.body, theirs) {
		t.Error("an agency's list is not its own")
	}
	own.get("/agency/notices/"+mine).is(200, "/agency/notices/"+mine)
	for _, path := range []string{"/agency/notices/" + theirs, "/agency/notices/nothing"} {
		if pg := own.get(path); pg.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, pg.status)
		}
	}
	if file := own.get("/agency/notices/export?to=operator"); strings.Contains(file.body, theirs) || !strings.Contains(file.body, mine) {
		t.Error("the file of an agency has what is not its own")
	}

	// A webhook: refused where it could reach into our networks, or without TLS.
	for _, bad := range []string{"http://hook.example.vn/", "https://10.0.0.1/", "https://[::1]/", "https://169.254.169.254/latest", "https://u:p@hook.example.vn/", ""} {
		if pg := own.post("/agency/webhooks", "url", bad); pg.status != http.StatusUnprocessableEntity || strings.Contains(pg.body, "dancuwh_") {
			t.Errorf("%q: status %d", bad, pg.status)
		}
	}
	pg = own.post("/agency/webhooks", "url", r.URL+"/thong-bao")
	secret := pg.secret()
	if !strings.HasPrefix(secret, "dancuwh_") || pg.header.Get("Content-Encoding") != "" {
		t.Fatalf("registered: %s", pg.text())
	}
	pg = own.get("/agency/webhooks").says("To be tested")
	if strings.Contains(pg.body, secret) {
		t.Error("the secret is shown twice")
	}
	test := pg.action("/test")
	own.post(test).says("The test was not taken", "401")
	r.knows(secret)
	p.rested()
	own.post(test).says("The receiver took the test", "Active")
	p.tell("c", agency)
	for end := time.Now().Add(time.Minute); r.got("task.overdue") < 1; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("no notice arrives at the webhook")
		}
	}
	next := own.post(own.get("/agency/webhooks").action("/rotate")).secret()
	if next == secret || !strings.HasPrefix(next, "dancuwh_") {
		t.Fatal("the secret did not change")
	}
	own.get("/agency/webhooks").says("The secret is being changed")
	r.knows(next)
	p.rested()
	own.post(test).says("The receiver took the test")
	if strings.Contains(own.get("/agency/webhooks").text(), "is being changed") {
		t.Error("the new secret was proved, and the old one is still there")
	}

	// Another agency's administrator has nothing of it.
	boss, _, _, _ := p.other(admin)
	for _, act := range []string{"test", "rotate", "end"} {
		if pg := boss.post(strings.TrimSuffix(test, "test") + act); pg.status != http.StatusNotFound {
			t.Errorf("another agency's %s: %d", act, pg.status)
		}
	}
	own.post(own.get("/agency/webhooks").action("/end")).says("has ended")
	if n := r.got("webhook.test"); n != 2 {
		t.Errorf("%d tests were taken", n)
	}
}
