package catalogue

import (
	"io/fs"
	"path"
	"reflect"
	"slices"
	"strings"
	"testing"

	"dancu/internal/access"
)

func TestEveryShippedFile(t *testing.T) {
	files, err := fs.Glob(shipped, "data/*.yaml")
	if err != nil || len(files) < 15 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	all := Default().documents()
	if len(all) != len(files) {
		t.Errorf("%d files give %d documents", len(files), len(all))
	}
	for _, h := range Default().Headers() {
		if h.Hash == "" || h.Operator || h.File == "" {
			t.Errorf("the header of %s is %+v", h.ID, h)
		}
	}
	seen := map[Kind]bool{}
	for _, f := range files {
		data, err := fs.ReadFile(shipped, f)
		if err != nil {
			t.Fatal(err)
		}
		d, p := parse(path.Base(f), data)
		if err := p.Problems.Err(); err != nil {
			t.Fatal(err)
		}
		seen[d.head().Kind] = true
		head, _, _ := strings.Cut(string(data), "\nkind: ")
		if !strings.HasPrefix(head, "# ") || !strings.Contains(head, "Source") {
			t.Errorf("%s does not begin with a comment that says its sources", f)
		}
		if !strings.Contains(head, "Not verified") && !strings.Contains(head, "Not in any source") && !strings.Contains(head, "exist nowhere") {
			t.Errorf("%s does not say what is not verified", f)
		}
	}
	for k := range parsers {
		if !seen[k] {
			t.Errorf("no file of kind %s is shipped", k)
		}
	}
}

// Every text of every document has both languages, is trimmed, and neither is
// the other. (Names of standards are the same in both.)
func TestEveryTextHasBothLanguages(t *testing.T) {
	n := 0
	var walk func(at string, v reflect.Value)
	walk = func(at string, v reflect.Value) {
		switch v.Kind() {
		case reflect.Pointer:
			walk(at, v.Elem())
		case reflect.Slice:
			for i := range v.Len() {
				walk(at, v.Index(i))
			}
		case reflect.Struct:
			if text, ok := v.Interface().(access.Text); ok {
				n++
				switch {
				case (text.VI == "") != (text.EN == ""):
					t.Errorf("%s: one language only: %+v", at, text)
				case text.VI == text.EN && text.VI != "" && !strings.Contains(at, "acts"):
					t.Errorf("%s: both languages are %q", at, text.VI)
				case strings.TrimSpace(text.VI) != text.VI || strings.TrimSpace(text.EN) != text.EN:
					t.Errorf("%s: blanks round %q, %q", at, text.VI, text.EN)
				}
				return
			}
			for i := range v.NumField() {
				if v.Type().Field(i).IsExported() {
					walk(at, v.Field(i))
				}
			}
		}
	}
	for _, d := range Default().documents() {
		walk(d.head().File, reflect.ValueOf(d))
	}
	if n < 300 {
		t.Errorf("only %d texts were looked at", n)
	}
}

// articles are the places in the law that the project's sources have. A place
// that is not here was not read: it may not be cited.
var articles = map[string]string{
	"46/2022/TT-BCA":   "Art. 3|Art. 6|Art. 6.1|Art. 6.2|Art. 6.2.a|Art. 6.2.b|Art. 6.2.c|Art. 6.2.d|Art. 6.2.đ|Art. 6.3|Art. 6.4|Art. 6.4.a|Art. 6.4.b|Art. 6.4.c|Art. 8|Art. 9",
	"47/2020/NĐ-CP":    "Art. 7|Art. 35|Art. 37|Art. 38|Art. 39|Art. 40|Art. 41|Art. 43|Art. 43.3|Art. 43.5|Art. 44|Art. 45|Art. 46|Art. 49|Art. 51",
	"278/2025/NĐ-CP":   "",
	"137/2015/NĐ-CP":   "Art. 7|Art. 8|Art. 9",
	"26/2023/QH15":     "Art. 9|Art. 10|Art. 10.5.a|Art. 10.5.b|Art. 10.5.c|Art. 10.5.d|Art. 10.5.đ|Art. 10.5.e|Art. 10.6",
	"70/2024/NĐ-CP":    "Art. 8|Art. 8.1|Art. 8.2|Art. 9|Art. 10",
	"69/2024/NĐ-CP":    "Art. 18|Art. 19",
	"34/2021/QĐ-TTg":   "Art. 13",
	"85/2016/NĐ-CP":    "Art. 9|Art. 17|Art. 19|Art. 20",
	"03/2017/TT-BTTTT": "Art. 11|Art. 11.5",
	"12/2022/TT-BTTTT": "",
	"13/2023/NĐ-CP":    "Art. 23|Art. 28|Art. 38.2",
	"91/2025/QH15":     "Art. 23",
	"356/2025/NĐ-CP":   "",
	"116/2025/QH15":    "",
	"331/2026/NĐ-CP":   "",
	"TCVN 11930:2017":  "",
	"TCVN 14423:2026":  "",
	"QCVN 12:2026/BCA": "sec. 3.7.2|sec. 3.7.2.4|sec. 3.9.2|sec. 3.9.2.1.4|sec. 3.9.2.1.8",
	"742/QĐ-BTTTT":     "",
	"45/2019/QH14":     "Art. 112", // cited by the calendar
	"1552/BTTTT-THH":   "",
	"708/BTTTT-CATTT":  "",
	"1785/TCTTKĐA":     "",
	"6285/UBND-NCKS":   "",
}

func TestNoLawIsInvented(t *testing.T) {
	n := 0
	var walk func(at string, v reflect.Value)
	walk = func(at string, v reflect.Value) {
		switch v.Kind() {
		case reflect.Pointer:
			walk(at, v.Elem())
		case reflect.Slice:
			for i := range v.Len() {
				walk(at, v.Index(i))
			}
		case reflect.String:
			l, ok := v.Interface().(Law)
			if !ok {
				return
			}
			n++
			known, ok := articles[l.Act()]
			place := strings.TrimPrefix(strings.TrimPrefix(string(l), l.Act()), " ")
			if !ok || place != "" && !slices.Contains(strings.Split(known, "|"), place) {
				t.Errorf("%s cites %q, which is in no source", at, l)
			}
		case reflect.Struct:
			for i := range v.NumField() {
				if v.Type().Field(i).IsExported() {
					walk(at, v.Field(i))
				}
			}
		}
	}
	for _, d := range Default().documents() {
		walk(d.head().File, reflect.ValueOf(d))
	}
	if n < 150 {
		t.Errorf("only %d citations were looked at", n)
	}
	for _, d := range Default().acts.docs {
		for _, a := range d.Acts {
			if _, ok := articles[a.Code]; !ok {
				t.Errorf("the act %s is in no source", a.Code)
			}
		}
	}
}

// What was not read in the law is not marked as if it were.
func TestMarksAreHonest(t *testing.T) {
	for _, c := range Default().Checklists.docs {
		for _, i := range c.Items {
			if i.Mark != Proposal {
				t.Errorf("%s %s is marked %s: no official list was read", c.Version, i.ID, i.Mark)
			}
		}
	}
	for _, tm := range Default().Templates.docs {
		if tm.Mark != Proposal {
			t.Errorf("the template %s is marked %s: no official wording was read", tm.ID, tm.Mark)
		}
	}
	on := access.Date{Year: 2026, Month: 11, Day: 1}
	for _, id := range []string{
		ClockInspectionComments, ClockInspectionPlanAhead, ClockInspectionPlanSent, ClockInspectionResult, ClockUseReport,
	} {
		if k, err := Default().Clock(id, on); err != nil || k.Mark != Unverified {
			t.Errorf("%s is marked %s, %v", id, k.Mark, err)
		}
	}
	for _, p := range Default().Procedures(on) {
		if p.Mark == Verified || len(p.Fields.Names()) > 0 && !p.Synthetic {
			t.Errorf("%s: mark %s, fields %v", p.Code, p.Mark, p.Fields.Names())
		}
	}
	for _, r := range Default().ChangeRules(on) {
		if r.Mark == Verified {
			t.Errorf("what follows from a change of %s is in no source", r.Kind)
		}
	}
}
