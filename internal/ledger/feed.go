package ledger

import "sync"

// maxFeed is how many entries may wait for a follower in memory. What does not
// fit is read from the database instead.
const maxFeed = 8192

// feed hands acknowledged entries to one follower, in order. It is only a
// saving: a follower that finds nothing, or a gap, reads the database.
type feed[T any] struct {
	kick chan struct{} // one token: there may be something

	mu      sync.Mutex
	batches []feedBatch[T]
	n       int // items in batches
}

type feedBatch[T any] struct {
	first int64
	items []T
	head  Head
}

func newFeed[T any]() *feed[T] { return &feed[T]{kick: make(chan struct{}, 1)} }

// put adds a batch, unless the feed is full. It never waits.
func (f *feed[T]) put(b feedBatch[T]) {
	f.mu.Lock()
	if f.n+len(b.items) <= maxFeed {
		f.batches = append(f.batches, b)
		f.n += len(b.items)
	}
	f.mu.Unlock()
	f.wake()
}

// wake makes the follower look.
func (f *feed[T]) wake() {
	select {
	case f.kick <- struct{}{}:
	default:
	}
}

// take returns the batches from pos on that follow each other without a gap,
// and the head after the last. When there are none, upTo is where the first
// batch that waits begins, 0 if none does: until there, and at most as far as
// is acknowledged, the database must be read.
func (f *feed[T]) take(pos int64) (items []T, head Head, upTo int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for len(f.batches) > 0 {
		b := f.batches[0]
		if b.first > pos {
			if items == nil {
				upTo = b.first
			}
			return items, head, upTo
		}
		f.batches[0] = feedBatch[T]{}
		f.batches = f.batches[1:]
		f.n -= len(b.items)
		end := b.first + int64(len(b.items))
		if end <= pos {
			continue // came another way
		}
		items = append(items, b.items[pos-b.first:]...)
		pos, head = end, b.head
	}
	f.batches = nil
	return items, head, 0
}

// waiting returns how many items wait.
func (f *feed[T]) waiting() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.n
}
