package settings

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"maps"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
	"dancu/internal/ledger"
)

// node is a node with two settings of its own: a and b, whole numbers from 1 to
// 10, of which a is never more than b; and one that is fixed.
type node struct {
	*Store
	t  *testing.T
	mu sync.Mutex
	in map[string]string // what was applied
}

func (n *node) applied() map[string]string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return maps.Clone(n.in)
}

// registry is the database and the log that nodes share.
type registry struct {
	t    *testing.T
	main *db.DB
	log  *ledger.Log
}

func openRegistry(t *testing.T, env *dbtest.Env) *registry {
	t.Helper()
	skey, _, err := note.GenerateKey(rand.Reader, "log.example.vn/test")
	if err != nil {
		t.Fatal(err)
	}
	main := env.Open(db.Main)
	log, err := ledger.Open(t.Context(), ledger.Config{
		Main: main, Derived: env.Open(db.Derived, func(c *db.Config) { c.Relaxed = true }), Origin: "log.example.vn/test",
		SigningKey: skey, SealingKey: bytes.Repeat([]byte{7}, ledger.KeySize), Node: "test",
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); _ = log.Run(ctx) }() // searches wait for its index
	t.Cleanup(func() { cancel(); <-done; _ = log.Close() })
	return &registry{t, main, log}
}

// node starts a node whose configuration says these values of a and b.
func (r *registry) node(name, a, b string) *node {
	r.t.Helper()
	n := &node{t: r.t}
	base := map[string]string{"a": a, "b": b}
	run := &Run{Label: access.Text{VI: "x", EN: "x"}, Low: "1", High: "10"}
	n.Store = New(Config{
		Main: r.main, Log: r.log, Node: name, Every: 5 * time.Millisecond,
		Items: []Item{{Name: "a", Value: a, Default: "2", Origin: "default", Run: run}, {Name: "b", Value: b, Default: "5", Run: run}, {Name: "fixed", Value: "x"}},
		Normal: func(_, value string) (string, error) {
			i, err := strconv.Atoi(value)
			if err != nil {
				return "", fault.New(fault.Invalid, "no number")
			}
			return strconv.Itoa(i), nil
		},
		Check: func(values map[string]string) error {
			now := maps.Clone(base)
			maps.Copy(now, values)
			x, y := 0, 0
			x, _ = strconv.Atoi(now["a"])
			y, _ = strconv.Atoi(now["b"])
			if x < 1 || x > 10 || y < 1 || y > 10 || x > y {
				return fault.New(fault.Invalid, "out of bounds")
			}
			return nil
		},
		Apply: func(values map[string]string) { n.mu.Lock(); n.in = values; n.mu.Unlock() },
	})
	if err := n.Load(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
	return n
}

// change makes a change of two people.
func (r *registry) change(n *node, name, value string) error {
	p, err := n.Draft(r.t.Context(), name, value)
	if err != nil {
		return err
	}
	return r.confirm(n, p)
}

func (r *registry) confirm(n *node, p Proposed) error {
	return r.log.Write(r.t.Context(), func(tx *ledger.Tx) error {
		return n.Change(r.t.Context(), tx, p, By{Actor: ledger.Actor{Kind: "supervisor", ID: "GS-1"}, Proposer: "QT-1", Confirmer: "GS-1", Proposal: "p1", Reason: "a reason long enough"})
	})
}

func (r *registry) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// entries are the events of a kind so far, as JSON.
func (r *registry) entries(kind string) (out []string) {
	r.t.Helper()
	res, err := r.log.Search(r.t.Context(), ledger.Reader{Actor: ledger.Actor{Kind: "cli", ID: "test"}, Reason: "what the test left"}, ledger.Query{Kind: kind, Limit: 100})
	r.must(err)
	for i := range res.Records {
		out = append(out, string(res.Records[i].Part(ledger.PartEvent).Data))
	}
	return out
}

func TestAChangeHasItsEntry(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		r := openRegistry(t, env)
		n := r.node("n1", "2", "5")
		r.must(r.change(n, "a", "04"))
		got := r.entries(EventChanged)
		if len(got) != 1 {
			t.Fatalf("%d entries", len(got))
		}
		var e struct{ Setting, Was, Value, Proposer, Confirmer, Reason, Proposal string }
		r.must(json.Unmarshal([]byte(got[0]), &e))
		if e.Setting != "a" || e.Was != "2" || e.Value != "4" || e.Proposer != "QT-1" || e.Confirmer != "GS-1" || e.Reason == "" || e.Proposal != "p1" {
			t.Errorf("the entry says %+v", e)
		}
		h, err := n.History(t.Context(), "a", 10)
		if err != nil || len(h) != 1 || h[0].Was != "2" || h[0].Value != "4" || h[0].Reason != e.Reason || h[0].Made.IsZero() {
			t.Errorf("the history: %+v, %v", h, err)
		}
	})
}

func TestBounds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		r := openRegistry(t, env)
		n := r.node("n1", "2", "5")
		for _, c := range []struct {
			name, value string
			kind        fault.Kind
		}{
			{"a", "0", fault.Invalid},
			{"a", "-1", fault.Invalid},
			{"b", "11", fault.Invalid},
			{"a", "6", fault.Invalid}, // more than b
			{"b", "1", fault.Invalid}, // less than a
			{"a", "x", fault.Invalid},
			{"a", "1; DROP", fault.Invalid},
			{"fixed", "y", fault.Invalid},
			{"nothing", "1", fault.NotFound},
			{"a", "2", fault.Conflict},
			{"a", "", fault.Conflict},
		} {
			if err := r.change(n, c.name, c.value); !fault.Is(err, c.kind) {
				t.Errorf("%s = %q: %v, want %s", c.name, c.value, err, c.kind)
			}
		}
		if got := r.entries(EventChanged); len(got) != 0 {
			t.Errorf("what was refused left entries: %v", got)
		}
		r.must(r.change(n, "a", "1"))
		r.must(r.change(n, "b", "10"))
		r.must(r.change(n, "a", "10"))
	})
}

// What holds has changed since it was proposed: it is decided again.
func TestTheSecondOfTwoChangesIsDecidedAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		r := openRegistry(t, env)
		n := r.node("n1", "2", "5")
		first, err := n.Draft(t.Context(), "a", "3")
		r.must(err)
		second, err := n.Draft(t.Context(), "a", "4")
		r.must(err)
		lower, err := n.Draft(t.Context(), "b", "2")
		r.must(err)
		r.must(r.confirm(n, first))
		if err := r.confirm(n, second); !fault.Is(err, fault.Conflict) {
			t.Errorf("the second: %v", err)
		}
		if err := r.confirm(n, lower); !fault.Is(err, fault.Invalid) {
			t.Errorf("what no longer goes together: %v", err)
		}
	})
}

func TestASecondNodeSeesIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		r := openRegistry(t, env)
		one, two := r.node("n1", "2", "5"), r.node("n2", "1", "5")
		ctx, cancel := context.WithCancel(t.Context())
		var runs sync.WaitGroup
		for _, n := range []*node{one, two} {
			runs.Go(func() { _ = n.Run(ctx) })
		}
		defer func() { cancel(); runs.Wait() }()
		until := func(what string, ok func() bool) {
			for end := time.Now().Add(30 * time.Second); !ok(); time.Sleep(2 * time.Millisecond) {
				if time.Now().After(end) {
					t.Fatalf("never: %s", what)
				}
			}
		}
		r.must(r.change(one, "a", "3"))
		for _, n := range []*node{one, two} {
			until("a node goes by a change", func() bool { return n.applied()["a"] == "3" })
			row, err := n.Find("a")
			if err != nil || row.InForce != "3" || row.Changed == nil || row.Changed.Proposer != "QT-1" {
				t.Errorf("it stands as %+v, %v", row, err)
			}
		}
		// Taken back, each node has its own again.
		r.must(r.change(two, "a", ""))
		for _, n := range []*node{one, two} {
			until("a node goes by its configuration again", func() bool { _, ok := n.applied()["a"]; return !ok })
		}
		if a, b := rowOf(t, one, "a"), rowOf(t, two, "a"); a.InForce != "2" || b.InForce != "1" || a.Changed != nil {
			t.Errorf("they have %q and %q", a.InForce, b.InForce)
		}
	})
}

func rowOf(t *testing.T, n *node, name string) Row {
	t.Helper()
	row, err := n.Find(name)
	if err != nil {
		t.Fatal(err)
	}
	return row
}

func TestAChangeOutlivesARestart(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		r := openRegistry(t, env)
		r.must(r.change(r.node("n1", "2", "5"), "a", "4"))
		r.must(r.change(r.node("n1", "2", "5"), "b", "6"))
		again := r.node("n1", "2", "5")
		if got := again.applied(); got["a"] != "4" || got["b"] != "6" {
			t.Errorf("after a restart: %v", got)
		}
	})
}

// What no longer holds, since the configuration under it is another, is left out
// and says so; the rest holds.
func TestWhatNoLongerHoldsIsLeftOut(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		r := openRegistry(t, env)
		r.must(r.change(r.node("n1", "2", "8"), "a", "7"))
		later := r.node("n1", "2", "5") // b is less than 7 now
		if got := later.applied(); len(got) != 0 {
			t.Errorf("applied: %v", got)
		}
		if row := rowOf(t, later, "a"); row.InForce != "2" || row.Out == "" || row.Changed != nil {
			t.Errorf("it stands as %+v", row)
		}
		r.must(r.change(later, "a", "")) // and can be taken back
	})
}

// A configuration that is another than at the last start of the node is an
// entry, with what differs; one that is the same is none.
func TestAnotherConfigurationIsAnEntry(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		r := openRegistry(t, env)
		start := func(n *node) { r.must(n.loaded(t.Context())) }
		start(r.node("n1", "2", "5"))
		start(r.node("n2", "1", "5"))
		start(r.node("n1", "2", "5"))
		if got := r.entries(EventLoaded); len(got) != 0 {
			t.Fatalf("first and same starts left %v", got)
		}
		start(r.node("n1", "3", "5"))
		got := r.entries(EventLoaded)
		if len(got) != 1 || !strings.Contains(got[0], `{"setting":"a","value":"3","was":"2"}`) || strings.Contains(got[0], `"b"`) || !strings.Contains(got[0], `"n1"`) {
			t.Errorf("the entry says %v", got)
		}
		start(r.node("n1", "3", "5"))
		if got := r.entries(EventLoaded); len(got) != 1 {
			t.Errorf("told twice: %v", got)
		}
	})
}
