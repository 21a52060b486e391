package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"dancu/internal/app"
)

func newDoctor(e *env) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Look for what an operator can get wrong, and say the way out",
		Long: `Doctor looks at the configuration, the state folder, the keys, the disk, the
certificates, the database (that it keeps what it acknowledges, keeps personal
data out of its own log, and has the right time) and the running server. It
changes nothing. The exit status is 1 if there is a problem, 2 if the
configuration cannot be read.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := e.config()
			if err != nil {
				return err
			}
			findings := app.Doctor(c.Context(), *cfg)
			bad := false
			for _, f := range findings {
				bad = bad || f.Grade == app.Problem
			}
			if asJSON {
				enc := json.NewEncoder(e.stdout)
				enc.SetIndent("", "  ")
				if err := enc.Encode(findings); err != nil {
					return err
				}
			} else {
				for _, f := range findings {
					fmt.Fprintf(e.stdout, "%-8s %s: %s\n", f.Grade, f.Check, f.Text)
					if f.Way != "" {
						fmt.Fprintf(e.stdout, "%-8s -> %s\n", "", f.Way)
					}
				}
			}
			if bad {
				return errSilent
			}
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}
