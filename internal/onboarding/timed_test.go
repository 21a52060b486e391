package onboarding

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/internal/ledger"
)

// timed is an office whose clocks, the database's among them, can be moved.
type timed struct {
	*office
	offset *atomic.Int64
	keys   logKeys
}

// newTimed opens one that begins at a moment. The log takes a step of the
// clock for good at once.
func newTimed(t testing.TB, env *dbtest.Env, begin time.Time, opts ...func(*Config)) *timed {
	t.Helper()
	d := &timed{offset: new(atomic.Int64), keys: newLogKeys(t)}
	d.goTo(begin)
	d.office = d.node(t, env, opts...)
	return d
}

// node opens a further node on the same data, with the same clock.
func (d *timed) node(t testing.TB, env *dbtest.Env, opts ...func(*Config)) *office {
	t.Helper()
	clock := func(c *db.Config) { c.ClockOffset = func() time.Duration { return time.Duration(d.offset.Load()) } }
	main := env.Open(db.Main, clock, func(c *db.Config) { c.Relaxed = true })
	log, err := ledger.Open(t.Context(), ledger.Config{
		Main: main, Derived: env.Open(db.Derived, func(c *db.Config) { c.Relaxed = true }, clock),
		Origin: "log.example.vn/test", SigningKey: d.keys.skey, SealingKey: d.keys.sealing, Node: "test", ClockHold: -1,
	})
	if err != nil {
		t.Fatal(err)
	}
	tells(t, main)
	cfg := Config{Main: main, Log: log}
	for _, o := range opts {
		o(&cfg)
	}
	return &office{New(cfg), t, t.Context(), env}
}

func (d *timed) now() time.Time { return time.Now().Add(time.Duration(d.offset.Load())) }

func (d *timed) goTo(at time.Time) { d.offset.Add(int64(at.Sub(d.now()))) }

func (d *timed) later(by time.Duration) { d.offset.Add(int64(by)) }

// noon is noon of a day in Vietnam.
func noon(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 12, 0, 0, 0, access.Zone)
}

// drawer is a vault that has a file of any id, and signatures in none.
type drawer struct{}

func (drawer) Hold(context.Context, string, ...string) error { return nil }

func (drawer) Content(context.Context, string) (string, []byte, error) {
	return "text.pdf", []byte("%PDF-1.7\nnothing is signed here\n%%EOF\n"), nil
}
