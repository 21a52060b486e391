package main

import (
	"context"
	"errors"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"dancu/internal/fault"
	"dancu/internal/register"
)

func newGenerate(e *env) *cobra.Command {
	o := register.GenerateOptions{People: 1000, Seed: 1, AsOf: register.ReferenceDate}
	format, output := string(register.JSONLines), "-"
	c := &cobra.Command{
		Use:   "generate",
		Short: "Write a synthetic population",
		Long: `Generate makes up people who could be: names by their shares, families and
households that hold together, addresses, numbers, a few dead, missing and
protected. The same options write the same file. Nobody in it is real, and every
record says so in the field "other". "dancu import" reads what it writes.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			f, ok := register.ParseFormat(format)
			if !ok {
				return usageError{errors.New("--format must be jsonl or csv")}
			}
			o.Format = f
			if err := o.Validate(); err != nil {
				return usageError{err}
			}
			end := showGenerating(e, &o, output)
			defer end()
			if output == "-" {
				return register.Generate(stoppable{c.Context(), e.stdout}, o)
			}
			return generateFile(c.Context(), output, o)
		},
	}
	c.Flags().IntVar(&o.People, "people", o.People, "`number` of people, up to 100,000,000")
	c.Flags().Uint64Var(&o.Seed, "seed", o.Seed, "`number` that the population comes from")
	c.Flags().StringVar(&format, "format", format, "`jsonl` or csv")
	c.Flags().StringVar(&o.AsOf, "as-of", o.AsOf, "`day` as of which ages are counted")
	c.Flags().StringVarP(&output, "output", "o", output, "`file` to write; - is standard output")
	return c
}

// generateFile writes the population to a file that appears when it is whole.
func generateFile(ctx context.Context, name string, o register.GenerateOptions) (err error) {
	part := name + ".part"
	f, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "the file cannot be written")
	}
	defer func() {
		if err != nil {
			_ = os.Remove(part)
		}
	}()
	err = register.Generate(stoppable{ctx, f}, o)
	if cerr := f.Close(); err == nil && cerr != nil {
		err = fault.Wrap(fault.Unavailable, cerr, "the population cannot be written")
	}
	if err != nil {
		return err
	}
	return fault.Wrap(fault.Unavailable, os.Rename(part, name), "the population cannot be written")
}

// stoppable is a writer that fails once its context has ended.
type stoppable struct {
	ctx context.Context
	w   io.Writer
}

// Write writes, or says why the context ended.
func (s stoppable) Write(b []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.w.Write(b)
}

// showGenerating shows a bar if stderr is a terminal and the population goes
// elsewhere, and returns what ends it.
func showGenerating(e *env, o *register.GenerateOptions, output string) (end func()) {
	f, ok := e.stderr.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return func() {}
	}
	if out, ok := e.stdout.(*os.File); output == "-" && ok && term.IsTerminal(int(out.Fd())) {
		return func() {}
	}
	bar := progressbar.NewOptions(o.People, progressbar.OptionSetWriter(f), progressbar.OptionSetDescription("people"),
		progressbar.OptionShowCount(), progressbar.OptionSetPredictTime(true), progressbar.OptionThrottle(200*time.Millisecond), progressbar.OptionClearOnFinish())
	o.Progress = func(done int) { _ = bar.Set(done) } // it is only a picture
	return func() { _ = bar.Finish() }
}
