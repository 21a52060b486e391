package onboarding

import (
	"cmp"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"testing"
	"time"

	"github.com/smallstep/pkcs7"

	"dancu/internal/access"
	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
)

// One act after another that random walks come to seldom (TestMain demands that
// every act of the table is done by some test).

// signedDrawer is a vault with one signed file.
type signedDrawer struct {
	name string // "" is a CMS signature's
	file []byte
}

func (*signedDrawer) Hold(context.Context, string, ...string) error { return nil }

func (d *signedDrawer) Content(context.Context, string) (string, []byte, error) {
	return cmp.Or(d.name, "cam-ket.p7s"), d.file, nil
}

// signDetached signs bytes as an officer's token does.
func signDetached(t *testing.T, text []byte) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{
		SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: "Trần B"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(1, 0, 0),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment,
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	sd, err := pkcs7.NewSignedData(text)
	if err == nil {
		sd.SetDigestAlgorithm(pkcs7.OIDDigestAlgorithmSHA256)
		err = sd.AddSigner(cert, key, pkcs7.SignerInfoConfig{})
	}
	if err != nil {
		t.Fatal(err)
	}
	sd.Detach()
	out, err := sd.Finish()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// A commitment that is changed, returned, withdrawn, and signed as a file: only
// a signature of the very text is one.
func TestACommitmentsOtherWays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		o := newOffice(t, env)
		vault := &signedDrawer{}
		o.cfg.Vault = vault
		operator, agency := o.hanoi()
		o.connectedDraft(operator, agency)
		begin := func() *Matter {
			m, err := o.Open(o.ctx, agency, KindCommitment, About{System: "hanoi.onestop"}, Input{Values: mustJSON(Values{"template": Undertaking})})
			o.must(err)
			o.fillText(agency, m)
			return o.do(agency, m.ID, "fix", Input{})
		}
		m := begin()
		if m = o.do(agency, m.ID, "reopen", Input{}); m.State != Draft {
			t.Fatalf("it is %s", m.State)
		}
		m = o.do(agency, m.ID, "fix", Input{})
		var st signedText
		_, err := m.read("signed", &st)
		o.must(err)
		give := func() (*Matter, error) {
			return o.Act(o.ctx, agency, m.ID, "sign-file", Input{Values: mustJSON(Values{"file": []string{"018f0000-0000-7000-8000-000000000001"}})})
		}
		vault.file = signDetached(t, []byte(st.Text+" "))
		_, err = give()
		o.refused(err, fault.Invalid, "file")
		vault.file = signDetached(t, []byte(st.Text))
		m, err = give()
		o.must(err)
		if _, err = m.read("signed", &st); err != nil || len(st.Signatures) != 1 || st.Signatures[0].Method != "cms" || st.Signatures[0].Name != "Trần B" {
			t.Errorf("the signature is %+v, %v", st.Signatures, err)
		}
		if m = o.do(operator, m.ID, "return", Input{Reason: "the wrong person has signed it"}); m.State != Draft {
			t.Fatalf("it is %s", m.State)
		}
		if _, err := m.read("signed", &st); err != nil || len(m.sections()["signed"]) != 0 {
			t.Errorf("what was returned keeps its signatures: %s, %v", m.sections()["signed"], err)
		}
		m = o.do(agency, m.ID, "withdraw", Input{Reason: "another text takes its place"})
		if m.State != Withdrawn {
			t.Errorf("it is %s", m.State)
		}
		if list, err := o.Tasks(o.ctx, operator, TaskFilter{Matter: m.ID}); err != nil || len(list.Tasks) != 0 {
			t.Errorf("what was withdrawn leaves %v, %v", list.Tasks, err)
		}
	})
}

// connectedDraft takes a request to its grant.
func (o *office) connectedDraft(operator, agency Person) {
	o.t.Helper()
	m := o.request(agency)
	o.do(agency, m.ID, "submit", Input{})
	m = o.do(operator, m.ID, "approve", Input{Reason: "it is in order", Values: mustJSON(Values{"authority": "provincial-director", "id": "hanoi.con"})})
	var of offer
	_, err := m.read("offer", &of)
	o.must(err)
	var hashes []string
	for _, g := range of.Grants {
		hashes = append(hashes, g.Hash)
	}
	o.do(agency, m.ID, "accept", Input{Values: mustJSON(Values{"hashes": hashes})})
}

// An assessment that fails, one that is cancelled, and a certificate that is
// revoked: what was in force ends with the failure and the revocation, and not
// with the cancelling.
func TestAnAssessmentsOtherEnds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		d := newDesk(t, env)
		begin := func() *Matter {
			m, err := d.Open(d.ctx, d.assessor, KindAssessment, About{System: "a.sys"}, Input{Values: mustJSON(Values{"kind": "periodic"})})
			d.must(err)
			return m
		}
		assessed := func() bool { return d.connection("a.con").AssessedUntil.After(d.now()) }
		why := Input{Reason: "the default passwords were never changed"}
		m := begin()
		if m = d.do(d.supervisor, m.ID, "cancel", why); m.State != Cancelled || !assessed() {
			t.Errorf("cancelled it is %s, and the connection is assessed: %v", m.State, assessed())
		}
		m = begin()
		d.do(d.assessor, m.ID, "start", Input{Values: mustJSON(Values{"assessor": "A05", "licence": "12/GP", "started": d.date(0)})})
		if m = d.do(d.assessor, m.ID, "fail", why); m.State != Failed || assessed() {
			t.Errorf("failed it is %s, and the connection is assessed: %v", m.State, assessed())
		}
		p := people{operator: d.operator, agency: d.agency, assessor: d.assessor}
		m = d.assess(p, begin())
		if m.State != Certified || !assessed() {
			t.Fatalf("certified it is %s, and the connection is assessed: %v", m.State, assessed())
		}
		if m = d.do(d.supervisor, m.ID, "revoke", why); m.State != Revoked || assessed() {
			t.Errorf("revoked it is %s, and the connection is assessed: %v", m.State, assessed())
		}
	})
}

// A request for a certificate is a task until the certificate is there, and a
// revoked certificate is nobody's from the entry on.
func TestARequestedAndARevokedCertificate(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		d := newDesk(t, env)
		matter := MatterOf(KindSystem, "a.sys")
		d.do(d.agency, matter, "csr", Input{Values: mustJSON(Values{"csr": newRequest(t)})})
		d.owes(matter, TaskCertificate)
		d.do(d.operator, matter, "certificate", Input{Values: mustJSON(Values{"certificate": certificate{from: d.now().Add(-time.Hour), until: d.now().AddDate(1, 0, 0)}.pem(t)})})
		d.owes(matter)
		last := d.system("a.sys").Credentials[1]
		if dir, err := d.Load(d.ctx, d.main, nil); err != nil || dir.Standing(last.Thumbprint, "").System == nil {
			t.Fatalf("nobody calls with the new certificate: %v", err)
		}
		d.do(d.agency, matter, "revoke", Input{Reason: "its key was disclosed", Values: mustJSON(Values{"sha256": last.SHA256})})
		if c := d.system("a.sys").Credentials[1]; !c.NotAfter.Before(d.now()) {
			t.Errorf("revoked, it is good until %s", c.NotAfter)
		}
	})
}

// A seal takes two people, and so does its end.
func TestASealTakesTwo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		o := newOffice(t, env)
		o.apply(oneSystem("a", "H13", nil, grant("one", "fullName")))
		why := func(v Values) Input {
			return Input{Reason: "an investigation asks for it", Values: mustJSON(v)}
		}
		seal := why(Values{
			"procedure": "1.010100", "class": string(access.Withheld), "until": access.DateOf(time.Now().AddDate(0, 1, 0)).String(),
			"basisVI": "Điều 10 Luật mẫu về điều tra", "decision": "12/QĐ",
		})
		_, err := o.Act(o.ctx, o.someone(Supervisor, "sup", ""), "connection.a.con", "seal", seal)
		o.refused(err, fault.Forbidden, "takes two people")
		o.refused(o.ofTwo("a.con", "unseal", why(Values{"procedure": "1.010100"})), fault.Conflict, "not sealed")
		o.must(o.ofTwo("a.con", "seal", seal))
		if n := len(o.connection("a.con").Seals); n != 1 {
			t.Fatalf("%d seals", n)
		}
		o.must(o.ofTwo("a.con", "unseal", why(Values{"procedure": "1.010100"})))
		if n := len(o.connection("a.con").Seals); n != 0 {
			t.Errorf("%d seals are left", n)
		}
	})
}
