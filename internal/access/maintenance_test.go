package access

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func window(id string, from, until time.Time, services ...Service) *Maintenance {
	return &Maintenance{ID: id, From: from, Until: until, Services: services}
}

func TestReopens(t *testing.T) {
	tests := []struct {
		name    string
		windows []*Maintenance
		service Service
		want    time.Time
	}{
		{"no window", nil, Lookup, time.Time{}},
		{"one window", []*Maintenance{window("a", hours(-1), hours(2))}, Lookup, hours(2)},
		{"a window that is over", []*Maintenance{window("a", hours(-2), noon)}, Lookup, time.Time{}},
		{"a window to come", []*Maintenance{window("a", hours(1), hours(2))}, Lookup, time.Time{}},
		{"of another service", []*Maintenance{window("a", hours(-1), hours(2), Verify)}, Lookup, time.Time{}},
		{"two that follow each other", []*Maintenance{window("b", hours(2), hours(3)), window("a", hours(-1), hours(2))}, Lookup, hours(3)},
		{"two that overlap", []*Maintenance{window("b", hours(1), hours(3)), window("a", hours(-1), hours(2))}, Lookup, hours(3)},
		{"one within another", []*Maintenance{window("b", noon, hours(1)), window("a", hours(-1), hours(2))}, Lookup, hours(2)},
		{"two with a gap", []*Maintenance{window("b", hours(2).Add(1), hours(3)), window("a", hours(-1), hours(2))}, Lookup, hours(2)},
		{"one that follows for another service", []*Maintenance{window("b", hours(2), hours(3), Verify), window("a", hours(-1), hours(2))}, Lookup, hours(2)},
		{"no service, some services", []*Maintenance{window("a", hours(-1), hours(2), Lookup)}, NoService, time.Time{}},
		{"no service, all services", []*Maintenance{window("a", hours(-1), hours(2))}, NoService, hours(2)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			things := []any{direct().System}
			for _, m := range tt.windows {
				things = append(things, m)
			}
			s := apply(t, nil, rows(t, things...)...).Standing(Thumbprint{1}, "")
			if got := Reopens(s.Maintenance, tt.service, noon); !got.Equal(tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

// TestReopensIsTheFirstTimeOfService: at every moment before it some window
// stops the service, and at it none does.
func TestReopensIsTheFirstTimeOfService(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var windows []Maintenance
		for range rapid.IntRange(0, 6).Draw(t, "windows") {
			m := Maintenance{From: hours(rapid.IntRange(-4, 8).Draw(t, "from")), Until: hours(rapid.IntRange(-4, 8).Draw(t, "until"))}
			if rapid.Bool().Draw(t, "some") {
				m.Services = []Service{pick(t, []Service{Lookup, Verify}, "service")}
			}
			windows = append(windows, m)
		}
		slices.SortFunc(windows, func(a, b Maintenance) int { return a.Until.Compare(b.Until) })
		stopped := func(at time.Time) bool {
			return slices.ContainsFunc(windows, func(m Maintenance) bool { return within(at, m.From, m.Until) && m.Stops(Lookup) })
		}
		want := time.Time{}
		for at := noon; stopped(at); at = at.Add(time.Hour) { // the windows' ends are whole hours
			want = at.Add(time.Hour)
		}
		if got := Reopens(windows, Lookup, noon); !got.Equal(want) {
			t.Fatalf("got %v, want %v of %v", got, want, windows)
		}
	})
}

func TestMaintenanceIsShown(t *testing.T) {
	d := apply(t, nil, rows(t,
		window("over", hours(-3), hours(-2)), window("later", hours(5), hours(6)), window("long", hours(-1), hours(9)),
		window("soon", hours(1), hours(8)), window("short", hours(-2), hours(2)), window("also-soon", hours(1), hours(2)),
	)...)
	names := func(ms []Maintenance) (out []string) {
		for _, m := range ms {
			out = append(out, m.ID)
		}
		return out
	}
	running, announced := d.Maintenance(noon)
	if got := names(running); !slices.Equal(got, []string{"short", "long"}) {
		t.Errorf("running: %v", got)
	}
	if got := names(announced); !slices.Equal(got, []string{"also-soon", "soon", "later"}) {
		t.Errorf("announced: %v", got)
	}
	// What is called off is gone, in the next picture alone.
	next := apply(t, d, Change{Version: 1, Kind: ChangeMaintenance, ID: "long"})
	if running, _ := next.Maintenance(noon); !slices.Equal(names(running), []string{"short"}) {
		t.Errorf("running after calling off: %v", names(running))
	}
	if running, _ := d.Maintenance(noon); len(running) != 2 {
		t.Error("the picture before changed")
	}
	if running, announced := (*Directory)(nil).Maintenance(noon); running != nil || announced != nil {
		t.Error("the empty Directory knows of maintenance")
	}
}

func TestDecidingInMaintenanceDoesNotAllocate(t *testing.T) {
	s, r := stateCall()
	s.System.Keys, s.Credential.Key, s.Connection.CommittedUntil = []string{"a", "b"}, "b", hours(1)
	for i := range 50 {
		s.Maintenance = append(s.Maintenance, *window("m", hours(i+1), hours(i+2)))
	}
	if n := testing.AllocsPerRun(100, func() {
		if !Decide(s, r, noon).Allowed() {
			t.Fatal("refused")
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestWhoSuspended(t *testing.T) {
	for c, want := range map[struct {
		State
		Suspender
	}]Suspender{
		{Active, ByAgency}:    "",
		{Suspended, ByAgency}: ByAgency, {Suspended, ByRegister}: ByRegister, {Suspended, ""}: ByRegister, {Suspended, "new"}: ByRegister,
	} {
		if got := (&Connection{State: c.State, SuspendedBy: c.Suspender}).WhoSuspended(); got != want {
			t.Errorf("%v: %q, want %q", c, got, want)
		}
	}
}

// TestKeysAreComparedInOneForm: a hash in upper case is the same hash, and
// documents without the newer members are read.
func TestKeysAreComparedInOneForm(t *testing.T) {
	const key = "ABCDEFabcdef0123456789abcdefabcdefabcdefabcdefabcdefabcdefabcdef"
	system := *direct().System
	system.Credentials = slices.Clone(system.Credentials)
	system.Credentials[0].Key = key
	system.Keys = []string{Thumbprint{9}.String(), "abcdefABCDEF0123456789abcdefabcdefabcdefabcdefabcdefabcdefabcdef"}
	d := apply(t, nil, rows(t, direct().Agency, &system, direct().Connection)...)
	s := d.Standing(Thumbprint{1}, "")
	if got := Decide(&s, lookup(), noon); !got.Allowed() {
		t.Errorf("refused: %v", got.Reasons)
	}
	old := apply(t, nil, rows(t, direct().Agency, direct().System, direct().Connection)...)
	s = old.Standing(Thumbprint{1}, "")
	if got := Decide(&s, lookup(), noon); !got.Allowed() {
		t.Errorf("refused: %v", got.Reasons)
	}
}
