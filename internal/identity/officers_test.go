package identity

import (
	"maps"
	"testing"

	"dancu/internal/db/dbtest"
)

// Officers are counted by grant and once each in all, those of the agency that
// are active, and named to nobody.
func TestOfficersOnCountsThoseWhoMay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		admin := h.admin()
		chief := h.hire(admin, AgencyAdmin, "ward", "QT")
		first, second := h.hire(chief, AgencyOfficer, "", "CB-1"), h.hire(chief, AgencyOfficer, "", "CB-2")
		h.signIn(chief)
		h.must(h.SetRights(h.ctx, chief.actor(), first.ID, Rights{"ward.con": {"g.lookup", "g.verify"}}))
		h.must(h.SetRights(h.ctx, chief.actor(), second.ID, Rights{"ward.con": {"g.lookup"}}))
		check := func(what, agency, connection string, want map[string]int64) {
			t.Helper()
			got, err := h.OfficersOn(h.ctx, agency, connection)
			h.must(err)
			if !maps.Equal(got, want) {
				t.Errorf("%s: %v, want %v", what, got, want)
			}
		}
		check("two officers", "ward", "ward.con", map[string]int64{"": 2, "g.lookup": 2, "g.verify": 1})
		check("another agency", "other", "ward.con", map[string]int64{"": 0})
		check("another connection", "ward", "other.con", map[string]int64{"": 0})
		h.must(h.DisableAccount(h.ctx, chief.actor(), first.ID, why))
		check("one disabled", "ward", "ward.con", map[string]int64{"": 1, "g.lookup": 1})
	})
}
