// Package draft keeps what people have typed into a form and not sent yet, so
// that an interruption costs nobody their work.
//
// A draft is its account's alone and is never given to another
// (TestAnothersIsNotThere). It may name people, so that it is sealed
// (TestSealed), and goes when its form is sent, when its owner throws it away,
// or after a term. It is no part of the log: nothing was done by typing.
//
// Drafts lie in the database of evidence files, beside the uploads they name:
// they are written every few seconds while somebody types, and must never wait
// for the log's lock nor hold it.
package draft

import (
	"context"
	"crypto/cipher"
	"encoding/json"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"dancu/internal/db"
	"dancu/internal/fault"
)

// The limits that hold unless [Config] says otherwise.
const (
	// DefaultTerm is how long a draft stays after it was last saved.
	DefaultTerm = 30 * 24 * time.Hour
	// MaxDrafts is how many drafts an account has at most; past that the one
	// saved longest ago goes.
	MaxDrafts = 50
	// MaxBytes is how much one draft may hold, in bytes of names and values.
	MaxBytes = 512 << 10

	maxForm  = 300 // bytes of an address
	maxTitle = 300 // characters
)

// Config says what a Store is made of.
type Config struct {
	// DB is the database of the tree [db.Evidence].
	DB *db.DB
	// Box seals titles and values; its nonces are random and in front of what it
	// seals (ledger.Log.Box of the area "drafts").
	Box cipher.AEAD
	// Term is how long a draft stays after it was last saved; 0 means
	// DefaultTerm.
	Term time.Duration
}

// Store keeps drafts. Its methods may be called from many goroutines, and many
// nodes may keep the same drafts.
type Store struct {
	db   *db.DB
	box  cipher.AEAD
	term atomic.Int64 // a time.Duration
	most int          // drafts of one account
}

// Draft is what was typed into one form.
type Draft struct {
	// Form is the address of the form's page, without a query: it names no
	// person (guarantee G10).
	Form string
	// Title is the page's, in the language in which it was typed.
	Title string
	// Values are what stands in the form's fields.
	Values url.Values
	// Saved is when it was last saved, Until when it goes.
	Saved, Until time.Time
}

// sealed is what is sealed of a draft.
type sealed struct {
	Title  string     `json:"title"`
	Values url.Values `json:"values"`
}

// New returns the drafts over their database.
func New(cfg Config) (*Store, error) {
	if cfg.Term == 0 {
		cfg.Term = DefaultTerm
	}
	switch {
	case cfg.DB == nil || cfg.Box == nil:
		return nil, fault.New(fault.Internal, "drafts need a database and a key")
	case cfg.Term < time.Hour:
		return nil, fault.New(fault.Invalid, "a draft must be kept for an hour at least")
	}
	s := &Store{db: cfg.DB, box: cfg.Box, most: MaxDrafts}
	s.SetTerm(cfg.Term)
	return s, nil
}

// Term is how long a draft stays after it was last saved.
func (s *Store) Term() time.Duration { return time.Duration(s.term.Load()) }

// SetTerm changes that term; drafts that were saved before keep theirs.
func (s *Store) SetTerm(term time.Duration) { s.term.Store(int64(term)) }

// Keep saves what stands in a form of the account's, in place of what was saved
// of it before. Of d, Form, Title and Values are heard. It returns the draft
// with its times. What is too large is fault.Invalid, and what was saved before
// stays.
func (s *Store) Keep(ctx context.Context, account string, d Draft) (Draft, error) {
	size := 0
	for name, values := range d.Values {
		for _, v := range values {
			size += len(name) + len(v)
		}
	}
	switch {
	case account == "" || len(d.Form) > maxForm || !strings.HasPrefix(d.Form, "/") || strings.ContainsAny(d.Form, "?#\x00") || !utf8.ValidString(d.Form):
		return Draft{}, fault.New(fault.Invalid, "a draft needs an account and the address of its form, without a query")
	case size > MaxBytes:
		return Draft{}, fault.New(fault.Invalid, "what was typed is more than %d KiB: send the form in parts", MaxBytes>>10)
	}
	if r := []rune(d.Title); len(r) > maxTitle {
		d.Title = string(r[:maxTitle])
	}
	data, err := json.Marshal(sealed{d.Title, d.Values})
	if err != nil {
		return Draft{}, err
	}
	d.Saved = s.db.Clock().UTC()
	d.Until = d.Saved.Add(s.Term())
	r := row{account: account, form: d.Form, saved: d.Saved, expires: d.Until, sealed: s.box.Seal(nil, nil, data, aad(account, d.Form))}
	return d, s.db.Write(ctx, func(tx *db.Tx) error {
		if err := put(ctx, tx, &r); err != nil {
			return err
		}
		return dropOldest(ctx, tx, account, s.most)
	})
}

// Find returns what was saved of a form of the account's; false if nothing was,
// or if it can no longer be read.
func (s *Store) Find(ctx context.Context, account, form string) (Draft, bool, error) {
	r, err := get(ctx, s.db, account, form, s.db.Clock())
	if err != nil || r == nil {
		return Draft{}, false, err
	}
	d, ok := s.open(r)
	return d, ok, nil
}

// List returns the account's drafts, the newest first.
func (s *Store) List(ctx context.Context, account string) ([]Draft, error) {
	rows, err := list(ctx, s.db, account, s.db.Clock())
	if err != nil {
		return nil, err
	}
	var out []Draft
	for i := range rows {
		if d, ok := s.open(&rows[i]); ok {
			out = append(out, d)
		}
	}
	return out, nil
}

// Drop removes what was saved of a form of the account's, if anything was.
func (s *Store) Drop(ctx context.Context, account, form string) error {
	// Mostly there is nothing, and then nothing is written.
	r, err := get(ctx, s.db, account, form, time.Time{})
	if err != nil || r == nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error { return drop(ctx, tx, account, form) })
}

// Sweep removes the drafts whose term is over and returns how many there were.
// It may run on any node.
func (s *Store) Sweep(ctx context.Context) (n int64, err error) {
	now := s.db.Clock()
	if there, err := anyExpired(ctx, s.db, now); err != nil || !there {
		return 0, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		n, err = dropExpired(ctx, tx, now)
		return err
	})
	return n, err
}

// open opens a row. What was sealed with a key that is gone, or changed in the
// store, is no draft any more: nobody is shown half of what they typed.
func (s *Store) open(r *row) (Draft, bool) {
	data, err := s.box.Open(nil, nil, r.sealed, aad(r.account, r.form))
	if err != nil {
		return Draft{}, false
	}
	var x sealed
	if json.Unmarshal(data, &x) != nil {
		return Draft{}, false
	}
	return Draft{Form: r.form, Title: x.Title, Values: x.Values, Saved: r.saved, Until: r.expires}, true
}

// aad ties what is sealed to its account and form, so that no row can be moved
// to another's.
func aad(account, form string) []byte {
	return []byte("dancu/draft/1\x00" + account + "\x00" + form)
}
