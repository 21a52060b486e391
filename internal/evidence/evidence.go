// Package evidence is the vault of the files that people hand in: signed
// undertakings, assessment reports, certificates, requests for certificates.
//
// A file is there whole or not at all ([Vault.Put] writes it in one
// transaction; TestNothingIsLeftOfABrokenUpload), it is what its name says it
// is (TestTypes), it holds nothing that acts when it is opened as far as can be
// seen plainly (see checkPDF and checkOffice), and what comes out is what went
// in, or nothing (TestTamperingShows). Contents and names are sealed: neither
// the database nor its copies show them.
//
// The vault has a database of its own. Nothing of it happens under the log's
// lock: an act takes the files it refers to with [Vault.Hold] before its own
// transaction and records their hashes in it; what nothing refers to in time
// goes with [Vault.Sweep].
package evidence

import (
	"context"
	"crypto/cipher"
	"log/slog"
	"time"

	"dancu/internal/db"
	"dancu/internal/fault"
)

// The limits that hold unless [Config] says otherwise.
const (
	// DefaultMaxSize is the largest file taken, in bytes: a scanned dossier of
	// some hundred pages.
	DefaultMaxSize = 20 << 20
	// DefaultTerm is how long a file waits for something to refer to it.
	DefaultTerm = 24 * time.Hour
	// DefaultPending is how many files of one owner may wait at once.
	DefaultPending = 50
	// DefaultUploads is how many uploads are in memory at once, of all owners.
	DefaultUploads = 8

	// MaxMaxSize is the most that MaxSize may be set to: an upload is in memory
	// while it is looked at.
	MaxMaxSize = 256 << 20

	// uploadsOfOne is how many uploads of one owner are in memory at once, so
	// that nobody keeps the others out by sending slowly.
	uploadsOfOne = 2
)

// Config says what a Vault is made of.
type Config struct {
	// DB is the database of the tree [db.Evidence].
	DB *db.DB
	// Box seals names and contents; its nonces are random and in front of what
	// it seals (ledger.Log.Box of the area "evidence").
	Box cipher.AEAD
	// Scanner looks for malware before a file is taken. While it cannot be
	// asked no file is taken. nil: files are taken and marked as not scanned.
	Scanner Scanner
	// MaxSize is in bytes; 0 means DefaultMaxSize.
	MaxSize int64
	// Term is how long an upload stays that nothing refers to; 0 means
	// DefaultTerm.
	Term time.Duration
	// Referred returns which of these ids something refers to. It is asked when an
	// owner has as many uploads waiting as they may: those that have become part
	// of something wait no more. nil: they count until [Vault.Sweep] settles them.
	Referred func(ctx context.Context, ids []string) ([]string, error)
	// Pending is how many such uploads one owner may have; 0 means
	// DefaultPending.
	Pending int
	// Uploads is how many uploads are in memory at once; 0 means
	// DefaultUploads.
	Uploads int
	Logger  *slog.Logger
}

// Vault keeps files. Its methods may be called from many goroutines, and many
// nodes may keep the same vault.
type Vault struct {
	cfg   Config
	db    *db.DB
	slots *slots
}

// File is what is known of a file without its contents.
type File struct {
	ID    string `json:"id"`    // UUIDv7
	Owner string `json:"owner"` // who uploaded it
	// Name is the file's own name, NFC, without folders. It may name a person:
	// it stands in no URL and in no operational log.
	Name string `json:"name"`
	// Type is the media type, decided by the contents.
	Type   string    `json:"type"`
	Size   int64     `json:"size"`   // bytes
	SHA256 string    `json:"sha256"` // of the file as it was uploaded, lower-case hex
	Added  time.Time `json:"added"`
	// Scanned is when a scanner found nothing in it; zero: no scanner was set
	// up, and pages say so.
	Scanned time.Time `json:"scanned,omitzero"`
	// Made says that the program made it ([Vault.Make]); nobody handed it in.
	Made bool `json:"made,omitempty"`
}

// New returns the vault over its database.
func New(cfg Config) (*Vault, error) {
	if cfg.MaxSize == 0 {
		cfg.MaxSize = DefaultMaxSize
	}
	if cfg.Term == 0 {
		cfg.Term = DefaultTerm
	}
	if cfg.Pending == 0 {
		cfg.Pending = DefaultPending
	}
	if cfg.Uploads == 0 {
		cfg.Uploads = DefaultUploads
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	switch {
	case cfg.DB == nil || cfg.Box == nil:
		return nil, fault.New(fault.Internal, "a vault needs a database and a key")
	case cfg.MaxSize < 1 || cfg.MaxSize > MaxMaxSize:
		return nil, fault.New(fault.Invalid, "the largest size of an uploaded file must be between 1 byte and %d MiB", MaxMaxSize>>20)
	case cfg.Term < time.Hour:
		// An act's transaction follows its Hold within seconds; an hour leaves
		// no doubt that Sweep sees what it wrote.
		return nil, fault.New(fault.Invalid, "an upload must be kept at least an hour for something to refer to it")
	case cfg.Pending < 1 || cfg.Uploads < 1:
		return nil, fault.New(fault.Invalid, "the numbers of waiting and of parallel uploads must be at least 1")
	}
	return &Vault{cfg: cfg, db: cfg.DB, slots: newSlots(cfg.Uploads)}, nil
}

// MaxSize returns the size in bytes up to which files are taken.
func (v *Vault) MaxSize() int64 { return v.cfg.MaxSize }
