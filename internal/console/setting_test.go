package console_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"dancu/internal/console/site"
	"dancu/internal/identity"
)

// Settings are found without diacritics, changed by two people, and say who
// changed what; what one person does changes nothing.
func TestSettingsOfTwo(t *testing.T) {
	p := open(t)
	admin := p.signIn(p.account("quantri"))
	supervisor := p.staff(admin, identity.Supervisor, "giam.sat", "GS-0001")
	pg := admin.get("/settings").is(200, "/settings").says("A session ends without a request after", "15 min", "Configuration file", "QCVN 12:2026", "keys/server.key")
	if strings.Contains(pg.body, "BEGIN") {
		t.Error("the page shows a key")
	}
	admin.get("/settings?q=identity.idle&only=run").says("1 settings")
	admin.get("/settings?q=zzz").says("No setting is like that")
	for _, path := range []string{"/settings/api.listen", "/settings/nothing"} {
		if pg := admin.get(path); pg.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, pg.status)
		}
		if pg := admin.post(path, "value", "1", "reason", "a reason long enough"); pg.status != http.StatusNotFound {
			t.Errorf("changing %s: %d", path, pg.status)
		}
	}
	const path = "/settings/identity.idle"
	for value, reason := range map[string]string{"16m": "a reason long enough", "10s": "a reason long enough", "mười phút": "a reason long enough", "": "a reason long enough", "15m": "a reason long enough", "5m": "short"} {
		pg := admin.post(path, "value", value, "reason", reason)
		if pg.status != http.StatusUnprocessableEntity || pg.field("value") != value && value != "" || pg.field("reason") != reason {
			t.Errorf("%q because %q: %d", value, reason, pg.status)
		}
	}
	admin.post(path, "value", "5m", "reason", "machines that several people use").says("Waits for a second person", "machines that several people use")
	proposal := admin.get("/acts").says("A session ends without a request after", "15m0s", "5m0s").action("/decline")
	confirm := strings.TrimSuffix(proposal, "decline") + "confirm"
	if pg := admin.post(confirm); pg.status == http.StatusOK {
		t.Error("one person changed a setting")
	}
	if p.App.Identity.Settings().Idle != 15*time.Minute {
		t.Fatal("it is changed already")
	}
	supervisor.post(confirm).says("Done")
	for end := time.Now().Add(20 * time.Second); p.App.Identity.Settings().Idle != 5*time.Minute; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("two people changed it, and nothing goes by it")
		}
	}
	supervisor.get(path).says("5m0s", "QT-0001", "confirmed by GS-0001", "machines that several people use", "15m0s → 5m0s")
	admin.get("/settings?only=changed").says("1 settings", "Changed at run time")

	// After a restart it still holds, and can be given back.
	p.Restart()
	if got := p.App.Identity.Settings().Idle; got != 5*time.Minute {
		t.Errorf("after a restart it is %v", got)
	}
}

// Whoever types without diacritics, or in capitals, finds all the same.
func TestMatches(t *testing.T) {
	for _, c := range []struct {
		words, text string
		want        bool
	}{
		{"", "x", true}, {"thong bao", "Thông báo của cơ quan", true}, {"ĐỔI", "doi khoa", true}, {"dang", "Đặng", true}, {"bao thong", "Thông báo", true},
		{"thong bao khac", "Thông báo", false}, {"idle", "identity.idle", true},
	} {
		if got := site.Matches(c.words, c.text); got != c.want {
			t.Errorf("%q in %q: %v", c.words, c.text, got)
		}
	}
}
