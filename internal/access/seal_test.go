package access

import (
	"testing"
	"time"
)

// TestASealHasAnEnd: a seal covers its procedure until its end, and what it
// covers appears when its class says so.
func TestASealHasAnEnd(t *testing.T) {
	now := time.Date(2026, 11, 25, 3, 0, 0, 0, time.UTC)
	end := now.Add(48 * time.Hour)
	c := &Connection{Seals: []Seal{
		{Procedure: "1.900101.H98", Class: Withheld, Until: now},
		{Procedure: "1.900101.H98", Class: Withheld, Until: end},
		{Procedure: "1.900102.H98", Class: Delayed, Days: 30, Until: end},
	}}
	for _, x := range []struct {
		name, procedure string
		at              time.Time
		lifts           time.Time // zero: not sealed
	}{
		{"withheld", "1.900101.H98", now, end},
		{"withheld, the last moment", "1.900101.H98", end.Add(-time.Microsecond), end},
		{"withheld, over", "1.900101.H98", end, time.Time{}},
		{"delayed", "1.900102.H98", now, now.AddDate(0, 0, 30)},
		{"delayed, over", "1.900102.H98", end, time.Time{}},
		{"another procedure", "1.900103.H98", now, time.Time{}},
		{"no procedure", "", now, time.Time{}},
	} {
		s := c.Seal(x.procedure, x.at)
		if (s != nil) != !x.lifts.IsZero() {
			t.Errorf("%s: seal %+v", x.name, s)
		} else if s != nil && !s.Lifts(x.at).Equal(x.lifts) {
			t.Errorf("%s: lifts at %s, want %s", x.name, s.Lifts(x.at), x.lifts)
		}
	}
	if (*Connection)(nil).Seal("1.900101.H98", now) != nil {
		t.Error("no connection has a seal")
	}
	var none *Sealed
	for _, x := range []struct {
		s    *Sealed
		want bool
	}{
		{none, false},
		{&Sealed{}, true},
		{&Sealed{Until: end}, true},
		{&Sealed{Until: now}, false},
	} {
		if got := x.s.Covers(now); got != x.want {
			t.Errorf("%+v covers: %t, want %t", x.s, got, x.want)
		}
	}
}
