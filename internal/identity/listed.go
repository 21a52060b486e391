package identity

import (
	"context"
	"maps"
	"slices"
	"time"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/fault"
)

// Listed is a proposal as its page shows it.
type Listed struct {
	Proposal
	Title access.Text
	Shown Shown
	// Confirmers are the kinds of account that may confirm it.
	Confirmers []Kind
	// Own says that the reader proposed it, MayConfirm that the reader may
	// confirm it, with a fresh factor.
	Own, MayConfirm bool
}

// ProposalFilter says which proposals to list.
type ProposalFilter struct {
	Kind string // "" for all the actor may propose or confirm
	// Subject is the id of what they are about; "" for all.
	Subject string
	State   ProposalState // "" for all
	After   string        // the last id of the previous page
	Limit   int           // 0 means 50, at most 500
}

// ActKind is a kind of two-person act, as the filter of a page offers it.
type ActKind struct {
	Kind  string
	Title access.Text
}

// ActKinds returns the kinds of two-person act that accounts of a kind may
// propose or confirm, by their words.
func (s *Store) ActKinds(k Kind) (out []ActKind) {
	for _, kind := range slices.Sorted(maps.Keys(s.twoOf)) {
		if t := s.twoOf[kind]; May(k, t.Propose) || May(k, t.Confirm) {
			out = append(out, ActKind{kind, t.Title})
		}
	}
	return out
}

// MayPropose reports whether accounts of a kind may propose this kind of
// two-person act.
func (s *Store) MayPropose(k Kind, kind string) bool {
	t, ok := s.twoOf[kind]
	return ok && May(k, t.Propose)
}

// Proposals lists the proposals that the actor may propose or confirm, and at
// the machine all of them, newest first. next is the After of the following page, "" if there is none.
func (s *Store) Proposals(ctx context.Context, by Actor, f ProposalFilter) (out []Listed, next string, err error) {
	if f.Limit == 0 {
		f.Limit = defaultPage
	}
	if f.Limit < 0 || f.Limit > maxPage || !textFits(f.Kind, maxName) || !textFits(f.Subject, maxName) || !textFits(f.After, maxName) || !textFits(string(f.State), maxName) {
		return nil, "", refuse(fault.Invalid, TextInvalid)
	}
	err = s.look(ctx, by, forTwo, func(tx *db.Tx, w *acting, now time.Time) error {
		out, next = nil, ""
		if w.account == nil && w.local == nil {
			return refuse(fault.Forbidden, NotAllowed)
		}
		kinds := []string{} // never null: an empty list is none
		for kind, t := range s.twoOf {
			if (f.Kind == "" || f.Kind == kind) && w.concerned(&t) {
				kinds = append(kinds, kind)
			}
		}
		list, err := newestProposals(ctx, tx, kinds, f, now)
		if err != nil {
			return err
		}
		if len(list) > f.Limit {
			list = list[:f.Limit]
			next = list[f.Limit-1].ID
		}
		for _, p := range list {
			one, err := s.listed(ctx, tx, w, p, now)
			if err != nil {
				return err
			}
			out = append(out, one)
		}
		return nil
	})
	return out, next, err
}

func (s *Store) listed(ctx context.Context, q db.Querier, w *acting, p Proposal, now time.Time) (Listed, error) {
	t := s.twoOf[p.Act.Kind]
	if p.State == Proposed && !now.Before(p.Expires) {
		p.State = Lapsed // the sweep has not been here yet
	}
	l := Listed{Proposal: p, Title: t.Title, Own: w.account != nil && p.By == w.account.ID}
	for _, k := range Kinds {
		if May(k, t.Confirm) {
			l.Confirmers = append(l.Confirmers, k)
		}
	}
	l.MayConfirm = p.State == Proposed && !l.Own && w.account != nil && w.key == nil && w.may(t.Confirm)
	var err error
	if l.Shown, err = t.Show(ctx, q, p.Act); err != nil && !fault.Is(err, fault.NotFound) {
		return l, err
	}
	return l, nil
}
