package app

import (
	"encoding/hex"
	"encoding/json"
	"testing"
	"time"

	"dancu/internal/access"
	"dancu/internal/console"
	"dancu/internal/ledger"
)

// directory makes a picture of an intermediary, a system behind it and one of
// its own, after change has been at them.
func directory(t *testing.T, now time.Time, change func(platform, behind *access.Connection, s *access.System)) *access.Directory {
	t.Helper()
	term := func(id, system, via string) *access.Connection {
		return &access.Connection{
			ID: id, System: system, Via: via, State: access.Active,
			AssessedFrom: now.AddDate(0, -1, 0), AssessedUntil: now.AddDate(0, 1, 0), Limit: access.DefaultLimit,
		}
	}
	platform, behind := term("platform", "lgsp", ""), term("behind", "bank", "lgsp")
	carrier := &access.System{ID: "lgsp", Agency: "a", Level: 3, Intermediary: true, Credentials: []access.Credential{
		{SHA256: hex.EncodeToString(make([]byte, 32)), NotBefore: now.AddDate(0, -1, 0), NotAfter: now.AddDate(0, 2, 0)},
	}}
	if change != nil {
		change(platform, behind, carrier)
	}
	var changes []access.Change
	add := func(kind access.ChangeKind, id string, doc any) {
		b, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		changes = append(changes, access.Change{Version: int64(len(changes) + 1), Kind: kind, ID: id, Doc: b})
	}
	add(access.ChangeAgency, "a", &access.Agency{ID: "a", Code: "H13", Group: access.GroupState})
	add(access.ChangeSystem, "lgsp", carrier)
	add(access.ChangeSystem, "bank", &access.System{ID: "bank", Agency: "a", Level: 3})
	add(access.ChangeConnection, "platform", platform)
	add(access.ChangeConnection, "behind", behind)
	for _, c := range []*access.Connection{platform, behind} {
		if c.Lock.By != access.Unlocked {
			add(access.ChangeLock, c.ID, &c.Lock)
		}
	}
	dir, err := (*access.Directory)(nil).Apply(changes)
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// What the page says of a connection is what its calls would be refused with;
// what stops the intermediary stops those behind it, under a code of its own.
func TestStoppedIsWhatCallsAreRefusedWith(t *testing.T) {
	now := time.Date(2026, 11, 20, 7, 0, 0, 0, time.UTC)
	for name, tt := range map[string]struct {
		change           func(platform, behind *access.Connection, s *access.System)
		platform, behind access.Code
	}{
		"nothing wrong": {nil, access.Allowed, access.Allowed},
		"suspended": {
			func(_, b *access.Connection, _ *access.System) { b.State = access.Suspended },
			access.Allowed, access.ConnectionSuspended,
		},
		"locked": {
			func(_, b *access.Connection, _ *access.System) { b.Lock.By = access.LockedVolume },
			access.Allowed, access.ConnectionVolume,
		},
		"ended": {
			func(_, b *access.Connection, _ *access.System) { b.State = access.Ended },
			access.Allowed, access.ConnectionNotActive,
		},
		"assessment at its end": {
			func(_, b *access.Connection, _ *access.System) { b.AssessedUntil = now },
			access.Allowed, access.AssessmentLapsed,
		},
		"intermediary locked": {
			func(p, _ *access.Connection, _ *access.System) { p.Lock.By = access.LockedPattern },
			access.ConnectionPattern, access.IntermediaryForbidden,
		},
		"intermediary suspended": {
			func(p, _ *access.Connection, _ *access.System) { p.State = access.Suspended },
			access.ConnectionSuspended, access.IntermediaryForbidden,
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := directory(t, now, tt.change)
			if got := newStops(dir, now).standing(dir.Connection("platform")); got != tt.platform {
				t.Errorf("the intermediary is stopped by %q, want %q", got, tt.platform)
			}
			if got := newStops(dir, now).standing(dir.Connection("behind")); got != tt.behind {
				t.Errorf("the system behind it is stopped by %q, want %q", got, tt.behind)
			}
		})
	}
}

// A certificate counts to its last instant; behind an intermediary it is the
// intermediary's, unless that one is bound to another system.
func TestCertificates(t *testing.T) {
	now := time.Date(2026, 11, 20, 7, 0, 0, 0, time.UTC)
	for name, tt := range map[string]struct {
		change            func(s *access.System)
		certified, behind bool
		until             time.Time
	}{
		"in term":         {func(*access.System) {}, true, true, now.AddDate(0, 2, 0)},
		"last instant":    {func(s *access.System) { s.Credentials[0].NotAfter = now }, true, true, now},
		"over":            {func(s *access.System) { s.Credentials[0].NotAfter = now.Add(-1) }, false, false, now.Add(-1)},
		"not begun":       {func(s *access.System) { s.Credentials[0].NotBefore = now.Add(1) }, false, false, now.AddDate(0, 2, 0)},
		"none":            {func(s *access.System) { s.Credentials = nil }, false, false, time.Time{}},
		"bound elsewhere": {func(s *access.System) { s.Credentials[0].Represents = "other" }, true, false, now.AddDate(0, 2, 0)},
		"bound here":      {func(s *access.System) { s.Credentials[0].Represents = "bank" }, true, true, now.AddDate(0, 2, 0)},
		"a later one that has not begun": {func(s *access.System) {
			later := s.Credentials[0]
			later.NotBefore, later.NotAfter = now.AddDate(0, 1, 0), now.AddDate(1, 0, 0)
			s.Credentials = append(s.Credentials, later)
		}, true, true, now.AddDate(0, 2, 0)},
	} {
		t.Run(name, func(t *testing.T) {
			dir := directory(t, now, nil)
			caller := *dir.System("lgsp")
			caller.Credentials = append([]access.Credential(nil), caller.Credentials...)
			tt.change(&caller)
			own, behind := dir.Connection("platform"), dir.Connection("behind")
			if got := certified(&caller, own, now); got != tt.certified {
				t.Errorf("certified %v, want %v", got, tt.certified)
			}
			if got := certified(&caller, behind, now); got != tt.behind {
				t.Errorf("behind it: certified %v, want %v", got, tt.behind)
			}
			if got := certificateUntil(&caller, own, now); !got.Equal(tt.until) {
				t.Errorf("until %v, want %v", got, tt.until)
			}
		})
	}
}

func TestCountToday(t *testing.T) {
	calls, refusals := countToday([]ledger.Total{
		{Kind: "call.lookup", N: 5},
		{Kind: "call.verify", N: 2},
		{Kind: "call.lookup", Code: "grant.none", N: 3},
		{Kind: "calls.refused", Code: "grant.none", N: 1},
		{Kind: "node.started", N: 9},
	})
	if calls != 7 {
		t.Errorf("%d calls, want 7", calls)
	}
	if len(refusals) != 1 || refusals[0] != (console.Refusal{Code: access.GrantNone, Count: 4}) {
		t.Errorf("refusals %v", refusals)
	}
}
