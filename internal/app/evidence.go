package app

import (
	"context"
	"io"
	"slices"
	"time"

	"dancu/internal/access"
	"dancu/internal/console/life"
	"dancu/internal/draft"
	"dancu/internal/evidence"
)

// openVault makes the vault of evidence files, and the drafts beside it. The log
// must be up: the keys that seal them are made with it.
func (a *App) openVault(ctx context.Context) error {
	c := &a.Config.Evidence
	box, err := a.Log.Box(ctx, "evidence")
	if err != nil {
		return err
	}
	cfg := evidence.Config{DB: a.EvidenceDB, Box: box, MaxSize: int64(c.MaxSize), Referred: a.referred, Logger: a.Logger.With("part", "evidence")}
	if c.Scanner != "" {
		s, err := evidence.NewClamd(c.Scanner, 0)
		if err != nil {
			return err
		}
		cfg.Scanner = s
	}
	if a.Evidence, err = evidence.New(cfg); err != nil {
		return err
	}
	drafts, err := a.Log.Box(ctx, "drafts")
	if err != nil {
		return err
	}
	a.Drafts, err = draft.New(draft.Config{DB: a.EvidenceDB, Box: drafts, Term: a.Config.Console.DraftTerm})
	return err
}

// sweepFilesEvery is how soon uploads that nothing refers to, and drafts after
// their term, are removed.
const sweepFilesEvery = 10 * time.Minute

// sweepFiles removes uploads that nothing refers to and drafts after their term,
// until ctx ends.
func (a *App) sweepFiles(ctx context.Context) error {
	tick := time.NewTicker(sweepFilesEvery)
	defer tick.Stop()
	for {
		if n, err := a.Evidence.Sweep(ctx, a.referred); err != nil && ctx.Err() == nil {
			a.Logger.Warn("couldn't sweep the evidence files", "error", err)
		} else if n > 0 {
			a.Logger.Info("uploads that nothing refers to were removed", "files", n)
		}
		if _, err := a.Drafts.Sweep(ctx); err != nil && ctx.Err() == nil {
			a.Logger.Warn("couldn't sweep the drafts", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// referred returns which of these files something refers to: acts that wait for
// the second of two people, and matters and what was done to them. In this
// order: an act that is confirmed meanwhile is then among the latter.
func (a *App) referred(ctx context.Context, ids []string) ([]string, error) {
	out, err := a.Identity.Referred(ctx, ids)
	if err != nil {
		return nil, err
	}
	rest := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return slices.Contains(out, id) })
	there, err := a.Onboarding.Referred(ctx, rest)
	return append(out, there...), err
}

// officeFiles is the vault as the office knows it.
type officeFiles struct{ vault *evidence.Vault }

func (f officeFiles) Hold(ctx context.Context, owner string, ids ...string) error {
	_, err := f.vault.Hold(ctx, owner, ids...)
	return worded(err)
}

func (f officeFiles) Content(ctx context.Context, id string) (string, []byte, error) {
	file, data, err := f.vault.Read(ctx, id)
	return file.Name, data, worded(err)
}

// pageFiles is the vault as pages know it.
type pageFiles struct{ vault *evidence.Vault }

var _ life.Files = pageFiles{}

func pageFile(f evidence.File) life.File {
	return life.File{ID: f.ID, Name: f.Name, Type: f.Type, Size: f.Size, Added: f.Added, Scanned: f.Scanned}
}

func (f pageFiles) MaxSize() int64 { return f.vault.MaxSize() }

func (f pageFiles) Put(ctx context.Context, owner, name string, r io.Reader) (life.File, error) {
	file, err := f.vault.Put(ctx, evidence.Upload{Owner: owner, Name: name}, r)
	return pageFile(file), worded(err)
}

func (f pageFiles) Await(ctx context.Context, owner string, until time.Time, ids ...string) error {
	return worded(f.vault.Await(ctx, owner, until, ids...))
}

func (f pageFiles) Hold(ctx context.Context, owner string, ids ...string) error {
	_, err := f.vault.Hold(ctx, owner, ids...)
	return worded(err)
}

func (f pageFiles) Stat(ctx context.Context, id string) (life.File, error) {
	file, err := f.vault.Stat(ctx, id)
	return pageFile(file), worded(err)
}

func (f pageFiles) Open(ctx context.Context, id string) (life.File, io.Reader, error) {
	file, r, err := f.vault.Open(ctx, id)
	return pageFile(file), r, worded(err)
}

// saidError is a refusal of the vault that says itself in both languages.
type saidError struct {
	error
	words access.Text
}

func (e *saidError) Unwrap() error      { return e.error }
func (e *saidError) Words() access.Text { return e.words }

// worded gives a refusal of the vault its words; other errors stay.
func worded(err error) error {
	if evidence.CodeOf(err) == "" {
		return err
	}
	return &saidError{err, evidence.TextOf(err)}
}
