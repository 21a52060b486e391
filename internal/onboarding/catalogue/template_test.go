package catalogue

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"dancu/internal/access"
	"dancu/internal/fault"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares with a file in testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not what it was: look at the difference, and if it is meant, write it with -update\ngot:\n%s", path, got)
	}
}

// sampleValues fills in every field, or only those that must be.
func sampleValues(tm *Template, all bool) Values {
	v := Values{}
	for i, f := range tm.Fields {
		if !all && !f.Required {
			continue
		}
		switch f.Type {
		case LineField:
			v[f.Name] = f.Label.VI + " (ví dụ)"
			if f.Max < 40 {
				v[f.Name] = "H98"
			}
		case TextField:
			v[f.Name] = f.Label.VI + ", đoạn thứ nhất.\r\n\r\nĐoạn thứ hai. \n"
		case LinesField:
			v[f.Name] = []string{f.Label.VI + " một", " hai ", "«ba»"}
		case DateField:
			v[f.Name] = "2026-07-0" + string(rune('1'+i%9))
		case NumberField:
			v[f.Name] = int64(min(3, f.Max))
		}
	}
	return v
}

func TestRenderedTextsAreGolden(t *testing.T) {
	for _, tm := range Default().Templates.All() {
		t.Run(tm.ID, func(t *testing.T) {
			for name, all := range map[string]bool{"full": true, "least": false} {
				v := sampleValues(tm, all)
				text, err := tm.Render(v)
				if err != nil {
					t.Fatal(err)
				}
				again, err := tm.Render(v)
				if err != nil || !bytes.Equal(text, again) {
					t.Fatal("the same values give another text")
				}
				golden(t, tm.ID+"-"+name+".txt", text)
				english, err := tm.Translate(v)
				if err != nil {
					t.Fatal(err)
				}
				golden(t, tm.ID+"-"+name+".en.txt", english)
				for _, x := range [][]byte{text, english} {
					if !bytes.HasSuffix(x, []byte("\n")) || bytes.Contains(x, []byte("{{")) || !bytes.Contains(x, []byte(tm.Hash)) {
						t.Error("the text lacks its end, its hash, or a value")
					}
				}
			}
		})
	}
}

// small is a template with a field of each type.
const small = `
kind: template
id: small
version: "1"
from: 2026-01-01
name: {vi: Nhỏ, en: Small}
source: {vi: Thử, en: A test}
mark: proposal
signAgainDays: 10
fields:
  - {name: line, type: line, required: true, max: 40, label: {vi: Dòng, en: Line}}
  - {name: other, type: line, required: false, max: 40, label: {vi: Dòng khác, en: Other line}}
  - {name: text, type: text, required: false, max: 200, label: {vi: Đoạn, en: Text}}
  - {name: lines, type: lines, required: false, max: 3, label: {vi: Các dòng, en: Lines}}
  - {name: day, type: date, required: false, label: {vi: Ngày, en: Day}}
  - {name: n, type: number, required: false, max: 9, label: {vi: Số, en: Number}}
body:
  vi: |
    # Mẫu số {{n}}
    Một {{line}}, hai {{other}}, ngày {{day}}.
    {{text}}

    - mục cố định
    {{lines}}

    Hết.
  en: |
    # Form {{n}}
    One {{line}}, two {{other}}, on {{day}}.
    {{text}}

    - fixed item
    {{lines}}

    End.
`

func smallTemplate(t interface{ Fatal(...any) }) *Template {
	d, p := parse("small.yaml", []byte(small))
	if err := p.Problems.Err(); err != nil {
		t.Fatal(err)
	}
	tm, _ := d.(*Template)
	return tm
}

func TestRender(t *testing.T) {
	tm := smallTemplate(t)
	got, err := tm.Render(Values{"line": " a »b« \\ c ", "text": "x\n\n# y", "lines": "p\n\n q \n", "day": "2026-02-03", "n": 7})
	if err != nil {
		t.Fatal(err)
	}
	want := "# Mẫu số «7»\nMột «a \\»b\\« \\\\ c», hai «», ngày «03/02/2026».\n> x\n>\n> # y\n\n- mục cố định\n- «p»\n- «q»\n\nHết.\n\n---\nMẫu small, phiên bản 1, SHA-256 " + tm.Hash + ".\n"
	if string(got) != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	if got := tm.SignAgainBy(); !got.Equal(time.Date(2026, 1, 11, 0, 0, 0, 0, access.Zone)) {
		t.Errorf("sign again by %v", got)
	}
}

func TestAnOlderVersionMayStand(t *testing.T) {
	for _, tm := range Default().Templates.All() {
		if got := tm.SignAgainBy(); got.IsZero() != (tm.SignAgainDays == 0) || !got.IsZero() && access.DateOf(got) == tm.From {
			t.Errorf("%s is to be signed again by %v, after %d days", tm.ID, got, tm.SignAgainDays)
		}
	}
}

func TestWrongValuesAreTold(t *testing.T) {
	tm := smallTemplate(t)
	for _, c := range []struct {
		name  string
		v     Values
		field string
		want  string
	}{
		{"missing", Values{}, "line", "this is needed"},
		{"blank", Values{"line": " \n "}, "line", "this is needed"},
		{"line break", Values{"line": "a\nb"}, "line", "line breaks"},
		{"direction of writing", Values{"line": "a\u202eb"}, "line", "invisible characters"},
		{"zero width", Values{"line": "a", "text": "a\u200bb"}, "text", "invisible characters"},
		{"line separator", Values{"line": "a", "text": "a\u2028b"}, "text", "invisible characters"},
		{"tab", Values{"line": "a\tb"}, "line", "control characters"},
		{"not UTF-8", Values{"line": "a\xff"}, "line", "not UTF-8"},
		{"long", Values{"line": strings.Repeat("ă", 41)}, "line", "at most 40 characters"},
		{"long text", Values{"line": "a", "text": strings.Repeat("ă", 201)}, "text", "at most 200 characters"},
		{"many lines", Values{"line": "a", "lines": []string{"1", "2", "3", "4"}}, "lines", "at most 3 lines"},
		{"long item", Values{"line": "a", "lines": []string{strings.Repeat("a", 501)}}, "lines", "each line has at most 500"},
		{"no day", Values{"line": "a", "day": "2026-02-30"}, "day", "this is not a day"},
		{"a day as people write it", Values{"line": "a", "day": "03/02/2026"}, "day", "this is not a day"},
		{"no number", Values{"line": "a", "n": "+7"}, "n", "not a whole number"},
		{"negative", Values{"line": "a", "n": -1}, "n", "not a whole number"},
		{"great", Values{"line": "a", "n": int64(10)}, "n", "the greatest is 9"},
		{"too many", Values{"line": "a", "more": "x"}, "more", "no such field"},
		{"a list for a line", Values{"line": []string{"a"}}, "line", "one value only"},
		{"something else", Values{"line": 1.5}, "line", "not text"},
	} {
		t.Run(c.name, func(t *testing.T) {
			wrong := tm.Check(c.v)
			if len(wrong) != 1 || wrong[0].Field != c.field || !strings.Contains(wrong[0].Text.EN, c.want) || wrong[0].Text.VI == "" {
				t.Errorf("got %+v, want %s: %s", wrong, c.field, c.want)
			}
			text, err := tm.Render(c.v)
			if text != nil || !fault.Is(err, fault.Invalid) || !strings.Contains(fault.Text(err), c.want) {
				t.Errorf("rendered %q, %v", text, err)
			}
		})
	}
	if wrong := tm.Check(Values{"n": "x", "day": "x", "line": "a", "z": ""}); len(wrong) != 3 {
		t.Errorf("not everything is told: %+v", wrong)
	}
}

// hostile are values made of what a text is built with.
func hostile(t *rapid.T, label string, lines bool) string {
	parts := []string{"«", "»", "\\", "# ", "## ", "- ", "> ", ">", "---", "{{line}}", "{{", "}}", "a", "ă", " ", "1. ", "»,", " hai «", "Hết."}
	if lines {
		parts = append(parts, "\n", "\n\n", "\r\n", "\n---\nMẫu small")
	}
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom(parts), 0, 8).Draw(t, label), "")
}

// What was filled in can be read back out of the text, whatever it is, and the
// template's own lines are those it has. So no value can pass for the
// template's text or another field's value, and two sets of values that differ
// never give the same bytes to sign.
func TestAValueForgesNothing(t *testing.T) {
	tm := smallTemplate(t)
	rapid.Check(t, func(t *rapid.T) {
		v := Values{
			"line": hostile(t, "line", false), "other": hostile(t, "other", false),
			"text": hostile(t, "text", true), "lines": hostile(t, "lines", true), "n": rapid.IntRange(0, 9).Draw(t, "n"),
		}
		text, err := tm.Render(v)
		if err != nil {
			if strings.TrimSpace(v["line"].(string)) == "" || fault.Is(err, fault.Invalid) && strings.Contains(fault.Text(err), "at most") {
				return
			}
			t.Fatal(err)
		}
		want := map[string]string{}
		for _, f := range tm.Fields {
			want[f.Name], _ = f.clean(v[f.Name])
		}
		blocks := Blocks(text)
		next := func(kind BlockKind) Block {
			if len(blocks) == 0 || blocks[0].Kind != kind {
				t.Fatalf("want a %s, have %+v in\n%s", kind, blocks, text)
			}
			b := blocks[0]
			blocks = blocks[1:]
			return b
		}
		same := func(got, want string) {
			if got != want {
				t.Fatalf("read back %q, filled in %q:\n%s", got, want, text)
			}
		}
		spans := func(b Block, want ...Span) {
			if len(b.Spans) != len(want) {
				t.Fatalf("spans %+v, want %+v", b.Spans, want)
			}
			for i := range want {
				if b.Spans[i] != want[i] {
					t.Fatalf("spans %+v, want %+v", b.Spans, want)
				}
			}
		}
		spans(next(HeadingBlock), Span{"Mẫu số ", false}, Span{want["n"], true})
		spans(next(ParagraphBlock), Span{"Một ", false}, Span{want["line"], true}, Span{", hai ", false}, Span{want["other"], true},
			Span{", ngày ", false}, Span{"", true}, Span{".", false})
		var lines []string
		for len(blocks) > 0 && blocks[0].Kind == QuoteBlock {
			lines = append(lines, next(QuoteBlock).Spans[0].Text)
		}
		same(strings.Join(lines, "\n"), want["text"])
		next(GapBlock)
		spans(next(ItemBlock), Span{"mục cố định", false})
		lines = nil
		for len(blocks) > 0 && blocks[0].Kind == ItemBlock {
			b := next(ItemBlock)
			if len(b.Spans) != 1 || !b.Spans[0].Value {
				t.Fatalf("an item that is not a value: %+v", b)
			}
			lines = append(lines, b.Spans[0].Text)
		}
		same(strings.Join(lines, "\n"), want["lines"])
		next(GapBlock)
		spans(next(ParagraphBlock), Span{"Hết.", false})
		next(GapBlock)
		next(RuleBlock)
		spans(next(ParagraphBlock), Span{"Mẫu small, phiên bản 1, SHA-256 " + tm.Hash + ".", false})
		if len(blocks) != 0 {
			t.Fatalf("more text than the template has:\n%s", text)
		}
	})
}

func TestWrongTemplatesAreTold(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"unknown placeholder", "Hết.", "Hết {{nobody}}.", `in line 8 of the text: no field is called "nobody"`},
		{"unused field", "ngày {{day}}", "ngày", `the field "day" is not in this text`},
		{"unused in English", "on {{day}}", "on", `body.en: the field "day" is not in this text`},
		{"half a placeholder", "Hết.", "Hết {{line}.", "a single { or } is left over"},
		{"logic", "Hết.", "{{if .line}}Hết{{end}}", "no field is called"},
		{"marks of values", "Hết.", "Hết «x».", "« and » mark values"},
		{"a line like a value", "Hết.", "> Hết.", "is written by filling in"},
		{"a rule", "Hết.", "---", "is written by filling in"},
		{"text within a line", "{{text}}\n\n    - mục", "Đoạn: {{text}}\n\n    - mục", "put it alone on a line"},
		{"no end of a list", "{{lines}}\n\n    Hết", "{{lines}}\n    Hết", "an empty line must follow"},
		{"a date with max", "type: date, required: false", "type: date, required: false, max: 3", "a date has no max"},
		{"no max", "required: true, max: 40", "required: true", "max is missing"},
		{"too great a max", "required: true, max: 40", "required: true, max: 501", "a line takes at most 500"},
		{"unknown type", "type: number", "type: money", `"money" is none of line, text, lines, date, number`},
		{"name of a field", "name: other", "name: Other-1", "is not a name of a field"},
		{"field twice", "name: other", "name: line", "is there twice"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if !strings.Contains(small, c.old) {
				t.Fatal("the test does not fit the template")
			}
			_, p := parse("small.yaml", []byte(strings.Replace(small, c.old, c.new, 1)))
			if text := fault.Text(p.Problems.Err()); !strings.Contains(text, c.want) || !strings.Contains(text, "small.yaml: line ") {
				t.Errorf("got %q, want %q", text, c.want)
			}
		})
	}
}

func FuzzRender(f *testing.F) {
	f.Add("a", "«b»", "c\nd", "e\nf")
	f.Add("\\", "»", "> x\n---", "- «")
	tm := smallTemplate(f)
	f.Fuzz(func(t *testing.T, line, other, text, lines string) {
		v := Values{"line": line, "other": other, "text": text, "lines": lines}
		got, err := tm.Render(v)
		if err != nil {
			return
		}
		// Rendering what was read back gives the same bytes.
		again := Values{}
		var texts, items []string
		for i, b := range Blocks(got) {
			switch {
			case b.Kind == QuoteBlock:
				texts = append(texts, b.Spans[0].Text)
			case b.Kind == ItemBlock && b.Spans[0].Value:
				items = append(items, b.Spans[0].Text)
			case i == 1:
				again["line"], again["other"] = b.Spans[1].Text, b.Spans[3].Text
			}
		}
		again["text"], again["lines"] = strings.Join(texts, "\n"), items
		if second, err := tm.Render(again); err != nil || !bytes.Equal(got, second) {
			t.Fatalf("read back and rendered again (%v):\n%s\nbut first:\n%s", err, second, got)
		}
	})
}
