package catalogue

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"dancu/internal/access"
	"dancu/internal/fault"
)

func TestChecklists(t *testing.T) {
	for _, c := range []struct {
		on, version string
		topics      int
	}{
		{"2022-12-19", "2022", 0}, {"2026-06-30", "2022", 0}, {"2026-07-01", "2026", 18}, {"2030-01-01", "2026", 18},
	} {
		list, err := Default().Checklists.At("assessment", date(t, c.on))
		if err != nil || list.Version != c.version {
			t.Fatalf("on %s: %v, %v", c.on, list, err)
		}
		if n := len(list.Items); n < 30 || n > 60 {
			t.Errorf("%s has %d items", c.version, n)
		}
		if len(list.Topics) != c.topics {
			t.Errorf("%s has %d topics", c.version, len(list.Topics))
		}
		for i, g := range list.Groups {
			if g.ID != Groups[i] || g.Mark != Verified {
				t.Errorf("%s: group %d is %s, marked %s", c.version, i, g.ID, g.Mark)
			}
		}
		for _, kind := range AssessmentKinds {
			items := list.For(kind)
			for _, g := range Groups {
				if !slices.ContainsFunc(items, func(i Item) bool { return i.Group == g }) {
					t.Errorf("%s: an assessment %s asks nothing of group %s", c.version, kind, g)
				}
			}
			if len(items) < 20 {
				t.Errorf("%s: an assessment %s asks %d things", c.version, kind, len(items))
			}
		}
		if !slices.IsSortedFunc(list.Items, func(a, b Item) int { return slices.Index(Groups, a.Group) - slices.Index(Groups, b.Group) }) {
			t.Errorf("%s: items are not by group", c.version)
		}
	}
	if _, err := Default().Checklists.At("assessment", date(t, "2022-12-18")); !fault.Is(err, fault.NotFound) {
		t.Errorf("before the circular: %v", err)
	}
}

// The standard's numbers of rows, so that the topics are its 18 groups.
func TestTheTopicsAreTheStandards(t *testing.T) {
	list, err := Default().Checklists.Version("assessment", "2026")
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for _, topic := range list.Topics {
		rows += topic.Rows
		if !slices.ContainsFunc(list.Items, func(i Item) bool { return i.Topic == topic.ID }) {
			t.Errorf("nothing is asked of %s", topic.ID)
		}
	}
	if rows != 195 {
		t.Errorf("the topics have %d rows, the standard 195", rows)
	}
}

// An item keeps its id and its id its item, because results are kept by it. A
// changed text of an item is a new version of the checklist.
func TestIDsAreStable(t *testing.T) {
	var b strings.Builder
	seen := map[string]string{}
	for _, list := range Default().Checklists.All() {
		fmt.Fprintf(&b, "%s %s\n", list.ID, list.Version)
		for _, i := range list.Items {
			fmt.Fprintf(&b, "  %s: %s\n", i.ID, i.Text.EN)
			if other, ok := seen[i.ID]; ok && other != i.Text.EN {
				t.Errorf("%s is another item in another version", i.ID)
			}
			seen[i.ID] = i.Text.EN
			if got, ok := list.Item(i.ID); !ok || got.Text != i.Text {
				t.Errorf("%s is not found", i.ID)
			}
		}
		if _, ok := list.Item("nothing"); ok {
			t.Error("an unknown item is found")
		}
	}
	golden(t, "items.txt", []byte(b.String()))
}

const smallChecklist = `
kind: checklist
id: assessment
version: "2027"
from: 2027-01-01
name: {vi: Danh mục, en: List}
source: {vi: Thử, en: A test}
mark: proposal
groups:
  - {id: dd, letter: đ, law: [46/2022/TT-BCA Art. 6.2.đ], mark: verified, name: {vi: đ, en: dd}}
  - {id: a, letter: a, law: [46/2022/TT-BCA Art. 6.2.a], mark: verified, name: {vi: a1, en: a}}
  - {id: b, letter: b, law: [46/2022/TT-BCA Art. 6.2.b], mark: verified, name: {vi: b1, en: b}}
  - {id: c, letter: c, law: [46/2022/TT-BCA Art. 6.2.c], mark: verified, name: {vi: c1, en: c}}
  - {id: d, letter: d, law: [46/2022/TT-BCA Art. 6.2.d], mark: verified, name: {vi: d1, en: d}}
topics:
  - {id: t, group: a, name: {vi: t1, en: t}}
  - {id: u, group: b, name: {vi: u1, en: u}}
  - {id: v, group: c, name: {vi: v1, en: v}}
  - {id: w, group: d, name: {vi: w1, en: w}}
  - {id: x, group: dd, name: {vi: x1, en: x}}
items:
  - {id: one, group: a, topic: t, text: {vi: Một, en: One}, law: [46/2022/TT-BCA], mark: proposal, evidence: true}
  - {id: two, group: b, topic: u, text: {vi: Hai, en: Two}, law: [46/2022/TT-BCA], mark: proposal, evidence: false, kinds: [unscheduled, initial]}
  - {id: three, group: c, topic: v, text: {vi: Ba, en: Three}, law: [46/2022/TT-BCA], mark: proposal, evidence: true}
  - {id: four, group: d, topic: w, text: {vi: Bốn, en: Four}, law: [46/2022/TT-BCA], mark: proposal, evidence: true}
  - {id: five, group: dd, topic: x, text: {vi: Năm, en: Five}, law: [46/2022/TT-BCA], mark: proposal, evidence: true}
`

func TestWrongChecklistsAreTold(t *testing.T) {
	if _, p := parse("c.yaml", []byte(smallChecklist)); len(p.Problems) > 0 {
		t.Fatal(p.Problems.Err())
	}
	for _, c := range []struct{ name, old, new, want string }{
		{"no group", "  - {id: d, letter: d, law: [46/2022/TT-BCA Art. 6.2.d], mark: verified, name: {vi: d1, en: d}}\n", "", "group d is missing"},
		{"group twice", "id: c, letter: c", "id: b, letter: c", `"b" is there twice`},
		{"an empty group", "id: four, group: d, topic: w", "id: four, group: a, topic: t", "group d has no item"},
		{"item twice", "id: two", "id: one", `"one" is there twice`},
		{"topic twice", "id: u, group: b", "id: t, group: b", `"t" is there twice`},
		{"unknown topic", "topic: u", "topic: z", `no topic of this file is called "z"`},
		{"topic of another group", "topic: u", "topic: t", `the topic "t" is of group a, the item of group b`},
		{"no topic", ", topic: u", "", "topic is missing"},
		{"unknown kind of assessment", "[unscheduled, initial]", "[yearly]", "this is none of initial, after-change, periodic, unscheduled"},
		{"no mark", ", mark: proposal, evidence: true}", ", evidence: true}", "mark is missing"},
		{"unknown mark", "mark: proposal, evidence: false", "mark: certain, evidence: false", `"certain" is none of verified`},
		{"no law", "Two}, law: [46/2022/TT-BCA]", "Two}", "law is missing"},
		{"no place in the law", "Two}, law: [46/2022/TT-BCA]", `Two}, law: [" 46/2022/TT-BCA"]`, "is not a place in the law"},
		{"no English", "{vi: Hai, en: Two}", "{vi: Hai}", "en is missing"},
		{"version", `version: "2027"`, `version: "v 1"`, "is not a version"},
		{"kind", "kind: checklist", "kind: list", "kind must be one of acts,"},
		{"unknown member", "evidence: false", "evidence: false, weight: 3", `unknown key "weight"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if !strings.Contains(smallChecklist, c.old) {
				t.Fatal("the test does not fit the checklist")
			}
			d, p := parse("c.yaml", []byte(strings.Replace(smallChecklist, c.old, c.new, 1)))
			if text := fault.Text(p.Problems.Err()); d != nil || !strings.Contains(text, c.want) || !strings.Contains(text, "c.yaml: line ") {
				t.Errorf("got %q, want %q", text, c.want)
			}
		})
	}
}

func TestKindsAreInOrder(t *testing.T) {
	d, _ := parse("c.yaml", []byte(smallChecklist))
	list, _ := d.(*Checklist)
	if got := fmt.Sprint(list.Items[1].Kinds); got != "[initial unscheduled]" {
		t.Errorf("got %s", got)
	}
	if len(list.For(AfterChange)) != 4 || len(list.For(Initial)) != 5 {
		t.Error("the wrong items are asked")
	}
	for _, k := range append(AssessmentKinds, "x") {
		if x := k.Text(); x.VI == "" || x.EN == "" {
			t.Errorf("%s has no words", k)
		}
	}
}

func date(t *testing.T, s string) (d access.Date) {
	t.Helper()
	if err := d.UnmarshalText([]byte(s)); err != nil {
		t.Fatal(err)
	}
	return d
}
