package console

import (
	"context"
	"net/http"
	"net/url"

	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/fault"
	"dancu/internal/identity"
)

// Door is the way in through an agency's own provider.
//
// Start returns where to send the browser and what the browser keeps
// meanwhile; an agency without a provider is fault.NotFound. Finish takes the
// query with which it came back, and what it kept: another browser than the one
// that began gets nothing.
type Door interface {
	Start(ctx context.Context, agency string) (address, browser string, err error)
	Finish(ctx context.Context, from identity.Client, browser string, query url.Values) (identity.Step, error)
}

// maxAgency is the most characters of an agency code that is typed.
const maxAgency = 36

// agencyView is the sign-in through an agency's own provider.
type agencyView struct {
	ui.Page
	Code ui.Field
	// Go and Host are the provider's address and name once the agency is known.
	Go, Host string
}

func newAgencyView(p ui.Page) agencyView {
	l := p.Lang
	p.Lead = l.T(i18n.SignInAgencyLead)
	return agencyView{Page: p, Code: ui.Field{
		Name: "agency", Label: l.T(i18n.SignInAgencyCode), Hint: l.T(i18n.SignInAgencyHint), Max: maxAgency, Focus: true, Required: true,
	}}
}

// agencySignIn asks which agency's.
func (s *console) agencySignIn(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	if s.door == nil {
		return notFound()
	}
	return v.Render(w, r, http.StatusOK, agencyPage(newAgencyView(v.Page(i18n.SignInAgency))))
}

// agencySignInPost shows the way to the agency's provider as a link: the pages'
// policy lets no form lead to another site.
func (s *console) agencySignInPost(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	if s.door == nil {
		return notFound()
	}
	f, err := v.Form(r)
	if err != nil {
		return err
	}
	view := newAgencyView(v.Page(i18n.SignInAgency))
	code := f.Need("agency", maxAgency, i18n.SignInAgencyNone)
	if f.OK() {
		address, kept, err := s.door.Start(r.Context(), code)
		switch {
		case err == nil:
			u, err := url.Parse(address)
			if err != nil {
				return err
			}
			v.KeepDoor(w, kept)
			view.Go, view.Host, view.Code.Focus = address, u.Hostname(), false
		case fault.Is(err, fault.NotFound):
			f.Fail("agency", v.T(i18n.SignInAgencyNone))
		default:
			return err
		}
	}
	f.Keep(&view.Code)
	return v.Render(w, r, statusOf(view.Code.Error), agencyPage(view))
}

// agencyReturn takes the browser back from the provider.
func (s *console) agencyReturn(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	if s.door == nil {
		return notFound()
	}
	step, err := s.door.Finish(r.Context(), v.From, v.Door(r), r.URL.Query())
	v.KeepDoor(w, "")
	return s.stepped(w, r, v, step, err, "", func(said string) error {
		view := newSignInView(v.Page(i18n.SignInTitle), "")
		view.Failed = said
		return s.showSignIn(w, r, v, http.StatusUnprocessableEntity, view)
	})
}

// citizenView is the citizens' sign-in.
type citizenView struct {
	ui.Page
	Demo      bool
	Failed    string
	PIN, Code ui.Field
}

func newCitizenView(p ui.Page, demo bool) citizenView {
	l := p.Lang
	return citizenView{
		Page: p, Demo: demo,
		PIN:  ui.Field{Name: "pin", Label: l.T(i18n.SignInCitizenPIN), Mode: "numeric", Max: 12, Focus: true, Required: true},
		Code: ui.Field{Name: "code", Label: l.T(i18n.SignInCitizenCode), Type: "password", Complete: "one-time-code", Max: maxCode, Required: true},
	}
}

// citizenSignIn is the form for citizens.
func (s *console) citizenSignIn(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	demo, ok := v.Identity.EIdentityDemo()
	if !ok {
		return notFound()
	}
	return v.Render(w, r, http.StatusOK, citizenPage(newCitizenView(v.Page(i18n.SignInCitizenTitle), demo)))
}

// citizenSignInPost signs a citizen in.
func (s *console) citizenSignInPost(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	demo, ok := v.Identity.EIdentityDemo()
	if !ok {
		return notFound()
	}
	f, err := v.Form(r)
	if err != nil {
		return err
	}
	view := newCitizenView(v.Page(i18n.SignInCitizenTitle), demo)
	pin := f.Text("pin", 12)
	if len(pin) != 12 || !isDigits(pin) {
		f.Fail("pin", v.T(i18n.SignInPINWrong))
	}
	code := f.Need("code", maxCode, i18n.SignInCodeMissing)
	if f.OK() {
		step, err := v.Identity.SignInCitizen(r.Context(), v.From, identity.CitizenAnswer{PIN: pin, Code: code})
		if err == nil {
			return s.proceed(w, r, v, step, "")
		}
		if view.Failed = v.Said(err); view.Failed == "" {
			return err
		}
	}
	f.Keep(&view.PIN, &view.Code)
	return v.Render(w, r, http.StatusUnprocessableEntity, citizenPage(view))
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
