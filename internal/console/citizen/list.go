package citizen

import (
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"dancu/internal/access"
	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/ledger"
)

// listView is who looked at a person's data, month by month.
type listView struct {
	ui.Page
	For      string // whose it is, where it is not the visitor's own
	Months   []month
	Pager    ui.PagerOf
	Empty    string
	Since    string
	Of       string
	Agency   ui.Field
	From     ui.Field
	Until    ui.Field
	MonthsOf []ui.Option
	Filtered bool
	Clear    string
}

// month is the looks of one month.
type month struct {
	Name string
	Rows []row
}

// monthsBack is how many months the filter offers: the two years that the log
// is kept at the least, and the one under way.
const monthsBack = 25

func (p *Pages) newListView(page ui.Page, s *subject, res *ledger.Result, since, now time.Time) listView {
	l := page.Lang
	v := listView{Page: page, Of: s.id, Filtered: s.Agency != "" || s.From != "" || s.Until != ""}
	v.Lead = l.T(i18n.MeLead)
	if !s.own() {
		v.For = l.T(i18n.MeFor, s.who.Name, relationName(l, s.who.Relation))
	}
	n := 0
	for i := range res.Records {
		r := &res.Records[i]
		if i > 0 && sameVisit(r, &res.Records[i-1], s.pin) {
			continue
		}
		n++
		name := l.T(i18n.MeMonth, r.Time.In(access.Zone).Format("01/2006"))
		if n := len(v.Months); n == 0 || v.Months[n-1].Name != name {
			v.Months = append(v.Months, month{Name: name})
		}
		m := &v.Months[len(v.Months)-1]
		m.Rows = append(m.Rows, p.newRow(l, r, s))
	}
	v.Empty = l.T(i18n.MeNothing)
	if v.Filtered {
		v.Empty = l.T(i18n.MeNothingFiltered)
	}
	if !since.IsZero() {
		v.Since = l.T(i18n.MeSince, l.Date(since))
	}
	v.Pager.Count = l.T(i18n.MeShown, l.Int(int64(n)))
	if len(res.Records) == 0 {
		v.Pager.Count = ""
	}
	if res.Next > 0 {
		v.Pager.Next = s.path("/me", "before", strconv.FormatInt(res.Next, 10))
	}
	v.MonthsOf = append(v.MonthsOf, ui.Option{Label: l.T(i18n.MeAnyMonth)})
	first := time.Date(now.In(access.Zone).Year(), now.In(access.Zone).Month(), 1, 0, 0, 0, 0, access.Zone)
	for i := range monthsBack {
		m := first.AddDate(0, -i, 0)
		v.MonthsOf = append(v.MonthsOf, ui.Option{Value: m.Format(monthShape), Label: m.Format("01/2006")})
	}
	v.Agency = ui.Field{Name: "agency", Label: l.T(i18n.MeFilterAgency), Value: s.Agency, Max: maxAgency}
	v.From = ui.Field{Name: "from", Label: l.T(i18n.MeFilterFrom), Value: s.From}
	v.Until = ui.Field{Name: "until", Label: l.T(i18n.MeFilterUntil), Value: s.Until}
	return v
}

// sameVisit reports whether both entries are of one representative on one day,
// one after the other: every page they open is an entry, and one line is enough.
func sameVisit(r, next *ledger.Record, pin string) bool {
	if r.Kind != kindRepresentation || next.Kind != kindRepresentation {
		return false
	}
	return lookAt(r, pin).relation == lookAt(next, pin).relation && access.DateOf(r.Time) == access.DateOf(next.Time)
}

// query is what of the log is asked for.
func (p *Pages) query(s *subject, now time.Time) ledger.Query {
	show := s.shows(now)
	q := ledger.Query{Terms: []ledger.Term{{Kind: ledger.TermPerson, Value: s.pin}}, Limit: perPage, Show: show}
	if t, err := time.ParseInLocation(monthShape, s.From, access.Zone); err == nil {
		q.From = t
	}
	if t, err := time.ParseInLocation(monthShape, s.Until, access.Zone); err == nil {
		q.Until = t.AddDate(0, 1, 0)
	}
	if typed := fold(s.Agency); typed != "" {
		codes := map[string]bool{}
		for a := range p.c.Directory().Agencies() {
			codes[a.Code] = strings.Contains(fold(a.Name.VI+"\n"+a.Name.EN+"\n"+a.Code), typed)
		}
		q.Show = func(r *ledger.Record) bool {
			if !show(r) {
				return false
			}
			code := site.CallOf(r).Agency
			known, ok := codes[code]
			return known || !ok && code != "" && strings.Contains(fold(code), typed)
		}
	}
	return q
}

// fold makes texts comparable for whoever types without diacritics.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case r == 'đ':
			return 'd'
		}
		return r
	}, norm.NFD.String(strings.ToLower(strings.TrimSpace(s))))
}

// Mine shows who looked at a person's data.
func (p *Pages) Mine(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	s, err := p.subject(r, v, r.URL.Query().Get("of"))
	if err != nil {
		return err
	}
	before := indexOf(r.URL.Query().Get("before"))
	q := p.query(s, v.Moment())
	q.Before = before
	since, err := p.c.Log.Since(r.Context())
	if err != nil {
		return err
	}
	res, err := p.c.Log.Search(r.Context(), reader(v, i18n.MeReason), q)
	if err != nil {
		return err
	}
	view := p.newListView(v.Page(i18n.MeTitle), s, res, since, v.Moment())
	if before > 0 {
		view.Pager.First = s.path("/me")
	}
	if view.Filtered {
		plain := s.view
		plain.Agency, plain.From, plain.Until = "", "", ""
		view.Clear = "/me"
		if plain.Person != "" {
			of, err := p.keep(r, v, plain)
			if err != nil {
				return err
			}
			view.Clear = site.With("/me", "of", of)
		}
	}
	return v.Render(w, r, http.StatusOK, listPage(view))
}

// indexOf is where a page begins; what is no index begins at the newest.
func indexOf(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// Find keeps a filter and leads to what it finds.
func (p *Pages) Find(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	f, err := v.Form(r)
	if err != nil {
		return err
	}
	x := view{Agency: f.Text("agency", maxAgency)}
	for _, m := range []struct {
		name string
		to   *string
	}{{"from", &x.From}, {"until", &x.Until}} {
		if _, err := time.Parse(monthShape, f.Raw(m.name)); err == nil {
			*m.to = f.Raw(m.name)
		}
	}
	if !f.OK() {
		x.Agency = ""
	}
	if id := f.Raw("of"); id != "" {
		had, err := p.kept(r, v, id)
		if err != nil {
			return err
		}
		x.Person = had.Person
	}
	if x == (view{}) {
		v.Redirect(w, r, "/me")
		return nil
	}
	of, err := p.keep(r, v, x)
	if err != nil {
		return err
	}
	v.Redirect(w, r, site.With("/me", "of", of))
	return nil
}

// peopleView is whom somebody represents.
type peopleView struct {
	ui.Page
	People []personRow
}

type personRow struct{ Of, Name, Number, Relation string }

// Represented lists whom the visitor represents, by the register.
func (p *Pages) Represented(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	pin, err := v.Identity.PersonOf(r.Context(), v.Session.ID)
	if err != nil {
		return err
	}
	found, err := p.c.People.AllRepresented(r.Context(), reader(v, i18n.MeForReason), pin)
	if err != nil {
		return err
	}
	view := peopleView{Page: v.Page(i18n.MePeopleTitle)}
	view.Lead = v.T(i18n.MePeopleLead)
	for _, x := range found {
		id, err := p.keep(r, v, viewOf(x.PIN))
		if err != nil {
			return err
		}
		view.People = append(view.People, personRow{Of: id, Name: x.Name, Number: x.PIN, Relation: v.T(i18n.MePeopleYouAre, relationName(v.Lang, x.Relation))})
	}
	return v.Render(w, r, http.StatusOK, peoplePage(view))
}

func viewOf(pin string) view { return view{Person: pin} }
