package catalogue

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"dancu/internal/fault"
	"dancu/internal/onboarding/strict"
)

// folder is an operator's folder of files.
func folder(files map[string]string) fstest.MapFS {
	out := fstest.MapFS{}
	for name, text := range files {
		out[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

// clockFile is a file with one clock.
func clockFile(id, version, from string, number int) string {
	return fmt.Sprintf(`
kind: clocks
id: %s
version: "%s"
from: %s
name: {vi: Thời hạn riêng, en: Own terms}
source: {vi: Quyết định của đơn vị, en: The operator's decision}
mark: proposal
clocks:
  - {id: use-report.answer, number: %d, unit: working-day, mark: proposal, name: {vi: Báo cáo, en: Report}}
`, id, version, from, number)
}

func shippedFile(t *testing.T, name string) string {
	t.Helper()
	data, err := fs.ReadFile(shipped, "data/"+name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestOperatorsFolder(t *testing.T) {
	checklist := strings.Replace(shippedFile(t, "checklist-2026.yaml"), "- id: risk.01", "- id: own.01", 1)
	c, err := Load(folder(map[string]string{
		"own.yaml":       clockFile("own", "1", "2026-01-01", 15),
		"later.yml":      clockFile("own", "2", "2026-06-01", 20),
		"checklist.yaml": checklist,
		"2027.yaml":      smallChecklist,
		"README.md":      "read me",
		".hidden":        "x",
	}))
	if err != nil {
		t.Fatal(err)
	}
	// A table is read entry by entry, the operator's before the shipped.
	for on, want := range map[string]int{"2025-12-31": 10, "2026-01-01": 15, "2026-06-01": 20} {
		if k, err := c.Clock(ClockUseReport, date(t, on)); err != nil || k.Number != want {
			t.Errorf("on %s the report is due in %d, %v, want %d", on, k.Number, err, want)
		}
		if k, err := c.Clock(ClockApplicationDecision, date(t, on)); err != nil || k.Number != 5 {
			t.Errorf("the shipped clocks are gone: %+v, %v", k, err)
		}
		if all := c.Clocks(date(t, on)); len(all) != len(needed) {
			t.Errorf("%d clocks, want %d", len(all), len(needed))
		}
	}
	// The same id and version replaces, and what is replaced stays readable.
	own, err := c.Checklists.Version("assessment", "2026")
	if err != nil || !own.Operator || own.File != "checklist.yaml" {
		t.Fatalf("got %+v, %v", own, err)
	}
	if _, ok := own.Item("own.01"); !ok {
		t.Error("the operator's checklist is not the one read")
	}
	old, err := Default().Checklists.Version("assessment", "2026")
	if err != nil || old.Hash == own.Hash {
		t.Fatalf("replacing changed no hash, %v", err)
	}
	if got, err := c.Checklists.Hash(old.Hash); err != nil || got.Operator {
		t.Errorf("the replaced checklist is not readable: %v", err)
	}
	if got, err := c.Checklists.Hash(own.Hash); err != nil || got != own {
		t.Errorf("the operator's checklist is not found by its hash: %v", err)
	}
	if _, err := c.Checklists.Hash("00"); !fault.Is(err, fault.NotFound) {
		t.Errorf("an unknown hash: %v", err)
	}
	// Another version adds, and old ones stay readable.
	for on, want := range map[string]string{"2026-06-30": "2022", "2026-12-31": "2026", "2027-01-01": "2027"} {
		if got, err := c.Checklists.At("assessment", date(t, on)); err != nil || got.Version != want {
			t.Errorf("on %s version %s is in force, %v, want %s", on, got.Version, err, want)
		}
	}
	if got := len(c.Checklists.All()); got != 3 {
		t.Errorf("%d checklists", got)
	}
	for id, version := range map[string]string{"assessment": "2030", "other": "2026"} {
		if _, err := c.Checklists.Version(id, version); !fault.Is(err, fault.NotFound) || !strings.Contains(fault.Text(err), "assessment 2022") {
			t.Errorf("%s %s: %v", id, version, err)
		}
	}
	if got := own.Ref(); got != (Ref{KindChecklist, "assessment", "2026", own.Hash}) {
		t.Errorf("the reference is %+v", got)
	}
	if Default().Checklists.docs[1].Operator {
		t.Error("the shipped catalogue was changed")
	}
}

func TestOfOneDayTheOperatorsIsInForce(t *testing.T) {
	own := strings.NewReplacer(`version: "2027"`, `version: "ours"`, "from: 2027-01-01", "from: 2026-07-01").Replace(smallChecklist)
	c, err := Load(folder(map[string]string{"own.yaml": own}))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := c.Checklists.At("assessment", date(t, "2026-07-01")); err != nil || got.Version != "ours" {
		t.Errorf("got %v, %v", got, err)
	}
	if got, err := c.Checklists.Version("assessment", "2026"); err != nil || got.Operator {
		t.Errorf("the shipped one is gone: %v", err)
	}
}

func TestWrongFoldersAreTold(t *testing.T) {
	for _, c := range []struct {
		name  string
		files map[string]string
		want  []string
	}{
		{"not YAML", map[string]string{"a.yaml": "kind: ["}, []string{"a.yaml: line", "is not YAML"}},
		{"empty", map[string]string{"a.yaml": ""}, []string{"a.yaml: the file is empty"}},
		{"two wrong files", map[string]string{"a.yaml": "x: 1", "b.yaml": "kind: clocks"}, []string{"a.yaml: line 1: kind must be one of", "b.yaml: line 1: clocks is missing"}},
		{"another name", map[string]string{"a.yaml.bak": "x"}, []string{"a.yaml.bak: only files ending in .yaml are read"}},
		{"a folder", map[string]string{"sub/a.yaml": "x"}, []string{"sub: this is a folder"}},
		{"too large", map[string]string{"a.yaml": "#" + strings.Repeat("x", strict.MaxFile)}, []string{"a.yaml: the file has 1048577 bytes"}},
		{"the same version twice", map[string]string{"a.yaml": clockFile("own", "1", "2026-01-01", 1), "b.yaml": clockFile("own", "1", "2026-02-01", 1)}, []string{"b.yaml: version 1 of own is in a.yaml too"}},
		{"two of one day", map[string]string{"a.yaml": clockFile("own", "1", "2026-01-01", 1), "b.yaml": clockFile("own", "2", "2026-01-01", 1)}, []string{"b.yaml: version 2 of own begins on 2026-01-01 as version 1 in a.yaml does"}},
		{"a replaced table that lacks something", map[string]string{"a.yaml": clockFile("life", "1", "2020-01-01", 1)}, []string{"a.yaml: the clock application.decision is missing"}},
		{"an unknown act", map[string]string{"a.yaml": strings.Replace(smallChecklist, "Two}, law: [46/2022/TT-BCA]", "Two}, law: [1/2099/QH99 Art. 3]", 1)}, []string{"a.yaml: line 23: items[1].law[0]: no act is called \"1/2099/QH99\""}},
		{"an unknown clock", map[string]string{"a.yaml": strings.NewReplacer(`version: "1"`, `version: "2"`, "clock: change.run-on", "clock: change.run").Replace(shippedFile(t, "changes.yaml"))}, []string{"a.yaml: line", `no clock is called "change.run"`}},
		{"a term without its law", map[string]string{"a.yaml": strings.Replace(clockFile("own", "1", "2026-01-01", 1), "working-day, mark: proposal", "working-day, mark: verified", 1)}, []string{"law is missing"}},
		{"an until without a date", map[string]string{"a.yaml": strings.NewReplacer(`version: "1"`, `version: "2"`, "    clock: change.run-on\n", "").Replace(shippedFile(t, "changes.yaml"))}, []string{"clock is missing"}},
		{"a stop with a date", map[string]string{"a.yaml": strings.NewReplacer(`version: "1"`, `version: "2"`, "consequence: until", "consequence: stop").Replace(shippedFile(t, "changes.yaml"))}, []string{"leave clock out"}},
		{"a stop without an assessment", map[string]string{"a.yaml": strings.NewReplacer(`version: "1"`, `version: "2"`, "reassess: true", "reassess: false").Replace(shippedFile(t, "changes.yaml"))}, []string{"comes back by an assessment"}},
		{"a procedure's code", map[string]string{"a.yaml": strings.NewReplacer(`version: "1"`, `version: "2"`, "1.900301", "1.9003").Replace(shippedFile(t, "procedures-demo.yaml"))}, []string{"not a procedure code"}},
		{"an unknown field", map[string]string{"a.yaml": strings.NewReplacer(`version: "1"`, `version: "2"`, "maritalStatus", "income").Replace(shippedFile(t, "procedures-demo.yaml"))}, []string{"no field has this name"}},
		{"an unknown service", map[string]string{"a.yaml": strings.NewReplacer(`version: "1"`, `version: "2"`, "search, household", "search, sell").Replace(shippedFile(t, "procedures-demo.yaml"))}, []string{"no service has this name"}},
		{"a rule of an unknown body", map[string]string{"a.yaml": strings.NewReplacer(`version: "2024"`, `version: "x"`, "bodies: [individual]", "bodies: [martian]").Replace(shippedFile(t, "authority-2024.yaml"))}, []string{"no body of this file has this id"}},
		{"a term that ends before it begins", map[string]string{"a.yaml": strings.NewReplacer(`version: "2024"`, `version: "x"`, "until: 2025-07-01\n", "until: 2025-07-01\n    from: 2025-08-01\n").Replace(shippedFile(t, "authority-2024.yaml"))}, []string{"it ends (2025-07-01) before it begins (2025-08-01)"}},
		{"a ground for nothing", map[string]string{"a.yaml": strings.NewReplacer(`version: "1"`, `version: "2"`, "use: refusal", "use: delay").Replace(shippedFile(t, "grounds.yaml"))}, []string{`"delay" is none of termination, suspension, refusal`}},
		{"a track for nothing", map[string]string{"a.yaml": strings.NewReplacer(`version: "1"`, `version: "2"`, "kinds: [periodic]", "kinds: [weekly]").Replace(shippedFile(t, "tracks.yaml"))}, []string{"this is none of initial"}},
		{"an act with an article", map[string]string{"a.yaml": strings.NewReplacer(`version: "1"`, `version: "2"`, "code: 46/2022/TT-BCA,", "code: 46/2022/TT-BCA Art. 6,").Replace(shippedFile(t, "acts.yaml"))}, []string{"names an article: write the act alone"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Load(folder(c.files))
			if got != nil || !fault.Is(err, fault.Invalid) {
				t.Fatalf("got %v, %v", got, err)
			}
			for _, w := range c.want {
				if !strings.Contains(fault.Text(err), w) {
					t.Errorf("got %q, want %q", fault.Text(err), w)
				}
			}
		})
	}
}

func TestTooManyFilesAndNoFolder(t *testing.T) {
	many := folder(nil)
	for i := range maxFiles + 1 {
		many[fmt.Sprintf("%d.md", i)] = &fstest.MapFile{}
	}
	if _, err := Load(many); !fault.Is(err, fault.Invalid) || !strings.Contains(fault.Text(err), "at most 500") {
		t.Errorf("got %v", err)
	}
	if _, err := Load(os.DirFS(filepath.Join(t.TempDir(), "none"))); !fault.Is(err, fault.Invalid) {
		t.Errorf("got %v", err)
	}
	// A link that leads nowhere is not passed over.
	dir := t.TempDir()
	if err := os.Symlink(filepath.Join(dir, "gone"), filepath.Join(dir, "a.yaml")); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(os.DirFS(dir)); !fault.Is(err, fault.Invalid) || !strings.Contains(fault.Text(err), "a.yaml cannot be read") {
		t.Errorf("got %v", err)
	}
}

// The hash is of what a document says: comments, order of members and layout
// do not count, every word does.
func TestHashIsOfTheContent(t *testing.T) {
	hash := func(text string) string {
		d, p := parse("x.yaml", []byte(text))
		if err := p.Problems.Err(); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(canonical(d), canonical(d)) || bytes.Contains(canonical(d), []byte(`"hash"`)) {
			t.Fatal("the canonical form is not one")
		}
		return d.head().Hash
	}
	base := clockFile("own", "1", "2026-01-01", 15)
	same := "# a comment\n" + strings.NewReplacer("version: \"1\"\nfrom: 2026-01-01\n", "from: '2026-01-01'\nversion: 1 # one\n", "{vi: Báo cáo, en: Report}", "{en: \"Report\",   vi: Báo cáo}").Replace(base)
	if hash(base) != hash(same) {
		t.Error("the layout changes the hash")
	}
	for _, other := range []string{
		strings.Replace(base, "number: 15", "number: 16", 1), strings.Replace(base, "en: Report", "en: report", 1),
		strings.Replace(base, "Báo cáo", "Báo  cáo", 1), strings.Replace(base, `version: "1"`, `version: "1.0"`, 1),
		strings.Replace(base, "working-day, mark: proposal", "working-day, mark: unverified", 1),
	} {
		if hash(other) == hash(base) {
			t.Errorf("another content has the same hash:\n%s", other)
		}
	}
}

// A shipped version never changes once it is out: who assessed or signed under
// it holds its hash. A change of a text is a new version with a new day.
func TestShippedHashes(t *testing.T) {
	var b strings.Builder
	for _, h := range Default().Headers() {
		fmt.Fprintf(&b, "%s %s %s %s %s\n", h.Kind, h.ID, h.Version, h.From, h.Hash)
	}
	golden(t, "hashes.txt", []byte(b.String()))
}

// seeds are small documents, one of each kind that has no other here.
var seeds = []string{
	small, smallChecklist, clockFile("own", "1", "2026-01-01", 3),
	"acts:\n  - {code: 1/2026/QH, name: {vi: Luật, en: Law}, about: {vi: Thử, en: A test}, from: 2026-01-01, until: 2027-01-01, mark: proposal}",
	"procedures:\n  - {code: 1.010100, name: {vi: Thử, en: A test}, fields: [fullName], services: [verify], law: [1/2026/QH], mark: proposal}",
	"rules:\n  - {kind: system, name: {vi: Thử, en: A test}, consequence: until, clock: a, reassess: true, law: [1/2026/QH], mark: proposal}",
	"bodies: [{id: a, group: 1, name: {vi: Thử, en: A test}, mark: proposal}]\nchannels: [{id: a, groups: [1], name: {vi: Thử, en: A test}, law: [x], mark: proposal}]\n" +
		"rules: [{id: a, bodies: [a], authority: b, name: {vi: Thử, en: A test}, law: [x], mark: proposal}]",
	"grounds: [{id: a, use: refusal, text: {vi: Thử, en: A test}, law: [x], mark: proposal}]",
	"tracks: [{id: a, name: {vi: Thử, en: A test}, exempt: true, kinds: [initial], evidence: {vi: Thử, en: A test}, clock: a, law: [x], mark: proposal}]",
}

// seed gives a table its header.
func seed(i int, text string) string {
	kinds := []Kind{KindTemplate, KindChecklist, KindClocks, KindActs, KindProcedures, KindChanges, KindAuthority, KindGrounds, KindTracks}
	if i < 3 {
		return text
	}
	return "kind: " + string(kinds[i]) + "\nid: x\nversion: a\nfrom: 2026-01-01\nname: {vi: Thử, en: A test}\nsource: {vi: Thử, en: A test}\nmark: proposal\n" + text
}

func TestSeedsAreRead(t *testing.T) {
	if len(seeds) != len(parsers) {
		t.Errorf("%d seeds for %d kinds", len(seeds), len(parsers))
	}
	for i, text := range seeds {
		if _, p := parse("seed.yaml", []byte(seed(i, text))); len(p.Problems) > 0 {
			t.Error(p.Problems.Err())
		}
	}
}

func FuzzParse(f *testing.F) {
	for i, text := range seeds {
		f.Add([]byte(seed(i, text)))
	}
	f.Add([]byte("kind: template\nbody: {vi: '{{a}}', en: x}\nfields: [{}]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, p := parse("f.yaml", data)
		if (d == nil) == (len(p.Problems) == 0) {
			t.Fatal("neither a document nor a problem, or both")
		}
		if d == nil {
			if fault.Text(p.Problems.Err()) == "" {
				t.Fatal("a problem without a text")
			}
			return
		}
		if h := d.head(); len(h.Hash) != 64 || h.ID == "" || h.Version == "" || h.Hash != hashOf(d) {
			t.Fatalf("the header is %+v", h)
		}
		if tm, ok := d.(*Template); ok {
			// Whatever the template, what it says about values holds.
			if _, err := tm.Render(Values{}); err != nil && !fault.Is(err, fault.Invalid) {
				t.Fatal(err)
			}
		}
	})
}
