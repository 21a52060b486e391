package site

import (
	"net/url"
	"time"

	"github.com/a-h/templ"

	"dancu/internal/access"
	"dancu/internal/console/i18n"
	"dancu/internal/console/ui"
	"dancu/internal/identity"
	frontend "dancu/web"
)

// Sample is a page with made-up data, drawn without a system behind it: for
// looking at, and for the tests that look at every page.
type Sample struct {
	// Name is the page's in the gallery, as a file's name.
	Name string
	// Kind is who looks at it; "" is nobody.
	Kind identity.Kind
	// Path is the page's address, Title its heading.
	Path  string
	Title i18n.Msg
	// Draw draws it into the shell that is given.
	Draw func(p ui.Page) templ.Component
}

// Page is the shell of a sample.
func (s Sample) Page(l i18n.Lang, a *frontend.Assets) ui.Page {
	u, err := url.Parse(s.Path)
	if err != nil {
		u = &url.URL{Path: "/"}
	}
	p := ui.Page{Lang: l, Title: l.T(s.Title), URL: u, Assets: a, Scripted: true, SignIn: s.Kind == ""}
	if s.Kind != "" {
		p.Account, p.Role, p.Menu = SampleAccount(s.Kind).Name, KindName(l, s.Kind), Here(Menu(l, s.Kind), s.Path)
	}
	return p
}

// SampleTime is when all samples are looked at.
var SampleTime = time.Date(2026, 11, 20, 14, 5, 37, 0, access.Zone)

// SampleAccount is a made-up account of that kind.
func SampleAccount(k identity.Kind) identity.Account {
	a := identity.Account{
		ID: "01990a5e-0000-7000-8000-000000000001", Kind: k, Code: "CB-0123", Login: "nguyen.thi.mau", Name: "Nguyễn Thị Mẫu", Unit: "Bộ phận một cửa",
		State: identity.Active, Created: SampleTime.AddDate(0, -3, 0), LastSignIn: SampleTime.Add(-26 * time.Minute),
		PasswordSet: SampleTime.AddDate(0, -1, -2), TOTP: true, Passkeys: 1, Recovery: 9,
	}
	if k.OfAgency() {
		a.Agency = "tinh-mau"
	} else {
		a.Unit = "Phòng vận hành"
	}
	return a
}
