package citizen

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"dancu/internal/access"
	"dancu/internal/console/agency"
	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/desk"
	"dancu/internal/identity"
	"dancu/internal/ledger"
)

const samplePIN = "001190000001"

// sampleRecords are made-up looks at one person: one of each kind.
func sampleRecords() []ledger.Record {
	entry := func(index int64, ago time.Duration, service, code, basis, number, subject string) ledger.Record {
		r := ledger.Record{Index: index, Time: site.SampleTime.Add(-ago), Kind: "call." + service, Code: code}
		add := func(name, data string) { r.Parts = append(r.Parts, ledger.Part{Name: name, Data: []byte(data)}) }
		add(ledger.PartAccess, `{"agency":"H98","asked":["fullName","dateOfBirth","permanentResidence"],"case":"H98-261120-0042","connection":"mot-cua"`+basis+
			`,"procedure":"1.900101.H98","request":"01990a5e-7c11-7a3e-9c55-3f0f5d1b2c30","service":"`+service+`","system":"mot-cua","transaction":"01990a5e-7c11-7a3e-9c55-3f0f5d1b2c31"}`)
		add(ledger.PartOfficer, `{"id":"CB-0123","verified":true}`)
		add(ledger.PartKeys, `{"pin":"`+number+`"}`)
		if subject != "" {
			add(ledger.PartSubject, subject)
		}
		add(ledger.PartOutcome, `{}`)
		return r
	}
	const basis = `,"legalBasis":"Nghị định 70/2024/NĐ-CP Điều 8 khoản 1"`
	of := func(kind, fields string) string {
		return `{"access":"` + kind + `","fields":[` + fields + `],"pin":"` + samplePIN + `"}`
	}
	day := 24 * time.Hour
	return []ledger.Record{
		entry(48_213, 3*time.Hour, "lookup", "", basis, samplePIN, of("consult", `"fullName","dateOfBirth","permanentResidence"`)),
		entry(47_902, 2*day, "verify", "", basis, samplePIN, of("verify", "")),
		entry(47_011, 3*day, "lookup", string(access.CaseExhausted), "", samplePIN, ""),
		entry(41_377, 30*day, "household", "", basis, "001090000009", of("listed", `"fullName","dateOfBirth"`)),
		entry(41_002, 31*day, "verify", "", basis, samplePIN, ""),
		{
			Index: 40_000, Time: site.SampleTime.Add(-32 * day), Kind: kindRepresentation, Parts: []ledger.Part{
				{Name: ledger.PartKeys, Data: []byte(`{"pin":"001070000008"}`)},
				{Name: ledger.PartSubject, Data: []byte(`{"access":"consult","fields":["fullName"],"pin":"` + samplePIN + `","relation":"mother"}`)},
			},
		},
	}
}

// SampleRequests are made-up requests, one in each state.
func SampleRequests() (out []desk.Request) {
	at := site.SampleTime.Add(-26 * time.Hour)
	for i, s := range desk.States {
		r := desk.Request{
			ID: "01990a5e-4444-7000-8000-00000000000" + string(rune('1'+i)), Kind: desk.Question, State: s, Entry: 48_213 - int64(i), Agency: "H98", Procedure: "1.900101.H98",
			Created: at, Changed: at.Add(time.Duration(i) * time.Hour), OnBehalf: i == 3,
			Text:  "Tôi không làm thủ tục gì ở xã này.\nVì sao cơ quan xem nơi thường trú của tôi?",
			About: desk.About{Entry: 48_213, Time: at.Add(-time.Hour), Agency: "H98", Procedure: "1.900101.H98", Call: "01990a5e-7c11-7a3e-9c55-3f0f5d1b2c30", Transaction: "01990a5e-7c11-7a3e-9c55-3f0f5d1b2c31"},
		}
		if i == 1 {
			r.Kind = desk.Complaint
		}
		steps := []desk.Step{
			{Time: at, Act: desk.Received, Side: desk.Citizen},
			{Time: at.Add(time.Hour), Act: desk.Seen, Side: desk.Agency},
			{Time: at.Add(2 * time.Hour), Act: desk.Answered, Side: desk.Agency, Text: "Ngày 19/11 bộ phận một cửa nhận hồ sơ đăng ký thường trú có tên ông/bà là chủ hộ nên phải xem nơi thường trú."},
			{Time: at.Add(3 * time.Hour), Act: desk.Closed, Side: desk.Citizen},
		}
		r.Steps = steps[:i+1]
		out = append(out, r)
	}
	return out
}

// SamplePages are the pages over a made-up standing.
func SamplePages() *Pages {
	dir := agency.SampleDirectory()
	return New(Config{
		Directory: func() *access.Directory { return dir }, VerifierKey: "dancu.example/log+3f1a2b4c+AZk0m7q9",
		Procedure: func(string, time.Time) (access.Text, bool) {
			return access.Text{VI: "Đăng ký thường trú", EN: "Registration of permanent residence"}, true
		},
		Totals: func(context.Context) ([]Month, error) { return nil, nil },
	})
}

// Samples are the pages of this package with made-up data.
func Samples() []site.Sample {
	p := SamplePages()
	own := &subject{self: samplePIN, pin: samplePIN}
	child := &subject{
		id: "VIEWVIEWVIEWVIEWVIEWVIEWVI", self: "001070000008", pin: samplePIN, view: view{Person: samplePIN, Agency: "mẫu"},
		who: Represented{PIN: samplePIN, Name: "Nguyễn Thị Bé", Relation: "mother"},
	}
	records := sampleRecords()
	list := func(name string, s *subject, n int) site.Sample {
		return site.Sample{Name: name, Kind: identity.Citizen, Path: "/me", Title: i18n.MeTitle, Draw: func(page ui.Page) templ.Component {
			res := &ledger.Result{Records: records[:n], Entry: 48_300}
			if n > 3 {
				res.Next = 40_000
			}
			v := p.newListView(page, s, res, site.SampleTime.AddDate(-1, -7, 0), site.SampleTime)
			if v.Filtered {
				v.Clear = "/me"
			}
			return listPage(v)
		}}
	}
	entry := func(name string, i int) site.Sample {
		return site.Sample{Name: name, Kind: identity.Citizen, Path: "/me/entry/48213", Title: i18n.MeEntryTitle, Draw: func(page ui.Page) templ.Component {
			return entryPage(p.newEntryView(page, &records[i], own))
		}}
	}
	ask := func(name string, change func(v *askView)) site.Sample {
		return site.Sample{Name: name, Kind: identity.Citizen, Path: "/me/entry/48213/ask", Title: i18n.AskTitle, Draw: func(page ui.Page) templ.Component {
			v := p.newAskView(page, &records[0], own, desk.Question, "Vì sao cơ quan xem nơi thường trú của tôi?")
			change(&v)
			return askPage(v)
		}}
	}
	requests := SampleRequests()
	return []site.Sample{
		list("me", own, len(records)),
		list("me-for-child", child, 1),
		list("me-nothing", own, 0),
		entry("me-entry", 0), entry("me-entry-refused", 2), entry("me-entry-listed", 3), entry("me-entry-represented", 5),
		{Name: "me-people", Kind: identity.Citizen, Path: "/me/people", Title: i18n.MePeopleTitle, Draw: func(page ui.Page) templ.Component {
			page.Lead = page.Lang.T(i18n.MePeopleLead)
			return peoplePage(peopleView{Page: page, People: []personRow{
				{Of: "VIEWVIEWVIEWVIEWVIEWVIEWVI", Name: "Nguyễn Thị Bé", Number: samplePIN, Relation: page.Lang.T(i18n.MePeopleYouAre, relationName(page.Lang, "mother"))},
				{Of: "VIEWVIEWVIEWVIEWVIEWVIEWVJ", Name: "Nguyễn Văn Cụ", Number: "001045000002", Relation: page.Lang.T(i18n.MePeopleYouAre, relationName(page.Lang, "representative"))},
			}})
		}},
		{Name: "me-people-none", Kind: identity.Citizen, Path: "/me/people", Title: i18n.MePeopleTitle, Draw: func(page ui.Page) templ.Component {
			return peoplePage(peopleView{Page: page})
		}},
		ask("me-ask", func(v *askView) {
			v.Text.Value, v.Text.Error = "Sao?", v.Lang.Text(desk.TextOf(sampleRefusal()))
			v.Mistakes = ui.Mistakes(v.Text)
		}),
		ask("me-ask-check", func(v *askView) {
			v.Check, v.Title, v.Lead = true, v.Lang.T(i18n.AskCheckTitle), v.Lang.T(i18n.AskCheckLead)
		}),
		{Name: "me-requests", Kind: identity.Citizen, Path: "/me/requests", Title: i18n.RequestsTitle, Draw: func(page ui.Page) templ.Component {
			return requestsPage(p.newRequestsView(page, desk.List{Requests: requests}))
		}},
		{Name: "me-requests-none", Kind: identity.Citizen, Path: "/me/requests", Title: i18n.RequestsTitle, Draw: func(page ui.Page) templ.Component {
			return requestsPage(p.newRequestsView(page, desk.List{}))
		}},
		{Name: "me-request", Kind: identity.Citizen, Path: "/me/requests/x", Title: i18n.RequestTitle, Draw: func(page ui.Page) templ.Component {
			return requestPage(p.newRequestView(page, &requests[2]))
		}},
		{Name: "totals", Path: "/totals", Title: i18n.TotalsTitle, Draw: func(page ui.Page) templ.Component {
			first := time.Date(2026, 11, 1, 0, 0, 0, 0, access.Zone)
			return totalsPage(newTotalsView(page, []Month{{first, 184_213, 2_117}, {first.AddDate(0, -1, 0), 251_902, 3_040}}))
		}},
	}
}

// sampleRefusal is what the desk says of a text that is too short.
func sampleRefusal() error {
	_, err := desk.Check(desk.Question, "Sao?")
	return err
}
