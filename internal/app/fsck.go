package app

import (
	"context"
	"errors"

	"dancu/internal/db"
	"dancu/internal/ledger"
	"dancu/verify"
)

// FsckStored checks a log that cannot be opened as one, because its newest
// head is damaged: it looks at what is stored and writes nothing to the log.
// No server may run.
func FsckStored(ctx context.Context, cfg Config, kept Kept, progress func(done, total int64)) (_ *verify.Report, err error) {
	unlock, err := cfg.LockState()
	if err != nil {
		return nil, err
	}
	defer unlock()
	skey, _, err := cfg.signingKey()
	if err != nil {
		return nil, err
	}
	a := &App{Config: cfg}
	if a.VerifierKey, err = verifierKey(skey); err != nil {
		return nil, err
	}
	for to, tree := range map[**db.DB]db.Tree{&a.Main: db.Main, &a.Derived: db.Derived} {
		c, err := cfg.DB(tree)
		if err != nil {
			return nil, err
		}
		if *to, err = db.Open(ctx, c); err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, (*to).Close()) }()
	}
	return (&direct{app: a, actor: ledger.Actor{}}).Fsck(ctx, kept, progress)
}
