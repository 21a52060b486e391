package agency

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"time"

	"dancu/internal/access"
	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/identity"
	"dancu/internal/watch"
	"dancu/internal/web"
)

// Usage is how much was asked and given, as it is followed from the log.
type Usage interface {
	Hours(ctx context.Context, s watch.Scope, from, until time.Time) ([]watch.Hour, error)
	By(ctx context.Context, d watch.Dimension, s watch.Scope, from, until time.Time) ([]watch.Group, error)
	Covered(ctx context.Context) (size int64, at time.Time, err error)
}

// The bounds of a range: what is shown when nothing is said, and the most.
const (
	usageDays = 30
	usageMost = 366
)

// dimensions are what usage is told apart by, in the order of the tabs.
var dimensions = []struct {
	by    watch.Dimension
	label i18n.Msg
}{
	{watch.ByProcedure, i18n.UsageByProcedure},
	{watch.ByOfficer, i18n.UsageByOfficer},
	{watch.ByService, i18n.UsageByService},
	{watch.ByConnection, i18n.UsageByConnection},
	{watch.ByCode, i18n.UsageByCode},
}

// usageQuery is what is asked for, as it stands in the address: days, one of the
// agency's connections, and a dimension. It names no officer (guarantee G10).
type usageQuery struct {
	from, until time.Time // days in Việt Nam, until the first that is not meant
	connection  string
	by          watch.Dimension
}

// pairs are the query as it stands in an address, by another dimension.
func (q *usageQuery) pairs(by watch.Dimension) []string {
	return []string{"from", day(q.from), "until", day(q.until.AddDate(0, 0, -1)), "connection", q.connection, "by", string(by)}
}

func day(t time.Time) string { return t.In(access.Zone).Format(time.DateOnly) }

// usageOf reads the query. What is no day is the default; a connection of
// another agency is not there.
func usageOf(q url.Values, dir *access.Directory, agency string, now time.Time) (usageQuery, error) {
	today := access.Day.Start(now)
	u := usageQuery{until: today.AddDate(0, 0, 1), by: watch.ByProcedure, connection: q.Get("connection")}
	if t, err := time.ParseInLocation(time.DateOnly, q.Get("until"), access.Zone); err == nil {
		u.until = t.AddDate(0, 0, 1)
	}
	u.from = u.until.AddDate(0, 0, -usageDays)
	if t, err := time.ParseInLocation(time.DateOnly, q.Get("from"), access.Zone); err == nil && t.Before(u.until) {
		u.from = t
	}
	if first := u.until.AddDate(0, 0, -usageMost); u.from.Before(first) {
		u.from = first
	}
	for _, d := range dimensions {
		if string(d.by) == q.Get("by") {
			u.by = d.by
		}
	}
	if u.connection != "" {
		c := dir.Connection(u.connection)
		if c == nil {
			return u, web.NotFound()
		}
		if s := dir.System(c.System); s == nil || s.Agency != agency {
			return u, web.NotFound()
		}
	}
	return u, nil
}

// usageView is the agency's own usage.
type usageView struct {
	ui.Page
	From, Until, Connection ui.Field
	Connections             []ui.Option
	By                      string
	Figures                 []ui.Figure
	Picture                 ui.BarsOf
	Tabs                    []ui.Entry
	Table                   ui.TableOf
	Export, AsOf            string
}

// usage reads what the page and the file show.
func (p *Pages) usage(r *http.Request, v *site.Visit) (u usageQuery, hours []watch.Hour, groups []watch.Group, err error) {
	dir := p.cfg.Standing.Directory()
	a := dir.Agency(v.Session.Account.Agency)
	if a == nil {
		return u, nil, nil, web.NotFound()
	}
	if u, err = usageOf(r.URL.Query(), dir, a.ID, v.Moment()); err != nil {
		return u, nil, nil, err
	}
	scope := watch.Scope{Agency: a.Code, Connection: u.connection}
	if hours, err = p.cfg.Usage.Hours(r.Context(), scope, u.from, u.until); err != nil {
		return u, nil, nil, err
	}
	groups, err = p.cfg.Usage.By(r.Context(), u.by, scope, u.from, u.until)
	return u, hours, groups, err
}

// UsagePage shows what the agency's systems and officers asked and were given.
func (p *Pages) UsagePage(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	u, hours, groups, err := p.usage(r, v)
	if err != nil {
		return err
	}
	names, err := p.officers(r.Context(), v, u.by)
	if err != nil {
		return err
	}
	view := newUsageView(v.Page(i18n.UsageTitle), p.cfg.Standing.Directory(), v.Session.Account.Agency, u, hours, groups, names)
	_, at, err := p.cfg.Usage.Covered(r.Context())
	if err != nil {
		return err
	}
	if !at.IsZero() {
		view.AsOf = v.T(i18n.UsageAsOf, v.Lang.Seconds(at))
	}
	return v.Render(w, r, http.StatusOK, usagePage(view))
}

// UsageFile is the table of the page as a file.
func (p *Pages) UsageFile(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	u, _, groups, err := p.usage(r, v)
	if err != nil {
		return err
	}
	names, err := p.officers(r.Context(), v, u.by)
	if err != nil {
		return err
	}
	dir := p.cfg.Standing.Directory()
	t := &site.Table{
		Name: "usage-" + string(u.by) + "-" + v.Stamp(), Columns: site.Columns(string(u.by), "name", "from", "until", "calls", "answered", "refused", "people"),
		Rows: func(add func(...site.Cell) error) error {
			for _, g := range groups {
				name, _ := groupName(v.Lang, dir, u.by, g.Key, names)
				if err := add(site.Text(g.Key), site.Text(name), site.Day(u.from), site.Day(u.until.AddDate(0, 0, -1)),
					site.Number(g.Calls), site.Number(g.Answered), site.Number(g.Refused), site.Number(g.People)); err != nil {
					return err
				}
			}
			return nil
		},
	}
	return site.SendTable(w, t, site.FormatOf(r.URL.Query().Get("as")))
}

// officers are the names of the agency's officers by their codes, where they are
// asked for.
func (p *Pages) officers(ctx context.Context, v *site.Visit, by watch.Dimension) (map[string]string, error) {
	names := map[string]string{}
	if by != watch.ByOfficer {
		return names, nil
	}
	after := ""
	for {
		list, next, err := v.Identity.Accounts(ctx, v.Actor(), identity.Filter{Kind: identity.AgencyOfficer, After: after, Limit: 500})
		if err != nil {
			return nil, err
		}
		for i := range list {
			names[list[i].Code] = list[i].Name
		}
		if next == "" {
			return names, nil
		}
		after = next
	}
}

// groupName is what a key of a dimension is called, and what stands below it.
func groupName(l i18n.Lang, dir *access.Directory, by watch.Dimension, key string, names map[string]string) (name, note string) {
	switch by {
	case watch.ByOfficer:
		if key == "" {
			return l.T(i18n.UsageNoOfficer), ""
		}
		if n := names[key]; n != "" {
			return n, key
		}
	case watch.ByService:
		if s, ok := access.ParseService(key); ok {
			return ServiceName(l, s), ""
		}
	case watch.ByConnection:
		if c := dir.Connection(key); c != nil {
			return nameOf(l, dir, c), key
		}
	case watch.ByCode:
		if key == "" {
			return l.T(i18n.ResultAnswered), ""
		}
		return site.CodeTitle(l, access.Code(key)), key
	default:
	}
	return cmp.Or(key, "–"), ""
}

func newUsageView(page ui.Page, dir *access.Directory, agency string, u usageQuery, hours []watch.Hour, groups []watch.Group, names map[string]string) usageView {
	l := page.Lang
	page.Lead = l.T(i18n.UsageLead)
	v := usageView{
		Page: page, By: string(u.by), Export: site.With("/agency/usage/file", u.pairs(u.by)...),
		From:       ui.Field{Name: "from", Label: l.T(i18n.UsageFrom), Type: "date", Value: day(u.from)},
		Until:      ui.Field{Name: "until", Label: l.T(i18n.UsageUntil), Type: "date", Value: day(u.until.AddDate(0, 0, -1))},
		Connection: ui.Field{Name: "connection", Label: l.T(i18n.LogConnection), Value: u.connection},
	}
	v.Connections = []ui.Option{{Label: l.T(i18n.UsageAllConnections)}}
	for c := range dir.Connections() {
		if s := dir.System(c.System); s != nil && s.Agency == agency {
			v.Connections = append(v.Connections, ui.Option{Value: c.ID, Label: nameOf(l, dir, c)})
		}
	}
	for _, d := range dimensions {
		v.Tabs = append(v.Tabs, ui.Entry{Label: l.T(d.label), Href: site.With("/agency/usage", u.pairs(d.by)...), Here: d.by == u.by})
	}
	var sum watch.Count
	for _, h := range hours {
		sum.Calls, sum.Answered, sum.Refused, sum.People = sum.Calls+h.Calls, sum.Answered+h.Answered, sum.Refused+h.Refused, sum.People+h.People
	}
	v.Figures = []ui.Figure{
		{Term: l.T(i18n.UsageCalls), Value: l.Int(sum.Calls)},
		{Term: l.T(i18n.UsageAnswered), Value: l.Int(sum.Answered)},
		{Term: l.T(i18n.UsageRefused), Value: l.Int(sum.Refused), Note: l.T(i18n.UsageRefusedNote)},
		{Term: l.T(i18n.UsageDisclosed), Value: l.Int(sum.People)},
	}
	v.Picture = newPicture(l, u, hours, sum.Calls)
	v.table(dir, u, groups, names)
	return v
}

// table is the usage by the dimension that is asked for.
func (v *usageView) table(dir *access.Directory, u usageQuery, groups []watch.Group, names map[string]string) {
	l := v.Lang
	head := ""
	for _, d := range dimensions {
		if d.by == u.by {
			head = l.T(d.label)
		}
	}
	v.Table = ui.TableOf{
		Caption: head, Empty: l.T(i18n.UsageNone),
		Columns: []ui.Column{
			{Head: head},
			{Head: l.T(i18n.UsageCalls), Right: true},
			{Head: l.T(i18n.UsageAnswered), Right: true},
			{Head: l.T(i18n.UsageRefused), Right: true},
			{Head: l.T(i18n.UsageDisclosed), Right: true},
		},
	}
	for _, g := range groups {
		name, note := groupName(l, dir, u.by, g.Key, names)
		v.Table.Rows = append(v.Table.Rows, ui.Row{
			ui.Two(name, note), ui.Number(l.Int(g.Calls)), ui.Number(l.Int(g.Answered)), ui.Number(l.Int(g.Refused)), ui.Number(l.Int(g.People)),
		})
	}
	if len(groups) > 0 {
		v.Table.Count = l.T(i18n.UsageRows, l.Int(int64(len(groups))))
	}
}

// newPicture draws one day by its hours, several by their days, many by their
// months.
func newPicture(l i18n.Lang, u usageQuery, hours []watch.Hour, calls int64) ui.BarsOf {
	days := int(u.until.Sub(u.from) / (24 * time.Hour))
	key, label, head := "02/01", "2", i18n.UsageDay
	switch {
	case days <= 1:
		key, label, head = "15:00", "15", i18n.UsageHour
	case days > 62:
		key, label, head = "01/2006", "1", i18n.UsageMonth
	}
	b := ui.BarsOf{
		ID: "usage", Title: l.T(i18n.UsagePicture, l.Date(u.from), l.Date(u.until.AddDate(0, 0, -1))), Describe: l.T(i18n.UsageDescribe, l.Int(calls)),
		Head: [2]string{l.T(head), l.T(i18n.UsageCalls)},
	}
	if days > 1 {
		b.Fold = l.T(i18n.BarsTable)
	}
	last := ""
	for _, h := range hours {
		at := h.From.In(access.Zone)
		if k := at.Format(key); k != last || len(b.Bars) == 0 {
			last = k
			b.Bars = append(b.Bars, ui.Bar{Label: at.Format(label), Full: k})
		}
		b.Bars[len(b.Bars)-1].N += h.Calls
	}
	for i := range b.Bars {
		b.Bars[i].Number = l.Int(b.Bars[i].N)
	}
	return b
}
