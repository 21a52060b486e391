package agency

import (
	"time"

	"github.com/a-h/templ"

	"dancu/internal/access"
	"dancu/internal/console/i18n"
	"dancu/internal/console/people"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/identity"
	"dancu/internal/ledger"
	"dancu/internal/onboarding"
	"dancu/internal/watch"
)

// SampleDirectory is a made-up standing: one agency, one system, four grants.
func SampleDirectory() *access.Directory {
	from, until := site.SampleTime.AddDate(0, -1, 0).UTC().Format(time.RFC3339), site.SampleTime.AddDate(0, 11, 0).UTC().Format(time.RFC3339)
	grant := func(id, service, fields, keys string) string {
		return `{"id":"` + id + `","hash":"","service":"` + service + `","procedures":["1.900101.H98","1.900102.H98"],"fields":` + fields +
			`,"keys":` + keys + `,"from":"` + from + `","until":"` + until + `","legalBasis":{"vi":"Nghị định 70/2024/NĐ-CP Điều 8 khoản 1","en":"Decree 70/2024/NĐ-CP Art. 8(1)"},"peoplePerCase":20}`
	}
	const number, named = `[["pin","fullName","dateOfBirth"],["cmnd","fullName","dateOfBirth"]]`, `[["fullName","dateOfBirth"],["fullName","dateOfBirth","province"]]`
	const all = `["fullName","pin","dateOfBirth","sex","nativePlace","ethnicity","nationality","permanentResidence","currentResidence","maritalStatus"]`
	dir, err := (*access.Directory)(nil).Apply([]access.Change{
		{Version: 1, Kind: access.ChangeAgency, ID: "tinh-mau", Doc: []byte(`{"id":"tinh-mau","code":"H98","name":{"vi":"UBND tỉnh Mẫu","en":"Mẫu Province"},"group":1}`)},
		{Version: 2, Kind: access.ChangeSystem, ID: "mot-cua", Doc: []byte(`{"id":"mot-cua","agency":"tinh-mau","name":{"vi":"Hệ thống một cửa tỉnh Mẫu","en":"One-stop office of Mẫu"},"level":3}`)},
		{Version: 3, Kind: access.ChangeConnection, ID: "mot-cua", Doc: []byte(`{"id":"mot-cua","system":"mot-cua","state":"active","assessedFrom":"` + from + `","assessedUntil":"` + until +
			`","limit":{"calls":10000,"window":"day","scope":"connection","warnAt":80},"rate":{"perSecond":50,"burst":50},"mismatches":3,"grants":[` +
			grant("household", "household", all, number) + "," + grant("lookup", "lookup", all, number) + "," +
			grant("search", "search", `["fullName","pin","dateOfBirth","sex","permanentResidence"]`, named) + "," +
			grant("verify", "verify", `["fullName","dateOfBirth","sex"]`, `[["pin"]]`) + `]}`)},
	})
	if err != nil {
		panic(err) // the text above is at fault
	}
	return dir
}

// SampleRights are what a made-up officer was given.
func SampleRights() identity.Rights {
	return identity.Rights{"mot-cua": {"household", "lookup", "search", "verify"}}
}

// sampleHome is a working day of an agency's administrator; trouble is one on
// which a connection is locked.
func sampleHome(p ui.Page, trouble bool) homeView {
	dir, now, l := SampleDirectory(), site.SampleTime, p.Lang
	v := newHomeView(p, dir, "tinh-mau")
	c := *dir.Connection("mot-cua")
	c.AssessedUntil, c.CommittedUntil = now.AddDate(0, 0, 5), now.AddDate(0, 0, 24)
	left := Left{Calls: 3_412, Reset: access.Day.End(now)}
	if trouble {
		left.Calls = 10_000
		v.Stops = []stopView{{
			Title: l.T(i18n.HomeStop, nameOf(l, dir, &c), site.CodeTitle(l, access.ConnectionVolume)), Why: l.Text(codeInfo(access.ConnectionVolume).Cause),
			Since: l.T(i18n.HomeLockedSince, l.Time(now.Add(-97*time.Minute))), Next: l.T(i18n.HomeNextVolume, l.Int(10_000)),
			Way: ui.Entry{Label: l.T(i18n.HomeSeeConnection), Href: matterHref(onboarding.KindConnection, c.ID)},
		}}
	}
	v.Quotas = []quotaView{newQuotaView(l, dir, &c, left)}
	v.Ends = newEnds(l, dir, []*access.Connection{&c}, now)
	v.News = []newsView{{Title: l.T(i18n.HomeMaintenance, l.Time(now.Add(50*time.Hour)), l.Time(now.Add(52*time.Hour))), Text: l.Text(access.Text{VI: "Nâng cấp máy chủ; tra cứu tạm dừng.", EN: "Servers are upgraded; look-ups stop."})}}
	v.tasks(&onboarding.TaskList{Now: now, Matters: map[string]*onboarding.Matter{"m": {ID: "m", Title: "Hệ thống một cửa tỉnh Mẫu"}}, Tasks: []onboarding.Task{
		{Kind: onboarding.TaskSign, Matter: "m", Owner: onboarding.Agency, Opened: now.AddDate(0, 0, -3), Due: now.AddDate(0, 0, 2)},
		{Kind: onboarding.TaskCorrect, Matter: "m", Owner: onboarding.Agency, Opened: now.AddDate(0, 0, -9), Due: now.AddDate(0, 0, -1)},
	}})
	application := &onboarding.Matter{ID: "01990a5e-5555-7000-8000-000000000001", Kind: onboarding.KindApplication, State: onboarding.Submitted, Title: "Hệ thống một cửa tỉnh Mẫu", Changed: now.AddDate(0, 0, -1)}
	v.UnderWay = []ui.Step{newUnderWay(l, &onboarding.Sight{Now: now, Matter: application, Tasks: []onboarding.Task{
		{Kind: onboarding.TaskApplicationDecide, Owner: onboarding.Operator, Opened: now.AddDate(0, 0, -1), Due: now.AddDate(0, 0, 2)},
	}})}
	v.Setup = []setupView{newSetup(l, l.Text(access.Text{VI: "Nền tảng số hoá hồ sơ", EN: "Digitising platform"}), &onboarding.Sight{Now: now, Gates: []onboarding.Gate{
		{Label: access.Text{VI: "Cơ quan đã công bố đầu mối kết nối", EN: "The agency has named its contact officer"}, Green: true, Why: access.Text{VI: "Trưởng phòng", EN: "Head of office"}, Matter: "agency.tinh-mau"},
		{Label: access.Text{VI: "Hồ sơ cấp độ từ cấp 3 đã được phê duyệt", EN: "A dossier of level 3 or higher is approved"}, Why: access.Text{VI: "Chưa có hồ sơ cấp độ đầy đủ, đã phê duyệt.", EN: "there is no complete, approved dossier of the level"}, Matter: "system.mot-cua"},
	}})}
	v.Kept = []ui.KeptOf{{Form: "/life/x/section/purpose", Title: l.T(i18n.HomeApply), When: l.Time(now.Add(-time.Hour)), Until: l.Date(now.AddDate(0, 0, 30))}}
	return v
}

func codeInfo(c access.Code) access.CodeInfo {
	info, _ := c.Info()
	return info
}

func sampleUsage(p ui.Page, by watch.Dimension, days int) usageView {
	now := site.SampleTime
	u := usageQuery{until: access.Day.End(now), by: by}
	u.from = u.until.AddDate(0, 0, -days)
	var hours []watch.Hour
	for at := u.from; at.Before(u.until); at = at.Add(time.Hour) {
		h := watch.Hour{From: at}
		if hour := at.In(access.Zone).Hour(); hour >= 8 && hour < 17 && at.Before(now) {
			n := int64(20 + (at.Unix()/3600*7919)%61)
			h.Count = watch.Count{Calls: n, Answered: n - n/15, Refused: n / 15, People: n - n/9}
		}
		hours = append(hours, h)
	}
	groups := map[watch.Dimension][]watch.Group{
		watch.ByProcedure: {{Key: "1.900101.H98", Count: watch.Count{Calls: 2_811, Answered: 2_702, Refused: 109, People: 2_655}}, {Key: "1.900102.H98", Count: watch.Count{Calls: 601, Answered: 598, Refused: 3, People: 590}}},
		watch.ByOfficer:   {{Key: "", Count: watch.Count{Calls: 3_001, Answered: 2_950, Refused: 51, People: 2_901}}, {Key: "CB-0123", Count: watch.Count{Calls: 411, Answered: 350, Refused: 61, People: 344}}},
	}
	v := newUsageView(p, SampleDirectory(), "tinh-mau", u, hours, groups[by], map[string]string{"CB-0123": "Nguyễn Thị Mẫu"})
	v.AsOf = p.Lang.T(i18n.UsageAsOf, p.Lang.Seconds(now))
	return v
}

// sampleEntries are made-up entries of the agency's.
func sampleEntries() []ledger.Record {
	part := func(name, data string) ledger.Part { return ledger.Part{Name: name, Data: []byte(data)} }
	call := func(i int64, result, code string) ledger.Record {
		return ledger.Record{Index: 48_213 - i, Time: site.SampleTime.Add(-time.Duration(i*11) * time.Minute), Kind: "call.lookup", Code: code, Parts: []ledger.Part{
			part(ledger.PartAccess, `{"agency":"H98","procedure":"1.900101.H98","case":"H98-261120-0042","service":"lookup","asked":["fullName","dateOfBirth","permanentResidence"]}`),
			part(ledger.PartOfficer, `{"id":"CB-0123","verified":true}`),
			part(ledger.PartKeys, `{"pin":"001190000001"}`),
			part(ledger.PartOutcome, `{"result":"`+result+`"}`),
		}}
	}
	return []ledger.Record{call(0, "answered", ""), call(1, "refused", string(access.CaseExhausted)), {
		Index: 48_190, Time: site.SampleTime.Add(-3 * time.Hour), Kind: "session.opened",
		Parts: []ledger.Part{part(ledger.PartEvent, `{"actor":{"kind":"agency-officer","id":"CB-0123"},"agency":"H98"}`)},
	}}
}

// Samples are the pages of this package with made-up data.
func Samples() []site.Sample {
	home := func(name string, draw func(p ui.Page) templ.Component) site.Sample {
		return site.Sample{Name: name, Kind: identity.AgencyAdmin, Path: "/agency", Title: i18n.HomeTitle, Draw: draw}
	}
	return []site.Sample{
		home("agency", func(p ui.Page) templ.Component { return homePage(sampleHome(p, false)) }),
		home("agency-locked", func(p ui.Page) templ.Component { return homePage(sampleHome(p, true)) }),
		home("agency-new", func(p ui.Page) templ.Component { return homePage(newHomeView(p, SampleDirectory(), "tinh-mau")) }),
		{Name: "agency-certificates", Kind: identity.AgencyAdmin, Path: "/agency/certificates", Title: i18n.CertificatesTitle, Draw: func(p ui.Page) templ.Component {
			now := site.SampleTime
			v := newCertificatesView(p, SampleDirectory(), "tinh-mau", now)
			v.Systems = append(v.Systems, newSystemView(p.Lang, &access.System{ID: "so-hoa", Name: access.Text{VI: "Nền tảng số hoá hồ sơ", EN: "Digitising platform"}, Credentials: []access.Credential{
				{SHA256: "3c7be53a0f0f5f8be1b2c44a79d5a38d4dd2a8a9c0a2a1b8a7e3b7a9d5c1e2f4", NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(0, 0, 12)},
				{SHA256: "9f2ae53a0f0f5f8be1b2c44a79d5a38d4dd2a8a9c0a2a1b8a7e3b7a9d5c1e2aa", NotBefore: now.AddDate(0, 0, -2), NotAfter: now.AddDate(1, 0, 0)},
			}}, now))
			return certificatesPage(v)
		}},
		{Name: "agency-usage", Kind: identity.AgencyAdmin, Path: "/agency/usage", Title: i18n.UsageTitle, Draw: func(p ui.Page) templ.Component {
			return usagePage(sampleUsage(p, watch.ByProcedure, usageDays))
		}},
		{Name: "agency-usage-day", Kind: identity.AgencyAdmin, Path: "/agency/usage", Title: i18n.UsageTitle, Draw: func(p ui.Page) templ.Component {
			return usagePage(sampleUsage(p, watch.ByOfficer, 1))
		}},
		{Name: "agency-log", Kind: identity.AgencyAdmin, Path: "/agency/log", Title: i18n.OwnLogTitle, Draw: func(p ui.Page) templ.Component {
			return logPage(newLogView(p, nil))
		}},
		{Name: "agency-log-results", Kind: identity.AgencyAdmin, Path: "/agency/log/x", Title: i18n.OwnLogResults, Draw: func(p ui.Page) templ.Component {
			return logResultsPage(newLogResults(p, "x", sampleEntries(), 48_100, 48_214))
		}},
		{Name: "officer", Kind: identity.AgencyAdmin, Path: people.Officers.Base + "/x", Title: i18n.OneFacts, Draw: func(p ui.Page) templ.Component {
			account := people.SampleAccount(p, people.Officers, people.SampleOfficers()[1], identity.AgencyAdmin)
			given := identity.Rights{"mot-cua": {"lookup", "verify", "old"}}
			return officerPage(newOfficerView(account, given, SampleRights(), SampleDirectory()))
		}},
		{Name: "provider", Kind: identity.AgencyAdmin, Path: "/agency/provider", Title: i18n.ProviderTitle, Draw: func(p ui.Page) templ.Component {
			return providerPage(newProviderView(p, identity.Provider{
				Issuer: "https://dangnhap.mau.example.vn", ClientID: "dancu", Claim: "employee_code", Factors: []string{"mfa", "hwk"}, Enabled: true, Set: site.SampleTime.AddDate(0, -2, 0),
			}, true))
		}},
	}
}
