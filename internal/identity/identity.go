// Package identity keeps who may act: the accounts of people, what they know
// and hold to prove themselves, and the sessions in which they act.
//
// Every change is one transaction under the log's lock with the entry that
// tells of it, so that no account changes, nobody comes in and nobody is shut
// out without an entry (guarantee G9; TestNoEntryNoAct). An act is allowed only
// if, in that same transaction, the session of whoever does it is live, the
// account active and its kind one that may (TestDisablingBites). What a gate's
// call binds on is read under the same lock ([Store.FindOfficers]).
//
// One account is one person and one kind: duties are kept apart by [May], one
// table. No secret is stored in a form in which it could be used: passwords and
// recovery codes are hashed, tokens too, and what must be readable again (TOTP
// secrets, a citizen's number) is sealed.
package identity

import (
	"context"
	"crypto/cipher"
	"log/slog"
	"sync/atomic"

	"github.com/go-webauthn/webauthn/webauthn"

	"dancu/internal/db"
	"dancu/internal/ledger"
)

// Agencies is what identity asks about agencies; the area that owns them
// implements it.
type Agencies interface {
	// AgencyCode returns the code of the agency with this id, "" if there is
	// none.
	AgencyCode(ctx context.Context, q db.Querier, agency string) (string, error)
	// GrantsOf returns what the agency's connections have: ids of grants by id
	// of the connection. Ended connections have none.
	GrantsOf(ctx context.Context, q db.Querier, agency string) (map[string][]string, error)
}

// Config says what a Store is made of.
type Config struct {
	Main     *db.DB
	Log      *ledger.Log
	Agencies Agencies
	// EIdentity proves citizens; nil means that no citizen signs in.
	EIdentity EIdentity
	// Settings are the rules; the zero value means [DefaultSettings].
	Settings Settings
	Logger   *slog.Logger
}

// Store is the office of accounts. Its methods may be called from many
// goroutines.
type Store struct {
	cfg      Config
	main     *db.DB
	log      *ledger.Log
	set      atomic.Pointer[Settings] // see [Store.SetSettings]
	hasher   *hasher
	box      cipher.AEAD
	passkeys *webauthn.WebAuthn
	flood    flood // of sign-ins
	keyFlood flood // of keys
	twoOf    map[string]TwoPerson
}

// New returns the office of accounts over the main database and its log. The
// log must be up: the key under which secrets are sealed is made with it.
func New(ctx context.Context, cfg Config) (*Store, error) {
	set := cfg.Settings.withDefaults()
	if err := set.Check(); err != nil {
		return nil, err
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	s := &Store{
		cfg: cfg, main: cfg.Main, log: cfg.Log, hasher: newHasher(&set), twoOf: map[string]TwoPerson{},
		flood:    flood{failures: set.AddressFailures, attempts: set.AddressAttempts, window: set.AddressWindow},
		keyFlood: flood{failures: set.AddressFailures, window: set.AddressWindow},
	}
	s.set.Store(&set)
	var err error
	if s.passkeys, err = newPasskeys(&set); err != nil {
		return nil, err
	}
	if s.box, err = cfg.Log.Box(ctx, "identity"); err != nil {
		return nil, err
	}
	s.registerOwn()
	return s, nil
}

// Settings returns the rules that hold.
func (s *Store) Settings() Settings { return *s.rules() }

// rules are the rules that hold now.
func (s *Store) rules() *Settings { return s.set.Load() }

// SetSettings changes the rules while people work: what is asked next goes by the
// new ones. A session that is open keeps its end, and takes the new time without
// a request at its next. Origin, Issuer, the parameters of hashing and
// LoopbackProviders stay as they were at the start. Rules that do not hold
// together change nothing; the error is that of [Settings.Check].
func (s *Store) SetSettings(next Settings) error {
	now := s.rules()
	next.Origin, next.Issuer, next.LoopbackProviders = now.Origin, now.Issuer, now.LoopbackProviders
	next.HashMemory, next.HashTime, next.HashThreads, next.Hashes = now.HashMemory, now.HashTime, now.HashThreads, now.Hashes
	next = next.withDefaults()
	if err := next.Check(); err != nil {
		return err
	}
	s.set.Store(&next)
	s.flood.limits(next.AddressFailures, next.AddressAttempts, next.AddressWindow)
	s.keyFlood.limits(next.AddressFailures, 0, next.AddressWindow)
	return nil
}
