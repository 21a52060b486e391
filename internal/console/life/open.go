package life

import (
	"net/http"
	"slices"

	"dancu/internal/access"
	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/onboarding"
	"dancu/internal/web"
)

// The fields that say what a new matter concerns. No form has fields of these
// names of its own.
const (
	nameAgency     = "_agency"
	nameSystem     = "_system"
	nameConnection = "_connection"
	nameParent     = "_parent"
)

// opening finds the kind of which the visitor may open a matter.
func opening(r *http.Request, v *site.Visit) (onboarding.Person, *onboarding.KindInfo, error) {
	who, err := person(v)
	if err != nil {
		return who, nil, err
	}
	info := infoOf(onboarding.Kind(r.PathValue("kind")))
	if info == nil {
		return who, nil, web.NotFound()
	}
	if !slices.Contains(info.By, who.Duty) {
		return who, nil, site.Forbidden()
	}
	return who, info, nil
}

// New asks what opening a matter needs.
func (p *Pages) New(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	who, info, err := opening(r, v)
	if err != nil {
		return err
	}
	a := newAnswers()
	q := r.URL.Query()
	for from, to := range map[string]string{"agency": nameAgency, "system": nameSystem, "connection": nameConnection, "parent": nameParent} {
		a.values.Set(to, q.Get(from))
	}
	asked(a, info.Open, r)
	a, kept, err := p.resume(r, v, info.Open, a)
	if err != nil {
		return err
	}
	if err := p.fill(r.Context(), v.Lang, who.FilesOf(), info.Open, a, nil); err != nil {
		return err
	}
	view := p.newOpenView(v.Page(i18n.LifeNew), &who, info, a, nil)
	view.keeping(v.Keeping(r), kept, a)
	return v.Render(w, r, http.StatusOK, newPage(view))
}

// Open opens it.
func (p *Pages) Open(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	who, info, err := opening(r, v)
	if err != nil {
		return err
	}
	a, err := p.read(w, r, v, who.FilesOf(), info.Open)
	if err != nil {
		return err
	}
	if err := p.fill(r.Context(), v.Lang, who.FilesOf(), info.Open, a, nil); err != nil {
		return err
	}
	if done, err := p.put(w, r, v, who.FilesOf(), info.Open, a); done || err != nil {
		return err
	}
	var out *refusal
	if len(a.wrong) == 0 {
		about := onboarding.About{Agency: a.first(nameAgency), System: a.first(nameSystem), Connection: a.first(nameConnection), Parent: a.first(nameParent)}
		m, err := p.office.Open(r.Context(), who, info.Kind, about, onboarding.Input{Reason: a.first(nameReason), Values: a.json(info.Open)})
		if err == nil {
			if err := v.Sent(r); err != nil {
				return err
			}
			v.Redirect(w, r, site.With(path(m.ID), "done", "open"))
			return nil
		}
		// What it is about may not be there: that is said on the form.
		if notFound(err) {
			out = &refusal{Status: http.StatusUnprocessableEntity, Title: v.T(i18n.InvalidTitle), Text: said(v.Lang, err)}
		} else if out, err = refused(w, v, err, info.Open, a, nil); err != nil {
			return err
		}
	}
	if err := p.keep(r, v, who.FilesOf(), info.Open, a); err != nil {
		return err
	}
	view := p.newOpenView(v.Page(i18n.LifeNew), &who, info, a, out)
	view.keeping(v.Keeping(r), nil, a)
	return v.Render(w, r, statusOf(out), newPage(view))
}

func (p *Pages) newOpenView(page ui.Page, who *onboarding.Person, info *onboarding.KindInfo, a *answers, out *refusal) formView {
	l := page.Lang
	k := &asker{lang: l, at: p.around(who.Agency), uploads: p.files != nil}
	page.Title = l.T(i18n.LifeNewOf, l.Text(info.Title))
	page.Up = ui.Entry{Label: l.Text(info.Many), Href: listHref(info.Kind)}
	v := formView{
		Page: page, Action: newHref(info.Kind), About: law(l, info.Law), Refused: out, Save: l.T(i18n.LifeOpen), Cancel: listHref(info.Kind),
	}
	v.Fields = append(aboutControls(k, who, info, a), k.controls(info.Open, a)...)
	if len(info.Sections) > 0 {
		v.Says = append(v.Says, l.T(i18n.LifeSaysSections, l.Int(int64(len(info.Sections)))))
	}
	v.Says = append(v.Says, l.T(i18n.LifeSaysLogged))
	v.finish()
	return v
}

// aboutControls ask what a new matter concerns: an agency's people have one
// agency, and choose among what is theirs.
func aboutControls(k *asker, who *onboarding.Person, info *onboarding.KindInfo, a *answers) (out []control) {
	ask := func(name string, label i18n.Msg, required bool, choices []onboarding.Choice) {
		f := onboarding.Field{
			Name: name, Label: access.Text{VI: i18n.VI.T(label), EN: i18n.EN.T(label)}, Type: onboarding.TypeChoice, Required: required,
			Choices: func(onboarding.Around) []onboarding.Choice { return choices },
		}
		out = append(out, k.control(&f, a))
	}
	switch info.About {
	case onboarding.KindAgency:
		if who.Duty != onboarding.Agency {
			ask(nameAgency, i18n.LifeAgency, true, agencies(k.at.Dir))
		}
	case onboarding.KindSystem:
		if a.first(nameConnection) == "" {
			ask(nameSystem, i18n.LifeSystem, true, systems(k.at.Dir, who))
			break
		}
		fallthrough
	case onboarding.KindConnection:
		ask(nameConnection, i18n.LifeConnection, true, connections(k.at.Dir, who))
	default:
	}
	return out
}

func agencies(dir *access.Directory) (out []onboarding.Choice) {
	for x := range dir.Agencies() {
		out = append(out, onboarding.Choice{Value: x.ID, Label: x.Name})
	}
	return out
}

func systems(dir *access.Directory, who *onboarding.Person) (out []onboarding.Choice) {
	for x := range dir.Systems() {
		if who.Duty != onboarding.Agency || x.Agency == who.Agency {
			out = append(out, onboarding.Choice{Value: x.ID, Label: x.Name})
		}
	}
	return out
}

func connections(dir *access.Directory, who *onboarding.Person) (out []onboarding.Choice) {
	for x := range dir.Connections() {
		s := dir.System(x.System)
		if s == nil || x.State == access.Ended || who.Duty == onboarding.Agency && s.Agency != who.Agency {
			continue
		}
		label := access.Text{VI: s.Name.VI + " (" + x.ID + ")"}
		if s.Name.EN != "" {
			label.EN = s.Name.EN + " (" + x.ID + ")"
		}
		out = append(out, onboarding.Choice{Value: x.ID, Label: label})
	}
	return out
}
