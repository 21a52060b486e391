package identity

import (
	"context"
	"time"
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

// OpenReview opens the review of the actor's scope, or returns the open one.
func (s *Store) OpenReview(ctx context.Context, by Actor) (Review, error) {
	return Review{}, errUnbuilt
}

// Review returns a review of the actor's scope with its accounts.
func (s *Store) Review(ctx context.Context, by Actor, id string) (Review, error) {
	return Review{}, errUnbuilt
}

// DecideReview keeps or disables one account of an open review. Disabling takes
// effect at once and needs a note.
func (s *Store) DecideReview(ctx context.Context, by Actor, review, account string, keep bool, note string) error {
	return errUnbuilt
}

// SignReview ends a review in which every account is decided.
func (s *Store) SignReview(ctx context.Context, by Actor, id string) error { return errUnbuilt }

// ReviewsDue says when reviews are due: the actor's own scope's, and for the
// register's administrators also every agency's.
func (s *Store) ReviewsDue(ctx context.Context, by Actor) ([]ReviewDue, error) {
	return nil, errUnbuilt
}
