package gate

import (
	"fmt"
	"testing"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/db/dbtest"
)

// What many connections used is read in a few statements and is what each used:
// of the present window and epoch, in whichever scope, a grant's own quota left
// out.
func TestUsedOfManyIsThatOfEach(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		w := start(t, env)
		now := w.main.Clock()
		var list []*access.Connection
		want := map[string]Used{}
		err := w.main.Write(t.Context(), func(tx *db.Tx) error {
			put := func(id, scope string, epoch, start, calls int64) error {
				_, err := tx.Exec(t.Context(), "INSERT INTO counters (connection, scope, epoch, start, calls, people) VALUES ($1, $2, $3, $4, $5, $6)", id, scope, epoch, start, calls, calls*2)
				return err
			}
			for i := range 2*usedAtOnce + 1 {
				c := &access.Connection{
					ID: fmt.Sprintf("c%03d", i), Lock: access.Lock{Epoch: int64(i % 3)},
					Limit: access.Limit{Calls: int64(100 + i), Window: []access.Window{access.Hour, access.Day, access.Month}[i%3]},
				}
				list = append(list, c)
				n, at := int64(i), c.Limit.Window.Start(now).UnixMicro()
				for _, row := range []struct {
					scope               string
					epoch, start, calls int64
				}{
					{"o:a", c.Lock.Epoch, at, n},
					{"o:b", c.Lock.Epoch, at, n + 5},
					{"g:own", c.Lock.Epoch, at, 1000},
					{"o:a", c.Lock.Epoch + 1, at, 500},
					{"o:a", c.Lock.Epoch, at - 1, 500},
				} {
					if err := put(c.ID, row.scope, row.epoch, row.start, row.calls); err != nil {
						return err
					}
				}
				want[c.ID] = Used{
					Usage:  Usage{Calls: 2*n + 5, Limit: c.Limit.Calls, Reset: c.Limit.Window.End(now)},
					People: 4*n + 10, MostCalls: n + 5, MostPeople: 2*n + 10,
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		unused := &access.Connection{ID: "unused", Limit: access.Limit{Calls: 7, Window: access.Month}}
		list = append(list, unused)
		want["unused"] = Used{Usage: Usage{Limit: 7, Reset: access.Month.End(now)}}
		all, err := w.gate.UsedOf(t.Context(), list...)
		if err != nil || len(all) != len(list) {
			t.Fatalf("%d of %d, %v", len(all), len(list), err)
		}
		for _, c := range list {
			// The hour may have ended meanwhile; then it ends an hour later.
			if got := all[c.ID]; got != want[c.ID] && got.Reset.Equal(want[c.ID].Reset) {
				t.Errorf("%s: %+v, want %+v", c.ID, got, want[c.ID])
			}
		}
		one, err := w.gate.Used(t.Context(), list[50])
		if err != nil || one != all[list[50].ID] {
			t.Errorf("alone: %+v, %v; with others %+v", one, err, all[list[50].ID])
		}
	})
}
