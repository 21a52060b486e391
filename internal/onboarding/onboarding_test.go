package onboarding

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
	"dancu/internal/ledger"
)

func entryKinds(r Report) []string {
	out := []string{}
	for _, c := range r.Changes {
		out = append(out, c.Kind)
	}
	return out
}

func TestApplyWritesWhatChangedAndNothingElse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		o := newOffice(t, env)
		cert := certificate{}.pem(t)
		first := oneSystem("a", "H13", []string{cert}, grant("one", "fullName"), grant("two", "sex"))

		dry := o.apply(first, Options{DryRun: true})
		if !dry.DryRun || len(o.entries()) != 0 {
			t.Fatalf("a dry run wrote %v", o.entries())
		}
		rep := o.apply(first)
		want := []string{
			EventAgencyRegistered, EventSystemRegistered, EventCredentialAdded,
			EventConnectionActivated, EventGrantGiven, EventGrantGiven,
		}
		if d := cmp.Diff(entryKinds(rep), want); d != "" {
			t.Error(d)
		}
		if d := cmp.Diff(entryKinds(dry), entryKinds(rep)); d != "" {
			t.Errorf("the dry run said otherwise:\n%s", d)
		}
		c := o.connection("a.con")
		if c.State != access.Active || c.Limit != access.DefaultLimit || c.Rate != DefaultRate || c.Mismatches != DefaultMismatches {
			t.Errorf("defaults: %+v", c)
		}
		if g := c.Grants[0]; g.PeoplePerCase != DefaultPeoplePerCase || !slices.Equal(g.Keys, sorted(access.DefaultKeys(access.Lookup))) || g.Hash != GrantHash(g) {
			t.Errorf("defaults of a grant: %+v", g)
		}

		again := o.apply(first)
		if len(again.Changes) != 0 || again.Version != rep.Version || len(o.entries()) != len(want) {
			t.Errorf("the same file again changed %v", again.Changes)
		}

		second := strings.Replace(first, "{vi: Hệ thống}", "{vi: Hệ thống mới}", 1)
		second = strings.Replace(second, grant("two", "sex"), grant("two", "sex, ethnicity"), 1)
		rep = o.apply(second)
		if d := cmp.Diff(entryKinds(rep), []string{EventSystemChanged, EventGrantChanged}); d != "" {
			t.Error(d)
		}
	})
}

func sorted(k []access.KeySet) []access.KeySet {
	k = slices.Clone(k)
	slices.Sort(k)
	return k
}

// What a file leaves out stays, with a note; --prune ends it without deleting.
func TestWhatAFileLeavesOutStaysUnlessPruned(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		o := newOffice(t, env)
		c1, c2 := certificate{}.pem(t), certificate{}.pem(t)
		o.apply(oneSystem("a", "H13", []string{c1, c2}, grant("one", "fullName"), grant("two", "sex")))
		o.apply(oneSystem("b", "H14", []string{certificate{}.pem(t)}, grant("one", "fullName")))
		less := oneSystem("a", "H13", []string{c1}, grant("one", "fullName"))

		rep := o.apply(less)
		if len(rep.Changes) != 0 || len(rep.Notes) != 2 {
			t.Fatalf("left out: %+v", rep)
		}
		rep = o.apply(less, Options{Prune: true})
		if d := cmp.Diff(entryKinds(rep), []string{EventCredentialRetired, EventGrantEnded, EventConnectionEnded}); d != "" {
			t.Fatal(d)
		}
		a, b := o.connection("a.con"), o.connection("b.con")
		if b.State != access.Ended || len(b.Grants) != 1 {
			t.Errorf("the connection left out: %+v", b)
		}
		if len(a.Grants) != 2 || a.Grants[1].Until.After(time.Now()) {
			t.Errorf("the grant left out: %+v", a.Grants)
		}
		if s := o.system("a.sys"); len(s.Credentials) != 2 || s.Credentials[1].NotAfter.After(time.Now()) {
			t.Errorf("the certificate left out: %+v", s.Credentials)
		}
		if rep = o.apply(less, Options{Prune: true}); len(rep.Changes) != 0 {
			t.Errorf("pruning again changed %v", rep.Changes)
		}
		_, err := o.Apply(o.ctx, clerk, []byte(oneSystem("b", "H14", nil, grant("one", "fullName"))))
		o.refused(err, fault.Invalid, `connection "b.con" has ended`)
		// A retired certificate does not come back by the old file.
		rep = o.apply(oneSystem("a", "H13", []string{c1, c2}, grant("one", "fullName")))
		if len(rep.Changes) != 0 || len(rep.Notes) != 1 || !strings.Contains(rep.Notes[0], "was retired") {
			t.Errorf("a retired certificate in the file: %+v", rep)
		}
	})
}

func TestApplyNeitherUnlocksNorResumes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		o := newOffice(t, env)
		file := oneSystem("a", "H13", []string{certificate{}.pem(t)}, grant("one", "fullName"))
		o.apply(file)
		o.lock("a.con")
		o.must(o.Suspend(o.ctx, clerk, "a.con", "wrong purpose", "report of use"))
		o.apply(strings.Replace(file, "fullName", "fullName, sex", 1))
		c := o.connection("a.con")
		if c.State != access.Suspended || c.Violation != "wrong purpose" || c.Remedy != "report of use" || c.Lock.By != access.LockedVolume {
			t.Errorf("after apply: %+v", c)
		}
		if !c.Grants[0].Fields.Has(access.Sex) {
			t.Error("the grant was not changed")
		}
	})
}

func TestTheExampleApplies(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		o := newOffice(t, env)
		data, err := os.ReadFile("../../docs/examples/connections.yaml")
		o.must(err)
		dir := t.TempDir()
		path := filepath.Join(dir, "connections.yaml")
		o.must(os.WriteFile(path, data, 0o600))
		_, err = ReadSource(path, nil)
		refusedWith(t, err, fault.NotFound, "certs/province-onestop.pem", "line ")
		o.must(os.Mkdir(filepath.Join(dir, "certs"), 0o700))
		for _, n := range []string{"province-onestop", "ministry-registry", "platform", "platform-for-bank"} {
			o.must(os.WriteFile(filepath.Join(dir, "certs", n+".pem"), []byte(certificate{}.pem(t)), 0o600))
		}
		src, err := ReadSource(path, nil)
		o.must(err)
		rep, err := o.ApplyFile(o.ctx, clerk, src, Options{})
		o.must(err)
		if len(rep.Changes) == 0 || len(rep.Notes) != 0 {
			t.Errorf("%+v", rep)
		}
		rep, err = o.ApplyFile(o.ctx, clerk, src, Options{})
		o.must(err)
		if len(rep.Changes) != 0 {
			t.Errorf("again: %+v", rep.Changes)
		}
		dirNow, err := o.Load(o.ctx, o.main, nil)
		o.must(err)
		if a := dirNow.Agency("province-example"); !slices.Equal(a.Codes, []string{"H99.01", "H99.02"}) {
			t.Errorf("actsFor: %v", a.Codes)
		}
		bound := o.system("platform-example").Credentials[1]
		s := dirNow.Standing(bound.Thumbprint, "")
		if s.Connection == nil || s.Connection.ID != "bank-example.core" || s.Carrier == nil {
			t.Errorf("the bank behind the platform stands as %+v", s)
		}
		views, err := o.Show(o.ctx, "bank-example.core")
		o.must(err)
		if views[0].Caller.ID != "platform-example" || views[0].Agency.ID != "bank-example" {
			t.Errorf("show: %+v", views[0])
		}
	})
}

// Every standing row was written together with an entry about the same thing.
func TestEveryChangeHasItsEntry(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		o := newOffice(t, env)
		file := oneSystem("a", "H13", []string{certificate{}.pem(t)}, grant("one", "fullName"))
		o.apply(file)
		o.apply(strings.Replace(file, "fullName", "sex", 1))
		o.must(o.Suspend(o.ctx, clerk, "a.con", "v", "r"))
		o.must(o.ofTwo("a.con", "resume", Input{Reason: "it was remedied"}))
		o.lock("a.con")
		o.must(o.unlock("a.con", "checked with the agency"))
		_, err := o.RotateCert(o.ctx, clerk, "a.con", Rotation{Cert: []byte(certificate{}.pem(t))})
		o.must(err)
		o.must(o.End(o.ctx, clerk, "a.con", "termination.no-need", "agreement expired"))

		entries := o.entries()
		rows, err := o.main.Query(o.ctx, "SELECT version, kind, id, time FROM standing ORDER BY version")
		o.must(err)
		defer rows.Close()
		n := 0
		for rows.Next() {
			var version, at int64
			var kind, id string
			o.must(rows.Scan(&version, &kind, &id, &at))
			n++
			told := slices.ContainsFunc(entries, func(e entry) bool {
				topic, _, _ := strings.Cut(e.kind, ".")
				switch access.ChangeKind(kind) {
				case access.ChangeAgency:
					return e.time == at && topic == "agency"
				case access.ChangeSystem:
					return e.time == at && (topic == "system" || topic == "credential")
				default:
					return e.time == at && (topic == "connection" || topic == "grant") && e.conn == id
				}
			})
			if !told {
				t.Errorf("version %d (%s %s) has no entry", version, kind, id)
			}
		}
		o.must(rows.Err())
		if n != 11 {
			t.Errorf("%d standing rows, want 11", n)
		}
	})
}

// Two nodes apply two files in any interleaving: both are kept whole.
func TestTwoFilesAtOnceKeepBoth(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		keys := newLogKeys(t)
		nodes := []*office{openOffice(t, env, keys), openOffice(t, env, keys)}
		if env.Engine == db.SQLite {
			nodes[1] = nodes[0] // one process owns the files
		}
		const rounds = 8
		var all [2][]string
		for f := range 2 {
			for r := range rounds {
				all[f] = append(all[f], oneSystem(fmt.Sprintf("s%d-%d", f, r), fmt.Sprintf("H%d%d", f+1, r), []string{certificate{}.pem(t)}, grant("g", "fullName")))
			}
		}
		var wg sync.WaitGroup
		for f := range 2 {
			wg.Go(func() {
				for _, file := range all[f] {
					if _, err := nodes[f].Apply(t.Context(), clerk, []byte(file)); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		for f := range 2 {
			for r := range rounds {
				nodes[0].connection(fmt.Sprintf("s%d-%d.con", f, r))
				if rep := nodes[0].apply(all[f][r]); len(rep.Changes) != 0 {
					t.Errorf("lost from file %d.%d: %v", f, r, rep.Changes)
				}
			}
		}
	})
}

// Two grants of one connection from two files survive each other: apply works
// on the standing under the lock, not on what it read before.
func TestTwoFilesOfOneConnectionKeepBothGrants(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		o := newOffice(t, env)
		cert := certificate{}.pem(t)
		o.apply(oneSystem("a", "H13", []string{cert}, grant("base", "fullName")))
		var wg sync.WaitGroup
		for i := range 6 {
			wg.Go(func() {
				if _, err := o.Apply(t.Context(), clerk, []byte(oneSystem("a", "H13", []string{cert}, grant(fmt.Sprint("g", i), "sex")))); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if got := len(o.connection("a.con").Grants); got != 7 {
			t.Errorf("%d grants, want 7", got)
		}
	})
}

// For any file: applying it twice changes nothing the second time, and the
// order of what is listed does not matter.
func TestApplyIsIdempotent(t *testing.T) {
	env := dbtest.SQLite(t)
	o := newOffice(t, env)
	certs := make([]string, 4)
	for i := range certs {
		certs[i] = certificate{}.pem(t)
	}
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		fields := rapid.SliceOfNDistinct(rapid.SampledFrom(access.AllFields.Names()), 1, 6, rapid.ID).Draw(rt, "fields")
		gs := []string{}
		for i := range rapid.IntRange(1, 4).Draw(rt, "grants") {
			gs = append(gs, grant(fmt.Sprint("g", i), strings.Join(fields, ", ")))
		}
		own := []string{}
		for range rapid.IntRange(0, 2).Draw(rt, "certs") {
			own = append(own, certificate{}.pem(t))
		}
		name := fmt.Sprint("x", n)
		code := fmt.Sprintf("H13.%d", n)
		file := oneSystem(name, code, own, gs...)
		if rep := o.apply(file); len(rep.Changes) == 0 {
			rt.Fatal("nothing was applied")
		}
		rand.Shuffle(len(gs), func(i, j int) { gs[i], gs[j] = gs[j], gs[i] })
		slices.Reverse(own)
		if rep := o.apply(oneSystem(name, code, own, gs...)); len(rep.Changes) != 0 {
			rt.Fatalf("applied again: %v", rep.Changes)
		}
	})
}

func TestLoadAppliesWhatIsNewer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		o := newOffice(t, env)
		empty, err := o.Load(o.ctx, o.main, nil)
		o.must(err)
		if empty.Version() != 0 {
			t.Errorf("version %d of nothing", empty.Version())
		}
		rep := o.apply(oneSystem("a", "H13", nil, grant("one", "fullName")))
		one, err := o.Load(o.ctx, o.main, empty)
		o.must(err)
		same, err := o.Load(o.ctx, o.main, one)
		o.must(err)
		if one.Version() != rep.Version || same != one || empty.Connection("a.con") != nil {
			t.Errorf("version %d after %d", one.Version(), rep.Version)
		}
		// A row this program cannot read whole must stop everybody.
		o.must(o.log.Write(o.ctx, func(tx *ledger.Tx) error {
			tx.Stand("connection", "a.con", []byte(`{"id":"a.con","curfew":true}`))
			e, err := ledger.EventEntry("connection.changed", clerk, map[string]any{"connection": "a.con"})
			tx.Append(e, ledger.Outcome{})
			return err
		}))
		_, err = o.Load(o.ctx, o.main, one)
		o.refused(err, fault.Unavailable, "cannot be read")
	})
}
