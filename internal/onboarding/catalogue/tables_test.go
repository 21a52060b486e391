package catalogue

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"dancu/internal/access"
	"dancu/internal/fault"
	"dancu/internal/onboarding/workday"
)

func moment(t *testing.T, s string) time.Time {
	t.Helper()
	v, err := time.ParseInLocation("2006-01-02 15:04", s, access.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestClocksAreTheLaws(t *testing.T) {
	on := date(t, "2026-11-01")
	for id, want := range map[string]string{
		ClockApplicationDecision: "5 working-day verified", ClockSuspensionNotice: "1 day verified",
		ClockMaintenanceNotice: "-7 working-day verified", ClockBreachNotice: "72 hour verified", ClockUseReport: "10 working-day unverified",
		ClockReminderFirst: "-60 day proposal", ClockReminderSecond: "-30 day proposal", ClockReminderLast: "-7 day proposal",
		ClockAssessmentTerm: "1 year proposal", ClockCertificateAge: "1 year verified", ClockEIDAppraisal: "30 day verified",
		ClockSupportAnswer: "7 working-day verified", ClockInspectionResult: "30 day unverified", ClockInspectionComments: "5 day unverified",
		ClockInspectionPlanSent: "10 day unverified", ClockInspectionPlanAhead: "-10 day unverified", ClockBreachFile: "5 year secondary",
	} {
		k, err := Default().Clock(id, on)
		if err != nil {
			t.Error(err)
			continue
		}
		n := k.Number
		if k.Before {
			n = -n
		}
		got := fmt.Sprintf("%d %s %s", n, k.Unit, k.Mark)
		if got != want {
			t.Errorf("%s is %q, want %q", id, got, want)
		}
	}
	all := Default().Clocks(on)
	for _, id := range needed {
		if !slices.ContainsFunc(all, func(k Clock) bool { return k.ID == id }) {
			t.Errorf("there is no clock %s", id)
		}
	}
	if len(all) != len(needed) {
		t.Errorf("%d clocks are shipped, the program asks for %d", len(all), len(needed))
	}
	if _, err := Default().Clock("lunch", on); !fault.Is(err, fault.NotFound) {
		t.Errorf("an unknown clock: %v", err)
	}
}

func TestAClocksMoment(t *testing.T) {
	for _, c := range []struct {
		number int
		unit   Unit
		before bool
		at     string
		want   string
	}{
		{72, Hours, false, "2026-03-06 09:30", "2026-03-09 09:30"},
		{2, Hours, true, "2026-03-06 01:30", "2026-03-05 23:30"},
		{1, Days, false, "2026-03-06 09:30", "2026-03-08 00:00"}, // the end of the 7th
		{60, Days, true, "2026-03-31 23:59", "2026-01-30 00:00"},
		{5, WorkingDays, false, "2026-02-12 09:30", "2026-02-27 00:00"}, // over Tết
		{7, WorkingDays, true, "2026-03-20 22:00", "2026-03-11 00:00"},
		{1, Months, false, "2026-01-31 10:00", "2026-03-01 00:00"}, // the end of 28 February
		{1, Months, true, "2026-03-31 10:00", "2026-02-28 00:00"},
		{1, Years, false, "2024-02-29 10:00", "2025-03-01 00:00"},
		{1, Years, false, "2026-07-01 00:00", "2027-07-02 00:00"},
		{2, Years, true, "2026-07-01 12:00", "2024-07-01 00:00"},
	} {
		k := Clock{Number: c.number, Unit: c.unit, Before: c.before}
		got := k.At(workday.Default(), moment(t, c.at))
		if !got.Equal(moment(t, c.want)) || got.Location() != time.UTC {
			t.Errorf("%d %s (before %v) for %s: %v, want %s", c.number, c.unit, c.before, c.at, got.In(access.Zone), c.want)
		}
	}
	if now := moment(t, "2026-02-12 09:30"); !(Clock{Number: 1, Unit: "moon"}).At(workday.Default(), now).Equal(now) {
		t.Error("a unit that is none moves time")
	}
	for _, u := range []Unit{Hours, Days, WorkingDays, Months, Years} {
		if x := u.Text(); x.VI == "" || x.EN == "" {
			t.Errorf("%s has no words", u)
		}
	}
	d := Deadlines{Default(), workday.Default()}
	if got := d.Deadline(moment(t, "2026-02-12 09:30"), ClockApplicationDecision); !got.Equal(moment(t, "2026-02-27 00:00")) {
		t.Errorf("a decision is due %v", got)
	}
	if got := d.Deadline(moment(t, "2026-02-12 09:30"), "lunch"); !got.IsZero() {
		t.Errorf("an unknown clock is due %v", got)
	}
}

func TestChangeRules(t *testing.T) {
	on := date(t, "2026-11-01")
	rules := Default().ChangeRules(on)
	if len(rules) != len(ChangeKinds) {
		t.Errorf("%d rules for %d kinds", len(rules), len(ChangeKinds))
	}
	for _, k := range ChangeKinds {
		r, err := Default().ChangeRule(k, on)
		if err != nil {
			t.Error(err)
			continue
		}
		if r.Clock != "" {
			if _, err := Default().Clock(r.Clock, on); err != nil {
				t.Error(err)
			}
		}
		// Circular 46/2022/TT-BCA Art. 6.2: what changes the design is checked again.
		design := slices.Contains([]ChangeKind{ChangeSystem, ChangeApplication, ChangeSource, ChangeFunction}, k)
		if design && (!r.Reassess || r.Consequence == Keep) {
			t.Errorf("a change of %s is not checked again", k)
		}
	}
	if _, err := Default().ChangeRule("weather", on); !fault.Is(err, fault.NotFound) {
		t.Errorf("a change without a rule: %v", err)
	}
}

func TestAuthority(t *testing.T) {
	for _, c := range []struct{ body, on, want string }{
		{"central", "2022-01-01", "npd-head"},
		{"central", "2026-01-01", "id-agency-head"},
		{"credit", "2022-01-01", "npd-head"},
		{"credit", "2026-01-01", "id-agency-head"},
		{"notary", "2022-01-01", "provincial-director"},
		{"provincial", "2026-01-01", "provincial-director"},
		{"district", "2022-01-01", "district-chief"},
		{"district", "2025-06-30", "district-chief"},
		{"district", "2025-07-01", ""},
		{"commune", "2025-06-30", "district-chief"},
		{"commune", "2025-07-01", "provincial-director"},
		{"individual", "2026-01-01", "commune-chief"},
		{"payment", "2022-01-01", ""},
		{"payment", "2024-07-01", "id-agency-head"},
		{"nobody", "2026-01-01", ""},
		{"central", "2019-01-01", ""},
	} {
		got := ""
		for _, r := range Default().Authorities(c.body, date(t, c.on)) {
			got += r.Authority
		}
		if got != c.want {
			t.Errorf("%s on %s is permitted by %q, want %q", c.body, c.on, got, c.want)
		}
	}
	for _, on := range []string{"2022-01-01", "2025-01-01", "2026-01-01"} {
		for _, b := range Default().Bodies(date(t, on)) {
			if len(Default().Authorities(b.ID, date(t, on))) == 0 {
				t.Errorf("nobody permits %s on %s", b.ID, on)
			}
			if len(Default().Channels(b.Group, date(t, on))) == 0 {
				t.Errorf("group %d has no channel on %s", b.Group, on)
			}
		}
	}
	has := func(on string) bool {
		return slices.ContainsFunc(Default().Bodies(date(t, on)), func(b Body) bool { return b.ID == "district" })
	}
	if !has("2025-06-30") || has("2025-07-01") {
		t.Error("the district level did not end in 2025")
	}
	// Only the first group connects its databases (Law 26/2023/QH15 Art. 10.5.a).
	for g := access.GroupState; g <= access.GroupAllOthers; g++ {
		connects := slices.ContainsFunc(Default().Channels(g, date(t, "2026-01-01")), func(c Channel) bool { return c.ID == "connection" })
		if connects != (g == access.GroupState) {
			t.Errorf("group %d connects: %v", g, connects)
		}
	}
}

func TestExcess(t *testing.T) {
	ps := Default().Procedures(date(t, "2026-11-01"))
	f := access.FieldsOf
	for _, c := range []struct {
		name  string
		codes []string
		asked access.FieldSet
		want  access.FieldSet
	}{
		{"within one", []string{"1.900501"}, f(access.FullName, access.PIN), 0},
		{"beyond one", []string{"1.900501"}, f(access.FullName, access.Religion, access.BloodGroup), f(access.Religion, access.BloodGroup)},
		{"each from one of two", []string{"1.900501", "2.900402.H97"}, f(access.DateOfBirth, access.PermanentResidence), 0},
		{"unknown justifies nothing", []string{"1.900999"}, f(access.FullName), f(access.FullName)},
		{"no source says what it needs", []string{"1.010100"}, f(access.FullName), f(access.FullName)},
		{"the bare number stands for every agency", []string{"1.900301.H98"}, f(access.FullName, access.Contact), f(access.Contact)},
		{"an agency's code does not stand for another's", []string{"2.900402.H98"}, f(access.FullName), f(access.FullName)},
		{"no procedure", nil, access.AllFields, access.AllFields},
	} {
		if got := ps.Excess(c.codes, c.asked); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got.Names(), c.want.Names())
		}
	}
	if got := ps.Unknown([]string{"1.900501", "1.900999", "1.010100.H13", "x"}); !slices.Equal(got, []string{"1.900999", "x"}) {
		t.Errorf("unknown: %v", got)
	}
	if got := ps.ExcessServices([]string{"2.900402.H97"}, []access.Service{access.Lookup, access.Search}); !slices.Equal(got, []access.Service{access.Search}) {
		t.Errorf("services beyond: %v", got)
	}
}

func TestGroundsAndTracks(t *testing.T) {
	on := date(t, "2026-11-01")
	for use, least := range map[Use]int{ForTermination: 5, ForSuspension: 5, ForRefusal: 5} {
		if got := Default().Grounds(use, on); len(got) < least {
			t.Errorf("%d grounds of %s", len(got), use)
		}
	}
	for _, g := range Default().Grounds(ForRefusal, on) {
		if g.Mark != Proposal {
			t.Errorf("%s is marked %s: the law lists no grounds of refusal", g.ID, g.Mark)
		}
	}
	for kind, want := range map[AssessmentKind][]string{
		Initial:     {TrackOrdinary, TrackDefence, TrackEIDPlatform},
		AfterChange: {TrackOrdinary, TrackDefence},
		Periodic:    {TrackOrdinary, TrackDefence, TrackMonitoringShared, TrackRecentCertificate},
		Unscheduled: {TrackOrdinary, TrackDefence},
	} {
		var got []string
		for _, x := range Default().Tracks(kind, on) {
			got = append(got, x.ID)
			if x.Exempt && x.Clock == "" {
				t.Errorf("the exemption %s has no end", x.ID)
			}
			if x.Defence != (x.ID == TrackDefence) {
				t.Errorf("%s is for the Ministry of Defence: %v", x.ID, x.Defence)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("tracks for %s: %v, want %v", kind, got, want)
		}
	}
}

func TestCite(t *testing.T) {
	for l, want := range map[Law]access.Text{
		"46/2022/TT-BCA Art. 6.2.đ":         {VI: "Thông tư 46/2022/TT-BCA Điều 6 khoản 2 điểm đ", EN: "Circular 46/2022/TT-BCA Art. 6.2.đ"},
		"47/2020/NĐ-CP Art. 43.5":           {VI: "Nghị định 47/2020/NĐ-CP Điều 43 khoản 5", EN: "Decree 47/2020/NĐ-CP Art. 43.5"},
		"QCVN 12:2026/BCA sec. 3.9.2.1.8":   {VI: "QCVN 12:2026/BCA mục 3.9.2.1.8", EN: "QCVN 12:2026/BCA section 3.9.2.1.8"},
		"331/2026/NĐ-CP":                    {VI: "Nghị định 331/2026/NĐ-CP", EN: "Decree 331/2026/NĐ-CP"},
		"1/2099/QH99 Art. 3":                {VI: "1/2099/QH99 Điều 3", EN: "1/2099/QH99 Art. 3"},
		"46/2022/TT-BCA, what is not a law": {VI: "46/2022/TT-BCA, what is not a law", EN: "46/2022/TT-BCA, what is not a law"},
	} {
		if got := Default().Cite(l); got != want {
			t.Errorf("%s: %+v, want %+v", l, got, want)
		}
	}
	for _, m := range []Mark{Verified, Secondary, Unverified, Proposal} {
		if x := m.Text(); x.VI == "" || x.EN == "" {
			t.Errorf("%s has no words", m)
		}
	}
}
