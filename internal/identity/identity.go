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
	set      Settings
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
		cfg: cfg, main: cfg.Main, log: cfg.Log, set: set, hasher: newHasher(&set), twoOf: map[string]TwoPerson{},
		flood:    flood{failures: set.AddressFailures, attempts: set.AddressAttempts, window: set.AddressWindow},
		keyFlood: flood{failures: set.AddressFailures, window: set.AddressWindow},
	}
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
func (s *Store) Settings() Settings { return s.set }
