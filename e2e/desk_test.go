package e2e

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"dancu/internal/app"
	browsertest "dancu/internal/apptest/browser"
)

// write types into a field as a person does.
func write(t *testing.T, p *browsertest.Page, name, text string) {
	t.Helper()
	b, err := json.Marshal(name)
	if err != nil {
		t.Fatal(err)
	}
	// The address of a page is there before its fields are.
	p.Until(`document.readyState === "complete" && (document.querySelector("[name=" + ` + string(b) + ` + "]")?.focus(), true) && document.activeElement.name === ` + string(b))
	p.Do(chromedp.KeyEvent(text))
}

func accountOf(t *testing.T, d *app.Demo, kind string) app.DemoAccount {
	t.Helper()
	for _, a := range d.Info.Accounts {
		if a.Kind == kind {
			return a
		}
	}
	t.Fatalf("there is no %s", kind)
	return app.DemoAccount{}
}

// signInByHand signs in with the keyboard.
func signInByHand(t *testing.T, p *browsertest.Page, url string, a app.DemoAccount) {
	t.Helper()
	p.Open(url + "/sign-in?lang=en")
	write(t, p, "login", a.Login)
	write(t, p, "password", a.Password+"\r")
	p.Until(`location.pathname === "/sign-in/factor"`)
	write(t, p, "code", totp(t, a.TOTP, time.Now().Unix()/30)+"\r")
	p.Until(`!location.pathname.startsWith("/sign-in")`)
}

// With script the desk works without leaving the page: the case code is judged
// as it is typed, Enter asks, the answer comes into the page, and the number is
// marked so that the next one is typed over it. The keyboard goes everywhere,
// and the browser complains of nothing.
func TestDeskWithScript(t *testing.T) {
	t.Parallel()
	d := startDemo(t, 10_000)
	b := browsertest.Start(t)
	p := b.NewPage(t, browsertest.Desktop)
	url := strings.Replace(d.url, "127.0.0.1", "localhost", 1)
	signInByHand(t, p, url, accountOf(t, d.Demo, "agency-officer"))
	p.Until(`document.activeElement.name === "number"`)
	write(t, p, "case", "H97-200101-0001")
	p.Until(`document.querySelector("#case-said").innerText.includes("another agency")`)
	browsertest.Eval[bool](p, `(document.querySelector("[name=case]").value = "", true)`)
	write(t, p, "case", d.Info.Systems[0].Case)
	p.Until(`document.querySelector("#case-said").innerText.includes("Well formed")`)
	who := d.Info.People[0]
	first := browsertest.Eval[string](p, `document.querySelector("#transaction").value`)
	write(t, p, "number", who.PIN)
	write(t, p, "name", who.FullName)
	write(t, p, "birth", who.DateOfBirth+"\r")
	p.Until(`document.querySelector("#result").innerText.includes("One person found")`)
	if got := browsertest.Eval[string](p, `document.querySelector("#transaction").value`); got == first {
		t.Error("the next call would be the same one again")
	}
	p.Until(`document.activeElement.name === "number" && document.activeElement.selectionEnd === 12`)
	if browsertest.Eval[bool](p, `document.querySelector("[data-print]").hidden`) {
		t.Error("the print button is hidden although there is script")
	}
	// The number is typed over; Enter asks again.
	other := d.Info.People[1]
	p.Do(chromedp.KeyEvent(other.PIN + "\r"))
	p.Until(`document.querySelector("#result").innerText.includes("Nobody fits")`)
	// Keys: Esc leaves the field, ? opens the list, Esc closes it, g h goes.
	p.Do(chromedp.KeyEvent("\u001b"), chromedp.KeyEvent("?"))
	p.Until(`document.querySelector("#keys").open`)
	p.Do(chromedp.KeyEvent("\u001b"))
	p.Until(`!document.querySelector("#keys").open`)
	p.Do(chromedp.KeyEvent("g"), chromedp.KeyEvent("h"))
	p.Until(`location.pathname === "/look-up/history" && document.readyState === "complete"`)
	if strings.Contains(p.Text(), who.PIN) {
		t.Error("the history shows a number")
	}
	p.Do(chromedp.KeyEvent("j"), chromedp.KeyEvent("j"), chromedp.KeyEvent("\r"))
	p.Until(fmt.Sprintf(`document.body.innerText.includes(%q)`, who.PIN))
	if path := browsertest.Eval[string](p, `location.href`); strings.Contains(path, who.PIN) || strings.Contains(path, d.Info.Systems[0].Case) {
		t.Errorf("the address is %s", path)
	}
	if cs := p.Problems(); len(cs) > 0 {
		t.Errorf("the browser complains:\n%s", strings.Join(cs, "\n"))
	}
}

// With script the list of officers narrows as one types, with or without
// diacritics, and a long form is saved as one types.
func TestFilterAsYouType(t *testing.T) {
	t.Parallel()
	d := startDemo(t, 10_000)
	b := browsertest.Start(t)
	p := b.NewPage(t, browsertest.Desktop)
	url := strings.Replace(d.url, "127.0.0.1", "localhost", 1)
	signInByHand(t, p, url, accountOf(t, d.Demo, "agency-admin"))
	p.Until(`location.pathname === "/agency" && document.readyState === "complete"`)
	p.Open(url + "/agency/officers")
	p.Do(chromedp.KeyEvent("/"))
	p.Until(`document.activeElement.name === "text"`)
	p.Do(chromedp.KeyEvent("zzz"))
	p.Until(`document.querySelector("#accounts").innerText.includes("No account fits")`)
	browsertest.Eval[bool](p, `(document.querySelector("[name=text]").value = "", true)`)
	p.Do(chromedp.KeyEvent("tran van cua"))
	p.Until(`document.querySelector("#accounts").innerText.includes("Trần Văn Cửa")`)
	if href := browsertest.Eval[string](p, `location.href`); strings.Contains(href, "cua") {
		t.Errorf("the address is %s", href)
	}
	// A long form is saved while somebody types, and is there when the page is
	// opened again.
	p.Open(url + "/agency/guide")
	write(t, p, "text", "Half a guide")
	p.Until(`document.querySelector("#kept").innerText.includes("Draft saved at")`)
	p.Open(url + "/agency/guide")
	if got := browsertest.Eval[string](p, `document.querySelector("[name=text]").value`); got != "Half a guide" {
		t.Errorf("the form holds %q", got)
	}
	if cs := p.Problems(); len(cs) > 0 {
		t.Errorf("the browser complains:\n%s", strings.Join(cs, "\n"))
	}
}
