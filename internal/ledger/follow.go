package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"dancu/internal/db"
	"dancu/internal/fault"
)

// maxSignals is how many signals one transaction tells of: what a follower
// does about them runs under the one lock, so it must be little.
const maxSignals = 32

// maxFollowPause is the longest wait of a follower that fails.
const maxFollowPause = time.Minute

// Follower is somebody who must be told of every signal of the log.
type Follower struct {
	// Name is under which its place in the log is kept. A new name begins with
	// the log's first signal.
	Name string
	// Tell does what the signals ask for, in the transaction under the one lock
	// that also moves the follower's place: what it writes and appends there
	// happens once for each signal, whatever crashes and whichever node comes
	// first, and in the log's order. It may be called again for the same
	// signals, after a transaction that did not take effect, so it must do
	// nothing outside tx. While it fails it is told of the same signals again:
	// it must not fail for what a signal says.
	Tell func(ctx context.Context, tx *Tx, signals []Signal) error
}

// Follow tells f of every signal until ctx ends. Any number of nodes may run
// the same follower. It does not fail: what cannot be done is tried again.
//
// A signal is told of only in a transaction that comes after its own, so that
// what is acknowledged of the telling stands on what is acknowledged of the
// signal. See TestFollowersAreToldOnceWhateverCrashes.
func (l *Log) Follow(ctx context.Context, f Follower) error {
	kick := l.listen()
	defer l.unlisten(kick)
	limit, rest := int64(maxSignals), retryPause
	for ctx.Err() == nil {
		told, err := l.followOnce(ctx, f, limit)
		switch {
		case err != nil && ctx.Err() == nil:
			l.cfg.Logger.Error("couldn't follow the log", "follower", f.Name, "error", err)
			// One by one, so that a signal at fault does not keep those before
			// it back.
			limit = 1
			pause(ctx, nil, rest)
			rest = min(2*rest, maxFollowPause)
		case told > 0:
			limit, rest = maxSignals, retryPause
		default:
			pause(ctx, kick, followTick)
		}
	}
	return nil
}

// followOnce tells f of the next signals, if there are any, and returns how many.
func (l *Log) followOnce(ctx context.Context, f Follower, limit int64) (told int, err error) {
	// Most looks find nothing; they do without the lock.
	next, err := readFollower(ctx, l.cfg.Main, f.Name)
	if err != nil {
		return 0, err
	}
	if any, err := anySignal(ctx, l.cfg.Main, next); err != nil || !any {
		return 0, err
	}
	err = l.Write(ctx, func(tx *Tx) error {
		told = 0
		ctx := context.WithoutCancel(ctx)
		// Another node may have been faster.
		next, err := readFollower(ctx, tx, f.Name)
		if err != nil {
			return err
		}
		rows, err := readSignalRows(ctx, tx, next, limit)
		if err != nil || len(rows) == 0 {
			return err
		}
		signals := make([]Signal, len(rows))
		for i := range rows {
			if signals[i], err = l.signal(ctx, tx, &rows[i]); err != nil {
				return err
			}
		}
		if err := f.Tell(ctx, tx, signals); err != nil {
			return err
		}
		told = len(rows)
		return moveFollower(ctx, tx.Tx, f.Name, rows[told-1].index+1, tx.Now)
	})
	if err != nil {
		return 0, err
	}
	return told, nil
}

// readFollower returns the first entry that a follower has not been told of.
func readFollower(ctx context.Context, q db.Querier, name string) (next int64, err error) {
	err = q.QueryRow(ctx, "SELECT next FROM followers WHERE name = $1", name).Scan(&next)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("couldn't read how far the follower %s is: %w", name, err)
	}
	return next, nil
}

func moveFollower(ctx context.Context, tx *db.Tx, name string, next int64, now time.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO followers (name, next, time) VALUES ($1, $2, $3)
		ON CONFLICT (name) DO UPDATE SET next = excluded.next, time = excluded.time`, name, next, db.Micros(now))
	if err != nil {
		return fmt.Errorf("couldn't note how far the follower %s is: %w", name, err)
	}
	return nil
}

// AwaitFollower waits until the follower of that name has been told of every
// signal among the first size entries.
func (l *Log) AwaitFollower(ctx context.Context, name string, size int64) error {
	for {
		next, err := readFollower(ctx, l.cfg.Main, name)
		if err != nil {
			return err
		}
		rows, err := readSignalRows(ctx, l.cfg.Main, next, 1)
		if err != nil {
			return err
		}
		if len(rows) == 0 || rows[0].index >= size {
			return nil
		}
		pause(ctx, nil, 10*time.Millisecond)
		if ctx.Err() != nil {
			return fault.Wrap(fault.Unavailable, ctx.Err(), "the log's follower %s has not caught up yet: try again", name)
		}
	}
}

// listen returns a channel that has a token whenever this process has written
// a signal.
func (l *Log) listen() chan struct{} {
	kick := make(chan struct{}, 1)
	l.derived.mu.Lock()
	defer l.derived.mu.Unlock()
	if l.listeners == nil {
		l.listeners = map[chan struct{}]struct{}{}
	}
	l.listeners[kick] = struct{}{}
	return kick
}

func (l *Log) unlisten(kick chan struct{}) {
	l.derived.mu.Lock()
	defer l.derived.mu.Unlock()
	delete(l.listeners, kick)
}

// wakeListeners lets followers look at once.
func (l *Log) wakeListeners() {
	l.derived.mu.Lock()
	defer l.derived.mu.Unlock()
	for kick := range l.listeners {
		select {
		case kick <- struct{}{}:
		default:
		}
	}
}
