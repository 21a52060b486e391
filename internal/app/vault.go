package app

import (
	"context"
	"io"
	"time"

	"dancu/internal/access"
	"dancu/internal/console/life"
	"dancu/internal/evidence"
)

// openVault opens the vault of evidence files over its own database.
func (a *App) openVault(ctx context.Context) error {
	box, err := a.Log.Box(ctx, "evidence")
	if err != nil {
		return err
	}
	a.Vault, err = evidence.New(evidence.Config{DB: a.EvidenceDB, Box: box, Logger: a.Logger.With("part", "evidence")})
	return err
}

// vaultEvery is how soon uploads that nothing refers to are removed once their
// time is over.
const vaultEvery = 10 * time.Minute

// sweepVault removes them until ctx ends.
func (a *App) sweepVault(ctx context.Context) error {
	tick := time.NewTicker(vaultEvery)
	defer tick.Stop()
	for {
		if _, err := a.Vault.Sweep(ctx, a.Onboarding.Refers); err != nil && ctx.Err() == nil {
			a.Logger.Warn("couldn't sweep the vault of files", "error", err) // tried again
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// files is the vault as the pages and the office use it.
type files struct{ vault *evidence.Vault }

// spoken is a refusal of the vault that says itself in both languages.
type spoken struct{ error }

// Words returns what it says.
func (s spoken) Words() access.Text { return evidence.TextOf(s.error) }

// Unwrap gives it its kind.
func (s spoken) Unwrap() error { return s.error }

func inWords(err error) error {
	if evidence.CodeOf(err) == "" {
		return err
	}
	return spoken{err}
}

func shownFile(f evidence.File) life.File {
	return life.File{ID: f.ID, Name: f.Name, Type: f.Type, Size: f.Size, Added: f.Added, Scanned: f.Scanned}
}

func (x files) Put(ctx context.Context, owner, name string, r io.Reader) (life.File, error) {
	f, err := x.vault.Put(ctx, evidence.Upload{Owner: owner, Name: name}, r)
	return shownFile(f), inWords(err)
}

func (x files) Hold(ctx context.Context, owner string, ids ...string) error {
	_, err := x.vault.Hold(ctx, owner, ids...)
	return inWords(err)
}

func (x files) Stat(ctx context.Context, id string) (life.File, error) {
	f, err := x.vault.Stat(ctx, id)
	return shownFile(f), inWords(err)
}

func (x files) Open(ctx context.Context, id string) (life.File, io.Reader, error) {
	f, r, err := x.vault.Open(ctx, id)
	return shownFile(f), r, inWords(err)
}

// Content returns a file whole, and its name.
func (x files) Content(ctx context.Context, id string) (name string, data []byte, err error) {
	f, data, err := x.vault.Read(ctx, id)
	return f.Name, data, inWords(err)
}

func (x files) MaxSize() int64 { return x.vault.MaxSize() }
