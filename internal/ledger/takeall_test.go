package ledger

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
	"dancu/verify"
)

// What is asked for by several kinds, a result or an actor is what a plain walk
// finds.
func TestSearchByKindsResultAndActor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		b := newBench(t, env).run()
		b.varied()
		other := Reader{Actor: Actor{Kind: "staff", ID: "KT-0002"}, Reason: "complaint 13"}
		for _, r := range []Reader{testReader, other, testReader} {
			if _, err := b.Read(b.ctx(), r, nil, 0); err != nil {
				t.Fatal(err)
			}
		}
		b.settle()
		size := b.Head().Size
		last, err := b.record(b.ctx(), size-1)
		if err != nil {
			t.Fatal(err)
		}
		walk := func(q Query) []int64 {
			out := []int64{}
			for i := size - 1; i >= 0; i-- {
				r, err := b.record(b.ctx(), i)
				if err != nil {
					t.Fatal(err)
				}
				if (q.Kinds == nil || slices.Contains(q.Kinds, r.Kind)) && (q.Result == "" || strings.Contains(string(r.Part(PartOutcome).Data), `"result":"`+q.Result+`"`)) &&
					(q.Actor == "" || strings.Contains(string(r.Part(PartEvent).Data), `"id":"`+q.Actor+`"`)) {
					out = append(out, i)
				}
			}
			return out
		}
		for name, q := range map[string]Query{
			"kinds":     {Kinds: []string{"log.read", "connection.changed"}},
			"one kind":  {Kinds: []string{"log.read"}},
			"no kind":   {Kinds: []string{"no.such"}},
			"result":    {Result: "answered", Limit: 2},
			"refused":   {Result: "refused"},
			"no result": {Result: "nothing"},
			"actor":     {Kinds: []string{"log.read"}, Actor: "KT-0002"},
			"nobody":    {Kinds: []string{"log.read"}, Actor: "KT-0003"},
		} {
			q.Until = last.Time.Add(time.Microsecond)
			if got, want := b.found(q), walk(q); !reflect.DeepEqual(got, want) {
				t.Errorf("%s: found %v, want %v", name, got, want)
			} else if strings.HasPrefix(name, "no") != (len(want) == 0) {
				t.Errorf("%s: %d entries", name, len(want))
			}
		}
	})
}

// One entry tells of all that is taken away, before the first of it is given.
func TestTakeAll(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		b := newBench(t, env).run()
		b.varied()
		b.settle()
		q := Query{Terms: []Term{{TermPerson, "001234567890"}}, Kind: "call.lookup", Limit: 1}
		want := b.found(q)
		var got []int64
		entry, err := b.TakeAll(b.ctx(), testReader, q, func(r *Record, done, total int64) error {
			if len(got) == 0 && b.Head().Size <= total {
				t.Error("an entry is given before the entry about it")
			}
			if done != total-r.Index {
				t.Errorf("%d of %d at entry %d", done, total, r.Index)
			}
			got = append(got, r.Index)
			return nil
		})
		if err != nil || !reflect.DeepEqual(got, want) || len(got) < 2 {
			t.Errorf("took %v, want %v, %v", got, want, err)
		}
		r, err := b.record(b.ctx(), entry)
		if err != nil || r.Kind != "log.export" || strings.Contains(string(r.Part(PartEvent).Data), "0012345678") || texts(r.Part(PartEvent))["reason"] != testReader.Reason {
			t.Errorf("%+v, %v", r, err)
		}
		if found := b.found(Query{Terms: q.Terms, Kind: "log.export"}); !slices.Contains(found, entry) {
			t.Errorf("the citizen finds %v", found)
		}
		bad := errors.New("enough")
		n := 0
		if _, err := b.TakeAll(b.ctx(), testReader, q, func(*Record, int64, int64) error { n++; return bad }); !errors.Is(err, bad) || n != 1 {
			t.Errorf("%v after %d", err, n)
		}
		size := b.Head().Size
		for name, f := range map[string]func() error{
			"no reason": func() error {
				_, err := b.TakeAll(b.ctx(), Reader{Actor: testReader.Actor}, q, nil)
				return err
			},
			"terms": func() error {
				_, err := b.TakeAll(b.ctx(), testReader, Query{Terms: make([]Term, maxQueryTerms+1)}, nil)
				return err
			},
		} {
			if err := f(); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if b.Head().Size != size {
			t.Error("a reading that is refused writes an entry")
		}
	})
}

// Proofs are all under one checkpoint; a stretch shows that one size of the log
// is the beginning of another and of what is signed.
func TestProofsAndStretches(t *testing.T) {
	env := dbtest.SQLite(t)
	b := newBench(t, env).run()
	b.varied()
	b.settle()
	size := b.PublishedSize()
	proofs, signed, err := b.Proofs(b.ctx(), 0, 3, size-1)
	if err != nil || len(proofs) != 3 {
		t.Fatal(err)
	}
	for _, p := range proofs {
		leaf, err := b.Leaf(b.ctx(), p.Index)
		if err != nil {
			t.Fatal(err)
		}
		if c, err := p.Verify(leaf, b.vkey); err != nil || c.Size != b.PublishedSize() || string(p.Checkpoint) != string(signed) {
			t.Errorf("entry %d: %+v, %v", p.Index, c, err)
		}
	}
	for _, pair := range [][2]int64{{1, 1}, {1, size}, {2, 5}, {size, size}} {
		s, err := b.Stretch(b.ctx(), pair[0], pair[1])
		if err != nil {
			t.Fatal(err)
		}
		newest, err := verify.OpenCheckpoint(s.Signed, b.vkey)
		if err != nil {
			t.Fatal(err)
		}
		if err := verify.CheckConsistency(s.Older, s.Newer, s.Hashes); err != nil || s.Older.Size != pair[0] || s.Newer.Size != pair[1] {
			t.Errorf("%v: %v", pair, err)
		}
		if err := verify.CheckConsistency(s.Newer, newest, s.ToSigned); err != nil {
			t.Errorf("%v to what is signed: %v", pair, err)
		}
	}
	r, err := b.record(b.ctx(), 4)
	if err != nil {
		t.Fatal(err)
	}
	at, err := b.SizeAt(b.ctx(), r.Time)
	if before, err2 := b.record(b.ctx(), max(at-1, 0)); err != nil || err2 != nil || at > 4 || !before.Time.Before(r.Time) {
		t.Errorf("%d entries before %v: %v", at, r.Time, err)
	}
	for name, err := range map[string]error{
		"leaf -1": second(b.Leaf(b.ctx(), -1)), "leaf beyond": second(b.Leaf(b.ctx(), size+100)),
		"proof": second2(b.Proofs(b.ctx(), -1)), "sizes": second(b.Stretch(b.ctx(), 5, 4)), "none": second(b.Stretch(b.ctx(), 0, 4)), "beyond": second(b.Stretch(b.ctx(), 1, size+100)),
	} {
		if !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func second[T any](_ T, err error) error          { return err }
func second2[A, B any](_ A, _ B, err error) error { return err }
