package main

import (
	"encoding/json"
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"dancu/internal/app"
)

func newConfig(e *env) *cobra.Command {
	c := &cobra.Command{
		Use:   "config",
		Short: "Check or show the configuration",
		Args:  cobra.NoArgs,
	}
	c.AddCommand(&cobra.Command{
		Use:   "check",
		Short: "Say whether the configuration can be used",
		Long:  "Check reads the configuration file and the environment and says everything that is\nwrong with them: unknown settings, values that cannot be, settings that do not go together.",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if _, err := app.LoadConfig(e.configFile, e.environ); err != nil {
				return err
			}
			_, err := fmt.Fprintln(e.stdout, "the configuration is good")
			return err
		},
	})
	var origin, asJSON bool
	show := &cobra.Command{
		Use:   "show",
		Short: "Print every setting that holds",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			l, err := app.LoadConfig(e.configFile, e.environ)
			if err != nil {
				return err
			}
			return showConfig(e, l, origin, asJSON)
		},
	}
	show.Flags().BoolVar(&origin, "origin", false, "say where each setting comes from")
	show.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	c.AddCommand(show)
	return c
}

func showConfig(e *env, l *app.Loaded, origin, asJSON bool) error {
	if asJSON {
		type setting struct {
			Key    string     `json:"key"`
			Value  string     `json:"value"`
			Origin app.Origin `json:"origin"`
			Env    string     `json:"env"`
		}
		out := []setting{}
		for _, s := range l.Settings() {
			out = append(out, setting{s.Key, s.Value, s.Origin, app.EnvName(s.Key)})
		}
		enc := json.NewEncoder(e.stdout)
		enc.SetIndent("", "  ")
		return enc.Encode(out)
	}
	w := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0)
	for _, s := range l.Settings() {
		value := s.Value
		if value == "" {
			value = `""`
		}
		if origin {
			fmt.Fprintf(w, "%s:\t%s\t# %s\n", s.Key, value, s.Origin)
		} else {
			fmt.Fprintf(w, "%s:\t%s\n", s.Key, value)
		}
	}
	return w.Flush()
}
