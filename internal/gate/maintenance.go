package gate

import (
	"time"

	"dancu/internal/access"
)

// Maintenance is decided like the rest of the standing: at the first look, to
// spare the queue, and again at the commit, where it binds (guarantee G2). It
// has the code of a full queue, service.busy, and is recorded as that is: in
// summaries, because a program that waits for the end of a window may try any
// number of times. It counts nowhere. See TestMaintenanceBindsAtTheCommit.

// MaxRetryAfter is the longest wait a refusal asks for: a window can be long
// and be called off, so a program is to look again once a day.
const MaxRetryAfter = 24 * time.Hour

// reopens returns how long a call that only maintenance stands against should
// wait, 0 for other calls.
func (p *proposal) reopens(now time.Time) time.Duration {
	code, service := p.code, p.request.Service
	if code == access.Allowed {
		code = p.decision.Code
	}
	if code != access.ServiceBusy {
		return 0
	}
	at := access.Reopens(p.standing.Maintenance, service, now)
	return min(max(at.Sub(now), time.Second), MaxRetryAfter)
}
