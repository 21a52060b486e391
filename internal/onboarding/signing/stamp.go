package signing

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// readTimestamp notes the time of a signer's timestamp if it holds. One that
// does not is as good as none: it is no part of what was signed, so anybody
// could have added it or taken it away.
func (m message) readTimestamp(i int, s *Signature, opt Options) {
	signer := m.p7.Signers[i]
	roots := opt.Timestampers
	if roots == nil {
		roots = opt.Roots
	}
	if roots == nil {
		return
	}
	for _, a := range signer.UnauthenticatedAttributes {
		if !a.Type.Equal(oidTimestamp) {
			continue
		}
		if at, by, err := stamped(a.Value.Bytes, signer.EncryptedDigest, roots, opt); err == nil {
			s.Stamped, s.StampedBy = at, by
		}
		return // the first is the signature's own
	}
}

// tstInfo is what a timestamping authority signs (RFC 3161), as far as it is
// read here; what follows is left over.
type tstInfo struct {
	Version int
	Policy  asn1.ObjectIdentifier
	Imprint struct {
		Algorithm pkix.AlgorithmIdentifier
		Hash      []byte
	}
	Serial  asn1.RawValue
	GenTime asn1.RawValue
}

var errStamp = errors.New("the timestamp does not hold")

// stamped returns the time at which an authority saw a signature.
func stamped(token, signature []byte, roots *x509.CertPool, opt Options) (at time.Time, by Name, err error) {
	m, rest, err := parse(token)
	if err != nil {
		return at, by, err
	}
	if len(rest) > 0 || len(m.p7.Signers) != 1 {
		return at, by, errStamp
	}
	var outer asn1.RawValue
	if rest, err := asn1.Unmarshal(m.p7.Content, &outer); err != nil || len(rest) > 0 || outer.Tag != asn1.TagSequence {
		return at, by, errStamp
	}
	var info tstInfo
	body := outer.Bytes
	for _, to := range []any{&info.Version, &info.Policy, &info.Imprint, &info.Serial, &info.GenTime} {
		if body, err = asn1.Unmarshal(body, to); err != nil {
			return at, by, err
		}
	}
	digest, err := hashOf(info.Imprint.Algorithm)
	if err != nil {
		return at, by, err
	}
	w := digest.New()
	w.Write(signature)
	if !bytes.Equal(w.Sum(nil), info.Imprint.Hash) || info.GenTime.Tag != asn1.TagGeneralizedTime {
		return at, by, errStamp
	}
	// Fractions of a second are accepted though not in the layout.
	if at, err = time.Parse("20060102150405Z0700", string(info.GenTime.Bytes)); err != nil {
		return at, by, err
	}
	cert := m.certificate(0)
	if cert == nil {
		return at, by, errStamp
	}
	var s Signature
	if err := m.checkSigned(0, cert, oidTSTInfo, pieces{m.p7.Content}, &s, false); err != nil {
		return at, by, err
	}
	if at.Before(cert.NotBefore) || at.After(cert.NotAfter) || at.After(opt.Now.Add(clockGap)) {
		return at, by, errStamp
	}
	// Valid when we received it, too: whoever finds the key of an authority
	// long gone must not make timestamps of its days.
	if err := m.chain(cert, roots, opt.Intermediates, opt.Now, x509.ExtKeyUsageTimeStamping); err != nil {
		return at, by, err
	}
	return at.UTC(), nameOf(&cert.Subject), nil
}

// maxText is how long a text of a certificate may be, in bytes; the rest is
// cut off.
const maxText = 300

// clean returns a certificate's text as it can be shown.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, s)
	for len(s) > maxText {
		_, n := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-n]
	}
	return s
}
