package life

import (
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"dancu/internal/access"
	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/onboarding"
	"dancu/internal/web"
)

// anyKind stands in an address for all kinds.
const anyKind onboarding.Kind = "all"

// maxWords is the most characters of words that are looked for, and maxExport
// the most rows of a file.
const (
	maxWords  = 100
	maxExport = 5000
)

// The ways in which a list is kept to open or to closed matters.
const (
	lifeOpen   = "open"
	lifeClosed = "closed"
)

// listView is a list of matters.
type listView struct {
	ui.Page
	Path           string
	Words          ui.Field
	State, Agency  ui.Field
	States         []ui.Option
	Agencies       []ui.Option
	Life           ui.Field
	Lives          []ui.Option
	Kinds          []ui.Entry
	OneKind        bool
	Rows           []listRow
	Pager          ui.PagerOf
	Export         string
	Filtered       bool
	Clear          string
	AgencyIsChosen bool // the visitor may choose an agency
}

// listRow is one matter.
type listRow struct {
	ID, Title, Href, Kind, Agency, Opened, Changed string
	State                                          string
	Tone                                           ui.Tone
}

// query is what a list is asked for, as it stands in its address. It names no
// person: titles and ids are those of agencies, systems and connections.
type query struct {
	kind                        onboarding.Kind
	words, state, agency, alive string
	after                       string
}

func queryOf(r *http.Request, who *onboarding.Person) (query, error) {
	q := r.URL.Query()
	kind := onboarding.Kind(r.PathValue("kind"))
	if kind != anyKind && infoOf(kind) == nil {
		return query{}, web.NotFound()
	}
	out := query{
		kind: kind, words: strings.TrimSpace(strings.ToValidUTF8(q.Get("q"), "")), state: q.Get("state"), agency: q.Get("agency"),
		alive: q.Get("life"), after: q.Get("after"),
	}
	if utf8.RuneCountInString(out.words) > maxWords {
		out.words = string([]rune(out.words)[:maxWords])
	}
	if who.Duty == onboarding.Agency {
		out.agency = ""
	}
	return out, nil
}

// pairs are the filter as it stands in an address.
func (q *query) pairs() []string {
	return []string{"q", q.words, "state", q.state, "agency", q.agency, "life", q.alive}
}

func (q *query) filter() onboarding.Filter {
	f := onboarding.Filter{
		State: onboarding.State(q.state), Agency: q.agency, Words: q.words, Open: q.alive == lifeOpen, Closed: q.alive == lifeClosed, After: q.after,
	}
	if q.kind != anyKind {
		f.Kind = q.kind
	}
	return f
}

// List lists matters.
func (p *Pages) List(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	who, err := person(v)
	if err != nil {
		return err
	}
	q, err := queryOf(r, &who)
	if err != nil {
		return err
	}
	list, err := p.office.List(r.Context(), who, q.filter())
	if err != nil {
		return problem(err)
	}
	view := newListView(v.Page(i18n.LifeAllKinds), &who, q, list, p.standing.Directory())
	return v.Render(w, r, http.StatusOK, listPage(view))
}

func newListView(page ui.Page, who *onboarding.Person, q query, list onboarding.List, dir *access.Directory) listView {
	l := page.Lang
	info := infoOf(q.kind)
	page.Up = ui.Entry{Label: l.T(i18n.LifeTasks), Href: "/life"}
	if info != nil {
		page.Title = l.Text(info.Many)
		if slices.Contains(info.By, who.Duty) {
			page.Act = ui.Entry{Label: l.T(i18n.LifeNewOf, l.Text(info.Title)), Href: newHref(info.Kind)}
		}
	}
	v := listView{
		Page: page, Path: listHref(q.kind), OneKind: info != nil, Kinds: here(kindEntries(l), listHref(q.kind)),
		Words:    ui.Field{Name: "q", ID: "words", Label: l.T(i18n.LifeWords), Value: q.words, Max: maxWords, Type: "search", More: searchMark},
		State:    ui.Field{Name: "state", ID: "state", Label: l.T(i18n.ColumnState), Value: q.state},
		Agency:   ui.Field{Name: "agency", ID: "agency", Label: l.T(i18n.LifeAgency), Value: q.agency},
		Life:     ui.Field{Name: "life", ID: "life", Label: l.T(i18n.LifeOpenOrNot), Value: q.alive},
		Export:   site.With("/life/export/"+string(q.kind), q.pairs()...),
		Filtered: q.words+q.state+q.agency+q.alive != "", Clear: listHref(q.kind),
		Pager: pager(listHref(q.kind), list.Next, q.after, q.pairs()...),
	}
	v.Lives = []ui.Option{{Label: l.T(i18n.LifeBoth)}, {Value: lifeOpen, Label: l.T(i18n.LifeOnlyOpen)}, {Value: lifeClosed, Label: l.T(i18n.LifeOnlyClosed)}}
	if info != nil {
		v.States = append(v.States, ui.Option{Label: l.T(i18n.LifeAnyState)})
		for _, s := range info.States {
			v.States = append(v.States, ui.Option{Value: string(s.Name), Label: upper(l.Text(s.Label))})
		}
	}
	if who.Duty != onboarding.Agency && q.kind != onboarding.KindAgency {
		v.AgencyIsChosen = true
		v.Agencies = append(v.Agencies, ui.Option{Label: l.T(i18n.LifeAnyAgency)})
		for _, c := range agencies(dir) {
			v.Agencies = append(v.Agencies, ui.Option{Value: c.Value, Label: l.Text(c.Label)})
		}
		if len(v.Agencies) > maxSelect {
			v.Agencies, v.Agency.Hint = nil, l.T(i18n.LifeTypeID)
		}
	}
	for _, m := range list.Matters {
		v.Rows = append(v.Rows, newListRow(l, m, dir))
	}
	return v
}

func newListRow(l i18n.Lang, m *onboarding.Matter, dir *access.Directory) listRow {
	x := listRow{ID: m.ID, Title: title(l, m), Href: path(m.ID), Opened: l.Time(m.Opened), Changed: l.Time(m.Changed)}
	if _, id, ok := strings.Cut(m.ID, "."); ok {
		x.ID = id
	}
	if k := infoOf(m.Kind); k != nil {
		x.Kind = l.Text(k.Title)
	}
	if m.Agency != "" {
		x.Agency = agencyName(l, dir, m.Agency)
	}
	x.State, x.Tone = badge(l, m)
	return x
}

// exportColumns are those of the file; they are words for programs and the same
// in both languages.
var exportColumns = site.Columns("id", "kind", "title", "agency", "system", "connection", "state", "opened", "changed", "closed")

// Export gives out exactly what the list shows from its beginning on, all pages
// of it, up to maxExport rows.
func (p *Pages) Export(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	who, err := person(v)
	if err != nil {
		return err
	}
	q, err := queryOf(r, &who)
	if err != nil {
		return err
	}
	f := q.filter()
	f.After, f.Limit = "", onboarding.MaxPage
	t := &site.Table{Name: string(q.kind) + "-" + v.Stamp(), Sheet: string(q.kind), Columns: exportColumns}
	t.Rows = func(add func(...site.Cell) error) error {
		for n := 0; ; {
			list, err := p.office.List(r.Context(), who, f)
			if err != nil {
				return problem(err)
			}
			for _, m := range list.Matters {
				cells := site.Texts(m.ID, string(m.Kind), m.Title, m.Agency, m.System, m.Connection, string(m.State))
				if err := add(append(cells, site.Moment(m.Opened), site.Moment(m.Changed), site.Moment(m.Closed))...); err != nil {
					return err
				}
			}
			n += len(list.Matters)
			if f.After = list.Next; f.After == "" || n >= maxExport {
				return nil
			}
		}
	}
	return site.SendTable(w, t, site.FormatOf(r.URL.Query().Get("as")))
}

// here marks the entry that leads to a page.
func here(list []ui.Entry, href string) []ui.Entry {
	for i := range list {
		list[i].Here = list[i].Href == href
	}
	return list
}
