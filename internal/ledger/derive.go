package ledger

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/mod/sumdb/note"

	"dancu/internal/db"
	"dancu/internal/fault"
)

// derived is what follows the log: tiles, checkpoints, index and statistics.
// Two followers work outside the one lock, each by one path for what this
// node wrote a moment ago, what other nodes wrote, what was written before a
// restart and what a feed dropped: take what waits, read the rest from the
// database. Nothing here can hold up the log.
type derived struct {
	signer note.Signer

	leaves *feed[[32]byte]
	items  *feed[indexItem]

	acked     atomic.Pointer[Head]      // newest head that an acknowledged commit covers
	published atomic.Pointer[published] // newest checkpoint

	edge    rightEdge
	tiles   tileCache
	indexed atomic.Int64 // entries that index and statistics cover, as last seen

	urgent atomic.Int64  // how many wait for the index
	hurry  chan struct{} // ends the pause between two rounds of the index

	mu      sync.Mutex
	changed chan struct{} // closed when published or indexed moves
	// listeners are woken when a signal was written here.
	listeners map[chan struct{}]struct{}
	derivers  []*deriving // replaced, never changed in place

	looking sync.Mutex // one look at other nodes' heads at a time
}

const (
	// readChunk is how many entries a follower reads from the database at
	// once.
	readChunk = 2048
	// followTick is how often followers look for what other nodes wrote.
	followTick = time.Second
	// retryPause is how long a follower waits after a failure.
	retryPause = 250 * time.Millisecond
)

// openDerived prepares the followers; Run starts them.
func (l *Log) openDerived(ctx context.Context) error {
	signer, err := note.NewSigner(l.cfg.SigningKey)
	if err != nil {
		return fault.New(fault.Invalid, "the log's signing key cannot be read: it must begin with PRIVATE+KEY+%s", l.cfg.Origin)
	}
	if signer.Name() != l.cfg.Origin {
		return fault.New(fault.Invalid, "the log's signing key is of %q, the log is %q", signer.Name(), l.cfg.Origin)
	}
	l.signer = signer
	l.leaves, l.items = newFeed[[32]byte](), newFeed[indexItem]()
	l.acked.Store(&Head{})
	l.changed, l.hurry = make(chan struct{}), make(chan struct{}, 1)
	l.follow = l.fed
	var size int64
	if size, err = newestSize(ctx, l.cfg.Main); err != nil {
		return err
	}
	if err := l.forgetFuture(ctx, size); err != nil {
		return err
	}
	if err := l.loadEdge(ctx); err != nil {
		return err
	}
	pos, err := readProgress(ctx, l.cfg.Derived)
	l.indexed.Store(pos)
	return err
}

// forgetFuture empties what is derived if it covers more than the log has:
// then it is of another log, or the log was brought back from a backup.
func (l *Log) forgetFuture(ctx context.Context, size int64) error {
	tiles, err := tileCounts(ctx, l.cfg.Derived)
	if err != nil {
		return err
	}
	pos, err := readProgress(ctx, l.cfg.Derived)
	if err != nil {
		return err
	}
	if (len(tiles) == 0 || tiles[0]<<8 <= size) && pos <= size {
		return nil
	}
	l.cfg.Logger.Warn("index and tiles cover more than the log has: computing them again", "entries", size, "indexed", pos)
	return clearDerived(ctx, l.cfg.Derived)
}

// loadEdge computes the right edge of the tree that the stored full tiles
// cover.
func (l *Log) loadEdge(ctx context.Context) error {
	counts, err := tileCounts(ctx, l.cfg.Derived)
	if err != nil {
		return err
	}
	for level := 1; len(counts) > 0; level++ {
		var have int64
		if level < len(counts) {
			have = counts[level]
		}
		want := counts[level-1] >> 8
		if have != want { // a crash cannot do that; someone else did
			l.cfg.Logger.Warn("tiles are missing: computing them again", "level", level, "have", have, "want", want)
			return l.resetTree(ctx)
		}
		if want == 0 {
			break
		}
	}
	if len(counts) == 0 {
		l.edge.reset(0, nil)
		return nil
	}
	levels := make([][]byte, 1, len(counts)+1)
	for level := range counts {
		first := counts[level] >> 8 << 8 // the tiles below the partial tile above
		data, err := tilesFrom(ctx, l.cfg.Derived, level, first)
		if errors.Is(err, errTileDamaged) {
			l.cfg.Logger.Warn("tiles are missing or damaged: computing them again", "level", level)
			return l.resetTree(ctx)
		}
		if err != nil {
			return err
		}
		var above []byte
		for _, tile := range data {
			root := tileRoot(tile)
			above = append(above, root[:]...)
		}
		if level+1 == len(counts) && len(above) == 0 {
			break
		}
		levels = append(levels, above)
	}
	l.edge.reset(counts[0]<<8, levels)
	return nil
}

// resetTree computes all tiles again.
func (l *Log) resetTree(ctx context.Context) error {
	if err := clearTiles(ctx, l.cfg.Derived); err != nil {
		return err
	}
	l.tiles.clear()
	l.edge.reset(0, nil)
	return nil
}

// fed takes what was acknowledged. It runs under the log's mutex: it only
// copies what the followers need, so that the entries themselves can go.
func (l *Log) fed(b batch) {
	leaves := make([][32]byte, len(b.entries))
	items := make([]indexItem, len(b.entries))
	signal := false
	for i, e := range b.entries {
		signal = signal || isSignal(e)
		leaves[i] = e.Leaf
		items[i] = indexItem{
			micros: db.Micros(e.Time), kind: e.Kind, connection: e.Connection, code: e.Code,
			sealkey: e.sealkey, terms: e.Terms,
		}
	}
	l.sawHead(b.head)
	l.leaves.put(feedBatch[[32]byte]{b.first, leaves, b.head})
	l.items.put(feedBatch[indexItem]{b.first, items, b.head})
	l.feedDerivers(b)
	if signal {
		l.wakeListeners()
	}
	if l.items.waiting() >= roundEntries {
		select {
		case l.hurry <- struct{}{}:
		default:
		}
	}
}

// sawHead notes a head that an acknowledged commit covers.
func (l *Log) sawHead(h Head) {
	for {
		old := l.acked.Load()
		if old.Size >= h.Size || l.acked.CompareAndSwap(old, &h) {
			return
		}
	}
}

// observe returns the newest head that an acknowledged commit covers, other
// nodes' included. A row that is merely visible may still be lost with its
// server before a standby has it; so, where another node was last, observe
// makes a commit of its own that comes after it and waits for its
// acknowledgement.
func (l *Log) observe(ctx context.Context) (Head, error) {
	if l.cfg.Main.Engine() == db.SQLite {
		return *l.acked.Load(), nil // nobody else writes
	}
	l.looking.Lock()
	defer l.looking.Unlock()
	size, err := newestSize(ctx, l.cfg.Main)
	if err != nil {
		return Head{}, err
	}
	if h := l.acked.Load(); size <= h.Size {
		return *h, nil
	}
	var h Head
	err = l.cfg.Main.Write(ctx, func(tx *db.Tx) (err error) {
		if h, _, err = readHead(ctx, tx); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "SELECT pg_logical_emit_message(true, 'dancu', '')")
		return err
	})
	if err != nil {
		return Head{}, fmt.Errorf("couldn't look at the newest head: %w", err)
	}
	l.sawHead(h)
	return *l.acked.Load(), nil
}

// Run does the log's background work until ctx ends: it brings the log up
// again, writes tiles, index and statistics, and signs checkpoints. It does
// not fail: what cannot be done is tried again.
func (l *Log) Run(ctx context.Context) error {
	var all sync.WaitGroup
	all.Go(func() { l.keepUp(ctx) })
	all.Go(func() { l.followTree(ctx) })
	all.Go(func() { l.followIndex(ctx) })
	all.Wait()
	return nil
}

// pause waits for a wake-up, at most d.
func pause(ctx context.Context, kick <-chan struct{}, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-kick:
	case <-t.C:
	}
}

// moved tells those who wait that published or indexed moved.
func (l *Log) moved() {
	l.derived.mu.Lock()
	defer l.derived.mu.Unlock()
	close(l.changed)
	l.changed = make(chan struct{})
}

// await waits until done, which is asked again whenever something moved.
func (l *Log) await(ctx context.Context, what string, done func() bool) error {
	for {
		l.derived.mu.Lock()
		changed := l.changed
		l.derived.mu.Unlock()
		if done() {
			return nil
		}
		select {
		case <-ctx.Done():
			return fault.Wrap(fault.Unavailable, ctx.Err(), "the log's %s has not caught up yet: try again", what)
		case <-changed:
		}
	}
}

// readTo is how far a follower at pos may read from the database: to where
// its feed goes on, at most to the acknowledged end, at most a chunk. 0 means
// that there is nothing to read.
func (l *Log) readTo(pos, upTo int64) int64 {
	end := l.acked.Load().Size
	if upTo > 0 {
		end = min(end, upTo)
	}
	if end <= pos {
		return 0
	}
	return min(end, pos+readChunk)
}
