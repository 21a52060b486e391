package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"dancu/internal/apptest"
	browsertest "dancu/internal/apptest/browser"
	"dancu/internal/console/i18n"
)

// someone is a person at a browser.
type someone struct {
	*browsertest.Page
	h    *house
	t    *testing.T
	lang i18n.Lang
}

// sits opens a browser for somebody who reads that language.
func (h *house) sits(b *browsertest.Browser, l i18n.Lang, noScript bool) *someone {
	h.t.Helper()
	v := browsertest.Desktop
	v.Languages, v.NoScript = l.String(), noScript
	return &someone{b.NewPage(h.t, v), h, h.t, l}
}

// at opens a page.
func (s *someone) at(path string) {
	s.t.Helper()
	if got := s.Open(s.h.url + path); got != 200 {
		s.t.Fatalf("%s: status %d", path, got)
	}
}

// is demands that this is the page.
func (s *someone) is(path string) {
	s.t.Helper()
	if got := browsertest.Eval[string](s.Page, `location.pathname`); got != path {
		s.t.Fatalf("this is %s, want %s:\n%s", got, path, s.Text())
	}
}

// says demands that the page says this, in the person's language.
func (s *someone) says(ms ...i18n.Msg) {
	s.t.Helper()
	words := make([]string, len(ms))
	for i, m := range ms {
		words[i] = s.lang.T(m)
	}
	s.reads(words...)
}

// reads demands that the page says this.
func (s *someone) reads(words ...string) {
	s.t.Helper()
	text := strings.Join(strings.Fields(s.Text()), " ")
	for _, w := range words {
		if !strings.Contains(strings.ToLower(text), strings.ToLower(w)) {
			s.t.Fatalf("the page does not say %q:\n%s", w, text)
		}
	}
}

// fill types into a field of the page's main part.
func (s *someone) fill(pairs ...string) {
	s.t.Helper()
	for i := 0; i+1 < len(pairs); i += 2 {
		s.Do(chromedp.SendKeys(chromedp.CSS(fmt.Sprintf(`main [name=%q]`, pairs[i])), pairs[i+1]))
	}
}

// send sends the form of that address by its button, or by the one that is
// named.
func (s *someone) send(action string) {
	s.t.Helper()
	s.Goes(chromedp.Click(chromedp.CSS(fmt.Sprintf(`form[action=%q] button[type=submit]:not([hidden])`, action))))
}

// follows clicks a link.
func (s *someone) follows(selector string) {
	s.t.Helper()
	s.Goes(chromedp.Click(chromedp.CSS(selector)))
}

// secret is the one secret the page shows.
func (s *someone) secret() string {
	s.t.Helper()
	return strings.ReplaceAll(strings.TrimSpace(browsertest.Eval[string](s.Page, `document.querySelector("code.secret").textContent`)), " ", "")
}

// begins takes a new account through its first sign-in: the one-time password,
// an own one, an authenticator app, the recovery codes.
func (s *someone) begins(login, onetime string) apptest.Account {
	s.t.Helper()
	a := apptest.Account{Login: login, Password: "Sen-hồ-7Tây-Bắc!"}
	s.at("/sign-in")
	s.says(i18n.SignInTitle)
	s.fill("login", login, "password", onetime)
	s.send("/sign-in")
	s.is("/sign-in/password")
	s.says(i18n.NewPasswordTitle)
	s.fill("password", a.Password, "again", a.Password)
	s.send("/sign-in/password")
	s.is("/sign-in/enrol")
	s.says(i18n.EnrolTitle)
	a.TOTP = s.secret()
	s.fill("code", s.h.code(a.TOTP))
	s.send("/sign-in/enrol")
	s.says(i18n.RecoveryTitle, i18n.RecoveryLead)
	if n := browsertest.Eval[int](s.Page, `document.querySelectorAll(".codes li").length`); n < 8 {
		s.t.Errorf("%d recovery codes", n)
	}
	s.follows("main a.button-main")
	return a
}

// enters signs in.
func (s *someone) enters(a apptest.Account) {
	s.t.Helper()
	s.at("/sign-in")
	s.fill("login", a.Login, "password", a.Password)
	s.send("/sign-in")
	s.is("/sign-in/factor")
	s.fill("code", s.h.code(a.TOTP))
	s.send("/sign-in/factor")
}

// content demands that the browser complained of nothing on the way here.
func (s *someone) content() {
	s.t.Helper()
	if ps := s.Problems(); len(ps) > 0 {
		s.t.Errorf("the browser complains:\n%s", strings.Join(ps, "\n"))
	}
}

// answered does something that makes a look-up, and waits for what becomes of
// it: the form then has the id of the next one. By script the page stays, else
// it is loaded anew.
func (s *someone) answered(noScript bool, act func()) {
	s.t.Helper()
	id := browsertest.Eval[string](s.Page, `document.getElementById("transaction").value`)
	loads := browsertest.Eval[float64](s.Page, `performance.timeOrigin`)
	act()
	s.Until(fmt.Sprintf(`document.readyState === "complete" && document.getElementById("transaction") && document.getElementById("transaction").value !== %q && document.querySelector("#result [data-done]")`, id))
	if got := browsertest.Eval[float64](s.Page, `performance.timeOrigin`) != loads; got != noScript {
		s.t.Errorf("the page was loaded anew: %v, want %v", got, noScript)
	}
	if got := browsertest.Eval[string](s.Page, `document.getElementById("result").ariaLive`); got != "polite" {
		s.t.Errorf("the result is not announced: aria-live is %q", got)
	}
}

// result is what the page says of the last look-up, its lines joined.
func (s *someone) result(words ...string) {
	s.t.Helper()
	text := strings.Join(strings.Fields(browsertest.Eval[string](s.Page, `document.getElementById("result").innerText`)), " ")
	for _, w := range words {
		if !strings.Contains(text, w) {
			s.t.Errorf("the result does not say %q:\n%s", w, text)
		}
	}
}

// values are those of all fields of that name.
func (s *someone) values(name string) []string {
	s.t.Helper()
	vs := browsertest.Eval[[]string](s.Page, fmt.Sprintf(`[...document.querySelectorAll('main [name=%q]')].map(e => e.value)`, name))
	slices.Sort(vs)
	return vs
}

// enter presses Enter and waits for the next page.
func (s *someone) enter() { s.t.Helper(); s.Goes(chromedp.KeyEvent(kb.Enter)) }
