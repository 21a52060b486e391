package console

import (
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/a-h/templ"

	"dancu/internal/console/agency"
	"dancu/internal/console/citizen"
	"dancu/internal/console/guides"
	"dancu/internal/console/i18n"
	"dancu/internal/console/inspector"
	"dancu/internal/console/jobs"
	"dancu/internal/console/life"
	"dancu/internal/console/notices"
	"dancu/internal/console/officer"
	"dancu/internal/console/operator"
	"dancu/internal/console/people"
	"dancu/internal/console/requests"
	"dancu/internal/console/setting"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/identity"
	"dancu/internal/web"
	frontend "dancu/web"
)

// Samples are all pages with made-up data. Each package has its own beside its
// pages; TestEveryTemplateHasASample keeps them whole.
func Samples() (out []site.Sample) {
	for _, list := range [][]site.Sample{samples(), officer.Samples(), people.Samples(), agency.Samples(), guides.Samples(), operator.Samples(), inspector.Samples(), life.Samples(), citizen.Samples(), requests.Samples(), notices.Samples(), setting.Samples(), jobs.Samples()} {
		out = append(out, list...)
	}
	return out
}

// Gallery serves every page with made-up data, and needs neither a database nor
// anybody signed in.
func Gallery(a *frontend.Assets) (http.Handler, error) {
	if a == nil {
		var err error
		if a, err = frontend.Embedded(); err != nil {
			return nil, err
		}
	}
	mux := web.NewMux()
	mux.HandleFunc("GET "+frontend.Prefix+"{name}", func(w http.ResponseWriter, r *http.Request) error {
		if !a.Serve(w, r, r.PathValue("name")) {
			return web.NotFound()
		}
		return nil
	})
	list := Samples()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) error {
		l := i18n.Of(r)
		return site.Send(w, r, http.StatusOK, l, site.Private, galleryPage(galleryView{
			Page: ui.Page{Lang: l, Title: l.T(i18n.GalleryTitle), Lead: l.T(i18n.GalleryLead), URL: r.URL, Assets: a}, Samples: list,
		}))
	})
	for _, s := range list {
		mux.HandleFunc("GET /gallery/"+s.Name, func(w http.ResponseWriter, r *http.Request) error {
			l := i18n.Of(r)
			p := s.Page(l, a)
			p.URL = r.URL // the language switch stays in the gallery
			return site.Send(w, r, http.StatusOK, l, site.Private, s.Draw(p))
		})
	}
	kit := &web.Kit{}
	return web.Page(kit.Wrap(mux), web.PageOptions{}), nil
}

// galleryView is the list of the samples.
type galleryView struct {
	ui.Page
	Samples []site.Sample
}

// WriteGallery writes every page in both languages into a folder, with the
// assets beside them; it returns how many pages there are.
func WriteGallery(dir string, a *frontend.Assets) (n int, err error) {
	if a == nil {
		if a, err = frontend.Embedded(); err != nil {
			return 0, err
		}
	}
	if err := os.MkdirAll(filepath.Join(dir, "assets"), 0o755); err != nil {
		return 0, err
	}
	for name, data := range a.Files() {
		if err := os.WriteFile(filepath.Join(dir, "assets", name), data, 0o644); err != nil {
			return 0, err
		}
	}
	for _, s := range Samples() {
		for _, l := range i18n.Langs {
			var b strings.Builder
			if err := s.Draw(s.Page(l, a)).Render(context.Background(), &b); err != nil {
				return n, fmt.Errorf("couldn't draw %s: %w", s.Name, err)
			}
			// A page opened as a file finds its assets beside it.
			page := strings.ReplaceAll(b.String(), `="`+frontend.Prefix, `="assets/`)
			if err := os.WriteFile(filepath.Join(dir, s.Name+"."+l.String()+".html"), []byte(page), fs.FileMode(0o644)); err != nil {
				return n, err
			}
			n++
		}
	}
	return n, nil
}

// samples are the pages of this package with made-up data.
func samples() []site.Sample {
	rules := &console{rules: identity.DefaultSettings()}
	signIn := func(name string, more func(v *signInView)) site.Sample {
		return site.Sample{Name: name, Path: "/sign-in", Title: i18n.SignInTitle, Draw: func(p ui.Page) templ.Component {
			v := newSignInView(p, "/look-up")
			v.Agencies, v.Citizens = true, true
			if more != nil {
				more(&v)
			}
			return signInPage(v)
		}}
	}
	return []site.Sample{
		{Name: "status", Kind: identity.Supervisor, Path: "/", Title: i18n.StatusTitle, Draw: func(p ui.Page) templ.Component {
			st := Sample()
			p.Lead, p.Reload = p.Lang.T(i18n.StatusAsOf, p.Lang.Time(st.At)), true
			v := newStatusView(p, st)
			v.Detailed, v.Contacts, v.More = true, "/contacts", "/operator/connections"
			return statusPage(v)
		}},
		{Name: "status-public", Path: "/", Title: i18n.StatusTitle, Draw: func(p ui.Page) templ.Component {
			st := Sample()
			p.Lead, p.Reload = p.Lang.T(i18n.StatusAsOf, p.Lang.Time(st.At)), true
			v := newStatusView(p, st)
			v.Contacts = "/contacts"
			return statusPage(v)
		}},
		signIn("sign-in", nil),
		signIn("sign-in-timed-out", func(v *signInView) { v.because("time") }),
		signIn("sign-in-kept", func(v *signInView) { v.because("time"); v.kept("1") }),
		signIn("sign-in-failed", func(v *signInView) { v.Failed = identity.SignInFailed.Text(v.Lang.String()) }),
		{Name: "sign-in-factor", Path: "/sign-in/factor", Title: i18n.FactorTitle, Draw: func(p ui.Page) templ.Component {
			p.Lead = p.Lang.T(i18n.FactorLead)
			v := newFactorView(p, "/sign-in/factor", "")
			v.TOTP, v.Recovery, v.Options = true, true, `{"publicKey":{"challenge":"AAAA"}}`
			return factorPage(v)
		}},
		{Name: "sign-in-password", Path: "/sign-in/password", Title: i18n.NewPasswordTitle, Draw: func(p ui.Page) templ.Component {
			p.Lead = p.Lang.T(i18n.NewPasswordLead)
			v := passwordView{Page: p, Login: "nguyen.thi.mau", Failed: identity.PasswordUsed.Text(p.Lang.String())}
			v.First, v.Again = rules.newPasswordFields(p.Lang)
			return passwordPage(v)
		}},
		{Name: "sign-in-enrol", Path: "/sign-in/enrol", Title: i18n.EnrolTitle, Draw: func(p ui.Page) templ.Component {
			p.Lead = p.Lang.T(i18n.EnrolLead)
			v := newEnrolView(p)
			v.Action, v.Secret, v.Options = "/sign-in/enrol", grouped("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"), `{"publicKey":{"challenge":"AAAA"}}`
			v.Picture = qr{Size: 29, Path: "M4 4H11V11H4zM6 6V9H9V6zM18 4H25V11H18zM20 6V9H23V6zM4 18H11V25H4zM6 20V23H9V20zM14 14H16V16H14zM18 16H21V18H18zM22 20H25V25H22zM13 6H15V9H13zM14 20H17V23H14z"}
			return enrolPage(v)
		}},
		{Name: "sign-in-recovery", Path: "/sign-in/enrol", Title: i18n.RecoveryTitle, Draw: func(p ui.Page) templ.Component {
			p.Lead, p.SignIn = p.Lang.T(i18n.RecoveryLead), false
			return recoveryPage(recoveryView{Page: p, Next: "/look-up", Codes: []string{
				"3f7k-9qtz", "m2np-4xvw", "8hjc-5rbd", "t6gk-7yqe", "w9zs-2ufa", "c4vx-6mhn", "p5rd-8kjt", "e7ba-3gwy", "n2qs-9czu", "x6tf-4vpm",
			}})
		}},
		{Name: "sign-in-agency", Path: "/sign-in/agency", Title: i18n.SignInAgency, Draw: func(p ui.Page) templ.Component {
			v := newAgencyView(p)
			v.Code.Value, v.Go, v.Host = "H98", "https://dangnhap.mau.example.vn/authorize", "dangnhap.mau.example.vn"
			return agencyPage(v)
		}},
		{Name: "sign-in-citizen", Path: "/sign-in/citizen", Title: i18n.SignInCitizenTitle, Draw: func(p ui.Page) templ.Component {
			return citizenPage(newCitizenView(p, true))
		}},
		{Name: "account", Kind: identity.AgencyOfficer, Path: "/account", Title: i18n.AccountTitle, Draw: func(p ui.Page) templ.Component {
			v := sampleAccount(p, identity.AgencyOfficer)
			v.First, v.Again = rules.newPasswordFields(p.Lang)
			return accountPage(v)
		}},
		{Name: "account-keys", Kind: identity.Onboarder, Path: "/account", Title: i18n.AccountTitle, Draw: func(p ui.Page) templ.Component {
			v := sampleAccount(p, identity.Onboarder)
			v.First, v.Again = rules.newPasswordFields(p.Lang)
			return accountPage(v)
		}},
		{Name: "account-key-new", Kind: identity.Onboarder, Path: "/account/keys/new", Title: i18n.APIKeyNew, Draw: func(p ui.Page) templ.Component {
			v := newKeyNewView(p, identity.DefaultSettings())
			v.Networks.Value, v.Networks.Error = "10.1.2.3/8", identity.KeyNetworks.Text(p.Lang.String())
			return keyNewPage(v)
		}},
		{Name: "account-key-made", Kind: identity.Onboarder, Path: "/account/keys/new", Title: i18n.APIKeyMade, Draw: func(p ui.Page) templ.Component {
			p.Lead = p.Lang.T(i18n.APIKeyMadeLead)
			return keyMadePage(keyMadeView{Page: p, Name: "Đồng bộ hồ sơ một cửa", Text: "dancu_mau4k7q2tzx2mnpabcdefghmau4k7q2tzx2mnpab", Expires: p.Lang.Time(site.SampleTime.AddDate(0, 1, 0))})
		}},
		{Name: "confirm", Kind: identity.Administrator, Path: "/account/confirm", Title: i18n.ConfirmTitle, Draw: func(p ui.Page) templ.Component {
			p.Lead = p.Lang.T(i18n.ConfirmLead)
			v := newFactorView(p, "/account/confirm", "/acts")
			v.Submit, v.TOTP, v.Recovery = p.Lang.T(i18n.ConfirmSubmit), true, true
			return factorPage(v)
		}},
		{Name: "help", Kind: identity.AgencyOfficer, Path: "/help", Title: i18n.Help, Draw: func(p ui.Page) templ.Component {
			p.Lead = p.Lang.T(i18n.HelpLead)
			return helpPage(helpView{p})
		}},
		{Name: "forbidden", Kind: identity.AgencyOfficer, Path: "/staff", Title: i18n.ForbiddenTitle, Draw: func(p ui.Page) templ.Component {
			return problemPage(problemView{Page: p, Text: p.Lang.T(i18n.ForbiddenText), Code: "403", Back: "/look-up", Request: "01990a5e-7c11-7a3e-9c55-3f0f5d1b2c3d"})
		}},
	}
}

func sampleAccount(p ui.Page, kind identity.Kind) accountView {
	now := site.SampleTime
	session := &identity.Session{
		ID: "01990a5e-1111-7000-8000-000000000001", Account: site.SampleAccount(kind), Started: now.Add(-time.Hour), EndsBy: now.Add(9 * time.Hour),
		Seen: now, Address: "10.0.0.15", Agent: "Chrome 109 · Windows 7", Method: "password",
	}
	other := *session
	other.ID, other.Address, other.Agent, other.Method = "01990a5e-1111-7000-8000-000000000002", "10.0.0.27", "Firefox 115 · Windows 10", "provider"
	return newAccountView(p, session, []identity.Factor{
		{ID: "01990a5e-2222-7000-8000-000000000001", Kind: "totp", Created: now.AddDate(0, -3, 0), Used: now.Add(-time.Hour)},
		{ID: "01990a5e-2222-7000-8000-000000000002", Kind: "passkey", Name: "Khoá trên móc chìa", Created: now.AddDate(0, -1, 0)},
	}, []identity.Session{*session, other}, []identity.Key{
		{
			ID: "01990a5e-3333-7000-8000-000000000001", Shown: "dancu_mau4k7q2", Name: "Đồng bộ hồ sơ một cửa", Created: now.AddDate(0, 0, -9), Expires: now.AddDate(0, 0, 21), Used: now.Add(-40 * time.Minute),
			Networks: []netip.Prefix{netip.MustParsePrefix("10.1.2.0/24"), netip.MustParsePrefix("10.1.3.15/32")},
		},
		{ID: "01990a5e-3333-7000-8000-000000000002", Shown: "dancu_mau9z3wx", Name: "Báo cáo hằng tuần", Created: now.AddDate(0, -1, -2), Expires: now.AddDate(0, 0, -2), Ended: now.AddDate(0, 0, -2), Why: "term"},
	})
}
