package onboarding

import (
	"strconv"
	"time"

	"dancu/internal/access"
	"dancu/internal/fault"
)

// What several kinds of matter have in common.

var suspensionDecisionForm = Form{
	{
		Name: "decision", Label: access.Text{VI: "Quyết định", EN: "Decision"}, Law: "47/2020/NĐ-CP Art. 43.5", Type: TypeChoice, Required: true,
		Choices: func(Around) []Choice {
			return []Choice{
				{"suspended", access.Text{VI: "Đã tạm ngừng kết nối", EN: "The connection was suspended"}},
				{"declined", access.Text{VI: "Không tạm ngừng", EN: "It is not suspended"}},
			}
		},
	},
}

// decideSuspension ends the supervisor's task. Suspending is the connection's
// own act, with its own form and notice; this says that it was done, or why
// not.
func decideSuspension(w *work) error {
	if err := needConnection(w); err != nil {
		return err
	}
	if c := w.dir.Connection(w.m.Connection); w.in.text("decision") == "suspended" && c.State == access.Active {
		return refuse(fault.Conflict, "Kết nối vẫn đang hoạt động: hãy tạm ngừng tại trang của kết nối trước.", "the connection is still active: suspend it on its own page first")
	}
	w.members["decision"] = w.in.text("decision")
	return nil
}

// needConnection refuses what can only be done about a connection.
func needConnection(w *work) error {
	if w.dir.Connection(w.m.Connection) == nil {
		return refuse(fault.Conflict, "Hồ sơ này không về kết nối nào.", "this matter is about no connection")
	}
	return nil
}

// misfilled is the error about one field of a form.
func misfilled(field, vi, en string, args ...any) error {
	return wrongForm([]FieldProblem{{Field: field, Text: text(vi, en, args...)}})
}

// longAgo is before what people can still report: a date so old is a mistake,
// and older than the terms of the law that are known.
func (w *work) longAgo() time.Time { return w.now.AddDate(-5, 0, 0) }

// lastDayText is the day that ends with a deadline, for people.
func lastDayText(deadline time.Time) string { return day(deadline.Add(-time.Microsecond)) }

func number(n int) string { return strconv.Itoa(n) }
