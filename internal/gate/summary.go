package gate

import (
	"cmp"
	"context"
	"maps"
	"net/netip"
	"slices"
	"sort"
	"sync"
	"time"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/ledger"
)

// Nobody can fill the log by being refused: calls that never reach a decision,
// and refusals of one connection with one code beyond so many a minute, are
// counted, and the counts go into one entry per minute.

// limiter says which refusals have entries of their own.
type limiter struct {
	perMinute int

	mu   sync.Mutex
	seen map[refusalKey]*minuteCount
}

type refusalKey struct {
	connection string
	code       access.Code
}

type minuteCount struct {
	minute int64
	n      int
}

// take counts a refusal and reports whether it is to have its own entry.
func (l *limiter) take(connection string, code access.Code, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.seen == nil {
		l.seen = map[refusalKey]*minuteCount{}
	}
	k := refusalKey{connection, code}
	m := l.seen[k]
	if m == nil {
		m = &minuteCount{}
		l.seen[k] = m
	}
	if minute := now.Unix() / 60; m.minute != minute {
		m.minute, m.n = minute, 0
	}
	m.n++
	return m.n <= l.perMinute
}

// Undecided is a call that never reached a decision, as far as it is known.
type Undecided struct {
	Code       access.Code
	Connection string     // "" if unknown
	Address    netip.Addr // where it came from
	Officer    string     // "" if unknown
	Person     string     // number asked for, "" if unknown; only counted
}

// Limits of what one minute's summaries hold in memory.
const (
	maxSummaries       = 4096 // (connection or address) and code
	maxSummaryOfficers = 32   // named; more are counted as "more"
	maxSummaryChanges  = 32   // undeclared builds and certificates named; more are "more"
	maxSummaryPeople   = 4096 // told apart; more are counted as "at least"
)

// summaries are the counts of the minutes not yet written.
type summaries struct {
	mu   sync.Mutex
	open map[summaryKey]*summary
}

type summaryKey struct {
	minute     int64 // Unix time / 60
	connection string
	from       netip.Prefix // what counts as one address; only where the connection is unknown
	many       bool         // beyond the bound
	code       access.Code
}

type summary struct {
	address     string // or the network, once two of its addresses were seen
	count       int64
	first, last time.Time
	officers    map[string]struct{}
	more        bool // officers beyond those named
	people      map[[16]byte]struct{}
	atLeast     bool // people beyond those told apart
	changes     map[change]struct{}
	moreChanges bool // changes beyond those named
}

// change is what was not declared, as far as a call tells: the build it names
// and the certificate it comes with.
type change struct{ build, credential string }

// counted is one call for the summaries.
type counted struct {
	Undecided
	person [16]byte
	asked  bool // whether person is set
	change *change
}

// Note counts a call that never reached a decision: malformed, from nobody
// known, over its rate, or not to be served now.
func (g *Gate) Note(u Undecided) { g.summaries.add(g.countedOf(u), g.cfg.Main.Clock()) }

func (g *Gate) countedOf(u Undecided) counted {
	n := counted{Undecided: u}
	if u.Person != "" {
		if token, err := g.log.Pseudonym(u.Person); err == nil {
			n.person, n.asked = token, true
		}
	}
	return n
}

// summaryOf is a call as it is counted in a summary.
func (g *Gate) summaryOf(p *proposal, code access.Code) counted {
	c := p.call
	n := g.countedOf(Undecided{
		Code: code, Connection: p.connection(), Address: c.Address, Officer: c.Officer.ID, Person: c.Keys.PIN + c.Keys.CMND,
	})
	if code == access.ChangeUndeclared {
		n.change = &change{c.Build, c.Thumbprint.String()}
	}
	return n
}

// summarise counts a refusal that has no entry of its own and returns it.
func (g *Gate) summarise(p *proposal, now time.Time) *Refusal {
	g.summaries.add(g.summaryOf(p, p.decision.Code), now)
	return &Refusal{Code: p.decision.Code, Reasons: p.decision.Reasons, Index: -1, RetryAfter: p.reopens(now)}
}

// undecided counts a call that got no decision and returns its refusal.
func (g *Gate) undecided(c *Call, conn *access.Connection, code access.Code, retry time.Duration) *Refusal {
	u := Undecided{Code: code, Address: c.Address, Officer: c.Officer.ID, Person: c.Keys.PIN + c.Keys.CMND}
	if conn != nil {
		u.Connection = conn.ID
	}
	g.Note(u)
	return &Refusal{Code: code, Reasons: []access.Reason{{Code: code}}, Index: -1, RetryAfter: retry}
}

// network is what counts as one address: an IPv6 host has a whole /64.
func network(a netip.Addr) netip.Prefix {
	bits := 32
	if a.Is6() {
		bits = 64
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return netip.Prefix{} // an unknown address
	}
	return p
}

// add counts one for the minute's summary. A host that changes its address
// within its network has one summary, not as many as it has addresses.
func (s *summaries) add(n counted, now time.Time) {
	k := summaryKey{minute: now.Unix() / 60, connection: n.Connection, code: n.Code}
	address := ""
	if n.Connection == "" && n.Address.IsValid() {
		a := n.Address.Unmap().WithZone("")
		address, k.from = a.String(), network(a)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil {
		s.open = map[summaryKey]*summary{}
	}
	m := s.open[k]
	if m == nil && len(s.open) >= maxSummaries {
		// A flood from very many addresses: count on, without the address.
		k.from, k.many, k.connection, address = netip.Prefix{}, true, "", "many"
		m = s.open[k]
	}
	if m == nil {
		m = &summary{address: address, first: now, officers: map[string]struct{}{}, people: map[[16]byte]struct{}{}}
		s.open[k] = m
	}
	if m.address != address {
		m.address = k.from.String()
	}
	m.count++
	m.last = now
	if n.Officer != "" {
		if _, ok := m.officers[n.Officer]; !ok {
			if len(m.officers) < maxSummaryOfficers && len(n.Officer) <= 64 {
				m.officers[n.Officer] = struct{}{}
			} else {
				m.more = true
			}
		}
	}
	if n.change != nil {
		if _, ok := m.changes[*n.change]; !ok {
			if m.changes == nil {
				m.changes = map[change]struct{}{}
			}
			if len(m.changes) < maxSummaryChanges {
				m.changes[*n.change] = struct{}{}
			} else {
				m.moreChanges = true
			}
		}
	}
	if n.asked {
		if _, ok := m.people[n.person]; !ok {
			if len(m.people) < maxSummaryPeople {
				m.people[n.person] = struct{}{}
			} else {
				m.atLeast = true
			}
		}
	}
}

// over takes out the summaries of the minutes before t's.
func (s *summaries) over(t time.Time) map[summaryKey]*summary {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out map[summaryKey]*summary
	for k, m := range s.open {
		if k.minute < t.Unix()/60 {
			if out == nil {
				out = map[summaryKey]*summary{}
			}
			out[k] = m
			delete(s.open, k)
		}
	}
	return out
}

// putBack returns what could not be written.
func (s *summaries) putBack(back map[summaryKey]*summary) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for k, m := range back {
		if cur := s.open[k]; cur != nil { // only the "many" row can have come anew
			m.count += cur.count
			m.last = cur.last
		}
		s.open[k] = m
	}
}

// flushSummaries writes the entries of the minutes that are over at t.
func (g *Gate) flushSummaries(ctx context.Context, t time.Time) {
	done := g.summaries.over(t)
	if len(done) == 0 {
		return
	}
	keys := make([]summaryKey, 0, len(done))
	for k := range done {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool {
		a, b := keys[i], keys[j]
		if a.minute != b.minute {
			return a.minute < b.minute
		}
		return a.connection+done[a].address+string(a.code) < b.connection+done[b].address+string(b.code)
	})
	dir := g.Directory()
	err := g.log.Write(ctx, func(tx *ledger.Tx) error {
		for _, k := range keys {
			e, err := done[k].entry(k, dir)
			if err != nil {
				return err
			}
			tx.Append(e, ledger.Outcome{Result: "refused", Code: string(k.code)})
		}
		return nil
	})
	if err != nil {
		if !db.IsUnknown(err) {
			g.summaries.putBack(done)
		}
		g.cfg.Logger.Warn("couldn't write the summaries of refusals", "error", err)
	}
}

// changesOf is the list of undeclared builds and certificates, in order.
func (m *summary) changesOf() []any {
	all := slices.SortedFunc(maps.Keys(m.changes), func(a, b change) int {
		return cmp.Or(cmp.Compare(a.credential, b.credential), cmp.Compare(a.build, b.build))
	})
	out := make([]any, len(all))
	for i, c := range all {
		out[i] = map[string]any{"build": c.build, "credential": c.credential}
	}
	return out
}

// entry is the entry of one summary.
func (m *summary) entry(k summaryKey, dir *access.Directory) (*ledger.Entry, error) {
	officers := make([]any, 0, len(m.officers))
	names := make([]string, 0, len(m.officers))
	for o := range m.officers {
		names = append(names, o)
	}
	sort.Strings(names)
	for _, n := range names {
		officers = append(officers, n)
	}
	members := map[string]any{
		"code": string(k.code), "count": m.count, "first": m.first.UTC().Format(ledger.TimeLayout), "last": m.last.UTC().Format(ledger.TimeLayout),
		"officers": officers, "people": len(m.people),
	}
	if m.more {
		members["moreOfficers"] = true
	}
	if m.atLeast {
		members["morePeople"] = true
	}
	if len(m.changes) > 0 {
		members["changes"] = m.changesOf()
	}
	if m.moreChanges {
		members["moreChanges"] = true
	}
	if k.connection != "" {
		members["connection"] = k.connection
		if c := dir.Connection(k.connection); c != nil {
			if s := dir.System(c.System); s != nil {
				members["system"] = s.ID
				if a := dir.Agency(s.Agency); a != nil {
					members["agency"] = a.Code
				}
			}
		}
	}
	if m.address != "" {
		members["address"] = m.address
	}
	return ledger.EventEntry("calls.refused", ledger.Actor{Kind: "gate", ID: "summary"}, members)
}
