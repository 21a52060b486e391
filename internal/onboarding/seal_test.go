package onboarding

import (
	"slices"
	"testing"
	"time"

	"dancu/internal/access"
	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
)

// TestASealTakesTwoABasisAndAnEnd: nobody seals alone, without basis, without an
// end or for what was not granted; a file of existing agencies neither brings nor
// takes a seal; lifting is for what follows.
func TestASealTakesTwoABasisAndAnEnd(t *testing.T) {
	row := rowsOf(KindConnection, "seal")
	if len(row) != 1 || !row[0].Two() || !rowsOf(KindConnection, "unseal")[0].Two() {
		t.Error("a seal takes two people")
	}
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		o := newOffice(t, env)
		file := oneSystem("a", "H13", nil, grant("one", "fullName"))
		o.apply(file)
		procedure := o.connection("a.con").Grants[0].Procedures[0]
		day := func(n int) string { return time.Now().In(access.Zone).AddDate(0, 0, n).Format(time.DateOnly) }
		do := func(change Values) error {
			v := Values{"procedure": procedure, "class": "withheld", "until": day(30), "basisVI": "Điều 9 Luật mẫu", "decision": "7/QĐ"}
			for name, x := range change {
				if v[name] = x; x == nil {
					delete(v, name)
				}
			}
			return o.ofTwo("a.con", "seal", Input{Reason: "ordered by the authority", Values: mustJSON(v)})
		}
		for _, c := range []struct {
			change Values
			says   string
		}{
			{Values{"basisVI": nil}, "required"},
			{Values{"until": nil}, "required"},
			{Values{"decision": nil}, "required"},
			{Values{"until": day(-1)}, "that day is over"},
			{Values{"until": day(int(MaxSealTerm.Hours()/24) + 2)}, "at most"},
			{Values{"procedure": "9.999999"}, "no grant for this procedure"},
			{Values{"class": "delayed"}, "how many days"},
			{Values{"days": 30}, "its own end"},
			{Values{"class": "for ever"}, "not among the choices"},
		} {
			o.refused(do(c.change), fault.Invalid, c.says)
		}
		o.must(do(nil))
		c := o.connection("a.con")
		s := c.Seal(procedure, o.main.Clock())
		if s == nil || s.Class != access.Withheld || s.Basis.VI != "Điều 9 Luật mẫu" || s.Until.In(access.Zone).Format(time.DateOnly) != day(31) {
			t.Fatalf("sealed: %+v", s)
		}
		o.refused(do(nil), fault.Invalid, "sealed already")
		o.apply(oneSystem("a", "H13", nil, grant("one", "fullName, sex")))
		if again := o.connection("a.con"); !slices.Equal(again.Seals, c.Seals) {
			t.Errorf("after a file: %+v", again.Seals)
		}
		lift := Input{Reason: "the authority said so", Values: mustJSON(Values{"procedure": procedure})}
		o.must(o.ofTwo("a.con", "unseal", lift))
		if s := o.connection("a.con").Seal(procedure, o.main.Clock()); s != nil {
			t.Errorf("lifted: %+v", s)
		}
		o.refused(o.ofTwo("a.con", "unseal", lift), fault.Conflict, "not sealed")
		o.must(do(Values{"class": "delayed", "days": 30}))
	})
}
