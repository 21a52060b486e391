package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"dancu/internal/db"
	"dancu/internal/ledger"
	"dancu/verify"
)

// The kinds of the desk's entries.
const (
	EventOpened   = "request.opened"
	EventSeen     = "request.seen"
	EventAnswered = "request.answered"
	EventClosed   = "request.closed"
	EventRead     = "request.read"
)

// Asker is who asks about an entry.
type Asker struct {
	Actor ledger.Actor
	PIN   string
	// Still says whether they may as of now, in the transaction of the act.
	Still func(ctx context.Context, q db.Querier, now time.Time) error
}

// Draft is what somebody asks. That the entry is about the asker, or about
// somebody they represent, and is theirs to see, its caller has just made sure.
type Draft struct {
	Kind  Kind
	About About
	Text  string
	// Person is the number of whom the entry is about, where the asker
	// represents them; "" for the asker.
	Person string
}

// body is what is sealed of a request.
type body struct {
	Text     string `json:"text"`
	About    About  `json:"about"`
	OnBehalf bool   `json:"onBehalf,omitempty"`
}

// Open takes a request. Its refusals are fault.Invalid for what is written,
// fault.Exhausted past the limits of one person, and fault.Conflict where the
// same is open already; see CodeOf.
func (d *Desk) Open(ctx context.Context, by Asker, x Draft) (id string, err error) {
	if x.Text, err = Check(x.Kind, x.Text); err != nil {
		return "", err
	}
	pseudonym, err := d.log.Pseudonym(by.PIN)
	if err != nil {
		return "", err
	}
	id = newID()
	sealed, err := d.seal(id, body{x.Text, x.About, x.Person != ""})
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(sealed)
	err = d.log.Write(ctx, func(tx *ledger.Tx) error {
		if err := still(by.Still).ask(ctx, tx); err != nil {
			return err
		}
		if err := d.room(ctx, tx, pseudonym[:], &x); err != nil {
			return err
		}
		r := &row{
			id: id, kind: x.Kind, state: Received, asker: pseudonym[:], entry: x.About.Entry, agency: d.agencyOf(x.About.Agency),
			code: x.About.Agency, procedure: x.About.Procedure, created: tx.Now, changed: tx.Now, body: sealed,
		}
		if err := insertRequest(ctx, tx.Tx, r); err != nil {
			return err
		}
		if err := insertStep(ctx, tx.Tx, id, stepRow{n: 0, time: tx.Now, act: Received, side: Citizen}); err != nil {
			return err
		}
		e, err := ledger.EventEntry(EventOpened, by.Actor, map[string]any{
			"id": id, "ask": string(x.Kind), "about": x.About.Entry, "agency": x.About.Agency, "sha256": hex.EncodeToString(sum[:]),
		})
		if err != nil {
			return err
		}
		for _, who := range []struct{ part, pin string }{{ledger.PartKeys, by.PIN}, {ledger.PartSubject, x.Person}} {
			if err := name(e, who.part, who.pin); err != nil {
				return err
			}
		}
		tx.Append(e, ledger.Outcome{})
		return d.tell(ctx, tx, r)
	})
	if err != nil {
		return "", err
	}
	return id, nil
}

// name adds a person to an entry, which is found by their number.
func name(e *ledger.Entry, part, pin string) error {
	if pin == "" {
		return nil
	}
	raw, err := json.Marshal(map[string]string{"pin": pin})
	if err != nil {
		return err
	}
	data, err := verify.Canonical(raw)
	if err != nil {
		return fmt.Errorf("couldn't encode whose request it is: %w", err)
	}
	e.Add(part, data)
	e.Find(ledger.TermPerson, pin)
	return nil
}

// room refuses what would be too much of one person's.
func (d *Desk) room(ctx context.Context, tx *ledger.Tx, asker []byte, x *Draft) error {
	c, err := countRequests(ctx, tx.Tx, asker, tx.Now.Add(-24*time.Hour), x)
	switch {
	case err != nil:
		return err
	case c.same > 0:
		return refuse(OpenAlready)
	case c.day >= d.set.PerDay:
		return refuse(TooManyToday, d.set.PerDay)
	case c.open >= d.set.Open:
		return refuse(TooManyOpen, d.set.Open)
	}
	return nil
}

// tell stages the notices to the agency and the register.
func (d *Desk) tell(ctx context.Context, tx *ledger.Tx, r *row) error {
	if d.notices == nil {
		return nil
	}
	to := []string{""}
	if r.agency != "" {
		to = append(to, r.agency)
	}
	for _, agency := range to {
		n := Notice{Key: "request/" + r.id + "/" + agency, Agency: agency, Kind: r.kind, ID: r.id, Code: r.code}
		if err := d.notices.Put(ctx, tx.Tx, n); err != nil {
			return err
		}
	}
	return nil
}

// checkText returns a text as it is kept.
func checkText(s string) (string, error) {
	s = strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n"))
	n := utf8.RuneCountInString(s)
	switch {
	case n < minText:
		return "", refuse(TextShort)
	case n > MaxText:
		return "", refuse(TextLong, MaxText)
	case !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }):
		return "", refuse(TextOdd)
	}
	return s, nil
}

// Check says what would be refused of what is written, and returns the text as
// it would be kept; see CodeOf.
func Check(kind Kind, text string) (string, error) {
	if kind != Question && kind != Complaint {
		return "", refuse(KindMissing)
	}
	return checkText(text)
}
