package identity

import (
	"context"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/fault"
	"dancu/internal/ledger"
)

// registerOwn registers the two-person acts of this area.
func (s *Store) registerOwn() {
	s.RegisterTwoPerson(NewAdministrator, TwoPerson{
		Title:   access.Text{VI: "Tạo tài khoản quản trị CSDL", EN: "New register administrator"},
		Propose: ManageStaff, Confirm: ManageStaff, Prepare: s.prepareOneTime,
		Show: func(_ context.Context, _ db.Querier, a TwoPersonAct) (Shown, error) {
			n, err := newAdministrator(a)
			if err != nil {
				return Shown{}, err
			}
			out := Shown{About: same(n.Name + " · " + n.Login), Details: []Detail{{access.Text{VI: "Mã trong nhật ký", EN: "Code in the log"}, same(n.Code)}}}
			if n.Unit != "" {
				out.Details = append(out.Details, Detail{access.Text{VI: "Đơn vị", EN: "Unit"}, same(n.Unit)})
			}
			return out, nil
		},
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
			_, err = s.create(ctx, tx, w, n, one.hash, p.more())
			return one.password, err
		},
	})
	s.registerOnStaff(FactorReset, access.Text{VI: "Đặt lại xác thực bước hai của cán bộ quản lý CSDL", EN: "Reset a staff member’s second step"}, Active,
		func(Kind) bool { return true }, s.resetFactors)
	s.registerOnStaff(EnableAdministrator, access.Text{VI: "Mở lại tài khoản của người quản trị CSDL", EN: "Enable a register administrator"}, Disabled,
		func(k Kind) bool { return k == Administrator }, s.enable)
	s.registerOnStaff(EnableStaff, access.Text{VI: "Mở lại tài khoản cán bộ quản lý CSDL chưa có xác thực bước hai", EN: "Enable a staff member without a second step"}, Disabled,
		func(k Kind) bool { return k != Administrator }, s.enable)
}

// registerOnStaff registers an act on a staff account in a state, which gives it
// a one-time password.
func (s *Store) registerOnStaff(kind string, title access.Text, in State, of func(Kind) bool,
	do func(ctx context.Context, tx *ledger.Tx, w *acting, r *record, hash string, more members) error,
) {
	subject := func(ctx context.Context, tx *ledger.Tx, a TwoPersonAct) (*record, error) {
		r, err := accountByID(ctx, tx, a.Subject)
		switch {
		case err != nil:
			return nil, err
		case r == nil || !r.Kind.Staff() || !of(r.Kind):
			return nil, refuse(fault.NotFound, NotThere)
		case r.State != in:
			return nil, refuse(fault.Conflict, WrongState)
		}
		return r, nil
	}
	s.RegisterTwoPerson(kind, TwoPerson{
		Title: title, Propose: ManageStaff, Confirm: ManageStaff, Prepare: s.prepareOneTime, Show: showAccount,
		Check: func(ctx context.Context, tx *ledger.Tx, a TwoPersonAct) error {
			_, err := subject(ctx, tx, a)
			return err
		},
		Execute: func(ctx context.Context, tx *ledger.Tx, p Proposal, by Actor, prepared any) (string, error) {
			r, err := subject(ctx, tx, p.Act)
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
			return one.password, do(ctx, tx, w, r, one.hash, p.more())
		},
	})
}

// more is what the entry of the act itself says of the proposal.
func (p *Proposal) more() members {
	return members{"proposal": p.ID, "proposer": p.ByCode, "reason": p.Act.Reason}
}

// showAccount shows whose account an act is about.
func showAccount(ctx context.Context, q db.Querier, a TwoPersonAct) (Shown, error) {
	r, err := accountByID(ctx, q, a.Subject)
	if err != nil {
		return Shown{}, err
	}
	if r == nil {
		return Shown{}, refuse(fault.NotFound, NotThere)
	}
	return Shown{About: same(r.Name + " · " + r.Login), Path: "/staff/" + r.ID}, nil
}

// same is a text that is the same in both languages.
func same(s string) access.Text { return access.Text{VI: s, EN: s} }
