package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dancu/internal/db"
	"dancu/internal/db/dbtest"
)

var errTell = errors.New("told in vain, on purpose")

// teller is a follower that notes in the database what it is told, each
// signal at most once or its transaction fails, and appends an entry for it.
type teller struct {
	*bench
	fault atomic.Pointer[func(step string) error] // of the main database
	fail  atomic.Int64                            // how often Tell fails after its writing
	stop  func()
}

func newTeller(t *testing.T, env *dbtest.Env) *teller {
	b := &teller{bench: newBench(t, env), stop: func() {}}
	b.reach(env)
	err := b.main.Write(b.ctx(), func(tx *db.Tx) error {
		_, err := tx.Exec(b.ctx(), "CREATE TABLE told (idx BIGINT NOT NULL PRIMARY KEY, node TEXT NOT NULL)")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// reach opens the log again over a database that can be broken.
func (b *teller) reach(env *dbtest.Env) {
	b.main = env.Open(db.Main, func(c *db.Config) {
		c.Fault = func(step string) error {
			if f := b.fault.Load(); f != nil {
				return (*f)(step)
			}
			return nil
		}
	})
	b.cfg.Main = b.main
	b.open()
}

func (b *teller) follower() Follower {
	return Follower{Name: "test", Tell: func(ctx context.Context, tx *Tx, signals []Signal) error {
		for _, s := range signals {
			if _, err := tx.Exec(ctx, "INSERT INTO told (idx, node) VALUES ($1, $2)", s.Index, b.cfg.Node); err != nil {
				return fmt.Errorf("entry %d was told of twice: %w", s.Index, err)
			}
			e, err := EventEntry("test.told", Actor{Kind: "node", ID: b.cfg.Node}, map[string]any{"signal": s.Index})
			if err != nil {
				return err
			}
			tx.Append(e, Outcome{})
		}
		if b.fail.Add(-1) >= 0 {
			return errTell
		}
		return nil
	}}
}

// start runs log and follower until stop.
func (b *teller) start() {
	b.run()
	stopLog := b.bench.stop
	ctx, cancel := context.WithCancel(b.t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = b.Follow(ctx, b.follower())
	}()
	b.stop = func() {
		cancel()
		<-done
		stopLog()
		b.stop = func() {}
	}
	b.t.Cleanup(func() { b.stop() })
}

// undeclared is the entry of a call refused for an undeclared change.
func (b *teller) undeclared() *Entry {
	e := b.call("001234567890")
	var members map[string]string
	if err := json.Unmarshal(e.Parts[0].Data, &members); err != nil {
		b.t.Fatal(err)
	}
	members["build"], members["credential"], members["represented"] = "onestop/9", "ab", "s2"
	data, err := json.Marshal(members)
	if err != nil {
		b.t.Fatal(err)
	}
	rest := e.Parts[1:3] // a refusal discloses nobody
	e.Parts = nil
	e.Add(PartAccess, data)
	e.Parts = append(e.Parts, rest...)
	e.Terms = termsOf(e.Parts)
	return e
}

// signals writes calls and signals among them and returns the signals' places.
func (b *teller) signals(n int) (indexes []int64) {
	b.t.Helper()
	err := b.Write(b.ctx(), func(tx *Tx) error {
		indexes = indexes[:0]
		for i := range n {
			tx.Append(b.call("001234567890"), Outcome{Result: "answered", Count: 1, Limit: 10})
			var e *Entry
			o := Outcome{Result: "refused", Code: signalCode}
			var err error
			switch i % 3 {
			case 0:
				e = b.undeclared()
			case 1:
				e, err = EventEntry("calls.refused", Actor{Kind: "gate", ID: "summary"}, map[string]any{
					"connection": "c1", "system": "s2", "agency": "A.01", "code": signalCode, "count": 7, "moreChanges": true,
					"changes": []any{map[string]any{"build": "", "credential": "cd"}, map[string]any{"build": "x", "credential": "ab"}},
				})
			case 2:
				o = Outcome{}
				e, err = EventEntry(signalKind, Actor{Kind: "gate", ID: "volume"}, map[string]any{
					"connection": "c1", "system": "s2", "agency": "A.01", "by": "volume", "calls": 10,
				})
			}
			if err != nil {
				return err
			}
			indexes = append(indexes, tx.Append(e, o))
		}
		return nil
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return indexes
}

// told returns what the follower noted.
func (b *teller) told() (out []int64) {
	b.t.Helper()
	rows, err := b.main.Query(b.ctx(), "SELECT idx FROM told ORDER BY idx")
	if err != nil {
		b.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var i int64
		if err := rows.Scan(&i); err != nil {
			b.t.Fatal(err)
		}
		out = append(out, i)
	}
	if err := rows.Err(); err != nil {
		b.t.Fatal(err)
	}
	return out
}

// check waits until everything is told and compares.
func (b *teller) check(want []int64) {
	b.t.Helper()
	if err := b.AwaitFollower(b.ctx(), "test", b.Head().Size); err != nil {
		b.t.Fatal(err)
	}
	if d := cmp.Diff(want, b.told()); d != "" {
		b.t.Fatalf("told of (-want +got):\n%s", d)
	}
	var entries int
	if err := b.main.QueryRow(b.ctx(), "SELECT COUNT(*) FROM entries WHERE kind = 'test.told'").Scan(&entries); err != nil {
		b.t.Fatal(err)
	}
	if entries != len(want) {
		b.t.Fatalf("%d entries of %d signals", entries, len(want))
	}
}

// TestFollowersAreToldOnceWhateverCrashes breaks every step of the telling:
// what it writes takes effect once for each signal.
func TestFollowersAreToldOnceWhateverCrashes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		b := newTeller(t, env)
		want := b.signals(2*maxSignals + 3) // before there is a follower
		b.start()
		b.check(want)
		steps := []string{"commit", "committed"}
		for n := range 8 {
			steps = append(steps, fmt.Sprint("statement ", n+1))
		}
		hit := 0
		for _, s := range steps {
			name, place, _ := strings.Cut(s, " ")
			nth := 1
			if place != "" {
				nth = int(place[0] - '0')
			}
			b.stop()
			b.open()
			want = append(want, b.signals(3)...)
			var seen, broken atomic.Int64
			f := func(step string) error {
				if step == name && seen.Add(1) == int64(nth) {
					broken.Add(1)
					return errTell
				}
				return nil
			}
			b.fault.Store(&f)
			b.start()
			b.check(want)
			b.fault.Store(nil)
			hit += int(broken.Load())
		}
		if hit < 6 {
			t.Errorf("only %d faults hit anything", hit)
		}
		b.stop()
		b.open()
		b.start()
		b.check(want) // a restart tells nothing again
		b.stop()
		b.open()
		b.bench.run()
		b.settle()
		b.sound()
	})
}

// TestAFollowerThatFailsIsToldAgain: what it wrote before it failed is gone,
// and the log stays up.
func TestAFollowerThatFailsIsToldAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		b := newTeller(t, env)
		b.fail.Store(2)
		want := b.signals(5)
		b.start()
		b.check(want)
		if err := b.Ready(); err != nil {
			t.Errorf("the log went down: %v", err)
		}
	})
}

// TestNodesTellEachSignalOnce runs one follower on two nodes.
func TestNodesTellEachSignalOnce(t *testing.T) {
	env := dbtest.Postgres(t)
	a := newTeller(t, env)
	b := &teller{bench: &bench{t: t, env: env, cfg: a.cfg, vkey: a.vkey, offset: a.offset, stop: func() {}}, stop: func() {}}
	b.n = 1 << 20
	b.derived = env.Open(db.Derived)
	b.cfg.Derived, b.cfg.Node = b.derived, "node-2"
	b.reach(env)
	a.start()
	b.start()
	var mu sync.Mutex
	var want []int64
	var wg sync.WaitGroup
	for _, n := range []*teller{a, b} {
		wg.Go(func() {
			for range 20 {
				got := n.signals(3)
				mu.Lock()
				want = append(want, got...)
				mu.Unlock()
				time.Sleep(time.Millisecond)
			}
		})
	}
	wg.Wait()
	slices.Sort(want)
	if err := a.AwaitFollower(a.ctx(), "test", max(a.Head().Size, b.Head().Size)); err != nil {
		t.Fatal(err)
	}
	b.check(want)
	b.stop() // one goes on alone
	want = append(want, a.signals(3)...)
	a.check(want)
}

// TestSignalsTellWhatIsToBeDone: a signal has what the entry says, and nothing
// of a person.
func TestSignalsTellWhatIsToBeDone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		b := newTeller(t, env)
		at := b.signals(3)
		var got []Signal
		rows, err := readSignalRows(b.ctx(), b.main, 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		for i := range rows {
			s, err := b.signal(b.ctx(), b.main, &rows[i])
			if err != nil {
				t.Fatal(err)
			}
			if s.Time.IsZero() {
				t.Error("a signal without a time")
			}
			s.Time = time.Time{}
			got = append(got, s)
		}
		want := []Signal{
			{Index: at[0], Kind: "call.lookup", Code: signalCode, Connection: "c1", System: "s2", Agency: "A.01", Count: 1, Undeclared: []Undeclared{{"onestop/9", "ab"}}},
			{Index: at[1], Kind: "calls.refused", Code: signalCode, Connection: "c1", System: "s2", Agency: "A.01", Count: 7, More: true, Undeclared: []Undeclared{{"", "cd"}, {"x", "ab"}}},
			{Index: at[2], Kind: signalKind, Connection: "c1", System: "s2", Agency: "A.01", Count: 1, Lock: "volume"},
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("signals (-want +got):\n%s", d)
		}
		// What is left when bodies are gone, or their key is, is told all the same.
		for _, r := range []row{
			{index: 4, kind: signalKind, connection: "c1", micros: 1},
			{index: 4, kind: signalKind, connection: "c1", micros: 1, sealkey: "1990-01", body: []byte{1}},
			{index: 4, kind: signalKind, connection: "c1", micros: 1, sealkey: rows[0].sealkey, body: []byte("damaged")},
		} {
			s, err := b.signal(b.ctx(), b.main, &r)
			if err != nil || s.Connection != "c1" || s.Index != 4 || s.Lock != "" {
				t.Errorf("%+v, %v", s, err)
			}
		}
		var s Signal
		if s.read([]byte("not JSON")); s.System != "" {
			t.Errorf("%+v", s)
		}
	})
}

// TestSignalsAreFoundByTheirIndex: looking for signals reads none of the calls.
func TestSignalsAreFoundByTheirIndex(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		b := newTeller(t, env)
		b.raw(20_000)
		explain := "EXPLAIN QUERY PLAN "
		if b.main.Engine() == db.Postgres {
			explain = "EXPLAIN "
			err := b.main.Write(b.ctx(), func(tx *db.Tx) error {
				_, err := tx.Exec(b.ctx(), "ANALYZE entries")
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		rows, err := b.main.Query(b.ctx(), explain+selectSignals(b.main.Engine()), int64(3), int64(10))
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		var plan strings.Builder
		for rows.Next() {
			var line string
			into := []any{&line}
			if b.main.Engine() == db.SQLite {
				into = []any{new(int), new(int), new(int), &line}
			}
			if err := rows.Scan(into...); err != nil {
				t.Fatal(err)
			}
			plan.WriteString(line + "\n")
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(plan.String(), "entries_signal") {
			t.Errorf("the plan is\n%s", plan.String())
		}
	})
}
