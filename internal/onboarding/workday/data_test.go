package workday

import (
	"math"
	"strings"
	"testing"
	"time"

	"dancu/internal/access"
	"dancu/internal/fault"
)

// The fixed days of Labour Code Art. 112.1 and the lunar ones, computed.
func TestTheLawsHolidaysAreOff(t *testing.T) {
	c := Default()
	for _, year := range []int{2025, 2026, 2027} {
		if !c.Known(year) {
			t.Errorf("there are no data for %d", year)
			continue
		}
		tet := lunar(year, 1, 1)
		off := []access.Date{
			{Year: year, Month: 1, Day: 1},
			{Year: year, Month: 4, Day: 30},
			{Year: year, Month: 5, Day: 1},
			{Year: year, Month: 9, Day: 2},
			tet, next(tet, -1), next(tet, 1), next(tet, 2), lunar(year, 3, 10),
		}
		for _, d := range off {
			if day, working, ok := c.Special(d); !ok || working || day.Name.VI == "" || day.Name.EN == "" {
				t.Errorf("%s is not a holiday", d)
			}
		}
		lunarDays, national := 0, 0
		for _, h := range c.years[year].Holidays {
			if strings.HasPrefix(h.Name.VI, "Tết Âm lịch") {
				lunarDays++
			}
			if strings.HasPrefix(h.Name.VI, "Quốc khánh") {
				national++
			}
		}
		if lunarDays != 5 || national != 2 {
			t.Errorf("%d has %d days of the lunar new year and %d of National Day, want 5 and 2", year, lunarDays, national)
		}
	}
}

// Days set by a yearly decision are never shipped as confirmed, and an
// exchange has two sides.
func TestNoDecisionIsInvented(t *testing.T) {
	for _, y := range Default().Years() {
		exchanged := 0
		for _, h := range y.Holidays {
			byDecision := strings.Contains(h.Name.VI, "hoán đổi") || strings.Contains(h.Name.VI, "liền kề") ||
				strings.HasPrefix(h.Name.VI, "Tết Âm lịch") && h.Date != lunar(y.Year, 1, 1)
			if byDecision == h.Confirmed && !strings.HasPrefix(h.Name.VI, "Nghỉ bù") {
				t.Errorf("%s (%s): confirmed %v", h.Date, h.Name.VI, h.Confirmed)
			}
			if strings.Contains(h.Name.VI, "hoán đổi") {
				exchanged++
			}
		}
		for _, d := range y.WorkingDays {
			if d.Confirmed {
				t.Errorf("%s is confirmed", d.Date)
			}
		}
		if exchanged != len(y.WorkingDays) {
			t.Errorf("%d: %d days off in exchange for %d", y.Year, exchanged, len(y.WorkingDays))
		}
		if Default().Confirmed(y.Year) {
			t.Errorf("the year %d is confirmed", y.Year)
		}
	}
}

// A holiday on a weekend is made up for by a day off (Art. 111.3).
func TestHolidaysOnWeekendsAreMadeUpFor(t *testing.T) {
	for _, y := range Default().Years() {
		lost, inLieu := 0, 0
		for _, h := range y.Holidays {
			weekend := midnight(h.Date).Weekday() == time.Saturday || midnight(h.Date).Weekday() == time.Sunday
			switch {
			case strings.HasPrefix(h.Name.VI, "Nghỉ bù"):
				inLieu++
				if weekend {
					t.Errorf("%s makes up for a day off with a day off", h.Date)
				}
			case weekend:
				lost++
			}
		}
		if lost != inLieu {
			t.Errorf("%d: %d holidays on weekends, %d days in lieu", y.Year, lost, inLieu)
		}
	}
}

func TestTheFileSaysItsSources(t *testing.T) {
	head, _, _ := strings.Cut(string(shipped), "years:")
	for _, want := range []string{"45/2019/QH14", "not verified", "confirmed: false"} {
		if !strings.Contains(head, want) {
			t.Errorf("the header does not have %q", want)
		}
	}
}

func TestWhatIsWrongIsToldWithItsLine(t *testing.T) {
	day := func(members string) string {
		return "years:\n  - year: 2026\n    holidays:\n      - {" + members + "}\n"
	}
	for _, c := range []struct{ name, file, want string }{
		{"no YAML", "years: [", "is not YAML"},
		{"empty", "", "the file is empty"},
		{"no years", "holidays: []", `line 1: unknown key "holidays"`},
		{"no list", "years: 3", "line 1: years: this must be a list"},
		{"no date", day("name: {vi: a, en: b}, law: x, confirmed: true"), "line 4: years[0].holidays[0]: date is missing"},
		{"no English", day("date: 2026-01-01, name: {vi: a}, law: x, confirmed: true"), "name: en is missing"},
		{"no mark", day("date: 2026-01-01, name: {vi: a, en: b}, law: x"), "confirmed is missing"},
		{"impossible day", day("date: 2026-02-30, name: {vi: a, en: b}, law: x, confirmed: true"), `"2026-02-30" is not a day`},
		{"another year's", day("date: 2027-01-01, name: {vi: a, en: b}, law: x, confirmed: true"), "2027-01-01 is not in 2026"},
		{"working Monday", "years:\n  - {year: 2026, holidays: [{date: 2026-01-01, name: {vi: a, en: b}, law: x, confirmed: true}], workingDays: [{date: 2026-01-05, name: {vi: a, en: b}, law: x, confirmed: true}]}", "is a Monday"},
		{"twice", "years:\n  - {year: 2026, holidays: [{date: 2026-01-03, name: {vi: a, en: b}, law: x, confirmed: true}], workingDays: [{date: 2026-01-03, name: {vi: a, en: b}, law: x, confirmed: true}]}", "is there twice"},
		{"same year twice", "years:\n  - {year: 2026, holidays: [{date: 2026-01-03, name: {vi: a, en: b}, law: x, confirmed: true}]}\n  - {year: 2026, holidays: [{date: 2026-01-04, name: {vi: a, en: b}, law: x, confirmed: true}]}", "line 3: years[1].year: the year 2026 is there twice"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Parse("f.yaml", []byte(c.file))
			if got != nil || !fault.Is(err, fault.Invalid) || !strings.Contains(fault.Text(err), c.want) || !strings.Contains(fault.Text(err), "f.yaml") {
				t.Errorf("got %v, %v; want %q", got, err, c.want)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add(shipped)
	f.Add([]byte("years:\n  - {year: 2026, holidays: [{date: 2026-01-01, name: {vi: a, en: b}, law: x, confirmed: true}]}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := Parse("f", data)
		if (c == nil) == (err == nil) {
			t.Fatal("neither a calendar nor an error, or both")
		}
		if err != nil {
			if fault.Text(err) == "" {
				t.Fatalf("an error without a text: %v", err)
			}
			return
		}
		for _, y := range c.Years() {
			start := time.Date(y.Year, 1, 1, 0, 0, 0, 0, access.Zone)
			if end := c.Add(start, 300); c.Between(start, end) != 300 {
				t.Fatal("a count does not come out")
			}
		}
	})
}

// lunar returns the day of the Vietnamese lunar calendar (computed for UTC+7)
// for the lunar year that begins in year, for months before any leap month of
// 2025 to 2027 (2025 has one after its sixth).
func lunar(year, month, day int) access.Date {
	// The eleventh month holds the winter solstice, which is on 21 or 22
	// December; the first month is two new moons later. (No leap month lies
	// between in these years.)
	k := int(math.Floor((float64(year)-2000)*12.3685)) - 3
	solstice := time.Date(year-1, 12, 21, 23, 0, 0, 0, access.Zone)
	for newMoon(k + 1).Before(solstice) {
		k++
	}
	return next(access.DateOf(newMoon(k+1+month)), day-1)
}

// newMoon is the time of the k-th new moon since that of 6 January 2000, to
// about a minute (J. Meeus, Astronomical Algorithms, chapter 49; the greater
// terms).
func newMoon(k int) time.Time {
	n := float64(k)
	c := n / 1236.85
	rad := func(deg float64) float64 { return deg * math.Pi / 180 }
	jde := 2451550.09766 + 29.530588861*n + 0.00015437*c*c
	e := 1 - 0.002516*c
	m := rad(2.5534 + 29.10535670*n)
	mm := rad(201.5643 + 385.81693528*n + 0.0107582*c*c)
	f := rad(160.7108 + 390.67050284*n - 0.0016118*c*c)
	o := rad(124.7746 - 1.56375588*n)
	jde += -0.40720*math.Sin(mm) + 0.17241*e*math.Sin(m) + 0.01608*math.Sin(2*mm) + 0.01039*math.Sin(2*f) +
		0.00739*e*math.Sin(mm-m) - 0.00514*e*math.Sin(mm+m) + 0.00208*e*e*math.Sin(2*m) -
		0.00111*math.Sin(mm-2*f) - 0.00057*math.Sin(mm+2*f) + 0.00056*e*math.Sin(2*mm+m) -
		0.00042*math.Sin(3*mm) + 0.00042*e*math.Sin(m+2*f) + 0.00038*e*math.Sin(m-2*f) -
		0.00024*e*math.Sin(2*mm-m) - 0.00017*math.Sin(o)
	const deltaT = 70 // seconds between dynamical and universal time in these years
	unix := (jde-2440587.5)*86400 - deltaT
	return time.Unix(int64(unix), 0)
}

func TestTheLunarDaysAreComputedRight(t *testing.T) {
	for year, want := range map[int]string{2024: "2024-02-10", 2025: "2025-01-29", 2026: "2026-02-17", 2027: "2027-02-06"} {
		if got := lunar(year, 1, 1).String(); got != want {
			t.Errorf("the lunar year of %d begins on %s, want %s", year, got, want)
		}
	}
}
