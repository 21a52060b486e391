package identity

import (
	"context"
	"slices"
	"strings"
	"time"

	"dancu/internal/db"
	"dancu/internal/fault"
	"dancu/internal/ledger"
)

// Review is one going through of an account list (quarterly: QCVN 12:2026/BCA
// 3.7.2). Its scope is the register ("": staff and agencies' administrators) or
// one agency (its officers and administrators).
type Review struct {
	ID     string
	Agency string // "" for the register's
	Opened time.Time
	By     string    // account id of who opened it
	Signed time.Time // zero: still open
	Items  []ReviewItem
}

// ReviewItem is one account in a review.
type ReviewItem struct {
	Account Account
	Verdict string // "", "kept" or "disabled"
	Note    string
	Decided time.Time
}

// ReviewDue says when a scope's next review is due.
type ReviewDue struct {
	Agency  string    // "" for the register's
	Last    time.Time // last sign-off; zero: none so far
	Due     time.Time
	Overdue bool
	Open    string // id of the open review, ""
}

// The verdicts of a review.
const (
	verdictKept     = "kept"
	verdictDisabled = "disabled"
)

// scope is whose accounts who acts reviews.
func (w *acting) scope() (agency string, err error) {
	switch {
	case w.account == nil:
		return "", refuse(fault.Forbidden, NotAllowed)
	case w.may(ReviewStaff):
		return "", nil
	case w.may(ReviewOfficers):
		return w.account.Agency, nil
	}
	return "", refuse(fault.Forbidden, NotAllowed)
}

// reviewedKinds are the kinds of account in a review. An agency's
// administrators stand in the register's, which issued them.
func reviewedKinds(agency string) (kinds []Kind) {
	if agency != "" {
		return []Kind{AgencyOfficer}
	}
	for _, k := range Kinds {
		if k.Staff() || k == AgencyAdmin {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// reviewing runs fn as an act on a review of who acts's scope.
func (s *Store) reviewing(ctx context.Context, by Actor, fn func(tx *ledger.Tx, w *acting, agency string) error) error {
	return s.log.Write(ctx, func(tx *ledger.Tx) error {
		w, err := s.who(ctx, tx, by, tx.Now)
		if err != nil {
			return err
		}
		agency, err := w.scope()
		if err != nil {
			return err
		}
		return fn(tx, w, agency)
	})
}

// OpenReview opens the review of the actor's scope, or returns the open one.
// It takes in the accounts that are active now.
func (s *Store) OpenReview(ctx context.Context, by Actor) (Review, error) {
	var out Review
	err := s.reviewing(ctx, by, func(tx *ledger.Tx, w *acting, agency string) error {
		open, err := openReview(ctx, tx, agency)
		if err != nil {
			return err
		}
		if open == nil {
			open = &Review{ID: newID(), Agency: agency, Opened: tx.Now, By: w.account.ID}
			n, err := insertReview(ctx, tx.Tx, open, reviewedKinds(agency))
			if err != nil {
				return err
			}
			if err := w.entry(tx, EventReviewOpened, members{"review": open.ID, "accounts": n}); err != nil {
				return err
			}
		}
		out = *open
		out.Items, err = s.reviewItems(ctx, tx, out.ID)
		return err
	})
	return out, err
}

// Review returns a review of the actor's scope with its accounts.
func (s *Store) Review(ctx context.Context, by Actor, id string) (Review, error) {
	var out Review
	err := s.look(ctx, by, []Act{ReviewStaff, ReviewOfficers}, func(tx *db.Tx, w *acting, _ time.Time) error {
		agency, err := w.scope()
		if err != nil {
			return err
		}
		r, err := reviewByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if r == nil || r.Agency != agency {
			return refuse(fault.NotFound, NotThere)
		}
		out = *r
		out.Items, err = s.reviewItems(ctx, tx, id)
		return err
	})
	return out, err
}

func (s *Store) reviewItems(ctx context.Context, q db.Querier, id string) ([]ReviewItem, error) {
	items, err := reviewAccounts(ctx, q, id)
	if err != nil {
		return nil, err
	}
	var officers []string
	for i := range items {
		if a := &items[i].Account; a.Kind == AgencyOfficer {
			officers = append(officers, a.ID)
		}
	}
	if len(officers) == 0 {
		return items, nil
	}
	rights, err := rightsOfAll(ctx, q, officers)
	for i := range items {
		items[i].Account.Rights = rights[items[i].Account.ID]
	}
	return items, err
}

// DecideReview keeps or disables one account of an open review. Disabling takes
// effect at once and needs a note. What is decided can be decided again until
// the review is signed, but what was disabled is only enabled as ever.
func (s *Store) DecideReview(ctx context.Context, by Actor, review, account string, keep bool, note string) error {
	if note = strings.TrimSpace(note); !textFits(note, maxText) {
		return refuse(fault.Invalid, TextInvalid)
	}
	if !keep {
		if err := checkReason(&note); err != nil {
			return err
		}
	}
	return s.reviewing(ctx, by, func(tx *ledger.Tx, w *acting, agency string) error {
		if err := s.unsigned(ctx, tx, review, agency); err != nil {
			return err
		}
		rows, err := reviewRows(ctx, tx, review)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(rows, func(r reviewRow) bool { return r.account == account })
		if i < 0 {
			return refuse(fault.NotFound, NotThere)
		}
		r, err := accountByID(ctx, tx, account)
		if err != nil {
			return err
		}
		if r == nil {
			return refuse(fault.NotFound, NotThere)
		}
		row := rows[i]
		row.Verdict, row.Note, row.Decided = verdictKept, note, tx.Now
		switch {
		case !keep && r.ID == w.account.ID:
			return refuse(fault.Forbidden, OwnAccountAct)
		case !keep:
			row.Verdict = verdictDisabled
			if r.State == Active {
				if err := s.disable(ctx, tx, w, r, note); err != nil {
					return err
				}
			}
		case r.State != Active:
			return refuse(fault.Conflict, WrongState)
		}
		if err := updateReviewItem(ctx, tx.Tx, review, row); err != nil {
			return err
		}
		return s.tell(ctx, tx, w, EventReviewDecided, r, members{"review": review, "verdict": row.Verdict, "note": note})
	})
}

// unsigned refuses a review that is not of this scope or is over.
func (s *Store) unsigned(ctx context.Context, tx *ledger.Tx, id, agency string) error {
	r, err := reviewByID(ctx, tx, id)
	if err != nil {
		return err
	}
	if r == nil || r.Agency != agency {
		return refuse(fault.NotFound, NotThere)
	}
	if !r.Signed.IsZero() {
		return refuse(fault.Conflict, ReviewSigned)
	}
	return nil
}

// SignReview ends a review in which every account is decided. It wants a fresh
// factor: it is a signature.
func (s *Store) SignReview(ctx context.Context, by Actor, id string) error {
	return s.reviewing(ctx, by, func(tx *ledger.Tx, w *acting, agency string) error {
		if err := s.unsigned(ctx, tx, id, agency); err != nil {
			return err
		}
		if err := s.freshly(w, tx.Now); err != nil {
			return err
		}
		rows, err := reviewRows(ctx, tx, id)
		if err != nil {
			return err
		}
		kept, disabled := 0, 0
		for _, row := range rows {
			switch row.Verdict {
			case verdictKept:
				kept++
			case verdictDisabled:
				disabled++
			default:
				return refuse(fault.Conflict, ReviewUndecided)
			}
		}
		if err := signReview(ctx, tx.Tx, id, w.account.ID, tx.Now); err != nil {
			return err
		}
		return w.entry(tx, EventReviewSigned, members{"review": id, "kept": kept, "disabled": disabled})
	})
}

// ReviewsDue says when reviews are due: the actor's own scope's, and for the
// register's administrators also every agency's that has accounts.
func (s *Store) ReviewsDue(ctx context.Context, by Actor) (out []ReviewDue, err error) {
	err = s.look(ctx, by, []Act{ReviewStaff, ReviewOfficers}, func(tx *db.Tx, w *acting, now time.Time) error {
		own, err := w.scope()
		if err != nil {
			return err
		}
		scopes := []string{own}
		if own == "" {
			agencies, err := agenciesWithAccounts(ctx, tx)
			if err != nil {
				return err
			}
			scopes = append(scopes, agencies...)
		}
		out = nil
		for _, agency := range scopes {
			last, first, open, err := reviewTimes(ctx, tx, agency, reviewedKinds(agency))
			if err != nil {
				return err
			}
			if first.IsZero() {
				continue // there are no accounts to review
			}
			d := ReviewDue{Agency: agency, Last: last, Open: open, Due: first.Add(s.rules().ReviewEvery)}
			if !last.IsZero() {
				d.Due = last.Add(s.rules().ReviewEvery)
			}
			d.Overdue = !now.Before(d.Due)
			out = append(out, d)
		}
		return nil
	})
	return out, err
}
