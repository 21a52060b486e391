package onboarding

import (
	"context"
	"fmt"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/ledger"
	"dancu/internal/onboarding/strict"
)

// Options say how a file is applied.
type Options struct {
	DryRun bool `json:"dryRun,omitempty"` // say what would change, change nothing
	// Prune ends the connections and grants, and retires the certificates of
	// the file's systems, that the file leaves out. Without it what is left
	// out stays as it is.
	Prune bool `json:"prune,omitempty"`
}

// Report says what applying a file changed, or would change.
type Report struct {
	DryRun  bool     `json:"dryRun,omitempty"`
	Version int64    `json:"version"` // of the standing, afterwards
	Changes []Change `json:"changes"`
	Notes   []string `json:"notes,omitempty"` // what was left as it is, and why
}

// Change is one entry that was, or would be, written.
type Change struct {
	Kind  string `json:"kind"`  // of the entry, like "grant.given"
	About string `json:"about"` // like "grant lookup of province.onestop"
	Index int64  `json:"index"` // in the log; -1 in a dry run
}

// Apply applies a file whose certificates are all inline, without pruning.
func (o *Onboarding) Apply(ctx context.Context, actor ledger.Actor, file []byte) (Report, error) {
	return o.ApplyFile(ctx, actor, Source{Name: "the file", YAML: file}, Options{})
}

// ApplyFile makes the standing what the file says, in one transaction, and
// writes only what differs. It never lifts a lock and never resumes a
// suspended connection, and it leaves alone what the file does not name
// ([Options].Prune). Where anything in the file is wrong nothing is changed,
// and the error (fault.Invalid) lists all of it, each with its line.
func (o *Onboarding) ApplyFile(ctx context.Context, actor ledger.Actor, src Source, opt Options) (Report, error) {
	// Everything but the comparison is done before the lock.
	f, wrong := parse(src)
	if len(wrong) > 0 || opt.DryRun {
		return o.dryRun(ctx, src, f, wrong, opt)
	}
	var rep Report
	err := o.log.Write(ctx, func(tx *ledger.Tx) error {
		dir, err := o.picture(ctx, tx.Tx)
		if err != nil {
			return err
		}
		p := newPlan(tx.Now, opt.Prune, dir, o.cat, f)
		if err := wrongIn(src.name(), p.r.Problems); err != nil {
			return err
		}
		rep = Report{Version: tx.Head.Standing, Changes: []Change{}, Notes: p.notes}
		for _, s := range p.steps {
			rep.Version, err = write(tx, actor, s, func(e event, index int64) {
				rep.Changes = append(rep.Changes, Change{e.kind, e.what, index})
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return Report{}, err
	}
	return rep, nil
}

// write stages one step: its standing row and the entries, each of which
// names the row's version.
func write(tx *ledger.Tx, actor ledger.Actor, s step, wrote func(event, int64)) (version int64, err error) {
	if len(s.events) == 0 {
		return 0, fmt.Errorf("the change of %s %s has no entry", s.kind, s.id)
	}
	version = tx.Stand(string(s.kind), s.id, s.doc)
	for _, e := range s.events {
		e.members["standing"] = version
		entry, err := ledger.EventEntry(e.kind, actor, e.members)
		if err != nil {
			return 0, err
		}
		wrote(e, tx.Append(entry, ledger.Outcome{}))
	}
	return version, nil
}

// dryRun says what a file would change, or all that is wrong with it.
func (o *Onboarding) dryRun(ctx context.Context, src Source, f *file, wrong strict.Problems, opt Options) (Report, error) {
	var dir *access.Directory
	err := o.main.Read(ctx, func(tx *db.Tx) (err error) {
		dir, err = o.picture(ctx, tx)
		return err
	})
	if err != nil {
		return Report{}, err
	}
	p := newPlan(o.main.Clock().UTC(), opt.Prune, dir, o.cat, f)
	if err := wrongIn(src.name(), append(wrong, p.r.Problems...)); err != nil {
		return Report{}, err
	}
	rep := Report{DryRun: true, Version: dir.Version(), Changes: []Change{}, Notes: p.notes}
	for _, s := range p.steps {
		for _, e := range s.events {
			rep.Changes = append(rep.Changes, Change{e.kind, e.what, -1})
		}
	}
	return rep, nil
}

func (s Source) name() string {
	if s.Name == "" {
		return "the file"
	}
	return s.Name
}
