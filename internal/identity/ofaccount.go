package identity

import (
	"context"
	"slices"
	"strings"
	"time"

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

// Still says, in a transaction of somebody else's, whether somebody may still do
// what it was made for. Its errors are those of an act.
type Still = func(ctx context.Context, q db.Querier, now time.Time) error

// StillOf returns what says, in a transaction of somebody else's, whether an
// account is still active and of a kind that may do this: for work that outlives
// the session in which it was asked for.
func (s *Store) StillOf(account string, a Act) Still {
	return func(ctx context.Context, q db.Querier, _ time.Time) error {
		r, err := accountByID(ctx, q, account)
		if err != nil {
			return err
		}
		if r == nil || r.State != Active || !May(r.Kind, a) {
			return refuse(fault.Forbidden, NotAllowed)
		}
		return nil
	}
}

// Referred returns which of these ids stand in what waits for a second person:
// for areas that keep what acts refer to.
func (s *Store) Referred(ctx context.Context, ids []string) (out []string, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	waiting, err := payloads(ctx, s.main)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if slices.ContainsFunc(waiting, func(p string) bool { return strings.Contains(p, id) }) {
			out = append(out, id)
		}
	}
	return out, nil
}
