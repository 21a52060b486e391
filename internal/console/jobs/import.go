package jobs

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/fault"
	"dancu/internal/identity"
)

const (
	importPath = "/jobs/import"
	// maxImport is the most bytes of an upload, its frame among them: the vault
	// says more exactly how large the file may be.
	maxImport = 2<<30 + 64<<10
	// uploadTime is how long an upload may take.
	uploadTime = 2 * time.Hour
)

// BodyBytes bounds the bodies of these pages' requests; 0 for those of others.
func BodyBytes(r *http.Request) int64 {
	if r.Method == http.MethodPost && r.URL.Path == importPath {
		return maxImport
	}
	return 0
}

// importView is the upload of a file for the register.
type importView struct {
	ui.Page
	File ui.Field
}

func newImportView(p ui.Page, most int64) importView {
	l := p.Lang
	p.Lead = l.T(i18n.JobsImportLead, l.Int(most>>20))
	p.Up = ui.Entry{Label: l.T(i18n.JobsTitle), Href: "/jobs"}
	return importView{Page: p, File: ui.Field{Name: "file", Label: l.T(i18n.JobsImportFile), Hint: l.T(i18n.JobsImportHint), Required: true}}
}

// ImportForm asks for a file.
func (p *Pages) ImportForm(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	if p.imports == nil {
		return site.Forbidden()
	}
	return v.Render(w, r, http.StatusOK, importPage(newImportView(v.Page(i18n.JobsImport), p.imports.MaxSize())))
}

// Import takes a file for the register, as it comes: nothing of it is in memory
// or on a disk outside the vault.
func (p *Pages) Import(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	if p.imports == nil {
		return site.Forbidden()
	}
	again := func(m i18n.Msg) error {
		view := newImportView(v.Page(i18n.JobsImport), p.imports.MaxSize())
		view.File.Error = v.T(m)
		return v.Render(w, r, http.StatusUnprocessableEntity, importPage(view))
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return again(i18n.JobsImportMissing)
	}
	until := time.Now().Add(uploadTime)
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(until) // tests have no connection to set it on
	_ = control.SetWriteDeadline(until)
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return again(i18n.JobsImportMissing)
		}
		if err != nil {
			return again(i18n.JobsImportAgain)
		}
		if part.FormName() != "file" || part.FileName() == "" {
			continue
		}
		id, err := p.imports.Take(r.Context(), v.Session.Account.ID, v.ReaderOf("", identity.ImportRegister).Actor, strings.ToValidUTF8(part.FileName(), ""), part)
		var large *http.MaxBytesError
		switch {
		case err == nil:
			v.Redirect(w, r, "/jobs/"+id)
			return nil
		case errors.Is(err, BadName):
			return again(i18n.JobsImportBadName)
		case errors.As(err, &large), fault.Is(err, fault.Invalid):
			return again(i18n.JobsImportLarge)
		case errors.Is(err, io.ErrUnexpectedEOF):
			return again(i18n.JobsImportAgain)
		}
		return err
	}
}
