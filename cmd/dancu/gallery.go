package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"dancu/internal/app"
)

func newGallery(e *env) *cobra.Command {
	var listen, out string
	c := &cobra.Command{
		Use:   "gallery",
		Short: "Show every page of the console with made-up data",
		Long: `Gallery serves every page of the console, in every state worth looking at, with
made-up data: no database, no register, nobody signed in. With --out it writes
the pages into a folder instead, in both languages.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if out != "" {
				n, err := app.WriteGallery(out)
				if err == nil {
					fmt.Fprintf(e.stdout, "%d pages in %s\n", n, out)
				}
				return err
			}
			return app.ServeGallery(c.Context(), listen, func(url string) { fmt.Fprintln(e.stdout, url) })
		},
	}
	c.Flags().StringVar(&listen, "listen", "127.0.0.1:8446", "`address` to serve on")
	c.Flags().StringVar(&out, "out", "", "write the pages into this `folder` instead")
	return c
}
