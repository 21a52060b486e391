package identity

import (
	"context"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"dancu/internal/fault"
	"dancu/internal/ledger"
	"dancu/verify"
)

// EIdentity proves who a citizen is: the national e-identification, or in a
// demonstration something that looks like it.
type EIdentity interface {
	// Demo reports whether this is a demonstration, which every page says.
	Demo() bool
	// Identify returns the PIN of whoever gives these answers, or an error of
	// kind fault.Unauthenticated. It never returns another's number.
	Identify(ctx context.Context, a CitizenAnswer) (pin string, err error)
}

// CitizenAnswer is what a citizen gives to be known.
type CitizenAnswer struct {
	PIN  string
	Code string
}

// SignInCitizen signs a citizen in. Failures are limited by person and address
// as an account's.
func (s *Store) SignInCitizen(ctx context.Context, from Client, a CitizenAnswer) (Step, error) {
	if s.cfg.EIdentity == nil {
		return Step{}, refuse(fault.NotFound, CitizensAbsent)
	}
	now := s.main.Clock()
	if !s.flood.admit(from.Address, now) {
		s.flood.note(from, "address", now)
		return Step{}, refuse(fault.Exhausted, SignInBusy)
	}
	pseudonym, err := s.log.Pseudonym(a.PIN)
	if err != nil {
		return Step{}, err
	}
	subject := "c:" + hex.EncodeToString(pseudonym[:])
	var heard bool
	err = s.log.Write(ctx, func(tx *ledger.Tx) (err error) {
		heard, err = s.reserve(ctx, tx, subject)
		return err
	})
	if err != nil {
		return Step{}, err
	}
	var pin string
	if heard {
		if pin, err = s.cfg.EIdentity.Identify(ctx, a); err != nil && !fault.Is(err, fault.Unauthenticated) {
			return Step{}, s.unheard(context.WithoutCancel(ctx), subject, true, err)
		}
	}
	ctx = context.WithoutCancel(ctx) // the proof is settled, whoever waits for it
	var step Step
	err = s.log.Write(ctx, func(tx *ledger.Tx) (err error) {
		step = Step{}
		if pin == "" {
			if !heard {
				return nil
			}
			_, _, err := s.failed(ctx, tx, subject)
			return err
		}
		locked, err := s.forgive(ctx, tx, subject)
		if err != nil || locked {
			return err
		}
		if err := dropAttempt(ctx, tx.Tx, subject); err != nil {
			return err
		}
		step, err = s.openCitizen(ctx, tx, from, pin)
		return err
	})
	if err != nil {
		return Step{}, err
	}
	if step.Token == "" {
		s.flood.note(from, "citizen", now)
		return Step{}, refuse(fault.Unauthenticated, SignInFailed)
	}
	s.flood.succeed(from.Address, now)
	return step, nil
}

// personPurpose parts what is sealed for one session from all others.
func personPurpose(session string) string { return "person/" + session }

func (s *Store) openCitizen(ctx context.Context, tx *ledger.Tx, from Client, pin string) (Step, error) {
	row := &sessionRow{
		id: newID(), kind: Citizen, method: methodCitizen, started: tx.Now, seen: tx.Now, factor: tx.Now,
		idleUntil: tx.Now.Add(s.idle(Citizen)), endsBy: tx.Now.Add(s.absolute(Citizen)),
		address: from.address(), agent: from.agent(),
	}
	row.person = s.Seal(personPurpose(row.id), []byte(pin))
	token, hash := newToken()
	if err := insertSession(ctx, tx.Tx, row, hash); err != nil {
		return Step{}, err
	}
	w := &acting{session: row, from: from}
	if err := w.citizenEntry(tx, pin, members{"method": methodCitizen, "endsBy": moment(row.endsBy), "demo": s.cfg.EIdentity.Demo()}); err != nil {
		return Step{}, err
	}
	session, err := s.session(ctx, tx, row, nil, tx.Now)
	return Step{Token: token, Session: session}, err
}

// citizenEntry is the entry of a citizen's sign-in. It is found by the number,
// which stands in a part of its own, sealed like the keys of a look-up.
func (w *acting) citizenEntry(tx *ledger.Tx, pin string, m members) error {
	actor := w.actor()
	if a := w.from.agent(); a != "" {
		m["agent"] = a
	}
	if actor.Address != "" {
		m["address"] = actor.Address
	}
	e, err := ledger.EventEntry(EventSessionOpened, actor, m)
	if err != nil {
		return err
	}
	raw, err := json.Marshal(map[string]string{"pin": pin})
	if err != nil {
		return err
	}
	data, err := verify.Canonical(raw)
	if err != nil {
		return fmt.Errorf("couldn't encode whose session it is: %w", err)
	}
	e.Add(ledger.PartKeys, data)
	e.Find(ledger.TermPerson, pin)
	tx.Append(e, ledger.Outcome{})
	return nil
}

// PersonOf returns the PIN of a live citizen session. It is for that citizen's
// own pages, and never goes into an address or a log.
func (s *Store) PersonOf(ctx context.Context, sessionID string) (pin string, err error) {
	row, err := sessionByID(ctx, s.main, sessionID)
	if err != nil {
		return "", err
	}
	if code := over(row, s.main.Clock()); code != "" {
		return "", refuse(fault.Unauthenticated, code)
	}
	if row.kind != Citizen {
		return "", refuse(fault.Forbidden, NotAllowed)
	}
	plain, err := s.Open(personPurpose(row.id), row.person)
	if err != nil {
		return "", fault.Wrap(fault.Internal, err, "a stored number does not open")
	}
	return string(plain), nil
}

// EIdentityDemo reports whether citizens sign in (ok), and whether that is a
// demonstration.
func (s *Store) EIdentityDemo() (demo, ok bool) {
	if s.cfg.EIdentity == nil {
		return false, false
	}
	return s.cfg.EIdentity.Demo(), true
}

// DemoEIdentity knows synthetic people only, by a code that is no secret. It is
// for demonstrations: whoever is not synthetic is refused.
type DemoEIdentity struct {
	// Code is the code everybody has.
	Code string
	// Synthetic reports whether the number is that of a made-up person.
	Synthetic func(ctx context.Context, pin string) (bool, error)
}

// Demo is true.
func (DemoEIdentity) Demo() bool { return true }

// Identify knows synthetic people by the demonstration's code.
func (d DemoEIdentity) Identify(ctx context.Context, a CitizenAnswer) (string, error) {
	no := refuse(fault.Unauthenticated, SignInFailed)
	if d.Code == "" || subtle.ConstantTimeCompare([]byte(d.Code), []byte(a.Code)) != 1 || d.Synthetic == nil {
		return "", no
	}
	ok, err := d.Synthetic(ctx, a.PIN)
	if err != nil {
		return "", err
	}
	if !ok {
		return "", no
	}
	return a.PIN, nil
}
