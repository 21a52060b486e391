package life

import (
	"errors"
	"net/http"

	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/fault"
	"dancu/internal/identity"
	"dancu/internal/onboarding"
	"dancu/internal/web"
)

// refusal is why an act, a save or an opening was not done, as the form says it
// that is shown again.
type refusal struct {
	Status int
	Title  string
	Text   string
	// Mistakes are what is wrong in other places than the form's own fields.
	Mistakes []ui.Mistake
	// Confirm asks for a second factor first, in a window of its own.
	Confirm bool
	// faster says that somebody changed the matter meanwhile.
	faster bool
}

// problem is an error as a page of its own: in both languages, and without what
// the visitor may not know.
func problem(err error) error {
	var r *onboarding.Refusal
	if !errors.As(err, &r) {
		return err
	}
	if r.Kind == fault.NotFound {
		return web.NotFound()
	}
	p := *web.ProblemOf(err)
	p.Title = web.Text{VI: i18n.VI.T(i18n.InvalidTitle), EN: i18n.EN.T(i18n.InvalidTitle)}
	if r.Kind == fault.Forbidden {
		p.Title = web.Text{VI: i18n.VI.T(i18n.ForbiddenTitle), EN: i18n.EN.T(i18n.ForbiddenTitle)}
	}
	p.Detail = webText(r.Text)
	return &p
}

// refused turns an error into what the form says; what is wrong with a field
// goes into the answers. An error that has no place on a form is returned: the
// visitor may not, or there is no such thing, or it is ours.
func refused(w http.ResponseWriter, v *site.Visit, err error, f onboarding.Form, a *answers, s *onboarding.Sight) (*refusal, error) {
	l := v.Lang
	out := &refusal{Status: http.StatusUnprocessableEntity, Title: l.T(i18n.InvalidTitle)}
	if identity.CodeOf(err) == identity.FactorStale {
		out.Confirm, out.Text = true, l.T(i18n.LifeFactorStale)
		return out, nil
	}
	if said := v.Said(err); said != "" {
		out.Text = said
		web.EventOf(w).Code = string(identity.CodeOf(err))
		return out, nil
	}
	var r *onboarding.Refusal
	if !errors.As(err, &r) {
		if fault.Is(err, fault.Unavailable) {
			// The form is the only place where what was typed is.
			out.Status, out.Text = http.StatusServiceUnavailable, l.T(i18n.LifeTryAgain)
			return out, nil
		}
		return nil, err
	}
	if r.Kind == fault.NotFound || r.Kind == fault.Forbidden {
		return nil, problem(err)
	}
	web.EventOf(w).Code = "request.invalid"
	out.Text = l.Text(r.Text)
	if r.Kind == fault.Conflict {
		out.Status = http.StatusConflict
	}
	for _, x := range r.Fields {
		out.place(l, f, a, s, x)
	}
	out.faster = r.Kind == fault.Conflict && len(r.Fields) == 0
	return out, nil
}

// place puts one problem where it belongs.
func (out *refusal) place(l i18n.Lang, f onboarding.Form, a *answers, s *onboarding.Sight, x onboarding.FieldProblem) {
	text := l.Text(x.Text)
	switch {
	case x.Section != "" && s != nil:
		label := x.Field
		if section := sectionOf(s.Sections, x.Section); section != nil {
			if label = l.Text(section.Title); section.Form.Field(x.Field) != nil {
				label += " – " + l.Text(section.Form.Field(x.Field).Label)
			}
		}
		out.Mistakes = append(out.Mistakes, ui.Mistake{Text: label + ": " + text, Href: sectionHref(s.Matter.ID, x.Section) + "#" + fieldID(x.Field)})
	case f.Field(x.Field) != nil:
		a.wrong[x.Field] = text
	case x.Field == "reason":
		a.wrong[nameReason] = text
	default:
		out.Mistakes = append(out.Mistakes, ui.Mistake{Text: text})
	}
}

// overtaken says who was faster, and what is saved now beside what was typed.
// Sending the form again is then on top of that.
func (out *refusal) overtaken(l i18n.Lang, k *asker, f onboarding.Form, a, now *answers, s *onboarding.Sight) {
	out.Title, out.Text = l.T(i18n.LifeFasterTitle), l.T(i18n.LifeFasterText)
	if len(s.Done) > 0 {
		d := s.Done[0]
		out.Text = l.T(i18n.LifeFaster, duty(l, d.Duty), d.Actor, l.Text(labelOf(s.Matter.Kind, d.Act)), l.Seconds(d.At)) + " " + out.Text
	}
	if now == nil {
		return
	}
	for i := range f {
		name := f[i].Name
		if f[i].Type == onboarding.TypeFiles || string(a.json(onboarding.Form{f[i]})) == string(now.json(onboarding.Form{f[i]})) {
			continue
		}
		a.now[name] = shownText(k, &f[i], now.values[name])
	}
}
