package life

import (
	"dancu/internal/console/site"
	"dancu/internal/identity"
	"dancu/internal/ledger"
	"dancu/internal/onboarding"
)

// duties is in what office each kind of account acts. Kinds that are not here
// have no part in the life cycle.
var duties = map[identity.Kind]onboarding.Duty{
	identity.Onboarder:   onboarding.Operator,
	identity.Assessor:    onboarding.Assessor,
	identity.Supervisor:  onboarding.Supervisor,
	identity.Inspector:   onboarding.Inspector,
	identity.Support:     onboarding.Support,
	identity.AgencyAdmin: onboarding.Agency,
}

// DutyOf is in what office accounts of a kind act; false if in none.
func DutyOf(k identity.Kind) (onboarding.Duty, bool) {
	d, ok := duties[k]
	return d, ok
}

// person is the visitor as the office knows them. That they are still signed in,
// and may still act, is asked again in each act's own transaction.
func person(v *site.Visit) (onboarding.Person, error) {
	a := v.Session.Account
	duty, ok := DutyOf(a.Kind)
	if !ok {
		return onboarding.Person{}, site.Forbidden()
	}
	may, by := identity.SeeLifecycle, v.Actor()
	if duty == onboarding.Agency {
		may = identity.OwnLifecycle
	}
	actor := ledger.Actor{Kind: string(a.Kind), ID: a.Code, Session: v.Session.ID}
	if v.From.Address.IsValid() {
		actor.Address = v.From.Address.Unmap().WithZone("").String()
	}
	p := onboarding.Person{
		Actor: actor, Account: a.ID, Duty: duty,
		Still: onboarding.StillBy(v.Identity.Still(by, may), v.Identity.StillFresh(by, may)),
	}
	if duty == onboarding.Agency {
		p.Agency = a.Agency
	}
	return p, nil
}
