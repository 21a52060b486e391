package officer

import (
	"encoding/json"
	"time"

	"github.com/a-h/templ"

	"dancu/internal/access"
	"dancu/internal/console/agency"
	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/gate"
	"dancu/internal/identity"
	"dancu/internal/ledger"
	"dancu/internal/manual"
)

// Samples are the pages of this package with made-up data.
func Samples() []site.Sample {
	dir, now := agency.SampleDirectory(), site.SampleTime
	ps := presets(dir, agency.SampleRights(), now)
	chosen := ps[0]
	form := func(p ui.Page, s access.Service) formView {
		v := newFormView(p, ps, chosen, s, now)
		v.Case.Value = "H98-261120-0042"
		v.CaseSaid = sayCase(p.Lang, chosen.agency, v.Case.Value, now)
		v.Quota = newQuota(p.Lang, 3_412, chosen.connection.Limit, access.Day.End(now))
		v.notices([]manual.Notice{{Text: "Từ ngày 01/12 dùng mẫu mã hồ sơ mới. Xem mục 2 của hướng dẫn.", At: now.AddDate(0, 0, -1)}})
		return v
	}
	call := func(s access.Service) *gate.Call {
		return &gate.Call{
			Service: s, Procedure: chosen.procedure, Case: "H98-261120-0042", Fields: chosen.grants[s].Fields,
			RequestID: "01990a5e-7c11-7a3e-9c55-3f0f5d1b2c3d", Officer: access.Officer{ID: "CB-0123"},
		}
	}
	desk := func(name string, s access.Service, more func(v *formView)) site.Sample {
		return site.Sample{Name: name, Kind: identity.AgencyOfficer, Path: "/look-up", Title: i18n.LookupTitle, Draw: func(p ui.Page) templ.Component {
			v := form(p, s)
			if more != nil {
				more(&v)
			}
			return formPage(v)
		}}
	}
	return []site.Sample{
		desk("look-up", access.Lookup, nil),
		desk("look-up-found", access.Lookup, func(v *formView) {
			v.Keys[0].Value, v.Keys[1].Value, v.Keys[2].Value = "001190000001", "Nguyễn Văn Ví Dụ", "02/03/1990"
			v.Result = sampleResult(v.Lang, call(access.Lookup), chosen)
		}),
		desk("look-up-refused", access.Lookup, func(v *formView) {
			v.Keys[0].Value, v.Keys[1].Value, v.Keys[2].Value = "001190000001", "Nguyễn Văn Ví Dụ", "02/03/1990"
			v.Result = newRefusalView(v.Lang, call(access.Lookup), chosen, &gate.Refusal{
				Code: access.CaseExhausted, Reasons: []access.Reason{{Code: access.CaseExhausted}}, Index: 48_213,
			}, now)
		}),
		desk("look-up-mistakes", access.Lookup, func(v *formView) {
			v.Case.Value, v.CaseSaid = "H97-261120-0042", caseView{}
			v.Case.Error = v.Lang.T(i18n.CaseOther, "H97")
			v.Keys[0].Value, v.Keys[0].Error = "00119000", v.Lang.T(i18n.LookupNumberWrong)
			v.Keys[2].Error = v.Lang.T(i18n.LookupBirthMissing)
			v.Mistakes = ui.Mistakes(v.Case, v.Keys[0], v.Keys[2])
		}),
		desk("verify", access.Verify, func(v *formView) {
			v.Result = &resultView{
				Lang: v.Lang, Headline: v.Lang.T(i18n.ResultNoMatch), Text: v.Lang.T(i18n.ResultNoMatchText), Tone: ui.Warn,
				Purpose: purpose(v.Lang, call(access.Verify), chosen, now),
			}
		}),
		desk("search", access.Search, func(v *formView) {
			people := []map[string]json.RawMessage{samplePerson, samplePerson}
			c := call(access.Search)
			v.Result = &resultView{
				Lang: v.Lang, Headline: v.Lang.T(i18n.ResultPeople, "2"), Tone: ui.OK,
				Table: peopleTable(v.Lang, c.Fields, people), Purpose: purpose(v.Lang, c, chosen, now),
			}
		}),
		{Name: "look-up-none", Kind: identity.AgencyOfficer, Path: "/look-up", Title: i18n.LookupTitle, Draw: func(p ui.Page) templ.Component {
			return nothingPage(nothingView{Page: p})
		}},
		{Name: "history", Kind: identity.AgencyOfficer, Path: "/look-up/history", Title: i18n.HistoryTitle, Draw: func(p ui.Page) templ.Component {
			v := newHistoryView(p, SampleRecords(), 48_212)
			v.Pager.Next = "/look-up/history?before=48200"
			return historyPage(v)
		}},
		{Name: "history-none", Kind: identity.AgencyOfficer, Path: "/look-up/history", Title: i18n.HistoryTitle, Draw: func(p ui.Page) templ.Component {
			return historyPage(newHistoryView(p, nil, -1))
		}},
	}
}

// samplePerson is nobody: a made-up record.
var samplePerson = func() map[string]json.RawMessage {
	m := map[string]json.RawMessage{}
	err := json.Unmarshal([]byte(`{"fullName":"Nguyễn Văn Ví Dụ","pin":"001190000001","dateOfBirth":"1990-03-02","sex":"male",
		"nativePlace":{"unit":"00001","detail":"Xã Mẫu, Huyện Mẫu","country":"VN"},"ethnicity":{"code":"01","name":"Kinh"},"nationality":"VN",
		"permanentResidence":{"unit":"00001","detail":"Số 1 phố Mẫu, Phường Mẫu","country":"VN"},
		"currentResidence":null,"maritalStatus":{"code":"2","name":"Có vợ/chồng"}}`), &m)
	if err != nil {
		panic(err) // the text above is at fault
	}
	return m
}()

func sampleResult(l i18n.Lang, c *gate.Call, chosen *preset) *resultView {
	v := &resultView{
		Lang: l, Headline: l.T(i18n.ResultFound), Tone: ui.OK, Purpose: purpose(l, c, chosen, site.SampleTime),
		Receipt: "{\n  \"index\": 48213,\n  \"origin\": \"dancu.example/log\",\n  \"parts\": []\n}",
	}
	for f := range c.Fields.All() {
		v.Facts = append(v.Facts, ui.Fact{Term: FieldName(l, f), Is: ui.Lines(readable(l, f, samplePerson[f.String()]))})
	}
	v.Purpose = append(v.Purpose,
		ui.Fact{Term: l.T(i18n.ResultOfficer), Is: ui.Text("Nguyễn Thị Mẫu · CB-0123")},
		ui.Fact{Term: l.T(i18n.ResultEntry), Is: ui.Number(l.Int(48_213))},
		ui.Fact{Term: l.T(i18n.ResultRequest), Is: ui.Key(c.RequestID)})
	return v
}

// SampleRecords are made-up entries of one officer's look-ups.
func SampleRecords() (out []ledger.Record) {
	part := func(name, data string) ledger.Part { return ledger.Part{Name: name, Data: []byte(data)} }
	for i, x := range []struct{ service, result, code, pin string }{
		{"lookup", "answered", "", "001190000001"},
		{"verify", "answered", "", "001190000002"},
		{"lookup", "empty", "", "001190000003"},
		{"search", "answered", "", ""},
		{"lookup", "refused", string(access.CaseExhausted), "001190000004"},
	} {
		r := ledger.Record{Index: 48_213 - int64(i), Time: site.SampleTime.Add(-timeStep * (1 + sampleGap(i))), Kind: "call." + x.service, Code: x.code}
		r.Parts = []ledger.Part{
			part(ledger.PartAccess, `{"agency":"H98","system":"mot-cua","connection":"mot-cua","procedure":"1.900101.H98","case":"H98-261120-0042","service":"`+x.service+
				`","channel":"portal","request":"01990a5e-7c11-7a3e-9c55-3f0f5d1b2c3`+string(rune('0'+i))+`","legalBasis":"Nghị định 70/2024/NĐ-CP Điều 8 khoản 1","asked":["fullName","dateOfBirth","permanentResidence"]}`),
			part(ledger.PartOfficer, `{"id":"CB-0123","address":"10.0.0.15","session":"01990a5e-1111-7000-8000-000000000001","verified":true}`),
			part(ledger.PartKeys, `{"pin":"`+x.pin+`","fullName":"Nguyễn Văn Ví Dụ"}`),
			part(ledger.PartOutcome, `{"result":"`+x.result+`"}`),
		}
		out = append(out, r)
	}
	return out
}

// timeStep parts the made-up look-ups.
const timeStep = 7 * time.Minute

func sampleGap(i int) time.Duration { return time.Duration(i * i) }
