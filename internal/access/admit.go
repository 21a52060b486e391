package access

import "slices"

// Usage is what has been used, in the windows the call falls in, before it.
type Usage struct {
	Calls      int64 // counted calls in the scope and window of the connection's limit
	People     int64 // people disclosed there
	GrantCalls int64 // counted calls of the grant in its own window
	CasePeople int   // distinct people the case has disclosed
	Mismatches int   // failed verifications of the person by the connection today
}

// Demand is what the call would add.
type Demand struct {
	People  int64 // people it would disclose
	CaseNew int   // of them, people the case has not disclosed before
	Verify  bool  // whether it is a verification
}

// Verdict is the answer of [Admit].
type Verdict struct {
	Code Code // the first in the published order; Allowed when the call may pass
	Lock bool // the connection is to be locked, in the same transaction
	Warn bool // this call, which may pass, is the first at the warning level
}

// Admit says whether a call that [Decide] allows still fits the counts
// (guarantee G3: the first call over the limit is refused and locks). It is
// pure and cannot overflow. A limit below zero, like one of zero calls, lets
// nothing pass. See TestAdmit.
func Admit(c *Connection, g *Grant, u Usage, d Demand) Verdict {
	if c == nil {
		return Verdict{Code: ConnectionNotActive}
	}
	if g == nil {
		return Verdict{Code: GrantNone}
	}
	l := &c.Limit
	switch {
	case u.Calls >= l.Calls,
		l.People != 0 && over(u.People, d.People, l.People):
		return Verdict{Code: ConnectionVolume, Lock: true}
	case g.PeoplePerCase != 0 && over(int64(u.CasePeople), int64(d.CaseNew), int64(g.PeoplePerCase)):
		return Verdict{Code: CaseExhausted}
	case g.Quota != 0 && u.GrantCalls >= g.Quota:
		return Verdict{Code: QuotaExceeded}
	case d.Verify && c.Mismatches != 0 && u.Mismatches >= c.Mismatches:
		return Verdict{Code: VerifyMismatches}
	}
	return Verdict{Warn: reaches(u.Calls, 1, l.Calls, l.WarnAt) || reaches(u.People, d.People, l.People, l.WarnAt)}
}

// over reports whether used+more > limit. A call that adds nothing is not
// over, even if the limit has been lowered below what was used.
func over(used, more, limit int64) bool {
	return more > 0 && more > limit-max(used, 0)
}

// reaches reports whether used lies under the warning level and used+more does
// not. Levels outside 1 to 100 per cent never warn, nor do limits of zero.
func reaches(used, more, limit int64, percent int) bool {
	if percent < 1 || percent > 100 {
		return false
	}
	// level = limit × percent / 100, rounded up; in two steps, so that it
	// cannot overflow.
	p := int64(percent)
	level := limit/100*p + (limit%100*p+99)/100
	used = max(used, 0)
	return used < level && more >= level-used
}

// Visible reports whether the grant shows a person: one under protection only
// where the grant says so, and nobody from outside the grant's territory.
func Visible(g *Grant, s Subject) bool {
	if g == nil || s.Protected && !g.Protected {
		return false
	}
	return len(g.Provinces) == 0 || slices.Contains(g.Provinces, s.Province)
}
