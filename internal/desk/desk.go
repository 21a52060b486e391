// Package desk takes what people ask about an entry of the log: a question, or a
// complaint, about this very access to their data (guarantee G8).
//
// What somebody wrote is stored sealed, in one transaction with the entry that
// tells of it and with the notices to the agency and the register; the entry
// names who asks and holds the hash of what was stored, so that a request cannot
// be lost or changed quietly (TestARequestHasItsEntry). Nobody sees another's
// (TestAnothersRequestIsNotThere), an agency sees those about itself, and
// reading what people wrote is an entry, too.
//
// How soon an answer is due is not kept here yet: no term is promised that
// nothing counts.
package desk

import (
	"context"
	"crypto/cipher"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"dancu/internal/db"
	"dancu/internal/fault"
	"dancu/internal/ledger"
)

// Config says what a Desk is made of.
type Config struct {
	Main *db.DB
	Log  *ledger.Log
	// AgencyOf returns the id of the agency with that code, "" if there is none.
	AgencyOf func(code string) string
	// Notices takes what is to be told; nil tells nobody.
	Notices  Notices
	Settings Settings
}

// Settings are the rules that an operator may set; zero values mean the
// defaults.
type Settings struct {
	// PerDay is how many requests one person may make in 24 hours; default 5.
	PerDay int
	// Open is how many of one person's may be open at once; default 20.
	Open int
}

// Notices takes what is to be told, in the transaction of the act that tells of
// it.
type Notices interface {
	Put(ctx context.Context, tx *db.Tx, n Notice) error
}

// Notice is what somebody is to be told: that there is something, never what
// somebody wrote nor who.
type Notice struct {
	Key    string
	Agency string // id of the agency that is told; "" is the register
	Kind   Kind
	ID     string // of the request
	Code   string // agency code
}

// Desk does the acts. Its methods may be called from many goroutines.
type Desk struct {
	main     *db.DB
	log      *ledger.Log
	agencyOf func(code string) string
	notices  Notices
	set      Settings
	box      cipher.AEAD
}

// New returns the desk over the main database and its log.
func New(ctx context.Context, cfg Config) (*Desk, error) {
	d := &Desk{main: cfg.Main, log: cfg.Log, agencyOf: cfg.AgencyOf, notices: cfg.Notices, set: cfg.Settings}
	if d.set.PerDay == 0 {
		d.set.PerDay = 5
	}
	if d.set.Open == 0 {
		d.set.Open = 20
	}
	var err error
	d.box, err = cfg.Log.Box(ctx, "desk")
	return d, err
}

// seal encrypts what is kept of a request; what is bound to its place, so that
// one text cannot be put in another's.
func (d *Desk) seal(place string, v any) ([]byte, error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return d.box.Seal(nil, nil, plain, []byte(place)), nil
}

func (d *Desk) open(place string, sealed []byte, v any) error {
	plain, err := d.box.Open(nil, nil, sealed, []byte(place))
	if err == nil {
		err = json.Unmarshal(plain, v)
	}
	if err != nil {
		return fault.Wrap(fault.Internal, err, "a stored request does not open")
	}
	return nil
}

// still asks whether who acts may still, as of now.
type still func(ctx context.Context, q db.Querier, now time.Time) error

func (s still) ask(ctx context.Context, tx *ledger.Tx) error {
	if s == nil {
		return nil
	}
	return s(ctx, tx, tx.Now)
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }
