package operator

import (
	"encoding/json"
	"fmt"
	"time"

	"dancu/internal/access"
	"dancu/internal/console/life"
	"dancu/internal/console/site"
	"dancu/internal/ledger"
	"dancu/internal/onboarding"
	"dancu/internal/watch"
)

// sampleLines are made-up connections, one of every kind.
func sampleLines() (*access.Directory, []line) {
	at := site.SampleTime
	day := func(days int) string { return at.AddDate(0, 0, days).UTC().Format(time.RFC3339) }
	type one struct {
		id, agency, vi, en, via, state string
		assessed, certified            int
		calls, limit                   int64
		stopped                        access.Code
	}
	agencies := [][4]string{
		{"tinh-mau", "H98", "UBND tỉnh Mẫu", "Mẫu Province"},
		{"bo-mau", "G99", "Bộ Mẫu", "Ministry of Samples"},
		{"ngan-hang-mau", "B01", "Ngân hàng Mẫu", "Sample Bank"},
		{"bhxh-mau", "H98.07", "Bảo hiểm xã hội tỉnh Mẫu", "Social Insurance of Mẫu Province"},
	}
	ones := []one{
		{"mot-cua", "tinh-mau", "Hệ thống một cửa điện tử", "Electronic one-stop system", "", "active", 12, 243, 3_412, 10_000, ""},
		{"chuyen-nganh", "bo-mau", "Cơ sở dữ liệu chuyên ngành", "Specialised database", "", "active", 300, 330, 8_455, 10_000, ""},
		{"khach-hang", "ngan-hang-mau", "Xác minh khách hàng", "Customer verification", "lgsp", "active", 210, 150, 5_000, 5_000, access.ConnectionVolume},
		{"cong-chung", "tinh-mau", "Phần mềm công chứng", "Notary software", "lgsp", "suspended", 210, 150, 31, 500, access.ConnectionSuspended},
		{"so-the", "bhxh-mau", "Quản lý thu và sổ, thẻ", "Contributions and cards", "", "active", -4, 45, 2_976, 10_000, access.AssessmentLapsed},
		{"lgsp", "tinh-mau", "Nền tảng tích hợp (LGSP)", "Integration platform (LGSP)", "", "active", 210, 150, 0, 10_000, ""},
		{"tuyen-sinh", "tinh-mau", "Tuyển sinh đầu cấp", "School enrolment", "", "draft", 0, 0, 0, 10_000, access.ConnectionNotActive},
	}
	var changes []access.Change
	add := func(kind access.ChangeKind, id string, doc any) {
		b, err := json.Marshal(doc)
		if err != nil {
			panic(err) // the data above is at fault
		}
		changes = append(changes, access.Change{Version: int64(len(changes) + 1), Kind: kind, ID: id, Doc: b})
	}
	type m = map[string]any
	for i, a := range agencies {
		add(access.ChangeAgency, a[0], m{"id": a[0], "code": a[1], "name": m{"vi": a[2], "en": a[3]}, "group": i%4 + 1})
	}
	for i, o := range ones {
		add(access.ChangeSystem, o.id, m{"id": o.id, "agency": o.agency, "name": m{"vi": o.vi, "en": o.en}, "level": 3, "intermediary": o.id == "lgsp"})
		c := m{
			"id": o.id, "system": o.id, "state": o.state, "limit": m{"calls": o.limit, "window": "day", "scope": "connection", "warnAt": 80},
			"rate": m{"perSecond": 50, "burst": 50}, "mismatches": 3, "grants": sampleGrants(i),
		}
		if o.via != "" {
			c["via"] = o.via
		}
		if o.state != "draft" {
			c["assessedFrom"], c["assessedUntil"] = day(o.assessed-365), day(o.assessed)
		}
		add(access.ChangeConnection, o.id, c)
		if o.stopped == access.ConnectionVolume {
			add(access.ChangeLock, o.id, access.Lock{By: access.LockedVolume, Since: at.Add(-97 * time.Minute)})
		}
	}
	dir, err := (*access.Directory)(nil).Apply(changes)
	if err != nil {
		panic(err)
	}
	var lines []line
	for _, o := range ones {
		s := Stand{Stopped: o.stopped}
		if o.certified > 0 {
			s.CertificateUntil = at.AddDate(0, 0, o.certified)
		}
		lines = append(lines, newLine(dir, dir.Connection(o.id), s, Used{Calls: o.calls, All: o.calls, Reset: access.Day.End(at)}))
	}
	return dir, lines
}

// sampleGrants are so many made-up grants, as JSON has them.
func sampleGrants(n int) []any {
	out := []any{}
	for i := range n % 5 {
		out = append(out, map[string]any{
			"id": fmt.Sprint("g", i), "service": "lookup", "procedures": []string{"1.900101.H98"}, "fields": []string{"fullName"},
			"keys": [][]string{{"pin"}}, "from": site.SampleTime.AddDate(-1, 0, 0), "until": site.SampleTime.AddDate(2, 0, 0),
		})
	}
	return out
}

// sampleHours are made-up calls by the hour of some days up to the sample's.
func sampleHours(days int, scale int64) (out []watch.Hour) {
	shape := [24]int64{4, 2, 1, 1, 2, 6, 40, 210, 640, 820, 790, 610, 240, 520, 780, 800, 690, 380, 120, 70, 44, 30, 18, 9}
	first := access.Day.Start(site.SampleTime).AddDate(0, 0, 1-days)
	for d := range days {
		for h, n := range shape {
			at := first.AddDate(0, 0, d).Add(time.Duration(h) * time.Hour)
			c := watch.Count{Answered: n * scale * int64(10+(d*3+h)%5) / 12 / 10, Refused: n * int64((d+h)%7) / 90}
			if day := at.Weekday(); day == time.Saturday || day == time.Sunday {
				c.Answered, c.Refused = c.Answered/20, c.Refused/20
			}
			if at.After(site.SampleTime) {
				c = watch.Count{}
			}
			c.Calls, c.People = c.Answered+c.Refused, c.Answered*9/10
			out = append(out, watch.Hour{From: at, Count: c})
		}
	}
	return out
}

func sampleCodes() []watch.Group {
	g := func(code access.Code, n int64) watch.Group {
		return watch.Group{Key: string(code), Count: watch.Count{Calls: n, Refused: n}}
	}
	answered := watch.Group{Count: watch.Count{Calls: 19_874, Answered: 19_874, People: 17_103}}
	return []watch.Group{answered, g(access.AssessmentLapsed, 1_208), g(access.ConnectionVolume, 214), g(access.GrantField, 37), g(access.PurposeMissing, 12), g(access.RequestInvalid, 3)}
}

func sampleMarks(connection string) []watch.Mark {
	at := site.SampleTime
	return []watch.Mark{
		{Index: 46_001, Time: at.Add(-97 * time.Minute), Connection: connection, Kind: "connection.locked"},
		{Index: 41_870, Time: at.Add(-22 * time.Hour), Connection: connection, Kind: "connection.unlocked"},
		{Index: 41_020, Time: at.Add(-23 * time.Hour), Connection: connection, Kind: "connection.locked"},
	}
}

func sampleHealth() Health {
	return Health{
		Node: "dancu-1", Ready: true, Size: 48_214, At: site.SampleTime.Add(-2 * time.Second), Checkpoint: 48_214, Covered: 48_214,
		Check: &Check{At: site.SampleTime.Add(-7 * time.Hour), Entries: 47_102, Kept: true}, Free: 412 << 30, Disk: 931 << 30, Room: RoomEnough,
	}
}

func sampleToday(mine onboarding.Duty) *today {
	t := &today{now: site.SampleTime, mine: mine, mayList: mine != "", health: sampleHealth(), codes: sampleCodes(), marks: sampleMarks("khach-hang")}
	t.dir, t.lines = sampleLines()
	t.hours, t.hasUsual = sampleHours(1, 4), true
	for i, h := range sampleHours(8, 4)[:24] {
		t.usual[i] = float64(h.Answered)
	}
	if mine != "" {
		t.tasks, t.tally = life.SampleTasks()
	}
	return t
}

func sampleOne() *one {
	at := site.SampleTime
	s := life.SampleConnection(onboarding.State(access.Active))
	caller := *s.Dir.System("mot-cua")
	caller.Credentials = []access.Credential{
		{SHA256: "3c7be53a0f0f5f8be1b2c44a79d5a38d4dd2a8a9c0a2a1b8a7e3b7a9d5c1e2f4", NotBefore: at.AddDate(-1, 0, 0), NotAfter: at.AddDate(0, 0, 12)},
		{SHA256: "9f2ae53a0f0f5f8be1b2c44a79d5a38d4dd2a8a9c0a2a1b8a7e3b7a9d5c1e2aa", NotBefore: at.AddDate(-2, 0, 0), NotAfter: at.AddDate(0, -1, 0)},
	}
	c := s.Connection
	c.Lock = access.Lock{By: access.LockedVolume, Since: at.Add(-97 * time.Minute)}
	tasks, _ := life.SampleTasks()
	s.Tasks = tasks.Tasks[:2]
	group := func(key string, answered, refused int64) watch.Group {
		return watch.Group{Key: key, Count: watch.Count{Calls: answered + refused, Answered: answered, Refused: refused, People: answered * 9 / 10}}
	}
	o := &one{
		now: at, days: defaultDays, sight: s, caller: &caller, hours: sampleHours(defaultDays, 14), marks: sampleMarks("mot-cua"),
		line: newLine(s.Dir, c, Stand{Stopped: access.ConnectionVolume, CertificateUntil: at.AddDate(0, 0, 12)}, Used{Calls: 10_000, All: 10_000, Reset: access.Day.End(at)}),
		by: map[watch.Dimension][]watch.Group{
			watch.ByProcedure: {group("1.900101.H98", 31_204, 311), group("1.900102.H98", 9_871, 20), group("", 0, 12)},
			watch.ByService:   {group("lookup", 29_300, 210), group("verify", 11_775, 133)},
			watch.ByCode:      sampleCodes(),
		},
		officers: map[string]int64{"": 42, "lookup": 42, "verify": 40, "search": 7, "household": 5},
	}
	kinds := []string{"call.lookup", "call.verify", "call.lookup", "connection.locked", "call.search"}
	for i := range 10 {
		e := ledger.Line{Index: int64(48_213 - 3*i), Time: at.Add(-time.Duration(i*i) * time.Minute), Kind: kinds[i%len(kinds)], Connection: c.ID}
		if i == 2 || i == 5 {
			e.Code = string(access.ConnectionVolume)
		}
		o.entries = append(o.entries, e)
	}
	return o
}

// sampleInspections are made-up inspections of the sample's month.
func sampleInspections() (out []planned) {
	for i, title := range []string{"Hệ thống một cửa điện tử", "Cơ sở dữ liệu chuyên ngành", "Quản lý thu và sổ, thẻ"} {
		from := site.SampleTime.AddDate(0, 0, 4*i-9)
		m := &onboarding.Matter{
			ID: fmt.Sprintf("01990a5e-6666-7000-8000-00000000000%d", i), Kind: onboarding.KindInspection, Agency: []string{"tinh-mau", "bo-mau", "bhxh-mau"}[i], Title: title,
			State: []onboarding.State{onboarding.Concluded, onboarding.Ongoing, onboarding.Planned}[i],
		}
		out = append(out, planned{m: m, from: access.DateOf(from), until: access.DateOf(from.AddDate(0, 0, 2))})
	}
	return out
}
