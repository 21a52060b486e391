package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"dancu/internal/fault"
)

// lifeField is a field of a form, as far as the command line must know it.
type lifeField struct {
	Name string
	Type string
}

// lifeForm are the answers to a form as the command line gives them.
type lifeForm struct {
	values  string   // --values
	set     []string // --set
	files   []string // --file
	reason  string
	version int64
}

// flags adds the flags of answers to a command.
func (f *lifeForm) flags(c *cobra.Command, version bool) {
	c.Flags().StringVar(&f.values, "values", "", "JSON `file` of the answers: one object of field names")
	c.Flags().StringArrayVar(&f.set, "set", nil, "`name=value` of a field; again for each member of a list")
	c.Flags().StringArrayVar(&f.files, "file", nil, "`name=path` of an evidence file for a field")
	c.Flags().StringVar(&f.reason, "reason", "", "why, for the log (10 characters or more)")
	if version {
		c.Flags().Int64Var(&f.version, "version", 0, "the matter's version that was seen; another one is refused (default: any)")
	}
}

// given reports whether single fields are set, for which the form must be known.
func (f *lifeForm) given() bool { return len(f.set) > 0 || len(f.files) > 0 }

// body is the request's body: more are members besides the form's. form returns
// the fields; it is asked only if need be.
func (f *lifeForm) body(ask lifeAsk, form func() ([]lifeField, error), more map[string]any) ([]byte, error) {
	values := map[string]any{}
	if f.values != "" {
		b, err := os.ReadFile(f.values)
		if err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "the answers cannot be read")
		}
		if err := json.Unmarshal(b, &values); err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "%s is no JSON object of field names", f.values)
		}
	}
	if f.given() {
		fields, err := form()
		if err != nil {
			return nil, err
		}
		if err := f.fill(ask, fields, values); err != nil {
			return nil, err
		}
	}
	out := map[string]any{"values": values}
	if f.reason != "" {
		out["reason"] = f.reason
	}
	if f.version != 0 {
		out["version"] = f.version
	}
	for name, v := range more {
		out[name] = v
	}
	return json.Marshal(out)
}

// fill adds single fields. Files are uploaded when everything else can be read.
func (f *lifeForm) fill(ask lifeAsk, fields []lifeField, values map[string]any) error {
	begun := map[string]bool{}
	add := func(name string, v string) {
		if !begun[name] {
			begun[name], values[name] = true, []string{}
		}
		values[name] = append(values[name].([]string), v)
	}
	for _, s := range f.set {
		name, v, ok := strings.Cut(s, "=")
		if !ok || name == "" {
			return usageError{fmt.Errorf("--set %s: write it like name=value", s)}
		}
		i := slices.IndexFunc(fields, func(x lifeField) bool { return x.Name == name })
		kind := ""
		if i >= 0 {
			kind = fields[i].Type
		}
		switch kind {
		case "many", "lines", "cidrs", "files":
			add(name, v)
		case "number":
			n, err := strconv.ParseInt(v, 10, 64)
			if err != nil {
				return usageError{fmt.Errorf("--set %s: %s is a whole number", s, name)}
			}
			values[name] = n
		case "bool":
			b, err := strconv.ParseBool(v)
			if err != nil {
				return usageError{fmt.Errorf("--set %s: %s is true or false", s, name)}
			}
			values[name] = b
		default:
			values[name] = v
		}
	}
	for _, s := range f.files {
		name, path, ok := strings.Cut(s, "=")
		if !ok || name == "" || path == "" {
			return usageError{fmt.Errorf("--file %s: write it like name=path", s)}
		}
		file, err := lifeUpload(ask, path)
		if err != nil {
			return err
		}
		add(name, file.ID)
	}
	return nil
}

// lifeFile is an uploaded file.
type lifeFile struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Type   string `json:"type"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// lifeUpload puts a file into the vault.
func lifeUpload(ask lifeAsk, path string) (f lifeFile, err error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return f, fault.Wrap(fault.Invalid, err, "the file cannot be read")
	}
	if len(data) == 0 {
		return f, usageError{errors.New(path + " is empty")}
	}
	err = ask("POST", "/files", data, filepath.Base(path), &f)
	return f, err
}
