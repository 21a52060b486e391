package e2e

import (
	"context"
	"testing"
	"time"

	"dancu/internal/apptest"
	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/internal/ledger"
	"dancu/internal/onboarding"
)

// onsite is a whole system and the people of both sides.
type onsite struct {
	*house
	operator, assessor, supervisor, agency onboarding.Person
}

func openOnsite(t *testing.T, env *dbtest.Env, limit int64) *onsite {
	t.Helper()
	h := &house{t: t}
	h.System = apptest.Start(t, apptest.Options{Env: env, Limit: limit})
	person := func(d onboarding.Duty) onboarding.Person {
		p := onboarding.Person{
			Actor: ledger.Actor{Kind: "account", ID: string(d)}, Account: string(d), Duty: d,
			Still: func(context.Context, db.Querier, time.Time, bool) error { return nil },
		}
		if d == onboarding.Agency {
			p.Agency = h.Connection("mot-cua").Agency.ID
		}
		return p
	}
	return &onsite{h, person(onboarding.Operator), person(onboarding.Assessor), person(onboarding.Supervisor), person(onboarding.Agency)}
}
