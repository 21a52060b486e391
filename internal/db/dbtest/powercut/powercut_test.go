package powercut

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"net/url"
	"path/filepath"
	"testing"
)

// open opens a SQLite file as the program does, but for the setting of syncs.
func open(t *testing.T, file, sync string) *sql.DB {
	t.Helper()
	d, err := sql.Open("sqlite", "file:"+(&url.URL{Path: file}).EscapedPath()+"?_pragma=journal_mode(WAL)&_pragma=synchronous("+sync+")")
	if err != nil {
		t.Fatal(err)
	}
	d.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = d.Close() })
	return d
}

// TestOnlyWhatIsSyncedIsKept is the test of the instrument: with syncs every
// acknowledged row is on every disk that a cut can leave, and without them on
// many disks it is not.
func TestOnlyWhatIsSyncedIsKept(t *testing.T) {
	for sync, keeps := range map[string]bool{"FULL": true, "OFF": false} {
		t.Run(sync, func(t *testing.T) {
			dir := t.TempDir()
			r, err := Start(dir)
			if err != nil {
				t.Fatal(err)
			}
			d := open(t, filepath.Join(dir, "a.db"), sync)
			if _, err := d.Exec("create table t (n integer primary key, s text)"); err != nil {
				t.Fatal(err)
			}
			first := r.Len()
			for i := range 50 {
				if _, err := d.Exec("insert into t values ($1, $2)", i, fmt.Sprintf("%01000d", i)); err != nil {
					t.Fatal(err)
				}
				r.Mark("")
			}
			r.Stop()
			lost := 0
			rnd := rand.New(rand.NewPCG(1, 2))
			for range 60 {
				to := t.TempDir()
				marks, err := r.Cut(first+rnd.IntN(r.Len()-first+1), to, rnd)
				if err != nil {
					t.Fatal(err)
				}
				var n int
				if err := open(t, filepath.Join(to, "a.db"), "FULL").QueryRow("select count(*) from t").Scan(&n); err != nil || n < len(marks) {
					lost++
				}
			}
			if keeps && lost > 0 || !keeps && lost == 0 {
				t.Errorf("%d of 60 cuts lost something acknowledged", lost)
			}
		})
	}
}
