package gate

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/internal/db/dbtest/powercut"
)

// powerSeed is DANCU_TEST_SEED, or a new one.
func powerSeed(t *testing.T) uint64 {
	seed := uint64(time.Now().UnixNano())
	if s := os.Getenv("DANCU_TEST_SEED"); s != "" {
		var err error
		if seed, err = strconv.ParseUint(s, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("DANCU_TEST_SEED=%d", seed)
	return seed
}

// TestAPowerCutLosesNothingAcknowledged records what SQLite does to its files
// while many callers keep their receipts and the gate is restarted in between,
// and starts the gate again on what a disk may hold after a power cut at
// random moments: everything synced, and of the rest any part.
func TestAPowerCutLosesNothingAcknowledged(t *testing.T) {
	cuts, calls := 120, 160
	if testing.Short() {
		cuts, calls = 12, 60
	}
	seed := powerSeed(t)
	rnd := rand.New(rand.NewPCG(seed, 0))
	env := dbtest.SQLite(t).Bare() // what is not recorded is not there after the cut
	record, err := powercut.Start(filepath.Dir(env.File(db.Main)))
	if err != nil {
		t.Fatal(err)
	}
	defer record.Stop()
	w := start(t, env)
	limit := int64(calls/8) * 8 * 3
	w.connect("a", func(c *access.Connection) { c.Limit.Calls = limit })
	ready := record.Len()
	var mu sync.Mutex
	receipts := map[int64][]byte{}
	for round := range 3 {
		var wg sync.WaitGroup
		for g := range 8 {
			wg.Go(func() {
				for i := range calls / 8 {
					a, code := w.do(w.call("a", (g+i)%10))
					if code != access.Allowed {
						t.Errorf("got %q", code)
						return
					}
					mu.Lock()
					receipts[a.Index] = a.Receipt
					mu.Unlock()
					record.Mark(fmt.Sprint(a.Index))
				}
			})
		}
		wg.Wait()
		if round < 2 {
			w.restart() // folds the WAL into the file
		}
	}
	for range 3 { // over the limit: the power may go around the lock, too
		w.expect(w.call("a", 1), access.ConnectionVolume)
		record.Mark("")
	}
	w.close()
	end := record.Len()
	record.Stop()
	kept := 0
	for range cuts {
		at := ready + rnd.IntN(end-ready+1)
		disk := dbtest.SQLite(t).Bare()
		marks, err := record.Cut(at, filepath.Dir(disk.File(db.Main)), rnd)
		if err != nil {
			t.Fatal(err)
		}
		var mine [][]byte
		locked := false
		for _, m := range marks {
			if m == "" {
				locked = true
				continue
			}
			index, err := strconv.ParseInt(m, 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			mine = append(mine, receipts[index])
		}
		again := &world{t: t, env: disk, signer: w.signer, vkey: w.vkey, kek: w.kek}
		again.consents.byID = map[string]*access.Consent{}
		again.open()
		again.audit(mine, "a")
		entries := again.answered("a")
		if entries < int64(len(mine)) || entries > limit {
			t.Errorf("%d answers, %d entries, a limit of %d", len(mine), entries, limit)
		}
		if locked && len(again.rows("connection.locked")) != 1 {
			t.Errorf("%d locks, want 1", len(again.rows("connection.locked")))
		}
		if entries < limit {
			again.expect(again.call("a", 1), access.Allowed)
		} else {
			again.expect(again.call("a", 1), access.ConnectionVolume)
			if got := len(again.rows("connection.locked")); got != 1 {
				t.Errorf("%d locks, want 1", got)
			}
		}
		again.audit(nil, "a")
		again.close()
		if t.Failed() {
			t.Fatalf("the power was cut after %d of %d events", at, end)
		}
		kept += len(mine)
	}
	t.Logf("%d cuts between %d events, %d receipts verified", cuts, end-ready, kept)
}
