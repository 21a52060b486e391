package ledger

import (
	"context"
	"errors"
	"time"

	"dancu/internal/db"
	"dancu/internal/fault"
	"dancu/verify"
)

// published is a signed checkpoint whose tiles are there.
type published struct {
	verify.Checkpoint
	signed []byte
}

// Checkpoint returns the newest signed checkpoint (C2SP tlog-checkpoint), nil
// if there is none yet. Acknowledged commits cover it, and its tiles can be
// read.
func (l *Log) Checkpoint() []byte {
	if p := l.published.Load(); p != nil {
		return p.signed
	}
	return nil
}

// PublishedSize returns how many entries the newest checkpoint covers.
func (l *Log) PublishedSize() int64 {
	if p := l.published.Load(); p != nil {
		return p.Size
	}
	return 0
}

// WaitPublished waits until the newest checkpoint covers the entry.
func (l *Log) WaitPublished(ctx context.Context, index int64) error {
	if index < l.PublishedSize() {
		return nil
	}
	if index >= l.acked.Load().Size {
		// Another node may have written it.
		h, err := l.observe(ctx)
		if err != nil {
			return err
		}
		if index >= h.Size {
			return fault.New(fault.NotFound, "the log has %d entries: there is no entry %d", h.Size, index)
		}
		l.leaves.wake()
	}
	return l.await(ctx, "checkpoint", func() bool { return index < l.PublishedSize() })
}

// errMismatch says that the entries do not give the head's root.
var errMismatch = errors.New("the entries do not give the root of the log's head: run dancu ledger fsck")

// followTree writes tiles and signs checkpoints until ctx ends. One signature
// is made for each batch, or for several that wait.
func (l *Log) followTree(ctx context.Context) {
	again := false // the tiles were computed again since the last checkpoint
	for ctx.Err() == nil {
		more, err := l.treeRound(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case errors.Is(err, errMismatch) && !again:
			// Damaged tiles do that: the leaves decide.
			l.cfg.Logger.Warn("the stored tiles do not give the log's root: computing them again")
			again = true
			if err = l.resetTree(ctx); err == nil {
				continue
			}
		case err == nil && more:
			continue
		}
		wait := followTick
		if err == nil {
			again = false
		} else {
			l.cfg.Logger.Error("couldn't publish the log", "error", err)
			wait = retryPause
			if errors.Is(err, errMismatch) {
				pause(ctx, nil, time.Minute) // it will not mend itself
				continue
			}
		}
		pause(ctx, l.leaves.kick, wait)
		if l.leaves.waiting() == 0 && l.cfg.Main.Engine() == db.Postgres {
			if _, err := l.observe(ctx); err != nil && ctx.Err() == nil {
				l.cfg.Logger.Warn("couldn't look for other nodes' entries", "error", err)
			}
		}
	}
}

// treeRound adds what there is to the tree, stores the tiles that became full
// and, at the end of a batch, publishes.
func (l *Log) treeRound(ctx context.Context) (more bool, err error) {
	if err := l.storeTiles(ctx); err != nil { // left over from a failure
		return false, err
	}
	pos := l.edge.count()
	leaves, head, upTo := l.leaves.take(pos)
	if leaves == nil {
		target := *l.acked.Load()
		end := l.readTo(pos, upTo)
		if end == 0 {
			return false, l.publish(target)
		}
		if leaves, err = readLeaves(ctx, l.cfg.Main, pos, end); err != nil {
			return false, err
		}
		if end == target.Size {
			head = target
		}
	}
	l.edge.add(leaves)
	if err := l.storeTiles(ctx); err != nil {
		return false, err
	}
	return true, l.publish(head)
}

func (l *Log) storeTiles(ctx context.Context) error {
	full := l.edge.full()
	if len(full) == 0 {
		return nil
	}
	if err := writeTiles(ctx, l.cfg.Derived, full); err != nil {
		return err
	}
	l.edge.stored(full)
	return nil
}

// publish signs the head if the tree is now just that size.
func (l *Log) publish(h Head) error {
	size, root := l.edge.root()
	if size != h.Size || size == 0 || size == l.PublishedSize() {
		return nil
	}
	if root != h.Root {
		return errMismatch
	}
	c := verify.Checkpoint{Origin: l.cfg.Origin, Size: h.Size, Root: h.Root}
	signed, err := c.Sign(l.signer)
	if err != nil {
		return err
	}
	l.published.Store(&published{c, signed})
	l.moved()
	return nil
}
