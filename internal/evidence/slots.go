package evidence

import (
	"context"
	"sync"
	"time"
)

// patience is how long an upload waits for its turn.
const patience = 5 * time.Second

// slots bound how many uploads are in memory.
type slots struct {
	all chan struct{}

	mu sync.Mutex
	of map[string]int // per owner
}

func newSlots(n int) *slots {
	return &slots{all: make(chan struct{}, n), of: map[string]int{}}
}

// take waits for a slot; free gives it back.
func (s *slots) take(ctx context.Context, owner string) (free func(), err error) {
	s.mu.Lock()
	many := s.of[owner] >= uploadsOfOne
	if !many {
		s.of[owner]++
	}
	s.mu.Unlock()
	if many {
		return nil, refuse(Busy, nil)
	}
	leave := func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.of[owner]--; s.of[owner] == 0 {
			delete(s.of, owner)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	select {
	case s.all <- struct{}{}:
		return func() { <-s.all; leave() }, nil
	case <-ctx.Done():
		leave()
		return nil, refuse(Busy, ctx.Err())
	}
}
