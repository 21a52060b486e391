package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/fault"
)

// MaxList is the longest page of List.
const MaxList = 200

// Filter says which notices to list. Zero values leave a condition out.
type Filter struct {
	State State
	Topic string // all of it, or its first part with the dot: "assessment."
	To    string
	// Before is the id after which the last page ended.
	Before string
	// Limit is the length of the page, 1 to MaxList; 0 means 50.
	Limit int
}

// Record is a notice as it stands.
type Record struct {
	ID string
	Notice
	State    State
	Created  time.Time
	Attempts int
	// Next is when a waiting notice is tried next.
	Next time.Time
	// Sending reports whether a node is at it now.
	Sending bool
	// Cause is the code of the last failure, "" if there was none.
	Cause string
	// Settled is when it was sent or given up.
	Settled    time.Time
	Deliveries []Delivery
}

// Delivery is one mailbox or webhook of a notice. Target is a mailbox or the
// webhook's id: it is for the page of who may see it, never for a log.
type Delivery struct {
	Channel  Channel
	Target   string
	State    string // waiting, sent, refused
	Attempts int
	Last     time.Time // sent: when it was taken
	Cause    string
}

// List returns the newest notices first.
func (o *Outbox) List(ctx context.Context, f Filter) ([]Record, error) {
	if f.Limit == 0 {
		f.Limit = 50
	}
	if f.Limit < 1 || f.Limit > MaxList {
		return nil, fault.New(fault.Invalid, "a page has 1 to %d notices", MaxList)
	}
	where, args := []string{"1 = 1"}, []any{}
	and := func(cond string, v string) {
		args = append(args, v)
		where = append(where, fmt.Sprintf(cond, len(args)))
	}
	if f.State != "" {
		and("state = $%d", string(f.State))
	}
	if f.To != "" {
		and("recipient = $%d", f.To)
	}
	switch {
	case strings.HasSuffix(f.Topic, "."):
		// A range, so that no sign of it is a pattern: "/" follows ".".
		and("topic >= $%d", f.Topic)
		and("topic < $%d", strings.TrimSuffix(f.Topic, ".")+"/")
	case f.Topic != "":
		and("topic = $%d", f.Topic)
	}
	if f.Before != "" {
		and("id < $%d", f.Before)
	}
	args = append(args, int64(f.Limit))
	rows, err := o.cfg.Main.Query(ctx, "SELECT "+noticeColumns+" FROM notices WHERE "+strings.Join(where, " AND ")+
		fmt.Sprintf(" ORDER BY id DESC LIMIT $%d", len(args)), args...)
	if err != nil {
		return nil, fmt.Errorf("couldn't list notices: %w", err)
	}
	defer rows.Close()
	var out []Record
	for rows.Next() {
		r, err := scanNotice(rows)
		if err != nil {
			return nil, err
		}
		rec, err := o.record(r)
		if err != nil {
			return nil, err
		}
		out = append(out, rec)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("couldn't list notices: %w", err)
	}
	return out, o.addDeliveries(ctx, out)
}

// Show returns one notice.
func (o *Outbox) Show(ctx context.Context, id string) (Record, error) {
	r, err := noticeByID(ctx, o.cfg.Main, id)
	if err != nil {
		return Record{}, err
	}
	if r == nil {
		return Record{}, errNoNotice
	}
	rec, err := o.record(r)
	if err != nil {
		return Record{}, err
	}
	one := []Record{rec}
	err = o.addDeliveries(ctx, one)
	return one[0], err
}

var errNoNotice = refuse(fault.NotFound, access.Text{VI: "Không có thông báo này.", EN: "there is no such notice"})

func (o *Outbox) record(r *row) (Record, error) {
	rec := Record{
		ID: r.id, Notice: Notice{Key: r.key, Topic: r.topic, To: r.to, Link: r.link},
		State: r.state, Created: r.created, Attempts: r.attempts, Cause: r.cause, Settled: r.settled,
	}
	if r.state == Waiting {
		rec.Next = r.next
		rec.Sending = r.claim != "" && r.next.After(o.cfg.Main.Clock())
	}
	if err := json.Unmarshal([]byte(r.params), &rec.Params); err != nil {
		return rec, fmt.Errorf("couldn't read a notice's values: %w", err)
	}
	return rec, nil
}

// addDeliveries reads the deliveries of a page in one go.
func (o *Outbox) addDeliveries(ctx context.Context, page []Record) error {
	if len(page) == 0 {
		return nil
	}
	place, ids := make(map[string]*Record, len(page)), make([]string, len(page))
	for i := range page {
		ids[i], place[page[i].ID] = page[i].ID, &page[i]
	}
	all, err := targetsOf(ctx, o.cfg.Main, ids...)
	if err != nil {
		return err
	}
	for _, t := range all {
		r := place[t.notice]
		r.Deliveries = append(r.Deliveries, Delivery{t.channel, t.name, string(t.state), t.attempts, t.last, t.cause})
	}
	return nil
}

// retry makes a notice that was given up, held or is still waiting due at once,
// with all its attempts before it. Who has had it is not sent it again. One that
// was sent, or is being sent, is an error of kind fault.Conflict.
func (o *Outbox) retry(ctx context.Context, tx *db.Tx, id string) (*row, error) {
	state := Waiting
	if !o.Delivers() {
		state = Held
	}
	done, err := restart(ctx, tx, id, state, o.cfg.Main.Clock())
	if err != nil {
		return nil, err
	}
	r, err := noticeByID(ctx, tx, id)
	switch {
	case err != nil || done:
		return r, err
	case r == nil:
		return nil, errNoNotice
	case r.state == Sent:
		return nil, refuse(fault.Conflict, access.Text{VI: "Thông báo này đã được gửi.", EN: "this notice has been sent already"})
	}
	return nil, refuse(fault.Conflict, access.Text{
		VI: "Thông báo này đang được gửi: hãy xem lại sau vài phút.", EN: "this notice is being sent right now: look again in a few minutes",
	})
}

// Counts is how many notices there are of a state that somebody should look
// after.
type Counts struct{ Waiting, Held, Failed int64 }

// failedFor is how long a notice that was given up is counted: after that
// nobody will do anything about it, and a new one must show.
const failedFor = 30 * 24 * time.Hour

// Counts counts what is not sent: all that waits and is held, and what was
// given up in the last 30 days.
func (o *Outbox) Counts(ctx context.Context) (c Counts, err error) {
	err = o.cfg.Main.QueryRow(ctx, `SELECT (SELECT count(*) FROM notices WHERE state = 'waiting'), (SELECT count(*) FROM notices WHERE state = 'held'),
		(SELECT count(*) FROM notices WHERE state = 'failed' AND settled >= $1)`, db.Micros(o.cfg.Main.Clock().Add(-failedFor))).
		Scan(&c.Waiting, &c.Held, &c.Failed)
	if err != nil {
		return Counts{}, fmt.Errorf("couldn't count notices: %w", err)
	}
	return c, nil
}

// Stats is what this node has delivered since it began.
type Stats struct{ MailSent, MailFailed, WebhookSent, WebhookFailed int64 }

// Stats returns what this node has delivered so far.
func (o *Outbox) Stats() Stats {
	s := &o.stats
	return Stats{s.mailSent.Load(), s.mailFailed.Load(), s.webhookSent.Load(), s.webhookFailed.Load()}
}
