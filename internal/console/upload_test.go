package console_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"dancu/internal/identity"
)

// upload sends a form with files: pairs of fields, then of file names and
// contents for one field.
func (v *visitor) upload(path, field string, pairs []string, files ...string) *page {
	v.p.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for i := 0; i+1 < len(pairs); i += 2 {
		if err := w.WriteField(pairs[i], pairs[i+1]); err != nil {
			v.p.t.Fatal(err)
		}
	}
	for i := 0; i+1 < len(files); i += 2 {
		h := textproto.MIMEHeader{}
		h.Set("Content-Disposition", multipart.FileContentDisposition(field, files[i]))
		part, err := w.CreatePart(h)
		if err != nil {
			v.p.t.Fatal(err)
		}
		if _, err := io.WriteString(part, files[i+1]); err != nil {
			v.p.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		v.p.t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodPost, v.p.Info.Console+path, &body)
	if err != nil {
		v.p.t.Fatal(err)
	}
	for k, values := range v.header {
		r.Header[k] = values
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	res, err := v.client.Do(r)
	if err != nil {
		v.p.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		v.p.t.Fatal(err)
	}
	pg := &page{t: v.p.t, status: res.StatusCode, path: res.Request.URL.Path, header: res.Header, body: string(b)}
	if pg.root, err = html.Parse(strings.NewReader(pg.body)); err != nil {
		v.p.t.Fatal(err)
	}
	return pg
}

// A file goes into the vault with the section it is part of, is refused with a
// reason beside its field, and comes out for those alone who may see a matter
// that has it.
func TestFilesOfAMatter(t *testing.T) {
	p := open(t)
	boss := p.signIn(p.account("quantri.songxanh"))
	matter := boss.post("/life/new/application").says("The matter is open").path
	documents := matter + "/section/documents"
	const text = "Điều 1. Đề nghị kết nối."
	one := func(pg *page) string {
		t.Helper()
		for _, n := range pg.find("input", func(n *html.Node) bool { return at(n, "type") == "checkbox" && at(n, "name") == "request" }) {
			return at(n, "value")
		}
		t.Fatalf("no file is there:\n%s", pg.text())
		return ""
	}

	// One of the wrong type: the good one stays with the form.
	pg := boss.upload(documents, "request.file", nil, "Đề nghị.txt", text, "máy.exe", "MZ\x00\x01").is(422, documents)
	pg.says("Đề nghị.txt", "máy.exe")
	id := one(pg)
	if pg := boss.get("/life/file/" + id + "?of=" + strings.TrimPrefix(matter, "/life/")); pg.status != http.StatusNotFound {
		t.Errorf("a file of no matter is given out: %d", pg.status)
	}
	boss.upload(documents, "request.file", []string{"request", id}).is(200, matter).says("Saved")

	// It comes out as it went in, to be kept.
	address := "/life/file/" + id + "?of=" + strings.TrimPrefix(matter, "/life/")
	file := boss.get(address)
	if file.status != http.StatusOK || file.body != text || !strings.HasPrefix(file.header.Get("Content-Disposition"), "attachment") ||
		file.header.Get("X-Content-Type-Options") != "nosniff" || file.header.Get("Content-Type") != "application/octet-stream" || file.header.Get("Cache-Control") != "no-store" {
		t.Errorf("the file is %d %v %q", file.status, file.header, file.body)
	}
	operator := p.staff(p.signIn(p.account("quantri")), identity.Onboarder, "tiep.nhan", "TN-0001")
	if pg := operator.get(address); pg.status != http.StatusOK {
		t.Errorf("the register's people get %d", pg.status)
	}
	if pg := p.visitor().get(address); pg.path != "/sign-in" {
		t.Errorf("nobody gets %d at %s", pg.status, pg.path)
	}

	// Nobody gets at a file by naming it: not through a matter that does not
	// have it, not by writing its number into one.
	operator.post("/life/new/agency", "id", "khac", "code", "H55", "nameVI", "Khác", "group", "1", "body", "provincial")
	for _, of := range []string{"agency.khac", "agency.nosuch", ""} {
		if pg := operator.get("/life/file/" + id + "?of=" + of); pg.status != http.StatusNotFound {
			t.Errorf("of %q: %d", of, pg.status)
		}
	}
	second := boss.post("/life/new/application").path
	boss.post(second+"/section/purpose", "storage", id).is(200, second)
	if pg := boss.get("/life/file/" + id + "?of=" + strings.TrimPrefix(second, "/life/")); pg.status != http.StatusNotFound {
		t.Errorf("a text opens a file: %d", pg.status)
	}
	stranger := "01990a5e-7c11-7a3e-9c55-3f0f5d1b2c3d"
	boss.post(second+"/section/documents", "request", stranger).is(422, second+"/section/documents").says("There is no such file")

	// Names with paths, empty files, forms that break off.
	boss.upload(second+"/section/documents", "request.file", nil, "../../etc/passwd.txt", text)
	if pg := boss.get(second + "/section/documents").says("passwd.txt"); strings.Contains(pg.text(), "etc/") {
		t.Error("a name keeps its path")
	}
	if pg := boss.upload(second+"/section/documents", "request.file", nil, "rỗng.txt", ""); pg.status != http.StatusUnprocessableEntity {
		t.Errorf("an empty file is %d", pg.status)
	}
	r, err := http.NewRequest(http.MethodPost, p.Info.Console+documents, strings.NewReader("--x\r\nContent-Disposition: form-data; name=\"request.file\"; filename=\"a.txt\"\r\n\r\nhalf"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = boss.header.Clone()
	r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	res, err := boss.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusBadRequest {
		t.Errorf("half a form is %d", res.StatusCode)
	}
}
