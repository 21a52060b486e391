package access

import (
	"slices"
	"time"
)

// SealClass says how long a seal keeps an access from the people concerned.
type SealClass string

// The classes.
const (
	// Delayed accesses appear so many days after each of them.
	Delayed SealClass = "delayed"
	// Withheld accesses appear when the seal ends.
	Withheld SealClass = "withheld"
)

// Seal keeps from the people concerned, for a time, that they were looked up
// on a connection for one procedure. It has a legal basis and an end, and takes
// two people; what it covers is in the log like everything else, counts in the
// published totals, and appears when its time is over (guarantee G8).
type Seal struct {
	Procedure string    `json:"procedure"`
	Class     SealClass `json:"class"`
	Basis     Text      `json:"basis"` // the provision and the decision that order it
	// Days is how long a Delayed access is kept back.
	Days int `json:"days,omitzero"`
	// Until is the seal's own end, exclusive: later accesses are not sealed.
	Until time.Time `json:"until"`
}

// Seal returns the seal on accesses for a procedure at now, nil if there is
// none. Refused calls are under it, too: that somebody tried is what it keeps
// back.
func (c *Connection) Seal(procedure string, now time.Time) *Seal {
	if c == nil || procedure == "" {
		return nil
	}
	i := slices.IndexFunc(c.Seals, func(s Seal) bool { return s.Procedure == procedure && now.Before(s.Until) })
	if i < 0 {
		return nil
	}
	return &c.Seals[i]
}

// Lifts returns when an access of that time appears.
func (s *Seal) Lifts(at time.Time) time.Time {
	if s.Class == Delayed {
		return at.Add(time.Duration(s.Days) * 24 * time.Hour)
	}
	return s.Until
}

// Sealed is the mark of a seal in an entry, member "seal" of its access part.
type Sealed struct {
	Basis string    `json:"basis"`
	Class SealClass `json:"class"`
	Until time.Time `json:"until"` // when the entry appears
}

// Covers reports whether the entry is kept back at now. A mark without an end
// keeps it back: what cannot be read is not shown.
func (s *Sealed) Covers(now time.Time) bool {
	return s != nil && (s.Until.IsZero() || now.Before(s.Until))
}
