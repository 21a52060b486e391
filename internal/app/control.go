package app

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"net"
	"net/http"
	"os"
	"os/user"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"dancu/internal/db"
	"dancu/internal/fault"
	"dancu/internal/gate"
	"dancu/internal/ledger"
	"dancu/internal/onboarding"
	"dancu/internal/telemetry"
	"dancu/verify"
)

// Control is what the command line can ask of a system, whether a server runs
// or not. Whoever asks is the actor of what is done: the account of the
// process, as the operating system says, never as the request says.
//
// Errors keep their kinds and their texts across the socket. A method that
// takes a writer writes as results come; what it wrote before an error stands.
type Control interface {
	// Status says how the system is.
	Status(ctx context.Context) (Status, error)

	Apply(ctx context.Context, file onboarding.Source, opt onboarding.Options) (onboarding.Report, error)
	// Connections returns the connections with these ids, or all of them.
	Connections(ctx context.Context, ids ...string) ([]ConnectionView, error)
	Suspend(ctx context.Context, id, violation, remedy string) error
	End(ctx context.Context, id, ground, reason string) error
	// RotateCert returns when the replaced certificates end.
	RotateCert(ctx context.Context, id string, rot onboarding.Rotation) (time.Time, error)

	Accounts

	// Life asks the API of the life cycle as whoever has the machine.
	Life(ctx context.Context, q LifeRequest) (LifeAnswer, error)

	// Search reads the newest entries that have all the query asks for. Who
	// reads and the reason go into the log.
	Search(ctx context.Context, reason string, q ledger.Query) (SearchResult, error)
	// Export writes entries as JSON Lines that "dancu ledger verify" checks.
	// Who exports and the reason go into the log.
	Export(ctx context.Context, reason string, r ExportRange, w io.Writer) error
	// Fsck computes everything again and compares it with what is stored, and
	// with what people kept. progress may be nil.
	Fsck(ctx context.Context, kept Kept, progress func(done, total int64)) (*verify.Report, error)
	// Recent lists the newest n entries without their bodies, newest first.
	Recent(ctx context.Context, n int) ([]ledger.Line, error)

	// Close ends the conversation. Closing twice is fine.
	Close() error
}

// SearchResult is what a search of the log gives.
type SearchResult struct {
	Records []Record `json:"records"`
	// Next is the query's Before for the following results, 0 if there are
	// none.
	Next int64 `json:"next"`
	// Entry is the entry about this reading.
	Entry int64 `json:"entry"`
}

// Record is an entry of the log, opened.
type Record struct {
	Index      int64     `json:"index"`
	Time       time.Time `json:"time"`
	Kind       string    `json:"kind"`
	Connection string    `json:"connection,omitempty"`
	Code       string    `json:"code,omitempty"`
	Leaf       []byte    `json:"leaf"` // base64 in JSON
	// Parts are all parts, the outcome last; none when the body was removed
	// after its legal term.
	Parts []RecordPart `json:"parts,omitempty"`
}

// RecordPart is a part of an entry, with what is needed to verify it.
type RecordPart struct {
	Name string          `json:"name"`
	Salt []byte          `json:"salt"` // base64 in JSON
	Data json.RawMessage `json:"data"`
}

// ExportRange says which entries are exported: ledger.ExportOptions without
// what cannot be sent.
type ExportRange struct {
	First int64     `json:"first,omitempty"`
	End   int64     `json:"end,omitempty"` // 0: up to the newest
	From  time.Time `json:"from,omitzero"`
	Until time.Time `json:"until,omitzero"`
	Omit  []string  `json:"omit,omitempty"` // names of parts
}

// Kept is what people kept of the log, for it to be held against.
type Kept struct {
	Checkpoints [][]byte `json:"checkpoints,omitempty"` // signed notes
	Receipts    [][]byte `json:"receipts,omitempty"`    // JSON
}

// What the command line hands over and is given, under this package's name: it
// knows the areas through here only.
type (
	Source       = onboarding.Source
	ApplyOptions = onboarding.Options
	ApplyReport  = onboarding.Report
	Rotation     = onboarding.Rotation
)

// ReadSource reads a file of connections and the certificates beside it.
func ReadSource(path string, stdin io.Reader) (Source, error) {
	return onboarding.ReadSource(path, stdin)
}

// Status is how a system is.
type Status struct {
	Version  string    `json:"version"`
	Node     string    `json:"node"`
	Engine   string    `json:"engine"`
	Serving  bool      `json:"serving"`           // a server answers
	Trouble  string    `json:"trouble,omitempty"` // why the log takes no entries; "" if it does
	Origin   string    `json:"origin"`
	Size     int64     `json:"size"`     // entries in the log
	Standing int64     `json:"standing"` // version of the standing
	Time     time.Time `json:"time"`     // of the newest entry
}

// ConnectionView is a connection with what it stands on and what it has used.
type ConnectionView struct {
	onboarding.View
	Used Used `json:"used"`
}

// Used is what a connection has used of its limit in the present window.
type Used struct {
	Calls  int64     `json:"calls"`
	People int64     `json:"people"`
	Reset  time.Time `json:"reset"` // when the window ends
}

// direct does what is asked on the parts of an App of this process.
type direct struct {
	app     *App
	serving bool
	actor   ledger.Actor
	close   func() error
}

// Control returns the controls of a running App, for its own process.
func (a *App) Control() Control {
	return &direct{app: a, serving: true, actor: account(os.Getuid()), close: func() error { return nil }}
}

// as returns the same controls in another's hands.
func (d *direct) as(actor ledger.Actor) *direct {
	c := *d
	c.actor = actor
	return &c
}

func (d *direct) Close() error { return d.close() }

func (d *direct) Status(ctx context.Context) (Status, error) {
	a := d.app
	h := a.Log.Head()
	s := Status{
		Version: Version(), Node: a.Config.Node, Engine: string(a.Main.Engine()), Serving: d.serving,
		Origin: a.Log.Origin(), Size: h.Size, Standing: h.Standing, Time: h.Time,
	}
	if err := a.Log.Ready(); err != nil {
		s.Trouble = fault.Text(err)
	}
	return s, nil
}

func (d *direct) Apply(ctx context.Context, file onboarding.Source, opt onboarding.Options) (onboarding.Report, error) {
	rep, err := d.app.Onboarding.ApplyFile(ctx, d.actor, file, opt)
	return rep, settled(err)
}

func (d *direct) Connections(ctx context.Context, ids ...string) ([]ConnectionView, error) {
	views, err := d.app.Onboarding.Show(ctx, ids...)
	if err != nil {
		return nil, err
	}
	out := make([]ConnectionView, len(views))
	for i, v := range views {
		// The view's connection came without its lock, whose epoch the count
		// depends on.
		c := v.Connection
		c.Lock = v.Lock
		var u gate.Used
		if u, err = d.app.Gate.Used(ctx, &c); err != nil {
			return nil, err
		}
		out[i] = ConnectionView{View: v, Used: Used{Calls: u.Calls, People: u.People, Reset: u.Reset}}
	}
	return out, nil
}

func (d *direct) Suspend(ctx context.Context, id, violation, remedy string) error {
	return settled(d.app.Onboarding.Suspend(ctx, d.actor, id, violation, remedy))
}

func (d *direct) End(ctx context.Context, id, ground, reason string) error {
	return settled(d.app.Onboarding.End(ctx, d.actor, id, ground, reason))
}

func (d *direct) RotateCert(ctx context.Context, id string, rot onboarding.Rotation) (time.Time, error) {
	t, err := d.app.Onboarding.RotateCert(ctx, d.actor, id, rot)
	return t, settled(err)
}

func (d *direct) reader(reason string) ledger.Reader {
	return ledger.Reader{Actor: d.actor, Reason: reason}
}

func (d *direct) Search(ctx context.Context, reason string, q ledger.Query) (SearchResult, error) {
	r, err := d.app.Log.Search(ctx, d.reader(reason), q)
	if err != nil {
		return SearchResult{}, err
	}
	out := SearchResult{Records: make([]Record, len(r.Records)), Next: r.Next, Entry: r.Entry}
	for i, e := range r.Records {
		rec := Record{Index: e.Index, Time: e.Time, Kind: e.Kind, Connection: e.Connection, Code: e.Code, Leaf: e.Leaf[:]}
		for _, p := range e.Parts {
			rec.Parts = append(rec.Parts, RecordPart{p.Name, p.Salt[:], p.Data})
		}
		out.Records[i] = rec
	}
	return out, nil
}

func (d *direct) Export(ctx context.Context, reason string, r ExportRange, w io.Writer) error {
	_, err := d.app.Log.Export(ctx, w, d.reader(reason), ledger.ExportOptions{
		First: r.First, End: r.End, From: r.From, Until: r.Until, Omit: r.Omit,
	})
	return err
}

func (d *direct) Fsck(ctx context.Context, kept Kept, progress func(done, total int64)) (*verify.Report, error) {
	sealing, err := d.app.Config.sealingKey()
	if err != nil {
		return nil, err
	}
	cfg := ledger.FsckConfig{
		Main: d.app.Main, Derived: d.app.Derived, SealingKey: sealing, VKey: d.app.VerifierKey,
		Checkpoints: kept.Checkpoints, Progress: progress,
	}
	for i, data := range kept.Receipts {
		r, err := verify.ParseReceipt(data)
		if err != nil {
			return nil, fault.New(fault.Invalid, "receipt %d: %s", i+1, err)
		}
		cfg.Receipts = append(cfg.Receipts, r)
	}
	report, err := ledger.Fsck(ctx, cfg)
	if err != nil {
		return nil, err
	}
	// That it was noted is worth less than what was found.
	if err := d.app.Config.noteCheck(d.app.Main.Clock(), report, kept); err != nil && d.app.Logger != nil {
		d.app.Logger.Warn("couldn't note that the log was checked", "error", err)
	}
	return report, nil
}

func (d *direct) Recent(ctx context.Context, n int) ([]ledger.Line, error) {
	return d.app.Log.Recent(ctx, n)
}

// settled says what to do about an act of which nobody knows whether it took
// effect.
func settled(err error) error {
	if db.IsUnknown(err) {
		return fault.Wrap(fault.Unavailable, err, "it is not known whether this took effect: look with \"dancu connection show\", and repeat it if it did not")
	}
	return err
}

// OpenControl returns the controls of the system that cfg describes: of the
// server, if one runs, and otherwise over the data itself, which it takes for
// this process alone until Close. stderr takes the operational log of the
// latter.
func OpenControl(ctx context.Context, cfg Config, stderr io.Writer) (Control, error) {
	r := newRemote(cfg.Socket())
	_, err := r.Status(ctx)
	switch {
	case err == nil:
		return r, nil
	case errors.Is(err, fs.ErrPermission):
		return nil, fault.New(fault.Forbidden, "the server's control socket %s is another account's: run this as that account", cfg.Socket())
	case ctx.Err() != nil:
		return nil, fault.Wrap(fault.Unavailable, ctx.Err(), "the server was not asked")
	}
	_ = r.Close()
	d, openErr := openDirect(ctx, cfg, stderr)
	if errors.Is(openErr, ErrInUse) {
		why := "is it starting or stopping?"
		if !errors.Is(err, syscall.ENOENT) && !errors.Is(err, syscall.ECONNREFUSED) {
			why = "it may be stuck; " + fault.Text(err)
		}
		return nil, fault.Wrap(fault.Unavailable, openErr,
			"a server holds the state folder %s but does not answer on its control socket (%s): try again, or stop it first", cfg.State, why)
	}
	if openErr != nil {
		return nil, openErr
	}
	return d, nil
}

// openDirect opens the data without serving it.
func openDirect(ctx context.Context, cfg Config, stderr io.Writer) (_ *direct, err error) {
	if err := cfg.Check(); err != nil {
		return nil, err
	}
	if fi, err := os.Stat(cfg.State); err != nil || !fi.IsDir() {
		return nil, fault.New(fault.Invalid, "%s is no state folder: \"dancu init\" makes one", cfg.State)
	}
	a := &App{Config: cfg, serving: make(chan struct{})}
	defer func() {
		if err != nil {
			_ = a.Close()
		}
	}()
	if a.Logger, err = telemetry.NewLogger(stderr, "warn", cfg.Node); err != nil {
		return nil, err
	}
	if a.unlock, err = cfg.LockState(); err != nil {
		return nil, err
	}
	o := Options{Stderr: stderr}
	if err := a.openData(ctx, &o); err != nil {
		return nil, err
	}
	if err := a.openAreas(ctx, &o); err != nil {
		return nil, err
	}
	// The log's followers run, so that what is derived from it is there.
	run, stop := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan error, 1)
	go func() { done <- a.Log.Run(run) }()
	return &direct{app: a, actor: account(os.Getuid()), close: sync.OnceValue(func() error {
		stop()
		return errors.Join(<-done, a.Close())
	})}, nil
}

// account is the actor that a local account is.
func account(uid int) ledger.Actor {
	name := "unknown"
	if u, err := user.LookupId(strconv.Itoa(uid)); err == nil {
		name = u.Username
	}
	return ledger.Actor{Kind: "cli", ID: fmt.Sprintf("uid:%d(%s)", uid, name)}
}

// The control socket speaks HTTP: POST /OPERATION with one JSON object, answered
// by one, or by a stream whose trailer says how it ended. A failure is a
// wireError with status 500.
const (
	maxControlRequest = 32 << 20 // bytes; a file and its certificates, or an evidence file, in base64
	trailerError      = "Dancu-Error"
)

// wireError is an error on its way through the socket.
type wireError struct {
	Kind fault.Kind `json:"kind"`
	Text string     `json:"text"`
}

func newWireError(err error) wireError {
	if k := fault.KindOf(err); k != fault.Internal {
		return wireError{k, fault.Text(err)}
	}
	// Who may open the socket is the operator, who may read all of it.
	return wireError{fault.Internal, err.Error()}
}

func (e wireError) err() error {
	if e.Kind == fault.Internal {
		return errors.New(e.Text)
	}
	return fault.New(e.Kind, "%s", e.Text)
}

// operation is one thing the socket can be asked. Its request is decoded into
// what new returns.
type operation struct {
	new func() any
	// do answers. If it returns nil and no error, it has written a stream.
	do func(ctx context.Context, c *direct, request any, stream io.Writer) (any, error)
}

// The requests.
type (
	emptyRequest struct{}
	applyRequest struct {
		File    onboarding.Source  `json:"file"`
		Options onboarding.Options `json:"options"`
	}
	showRequest struct {
		IDs []string `json:"ids"`
	}
	actRequest struct {
		ID        string `json:"id"`
		Ground    string `json:"ground,omitempty"`
		Reason    string `json:"reason,omitempty"`
		Violation string `json:"violation,omitempty"`
		Remedy    string `json:"remedy,omitempty"`
	}
	rotateRequest struct {
		ID       string              `json:"id"`
		Rotation onboarding.Rotation `json:"rotation"`
	}
	rotateAnswer struct {
		Retired time.Time `json:"retired"`
	}
	searchRequest struct {
		Reason string       `json:"reason"`
		Query  ledger.Query `json:"query"`
	}
	exportRequest struct {
		Reason string      `json:"reason"`
		Range  ExportRange `json:"range"`
	}
	recentRequest struct {
		N int `json:"n"`
	}
	// fsckLine is one line of the stream of a check: how far it is, or what
	// it found.
	fsckLine struct {
		Done   int64          `json:"done,omitempty"`
		Total  int64          `json:"total,omitempty"`
		Report *verify.Report `json:"report,omitempty"`
	}
)

// answering is an operation with a typed request and one answer.
func answering[Q, A any](do func(context.Context, *direct, *Q) (A, error)) operation {
	return operation{
		func() any { return new(Q) },
		func(ctx context.Context, c *direct, q any, _ io.Writer) (any, error) {
			return do(ctx, c, q.(*Q))
		},
	}
}

// streaming is an operation with a typed request whose answer is a stream.
func streaming[Q any](do func(context.Context, *direct, *Q, io.Writer) error) operation {
	return operation{
		func() any { return new(Q) },
		func(ctx context.Context, c *direct, q any, w io.Writer) (any, error) {
			return nil, do(ctx, c, q.(*Q), w)
		},
	}
}

// streamPiece is how much of an export goes through the socket at a time, in
// bytes.
const streamPiece = 64 << 10

// acting is an operation on one connection that answers nothing.
func acting(do func(context.Context, *direct, *actRequest) error) operation {
	return answering(func(ctx context.Context, c *direct, q *actRequest) (emptyRequest, error) {
		return emptyRequest{}, do(ctx, c, q)
	})
}

// operations is everything the socket can be asked.
var operations = map[string]operation{
	"status": answering(func(ctx context.Context, c *direct, _ *emptyRequest) (Status, error) { return c.Status(ctx) }),
	"apply": answering(func(ctx context.Context, c *direct, q *applyRequest) (onboarding.Report, error) {
		return c.Apply(ctx, q.File, q.Options)
	}),
	"connections": answering(func(ctx context.Context, c *direct, q *showRequest) ([]ConnectionView, error) {
		return c.Connections(ctx, q.IDs...)
	}),
	"suspend": acting(func(ctx context.Context, c *direct, q *actRequest) error {
		return c.Suspend(ctx, q.ID, q.Violation, q.Remedy)
	}),
	"end": acting(func(ctx context.Context, c *direct, q *actRequest) error { return c.End(ctx, q.ID, q.Ground, q.Reason) }),
	"rotate-cert": answering(func(ctx context.Context, c *direct, q *rotateRequest) (rotateAnswer, error) {
		t, err := c.RotateCert(ctx, q.ID, q.Rotation)
		return rotateAnswer{t}, err
	}),
	"search": answering(func(ctx context.Context, c *direct, q *searchRequest) (SearchResult, error) {
		return c.Search(ctx, q.Reason, q.Query)
	}),
	"recent": answering(func(ctx context.Context, c *direct, q *recentRequest) ([]ledger.Line, error) {
		return c.Recent(ctx, q.N)
	}),
	"export": streaming(func(ctx context.Context, c *direct, q *exportRequest, w io.Writer) error {
		b := bufio.NewWriterSize(w, streamPiece)
		return errors.Join(c.Export(ctx, q.Reason, q.Range, b), b.Flush())
	}),
	"fsck": streaming(func(ctx context.Context, c *direct, q *Kept, w io.Writer) error {
		enc := json.NewEncoder(w)
		var told time.Time
		rep, err := c.Fsck(ctx, *q, func(done, total int64) {
			if time.Since(told) > 100*time.Millisecond {
				told = time.Now()
				_ = enc.Encode(fsckLine{Done: done, Total: total}) // who has gone away cancels ctx
			}
		})
		if err != nil {
			return err
		}
		return enc.Encode(fsckLine{Report: rep})
	}),
}

// ListenControl binds the control socket, for this account alone. The caller
// holds the lock of the state folder, so a socket that is there is a dead
// one's.
func ListenControl(cfg Config) (net.Listener, error) {
	path := socketPath(cfg.Socket())
	// It gets its name only once nobody else can open it.
	early := filepath.Join(filepath.Dir(path), "."+filepath.Base(path))
	if len(early) > 107 {
		early = path + "~"
	}
	for _, p := range []string{path, early} {
		if err := os.Remove(p); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fault.Wrap(fault.Unavailable, err, "couldn't replace the old control socket")
		}
	}
	ln, err := net.ListenUnix("unix", &net.UnixAddr{Name: early, Net: "unix"})
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "couldn't make the control socket %s: a shorter path of the state folder may help", cfg.Socket())
	}
	ln.SetUnlinkOnClose(false)
	err = os.Chmod(early, 0o600)
	if err == nil {
		err = os.Rename(early, path)
	}
	if err != nil {
		_ = ln.Close()
		return nil, fault.Wrap(fault.Unavailable, err, "couldn't make the control socket")
	}
	return &controlListener{ln, path}, nil
}

// controlListener takes its socket's name away when it closes.
type controlListener struct {
	*net.UnixListener
	path string
}

func (l *controlListener) Close() error {
	// The name first: who dials afterwards is told that nobody is there.
	_ = os.Remove(l.path)
	return l.UnixListener.Close()
}

type actorKey struct{}

// ServeControl answers on the control socket until ctx ends; then it lets what
// is under way end, for a while. The actor of each request is the account on
// the other end of the socket.
func ServeControl(ctx context.Context, ln net.Listener, c Control) error {
	d, ok := c.(*direct)
	if !ok {
		return errors.New("only an App's own controls can be served")
	}
	s := &http.Server{
		Handler:           controlHandler(d),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       time.Minute,
		MaxHeaderBytes:    8 << 10,
		ConnContext: func(ctx context.Context, conn net.Conn) context.Context {
			actor, err := peer(conn)
			if err != nil {
				return ctx // refused by the handler
			}
			return context.WithValue(ctx, actorKey{}, actor)
		},
		// What goes wrong with a connection is told to the one who made it.
		ErrorLog: log.New(io.Discard, "", 0),
	}
	done := make(chan error, 1)
	go func() { done <- s.Serve(ln) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	err := s.Shutdown(stop)
	if err != nil {
		err = errors.Join(fmt.Errorf("a command was cut off: %w", err), s.Close())
	}
	if closed := <-done; !errors.Is(closed, http.ErrServerClosed) {
		err = errors.Join(err, closed)
	}
	return err
}

// controlHandler answers requests by the table of operations.
func controlHandler(d *direct) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fail := func(err error) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusInternalServerError)
			_ = json.NewEncoder(w).Encode(newWireError(err))
		}
		actor, ok := r.Context().Value(actorKey{}).(ledger.Actor)
		if !ok {
			fail(fault.New(fault.Forbidden, "the account on the other end of the control socket is not the server's own"))
			return
		}
		name := strings.TrimPrefix(r.URL.Path, "/")
		op, ok := operations[name]
		if !ok {
			op, ok = accountOperations[name]
		}
		if !ok {
			op, ok = lifeOperations[name]
		}
		if !ok || r.Method != http.MethodPost {
			fail(fault.New(fault.Invalid, "the server does not know this request: it runs another version (%s)", Version()))
			return
		}
		request := op.new()
		dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxControlRequest))
		dec.DisallowUnknownFields()
		if err := dec.Decode(request); err != nil {
			fail(fault.New(fault.Invalid, "the server cannot read this request: it runs another version (%s), or the request is too large", Version()))
			return
		}
		out := &streamWriter{w: w}
		answer, err := op.do(r.Context(), d.as(actor), request, out)
		switch {
		case err != nil && out.begun:
			text, _ := json.Marshal(newWireError(err))
			w.Header().Set(trailerError, string(bytes.ToValidUTF8(escapeNonASCII(text), nil)))
		case err != nil:
			fail(err)
		case answer != nil:
			w.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(w).Encode(answer)
		default:
			out.begin()
			w.Header().Set(trailerError, "none")
		}
	})
}

// escapeNonASCII makes JSON fit for a header.
func escapeNonASCII(data []byte) []byte {
	var b bytes.Buffer
	for _, r := range string(data) {
		switch {
		case r < 0x80:
			b.WriteRune(r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			r -= 0x10000
			fmt.Fprintf(&b, `\u%04x\u%04x`, 0xd800+(r>>10), 0xdc00+(r&0x3ff))
		}
	}
	return b.Bytes()
}

// streamWriter sends what is written at once.
type streamWriter struct {
	w     http.ResponseWriter
	begun bool
}

func (s *streamWriter) begin() {
	if !s.begun {
		s.begun = true
		s.w.Header().Set("Trailer", trailerError)
		s.w.Header().Set("Content-Type", "application/octet-stream")
		s.w.WriteHeader(http.StatusOK)
	}
}

func (s *streamWriter) Write(p []byte) (int, error) {
	s.begin()
	n, err := s.w.Write(p)
	if err == nil {
		err = http.NewResponseController(s.w).Flush()
	}
	return n, err
}

// remote asks a running server.
type remote struct {
	client *http.Client
}

func newRemote(socket string) *remote {
	path := socketPath(socket)
	return &remote{&http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			d := net.Dialer{Timeout: 2 * time.Second}
			return d.DialContext(ctx, "unix", path)
		},
	}}}
}

func (r *remote) Close() error {
	r.client.CloseIdleConnections()
	return nil
}

// statusPatience is how long a server may take to say how it is: one that
// takes longer is not there to talk to.
const statusPatience = 5 * time.Second

// post sends a request and returns the good answer.
func (r *remote) post(ctx context.Context, op string, request any) (*http.Response, error) {
	body, err := json.Marshal(request)
	if err != nil {
		return nil, err
	}
	if len(body) > maxControlRequest {
		return nil, fault.New(fault.Invalid, "the request has %d bytes, at most %d are taken: split the file", len(body), maxControlRequest)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://dancu/"+op, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	// A command is done once or not at all: net/http must not repeat it.
	req.GetBody = nil
	resp, err := r.client.Do(req)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "the server did not answer; it is not known whether it did anything: look, then try again")
	}
	if resp.StatusCode == http.StatusOK {
		return resp, nil
	}
	defer resp.Body.Close()
	var we wireError
	if err := json.NewDecoder(io.LimitReader(resp.Body, maxControlRequest)).Decode(&we); err != nil || we.Text == "" {
		return nil, fault.New(fault.Unavailable, "the server's answer cannot be read: is it of another version?")
	}
	return nil, we.err()
}

// ask sends a request and decodes its one answer.
func (r *remote) ask(ctx context.Context, op string, request, answer any) error {
	resp, err := r.post(ctx, op, request)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(bufio.NewReader(resp.Body)).Decode(answer); err != nil {
		reflect.ValueOf(answer).Elem().SetZero()
		return fault.Wrap(fault.Unavailable, err, "the server's answer broke off; what was asked was done: look, do not repeat it")
	}
	return nil
}

// stream sends a request and copies its answer as it comes.
func (r *remote) stream(ctx context.Context, op string, request any, w io.Writer) error {
	resp, err := r.post(ctx, op, request)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if _, err := io.Copy(w, resp.Body); err != nil {
		return fault.Wrap(fault.Unavailable, err, "the server's answer broke off: what was written is not whole")
	}
	switch text := resp.Trailer.Get(trailerError); text {
	case "none":
		return nil
	case "":
		return fault.New(fault.Unavailable, "the server's answer broke off: what was written is not whole")
	default:
		var we wireError
		if err := json.Unmarshal([]byte(text), &we); err != nil {
			return fault.New(fault.Unavailable, "the server's answer cannot be read: is it of another version?")
		}
		return we.err()
	}
}

func (r *remote) Status(ctx context.Context) (s Status, err error) {
	ctx, cancel := context.WithTimeout(ctx, statusPatience)
	defer cancel()
	err = r.ask(ctx, "status", emptyRequest{}, &s)
	return s, err
}

func (r *remote) Apply(ctx context.Context, file onboarding.Source, opt onboarding.Options) (rep onboarding.Report, err error) {
	err = r.ask(ctx, "apply", applyRequest{file, opt}, &rep)
	return rep, err
}

func (r *remote) Connections(ctx context.Context, ids ...string) (views []ConnectionView, err error) {
	err = r.ask(ctx, "connections", showRequest{ids}, &views)
	return views, err
}

func (r *remote) Suspend(ctx context.Context, id, violation, remedy string) error {
	return r.ask(ctx, "suspend", actRequest{ID: id, Violation: violation, Remedy: remedy}, &emptyRequest{})
}

func (r *remote) End(ctx context.Context, id, ground, reason string) error {
	return r.ask(ctx, "end", actRequest{ID: id, Ground: ground, Reason: reason}, &emptyRequest{})
}

func (r *remote) RotateCert(ctx context.Context, id string, rot onboarding.Rotation) (time.Time, error) {
	var a rotateAnswer
	err := r.ask(ctx, "rotate-cert", rotateRequest{id, rot}, &a)
	return a.Retired, err
}

func (r *remote) Search(ctx context.Context, reason string, q ledger.Query) (res SearchResult, err error) {
	err = r.ask(ctx, "search", searchRequest{reason, q}, &res)
	return res, err
}

func (r *remote) Recent(ctx context.Context, n int) (lines []ledger.Line, err error) {
	err = r.ask(ctx, "recent", recentRequest{n}, &lines)
	return lines, err
}

func (r *remote) Export(ctx context.Context, reason string, rng ExportRange, w io.Writer) error {
	return r.stream(ctx, "export", exportRequest{reason, rng}, w)
}

func (r *remote) Fsck(ctx context.Context, kept Kept, progress func(done, total int64)) (rep *verify.Report, err error) {
	pr, pw := io.Pipe()
	read := make(chan error, 1)
	go func() {
		dec := json.NewDecoder(pr)
		for {
			var l fsckLine
			if err := dec.Decode(&l); err != nil {
				if errors.Is(err, io.EOF) {
					err = nil
				}
				_ = pr.CloseWithError(err)
				read <- err
				return
			}
			if l.Report != nil {
				rep = l.Report
			} else if progress != nil {
				progress(l.Done, l.Total)
			}
		}
	}()
	err = r.stream(ctx, "fsck", kept, pw)
	_ = pw.Close()
	if rerr := <-read; err == nil && rerr != nil {
		err = rerr
	}
	switch {
	case err != nil:
		return nil, err
	case rep == nil:
		return nil, fault.New(fault.Unavailable, "the server's answer broke off: nothing is known of what it found")
	}
	return rep, nil
}
