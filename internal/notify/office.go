package notify

import (
	"context"
	"crypto/rand"
	"errors"
	"net/url"
	"time"

	"github.com/google/uuid"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/fault"
	"dancu/internal/ledger"
)

// The kinds of this area's entries.
const (
	EventRetried    = "notice.retried"
	EventRegistered = "webhook.registered"
	EventTested     = "webhook.tested"
	EventRotated    = "webhook.rotated"
	EventHookEnded  = "webhook.ended"
)

// Person is who does something about notices, as the doors know them.
type Person struct {
	Actor ledger.Actor // as it stands in entries
	// Agency is the id of the agency in whose name an agency's person acts; "" is
	// the register's.
	Agency string
	// Still says, under the lock, whether who acts is still signed in and may
	// still do this; fresh asks for a second factor shown just now, too. nil is
	// only for the machine.
	Still func(ctx context.Context, q db.Querier, now time.Time, fresh bool) error
}

// StillBy makes the [Person].Still of somebody of whom accounts know two things:
// whether they are still signed in and may still act, and whether they have
// shown a second factor just now besides.
func StillBy(still, fresh func(ctx context.Context, q db.Querier, now time.Time) error) func(ctx context.Context, q db.Querier, now time.Time, fresh bool) error {
	return func(ctx context.Context, q db.Querier, now time.Time, freshly bool) error {
		if freshly {
			return fresh(ctx, q, now)
		}
		return still(ctx, q, now)
	}
}

// OfficeConfig says what an Office is made of.
type OfficeConfig struct {
	Outbox *Outbox
	Log    *ledger.Log
	// AgencyCode returns the code of the agency with this id, "" if there is none.
	AgencyCode func(ctx context.Context, q db.Querier, agency string) (string, error)
	// Check refuses an address that no webhook may have, with kind fault.Invalid.
	Check func(address string) error
}

// Office is what people do about notices: send one again, register the webhook
// of an agency, test it, change its secret, end it. Every act is one transaction
// under the log's lock with its entry (TestActsOnNoticesHaveTheirEntries), and
// who acts is asked there. A secret is shown to whoever made it, once, and kept
// sealed.
type Office struct {
	cfg OfficeConfig
	box *Outbox
}

// NewOffice returns the office over an outbox.
func NewOffice(cfg OfficeConfig) *Office { return &Office{cfg, cfg.Outbox} }

var (
	errNoHook = refuse(fault.NotFound, access.Text{VI: "Không có webhook này.", EN: "there is no such webhook"})
	errOff    = refuse(fault.Unavailable, access.Text{
		VI: "Hệ thống này không gửi webhook: đề nghị liên hệ cơ quan quản lý cơ sở dữ liệu.",
		EN: "this installation sends no webhooks: ask the register's operator",
	})
	errState = refuse(fault.Conflict, access.Text{VI: "Trạng thái của webhook không cho phép việc này.", EN: "the webhook's state does not allow this"})
)

// write runs an act: the entry's members come from fn, with the agency it
// concerns.
func (o *Office) write(ctx context.Context, by Person, fresh bool, event string, fn func(tx *ledger.Tx) (agency string, members map[string]any, err error)) error {
	return o.cfg.Log.Write(ctx, func(tx *ledger.Tx) error {
		if by.Still != nil {
			if err := by.Still(ctx, tx, tx.Now, fresh); err != nil {
				return err
			}
		} else if by.Agency != "" {
			return fault.New(fault.Forbidden, "nobody says that the agency's person is signed in")
		}
		agency, members, err := fn(tx)
		if err != nil {
			return err
		}
		if agency != "" {
			code, err := o.cfg.AgencyCode(ctx, tx, agency)
			if err != nil {
				return err
			}
			if code != "" {
				members["agency"] = code
			}
		}
		if by.Actor.Address != "" {
			members["address"] = by.Actor.Address
		}
		e, err := ledger.EventEntry(event, by.Actor, members)
		if err != nil {
			return err
		}
		tx.Append(e, ledger.Outcome{})
		return nil
	})
}

// Retry makes a notice that was given up, held or is still waiting due at once,
// with all its attempts before it. Who has had it is not sent it again. One that
// was sent, or is being sent, is an error of kind fault.Conflict. It is for the
// register's people; an agency's are told that there is no such notice.
func (o *Office) Retry(ctx context.Context, by Person, id string) error {
	if by.Agency != "" {
		return errNoNotice
	}
	return o.write(ctx, by, false, EventRetried, func(tx *ledger.Tx) (string, map[string]any, error) {
		r, err := o.box.retry(ctx, tx.Tx, id)
		if err != nil {
			return "", nil, err
		}
		return r.to, map[string]any{"notice": id, "topic": r.topic, "recipient": r.to}, nil
	})
}

// newSecret is a fresh secret: 256 bits of it, for people to copy.
func newSecret() string { return "dancuwh_" + rand.Text() + rand.Text() }

// Register keeps a webhook of the agency's, which gets nothing before it took a
// test, and returns its secret, which is nowhere to be had again. A second factor
// must have been shown just now.
func (o *Office) Register(ctx context.Context, by Person, address string) (h Hook, secret string, err error) {
	switch {
	case by.Agency == "":
		return h, "", errNoHook
	case !o.box.Webhooks():
		return h, "", errOff
	}
	if err := o.cfg.Check(address); err != nil {
		return h, "", refuse(fault.Invalid, access.Text{
			VI: "Địa chỉ webhook phải là địa chỉ https công khai, như https://he-thong.example.vn/thong-bao, không có tên người dùng và phần sau dấu #.",
			EN: "a webhook's address must be a public https address, like https://system.example.vn/notices, with neither user nor fragment",
		})
	}
	secret = newSecret()
	err = o.write(ctx, by, true, EventRegistered, func(tx *ledger.Tx) (string, map[string]any, error) {
		there, err := hooksOf(ctx, tx, by.Agency)
		if err != nil {
			return "", nil, err
		}
		n := 0
		for i := range there {
			if there[i].State != HookEnded {
				n++
			}
			if there[i].State != HookEnded && there[i].URL == address {
				return "", nil, refuse(fault.Conflict, access.Text{VI: "Cơ quan đã đăng ký địa chỉ này.", EN: "your agency has registered this address already"})
			}
		}
		if n >= MaxHooks {
			return "", nil, refuse(fault.Exhausted, access.Text{
				VI: "Mỗi cơ quan có nhiều nhất 4 webhook: hãy chấm dứt một webhook trước.", EN: "an agency has at most 4 webhooks: end one first",
			})
		}
		r := hookRow{Hook: Hook{ID: uuid.Must(uuid.NewV7()).String(), Agency: by.Agency, URL: address, State: HookNew, Made: tx.Now, Maker: by.Actor.ID}}
		r.secret, h = seal(o.box.cfg.Box, r.ID, secret), r.Hook
		if err := putHook(ctx, tx.Tx, &r); err != nil {
			return "", nil, err
		}
		return by.Agency, o.about(&r), o.tell(ctx, tx, &r, EventRegistered)
	})
	return h, secret, err
}

// about are an entry's words of a webhook. Of its address only the host: the
// rest may be a secret of the agency's.
func (o *Office) about(r *hookRow) map[string]any {
	m := map[string]any{"webhook": r.ID}
	if u, err := url.Parse(r.URL); err == nil {
		m["host"] = u.Host
	}
	return m
}

// tell tells the agency's contact officer: whoever changes where notices go
// could otherwise keep an agency from being told of anything.
func (o *Office) tell(ctx context.Context, tx *ledger.Tx, r *hookRow, event string) error {
	return o.box.Put(ctx, tx.Tx, Notice{
		Key: event + "/" + r.ID + "/" + tx.Now.UTC().Format("20060102T150405.000000"), Topic: "webhook.changed", To: r.Agency,
		Params: map[string]string{"hook": r.ID, "hookact": event}, Link: "/agency/webhooks",
	})
}

// Rotate gives an active webhook a new secret and returns it, once. Both sign
// for [Overlap], or until a test with the new one is taken. A second factor must
// have been shown just now.
func (o *Office) Rotate(ctx context.Context, by Person, id string) (secret string, err error) {
	if !o.box.Webhooks() {
		return "", errOff
	}
	secret = newSecret()
	return secret, o.write(ctx, by, true, EventRotated, func(tx *ledger.Tx) (string, map[string]any, error) {
		r, err := hookOf(ctx, tx, by.Agency, id, tx.Now)
		if err != nil {
			return "", nil, err
		}
		if r.State != HookActive {
			return "", nil, errState
		}
		r.next, r.Rotating = seal(o.box.cfg.Box, r.ID, secret), tx.Now.Add(Overlap)
		if err := putHook(ctx, tx.Tx, r); err != nil {
			return "", nil, err
		}
		m := o.about(r)
		m["until"] = r.Rotating.UTC().Format(time.RFC3339)
		return r.Agency, m, o.tell(ctx, tx, r, EventRotated)
	})
}

// End ends a webhook: nothing goes there any more, and its secret is gone. At the
// machine the webhook of any agency can be ended.
func (o *Office) End(ctx context.Context, by Person, id string) error {
	return o.write(ctx, by, false, EventHookEnded, func(tx *ledger.Tx) (string, map[string]any, error) {
		r, err := hookByID(ctx, tx, id)
		switch {
		case err != nil:
			return "", nil, err
		case r == nil || r.Agency != by.Agency && by.Still != nil:
			return "", nil, errNoHook
		case r.State == HookEnded:
			return "", nil, errState
		}
		r.State, r.secret, r.next, r.Rotating, r.Ended = HookEnded, nil, nil, time.Time{}, tx.Now
		if err := putHook(ctx, tx.Tx, r); err != nil {
			return "", nil, err
		}
		return r.Agency, o.about(r), o.tell(ctx, tx, r, EventHookEnded)
	})
}

// Test sends a signed test notice to a webhook, now and once, and returns the
// code of what went wrong, "" if it was taken. A new webhook that took it gets
// notices from then on; one whose secret is being changed signs with the new one
// alone. The sending is outside any transaction; its outcome has its entry.
func (o *Office) Test(ctx context.Context, by Person, id string) (code string, err error) {
	if !o.box.Webhooks() {
		return "", errOff
	}
	r, err := o.claimTest(ctx, by, id)
	if err != nil {
		return "", err
	}
	sealed := r.secret
	if len(r.next) > 0 {
		sealed = r.next // that is what has to be proved
	}
	secret, err := unseal(o.box.cfg.Box, r.ID, sealed)
	if err != nil {
		return "", err
	}
	t := topicOf(testTopic)
	m := &Message{
		ID: uuid.Must(uuid.NewV7()).String(), Topic: testTopic, To: r.Agency, Time: o.box.cfg.Main.Clock(), Params: map[string]string{"hook": r.ID}, Name: o.box.cfg.Name,
		Webhook: &Webhook{ID: r.ID, URL: r.URL, Secret: secret},
	}
	m.Texts = t.Render(m.Params)
	send, cancel := context.WithTimeout(ctx, o.box.cfg.SendTime)
	code = CodeOf(o.box.cfg.Webhook.Send(send, m))
	cancel()
	o.box.count(WebHook, code == "")
	// What was sent was sent, whether the visitor waits for it or not.
	err = o.write(context.WithoutCancel(ctx), by, false, EventTested, func(tx *ledger.Tx) (string, map[string]any, error) {
		now, err := hookOf(ctx, tx, by.Agency, id, tx.Now)
		if err != nil {
			return "", nil, err
		}
		if now.State == HookEnded {
			return "", nil, errState
		}
		now.Tested, now.Cause = tx.Now, code
		if code == "" {
			if now.State == HookNew {
				now.State, now.Proved = HookActive, tx.Now
			}
			// Unless somebody changed the secret again meanwhile.
			if len(now.next) > 0 && string(now.next) == string(sealed) {
				now.secret, now.next, now.Rotating = now.next, nil, time.Time{}
			}
		}
		if err := putHook(ctx, tx.Tx, now); err != nil {
			return "", nil, err
		}
		members := o.about(now)
		members["state"], members["cause"] = string(now.State), code
		if code == "" {
			delete(members, "cause")
		}
		return now.Agency, members, nil
	})
	return code, err
}

// claimTest notes that a test begins, so that only one of two at once does.
func (o *Office) claimTest(ctx context.Context, by Person, id string) (r *hookRow, err error) {
	err = o.box.cfg.Main.Write(ctx, func(tx *db.Tx) error {
		now := o.box.cfg.Main.Clock()
		if by.Still != nil {
			if err := by.Still(ctx, tx, now, false); err != nil {
				return err
			}
		}
		r, err = hookOf(ctx, tx, by.Agency, id, now)
		switch {
		case err != nil:
			return err
		case r.State == HookEnded:
			return errState
		case now.Sub(r.Tested) < testEvery:
			return refuse(fault.Exhausted, access.Text{VI: "Vừa mới thử: hãy chờ 10 giây rồi thử lại.", EN: "it was tested just now: wait 10 seconds and try again"})
		}
		r.Tested = now
		return putHook(ctx, tx, r)
	})
	if err == nil && r == nil {
		err = errors.New("a test began without its webhook")
	}
	return r, err
}
