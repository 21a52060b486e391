package onboarding

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
)

// signPDF makes a document of a text and signs it as an officer's token does.
func signPDF(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	fmt.Fprintf(&b, "%%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]/SigFlags 3>>>>\nendobj\n"+
		"2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Annots[4 0 R]/T(%x)>>\nendobj\n"+
		"4 0 obj\n<</Type/Annot/Subtype/Widget/FT/Sig/T(Chu ky)/V 5 0 R/Rect[0 0 0 0]>>\nendobj\n"+
		"5 0 obj\n<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached/ByteRange [0 %010d %010d %010d]/Contents ", text, 0, 0, 0)
	from := b.Len()
	b.WriteString("<" + strings.Repeat("0", 6000) + ">")
	to := b.Len()
	b.WriteString(">>\nendobj\ntrailer\n<</Root 1 0 R/Size 6>>\nstartxref\n0\n%%EOF\n")
	out := b.Bytes()
	spot := bytes.LastIndex(out[:from], []byte("[0 "))
	copy(out[spot:], fmt.Sprintf("[0 %010d %010d %010d]", from, to, len(out)-to))
	hex.Encode(out[from+1:], signDetached(t, slices.Concat(out[:from], out[to:])))
	return out
}

// A commitment signed as a PDF keeps the file's hash and its signer, and one
// that was changed after the signature is refused and leaves nothing.
func TestACommitmentSignedAsAPDF(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t))
	vault := &signedDrawer{name: "cam-ket.PDF"}
	o.cfg.Vault = vault
	operator, agency := o.hanoi()
	o.connectedDraft(operator, agency)
	m, err := o.Open(o.ctx, agency, KindCommitment, About{System: "hanoi.onestop"}, Input{Values: mustJSON(Values{"template": Undertaking})})
	o.must(err)
	o.fillText(agency, m)
	m = o.do(agency, m.ID, "fix", Input{})
	give := func(file []byte) error {
		vault.file = file
		_, err := o.Act(o.ctx, agency, m.ID, "sign-file", Input{Values: mustJSON(Values{"file": []string{"018f0000-0000-7000-8000-000000000001"}})})
		return err
	}
	good := signPDF(t, "cam kết")
	changed := bytes.Replace(good, []byte("595 842"), []byte("595 843"), 1)
	o.refused(give(changed), fault.Invalid, "file")
	o.refused(give(append(slices.Clone(good), "5 0 obj\n<<>>\nendobj\n"...)), fault.Invalid, "file")
	see, err := o.See(o.ctx, agency, m.ID)
	o.must(err)
	var st signedText
	if _, err := see.Matter.read("signed", &st); err != nil || len(st.Signatures) != 0 {
		t.Fatalf("refused, there is %+v, %v", st.Signatures, err)
	}
	o.must(give(good))
	see, err = o.See(o.ctx, agency, m.ID)
	o.must(err)
	if _, err := see.Matter.read("signed", &st); err != nil || len(st.Signatures) != 1 {
		t.Fatalf("%+v, %v", st.Signatures, err)
	}
	sum := sha256.Sum256(good)
	if s := st.Signatures[0]; s.Method != "pdf" || s.SHA256 != hex.EncodeToString(sum[:]) || s.Name != "Trần B" || s.At.IsZero() || s.File == "" {
		t.Errorf("the signature is %+v", s)
	}
}

// Where the register names the authorities whose certificates it takes, another's
// is refused, and theirs is not.
func TestOnlyRecognisedAuthoritiesCertificates(t *testing.T) {
	d := newDesk(t, dbtest.SQLite(t))
	own := certificate{from: d.now().Add(-time.Hour), until: d.now().AddDate(1, 0, 0)}.pem(t)
	d.cfg.Authorities = x509.NewCertPool()
	d.cfg.Authorities.AppendCertsFromPEM([]byte(own))
	matter := MatterOf(KindSystem, "a.sys")
	before := len(d.system("a.sys").Credentials)
	other := certificate{from: d.now().Add(-time.Hour), until: d.now().AddDate(1, 0, 0)}.pem(t)
	_, err := d.Act(d.ctx, d.agency, matter, "certificate", Input{Values: mustJSON(Values{"certificate": other})})
	d.refused(err, fault.Invalid, "recognised authority")
	if n := len(d.system("a.sys").Credentials); n != before {
		t.Fatalf("%d certificates, %d before", n, before)
	}
	d.do(d.agency, matter, "certificate", Input{Values: mustJSON(Values{"certificate": own})})
	if n := len(d.system("a.sys").Credentials); n != before+1 {
		t.Errorf("%d certificates, %d before", n, before)
	}
}
