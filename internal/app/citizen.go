package app

import (
	"context"
	"strings"
	"sync"
	"time"

	"dancu/internal/access"
	"dancu/internal/console/citizen"
	"dancu/internal/db"
	"dancu/internal/desk"
	"dancu/internal/gate"
	"dancu/internal/ledger"
	"dancu/internal/notify"
)

// representation are the rules of who sees what concerns another.
func (c *CitizenConfig) representation() gate.Representation {
	return gate.Representation{ChildAge: c.ChildAge, Representatives: c.Representatives}
}

// openDesk makes the desk for people's questions.
func (a *App) openDesk(ctx context.Context) (err error) {
	a.Desk, err = desk.New(ctx, desk.Config{
		Main: a.Main, Log: a.Log, Notices: deskNotices{a.Notices},
		AgencyOf: func(code string) string {
			for x := range a.Gate.Directory().Agencies() {
				if x.Code == code {
					return x.ID
				}
			}
			return ""
		},
		Settings: desk.Settings{PerDay: a.Config.Citizen.RequestsPerDay, Open: a.Config.Citizen.RequestsOpen},
	})
	return err
}

// deskNotices hands what the desk tells to the outbox.
type deskNotices struct{ outbox *notify.Outbox }

// Put implements desk.Notices.
func (d deskNotices) Put(ctx context.Context, tx *db.Tx, n desk.Notice) error {
	to := n.Agency
	if to == "" {
		to = "operator"
	}
	return d.outbox.Put(ctx, tx, notify.Notice{
		Key: n.Key, Topic: "citizen." + string(n.Kind), To: to, Link: "/desk/" + n.ID,
		Params: map[string]string{"matter": n.ID, "agency": agencyCode(n.Code)},
	})
}

// agencyCode is a code as a notice can say it.
func agencyCode(code string) string {
	if code == "" {
		return "-"
	}
	return code
}

// people tells the pages who represents whom: the gate reads the register, and
// writes the entry of each reading.
type people struct {
	gate  *gate.Gate
	rules gate.Representation
}

// AllRepresented implements citizen.People.
func (p people) AllRepresented(ctx context.Context, reader ledger.Reader, pin string) ([]citizen.Represented, error) {
	found, err := p.gate.AllRepresented(ctx, reader, pin, p.rules)
	out := make([]citizen.Represented, len(found))
	for i, x := range found {
		out[i] = shown(x)
	}
	return out, err
}

// Represent implements citizen.People.
func (p people) Represent(ctx context.Context, reader ledger.Reader, pin, other string) (citizen.Represented, error) {
	x, err := p.gate.Represent(ctx, reader, pin, other, p.rules)
	return shown(x), err
}

func shown(x gate.Represented) citizen.Represented {
	return citizen.Represented{PIN: x.PIN, Name: x.Name, Relation: string(x.Relation)}
}

// totals are the published months. A month that is over and counted to its end
// never changes, so it is counted once; the one under way is counted again
// after a while.
type totals struct {
	log   *ledger.Log
	clock func() time.Time

	mu   sync.Mutex // guards the rest; whoever counts, counts for all who wait
	kept map[time.Time]countedMonth
}

type countedMonth struct {
	citizen.Month
	at    time.Time
	final bool
}

// The months published, and how old the newest's count may be.
const (
	monthsPublished = 12
	countsFresh     = 10 * time.Minute
)

// Months returns the published months, newest first; months before the log's
// first entry are left out.
func (t *totals) Months(ctx context.Context) ([]citizen.Month, error) {
	since, err := t.log.Since(ctx)
	if err != nil || since.IsZero() {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.kept == nil {
		t.kept = map[time.Time]countedMonth{}
	}
	now := t.clock().In(access.Zone)
	first := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, access.Zone)
	var out []citizen.Month
	for i := range monthsPublished {
		from := first.AddDate(0, -i, 0)
		until := from.AddDate(0, 1, 0)
		if !until.After(since) {
			break
		}
		m, ok := t.kept[from]
		if !ok || !m.final && now.Sub(m.at) >= countsFresh {
			if m, err = t.count(ctx, from, until, now); err != nil {
				return nil, err
			}
			t.kept[from] = m
		}
		out = append(out, m.Month)
	}
	return out, nil
}

// countedBy is how long after a month's end its counts are surely complete.
const countedBy = time.Hour

func (t *totals) count(ctx context.Context, from, until, now time.Time) (m countedMonth, err error) {
	list, _, err := t.log.Totals(ctx, from, until)
	if err != nil {
		return m, err
	}
	m.From, m.at, m.final = from, now, now.Sub(until) >= countedBy
	for _, x := range list {
		switch {
		case x.Kind == "calls.refused", strings.HasPrefix(x.Kind, "call.") && x.Code != "":
			m.Refused += x.N
		case strings.HasPrefix(x.Kind, "call."):
			m.Answered += x.N
		}
	}
	return m, nil
}
