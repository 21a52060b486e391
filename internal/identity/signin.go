package identity

import (
	"context"
	"time"
)

// Need is what a sign-in still lacks. The order is that of the constants.
type Need string

// The needs.
const (
	NeedFactor   Need = "factor"   // [Store.GiveFactor]
	NeedPassword Need = "password" // [Store.SetPassword]: the first, or one too old
	NeedEnrol    Need = "enrol"    // [Store.Enrol]: there is no second factor yet
	NeedNothing  Need = ""         // signed in
)

// Step is where a sign-in is after a step. Every step has a new token, and the
// one before is worth nothing any more: nobody who knew it comes along.
type Step struct {
	// Token is the browser's secret: of the pending sign-in, which has no
	// rights whatever, or when Need is NeedNothing of the session.
	Token string
	Need  Need
	// Expires is when the pending sign-in lapses.
	Expires time.Time
	// Session is set when signed in.
	Session *Session
	// Recovery are the recovery codes, once, after the first factor was enrolled.
	Recovery []string
}

// Pending is what may be shown of a sign-in that has not ended.
type Pending struct {
	Need     Need
	Expires  time.Time
	Kind     Kind
	Login    string
	TOTP     bool // an authenticator app can answer
	Passkey  bool // a passkey can answer
	Recovery bool // recovery codes are left
}

// Proof is a second factor shown: one of the two.
type Proof struct {
	Code    string // of the authenticator app, or a recovery code
	Passkey []byte // the browser's answer to PasskeyChallenge, JSON
}

// Enrolment is a new second factor: a code that shows that the app has the
// secret, or a passkey.
type Enrolment struct {
	Name    string // the person's name for it, like "key on my ring"; may be ""
	Code    string // of the app, to the secret of OfferTOTP
	Passkey []byte // the browser's answer to OfferPasskey, JSON
}

// TOTPOffer is a secret for an authenticator app. It is offered once: the next
// offer is another secret.
type TOTPOffer struct {
	Secret string // base32, to type
	URL    string // otpauth://
	PNG    []byte // the same as a picture, 256 × 256
}

// Begin takes login and password. An unknown login, a wrong password, a locked
// and a disabled account cost the same and read alike ([SignInFailed]).
func (s *Store) Begin(ctx context.Context, from Client, login, password string) (Step, error) {
	return Step{}, errUnbuilt
}

// Pending returns what a pending sign-in needs; a token that is none is
// [SignInGone].
func (s *Store) Pending(ctx context.Context, token string) (Pending, error) {
	return Pending{}, errUnbuilt
}

// PasskeyChallenge returns the JSON that the browser's credentials.get wants,
// for a pending sign-in that needs a factor or for a session ([Store.StepUp]).
func (s *Store) PasskeyChallenge(ctx context.Context, token string) ([]byte, error) {
	return nil, errUnbuilt
}

// GiveFactor takes the second factor of a pending sign-in.
func (s *Store) GiveFactor(ctx context.Context, from Client, token string, p Proof) (Step, error) {
	return Step{}, errUnbuilt
}

// SetPassword sets the new password that a pending sign-in needs.
func (s *Store) SetPassword(ctx context.Context, from Client, token, password string) (Step, error) {
	return Step{}, errUnbuilt
}

// OfferTOTP begins the enrolment of an authenticator app, for a pending sign-in
// that needs one or for a session with a fresh factor.
func (s *Store) OfferTOTP(ctx context.Context, token string) (TOTPOffer, error) {
	return TOTPOffer{}, errUnbuilt
}

// OfferPasskey is the same for a passkey or USB key: it returns the JSON that
// the browser's credentials.create wants.
func (s *Store) OfferPasskey(ctx context.Context, token string) ([]byte, error) {
	return nil, errUnbuilt
}

// Enrol enrols what was offered. For a pending sign-in it is the last step; for
// a session it adds a factor, and the step has the session's new token.
func (s *Store) Enrol(ctx context.Context, from Client, token string, e Enrolment) (Step, error) {
	return Step{}, errUnbuilt
}

// Abandon gives a pending sign-in up.
func (s *Store) Abandon(ctx context.Context, token string) error { return errUnbuilt }
