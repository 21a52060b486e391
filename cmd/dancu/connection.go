package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"dancu/internal/app"
	"dancu/internal/fault"
)

// vietnam is how times are shown: the law's days run there.
var vietnam = time.FixedZone("+07", 7*60*60)

func newConnection(e *env) *cobra.Command {
	c := &cobra.Command{
		Use:   "connection",
		Short: "Register, show, suspend and unlock the agencies' connections",
		Long: `Connection changes the standing of agencies' systems and shows it. Every act is
one transaction with an entry in the log that names the account it was done
from. While a server runs on this machine the command goes through its control
socket; otherwise it opens the data itself.`,
		Args: cobra.NoArgs,
	}
	c.AddCommand(newConnectionApply(e), newConnectionShow(e), newConnectionSuspend(e), newConnectionRotateCert(e), newConnectionEnd(e))
	return c
}

// controlled runs fn with the controls of the configured system.
func controlled(ctx context.Context, e *env, fn func(app.Control) error) error {
	cfg, err := e.config()
	if err != nil {
		return err
	}
	c, err := app.OpenControl(ctx, *cfg, e.stderr)
	if err != nil {
		return err
	}
	return errors.Join(fn(c), c.Close())
}

func newConnectionApply(e *env) *cobra.Command {
	var opt app.ApplyOptions
	var asJSON bool
	c := &cobra.Command{
		Use:   "apply FILE",
		Short: "Make the standing what a file says",
		Long: `Apply reads a file of agencies, systems, connections and grants (YAML or JSON; "-"
is standard input) and makes the standing what it says, in one transaction.
Only what differs is written. It lifts no lock, resumes no suspended connection,
and leaves alone what the file does not name. Where anything in the file is
wrong nothing is changed, and everything that is wrong is told, with its line.`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			src, err := app.ReadSource(args[0], e.stdin)
			if err != nil {
				return err
			}
			return controlled(c.Context(), e, func(ctl app.Control) error {
				rep, err := ctl.Apply(c.Context(), src, opt)
				if err != nil {
					return err
				}
				if asJSON {
					return printJSON(e.stdout, rep)
				}
				return printReport(e, rep)
			})
		},
	}
	c.Flags().BoolVar(&opt.DryRun, "dry-run", false, "say what would change, change nothing")
	c.Flags().BoolVar(&opt.Prune, "prune", false, "end the connections and grants, and retire the certificates, that the file leaves out")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

func printReport(e *env, rep app.ApplyReport) error {
	for _, n := range rep.Notes {
		fmt.Fprintln(e.stderr, "note:", n)
	}
	if len(rep.Changes) == 0 {
		_, err := fmt.Fprintln(e.stdout, "nothing changed: the standing is what the file says")
		return err
	}
	w := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0)
	for _, c := range rep.Changes {
		if rep.DryRun {
			fmt.Fprintf(w, "would write\t%s\t%s\n", c.Kind, c.About)
		} else {
			fmt.Fprintf(w, "entry %d\t%s\t%s\n", c.Index, c.Kind, c.About)
		}
	}
	return w.Flush()
}

func printJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

func newConnectionShow(e *env) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "show [ID]",
		Short: "Show connections: state, lock, certificates, assessment, grants, use",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return controlled(c.Context(), e, func(ctl app.Control) error {
				views, err := ctl.Connections(c.Context(), args...)
				switch {
				case err != nil:
					return err
				case asJSON:
					return printJSON(e.stdout, views)
				case len(args) == 0:
					return printConnections(e, views)
				}
				return printConnection(e.stdout, views[0])
			})
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// printConnections prints one line for each connection.
func printConnections(e *env, views []app.ConnectionView) error {
	if len(views) == 0 {
		_, err := fmt.Fprintln(e.stderr, `there are no connections yet: "dancu connection apply FILE" makes them`)
		return err
	}
	w := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tSTATE\tLOCK\tUSED\tASSESSED UNTIL\tCERTIFICATE UNTIL\tGRANTS")
	for _, v := range views {
		lock := string(v.Lock.By)
		if lock == "" {
			lock = "-"
		}
		certificate := "none"
		if t := lastCertificate(v); !t.IsZero() {
			certificate = day(t)
		}
		running := 0
		for _, g := range v.Connection.Grants {
			if !v.Now.Before(g.From) && v.Now.Before(g.Until) {
				running++
			}
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%d/%d\t%s\t%s\t%d\n", v.Connection.ID, v.Connection.State, lock,
			v.Used.Calls, v.Connection.Limit.Calls, day(v.Connection.AssessedUntil.Add(-time.Nanosecond)), certificate, running)
	}
	return w.Flush()
}

// lastCertificate is the end of the last certificate that calls on the
// connection can come with.
func lastCertificate(v app.ConnectionView) (last time.Time) {
	for _, c := range v.Caller.Credentials {
		usable := v.Connection.Via == "" && c.Represents == "" ||
			v.Connection.Via != "" && (c.Represents == "" || c.Represents == v.Connection.System)
		if usable && !v.Now.After(c.NotAfter) && c.NotAfter.After(last) {
			last = c.NotAfter
		}
	}
	return last
}

func printConnection(out io.Writer, v app.ConnectionView) error {
	c := v.Connection
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	line := func(name, format string, args ...any) { fmt.Fprintf(w, name+"\t"+format+"\n", args...) }
	line("connection", "%s", c.ID)
	line("agency", "%s (%s), group %d", v.Agency.Name.VI, v.Agency.Code, v.Agency.Group)
	if len(v.Agency.Codes) > 0 {
		line("  acts for", "%s", strings.Join(v.Agency.Codes, ", "))
	}
	line("system", "%s: %s, level %d", v.System.ID, v.System.Name.VI, v.System.Level)
	if c.Via != "" {
		line("via", "%s: %s", v.Caller.ID, v.Caller.Name.VI)
	}
	line("state", "%s", c.State)
	if by := c.WhoSuspended(); by != "" {
		line("  suspended by", "the %s", by)
	}
	if c.Violation != "" {
		line("  violation", "%s", oneLine(c.Violation))
		line("  to be restored", "%s", oneLine(c.Remedy))
	}
	if v.Lock.By == "" {
		line("lock", "none")
	} else {
		line("lock", "%s since %s", v.Lock.By, moment(v.Lock.Since))
		if v.Lock.Reason != "" {
			line("  reason", "%s", oneLine(v.Lock.Reason))
		}
	}
	line("assessment", "%s to %s%s", day(c.AssessedFrom), day(c.AssessedUntil.Add(-time.Nanosecond)), termLeft(v.Now, c.AssessedFrom, c.AssessedUntil))
	if !c.CommittedUntil.IsZero() {
		line("undertaking", "to %s%s", day(c.CommittedUntil.Add(-time.Nanosecond)), termLeft(v.Now, time.Time{}, c.CommittedUntil))
	}
	if len(v.Caller.Credentials) == 0 {
		line("certificate", "none: nobody can call")
	}
	for _, cred := range v.Caller.Credentials {
		bound := ""
		if cred.Represents != "" {
			bound = ", represents " + cred.Represents
		}
		if len(v.Caller.Keys) > 0 && !slices.Contains(v.Caller.Keys, cred.Key) {
			bound += ", its key is not declared: calls are refused"
		}
		line("certificate", "%s to %s%s%s", cred.SHA256[:16], moment(cred.NotAfter), bound, termLeft(v.Now, cred.NotBefore, cred.NotAfter))
	}
	used := fmt.Sprintf("%d of %d calls this %s", v.Used.Calls, c.Limit.Calls, c.Limit.Window)
	if c.Limit.People > 0 {
		used += fmt.Sprintf(", %d of %d people", v.Used.People, c.Limit.People)
	}
	line("used", "%s (per %s), new count at %s", used, c.Limit.Scope, moment(v.Used.Reset))
	line("rate", "%g a second, burst %d", c.Rate.PerSecond, c.Rate.Burst)
	for _, g := range c.Grants {
		line("grant", "%s: %s%s", g.ID, g.Service, termLeft(v.Now, g.From, g.Until))
		line("  procedures", "%s", strings.Join(g.Procedures, ", "))
		line("  fields", "%s", strings.Join(g.Fields.Names(), ", "))
		if g.Claims != 0 {
			line("  claims needed", "%s", strings.Join(g.Claims.Names(), ", "))
		}
		keys := make([]string, len(g.Keys))
		for i, k := range g.Keys {
			keys[i] = strings.Join(k.Names(), " + ")
		}
		line("  search keys", "%s", strings.Join(keys, "; "))
		line("  term", "%s to %s", moment(g.From), moment(g.Until))
		line("  legal basis", "%s", oneLine(g.LegalBasis.VI))
		for _, o := range g.Onward {
			line("  onward", "%s, %s, to %s%s", oneLine(o.Name.VI), oneLine(o.Basis.VI), day(o.Until.Add(-time.Nanosecond)), termLeft(v.Now, time.Time{}, o.Until))
		}
		if g.PeoplePerCase > 0 {
			line("  people per case", "%d", g.PeoplePerCase)
		}
		if g.Quota > 0 {
			line("  quota", "%d calls a %s", g.Quota, g.QuotaWindow)
		}
		if len(g.Provinces) > 0 {
			line("  provinces", "%s", strings.Join(g.Provinces, ", "))
		}
		if g.SearchCap > 0 {
			line("  people per search", "%d", g.SearchCap)
		}
		if g.Protected {
			line("  protected people", "shown")
		}
		line("  hash", "%s", g.Hash)
	}
	return w.Flush()
}

// termLeft says what there is to know of a term: not begun, over, or soon over.
func termLeft(now, from, until time.Time) string {
	switch left := until.Sub(now); {
	case now.Before(from):
		return " (begins " + moment(from) + ")"
	case left <= 0:
		return " (OVER)"
	case left < 60*24*time.Hour:
		return fmt.Sprintf(" (%d days left)", int(left.Hours()/24))
	}
	return ""
}

func day(t time.Time) string    { return t.In(vietnam).Format(time.DateOnly) }
func moment(t time.Time) string { return t.In(vietnam).Format("2006-01-02 15:04:05 -07") }

// oneLine keeps a text that people wrote on its line.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// did says what was done.
func did(e *env, format string, args ...any) error {
	_, err := fmt.Fprintf(e.stdout, format+"\n", args...)
	return err
}

// needFlags makes flags mandatory: without them there is nothing to record.
func needFlags(c *cobra.Command, names ...string) *cobra.Command {
	c.PreRunE = func(c *cobra.Command, _ []string) error {
		var missing []string
		for _, n := range names {
			if !c.Flags().Changed(n) {
				missing = append(missing, "--"+n)
			}
		}
		if len(missing) > 0 {
			return usageError{fmt.Errorf("%s is needed: see %q", strings.Join(missing, " and "), c.CommandPath()+" --help")}
		}
		return nil
	}
	return c
}

func newConnectionSuspend(e *env) *cobra.Command {
	var violation, remedy string
	c := &cobra.Command{
		Use:   "suspend ID",
		Short: "Refuse a connection's calls until it is resumed",
		Long: `Suspend refuses a connection's calls from this act's entry on. The user agency is
to be told within a day what the violation is and what restores the connection
(Decree 47/2020/NĐ-CP Art. 43.5), so both are needed.`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return controlled(c.Context(), e, func(ctl app.Control) error {
				if err := ctl.Suspend(c.Context(), args[0], violation, remedy); err != nil {
					return err
				}
				return did(e, "%s is suspended", args[0])
			})
		},
	}
	c.Flags().StringVar(&violation, "violation", "", "what the agency did, or what endangers security")
	c.Flags().StringVar(&remedy, "remedy", "", "what the agency must do to be restored")
	return needFlags(c, "violation", "remedy")
}

func newConnectionEnd(e *env) *cobra.Command {
	var ground, reason string
	c := &cobra.Command{
		Use:   "end ID",
		Short: "End a connection for good",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return controlled(c.Context(), e, func(ctl app.Control) error {
				if err := ctl.End(c.Context(), args[0], ground, reason); err != nil {
					return err
				}
				return did(e, "%s has ended", args[0])
			})
		},
	}
	c.Flags().StringVar(&reason, "reason", "", "why it ends (10 characters or more)")
	c.Flags().StringVar(&ground, "ground", "", "of Decree 47/2020/NĐ-CP Art. 44, by its id: termination.purpose, .not-restorable, .order, .no-need, .expired, or the operator's own")
	return needFlags(c, "ground", "reason")
}

func newConnectionRotateCert(e *env) *cobra.Command {
	var rot app.Rotation
	var file string
	c := &cobra.Command{
		Use:   "rotate-cert ID",
		Short: "Replace a system's certificate",
		Long: `Rotate-cert registers a new certificate for the system of a connection (or for the
system with this id). The certificates it replaces stay good for the overlap, or
end at once with --now, as is right when a key was disclosed.`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if c.Flags().Changed("overlap") && rot.Overlap <= 0 {
				return usageError{errors.New("--overlap must be longer than nothing: use --now to retire the old certificate at once")}
			}
			data, err := os.ReadFile(file)
			if err != nil {
				return fault.Wrap(fault.Invalid, err, "the certificate cannot be read")
			}
			rot.Cert = data
			return controlled(c.Context(), e, func(ctl app.Control) error {
				retired, err := ctl.RotateCert(c.Context(), args[0], rot)
				if err != nil {
					return err
				}
				return did(e, "the new certificate of %s is registered; the old one ends at %s, if not before", args[0], moment(retired))
			})
		},
	}
	c.Flags().StringVar(&file, "cert", "", "`file` of the new certificate, PEM")
	c.Flags().DurationVar(&rot.Overlap, "overlap", 0, "how long the old certificate stays good (default 168h)")
	c.Flags().BoolVar(&rot.Now, "now", false, "end the old certificate at once")
	c.Flags().StringVar(&rot.Represents, "represents", "", "`system` that an intermediary's certificate is bound to")
	return needFlags(c, "cert")
}
