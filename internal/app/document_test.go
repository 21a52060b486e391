package app

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
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
			if f.Type.Kind() == reflect.Struct || !f.IsExported() {
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

// documents are the texts for people at the top of the project and in docs.
func documents(t *testing.T) (root string, files []string) {
	t.Helper()
	root = filepath.Join("..", "..")
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/*/*.md"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	if len(files) < 10 {
		t.Fatalf("only %d documents were found", len(files))
	}
	return root, files
}

// TestDocumentsNameTestsThatExist: a guarantee is not proved by a test that was
// renamed or removed.
func TestDocumentsNameTestsThatExist(t *testing.T) {
	root, files := documents(t)
	have := map[string]bool{}
	declared := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz|Benchmark)[A-Z]\w*)\(`)
	var sources []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "node_modules" || d.Name() == ".git"):
			return fs.SkipDir
		case strings.HasSuffix(path, ".go"):
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			if strings.HasSuffix(path, "_test.go") {
				for _, m := range declared.FindAllStringSubmatch(string(b), -1) {
					have[m[1]] = true
				}
			} else {
				sources = append(sources, path)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`\b(?:Test|Fuzz)[A-Z][a-z]\w*\b`)
	for _, file := range append(files, sources...) {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text := string(b)
		if strings.HasSuffix(file, ".go") {
			// Only what comments say, not identifiers of the code.
			text = strings.Join(regexp.MustCompile(`(?m)^\s*//.*$`).FindAllString(text, -1), "\n")
		}
		for _, name := range named.FindAllString(text, -1) {
			if !have[name] {
				t.Errorf("%s names %s, which is no test", file, name)
			}
		}
	}
}

// TestDocumentsLinkToWhatIsThere checks the links within the project.
func TestDocumentsLinkToWhatIsThere(t *testing.T) {
	_, files := documents(t)
	link := regexp.MustCompile(`\]\(([^)#]+)(?:#[^)]*)?\)`)
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(b), -1) {
			if strings.Contains(m[1], "://") || strings.HasPrefix(m[1], "mailto:") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(file), m[1])); err != nil {
				t.Errorf("%s links to %s, which is not there", file, m[1])
			}
		}
	}
}
