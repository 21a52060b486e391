package console

import (
	"net/http"
	"net/url"

	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/identity"
	"dancu/internal/web"
)

// accountView is the own account: what it is, its secrets, its sessions.
type accountView struct {
	ui.Page
	Done, Failed      string
	Facts             []ui.Fact
	Old, First, Again ui.Field
	PasswordSet       string
	Factors           []factorRow
	Recovery          string
	Sessions          []sessionRow
	// Keys are the API keys; HasKeys says that such an account can have any.
	Keys    []keyRow
	HasKeys bool
}

type factorRow struct{ ID, Kind, Name, Added, Used string }

type sessionRow struct {
	ID, Address, Agent, Started, Seen, Method string
	This                                      bool
}

// done are the words of an act that went well, by what stands in the address.
var done = map[string]i18n.Msg{
	"password": i18n.AccountPasswordDone,
	"factor":   i18n.AccountFactorDone,
	"removed":  i18n.AccountFactorGone,
	"session":  i18n.AccountSessionDone,
	"key":      i18n.APIKeyDone,
	"confirm":  i18n.ConfirmDone,
}

// account shows the own account.
func (s *console) account(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	return s.showAccount(w, r, v, "")
}

func (s *console) showAccount(w http.ResponseWriter, r *http.Request, v *site.Visit, failed string) error {
	factors, err := v.Identity.Factors(r.Context(), v.Actor())
	if err != nil {
		return err
	}
	sessions, err := v.Identity.Sessions(r.Context(), v.Actor())
	if err != nil {
		return err
	}
	var keys []identity.Key
	if identity.May(v.Kind(), identity.OwnKeys) {
		if keys, err = v.Identity.Keys(r.Context(), v.Actor()); err != nil {
			return err
		}
	}
	view := newAccountView(v.Page(i18n.AccountTitle), v.Session, factors, sessions, keys)
	view.First, view.Again = s.newPasswordFields(v.Lang)
	view.Failed = failed
	if m, ok := done[r.URL.Query().Get("done")]; ok && failed == "" {
		view.Done = v.T(m)
	}
	return v.Render(w, r, statusOf(failed), accountPage(view))
}

func newAccountView(p ui.Page, session *identity.Session, factors []identity.Factor, sessions []identity.Session, keys []identity.Key) accountView {
	l := p.Lang
	a := session.Account
	v := accountView{
		Page: p,
		Facts: []ui.Fact{
			{Term: l.T(i18n.AccountName), Is: ui.Text(a.Name)},
			{Term: l.T(i18n.AccountKind), Is: ui.Text(site.KindName(l, a.Kind))},
			{Term: l.T(i18n.AccountLogin), Is: ui.Text(a.Login)},
			{Term: l.T(i18n.AccountCode), Is: ui.Text(a.Code)},
		},
		Old:         ui.Field{Name: "old", Label: l.T(i18n.AccountPasswordOld), Type: "password", Complete: "current-password", Max: maxPassword, Required: true},
		PasswordSet: l.T(i18n.AccountPasswordSet, l.Time(a.PasswordSet)),
		Recovery:    l.T(i18n.AccountRecoveryLeft, l.Int(int64(a.Recovery))),
	}
	if a.Unit != "" {
		v.Facts = append(v.Facts, ui.Fact{Term: l.T(i18n.AccountUnit), Is: ui.Text(a.Unit)})
	}
	v.Facts = append(
		v.Facts,
		ui.Fact{Term: l.T(i18n.AccountSigned), Is: ui.Number(l.Time(session.Started))},
		ui.Fact{Term: l.T(i18n.AccountEnds), Is: ui.Number(l.Time(session.EndsBy))},
	)
	for _, f := range factors {
		row := factorRow{ID: f.ID, Name: f.Name, Added: l.T(i18n.AccountFactorAdded, l.Time(f.Created)), Used: l.T(i18n.AccountFactorNever), Kind: l.T(i18n.AccountFactorKey)}
		if f.Kind == "totp" {
			row.Kind = l.T(i18n.AccountFactorApp)
		}
		if !f.Used.IsZero() {
			row.Used = l.T(i18n.AccountFactorUsed, l.Time(f.Used))
		}
		v.Factors = append(v.Factors, row)
	}
	for _, x := range sessions {
		v.Sessions = append(v.Sessions, sessionRow{
			ID: x.ID, Address: x.Address, Agent: x.Agent, Started: l.Time(x.Started), Seen: l.Time(x.Seen),
			Method: methodName(l, x.Method), This: x.ID == session.ID,
		})
	}
	v.HasKeys = identity.May(a.Kind, identity.OwnKeys)
	for _, k := range keys {
		v.Keys = append(v.Keys, newKeyRow(l, k))
	}
	return v
}

// methodName says how a session was signed in.
func methodName(l i18n.Lang, method string) string {
	switch method {
	case "provider":
		return l.T(i18n.MethodProvider)
	case "e-identity":
		return l.T(i18n.MethodIdentity)
	}
	return l.T(i18n.MethodPassword)
}

// refused shows the account again with what was wrong, or asks for the second
// factor where a fresh one is wanted.
func (s *console) refused(w http.ResponseWriter, r *http.Request, v *site.Visit, err error) error {
	if v.Stale(w, r, err, "/account") {
		return nil
	}
	text := v.Said(err)
	if text == "" {
		return err
	}
	web.EventOf(w).Code = string(identity.CodeOf(err))
	return s.showAccount(w, r, v, text)
}

// accountPassword changes the own password.
func (s *console) accountPassword(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	f, err := v.Form(r)
	if err != nil {
		return err
	}
	if f.Raw("password") != f.Raw("again") {
		return s.showAccount(w, r, v, v.T(i18n.NewPasswordDiffer))
	}
	step, err := v.Identity.ChangePassword(r.Context(), v.From, v.Token(r), f.Raw("old"), f.Raw("password"))
	if err != nil {
		return s.refused(w, r, v, err)
	}
	v.Follow(w, step)
	v.Redirect(w, r, "/account?done=password")
	return nil
}

// accountFactorNew offers a further second factor.
func (s *console) accountFactorNew(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	return s.askFactorNew(w, r, v, "")
}

func (s *console) askFactorNew(w http.ResponseWriter, r *http.Request, v *site.Visit, failed string) error {
	view, err := s.offer(r, v, v.Token(r), v.Page(i18n.AccountFactorAdd))
	if err != nil {
		return s.refused(w, r, v, err)
	}
	view.Action, view.Failed = "/account/factors/new", failed
	return v.Render(w, r, statusOf(failed), enrolPage(view))
}

// accountFactorNewPost enrols it.
func (s *console) accountFactorNewPost(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	f, err := v.Form(r)
	if err != nil {
		return err
	}
	step, err := v.Identity.Enrol(r.Context(), v.From, v.Token(r), enrolment(f))
	if err != nil {
		if text := v.Said(err); text != "" && identity.CodeOf(err) != identity.FactorStale {
			return s.askFactorNew(w, r, v, text)
		}
		return s.refused(w, r, v, err)
	}
	v.Follow(w, step)
	if len(step.Recovery) > 0 {
		return s.showRecovery(w, r, v, step.Recovery, "/account?done=factor")
	}
	v.Redirect(w, r, "/account?done=factor")
	return nil
}

// accountFactorRemove takes a second factor away.
func (s *console) accountFactorRemove(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	if err := v.Identity.RemoveFactor(r.Context(), v.Actor(), r.PathValue("id")); err != nil {
		return s.refused(w, r, v, err)
	}
	v.Redirect(w, r, "/account?done=removed")
	return nil
}

// accountRecovery makes new recovery codes.
func (s *console) accountRecovery(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	codes, err := v.Identity.NewRecoveryCodes(r.Context(), v.Actor())
	if err != nil {
		return s.refused(w, r, v, err)
	}
	return s.showRecovery(w, r, v, codes, "/account")
}

// accountSessionEnd ends another of the own sessions.
func (s *console) accountSessionEnd(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	if err := v.Identity.EndSession(r.Context(), v.Actor(), r.PathValue("id")); err != nil {
		return s.refused(w, r, v, err)
	}
	v.Redirect(w, r, "/account?done=session#sessions")
	return nil
}

// accountSessionsEnd ends all own sessions but this one.
func (s *console) accountSessionsEnd(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	if _, err := v.Identity.EndOtherSessions(r.Context(), v.Actor()); err != nil {
		return s.refused(w, r, v, err)
	}
	v.Redirect(w, r, "/account?done=session#sessions")
	return nil
}

// confirm asks for the second factor anew.
func (s *console) confirm(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	return s.askConfirm(w, r, v, site.Next(r.URL.Query().Get("next")), "")
}

func (s *console) askConfirm(w http.ResponseWriter, r *http.Request, v *site.Visit, next, failed string) error {
	view := newFactorView(v.Page(i18n.ConfirmTitle), "/account/confirm", next)
	view.Lead, view.Submit, view.Failed = v.T(i18n.ConfirmLead), v.T(i18n.ConfirmSubmit), failed
	a := v.Session.Account
	view.TOTP, view.Recovery = a.TOTP, a.Recovery > 0
	if a.Passkeys > 0 && s.passkeysHere(r) {
		var err error
		if view.Options, err = s.challenge(r, v, v.Token(r)); err != nil {
			return err
		}
	}
	return v.Render(w, r, statusOf(failed), factorPage(view))
}

// confirmPost takes it.
func (s *console) confirmPost(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	f, err := v.Form(r)
	if err != nil {
		return err
	}
	next := site.Next(f.Raw("next"))
	p := proof(f)
	if p.Code == "" && p.Passkey == nil {
		return s.askConfirm(w, r, v, next, v.T(i18n.SignInCodeMissing))
	}
	step, err := v.Identity.StepUp(r.Context(), v.From, v.Token(r), p)
	if err != nil {
		if text := v.Said(err); text != "" {
			web.EventOf(w).Code = string(identity.CodeOf(err))
			return s.askConfirm(w, r, v, next, text)
		}
		return err
	}
	v.Follow(w, step)
	if next == "" {
		next = "/account"
	}
	v.Redirect(w, r, withDone(next, "confirm"))
	return nil
}

// withDone says on the next page what was done.
func withDone(address, word string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	q := u.Query()
	q.Set("done", word)
	u.RawQuery = q.Encode()
	return u.String()
}

// help says how to work here.
func (s *console) help(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	p := v.Page(i18n.Help)
	p.Lead = v.T(i18n.HelpLead)
	return v.Render(w, r, http.StatusOK, helpPage(helpView{p}))
}

// helpView is the help page.
type helpView struct{ ui.Page }
