package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
)

// notice is a notice as the command line shows it.
type notice struct {
	ID, Topic, To, State, Cause, Link string
	Title, Text                       lifeText
	Created, Next, Settled            time.Time
	Attempts                          int
	Sending                           bool
	Deliveries                        []struct {
		Channel, Target, State, Cause string
		Attempts                      int
		Last                          time.Time
	}
}

func newNotice(e *env) *cobra.Command {
	d := &lifeDoor{e: e}
	c := &cobra.Command{
		Use:   "notice",
		Short: "What agencies and staff were told: list, show, send again",
		Long: `Notice shows what was told to whom, and sends again what did not arrive.

Without --server it works at the machine. With --server and --key-file it asks
the API of a server as the account whose key it is: an agency's sees the
agency's own.`,
		Args: cobra.NoArgs,
	}
	d.flags(c)
	c.AddCommand(newNoticeList(d), newNoticeShow(d), newNoticeRetry(d))
	return c
}

func newNoticeList(d *lifeDoor) *cobra.Command {
	var f filters
	c := &cobra.Command{
		Use:   "list",
		Short: "List notices, the newest first",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return d.run(c.Context(), func(ask lifeAsk) error {
				path := "/notices" + f.query()
				if d.asJSON {
					return d.raw(ask, path)
				}
				var out struct {
					Notices []notice
					Next    string
				}
				if err := ask("GET", path, nil, "", &out); err != nil {
					return err
				}
				w := tabwriter.NewWriter(d.e.stdout, 0, 0, 2, ' ', 0)
				fmt.Fprintln(w, "NOTICE\tSTATE\tWRITTEN\tTO\tATTEMPTS\tCAUSE\tTITLE")
				for _, n := range out.Notices {
					state := n.State
					if n.Sending {
						state = "sending"
					}
					fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d\t%s\t%s\n", n.ID, state, moment(n.Created), n.To, n.Attempts, dash(n.Cause), oneLine(n.Title.EN))
				}
				if err := w.Flush(); err != nil {
					return err
				}
				return d.more(out.Next)
			})
		},
	}
	f.add(c, [][2]string{
		{"state", "in this `state`: waiting, held, sent, failed"},
		{"topic", "of this `topic`, or with a dot at its end of all that begin so"},
		{"to", "to this `agency` or office"},
		{"after", "`cursor` of the page before"},
	}, nil)
	return c
}

func newNoticeShow(d *lifeDoor) *cobra.Command {
	return &cobra.Command{
		Use:   "show NOTICE",
		Short: "Show a notice: its text, where it went, and what became of it",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return d.run(c.Context(), func(ask lifeAsk) error { return d.notice(ask, "GET", "/notices/"+url.PathEscape(args[0])) })
		},
	}
}

func newNoticeRetry(d *lifeDoor) *cobra.Command {
	return &cobra.Command{
		Use:   "retry NOTICE",
		Short: "Send a notice again that was given up, is held or waits",
		Long: `Retry makes a notice due at once, with all its attempts before it. Who has had it
is not sent it again. The log says who asked for it.`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return d.run(c.Context(), func(ask lifeAsk) error { return d.notice(ask, "POST", "/notices/"+url.PathEscape(args[0])+"/retry") })
		},
	}
}

// notice asks for one notice and prints it.
func (d *lifeDoor) notice(ask lifeAsk, method, path string) error {
	var raw json.RawMessage
	if err := ask(method, path, nil, "", &raw); err != nil {
		return err
	}
	if d.asJSON {
		return printJSON(d.e.stdout, raw)
	}
	var n notice
	if err := json.Unmarshal(raw, &n); err != nil {
		return err
	}
	w := tabwriter.NewWriter(d.e.stdout, 0, 0, 2, ' ', 0)
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(w, "%s\t%s\n", name, value)
		}
	}
	at := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return moment(t)
	}
	line("notice", n.ID)
	line("topic", n.Topic)
	line("to", n.To)
	line("state", n.State)
	line("written", at(n.Created))
	line("attempts", fmt.Sprint(n.Attempts))
	line("next", at(n.Next))
	line("settled", at(n.Settled))
	line("cause", n.Cause)
	line("page", n.Link)
	line("title", oneLine(n.Title.EN))
	line("text", oneLine(n.Text.EN))
	for _, x := range n.Deliveries {
		fmt.Fprintf(w, "%s\t%s\t%s\t%d attempts\t%s\t%s\n", x.Channel, x.Target, x.State, x.Attempts, at(x.Last), dash(x.Cause))
	}
	return w.Flush()
}
