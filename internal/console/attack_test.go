package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"dancu/internal/console"
	"dancu/internal/console/i18n"
	"dancu/internal/web"
)

// No route that changes something takes a request of another site, whatever
// cookies come with it; a browser that says nothing of where it comes from is
// held back by SameSite.
func TestOtherSitesChangeNothing(t *testing.T) {
	p := open(t)
	v := p.signIn(p.account("canbo.songxanh"))
	ids := strings.NewReplacer("{id}", "x", "{account}", "x", "{act}", "disable", "{index}", "1", "{search}", "x")
	n := 0
	for _, r := range console.Routes() {
		method, path, _ := strings.Cut(r.Pattern, " ")
		if method == http.MethodGet {
			continue
		}
		if method != http.MethodPost {
			t.Errorf("%s: forms know GET and POST only", r.Pattern)
		}
		n++
		for _, from := range []http.Header{
			{"Sec-Fetch-Site": {"cross-site"}, "Accept-Language": {"en"}},
			{"Sec-Fetch-Site": {"same-site"}, "Accept-Language": {"en"}},
			{"Origin": {"https://evil.example"}, "Accept-Language": {"en"}},
			{"Origin": {"null"}, "Accept-Language": {"en"}},
		} {
			v.header = from
			pg := v.post(ids.Replace(path), "login", "x", "password", "x")
			if pg.status != http.StatusForbidden || !strings.Contains(pg.text(), "another site") {
				t.Errorf("%s from %v: status %d, want 403", r.Pattern, from, pg.status)
			}
		}
	}
	if n < 30 {
		t.Errorf("only %d routes were tried", n)
	}
	v.header = http.Header{"Sec-Fetch-Site": {"same-origin"}, "Accept-Language": {"en"}}
	v.get("/account").is(200, "/account") // sign-out was among them
}

// The session's cookie is the browser's alone: no script, no other site's
// request, no longer than the browser is open; a new secret at every step; and
// a secret that somebody planted opens nothing.
func TestCookies(t *testing.T) {
	p := open(t)
	a := p.account("canbo.songxanh")
	v := p.visitor()
	v.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	base, err := url.Parse(p.Info.Console)
	if err != nil {
		t.Fatal(err)
	}
	const planted = "PLANTEDPLANTEDPLANTEDPLANTED"
	v.client.Jar.SetCookies(base, []*http.Cookie{{Name: "dancu_session", Value: planted, Path: "/"}, {Name: "dancu_signin", Value: planted, Path: "/"}})
	var seen []string
	check := func(pg *page) {
		t.Helper()
		for _, line := range pg.header.Values("Set-Cookie") {
			c, err := http.ParseSetCookie(line)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(c.Name, "dancu_s") {
				continue
			}
			if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
				t.Errorf("the cookie %s", line)
			}
			if c.MaxAge > 0 || !c.Expires.IsZero() {
				t.Errorf("the cookie outlives the browser: %s", line)
			}
			if c.MaxAge < 0 {
				continue
			}
			for _, s := range seen {
				if c.Value == s {
					t.Error("a secret is used for two steps")
				}
			}
			if c.Value == planted || len(c.Value) < 22 {
				t.Errorf("the secret is %q", c.Value)
			}
			seen = append(seen, c.Value)
		}
	}
	check(v.post("/sign-in", "login", a.Login, "password", a.Password))
	pending := seen[len(seen)-1]
	check(v.post("/sign-in/factor", "code", code(t, a.TOTP, 0)))
	if len(seen) != 2 {
		t.Fatalf("%d secrets were given, want one for each step", len(seen))
	}
	session := seen[1]
	with := func(name, value string) *page {
		x := p.visitor()
		x.client.Jar.SetCookies(base, []*http.Cookie{{Name: name, Value: value, Path: "/"}})
		return x.get("/account")
	}
	with("dancu_session", session).is(200, "/account")
	for _, old := range []string{planted, pending, session[:len(session)-1], strings.ToLower(session), session + "A", ""} {
		if old != session {
			with("dancu_session", old).is(200, "/sign-in")
		}
	}
	v.client.CheckRedirect = nil
	v.post("/sign-out").says("You are signed out")
	with("dancu_session", session).is(200, "/sign-in").says("Your session has ended")
}

// A code, a recovery code and a password work as often as they may, and the
// page says what is wrong without saying too much.
func TestGuessing(t *testing.T) {
	p := open(t)
	a := p.account("kiemtra")
	same := p.visitor().post("/sign-in", "login", "nobody.here", "password", "Wrong-password-1!").text()
	if got := p.visitor().post("/sign-in", "login", a.Login, "password", "Wrong-password-1!").text(); strings.ReplaceAll(got, a.Login, "nobody.here") != same {
		t.Error("an unknown login reads otherwise than a wrong password")
	}
	v := p.visitor()
	v.post("/sign-in", "login", a.Login, "password", a.Password)
	right := code(t, a.TOTP, 0)
	v.post("/sign-in/factor", "code", right)
	// The same code again, in another browser.
	w := p.visitor()
	w.post("/sign-in", "login", a.Login, "password", a.Password).is(200, "/sign-in/factor")
	w.post("/sign-in/factor", "code", right).is(422, "/sign-in/factor")
	// Five failures lock the account, also for who knows everything.
	for range 5 {
		w.post("/sign-in/factor", "code", "000000")
	}
	locked := p.visitor().post("/sign-in", "login", a.Login, "password", a.Password)
	if locked.path != "/sign-in" || !strings.Contains(locked.text(), "locked") {
		t.Errorf("after five failures: %s says %s", locked.path, locked.text())
	}
	locked.says("ask your agency’s administrator to unlock it")
}

// Nobody is sent to another site, whatever a link says.
func TestNoOpenRedirect(t *testing.T) {
	p := open(t)
	a := p.account("quantri")
	for _, to := range []string{
		"https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "/%09/evil.example", "/%5Cevil.example", "http:evil.example",
		"javascript:alert(1)", "/..//evil.example", "/sign-in", "/sign-out", " /look-up", "/\t/evil.example", "/a\nb",
	} {
		v := p.visitor()
		pg := v.get("/sign-in?next=" + url.QueryEscape(to))
		for _, n := range pg.find("input", func(n *html.Node) bool { return at(n, "name") == "next" }) {
			t.Errorf("%q: the form carries %q", to, at(n, "value"))
		}
		v.post("/sign-in", "login", a.Login, "password", a.Password, "next", to)
		for _, n := range v.get("/sign-in/factor?next="+url.QueryEscape(to)).find("input", func(n *html.Node) bool { return at(n, "name") == "next" }) {
			t.Errorf("%q: the second step carries %q", to, at(n, "value"))
		}
	}
	// One's own page is where one comes back to.
	v := p.visitor()
	pg := v.get("/acts").is(200, "/sign-in")
	v.post("/sign-in", "login", a.Login, "password", a.Password, "next", pg.value("next"))
	next := v.get("/sign-in/factor?next=%2Facts").value("next")
	if pg.value("next") != "/acts" || next != "/acts" {
		t.Errorf("the way back is %q, then %q", pg.value("next"), next)
	}
	v.post("/sign-in/factor", "code", code(t, a.TOTP, 0), "next", next).is(200, "/acts")
}

const attack = `"><script>alert(1)</script><img src=x onerror=alert(1)>'`

// What people type stays text wherever it is shown again.
func TestStoredTextIsText(t *testing.T) {
	p := open(t)
	admin := p.signIn(p.account("quantri"))
	boss := p.signIn(p.account("quantri.songxanh"))
	officer := p.signIn(p.account("canbo.songxanh"))
	inspector := p.signIn(p.account("kiemtra"))
	check := func(pg *page) *page {
		t.Helper()
		console.CheckSample(t, pg.body, i18n.EN)
		if len(pg.find("img", nil)) > 0 || strings.Contains(pg.body, "<script>") {
			t.Errorf("%s: what was typed became a part of the page", pg.path)
		}
		return pg
	}
	for _, x := range []struct {
		v    *visitor
		path string
		form []string
	}{
		{admin, "/staff/new", []string{"kind", "support", "name", attack, "login", "an.toan", "code", "AT-1", "unit", attack}},
		{admin, "/staff/new", []string{"kind", attack, "name", attack, "login", attack, "code", attack, "unit", attack, "agency", attack}},
		{admin, "/acts/administrator", []string{"name", attack, "login", "an.toan.hai", "code", "AT-2", "unit", attack, "reason", attack}},
		{boss, "/agency/officers/new", []string{"name", attack, "login", "an.toan.ba", "code", "AT-3", "unit", attack}},
		{boss, "/agency/officers/find", []string{"text", attack, "kind", attack, "state", attack}},
		{boss, "/agency/provider", []string{"issuer", "https://" + attack, "client", attack, "claim", attack, "factors", attack}},
		{officer, "/look-up", []string{"transaction", attack, "case", attack, "number", attack, "name", attack, "birth", attack, "purpose", attack, "service", attack, "fields", attack}},
		{officer, "/look-up", []string{"transaction", web.NewID(now()), "case", p.Info.Systems[0].Case, "number", p.Info.People[0].PIN, "name", attack, "birth", "01/02/1990", "fields", "fullName"}},
		{officer, "/look-up/case", []string{"case", attack}},
		{officer, "/account/password", []string{"old", attack, "password", attack, "again", attack}},
		{inspector, "/log", []string{"person", attack, "officer", attack, "case", attack, "address", attack, "kind", attack, "code", attack, "from", attack}},
		{inspector, "/log", []string{"reason", attack, "officer", "CB-0101"}},
		{inspector, "/log/day", []string{"officer", attack, "agency", attack, "day", attack, "reason", attack}},
		{p.visitor(), "/sign-in", []string{"login", attack, "password", attack, "next", attack}},
		{p.visitor(), "/sign-in/citizen", []string{"pin", attack, "code", attack}},
		{p.visitor(), "/sign-in/agency", []string{"agency", attack}},
	} {
		pg := x.v.post(x.path, x.form...)
		if strings.Contains(x.path, "/case") {
			if strings.Contains(pg.body, "<script>") {
				t.Errorf("%s: the fragment has a script", x.path)
			}
			continue
		}
		check(pg)
	}
	// Where it is shown again: lists, pages, proposals, entries, reasons.
	check(admin.get("/staff")).says(attack)
	check(admin.get("/acts")).says(attack)
	check(admin.get("/staff?kind=" + url.QueryEscape(attack) + "&state=" + url.QueryEscape(attack)))
	one := boss.get("/agency/officers").link("script")
	check(boss.get(one)).says(attack)
	check(boss.post(one+"/disable", "reason", attack)).says(attack)
	check(boss.get("/agency/officers?after=" + url.QueryEscape(attack)))
	check(inspector.post("/log", "reason", attack, "kind", "account.disabled"))
	check(inspector.post("/log", "reason", "x", "kind", "log.search"))
	check(officer.get("/look-up?purpose=" + url.QueryEscape(attack) + "&service=" + url.QueryEscape(attack)))
	check(officer.get("/look-up/history?before=" + url.QueryEscape(attack)))
	check(officer.get("/account?done=" + url.QueryEscape(attack)))
}

// Texts that no database could keep are mistakes, not failures.
func TestOddTexts(t *testing.T) {
	p := open(t)
	boss := p.signIn(p.account("quantri.songxanh"))
	for _, text := range []string{"a\x00b", "a\xffb", "a\u202eb\x01", strings.Repeat("ạ", 2000)} {
		pg := boss.post("/agency/officers/new", "name", text, "login", "x.y.z", "code", "X-1", "unit", text)
		if pg.status != http.StatusUnprocessableEntity {
			t.Errorf("%.20q: status %d", text, pg.status)
		}
		boss.post("/agency/officers/find", "text", text)
	}
	if pg := boss.do(http.MethodPost, "/agency/officers/find", url.Values{"text": {strings.Repeat("x", 100_000)}}); pg.status != http.StatusRequestEntityTooLarge {
		t.Errorf("a form of 100 KB: status %d", pg.status)
	}
}
