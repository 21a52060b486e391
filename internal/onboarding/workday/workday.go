// Package workday counts working days: Mondays to Fridays without the public
// holidays, and the Saturdays and Sundays that are worked in exchange for one.
//
// Days are civil days in [access.Zone]. The day something happens on does not
// count, and a term ends with its last day, at 24:00: the laws that give terms
// in working days do not say that they end with office hours, and the later
// end harms nobody who has to keep one. Nothing here reads a clock. See
// TestAddLandsOnWorkingDays and TestBeforeIsTheInverse.
//
// Holidays are data (data/holidays.yaml, or an operator's file): which days of
// Tết are off, and what is exchanged, is decided anew every year. For a year
// without data, or with days nobody has confirmed, a count is an estimate, and
// [Calendar.Estimated] says so.
package workday

import (
	"slices"
	"time"

	"dancu/internal/access"
)

// Day is a day that is not what its day of the week says.
type Day struct {
	Date access.Date
	Name access.Text
	// Law is why it is one, like "45/2019/QH14 Art. 112.1".
	Law string
	// Confirmed is false where the law leaves the day to a decision that nobody
	// has compared with this calendar yet.
	Confirmed bool
}

// Year is the data of one year.
type Year struct {
	Year        int
	Holidays    []Day // off, though a Monday to Friday; on a weekend they tell a name only
	WorkingDays []Day // Saturdays and Sundays that are worked
}

// Calendar tells working days from others. It is never changed; the nil
// Calendar has no data for any year.
type Calendar struct {
	years map[int]Year
	days  map[access.Date]special
}

type special struct {
	Day
	working bool
}

// Working reports whether d is a working day.
func (c *Calendar) Working(d access.Date) bool {
	if c != nil {
		if s, ok := c.days[d]; ok {
			return s.working
		}
	}
	switch midnight(d).Weekday() {
	case time.Saturday, time.Sunday:
		return false
	}
	return true
}

// Special returns what the calendar's data say of d; ok is false for a day
// that is what its day of the week says.
func (c *Calendar) Special(d access.Date) (day Day, working, ok bool) {
	if c == nil {
		return Day{}, false, false
	}
	s, ok := c.days[d]
	return s.Day, s.working, ok
}

// Add returns the end of the n-th working day after the day t lies in: the
// first moment that is too late. With n below 1 it is the end of the day t
// lies in.
func (c *Calendar) Add(t time.Time, n int) time.Time {
	d := access.DateOf(t)
	for n > 0 {
		d = next(d, 1)
		if c.Working(d) {
			n--
		}
	}
	return midnight(next(d, 1)).UTC()
}

// Before returns the start of the n-th working day before the day t lies in.
// What is done before that moment is done n whole working days ahead of t's
// day. With n below 1 it is the start of the day t lies in.
func (c *Calendar) Before(t time.Time, n int) time.Time {
	d := access.DateOf(t)
	for n > 0 {
		d = next(d, -1)
		if c.Working(d) {
			n--
		}
	}
	return midnight(d).UTC()
}

// Between returns how many working days have passed from one moment to
// another: the largest n for which Add(from, n) is not after to, and 0 if to
// is not after from. How late something is that was due at d is
// Between(d.Add(-time.Microsecond), now), because d is the end of its day.
func (c *Calendar) Between(from, to time.Time) (n int) {
	last := access.DateOf(to) // the first day that has not passed
	for d := next(access.DateOf(from), 1); last.After(d); d = next(d, 1) {
		if c.Working(d) {
			n++
		}
	}
	return n
}

// Known reports whether there are data for a year. Without them Mondays to
// Fridays are working days.
func (c *Calendar) Known(year int) bool {
	if c == nil {
		return false
	}
	_, ok := c.years[year]
	return ok
}

// Confirmed reports whether there are data for a year and all of its days are
// confirmed.
func (c *Calendar) Confirmed(year int) bool {
	if !c.Known(year) {
		return false
	}
	y := c.years[year]
	open := func(d Day) bool { return !d.Confirmed }
	return !slices.ContainsFunc(y.Holidays, open) && !slices.ContainsFunc(y.WorkingDays, open)
}

// Estimated reports whether a count from one moment to another, in either
// order, goes through a year that is not [Calendar.Confirmed], so that a page
// must say that the date may move.
func (c *Calendar) Estimated(a, b time.Time) bool {
	if b.Before(a) {
		a, b = b, a
	}
	// An end at 24:00 is in the day before.
	for y := access.DateOf(a).Year; y <= access.DateOf(b.Add(-time.Microsecond)).Year; y++ {
		if !c.Confirmed(y) {
			return true
		}
	}
	return false
}

// Years returns the years there are data for, in order.
func (c *Calendar) Years() []Year {
	if c == nil {
		return nil
	}
	out := make([]Year, 0, len(c.years))
	for _, y := range c.years {
		out = append(out, y)
	}
	slices.SortFunc(out, func(a, b Year) int { return a.Year - b.Year })
	return out
}

// midnight is the first moment of a day.
func midnight(d access.Date) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, access.Zone)
}

// next is the day n days later.
func next(d access.Date, n int) access.Date {
	return access.DateOf(midnight(access.Date{Year: d.Year, Month: d.Month, Day: d.Day + n}))
}
