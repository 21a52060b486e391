package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"dancu/internal/access"
)

// Kind is a kind of job.
type Kind struct {
	// Name is the kind's, such as "log.export"; Title is what people call it.
	Name  string
	Title access.Text
	// Run does one. It is begun anew from its beginning when a node ended in the
	// middle, so doing it twice must do no harm; ctx ends when it is to stop, and
	// it then returns soon. What it must have as of its own time, such as whether
	// its owner still may, it asks itself.
	Run func(ctx context.Context, t *Task) error
}

// The kinds that more than one package speaks of.
const (
	VerifyLog    = "log.verify"
	ImportPeople = "register.import"
)

// Register makes a kind known. It is called before Run and Add.
func (j *Jobs) Register(k Kind) {
	if _, twice := j.kinds[k.Name]; twice || k.Name == "" || k.Run == nil {
		panic("job: the kind " + k.Name + " is registered twice or is none")
	}
	j.kinds[k.Name] = k
}

// Title is what people call a kind of job; the kind's own word where this node
// does not know it.
func (j *Jobs) Title(kind string) access.Text {
	if k, ok := j.kinds[kind]; ok && k.Title != (access.Text{}) {
		return k.Title
	}
	return access.Text{VI: kind, EN: kind}
}

// Task is a job under way, as its kind sees it.
type Task struct {
	// ID is the job's, Owner the account it is done for.
	ID, Owner string
	// Attempt is 1 for the first.
	Attempt int

	jobs   *Jobs
	ctx    context.Context
	params []byte

	mu          sync.Mutex
	done, total int64
	counts      map[string]int64
	file        Making
}

// Params reads what was asked into v.
func (t *Task) Params(v any) error {
	if err := json.Unmarshal(t.params, v); err != nil {
		return fmt.Errorf("couldn't read what was asked: %w", err)
	}
	return nil
}

// Progress says how far it is: done of total, which is 0 if it is not known. It
// costs nothing: the row follows once a beat.
func (t *Task) Progress(done, total int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.done, t.total = done, total
}

// Count says what came of it, as a number under a name.
func (t *Task) Count(name string, n int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.counts == nil {
		t.counts = map[string]int64{}
	}
	t.counts[name] = n
}

// Create begins the result, of which a job has one at most. It is there when Run
// has returned nil, and gone otherwise. The name names nobody.
func (t *Task) Create(name, media string) (io.Writer, error) {
	if t.file != nil {
		return nil, errors.New("a job has one result")
	}
	f, err := t.jobs.cfg.Files.Make(t.ctx, t.ID, name, media, t.jobs.cfg.Keep)
	if err != nil {
		return nil, err
	}
	t.file = f
	return f, nil
}

// discard removes what there is of the result.
func (t *Task) discard() {
	if t.file == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.ctx), 5*time.Second)
	defer cancel()
	if err := t.jobs.cfg.Files.Discard(ctx, t.ID, t.file.ID()); err != nil {
		// It goes by itself when its time is over.
		t.jobs.cfg.Logger.Warn("couldn't remove the result of a job that did not end well", "job", t.ID, "error", err)
	}
}
