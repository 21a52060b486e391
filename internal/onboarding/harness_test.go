package onboarding

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
	"dancu/internal/ledger"
)

// office is an Onboarding over real databases.
type office struct {
	*Onboarding
	t   testing.TB
	ctx context.Context
	env *dbtest.Env
}

var clerk = ledger.Actor{Kind: "cli", ID: "uid:1000(clerk)"}

// logKeys are one log's keys, so that a second node can open the same log.
type logKeys struct {
	skey    string
	sealing []byte
}

func newLogKeys(t testing.TB) logKeys {
	t.Helper()
	skey, _, err := note.GenerateKey(rand.Reader, "log.example.vn/test")
	if err != nil {
		t.Fatal(err)
	}
	return logKeys{skey, bytes.Repeat([]byte{7}, ledger.KeySize)}
}

func newOffice(t testing.TB, env *dbtest.Env) *office {
	return openOffice(t, env, newLogKeys(t))
}

func openOffice(t testing.TB, env *dbtest.Env, keys logKeys) *office {
	t.Helper()
	main := env.Open(db.Main)
	log, err := ledger.Open(t.Context(), ledger.Config{
		Main: main, Derived: env.Open(db.Derived, func(c *db.Config) { c.Relaxed = true }),
		Origin: "log.example.vn/test", SigningKey: keys.skey, SealingKey: keys.sealing, Node: "test",
	})
	if err != nil {
		t.Fatal(err)
	}
	tells(t, main)
	return &office{New(Config{Main: main, Log: log}), t, t.Context(), env}
}

// apply applies a file that must be good.
func (o *office) apply(file string, opt ...Options) Report {
	o.t.Helper()
	var how Options
	if len(opt) > 0 {
		how = opt[0]
	}
	rep, err := o.ApplyFile(o.ctx, clerk, Source{Name: "test.yaml", YAML: []byte(file)}, how)
	if err != nil {
		o.t.Fatalf("apply: %v", err)
	}
	return rep
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

// refused demands an error of a kind whose text has all these words.
func (o *office) refused(err error, kind fault.Kind, words ...string) {
	o.t.Helper()
	refusedWith(o.t, err, kind, words...)
}

func refusedWith(t testing.TB, err error, kind fault.Kind, words ...string) {
	t.Helper()
	if !fault.Is(err, kind) {
		t.Fatalf("got %v, want an error that is %v", err, kind)
	}
	for _, w := range words {
		if !strings.Contains(fault.Text(err), w) {
			t.Errorf("the error does not say %q:\n%s", w, fault.Text(err))
		}
	}
}

func (o *office) connection(id string) *access.Connection {
	o.t.Helper()
	dir, err := o.Load(o.ctx, o.main, nil)
	o.must(err)
	c := dir.Connection(id)
	if c == nil {
		o.t.Fatalf("there is no connection %s", id)
	}
	return c
}

func (o *office) system(id string) *access.System {
	o.t.Helper()
	dir, err := o.Load(o.ctx, o.main, nil)
	o.must(err)
	return dir.System(id)
}

// lock locks a connection the way the gate does.
func (o *office) lock(id string) {
	o.t.Helper()
	o.must(o.log.Write(o.ctx, func(tx *ledger.Tx) error {
		doc := mustJSON(access.Lock{By: access.LockedVolume, Since: tx.Now, Reason: "volume", Epoch: o.connection0(tx, id).Lock.Epoch})
		tx.Stand(string(access.ChangeLock), id, doc)
		e, err := ledger.EventEntry("connection.locked", ledger.Actor{Kind: "system", ID: "gate"}, map[string]any{"connection": id})
		if err != nil {
			return err
		}
		tx.Append(e, ledger.Outcome{})
		return nil
	}))
}

func (o *office) connection0(tx *ledger.Tx, id string) *access.Connection {
	dir, err := o.Load(o.ctx, tx.Tx, nil)
	o.must(err)
	return dir.Connection(id)
}

// entry is what can be seen of an entry without opening it.
type entry struct {
	time       int64
	kind, conn string
}

// entries returns all entries but the log's own.
func (o *office) entries() []entry {
	o.t.Helper()
	rows, err := o.main.Query(o.ctx, "SELECT time, kind, connection FROM entries ORDER BY idx")
	o.must(err)
	defer rows.Close()
	var out []entry
	for rows.Next() {
		var e entry
		o.must(rows.Scan(&e.time, &e.kind, &e.conn))
		if !strings.HasPrefix(e.kind, "node.") && e.kind != "standing.changed" {
			out = append(out, e)
		}
	}
	o.must(rows.Err())
	return out
}

// certificate makes a client certificate.
type certificate struct {
	key       crypto.Signer
	from      time.Time
	until     time.Time
	usage     []x509.ExtKeyUsage
	ca        bool
	algorithm x509.SignatureAlgorithm
}

func (c certificate) pem(t testing.TB) string {
	t.Helper()
	if c.key == nil {
		k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		c.key = k
	}
	if c.from.IsZero() {
		c.from = time.Now().Add(-time.Hour)
	}
	if c.until.IsZero() {
		c.until = time.Now().AddDate(1, 0, 0)
	}
	if c.usage == nil {
		c.usage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	}
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: "test"}, NotBefore: c.from, NotAfter: c.until,
		ExtKeyUsage: c.usage, IsCA: c.ca, BasicConstraintsValid: c.ca, SignatureAlgorithm: c.algorithm,
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, c.key.Public(), c.key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

// inline is a PEM text as a YAML (JSON) string.
func inline(pem string) string { return string(mustJSON(pem)) }

// grant is a lookup grant in flow style.
func grant(id, fields string) string {
	return fmt.Sprintf(`{id: %s, service: lookup, procedures: ["1.010100"], fields: [%s], from: 2026-01-01, until: 2099-12-31, legalBasis: {vi: Luật, en: Law}}`, id, fields)
}

// oneSystem is a file of one agency, one system with these certificates and
// one connection with these grants.
func oneSystem(name, code string, certs []string, grants ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "agencies: [{id: %s, code: %s, name: {vi: Tên}, group: 1}]\n", name, code)
	fmt.Fprintf(&b, "systems:\n  - {id: %s.sys, agency: %s, name: {vi: Hệ thống}, level: 3, certificates: [", name, name)
	for _, c := range certs {
		fmt.Fprintf(&b, "{pem: %s},", inline(c))
	}
	fmt.Fprintf(&b, "]}\nconnections:\n  - id: %s.con\n    system: %s.sys\n    assessment: {from: 2026-01-01, until: 2099-12-31}\n    grants:\n", name, name)
	for _, g := range grants {
		fmt.Fprintf(&b, "      - %s\n", g)
	}
	return b.String()
}

// someone is a person of a duty who is signed in with a fresh factor.
func (o *office) someone(d Duty, account, agency string) Person {
	if d == Machine {
		return Person{Actor: clerk, Duty: Machine}
	}
	p := Person{
		Actor: ledger.Actor{Kind: "account", ID: account}, Account: account, Duty: d,
		Still: func(context.Context, db.Querier, time.Time, bool) error { return nil },
	}
	if d == Agency {
		p.Agency = agency
	}
	return p
}

// ofTwo does an act of two people on a connection.
func (o *office) ofTwo(id, act string, in Input) error {
	o.t.Helper()
	return o.log.Write(o.ctx, func(tx *ledger.Tx) error {
		row := rowsOf(KindConnection, act)[0]
		_, err := o.ActOfTwo(o.ctx, tx, o.someone(row.By[0], "one", ""), o.someone(row.Confirm[0], "two", ""), MatterOf(KindConnection, id), act, in)
		return err
	})
}

// unlock lifts a lock.
func (o *office) unlock(id, reason string) error {
	return o.ofTwo(id, "unlock", Input{Reason: reason, Values: mustJSON(Values{
		"cause": "a loop in the client", "measures": "the loop was mended", "decision": "12/QĐ",
	})})
}
