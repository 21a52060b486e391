package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"dancu/internal/access"
	"dancu/internal/app"
)

func newDemo(e *env) *cobra.Command {
	o := app.DemoOptions{Stdout: e.stdout, Stderr: e.stderr}
	c := &cobra.Command{
		Use:   "demo",
		Short: "Run a demonstration: synthetic people, three systems, light traffic",
		Long: `Demo runs a whole system on this machine: a register of synthetic people; a
province's one-stop office, a ministry's system and, behind an intermediary, a
bank, each with a certificate and grants of its own; the status page; the log.

When everything serves, it writes demo.json into its folder, prints "ready"
alone on a line, and then a curl command to begin with. It ends with Ctrl-C, and
starts again with what its folder has.

The background traffic comes from further systems that are not in demo.json, so
that it does not count against what those may use.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			o.Progress = progress(e, "people")
			d, err := app.NewDemo(c.Context(), o)
			if c.Context().Err() != nil && d == nil {
				err = nil // asked to stop before it began
			}
			if d == nil {
				return err
			}
			return errors.Join(d.Run(c.Context()), d.Close())
		},
	}
	f := c.Flags()
	f.StringVar(&o.Dir, "dir", "demo-data", "state `folder`; what is there is used again")
	f.IntVar(&o.People, "people", 20_000, "`number` of synthetic people of a new demonstration")
	f.Uint64Var(&o.Seed, "seed", 1, "what the people are made from: the same seed makes the same people")
	f.StringVar(&o.API, "api", "127.0.0.1:8443", "`address` of the machine API")
	f.StringVar(&o.Console, "console", "127.0.0.1:8445", "`address` of the status page")
	f.Int64Var(&o.Limit, "limit", access.DefaultLimit.Calls, "volume limit of the three systems, in counted `calls` a day")
	f.BoolVar(&o.Quiet, "quiet", false, "no background traffic")
	return c
}

// progress returns what shows how far something is: a bar on a terminal, a
// line every five seconds elsewhere.
func progress(e *env, what string) func(done, all int) {
	if f, ok := e.stderr.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		var bar *progressbar.ProgressBar
		return func(done, all int) {
			if bar == nil {
				bar = progressbar.NewOptions(all,
					progressbar.OptionSetWriter(io.Writer(f)), progressbar.OptionSetDescription(what),
					progressbar.OptionShowCount(), progressbar.OptionSetPredictTime(true), progressbar.OptionClearOnFinish(),
					progressbar.OptionThrottle(100*time.Millisecond))
			}
			_ = bar.Set(done)
		}
	}
	last, said := time.Now(), 0
	return func(done, all int) {
		if now := time.Now(); done != said && (now.Sub(last) >= 5*time.Second || done == all) {
			last, said = now, done
			fmt.Fprintf(e.stderr, "%d of %d %s\n", done, all, what)
		}
	}
}
