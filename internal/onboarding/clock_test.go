package onboarding

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
	"dancu/internal/ledger"
)

// desk is an office with a clock that can be moved, and whose notices are
// kept.
type desk struct {
	*office
	env    *dbtest.Env
	keys   logKeys
	offset *atomic.Int64
	told   *told
	clerks
}

// clerks are the people of a desk; the agency is that of the connection a.con.
type clerks struct{ operator, supervisor, inspector, assessor, agency, stranger Person }

// told keeps notices as an outbox does: the same key once.
type told struct {
	mu   sync.Mutex
	list []Notice
}

func (n *told) Put(_ context.Context, _ *db.Tx, m Notice) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if m.Key == "" || m.Topic == "" || (m.Duty == Agency) != (m.Agency != "") {
		return fault.New(fault.Internal, "a notice to nobody: %+v", m)
	}
	if !slices.ContainsFunc(n.list, func(o Notice) bool { return o.Key == m.Key }) {
		m.Params = maps.Clone(m.Params)
		n.list = append(n.list, m)
	}
	return nil
}

// of returns the notices of a topic.
func (n *told) of(topic string) (out []Notice) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, m := range n.list {
		if m.Topic == topic {
			out = append(out, m)
		}
	}
	return out
}

// newDesk has an agency "a" with one active connection "a.con", and begins on a
// Monday morning, so that what counts working days always counts the same.
func newDesk(t testing.TB, env *dbtest.Env) *desk {
	d := &desk{env: env, keys: newLogKeys(t), offset: new(atomic.Int64), told: &told{}}
	d.offset.Store(int64(time.Until(time.Date(2027, 3, 1, 9, 0, 0, 0, access.Zone))))
	d.open(t)
	d.apply(oneSystem("a", "H13", []string{certificate{from: d.now().Add(-time.Hour), until: d.now().AddDate(3, 0, 0)}.pem(t)}, grant("one", "fullName")))
	d.clerks = clerks{
		operator: d.someone(Operator, "op", ""), supervisor: d.someone(Supervisor, "sup", ""), inspector: d.someone(Inspector, "insp", ""),
		assessor: d.someone(Assessor, "ass", ""), agency: d.someone(Agency, "admin", "a"), stranger: d.someone(Agency, "other", "b"),
	}
	return d
}

// open opens the databases, as a further node does.
func (d *desk) open(t testing.TB) {
	t.Helper()
	clock := func(c *db.Config) { c.ClockOffset = func() time.Duration { return time.Duration(d.offset.Load()) } }
	main := d.env.Open(db.Main, clock)
	log, err := ledger.Open(t.Context(), ledger.Config{
		Main: main, Derived: d.env.Open(db.Derived, func(c *db.Config) { c.Relaxed = true }, clock),
		Origin: "log.example.vn/test", SigningKey: d.keys.skey, SealingKey: d.keys.sealing, Node: "test", ClockHold: -1,
	})
	if err != nil {
		t.Fatal(err)
	}
	tells(t, main)
	d.office = &office{New(Config{Main: main, Log: log, Notices: d.told}), t, t.Context(), d.env}
}

func (d *desk) now() time.Time         { return time.Now().Add(time.Duration(d.offset.Load())) }
func (d *desk) later(by time.Duration) { d.offset.Add(int64(by)) }
func (d *desk) goTo(at time.Time)      { d.later(at.Sub(d.now())) }
func (d *desk) days(n int)             { d.later(time.Duration(n) * 24 * time.Hour) }
func (d *desk) date(inDays int) string {
	return d.now().AddDate(0, 0, inDays).In(access.Zone).Format(time.DateOnly)
}
func (d *desk) at(in time.Duration) any { return d.now().Add(in).UTC().Format(time.RFC3339) }

// begin opens a matter about a.con.
func (d *desk) begin(by Person, kind Kind, v Values) *Matter {
	d.t.Helper()
	m, err := d.tryBegin(by, kind, v)
	d.must(err)
	return m
}

func (d *desk) tryBegin(by Person, kind Kind, v Values) (*Matter, error) {
	return d.Open(d.ctx, by, kind, About{Connection: "a.con"}, Input{Values: mustJSON(v)})
}

// acts does an act that must be done, and demands the state it leads to.
func (d *desk) acts(by Person, m *Matter, act string, v Values, state State) {
	d.t.Helper()
	got := d.do(by, m.ID, act, Input{Reason: "a reason long enough", Values: mustJSON(v)})
	if got.State != state {
		d.t.Fatalf("%s led to %s, want %s", act, got.State, state)
	}
}

// bars demands that an act is refused, with these words, and changes nothing.
func (d *desk) bars(by Person, m *Matter, act string, v Values, kind fault.Kind, words ...string) {
	d.t.Helper()
	before, entries := d.matterNow(m.ID), len(d.entries())
	_, err := d.Act(d.ctx, by, m.ID, act, Input{Reason: "a reason long enough", Values: mustJSON(v)})
	d.refused(err, kind, words...)
	if after := d.matterNow(m.ID); after.Version != before.Version || after.State != before.State || len(d.entries()) != entries {
		d.t.Errorf("%s was refused and changed something", act)
	}
}

func (d *desk) matterNow(id string) *Matter {
	d.t.Helper()
	m, err := selectMatter(d.ctx, d.main, id)
	d.must(err)
	return m
}

// tasksOf returns the open tasks of a matter by kind.
func (d *desk) tasksOf(matter string) map[TaskKind]Task {
	d.t.Helper()
	list, err := selectTasks(d.ctx, d.main, taskQuery{matter: matter, open: true, limit: 100})
	d.must(err)
	out := map[TaskKind]Task{}
	for _, t := range list {
		if _, twice := out[t.Kind]; twice {
			d.t.Errorf("the task %s is open twice", t.Kind)
		}
		out[t.Kind] = t
	}
	return out
}

// owes demands that these are the open tasks of a matter.
func (d *desk) owes(matter string, kinds ...TaskKind) {
	d.t.Helper()
	got := slices.Sorted(maps.Keys(d.tasksOf(matter)))
	slices.Sort(kinds)
	if !slices.Equal(got, kinds) {
		d.t.Errorf("open tasks %v, want %v", got, kinds)
	}
}

// entered demands that the entries about a.con end with these kinds.
func (d *desk) entered(kinds ...string) {
	d.t.Helper()
	var got []string
	for _, e := range d.entries() {
		if e.conn == "a.con" && e.kind != EventMatterSaved {
			got = append(got, e.kind)
		}
	}
	if len(got) < len(kinds) || !slices.Equal(got[len(got)-len(kinds):], kinds) {
		d.t.Errorf("entries about the connection: %s, want at the end %s", strings.Join(got, " "), strings.Join(kinds, " "))
	}
}

// dueAt demands when a task is due.
func (d *desk) dueAt(matter string, kind TaskKind, want time.Time) {
	d.t.Helper()
	if got := d.tasksOf(matter)[kind].Due; !got.Equal(want) {
		d.t.Errorf("%s is due at %s, want %s", kind, got.In(access.Zone), want.In(access.Zone))
	}
}

// midnight is the end of the day that many days from now.
func (d *desk) midnight(days int) time.Time {
	y, m, day := d.now().In(access.Zone).Date()
	return time.Date(y, m, day+days+1, 0, 0, 0, 0, access.Zone)
}
