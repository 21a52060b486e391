package watch

import (
	"context"
	crand "crypto/rand"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/internal/ledger"
)

// world is a log that is followed, with verbs to write to it.
type world struct {
	t             testing.TB
	main, derived *db.DB
	cfg           ledger.Config
	offset        atomic.Int64 // of the clock
	log           *ledger.Log
	usage         *Usage
	working       func(access.Date) bool
	stop          func()
	n             int
}

func newWorld(t testing.TB, env *dbtest.Env) *world {
	t.Helper()
	skey, _, err := note.GenerateKey(crand.Reader, "log.test/watch")
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, stop: func() {}}
	w.main = env.Open(db.Main, func(c *db.Config) {
		c.ClockOffset = func() time.Duration { return time.Duration(w.offset.Load()) }
	})
	w.derived = env.Open(db.Derived, func(c *db.Config) { c.Relaxed = true })
	w.cfg = ledger.Config{
		Main: w.main, Derived: w.derived, Origin: "log.test/watch", SigningKey: skey, SealingKey: make([]byte, ledger.KeySize),
		Node: "n", Version: "test", ClockHold: -1,
	}
	w.open()
	t.Cleanup(func() { w.stop() })
	return w
}

// open opens the log, as after a restart.
func (w *world) open() {
	w.t.Helper()
	var err error
	if w.log, err = ledger.Open(w.t.Context(), w.cfg); err != nil {
		w.t.Fatal(err)
	}
	w.usage = New(Config{Derived: w.derived, Log: w.log, Working: w.working})
}

// run follows the log until stop.
func (w *world) run() *world {
	ctx, cancel := context.WithCancel(w.t.Context())
	done := make(chan struct{}, 2)
	log, usage := w.log, w.usage
	go func() { _ = log.Run(ctx); done <- struct{}{} }()
	go func() { _ = usage.Run(ctx); done <- struct{}{} }()
	w.stop = func() {
		cancel()
		<-done
		<-done
		w.stop = func() {}
	}
	return w
}

func (w *world) ctx() context.Context {
	ctx, cancel := context.WithTimeout(w.t.Context(), time.Minute)
	w.t.Cleanup(cancel)
	return ctx
}

// call is one entry to be written.
type call struct {
	connection, agency, system, represented, procedure, officer string
	service                                                     string // "": a summary
	portal                                                      bool
	code                                                        string
	people                                                      int
	count                                                       int64
}

// entry is the entry the gate writes of such a call.
func (c *call) entry(n int) (*ledger.Entry, ledger.Outcome) {
	if c.service == "" {
		m := map[string]any{"code": c.code, "count": c.count, "officers": []any{c.officer}}
		if c.connection != "" {
			m["connection"], m["agency"], m["system"] = c.connection, c.agency, c.system
		}
		e, err := ledger.EventEntry("calls.refused", ledger.Actor{Kind: "gate", ID: "summary"}, m)
		if err != nil {
			panic(err)
		}
		return e, ledger.Outcome{Result: "refused", Code: c.code}
	}
	e := ledger.NewEntry("call."+c.service, c.connection)
	key := ledger.CallKey(c.system, fmt.Sprintf("018f0000-0000-7000-8000-%012d", n))
	e.Call = key[:]
	access := map[string]any{
		"agency": c.agency, "case": fmt.Sprint("HS-", n), "channel": "api", "connection": c.connection, "procedure": c.procedure,
		"service": c.service, "system": c.system,
	}
	if c.represented != "" {
		access["represented"] = c.represented
	}
	if c.portal {
		access["channel"] = "portal"
	}
	add := func(name string, members map[string]any) {
		data, err := json.Marshal(members) // sorted, and nothing in it to escape
		if err != nil {
			panic(err)
		}
		e.Add(name, data)
	}
	add(ledger.PartAccess, access)
	add(ledger.PartOfficer, map[string]any{"id": c.officer, "verified": c.portal})
	for i := range c.people {
		add(ledger.PartSubject, map[string]any{"pin": fmt.Sprintf("%012d", i)})
	}
	out := ledger.Outcome{Result: "answered", Code: c.code}
	if c.code != "" {
		out.Result = "refused"
	}
	return e, out
}

// write acknowledges calls in one batch.
func (w *world) write(calls ...call) {
	w.t.Helper()
	err := w.log.Write(w.ctx(), func(tx *ledger.Tx) error {
		for i := range calls {
			e, out := calls[i].entry(w.n + i)
			tx.Append(e, out)
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.n += len(calls)
}

// pass lets time go by.
func (w *world) pass(d time.Duration) { w.offset.Add(int64(d)) }

// caughtUp waits until the sums cover the log.
func (w *world) caughtUp() {
	w.t.Helper()
	if err := w.usage.Await(w.ctx(), w.log.Head().Size); err != nil {
		w.t.Fatal(err)
	}
}

var someDay = struct{ connections, procedures, services, codes, officers []string }{
	[]string{"c1", "c2", "c3"},
	[]string{"1.001", "1.002"},
	[]string{"lookup", "verify", "search", "household"},
	[]string{"", "", "", "grant.none", "purpose.missing"},
	[]string{"CB-1", "CB-2"},
}

func oneOf(r *rand.Rand, v []string) string { return v[r.IntN(len(v))] }

// anyCall draws a call. What belongs together goes together, as it does in fact.
func anyCall(r *rand.Rand) call {
	c := call{
		connection: oneOf(r, someDay.connections), procedure: oneOf(r, someDay.procedures), service: oneOf(r, someDay.services),
		code: oneOf(r, someDay.codes), officer: oneOf(r, someDay.officers), portal: r.IntN(3) == 0, people: r.IntN(3),
	}
	c.system, c.agency = "s-"+c.connection, "A."+c.connection[1:]
	if c.connection == "c3" {
		c.system, c.represented = "bridge", "s-c3"
	}
	if c.connection == "c2" {
		c.agency = "A.1" // two connections of one agency
	}
	if c.code != "" {
		c.people = 0
	}
	switch r.IntN(12) {
	case 0:
		c.service, c.code, c.count, c.people = "", "rate.exceeded", int64(1+r.IntN(50)), 0
	case 1:
		c = call{code: "auth.unknown_credential", count: 5}
	}
	return c
}

// told is a call as a full reading of the log tells it.
type told struct {
	hour                                                          time.Time
	connection, agency, system, procedure, service, code, officer string
	channel                                                       string
	count, people                                                 int64
}

// readAll reads the whole log, openly.
func (w *world) readAll() (out []told) {
	w.t.Helper()
	size := w.log.Head().Size
	for first := int64(0); first < size; first += ledger.MaxResults {
		var at []int64
		for i := first; i < min(size, first+ledger.MaxResults); i++ {
			at = append(at, i)
		}
		res, err := w.log.Read(w.ctx(), ledger.Reader{Actor: ledger.Actor{Kind: "cli", ID: "t"}, Reason: "test"}, nil, at...)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, r := range res.Records {
			service, isCall := strings.CutPrefix(r.Kind, "call.")
			if !isCall && r.Kind != "calls.refused" {
				continue
			}
			n := told{hour: r.Time.Truncate(time.Hour), connection: r.Connection, code: r.Code, count: 1}
			if isCall {
				n.service = service
			}
			for _, p := range r.Parts {
				var m map[string]any
				if err := json.Unmarshal(p.Data, &m); err != nil {
					w.t.Fatal(err)
				}
				text := func(name string) string { s, _ := m[name].(string); return s }
				switch p.Name {
				case ledger.PartAccess, ledger.PartEvent:
					n.agency, n.system, n.procedure, n.channel = text("agency"), text("system"), text("procedure"), text("channel")
					if s := text("represented"); s != "" {
						n.system = s
					}
					if c, ok := m["count"].(float64); ok {
						n.count = int64(c)
					}
				case ledger.PartOfficer:
					if v, _ := m["verified"].(bool); v {
						n.officer = text("id")
					}
				case ledger.PartSubject:
					n.people++
				}
			}
			out = append(out, n)
		}
	}
	return out
}

func (n *told) in(s Scope, from, until time.Time) bool {
	match := func(want, have string) bool { return want == "" || want == have }
	return match(s.Connection, n.connection) && match(s.Agency, n.agency) && match(s.Procedure, n.procedure) && match(s.Officer, n.officer) &&
		!n.hour.Before(from) && n.hour.Before(until)
}

func (n *told) addTo(c *Count) {
	c.Calls += n.count
	c.People += n.people
	if n.code == "" {
		c.Answered += n.count
	} else {
		c.Refused += n.count
	}
}

func (n *told) by(d Dimension) string {
	return map[Dimension]string{
		ByConnection: n.connection, ByAgency: n.agency, BySystem: n.system, ByProcedure: n.procedure, ByService: n.service,
		ByChannel: n.channel, ByCode: n.code, ByOfficer: n.officer,
	}[d]
}

// check compares what the sums say of a scope and a time with the reading.
func (w *world) check(what string, all []told, s Scope, from, until time.Time) {
	w.t.Helper()
	want := map[time.Time]*Count{}
	for i := range all {
		if n := &all[i]; n.in(s, from, until) {
			h := n.hour.UTC()
			if want[h] == nil {
				want[h] = &Count{}
			}
			n.addTo(want[h])
		}
	}
	hours, err := w.usage.Hours(w.ctx(), s, from, until)
	if err != nil {
		w.t.Fatal(err)
	}
	seen := 0
	for _, h := range hours {
		c := want[h.From.UTC()]
		if c == nil {
			c = &Count{}
		} else {
			seen++
		}
		if h.Count != *c {
			w.t.Fatalf("%s, %+v: the hour %v has %+v, the log says %+v", what, s, h.From, h.Count, *c)
		}
	}
	if seen != len(want) {
		w.t.Fatalf("%s, %+v: %d hours with calls, the log has %d", what, s, seen, len(want))
	}
	for _, d := range dimensions {
		groups := map[string]*Count{}
		for i := range all {
			if n := &all[i]; n.in(s, from, until) {
				k := n.by(d)
				if groups[k] == nil {
					groups[k] = &Count{}
				}
				n.addTo(groups[k])
			}
		}
		got, err := w.usage.By(w.ctx(), d, s, from, until)
		if err != nil {
			w.t.Fatal(err)
		}
		if len(got) != len(groups) || !slices.IsSortedFunc(got, func(a, b Group) int { return int(b.Calls - a.Calls) }) {
			w.t.Fatalf("%s, %+v by %s: %+v, the log says %d groups", what, s, d, got, len(groups))
		}
		for _, g := range got {
			if groups[g.Key] == nil || g.Count != *groups[g.Key] {
				w.t.Fatalf("%s, %+v by %s: %q has %+v, the log says %+v", what, s, d, g.Key, g.Count, groups[g.Key])
			}
		}
	}
}

// TestSumsAreWhatTheLogSays: whatever was asked, refused or told of in summaries,
// and wherever the followers were stopped, started anew or set back, the sums are
// what a full reading of the log gives.
func TestSumsAreWhatTheLogSays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		seed := uint64(time.Now().UnixNano())
		t.Logf("seed %d", seed)
		r := rand.New(rand.NewPCG(seed, 1))
		w := newWorld(t, env).run()
		began := time.Now().Add(-time.Hour)
		for range 14 {
			calls := make([]call, 1+r.IntN(12))
			for i := range calls {
				calls[i] = anyCall(r)
			}
			w.write(calls...)
			switch r.IntN(6) {
			case 0: // nobody follows for a while
				w.stop()
				w.write(anyCall(r), anyCall(r))
				w.run()
			case 1: // a restart, with some hours gone by
				w.stop()
				w.pass(time.Duration(r.IntN(30)) * time.Hour)
				w.open()
				w.run()
			case 2: // the place is lost: everything again, from the log
				w.stop()
				err := w.derived.Write(w.ctx(), func(tx *db.Tx) error {
					_, err := tx.Exec(w.ctx(), "UPDATE progress SET size = 0")
					if err == nil {
						for _, table := range []string{"DELETE FROM index_runs", "DELETE FROM index_pages", "DELETE FROM statistics", "DELETE FROM tiles"} {
							if _, err = tx.Exec(w.ctx(), table); err != nil {
								break
							}
						}
					}
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
				w.open()
				w.run()
			}
		}
		w.caughtUp()
		all := w.readAll()
		if len(all) != w.n {
			t.Fatalf("the log has %d calls, %d were written", len(all), w.n)
		}
		until := w.main.Clock().Add(2 * time.Hour)
		scopes := []Scope{
			{},
			{Connection: "c1"},
			{Agency: "A.1"},
			{Procedure: "1.001"},
			{Agency: "A.1", Officer: "CB-1"},
			{Connection: "c2", Procedure: "1.002"},
			{Connection: "nobody's"},
		}
		for _, s := range scopes {
			w.check("the whole time", all, s, began, until)
		}
		for range 8 {
			span := int(until.Sub(began) / time.Hour)
			from := began.Add(time.Duration(r.IntN(span)) * time.Hour).Truncate(time.Hour)
			w.check("a part", all, scopes[r.IntN(len(scopes))], from, from.Add(time.Duration(1+r.IntN(60))*time.Hour))
		}
		if size, at, err := w.usage.Covered(w.ctx()); err != nil || size < int64(w.n) || at.Before(began) {
			t.Errorf("covered %d up to %v, %v", size, at, err)
		}
	})
}

// Nothing of a citizen or a case is in the sums' tables, whatever is looked at.
func TestSumsNameNoCitizen(t *testing.T) {
	env := dbtest.SQLite(t)
	w := newWorld(t, env).run()
	c := call{connection: "c1", agency: "A.1", system: "s1", procedure: "1.001", service: "lookup", people: 1, officer: "CB-claimed"}
	w.write(c)
	w.caughtUp()
	raw := env.Raw(db.Derived)
	for _, table := range []string{"usage_hours", "usage_days", "usage_sums"} {
		rows, err := raw.Query("SELECT * FROM " + table)
		if err != nil {
			t.Fatal(err)
		}
		columns, _ := rows.Columns()
		seen := 0
		for rows.Next() {
			seen++
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			if err := rows.Scan(values...); err != nil {
				t.Fatal(err)
			}
			for i, v := range values {
				text := fmt.Sprint(*v.(*any))
				if strings.Contains(text, "000000000000") || strings.Contains(text, "HS-") || text == "CB-claimed" {
					t.Errorf("%s.%s holds %q", table, columns[i], text)
				}
			}
		}
		_ = rows.Close()
		if seen == 0 {
			t.Errorf("%s has no rows: this test shows nothing", table)
		}
	}
}

// What happens to connections is marked once, and found by connection and time.
func TestMarksAreWhatHappened(t *testing.T) {
	env := dbtest.SQLite(t)
	w := newWorld(t, env).run()
	began := w.main.Clock()
	put := func(kind, connection string) {
		t.Helper()
		e, err := ledger.EventEntry(kind, ledger.Actor{Kind: "gate", ID: "volume"}, map[string]any{"connection": connection, "system": "s"})
		if err == nil {
			err = w.log.Write(w.ctx(), func(tx *ledger.Tx) error { tx.Append(e, ledger.Outcome{}); return nil })
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	put("connection.locked", "c1")
	put("connection.locked", "c2")
	w.write(call{connection: "c1", agency: "A.1", system: "s1", service: "lookup"})
	w.pass(time.Hour)
	put("connection.unlocked", "c1")
	put("assessment.started", "c1")
	w.caughtUp()
	until := w.main.Clock().Add(time.Second)
	kinds := func(connection string, from time.Time) (out []string) {
		t.Helper()
		marks, err := w.usage.Marks(w.ctx(), connection, from, until)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range marks {
			out = append(out, m.Connection+" "+m.Kind)
		}
		return out
	}
	if got := kinds("c1", began); !slices.Equal(got, []string{"c1 connection.unlocked", "c1 connection.locked"}) {
		t.Errorf("%q", got)
	}
	if got := kinds("", began); len(got) != 3 {
		t.Errorf("of all: %q", got)
	}
	if got := kinds("", until.Add(-30*time.Minute)); !slices.Equal(got, []string{"c1 connection.unlocked"}) {
		t.Errorf("of the last half hour: %q", got)
	}
}

// The usual hours are the median of days like this one, and of nothing else.
func TestUsualIsTheMedianOfDaysLikeIt(t *testing.T) {
	env := dbtest.SQLite(t)
	w := newWorld(t, env)
	monday := time.Date(2026, 6, 1, 0, 0, 0, 0, access.Zone)
	holiday := access.DateOf(monday.AddDate(0, 0, -7)) // the Monday before is off
	w.usage = New(Config{Derived: w.derived, Log: w.log, Working: func(d access.Date) bool {
		day := weekday(d)
		return d != holiday && day != time.Saturday && day != time.Sunday
	}})
	put := func(weeks, hour int, calls int64) {
		t.Helper()
		f := ledger.Fact{
			Kind: "calls.refused", Code: "rate.exceeded", Connection: "c1", Count: calls,
			Time: monday.AddDate(0, 0, -7*weeks).Add(time.Duration(hour) * time.Hour),
		}
		err := w.derived.Write(w.ctx(), func(tx *db.Tx) error { return take(w.ctx(), tx, []ledger.Fact{f}) })
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, ok, err := w.usage.Usual(w.ctx(), Scope{}, monday); ok || err != nil {
		t.Fatalf("without a call: %v, %v", ok, err)
	}
	put(1, 9, 1000) // the holiday
	put(2, 9, 10)
	put(3, 9, 30)
	put(4, 9, 20)
	put(4, 10, 6)
	put(9, 9, 5000) // too long ago; the days since then count, as none
	got, ok, err := w.usage.Usual(w.ctx(), Scope{}, monday.Add(15*time.Hour))
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	// Weeks 2 to 8 are seven days: 10, 30, 20 and four times nothing.
	if want := [24]float64{}; got != want {
		t.Errorf("%v, want nothing: most Mondays had no call", got)
	}
	put(5, 9, 40)
	put(6, 9, 50)
	if got, _, err = w.usage.Usual(w.ctx(), Scope{Connection: "c1"}, monday); err != nil || got[9] != 20 || got[10] != 0 {
		t.Errorf("%v, %v; want 20 at nine, the median of 0, 0, 10, 20, 30, 40, 50", got, err)
	}
	// The holiday's own usual hours are those of days off.
	off := monday.AddDate(0, 0, -7)
	if got, _, err = w.usage.Usual(w.ctx(), Scope{}, off); err != nil || got[9] != 0 {
		t.Errorf("%v, %v; want nothing on days off", got, err)
	}
	if _, err := w.usage.Hours(w.ctx(), Scope{}, monday.AddDate(-3, 0, 0), monday); err == nil {
		t.Error("three years by hour are shown")
	}
	if _, err := w.usage.By(w.ctx(), "pin", Scope{}, off, monday); err == nil {
		t.Error("calls are told apart by person")
	}
}
