// Package notify keeps the notices that agencies and staff are owed, and sees
// to it that they arrive.
//
// A notice is written in the transaction of the act it tells of ([Outbox.Put]):
// no act without its notice, no notice of an act that did not happen
// (TestNoActNoNotice). It is sent afterwards, by one node at a time, again and
// again until the other side took it or the attempts are used up, always under
// the same id: at least once, never knowingly twice (TestTakenOverAfterTheClaim).
// What was told to whom and when stays on record.
//
// Notices have no personal data (guarantee G10): their texts are the program's
// own ([Topics]) and take codes, ids, numbers and dates, nothing that a person
// wrote. What people wrote is on the page that the notice points to.
package notify

import (
	"context"
	"crypto/cipher"
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"dancu/internal/db"
	"dancu/internal/fault"
)

// Notice is what somebody is to be told.
type Notice struct {
	// Key names the cause: of two notices with the same key the second is
	// none. Up to MaxKey bytes, like "assessment.due/ID/30".
	Key string
	// Topic is one of [Topics], like "assessment.due".
	Topic string
	// To is who is told: the id of an agency, or a duty ("operator"). Where
	// that is, is found out when the notice is sent.
	To string
	// Params are the values of the topic's placeholders, all of them and no
	// others, each in the form its [Param] says. Never personal data (G10).
	Params map[string]string
	// Link is the path of the page about it ("/agency/matters/ID"), "" if
	// there is none.
	Link string
}

// The limits of a notice, in bytes.
const (
	MaxKey   = 200
	MaxTo    = 100
	MaxLink  = 300
	MaxValue = 200
)

// Addresses finds out where a recipient is reached. It is asked at every
// attempt, so a mailbox that was put right is used at the next.
type Addresses interface {
	// Addresses returns the mailboxes and webhooks of an agency or a duty, and
	// the language ("vi", "en") that comes first in mails; "" is "vi". Nobody
	// reached is no error: the notice is tried again later.
	Addresses(ctx context.Context, q db.Querier, to string) (emails []string, webhooks []Webhook, lang string, err error)
}

// Webhook is a place of a recipient's that takes notices.
type Webhook struct {
	// ID names it for ever; the record of deliveries has it, not the URL.
	ID string
	// URL is an https address.
	URL string
	// Secret signs what is sent there. Next is the secret that takes its place,
	// nil if none does: as long as there are both, both sign.
	Secret, Next []byte
}

// Sender takes a message to one mailbox or webhook.
type Sender interface {
	// Send returns nil when the other side has taken the message. When it
	// returns an error the message may have been taken all the same. The error
	// should be one of [Fail] or [Refuse]. It respects ctx's end.
	Send(ctx context.Context, m *Message) error
}

// Config says what an Outbox is made of. Zero values mean the defaults.
type Config struct {
	Main *db.DB
	// Addresses may be nil as long as both senders are.
	Addresses Addresses
	// Mail and Webhook take messages out. With neither, notices are held.
	Mail, Webhook Sender
	// Box opens the secrets of the webhooks that agencies registered; nil: those
	// of Addresses are all there are.
	Box cipher.AEAD
	// Base is what a notice's link is appended to ("https://dancu.example.vn").
	Base string
	// Name signs the mails; default "dancu".
	Name string
	// Attempts is how many times a notice is tried; default 20.
	Attempts int
	// FirstWait is the wait after the first failed attempt; default a minute.
	// Each further one is twice as long, up to MaxWait; default 6 hours. With
	// the defaults the last attempt is about three days after the first.
	FirstWait, MaxWait time.Duration
	// SendTime bounds one delivery; default 30 s.
	SendTime time.Duration
	// Claim is how long one node may be busy with a notice before another
	// takes it over; default 5 minutes, at least twice SendTime.
	Claim time.Duration
	// Grace is what a stop leaves to a delivery under way; default 5 s.
	Grace time.Duration
	// Poll is how often is looked whether anything is due; default 5 s.
	Poll time.Duration
	// Workers is how many notices one node sends at once; default 4.
	Workers int
	// HeldFor is how old a held notice may be to be sent once there is a
	// sender; default 7 days. Older ones stay held until somebody asks.
	HeldFor time.Duration
	Logger  *slog.Logger
}

func (c Config) withDefaults() Config {
	setInt := func(v *int, d int) {
		if *v == 0 {
			*v = d
		}
	}
	set := func(v *time.Duration, d time.Duration) {
		if *v == 0 {
			*v = d
		}
	}
	setInt(&c.Attempts, 20)
	setInt(&c.Workers, 4)
	set(&c.FirstWait, time.Minute)
	set(&c.MaxWait, 6*time.Hour)
	set(&c.SendTime, 30*time.Second)
	set(&c.Claim, 5*time.Minute)
	set(&c.Grace, 5*time.Second)
	set(&c.Poll, 5*time.Second)
	set(&c.HeldFor, 7*24*time.Hour)
	if c.Name == "" {
		c.Name = "dancu"
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return c
}

func (c *Config) check() error {
	switch {
	case c.Addresses == nil && (c.Mail != nil || c.Webhook != nil):
		return fault.New(fault.Internal, "notices have senders and no addresses")
	case c.Attempts < 1 || c.Attempts > 1000 || c.Workers < 1 || c.Workers > 64:
		return fault.New(fault.Invalid, "notices: 1 to 1000 attempts and 1 to 64 workers")
	case c.FirstWait < 0 || c.MaxWait < c.FirstWait:
		return fault.New(fault.Invalid, "notices: the longest wait must not be shorter than the first")
	case c.SendTime < 0 || c.Claim < 2*c.SendTime:
		// Less, and another node would take over while the first still sends.
		return fault.New(fault.Invalid, "notices: a claim must last at least twice as long as a delivery may take")
	}
	return nil
}

// Outbox is the notices and their delivery. Its methods may be called from
// many goroutines.
type Outbox struct {
	cfg   Config
	pace  atomic.Pointer[Pace]
	stats struct{ mailSent, mailFailed, webhookSent, webhookFailed atomic.Int64 }
}

// New returns the outbox of the main database.
func New(cfg Config) (*Outbox, error) {
	cfg = cfg.withDefaults()
	if err := cfg.check(); err != nil {
		return nil, err
	}
	o := &Outbox{cfg: cfg}
	o.pace.Store(&Pace{cfg.Attempts, cfg.FirstWait, cfg.MaxWait})
	return o, nil
}

// Pace is how often a notice is tried, and how long it rests in between.
type Pace struct {
	Attempts           int
	FirstWait, MaxWait time.Duration
}

// SetPace changes the pace of the attempts that come; a wait that has begun is
// waited out.
func (o *Outbox) SetPace(p Pace) { o.pace.Store(&p) }

// Delivers reports whether notices leave this node at all; otherwise they are
// held.
func (o *Outbox) Delivers() bool { return o.cfg.Mail != nil || o.cfg.Webhook != nil }

// Put stages a notice in the transaction of the act it tells of: one
// statement, and nothing if its key was there before. The notice exists when
// that transaction is committed. A notice that is not as its topic wants it is
// an error of kind fault.Internal; one whose values cannot be sent, of kind
// fault.Invalid.
func (o *Outbox) Put(ctx context.Context, tx *db.Tx, n Notice) error {
	if err := n.check(); err != nil {
		return err
	}
	params, err := json.Marshal(n.Params)
	if err != nil {
		return err
	}
	state := Waiting
	if !o.Delivers() {
		state = Held
	}
	return insertNotice(ctx, tx, &row{
		id: uuid.Must(uuid.NewV7()).String(), key: n.Key, topic: n.Topic, to: n.To,
		params: string(params), link: n.Link, created: o.cfg.Main.Clock(), state: state,
	})
}

// token is a fresh claim's.
func token() string { return rand.Text() }
