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

// Samples are the pages of this package with made-up data.
func Samples() []site.Sample {
	return []site.Sample{
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
