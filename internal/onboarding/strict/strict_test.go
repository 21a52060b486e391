package strict

import (
	"strings"
	"testing"

	"dancu/internal/access"
	"dancu/internal/fault"
)

// sample is a file with one member of every sort.
type sample struct {
	id, line, text, word string
	n                    int
	yes                  bool
	date                 access.Date
	both                 access.Text
	words                []string
}

func read(data string) (s sample, err error) {
	r := &Reader{File: "f.yaml"}
	if root, ok := r.Document([]byte(data)); ok {
		r.Object(root,
			Member{"id", true, func(p Place) { s.id = r.ID(p) }},
			Member{"line", false, func(p Place) { s.line, _ = r.Line(p, 20) }},
			Member{"text", false, func(p Place) { s.text, _ = r.Text(p, 20) }},
			Member{"word", false, func(p Place) { s.word = r.OneOf(p, "one", "two") }},
			Member{"n", false, func(p Place) { s.n = r.Integer(p, 1, 9) }},
			Member{"yes", false, func(p Place) { s.yes = r.Boolean(p) }},
			Member{"date", false, func(p Place) { s.date = r.Date(p) }},
			Member{"both", false, func(p Place) { s.both = r.Bilingual(p, 20) }},
			Member{"words", false, func(p Place) {
				s.words = r.Words(p, 3, func(w string) string {
					if w == "bad" {
						return "this word is bad"
					}
					return ""
				})
			}})
	}
	return s, r.Problems.Err()
}

func TestEveryValueIsRead(t *testing.T) {
	got, err := read("id: a.b-1\nline: 1.010100\ntext: |-\n  a\n  b\nword: two\nn: 9\nyes: true\ndate: 2026-02-28\nboth: {vi: một, en: one}\nwords: [x, 045]\n")
	if err != nil {
		t.Fatal(err)
	}
	if got.id != "a.b-1" || got.line != "1.010100" || got.text != "a\nb" || got.word != "two" || got.n != 9 || !got.yes ||
		got.date != (access.Date{Year: 2026, Month: 2, Day: 28}) || got.both != (access.Text{VI: "một", EN: "one"}) ||
		strings.Join(got.words, " ") != "x 045" {
		t.Errorf("got %+v", got)
	}
}

func TestEverythingWrongIsTold(t *testing.T) {
	for _, c := range []struct{ name, file, want string }{
		{"empty", "", "the file is empty"},
		{"only a comment", "# nothing\n", "the file is empty"},
		{"no YAML", "id: [", "this is not YAML"},
		{"not UTF-8", "id: \xff", "not UTF-8"},
		{"two documents", "id: a\n---\nid: b\n", "a second document begins here"},
		{"too large", "id: " + strings.Repeat("a", MaxFile), "at most 1048576 are read"},
		{"a list", "- a", "line 1: this must be a mapping (key: value), not a list"},
		{"unknown", "id: a\nother: b", `line 2: unknown key "other": the keys here are id, line,`},
		{"twice", "id: a\nline: x\nid: b", `line 3: "id" is there twice, first on line 1`},
		{"missing", "line: a", "id is missing: add it"},
		{"alias", "id: &x a\nline: *x", "line 2: line: aliases are not read"},
		{"merge key", "id: a\n<<: {line: x}", `unknown key "<<"`},
		{"mapping as key", "id: a\n{a: b}: c", "this must be a key"},
		{"id", "id: A b", `"A b" is not an id`},
		{"null", "id: a\nline:", "line: this must be text, not nothing"},
		{"blank", "id: a\nline: ' '", "this is empty"},
		{"long", "id: a\nline: aaaaaaaaaaaaaaaaaaaaa", "this has 21 characters: at most 20"},
		{"two lines", "id: a\nline: \"a\\nb\"", "this must be one line"},
		{"control", "id: a\ntext: \"a\\tb\"", "control or invisible characters"},
		{"direction", "id: a\ntext: \"a\\u202eb\"", "control or invisible characters"},
		{"zero width", "id: a\ntext: \"a\\u200bb\"", "control or invisible characters"},
		{"word", "id: a\nword: three", `"three" is none of one, two`},
		{"number", "id: a\nn: 10", "10 is not a whole number from 1 to 9"},
		{"half", "id: a\nn: 1.5", "n: this must be a whole number, not a number"},
		{"boolean", "id: a\nyes: ja", "yes: this must be true or false, not text"},
		{"day", "id: a\ndate: 2026-02-29", "is not a day"},
		{"year", "id: a\ndate: 1026-02-01", "the year 1026 cannot be meant"},
		{"one language", "id: a\nboth: {vi: a}", "both: en is missing"},
		{"no words", "id: a\nwords: []", "the list is empty"},
		{"many words", "id: a\nwords: [a, b, c, d]", "the list has 4 members: at most 3"},
		{"word twice", "id: a\nwords: [a, a]", `words[1]: "a" is there twice`},
		{"checked word", "id: a\nwords: [bad]", "words[0]: this word is bad"},
		{"a list of lists", "id: a\nwords: [[a]]", "words[0]: this must be text, not a list"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := read(c.file)
			text := fault.Text(err)
			if !fault.Is(err, fault.Invalid) || !strings.Contains(text, c.want) || !strings.Contains(text, "one thing is wrong") || !strings.Contains(text, "f.yaml: ") {
				t.Errorf("got %q, want %q alone", text, c.want)
			}
		})
	}
}

func TestProblemsAreInOrderAndBounded(t *testing.T) {
	_, err := read("n: 0\nyes: 1\nid: A\n")
	text := fault.Text(err)
	n, yes, id := strings.Index(text, "line 1"), strings.Index(text, "line 2"), strings.Index(text, "line 3")
	if !strings.HasPrefix(text, "3 things are wrong") || n < 0 || yes < n || id < yes {
		t.Errorf("got %q", text)
	}
	var ps Problems
	for range 130 {
		ps = append(ps, Problem{File: "f", Line: 1, Text: "x"})
	}
	if text := fault.Text(ps.Err()); !strings.Contains(text, "130 things") || !strings.HasSuffix(text, "and 30 more") {
		t.Errorf("got %q", text)
	}
	if Problems(nil).Err() != nil {
		t.Error("nothing wrong is an error")
	}
}

func FuzzReader(f *testing.F) {
	f.Add("id: a\nwords: [a, b]\nboth: {vi: a, en: b}")
	f.Add("id: &a [*a]")
	f.Fuzz(func(t *testing.T, data string) {
		s, err := read(data)
		if err == nil && !idForm.MatchString(s.id) {
			t.Fatalf("read without an id: %+v", s)
		}
		if err != nil && fault.Text(err) == "" {
			t.Fatalf("an error without a text: %v", err)
		}
	})
}
