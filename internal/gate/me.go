package gate

import (
	"context"
	"slices"

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
	now := g.cfg.Main.Clock()
	u := Used{Usage: Usage{Limit: c.Limit.Calls, Reset: c.Limit.Window.End(now)}}
	err := g.cfg.Main.QueryRow(ctx, `SELECT CAST(COALESCE(SUM(calls), 0) AS BIGINT), CAST(COALESCE(SUM(people), 0) AS BIGINT),
			COALESCE(MAX(calls), 0), COALESCE(MAX(people), 0) FROM counters
		WHERE connection = $1 AND epoch = $2 AND start = $3 AND scope NOT LIKE 'g:%'`,
		c.ID, c.Lock.Epoch, c.Limit.Window.Start(now).UnixMicro()).Scan(&u.Calls, &u.People, &u.MostCalls, &u.MostPeople)
	return u, err
}
