package e2e

import (
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"time"

	"dancu/internal/app"
	"dancu/internal/apptest"
	"dancu/internal/web"
)

// visitor is a browser without a screen: forms over HTTP with a cookie jar.
// Its methods may be called from many goroutines.
type visitor struct {
	h      *house
	client *http.Client
	agent  string
}

// visit opens such a browser.
func (h *house) visit(agent string) *visitor {
	h.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	tr := &http.Transport{MaxIdleConnsPerHost: 64}
	h.t.Cleanup(tr.CloseIdleConnections)
	return &visitor{h, &http.Client{Jar: jar, Timeout: time.Minute, Transport: tr}, agent}
}

// seen is what came back, after redirects.
type seen struct {
	status int
	at     string // the path and query it came from
	body   string
}

func (v *visitor) try(method, path string, pairs ...string) (seen, error) {
	var body io.Reader
	if method == http.MethodPost {
		form := url.Values{}
		for i := 0; i+1 < len(pairs); i += 2 {
			form.Add(pairs[i], pairs[i+1])
		}
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequest(method, v.h.url+path, body)
	if err != nil {
		return seen{}, err
	}
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Accept-Language", "en")
	r.Header.Set("User-Agent", v.agent)
	if body != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := v.client.Do(r)
	if err != nil {
		return seen{}, err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	return seen{res.StatusCode, res.Request.URL.RequestURI(), html.UnescapeString(string(b))}, err
}

func (v *visitor) get(path string) seen {
	v.h.t.Helper()
	s, err := v.try(http.MethodGet, path)
	if err != nil {
		v.h.t.Fatal(err)
	}
	return s
}

// post sends a form of pairs.
func (v *visitor) post(path string, pairs ...string) seen {
	v.h.t.Helper()
	s, err := v.try(http.MethodPost, path, pairs...)
	if err != nil {
		v.h.t.Fatal(err)
	}
	return s
}

// must demands that the page says this.
func (v *visitor) must(s seen, words ...string) seen {
	v.h.t.Helper()
	for _, w := range words {
		if !strings.Contains(s.body, w) {
			v.h.t.Fatalf("%s (status %d) does not say %q:\n%s", s.at, s.status, w, tags.ReplaceAllString(s.body, " "))
		}
	}
	return s
}

var tags = regexp.MustCompile(`(?s)<[^>]*>\s*`)

// signIn signs an account in and demands that it worked.
func (v *visitor) signIn(a apptest.Account) *visitor {
	v.h.t.Helper()
	v.post("/sign-in", "login", a.Login, "password", a.Password)
	if s := v.post("/sign-in/factor", "code", v.h.code(a.TOTP)); strings.HasPrefix(s.at, "/sign-in") {
		v.h.t.Fatalf("%s is not signed in: %s", a.Login, tags.ReplaceAllString(s.body, " "))
	}
	return v
}

// lookUp is the form of one look-up, for the one-stop office.
func (h *house) lookUp(p app.DemoPerson) []string {
	return []string{
		"transaction", web.NewID(h.now()), "purpose", "mot-cua," + h.Info.Systems[0].Procedures[0], "service", "lookup", "case", h.caseCode(),
		"number", p.PIN, "name", p.FullName, "birth", typedDay(p.DateOfBirth), "fields", "fullName", "fields", "dateOfBirth",
	}
}

// looks makes one look-up and returns the page.
func (v *visitor) looks(p app.DemoPerson) seen {
	v.h.t.Helper()
	return v.post("/look-up", v.h.lookUp(p)...)
}

// manage does something to an account of the agency, by its administrator.
func (v *visitor) manage(login, act string, pairs ...string) {
	v.h.t.Helper()
	s := v.post("/agency/officers/"+v.h.id(login)+"/"+act, pairs...)
	v.must(s, "Done")
}

// one is one of the demonstration's people.
func (h *house) one(i int) app.DemoPerson { return h.Info.People[i] }
