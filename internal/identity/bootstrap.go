package identity

import (
	"context"
	"encoding/json"

	"dancu/internal/fault"
	"dancu/internal/ledger"
)

// CreateFirstAdministrator makes a register administrator while there are fewer
// than two active ones: with one alone, nobody could confirm what that one
// proposes. Afterwards it takes two people. It is for the command line.
func (s *Store) CreateFirstAdministrator(ctx context.Context, by Actor, a NewAccount) (Issued, error) {
	a.Kind, a.Agency = Administrator, ""
	if err := a.check(); err != nil {
		return Issued{}, err
	}
	password, hash, err := s.oneTimePassword(ctx)
	if err != nil {
		return Issued{}, err
	}
	var r *record
	err = s.act(ctx, by, ManageStaff, func(tx *ledger.Tx, w *acting) error {
		if w.local == nil {
			return refuse(fault.Forbidden, TwoPeople)
		}
		n, err := countAdministrators(ctx, tx)
		if err != nil {
			return err
		}
		if n > 1 {
			return refuse(fault.Conflict, HasAdmin)
		}
		r, err = s.create(ctx, tx, w, a, hash, members{"first": true})
		return err
	})
	if err != nil {
		return Issued{}, err
	}
	return Issued{Account: r.Account, Password: password}, nil
}

// preparedPassword is a one-time password made before the lock.
type preparedPassword struct{ password, hash string }

func (s *Store) prepareOneTime(ctx context.Context, _ TwoPersonAct) (any, error) {
	password, hash, err := s.oneTimePassword(ctx)
	return preparedPassword{password, hash}, err
}

// newAdministrator reads the payload of that act.
func newAdministrator(a TwoPersonAct) (NewAccount, error) {
	var in struct{ Code, Login, Name, Unit string }
	if err := json.Unmarshal(a.Payload, &in); err != nil {
		return NewAccount{}, refuse(fault.Invalid, ActInvalid)
	}
	n := NewAccount{Kind: Administrator, Code: in.Code, Login: in.Login, Name: in.Name, Unit: in.Unit}
	return n, n.check()
}

// registerOwn registers the two-person acts of this area.
func (s *Store) registerOwn() {
	s.RegisterTwoPerson(NewAdministrator, TwoPerson{
		Propose: ManageStaff, Confirm: ManageStaff, Prepare: s.prepareOneTime,
		Check: func(ctx context.Context, tx *ledger.Tx, a TwoPersonAct) error {
			n, err := newAdministrator(a)
			if err != nil {
				return err
			}
			if o, err := accountByLogin(ctx, tx, n.Login); err != nil || o != nil {
				return orElse(err, refuse(fault.Conflict, LoginTaken))
			}
			if o, err := accountByCode(ctx, tx, "", n.Code); err != nil || o != nil {
				return orElse(err, refuse(fault.Conflict, CodeTaken))
			}
			return nil
		},
		Execute: func(ctx context.Context, tx *ledger.Tx, p Proposal, by Actor, prepared any) (string, error) {
			n, err := newAdministrator(p.Act)
			if err != nil {
				return "", err
			}
			w, err := s.who(ctx, tx, by, tx.Now)
			if err != nil {
				return "", err
			}
			one := prepared.(preparedPassword)
			_, err = s.create(ctx, tx, w, n, one.hash, members{"proposal": p.ID, "proposer": p.ByCode, "reason": p.Act.Reason})
			return one.password, err
		},
	})
	s.registerEnable()
	s.RegisterTwoPerson(FactorReset, TwoPerson{
		Propose: ManageStaff, Confirm: ManageStaff, Prepare: s.prepareOneTime,
		Check: func(ctx context.Context, tx *ledger.Tx, a TwoPersonAct) error {
			_, err := staffSubject(ctx, tx, a)
			return err
		},
		Execute: func(ctx context.Context, tx *ledger.Tx, p Proposal, by Actor, prepared any) (string, error) {
			r, err := staffSubject(ctx, tx, p.Act)
			if err != nil {
				return "", err
			}
			w, err := s.who(ctx, tx, by, tx.Now)
			if err != nil {
				return "", err
			}
			// Nobody is one of the two for the own account.
			if r.ID == w.account.ID || r.ID == p.By {
				return "", refuse(fault.Forbidden, OwnAccountAct)
			}
			one := prepared.(preparedPassword)
			more := members{"proposal": p.ID, "proposer": p.ByCode, "reason": p.Act.Reason}
			return one.password, s.resetFactors(ctx, tx, w, r, one.hash, more)
		},
	})
}

// registerEnable registers the enabling of an administrator.
func (s *Store) registerEnable() {
	s.RegisterTwoPerson(EnableAdministrator, TwoPerson{
		Propose: ManageStaff, Confirm: ManageStaff, Prepare: s.prepareOneTime,
		Check: func(ctx context.Context, tx *ledger.Tx, a TwoPersonAct) error {
			_, err := disabledAdministrator(ctx, tx, a)
			return err
		},
		Execute: func(ctx context.Context, tx *ledger.Tx, p Proposal, by Actor, prepared any) (string, error) {
			r, err := disabledAdministrator(ctx, tx, p.Act)
			if err != nil {
				return "", err
			}
			w, err := s.who(ctx, tx, by, tx.Now)
			if err != nil {
				return "", err
			}
			one := prepared.(preparedPassword)
			return one.password, s.enable(ctx, tx, w, r, one.hash, members{"proposal": p.ID, "proposer": p.ByCode, "reason": p.Act.Reason})
		},
	})
}

func disabledAdministrator(ctx context.Context, tx *ledger.Tx, a TwoPersonAct) (*record, error) {
	r, err := accountByID(ctx, tx, a.Subject)
	if err != nil {
		return nil, err
	}
	if r == nil || r.Kind != Administrator {
		return nil, refuse(fault.NotFound, NotThere)
	}
	if r.State != Disabled {
		return nil, refuse(fault.Conflict, WrongState)
	}
	return r, nil
}

// staffSubject is the active staff account that an act is about.
func staffSubject(ctx context.Context, tx *ledger.Tx, a TwoPersonAct) (*record, error) {
	r, err := accountByID(ctx, tx, a.Subject)
	if err != nil {
		return nil, err
	}
	if r == nil || !r.Kind.Staff() {
		return nil, refuse(fault.NotFound, NotThere)
	}
	if r.State != Active {
		return nil, refuse(fault.Conflict, WrongState)
	}
	return r, nil
}

func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}
