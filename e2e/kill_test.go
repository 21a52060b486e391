package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dancu/internal/app"
	"dancu/internal/apptest"
	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/verify"
)

// keeper is clients that keep every receipt they were given.
type keeper struct {
	t  *testing.T
	mu sync.Mutex
	// receipts by index: an index given twice is an error.
	receipts map[int64]json.RawMessage
	locked   atomic.Int64
	// unavailable counts the calls refused as log.unavailable.
	unavailable atomic.Int64
}

// load calls from n clients until stop is closed, over whatever happens to the
// server, and returns what waits for their end.
func (k *keeper) load(s *apptest.System, n int, stop chan struct{}) (wait func()) {
	client := s.Client(0)
	people := s.Info.People
	var wg sync.WaitGroup
	for g := range n {
		wg.Go(func() {
			for i := g; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				a, err := client.Try("/v1/lookup", client.LookupRequest(people[i%len(people)]))
				switch {
				case err != nil:
					time.Sleep(time.Millisecond) // killed: no answer is no data
				case a.Status == 200:
					k.keep(a.Receipt)
				case a.Code == "connection.locked_volume":
					k.locked.Add(1)
					time.Sleep(time.Millisecond)
				case a.Code == "log.unavailable", a.Code == "service.busy":
					if len(a.Person) > 0 {
						k.t.Errorf("%s gave data", a.Code)
					}
					if a.Code == "log.unavailable" {
						k.unavailable.Add(1)
					}
					time.Sleep(time.Millisecond)
				default:
					k.t.Errorf("got %d %s", a.Status, a.Body)
					return
				}
			}
		})
	}
	return wg.Wait
}

func (k *keeper) keep(receipt json.RawMessage) {
	r, err := verify.ParseReceipt(receipt)
	if err != nil {
		k.t.Errorf("a receipt cannot be read: %v", err)
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if _, twice := k.receipts[r.Index]; twice {
		k.t.Errorf("two answers have entry %d", r.Index)
	}
	k.receipts[r.Index] = receipt
}

func (k *keeper) count() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return len(k.receipts)
}

// settle checks what must be true whatever happened: every receipt is in the
// log and verifies, the log is sound, nothing is doubled, and the counter says
// what the entries say. It stops the system.
func (k *keeper) settle(s *apptest.System, env *dbtest.Env) (entries, locks int64) {
	k.t.Helper()
	s.VerifyLog()
	k.mu.Lock()
	defer k.mu.Unlock()
	var kept app.Kept
	var newest json.RawMessage
	last := int64(-1)
	for index, b := range k.receipts {
		kept.Receipts = append(kept.Receipts, b)
		if index > last {
			last, newest = index, b
		}
	}
	if last < 0 {
		k.t.Fatal("nobody was answered")
	}
	s.VerifyReceipt(newest) // waits until it is published
	point := s.Checkpoint()
	for index, b := range k.receipts {
		r, err := verify.ParseReceipt(b)
		if err != nil {
			k.t.Fatal(err)
		}
		if err := r.VerifyTiles(k.t.Context(), s.Source(), point); err != nil {
			k.t.Errorf("the receipt of entry %d: %v", index, err)
		}
	}
	// Piece by piece: a request over the control socket has a limit.
	for i := 0; i < len(kept.Receipts); i += 500 {
		c := s.Control()
		report, err := c.Fsck(k.t.Context(), app.Kept{Receipts: kept.Receipts[i:min(i+500, len(kept.Receipts))]}, nil)
		if err := errors.Join(err, c.Close()); err != nil {
			k.t.Fatal(err)
		}
		for _, f := range report.Findings {
			k.t.Errorf("fsck: %s", f)
		}
	}
	id := s.Info.Systems[0].ID
	used := s.Connection(id).Used.Calls
	s.Stop()
	d := openMain(k.t, s, env)
	ctx := context.Background()
	err := errors.Join(
		d.QueryRow(ctx, "SELECT count(*) FROM entries WHERE connection = $1 AND kind LIKE 'call.%' AND code = ''", id).Scan(&entries),
		d.QueryRow(ctx, "SELECT count(*) FROM entries WHERE connection = $1 AND kind = 'connection.locked'", id).Scan(&locks),
		d.Close())
	if err != nil {
		k.t.Fatal(err)
	}
	if entries != used {
		k.t.Errorf("%d entries, %d counted", entries, used)
	}
	if int64(len(kept.Receipts)) > entries {
		k.t.Errorf("%d answers, %d entries", len(kept.Receipts), entries)
	}
	return entries, locks
}

// openMain opens the stopped system's main database.
func openMain(t *testing.T, s *apptest.System, env *dbtest.Env) *db.DB {
	t.Helper()
	dsn := "sqlite:" + filepath.Join(s.Dir, "dancu.db")
	if env.Engine == db.Postgres {
		dsn = env.DSN(db.Main)
	}
	d, err := db.Open(t.Context(), db.Config{DSN: dsn, Tree: db.Main, AsIs: true})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// seeded returns random numbers from DANCU_TEST_SEED, or new ones, and says
// which.
func seeded(t *testing.T) *rand.Rand {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	if s := os.Getenv("DANCU_TEST_SEED"); s != "" {
		var err error
		if seed, err = strconv.ParseUint(s, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("DANCU_TEST_SEED=%d", seed)
	return rand.New(rand.NewPCG(seed, 0))
}

// killRounds runs the program under load and kills it, that many times, at
// random instants, starting it again each time.
func (k *keeper) killRounds(s *apptest.System, rounds, clients int, rnd *rand.Rand) {
	for range rounds {
		stop := make(chan struct{})
		before := k.count()
		wait := k.load(s, clients, stop)
		for k.count() < before+5 && k.locked.Load() == 0 && !k.t.Failed() {
			time.Sleep(time.Millisecond)
		}
		time.Sleep(time.Duration(rnd.IntN(600_000)) * time.Microsecond)
		s.Kill()
		close(stop)
		wait()
		s.Restart()
	}
}

// TestKilledAtRandomNothingAcknowledgedIsLost kills the program under load,
// again and again, while clients keep their receipts.
func TestKilledAtRandomNothingAcknowledgedIsLost(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		t.Parallel()
		rounds := map[db.Engine]int{db.SQLite: 10, db.Postgres: 4}[env.Engine]
		if testing.Short() {
			rounds = 1
		}
		rnd := seeded(t)
		s := apptest.StartProcess(t, apptest.Options{Env: env, Limit: 1_000_000})
		k := &keeper{t: t, receipts: map[int64]json.RawMessage{}}
		k.killRounds(s, rounds, 32, rnd)
		entries, locks := k.settle(s, env)
		if locks != 0 {
			t.Errorf("%d locks", locks)
		}
		t.Logf("%d kills, %d receipts, %d entries", rounds, len(k.receipts), entries)
	})
}

// TestTheCountIsExactOverKills: a limit of 1,000 is reached over several
// kills, never overshot, and locks once.
func TestTheCountIsExactOverKills(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		t.Parallel()
		const limit = 1000
		rnd := seeded(t)
		s := apptest.StartProcess(t, apptest.Options{Env: env, Limit: limit})
		k := &keeper{t: t, receipts: map[int64]json.RawMessage{}}
		kills := 0
		for ; k.locked.Load() == 0 && kills < 40 && !t.Failed(); kills++ {
			k.killRounds(s, 1, 16, rnd)
		}
		// Whether the lock itself outlived the last kill shows now.
		client := s.Client(0)
		for range limit {
			a := client.Lookup(s.Info.People[0])
			if a.Code == "connection.locked_volume" {
				break
			}
			k.keep(a.Receipt)
		}
		if a := client.Lookup(s.Info.People[0]); a.Code != "connection.locked_volume" {
			t.Errorf("got %d %s over the limit", a.Status, a.Body)
		}
		entries, locks := k.settle(s, env)
		if entries != limit || locks != 1 || len(k.receipts) > limit {
			t.Errorf("%d entries and %d answers under a limit of %d, %d locks", entries, len(k.receipts), limit, locks)
		}
		t.Logf("%d kills, %d receipts", kills, len(k.receipts))
	})
}

// TestPostgresKilledAtRandomNothingAcknowledgedIsLost kills PostgreSQL itself,
// all its processes at once, under a program that lives on.
func TestPostgresKilledAtRandomNothingAcknowledgedIsLost(t *testing.T) {
	t.Parallel()
	env := dbtest.PostgresAlone(t)
	rnd := seeded(t)
	s := apptest.StartProcess(t, apptest.Options{Env: env, Limit: 1_000_000})
	k := &keeper{t: t, receipts: map[int64]json.RawMessage{}}
	rounds := 4
	if testing.Short() {
		rounds = 1
	}
	for range rounds {
		stop := make(chan struct{})
		before := k.count()
		wait := k.load(s, 8, stop)
		for k.count() < before+5 && !t.Failed() {
			time.Sleep(time.Millisecond)
		}
		time.Sleep(time.Duration(rnd.IntN(600_000)) * time.Microsecond)
		env.CrashServer()
		env.StartServer()
		// The same process must come up again by itself, and answer.
		after := k.count()
		for deadline := time.Now().Add(60 * time.Second); k.count() < after+5 && !t.Failed(); {
			if time.Now().After(deadline) {
				t.Errorf("nobody was answered after PostgreSQL came back")
			}
			time.Sleep(5 * time.Millisecond)
		}
		close(stop)
		wait()
	}
	entries, _ := k.settle(s, env)
	t.Logf("%d crashes of PostgreSQL, %d receipts, %d entries", rounds, len(k.receipts), entries)
}
