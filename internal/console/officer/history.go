package officer

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"dancu/internal/access"
	"dancu/internal/console/agency"
	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/identity"
	"dancu/internal/ledger"
	"dancu/internal/web"
)

// historyView is what an officer looked up.
type historyView struct {
	ui.Page
	Rows  []historyRow
	Pager ui.PagerOf
	Quota *ui.GaugeOf
}

// historyRow is one look-up.
type historyRow struct {
	Index, Time, Service, Procedure, Case string
	Number                                string
	Shown                                 bool // the number in full
	Result                                string
	Tone                                  ui.Tone
	Code                                  string
}

// perPage is how many look-ups a page shows.
const perPage = 25

// historyDays is how far back the page looks at a time.
const historyDays = 92

func newHistoryView(p ui.Page, records []ledger.Record, shown int64) historyView {
	l := p.Lang
	p.Lead = l.T(i18n.HistoryLead)
	v := historyView{Page: p}
	for i := range records {
		r := &records[i]
		if !strings.HasPrefix(r.Kind, "call.") {
			continue
		}
		c := site.CallOf(r)
		service, _ := access.ParseService(c.Service)
		row := historyRow{
			Index: strconv.FormatInt(r.Index, 10), Time: l.Seconds(r.Time), Service: agency.ServiceName(l, service), Procedure: c.Procedure, Case: c.Case,
			Number: c.Number, Shown: r.Index == shown, Result: l.T(i18n.ResultAnswered), Tone: ui.OK, Code: r.Code,
		}
		switch {
		case r.Code != "":
			row.Result, row.Tone = site.CodeTitle(l, access.Code(r.Code)), ui.Bad
		case c.Result == "empty":
			row.Result, row.Tone = l.T(i18n.OutcomeEmpty), ui.Plain
		}
		v.Rows = append(v.Rows, row)
	}
	return v
}

// History shows the visitor's own look-ups, their numbers masked. Reading them
// is a reading of the log.
func (p *Pages) History(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	return p.history(w, r, v, -1)
}

func (p *Pages) history(w http.ResponseWriter, r *http.Request, v *site.Visit, shown int64) error {
	before, err := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64)
	if err != nil || before < 0 {
		before = 0
	}
	q, err := p.own(v, before)
	if err != nil {
		return err
	}
	res, err := p.log.Search(r.Context(), v.ReaderOf(i18n.VI.T(i18n.HistoryReason), identity.OwnHistory), q)
	if err != nil {
		return err
	}
	view := newHistoryView(v.Page(i18n.HistoryTitle), res.Records, shown)
	if res.Next > 0 {
		view.Pager.Next = site.With("/look-up/history", "before", strconv.FormatInt(res.Next, 10))
	}
	if before > 0 {
		view.Pager.First = "/look-up/history"
	}
	return v.Render(w, r, http.StatusOK, historyPage(view))
}

// own is the query for the visitor's own look-ups: theirs by code and agency,
// and no others'.
func (p *Pages) own(v *site.Visit, before int64) (ledger.Query, error) {
	a := p.desk.Directory().Agency(v.Session.Account.Agency)
	if a == nil {
		return ledger.Query{}, web.NotFound()
	}
	return ledger.Query{
		Terms: []ledger.Term{{Kind: ledger.TermOfficer, Value: v.Session.Account.Code}, {Kind: ledger.TermAgency, Value: a.Code}},
		From:  v.Moment().Add(-historyDays * 24 * time.Hour), Before: before, Limit: perPage,
	}, nil
}

// Reveal shows the number of one of the visitor's own look-ups: an act of its
// own, with its entry.
func (p *Pages) Reveal(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	index, err := strconv.ParseInt(r.PathValue("index"), 10, 64)
	if err != nil || index < 0 {
		return web.NotFound()
	}
	// The search finds the visitor's own alone: another's entry is not there.
	q, err := p.own(v, index+1)
	if err != nil {
		return err
	}
	q.Limit = 1
	res, err := p.log.Search(r.Context(), v.ReaderOf(i18n.VI.T(i18n.HistoryRevealReason), identity.OwnHistory), q)
	if err != nil {
		return err
	}
	if len(res.Records) != 1 || res.Records[0].Index != index || !strings.HasPrefix(res.Records[0].Kind, "call.") {
		return web.NotFound()
	}
	view := newHistoryView(v.Page(i18n.HistoryTitle), res.Records, index)
	if site.Fragment(r) {
		return v.Render(w, r, http.StatusOK, numberCell(v.Lang, view.Rows[0]))
	}
	view.Pager.First = "/look-up/history"
	return v.Render(w, r, http.StatusOK, historyPage(view))
}

func historyTable(v historyView) ui.TableOf {
	l := v.Lang
	t := ui.TableOf{
		Caption: l.T(i18n.HistoryTitle), Empty: l.T(i18n.HistoryNone),
		Columns: []ui.Column{
			{Head: l.T(i18n.HistoryTime)},
			{Head: l.T(i18n.HistoryService)},
			{Head: l.T(i18n.HistoryPurpose)},
			{Head: l.T(i18n.HistoryPerson)},
			{Head: l.T(i18n.HistoryResult)},
		},
	}
	for _, r := range v.Rows {
		t.Rows = append(t.Rows, ui.Row{
			ui.Two(r.Time, l.T(i18n.HistoryEntry, r.Index)), ui.Text(r.Service), ui.Two(r.Procedure, r.Case),
			numberCell(l, r), resultCell(r),
		})
	}
	return t
}
