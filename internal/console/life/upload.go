package life

import (
	"cmp"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"dancu/internal/access"
	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/fault"
	"dancu/internal/onboarding"
	"dancu/internal/web"
)

// The bounds of one form.
const (
	// MaxForm bounds a form without files, in bytes: what a section holds, as
	// browsers write it.
	MaxForm = 512 << 10
	// MaxUpload bounds a form with its files, in bytes.
	MaxUpload = 64 << 20
	maxParts  = 500 // of a form with files
	maxTexts  = 256 << 10
	// uploadTime is how long such a form may take to come: 64 MiB over a slow
	// line.
	uploadTime = 15 * time.Minute
)

// BodyBytes bounds the bodies of these pages' requests; 0 for those of others.
func BodyBytes(r *http.Request) int64 {
	switch {
	case r.Method != http.MethodPost || !strings.HasPrefix(r.URL.Path, "/life/"):
		return 0
	case multipartForm(r):
		return MaxUpload
	}
	return MaxForm
}

func multipartForm(r *http.Request) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && kind == "multipart/form-data"
}

// read reads a form that was sent, and puts its files into the vault as they
// come. What is wrong with a file is said of its field; the other files stay.
func (p *Pages) read(w http.ResponseWriter, r *http.Request, v *site.Visit, owner string, f onboarding.Form) (*answers, error) {
	a := newAnswers()
	if !multipartForm(r) {
		if _, err := v.Form(r); err != nil {
			return nil, err
		}
		for name, values := range r.PostForm {
			for _, s := range values {
				a.values.Add(name, strings.ToValidUTF8(s, "\ufffd"))
			}
		}
		return a, nil
	}
	// An upload takes as long as the line does; the bound of other requests
	// would cut it off.
	until := time.Now().Add(uploadTime)
	c := http.NewResponseController(w)
	if err := errors.Join(c.SetReadDeadline(until), c.SetWriteDeadline(until.Add(time.Minute))); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return nil, err
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, unreadable(err)
	}
	texts := 0
	for n := 0; ; n++ {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return a, nil
		}
		if err != nil {
			return nil, unreadable(err)
		}
		if n == maxParts {
			return nil, unreadable(nil)
		}
		name := part.FormName()
		if field, ok := strings.CutSuffix(name, uploadSign); ok {
			if x := f.Field(field); x != nil && x.Type == onboarding.TypeFiles && part.FileName() != "" {
				p.take(r.Context(), v.Lang, owner, part.FileName(), part, field, a)
			}
			// What was not read of it is passed over.
			if _, err := io.Copy(io.Discard, part); err != nil {
				return nil, unreadable(err)
			}
			continue
		}
		b, err := io.ReadAll(io.LimitReader(part, maxTexts+1))
		if err != nil {
			return nil, unreadable(err)
		}
		if texts += len(b); texts > maxTexts {
			return nil, unreadable(nil)
		}
		a.values.Add(name, strings.ToValidUTF8(string(b), "\ufffd"))
	}
}

// take puts one file into the vault.
func (p *Pages) take(ctx context.Context, l i18n.Lang, owner, name string, r io.Reader, field string, a *answers) {
	if p.files == nil {
		a.wrong[field] = l.T(i18n.LifeNoVault)
		return
	}
	file, err := p.files.Put(ctx, owner, name, r)
	if err != nil {
		a.wrong[field] = strings.TrimSpace(a.wrong[field] + " " + shorten(name) + ": " + said(l, err))
		return
	}
	a.files[file.ID] = file
	a.values.Add(field, file.ID)
}

// shorten keeps a name from filling a page.
func shorten(s string) string {
	const most = 80
	s = strings.ToValidUTF8(s, "\ufffd")
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}

// said is what an error says to people, in their language; an internal one says
// that something went wrong on our side.
func said(l i18n.Lang, err error) string {
	var w Worded
	if errors.As(err, &w) {
		return l.Text(w.Words())
	}
	var r *onboarding.Refusal
	if errors.As(err, &r) {
		return l.Text(r.Text)
	}
	return cmp.Or(fault.Text(err), l.T(i18n.InternalText))
}

// unreadable is the problem of a form that did not come whole.
func unreadable(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return err
	}
	return &web.Problem{
		Status: http.StatusBadRequest, Code: "request.invalid", Close: true,
		Title:  web.Text{VI: i18n.VI.T(i18n.InvalidTitle), EN: i18n.EN.T(i18n.InvalidTitle)},
		Detail: web.Text{VI: i18n.VI.T(i18n.FormUnreadable), EN: i18n.EN.T(i18n.FormUnreadable)}, Cause: err,
	}
}

// fill looks up the files that stand in the answers. Those that the matter has
// already (there) stay; any other must be one that the visitor uploaded. Others
// are wrong: nobody gets at a file by naming it.
func (p *Pages) fill(ctx context.Context, l i18n.Lang, owner string, f onboarding.Form, a *answers, there []string) error {
	for i := range f {
		if f[i].Type != onboarding.TypeFiles {
			continue
		}
		for _, id := range a.values[f[i].Name] {
			if _, ok := a.files[id]; ok {
				continue
			}
			file, err := p.known(ctx, owner, id, slices.Contains(there, id))
			switch {
			case err == nil:
				a.files[id] = file
			case fault.Is(err, fault.NotFound):
				a.wrong[f[i].Name] = l.T(i18n.LifeNoFile)
			default:
				return err
			}
		}
	}
	return nil
}

// known is a file that may stand in an answer.
func (p *Pages) known(ctx context.Context, owner, id string, there bool) (File, error) {
	if p.files == nil {
		return File{}, fault.New(fault.NotFound, "no vault is set up")
	}
	if !there {
		if err := p.files.Hold(ctx, owner, id); err != nil {
			return File{}, err
		}
	}
	return p.files.Stat(ctx, id)
}

// fileHref is the address of a file, as part of a matter.
func fileHref(matter, id string) string { return site.With("/life/file/"+id, "of", matter) }

// fileNote says how large a file is, and whether it was scanned.
func fileNote(l i18n.Lang, f File) string {
	note := bytesOf(l, f.Size)
	if f.Scanned.IsZero() {
		note += " · " + l.T(i18n.LifeNotScanned)
	}
	return note
}

// bytesOf is a size as people write it.
func bytesOf(l i18n.Lang, n int64) string {
	switch {
	case n >= 1<<20:
		return l.Int((n+1<<19)>>20) + "\u00a0MB"
	case n >= 1<<10:
		return l.Int((n+1<<9)>>10) + "\u00a0KB"
	}
	return l.Int(n) + "\u00a0byte"
}

// File gives out an evidence file to whoever may see a matter that refers to it.
func (p *Pages) File(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	who, err := person(v)
	if err != nil {
		return err
	}
	s, err := p.office.See(r.Context(), who, r.URL.Query().Get("of"))
	if err != nil {
		return problem(err)
	}
	id := r.PathValue("id")
	if p.files == nil || !slices.Contains(s.Files(), id) {
		return web.NotFound()
	}
	file, body, err := p.files.Open(r.Context(), id)
	if err != nil {
		if fault.Is(err, fault.NotFound) {
			return web.NotFound()
		}
		return worded(err)
	}
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream") // it is kept, not shown
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": file.Name}))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cache-Control", "no-store")
	if err := http.NewResponseController(w).SetWriteDeadline(time.Now().Add(uploadTime)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		if _, err := io.Copy(w, body); err != nil {
			panic(http.ErrAbortHandler) // the receiver must not take half of it for all
		}
	}
	return nil
}

// worded is an error with its text in both languages, where it has them.
func worded(err error) error {
	var w Worded
	if !errors.As(err, &w) {
		return err
	}
	p := *web.ProblemOf(err)
	p.Detail = webText(w.Words())
	return &p
}

func webText(t access.Text) web.Text { return web.Text{VI: t.VI, EN: t.EN} }
