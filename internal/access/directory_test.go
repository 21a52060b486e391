package access

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// world is a state agency with a direct connection, and a bank behind an
// intermediary, as rows in the order given by the versions.
func world(t testing.TB) []Change {
	state, bank := direct(), carried()
	bank.Owner.ID, bank.Owner.Agency, bank.Owner.Credentials = "bank-sys", "bank", nil
	bank.Agency.ID = "bank"
	bank.Connection.ID, bank.Connection.System = "bank-conn", "bank-sys"
	return rows(t,
		state.Agency, state.System, state.Connection,
		&Agency{ID: "operator", Code: "H29"}, bank.System, bank.Carrier,
		bank.Agency, bank.Owner, bank.Connection,
		&Maintenance{ID: "m1", From: hours(48), Until: hours(50), Text: Text{"Bảo trì", "Maintenance"}},
	)
}

func ids(s Standing) string {
	id := func(known bool, id func() string) string {
		if !known {
			return "-"
		}
		return id()
	}
	return strings.Join([]string{
		id(s.System != nil, func() string { return s.System.ID }),
		id(s.Credential != nil, func() string { return s.Credential.SHA256[:2] }),
		id(s.Carrier != nil, func() string { return s.Carrier.ID }),
		id(s.Connection != nil, func() string { return s.Connection.ID }),
		id(s.Owner != nil, func() string { return s.Owner.ID }),
		id(s.Agency != nil, func() string { return s.Agency.ID }),
	}, " ")
}

func TestStanding(t *testing.T) {
	bound := func(to string) func(*System) { return func(s *System) { s.Credentials[0].Represents = to } }
	tests := []struct {
		name        string
		thumbprint  Thumbprint
		represented string
		change      func(t *testing.T, d *Directory) *Directory
		want        string // system, credential, carrier, connection, owner, agency
	}{
		{"direct", Thumbprint{1}, "", nil, "sys 01 - conn sys agency"},
		{"carried", Thumbprint{2}, "bank-sys", nil, "lgsp 02 carrier bank-conn bank-sys bank"},
		{"the intermediary for itself", Thumbprint{2}, "", nil, "lgsp 02 - carrier lgsp operator"},
		{"a certificate that is not known", Thumbprint{3}, "", nil, "- - - - - -"},
		{"a represented system that is not known", Thumbprint{2}, "nobody", nil, "lgsp 02 carrier - - -"},
		{"a represented system that connects directly", Thumbprint{2}, "sys", nil, "lgsp 02 carrier - - -"},
		{"a direct system that represents", Thumbprint{1}, "bank-sys", nil, "sys 01 conn - - -"},
		{"a bound certificate", Thumbprint{2}, "", with("lgsp", bound("bank-sys")), "lgsp 02 carrier bank-conn bank-sys bank"},
		{"a bound certificate that names its system", Thumbprint{2}, "bank-sys", with("lgsp", bound("bank-sys")), "lgsp 02 carrier bank-conn bank-sys bank"},
		{"a bound certificate that names another", Thumbprint{2}, "bank-sys", with("lgsp", bound("sys")), "lgsp 02 carrier - - -"},
		{"no connection", Thumbprint{1}, "", without(ChangeConnection, "conn"), "sys 01 - - - -"},
		{"no agency", Thumbprint{1}, "", without(ChangeAgency, "agency"), "sys 01 - - - -"},
		{"no system", Thumbprint{1}, "", without(ChangeSystem, "sys"), "- - - - - -"},
		{"no represented system", Thumbprint{2}, "bank-sys", without(ChangeSystem, "bank-sys"), "lgsp 02 carrier - - -"},
		{"no agency of the represented system", Thumbprint{2}, "bank-sys", without(ChangeAgency, "bank"), "lgsp 02 carrier - - -"},
		{"no agency of the intermediary", Thumbprint{2}, "bank-sys", without(ChangeAgency, "operator"), "lgsp 02 - bank-conn bank-sys bank"},
		{"no connection of the intermediary", Thumbprint{2}, "bank-sys", without(ChangeConnection, "carrier"), "lgsp 02 - bank-conn bank-sys bank"},
		{"a certificate that two systems claim is nobody's", Thumbprint{1}, "", with("lgsp", func(s *System) {
			s.Credentials = append(s.Credentials, Credential{SHA256: Thumbprint{1}.String()})
		}), "- - - - - -"},
		{"a second certificate", Thumbprint{4}, "", with("sys", func(s *System) {
			s.Credentials = append(s.Credentials, Credential{SHA256: strings.ToUpper(Thumbprint{4}.String())})
		}), "sys 04 - conn sys agency"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := apply(t, nil, world(t)...)
			if tt.change != nil {
				d = tt.change(t, d)
			}
			if got := ids(d.Standing(tt.thumbprint, tt.represented)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// with edits a system.
func with(id string, edit func(*System)) func(*testing.T, *Directory) *Directory {
	return func(t *testing.T, d *Directory) *Directory {
		s := *d.System(id)
		s.Credentials = slices.Clone(s.Credentials)
		edit(&s)
		return apply(t, d, rows(t, &s)...)
	}
}

// without removes a thing.
func without(kind ChangeKind, id string) func(*testing.T, *Directory) *Directory {
	return func(t *testing.T, d *Directory) *Directory {
		return apply(t, d, Change{Version: 1, Kind: kind, ID: id})
	}
}

func TestStandingOfPortalHasNoCertificate(t *testing.T) {
	d := apply(t, nil, world(t)...)
	for id, want := range map[string]string{
		"conn":      "sys - - conn sys agency",
		"bank-conn": "bank-sys - - bank-conn bank-sys bank",
		"nobody":    "- - - - - -",
	} {
		if got := ids(d.StandingOf(id)); got != want {
			t.Errorf("%s: got %q, want %q", id, got, want)
		}
	}
	s := d.StandingOf("conn")
	s.OfficerGrants = []string{"g1"}
	if got := Decide(&s, portalLookup(), noon); !got.Allowed() {
		t.Errorf("a portal call is refused: %v", got.Reasons)
	}
}

func TestDirectoryAnswersDecide(t *testing.T) {
	d := apply(t, nil, world(t)...)
	s := d.Standing(Thumbprint{1}, "")
	if got := Decide(&s, lookup(), noon); !got.Allowed() {
		t.Errorf("direct: %v", got.Reasons)
	}
	r := carriedLookup()
	r.Represented = "bank-sys"
	s = d.Standing(Thumbprint{2}, r.Represented)
	if got := Decide(&s, r, noon); got.Code != ConsentMissing || len(got.Reasons) != 1 {
		t.Errorf("carried, without consent: %v", got.Reasons)
	}
	s.Consent = &Consent{ID: "consent", Agency: "bank", Procedure: aProcedure, Fields: AllFields, Until: hours(1)}
	if got := Decide(&s, r, noon); !got.Allowed() {
		t.Errorf("carried, with consent: %v", got.Reasons)
	}
}

func TestLock(t *testing.T) {
	lock := Change{Kind: ChangeLock, ID: "conn", Doc: []byte(`{"by":"volume","since":"2026-03-01T00:00:00Z","epoch":3}`)}
	want := Lock{By: LockedVolume, Since: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), Epoch: 3}
	connection := direct().Connection

	after := apply(t, nil, rows(t, connection, lock)...)
	before := apply(t, nil, rows(t, lock, connection)...)
	apart := apply(t, apply(t, nil, rows(t, connection)...), rows(t, lock)...)
	again := apply(t, apart, rows(t, connection)...) // a new document of the connection keeps the lock
	for name, d := range map[string]*Directory{"after": after, "before": before, "apart": apart, "again": again} {
		if got := d.Connection("conn").Lock; got != want {
			t.Errorf("%s: lock %+v, want %+v", name, got, want)
		}
	}
	if lifted := apply(t, apart, rows(t, Change{Kind: ChangeLock, ID: "conn"})...); lifted.Connection("conn").Lock != (Lock{}) {
		t.Error("the lock was not lifted")
	}
	if apart.Connection("conn").Lock != want {
		t.Error("lifting the lock changed the picture before")
	}
}

// TestMostRestrictedConnectionOfARouteIsUsed: a second connection of the same
// system is no way around a suspension or lock of the first.
func TestMostRestrictedConnectionOfARouteIsUsed(t *testing.T) {
	type conn struct {
		id    string
		state State
		lock  LockKind
	}
	tests := []struct {
		name  string
		conns []conn
		want  string
	}{
		{"lowest id of equals", []conn{{"a", Active, ""}, {"b", Active, ""}}, "a"},
		{"suspended before active", []conn{{"a", Active, ""}, {"b", Suspended, ""}}, "b"},
		{"unknown state before active", []conn{{"a", Active, ""}, {"b", "new", ""}}, "b"},
		{"locked before active", []conn{{"a", Active, ""}, {"b", Active, LockedPattern}}, "b"},
		{"suspended before locked", []conn{{"a", Active, LockedVolume}, {"b", Suspended, ""}}, "b"},
		{"active before ended", []conn{{"a", Ended, ""}, {"b", Active, ""}}, "b"},
		{"active before draft", []conn{{"a", Draft, ""}, {"b", Active, ""}}, "b"},
		{"draft before ended", []conn{{"a", Ended, ""}, {"b", Draft, ""}}, "b"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			things := []any{direct().System, direct().Agency}
			for _, c := range tt.conns {
				v := *direct().Connection
				v.ID, v.State = c.id, c.state
				things = append(things, &v, Change{Kind: ChangeLock, ID: c.id, Doc: fmt.Appendf(nil, `{"by":%q,"epoch":0}`, c.lock)})
			}
			for range 2 {
				d := apply(t, nil, rows(t, things...)...)
				if got := d.Standing(Thumbprint{1}, "").Connection.ID; got != tt.want {
					t.Errorf("connection %s, want %s", got, tt.want)
				}
				slices.Reverse(things)
			}
		})
	}
}

func TestApplyRefuses(t *testing.T) {
	d := apply(t, nil, world(t)...)
	v := d.Version()
	ok := []byte(`{"id":"x"}`)
	tests := []struct {
		name string
		rows []Change
		want string
	}{
		{"a version that is not newer", []Change{{v, ChangeAgency, "x", ok}}, "ascending"},
		{"versions that go back", []Change{{v + 2, ChangeAgency, "x", ok}, {v + 1, ChangeAgency, "y", nil}}, "ascending"},
		{"no id", []Change{{v + 1, ChangeAgency, "", ok}}, "no id"},
		{"a kind that is not known", []Change{{v + 1, "tariff", "x", ok}}, `couldn't read tariff "x" (version 11): unknown kind`},
		{"an agency that is no JSON", []Change{{v + 1, ChangeAgency, "x", []byte(`{"id":`)}}, `couldn't read agency "x"`},
		{"a system that is no JSON", []Change{{v + 1, ChangeSystem, "x", []byte(`{"id":`)}}, `couldn't read system "x"`},
		{"a connection that is no JSON", []Change{{v + 1, ChangeConnection, "x", []byte(`{"id":`)}}, `couldn't read connection "x"`},
		{"a lock that is no JSON", []Change{{v + 1, ChangeLock, "x", []byte(`{"by":`)}}, `couldn't read lock "x"`},
		{"a document that is no object", []Change{{v + 1, ChangeAgency, "x", []byte(` null`)}}, "not a JSON object"},
		{"a document with something behind it", []Change{{v + 1, ChangeAgency, "x", []byte(`{"id":"x"} {}`)}}, "something follows"},
		{"a member that is not known", []Change{{v + 1, ChangeConnection, "x", []byte(`{"id":"x","onlyOnMondays":true}`)}}, "onlyOnMondays"},
		{"a document about another thing", []Change{{v + 1, ChangeAgency, "x", []byte(`{"id":"y"}`)}}, `about "y"`},
		{"a thumbprint that is too short", []Change{{v + 1, ChangeSystem, "x", []byte(`{"credentials":[{"sha256":"00"}]}`)}}, "credential 1: a SHA-256 has 64 hex digits, not 2"},
		{"a key that is no hash", []Change{{v + 1, ChangeSystem, "x", []byte(`{"credentials":[{"sha256":"` + strings.Repeat("0", 64) + `","key":"00"}]}`)}}, "the key of credential 1: a SHA-256 has 64 hex digits"},
		{"a declared key that is no hash", []Change{{v + 1, ChangeSystem, "x", []byte(`{"keys":["` + strings.Repeat("0", 64) + `","00"]}`)}}, "key 2: a SHA-256 has 64 hex digits"},
		{"a declared key that is none", []Change{{v + 1, ChangeSystem, "x", []byte(`{"keys":[""]}`)}}, "key 1 is empty"},
		{"a window that is no JSON", []Change{{v + 1, ChangeMaintenance, "x", []byte(`{"from":`)}}, `couldn't read maintenance "x"`},
		{"a window of a service that is not known", []Change{{v + 1, ChangeMaintenance, "x", []byte(`{"services":["batch"]}`)}}, `no service is called "batch"`},
		{"a thumbprint that is not hex", []Change{{v + 1, ChangeSystem, "x", []byte(`{"credentials":[{"sha256":"` + strings.Repeat("g", 64) + `"}]}`)}}, "credential 1: not a SHA-256"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := d.Apply(tt.rows)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
			if got != nil {
				t.Error("a picture came with the error")
			}
		})
	}
	if d.Version() != v || d.Agency("x") != nil {
		t.Error("a failed Apply changed the picture")
	}
}

func TestApplySharesWhatDidNotChange(t *testing.T) {
	d := apply(t, nil, world(t)...)
	if same := apply(t, d); same != d {
		t.Error("no changes made another picture")
	}
	next := apply(t, d, rows(t, &Agency{ID: "agency", Code: "H14"})...)
	if next.Version() != d.Version()+1 || next.Agency("agency").Code != "H14" || d.Agency("agency").Code != "H13" {
		t.Error("the change is not in the new picture alone")
	}
	if next.System("sys") != d.System("sys") || next.Connection("conn") != d.Connection("conn") {
		t.Error("what did not change was copied")
	}
	// Rows of one act share a version; a document without an id is about its row's thing.
	two := apply(t, d, Change{Version: 1, Kind: ChangeAgency, ID: "x", Doc: []byte(`{}`)}, Change{Version: 1, Kind: ChangeAgency, ID: "y", Doc: []byte("\n{}")})
	if two.Agency("x").ID != "x" || two.Agency("y").ID != "y" || two.Version() != d.Version()+1 {
		t.Error("rows of one version were not both applied")
	}
}

func TestEmptyDirectoryKnowsNobody(t *testing.T) {
	var d *Directory
	if d.Version() != 0 || d.Agency("a") != nil || d.System("s") != nil || d.Connection("c") != nil || d.Grant("c", "g") != nil ||
		ids(d.Standing(Thumbprint{}, "")) != "- - - - - -" || ids(d.StandingOf("c")) != "- - - - - -" {
		t.Error("the empty Directory knows something")
	}
	for range d.Connections() {
		t.Error("the empty Directory has a connection")
	}
}

func TestDirectoryLooksUpByID(t *testing.T) {
	d := apply(t, nil, world(t)...)
	var got []string
	for c := range d.Connections() {
		got = append(got, c.ID)
	}
	if diff := cmp.Diff([]string{"bank-conn", "carrier", "conn"}, got); diff != "" {
		t.Errorf("Connections (-want +got):\n%s", diff)
	}
	for range d.Connections() {
		break
	}
	if g := d.Grant("conn", "g1"); g == nil || g.ID != "g1" {
		t.Errorf("Grant = %v", g)
	}
	if g := d.Grant("conn", "g2"); g != nil {
		t.Errorf("Grant = %v", g)
	}
}

func TestThumbprint(t *testing.T) {
	want := Thumbprint{0xab, 31: 0xcd}
	for _, s := range []string{want.String(), strings.ToUpper(want.String())} {
		if got, err := ParseThumbprint(s); err != nil || got != want {
			t.Errorf("ParseThumbprint(%q) = %v, %v", s, got, err)
		}
	}
}

// TestApplyInAnyPieces: the picture depends on the newest document of each
// thing, not on how the rows were cut into batches.
func TestApplyInAnyPieces(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		all := world(t)
		all = append(all, rows(t,
			Change{Kind: ChangeLock, ID: "conn", Doc: []byte(`{"by":"volume","epoch":1}`)},
			Change{Kind: ChangeLock, ID: "bank-conn", Doc: []byte(`{"epoch":2}`)},
			Change{Kind: ChangeConnection, ID: "carrier"},
			&Maintenance{ID: "m2", From: hours(48), Until: hours(50)},
			Change{Kind: ChangeMaintenance, ID: "m1"},
			&Maintenance{ID: "m3", From: hours(1), Until: hours(50), Services: []Service{Lookup}},
		)...)
		all = rapid.Permutation(all).Draw(rt, "order")
		for i := range all {
			all[i].Version = int64(i + 1)
		}
		whole, err := (*Directory)(nil).Apply(all)
		if err != nil {
			rt.Fatal(err)
		}
		var pieces *Directory
		for rest := all; len(rest) > 0; {
			n := rapid.IntRange(1, len(rest)).Draw(rt, "piece")
			if pieces, err = pieces.Apply(rest[:n]); err != nil {
				rt.Fatal(err)
			}
			rest = rest[n:]
		}
		if diff := cmp.Diff(whole, pieces, cmp.AllowUnexported(Directory{}, holder{}, route{}), equateAddresses); diff != "" {
			rt.Fatalf("whole and pieces differ:\n%s", diff)
		}
	})
}

var equateAddresses = cmp.Comparer(func(a, b System) bool {
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	return bytes.Equal(x, y)
})

// FuzzApply: whatever the document, Apply returns a picture or an error that
// names the row; the picture before stays as it was; nobody gains a standing
// that Decide cannot bear.
func FuzzApply(f *testing.F) {
	for _, c := range world(f) {
		f.Add(string(c.Kind), c.ID, c.Doc)
	}
	f.Add("lock", "conn", []byte(`{"by":"volume","epoch":1}`))
	f.Add("connection", "conn", []byte{})
	f.Fuzz(func(t *testing.T, kind, id string, doc []byte) {
		d := apply(t, nil, world(t)...)
		before := fmt.Sprint(d.Connection("conn"), d.System("sys"), d.Agency("agency"), ids(d.Standing(Thumbprint{1}, "")))
		next, err := d.Apply([]Change{{Version: 100, Kind: ChangeKind(kind), ID: id, Doc: doc}})
		if after := fmt.Sprint(d.Connection("conn"), d.System("sys"), d.Agency("agency"), ids(d.Standing(Thumbprint{1}, ""))); after != before {
			t.Errorf("the picture before changed from %s to %s", before, after)
		}
		if err != nil {
			if next != nil || !strings.Contains(err.Error(), kind) && id != "" {
				t.Errorf("error %v with picture %v", err, next)
			}
			return
		}
		if next.Version() != 100 {
			t.Errorf("version %d", next.Version())
		}
		for _, c := range []struct {
			t           Thumbprint
			represented string
		}{{Thumbprint{1}, ""}, {Thumbprint{2}, "bank-sys"}, {Thumbprint{2}, id}} {
			s := next.Standing(c.t, c.represented)
			r := lookup()
			r.Represented = c.represented
			if got := Decide(&s, r, noon); got.Allowed() != (len(got.Reasons) == 0) {
				t.Errorf("decision %+v", got)
			}
		}
		for c := range next.Connections() {
			_ = next.StandingOf(c.ID)
		}
	})
}
