package gate

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
	"dancu/internal/ledger"
	"dancu/internal/register"
)

// TestRepresentationIsProvenEachTime: parents see for a child until its age,
// representatives for whom the register records, nobody for others, for people
// under protection or for the dead; each reading is an entry that names both,
// and where there is no entry nothing is told.
func TestRepresentationIsProvenEachTime(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		w := start(t, env)
		today := w.main.Clock().In(access.Zone)
		birthday := func(years, days int) string { return today.AddDate(-years, 0, days).Format(time.DateOnly) }
		me := "001090111111"
		of := func(n int) string { return fmt.Sprintf("0012%08d", n) }
		one := func(pin, born, more string, relatives ...string) string {
			list := make([]string, 0, len(relatives)/2)
			for i := 0; i < len(relatives); i += 2 {
				list = append(list, fmt.Sprintf(`{"relation":%q,"pin":%q,"fullName":"Ai Đó"}`, relatives[i], relatives[i+1]))
			}
			return fmt.Sprintf(`{"pin":%q,"fullName":"Người %c","dateOfBirth":%q,"relatives":[%s]%s}`, pin, pin[11]+17, born, strings.Join(list, ","), more) + "\n"
		}
		put := func(lines string) {
			t.Helper()
			if r, err := register.New(w.reg).Import(t.Context(), strings.NewReader(lines), importJSON); err != nil || r.Bad > 0 {
				t.Fatalf("import: %+v, %v", r, err)
			}
		}
		children := []struct {
			line string
			is   register.Relation
		}{
			{one(of(0), birthday(18, 1), "", "Cha", me), register.Father}, // comes of age tomorrow
			{one(of(1), birthday(18, 0), "", "father", me), ""},           // came of age today
			{one(of(2), today.AddDate(-18, 0, 0).Format("2006"), "", "father", me), ""},
			{one(of(3), birthday(5, 0), "", "father", of(9), "Mẹ", me), register.Mother},
			{one(of(4), birthday(5, 0), "", "father", of(9)), ""}, // says another's
			{one(of(5), birthday(5, 0), `,"protected":true`, "father", me), ""},
			{one(of(6), birthday(5, 0), `,"deathOrMissing":{"status":"dead","date":"2026-01-02"}`, "father", me), ""},
			{one(of(7), birthday(5, 0), "", "father", me, "Người giám hộ", of(9)), ""}, // a guardian is recorded
			{one(of(8), "1950", "", "Người đại diện", me), register.Representative},
		}
		lines := ""
		own := []string{"spouse", of(9)}
		want := map[string]register.Relation{}
		for i, c := range children {
			lines += c.line
			relation := "child"
			if i == 8 {
				relation = "Người được đại diện"
			}
			own = append(own, relation, of(i))
			if c.is != "" {
				want[of(i)] = c.is
			}
		}
		put(lines + one(of(9), birthday(40, 0), "", "child", of(3)) + one(me, birthday(42, 0), "", own...))

		rules := Representation{ChildAge: 18, Representatives: true}
		reader := ledger.Reader{Actor: ledger.Actor{Kind: "citizen", ID: "citizen", Session: "s"}, Reason: "test"}
		all := func(rules Representation) (out map[string]register.Relation) {
			t.Helper()
			found, err := w.gate.AllRepresented(t.Context(), reader, me, rules)
			if err != nil {
				t.Fatal(err)
			}
			out = map[string]register.Relation{}
			for _, r := range found {
				if r.Name == "" {
					t.Errorf("%s has no name", r.PIN)
				}
				out[r.PIN] = r.Relation
			}
			return out
		}
		same := func(got, want map[string]register.Relation) {
			t.Helper()
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("represents %v, want %v", got, want)
			}
		}
		same(all(rules), want)
		same(all(Representation{ChildAge: 0, Representatives: true}), map[string]register.Relation{of(8): register.Representative})
		same(all(Representation{ChildAge: 18}), map[string]register.Relation{of(0): register.Father, of(3): register.Mother})
		for i := range 10 {
			r, err := w.gate.Represent(t.Context(), reader, me, of(i), rules)
			if is := want[of(i)]; is == "" && !fault.Is(err, fault.NotFound) || is != "" && (err != nil || r.Relation != is) {
				t.Errorf("%d: %+v, %v; want %q", i, r, err, is)
			}
		}
		if _, err := w.gate.Represent(t.Context(), reader, me, me, rules); !fault.Is(err, fault.NotFound) {
			t.Errorf("nobody represents themselves: %v", err)
		}

		// The entry is found by both.
		for _, who := range []string{me, of(3)} {
			res, err := w.log.Search(t.Context(), reader, ledger.Query{Kind: KindRepresentation, Terms: []ledger.Term{{Kind: ledger.TermPerson, Value: who}}})
			if err != nil || len(res.Records) == 0 {
				t.Errorf("the readings are not found by %s: %v", who, err)
			}
		}

		// What the register says now counts, not what it said.
		put(one(of(3), birthday(5, 0), "", "father", of(9)))
		if _, err := w.gate.Represent(t.Context(), reader, me, of(3), rules); !fault.Is(err, fault.NotFound) {
			t.Errorf("the register says so no longer: %v", err)
		}
		// Two days later the child has come of age.
		w.offset.Store(int64(48 * time.Hour))
		_ = w.log.Write(t.Context(), func(*ledger.Tx) error { return nil }) // the log sees the step and waits it out
		w.heal()
		if _, err := w.gate.Represent(t.Context(), reader, me, of(0), rules); !fault.Is(err, fault.NotFound) {
			t.Errorf("the child came of age: %v", err)
		}

		// No entry, nothing told.
		no := errors.New("signed out")
		shut := reader
		shut.Still = func(context.Context, db.Querier, time.Time) error { return no }
		if found, err := w.gate.AllRepresented(t.Context(), shut, me, rules); !errors.Is(err, no) || len(found) > 0 {
			t.Errorf("whoever may no longer is told %v, %v", found, err)
		}
		before := len(w.rows(KindRepresentation))
		w.breakAt("commit", 1)
		found, err := w.gate.AllRepresented(t.Context(), reader, me, rules)
		w.heal()
		if err == nil || len(found) > 0 {
			t.Errorf("without an entry: %v, %v", found, err)
		}
		if after := len(w.rows(KindRepresentation)); after != before {
			t.Errorf("entries: %d, before %d", after, before)
		}
		if err := w.log.WaitPublished(t.Context(), w.log.Head().Size-1); err != nil {
			t.Fatal(err)
		}
		if r := w.fsck(nil); !r.OK() {
			t.Errorf("fsck: %+v", r.Findings)
		}
	})
}
