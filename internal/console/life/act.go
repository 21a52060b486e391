package life

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"dancu/internal/access"
	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/fault"
	"dancu/internal/identity"
	"dancu/internal/onboarding"
	"dancu/internal/web"
)

func version(m *onboarding.Matter) string { return strconv.FormatInt(m.Version, 10) }

func notFound(err error) bool { return fault.Is(err, fault.NotFound) }

// actOf finds an act that the visitor may do on a matter now.
func (p *Pages) actOf(r *http.Request, v *site.Visit) (onboarding.Person, *onboarding.Sight, *onboarding.Row, error) {
	who, err := person(v)
	if err != nil {
		return who, nil, nil, err
	}
	s, err := p.office.See(r.Context(), who, r.PathValue("matter"))
	if err != nil {
		return who, nil, nil, problem(err)
	}
	name := r.PathValue("name")
	if row := rowOf(s.Can, name); row != nil {
		return who, s, row, nil
	}
	for _, x := range onboarding.Lifecycle() {
		if x.Kind == s.Matter.Kind && x.Name == name {
			return who, s, nil, notNow(s.Matter, &x)
		}
	}
	return who, s, nil, web.NotFound()
}

// notNow is the problem of an act that the matter's state, or the visitor's
// office, does not allow.
func notNow(m *onboarding.Matter, row *onboarding.Row) error {
	text := func(l i18n.Lang) string {
		word, _ := badge(l, m)
		return l.T(i18n.LifeNotNow, l.Text(row.Label), word, dutyList(l, row.By))
	}
	return &web.Problem{
		Status: http.StatusConflict, Code: "request.invalid",
		Title:  web.Text{VI: i18n.VI.T(i18n.InvalidTitle), EN: i18n.EN.T(i18n.InvalidTitle)},
		Detail: web.Text{VI: text(i18n.VI), EN: text(i18n.EN)},
	}
}

// Act shows the page of an act: what it asks, and what will follow.
func (p *Pages) Act(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	who, s, row, err := p.actOf(r, v)
	if err != nil {
		return err
	}
	// Before anything is typed.
	if row.Fresh && !v.Session.Fresh {
		v.Redirect(w, r, site.With("/account/confirm", "next", actHref(s.Matter.ID, row.Name)))
		return nil
	}
	a := newAnswers()
	if row.Prefill != nil {
		raw, err := json.Marshal(row.Prefill(s))
		if err != nil {
			return err
		}
		a = saved(v.Lang, row.Form, raw)
	}
	asked(a, row.Form, r)
	a, kept, err := p.resume(r, v, row.Form, a)
	if err != nil {
		return err
	}
	if err := p.fill(r.Context(), v.Lang, who.FilesOf(), row.Form, a, s.Files()); err != nil {
		return err
	}
	view := p.newActView(v.Page(i18n.LifeAct), s, row, a, nil)
	view.keeping(v.Keeping(r), kept, a)
	return v.Render(w, r, http.StatusOK, actPage(view))
}

// asked takes values of short fields from the address: a link may say which
// certificate, or which connection, it is about.
func asked(a *answers, f onboarding.Form, r *http.Request) {
	for name, values := range r.URL.Query() {
		if x := f.Field(name); x != nil && (x.Type == onboarding.TypeLine || x.Type == onboarding.TypeChoice) {
			a.values.Set(name, strings.ToValidUTF8(values[0], "\ufffd"))
		}
	}
}

// DoAct does an act, or proposes one that takes two people.
func (p *Pages) DoAct(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	who, s, row, err := p.actOf(r, v)
	if err != nil {
		return err
	}
	a, err := p.read(w, r, v, who.FilesOf(), row.Form)
	if err != nil {
		return err
	}
	if err := p.fill(r.Context(), v.Lang, who.FilesOf(), row.Form, a, s.Files()); err != nil {
		return err
	}
	if done, err := p.put(w, r, v, who.FilesOf(), row.Form, a); done || err != nil {
		return err
	}
	in := a.input(row.Form)
	var out *refusal
	if len(a.wrong) == 0 {
		done := "act"
		if row.Two() {
			done, err = "proposed", propose(r, v, s.Matter.ID, row, in)
		} else {
			_, err = p.office.Act(r.Context(), who, s.Matter.ID, row.Name, in)
		}
		if err == nil {
			if err := v.Sent(r); err != nil {
				return err
			}
			v.Redirect(w, r, site.With(path(s.Matter.ID), "done", done))
			return nil
		}
		if out, err = refused(w, v, err, row.Form, a, s); err != nil {
			return err
		}
	}
	if in.Version != 0 && in.Version != s.Matter.Version {
		if out == nil {
			out = &refusal{Status: http.StatusConflict}
		}
		out.overtaken(v.Lang, p.asker(v.Lang, s), row.Form, a, nil, s)
	}
	if err := p.keep(r, v, who.FilesOf(), row.Form, a); err != nil {
		return err
	}
	view := p.newActView(v.Page(i18n.LifeAct), s, row, a, out)
	view.keeping(v.Keeping(r), nil, a)
	return v.Render(w, r, statusOf(out), actPage(view))
}

// propose proposes an act that takes two people.
func propose(r *http.Request, v *site.Visit, matter string, row *onboarding.Row, in onboarding.Input) error {
	in.Version = 0 // what it stands on is checked when it is confirmed
	payload, err := json.Marshal(onboarding.Proposed{Matter: matter, Act: row.Name, Input: in})
	if err != nil {
		return err
	}
	_, err = v.Identity.Propose(r.Context(), v.Actor(), identity.TwoPersonAct{
		Kind: row.TwoKind(), Subject: matter, Payload: payload, Reason: in.Reason,
	})
	return err
}

func (p *Pages) newActView(page ui.Page, s *onboarding.Sight, row *onboarding.Row, a *answers, out *refusal) formView {
	l, k := page.Lang, p.asker(page.Lang, s)
	page.Title = l.Text(row.Label)
	page.Up = ui.Entry{Label: title(l, s.Matter), Href: path(s.Matter.ID)}
	v := formView{
		Page: page, Action: actHref(s.Matter.ID, row.Name), About: law(l, row.Law), Refused: out, Version: version(s.Matter),
		Fields: k.controls(row.Form, a), Says: says(l, s, row), Save: l.Text(row.Label), Cancel: path(s.Matter.ID),
	}
	v.Paper = toRead(l, s, row)
	info := infoOf(s.Matter.Kind)
	if s.Edit && len(s.Sections) > 0 && row.To != "" {
		v.Check = sectionHref(s.Matter.ID, "")
	}
	if row.Reason || row.Two() {
		v.Fields = append(v.Fields, k.reasonControl(a, true))
	}
	if row.Two() {
		v.Save = l.T(i18n.LifePropose)
	}
	v.Danger = row.To != "" && stateTone(info.State(row.To)) == ui.Bad || row.To == onboarding.State(access.Ended)
	v.finish()
	return v
}

// says is what will follow from an act, in words: from the table, so that it is
// what will follow.
func says(l i18n.Lang, s *onboarding.Sight, row *onboarding.Row) (out []string) {
	info := infoOf(s.Matter.Kind)
	if row.Two() {
		out = append(out, l.T(i18n.LifeSaysTwo, dutyList(l, row.Confirm)))
	}
	if row.Fresh {
		out = append(out, l.T(i18n.LifeSaysFresh))
	}
	if row.To != "" && row.To != s.Matter.State {
		to := info.State(row.To)
		said := l.T(i18n.LifeSaysState, upper(l.Text(to.Label)))
		if to.Final {
			said += " " + l.T(i18n.LifeSaysFinal)
		}
		out = append(out, said)
	}
	for _, t := range row.Opens {
		x := taskOf(t)
		out = append(out, l.T(i18n.LifeSaysOpens, duty(l, x.Owner), l.Text(x.Label)))
	}
	var told []string
	for _, t := range row.Tell {
		if name := duty(l, t.To); !slices.Contains(told, name) {
			told = append(told, name)
		}
	}
	if len(told) > 0 {
		out = append(out, l.T(i18n.LifeSaysTold, strings.Join(told, ", ")))
	}
	return append(out, l.T(i18n.LifeSaysLogged))
}
