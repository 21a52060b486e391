package signing

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"strings"
	"time"
)

// documentUsages are extended key usages of which one must be there if any is:
// a server's or a timestamper's key does not sign documents.
var documentUsages = []asn1.ObjectIdentifier{
	{1, 3, 6, 1, 5, 5, 7, 3, 36},       // document signing (RFC 9336)
	{1, 3, 6, 1, 4, 1, 311, 10, 3, 12}, // the same, as one maker named it
	{1, 2, 840, 113583, 1, 1, 5},       // and another
}

// checkUsage refuses certificates that are not for signing documents.
func checkUsage(cert *x509.Certificate) error {
	if cert.IsCA || cert.KeyUsage != 0 && cert.KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) == 0 {
		return refuse(KeyUsage, nil)
	}
	if len(cert.ExtKeyUsage) == 0 && len(cert.UnknownExtKeyUsage) == 0 {
		return nil
	}
	for _, u := range cert.ExtKeyUsage {
		switch u {
		// People's certificates are commonly issued for e-mail and for signing
		// in, and documents are signed with them.
		case x509.ExtKeyUsageAny, x509.ExtKeyUsageEmailProtection, x509.ExtKeyUsageClientAuth:
			return nil
		}
	}
	for _, u := range cert.UnknownExtKeyUsage {
		for _, d := range documentUsages {
			if u.Equal(d) {
				return nil
			}
		}
	}
	return refuse(KeyUsage, nil)
}

// checkTimes checks the certificate's own dates: at the timestamp, or else both
// when the signer says they signed and when we received it.
func checkTimes(cert *x509.Certificate, s *Signature, opt Options) error {
	at := []time.Time{s.Stamped}
	if s.Stamped.IsZero() {
		at = []time.Time{opt.Now}
		if !s.Claimed.IsZero() {
			at = append(at, s.Claimed)
		}
	}
	for _, t := range at {
		if t.After(opt.Now.Add(clockGap)) {
			return refuse(FromFuture, nil)
		}
		if t.Before(cert.NotBefore) || t.After(cert.NotAfter) {
			return refuse(Expired, nil)
		}
	}
	return nil
}

// checkChain looks for a way from the certificate to one of the roots.
func (m message) checkChain(cert *x509.Certificate, s *Signature, opt Options) error {
	if opt.Roots == nil {
		return nil
	}
	at := s.Stamped
	if at.IsZero() {
		at = opt.Now
	}
	if err := m.chain(cert, opt.Roots, opt.Intermediates, at, x509.ExtKeyUsageAny); err != nil {
		var bad x509.CertificateInvalidError
		if errors.As(err, &bad) && bad.Reason == x509.Expired {
			return refuse(Expired, err)
		}
		return refuse(UnknownRoot, err)
	}
	s.Trusted = true
	return nil
}

func (m message) chain(cert *x509.Certificate, roots *x509.CertPool, more []*x509.Certificate, at time.Time, usage x509.ExtKeyUsage) error {
	between := x509.NewCertPool()
	for _, c := range m.p7.Certificates {
		between.AddCert(c)
	}
	for _, c := range more {
		between.AddCert(c)
	}
	_, err := cert.Verify(x509.VerifyOptions{Roots: roots, Intermediates: between, CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{usage}})
	return err
}

var oidUID = asn1.ObjectIdentifier{0, 9, 2342, 19200300, 100, 1, 1}

// nameOf returns what a certificate calls somebody.
func nameOf(n *pkix.Name) Name {
	out := Name{CommonName: clean(n.CommonName), Organization: clean(strings.Join(n.Organization, ", ")), ID: clean(n.SerialNumber)}
	if out.ID == "" {
		for _, a := range n.Names {
			if text, ok := a.Value.(string); ok && a.Type.Equal(oidUID) {
				out.ID = clean(text)
			}
		}
	}
	return out
}
