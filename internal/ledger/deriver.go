package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"dancu/internal/db"
	"dancu/internal/fault"
)

// Deriver keeps tables of its own beside the log, in the derived store: sums
// that can be computed again from the entries.
type Deriver struct {
	// Name is under which its place in the log is kept. A new name begins with
	// the log's first entry.
	Name string
	// Clear empties the deriver's tables.
	Clear func(ctx context.Context, tx *db.Tx) error
	// Take adds the facts of the next entries, in the log's order, in the
	// transaction on the derived store that also moves the deriver's place: each
	// entry is taken once, whatever crashes and whichever node is first. It may
	// be called again for the same facts, after a transaction that did not take
	// effect, so it must do nothing outside tx. It must not fail for what a fact
	// says: it would be asked again for ever.
	Take func(ctx context.Context, tx *db.Tx, facts []Fact) error
}

// deriving is a deriver at work.
type deriving struct {
	log   *Log
	d     Deriver
	items *feed[factItem]
	place atomic.Int64 // entries taken, as last seen
	gap   int64        // where another node's entries were waited for
}

// Derive hands d the facts of every entry until ctx ends. Any number of nodes
// may run the same deriver. It takes part in nothing that waits for the log: it
// reads from memory what this node wrote a moment ago and the rest from the
// database, outside the lock. It does not fail: what cannot be done is tried
// again. See TestDeriversTakeEachEntryOnce.
func (l *Log) Derive(ctx context.Context, d Deriver) error {
	g := &deriving{log: l, d: d, items: newFeed[factItem]()}
	l.derived.mu.Lock()
	l.derivers = append(slices.Clip(l.derivers), g)
	l.derived.mu.Unlock()
	defer l.underive(g)
	begun := false
	for ctx.Err() == nil {
		more, err := false, error(nil)
		if !begun {
			err = g.begin(ctx)
			begun, more = err == nil, err == nil
		} else {
			more, err = g.round(ctx)
		}
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			l.cfg.Logger.Error("couldn't derive from the log", "deriver", d.Name, "error", err)
			pause(ctx, nil, retryPause)
		case !more:
			pause(ctx, g.items.kick, followTick)
			// Let entries gather: nobody waits for sums.
			if g.items.waiting() < roundEntries {
				pause(ctx, nil, roundPause)
			}
		}
	}
	return nil
}

func (l *Log) underive(g *deriving) {
	l.derived.mu.Lock()
	defer l.derived.mu.Unlock()
	l.derivers = slices.DeleteFunc(slices.Clone(l.derivers), func(have *deriving) bool { return have == g })
}

// feedDerivers hands the derivers what was acknowledged. It runs under the
// log's mutex: it only notes where the entries' parts are.
func (l *Log) feedDerivers(b batch) {
	l.derived.mu.Lock()
	derivers := l.derivers
	l.derived.mu.Unlock()
	if len(derivers) == 0 {
		return
	}
	items := make([]factItem, len(b.entries))
	for i, e := range b.entries {
		items[i] = factItem{index: e.Index, micros: db.Micros(e.Time), kind: e.Kind, connection: e.Connection, code: e.Code}
		items[i].take(e.Parts)
	}
	for _, g := range derivers {
		g.items.put(feedBatch[factItem]{b.first, items, b.head})
	}
}

// begin finds the deriver's place. If it is further than the log, what it kept
// is of another log, or the log was brought back from a backup: all of it goes.
func (g *deriving) begin(ctx context.Context) error {
	l := g.log
	pos, err := readPlace(ctx, l.cfg.Derived, g.d.Name)
	if err != nil {
		return err
	}
	size, err := newestSize(ctx, l.cfg.Main)
	if err != nil {
		return err
	}
	if pos > size {
		l.cfg.Logger.Warn("what was derived covers more than the log has: computing it again", "deriver", g.d.Name, "entries", size, "derived", pos)
		err = l.cfg.Derived.Write(ctx, func(tx *db.Tx) error {
			if _, err := tx.Exec(ctx, "UPDATE progress SET size = 0 WHERE name = $1", g.d.Name); err != nil {
				return err
			}
			return g.d.Clear(ctx, tx)
		})
		if err != nil {
			return fmt.Errorf("couldn't empty what %s derived: %w", g.d.Name, err)
		}
		pos = 0
	}
	g.place.Store(pos)
	return nil
}

// round takes what there is.
func (g *deriving) round(ctx context.Context) (more bool, err error) {
	l := g.log
	if l.cfg.Main.Engine() == db.Postgres {
		pos, err := readPlace(ctx, l.cfg.Derived, g.d.Name)
		if err != nil {
			return false, err
		}
		g.place.Store(pos)
	}
	pos := g.place.Load()
	items, _, upTo := g.items.take(pos)
	if items == nil {
		end := l.readTo(pos, upTo)
		if end == 0 {
			return false, nil
		}
		// Another node's entries: it has them in memory, so it may go first.
		if l.cfg.Main.Engine() == db.Postgres && g.gap != pos {
			g.gap = pos
			pause(ctx, nil, 100*time.Millisecond)
			return true, nil
		}
		if items, err = l.readFacts(ctx, pos, end); err != nil {
			return false, err
		}
	}
	facts := make([]Fact, len(items))
	for i := range items {
		facts[i] = items[i].fact()
	}
	err = g.write(ctx, pos, facts)
	if errors.Is(err, errMoved) {
		place, err := readPlace(ctx, l.cfg.Derived, g.d.Name)
		g.place.Store(place)
		return true, err
	}
	if err == nil {
		g.place.Store(pos + int64(len(facts)))
	}
	return true, err
}

// write takes the facts of the entries from pos on, if the deriver is at pos.
func (g *deriving) write(ctx context.Context, pos int64, facts []Fact) error {
	return g.log.cfg.Derived.Write(ctx, func(tx *db.Tx) error {
		end := pos + int64(len(facts))
		// First, so that of several nodes one goes on.
		n, err := tx.Exec(ctx, "UPDATE progress SET size = $1 WHERE name = $2 AND size = $3", end, g.d.Name, pos)
		if err != nil {
			return fmt.Errorf("couldn't note how far %s is: %w", g.d.Name, err)
		}
		if n == 0 && pos == 0 { // a new name, or another node's first round
			if n, err = tx.Exec(ctx, "INSERT INTO progress (name, size) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING", g.d.Name, end); err != nil {
				return fmt.Errorf("couldn't note how far %s is: %w", g.d.Name, err)
			}
		}
		if n == 0 {
			return errMoved
		}
		if pos == 0 { // whoever emptied the place need not have emptied the tables
			if err := g.d.Clear(ctx, tx); err != nil {
				return err
			}
		}
		return g.d.Take(ctx, tx, facts)
	})
}

// readPlace returns how many entries a deriver has taken.
func readPlace(ctx context.Context, q db.Querier, name string) (size int64, err error) {
	err = q.QueryRow(ctx, "SELECT size FROM progress WHERE name = $1", name).Scan(&size)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("couldn't read how far %s is: %w", name, err)
	}
	return size, nil
}

// AwaitDerived waits until the deriver of that name, running on any node, has
// taken the facts of the first size entries.
func (l *Log) AwaitDerived(ctx context.Context, name string, size int64) error {
	for {
		pos, err := readPlace(ctx, l.cfg.Derived, name)
		if err != nil || pos >= size {
			return err
		}
		pause(ctx, nil, 10*time.Millisecond)
		if ctx.Err() != nil {
			return fault.Wrap(fault.Unavailable, ctx.Err(), "what %s keeps of the log has not caught up yet: try again", name)
		}
	}
}

// DerivedTo returns how many entries the deriver of that name has taken, and
// the time of the newest of them; zero if it has taken none.
func (l *Log) DerivedTo(ctx context.Context, name string) (size int64, at time.Time, err error) {
	if size, err = readPlace(ctx, l.cfg.Derived, name); err != nil || size == 0 {
		return size, at, err
	}
	var micros int64
	err = l.cfg.Main.QueryRow(ctx, "SELECT COALESCE(MAX(time), 0) FROM entries WHERE idx = $1", size-1).Scan(&micros)
	if err != nil {
		return 0, at, fmt.Errorf("couldn't read how far %s is: %w", name, err)
	}
	return size, db.Time(micros), nil
}
