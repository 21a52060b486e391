package inspector

import (
	"fmt"
	"time"

	"github.com/a-h/templ"

	"dancu/internal/console/i18n"
	"dancu/internal/console/officer"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/identity"
	"dancu/internal/ledger"
)

// sampleRecords are made-up entries: look-ups, and a session around them.
func sampleRecords() []ledger.Record {
	event := func(index int64, before time.Duration, kind, more string) ledger.Record {
		return ledger.Record{Index: index, Time: site.SampleTime.Add(-before), Kind: kind, Parts: []ledger.Part{
			{Name: ledger.PartEvent, Data: []byte(`{"actor":{"kind":"agency-officer","id":"CB-0123","address":"10.0.0.15","session":"01990a5e-1111-7000-8000-000000000001"},"agency":"H98","officer":"CB-0123"` + more + `}`)},
		}}
	}
	out := []ledger.Record{event(48_220, time.Minute, "session.closed", "")}
	out = append(out, officer.SampleRecords()...)
	out[len(out)-1].Parts = nil // its body was removed after its term
	return append(out, event(48_100, 3*time.Hour, "session.opened", ""), event(48_099, 3*time.Hour+time.Minute, "account.rights_changed", `,"reason":"Phân công theo Quyết định số 9/QĐ-MAU"`))
}

// Samples are the pages of this package with made-up data.
func Samples() []site.Sample {
	const id = "SEARCHSEARCHSEARCHSEARCHAA"
	results := func(records []ledger.Record) func(p ui.Page) templ.Component {
		return func(p ui.Page) templ.Component {
			return resultsPage(newResultsView(p, id, &ledger.Result{Records: records, Entry: 48_300, Next: 48_099}))
		}
	}
	return []site.Sample{
		{Name: "log", Kind: identity.Inspector, Path: "/log", Title: i18n.LogTitle, Draw: func(p ui.Page) templ.Component {
			return formPage(newFormView(p, map[string]string{"agency": "H98", "from": "01/11/2026"}))
		}},
		{Name: "log-results", Kind: identity.Inspector, Path: "/log/" + id, Title: i18n.LogResults, Draw: results(sampleRecords())},
		{Name: "log-nothing", Kind: identity.Inspector, Path: "/log/" + id, Title: i18n.LogResults, Draw: results(nil)},
		{Name: "log-gone", Kind: identity.Inspector, Path: "/log/" + id, Title: i18n.LogResults, Draw: func(p ui.Page) templ.Component {
			return resultsPage(resultsView{Page: p, Gone: true})
		}},
		{Name: "log-request", Kind: identity.Inspector, Path: "/log/request/" + id + "/x", Title: i18n.StoryTitle, Draw: func(p ui.Page) templ.Component {
			p.Lead = p.Lang.T(i18n.StoryLead, "01990a5e-7c11-7a3e-9c55-3f0f5d1b2c30")
			r := sampleRecords()[1]
			e := newStoryEntry(p.Lang, &r)
			e.Proof, e.Tone, e.Text = p.Lang.T(i18n.StoryProofGood, p.Lang.Int(48_300)), ui.OK, "c2sp.org/tlog-proof@v1\nindex 48213\n"
			return storyPage(storyView{Page: p, Entries: []storyEntry{e}, Back: "/log/" + id})
		}},
		{Name: "log-day-form", Kind: identity.Inspector, Path: "/log/day", Title: i18n.DayTitle, Draw: func(p ui.Page) templ.Component {
			return dayFormPage(newDayFormView(p, site.SampleTime))
		}},
		{Name: "log-day", Kind: identity.Inspector, Path: "/log/day/" + id, Title: i18n.DayTitle, Draw: func(p ui.Page) templ.Component {
			return dayPage(newDayView(p, id, daySearch{Officer: "CB-0123", Agency: "H98", Day: site.SampleTime}, &ledger.Result{Records: sampleDay()}))
		}},
	}
}

// sampleDay is a made-up working day, newest first.
func sampleDay() []ledger.Record {
	out := sampleRecords()
	for i := range 24 {
		r := officer.SampleRecords()[i%3]
		r.Index = 48_150 - int64(i)
		r.Time = site.SampleTime.Add(-time.Duration(i*i) * time.Minute)
		r.Parts[2].Data = fmt.Appendf(nil, `{"pin":"0011900000%02d"}`, i)
		out = append(out, r)
	}
	return out
}
