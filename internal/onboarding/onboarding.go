// Package onboarding is the office where agencies' systems get their standing:
// who they are, what was assessed, what they were granted, and whether they
// may call at this moment.
//
// Every act is one transaction under the log's lock: it reads the newest
// standing there, writes what changes, moves the directory's version and
// appends the entry that tells of it. So two acts at once cannot lose each
// other's change, no standing changes without an entry, and in the log's order
// no answer follows the entry of a suspension (guarantee G2, with the gate).
// See TestEveryChangeHasItsEntry and TestTwoFilesAtOnceKeepBoth.
//
// For now the standing comes from a declarative file ([Onboarding.ApplyFile])
// and from single acts on a connection, whose states are one table (lifecycle.go).
package onboarding

import (
	"context"
	"sync/atomic"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/fault"
	"dancu/internal/ledger"
)

// Onboarding does the acts. Its methods may be called from many goroutines.
type Onboarding struct {
	main *db.DB
	log  *ledger.Log
	// seen is the newest picture read, so that the next one costs only what
	// was changed since. It never holds more than was committed.
	seen atomic.Pointer[access.Directory]
}

// New returns the office over the main database and its log.
func New(main *db.DB, log *ledger.Log) *Onboarding {
	return &Onboarding{main: main, log: log}
}

// Load returns the picture that cur becomes with the standing rows newer than
// it. A nil cur is the empty picture. Where a row cannot be read whole the
// error is fault.Unavailable: the caller must refuse everybody.
func (o *Onboarding) Load(ctx context.Context, q db.Querier, cur *access.Directory) (*access.Directory, error) {
	rows, err := ledger.StandingSince(ctx, q, cur.Version())
	if err != nil {
		return nil, err
	}
	changes := make([]access.Change, len(rows))
	for i, r := range rows {
		changes[i] = access.Change{Version: r.Version, Kind: access.ChangeKind(r.Kind), ID: r.ID, Doc: r.Doc}
	}
	next, err := cur.Apply(changes)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "the standing cannot be read: if another node runs a newer dancu, upgrade this one")
	}
	return next, nil
}

// picture returns the newest committed standing.
func (o *Onboarding) picture(ctx context.Context, q db.Querier) (*access.Directory, error) {
	d, err := o.Load(ctx, q, o.seen.Load())
	if err != nil {
		return nil, err
	}
	o.seen.Store(d)
	return d, nil
}
