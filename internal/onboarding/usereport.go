package onboarding

import (
	"strconv"
	"strings"

	"dancu/internal/access"
	"dancu/internal/fault"
	"dancu/internal/onboarding/catalogue"
)

// Asked is the state of a report on use that the agency owes.
const Asked State = "asked"

// useReportKind: the register asks an agency to report on its use of a
// connection (Decree 47/2020/NĐ-CP Art. 51). Whoever does not answer may be
// suspended; that is the supervisor's to decide.
var useReportKind = KindInfo{
	Kind:  KindUseReport,
	Title: access.Text{VI: "Báo cáo tình hình khai thác", EN: "Report on use"}, Many: access.Text{VI: "Báo cáo tình hình khai thác", EN: "Reports on use"},
	Law: "47/2020/NĐ-CP Art. 51", First: Asked, By: []Duty{Operator, Supervisor, Inspector}, About: KindConnection,
	Open: askUseForm, Opening: openUseReport, Event: EventUseReportAsked, Opens: []TaskKind{TaskUseReport},
	Tell: []Telling{{"usereport.asked", Agency}},
	States: []StateInfo{
		{Asked, access.Text{VI: "Chờ cơ quan báo cáo", EN: "asked for"}, false},
		{Submitted, access.Text{VI: "Đã báo cáo, chờ xem xét", EN: "answered, to be examined"}, false},
		{Returned, access.Text{VI: "Yêu cầu báo cáo lại", EN: "asked for again"}, false},
		{Refused, access.Text{VI: "Cơ quan từ chối báo cáo", EN: "refused by the agency"}, false},
		{Accepted, access.Text{VI: "Đã chấp nhận", EN: "accepted"}, true},
		{Closed, access.Text{VI: "Đã kết thúc, không có báo cáo", EN: "closed without a report"}, true},
		{Withdrawn, access.Text{VI: "Đã rút yêu cầu", EN: "withdrawn"}, true},
	},
	Editable: []State{Asked, Returned, Refused}, EditBy: []Duty{Agency},
	Sections: useReportSections,
}

var askUseForm = Form{
	{Name: "from", Label: access.Text{VI: "Kỳ báo cáo từ ngày", EN: "Period from"}, Type: TypeDate, Required: true},
	{Name: "until", Label: access.Text{VI: "Đến ngày", EN: "Until"}, Type: TypeDate, Required: true},
	{Name: "why", Label: access.Text{VI: "Lý do yêu cầu", EN: "Why it is asked for"}, Law: "47/2020/NĐ-CP Art. 51", Type: TypeText, Required: true, Min: 20, Max: maxText},
	{Name: "questions", Label: access.Text{VI: "Nội dung cần làm rõ", EN: "What it is to make clear"}, Type: TypeLines, Max: 30, Help: access.Text{VI: "Mỗi dòng một nội dung.", EN: "One a line."}},
	{Name: "documents", Label: access.Text{VI: "Văn bản yêu cầu", EN: "Letter"}, Type: TypeFiles, Max: 5},
}

var useReportSections = []Section{
	{
		Name: "purposes", Title: access.Text{VI: "Mục đích khai thác", EN: "Purposes"}, Law: "47/2020/NĐ-CP Art. 51, 52",
		Form: Form{
			{Name: "purposes", Label: access.Text{VI: "Đã khai thác để làm gì", EN: "What the data was used for"}, Type: TypeText, Required: true, Min: 20},
			{Name: "storage", Label: access.Text{VI: "Lưu trữ, xoá dữ liệu đã nhận", EN: "Storage and deletion of what was received"}, Law: "47/2020/NĐ-CP Art. 42", Type: TypeText, Required: true},
			{Name: "onward", Label: access.Text{VI: "Đã cung cấp cho bên thứ ba", EN: "Supplied to third parties"}, Type: TypeText, Help: access.Text{VI: "Để trống: không.", EN: "Empty: none."}},
			{Name: "answers", Label: access.Text{VI: "Trả lời các nội dung cần làm rõ", EN: "Answers to what is to be made clear"}, Type: TypeText},
		},
	},
	{
		Name: "numbers", Title: access.Text{VI: "Số lượng theo thủ tục", EN: "Numbers by procedure"}, Law: "47/2020/NĐ-CP Art. 51",
		Form: Form{
			{
				Name: "procedures", Label: access.Text{VI: "Số hồ sơ và số lượt khai thác theo thủ tục", EN: "Cases and calls by procedure"}, Type: TypeLines, Required: true, Check: checkUseNumbers,
				Help: access.Text{VI: "Mỗi dòng: mã thủ tục; số hồ sơ; số lượt (1.004222; 120; 340).", EN: "One a line: procedure code; cases; calls (1.004222; 120; 340)."},
			},
		},
	},
	{
		Name: "officers", Title: access.Text{VI: "Cán bộ khai thác", EN: "Officers"}, Law: "46/2022/TT-BCA Art. 8",
		Form: Form{
			{Name: "accounts", Label: access.Text{VI: "Số tài khoản được khai thác", EN: "Accounts that may make calls"}, Type: TypeNumber, Required: true, Max: 1_000_000},
			{Name: "control", Label: access.Text{VI: "Cách cấp, thu hồi và rà soát tài khoản", EN: "How accounts are given, taken back and reviewed"}, Type: TypeText, Required: true, Min: 20},
		},
	},
	{
		Name: "irregularities", Title: access.Text{VI: "Sai phạm, bất thường", EN: "Irregularities"}, Law: "47/2020/NĐ-CP Art. 52",
		Form: Form{
			{Name: "found", Label: access.Text{VI: "Sai phạm, bất thường đã phát hiện và xử lý", EN: "Irregularities found, and what was done"}, Type: TypeText, Required: true, Help: access.Text{VI: "Nếu không có, ghi “Không”.", EN: "If there were none, write “none”."}},
			{Name: "documents", Label: access.Text{VI: "Tài liệu kèm theo", EN: "Documents"}, Type: TypeFiles},
		},
	},
}

func checkUseNumbers(v any) *access.Text {
	for _, line := range v.([]string) {
		parts := strings.Split(line, ";")
		bad := len(parts) != 3
		if !bad {
			_, err := access.ParseProcedure(strings.TrimSpace(parts[0]))
			bad = err != nil
			for _, n := range parts[1:] {
				x, err := strconv.ParseInt(strings.TrimSpace(n), 10, 64)
				bad = bad || err != nil || x < 0
			}
		}
		if bad {
			return textp("“%s”: hãy ghi mã thủ tục; số hồ sơ; số lượt (1.004222; 120; 340).", "%q: write procedure code; cases; calls (1.004222; 120; 340)", clip(line))
		}
	}
	return nil
}

func openUseReport(w *work) error {
	from, until := w.in.date("from"), w.in.date("until")
	switch {
	case until.Before(from):
		return misfilled("until", "Ngày kết thúc phải sau ngày bắt đầu.", "the period must not end before it begins")
	case until.After(w.now):
		return misfilled("until", "Kỳ báo cáo phải đã qua.", "the period must be over")
	}
	if s := w.dir.System(w.m.System); s != nil {
		w.m.Title = s.Name.VI
	}
	w.m.put("asked", w.in)
	w.useReportDue()
	return nil
}

// useReportDue starts the agency's clock.
func (w *work) useReportDue() {
	due := w.o.deadline(w.now, catalogue.ClockUseReport)
	w.due[TaskUseReport] = due
	w.params["due"] = isoDay(due)
}

// submitUseReport needs every section complete.
func submitUseReport(w *work) error {
	var wrong []FieldProblem
	for i := range w.kind.Sections {
		_, problems := w.m.values(&w.kind.Sections[i], w.around(), true)
		wrong = append(wrong, problems...)
	}
	return wrongForm(wrong)
}

func returnUseReport(w *work) error {
	w.useReportDue()
	return nil
}

// escalateUseReport hands a report that is overdue to the supervisor.
func escalateUseReport(w *work) error {
	open, err := selectTasks(w.ctx, w.tx, taskQuery{matter: w.m.ID, kind: string(TaskUseReport), open: true, limit: 1})
	if err != nil {
		return err
	}
	if len(open) > 0 && !open[0].Overdue(w.now) {
		return refuse(fault.Conflict, "Cơ quan còn thời hạn báo cáo đến hết ngày %s.", "the agency has until the end of %s to report", lastDayText(open[0].Due))
	}
	return nil
}

// closeUseReport ends one that was refused, when it was decided what follows.
func closeUseReport(w *work) error {
	open, err := selectTasks(w.ctx, w.tx, taskQuery{matter: w.m.ID, kind: string(TaskSuspensionDecide), open: true, limit: 1})
	if err != nil {
		return err
	}
	if len(open) > 0 {
		return refuse(fault.Conflict, "Việc tạm ngừng kết nối chưa được quyết định.", "it has not been decided whether the connection is suspended")
	}
	return nil
}
