package e2e

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"

	browsertest "dancu/internal/apptest/browser"
	"dancu/internal/console/i18n"
	"dancu/internal/identity"
)

// key plugs a security key into the person's browser, as the browser's virtual
// authenticator has it, and returns its id.
func (s *someone) key() (id webauthn.AuthenticatorID) {
	s.t.Helper()
	s.Do(func(ctx context.Context, tab *chromedp.Target) (chromedp.Void, error) {
		if _, err := cdp.Call(ctx, tab, webauthn.Enable, webauthn.EnableParams{}); err != nil {
			return chromedp.Void{}, err
		}
		r, err := cdp.Call(ctx, tab, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{
			Options: &webauthn.VirtualAuthenticatorOptions{
				Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportUsb,
				HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
			},
		})
		if err == nil {
			id = r.AuthenticatorID
		}
		return chromedp.Void{}, err
	})
	return id
}

// credentials are what is on a key.
func (s *someone) credentials(id webauthn.AuthenticatorID) []webauthn.Credential {
	s.t.Helper()
	return browsertest.Get(s.Page, func(ctx context.Context, tab *chromedp.Target) ([]webauthn.Credential, error) {
		r, err := cdp.Call(ctx, tab, webauthn.GetCredentials, webauthn.GetCredentialsParams{AuthenticatorID: id})
		if err != nil {
			return nil, err
		}
		var out []webauthn.Credential
		for _, c := range r.Credentials {
			out = append(out, *c)
		}
		return out, nil
	})
}

// put puts a credential on a key, in the place of what is there.
func (s *someone) put(id webauthn.AuthenticatorID, c webauthn.Credential) {
	s.t.Helper()
	s.Do(func(ctx context.Context, tab *chromedp.Target) (chromedp.Void, error) {
		if _, err := cdp.Call(ctx, tab, webauthn.ClearCredentials, webauthn.ClearCredentialsParams{AuthenticatorID: id}); err != nil {
			return chromedp.Void{}, err
		}
		_, err := cdp.Call(ctx, tab, webauthn.AddCredential, webauthn.AddCredentialParams{AuthenticatorID: id, Credential: &c})
		return chromedp.Void{}, err
	})
}

// enrolsKey enrols the key that is plugged in as the first second step of an
// account with a one-time password.
func (s *someone) enrolsKey(login, onetime, password string) {
	s.t.Helper()
	s.at("/sign-in")
	s.fill("login", login, "password", onetime)
	s.send("/sign-in")
	s.fill("password", password, "again", password)
	s.send("/sign-in/password")
	s.is("/sign-in/enrol")
	s.fill("name", "Khoá trên chùm chìa")
	s.Goes(chromedp.Click(chromedp.CSS(`form[data-passkey="create"] button`)))
	s.says(i18n.RecoveryTitle)
	s.follows("main a.button-main")
}

// A key is enrolled at the first sign-in and is the second step of the next
// ones; no code is asked for. Another's key is refused: by the browser, which
// is told whose keys will do, and by the system if the browser is made to answer
// with it all the same. Without the key nobody comes in.
func TestPasskeysInARealBrowser(t *testing.T) {
	if len(builds(t)) < 2 {
		t.Skip("the script is not built: npm ci --ignore-scripts in web, then go run ./cmd/webbuild")
	}
	t.Parallel()
	b := browsertest.Start(t)
	h := openHouse(t, nil)
	const owner, other, password = "canbo.songxanh", "kiemtra", "Khoá-9-Chùm-Chìa!"
	from := h.next()

	s := h.sits(b, i18n.VI, false)
	key := s.key()
	s.enrolsKey(owner, h.onetime(owner), password)
	s.is("/look-up")
	mine := s.credentials(key)
	if len(mine) != 1 || mine[0].RpID != "localhost" {
		t.Fatalf("on the key there is %+v", mine)
	}
	s.content()
	s.Do(chromedp.Click(chromedp.CSS("header details.account summary")))
	s.send("/sign-out")

	// The next sign-in, by the key.
	byKey := func(s *someone, login string) {
		s.at("/sign-in")
		s.fill("login", login, "password", password)
		s.send("/sign-in")
		s.is("/sign-in/factor")
		if n := len(s.values("code")); n != 0 {
			t.Errorf("a code is asked of %s, who has none", login)
		}
	}
	button := chromedp.Click(chromedp.CSS(`form[data-passkey="get"] button`))
	byKey(s, owner)
	s.Goes(button)
	s.is("/look-up")
	if got := s.credentials(key); len(got) != 1 || got[0].SignCount <= mine[0].SignCount {
		t.Errorf("the key was not used: %+v", got)
	}
	s.content()

	// It stands in the account, with its name and when it was used.
	s.at("/account")
	s.reads("Khoá trên chùm chìa", s.lang.T(i18n.AccountFactorKey))
	j := s.credentials(key)[0]

	// Somebody else, with a key of their own, at their own browser.
	o := h.sits(b, i18n.EN, false)
	their := o.key()
	o.enrolsKey(other, h.onetime(other), password)
	o.is("/log")
	theirs := o.credentials(their)[0]
	o.Do(chromedp.Click(chromedp.CSS("header details.account summary")))
	o.send("/sign-out")

	// They know the officer's password and have a key, their own: the browser
	// finds none of those it may ask, and says so.
	failed := h.next()
	byKey(o, owner)
	o.Do(button)
	o.Until(`!document.querySelector("[data-said]").hidden`)
	o.reads(o.lang.T(i18n.PasskeyFailed))
	o.is("/sign-in/factor")

	// A browser that was made to answer with it: to the officer's challenge with
	// the other's credential, and with one that has the id of the officer's key
	// but signs with the other's.
	ok := browsertest.Eval[bool](o.Page, fmt.Sprintf(`(() => {
		const f = document.querySelector('form[data-passkey="get"]'), o = JSON.parse(f.dataset.options);
		o.publicKey.allowCredentials[0].id = %q;
		f.dataset.options = JSON.stringify(o);
		return o.publicKey.allowCredentials.length === 1;
	})()`, base64.RawURLEncoding.EncodeToString(theirs.CredentialID)))
	if !ok {
		t.Error("the browser is asked for other keys than the officer's one")
	}
	o.Goes(button)
	o.is("/sign-in/factor")
	o.reads(identity.FactorWrong.Text("en"))
	forged := theirs
	forged.CredentialID, forged.UserHandle = j.CredentialID, j.UserHandle
	o.put(their, forged)
	o.at("/sign-in/factor")
	o.Goes(button)
	o.is("/sign-in/factor")
	o.reads(identity.FactorWrong.Text("en"))
	o.at("/look-up")
	o.is("/sign-in")
	if es := h.entries(failed, identity.EventSignInFailed); len(es) != 2 {
		t.Errorf("%d failed sign-ins are in the log, want 2: %+v", len(es), es)
	}
	if es := h.entries(failed, identity.EventSessionOpened); len(es) != 0 {
		t.Errorf("sessions were opened: %+v", es)
	}

	// With their own key, for their own account, they come in.
	o.put(their, theirs)
	byKey(o, other)
	o.Goes(button)
	o.is("/log")

	// A key whose counter went back was copied: it is refused.
	old := mine[0]
	old.SignCount = 0
	s.Do(chromedp.Click(chromedp.CSS("header details.account summary")))
	s.send("/sign-out")
	s.put(key, old)
	byKey(s, owner)
	s.Goes(button)
	s.is("/sign-in/factor")

	opened := h.entries(from, identity.EventSessionOpened)
	for _, e := range opened {
		if !strings.Contains(e.Event.Method, "password") {
			t.Errorf("entry %d: the method is %q", e.Index, e.Event.Method)
		}
	}
	h.VerifyLog()
}
