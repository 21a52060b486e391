package people

import (
	"time"

	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/identity"
)

// newAccount describes an account for a visitor of this kind.
func newAccount(p ui.Page, s *Scope, a identity.Account, by identity.Kind, now time.Time, failed string) Account {
	l := p.Lang
	p.Title, p.Lead = a.Name, site.KindName(l, a.Kind)
	v := Account{Page: p, ID: a.ID, Base: s.Base, Failed: failed}
	v.State, v.Tone = StateOf(l, a, now)
	if p.URL != nil && p.URL.Query().Get("done") != "" && failed == "" {
		v.Done = l.T(i18n.OneDone)
		if p.URL.Query().Get("done") == "confirm" {
			v.Done = l.T(i18n.ConfirmDone)
		}
	}
	last := l.T(i18n.NeverSignedIn)
	if !a.LastSignIn.IsZero() {
		last = l.Time(a.LastSignIn)
	}
	factor := ui.Badge(ui.Warn, l.T(i18n.FactorsNone))
	if a.TOTP || a.Passkeys > 0 {
		factor = ui.Badge(ui.OK, l.T(i18n.FactorsSome))
	}
	v.Facts = []ui.Fact{
		{Term: l.T(i18n.ColumnState), Is: ui.Badge(v.Tone, v.State)},
		{Term: l.T(i18n.AccountLogin), Is: ui.Text(a.Login)},
		{Term: l.T(i18n.AccountCode), Is: ui.Text(a.Code)},
		{Term: l.T(i18n.ColumnFactor), Is: factor},
		{Term: l.T(i18n.ColumnLast), Is: ui.Number(last)},
		{Term: l.T(i18n.OneCreated), Is: ui.Number(l.Time(a.Created))},
	}
	if a.Agency != "" {
		v.Facts = append(v.Facts, ui.Fact{Term: l.T(i18n.AccountAgency), Is: ui.Text(a.Agency)})
	}
	if a.Unit != "" {
		v.Facts = append(v.Facts, ui.Fact{Term: l.T(i18n.AccountUnit), Is: ui.Text(a.Unit)})
	}
	if a.Reason != "" {
		v.Facts = append(v.Facts, ui.Fact{Term: l.T(i18n.Reason), Is: ui.Text(a.Reason)})
	}
	manage := identity.May(by, s.Manage)
	if a.Kind == identity.Administrator && by != identity.Administrator {
		manage = false
	}
	v.Change = manage
	v.Name = ui.Field{Name: "name", Label: l.T(i18n.FieldName), Value: a.Name, Max: maxName, Required: true, Wide: true}
	v.Unit = ui.Field{Name: "unit", Label: l.T(i18n.FieldUnit), Value: a.Unit, Max: maxUnit, Wide: true}
	locked := now.Before(a.LockedUntil)
	for _, d := range deeds {
		if !d.there(a, locked) || !manage && !(d.unlock && identity.May(by, identity.ReleaseLockouts)) {
			continue
		}
		deed := Deed{Word: d.word, Title: l.T(d.title), Text: l.T(d.text), Tone: d.tone}
		if d.word == "factors" && a.Kind.Staff() {
			deed.Text += " " + l.T(i18n.OneFactorsTwo)
		}
		deed.Reason = ui.Field{Name: "reason", ID: "reason-" + d.word, Label: l.T(i18n.Reason), Hint: l.T(i18n.ReasonHint), Max: maxReason, Required: true, Wide: true}
		v.Acts = append(v.Acts, deed)
	}
	return v
}
