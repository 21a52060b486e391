package api

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"time"

	"dancu/internal/onboarding"
	"dancu/internal/web"
)

// hands reports whether somebody of a duty hands in files: whoever may open,
// save or do anything at all.
func hands(d onboarding.Duty) bool {
	for _, k := range onboarding.Kinds() {
		if slices.Contains(k.By, d) || slices.Contains(k.EditBy, d) {
			return true
		}
	}
	return slices.ContainsFunc(onboarding.Lifecycle(), func(r onboarding.Row) bool { return slices.Contains(r.By, d) })
}

// putFile takes a file into the vault. Its name is in a header and not in the
// URL: it may name a person.
func (l *life) putFile(w http.ResponseWriter, r *http.Request, c *LifeCaller) error {
	if !hands(c.Person.Duty) {
		return lifeProblem(http.StatusForbidden, codeNotAllowed)
	}
	if r.URL.RawQuery != "" {
		return wrongQuery("")
	}
	_, params, err := mime.ParseMediaType(r.Header.Get("Content-Disposition"))
	if err != nil || params["filename"] == "" {
		p := lifeProblem(http.StatusBadRequest, codeInvalid)
		p.Names = []string{"Content-Disposition"}
		p.Detail = web.Text{
			VI: `Hãy nêu tên tệp trong tiêu đề Content-Disposition, như attachment; filename="cam-ket.pdf"; tên có dấu viết theo RFC 8187 (filename*=UTF-8''…).`,
			EN: `Name the file in the header Content-Disposition, like attachment; filename="undertaking.pdf"; other letters as in RFC 8187 (filename*=UTF-8''…).`,
		}
		return p
	}
	if len(r.Header["Content-Encoding"]) > 0 {
		p := lifeProblem(http.StatusUnsupportedMediaType, codeInvalid)
		p.Names = []string{"Content-Encoding"}
		return p
	}
	most := l.cfg.Files.MaxSize()
	if r.ContentLength > most {
		return web.TooLarge(most)
	}
	// A file takes as long as the line does.
	until := time.Now().Add(lifeUpload)
	rc := http.NewResponseController(w)
	if err := errors.Join(rc.SetReadDeadline(until), rc.SetWriteDeadline(until.Add(time.Minute))); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	f, err := l.cfg.Files.Put(r.Context(), c.Person.FilesOf(), params["filename"], max(r.ContentLength, 0), r.Body)
	if err != nil {
		w.Header().Set("Connection", "close") // the rest of it is not waited for
		return err
	}
	w.Header().Set("Location", LifePrefix+"/files/"+f.ID)
	return sendJSON(w, http.StatusCreated, f)
}

// getFile gives out a file: to whose it is, and, with ?of=MATTER, to whoever may
// see a matter that refers to it. Anybody else is told that there is none.
func (l *life) getFile(w http.ResponseWriter, r *http.Request, c *LifeCaller) error {
	q := readQuery(r, "of")
	if q.err != nil {
		return q.err
	}
	id := r.PathValue("file")
	f, err := l.cfg.Files.Stat(r.Context(), id)
	if err != nil {
		return err
	}
	if of := q.text("of"); of != "" {
		s, err := l.cfg.Office.See(r.Context(), c.Person, of)
		if err != nil {
			return err
		}
		if !slices.Contains(s.Files(), id) {
			return lifeProblem(http.StatusNotFound, codeNoFile)
		}
	} else if f.Owner != c.Person.FilesOf() {
		return lifeProblem(http.StatusNotFound, codeNoFile)
	}
	f, body, err := l.cfg.Files.Open(r.Context(), id)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream") // it is kept, not shown
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Repr-Digest", "sha-256=:"+base64Of(f.SHA256)+":")
	if err := http.NewResponseController(w).SetWriteDeadline(time.Now().Add(lifeUpload)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodHead {
		return nil
	}
	if _, err := io.Copy(w, body); err != nil {
		return http.ErrAbortHandler // the receiver must not take half of it for all
	}
	return nil
}
