package draft

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"database/sql"
	"fmt"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
)

// drawer is a Store over a real database, with verbs.
type drawer struct {
	*Store
	t      *testing.T
	raw    *sql.DB
	offset atomic.Int64
}

func open(t *testing.T, env *dbtest.Env) *drawer {
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
	d := &drawer{t: t}
	d.Store, err = New(Config{Box: box, DB: env.Open(db.Evidence, func(c *db.Config) {
		c.ClockOffset = func() time.Duration { return time.Duration(d.offset.Load()) }
	})})
	if err != nil {
		t.Fatal(err)
	}
	d.raw = env.Raw(db.Evidence)
	return d
}

func (d *drawer) keep(account, form string, pairs ...string) Draft {
	d.t.Helper()
	values := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	out, err := d.Keep(context.Background(), account, Draft{Form: form, Title: "Mục đích khai thác", Values: values})
	if err != nil {
		d.t.Fatal(err)
	}
	return out
}

// has demands what is kept of a form; "" demands that nothing is.
func (d *drawer) has(account, form, want string) {
	d.t.Helper()
	x, ok, err := d.Find(context.Background(), account, form)
	if err != nil {
		d.t.Fatal(err)
	}
	if ok != (want != "") || x.Values.Encode() != want {
		d.t.Fatalf("%s of %s is kept: %v %q, want %q", form, account, ok, x.Values.Encode(), want)
	}
}

func TestWhatIsTypedIsKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		d := open(t, env)
		d.has("a", "/life/x", "")
		d.keep("a", "/life/x", "purpose", "Đăng ký", "fields", "sex", "fields", "pin")
		d.has("a", "/life/x", url.Values{"purpose": {"Đăng ký"}, "fields": {"sex", "pin"}}.Encode())
		d.keep("a", "/life/x", "purpose", "khác") // in its place
		d.keep("a", "/life/y", "reason", "r")
		d.has("a", "/life/x", url.Values{"purpose": {"khác"}}.Encode())
		list, err := d.List(context.Background(), "a")
		if err != nil || len(list) != 2 || list[0].Form != "/life/y" || list[1].Title != "Mục đích khai thác" {
			t.Fatalf("the list is %v (%v)", list, err)
		}
		if err := d.Drop(context.Background(), "a", "/life/x"); err != nil {
			t.Fatal(err)
		}
		d.has("a", "/life/x", "")
		d.has("a", "/life/y", "reason=r")
	})
}

// Nobody gets at another's draft: not by its form, not in a list, and not by a
// row that was moved to another account or form in the store.
func TestAnothersIsNotThere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		d := open(t, env)
		d.keep("a", "/life/x", "purpose", "của a")
		d.has("b", "/life/x", "")
		if list, err := d.List(context.Background(), "b"); err != nil || len(list) != 0 {
			t.Fatalf("the list is %v (%v)", list, err)
		}
		if err := d.Drop(context.Background(), "b", "/life/x"); err != nil {
			t.Fatal(err)
		}
		d.has("a", "/life/x", url.Values{"purpose": {"của a"}}.Encode())
		for _, move := range []string{"UPDATE drafts SET account = 'b'", "UPDATE drafts SET account = 'a', form = '/life/y'"} {
			if _, err := d.raw.Exec(move); err != nil {
				t.Fatal(err)
			}
			d.has("b", "/life/x", "")
			d.has("a", "/life/y", "")
		}
	})
}

func TestSealed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		d := open(t, env)
		d.keep("a", "/life/x", "contact", "Nguyen Van Vi Du")
		var sealed []byte
		if err := d.raw.QueryRow("SELECT sealed FROM drafts").Scan(&sealed); err != nil {
			t.Fatal(err)
		}
		for _, plain := range []string{"Nguyen", "contact", "khai"} {
			if bytes.Contains(sealed, []byte(plain)) {
				t.Errorf("the store shows %q", plain)
			}
		}
	})
}

func TestDraftsGoAfterTheirTerm(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		d := open(t, env)
		d.keep("a", "/life/old", "x", "1")
		d.offset.Store(int64(DefaultTerm - time.Hour))
		d.keep("a", "/life/new", "x", "2")
		if n, err := d.Sweep(context.Background()); n != 0 || err != nil {
			t.Fatalf("%d were swept (%v)", n, err)
		}
		d.offset.Store(int64(DefaultTerm + time.Minute))
		d.has("a", "/life/old", "") // also before the sweep
		if n, err := d.Sweep(context.Background()); n != 1 || err != nil {
			t.Fatalf("%d were swept (%v)", n, err)
		}
		d.has("a", "/life/new", "x=2")
	})
}

func TestBounds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		d := open(t, env)
		d.most = 2
		for i := range 5 {
			d.offset.Store(int64(time.Duration(i) * time.Second))
			d.keep("a", fmt.Sprintf("/life/%d", i), "x", "1")
		}
		list, err := d.List(context.Background(), "a")
		if err != nil || len(list) != 2 {
			t.Fatalf("%d drafts (%v)", len(list), err)
		}
		d.has("a", "/life/2", "")
		d.has("a", "/life/3", "x=1")
		for name, bad := range map[string]Draft{
			"too large":  {Form: "/x", Values: url.Values{"x": {strings.Repeat("x", MaxBytes)}}},
			"a query":    {Form: "/x?pin=1"},
			"no address": {},
			"elsewhere":  {Form: "https://elsewhere.example/"},
		} {
			if _, err := d.Keep(context.Background(), "a", bad); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := d.Keep(context.Background(), "", Draft{Form: "/x"}); !fault.Is(err, fault.Invalid) {
			t.Errorf("nobody's: %v", err)
		}
	})
}
