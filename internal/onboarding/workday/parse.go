package workday

import (
	_ "embed" // the shipped calendar
	"sync"
	"time"

	"dancu/internal/access"
	"dancu/internal/onboarding/strict"
)

//go:embed data/holidays.yaml
var shipped []byte

// Default returns the shipped calendar. Many of its days are estimates until
// an operator confirms them with a file of their own.
var Default = sync.OnceValue(func() *Calendar {
	c, err := Parse("data/holidays.yaml", shipped)
	if err != nil {
		panic(err) // a test reads it
	}
	return c
})

// With returns the calendar that has the years of other instead of its own
// where both know a year.
func (c *Calendar) With(other *Calendar) *Calendar {
	years := c.Years()
	for i, y := range years {
		if other.Known(y.Year) {
			years[i] = other.years[y.Year]
		}
	}
	for _, y := range other.Years() {
		if !c.Known(y.Year) {
			years = append(years, y)
		}
	}
	return build(years)
}

// build makes a calendar of years that were checked.
func build(years []Year) *Calendar {
	c := &Calendar{map[int]Year{}, map[access.Date]special{}}
	for _, y := range years {
		c.years[y.Year] = y
		for _, d := range y.Holidays {
			c.days[d.Date] = special{d, false}
		}
		for _, d := range y.WorkingDays {
			c.days[d.Date] = special{d, true}
		}
	}
	return c
}

const (
	maxYears = 200
	maxDays  = 100 // special days of a year
	maxName  = 200 // characters
)

// Parse reads a calendar file:
//
//	years:
//	  - year: 2026
//	    holidays:
//	      - {date: 2026-01-01, name: {vi: Tết Dương lịch, en: New Year}, law: 45/2019/QH14 Art. 112.1, confirmed: true}
//	    workingDays:
//	      - {date: 2026-01-10, name: {vi: …, en: …}, law: …, confirmed: false}
//
// Every day names its law and whether it is confirmed; a working day must be a
// Saturday or Sunday. The error (fault.Invalid) lists everything that is wrong
// with its line. Name is what messages call the file.
func Parse(name string, data []byte) (*Calendar, error) {
	p := &parser{Reader: strict.Reader{File: name}, years: map[int]bool{}, days: map[access.Date]bool{}}
	var years []Year
	if root, ok := p.Document(data); ok {
		p.Object(root, strict.Member{Name: "years", Need: true, Read: func(at strict.Place) {
			p.List(at, maxYears, func(at strict.Place) { years = append(years, p.year(at)) })
		}})
	}
	if err := p.Problems.Err(); err != nil {
		return nil, err
	}
	return build(years), nil
}

type parser struct {
	strict.Reader
	years map[int]bool
	days  map[access.Date]bool
}

func (p *parser) year(at strict.Place) (y Year) {
	p.Object(at,
		strict.Member{Name: "year", Need: true, Read: func(at strict.Place) {
			y.Year = p.Integer(at, 1990, 2199)
			if p.years[y.Year] && y.Year != 0 {
				p.Bad(at, "the year %d is there twice: put its days together", y.Year)
			}
			p.years[y.Year] = true
		}},
		strict.Member{Name: "holidays", Need: true, Read: func(at strict.Place) {
			p.List(at, maxDays, func(at strict.Place) { y.Holidays = append(y.Holidays, p.day(at, y.Year, false)) })
		}},
		strict.Member{Name: "workingDays", Read: func(at strict.Place) {
			p.List(at, maxDays, func(at strict.Place) { y.WorkingDays = append(y.WorkingDays, p.day(at, y.Year, true)) })
		}})
	return y
}

func (p *parser) day(at strict.Place, year int, working bool) (d Day) {
	p.Object(at,
		strict.Member{Name: "date", Need: true, Read: func(at strict.Place) {
			d.Date = p.Date(at)
			switch weekday := midnight(d.Date).Weekday(); {
			case d.Date == access.Date{}: // a problem already
			case d.Date.Year != year:
				p.Bad(at, "%s is not in %d: write year first, and the day under its own year", d.Date, year)
			case p.days[d.Date]:
				p.Bad(at, "%s is there twice: keep one", d.Date)
			case working && weekday != time.Saturday && weekday != time.Sunday:
				p.Bad(at, "%s is a %s, which is a working day anyway: name the Saturday or Sunday that is worked", d.Date, weekday)
			}
			p.days[d.Date] = true
		}},
		strict.Member{Name: "name", Need: true, Read: func(at strict.Place) { d.Name = p.Bilingual(at, maxName) }},
		strict.Member{Name: "law", Need: true, Read: func(at strict.Place) { d.Law, _ = p.Line(at, maxName) }},
		strict.Member{Name: "confirmed", Need: true, Read: func(at strict.Place) { d.Confirmed = p.Boolean(at) }})
	return d
}
