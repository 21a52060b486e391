package site

import (
	"net/http"
	"net/url"

	"dancu/internal/identity"
	"dancu/internal/web"
)

// Problem turns a refusal of the accounts into a problem that says the same in
// both languages; any other error stays as it is.
func Problem(err error) error {
	c := identity.CodeOf(err)
	if c == "" {
		return err
	}
	p := *web.ProblemOf(err)
	p.Code = string(c)
	p.Detail = web.Text{VI: c.Text("vi"), EN: c.Text("en")}
	return &p
}

// Stale asks for the second factor anew if that is what err is about, and
// reports whether it was; afterwards the visitor is back at the page.
func (v *Visit) Stale(w http.ResponseWriter, r *http.Request, err error, back string) bool {
	if identity.CodeOf(err) != identity.FactorStale {
		return false
	}
	v.Redirect(w, r, "/account/confirm?next="+url.QueryEscape(back))
	return true
}
