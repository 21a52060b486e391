package evidence

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/big"
	"strings"
	"testing"
	"time"
)

// part is an entry of an archive.
type part struct{ name, text string }

// archive is a ZIP archive of these parts, packed.
func archive(t testing.TB, parts ...part) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i, p := range parts {
		method := zip.Deflate
		if i == 0 && p.name == "mimetype" {
			method = zip.Store
		}
		w, err := z.CreateHeader(&zip.FileHeader{Name: p.name, Method: method})
		if err == nil {
			_, err = w.Write([]byte(p.text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const relations = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
	`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>` +
	`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" Target="https://vanban.example/" TargetMode="External"/></Relationships>`

func types(main, media string) string {
	return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="xml" ContentType="application/xml"/><Override PartName="/` + main + `" ContentType="` + media + `.main+xml"/></Types>`
}

// docx is a text document, with more parts.
func docx(t testing.TB, more ...part) []byte {
	return archive(t, append([]part{
		{"[Content_Types].xml", types("word/document.xml", typeDOCX)},
		{"_rels/.rels", relations},
		{"word/document.xml", "<w:document/>"},
	}, more...)...)
}

func xlsx(t testing.TB, more ...part) []byte {
	return archive(t, append([]part{
		{"[Content_Types].xml", types("xl/workbook.xml", typeXLSX)}, {"_rels/.rels", relations}, {"xl/workbook.xml", "<workbook/>"},
	}, more...)...)
}

func odf(t testing.TB, media string, more ...part) []byte {
	return archive(t, append([]part{
		{"mimetype", media}, {"META-INF/manifest.xml", "<manifest:manifest/>"}, {"content.xml", "<office:document-content/>"},
	}, more...)...)
}

// pdf is a PDF of one page with these objects besides.
func pdf(objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>\nendobj\n")
	for i, o := range objects {
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+4, o)
	}
	b.WriteString("trailer\n<</Root 1 0 R/Size 4>>\nstartxref\n0\n%%EOF\n")
	return b.Bytes()
}

// objectStream packs objects as newer programs do.
func objectStream(dict, text string) string {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, _ = z.Write([]byte(text))
	_ = z.Close()
	return fmt.Sprintf("<</Type/ObjStm/N 1/First 4/Length %d%s>>\nstream\r\n%s\nendstream", b.Len(), dict, b.String())
}

func picture(t testing.TB, encode func(*bytes.Buffer, image.Image) error) []byte {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, 8, 8))
	m.SetGray(3, 3, color.Gray{200})
	var b bytes.Buffer
	if err := encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngOf(t testing.TB) []byte {
	return picture(t, func(b *bytes.Buffer, m image.Image) error { return png.Encode(b, m) })
}

func jpegOf(t testing.TB) []byte {
	return picture(t, func(b *bytes.Buffer, m image.Image) error { return jpeg.Encode(b, m, nil) })
}

// papers are a certificate, a request for one, a private key and the shell of
// signed data, all in DER.
type papers struct{ cert, csr, key, cms []byte }

func papersOf(t testing.TB) (p papers) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must := func(e error) {
		t.Helper()
		if e != nil {
			t.Fatal(e)
		}
	}
	must(err)
	name := pkix.Name{CommonName: "may.example", Organization: []string{"UBND phường"}}
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(7), Subject: name, NotBefore: time.Now(), NotAfter: time.Now().Add(time.Hour)}
	p.cert, err = x509.CreateCertificate(rand.Reader, tmpl, tmpl, key.Public(), key)
	must(err)
	p.csr, err = x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: name}, key)
	must(err)
	p.key, err = x509.MarshalPKCS8PrivateKey(key)
	must(err)
	p.cms, err = asn1.Marshal(struct {
		Type    asn1.ObjectIdentifier
		Content asn1.RawValue
	}{oidSignedData, asn1.RawValue{Class: 2, Tag: 0, IsCompound: true, Bytes: []byte{0x30, 0}}})
	must(err)
	return p
}

func pemOf(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

// repeated is text that packs well but not suspiciously so.
func repeated(size int) string {
	block := make([]byte, 4<<10)
	rand.Read(block)
	return strings.Repeat(string(block)+strings.Repeat(" ", 256<<10), size/(260<<10)+1)[:size]
}
