package notify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dancu/internal/db"
	"dancu/internal/db/dbtest"
)

// post is a post office for tests: one database, its clock, and what was sent.
type post struct {
	t      *testing.T
	ctx    context.Context
	env    *dbtest.Env
	main   *db.DB
	offset atomic.Int64
	logs   bytes.Buffer

	mu    sync.Mutex // guards the rest
	book  map[string]entry
	taken []Message                                   // what senders took
	say   func(ctx context.Context, m *Message) error // what a sender answers before it takes; nil: it takes
	asked int
}

// entry is what the address book has of a recipient.
type entry struct {
	emails []string
	hooks  []Webhook
	lang   string
}

func newPost(t *testing.T, env *dbtest.Env) *post {
	t.Helper()
	p := &post{t: t, ctx: t.Context(), env: env, book: map[string]entry{}}
	p.main = env.Open(db.Main, p.clock)
	p.book["agency-1"] = entry{emails: []string{"dau-moi@haiduong.example.vn"}}
	return p
}

func (p *post) clock(c *db.Config) {
	c.ClockOffset = func() time.Duration { return time.Duration(p.offset.Load()) }
}

func (p *post) pass(d time.Duration) { p.offset.Add(int64(d)) }

// Addresses implements Addresses.
func (p *post) Addresses(_ context.Context, _ db.Querier, to string) ([]string, []Webhook, string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	e, ok := p.book[to]
	if !ok {
		return nil, nil, "", nil
	}
	return e.emails, e.hooks, e.lang, nil
}

// Send implements Sender.
func (p *post) Send(ctx context.Context, m *Message) error {
	p.mu.Lock()
	p.asked++
	say := p.say
	p.mu.Unlock()
	if say != nil {
		if err := say(ctx, m); err != nil {
			return err
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.taken = append(p.taken, *m)
	return nil
}

func (p *post) answers(say func(ctx context.Context, m *Message) error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.say = say
}

func (p *post) took() []Message {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]Message(nil), p.taken...)
}

// outbox is a node's, over a connection of its own if d is not nil.
func (p *post) outbox(change ...func(*Config)) *Outbox {
	p.t.Helper()
	cfg := Config{
		Main: p.main, Addresses: p, Mail: p, Webhook: p, Base: "https://dancu.example.vn",
		Poll: 5 * time.Millisecond, Logger: slog.New(slog.NewJSONHandler(&p.logs, nil)),
	}
	for _, c := range change {
		c(&cfg)
	}
	o, err := New(cfg)
	p.must(err)
	return o
}

// node is an outbox over a connection of its own.
func (p *post) node(change ...func(*Config)) *Outbox {
	p.t.Helper()
	d := p.env.Open(db.Main, p.clock)
	return p.outbox(append([]func(*Config){func(c *Config) { c.Main, c.Logger = d, nil }}, change...)...)
}

func (p *post) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// put writes a notice in a transaction of its own and returns its id.
func (p *post) put(o *Outbox, key string) string {
	p.t.Helper()
	p.must(p.main.Write(p.ctx, func(tx *db.Tx) error { return o.Put(p.ctx, tx, due30(key)) }))
	var id string
	p.must(p.main.QueryRow(p.ctx, "SELECT id FROM notices WHERE key = $1", key).Scan(&id))
	return id
}

// due30 is a notice as good as any.
func due30(key string) Notice {
	return Notice{Key: key, Topic: "assessment.due", To: "agency-1", Params: topicOf("assessment.due").Sample(), Link: "/agency/connections/1"}
}

// round sends all that is due now.
func (p *post) round(o *Outbox) {
	p.t.Helper()
	p.must(o.drain(p.ctx))
}

// retry begins a notice anew, as whoever asks for it does.
func (p *post) retry(o *Outbox, id string) error {
	return p.main.Write(p.ctx, func(tx *db.Tx) error { _, err := o.retry(p.ctx, tx, id); return err })
}

// show is a notice as it stands.
func (p *post) show(o *Outbox, id string) Record {
	p.t.Helper()
	r, err := o.Show(p.ctx, id)
	p.must(err)
	return r
}

// until waits for something that another goroutine brings about.
func (p *post) until(what string, ok func() bool) {
	p.t.Helper()
	for end := time.Now().Add(time.Minute); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			p.t.Fatalf("waited in vain until %s", what)
		}
	}
}

// run starts a node and returns how to stop it.
func (p *post) run(o *Outbox) (stop func()) {
	ctx, cancel := context.WithCancel(p.ctx)
	done := make(chan struct{})
	go func() { defer close(done); _ = o.Run(ctx) }()
	stop = func() { cancel(); <-done }
	p.t.Cleanup(stop)
	return stop
}

var errBusy = Fail("mail.deferred", errors.New("mailbox dau-moi@haiduong.example.vn is full"))

func key(i int) string { return fmt.Sprintf("assessment.due/%d/30", i) }
