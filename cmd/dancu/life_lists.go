package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
)

func newLifeKinds(d *lifeDoor) *cobra.Command {
	return &cobra.Command{
		Use:   "kinds [KIND]",
		Short: "Tell the kinds of matters; of one, its sections, acts and fields",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return d.run(c.Context(), func(ask lifeAsk) error {
				if d.asJSON {
					return d.raw(ask, "/kinds")
				}
				all, err := kindsOf(ask)
				if err != nil {
					return err
				}
				if len(args) == 0 {
					return printKinds(d.e, all)
				}
				i := slices.IndexFunc(all, func(k lifeKind) bool { return k.Kind == args[0] })
				if i < 0 {
					return usageError{fmt.Errorf("there is no kind of matter %q: see \"dancu life kinds\"", args[0])}
				}
				return printKind(d.e, &all[i])
			})
		},
	}
}

// raw prints an answer as it is.
func (d *lifeDoor) raw(ask lifeAsk, path string) error {
	var raw json.RawMessage
	if err := ask("GET", path, nil, "", &raw); err != nil {
		return err
	}
	return printJSON(d.e.stdout, raw)
}

func printKinds(e *env, all []lifeKind) error {
	w := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "KIND\tTITLE\tOPENED BY\tACTS")
	for _, k := range all {
		var acts []string
		for _, a := range k.Acts {
			if !slices.Contains(acts, a.Name) {
				acts = append(acts, a.Name)
			}
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", k.Kind, k.Title.EN, dash(strings.Join(k.OpenBy, ", ")), strings.Join(acts, ", "))
	}
	return w.Flush()
}

func printKind(e *env, k *lifeKind) error {
	w := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "%s\t%s\n", k.Kind, k.Title.EN)
	for _, s := range k.States {
		fmt.Fprintf(w, "state\t%s\t%s\n", s.Name, s.Label.EN)
	}
	form := func(f []lifeField) {
		for _, x := range f {
			fmt.Fprintf(w, "  %s\t%s\n", x.Name, x.Type)
		}
	}
	if len(k.OpenBy) > 0 {
		fmt.Fprintf(w, "open\tby %s\n", strings.Join(k.OpenBy, ", "))
		form(k.Open)
	}
	for _, s := range k.Sections {
		fmt.Fprintf(w, "section\t%s\t%s\n", s.Name, s.Title.EN)
		form(s.Form)
	}
	for _, a := range k.Acts {
		how := "by " + strings.Join(a.By, ", ")
		if len(a.Confirm) > 0 {
			how += "; confirmed by " + strings.Join(a.Confirm, ", ")
		}
		if a.Fresh {
			how += "; in the console"
		}
		fmt.Fprintf(w, "act\t%s\t%s\t%s\tfrom %s\n", a.Name, a.Label.EN, how, strings.Join(a.From, ", "))
		form(a.Form)
	}
	return w.Flush()
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// filters are the flags of a list, named as its parameters.
type filters struct {
	texts map[string]*string
	flags map[string]*bool
	limit int
}

func (f *filters) add(c *cobra.Command, texts, flags [][2]string) {
	f.texts, f.flags = map[string]*string{}, map[string]*bool{}
	for _, t := range texts {
		f.texts[t[0]] = c.Flags().String(t[0], "", t[1])
	}
	for _, t := range flags {
		f.flags[t[0]] = c.Flags().Bool(t[0], false, t[1])
	}
	c.Flags().IntVar(&f.limit, "limit", 0, "how many at once (default 50, at most 200)")
}

func (f *filters) query() string {
	q := url.Values{}
	for name, v := range f.texts {
		if *v != "" {
			if name == "due-by" {
				name = "dueBy"
			}
			q.Set(name, *v)
		}
	}
	for name, v := range f.flags {
		if *v {
			q.Set(name, "true")
		}
	}
	if f.limit != 0 {
		q.Set("limit", strconv.Itoa(f.limit))
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

func newLifeList(d *lifeDoor) *cobra.Command {
	var f filters
	c := &cobra.Command{
		Use:   "list KIND",
		Short: "List matters of a kind",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return d.run(c.Context(), func(ask lifeAsk) error {
				path := "/" + url.PathEscape(args[0]) + f.query()
				if d.asJSON {
					return d.raw(ask, path)
				}
				var out struct {
					Matters []lifeMatter
					Next    string
				}
				if err := ask("GET", path, nil, "", &out); err != nil {
					return err
				}
				w := tabwriter.NewWriter(d.e.stdout, 0, 0, 2, ' ', 0)
				fmt.Fprintln(w, "MATTER\tSTATE\tAGENCY\tVERSION\tTITLE")
				for _, m := range out.Matters {
					fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%s\n", m.ID, m.State, dash(m.Agency), m.Version, dash(oneLine(m.Title)))
				}
				if err := w.Flush(); err != nil {
					return err
				}
				return d.more(out.Next)
			})
		},
	}
	f.add(c, [][2]string{
		{"state", "in this `state`"},
		{"agency", "of this `agency`"},
		{"system", "about this `system`"},
		{"connection", "about this `connection`"},
		{"parent", "that follow from this `matter`"},
		{"words", "with these `words` in title or ids"},
		{"after", "`cursor` of the page before"},
	}, [][2]string{{"open", "those that are not closed"}, {"closed", "those that are"}})
	return c
}

// more says how the next page is had.
func (d *lifeDoor) more(next string) error {
	if next == "" {
		return nil
	}
	_, err := fmt.Fprintf(d.e.stderr, "there is more: --after %s\n", next)
	return err
}

func newLifeTasks(d *lifeDoor) *cobra.Command {
	var f filters
	c := &cobra.Command{
		Use:   "tasks",
		Short: "List what is to be done, what is due first",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return d.run(c.Context(), func(ask lifeAsk) error {
				path := "/tasks" + f.query()
				if d.asJSON {
					return d.raw(ask, path)
				}
				var out struct {
					Now   time.Time
					Next  string
					Tasks []struct {
						Kind, Matter, Owner, Agency string
						Due, Done                   time.Time
					}
				}
				if err := ask("GET", path, nil, "", &out); err != nil {
					return err
				}
				w := tabwriter.NewWriter(d.e.stdout, 0, 0, 2, ' ', 0)
				fmt.Fprintln(w, "DUE\tTASK\tOWNER\tAGENCY\tMATTER")
				for _, t := range out.Tasks {
					due := "-"
					if !t.Due.IsZero() {
						if due = moment(t.Due); t.Done.IsZero() && out.Now.After(t.Due) {
							due += " (OVERDUE)"
						}
					}
					fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", due, t.Kind, t.Owner, dash(t.Agency), t.Matter)
				}
				if err := w.Flush(); err != nil {
					return err
				}
				return d.more(out.Next)
			})
		},
	}
	f.add(c, [][2]string{
		{"owner", "of this `office` (operator, assessor, supervisor, inspector, agency)"},
		{"agency", "about this `agency`"},
		{"matter", "on this `matter`"},
		{"kind", "of this `kind` of task"},
		{"due-by", "due before this `time` (RFC 3339)"},
		{"after", "`cursor` of the page before"},
	}, [][2]string{{"done", "those that are done, too"}})
	return c
}

func newLifeShow(d *lifeDoor) *cobra.Command {
	return &cobra.Command{
		Use:   "show KIND MATTER",
		Short: "Show a matter: state, what is missing, what can be done, what was done",
		Args:  cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			return d.run(c.Context(), func(ask lifeAsk) error {
				path := matterPath(args[0], args[1])
				if d.asJSON {
					return d.raw(ask, path)
				}
				var s lifeSight
				if err := ask("GET", path, nil, "", &s); err != nil {
					return err
				}
				return printSight(d.e, &s)
			})
		},
	}
}

// lifeSight is a matter as the command prints it.
type lifeSight struct {
	Matter   lifeMatter
	Sections []lifeSection
	Missing  []struct {
		Section, Field string
		Text           lifeText
	}
	Gates []struct {
		Name  string
		Green bool
		Why   lifeText
	}
	Notes []lifeText
	Done  []struct {
		Act, State, Actor, Duty, Reason string
		Entry                           int64
		At                              time.Time
	}
	Tasks []struct {
		Kind, Owner string
		Due, Done   time.Time
	}
	Can  []string
	Edit bool
}

func printSight(e *env, s *lifeSight) error {
	w := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0)
	line := func(name, format string, args ...any) { fmt.Fprintf(w, name+"\t"+format+"\n", args...) }
	m := &s.Matter
	line(m.Kind, "%s", m.ID)
	line("title", "%s", dash(oneLine(m.Title)))
	line("state", "%s", m.State)
	line("agency", "%s", dash(m.Agency))
	line("version", "%d", m.Version)
	for _, x := range s.Sections {
		line("section", "%s: %s", x.Name, x.Title.EN)
	}
	for _, x := range s.Missing {
		line("missing", "%s.%s: %s", x.Section, x.Field, x.Text.EN)
	}
	for _, g := range s.Gates {
		how := "open"
		if g.Green {
			how = "green"
		}
		line("gate", "%s: %s, %s", g.Name, how, oneLine(g.Why.EN))
	}
	for _, n := range s.Notes {
		line("note", "%s", oneLine(n.EN))
	}
	for _, t := range s.Tasks {
		if t.Done.IsZero() {
			due := "no clock"
			if !t.Due.IsZero() {
				due = "due " + moment(t.Due)
			}
			line("task", "%s, %s, %s", t.Kind, t.Owner, due)
		}
	}
	line("can", "%s", dash(strings.Join(s.Can, ", ")))
	for _, x := range s.Done {
		line("done", "%s: %s by %s (%s), entry %d: %s", moment(x.At), x.Act, x.Actor, x.Duty, x.Entry, dash(oneLine(x.Reason)))
	}
	return w.Flush()
}
