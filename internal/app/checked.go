package app

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"time"

	"dancu/internal/fault"
	"dancu/verify"
)

// fileChecked is where the last check of the log is noted, in the state folder:
// not in the log, which may be what is damaged, and not in a database for the
// same reason. Each node notes its own checks.
const fileChecked = "checked.json"

// checked is what is kept of a check of the log.
type checked struct {
	At       time.Time `json:"at"`
	Entries  int64     `json:"entries"`  // looked at
	Problems int64     `json:"problems"` // places that do not fit
	// Kept says that it was held against checkpoints or receipts that somebody
	// kept: only that finds what was rewritten as a whole.
	Kept bool `json:"kept"`
}

// noteCheck notes that the log was checked.
func (c *Config) noteCheck(at time.Time, r *verify.Report, kept Kept) error {
	b, err := json.Marshal(checked{
		At: at.UTC(), Entries: r.Entries, Problems: int64(len(r.Findings)) + r.More, Kept: len(kept.Checkpoints)+len(kept.Receipts) > 0,
	})
	if err != nil {
		return err
	}
	return writeAtomic(c.Path(fileChecked), b, 0o600)
}

// lastCheck returns the last check that was noted, nil if there was none.
func (c *Config) lastCheck() (*checked, error) {
	b, err := os.ReadFile(c.Path(fileChecked))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "the note of the last check of the log cannot be read")
	}
	var out checked
	if err := json.Unmarshal(b, &out); err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "%s is damaged: remove it, and check the log again", c.Path(fileChecked))
	}
	return &out, nil
}
