package onboarding

import (
	"strings"
	"testing"
	"time"

	"dancu/internal/access"
	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
	"dancu/internal/ledger"
)

// The table of states, spelled out: what is not named here is refused.
func TestTransitions(t *testing.T) {
	states := []access.State{access.Draft, access.Active, access.Suspended, access.Ended}
	allowed := map[act]map[access.State]access.State{
		actSuspend: {access.Active: access.Suspended},
		actResume:  {access.Suspended: access.Active},
		actUnlock:  {access.Draft: access.Draft, access.Active: access.Active, access.Suspended: access.Suspended},
		actRotate:  {access.Draft: access.Draft, access.Active: access.Active, access.Suspended: access.Suspended},
		actEnd:     {access.Draft: access.Ended, access.Active: access.Ended, access.Suspended: access.Ended},
	}
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		o := newOffice(t, env)
		o.apply(oneSystem("a", "H13", []string{certificate{}.pem(t)}, grant("one", "fullName")))
		base := *o.connection("a.con")
		for a := range lifecycle {
			for _, from := range states {
				t.Run(string(a)+"/"+string(from), func(t *testing.T) {
					o := &office{o.Onboarding, t, t.Context(), env}
					// Any state, whichever way it was reached.
					c := base
					c.State = from
					o.must(o.log.Write(o.ctx, func(tx *ledger.Tx) error {
						_, err := write(tx, clerk, step{access.ChangeConnection, c.ID, document(&c), []event{{"test.state", "", map[string]any{"connection": c.ID}}}}, func(event, int64) {})
						return err
					}))
					if a == actUnlock {
						o.lock("a.con")
					}
					before := len(o.entries())
					var err error
					switch a {
					case actSuspend:
						err = o.Suspend(o.ctx, clerk, "a.con", "violation", "remedy")
					case actResume:
						err = o.Resume(o.ctx, clerk, "a.con", "reason")
					case actUnlock:
						err = o.Unlock(o.ctx, clerk, "a.con", "a reason long enough")
					case actRotate:
						_, err = o.RotateCert(o.ctx, clerk, "a.con", Rotation{Cert: []byte(certificate{}.pem(t))})
					case actEnd:
						err = o.End(o.ctx, clerk, "a.con", "reason")
					}
					want, ok := allowed[a][from]
					if !ok {
						o.refused(err, fault.Conflict, `"a.con" is `+string(from)+" and cannot "+string(a))
						want = from
						if n := len(o.entries()); n != before {
							t.Errorf("a refused act wrote %d entries", n-before)
						}
					} else {
						o.must(err)
						if n := len(o.entries()); n == before {
							t.Error("no entry was written")
						}
					}
					if got := o.connection("a.con").State; got != want {
						t.Errorf("the state is %s, want %s", got, want)
					}
				})
			}
		}
		o.refused(o.Suspend(o.ctx, clerk, "nobody", "v", "r"), fault.NotFound, "no connection")
	})
}

func TestTextsAreNeeded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		o := newOffice(t, env)
		o.apply(oneSystem("a", "H13", nil, grant("one", "fullName")))
		o.lock("a.con")
		long := strings.Repeat("x", maxText+1)
		o.refused(o.Suspend(o.ctx, clerk, "a.con", " ", "r"), fault.Invalid, "violation", "Art. 43.5")
		o.refused(o.Suspend(o.ctx, clerk, "a.con", "v", ""), fault.Invalid, "remedy", "Art. 43.5")
		o.refused(o.Suspend(o.ctx, clerk, "a.con", long, "r"), fault.Invalid, "violation", "at most 2000")
		o.refused(o.Suspend(o.ctx, clerk, "a.con", "a\x00b", "r"), fault.Invalid, "control characters")
		o.refused(o.Resume(o.ctx, clerk, "a.con", ""), fault.Invalid, "reason")
		o.refused(o.End(o.ctx, clerk, "a.con", ""), fault.Invalid, "reason")
		o.refused(o.Unlock(o.ctx, clerk, "a.con", "123456789 "), fault.Invalid, "9 characters", "at least 10")
		o.must(o.Unlock(o.ctx, clerk, "a.con", "1234567890"))
	})
}

// Unlocking starts a new count: the epoch moves.
func TestUnlockMovesTheEpoch(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		o := newOffice(t, env)
		o.apply(oneSystem("a", "H13", nil, grant("one", "fullName")))
		o.refused(o.Unlock(o.ctx, clerk, "a.con", "nothing is locked"), fault.Conflict, "not locked")
		for want := range int64(2) {
			o.lock("a.con")
			if l := o.connection("a.con").Lock; l.By != access.LockedVolume || l.Epoch != want {
				t.Fatalf("locked: %+v", l)
			}
			o.must(o.Unlock(o.ctx, clerk, "a.con", "checked with the agency"))
			if l := o.connection("a.con").Lock; l.By != access.Unlocked || l.Epoch != want+1 {
				t.Fatalf("unlocked: %+v", l)
			}
		}
	})
}

func TestRotationKeepsTheOldCertificateForTheOverlap(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		o := newOffice(t, env)
		first := certificate{}.pem(t)
		file := oneSystem("a", "H13", []string{first}, grant("one", "fullName"))
		o.apply(file)
		rotate := func(rot Rotation) (time.Time, error) { return o.RotateCert(o.ctx, clerk, "a.con", rot) }

		_, err := rotate(Rotation{Cert: []byte(first)})
		o.refused(err, fault.Conflict, "registered for the system")
		_, err = rotate(Rotation{Cert: []byte("no certificate")})
		o.refused(err, fault.Invalid, "no PEM certificate")
		_, err = rotate(Rotation{Cert: []byte(certificate{until: time.Now().Add(-time.Minute)}.pem(t))})
		o.refused(err, fault.Invalid, "expired")
		_, err = rotate(Rotation{Cert: []byte(certificate{from: time.Now().AddDate(0, 0, 8)}.pem(t))})
		o.refused(err, fault.Invalid, "lengthen the overlap")
		_, err = rotate(Rotation{Cert: []byte(certificate{}.pem(t)), Overlap: MaxOverlap + 1})
		o.refused(err, fault.Invalid, "overlap")
		_, err = rotate(Rotation{Cert: []byte(certificate{}.pem(t)), Represents: "a.sys"})
		o.refused(err, fault.Invalid, "intermediary")

		begin := time.Now()
		retired, err := rotate(Rotation{Cert: []byte(certificate{}.pem(t))})
		o.must(err)
		if got := retired.Sub(begin); got < DefaultOverlap-time.Minute || got > DefaultOverlap+time.Hour {
			t.Errorf("the overlap is %v", got)
		}
		cs := o.system("a.sys").Credentials
		if len(cs) != 2 || !cs[0].NotAfter.Equal(retired) || cs[1].NotAfter.Before(retired) {
			t.Fatalf("certificates: %+v", cs)
		}
		// The file still names the old certificate: it is not prolonged.
		if rep := o.apply(file); len(rep.Changes) != 0 {
			t.Errorf("the old file changed %v", rep.Changes)
		}
		_, err = rotate(Rotation{Cert: []byte(certificate{}.pem(t)), Now: true})
		o.must(err)
		now := time.Now()
		for i, c := range o.system("a.sys").Credentials {
			if good := now.Before(c.NotAfter); good != (i == 2) {
				t.Errorf("certificate %d ends %v", i, c.NotAfter)
			}
		}
	})
}

func TestACarriedConnectionsCertificateIsItsIntermediarys(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		o := newOffice(t, env)
		open, bound := certificate{}.pem(t), certificate{}.pem(t)
		o.apply(`
agencies: [{id: p, code: G99, name: {vi: Nền tảng}, group: 1}, {id: b, code: "0000000019", name: {vi: Ngân hàng}, group: 2}]
systems:
  - {id: plat, agency: p, name: {vi: N}, level: 4, intermediary: true, certificates: [{pem: ` + inline(open) + `}, {pem: ` + inline(bound) + `, represents: bank}]}
  - {id: bank, agency: b, name: {vi: B}, level: 3}
connections:
  - {id: plat, system: plat, assessment: {from: 2026-01-01, until: 2099-12-31}}
  - {id: bank, system: bank, via: plat, assessment: {from: 2026-01-01, until: 2099-12-31}, grants: [` + grant("g", "fullName") + `]}
`)
		_, err := o.RotateCert(o.ctx, clerk, "bank", Rotation{Cert: []byte(certificate{}.pem(t))})
		o.refused(err, fault.Conflict, "rotate plat")
		_, err = o.RotateCert(o.ctx, clerk, "plat", Rotation{Cert: []byte(certificate{}.pem(t)), Represents: "bank", Now: true})
		o.must(err)
		cs := o.system("plat").Credentials
		now := time.Now()
		if len(cs) != 3 || now.After(cs[0].NotAfter) || now.Before(cs[1].NotAfter) || cs[2].Represents != "bank" {
			t.Errorf("certificates: %+v", cs)
		}
	})
}
