package app

import (
	"slices"
	"testing"

	"dancu/internal/fault"
)

// The doctor says that files are not scanned, or that the scanner is not there.
func TestDoctorAsksTheScanner(t *testing.T) {
	cfg := stateFolder(t)
	grade := func() Grade {
		all := Doctor(t.Context(), cfg)
		i := slices.IndexFunc(all, func(f Finding) bool { return f.Check == "evidence files" })
		if i < 0 {
			t.Fatal("it says nothing of evidence files")
		}
		return all[i].Grade
	}
	if g := grade(); g != Warning {
		t.Errorf("without a scanner: %s", g)
	}
	cfg.Evidence.Scanner = "unix:" + cfg.Path("nobody.ctl")
	if g := grade(); g != Problem {
		t.Errorf("with a scanner that does not answer: %s", g)
	}
	cfg.Evidence.Scanner, cfg.Evidence.MaxSize = "clamd", 1
	if err := cfg.Check(); !fault.Is(err, fault.Invalid) {
		t.Errorf("wrong settings: %v", err)
	}
}
