package app

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"dancu/internal/access"
	"dancu/internal/console/jobs"
	"dancu/internal/evidence"
	"dancu/internal/identity"
	"dancu/internal/job"
	"dancu/internal/ledger"
	"dancu/internal/register"
)

// verifyLog compares all that is stored with the log and writes what it found.
// No entry is shown, so it is no reading (guarantee G7).
func (a *App) verifyLog(ctx context.Context, t *job.Task) error {
	now := a.Main.Clock()
	if err := a.Identity.StillOf(t.Owner, identity.VerifyLog)(ctx, a.Main, now); err != nil {
		return err
	}
	r, err := (&direct{app: a}).Fsck(ctx, Kept{}, t.Progress)
	if err != nil {
		return err
	}
	w, err := t.Create("log-"+now.UTC().Format("20060102-150405")+".txt", "text/plain; charset=utf-8")
	if err != nil {
		return err
	}
	var b bytes.Buffer
	for _, s := range []struct{ vi, en string }{
		{"Kết quả kiểm tra toàn bộ nhật ký", "Verification of the whole log"},
	} {
		fmt.Fprintf(&b, "%s / %s\n", s.vi, s.en)
	}
	fmt.Fprintf(&b, "%s\n%s\n\n", r.Checkpoint.Origin, now.In(access.Zone).Format("02/01/2006 15:04:05 -07:00"))
	fmt.Fprintf(&b, "Số bản ghi / entries: %d\nĐiểm kiểm tra / checkpoint: %d, %s\n\n", r.Entries, r.Checkpoint.Size, r.Checkpoint.Root)
	if r.OK() {
		fmt.Fprintln(&b, "Mọi bản ghi và mọi dữ liệu suy ra từ đó đều khớp.\nAll entries and all that is derived from them agree.")
	}
	for _, f := range r.Findings {
		fmt.Fprintln(&b, f)
	}
	if r.More > 0 {
		fmt.Fprintf(&b, "… và %d điểm khác / and %d more\n", r.More, r.More)
	}
	fmt.Fprintln(&b, "\nLệnh tương ứng / the same at the machine:\ndancu ledger fsck")
	t.Count("entries", r.Entries)
	t.Count("findings", int64(len(r.Findings))+r.More)
	_, err = w.Write(b.Bytes())
	return err
}

// imports takes files for the register into the vault and queues their import.
type imports struct{ app *App }

// maxImport is the largest file for the register that a page takes, in bytes:
// larger ones are imported at the machine ("dancu import").
const maxImport = 2 << 30

// importTerm is how long such a file stays for its job to begin.
const importTerm = 7 * 24 * time.Hour

// importParams is what an import was asked.
type importParams struct {
	File   string       `json:"file"`
	Format string       `json:"format"`
	Actor  ledger.Actor `json:"actor"`
}

var _ jobs.Imports = imports{}

func (i imports) MaxSize() int64 { return maxImport }

func (i imports) Take(ctx context.Context, owner string, actor ledger.Actor, name string, r io.Reader) (string, error) {
	format, ok := register.FormatOf(name)
	if !ok {
		return "", jobs.BadName
	}
	media := "text/csv"
	if format == register.JSONLines {
		media = "application/jsonl"
	}
	m, err := i.app.Evidence.Make(ctx, evidence.Making{Owner: "import/" + owner, Name: "people." + string(format), Type: media, Keep: importTerm, Limit: maxImport})
	if err != nil {
		return "", worded(err)
	}
	var file evidence.File
	if _, err = io.Copy(m, r); err == nil {
		file, err = m.Close()
	}
	var id string
	if err == nil {
		id, err = i.app.Jobs.Add(ctx, job.ImportPeople, owner, importParams{File: file.ID, Format: string(format), Actor: actor})
	}
	if err != nil {
		// It would go by itself, but it is the register's data.
		_ = i.app.Evidence.Discard(context.WithoutCancel(ctx), "import/"+owner, m.ID())
		return "", worded(err)
	}
	return id, nil
}

// importPeople brings the people of a file into the register. That it began, and
// what came of it, are entries of the log.
func (a *App) importPeople(ctx context.Context, t *job.Task) error {
	var p importParams
	if err := t.Params(&p); err != nil {
		return err
	}
	file, r, err := a.Evidence.Open(ctx, p.File)
	if err != nil {
		return worded(err)
	}
	tell := func(kind string, members map[string]any) error {
		members["job"], members["sha256"] = t.ID, file.SHA256
		e, err := ledger.EventEntry(kind, p.Actor, members)
		if err != nil {
			return err
		}
		return a.Log.Write(ctx, func(tx *ledger.Tx) error {
			if err := a.Identity.StillOf(t.Owner, identity.ImportRegister)(ctx, tx, tx.Now); err != nil {
				return err
			}
			tx.Append(e, ledger.Outcome{})
			return nil
		})
	}
	if err := tell("register.import_begun", map[string]any{"bytes": file.Size}); err != nil {
		return err
	}
	// Rows that do not come in are personal data: in a file of this account of the
	// machine alone, as those of "dancu import", until they are sealed.
	bad := filepath.Join(a.Config.State, "import-"+t.ID+".errors.jsonl")
	defer func() { _ = os.Remove(bad) }()
	counts, err := a.Register.Import(ctx, r, register.ImportOptions{
		Format: register.Format(p.Format), Errors: bad, Restart: true,
		Progress: func(pr register.Progress) { t.Progress(pr.Bytes, file.Size) },
	})
	if err != nil {
		return err
	}
	for name, n := range map[string]int64{
		"rows": counts.Rows, "inserted": counts.Inserted, "updated": counts.Updated, "unchanged": counts.Unchanged, "bad": counts.Bad,
	} {
		t.Count(name, n)
	}
	if counts.Bad > 0 {
		if err := keepBad(t, bad); err != nil {
			return err
		}
	}
	if err := tell("register.imported", map[string]any{
		"rows": counts.Rows, "inserted": counts.Inserted, "updated": counts.Updated, "unchanged": counts.Unchanged, "bad": counts.Bad,
	}); err != nil {
		return err
	}
	return a.Evidence.Discard(ctx, "import/"+t.Owner, p.File)
}

// keepBad makes the rows that did not come in the job's result.
func keepBad(t *job.Task, name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	w, err := t.Create("rows-not-imported.jsonl", "application/jsonl")
	if err != nil {
		return err
	}
	_, err = io.Copy(w, f)
	return err
}
