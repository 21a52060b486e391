package gate

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"dancu/internal/access"
)

// Me is what a system may know of its own standing.
type Me struct {
	Standing access.Standing
	// Decided is what every call would be refused with now, whatever it asked;
	// access.Allowed if nothing stands in the way of a call as such.
	Decided             access.Code
	Usage               Usage
	People, PeopleLimit int64
	// Running and Announced are the times of maintenance, in the order of
	// their beginnings.
	Running, Announced []access.Maintenance
}

// Me returns the caller's own standing and what is left of its limit.
func (g *Gate) Me(ctx context.Context, t access.Thumbprint, represented string) (*Me, error) {
	dir := g.follow(ctx, false)
	now := g.cfg.Main.Clock()
	m := &Me{Standing: dir.Standing(t, represented)}
	m.Running, m.Announced = dir.Maintenance(now)
	if !known(&m.Standing, now) {
		return nil, &Refusal{Code: access.UnknownCredential, Reasons: []access.Reason{{Code: access.UnknownCredential}}, Index: -1}
	}
	// What stands against a call of no content is the standing itself, the
	// purpose and grants aside.
	d := access.Decide(&m.Standing, &access.Request{}, now)
	for _, r := range d.Reasons {
		switch r.Code {
		case access.IntermediaryForbidden, access.ConnectionNotActive, access.ConnectionSuspended,
			access.ConnectionVolume, access.ConnectionPattern, access.AssessmentLapsed, access.ServiceBusy:
		case access.ChangeUndeclared: // which build will call is not known here
			if !slices.Contains(r.Names, access.NameKey) {
				continue
			}
		default:
			continue
		}
		if m.Decided == access.Allowed {
			m.Decided = r.Code
		}
	}
	c := m.Standing.Connection
	if c == nil {
		return m, nil
	}
	usage, err := g.Used(ctx, c)
	if err != nil {
		return nil, err
	}
	m.Usage, m.People, m.PeopleLimit = usage.Usage, usage.People, c.Limit.People
	return m, nil
}

// Used is what a connection has used in the present window of its limit: all
// of its counted calls and people, in whichever scope they were counted.
type Used struct {
	Usage
	People int64
	// MostCalls and MostPeople are those of the scope that used most: what the
	// limit is held against. They differ from the sums where the limit is per
	// officer or per service.
	MostCalls, MostPeople int64
}

// Used returns what a connection has used of its limit.
func (g *Gate) Used(ctx context.Context, c *access.Connection) (Used, error) {
	all, err := g.UsedOf(ctx, c)
	return all[c.ID], err
}

// usedAtOnce is of how many connections one statement reads the counters.
const usedAtOnce = 50

// selectUsed reads the counters of the windows that are named: for each the
// connection, the epoch and the start.
var selectUsed = func() map[int]string {
	texts := map[int]string{}
	for _, n := range []int{1, usedAtOnce} {
		var b strings.Builder
		b.WriteString(`SELECT connection, CAST(SUM(calls) AS BIGINT), CAST(SUM(people) AS BIGINT), MAX(calls), MAX(people) FROM counters WHERE (`)
		for i := range n {
			if i > 0 {
				b.WriteString(" OR ")
			}
			fmt.Fprintf(&b, "connection = $%d AND epoch = $%d AND start = $%d", 3*i+1, 3*i+2, 3*i+3)
		}
		b.WriteString(`) AND scope NOT LIKE 'g:%' GROUP BY connection`)
		texts[n] = b.String()
	}
	return texts
}()

// UsedOf returns what connections have used of their limits, by their ids, in
// one statement for every 50 of them.
func (g *Gate) UsedOf(ctx context.Context, list ...*access.Connection) (map[string]Used, error) {
	now := g.cfg.Main.Clock()
	out := make(map[string]Used, len(list))
	for some := range slices.Chunk(list, usedAtOnce) {
		n := 1
		if len(some) > 1 {
			n = usedAtOnce
		}
		args := make([]any, 0, 3*n)
		for _, c := range some {
			out[c.ID] = Used{Usage: Usage{Limit: c.Limit.Calls, Reset: c.Limit.Window.End(now)}}
			args = append(args, c.ID, c.Lock.Epoch, c.Limit.Window.Start(now).UnixMicro())
		}
		for len(args) < 3*n {
			args = append(args, "", int64(0), int64(0)) // nobody's
		}
		if err := g.readUsed(ctx, selectUsed[n], args, out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (g *Gate) readUsed(ctx context.Context, query string, args []any, out map[string]Used) error {
	rows, err := g.cfg.Main.Query(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("couldn't read what was used: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var calls, people, mostCalls, mostPeople int64
		if err := rows.Scan(&id, &calls, &people, &mostCalls, &mostPeople); err != nil {
			return fmt.Errorf("couldn't read what was used: %w", err)
		}
		u := out[id]
		u.Calls, u.People, u.MostCalls, u.MostPeople = calls, people, mostCalls, mostPeople
		out[id] = u
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("couldn't read what was used: %w", err)
	}
	return nil
}
