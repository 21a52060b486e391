package console_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// over waits until a job's page says that it has ended.
func (v *visitor) over(path string) *page {
	v.p.t.Helper()
	for end := time.Now().Add(30 * time.Second); ; {
		pg := v.get(path)
		if !strings.Contains(pg.body, `http-equiv="refresh"`) {
			return pg
		}
		if time.Now().After(end) {
			v.p.t.Fatalf("%s does not end:\n%s", path, pg.text())
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// Long work from the button to the result: it is its owner's alone, and what
// comes of it is in the log where the law asks for that.
func TestAJobsPages(t *testing.T) {
	p := open(t)
	admin, inspector := p.signIn(p.account("quantri")), p.signIn(p.account("kiemtra"))
	admin.get("/jobs").is(200, "/jobs").says("There is none yet", "Verify the whole log")

	begun := admin.post("/jobs/verify").says("Verification of the whole log")
	done := admin.over(begun.path).says("Done", "Entries of the log", "Kept until")
	file := admin.get(done.path + "/file")
	if file.status != http.StatusOK || !strings.Contains(file.body, "All entries and all that is derived from them agree.") ||
		!strings.Contains(file.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("%d %v\n%s", file.status, file.header, file.body)
	}
	admin.get("/jobs").says("Verification of the whole log", "Done")

	// Another's is not there, whatever is asked of it.
	for _, path := range []string{done.path, done.path + "/file"} {
		if pg := inspector.get(path); pg.status != http.StatusNotFound {
			t.Errorf("%s of another's is %d", path, pg.status)
		}
	}
	if pg := inspector.post(done.path + "/cancel"); pg.status != http.StatusNotFound {
		t.Errorf("another's job is cancelled: %d", pg.status)
	}

	// An import, with a row that does not come in.
	const people = "pin,fullName,dateOfBirth,sex\n001199000017,Trần Thị Mẫu,1999-05-17,female\nkhông phải số,Ai Đó,1999-05-17,female\n"
	for name, want := range map[string]string{"people.pdf": "must be CSV", "": "Choose the file"} {
		if pg := admin.upload("/jobs/import", "file", nil, name, people); pg.status != http.StatusUnprocessableEntity || !strings.Contains(pg.text(), want) {
			t.Errorf("%q: %d\n%s", name, pg.status, pg.text())
		}
	}
	imported := admin.upload("/jobs/import", "file", nil, "Nguyễn Văn A.csv", people)
	imported = admin.over(imported.path).says("Done", "Rows not imported", "1", "personal data")
	if bad := admin.get(imported.path + "/file"); !strings.Contains(bad.body, "Ai Đó") {
		t.Errorf("the rows not imported: %d\n%s", bad.status, bad.body)
	}
	inspector.post("/log", "kind", "register.imported", "reason", "kiểm tra việc nhập").says("People imported")
	inspector.post("/log", "kind", "register.import_begun", "reason", "kiểm tra việc nhập").says("Import of people begun")

	// The script gets the part alone.
	admin.header.Set("HX-Request", "true")
	if part := admin.get(done.path); strings.Contains(part.body, "<html") || !strings.Contains(part.body, `id="job"`) {
		t.Errorf("the part is\n%.300s", part.body)
	}
}
