package app

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"time"

	"dancu/internal/access"
	"dancu/internal/fault"
)

// CA is a small certificate authority for pilots, tests and the demonstration.
// Agencies in service bring certificates of a real one.
type CA struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	der  []byte
}

// KeyPair is a certificate and its private key, PEM.
type KeyPair struct {
	Cert, Key  []byte
	Thumbprint access.Thumbprint
	NotBefore  time.Time
	NotAfter   time.Time
}

// NewCA makes an authority that lasts until the given time.
func NewCA(name string, now, until time.Time) (*CA, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	t := &x509.Certificate{
		SerialNumber:          serial(),
		Subject:               pkix.Name{CommonName: name},
		NotBefore:             now.Add(-time.Hour),
		NotAfter:              until,
		IsCA:                  true,
		BasicConstraintsValid: true,
		MaxPathLenZero:        true,
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, t, t, key.Public(), key)
	if err != nil {
		return nil, err
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return &CA{cert: cert, key: key, der: der}, nil
}

// ReadCA reads back what Cert and KeyPEM wrote.
func ReadCA(certFile, keyFile string) (*CA, error) {
	cert, err := ReadCertificate(certFile)
	if err != nil {
		return nil, err
	}
	b, err := os.ReadFile(keyFile)
	if err != nil {
		return nil, err
	}
	p, _ := pem.Decode(b)
	if p == nil {
		return nil, fault.New(fault.Invalid, "%s is not a PEM file", keyFile)
	}
	k, err := x509.ParsePKCS8PrivateKey(p.Bytes)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "%s holds no private key", keyFile)
	}
	key, ok := k.(*ecdsa.PrivateKey)
	if !ok || !cert.IsCA || !key.PublicKey.Equal(cert.PublicKey) {
		return nil, fault.New(fault.Invalid, "%s and %s are not an authority and its key", certFile, keyFile)
	}
	return &CA{cert: cert, key: key, der: cert.Raw}, nil
}

// ReadCertificate reads the first certificate of a PEM file.
func ReadCertificate(file string) (*x509.Certificate, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	p, _ := pem.Decode(b)
	if p == nil || p.Type != "CERTIFICATE" {
		return nil, fault.New(fault.Invalid, "%s does not begin with a PEM certificate", file)
	}
	c, err := x509.ParseCertificate(p.Bytes)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "%s holds no readable certificate", file)
	}
	return c, nil
}

// Cert returns the authority's certificate, PEM.
func (a *CA) Cert() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.der})
}

// KeyPEM returns the authority's private key, PEM.
func (a *CA) KeyPEM() ([]byte, error) { return keyPEM(a.key) }

// NotAfter returns when the authority ends.
func (a *CA) NotAfter() time.Time { return a.cert.NotAfter }

// Server issues a server certificate for host names and IP addresses.
func (a *CA) Server(names []string, now, until time.Time) (*KeyPair, error) {
	if len(names) == 0 {
		return nil, errors.New("a server certificate needs at least one name")
	}
	t := &x509.Certificate{
		Subject:     pkix.Name{CommonName: names[0]},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	for _, n := range names {
		if ip := net.ParseIP(n); ip != nil {
			t.IPAddresses = append(t.IPAddresses, ip)
		} else {
			t.DNSNames = append(t.DNSNames, n)
		}
	}
	return a.issue(t, now, until)
}

// Client issues a client certificate for a system.
func (a *CA) Client(name string, now, until time.Time) (*KeyPair, error) {
	return a.issue(&x509.Certificate{
		Subject:     pkix.Name{CommonName: name},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}, now, until)
}

func (a *CA) issue(t *x509.Certificate, now, until time.Time) (*KeyPair, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	t.SerialNumber = serial()
	t.KeyUsage = x509.KeyUsageDigitalSignature
	t.NotBefore, t.NotAfter = now.Add(-time.Hour), until
	if t.NotAfter.After(a.cert.NotAfter) {
		t.NotAfter = a.cert.NotAfter
	}
	der, err := x509.CreateCertificate(rand.Reader, t, a.cert, key.Public(), a.key)
	if err != nil {
		return nil, err
	}
	k, err := keyPEM(key)
	if err != nil {
		return nil, err
	}
	return &KeyPair{
		Cert: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), Key: k,
		Thumbprint: thumbprint(der), NotBefore: t.NotBefore, NotAfter: t.NotAfter,
	}, nil
}

func keyPEM(key *ecdsa.PrivateKey) ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("couldn't write a private key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
}

// serial is 127 random bits: positive, and never the same twice.
func serial() *big.Int {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails: it ends the process instead
	b[0] &= 0x7f
	return new(big.Int).SetBytes(b)
}

// thumbprint is what a certificate is known by.
func thumbprint(der []byte) access.Thumbprint { return sha256.Sum256(der) }
