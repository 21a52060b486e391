package console

import (
	"context"
	"time"

	"dancu/internal/access"
)

// Source says how the system stands. It is the one thing the status page needs
// of the rest of the program.
//
// Status reads a picture of one moment: it must not write, must not wait for
// the log's lock, and must not name a person, an officer, a case or an address
// in anything it returns. The cost must not grow with the log. It is called at
// most about once a second, however often the page is asked for, under a
// context of its own that ends after [Config.Patience]. An error of any kind
// means that nothing is known: the page says so with status 503.
type Source interface {
	Status(ctx context.Context) (Status, error)
}

// Status is what the status page shows.
type Status struct {
	// At is when the picture was taken.
	At time.Time
	// Ready is false while the node refuses look-ups because the log cannot be
	// written or the standing cannot be read.
	Ready bool
	// Maintenance are the announced windows that are not over, the first to end
	// first.
	Maintenance []access.Maintenance
	// Connections are all connections, in any order.
	Connections []Connection
	// CountsPending is true while CallsToday and Refusals cannot be told yet,
	// because the log's statistics are still being computed.
	CountsPending bool
	// CallsToday is the number of calls counted against limits since midnight
	// in [access.Zone], over all connections.
	CallsToday int64
	// Refusals are today's entries of refusals by code, in any order. A summary
	// entry is one of them, however many calls it sums up: their number is in
	// its sealed body.
	Refusals []Refusal
	// Recent are the newest entries, newest first.
	Recent []Entry
	Log    Log
	// People is the number of people in the register, as of a minute ago at
	// most; below zero while it is not known.
	People int64
}

// Connection is how one connection stands.
type Connection struct {
	ID     string
	Agency access.Text // name of the owner of the connection's system
	System access.Text
	Via    access.Text // name of the intermediary; zero for a direct connection
	State  access.State
	// Stopped is the code that every call on the connection is refused with
	// now, whatever it asks; access.Allowed if there is none. While it is
	// the intermediary that is stopped, it is access.IntermediaryForbidden.
	Stopped access.Code
	// LockedAt is when the lock was set; zero if there is none.
	LockedAt time.Time
	// CertificateUntil is when the last of the registered certificates that
	// are valid now ends; where none is, the last one's end. Zero if there
	// has never been one. Behind an intermediary these are the intermediary's
	// certificates.
	CertificateUntil time.Time
	// AssessedFrom and AssessedUntil are the term of the assessment.
	AssessedFrom, AssessedUntil time.Time
	// Grants is the number of grants in force now.
	Grants int
	// Limit is the volume limit, and Calls and People what is used of it in
	// the window that At lies in. Where Limit.Scope is not the whole
	// connection, they are those of the officer or service that used most,
	// who is not named.
	Limit         access.Limit
	Calls, People int64
	// Reset is when the window ends.
	Reset time.Time
}

// Refusal counts the entries of refusals with one code.
type Refusal struct {
	Code  access.Code
	Count int64
}

// Entry is the plain columns of one entry of the log, which lie beside its
// sealed body: showing them is not a read of the log.
type Entry struct {
	Index int64
	Time  time.Time
	// Kind is the entry's kind, a stable word of the log's.
	Kind string
	// Agency owns the connection the entry is about; zero if it is about none.
	Agency access.Text
	// Code is why a call was refused; access.Allowed for everything else.
	Code access.Code
}

// Log is how the log stands.
type Log struct {
	Origin      string
	VerifierKey string // in the form of a note verifier key
	// Size and Root (base64) are those of the checkpoint; without one, of the
	// newest acknowledged head.
	Size       int64
	Root       string
	Time       time.Time // of the newest entry; zero if there is none
	Checkpoint string    // the newest signed checkpoint; "" if there is none
}
