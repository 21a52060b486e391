package signing

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"encoding/pem"
	"slices"
	"strings"
	"testing"
	"time"

	"dancu/internal/fault"
)

func TestAGoodSignature(t *testing.T) {
	w := newWorld()
	for name, p := range map[string]*party{"RSA": w.rsa, "ECDSA": w.ec} {
		der := w.sign(document, how{by: p})
		for form, b := range map[string][]byte{
			"DER":   der,
			"PKCS7": pem.EncodeToMemory(&pem.Block{Type: "PKCS7", Bytes: der}),
			"CMS":   append([]byte("\n"), pem.EncodeToMemory(&pem.Block{Type: "CMS", Bytes: der})...),
		} {
			all, err := VerifyDetached(document, b, w.opt)
			if err != nil || len(all) != 1 {
				t.Fatalf("%s %s: %v, %v", name, form, all, err)
			}
			s := all[0]
			want := Signature{
				Signer: Name{"Nguyễn Văn Ký", "UBND phường Sen", "MST:0100109106"}, Issuer: Name{CommonName: "Cơ quan chứng thực cấp dưới"},
				Serial: hex.EncodeToString(p.cert.SerialNumber.Bytes()), Certificate: thumbprint(p.cert), Claimed: now, Trusted: true,
			}
			if s != want {
				t.Errorf("%s %s: got %+v, want %+v", name, form, s, want)
			}
			if at, trusted := s.Time(); at != now || trusted {
				t.Errorf("signed %v, %v", at, trusted)
			}
		}
	}
	// Without roots nobody is trusted, and it is said.
	all, err := VerifyDetached(document, w.sign(document, how{}), Options{Now: now})
	if err != nil || all[0].Trusted {
		t.Errorf("%+v, %v, want a good one that is not trusted", all, err)
	}
	// The content may be carried along if it is the same.
	inside := cms(oidData, document, []*x509.Certificate{w.rsa.cert, w.middle.cert}, signer(document, how{by: w.rsa}))
	if _, err := VerifyDetached(document, inside, w.opt); err != nil {
		t.Error(err)
	}
	// Other digests, and what says which certificate it is.
	for name, h := range map[string]how{
		"SHA-512":     {hash: crypto.SHA512, digest: oidSHA512},
		"no time":     {timeless: true},
		"certificate": {attrs: func(a []attribute) []attribute { return append(a, signingCertificate(w.rsa.cert)) }},
	} {
		if _, err := VerifyDetached(document, w.sign(document, h), w.opt); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestProblems(t *testing.T) {
	w := newWorld()
	leaf := func(by *party, change func(*x509.Certificate)) how { return how{by: issue(by, ecKey(), change)} }
	usage := func(u ...x509.ExtKeyUsage) how {
		return leaf(w.middle, func(c *x509.Certificate) { c.ExtKeyUsage = u })
	}
	stranger := issue(nil, ecKey(), ca)
	weak := must(rsa.GenerateKey(rand.Reader, 2048))
	short := &party{key: weak, cert: w.rsa.cert}
	other := issue(w.middle, rsaKeys()[1])
	with := func(h how) []byte { return w.sign(document, h) }
	attrs := func(f func([]attribute) []attribute) []byte { return with(how{attrs: f}) }
	without := func(kind asn1.ObjectIdentifier) []byte {
		return attrs(func(a []attribute) []attribute {
			return slices.DeleteFunc(a, func(x attribute) bool { return x.Type.Equal(kind) })
		})
	}
	for name, c := range map[string]struct {
		signature []byte
		want      Code
	}{
		"nothing":                          {nil, Missing},
		"no structure":                     {[]byte("chữ ký"), Malformed},
		"cut off":                          {with(how{})[:500], Malformed},
		"something after it":               {append(with(how{}), 0), Malformed},
		"PEM of something else":            {pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: with(how{})}), Malformed},
		"no signer":                        {cms(oidData, nil, []*x509.Certificate{w.rsa.cert}), Malformed},
		"of other contents":                {w.sign([]byte("khác"), how{}), Altered},
		"carries other contents":           {cms(oidData, []byte("khác"), []*x509.Certificate{w.rsa.cert}, signer([]byte("khác"), how{by: w.rsa})), Altered},
		"carries other contents, signs it": {cms(oidData, []byte("khác"), []*x509.Certificate{w.rsa.cert}, signer(document, how{by: w.rsa})), Altered},
		"by another key":                   {with(how{by: short}), Wrong},
		"SHA-1":                            {with(how{hash: crypto.SHA1, digest: oidSHA1}), Weak},
		"SHA-1 in the signature":           {with(how{algorithm: oidRSASHA1}), Weak},
		"MD5 by name":                      {with(how{hash: crypto.SHA256, digest: asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 5}}), Weak},
		"SHA-224":                          {with(how{hash: crypto.SHA256, digest: asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 4}}), Unsupported},
		"PSS":                              {with(how{algorithm: oidPSS}), Unsupported},
		"ECDSA under an RSA key":           {with(how{algorithm: oidECSHA256}), Unsupported},
		"RSA under an ECDSA key":           {with(how{by: w.ec, algorithm: oidRSA}), Unsupported},
		"digests that differ":              {with(how{by: w.ec, hash: crypto.SHA512, digest: oidSHA512}), Unsupported},
		"no certificate":                   {cms(oidData, nil, []*x509.Certificate{w.middle.cert}, signer(document, how{by: w.rsa})), NoCertificate},
		"no attributes":                    {with(how{bare: true}), Malformed},
		"no type of content":               {without(oidContentType), Malformed},
		"no digest":                        {without(oidMessageDigest), Malformed},
		"another type of content":          {with(how{kind: oidTSTInfo}), Malformed},
		"two digests":                      {attrs(func(a []attribute) []attribute { return append(a, a[1]) }), Malformed},
		"a digest of two values":           {attrs(func(a []attribute) []attribute { a[1].Values = append(a[1].Values, a[1].Values[0]); return a }), Malformed},
		"under another certificate":        {attrs(func(a []attribute) []attribute { return append(a, signingCertificate(other.cert)) }), Wrong},
		"ends before it is received":       {with(leaf(w.middle, func(c *x509.Certificate) { c.NotAfter = now.Add(-time.Second) })), Expired},
		"ended before it was signed":       {with(how{by: w.rsa, time: w.rsa.cert.NotAfter.Add(time.Second)}), Expired},
		"signed before it began":           {with(how{time: w.rsa.cert.NotBefore.Add(-time.Second)}), Expired},
		"begins after":                     {with(leaf(w.middle, func(c *x509.Certificate) { c.NotBefore = now.Add(time.Second) })), Expired},
		"signed in the future":             {with(how{time: now.Add(clockGap + time.Second)}), FromFuture},
		"a key that agrees keys":           {with(leaf(w.middle, func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyAgreement })), KeyUsage},
		"an authority's own key":           {with(how{by: w.middle}), KeyUsage},
		"a server's key":                   {with(usage(x509.ExtKeyUsageServerAuth)), KeyUsage},
		"a timestamper's key":              {with(how{by: w.tsa}), KeyUsage},
		"a code signer's key":              {with(usage(x509.ExtKeyUsageCodeSigning)), KeyUsage},
		"an unknown root":                  {with(leaf(stranger, func(*x509.Certificate) {})), UnknownRoot},
		"signed by itself":                 {with(how{by: issue(nil, ecKey())}), UnknownRoot},
		"the authority in between is gone": {cms(oidData, nil, []*x509.Certificate{w.rsa.cert}, signer(document, how{by: w.rsa})), UnknownRoot},
	} {
		all, err := VerifyDetached(document, c.signature, w.opt)
		if CodeOf(err) != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
		if !fault.Is(err, fault.Invalid) || c.want.Text().VI == "" || fault.Text(err) != c.want.Text().EN {
			t.Errorf("%s: it says %q", name, fault.Text(err))
		}
		for _, s := range all {
			if s.Problem != c.want {
				t.Errorf("%s: %+v, want its problem to be %s", name, s, c.want)
			}
		}
	}
	// On the other side of each bound.
	for name, h := range map[string]how{
		"ends in that second":      leaf(w.middle, func(c *x509.Certificate) { c.NotAfter = now }),
		"begins in that second":    leaf(w.middle, func(c *x509.Certificate) { c.NotBefore = now }),
		"a clock that goes before": {time: now.Add(clockGap)},
		"no usage said":            leaf(w.middle, func(c *x509.Certificate) { c.KeyUsage = 0 }),
		"for contents only":        leaf(w.middle, func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageContentCommitment }),
		"for e-mail":               usage(x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageEmailProtection),
		"for documents": leaf(w.middle, func(c *x509.Certificate) {
			c.UnknownExtKeyUsage = []asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 36}}
		}),
	} {
		if _, err := VerifyDetached(document, with(h), w.opt); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	// The authority in between may be known beforehand.
	opt := w.opt
	opt.Intermediates = []*x509.Certificate{w.middle.cert}
	lone := cms(oidData, nil, []*x509.Certificate{w.rsa.cert}, signer(document, how{by: w.rsa}))
	if _, err := VerifyDetached(document, lone, opt); err != nil {
		t.Error(err)
	}
	if _, err := VerifyDetached(document, with(how{}), Options{Roots: w.opt.Roots}); CodeOf(err) != NowMissing {
		t.Errorf("%v, want %s", err, NowMissing)
	}
}

// Keys too short are refused; to make one takes a moment that GODEBUG allows.
func TestShortKeysAreWeak(t *testing.T) {
	t.Setenv("GODEBUG", "rsa1024min=0")
	w := newWorld()
	p := issue(w.middle, must(rsa.GenerateKey(rand.Reader, 1024)))
	if _, err := VerifyDetached(document, w.sign(document, how{by: p}), w.opt); CodeOf(err) != Weak {
		t.Errorf("%v, want %s", err, Weak)
	}
}

// Contents that look like attributes are not taken for what their signer
// signed.
func TestAttributesAreNotContents(t *testing.T) {
	w := newWorld()
	h := how{by: w.rsa}
	honest := signer(document, h)
	// The signature is over the attributes; offered as one over contents that
	// are those attributes.
	posed := honest
	posed.Attrs = asn1.RawValue{}
	contents := bytes.Clone(honest.Attrs.FullBytes)
	contents[0] = 0x31
	b := cms(oidData, nil, []*x509.Certificate{w.rsa.cert, w.middle.cert}, posed)
	if all, err := VerifyDetached(contents, b, w.opt); CodeOf(err) != Malformed {
		t.Errorf("%v, %v, want %s", all, err, Malformed)
	}
}

func TestEverySignerIsReported(t *testing.T) {
	w := newWorld()
	old := issue(w.middle, ecKey(), func(c *x509.Certificate) { c.NotAfter = now.Add(-time.Hour); c.Subject.CommonName = "Trần Thị Cũ" })
	certs := []*x509.Certificate{w.rsa.cert, w.ec.cert, old.cert, w.middle.cert}
	all, err := VerifyDetached(document, cms(oidData, nil, certs, signer(document, how{by: w.rsa}), signer(document, how{by: w.ec})), w.opt)
	if err != nil || len(all) != 2 || all[0].Certificate == all[1].Certificate || !all[0].Trusted || !all[1].Trusted {
		t.Fatalf("%+v, %v, want two good ones", all, err)
	}
	for _, order := range [][]*party{{w.rsa, old}, {old, w.rsa}} {
		all, err = VerifyDetached(document, cms(oidData, nil, certs, signer(document, how{by: order[0]}), signer(document, how{by: order[1]})), w.opt)
		if CodeOf(err) != Expired || len(all) != 2 {
			t.Fatalf("%+v, %v, want %s and both", all, err, Expired)
		}
		for _, s := range all {
			if isOld := s.Signer.CommonName == "Trần Thị Cũ"; (s.Problem == Expired) != isOld || (s.Problem == "") == isOld {
				t.Errorf("%+v", s)
			}
		}
	}
	// One signs this and one something else.
	all, err = VerifyDetached(document, cms(oidData, nil, certs, signer(document, how{by: w.rsa}), signer([]byte("khác"), how{by: w.ec})), w.opt)
	if CodeOf(err) != Altered || len(all) != 2 {
		t.Errorf("%+v, %v, want %s", all, err, Altered)
	}
	many := func(n int) []byte {
		return cms(oidData, nil, certs, slices.Repeat([]signerOut{signer(document, how{by: w.rsa})}, n)...)
	}
	if all, err := VerifyDetached(document, many(maxSigners), w.opt); err != nil || len(all) != maxSigners {
		t.Errorf("%d, %v", len(all), err)
	}
	if _, err := VerifyDetached(document, many(maxSigners+1), w.opt); CodeOf(err) != TooMany {
		t.Errorf("%v, want %s", err, TooMany)
	}
	crowd := slices.Repeat([]*x509.Certificate{w.ec.cert}, maxCertificates+1)
	if _, err := VerifyDetached(document, cms(oidData, nil, crowd, signer(document, how{by: w.ec})), w.opt); CodeOf(err) != TooMany {
		t.Errorf("%v, want %s", err, TooMany)
	}
}

func TestTimestamps(t *testing.T) {
	w := newWorld()
	signed := now.Add(-48 * time.Hour)
	// A certificate that ended yesterday and was good when it was stamped.
	past := issue(w.middle, ecKey(), func(c *x509.Certificate) { c.NotAfter = now.Add(-24 * time.Hour) })
	stranger := issue(nil, ecKey(), timestamper)
	server := issue(w.root, ecKey(), func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth} })
	gone := issue(w.root, ecKey(), timestamper, func(c *x509.Certificate) { c.NotAfter = now.Add(-time.Hour) })
	stamp := func(make func(signature []byte) attribute) []byte {
		return w.sign(document, how{by: past, time: signed, unsigned: func(sig []byte) []attribute { return []attribute{make(sig)} }})
	}
	good := stamp(func(sig []byte) attribute { return w.stamp(sig, signed.Add(time.Minute), how{}) })
	all, err := VerifyDetached(document, good, w.opt)
	if err != nil || all[0].Stamped != signed.Add(time.Minute) || all[0].StampedBy.CommonName != "Dấu thời gian thử nghiệm" || all[0].Claimed != signed || !all[0].Trusted {
		t.Fatalf("%+v, %v", all, err)
	}
	if at, trusted := all[0].Time(); at != signed.Add(time.Minute) || !trusted {
		t.Errorf("signed %v, %v", at, trusted)
	}
	for name, make := range map[string]func(sig []byte) attribute{
		"of another signature":     func([]byte) attribute { return w.stamp([]byte("khác"), signed, how{}) },
		"by a stranger":            func(sig []byte) attribute { return w.stamp(sig, signed, how{by: stranger}) },
		"by a server's key":        func(sig []byte) attribute { return w.stamp(sig, signed, how{by: server}) },
		"by a signer's key":        func(sig []byte) attribute { return w.stamp(sig, signed, how{by: w.ec}) },
		"by an authority now gone": func(sig []byte) attribute { return w.stamp(sig, signed, how{by: gone}) },
		"with SHA-1":               func(sig []byte) attribute { return w.stamp(sig, signed, how{hash: crypto.SHA1, digest: oidSHA1}) },
		"from the future":          func(sig []byte) attribute { return w.stamp(sig, now.Add(clockGap+time.Second), how{}) },
		"before its own key":       func(sig []byte) attribute { return w.stamp(sig, w.tsa.cert.NotBefore.Add(-time.Second), how{}) },
		"that is none":             func([]byte) attribute { return attr(oidTimestamp, 7) },
		"of a document, not a time": func(sig []byte) attribute {
			return attr(oidTimestamp, asn1.RawValue{FullBytes: cms(oidTSTInfo, sig, []*x509.Certificate{w.tsa.cert}, signer(sig, how{by: w.tsa}))})
		},
	} {
		all, err := VerifyDetached(document, stamp(make), w.opt)
		if CodeOf(err) != Expired || len(all) != 1 || !all[0].Stamped.IsZero() {
			t.Errorf("%s: %+v, %v, want %s and no time", name, all, err, Expired)
		}
	}
	// Stamped after the certificate had ended.
	if _, err := VerifyDetached(document, stamp(func(sig []byte) attribute { return w.stamp(sig, now, how{}) }), w.opt); CodeOf(err) != Expired {
		t.Errorf("%v, want %s", err, Expired)
	}
	// Authorities for time may be others than those for people, and then are.
	opt := w.opt
	opt.Timestampers = x509.NewCertPool()
	opt.Timestampers.AddCert(stranger.cert)
	if all, err := VerifyDetached(document, good, opt); CodeOf(err) != Expired {
		t.Errorf("%+v, %v, want %s", all, err, Expired)
	}
	if _, err := VerifyDetached(document, stamp(func(sig []byte) attribute { return w.stamp(sig, signed, how{by: stranger}) }), opt); err != nil {
		t.Error(err)
	}
	// A broken timestamp does no harm to a signature that needs none.
	fresh := w.sign(document, how{unsigned: func([]byte) []attribute { return []attribute{attr(oidTimestamp, 7)} }})
	if all, err := VerifyDetached(document, fresh, w.opt); err != nil || !all[0].Stamped.IsZero() {
		t.Errorf("%+v, %v", all, err)
	}
}

// Whatever byte of a signature is changed: it is refused, or says the very same.
func TestNoChangedByteMakesAnotherSigner(t *testing.T) {
	w := newWorld()
	b := w.sign(document, how{by: w.ec, attrs: func(a []attribute) []attribute { return append(a, signingCertificate(w.ec.cert)) }})
	want, err := VerifyDetached(document, b, w.opt)
	if err != nil {
		t.Fatal(err)
	}
	refused := 0
	for i := range b {
		for _, flip := range []byte{1, 0x80} {
			b[i] ^= flip
			got, err := VerifyDetached(document, b, w.opt)
			b[i] ^= flip
			switch {
			case err != nil:
				refused++
				if CodeOf(err) == "" {
					t.Fatalf("byte %d: %v has no code", i, err)
				}
			case !slices.Equal(got, want):
				t.Fatalf("byte %d: %+v, want %+v", i, got, want)
			}
		}
	}
	if refused < len(b) {
		t.Errorf("only %d of %d changes were refused", refused, 2*len(b))
	}
}

func TestTextsOfCertificatesCanBeShown(t *testing.T) {
	w := newWorld()
	p := issue(w.middle, ecKey(), func(c *x509.Certificate) {
		c.Subject = pkix.Name{CommonName: "A\u202eB\nC" + strings.Repeat("ệ", 500), ExtraNames: []pkix.AttributeTypeAndValue{{Type: oidUID, Value: "MST:01"}}}
	})
	all, err := VerifyDetached(document, w.sign(document, how{by: p}), w.opt)
	if err != nil || !strings.HasPrefix(all[0].Signer.CommonName, "ABCệệ") || len(all[0].Signer.CommonName) > maxText || strings.ContainsRune(all[0].Signer.CommonName, '\ufffd') || all[0].Signer.ID != "MST:01" {
		t.Errorf("%+v, %v", all, err)
	}
}

func TestMeasure(t *testing.T) {
	deep := func(n int) []byte {
		b := []byte{5, 0}
		for range n {
			b = append([]byte{0x30, 0x82, byte(len(b) >> 8), byte(len(b))}, b...)
		}
		return b
	}
	open := func(n int) []byte {
		return slices.Concat(bytes.Repeat([]byte{0x30, 0x80}, n), []byte{5, 0}, bytes.Repeat([]byte{0, 0}, n))
	}
	wide := func(n int) []byte {
		return slices.Concat([]byte{0x30, 0x83, byte(2 * n >> 16), byte(2 * n >> 8), byte(2 * n)}, bytes.Repeat([]byte{5, 0}, n))
	}
	for name, b := range map[string][]byte{
		"null": {5, 0}, "empty sequence": {0x30, 0}, "empty, open": {0x30, 0x80, 0, 0}, "deep": deep(maxDepth), "deep and open": open(maxDepth),
		"wide": wide(maxElements - 1), "two": {0x30, 4, 5, 0, 5, 0}, "open in closed": {0x30, 6, 0x30, 0x80, 5, 0, 0, 0},
	} {
		if n, err := measure(append(slices.Clone(b), 0xff, 0xff)); err != nil || n != len(b) {
			t.Errorf("%s: %d, %v, want %d", name, n, err, len(b))
		}
	}
	for name, b := range map[string][]byte{
		"nothing": {}, "a byte": {0x30}, "cut off": {4, 2, 0}, "too deep": deep(maxDepth + 1), "too deep and open": open(maxDepth + 1),
		"too wide": wide(maxElements), "never closed": {0x30, 0x80, 5, 0}, "longer than what it is in": {0x30, 2, 4, 1, 0}, "a primitive, open": {4, 0x80, 0, 0},
		"a long tag": {0x1f, 0x81, 1, 0}, "a length of five bytes": {4, 0x85, 0, 0, 0, 0, 0}, "an end where none is due": {0x30, 2, 0, 0},
		"longer than anything": {4, 0x84, 0xff, 0xff, 0xff, 0xff}, "open beyond what it is in": {0x30, 4, 0x30, 0x80, 5, 0, 0, 0},
	} {
		if n, err := measure(b); err == nil {
			t.Errorf("%s: %d, want an error", name, n)
		}
	}
}

func FuzzVerifyDetached(f *testing.F) {
	w := worldOf(ecKey())
	f.Add(w.sign(document, how{}))
	f.Add(w.sign(document, how{by: w.ec, unsigned: func(sig []byte) []attribute { return []attribute{w.stamp(sig, now, how{})} }}))
	f.Add(pem.EncodeToMemory(&pem.Block{Type: "CMS", Bytes: w.sign(document, how{by: w.ec})}))
	f.Add(bytes.Repeat([]byte{0x30, 0x80}, 100))
	f.Fuzz(func(t *testing.T, b []byte) {
		all, err := VerifyDetached(document, b, w.opt)
		if err != nil && CodeOf(err) == "" {
			t.Fatal(err)
		}
		for _, s := range all {
			if err == nil && (!s.Trusted || s.Problem != "") {
				t.Fatalf("%+v was taken", s)
			}
		}
	})
}
