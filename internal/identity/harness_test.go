package identity

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"golang.org/x/mod/sumdb/note"

	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
	"dancu/internal/ledger"
)

// house is a Store over real databases, with verbs to live in it.
type house struct {
	*Store
	t      testing.TB
	ctx    context.Context
	main   *db.DB
	der    *db.DB
	ledger *ledger.Log
	kek    []byte
	vkey   string
	signer string
	offset atomic.Int64
	fault  atomic.Pointer[func(step string) error]
	grants agencies
	env    *dbtest.Env

	arrived atomic.Int64
}

// agencies are two agencies with connections.
type agencies map[string]map[string][]string

func (a agencies) AgencyCode(_ context.Context, _ db.Querier, id string) (string, error) {
	if a[id] == nil {
		return "", nil
	}
	return "H01." + id, nil
}

func (a agencies) GrantsOf(_ context.Context, _ db.Querier, id string) (map[string][]string, error) {
	return a[id], nil
}

// quick are rules whose hashes cost next to nothing.
var quick = Settings{HashMemory: 64, HashTime: 1, HashThreads: 1, Hashes: 64, AddressFailures: 1000, AddressAttempts: 100_000}

func start(t testing.TB, env *dbtest.Env, change ...func(*Config)) *house {
	t.Helper()
	signer, vkey, err := note.GenerateKey(rand.Reader, "log.example/test")
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, ctx: context.Background(), kek: make([]byte, ledger.KeySize), env: env, vkey: vkey, signer: signer}
	h.grants = agencies{
		"ward": {"ward.con": {"g.lookup", "g.verify"}, "ward.old": {"g.old"}},
		"bank": {"bank.con": {"g.bank"}},
	}
	h.main = env.Open(db.Main, func(c *db.Config) {
		c.ClockOffset = func() time.Duration { return time.Duration(h.offset.Load()) }
		c.Fault = func(step string) error {
			if f := h.fault.Load(); f != nil {
				return (*f)(step)
			}
			return nil
		}
	})
	h.der = env.Open(db.Derived, func(c *db.Config) { c.Relaxed = true })
	h.ledger, err = ledger.Open(h.ctx, ledger.Config{
		Main: h.main, Derived: h.der, Origin: "log.example/test", SigningKey: signer, SealingKey: h.kek,
		Node: "test", Version: "test", ClockHold: -1, // the tests step the clock
	})
	h.must(err)
	ctx, cancel := context.WithCancel(h.ctx)
	done := make(chan struct{})
	go func() { defer close(done); _ = h.ledger.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-done; _ = h.ledger.Close() })
	h.Store = h.node(change...)
	return h
}

// node is another process over the same data.
func (h *house) node(change ...func(*Config)) *Store {
	h.t.Helper()
	cfg := Config{Main: h.main, Log: h.ledger, Agencies: h.grants, Settings: quick}
	for _, c := range change {
		c(&cfg)
	}
	s, err := New(h.ctx, cfg)
	h.must(err)
	return s
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// refused demands a refusal of this kind and code.
func (h *house) refused(err error, kind fault.Kind, code Code) {
	h.t.Helper()
	if !fault.Is(err, kind) || CodeOf(err) != code {
		h.t.Fatalf("got %v (%v, %q), want %v, %q", err, fault.KindOf(err), CodeOf(err), kind, code)
	}
}

// pass lets time go by.
func (h *house) pass(d time.Duration) { h.offset.Add(int64(d)) }

func (h *house) now() time.Time { return h.main.Clock() }

// person is somebody with an account.
type person struct {
	Account
	password string
	secret   []byte // of the authenticator app
	token    string
	session  *Session
	recovery []string
	from     Client
}

func (p *person) actor() Actor { return p.session.Actor(p.from) }

var (
	clerk = Actor{Local: ledger.Actor{Kind: "cli", ID: "uid:1000(clerk)"}}
	why   = "the yearly exercise"
	desk  = Client{Address: netip.MustParseAddr("192.0.2.10"), Agent: "Mozilla/5.0 (Windows NT 10.0) Chrome/109.0"}
)

// code is what the person's app shows now; it waits for one not yet used.
func (h *house) code(p *person) string {
	h.pass(31 * time.Second)
	return h.codeAt(p, 0)
}

// codeAt is what the app shows so many steps from now.
func (h *house) codeAt(p *person, steps int64) string {
	h.t.Helper()
	text := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(p.secret)
	c, err := hotp.GenerateCodeCustom(text, uint64(h.now().Unix()/totpPeriod+steps), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
	h.must(err)
	return c
}

// arrive takes a person with a one-time password through the first sign-in.
func (h *house) arrive(i Issued) *person {
	h.t.Helper()
	p := &person{Account: i.Account, password: fmt.Sprintf("Đường 9 làng sen %d", h.arrived.Add(1)), from: desk}
	step, err := h.Begin(h.ctx, p.from, i.Account.Login, i.Password)
	h.must(err)
	if step.Need != NeedPassword || step.Session != nil {
		h.t.Fatalf("the first sign-in needs %q, want %q", step.Need, NeedPassword)
	}
	step, err = h.SetPassword(h.ctx, p.from, step.Token, p.password)
	h.must(err)
	if step.Need != NeedEnrol {
		h.t.Fatalf("the first sign-in needs %q, want %q", step.Need, NeedEnrol)
	}
	offer, err := h.OfferTOTP(h.ctx, step.Token)
	h.must(err)
	p.secret, err = base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(offer.Secret)
	h.must(err)
	step, err = h.Enrol(h.ctx, p.from, step.Token, Enrolment{Code: h.codeAt(p, 0)})
	h.must(err)
	p.enter(step)
	p.recovery = step.Recovery
	if p.session == nil || len(p.recovery) != recoveryCodes {
		h.t.Fatalf("after enrolling: session %v, %d recovery codes", p.session, len(p.recovery))
	}
	return p
}

func (p *person) enter(s Step) { p.token, p.session = s.Token, s.Session }

// signIn signs a person in.
func (h *house) signIn(p *person) {
	h.t.Helper()
	step, err := h.Begin(h.ctx, p.from, p.Login, p.password)
	h.must(err)
	step, err = h.GiveFactor(h.ctx, p.from, step.Token, Proof{Code: h.code(p)})
	h.must(err)
	if step.Need != NeedNothing || step.Session == nil {
		h.t.Fatalf("signed in, but %q is needed", step.Need)
	}
	p.enter(step)
}

// stepUp shows the second factor anew.
func (h *house) stepUp(p *person) {
	h.t.Helper()
	step, err := h.StepUp(h.ctx, p.from, p.token, Proof{Code: h.code(p)})
	h.must(err)
	p.enter(step)
}

// admin is the first administrator, signed in.
func (h *house) admin() *person {
	h.t.Helper()
	i, err := h.CreateFirstAdministrator(h.ctx, clerk, NewAccount{Code: "QT-1", Login: "quantri.mot", Name: "Trần Thị Một"})
	h.must(err)
	return h.arrive(i)
}

// second is another administrator: the first proposes, and as there is nobody
// to confirm yet, the store's own way is taken as the confirmation would.
func (h *house) second(first *person) *person {
	h.t.Helper()
	var issued Issued
	h.must(h.ledger.Write(h.ctx, func(tx *ledger.Tx) error {
		w, err := h.who(h.ctx, tx, first.actor(), tx.Now)
		if err != nil {
			return err
		}
		issued.Password = oneTime()
		r, err := h.create(h.ctx, tx, w, NewAccount{Kind: Administrator, Code: "QT-2", Login: "quantri.hai", Name: "Phạm Văn Hai"}, h.hasher.hash(issued.Password), nil)
		if err == nil {
			issued.Account = r.Account
		}
		return err
	}))
	return h.arrive(issued)
}

// hire makes an account and brings its person in.
func (h *house) hire(by *person, kind Kind, agency, code string) *person {
	h.t.Helper()
	i, err := h.CreateAccount(h.ctx, by.actor(), NewAccount{Kind: kind, Agency: agency, Code: code, Login: strings.ToLower(code) + "@" + string(kind), Name: "Nguyễn Thị " + code})
	h.must(err)
	return h.arrive(i)
}

// told is an entry, as far as tests look.
type told struct {
	Kind   string
	Event  map[string]any
	Person map[string]any // the officer part
	Code   string
}

// entries reads all entries of this area through the log.
func (h *house) entries(kinds ...string) (out []told) {
	h.t.Helper()
	var next int64
	for {
		res, err := h.ledger.Search(h.ctx, ledger.Reader{Actor: ledger.Actor{Kind: "cli", ID: "test"}, Reason: "test"}, ledger.Query{Limit: 1000, Before: next})
		h.must(err)
		for _, r := range res.Records {
			t := told{Kind: r.Kind, Code: r.Code}
			for _, p := range r.Parts {
				switch p.Name {
				case ledger.PartEvent:
					h.must(json.Unmarshal(p.Data, &t.Event))
				case ledger.PartOfficer:
					h.must(json.Unmarshal(p.Data, &t.Person))
				}
			}
			if len(kinds) == 0 || contains(kinds, r.Kind) {
				out = append(out, t)
			}
		}
		if next = res.Next; next == 0 {
			break
		}
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out
}

func contains(list []string, s string) bool {
	for _, o := range list {
		if o == s {
			return true
		}
	}
	return false
}

// count is how many entries of a kind there are.
func (h *house) count(kind string) int {
	h.t.Helper()
	var n int
	h.must(h.main.QueryRow(h.ctx, "SELECT count(*) FROM entries WHERE kind = $1", kind).Scan(&n))
	return n
}

// size is how many entries there are in all.
func (h *house) size() (n int) {
	h.t.Helper()
	h.must(h.main.QueryRow(h.ctx, "SELECT count(*) FROM entries").Scan(&n))
	return n
}

// live reports whether the person's session is live.
func (h *house) live(p *person) bool {
	h.t.Helper()
	_, err := h.Use(h.ctx, p.token, p.from)
	if err != nil && !fault.Is(err, fault.Unauthenticated) {
		h.t.Fatal(err)
	}
	return err == nil
}

// dump is every stored text and blob of this area, to look for what must not
// be there.
func (h *house) dump() string {
	h.t.Helper()
	var b strings.Builder
	raw := h.env.Raw(db.Main)
	for _, table := range []string{"accounts", "old_passwords", "factors", "recovery_codes", "attempts", "signins", "ceremonies", "sessions", "identity_providers", "proposals", "api_keys"} {
		rows, err := raw.QueryContext(h.ctx, "SELECT * FROM "+table)
		h.must(err)
		cols, err := rows.Columns()
		h.must(err)
		for rows.Next() {
			vals := make([]any, len(cols))
			for i := range vals {
				vals[i] = new(any)
			}
			h.must(rows.Scan(vals...))
			for _, v := range vals {
				switch x := (*v.(*any)).(type) {
				case []byte:
					b.Write(x)
				default:
					fmt.Fprint(&b, x)
				}
				b.WriteByte('\n')
			}
		}
		h.must(rows.Err())
		_ = rows.Close()
	}
	return b.String()
}

// netipFrom is the i-th of many addresses.
func netipFrom(i int) netip.Addr {
	return netip.AddrFrom4([4]byte{198, 18, byte(i >> 8), byte(i)})
}
