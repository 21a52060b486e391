package signing

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

const (
	adobe = "adbe.pkcs7.detached"
	cades = "ETSI.CAdES.detached"
)

// essential is how a CAdES signature is made: without a time of its own.
func essential(w *world) how {
	return how{timeless: true, attrs: func(a []attribute) []attribute { return append(a, signingCertificate(w.rsa.cert)) }}
}

func TestAGoodPDF(t *testing.T) {
	w := newWorld()
	for name, pdf := range map[string][]byte{
		adobe:           w.pdf(adobe, "", how{}),
		cades:           w.pdf(cades, "/M(D:20261125100000+07'00')", essential(w)),
		"names escaped": w.pdf(cades, "/#4D(D:20261125100000+07'00')/Cert#54ype/X", essential(w)),
	} {
		all, err := VerifyPDF(pdf, w.opt)
		if err != nil || len(all) != 1 || !all[0].Trusted || all[0].Signer.CommonName != "Nguyễn Văn Ký" || all[0].Claimed != now {
			t.Errorf("%s: %+v, %v", name, all, err)
		}
	}
}

func TestProblemsOfPDFs(t *testing.T) {
	w := newWorld()
	good := w.pdf(adobe, "", how{})
	replace := func(from, to string) []byte {
		if len(from) != len(to) || !bytes.Contains(good, []byte(from)) {
			t.Fatalf("%q for %q", to, from)
		}
		return bytes.Replace(good, []byte(from), []byte(to), 1)
	}
	update := append(bytes.Clone(good), "6 0 obj\n<</Type/Page>>\nendobj\ntrailer\n<</Root 1 0 R/Prev 9>>\nstartxref\n9\n%%EOF\n"...)
	gap := bytes.Index(good, []byte("/Contents <")) + len("/Contents <")
	spoil := func(at int, to string) []byte {
		b := bytes.Clone(good)
		copy(b[at:], to)
		return b
	}
	end := bytes.Index(good, []byte(">/Reason"))
	for name, c := range map[string]struct {
		pdf  []byte
		want Code
	}{
		"no PDF":                        {document, Malformed},
		"no signature":                  {[]byte("%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\n%%EOF\n"), Missing},
		"a page changed":                {replace("[0 0 595 842]", "[0 0 595 843]"), Altered},
		"the dictionary changed":        {replace("/Reason(K", "/Reason(L"), Altered},
		"updated after signing":         {update, NotWhole},
		"a byte after it":               {append(bytes.Clone(good), '\n'), NotWhole},
		"cut off":                       {good[:len(good)-1], Malformed},
		"digits after the signature":    {spoil(end-2, "01"), Malformed},
		"blanks among the digits":       {spoil(end-2, "  "), Malformed},
		"text among the digits":         {spoil(end-20, ">/X(/JavaScript)<00"), Malformed},
		"digits that are none":          {spoil(gap, "zz"), Malformed},
		"no CMS":                        {spoil(gap, "ffff"), Malformed},
		"no signature in its place":     {spoil(gap, strings.Repeat("0", end-gap)), Malformed},
		"of a weak kind":                {w.pdf("adbe.pkcs7.sha1", "", how{}), Unsupported},
		"of an old kind":                {w.pdf("adbe.x509.rsa_sha1", "", how{}), Unsupported},
		"a timestamp alone":             {w.pdf("ETSI.RFC3161", "", how{}), Unsupported},
		"CAdES without its certificate": {w.pdf(cades, "", how{}), Unsupported},
		"its kind said twice":           {w.pdf(adobe, "/SubFilter/ETSI.CAdES.detached", how{}), Malformed},
		"of another type":               {bytes.Replace(good, []byte("/Type/Sig/Filter"), []byte("/Type/Sag/Filter"), 1), Unsupported},
		"a comment in the dictionary":   {w.pdf(adobe, "%/X\n", how{}), Malformed},
		"signed in the future":          {w.pdf(cades, "/M(D:20261126100000+07'00')", essential(w)), FromFuture},
		"signed before its certificate": {w.pdf(cades, "/M(D:20200101000000Z)", essential(w)), Expired},
		"by a stranger":                 {w.pdf(adobe, "", how{by: issue(nil, ecKey())}), UnknownRoot},
	} {
		all, err := VerifyPDF(c.pdf, w.opt)
		if CodeOf(err) != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
		for _, s := range all {
			if s.Problem == "" {
				t.Errorf("%s: %+v is good", name, s)
			}
		}
	}
}

// The ranges must be all of the file but the signature's own string.
func TestRanges(t *testing.T) {
	w := newWorld()
	good := w.pdf(adobe, "", how{})
	at := bytes.Index(good, []byte("ByteRange [0 ")) + len("ByteRange ")
	var r [4]int
	if _, err := fmt.Sscanf(string(good[at:]), "[%d %d %d %d]", &r[0], &r[1], &r[2], &r[3]); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"not from the beginning": fmt.Sprintf("[1 %010d %010d %010d]", r[1], r[2], r[3]),
		"less before":            fmt.Sprintf("[0 %010d %010d %010d]", r[1]-1, r[2], r[3]),
		"less after":             fmt.Sprintf("[0 %010d %010d %010d]", r[1], r[2]+1, r[3]-1),
		"more before":            fmt.Sprintf("[0 %010d %010d %010d]", r[1]+1, r[2], r[3]),
		"more after":             fmt.Sprintf("[0 %010d %010d %010d]", r[1], r[2]-1, r[3]+1),
		"beyond the end":         fmt.Sprintf("[0 %010d %010d %010d]", r[1], r[2], r[3]+1),
		"one in the other":       fmt.Sprintf("[0 %010d %010d %010d]", r[1], r[1]-1, r[3]),
		"nothing before":         fmt.Sprintf("[0 %010d %010d %010d]", 0, r[2], r[3]),
		"three numbers":          fmt.Sprintf("[0 %010d %010d           ]", r[1], r[2]),
		"a negative number":      fmt.Sprintf("[0 %010d %010d -%09d]", r[1], r[2], r[3]),
		"no array":               fmt.Sprintf("(0 %010d %010d %010d)", r[1], r[2], r[3]),
	} {
		b := bytes.Clone(good)
		copy(b[at:], text)
		if all, err := VerifyPDF(b, w.opt); CodeOf(err) != Malformed {
			t.Errorf("%s: %+v, %v, want %s", name, all, err, Malformed)
		}
	}
	b := bytes.Clone(good)
	copy(b[at:], fmt.Sprintf("[0 %010d %010d %010d]", r[1], r[2], r[3]-1))
	if _, err := VerifyPDF(b, w.opt); CodeOf(err) != Altered {
		t.Errorf("%v, want %s", err, Altered)
	}
}

// A second signature is a change after the first.
func TestASecondSignatureIsAChange(t *testing.T) {
	w := newWorld()
	twice := w.pdfOver(w.pdf(adobe, "", how{}), 6, adobe, "", how{by: w.ec})
	all, err := VerifyPDF(twice, w.opt)
	if CodeOf(err) != NotWhole || len(all) != 2 {
		t.Fatalf("%+v, %v, want both and %s", all, err, NotWhole)
	}
	if all[0].Problem != NotWhole || all[0].Certificate != thumbprint(w.rsa.cert) || all[1].Problem != "" || all[1].Certificate != thumbprint(w.ec.cert) {
		t.Errorf("%+v", all)
	}
	many := w.pdf(adobe, "", how{})
	for i := range maxPDFSignatures {
		many = w.pdfOver(many, 6+i, adobe, "", how{by: w.ec})
	}
	if _, err := VerifyPDF(many, w.opt); CodeOf(err) != TooMany {
		t.Errorf("%v, want %s", err, TooMany)
	}
}

// No byte of a signed file can be another.
func TestNoByteOfAPDFCanBeChanged(t *testing.T) {
	w := newWorld()
	b := w.pdf(cades, "/M(D:20261125100000+07'00')", how{by: w.ec, timeless: true, attrs: func(a []attribute) []attribute { return append(a, signingCertificate(w.ec.cert)) }})
	want, err := VerifyPDF(b, w.opt)
	if err != nil {
		t.Fatal(err)
	}
	gap := bytes.Index(b, []byte("/Contents <")) + len("/Contents <")
	end := bytes.Index(b, []byte(">/Reason"))
	for i := range b {
		if i > gap && i < end && i%5 != 0 {
			continue
		}
		b[i] ^= 1
		got, err := VerifyPDF(b, w.opt)
		b[i] ^= 1
		// In the signature's own digits as in TestNoChangedByteMakesAnotherSigner.
		if err == nil && (i < gap || i >= end || len(got) != 1 || got[0] != want[0]) {
			t.Fatalf("byte %d (%q) was changed: %+v", i, b[max(0, i-10):min(len(b), i+10)], got)
		}
	}
}

// What takes more than linear time on these does not end within a test's.
func TestHostilePDFsAreRefusedInTime(t *testing.T) {
	w := newWorld()
	const size = 4 << 20
	fill := func(s string) []byte { return append([]byte("%PDF-1.7\n"), strings.Repeat(s, size/len(s))...) }
	for name, b := range map[string][]byte{
		"slashes":      fill("/"),
		"dictionaries": append(fill("<<"), "/ByteRange [0 1 2 3]"...),
		"strings":      append(fill("("), "/ByteRange [0 1 2 3]"...),
		"arrays":       append(append([]byte("%PDF-1.7\n1 0 obj<</A"), bytes.Repeat([]byte("["), 2000)...), "/ByteRange [0 1 2 3]"...),
		"names":        fill("/ByteRange"),
		"ranges":       fill("1 0 obj<</ByteRange [0 5 9 9]/Contents<"),
		"digits":       append([]byte("%PDF-1.7\n1 0 obj<</ByteRange [0 41 4194304 9]/Contents<"), bytes.Repeat([]byte("0"), size)...),
		"a deep CMS":   append([]byte("%PDF-1.7\n1 0 obj<</ByteRange [0 41 4194304 9]/Contents<"), bytes.Repeat([]byte("3080"), size/4)...),
	} {
		if _, err := VerifyPDF(b, w.opt); CodeOf(err) == "" {
			t.Errorf("%s: %v, want a code", name, err)
		}
	}
}

func FuzzVerifyPDF(f *testing.F) {
	w := worldOf(ecKey())
	good := w.pdf(adobe, "/M(D:20261125100000+07'00')", how{by: w.ec})
	f.Add(good)
	f.Add(w.pdf(cades, "", essential(w)))
	f.Add([]byte("%PDF-1.7\n1 0 obj<</Type/Sig/SubFilter/adbe.pkcs7.detached/ByteRange [0 66 70 5]/Contents<00>>>"))
	f.Fuzz(func(t *testing.T, b []byte) {
		all, err := VerifyPDF(b, w.opt)
		if err != nil && CodeOf(err) == "" {
			t.Fatal(err)
		}
		if err == nil && len(all) == 0 {
			t.Fatal("a PDF without a signature was taken")
		}
	})
}
