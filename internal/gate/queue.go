package gate

import (
	"runtime"
	"sync"
)

// queue holds the calls that wait for their commit: bounded as a whole and by
// connection, and fair between connections, so that one that sends much does
// not make the others wait behind it.
type queue struct {
	mu     sync.Mutex
	wake   sync.Cond
	size   int // limit of all
	share  int // limit of one connection
	n      int // waiting
	taken  int // in the batch being committed
	lanes  map[string]*lane
	ring   []*lane // the lanes with calls in them, in the order of their turns
	closed bool
}

// lane is the calls of one connection, oldest first.
type lane struct {
	id    string
	calls []*proposal
}

func newQueue(size, share int) *queue {
	q := &queue{size: size, share: share, lanes: map[string]*lane{}}
	q.wake.L = &q.mu
	return q
}

// put adds a call; false means the queue, or the connection's share of it, is
// full, or closed.
func (q *queue) put(p *proposal) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed || q.n >= q.size {
		return false
	}
	id := p.connection()
	l := q.lanes[id]
	if l == nil {
		l = &lane{id: id}
		q.lanes[id] = l
		q.ring = append(q.ring, l)
	}
	if len(l.calls) >= q.share {
		return false
	}
	l.calls = append(l.calls, p)
	q.n++
	if q.n == 1 {
		q.wake.Signal()
	}
	return true
}

// take waits for calls and returns up to limit of them, one from each
// connection in turn; nil once the queue is closed and empty. Calls that are
// about to be put are let in first, as long as any come: on a busy machine
// that makes larger batches, and nobody waits for a clock.
func (q *queue) take(limit int) []*proposal {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.taken = 0
	for q.n == 0 {
		if q.closed {
			return nil
		}
		q.wake.Wait()
	}
	for n := 0; n < q.n && q.n < limit; {
		n = q.n
		q.mu.Unlock()
		runtime.Gosched()
		q.mu.Lock()
	}
	out := make([]*proposal, 0, min(q.n, limit))
	for len(out) < limit && q.n > 0 {
		for i := 0; i < len(q.ring) && len(out) < limit; {
			l := q.ring[i]
			out = append(out, l.calls[0])
			l.calls[0] = nil
			l.calls = l.calls[1:]
			q.n--
			if len(l.calls) == 0 {
				delete(q.lanes, l.id)
				q.ring = append(q.ring[:i], q.ring[i+1:]...)
				continue
			}
			i++
		}
	}
	q.taken = len(out)
	// Who came last this time comes first the next.
	if len(q.ring) > 1 {
		q.ring = append(q.ring[1:], q.ring[0])
	}
	return out
}

// close lets no more calls in; those waiting are still taken.
func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.wake.Broadcast()
}

// depth is how many calls wait, those being committed included.
func (q *queue) depth() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.n + q.taken
}
