package app

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write generated documents instead of comparing them")

const configurationDocument = "../../docs/operations/configuration.md"

// TestConfigurationDocument: docs/operations/configuration.md says what the
// comments in config.go say, of every setting.
func TestConfigurationDocument(t *testing.T) {
	want := configurationText(t)
	if *update {
		if err := os.WriteFile(configurationDocument, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(configurationDocument)
	if err != nil || string(got) != want {
		t.Errorf("%s is not what config.go says (%v): run go test ./internal/app -run Document -update", configurationDocument, err)
	}
}

func configurationText(t *testing.T) string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "config.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	comments := map[string]map[string]string{} // type, field
	about := map[string]string{}               // type
	for _, d := range file.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range g.Specs {
			ts, ok := spec.(*ast.TypeSpec)
			if !ok {
				continue
			}
			s, ok := ts.Type.(*ast.StructType)
			if !ok {
				continue
			}
			about[ts.Name.Name] = oneLine(g.Doc.Text())
			comments[ts.Name.Name] = map[string]string{}
			for _, f := range s.Fields.List {
				comments[ts.Name.Name][f.Names[0].Name] = oneLine(f.Doc.Text())
			}
		}
	}
	var b strings.Builder
	b.WriteString(`# Settings

<!-- Made from internal/app/config.go: go test ./internal/app -run Document -update -->

A YAML file (` + "`--config FILE` or `DANCU_CONFIG`" + `), over it environment variables. A key or a
` + "`DANCU_`" + ` variable that nothing reads is an error that names the nearest one. Durations
are written like ` + "`10s`" + ` or ` + "`2m`" + `, sizes like ` + "`64KiB`" + `. File names are relative to the state
folder. Secrets stand in files, mode 0600, never in a setting.

    dancu config check --config dancu.yaml
    dancu config show --origin --config dancu.yaml
`)
	c := DefaultConfig()
	table := func(typ reflect.Type, v reflect.Value, prefix string) {
		b.WriteString("\n| key | variable | default | |\n|---|---|---|---|\n")
		for i := range typ.NumField() {
			f := typ.Field(i)
			if f.Type.Kind() == reflect.Struct {
				continue
			}
			text := comments[typ.Name()][f.Name]
			if text == "" {
				t.Errorf("%s.%s has no comment", typ.Name(), f.Name)
			}
			key := prefix + f.Tag.Get("koanf")
			value := fmt.Sprint(v.Field(i).Interface())
			if value != "" {
				value = "`" + value + "`"
			}
			fmt.Fprintf(&b, "| `%s` | `%s` | %s | %s |\n", key, EnvName(key), value, text)
		}
	}
	typ, v := reflect.TypeOf(c), reflect.ValueOf(c)
	table(typ, v, "")
	for i := range typ.NumField() {
		f := typ.Field(i)
		if f.Type.Kind() != reflect.Struct {
			continue
		}
		section := f.Tag.Get("koanf")
		text := about[f.Type.Name()]
		_, text, _ = strings.Cut(text, " ") // the type's name
		fmt.Fprintf(&b, "\n## %s\n\nThis section %s\n", section, text)
		table(f.Type, v.Field(i), section+".")
	}
	return b.String()
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
