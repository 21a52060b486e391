package gate

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dancu/internal/access"
	"dancu/internal/db/dbtest"
)

// TestSeveralNodesCountAndObeyAsOne runs three gates over one PostgreSQL: the
// limit is reached by all of them together and locked once, and after a
// suspension's entry no node answers any more.
func TestSeveralNodesCountAndObeyAsOne(t *testing.T) {
	const limit = 300
	env := dbtest.Postgres(t)
	nodes := []*world{start(t, env)}
	for range 2 {
		n := &world{t: t, env: env, signer: nodes[0].signer, vkey: nodes[0].vkey, kek: nodes[0].kek}
		n.consents.byID = map[string]*access.Consent{}
		n.open()
		t.Cleanup(n.close)
		nodes = append(nodes, n)
	}
	first := nodes[0]
	first.connect("a", func(c *access.Connection) { c.Limit.Calls = limit })
	first.connect("b", func(c *access.Connection) { c.Limit.Calls = 1 << 40 })

	var mu sync.Mutex
	var receipts [][]byte
	// run calls on every node until the code comes.
	run := func(system string, until access.Code, answered *atomic.Int64) (wait func()) {
		var wg sync.WaitGroup
		for _, n := range nodes {
			for i := range 8 {
				wg.Go(func() {
					for {
						a, code := n.do(n.call(system, i))
						switch code {
						case access.Allowed:
							answered.Add(1)
							mu.Lock()
							receipts = append(receipts, a.Receipt)
							mu.Unlock()
						case until:
							return
						case access.UnknownCredential: // this node has not heard of the system yet
							time.Sleep(time.Millisecond)
						default:
							t.Errorf("got %q", code)
							return
						}
					}
				})
			}
		}
		return wg.Wait
	}
	var a, b atomic.Int64
	run("a", access.ConnectionVolume, &a)()
	if a.Load() != limit || first.answered("a") != limit || first.counted("a") != limit {
		t.Errorf("%d answers, %d entries, %d counted under a limit of %d", a.Load(), first.answered("a"), first.counted("a"), limit)
	}
	if got := len(first.rows("connection.locked")); got != 1 {
		t.Errorf("%d locks, want 1", got)
	}

	wait := run("b", access.ConnectionSuspended, &b)
	for deadline := time.Now().Add(30 * time.Second); b.Load() < 200 && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
	at := nodes[1].alter("b", func(c *access.Connection) { c.State = access.Suspended })
	wait()
	for _, r := range first.rows("call.") {
		if r.connection == "b" && r.code == "" && r.index > at {
			t.Errorf("an answer stands at %d, after the suspension at %d", r.index, at)
		}
	}
	first.audit(receipts, "a", "b")
}
