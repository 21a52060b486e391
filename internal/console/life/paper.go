package life

import (
	"net/http"
	"slices"

	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/onboarding"
	"dancu/internal/web"
)

// paperLink is one of a matter's documents.
type paperLink struct {
	Title, Href, Made, Hash, Text string
}

// paperView is the page of one document.
type paperView struct {
	ui.Page
	Paper    paperLink
	Download string
	Facts    []ui.Fact
}

func paperHref(matter, name string) string { return path(matter) + "/paper/" + name }

// papers are a matter's documents, the newest first.
func papers(l i18n.Lang, s *onboarding.Sight) (out []paperLink) {
	for _, p := range slices.Backward(s.Papers()) {
		out = append(out, paperLink{l.Text(p.Title), paperHref(s.Matter.ID, p.Name), l.Time(p.At), p.SHA256, p.Text})
	}
	return out
}

// signing are the acts before which whoever acts reads the document.
var signing = []string{"sign", "sign-file", "accept"}

// toRead is the document that an act is about; nil where there is none.
func toRead(l i18n.Lang, s *onboarding.Sight, row *onboarding.Row) *paperLink {
	if row.Kind != onboarding.KindCommitment || !slices.Contains(signing, row.Name) {
		return nil
	}
	if list := papers(l, s); len(list) > 0 {
		return &list[0]
	}
	return nil
}

// paperOf finds a document that the visitor may see.
func (p *Pages) paperOf(r *http.Request, v *site.Visit) (*onboarding.Sight, *onboarding.Paper, error) {
	who, err := person(v)
	if err != nil {
		return nil, nil, err
	}
	s, err := p.office.See(r.Context(), who, r.PathValue("matter"))
	if err != nil {
		return nil, nil, problem(err)
	}
	list := s.Papers()
	i := slices.IndexFunc(list, func(x onboarding.Paper) bool { return x.Name == r.PathValue("name") })
	if i < 0 {
		return nil, nil, web.NotFound()
	}
	return s, &list[i], nil
}

// Paper shows a document, to be read and printed.
func (p *Pages) Paper(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	s, paper, err := p.paperOf(r, v)
	if err != nil {
		return err
	}
	return v.Render(w, r, http.StatusOK, paperPage(newPaperView(v.Page(i18n.LifePaper), s, paper)))
}

// PaperText sends a document's bytes: those that the log has the hash of.
func (p *Pages) PaperText(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	_, paper, err := p.paperOf(r, v)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Disposition", `attachment; filename="`+paper.Name+`.txt"`)
	h.Set("Cache-Control", "no-store")
	web.Write(w, http.StatusOK, []string{"text/plain; charset=utf-8"}, []byte(paper.Text))
	return nil
}

func newPaperView(page ui.Page, s *onboarding.Sight, p *onboarding.Paper) paperView {
	l := page.Lang
	page.Title = l.Text(p.Title)
	page.Up = ui.Entry{Label: title(l, s.Matter), Href: path(s.Matter.ID)}
	href := paperHref(s.Matter.ID, p.Name)
	return paperView{
		Page: page, Paper: paperLink{l.Text(p.Title), href, l.Time(p.At), p.SHA256, p.Text}, Download: href + "/text",
		Facts: []ui.Fact{{Term: l.T(i18n.LifePaperMade), Is: ui.Text(l.Time(p.At))}, {Term: l.T(i18n.LifePaperHash), Is: ui.Text(p.SHA256)}},
	}
}
