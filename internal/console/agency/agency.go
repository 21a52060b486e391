// Package agency is the pages of an agency's administrator that nobody else
// has: what there is to do and what runs out, what is left of the quota, the own
// usage, the certificates, the own part of the log, an officer's rights, given
// out of the agency's own (Decree 70/2024/NĐ-CP Art. 10), and the agency's own
// sign-in. Lists, accounts and reviews are in package people; the matters
// themselves in package life.
//
// Of another agency nothing is ever shown (TestAnotherAgencysConsole in package
// console).
package agency

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"dancu/internal/access"
	"dancu/internal/console/i18n"
	"dancu/internal/console/people"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/fault"
	"dancu/internal/identity"
	"dancu/internal/onboarding"
	"dancu/internal/web"
)

// Standing is the picture of everybody's standing, for names and terms; what
// binds is decided elsewhere.
type Standing interface{ Directory() *access.Directory }

// Office is the life cycle of connections as it is read here.
type Office interface {
	Tasks(ctx context.Context, by onboarding.Person, f onboarding.TaskFilter) (onboarding.TaskList, error)
	List(ctx context.Context, by onboarding.Person, f onboarding.Filter) (onboarding.List, error)
	See(ctx context.Context, by onboarding.Person, matter string) (*onboarding.Sight, error)
}

// Config is what the pages are made of.
type Config struct {
	Standing Standing
	Office   Office
	// Person is the visitor as the office knows them.
	Person func(*site.Visit) (onboarding.Person, error)
	// Left is what a connection has used of its limit.
	Left  func(context.Context, *access.Connection) (Left, error)
	Usage Usage
	Log   Log
}

// Pages are the handlers.
type Pages struct{ cfg Config }

// New returns the pages.
func New(cfg Config) *Pages { return &Pages{cfg} }

// officerView is an officer's account with the rights.
type officerView struct {
	people.Account
	Groups []ui.Choice // one for each connection of the agency
	Lost   string      // rights given that the agency no longer has; "" for none
}

// right is how a right stands in the form: connection and grant. Ids have no
// blank in them.
func right(connection, grant string) string { return connection + " " + grant }

func newOfficerView(a people.Account, given, available identity.Rights, dir *access.Directory) officerView {
	l := a.Lang
	v := officerView{Account: a}
	var lost []string
	for _, c := range sorted(available) {
		group := ui.Choice{Name: "rights", Legend: c}
		if conn := dir.Connection(c); conn != nil {
			if s := dir.System(conn.System); s != nil {
				group.Legend = l.Text(s.Name)
			}
		}
		for _, g := range slices.Sorted(slices.Values(available[c])) {
			o := ui.Option{Value: right(c, g), Label: g, On: slices.Contains(given[c], g)}
			if grant := dir.Grant(c, g); grant != nil {
				o.Label = ServiceName(l, grant.Service)
				o.Note = strings.Join(grant.Procedures, ", ") + " · " + l.T(i18n.RightsUntil, l.Date(grant.Until))
			}
			group.Options = append(group.Options, o)
		}
		v.Groups = append(v.Groups, group)
	}
	for _, c := range sorted(given) {
		for _, g := range given[c] {
			if !slices.Contains(available[c], g) {
				lost = append(lost, c+"/"+g)
			}
		}
	}
	if len(lost) > 0 {
		v.Lost = l.T(i18n.RightsLost, strings.Join(lost, ", "))
	}
	return v
}

func sorted(r identity.Rights) []string {
	keys := make([]string, 0, len(r))
	for k := range r {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// ServiceName is the name of a service.
func ServiceName(l i18n.Lang, s access.Service) string {
	switch s {
	case access.Verify:
		return l.T(i18n.ServiceVerify)
	case access.Lookup:
		return l.T(i18n.ServiceLookup)
	case access.Search:
		return l.T(i18n.ServiceSearch)
	case access.Household:
		return l.T(i18n.ServiceHousehold)
	}
	return s.String()
}

// Officer shows one officer.
func (p *Pages) Officer(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	return p.Show(w, r, v, r.PathValue("id"), "")
}

// Show shows one officer, with what was wrong with the last act.
func (p *Pages) Show(w http.ResponseWriter, r *http.Request, v *site.Visit, id, failed string) error {
	a, err := v.Identity.Account(r.Context(), v.Actor(), id)
	if err != nil {
		return err
	}
	account := people.NewAccount(v, people.Officers, a, failed)
	view := officerView{Account: account}
	if a.Kind == identity.AgencyOfficer {
		available, err := v.Identity.AvailableRights(r.Context(), v.Actor())
		if err != nil {
			return err
		}
		view = newOfficerView(account, a.Rights, available, p.cfg.Standing.Directory())
	}
	return v.Render(w, r, people.Status(failed), officerPage(view))
}

// SetRights gives an officer these rights and no others.
func (p *Pages) SetRights(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	f, err := v.Form(r)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	rights := identity.Rights{}
	for _, x := range f.All("rights") {
		c, g, ok := strings.Cut(x, " ")
		if !ok {
			return &web.Problem{
				Status: http.StatusBadRequest, Code: "request.invalid",
				Title:  web.Text{VI: i18n.VI.T(i18n.InvalidTitle), EN: i18n.EN.T(i18n.InvalidTitle)},
				Detail: web.Text{VI: i18n.VI.T(i18n.FormUnreadable), EN: i18n.EN.T(i18n.FormUnreadable)},
			}
		}
		rights[c] = append(rights[c], g)
	}
	err = v.Identity.SetRights(r.Context(), v.Actor(), id, rights)
	switch {
	case err == nil:
		v.Redirect(w, r, people.Officers.Base+"/"+id+"?done=act")
		return nil
	case v.Stale(w, r, err, people.Officers.Base+"/"+id):
		return nil
	}
	said := v.Said(err)
	if said == "" {
		return err
	}
	web.EventOf(w).Code = string(identity.CodeOf(err))
	return p.Show(w, r, v, id, said)
}

// providerView is the agency's own sign-in.
type providerView struct {
	ui.Page
	Done, Failed                          string
	Set                                   string
	There                                 bool
	Issuer, Client, Secret, Claim, Proofs ui.Field
	Enabled                               ui.Choice
}

// The most characters of a provider's settings.
const (
	maxAddress = 200
	maxSetting = 100
)

func newProviderView(p ui.Page, x identity.Provider, there bool) providerView {
	l := p.Lang
	p.Lead = l.T(i18n.ProviderLead)
	v := providerView{
		Page: p, There: there, Set: l.T(i18n.ProviderNone),
		Issuer: ui.Field{Name: "issuer", Label: l.T(i18n.ProviderIssuer), Hint: l.T(i18n.ProviderIssuerHint), Value: x.Issuer, Max: maxAddress, Required: true, Wide: true},
		Client: ui.Field{Name: "client", Label: l.T(i18n.ProviderClient), Value: x.ClientID, Max: maxSetting, Required: true},
		Secret: ui.Field{Name: "secret", Label: l.T(i18n.ProviderSecret), Hint: l.T(i18n.ProviderSecretHint), Type: "password", Complete: "new-password", Max: maxAddress},
		Claim:  ui.Field{Name: "claim", Label: l.T(i18n.ProviderClaim), Value: x.Claim, Max: maxSetting, Required: true},
		Proofs: ui.Field{Name: "factors", Label: l.T(i18n.ProviderFactors), Hint: l.T(i18n.ProviderFactorsHint), Value: strings.Join(x.Factors, ", "), Max: maxAddress, Wide: true},
		Enabled: ui.Choice{Name: "enabled", Legend: l.T(i18n.ColumnState), Options: []ui.Option{
			{Value: "1", Label: l.T(i18n.ProviderEnabled), On: x.Enabled},
		}},
	}
	if there {
		v.Set = l.T(i18n.ProviderSet, l.Time(x.Set))
	}
	return v
}

// Provider shows the agency's own sign-in.
func (p *Pages) Provider(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	x, err := v.Identity.ProviderOf(r.Context(), v.Actor())
	there := err == nil
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	view := newProviderView(v.Page(i18n.ProviderTitle), x, there)
	switch r.URL.Query().Get("done") {
	case "act":
		view.Done = v.T(i18n.OneDone)
	case "confirm":
		view.Done = v.T(i18n.ConfirmDone)
	}
	return v.Render(w, r, http.StatusOK, providerPage(view))
}

// SetProvider sets it.
func (p *Pages) SetProvider(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	f, err := v.Form(r)
	if err != nil {
		return err
	}
	x := identity.Provider{
		Agency: v.Session.Account.Agency,
		Issuer: f.Need("issuer", maxAddress, i18n.ProviderMissing), ClientID: f.Need("client", maxSetting, i18n.ProviderMissing),
		Secret: f.Raw("secret"), Claim: f.Need("claim", maxSetting, i18n.ProviderMissing), Enabled: f.Raw("enabled") == "1",
	}
	x.Factors = strings.FieldsFunc(f.Text("factors", maxAddress), func(r rune) bool { return r == ',' || r == ' ' })
	view := newProviderView(v.Page(i18n.ProviderTitle), x, false)
	if f.OK() {
		err := v.Identity.SetProvider(r.Context(), v.Actor(), x)
		if err == nil {
			v.Redirect(w, r, "/agency/provider?done=act")
			return nil
		}
		if v.Stale(w, r, err, "/agency/provider") {
			return nil
		}
		if view.Failed = v.Said(err); view.Failed == "" {
			return err
		}
		web.EventOf(w).Code = string(identity.CodeOf(err))
	}
	f.Keep(&view.Issuer, &view.Client, &view.Secret, &view.Claim, &view.Proofs)
	return v.Render(w, r, http.StatusUnprocessableEntity, providerPage(view))
}

// RemoveProvider takes it away.
func (p *Pages) RemoveProvider(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	err := v.Identity.RemoveProvider(r.Context(), v.Actor())
	if err != nil {
		if v.Stale(w, r, err, "/agency/provider") {
			return nil
		}
		return err
	}
	v.Redirect(w, r, "/agency/provider?done=act")
	return nil
}

// numbered gives each group of boxes an id of its own: all of them have the
// same name in the form.
func numbered(c ui.Choice, i int) ui.Choice {
	c.ID = c.Name + "-" + strconv.Itoa(i)
	return c
}
