package onboarding

import (
	"time"

	"dancu/internal/access"
)

// Procedure returns the name of a procedure as the catalogue has it on a day;
// false where it does not know the code.
func (o *Onboarding) Procedure(code string, on time.Time) (access.Text, bool) {
	p, ok := o.cat.Procedures(access.DateOf(on)).Find(code)
	return p.Name, ok && p.Name != access.Text{}
}
