package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"dancu/internal/app"
	"dancu/internal/fault"
	"dancu/internal/register"
)

func newImport(e *env) *cobra.Command {
	var o register.ImportOptions
	var format string
	var units, asJSON bool
	c := &cobra.Command{
		Use:   "import FILE",
		Short: "Bring people into the register",
		Long: `Import reads people from a file, or from standard input if FILE is "-": JSON Lines
with the fields' names, or CSV whose header has them (permanentResidence.unit and
the like for parts of a field). People come in by their number: who is there
already is brought up to date, who is not named stays. A row comes in whole or
not at all; bad rows go to the error file with their line and the reason, and the
status is then 1. Look-ups go on meanwhile.

An import that was cut off goes on where it stopped when the same command is run
again. With standard input, give the whole stream again: what is in already is
skipped.

With --units FILE is a CSV of administrative units instead (code, name, level,
parent, province, from, until, successor) and replaces those there are.`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if format != "" {
				f, ok := register.ParseFormat(format)
				if !ok {
					return usageError{errors.New("--format must be jsonl or csv")}
				}
				o.Format = f
			}
			return withRegister(c.Context(), e, func(r *register.Register) error {
				if units {
					return importUnits(c.Context(), e, r, args[0], asJSON)
				}
				return importPeople(c.Context(), e, r, args[0], o, asJSON)
			})
		},
	}
	c.Flags().StringVar(&format, "format", "", "`jsonl` or csv (default: told from the name and the first bytes)")
	c.Flags().StringVar(&o.Errors, "errors", "", "`file` for bad rows; it holds personal data (default: FILE.errors.jsonl; none for standard input)")
	c.Flags().BoolVar(&o.Restart, "restart", false, "begin at the beginning although an import of the file was cut off")
	c.Flags().BoolVar(&units, "units", false, "FILE is a CSV of administrative units")
	c.Flags().BoolVar(&asJSON, "json", false, "print events and the result as JSON Lines")
	return c
}

// withRegister runs fn with the configured register. The register's tables are
// apart from the log's, so a server may run at the same time.
func withRegister(ctx context.Context, e *env, fn func(*register.Register) error) error {
	cfg, err := e.config()
	if err != nil {
		return err
	}
	r, closeIt, err := app.OpenRegister(ctx, *cfg)
	if err != nil {
		return err
	}
	return errors.Join(fn(r), closeIt())
}

func importUnits(ctx context.Context, e *env, r *register.Register, name string, asJSON bool) error {
	in := e.stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return fault.Wrap(fault.Invalid, err, "the file of units cannot be opened")
		}
		defer func() { _ = f.Close() }()
		in = f
	}
	n, err := r.LoadUnits(ctx, in)
	if err != nil {
		return err
	}
	if asJSON {
		return json.NewEncoder(e.stdout).Encode(map[string]any{"event": "done", "units": n})
	}
	_, err = fmt.Fprintf(e.stdout, "%d terms of administrative units are in the register\n", n)
	return err
}

func importPeople(ctx context.Context, e *env, r *register.Register, name string, o register.ImportOptions, asJSON bool) error {
	show := newImportProgress(e, asJSON)
	o.Progress = show.update
	var counts register.Counts
	var err error
	if name == "-" {
		counts, err = r.Import(ctx, e.stdin, o)
	} else {
		if o.Errors == "" {
			o.Errors = name + ".errors.jsonl"
		}
		counts, err = r.ImportFile(ctx, name, o)
	}
	show.end()
	if err != nil {
		if asJSON && counts.Rows > 0 {
			_ = printEvent(e.stdout, "stopped", counts, nil)
		}
		return err
	}
	if asJSON {
		err = printEvent(e.stdout, "done", counts, nil)
	} else {
		err = printCounts(e.stdout, counts)
	}
	if err != nil {
		return err
	}
	if counts.Bad == 0 {
		return nil
	}
	if o.Errors == "" {
		fmt.Fprintf(e.stderr, "dancu: %d bad rows did not come in: name a file with --errors to see which and why\n", counts.Bad)
	} else {
		fmt.Fprintf(e.stderr, "dancu: %d bad rows did not come in: see %s (it holds personal data), put them right and import them\n", counts.Bad, o.Errors)
	}
	return errSilent
}

func printCounts(w io.Writer, c register.Counts) error {
	_, err := fmt.Fprintf(w, "%d rows: %d new, %d changed, %d unchanged, %d bad\n", c.Rows, c.Inserted, c.Updated, c.Unchanged, c.Bad)
	names := make([]register.Warning, 0, len(c.Warnings))
	for n := range c.Warnings {
		names = append(names, n)
	}
	slices.Sort(names)
	for _, n := range names {
		if _, werr := fmt.Fprintf(w, "%d came in with a warning: %s\n", c.Warnings[n], n); err == nil {
			err = werr
		}
	}
	return err
}

// importEvent is one line of --json.
type importEvent struct {
	Event string `json:"event"` // progress, done or stopped
	register.Counts
	Bytes          int64   `json:"bytes,omitempty"`
	Total          int64   `json:"total,omitempty"`
	BytesPerSecond float64 `json:"bytesPerSecond,omitempty"`
	SecondsLeft    float64 `json:"secondsLeft,omitempty"`
}

func printEvent(w io.Writer, event string, c register.Counts, p *register.Progress) error {
	out := importEvent{Event: event, Counts: c}
	if p != nil {
		out.Bytes, out.Total, out.BytesPerSecond, out.SecondsLeft = p.Bytes, p.Total, p.Rate(), p.Left().Seconds()
	}
	return json.NewEncoder(w).Encode(out)
}

// Between two tidings of an import's progress.
const (
	everyLine  = 5 * time.Second
	everyEvent = time.Second
)

// importProgress shows how far an import is: a bar on a terminal, a line now
// and then elsewhere, events for programs.
type importProgress struct {
	e     *env
	json  bool
	file  *os.File // the terminal; nil if there is none
	bar   *progressbar.ProgressBar
	last  time.Time
	first bool
}

func newImportProgress(e *env, asJSON bool) *importProgress {
	p := &importProgress{e: e, json: asJSON, last: time.Now(), first: true}
	if f, ok := e.stderr.(*os.File); ok && !asJSON && term.IsTerminal(int(f.Fd())) {
		p.file = f
	}
	return p
}

func (p *importProgress) update(now register.Progress) {
	if p.first && now.From > 0 && !p.json {
		fmt.Fprintf(p.e.stderr, "going on at byte %d, where the last import was cut off\n", now.From)
	}
	p.first = false
	switch {
	case p.json:
		if time.Since(p.last) < everyEvent {
			return
		}
		_ = printEvent(p.e.stdout, "progress", now.Counts, &now)
	case p.file != nil:
		if p.bar == nil {
			total := now.Total
			if total == 0 {
				total = -1
			}
			p.bar = progressbar.NewOptions64(total, progressbar.OptionSetWriter(p.file), progressbar.OptionShowBytes(true),
				progressbar.OptionSetPredictTime(true), progressbar.OptionClearOnFinish())
		}
		p.bar.Describe(fmt.Sprintf("%d people, %d bad", now.Counts.Rows-now.Counts.Bad, now.Counts.Bad))
		_ = p.bar.Set64(now.Bytes) // it is only a picture
		return
	default:
		if time.Since(p.last) < everyLine {
			return
		}
		fmt.Fprintf(p.e.stderr, "%d rows, %d bad, %d of %d bytes, %.1f MB/s, %s left\n",
			now.Counts.Rows, now.Counts.Bad, now.Bytes, now.Total, now.Rate()/1e6, now.Left().Round(time.Second))
	}
	p.last = time.Now()
}

func (p *importProgress) end() {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}
