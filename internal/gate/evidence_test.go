package gate

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/internal/ledger"
	"dancu/internal/register"
	"dancu/verify"
)

// fsck checks the whole log against what was kept.
func (w *world) fsck(checkpoints [][]byte, receipts ...*verify.Receipt) *verify.Report {
	w.t.Helper()
	r, err := ledger.Fsck(context.Background(), ledger.FsckConfig{
		Main: w.main, Derived: w.derived, SealingKey: w.kek, VKey: w.vkey, Checkpoints: checkpoints, Receipts: receipts,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// audit checks that nothing is lost, doubled or miscounted: every receipt
// stands in the log and verifies under its newest checkpoint, the log is
// sound, and every connection's counter says what its entries say.
func (w *world) audit(receipts [][]byte, connections ...string) {
	w.t.Helper()
	var kept []*verify.Receipt
	places := map[int64]bool{}
	for _, b := range receipts {
		r, err := verify.ParseReceipt(b)
		if err != nil {
			w.t.Fatalf("a receipt cannot be read: %v\n%s", err, b)
		}
		if places[r.Index] {
			w.t.Errorf("two receipts are of entry %d", r.Index)
		}
		places[r.Index] = true
		text, err := w.log.Proof(context.Background(), r.Index)
		if err != nil {
			w.t.Fatalf("entry %d cannot be proved: %v", r.Index, err)
		}
		p, err := verify.ParseProof(text)
		if err != nil {
			w.t.Fatal(err)
		}
		if _, err := r.VerifyProof(p, w.vkey); err != nil {
			w.t.Errorf("the receipt of entry %d does not verify: %v", r.Index, err)
		}
		kept = append(kept, r)
	}
	// What the head covers is published soon after.
	if err := w.log.WaitPublished(context.Background(), w.log.Head().Size-1); err != nil {
		w.t.Fatal(err)
	}
	for _, f := range w.fsck([][]byte{w.log.Checkpoint()}, kept...).Findings {
		w.t.Errorf("fsck: %s", f)
	}
	for _, c := range connections {
		if entries, counted := w.answered(c), w.counted(c); entries != counted {
			w.t.Errorf("connection %s: %d entries, %d counted", c, entries, counted)
		}
	}
}

// TestEveryChangeOfACallShows changes what the log holds of one call, and what
// was kept of it, as somebody with the database or the receipt in hand could.
func TestEveryChangeOfACallShows(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		w := start(t, env)
		w.connect("a")
		var receipts [][]byte
		for i := range 5 {
			a, _ := w.expect(w.call("a", i), access.Allowed)
			receipts = append(receipts, a.Receipt)
		}
		w.audit(receipts, "a")
		victim, err := verify.ParseReceipt(receipts[2])
		if err != nil {
			t.Fatal(err)
		}
		kept := [][]byte{w.log.Checkpoint()}
		raw := env.Raw(db.Main)
		// change runs f on the stored value, expects fsck to name the place,
		// and puts the value back.
		change := func(what, table, column, key string, at int64, place string, f func([]byte) []byte) {
			t.Helper()
			var old []byte
			if err := raw.QueryRow("SELECT "+column+" FROM "+table+" WHERE "+key+" = $1", at).Scan(&old); err != nil {
				t.Fatal(err)
			}
			set := func(v []byte) {
				if _, err := raw.Exec("UPDATE "+table+" SET "+column+" = $1 WHERE "+key+" = $2", v, at); err != nil {
					t.Fatal(err)
				}
			}
			set(f(slices.Clone(old)))
			if r := w.fsck(nil); !slices.ContainsFunc(r.Findings, func(f verify.Finding) bool { return f.Place == place }) {
				t.Errorf("%s: fsck does not name %s: %v", what, place, r.Findings)
			}
			set(old)
		}
		flip := func(b []byte) []byte { b[3] ^= 1; return b }
		entry := verify.Entry(victim.Index)
		change("a bit of the body", "entries", "body", "idx", victim.Index, entry, flip)
		change("a bit of the outcome's salt", "entries", "outcome", "idx", victim.Index, entry, flip)
		change("the outcome's text", "entries", "outcome", "idx", victim.Index, entry, func(b []byte) []byte {
			return bytes.Replace(b, []byte("answered"), []byte("refused"), 1)
		})
		change("a bit of the leaf", "entries", "leaf", "idx", victim.Index, entry, flip)
		// A head that is whole in itself and of another log.
		size := w.log.Head().Size
		var frontier []byte
		if err := raw.QueryRow("SELECT frontier FROM heads WHERE size = $1", size).Scan(&frontier); err != nil {
			t.Fatal(err)
		}
		var hashes []tlog.Hash
		for i := 0; i < len(frontier); i += 32 {
			hashes = append(hashes, tlog.Hash(frontier[i:]))
		}
		hashes[0] = sha256.Sum256([]byte("another log"))
		other, err := verify.NewRange(size, hashes)
		if err != nil {
			t.Fatal(err)
		}
		root := other.Root()
		var oldRoot []byte
		if err := raw.QueryRow("SELECT root FROM heads WHERE size = $1", size).Scan(&oldRoot); err != nil {
			t.Fatal(err)
		}
		if _, err := raw.Exec("UPDATE heads SET root = $1 WHERE size = $2", root[:], size); err != nil {
			t.Fatal(err)
		}
		change("the newest head", "heads", "frontier", "size", size, fmt.Sprintf("head %d", size), func([]byte) []byte {
			var b []byte
			for _, h := range other.Frontier() {
				b = append(b, h[:]...)
			}
			return b
		})
		if _, err := raw.Exec("UPDATE heads SET root = $1 WHERE size = $2", oldRoot, size); err != nil {
			t.Fatal(err)
		}
		if r := w.fsck(kept); !r.OK() {
			t.Fatalf("the log is not as it was: %v", r.Findings)
		}

		// A receipt with another salt is of an entry that the log does not have.
		for i := range victim.Parts {
			if victim.Parts[i].Shown {
				victim.Parts[i].Salt[0] ^= 1
				victim.Parts[i].Digest = verify.PartDigest(victim.Parts[i].Name, &victim.Parts[i].Salt, victim.Parts[i].Data)
				break
			}
		}
		if r := w.fsck(nil, victim); r.OK() {
			t.Error("fsck accepts a receipt of another entry")
		}
		text, err := w.log.Proof(context.Background(), victim.Index)
		if err != nil {
			t.Fatal(err)
		}
		proof, err := verify.ParseProof(text)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := victim.VerifyProof(proof, w.vkey); err == nil {
			t.Error("a receipt of another entry verifies")
		}
	})
}

// TestAStandingThatCannotBeReadRefuses: nobody is answered by what was known
// before.
func TestAStandingThatCannotBeReadRefuses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		w := start(t, env)
		w.connect("a")
		w.expect(w.call("a", 1), access.Allowed)
		broken := error(errBroken)
		w.unreadable.Store(&broken)
		// Another changes the standing; this node hears of it only in the head.
		w.t = t
		w.put(access.ChangeConnection, "z", access.Connection{ID: "z", System: "a", State: access.Draft})
		for range 3 {
			if _, r := w.try(w.call("a", 1)); r == nil || r.Code != access.LogUnavailable {
				t.Errorf("got %v, want %s", r, access.LogUnavailable)
			}
		}
		w.unreadable.Store(nil)
		w.heal()
		a, _ := w.expect(w.call("a", 1), access.Allowed)
		w.audit([][]byte{a.Receipt}, "a")
	})
}

// hostile are texts that somebody could send in any field.
var hostile = map[string]string{
	"NUL":            "a\x00b",
	"invalid UTF-8":  "a\xff\xfeb",
	"half surrogate": "\xed\xa0\x80",
	"64 KiB":         strings.Repeat("á", 32<<10),
	"more than that": strings.Repeat("x", 200<<10),
	"quotes":         `'";--\` + "`" + `$1 $$ %s {{.}}`,
	"JSON":           `{"pin":"001090000001","x":[[[[{"y":null}]]]]}`,
	"deep":           strings.Repeat("[", 20_000),
	"right to left":  "\u202eNguyễn\u202c\u200f\ufeff",
	"controls":       "\x01\x02\x1b[2J\r\n\t\x7f\u0085\u2028",
	"beyond the BMP": "𠀀𐀀\U0010ffff",
	"unassigned":     "\ufffe\uffff\u0378",
}

// hostileFields are the fields of a call that hold texts.
var hostileFields = map[string]func(*Call, string){
	"transaction":     func(c *Call, s string) { c.Transaction = s },
	"retryOf":         func(c *Call, s string) { c.RetryOf = s },
	"build":           func(c *Call, s string) { c.Build = s },
	"represented":     func(c *Call, s string) { c.Represented = s },
	"pin":             func(c *Call, s string) { c.Keys.PIN = s },
	"cmnd":            func(c *Call, s string) { c.Keys.PIN, c.Keys.CMND = "", s },
	"fullName":        func(c *Call, s string) { c.Keys.FullName = s },
	"dateOfBirth":     func(c *Call, s string) { c.Keys.DateOfBirth = s },
	"procedure":       func(c *Call, s string) { c.Procedure = s },
	"case":            func(c *Call, s string) { c.Case = s },
	"officer.id":      func(c *Call, s string) { c.Officer.ID = s },
	"officer.address": func(c *Call, s string) { c.Officer.Address = s },
	"officer.session": func(c *Call, s string) { c.Officer.Session = s },
	"consent":         func(c *Call, s string) { c.Consent = s },
	"claim": func(c *Call, s string) {
		c.Service, c.Fields = access.Verify, 0
		c.Claims = register.Claims{access.FullName: s, access.DateOfBirth: "1990-01-02"}
	},
	"search name": func(c *Call, s string) {
		c.Service = access.Search
		c.Keys = register.Keys{FullName: s, DateOfBirth: "1990-01-02"}
	},
}

// TestHostileTextFailsOnlyItsOwnCall puts every hostile text into every field
// past the decoder, in batches with good calls: those are answered, the log
// stays up, and what is written can be read and verified.
func TestHostileTextFailsOnlyItsOwnCall(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		w := start(t, env)
		w.connect("a", func(c *access.Connection) { c.Limit.Calls, c.Mismatches = 1<<40, 1000 })
		w.connect("bank", func(c *access.Connection) { c.Limit.Calls, c.Mismatches = 1<<40, 1000 })
		w.put(access.ChangeAgency, "bank", access.Agency{ID: "bank", Code: "H13", Group: access.GroupServices})
		var mu sync.Mutex
		var receipts [][]byte
		keep := func(a *Answer) {
			mu.Lock()
			defer mu.Unlock()
			receipts = append(receipts, a.Receipt)
		}
		for field, set := range hostileFields {
			held, release := make(chan struct{}), make(chan struct{})
			go w.hold(held, release)
			<-held
			var wg sync.WaitGroup
			for name, text := range hostile {
				for _, system := range []string{"a", "bank"} {
					wg.Go(func() {
						a, err := w.gate.Do(context.Background(), w.call(system, 1, func(c *Call) { set(c, text) }))
						var r *Refusal
						switch {
						case err == nil:
							keep(a)
						case errors.As(err, &r) && r.Code == access.LogUnavailable:
							t.Errorf("%s, %s: %v", field, name, err)
						}
					})
				}
			}
			for i := range 4 {
				wg.Go(func() {
					a, code := w.do(w.call("a", i))
					if code != access.Allowed {
						t.Errorf("beside a hostile %s: got %q", field, code)
						return
					}
					keep(a)
				})
			}
			for deadline := time.Now().Add(5 * time.Second); w.gate.Waiting() < 5 && time.Now().Before(deadline); {
				time.Sleep(time.Millisecond)
			}
			close(release)
			wg.Wait()
		}
		if got := len(w.rows("node.resumed")); got != 0 {
			t.Errorf("the log went down %d times", got)
		}
		w.restart() // writes the summaries of the refused
		if w.summed()[string(access.RequestInvalid)] == 0 {
			t.Error("no summary tells of the hostile calls")
		}
		w.audit(receipts, "a", "bank")
	})
}

// TestNoNameInOperationalLogs makes every kind of call, refusal and failure at
// the most talkative level, and looks for whom it was about.
func TestNoNameInOperationalLogs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		var out bytes.Buffer
		var mu sync.Mutex
		w := start(t, env)
		w.close()
		w.logger = slog.New(slog.NewJSONHandler(lockedWriter{&mu, &out}, &slog.HandlerOptions{Level: slog.LevelDebug}))
		w.open()
		w.connect("a", func(c *access.Connection) { c.Limit.Calls = 30 })
		names := []string{"Nguyễn Văn", "NGUYEN VAN", "nguyen van", "Trần Thị Khác", "1990-01-0", "00109000000", "cb-01", "Hà Nội 7"}
		calls := func() {
			for i := range 4 {
				for _, change := range []func(*Call){
					func(c *Call) { c.Keys.FullName, c.Keys.DateOfBirth = "Nguyễn Văn B", "1990-01-02" },
					func(c *Call) { c.Keys.FullName, c.Keys.DateOfBirth = "Trần Thị Khác", "1990-01-03" },
					func(c *Call) { c.Keys.FullName, c.Fields = "NGUYEN VAN B", access.FieldsOf(access.Religion) },
					func(c *Call) { c.Keys.PIN = "00109000000x\x00" },
					func(c *Call) { c.Keys.FullName = "Trần Thị Khác\x00" },
					func(c *Call) { c.Case = "Hà Nội 7" },
					func(c *Call) { c.Officer.ID = "" },
					func(c *Call) {
						c.Service, c.Keys = access.Search, register.Keys{FullName: "nguyen van c", DateOfBirth: "1990-01-03"}
					},
					func(c *Call) {
						c.Service, c.Fields, c.Claims = access.Verify, 0, register.Claims{access.FullName: "Nguyễn Văn X", access.DateOfBirth: "1990-01-03"}
					},
					func(c *Call) {
						c.Service, c.Keys.FullName, c.Keys.DateOfBirth = access.Household, "Nguyễn Văn B", "1990-01-02"
					},
				} {
					_, _ = w.gate.Do(context.Background(), w.call("a", i, change))
				}
			}
		}
		calls()
		for n := 1; n <= 6; n++ { // failures in the middle of things
			w.breakAt("statement", n)
			calls()
			w.heal()
		}
		w.breakAt("committed", 1)
		calls()
		w.heal()
		if _, err := register.New(w.reg).Import(t.Context(),
			strings.NewReader(person(3)+"\n"+strings.Replace(person(4), "Nguyễn", "Nguyễn\\u0000", 1)+"\n{\n"), importJSON); err != nil {
			t.Log("the import says:", err)
			mu.Lock()
			fmt.Fprintln(&out, err)
			mu.Unlock()
		}
		w.close()
		logged := out.String()
		if len(logged) == 0 {
			t.Fatal("nothing was logged at all")
		}
		if env.Engine == db.Postgres {
			logged += env.PostgresLog()
		}
		for _, n := range names {
			if i := strings.Index(logged, n); i >= 0 {
				t.Errorf("%q stands in a log: …%s…", n, logged[max(0, i-200):min(len(logged), i+100)])
			}
		}
	})
}

type lockedWriter struct {
	mu  *sync.Mutex
	buf *bytes.Buffer
}

func (w lockedWriter) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.buf.Write(b)
}
