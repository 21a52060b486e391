package onboarding

import (
	"slices"
	"strings"
	"testing"

	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
)

// What pages show of tasks, lists, contact officers and files, on both engines.
func TestWhatPagesAskFor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		o := newOffice(t, env)
		operator, agency := o.hanoi()
		stranger := o.someone(Agency, "stranger", "")
		m := o.request(agency)
		o.do(agency, m.ID, "submit", Input{})

		// The register has one thing to do, the agency none.
		tally, err := o.Tally(o.ctx, operator, TaskFilter{Owner: Operator})
		o.must(err)
		if len(tally) != 1 || tally[0] != (TaskTally{Kind: TaskApplicationDecide, Open: 1}) {
			t.Errorf("the operator's: %+v", tally)
		}
		// An agency's people are told their own only, whatever they ask for.
		if tally, err = o.Tally(o.ctx, agency, TaskFilter{Owner: Operator}); err != nil || len(tally) != 0 {
			t.Errorf("the agency's: %+v, %v", tally, err)
		}
		_, err = o.Tally(o.ctx, stranger, TaskFilter{})
		o.refused(err, fault.Forbidden, "no agency")
		list, err := o.Tasks(o.ctx, operator, TaskFilter{Owner: Operator})
		o.must(err)
		if x := list.Matters[m.ID]; len(list.Tasks) != 1 || x == nil || x.Title != "Hệ thống một cửa" {
			t.Errorf("tasks: %+v", list)
		}

		// Of several kinds: any of them, and none that only begins alike.
		for _, x := range []struct {
			kinds []TaskKind
			want  int
		}{
			{[]TaskKind{TaskApplicationDecide}, 1},
			{[]TaskKind{TaskSign, TaskApplicationDecide, TaskChangeReview}, 1},
			{[]TaskKind{TaskSign, TaskApplicationMend}, 0},
			{[]TaskKind{"application.decid", "pplication.decide", "%"}, 0},
		} {
			got, err := o.Tasks(o.ctx, operator, TaskFilter{Kinds: x.kinds})
			o.must(err)
			if len(got.Tasks) != x.want {
				t.Errorf("tasks of %v: %+v", x.kinds, got.Tasks)
			}
		}

		// Open and closed.
		ids := func(f Filter) (out []string) {
			t.Helper()
			f.Kind = KindApplication
			got, err := o.List(o.ctx, operator, f)
			o.must(err)
			for _, m := range got.Matters {
				out = append(out, m.ID)
			}
			return out
		}
		if open, closed := ids(Filter{Open: true}), ids(Filter{Closed: true}); !slices.Equal(open, []string{m.ID}) || len(closed) != 0 {
			t.Errorf("open %v, closed %v", open, closed)
		}
		o.do(agency, m.ID, "withdraw", Input{Reason: "it is needed no longer"})
		if open, closed := ids(Filter{Open: true}), ids(Filter{Closed: true}); len(open) != 0 || !slices.Equal(closed, []string{m.ID}) {
			t.Errorf("afterwards open %v, closed %v", open, closed)
		}

		// Contact officers are found by their agency, not by their name.
		for words, want := range map[string]int{"": 1, "ha noi": 1, "H26": 1, "nguyen": 0, "%": 0} {
			got, err := o.Contacts(o.ctx, words, "")
			o.must(err)
			if len(got.Contacts) != want {
				t.Errorf("%q finds %+v", words, got.Contacts)
			}
		}
		got, err := o.Contacts(o.ctx, "", "")
		o.must(err)
		if c := got.Contacts[0]; c.Officer != "Nguyễn Văn A" || c.Code != "H26" || c.Phone == "" || c.Email == "" || c.Role == "" {
			t.Errorf("contact: %+v", c)
		}

		// The file of the request is the matter's; what looks like it is not.
		const file = "018f0000-0000-7000-8000-000000000001"
		see, err := o.See(o.ctx, agency, m.ID)
		o.must(err)
		if !slices.Equal(see.Files(), []string{file}) {
			t.Errorf("files: %v", see.Files())
		}
		refers, err := o.Referred(o.ctx, []string{"018f0000-0000-7000-8000-000000000002", file, "%"})
		o.must(err)
		if !slices.Equal(refers, []string{file}) {
			t.Errorf("refers: %v", refers)
		}
	})
}

// A form begins with what is known, and is right as it is.
func TestFormsBeginWithWhatIsKnown(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t))
	operator, _ := o.hanoi()
	o.apply(strings.Replace(oneSystem("a", "H13", nil, grant("one", "fullName")), "group: 1", "group: 1, body: provincial", 1))
	for _, id := range []string{"agency.hanoi", "agency.a", "system.a.sys"} {
		see, err := o.See(o.ctx, operator, id)
		o.must(err)
		row := rowsOf(see.Matter.Kind, "correct")[0]
		values := row.Prefill(see)
		if id == "agency.a" {
			values["body"] = "provincial" // a file may leave it out, who corrects may not
		}
		if _, err := o.Act(o.ctx, operator, id, "correct", Input{Reason: "nothing is to be changed", Values: mustJSON(values)}); err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
}
