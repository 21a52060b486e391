// Package signing says who signed a document: CMS signatures beside a file
// ([VerifyDetached]) and signatures inside a PDF ([VerifyPDF]).
//
// A signature is good only if all of it holds: it is of exactly these bytes
// (in a PDF: of the whole file but the signature itself), made with a key that
// may sign documents, by algorithms that are not weak, under a certificate valid
// at the time that counts and, where roots are given, issued under one of them.
// Otherwise there is an error, so that who forgets to look at the details
// accepts nothing (TestProblems).
//
// The time that counts is that of a timestamp by a trusted authority (RFC 3161)
// if there is one. A signer's own word for the time proves nothing: without a
// timestamp the certificate must be valid when the document was received, too.
//
// Not asked: revocation (no network is here), and what a PDF looks like.
// Not taken: RSA-PSS, Ed25519, signers named by key identifier, and PDFs changed
// after signing in any way, a second signature included: two parties sign with
// two signers in one detached signature, or each a copy.
package signing

import (
	"crypto/x509"
	"encoding/hex"
	"time"
)

// Options say by what a signature is judged.
type Options struct {
	// Roots are the authorities whose certificates are taken. nil: certificates
	// are taken from anybody and [Signature.Trusted] stays false; who signed is
	// then no more than what the certificate says of itself.
	Roots *x509.CertPool
	// Intermediates are used beside those in the signature.
	Intermediates []*x509.Certificate
	// Timestampers are the roots of timestamping authorities; nil: Roots.
	Timestampers *x509.CertPool
	// Now is when the document was received, by the database's clock; it must
	// be set.
	Now time.Time
}

// Name is what a certificate calls somebody.
type Name struct {
	CommonName   string `json:"commonName"`
	Organization string `json:"organization,omitzero"`
	// ID is the subject's own number: its serialNumber, or else its UID, where
	// Vietnamese authorities write the tax code.
	ID string `json:"id,omitzero"`
}

// Signature is one signer's signature.
type Signature struct {
	Signer Name `json:"signer"`
	Issuer Name `json:"issuer"`
	// Serial is the certificate's number, in lower-case hex.
	Serial string `json:"serial"`
	// Certificate is the SHA-256 of the signer's certificate, in lower-case hex.
	Certificate string `json:"certificate"`
	// Claimed is the time the signer says; zero if none is said.
	Claimed time.Time `json:"claimed,omitzero"`
	// Stamped is the time a trusted authority vouches for, StampedBy its name;
	// zero if there is no timestamp that holds.
	Stamped   time.Time `json:"stamped,omitzero"`
	StampedBy Name      `json:"stampedBy,omitzero"`
	// Trusted says that the certificate was issued under one of the roots.
	Trusted bool `json:"trusted"`
	// Problem is what is wrong; "" if the signature is good.
	Problem Code `json:"problem,omitzero"`

	cause error // of Problem, for the operator
}

// Time returns when the document was signed as far as is known, and whether
// somebody other than the signer vouches for it.
func (s *Signature) Time() (t time.Time, trusted bool) {
	if !s.Stamped.IsZero() {
		return s.Stamped, true
	}
	return s.Claimed, false
}

// clockGap is how far ahead of ours a signer's clock may be.
const clockGap = 5 * time.Minute

// VerifyDetached verifies a CMS (PKCS#7) signature, DER, BER or PEM, of content
// that is beside it, and returns all signers. The error is nil only if every
// signer's signature is good; the signatures are returned with it as far as they
// could be read, to be shown. Errors carry a code ([CodeOf]).
func VerifyDetached(content, signature []byte, opt Options) ([]Signature, error) {
	der, err := unarmor(signature)
	if err != nil {
		return nil, err
	}
	m, rest, err := parse(der)
	if err != nil {
		return nil, err
	}
	if len(rest) > 0 {
		return nil, refuse(Malformed, nil)
	}
	return judge(m.verify(oidData, pieces{content}, opt, false))
}

// judge makes the first problem the error.
func judge(all []Signature, err error) ([]Signature, error) {
	if err != nil {
		return nil, err
	}
	for i := range all {
		if p := all[i].Problem; p != "" {
			return all, refuse(p, all[i].cause)
		}
	}
	return all, nil
}

// describe fills in what a certificate says.
func (s *Signature) describe(cert *x509.Certificate) {
	s.Signer, s.Issuer = nameOf(&cert.Subject), nameOf(&cert.Issuer)
	s.Serial, s.Certificate = hex.EncodeToString(cert.SerialNumber.Bytes()), thumbprint(cert)
}
