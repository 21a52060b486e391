package app

import (
	"slices"
	"testing"

	"dancu/internal/notify"
	"dancu/internal/onboarding"
)

// Every notice that the table sends has words, and its words need only what
// acts give.
func TestEveryNoticeOfTheTableHasWords(t *testing.T) {
	// What the engine gives for every act, and what single acts add.
	always := []string{"agency", "matter", "system", "connection", "since", "due"}
	added := map[string][]string{
		"assessment.concluded": {"open"}, "assessment.certified": {"certificate", "until", "assessment"},
		"connection.suspended": {"ground"}, "credential.rotated": {"credential", "until"}, "credential.revoked": {"credential"},
		"inspection.announced": {"inspection", "starts"}, "inspection.concluded": {"open"},
		"commitment.renew": {"template"}, "maintenance.announced": {"starts", "ends"}, "maintenance.cancelled": {"starts"},
		"connection.locked": {"limit"}, "assessment.lapsed": {"certificate"}, "assessment.due": {"certificate", "until", "days"},
		"commitment.due": {"until", "days"}, "grant.ending": {"grant", "until", "days"}, "credential.expiring": {"credential", "until", "days"},
		"breach.due": {"ends"},
	}
	var told []onboarding.Row
	for _, kind := range onboarding.Kinds() {
		told = append(told, onboarding.Row{Kind: kind.Kind, Name: "open", Tell: kind.Tell})
	}
	// Those that no row names: what opening some incidents tells, what goes to
	// all agencies, and what time brings about.
	told = append(told, onboarding.Row{Name: "sweep", Tell: []onboarding.Telling{
		{Topic: "change.undeclared"},
		{Topic: "connection.locked"},
		{Topic: "assessment.lapsed"},
		{Topic: "maintenance.announced"},
		{Topic: "maintenance.cancelled"},
		{Topic: "assessment.due"},
		{Topic: "commitment.due"},
		{Topic: "grant.ending"},
		{Topic: "credential.expiring"},
		{Topic: "breach.due"},
		{Topic: "task.overdue"},
		{Topic: "usereport.overdue"},
		{Topic: "suspension.overdue"},
	}})
	for _, row := range append(told, onboarding.Lifecycle()...) {
		for _, tell := range row.Tell {
			topic := notify.Find(tell.Topic)
			if topic == nil {
				t.Errorf("%s/%s tells %s, which has no words", row.Kind, row.Name, tell.Topic)
				continue
			}
			for _, name := range topic.Params() {
				if !slices.Contains(always, name) && !slices.Contains(added[tell.Topic], name) {
					t.Errorf("%s/%s: %s needs %s", row.Kind, row.Name, tell.Topic, name)
				}
			}
		}
	}
}
