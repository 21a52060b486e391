// Package guides is the pages of user guides and of an agency's notices to its
// officers.
//
// A guide is shown with its version and its date, beside its older versions and
// what changed. It is drawn from a tree of words (package manual): nothing of it
// is markup of its writer's. What an agency writes its own people alone read
// (TestAnAgencysGuide in package console).
package guides

import (
	"net/http"
	"strconv"
	"strings"

	"dancu/internal/access"
	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/fault"
	"dancu/internal/identity"
	"dancu/internal/ledger"
	"dancu/internal/manual"
	"dancu/internal/web"
)

// Standing is the picture of everybody's standing, for names.
type Standing interface{ Directory() *access.Directory }

// Pages are the handlers.
type Pages struct {
	standing Standing
	store    *manual.Store
}

// New returns the pages.
func New(s Standing, store *manual.Store) *Pages { return &Pages{s, store} }

// ownGuide is the guide that an agency writes itself, as it stands in an
// address; no other guide is called so.
const ownGuide = "own"

// listView is the guides there are.
type listView struct {
	ui.Page
	Rows []listRow
	// Own says that the agency has no guide of its own yet, to who may write it.
	Own string
}

// listRow is one guide.
type listRow struct{ Title, Href, Summary, Version string }

// List shows the guides there are: the agency's own first.
func (p *Pages) List(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	own, err := p.store.Versions(r.Context(), v.Session.Account.Agency)
	if err != nil {
		return err
	}
	return v.Render(w, r, http.StatusOK, listPage(newListView(v.Page(i18n.GuidesTitle), v.Kind(), p.store.Shelf(), own)))
}

func newListView(page ui.Page, kind identity.Kind, shelf *manual.Shelf, own []manual.Own) listView {
	l := page.Lang
	page.Lead = l.T(i18n.GuidesLead)
	writes := identity.May(kind, identity.WriteGuides)
	if writes {
		page.Act = ui.Entry{Label: l.T(i18n.GuideWrite), Href: "/agency/guide"}
	}
	v := listView{Page: page}
	if len(own) > 0 {
		v.Rows = append(v.Rows, listRow{
			Title: own[0].Title, Href: "/guides/" + ownGuide, Summary: l.T(i18n.GuideOwnSummary),
			Version: l.T(i18n.GuideVersion, strconv.FormatInt(own[0].Version, 10), l.Date(own[0].At)),
		})
	} else if writes {
		v.Own = l.T(i18n.GuideOwnNone)
	}
	for _, g := range shelf.Guides() {
		x := g.Version("")
		if x.Administrators && !writes {
			continue
		}
		e := x.In(l.String())
		v.Rows = append(v.Rows, listRow{Title: e.Title, Href: "/guides/" + g.ID, Summary: e.Summary, Version: l.T(i18n.GuideVersion, x.Number, l.Date(x.Date))})
	}
	return v
}

// guideView is one version of a guide.
type guideView struct {
	ui.Page
	Old      string // says that it is not the current version; "" if it is
	Current  string // address of that
	Blocks   []manual.Block
	Contents []heading
	Versions []versionRow
	Edit     string // address; "" for none
}

// heading is an entry of the table of contents.
type heading struct{ ID, Text string }

// versionRow is a version with what changed.
type versionRow struct {
	Label, Href string
	Here        bool
	Changes     []string
}

// Guide shows the current version of a guide, or the one that is asked for.
func (p *Pages) Guide(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	id, version := r.PathValue("guide"), r.URL.Query().Get("version")
	if id == ownGuide {
		return p.own(w, r, v, version)
	}
	g := p.store.Shelf().Guide(id)
	if g == nil {
		return web.NotFound()
	}
	x := g.Version(version)
	if x == nil || x.Administrators && !identity.May(v.Kind(), identity.WriteGuides) {
		return web.NotFound()
	}
	return v.Render(w, r, http.StatusOK, guidePage(newShelfView(v.Page(i18n.GuidesTitle), g, x)))
}

func newShelfView(page ui.Page, g *manual.Guide, x *manual.Version) guideView {
	l := page.Lang
	e := x.In(l.String())
	page.Title, page.Lead = e.Title, l.T(i18n.GuideVersion, x.Number, l.Date(x.Date))
	v := newGuideView(page, "/guides/"+g.ID, e.Blocks)
	for _, o := range g.Versions {
		v.version(o.Number, l.T(i18n.GuideVersion, o.Number, l.Date(o.Date)), o == x, o.In(l.String()).Changes)
	}
	return v
}

func newGuideView(page ui.Page, href string, blocks []manual.Block) guideView {
	page.Up = ui.Entry{Label: page.Lang.T(i18n.GuidesTitle), Href: "/guides"}
	v := guideView{Page: page, Current: href, Blocks: blocks}
	for i := range blocks {
		if b := &blocks[i]; b.Kind == manual.Heading && b.Level == 2 {
			v.Contents = append(v.Contents, heading{headingID(i), plain(b.Inline)})
		}
	}
	return v
}

// version adds a version, the newest first.
func (v *guideView) version(number, label string, here bool, changes []string) {
	row := versionRow{Label: label, Href: v.Current, Here: here, Changes: changes}
	if len(v.Versions) > 0 {
		row.Href = site.With(v.Current, "version", number)
		if here {
			v.Old = v.Lang.T(i18n.GuideOld)
		}
	}
	v.Versions = append(v.Versions, row)
}

// headingID is the id of the heading that is the block of that number.
func headingID(i int) string { return "h-" + strconv.Itoa(i) }

// plain is a run of words without their styles.
func plain(list []manual.Inline) string {
	var b strings.Builder
	for _, x := range list {
		b.WriteString(x.Text)
	}
	return b.String()
}

// own shows the guide that the visitor's agency wrote.
func (p *Pages) own(w http.ResponseWriter, r *http.Request, v *site.Visit, version string) error {
	n := int64(0)
	if version != "" {
		var err error
		if n, err = strconv.ParseInt(version, 10, 64); err != nil || n < 1 {
			return web.NotFound()
		}
	}
	agency := v.Session.Account.Agency
	own, err := p.store.Version(r.Context(), agency, n)
	if fault.Is(err, fault.NotFound) {
		return web.NotFound()
	}
	if err != nil {
		return err
	}
	all, err := p.store.Versions(r.Context(), agency)
	if err != nil {
		return err
	}
	view, err := newOwnView(v.Page(i18n.GuidesTitle), v.Kind(), own, all)
	if err != nil {
		return err
	}
	return v.Render(w, r, http.StatusOK, guidePage(view))
}

func newOwnView(page ui.Page, kind identity.Kind, own manual.Own, all []manual.Own) (guideView, error) {
	l := page.Lang
	blocks, err := manual.Parse(own.Text)
	if err != nil {
		return guideView{}, err
	}
	label := func(o *manual.Own) string {
		return l.T(i18n.GuideVersion, strconv.FormatInt(o.Version, 10), l.Date(o.At))
	}
	page.Title, page.Lead = own.Title, label(&own)+" · "+l.T(i18n.GuideBy, own.Writer)
	v := newGuideView(page, "/guides/"+ownGuide, blocks)
	for i := range all {
		v.version(strconv.FormatInt(all[i].Version, 10), label(&all[i]), all[i].Version == own.Version, all[i].Changes)
	}
	if identity.May(kind, identity.WriteGuides) {
		v.Edit = "/agency/guide"
	}
	return v, nil
}

// writer is the visitor as who writes for their agency.
func (p *Pages) writer(v *site.Visit) (manual.Writer, error) {
	a := p.standing.Directory().Agency(v.Session.Account.Agency)
	if a == nil {
		return manual.Writer{}, web.NotFound()
	}
	account := v.Session.Account
	actor := ledger.Actor{Kind: string(account.Kind), ID: account.Code, Session: v.Session.ID}
	if v.From.Address.IsValid() {
		actor.Address = v.From.Address.Unmap().WithZone("").String()
	}
	return manual.Writer{Actor: actor, Agency: a.ID, Code: a.Code, Still: v.Identity.Still(v.Actor(), identity.WriteGuides)}, nil
}
