package evidence

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
)

// oidSignedData names signed data in PKCS#7 and CMS.
var oidSignedData = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}

// indefinite is how signed data begins in BER whose length is not said ahead,
// as some signing programs write it.
var indefinite = []byte("\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0")

// formOfDER says what a binary structure is. Whether a signature holds, or a
// certificate is trusted, is not asked here.
func formOfDER(der []byte) form {
	if cert, err := x509.ParseCertificate(der); err == nil && cert != nil {
		return formCert
	}
	if csr, err := x509.ParseCertificateRequest(der); err == nil {
		if csr.CheckSignature() != nil {
			return formUnknown // whoever made it does not hold its key
		}
		return formCSR
	}
	var info struct {
		Type    asn1.ObjectIdentifier
		Content asn1.RawValue `asn1:"explicit,tag:0"`
	}
	if rest, err := asn1.Unmarshal(der, &info); err == nil && len(rest) == 0 && info.Type.Equal(oidSignedData) {
		return formCMS
	}
	if bytes.HasPrefix(der, indefinite) && bytes.HasSuffix(der, []byte{0, 0}) {
		return formCMS
	}
	return formUnknown
}

// maxBlocks is how many blocks a PEM file may have: a chain of certificates.
const maxBlocks = 20

// formOfPEM says what a PEM file is: blocks of one kind and nothing between
// them.
func formOfPEM(data []byte) (form, error) {
	all := formUnknown
	for n := 0; len(bytes.TrimSpace(data)) > 0; n++ {
		data = bytes.TrimSpace(data)
		block, rest := pem.Decode(data)
		if block == nil || !bytes.HasPrefix(data, []byte("-----BEGIN "+block.Type+"-----")) || len(block.Headers) > 0 || n == maxBlocks {
			return formUnknown, refuse(Broken, nil)
		}
		f := formOfDER(block.Bytes)
		var fits bool
		switch block.Type {
		case "CERTIFICATE":
			fits = f == formCert
		case "CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST":
			fits = f == formCSR
		case "PKCS7", "CMS":
			fits = f == formCMS
		default:
			return formUnknown, nil
		}
		if !fits || all != formUnknown && (f != all || f != formCert) {
			return formUnknown, refuse(Broken, nil)
		}
		all, data = f, rest
	}
	return all, nil
}
