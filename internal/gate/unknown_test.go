package gate

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/db/dbtest"
)

// burst is calls that came at once, and what became of them.
type burst struct {
	mu          sync.Mutex
	receipts    [][]byte
	unavailable int
}

// volley sends n calls at once and waits for all of them.
func (w *world) volley(b *burst, n int) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			a, err := w.gate.Do(context.Background(), w.call("a", i%10))
			b.mu.Lock()
			defer b.mu.Unlock()
			var r *Refusal
			switch {
			case err == nil:
				b.receipts = append(b.receipts, a.Receipt)
			case errors.As(err, &r) && r.Code == access.LogUnavailable:
				b.unavailable++
			default:
				w.t.Errorf("got %v", err)
			}
		})
	}
	wg.Wait()
}

// resumedSince heals the world and fails unless the log came up with an entry
// of its own; what had an answer must be there, and the counts must be right.
func (w *world) resumedSince(resumed int, b *burst) {
	w.t.Helper()
	w.heal()
	if got := len(w.rows("node.resumed")); got <= resumed {
		w.t.Errorf("the log is up without an entry that says so")
	}
	a, _ := w.expect(w.call("a", 1), access.Allowed)
	b.receipts = append(b.receipts, a.Receipt)
	w.audit(b.receipts, "a")
}

// TestAnUnknownCommitAnswersNobody cuts the line to PostgreSQL around the
// COMMIT of a batch: nobody in the batch gets data, whether it took effect or
// not.
func TestAnUnknownCommitAnswersNobody(t *testing.T) {
	cases := []struct {
		name string
		at   dbtest.Point
		took bool // whether the commit takes effect
	}{
		{"never arrives", dbtest.BeforeCommit, false},
		{"answer is lost", dbtest.AfterCommit, true},
		{"answer never comes", dbtest.MuteCommit, true},
	}
	env := dbtest.Postgres(t)
	w := start(t, env)
	w.connect("a", func(c *access.Connection) { c.Limit.Calls = 1 << 40 })
	w.close()
	proxy := env.Proxy()
	w.via = proxy.Through()
	w.open()
	var b burst
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if c.at == dbtest.MuteCommit && testing.Short() {
				t.Skip("waits until the patience with a COMMIT ends")
			}
			w.t = t
			resumed, before, answered := len(w.rows("node.resumed")), w.answered("a"), len(b.receipts)
			b.unavailable = 0
			proxy.CutAtCommit(c.at)
			w.volley(&b, 8)
			if b.unavailable == 0 {
				t.Fatal("the cut hit nobody")
			}
			proxy.Restore()
			w.heal()
			entries, given := w.answered("a")-before, int64(len(b.receipts)-answered)
			if !c.took && entries != given {
				t.Errorf("%d entries for %d answers of a batch that was not committed", entries, given)
			}
			if c.took && entries <= given {
				t.Errorf("%d entries for %d answers: the batch was committed", entries, given)
			}
			w.resumedSince(resumed, &b)
		})
	}
	w.t = t
}

// TestTerminatedBackendsLoseNothing ends every connection to PostgreSQL, many
// times, in the middle of batches.
func TestTerminatedBackendsLoseNothing(t *testing.T) {
	env := dbtest.Postgres(t)
	w := start(t, env)
	w.connect("a", func(c *access.Connection) { c.Limit.Calls = 1 << 40 })
	var b burst
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				w.undisturbed(&b, 8)
			}
		}
	})
	for range 8 {
		b.mu.Lock()
		at := len(b.receipts)
		b.mu.Unlock()
		for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(time.Millisecond) {
			b.mu.Lock()
			n := len(b.receipts)
			b.mu.Unlock()
			if n >= at+10 {
				break
			}
			if time.Now().After(deadline) {
				t.Fatal("nobody is answered any more")
			}
		}
		env.TerminateBackends()
	}
	close(stop)
	wg.Wait()
	w.heal()
	if b.unavailable == 0 || len(w.rows("node.resumed")) == 0 {
		t.Errorf("%d calls were refused, %d times the log came up again: the cuts hit nothing", b.unavailable, len(w.rows("node.resumed")))
	}
	w.audit(b.receipts, "a")
	t.Logf("%d answers, %d refused, %d times resumed", len(b.receipts), b.unavailable, len(w.rows("node.resumed")))
}

// undisturbed is volley where a read of the register may fail as well.
func (w *world) undisturbed(b *burst, n int) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			a, err := w.gate.Do(context.Background(), w.call("a", i%10))
			b.mu.Lock()
			defer b.mu.Unlock()
			var r *Refusal
			switch {
			case err == nil:
				b.receipts = append(b.receipts, a.Receipt)
			case errors.As(err, &r) && (r.Code == access.LogUnavailable || r.Code == access.ServiceBusy):
				b.unavailable++
			default:
				w.t.Errorf("got %v", err)
			}
		})
	}
	wg.Wait()
}

// TestACancelledWaitForTheStandbyAnswersNobody: the COMMIT then succeeds with
// a warning, on this server alone. That is no acknowledgement.
func TestACancelledWaitForTheStandbyAnswersNobody(t *testing.T) {
	env := dbtest.PostgresAlone(t)
	w := start(t, env)
	w.connect("a", func(c *access.Connection) { c.Limit.Calls = 1 << 40 })
	var b burst
	w.volley(&b, 4)
	raw := env.Raw(db.Main)
	exec := func(q string) {
		t.Helper()
		if _, err := raw.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	before, resumed := w.answered("a"), len(w.rows("node.resumed"))
	exec("alter system set synchronous_standby_names = 'missing'")
	exec("select pg_reload_conf()")
	awaitStandbyWait(t, raw)
	done := make(chan struct{})
	go func() {
		defer close(done)
		w.volley(&b, 8)
	}()
	// The batch that waits is ended; so is whatever tries to come up, as long
	// as the standby is missing.
	cancelled := 0
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		var n int
		if err := raw.QueryRow("select count(*) filter (where pg_cancel_backend(pid)) from pg_stat_activity where wait_event = 'SyncRep'").Scan(&n); err != nil {
			t.Fatal(err)
		}
		cancelled += n
		select {
		case <-done:
		default:
			if time.Now().After(deadline) {
				t.Fatal("the calls do not end")
			}
			continue
		}
		break
	}
	if cancelled == 0 || b.unavailable != 8 || len(b.receipts) != 4 {
		t.Errorf("%d waits cancelled: %d calls answered, %d refused", cancelled, len(b.receipts)-4, b.unavailable)
	}
	if w.log.Ready() == nil {
		t.Error("the log is up although no standby confirms")
	}
	exec("alter system reset synchronous_standby_names")
	exec("select pg_reload_conf()")
	w.resumedSince(resumed, &b)
	// The batch is in the log, though nobody got an answer.
	if got := w.answered("a") - before; got < 2 {
		t.Errorf("%d entries; the cancelled batch took effect", got)
	}
}

// awaitStandbyWait returns once commits wait for the standby: the server takes
// up a changed setting in its own time. It commits until one waits, and cancels
// that wait.
func awaitStandbyWait(t *testing.T, raw *sql.DB) {
	t.Helper()
	for i := range 1000 {
		committed := make(chan struct{})
		go func() {
			defer close(committed)
			_, _ = raw.Exec(fmt.Sprintf("create table probe_%d ()", i))
		}()
		for waits := 0; waits == 0; time.Sleep(time.Millisecond) {
			if err := raw.QueryRow("select count(*) filter (where pg_cancel_backend(pid)) from pg_stat_activity where wait_event = 'SyncRep'").Scan(&waits); err != nil {
				t.Fatal(err)
			}
			select {
			case <-committed:
				waits = -1 // this one did not wait
			default:
			}
			if waits > 0 {
				<-committed
				return
			}
		}
	}
	t.Fatal("commits do not wait for the standby")
}
