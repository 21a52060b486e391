package identity

import (
	"context"
	"time"

	"dancu/internal/db"
	"dancu/internal/fault"
	"dancu/internal/ledger"
)

// Factor is a second factor, as its owner sees it.
type Factor struct {
	ID      string
	Kind    string // "totp" or "passkey"
	Name    string
	Created time.Time
	Used    time.Time // zero: never
}

// ChangePassword changes the own password of a session. It ends the other
// sessions, and the step has this one's new token. A wrong old password counts
// as one at the sign-in does.
func (s *Store) ChangePassword(ctx context.Context, from Client, token, old, password string) (Step, error) {
	now := s.main.Clock()
	if !s.flood.admit(from.Address, now) {
		s.flood.note(from, "address", now)
		return Step{}, refuse(fault.Exhausted, SignInBusy)
	}
	// 1. A proof is reserved; 2. the old password is compared.
	var seen *record
	var heard bool
	err := s.inSession(ctx, token, from, func(tx *ledger.Tx, h *holder) (err error) {
		seen = h.account
		heard, err = s.reserve(ctx, tx, accountSubject(seen.ID))
		return err
	})
	if err != nil {
		return Step{}, err
	}
	wrong := refuse(fault.Invalid, PasswordWrong)
	if !heard {
		return Step{}, wrong
	}
	hashing, cancel := context.WithTimeout(ctx, hashPatience)
	defer cancel()
	ok, _, err := s.hasher.Match(hashing, seen.password, old)
	settling := context.WithoutCancel(ctx) // whoever waits for it
	if err != nil {
		return Step{}, s.unheard(settling, accountSubject(seen.ID), true, err)
	}
	if ok {
		s.flood.forgive(from.Address, now)
	}
	var fresh error // what is wrong with the new one
	var hash string
	if ok {
		_, hash, fresh = s.acceptPassword(ctx, seen.ID, password)
	}
	// 3. What it comes to.
	var step Step
	var refused error
	err = s.inSession(settling, token, from, func(tx *ledger.Tx, h *holder) error {
		step, refused = Step{}, nil
		if !ok || h.account.password != seen.password {
			refused = wrong
			_, err := s.failure(ctx, tx, h.acting, "old-password")
			return err
		}
		locked, err := s.forgive(ctx, tx, accountSubject(seen.ID))
		if err != nil {
			return err
		}
		if locked {
			refused = wrong
			return nil
		}
		if fresh != nil {
			refused = fresh
			return nil
		}
		if err := s.storePassword(ctx, tx, h.acting, hash, "own"); err != nil {
			return err
		}
		step, err = s.renew(ctx, tx, h.acting)
		return err
	})
	if err == nil {
		err = refused
	}
	return step, err
}

// Factors lists the actor's own second factors.
func (s *Store) Factors(ctx context.Context, by Actor) (out []Factor, err error) {
	err = s.look(ctx, by, []Act{OwnAccount}, func(tx *db.Tx, w *acting, _ time.Time) error {
		rows, err := factorsOf(ctx, tx, w.account.ID)
		out = nil
		for _, f := range rows {
			out = append(out, f.Factor)
		}
		return err
	})
	return out, err
}

// RemoveFactor takes away an own second factor; it wants a fresh one, and the
// last cannot go.
func (s *Store) RemoveFactor(ctx context.Context, by Actor, id string) error {
	return s.act(ctx, by, OwnAccount, func(tx *ledger.Tx, w *acting) error {
		if err := s.freshly(w, tx.Now); err != nil {
			return err
		}
		rows, err := factorsOf(ctx, tx, w.account.ID)
		if err != nil {
			return err
		}
		for _, f := range rows {
			if f.ID != id {
				continue
			}
			if len(rows) == 1 {
				return refuse(fault.Conflict, FactorLast)
			}
			if err := deleteFactor(ctx, tx.Tx, id); err != nil {
				return err
			}
			return w.entry(tx, EventFactorRemoved, members{"factor": f.Kind, "factorId": f.ID})
		}
		return refuse(fault.NotFound, NotThere)
	})
}

// NewRecoveryCodes makes ten new recovery codes; the old ones are worth nothing
// any more. It wants a fresh factor.
func (s *Store) NewRecoveryCodes(ctx context.Context, by Actor) (codes []string, err error) {
	err = s.act(ctx, by, OwnAccount, func(tx *ledger.Tx, w *acting) (err error) {
		if err := s.freshly(w, tx.Now); err != nil {
			return err
		}
		codes, err = s.makeRecovery(ctx, tx, w)
		return err
	})
	return codes, err
}
