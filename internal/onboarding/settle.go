package onboarding

import (
	"slices"
	"strings"

	"dancu/internal/access"
)

// An undeclared change is settled by declaring it: the report answers the
// incident that a call opened, and where the rules of change ask for no new
// assessment it ends it. Where they do, the incident ends with the assessment.

// settledForm says by which report.
var settledForm = Form{{Name: "change", Label: access.Text{VI: "Báo cáo thay đổi", EN: "Change report"}, Type: TypeLine, Required: true, Max: 100}}

// declareIncident records that what the incident is about was reported.
func declareIncident(w *work) error {
	w.m.put("declared", w.in.text("change"))
	w.members["change"] = w.in.text("change")
	return nil
}

// settleIncident ends an incident whose change was reported, and assessed if it
// had to be.
func settleIncident(w *work) error {
	w.m.put("resolution", w.in)
	w.members["change"] = w.in.text("change")
	return nil
}

// settle does to the open incidents of a report's system what follows from the
// report; over says that nothing of it is to be assessed any more. It runs when
// the report itself was written.
func (w *work) settle(change *Matter, over bool) error {
	v, _ := change.values(&changeKind.Sections[0], w.around(), false)
	var all []*Matter
	for c := range w.dir.Connections() {
		if c.System != change.System && c.Via != change.System {
			continue
		}
		list, err := selectIncidents(w.ctx, w.tx, c.System, c.ID)
		if err != nil {
			return err
		}
		all = append(all, list...)
	}
	in := Input{Values: mustJSON(Values{"change": change.ID})}
	for _, m := range all {
		var from origin
		var declared string
		if _, err := m.read("origin", &from); err != nil {
			return err
		}
		if _, err := m.read("declared", &declared); err != nil {
			return err
		}
		// What was reported before may be left out of a later report.
		if !m.Closed.IsZero() || declared != change.ID && !reported(from.Key, v, w.dir.System(change.System)) {
			continue
		}
		if declared != change.ID {
			if err := w.o.follows(w.ctx, w.tx, m.ID, "declared", in); err != nil {
				return err
			}
		}
		// A proposal to suspend is for people to decide, and so is the incident.
		open, err := selectTasks(w.ctx, w.tx, taskQuery{matter: m.ID, kind: string(TaskSuspensionDecide), open: true, limit: 1})
		if err != nil {
			return err
		}
		if over && len(open) == 0 {
			if err := w.o.follows(w.ctx, w.tx, m.ID, "settle", in); err != nil {
				return err
			}
		}
	}
	return nil
}

// reported tells whether a report holds what an incident is one for, the build
// or the certificate's key ([undeclaredKeys]).
func reported(key string, report Values, s *access.System) bool {
	what, which, _ := strings.Cut(key, ":")
	switch what {
	case "build":
		return slices.ContainsFunc(report.list("builds"), func(b string) bool { return plainBuild(b) == which })
	case "certificate":
		return s != nil && slices.ContainsFunc(s.Credentials, func(c access.Credential) bool {
			return strings.EqualFold(c.SHA256, which) && c.Key != "" && slices.Contains(report.list("keys"), c.Key)
		})
	}
	return false
}
