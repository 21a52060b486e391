package inspector

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"dancu/internal/access"
	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/identity"
	"dancu/internal/ledger"
)

// dayMax is how many entries of a day are shown.
const dayMax = 500

// dayFormView asks whose day.
type dayFormView struct {
	ui.Page
	Officer, Agency, Day, Reason ui.Field
	Mistakes                     []ui.Mistake
}

func newDayFormView(p ui.Page, now time.Time) dayFormView {
	l := p.Lang
	p.Lead = l.T(i18n.DayLead)
	return dayFormView{
		Page:    p,
		Officer: ui.Field{Name: "officer", Label: l.T(i18n.LogOfficer), Max: maxTerm, Required: true, Focus: true, More: map[string]any{"data-search": true}},
		Agency:  ui.Field{Name: "agency", Label: l.T(i18n.LogAgency), Max: maxTerm, Required: true},
		Day:     ui.Field{Name: "day", Label: l.T(i18n.DayDay), Hint: l.T(i18n.LogDayHint), Value: l.Date(now), Max: 10, Required: true},
		Reason:  ui.Field{Name: "reason", Label: l.T(i18n.LogReason), Hint: l.T(i18n.LogReasonHint), Max: maxReason, Required: true, Wide: true},
	}
}

// daySearch is the saved search of a day.
type daySearch struct {
	search
	Officer, Agency string
	Day             time.Time
}

// DayForm asks whose day.
func (p *Pages) DayForm(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	return v.Render(w, r, http.StatusOK, dayFormPage(newDayFormView(v.Page(i18n.DayTitle), v.Moment())))
}

// FindDay keeps the question and leads to the day.
func (p *Pages) FindDay(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	f, err := v.Form(r)
	if err != nil {
		return err
	}
	s := daySearch{Officer: f.Need("officer", maxTerm, i18n.FieldCodeMissing), Agency: strings.ToUpper(f.Need("agency", maxTerm, i18n.FieldAgencyMissing))}
	s.Reason = f.Need("reason", maxReason, i18n.ReasonMissing)
	if s.Day = readDay(f, "day", v.T(i18n.LogDayWrong)); s.Day.IsZero() {
		f.Fail("day", v.T(i18n.LogDayWrong))
	}
	if !f.OK() {
		view := newDayFormView(v.Page(i18n.DayTitle), v.Moment())
		f.Keep(&view.Officer, &view.Agency, &view.Day, &view.Reason)
		view.Mistakes = ui.Mistakes(view.Officer, view.Agency, view.Day, view.Reason)
		return v.Render(w, r, http.StatusUnprocessableEntity, dayFormPage(view))
	}
	s.Query = ledger.Query{
		Terms: []ledger.Term{{Kind: ledger.TermOfficer, Value: s.Officer}, {Kind: ledger.TermAgency, Value: s.Agency}},
		From:  s.Day, Until: s.Day.AddDate(0, 0, 1), Limit: dayMax,
	}
	id, err := v.SaveSearch(r, kindDay, s)
	if err != nil {
		return err
	}
	v.Redirect(w, r, "/log/day/"+id)
	return nil
}

// dayView is one officer's day.
type dayView struct {
	ui.Page
	ID      string
	Gone    bool
	Figures []ui.Figure
	Hours   ui.BarsOf
	Rows    []row
	Many    string
}

func newDayView(p ui.Page, id string, s daySearch, res *ledger.Result) dayView {
	l := p.Lang
	p.Lead = l.T(i18n.DayOf, s.Officer, s.Agency, l.Date(s.Day))
	v := dayView{Page: p, ID: id}
	people, cases := map[string]bool{}, map[string]bool{}
	var hours [24]int64
	var calls, refused, signIns int64
	for i := range res.Records {
		r := &res.Records[i]
		v.Rows = append(v.Rows, newRow(l, r))
		if r.Kind == "session.opened" {
			signIns++
		}
		if !strings.HasPrefix(r.Kind, "call.") {
			continue
		}
		c := site.CallOf(r)
		calls++
		hours[r.Time.In(access.Zone).Hour()]++
		if r.Code != "" {
			refused++
		}
		for _, n := range append(c.People, c.Number) {
			if n != "" {
				people[n] = true
			}
		}
		if c.Case != "" {
			cases[c.Case] = true
		}
	}
	// In order of time: a day is read forwards.
	slices.Reverse(v.Rows)
	if res.Next > 0 {
		v.Many = l.T(i18n.DayMany, l.Int(int64(len(v.Rows))))
	}
	v.Figures = []ui.Figure{
		{Term: l.T(i18n.DaySessions), Value: l.Int(signIns)},
		{Term: l.T(i18n.DayCalls), Value: l.Int(calls)},
		{Term: l.T(i18n.DayPeople), Value: l.Int(int64(len(people)))},
		{Term: l.T(i18n.DayCases), Value: l.Int(int64(len(cases)))},
		{Term: l.T(i18n.DayRefused), Value: l.Int(refused)},
	}
	most := slices.Max(hours[:])
	v.Hours = ui.BarsOf{
		ID: "hours", Title: l.T(i18n.DayHours), Describe: l.T(i18n.DayHoursText, l.Int(most), l.Int(calls)),
		Head: [2]string{l.T(i18n.DayHour), l.T(i18n.DayCalls)},
	}
	for h, n := range hours {
		v.Hours.Bars = append(v.Hours.Bars, ui.Bar{Label: strconv.Itoa(h), N: n, Number: l.Int(n)})
	}
	return v
}

// Day shows one officer's day. Reading it is an entry.
func (p *Pages) Day(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	id := r.PathValue("search")
	var s daySearch
	ok, err := v.FindSearch(r, kindDay, id, &s)
	if err != nil {
		return err
	}
	if !ok {
		return v.Render(w, r, http.StatusNotFound, dayPage(dayView{Page: v.Page(i18n.DayTitle), Gone: true}))
	}
	res, err := p.log.Search(r.Context(), v.ReaderOf(s.Reason, identity.SearchLog), s.Query)
	if err != nil {
		return err
	}
	// The story of one of the day's requests is opened with the day's reason.
	story, err := v.SaveSearch(r, kindLog, s.search)
	if err != nil {
		return err
	}
	return v.Render(w, r, http.StatusOK, dayPage(newDayView(v.Page(i18n.DayTitle), story, s, res)))
}
