package operator

import (
	"slices"
	"strings"
	"testing"
	"time"

	"dancu/internal/access"
	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/onboarding"
	"dancu/internal/watch"
)

// Every kind of task is in one queue, and no queue but the last is a left-over.
func TestEveryTaskHasAQueue(t *testing.T) {
	seen := map[onboarding.TaskKind]string{}
	for i := range queues {
		q := &queues[i]
		kinds := q.kinds()
		if len(kinds) == 0 {
			t.Errorf("the queue %s has no kind of task", q.name)
		}
		for _, k := range kinds {
			if other := seen[k]; other != "" {
				t.Errorf("%s is in %s and in %s", k, other, q.name)
			}
			seen[k] = q.name
		}
	}
	for _, k := range onboarding.TaskKinds() {
		if seen[k.Kind] == "" {
			t.Errorf("%s is in no queue", k.Kind)
		}
	}
	for k, want := range map[onboarding.TaskKind]string{
		onboarding.TaskApplicationDecide: "requests", onboarding.TaskSign: "requests", onboarding.TaskChangeReview: "changes",
		onboarding.TaskCorrect: "assessments", onboarding.TaskLockReview: "unlocks", onboarding.TaskEndDecide: "suspensions",
		onboarding.TaskSuspensionReview: "suspensions", onboarding.TaskInspectionPlan: "inspections", onboarding.TaskBreachNotice: "others",
	} {
		if seen[k] != want {
			t.Errorf("%s is in %q, want %q", k, seen[k], want)
		}
	}
}

func TestConnectionsAreFiltered(t *testing.T) {
	now := site.SampleTime
	ids := func(l i18n.Lang, q query) (out []string) {
		_, lines := sampleLines()
		for _, x := range q.filter(l, lines, now) {
			out = append(out, x.c.ID)
		}
		return out
	}
	for _, c := range []struct {
		name string
		q    query
		want []string
	}{
		{"nothing asked: by agency, as Vietnamese people sort", query{}, []string{"so-the", "chuyen-nganh", "khach-hang", "mot-cua", "lgsp", "cong-chung", "tuyen-sinh"}},
		{"words without diacritics", query{words: "mot cua"}, []string{"mot-cua"}},
		{"words with diacritics and another case", query{words: "MỘT CỬA"}, []string{"mot-cua"}},
		{"words in any order, đ as d", query{words: "dien cua"}, []string{"mot-cua"}},
		{"an intermediary's name", query{words: "lgsp"}, []string{"khach-hang", "lgsp", "cong-chung"}},
		{"an agency's code", query{words: "h98.07"}, []string{"so-the"}},
		{"an agency", query{agency: "bo-mau"}, []string{"chuyen-nganh"}},
		{"locked", query{state: lockedState}, []string{"khach-hang"}},
		{"active and refused", query{state: stoppedState}, []string{"so-the", "khach-hang"}},
		{"a state", query{state: "suspended"}, []string{"cong-chung"}},
		{"ending, what is over too", query{within: 30}, []string{"so-the", "mot-cua"}},
		{"near the limit", query{use: 80, sort: byUse}, []string{"khach-hang", "chuyen-nganh"}},
		{"what ends first", query{sort: byEnd, words: "tinh mau"}, []string{"so-the", "mot-cua", "lgsp", "cong-chung", "tuyen-sinh"}},
		{"a level that none has", query{level: 5}, nil},
	} {
		if got := ids(i18n.VI, c.q); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// A list goes on after the last one seen, keeps its filter in the address, and
// begins anew when that one is gone.
func TestConnectionsPageByKey(t *testing.T) {
	dir, lines := sampleLines()
	many := make([]line, 0, 3*pageSize)
	for i := range 2*pageSize + 5 {
		x := lines[0]
		c := *x.c
		c.ID = "c-" + string(rune('a'+i/26)) + string(rune('a'+i%26))
		x.c = &c
		many = append(many, x)
	}
	page := func(q query) connectionsView {
		return newConnectionsView(ui.Page{Lang: i18n.EN}, q, dir, slices.Clone(many), site.SampleTime)
	}
	first := page(query{level: 3})
	if len(first.Rows) != pageSize || !strings.Contains(first.Pager.Next, "level=3") || first.Pager.First != "" {
		t.Fatalf("%d rows, pager %+v", len(first.Rows), first.Pager)
	}
	last := first.Rows[pageSize-1].ID
	second := page(query{level: 3, after: last})
	if second.Rows[0].ID == last || second.Rows[0].ID <= last || second.Pager.First == "" {
		t.Errorf("after %s comes %s, pager %+v", last, second.Rows[0].ID, second.Pager)
	}
	third := page(query{level: 3, after: second.Rows[pageSize-1].ID})
	if len(third.Rows) != 5 || third.Pager.Next != "" {
		t.Errorf("%d rows on the last page, pager %+v", len(third.Rows), third.Pager)
	}
	if again := page(query{after: "gone"}); again.Rows[0].ID != first.Rows[0].ID {
		t.Errorf("after one that is gone comes %s", again.Rows[0].ID)
	}
}

// The picture of a day adds up, and says what is usual by now and not of the
// whole day.
func TestPicturesSayWhatTheyShow(t *testing.T) {
	var usual [24]float64
	for h := range usual {
		usual[h] = 60
	}
	now := time.Date(2026, 11, 20, 10, 30, 0, 0, access.Zone)
	if got := soFar(usual, now); got != 630 {
		t.Errorf("usual by half past ten: %v, want 630", got)
	}
	hours := sampleHours(1, 1)
	c := dayChart(i18n.EN, "x", hours, usual, true, now)
	if len(c.Steps) != 24 || !c.Steps[11].Later || c.Steps[10].Later || !strings.Contains(c.Describe, "630") {
		t.Errorf("%d steps, %q", len(c.Steps), c.Describe)
	}
	days := rangeChart(i18n.EN, access.Limit{Calls: 500, Window: access.Day, Scope: access.PerConnection}, sampleHours(7, 1), sampleMarks("c"), 7, site.SampleTime)
	if len(days.Steps) != 7 || days.Limit != 500 || !strings.Contains(days.Steps[5].Mark, ";") || days.Steps[6].Mark == "" {
		t.Errorf("%d days, limit %d, marks %q and %q", len(days.Steps), days.Limit, days.Steps[5].Mark, days.Steps[6].Mark)
	}
	var sum int64
	for _, h := range sampleHours(7, 1) {
		sum += h.Answered
	}
	var drawn int64
	for _, s := range days.Steps {
		drawn += s.N
	}
	if sum != drawn {
		t.Errorf("%d calls are drawn of %d", drawn, sum)
	}
	// The line of an hour's limit belongs to hours, that of a day's to days.
	if c := rangeChart(i18n.EN, access.Limit{Calls: 5, Window: access.Hour, Scope: access.PerConnection}, sampleHours(7, 1), nil, 7, site.SampleTime); c.Limit != 0 {
		t.Error("an hour's limit is drawn across days")
	}
	if c := rangeChart(i18n.EN, access.Limit{Calls: 5, Window: access.Hour, Scope: access.PerConnection}, sampleHours(1, 1), nil, 1, site.SampleTime); c.Limit != 5 || len(c.Steps) != 24 {
		t.Errorf("limit %d in %d steps", c.Limit, len(c.Steps))
	}
}

// A month has its days below the right weekdays, Monday first.
func TestAMonthIsDrawn(t *testing.T) {
	v := newCalendarView(ui.Page{Lang: i18n.EN}, access.Month.Start(site.SampleTime), site.SampleTime, sampleInspections(), onboarding.TaskList{}, nil,
		func(access.Date) bool { return true })
	if len(v.Weeks) != 6 || v.Weeks[0][5].Number != "" || v.Weeks[0][6].Number != "1" || v.Weeks[5][0].Number != "30" {
		t.Fatalf("November 2026 begins on a Sunday and ends on a Monday: %+v", v.Weeks)
	}
	found := 0
	for _, w := range v.Weeks {
		if len(w) != 7 {
			t.Errorf("a week of %d days", len(w))
		}
		for _, d := range w {
			found += len(d.Items)
			if d.Today != (d.Number == "20") {
				t.Errorf("day %q is today: %v", d.Number, d.Today)
			}
		}
	}
	if found != 9 || len(v.List) != 3 {
		t.Errorf("%d days of inspections and %d of them, want 9 and 3", found, len(v.List))
	}
}

func TestRefusalsLeaveOutAnswers(t *testing.T) {
	rows := refusalRows(i18n.EN, []watch.Group{
		{Key: "", Count: watch.Count{Calls: 100, Answered: 100}},
		{Key: "grant.none", Count: watch.Count{Calls: 3, Refused: 3}},
		{Key: "quota.exceeded", Count: watch.Count{Calls: 1, Refused: 1}},
	}, 1)
	if len(rows) != 1 || rows[0].Code != "grant.none" || rows[0].Refused != "3" || !strings.HasPrefix(rows[0].Share, "75") {
		t.Errorf("%+v", rows)
	}
}
