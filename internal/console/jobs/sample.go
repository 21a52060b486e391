package jobs

import (
	"time"

	"github.com/a-h/templ"

	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/identity"
	"dancu/internal/job"
)

const (
	sampleID   = "01990a5e-7c11-7a3e-9c55-3f0f5d1b2c31"
	sampleKeep = job.DefaultKeep
)

// sampleTitle names kinds as those who register them do.
func sampleTitle(l i18n.Lang, kind string) string {
	switch kind {
	case job.VerifyLog:
		return l.T(i18n.JobsVerify)
	case job.ImportPeople:
		return l.T(i18n.JobsImport)
	}
	return kind
}

// sampleJob is a made-up job in a state.
func sampleJob(s job.State) job.Job {
	x := job.Job{
		ID: sampleID, Kind: job.VerifyLog, State: s, Node: "nut-1", Attempts: 1, Done: 3_412_000, Total: 10_250_321,
		Created: site.SampleTime.Add(-6 * time.Minute), Started: site.SampleTime.Add(-5 * time.Minute),
	}
	switch s {
	case job.Queued:
		x.Node, x.Attempts, x.Done, x.Total, x.Started = "", 0, 0, 0, time.Time{}
	case job.Done:
		x.Done, x.Ended, x.File = x.Total, site.SampleTime, "f"
		x.Counts = map[string]int64{"entries": x.Total, "findings": 0}
	case job.Failed:
		x.Attempts, x.Ended, x.Code = 3, site.SampleTime, job.GivenUp
	case job.Cancelled:
		x.Ended = site.SampleTime
	}
	return x
}

// Samples are the pages of this package with made-up data.
func Samples() []site.Sample {
	one := func(name string, x job.Job) site.Sample {
		return site.Sample{Name: name, Kind: identity.Inspector, Path: "/jobs/" + sampleID, Title: i18n.JobTitle, Draw: func(p ui.Page) templ.Component {
			return jobPage(newJobView(p, &x, sampleTitle(p.Lang, x.Kind), site.SampleTime, sampleKeep))
		}}
	}
	list := func(name string, jobs []job.Job) site.Sample {
		return site.Sample{Name: name, Kind: identity.Administrator, Path: "/jobs", Title: i18n.JobsTitle, Draw: func(p ui.Page) templ.Component {
			v := newListView(p, jobs, func(kind string) string { return sampleTitle(p.Lang, kind) })
			v.Verify, v.Import = true, true
			return listPage(v)
		}}
	}
	imported := sampleJob(job.Done)
	imported.Kind = job.ImportPeople
	imported.Counts = map[string]int64{"rows": 120_003, "inserted": 118_990, "updated": 1000, "unchanged": 10, "bad": 3}
	wrong := sampleJob(job.Failed)
	wrong.Kind, wrong.Code, wrong.Why = job.ImportPeople, job.Invalid, "the header names no column that the register has"
	return []site.Sample{
		list("jobs", []job.Job{sampleJob(job.Running), sampleJob(job.Queued), imported, sampleJob(job.Failed), sampleJob(job.Cancelled)}),
		list("jobs-none", nil),
		one("job-queued", sampleJob(job.Queued)),
		one("job-running", sampleJob(job.Running)),
		one("job-done", sampleJob(job.Done)),
		one("job-imported", imported),
		one("job-failed", sampleJob(job.Failed)),
		one("job-wrong", wrong),
		{Name: "job-gone", Kind: identity.Inspector, Path: "/jobs/" + sampleID, Title: i18n.JobTitle, Draw: func(p ui.Page) templ.Component {
			return jobPage(jobView{Page: p, Gone: true})
		}},
		{Name: "job-import", Kind: identity.Administrator, Path: "/jobs/import", Title: i18n.JobsImport, Draw: func(p ui.Page) templ.Component {
			return importPage(newImportView(p, 2<<30))
		}},
	}
}
