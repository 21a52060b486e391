package onboarding

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"dancu/internal/access"
	"dancu/internal/db/dbtest"
	"dancu/internal/onboarding/catalogue"
)

// years is one connection, hanoi.con, whose clock is moved.
type years struct {
	*timed
	people
	told *told
}

// decides decides a call at a moment over the standing as it is now, under the
// certificate of this place among the system's.
func (y *years) decides(at time.Time, credential int) access.Code {
	y.t.Helper()
	dir, err := y.Load(y.ctx, y.main, nil)
	y.must(err)
	st := dir.Standing(dir.System("hanoi.onestop").Credentials[credential].Thumbprint, "")
	if st.Connection == nil {
		y.t.Fatal("the certificate stands for no connection")
	}
	return access.Decide(&st, callOf(&st, &st.Connection.Grants[0], at), at).Code
}

// wants demands what a call now is answered.
func (y *years) wants(code access.Code) {
	y.t.Helper()
	if got := y.decides(y.now(), 0); got != code {
		y.t.Fatalf("on %s a call is answered %q, want %q", y.now().In(access.Zone).Format(time.DateTime), got, code)
	}
}

// edge demands that calls are allowed to the last microsecond, and from the
// very moment on refused.
func (y *years) edge(at time.Time, code access.Code) {
	y.t.Helper()
	before, then := y.decides(at.Add(-time.Microsecond), 0), y.decides(at, 0)
	if before != access.Allowed || then != code {
		y.t.Fatalf("one microsecond before %s a call is answered %q, then %q, want %q", at, before, then, code)
	}
}

// due is the last day, in Vietnam, of the open task of a kind.
func (y *years) due(matter string, kind TaskKind) string {
	y.t.Helper()
	list, err := selectTasks(y.ctx, y.main, taskQuery{matter: matter, kind: string(kind), open: true, limit: 10})
	y.must(err)
	if len(list) != 1 {
		y.t.Fatalf("%d tasks %s are open", len(list), kind)
	}
	return isoDay(list[0].Due)
}

// sweeps does what time brings about, as a node that remembers nothing.
func (y *years) sweeps() {
	y.t.Helper()
	y.sweeper.calendar = time.Time{}
	clear(y.sweeper.told)
	y.must(y.Sweep(y.ctx))
}

func (y *years) certificate(until time.Time) Input {
	return Input{Values: mustJSON(Values{"certificate": certificate{from: y.now().Add(-time.Hour), until: until}.pem(y.t)})}
}

// Two years of a connection: the days of its terms are counted by the calendar,
// and every term ends at its moment, without a job that ends it.
func TestTwoYearsOfAConnection(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		// A version of the undertaking that comes into force on 1 June 2028.
		shipped, err := os.ReadFile("catalogue/data/template-undertaking.yaml")
		if err != nil {
			t.Fatal(err)
		}
		file := strings.NewReplacer(`version: "1"`, `version: "2"`, "from: 2022-12-19", "from: 2028-06-01").Replace(string(shipped))
		cat, err := catalogue.Load(fstest.MapFS{"undertaking-2.yaml": {Data: []byte(file)}})
		if err != nil {
			t.Fatal(err)
		}
		y := &years{told: &told{}}
		y.timed = newTimed(t, env, noon(2027, 2, 3), func(c *Config) { c.Catalogue, c.Notices = cat, y.told })

		// Asked for on the Wednesday before Tết: the fifth working day is the
		// seventeenth, for the fifth to the eleventh are days off.
		operator, agency := y.hanoi()
		y.people = people{operator, y.someone(Assessor, "as", ""), y.someone(Supervisor, "su", ""), agency}
		m := y.request(agency)
		y.do(agency, m.ID, "submit", Input{})
		if due := y.due(m.ID, TaskApplicationDecide); due != "2027-02-17" {
			t.Errorf("the application is to be decided by %s, want 2027-02-17", due)
		}
		y.goTo(noon(2027, 2, 16))
		m = y.do(operator, m.ID, "approve", Input{Reason: "it is in order", Values: mustJSON(Values{"authority": "provincial-director", "id": "hanoi.con"})})
		var of offer
		_, err = m.read("offer", &of)
		y.must(err)
		y.do(agency, m.ID, "accept", Input{Values: mustJSON(Values{"hashes": []string{of.Grants[0].Hash, of.Grants[1].Hash}})})
		const system = "system.hanoi.onestop"
		y.save(agency, system, "level", Values{"level": 3, "decision": "15/QĐ", "appraised": "2026-01-10", "approved": "2026-02-01", "authority": "Sở TTTT"})
		y.do(agency, system, "certificate", y.certificate(noon(2030, 1, 1)))
		y.committed(y.people, Agreement)
		undertaking := y.committed(y.people, Undertaking)
		y.goTo(noon(2027, 2, 26))
		y.assessed(y.people, "initial")
		y.wants(access.ConnectionNotActive)
		y.must(y.ofTwo("hanoi.con", "activate", whyActivate))
		y.wants(access.Allowed)

		// A year, and then not one microsecond more.
		until := y.connection("hanoi.con").AssessedUntil
		if got := isoDay(until); got != "2028-02-26" && got != "2028-02-25" {
			t.Errorf("assessed until %s, want a year", got)
		}
		y.edge(until, access.AssessmentLapsed)
		for i, day := range []time.Time{noon(2028, 1, 5), noon(2028, 2, 1), noon(2028, 2, 22)} {
			y.goTo(day)
			y.sweeps()
			if n := len(y.told.of("assessment.due")); n != i+1 {
				t.Errorf("by %s the agency was reminded %d times, want %d", day.Format(time.DateOnly), n, i+1)
			}
		}
		y.goTo(until.Add(time.Minute))
		y.wants(access.AssessmentLapsed)
		// Assessed again it goes on; nobody needs to activate it again.
		y.goTo(noon(2028, 3, 6))
		y.assessed(y.people, "periodic")
		y.wants(access.Allowed)

		// A change that stops it, until it was assessed again.
		y.goTo(noon(2028, 4, 3))
		change, err := y.Open(y.ctx, agency, KindChange, About{System: "hanoi.onestop"}, Input{Values: mustJSON(Values{"kind": "application"})})
		y.must(err)
		y.save(agency, change.ID, "change", Values{"what": "Nâng cấp lên phiên bản 3.0", "why": "Hết hỗ trợ", "from": "2028-04-10"})
		y.do(agency, change.ID, "declare", Input{})
		y.edge(time.Date(2028, 4, 10, 0, 0, 0, 0, access.Zone), access.AssessmentLapsed)
		y.goTo(noon(2028, 4, 12))
		y.wants(access.AssessmentLapsed)
		ordered, err := y.List(y.ctx, y.assessor, Filter{Kind: KindAssessment, Parent: change.ID})
		y.must(err)
		y.assess(y.people, ordered.Matters[0])
		y.wants(access.Allowed)

		// A new key beside the old one: unknown until it is declared, and the old
		// one ends with the overlap.
		y.goTo(noon(2028, 5, 2))
		y.do(agency, system, "certificate", y.certificate(noon(2031, 1, 1)))
		old := y.system("hanoi.onestop").Credentials[0].NotAfter
		if !old.After(y.now().AddDate(0, 0, 6)) || old.After(y.now().AddDate(0, 0, 8)) {
			t.Errorf("the old certificate ends on %s, want in 7 days", old)
		}
		if code := y.decides(y.now(), 1); code != access.ChangeUndeclared {
			t.Errorf("under the new key: %q, want %q", code, access.ChangeUndeclared)
		}
		prepared, err := y.List(y.ctx, agency, Filter{Kind: KindChange, State: Draft})
		y.must(err)
		if len(prepared.Matters) != 1 {
			t.Fatalf("%d reports are prepared for the new key", len(prepared.Matters))
		}
		var v Values
		_, err = prepared.Matters[0].read("change", &v)
		y.must(err)
		v["why"] = "Chứng thư số sắp hết hạn"
		y.save(agency, prepared.Matters[0].ID, "change", v)
		y.do(agency, prepared.Matters[0].ID, "declare", Input{})
		y.wants(access.Allowed)
		if code := y.decides(y.now(), 1); code != access.Allowed {
			t.Errorf("under the declared key: %q", code)
		}
		if before, then := y.decides(old, 0), y.decides(old.Add(time.Microsecond), 0); before != access.Allowed || then != access.UnknownCredential {
			t.Errorf("at the end of the overlap: %q, then %q", before, then)
		}

		// A new version of the undertaking is to be signed by the first of July.
		y.goTo(noon(2028, 6, 1))
		y.sweeps()
		by := time.Date(2028, 7, 1, 0, 0, 0, 0, access.Zone)
		if due := y.due(undertaking.ID, TaskSignAgain); due != "2028-06-30" {
			t.Errorf("it is to be signed again by %s", due)
		}
		if before, then := y.decides(by.Add(-time.Microsecond), 1), y.decides(by, 1); before != access.Allowed || then != access.ConnectionNotActive {
			t.Errorf("at the day by which it is to be signed again: %q, then %q", before, then)
		}
		y.goTo(noon(2028, 6, 20))
		again := y.committed(y.people, Undertaking)
		if code := y.decides(by, 1); code != access.Allowed {
			t.Errorf("signed again, at that day: %q", code)
		}
		for id, want := range map[string]State{undertaking.ID: Superseded, again.ID: InForce} {
			see, err := y.See(y.ctx, agency, id)
			y.must(err)
			if see.Matter.State != want {
				t.Errorf("the undertaking is %s, want %s", see.Matter.State, want)
			}
			for _, task := range see.Tasks {
				if task.Done.IsZero() {
					t.Errorf("the task %s of an undertaking that is %s is open", task.Kind, want)
				}
			}
		}

		// The end, for good.
		y.goTo(noon(2029, 2, 1))
		if code := y.decides(y.now(), 1); code != access.Allowed {
			t.Errorf("before its end: %q", code)
		}
		y.do(agency, "connection.hanoi.con", "ask-end", Input{Reason: "nothing needs it any more"})
		y.do(operator, "connection.hanoi.con", "end", Input{Reason: "the agency asks for it", Values: mustJSON(Values{"ground": "termination.no-need"})})
		if code := y.decides(y.now(), 1); code == access.Allowed {
			t.Error("a call over an ended connection is allowed")
		}
		see, err := y.See(y.ctx, operator, "connection.hanoi.con")
		y.must(err)
		if len(see.Can) != 0 {
			t.Errorf("%s can be done to an ended connection", see.Can[0].Name)
		}
		for _, task := range see.Tasks {
			if task.Done.IsZero() {
				t.Errorf("the task %s of an ended connection is open", task.Kind)
			}
		}
	})
}
