package signing

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	_ "crypto/sha512" // for crypto.SHA384 and crypto.SHA512
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/smallstep/pkcs7"
)

// The bounds of one CMS structure.
const (
	maxSigners      = 10
	maxCertificates = 50
	maxRSA          = 8192 // bits: verifying takes time
	minRSA          = 2048
)

var (
	oidData        = pkcs7.OIDData
	oidTSTInfo     = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 1, 4}
	oidTimestamp   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 14}
	oidSigningCert = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47} // its second version: the first is SHA-1
)

// pieces are the signed contents, in order.
type pieces [][]byte

// Hash implements the parser's hook, so that a PDF is hashed around its
// signature without a copy. What the parser itself holds as contents is not
// looked at.
func (p pieces) Hash(h crypto.Hash, _ io.Reader) ([]byte, error) {
	w := h.New()
	for _, b := range p {
		w.Write(b)
	}
	return w.Sum(nil), nil
}

func (p pieces) equal(b []byte) bool {
	for _, piece := range p {
		if !bytes.HasPrefix(b, piece) {
			return false
		}
		b = b[len(piece):]
	}
	return len(b) == 0
}

// message is a parsed CMS structure.
type message struct{ p7 *pkcs7.PKCS7 }

// unarmor returns the bytes of a PEM block, or what it was given.
func unarmor(b []byte) ([]byte, error) {
	trimmed := bytes.TrimSpace(b)
	if !bytes.HasPrefix(trimmed, []byte("-----BEGIN ")) {
		return b, nil
	}
	block, rest := pem.Decode(trimmed)
	if block == nil || len(bytes.TrimSpace(rest)) > 0 || block.Type != "PKCS7" && block.Type != "CMS" {
		return nil, refuse(Malformed, nil)
	}
	return block.Bytes, nil
}

// parse reads the CMS structure that b begins with, and returns what follows.
func parse(b []byte) (m message, rest []byte, err error) {
	if len(b) == 0 {
		return m, nil, refuse(Missing, nil)
	}
	n, err := measure(b[:min(len(b), maxCMS)])
	if err != nil {
		return m, nil, refuse(Malformed, err)
	}
	// The parser was made safe against all hostile input that is known; what
	// is not yet known must not end the process.
	defer func() {
		if p := recover(); p != nil {
			m, rest, err = message{}, nil, refuse(Malformed, fmt.Errorf("the parser gave up: %v", p))
		}
	}()
	p7, err := pkcs7.Parse(b[:n])
	if err != nil {
		return m, nil, refuse(Malformed, err)
	}
	switch {
	case len(p7.Signers) == 0:
		// Also where a signer could not be read: one named by key identifier.
		return m, nil, refuse(Malformed, errors.New("no signer can be read"))
	case len(p7.Signers) > maxSigners || len(p7.Certificates) > maxCertificates:
		return m, nil, refuse(TooMany, nil)
	}
	return message{p7}, b[n:], nil
}

// verify judges every signer. kind is the type of what is signed; essential
// says that each must have signed which certificate is theirs (CAdES).
func (m message) verify(kind asn1.ObjectIdentifier, signed pieces, opt Options, essential bool) ([]Signature, error) {
	if opt.Now.IsZero() {
		return nil, refuse(NowMissing, nil)
	}
	if len(m.p7.Content) > 0 && !signed.equal(m.p7.Content) {
		return nil, refuse(Altered, errors.New("it carries other contents"))
	}
	out := make([]Signature, len(m.p7.Signers))
	for i := range out {
		s := &out[i]
		cert := m.certificate(i)
		if cert == nil {
			s.Problem = NoCertificate
			continue
		}
		s.describe(cert)
		if s.fail(m.checkSigned(i, cert, kind, signed, s, essential)) {
			continue
		}
		m.readTimestamp(i, s, opt)
		if s.fail(checkTimes(cert, s, opt)) || s.fail(checkUsage(cert)) {
			continue
		}
		s.fail(m.checkChain(cert, s, opt))
	}
	return out, nil
}

// fail notes the problem that err is, and reports whether there is one.
func (s *Signature) fail(err error) bool {
	if err == nil {
		return false
	}
	s.Problem, s.cause = CodeOf(err), err
	if s.Problem == "" {
		s.Problem = Wrong
	}
	return true
}

// certificate returns the certificate of a signer, nil if it is not there.
func (m message) certificate(i int) *x509.Certificate {
	id := m.p7.Signers[i].IssuerAndSerialNumber
	for _, c := range m.p7.Certificates {
		if id.SerialNumber != nil && c.SerialNumber.Cmp(id.SerialNumber) == 0 && bytes.Equal(c.RawIssuer, id.IssuerName.FullBytes) {
			return c
		}
	}
	return nil
}

// checkSigned checks that a signer signed these contents with the key of cert,
// and reads the time they say.
func (m message) checkSigned(i int, cert *x509.Certificate, kind asn1.ObjectIdentifier, signed pieces, s *Signature, essential bool) error {
	signer := m.p7.Signers[i]
	digest, err := hashOf(signer.DigestAlgorithm)
	if err != nil {
		return err
	}
	if err := checkAlgorithm(signer.DigestEncryptionAlgorithm, digest, cert); err != nil {
		return err
	}
	// Contents must not be taken for attributes, nor the reverse: there are
	// always attributes, and they say what was signed.
	var contentType asn1.ObjectIdentifier
	var sum []byte
	if err := m.attribute(i, pkcs7.OIDAttributeContentType, &contentType); err != nil {
		return err
	}
	if !contentType.Equal(kind) {
		return refuse(Malformed, errors.New("the signer signed something of another type"))
	}
	if err := m.attribute(i, pkcs7.OIDAttributeMessageDigest, &sum); err != nil {
		return err
	}
	if err := m.attribute(i, pkcs7.OIDAttributeSigningTime, &s.Claimed); err != nil && !errors.Is(err, errNoAttribute) {
		return err
	}
	s.Claimed = s.Claimed.UTC()
	if s.Claimed.Year() < 1970 {
		s.Claimed = time.Time{}
	}
	if want, err := signed.Hash(digest, nil); err != nil || !bytes.Equal(sum, want) {
		return refuse(Altered, err)
	}
	if err := m.checkSigningCertificate(i, cert, essential); err != nil {
		return err
	}
	one := *m.p7
	one.Signers, one.Hasher = m.p7.Signers[i:i+1], signed
	var early *pkcs7.SigningTimeNotValidError
	switch err := one.Verify(); {
	case errors.As(err, &early):
		return refuse(Expired, err)
	case err != nil:
		return refuse(Wrong, err)
	}
	return nil
}

var errNoAttribute = errors.New("a signed attribute is missing")

// attribute reads a signed attribute that must be there once and have one
// value.
func (m message) attribute(i int, kind asn1.ObjectIdentifier, to any) error {
	found := false
	for _, a := range m.p7.Signers[i].AuthenticatedAttributes {
		if !a.Type.Equal(kind) {
			continue
		}
		if found {
			return refuse(Malformed, errors.New("a signed attribute is there twice"))
		}
		found = true
		if rest, err := asn1.Unmarshal(a.Value.Bytes, to); err != nil || len(rest) > 0 {
			return refuse(Malformed, errors.Join(err, errors.New("a signed attribute cannot be read")))
		}
	}
	if !found {
		return refuse(Malformed, errNoAttribute)
	}
	return nil
}

// checkSigningCertificate checks that the certificate is the one the signer
// says is theirs (RFC 5035), so that none can be put in its place.
func (m message) checkSigningCertificate(i int, cert *x509.Certificate, essential bool) error {
	var v struct {
		Certs    []asn1.RawValue
		Policies asn1.RawValue `asn1:"optional"`
	}
	err := m.attribute(i, oidSigningCert, &v)
	if errors.Is(err, errNoAttribute) {
		if essential {
			return refuse(Unsupported, errors.New("the signer's certificate is not among what was signed"))
		}
		return nil
	}
	if err != nil {
		return err
	}
	if len(v.Certs) == 0 {
		return refuse(Malformed, nil)
	}
	// Its first member is optional: SHA-256 is meant without it.
	digest, rest := crypto.SHA256, v.Certs[0].Bytes
	var id asn1.RawValue
	if rest, err = asn1.Unmarshal(rest, &id); err == nil && id.Tag == asn1.TagSequence {
		var alg pkix.AlgorithmIdentifier
		if _, err = asn1.Unmarshal(id.FullBytes, &alg); err == nil {
			if digest, err = hashOf(alg); err != nil {
				return err
			}
			_, err = asn1.Unmarshal(rest, &id)
		}
	}
	if err != nil || id.Class != asn1.ClassUniversal || id.Tag != asn1.TagOctetString {
		return refuse(Malformed, err)
	}
	w := digest.New()
	w.Write(cert.Raw)
	if !bytes.Equal(w.Sum(nil), id.Bytes) {
		return refuse(Wrong, errors.New("the signer signed under another certificate"))
	}
	return nil
}

// hashOf returns the hash of an algorithm that is not weak.
func hashOf(a pkix.AlgorithmIdentifier) (crypto.Hash, error) {
	switch {
	case a.Algorithm.Equal(pkcs7.OIDDigestAlgorithmSHA256):
		return crypto.SHA256, nil
	case a.Algorithm.Equal(pkcs7.OIDDigestAlgorithmSHA384):
		return crypto.SHA384, nil
	case a.Algorithm.Equal(pkcs7.OIDDigestAlgorithmSHA512):
		return crypto.SHA512, nil
	case a.Algorithm.Equal(asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 5}), a.Algorithm.Equal(pkcs7.OIDDigestAlgorithmSHA1):
		return 0, refuse(Weak, nil)
	}
	return 0, refuse(Unsupported, fmt.Errorf("digest %s", a.Algorithm))
}

// checkAlgorithm checks a signature's algorithm, which must be of the digest
// and of the certificate's key, and the key's size.
func checkAlgorithm(a pkix.AlgorithmIdentifier, digest crypto.Hash, cert *x509.Certificate) error {
	is := a.Algorithm.Equal
	if is(pkcs7.OIDEncryptionAlgorithmRSASHA1) || is(pkcs7.OIDEncryptionAlgorithmRSAMD5) || is(pkcs7.OIDDigestAlgorithmECDSASHA1) {
		return refuse(Weak, nil)
	}
	var fits bool
	switch key := cert.PublicKey.(type) {
	case *rsa.PublicKey:
		if bits := key.N.BitLen(); bits < minRSA {
			return refuse(Weak, fmt.Errorf("RSA of %d bits", bits))
		} else if bits > maxRSA {
			return refuse(Unsupported, fmt.Errorf("RSA of %d bits", bits))
		}
		fits = is(pkcs7.OIDEncryptionAlgorithmRSA) ||
			digest == crypto.SHA256 && is(pkcs7.OIDEncryptionAlgorithmRSASHA256) ||
			digest == crypto.SHA384 && is(pkcs7.OIDEncryptionAlgorithmRSASHA384) ||
			digest == crypto.SHA512 && is(pkcs7.OIDEncryptionAlgorithmRSASHA512)
	case *ecdsa.PublicKey:
		if key.Curve.Params().BitSize < 256 {
			return refuse(Weak, errors.New("a short curve"))
		}
		fits = digest == crypto.SHA256 && is(pkcs7.OIDDigestAlgorithmECDSASHA256) ||
			digest == crypto.SHA384 && is(pkcs7.OIDDigestAlgorithmECDSASHA384) ||
			digest == crypto.SHA512 && is(pkcs7.OIDDigestAlgorithmECDSASHA512)
	}
	if !fits {
		return refuse(Unsupported, fmt.Errorf("signature algorithm %s for a %T", a.Algorithm, cert.PublicKey))
	}
	return nil
}

func thumbprint(cert *x509.Certificate) string {
	sum := sha256.Sum256(cert.Raw)
	return hex.EncodeToString(sum[:])
}
