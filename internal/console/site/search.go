package site

import (
	"crypto/rand"
	"sync"
	"time"
)

// Searches keeps what people look for by an id, so that what names a person,
// an officer, a case or an address stands in no address (guarantee G10). They
// are kept in this process only, for as long as a working day; where several
// nodes serve the console, a visitor stays on one of them or searches again.
//
// The zero Searches is ready for use.
type Searches struct {
	mu   sync.Mutex
	kept map[string]search
}

type search struct {
	account string
	what    any
	until   time.Time
}

// How long a search is kept, and how many there are at most; past that the
// oldest goes.
const (
	searchTerm  = 8 * time.Hour
	searchesMax = 5000
)

// Save keeps a search of the account's and returns its id.
func (s *Searches) Save(account string, what any, now time.Time) string {
	id := rand.Text()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kept == nil {
		s.kept = map[string]search{}
	}
	if len(s.kept) >= searchesMax {
		oldest, when := "", time.Time{}
		for k, x := range s.kept {
			if now.After(x.until) {
				delete(s.kept, k)
			} else if oldest == "" || x.until.Before(when) {
				oldest, when = k, x.until
			}
		}
		if len(s.kept) >= searchesMax {
			delete(s.kept, oldest)
		}
	}
	s.kept[id] = search{account, what, now.Add(searchTerm)}
	return id
}

// Find returns a search of the account's; another's is not found.
func (s *Searches) Find(account, id string, now time.Time) (what any, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x, ok := s.kept[id]
	if !ok || x.account != account || now.After(x.until) {
		return nil, false
	}
	return x.what, true
}
