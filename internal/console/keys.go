package console

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/identity"
	"dancu/internal/web"
)

// keyRow is one API key of the own account.
type keyRow struct {
	ID, Name, Shown, Created string
	Networks, More           string
	Expires, Used            string
	Ended                    string // why; "" while it holds
}

func newKeyRow(l i18n.Lang, k identity.Key) keyRow {
	r := keyRow{
		ID: k.ID, Name: k.Name, Shown: k.Shown + "…", Created: l.T(i18n.APIKeyCreated, l.Time(k.Created)),
		Networks: l.T(i18n.APIKeyNetworksAny), Expires: l.Time(k.Expires), Used: l.T(i18n.APIKeyNever),
	}
	if n := len(k.Networks); n > 0 {
		if r.Networks = k.Networks[0].String(); n > 1 {
			r.More = l.T(i18n.APIKeyMoreNetworks, l.Int(int64(n-1)))
		}
	}
	if !k.Used.IsZero() {
		r.Used = l.T(i18n.APIKeyUsed, l.Time(k.Used))
	}
	if m, ok := keyEnds[k.Why]; ok {
		r.Ended = l.T(m)
	}
	return r
}

// keyEnds says why a key ended.
var keyEnds = map[string]i18n.Msg{
	"owner":    i18n.APIKeyWhyOwner,
	"admin":    i18n.APIKeyWhyAdmin,
	"password": i18n.APIKeyWhyPassword,
	"factors":  i18n.APIKeyWhyFactors,
	"disabled": i18n.APIKeyWhyDisabled,
	"term":     i18n.APIKeyWhyTerm,
}

// The most characters of what can be typed about a key; the area has rules of
// its own.
const (
	maxKeyName     = 100
	maxKeyNetworks = 1000
)

// keyTerms are the terms to choose from, in days, as far as the rules go.
var keyTerms = []int{1, 7, 14, 30, 60, 90}

const day = 24 * time.Hour

// keyNewView is a new API key.
type keyNewView struct {
	ui.Page
	Failed               string
	Name, Term, Networks ui.Field
	Terms                []ui.Option
}

func newKeyNewView(p ui.Page, rules identity.Settings) keyNewView {
	l := p.Lang
	p.Lead = l.T(i18n.APIKeyNewLead)
	v := keyNewView{
		Page:     p,
		Name:     ui.Field{Name: "name", Label: l.T(i18n.APIKeyName), Hint: l.T(i18n.APIKeyNameHint), Max: maxKeyName, Required: true, Focus: true, Wide: true},
		Term:     ui.Field{Name: "term", Label: l.T(i18n.APIKeyTerm), Hint: l.T(i18n.APIKeyTermHint), Value: strconv.Itoa(int(rules.KeyTerm / day))},
		Networks: ui.Field{Name: "networks", Label: l.T(i18n.APIKeyNetworks), Hint: l.T(i18n.APIKeyNetworksHint), Max: maxKeyNetworks, Wide: true},
	}
	for _, n := range keyTerms {
		if time.Duration(n)*day <= rules.MaxKeyTerm {
			v.Terms = append(v.Terms, ui.Option{Value: strconv.Itoa(n), Label: l.T(i18n.APIKeyDays, l.Int(int64(n)))})
		}
	}
	return v
}

// accountKeyNew is the form of a new key. The second factor is asked for before
// it, so that nothing typed is lost.
func (s *console) accountKeyNew(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	if !v.Session.Fresh {
		v.Redirect(w, r, "/account/confirm?next=/account/keys/new")
		return nil
	}
	return v.Render(w, r, http.StatusOK, keyNewPage(newKeyNewView(v.Page(i18n.APIKeyNew), v.Identity.Settings())))
}

// keyMadeView shows a new key, once.
type keyMadeView struct {
	ui.Page
	Name, Text, Expires string
}

// accountKeyNewPost makes the key and shows it, once.
func (s *console) accountKeyNewPost(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	f, err := v.Form(r)
	if err != nil {
		return err
	}
	view := newKeyNewView(v.Page(i18n.APIKeyNew), v.Identity.Settings())
	k := identity.NewKey{Name: f.Text("name", maxKeyName), Networks: strings.Fields(f.Text("networks", maxKeyNetworks))}
	// What is no number of days is no term: the area says so.
	if days, err := strconv.Atoi(f.Raw("term")); err == nil && days > 0 && days < 1000 {
		k.Term = time.Duration(days) * day
	} else {
		k.Term = -1
	}
	if f.OK() {
		made, err := v.Identity.NewKey(r.Context(), v.Actor(), k)
		if err == nil {
			p := v.Page(i18n.APIKeyMade)
			p.Lead = v.T(i18n.APIKeyMadeLead)
			return v.RenderSecret(w, r, keyMadePage(keyMadeView{Page: p, Name: made.Key.Name, Text: made.Text, Expires: v.Lang.Time(made.Key.Expires)}))
		}
		if v.Stale(w, r, err, "/account/keys/new") {
			return nil
		}
		switch said := v.Said(err); identity.CodeOf(err) {
		case identity.KeyName:
			f.Fail("name", said)
		case identity.KeyTerm:
			f.Fail("term", said)
		case identity.KeyNetworks:
			f.Fail("networks", said)
		default:
			if view.Failed = said; said == "" {
				return err
			}
		}
		web.EventOf(w).Code = string(identity.CodeOf(err))
	}
	f.Keep(&view.Name, &view.Term, &view.Networks)
	return v.Render(w, r, http.StatusUnprocessableEntity, keyNewPage(view))
}

// accountKeyEnd ends one of the own keys.
func (s *console) accountKeyEnd(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	if err := v.Identity.EndKey(r.Context(), v.Actor(), r.PathValue("id")); err != nil {
		return s.refused(w, r, v, err)
	}
	v.Redirect(w, r, "/account?done=key#api-keys")
	return nil
}
