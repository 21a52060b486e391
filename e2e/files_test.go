package e2e

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/internal/evidence"
	"dancu/internal/onboarding"
)

// stored counts the files that the vault has.
func (o *onsite) stored() (n int) {
	o.t.Helper()
	if err := o.App.EvidenceDB.QueryRow(o.t.Context(), "SELECT count(*) FROM evidence_files").Scan(&n); err != nil {
		o.t.Fatal(err)
	}
	return n
}

// bomb is an office document that unpacks to far more than it is.
func bomb(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range []string{"[Content_Types].xml", "word/document.xml"} {
		f, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.CopyN(f, zeros{}, 64<<20); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// Uploads that are refused leave nothing in the vault; and a form that is
// refused, for its files or for anything else, leaves nothing of itself, and
// of its files only what goes by itself.
func TestRefusedFilesLeaveNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		t.Parallel()
		o := openOnsite(t, env, 0)
		own, other := o.agency.FilesOf(), "agency:ngan-hang-dong-do"
		const pdf = "%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
		put := func(owner, name string, r io.Reader) (evidence.File, error) {
			return o.App.Evidence.Put(t.Context(), evidence.Upload{Owner: owner, Name: name}, r)
		}
		for name, r := range map[string]io.Reader{
			"chuong-trinh.exe":   strings.NewReader("MZ\x90\x00" + strings.Repeat("\x00", 200)),
			"trang.pdf":          strings.NewReader("<html><script>alert(1)</script></html>"),
			"qua-lon.pdf":        io.MultiReader(strings.NewReader(pdf), io.LimitReader(zeros{}, 40<<20)),
			"bi-cat.pdf":         io.MultiReader(strings.NewReader(pdf[:20]), iotest.ErrReader(errors.New("the connection is gone"))),
			"phinh-to.docx":      bytes.NewReader(bomb(t)),
			"rong.pdf":           strings.NewReader(""),
			"../../etc/lich.pdf": strings.NewReader(pdf),
			`..\\..\\lich.pdf`:   strings.NewReader(pdf),
			"an\x00danh.pdf":     strings.NewReader(pdf),
		} {
			if f, err := put(own, name, r); err == nil {
				t.Errorf("%.40q is taken: %+v", name, f)
			}
		}
		if n := o.stored(); n != 0 {
			t.Fatalf("%d files are left of refused uploads", n)
		}
		mine, err := put(own, "quyet-dinh.pdf", strings.NewReader(pdf))
		if err != nil {
			t.Fatal(err)
		}
		theirs, err := put(other, "cua-ho.pdf", strings.NewReader(pdf))
		if err != nil {
			t.Fatal(err)
		}

		const system = "system.mot-cua"
		level := func(file string) onboarding.Input {
			return onboarding.Input{Values: []byte(`{"level":3,"decision":"15/QĐ","appraised":"2026-01-10","approved":"2026-02-01","authority":"Sở TTTT","documents":["` + file + `"]}`)}
		}
		from := o.next()
		for why, in := range map[string]onboarding.Input{
			"another's file":       level(theirs.ID),
			"no file":              level("018f0000-0000-7000-8000-000000000009"),
			"no id":                level("../../etc/passwd"),
			"a form that is wrong": {Values: []byte(`{"level":"x","documents":["` + mine.ID + `"]}`)},
		} {
			if _, err := o.App.Onboarding.Save(t.Context(), o.agency, system, "level", in); err == nil {
				t.Errorf("%s: the form is taken", why)
			}
		}
		see, err := o.App.Onboarding.See(t.Context(), o.operator, system)
		if err != nil || len(see.Files()) != 0 || len(o.entries(from, onboarding.EventMatterSaved)) != 0 {
			t.Fatalf("a refused form left something: %v, %v", see.Files(), err)
		}
		// What nothing refers to goes when its time is over; what a form was
		// taken with stays.
		if _, err := o.App.Onboarding.Save(t.Context(), o.agency, system, "level", level(mine.ID)); err != nil {
			t.Fatal(err)
		}
		ended := time.Now().Add(-time.Hour).UnixMicro()
		err = o.App.EvidenceDB.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), "UPDATE evidence_files SET expires = $1 WHERE expires > 0", ended)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := o.App.Evidence.Sweep(t.Context(), o.App.Onboarding.Referred); err != nil {
			t.Fatal(err)
		}
		if _, _, err := o.App.Evidence.Read(t.Context(), mine.ID); err != nil || o.stored() != 1 {
			t.Errorf("%d files stay, want the one that a form was taken with: %v", o.stored(), err)
		}
	})
}
