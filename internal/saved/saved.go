// Package saved keeps what people look for under an id, so that what names a
// person, an officer, a case or an address stands in no address of a page
// (guarantee G10). It is sealed, its owner's alone, and gone after a working
// day; every node has it, and a restart loses none (TestASearchIsTheOwners).
package saved

import (
	"context"
	"crypto/cipher"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"dancu/internal/db"
	"dancu/internal/fault"
)

const (
	// Term is how long a search is kept.
	Term = 8 * time.Hour
	// MaxOfOne is how many searches of one account are kept; past that its
	// oldest goes.
	MaxOfOne = 200
)

// Searches keeps searches. Its methods may be called from many goroutines.
type Searches struct {
	db  *db.DB
	box cipher.AEAD
}

// New returns the searches over the database of the tree [db.Main]; box seals
// them (ledger.Log.Box of the area "saved").
func New(main *db.DB, box cipher.AEAD) *Searches { return &Searches{main, box} }

// Save keeps what an owner looks for, as JSON, and returns its id. kind says
// which page's it is.
func (s *Searches) Save(ctx context.Context, owner, kind string, what any) (id string, err error) {
	plain, err := json.Marshal(what)
	if err != nil {
		return "", fmt.Errorf("couldn't keep a search: %w", err)
	}
	id = rand.Text()
	sealed := s.box.Seal(nil, nil, plain, aad(id, owner, kind))
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		now := s.db.Clock()
		if _, err := tx.Exec(ctx, "INSERT INTO saved_searches (id, owner, kind, until, what) VALUES ($1, $2, $3, $4, $5)",
			id, owner, kind, db.Micros(now.Add(Term)), sealed); err != nil {
			return fmt.Errorf("couldn't keep a search: %w", err)
		}
		if _, err := tx.Exec(ctx, `DELETE FROM saved_searches WHERE owner = $1 AND id IN
			(SELECT id FROM saved_searches WHERE owner = $1 ORDER BY until DESC, id LIMIT 1000000 OFFSET $2)`, owner, int64(MaxOfOne)); err != nil {
			return fmt.Errorf("couldn't remove an old search: %w", err)
		}
		return nil
	})
	return id, err
}

// Find reads what an owner looked for into what, and reports whether it is
// there: another's, another page's, and one whose time is over are not.
func (s *Searches) Find(ctx context.Context, owner, kind, id string, what any) (bool, error) {
	var sealed []byte
	err := s.db.QueryRow(ctx, "SELECT what FROM saved_searches WHERE id = $1 AND owner = $2 AND kind = $3 AND until > $4",
		id, owner, kind, db.Micros(s.db.Clock())).Scan(&sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("couldn't read a search: %w", err)
	}
	plain, err := s.box.Open(nil, nil, sealed, aad(id, owner, kind))
	if err != nil {
		return false, fault.Wrap(fault.Unavailable, err, "a saved search is damaged in the store: search again")
	}
	if err := json.Unmarshal(plain, what); err != nil {
		return false, fmt.Errorf("couldn't read a search: %w", err)
	}
	return true, nil
}

// Sweep removes the searches whose time is over and returns how many.
func (s *Searches) Sweep(ctx context.Context) (n int64, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) (err error) {
		n, err = tx.Exec(ctx, "DELETE FROM saved_searches WHERE until <= $1", db.Micros(s.db.Clock()))
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("couldn't remove old searches: %w", err)
	}
	return n, nil
}

// aad ties what is sealed to its id, owner and page.
func aad(id, owner, kind string) []byte {
	return []byte("dancu/saved/1\x00" + id + "\x00" + owner + "\x00" + kind)
}
