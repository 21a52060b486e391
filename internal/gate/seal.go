package gate

import (
	"time"

	"dancu/internal/access"
	"dancu/internal/ledger"
	"dancu/verify"
)

// sealed is the seal that the call is under at now, the zero Seal if none.
func (p *proposal) sealed(now time.Time) access.Seal {
	if s := p.standing.Connection.Seal(p.call.Procedure, now); s != nil {
		return *s
	}
	return access.Seal{}
}

// appendSeal appends the member that keeps an entry from the people concerned
// until its time is over (access.Sealed).
func appendSeal(b []byte, s *access.Seal, now time.Time) []byte {
	b = append(b, `"seal":{"basis":`...)
	b = verify.AppendString(b, s.Basis.VI)
	b = append(b, `,"class":`...)
	b = verify.AppendString(b, string(s.Class))
	b = append(b, `,"until":"`...)
	b = s.Lifts(now).UTC().AppendFormat(b, ledger.TimeLayout)
	return append(b, `"},`...)
}
