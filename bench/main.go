// Command bench measures dancu beside the same work done bare, in one run on
// one machine, and writes the ratios into docs/performance.md.
//
// The load (64 keep-alive connections over mutual TLS) shares the machine with
// what it measures. Servers take turns, several rounds, and the medians are
// given: compare the columns of one run, never figures of different runs.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"dancu/internal/access"
	"dancu/internal/register"
)

func main() {
	var o options
	flag.IntVar(&o.people, "people", 1_000_000, "people in the register")
	flag.IntVar(&o.rounds, "rounds", 3, "rounds; medians are given")
	flag.DurationVar(&o.length, "length", 4*time.Second, "measured time of each load")
	flag.IntVar(&o.conns, "conns", 64, "connections")
	flag.Int64Var(&o.entries, "entries", 10_000_000, "log entries of the large log; 0 leaves that part out")
	flag.StringVar(&o.postgres, "postgres", os.Getenv("DANCU_BENCH_POSTGRES"), "PostgreSQL address of an empty database; empty leaves it out")
	flag.StringVar(&o.doc, "doc", "docs/performance.md", "document whose table is replaced; empty prints only")
	flag.StringVar(&o.only, "only", "", "comma-separated parts: rates,single,sizes,pages,bulk (default all)")
	reference := flag.String("reference", "", "be the reference server on this address")
	cert, key := flag.String("cert", "", ""), flag.String("key", "", "")
	answer, journal := flag.String("answer", "", ""), flag.String("journal", "", "")
	flag.Parse()
	var err error
	if *reference != "" {
		err = serveReference(*reference, *cert, *key, *answer, *journal)
	} else {
		err = run(context.Background(), o)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

type options struct {
	people, rounds, conns int
	length                time.Duration
	entries               int64
	postgres, doc, only   string
}

func (o *options) part(name string) bool {
	return o.only == "" || slices.Contains(strings.Split(o.only, ","), name)
}

// bench is one run.
type bench struct {
	options
	dir    string // working folder
	binary string
	people []person
	report report
	filled bool // the large log has its entries
}

type person struct{ pin, name, birth string }

func run(ctx context.Context, o options) (err error) {
	dir, err := os.MkdirTemp("", "dancu-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	b := &bench{options: o, dir: dir, binary: filepath.Join(dir, "dancu")}
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", b.binary, "./cmd/dancu")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("couldn't build: %w", err)
	}
	b.choosePeople()
	b.report.about(o)
	if o.part("bulk") {
		if err := b.bulk(ctx); err != nil {
			return fmt.Errorf("import and generate: %w", err)
		}
	}
	if o.part("rates") || o.part("single") {
		if err := b.rates(ctx); err != nil {
			return fmt.Errorf("rates: %w", err)
		}
		if err := b.space(ctx, filepath.Join(b.dir, "sqlite")); err != nil {
			return fmt.Errorf("space: %w", err)
		}
	}
	if o.part("sizes") && o.entries > 0 {
		if err := b.sizes(ctx); err != nil {
			return fmt.Errorf("sizes: %w", err)
		}
	}
	if o.part("pages") {
		if err := b.pages(ctx); err != nil {
			return fmt.Errorf("pages: %w", err)
		}
	}
	text := b.report.String()
	fmt.Println(text)
	if o.doc == "" {
		return nil
	}
	return replaceTable(o.doc, text)
}

// choosePeople takes every fifth living, unprotected person of the population
// that the demonstration makes.
func (b *bench) choosePeople() {
	n := 0
	for r := range register.Generated(register.GenerateOptions{People: b.options.people, Seed: 1}) {
		if n++; n%5 != 0 || r.Protected() || r.Value(access.DeathOrMissing) != nil {
			continue
		}
		b.people = append(b.people, person{r.Text(access.PIN), r.Text(access.FullName), r.Text(access.DateOfBirth)})
	}
}

// lookups makes the bodies of look-ups: a random person each, four people to a
// case, five fields.
func (b *bench) lookups(d *demo, people []person) func(buf []byte, conn, n int) []byte {
	s := d.info.Systems[0]
	prefix, _, _ := strings.Cut(s.Case, "-")
	day := strings.Split(s.Case, "-")[1]
	run := rand.IntN(900) + 100 // another run of the load has other cases
	var asked atomic.Int64      // cases are numbered as an agency numbers them: one after the other
	seeds := make([]*rand.Rand, b.conns)
	for i := range seeds {
		seeds[i] = rand.New(rand.NewPCG(uint64(run), uint64(i)))
	}
	return func(buf []byte, conn, _ int) []byte {
		p := people[seeds[conn].IntN(len(people))]
		return fmt.Appendf(buf, `{"pin":%q,"fullName":%q,"dateOfBirth":%q,"fields":["fullName","dateOfBirth","sex","permanentResidence","nationality"],"purpose":{"procedure":%q,"case":"%s-%s-%03d%07d"},"officer":{"id":%q,"address":%q,"session":%q}}`,
			p.pin, p.name, p.birth, s.Procedures[0], prefix, day, run, asked.Add(1)/4, d.info.Officer.ID, d.info.Officer.Address, d.info.Officer.Session)
	}
}

// answerOf asks once and keeps the answer, for the references to return.
func (b *bench) answerOf(ctx context.Context, d *demo) (string, error) {
	cfg, err := d.client(0)
	if err != nil {
		return "", err
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: cfg}, Timeout: 10 * time.Second}
	defer client.CloseIdleConnections()
	body := b.lookups(d, b.people)(nil, 0, 0)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://"+d.addr+"/v1/lookup", bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Dancu-Transaction-Id", uuid.Must(uuid.NewV7()).String())
	res, err := client.Do(req)
	if err != nil {
		return "", err
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return "", err
	}
	if res.StatusCode != http.StatusOK || !bytes.Contains(answer, []byte(`"fullName"`)) {
		return "", fmt.Errorf("the first look-up gave %s: %s", res.Status, answer)
	}
	b.report.answerBytes = len(answer)
	file := filepath.Join(b.dir, "answer.json")
	return file, os.WriteFile(file, answer, 0o600)
}

// measure runs one load against a server.
func (b *bench) measure(ctx context.Context, d *demo, s *server, conns int, people []person) (sample, error) {
	cfg, err := d.client(0)
	if err != nil {
		return sample{}, err
	}
	l := &load{addr: s.addr, tls: cfg, conns: conns, warm: time.Second, length: b.length, request: b.lookups(d, people)}
	before := s.cpu()
	pg := postgresCPU()
	watched := s.watchMemory()
	r, err := l.run(ctx)
	own, mapped := watched()
	if err != nil {
		return sample{}, fmt.Errorf("%s: %w", s.name, err)
	}
	used := s.cpu() - before
	if strings.Contains(s.name, "PostgreSQL") {
		used += postgresCPU() - pg
	}
	// The CPU includes the warm-up: so does the number it is divided by.
	total := float64(r.Requests+r.Failed) * float64(b.length+l.warm) / float64(b.length)
	out := sample{result: r, cpu: time.Duration(float64(used) / total), own: own, mapped: mapped}
	fmt.Fprintf(os.Stderr, "%-34s %3d conns  %8.0f/s  p50 %8v  p99 %8v  cpu %6v  failed %d  memory %d + %d MiB\n",
		s.name, conns, r.Rate, r.P50.Round(time.Microsecond), r.P99.Round(time.Microsecond), out.cpu.Round(100*time.Nanosecond), r.Failed, own>>20, mapped>>20)
	return out, nil
}

// postgresCPU is the CPU time of all PostgreSQL processes of this machine.
func postgresCPU() (sum time.Duration) {
	procs, err := filepath.Glob("/proc/[0-9]*/comm")
	if err != nil {
		return 0
	}
	for _, p := range procs {
		if name, err := os.ReadFile(p); err == nil && strings.HasPrefix(string(name), "postgres") {
			var pid int
			if _, err := fmt.Sscanf(p, "/proc/%d/comm", &pid); err == nil {
				sum += processCPU(pid)
			}
		}
	}
	return sum
}

// rates measures the servers in turns: 64 connections, and one.
func (b *bench) rates(ctx context.Context) error {
	sqlite, err := startDemo("dancu, SQLite", b.binary, filepath.Join(b.dir, "sqlite"), "", b.options.people)
	if err != nil {
		return err
	}
	defer sqlite.stop()
	answer, err := b.answerOf(ctx, sqlite)
	if err != nil {
		return err
	}
	bare, err := startReference(nameBare, sqlite.dir, answer, false)
	if err != nil {
		return err
	}
	defer bare.stop()
	journal, err := startReference(nameJournal, sqlite.dir, answer, true)
	if err != nil {
		return err
	}
	defer journal.stop()
	type turn struct {
		d *demo
		s *server
	}
	turns := []turn{{sqlite, bare}, {sqlite, journal}, {sqlite, &sqlite.server}}
	if b.postgres != "" {
		pg, err := startDemo("dancu, PostgreSQL", b.binary, filepath.Join(b.dir, "postgres"), b.postgres, b.options.people)
		if err != nil {
			return err
		}
		defer pg.stop()
		turns = append(turns, turn{pg, &pg.server})
	}
	for range b.rounds {
		for _, t := range turns {
			if b.part("rates") {
				s, err := b.measure(ctx, t.d, t.s, b.conns, b.people)
				if err != nil {
					return err
				}
				b.report.many.add(t.s.name, s)
			}
			if b.part("single") {
				s, err := b.measure(ctx, t.d, t.s, 1, b.people)
				if err != nil {
					return err
				}
				b.report.one.add(t.s.name, s)
			}
		}
	}
	return nil
}

const (
	nameBare    = "bare handler"
	nameJournal = "bare handler + durable append"
)
