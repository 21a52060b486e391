// Package manual is what people read to do their work: user guides in versions,
// and the short notices that an agency's administrator writes to its officers.
//
// Guides come from three places: files in the program, files of an operator's
// folder, which add versions and guides, and the guide that each agency writes
// of its own exploitation service (Circular 46/2022/TT-BCA Art. 9.1). Versions
// are only added: what a guide said on a day can always be read again.
//
// A guide is written in a small part of Markdown and read into a tree of blocks
// ([Parse]); a page draws the tree, so that no text of a guide is ever taken for
// HTML (TestNothingIsHTML). What an agency writes only that agency reads
// (TestAnothersGuideIsNotThere).
package manual

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"

	"dancu/internal/db"
	"dancu/internal/fault"
	"dancu/internal/ledger"
)

// The kinds of entry that this area writes.
const (
	EventGuidePublished = "guide.published"
	EventNoticePosted   = "notice.posted"
	EventNoticeEnded    = "notice.ended"
)

// The bounds of what is written, in characters.
const (
	MaxTitle   = 150
	MaxChanges = 2000
	MaxText    = 60_000
	MaxNotice  = 500
	// MaxNotices is how many notices of one agency are shown at once.
	MaxNotices = 10
	// MaxNoticeDays is how long a notice is shown at most.
	MaxNoticeDays = 180
)

// Config says what a Store is made of.
type Config struct {
	Main *db.DB
	Log  *ledger.Log
	// Shelf holds the guides that are files.
	Shelf *Shelf
}

// Store keeps what agencies write, beside the guides that are files.
type Store struct {
	cfg Config
}

// New returns the store.
func New(cfg Config) (*Store, error) {
	if cfg.Main == nil || cfg.Log == nil || cfg.Shelf == nil {
		return nil, errors.New("manual: a database, the log and a shelf are needed")
	}
	return &Store{cfg}, nil
}

// Shelf holds the guides that are files.
func (s *Store) Shelf() *Shelf { return s.cfg.Shelf }

// Writer is an agency's administrator who writes.
type Writer struct {
	Actor ledger.Actor
	// Agency is the agency's id, Code its code as it stands in entries.
	Agency, Code string
	// Still says whether the writer may as of now, in the act's own transaction.
	Still func(ctx context.Context, q db.Querier, now time.Time) error
}

// Own is one version of the guide that an agency wrote of its own service.
type Own struct {
	Version int64
	At      time.Time
	Writer  string
	Title   string
	Changes []string
	Text    string // Markdown
}

// Notice is what an agency's administrator tells the agency's officers.
type Notice struct {
	ID     string
	Text   string
	At     time.Time
	Until  time.Time // shown before then
	Writer string
}

// Publish adds a version of the agency's own guide. seen is the newest version
// that the writer saw, 0 for none: who was overtaken is refused
// (fault.Conflict), so that nobody undoes another's work unseen.
func (s *Store) Publish(ctx context.Context, by Writer, seen int64, title, changes, text string) (Own, error) {
	out := Own{Title: tidy(title), Text: tidy(text), Changes: lines(changes), Writer: by.Actor.ID}
	switch {
	case out.Title == "" || out.Text == "":
		return Own{}, fault.New(fault.Invalid, "a guide needs a title and a text")
	case len([]rune(out.Title)) > MaxTitle || len([]rune(changes)) > MaxChanges || len([]rune(out.Text)) > MaxText:
		return Own{}, fault.New(fault.Invalid, "a guide has at most %d characters of title, %d of changes and %d of text", MaxTitle, MaxChanges, MaxText)
	}
	if _, err := Parse(out.Text); err != nil {
		return Own{}, err
	}
	err := s.write(ctx, by, func(tx *ledger.Tx) error {
		last, err := lastVersion(ctx, tx, by.Agency)
		if err != nil {
			return err
		}
		if last != seen {
			return fault.New(fault.Conflict, "somebody has published version %d meanwhile: read it, then publish on top of it", last)
		}
		out.Version, out.At = last+1, tx.Now
		if err := insertGuide(ctx, tx.Tx, by.Agency, &out); err != nil {
			return err
		}
		return tell(tx, by, EventGuidePublished, map[string]any{"version": out.Version})
	})
	return out, err
}

// Versions returns the versions of an agency's own guide, the newest first,
// without their texts.
func (s *Store) Versions(ctx context.Context, agency string) ([]Own, error) {
	return guideVersions(ctx, s.cfg.Main, agency)
}

// Version returns one version of an agency's own guide; 0 is the newest. There
// is none: fault.NotFound.
func (s *Store) Version(ctx context.Context, agency string, version int64) (Own, error) {
	own, err := guideVersion(ctx, s.cfg.Main, agency, version)
	if err != nil {
		return Own{}, err
	}
	if own == nil {
		return Own{}, fault.New(fault.NotFound, "there is no such version of the guide")
	}
	return *own, nil
}

// Post writes a notice that is shown to the agency's officers for so many days.
func (s *Store) Post(ctx context.Context, by Writer, text string, days int) (Notice, error) {
	n := Notice{Text: tidy(text), Writer: by.Actor.ID}
	switch {
	case n.Text == "" || len([]rune(n.Text)) > MaxNotice:
		return n, fault.New(fault.Invalid, "a notice has 1 to %d characters", MaxNotice)
	case days < 1 || days > MaxNoticeDays:
		return n, fault.New(fault.Invalid, "a notice is shown for 1 to %d days", MaxNoticeDays)
	}
	id, err := uuid.NewV7()
	if err != nil {
		return n, err
	}
	n.ID = id.String()
	err = s.write(ctx, by, func(tx *ledger.Tx) error {
		n.At, n.Until = tx.Now, tx.Now.AddDate(0, 0, days)
		there, err := countNotices(ctx, tx, by.Agency, tx.Now)
		if err != nil {
			return err
		}
		if there >= MaxNotices {
			return fault.New(fault.Conflict, "%d notices are shown already: end one first, or nobody reads them", there)
		}
		if err := insertNotice(ctx, tx.Tx, by.Agency, &n); err != nil {
			return err
		}
		return tell(tx, by, EventNoticePosted, map[string]any{"notice": n.ID})
	})
	return n, err
}

// End takes a notice of the writer's agency down. Another's is not there:
// fault.NotFound.
func (s *Store) End(ctx context.Context, by Writer, id string) error {
	return s.write(ctx, by, func(tx *ledger.Tx) error {
		there, err := endNotice(ctx, tx.Tx, by.Agency, id, tx.Now)
		if err != nil {
			return err
		}
		if !there {
			return fault.New(fault.NotFound, "there is no such notice")
		}
		return tell(tx, by, EventNoticeEnded, map[string]any{"notice": id})
	})
}

// Notices returns the notices that an agency's officers are shown now, the
// newest first.
func (s *Store) Notices(ctx context.Context, agency string) ([]Notice, error) {
	return shownNotices(ctx, s.cfg.Main, agency, s.cfg.Main.Clock(), MaxNotices)
}

func (s *Store) write(ctx context.Context, by Writer, fn func(tx *ledger.Tx) error) error {
	if by.Agency == "" {
		return fault.New(fault.Forbidden, "the account belongs to no agency")
	}
	return s.cfg.Log.Write(ctx, func(tx *ledger.Tx) error {
		if by.Still != nil {
			if err := by.Still(ctx, tx, tx.Now); err != nil {
				return err
			}
		}
		return fn(tx)
	})
}

func tell(tx *ledger.Tx, by Writer, kind string, members map[string]any) error {
	members["agency"] = by.Code
	e, err := ledger.EventEntry(kind, by.Actor, members)
	if err != nil {
		return err
	}
	tx.Append(e, ledger.Outcome{})
	return nil
}

// tidy is a text as it is kept: composed, valid, with plain line ends.
func tidy(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\r\n", "\n")
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == utf8.RuneError {
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(norm.NFC.String(s))
}

// lines are the lines of a text that say something.
func lines(s string) (out []string) {
	for line := range strings.SplitSeq(tidy(s), "\n") {
		if line = strings.TrimSpace(strings.TrimLeft(line, "-* ")); line != "" {
			out = append(out, line)
		}
	}
	return out
}
