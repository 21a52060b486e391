package onboarding

import (
	"strings"
	"testing"

	"dancu/internal/db/dbtest"
)

// What is asked beyond what the procedures justify is pointed out to the
// register's people, and to nobody else.
func TestExcessIsPointedOut(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t))
	operator, agency := o.hanoi()
	m := o.request(agency)
	o.save(agency, m.ID, "data", Values{
		"services": []string{"lookup"}, "procedures": []string{"1.010100", "9.999999"}, "fields": []string{"fullName", "religion"},
		"daily": 20_000, "perCase": 4, "until": "2099-12-31",
	})
	see, err := o.See(o.ctx, operator, m.ID)
	o.must(err)
	var vi, en strings.Builder
	for _, n := range see.Notes {
		vi.WriteString(n.VI + "\n")
		en.WriteString(n.EN + "\n")
	}
	for _, want := range []string{"9.999999", "Religion", "20000"} {
		if !strings.Contains(en.String(), want) {
			t.Errorf("%q is not pointed out:\n%s", want, en.String())
		}
	}
	if !strings.Contains(vi.String(), "Tôn giáo") {
		t.Errorf("in Vietnamese: %s", vi.String())
	}
	if see, err = o.See(o.ctx, agency, m.ID); err != nil || len(see.Notes) != 0 {
		t.Errorf("the agency sees %v, %v", see.Notes, err)
	}
}
