package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"dancu/internal/db"
)

// Channel is a way out.
type Channel string

// The channels.
const (
	Mail    Channel = "mail"
	WebHook Channel = "webhook"
)

// MaxTargets is how many mailboxes and webhooks one recipient may have
// together.
const MaxTargets = 32

// Run sends what is due until ctx ends. What is under way then has the grace
// to end; what does not is left to the next node. A database that does not
// answer is waited for: notices never stop a node.
func (o *Outbox) Run(ctx context.Context) error {
	if !o.Delivers() {
		<-ctx.Done()
		return nil
	}
	var workers sync.WaitGroup
	for i := range o.cfg.Workers {
		workers.Go(func() { o.work(ctx, i == 0) })
	}
	workers.Wait()
	return nil
}

// work is one worker; the first also releases held notices.
func (o *Outbox) work(ctx context.Context, first bool) {
	for ctx.Err() == nil {
		err := o.drain(ctx)
		if err == nil && first {
			err = o.releaseHeld(ctx)
		}
		if err != nil && ctx.Err() == nil {
			// It is tried again: the rows are there.
			o.cfg.Logger.Warn("couldn't send notices", "error", err)
		}
		pause := time.NewTimer(jitter(o.cfg.Poll))
		select {
		case <-ctx.Done():
		case <-pause.C:
		}
		pause.Stop()
	}
}

// drain sends until nothing is due.
func (o *Outbox) drain(ctx context.Context) error {
	for ctx.Err() == nil {
		// Asked of a reader first: mostly there is nothing, and then the writer
		// is left to the log.
		some, err := due(ctx, o.cfg.Main, o.cfg.Main.Clock())
		if err != nil || !some {
			return err
		}
		var n *row
		err = o.cfg.Main.Write(ctx, func(tx *db.Tx) error {
			now := o.cfg.Main.Clock()
			var err error
			n, err = claimNotice(ctx, tx, now, now.Add(o.cfg.Claim), token())
			return err
		})
		if err != nil {
			return err
		}
		if n == nil {
			continue // somebody else was quicker
		}
		if err := o.deliver(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

func (o *Outbox) releaseHeld(ctx context.Context) error {
	since := o.cfg.Main.Clock().Add(-o.cfg.HeldFor)
	if some, err := heldSince(ctx, o.cfg.Main, since); err != nil || !some {
		return err
	}
	return o.cfg.Main.Write(ctx, func(tx *db.Tx) error { return release(ctx, tx, o.cfg.Main.Clock(), since) })
}

// deliver takes a claimed notice to all who have not had it yet, and settles
// the claim. Each delivery is on record before the next begins, so that a crash
// repeats one of them at most.
func (o *Outbox) deliver(stop context.Context, n *row) error {
	// A stop does not break off what is under way before the grace is over.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(stop), o.cfg.Claim)
	defer cancel()
	defer context.AfterFunc(stop, func() { time.AfterFunc(o.cfg.Grace, cancel) })()
	ends := time.Now().Add(o.cfg.Claim - o.cfg.SendTime) // no delivery begins later

	todo, m, err := o.prepare(ctx, n)
	if err != nil {
		todo, n.cause = nil, CodeOf(err)
		o.cfg.Logger.Warn("couldn't prepare a notice", "topic", n.topic, "id", n.id, "error", err)
	}
	unsettled, never := err != nil, ""
	for i := range todo {
		t := &todo[i].target
		if t.state == refused {
			never = t.cause
		}
		if t.state != Waiting {
			continue
		}
		if stop.Err() != nil || time.Now().After(ends) {
			return o.handBack(ctx, n)
		}
		err := o.send(ctx, m, &todo[i])
		if err != nil && stop.Err() != nil && ctx.Err() != nil {
			return o.handBack(ctx, n) // broken off by us: no fault of theirs
		}
		t.attempts, t.last, t.cause = t.attempts+1, o.cfg.Main.Clock(), CodeOf(err)
		switch {
		case err == nil:
			t.state = Sent
		case IsRefused(err):
			t.state, never = refused, t.cause
		default:
			unsettled, n.cause = true, t.cause
		}
		o.count(t.channel, err == nil)
		o.tell(n, t)
		if err := o.save(ctx, func(tx *db.Tx) error { return saveTarget(ctx, tx, t) }); err != nil {
			return err
		}
	}
	now := o.cfg.Main.Clock()
	switch {
	case unsettled && n.attempts < o.pace.Load().Attempts:
		n.next = now.Add(o.wait(n.attempts))
	case unsettled:
		n.state, n.settled = Failed, now
	case never != "":
		n.state, n.settled, n.cause = Failed, now, never
	default:
		n.state, n.settled, n.cause = Sent, now, ""
	}
	if n.state == Failed {
		o.cfg.Logger.Error("a notice was given up", "topic", n.topic, "id", n.id, "code", n.cause, "attempts", n.attempts)
	}
	return o.settle(ctx, n)
}

// handBack ends a claim without an attempt: the notice is due again at once.
func (o *Outbox) handBack(ctx context.Context, n *row) error {
	n.attempts, n.next = n.attempts-1, o.cfg.Main.Clock()
	return o.settle(ctx, n)
}

func (o *Outbox) settle(ctx context.Context, n *row) error {
	return o.save(ctx, func(tx *db.Tx) error {
		mine, err := settleNotice(ctx, tx, n)
		if err == nil && !mine {
			o.cfg.Logger.Warn("another node took a notice over", "topic", n.topic, "id", n.id)
		}
		return err
	})
}

// save writes what has happened, even if the time for sending is over.
func (o *Outbox) save(ctx context.Context, fn func(*db.Tx) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), o.cfg.SendTime)
	defer cancel()
	return o.cfg.Main.Write(ctx, fn)
}

// delivery is a target and what is needed to reach it.
type delivery struct {
	target
	hook *Webhook
}

// prepare finds out who is to have a notice, who has had it, and what it says.
func (o *Outbox) prepare(ctx context.Context, n *row) ([]delivery, *Message, error) {
	emails, hooks, lang, err := o.cfg.Addresses.Addresses(ctx, o.cfg.Main, n.to)
	if err != nil {
		return nil, nil, Fail("addresses.unavailable", err)
	}
	if o.cfg.Webhook != nil && o.cfg.Box != nil {
		own, err := o.registered(ctx, n.to)
		if err != nil {
			return nil, nil, err
		}
		hooks = append(hooks, own...)
	}
	var todo []delivery
	add := func(c Channel, name string, h *Webhook) {
		if !slices.ContainsFunc(todo, func(d delivery) bool { return d.channel == c && d.name == name }) {
			todo = append(todo, delivery{target{notice: n.id, channel: c, name: name, state: Waiting}, h})
		}
	}
	if o.cfg.Mail != nil {
		for _, e := range emails {
			add(Mail, e, nil)
		}
	}
	if o.cfg.Webhook != nil {
		for i := range hooks {
			add(WebHook, hooks[i].ID, &hooks[i])
		}
	}
	switch {
	case len(todo) == 0:
		return nil, nil, Fail("addresses.none", nil)
	case len(todo) > MaxTargets:
		return nil, nil, Fail("addresses.too_many", nil)
	}
	before, err := targetsOf(ctx, o.cfg.Main, n.id)
	if err != nil {
		return nil, nil, err
	}
	for _, b := range before {
		for i := range todo {
			if todo[i].channel == b.channel && todo[i].name == b.name {
				todo[i].target = b
			}
		}
	}
	m, err := o.message(n, lang)
	return todo, m, err
}

// message renders a notice.
func (o *Outbox) message(n *row, lang string) (*Message, error) {
	t := topicOf(n.topic)
	if t == nil {
		// Written by a newer version; a node of that one will send it.
		return nil, Fail("topic.unknown", nil)
	}
	m := &Message{ID: n.id, Topic: n.topic, To: n.to, Time: n.created, Name: o.cfg.Name, Params: map[string]string{}}
	if err := json.Unmarshal([]byte(n.params), &m.Params); err != nil {
		return nil, fmt.Errorf("couldn't read a notice's values: %w", err)
	}
	if n.link != "" && o.cfg.Base != "" {
		m.URL = o.cfg.Base + n.link
	}
	m.Texts = t.Render(m.Params)
	if lang == "en" {
		slices.Reverse(m.Texts)
	}
	return m, nil
}

// send makes one delivery.
func (o *Outbox) send(ctx context.Context, m *Message, d *delivery) error {
	ctx, cancel := context.WithTimeout(ctx, o.cfg.SendTime)
	defer cancel()
	one := *m
	if d.channel == Mail {
		one.Email = d.name
		return o.cfg.Mail.Send(ctx, &one)
	}
	one.Webhook = d.hook
	return o.cfg.Webhook.Send(ctx, &one)
}

// tell logs a delivery: topic and id, never the address or the text (G10).
func (o *Outbox) tell(n *row, t *target) {
	if t.state == Sent {
		o.cfg.Logger.Info("a notice was delivered", "topic", n.topic, "id", n.id, "channel", string(t.channel), "attempt", t.attempts)
		return
	}
	o.cfg.Logger.Warn("a notice was not delivered", "topic", n.topic, "id", n.id, "channel", string(t.channel), "attempt", t.attempts, "code", t.cause)
}

func (o *Outbox) count(c Channel, ok bool) {
	switch {
	case c == Mail && ok:
		o.stats.mailSent.Add(1)
	case c == Mail:
		o.stats.mailFailed.Add(1)
	case ok:
		o.stats.webhookSent.Add(1)
	default:
		o.stats.webhookFailed.Add(1)
	}
}

// wait is how long after its attempt-th failed attempt a notice rests.
func (o *Outbox) wait(attempt int) time.Duration {
	p := o.pace.Load()
	return jitter(rest(p.FirstWait, p.MaxWait, attempt))
}

// rest doubles first with every attempt after the first, up to longest.
func rest(first, longest time.Duration, attempt int) time.Duration {
	d := first
	for range attempt - 1 {
		if d >= longest/2 {
			return longest
		}
		d *= 2
	}
	return min(d, longest)
}

// jitter spreads a wait by a tenth to either side, so that what failed
// together is not tried again together.
func jitter(d time.Duration) time.Duration {
	return time.Duration(float64(d) * (0.9 + 0.2*rand.Float64()))
}
