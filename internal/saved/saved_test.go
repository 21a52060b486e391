package saved

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
)

type search struct{ Person string }

// A search is its owner's and its page's alone, on every node, sealed, and not
// for ever; there is always room for a new one.
func TestASearchIsTheOwners(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		ctx := context.Background()
		var offset atomic.Int64
		block, err := aes.NewCipher(make([]byte, 32))
		if err != nil {
			t.Fatal(err)
		}
		box, err := cipher.NewGCMWithRandomNonce(block)
		if err != nil {
			t.Fatal(err)
		}
		open := func() *Searches {
			return New(env.Open(db.Main, func(c *db.Config) {
				c.ClockOffset = func() time.Duration { return time.Duration(offset.Load()) }
			}), box)
		}
		one, two := open(), open()
		want := search{"001190000001"}
		id, err := one.Save(ctx, "an", "log", want)
		if err != nil {
			t.Fatal(err)
		}
		var got search
		if ok, err := two.Find(ctx, "an", "log", id, &got); !ok || err != nil || got != want {
			t.Errorf("%v, %v, %+v", ok, err, got)
		}
		for _, c := range []struct{ owner, kind, id string }{{"binh", "log", id}, {"", "log", id}, {"an", "day", id}, {"an", "log", ""}, {"an", "log", id + "A"}} {
			if ok, err := two.Find(ctx, c.owner, c.kind, c.id, &got); ok || err != nil {
				t.Errorf("%+v is found: %v", c, err)
			}
		}
		var sealed []byte
		raw := env.Raw(db.Main)
		if err := raw.QueryRow("SELECT what FROM saved_searches").Scan(&sealed); err != nil || strings.Contains(string(sealed), want.Person) {
			t.Errorf("%q, %v", sealed, err)
		}
		if _, err := raw.Exec("UPDATE saved_searches SET owner = 'binh'"); err != nil {
			t.Fatal(err)
		}
		if _, err := two.Find(ctx, "binh", "log", id, &got); !fault.Is(err, fault.Unavailable) {
			t.Errorf("a search that was given to another opens: %v", err)
		}
		if _, err := raw.Exec("UPDATE saved_searches SET owner = 'an'"); err != nil {
			t.Fatal(err)
		}
		offset.Store(int64(time.Minute))
		for range MaxOfOne {
			if _, err := one.Save(ctx, "an", "log", want); err != nil {
				t.Fatal(err)
			}
		}
		if ok, err := two.Find(ctx, "an", "log", id, &got); ok || err != nil {
			t.Errorf("the oldest was not the one to go: %v", err)
		}
		last, err := one.Save(ctx, "binh", "log", want)
		if err != nil {
			t.Fatal(err)
		}
		offset.Store(int64(Term + 2*time.Minute))
		if ok, err := two.Find(ctx, "binh", "log", last, &got); ok || err != nil {
			t.Errorf("a search is found after its term: %v", err)
		}
		if n, err := two.Sweep(ctx); err != nil || n != MaxOfOne+1 {
			t.Errorf("%d searches are removed, %v", n, err)
		}
	})
}
