package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"

	"dancu/internal/db"
	"dancu/internal/fault"
	"dancu/internal/ledger"
)

// Worker is who deals with requests: of the agency they concern, or of the
// register.
type Worker struct {
	Actor ledger.Actor
	Side  Side   // Agency or Register
	Of    string // id of the agency; only of Side Agency
	// Account is the worker's, as it stands with what they do.
	Account string
	// Still says whether they may as of now, in the transaction of the act.
	Still func(ctx context.Context, q db.Querier, now time.Time) error
}

// sees reports whether a request is the worker's to see. A worker of an agency
// without an id is of none.
func (w *Worker) sees(r *row) bool {
	return w.Side == Register || w.Side == Agency && w.Of != "" && w.Of == r.agency
}

// See takes note of a request: the asker sees that it was.
func (d *Desk) See(ctx context.Context, by Worker, id string) error {
	return d.work(ctx, by, id, Seen, EventSeen, "")
}

// Answer gives an answer.
func (d *Desk) Answer(ctx context.Context, by Worker, id, text string) error {
	text, err := checkText(text)
	if err != nil {
		return err
	}
	return d.work(ctx, by, id, Answered, EventAnswered, text)
}

// Settle closes a request that was answered, for the register.
func (d *Desk) Settle(ctx context.Context, by Worker, id string) error {
	return d.work(ctx, by, id, Closed, EventClosed, "")
}

func (d *Desk) work(ctx context.Context, by Worker, id string, to State, event, text string) error {
	return d.step(ctx, id, to, event, text, stepper{by.Actor, by.Side, by.Account, by.Still, by.sees})
}

// Close closes the asker's own request: it is settled, or not asked any more.
func (d *Desk) Close(ctx context.Context, by Asker, id string) error {
	mine, err := d.mine(by.PIN)
	if err != nil {
		return err
	}
	return d.step(ctx, id, Closed, EventClosed, "", stepper{by.Actor, Citizen, "", by.Still, mine})
}

// mine says whether a request is that person's.
func (d *Desk) mine(pin string) (func(*row) bool, error) {
	p, err := d.log.Pseudonym(pin)
	if err != nil {
		return nil, err
	}
	return func(r *row) bool { return string(r.asker) == string(p[:]) }, nil
}

// stepper is who does something, and which requests are there for them.
type stepper struct {
	actor   ledger.Actor
	side    Side
	account string
	still   still
	sees    func(*row) bool
}

// step does something about a request, in one transaction with its entry.
func (d *Desk) step(ctx context.Context, id string, to State, event, text string, by stepper) error {
	return d.log.Write(ctx, func(tx *ledger.Tx) error {
		if err := by.still.ask(ctx, tx); err != nil {
			return err
		}
		r, err := selectRequest(ctx, tx, id)
		if err != nil {
			return err
		}
		if r == nil || !by.sees(r) {
			return refuse(NotThere)
		}
		if !(&Request{State: r.state}).May(by.side, to) {
			return refuse(NotNow)
		}
		n, err := countSteps(ctx, tx.Tx, id)
		if err != nil {
			return err
		}
		members := map[string]any{"id": id, "about": r.entry, "agency": r.code, "side": string(by.side)}
		s := stepRow{n: n, time: tx.Now, act: to, side: by.side, account: by.account}
		if text != "" {
			if s.body, err = d.seal(stepPlace(id, n), text); err != nil {
				return err
			}
			sum := sha256.Sum256(s.body)
			members["sha256"] = hex.EncodeToString(sum[:])
		}
		if err := insertStep(ctx, tx.Tx, id, s); err != nil {
			return err
		}
		if err := updateRequest(ctx, tx.Tx, id, to, tx.Now); err != nil {
			return err
		}
		e, err := ledger.EventEntry(event, by.actor, members)
		if err != nil {
			return err
		}
		tx.Append(e, ledger.Outcome{})
		return nil
	})
}

// stepPlace is what an answer's text is bound to.
func stepPlace(id string, n int) string { return id + "/" + strconv.Itoa(n) }

// read opens what is sealed of a request.
func (d *Desk) read(ctx context.Context, q db.Querier, r *row) (*Request, error) {
	var b body
	if err := d.open(r.id, r.body, &b); err != nil {
		return nil, err
	}
	out := r.request()
	out.Text, out.About, out.OnBehalf = b.Text, b.About, b.OnBehalf
	steps, err := selectSteps(ctx, q, r.id)
	if err != nil {
		return nil, err
	}
	for _, s := range steps {
		step := Step{Time: s.time, Act: s.act, Side: s.side}
		if s.body != nil {
			if err := d.open(stepPlace(r.id, s.n), s.body, &step.Text); err != nil {
				return nil, err
			}
		}
		out.Steps = append(out.Steps, step)
	}
	return out, nil
}

// Find returns a request for whoever deals with it. That it was read is an
// entry, acknowledged before anything is given out; what is not the worker's is
// fault.NotFound.
func (d *Desk) Find(ctx context.Context, by Worker, id string) (*Request, error) {
	var out *Request
	err := d.log.Write(ctx, func(tx *ledger.Tx) error {
		if err := still(by.Still).ask(ctx, tx); err != nil {
			return err
		}
		r, err := selectRequest(ctx, tx, id)
		if err != nil {
			return err
		}
		if r == nil || !by.sees(r) {
			return refuse(NotThere)
		}
		e, err := ledger.EventEntry(EventRead, by.Actor, map[string]any{"id": id, "about": r.entry, "agency": r.code, "side": string(by.Side)})
		if err != nil {
			return err
		}
		tx.Append(e, ledger.Outcome{})
		out, err = d.read(ctx, tx, r)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// Mine returns the asker's own request; another's is fault.NotFound.
func (d *Desk) Mine(ctx context.Context, pin, id string) (*Request, error) {
	mine, err := d.mine(pin)
	if err != nil {
		return nil, err
	}
	r, err := selectRequest(ctx, d.main, id)
	if err != nil {
		return nil, err
	}
	if r == nil || !mine(r) {
		return nil, refuse(NotThere)
	}
	return d.read(ctx, d.main, r)
}

// List is a page of a list, newest first.
type List struct {
	Requests []Request
	// Next is the Filter.Before of the following page, "" if there is none.
	Next string
}

// Filter says what is listed.
type Filter struct {
	State  State  // "" for all
	Open   bool   // all but closed ones
	Kind   Kind   // "" for both
	Before string // only those older than this id; "" from the newest
	Limit  int    // 1 to 100
}

// ListMine returns the asker's own requests.
func (d *Desk) ListMine(ctx context.Context, pin string, f Filter) (List, error) {
	p, err := d.log.Pseudonym(pin)
	if err != nil {
		return List{}, err
	}
	return d.list(ctx, scope{asker: p[:]}, f)
}

// ListWork returns the requests that the worker deals with, without what people
// wrote.
func (d *Desk) ListWork(ctx context.Context, by Worker, f Filter) (List, error) {
	if by.Side == Agency && by.Of == "" || by.Side != Agency && by.Side != Register {
		return List{}, fault.New(fault.Forbidden, "requests are for the agency they concern and for the register")
	}
	return d.list(ctx, scope{agency: by.Of}, f)
}

func (d *Desk) list(ctx context.Context, s scope, f Filter) (out List, err error) {
	f.Limit = min(max(f.Limit, 1), 100)
	rows, err := selectRequests(ctx, d.main, s, f, f.Limit+1)
	if err != nil {
		return out, err
	}
	if len(rows) > f.Limit {
		rows = rows[:f.Limit]
		out.Next = rows[f.Limit-1].id
	}
	for _, r := range rows {
		out.Requests = append(out.Requests, *r.request())
	}
	return out, nil
}
