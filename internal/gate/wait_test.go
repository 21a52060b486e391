package gate

import (
	"encoding/hex"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dancu/internal/access"
	"dancu/internal/db/dbtest"
)

// TestACertificateLapsesWhileTheCallWaits holds the lock while the caller's
// client certificate runs out: nobody is known by it any more, so there is no
// answer and no entry, only a count.
func TestACertificateLapsesWhileTheCallWaits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		w := start(t, env)
		w.connect("a")
		thumbprint := thumb("a")
		end := w.main.Clock().Add(400 * time.Millisecond)
		w.put(access.ChangeSystem, "a", access.System{
			ID: "a", Agency: "a", Level: 3,
			Credentials: []access.Credential{{
				SHA256: hex.EncodeToString(thumbprint[:]), NotBefore: end.AddDate(0, -1, 0), NotAfter: end,
			}},
		})
		w.expect(w.call("a", 1), access.Allowed)
		held, release := make(chan struct{}), make(chan struct{})
		go w.hold(held, release)
		<-held
		done := make(chan access.Code)
		go func() {
			_, got := w.do(w.call("a", 1))
			done <- got
		}()
		for w.main.Clock().Before(end.Add(20 * time.Millisecond)) {
			time.Sleep(5 * time.Millisecond)
		}
		close(release)
		if got := <-done; got != access.UnknownCredential {
			t.Errorf("got %q, want %q", got, access.UnknownCredential)
		}
		for _, r := range w.rows("call.") {
			if r.code == "" && r.time >= end.UnixMicro() {
				t.Errorf("an answer stands at %d, after the certificate's end", r.index)
			}
		}
	})
}

// TestAFloodOfRefusalsDoesNotQueue: past the refusals that have entries of
// their own, those of a locked connection do not stand in the others' way: they
// never come near the commit.
func TestAFloodOfRefusalsDoesNotQueue(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		const own, flood, others = 10, 4000, 50
		var committed atomic.Int64
		w := start(t, env, func(c *Config) {
			c.RefusalsPerMinute = own
			c.Observe = func(b Batch) { committed.Add(int64(b.Calls)) }
		})
		w.connect("a", func(c *access.Connection) { c.Limit.Calls = 0 })
		w.connect("b")
		w.expect(w.call("a", 1), access.ConnectionVolume) // the crossing call
		size := len(w.rows(""))
		var wg sync.WaitGroup
		for range 16 {
			wg.Go(func() {
				for range flood / 16 {
					if _, code := w.do(w.call("a", 1)); code != access.ConnectionVolume {
						t.Errorf("got %q", code)
						return
					}
				}
			})
		}
		for range others {
			if _, code := w.do(w.call("b", 1)); code != access.Allowed {
				t.Errorf("got %q", code)
			}
		}
		wg.Wait()
		// The flood may run over the turn of a minute or two.
		if got, most := committed.Load(), int64(1+others+3*own); got > most {
			t.Errorf("%d calls went through the commit, want %d at most", got, most)
		}
		if grown := len(w.rows("call.")); grown > 1+others+3*own {
			t.Errorf("%d entries of calls", grown)
		}
		w.restart()
		if sum := w.summed()[string(access.ConnectionVolume)]; sum < flood-3*own || sum > flood {
			t.Errorf("the summaries count %d refusals of %d", sum, flood)
		}
		if grown := len(w.rows("")) - size; grown > others+3*own+10 {
			t.Errorf("the log grew by %d entries", grown)
		}
	})
}
