package console_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/html"

	"dancu/internal/apptest"
	"dancu/internal/ledger"
)

// place is a whole running system whose console people use.
type place struct {
	*apptest.System
	t      *testing.T
	offset *atomic.Int64 // of the system's clock, in nanoseconds
}

// open starts a system.
func open(t *testing.T) *place {
	t.Helper()
	p := &place{t: t, offset: &atomic.Int64{}}
	p.System = apptest.Start(t, apptest.Options{
		ClockOffset: func() time.Duration { return time.Duration(p.offset.Load()) },
		Settings:    "identity:\n  address_attempts: 5000\n  address_failures: 5000\n",
	})
	return p
}

// pass lets time go by. The log sees a step of the clock and writes nothing
// until it is sure that the new time stays.
func (p *place) pass(d time.Duration) {
	p.t.Helper()
	p.offset.Add(int64(d))
	ctx, cancel := context.WithTimeout(p.t.Context(), time.Minute)
	defer cancel()
	for p.App.Log.Write(ctx, func(*ledger.Tx) error { return nil }) != nil {
		if ctx.Err() != nil {
			p.t.Fatal("the log does not take to the new time")
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// account is the demonstration's account of that login.
func (p *place) account(login string) apptest.Account {
	p.t.Helper()
	for _, a := range p.Info.Accounts {
		if a.Login == login {
			return a
		}
	}
	p.t.Fatalf("there is no account %s", login)
	return apptest.Account{}
}

// visitor is a browser with a cookie jar, and no script.
type visitor struct {
	p      *place
	client *http.Client
	// header goes with every request.
	header http.Header
}

// visitor opens a browser.
func (p *place) visitor() *visitor {
	jar, err := cookiejar.New(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	return &visitor{p, &http.Client{Jar: jar, Timeout: time.Minute}, http.Header{"Sec-Fetch-Site": {"same-origin"}, "Accept-Language": {"en"}}}
}

// page is what came back, after redirects.
type page struct {
	t      *testing.T
	status int
	path   string // of the last address
	query  url.Values
	header http.Header
	body   string
	root   *html.Node
}

// do sends a request.
func (v *visitor) do(method, path string, form url.Values) *page {
	v.p.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequest(method, v.p.Info.Console+path, body)
	if err != nil {
		v.p.t.Fatal(err)
	}
	for k, values := range v.header {
		r.Header[k] = values
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := v.client.Do(r)
	if err != nil {
		v.p.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		v.p.t.Fatal(err)
	}
	pg := &page{t: v.p.t, status: res.StatusCode, path: res.Request.URL.Path, query: res.Request.URL.Query(), header: res.Header, body: string(b)}
	if pg.root, err = html.Parse(strings.NewReader(pg.body)); err != nil {
		v.p.t.Fatal(err)
	}
	return pg
}

func (v *visitor) get(path string) *page { v.p.t.Helper(); return v.do(http.MethodGet, path, nil) }

// post sends a form of pairs.
func (v *visitor) post(path string, pairs ...string) *page {
	v.p.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return v.do(http.MethodPost, path, form)
}

// says demands that the page says it.
func (p *page) says(words ...string) *page {
	p.t.Helper()
	text := p.text()
	for _, w := range words {
		if !strings.Contains(text, w) {
			p.t.Fatalf("%s (status %d) does not say %q:\n%s", p.path, p.status, w, text)
		}
	}
	return p
}

// is demands the status and the address.
func (p *page) is(status int, path string) *page {
	p.t.Helper()
	if p.status != status || p.path != path {
		p.t.Fatalf("status %d at %s, want %d at %s:\n%s", p.status, p.path, status, path, p.text())
	}
	return p
}

// text is what the page says, its spaces made one.
func (p *page) text() string {
	var b strings.Builder
	for n := range p.root.Descendants() {
		if n.Type == html.TextNode && (n.Parent == nil || n.Parent.Data != "script") {
			b.WriteString(n.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// find returns the elements for which ok holds.
func (p *page) find(element string, ok func(n *html.Node) bool) (out []*html.Node) {
	for n := range p.root.Descendants() {
		if n.Type == html.ElementNode && n.Data == element && (ok == nil || ok(n)) {
			out = append(out, n)
		}
	}
	return out
}

func at(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// value is what is in a field of the page.
func (p *page) value(name string) string {
	p.t.Helper()
	for _, n := range p.find("input", func(n *html.Node) bool { return at(n, "name") == name }) {
		return at(n, "value")
	}
	p.t.Fatalf("%s has no field %s", p.path, name)
	return ""
}

// link is the address of the first link whose text has these words.
func (p *page) link(words string) string {
	p.t.Helper()
	for _, n := range p.find("a", nil) {
		var b strings.Builder
		for d := range n.Descendants() {
			if d.Type == html.TextNode {
				b.WriteString(d.Data)
			}
		}
		if strings.Contains(b.String(), words) {
			return at(n, "href")
		}
	}
	p.t.Fatalf("%s has no link %q", p.path, words)
	return ""
}

// secret is the one secret that the page shows.
func (p *page) secret() string {
	p.t.Helper()
	for _, n := range p.find("code", func(n *html.Node) bool { return at(n, "class") == "secret" }) {
		return strings.ReplaceAll(n.FirstChild.Data, " ", "")
	}
	p.t.Fatalf("%s shows no secret:\n%s", p.path, p.text())
	return ""
}

// code is what an authenticator app shows so many steps of 30 s from now.
func code(t *testing.T, secret string, steps int64) string {
	t.Helper()
	key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
	if err != nil {
		t.Fatal(err)
	}
	h := hmac.New(sha1.New, key)
	_ = binary.Write(h, binary.BigEndian, time.Now().Unix()/30+steps)
	sum := h.Sum(nil)
	i := sum[len(sum)-1] & 0x0f
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[i:])&0x7fffffff%1_000_000)
}

// signIn signs an account in, by its forms, and demands that it worked.
func (p *place) signIn(a apptest.Account) *visitor {
	p.t.Helper()
	v := p.visitor()
	v.post("/sign-in", "login", a.Login, "password", a.Password).is(200, "/sign-in/factor")
	gone := p.offset.Load() / int64(30*time.Second)
	pg := v.post("/sign-in/factor", "code", code(p.t, a.TOTP, gone))
	if pg.path == "/sign-in/factor" { // used already, or between two steps
		pg = v.post("/sign-in/factor", "code", code(p.t, a.TOTP, gone+1))
	}
	if strings.HasPrefix(pg.path, "/sign-in") {
		p.t.Fatalf("%s is not signed in: %s says %s", a.Login, pg.path, pg.text())
	}
	return v
}

// firstTime takes a new account through its first sign-in.
func (p *place) firstTime(login, onetime, kind string) (*visitor, apptest.Account) {
	p.t.Helper()
	a := apptest.Account{Kind: kind, Login: login, Password: "Sen-hồ-7Tây!-" + kind[:3]}
	v := p.visitor()
	v.post("/sign-in", "login", login, "password", onetime).is(200, "/sign-in/password")
	pg := v.post("/sign-in/password", "password", a.Password, "again", a.Password).is(200, "/sign-in/enrol")
	a.TOTP = pg.secret()
	v.post("/sign-in/enrol", "code", code(p.t, a.TOTP, -1)).says("Recovery codes", "shown this once")
	return v, a
}

// citizen signs a made-up citizen in.
func (p *place) citizen(i int) *visitor {
	p.t.Helper()
	v := p.visitor()
	v.post("/sign-in/citizen", "pin", p.Info.People[i].PIN, "code", p.Info.CitizenCode).is(200, "/me")
	return v
}

func now() time.Time { return time.Now() }
