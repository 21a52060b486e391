package signing

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	_ "crypto/sha1" // for crypto.SHA1, which must be refused
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"sync"
	"time"
)

// now is when all of these tests take place.
var now = time.Date(2026, 11, 25, 3, 0, 0, 0, time.UTC)

var document = []byte("BẢN CAM KẾT bảo đảm an toàn thông tin\n")

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// party is somebody with a key and a certificate.
type party struct {
	key  crypto.Signer
	cert *x509.Certificate
}

// rsaKeys are made once: each takes its time.
var rsaKeys = sync.OnceValue(func() []*rsa.PrivateKey {
	return []*rsa.PrivateKey{must(rsa.GenerateKey(rand.Reader, 2048)), must(rsa.GenerateKey(rand.Reader, 2048))}
})

func ecKey() *ecdsa.PrivateKey { return must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader)) }

var serial = big.NewInt(0x1000)

// issue makes a certificate for a key; by nil is by itself.
func issue(by *party, key crypto.Signer, change ...func(*x509.Certificate)) *party {
	serial = new(big.Int).Add(serial, big.NewInt(1))
	tmpl := &x509.Certificate{
		SerialNumber: serial, NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(1, 0, 0),
		Subject:  pkix.Name{CommonName: "Nguyễn Văn Ký", Organization: []string{"UBND phường Sen"}, SerialNumber: "MST:0100109106"},
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment,
	}
	for _, c := range change {
		c(tmpl)
	}
	parent, signer := tmpl, key
	if by != nil {
		parent, signer = by.cert, by.key
	}
	return &party{key, must(x509.ParseCertificate(must(x509.CreateCertificate(rand.Reader, tmpl, parent, key.Public(), signer))))}
}

func ca(c *x509.Certificate) {
	c.Subject = pkix.Name{CommonName: "Cơ quan chứng thực thử nghiệm", Country: []string{"VN"}}
	c.IsCA, c.BasicConstraintsValid, c.KeyUsage = true, true, x509.KeyUsageCertSign|x509.KeyUsageCRLSign
	c.NotBefore, c.NotAfter = now.AddDate(-10, 0, 0), now.AddDate(10, 0, 0)
}

func timestamper(c *x509.Certificate) {
	c.Subject = pkix.Name{CommonName: "Dấu thời gian thử nghiệm"}
	c.NotAfter = now.AddDate(9, 0, 0)
	c.ExtraExtensions = []pkix.Extension{{
		Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: true,
		Value: must(asn1.Marshal([]asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 8}})),
	}}
}

// world is an authority and people with certificates.
type world struct {
	root, middle, rsa, ec, tsa *party
	opt                        Options
}

var newWorld = sync.OnceValue(func() *world { return worldOf(rsaKeys()[0]) })

// worldOf makes a world whose first person has this key. A fuzz target has one
// without RSA, whose keys take long to make in an instrumented program.
func worldOf(key crypto.Signer) *world {
	w := &world{root: issue(nil, ecKey(), ca)}
	w.middle = issue(w.root, ecKey(), ca, func(c *x509.Certificate) { c.Subject.CommonName = "Cơ quan chứng thực cấp dưới" })
	w.rsa, w.ec = issue(w.middle, key), issue(w.middle, ecKey())
	w.tsa = issue(w.root, ecKey(), timestamper)
	pool := x509.NewCertPool()
	pool.AddCert(w.root.cert)
	w.opt = Options{Roots: pool, Now: now}
	return w
}

type attribute struct {
	Type   asn1.ObjectIdentifier
	Values []asn1.RawValue `asn1:"set"`
}

func attr(kind asn1.ObjectIdentifier, values ...any) attribute {
	a := attribute{Type: kind}
	for _, v := range values {
		if raw, ok := v.(asn1.RawValue); ok {
			a.Values = append(a.Values, raw)
			continue
		}
		a.Values = append(a.Values, asn1.RawValue{FullBytes: must(asn1.Marshal(v))})
	}
	return a
}

var (
	oidContentType   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	oidMessageDigest = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	oidSigningTime   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 5}
	oidSHA1          = asn1.ObjectIdentifier{1, 3, 14, 3, 2, 26}
	oidSHA256        = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	oidSHA512        = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 3}
	oidRSA           = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}
	oidRSASHA1       = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 5}
	oidPSS           = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 10}
	oidECSHA256      = asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}
)

// how says how a signature is made; the zero value is a good one of now.
type how struct {
	by        *party
	hash      crypto.Hash           // SHA-256
	digest    asn1.ObjectIdentifier // of hash
	algorithm asn1.ObjectIdentifier
	kind      asn1.ObjectIdentifier // data
	time      time.Time             // now; zero by timeless
	timeless  bool
	bare      bool                          // no signed attributes at all
	attrs     func([]attribute) []attribute // changes the signed ones
	unsigned  func(signature []byte) []attribute
}

type signerOut struct {
	Version int
	ID      struct {
		Issuer asn1.RawValue
		Serial *big.Int
	}
	Digest    pkix.AlgorithmIdentifier
	Attrs     asn1.RawValue `asn1:"optional"`
	Algorithm pkix.AlgorithmIdentifier
	Signature []byte
	Unsigned  asn1.RawValue `asn1:"optional"`
}

// setOf is a SET OF attributes in DER, under another tag if need be.
func setOf(tag byte, attrs []attribute) asn1.RawValue {
	var all [][]byte
	for _, a := range attrs {
		all = append(all, must(asn1.Marshal(a)))
	}
	slices.SortFunc(all, bytes.Compare)
	out := must(asn1.Marshal(asn1.RawValue{Class: 0, Tag: 17, IsCompound: true, Bytes: slices.Concat(all...)}))
	out[0] = tag
	return asn1.RawValue{FullBytes: out}
}

// signer makes the part of one signer.
func signer(content []byte, h how) (s signerOut) {
	s.Version = 1
	s.ID.Issuer, s.ID.Serial = asn1.RawValue{FullBytes: h.by.cert.RawIssuer}, h.by.cert.SerialNumber
	if h.hash == 0 {
		h.hash, h.digest = crypto.SHA256, oidSHA256
	}
	if h.kind == nil {
		h.kind = oidData
	}
	if h.time.IsZero() {
		h.time = now
	}
	if h.algorithm == nil {
		h.algorithm = oidRSA
		if _, ok := h.by.key.(*ecdsa.PrivateKey); ok {
			h.algorithm = oidECSHA256
		}
	}
	s.Digest.Algorithm, s.Algorithm.Algorithm = h.digest, h.algorithm
	sum := func(b []byte) []byte { w := h.hash.New(); w.Write(b); return w.Sum(nil) }
	signed := content
	if !h.bare {
		attrs := []attribute{attr(oidContentType, h.kind), attr(oidMessageDigest, sum(content))}
		if !h.timeless {
			attrs = append(attrs, attr(oidSigningTime, h.time))
		}
		if h.attrs != nil {
			attrs = h.attrs(attrs)
		}
		signed = setOf(0x31, attrs).FullBytes
		s.Attrs = setOf(0xa0, attrs)
	}
	s.Signature = must(h.by.key.Sign(rand.Reader, sum(signed), h.hash))
	if h.unsigned != nil {
		s.Unsigned = setOf(0xa1, h.unsigned(s.Signature))
	}
	return s
}

// cms puts signers together; inside, if any, is the content carried along.
func cms(kind asn1.ObjectIdentifier, inside []byte, certs []*x509.Certificate, signers ...signerOut) []byte {
	var out struct {
		Version int
		Digests []pkix.AlgorithmIdentifier `asn1:"set"`
		Inside  struct {
			Type    asn1.ObjectIdentifier
			Content asn1.RawValue `asn1:"optional"`
		}
		Certs   asn1.RawValue `asn1:"optional"`
		Signers []signerOut   `asn1:"set"`
	}
	out.Version, out.Inside.Type, out.Signers = 1, kind, signers
	for _, s := range signers {
		out.Digests = append(out.Digests, s.Digest)
	}
	if inside != nil {
		out.Inside.Content = asn1.RawValue{Class: 2, Tag: 0, IsCompound: true, Bytes: must(asn1.Marshal(inside))}
	}
	var raw []byte
	for _, c := range certs {
		raw = append(raw, c.Raw...)
	}
	if raw != nil {
		out.Certs = asn1.RawValue{Class: 2, Tag: 0, IsCompound: true, Bytes: raw}
	}
	return must(asn1.Marshal(struct {
		Type    asn1.ObjectIdentifier
		Content asn1.RawValue
	}{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}, asn1.RawValue{Class: 2, Tag: 0, IsCompound: true, Bytes: must(asn1.Marshal(out))}}))
}

// sign is a detached signature of content.
func (w *world) sign(content []byte, h how) []byte {
	if h.by == nil {
		h.by = w.rsa
	}
	return cms(oidData, nil, []*x509.Certificate{h.by.cert, w.middle.cert}, signer(content, h))
}

// stamp is a timestamp of a signature, made at a time.
func (w *world) stamp(signature []byte, at time.Time, h how) attribute {
	sum := sha256.Sum256(signature)
	info := must(asn1.Marshal(struct {
		Version int
		Policy  asn1.ObjectIdentifier
		Imprint struct {
			Algorithm pkix.AlgorithmIdentifier
			Hash      []byte
		}
		Serial  int
		GenTime time.Time `asn1:"generalized"`
		Nonce   int
	}{Version: 1, Policy: asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 99999, 1}, Imprint: struct {
		Algorithm pkix.AlgorithmIdentifier
		Hash      []byte
	}{pkix.AlgorithmIdentifier{Algorithm: oidSHA256}, sum[:]}, Serial: 7, GenTime: at.UTC(), Nonce: 9}))
	if h.by == nil {
		h.by = w.tsa
	}
	h.kind = oidTSTInfo
	return attr(oidTimestamp, asn1.RawValue{FullBytes: cms(oidTSTInfo, info, []*x509.Certificate{h.by.cert}, signer(info, h))})
}

// signingCertificate says under which certificate somebody signs.
func signingCertificate(c *x509.Certificate) attribute {
	sum := sha256.Sum256(c.Raw)
	type id struct{ Hash []byte }
	return attr(oidSigningCert, struct{ Certs []id }{[]id{{sum[:]}}})
}

// blank PDF with a place for a signature.
func (w *world) pdf(subFilter, more string, h how) []byte {
	return w.pdfOver([]byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]/SigFlags 3>>>>\nendobj\n"+
		"2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Annots[4 0 R]>>\nendobj\n"+
		"4 0 obj\n<</Type/Annot/Subtype/Widget/FT/Sig/T(Chu ky)/V 5 0 R/Rect[0 0 0 0]>>\nendobj\n"), 5, subFilter, more, h)
}

// pdfOver adds a signature to what is there, as an incremental update.
func (w *world) pdfOver(before []byte, object int, subFilter, more string, h how) []byte {
	const room = 6000
	var b bytes.Buffer
	b.Write(before)
	fmt.Fprintf(&b, "%d 0 obj\n<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/%s%s/ByteRange [0 %010d %010d %010d]/Contents ", object, subFilter, more, 0, 0, 0)
	from := b.Len()
	b.WriteString("<" + strings.Repeat("0", room) + ">")
	to := b.Len()
	b.WriteString("/Reason(K\\375 cam k\\(\\)t)/Prop_Build<</App<</Name/X>>/Refs[1 0 R 2 0 R]>>>>\nendobj\ntrailer\n<</Root 1 0 R/Size 6>>\nstartxref\n0\n%%EOF\n")
	out := b.Bytes()
	spot := bytes.LastIndex(out[:from], []byte("[0 "))
	copy(out[spot:], fmt.Sprintf("[0 %010d %010d %010d]", from, to, len(out)-to))
	signature := w.sign(slices.Concat(out[:from], out[to:]), h)
	hex.Encode(out[from+1:], signature)
	return out
}

func hexOf(b []byte) string { return hex.EncodeToString(b) }

func rawOf(der []byte) asn1.RawValue { return asn1.RawValue{FullBytes: der} }
