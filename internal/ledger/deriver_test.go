package ledger

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"dancu/internal/db"
	"dancu/internal/db/dbtest"
)

// recorder is a deriver that keeps what it was told in the derived store: in
// statistics, whose rows of kind "derived" nobody else writes.
type recorder struct {
	fail atomic.Int32 // how often Take fails after it wrote
	told atomic.Int64 // facts in transactions that took effect or not
}

func (r *recorder) deriver() Deriver {
	return Deriver{
		Name: "recorder",
		Clear: func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, "DELETE FROM statistics WHERE kind = 'derived'")
			return err
		},
		Take: func(ctx context.Context, tx *db.Tx, facts []Fact) error {
			for _, f := range facts {
				r.told.Add(1)
				_, err := tx.Exec(ctx, "INSERT INTO statistics (hour, connection, kind, code, n) VALUES ($1, $2, 'derived', $3, $4)",
					f.Index, f.Agency+"/"+f.System+"/"+f.Procedure+"/"+f.Officer, f.Kind, f.People)
				if err != nil {
					return err // twice the same entry is a conflict
				}
			}
			if r.fail.Add(-1) >= 0 {
				return errors.New("as asked")
			}
			return nil
		},
	}
}

// derive runs the deriver until stop is called.
func (r *recorder) derive(b *bench) (stop func()) {
	ctx, cancel := context.WithCancel(b.t.Context())
	done := make(chan struct{})
	l := b.Log
	go func() {
		defer close(done)
		_ = l.Derive(ctx, r.deriver())
	}()
	return func() { cancel(); <-done }
}

// kept is what the deriver kept, by index.
func kept(b *bench) (indexes []int64, people int64, one string) {
	b.t.Helper()
	rows, err := b.derived.Query(b.ctx(), "SELECT hour, connection, n FROM statistics WHERE kind = 'derived' AND connection <> '///' ORDER BY hour")
	if err != nil {
		b.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var i, n int64
		if err := rows.Scan(&i, &one, &n); err != nil {
			b.t.Fatal(err)
		}
		indexes, people = append(indexes, i), people+n
	}
	if err := rows.Err(); err != nil {
		b.t.Fatal(err)
	}
	return indexes, people, one
}

// place sets the deriver's place.
func place(b *bench, size int64) {
	b.t.Helper()
	err := b.derived.Write(b.ctx(), func(tx *db.Tx) error {
		_, err := tx.Exec(b.ctx(), "UPDATE progress SET size = $1 WHERE name = 'recorder'", size)
		return err
	})
	if err != nil {
		b.t.Fatal(err)
	}
}

// Every entry's facts are taken once, in a transaction that also moves the
// place: after failures, a restart, what was written while nobody derived, with
// two at work, and again from the beginning when the place is set back.
func TestDeriversTakeEachEntryOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		b := newBench(t, env).run()
		r := &recorder{}
		check := func(what string) {
			t.Helper()
			head := b.Head()
			if err := b.AwaitDerived(b.ctx(), "recorder", head.Size); err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			indexes, people, one := kept(b)
			if len(indexes) != b.n || people != int64(b.n) || !slices.IsSorted(indexes) {
				t.Fatalf("%s: %d entries with %d people were kept, want %d calls once each", what, len(indexes), people, b.n)
			}
			if one != "A.01/s1/1.000/" {
				t.Fatalf("%s: %q was told of a call whose officer is only claimed", what, one)
			}
			size, at, err := b.DerivedTo(b.ctx(), "recorder")
			if err != nil || size != head.Size || !at.Equal(head.Time) {
				t.Fatalf("%s: derived to %d of %v, %v; want %d of %v", what, size, at, err, head.Size, head.Time)
			}
		}
		if size, _, err := b.DerivedTo(b.ctx(), "recorder"); err != nil || size != 0 {
			t.Fatalf("before it ran: %d, %v", size, err)
		}
		b.write(b.call("001090000001")) // before anybody derives
		stop := r.derive(b)
		for range 6 {
			b.write(b.call("001090000001"), b.call("001090000002"))
		}
		check("at work")
		r.fail.Store(2)
		b.write(b.call("001090000003"))
		check("after failures")
		if r.told.Load() <= int64(b.n) {
			t.Error("the failures did not make it ask again: this test shows nothing")
		}
		stop()
		b.write(b.call("001090000004"))
		b.stop()
		b.open() // a restart
		b.run()
		second := &recorder{}
		stop, also := r.derive(b), second.derive(b)
		for range 4 {
			b.write(b.call("001090000005"))
		}
		check("two at work after a restart")
		stop()
		also()
		place(b, 0)
		stop = r.derive(b)
		check("from the beginning")
		stop()
		place(b, 1000000)
		stop = r.derive(b)
		defer stop()
		deadline := time.Now().Add(20 * time.Second)
		for { // the log is shorter than what was derived: it begins again
			if size, _, err := b.DerivedTo(b.ctx(), "recorder"); err == nil && size <= b.Head().Size && size > 0 {
				break
			} else if time.Now().After(deadline) {
				t.Fatalf("derived to %d, %v", size, err)
			}
			time.Sleep(5 * time.Millisecond)
		}
		check("after the log was cut")
	})
}

// A fact tells nothing of who was looked up, and of an officer only what dancu
// itself knows.
func TestFactsNameNobody(t *testing.T) {
	for _, c := range []struct {
		name  string
		parts map[string]string
		code  string
		want  Fact
	}{
		{"answered", map[string]string{
			PartAccess:  `{"agency":"A.01","case":"HS-1","channel":"portal","connection":"c","procedure":"P","service":"lookup","system":"s"}`,
			PartOfficer: `{"address":"10.0.0.7","id":"CB-1","session":"x","verified":true}`,
			PartKeys:    `{"pin":"001090000001"}`, PartSubject: `{"pin":"001090000001"}`,
		}, "", Fact{Agency: "A.01", System: "s", Procedure: "P", Service: "lookup", Channel: "portal", Officer: "CB-1", People: 1, Count: 1}},
		{"refused, its officer claimed", map[string]string{
			PartAccess:  `{"agency":"A.01","represented":"r","system":"s"}`,
			PartOfficer: `{"id":"CB-1","verified":false}`, PartSubject: `{"pin":"001090000001"}`,
		}, "grant.none", Fact{Code: "grant.none", Agency: "A.01", System: "r", Count: 1}},
		{
			"summary",
			map[string]string{PartEvent: `{"agency":"A.01","count":7,"officers":["CB-1"],"system":"s"}`},
			"rate.exceeded",
			Fact{Code: "rate.exceeded", Agency: "A.01", System: "s", Count: 7},
		},
		{"its body gone", nil, "", Fact{Count: 1}},
		{"not ours", map[string]string{PartAccess: `{"agency":1}`}, "", Fact{Count: 1}},
	} {
		it := factItem{code: c.code, kind: "call.lookup"}
		if _, ok := c.parts[PartEvent]; ok {
			it.kind = summaryKind
		}
		var parts []Part
		for _, name := range []string{PartAccess, PartOfficer, PartKeys, PartSubject, PartEvent} {
			if data, ok := c.parts[name]; ok {
				parts = append(parts, Part{Name: name, Data: []byte(data)})
			}
		}
		it.take(parts)
		c.want.Kind, c.want.Time = it.kind, db.Time(0)
		if got := it.fact(); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}
