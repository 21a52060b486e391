package officer

import (
	"errors"
	"net/http"
	"strings"
	"time"
	"unicode"

	"dancu/internal/access"
	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/gate"
	"dancu/internal/register"
	"dancu/internal/web"
)

// formTerm is how long a form may be open before it is sent: as long as its
// transaction id is good.
const formTerm = 47 * time.Hour

// errEnded is the end of the session while its look-up was under way.
var errEnded = errors.New("the session has ended")

// Ask makes one look-up. What is wrong in the form is said and nothing is
// asked; everything else goes through the gate, and its answer or refusal is
// on the page.
func (p *Pages) Ask(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	f, err := v.Form(r)
	if err != nil {
		return err
	}
	now := v.Moment()
	ps := p.presets(v)
	chosen, s := wish(p.desk.Directory(), ps, v.Session.Account.Agency, f.Raw("purpose"), f.Raw("service"))
	if chosen == nil {
		return p.nothing(w, r, v, nil)
	}
	// The form offers what there is now; what was asked may be there no more.
	shown := find(ps, chosen.key())
	if shown == nil {
		shown = chosen
	}
	view := newFormView(v.Page(i18n.LookupTitle), ps, shown, shown.service(s.String()), now)
	call := p.read(v, f, &view, chosen, s, now)
	status := http.StatusOK
	if !f.OK() {
		status = http.StatusUnprocessableEntity
		view.Transaction = call.Transaction // it was not used
	} else {
		call.RequestID = web.RequestID(w)
		if view.Result, err = p.do(w, r, v, call, chosen); errors.Is(err, errEnded) {
			v.Redirect(w, r, "/sign-in?why=ended&next=%2Flook-up")
			return nil
		} else if err != nil {
			return err
		}
	}
	view.keep(f)
	if site.Fragment(r) {
		if len(ps) > 0 {
			if err := p.quota(r, &view, shown); err != nil {
				return err
			}
		}
		return v.Render(w, r, http.StatusOK, answerPart(view))
	}
	if len(ps) == 0 {
		return p.nothing(w, r, v, view.Result)
	}
	if err := p.around(r, v, &view, shown); err != nil {
		return err
	}
	return v.Render(w, r, status, formPage(view))
}

// read takes the call out of the form, and notes what is wrong with it.
func (p *Pages) read(v *site.Visit, f *site.Form, view *formView, chosen *preset, s access.Service, now time.Time) *gate.Call {
	l := v.Lang
	grant := chosen.grants[s]
	if grant == nil {
		grant = asTyped(s)
	}
	code := tidyCase(f.Text("case", access.MaxCaseCode))
	if wrong, _ := judgeCase(l, chosen.agency, code, now); wrong != "" {
		f.Fail("case", wrong)
	}
	c := &gate.Call{
		Channel: access.ChannelPortal, Connection: chosen.connection.ID, Address: v.From.Address, Service: s,
		Procedure: chosen.procedure, Case: code, FullReceipt: true,
		Officer: access.Officer{
			ID: v.Session.Account.Code, Session: v.Session.ID, Address: v.From.Address.Unmap().WithZone("").String(),
		},
	}
	id, at, ok := web.ParseID(f.Raw("transaction"))
	if !ok || now.Sub(at) > formTerm || at.Sub(now) > time.Minute {
		id = view.Transaction
		f.Fail("transaction", l.T(i18n.FormOld))
	}
	c.Transaction = id
	need, may := wanted(s, grant)
	readNumber(l, f, c, may)
	name := f.Text("name", register.MaxName)
	if name == "" && need.Has(access.KeyFullName) {
		f.Fail("name", l.T(i18n.LookupNameMissing))
	}
	birth := f.Text("birth", 10)
	if birth == "" && need.Has(access.KeyDateOfBirth) {
		f.Fail("birth", l.T(i18n.LookupBirthMissing))
	} else if birth != "" {
		day, ok := readDay(birth)
		if !ok {
			f.Fail("birth", l.T(i18n.LookupBirthWrong))
		}
		birth = day
	}
	sex := ""
	if view.Sex != nil {
		if sex = f.Raw("sex"); sex != "male" && sex != "female" {
			sex = ""
		}
	}
	if s == access.Verify {
		readClaims(l, f, c, grant, name, birth, sex)
	} else {
		c.Keys.FullName, c.Keys.DateOfBirth, c.Keys.Sex = name, birth, sex
		if s == access.Search && may.Has(access.KeyProvince) {
			c.Keys.Province = f.Text("province", 3)
		}
		c.Fields = asked(f, grant.Fields)
		if c.Fields == 0 {
			f.Fail("fields", l.T(i18n.LookupFieldsMissing))
		}
	}
	if view.Consent != nil {
		c.Consent = f.Need("consent", 64, i18n.LookupConsentHint)
	}
	if f.OK() {
		checkKeys(l, f, c)
	}
	return c
}

// readNumber takes the number: twelve digits, or the nine of an old card where
// the grant takes those.
func readNumber(l i18n.Lang, f *site.Form, c *gate.Call, may access.KeySet) {
	old := may.Has(access.KeyCMND)
	if !old && !may.Has(access.KeyPIN) {
		return
	}
	n := tidyDigits(f.Text("number", 20))
	digits := !strings.ContainsFunc(n, func(r rune) bool { return r < '0' || r > '9' })
	switch {
	case n == "":
		f.Fail("number", l.T(i18n.LookupNumberMissing))
	case digits && len(n) == 12:
		c.Keys.PIN = n
	case digits && len(n) == 9 && old:
		c.Keys.CMND = n
	case old:
		f.Fail("number", l.T(i18n.LookupNumberOldWrong))
	default:
		f.Fail("number", l.T(i18n.LookupNumberWrong))
	}
}

// readClaims takes what is stated in a verification.
func readClaims(l i18n.Lang, f *site.Form, c *gate.Call, g *access.Grant, name, birth, sex string) {
	c.Claims = register.Claims{}
	set := func(x access.Field, value string) {
		if value != "" && claims(g).Has(x) {
			c.Claims[x] = value
		}
	}
	set(access.FullName, name)
	set(access.DateOfBirth, birth)
	set(access.Sex, sex)
	for x := range claims(g).All() {
		switch x {
		case access.FullName, access.DateOfBirth, access.PIN, access.Sex:
			continue
		}
		key := "claim-" + x.String()
		value := f.Text(key, register.MaxClaim)
		if value == "" && g.RequiredClaims().Has(x) {
			f.Fail(key, l.T(i18n.LookupClaimMissing))
		}
		set(x, value)
	}
}

// checkKeys asks the register's own rules of form about what is left.
func checkKeys(l i18n.Lang, f *site.Form, c *gate.Call) {
	k := c.Keys
	for _, one := range []struct {
		field string
		keys  register.Keys
		said  i18n.Msg
	}{
		{"name", register.Keys{FullName: k.FullName}, i18n.LookupNameMissing},
		{"birth", register.Keys{DateOfBirth: k.DateOfBirth}, i18n.LookupBirthWrong},
		{"province", register.Keys{Province: k.Province}, i18n.LookupProvinceWrong},
	} {
		if one.keys.Validate() != nil {
			f.Fail(one.field, l.T(one.said))
		}
	}
	for x, value := range c.Claims {
		if (register.Claims{x: value}).Validate() == nil {
			continue
		}
		switch x {
		case access.FullName:
			f.Fail("name", l.T(i18n.LookupNameMissing))
		case access.DateOfBirth:
			f.Fail("birth", l.T(i18n.LookupBirthWrong))
		default:
			f.Fail("claim-"+x.String(), l.T(i18n.TextInvalid))
		}
	}
}

// do asks the gate, at a person's pace, and puts what it says into words.
func (p *Pages) do(w http.ResponseWriter, r *http.Request, v *site.Visit, c *gate.Call, chosen *preset) (*resultView, error) {
	if q := p.limiter.Take(v.Session.ID, rate, time.Now()); !q.OK {
		return nil, &web.Problem{
			Status: http.StatusTooManyRequests, Code: string(access.RateExceeded), RetryAfter: q.Retry,
			Title:  web.Text{VI: i18n.VI.T(i18n.InvalidTitle), EN: i18n.EN.T(i18n.InvalidTitle)},
			Detail: web.Text{VI: i18n.VI.T(i18n.TooFast), EN: i18n.EN.T(i18n.TooFast)},
		}
	}
	web.EventOf(w).Connection = chosen.connection.ID
	answer, err := p.desk.Do(r.Context(), c)
	var refusal *gate.Refusal
	switch {
	case err == nil:
		return newAnswerView(v.Lang, v.Session.Account.Name, c, chosen, answer, v.Moment())
	case errors.As(err, &refusal):
		web.EventOf(w).Code = string(refusal.Code)
		if refusal.Code == access.UnknownCredential {
			// The session ended between the page's look and the commit.
			return nil, errEnded
		}
		return newRefusalView(v.Lang, c, chosen, refusal, v.Moment()), nil
	}
	return nil, err
}

// keep puts what was typed back into the form, with what is wrong.
func (v *formView) keep(f *site.Form) {
	f.Keep(&v.Case)
	for i := range v.Keys {
		f.Keep(&v.Keys[i])
	}
	if v.Sex != nil {
		f.Keep(v.Sex)
	}
	if v.Consent != nil {
		f.Keep(v.Consent)
	}
	if v.Fields != nil {
		on := access.FieldSet(0)
		for i := range v.Fields.Options {
			o := &v.Fields.Options[i]
			o.On = false
			for _, name := range f.All("fields") {
				o.On = o.On || name == o.Value
			}
			if x, ok := access.ParseField(o.Value); ok && o.On {
				on |= access.FieldsOf(x)
			}
		}
		v.Fields.Error = f.Wrong["fields"]
		v.Some = v.Lang.T(i18n.LookupFieldsSome, v.Lang.Int(int64(on.Len())), v.Lang.Int(int64(len(v.Fields.Options))))
	}
	v.Mistakes = ui.Mistakes(append([]ui.Field{v.Case}, v.Keys...)...)
	if v.Fields != nil && v.Fields.Error != "" {
		v.Mistakes = append(v.Mistakes, ui.Mistake{Field: "fields", Text: v.Fields.Error})
	}
	if v.Consent != nil && v.Consent.Error != "" {
		v.Mistakes = append(v.Mistakes, ui.Mistake{Field: "consent", Text: v.Consent.Error})
	}
	if said := f.Wrong["transaction"]; said != "" {
		v.Mistakes = append(v.Mistakes, ui.Mistake{Field: v.Keys[0].Name, Text: said})
	}
}

// printable reports whether a text can stand on a page as it is.
func printable(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) })
}
