package app

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dancu/internal/fault"
)

func TestInitMakesAFolderThatLoads(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	written, err := Init(dir, InitOptions{Origin: "log.example.vn/dancu", Names: []string{"dancu.example.vn", "10.0.0.1"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range written {
		fi, err := os.Stat(w)
		if err != nil {
			t.Fatal(err)
		}
		if secret := strings.HasSuffix(w, ".key"); secret != (fi.Mode().Perm() == 0o600) {
			t.Errorf("%s has mode %04o", w, fi.Mode().Perm())
		}
	}
	l, err := LoadConfig(filepath.Join(dir, ConfigFile), nil)
	if err != nil {
		t.Fatal(err)
	}
	c := l.Config
	if c.State != dir {
		t.Errorf("state is %s, want %s", c.State, dir)
	}
	if _, origin, err := c.signingKey(); err != nil || origin != "log.example.vn/dancu" {
		t.Errorf("signing key: %q, %v", origin, err)
	}
	if _, err := c.sealingKey(); err != nil {
		t.Error(err)
	}
	if _, err := tls.LoadX509KeyPair(c.Path(c.API.CertificateFile), c.Path(c.API.KeyFile)); err != nil {
		t.Error(err)
	}
	server, err := ReadCertificate(c.Path(c.API.CertificateFile))
	if err != nil {
		t.Fatal(err)
	}
	ca, err := ReadCA(c.Path("keys/ca.crt"), c.Path("keys/ca.key"))
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(ca.Cert())
	for _, name := range []string{"dancu.example.vn", "10.0.0.1"} {
		if _, err := server.Verify(x509.VerifyOptions{Roots: roots, DNSName: name}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestInitOverwritesNothing(t *testing.T) {
	dir := t.TempDir()
	if _, err := Init(dir, InitOptions{Origin: "a/b"}); err != nil {
		t.Fatal(err)
	}
	key := filepath.Join(dir, "keys", "log.key")
	before, err := os.ReadFile(key)
	if err != nil {
		t.Fatal(err)
	}
	// Any one file that is there stops it before the first is written.
	if err := os.Remove(filepath.Join(dir, "keys", "sealing.key")); err != nil {
		t.Fatal(err)
	}
	written, err := Init(dir, InitOptions{Origin: "a/b"})
	if !fault.Is(err, fault.Conflict) || len(written) != 0 {
		t.Errorf("got %v, %v", written, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "keys", "sealing.key")); !os.IsNotExist(err) {
		t.Error("the sealing key was written")
	}
	after, err := os.ReadFile(key)
	if err != nil || string(after) != string(before) {
		t.Errorf("the signing key changed: %v", err)
	}
}

func TestInitRefusesNamesThatNoLogCanHave(t *testing.T) {
	for _, origin := range []string{"", "a b", "a+b", "https://a/b", "sổ", "a\nb", strings.Repeat("a", 256)} {
		if _, err := Init(t.TempDir(), InitOptions{Origin: origin}); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: got %v", origin, err)
		}
	}
}

func TestStateIsForOneProcess(t *testing.T) {
	c := Config{State: t.TempDir()}
	unlock, err := c.LockState()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.LockState(); !errors.Is(err, ErrInUse) {
		t.Errorf("a second lock: got %v", err)
	}
	unlock()
	again, err := c.LockState()
	if err != nil {
		t.Fatal(err)
	}
	again()
}

func TestSecretsMustBeSecret(t *testing.T) {
	file := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(file, []byte("the-secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for mode, ok := range map[os.FileMode]bool{0o600: true, 0o400: true, 0o640: true, 0o440: true, 0o644: false, 0o660: false, 0o604: false, 0o750: false} {
		if err := os.Chmod(file, mode); err != nil {
			t.Fatal(err)
		}
		got, err := readSecret(file)
		if ok != (err == nil) || ok && got != "the-secret" {
			t.Errorf("mode %04o: got %q, %v", mode, got, err)
		}
	}
	if _, err := readSecret(filepath.Dir(file)); !fault.Is(err, fault.Invalid) {
		t.Errorf("a folder: got %v", err)
	}
	if err := os.Chmod(file, 0o600); err != nil {
		t.Fatal(err)
	}
	c := Config{State: filepath.Dir(file), Log: LogConfig{KeyFile: "key", SealingKeyFile: "key"}}
	_, _, e1 := c.signingKey()
	_, e2 := c.sealingKey()
	for _, err := range []error{e1, e2} {
		if !fault.Is(err, fault.Invalid) || strings.Contains(err.Error(), "the-secret") {
			t.Errorf("got %v", err)
		}
	}
}

func TestClientCertificatesHaveTheirThumbprint(t *testing.T) {
	now := time.Now()
	ca, err := NewCA("test", now, now.AddDate(0, 0, 2))
	if err != nil {
		t.Fatal(err)
	}
	p, err := ca.Client("system", now, now.AddDate(1, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	if p.NotAfter.After(ca.NotAfter()) {
		t.Error("the certificate outlives its authority")
	}
	pair, err := tls.X509KeyPair(p.Cert, p.Key)
	if err != nil {
		t.Fatal(err)
	}
	if got := thumbprint(pair.Leaf.Raw); got != p.Thumbprint {
		t.Errorf("got %v, want %v", got, p.Thumbprint)
	}
}
