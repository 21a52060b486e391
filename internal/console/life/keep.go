package life

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"

	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/onboarding"
)

// What is typed into these forms is kept (see package site). Uploads that stand
// in a draft wait with it.

// put saves what was sent only to be saved, and answers it: done is true then.
func (p *Pages) put(w http.ResponseWriter, r *http.Request, v *site.Visit, owner string, f onboarding.Form, a *answers) (done bool, err error) {
	if err := p.await(r, v, owner, f, a); err != nil {
		return false, err
	}
	return v.Put(w, r, a.kept())
}

// keep saves a form that was refused, as it was sent.
func (p *Pages) keep(r *http.Request, v *site.Visit, owner string, f onboarding.Form, a *answers) error {
	if err := p.await(r, v, owner, f, a); err != nil {
		return err
	}
	_, err := v.Keep(r, a.kept())
	return err
}

// kept are the values of a draft: without which button was pressed, and without
// what the script makes of a file that was chosen.
func (a *answers) kept() url.Values {
	out := url.Values{}
	for name, values := range a.values {
		if name != nameNext && !strings.HasSuffix(name, uploadSign) {
			out[name] = values
		}
	}
	return out
}

// await sees to it that the uploads of a form are there as long as its draft.
func (p *Pages) await(r *http.Request, v *site.Visit, owner string, f onboarding.Form, a *answers) error {
	if p.files == nil || v.Drafts == nil {
		return nil
	}
	var ids []string
	for i := range f {
		if f[i].Type == onboarding.TypeFiles {
			ids = append(ids, a.values[f[i].Name]...)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	return worded(p.files.Await(r.Context(), owner, v.Moment().Add(v.Drafts.Term()), ids...))
}

// resume puts what was kept of this page's form in place of the answers. A draft
// that says what is saved already is forgotten: the form was sent.
func (p *Pages) resume(r *http.Request, v *site.Visit, f onboarding.Form, a *answers) (*answers, *ui.KeptOf, error) {
	d, ok, err := v.Kept(r)
	if err != nil || !ok {
		return a, nil, err
	}
	b := newAnswers()
	b.values = d.Values
	if b.first(nameReason) == "" && !b.names() && bytes.Equal(a.json(f), b.json(f)) {
		return a, nil, v.Sent(r)
	}
	return b, site.WasKept(v.Lang, &d), nil
}

// names reports whether the answers say what a new matter concerns.
func (a *answers) names() bool {
	return a.first(nameAgency)+a.first(nameSystem)+a.first(nameConnection)+a.first(nameParent) != ""
}

// keeping adds to a form what is kept of it. What stands in the form was typed
// on top of the version that the draft names: whoever was faster is told of.
func (v *formView) keeping(k *ui.KeepOf, kept *ui.KeptOf, a *answers) {
	if k != nil {
		k.Title = v.Title
		if v.Up.Label != "" {
			k.Title = v.Up.Label + " – " + v.Title
		}
	}
	v.Keep, v.Kept = k, kept
	if kept != nil && v.Version != "" && a.first(nameVersion) != "" {
		v.Version = a.first(nameVersion)
	}
}
