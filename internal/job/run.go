package job

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"dancu/internal/db"
	"dancu/internal/fault"
)

// Run does jobs until ctx ends; those under way then go back into the queue.
func (j *Jobs) Run(ctx context.Context) error {
	var hands sync.WaitGroup
	for range j.cfg.Parallel {
		hands.Go(func() { j.hand(ctx) })
	}
	hands.Wait()
	return nil
}

// hand does one job after the other.
func (j *Jobs) hand(ctx context.Context) {
	for ctx.Err() == nil {
		r, err := j.next(ctx)
		if err != nil && ctx.Err() == nil {
			// The rows are there: it is tried again.
			j.cfg.Logger.Warn("couldn't take a job", "error", err)
		}
		if r != nil {
			j.attempt(ctx, r)
			continue
		}
		pause := time.NewTimer(j.cfg.Poll)
		select {
		case <-ctx.Done():
		case <-j.kick:
		case <-pause.C:
		}
		pause.Stop()
	}
}

// candidates is how many waiting jobs are looked at for one to take.
const candidates = 50

// next takes a job for this node, nil if there is none to take.
func (j *Jobs) next(ctx context.Context) (*row, error) {
	// Asked of a reader: mostly there is nothing, and the writer is left to the
	// log.
	rows, err := takeable(ctx, j.cfg.Main, j.cfg.Main.Clock(), candidates)
	if err != nil {
		return nil, err
	}
	// Those first of whose owner this node does nothing yet, so that nobody's
	// queue holds up the others.
	for _, others := range []bool{true, false} {
		for i := range rows {
			r := &rows[i]
			if _, known := j.kinds[r.Kind]; !known || j.doing(r.Owner) == others {
				continue // of a newer version, perhaps: another node knows it
			}
			if r.State == Running && (r.Stopping || r.Attempts >= j.cfg.Attempts) {
				if err := j.bury(ctx, r); err != nil {
					return nil, err
				}
				continue
			}
			mine, err := j.take(ctx, r)
			if err != nil {
				return nil, err
			}
			if mine {
				return r, nil
			}
		}
	}
	return nil, nil
}

// take takes a job for this node if nobody else did.
func (j *Jobs) take(ctx context.Context, r *row) (mine bool, err error) {
	was := r.claim
	r.claim, r.Node = rand.Text(), j.cfg.Node
	err = j.cfg.Main.Write(ctx, func(tx *db.Tx) (err error) {
		now := j.cfg.Main.Clock()
		r.lease = now.Add(j.cfg.Lease)
		mine, err = take(ctx, tx, r, was, now)
		return err
	})
	r.Attempts++
	return mine, err
}

// bury ends a job whose node ended in the middle and that is not begun again.
func (j *Jobs) bury(ctx context.Context, r *row) error {
	r.State, r.Ended = Failed, j.cfg.Main.Clock()
	if r.Stopping {
		r.State = Cancelled
	} else {
		r.Code = GivenUp
	}
	return j.cfg.Main.Write(ctx, func(tx *db.Tx) error {
		_, err := settle(ctx, tx, r)
		return err
	})
}

// doing reports whether this node has a job of the owner under way.
func (j *Jobs) doing(owner string) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.busy[owner] > 0
}

func (j *Jobs) note(owner string, n int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.busy[owner] += n; j.busy[owner] == 0 {
		delete(j.busy, owner)
	}
}

// attempt does a job that this node has taken, and settles it.
func (j *Jobs) attempt(stop context.Context, r *row) {
	j.note(r.Owner, 1)
	defer j.note(r.Owner, -1)
	ctx, cancel := context.WithCancelCause(context.WithoutCancel(stop))
	defer cancel(nil)
	defer context.AfterFunc(stop, func() { cancel(errStopped) })()
	t := &Task{ID: r.ID, Owner: r.Owner, Attempt: r.Attempts, jobs: j, ctx: ctx}
	beating := make(chan struct{})
	go func() {
		defer close(beating)
		j.beat(ctx, cancel, r, t)
	}()
	err := j.do(ctx, r, t)
	why := broken(ctx)
	cancel(nil)
	<-beating
	j.end(r, t, err, why)
}

// do runs the kind's function and ends the result.
func (j *Jobs) do(ctx context.Context, r *row, t *Task) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	if t.params, err = j.cfg.Box.Open(nil, nil, r.params, aad("params", &r.Job)); err != nil {
		return fault.Wrap(fault.Unavailable, err, "the job is damaged in the store: ask for it anew")
	}
	if err := j.kinds[r.Kind].Run(ctx, t); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if t.file != nil {
		return t.file.Close()
	}
	return nil
}

// beat renews the lease and writes the progress until ctx ends, and ends it when
// the job is no longer this attempt's.
func (j *Jobs) beat(ctx context.Context, cancel context.CancelCauseFunc, r *row, t *Task) {
	tick := time.NewTicker(j.cfg.Beat)
	defer tick.Stop()
	// By this process's own clock: a database that does not answer must not make
	// two nodes do the same job.
	renewed := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		t.mu.Lock()
		done, total := t.done, t.total
		t.mu.Unlock()
		began := time.Now()
		var held, stop bool
		limited, over := context.WithTimeout(ctx, j.cfg.Lease/3)
		err := j.cfg.Main.Write(limited, func(tx *db.Tx) (err error) {
			held, stop, err = beat(limited, tx, r.ID, r.claim, j.cfg.Main.Clock().Add(j.cfg.Lease), done, total)
			return err
		})
		over()
		switch {
		case err == nil && !held:
			cancel(errLost)
		case err == nil && stop:
			cancel(errCancel)
		case err == nil:
			renewed = began
		case time.Since(renewed) > j.cfg.Lease-j.cfg.Beat:
			cancel(errLost)
		}
	}
}

// end settles an attempt. why is why it was broken off, nil if it was not.
func (j *Jobs) end(r *row, t *Task, err, why error) {
	r.State, r.Done, r.Total, r.Counts = Done, t.done, t.total, t.counts
	if err == nil {
		why = nil // it was quicker than what would have broken it off
		if t.file != nil {
			r.File = t.file.ID()
		}
		if r.Total > 0 {
			r.Done = r.Total
		}
	} else {
		t.discard()
	}
	var settled func(ctx context.Context, tx *db.Tx) error
	switch {
	case errors.Is(why, errLost):
		j.cfg.Logger.Warn("a job went to another node", "job", r.ID, "kind", r.Kind)
		return
	case errors.Is(why, errStopped):
		settled = func(ctx context.Context, tx *db.Tx) error { return handBack(ctx, tx, r.ID, r.claim) }
	default:
		switch {
		case errors.Is(why, errCancel):
			r.State = Cancelled
		case err != nil:
			r.State, r.Code = Failed, codeOf(err)
			if text := fault.Text(err); text != "" {
				r.why = j.cfg.Box.Seal(nil, nil, []byte(text), aad("why", &r.Job))
			}
			// The words may name somebody: they are the owner's alone.
			j.cfg.Logger.Warn("a job failed", "job", r.ID, "kind", r.Kind, "code", string(r.Code), "error", loggable(err))
		}
		settled = func(ctx context.Context, tx *db.Tx) error {
			r.Ended = j.cfg.Main.Clock()
			mine, err := settle(ctx, tx, r)
			if err == nil && !mine {
				t.discard()
				j.cfg.Logger.Warn("a job had gone to another node when it ended", "job", r.ID, "kind", r.Kind)
			}
			return err
		}
	}
	// Until the lease is over nobody else has the job; after that it is done anew.
	ctx, cancel := context.WithTimeout(context.Background(), j.cfg.Lease)
	defer cancel()
	for {
		err := j.cfg.Main.Write(ctx, func(tx *db.Tx) error { return settled(ctx, tx) })
		if err == nil {
			return
		}
		select {
		case <-ctx.Done():
			j.cfg.Logger.Error("couldn't end a job", "job", r.ID, "kind", r.Kind, "error", err)
			return
		case <-time.After(j.cfg.Beat):
		}
	}
}

// loggable is an error for the operational log: of our own failures all of it,
// of those that speak to the owner the kind alone.
func loggable(err error) string {
	if k := fault.KindOf(err); k != fault.Internal && k != fault.Unavailable {
		return k.String()
	}
	return err.Error()
}

// Sweep removes jobs whose time is over, and returns how many. Their results go
// by themselves. It may run on any node, and beside itself.
func (j *Jobs) Sweep(ctx context.Context) (n int64, err error) {
	err = j.cfg.Main.Write(ctx, func(tx *db.Tx) (err error) {
		n, err = removeEnded(ctx, tx, j.cfg.Main.Clock().Add(-j.cfg.Keep))
		return err
	})
	return n, err
}
