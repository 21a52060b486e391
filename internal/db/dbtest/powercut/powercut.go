// Package powercut stands in for a power cut under SQLite. It records what
// SQLite does to its files and makes from the record what a disk may hold when
// the power goes at some moment: all that was synced by then, and of the rest
// any part, torn at sectors.
//
// It wraps the file system layer that SQLite uses anyway, so that the program
// under test runs unchanged. What it cannot see is a disk, a controller or a
// hypervisor that says "synced" and does not mean it.
package powercut

import (
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"unsafe"

	"modernc.org/libc"
	_ "modernc.org/sqlite" // the driver whose file system layer is wrapped
	sqlite3 "modernc.org/sqlite/lib"
)

// Sector is what a disk writes whole or not at all, in bytes.
const Sector = 512

// kind is what was done to a file.
type kind uint8

const (
	wrote kind = iota
	truncated
	synced
	deleted
	marked
)

// event is one thing done.
type event struct {
	kind kind
	file string // base name
	off  int64  // wrote: where; truncated: the new size
	data []byte // wrote
	name string // marked
}

// Record is what happened to the files of one folder, in order.
type Record struct {
	dir string

	mu     sync.Mutex
	events []event
}

var layer struct {
	once sync.Once
	err  error

	// mu makes what is done and its record one step.
	mu      sync.Mutex
	base    sqlite3.Tsqlite3_vfs
	methods map[uintptr]uintptr // the layer's own table -> ours
	own     map[uintptr]*sqlite3.Tsqlite3_io_methods
	files   map[uintptr]file // open files
	records []*Record
}

// file is an open file: its path and the layer's own methods.
type file struct {
	path string
	own  *sqlite3.Tsqlite3_io_methods
}

// Start records what SQLite does to files in dir from now on, on connections
// opened from now on, until Stop.
func Start(dir string) (*Record, error) {
	layer.once.Do(func() { layer.err = install() })
	if layer.err != nil {
		return nil, layer.err
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	r := &Record{dir: dir}
	layer.mu.Lock()
	defer layer.mu.Unlock()
	layer.records = append(layer.records, r)
	return r, nil
}

// Stop ends recording.
func (r *Record) Stop() {
	layer.mu.Lock()
	defer layer.mu.Unlock()
	layer.records = slices.DeleteFunc(layer.records, func(o *Record) bool { return o == r })
}

// Mark notes that something the program said happened now.
func (r *Record) Mark(name string) { r.add(event{kind: marked, name: name}) }

func (r *Record) add(e event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, e)
}

// Len returns how many events there are: the power may go after any of them.
func (r *Record) Len() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.events)
}

// disk is one file as it may be found.
type disk struct {
	there bool
	data  []byte
}

func (d *disk) apply(e *event) {
	switch e.kind {
	case wrote:
		d.there = true
		if need := int(e.off) + len(e.data); need > len(d.data) {
			d.data = append(d.data, make([]byte, need-len(d.data))...)
		}
		copy(d.data[e.off:], e.data)
	case truncated:
		d.there = true
		if int(e.off) < len(d.data) {
			d.data = d.data[:e.off]
		} else {
			d.data = append(d.data, make([]byte, int(e.off)-len(d.data))...)
		}
	case deleted:
		*d = disk{}
	case synced, marked:
	}
}

// tear keeps a random part of a write: none, all, or some of its sectors.
func tear(e event, r *rand.Rand) []event {
	switch {
	case e.kind == deleted, e.kind == truncated && r.IntN(2) == 0:
		return []event{e}
	case e.kind == truncated:
		return nil
	}
	switch r.IntN(3) {
	case 0:
		return nil
	case 1:
		return []event{e}
	}
	var out []event
	for at := int64(0); at < int64(len(e.data)); {
		end := min((e.off+at)/Sector*Sector+Sector-e.off, int64(len(e.data)))
		if r.IntN(2) == 0 {
			out = append(out, event{kind: wrote, file: e.file, off: e.off + at, data: e.data[at:end]})
		}
		at = end
	}
	return out
}

// Cut writes to dir what the disk may hold if the power goes after the first n
// events: all that was synced, and a part of the rest that r chooses. It
// returns what was marked until then.
func (r *Record) Cut(n int, dir string, rnd *rand.Rand) (marks []string, err error) {
	r.mu.Lock()
	events := r.events[:n:n]
	r.mu.Unlock()
	durable := map[string]*disk{}
	pending := map[string][]*event{}
	for i := range events {
		e := &events[i]
		switch e.kind {
		case marked:
			marks = append(marks, e.name)
		case synced:
			d := durable[e.file]
			if d == nil {
				d = &disk{}
				durable[e.file] = d
			}
			isNew := !d.there
			for _, p := range pending[e.file] {
				isNew = isNew || p.kind == deleted
				d.apply(p)
			}
			d.there = true
			delete(pending, e.file)
			if isNew && (strings.HasSuffix(e.file, "-wal") || strings.HasSuffix(e.file, "-journal")) {
				// With the first sync of a new side file SQLite syncs the
				// folder, and with it all names that went before.
				settleNames(durable, pending)
			}
		case wrote, truncated, deleted:
			pending[e.file] = append(pending[e.file], e)
		}
	}
	names := make([]string, 0, len(pending))
	for f := range pending {
		names = append(names, f)
	}
	slices.Sort(names) // so that the same numbers make the same disk
	for _, f := range names {
		d := durable[f]
		if d == nil {
			d = &disk{}
			durable[f] = d
		}
		for _, e := range pending[f] {
			if e.kind == deleted && rnd.IntN(2) == 0 {
				break // the old file is still there; what follows went to a new one
			}
			for _, p := range tear(*e, rnd) {
				d.apply(&p)
			}
		}
	}
	for f, d := range durable {
		if !d.there {
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, f), d.data, 0o600); err != nil {
			return nil, err
		}
	}
	return marks, nil
}

// settleNames makes deletions durable.
func settleNames(durable map[string]*disk, pending map[string][]*event) {
	for f, es := range pending {
		for i := len(es) - 1; i >= 0; i-- {
			if es[i].kind == deleted {
				durable[f] = &disk{}
				pending[f] = es[i+1:]
				break
			}
		}
	}
}

// of returns the record a path belongs to; the caller holds layer.mu. The
// shared-memory index is not a file that survives.
func of(path string) *Record {
	for _, r := range layer.records {
		if filepath.Dir(path) == r.dir && !strings.HasSuffix(path, "-shm") {
			return r
		}
	}
	return nil
}

// at reads a C pointer.
func at[T any](p uintptr) *T { return *(**T)(unsafe.Pointer(&p)) }

// fn is the C form of a function of this package.
func fn(f any) uintptr {
	type iface [2]uintptr
	return (*iface)(unsafe.Pointer(&f))[1]
}

// call is the Go form of a C function.
func call[F any](p uintptr) F {
	f := struct{ p uintptr }{p}
	return *(*F)(unsafe.Pointer(&f))
}

// install puts the wrapper before SQLite's own file system layer.
func install() error {
	// The driver sets SQLite up when it is first used.
	d, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return err
	}
	if err := errors.Join(d.Ping(), d.Close()); err != nil {
		return err
	}
	tls := libc.NewTLS()
	own := sqlite3.Xsqlite3_vfs_find(tls, 0)
	if own == 0 {
		return errors.New("SQLite has no file system layer")
	}
	layer.base = *at[sqlite3.Tsqlite3_vfs](own)
	layer.methods, layer.own, layer.files = map[uintptr]uintptr{}, map[uintptr]*sqlite3.Tsqlite3_io_methods{}, map[uintptr]file{}
	p := libc.Xmalloc(tls, libc.Tsize_t(unsafe.Sizeof(layer.base)))
	name, err := libc.CString("powercut")
	if err != nil || p == 0 {
		return fmt.Errorf("no memory for the file system layer: %w", err)
	}
	v := at[sqlite3.Tsqlite3_vfs](p)
	*v = layer.base
	v.FpNext, v.FzName = 0, name
	v.FxOpen, v.FxDelete = fn(xOpen), fn(xDelete)
	if rc := sqlite3.Xsqlite3_vfs_register(tls, p, 1); rc != sqlite3.SQLITE_OK {
		return fmt.Errorf("the file system layer cannot be wrapped (%d)", rc)
	}
	return nil
}

func xOpen(tls *libc.TLS, vfs, name, f uintptr, flags int32, out uintptr) int32 {
	layer.mu.Lock()
	defer layer.mu.Unlock()
	rc := call[func(*libc.TLS, uintptr, uintptr, uintptr, int32, uintptr) int32](layer.base.FxOpen)(tls, vfs, name, f, flags, out)
	open := at[sqlite3.Tsqlite3_file](f)
	if rc != sqlite3.SQLITE_OK || name == 0 || open.FpMethods == 0 {
		return rc
	}
	own := open.FpMethods
	if layer.methods[own] == 0 {
		m := *at[sqlite3.Tsqlite3_io_methods](own)
		layer.own[own] = &m
		p := libc.Xmalloc(tls, libc.Tsize_t(unsafe.Sizeof(m)))
		if p == 0 {
			return sqlite3.SQLITE_NOMEM
		}
		w := at[sqlite3.Tsqlite3_io_methods](p)
		*w = m
		w.FxClose, w.FxWrite, w.FxTruncate, w.FxSync = fn(xClose), fn(xWrite), fn(xTruncate), fn(xSync)
		layer.methods[own] = p
	}
	open.FpMethods = layer.methods[own]
	layer.files[f] = file{path: libc.GoString(name), own: layer.own[own]}
	return rc
}

func xDelete(tls *libc.TLS, vfs, name uintptr, syncDir int32) int32 {
	layer.mu.Lock()
	defer layer.mu.Unlock()
	rc := call[func(*libc.TLS, uintptr, uintptr, int32) int32](layer.base.FxDelete)(tls, vfs, name, syncDir)
	path := libc.GoString(name)
	if r := of(path); r != nil && rc == sqlite3.SQLITE_OK {
		r.add(event{kind: deleted, file: filepath.Base(path)})
		if syncDir != 0 {
			r.add(event{kind: synced, file: filepath.Base(path)})
		}
	}
	return rc
}

func xClose(tls *libc.TLS, f uintptr) int32 {
	layer.mu.Lock()
	defer layer.mu.Unlock()
	own := layer.files[f].own
	delete(layer.files, f)
	return call[func(*libc.TLS, uintptr) int32](own.FxClose)(tls, f)
}

func xWrite(tls *libc.TLS, f, data uintptr, n int32, off int64) int32 {
	layer.mu.Lock()
	defer layer.mu.Unlock()
	o := layer.files[f]
	rc := call[func(*libc.TLS, uintptr, uintptr, int32, int64) int32](o.own.FxWrite)(tls, f, data, n, off)
	if r := of(o.path); r != nil && rc == sqlite3.SQLITE_OK {
		r.add(event{kind: wrote, file: filepath.Base(o.path), off: off, data: slices.Clone(unsafe.Slice(at[byte](data), int(n)))})
	}
	return rc
}

func xTruncate(tls *libc.TLS, f uintptr, size int64) int32 {
	layer.mu.Lock()
	defer layer.mu.Unlock()
	o := layer.files[f]
	rc := call[func(*libc.TLS, uintptr, int64) int32](o.own.FxTruncate)(tls, f, size)
	if r := of(o.path); r != nil && rc == sqlite3.SQLITE_OK {
		r.add(event{kind: truncated, file: filepath.Base(o.path), off: size})
	}
	return rc
}

func xSync(tls *libc.TLS, f uintptr, flags int32) int32 {
	layer.mu.Lock()
	defer layer.mu.Unlock()
	o := layer.files[f]
	rc := call[func(*libc.TLS, uintptr, int32) int32](o.own.FxSync)(tls, f, flags)
	if r := of(o.path); r != nil && rc == sqlite3.SQLITE_OK {
		r.add(event{kind: synced, file: filepath.Base(o.path)})
	}
	return rc
}
