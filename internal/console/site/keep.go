package site

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"dancu/internal/console/i18n"
	"dancu/internal/console/ui"
	"dancu/internal/draft"
	"dancu/internal/fault"
	"dancu/internal/identity"
	"dancu/internal/web"
)

// What is typed into a form of a route that keeps ([Route.Keeps]) is never lost:
// the script saves it after a pause in typing, a button saves it for later,
// whatever is refused is saved as it was sent, and when the session has ended
// meanwhile it is saved for whom it belonged to, who finds it in the form after
// signing in again. What is kept is only ever shown to that account.

// The names of what goes along with such a form. No field's name begins so.
const (
	keepNow   = "_draft" // sent by the script while somebody types
	keepLater = "_later" // the button: save, and come back
	keepTitle = "_title" // the page's title
)

// keeps reports whether there is a place for what is typed.
func (v *Visit) keeps() bool {
	return v.Drafts != nil && v.Session != nil && v.Session.Account.ID != ""
}

// Keep saves what was typed into the form that r sends.
func (v *Visit) Keep(r *http.Request, values url.Values) (draft.Draft, error) {
	if !v.keeps() {
		return draft.Draft{}, nil
	}
	return v.Drafts.Keep(r.Context(), v.Session.Account.ID, draftOf(r, values))
}

// draftOf is what is kept of a form: its fields, without what only says which
// button was pressed.
func draftOf(r *http.Request, values url.Values) draft.Draft {
	kept := url.Values{}
	for name, list := range values {
		switch name {
		case keepNow, keepLater, keepTitle:
		default:
			kept[name] = list
		}
	}
	return draft.Draft{Form: r.URL.Path, Title: strings.ToValidUTF8(values.Get(keepTitle), "\ufffd"), Values: kept}
}

// Put saves what was sent only to be saved, and answers it: done is true then.
// What is too large is said where the script says that it saved, and is a
// problem where the button was pressed.
func (v *Visit) Put(w http.ResponseWriter, r *http.Request, values url.Values) (done bool, err error) {
	now, later := values.Has(keepNow), values.Has(keepLater)
	if !now && !later || !v.keeps() {
		return false, nil
	}
	d, err := v.Keep(r, values)
	switch {
	case err != nil && now && (fault.Is(err, fault.Invalid) || fault.Is(err, fault.Unavailable)):
		return true, v.Render(w, r, http.StatusOK, ui.KeptWord(v.T(i18n.KeepFailed)))
	case err != nil:
		return true, err
	case now:
		return true, v.Render(w, r, http.StatusOK, ui.KeptWord(v.T(i18n.KeepSaved, v.Lang.Clock(d.Saved))))
	}
	v.Redirect(w, r, With(draftsHome(v), "done", "draft"))
	return true, nil
}

// draftsHome is the page that lists what is kept.
func draftsHome(v *Visit) string {
	if may := Those(identity.SeeLifecycle); may.Kind(v.Kind()) {
		return "/life"
	}
	return Home(v.Kind())
}

// Kept returns what is kept of the form of this page; false if nothing is.
func (v *Visit) Kept(r *http.Request) (draft.Draft, bool, error) {
	if !v.keeps() {
		return draft.Draft{}, false, nil
	}
	return v.Drafts.Find(r.Context(), v.Session.Account.ID, r.URL.Path)
}

// Sent forgets what was kept of the form that r sends: it was sent.
func (v *Visit) Sent(r *http.Request) error {
	if !v.keeps() {
		return nil
	}
	return v.Drafts.Drop(r.Context(), v.Session.Account.ID, r.URL.Path)
}

// Keeping is what a form says about being kept; nil where it is not.
func (v *Visit) Keeping(r *http.Request) *ui.KeepOf {
	if !v.keeps() {
		return nil
	}
	return &ui.KeepOf{Action: r.URL.Path}
}

// WasKept is what a page says above a form in which a draft stands.
func WasKept(l i18n.Lang, d *draft.Draft) *ui.KeptOf {
	return &ui.KeptOf{Form: d.Form, Title: d.Title, When: l.Time(d.Saved), Until: l.Date(d.Until)}
}

// AllKept are the visitor's drafts, the newest first.
func (v *Visit) AllKept(r *http.Request) (out []ui.KeptOf, err error) {
	if !v.keeps() {
		return nil, nil
	}
	list, err := v.Drafts.List(r.Context(), v.Session.Account.ID)
	for i := range list {
		k := WasKept(v.Lang, &list[i])
		if k.Title == "" {
			k.Title = v.T(i18n.KeepUntitled)
		}
		out = append(out, *k)
	}
	return out, err
}

// Discard throws away what is kept of a form, and leads back to where the
// visitor was.
func Discard(w http.ResponseWriter, r *http.Request, v *Visit) error {
	f, err := v.Form(r)
	if err != nil {
		return err
	}
	if v.keeps() {
		if err := v.Drafts.Drop(r.Context(), v.Session.Account.ID, f.Raw("form")); err != nil {
			return err
		}
	}
	to := Next(f.Raw("next"))
	if to == "" {
		to = draftsHome(v)
	}
	v.Redirect(w, r, to)
	return nil
}

// park saves a form that came when its session had ended, for whose it was, and
// asks for a new sign-in, which leads back to it. Who has only the token of a
// session that is over gets at nothing by it: they may leave text for its
// account, and never read any.
func (v *Visit) park(w http.ResponseWriter, r *http.Request) error {
	kept, ours, err := v.parked(r)
	if err != nil {
		return err
	}
	if ours && Fragment(r) {
		// The script saved while somebody types: they stay on their page.
		word := i18n.KeepEndedKept
		if !kept {
			word = i18n.KeepEnded
		}
		return v.Render(w, r, http.StatusOK, ui.KeptEnded(v.T(word), With("/sign-in", "next", r.URL.Path), v.T(i18n.SignIn)))
	}
	return v.toSignInKept(w, r, kept)
}

// parked reports whether the form was saved, and whether the script sent it.
func (v *Visit) parked(r *http.Request) (kept, script bool, err error) {
	values, err := texts(r)
	if err != nil {
		return false, false, nil // what cannot be read cannot be kept
	}
	script = values.Has(keepNow)
	token := v.Token(r)
	if token == "" || v.Drafts == nil {
		return false, script, nil
	}
	account, err := v.Identity.Was(r.Context(), token)
	if err != nil || account == "" {
		return false, script, err
	}
	if _, err := v.Drafts.Keep(r.Context(), account, draftOf(r, values)); err != nil {
		if fault.Is(err, fault.Invalid) {
			return false, script, nil
		}
		return false, script, err
	}
	return true, script, nil
}

// texts are the fields of a form, without its files.
func texts(r *http.Request) (url.Values, error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		if err := r.ParseForm(); err != nil {
			return nil, err
		}
		return r.PostForm, nil
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, err
	}
	out, size := url.Values{}, 0
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		if part.FileName() != "" {
			continue
		}
		b, err := io.ReadAll(io.LimitReader(part, draft.MaxBytes+1))
		if err != nil {
			return nil, err
		}
		if size += len(b); size > draft.MaxBytes {
			return nil, fault.New(fault.Invalid, "the form is too large to be kept")
		}
		out.Add(part.FormName(), strings.ToValidUTF8(string(b), "\ufffd"))
	}
}

// toSignInKept is toSignIn after a form, saying what became of it.
func (v *Visit) toSignInKept(w http.ResponseWriter, r *http.Request, kept bool) error {
	q := []string{"why", v.why(), "next", Next(r.URL.Path), "kept", "0"}
	if kept {
		q[5] = "1"
	}
	if q[1] == "" {
		q[1] = "ended"
	}
	web.EventOf(w).Code = string(v.over)
	v.Redirect(w, r, With("/sign-in", q...))
	return nil
}
