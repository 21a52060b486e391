package main

import (
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"dancu/internal/app"
)

func newInit(e *env) *cobra.Command {
	var o app.InitOptions
	c := &cobra.Command{
		Use:   "init DIR",
		Short: "Make a state folder: keys, a server certificate, a configuration file",
		Long: `Init makes what a server needs to start: the key that signs the log, the key that
seals the log's contents, a certificate authority for a pilot with a server
certificate of one year, and a configuration file. It overwrites nothing.

Keep a copy of keys/log.key and keys/sealing.key in a safe place: without the
sealing key the log's contents cannot be read, without the signing key the log
cannot go on under its name.`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			written, err := app.Init(args[0], o)
			for _, w := range written {
				fmt.Fprintln(e.stdout, w)
			}
			if err != nil {
				return err
			}
			config := filepath.Join(args[0], app.ConfigFile)
			fmt.Fprintf(e.stderr, "next: dancu serve --config %s\n", config)
			fmt.Fprintf(e.stderr, "and the first account: dancu account create-admin --config %s --login … --code … --name …\n", config)
			return nil
		},
	}
	c.Flags().StringVar(&o.Origin, "origin", "", "the log's `name` for ever, a URL without scheme: log.example.vn/dancu")
	c.Flags().StringSliceVar(&o.Names, "name", nil, "host `name` or IP address of the server certificate; may be repeated (default localhost, 127.0.0.1, ::1)")
	return c
}
