package onboarding

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"dancu/internal/access"
	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
	"dancu/internal/ledger"
)

func (d *desk) incidentOf(change Values) Values {
	v := Values{"kind": "security", "at": d.at(-60e9), "what": "Phát hiện mã độc trên máy chủ kết nối"}
	maps.Copy(v, change)
	return v
}

// An agency reports a problem of security; somebody takes it and resolves it.
func TestAnIncidentIsTakenAndResolved(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		d := newDesk(t, env)
		_, err := d.tryBegin(d.agency, KindIncident, d.incidentOf(Values{"kind": "lock"}))
		d.refused(err, fault.Invalid, "kind", "by itself")
		_, err = d.tryBegin(d.agency, KindIncident, d.incidentOf(Values{"at": d.at(3600e9)}))
		d.refused(err, fault.Invalid, "at", "future")
		_, err = d.tryBegin(d.stranger, KindIncident, d.incidentOf(nil))
		d.refused(err, fault.Forbidden)
		m := d.begin(d.agency, KindIncident, d.incidentOf(nil))
		d.owes(m.ID, TaskIncidentTake)
		if n := d.told.of("incident.opened"); len(n) != 1 || n[0].Duty != Supervisor {
			t.Errorf("told: %+v", n)
		}
		ending := Values{"cause": "Máy chủ chưa cập nhật bản vá", "measures": "Đã cài lại và cập nhật"}
		d.bars(d.inspector, m, "resolve", ending, fault.Conflict)
		d.bars(d.agency, m, "take", nil, fault.Forbidden)
		d.acts(d.inspector, m, "take", nil, Taken)
		d.owes(m.ID, TaskIncidentResolve)
		d.bars(d.agency, m, "explain", Values{"intended": "no", "text": "Máy chủ bị tấn công từ ngoài", "change": "nothing"}, fault.Invalid, "change", "no such matter")
		d.acts(d.agency, m, "explain", Values{"intended": "no", "text": "Máy chủ bị tấn công từ ngoài"}, Taken)
		d.acts(d.inspector, m, "propose-suspension", nil, Taken)
		d.bars(d.inspector, m, "resolve", ending, fault.Conflict, "has not been decided")
		d.bars(d.supervisor, m, "decide-suspension", Values{"decision": "suspended"}, fault.Conflict, "still active")
		d.acts(d.supervisor, m, "decide-suspension", Values{"decision": "declined"}, Taken)
		ending["connection"] = "nobody"
		d.bars(d.inspector, m, "resolve", ending, fault.Invalid, "connection", "no such matter")
		ending["connection"] = "a.con"
		d.bars(d.inspector, m, "resolve", ending, fault.Invalid, "connection", "not suspended")
		d.do(d.supervisor, MatterOf(KindConnection, "a.con"), "suspend", Input{Values: mustJSON(Values{"violation": "Mã độc", "remedy": "Cài lại"})})
		d.acts(d.inspector, m, "resolve", ending, Resolved)
		d.owes(m.ID)
		d.entered(EventIncidentOpened, EventIncidentTaken, EventIncidentExplained, EventSuspensionProposed, EventSuspensionDecided, "connection.suspended", EventIncidentResolved)

		// One about no connection has none to suspend.
		m, err = d.Open(d.ctx, d.operator, KindIncident, About{}, Input{Values: mustJSON(d.incidentOf(nil))})
		d.must(err)
		d.acts(d.operator, m, "take", nil, Taken)
		d.bars(d.operator, m, "propose-suspension", nil, fault.Conflict, "no connection")
		d.bars(d.supervisor, m, "decide-suspension", Values{"decision": "declined"}, fault.Conflict, "no connection")
	})
}

// see tells of signals as the log's follower does.
func (d *desk) see(signals ...ledger.Signal) {
	d.t.Helper()
	d.must(d.log.Write(d.ctx, func(tx *ledger.Tx) error { return d.SeeSignals(d.ctx, tx, signals) }))
}

func (d *desk) incidents() []*Matter {
	d.t.Helper()
	list, err := selectIncidents(d.ctx, d.main, "a.sys", "a.con")
	d.must(err)
	return list
}

// The log's signals open one incident for each build or key, whatever is told
// twice, and the agency is told how to declare the change.
func TestAnUndeclaredChangeOpensOneIncident(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		d := newDesk(t, env)
		d.declare("a/1")
		certificate := d.system("a.sys").Credentials[0].SHA256
		signal := func(index int64, builds ...string) ledger.Signal {
			s := ledger.Signal{Index: index, Time: d.now(), Kind: "call.lookup", Code: "change.undeclared", Connection: "a.con", System: "a.sys", Agency: "H13", Count: 1}
			for _, b := range builds {
				s.Undeclared = append(s.Undeclared, ledger.Undeclared{Build: b, Credential: certificate})
			}
			return s
		}
		first := signal(10, "a/2")
		d.see(first, first, signal(11, "a/2", "a/2"))
		list := d.incidents()
		if len(list) != 1 {
			t.Fatalf("%d incidents of one build", len(list))
		}
		m := list[0]
		d.owes(m.ID, TaskIncidentTake, TaskChangeDeclare)
		if n := d.told.of("change.undeclared"); len(n) != 1 || n[0].Agency != "a" || n[0].Params["connection"] != "a.con" || n[0].Params["since"] == "" {
			t.Errorf("told: %+v", n)
		}
		d.entered(EventIncidentOpened)
		// Another build is another one; a declared build is none, nor is what is
		// about a connection that is not there.
		gone := signal(13, "a/2")
		gone.Connection = "nobody"
		d.see(signal(12, "b/1", "a/1"), gone)
		if n := len(d.incidents()); n != 2 {
			t.Errorf("%d incidents, want 2", n)
		}
		// Resolved, the same signal does not open it again, and a newer one does.
		d.acts(d.agency, m, "explain", Values{"intended": "unknown", "text": "Đang xác minh nguyên nhân"}, Opened)
		d.acts(d.supervisor, m, "take", nil, Taken)
		d.acts(d.supervisor, m, "resolve", Values{"cause": "Cập nhật nhầm", "measures": "Đã quay lại bản cũ"}, Resolved)
		d.see(first)
		if n := len(d.incidents()); n != 2 {
			t.Errorf("%d incidents after telling again, want 2", n)
		}
		d.later(60e9)
		d.see(signal(20, "a/2"))
		if n := len(d.incidents()); n != 3 {
			t.Errorf("%d incidents after it happened again, want 3", n)
		}
		// Whatever a program declares, it fills no office and breaks nothing.
		for i := range 2 * maxIncidents {
			d.see(signal(int64(100+i), fmt.Sprintf("\x00\u202e%d%s", i, strings.Repeat("x", i*10))))
		}
		if n := len(d.incidents()); n != maxIncidents+1 {
			t.Errorf("%d incidents, want %d", n, maxIncidents+1)
		}
	})
}

// declare sets the builds that were assessed.
func (d *desk) declare(builds ...string) {
	d.t.Helper()
	s := *d.system("a.sys")
	s.Builds = builds
	d.must(d.log.Write(d.ctx, func(tx *ledger.Tx) error {
		_, err := write(tx, clerk, step{access.ChangeSystem, s.ID, document(&s), []event{{"test.declared", "", map[string]any{"system": s.ID}}}}, func(event, int64) {})
		return err
	}))
}

// A certificate whose key was not declared is named by it.
func TestUndeclaredKeys(t *testing.T) {
	declared, other := strings.Repeat("ab", 32), strings.Repeat("cd", 32)
	s := &access.System{
		Builds: []string{"a/1"}, Keys: []string{"k1"},
		Credentials: []access.Credential{{SHA256: declared, Key: "k1"}, {SHA256: other, Key: "k2"}},
	}
	for _, c := range []struct {
		u    ledger.Undeclared
		want string
	}{
		{ledger.Undeclared{Build: "a/1", Credential: strings.ToUpper(declared)}, ""},
		{ledger.Undeclared{Build: "a/1", Credential: other}, "certificate:" + other},
		{ledger.Undeclared{Build: "a/2", Credential: declared}, `build:"a/2"`},
		{ledger.Undeclared{Credential: other}, `build:"" certificate:` + other},
		{ledger.Undeclared{Build: "a/1"}, ""},
	} {
		if got := strings.Join(undeclaredKeys(s, s, c.u), " "); got != c.want {
			t.Errorf("%+v: %q, want %q", c.u, got, c.want)
		}
	}
	if got := undeclaredKeys(&access.System{}, &access.System{}, ledger.Undeclared{Build: "x", Credential: other}); got != nil {
		t.Errorf("a system of which nothing is checked: %v", got)
	}
}

// A lock opens an incident that cannot be resolved while it holds.
func TestALockOpensAnIncident(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		d := newDesk(t, env)
		d.lock("a.con")
		s := ledger.Signal{Index: 30, Time: d.now(), Kind: "connection.locked", Connection: "a.con", System: "a.sys", Agency: "H13", Count: 1, Lock: "volume"}
		d.see(s)
		d.see(s)
		list := d.incidents()
		if len(list) != 1 {
			t.Fatalf("%d incidents of one lock", len(list))
		}
		d.owes(MatterOf(KindConnection, "a.con"), TaskLockReview)
		if n := d.told.of("connection.locked"); len(n) != 1 || n[0].Params["limit"] != "10000" {
			t.Errorf("told: %+v", n)
		}
		m := list[0]
		d.acts(d.supervisor, m, "take", nil, Taken)
		ending := Values{"cause": "Vòng lặp trong phần mềm", "measures": "Đã sửa vòng lặp"}
		d.bars(d.supervisor, m, "resolve", ending, fault.Conflict, "still locked")
		d.must(d.unlock("a.con", "checked with the agency"))
		d.owes(MatterOf(KindConnection, "a.con"))
		d.acts(d.supervisor, m, "resolve", ending, Resolved)
		d.lock("a.con")
		s.Index, s.Time = 40, d.now()
		d.see(s)
		if n := len(d.incidents()); n != 2 {
			t.Errorf("%d incidents of two locks", n)
		}
	})
}
