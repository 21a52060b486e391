package evidence

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
)

func TestWhatComesOutIsWhatWentIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		for _, size := range []int{1, chunkSize - 1, chunkSize, chunkSize + 1, 2 * chunkSize, 3 * chunkSize} {
			want := text(size)
			put, err := h.Put(h.ctx, Upload{Owner: "ward", Name: "Cam kết.TXT", Size: int64(size)}, iotest.OneByteReader(bytes.NewReader(want)))
			if size > 1 {
				put, err = h.Put(h.ctx, Upload{Owner: "ward", Name: "Cam kết.TXT", Size: int64(size)}, bytes.NewReader(want))
			}
			h.must(err)
			f, got, err := h.Read(h.ctx, put.ID)
			h.must(err)
			sum := sha256.Sum256(want)
			if !bytes.Equal(got, want) || f != put || f.Name != "Cam kết.TXT" || f.Type != "text/plain" || f.Size != int64(size) || f.SHA256 != hex.EncodeToString(sum[:]) || !f.Scanned.IsZero() {
				t.Errorf("size %d: got %+v with %d bytes, put %+v", size, f, len(got), put)
			}
			if again, err := h.Stat(h.ctx, put.ID); err != nil || again != put {
				t.Errorf("size %d: %+v, %v, want %+v", size, again, err, put)
			}
		}
		_, err := h.Stat(h.ctx, "01890000-0000-7000-8000-000000000000")
		h.refused(err, NotThere)
		_, _, err = h.Open(h.ctx, "")
		h.refused(err, NotThere)
	})
}

// Neither names nor contents stand in the database.
func TestNothingIsStoredInClear(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		h.put("ward", 4000)
		var all []byte
		for _, q := range []string{"SELECT about FROM evidence_files", "SELECT data FROM evidence_chunks"} {
			var b []byte
			h.must(h.raw.QueryRowContext(h.ctx, q).Scan(&b))
			all = append(all, b...)
		}
		for _, clear := range []string{"Cam kết", "cam kết", "text/plain", "sha256"} {
			if bytes.Contains(all, []byte(clear)) {
				t.Errorf("%q stands in the database", clear)
			}
		}
	})
}

func TestSizesOnBothSides(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		const limit = chunkSize + 100
		h := start(t, env, func(c *Config) { c.MaxSize = limit })
		for _, size := range []int{limit - 1, limit} {
			h.put("ward", size)
		}
		files, chunks := h.rows()
		for _, announced := range []int64{0, limit, limit + 1} {
			_, err := h.Put(h.ctx, Upload{Owner: "ward", Name: "a.txt", Size: announced}, bytes.NewReader(text(limit+1)))
			h.refused(err, TooLarge)
		}
		_, err := h.Put(h.ctx, Upload{Owner: "ward", Name: "a.txt"}, strings.NewReader(""))
		h.refused(err, Empty)
		if f, c := h.rows(); f != files || c != chunks {
			t.Errorf("%d files and %d pieces, want %d and %d", f, c, files, chunks)
		}
		// What is too large is not read to its end.
		r := &endless{}
		_, err = h.Put(h.ctx, Upload{Owner: "ward", Name: "a.txt"}, r)
		h.refused(err, TooLarge)
		if r.n > limit+bytes.MinRead*4096 {
			t.Errorf("%d bytes were read of an endless upload", r.n)
		}
	})
}

// endless is an upload without an end.
type endless struct{ n int }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	e.n += len(p)
	return len(p), nil
}

func TestNothingIsLeftOfABrokenUpload(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		body := text(2*chunkSize + 5)
		half := body[:chunkSize+7]
		for name, c := range map[string]struct {
			size int64
			r    io.Reader
		}{
			"the sender goes away": {0, io.MultiReader(bytes.NewReader(half), iotest.ErrReader(io.ErrUnexpectedEOF))},
			"less than announced":  {int64(len(body)), bytes.NewReader(half)},
			"more than announced":  {int64(len(half)), bytes.NewReader(body)},
			"nothing but an error": {0, iotest.ErrReader(errors.New("reset"))},
		} {
			_, err := h.Put(h.ctx, Upload{Owner: "ward", Name: "a.txt", Size: c.size}, c.r)
			if CodeOf(err) != CutOff {
				t.Errorf("%s: %v, want %s", name, err, CutOff)
			}
			h.nothing()
		}
		// The caller goes away while it is stored.
		ctx, cancel := context.WithCancel(h.ctx)
		statements := 0
		h.fault = func(step string) error {
			if statements++; step == "statement" && statements == 4 {
				cancel()
			}
			return nil
		}
		_, err := h.Put(ctx, Upload{Owner: "ward", Name: "a.txt"}, bytes.NewReader(body))
		h.refused(err, CutOff)
		h.fault = nil
		h.nothing()
	})
}

// Each statement of an upload fails in turn, and then the commit: every time
// nothing is left.
func TestEveryFailingStatementLeavesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		body := text(2*chunkSize + 5)
		for broken := 1; ; broken++ {
			if broken > 20 {
				t.Fatal("it never ends")
			}
			step := 0
			h.fault = func(string) error {
				if step++; step == broken {
					return errors.New("the disk is full")
				}
				return nil
			}
			f, err := h.Put(h.ctx, Upload{Owner: "ward", Name: "a.txt"}, bytes.NewReader(body))
			h.fault = nil
			if err == nil {
				if step != broken-1 || broken < 6 {
					t.Fatalf("it went well although step %d of %d failed", broken, step)
				}
				if _, got, err := h.Read(h.ctx, f.ID); err != nil || !bytes.Equal(got, body) {
					t.Fatal(err)
				}
				return
			}
			files, chunks := h.rows()
			if files == 1 && chunks == 3 && db.IsUnknown(err) {
				// Committed, and reported as failed: nobody refers to it.
				h.pass(DefaultTerm)
				if n, err := h.Sweep(h.ctx, nobody); n != 1 || err != nil {
					t.Fatalf("%d removed, %v", n, err)
				}
			}
			h.nothing()
		}
	})
}

// The server ends the connection between two pieces.
func TestAConnectionKilledBetweenPiecesLeavesNothing(t *testing.T) {
	env := dbtest.Postgres(t)
	h := start(t, env)
	step := 0
	h.fault = func(s string) error {
		if step++; step == 4 {
			env.TerminateBackends()
		}
		return nil
	}
	_, err := h.Put(h.ctx, Upload{Owner: "ward", Name: "a.txt"}, bytes.NewReader(text(2*chunkSize+5)))
	if !fault.Is(err, fault.Unavailable) || step < 4 {
		t.Fatalf("%v after %d steps, want unavailable", err, step)
	}
	h.fault = nil
	h.raw = env.Raw(db.Evidence) // the pool of the last lost its connections
	h.nothing()
	h.put("ward", 10)
}

func TestTamperingShows(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		flip := "data = cast(substr(data, 1, 40) || x'00' || substr(data, 42) as blob)"
		if env.Engine == db.Postgres {
			flip = "data = set_byte(data, 40, get_byte(data, 40) # 1)"
		}
		for name, queries := range map[string][]string{
			"a byte changed":          {"UPDATE evidence_chunks SET " + flip + " WHERE file = '%[1]s' AND n = 1"},
			"a piece gone":            {"DELETE FROM evidence_chunks WHERE file = '%[1]s' AND n = 1"},
			"the last piece gone":     {"DELETE FROM evidence_chunks WHERE file = '%[1]s' AND n = 2"},
			"pieces swapped":          {"UPDATE evidence_chunks SET n = n + 10 WHERE file = '%[1]s' AND n < 2", "UPDATE evidence_chunks SET n = 11 - n WHERE file = '%[1]s' AND n > 2"},
			"another file's piece":    {"UPDATE evidence_chunks SET data = (SELECT data FROM evidence_chunks WHERE file = '%[2]s' AND n = 1) WHERE file = '%[1]s' AND n = 1"},
			"another's description":   {"UPDATE evidence_files SET about = (SELECT about FROM evidence_files WHERE id = '%[2]s') WHERE id = '%[1]s'"},
			"another owner":           {"UPDATE evidence_files SET owner = 'thief' WHERE id = '%[1]s'"},
			"cut off, and said so":    {"DELETE FROM evidence_chunks WHERE file = '%[1]s' AND n = 2", "UPDATE evidence_files SET chunks = 2 WHERE id = '%[1]s'"},
			"the whole file's pieces": {"DELETE FROM evidence_chunks WHERE file = '%[1]s'", "UPDATE evidence_chunks SET file = '%[1]s' WHERE file = '%[2]s'"},
		} {
			f, other := h.put("ward", 2*chunkSize+50), h.put("ward", 2*chunkSize+50)
			for _, q := range queries {
				h.tamper(fmt.Sprintf(q, f.ID, other.ID))
			}
			got, r, err := h.Open(h.ctx, f.ID)
			if CodeOf(err) != Damaged || r != nil || got != (File{}) {
				t.Errorf("%s: %v, want %s and nothing of the file", name, err, Damaged)
			}
			if strings.Contains(err.Error(), "cam kết") {
				t.Errorf("%s: the error names the file", name)
			}
		}
	})
}

// What changes after Open checked it shows, too, before it is given out.
func TestTamperingWhileItIsReadShows(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		f := h.put("ward", 2*chunkSize)
		_, r, err := h.Open(h.ctx, f.ID)
		h.must(err)
		if _, err := io.ReadFull(r, make([]byte, 10)); err != nil {
			t.Fatal(err)
		}
		h.tamper("UPDATE evidence_chunks SET data = (SELECT data FROM evidence_chunks WHERE n = 0) WHERE n = 1")
		_, err = io.ReadAll(r)
		h.refused(err, Damaged)
	})
}

func TestAnotherKeyOpensNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		f := h.put("ward", 10)
		h.cfg.Box = newBox(t)
		_, err := h.Stat(h.ctx, f.ID)
		h.refused(err, Damaged)
		_, _, err = h.Open(h.ctx, f.ID)
		h.refused(err, Damaged)
		_, err = h.Hold(h.ctx, "ward", f.ID)
		h.refused(err, Damaged)
	})
}

// nobody refers to anything.
func nobody(context.Context, []string) ([]string, error) { return nil, nil }

func TestWhatNothingRefersToGoes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env, func(c *Config) { c.Pending = 200 })
		loose, attached, held := h.put("ward", chunkSize+1), h.put("ward", chunkSize+1), h.put("ward", chunkSize+1)
		matters := func(_ context.Context, ids []string) (out []string, err error) {
			for _, id := range ids {
				if id == attached.ID {
					out = append(out, id)
				}
			}
			return out, nil
		}
		sweep := func(want int) {
			t.Helper()
			n, err := h.Sweep(h.ctx, matters)
			if err != nil || n != want {
				t.Fatalf("%d removed, %v, want %d", n, err, want)
			}
		}
		h.pass(DefaultTerm - time.Hour)
		sweep(0)
		got, err := h.Hold(h.ctx, "ward", held.ID, held.ID, attached.ID)
		h.must(err)
		if want := []File{held, held, attached}; !slices.Equal(got, want) {
			t.Fatalf("held %+v, want %+v", got, want)
		}
		h.pass(2 * time.Hour)
		sweep(1)
		_, err = h.Stat(h.ctx, loose.ID)
		h.refused(err, NotThere)
		_, err = h.Hold(h.ctx, "ward", loose.ID)
		h.refused(err, NotThere)
		// What was held and then not referred to goes a term after that; what
		// is referred to stays, and is not asked about again.
		h.pass(DefaultTerm)
		sweep(1)
		h.pass(10 * 365 * DefaultTerm)
		asked := false
		if n, err := h.Sweep(h.ctx, func(context.Context, []string) ([]string, error) { asked = true; return nil, nil }); n != 0 || err != nil || asked {
			t.Errorf("%d removed, %v, asked %v", n, err, asked)
		}
		if f, c := h.rows(); f != 1 || c != 2 {
			t.Errorf("%d files and %d pieces are left, want 1 and 2", f, c)
		}
		// Held again it stays all the same.
		_, err = h.Hold(h.ctx, "ward", attached.ID)
		h.must(err)
		h.pass(2 * DefaultTerm)
		sweep(0)
		if _, _, err := h.Read(h.ctx, attached.ID); err != nil {
			t.Error(err)
		}

		// While somebody still writes what will refer to it, an upload waits; for
		// its owner alone.
		awaited := h.put("ward", chunkSize+1)
		until := h.db.Clock().Add(10 * DefaultTerm)
		h.must(h.Await(h.ctx, "other", until.Add(DefaultTerm), awaited.ID))
		h.must(h.Await(h.ctx, "ward", until, awaited.ID, loose.ID))
		h.pass(9 * DefaultTerm)
		sweep(0)
		h.pass(DefaultTerm)
		sweep(1)
		// More than one batch.
		for range sweepBatch + 3 {
			h.put("bank", 1)
		}
		h.pass(DefaultTerm)
		sweep(sweepBatch + 3)
	})
}

// A file that is held between Sweep's question and its removal stays.
func TestHoldingWhileItIsSweptIsSafe(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		f := h.put("ward", 10)
		h.pass(DefaultTerm)
		n, err := h.Sweep(h.ctx, func(context.Context, []string) ([]string, error) {
			_, err := h.Hold(h.ctx, "ward", f.ID)
			return nil, err
		})
		if n != 0 || err != nil {
			t.Fatalf("%d removed, %v", n, err)
		}
		if _, _, err := h.Read(h.ctx, f.ID); err != nil {
			t.Error(err)
		}
		// A question that cannot be answered removes nothing.
		h.pass(2 * DefaultTerm)
		down := errors.New("down")
		if n, err := h.Sweep(h.ctx, func(context.Context, []string) ([]string, error) { return nil, down }); n != 0 || !errors.Is(err, down) {
			t.Errorf("%d removed, %v", n, err)
		}
		h.must(func() error { _, err := h.Stat(h.ctx, f.ID); return err }())
	})
}

func TestAFileIsItsOwners(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		own, others := h.put("ward", 10), h.put("bank", 10)
		_, err := h.Hold(h.ctx, "ward", own.ID, others.ID)
		h.refused(err, NotThere)
		many := slices.Repeat([]string{own.ID}, MaxHold+1)
		_, err = h.Hold(h.ctx, "ward", many...)
		h.refused(err, TooManyAtOnce)
		if got, err := h.Hold(h.ctx, "ward", many[:MaxHold]...); err != nil || len(got) != MaxHold {
			t.Errorf("%d held, %v", len(got), err)
		}
		_, err = h.Put(h.ctx, Upload{Name: "a.txt"}, strings.NewReader("x"))
		if CodeOf(err) != OwnerMissing {
			t.Errorf("%v, want %s", err, OwnerMissing)
		}
	})
}

func TestWaitingFilesAreBounded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env, func(c *Config) { c.Pending = 3 })
		kept := h.put("ward", 1)
		h.put("ward", 1)
		h.put("ward", 1)
		_, err := h.Put(h.ctx, Upload{Owner: "ward", Name: "a.txt"}, iotest.ErrReader(errors.New("it was read")))
		h.refused(err, TooMany)
		h.put("bank", 1)
		// What a matter refers to does not count any more.
		h.pass(DefaultTerm)
		_, err = h.Sweep(h.ctx, func(context.Context, []string) ([]string, error) { return []string{kept.ID}, nil })
		h.must(err)
		for range 3 {
			h.put("ward", 1)
		}
	})
}

// A day's work may attach more files than may wait: what was attached waits no
// more, at once.
func TestAttachedFilesMakeRoom(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		var attached []string
		h := start(t, env, func(c *Config) {
			c.Pending = 3
			c.Referred = func(_ context.Context, ids []string) (stay []string, err error) {
				for _, id := range ids {
					if slices.Contains(attached, id) {
						stay = append(stay, id)
					}
				}
				return stay, nil
			}
		})
		for range 3 {
			attached = append(attached, h.put("ward", 1).ID)
		}
		h.put("ward", 1)
		h.put("ward", 1)
		h.put("ward", 1)
		_, err := h.Put(h.ctx, Upload{Owner: "ward", Name: "a.txt"}, iotest.ErrReader(errors.New("it was read")))
		h.refused(err, TooMany)
		h.pass(DefaultTerm)
		n, err := h.Sweep(h.ctx, func(context.Context, []string) ([]string, error) { return nil, nil })
		h.must(err)
		if n != 3 {
			t.Errorf("%d files were removed, want the 3 that nothing refers to", n)
		}
	})
}

func TestSlowUploadsDoNotKeepOthersOut(t *testing.T) {
	h := start(t, dbtest.SQLite(t), func(c *Config) { c.Uploads = 3 })
	var ends []*io.PipeWriter
	done := make(chan error, 2)
	for range 2 {
		r, w := io.Pipe()
		ends = append(ends, w)
		go func() {
			_, err := h.Put(h.ctx, Upload{Owner: "slow", Name: "a.txt"}, r)
			done <- err
		}()
		_, err := w.Write([]byte("a")) // it is being read now
		h.must(err)
	}
	_, err := h.Put(h.ctx, Upload{Owner: "slow", Name: "a.txt"}, strings.NewReader("x"))
	h.refused(err, Busy)
	h.put("quick", 10)
	ctx, cancel := context.WithCancel(h.ctx)
	cancel()
	free, err := h.slots.take(h.ctx, "third")
	h.must(err)
	if _, err := h.slots.take(ctx, "fourth"); CodeOf(err) != Busy {
		t.Errorf("%v, want %s", err, Busy)
	}
	free()
	for _, w := range ends {
		h.must(w.Close())
		h.must(<-done)
	}
	h.put("slow", 10)
	if len(h.slots.of) != 0 || len(h.slots.all) != 0 {
		t.Errorf("slots still taken: %v, %d", h.slots.of, len(h.slots.all))
	}
}

func TestSettingsAreChecked(t *testing.T) {
	d := dbtest.SQLite(t).Open(db.Evidence)
	box := newBox(t)
	for name, c := range map[string]Config{
		"no database": {Box: box},
		"no key":      {DB: d},
		"too large":   {DB: d, Box: box, MaxSize: MaxMaxSize + 1},
		"negative":    {DB: d, Box: box, MaxSize: -1},
		"short term":  {DB: d, Box: box, Term: time.Hour - 1},
		"no waiting":  {DB: d, Box: box, Pending: -1},
		"no uploads":  {DB: d, Box: box, Uploads: -1},
	} {
		if _, err := New(c); err == nil {
			t.Errorf("%s: it was taken", name)
		}
	}
	for _, c := range []Config{{}, {MaxSize: 1, Term: time.Hour, Pending: 1, Uploads: 1}, {MaxSize: MaxMaxSize}} {
		c.DB, c.Box = d, box
		v, err := New(c)
		if err != nil {
			t.Error(err)
		} else if c.MaxSize == 0 && v.MaxSize() != 20<<20 {
			t.Errorf("the largest size is %d", v.MaxSize())
		}
	}
}
