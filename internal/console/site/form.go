package site

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"dancu/internal/console/i18n"
	"dancu/internal/console/ui"
	"dancu/internal/web"
)

// Form is what was sent with a form, and never what stands in the address.
type Form struct {
	values url.Values
	lang   i18n.Lang
	// Wrong are the mistakes found so far, by field.
	Wrong map[string]string
}

// Form reads the form of a request.
func (v *Visit) Form(r *http.Request) (*Form, error) {
	if err := r.ParseForm(); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return nil, err
		}
		return nil, web.ProblemOf(&web.Problem{
			Status: http.StatusBadRequest, Code: "request.invalid",
			Title: text(i18n.InvalidTitle), Detail: text(i18n.FormUnreadable), Cause: err,
		})
	}
	return &Form{values: r.PostForm, lang: v.Lang, Wrong: map[string]string{}}, nil
}

// Raw is a value as it was sent.
func (f *Form) Raw(name string) string { return f.values.Get(name) }

// All are the values of a group of boxes.
func (f *Form) All(name string) []string { return f.values[name] }

// Has reports whether the form has the value at all.
func (f *Form) Has(name string) bool { return f.values.Has(name) }

// Text is a line of text: composed (NFC, TCVN 6909), without space around it,
// and bounded. What cannot be a text is noted as wrong.
func (f *Form) Text(name string, limit int) string {
	s := strings.TrimSpace(norm.NFC.String(strings.ToValidUTF8(f.values.Get(name), "\ufffd")))
	switch {
	case strings.ContainsFunc(s, func(r rune) bool {
		return r == utf8.RuneError || unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t'
	}):
		f.Fail(name, f.lang.T(i18n.TextInvalid))
	case utf8.RuneCountInString(s) > limit:
		f.Fail(name, f.lang.T(i18n.TextTooLong, f.lang.Int(int64(limit))))
	}
	return s
}

// Need is a text that must be there; missing says what to write.
func (f *Form) Need(name string, limit int, missing i18n.Msg) string {
	s := f.Text(name, limit)
	if s == "" {
		f.Fail(name, f.lang.T(missing))
	}
	return s
}

// Fail notes a mistake; the first of a field stands.
func (f *Form) Fail(name, said string) {
	if f.Wrong[name] == "" {
		f.Wrong[name] = said
	}
}

// OK reports whether nothing was wrong.
func (f *Form) OK() bool { return len(f.Wrong) == 0 }

// Keep puts what was typed and what is wrong with it into the fields.
func (f *Form) Keep(fields ...*ui.Field) {
	for _, x := range fields {
		if f.Has(x.Name) {
			x.Value = strings.ToValidUTF8(f.values.Get(x.Name), "\ufffd")
		}
		x.Error = f.Wrong[x.Name]
	}
}
