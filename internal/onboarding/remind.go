package onboarding

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"dancu/internal/access"
)

// ending is something of a connection that ends.
type ending struct {
	topic  string
	what   string // of the key: which one
	until  time.Time
	params map[string]string
}

// remindConnection reminds the agency of the ends of the assessment, the
// undertaking and the grants.
func (o *Onboarding) remindConnection(ctx context.Context, now time.Time, c *access.Connection, s *access.System, cert certification) error {
	ends := []ending{
		{"assessment.due", c.ID, c.AssessedUntil, map[string]string{"certificate": cmp.Or(cert.Number, "-")}},
		{"commitment.due", c.ID, c.CommittedUntil, nil},
	}
	for _, g := range c.Grants {
		ends = append(ends, ending{"grant.ending", c.ID + "/" + g.ID, g.Until, map[string]string{"grant": g.ID}})
	}
	return o.remindEnds(ctx, now, c, s, ends)
}

// remindCredentials reminds whose system it is of the ends of certificates.
// One that a newer outlives needs no reminder.
func (o *Onboarding) remindCredentials(ctx context.Context, now time.Time, c *access.Connection, s *access.System) error {
	last := map[string]access.Credential{} // by the system represented
	for _, k := range s.Credentials {
		if had, ok := last[k.Represents]; !ok || k.NotAfter.After(had.NotAfter) {
			last[k.Represents] = k
		}
	}
	var ends []ending
	for _, k := range last {
		ends = append(ends, ending{"credential.expiring", k.SHA256, k.NotAfter, map[string]string{"credential": k.SHA256[:8]}})
	}
	return o.remindEnds(ctx, now, c, s, ends)
}

func (o *Onboarding) remindEnds(ctx context.Context, now time.Time, c *access.Connection, s *access.System, ends []ending) error {
	var failed []error
	for _, e := range ends {
		n, days := o.reminder(now, e.until)
		if n == 0 {
			continue
		}
		params := map[string]string{"connection": c.ID, "until": isoDay(e.until), "days": number(days), "matter": MatterOf(KindConnection, c.ID)}
		maps.Copy(params, e.params)
		failed = append(failed, o.remind(ctx, Notice{
			Key:   fmt.Sprintf("%s/%s/%d/%d", e.topic, e.what, e.until.Unix(), n),
			Topic: e.topic, Duty: Agency, Agency: s.Agency, Params: params, Link: "/life/" + MatterOf(KindConnection, c.ID),
		}))
	}
	return errors.Join(failed...)
}
