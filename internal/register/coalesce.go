package register

import (
	"context"
	"sync"
	"time"

	"dancu/internal/db"
)

// Limits of the coalescer.
const (
	maxStatement = 256             // reads in one statement
	maxInFlight  = 4               // statements at once; past that reads wait for the next one
	readTimeout  = 5 * time.Second // of one statement
)

// coalescer gathers waiting reads by PIN into one statement, because on
// PostgreSQL a round trip costs many times the read itself. There is no timer:
// a read alone goes out at once, and whoever comes while maxInFlight
// statements run goes into the next one.
type coalescer struct {
	// fetch returns the people of those PINs that exist.
	fetch func(ctx context.Context, pins []string) (map[string]*Person, error)

	mu       sync.Mutex
	waiting  []*read // owned under mu
	inFlight int     // owned under mu
}

// read is one waiting read. person and err are set before done is closed.
type read struct {
	pin    string
	person *Person
	err    error
	done   chan struct{}
}

// get returns the person with that PIN, nil if there is none. When ctx ends
// first the read goes on without its caller.
func (c *coalescer) get(ctx context.Context, pin string) (*Person, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	w := &read{pin: pin, done: make(chan struct{})}
	c.mu.Lock()
	c.waiting = append(c.waiting, w)
	if c.inFlight < maxInFlight {
		c.inFlight++
		// Not the caller's context: its end must not fail the others' reads.
		go c.run(context.WithoutCancel(ctx))
	}
	c.mu.Unlock()
	select {
	case <-w.done:
		return w.person, w.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// run sends statements until nobody waits.
func (c *coalescer) run(ctx context.Context) {
	for {
		c.mu.Lock()
		n := min(len(c.waiting), maxStatement)
		if n == 0 {
			c.inFlight--
			c.mu.Unlock()
			return
		}
		batch := c.waiting[:n:n]
		c.waiting = c.waiting[n:]
		if len(c.waiting) == 0 {
			c.waiting = nil
		}
		c.mu.Unlock()
		c.send(ctx, batch)
	}
}

// send runs one statement for a batch and gives everybody their answer.
func (c *coalescer) send(ctx context.Context, batch []*read) {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	pins := make([]string, len(batch))
	for i, w := range batch {
		pins[i] = w.pin
	}
	found, err := c.fetch(ctx, pins)
	if db.IsData(err) && len(batch) > 1 {
		// One of the PINs is no text; the others must not be hurt by it.
		for i := range batch {
			c.send(ctx, batch[i:i+1])
		}
		return
	}
	for _, w := range batch {
		w.person, w.err = found[w.pin], err
		close(w.done)
	}
}
