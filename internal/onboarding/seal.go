package onboarding

import (
	"slices"
	"time"

	"dancu/internal/access"
	"dancu/internal/fault"
)

// Bounds of seals. No text of law that was read sets them: they keep a seal
// from becoming a habit, and its end from being far away by a slip.
const (
	MaxSealDays = 2 * 365                  // of a delayed access
	MaxSealTerm = 2 * 365 * 24 * time.Hour // of the seal itself
)

var sealForm = Form{
	{Name: "procedure", Label: access.Text{VI: "Mã thủ tục", EN: "Procedure"}, Type: TypeLine, Required: true, Max: 60, Help: access.Text{VI: "Thủ tục mà kết nối này đang được cấp quyền.", EN: "One that the connection has a grant for."}},
	{Name: "class", Label: access.Text{VI: "Cách công khai cho công dân", EN: "How it is shown to the people concerned"}, Type: TypeChoice, Required: true, Choices: func(Around) []Choice {
		return []Choice{
			{string(access.Delayed), access.Text{VI: "Hiện chậm một số ngày sau mỗi lượt", EN: "Shown so many days after each access"}},
			{string(access.Withheld), access.Text{VI: "Chỉ hiện khi hết hạn niêm kín", EN: "Shown when the seal ends"}},
		}
	}},
	{Name: "days", Label: access.Text{VI: "Số ngày hiện chậm", EN: "Days of delay"}, Type: TypeNumber, Min: 1, Max: MaxSealDays, Help: access.Text{VI: "Chỉ khi chọn hiện chậm.", EN: "Only for what is shown later."}},
	{Name: "until", Label: access.Text{VI: "Niêm kín đến hết ngày", EN: "Last day of the seal"}, Type: TypeDate, Required: true},
	{Name: "basisVI", Label: access.Text{VI: "Căn cứ pháp lý (điều, khoản, văn bản)", EN: "Legal basis (Vietnamese)"}, Type: TypeText, Required: true, Min: 10, Max: 500},
	{Name: "basisEN", Label: access.Text{VI: "Căn cứ pháp lý (tiếng Anh)", EN: "Legal basis (English)"}, Type: TypeText, Max: 500},
	{Name: "decision", Label: access.Text{VI: "Quyết định (số, ngày)", EN: "Decision (number, date)"}, Type: TypeLine, Required: true, Max: 200},
	{Name: "documents", Label: access.Text{VI: "Văn bản", EN: "Documents"}, Type: TypeFiles, Max: 5},
}

// seal keeps accesses for one procedure from the people concerned, from the
// entry of this act on. What was seen before stays seen.
func seal(w *work) error {
	next := *w.dir.Connection(w.m.Connection)
	s := access.Seal{
		Procedure: w.in.text("procedure"), Class: access.SealClass(w.in.text("class")), Days: int(w.in.number("days")),
		Basis: access.Text{VI: w.in.text("basisVI"), EN: w.in.text("basisEN")}, Until: w.in.date("until").AddDate(0, 0, 1).UTC(),
	}
	granted := slices.ContainsFunc(next.Grants, func(g access.Grant) bool { return slices.Contains(g.Procedures, s.Procedure) })
	switch {
	case !granted:
		return misfilled("procedure", "Kết nối không có quyền khai thác cho thủ tục này.", "the connection has no grant for this procedure")
	case next.Seal(s.Procedure, w.now) != nil:
		return misfilled("procedure", "Thủ tục này đang được niêm kín: hãy bỏ niêm kín trước khi đặt lại.", "this procedure is sealed already: lift that seal first")
	case s.Class == access.Delayed && s.Days == 0:
		return misfilled("days", "Hãy ghi số ngày hiện chậm.", "say how many days later it is shown")
	case s.Class == access.Withheld && s.Days != 0:
		return misfilled("days", "Chỉ ghi số ngày khi chọn hiện chậm.", "leave it empty: this seal has its own end")
	case !s.Until.After(w.now):
		return misfilled("until", "Ngày này đã qua.", "that day is over")
	case s.Until.Sub(w.now) > MaxSealTerm:
		return misfilled("until", "Không quá %d ngày.", "at most %d days from now", int(MaxSealTerm.Hours()/24))
	}
	next.Seals = append(slices.DeleteFunc(slices.Clone(next.Seals), func(o access.Seal) bool { return !w.now.Before(o.Until) }), s)
	w.members["procedure"], w.members["class"], w.members["until"] = s.Procedure, string(s.Class), moment(s.Until)
	w.members["basis"], w.members["decision"] = s.Basis.VI, w.in.text("decision")
	if s.Days > 0 {
		w.members["days"] = int64(s.Days)
	}
	w.stand(access.ChangeConnection, next.ID, &next)
	return nil
}

var unsealForm = Form{
	{Name: "procedure", Label: access.Text{VI: "Mã thủ tục", EN: "Procedure"}, Type: TypeLine, Required: true, Max: 60},
}

// unseal ends a seal before its day: accesses from now on are shown. Those made
// under it have their own time in their entries, which nobody changes.
func unseal(w *work) error {
	next := *w.dir.Connection(w.m.Connection)
	procedure := w.in.text("procedure")
	if next.Seal(procedure, w.now) == nil {
		return refuse(fault.Conflict, "Thủ tục này không bị niêm kín.", "this procedure is not sealed: there is nothing to lift")
	}
	next.Seals = slices.DeleteFunc(slices.Clone(next.Seals), func(o access.Seal) bool { return o.Procedure == procedure })
	w.members["procedure"] = procedure
	w.stand(access.ChangeConnection, next.ID, &next)
	return nil
}
