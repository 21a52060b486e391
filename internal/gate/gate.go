// Package gate is the way of a look-up: who asks, whether they may, what is
// found, what is written, and only then the answer.
//
// It keeps three guarantees. No entry, no data: no field leaves before the
// entry of that access is acknowledged as durable (G1, TestNoEntryNoData).
// Standing binds at the commit: an answer is given only if, at its entry's time
// and place in the log, the connection was active, certified and unlocked and
// the grant valid (G2, TestStandingBindsAtTheCommit). The count is exact: the
// first call over the limit is refused and the connection is locked in that
// same transaction (G3, TestTheCountIsExact).
package gate

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/fault"
	"dancu/internal/ledger"
	"dancu/internal/register"
)

// Consents is where consents are kept; the area that owns them implements it.
type Consents interface {
	// FindConsents returns the consents with these ids, those there are.
	FindConsents(ctx context.Context, q db.Querier, ids []string) (map[string]*access.Consent, error)
	// StoreConsent stores a consent in the caller's transaction.
	StoreConsent(ctx context.Context, tx *db.Tx, c *access.Consent, evidenceKind, evidenceSHA256 string) error
}

// Officers is where the officers who sign in to dancu itself are kept; the area
// that owns them implements it.
type Officers interface {
	// FindOfficers returns whose these sessions are, of those that are live at
	// now.
	FindOfficers(ctx context.Context, q db.Querier, sessions []string, now time.Time) (map[string]*access.OfficerStanding, error)
}

// Config says what a gate is made of.
type Config struct {
	Log      *ledger.Log
	Main     *db.DB
	Register *register.Register
	Consents Consents
	// Officers may be nil: then nobody calls through dancu's own console.
	Officers Officers
	// Load returns cur with the changes of the standing newer than it.
	Load func(ctx context.Context, q db.Querier, cur *access.Directory) (*access.Directory, error)
	// QueueSize is how many calls may wait for their commit; past it calls are
	// refused as service.busy. 0 means 2,048.
	QueueSize int
	// QueueShare is how many of them one connection may have; 0 means half.
	QueueShare int
	// BatchSize is how many calls one commit takes at most; 0 means 256.
	BatchSize int
	// RefusalsPerMinute is how many refusals of one connection with one code
	// have entries of their own in a minute; the rest go into a summary entry.
	// 0 means 100.
	RefusalsPerMinute int
	// ConsentTerm is the longest term of a consent; 0 means 5 years.
	ConsentTerm time.Duration
	// Observe is told of every batch, for metrics; it may be nil.
	Observe func(Batch)
	Logger  *slog.Logger
}

// Batch is what is measured of one commit.
type Batch struct {
	Calls    int           // calls in it
	Duration time.Duration // from taking the lock to the acknowledgement
	Failed   bool
}

// Gate is the hot path. Run must run for calls to be answered.
type Gate struct {
	cfg       Config
	log       *ledger.Log
	dir       atomic.Pointer[access.Directory]
	refresh   sync.Mutex
	queue     *queue
	refusals  limiter
	summaries summaries

	statements *statements
	active     atomic.Int64 // calls in Do

	pic picture // owned by the committer
}

// New returns a gate with the present directory loaded.
func New(ctx context.Context, cfg Config) (*Gate, error) {
	def := func(v *int, d int) {
		if *v == 0 {
			*v = d
		}
	}
	def(&cfg.QueueSize, 2048)
	def(&cfg.QueueShare, max(1, cfg.QueueSize/2))
	def(&cfg.BatchSize, 256)
	def(&cfg.RefusalsPerMinute, 100)
	if cfg.ConsentTerm == 0 {
		cfg.ConsentTerm = 5 * 366 * 24 * time.Hour
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Observe == nil {
		cfg.Observe = func(Batch) {}
	}
	g := &Gate{cfg: cfg, log: cfg.Log, queue: newQueue(cfg.QueueSize, cfg.QueueShare), statements: newStatements(cfg.Main.Engine())}
	g.refusals.perMinute = cfg.RefusalsPerMinute
	g.pic.drop()
	dir, err := cfg.Load(ctx, cfg.Main, nil)
	if err != nil {
		return nil, err
	}
	g.dir.Store(dir)
	return g, nil
}

// Directory returns the present picture of everybody's standing, as new as the
// newest head this process knows of. It is for looking; what binds is decided
// at the commit.
func (g *Gate) Directory() *access.Directory { return g.follow(context.Background(), false) }

// Waiting returns how many calls wait for their commit.
func (g *Gate) Waiting() int { return g.queue.depth() }

// Run commits what waits, until ctx ends; then it finishes the calls that
// wait and writes the summaries.
func (g *Gate) Run(ctx context.Context) error {
	var wg sync.WaitGroup
	wg.Go(func() { g.housekeep(ctx) })
	stop := context.AfterFunc(ctx, g.queue.close)
	defer stop()
	for {
		batch := g.queue.take(g.batchLimit())
		if batch == nil {
			break
		}
		g.commit(batch)
	}
	wg.Wait()
	g.flushSummaries(context.WithoutCancel(ctx), g.cfg.Main.Clock().Add(time.Hour))
	return nil
}

// batchLimit is how many calls the next commit takes at most. Half of those
// under way is best when there are many: while one half commits, the other
// half is decoded, fetched and answered, and neither waits for the other.
func (g *Gate) batchLimit() int {
	return min(g.cfg.BatchSize, max(16, int(g.active.Load()+1)/2))
}

// housekeep writes the summaries of minutes that are over and follows changes
// that other nodes made.
func (g *Gate) housekeep(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			g.flushSummaries(ctx, g.cfg.Main.Clock())
			if g.cfg.Main.Engine() == db.Postgres {
				g.follow(ctx, true)
			}
		}
	}
}

// follow brings the directory up to date when the log's head says it moved, or
// when asked to look.
func (g *Gate) follow(ctx context.Context, look bool) *access.Directory {
	dir := g.dir.Load()
	if !look && dir.Version() >= g.log.Head().Standing {
		return dir
	}
	g.refresh.Lock()
	defer g.refresh.Unlock()
	dir = g.dir.Load()
	if !look && dir.Version() >= g.log.Head().Standing {
		return dir
	}
	next, err := g.cfg.Load(ctx, g.cfg.Main, dir)
	if err != nil {
		g.cfg.Logger.Warn("couldn't follow the standing", "error", err)
		return dir // the commit decides again, on what it reads itself
	}
	g.adopt(next)
	return next
}

// adopt makes dir the present picture unless a newer one is.
func (g *Gate) adopt(dir *access.Directory) {
	for {
		cur := g.dir.Load()
		if cur.Version() >= dir.Version() || g.dir.CompareAndSwap(cur, dir) {
			return
		}
	}
}

// Do answers one call, or refuses it. The error is a *Refusal, or a fault of
// ours.
func (g *Gate) Do(ctx context.Context, c *Call) (*Answer, error) {
	g.active.Add(1)
	defer g.active.Add(-1)
	// A standing can change between the first look and the commit in a way
	// that asks for another fetch; it cannot do so for ever.
	for range 3 {
		p, err := g.once(ctx, c)
		if err != nil {
			return nil, err
		}
		if p.again {
			continue
		}
		return g.answer(ctx, p)
	}
	return nil, g.undecided(c, nil, access.ServiceBusy, time.Second)
}

// once takes a call through to its commit.
func (g *Gate) once(ctx context.Context, c *Call) (*proposal, error) {
	// 1. Who.
	dir := g.follow(ctx, false)
	p := &proposal{call: c, dir: dir, done: make(chan struct{})}
	p.stand()
	now := g.cfg.Main.Clock()
	if !c.readable() {
		return nil, g.undecided(c, p.standing.Connection, access.RequestInvalid, 0)
	}
	p.request = c.request()
	if err := g.readOfficer(ctx, p, now); err != nil {
		return nil, g.undecided(c, p.standing.Connection, access.LogUnavailable, time.Second)
	}
	if !p.known(now) {
		return nil, g.undecided(c, nil, access.UnknownCredential, 0)
	}
	if err := g.readConsent(ctx, p); err != nil {
		return nil, g.undecided(c, p.standing.Connection, access.LogUnavailable, time.Second)
	}

	// 2. May they.
	p.decision = access.Decide(&p.standing, &p.request, now)
	if !p.decision.Allowed() {
		if p.decision.Code == access.ServiceBusy || !g.refusals.take(p.connection(), p.decision.Code, now) {
			return nil, g.summarise(p, now)
		}
	} else if err := g.fetch(context.WithoutCancel(ctx), p); err != nil { // 3. Fetch.
		if fault.Is(err, fault.Invalid) {
			return nil, g.undecided(c, p.standing.Connection, access.RequestInvalid, 0)
		}
		g.cfg.Logger.Error("couldn't read the register", "error", err)
		return nil, g.undecided(c, p.standing.Connection, access.ServiceBusy, time.Second)
	}

	// 4. The entry.
	if err := g.build(p); err != nil {
		return nil, g.undecided(c, p.standing.Connection, access.LogUnavailable, time.Second)
	}
	if err := g.log.Seal(p.entry); err != nil {
		if fault.Is(err, fault.Invalid) { // texts too long for an entry
			return nil, g.undecided(c, p.standing.Connection, access.RequestInvalid, 0)
		}
		return nil, err
	}

	// 5. The commit.
	if err := g.log.Ready(); err != nil {
		return nil, g.undecided(c, p.standing.Connection, access.LogUnavailable, time.Second)
	}
	if !g.queue.put(p) {
		return nil, g.undecided(c, p.standing.Connection, access.ServiceBusy, time.Second)
	}
	select {
	case <-p.done:
	case <-ctx.Done():
		// The caller went away; the call takes its course.
		return nil, fault.Wrap(fault.Unavailable, ctx.Err(), "the caller went away")
	}
	if p.err != nil {
		code := access.LogUnavailable
		if errors.Is(p.err, errRefusedByStore) {
			code = access.InternalError
		}
		return nil, g.undecided(c, p.standing.Connection, code, time.Second)
	}
	return p, nil
}

// answer gives what the acknowledged entry says was given: the point from
// which data may leave.
func (g *Gate) answer(ctx context.Context, p *proposal) (*Answer, error) {
	if p.code != access.Allowed {
		return nil, p.refusal()
	}
	a := &Answer{People: p.people, Match: p.match, Index: p.entry.Index, Usage: p.usage}
	var proof string
	if p.call.FullReceipt {
		text, err := g.log.Proof(ctx, p.entry.Index)
		if err != nil {
			// The entry stands and the receipt can be had later; what was
			// found may be given.
			g.cfg.Logger.Warn("couldn't prove an entry at once", "index", p.entry.Index, "error", err)
		}
		proof = string(text)
	}
	a.Receipt = p.entry.AppendReceipt(make([]byte, 0, 1536), g.log.Origin(), proof)
	return a, nil
}

// known reports whether the credential is registered and within its term.
// Whoever is not known is not decided upon: there is nobody to decide about.
func known(s *access.Standing, now time.Time) bool {
	return s.System != nil && s.Credential != nil &&
		!now.Before(s.Credential.NotBefore) && now.Before(s.Credential.NotAfter)
}

// fetch reads what the call asks for. Its context must not be one that can be
// cancelled: watching it would cost more than the read, which is short.
func (g *Gate) fetch(ctx context.Context, p *proposal) error {
	c := p.call
	p.fetched = true
	switch c.Service {
	case access.Lookup:
		person, err := g.cfg.Register.Find(ctx, c.Keys)
		if err != nil {
			return err
		}
		if person != nil {
			p.found = append(p.found, person)
		}
	case access.Verify:
		person, err := g.cfg.Register.Get(ctx, c.Keys.PIN)
		if err != nil {
			return err
		}
		if person != nil && person.Match(c.Claims) {
			p.found = append(p.found, person)
		}
	case access.Search:
		people, more, err := g.cfg.Register.Search(ctx, c.Keys, maxListed)
		if err != nil {
			return err
		}
		p.found, p.tooMany = people, more
	case access.Household:
		asked, members, err := g.cfg.Register.Household(ctx, c.Keys)
		if err != nil && !fault.Is(err, fault.Exhausted) {
			return err
		}
		// Without the asked person there is no household to be told of. The
		// person asked for leads the list.
		if asked != nil {
			p.found = append(p.found, asked)
			for _, m := range members {
				if m.PIN != asked.PIN {
					p.found = append(p.found, m)
				}
			}
		}
		p.tooMany = err != nil || len(p.found) > maxListed
	}
	return nil
}

// maxListed is how many people one answer can name, whatever a grant's own cap.
const maxListed = 200
