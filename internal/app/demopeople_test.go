package app

import (
	"slices"
	"testing"

	"dancu/internal/identity"
	"dancu/internal/onboarding"
)

// TestTheDemonstrationHasEveryOffice: whatever act of a connection's life takes,
// there is an account that may do it, and for those of two people another that
// may confirm it.
func TestTheDemonstrationHasEveryOffice(t *testing.T) {
	offices := map[onboarding.Duty]identity.Kind{
		onboarding.Agency: identity.AgencyAdmin, onboarding.Operator: identity.Onboarder, onboarding.Assessor: identity.Assessor,
		onboarding.Supervisor: identity.Supervisor, onboarding.Inspector: identity.Inspector,
	}
	logins := func(list []onboarding.Duty) (out []string) {
		for _, d := range list {
			for _, a := range demoPeople {
				if a.Kind == offices[d] {
					out = append(out, a.Login)
				}
			}
		}
		return out
	}
	for _, r := range onboarding.Lifecycle() {
		if slices.Equal(r.By, []onboarding.Duty{onboarding.Itself}) {
			continue
		}
		may := logins(r.By)
		if len(may) == 0 {
			t.Errorf("%s.%s: none of the demonstration's accounts may do it", r.Kind, r.Name)
			continue
		}
		if r.Two() && !slices.ContainsFunc(logins(r.Confirm), func(who string) bool { return who != may[0] }) {
			t.Errorf("%s.%s: nobody else may confirm it", r.Kind, r.Name)
		}
	}
	seen := map[string]bool{}
	for _, a := range demoPeople {
		if seen[a.Login] || seen[a.Code] {
			t.Errorf("%s or %s is there twice", a.Login, a.Code)
		}
		seen[a.Login], seen[a.Code] = true, true
	}
}
