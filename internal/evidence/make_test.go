package evidence

import (
	"bytes"
	"context"
	"testing"
	"time"

	"dancu/internal/db/dbtest"
)

// What the program makes comes out as it went in, is nobody's upload, and goes
// when its time is over; before it is whole nobody finds it, and what was not
// made whole goes, too.
func TestMade(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		nobody := func(context.Context, []string) ([]string, error) { return nil, nil }
		m := Making{Owner: "job-1", Name: "log.jsonl", Type: "application/jsonl", Keep: 2 * time.Hour}
		want := bytes.Repeat([]byte("một dòng\n"), 3*chunkSize/10)
		for _, data := range [][]byte{want, want[:chunkSize], nil} {
			k, err := h.Make(h.ctx, m)
			if err != nil {
				t.Fatal(err)
			}
			for part := data; len(part) > 0; {
				n := min(len(part), 100_001)
				if _, err := k.Write(part[:n]); err != nil {
					t.Fatal(err)
				}
				part = part[n:]
			}
			if _, err := h.Stat(h.ctx, k.ID()); CodeOf(err) != NotThere {
				t.Errorf("an unfinished file is found: %v", err)
			}
			f, err := k.Close()
			if err != nil {
				t.Fatal(err)
			}
			got, r, err := h.Open(h.ctx, f.ID)
			if err != nil {
				t.Fatal(err)
			}
			var b bytes.Buffer
			if _, err := b.ReadFrom(r); err != nil || !bytes.Equal(b.Bytes(), data) || got != f {
				t.Errorf("%d bytes of %d came back, %v; %+v, want %+v", b.Len(), len(data), err, got, f)
			}
			if _, err := k.Write([]byte("x")); err == nil {
				t.Error("a closed file takes more")
			}
		}
		if n, err := countPending(h.ctx, h.Vault.db, "job-1"); err != nil || n != 3 {
			t.Errorf("%d files, %v", n, err)
		}
		half, err := h.Make(h.ctx, m)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := half.Write(make([]byte, chunkSize+1)); err != nil {
			t.Fatal(err)
		}
		if err := h.Discard(h.ctx, "job-2", half.ID()); err != nil {
			t.Fatal(err)
		}
		if n, _ := countPending(h.ctx, h.Vault.db, "job-1"); n != 4 {
			t.Error("another's file is discarded")
		}
		h.offset.Store(int64(3 * time.Hour))
		if n, err := h.Sweep(h.ctx, nobody); err != nil || n != 4 {
			t.Errorf("%d files are removed, %v", n, err)
		}
		if _, err := half.Close(); err == nil {
			t.Error("a file is closed that was removed")
		}
	})
}

// A piece that is changed, moved or missing shows, and so does a limit.
func TestMadeIsWhole(t *testing.T) {
	env := dbtest.SQLite(t)
	h := start(t, env)
	make3 := func() File {
		k, err := h.Make(h.ctx, Making{Owner: "j", Name: "a.bin", Type: "application/octet-stream", Keep: time.Hour})
		if err != nil {
			t.Fatal(err)
		}
		for i := range 3 {
			if _, err := k.Write(bytes.Repeat([]byte{byte(i)}, chunkSize)); err != nil {
				t.Fatal(err)
			}
		}
		f, err := k.Close()
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	raw := env.Raw("evidence")
	for name, harm := range map[string]string{
		"moved":   "UPDATE evidence_chunks SET data = (SELECT c.data FROM evidence_chunks c WHERE c.file = $1 AND c.n = 0) WHERE file = $1 AND n = 1",
		"missing": "DELETE FROM evidence_chunks WHERE file = $1 AND n = 2",
		"cut":     "UPDATE evidence_files SET chunks = 2 WHERE id = $1",
	} {
		f := make3()
		if _, err := raw.Exec(harm, f.ID); err != nil {
			t.Fatal(err)
		}
		if _, _, err := h.Open(h.ctx, f.ID); CodeOf(err) != Damaged {
			t.Errorf("%s: %v", name, err)
		}
	}
	k, err := h.Make(h.ctx, Making{Owner: "j", Name: "a.bin", Type: "x/y", Keep: time.Hour, Limit: chunkSize})
	if err != nil {
		t.Fatal(err)
	}
	_, _ = k.Write(make([]byte, chunkSize+1))
	if _, err := k.Close(); CodeOf(err) != TooLarge {
		t.Errorf("more than the limit: %v", err)
	}
	for _, bad := range []Making{{}, {Owner: "j", Name: "a", Type: "x/y"}, {Owner: "j", Name: "a", Keep: 1}, {Owner: "j", Name: "../a", Type: "x/y", Keep: 1}} {
		if _, err := h.Make(h.ctx, bad); err == nil {
			t.Errorf("%+v is taken", bad)
		}
	}
}
