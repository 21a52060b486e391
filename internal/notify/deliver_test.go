package notify

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
)

func TestTriedAgainUntilItIsTaken(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		p := newPost(t, env)
		o := p.outbox()
		id := p.put(o, "a")
		p.answers(func(context.Context, *Message) error { return errBusy })
		p.round(o)
		p.round(o) // not due
		r := p.show(o, id)
		if r.State != Waiting || r.Attempts != 1 || r.Cause != "mail.deferred" || p.asked != 1 || r.Sending {
			t.Fatalf("after a failure: %+v, asked %d times", r, p.asked)
		}
		if wait := r.Next.Sub(p.main.Clock()); wait < 50*time.Second || wait > 66*time.Second {
			t.Errorf("the first wait is %v, want a minute or so", wait)
		}
		p.pass(45 * time.Second)
		p.round(o)
		if p.asked != 1 {
			t.Error("tried before it was due")
		}
		p.pass(25 * time.Second)
		p.answers(nil)
		p.round(o)
		r = p.show(o, id)
		if r.State != Sent || r.Attempts != 2 || r.Cause != "" || r.Settled.IsZero() || len(r.Deliveries) != 1 {
			t.Fatalf("after it was taken: %+v", r)
		}
		if d := r.Deliveries[0]; d.State != "sent" || d.Attempts != 2 || d.Target != "dau-moi@haiduong.example.vn" || d.Last.IsZero() {
			t.Errorf("the delivery: %+v", d)
		}
		if got := p.took(); got[0].ID != id {
			t.Errorf("sent as %s, want %s", got[0].ID, id)
		}
		if err := p.retry(o, id); !fault.Is(err, fault.Conflict) {
			t.Errorf("a notice that was sent can be sent anew: %v", err)
		}
	})
}

func TestGivenUpAfterTheLastAttempt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		p := newPost(t, env)
		o := p.outbox()
		id := p.put(o, "a")
		p.answers(func(context.Context, *Message) error { return errBusy })
		began := p.main.Clock()
		for i := 1; i <= 20; i++ {
			p.round(o)
			r := p.show(o, id)
			if want := map[bool]State{true: Waiting, false: Failed}[i < 20]; r.State != want || r.Attempts != i {
				t.Fatalf("after attempt %d: %s, %d attempts, want %s", i, r.State, r.Attempts, want)
			}
			if i < 20 {
				p.pass(r.Next.Sub(p.main.Clock()) + time.Second)
			}
		}
		if took := p.main.Clock().Sub(began); took < 60*time.Hour || took > 80*time.Hour {
			t.Errorf("the attempts took %v, want about three days", took)
		}
		if c, err := o.Counts(p.ctx); err != nil || c != (Counts{Failed: 1}) {
			t.Errorf("counted %+v (%v)", c, err)
		}
		p.pass(time.Hour)
		p.round(o)
		if p.asked != 20 {
			t.Errorf("tried %d times, want 20", p.asked)
		}
		// Asked for, it begins anew, under the same id.
		p.answers(nil)
		p.must(p.retry(o, id))
		p.round(o)
		if r := p.show(o, id); r.State != Sent || r.Attempts != 1 {
			t.Errorf("asked for again: %+v", r)
		}
		p.pass(31 * 24 * time.Hour)
		if c, err := o.Counts(p.ctx); err != nil || c != (Counts{}) {
			t.Errorf("counted %+v (%v)", c, err)
		}
	})
}

func TestWaitsDoubleUpToTheLongest(t *testing.T) {
	for attempt, want := range map[int]time.Duration{1: time.Minute, 2: 2 * time.Minute, 9: 256 * time.Minute, 10: 6 * time.Hour, 20: 6 * time.Hour, 100000: 6 * time.Hour} {
		if got := rest(time.Minute, 6*time.Hour, attempt); got != want {
			t.Errorf("after attempt %d: %v, want %v", attempt, got, want)
		}
	}
	differ := false
	for range 100 {
		d := jitter(time.Hour)
		if d < 54*time.Minute || d > 66*time.Minute {
			t.Fatalf("an hour became %v", d)
		}
		differ = differ || d != jitter(time.Hour)
	}
	if !differ {
		t.Error("waits are not spread")
	}
}

func TestARefusalIsForGood(t *testing.T) {
	p := newPost(t, dbtest.SQLite(t))
	o := p.outbox()
	p.book["agency-1"] = entry{emails: []string{"gone@example.vn", "here@example.vn"}, hooks: []Webhook{{ID: "hook-1"}}}
	busy := true
	p.answers(func(_ context.Context, m *Message) error {
		switch {
		case m.Email == "gone@example.vn":
			return Refuse("mail.refused", nil)
		case m.Webhook != nil && busy:
			return Fail("webhook.status.503", nil)
		}
		return nil
	})
	id := p.put(o, "a")
	p.round(o)
	if r := p.show(o, id); r.State != Waiting || r.Cause != "webhook.status.503" {
		t.Fatalf("with one to go: %+v", r)
	}
	busy = false
	p.pass(2 * time.Minute)
	p.round(o)
	r := p.show(o, id)
	if r.State != Failed || r.Cause != "mail.refused" {
		t.Fatalf("with one refusal: %+v", r)
	}
	// Each of them was asked as often as it had to be.
	want := map[string]int{"gone@example.vn": 1, "here@example.vn": 1, "hook-1": 2}
	for _, d := range r.Deliveries {
		if d.Attempts != want[d.Target] {
			t.Errorf("%s: %d attempts, want %d", d.Target, d.Attempts, want[d.Target])
		}
	}
	// Put right, the notice goes to the new mailbox only.
	p.book["agency-1"] = entry{emails: []string{"new@example.vn", "here@example.vn"}, hooks: []Webhook{{ID: "hook-1"}}}
	p.must(p.retry(o, id))
	before := len(p.took())
	p.round(o)
	if got := p.took()[before:]; len(got) != 1 || got[0].Email != "new@example.vn" {
		t.Errorf("sent anew to %d, want the new mailbox alone", len(got))
	}
	if r := p.show(o, id); r.State != Sent {
		t.Errorf("in the end: %+v", r)
	}
}

func TestNobodyToTellIsTriedAgain(t *testing.T) {
	p := newPost(t, dbtest.SQLite(t))
	o := p.outbox()
	delete(p.book, "agency-1")
	id := p.put(o, "a")
	p.round(o)
	if r := p.show(o, id); r.State != Waiting || r.Cause != "addresses.none" {
		t.Fatalf("%+v", r)
	}
	many := make([]string, MaxTargets+1)
	for i := range many {
		many[i] = key(i) + "@example.vn"
	}
	p.book["agency-1"] = entry{emails: many}
	p.must(p.retry(o, id))
	p.round(o)
	if r := p.show(o, id); r.State != Waiting || r.Cause != "addresses.too_many" || len(p.took()) != 0 {
		t.Fatalf("%+v", r)
	}
	p.book["agency-1"] = entry{emails: append(many[:MaxTargets:MaxTargets], many[0])}
	p.must(p.retry(o, id))
	p.round(o)
	if r := p.show(o, id); r.State != Sent || len(p.took()) != MaxTargets {
		t.Fatalf("%+v, %d sent", r, len(p.took()))
	}
}

func TestEachNoticeOnceWithTwoNodes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		p := newPost(t, env)
		const n = 40
		a, b := p.node(), p.node()
		if env.Engine == db.SQLite {
			// There is one node over SQLite files: two outboxes share its door.
			a, b = p.outbox(), p.outbox()
		}
		for i := range n {
			p.put(a, key(i))
		}
		p.answers(func(context.Context, *Message) error { time.Sleep(10 * time.Millisecond); return nil })
		p.run(a)
		p.run(b)
		p.until("all are sent", func() bool {
			c, err := a.Counts(p.ctx)
			p.must(err)
			return c.Waiting == 0
		})
		seen := map[string]int{}
		for _, m := range p.took() {
			seen[m.ID]++
		}
		if len(seen) != n || len(p.took()) != n {
			t.Errorf("%d notices were sent %d times", len(seen), len(p.took()))
		}
		one, other := a.Stats().MailSent, b.Stats().MailSent
		if one+other != n || one == 0 || other == 0 {
			t.Errorf("one node sent %d, the other %d", one, other)
		}
	})
}

// A node that took a notice and was not heard of again, after it had sent it:
// another sends it again, under the same id.
func TestTakenOverAfterTheClaim(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		p := newPost(t, env)
		dead, alive := p.node(), p.node()
		id := p.put(dead, "a")
		sent, wake := make(chan struct{}), make(chan struct{})
		var first atomic.Bool
		p.answers(func(ctx context.Context, m *Message) error {
			if first.CompareAndSwap(false, true) {
				p.mu.Lock()
				p.taken = append(p.taken, *m)
				p.mu.Unlock()
				close(sent)
				<-wake
				return errBusy
			}
			return nil
		})
		done := make(chan error)
		go func() { done <- dead.drain(p.ctx) }()
		<-sent
		if r := p.show(alive, id); !r.Sending {
			t.Errorf("while it is sent: %+v", r)
		}
		if err := p.retry(alive, id); !fault.Is(err, fault.Conflict) {
			t.Errorf("asked for while it is sent: %v", err)
		}
		p.pass(5*time.Minute - 10*time.Second)
		p.round(alive)
		if len(p.took()) != 1 {
			t.Fatal("taken over while the claim holds")
		}
		p.pass(20 * time.Second)
		p.round(alive)
		got := p.took()
		if len(got) != 2 || got[0].ID != id || got[1].ID != id {
			t.Fatalf("sent %d times", len(got))
		}
		// The first comes back, late: what it has to say changes nothing.
		close(wake)
		p.must(<-done)
		if r := p.show(alive, id); r.State != Sent || r.Deliveries[0].State != "sent" || r.Attempts != 2 {
			t.Errorf("in the end: %+v", r)
		}
	})
}

// The message left and the record of it could not be written.
func TestSentAgainUnderTheSameIDWhenTheRecordFails(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		p := newPost(t, env)
		var broken atomic.Bool
		d := p.env.Open(db.Main, p.clock, func(c *db.Config) {
			c.Fault = func(string) error {
				if broken.Load() {
					return errors.New("no disk")
				}
				return nil
			}
		})
		o := p.outbox(func(c *Config) { c.Main = d })
		id := p.put(o, "a")
		p.answers(func(context.Context, *Message) error { broken.Store(true); return nil })
		if err := o.drain(p.ctx); err == nil {
			t.Fatal("the record failed unnoticed")
		}
		broken.Store(false)
		p.answers(nil)
		p.round(o) // the claim holds
		p.pass(5*time.Minute + time.Second)
		p.round(o)
		if got := p.took(); len(got) != 2 || got[0].ID != id || got[1].ID != id {
			t.Errorf("sent %d times", len(got))
		}
		if r := p.show(o, id); r.State != Sent {
			t.Errorf("in the end: %+v", r)
		}
	})
}

func TestAStopEndsWhatIsUnderWay(t *testing.T) {
	p := newPost(t, dbtest.SQLite(t))
	// One that ends within the grace is on record.
	o := p.outbox()
	id := p.put(o, "a")
	under := make(chan struct{})
	p.answers(func(context.Context, *Message) error { close(under); time.Sleep(50 * time.Millisecond); return nil })
	stop := p.run(o)
	<-under
	stop()
	if r := p.show(o, id); r.State != Sent {
		t.Errorf("a delivery under way at the stop: %+v", r)
	}
	// One that does not is left to the next node, at once and with its attempt.
	o = p.outbox(func(c *Config) { c.Grace = 30 * time.Millisecond })
	id = p.put(o, "b")
	under = make(chan struct{})
	p.answers(func(ctx context.Context, _ *Message) error { close(under); <-ctx.Done(); return ctx.Err() })
	stop = p.run(o)
	<-under
	began := time.Now()
	stop()
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("the stop took %v", took)
	}
	if r := p.show(o, id); r.State != Waiting || r.Attempts != 0 || r.Sending || r.Next.After(p.main.Clock()) {
		t.Errorf("a delivery broken off by the stop: %+v", r)
	}
}

func TestADeliveryHasItsTime(t *testing.T) {
	p := newPost(t, dbtest.SQLite(t))
	o := p.outbox(func(c *Config) { c.SendTime = 200 * time.Millisecond })
	var left time.Duration
	p.answers(func(ctx context.Context, _ *Message) error {
		end, _ := ctx.Deadline()
		left = time.Until(end)
		<-ctx.Done()
		return ctx.Err()
	})
	id := p.put(o, "a")
	p.round(o)
	if r := p.show(o, id); r.State != Waiting || r.Cause != "timeout" || left > 200*time.Millisecond || left < 50*time.Millisecond {
		t.Errorf("%+v, %v were left", r, left)
	}
}

func TestLogsNameNobody(t *testing.T) {
	p := newPost(t, dbtest.SQLite(t))
	o := p.outbox(func(c *Config) { c.Attempts = 2 })
	id := p.put(o, "a")
	p.answers(func(context.Context, *Message) error { return errBusy })
	p.round(o)
	p.pass(time.Hour)
	p.round(o)
	p.answers(nil)
	p.put(o, "b")
	p.round(o)
	logs := p.logs.String()
	if !strings.Contains(logs, id) || !strings.Contains(logs, "assessment.due") || !strings.Contains(logs, "given up") || !strings.Contains(logs, "delivered") {
		t.Fatalf("the logs do not tell what happened: %s", logs)
	}
	for _, s := range []string{"dau-moi", "haiduong", "27/2026", "full", "/agency/"} {
		if strings.Contains(logs, s) {
			t.Errorf("the logs have %q: %s", s, logs)
		}
	}
}

func TestListPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		p := newPost(t, env)
		o := p.outbox()
		var ids []string
		for i := range 7 {
			ids = append(ids, p.put(o, key(i)))
		}
		p.must(p.main.Write(p.ctx, func(tx *db.Tx) error {
			return o.Put(p.ctx, tx, Notice{Key: "t", Topic: "task.overdue", To: "operator", Params: topicOf("task.overdue").Sample()})
		}))
		p.answers(func(_ context.Context, m *Message) error {
			if m.ID == ids[0] || m.ID == ids[3] {
				return errBusy
			}
			return nil
		})
		p.round(o)
		var got []string
		f := Filter{Topic: "assessment.", To: "agency-1", Limit: 3}
		for {
			page, err := o.List(p.ctx, f)
			p.must(err)
			if len(page) == 0 {
				break
			}
			for _, r := range page {
				got = append(got, r.ID)
				if len(r.Deliveries) != 1 {
					t.Errorf("%s has %d deliveries", r.ID, len(r.Deliveries))
				}
			}
			f.Before = page[len(page)-1].ID
		}
		if len(got) != 7 {
			t.Fatalf("listed %d, want 7", len(got))
		}
		for i, id := range got {
			if id != ids[6-i] {
				t.Errorf("place %d is %s, want the newest first", i, id)
			}
		}
		for _, c := range []struct {
			f    Filter
			want int
		}{
			{Filter{State: Waiting}, 3},
			{Filter{State: Sent}, 5},
			{Filter{Topic: "task.overdue"}, 1},
			{Filter{Topic: "assess"}, 0},
			{Filter{To: "operator"}, 1},
			{Filter{To: "operator", State: Sent}, 0},
			{Filter{Limit: MaxList}, 8},
		} {
			page, err := o.List(p.ctx, c.f)
			if err != nil || len(page) != c.want {
				t.Errorf("%+v: %d notices (%v), want %d", c.f, len(page), err, c.want)
			}
		}
		for _, n := range []int{-1, MaxList + 1} {
			if _, err := o.List(p.ctx, Filter{Limit: n}); !fault.Is(err, fault.Invalid) {
				t.Errorf("a page of %d: %v", n, err)
			}
		}
		if _, err := o.Show(p.ctx, "nothing"); !fault.Is(err, fault.NotFound) {
			t.Errorf("a notice that is not there: %v", err)
		}
		if err := p.retry(o, "nothing"); !fault.Is(err, fault.NotFound) {
			t.Errorf("a notice that is not there, again: %v", err)
		}
	})
}

func TestSettingsHoldTogether(t *testing.T) {
	p := newPost(t, dbtest.SQLite(t))
	for _, c := range []struct {
		change func(*Config)
		ok     bool
	}{
		{func(c *Config) { c.Attempts, c.Workers = 1, 1 }, true},
		{func(c *Config) { c.Attempts, c.Workers = 1000, 64 }, true},
		{func(c *Config) { c.Attempts = 1001 }, false},
		{func(c *Config) { c.Attempts = -1 }, false},
		{func(c *Config) { c.Workers = 65 }, false},
		{func(c *Config) { c.FirstWait, c.MaxWait = time.Hour, time.Hour }, true},
		{func(c *Config) { c.FirstWait, c.MaxWait = time.Hour, time.Minute }, false},
		{func(c *Config) { c.SendTime, c.Claim = time.Minute, 2*time.Minute }, true},
		{func(c *Config) { c.SendTime, c.Claim = time.Minute, 2*time.Minute-1 }, false},
		{func(c *Config) { c.Addresses = nil }, false},
	} {
		cfg := Config{Main: p.main, Addresses: p, Mail: p}
		c.change(&cfg)
		if _, err := New(cfg); (err == nil) != c.ok {
			t.Errorf("%+v: %v", cfg, err)
		}
	}
}
