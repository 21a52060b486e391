package job

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
)

func TestMain(m *testing.M) {
	if dsn := os.Getenv(nodeEnv); dsn != "" {
		runNode(dsn) // until it is killed
		return
	}
	os.Exit(m.Run())
}

// newBox returns a sealing cipher; all nodes of a test have the same key.
func newBox() cipher.AEAD {
	block, err := aes.NewCipher([]byte("0123456789abcdef0123456789abcdef"))
	if err != nil {
		panic(err)
	}
	box, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err)
	}
	return box
}

// shelf is a vault in memory.
type shelf struct {
	mu    sync.Mutex
	files map[string]*shelved
	n     int
}

type shelved struct {
	shelf         *shelf
	id, job, name string
	media         string
	data          bytes.Buffer
	whole         bool
}

func (s *shelf) Make(_ context.Context, job, name, media string, _ time.Duration) (Making, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n++
	f := &shelved{shelf: s, id: string(rune('a' + s.n)), job: job, name: name, media: media}
	if s.files == nil {
		s.files = map[string]*shelved{}
	}
	s.files[f.id] = f
	return f, nil
}

func (f *shelved) Write(p []byte) (int, error) { return f.data.Write(p) }
func (f *shelved) ID() string                  { return f.id }
func (f *shelved) Close() error {
	f.shelf.mu.Lock()
	defer f.shelf.mu.Unlock()
	f.whole = true
	return nil
}

func (s *shelf) Open(_ context.Context, id string) (File, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.files[id]
	if f == nil || !f.whole {
		return File{}, fault.New(fault.NotFound, "no file")
	}
	return File{Name: f.name, Type: f.media, Size: int64(f.data.Len()), Content: bytes.NewReader(f.data.Bytes())}, nil
}

func (s *shelf) Discard(_ context.Context, job, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.files[id]; f != nil && f.job == job {
		delete(s.files, id)
	}
	return nil
}

func (s *shelf) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.files)
}

// node is one node's Jobs, with verbs.
type node struct {
	*Jobs
	t      *testing.T
	ctx    context.Context
	offset *atomic.Int64
	stop   func() // stops Run and waits for its end; nil while it does not run
	deaf   atomic.Bool
}

// quick are times in which a test ends: and a lease that a busy machine keeps.
func quick(c *Config) {
	c.Lease, c.Beat, c.Poll = 1500*time.Millisecond, 50*time.Millisecond, 20*time.Millisecond
}

func newNode(t *testing.T, env *dbtest.Env, name string, files Files, change ...func(*Config)) *node {
	t.Helper()
	n := &node{t: t, ctx: context.Background(), offset: new(atomic.Int64)}
	cfg := Config{Box: newBox(), Files: files, Node: name, Main: env.Open(db.Main, func(c *db.Config) {
		c.ClockOffset = func() time.Duration { return time.Duration(n.offset.Load()) }
		c.Fault = func(string) error {
			if n.deaf.Load() {
				return fault.New(fault.Unavailable, "the database is cut off")
			}
			return nil
		}
	})}
	quick(&cfg)
	for _, c := range change {
		c(&cfg)
	}
	var err error
	if n.Jobs, err = New(cfg); err != nil {
		t.Fatal(err)
	}
	return n
}

// run lets the node work until the test ends or its stop is called.
func (n *node) run() *node {
	ctx, cancel := context.WithCancel(n.ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := n.Run(ctx); err != nil {
			n.t.Error(err)
		}
	}()
	n.stop = func() { cancel(); <-done }
	n.t.Cleanup(func() { n.stop() })
	return n
}

func (n *node) add(kind, owner string, params any) string {
	n.t.Helper()
	id, err := n.Add(n.ctx, kind, owner, params)
	if err != nil {
		n.t.Fatal(err)
	}
	return id
}

// await waits until the job fits.
func (n *node) await(owner, id, what string, fits func(Job) bool) Job {
	n.t.Helper()
	end := time.Now().Add(20 * time.Second)
	for {
		one, err := n.Show(n.ctx, owner, id)
		if err != nil {
			n.t.Fatal(err)
		}
		if fits(one) {
			return one
		}
		if time.Now().After(end) {
			n.t.Fatalf("the job is not %s: %+v", what, one)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func (n *node) over(owner, id string) Job {
	n.t.Helper()
	return n.await(owner, id, "over", func(j Job) bool { return j.State.Over() })
}

func (n *node) running(owner, id string) Job {
	n.t.Helper()
	return n.await(owner, id, "running", func(j Job) bool { return j.State == Running })
}
