package notify

import (
	"bytes"
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
	"dancu/internal/ledger"
)

// bureau is a post with a log, and its office.
type bureau struct {
	*post
	*Office
	log *ledger.Log
	out *Outbox
	// fresh is what the accounts say of the second factor, still of the session.
	fresh, still error
}

func openBureau(t *testing.T, env *dbtest.Env, change ...func(*Config)) *bureau {
	t.Helper()
	b := &bureau{post: newPost(t, env)}
	skey, _, err := note.GenerateKey(rand.Reader, "log.example.vn/test")
	b.must(err)
	b.log, err = ledger.Open(t.Context(), ledger.Config{
		Main: b.main, Derived: env.Open(db.Derived, func(c *db.Config) { c.Relaxed = true; b.clock(c) }),
		Origin: "log.example.vn/test", SigningKey: skey, SealingKey: bytes.Repeat([]byte{7}, 32), Node: "test", ClockHold: -1,
	})
	b.must(err)
	t.Cleanup(func() { _ = b.log.Close() })
	box, err := b.log.Box(t.Context(), "notify")
	b.must(err)
	b.out = b.outbox(append(change, func(c *Config) { c.Box = box })...)
	b.Office = NewOffice(OfficeConfig{
		Outbox: b.out, Log: b.log,
		AgencyCode: func(_ context.Context, _ db.Querier, id string) (string, error) { return strings.ToUpper(id), nil },
		Check: func(address string) error {
			if !strings.HasPrefix(address, "https://") {
				return fault.New(fault.Invalid, "not https")
			}
			return nil
		},
	})
	return b
}

// of is somebody of an agency, or of the register ("").
func (b *bureau) of(agency string) Person {
	return Person{Actor: ledger.Actor{Kind: "agency-admin", ID: "QT-1", Address: "10.0.0.1"}, Agency: agency, Still: func(_ context.Context, _ db.Querier, _ time.Time, fresh bool) error {
		if fresh && b.fresh != nil {
			return b.fresh
		}
		return b.still
	}}
}

// kinds are the kinds of this area's entries so far.
func (b *bureau) kinds() (out []string) {
	b.t.Helper()
	rows, err := b.main.Query(b.ctx, "SELECT kind FROM entries WHERE kind LIKE 'notice.%' OR kind LIKE 'webhook.%' ORDER BY idx")
	b.must(err)
	defer rows.Close()
	for rows.Next() {
		var k string
		b.must(rows.Scan(&k))
		out = append(out, k)
	}
	b.must(rows.Err())
	return out
}

// hook is an agency's webhook as it stands.
func (b *bureau) hook(agency, id string) Hook {
	b.t.Helper()
	all, err := b.out.Hooks(b.ctx, agency)
	b.must(err)
	i := slices.IndexFunc(all, func(h Hook) bool { return h.ID == id })
	if i < 0 {
		b.t.Fatalf("%s has no webhook %s", agency, id)
	}
	return all[i]
}

// told is what the newest message to a webhook was.
func (b *bureau) newest() Message {
	b.t.Helper()
	for _, m := range slices.Backward(b.took()) {
		if m.Webhook != nil {
			return m
		}
	}
	b.t.Fatal("no webhook was sent")
	return Message{}
}

// A webhook gets nothing before it took a test; then it gets the agency's
// notices under its secret, under both while the secret changes, and nothing once
// it has ended.
func TestTheLifeOfAWebhook(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		b := openBureau(t, env)
		by := b.of("agency-1")
		h, secret, err := b.Register(b.ctx, by, "https://hook.example.vn/a?key=1")
		b.must(err)
		if h.State != HookNew || len(secret) < 40 {
			t.Fatalf("registered: %+v, a secret of %d", h, len(secret))
		}
		b.put(b.out, "a")
		b.round(b.out)
		for _, m := range b.took() {
			if m.Webhook != nil {
				t.Fatalf("an unproved webhook got %s", m.Topic)
			}
		}
		// Failing leaves it as it was.
		b.answers(func(context.Context, *Message) error { return Fail("webhook.status.401", nil) })
		code, err := b.Test(b.ctx, by, h.ID)
		if err != nil || code != "webhook.status.401" || b.hook("agency-1", h.ID).State != HookNew || b.hook("agency-1", h.ID).Cause != code {
			t.Fatalf("a test that failed: %q, %v, %+v", code, err, b.hook("agency-1", h.ID))
		}
		b.answers(nil)
		if _, err := b.Test(b.ctx, by, h.ID); !fault.Is(err, fault.Exhausted) {
			t.Errorf("tested again at once: %v", err)
		}
		b.pass(testEvery + time.Second)
		if code, err := b.Test(b.ctx, by, h.ID); err != nil || code != "" {
			t.Fatalf("a test: %q, %v", code, err)
		}
		if m := b.newest(); m.Topic != testTopic || string(m.Webhook.Secret) != secret || m.Webhook.Next != nil {
			t.Fatalf("the test was %+v", m)
		}
		b.put(b.out, "b")
		b.round(b.out)
		if m := b.newest(); m.Topic != "assessment.due" || string(m.Webhook.Secret) != secret || m.Webhook.ID != h.ID {
			t.Fatalf("a notice went as %+v", m)
		}

		second, err := b.Rotate(b.ctx, by, h.ID)
		b.must(err)
		b.put(b.out, "c")
		b.round(b.out)
		if m := b.newest(); string(m.Webhook.Secret) != secret || string(m.Webhook.Next) != second || second == secret {
			t.Fatal("both secrets do not sign while one takes the other's place")
		}
		b.pass(testEvery + time.Second)
		if code, err := b.Test(b.ctx, by, h.ID); err != nil || code != "" || string(b.newest().Webhook.Secret) != second {
			t.Fatalf("the new secret is not what is tested: %q, %v", code, err)
		}
		if !b.hook("agency-1", h.ID).Rotating.IsZero() {
			t.Error("the proved secret is still beside the old one")
		}
		third, err := b.Rotate(b.ctx, by, h.ID)
		b.must(err)
		b.pass(Overlap - time.Minute)
		b.put(b.out, "d")
		b.round(b.out)
		if m := b.newest(); string(m.Webhook.Secret) != second || string(m.Webhook.Next) != third {
			t.Error("the overlap ended too soon")
		}
		b.pass(2 * time.Minute)
		b.put(b.out, "e")
		b.round(b.out)
		if m := b.newest(); string(m.Webhook.Secret) != third || m.Webhook.Next != nil {
			t.Error("after the overlap the old secret still signs")
		}

		b.must(b.End(b.ctx, by, h.ID))
		before := len(b.took())
		b.put(b.out, "f")
		b.round(b.out)
		for _, m := range b.took()[before:] {
			if m.Webhook != nil {
				t.Error("an ended webhook gets notices")
			}
		}
		for _, fn := range []func() error{
			func() error { return b.End(b.ctx, by, h.ID) },
			func() error { _, err := b.Rotate(b.ctx, by, h.ID); return err },
			func() error { _, err := b.Test(b.ctx, by, h.ID); return err },
		} {
			if err := fn(); !fault.Is(err, fault.Conflict) {
				t.Errorf("on one that has ended: %v", err)
			}
		}
		want := []string{EventRegistered, EventTested, EventTested, EventRotated, EventTested, EventRotated, EventHookEnded}
		if got := b.kinds(); !slices.Equal(got, want) {
			t.Errorf("entries %v, want %v", got, want)
		}
		// The contact officer was told, by mail, of each change.
		var told []string
		for _, m := range b.took() {
			if m.Topic == "webhook.changed" && m.Email != "" {
				told = append(told, m.Params["hookact"])
			}
		}
		if len(told) != 4 {
			t.Errorf("told by mail of %v", told)
		}
		// Nothing of a secret is in the database as it is.
		var n int
		b.must(b.main.QueryRow(b.ctx, "SELECT count(*) FROM webhooks WHERE state = 'ended' AND length(secret) = 0 AND length(next) = 0").Scan(&n))
		if n != 1 {
			t.Error("the secret of an ended webhook is kept")
		}
	})
}

// Who may not, does nothing and leaves no entry: another agency, the register,
// somebody whose second factor is stale or who is signed out.
func TestWhoMayNotTouchAWebhook(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		b := openBureau(t, env)
		h, _, err := b.Register(b.ctx, b.of("agency-1"), "https://hook.example.vn/")
		b.must(err)
		entries := b.kinds()
		for _, by := range []Person{b.of("agency-2"), b.of("")} {
			if _, err := b.Test(b.ctx, by, h.ID); !fault.Is(err, fault.NotFound) {
				t.Errorf("%q tests: %v", by.Agency, err)
			}
			if _, err := b.Rotate(b.ctx, by, h.ID); !fault.Is(err, fault.NotFound) {
				t.Errorf("%q rotates: %v", by.Agency, err)
			}
			if err := b.End(b.ctx, by, h.ID); !fault.Is(err, fault.NotFound) {
				t.Errorf("%q ends: %v", by.Agency, err)
			}
		}
		if _, _, err := b.Register(b.ctx, b.of(""), "https://hook.example.vn/b"); !fault.Is(err, fault.NotFound) {
			t.Errorf("the register registers one: %v", err)
		}
		if _, _, err := b.Register(b.ctx, Person{Agency: "agency-1"}, "https://hook.example.vn/b"); !fault.Is(err, fault.Forbidden) {
			t.Errorf("nobody registers one: %v", err)
		}
		if _, _, err := b.Register(b.ctx, b.of("agency-1"), "http://hook.example.vn/b"); !fault.Is(err, fault.Invalid) {
			t.Errorf("without TLS: %v", err)
		}
		if _, _, err := b.Register(b.ctx, b.of("agency-1"), "https://hook.example.vn/"); !fault.Is(err, fault.Conflict) {
			t.Errorf("the same twice: %v", err)
		}
		b.fresh = fault.New(fault.Forbidden, "stale")
		if _, _, err := b.Register(b.ctx, b.of("agency-1"), "https://hook.example.vn/c"); !fault.Is(err, fault.Forbidden) {
			t.Errorf("with a stale factor: %v", err)
		}
		if _, err := b.Rotate(b.ctx, b.of("agency-1"), h.ID); !fault.Is(err, fault.Forbidden) {
			t.Errorf("with a stale factor: %v", err)
		}
		b.still = fault.New(fault.Unauthenticated, "signed out")
		if _, err := b.Test(b.ctx, b.of("agency-1"), h.ID); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("signed out: %v", err)
		}
		if got := b.kinds(); !slices.Equal(got, entries) {
			t.Errorf("what was refused left entries: %v", got)
		}
		if len(b.took()) > 0 {
			t.Error("what was refused sent something")
		}
		b.fresh, b.still = nil, nil
		for i := range MaxHooks - 1 {
			_, _, err := b.Register(b.ctx, b.of("agency-1"), "https://hook.example.vn/m"+string(rune('0'+i)))
			b.must(err)
		}
		if _, _, err := b.Register(b.ctx, b.of("agency-1"), "https://hook.example.vn/more"); !fault.Is(err, fault.Exhausted) {
			t.Errorf("more than %d: %v", MaxHooks, err)
		}
		// At the machine any can be ended.
		b.must(b.End(b.ctx, Person{Actor: ledger.Actor{Kind: "cli", ID: "uid:0"}}, h.ID))
	})
}

// Sending a notice again is an act of the register's people with its entry.
func TestActsOnNoticesHaveTheirEntries(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		b := openBureau(t, env)
		id := b.put(b.out, "a")
		if err := b.Retry(b.ctx, b.of("agency-1"), id); !fault.Is(err, fault.NotFound) {
			t.Errorf("an agency sends a notice again: %v", err)
		}
		b.must(b.Retry(b.ctx, b.of(""), id))
		b.round(b.out)
		if err := b.Retry(b.ctx, b.of(""), id); !fault.Is(err, fault.Conflict) {
			t.Errorf("one that was sent: %v", err)
		}
		if got := b.kinds(); !slices.Equal(got, []string{EventRetried}) {
			t.Errorf("entries: %v", got)
		}
	})
}

// Without a way out for webhooks none is registered.
func TestNoWebhooksHere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		b := openBureau(t, env, func(c *Config) { c.Webhook = nil })
		if _, _, err := b.Register(b.ctx, b.of("agency-1"), "https://hook.example.vn/"); !fault.Is(err, fault.Unavailable) {
			t.Errorf("registered where none is sent: %v", err)
		}
	})
}
