package ledger

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"dancu/internal/db"
	"dancu/internal/fault"
	"dancu/verify"
)

// tileCache keeps the tiles that proofs were made from.
type tileCache struct {
	mu   sync.Mutex
	data map[tileKey][]byte
}

// cacheTiles is how many tiles are kept: 8 KiB each.
const cacheTiles = 256

func (c *tileCache) get(k tileKey) []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.data[k]
}

func (c *tileCache) put(k tileKey, data []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.data == nil {
		c.data = map[tileKey][]byte{}
	}
	if len(c.data) >= cacheTiles {
		for old := range c.data { // any one
			delete(c.data, old)
			break
		}
	}
	c.data[k] = data
}

func (c *tileCache) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.data)
}

var errNoTile = fault.New(fault.NotFound, "the log has no such tile")

// hashes returns the first width hashes of a tile.
func (l *Log) hashes(ctx context.Context, level int, n int64, width int) ([]byte, error) {
	k := tileKey{level, n}
	if data := l.tiles.get(k); data != nil {
		return data[:width*tlog.HashSize], nil
	}
	if data, ok := l.edge.tile(level, n, width); ok {
		return data, nil
	}
	data, err := readTile(ctx, l.cfg.Derived, k)
	if err != nil {
		return nil, err
	}
	if data == nil {
		return nil, errNoTile
	}
	l.tiles.put(k, data)
	return data[:width*tlog.HashSize], nil
}

// Tile returns the bytes at a path below the log's prefix: a tile of hashes or
// a bundle of entries (C2SP tlog-tiles), full or partial, if the newest
// checkpoint covers it; what it does not have is fault.NotFound. A path that
// names no tile is fault.Invalid. Tiles never change.
func (l *Log) Tile(ctx context.Context, path string) ([]byte, error) {
	t, err := verify.ParseTile(path)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "malformed tile path")
	}
	if t.Width > verify.TileWidthAt(t.Level, t.N, l.PublishedSize()) {
		// Another node may be ahead.
		if _, err := l.observe(ctx); err != nil {
			return nil, err
		}
		if t.Width > verify.TileWidthAt(t.Level, t.N, l.acked.Load().Size) {
			return nil, errNoTile
		}
		l.leaves.wake()
		err := l.await(ctx, "checkpoint", func() bool { return t.Width <= verify.TileWidthAt(t.Level, t.N, l.PublishedSize()) })
		if err != nil {
			return nil, err
		}
	}
	if !t.Entries {
		return l.hashes(ctx, t.Level, t.N, t.Width)
	}
	first := t.N * verify.TileWidth
	leaves, err := readLeaves(ctx, l.cfg.Main, first, first+int64(t.Width))
	if err != nil {
		return nil, err
	}
	return verify.BuildBundle(leaves), nil
}

// hashReader reads hashes of the tree of a given size.
func (l *Log) hashReader(ctx context.Context, size int64) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, x := range indexes {
			t := tlog.TileForIndex(verify.TileHeight, x)
			if t.W > verify.TileWidthAt(t.L, t.N, size) {
				return nil, fmt.Errorf("hash %d is not in a tree of %d entries", x, size)
			}
			data, err := l.hashes(ctx, t.L, t.N, t.W)
			if err != nil {
				return nil, err
			}
			if out[i], err = tlog.HashFromTile(t, data, x); err != nil {
				return nil, err
			}
		}
		return out, nil
	})
}

// errTiles says that the stored tiles do not lead to the checkpoint.
func errTiles(err error) error {
	return fault.Wrap(fault.Unavailable, err, "the log's tiles are damaged: run dancu ledger fsck")
}

// Proof returns the proof (C2SP tlog-proof) that an entry is under the newest
// checkpoint, waiting for that if the entry is new. It is checked before it is
// given out.
func (l *Log) Proof(ctx context.Context, index int64) ([]byte, error) {
	if index < 0 {
		return nil, fault.New(fault.Invalid, "the index of an entry is 0 or more")
	}
	if err := l.WaitPublished(ctx, index); err != nil {
		return nil, err
	}
	p := l.published.Load()
	hashes, err := tlog.ProveRecord(p.Size, index, l.hashReader(ctx, p.Size))
	if err != nil {
		return nil, fmt.Errorf("couldn't prove entry %d: %w", index, err)
	}
	leaf, err := l.hashes(ctx, 0, index/verify.TileWidth, int(index%verify.TileWidth)+1)
	if err != nil {
		return nil, fmt.Errorf("couldn't prove entry %d: %w", index, err)
	}
	if err := verify.CheckInclusion(hashes, p.Checkpoint, index, tlog.Hash(leaf[len(leaf)-tlog.HashSize:])); err != nil {
		return nil, errTiles(err)
	}
	return (&verify.Proof{Index: index, Hashes: hashes, Checkpoint: p.signed}).Text(), nil
}

// ConsistencyProof returns the newest checkpoint and the RFC 6962 proof that
// the log of older entries is its beginning.
func (l *Log) ConsistencyProof(ctx context.Context, older int64) (hashes []tlog.Hash, signed []byte, err error) {
	if older < 0 {
		return nil, nil, fault.New(fault.Invalid, "the size of a log is 0 or more")
	}
	if older > 0 {
		if err := l.WaitPublished(ctx, older-1); err != nil {
			return nil, nil, err
		}
	} else if err := l.WaitPublished(ctx, 0); err != nil {
		return nil, nil, err
	}
	p := l.published.Load()
	if older == 0 || older == p.Size {
		return nil, p.signed, nil
	}
	if hashes, err = tlog.ProveTree(p.Size, older, l.hashReader(ctx, p.Size)); err != nil {
		return nil, nil, fmt.Errorf("couldn't prove the first %d entries: %w", older, err)
	}
	return hashes, p.signed, nil
}

// Proofs returns the newest checkpoint and the proofs that entries are under it,
// in their order, all under the same one.
func (l *Log) Proofs(ctx context.Context, indexes ...int64) (proofs []*verify.Proof, signed []byte, err error) {
	last := int64(0)
	for _, i := range indexes {
		if i < 0 {
			return nil, nil, fault.New(fault.Invalid, "the index of an entry is 0 or more")
		}
		last = max(last, i)
	}
	if err := l.WaitPublished(ctx, last); err != nil {
		return nil, nil, err
	}
	p := l.published.Load()
	tree := l.hashReader(ctx, p.Size)
	for _, i := range indexes {
		hashes, err := tlog.ProveRecord(p.Size, i, tree)
		if err != nil {
			return nil, nil, fmt.Errorf("couldn't prove entry %d: %w", i, err)
		}
		proofs = append(proofs, &verify.Proof{Index: i, Hashes: hashes, Checkpoint: p.signed})
	}
	return proofs, p.signed, nil
}

// Leaf returns the 32 bytes that stand for an entry in the tree. They say nothing
// of what is in it, so this is no reading.
func (l *Log) Leaf(ctx context.Context, index int64) (leaf [32]byte, err error) {
	if index < 0 {
		return leaf, fault.New(fault.Invalid, "the index of an entry is 0 or more")
	}
	if size := l.PublishedSize(); index >= size {
		return leaf, fault.New(fault.NotFound, "the published log has %d entries: there is no entry %d", size, index)
	}
	leaves, err := readLeaves(ctx, l.cfg.Main, index, index+1)
	if err != nil {
		return leaf, err
	}
	return leaves[0], nil
}

// SizeAt returns how many entries the log had at a moment: those older than it.
func (l *Log) SizeAt(ctx context.Context, t time.Time) (int64, error) {
	return l.firstAt(ctx, db.Micros(t), l.PublishedSize())
}

// Stretch is what shows that one size of the log is the beginning of another.
type Stretch struct {
	// Older and Newer are the log at the two sizes, not signed: Signed is the
	// newest checkpoint, of which both are beginnings.
	Older, Newer verify.Checkpoint
	// Hashes is the RFC 6962 proof that the newer begins with the older, ToSigned
	// that the log of Signed begins with the newer.
	Hashes, ToSigned []tlog.Hash
	Signed           []byte
}

// Stretch returns that for two sizes of the published log, 1 or more.
func (l *Log) Stretch(ctx context.Context, older, newer int64) (s Stretch, err error) {
	p := l.published.Load()
	if p == nil {
		return s, fault.New(fault.Unavailable, "the log has not published a checkpoint yet: try again")
	}
	if older < 1 || newer < older || newer > p.Size {
		return s, fault.New(fault.Invalid, "the sizes must be between 1 and %d, the older one first", p.Size)
	}
	tree := l.hashReader(ctx, p.Size)
	for i, to := range []*verify.Checkpoint{&s.Older, &s.Newer} {
		size := []int64{older, newer}[i]
		root, err := tlog.TreeHash(size, tree)
		if err != nil {
			return s, fmt.Errorf("couldn't compute the root of %d entries: %w", size, err)
		}
		*to = verify.Checkpoint{Origin: l.cfg.Origin, Size: size, Root: root}
	}
	prove := func(size, begins int64) ([]tlog.Hash, error) {
		if size == begins {
			return nil, nil
		}
		return tlog.ProveTree(size, begins, tree)
	}
	if s.Hashes, err = prove(newer, older); err == nil {
		s.ToSigned, err = prove(p.Size, newer)
	}
	if err != nil {
		return s, fmt.Errorf("couldn't prove %d entries out of %d: %w", older, newer, err)
	}
	s.Signed = p.signed
	return s, nil
}

// ProveReceipt returns the full receipt of an entry that was just
// acknowledged: with the proof under the newest checkpoint, which it waits
// for.
func (l *Log) ProveReceipt(ctx context.Context, e *Entry) ([]byte, error) {
	proof, err := l.Proof(ctx, e.Index)
	if err != nil {
		return nil, err
	}
	return e.AppendReceipt(nil, l.cfg.Origin, string(proof)), nil
}
