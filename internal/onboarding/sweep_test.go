package onboarding

import (
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
	"dancu/internal/ledger"
	"dancu/internal/onboarding/catalogue"
)

// change changes a.con's standing.
func (d *desk) change(fn func(*access.Connection)) {
	d.t.Helper()
	c := *d.connection("a.con")
	c.Grants = slices.Clone(c.Grants)
	fn(&c)
	d.must(d.log.Write(d.ctx, func(tx *ledger.Tx) error {
		_, err := write(tx, clerk, step{access.ChangeConnection, c.ID, document(&c), []event{{"test.changed", "", map[string]any{"connection": c.ID}}}}, func(event, int64) {})
		return err
	}))
}

// sweeps sweeps as a node that remembers nothing: what it does again must not
// be done twice.
func (d *desk) sweeps() {
	d.t.Helper()
	d.must(d.Sweep(d.ctx))
	d.sweeper.calendar = time.Time{}
	clear(d.sweeper.told)
	d.must(d.Sweep(d.ctx))
	d.sweeper.calendar = time.Time{}
}

// Reminders go out 60, 30 and 7 days before each end, once each, and never
// several at once.
func TestReminders(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		d := newDesk(t, env)
		end := d.midnight(100)
		d.change(func(c *access.Connection) {
			c.AssessedUntil, c.CommittedUntil = end.UTC(), end.UTC()
			c.Grants[0].Until = end.UTC()
		})
		topics := []string{"assessment.due", "commitment.due", "grant.ending"}
		want := func(n, days int) {
			t.Helper()
			d.sweeps()
			for _, topic := range topics {
				got := d.told.of(topic)
				if len(got) != n {
					t.Fatalf("%s: %d reminders, want %d: %+v", topic, len(got), n, got)
				}
				if n > 0 && (got[n-1].Agency != "a" || got[n-1].Params["days"] != number(days) || got[n-1].Params["until"] != isoDay(end) || got[n-1].Params["connection"] != "a.con") {
					t.Errorf("%s: %+v", topic, got[n-1])
				}
			}
		}
		want(0, 0)
		d.days(39)
		want(0, 0)
		d.days(2) // 59 days and some hours
		want(1, 60)
		d.days(2)
		want(1, 60)
		d.days(28)
		want(2, 30)
		d.days(23)
		want(3, 7)
		d.days(8)
		want(3, 7) // it is over: the incident tells
		if n := d.told.of("assessment.lapsed"); len(n) != 1 {
			t.Errorf("told of the lapse: %+v", n)
		}
		list := d.incidents()
		if len(list) != 1 {
			t.Fatalf("%d incidents of the lapse", len(list))
		}
		// A new certificate and a new lapse are another one.
		d.change(func(c *access.Connection) { c.AssessedUntil = d.midnight(1).UTC() })
		d.sweeps()
		if n := len(d.told.of("assessment.due")); n != 4 {
			t.Errorf("%d reminders: a late look sends the last one alone", n)
		}
		d.days(3)
		d.sweeps()
		if n := len(d.incidents()); n != 2 {
			t.Errorf("%d incidents of two lapses", n)
		}
	})
}

// A certificate that nothing newer outlives is reminded of.
func TestCertificatesAreRemindedOf(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		d := newDesk(t, env)
		at := d.system("a.sys").Credentials[0].NotAfter
		d.goTo(at.Add(-5 * 24 * hour))
		d.sweeps()
		n := d.told.of("credential.expiring")
		if len(n) != 1 || n[0].Agency != "a" || n[0].Params["days"] != "5" && n[0].Params["days"] != "6" || len(n[0].Params["credential"]) != 8 {
			t.Fatalf("told: %+v", n)
		}
		_, err := d.RotateCert(d.ctx, clerk, "a.con", Rotation{Cert: []byte(certificate{from: d.now().Add(-hour), until: d.now().AddDate(1, 0, 0)}.pem(t))})
		d.must(err)
		d.goTo(at.Add(-2 * 24 * hour))
		d.sweeps()
		if n := d.told.of("credential.expiring"); len(n) != 1 {
			t.Errorf("told of a certificate that was replaced: %+v", n)
		}
	})
}

// The yearly inspection is a task 60 days before the year is over, until one
// is planned or exempted.
func TestTheYearlyInspection(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		d := newDesk(t, env)
		id := MatterOf(KindConnection, "a.con")
		assessed := d.now().AddDate(0, -10, 5)
		d.change(func(c *access.Connection) { c.AssessedFrom = assessed.UTC() })
		d.sweeps()
		d.owes(id)
		d.days(10)
		d.sweeps()
		d.owes(id, TaskInspectionPlan)
		if got := d.tasksOf(id)[TaskInspectionPlan]; !got.Due.Equal(assessed.AddDate(1, 0, 0).UTC().Truncate(time.Microsecond)) || got.Owner != Inspector {
			t.Errorf("task: %+v", got)
		}
		m := d.begin(d.inspector, KindInspection, d.inspectionOf(nil))
		d.owes(id)
		d.sweeps()
		d.owes(id)
		// Cancelled, it was none.
		d.acts(d.inspector, m, "cancel", nil, Cancelled)
		d.sweeps()
		d.owes(id, TaskInspectionPlan)
		// An exemption stands in for it until it ends.
		d.must(d.main.Write(d.ctx, func(tx *db.Tx) error {
			return saveMatter(d.ctx, tx, &Matter{
				ID: newID(), Kind: KindAssessment, Agency: "a", System: "a.sys", State: Certified, Version: 1, Opened: d.now(), Changed: d.now(),
				Doc: mustJSON(map[string]any{"certificate": certification{Number: "7", Exempt: "monitoring-shared", Until: d.now().AddDate(0, 0, 200)}}),
			})
		}))
		d.sweeps()
		d.owes(id)
		d.days(150)
		d.sweeps()
		d.owes(id, TaskInspectionPlan)
	})
}

// The periodic assessment is opened when the certificate is about to end, once.
func TestTheAssessmentIsOpenedAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		d := newDesk(t, env)
		d.change(func(c *access.Connection) { c.AssessedUntil = d.midnight(59).UTC() })
		for range 2 {
			d.sweeps()
			list, err := selectMatters(d.ctx, d.main, matterQuery{kind: string(KindAssessment), limit: 10})
			d.must(err)
			if len(list) != 1 || list[0].System != "a.sys" || list[0].State != Ordered {
				t.Fatalf("assessments: %+v", list)
			}
			d.owes(list[0].ID, TaskAssess)
		}
	})
}

// A new version of a text asks for every older one to be signed again, once,
// and calls end with the day by which that is to be done.
func TestANewVersionAsksForSigningAgain(t *testing.T) {
	shipped, err := os.ReadFile("catalogue/data/template-undertaking.yaml")
	if err != nil {
		t.Fatal(err)
	}
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		d := newDesk(t, env)
		old, err := d.cat.Templates.At(Undertaking, access.DateOf(d.now()))
		d.must(err)
		m := &Matter{
			ID: newID(), Kind: KindCommitment, Agency: "a", System: "a.sys", State: InForce, Version: 1, Opened: d.now(), Changed: d.now(),
			Doc: mustJSON(map[string]any{"signed": signedText{Template: old.Ref(), Text: "x"}}),
		}
		d.must(d.main.Write(d.ctx, func(tx *db.Tx) error { return saveMatter(d.ctx, tx, m) }))
		d.sweeps()
		d.owes(m.ID)
		file := strings.NewReplacer(`version: "1"`, `version: "2"`, "from: 2022-12-19", "from: "+d.date(0)).Replace(string(shipped))
		d.cat, err = catalogue.Load(fstest.MapFS{"undertaking.yaml": {Data: []byte(file)}})
		d.must(err)
		d.sweeps()
		d.owes(m.ID, TaskSignAgain)
		by := d.midnight(29)
		d.dueAt(m.ID, TaskSignAgain, by)
		if got := d.connection("a.con").CommittedUntil; !got.Equal(by) {
			t.Errorf("committed until %s, want %s", got, by)
		}
		if n := d.told.of("commitment.renew"); len(n) != 1 || n[0].Params["template"] != Undertaking || n[0].Params["connection"] != "a.con" || n[0].Params["due"] != d.date(29) {
			t.Errorf("told: %+v", n)
		}
		_, err = d.Act(d.ctx, d.supervisor, m.ID, "outdate", Input{})
		d.refused(err, fault.Forbidden)
	})
}

// What is late is told once, to whose it is; what an agency owes to the
// supervisor, too.
func TestOverdueTasksAreToldOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		d := newDesk(t, env)
		d.change(func(c *access.Connection) { c.AssessedFrom = d.now().UTC() }) // no inspection is due
		use := d.begin(d.operator, KindUseReport, d.askedUse())
		breach := d.begin(d.operator, KindBreach, d.breachOf(Values{"where": "register"}))
		d.sweeps()
		if n := len(d.told.of("breach.due")) + len(d.told.of("task.overdue")); n != 0 {
			t.Errorf("%d told before it is time", n)
		}
		d.later(44 * hour) // 49 of the 72
		d.sweeps()
		if n := d.told.of("breach.due"); len(n) != 1 || n[0].Duty != Supervisor || n[0].Params["matter"] != breach.ID || n[0].Params["ends"] == "" {
			t.Errorf("told: %+v", n)
		}
		d.days(20)
		d.sweeps()
		if n := d.told.of("usereport.overdue"); len(n) != 1 || n[0].Agency != "a" || n[0].Params["connection"] != "a.con" || n[0].Params["matter"] != use.ID {
			t.Errorf("told: %+v", n)
		}
		got := map[string]bool{}
		for _, n := range d.told.of("task.overdue") {
			if n.Duty != Supervisor {
				t.Errorf("told: %+v", n)
			}
			got[n.Params["matter"]] = true
		}
		if n := len(d.told.of("task.overdue")); n != 2 || !got[use.ID] || !got[breach.ID] {
			t.Errorf("%d told: %v", n, got)
		}
	})
}

// One node sweeps at a time; when it is gone another does.
func TestOneNodeSweeps(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		d := newDesk(t, env)
		other := *d
		other.open(t)
		mine, err := d.lease(d.ctx, d.now())
		if err != nil || !mine {
			t.Fatalf("%v, %v", mine, err)
		}
		for range 2 {
			if theirs, err := other.lease(d.ctx, d.now()); err != nil || theirs {
				t.Errorf("two nodes sweep: %v", err)
			}
			d.later(2 * time.Minute)
			if mine, err := d.lease(d.ctx, d.now()); err != nil || !mine {
				t.Errorf("the lease is not renewed: %v", err)
			}
		}
		use := d.begin(d.operator, KindUseReport, d.askedUse())
		d.days(30)
		d.must(other.Sweep(d.ctx))
		d.must(d.Sweep(d.ctx))
		if n := d.told.of("usereport.overdue"); len(n) != 1 || n[0].Params["matter"] != use.ID {
			t.Errorf("told: %+v", n)
		}
		if mine, err := d.lease(d.ctx, d.now()); err != nil || mine {
			t.Errorf("a node sweeps that lost the lease: %v", err)
		}
	})
}
