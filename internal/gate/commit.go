package gate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/fault"
	"dancu/internal/ledger"
)

// errRefusedByStore marks a call whose own values the database refused, alone.
var errRefusedByStore = errors.New("the store refused the call's values")

// maxCounters and maxCases bound what is kept in memory between batches,
// counters, and cases with their people; past them it is read again.
const (
	maxCounters = 10_000
	maxCases    = 20_000
)

// wariness is for how many batches earlier calls are looked for after one
// was repeated.
const wariness = 64

// picture is what the committer remembers between batches. It holds only while
// nobody else has written: the head's size tells.
type picture struct {
	size     int64 // of the log after our last batch
	dir      *access.Directory
	counters map[counterKey]*counter
	cases    map[caseKey]*caseBook
	held     int // cases and people in cases
	wary     int // for how many batches more earlier calls are looked for
}

// drop forgets everything that could differ from the database.
func (p *picture) drop() { p.size, p.counters, p.cases, p.dir = -1, nil, nil, nil }

// commit takes a batch through one transaction and tells every call what
// became of it. A repeated call shows when its transaction id is refused as
// there already: then the batch is decided again with the earlier calls at
// hand. When the database refuses values, each call is tried alone, so that
// only the one at fault is hurt.
func (g *Gate) commit(batch []*proposal) {
	began := time.Now()
	err := g.write(batch)
	if fault.Is(err, fault.Conflict) && !db.IsUnknown(err) && g.pic.wary == 0 {
		g.pic.wary = wariness
		err = g.write(batch)
	}
	g.cfg.Observe(Batch{Calls: len(batch), Duration: time.Since(began), Failed: err != nil})
	switch {
	case err == nil:
	case db.IsData(err) && !db.IsUnknown(err) && len(batch) > 1:
		for _, p := range batch {
			g.commit([]*proposal{p})
		}
		return
	case db.IsData(err) && !db.IsUnknown(err):
		g.cfg.Logger.Error("the database refused a call's values", "request", batch[0].call.RequestID, "error", err)
		batch[0].err = errRefusedByStore
	default:
		for _, p := range batch {
			p.err = err
		}
	}
	for _, p := range batch {
		close(p.done)
	}
}

// write is the batch transaction: G1, G2 and G3 come from here together.
func (g *Gate) write(batch []*proposal) error {
	ctx := context.Background()
	pic := &g.pic
	var size int64
	var dir *access.Directory
	var notes []func()
	err := g.log.Write(ctx, func(tx *ledger.Tx) error {
		notes = notes[:0]
		// Whatever another wrote since our last batch is read before anything
		// is decided.
		if tx.Head.Size != pic.size || len(pic.counters) > maxCounters {
			pic.counters = map[counterKey]*counter{}
		}
		if tx.Head.Size != pic.size || pic.held > maxCases {
			pic.cases, pic.held = map[caseKey]*caseBook{}, 0
		}
		dir = pic.dir
		if dir == nil || dir.Version() != tx.Head.Standing {
			if dir == nil {
				dir = g.dir.Load()
			}
			var err error
			if dir, err = g.cfg.Load(ctx, tx, dir); err != nil {
				return fault.Wrap(fault.Unavailable, err, "the standing cannot be read")
			}
			if dir.Version() != tx.Head.Standing {
				return fault.New(fault.Unavailable, "the standing is not that of the log's head")
			}
		}
		consents, err := g.readConsents(ctx, tx, batch)
		if err != nil {
			return err
		}
		officers, err := g.readOfficers(ctx, tx, batch, tx.Now)
		if err != nil {
			return err
		}
		replays := make(map[callKey]earlier, len(batch))
		if pic.wary > 0 {
			if err := g.statements.readReplays(ctx, tx, batch, replays); err != nil {
				return fmt.Errorf("couldn't read earlier calls: %w", err)
			}
		}
		b := &books{
			counters: pic.counters, cases: pic.cases, mismatches: map[mismatchKey]int{}, mismatched: map[mismatchKey]bool{},
		}
		for _, p := range batch {
			p.reset()
			p.admitOfficer(officers)
			if err := g.redecide(p, dir, consents, tx.Now); err != nil {
				return err
			}
		}
		if err := g.statements.readBooks(ctx, tx, b, batch, tx.Now); err != nil {
			return fmt.Errorf("couldn't read what was used: %w", err)
		}
		for _, p := range batch {
			if p.dir != dir { // an earlier call of this batch locked something
				if err := g.redecide(p, dir, consents, tx.Now); err != nil {
					return err
				}
			}
			next, note, err := g.settle(tx, p, dir, b, replays)
			if err != nil {
				return err
			}
			dir = next
			if note != nil {
				notes = append(notes, note)
			}
		}
		size, pic.held = tx.Size(), pic.held+b.held
		return g.statements.writeBooks(ctx, tx.Tx, b)
	})
	if err != nil {
		pic.drop()
		return err
	}
	// Acknowledged.
	pic.size, pic.dir = size, dir
	pic.wary = max(0, pic.wary-1)
	for _, n := range pic.counters {
		n.dirty = false
	}
	g.adopt(dir)
	for _, note := range notes {
		note()
	}
	return nil
}

// reset clears the outcome of an earlier try.
func (p *proposal) reset() {
	p.again, p.err, p.code, p.reas, p.index, p.first, p.wait, p.usage = false, nil, access.Allowed, nil, -1, "", 0, Usage{}
}

// redecide decides a call at the commit's time on the directory of the lock.
// Its entry is built anew when what stands in it has changed.
func (g *Gate) redecide(p *proposal, dir *access.Directory, consents map[string]*access.Consent, now time.Time) error {
	before, wasAllowed, grant := len(p.people), p.decision.Allowed(), p.decision.Grant
	if p.dir != dir {
		p.dir = dir
		p.stand()
	}
	p.standing.Consent = consents[p.call.Consent]
	p.standing.Person = p.subject()
	p.decision = access.Decide(&p.standing, &p.request, now)
	// The session lives or ended since; the seal is or is not.
	same := p.verified == p.request.Officer.Verified && p.seal == p.sealed(now)
	if !p.decision.Allowed() && !wasAllowed && same {
		return nil // refused before, refused now: the entry says nothing of why
	}
	if p.decision.Allowed() && !p.fetched {
		return nil // settle sends it back for its fetch
	}
	p.see()
	if same && wasAllowed && p.decision.Allowed() && p.decision.Grant == grant && len(p.people) == before {
		return nil
	}
	return g.build(p)
}

// settle decides what becomes of one call, in its turn, and stages its entry.
// It returns the directory as it is after the call, and what to count and tell
// once the batch is acknowledged.
func (g *Gate) settle(tx *ledger.Tx, p *proposal, dir *access.Directory, b *books,
	replays map[callKey]earlier,
) (*access.Directory, func(), error) {
	lock := false
	switch first, replayed := replays[p.key]; {
	case !p.known(tx.Now):
		p.refuse(access.UnknownCredential)
	case !p.decision.Allowed():
		p.code, p.reas = p.decision.Code, p.decision.Reasons
		p.wait = p.reopens(tx.Now)
	case !p.fetched:
		p.again = true
		return dir, nil, nil
	case replayed:
		p.refuse(access.RequestReplayed)
		p.index, p.first = first.index, first.result
	default:
		used, demand := b.usage(p, tx.Now)
		verdict := access.Admit(p.standing.Connection, p.decision.Grant, used, demand)
		if p.tooMany || p.call.Service == access.Search && overCap(p) {
			// A search that finds too many is refused whatever the counts say,
			// unless it would have been the crossing call.
			if verdict.Code != access.ConnectionVolume {
				verdict.Code = access.SearchTooMany
			}
		}
		if verdict.Code != access.Allowed {
			p.refuse(verdict.Code)
			p.usage = Usage{
				Calls: used.Calls, Limit: p.standing.Connection.Limit.Calls,
				Reset: p.standing.Connection.Limit.Window.End(tx.Now),
			}
		}
		lock = verdict.Lock
	}
	if p.code != access.Allowed {
		return g.settleRefusal(tx, p, dir, replays, lock)
	}
	b.count(p, tx.Now)
	result := "answered"
	if len(p.people) == 0 && p.call.Service != access.Verify {
		result = "empty"
	} else if p.call.Service == access.Verify && !p.match {
		result = "mismatch"
	}
	p.index = tx.Append(p.entry, ledger.Outcome{Result: result, Count: p.usage.Calls, Limit: p.usage.Limit})
	remember(replays, p, result)
	return dir, nil, nil
}

// settleRefusal stages a refusal's entry, or leaves it to a summary when there
// were too many of its kind, and locks the connection if it comes to that.
func (g *Gate) settleRefusal(tx *ledger.Tx, p *proposal, dir *access.Directory,
	replays map[callKey]earlier, lock bool,
) (*access.Directory, func(), error) {
	replay := p.code == access.RequestReplayed
	if p.code == access.ServiceBusy { // maintenance began: never an entry of its own
		p.index = -1
		now := tx.Now
		return dir, func() { g.summaries.add(g.summaryOf(p, p.code), now) }, nil
	}
	// Calls refused before the lock have their place in the log already.
	counted := p.fetched && !lock
	if counted && p.taken != p.code { // once, though its batch be decided again
		p.taken, p.own = p.code, g.refusals.take(p.connection(), p.code, tx.Now)
	}
	if counted && !p.own {
		now, known := tx.Now, p.index
		p.index = -1
		if replay {
			p.index = known
		}
		return dir, func() { g.summaries.add(g.summaryOf(p, p.code), now) }, nil
	}
	if p.fetched { // built as an answer: nothing of it is given now
		p.decision.Grant = nil
		if err := g.build(p); err != nil {
			return dir, nil, err
		}
	}
	if _, known := replays[p.key]; known {
		p.entry.Call = nil // the first call with this id holds it
	}
	index := tx.Append(p.entry, ledger.Outcome{Result: "refused", Code: string(p.code), Count: p.usage.Calls, Limit: p.usage.Limit})
	if !replay { // a repeat is told where the first call stands
		p.index = index
		remember(replays, p, string(p.code))
	}
	if !lock {
		return dir, nil, nil
	}
	next, err := g.lock(tx, p, dir)
	if err != nil {
		return dir, nil, err
	}
	c := p.standing.Connection
	return next, func() { g.cfg.Logger.Warn("connection locked", "connection", c.ID, "limit", c.Limit.Calls) }, nil
}

// remember lets a later call of the same batch with the same id be seen as its
// repeat.
func remember(replays map[callKey]earlier, p *proposal, result string) {
	if _, known := replays[p.key]; !known {
		replays[p.key] = earlier{p.index, result}
	}
}

// lock locks the connection for its volume, in the transaction of the call
// that crossed the limit.
func (g *Gate) lock(tx *ledger.Tx, p *proposal, dir *access.Directory) (*access.Directory, error) {
	c := p.standing.Connection
	l := access.Lock{By: access.LockedVolume, Since: tx.Now, Epoch: c.Lock.Epoch}
	l.Reason = fmt.Sprintf("the limit of %d calls (%d people) per %s was reached", c.Limit.Calls, c.Limit.People, c.Limit.Window)
	doc, err := json.Marshal(l)
	if err != nil {
		return nil, err
	}
	members := map[string]any{
		"connection": c.ID, "system": c.System, "by": string(l.By), "calls": p.usage.Calls, "limit": c.Limit.Calls,
		"crossing": p.index, "reason": l.Reason, "epoch": l.Epoch,
	}
	if a := p.standing.Agency; a != nil {
		members["agency"] = a.Code
	}
	e, err := ledger.EventEntry("connection.locked", ledger.Actor{Kind: "gate", ID: "volume"}, members)
	if err != nil {
		return nil, err
	}
	tx.Append(e, ledger.Outcome{})
	version := tx.Stand(string(access.ChangeLock), c.ID, doc)
	next, err := dir.Apply([]access.Change{{Version: version, Kind: access.ChangeLock, ID: c.ID, Doc: doc}})
	if err != nil {
		return nil, fmt.Errorf("couldn't lock connection %s: %w", c.ID, err)
	}
	return next, nil
}

// overCap reports whether a search would list more than its grant allows.
func overCap(p *proposal) bool {
	limit := p.decision.Grant.SearchCap
	return limit > 0 && len(p.people) > limit
}

// readConsent reads the consent a call names, for the first look.
func (g *Gate) readConsent(ctx context.Context, p *proposal) error {
	found, err := g.readConsents(ctx, g.cfg.Main, []*proposal{p})
	if err != nil {
		return err
	}
	p.standing.Consent = found[p.call.Consent]
	p.standing.Person = p.subject()
	return nil
}

// readConsents reads the consents that calls name, of those agencies that need
// them.
func (g *Gate) readConsents(ctx context.Context, q db.Querier, batch []*proposal) (map[string]*access.Consent, error) {
	var ids []string
	for _, p := range batch {
		if a := p.standing.Agency; p.call.Consent != "" && a != nil && a.Group.NeedsConsent() {
			ids = append(ids, p.call.Consent)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	found, err := g.cfg.Consents.FindConsents(ctx, q, ids)
	if err != nil {
		return nil, fmt.Errorf("couldn't read the consents: %w", err)
	}
	return found, nil
}
