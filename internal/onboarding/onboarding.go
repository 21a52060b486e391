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
// What people deal with are matters: an agency, a system, a request, an
// assessment, a change report, the connection itself. What may be done to which
// is one table (lifecycle.go); the standing of existing agencies comes from a
// declarative file ([Onboarding.ApplyFile]).
package onboarding

import (
	"context"
	"crypto/x509"
	"sync/atomic"
	"time"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/fault"
	"dancu/internal/ledger"
)

// Config says what an Onboarding is made of.
type Config struct {
	Main *db.DB
	Log  *ledger.Log
	// Clocks say when what is due; nil means that nothing is due.
	Clocks Clocks
	// Notices takes what is to be told; nil tells nobody.
	Notices Notices
	// Authorities are the recognised issuers of clients' certificates; nil
	// takes any certificate, which is known by its hash.
	Authorities *x509.CertPool
	// Settings are the rules; the zero value means the defaults.
	Settings Settings
}

// Settings are the rules that an operator may set.
type Settings struct {
	// OpenPerAgency is how many matters an agency may have open at once; 0
	// means 200.
	OpenPerAgency int
}

// Clocks say when something is due. The clocks are those of the law, by their
// ids in the catalogue.
type Clocks interface {
	// Deadline returns the last moment of a clock that starts at from; zero if
	// there is no such clock.
	Deadline(from time.Time, clock string) time.Time
}

// Onboarding does the acts. Its methods may be called from many goroutines.
type Onboarding struct {
	cfg  Config
	set  Settings
	main *db.DB
	log  *ledger.Log
	// seen is the newest picture read, so that the next one costs only what
	// was changed since. It never holds more than was committed.
	seen atomic.Pointer[access.Directory]
}

// New returns the office over the main database and its log.
func New(cfg Config) *Onboarding {
	o := &Onboarding{cfg: cfg, set: cfg.Settings, main: cfg.Main, log: cfg.Log}
	if o.set.OpenPerAgency == 0 {
		o.set.OpenPerAgency = 200
	}
	return o
}

// deadline is when a clock that starts at from ends; zero without such a clock.
func (o *Onboarding) deadline(from time.Time, clock string) time.Time {
	if o.cfg.Clocks == nil {
		return time.Time{}
	}
	return o.cfg.Clocks.Deadline(from, clock)
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
