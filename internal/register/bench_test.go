package register

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/db/dbtest"
)

// sample is a population for benchmarks.
func sample(b *testing.B, people int, f Format) []byte {
	b.Helper()
	var out bytes.Buffer
	if err := Generate(&out, GenerateOptions{People: people, Seed: 1, Format: f}); err != nil {
		b.Fatal(err)
	}
	return out.Bytes()
}

// BenchmarkParse is the parser's part of an import, per row.
func BenchmarkParse(b *testing.B) {
	b.Run("jsonl", func(b *testing.B) {
		lines := bytes.Split(bytes.TrimSpace(sample(b, 2000, JSONLines)), []byte("\n"))
		var p parser
		var enc encoder
		var rec Record
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if err := p.parseJSON(lines[i%len(lines)], &rec); err != nil {
				b.Fatal(err)
			}
			enc.row(&rec)
		}
	})
	b.Run("csv", func(b *testing.B) {
		s := newSplitter(bytes.NewReader(sample(b, 2000, CSV)), true)
		if _, err := s.begin(); err != nil {
			b.Fatal(err)
		}
		columns, err := s.header()
		if err != nil {
			b.Fatal(err)
		}
		var lines [][]byte
		for {
			r, err := s.next()
			if err != nil {
				break
			}
			lines = append(lines, bytes.Clone(r.text))
		}
		var p parser
		var enc encoder
		var rec Record
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if err := p.parseCSV(lines[i%len(lines)], ',', columns, &rec); err != nil {
				b.Fatal(err)
			}
			enc.row(&rec)
		}
	})
}

// BenchmarkGenerate is one person's share of generating JSON Lines.
func BenchmarkGenerate(b *testing.B) {
	const people = 50_000
	for b.Loop() {
		if err := Generate(io.Discard, GenerateOptions{People: people, Seed: 1}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*people/b.Elapsed().Seconds(), "people/s")
}

// BenchmarkImport imports a file into an empty register. What holds it on
// SQLite is the writer: a record's page and four indexes in random order.
func BenchmarkImport(b *testing.B) {
	const people = 100_000
	file := filepath.Join(b.TempDir(), "people.jsonl")
	if err := os.WriteFile(file, sample(b, people, JSONLines), 0o600); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		b.StopTimer()
		r := New(dbtest.SQLite(b).Open(db.Register))
		b.StartTimer()
		c, err := r.ImportFile(context.Background(), file, ImportOptions{})
		if err != nil || c.Inserted != people {
			b.Fatal(c, err)
		}
	}
	b.ReportMetric(float64(b.N)*people/b.Elapsed().Seconds(), "people/s")
}

// BenchmarkFind is the register's part of a look-up, one at a time, and from 64
// readers at once, which on PostgreSQL share statements.
func BenchmarkFind(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { benchFind(b, dbtest.SQLite(b).Open(db.Register), 100_000) })
	b.Run("postgres", func(b *testing.B) { benchFind(b, dbtest.Postgres(b).Open(db.Register), 100_000) })
}

func benchFind(b *testing.B, d *db.DB, people int) {
	r := New(d)
	var keys []Keys
	if _, err := r.Load(context.Background(), func(yield func(*Record) bool) {
		for rec := range Generated(GenerateOptions{People: people, Seed: 1}) {
			keys = append(keys, Keys{PIN: rec.Text(access.PIN), FullName: rec.Text(access.FullName), DateOfBirth: rec.Text(access.DateOfBirth)})
			if !yield(rec) {
				return
			}
		}
	}); err != nil {
		b.Fatal(err)
	}
	fields := access.FieldsOf(access.FullName, access.PIN, access.DateOfBirth, access.Sex, access.PermanentResidence)
	one := func(b *testing.B, i int, buf []byte) []byte {
		p, err := r.Find(context.Background(), keys[i%len(keys)])
		if err != nil || p == nil {
			b.Error(p, err)
			return buf
		}
		return p.Append(buf[:0], fields)
	}
	b.Run("alone", func(b *testing.B) {
		b.ReportAllocs()
		buf := make([]byte, 0, 4096)
		for i := 0; b.Loop(); i += 7919 {
			buf = one(b, i, buf)
		}
	})
	b.Run("64", func(b *testing.B) {
		b.ReportAllocs()
		b.SetParallelism(max(1, 64/runtime.GOMAXPROCS(0)))
		var next atomic.Int64
		b.RunParallel(func(pb *testing.PB) {
			buf := make([]byte, 0, 4096)
			for pb.Next() {
				buf = one(b, int(next.Add(7919)), buf)
			}
		})
	})
}
