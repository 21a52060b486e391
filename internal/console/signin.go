package console

import (
	"cmp"
	"net/http"
	"net/url"
	"time"

	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/fault"
	"dancu/internal/identity"
	"dancu/internal/web"
)

// The most characters of what is typed to sign in; the area has rules of its
// own, this bounds what reaches it.
const (
	maxLogin    = 64
	maxPassword = 256
	maxCode     = 64
)

// signInView is the first page of a sign-in.
type signInView struct {
	ui.Page
	Why, WhyText    string // what became of the session before; "" for nothing
	Failed          string // what the area said of the last attempt; "" for nothing
	Login, Password ui.Field
	Next            string
	Citizens        bool // whether citizens sign in here
	Agencies        bool // whether agencies' own sign-in is there
	Mistakes        []ui.Mistake
}

func newSignInView(p ui.Page, next string) signInView {
	l := p.Lang
	p.Lead = l.T(i18n.SignInLead)
	return signInView{
		Page: p, Next: next,
		Login:    ui.Field{Name: "login", Label: l.T(i18n.SignInLogin), Complete: "username", Max: maxLogin, Required: true, Focus: true},
		Password: ui.Field{Name: "password", Label: l.T(i18n.SignInPassword), Type: "password", Complete: "current-password", Max: maxPassword, Required: true},
	}
}

// because says what became of the session before.
func (v *signInView) because(why string) {
	l := v.Lang
	switch why {
	case "time":
		v.Why, v.WhyText = l.T(i18n.SignInWhyTime), l.T(i18n.SignInWhyTimeText)
	case "ended":
		v.Why, v.WhyText = l.T(i18n.SignInWhyEnded), l.T(i18n.SignInWhyEndedText)
	case "out":
		v.Why, v.WhyText = l.T(i18n.SignInWhyOut), l.T(i18n.SignInWhyOutText)
	}
}

// kept says what became of the form that was sent when the session had ended.
func (v *signInView) kept(kept string) {
	switch kept {
	case "1":
		v.WhyText = v.Lang.T(i18n.KeepSignIn)
	case "0":
		v.WhyText = v.Lang.T(i18n.KeepNotSignIn)
	}
}

// signIn is the form of the first step.
func (s *console) signIn(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	q := r.URL.Query()
	next := site.Next(q.Get("next"))
	if v.Session != nil {
		v.Redirect(w, r, cmp.Or(next, site.Home(v.Kind())))
		return nil
	}
	view := newSignInView(v.Page(i18n.SignInTitle), next)
	view.because(q.Get("why"))
	view.kept(q.Get("kept"))
	return s.showSignIn(w, r, v, http.StatusOK, view)
}

func (s *console) showSignIn(w http.ResponseWriter, r *http.Request, v *site.Visit, status int, view signInView) error {
	_, view.Citizens = v.Identity.EIdentityDemo()
	view.Agencies = s.door != nil
	return v.Render(w, r, status, signInPage(view))
}

// signInPost takes login and password.
func (s *console) signInPost(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	f, err := v.Form(r)
	if err != nil {
		return err
	}
	next := site.Next(f.Raw("next"))
	login := f.Need("login", maxLogin, i18n.SignInLoginMissing)
	password := f.Raw("password")
	if password == "" {
		f.Fail("password", v.T(i18n.SignInPasswordMissing))
	}
	view := newSignInView(v.Page(i18n.SignInTitle), next)
	if f.OK() {
		step, err := v.Identity.Begin(r.Context(), v.From, login, password)
		if err == nil {
			return s.proceed(w, r, v, step, next)
		}
		if view.Failed = v.Said(err); view.Failed == "" {
			return err
		}
		web.EventOf(w).Code = string(identity.CodeOf(err))
		view.Password.Focus, view.Login.Focus = true, false
	}
	f.Keep(&view.Login, &view.Password)
	view.Mistakes = ui.Mistakes(view.Login, view.Password)
	return s.showSignIn(w, r, v, http.StatusUnprocessableEntity, view)
}

// proceed takes a sign-in to what its step needs, and at last to the page that was
// asked for.
func (s *console) proceed(w http.ResponseWriter, r *http.Request, v *site.Visit, step identity.Step, next string) error {
	v.Follow(w, step)
	to := ""
	switch step.Need {
	case identity.NeedFactor:
		to = "/sign-in/factor"
	case identity.NeedPassword:
		to = "/sign-in/password"
	case identity.NeedEnrol:
		to = "/sign-in/enrol"
	default:
		kind := identity.Kind("")
		if step.Session != nil {
			kind = step.Session.Account.Kind
		}
		to, next = cmp.Or(next, site.Home(kind)), ""
		if len(step.Recovery) > 0 {
			return s.showRecovery(w, r, v, step.Recovery, to)
		}
	}
	if next != "" {
		to += "?next=" + url.QueryEscape(next)
	}
	v.Redirect(w, r, to)
	return nil
}

// pending returns the sign-in under way that needs this; a visitor who needs
// something else is sent there, and done is true.
func (s *console) pending(w http.ResponseWriter, r *http.Request, v *site.Visit, need identity.Need, next string) (p identity.Pending, done bool, err error) {
	token := v.Pending(r)
	if token == "" {
		v.Redirect(w, r, "/sign-in")
		return p, true, nil
	}
	p, err = v.Identity.Pending(r.Context(), token)
	if fault.Is(err, fault.Unauthenticated) {
		return p, true, s.gone(w, r, v)
	}
	if err != nil {
		return p, true, err
	}
	if p.Need != need {
		return p, true, s.proceed(w, r, v, identity.Step{Token: token, Need: p.Need}, next)
	}
	return p, false, nil
}

// gone begins anew: the sign-in under way is no more.
func (s *console) gone(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	v.Abandon(w)
	view := newSignInView(v.Page(i18n.SignInTitle), "")
	view.Failed = identity.SignInGone.Text(v.Lang.String())
	return s.showSignIn(w, r, v, http.StatusOK, view)
}

// factorView asks for the second factor.
type factorView struct {
	ui.Page
	Failed              string
	Action              string // where the forms go
	Submit              string
	Next                string
	TOTP, Recovery      bool
	Options             string // of the passkey, JSON; "" if none can answer
	Code, RecoveryField ui.Field
}

func newFactorView(p ui.Page, action, next string) factorView {
	l := p.Lang
	return factorView{
		Page: p, Action: action, Next: next, Submit: l.T(i18n.SignInSubmit),
		Code: ui.Field{
			Name: "code", Label: l.T(i18n.FactorCode), Hint: l.T(i18n.FactorCodeHint), Complete: "one-time-code",
			Mode: "numeric", Max: maxCode, Focus: true, Required: true,
		},
		RecoveryField: ui.Field{Name: "recovery", Label: l.T(i18n.FactorRecovery), Hint: l.T(i18n.FactorRecoveryHint), Max: maxCode},
	}
}

// factor asks for the second factor.
func (s *console) factor(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	return s.askFactor(w, r, v, site.Next(r.URL.Query().Get("next")), "")
}

func (s *console) askFactor(w http.ResponseWriter, r *http.Request, v *site.Visit, next, failed string) error {
	p, done, err := s.pending(w, r, v, identity.NeedFactor, next)
	if done || err != nil {
		return err
	}
	view := newFactorView(v.Page(i18n.FactorTitle), "/sign-in/factor", next)
	view.Lead = v.T(i18n.FactorLead)
	view.Failed, view.TOTP, view.Recovery = failed, p.TOTP, p.Recovery
	if p.Passkey {
		if view.Options, err = s.challenge(r, v, v.Pending(r)); err != nil {
			return err
		}
	}
	return v.Render(w, r, statusOf(failed), factorPage(view))
}

// challenge is what the browser's passkey is asked.
func (s *console) challenge(r *http.Request, v *site.Visit, token string) (string, error) {
	b, err := v.Identity.PasskeyChallenge(r.Context(), token)
	return string(b), err
}

// statusOf is 200 for a form as it is opened, 422 for one that came back.
func statusOf(failed string) int {
	if failed != "" {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}

// proof is the second factor in a form: a code, a recovery code, or a passkey's
// answer.
func proof(f *site.Form) identity.Proof {
	if c := f.Raw("credential"); c != "" {
		return identity.Proof{Passkey: []byte(c)}
	}
	return identity.Proof{Code: cmp.Or(f.Text("code", maxCode), f.Text("recovery", maxCode))}
}

// factorPost takes the second factor.
func (s *console) factorPost(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	f, err := v.Form(r)
	if err != nil {
		return err
	}
	next := site.Next(f.Raw("next"))
	p := proof(f)
	if p.Code == "" && p.Passkey == nil {
		return s.askFactor(w, r, v, next, v.T(i18n.SignInCodeMissing))
	}
	step, err := v.Identity.GiveFactor(r.Context(), v.From, v.Pending(r), p)
	return s.stepped(w, r, v, step, err, next, func(failed string) error { return s.askFactor(w, r, v, next, failed) })
}

// stepped goes on after a step, or shows its page again with what was wrong.
func (s *console) stepped(w http.ResponseWriter, r *http.Request, v *site.Visit, step identity.Step, err error, next string, again func(failed string) error) error {
	switch c := identity.CodeOf(err); {
	case err == nil:
		return s.proceed(w, r, v, step, next)
	case c == identity.SignInGone || c == identity.SessionEnded || c == identity.SessionTimedOut:
		return s.gone(w, r, v)
	case v.Said(err) != "":
		web.EventOf(w).Code = string(c)
		return again(v.Said(err))
	default:
		return err
	}
}

// passwordView asks for a new password, in a sign-in.
type passwordView struct {
	ui.Page
	Failed       string
	Next, Login  string
	First, Again ui.Field
}

// newPasswordFields are the two fields of a new password.
func (s *console) newPasswordFields(l i18n.Lang) (first, again ui.Field) {
	rules := s.accountRules()
	first = ui.Field{
		Name: "password", Label: l.T(i18n.NewPassword), Type: "password", Complete: "new-password", Max: maxPassword, Required: true,
		Hint: l.T(i18n.NewPasswordHint, l.Int(int64(rules.PasswordLength)), l.Int(int64(rules.PasswordLengthAlone))),
	}
	again = ui.Field{Name: "again", Label: l.T(i18n.NewPasswordAgain), Type: "password", Complete: "new-password", Max: maxPassword, Required: true}
	return first, again
}

// newPassword asks for a new password.
func (s *console) newPassword(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	return s.askPassword(w, r, v, site.Next(r.URL.Query().Get("next")), "")
}

func (s *console) askPassword(w http.ResponseWriter, r *http.Request, v *site.Visit, next, failed string) error {
	p, done, err := s.pending(w, r, v, identity.NeedPassword, next)
	if done || err != nil {
		return err
	}
	view := passwordView{Page: v.Page(i18n.NewPasswordTitle), Failed: failed, Next: next, Login: p.Login}
	view.Lead = v.T(i18n.NewPasswordLead)
	view.First, view.Again = s.newPasswordFields(v.Lang)
	view.First.Focus = true
	return v.Render(w, r, statusOf(failed), passwordPage(view))
}

// newPasswordPost sets the new password.
func (s *console) newPasswordPost(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	f, err := v.Form(r)
	if err != nil {
		return err
	}
	next := site.Next(f.Raw("next"))
	if f.Raw("password") != f.Raw("again") {
		return s.askPassword(w, r, v, next, v.T(i18n.NewPasswordDiffer))
	}
	step, err := v.Identity.SetPassword(r.Context(), v.From, v.Pending(r), f.Raw("password"))
	return s.stepped(w, r, v, step, err, next, func(failed string) error { return s.askPassword(w, r, v, next, failed) })
}

// enrolView offers a second factor to enrol: an app or a key.
type enrolView struct {
	ui.Page
	Failed     string
	Action     string
	Next       string
	Secret     string
	Picture    qr
	Options    string // of the passkey, JSON; "" if the page's address has none
	KeyAddress string // the address under which passkeys work, if this is another
	Code, Name ui.Field
}

// enrol offers a second factor, in a sign-in.
func (s *console) enrol(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	return s.askEnrol(w, r, v, site.Next(r.URL.Query().Get("next")), "")
}

func (s *console) askEnrol(w http.ResponseWriter, r *http.Request, v *site.Visit, next, failed string) error {
	_, done, err := s.pending(w, r, v, identity.NeedEnrol, next)
	if done || err != nil {
		return err
	}
	view, err := s.offer(r, v, v.Pending(r), v.Page(i18n.EnrolTitle))
	if err != nil {
		return err
	}
	view.Action, view.Next, view.Failed = "/sign-in/enrol", next, failed
	return v.Render(w, r, statusOf(failed), enrolPage(view))
}

// offer fetches what can be enrolled.
func (s *console) offer(r *http.Request, v *site.Visit, token string, p ui.Page) (enrolView, error) {
	p.Lead = v.T(i18n.EnrolLead)
	view := newEnrolView(p)
	o, err := v.Identity.OfferTOTP(r.Context(), token)
	if err != nil {
		return view, err
	}
	view.Secret = grouped(o.Secret)
	if view.Picture, err = readQR(o.PNG); err != nil {
		return view, err
	}
	if !s.passkeysHere(r) {
		view.KeyAddress = s.rules.Origin
		return view, nil
	}
	b, err := v.Identity.OfferPasskey(r.Context(), token)
	view.Options = string(b)
	return view, err
}

func newEnrolView(p ui.Page) enrolView {
	l := p.Lang
	return enrolView{
		Page: p,
		Code: ui.Field{Name: "code", Label: l.T(i18n.EnrolCode), Complete: "one-time-code", Mode: "numeric", Max: maxCode, Required: true},
		Name: ui.Field{Name: "name", Label: l.T(i18n.EnrolName), Hint: l.T(i18n.EnrolNameHint), Max: 60},
	}
}

// passkeysHere reports whether the browser has the page open at the address to
// which passkeys are bound; at another they would fail without a reason.
func (s *console) passkeysHere(r *http.Request) bool {
	u, err := url.Parse(s.rules.Origin)
	return err == nil && u.Host != "" && u.Host == r.Host
}

// enrolment is the new factor in a form.
func enrolment(f *site.Form) identity.Enrolment {
	e := identity.Enrolment{Name: f.Text("name", 60)}
	if c := f.Raw("credential"); c != "" {
		e.Passkey = []byte(c)
	} else {
		e.Code = f.Text("code", maxCode)
	}
	return e
}

// enrolPost enrols the factor; the sign-in is done.
func (s *console) enrolPost(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	f, err := v.Form(r)
	if err != nil {
		return err
	}
	next := site.Next(f.Raw("next"))
	step, err := v.Identity.Enrol(r.Context(), v.From, v.Pending(r), enrolment(f))
	return s.stepped(w, r, v, step, err, next, func(failed string) error { return s.askEnrol(w, r, v, next, failed) })
}

// recoveryView shows recovery codes, once.
type recoveryView struct {
	ui.Page
	Codes []string
	Next  string
}

func (s *console) showRecovery(w http.ResponseWriter, r *http.Request, v *site.Visit, codes []string, next string) error {
	view := recoveryView{Page: v.Page(i18n.RecoveryTitle), Codes: codes, Next: next}
	view.Lead, view.SignIn = v.T(i18n.RecoveryLead), false
	return v.RenderSecret(w, r, recoveryPage(view))
}

// signOut ends the session.
func (s *console) signOut(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	for _, token := range []string{v.Token(r), v.Pending(r)} {
		if token == "" {
			continue
		}
		var err error
		if token == v.Token(r) {
			err = v.Identity.LogOut(r.Context(), v.From, token)
		} else {
			err = v.Identity.Abandon(r.Context(), token)
		}
		if err != nil && !fault.Is(err, fault.Unauthenticated) && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	v.Forget(w)
	v.Redirect(w, r, "/sign-in?why=out")
	return nil
}

// The rate of sign-in steps from one address, whoever's: an office behind one
// address signs in at eight in the morning, a guesser goes on all day. The area
// counts failures besides.
var signInRate = web.Rate{PerSecond: 1, Burst: 60}

// slowly holds the steps of a sign-in to their rate, and to connections that
// nobody in between can read: over plain HTTP a password is taken from this
// very machine alone.
func (s *console) slowly(next site.Handler) site.Handler {
	return func(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
		if !v.Secure && !v.From.Address.Unmap().IsLoopback() {
			return &web.Problem{
				Status: http.StatusForbidden, Code: "request.invalid",
				Title:  web.Text{VI: i18n.VI.T(i18n.InvalidTitle), EN: i18n.EN.T(i18n.InvalidTitle)},
				Detail: web.Text{VI: i18n.VI.T(i18n.SignInPlain), EN: i18n.EN.T(i18n.SignInPlain)},
			}
		}
		if q := s.limiter.Take(web.Group(v.From.Address).String(), signInRate, time.Now()); !q.OK {
			return &web.Problem{
				Status: http.StatusTooManyRequests, Code: string(identity.SignInBusy), RetryAfter: q.Retry,
				Title:  web.Text{VI: i18n.VI.T(i18n.InvalidTitle), EN: i18n.EN.T(i18n.InvalidTitle)},
				Detail: web.Text{VI: i18n.VI.T(i18n.SignInSlowly), EN: i18n.EN.T(i18n.SignInSlowly)},
			}
		}
		return next(w, r, v)
	}
}

// accountRules are the rules of accounts as they hold now: they can change while
// people work.
func (s *console) accountRules() identity.Settings {
	if s.site != nil && s.site.Identity != nil {
		return s.site.Identity.Settings()
	}
	return s.rules
}
