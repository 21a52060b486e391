package register

import (
	"bytes"
	"encoding/json"
	"maps"
	"math"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
)

func TestSameSeedSameBytes(t *testing.T) {
	gen := func(o GenerateOptions) string {
		var b bytes.Buffer
		if err := Generate(&b, o); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	for _, f := range []Format{JSONLines, CSV} {
		o := GenerateOptions{People: 11_000, Seed: 42, Format: f}
		one := gen(o)
		old := runtime.GOMAXPROCS(1)
		other := gen(o)
		runtime.GOMAXPROCS(old)
		if one != other {
			t.Errorf("%s: the same seed wrote other bytes on one core", f)
		}
		o.Seed++
		if one == gen(o) {
			t.Errorf("%s: another seed wrote the same bytes", f)
		}
		o.Seed--
		o.AsOf = "2030-06-30"
		if one == gen(o) {
			t.Errorf("%s: another day wrote the same bytes", f)
		}
	}
}

func TestGenerateAnyNumberOfPeople(t *testing.T) {
	for _, n := range []int{1, 2, 3, 10, 57, blockPeople - 1, blockPeople, blockPeople + 1} {
		done := 0
		got := 0
		for range Generated(GenerateOptions{People: n, Seed: 5, Progress: func(d int) { done = d }}) {
			got++
		}
		if got != n || done != n {
			t.Errorf("%d people: got %d, progress %d", n, got, done)
		}
	}
	for range Generated(GenerateOptions{People: 30_000, Seed: 5}) {
		break // must not leave anything running or block
	}
	for _, o := range []GenerateOptions{{People: 0}, {People: MaxPeople + 1}, {People: 1, Format: "xml"}, {People: 1, AsOf: "2026"}, {People: 1, AsOf: "2100-01-01"}} {
		if err := Generate(nil, o); !fault.Is(err, fault.Invalid) {
			t.Errorf("%+v: %v", o, err)
		}
	}
	if err := (GenerateOptions{People: MaxPeople, AsOf: "2099-12-31"}).Validate(); err != nil {
		t.Error(err)
	}
	if MaxPeople/blockPeople > 1_000_000/50 {
		t.Error("too few serials per block")
	}
}

// person is a generated record as a reader sees it.
type person struct {
	FullName, PIN, DateOfBirth, Sex, CMND, RelationToHead, ResidenceFileNumber string
	Ethnicity, MaritalStatus                                                   struct{ Code, Name string }
	PermanentResidence, BirthRegistrationPlace                                 struct{ Unit, Detail string }
	Relatives, Household                                                       []struct{ Relation, PIN, FullName string }
	DeathOrMissing                                                             struct{ Status, Date string }
	IdentityCard                                                               struct{ Number, Issued, Expires string }
	Other                                                                      struct {
		Synthetic bool
		Seed      string
	}
	protected bool
}

func generated(t *testing.T, o GenerateOptions) map[string]person {
	all := map[string]person{}
	for r := range Generated(o) {
		var p person
		if err := json.Unmarshal(r.AppendJSON(nil), &p); err != nil {
			t.Fatal(err)
		}
		p.protected = r.Protected()
		all[p.PIN] = p
	}
	return all
}

func (p person) relatives(relation string) (pins []string) {
	for _, r := range p.Relatives {
		if r.Relation == relation {
			pins = append(pins, r.PIN)
		}
	}
	return pins
}

// days is the distance of two dates in days, a year alone being its start.
func year(dob string) int { n, _ := strconv.Atoi(dob[:4]); return n }

func TestPopulationHoldsTogether(t *testing.T) {
	const people = 21_000
	all := generated(t, GenerateOptions{People: people, Seed: 11})
	if len(all) != people {
		t.Fatalf("%d different PINs of %d", len(all), people)
	}
	cmnds := map[string]bool{}
	fields := map[string]bool{}
	homes := map[string]map[string]bool{}
	for pin, p := range all {
		if p.CMND != "" {
			if cmnds[p.CMND] || year(p.DateOfBirth) > 2007 {
				t.Fatal("an old number twice, or of a child")
			}
			cmnds[p.CMND] = true
		}
		if !p.Other.Synthetic || p.Other.Seed != "11" {
			t.Fatal("a record that is not marked synthetic")
		}
		for _, r := range slices.Concat(p.Relatives, p.Household) {
			o, ok := all[r.PIN]
			if !ok || o.FullName != r.FullName {
				t.Fatalf("a %s who is no record, or called otherwise", r.Relation)
			}
		}
		for _, s := range p.relatives("spouse") {
			if !slices.Equal(all[s].relatives("spouse"), []string{pin}) || all[s].Sex == p.Sex || p.MaritalStatus.Code != "X2" {
				t.Fatal("a spouse whose spouse is another")
			}
		}
		for relation, sex := range map[string]string{"father": "male", "mother": "female"} {
			for _, parent := range p.relatives(relation) {
				o := all[parent]
				if o.Sex != sex || !slices.Contains(o.relatives("child"), pin) {
					t.Fatalf("a %s who does not know the child, or of the other sex", relation)
				}
				if gap := year(p.DateOfBirth) - year(o.DateOfBirth); gap < 18 || gap > 75 {
					t.Fatalf("a %s %d years older", relation, gap)
				}
			}
		}
		for _, c := range p.relatives("child") {
			if !slices.Contains(slices.Concat(all[c].relatives("father"), all[c].relatives("mother")), pin) {
				t.Fatal("a child who does not know the parent")
			}
		}
		gone := p.DeathOrMissing.Status != ""
		if gone != (len(p.Household) == 0) {
			t.Fatal("somebody gone in a household, or somebody alive in none")
		}
		if gone {
			if p.DeathOrMissing.Date < p.DateOfBirth || p.DeathOrMissing.Date > ReferenceDate || p.protected {
				t.Fatal("gone before birth or after today")
			}
			continue
		}
		heads := 0
		home := map[string]bool{}
		for _, m := range p.Household {
			home[m.PIN] = true
			if all[m.PIN].PermanentResidence != p.PermanentResidence || all[m.PIN].ResidenceFileNumber != p.ResidenceFileNumber {
				t.Fatal("a household of two addresses")
			}
			if m.Relation == "head" {
				heads++
				if (m.PIN == pin) != (p.RelationToHead == "Chủ hộ") {
					t.Fatal("a head who is not the head")
				}
			}
		}
		if heads != 1 || !home[pin] {
			t.Fatal("a household without its head or the person")
		}
		if other, ok := homes[p.ResidenceFileNumber]; ok && !maps.Equal(other, home) {
			t.Fatal("two people of a household name other members")
		}
		homes[p.ResidenceFileNumber] = home
	}
	for r := range Generated(GenerateOptions{People: people, Seed: 11}) {
		for f := range access.NumFields {
			if r.Value(f) != nil {
				fields[f.String()] = true
			}
		}
	}
	if len(fields) != int(access.NumFields) {
		t.Errorf("only these fields are ever filled: %v", slices.Sorted(maps.Keys(fields)))
	}
}

func TestPopulationHasPublishedShares(t *testing.T) {
	const people = 40_000
	n := map[string]int{}
	provinces := map[string]bool{}
	for _, p := range generated(t, GenerateOptions{People: people, Seed: 12}) {
		n[p.Sex]++
		n["surname "+strings.Fields(p.FullName)[0]]++
		n["group "+p.Ethnicity.Name]++
		n[p.DeathOrMissing.Status]++
		age := 2026 - year(p.DateOfBirth)
		switch {
		case age < 15:
			n["young"]++
		case age < 65:
			n["working age"]++
		default:
			n["old"]++
		}
		if p.protected {
			n["protected"]++
		}
		if p.CMND != "" {
			n["cmnd"]++
		}
		if len(CheckPIN(p.PIN, provinceByCode(p.BirthRegistrationPlace.Unit), p.Sex, p.DateOfBirth)) > 0 {
			n["mismatch"]++
		}
		provinces[provinceByCode(p.PermanentResidence.Unit)] = true
	}
	// In per cent, and wide: families share their group, so a sample is far
	// smaller than its people.
	for what, want := range map[string][2]float64{
		"surname Nguyễn": {31, 42}, "surname Trần": {8, 13}, "surname Lê": {6, 11}, "surname Phạm": {5, 9},
		"group Kinh": {83, 87.5}, "group Tày": {1, 3.5}, "group Mông": {0.9, 2.1},
		"male": {48, 53}, "female": {47, 52},
		"young": {17, 30}, "working age": {58, 74}, "old": {5, 15},
		"dead": {0.2, 4}, "missing": {0.01, 0.3}, "protected": {0.03, 0.3}, "cmnd": {35, 70}, "mismatch": {0.02, 0.5},
	} {
		got := float64(n[what]) * 100 / people
		if got < want[0] || got > want[1] || math.IsNaN(got) {
			t.Errorf("%s: %.2f %%, want %v to %v", what, got, want[0], want[1])
		} else {
			t.Logf("%s: %.2f %%", what, got)
		}
	}
	if len(provinces) != 63 {
		t.Errorf("people in %d provinces", len(provinces))
	}
}

func TestGeneratedRecordsAreInStoredForm(t *testing.T) {
	for r := range Generated(GenerateOptions{People: 3000, Seed: 13}) {
		again, err := ParseRecord(r.AppendJSON(nil))
		if err != nil {
			t.Fatal(err)
		}
		for f := range access.NumFields {
			if !bytes.Equal(r.Value(f), again.Value(f)) {
				t.Fatalf("%s: generated %s, imported %s", f, r.Value(f), again.Value(f))
			}
		}
		if r.Protected() != again.Protected() || r.Province() == "" {
			t.Fatal("protection or province")
		}
	}
}

func TestGeneratedPeopleAreFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		r := New(env.Open(db.Register))
		o := GenerateOptions{People: 2000, Seed: 14}
		if _, err := r.Load(t.Context(), Generated(o)); err != nil {
			t.Fatal(err)
		}
		for rec := range Generated(o) {
			k := Keys{PIN: rec.Text(access.PIN), FullName: strings.ToUpper(rec.Text(access.FullName)), DateOfBirth: rec.Text(access.DateOfBirth), Sex: rec.Text(access.Sex), Province: rec.Province()}
			p := find(t, r, k)
			if p == nil || p.Subject.Protected != rec.Protected() {
				t.Fatal(k)
			}
			if c := rec.Text(access.CMND); c != "" && find(t, r, Keys{CMND: c, FullName: k.FullName}) == nil {
				t.Fatal("not found by old number")
			}
			k.PIN = ""
			people, _, err := r.Search(t.Context(), k, 50)
			if err != nil || !slices.ContainsFunc(people, func(o *Person) bool { return o.PIN == p.PIN }) {
				t.Fatal("not found by name and date", err)
			}
		}
	})
}
