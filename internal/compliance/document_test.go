package compliance

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"
)

//go:generate go test -run ^TestDocument$ . -update

var update = flag.Bool("update", false, "write docs/compliance.md")

const (
	root = "../.."
	file = root + "/docs/compliance.md"
)

// The document is what the table says.
func TestDocument(t *testing.T) {
	want, err := document(newSource(root))
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Error("docs/compliance.md is not what internal/compliance says: make generate")
	}
}

// Every symbol and every test of a row is in the source, every row says in both
// languages what is asked, and has a rule that can be switched off or a reason
// why there is none.
func TestEverythingNamedIsThere(t *testing.T) {
	src := newSource(root)
	known := map[string]bool{}
	for _, m := range Mutations() {
		if m.Name == "" || known[m.Name] {
			t.Errorf("the rule %q has no name of its own", m.Name)
		}
		known[m.Name] = true
		pkg, name, _ := m.test()
		if _, err := src.file(pkg + "." + name); err != nil {
			t.Errorf("%s: %v", m.Name, err)
		}
		if len(m.Edits) == 0 {
			t.Errorf("%s: nothing is switched off", m.Name)
		}
	}
	for _, l := range Laws {
		if l.Name.VI == "" || l.Name.EN == "" || len(l.Rows) == 0 {
			t.Errorf("the law %+v has no name in a language, or no rows", l.Name)
		}
		for _, r := range l.Rows {
			where := l.Name.EN + " " + r.Article + ", " + r.Asks.EN
			if r.Asks.VI == "" || r.Asks.EN == "" || r.Kept == "" || len(r.By) == 0 || len(r.Tests) == 0 || len(r.Marks) == 0 {
				t.Errorf("%s: something of the row is missing", where)
			}
			for _, text := range []string{r.Asks.VI, r.Asks.EN, r.Kept, r.Article, r.NoRule} {
				if strings.ContainsAny(text, "|\n") {
					t.Errorf("%s: %q does not fit into a table", where, text)
				}
			}
			for _, m := range r.Marks {
				if !slices.Contains([]Mark{Verified, Secondary, Setting}, m) {
					t.Errorf("%s: there is no mark %q", where, m)
				}
			}
			for _, n := range slices.Concat(r.By, r.Tests) {
				if _, err := src.file(n); err != nil {
					t.Errorf("%s: %v", where, err)
				}
			}
			for _, n := range r.Tests {
				if !strings.Contains(n, ".Test") && !strings.Contains(n, ".Fuzz") {
					t.Errorf("%s: %s is no test", where, n)
				}
			}
			for _, n := range r.OffAs {
				if !known[n] {
					t.Errorf("%s: there is no rule %q", where, n)
				}
			}
			if (len(r.rules()) == 0) == (r.NoRule == "") {
				t.Errorf("%s: a row has rules that are switched off, or says why there are none", where)
			}
		}
	}
}

// Every edit of every rule still finds its place.
func TestEveryRuleCanBeSwitchedOff(t *testing.T) {
	for _, m := range Mutations() {
		if _, _, err := m.pieces(root); err != nil {
			t.Errorf("%s: %v", m.Name, err)
		}
	}
}
