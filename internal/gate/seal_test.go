package gate

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"dancu/internal/access"
	"dancu/internal/db/dbtest"
	"dancu/internal/ledger"
)

// TestASealStandsInTheEntry: what is looked up for a sealed procedure says so in
// its entry, with basis and end, refused or answered; nothing else does. A seal
// that comes between the first look and the commit is in the entry, too.
func TestASealStandsInTheEntry(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		w := start(t, env)
		end := w.main.Clock().Add(90 * 24 * time.Hour).UTC().Truncate(time.Second)
		seal := access.Seal{Procedure: procedure, Class: access.Withheld, Basis: access.Text{VI: "Điều 1"}, Until: end}
		w.connect("a")
		w.expect(w.call("a", 1), access.Allowed)
		w.alter("a", func(c *access.Connection) { c.Seals = []access.Seal{seal} })
		w.expect(w.call("a", 2), access.Allowed)
		w.expect(w.call("a", 3, func(c *Call) { c.Fields = access.AllFields }), access.GrantField)
		w.alter("a", func(c *access.Connection) { c.Seals[0].Class, c.Seals[0].Days = access.Delayed, 30 })
		w.expect(w.call("a", 4), access.Allowed)
		w.alter("a", func(c *access.Connection) { c.Seals[0].Procedure = "9.999999" })
		w.expect(w.call("a", 5), access.Allowed)

		// Decided and built before the seal, committed after it.
		p, err := w.gate.prepared(w.call("a", 6))
		if err != nil {
			t.Fatal(err)
		}
		refused, err := w.gate.prepared(w.call("a", 7, func(c *Call) { c.Fields = access.AllFields }))
		if err != nil {
			t.Fatal(err)
		}
		w.alter("a", func(c *access.Connection) { c.Seals = []access.Seal{seal} })
		w.gate.commit([]*proposal{p, refused})
		if refused.err != nil || refused.code != access.GrantField {
			t.Fatalf("committed with %v, %q", refused.err, refused.code)
		}
		if p.err != nil || p.code != access.Allowed {
			t.Fatalf("committed with %v, %q", p.err, p.code)
		}

		want := map[string]access.SealClass{pin(1): "", pin(2): access.Withheld, pin(3): access.Withheld, pin(4): access.Delayed, pin(5): "", pin(6): access.Withheld, pin(7): access.Withheld}
		for _, e := range w.bodies("call.lookup") {
			var a struct{ Seal *access.Sealed }
			var k struct{ PIN string }
			if json.Unmarshal(e[ledger.PartAccess], &a) != nil || json.Unmarshal(e[ledger.PartKeys], &k) != nil {
				t.Fatalf("an entry that cannot be read: %s", e[ledger.PartAccess])
			}
			class, ok := want[k.PIN]
			if !ok {
				t.Errorf("another entry: %s", k.PIN)
				continue
			}
			delete(want, k.PIN)
			switch {
			case class == "" && a.Seal != nil, class != "" && (a.Seal == nil || a.Seal.Class != class || a.Seal.Basis != "Điều 1"):
				t.Errorf("%s: seal %+v, want class %q", k.PIN, a.Seal, class)
			case class == access.Withheld && !a.Seal.Until.Equal(end):
				t.Errorf("%s: until %s, want %s", k.PIN, a.Seal.Until, end)
			case class == access.Delayed && a.Seal.Until.Sub(w.main.Clock().AddDate(0, 0, 30)).Abs() > time.Minute:
				t.Errorf("%s: until %s", k.PIN, a.Seal.Until)
			}
		}
		if len(want) > 0 {
			t.Errorf("not in the log: %v", want)
		}
		if r := w.fsck(nil); !r.OK() {
			t.Errorf("fsck: %+v", r.Findings)
		}
	})
}

// prepared takes a call to where it would wait for its commit.
func (g *Gate) prepared(c *Call) (*proposal, error) {
	p := &proposal{call: c, dir: g.Directory(), done: make(chan struct{})}
	p.stand()
	p.request = c.request()
	p.decision = access.Decide(&p.standing, &p.request, g.cfg.Main.Clock())
	if p.decision.Allowed() {
		if err := g.fetch(context.Background(), p); err != nil {
			return nil, err
		}
	}
	return p, g.build(p)
}
