package job

import (
	"context"
	"io"
	"os"
	"os/exec"
	"testing"

	"dancu/internal/db"
	"dancu/internal/db/dbtest"
)

// nodeEnv is the variable that makes the test's program a node of the database
// it names, to be killed.
const nodeEnv = "DANCU_TEST_JOB_NODE"

// hang never ends by itself.
var hang = Kind{Name: "hang", Run: func(ctx context.Context, t *Task) error {
	t.Progress(1, 100)
	<-ctx.Done()
	return ctx.Err()
}}

// runNode is that node.
func runNode(dsn string) {
	d, err := db.Open(context.Background(), db.Config{DSN: dsn, Tree: db.Main})
	if err != nil {
		panic(err)
	}
	cfg := Config{Main: d, Box: newBox(), Files: &shelf{}, Node: "doomed"}
	quick(&cfg)
	j, err := New(cfg)
	if err != nil {
		panic(err)
	}
	j.Register(hang)
	_ = j.Run(context.Background())
}

// doom starts such a node in a process of its own, waits until it has the job,
// and kills it.
func doom(t *testing.T, env *dbtest.Env, look *node, id string, attempt int) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(exe)
	c.Env = append(os.Environ(), nodeEnv+"="+env.DSN(db.Main))
	c.Stderr = os.Stderr
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Wait() }()
	defer func() { _ = c.Process.Kill() }()
	look.await("an", id, "the doomed node's", func(j Job) bool { return j.State == Running && j.Attempts >= attempt && j.Done == 1 })
}

// A node that is killed in the middle loses nothing: another begins its job anew
// when the lease is over. A job that brings down every node that begins it ends,
// as failed with the reason, and one that was to be cancelled as cancelled.
func TestAKilledNode(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		files := &shelf{}
		n := newNode(t, env, "heir", files, func(c *Config) { c.Attempts = 2 })
		n.Register(Kind{Name: "hang", Run: func(_ context.Context, t *Task) error {
			w, err := t.Create("done.txt", "text/plain")
			if err == nil {
				_, err = io.WriteString(w, "done")
			}
			return err
		}})
		id := n.add("hang", "an", nil)
		doom(t, env, n, id, 1)
		n.run()
		if j := n.over("an", id); j.State != Done || j.Node != "heir" || j.Attempts < 2 {
			t.Errorf("%+v", j)
		}
		n.stop()

		bad := n.add("hang", "an", nil)
		doom(t, env, n, bad, 1)
		doom(t, env, n, bad, 2)
		stopped := n.add("hang", "an", nil)
		doom(t, env, n, stopped, 1)
		if err := n.Cancel(n.ctx, "an", stopped); err != nil {
			t.Fatal(err)
		}
		n.run()
		if j := n.over("an", bad); j.State != Failed || j.Code != GivenUp || j.Attempts < 2 {
			t.Errorf("%+v", j)
		}
		if j := n.over("an", stopped); j.State != Cancelled {
			t.Errorf("%+v", j)
		}
	})
}
