package operator

import (
	"context"
	"time"

	"dancu/internal/access"
)

// Source says what the operators' pages cannot read from the areas themselves.
// None of it names a person, and none of it costs more the longer the log is.
type Source interface {
	// Directory is the present picture of everybody's standing, for looking;
	// what binds is decided elsewhere.
	Directory() *access.Directory
	// Used returns what connections used of their limits in the present window,
	// by id, for all of them in a few readings.
	Used(ctx context.Context, list ...*access.Connection) (map[string]Used, error)
	// Stands returns how every connection stands now, by id.
	Stands(dir *access.Directory) map[string]Stand
	// Health returns how the log and its store stand on this node.
	Health(ctx context.Context) Health
}

// Used is what a connection used of its limit: Calls and People of the scope
// that used most, which the limit is held against; All of all scopes.
type Used struct {
	Calls, People, All int64
	Reset              time.Time // when the window ends
}

// Stand is how a connection stands.
type Stand struct {
	// Stopped is the code that every call is refused with now, whatever it asks;
	// access.Allowed if there is none.
	Stopped access.Code
	// CertificateUntil is when the last certificate ends that calls can come
	// with; zero if there never was one.
	CertificateUntil time.Time
}

// Health is how the log stands.
type Health struct {
	Node       string
	Ready      bool      // look-ups are answered
	Size       int64     // entries
	At         time.Time // of the newest entry
	Checkpoint int64     // entries that the newest signed checkpoint covers
	Covered    int64     // entries that the sums of calls cover
	Check      *Check    // the last one on this node; nil: never
	Free, Disk uint64    // bytes of the data folder's disk; Disk 0: not known
	Room       Room
}

// Room says whether the disk has enough room.
type Room uint8

// How much room there is.
const (
	RoomEnough Room = iota
	RoomLow         // warn
	RoomOut         // calls are about to be refused
)

// Check is a check of the whole log (dancu ledger fsck).
type Check struct {
	At       time.Time
	Entries  int64 // looked at
	Problems int64 // places that do not fit
	Kept     bool  // held against kept checkpoints or receipts, too
}
