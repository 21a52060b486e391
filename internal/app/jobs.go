package app

import (
	"context"
	"time"

	"dancu/internal/access"
	"dancu/internal/evidence"
	"dancu/internal/job"
	"dancu/internal/saved"
)

// openJobs makes the jobs and the saved searches. The log must be up: the keys
// that seal them are made with it.
func (a *App) openJobs(ctx context.Context) error {
	box, err := a.Log.Box(ctx, "jobs")
	if err != nil {
		return err
	}
	c := &a.Config.Jobs
	a.Jobs, err = job.New(job.Config{
		Main: a.Main, Box: box, Files: jobFiles{a.Evidence}, Node: a.Config.Node,
		Keep: c.Keep, Parallel: c.Parallel, Attempts: c.Attempts, Waiting: c.Waiting, Logger: a.Logger.With("part", "jobs"),
	})
	if err != nil {
		return err
	}
	a.Jobs.Register(job.Kind{Name: job.VerifyLog, Title: access.Text{VI: "Kiểm tra toàn bộ nhật ký", EN: "Verification of the whole log"}, Run: a.verifyLog})
	a.Jobs.Register(job.Kind{Name: job.ImportPeople, Title: access.Text{VI: "Nhập dữ liệu dân cư từ tệp", EN: "Import of people from a file"}, Run: a.importPeople})
	if box, err = a.Log.Box(ctx, "saved"); err != nil {
		return err
	}
	a.Searches = saved.New(a.Main, box)
	return nil
}

// sweepJobsEvery is how soon jobs and searches whose time is over are removed.
const sweepJobsEvery = 10 * time.Minute

// sweepJobs removes them, until ctx ends.
func (a *App) sweepJobs(ctx context.Context) error {
	tick := time.NewTicker(sweepJobsEvery)
	defer tick.Stop()
	for {
		for what, sweep := range map[string]func(context.Context) (int64, error){"jobs": a.Jobs.Sweep, "searches": a.Searches.Sweep} {
			if n, err := sweep(ctx); err != nil && ctx.Err() == nil {
				a.Logger.Warn("couldn't remove what is over", "what", what, "error", err)
			} else if n > 0 {
				a.Logger.Debug("what was over was removed", "what", what, "rows", n)
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// jobFiles is the vault as jobs know it.
type jobFiles struct{ vault *evidence.Vault }

// ownerOf is the owner of a job's file: nobody's who hands files in.
func ownerOf(id string) string { return "job/" + id }

func (f jobFiles) Make(ctx context.Context, id, name, media string, keep time.Duration) (job.Making, error) {
	m, err := f.vault.Make(ctx, evidence.Making{Owner: ownerOf(id), Name: name, Type: media, Keep: keep})
	if err != nil {
		return nil, worded(err)
	}
	return jobMaking{m}, nil
}

func (f jobFiles) Open(ctx context.Context, id string) (job.File, error) {
	file, r, err := f.vault.Open(ctx, id)
	return job.File{Name: file.Name, Type: file.Type, Size: file.Size, Content: r}, worded(err)
}

func (f jobFiles) Discard(ctx context.Context, id, file string) error {
	return f.vault.Discard(ctx, ownerOf(id), file)
}

// jobMaking is a file under way.
type jobMaking struct{ *evidence.Maker }

func (m jobMaking) Close() error {
	_, err := m.Maker.Close()
	return worded(err)
}
