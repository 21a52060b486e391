package operator

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"dancu/internal/access"
	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
)

// pageSize is how many connections a page of the list has, maxWords the most
// characters that are looked for.
const (
	pageSize = 40
	maxWords = 100
)

// The ways a list is sorted.
const (
	byAgency = "agency"
	byEnd    = "end"
	byUse    = "use"
)

// anyState are what a list can be kept to besides the states of the life cycle.
const (
	lockedState  = "locked"
	stoppedState = "stopped" // active, and every call is refused all the same
)

// ends and uses are what a list can be kept to.
var (
	ends = []int{7, 30, 60, 90, 180}
	uses = []int{50, 80, 100}
)

// query is what the list is asked for, as it stands in its address. It names no
// person: what it names is an agency's, a system's or a connection's.
type query struct {
	words, agency, state, sort string
	level, within, use         int
	after                      string
}

func queryOf(r *http.Request) query {
	q := r.URL.Query()
	number := func(name string) int {
		n, err := strconv.Atoi(q.Get(name))
		if err != nil || n < 0 || n > 3660 {
			return 0
		}
		return n
	}
	out := query{
		words: strings.TrimSpace(strings.ToValidUTF8(q.Get("q"), "")), agency: q.Get("agency"), state: q.Get("state"), sort: q.Get("sort"),
		level: number("level"), within: number("within"), use: number("use"), after: q.Get("after"),
	}
	if utf8.RuneCountInString(out.words) > maxWords {
		out.words = string([]rune(out.words)[:maxWords])
	}
	if out.sort != byEnd && out.sort != byUse {
		out.sort = ""
	}
	return out
}

// pairs are the filter as it stands in an address.
func (q *query) pairs() []string {
	n := func(v int) string {
		if v == 0 {
			return ""
		}
		return strconv.Itoa(v)
	}
	return []string{
		"q", q.words, "agency", q.agency, "state", q.state, "level", n(q.level), "within", n(q.within), "use", n(q.use), "sort", q.sort,
	}
}

func (q *query) filtered() bool {
	return q.words != "" || q.agency != "" || q.state != "" || q.level != 0 || q.within != 0 || q.use != 0
}

// line is a connection with what the list shows of it.
type line struct {
	c                   *access.Connection
	agency, system, via access.Text
	agencyID, code      string
	level               int
	stand               Stand
	used                Used
	end                 time.Time // the first end of what it needs; zero: none
	ending              ending
	key                 string // by which Vietnamese people sort it
}

// ending is what ends first.
type ending uint8

const (
	noEnding ending = iota
	endAssessment
	endCertificate
	endCommitment
	endGrants
)

// linesOf are all connections at one moment. What it costs grows with the
// connections and with nothing else: two readings for a hundred of them.
func (p *Pages) linesOf(ctx context.Context, dir *access.Directory) ([]line, error) {
	stands := p.source.Stands(dir)
	var list []*access.Connection
	for c := range dir.Connections() {
		list = append(list, c)
	}
	used, err := p.source.Used(ctx, list...)
	if err != nil {
		return nil, err
	}
	out := make([]line, len(list))
	for i, c := range list {
		out[i] = newLine(dir, c, stands[c.ID], used[c.ID])
	}
	return out, nil
}

func newLine(dir *access.Directory, c *access.Connection, s Stand, u Used) line {
	x := line{c: c, stand: s, used: u}
	if system := dir.System(c.System); system != nil {
		x.system, x.level = system.Name, system.Level
		if a := dir.Agency(system.Agency); a != nil {
			x.agency, x.agencyID, x.code = a.Name, a.ID, a.Code
		}
	}
	if via := dir.System(c.Via); via != nil {
		x.via = via.Name
	}
	if c.State == access.Ended {
		return x
	}
	sooner := func(t time.Time, what ending) {
		if !t.IsZero() && (x.end.IsZero() || t.Before(x.end)) {
			x.end, x.ending = t, what
		}
	}
	sooner(c.AssessedUntil, endAssessment)
	sooner(s.CertificateUntil, endCertificate)
	sooner(c.CommittedUntil, endCommitment)
	last := time.Time{}
	for i := range c.Grants {
		if t := c.Grants[i].Until; t.After(last) {
			last = t
		}
	}
	sooner(last, endGrants)
	return x
}

// share is how much of the limit is used, in per cent.
func (x *line) share() int {
	if x.c.Limit.Calls <= 0 {
		return 0
	}
	return int(x.used.Calls * 100 / x.c.Limit.Calls)
}

func (x *line) locked() bool { return x.c.Lock.By != access.Unlocked }

// keep reports whether the filter keeps a connection.
func (q *query) keep(x *line, folded string, now time.Time) bool {
	if q.agency != "" && q.agency != x.agencyID || q.level != 0 && q.level != x.level || q.use != 0 && x.share() < q.use {
		return false
	}
	switch q.state {
	case "":
	case lockedState:
		if !x.locked() {
			return false
		}
	case stoppedState:
		if x.c.State != access.Active || x.stand.Stopped == access.Allowed {
			return false
		}
	default:
		if string(x.c.State) != q.state {
			return false
		}
	}
	if q.within != 0 && (x.end.IsZero() || x.end.After(now.AddDate(0, 0, q.within))) {
		return false
	}
	if folded == "" {
		return true
	}
	in := i18n.Fold(strings.Join([]string{
		x.agency.VI, x.agency.EN, x.system.VI, x.system.EN, x.via.VI, x.c.ID, x.c.System, x.code,
	}, "\n"))
	for _, word := range strings.Fields(folded) {
		if !strings.Contains(in, word) {
			return false
		}
	}
	return true
}

// filter keeps what is asked for, in order.
func (q *query) filter(l i18n.Lang, all []line, now time.Time) []line {
	folded := i18n.Fold(q.words)
	out := slices.DeleteFunc(all, func(x line) bool { return !q.keep(&x, folded, now) })
	// Comparing two keys is far cheaper than two texts, and each is compared
	// some ten times.
	order, buf := collate.New(language.Vietnamese), collate.Buffer{}
	for i := range out {
		out[i].key = string(order.KeyFromString(&buf, l.Text(out[i].agency)+"\n"+l.Text(out[i].system)))
		buf.Reset()
	}
	slices.SortStableFunc(out, func(a, b line) int {
		switch q.sort {
		case byEnd:
			if a.end.IsZero() != b.end.IsZero() {
				if a.end.IsZero() {
					return 1
				}
				return -1
			}
			if n := a.end.Compare(b.end); n != 0 {
				return n
			}
		case byUse:
			if n := cmp.Compare(b.share(), a.share()); n != 0 {
				return n
			}
		}
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.c.ID, b.c.ID))
	})
	return out
}

// Connections lists connections.
func (p *Pages) Connections(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	q := queryOf(r)
	dir := p.source.Directory()
	all, err := p.linesOf(r.Context(), dir)
	if err != nil {
		return err
	}
	view := newConnectionsView(v.Page(i18n.OpConnections), q, dir, all, v.Moment())
	if site.Fragment(r) {
		return v.Render(w, r, http.StatusOK, connectionsPart(view))
	}
	return v.Render(w, r, http.StatusOK, connectionsPage(view))
}

// exportColumns are those of the file: words for programs, the same in both
// languages.
var exportColumns = site.Columns("connection", "agency", "agencyCode", "system", "systemName", "via", "level", "state", "stopped", "locked",
	"calls", "limit", "window", "certificateUntil", "assessedUntil", "committedUntil", "grants")

// Export gives out what the list shows, all pages of it.
func (p *Pages) Export(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	q := queryOf(r)
	all, err := p.linesOf(r.Context(), p.source.Directory())
	if err != nil {
		return err
	}
	list := q.filter(v.Lang, all, v.Moment())
	t := &site.Table{Name: "connections-" + v.Stamp(), Sheet: v.T(i18n.OpConnections), Columns: exportColumns}
	t.Rows = func(add func(...site.Cell) error) error {
		for i := range list {
			x := &list[i]
			cells := site.Texts(x.c.ID, v.Lang.Text(x.agency), x.code, x.c.System, v.Lang.Text(x.system), x.c.Via)
			cells = append(cells, site.Number(int64(x.level)))
			cells = append(cells, site.Texts(string(x.c.State), string(x.stand.Stopped))...)
			locked := time.Time{}
			if x.locked() {
				locked = x.c.Lock.Since
			}
			cells = append(cells, site.Moment(locked), site.Number(x.used.Calls), site.Number(x.c.Limit.Calls), site.Text(string(x.c.Limit.Window)),
				site.Moment(x.stand.CertificateUntil), site.Moment(x.c.AssessedUntil), site.Moment(x.c.CommittedUntil), site.Number(int64(len(x.c.Grants))))
			if err := add(cells...); err != nil {
				return err
			}
		}
		return nil
	}
	return site.SendTable(w, t, site.FormatOf(r.URL.Query().Get("as")))
}

// connectionsView is the list.
type connectionsView struct {
	ui.Page
	Words                             ui.Field
	Agency, State, Level, Within, Use ui.Field
	Sort                              ui.Field
	Agencies, States, Levels, Withins []ui.Option
	Uses, Sorts                       []ui.Option
	Rows                              []connectionRow
	Count                             string
	Filtered                          bool
	Export                            string
	Pager                             ui.PagerOf
}

// connectionRow is one connection.
type connectionRow struct {
	Agency, System, Via, ID, Href string
	State                         string
	Tone                          ui.Tone
	Since                         string
	Usage                         string
	Gauge                         ui.GaugeOf
	End                           termView
	Ending                        string
	Grants                        string
}

// maxAgencies is how many agencies a list to choose from has; past it an id is
// typed.
const maxAgencies = 100

func newConnectionsView(p ui.Page, q query, dir *access.Directory, all []line, now time.Time) connectionsView {
	l := p.Lang
	total := len(all)
	list := q.filter(l, all, now)
	v := connectionsView{
		Page: p, Filtered: q.filtered(), Export: site.With("/operator/connections/export", q.pairs()...),
		Words:  ui.Field{Name: "q", ID: "words", Label: l.T(i18n.OpWords), Value: q.words, Max: maxWords, Type: "search", More: map[string]any{"data-search": true}},
		Agency: ui.Field{Name: "agency", Label: l.T(i18n.LifeAgency), Value: q.agency},
		State:  ui.Field{Name: "state", Label: l.T(i18n.ColumnState), Value: q.state},
		Level:  ui.Field{Name: "level", Label: l.T(i18n.LifeLevel), Value: number(q.level)},
		Within: ui.Field{Name: "within", Label: l.T(i18n.OpEnds), Value: number(q.within)},
		Use:    ui.Field{Name: "use", Label: l.T(i18n.OpUse), Value: number(q.use)},
		Sort:   ui.Field{Name: "sort", Label: l.T(i18n.OpSort), Value: q.sort},
	}
	v.States = []ui.Option{
		{Label: l.T(i18n.LifeAnyState)},
		{Value: string(access.Active), Label: l.T(i18n.StateActive)},
		{Value: lockedState, Label: l.T(i18n.OpLocked)},
		{Value: stoppedState, Label: l.T(i18n.OpStopped)},
		{Value: string(access.Suspended), Label: l.T(i18n.StateSuspended)},
		{Value: string(access.Draft), Label: l.T(i18n.StateDraft)},
		{Value: string(access.Ended), Label: l.T(i18n.StateEnded)},
	}
	v.Levels = []ui.Option{{Label: l.T(i18n.OpAny)}}
	for _, n := range []int{3, 4, 5} {
		v.Levels = append(v.Levels, ui.Option{Value: strconv.Itoa(n), Label: strconv.Itoa(n)})
	}
	v.Withins = []ui.Option{{Label: l.T(i18n.OpAny)}}
	for _, n := range ends {
		v.Withins = append(v.Withins, ui.Option{Value: strconv.Itoa(n), Label: l.T(i18n.OpWithin, l.Int(int64(n)))})
	}
	v.Uses = []ui.Option{{Label: l.T(i18n.OpAny)}}
	for _, n := range uses {
		v.Uses = append(v.Uses, ui.Option{Value: strconv.Itoa(n), Label: l.T(i18n.OpUseFrom, n)})
	}
	v.Sorts = []ui.Option{{Label: l.T(i18n.OpSortAgency)}, {Value: byEnd, Label: l.T(i18n.OpSortEnd)}, {Value: byUse, Label: l.T(i18n.OpSortUse)}}
	v.Agencies = []ui.Option{{Label: l.T(i18n.LifeAnyAgency)}}
	for a := range dir.Agencies() {
		v.Agencies = append(v.Agencies, ui.Option{Value: a.ID, Label: l.Text(a.Name)})
	}
	if len(v.Agencies) > maxAgencies {
		v.Agencies, v.Agency.Hint = nil, l.T(i18n.LifeTypeID)
	} else {
		order := collate.New(language.Vietnamese)
		slices.SortStableFunc(v.Agencies[1:], func(a, b ui.Option) int { return order.CompareString(a.Label, b.Label) })
	}
	v.Count = l.T(i18n.OpCount, l.Int(int64(len(list))), l.Int(int64(total)))
	begin := 0
	if q.after != "" {
		v.Pager.First = site.With("/operator/connections", q.pairs()...)
		begin = slices.IndexFunc(list, func(x line) bool { return x.c.ID == q.after }) + 1 // gone: from the beginning
	}
	list = list[begin:]
	if len(list) > pageSize {
		list = list[:pageSize]
		v.Pager.Next = site.With("/operator/connections", append(q.pairs(), "after", list[pageSize-1].c.ID)...)
	}
	for i := range list {
		v.Rows = append(v.Rows, newConnectionRow(l, &list[i], now))
	}
	return v
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func newConnectionRow(l i18n.Lang, x *line, now time.Time) connectionRow {
	c := x.c
	r := connectionRow{
		Agency: cmp.Or(l.Text(x.agency), "–"), System: cmp.Or(l.Text(x.system), c.System), ID: c.ID, Href: connectionHref(c.ID),
		Usage: l.T(i18n.UsageOf, l.Int(x.used.Calls), l.Int(c.Limit.Calls)),
		Gauge: gauge(l, x), Grants: l.Int(int64(len(c.Grants))),
	}
	if via := l.Text(x.via); via != "" {
		r.Via = l.T(i18n.ViaIntermediary, via)
	}
	if x.locked() {
		r.Since = l.T(i18n.StateSince, l.Time(c.Lock.Since))
	}
	r.State, r.Tone = state(l, c, x.stand.Stopped)
	if !x.end.IsZero() {
		r.End, r.Ending = newTerm(l, x.end, now), l.T(endingWords[x.ending])
	}
	return r
}

// gauge is what a connection uses of its limit.
func gauge(l i18n.Lang, x *line) ui.GaugeOf {
	c := x.c
	g := ui.GaugeOf{Used: x.used.Calls, Limit: c.Limit.Calls, WarnAt: c.Limit.WarnAt}
	g.Text = l.T(i18n.UsageAria, l.Int(g.Used), l.Int(g.Limit), l.Percent(g.Used, g.Limit), l.Percent(int64(g.WarnAt), 100))
	return g
}

var endingWords = map[ending]i18n.Msg{
	endAssessment: i18n.OpEndAssessment, endCertificate: i18n.OpEndCertificate, endCommitment: i18n.OpEndCommitment, endGrants: i18n.OpEndGrants,
}

func connectionHref(id string) string { return "/operator/connections/" + id }

// termView is the end of a term.
type termView struct {
	Until, Note string
	Tone        ui.Tone
}

// soon is how long before its end a term is pointed out.
const soon = 30 * 24 * time.Hour

func newTerm(l i18n.Lang, until, now time.Time) termView {
	if until.IsZero() {
		return termView{Until: "–"}
	}
	v := termView{Until: l.Date(until)}
	days := int64(access.Day.Start(until).Sub(access.Day.Start(now)) / (24 * time.Hour))
	switch left := until.Sub(now); {
	case left <= 0:
		v.Note, v.Tone = l.T(i18n.Expired), ui.Bad
	case left > soon:
	case days == 0:
		v.Note, v.Tone = l.T(i18n.ExpiresToday), ui.Bad
	case days == 1:
		v.Note, v.Tone = l.T(i18n.ExpiresInOne), ui.Warn
	default:
		v.Note, v.Tone = l.T(i18n.ExpiresIn, l.Int(days)), ui.Warn
	}
	return v
}

// state puts a connection's standing into a word and a colour.
func state(l i18n.Lang, c *access.Connection, stopped access.Code) (word string, tone ui.Tone) {
	switch {
	case c.State == access.Draft:
		return l.T(i18n.StateDraft), ui.Plain
	case c.State == access.Ended:
		return l.T(i18n.StateEnded), ui.Plain
	}
	words := map[access.Code]i18n.Msg{
		access.ConnectionSuspended: i18n.StateSuspended, access.ConnectionVolume: i18n.StateLockedVolume,
		access.ConnectionPattern: i18n.StateLockedPattern, access.AssessmentLapsed: i18n.StateAssessmentLapsed,
		access.UnknownCredential: i18n.StateCertificateLapsed, access.IntermediaryForbidden: i18n.StateIntermediary,
	}
	if stopped == access.Allowed {
		return l.T(i18n.StateActive), ui.OK
	}
	if m, ok := words[stopped]; ok {
		return l.T(m), ui.Bad
	}
	return l.T(i18n.StateStopped, site.CodeTitle(l, stopped)), ui.Bad
}
