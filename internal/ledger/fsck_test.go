package ledger

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/verify"
)

// varied writes a small log of everything there is: calls answered, empty and
// refused, events, changes of the standing, over three hours and two months.
func (b *bench) varied() {
	b.t.Helper()
	b.write(b.call("001234567890"), b.call("001234567891"))
	b.stand("c1", `{"state":"active"}`)
	b.offset.Add(int64(time.Hour))
	refused := b.call("001234567890")
	refused.RequestID = "refused"
	b.write(b.call("001234567892"), refused)
	b.offset.Add(int64(31 * 24 * time.Hour))
	b.stand("c1", `{"state":"suspended"}`)
	b.write(b.call("001234567890"))
	b.settle()
}

// table is how a test reaches the rows of a stored table.
type table struct {
	name string
	d    *db.DB
	key  int // how many leading columns are the key
	cols []string
	// places returns where fsck may name a change of a row.
	places func(row []any) []string
}

func (tb table) rows(t testing.TB) [][]any {
	t.Helper()
	rows, err := tb.d.Query(t.Context(), "SELECT "+strings.Join(tb.cols, ", ")+" FROM "+tb.name+" ORDER BY "+strings.Join(tb.cols[:tb.key], ", "))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out [][]any
	for rows.Next() {
		row := make([]any, len(tb.cols))
		ptrs := make([]any, len(row))
		for i := range row {
			ptrs[i] = &row[i]
		}
		if err := rows.Scan(ptrs...); err != nil {
			t.Fatal(err)
		}
		out = append(out, row)
	}
	return out
}

func (tb table) exec(t testing.TB, query string, args ...any) {
	t.Helper()
	err := tb.d.Write(context.WithoutCancel(t.Context()), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), query, args...)
		return err
	})
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

func (tb table) drop(t testing.TB, row []any) {
	where := make([]string, tb.key)
	for i := range where {
		where[i] = fmt.Sprintf("%s = $%d", tb.cols[i], i+1)
	}
	tb.exec(t, "DELETE FROM "+tb.name+" WHERE "+strings.Join(where, " AND "), row[:tb.key]...)
}

func (tb table) insert(t testing.TB, row []any) {
	tb.exec(t, "INSERT INTO "+tb.name+" ("+strings.Join(tb.cols, ", ")+") VALUES "+rowsOfParams(1, len(tb.cols)), row...)
}

// flips returns other values of a column: what a forger might write there.
func flips(v any) []any {
	switch v := v.(type) {
	case int64:
		return []any{v + 1, v - 1, v + 1_000_000, -v - 1}
	case string:
		return []any{v + "x", ""}
	case []byte:
		if len(v) == 0 {
			return []any{[]byte{0}}
		}
		var out []any
		for _, i := range []int{0, len(v) / 2, len(v) - 1} {
			c := bytes.Clone(v)
			c[i] ^= 1
			out = append(out, c)
		}
		return append(out, v[:len(v)-1], append(bytes.Clone(v), 0))
	}
	return []any{[]byte("something")} // was NULL
}

// same says whether two column values are equal.
func same(a, b any) bool {
	x, ok1 := a.([]byte)
	y, ok2 := b.([]byte)
	if ok1 && ok2 {
		return bytes.Equal(x, y)
	}
	return !ok1 && !ok2 && a == b
}

// expect fails the test unless fsck names one of the places.
func (b *bench) expect(what string, places []string) {
	b.t.Helper()
	r := b.fsck()
	for _, f := range r.Findings {
		for _, p := range places {
			if f.Place == p || strings.HasPrefix(f.Place, p+",") {
				return
			}
		}
	}
	b.t.Errorf("%s: fsck names %v, none of %v", what, r.Findings, places)
}

// tables are the stored tables of a log.
func (b *bench) tables() []table {
	entry := func(index any) string { return verify.Entry(index.(int64)) }
	heads := []int64{0}
	rows := table{name: "heads", d: b.main, key: 1, cols: []string{"size"}}.rows(b.t)
	for _, r := range rows {
		heads = append(heads, r[0].(int64))
	}
	return []table{
		{
			name: "entries", d: b.main, key: 1, cols: strings.Split(rowColumns, ", "),
			places: func(row []any) []string { return []string{entry(row[0])} },
		},
		{
			name: "heads", d: b.main, key: 1, cols: []string{"size", "root", "frontier", "standing", "time"},
			places: func(row []any) []string {
				// Where a head is gone or is another, its entries are under no
				// head, or under one of another time.
				places := []string{headPlace(row[0].(int64))}
				if i := slices.Index(heads, row[0].(int64)); i > 0 {
					for e := heads[i-1]; e < heads[i]; e++ {
						places = append(places, entry(e))
					}
				}
				return places
			},
		},
		{
			name: "standing", d: b.main, key: 1, cols: []string{"version", "kind", "id", "doc", "time"},
			places: func(row []any) []string { return []string{fmt.Sprintf("standing %d", row[0])} },
		},
		{
			name: "sealkeys", d: b.main, key: 1, cols: []string{"name", "wrapped", "time"},
			places: func(row []any) []string { return []string{"key " + row[0].(string)} },
		},
		{
			name: "tiles", d: b.derived, key: 2, cols: []string{"level", "n", "data"},
			places: func(row []any) []string {
				return []string{verify.Tile{Level: int(row[0].(int64)), N: row[1].(int64), Width: 256}.Path()}
			},
		},
		{
			name: "index_runs", d: b.derived, key: 2, cols: []string{"segment", "first", "data"},
			places: func(row []any) []string { return []string{fmt.Sprintf("index segment %d", row[0])} },
		},
		{
			name: "index_pages", d: b.derived, key: 2, cols: []string{"segment", "first", "data"},
			places: func(row []any) []string { return []string{fmt.Sprintf("index segment %d", row[0])} },
		},
		{
			name: "statistics", d: b.derived, key: 4, cols: []string{"hour", "connection", "kind", "code", "n"},
			places: func(row []any) []string {
				return []string{"statistics of " + db.Time(row[0].(int64)).Format(time.RFC3339)}
			},
		},
	}
}

// harmless are changes that change nothing the log says.
func harmless(tb table, col int) bool {
	switch {
	case tb.name == "index_runs" && tb.cols[col] == "first":
		return true // postings say themselves where they belong
	case tb.name == "sealkeys" && tb.cols[col] == "time":
		return true // when the row was made; the month is in the name
	}
	return false
}

// TestEveryChangeShows changes one thing at a time, in every column of every
// row: fsck finds it, and names the place (guarantee G5).
func TestEveryChangeShows(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		b := newBench(t, env).run()
		b.varied()
		b.stop()
		b.sound()
		b.everyChange(func(_ string, row, of int) bool {
			// Every row on SQLite; on PostgreSQL, where a check is slower and
			// the same, the first, the last and those in the middle.
			return env.Engine == db.SQLite || row == 0 || row/2 == of/4 || row == of-1
		})
		b.sound()
	})
}

// everyChange flips, drops, swaps and truncates; choose says which rows.
func (b *bench) everyChange(choose func(table string, row, of int) bool) {
	t := b.t
	for _, tb := range b.tables() {
		rows := tb.rows(t)
		for i, row := range rows {
			if !choose(tb.name, i, len(rows)) {
				continue
			}
			name := fmt.Sprintf("%s %v", tb.name, row[:tb.key])
			for c, col := range tb.cols {
				for _, v := range flips(row[c]) {
					if same(v, row[c]) || harmless(tb, c) {
						continue
					}
					changed := slices.Clone(row)
					changed[c] = v
					if c < tb.key && slices.ContainsFunc(rows, func(r []any) bool {
						return equalKey(r, changed, tb.key)
					}) {
						continue // would be another row's key
					}
					if tb.name == "entries" && col == "call" && slices.ContainsFunc(rows, func(r []any) bool { return same(r[c], v) }) {
						continue
					}
					tb.drop(t, row)
					tb.insert(t, changed)
					places := tb.places(row)
					if c < tb.key { // it is now elsewhere
						places = append(places, tb.places(changed)...)
					}
					b.expect(fmt.Sprintf("%s: %s is %v", name, col, v), places)
					tb.drop(t, changed)
					tb.insert(t, row)
				}
				if row[c] != nil && nullable(tb.name, col) {
					changed := slices.Clone(row)
					changed[c] = nil
					tb.drop(t, row)
					tb.insert(t, changed)
					b.expect(fmt.Sprintf("%s: %s is gone", name, col), tb.places(row))
					tb.drop(t, changed)
					tb.insert(t, row)
				}
			}
			tb.drop(t, row)
			b.expect(name+": dropped", tb.places(row))
			tb.insert(t, row)
			if i+1 < len(rows) && tb.name != "sealkeys" {
				// The contents of two rows change places.
				x, y := slices.Clone(row), slices.Clone(rows[i+1])
				copy(x, row[:tb.key])
				for c := tb.key; c < len(row); c++ {
					x[c], y[c] = rows[i+1][c], row[c]
				}
				if equalFrom(x, row, tb.key) {
					continue
				}
				tb.drop(t, row)
				tb.drop(t, rows[i+1])
				tb.insert(t, x)
				tb.insert(t, y)
				b.expect(name+": swapped with the next", tb.places(row))
				tb.drop(t, x)
				tb.drop(t, y)
				tb.insert(t, row)
				tb.insert(t, rows[i+1])
			}
		}
		if len(rows) > 2 && choose(tb.name, len(rows)-2, len(rows)) {
			last := rows[len(rows)-2:]
			for _, r := range last {
				tb.drop(t, r)
			}
			b.expect(tb.name+": cut off", append(tb.places(last[0]), tb.places(last[1])...))
			for _, r := range last {
				tb.insert(t, r)
			}
		}
	}
}

func nullable(table, col string) bool {
	return table == "entries" && (col == "call" || col == "body" || col == "outcome")
}

func equalKey(a, b []any, key int) bool {
	for i := range key {
		if !same(a[i], b[i]) {
			return false
		}
	}
	return true
}

func equalFrom(a, b []any, key int) bool {
	for i := key; i < len(a); i++ {
		if !same(a[i], b[i]) {
			return false
		}
	}
	return true
}

// TestTilesAndPagesShow is TestEveryChangeShows for what only a log with a
// complete segment has: a tile and a page, in the middle.
func TestTilesAndPagesShow(t *testing.T) {
	b := newBench(t, dbtest.SQLite(t)).run()
	for range segmentSize/1024 + 1 {
		batch := make([]*Entry, 1024)
		for i := range batch {
			batch[i] = b.call("001234567890")
		}
		b.write(batch...)
	}
	b.settle()
	b.stop()
	b.sound()
	for _, tb := range b.tables() {
		if tb.name != "tiles" && tb.name != "index_pages" {
			continue
		}
		rows := tb.rows(t)
		if len(rows) < 100 {
			t.Fatalf("%d rows in %s", len(rows), tb.name)
		}
		row := rows[len(rows)/2]
		for c := tb.key - 1; c < len(row); c++ {
			changed := slices.Clone(row)
			changed[c] = flips(row[c])[1]
			if c < tb.key {
				changed[c] = flips(row[c])[2] // far away
			}
			tb.drop(t, row)
			tb.insert(t, changed)
			b.expect(fmt.Sprintf("%s %v: %s", tb.name, row[:tb.key], tb.cols[c]), tb.places(row))
			tb.drop(t, changed)
			tb.insert(t, row)
		}
		tb.drop(t, row)
		b.expect(fmt.Sprintf("%s %v: dropped", tb.name, row[:tb.key]), tb.places(row))
		tb.insert(t, row)
	}
	b.sound()
}

// TestRewriteShowsAgainstWhatWasKept: whoever rewrites everything consistently
// is found by a checkpoint or receipt that somebody kept.
func TestRewriteShowsAgainstWhatWasKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		b := newBench(t, env).run()
		e := b.call("001234567890")
		b.write(e)
		text, err := b.ProveReceipt(b.ctx(), e)
		if err != nil {
			t.Fatal(err)
		}
		receipt, err := verify.ParseReceipt(text)
		if err != nil {
			t.Fatal(err)
		}
		short, err := verify.ParseReceipt(e.AppendReceipt(nil, testOrigin, ""))
		if err != nil {
			t.Fatal(err)
		}
		kept := b.Checkpoint()
		b.write(b.call("001234567891"), b.call("001234567892"))
		b.settle()
		b.stop()
		check := func(what string, want int, cfg FsckConfig) {
			t.Helper()
			cfg.Main, cfg.Derived, cfg.SealingKey, cfg.VKey = b.main, b.derived, b.cfg.SealingKey, b.vkey
			r, err := Fsck(b.ctx(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			for _, f := range r.Findings {
				if strings.HasPrefix(f.Place, "checkpoint") || strings.HasPrefix(f.Place, "receipt") {
					n++
				}
			}
			if n != want {
				t.Errorf("%s: %d findings about what was kept, want %d: %v", what, n, want, r.Findings)
			}
		}
		check("unchanged", 0, FsckConfig{Checkpoints: [][]byte{kept, b.Checkpoint()}, Receipts: []*verify.Receipt{receipt, short}})

		// The same log, written again with another person in entry 1.
		clear := func(tree *db.DB, tables ...string) {
			for _, name := range tables {
				table{d: tree}.exec(t, "DELETE FROM "+name)
			}
		}
		clear(b.main, "entries", "heads", "standing", "sealkeys")
		b.open()
		forged := b.call("001999999999")
		b.write(forged)
		b.write(b.call("001234567891"), b.call("001234567892"))
		b.run()
		b.settle()
		b.stop()
		b.sound() // by itself it is a log like any other
		check("rewritten, checkpoint", 1, FsckConfig{Checkpoints: [][]byte{kept}})
		check("rewritten, full receipt", 2, FsckConfig{Receipts: []*verify.Receipt{receipt}})
		check("rewritten, short receipt", 1, FsckConfig{Receipts: []*verify.Receipt{short}})

		clear(b.main, "entries", "heads", "standing", "sealkeys")
		b.open()
		check("begun anew", 2, FsckConfig{Checkpoints: [][]byte{kept}, Receipts: []*verify.Receipt{short}})
	})
}

// TestFsckBesideAServer: fsck finds nothing while the log grows.
func TestFsckBesideAServer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		b := newBench(t, env).run()
		done := make(chan struct{})
		go func() {
			defer close(done)
			for range 60 {
				err := b.Write(context.WithoutCancel(t.Context()), func(tx *Tx) error {
					for range 20 {
						tx.Append(b.call("001234567890"), Outcome{Result: "answered", Count: 1, Limit: 2})
					}
					return nil
				})
				if err != nil {
					t.Error(err)
					return
				}
			}
		}()
		for {
			b.sound()
			select {
			case <-done:
			default:
				continue
			}
			break
		}
		b.settle()
		b.sound()
	})
}
