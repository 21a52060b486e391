package notify

import (
	"context"
	"time"

	"dancu/internal/db"
)

// The states of a registered webhook.
const (
	HookNew    State = "new"    // nothing is sent there before it took a test
	HookActive State = "active" // it gets the agency's notices
	HookEnded  State = "ended"
)

const (
	// MaxHooks is how many webhooks an agency has at once: a new receiver can be
	// proved before the old one ends.
	MaxHooks = 4
	// Overlap is how long both secrets sign after a rotation, unless a test with
	// the new one ends it sooner.
	Overlap = 7 * 24 * time.Hour
	// testEvery is how soon a webhook is tested again: what a test says about
	// addresses must not be had in quantity.
	testEvery = 10 * time.Second
)

// Hook is a webhook that an agency registered.
type Hook struct {
	ID     string
	Agency string
	// URL is where it is; it is for the agency's own page.
	URL   string
	State State
	Made  time.Time
	Maker string // code of who registered it
	// Proved is when it first took a test; zero: never.
	Proved time.Time
	// Tested is its newest test, and Cause the code of why that failed.
	Tested time.Time
	Cause  string
	// Rotating is when the new secret alone signs; zero: there is one secret.
	Rotating time.Time
	Ended    time.Time
}

// hookRow is a webhook as it is stored.
type hookRow struct {
	Hook
	secret, next []byte // sealed
}

// settle makes the new secret the only one when its time has come.
func (r *hookRow) settle(now time.Time) {
	if !r.Rotating.IsZero() && !now.Before(r.Rotating) {
		r.secret, r.next, r.Rotating = r.next, nil, time.Time{}
	}
}

// registered are the webhooks of a recipient that take notices.
func (o *Outbox) registered(ctx context.Context, to string) (out []Webhook, _ error) {
	rows, err := hooksOf(ctx, o.cfg.Main, to)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		r := &rows[i]
		if r.State != HookActive {
			continue
		}
		r.settle(o.cfg.Main.Clock())
		h := Webhook{ID: r.ID, URL: r.URL}
		if h.Secret, err = unseal(o.cfg.Box, r.ID, r.secret); err != nil {
			return nil, err
		}
		if len(r.next) > 0 {
			if h.Next, err = unseal(o.cfg.Box, r.ID, r.next); err != nil {
				return nil, err
			}
		}
		out = append(out, h)
	}
	return out, nil
}

// Hooks returns an agency's webhooks, the newest first, those that ended too.
func (o *Outbox) Hooks(ctx context.Context, agency string) (out []Hook, _ error) {
	rows, err := hooksOf(ctx, o.cfg.Main, agency)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		rows[i].settle(o.cfg.Main.Clock())
		out = append(out, rows[i].Hook)
	}
	return out, nil
}

// Webhooks reports whether this node sends webhooks.
func (o *Outbox) Webhooks() bool { return o.cfg.Webhook != nil && o.cfg.Box != nil }

// hookOf reads one webhook of an agency; another's is not there.
func hookOf(ctx context.Context, q db.Querier, agency, id string, now time.Time) (*hookRow, error) {
	r, err := hookByID(ctx, q, id)
	if err != nil {
		return nil, err
	}
	if r == nil || r.Agency != agency {
		return nil, errNoHook
	}
	r.settle(now)
	return r, nil
}
