package watch

import (
	"cmp"
	"context"
	"slices"
	"time"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/fault"
)

// Scope says whose calls are meant: those that have all of it. The zero Scope
// is all calls.
type Scope struct {
	Connection string // id
	Agency     string // code, as it stands in entries
	Procedure  string // code
	// Officer is the code in the agency's books, as it stands in entries, of
	// calls through dancu's own console; it is told apart from other agencies'
	// only together with Agency.
	Officer string
}

// sums says which sums by hour hold a scope, if any do.
func (s *Scope) sums() (scope, name string, ok bool) {
	switch *s {
	case Scope{}:
		return scopeAll, "", true
	case Scope{Connection: s.Connection}:
		return scopeConnection, s.Connection, true
	case Scope{Agency: s.Agency}:
		return scopeAgency, s.Agency, true
	case Scope{Procedure: s.Procedure}:
		return scopeProcedure, s.Procedure, true
	}
	return "", "", false
}

// Count is what was asked and given. Calls are answered or refused; an answer
// that nobody was found is an answer.
type Count struct{ Calls, Answered, Refused, People int64 }

func (c *Count) add(n Count) {
	c.Calls += n.Calls
	c.Answered += n.Answered
	c.Refused += n.Refused
	c.People += n.People
}

// Hour is the count of one hour.
type Hour struct {
	From time.Time // its start
	Count
}

// Group is the count of one value of a dimension.
type Group struct {
	Key string // the value; "" of calls that have none, and by code of calls answered
	Count
}

// Dimension is what calls are told apart by.
type Dimension string

// The dimensions.
const (
	ByConnection Dimension = "connection"
	ByAgency     Dimension = "agency"
	BySystem     Dimension = "system" // the represented one
	ByProcedure  Dimension = "procedure"
	ByService    Dimension = "service"
	ByChannel    Dimension = "channel"
	ByCode       Dimension = "code"
	ByOfficer    Dimension = "officer" // code, of calls through dancu's own console
)

var dimensions = []Dimension{ByConnection, ByAgency, BySystem, ByProcedure, ByService, ByChannel, ByCode, ByOfficer}

// maxHours bounds what Hours returns.
const maxHours = 400 * 24

// Hours returns every hour that begins from from up to but not including until,
// also those without a call; at most 400 days of them.
func (u *Usage) Hours(ctx context.Context, s Scope, from, until time.Time) ([]Hour, error) {
	first, end := hourUp(from), hourUp(until)
	n := int(end.Sub(first) / time.Hour)
	if n > maxHours {
		return nil, fault.New(fault.Invalid, "at most %d days are shown by hour: ask for fewer", maxHours/24)
	}
	if n <= 0 {
		return nil, nil
	}
	out := make([]Hour, n)
	for i := range out {
		out[i].From = first.Add(time.Duration(i) * time.Hour)
	}
	err := readHours(ctx, u.cfg.Derived, s, db.Micros(first), db.Micros(end), func(hour int64, c Count) {
		out[db.Time(hour).Sub(first)/time.Hour].Count = c
	})
	return out, err
}

// hourUp returns the first full hour that is not before t.
func hourUp(t time.Time) time.Time {
	h := t.Truncate(time.Hour)
	if h.Before(t) {
		h = h.Add(time.Hour)
	}
	return h
}

// By returns the counts of the hours that begin from from up to but not
// including until, by one dimension, those with most calls first. Values without
// a call are left out. Days in [access.Zone] that are wholly meant are read as
// such: a year costs some 365 rows of what is told apart.
func (u *Usage) By(ctx context.Context, d Dimension, s Scope, from, until time.Time) ([]Group, error) {
	if !slices.Contains(dimensions, d) {
		return nil, fault.New(fault.Invalid, "calls are not told apart by %q", string(d))
	}
	from, until = hourUp(from), hourUp(until)
	if !from.Before(until) {
		return nil, nil
	}
	dayFrom := access.Day.Start(from)
	if dayFrom.Before(from) {
		dayFrom = access.Day.End(from)
	}
	dayUntil := access.Day.Start(until)
	if !dayFrom.Before(dayUntil) { // no whole day
		dayFrom, dayUntil = until, until
	}
	groups, err := readGroups(ctx, u.cfg.Derived, string(d), s, db.Micros(from), db.Micros(dayFrom), db.Micros(dayUntil), db.Micros(until))
	slices.SortFunc(groups, func(a, b Group) int { return cmp.Or(cmp.Compare(b.Calls, a.Calls), cmp.Compare(a.Key, b.Key)) })
	return groups, err
}

// usualWeeks is how many weeks back Usual looks.
const usualWeeks = 8

// Usual returns how many calls each hour of a day usually has: the median of
// the same weekday's hours in the eight weeks before, working days and days off
// apart. Days before the scope's first call are left out; ok is false when no
// day is left to compare with.
func (u *Usage) Usual(ctx context.Context, s Scope, day time.Time) (hours [24]float64, ok bool, err error) {
	end := access.Day.Start(day)
	begin := end.AddDate(0, 0, -7*usualWeeks)
	all, err := u.Hours(ctx, s, begin, end)
	if err != nil {
		return hours, false, err
	}
	first := firstWithCalls(all)
	if scope, name, has := s.sums(); has {
		at, err := firstHour(ctx, u.cfg.Derived, scope, name)
		if err != nil {
			return hours, false, err
		}
		if at != 0 && db.Time(at).Before(begin) {
			first = begin
		}
	}
	if first.IsZero() {
		return hours, false, nil
	}
	var by [24][]int64
	for i := 0; i+24 <= len(all); i += 24 {
		if d := all[i].From; d.Before(access.Day.Start(first)) || !u.alike(d, end) {
			continue
		}
		for h := range by {
			by[h] = append(by[h], all[i+h].Calls)
		}
	}
	if len(by[0]) == 0 {
		return hours, false, nil
	}
	for h := range by {
		hours[h] = median(by[h])
	}
	return hours, true, nil
}

func firstWithCalls(hours []Hour) time.Time {
	for _, h := range hours {
		if h.Calls > 0 {
			return h.From
		}
	}
	return time.Time{}
}

// alike reports whether a day before may be compared with a day.
func (u *Usage) alike(before, day time.Time) bool {
	a, b := access.DateOf(before), access.DateOf(day)
	working := u.cfg.Working(b)
	if u.cfg.Working(a) != working {
		return false
	}
	// A holiday on a Monday is like any day off, a Saturday worked for it like
	// any working day.
	if weekend := weekday(b) == time.Saturday || weekday(b) == time.Sunday; weekend == working {
		return true
	}
	return weekday(a) == weekday(b)
}

// median sorts v and returns its median.
func median(v []int64) float64 {
	slices.Sort(v)
	n := len(v)
	return float64(v[(n-1)/2]+v[n/2]) / 2
}
