package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"time"
)

// sample is one measurement.
type sample struct {
	result
	cpu         time.Duration // of the server, per request
	own, mapped int64         // memory at its highest, in bytes; see server.memory
}

// table is the samples of each server, in the order of its first.
type table struct {
	names   []string
	samples map[string][]sample
}

func (t *table) add(name string, s sample) {
	if t.samples == nil {
		t.samples = map[string][]sample{}
	}
	if len(t.samples[name]) == 0 {
		t.names = append(t.names, name)
	}
	t.samples[name] = append(t.samples[name], s)
}

// median returns the median of a figure of a server's samples, with the least
// and the greatest.
func (t *table) median(name string, of func(sample) float64) (med, low, high float64) {
	var all []float64
	for _, s := range t.samples[name] {
		all = append(all, of(s))
	}
	if len(all) == 0 {
		return 0, 0, 0
	}
	slices.Sort(all)
	return all[len(all)/2], all[0], all[len(all)-1]
}

func rate(s sample) float64   { return s.Rate }
func p50(s sample) float64    { return float64(s.P50) }
func p99(s sample) float64    { return float64(s.P99) }
func ownMiB(s sample) float64 { return float64(s.own >> 20) }

func cpuOf(s sample) float64 {
	return float64(s.cpu)
}

// report is what a run found.
type report struct {
	head        string
	answerBytes int
	many, one   table
	bulkLines   []string
	sizeLines   []string
	pageLines   []string
}

func (r *report) about(o options) {
	commit := "unknown"
	if out, err := exec.Command("git", "rev-parse", "--short", "HEAD").Output(); err == nil {
		commit = strings.TrimSpace(string(out))
	}
	cpu := "unknown CPU"
	if b, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(b)) {
			if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
				cpu = strings.TrimSpace(value)
				break
			}
		}
	}
	r.head = fmt.Sprintf("%s, commit %s, %s, %d cores shared by load and servers, %s. %d people, %d rounds of %v after 1 s of warm-up; medians, least and greatest in brackets.",
		time.Now().UTC().Format(time.DateOnly), commit, runtime.Version(), runtime.NumCPU(), cpu, o.people, o.rounds, o.length)
}

func micros(ns float64) string { return fmt.Sprintf("%.0f", ns/1000) }

// String is the report in Markdown.
func (r *report) String() string {
	var b strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	p("%s", r.head)
	if len(r.many.names) > 0 {
		p("")
		p("Many connections at once, answers of %d bytes:", r.answerBytes)
		p("")
		p("| server | look-ups/s | ÷ bare | ÷ durable append | p50 µs | p99 µs | server CPU µs/look-up | own memory MiB | mapped file MiB |")
		p("|---|---|---|---|---|---|---|---|---|")
		bare, _, _ := r.many.median(nameBare, rate)
		journal, _, _ := r.many.median(nameJournal, rate)
		for _, n := range r.many.names {
			m, lo, hi := r.many.median(n, rate)
			a, _, _ := r.many.median(n, p50)
			z, _, _ := r.many.median(n, p99)
			c, _, _ := r.many.median(n, cpuOf)
			own, _, _ := r.many.median(n, ownMiB)
			mapped, _, _ := r.many.median(n, func(s sample) float64 { return float64(s.mapped >> 20) })
			p("| %s | %.0f (%.0f–%.0f) | %.2f | %.2f | %s | %s | %.1f | %.0f | %.0f |",
				n, m, lo, hi, m/bare, m/journal, micros(a), micros(z), c/1000, own, mapped)
		}
	}
	if len(r.one.names) > 0 {
		p("")
		p("One connection:")
		p("")
		p("| server | look-ups/s | p50 µs | ÷ durable append | p99 µs |")
		p("|---|---|---|---|---|")
		ref, _, _ := r.one.median(nameJournal, p50)
		for _, n := range r.one.names {
			m, _, _ := r.one.median(n, rate)
			a, _, _ := r.one.median(n, p50)
			z, _, _ := r.one.median(n, p99)
			p("| %s | %.0f | %s | %.2f | %s |", n, m, micros(a), a/ref, micros(z))
		}
	}
	for _, lines := range [][]string{r.sizeLines, r.pageLines, r.bulkLines} {
		if len(lines) > 0 {
			p("")
			p("%s", strings.Join(lines, "\n"))
		}
	}
	return strings.TrimSpace(b.String()) + "\n"
}

const (
	tableBegin = "<!-- bench: begin -->"
	tableEnd   = "<!-- bench: end -->"
)

// replaceTable puts the report between the marks of a document.
func replaceTable(file, text string) error {
	doc, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	before, rest, ok := strings.Cut(string(doc), tableBegin)
	_, after, ok2 := strings.Cut(rest, tableEnd)
	if !ok || !ok2 {
		return fmt.Errorf("%s has no place for the report: it needs the marks %s and %s", file, tableBegin, tableEnd)
	}
	return os.WriteFile(file, []byte(before+tableBegin+"\n\n"+text+"\n"+tableEnd+after), 0o644)
}
