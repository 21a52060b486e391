package identity

import (
	"context"
	"errors"
	"time"

	"dancu/internal/db"
	"dancu/internal/ledger"
)

// sweepBatch is how many of a kind one transaction settles: nothing long is
// done under the lock.
const sweepBatch = 50

// Sweep does what time brings about: it closes sessions that timed out, with
// the time at which they did, ends sign-ins that were not finished, disables
// accounts unused for too long, lets proposals and keys lapse, and writes the
// summaries of failed sign-ins and keys. It is to be called every few seconds, on any node.
func (s *Store) Sweep(ctx context.Context) error {
	now := s.main.Clock()
	return errors.Join(
		s.flushSummaries(ctx, now),
		s.sweepSessions(ctx, now),
		s.sweepSignins(ctx, now),
		s.sweepAccounts(ctx, now),
		s.sweepProposals(ctx, now),
		s.sweepKeys(ctx, now),
	)
}

// Flush writes the summaries of failed sign-ins and keys up to now. It is for a stop.
func (s *Store) Flush(ctx context.Context) error {
	return s.flushSummaries(ctx, s.main.Clock().Add(time.Hour))
}

func (s *Store) sweepSessions(ctx context.Context, now time.Time) error {
	for {
		rows, err := overdueSessions(ctx, s.main, now, sweepBatch)
		if err != nil || len(rows) == 0 {
			return err
		}
		err = s.log.Write(ctx, func(tx *ledger.Tx) error {
			for _, seen := range rows {
				row, err := sessionByID(ctx, tx, seen.id)
				if err != nil {
					return err
				}
				if row == nil || !row.ended.IsZero() || over(row, tx.Now) != SessionTimedOut {
					continue // prolonged or closed meanwhile
				}
				if err := s.timeOut(ctx, tx, row); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || len(rows) < sweepBatch {
			return err
		}
	}
}

// keepSessions is how long the row of a session that ended is kept, so that
// whoever still has its token is told why. The log keeps the rest.
const keepSessions = 31 * 24 * time.Hour

// sweepSignins drops what is of no use any more and tells of the sign-ins that
// were not finished.
func (s *Store) sweepSignins(ctx context.Context, now time.Time) error {
	// Mostly there is nothing, and then nothing is locked.
	var n int64
	err := s.main.QueryRow(ctx, `SELECT (SELECT count(*) FROM signins WHERE expires <= $1) + (SELECT count(*) FROM ceremonies WHERE expires <= $1)
		+ (SELECT count(*) FROM attempts WHERE subject NOT LIKE 'a:%' AND last <= $2 AND locked_until <= $2)
		+ (SELECT count(*) FROM sessions WHERE ended > 0 AND ended <= $3)`,
		db.Micros(now), db.Micros(now.Add(-s.rules().MaxLockTime)), db.Micros(now.Add(-keepSessions))).Scan(&n)
	if err != nil || n == 0 {
		return err
	}
	return s.log.Write(ctx, func(tx *ledger.Tx) error {
		if err := dropCeremonies(ctx, tx.Tx, tx.Now); err != nil {
			return err
		}
		if err := dropAttempts(ctx, tx.Tx, tx.Now.Add(-s.rules().MaxLockTime)); err != nil {
			return err
		}
		if _, err := dropSessions(ctx, tx.Tx, tx.Now.Add(-keepSessions), sweepBatch); err != nil {
			return err
		}
		rows, err := lapsedSignins(ctx, tx.Tx, tx.Now, sweepBatch)
		if err != nil {
			return err
		}
		for _, in := range rows {
			if err := s.abandoned(ctx, tx, in); err != nil {
				return err
			}
		}
		return nil
	})
}

// inactivityReason stands in the account and the entry.
const inactivityReason = "not used for too long"

func (s *Store) sweepAccounts(ctx context.Context, now time.Time) error {
	rows, err := idleAccounts(ctx, s.main, now.Add(-s.rules().Inactive), sweepBatch)
	if err != nil || len(rows) == 0 {
		return err
	}
	w := &acting{local: &ledger.Actor{Kind: "identity", ID: "inactivity"}}
	var last error
	for _, seen := range rows {
		err := s.log.Write(ctx, func(tx *ledger.Tx) error {
			r, err := accountByID(ctx, tx, seen.ID)
			if err != nil || r == nil || r.State != Active || !s.inactive(r, tx.Now) {
				return err
			}
			// The last administrator stays active on paper; a sign-in is refused
			// all the same, and the command line is the way back.
			if err := s.disable(ctx, tx, w, r, inactivityReason); CodeOf(err) != LastAdmin {
				return err
			}
			return nil
		})
		if err != nil {
			last = err
		}
	}
	return last
}
