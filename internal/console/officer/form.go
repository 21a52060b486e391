package officer

import (
	"net/http"
	"strconv"
	"time"

	"dancu/internal/access"
	"dancu/internal/console/agency"
	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/manual"
	"dancu/internal/register"
	"dancu/internal/web"
)

// formView is the desk: what is looked up for, the form, and the last result.
type formView struct {
	ui.Page
	// Presets are the procedures; none means that there is nothing to do here.
	Presets  []ui.Option
	Preset   ui.Field
	Services []serviceTab
	Service  string
	Key      string
	// List says that the answer is a list of people: it gets the whole width.
	List bool
	// Transaction is the id that the form is sent with.
	Transaction string
	Case        ui.Field
	CaseSaid    caseView
	// Keys are the fields that say who is asked for, in their order.
	Keys     []ui.Field
	Sex      *ui.Field // nil where it is no key
	Fields   *ui.Choice
	Some     string // how many of the fields
	Consent  *ui.Field
	Submit   string
	Note     string
	Mistakes []ui.Mistake
	Quota    *ui.GaugeOf
	Notices  []noticeView
	Result   *resultView
}

// noticeView is a notice of the officer's agency.
type noticeView struct{ Text, When string }

// serviceTab is one kind of look-up to choose.
type serviceTab struct {
	Label, Href string
	Here        bool
}

// caseView is what was found of a case code as it is typed.
type caseView struct {
	Text string
	Tone ui.Tone
}

// newFormView lays the form out for one procedure and service.
func newFormView(p ui.Page, ps []*preset, chosen *preset, s access.Service, now time.Time) formView {
	l := p.Lang
	p.Lead = l.T(i18n.LookupLead)
	v := formView{
		Page: p, Key: chosen.key(), Service: s.String(), Transaction: web.NewID(now),
		Preset: ui.Field{Name: "purpose", Label: l.T(i18n.LookupPurpose), Value: chosen.key(), Wide: true, More: map[string]any{"data-submit": true}},
	}
	for _, x := range ps {
		v.Presets = append(v.Presets, ui.Option{Value: x.key(), Label: x.procedure + " · " + l.Text(x.system)})
	}
	for _, x := range chosen.services() {
		v.Services = append(v.Services, serviceTab{
			Label: agency.ServiceName(l, x), Here: x == s,
			Href: site.With("/look-up", "purpose", chosen.key(), "service", x.String()),
		})
	}
	v.Case = ui.Field{
		Name: "case", Label: l.T(i18n.LookupCase), Hint: l.T(i18n.LookupCaseHint, exampleCase(chosen.agency, now)),
		Max: access.MaxCaseCode, Required: true,
		More: map[string]any{
			"hx-post": "/look-up/case", "hx-trigger": "input changed delay:300ms, blur changed",
			"hx-target": "#case-said", "hx-swap": "innerHTML", "hx-sync": "this:replace",
		},
	}
	grant := chosen.grants[s]
	v.keys(l, s, grant)
	if s != access.Verify {
		v.fields(l, grant.Fields, grant.Fields)
	} else {
		v.Note = l.T(i18n.LookupClaimsNote)
	}
	if chosen.agency.Group.NeedsConsent() {
		v.Consent = &ui.Field{Name: "consent", Label: l.T(i18n.LookupConsent), Hint: l.T(i18n.LookupConsentHint), Max: 64, Required: true, Wide: true}
	}
	v.List = s == access.Search || s == access.Household
	switch s {
	case access.Verify:
		v.Submit = l.T(i18n.LookupSubmitVerify)
	case access.Search:
		v.Submit = l.T(i18n.LookupSubmitSearch)
	default:
		v.Submit = l.T(i18n.LookupSubmit)
	}
	v.Keys[0].Focus = true
	v.Keys[0].More = map[string]any{"data-search": true, "data-again": true}
	return v
}

// keys lays out the fields that say who is asked for: those the grant wants,
// and no others.
func (v *formView) keys(l i18n.Lang, s access.Service, g *access.Grant) {
	need, may := wanted(s, g)
	number := ui.Field{Name: "number", Label: l.T(i18n.LookupNumber), Hint: l.T(i18n.LookupNumberHint), Mode: "numeric", Max: 20, Required: true}
	if may.Has(access.KeyCMND) {
		number.Label, number.Hint = l.T(i18n.LookupNumberOld), l.T(i18n.LookupNumberOldHint)
	}
	name := ui.Field{Name: "name", Label: l.T(i18n.LookupName), Hint: l.T(i18n.LookupNameHint), Max: register.MaxName, Required: need.Has(access.KeyFullName), Wide: true}
	birth := ui.Field{Name: "birth", Label: l.T(i18n.LookupBirth), Hint: l.T(i18n.LookupBirthHint), Mode: "text", Max: 10, Required: need.Has(access.KeyDateOfBirth)}
	if may.Has(access.KeyPIN) || may.Has(access.KeyCMND) {
		v.Keys = append(v.Keys, number)
	}
	if may.Has(access.KeyFullName) {
		v.Keys = append(v.Keys, name)
	}
	if may.Has(access.KeyDateOfBirth) {
		v.Keys = append(v.Keys, birth)
	}
	if s == access.Search && may.Has(access.KeyProvince) {
		v.Keys = append(v.Keys, ui.Field{Name: "province", Label: l.T(i18n.LookupProvince), Hint: l.T(i18n.LookupProvinceHint), Mode: "numeric", Max: 3})
	}
	if s == access.Search && may.Has(access.KeySex) {
		v.Sex = &ui.Field{Name: "sex", Label: l.T(i18n.LookupSex)}
	}
	if s != access.Verify {
		return
	}
	// A verification states claims: name and birth stand above, the others here.
	for f := range claims(g).All() {
		switch f {
		case access.FullName, access.DateOfBirth, access.PIN:
		case access.Sex:
			v.Sex = &ui.Field{Name: "sex", Label: l.T(i18n.LookupSex)}
		default:
			v.Keys = append(v.Keys, ui.Field{Name: "claim-" + f.String(), Label: FieldName(l, f), Max: register.MaxClaim, Required: g.RequiredClaims().Has(f), Wide: true})
		}
	}
}

// wanted are the keys a grant wants for a service, and those it takes.
func wanted(s access.Service, g *access.Grant) (need, may access.KeySet) {
	if s == access.Verify {
		need = access.Keys(access.KeyPIN)
		for f, k := range map[access.Field]access.Key{access.FullName: access.KeyFullName, access.DateOfBirth: access.KeyDateOfBirth} {
			if g.RequiredClaims().Has(f) {
				need |= access.Keys(k)
			}
			if claims(g).Has(f) {
				may |= access.Keys(k)
			}
		}
		return need, may | need
	}
	need = access.AllKeys
	for _, k := range g.Keys {
		need &= k
		may |= k
	}
	if len(g.Keys) == 0 {
		need = 0
	}
	return need, may
}

// claims are what may be stated in a verification under a grant.
func claims(g *access.Grant) access.FieldSet {
	return (g.Fields | g.RequiredClaims()) & register.Claimable
}

// fields offers the granted fields and none besides.
func (v *formView) fields(l i18n.Lang, granted, on access.FieldSet) {
	c := ui.Choice{Name: "fields", Legend: l.T(i18n.LookupFields), Columns: true}
	n := 0
	for f := range granted.All() {
		c.Options = append(c.Options, ui.Option{Value: f.String(), Label: FieldName(l, f), On: on.Has(f)})
		if on.Has(f) {
			n++
		}
	}
	v.Fields = &c
	v.Some = l.T(i18n.LookupFieldsSome, strconv.Itoa(n), strconv.Itoa(len(c.Options)))
}

// FieldName is the name of a field of the record.
func FieldName(l i18n.Lang, f access.Field) string {
	if l == i18n.EN {
		return access.Fields[f].EN
	}
	return access.Fields[f].VI
}

// sexes are the choices of the sex field.
func sexes(l i18n.Lang, value string) []ui.Option {
	return []ui.Option{
		{Label: l.T(i18n.LookupSexAny)},
		{Value: "male", Label: l.T(i18n.LookupSexMale), On: value == "male"},
		{Value: "female", Label: l.T(i18n.LookupSexFemale), On: value == "female"},
	}
}

// Form shows the desk.
func (p *Pages) Form(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	q := r.URL.Query()
	ps := p.presets(v)
	chosen := find(ps, q.Get("purpose"))
	if chosen == nil {
		return p.nothing(w, r, v, nil)
	}
	view := newFormView(v.Page(i18n.LookupTitle), ps, chosen, chosen.service(q.Get("service")), v.Moment())
	if err := p.around(r, v, &view, chosen); err != nil {
		return err
	}
	return v.Render(w, r, http.StatusOK, formPage(view))
}

// around adds what stands around the form: what is left of the quota, and the
// notices of the agency.
func (p *Pages) around(r *http.Request, v *site.Visit, view *formView, chosen *preset) error {
	if err := p.quota(r, view, chosen); err != nil {
		return err
	}
	list, err := p.board.Notices(r.Context(), v.Session.Account.Agency)
	view.notices(list)
	return err
}

func (v *formView) notices(list []manual.Notice) {
	for _, n := range list {
		v.Notices = append(v.Notices, noticeView{n.Text, v.Lang.T(i18n.DeskNoticeUntil, v.Lang.Date(n.At))})
	}
}

// presets are the visitor's.
func (p *Pages) presets(v *site.Visit) []*preset {
	return presets(p.desk.Directory(), v.Session.Account.Rights, v.Moment())
}

// quota says what is left of the connection's limit.
func (p *Pages) quota(r *http.Request, v *formView, chosen *preset) error {
	u, err := p.desk.Used(r.Context(), chosen.connection)
	if err != nil {
		return err
	}
	calls := u.Calls
	if chosen.connection.Limit.Scope != access.PerConnection {
		calls = u.MostCalls
	}
	v.Quota = newQuota(v.Lang, calls, chosen.connection.Limit, u.Reset)
	return nil
}

func newQuota(l i18n.Lang, calls int64, limit access.Limit, reset time.Time) *ui.GaugeOf {
	return &ui.GaugeOf{
		Used: calls, Limit: limit.Calls, WarnAt: limit.WarnAt,
		Text: l.T(i18n.HomeQuotaLeft, l.Int(max(limit.Calls-calls, 0)), l.Int(limit.Calls), l.Time(reset)),
	}
}

// nothingView says that there is nothing to do here, and whom to ask.
type nothingView struct {
	ui.Page
	Result *resultView // of a look-up asked with rights that are gone; nil if none was
}

// nothing shows that there is nothing to do here.
func (p *Pages) nothing(w http.ResponseWriter, r *http.Request, v *site.Visit, result *resultView) error {
	return v.Render(w, r, http.StatusOK, nothingPage(nothingView{v.Page(i18n.LookupTitle), result}))
}

// CheckCase says of a case code, as it is typed, whether it is one of the
// agency's. It comes by POST: a case names a person's affair.
func (p *Pages) CheckCase(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	f, err := v.Form(r)
	if err != nil {
		return err
	}
	chosen := find(p.presets(v), f.Raw("purpose"))
	if chosen == nil {
		return web.NotFound()
	}
	said := caseView{}
	if code := tidyCase(f.Text("case", access.MaxCaseCode)); code != "" {
		said = sayCase(v.Lang, chosen.agency, code, v.Moment())
	}
	return v.Render(w, r, http.StatusOK, caseSaid(said))
}

func sayCase(l i18n.Lang, a *access.Agency, code string, now time.Time) caseView {
	wrong, day := judgeCase(l, a, code, now)
	if wrong != "" {
		return caseView{wrong, ui.Bad}
	}
	return caseView{l.T(i18n.CaseGood, l.Date(time.Date(day.Year, day.Month, day.Day, 12, 0, 0, 0, access.Zone))), ui.OK}
}

// asked are the fields that were ticked, of those granted.
func asked(f *site.Form, granted access.FieldSet) (out access.FieldSet) {
	for _, name := range f.All("fields") {
		if x, ok := access.ParseField(name); ok && granted.Has(x) {
			out |= access.FieldsOf(x)
		}
	}
	return out
}
