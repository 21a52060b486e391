package identity

import "time"

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
	// for sign-ins begun, whatever became of them.
	AddressFailures int
	AddressAttempts int
	AddressWindow   time.Duration

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
	// ProposalTime is how long a proposed two-person act waits.
	ProposalTime time.Duration
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
		ProposalTime: 72 * time.Hour,
	}
}
