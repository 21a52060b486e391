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
		"commitment.renew": {"template"}, "connection.suspended": {"ground"}, "credential.rotated": {"credential", "until"}, "credential.revoked": {"credential"},
		"inspection.announced": {"inspection", "starts"}, "inspection.concluded": {"open"},
	}
	for _, row := range onboarding.Lifecycle() {
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
