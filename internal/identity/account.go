package identity

import (
	"context"
	"time"
)

// State is whether an account can be used.
type State string

// The states of an account. There is no deletion: entries name accounts.
const (
	Active   State = "active"
	Disabled State = "disabled"
)

// Account is a person's account, without any secret.
type Account struct {
	ID     string // UUIDv7
	Kind   Kind
	Agency string // id of the agency; "" for staff
	Code   string // the identifier in entries, unique in its agency
	Login  string // what is typed to sign in
	Name   string // the person's name
	Unit   string // where in the agency they work; may be ""
	State  State
	Reason string // why it is in that state; may be ""

	Created     time.Time
	LastSignIn  time.Time // zero: never
	PasswordSet time.Time
	MustChange  bool      // the password is a one-time password
	LockedUntil time.Time // after too many failures; zero or past: not locked

	TOTP     bool // has an authenticator app
	Passkeys int  // passkeys and USB keys
	Recovery int  // recovery codes left

	// Rights are the grants given to an officer. Lists leave them out.
	Rights Rights
}

// Rights are ids of grants by id of the connection.
type Rights map[string][]string

// NewAccount is an account to be made.
type NewAccount struct {
	Kind   Kind
	Agency string // of agencies' accounts; an agency's administrator may leave it out: it is their own
	Code   string // 1 to 20 letters, digits, dots, hyphens, underscores
	Login  string // 3 to 64 small letters, digits, dots, hyphens, underscores, @
	Name   string // 1 to 200 bytes
	Unit   string // up to 200 bytes
}

// Issued is an account with the one-time password to hand over, which must be
// changed at the first sign-in and is nowhere to be had again.
type Issued struct {
	Account  Account
	Password string
}

// Change is what may be changed of an account; nil leaves it as it is.
type Change struct {
	Name, Unit *string
}

// Filter says which accounts to list.
type Filter struct {
	Kind   Kind   // "" for all the actor may see
	Agency string // "" for all; an agency's administrator sees the own one only
	State  State  // "" for all
	Text   string // a part of name, login or code, without regard to case and marks
	After  string // the last id of the previous page
	Limit  int    // 0 means 50, at most 500
}

// CreateAccount makes an account. The register's administrators make staff and
// agencies' administrators, an agency's administrator that agency's officers
// (Decree 70/2024/NĐ-CP Art. 10). Another register administrator takes two
// people: [Store.Propose] with [NewAdministrator]. A login or code that is
// taken is fault.Conflict.
func (s *Store) CreateAccount(ctx context.Context, by Actor, a NewAccount) (Issued, error) {
	return Issued{}, errUnbuilt
}

// ChangeAccount changes what is not a right and not a secret.
func (s *Store) ChangeAccount(ctx context.Context, by Actor, id string, c Change) error {
	return errUnbuilt
}

// DisableAccount disables an account and ends its sessions: its next request
// fails, and no look-up follows in the log's order. Nobody can disable the own
// account, nor the last active administrator of the register.
func (s *Store) DisableAccount(ctx context.Context, by Actor, id, reason string) error {
	return errUnbuilt
}

// EnableAccount makes a disabled account usable again, with a new one-time
// password: what was known before may be known to others.
func (s *Store) EnableAccount(ctx context.Context, by Actor, id, reason string) (Issued, error) {
	return Issued{}, errUnbuilt
}

// UnlockAccount ends a lock that failures set, before its time.
func (s *Store) UnlockAccount(ctx context.Context, by Actor, id, reason string) error {
	return errUnbuilt
}

// ResetPassword gives an account a new one-time password and ends its sessions.
// The second factor stays.
func (s *Store) ResetPassword(ctx context.Context, by Actor, id, reason string) (Issued, error) {
	return Issued{}, errUnbuilt
}

// ResetFactors takes all second factors and recovery codes from an account,
// gives it a new one-time password and ends its sessions; the person enrols
// again at the next sign-in. For staff it takes two people: [Store.Propose]
// with [FactorReset].
func (s *Store) ResetFactors(ctx context.Context, by Actor, id, reason string) (Issued, error) {
	return Issued{}, errUnbuilt
}

// Accounts lists the accounts the actor may see, by id. next is the After of
// the following page, "" if there is none.
func (s *Store) Accounts(ctx context.Context, by Actor, f Filter) (list []Account, next string, err error) {
	return nil, "", errUnbuilt
}

// Account returns one account with its rights. One that the actor may not see
// is fault.NotFound, as one that is not there.
func (s *Store) Account(ctx context.Context, by Actor, id string) (Account, error) {
	return Account{}, errUnbuilt
}

// AvailableRights returns what the actor's own agency has to give.
func (s *Store) AvailableRights(ctx context.Context, by Actor) (Rights, error) {
	return nil, errUnbuilt
}

// SetRights makes an officer's rights these and no others. What the agency does
// not have now is fault.Forbidden. They bind at the next call, sessions live on.
func (s *Store) SetRights(ctx context.Context, by Actor, id string, r Rights) error {
	return errUnbuilt
}
