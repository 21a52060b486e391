package gate

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/note"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/internal/ledger"
	"dancu/internal/register"
)

// world is a gate with everything real behind it, and verbs to use it.
type world struct {
	t      testing.TB
	env    *dbtest.Env
	cfg    Config // what differs from the defaults
	offset atomic.Int64
	fault  atomic.Pointer[func(step string) error] // of Main
	// unreadable makes reading the standing fail.
	unreadable atomic.Pointer[error]
	signer     string
	vkey       string
	kek        []byte
	logger     *slog.Logger     // nil: discarded
	via        func(*db.Config) // how Main is reached; nil: straight

	main, reg, derived *db.DB
	log                *ledger.Log
	gate               *Gate
	stop               func()
	consents           memConsents
}

// start makes a world with ten people and no connection.
func start(t testing.TB, env *dbtest.Env, change ...func(*Config)) *world {
	t.Helper()
	signer, vkey, err := note.GenerateKey(rand.Reader, "log.example/test")
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, env: env, signer: signer, vkey: vkey, kek: make([]byte, ledger.KeySize)}
	w.consents.byID = map[string]*access.Consent{}
	for _, c := range change {
		c(&w.cfg)
	}
	w.open()
	var lines strings.Builder
	for i := range 10 {
		lines.WriteString(person(i) + "\n")
	}
	if _, err := register.New(w.reg).Import(t.Context(), strings.NewReader(lines.String()), importJSON); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.close() })
	return w
}

var importJSON = register.ImportOptions{Format: "jsonl"}

func pin(i int) string { return fmt.Sprintf("001090%06d", i) }

func person(i int) string {
	return fmt.Sprintf(`{"pin":%q,"fullName":"Nguyễn Văn %c","dateOfBirth":"1990-01-%02d","sex":"male","permanentResidence":{"unit":"001.01","detail":"Số %d"},"household":[]}`,
		pin(i), 'A'+rune(i), i+1, i)
}

// open opens the databases and starts the gate, as after a restart.
func (w *world) open() {
	w.t.Helper()
	offset := func(c *db.Config) {
		c.ClockOffset = func() time.Duration { return time.Duration(w.offset.Load()) }
		if w.via != nil {
			w.via(c)
		}
		c.Fault = func(step string) error {
			if f := w.fault.Load(); f != nil {
				return (*f)(step)
			}
			return nil
		}
	}
	relaxed := func(c *db.Config) { c.Relaxed = true }
	w.main, w.reg, w.derived = w.env.Open(db.Main, offset), w.env.Open(db.Register), w.env.Open(db.Derived, relaxed)
	log, err := ledger.Open(context.Background(), ledger.Config{
		Main: w.main, Derived: w.derived, Origin: "log.example/test", SigningKey: w.signer, SealingKey: w.kek,
		Node: "test", Version: "test", ClockHold: 50 * time.Millisecond, Logger: w.logger,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.log = log
	cfg := w.cfg
	cfg.Log, cfg.Main, cfg.Register, cfg.Consents, cfg.Logger = log, w.main, register.New(w.reg), &w.consents, w.logger
	cfg.Load = func(ctx context.Context, q db.Querier, cur *access.Directory) (*access.Directory, error) {
		if err := w.unreadable.Load(); err != nil {
			return nil, *err
		}
		return loadDirectory(ctx, q, cur)
	}
	w.gate, err = New(context.Background(), cfg)
	if err != nil {
		w.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	logCtx, logCancel := context.WithCancel(context.Background())
	var gateDone, logDone sync.WaitGroup
	gateDone.Go(func() { _ = w.gate.Run(ctx) })
	logDone.Go(func() { _ = log.Run(logCtx) })
	w.stop = func() {
		cancel()
		gateDone.Wait()
		logCancel()
		logDone.Wait()
		_ = log.Close()
	}
}

// close stops the gate as a clean shut-down does.
func (w *world) close() {
	if w.stop == nil {
		return
	}
	w.stop()
	w.stop = nil
	_ = errors.Join(w.main.Close(), w.reg.Close(), w.derived.Close())
}

func (w *world) restart() { w.close(); w.open() }

// loadDirectory is what the area that owns connections does.
func loadDirectory(ctx context.Context, q db.Querier, cur *access.Directory) (*access.Directory, error) {
	rows, err := ledger.StandingSince(ctx, q, cur.Version())
	if err != nil {
		return nil, err
	}
	changes := make([]access.Change, len(rows))
	for i, r := range rows {
		changes[i] = access.Change{Version: r.Version, Kind: access.ChangeKind(r.Kind), ID: r.ID, Doc: r.Doc}
	}
	return cur.Apply(changes)
}

// memConsents stands in for the area that owns consents.
type memConsents struct {
	mu   sync.Mutex
	byID map[string]*access.Consent
	err  error
}

func (m *memConsents) FindConsents(_ context.Context, _ db.Querier, ids []string) (map[string]*access.Consent, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := map[string]*access.Consent{}
	for _, id := range ids {
		if c := m.byID[id]; c != nil {
			out[id] = c
		}
	}
	return out, m.err
}

func (m *memConsents) StoreConsent(_ context.Context, _ *db.Tx, c *access.Consent, _, _ string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.byID[c.ID] = c
	return m.err
}

// The one procedure and case of the tests.
const (
	procedure = "1.008377.000.00.00.H13"
	dossier   = "H13-250101-0001"
)

func thumb(system string) access.Thumbprint { return sha256.Sum256([]byte(system)) }

// connect gives a system of its own agency a connection with every service;
// change alters the connection before it is written.
func (w *world) connect(system string, change ...func(*access.Connection)) {
	w.t.Helper()
	now := w.main.Clock()
	var grants []access.Grant
	for _, s := range []access.Service{access.Lookup, access.Verify, access.Search, access.Household} {
		grants = append(grants, access.Grant{
			ID: s.String(), Hash: strings.Repeat("0", 64), Service: s, Procedures: []string{procedure},
			Fields: access.FieldsOf(access.FullName, access.DateOfBirth, access.Sex), Claims: access.DefaultClaims, Keys: access.DefaultKeys(s),
			From: now.AddDate(0, -1, 0), Until: now.AddDate(1, 0, 0), PeoplePerCase: 1000, SearchCap: 5,
		})
	}
	grants[0].Keys = append(grants[0].Keys, access.Keys(access.KeyPIN))
	c := access.Connection{
		ID: system, System: system, State: access.Active, AssessedFrom: now.AddDate(0, -1, 0), AssessedUntil: now.AddDate(1, 0, 0),
		Limit: access.DefaultLimit, Mismatches: 3, Grants: grants,
	}
	for _, f := range change {
		f(&c)
	}
	t := thumb(system)
	w.put(
		access.ChangeAgency, system, access.Agency{ID: system, Code: "H13", Group: access.GroupState},
		access.ChangeSystem, system, access.System{
			ID: system, Agency: system, Level: 3,
			Credentials: []access.Credential{{SHA256: hex.EncodeToString(t[:]), NotBefore: now.AddDate(0, -1, 0), NotAfter: now.AddDate(1, 0, 0)}},
		},
		access.ChangeConnection, system, c)
}

// put writes documents of the standing with an entry of kind "standing".
func (w *world) put(docs ...any) int64 {
	w.t.Helper()
	var index int64
	err := w.log.Write(context.Background(), func(tx *ledger.Tx) error {
		for i := 0; i < len(docs); i += 3 {
			var doc []byte
			if docs[i+2] != nil {
				var err error
				if doc, err = json.Marshal(docs[i+2]); err != nil {
					return err
				}
			}
			tx.Stand(string(docs[i].(access.ChangeKind)), docs[i+1].(string), doc)
		}
		e, err := ledger.EventEntry("standing", ledger.Actor{Kind: "test", ID: "test"}, nil)
		if err != nil {
			return err
		}
		index = tx.Append(e, ledger.Outcome{})
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return index
}

// alter changes a connection.
func (w *world) alter(id string, change func(*access.Connection)) int64 {
	w.t.Helper()
	dir, err := loadDirectory(context.Background(), w.main, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	c := *dir.Connection(id)
	change(&c)
	return w.put(access.ChangeConnection, id, c)
}

// unlock lifts a lock as the area that owns connections does.
func (w *world) unlock(id string) {
	w.t.Helper()
	dir, err := loadDirectory(context.Background(), w.main, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	w.put(access.ChangeLock, id, access.Lock{Epoch: dir.Connection(id).Lock.Epoch + 1})
}

// call makes a lawful look-up of person i; change alters it.
func (w *world) call(system string, i int, change ...func(*Call)) *Call {
	c := &Call{
		Thumbprint: thumb(system), Address: netip.MustParseAddr("127.0.0.1"), Channel: access.ChannelAPI,
		Transaction: uuid.Must(uuid.NewV7()).String(), RequestID: uuid.Must(uuid.NewV7()).String(), Service: access.Lookup,
		Keys:   register.Keys{PIN: pin(i)},
		Fields: access.FieldsOf(access.FullName, access.Sex), Procedure: procedure, Case: dossier,
		Officer: access.Officer{ID: "cb-01", Address: "10.0.0.7", Session: "s-1"},
	}
	for _, f := range change {
		f(c)
	}
	return c
}

// do sends a call and returns the answer, or the refusal's code.
func (w *world) do(c *Call) (*Answer, access.Code) {
	w.t.Helper()
	a, r := w.try(c)
	if r != nil {
		return nil, r.Code
	}
	return a, access.Allowed
}

func (w *world) try(c *Call) (*Answer, *Refusal) {
	w.t.Helper()
	a, err := w.gate.Do(context.Background(), c)
	if err == nil {
		return a, nil
	}
	var r *Refusal
	if !errors.As(err, &r) {
		w.t.Errorf("a call failed: %v", err)
		return nil, &Refusal{Code: access.InternalError, Index: -1}
	}
	return nil, r
}

// expect sends a call and fails unless its code is as said.
func (w *world) expect(c *Call, want access.Code) (*Answer, *Refusal) {
	w.t.Helper()
	a, r := w.try(c)
	got := access.Allowed
	if r != nil {
		got = r.Code
	}
	if got != want {
		w.t.Fatalf("call %s: got %q, want %q (%v)", c.Service, got, want, r)
	}
	return a, r
}

// row is what an entry's plain columns say.
type row struct {
	index      int64
	time       int64
	kind       string
	connection string
	code       string
}

// rows returns the log's plain columns in order.
func (w *world) rows(kinds ...string) []row {
	w.t.Helper()
	rs, err := w.main.Query(context.Background(), "SELECT idx, time, kind, connection, code FROM entries ORDER BY idx")
	if err != nil {
		w.t.Fatal(err)
	}
	defer rs.Close()
	var out []row
	for rs.Next() {
		var r row
		if err := rs.Scan(&r.index, &r.time, &r.kind, &r.connection, &r.code); err != nil {
			w.t.Fatal(err)
		}
		for _, k := range kinds {
			if strings.HasPrefix(r.kind, k) {
				out = append(out, r)
			}
		}
	}
	if err := rs.Err(); err != nil {
		w.t.Fatal(err)
	}
	return out
}

// answered counts the entries of a connection's admitted calls.
func (w *world) answered(connection string) (n int64) {
	for _, r := range w.rows("call.") {
		if r.connection == connection && r.code == "" {
			n++
		}
	}
	return n
}

// counted returns what the counters say of a connection in its present epoch.
func (w *world) counted(connection string) int64 {
	w.t.Helper()
	u, err := w.gate.Used(context.Background(), w.gate.Directory().Connection(connection))
	if err != nil {
		w.t.Fatal(err)
	}
	return u.Calls
}

// hold keeps the one lock until release is closed.
func (w *world) hold(held, release chan struct{}) {
	err := w.log.Write(context.Background(), func(tx *ledger.Tx) error {
		close(held)
		<-release
		return nil
	})
	if err != nil {
		w.t.Error(err)
	}
}

// summed adds up the counts of the summary entries by code.
func (w *world) summed() map[string]int64 {
	w.t.Helper()
	out := map[string]int64{}
	for _, e := range w.bodies("calls.refused") {
		var m struct {
			Code  string
			Count int64
		}
		if err := json.Unmarshal(e[ledger.PartEvent], &m); err != nil {
			w.t.Fatal(err)
		}
		out[m.Code] += m.Count
	}
	return out
}

// bodies reads the entries of a kind: the data of their parts by name.
func (w *world) bodies(kind string) (out []map[string][]byte) {
	w.t.Helper()
	r, err := w.log.Search(context.Background(), ledger.Reader{Actor: ledger.Actor{Kind: "test", ID: "test"}, Reason: "test"},
		ledger.Query{Kind: kind, Limit: ledger.MaxResults})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, e := range r.Records {
		m := map[string][]byte{}
		for _, p := range e.Parts {
			m[p.Name] = p.Data
		}
		out = append(out, m)
	}
	return out
}
