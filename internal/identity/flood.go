package identity

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"net/netip"
	"slices"
	"sort"
	"sync"
	"time"

	"dancu/internal/db"
	"dancu/internal/ledger"
)

// Failed proofs of nobody known, and those that were not even heard, have no
// entries of their own: they are counted by address and minute, so that nobody
// can fill the log by guessing. What was typed is not kept at all.
//
// The counts of one node are its own. What binds over all nodes is the account's
// count, which is in the database.

// maxAddresses and maxSummaries bound the memory, and the second what one
// minute adds to the log. Of more addresses those with the fewest failures are
// forgotten; more summaries are one.
const (
	maxAddresses = 8192
	maxSummaries = 1024
)

// flood counts sign-ins by address.
type flood struct {
	mu                 sync.Mutex // guards the rest
	failures, attempts int
	window             time.Duration

	by   map[netip.Prefix]*addressCount
	open map[floodKey]*floodSummary
}

type addressCount struct {
	since              time.Time
	failures, attempts int
}

type floodKey struct {
	minute int64
	from   netip.Prefix // what counts as one address; none beyond the bound
	many   bool         // beyond the bound
	why    string
	key    string // id of the key that was shown, where one is known
}

type floodSummary struct {
	address     string // or the network, once two of its addresses were seen
	count       int64
	first, last time.Time
}

// network is what counts as one address: an IPv6 host has a whole /64.
func network(a netip.Addr) netip.Prefix {
	a = a.Unmap().WithZone("")
	bits := 32
	if a.Is6() {
		bits = 64
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return netip.Prefix{} // an unknown address: all of those are one
	}
	return p
}

// limits changes the limits; what was counted stays.
func (f *flood) limits(failures, attempts int, window time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.failures, f.attempts, f.window = failures, attempts, window
}

// of returns the count of an address, whose window may have begun anew.
func (f *flood) of(a netip.Addr, now time.Time) *addressCount {
	p := network(a)
	c := f.by[p]
	if c == nil {
		if len(f.by) >= maxAddresses {
			f.makeRoom(now)
		}
		if f.by == nil {
			f.by = map[netip.Prefix]*addressCount{}
		}
		c = &addressCount{since: now}
		f.by[p] = c
	}
	if now.Sub(c.since) >= f.window {
		*c = addressCount{since: now}
	}
	return c
}

// makeRoom forgets the addresses whose window is over, and if there are none
// those with the fewest failures: whoever guesses is remembered the longest,
// and a flood from very many addresses keeps nobody else from signing in. It
// makes room for many at once, so that a flood pays for it seldom.
func (f *flood) makeRoom(now time.Time) {
	maps.DeleteFunc(f.by, func(_ netip.Prefix, c *addressCount) bool { return now.Sub(c.since) >= f.window })
	if len(f.by) < maxAddresses {
		return
	}
	least := slices.SortedFunc(maps.Keys(f.by), func(a, b netip.Prefix) int {
		x, y := f.by[a], f.by[b]
		return cmp.Or(cmp.Compare(x.failures, y.failures), cmp.Compare(x.attempts, y.attempts), x.since.Compare(y.since))
	})
	for _, p := range least[:maxAddresses/16] {
		delete(f.by, p)
	}
}

// admit takes one of the address's proofs, and reports whether it had one: it
// is counted as failed until [flood.forgive] says otherwise, so that as many as
// are under way at once cannot pass the limit.
func (f *flood) admit(a netip.Addr, now time.Time) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := f.of(a, now)
	if c.failures >= f.failures || c.attempts >= f.attempts {
		return false
	}
	c.failures++
	c.attempts++
	return true
}

// forgive takes back the failure that admit counted at that time.
func (f *flood) forgive(a netip.Addr, at time.Time) { f.giveBack(a, at, 1, 0) }

// succeed takes back the failure and the attempt that admit counted at that
// time: what ended well is nobody's guess, and a big office behind one address
// signs in at eight in the morning.
func (f *flood) succeed(a netip.Addr, at time.Time) { f.giveBack(a, at, 1, 1) }

// shut reports whether the address has no failures left. Keys are asked this
// way: one that holds takes nothing of it, however many calls are under way,
// and of those at once that do not, a few more than the limit may be heard.
func (f *flood) shut(a netip.Addr, now time.Time) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.of(a, now).failures >= f.failures
}

// fail counts a failure.
func (f *flood) fail(a netip.Addr, now time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.of(a, now).failures++
}

// opened takes back the attempt by which a sign-in began that ended in a
// session; its failure was forgiven then.
func (f *flood) opened(s Step) {
	if !s.begun.IsZero() {
		f.giveBack(s.origin, s.begun, 0, 1)
	}
}

func (f *flood) giveBack(a netip.Addr, at time.Time, failures, attempts int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := f.by[network(a)]
	if c == nil || at.Before(c.since) {
		return // what was counted then counts no more
	}
	c.failures = max(0, c.failures-failures)
	c.attempts = max(0, c.attempts-attempts)
}

// note counts one for the minute's summary. A host that changes its address
// within its network has one summary, not as many as it has addresses.
func (f *flood) note(from Client, why string, now time.Time) { f.noteKey(from, why, "", now) }

// noteKey is note for a key that is known.
func (f *flood) noteKey(from Client, why, key string, now time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	address := from.address()
	k := floodKey{minute: now.Unix() / 60, from: network(from.Address), why: why, key: key}
	s := f.open[k]
	if s == nil && len(f.open) >= maxSummaries {
		k.from, k.many, k.key, address = netip.Prefix{}, true, "", "many"
		s = f.open[k]
	}
	if s == nil {
		if f.open == nil {
			f.open = map[floodKey]*floodSummary{}
		}
		s = &floodSummary{address: address, first: now}
		f.open[k] = s
	}
	if s.address != address {
		s.address = k.from.String()
	}
	s.count++
	s.last = now
}

// over takes out the summaries of the minutes before t's.
func (f *flood) over(t time.Time) map[floodKey]*floodSummary {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out map[floodKey]*floodSummary
	for k, s := range f.open {
		if k.minute < t.Unix()/60 {
			if out == nil {
				out = map[floodKey]*floodSummary{}
			}
			out[k] = s
			delete(f.open, k)
		}
	}
	return out
}

// putBack returns what could not be written.
func (f *flood) putBack(back map[floodKey]*floodSummary) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.open == nil {
		f.open = map[floodKey]*floodSummary{}
	}
	for k, s := range back {
		if cur := f.open[k]; cur != nil {
			s.count += cur.count
			s.last = cur.last
		}
		f.open[k] = s
	}
}

// flushSummaries writes the entries of the minutes that are over at t.
func (s *Store) flushSummaries(ctx context.Context, t time.Time) error {
	return errors.Join(
		s.flush(ctx, &s.flood, t, EventSignInsFailed, SignInFailed),
		s.flush(ctx, &s.keyFlood, t, EventKeysRefused, KeyRefused),
	)
}

func (s *Store) flush(ctx context.Context, f *flood, t time.Time, kind string, code Code) error {
	done := f.over(t)
	if len(done) == 0 {
		return nil
	}
	keys := make([]floodKey, 0, len(done))
	for k := range done {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool {
		a, b := keys[i], keys[j]
		if a.minute != b.minute {
			return a.minute < b.minute
		}
		return done[a].address+a.why+a.key < done[b].address+b.why+b.key
	})
	err := s.log.Write(ctx, func(tx *ledger.Tx) error {
		for _, k := range keys {
			m := members{
				"why": k.why, "count": done[k].count,
				"first": done[k].first.UTC().Format(ledger.TimeLayout), "last": done[k].last.UTC().Format(ledger.TimeLayout),
			}
			if a := done[k].address; a != "" {
				m["address"] = a
			}
			if k.key != "" {
				m["key"] = k.key
			}
			e, err := ledger.EventEntry(kind, ledger.Actor{Kind: "identity", ID: "summary"}, m)
			if err != nil {
				return err
			}
			tx.Append(e, ledger.Outcome{Result: "refused", Code: string(code)})
		}
		return nil
	})
	if err != nil && !db.IsUnknown(err) {
		f.putBack(done)
	}
	return err
}
