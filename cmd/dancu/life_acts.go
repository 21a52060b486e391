package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"

	"github.com/spf13/cobra"
)

// lifeKind is a kind of matter, as far as the command line must know it.
type lifeKind struct {
	Kind        string
	Title, Many lifeText
	Open        []lifeField
	OpenBy      []string
	States      []struct {
		Name  string
		Label lifeText
	}
	Sections []lifeSection
	Acts     []lifeRow
}

type (
	lifeText struct {
		VI, EN string
	}
	lifeSection struct {
		Name  string
		Title lifeText
		Form  []lifeField
	}
	lifeRow struct {
		Name    string
		Label   lifeText
		From    []string
		To      string
		By      []string
		Confirm []string
		Fresh   bool
		Form    []lifeField
	}
	lifeMatter struct {
		ID      string
		Kind    string
		Agency  string
		State   string
		Title   string
		Version int64
		// Proposal is set where an act was proposed instead.
		Proposal string
		Act      string
	}
)

// kindsOf asks for the tables.
func kindsOf(ask lifeAsk) (all []lifeKind, err error) {
	var out struct{ Kinds []lifeKind }
	err = ask("GET", "/kinds", nil, "", &out)
	return out.Kinds, err
}

// matterPath is the path of a matter, or with more of something of it.
func matterPath(kind, matter string, more ...string) string {
	p := "/" + url.PathEscape(kind) + "/" + url.PathEscape(matter)
	for _, m := range more {
		p += "/" + url.PathEscape(m)
	}
	return p
}

// changed asks for a change and prints what became of the matter.
func (d *lifeDoor) changed(ask lifeAsk, method, path string, body []byte) error {
	var raw json.RawMessage
	if err := ask(method, path, body, "", &raw); err != nil {
		return err
	}
	if d.asJSON {
		return printJSON(d.e.stdout, raw)
	}
	var m lifeMatter
	if err := json.Unmarshal(raw, &m); err != nil {
		return err
	}
	if m.Proposal != "" {
		return did(d.e, "proposed as %s: another person confirms it in the console", m.Proposal)
	}
	return did(d.e, "%s %s is %s, version %d", m.Kind, m.ID, m.State, m.Version)
}

func newLifeOpen(d *lifeDoor) *cobra.Command {
	var f lifeForm
	about := map[string]*string{"agency": new(string), "system": new(string), "connection": new(string), "parent": new(string)}
	c := &cobra.Command{
		Use:   "open KIND",
		Short: "Open a matter",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return d.run(c.Context(), func(ask lifeAsk) error {
				more := map[string]any{}
				for name, v := range about {
					if *v != "" {
						more[name] = *v
					}
				}
				body, err := f.body(ask, func() ([]lifeField, error) {
					all, err := kindsOf(ask)
					for _, k := range all {
						if k.Kind == args[0] {
							return k.Open, nil
						}
					}
					return nil, err
				}, more)
				if err != nil {
					return err
				}
				return d.changed(ask, "POST", "/"+url.PathEscape(args[0]), body)
			})
		},
	}
	f.flags(c, false)
	for _, name := range []string{"agency", "system", "connection"} {
		c.Flags().StringVar(about[name], name, "", "id of the `"+name+"` that it concerns")
	}
	c.Flags().StringVar(about["parent"], "parent", "", "id of the `matter` that it follows from")
	return c
}

func newLifeSave(d *lifeDoor) *cobra.Command {
	var f lifeForm
	c := &cobra.Command{
		Use:   "save KIND MATTER SECTION",
		Short: "Save a section of a matter",
		Long: `Save stores the answers of one section: what is given must be right, and need not
be complete. They take the place of all that the section held.`,
		Args: cobra.ExactArgs(3),
		RunE: func(c *cobra.Command, args []string) error {
			return d.run(c.Context(), func(ask lifeAsk) error {
				body, err := f.body(ask, func() ([]lifeField, error) {
					// A matter may have sections of its own.
					var s struct{ Sections []lifeSection }
					err := ask("GET", matterPath(args[0], args[1]), nil, "", &s)
					for _, x := range s.Sections {
						if x.Name == args[2] {
							return x.Form, nil
						}
					}
					return nil, err
				}, nil)
				if err != nil {
					return err
				}
				return d.changed(ask, "PUT", matterPath(args[0], args[1], "sections", args[2]), body)
			})
		},
	}
	f.flags(c, true)
	return c
}

func newLifeAct(d *lifeDoor) *cobra.Command {
	var f lifeForm
	c := &cobra.Command{
		Use:   "act KIND MATTER ACT",
		Short: "Do an act on a matter, or propose one that takes two people",
		Args:  cobra.ExactArgs(3),
		RunE: func(c *cobra.Command, args []string) error {
			return d.run(c.Context(), func(ask lifeAsk) error {
				body, err := f.body(ask, func() (form []lifeField, err error) {
					all, err := kindsOf(ask)
					for _, k := range all {
						for _, a := range k.Acts {
							if k.Kind == args[0] && a.Name == args[2] {
								form = append(form, a.Form...) // an act may have several rows
							}
						}
					}
					return form, err
				}, nil)
				if err != nil {
					return err
				}
				return d.changed(ask, "POST", matterPath(args[0], args[1], "acts", args[2]), body)
			})
		},
	}
	f.flags(c, true)
	return c
}

func newLifeAttach(d *lifeDoor) *cobra.Command {
	return &cobra.Command{
		Use:   "attach PATH...",
		Short: "Upload evidence files and print their ids",
		Long: `Attach puts files into the vault and prints their ids, for --set of a field of
files. What no matter refers to within a day is removed. --file of "open", "save"
and "act" does both at once.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return d.run(c.Context(), func(ask lifeAsk) error {
				var all []lifeFile
				for _, path := range args {
					f, err := lifeUpload(ask, path)
					if err != nil {
						return err
					}
					all = append(all, f)
					if !d.asJSON {
						if _, err := fmt.Fprintf(d.e.stdout, "%s  %s  %s\n", f.ID, f.SHA256, oneLine(f.Name)); err != nil {
							return err
						}
					}
				}
				if d.asJSON {
					return printJSON(d.e.stdout, slices.Clip(all))
				}
				return nil
			})
		},
	}
}
