package job

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"dancu/internal/db"
	"dancu/internal/fault"
)

// MaxPage is how many jobs [Jobs.List] gives at most.
const MaxPage = 100

// Add queues a job of an owner's. params is what is asked; it is kept sealed, as
// JSON. Who has too many jobs waiting is fault.Exhausted.
func (j *Jobs) Add(ctx context.Context, kind, owner string, params any) (id string, err error) {
	if _, known := j.kinds[kind]; !known {
		return "", fmt.Errorf("there is no kind of job %q", kind)
	}
	if owner == "" {
		return "", fmt.Errorf("a job has an owner")
	}
	plain, err := json.Marshal(params)
	if err != nil {
		return "", err
	}
	u, err := uuid.NewV7()
	if err != nil {
		return "", err
	}
	r := row{Job: Job{ID: u.String(), Kind: kind, Owner: owner, State: Queued, Created: db.Time(db.Micros(j.cfg.Main.Clock()))}}
	r.params = j.cfg.Box.Seal(nil, nil, plain, aad("params", &r.Job))
	err = j.cfg.Main.Write(ctx, func(tx *db.Tx) error {
		n, err := countOpen(ctx, tx, owner)
		if err != nil {
			return err
		}
		if n >= int64(j.cfg.Waiting) {
			return fault.New(fault.Exhausted, "%d jobs of yours are waiting or under way: wait until one of them has ended, or cancel one", n)
		}
		return insert(ctx, tx, &r)
	})
	if err != nil {
		return "", err
	}
	select {
	case j.kick <- struct{}{}:
	default:
	}
	return r.ID, nil
}

// Show returns a job of an owner's. Another's is not there.
func (j *Jobs) Show(ctx context.Context, owner, id string) (Job, error) {
	r, err := byID(ctx, j.cfg.Main, id)
	if err != nil {
		return Job{}, err
	}
	if r == nil || r.Owner != owner {
		return Job{}, notThere()
	}
	return j.opened(r)
}

// List returns an owner's jobs, the newest first, up to limit of them from after
// a job's id on ("" for the newest), and where the next page begins, "" if there
// is none.
func (j *Jobs) List(ctx context.Context, owner, after string, limit int) (list []Job, next string, err error) {
	if limit < 1 || limit > MaxPage {
		return nil, "", fault.New(fault.Invalid, "a page has 1 to %d jobs", MaxPage)
	}
	rows, err := ofOwner(ctx, j.cfg.Main, owner, after, limit+1)
	if err != nil {
		return nil, "", err
	}
	if len(rows) > limit {
		rows = rows[:limit]
		next = rows[limit-1].ID
	}
	for i := range rows {
		one, err := j.opened(&rows[i])
		if err != nil {
			return nil, "", err
		}
		list = append(list, one)
	}
	return list, next, nil
}

// Cancel ends a job of an owner's, on whichever node it is: one that waits at
// once, one under way within a beat or two. One that has ended stays as it is.
func (j *Jobs) Cancel(ctx context.Context, owner, id string) error {
	if _, err := j.Show(ctx, owner, id); err != nil {
		return err
	}
	return j.cfg.Main.Write(ctx, func(tx *db.Tx) error { return askToStop(ctx, tx, id, j.cfg.Main.Clock()) })
}

// Open returns the result of an owner's job, once all of it was found intact.
// Whether its owner may still have it is the caller's to ask.
func (j *Jobs) Open(ctx context.Context, owner, id string) (File, error) {
	one, err := j.Show(ctx, owner, id)
	if err != nil {
		return File{}, err
	}
	if one.State != Done || one.File == "" {
		return File{}, fault.New(fault.NotFound, "this job has no result")
	}
	return j.cfg.Files.Open(ctx, one.File)
}

// Pending returns how many jobs wait and how many are under way, of all owners.
func (j *Jobs) Pending(ctx context.Context) (queued, running int64, err error) {
	return countStates(ctx, j.cfg.Main)
}

// opened is a stored job with its words.
func (j *Jobs) opened(r *row) (Job, error) {
	if len(r.why) > 0 {
		plain, err := j.cfg.Box.Open(nil, nil, r.why, aad("why", &r.Job))
		if err != nil {
			return Job{}, fault.Wrap(fault.Unavailable, err, "job %s is damaged in the store: ask for it anew", r.ID)
		}
		r.Why = string(plain)
	}
	return r.Job, nil
}

// aad ties what is sealed to its job and its place.
func aad(place string, j *Job) []byte {
	return []byte("dancu/job/1\x00" + place + "\x00" + j.ID + "\x00" + j.Kind + "\x00" + j.Owner)
}

// Keep is how long a job that ended and its result stay.
func (j *Jobs) Keep() time.Duration { return j.cfg.Keep }
