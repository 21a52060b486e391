package gate

import (
	"time"

	"dancu/internal/access"
)

// counterKey names one row of the counters.
type counterKey struct {
	connection string
	scope      string // "" whole connection; "o:" officer, "s:" service, "g:" grant
	epoch      int64
	start      int64 // of the window, UTC microseconds
}

// counter is what was used.
type counter struct {
	calls, people int64
	dirty         bool
}

// caseKey names a case of a connection: its id, a blank and the case code.
type caseKey string

func caseOf(connection, code string) caseKey { return caseKey(connection + " " + code) }

// caseBook is what is known of one case.
type caseBook struct {
	people int               // how many it has disclosed
	seen   map[[16]byte]bool // of them, those known by their pseudonyms
	dirty  bool
}

// whole reports whether all people of the case are known.
func (d *caseBook) whole() bool { return len(d.seen) == d.people }

// casePerson is one person of a case.
type casePerson struct {
	dossier caseKey
	person  [16]byte
}

// mismatchKey names the failed verifications of a person by a connection on a
// day.
type mismatchKey struct {
	connection string
	person     [16]byte
	day        int64
}

// books are the counts a batch works on: read under the lock, changed in
// memory as its calls are decided in order, written at the end.
type books struct {
	counters   map[counterKey]*counter
	cases      map[caseKey]*caseBook
	mismatches map[mismatchKey]int

	newPeople  []casePerson
	held       int // by how many cases and people in cases the picture grew
	mismatched map[mismatchKey]bool
}

// limitKey is the counter of the connection's limit that a call falls under.
func limitKey(c *access.Connection, r *access.Request, now time.Time) counterKey {
	k := counterKey{connection: c.ID, epoch: c.Lock.Epoch, start: c.Limit.Window.Start(now).UnixMicro()}
	switch c.Limit.Scope {
	case access.PerOfficer:
		k.scope = "o:" + r.Officer.ID
	case access.PerService:
		k.scope = "s:" + r.Service.String()
	case access.PerConnection:
	}
	return k
}

// quotaKey is the counter of a grant's own quota.
func quotaKey(c *access.Connection, g *access.Grant, now time.Time) counterKey {
	return counterKey{connection: c.ID, scope: "g:" + g.ID, start: g.QuotaWindow.Start(now).UnixMicro()}
}

// usage is what was used before a call.
func (b *books) usage(p *proposal, now time.Time) (access.Usage, access.Demand) {
	c, g := p.standing.Connection, p.decision.Grant
	var u access.Usage
	if n := b.counters[limitKey(c, &p.request, now)]; n != nil {
		u.Calls, u.People = n.calls, n.people
	}
	if g.Quota != 0 {
		if n := b.counters[quotaKey(c, g, now)]; n != nil {
			u.GrantCalls = n.calls
		}
	}
	d := access.Demand{People: int64(len(p.people)), Verify: p.call.Service == access.Verify}
	if g.PeoplePerCase != 0 {
		if known := b.cases[caseOf(c.ID, p.call.Case)]; known != nil {
			u.CasePeople = known.people
			for _, t := range p.tokens {
				if !known.seen[t] {
					d.CaseNew++
				}
			}
		}
	}
	if d.Verify && len(p.tokens) > 0 {
		u.Mismatches = b.mismatches[mismatchOf(p, now)]
	}
	return u, d
}

func mismatchOf(p *proposal, now time.Time) mismatchKey {
	return mismatchKey{p.connection(), p.tokens[0], access.Day.Start(now).UnixMicro()}
}

// count books a call that was admitted.
func (b *books) count(p *proposal, now time.Time) {
	c, g := p.standing.Connection, p.decision.Grant
	add := func(k counterKey) *counter {
		n := b.counters[k]
		if n == nil {
			n = &counter{}
			b.counters[k] = n
		}
		n.calls++
		n.people += int64(len(p.people))
		n.dirty = true
		return n
	}
	n := add(limitKey(c, &p.request, now))
	p.usage = Usage{Calls: n.calls, Limit: c.Limit.Calls, Reset: c.Limit.Window.End(now)}
	if g.Quota != 0 {
		add(quotaKey(c, g, now))
	}
	if g.PeoplePerCase != 0 {
		key := caseOf(c.ID, p.call.Case)
		for _, t := range p.tokens {
			if d := b.cases[key]; !d.seen[t] {
				d.seen[t], d.dirty = true, true
				d.people++
				b.held++
				b.newPeople = append(b.newPeople, casePerson{key, t})
			}
		}
	}
	if p.call.Service == access.Verify && !p.match && len(p.tokens) > 0 {
		k := mismatchOf(p, now)
		b.mismatches[k]++
		b.mismatched[k] = true
	}
}
