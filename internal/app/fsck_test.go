package app

import (
	"io"
	"strings"
	"testing"

	"dancu/internal/db"
)

// TestDamagedHeadCanBeLookedAt: a log whose newest head is damaged does not
// open, and fsck says where the damage is.
func TestDamagedHeadCanBeLookedAt(t *testing.T) {
	cfg := stateFolder(t)
	c, err := OpenControl(t.Context(), cfg, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	dbc, err := cfg.DB(db.Main)
	if err != nil {
		t.Fatal(err)
	}
	d, err := db.Open(t.Context(), dbc)
	if err != nil {
		t.Fatal(err)
	}
	err = d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), "UPDATE heads SET root = leaf FROM (SELECT leaf FROM entries WHERE idx = 0) AS e")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if c, err := OpenControl(t.Context(), cfg, io.Discard); err == nil {
		_ = c.Close()
		t.Fatal("a log with a damaged head opens")
	}
	r, err := FsckStored(t.Context(), cfg, Kept{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if r.OK() || !strings.HasPrefix(r.Findings[0].Place, "head ") {
		t.Errorf("%v", r.Findings)
	}
	// That it was checked, and found wanting, is known afterwards.
	last, err := cfg.lastCheck()
	if err != nil || last == nil || last.Problems != int64(len(r.Findings))+r.More || last.Problems == 0 || last.Entries != r.Entries || last.Kept {
		t.Errorf("noted: %+v, %v", last, err)
	}
}
