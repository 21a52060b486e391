package onboarding

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"slices"
	"testing"
	"time"

	"dancu/internal/access"
	"dancu/internal/db/dbtest"
	"dancu/internal/ledger"
)

func newKey(t testing.TB) (key crypto.Signer, hash string) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(k.Public())
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(der)
	return k, hex.EncodeToString(sum[:])
}

// put writes the document of a system, as an act that declares nothing does.
func (o *office) put(s access.System) {
	o.t.Helper()
	o.must(o.log.Write(o.ctx, func(tx *ledger.Tx) error {
		_, err := write(tx, clerk, step{access.ChangeSystem, s.ID, document(&s), []event{{EventCredentialAdded, "", map[string]any{"system": s.ID}}}},
			func(event, int64) {})
		return err
	}))
}

// keyed reports whether calls under the key would be let through as far as
// keys go.
func (o *office) keyed(key string) bool {
	o.t.Helper()
	s := o.system("a.sys")
	return len(s.Keys) == 0 || slices.Contains(s.Keys, key)
}

// TestWhatTheOperatorDoesDeclaresTheKey: a file and a rotation declare the keys
// of their certificates; a certificate that came otherwise is not declared
// until then.
func TestWhatTheOperatorDoesDeclaresTheKey(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		o := newOffice(t, env)
		k1, h1 := newKey(t)
		k2, h2 := newKey(t)
		k3, h3 := newKey(t)
		c1 := certificate{key: k1}.pem(t)
		file := oneSystem("a", "H13", []string{c1}, grant("one", "fullName"))
		o.apply(file)
		s := o.system("a.sys")
		if s.Credentials[0].Key != h1 || !slices.Equal(s.Keys, []string{h1}) {
			t.Fatalf("keys %v, of the certificate %s; want %s", s.Keys, s.Credentials[0].Key, h1)
		}
		// The agency's own new certificate is known, and its key not declared.
		c2 := certificate{key: k2}.pem(t)
		cred, err := readCertificate([]byte(c2))
		o.must(err)
		next := *s
		next.Credentials = append(slices.Clone(s.Credentials), cred)
		o.put(next)
		if o.keyed(h2) || !o.keyed(h1) {
			t.Fatal("a certificate that nobody declared may call")
		}
		// A file that leaves it out does not declare it; one that has it does.
		if rep := o.apply(file); len(rep.Changes) != 0 || o.keyed(h2) {
			t.Errorf("the old file changed %v", rep.Changes)
		}
		both := oneSystem("a", "H13", []string{c1, c2}, grant("one", "fullName"))
		if rep := o.apply(both); len(rep.Changes) != 1 || rep.Changes[0].Kind != EventCredentialChanged || !o.keyed(h2) {
			t.Errorf("declaring changed %v", rep.Changes)
		}
		if rep := o.apply(both); len(rep.Changes) != 0 {
			t.Errorf("declaring again changed %v", rep.Changes)
		}
		// Renewed for the same key: nothing to declare. Rotated: declared. The
		// old keys stay while their certificates do.
		_, err = o.RotateCert(o.ctx, clerk, "a.con", Rotation{Cert: []byte(certificate{key: k2}.pem(t))})
		o.must(err)
		_, err = o.RotateCert(o.ctx, clerk, "a.con", Rotation{Cert: []byte(certificate{key: k3}.pem(t))})
		o.must(err)
		if !o.keyed(h1) || !o.keyed(h2) || !o.keyed(h3) {
			t.Errorf("keys after the rotation: %v", o.system("a.sys").Keys)
		}
		// Disclosed keys are retired with their certificates.
		k4, h4 := newKey(t)
		_, err = o.RotateCert(o.ctx, clerk, "a.con", Rotation{Cert: []byte(certificate{key: k4}.pem(t)), Now: true})
		o.must(err)
		if got := o.system("a.sys").Keys; !slices.Equal(got, []string{h4}) {
			t.Errorf("keys after retiring the rest: %v, want %s", got, h4)
		}
		if rep := o.apply(both); len(rep.Changes) != 0 || o.keyed(h1) || o.keyed(h2) {
			t.Errorf("the old file brought a retired key back: %v, %v", rep.Changes, o.system("a.sys").Keys)
		}
	})
}

// TestPruningRetiresKeys: with the certificates that a file leaves out go their
// keys, but not one that another certificate has.
func TestPruningRetiresKeys(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		o := newOffice(t, env)
		k1, h1 := newKey(t)
		k2, h2 := newKey(t)
		c1, again, c2 := certificate{key: k1}.pem(t), certificate{key: k1}.pem(t), certificate{key: k2}.pem(t)
		o.apply(oneSystem("a", "H13", []string{c1, again, c2}, grant("one", "fullName")))
		if !o.keyed(h1) || !o.keyed(h2) || len(o.system("a.sys").Keys) != 2 {
			t.Fatalf("keys %v", o.system("a.sys").Keys)
		}
		o.apply(oneSystem("a", "H13", []string{c1}, grant("one", "fullName")), Options{Prune: true})
		if got := o.system("a.sys").Keys; !slices.Equal(got, []string{h1}) {
			t.Errorf("keys %v, want %s", got, h1)
		}
	})
}

// TestOldDocumentsAreNotShutOut: a certificate from before keys were kept goes
// on working whatever is declared beside it, until its own key is known.
func TestOldDocumentsAreNotShutOut(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		o := newOffice(t, env)
		k1, h1 := newKey(t)
		c1 := certificate{key: k1}.pem(t)
		o.apply(oneSystem("a", "H13", []string{c1}, grant("one", "fullName")))
		old := *o.system("a.sys")
		old.Keys, old.Credentials = nil, slices.Clone(old.Credentials)
		old.Credentials[0].Key = ""
		o.put(old)
		k2, h2 := newKey(t)
		c2 := certificate{key: k2}.pem(t)
		_, err := o.RotateCert(o.ctx, clerk, "a.con", Rotation{Cert: []byte(c2)})
		o.must(err)
		if got := o.system("a.sys").Keys; len(got) != 0 {
			t.Fatalf("keys %v: the old certificate is shut out", got)
		}
		rep := o.apply(oneSystem("a", "H13", []string{c2}, grant("one", "fullName")))
		if len(rep.Changes) != 0 || len(rep.Notes) != 2 {
			t.Errorf("applied: %+v", rep)
		}
		// The file that has it makes its key known, and then all are declared.
		o.apply(oneSystem("a", "H13", []string{c1, c2}, grant("one", "fullName")))
		if s := o.system("a.sys"); s.Credentials[0].Key != h1 || len(s.Keys) != 2 || !o.keyed(h1) || !o.keyed(h2) {
			t.Errorf("keys %v", s.Keys)
		}
	})
}

// TestApplyKeepsWhatTheLifeCycleSet: what a file does not say of a suspension
// and an undertaking stays.
func TestApplyKeepsWhatTheLifeCycleSet(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		o := newOffice(t, env)
		file := oneSystem("a", "H13", []string{certificate{}.pem(t)}, grant("one", "fullName"))
		o.apply(file)
		o.must(o.Suspend(o.ctx, clerk, "a.con", "wrong purpose", "report of use"))
		if c := o.connection("a.con"); c.SuspendedBy != access.ByRegister {
			t.Errorf("suspended by %q", c.SuspendedBy)
		}
		end := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
		o.must(o.act(o.ctx, clerk, func(_ time.Time, dir *access.Directory) (step, error) {
			c := *dir.Connection("a.con")
			c.CommittedUntil, c.SuspendedBy = end, access.ByAgency
			return step{access.ChangeConnection, c.ID, document(&c), []event{{EventConnectionChanged, "", map[string]any{"connection": c.ID}}}}, nil
		}))
		if rep := o.apply(file); len(rep.Changes) != 0 {
			t.Errorf("the file changed %v", rep.Changes)
		}
		c := o.connection("a.con")
		if !c.CommittedUntil.Equal(end) || c.SuspendedBy != access.ByAgency {
			t.Errorf("after apply: %+v", c)
		}
		o.must(o.ofTwo("a.con", "resume", Input{Reason: "it was remedied"}))
		if c := o.connection("a.con"); c.SuspendedBy != "" || !c.CommittedUntil.Equal(end) {
			t.Errorf("after resuming: %+v", c)
		}
	})
}
