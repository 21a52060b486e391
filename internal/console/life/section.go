package life

import (
	"encoding/json"
	"net/http"
	"slices"

	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/onboarding"
	"dancu/internal/web"
)

// formView is a page with one form.
type formView struct {
	ui.Page
	Action  string
	About   string // what it is about, beside the heading
	Refused *refusal
	// Mistakes are those of the fields and of Refused, in order.
	Mistakes []ui.Mistake
	Version  string
	Fields   []control
	// Says are what will follow, in words.
	Says []string
	// Read is shown instead of fields to those who may not change them.
	Read   []answer
	Save   string // the button's label; "" for a form that cannot be sent
	Danger bool
	Next   string // label of the second button: save and go on; "" for none
	Cancel string // address
	// Paper is what is read before it is signed; nil for none.
	Paper *paperLink
	// Check leads to all answers; "" for none.
	Check string
	// Keep says that the form is kept while it is filled in, Kept what was typed
	// before; nil where there is no such thing.
	Keep *ui.KeepOf
	Kept *ui.KeptOf
}

// finish gathers the mistakes and what goes with them.
func (v *formView) finish() {
	v.Mistakes = mistakes(v.Fields)
	if v.Refused != nil {
		v.Mistakes = append(v.Mistakes, v.Refused.Mistakes...)
	}
}

// sectionOf finds a matter's section.
func (p *Pages) sectionOf(r *http.Request, v *site.Visit) (onboarding.Person, *onboarding.Sight, *onboarding.Section, error) {
	who, err := person(v)
	if err != nil {
		return who, nil, nil, err
	}
	s, err := p.office.See(r.Context(), who, r.PathValue("matter"))
	if err != nil {
		return who, nil, nil, problem(err)
	}
	section := sectionOf(s.Sections, r.PathValue("name"))
	if section == nil {
		return who, nil, nil, web.NotFound()
	}
	return who, s, section, nil
}

// Section shows one section: its form to those who may save it, else its
// answers.
func (p *Pages) Section(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	who, s, section, err := p.sectionOf(r, v)
	if err != nil {
		return err
	}
	a := saved(v.Lang, section.Form, partOf(s.Matter, section.Name))
	var kept *ui.KeptOf
	if s.Edit {
		if a, kept, err = p.resume(r, v, section.Form, a); err != nil {
			return err
		}
	}
	if err := p.fill(r.Context(), v.Lang, who.FilesOf(), section.Form, a, s.Files()); err != nil {
		return err
	}
	view := p.newSectionView(v.Page(i18n.LifeSection), s, section, a, nil)
	view.keeping(v.Keeping(r), kept, a)
	return v.Render(w, r, http.StatusOK, sectionPage(view))
}

// SaveSection saves it.
func (p *Pages) SaveSection(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	who, s, section, err := p.sectionOf(r, v)
	if err != nil {
		return err
	}
	a, err := p.read(w, r, v, who.FilesOf(), section.Form)
	if err != nil {
		return err
	}
	if err := p.fill(r.Context(), v.Lang, who.FilesOf(), section.Form, a, s.Files()); err != nil {
		return err
	}
	if done, err := p.put(w, r, v, who.FilesOf(), section.Form, a); done || err != nil {
		return err
	}
	in := a.input(section.Form)
	var out *refusal
	if len(a.wrong) == 0 {
		_, err = p.office.Save(r.Context(), who, s.Matter.ID, section.Name, in)
		if err == nil {
			if err := v.Sent(r); err != nil {
				return err
			}
			v.Redirect(w, r, afterSave(s, section, a.first(nameNext) != ""))
			return nil
		}
		// What is wrong is in this very section: it belongs beside the fields.
		if out, err = refused(w, v, err, section.Form, a, nil); err != nil {
			return err
		}
	}
	if in.Version != 0 && in.Version != s.Matter.Version {
		if out == nil {
			out = &refusal{Status: http.StatusConflict}
		}
		now := saved(v.Lang, section.Form, partOf(s.Matter, section.Name))
		out.overtaken(v.Lang, p.asker(v.Lang, s), section.Form, a, now, s)
	}
	if err := p.keep(r, v, who.FilesOf(), section.Form, a); err != nil {
		return err
	}
	view := p.newSectionView(v.Page(i18n.LifeSection), s, section, a, out)
	view.keeping(v.Keeping(r), nil, a)
	return v.Render(w, r, statusOf(out), sectionPage(view))
}

// statusOf is the status of a page that shows a form again.
func statusOf(out *refusal) int {
	if out == nil {
		return http.StatusUnprocessableEntity
	}
	return out.Status
}

// afterSave is where a saved section leads: to the matter, or on to the section
// after it.
func afterSave(s *onboarding.Sight, section *onboarding.Section, on bool) string {
	if on {
		for i := range s.Sections {
			if s.Sections[i].Name == section.Name && i+1 < len(s.Sections) {
				return site.With(sectionHref(s.Matter.ID, s.Sections[i+1].Name), "done", "save")
			}
		}
	}
	return site.With(path(s.Matter.ID), "done", "save")
}

// partOf is one part of a matter's document.
func partOf(m *onboarding.Matter, name string) json.RawMessage {
	parts := map[string]json.RawMessage{}
	if json.Unmarshal(m.Doc, &parts) != nil {
		return nil
	}
	return parts[name]
}

func (p *Pages) asker(l i18n.Lang, s *onboarding.Sight) *asker {
	return &asker{lang: l, at: s.Around(), uploads: p.files != nil, matter: s.Matter.ID}
}

func (p *Pages) newSectionView(page ui.Page, s *onboarding.Sight, section *onboarding.Section, a *answers, out *refusal) formView {
	l, k := page.Lang, p.asker(page.Lang, s)
	page.Title, page.Lead = l.Text(section.Title), l.Text(section.Help)
	page.Up = ui.Entry{Label: title(l, s.Matter), Href: path(s.Matter.ID)}
	v := formView{
		Page: page, Action: sectionHref(s.Matter.ID, section.Name), About: law(l, section.Law), Refused: out,
		Version: version(s.Matter), Cancel: path(s.Matter.ID), Check: sectionHref(s.Matter.ID, ""),
	}
	if !s.Edit {
		v.Read = k.read(section.Form, a)
		for i := range v.Read {
			v.Read[i].Missing = false
		}
		return v
	}
	v.Fields, v.Save = k.controls(section.Form, a), l.T(i18n.LifeSave)
	if i := slices.IndexFunc(s.Sections, func(x onboarding.Section) bool { return x.Name == section.Name }); i+1 < len(s.Sections) {
		v.Next = l.T(i18n.LifeSaveNext)
	}
	v.finish()
	return v
}

// checkView is all answers of a matter, to be read before it is sent on.
type checkView struct {
	ui.Page
	Sections []checkSection
	Missing  string // how much is missing; "" for nothing
	Acts     []actLink
}

// checkSection are the answers of one section.
type checkSection struct {
	Title, Href string
	Edit        bool
	Answers     []answer
}

// Check shows all answers of a matter.
func (p *Pages) Check(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	who, err := person(v)
	if err != nil {
		return err
	}
	s, err := p.office.See(r.Context(), who, r.PathValue("matter"))
	if err != nil {
		return problem(err)
	}
	files, err := p.filesOf(r.Context(), s)
	if err != nil {
		return err
	}
	return v.Render(w, r, http.StatusOK, checkPage(newCheckView(v.Page(i18n.LifeCheck), s, files)))
}

func newCheckView(page ui.Page, s *onboarding.Sight, files map[string]File) checkView {
	l, m := page.Lang, s.Matter
	page.Lead = l.T(i18n.LifeCheckLead)
	page.Up = ui.Entry{Label: title(l, m), Href: path(m.ID)}
	v := checkView{Page: page}
	if len(s.Missing) > 0 {
		v.Missing = l.T(i18n.LifeCheckMissing, l.Int(int64(len(s.Missing))))
	}
	k := &asker{lang: l, at: s.Around(), matter: m.ID}
	for i := range s.Sections {
		x := &s.Sections[i]
		a := saved(l, x.Form, partOf(m, x.Name))
		a.files = files
		v.Sections = append(v.Sections, checkSection{Title: l.Text(x.Title), Href: sectionHref(m.ID, x.Name), Edit: s.Edit, Answers: k.read(x.Form, a)})
	}
	if s.Edit {
		for _, r := range s.Can {
			if r.To != "" && len(r.Form) == 0 && !r.Reason {
				v.Acts = append(v.Acts, actLink{Label: l.Text(r.Label), Href: actHref(m.ID, r.Name)})
			}
		}
	}
	return v
}
