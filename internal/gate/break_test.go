package gate

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dancu/internal/access"
	"dancu/internal/db/dbtest"
)

var errBroken = errors.New("broken on purpose")

// breakAt makes the n-th following step of that name fail once.
func (w *world) breakAt(step string, n int) {
	var seen atomic.Int64
	f := func(s string) error {
		if s == step && seen.Add(1) == int64(n) {
			return errBroken
		}
		return nil
	}
	w.fault.Store(&f)
}

// heal ends every fault and waits until the log is up again.
func (w *world) heal() {
	w.t.Helper()
	w.fault.Store(nil)
	for deadline := time.Now().Add(20 * time.Second); ; {
		if w.log.Ready() == nil {
			return
		}
		if time.Now().After(deadline) {
			w.t.Fatalf("the log did not come up again: %v", w.log.Ready())
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// TestNoEntryNoData makes every step of a batch's transaction fail, and the
// commit fail both before and after it took effect. Whatever happens, nobody
// gets data without an entry, nothing is lost or doubled, and the counter says
// what the entries say.
func TestNoEntryNoData(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		w := start(t, env)
		w.connect("a", func(c *access.Connection) { c.Limit.Calls = 1 << 40 })
		w.expect(w.call("a", 0), access.Allowed)
		steps := []struct {
			step string
			n    int
		}{{"commit", 1}, {"committed", 1}}
		for n := 1; n <= 12; n++ {
			steps = append(steps, struct {
				step string
				n    int
			}{"statement", n})
		}
		var answers atomic.Int64
		answers.Store(1)
		failed := 0
		for _, s := range steps {
			t.Run(fmt.Sprintf("%s %d", s.step, s.n), func(t *testing.T) {
				w.t = t
				w.breakAt(s.step, s.n)
				before := w.answered("a")
				var wg sync.WaitGroup
				var broken atomic.Int64
				for i := range 8 {
					wg.Go(func() {
						switch a, code := w.do(w.call("a", i)); {
						case code == access.LogUnavailable:
							broken.Add(1)
						case code != access.Allowed:
							t.Errorf("got %q", code)
						case len(a.People) != 1 || len(a.Receipt) == 0:
							t.Error("an answer without a person or a receipt")
						default:
							answers.Add(1)
						}
					})
				}
				wg.Wait()
				w.heal()
				if broken.Load() > 0 {
					failed++
				}
				if s.step == "commit" && w.answered("a")-before > 8-broken.Load() {
					t.Error("a batch that did not commit left entries")
				}
				if s.step == "committed" && broken.Load() > 0 && w.answered("a")-before <= 8-broken.Load() {
					t.Error("a batch that did commit left no entries")
				}
				w.expect(w.call("a", 1), access.Allowed)
				answers.Add(1)
				if entries := w.answered("a"); entries < answers.Load() || entries != w.counted("a") {
					t.Errorf("%d answers, %d entries, %d counted", answers.Load(), entries, w.counted("a"))
				}
			})
		}
		w.t = t
		if failed < 6 {
			t.Errorf("only %d faults hit anything", failed)
		}
		// A fault in the decision itself fails its batch and leaves the log up.
		if got := len(w.rows("node.resumed")); got < 4 {
			t.Errorf("got %d node.resumed entries after %d faults", got, failed)
		}
	})
}

// TestStandingBindsAtTheCommit suspends, ends grants and lets certificates
// lapse while look-ups run: in the log's order no answer follows.
func TestStandingBindsAtTheCommit(t *testing.T) {
	changes := map[access.Code]func(*access.Connection, time.Time){
		access.ConnectionSuspended: func(c *access.Connection, _ time.Time) { c.State = access.Suspended },
		access.ConnectionNotActive: func(c *access.Connection, _ time.Time) { c.State = access.Ended },
		access.GrantNone:           func(c *access.Connection, _ time.Time) { c.Grants = nil },
		access.GrantField: func(c *access.Connection, _ time.Time) {
			gs := append([]access.Grant{}, c.Grants...)
			gs[0].Fields = access.FieldsOf(access.Sex)
			c.Grants = gs
		},
	}
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		w := start(t, env)
		for code, change := range changes {
			id := string(code)
			w.connect(id, func(c *access.Connection) { c.Limit.Calls = 1 << 40 })
			var wg sync.WaitGroup
			var answers atomic.Int64
			for i := range 16 {
				wg.Go(func() {
					for {
						switch _, got := w.do(w.call(id, i%10)); got {
						case access.Allowed:
							answers.Add(1)
						case code:
							return
						default:
							t.Errorf("got %q, want %q", got, code)
							return
						}
					}
				})
			}
			for answers.Load() < 200 {
				time.Sleep(time.Millisecond)
			}
			at := w.alter(id, func(c *access.Connection) { change(c, w.main.Clock()) })
			wg.Wait()
			before := 0
			for _, r := range w.rows("call.") {
				if r.connection != id || r.code != "" {
					continue
				}
				if r.index > at {
					t.Errorf("%s: an answer stands at %d, after the change at %d", code, r.index, at)
				} else {
					before++
				}
			}
			if int64(before) != answers.Load() {
				t.Errorf("%s: %d answers, %d entries", code, answers.Load(), before)
			}
		}
	})
}

// TestATermEndsWhileTheCallWaits holds the lock while a term runs out: the
// call that waited is refused, by the time of its entry.
func TestATermEndsWhileTheCallWaits(t *testing.T) {
	cases := map[access.Code]func(*access.Connection, time.Time){
		access.AssessmentLapsed:    func(c *access.Connection, end time.Time) { c.AssessedUntil = end },
		access.ConnectionNotActive: func(c *access.Connection, end time.Time) { c.CommittedUntil = end },
		access.GrantExpired:        func(c *access.Connection, end time.Time) { c.Grants[0].Until = end },
	}
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		w := start(t, env)
		for code, change := range cases {
			end := w.main.Clock().Add(400 * time.Millisecond)
			w.connect(string(code), func(c *access.Connection) { change(c, end) })
			w.expect(w.call(string(code), 1), access.Allowed)
			hold := make(chan struct{})
			held := make(chan struct{})
			go func() {
				w.hold(held, hold)
			}()
			<-held
			done := make(chan access.Code)
			go func() {
				_, got := w.do(w.call(string(code), 1))
				done <- got
			}()
			for w.main.Clock().Before(end.Add(20 * time.Millisecond)) {
				time.Sleep(5 * time.Millisecond)
			}
			close(hold)
			if got := <-done; got != code {
				t.Errorf("got %q, want %q", got, code)
			}
			for _, r := range w.rows("call.") {
				if r.connection == string(code) && r.code == "" && r.time >= end.UnixMicro() {
					t.Errorf("an answer stands at %d, after the term's end", r.index)
				}
			}
		}
	})
}

// TestAFloodOfRefusalsGrowsTheLogBySummaries sends many refused calls.
func TestAFloodOfRefusalsGrowsTheLogBySummaries(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		w := start(t, env, func(c *Config) { c.RefusalsPerMinute = 10 })
		w.connect("a", func(c *access.Connection) { c.Limit.Calls = 0 })
		w.connect("b")
		w.expect(w.call("a", 1), access.ConnectionVolume) // the crossing call
		own := 0
		for i := range 500 {
			_, r := w.expect(w.call("a", i%5), access.ConnectionVolume)
			if r.Index >= 0 {
				own++
			}
		}
		// The flood may have run over the turn of a minute.
		if own < 10 || own > 20 {
			t.Errorf("got %d entries of their own, want 10 a minute", own)
		}
		// Refusals found only at the commit are bounded, too.
		first := w.call("b", 1)
		w.expect(first, access.Allowed)
		own = 0
		for range 100 {
			before := len(w.rows("call."))
			w.expect(first, access.RequestReplayed)
			own += len(w.rows("call.")) - before
		}
		if own < 10 || own > 20 {
			t.Errorf("got %d entries of repeats, want 10 a minute", own)
		}
		size := len(w.rows(""))
		w.restart()
		sum := w.summed()
		if len(w.rows("")) > size+6 {
			t.Errorf("the log grew by %d entries", len(w.rows(""))-size)
		}
		if got := sum[string(access.ConnectionVolume)]; got < 480 || got > 491 {
			t.Errorf("the summaries count %d refusals", got)
		}
	})
}

// TestMidnightStartsANewCountAndLiftsNoLock puts the database's clock shortly
// before midnight in Hà Nội.
func TestMidnightStartsANewCountAndLiftsNoLock(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		w := start(t, env)
		w.connect("a", func(c *access.Connection) { c.Limit.Calls = 3 })
		w.connect("b", func(c *access.Connection) { c.Limit.Calls = 3 })
		w.close()
		midnight := access.Day.End(time.Now())
		w.offset.Store(int64(time.Until(midnight) - 6*time.Second))
		w.open()
		for range 3 {
			w.expect(w.call("a", 1), access.Allowed)
			w.expect(w.call("b", 1), access.Allowed)
		}
		w.expect(w.call("a", 1), access.ConnectionVolume)
		for w.main.Clock().Before(midnight) {
			time.Sleep(10 * time.Millisecond)
		}
		w.expect(w.call("a", 1), access.ConnectionVolume)
		w.expect(w.call("b", 1), access.Allowed)
		if got := w.counted("b"); got != 1 {
			t.Errorf("got %d counted after midnight, want 1", got)
		}
	})
}

// TestALockIsToldOnceItHolds rolls back the batch of the crossing call: who runs
// the gate is not told of a lock that is not there.
func TestALockIsToldOnceItHolds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		var mu sync.Mutex
		var out bytes.Buffer
		told := func() int {
			mu.Lock()
			defer mu.Unlock()
			return strings.Count(out.String(), "connection locked")
		}
		w := start(t, env)
		w.close()
		w.logger = slog.New(slog.NewJSONHandler(lockedWriter{&mu, &out}, nil))
		w.open()
		w.connect("a", func(c *access.Connection) { c.Limit.Calls = 0 })
		w.breakAt("commit", 1)
		w.expect(w.call("a", 1), access.LogUnavailable)
		w.heal()
		if n := told(); n != 0 {
			t.Errorf("a lock that was rolled back was told %d times", n)
		}
		w.expect(w.call("a", 1), access.ConnectionVolume)
		w.expect(w.call("a", 1), access.ConnectionVolume)
		if n := told(); n != 1 {
			t.Errorf("the lock was told %d times, want once", n)
		}
	})
}
