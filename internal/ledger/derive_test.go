package ledger

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
	"dancu/verify"
)

const testOrigin = "log.test/dancu"

// bench is a log with its followers, for tests.
type bench struct {
	t             testing.TB
	env           *dbtest.Env
	main, derived *db.DB
	cfg           Config
	vkey          string
	offset        *atomic.Int64 // of the database's clock

	*Log
	stop func() // the followers
	n    int    // calls made
}

// newBench opens a log without its followers.
func newBench(t testing.TB, env *dbtest.Env) *bench {
	t.Helper()
	skey, vkey, err := note.GenerateKey(rand.Reader, testOrigin)
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, env: env, vkey: vkey, offset: new(atomic.Int64), stop: func() {}}
	b.main = env.Open(db.Main, func(c *db.Config) {
		c.ClockOffset = func() time.Duration { return time.Duration(b.offset.Load()) }
	})
	b.derived = env.Open(db.Derived, func(c *db.Config) { c.Relaxed = true })
	b.cfg = Config{
		Main: b.main, Derived: b.derived, Origin: testOrigin, SigningKey: skey, SealingKey: make([]byte, KeySize),
		Node: "node-1", Version: "test", ClockHold: -1, // tests step the clock
	}
	b.open()
	t.Cleanup(func() { b.stop() })
	return b
}

func (b *bench) open() {
	b.t.Helper()
	var err error
	if b.Log, err = Open(b.t.Context(), b.cfg); err != nil {
		b.t.Fatal(err)
	}
}

// run starts the followers.
func (b *bench) run() *bench {
	ctx, cancel := context.WithCancel(b.t.Context())
	done := make(chan struct{})
	l := b.Log
	go func() {
		defer close(done)
		_ = l.Run(ctx)
	}()
	b.stop = func() {
		cancel()
		<-done
		b.stop = func() {}
	}
	return b
}

func (b *bench) ctx() context.Context {
	ctx, cancel := context.WithTimeout(b.t.Context(), time.Minute)
	b.t.Cleanup(cancel)
	return ctx
}

// call returns the entry of a look-up of a person.
func (b *bench) call(pin string) *Entry {
	b.n++
	transaction := fmt.Sprintf("018f0000-0000-7000-8000-%012d", b.n)
	e := NewEntry("call.lookup", "c1")
	e.RequestID = fmt.Sprintf("r%d", b.n)
	key := CallKey("s1", transaction)
	e.Call = key[:]
	add := func(name string, members map[string]string) {
		raw, err := json.Marshal(members)
		if err != nil {
			b.t.Fatal(err)
		}
		e.Add(name, raw)
	}
	add(PartAccess, map[string]string{
		"agency": "A.01", "system": "s1", "connection": "c1", "procedure": "1.000", "case": fmt.Sprintf("case-%d", b.n),
		"request": e.RequestID, "transaction": transaction, "service": "lookup",
	})
	add(PartOfficer, map[string]string{"id": "officer-7", "address": "10.0.0.7"})
	add(PartKeys, map[string]string{"pin": pin, "fullName": "Trần Thị Hà"})
	e.Add(PartSubject, []byte(`{"access":"consult","fields":["fullName"],"pin":"`+pin+`"}`))
	e.Terms = termsOf(e.Parts)
	return e
}

// write acknowledges entries in one batch: those for which refused is set have
// a code.
func (b *bench) write(entries ...*Entry) {
	b.t.Helper()
	err := b.Write(b.ctx(), func(tx *Tx) error {
		for _, e := range entries {
			o := Outcome{}
			if e.Call != nil {
				o = Outcome{Result: "answered", Count: 1, Limit: 10}
				if strings.HasPrefix(e.RequestID, "refuse") {
					o = Outcome{Result: "refused", Code: "grant.none", Count: 1, Limit: 10}
				}
			}
			tx.Append(e, o)
		}
		return nil
	})
	if err != nil {
		b.t.Fatal(err)
	}
}

// stand changes the standing.
func (b *bench) stand(id, doc string) {
	b.t.Helper()
	err := b.Write(b.ctx(), func(tx *Tx) error {
		e, err := EventEntry("connection.changed", Actor{Kind: "cli", ID: "test"}, map[string]any{"connection": id})
		if err != nil {
			return err
		}
		tx.Append(e, Outcome{})
		tx.Stand("connection", id, []byte(doc))
		return nil
	})
	if err != nil {
		b.t.Fatal(err)
	}
}

// settle waits until everything is published and indexed.
func (b *bench) settle() {
	b.t.Helper()
	size := b.Head().Size
	if err := b.WaitPublished(b.ctx(), size-1); err != nil {
		b.t.Fatal(err)
	}
	if err := b.waitIndexed(b.ctx(), size); err != nil {
		b.t.Fatal(err)
	}
	for ctx := b.ctx(); ; time.Sleep(5 * time.Millisecond) {
		segment, err := unmerged(ctx, b.derived, size>>segmentBits)
		if err != nil {
			b.t.Fatal(err)
		}
		if segment < 0 {
			return
		}
	}
}

// fsck checks the whole store.
func (b *bench) fsck() *verify.Report {
	b.t.Helper()
	r, err := Fsck(b.ctx(), FsckConfig{Main: b.main, Derived: b.derived, SealingKey: b.cfg.SealingKey, VKey: b.vkey})
	if err != nil {
		b.t.Fatal(err)
	}
	return r
}

// sound fails the test unless fsck finds nothing.
func (b *bench) sound() {
	b.t.Helper()
	if r := b.fsck(); !r.OK() {
		b.t.Fatalf("fsck found %v", r.Findings)
	}
}

// source is the log as its readers see it.
type source struct{ l *Log }

func (s source) Read(ctx context.Context, path string, _ int64) ([]byte, error) {
	if path == "checkpoint" {
		return s.l.Checkpoint(), nil
	}
	return s.l.Tile(ctx, path)
}

// published checks everything the log publishes with the public package.
func (b *bench) checkPublished() verify.Checkpoint {
	b.t.Helper()
	r, err := verify.CheckTree(b.ctx(), source{b.Log}, b.vkey, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	if !r.OK() {
		b.t.Fatalf("the published log does not verify: %v", r.Findings)
	}
	return r.Checkpoint
}

// raw makes a log of entries without bodies grow to size, by the database
// alone, as another node would.
func (b *bench) raw(size int64) {
	b.t.Helper()
	ctx := b.ctx()
	err := b.main.Write(ctx, func(tx *db.Tx) error {
		h, tree, err := readHead(ctx, tx)
		if err != nil {
			return err
		}
		if tree.size >= size {
			return nil
		}
		var entries []*Entry
		flush := func() error {
			t := &Tx{Tx: tx, entries: entries}
			entries = nil
			return t.insertEntries(ctx)
		}
		for i := tree.size; i < size; i++ {
			e := &Entry{Kind: "raw", Index: i, Time: h.Time, sealkey: monthName(h.Time), sealed: []byte{}}
			e.Leaf[0], e.Leaf[1], e.Leaf[2] = byte(i), byte(i>>8), byte(i>>16)
			tree.add(e.Leaf)
			if entries = append(entries, e); len(entries) == 4096 {
				if err := flush(); err != nil {
					return err
				}
			}
		}
		if err := flush(); err != nil {
			return err
		}
		root := tree.root()
		_, err = tx.Exec(ctx, "INSERT INTO heads (size, root, frontier, standing, time) VALUES ($1, $2, $3, $4, $5)",
			size, root[:], tree.bytes(), h.Standing, db.Micros(h.Time))
		return err
	})
	if err != nil {
		b.t.Fatal(err)
	}
}

func TestWhatIsPublishedVerifies(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		b := newBench(t, env).run()
		var old verify.Checkpoint
		for range 6 {
			var batch []*Entry
			for range 100 {
				batch = append(batch, b.call("001234567890"))
			}
			b.write(batch...)
			b.settle()
			c := b.checkPublished()
			if c.Size != b.Head().Size {
				t.Fatalf("checkpoint of %d entries, head of %d", c.Size, b.Head().Size)
			}
			if err := verify.CheckConsistencyTiles(b.ctx(), source{b.Log}, old, c); old.Size > 0 && err != nil {
				t.Fatal(err)
			}
			hashes, signed, err := b.ConsistencyProof(b.ctx(), old.Size)
			if err != nil {
				t.Fatal(err)
			}
			newer, err := verify.OpenCheckpoint(signed, b.vkey)
			if err != nil {
				t.Fatal(err)
			}
			old.Origin = newer.Origin
			if err := verify.CheckConsistency(old, newer, hashes); err != nil {
				t.Fatal(err)
			}
			old = c
		}
		for i := range b.Head().Size {
			text, err := b.Proof(b.ctx(), i)
			if err != nil {
				t.Fatal(err)
			}
			p, err := verify.ParseProof(text)
			if err != nil {
				t.Fatal(err)
			}
			leaves, err := readLeaves(b.ctx(), b.main, i, i+1)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := p.Verify(leaves[0], b.vkey); err != nil {
				t.Fatalf("entry %d: %v", i, err)
			}
		}
		b.sound()
	})
}

func TestFullReceiptVerifiesOffline(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		b := newBench(t, env).run()
		e := b.call("001234567890")
		b.write(e)
		text, err := b.ProveReceipt(b.ctx(), e)
		if err != nil {
			t.Fatal(err)
		}
		r, err := verify.ParseReceipt(text)
		if err != nil {
			t.Fatal(err)
		}
		c, err := r.Verify(b.vkey)
		if err != nil {
			t.Fatal(err)
		}
		if r.RequestID != e.RequestID || r.Index != e.Index || c.Size <= e.Index {
			t.Errorf("receipt of %q at %d under %d", r.RequestID, r.Index, c.Size)
		}
		short, err := verify.ParseReceipt(e.AppendReceipt(nil, testOrigin, ""))
		if err != nil {
			t.Fatal(err)
		}
		if err := short.VerifyTiles(b.ctx(), source{b.Log}, c); err != nil {
			t.Fatal(err)
		}
	})
}

// TestTreeSizes builds trees around the sizes at which tiles become full, half
// of them from the database, and reads every tile with x/mod's own client.
func TestTreeSizes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		b := newBench(t, env)
		for _, size := range []int64{2, 254, 255, 256, 257, 511, 512, 513, 65_533, 65_535, 65_537} {
			if size > 600 && env.Engine == db.Postgres && testing.Short() {
				continue
			}
			b.stop()
			b.raw(size - 1) // opening adds one
			b.open()
			if got := b.Head().Size; got != size {
				t.Fatalf("head of %d entries, want %d", got, size)
			}
			b.run()
			if err := b.WaitPublished(b.ctx(), size-1); err != nil {
				t.Fatal(err)
			}
			c := b.checkPublished()
			if c.Size != size {
				t.Fatalf("checkpoint of %d entries, want %d", c.Size, size)
			}
			r := verify.Hashes(b.ctx(), source{b.Log}, c)
			for _, i := range []int64{0, 1, 255, 256, 257, 65_280, 65_535, 65_536, size - 2, size - 1} {
				if i >= size {
					continue
				}
				if _, err := tlog.ProveRecord(size, i, r); err != nil {
					t.Fatalf("size %d: %v", size, err)
				}
			}
			// Exactly the partial tiles of this size, and nothing beyond.
			for level := range 3 {
				n := size >> ((level + 1) * 8)
				width := verify.TileWidthAt(level, n, size)
				for _, entries := range []bool{false, true} {
					if entries && level > 0 {
						continue
					}
					if width > 0 {
						if _, err := b.Tile(b.ctx(), verify.Tile{Entries: entries, Level: level, N: n, Width: width}.Path()); err != nil {
							t.Errorf("size %d, level %d: %v", size, level, err)
						}
					}
					if _, err := b.Tile(b.ctx(), verify.Tile{Entries: entries, Level: level, N: n, Width: width + 1}.Path()); err == nil {
						t.Errorf("size %d, level %d: a tile of %d is served, the tree has %d there", size, level, width+1, width)
					}
				}
			}
		}
	})
}

// TestFollowersGoOn stops the followers at every point: nothing of what they
// derive depends on what they saw in memory.
func TestFollowersGoOn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		b := newBench(t, env)
		for i := range 12 {
			ctx, cancel := context.WithCancel(b.ctx())
			done := make(chan struct{})
			go func() {
				defer close(done)
				_ = b.Run(ctx)
			}()
			for range i * 7 % 5 {
				b.write(b.call("001234567890"), b.call("001234567891"))
			}
			cancel() // wherever they are
			<-done
			b.write(b.call("001234567892")) // unseen
			if i%3 == 0 {
				b.open() // a restart
			}
		}
		b.run()
		b.settle()
		b.checkPublished()
		b.sound()
	})
}

// TestOverflow lets far more wait than the feeds take.
func TestOverflow(t *testing.T) {
	b := newBench(t, dbtest.SQLite(t))
	for range 2*maxFeed/500 + 3 {
		batch := make([]*Entry, 500)
		for i := range batch {
			batch[i] = b.call("001234567890")
		}
		b.write(batch...)
	}
	if b.items.waiting() > maxFeed || b.leaves.waiting() > maxFeed {
		t.Fatalf("%d and %d entries wait, the limit is %d", b.items.waiting(), b.leaves.waiting(), maxFeed)
	}
	b.run()
	b.settle()
	b.checkPublished()
	b.sound()
}

// TestDamagedTilesAreComputedAgain: what is derived heals from the entries.
func TestDamagedTilesAreComputedAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		b := newBench(t, env)
		b.raw(1000)
		b.open()
		b.run()
		b.settle()
		for _, damage := range []string{
			"DELETE FROM tiles WHERE n = 1",
			"DELETE FROM tiles",
			"UPDATE tiles SET n = 7 WHERE n = 2",
			"UPDATE tiles SET data = (SELECT data FROM tiles WHERE n = 0) WHERE n = 2",
			"UPDATE progress SET size = 1000000",
		} {
			b.stop()
			if err := b.derived.Write(b.ctx(), func(tx *db.Tx) error {
				_, err := tx.Exec(b.ctx(), damage)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			b.open()
			b.run()
			b.settle()
			b.checkPublished()
		}
	})
}

// TestTwoNodes: two processes derive from one log, and each publishes what
// the other wrote.
func TestTwoNodes(t *testing.T) {
	env := dbtest.Postgres(t)
	a := newBench(t, env)
	a.run()
	b := &bench{t: t, env: env, cfg: a.cfg, vkey: a.vkey, offset: a.offset, stop: func() {}}
	b.n = 1 << 20
	b.main, b.derived = env.Open(db.Main), env.Open(db.Derived)
	b.cfg.Main, b.cfg.Derived, b.cfg.Node = b.main, b.derived, "node-2"
	b.open()
	t.Cleanup(func() { b.stop() })
	b.run()
	for range 40 {
		a.write(a.call("001234567890"), a.call("001234567891"))
		for range 9 {
			b.write(b.call("001234567890"))
		}
	}
	size := max(a.Head().Size, b.Head().Size)
	for _, n := range []*bench{a, b} {
		if _, err := n.Proof(n.ctx(), size-1); err != nil {
			t.Fatal(err)
		}
		if c := n.checkPublished(); c.Size < size {
			t.Fatalf("%s publishes %d of %d entries", n.cfg.Node, c.Size, size)
		}
		res, err := n.Search(n.ctx(), testReader, Query{Terms: []Term{{TermPerson, "001234567890"}}, Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		if len(res.Records) < 400 {
			t.Errorf("%s finds %d of 400 entries", n.cfg.Node, len(res.Records))
		}
	}
	a.sound()
}

var testReader = Reader{Actor: Actor{Kind: "cli", ID: "inspector"}, Reason: "complaint 12"}

// TestFailingDerivationHoldsNothingUp: while tiles and index cannot be
// written, entries are acknowledged all the same, no checkpoint is given out
// whose tiles are not there, and everything catches up afterwards.
func TestFailingDerivationHoldsNothingUp(t *testing.T) {
	b := newBench(t, dbtest.SQLite(t)).run()
	b.settle()
	exec := func(query string) {
		t.Helper()
		err := b.derived.Write(b.ctx(), func(tx *db.Tx) error {
			_, err := tx.Exec(b.ctx(), query)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	tables := []string{"tiles", "index_runs", "statistics"}
	for _, name := range tables {
		exec("CREATE TRIGGER no_" + name + " BEFORE INSERT ON " + name + " BEGIN SELECT RAISE(ABORT, 'disk full'); END")
	}
	for range 3 {
		batch := make([]*Entry, 200)
		for i := range batch {
			batch[i] = b.call("001234567890")
		}
		b.write(batch...)
	}
	if got := b.PublishedSize(); got >= 256 {
		t.Errorf("%d entries are published without their tile", got)
	}
	ctx, cancel := context.WithTimeout(b.ctx(), 50*time.Millisecond)
	defer cancel()
	if _, err := b.Proof(ctx, 500); !fault.Is(err, fault.Unavailable) {
		t.Errorf("a proof without tiles: %v", err)
	}
	if _, err := b.Search(ctx, testReader, Query{}); !fault.Is(err, fault.Unavailable) {
		t.Errorf("a search without index: %v", err)
	}
	for _, name := range tables {
		exec("DROP TRIGGER no_" + name)
	}
	b.settle()
	b.checkPublished()
	b.sound()
}
