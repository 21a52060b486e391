package onboarding

import (
	"testing"

	"dancu/internal/db/dbtest"
	"dancu/internal/ledger"
)

// report opens a change report with these builds; it is not declared yet.
func (d *desk) report(kind string, builds ...string) *Matter {
	d.t.Helper()
	m, err := d.Open(d.ctx, d.agency, KindChange, About{System: "a.sys"}, Input{Values: mustJSON(Values{"kind": kind})})
	d.must(err)
	return d.save(d.agency, m.ID, "change", Values{"what": "Cập nhật phiên bản phần mềm kết nối", "why": "Bản vá của nhà cung cấp", "from": d.date(0), "builds": builds})
}

func (d *desk) undeclared(index int64, build string) *Matter {
	d.t.Helper()
	d.see(ledger.Signal{
		Index: index, Time: d.now(), Kind: "call.lookup", Code: "change.undeclared", Connection: "a.con", System: "a.sys", Agency: "H13", Count: 1,
		Undeclared: []ledger.Undeclared{{Build: build}},
	})
	for _, m := range d.incidents() {
		if m.Closed.IsZero() {
			var from origin
			if _, err := m.read("origin", &from); err == nil && from.Key == "build:"+plainBuild(build) {
				return m
			}
		}
	}
	d.t.Fatalf("no incident of %s is open", build)
	return nil
}

// TestDeclaringAChangeSettlesItsIncident: with the report where the rules ask
// for no new assessment, with the assessment where they do; in both cases the
// agency's task ends with the report, and a proposal to suspend stays people's.
func TestDeclaringAChangeSettlesItsIncident(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		d := newDesk(t, env)
		d.declare("a/1")

		// Keep running, nothing to assess.
		first, other := d.undeclared(10, "a/2"), d.undeclared(11, "b/9")
		d.owes(first.ID, TaskIncidentTake, TaskChangeDeclare)
		c := d.report("personnel", "a/2")
		d.acts(d.agency, c, "declare", nil, Declared)
		if m := d.matterNow(first.ID); m.State != Resolved || m.Closed.IsZero() {
			t.Errorf("the incident is %s after its change was declared", m.State)
		}
		d.owes(first.ID)
		if m := d.matterNow(other.ID); m.State != Opened {
			t.Errorf("the incident of another build is %s", m.State)
		}
		d.owes(other.ID, TaskIncidentTake, TaskChangeDeclare)
		if n := d.told.of("incident.resolved"); len(n) != 1 || n[0].Agency != "a" {
			t.Errorf("told: %+v", n)
		}

		// The source changed: it has to be assessed again.
		second := d.undeclared(20, "a/3")
		c = d.report("source", "a/3")
		d.acts(d.agency, c, "declare", nil, Declared)
		if m := d.matterNow(second.ID); m.State != Opened {
			t.Errorf("the incident is %s before the new assessment", m.State)
		}
		d.owes(second.ID, TaskIncidentTake)
		d.acts(d.supervisor, second, "take", nil, Taken)

		// One in which somebody proposed to suspend.
		third := d.undeclared(30, "a/4")
		d.acts(d.supervisor, third, "take", nil, Taken)
		d.acts(d.inspector, third, "propose-suspension", nil, Taken)
		c4 := d.report("personnel", "a/4")
		d.acts(d.agency, c4, "declare", nil, Declared)
		if m := d.matterNow(third.ID); m.State != Taken {
			t.Errorf("an incident with a proposal is %s", m.State)
		}
		d.owes(third.ID, TaskIncidentResolve, TaskSuspensionDecide)
		d.acts(d.supervisor, third, "decide-suspension", Values{"decision": "declined"}, Taken)
		d.acts(d.operator, c4, "close", nil, Closed)
		if m := d.matterNow(third.ID); m.State != Resolved {
			t.Errorf("decided and closed, the incident is %s", m.State)
		}

		// The assessment ends the second.
		var e effect
		if _, err := d.matterNow(c.ID).read("effect", &e); err != nil || e.Assessment == "" {
			t.Fatalf("the report asked for no assessment: %+v, %v", e, err)
		}
		d.assess(people{operator: d.operator, agency: d.agency, assessor: d.assessor}, d.matterNow(e.Assessment))
		if m := d.matterNow(c.ID); m.State != Closed {
			t.Errorf("the report is %s after the assessment", m.State)
		}
		if m := d.matterNow(second.ID); m.State != Resolved {
			t.Errorf("the incident is %s after the assessment", m.State)
		}
		d.owes(second.ID)
	})
}
