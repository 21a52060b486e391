// Package ledger is the tamper-evident log: it keeps an account of every
// access that cannot be changed unnoticed (guarantee G5), and it is the only
// way to write the standing, the accounts and the log itself, all under one
// lock and in one order.
//
// An entry is acknowledged when [Log.Write] returns nil: then it is durable,
// it has its place, and nothing that comes later in the log was decided before
// it. On any other outcome nobody may act on what the transaction would have
// written; the log goes down, and comes up again only with an entry of its own
// (guarantee G9). See the tests of the gate: TestNoEntryNoData and
// TestAPowerCutLosesNothingAcknowledged.
package ledger

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"dancu/internal/db"
	"dancu/internal/fault"
)

// Config says what a log is made of.
type Config struct {
	Main    *db.DB
	Derived *db.DB
	// Origin is the log's name in checkpoints, a schema-less URL such as
	// "log.example.vn/dancu".
	Origin string
	// SigningKey is the note signer key ("PRIVATE+KEY+…") whose name is Origin.
	SigningKey string
	// SealingKey wraps the month keys: KeySize random bytes.
	SealingKey []byte
	// Node names this process in the log's own entries.
	Node string
	// Version is the build's version, for the same entries.
	Version string
	Logger  *slog.Logger
	// ClockHold is how long after a step of the clock the log stays down; 0
	// means 10 s.
	ClockHold time.Duration
}

// maxClockGap is how far the clocks (the database's, this process's, the
// newest head's) may be apart.
const maxClockGap = 2 * time.Second

// Head is the state of the log after a batch.
type Head struct {
	Size     int64 // entries
	Root     [32]byte
	Standing int64 // version of the standing
	Time     time.Time
}

// Log is an open log.
type Log struct {
	cfg  Config
	keys *keyring

	mu   sync.Mutex    // one writer of this process at a time
	down atomic.Value  // downState
	kick chan struct{} // wakes the resumer

	clock struct { // owned by the holder of mu
		mono  time.Time // this process's clock when last looked at
		db    time.Time // the database's then
		since time.Time // when a step was seen; zero if none
	}
	head atomic.Pointer[Head] // newest acknowledged

	pseudonyms atomic.Pointer[monthKey]

	follow func(batch) // takes what was acknowledged, in order; set before Run
	derived
}

// batch is what one acknowledged transaction added.
type batch struct {
	first   int64
	entries []*Entry
	head    Head
}

type downState struct{ err error }

var errNotStarted = fault.New(fault.Unavailable, "the log is starting")

// Open opens the log, and makes it if there is none. It stays down until its
// own first entry is acknowledged, which Open waits for once; Run goes on
// trying.
func Open(ctx context.Context, cfg Config) (*Log, error) {
	keys, err := newKeyring(cfg.SealingKey)
	if err != nil {
		return nil, err
	}
	if cfg.ClockHold == 0 {
		cfg.ClockHold = 10 * time.Second
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	l := &Log{cfg: cfg, keys: keys, kick: make(chan struct{}, 1), follow: func(batch) {}}
	l.down.Store(downState{errNotStarted})
	l.head.Store(&Head{})
	if err := l.openDerived(ctx); err != nil {
		return nil, err
	}
	l.resume(ctx, "node.started")
	if err := l.Ready(); err != nil {
		return nil, fmt.Errorf("couldn't start the log: %w", err)
	}
	return l, nil
}

// Ready returns nil if the log takes entries, or why not.
func (l *Log) Ready() error { return l.down.Load().(downState).err }

// Head returns the newest acknowledged head this process knows of.
func (l *Log) Head() Head { return *l.head.Load() }

// Origin returns the log's name.
func (l *Log) Origin() string { return l.cfg.Origin }

// Tx is a transaction under the one lock.
type Tx struct {
	*db.Tx
	// Now is the time of everything this transaction writes: the database's
	// clock, never earlier than the newest head's.
	Now time.Time
	// Head is the newest head, read under the lock.
	Head Head

	log      *Log
	tree     frontier
	stamp    []byte
	month    *monthKey
	entries  []*Entry
	standing []StandingRow
	err      error
}

// Write runs fn under the one lock and commits what it staged. ctx bounds the
// wait for the lock within this process; what runs under the lock has limits
// of its own and is never abandoned half-way.
//
// nil: every entry is durable. An error that fn itself returned (of a kind
// other than Unavailable): nothing was written. Anything else is
// fault.Unavailable: the log is down and nothing of this may be acted on.
func (l *Log) Write(ctx context.Context, fn func(*Tx) error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return fault.Wrap(fault.Unavailable, err, "the log is busy: try again")
	}
	if err := l.Ready(); err != nil {
		return err
	}
	return l.commit(fn)
}

// commit is Write without the question whether the log is up: resuming uses
// it, too. The caller holds mu.
func (l *Log) commit(fn func(*Tx) error) error {
	// No deadline and no cancellation: the engines' own time-outs bound each
	// statement, and a caller that goes away must not make an outcome unknown.
	ctx := context.Background()
	var own error // fn's error
	var head Head
	var staged *Tx
	err := l.cfg.Main.Write(ctx, func(dtx *db.Tx) error {
		tx, err := l.begin(ctx, dtx)
		if err != nil {
			return err
		}
		if own = fn(tx); own != nil {
			return own
		}
		if own = tx.err; own != nil {
			return own
		}
		head, err = tx.flush(ctx)
		staged = tx
		return err
	})
	switch {
	case err == nil:
	case own != nil && !fault.Is(own, fault.Unavailable) && !db.IsUnknown(err):
		l.keys.forget() // one of them may have been made in this transaction
		return own
	case db.IsData(err) && !db.IsUnknown(err):
		return err // rolled back; the values themselves are at fault
	default:
		l.goDown(err)
		return fault.Wrap(fault.Unavailable, err, "the log cannot be written: nothing was given out")
	}
	// Acknowledged: from here on the entries are facts.
	l.head.Store(&head)
	if len(staged.entries) > 0 {
		l.follow(batch{first: staged.entries[0].Index, entries: staged.entries, head: head})
	}
	return nil
}

// begin takes the lock, reads the head and settles the time.
func (l *Log) begin(ctx context.Context, dtx *db.Tx) (*Tx, error) {
	now, err := dtx.Lock(ctx)
	if err != nil {
		return nil, fmt.Errorf("couldn't take the lock: %w", err)
	}
	now = now.Truncate(time.Microsecond)
	tx := &Tx{Tx: dtx, log: l}
	tx.Head, tx.tree, err = readHead(ctx, dtx)
	if err != nil {
		return nil, err
	}
	if err := l.checkClock(now, tx.Head.Time); err != nil {
		return nil, err
	}
	if now.Before(tx.Head.Time) {
		now = tx.Head.Time
	}
	tx.Now = now
	tx.stamp = now.AppendFormat(nil, TimeLayout)
	if tx.month, err = l.keys.ensure(ctx, dtx, monthName(now), now); err != nil {
		return nil, err
	}
	return tx, nil
}

// readHead reads the newest head.
func readHead(ctx context.Context, q db.Querier) (Head, frontier, error) {
	h := Head{Root: sha256.Sum256(nil)}
	var root, roots []byte
	var micros int64
	err := q.QueryRow(ctx, "SELECT size, root, frontier, standing, time FROM heads ORDER BY size DESC LIMIT 1").
		Scan(&h.Size, &root, &roots, &h.Standing, &micros)
	if errors.Is(err, sql.ErrNoRows) {
		return h, frontier{}, nil
	}
	if err != nil {
		return h, frontier{}, fmt.Errorf("couldn't read the head: %w", err)
	}
	h.Time = db.Time(micros)
	copy(h.Root[:], root)
	tree, err := parseFrontier(h.Size, roots)
	if err != nil {
		return h, tree, fault.Wrap(fault.Unavailable, err, "the log's head is damaged: run dancu ledger fsck")
	}
	if got := tree.root(); got != h.Root {
		return h, tree, fault.New(fault.Unavailable, "the log's head is damaged: its root is not that of its frontier; run dancu ledger fsck")
	}
	return h, tree, nil
}

// errClock marks a clock that cannot be trusted now.
type errClock struct{ error }

// checkClock refuses to go on when the clocks are apart or one was stepped:
// the law's terms end by the clock. The caller holds mu.
func (l *Log) checkClock(now, head time.Time) error {
	mine := time.Now()
	if gap := head.Sub(now); gap > maxClockGap {
		return errClock{fault.New(fault.Unavailable, "the clock is %v behind the newest entry: set it right", gap.Round(time.Millisecond))}
	}
	if gap := now.Sub(l.cfg.Main.Clock()).Abs(); gap > maxClockGap {
		return errClock{fault.New(fault.Unavailable, "the database's clock and this machine's are %v apart: synchronise them", gap.Round(time.Millisecond))}
	}
	c := &l.clock
	if !c.db.IsZero() {
		step := now.Sub(c.db) - mine.Sub(c.mono) // mono carries the monotonic clock
		if step.Abs() > maxClockGap {
			if c.since.IsZero() {
				c.since = mine
			}
			if mine.Sub(c.since) < l.cfg.ClockHold {
				return errClock{fault.New(fault.Unavailable, "the clock was stepped by %v: waiting %v to see that it stays", step.Round(time.Millisecond), l.cfg.ClockHold)}
			}
		}
	}
	c.db, c.mono, c.since = now, mine, time.Time{}
	return nil
}

// Size returns how many entries the log has with those staged so far.
func (tx *Tx) Size() int64 { return tx.tree.size }

// Append stages an entry and returns its place. The entry's parts are sealed
// here if they are not yet, or for another month.
func (tx *Tx) Append(e *Entry, o Outcome) int64 {
	index := tx.tree.size
	if e.sealed == nil || e.sealkey != tx.month.name {
		if err := e.check(); err != nil {
			tx.err = err
			return index
		}
		e.seal(tx.month)
	}
	e.finish(o, index, tx.Now, tx.stamp)
	tx.tree.add(e.Leaf)
	tx.entries = append(tx.entries, e)
	return index
}

// check refuses an entry that could not be read back.
func (e *Entry) check() error {
	if len(e.Parts) >= maxParts {
		return fault.New(fault.Invalid, "a log entry has at most %d parts", maxParts-1)
	}
	for i := range e.Parts {
		if len(e.Parts[i].Data) > maxPartData {
			return fault.New(fault.Invalid, "a part of a log entry has at most %d bytes", maxPartData)
		}
	}
	return nil
}

// Seal seals the entry's parts ahead of the lock, under the key of the present
// month. It is only a saving: Append does it otherwise.
func (l *Log) Seal(e *Entry) error {
	if err := e.check(); err != nil {
		return err
	}
	if m := l.keys.cached(monthName(l.Head().Time)); m != nil {
		e.seal(m)
	}
	return nil
}

// StandingRow is one change of the standing: the newest document of (Kind, ID)
// holds; an empty one removes it.
type StandingRow struct {
	Version int64
	Kind    string
	ID      string
	Doc     []byte
}

// Stand stages a change of the standing and returns its version. The caller
// appends the entry that tells of it in the same transaction.
func (tx *Tx) Stand(kind, id string, doc []byte) int64 {
	v := tx.Head.Standing + int64(len(tx.standing)) + 1
	if doc == nil {
		doc = []byte{}
	}
	tx.standing = append(tx.standing, StandingRow{Version: v, Kind: kind, ID: id, Doc: doc})
	return v
}

// StandingSince returns the changes after a version, oldest first. Within a
// transaction it sees what earlier ones wrote, not what this one staged.
func StandingSince(ctx context.Context, q db.Querier, version int64) ([]StandingRow, error) {
	rows, err := q.Query(ctx, "SELECT version, kind, id, doc FROM standing WHERE version > $1 ORDER BY version", version)
	if err != nil {
		return nil, fmt.Errorf("couldn't read the standing: %w", err)
	}
	defer rows.Close()
	var out []StandingRow
	for rows.Next() {
		var r StandingRow
		if err := rows.Scan(&r.Version, &r.Kind, &r.ID, &r.Doc); err != nil {
			return nil, fmt.Errorf("couldn't read the standing: %w", err)
		}
		out = append(out, r)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("couldn't read the standing: %w", err)
	}
	return out, nil
}

// flush writes what was staged and the new head.
func (tx *Tx) flush(ctx context.Context) (Head, error) {
	if len(tx.entries) == 0 {
		if len(tx.standing) > 0 {
			return Head{}, errors.New("the standing was changed without an entry that tells of it")
		}
		return tx.Head, nil
	}
	if err := tx.commitStanding(); err != nil {
		return Head{}, err
	}
	if err := tx.insertEntries(ctx); err != nil {
		return Head{}, fmt.Errorf("couldn't write the entries: %w", err)
	}
	for _, r := range tx.standing {
		err := tx.Later(ctx, "INSERT INTO standing (version, kind, id, doc, time) VALUES ($1, $2, $3, $4, $5)",
			r.Version, r.Kind, r.ID, r.Doc, db.Micros(tx.Now))
		if err != nil {
			return Head{}, fmt.Errorf("couldn't write the standing: %w", err)
		}
	}
	h := Head{Size: tx.tree.size, Root: tx.tree.root(), Standing: tx.Head.Standing + int64(len(tx.standing)), Time: tx.Now}
	err := tx.Later(ctx, "INSERT INTO heads (size, root, frontier, standing, time) VALUES ($1, $2, $3, $4, $5)",
		h.Size, h.Root[:], tx.tree.bytes(), h.Standing, db.Micros(h.Time))
	if err != nil {
		return Head{}, fmt.Errorf("couldn't write the head: %w", err)
	}
	return h, nil
}

// goDown stops the log after an outcome that was not an acknowledgement. The
// caller holds mu.
func (l *Log) goDown(err error) {
	l.keys.forget()
	l.down.Store(downState{fault.Wrap(fault.Unavailable, err, "the log cannot be written")})
	l.cfg.Logger.Error("the log is down", "error", err)
	select {
	case l.kick <- struct{}{}:
	default:
	}
}

// resume tries once to bring the log up with an entry of the given kind.
func (l *Log) resume(ctx context.Context, kind string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	was := l.Ready()
	if was == nil || ctx.Err() != nil {
		return
	}
	members := map[string]any{"node": l.cfg.Node, "version": l.cfg.Version}
	if kind != "node.started" {
		members["cause"] = rootText(was)
	}
	e, err := EventEntry(kind, Actor{Kind: "node", ID: l.cfg.Node}, members)
	var pseudonyms *monthKey
	if err == nil {
		err = l.commit(func(tx *Tx) (err error) {
			tx.Append(e, Outcome{})
			pseudonyms, err = l.keys.ensure(ctx, tx.Tx, pseudonymKey, tx.Now)
			return err
		})
	}
	if err != nil {
		var clock errClock
		if errors.As(err, &clock) {
			err = clock.error
		}
		l.down.Store(downState{err})
		return
	}
	l.pseudonyms.Store(pseudonyms)
	l.down.Store(downState{})
	if kind != "node.started" {
		l.cfg.Logger.Info("the log is up again", "index", e.Index)
	}
}

// rootText is the part of a down state's text that may stand in the log.
func rootText(err error) string {
	if t := fault.Text(err); t != "" {
		return t
	}
	return "unknown"
}

// Close waits for a transaction under way. The databases stay open.
func (l *Log) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.down.Store(downState{fault.New(fault.Unavailable, "the log is closed")})
	return nil
}

// keepUp brings the log up again whenever it went down, until ctx ends.
func (l *Log) keepUp(ctx context.Context) {
	tick := time.NewTicker(250 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-l.kick:
		case <-tick.C:
		}
		if l.Ready() != nil {
			l.resume(ctx, "node.resumed")
		}
	}
}
