package workday

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"dancu/internal/access"
)

func at(t *testing.T, s string) time.Time {
	t.Helper()
	for _, form := range []string{"2006-01-02 15:04", time.DateOnly} {
		if v, err := time.ParseInLocation(form, s, access.Zone); err == nil {
			return v
		}
	}
	t.Fatalf("%q is not a time", s)
	return time.Time{}
}

// ends is how an end is written here: the last day, whose 24:00 it is.
func ends(v time.Time) string { return access.DateOf(v.Add(-time.Microsecond)).String() }

func TestAddRoundHolidays(t *testing.T) {
	for _, c := range []struct {
		name, from string
		n          int
		want       string // last day
	}{
		{"within a week", "2026-03-02 09:00", 3, "2026-03-05"},
		{"over a weekend", "2026-03-05 09:00", 3, "2026-03-10"},
		{"from a Saturday", "2026-03-07 10:00", 1, "2026-03-09"},
		{"the last minute of a day still is that day", "2026-03-02 23:59", 1, "2026-03-03"},
		{"the first minute is the next", "2026-03-03 00:00", 1, "2026-03-04"},
		{"no days is the day itself", "2026-03-02 09:00", 0, "2026-03-02"},
		{"received on the last day before Tết 2025", "2025-01-24 16:00", 1, "2025-02-03"},
		{"five days over Tết 2025", "2025-01-22 08:00", 5, "2025-02-05"},
		{"received within Tết 2025", "2025-01-29 08:00", 5, "2025-02-07"},
		{"five days over Tết 2026", "2026-02-12 08:00", 5, "2026-02-26"},
		{"received within Tết 2026", "2026-02-18 08:00", 3, "2026-02-25"},
		{"Tết 2027 falls on a weekend and is made up for", "2027-02-04 08:00", 1, "2027-02-12"},
		{"a Saturday that is worked counts", "2025-04-25 08:00", 1, "2025-04-26"},
		{"over the long weekend it was worked for", "2025-04-28 08:00", 2, "2025-05-05"},
		{"Hùng Kings on a Sunday gives the Monday", "2026-04-24 08:00", 1, "2026-04-28"},
		{"National Day 2026 with its exchange", "2026-08-28 08:00", 1, "2026-09-03"},
		{"from one year into the next", "2025-12-31 08:00", 1, "2026-01-05"},
		{"a year without data has weekends only", "2031-01-21 08:00", 5, "2031-01-28"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Default().Add(at(t, c.from), c.n); ends(got) != c.want {
				t.Errorf("%d working days after %s end on %s, want %s", c.n, c.from, ends(got), c.want)
			}
		})
	}
}

func TestBeforeRoundHolidays(t *testing.T) {
	for _, c := range []struct {
		name, at string
		n        int
		want     string
	}{
		{"seven working days before a stop in March", "2026-03-20 22:00", 7, "2026-03-11"},
		{"the stop's own day does not count", "2026-03-09 00:00", 1, "2026-03-06"},
		{"over Tết", "2026-02-24 01:00", 3, "2026-02-12"},
		{"none", "2026-03-20 22:00", 0, "2026-03-20"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Default().Before(at(t, c.at), c.n); !got.Equal(at(t, c.want)) {
				t.Errorf("%d working days before %s begin %v, want %s", c.n, c.at, got.In(access.Zone), c.want)
			}
		})
	}
}

func TestEndsAreAt24HoursInVietnam(t *testing.T) {
	got := Default().Add(at(t, "2026-03-02 09:00"), 1)
	want := time.Date(2026, 3, 3, 17, 0, 0, 0, time.UTC)
	if got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestBetween(t *testing.T) {
	for _, c := range []struct {
		from, to string
		want     int
	}{
		{"2026-03-02 09:00", "2026-03-02 23:00", 0},
		{"2026-03-02 09:00", "2026-03-03 23:59", 0},
		{"2026-03-02 09:00", "2026-03-04 00:00", 1},
		{"2026-02-13 09:00", "2026-02-23 12:00", 0},
		{"2026-02-13 09:00", "2026-02-25 00:00", 2},
		{"2026-03-04", "2026-03-02", 0},
	} {
		if got := Default().Between(at(t, c.from), at(t, c.to)); got != c.want {
			t.Errorf("between %s and %s: %d, want %d", c.from, c.to, got, c.want)
		}
	}
}

func TestWhatIsNotConfirmedIsAnEstimate(t *testing.T) {
	c, err := Parse("x", []byte(`
years:
  - {year: 2026, holidays: [{date: 2026-01-01, name: {vi: a, en: b}, law: x, confirmed: true}]}
  - {year: 2027, holidays: [{date: 2027-01-01, name: {vi: a, en: b}, law: x, confirmed: true}, {date: 2027-09-03, name: {vi: a, en: b}, law: x, confirmed: false}]}
`))
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range []struct {
		from, to string
		want     bool
	}{
		{"2026-01-01", "2026-12-31 23:59", false},
		{"2026-01-01", "2027-01-01", false}, // the end of 2026
		{"2026-12-31", "2027-01-01 00:01", true},
		{"2027-01-01", "2027-02-01", true},
		{"2027-01-05", "2026-06-01", true},
		{"2025-12-31", "2026-02-01", true},
		{"2030-01-01", "2030-02-01", true},
	} {
		if got := c.Estimated(at(t, k.from), at(t, k.to)); got != k.want {
			t.Errorf("from %s to %s estimated: %v, want %v", k.from, k.to, got, k.want)
		}
	}
	if !c.Known(2027) || c.Known(2028) || c.Confirmed(2027) || !c.Confirmed(2026) {
		t.Error("known or confirmed years are wrong")
	}
	var none *Calendar
	if none.Known(2026) || none.Working(access.Date{Year: 2026, Month: 3, Day: 1}) || !none.Working(access.Date{Year: 2026, Month: 1, Day: 1}) {
		t.Error("without data a calendar has weekends only")
	}
}

func TestAnOperatorsYearReplacesTheShippedOne(t *testing.T) {
	own, err := Parse("own", []byte(`years: [{year: 2026, holidays: [{date: 2026-11-24, name: {vi: a, en: b}, law: x, confirmed: true}]}, {year: 2028, holidays: [{date: 2028-01-03, name: {vi: a, en: b}, law: x, confirmed: true}]}]`))
	if err != nil {
		t.Fatal(err)
	}
	c := Default().With(own)
	for _, k := range []struct {
		day  access.Date
		want bool
	}{
		{access.Date{Year: 2026, Month: 11, Day: 24}, false},
		{access.Date{Year: 2026, Month: 2, Day: 17}, true}, // no longer a holiday
		{access.Date{Year: 2027, Month: 1, Day: 1}, false}, // still shipped
		{access.Date{Year: 2028, Month: 1, Day: 3}, false},
	} {
		if got := c.Working(k.day); got != k.want {
			t.Errorf("%s working: %v, want %v", k.day, got, k.want)
		}
	}
	if Default().Working(access.Date{Year: 2026, Month: 2, Day: 17}) {
		t.Error("the shipped calendar was changed")
	}
}

// moment draws a time from 2024 to 2029, so that known and unknown years and
// their borders are met.
func moment(t *rapid.T, label string) time.Time {
	return time.UnixMicro(rapid.Int64Range(1_704_000_000_000_000, 1_890_000_000_000_000).Draw(t, label)).UTC()
}

func TestAddLandsOnWorkingDays(t *testing.T) {
	c := Default()
	rapid.Check(t, func(t *rapid.T) {
		a, n := moment(t, "t"), rapid.IntRange(1, 60).Draw(t, "n")
		end := c.Add(a, n)
		if !c.Working(access.DateOf(end.Add(-time.Microsecond))) {
			t.Fatalf("%d days after %v end on a day off: %v", n, a, end)
		}
		if !c.Working(access.DateOf(c.Before(a, n))) {
			t.Fatalf("%d days before %v begin on a day off", n, a)
		}
		if got := c.Between(a, end); got != n {
			t.Fatalf("%d days after %v, and %d days between", n, a, got)
		}
		if c.Between(a, end.Add(-time.Microsecond)) != n-1 {
			t.Fatalf("the last day has passed before its end")
		}
	})
}

func TestAddIsMonotone(t *testing.T) {
	c := Default()
	rapid.Check(t, func(t *rapid.T) {
		a, b := moment(t, "a"), moment(t, "b")
		if b.Before(a) {
			a, b = b, a
		}
		n, m := rapid.IntRange(0, 40).Draw(t, "n"), rapid.IntRange(0, 10).Draw(t, "m")
		if c.Add(b, n).Before(c.Add(a, n)) {
			t.Fatalf("%d days after %v are over before those after %v", n, b, a)
		}
		if c.Before(b, n).Before(c.Before(a, n)) {
			t.Fatalf("%d days before %v begin before those before %v", n, b, a)
		}
		if m > 0 && !c.Add(a, n+m).After(c.Add(a, n)) {
			t.Fatalf("%d days after %v are not longer than %d", n+m, a, n)
		}
		// In steps: a term from the last moment of a term.
		if n > 0 && !c.Add(c.Add(a, n).Add(-time.Microsecond), m).Equal(c.Add(a, n+m)) {
			t.Fatalf("%d days and %d more after %v are not %d", n, m, a, n+m)
		}
	})
}

// A notice is in time if and only if it is given before Before: exactly then
// its n working days are over when the day begins.
func TestBeforeIsTheInverse(t *testing.T) {
	c := Default()
	rapid.Check(t, func(t *rapid.T) {
		given, n := moment(t, "given"), rapid.IntRange(1, 30).Draw(t, "n")
		stop := given.Add(time.Duration(rapid.Int64Range(0, int64(60*24*time.Hour)).Draw(t, "until")))
		inTime := given.Before(c.Before(stop, n))
		over := !c.Add(given, n).After(midnight(access.DateOf(stop)))
		if inTime != over {
			t.Fatalf("given %v, stop %v, %d days: in time %v, over %v", given, stop, n, inTime, over)
		}
		if end := c.Add(given, n); !given.Before(c.Before(end, n)) {
			t.Fatalf("what is given at %v is not %d days before %v", given, n, end)
		}
	})
}
