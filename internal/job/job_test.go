package job

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
)

type asked struct{ Word string }

// write is a kind that writes what was asked and counts.
var write = Kind{Name: "write", Run: func(_ context.Context, t *Task) error {
	var p asked
	if err := t.Params(&p); err != nil {
		return err
	}
	w, err := t.Create("words.txt", "text/plain")
	if err != nil {
		return err
	}
	if _, err := t.Create("more.txt", "text/plain"); err == nil {
		return errors.New("a job has two results")
	}
	t.Progress(1, 2)
	t.Count("words", 1)
	_, err = io.WriteString(w, p.Word)
	return err
}}

// wait is a kind that is under way until it is broken off.
var wait = Kind{Name: "wait", Run: func(ctx context.Context, t *Task) error {
	if _, err := t.Create("half.txt", "text/plain"); err != nil {
		return err
	}
	t.Progress(3, 10)
	<-ctx.Done()
	return ctx.Err()
}}

// A job is done once, tells how far it is, and its result is its owner's alone.
func TestAJob(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		files := &shelf{}
		n := newNode(t, env, "n1", files)
		n.Register(write)
		n.Register(wait)
		id := n.add("write", "an", asked{"bí mật"})
		if one, err := n.Show(n.ctx, "an", id); err != nil || one.State != Queued || one.Attempts != 0 || one.Created.IsZero() {
			t.Errorf("%+v, %v", one, err)
		}
		if q, r, err := n.Pending(n.ctx); q != 1 || r != 0 || err != nil {
			t.Errorf("%d and %d, %v", q, r, err)
		}
		n.run()
		one := n.over("an", id)
		if one.State != Done || one.Node != "n1" || one.Attempts != 1 || one.Done != 2 || one.Total != 2 || one.Counts["words"] != 1 || one.Ended.Before(one.Started) {
			t.Errorf("%+v", one)
		}
		f, err := n.Open(n.ctx, "an", id)
		if err != nil {
			t.Fatal(err)
		}
		if b, _ := io.ReadAll(f.Content); string(b) != "bí mật" || f.Name != "words.txt" || f.Type != "text/plain" {
			t.Errorf("%q, %+v", b, f)
		}
		// Another's is not there, whatever is asked of it.
		for name, err := range map[string]error{
			"show":   second(n.Show(n.ctx, "binh", id)),
			"open":   second(n.Open(n.ctx, "binh", id)),
			"cancel": n.Cancel(n.ctx, "binh", id),
			"none":   second(n.Show(n.ctx, "an", "x")),
		} {
			if !fault.Is(err, fault.NotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
		// What was asked is sealed.
		var params []byte
		if err := env.Raw(db.Main).QueryRow("SELECT params FROM jobs").Scan(&params); err != nil || strings.Contains(string(params), "mật") || len(params) == 0 {
			t.Errorf("%q, %v", params, err)
		}
		// Lists, newest first, page by page.
		last := id
		for range 4 {
			last = n.add("write", "an", asked{})
		}
		n.over("an", last)
		var seen []string
		for after, pages := "", 0; ; pages++ {
			list, next, err := n.List(n.ctx, "an", after, 2)
			if err != nil {
				t.Fatal(err)
			}
			for _, one := range list {
				seen = append(seen, one.ID)
			}
			if after = next; next == "" {
				break
			}
		}
		if len(seen) != 5 || seen[0] != last || seen[4] != id {
			t.Errorf("%v", seen)
		}
		// Its time over, it is gone.
		n.over("an", seen[1])
		n.over("an", seen[2])
		n.over("an", seen[3])
		n.offset.Store(int64(DefaultKeep + time.Minute))
		if removed, err := n.Sweep(n.ctx); err != nil || removed != 5 {
			t.Errorf("%d removed, %v", removed, err)
		}
	})
}

func second[T any](_ T, err error) error { return err }

// Cancelling ends a job that waits at once and one under way soon, from any
// node, and what it had written is gone.
func TestCancel(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		files := &shelf{}
		one, two := newNode(t, env, "n1", files), newNode(t, env, "n2", files)
		for _, n := range []*node{one, two} {
			n.Register(wait)
		}
		waits := two.add("wait", "an", nil)
		if err := two.Cancel(two.ctx, "an", waits); err != nil {
			t.Fatal(err)
		}
		if j := two.over("an", waits); j.State != Cancelled || j.Attempts != 0 || j.Ended.IsZero() {
			t.Errorf("%+v", j)
		}
		one.run()
		id := two.add("wait", "an", nil)
		j := two.await("an", id, "under way", func(j Job) bool { return j.Done == 3 })
		if j.State != Running || j.Node != "n1" || j.Left(j.Started.Add(3*time.Second)) != 7*time.Second || j.Rate(j.Started.Add(time.Second)) != 3 {
			t.Errorf("%+v", j)
		}
		if err := two.Cancel(two.ctx, "an", id); err != nil {
			t.Fatal(err)
		}
		if j := two.over("an", id); j.State != Cancelled || j.File != "" || j.Done != 3 || j.Stopping {
			t.Errorf("%+v", j)
		}
		if files.count() != 0 {
			t.Error("half a result stays")
		}
		if err := two.Cancel(two.ctx, "an", id); err != nil {
			t.Errorf("cancelling twice: %v", err)
		}
	})
}

// A job that fails says why: by a code, and in words that are its owner's.
func TestFailures(t *testing.T) {
	env := dbtest.SQLite(t)
	files := &shelf{}
	n := newNode(t, env, "n1", files)
	for name, c := range map[string]error{
		"invalid": fault.New(fault.Invalid, "line 3 names Nguyễn Văn An"), "forbidden": fault.New(fault.Forbidden, "no"), "gone": fault.New(fault.NotFound, "gone"),
		"much": fault.New(fault.Exhausted, "too much"), "down": fault.New(fault.Unavailable, "down"), "bug": errors.New("secret of ours"),
	} {
		n.Register(Kind{Name: name, Run: func(_ context.Context, t *Task) error {
			if _, err := t.Create("x", "y"); err != nil {
				return err
			}
			return c
		}})
	}
	n.Register(Kind{Name: "panic", Run: func(context.Context, *Task) error { panic("oh") }})
	n.run()
	for kind, want := range map[string]struct {
		code Code
		why  string
	}{
		"invalid": {Invalid, "line 3 names Nguyễn Văn An"}, "forbidden": {NotAllowed, "no"}, "gone": {NotFound, "gone"}, "much": {TooLarge, "too much"},
		"down": {Unavailable, "down"}, "bug": {Broken, ""}, "panic": {Broken, ""},
	} {
		if j := n.over("an", n.add(kind, "an", nil)); j.State != Failed || j.Code != want.code || j.Why != want.why || j.File != "" {
			t.Errorf("%s: %+v", kind, j)
		}
	}
	if files.count() != 0 {
		t.Error("a job that failed leaves a result")
	}
	var n2 int
	if err := env.Raw(db.Main).QueryRow("SELECT count(*) FROM jobs WHERE instr(why, 'Nguy') > 0").Scan(&n2); err != nil || n2 != 0 {
		t.Errorf("%d rows say why in clear, %v", n2, err)
	}
	// A row that was changed is not done.
	n.stop()
	id := n.add("invalid", "an", nil)
	if _, err := env.Raw(db.Main).Exec("UPDATE jobs SET owner = 'binh' WHERE id = $1", id); err != nil {
		t.Fatal(err)
	}
	n.run()
	if j := n.over("binh", id); j.Code != Unavailable {
		t.Errorf("%+v", j)
	}
	// Nobody may have any number waiting, and what nobody knows is not queued.
	n.stop()
	for i := range DefaultWaiting {
		n.add("bug", "cuc", i)
	}
	if _, err := n.Add(n.ctx, "bug", "cuc", nil); !fault.Is(err, fault.Exhausted) {
		t.Errorf("the limit of waiting jobs: %v", err)
	}
	for _, bad := range []struct{ kind, owner string }{{"no such", "an"}, {"bug", ""}} {
		if _, err := n.Add(n.ctx, bad.kind, bad.owner, nil); err == nil {
			t.Errorf("%+v is taken", bad)
		}
	}
}

// A node that stops hands its jobs back, and no attempt is lost by that.
func TestStoppingHandsBack(t *testing.T) {
	env := dbtest.SQLite(t)
	files := &shelf{}
	one, two := newNode(t, env, "n1", files), newNode(t, env, "n2", files)
	for _, n := range []*node{one, two} {
		n.Register(wait)
	}
	one.run()
	id := one.add("wait", "an", nil)
	one.running("an", id)
	one.stop()
	if j, err := one.Show(one.ctx, "an", id); err != nil || j.State != Queued || j.Attempts != 0 {
		t.Errorf("%+v, %v", j, err)
	}
	two.run()
	if j := two.running("an", id); j.Node != "n2" || j.Attempts != 1 {
		t.Errorf("%+v", j)
	}
}

// A node cut off from the database stops what it does before its lease is over;
// another does it, and the first one's result is not the job's.
func TestALostLease(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		files := &shelf{}
		one, two := newNode(t, env, "n1", files), newNode(t, env, "n2", files)
		var ended atomic.Pointer[error]
		one.Register(Kind{Name: "k", Run: func(ctx context.Context, t *Task) error {
			w, err := t.Create("first.txt", "text/plain")
			if err != nil {
				return err
			}
			_, _ = io.WriteString(w, "first")
			<-ctx.Done()
			err = context.Cause(ctx)
			ended.Store(&err)
			return nil // it even says that it is done
		}})
		two.Register(Kind{Name: "k", Run: func(_ context.Context, t *Task) error {
			w, err := t.Create("second.txt", "text/plain")
			if err == nil {
				_, err = io.WriteString(w, "second")
			}
			return err
		}})
		one.run()
		id := two.add("k", "an", nil)
		two.running("an", id)
		one.deaf.Store(true)
		began := time.Now()
		two.run()
		j := two.over("an", id)
		if j.State != Done || j.Node != "n2" || j.Attempts != 2 || time.Since(began) > 10*time.Second {
			t.Errorf("%+v after %v", j, time.Since(began))
		}
		one.deaf.Store(false)
		for ended.Load() == nil {
			time.Sleep(time.Millisecond)
		}
		if err := *ended.Load(); !errors.Is(err, errLost) {
			t.Errorf("the first was broken off because %v", err)
		}
		one.stop()
		f, err := two.Open(two.ctx, "an", id)
		if err != nil || f.Name != "second.txt" || files.count() != 1 {
			t.Errorf("%+v, %v, %d files", f, err, files.count())
		}
	})
}

// Each of a crowd of jobs is done exactly once, by whichever of the nodes, and
// one owner's many do not hold up another's one.
func TestManyNodes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		files := &shelf{}
		var times [12]atomic.Int32
		nodes := make([]*node, 3)
		for i := range nodes {
			nodes[i] = newNode(t, env, fmt.Sprint("n", i), files, func(c *Config) { c.Waiting = 100 })
			nodes[i].Register(Kind{Name: "count", Run: func(_ context.Context, t *Task) error {
				var k int
				if err := t.Params(&k); err != nil {
					return err
				}
				times[k].Add(1)
				time.Sleep(10 * time.Millisecond)
				return nil
			}})
		}
		var ids []string
		for k := range times {
			owner := "an"
			if k == len(times)-1 {
				owner = "binh"
			}
			ids = append(ids, nodes[0].add("count", owner, k))
		}
		for _, n := range nodes {
			n.run()
		}
		last := nodes[0].over("binh", ids[len(ids)-1])
		for _, id := range ids[:len(ids)-1] {
			if j := nodes[0].over("an", id); j.State != Done || j.Attempts != 1 {
				t.Errorf("%+v", j)
			}
		}
		for k := range times {
			if n := times[k].Load(); n != 1 {
				t.Errorf("job %d is done %d times", k, n)
			}
		}
		if newest, err := nodes[0].Show(nodes[0].ctx, "an", ids[len(ids)-2]); err != nil || last.Started.After(newest.Started) {
			t.Errorf("the other owner's job waited for all: %v, %v", last.Started, newest.Started)
		}
	})
}
