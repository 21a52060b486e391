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

func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}
