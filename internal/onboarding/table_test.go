package onboarding

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"dancu/internal/access"
)

var update = flag.Bool("update", false, "write the generated documents again")

// begins are the tasks that opening a matter of the kind begins.
func begins(k *KindInfo) []TaskKind { return slices.Concat(k.Opens, k.MayOpen) }

// TestTheTableIsSound: every state is reached and left, every task is begun,
// ended and somebody's, and everything has a name in both languages.
func TestTheTableIsSound(t *testing.T) {
	both := func(what string, text access.Text) {
		t.Helper()
		if strings.TrimSpace(text.VI) == "" || strings.TrimSpace(text.EN) == "" {
			t.Errorf("%s has no name in both languages: %+v", what, text)
		}
	}
	opened, closed := map[TaskKind]bool{TaskInspectionPlan: true}, map[TaskKind]bool{} // the sweep begins the yearly one
	for _, k := range Kinds() {
		reached := map[State]bool{k.First: true}
		left := map[State]bool{}
		for _, s := range k.Replaced {
			reached[Superseded], left[s] = true, true
		}
		if k.Kind == KindConnection {
			reached[active] = true // by a file of existing agencies
		}
		for _, task := range begins(k) {
			opened[task] = true
		}
		for _, task := range k.Closes {
			closed[task] = true
		}
		known := map[State]bool{}
		for _, s := range k.States {
			if known[s.Name] {
				t.Errorf("%s: the state %s is there twice", k.Kind, s.Name)
			}
			known[s.Name] = true
			both(fmt.Sprintf("%s: state %s", k.Kind, s.Name), s.Label)
		}
		both(string(k.Kind), k.Title)
		both(string(k.Kind)+", many", k.Many)
		checkForm(t, string(k.Kind)+".open", k.Open)
		sections := map[string]bool{}
		for _, s := range k.Sections {
			both(fmt.Sprintf("%s: section %s", k.Kind, s.Name), s.Title)
			checkForm(t, string(k.Kind)+"."+s.Name, s.Form)
			if sections[s.Name] {
				t.Errorf("%s: the section %s is there twice", k.Kind, s.Name)
			}
			sections[s.Name] = true
		}
		if (len(k.Sections) > 0 || k.Own != nil) && (len(k.EditBy) == 0 || len(k.Editable) == 0) {
			t.Errorf("%s: nobody may save its sections", k.Kind)
		}
		for grew := true; grew; {
			grew = false
			for _, r := range Lifecycle() {
				if r.Kind != k.Kind || !slices.ContainsFunc(r.From, func(s State) bool { return reached[s] }) {
					continue
				}
				for _, to := range append([]State{r.To}, r.Or...) {
					if to != "" && !reached[to] {
						reached[to], grew = true, true
					}
				}
			}
		}
		for _, r := range Lifecycle() {
			if r.Kind != k.Kind {
				continue
			}
			for _, s := range slices.Concat(r.From, []State{r.To}, r.Or) {
				if s != "" && !known[s] {
					t.Errorf("%s.%s: there is no state %q", k.Kind, r.Name, s)
				}
			}
			if r.To != "" || len(r.Or) > 0 {
				for _, s := range r.From {
					left[s] = left[s] || r.To != s
				}
			}
		}
		standing := k.Kind == KindAgency || k.Kind == KindSystem
		for _, s := range k.States {
			switch {
			case !reached[s.Name]:
				t.Errorf("%s: nothing leads to %s", k.Kind, s.Name)
			case s.Final && left[s.Name]:
				t.Errorf("%s: %s is final and is left", k.Kind, s.Name)
			case !s.Final && !left[s.Name] && !standing:
				t.Errorf("%s: nothing leads out of %s", k.Kind, s.Name)
			}
		}
		for _, s := range slices.Concat(k.Editable, k.Hidden, k.Veiled, k.Replaced) {
			if !known[s] {
				t.Errorf("%s: there is no state %q", k.Kind, s)
			}
		}
	}
	for _, r := range Lifecycle() {
		name := string(r.Kind) + "." + r.Name
		both(name, r.Label)
		checkForm(t, name, r.Form)
		switch {
		case kindOf(r.Kind) == nil:
			t.Errorf("%s: there is no such kind", name)
		case len(r.From) == 0 || len(r.By) == 0 || r.Event == "":
			t.Errorf("%s: it says not from where, by whom, or has no entry", name)
		case r.Two() && !r.Reason:
			t.Errorf("%s: an act of two people without a reason", name)
		case r.Name == actOpen || r.Name == actSave:
			t.Errorf("%s: every kind has an act of this name", name)
		}
		for _, task := range slices.Concat(r.Opens, r.MayOpen) {
			opened[task] = true
		}
		for _, task := range slices.Concat(r.Closes, r.MayClose) {
			closed[task] = true
		}
		// An act is one: two of its rows must not both be anybody's at once.
		for _, o := range rowsOf(r.Kind, r.Name) {
			if o.Label != r.Label {
				t.Errorf("%s has two names", name)
			}
		}
	}
	seen := map[TaskKind]bool{}
	for _, task := range TaskKinds() {
		both("task "+string(task.Kind), task.Label)
		switch {
		case seen[task.Kind]:
			t.Errorf("the task %s is there twice", task.Kind)
		case !slices.Contains(Duties, task.Owner):
			t.Errorf("the task %s is nobody's", task.Kind)
		case !opened[task.Kind]:
			t.Errorf("nothing begins the task %s", task.Kind)
		case !closed[task.Kind]:
			t.Errorf("no act ends the task %s", task.Kind)
		}
		seen[task.Kind] = true
		if task.Clock != "" {
			New(Config{}).deadline(day1, task.Clock) // panics without the clock
		}
	}
	for task := range opened {
		taskOf(task) // panics without the task
	}
}

func checkForm(t *testing.T, name string, form Form) {
	t.Helper()
	seen := map[string]bool{}
	for i := range form {
		f := &form[i]
		if f.Label.VI == "" || f.Label.EN == "" || (f.Help.VI == "") != (f.Help.EN == "") {
			t.Errorf("%s.%s is not named in both languages", name, f.Name)
		}
		if seen[f.Name] {
			t.Errorf("%s.%s is there twice", name, f.Name)
		}
		seen[f.Name] = true
		if (f.Type == TypeChoice || f.Type == TypeMany) == (f.Choices == nil) {
			t.Errorf("%s.%s: choices and their type do not fit", name, f.Name)
		}
		if f.Choices != nil {
			for _, c := range f.Choices(Around{}) {
				if c.Value == "" || c.Label.VI == "" {
					t.Errorf("%s.%s: a choice without a name: %+v", name, f.Name, c)
				}
			}
		}
	}
}

// eventKinds are all kinds of entry that the package's constants name.
func eventKinds(t *testing.T) map[string]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "plan.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, d := range file.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.CONST {
			continue
		}
		for _, s := range g.Specs {
			v := s.(*ast.ValueSpec)
			if name := v.Names[0].Name; strings.HasPrefix(name, "Event") {
				value, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				out[name] = value
			}
		}
	}
	return out
}

// TestEveryEventIsUsed: no constant names an entry that nothing writes, and the
// table writes none that has no constant.
func TestEveryEventIsUsed(t *testing.T) {
	used := map[string]bool{}
	for _, r := range Lifecycle() {
		used[r.Event] = true
	}
	for _, k := range Kinds() {
		if k.Event != "" {
			used[k.Event] = true
		}
	}
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	source := ""
	for _, f := range files {
		if strings.HasSuffix(f.Name(), ".go") && !strings.HasSuffix(f.Name(), "_test.go") {
			b, err := os.ReadFile(f.Name())
			if err != nil {
				t.Fatal(err)
			}
			source += string(b)
		}
	}
	all := eventKinds(t)
	values := map[string]string{}
	for name, value := range all {
		if other := values[value]; other != "" {
			t.Errorf("%s and %s are the same kind of entry", name, other)
		}
		values[value] = name
		if n := strings.Count(source, name+",") + strings.Count(source, name+" ") + strings.Count(source, name+"}") + strings.Count(source, name+"\n") + strings.Count(source, name+")"); n < 2 {
			t.Errorf("nothing writes %s", name)
		}
	}
	for value := range used {
		if values[value] == "" {
			t.Errorf("the entry %q has no constant", value)
		}
	}
}

// TestTheDocumentIsTheTable: docs/lifecycle.md is drawn from the table. go test
// -run TestTheDocumentIsTheTable -update writes it.
func TestTheDocumentIsTheTable(t *testing.T) {
	const path = "../../docs/lifecycle.md"
	want := lifecycleDocument()
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is not what the table says: go test ./internal/onboarding -run TestTheDocumentIsTheTable -update", path)
	}
}
