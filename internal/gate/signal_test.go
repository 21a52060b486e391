package gate

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"dancu/internal/access"
	"dancu/internal/db/dbtest"
	"dancu/internal/ledger"
)

// TestFollowersLearnOfChangesAndLocks: what the gate refuses for an undeclared
// change, in an entry of its own, in a summary or as a consent, and what it
// locks, is told to a follower of the log.
func TestFollowersLearnOfChangesAndLocks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		w := start(t, env, func(c *Config) { c.RefusalsPerMinute = 1 })
		w.connect("a")
		w.connect("b", func(c *access.Connection) { c.Limit.Calls = 1 })
		w.expect(w.call("b", 1), access.Allowed)
		w.expect(w.call("b", 1), access.ConnectionVolume)
		thumbs := w.certify("a", []string{thumb("key").String()}, thumb("other key").String())
		for range 3 {
			w.expect(w.call("a", 1, func(c *Call) { c.Build = "a/9" }), access.ChangeUndeclared)
		}
		_, err := w.gate.GiveConsent(context.Background(), &ConsentCall{
			Thumbprint: thumbs[0], Address: w.call("a", 1).Address, Transaction: uuid.Must(uuid.NewV7()).String(),
			RequestID: uuid.Must(uuid.NewV7()).String(), PIN: pin(1), Procedure: procedure, Fields: access.FieldsOf(access.Sex),
			Until: w.main.Clock().Add(time.Hour), EvidenceKind: "paper", EvidenceSHA256: thumb("evidence").String(),
		})
		if err == nil {
			t.Fatal("a consent under an undeclared key was taken")
		}
		w.restart() // writes the summaries
		var mu sync.Mutex
		var got []ledger.Signal
		ctx, cancel := context.WithCancel(t.Context())
		var following sync.WaitGroup
		following.Go(func() {
			_ = w.log.Follow(ctx, ledger.Follower{Name: "test", Tell: func(_ context.Context, _ *ledger.Tx, signals []ledger.Signal) error {
				mu.Lock()
				defer mu.Unlock()
				got = append(got, signals...)
				return nil
			}})
		})
		wait, done := context.WithTimeout(t.Context(), 20*time.Second)
		defer done()
		if err := w.log.AwaitFollower(wait, "test", w.log.Head().Size); err != nil {
			t.Fatal(err)
		}
		cancel()
		following.Wait()
		var calls int64
		kinds, locks := map[string]bool{}, 0
		for _, s := range got {
			kinds[s.Kind] = true
			if s.Code == "" {
				locks++
				if s.Connection != "b" || s.System != "b" || s.Agency != "H13" || s.Lock != "volume" {
					t.Errorf("told of a lock: %+v", s)
				}
				continue
			}
			if s.Connection != "a" || s.System != "a" || s.Agency != "H13" || len(s.Undeclared) == 0 || s.More {
				t.Errorf("told of a change: %+v", s)
			}
			calls += s.Count
			for _, u := range s.Undeclared {
				if u.Credential != thumbs[0].String() || s.Kind == "call.lookup" && u.Build != "a/9" {
					t.Errorf("told of another change: %+v", s)
				}
			}
		}
		if calls != 4 || locks != 1 || !kinds["call.lookup"] || !kinds["calls.refused"] {
			t.Errorf("told of %d calls and %d locks, in entries of the kinds %v", calls, locks, kinds)
		}
	})
}
