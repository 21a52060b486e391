package access

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestAdmit(t *testing.T) {
	connection := &Connection{Limit: Limit{Calls: 10, People: 20, Window: Day, WarnAt: 80}, Mismatches: 3}
	unlimited := &Connection{Limit: Limit{Calls: 10, WarnAt: 0}}
	grant := &Grant{PeoplePerCase: 4, Quota: 6}
	free := &Grant{}
	tests := []struct {
		name string
		c    *Connection
		g    *Grant
		u    Usage
		d    Demand
		want Verdict
	}{
		{"no connection", nil, grant, Usage{}, Demand{}, Verdict{Code: ConnectionNotActive}},
		{"no grant", connection, nil, Usage{}, Demand{}, Verdict{Code: GrantNone}},
		{"the first call", connection, grant, Usage{}, Demand{People: 1, CaseNew: 1}, Verdict{}},

		{"the last call of the limit", connection, free, Usage{Calls: 9}, Demand{}, Verdict{}},
		{"the first call over the limit locks", connection, free, Usage{Calls: 10}, Demand{}, Verdict{Code: ConnectionVolume, Lock: true}},
		{"a limit of no calls", &Connection{}, free, Usage{}, Demand{}, Verdict{Code: ConnectionVolume, Lock: true}},
		{"a limit below zero", &Connection{Limit: Limit{Calls: -1}}, free, Usage{}, Demand{}, Verdict{Code: ConnectionVolume, Lock: true}},
		{"the greatest limit", &Connection{Limit: Limit{Calls: math.MaxInt64}}, free, Usage{Calls: math.MaxInt64 - 1}, Demand{}, Verdict{}},
		{"the greatest use", &Connection{Limit: Limit{Calls: math.MaxInt64}}, free, Usage{Calls: math.MaxInt64}, Demand{}, Verdict{Code: ConnectionVolume, Lock: true}},

		{"the last person of the limit", connection, free, Usage{People: 19}, Demand{People: 1}, Verdict{}},
		{"the first person over the limit locks", connection, free, Usage{People: 19}, Demand{People: 2}, Verdict{Code: ConnectionVolume, Lock: true}},
		{"an empty answer discloses nobody", connection, free, Usage{People: 30}, Demand{}, Verdict{}},
		{"people are not limited", unlimited, free, Usage{People: math.MaxInt64}, Demand{People: math.MaxInt64}, Verdict{}},
		{"people cannot overflow", connection, free, Usage{People: math.MaxInt64}, Demand{People: math.MaxInt64}, Verdict{Code: ConnectionVolume, Lock: true}},
		{"a limit of people below zero", &Connection{Limit: Limit{Calls: 1, People: -1}}, free, Usage{}, Demand{People: 1}, Verdict{Code: ConnectionVolume, Lock: true}},

		{"the last person of the case", connection, grant, Usage{CasePeople: 3}, Demand{CaseNew: 1}, Verdict{}},
		{"one person too many for the case", connection, grant, Usage{CasePeople: 3}, Demand{CaseNew: 2}, Verdict{Code: CaseExhausted}},
		{"people of the case already disclosed", connection, grant, Usage{CasePeople: 5}, Demand{People: 1}, Verdict{}},
		{"a case without limit", connection, free, Usage{CasePeople: math.MaxInt}, Demand{CaseNew: math.MaxInt}, Verdict{}},
		{"people of a case cannot overflow", connection, grant, Usage{CasePeople: math.MaxInt}, Demand{CaseNew: math.MaxInt}, Verdict{Code: CaseExhausted}},

		{"the last call of the quota", connection, grant, Usage{GrantCalls: 5}, Demand{}, Verdict{}},
		{"over the quota does not lock", connection, grant, Usage{GrantCalls: 6}, Demand{}, Verdict{Code: QuotaExceeded}},
		{"no quota", connection, free, Usage{GrantCalls: math.MaxInt64}, Demand{}, Verdict{}},

		{"the last mismatch that is borne", connection, free, Usage{Mismatches: 2}, Demand{Verify: true}, Verdict{}},
		{"too many mismatches", connection, free, Usage{Mismatches: 3}, Demand{Verify: true}, Verdict{Code: VerifyMismatches}},
		{"mismatches bind verifications only", connection, free, Usage{Mismatches: 3}, Demand{}, Verdict{}},
		{"mismatches are not limited", unlimited, free, Usage{Mismatches: math.MaxInt}, Demand{Verify: true}, Verdict{}},

		{"the volume comes before all", connection, grant, Usage{10, 20, 6, 4, 3}, Demand{1, 1, true}, Verdict{Code: ConnectionVolume, Lock: true}},
		{"the case comes before the quota", connection, grant, Usage{0, 0, 6, 4, 3}, Demand{1, 1, true}, Verdict{Code: CaseExhausted}},
		{"the quota comes before mismatches", connection, grant, Usage{0, 0, 6, 3, 3}, Demand{1, 1, true}, Verdict{Code: QuotaExceeded}},

		{"below the warning level", connection, free, Usage{Calls: 6}, Demand{}, Verdict{}},
		{"at the warning level", connection, free, Usage{Calls: 7}, Demand{}, Verdict{Warn: true}},
		{"above the warning level", connection, free, Usage{Calls: 8}, Demand{}, Verdict{}},
		{"people at the warning level", connection, free, Usage{People: 15}, Demand{People: 1}, Verdict{Warn: true}},
		{"people past the warning level", connection, free, Usage{People: 10}, Demand{People: 8}, Verdict{Warn: true}},
		{"people above the warning level", connection, free, Usage{People: 16}, Demand{People: 1}, Verdict{}},
		{"a level that is no whole call is rounded up", &Connection{Limit: Limit{Calls: 9, WarnAt: 80}}, free, Usage{Calls: 7}, Demand{}, Verdict{Warn: true}},
		{"a limit of one warns at its call", &Connection{Limit: Limit{Calls: 1, WarnAt: 80}}, free, Usage{}, Demand{}, Verdict{Warn: true}},
		{"no warning level", &Connection{Limit: Limit{Calls: 1}}, free, Usage{}, Demand{}, Verdict{}},
		{"a warning level above 100", &Connection{Limit: Limit{Calls: 1, WarnAt: 101}}, free, Usage{}, Demand{}, Verdict{}},
		{"a warning level of one per cent", &Connection{Limit: Limit{Calls: 100, WarnAt: 1}}, free, Usage{}, Demand{}, Verdict{Warn: true}},
		// Multiplied without bounds these would wrap around to a level of one call.
		{"a warning level beyond all bounds", &Connection{Limit: Limit{Calls: 700, WarnAt: 7905747460161236407}}, free, Usage{}, Demand{}, Verdict{}},
		{"a warning level below all bounds", &Connection{Limit: Limit{Calls: 300, WarnAt: -6148914691236517205}}, free, Usage{}, Demand{}, Verdict{}},
		{"a limit of people below zero does not warn", &Connection{Limit: Limit{Calls: 1, People: -1, WarnAt: 80}}, free, Usage{People: -9}, Demand{}, Verdict{Warn: true}},
		{"the warning level of the greatest limit", &Connection{Limit: Limit{Calls: math.MaxInt64, WarnAt: 100}}, free, Usage{Calls: math.MaxInt64 - 1}, Demand{}, Verdict{Warn: true}},
		{"a use below zero counts as none", connection, grant, Usage{-9, -9, -9, -9, -9}, Demand{20, 4, true}, Verdict{Warn: true}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Admit(tt.c, tt.g, tt.u, tt.d); got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

// TestExactlyTheLimitIsAdmitted: calls one after the other up to the limit
// pass, the next one locks, and exactly one of them warns.
func TestExactlyTheLimitIsAdmitted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := &Connection{Limit: Limit{
			Calls: rapid.Int64Range(0, 300).Draw(t, "calls"), WarnAt: rapid.IntRange(1, 100).Draw(t, "warnAt"),
		}}
		var u Usage
		warnings := 0
		for {
			v := Admit(c, &Grant{}, u, Demand{})
			if v.Code != Allowed {
				if v != (Verdict{Code: ConnectionVolume, Lock: true}) || u.Calls != c.Limit.Calls {
					t.Fatalf("%+v after %d calls of %d", v, u.Calls, c.Limit.Calls)
				}
				break
			}
			if u.Calls++; v.Warn {
				warnings++
				if u.Calls*100 < c.Limit.Calls*int64(c.Limit.WarnAt) || (u.Calls-1)*100 >= c.Limit.Calls*int64(c.Limit.WarnAt) {
					t.Fatalf("warned at call %d of %d, level %d %%", u.Calls, c.Limit.Calls, c.Limit.WarnAt)
				}
			}
		}
		if want := int(min(c.Limit.Calls, 1)); warnings != want {
			t.Fatalf("%d warnings, want %d", warnings, want)
		}
	})
}

func TestVisible(t *testing.T) {
	tests := []struct {
		name string
		g    *Grant
		s    Subject
		want bool
	}{
		{"no grant", nil, Subject{}, false},
		{"the whole country", &Grant{}, Subject{Province: "001"}, true},
		{"in the territory", &Grant{Provinces: []string{"001", "002"}}, Subject{Province: "002"}, true},
		{"outside the territory", &Grant{Provinces: []string{"001"}}, Subject{Province: "002"}, false},
		{"residence not known", &Grant{Provinces: []string{"001"}}, Subject{}, false},
		{"under protection", &Grant{}, Subject{Protected: true}, false},
		{"under protection, granted", &Grant{Protected: true}, Subject{Protected: true}, true},
		{"under protection, granted, outside the territory", &Grant{Protected: true, Provinces: []string{"001"}}, Subject{Protected: true}, false},
	}
	for _, tt := range tests {
		if got := Visible(tt.g, tt.s); got != tt.want {
			t.Errorf("%s: got %t, want %t", tt.name, got, tt.want)
		}
	}
}

// TestAdmitFollowsThePublishedOrder checks the order of Admit's cases against
// Precedence.
func TestAdmitFollowsThePublishedOrder(t *testing.T) {
	order := []Code{ConnectionVolume, CaseExhausted, QuotaExceeded, VerifyMismatches}
	if !slices.IsSortedFunc(order, func(a, b Code) int { return a.rank() - b.rank() }) {
		t.Error("Admit tests the codes in another order than the published one")
	}
}
