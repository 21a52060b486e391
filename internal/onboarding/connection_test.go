package onboarding

import (
	"slices"
	"strings"
	"testing"
	"time"

	"dancu/internal/access"
	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
	"dancu/internal/ledger"
	"dancu/internal/onboarding/catalogue"
)

// What is refused changes nothing and leaves no entry.
func TestWhatTheTableDoesNotHaveIsRefused(t *testing.T) {
	states := []State{drafted, active, suspended, ended}
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		o := newOffice(t, env)
		o.apply(oneSystem("a", "H13", []string{certificate{}.pem(t)}, grant("one", "fullName")))
		base := *o.connection("a.con")
		for _, row := range Lifecycle() {
			if row.Kind != KindConnection {
				continue
			}
			for _, from := range states {
				if slices.Contains(row.From, from) {
					continue
				}
				t.Run(row.Name+"/"+string(from), func(t *testing.T) {
					o := &office{o.Onboarding, t, t.Context(), env}
					// Any state, whichever way it was reached.
					c := base
					c.State = access.State(from)
					o.must(o.log.Write(o.ctx, func(tx *ledger.Tx) error {
						_, err := write(tx, clerk, step{access.ChangeConnection, c.ID, document(&c), []event{{"test.state", "", map[string]any{"connection": c.ID}}}}, func(event, int64) {})
						return err
					}))
					before := len(o.entries())
					_, err := o.Act(o.ctx, o.someone(row.By[0], "one", "a"), "connection.a.con", row.Name, Input{Reason: "a reason long enough"})
					o.refused(err, fault.Conflict, row.Name)
					if got := o.connection("a.con").State; State(got) != from {
						t.Errorf("the state is %s, want %s", got, from)
					}
					if n := len(o.entries()); n != before {
						t.Errorf("a refused act wrote %d entries", n-before)
					}
				})
			}
		}
		o.refused(o.Suspend(o.ctx, clerk, "nobody", "v", "r"), fault.NotFound, "no matter")
	})
}

func TestTextsAreNeeded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		o := newOffice(t, env)
		o.apply(oneSystem("a", "H13", nil, grant("one", "fullName")))
		o.lock("a.con")
		long := strings.Repeat("x", maxText+1)
		o.refused(o.Suspend(o.ctx, clerk, "a.con", " ", "r"), fault.Invalid, "violation: this is required")
		o.refused(o.Suspend(o.ctx, clerk, "a.con", "v", ""), fault.Invalid, "remedy: this is required")
		o.refused(o.Suspend(o.ctx, clerk, "a.con", long, "r"), fault.Invalid, "violation", "at most 2000")
		o.refused(o.Suspend(o.ctx, clerk, "a.con", "a\x00b", "r"), fault.Invalid, "control character")
		o.refused(o.End(o.ctx, clerk, "a.con", "termination.no-need", "short"), fault.Invalid, "reason", "at least 10")
		o.refused(o.End(o.ctx, clerk, "a.con", "whim", "a reason long enough"), fault.Invalid, "ground", "not among the choices")
		o.refused(o.unlock("a.con", "123456789 "), fault.Invalid, "9 were given", "at least 10")
		o.must(o.unlock("a.con", "1234567890"))
	})
}

// Unlocking starts a new count: the epoch moves.
func TestUnlockMovesTheEpoch(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		o := newOffice(t, env)
		o.apply(oneSystem("a", "H13", nil, grant("one", "fullName")))
		o.refused(o.unlock("a.con", "nothing is locked"), fault.Conflict, "not locked")
		for want := range int64(2) {
			o.lock("a.con")
			if l := o.connection("a.con").Lock; l.By != access.LockedVolume || l.Epoch != want {
				t.Fatalf("locked: %+v", l)
			}
			o.must(o.unlock("a.con", "checked with the agency"))
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

// An agency that asks for the end gets an answer either way: an end on one of
// the law's grounds, or a refusal with its reasons, after which it may ask
// again.
func TestAnEndThatIsAskedForCanBeDeclined(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		o := newOffice(t, env)
		o.apply(oneSystem("a", "H13", nil, grant("one", "fullName")))
		matter := MatterOf(KindConnection, "a.con")
		agency, operator := o.someone(Agency, "admin", "a"), o.someone(Operator, "op", "")
		decline := func() error {
			_, err := o.Act(o.ctx, operator, matter, "decline-end", Input{Reason: "an application for it is waiting"})
			return err
		}
		waiting := func() int {
			list, err := o.Tasks(o.ctx, operator, TaskFilter{Matter: matter, Kind: TaskEndDecide})
			o.must(err)
			return len(list.Tasks)
		}
		o.refused(decline(), fault.Conflict, "no request to end it is waiting")
		o.do(agency, matter, "ask-end", Input{Reason: "nothing needs it any more"})
		if n := waiting(); n != 1 {
			t.Fatalf("%d tasks wait for a decision", n)
		}
		o.must(decline())
		if n := waiting(); n != 0 || o.connection("a.con").State != access.Active {
			t.Errorf("after the refusal %d tasks wait, and the connection is %s", n, o.connection("a.con").State)
		}
		o.refused(decline(), fault.Conflict, "no request to end it is waiting")

		// The grounds are the catalogue's, and no others.
		for _, g := range catalogue.Default().Grounds(catalogue.ForTermination, access.DateOf(o.main.Clock())) {
			if endForm.Field("ground").check(g.ID, o.Around(nil, "")) != nil {
				t.Errorf("the ground %s is not taken", g.ID)
			}
		}
		o.refused(o.End(o.ctx, clerk, "a.con", "suspension.danger", "a reason long enough"), fault.Invalid, "ground", "choose one of termination.")
		o.do(agency, matter, "ask-end", Input{Reason: "nothing needs it any more"})
		o.must(o.End(o.ctx, clerk, "a.con", "termination.no-need", "the agency asks for it"))
		if n := waiting(); n != 0 {
			t.Errorf("%d tasks wait for a decision on an ended connection", n)
		}
	})
}

// A suspension and an end are documents, too: made in the act, under the hash
// that its entry names, and shown to both sides.
func TestSuspensionAndEndAreDocuments(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		o := newOffice(t, env)
		cert := certificate{}.pem(t)
		o.apply(oneSystem("a", "H13", []string{cert}, grant("one", "fullName")))
		key := o.system("a.sys").Credentials[0].SHA256
		matter := MatterOf(KindConnection, "a.con")
		agency, supervisor := o.someone(Agency, "admin", "a"), o.someone(Supervisor, "sup", "")
		last := func(n int) Paper {
			t.Helper()
			see, err := o.See(o.ctx, agency, matter)
			o.must(err)
			list := see.Papers()
			if len(list) != n {
				t.Fatalf("%d documents, want %d", len(list), n)
			}
			p := list[n-1]
			if p.SHA256 != hash([]byte(p.Text)) {
				t.Errorf("the hash of %s is another's", p.Name)
			}
			return p
		}
		holds := func(p Paper, words ...string) {
			t.Helper()
			for _, w := range words {
				if !strings.Contains(p.Text, w) {
					t.Errorf("%s does not say %q:\n%s", p.Name, w, p.Text)
				}
			}
		}
		o.do(supervisor, matter, "suspend", Input{Values: mustJSON(Values{
			"violation": "Tra cứu ngoài mục đích đã đăng ký", "remedy": "Báo cáo giải trình", "cause": "suspension.danger", "number": "12/TB", "signatory": "Lê C, Cục trưởng",
		})})
		p := last(1)
		holds(p, "12/TB", "Lê C, Cục trưởng", "a.con", "Tra cứu ngoài mục đích đã đăng ký", "Báo cáo giải trình", "có khả năng gây mất an toàn")
		// At the machine without number and signatory: they are filled in on paper.
		o.must(o.End(o.ctx, clerk, "a.con", "termination.order", "the authority has ordered it"))
		q := last(2)
		holds(q, blank, "the authority has ordered it", "Theo yêu cầu của cơ quan có thẩm quyền", key)
		if p.Name == q.Name {
			t.Errorf("both are called %s", p.Name)
		}
	})
}
