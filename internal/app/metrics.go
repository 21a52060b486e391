package app

import (
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"dancu/internal/gate"
)

// commitMetrics is what is measured of the gate's commits.
type commitMetrics struct {
	batches  atomic.Int64
	calls    atomic.Int64
	failed   atomic.Int64
	duration prometheus.Histogram // nil until measure
}

func (m *commitMetrics) observe(b gate.Batch) {
	m.batches.Add(1)
	if b.Failed {
		m.failed.Add(1)
		return
	}
	m.calls.Add(int64(b.Calls))
	if m.duration != nil {
		m.duration.Observe(b.Duration.Seconds())
	}
}

// measure registers the metrics that are read when asked for.
func (a *App) measure() {
	m := a.Metrics
	flag := func(ok bool) float64 {
		if ok {
			return 1
		}
		return 0
	}
	m.Gauge("dancu_ready", "1 while the node answers look-ups.", func() float64 { return flag(a.Ready() == nil) })
	m.Gauge("dancu_log_ready", "1 while the log takes entries.", func() float64 { return flag(a.Log.Ready() == nil) })
	m.Gauge("dancu_log_size", "Entries in the log, as far as this node knows.", func() float64 { return float64(a.Log.Head().Size) })
	m.Gauge("dancu_log_age_seconds", "Seconds since the newest entry this node knows of.", func() float64 {
		if t := a.Log.Head().Time; !t.IsZero() {
			return time.Since(t).Seconds()
		}
		return 0
	})
	m.Gauge("dancu_directory_version", "Version of the standing this node decides with.", func() float64 {
		return float64(a.Gate.Directory().Version())
	})
	m.Counter("dancu_commits_total", "Commits of calls, failed ones included.", func() float64 { return float64(a.commits.batches.Load()) })
	m.Counter("dancu_commits_failed_total", "Commits that were not acknowledged; nobody in them got data.", func() float64 { return float64(a.commits.failed.Load()) })
	m.Counter("dancu_committed_calls_total", "Calls in acknowledged commits.", func() float64 { return float64(a.commits.calls.Load()) })
	a.commits.duration = prometheus.NewHistogram(prometheus.HistogramOpts{
		Name:    "dancu_commit_seconds",
		Help:    "Time from taking the lock to the acknowledgement.",
		Buckets: []float64{.0005, .001, .002, .005, .01, .02, .05, .1, .2, .5, 1, 5},
	})
	m.Registry.MustRegister(a.commits.duration)
	a.measureNotices()
	for _, l := range a.listeners {
		m.Counter("dancu_"+l.name+"_refused_connections_total", "Connections to the "+l.name+" listener closed because of a limit on them.",
			func() float64 { return float64(l.server.Refused()) })
	}
}
