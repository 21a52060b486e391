package identity

import (
	"context"

	"dancu/internal/db"
	"dancu/internal/fault"
)

// KindOf returns the kind of an account, in a transaction of somebody else's:
// for areas that do what a proposer proposed. Nobody is asked whether the
// account is still active; who confirms a proposal finds that out.
func (s *Store) KindOf(ctx context.Context, q db.Querier, account string) (Kind, error) {
	r, err := accountByID(ctx, q, account)
	if err != nil {
		return "", err
	}
	if r == nil {
		return "", refuse(fault.NotFound, NotThere)
	}
	return r.Kind, nil
}
