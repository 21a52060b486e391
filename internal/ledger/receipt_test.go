package ledger

import (
	"bytes"
	"slices"
	"testing"

	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
	"dancu/verify"
)

// TestWhatIsNotShownLeavesNoGap: entries that are not there for a reader are in
// no page and not in the entry about the reading; pages are as long without them.
func TestWhatIsNotShownLeavesNoGap(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		b := newBench(t, env).run()
		if at, err := b.Since(b.ctx()); err != nil || at.IsZero() {
			t.Errorf("since %s, %v", at, err) // the node's start is in it
		}
		batch := make([]*Entry, 12)
		for i := range batch {
			batch[i] = b.call("001234567890")
		}
		b.write(batch...)
		var even, all []int64
		for _, e := range slices.Backward(batch) {
			all = append(all, e.Index)
			if e.Index%2 == 0 {
				even = append(even, e.Index)
			}
		}
		q := Query{Terms: []Term{{TermPerson, "001234567890"}}, Kind: "call.lookup", Limit: 4}
		q.Show = func(r *Record) bool { return r.Index%2 == 0 }
		res, err := b.Search(b.ctx(), testReader, q)
		if err != nil || len(res.Records) != 4 || res.Next != even[3] {
			t.Fatalf("a page: %+v, %v", res, err)
		}
		told, err := b.record(b.ctx(), res.Entry)
		if err != nil || !bytes.Contains(told.Part(PartEvent).Data, []byte(`"count":4`)) {
			t.Errorf("told: %s, %v", told.Part(PartEvent).Data, err)
		}
		if got := b.found(q); !slices.Equal(got, even) {
			t.Errorf("found %v, want %v", got, even)
		}
		// One entry, and no other.
		for _, i := range all {
			one := Query{Terms: q.Terms, First: i, Before: i + 1, Show: q.Show}
			if got := b.found(one); (len(got) == 1 && got[0] == i) != (i%2 == 0) {
				t.Errorf("entry %d: %v", i, got)
			}
		}
		first := Query{Terms: q.Terms, Kind: q.Kind, First: all[3]}
		if got := b.found(first); !slices.Equal(got, all[:4]) {
			t.Errorf("from %d on: %v", all[3], got)
		}
		if _, err := b.Search(b.ctx(), testReader, Query{First: -1}); !fault.Is(err, fault.Invalid) {
			t.Errorf("below the first: %v", err)
		}
	})
}

// TestAReceiptShowsWhatItMay: the receipt of an entry that was read shows the
// parts it may, and verifies offline whatever it hides.
func TestAReceiptShowsWhatItMay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		b := newBench(t, env).run()
		e := b.call("001234567890")
		b.write(e)
		rec, err := b.record(b.ctx(), e.Index)
		if err != nil {
			t.Fatal(err)
		}
		for _, shown := range [][]string{nil, {PartSubject}, {PartAccess, PartKeys, PartSubject}, {PartAccess, PartOfficer, PartKeys, PartSubject}} {
			raw, err := b.Receipt(b.ctx(), rec, func(p *Part) bool { return slices.Contains(shown, p.Name) })
			if err != nil {
				t.Fatal(err)
			}
			r, err := verify.ParseReceipt(raw)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := r.Verify(b.vkey); err != nil {
				t.Errorf("shown %v: %v", shown, err)
			}
			for _, p := range r.Parts {
				if p.Shown != (p.Name == PartOutcome || slices.Contains(shown, p.Name)) {
					t.Errorf("shown %v: %s is shown: %t", shown, p.Name, p.Shown)
				}
			}
			if bytes.Contains(raw, []byte("officer-7")) != slices.Contains(shown, PartOfficer) || bytes.Contains(raw, []byte("001234567890")) != slices.Contains(shown, PartSubject) {
				t.Errorf("shown %v: %s", shown, raw)
			}
		}
		rec.Parts = nil // removed after its term
		if _, err := b.Receipt(b.ctx(), rec, func(*Part) bool { return true }); !fault.Is(err, fault.NotFound) {
			t.Errorf("without a body: %v", err)
		}
	})
}
