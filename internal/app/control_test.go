package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
	"dancu/internal/ledger"
	"dancu/internal/onboarding"
	"dancu/verify"
)

// stateFolder makes a state folder and returns its configuration.
func stateFolder(t *testing.T) Config {
	t.Helper()
	// Not t.TempDir: a socket's path may have 107 bytes.
	dir, err := os.MkdirTemp("/tmp", "dancu-control-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if _, err := Init(dir, InitOptions{Origin: "log.example.vn/test"}); err != nil {
		t.Fatal(err)
	}
	cfg := DefaultConfig()
	cfg.State = dir
	cfg.Identity.HashMemory = 64 << 10
	for tree, file := range map[db.Tree]string{db.Main: fileMain, db.Register: fileRegister, db.Derived: fileDerived, db.Evidence: fileEvidence} {
		if err := dbtest.Tables(cfg.Path(file), tree); err != nil {
			t.Fatal(err)
		}
	}
	return cfg
}

// served serves the controls of cfg's system on its socket, as a server does,
// until the test ends or stop is called.
func served(t *testing.T, cfg Config) (d *direct, stop func()) {
	t.Helper()
	d, err := openDirect(t.Context(), cfg, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	d.serving = true
	ln, err := ListenControl(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- ServeControl(ctx, ln, d) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return d, stop
}

func opened(t *testing.T, cfg Config) Control {
	t.Helper()
	c, err := OpenControl(t.Context(), cfg, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func connectionFile(t *testing.T) onboarding.Source {
	t.Helper()
	now := time.Now()
	ca, err := NewCA("test", now, now.AddDate(1, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	pair, err := ca.Client("a.sys", now, now.AddDate(0, 6, 0))
	if err != nil {
		t.Fatal(err)
	}
	return onboarding.Source{Name: "test.yaml", Files: map[string][]byte{"a.pem": pair.Cert}, YAML: []byte(`
agencies: [{id: a, code: H13, name: {vi: Tên}, group: 1}]
systems: [{id: a.sys, agency: a, name: {vi: Hệ thống}, level: 3, certificates: [{file: a.pem}]}]
connections:
  - id: a.con
    system: a.sys
    assessment: {from: 2026-01-01, until: 2099-12-31}
    grants:
      - {id: g, service: lookup, procedures: ["1.010100"], fields: [fullName], from: 2026-01-01, until: 2099-12-31, legalBasis: {vi: Luật, en: Law}}
`)}
}

func verifierKeyOf(t *testing.T, cfg Config) string {
	t.Helper()
	vkey, err := os.ReadFile(cfg.Path("keys/log.pub"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(vkey))
}

// journey does one of everything; the results must be the same either way.
func journey(t *testing.T, c Control, vkey string, file onboarding.Source) {
	t.Helper()
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	refused := func(err error, kind fault.Kind, words string) {
		t.Helper()
		if !fault.Is(err, kind) || !strings.Contains(fault.Text(err), words) {
			t.Fatalf("got %v (%v), want %v with %q", err, fault.KindOf(err), kind, words)
		}
	}
	rep, err := c.Apply(ctx, file, onboarding.Options{DryRun: true})
	must(err)
	if !rep.DryRun || len(rep.Changes) != 5 {
		t.Errorf("dry run: %+v", rep)
	}
	rep, err = c.Apply(ctx, file, onboarding.Options{})
	must(err)
	if rep.DryRun || len(rep.Changes) != 5 {
		t.Errorf("apply: %+v", rep)
	}
	bad := file
	bad.YAML = bytes.ReplaceAll(bad.YAML, []byte("level: 3"), []byte("level: 2"))
	_, err = c.Apply(ctx, bad, onboarding.Options{})
	refused(err, fault.Invalid, "line 3: systems[0].level: the system is of level 2")
	must(c.Suspend(ctx, "a.con", "sai mục đích", "báo cáo"))
	refused(c.Suspend(ctx, "a.con", "v", "r"), fault.Conflict, "suspended")
	views, err := c.Connections(ctx)
	must(err)
	if len(views) != 1 || views[0].Connection.Violation != "sai mục đích" || views[0].Used.Reset.Before(time.Now()) || views[0].System.ID != "a.sys" {
		t.Errorf("show: %+v", views)
	}
	_, err = c.RotateCert(ctx, "nobody", onboarding.Rotation{Cert: file.Files["a.pem"]})
	refused(err, fault.NotFound, "nobody")
	next := connectionFile(t)
	retired, err := c.RotateCert(ctx, "a.con", onboarding.Rotation{Cert: next.Files["a.pem"], Overlap: time.Hour})
	must(err)
	if left := time.Until(retired); left < 50*time.Minute || left > time.Hour {
		t.Errorf("the old certificate ends in %v", left)
	}
	_, err = c.Connections(ctx, "nobody")
	refused(err, fault.NotFound, "nobody")
	must(c.End(ctx, "a.con", "termination.no-need", "agreement expired"))
	refused(c.End(ctx, "a.con", "order", "once again, please"), fault.Conflict, "ended")
	s, err := c.Status(ctx)
	must(err)
	if s.Standing < rep.Version || s.Size == 0 || s.Origin != "log.example.vn/test" || s.Trouble != "" {
		t.Errorf("status: %+v", s)
	}
	readTheLog(t, c, vkey)
}

// readTheLog searches, exports and checks the log that a journey left.
func readTheLog(t *testing.T, c Control, vkey string) {
	t.Helper()
	ctx := t.Context()
	_, err := c.Search(ctx, "", ledger.Query{})
	if !fault.Is(err, fault.Invalid) || !strings.Contains(fault.Text(err), "reason") {
		t.Errorf("a search without a reason: %v", err)
	}
	found, err := c.Search(ctx, "test", ledger.Query{Terms: []ledger.Term{{Kind: ledger.TermConnection, Value: "a.con"}}, Kind: onboarding.EventConnectionSuspended})
	if err != nil {
		t.Fatal(err)
	}
	if len(found.Records) != 1 || !bytes.Contains(found.Records[0].Parts[0].Data, []byte(account(os.Getuid()).ID)) || found.Entry <= found.Records[0].Index {
		t.Errorf("the suspension: %+v", found)
	}
	lines, err := c.Recent(ctx, 3)
	if err != nil || len(lines) != 3 || lines[0].Index != found.Entry {
		t.Errorf("%+v, %v", lines, err)
	}
	var out bytes.Buffer
	if err := c.Export(ctx, "test", ExportRange{End: 5}, &out); err != nil {
		t.Fatal(err)
	}
	rep, err := verify.CheckExport(ctx, bytes.NewReader(out.Bytes()), vkey, nil)
	if err != nil || !rep.OK() {
		t.Errorf("the export: %+v, %v\n%s", rep, err, out.Bytes())
	}
	if err := c.Export(ctx, "test", ExportRange{End: 1 << 40}, io.Discard); !fault.Is(err, fault.Invalid) {
		t.Errorf("an export of what is not there: %v", err)
	}
	rep, err = c.Fsck(ctx, Kept{}, func(int64, int64) {})
	if err != nil {
		t.Fatal(err)
	}
	if !rep.OK() || rep.Entries < 10 {
		t.Errorf("fsck: %+v", rep)
	}
	if _, err = c.Fsck(ctx, Kept{Receipts: [][]byte{[]byte("{}")}}, nil); !fault.Is(err, fault.Invalid) {
		t.Errorf("fsck of what is no receipt: %v", err)
	}
}

func TestTheCommandLineDoesTheSameWithAndWithoutAServer(t *testing.T) {
	t.Run("without", func(t *testing.T) {
		cfg := stateFolder(t)
		c := opened(t, cfg)
		if _, ok := c.(*direct); !ok {
			t.Fatalf("no server runs, and this is a %T", c)
		}
		journey(t, c, verifierKeyOf(t, cfg), connectionFile(t))
	})
	t.Run("with", func(t *testing.T) {
		cfg := stateFolder(t)
		served(t, cfg)
		c := opened(t, cfg)
		if _, ok := c.(*remote); !ok {
			t.Fatalf("a server runs, and this is a %T", c)
		}
		journey(t, c, verifierKeyOf(t, cfg), connectionFile(t))
	})
}

// What one way wrote, the other reads: they are the same system.
func TestAServerSeesWhatWasDoneWithoutIt(t *testing.T) {
	cfg := stateFolder(t)
	file := connectionFile(t)
	c := opened(t, cfg)
	if _, err := c.Apply(t.Context(), file, onboarding.Options{}); err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	_, stop := served(t, cfg)
	r := opened(t, cfg)
	rep, err := r.Apply(t.Context(), file, onboarding.Options{})
	if err != nil || len(rep.Changes) != 0 {
		t.Errorf("%+v, %v", rep, err)
	}
	stop()
	if _, err := os.Stat(cfg.Socket()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the socket is still there: %v", err)
	}
	if _, ok := opened(t, cfg).(*direct); !ok {
		t.Error("the server has gone, and the data cannot be opened")
	}
}

func TestTheStateIsNotOpenedUnderAServerThatDoesNotAnswer(t *testing.T) {
	cfg := stateFolder(t)
	unlock, err := cfg.LockState()
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	check := func(words string) {
		t.Helper()
		_, err := OpenControl(t.Context(), cfg, io.Discard)
		if !fault.Is(err, fault.Unavailable) || !strings.Contains(fault.Text(err), words) {
			t.Errorf("got %v", err)
		}
	}
	check("starting or stopping")
	// A socket on which nobody answers as a server does.
	ln, err := net.Listen("unix", cfg.Socket())
	if err != nil {
		t.Fatal(err)
	}
	go http.Serve(ln, http.NotFoundHandler())
	check("another version")
	_ = ln.Close()
	check("starting or stopping")
}

func TestTheSocketIsItsOwnersAlone(t *testing.T) {
	cfg := stateFolder(t)
	// What a dead server left does not stand in the way.
	if err := os.WriteFile(cfg.Socket(), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	served(t, cfg)
	fi, err := os.Stat(cfg.Socket())
	if err != nil {
		t.Fatal(err)
	}
	if fi.Mode().Perm() != 0o600 || fi.Mode()&os.ModeSocket == 0 {
		t.Errorf("the socket's mode is %v", fi.Mode())
	}
	names, err := filepath.Glob(filepath.Join(cfg.State, ".*"))
	if err != nil || len(names) != 0 {
		t.Errorf("left behind: %v, %v", names, err)
	}
}

// The actor is the account on the other end, whatever the request says.
func TestTheActorIsThePeer(t *testing.T) {
	cfg := stateFolder(t)
	d, _ := served(t, cfg)
	r := newRemote(cfg.Socket())
	defer r.Close()
	var got string
	operations["test.actor"] = answering(func(_ context.Context, c *direct, _ *emptyRequest) (emptyRequest, error) {
		got = c.actor.Kind + " " + c.actor.ID
		return emptyRequest{}, nil
	})
	defer delete(operations, "test.actor")
	d.actor.ID = "somebody else"
	if err := r.ask(t.Context(), "test.actor", emptyRequest{}, &emptyRequest{}); err != nil {
		t.Fatal(err)
	}
	if want := account(os.Getuid()); got != "cli "+want.ID || !strings.HasPrefix(want.ID, fmt.Sprintf("uid:%d(", os.Getuid())) {
		t.Errorf("the actor is %q, want %q", got, want.ID)
	}
	err := r.ask(t.Context(), "test.actor", map[string]any{"actor": "me"}, &emptyRequest{})
	if !fault.Is(err, fault.Invalid) {
		t.Errorf("a request that names its actor: %v", err)
	}
	// Without credentials (here: not over a Unix socket) nobody is let in.
	w := &recorder{header: http.Header{}}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://dancu/status", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	controlHandler(d).ServeHTTP(w, req)
	if w.status != http.StatusInternalServerError || !strings.Contains(w.body.String(), "not the server's own") {
		t.Errorf("%d %s", w.status, w.body.String())
	}
}

type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(s int)           { r.status = s }
func (r *recorder) Write(p []byte) (int, error) { return r.body.Write(p) }

func TestErrorsKeepTheirKindAcrossTheSocket(t *testing.T) {
	cfg := stateFolder(t)
	served(t, cfg)
	r := newRemote(cfg.Socket())
	defer r.Close()
	for k := fault.Internal; k <= fault.Unavailable; k++ {
		answer := fault.New(k, "lý do %d", k)
		if k == fault.Internal {
			answer = errors.New("lý do 0")
		}
		operations["test.fail"] = answering(func(context.Context, *direct, *emptyRequest) (emptyRequest, error) {
			return emptyRequest{}, answer
		})
		operations["test.break"] = operation{
			func() any { return new(emptyRequest) },
			func(_ context.Context, _ *direct, _ any, w io.Writer) (any, error) {
				_, err := io.WriteString(w, "half\n")
				return nil, errors.Join(err, answer)
			},
		}
		err := r.ask(t.Context(), "test.fail", emptyRequest{}, &emptyRequest{})
		if fault.KindOf(err) != k || err.Error() != answer.Error() {
			t.Errorf("%v came as %v (%v)", answer, err, fault.KindOf(err))
		}
		var out bytes.Buffer
		err = r.stream(t.Context(), "test.break", emptyRequest{}, &out)
		if out.String() != "half\n" || fault.KindOf(err) != k || err.Error() != answer.Error() {
			t.Errorf("after %q: %v came as %v (%v)", out.String(), answer, err, fault.KindOf(err))
		}
	}
	delete(operations, "test.fail")
	delete(operations, "test.break")
}

// A stream comes as it is written, and one that breaks off is not taken for
// whole.
func TestLongResultsStream(t *testing.T) {
	cfg := stateFolder(t)
	served(t, cfg)
	r := newRemote(cfg.Socket())
	defer r.Close()
	next := make(chan struct{})
	operations["test.stream"] = operation{
		func() any { return new(emptyRequest) },
		func(_ context.Context, _ *direct, _ any, w io.Writer) (any, error) {
			for i := range 3 {
				fmt.Fprintln(w, i)
				<-next // only when the reader has it
			}
			return nil, nil
		},
	}
	operations["test.empty"] = operation{
		func() any { return new(emptyRequest) },
		func(context.Context, *direct, any, io.Writer) (any, error) { return nil, nil },
	}
	operations["test.abort"] = operation{
		func() any { return new(emptyRequest) },
		func(_ context.Context, _ *direct, _ any, w io.Writer) (any, error) {
			_, _ = io.WriteString(w, "half\n")
			panic(http.ErrAbortHandler)
		},
	}
	defer func() {
		for _, n := range []string{"stream", "empty", "abort"} {
			delete(operations, "test."+n)
		}
	}()
	var got []string
	err := r.stream(t.Context(), "test.stream", emptyRequest{}, writerFunc(func(p []byte) (int, error) {
		got = append(got, string(p))
		next <- struct{}{}
		return len(p), nil
	}))
	if d := cmp.Diff(got, []string{"0\n", "1\n", "2\n"}); err != nil || d != "" {
		t.Errorf("%v\n%s", err, d)
	}
	if err := r.stream(t.Context(), "test.empty", emptyRequest{}, io.Discard); err != nil {
		t.Errorf("an empty stream: %v", err)
	}
	if err := r.stream(t.Context(), "test.abort", emptyRequest{}, io.Discard); !fault.Is(err, fault.Unavailable) {
		t.Errorf("a stream that breaks off: %v", err)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }
