package identity

import (
	"context"
	"time"
)

// Factor is a second factor, as its owner sees it.
type Factor struct {
	ID      string
	Kind    string // "totp" or "passkey"
	Name    string
	Created time.Time
	Used    time.Time // zero: never
}

// ChangePassword changes the own password of a session. It ends the other
// sessions, and the step has this one's new token.
func (s *Store) ChangePassword(ctx context.Context, from Client, token, old, password string) (Step, error) {
	return Step{}, errUnbuilt
}

// Factors lists the actor's own second factors.
func (s *Store) Factors(ctx context.Context, by Actor) ([]Factor, error) { return nil, errUnbuilt }

// RemoveFactor takes away an own second factor; it wants a fresh one, and the
// last cannot go.
func (s *Store) RemoveFactor(ctx context.Context, by Actor, id string) error { return errUnbuilt }

// NewRecoveryCodes makes ten new recovery codes; the old ones are worth nothing
// any more. It wants a fresh factor.
func (s *Store) NewRecoveryCodes(ctx context.Context, by Actor) ([]string, error) {
	return nil, errUnbuilt
}
