package ledger

import (
	"testing"
	"time"

	"dancu/internal/db/dbtest"
)

// Totals are the statistics added up, and say how far they have come instead of
// waiting.
func TestTotalsAddUpWithoutWaiting(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		b := newBench(t, env)
		far := time.Now().Add(48 * time.Hour)
		totals, covered, err := b.Totals(t.Context(), time.Unix(0, 0), far)
		if err != nil || covered != 0 || len(totals) != 0 {
			t.Fatalf("before the followers ran: %v, %d, %v; want nothing, at once", totals, covered, err)
		}
		b.run()
		for range 5 {
			b.write(b.call("001090000001"))
		}
		stats, err := b.Stats(t.Context(), time.Unix(0, 0), far)
		if err != nil {
			t.Fatal(err)
		}
		want := map[[2]string]int64{}
		for _, s := range stats {
			want[[2]string{s.Kind, s.Code}] += s.N
		}
		if totals, covered, err = b.Totals(t.Context(), time.Unix(0, 0), far); err != nil {
			t.Fatal(err)
		}
		if covered < 5 {
			t.Errorf("%d entries covered after everything was counted", covered)
		}
		if len(totals) != len(want) {
			t.Errorf("%d totals, want %d", len(totals), len(want))
		}
		sum := int64(0)
		for _, got := range totals {
			sum += got.N
			if n := want[[2]string{got.Kind, got.Code}]; n != got.N {
				t.Errorf("%s %s: %d, want %d", got.Kind, got.Code, got.N, n)
			}
		}
		if sum < 5 {
			t.Errorf("%d entries counted, want 5 calls at least", sum)
		}
	})
}

// The newest entries of a connection are listed by their plain columns, and
// nothing about it is written to the log.
func TestRecentOfListsAConnection(t *testing.T) {
	env := dbtest.SQLite(t)
	b := newBench(t, env).run()
	for range 3 {
		other := b.call("001090000001")
		other.Connection = "c2"
		b.write(b.call("001090000001"), other)
	}
	size := b.Head().Size
	if err := b.waitIndexed(b.ctx(), size); err != nil {
		t.Fatal(err)
	}
	lines, err := b.RecentOf(b.ctx(), "c1", 2)
	if err != nil || len(lines) != 2 || lines[0].Index != 5 || lines[1].Index != 3 || lines[0].Connection != "c1" || lines[0].Kind != "call.lookup" {
		t.Errorf("%+v, %v; want entries 5 and 3", lines, err)
	}
	if lines, err = b.RecentOf(b.ctx(), "c9", 2); err != nil || len(lines) != 0 {
		t.Errorf("of nobody: %+v, %v", lines, err)
	}
	if now := b.Head().Size; now != size {
		t.Errorf("%d entries, %d before the listing: it is no reading", now, size)
	}
}
