package evidence

import (
	"bytes"
	"crypto/x509"
	"encoding/binary"
	"hash/crc32"
	"slices"
	"strings"
	"testing"
)

func TestTypes(t *testing.T) {
	p := papersOf(t)
	files := map[string][]byte{
		"pdf":  pdf(),
		"png":  pngOf(t),
		"jpg":  jpegOf(t),
		"p7s":  p.cms,
		"cer":  p.cert,
		"crt":  slices.Concat(pemOf("CERTIFICATE", p.cert), []byte("\r\n"), pemOf("CERTIFICATE", p.cert)),
		"csr":  pemOf("CERTIFICATE REQUEST", p.csr),
		"txt":  []byte("\ufeffĐiều 1.\r\n\tCam kết\n"),
		"docx": docx(t),
		"xlsx": xlsx(t),
		"odt":  odf(t, typeODT),
		"ods":  odf(t, typeODS),
	}
	also := map[string][]string{"jpg": {"jpeg"}, "p7s": {"p7m", "pem"}, "cer": {"crt", "pem"}, "crt": {"cer", "pem"}, "csr": {"p10", "pem"}, "txt": {"csv"}}
	media := map[string]string{
		"pdf": typePDF, "png": typePNG, "jpg": typeJPEG, "jpeg": typeJPEG, "p7s": typeP7S, "p7m": typeP7M, "cer": typeCert, "crt": typeCert,
		"csr": typeCSR, "p10": typeCSR, "txt": typeText, "csv": typeCSV, "docx": typeDOCX, "xlsx": typeXLSX, "odt": typeODT, "ods": typeODS,
	}
	for of, data := range files {
		for _, end := range Endings() {
			end = strings.TrimPrefix(end, ".")
			got, err := check("tệp."+strings.ToUpper(end), data)
			if end != of && !slices.Contains(also[of], end) {
				if CodeOf(err) != Mismatch || got != "" {
					t.Errorf("a %s called .%s: %q, %v, want %s", of, end, got, err, Mismatch)
				}
				continue
			}
			if want := media[end]; err != nil || end != "pem" && got != want || got == "" {
				t.Errorf("a %s called .%s: %q, %v, want %q", of, end, got, err, want)
			}
		}
		for _, name := range []string{"tệp", "tệp.exe", "tệp.pdf.js", "tệp.docm", "tệp.html", "tệp.p12", "tệp."} {
			if _, err := check(name, data); CodeOf(err) != BadType {
				t.Errorf("%s: %v, want %s", name, err, BadType)
			}
		}
	}
}

func TestContentsThatAreRefused(t *testing.T) {
	p := papersOf(t)
	flipped := bytes.Clone(p.csr)
	flipped[len(flipped)-1] ^= 1
	if csr, err := x509.ParseCertificateRequest(flipped); err != nil || csr.CheckSignature() == nil {
		t.Fatal("the request was not spoilt")
	}
	wide := bytes.Clone(pngOf(t))
	binary.BigEndian.PutUint32(wide[16:], 10_001)
	binary.BigEndian.PutUint32(wide[20:], 10_000)
	binary.BigEndian.PutUint32(wide[29:], crc32.ChecksumIEEE(wide[12:29]))
	for name, c := range map[string]struct {
		end  string
		data []byte
		want Code
	}{
		"a program":                        {"pdf", []byte("MZ\x90\x00\x03"), Mismatch},
		"a script":                         {"pdf", []byte("#!/bin/sh\n"), Mismatch},
		"binary called text":               {"txt", []byte("a\x00b"), Mismatch},
		"Latin-1 called text":              {"txt", []byte("caf\xe9"), Mismatch},
		"escapes for a terminal":           {"txt", []byte("\x1b[2J"), Mismatch},
		"C1 controls":                      {"txt", []byte("a\u009b2J"), Mismatch},
		"a web page called picture":        {"png", []byte("<html></html>"), Mismatch},
		"a PDF that is cut off":            {"pdf", pdf()[:60], Broken},
		"something before the PDF":         {"pdf", append([]byte("x"), pdf()...), Mismatch},
		"a PNG that is cut off":            {"png", pngOf(t)[:len(pngOf(t))-1], Broken},
		"a PNG with something after it":    {"png", append(pngOf(t), "PK\x03\x04"...), Broken},
		"a PNG with a wrong checksum":      {"png", flipLast(pngOf(t)), Broken},
		"a PNG of too many pixels":         {"png", wide, Inflated},
		"a JPEG that is cut off":           {"jpg", jpegOf(t)[:len(jpegOf(t))-2], Broken},
		"a JPEG without a frame":           {"jpg", []byte("\xff\xd8\xff\xd9"), Broken},
		"a private key":                    {"pem", pemOf("PRIVATE KEY", p.key), PrivateKey},
		"a certificate with its key":       {"pem", slices.Concat(pemOf("CERTIFICATE", p.cert), pemOf("EC PRIVATE KEY", p.key)), PrivateKey},
		"a key in a text":                  {"txt", append([]byte("khoá của tôi:\n"), pemOf("ENCRYPTED PRIVATE KEY", p.key)...), PrivateKey},
		"a key in DER":                     {"cer", p.key, Mismatch},
		"a certificate called request":     {"csr", p.cert, Mismatch},
		"a block that is not what it says": {"pem", pemOf("CERTIFICATE", p.csr), Broken},
		"a block of another kind":          {"pem", pemOf("X509 CRL", p.cert), Mismatch},
		"certificate and request":          {"pem", slices.Concat(pemOf("CERTIFICATE", p.cert), pemOf("CERTIFICATE REQUEST", p.csr)), Broken},
		"two requests":                     {"csr", slices.Concat(pemOf("CERTIFICATE REQUEST", p.csr), pemOf("CERTIFICATE REQUEST", p.csr)), Broken},
		"text between the blocks":          {"pem", slices.Concat(pemOf("CERTIFICATE", p.cert), []byte("subject=x\n"), pemOf("CERTIFICATE", p.cert)), Broken},
		"too long a chain":                 {"pem", bytes.Repeat(pemOf("CERTIFICATE", p.cert), maxBlocks+1), Broken},
		"a request not signed by its key":  {"csr", flipped, Mismatch},
		"signed data with something after": {"p7s", append(bytes.Clone(p.cms), 0), Mismatch},
	} {
		if got, err := check("a."+c.end, c.data); CodeOf(err) != c.want || got != "" {
			t.Errorf("%s: %q, %v, want %s", name, got, err, c.want)
		}
	}
	for name, c := range map[string]struct {
		end  string
		data []byte
	}{
		"the longest chain":                 {"pem", bytes.Repeat(pemOf("CERTIFICATE", p.cert), maxBlocks)},
		"signed data of unannounced length": {"p7m", slices.Concat(indefinite, []byte("\x80\x30\x80\x00\x00\x00\x00\x00\x00"))},
		"as many pixels as are allowed":     {"png", pixels(t, 10_000, 10_000)},
	} {
		if _, err := check("a."+c.end, c.data); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// flipLast changes the last byte of a PNG's first chunk's checksum.
func flipLast(b []byte) []byte {
	b = bytes.Clone(b)
	b[len(b)-16] ^= 1 // the checksum of the picture itself, before IEND
	return b
}

// pixels is a PNG that says of itself to be so large.
func pixels(t *testing.T, w, h uint32) []byte {
	b := bytes.Clone(pngOf(t))
	binary.BigEndian.PutUint32(b[16:], w)
	binary.BigEndian.PutUint32(b[20:], h)
	binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
	return b
}

func TestActivePDFsAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		object string
		want   Code
	}{
		"a script":                   {"<</S/JavaScript/JS(app.alert\\(1\\))>>", Active},
		"a script, its name escaped": {"<</S/#4aava#53cript/JS(x)>>", Active},
		"a launch":                   {"<</Type/Action/S /Launch/F(cmd.exe)>>", Active},
		"a form that sends":          {"<</S/SubmitForm/F(http://x)>>", Active},
		"a dynamic form":             {"<</XFA 5 0 R>>", Active},
		"media":                      {"<</Subtype/RichMedia>>", Active},
		"a file inside":              {"<</Type/EmbeddedFile/Length 0>>", Nested},
		"encryption":                 {"<</Encrypt 9 0 R>>", Encrypted},
		"a script in a stream's place": {
			"<</Length 40>>\nstream\n5 0 obj <</S/JavaScript/JS(x)>> endobj\nendstream", Active,
		},
		"a packed script":           {objectStream("/Filter/FlateDecode", "5 0 <</S/JavaScript/JS(x)>>"), Active},
		"a packed launch":           {objectStream("/Filter [ /Fl ]", "5 0 <</S/Launch>>"), Active},
		"packed, its type escaped":  {strings.Replace(objectStream("/Filter/FlateDecode", "5 0 <</S/Launch>>"), "/ObjStm", "/Obj#53tm", 1), Active},
		"packed twice":              {objectStream("/Filter[/FlateDecode/FlateDecode]", "x"), Active},
		"packed in another way":     {objectStream("/Filter[/ASCIIHexDecode/FlateDecode]", "x"), Active},
		"packed with a predictor":   {objectStream("/Filter/FlateDecode/DecodeParms<</Predictor 12>>", "x"), Active},
		"packed, and not really":    {"<</Type/ObjStm/Filter/FlateDecode>>\nstream\nxxxx\nendstream", Broken},
		"a packed bomb":             {objectStream("/Filter/FlateDecode", strings.Repeat(" ", maxUnpacked+1)), Inflated},
		"packed, cut off, a script": {objectStream("/Filter/FlateDecode", strings.Repeat("<</S/JavaScript>>", 50_000))[:200] + "\nendstream", Active},
	} {
		if _, err := check("a.pdf", pdf(c.object)); CodeOf(err) != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	for name, object := range map[string]string{
		"a link":                "<</Type/Action/S/URI/URI(https://vanban.example)>>",
		"a page to open at":     "<</OpenAction[3 0 R/Fit]>>",
		"a packed page":         objectStream("/Filter/FlateDecode", "5 0 <</Type/Page>>"),
		"a plain object stream": "<</Type/ObjStm/N 1/First 4/Length 9>>\nstream\n5 0 <<>>\nendstream",
		"as much as is allowed": objectStream("/Filter/FlateDecode", strings.Repeat(" ", maxUnpacked)),
		"longer names":          "<</EncryptMetadata false/LaunchX 1/JavaScripts 2>>",
		"the name, no stream":   "<</Type/ObjStm>>",
	} {
		if _, err := check("a.pdf", pdf(object)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzCheck: no file makes the checks fail otherwise than by a code.
func FuzzCheck(f *testing.F) {
	p := papersOf(f)
	for _, b := range [][]byte{
		pdf(objectStream("/Filter/FlateDecode", "<<>>")), pngOf(f), jpegOf(f), docx(f), xlsx(f), odf(f, typeODT), p.cert, p.csr, p.cms,
		pemOf("CERTIFICATE", p.cert), []byte("văn bản"), pdf("<</S/#4AavaScript>>"),
	} {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, end := range []string{".pdf", ".png", ".jpg", ".docx", ".pem", ".txt"} {
			if media, err := check("a"+end, data); (err == nil) == (media == "") || err != nil && CodeOf(err) == "" {
				t.Fatalf("%s: %q, %v", end, media, err)
			}
		}
	})
}

// FuzzCleanName: what is taken is a plain base name, and taken again as it is.
func FuzzCleanName(f *testing.F) {
	for _, s := range []string{"a.pdf", "Cam ke\u0302\u0301t.pdf", "../x", "CON", "a\u202eb"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := cleanName(s)
		if err != nil {
			if CodeOf(err) == "" {
				t.Fatal(err)
			}
			return
		}
		if again, err := cleanName(got); err != nil || again != got || strings.ContainsAny(got, "/\\\x00\u202e") || got[0] == '.' {
			t.Fatalf("%q became %q, then %q, %v", s, got, again, err)
		}
	})
}
