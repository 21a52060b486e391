package identity

import (
	"context"
	"encoding/binary"
	"strconv"
	"strings"
	"time"

	"dancu/internal/ledger"
)

// nobodies is how many rows the logins that are nobody's share: they count and
// lock as an account does, so that a lock does not tell who exists.
const nobodies = 1024

// staleAttempt is how old a reserved proof must be to count as never settled:
// the process went down while it was computed.
const staleAttempt = time.Minute

func accountSubject(id string) string { return "a:" + id }

// nobodySubject is where an unknown login counts.
func (s *Store) nobodySubject(login string) (string, error) {
	p, err := s.log.Pseudonym("login/" + login)
	if err != nil {
		return "", err
	}
	return "u:" + strconv.Itoa(int(binary.BigEndian.Uint32(p[:])%nobodies)), nil
}

// reserve takes one of the proofs that a subject has left before it is locked,
// and reports whether there was one. What is reserved counts as failed until
// forgive, so that however many guess at once, no more are heard than the
// setting says.
func (s *Store) reserve(ctx context.Context, tx *ledger.Tx, subject string) (bool, error) {
	a, err := readAttempt(ctx, tx, subject)
	if err != nil {
		return false, err
	}
	heard := s.admits(&a, tx.Now)
	if heard {
		a.failures++
		a.last = tx.Now
	}
	return heard, writeAttempt(ctx, tx.Tx, subject, a)
}

// admits reports whether a proof is heard now, with what time brought about.
func (s *Store) admits(a *attemptRow, now time.Time) bool {
	most := int64(s.rules().Failures)
	switch {
	case now.Before(a.lockedUntil):
		return false
	case !a.lockedUntil.IsZero():
		a.lockedUntil, a.failures = time.Time{}, 0
	case a.failures >= most && now.Sub(a.last) >= staleAttempt:
		a.failures = most - 1
	}
	return a.failures < most
}

// failed settles a reserved proof that failed. It reports whether the subject
// is locked by it, and until when.
func (s *Store) failed(ctx context.Context, tx *ledger.Tx, subject string) (locked bool, until time.Time, err error) {
	a, err := readAttempt(ctx, tx, subject)
	if err != nil {
		return false, until, err
	}
	if a.failures >= int64(s.rules().Failures) && a.lockedUntil.IsZero() {
		a.lockedUntil = tx.Now.Add(s.lockTime(a.rounds))
		a.rounds++
		locked = true
	}
	return locked, a.lockedUntil, writeAttempt(ctx, tx.Tx, subject, a)
}

// touch costs what settling a proof does, and changes nothing.
func (s *Store) touch(ctx context.Context, tx *ledger.Tx, subject string) error {
	a, err := readAttempt(ctx, tx, subject)
	if err != nil {
		return err
	}
	return writeAttempt(ctx, tx.Tx, subject, a)
}

// lockTime is how long the lock after so many earlier ones lasts.
func (s *Store) lockTime(rounds int64) time.Duration {
	d := s.rules().LockTime
	for range min(rounds, 32) {
		if d *= 2; d >= s.rules().MaxLockTime {
			return s.rules().MaxLockTime
		}
	}
	return d
}

// forgive settles a reserved proof that held. The others in a row still count:
// whoever knows the password has the second factor's proofs no more often. It
// reports whether the subject was locked meanwhile.
func (s *Store) forgive(ctx context.Context, tx *ledger.Tx, subject string) (locked bool, err error) {
	a, err := readAttempt(ctx, tx, subject)
	if err != nil {
		return false, err
	}
	if tx.Now.Before(a.lockedUntil) {
		return true, nil
	}
	a.failures = max(0, a.failures-1)
	return false, writeAttempt(ctx, tx.Tx, subject, a)
}

// unheard gives a reserved proof back that nothing was compared with after all,
// and returns the error that kept it from it.
func (s *Store) unheard(ctx context.Context, subject string, reserved bool, cause error) error {
	if !reserved {
		return cause
	}
	err := s.log.Write(ctx, func(tx *ledger.Tx) error {
		_, err := s.forgive(ctx, tx, subject)
		return err
	})
	return orElse(err, cause)
}

// failure writes the entry of a failed proof of a known account, and that of
// the lock if it brought one.
func (s *Store) failure(ctx context.Context, tx *ledger.Tx, w *acting, why string) (locked bool, err error) {
	locked, until, err := s.failed(ctx, tx, accountSubject(w.account.ID))
	if err != nil {
		return false, err
	}
	if err := w.append(tx, EventSignInFailed, members{"why": why}, ledger.Outcome{Result: "refused", Code: string(SignInFailed)}); err != nil {
		return locked, err
	}
	if !locked {
		return false, nil
	}
	if err := dropSignins(ctx, tx.Tx, w.account.ID); err != nil {
		return locked, err
	}
	return true, w.entry(tx, EventAccountLocked, members{"until": moment(until), "failures": s.rules().Failures})
}

// moment is how entries write times among their members.
func moment(t time.Time) string { return t.UTC().Format(ledger.TimeLayout) }

// normalLogin is a typed login as accounts have it.
func normalLogin(login string) string { return strings.ToLower(strings.TrimSpace(login)) }
