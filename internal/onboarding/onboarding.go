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
	"fmt"
	"sync/atomic"
	"time"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/fault"
	"dancu/internal/ledger"
	"dancu/internal/onboarding/catalogue"
	"dancu/internal/onboarding/workday"
)

// Config says what an Onboarding is made of.
type Config struct {
	Main *db.DB
	Log  *ledger.Log
	// Catalogue holds checklists, texts to be signed, rules of change and the
	// terms of the law; nil means the shipped one.
	Catalogue *catalogue.Catalogue
	// Calendar counts working days; nil means the shipped one.
	Calendar *workday.Calendar
	// Vault keeps what was uploaded; nil means that no signed file can be
	// checked.
	Vault Vault
	// Roots are the authorities whose signatures on documents are trusted; nil
	// means that signatures are shown and their issuers are not checked.
	Roots *x509.CertPool
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
	// TellSubjects are the kinds of data ([DataBiometrics] and the like) of
	// whose breach the subjects must be told; nil means biometrics and location.
	// The decree that asks for it is known from secondary sources only.
	TellSubjects []string
}

// Vault is where uploaded files are.
type Vault interface {
	// Hold keeps files for a matter: until then they go after a while. What is
	// not there, or is another agency's, is refused.
	Hold(ctx context.Context, owner string, ids ...string) error
	// Content returns a file whole, and its name; fault.NotFound if there is
	// none.
	Content(ctx context.Context, id string) (name string, data []byte, err error)
}

// Onboarding does the acts. Its methods may be called from many goroutines.
type Onboarding struct {
	cfg  Config
	set  Settings
	cat  *catalogue.Catalogue
	cal  *workday.Calendar
	main *db.DB
	log  *ledger.Log
	// seen is the newest picture read, so that the next one costs only what
	// was changed since. It never holds more than was committed.
	seen atomic.Pointer[access.Directory]
	// follows does an act of dancu itself on another matter, within the act that
	// it follows from. It is a field, because the acts are a table that cannot
	// refer to who reads it.
	follows func(ctx context.Context, tx *ledger.Tx, matter, act string, in Input) error
	// sweeper is owned by Sweep.
	sweeper sweeper
}

// New returns the office over the main database and its log.
func New(cfg Config) *Onboarding {
	o := &Onboarding{cfg: cfg, set: cfg.Settings, main: cfg.Main, log: cfg.Log, sweeper: sweeper{holder: newID(), told: map[string]bool{}}}
	o.follows = func(ctx context.Context, tx *ledger.Tx, matter, act string, in Input) error {
		_, err := o.actIn(ctx, tx, itself, nil, matter, act, in, nil)
		return err
	}
	if o.cat = cfg.Catalogue; o.cat == nil {
		o.cat = catalogue.Default()
	}
	if o.cal = cfg.Calendar; o.cal == nil {
		o.cal = workday.Default()
	}
	if o.set.OpenPerAgency == 0 {
		o.set.OpenPerAgency = 200
	}
	if o.set.TellSubjects == nil {
		o.set.TellSubjects = []string{DataBiometrics, DataLocation}
	}
	return o
}

// deadline is the moment of a clock for an event at t: its end, or for one
// that is counted back its beginning. The clock is one that the catalogue must
// have.
func (o *Onboarding) deadline(t time.Time, clock string) time.Time {
	c, err := o.cat.Clock(clock, access.DateOf(t))
	if err != nil {
		panic(fmt.Sprintf("onboarding: the catalogue has no clock %s", clock)) // loading it makes sure
	}
	return c.At(o.cal, t)
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

// Working reports whether a day is a working day in the calendar that terms are
// counted by.
func (o *Onboarding) Working(d access.Date) bool { return o.cal.Working(d) }
