package e2e

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"dancu/internal/apptest"
)

// overheard keeps what anybody on the way to the console could read in its
// addresses and headers.
type overheard struct {
	mu    sync.Mutex
	lines bytes.Buffer
	off   bool
	next  http.RoundTripper
}

// RoundTrip sends the request and notes its address and the answer's headers,
// but for the cookies, which are the browser's.
func (o *overheard) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := o.next.RoundTrip(r)
	o.mu.Lock()
	defer o.mu.Unlock()
	if err != nil || o.off {
		return res, err
	}
	o.lines.WriteString(r.Method + " " + r.URL.RequestURI() + "\n")
	h := res.Header.Clone()
	h.Del("Set-Cookie")
	return res, h.Write(&o.lines)
}

// workAtPortal does all that people do at the console, and what they do wrong
// there, and returns what was in its addresses and headers. What is of people
// is added to found.
func workAtPortal(t *testing.T, s *apptest.System, found secrets) string {
	t.Helper()
	h := &house{System: s, t: t, used: map[string]int64{}, url: s.Info.Console}
	o := &overheard{}
	open := func() *visitor {
		v := h.visit("Mozilla/5.0 (Windows NT 10.0) Chrome/109.0")
		o.next, v.client.Transport = v.client.Transport, o
		return v
	}
	keep := func(v *visitor) *visitor { // the secrets in its cookies
		u, err := url.Parse(h.url)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range v.client.Jar.Cookies(u) {
			if len(c.Value) > 20 {
				found.add("cookie", c.Value)
			}
		}
		return v
	}
	for _, a := range s.Info.Accounts {
		found.add("account's name", a.Name)
		found.add("login", a.Login)
		found.add("officer's code", a.Code)
		found.add("password", a.Password)
		found.add("secret of an app", a.TOTP)
	}
	officer := h.account("canbo.songxanh")

	// Wrong sign-ins: people type one thing into the field of another.
	guest := open()
	guest.post("/sign-in", "login", "nguoi.la.mat", "password", "Sai-mật-khẩu-1!")
	guest.post("/sign-in", "login", officer.Password, "password", officer.Login)
	guest.post("/sign-in", "login", "Họ Tên Người Lạ", "password", s.Info.People[2].PIN)
	guest.post("/sign-in", "login", officer.Login, "password", "Sai-mật-khẩu-1!")
	for what, text := range map[string]string{"login": "nguoi.la.mat", "name": "Họ Tên Người Lạ", "password": "Sai-mật-khẩu-1!"} {
		found.add(what, text)
	}
	guest.post("/sign-in", "login", officer.Login, "password", officer.Password)
	keep(guest).post("/sign-in/factor", "code", "000000")
	guest.post("/sign-in/factor", "recovery", "ABCD-EFGH-IJKL")

	// The officer's day.
	v := keep(open().signIn(officer))
	who, other := s.Info.People[1], s.Info.People[2]
	found.add("case", h.caseCode())
	v.must(v.looks(who), "One person found")
	with := func(form []string, pairs ...string) []string {
		out := append([]string(nil), form...)
	next:
		for i := 0; i < len(pairs); i += 2 {
			for k := 0; k < len(out); k += 2 {
				if out[k] == pairs[i] {
					out[k+1] = pairs[i+1]
					continue next
				}
			}
			out = append(out, pairs[i], pairs[i+1])
		}
		return out
	}
	for _, change := range [][]string{
		{"name", other.FullName},
		{"service", "verify"},
		{"service", "search"},
		{"service", "household"},
		{"number", who.PIN[:9]},
		{"number", who.FullName, "name", who.PIN},
		{"birth", who.FullName},
		{"case", who.PIN},
		{"case", who.FullName},
		{"purpose", who.FullName},
		{"purpose", "mot-cua," + who.PIN},
		{"purpose", "mot-cua,1.900199.H98"},
		{"service", who.PIN},
		{"transaction", who.PIN},
		{"fields", who.FullName},
		{"name", who.FullName + "\x00\u202e"},
		{"sex", who.FullName},
		{"consent", who.PIN},
	} {
		v.post("/look-up", with(h.lookUp(who), change...)...)
	}
	v.post("/look-up/case", "case", h.caseCode())
	v.post("/look-up/case", "case", who.PIN)
	v.must(v.get("/look-up/history"), "••••••••"+who.PIN[8:])
	for _, e := range []string{"0", "1", who.PIN, url.PathEscape(who.FullName)} {
		o.off = e != "0" && e != "1" // somebody puts it into the address all the same
		v.post("/look-up/history/" + e)
		o.off = false
	}

	// The agency's administrator.
	admin := keep(open().signIn(h.account("quantri.songxanh")))
	const name, login, code, reason = "Trịnh Hoài Riêng Tư", "rieng.tu", "CB-RT-0909", "Theo đơn của bà Cao Thị Kín Đáo"
	for what, text := range map[string]string{"account's name": name, "login": login, "officer's code": code, "reason": reason} {
		found.add(what, text)
	}
	admin.post("/agency/officers/new", "name", name, "login", "CÓ DẤU "+name, "code", code)
	made := admin.must(admin.post("/agency/officers/new", "name", name, "login", login, "code", code, "unit", name), "One-time password")
	admin.post("/agency/officers/new", "name", name, "login", login, "code", code)
	_, onetime, _ := strings.Cut(made.body, `class="secret">`)
	onetime, _, _ = strings.Cut(onetime, "<")
	found.add("one-time password", onetime)
	admin.must(admin.post("/agency/officers/find", "text", name), name)
	_, one, _ := strings.Cut(admin.post("/agency/officers/find", "text", login).body, `href="/agency/officers/`)
	for range 3 { // past the menu's own links
		if len(one) > 36 && one[8] == '-' {
			break
		}
		_, one, _ = strings.Cut(one, `href="/agency/officers/`)
	}
	one = "/agency/officers/" + one[:36]
	admin.must(admin.post(one+"/rights", "rights", "mot-cua lookup"), "Done")
	admin.post(one+"/rights", "rights", name)
	admin.must(admin.post(one+"/change", "name", name+" Mới", "unit", name), "Done")
	admin.must(admin.post(one+"/disable", "reason", reason), "Done")
	admin.post("/agency/provider", "issuer", "https://"+login+".invalid", "client", login, "secret", officer.Password, "claim", "sub")

	// The register's administrator, the inspector, a citizen.
	staff := keep(open().signIn(h.account("quantri")))
	staff.must(staff.post("/staff/find", "text", h.account("kiemtra").Name), "KT-0001")
	staff.post("/acts/administrator", "name", name, "login", "rieng.tu2", "code", "QT-RT", "reason", reason)
	inspector := keep(open().signIn(h.account("kiemtra")))
	results := inspector.must(inspector.post("/log", "person", who.PIN, "officer", officer.Code, "reason", reason), "Entries found")
	_, story, _ := strings.Cut(results.body, `href="/log/request/`)
	story, _, _ = strings.Cut(story, `"`)
	inspector.must(inspector.get("/log/request/"+story), "One request")
	inspector.post("/log", "person", who.FullName, "case", h.caseCode(), "from", who.DateOfBirth, "reason", reason)
	_, search, _ := strings.Cut(results.at, "/log/")
	inspector.must(inspector.post("/log/export/"+search), who.PIN)
	inspector.post("/log/day", "officer", officer.Code, "agency", "H98", "day", h.now().Format("02/01/2006"), "reason", reason)
	citizen := keep(open())
	citizen.post("/sign-in/citizen", "pin", who.PIN, "code", "000000")
	citizen.must(citizen.post("/sign-in/citizen", "pin", who.PIN, "code", s.Info.CitizenCode), "Who looked at my data")
	keep(citizen).post("/sign-out")

	// Somebody who puts it into addresses and headers all the same.
	o.off = true
	for _, path := range []string{
		"/look-up?number=" + who.PIN + "&name=" + url.QueryEscape(who.FullName), "/" + who.PIN, "/agency/officers/" + url.PathEscape(who.FullName),
		"/log/" + who.PIN, "/log/request/" + who.PIN + "/" + who.PIN, "/sign-in?next=%2F" + who.PIN, "/?lang=" + url.QueryEscape(who.FullName),
	} {
		for _, v := range []*visitor{guest, v, admin, inspector} {
			v.get(path)
		}
	}
	odd := open()
	odd.agent = who.FullName
	odd.get("/sign-in")
	o.off = false
	v.must(v.post("/sign-out"), "You are signed out")
	return o.lines.String()
}
