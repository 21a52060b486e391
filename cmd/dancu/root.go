package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"dancu/internal/app"
	"dancu/internal/fault"
)

// env is what a command may know of the world. Every subcommand is made by a
// function that takes it, so that tests run commands in-process.
type env struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	environ        []string // as os.Environ
	configFile     string   // --config; "" means none was named
}

// config reads the configuration: the file of --config (or DANCU_CONFIG), then
// the environment's DANCU_ variables.
func (e *env) config() (*app.Config, error) {
	l, err := app.LoadConfig(e.configFile, e.environ)
	if err != nil {
		return nil, err
	}
	return &l.Config, nil
}

// The exit statuses of the package comment.
const (
	exitFailure = 1
	exitUsage   = 2
)

// usageError marks a mistake on the command line.
type usageError struct{ error }

// Unwrap returns the mistake.
func (u usageError) Unwrap() error { return u.error }

// errSilent ends a command with status 1 when everything has been said.
var errSilent = errors.New("")

// newRoot returns the whole command line.
func newRoot(e *env) *cobra.Command {
	root := &cobra.Command{
		Use:   "dancu",
		Short: "Access gateway of a population register",
		Long: `dancu stands between a population register and the agencies that may read it.
Nothing leaves the register unless the law's conditions hold at that moment and
the access has been recorded, durably, in a log nobody can change unnoticed.

Begin with "dancu demo", or with "dancu init DIR" for a system of your own.`,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetIn(e.stdin)
	root.SetOut(e.stdout)
	root.SetErr(e.stderr)
	root.PersistentFlags().StringVar(&e.configFile, "config", "", "configuration `file` (default: $DANCU_CONFIG)")
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usageError{fmt.Errorf("%w: see %q", err, c.CommandPath()+" --help")}
	})
	root.AddGroup(
		&cobra.Group{ID: "run", Title: "Run:"},
		&cobra.Group{ID: "data", Title: "Register and connections:"},
		&cobra.Group{ID: "log", Title: "Access log:"},
	)
	add := func(group string, cs ...*cobra.Command) {
		for _, c := range cs {
			c.GroupID = group
			root.AddCommand(c)
		}
	}
	add("run", newServe(e), newInit(e), newConfig(e), newDoctor(e), newDemo(e), newGallery(e))
	add("data", newImport(e), newGenerate(e), newConnection(e), newLife(e), newNotice(e), newProposal(e), newAccount(e))
	add("log", newLedger(e))
	root.AddCommand(newVersion(e))
	checkArgs(root)
	return root
}

// checkArgs makes wrong arguments and unknown commands mistakes of usage, for
// every command.
func checkArgs(c *cobra.Command) {
	if check := c.Args; check != nil {
		c.Args = func(c *cobra.Command, args []string) error {
			if err := check(c, args); err != nil {
				return usageError{fmt.Errorf("%w: see %q", err, c.CommandPath()+" --help")}
			}
			return nil
		}
	}
	if !c.Runnable() && c.HasSubCommands() {
		c.RunE = func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return c.Help()
			}
			hint := fmt.Sprintf("see %q", c.CommandPath()+" --help")
			c.SuggestionsMinimumDistance = 2
			if near := c.SuggestionsFor(args[0]); len(near) > 0 {
				hint = "did you mean " + near[0] + "?"
			}
			return usageError{fmt.Errorf("%s has no command %q: %s", c.CommandPath(), args[0], hint)}
		}
		c.Args = cobra.ArbitraryArgs
	}
	for _, sub := range c.Commands() {
		checkArgs(sub)
	}
}

// report says what went wrong and returns the exit status. An error without a
// kind is our own failure: the person at the command line may read all of it.
func report(e *env, err error) int {
	var usage usageError
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errSilent):
		return exitFailure
	case errors.As(err, &usage), fault.Is(err, fault.Invalid):
		fmt.Fprintln(e.stderr, "dancu:", err)
		return exitUsage
	default:
		fmt.Fprintln(e.stderr, "dancu:", err)
		return exitFailure
	}
}
