// Package telemetry is what operators see of a running process: operational
// logs, metrics and health.
//
// None of it holds personal data (guarantee G10): records and labels are made
// of routes, codes, connections and counts. As a last net, what the attributes
// of people would be called, whole records, and runs of nine digits or more, as
// the numbers of people are, never get through a [NewLogger]. See
// TestLoggerHidesNumbers, TestLoggerWithholdsWhatIsPersonal and, for a whole
// running system, the test of G10.
package telemetry

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// NewLogger returns a logger of JSON lines on w, each with the node's name.
// level is "debug", "info", "warn" or "error".
func NewLogger(w io.Writer, level, node string) (*slog.Logger, error) {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		return nil, fmt.Errorf("no log level is called %q: use debug, info, warn or error", level)
	}
	h := slog.NewJSONHandler(w, &slog.HandlerOptions{Level: l, ReplaceAttr: safe})
	return slog.New(hider{h}).With("node", node), nil
}

// hider hides numbers in messages; safe does so in attributes.
type hider struct{ slog.Handler }

// Handle passes the record on with its message hidden.
func (h hider) Handle(ctx context.Context, r slog.Record) error {
	r.Message = Hide(r.Message)
	return h.Handler.Handle(ctx, r)
}

// WithAttrs keeps the net around the handler it returns.
func (h hider) WithAttrs(as []slog.Attr) slog.Handler { return hider{h.Handler.WithAttrs(as)} }

// WithGroup keeps the net around the handler it returns.
func (h hider) WithGroup(name string) slog.Handler { return hider{h.Handler.WithGroup(name)} }

// exempt are attributes whose digits are never a person's: times and random
// identifiers.
var exempt = map[string]bool{slog.TimeKey: true, "request": true, "trace": true, "duration": true}

// hideFrom is the length of the shortest number of a person, the old identity
// card's.
const hideFrom = 9

// Hide replaces every run of nine digits or more by "#".
func Hide(s string) string {
	run, long := 0, false
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			run = 0
		} else if run++; run == hideFrom {
			long = true
			break
		}
	}
	if !long {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		j := i
		for j < len(s) && '0' <= s[j] && s[j] <= '9' {
			j++
		}
		switch {
		case j == i:
			b.WriteByte(s[i])
			j = i + 1
		case j-i < hideFrom:
			b.WriteString(s[i:j])
		default:
			b.WriteByte('#')
		}
		i = j
	}
	return b.String()
}

// Metrics is the process's metrics. Labels are listeners, routes, codes and
// connections: all from short lists of our own.
type Metrics struct {
	Registry *prometheus.Registry

	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
}

// NewMetrics returns the metrics of a process of that version.
func NewMetrics(version, node string) *Metrics {
	m := &Metrics{
		Registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "dancu_requests_total",
			Help: "Requests answered, by listener, route, status and code.",
		}, []string{"listener", "route", "status", "code"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "dancu_request_seconds",
			Help:    "Time from the end of a request's header to the end of its answer.",
			Buckets: []float64{.0005, .001, .002, .005, .01, .02, .05, .1, .2, .5, 1, 2, 5},
		}, []string{"listener", "route"}),
	}
	info := prometheus.NewGauge(prometheus.GaugeOpts{
		Name:        "dancu_build_info",
		Help:        "Always 1; the labels say what runs.",
		ConstLabels: prometheus.Labels{"version": version, "node": node},
	})
	info.Set(1)
	m.Registry.MustRegister(
		m.requests, m.duration, info,
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	return m
}

// Observe counts one request. route is a pattern of ours, never a path.
func (m *Metrics) Observe(listener, route string, status int, code string, d time.Duration) {
	if route == "" {
		route = "none"
	}
	m.requests.WithLabelValues(listener, route, strconv.Itoa(status), code).Inc()
	m.duration.WithLabelValues(listener, route).Observe(d.Seconds())
}

// Gauge adds a metric that is read when it is asked for.
func (m *Metrics) Gauge(name, help string, read func() float64) {
	m.Registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, read))
}

// Counter adds a metric that only grows and is read when it is asked for.
func (m *Metrics) Counter(name, help string, read func() float64) {
	m.Registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, read))
}

// Handler serves the operations listener: /healthz says that the process runs,
// /readyz whether it answers look-ups now (503 and the reason when not),
// /metrics the metrics in Prometheus's text format.
func (m *Metrics) Handler(ready func() error) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		plain(w, http.StatusOK, "ok")
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		if err := ready(); err != nil {
			plain(w, http.StatusServiceUnavailable, Hide(err.Error()))
			return
		}
		plain(w, http.StatusOK, "ready")
	})
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.Registry, promhttp.HandlerOpts{}))
	return mux
}

func plain(w http.ResponseWriter, status int, text string) {
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text+"\n")
}
