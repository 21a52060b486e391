package app

import (
	"fmt"
	"strings"
	"time"

	"dancu/internal/access"
)

// The demonstration's world. All of it is made up: the agencies, their codes
// and the procedures exist nowhere.

type demoAgency struct {
	id, code, vi, en string
	group            int
	body             string // of the catalogue of authority
}

// demoSystem is one system with one connection of the same id.
type demoSystem struct {
	id         string
	agency     *demoAgency
	vi, en     string
	via        string
	services   []access.Service
	procedures []string
	fields     []access.Field // the first three are what every sample person has
	basis      access.Text
	// limit is the volume limit of a system that makes background traffic; 0
	// means the demonstration's.
	limit int64
	// provinces is the territory; nil means the whole country.
	provinces []string
}

// certificate is the name of the certificate the system calls with.
func (s *demoSystem) certificate() string {
	if s.via != "" {
		return s.via + "-" + s.id
	}
	return s.id
}

var (
	demoProvince = &demoAgency{"tinh-song-xanh", "H98", "UBND tỉnh Sông Xanh (minh hoạ)", "Sông Xanh Province (made up)", 1, "provincial"}
	demoMinistry = &demoAgency{"bo-viec-chung", "G98", "Bộ Việc Chung (minh hoạ)", "Ministry of Common Affairs (made up)", 1, "central"}
	demoBank     = &demoAgency{"ngan-hang-dong-do", "0198765432", "Ngân hàng Đông Đô (minh hoạ)", "Đông Đô Bank (made up)", 2, "credit"}
	demoTelecom  = &demoAgency{"vien-thong-ban-mai", "0198765433", "Viễn thông Ban Mai (minh hoạ)", "Ban Mai Telecom (made up)", 2, "telecom"}
	demoPlatform = &demoAgency{"trung-tam-tich-hop", "G97", "Trung tâm Tích hợp dữ liệu (minh hoạ)", "Data Integration Centre (made up)", 1, "central"}
	demoTax      = &demoAgency{"chi-cuc-thue", "H97", "Chi cục Thuế Sông Xanh (minh hoạ)", "Sông Xanh Tax Office (made up)", 1, "provincial"}

	stateBasis   = access.Text{VI: "Nghị định 70/2024/NĐ-CP Điều 8 khoản 1", EN: "Decree 70/2024/NĐ-CP Art. 8(1)"}
	consentBasis = access.Text{VI: "Nghị định 70/2024/NĐ-CP Điều 8 khoản 2, Điều 10", EN: "Decree 70/2024/NĐ-CP Art. 8(2), Art. 10"}
)

// demoIntermediary carries the calls of the bank and the telecom.
const demoIntermediary = "nen-tang-tich-hop"

// demoSystems are the systems of demo.json, in its order.
var demoSystems = []demoSystem{
	{
		id: "mot-cua", agency: demoProvince,
		vi: "Hệ thống một cửa tỉnh Sông Xanh", en: "One-stop office of Sông Xanh",
		services:   []access.Service{access.Lookup, access.Verify, access.Search, access.Household},
		procedures: []string{"1.900101.H98", "1.900102.H98"},
		fields: []access.Field{
			access.FullName, access.DateOfBirth, access.PermanentResidence,
			access.PIN, access.Sex, access.PlaceOfBirth, access.NativePlace, access.Ethnicity, access.Nationality,
			access.CurrentResidence, access.MaritalStatus, access.RelationToHead, access.HouseholdField,
		},
		basis: stateBasis,
	},
	{
		id: "cap-phep", agency: demoMinistry,
		vi: "Hệ thống cấp phép của Bộ Việc Chung", en: "Licensing system of the Ministry of Common Affairs",
		services:   []access.Service{access.Lookup, access.Verify},
		procedures: []string{"1.900201.G98"},
		fields: []access.Field{
			access.FullName, access.Nationality, access.Sex,
			access.PIN, access.DateOfBirth, access.CMND, access.IdentityCard, access.CurrentResidence, access.DeathOrMissing,
		},
		basis: stateBasis,
	},
	{
		id: "mo-tai-khoan", agency: demoBank, via: demoIntermediary,
		vi: "Hệ thống mở tài khoản của Ngân hàng Đông Đô", en: "Account opening of Đông Đô Bank",
		services:   []access.Service{access.Lookup, access.Verify},
		procedures: []string{"1.900301"},
		fields: []access.Field{
			access.FullName, access.DateOfBirth, access.PermanentResidence,
			access.PIN, access.Sex, access.Nationality, access.IdentityCard,
		},
		basis: consentBasis,
	},
}

// demoTrafficSystems make the background traffic. They are not in demo.json,
// so that the traffic never counts against what a script may use.
var demoTrafficSystems = []demoSystem{
	{
		id: "dang-ky-thue", agency: demoTax,
		vi: "Đăng ký thuế Sông Xanh", en: "Tax registration of Sông Xanh",
		services:   []access.Service{access.Lookup, access.Verify},
		procedures: []string{"2.900401.H97"},
		fields:     []access.Field{access.FullName, access.DateOfBirth, access.PermanentResidence, access.PIN, access.CMND},
		basis:      stateBasis, limit: 200_000,
	},
	{
		id: "thue-bao", agency: demoTelecom, via: demoIntermediary,
		vi: "Đăng ký thuê bao Ban Mai", en: "Subscriptions of Ban Mai Telecom",
		services:   []access.Service{access.Lookup, access.Verify},
		procedures: []string{"1.900501"},
		fields:     []access.Field{access.FullName, access.DateOfBirth, access.PIN},
		basis:      consentBasis, limit: 100_000,
	},
	{
		// Its limit is small, so that the first lock can be seen within the hour.
		id: "ho-so-dat", agency: demoTax,
		vi: "Hồ sơ đất đai Sông Xanh", en: "Land files of Sông Xanh",
		services:   []access.Service{access.Lookup},
		procedures: []string{"2.900402.H97"},
		fields:     []access.Field{access.FullName, access.PermanentResidence, access.PIN},
		basis:      stateBasis, limit: 1_000, provinces: []string{"001", "079", "045"},
	},
}

// claimable is what a verification may state besides what it must.
var claimable = access.DefaultClaims | access.FieldsOf(access.Sex)

// demoCertificates names every client certificate of the demonstration.
func demoCertificates() []string {
	var out []string
	for _, s := range append(demoSystems[:len(demoSystems):len(demoSystems)], demoTrafficSystems...) {
		out = append(out, s.certificate())
	}
	return out
}

// demoCase is a dossier code of that agency, received today.
func demoCase(agencyCode string, now time.Time) string {
	return agencyCode + "-" + now.In(access.Zone).Format("060102") + "-0001"
}

// demoConnections is the declarative file of the demonstration. Terms begin
// and end on days, so that starting again on the same day changes nothing.
func demoConnections(now time.Time, limit int64) []byte {
	today := now.In(access.Zone)
	from, until := today.AddDate(0, 0, -30).Format(time.DateOnly), today.AddDate(0, 0, 335).Format(time.DateOnly)
	var b strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	p("# The connections of the demonstration. Written anew at every start; apply a changed")
	p("# copy of your own with: dancu connection apply FILE")
	p("agencies:")
	for _, a := range []*demoAgency{demoProvince, demoMinistry, demoBank, demoTelecom, demoPlatform, demoTax} {
		p("  - id: %s", a.id)
		p("    code: %q", a.code)
		p("    name: {vi: %q, en: %q}", a.vi, a.en)
		p("    group: %d", a.group)
		p("    body: %s", a.body)
	}
	all := append(demoSystems[:len(demoSystems):len(demoSystems)], demoTrafficSystems...)
	p("systems:")
	for _, s := range all {
		p("  - id: %s", s.id)
		p("    agency: %s", s.agency.id)
		p("    name: {vi: %q, en: %q}", s.vi, s.en)
		p("    level: 3")
		if s.via == "" {
			p("    certificates:")
			p("      - file: clients/%s.crt", s.certificate())
		}
	}
	p("  - id: %s", demoIntermediary)
	p("    agency: %s", demoPlatform.id)
	p("    name: {vi: %q, en: %q}", "Nền tảng tích hợp, chia sẻ dữ liệu", "Data sharing platform")
	p("    level: 3")
	p("    intermediary: true")
	p("    certificates:")
	for _, s := range all {
		if s.via != "" {
			p("      - file: clients/%s.crt", s.certificate())
			p("        represents: %s", s.id)
		}
	}
	p("connections:")
	connection := func(id, via string, limit int64) {
		p("  - id: %s", id)
		p("    system: %s", id)
		if via != "" {
			p("    via: %s", via)
		}
		p("    assessment: {from: %s, until: %s}", from, until)
		p("    limit: {calls: %d, window: day, scope: connection, warnAt: 80}", limit)
		p("    rate: {perSecond: %d, burst: %d}", demoRatePerSecond, demoRatePerSecond)
	}
	connection(demoIntermediary, "", access.DefaultLimit.Calls)
	for _, s := range all {
		l := limit
		if s.limit != 0 {
			l = s.limit
		}
		connection(s.id, s.via, l)
		p("    grants:")
		for _, service := range s.services {
			p("      - id: %s", service)
			p("        service: %s", service)
			p("        procedures: [%s]", strings.Join(quoteAll(s.procedures), ", "))
			fields := access.FieldsOf(s.fields...)
			if service == access.Verify {
				fields &= claimable
			}
			p("        fields: [%s]", strings.Join(fields.Names(), ", "))
			p("        from: %s", from)
			p("        until: %s", until)
			p("        legalBasis: {vi: %q, en: %q}", s.basis.VI, s.basis.EN)
			p("        peoplePerCase: %d", demoPeoplePerCase)
			if len(s.provinces) > 0 {
				p("        provinces: [%s]", strings.Join(quoteAll(s.provinces), ", "))
			}
		}
	}
	return []byte(b.String())
}

func quoteAll(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = fmt.Sprintf("%q", s)
	}
	return out
}
