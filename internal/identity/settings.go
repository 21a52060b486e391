package identity

import (
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"time"

	"dancu/internal/fault"
)

// Settings are the rules of accounts. The zero value of a field means its
// default (see [DefaultSettings]).
type Settings struct {
	// Origin is the console's public address ("https://dancu.example.vn"): to
	// it passkeys and provider sign-ins are bound.
	Origin string
	// Issuer is the name that authenticator apps show.
	Issuer string

	// PasswordLength is the least number of characters of a password beside a
	// second factor; the password then has letters of both cases, digits and
	// signs (QCVN 12:2026/BCA 3.7.2). PasswordLengthAlone is the least without
	// a second factor, or for one that is not mixed.
	PasswordLength      int
	PasswordLengthAlone int
	// PasswordHistory is how many former passwords may not come back.
	PasswordHistory int
	// AdminPasswordAge is how long a password of those who administer holds.
	AdminPasswordAge time.Duration
	// PasswordAge is the same for others; 0 means for ever.
	PasswordAge time.Duration

	// HashMemory (KiB), HashTime and HashThreads are argon2id's parameters;
	// Hashes is how many are computed at once. A password hashed with others is
	// hashed again when it is next typed.
	HashMemory  uint32
	HashTime    uint32
	HashThreads uint8
	Hashes      int

	// Failures is after how many failed proofs in a row an account is locked
	// (at most 5), LockTime for how long the first time; it doubles with each
	// further lock up to MaxLockTime.
	Failures    int
	LockTime    time.Duration
	MaxLockTime time.Duration
	// AddressFailures is how many failed proofs one address (IPv6: one /64) has
	// in AddressWindow before it is refused unheard; AddressAttempts the same
	// for steps of sign-ins that did not end in a session.
	AddressFailures int
	AddressAttempts int
	AddressWindow   time.Duration

	// LoopbackProviders lets an agency's provider be on this very machine
	// without TLS, for demonstrations and tests; false: https alone.
	LoopbackProviders bool

	// SignInTime is how long a sign-in may take from its first step.
	SignInTime time.Duration
	// OneTimePassword is how long a one-time password can be used.
	OneTimePassword time.Duration
	// Idle and AdminIdle are how long a session lives without a request, the
	// second for those who administer; Absolute and AdminAbsolute how long at
	// all; CitizenIdle and CitizenAbsolute the same for citizens.
	Idle, AdminIdle, CitizenIdle             time.Duration
	Absolute, AdminAbsolute, CitizenAbsolute time.Duration
	// FreshFactor is how old the second factor may be for acts that ask for a
	// fresh one.
	FreshFactor time.Duration
	// Inactive is after how long without a sign-in an account is disabled.
	Inactive time.Duration
	// ReviewEvery is how often account lists are reviewed.
	ReviewEvery time.Duration
	// ProposalTime is how long a proposed two-person act waits; Proposals is how
	// many of one kind may wait that one person proposed.
	ProposalTime time.Duration
	Proposals    int

	// Keys is how many live API keys an account has at most, KeyTerm how long one
	// holds where its owner says nothing, MaxKeyTerm how long at most.
	Keys                int
	KeyTerm, MaxKeyTerm time.Duration
}

// DefaultSettings are those of QCVN 12:2026/BCA 3.7.2 and TCVN 14423:2026
// where these say a number.
func DefaultSettings() Settings {
	return Settings{
		Origin: "https://localhost:8445", Issuer: "dancu",
		PasswordLength: 8, PasswordLengthAlone: 14, PasswordHistory: 10, AdminPasswordAge: 60 * 24 * time.Hour,
		HashMemory: 46 << 10, HashTime: 1, HashThreads: 1, Hashes: 4,
		Failures: 5, LockTime: 15 * time.Minute, MaxLockTime: 24 * time.Hour,
		AddressFailures: 30, AddressAttempts: 120, AddressWindow: 10 * time.Minute,
		SignInTime: 10 * time.Minute, OneTimePassword: 7 * 24 * time.Hour,
		Idle: 15 * time.Minute, AdminIdle: 5 * time.Minute, CitizenIdle: 10 * time.Minute,
		Absolute: 10 * time.Hour, AdminAbsolute: 8 * time.Hour, CitizenAbsolute: time.Hour,
		FreshFactor: 5 * time.Minute, Inactive: 45 * 24 * time.Hour, ReviewEvery: 92 * 24 * time.Hour,
		ProposalTime: 72 * time.Hour, Proposals: 20,
		Keys: 5, KeyTerm: 30 * 24 * time.Hour, MaxKeyTerm: 90 * 24 * time.Hour,
	}
}

// withDefaults returns the settings with the defaults where nothing is said.
func (set Settings) withDefaults() Settings {
	v, d := reflect.ValueOf(&set).Elem(), reflect.ValueOf(DefaultSettings())
	for i := range v.NumField() {
		if v.Field(i).IsZero() {
			v.Field(i).Set(d.Field(i))
		}
	}
	return set
}

// Check says everything that is wrong with the settings: they may be stricter
// than the rules, not laxer. The error is of kind fault.Invalid.
func (set *Settings) Check() error {
	var errs []error
	bad := func(name, format string, args ...any) {
		errs = append(errs, fault.New(fault.Invalid, "%s: %s", name, fmt.Sprintf(format, args...)))
	}
	if u, err := url.Parse(set.Origin); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.Path != "" && u.Path != "/" {
		bad("origin", "must be like https://dancu.example.vn")
	}
	for _, n := range []struct {
		name         string
		v, low, high int64
	}{
		{"password_length", int64(set.PasswordLength), 8, 64},
		{"password_length_alone", int64(set.PasswordLengthAlone), 14, 128},
		{"password_history", int64(set.PasswordHistory), 10, 100},
		{"hash_memory", int64(set.HashMemory), 64, 1 << 20},
		{"hash_time", int64(set.HashTime), 1, 20},
		{"hash_threads", int64(set.HashThreads), 1, 16},
		{"hashes", int64(set.Hashes), 1, 64},
		{"failures", int64(set.Failures), 1, 5},
		{"address_failures", int64(set.AddressFailures), 1, 1_000_000},
		{"address_attempts", int64(set.AddressAttempts), 1, 1_000_000},
		{"proposals", int64(set.Proposals), 1, 1000},
		{"keys", int64(set.Keys), 1, 50},
	} {
		if n.v < n.low || n.v > n.high {
			bad(n.name, "must be between %d and %d", n.low, n.high)
		}
	}
	const day = 24 * time.Hour
	for _, n := range []struct {
		name         string
		v, low, high time.Duration
	}{
		{"admin_password_age", set.AdminPasswordAge, day, 62 * day},
		{"password_age", set.PasswordAge, 0, 10 * 366 * day},
		{"lock_time", set.LockTime, time.Minute, day},
		{"max_lock_time", set.MaxLockTime, set.LockTime, 31 * day},
		{"address_window", set.AddressWindow, time.Minute, day},
		{"signin_time", set.SignInTime, time.Minute, time.Hour},
		{"one_time_password", set.OneTimePassword, time.Hour, 31 * day},
		{"idle", set.Idle, time.Minute, 15 * time.Minute},
		{"admin_idle", set.AdminIdle, time.Minute, 5 * time.Minute},
		{"citizen_idle", set.CitizenIdle, time.Minute, 15 * time.Minute},
		{"absolute", set.Absolute, time.Minute, day},
		{"admin_absolute", set.AdminAbsolute, time.Minute, day},
		{"citizen_absolute", set.CitizenAbsolute, time.Minute, day},
		{"fresh_factor", set.FreshFactor, 30 * time.Second, 15 * time.Minute},
		{"inactive", set.Inactive, day, 45 * day},
		{"review_every", set.ReviewEvery, day, 92 * day},
		{"proposal_time", set.ProposalTime, time.Hour, 31 * day},
		{"max_key_term", set.MaxKeyTerm, day, 90 * day},
		{"key_term", set.KeyTerm, day, set.MaxKeyTerm},
	} {
		if n.v < n.low || n.v > n.high {
			bad(n.name, "must be between %s and %s", n.low, n.high)
		}
	}
	if len(errs) == 0 {
		return nil
	}
	return fault.Wrap(fault.Invalid, errors.Join(errs...), "the rules of accounts do not hold together")
}
