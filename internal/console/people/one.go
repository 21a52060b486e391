package people

import (
	"net/http"

	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/identity"
	"dancu/internal/web"
)

// Account is one account with what can be done to it; an audience puts it into
// a page of its own.
type Account struct {
	ui.Page
	ID           string
	Base         string
	Done, Failed string
	State        string
	Tone         ui.Tone
	Facts        []ui.Fact
	Acts         []Deed
	// Name and Unit are the fields of the change; Change is whether it is there.
	Name, Unit ui.Field
	Change     bool
}

// Deed is one act on an account: what it is called, what it does, and where
// its form goes. Each wants a reason.
type Deed struct {
	Word        string // in the address
	Title, Text string
	Tone        ui.Tone
	Reason      ui.Field
}

// NewAccount describes an account for whoever looks at it.
func NewAccount(v *site.Visit, s *Scope, a identity.Account, failed string) Account {
	return newAccount(v.Page(i18n.OneFacts), s, a, v.Kind(), v.Moment(), failed)
}

// deeds are the acts on an account in the order of the page: who may, and for
// which accounts each is there.
var deeds = []struct {
	word        string
	title, text i18n.Msg
	tone        ui.Tone
	// unlock is for those who may release lockouts alone, too.
	unlock bool
	there  func(a identity.Account, locked bool) bool
}{
	{"unlock", i18n.OneUnlock, i18n.OneUnlockText, ui.Plain, true, func(a identity.Account, locked bool) bool { return locked }},
	{"enable", i18n.OneEnable, i18n.OneEnableText, ui.Plain, false, func(a identity.Account, _ bool) bool { return a.State == identity.Disabled }},
	{"password", i18n.OnePassword, i18n.OnePasswordText, ui.Plain, false, active},
	{"factors", i18n.OneFactors, i18n.OneFactorsText, ui.Plain, false, func(a identity.Account, _ bool) bool { return a.State == identity.Active && (a.TOTP || a.Passkeys > 0) }},
	{"sessions", i18n.OneSessions, i18n.OneSessionsText, ui.Plain, false, active},
	{"disable", i18n.OneDisable, i18n.OneDisableText, ui.Bad, false, active},
}

func active(a identity.Account, _ bool) bool { return a.State == identity.Active }

// Show shows one account, with what was wrong with the last act.
func Show(s *Scope) func(w http.ResponseWriter, r *http.Request, v *site.Visit, id, failed string) error {
	return func(w http.ResponseWriter, r *http.Request, v *site.Visit, id, failed string) error {
		a, err := v.Identity.Account(r.Context(), v.Actor(), id)
		if err != nil {
			return err
		}
		return v.Render(w, r, Status(failed), onePage(NewAccount(v, s, a, failed)))
	}
}

// Status is 200 for a page as it is opened, 422 for one that came back.
func Status(failed string) int {
	if failed != "" {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}

// One shows one account.
func One(s *Scope) site.Handler {
	show := Show(s)
	return func(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
		return show(w, r, v, r.PathValue("id"), "")
	}
}

// Act does one of the acts on an account. show draws its page again when the
// act was refused.
func Act(s *Scope, show func(w http.ResponseWriter, r *http.Request, v *site.Visit, id, failed string) error) site.Handler {
	return func(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
		f, err := v.Form(r)
		if err != nil {
			return err
		}
		id, back := r.PathValue("id"), s.Base+"/"+r.PathValue("id")
		issued, proposed, err := act(r, v, f, id)
		switch {
		case err == nil && !f.OK():
			for _, said := range f.Wrong {
				return show(w, r, v, id, said)
			}
		case err == nil && issued.Password != "":
			return showIssued(w, r, v, s, issued)
		case err == nil && proposed:
			v.Redirect(w, r, "/acts?done=proposed")
			return nil
		case err == nil:
			v.Redirect(w, r, back+"?done=act")
			return nil
		case v.Stale(w, r, err, back):
			return nil
		}
		said := v.Said(err)
		if said == "" {
			return err
		}
		web.EventOf(w).Code = string(identity.CodeOf(err))
		return show(w, r, v, id, said)
	}
}

// act does what the address names. What was typed wrong is noted in the form
// and nothing is done.
func act(r *http.Request, v *site.Visit, f *site.Form, id string) (issued identity.Issued, proposed bool, err error) {
	ctx, by, store := r.Context(), v.Actor(), v.Identity
	word := r.PathValue("act")
	if word == "change" {
		name, unit := f.Need("name", maxName, i18n.FieldNameMissing), f.Text("unit", maxUnit)
		if f.OK() {
			err = store.ChangeAccount(ctx, by, id, identity.Change{Name: &name, Unit: &unit})
		}
		return issued, false, err
	}
	reason := f.Need("reason", maxReason, i18n.ReasonMissing)
	if !f.OK() {
		return issued, false, nil
	}
	switch word {
	case "disable":
		err = store.DisableAccount(ctx, by, id, reason)
	case "enable":
		if issued, err = store.EnableAccount(ctx, by, id, reason); identity.CodeOf(err) == identity.TwoPeople {
			proposed, err = proposeEnable(r, v, id, reason)
		}
	case "unlock":
		err = store.UnlockAccount(ctx, by, id, reason)
	case "password":
		// For staff without a factor yet it is the same act as the reset of these.
		issued, err = store.ResetPassword(ctx, by, id, reason)
		if identity.CodeOf(err) == identity.TwoPeople {
			proposed, err = proposeReset(r, v, id, reason)
		}
	case "sessions":
		_, err = store.EndSessionsOf(ctx, by, id, reason)
	case "factors":
		if issued, err = store.ResetFactors(ctx, by, id, reason); identity.CodeOf(err) == identity.TwoPeople {
			proposed, err = proposeReset(r, v, id, reason)
		}
	default:
		err = web.NotFound()
	}
	return issued, proposed, err
}

// proposeEnable proposes that a member of staff comes back, which another
// administrator confirms.
func proposeEnable(r *http.Request, v *site.Visit, id, reason string) (proposed bool, err error) {
	a, err := v.Identity.Account(r.Context(), v.Actor(), id)
	if err != nil {
		return false, err
	}
	kind := identity.EnableStaff
	if a.Kind == identity.Administrator {
		kind = identity.EnableAdministrator
	}
	_, err = v.Identity.Propose(r.Context(), v.Actor(), identity.TwoPersonAct{Kind: kind, Subject: id, Reason: reason})
	return err == nil, err
}

// proposeReset proposes the reset of a staff member's factors, which another
// administrator confirms.
func proposeReset(r *http.Request, v *site.Visit, id, reason string) (proposed bool, err error) {
	_, err = v.Identity.Propose(r.Context(), v.Actor(), identity.TwoPersonAct{Kind: identity.FactorReset, Subject: id, Reason: reason})
	return err == nil, err
}
