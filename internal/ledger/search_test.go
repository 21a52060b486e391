package ledger

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
	"dancu/verify"
)

// found returns the indexes a search gives, all pages of it.
func (b *bench) found(q Query) []int64 {
	b.t.Helper()
	out := []int64{}
	for {
		res, err := b.Search(b.ctx(), testReader, q)
		if err != nil {
			b.t.Fatal(err)
		}
		for _, r := range res.Records {
			out = append(out, r.Index)
		}
		if res.Next == 0 {
			return out
		}
		q.Before = res.Next
	}
}

// TestSearch asks for everything an entry can be found by, and compares with a
// plain walk through the entries.
func TestSearch(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		b := newBench(t, env).run()
		b.varied() // two months, three hours
		b.offset.Add(int64(time.Minute))
		batch := make([]*Entry, 100)
		for i := range batch {
			batch[i] = b.call(fmt.Sprintf("00123456%04d", i%7))
		}
		b.write(batch...)
		b.settle()
		size := b.Head().Size
		all := make([]*Record, size)
		for i := range all {
			var err error
			if all[i], err = b.record(b.ctx(), int64(i)); err != nil {
				t.Fatal(err)
			}
		}
		walk := func(q Query) []int64 {
			out := []int64{}
			for _, r := range slices.Backward(all) {
				have := termsOf(r.Parts)
				ok := (q.Kind == "" || r.Kind == q.Kind) && (q.Code == "" || r.Code == q.Code) &&
					!r.Time.Before(q.From) && (q.Until.IsZero() || r.Time.Before(q.Until)) && (q.Before == 0 || r.Index < q.Before)
				for _, term := range q.Terms {
					ok = ok && slices.Contains(have, term)
				}
				if ok {
					out = append(out, r.Index)
				}
			}
			return out
		}
		queries := []Query{
			{Terms: []Term{{TermPerson, "001234567890"}}},
			{Terms: []Term{{TermPerson, "001234567890"}}, Limit: 1},
			{Terms: []Term{{TermPerson, "001234560003"}, {TermOfficer, "officer-7"}}, Limit: 3},
			{Terms: []Term{{TermCase, "case-17"}}},
			{Terms: []Term{{TermAgency, "A.01"}}, Limit: 7},
			{Terms: []Term{{TermAgency, "nobody"}}},
			{Terms: []Term{{TermPerson, "001234567890"}}, From: all[3].Time, Until: all[size-1].Time},
			{Terms: []Term{{TermAddress, "10.0.0.7"}}, Code: "grant.none"},
			{Kind: "connection.changed"},
			{Kind: "call.lookup", Before: 9, Limit: 2},
			{Kind: "no.such"},
			{From: all[8].Time, Until: all[9].Time},
			{Until: all[5].Time},
			{From: all[size-1].Time.Add(time.Hour)},
			{Terms: []Term{{TermConnection, "c1"}, {TermProcedure, "1.000"}, {TermSystem, "s1"}}, Limit: 1000},
		}
		for _, q := range queries {
			if q.Until.IsZero() { // the searches themselves are entries, later
				q.Until = all[size-1].Time.Add(time.Microsecond)
			}
			if got, want := b.found(q), walk(q); !reflect.DeepEqual(got, want) {
				t.Errorf("%+v: found %v, want %v", q, got, want)
			}
		}
		r := all[1]
		for _, term := range termsOf(r.Parts) {
			if !slices.Contains(b.found(Query{Terms: []Term{term}, Limit: 1000}), r.Index) {
				t.Errorf("entry %d is not found by %v", r.Index, term)
			}
		}
		b.sound()
	})
}

// TestReadingIsInTheLog: who reads, why, for whom and what is an entry before
// anything is given out (guarantee G7), and no reading without it.
func TestReadingIsInTheLog(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		b := newBench(t, env).run()
		b.write(b.call("001234567890"), b.call("001234567891"))
		res, err := b.Search(b.ctx(), testReader, Query{Terms: []Term{{TermPerson, "001234567890"}, {TermAgency, "A.01"}}})
		if err != nil || len(res.Records) != 1 || res.Entry != 3 {
			t.Fatalf("%+v, %v", res, err)
		}
		read, err := b.Read(b.ctx(), testReader, []string{"001234567891"}, 2, 1)
		if err != nil || len(read.Records) != 2 || read.Records[0].Index != 2 {
			t.Fatalf("%+v, %v", read, err)
		}
		var out bytes.Buffer
		if _, err := b.Export(b.ctx(), &out, testReader, ExportOptions{Omit: []string{PartKeys}}); err != nil {
			t.Fatal(err)
		}
		for i, kind := range []string{"log.search", "log.read", "log.export"} {
			r, err := b.record(b.ctx(), int64(3+i))
			if err != nil {
				t.Fatal(err)
			}
			event := texts(r.Part(PartEvent))
			if r.Kind != kind || event["reason"] != testReader.Reason || !strings.Contains(string(r.Part(PartEvent).Data), `"id":"inspector"`) {
				t.Errorf("%s: %s", kind, r.Part(PartEvent).Data)
			}
			if strings.Contains(string(r.Part(PartEvent).Data), "0012345678") {
				t.Errorf("%s: the person stands in the event: %s", kind, r.Part(PartEvent).Data)
			}
		}
		// The citizen finds who searched for them.
		if got := b.found(Query{Terms: []Term{{TermPerson, "001234567890"}}, Kind: "log.search"}); len(got) == 0 || got[len(got)-1] != 3 {
			t.Errorf("found %v", got)
		}
		if got := b.found(Query{Terms: []Term{{TermPerson, "001234567891"}}, Kind: "log.read"}); !reflect.DeepEqual(got, []int64{4}) {
			t.Errorf("found %v", got)
		}
		// What is no reading writes nothing.
		size := b.Head().Size
		if _, err := b.Recent(b.ctx(), 10); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Stats(b.ctx(), time.Time{}, time.Now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		b.checkPublished()
		b.sound()
		if got := b.Head().Size; got != size {
			t.Errorf("%d entries about what is no reading", got-size)
		}
		// No entry, no reading. Nothing runs that would bring the log up again.
		b.stop()
		b.goDown(errors.New("test"))
		out.Reset()
		for what, err := range map[string]error{
			"search": errOf(b.Search(b.ctx(), testReader, Query{Kind: "none", Until: time.Unix(1, 0)})),
			"read":   errOf(b.Read(b.ctx(), testReader, nil, 1)),
			"export": errOf(b.Export(b.ctx(), &out, testReader, ExportOptions{})),
		} {
			if !fault.Is(err, fault.Unavailable) {
				t.Errorf("%s while the log is down: %v", what, err)
			}
		}
		if out.Len() > 0 {
			t.Error("exported while the log is down")
		}
	})
}

func errOf[T any](_ T, err error) error { return err }

func TestReadingRefuses(t *testing.T) {
	b := newBench(t, dbtest.SQLite(t)).run()
	ctx := b.ctx()
	long := strings.Repeat("x", maxValue+1)
	for what, err := range map[string]error{
		"no reason":   errOf(b.Search(ctx, Reader{Actor: testReader.Actor, Reason: " "}, Query{})),
		"no reader":   errOf(b.Read(ctx, Reader{Reason: "x"}, nil, 0)),
		"long reason": errOf(b.Export(ctx, io.Discard, Reader{Actor: testReader.Actor, Reason: long}, ExportOptions{})),
		"limit":       errOf(b.Search(ctx, testReader, Query{Limit: MaxResults + 1})),
		"negative":    errOf(b.Search(ctx, testReader, Query{Before: -1})),
		"terms":       errOf(b.Search(ctx, testReader, Query{Terms: make([]Term, maxQueryTerms+1)})),
		"kind":        errOf(b.Search(ctx, testReader, Query{Kind: long})),
		"term kind":   errOf(b.Search(ctx, testReader, Query{Terms: []Term{{termCode, "x"}}})),
		"no value":    errOf(b.Search(ctx, testReader, Query{Terms: []Term{{TermAgency, ""}}})),
		"nothing":     errOf(b.Read(ctx, testReader, nil)),
		"people":      errOf(b.Read(ctx, testReader, make([]string, maxQueryTerms+1), 0)),
		"range":       errOf(b.Export(ctx, io.Discard, testReader, ExportOptions{First: 2, End: 1})),
		"beyond":      errOf(b.Export(ctx, io.Discard, testReader, ExportOptions{End: 100})),
		"index":       errOf(b.Proof(ctx, -1)),
		"tile":        errOf(b.Tile(ctx, "tile/x")),
	} {
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", what, err)
		}
	}
	for what, err := range map[string]error{
		"entry": errOf(b.Read(ctx, testReader, nil, 100)), "proof": errOf(b.Proof(ctx, 100)), "tile": errOf(b.Tile(ctx, "tile/3/000")),
	} {
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if b.Head().Size != 1 {
		t.Error("a refused reading wrote an entry")
	}
	if _, err := ParseTermKind("code"); err == nil {
		t.Error("code is a term")
	}
	for k := range termNames {
		if got, err := ParseTermKind(k.String()); k < termEntryKind && (err != nil || got != k) {
			t.Errorf("%s: %v, %v", k, got, err)
		}
	}
}

// TestExportVerifies exports in every way, and verifies without the database.
func TestExportVerifies(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		b := newBench(t, env).run()
		b.varied()
		batch := make([]*Entry, 600)
		for i := range batch {
			batch[i] = b.call("001234567890")
		}
		b.write(batch...)
		b.settle()
		second, err := b.record(b.ctx(), 6)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range []ExportOptions{
			{},
			{First: 200, End: 300},
			{First: 255, End: 257, Omit: []string{PartKeys, PartSubject}},
			{First: 5, End: 5},
			{From: second.Time},
			{Until: second.Time},
			{From: second.Time.Add(100 * time.Hour * 24 * 365)},
		} {
			var out bytes.Buffer
			n, err := b.Export(b.ctx(), &out, testReader, o)
			if err != nil {
				t.Fatal(err)
			}
			var got int64
			r, err := verify.CheckExport(b.ctx(), &out, b.vkey, func(e verify.ExportedEntry) error {
				got++
				for _, p := range e.Parts {
					if p.Shown == slices.Contains(o.Omit, p.Name) {
						t.Errorf("part %s of entry %d: shown is %v", p.Name, e.Index, p.Shown)
					}
				}
				return nil
			})
			if err != nil || !r.OK() || got != n {
				t.Errorf("%+v: %d of %d entries, %v, %v", o, got, n, r.Findings, err)
			}
		}
	})
}

// TestStatsCountEveryEntryOnce across restarts of the follower.
func TestStatsCountEveryEntryOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		b := newBench(t, env).run()
		for range 5 {
			b.write(b.call("001234567890"), b.call("001234567891"))
			b.stop()
			b.write(b.call("001234567890"))
			b.run()
		}
		stats, err := b.Stats(b.ctx(), time.Time{}, time.Now().Add(time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		var n int64
		for _, s := range stats {
			if s.Kind == "call.lookup" && s.Connection == "c1" && s.Code == "" {
				n += s.N
			}
		}
		if n != 15 {
			t.Errorf("%d calls counted, want 15: %+v", n, stats)
		}
		lines, err := b.Recent(b.ctx(), 3)
		if err != nil || len(lines) != 3 || lines[0].Index != 15 || lines[0].Kind != "call.lookup" {
			t.Errorf("%+v, %v", lines, err)
		}
	})
}

// TestPagesKeepPostings: what goes into pages comes out, from any of them.
func TestPagesKeepPostings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		postings := rapid.SliceOfN(rapid.Uint64Max(1<<62), 500, 3000).Draw(t, "postings")
		slices.Sort(postings)
		postings = slices.Compact(postings)
		var back []uint64
		for _, p := range makePages(postings) {
			var err error
			if back, err = p.appendTo(back); err != nil {
				t.Fatal(err)
			}
		}
		if !slices.Equal(back, postings) {
			t.Fatalf("%d postings became %d", len(postings), len(back))
		}
		runs, err := parsePostings(nil, appendPostings(nil, postings))
		if err != nil || !slices.Equal(runs, postings) {
			t.Fatal("a run does not keep its postings")
		}
	})
}

// BenchmarkIndex is the cost of index and statistics per entry in large
// rounds, and what they take on disk.
func BenchmarkIndex(b *testing.B) {
	w := newBench(b, dbtest.SQLite(b))
	month := w.keys.cached(monthName(w.Head().Time))
	items := make([]indexItem, readChunk)
	for i := range items {
		e := w.call(fmt.Sprintf("0012%08d", i*7919%100_000_000))
		items[i] = indexItem{micros: w.Head().Time.UnixMicro(), kind: e.Kind, connection: e.Connection, sealkey: month.name, terms: e.Terms}
	}
	x := &indexer{log: w.Log}
	pos := int64(0)
	b.ReportAllocs()
	b.ResetTimer()
	for n := 0; n < b.N; n += len(items) {
		if err := x.write(b.Context(), pos, items); err != nil {
			b.Fatal(err)
		}
		pos += int64(len(items))
		w.indexed.Store(pos)
		if err := x.mergeComplete(b.Context()); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		for i := range items { // other people, requests and cases
			for j := range items[i].terms {
				if k := items[i].terms[j].Kind; k == TermPerson || k == TermCase || k == TermRequest || k == TermTransaction {
					items[i].terms[j].Value = fmt.Sprintf("%012d", (pos+int64(i))<<4+int64(k))
				}
			}
		}
		b.StartTimer()
	}
	b.StopTimer()
	var bytes int64
	if err := w.derived.QueryRow(context.Background(), "SELECT COALESCE(SUM(LENGTH(data)), 0) FROM index_pages").Scan(&bytes); err != nil {
		b.Fatal(err)
	}
	if merged := pos >> segmentBits << segmentBits; merged > 0 {
		b.ReportMetric(float64(bytes)/float64(merged), "B/entry")
	}
}

// BenchmarkSearch finds one person among a million entries.
func BenchmarkSearch(b *testing.B) {
	w := newBench(b, dbtest.SQLite(b))
	month := w.keys.cached(monthName(w.Head().Time))
	const size = 1_000_000
	x := &indexer{log: w.Log}
	items := make([]indexItem, 8192)
	for pos := int64(0); pos < size; {
		n := min(int64(len(items)), size-pos, segmentSize-pos&(segmentSize-1))
		for i := range items[:n] {
			items[i] = indexItem{
				micros: w.Head().Time.UnixMicro(), kind: "call.lookup", connection: "c1", sealkey: month.name,
				terms: []Term{{TermPerson, fmt.Sprintf("%012d", (pos+int64(i))%50_000)}, {TermAgency, "A.01"}, {TermRequest, fmt.Sprint(pos + int64(i))}},
			}
		}
		if err := x.write(b.Context(), pos, items[:n]); err != nil {
			b.Fatal(err)
		}
		pos += n
		w.indexed.Store(pos)
	}
	if err := x.mergeComplete(b.Context()); err != nil {
		b.Fatal(err)
	}
	var tok tokenizer
	b.ResetTimer()
	for n := range b.N {
		person := fmt.Sprintf("%012d", n*7919%50_000)
		found := 0
		for seg := int64(size-1) >> segmentBits; seg >= 0; seg-- {
			places, err := w.places(b.Context(), seg, []uint64{tok.person(month, person), plainToken(TermAgency, "A.01")})
			if err != nil {
				b.Fatal(err)
			}
			found += len(places)
		}
		if found != size/50_000 {
			b.Fatalf("%d found", found)
		}
	}
}
