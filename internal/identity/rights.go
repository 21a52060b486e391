package identity

import (
	"context"
	"slices"
	"time"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/fault"
	"dancu/internal/ledger"
)

// maxRights is how many grants one officer may be given.
const maxRights = 1000

// AvailableRights returns what the actor's own agency has to give.
func (s *Store) AvailableRights(ctx context.Context, by Actor) (r Rights, err error) {
	err = s.look(ctx, by, []Act{GiveRights}, func(tx *db.Tx, w *acting, _ time.Time) error {
		r, err = s.cfg.Agencies.GrantsOf(ctx, tx, w.account.Agency)
		return err
	})
	return r, err
}

// SetRights makes an officer's rights these and no others. What the agency does
// not have now is fault.Forbidden. They bind at the next call, sessions live on.
func (s *Store) SetRights(ctx context.Context, by Actor, id string, r Rights) error {
	r, n := r.tidy()
	if n > maxRights {
		return refuse(fault.Invalid, RightsBeyond)
	}
	return s.manage(ctx, by, id, giving, func(tx *ledger.Tx, w *acting, a *record) error {
		if a.Kind != AgencyOfficer {
			return refuse(fault.NotFound, NotThere)
		}
		had, err := rightsOf(ctx, tx, a.ID)
		if err != nil {
			return err
		}
		has, err := s.cfg.Agencies.GrantsOf(ctx, tx, a.Agency)
		if err != nil {
			return err
		}
		for c, grants := range r {
			for _, g := range grants {
				if !slices.Contains(has[c], g) {
					return refuse(fault.Forbidden, RightsBeyond)
				}
			}
		}
		given, taken := r.minus(had), had.minus(r)
		if len(given) == 0 && len(taken) == 0 {
			return nil
		}
		if err := replaceRights(ctx, tx.Tx, a.ID, r); err != nil {
			return err
		}
		return s.tell(ctx, tx, w, EventRightsChanged, a, members{"given": given, "taken": taken})
	})
}

// giving is the act that giving rights is, to accounts of a kind.
func giving(k Kind) Act {
	if k == AgencyOfficer {
		return GiveRights
	}
	return managing(k)
}

// tidy returns the rights sorted, each once, and how many there are.
func (r Rights) tidy() (out Rights, n int) {
	out = Rights{}
	for c, grants := range r {
		g := slices.Clone(grants)
		slices.Sort(g)
		if g = slices.Compact(g); len(g) > 0 {
			out[c] = g
			n += len(g)
		}
	}
	return out, n
}

// minus returns what is in r and not in o.
func (r Rights) minus(o Rights) Rights {
	out := Rights{}
	for c, grants := range r {
		for _, g := range grants {
			if !slices.Contains(o[c], g) {
				out[c] = append(out[c], g)
			}
		}
	}
	return out
}

// FindOfficers returns whose these sessions (public ids) are, of those that
// are live at now and an active officer's. The gate asks it in the
// transaction that commits the call, so that the end of a session, a disabled
// account and a right taken away bind there.
func (s *Store) FindOfficers(ctx context.Context, q db.Querier, sessions []string, now time.Time) (map[string]*access.OfficerStanding, error) {
	rows, err := liveOfficers(ctx, q, sessions, now)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	accounts := make([]string, len(rows))
	for i, r := range rows {
		accounts[i] = r.account
	}
	rights, err := rightsOfAll(ctx, q, accounts)
	if err != nil {
		return nil, err
	}
	out := make(map[string]*access.OfficerStanding, len(rows))
	for _, r := range rows {
		out[r.session] = &access.OfficerStanding{ID: r.code, Agency: r.agency, Grants: rights[r.account]}
	}
	return out, nil
}
