package onboarding

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"slices"
	"time"

	"dancu/internal/access"
)

// minRSA is the shortest RSA key taken, in bits.
const minRSA = 2048

// readCertificate reads the one client certificate in data, PEM. Its error
// says what is wrong and what to do. Whether the certificate is in force is
// not asked here.
func readCertificate(data []byte) (access.Credential, error) {
	var none access.Credential
	if len(data) > MaxCertificate {
		return none, fmt.Errorf("it has %d bytes: a certificate has at most %d", len(data), MaxCertificate)
	}
	var der []byte
	for rest := data; ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		switch {
		case block.Type != "CERTIFICATE" && bytes.Contains([]byte(block.Type), []byte("PRIVATE KEY")):
			return none, fmt.Errorf("it holds a private key: that never leaves the agency's system; give the certificate alone, and treat the key as disclosed")
		case block.Type != "CERTIFICATE":
			return none, fmt.Errorf("it holds a %s: give the certificate alone (-----BEGIN CERTIFICATE-----)", clip(block.Type))
		case der != nil:
			return none, fmt.Errorf("it holds more than one certificate: give the client's own, without its chain")
		}
		der = block.Bytes
	}
	if der == nil {
		return none, fmt.Errorf("it holds no PEM certificate (-----BEGIN CERTIFICATE-----): convert it with openssl x509 -inform der")
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		return none, fmt.Errorf("the certificate cannot be read: export it again")
	}
	switch k := c.PublicKey.(type) {
	case *rsa.PublicKey:
		if n := k.N.BitLen(); n < minRSA {
			return none, fmt.Errorf("its RSA key has %d bits: use %d or more, or P-256, P-384, Ed25519", n, minRSA)
		}
	case *ecdsa.PublicKey:
		if k.Curve != elliptic.P256() && k.Curve != elliptic.P384() {
			return none, fmt.Errorf("its key is on the curve %s: use P-256, P-384, Ed25519, or RSA of %d bits or more", k.Curve.Params().Name, minRSA)
		}
	case ed25519.PublicKey:
	default:
		return none, fmt.Errorf("its kind of key (%s) is not taken: use P-256, P-384, Ed25519, or RSA of %d bits or more", c.PublicKeyAlgorithm, minRSA)
	}
	switch c.SignatureAlgorithm {
	case x509.MD2WithRSA, x509.MD5WithRSA, x509.SHA1WithRSA, x509.DSAWithSHA1, x509.DSAWithSHA256, x509.ECDSAWithSHA1, x509.UnknownSignatureAlgorithm:
		return none, fmt.Errorf("it is signed with %s: have it issued with SHA-256 or better", c.SignatureAlgorithm)
	}
	if c.IsCA {
		return none, fmt.Errorf("it is the certificate of an authority: give the client's own")
	}
	if len(c.ExtKeyUsage)+len(c.UnknownExtKeyUsage) > 0 &&
		!slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageClientAuth) && !slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageAny) {
		return none, fmt.Errorf("it is not for client authentication: have it issued with that extended key usage")
	}
	t := access.Thumbprint(sha256.Sum256(c.Raw))
	return access.Credential{
		Thumbprint: t, SHA256: t.String(),
		NotBefore: c.NotBefore.UTC(), NotAfter: c.NotAfter.UTC(),
		Key: access.Thumbprint(sha256.Sum256(c.RawSubjectPublicKeyInfo)).String(),
	}, nil
}

// expired says why a certificate cannot be registered at now, "" if it can.
// One that is not yet in force can: that is how a change is prepared.
func expired(c access.Credential, now time.Time) string {
	if now.After(c.NotAfter) {
		return fmt.Sprintf("the certificate %s… expired on %s: put its successor here, or take it out", c.SHA256[:16], stamp(c.NotAfter))
	}
	return ""
}
