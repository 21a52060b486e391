package site

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"dancu/internal/console/i18n"
	"dancu/internal/identity"
	"dancu/internal/ledger"
)

// A route that names nobody is nobody's, and an act that is in no table, too.
func TestNothingIsAllowedByDefault(t *testing.T) {
	for _, m := range []May{{}, Those(), Those("no-such-act")} {
		if m.Public() {
			t.Errorf("%v is everybody's", m)
		}
		for _, k := range append(identity.Kinds, "", "no-such-kind") {
			if m.Kind(k) {
				t.Errorf("%v is %q's", m, k)
			}
		}
	}
	if Everybody.Public() || Everybody.Kind("") || !Everybody.Kind(identity.Citizen) || !Everybody.Kind(identity.Assessor) {
		t.Error("everybody is not those who are signed in")
	}
}

func TestNextStaysOnTheSite(t *testing.T) {
	for address, want := range map[string]string{
		"/look-up": "/look-up", "/log/ABC?before=5": "/log/ABC?before=5", "/": "/", "/staff#x": "/staff",
		"": "", "look-up": "", "//evil.example": "", "///evil.example": "", "https://evil.example/": "", "/\\evil.example": "", "\\\\evil.example": "",
		"/%5cevil.example": "", "/%09/evil.example": "", "/\t/evil.example": "", "/a\r\nb": "", "/..//evil.example": "", "/./a": "", "/a//b": "",
		"javascript:alert(1)": "", "/sign-in": "", "/sign-in/factor": "", "/sign-out": "", "http:evil": "", "/\x00": "", "/%zz": "",
		"/" + strings.Repeat("a", 600): "",
	} {
		if got := Next(address); got != want {
			t.Errorf("Next(%q) = %q, want %q", address, got, want)
		}
	}
}

// Over HTTPS the cookies are bound to the host and to HTTPS.
func TestSecureCookies(t *testing.T) {
	v := &Visit{Site: &Site{Secure: true}}
	w := httptest.NewRecorder()
	v.Follow(w, identity.Step{Token: "T", Need: identity.NeedFactor})
	v.Follow(w, identity.Step{Token: "S"})
	v.KeepDoor(w, "D")
	n := 0
	for _, line := range w.Header().Values("Set-Cookie") {
		c, err := http.ParseSetCookie(line)
		if err != nil {
			t.Fatal(err)
		}
		n++
		if !strings.HasPrefix(c.Name, "__Host-") || !c.Secure || !c.HttpOnly || c.Path != "/" || c.Domain != "" || c.SameSite != http.SameSiteLaxMode {
			t.Errorf("the cookie %s", line)
		}
	}
	if n != 4 { // the pending one, the session, the pending one dropped, the door
		t.Errorf("%d cookies", n)
	}
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Cookie", "dancu_session=plain; __Host-dancu_signin=p")
	if v.Token(r) != "" || v.Pending(r) != "p" {
		t.Error("a cookie without the prefix is taken for one with it")
	}
}

// What is wrong is said of the field, and what was typed is kept.
func TestForm(t *testing.T) {
	v := &Visit{Site: &Site{}, Lang: i18n.EN}
	read := func(form url.Values) *Form {
		r := httptest.NewRequest(http.MethodPost, "/x?a=from-the-address", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		f, err := v.Form(r)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	// Decomposed letters become the composed ones; the address is no form.
	f := read(url.Values{"name": {"  Nguye\u0302\u0303n  "}})
	if got := f.Text("name", 10); got != "Nguyễn" || !f.OK() || f.Raw("a") != "" {
		t.Errorf("got %q, %v, %q", got, f.Wrong, f.Raw("a"))
	}
	for _, bad := range []string{"a\x00", "\xff", "a\x1b", strings.Repeat("ạ", 11)} {
		f := read(url.Values{"name": {bad}})
		if f.Text("name", 10); f.OK() {
			t.Errorf("%q is taken", bad)
		}
	}
	f = read(url.Values{"name": {" "}})
	if f.Need("name", 10, i18n.FieldNameMissing); f.Wrong["name"] != i18n.EN.T(i18n.FieldNameMissing) {
		t.Errorf("%v", f.Wrong)
	}
}

// What cannot be read of an entry stays empty; nothing breaks on it.
func TestEntriesOfOtherForms(t *testing.T) {
	for _, data := range []string{"", "null", "[]", `{"pin":5}`, `{"id":{}}`, "{"} {
		r := &ledger.Record{Kind: "call.lookup"}
		for _, name := range []string{ledger.PartAccess, ledger.PartOfficer, ledger.PartKeys, ledger.PartSubject, ledger.PartEvent, ledger.PartOutcome} {
			r.Parts = append(r.Parts, ledger.Part{Name: name, Data: []byte(data)})
		}
		if c := CallOf(r); c.Number != "" || c.Officer != "" {
			t.Errorf("%s: %+v", data, c)
		}
		EventOf(r)
	}
	if c := CallOf(&ledger.Record{}); c.Agency != "" {
		t.Error("a removed body says something")
	}
}
