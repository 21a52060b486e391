package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
)

func newProposal(e *env) *cobra.Command {
	d := &lifeDoor{e: e}
	c := &cobra.Command{
		Use:   "proposal",
		Short: "Acts that take two people: list what was proposed, decline it",
		Long: `Proposal shows the acts that take two people and ends one that waits. Confirming
is done in the console alone, by another person with a second factor.

Without --server it works at the machine, which sees all and may decline any.
With --server and --key-file it asks the API of a server: a key withdraws what
its own account proposed.`,
		Args: cobra.NoArgs,
	}
	d.flags(c)
	c.AddCommand(newProposalList(d), newProposalDecline(d))
	return c
}

func newProposalList(d *lifeDoor) *cobra.Command {
	var f filters
	c := &cobra.Command{
		Use:   "list",
		Short: "List proposals, the newest first",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return d.run(c.Context(), func(ask lifeAsk) error {
				path := "/proposals" + f.query()
				if d.asJSON {
					return d.raw(ask, path)
				}
				var out struct {
					Proposals []struct {
						ID, Kind, Subject, Reason, State, Proposer string
						Expires                                    time.Time
					}
					Next string
				}
				if err := ask("GET", path, nil, "", &out); err != nil {
					return err
				}
				w := tabwriter.NewWriter(d.e.stdout, 0, 0, 2, ' ', 0)
				fmt.Fprintln(w, "PROPOSAL\tSTATE\tACT\tABOUT\tBY\tUNTIL\tREASON")
				for _, p := range out.Proposals {
					fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", p.ID, p.State, p.Kind, dash(p.Subject), p.Proposer, moment(p.Expires), oneLine(p.Reason))
				}
				if err := w.Flush(); err != nil {
					return err
				}
				return d.more(out.Next)
			})
		},
	}
	f.add(c, [][2]string{
		{"kind", "of this `kind`, like life.connection.unlock"},
		{"state", "in this `state`: proposed, executed, declined, lapsed, failed"},
		{"subject", "about this `matter` or account"},
		{"after", "`cursor` of the page before"},
	}, nil)
	return c
}

func newProposalDecline(d *lifeDoor) *cobra.Command {
	var reason string
	c := &cobra.Command{
		Use:   "decline PROPOSAL",
		Short: "End a proposal that waits",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return d.run(c.Context(), func(ask lifeAsk) error {
				body, err := json.Marshal(map[string]string{"reason": reason})
				if err != nil {
					return err
				}
				var out json.RawMessage
				if err := ask("POST", "/proposals/"+url.PathEscape(args[0])+"/decline", body, "", &out); err != nil {
					return err
				}
				if d.asJSON {
					return printJSON(d.e.stdout, out)
				}
				return did(d.e, "%s is declined", args[0])
			})
		},
	}
	c.Flags().StringVar(&reason, "reason", "", "why, for the log (10 characters or more)")
	return needFlags(c, "reason")
}
