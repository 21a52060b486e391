package console_test

import (
	"strings"
	"testing"

	"golang.org/x/net/html"

	"dancu/internal/identity"
)

// An API key is made, shown once, listed by its beginning, and ended; what was
// typed wrong comes back with what to write.
func TestAPIKeys(t *testing.T) {
	p := open(t)
	inspector := p.signIn(p.account("kiemtra"))
	inspector.get("/account").says("API keys", "There are no keys")
	form := inspector.get("/account/keys/new").is(200, "/account/keys/new").says("What it is for", "90 days")
	if on := form.find("option", func(n *html.Node) bool { _, on := has(n, "selected"); return on }); len(on) != 1 || at(on[0], "value") != "30" {
		t.Error("the term offered first is not 30 days")
	}
	pg := inspector.post("/account/keys/new", "name", "", "term", "30", "networks", "").is(422, "/account/keys/new").says("Say what the key is for")
	if strings.Contains(pg.text(), "dancu_") {
		t.Error("a refused form shows a key")
	}
	inspector.post("/account/keys/new", "name", "Lịch kiểm tra", "term", "366", "networks", "").is(422, "/account/keys/new").says("A key holds from one day")
	inspector.post("/account/keys/new", "name", "Lịch kiểm tra", "term", "x", "networks", "").is(422, "/account/keys/new").says("A key holds from one day")
	inspector.post("/account/keys/new", "name", "Lịch kiểm tra", "term", "30", "networks", "10.1.2.3/8").is(422, "/account/keys/new").says("Write each source network", "10.1.2.3/8")

	made := inspector.post("/account/keys/new", "name", "Lịch kiểm tra", "term", "7", "networks", "10.1.2.0/24\n10.1.3.7").is(200, "/account/keys/new")
	key := made.secret()
	if !identity.KeyShaped(key) {
		t.Fatalf("%q is no key", key)
	}
	if c := made.header.Get("Cache-Control"); c != "no-store" {
		t.Errorf("the page with the key may be kept: %q", c)
	}
	pg = inspector.get("/account").says("Lịch kiểm tra", key[:14]+"…", "10.1.2.0/24", "and 1 more", "Not used yet")
	if strings.Contains(pg.body, key) {
		t.Error("the key is shown again")
	}
	end := ""
	for _, n := range pg.find("form", nil) {
		if a := at(n, "action"); strings.HasPrefix(a, "/account/keys/") && strings.HasSuffix(a, "/end") {
			end = a
		}
	}
	if end == "" {
		t.Fatal("the key cannot be ended")
	}
	// Another's key is not there.
	boss := p.signIn(p.account("quantri.songxanh"))
	boss.get("/account").says("API keys")
	if pg := boss.post(end); pg.status != 404 {
		t.Errorf("another's key: status %d", pg.status)
	}
	inspector.post(end).is(200, "/account").says("The key is ended", "Ended by its owner")
	if pg := inspector.post(end); pg.status != 404 {
		t.Errorf("ended twice: status %d", pg.status)
	}
	// Who can have none sees nothing of it.
	for _, login := range []string{"canbo.songxanh", "quantri"} {
		if strings.Contains(p.signIn(p.account(login)).get("/account").text(), "API keys") {
			t.Errorf("%s is offered keys", login)
		}
	}
}

// Whoever is of two people for some act sees those acts alone, narrowed by kind
// and state; who may propose no administrator is not offered it.
func TestActsOfTwoAreNarrowed(t *testing.T) {
	p := open(t)
	admin := p.signIn(p.account("quantri"))
	admin.post("/acts/administrator", "name", "Ngô Văn Ba", "login", "ngo.ba", "code", "QT-0003", "unit", "Phòng 3", "reason", "Bổ sung theo công văn số 8").is(200, "/acts")
	row := "Ngô Văn Ba · ngo.ba"
	admin.get("/acts").says("New register administrator", row, "QT-0003", "Phòng 3", "To confirm: another person, one of: Register administrator", "Lapses")
	for query, there := range map[string]bool{
		"?kind=account.new-administrator": true, "?state=proposed": true, "?kind=account.new-administrator&state=proposed": true,
		"?state=executed": false, "?kind=account.factor-reset": false, "?kind=none": false, "?state=none": false,
	} {
		if pg := admin.get("/acts"+query).is(200, "/acts"); strings.Contains(pg.text(), row) != there {
			t.Errorf("/acts%s shows it: %v, want %v", query, !there, there)
		}
	}
	onetime := admin.post("/staff/new", "kind", "supervisor", "name", "Giám Sát", "login", "giam.sat", "code", "GS-0001").secret()
	supervisor, _ := p.firstTime("giam.sat", onetime, "supervisor")
	pg := supervisor.get("/acts").is(200, "/acts").says("There are no proposals")
	if strings.Contains(pg.text(), row) || strings.Contains(pg.body, "/acts/administrator") {
		t.Error("a supervisor sees the administrators' acts")
	}
	supervisor.get("/").says("Two-person acts")
}
