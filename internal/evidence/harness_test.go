package evidence

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"database/sql"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dancu/internal/db"
	"dancu/internal/db/dbtest"
)

// house is a Vault over a real database, with verbs.
type house struct {
	*Vault
	t      testing.TB
	ctx    context.Context
	env    *dbtest.Env
	raw    *sql.DB
	offset atomic.Int64
	fault  func(step string) error
}

// newBox returns a sealing cipher of the log's make with a key of its own.
func newBox(t testing.TB) cipher.AEAD {
	t.Helper()
	key := make([]byte, 32)
	rand.Read(key)
	block, err := aes.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	box, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		t.Fatal(err)
	}
	return box
}

func start(t testing.TB, env *dbtest.Env, change ...func(*Config)) *house {
	t.Helper()
	h := &house{t: t, ctx: context.Background(), env: env}
	cfg := Config{Box: newBox(t), MaxSize: 3 * chunkSize, DB: env.Open(db.Evidence, func(c *db.Config) {
		c.ClockOffset = func() time.Duration { return time.Duration(h.offset.Load()) }
		c.Fault = func(step string) error {
			if h.fault != nil {
				return h.fault(step)
			}
			return nil
		}
	})}
	for _, c := range change {
		c(&cfg)
	}
	var err error
	h.Vault, err = New(cfg)
	h.must(err)
	h.raw = env.Raw(db.Evidence)
	return h
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// refused demands a refusal with this code.
func (h *house) refused(err error, want Code) {
	h.t.Helper()
	refused(h.t, err, want)
}

func refused(t testing.TB, err error, want Code) {
	t.Helper()
	if got := CodeOf(err); err == nil || got != want {
		t.Fatalf("got %q (%v), want %q", got, err, want)
	}
	if text := TextOf(err); text.VI == "" || text.EN == "" || strings.Contains(text.VI+text.EN, "%!") {
		t.Fatalf("%s says %q", want, text)
	}
}

// text is a text file of a size, no two pieces of it alike.
func text(size int) []byte {
	var b bytes.Buffer
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, "Điều %d. Cam kết.\n", i)
	}
	out := b.Bytes()[:size]
	// Not in the middle of a letter.
	for i := size - 1; i >= 0 && out[i] >= 0x80; i-- {
		out[i] = '.'
	}
	return out
}

// put puts a text file of a size for an owner.
func (h *house) put(owner string, size int) File {
	h.t.Helper()
	f, err := h.Put(h.ctx, Upload{Owner: owner, Name: "cam kết.txt"}, bytes.NewReader(text(size)))
	h.must(err)
	return f
}

// rows are how many rows there are of files and of chunks.
func (h *house) rows() (files, chunks int) {
	h.t.Helper()
	h.must(h.raw.QueryRowContext(h.ctx, "SELECT count(*) FROM evidence_files").Scan(&files))
	h.must(h.raw.QueryRowContext(h.ctx, "SELECT count(*) FROM evidence_chunks").Scan(&chunks))
	return files, chunks
}

// nothing demands that nothing is stored.
func (h *house) nothing() {
	h.t.Helper()
	if f, c := h.rows(); f != 0 || c != 0 {
		h.t.Fatalf("%d files and %d pieces are left", f, c)
	}
}

// tamper runs a statement behind the vault's back, which must change rows.
func (h *house) tamper(query string) {
	h.t.Helper()
	res, err := h.raw.ExecContext(h.ctx, query)
	h.must(err)
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		h.t.Fatalf("%s changed %d rows, %v", query, n, err)
	}
}

func (h *house) pass(d time.Duration) { h.offset.Add(int64(d)) }
