package notify

import (
	"errors"
	"strings"
	"testing"

	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
)

func TestNoActNoNotice(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		p := newPost(t, env)
		o := p.outbox()
		boom := errors.New("the act failed")
		err := p.main.Write(p.ctx, func(tx *db.Tx) error {
			if err := o.Put(p.ctx, tx, due30("act")); err != nil {
				return err
			}
			return boom
		})
		if !errors.Is(err, boom) {
			t.Fatal(err)
		}
		p.round(o)
		if all, err := o.List(p.ctx, Filter{}); err != nil || len(all) != 0 {
			t.Fatalf("after an act that failed there are %d notices (%v)", len(all), err)
		}
		p.put(o, "act")
		p.round(o)
		if got := p.took(); len(got) != 1 {
			t.Fatalf("after the act %d notices were sent, want 1", len(got))
		}
	})
}

func TestTheSameKeyIsOneNotice(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		p := newPost(t, env)
		o := p.outbox()
		// In one transaction, in another, and after it was sent.
		p.must(p.main.Write(p.ctx, func(tx *db.Tx) error {
			return errors.Join(o.Put(p.ctx, tx, due30("a")), o.Put(p.ctx, tx, due30("a")), o.Put(p.ctx, tx, due30("b")))
		}))
		id := p.put(o, "a")
		p.round(o)
		if p.put(o, "a") != id {
			t.Error("the second notice of a key replaced the first")
		}
		p.round(o)
		if got := p.took(); len(got) != 2 {
			t.Errorf("%d notices were sent of two keys", len(got))
		}
	})
}

func TestWhatANoticeMayHold(t *testing.T) {
	p := newPost(t, dbtest.SQLite(t))
	o := p.outbox()
	with := func(change func(*Notice)) Notice {
		n := due30("k")
		n.Params = topicOf(n.Topic).Sample()
		change(&n)
		return n
	}
	long := strings.Repeat("x", MaxValue)
	for _, c := range []struct {
		name string
		n    Notice
		kind fault.Kind
		ok   bool
	}{
		{"as it should be", with(func(*Notice) {}), 0, true},
		{"no such topic", with(func(n *Notice) { n.Topic = "assessment.dew" }), fault.Internal, false},
		{"no key", with(func(n *Notice) { n.Key = "" }), fault.Internal, false},
		{"longest key", with(func(n *Notice) { n.Key = strings.Repeat("k", MaxKey) }), 0, true},
		{"key too long", with(func(n *Notice) { n.Key = strings.Repeat("k", MaxKey+1) }), fault.Internal, false},
		{"nobody", with(func(n *Notice) { n.To = "" }), fault.Internal, false},
		{"longest recipient", with(func(n *Notice) { n.To = strings.Repeat("a", MaxTo) }), 0, true},
		{"recipient too long", with(func(n *Notice) { n.To = strings.Repeat("a", MaxTo+1) }), fault.Internal, false},
		{"a mailbox as recipient", with(func(n *Notice) { n.To = "a@example.vn" }), fault.Internal, false},
		{"no link", with(func(n *Notice) { n.Link = "" }), 0, true},
		{"longest link", with(func(n *Notice) { n.Link = "/" + strings.Repeat("l", MaxLink-1) }), 0, true},
		{"link too long", with(func(n *Notice) { n.Link = "/" + strings.Repeat("l", MaxLink) }), fault.Internal, false},
		{"link elsewhere", with(func(n *Notice) { n.Link = "//evil.example/" }), fault.Internal, false},
		{"link with a query", with(func(n *Notice) { n.Link = "/people?pin=1" }), fault.Internal, false},
		{"value missing", with(func(n *Notice) { delete(n.Params, "days") }), fault.Internal, false},
		{"value too many", with(func(n *Notice) { n.Params["name"] = "x" }), fault.Internal, false},
		{"empty value", with(func(n *Notice) { n.Params["certificate"] = "" }), fault.Invalid, false},
		{"longest value", with(func(n *Notice) { n.Params["certificate"] = long }), 0, true},
		{"value too long", with(func(n *Notice) { n.Params["certificate"] = long + "x" }), fault.Invalid, false},
		{"line break", with(func(n *Notice) { n.Params["certificate"] = "a\nb" }), fault.Invalid, false},
		{"no UTF-8", with(func(n *Notice) { n.Params["certificate"] = "\xff" }), fault.Invalid, false},
		{"a personal number", with(func(n *Notice) { n.Params["certificate"] = "so 001305000042" }), fault.Invalid, false},
		{"thirteen digits", with(func(n *Notice) { n.Params["certificate"] = "0013050000421" }), 0, true},
		{"a mailbox", with(func(n *Notice) { n.Params["certificate"] = "an@example.vn" }), fault.Invalid, false},
		{"an id that ends in twelve digits", with(func(n *Notice) { n.Params["certificate"] = "019aae10-7d52-7a31-8f0e-001305000042" }), 0, true},
		{"a date that is none", with(func(n *Notice) { n.Params["until"] = "31/01/2027" }), fault.Invalid, false},
		{"a number that is none", with(func(n *Notice) { n.Params["days"] = "thirty" }), fault.Invalid, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			rollback := errors.New("rollback")
			err := p.main.Write(p.ctx, func(tx *db.Tx) error {
				if err := o.Put(p.ctx, tx, c.n); err != nil {
					return err
				}
				return rollback
			})
			switch {
			case c.ok && !errors.Is(err, rollback):
				t.Errorf("refused: %v", err)
			case !c.ok && (errors.Is(err, rollback) || fault.KindOf(err) != c.kind):
				t.Errorf("got %v, want a refusal of kind %v", err, c.kind)
			}
		})
	}
}

func TestWithoutASenderNoticesAreHeld(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		p := newPost(t, env)
		silent := p.outbox(func(c *Config) { c.Mail, c.Webhook, c.Addresses = nil, nil, nil })
		old := p.put(silent, "old")
		p.pass(7*24*3600*1e9 + 1e9)
		young := p.put(silent, "young")
		if c, err := silent.Counts(p.ctx); err != nil || c != (Counts{Held: 2}) {
			t.Fatalf("counted %+v (%v), want two held", c, err)
		}
		stop := p.run(silent)
		stop()

		// A node with a sender sends what is not too old to be of use.
		o := p.outbox()
		p.run(o)
		p.until("the young one is sent", func() bool { return p.show(o, young).State == Sent })
		if got := p.show(o, old); got.State != Held {
			t.Errorf("a notice of more than a week ago is %s, want held", got.State)
		}
		p.must(p.retry(o, old))
		p.until("the old one is sent when asked for", func() bool { return p.show(o, old).State == Sent })
	})
}
