// Package job does work that takes longer than a page may: exports, checks,
// imports. A job survives its reader, its session and its node.
//
// A job is a row. Whichever node has a hand free takes it under a lease, which
// it renews each second; a node that ends in the middle leaves a lease that runs
// out, and another node begins the job anew, up to [Config.Attempts] times. So a
// job ends as done, failed with a reason, or cancelled, and never hangs
// (TestAKilledNode). An attempt that has lost its lease stops by itself and
// settles nothing any more (TestALostLease).
//
// What is asked and why it failed are sealed: they may name people. The result
// is a file in the vault, for its owner alone and for a time.
package job

import (
	"context"
	"crypto/cipher"
	"io"
	"log/slog"
	"sync"
	"time"

	"dancu/internal/db"
	"dancu/internal/fault"
)

// State is where a job stands.
type State string

// The states.
const (
	Queued    State = "queued"
	Running   State = "running"
	Done      State = "done"
	Failed    State = "failed"
	Cancelled State = "cancelled"
)

// Over reports whether a job in this state has ended.
func (s State) Over() bool { return s == Done || s == Failed || s == Cancelled }

// Job is one job, without what was asked.
type Job struct {
	ID    string // UUIDv7
	Kind  string
	Owner string // id of the account it is done for
	State State
	Node  string // that has it, or had it last; "" before the first
	// Attempts is how often it was begun.
	Attempts int
	// Stopping says that its owner wants it to end and it has not yet.
	Stopping bool
	// Done of Total, in the kind's unit; Total is 0 if it is not known.
	Done, Total int64
	Created     time.Time
	Started     time.Time // the newest attempt; zero: not yet
	Ended       time.Time // zero: not yet
	Code        Code      // why it failed
	// Why says the same in words for its owner; it may name somebody.
	Why string
	// File is the id of the result in the vault, "" if there is none.
	File string
	// Counts is what came of it, in numbers.
	Counts map[string]int64
}

// Left returns how long the rest takes at the rate so far, 0 if that cannot be
// told.
func (j *Job) Left(now time.Time) time.Duration {
	took := now.Sub(j.Started)
	if j.State != Running || j.Done <= 0 || j.Total <= j.Done || took <= 0 {
		return 0
	}
	return time.Duration(float64(took) / float64(j.Done) * float64(j.Total-j.Done))
}

// Rate returns how many units a second the attempt does or did, 0 if that cannot
// be told.
func (j *Job) Rate(now time.Time) float64 {
	if !j.Ended.IsZero() {
		now = j.Ended
	}
	took := now.Sub(j.Started).Seconds()
	if j.Started.IsZero() || took <= 0 {
		return 0
	}
	return float64(j.Done) / took
}

// File is a result.
type File struct {
	Name, Type string
	Size       int64 // bytes
	Content    io.Reader
}

// Files is the vault as jobs know it.
type Files interface {
	// Make begins a file that belongs to a job and stays for keep after it is
	// whole. Nobody finds it before Close; what is never closed is removed in
	// time by itself.
	Make(ctx context.Context, job, name, media string, keep time.Duration) (Making, error)
	// Open returns a file once all of it was found intact.
	Open(ctx context.Context, id string) (File, error)
	// Discard removes a job's file at once, whole or not.
	Discard(ctx context.Context, job, id string) error
}

// Making is a file that is being made.
type Making interface {
	io.Writer
	ID() string
	Close() error
}

// The values that hold unless [Config] says otherwise.
const (
	DefaultKeep     = 7 * 24 * time.Hour
	DefaultParallel = 2
	DefaultAttempts = 3
	DefaultWaiting  = 10
)

// Config says what Jobs are made of.
type Config struct {
	// Main is the database of the tree [db.Main].
	Main *db.DB
	// Box seals what was asked (ledger.Log.Box of the area "jobs").
	Box   cipher.AEAD
	Files Files
	// Node is this node's name, as pages show it.
	Node string
	// Keep is how long a job that ended and its result stay; 0 means
	// DefaultKeep.
	Keep time.Duration
	// Parallel is how many jobs this node does at once; 0 means
	// DefaultParallel. They are meant to leave the machine to the calls.
	Parallel int
	// Attempts is how often a job is begun whose node ended in the middle; 0
	// means DefaultAttempts.
	Attempts int
	// Waiting is how many jobs of one account may be queued or running; 0 means
	// DefaultWaiting.
	Waiting int
	// Lease is how long a node keeps a job without a sign of life; 0 means 15 s.
	// Beat is how often it gives one, and how often progress is written; 0 means
	// 1 s. Poll is how often a free hand looks for work; 0 means 2 s.
	Lease, Beat, Poll time.Duration
	Logger            *slog.Logger
}

// Jobs keeps and does jobs. Its methods may be called from many goroutines, and
// many nodes may share the same rows.
type Jobs struct {
	cfg   Config
	kinds map[string]Kind
	kick  chan struct{}

	mu   sync.Mutex
	busy map[string]int // jobs under way here, by owner
}

// New returns the jobs over their database.
func New(cfg Config) (*Jobs, error) {
	if cfg.Main == nil || cfg.Box == nil || cfg.Files == nil {
		return nil, fault.New(fault.Internal, "jobs need a database, a key and a vault")
	}
	or := func(d *time.Duration, value time.Duration) {
		if *d == 0 {
			*d = value
		}
	}
	or(&cfg.Keep, DefaultKeep)
	or(&cfg.Lease, 15*time.Second)
	or(&cfg.Beat, time.Second)
	or(&cfg.Poll, 2*time.Second)
	for n, value := range map[*int]int{&cfg.Parallel: DefaultParallel, &cfg.Attempts: DefaultAttempts, &cfg.Waiting: DefaultWaiting} {
		if *n == 0 {
			*n = value
		}
	}
	if cfg.Lease < 3*cfg.Beat {
		return nil, fault.New(fault.Invalid, "the lease of a job must be at least three times its beat")
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	return &Jobs{cfg: cfg, kinds: map[string]Kind{}, kick: make(chan struct{}, 1), busy: map[string]int{}}, nil
}
