package signing

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// openssl is another implementation of signing and timestamping, with a folder
// of its own. It goes by the real clock, so its certificates do.
type openssl struct {
	t   *testing.T
	dir string
	ec  *party
	opt Options
}

func newOpenSSL(t *testing.T) *openssl {
	t.Helper()
	if _, err := exec.LookPath("openssl"); err != nil {
		if os.Getenv("DANCU_REQUIRE_OPENSSL") == "1" {
			t.Fatal(err)
		}
		t.Skip("openssl is not installed")
	}
	o := &openssl{t: t, dir: t.TempDir()}
	today := func(c *x509.Certificate) {
		c.NotBefore, c.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(24*time.Hour)
	}
	root := issue(nil, ecKey(), ca, today)
	o.ec = issue(root, ecKey(), today)
	o.party("rsa", issue(root, rsaKeys()[0], today))
	o.party("ec", o.ec)
	o.party("tsa", issue(root, ecKey(), timestamper, today))
	o.party("root", root)
	o.write("doc", document)
	o.opt = Options{Roots: x509.NewCertPool(), Now: time.Now()}
	o.opt.Roots.AddCert(root.cert)
	return o
}

func (o *openssl) write(name string, data []byte) {
	o.t.Helper()
	if err := os.WriteFile(filepath.Join(o.dir, name), data, 0o600); err != nil {
		o.t.Fatal(err)
	}
}

func (o *openssl) party(name string, p *party) {
	o.write(name+".crt", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: p.cert.Raw}))
	o.write(name+".key", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: must(x509.MarshalPKCS8PrivateKey(p.key))}))
}

// run runs openssl and returns what it wrote to the file out.
func (o *openssl) run(args ...string) []byte {
	o.t.Helper()
	cmd := exec.Command("openssl", append(args, "-out", "out")...)
	cmd.Dir = o.dir
	if b, err := cmd.CombinedOutput(); err != nil {
		o.t.Fatalf("openssl %v: %v\n%s", args, err, b)
	}
	return must(os.ReadFile(filepath.Join(o.dir, "out")))
}

func TestOpenSSLsSignatures(t *testing.T) {
	o := newOpenSSL(t)
	sign := func(tool, by string, more ...string) []byte {
		return o.run(append([]string{tool, "-sign", "-binary", "-in", "doc", "-signer", by + ".crt", "-inkey", by + ".key"}, more...)...)
	}
	for name, b := range map[string][]byte{
		"RSA":                sign("cms", "rsa", "-outform", "DER"),
		"ECDSA":              sign("cms", "ec", "-outform", "DER"),
		"PEM":                sign("cms", "rsa", "-outform", "PEM"),
		"SHA-512":            sign("cms", "rsa", "-outform", "DER", "-md", "sha512"),
		"SHA-384 and ECDSA":  sign("cms", "ec", "-outform", "DER", "-md", "sha384"),
		"CAdES":              sign("cms", "rsa", "-outform", "DER", "-cades"),
		"PKCS#7":             sign("smime", "rsa", "-outform", "DER"),
		"PKCS#7 in PEM":      sign("smime", "ec", "-outform", "PEM"),
		"BER":                sign("cms", "rsa", "-outform", "DER", "-stream"),
		"the whole chain":    sign("cms", "ec", "-outform", "DER", "-certfile", "root.crt"),
		"contents carried":   sign("cms", "ec", "-outform", "DER", "-nodetach"),
		"carried, in pieces": sign("cms", "ec", "-outform", "DER", "-nodetach", "-stream"),
	} {
		all, err := VerifyDetached(document, b, o.opt)
		if err != nil || len(all) != 1 || !all[0].Trusted || all[0].Signer.Organization != "UBND phường Sen" || time.Since(all[0].Claimed).Abs() > time.Minute {
			t.Errorf("%s: %+v, %v", name, all, err)
		}
		if _, err := VerifyDetached([]byte("khác"), b, o.opt); CodeOf(err) != Altered {
			t.Errorf("%s: %v, want %s", name, err, Altered)
		}
	}
	two := sign("cms", "rsa", "-outform", "DER", "-signer", "ec.crt", "-inkey", "ec.key")
	if all, err := VerifyDetached(document, two, o.opt); err != nil || len(all) != 2 {
		t.Errorf("two signers: %+v, %v", all, err)
	}
	for name, c := range map[string]struct {
		b    []byte
		want Code
	}{
		"SHA-1":                   {sign("cms", "rsa", "-outform", "DER", "-md", "sha1"), Weak},
		"MD5":                     {sign("cms", "rsa", "-outform", "DER", "-md", "md5"), Weak},
		"PSS":                     {sign("cms", "rsa", "-outform", "DER", "-keyopt", "rsa_padding_mode:pss"), Unsupported},
		"without its certificate": {sign("cms", "rsa", "-outform", "DER", "-nocerts"), NoCertificate},
		"without attributes":      {sign("cms", "rsa", "-outform", "DER", "-noattr"), Malformed},
		"by key identifier":       {sign("cms", "root", "-outform", "DER", "-keyid"), Malformed},
	} {
		if all, err := VerifyDetached(document, c.b, o.opt); CodeOf(err) != c.want {
			t.Errorf("%s: %+v, %v, want %s", name, all, err, c.want)
		}
	}
}

// A signature of a PDF by openssl, as signing programs make them.
func TestOpenSSLsSignatureInAPDF(t *testing.T) {
	o := newOpenSSL(t)
	w := newWorld()
	// Made by our own hand first, to have the place; then signed again.
	b := w.pdf(cades, "", essential(w))
	from := bytes.Index(b, []byte("/Contents <")) + len("/Contents <")
	to := bytes.Index(b, []byte(">/Reason"))
	o.write("ranges", append(bytes.Clone(b[:from-1]), b[to+1:]...))
	sig := o.run("cms", "-sign", "-binary", "-cades", "-in", "ranges", "-signer", "ec.crt", "-inkey", "ec.key", "-outform", "DER")
	for i := from; i < to; i++ {
		b[i] = '0'
	}
	copy(b[from:], []byte(hexOf(sig)))
	if all, err := VerifyPDF(b, o.opt); err != nil || len(all) != 1 || !all[0].Trusted {
		t.Errorf("%+v, %v", all, err)
	}
}

func TestOpenSSLsTimestamps(t *testing.T) {
	o := newOpenSSL(t)
	o.write("tsa.cnf", []byte("[tsa]\nserial=serial\nsigner_digest=sha256\ndefault_policy=1.3.6.1.4.1.99999.1\ndigests=sha256,sha512\naccuracy=secs:1,millisecs:500\nclock_precision_digits=3\nordering=yes\ntsa_name=yes\ness_cert_id_chain=no\n"))
	var stampErr error
	b := newWorld().sign(document, how{by: o.ec, time: time.Now().Add(-time.Minute), unsigned: func(sig []byte) []attribute {
		o.write("sig", sig)
		o.write("query", o.run("ts", "-query", "-data", "sig", "-sha256", "-cert"))
		token := o.run("ts", "-reply", "-config", "tsa.cnf", "-section", "tsa", "-queryfile", "query", "-signer", "tsa.crt", "-inkey", "tsa.key", "-token_out")
		_, _, stampErr = stamped(token, sig, o.opt.Roots, o.opt)
		return []attribute{attr(oidTimestamp, rawOf(token))}
	}})
	if stampErr != nil {
		t.Fatal(stampErr)
	}
	all, err := VerifyDetached(document, b, o.opt)
	if err != nil || time.Since(all[0].Stamped).Abs() > time.Minute || all[0].StampedBy.CommonName != "Dấu thời gian thử nghiệm" {
		t.Errorf("%+v, %v", all, err)
	}
}
