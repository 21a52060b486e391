package main

import (
	"errors"

	"github.com/spf13/cobra"

	"dancu/internal/app"
)

func newServe(e *env) *cobra.Command {
	return &cobra.Command{
		Use:   "serve",
		Short: "Run a node",
		Long: `Serve runs a node until it is asked to stop (SIGTERM, Ctrl-C). Then it says that it
is not ready, lets the calls under way end, and closes the log. A second signal
ends it at once; the log is whole then, too.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := e.config()
			if err != nil {
				return err
			}
			a, err := app.New(c.Context(), *cfg, func(o *app.Options) { o.Stderr = e.stderr })
			if err != nil {
				return err
			}
			err = a.Run(c.Context())
			return errors.Join(err, a.Close())
		},
	}
}
