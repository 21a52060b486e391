// Package watch follows the log and says what is going on: how much is asked,
// by whom, for which procedure, and what was refused and why.
//
// What it keeps are sums in the derived store. They name no citizen and no case,
// can be computed again from the entries, and are moved with the deriver's place
// in one transaction, so that each call is counted once whatever crashes
// ([ledger.Log.Derive]; see TestSumsAreWhatTheLogSays). Nothing waits for them:
// no call, no commit, no lock. How far they have come [Usage.Covered] tells.
// What a limit is held against is counted by the gate in its own transaction,
// not here.
package watch

import (
	"context"
	"time"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/ledger"
)

// place is the name of the sums' place in the log.
const place = "usage"

// Config says what the sums are made of.
type Config struct {
	Derived *db.DB
	Log     *ledger.Log
	// Working says whether a day is a working day; nil: Monday to Friday.
	Working func(access.Date) bool
}

// Usage keeps and reads the sums of calls.
type Usage struct {
	cfg Config
}

// New returns the sums of a log. Run must run, on this node or another, for them
// to follow it.
func New(cfg Config) *Usage {
	if cfg.Working == nil {
		cfg.Working = func(d access.Date) bool {
			day := weekday(d)
			return day != time.Saturday && day != time.Sunday
		}
	}
	return &Usage{cfg: cfg}
}

// Run follows the log until ctx ends. It does not fail: what cannot be done is
// tried again.
func (u *Usage) Run(ctx context.Context) error {
	return u.cfg.Log.Derive(ctx, ledger.Deriver{Name: place, Clear: clearSums, Take: take})
}

// Covered returns how many entries of the log the sums cover, and the time of
// the newest of them; zero if they cover none.
func (u *Usage) Covered(ctx context.Context) (size int64, at time.Time, err error) {
	return u.cfg.Log.DerivedTo(ctx, place)
}

// Await waits until the sums cover the first size entries of the log, or ctx
// ends.
func (u *Usage) Await(ctx context.Context, size int64) error {
	return u.cfg.Log.AwaitDerived(ctx, place, size)
}

func weekday(d access.Date) time.Weekday {
	return time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, access.Zone).Weekday()
}
