package onboarding

import (
	"time"

	"dancu/internal/access"
	"dancu/internal/fault"
	"dancu/internal/onboarding/catalogue"
)

// The states of an inspection.
const (
	Planned    State = "planned"
	Announced  State = "announced"
	Ongoing    State = "ongoing"
	Reported   State = "drafted" // the draft of its report waits for comments
	Concluded  State = "concluded"
	FollowedUp State = "followed-up"
)

// inspectionKind: the yearly and the unscheduled inspection of a connected
// system (Circular 46/2022/TT-BCA Art. 6.4). How plan, draft and conclusion
// follow each other, and in how many days, is that of the inspections of the
// levels of security; the numbers are clocks of the catalogue. An agency learns
// of an inspection when it is announced, and of its results with the draft.
var inspectionKind = KindInfo{
	Kind:  KindInspection,
	Title: access.Text{VI: "Kiểm tra", EN: "Inspection"}, Many: access.Text{VI: "Các cuộc kiểm tra", EN: "Inspections"},
	Law: "46/2022/TT-BCA Art. 6.4", First: Planned, By: []Duty{Inspector}, About: KindConnection,
	Open: planForm, Opening: openInspection, Event: EventInspectionPlanned, Opens: []TaskKind{TaskInspectionAnnounce},
	Closes: []TaskKind{TaskInspectionPlan},
	States: []StateInfo{
		{Planned, access.Text{VI: "Đã lập kế hoạch", EN: "planned"}, false},
		{Announced, access.Text{VI: "Đã thông báo", EN: "announced"}, false},
		{Ongoing, access.Text{VI: "Đang kiểm tra", EN: "under way"}, false},
		{Reported, access.Text{VI: "Lấy ý kiến về dự thảo báo cáo", EN: "draft report open for comments"}, false},
		{Concluded, access.Text{VI: "Đã kết luận, chờ khắc phục", EN: "concluded, to be followed up"}, false},
		{FollowedUp, access.Text{VI: "Đã báo cáo khắc phục", EN: "follow-up reported"}, false},
		{Closed, access.Text{VI: "Đã kết thúc", EN: "closed"}, true},
		{Cancelled, access.Text{VI: "Đã huỷ", EN: "cancelled"}, true},
	},
	Hidden: []State{Planned}, Veiled: []State{Ongoing},
	Editable: []State{Ongoing, Reported}, EditBy: []Duty{Inspector},
	Sections: []Section{resultsSection},
}

// The kinds of inspection.
const (
	inspectPeriodic    = "periodic"
	inspectUnscheduled = "unscheduled"
)

var planForm = Form{
	{
		Name: "kind", Label: access.Text{VI: "Loại kiểm tra", EN: "Kind"}, Law: "46/2022/TT-BCA Art. 6.4", Type: TypeChoice, Required: true,
		Choices: func(Around) []Choice {
			return []Choice{
				{inspectPeriodic, access.Text{VI: "Định kỳ hằng năm, theo kế hoạch", EN: "Yearly, by plan"}},
				{inspectUnscheduled, access.Text{VI: "Đột xuất, theo quyết định", EN: "Unscheduled, by decision"}},
			}
		},
	},
	{Name: "number", Label: access.Text{VI: "Số kế hoạch hoặc quyết định", EN: "Number of the plan or decision"}, Type: TypeLine, Required: true, Max: 100},
	{Name: "approved", Label: access.Text{VI: "Ngày phê duyệt", EN: "Date of approval"}, Type: TypeDate, Required: true},
	{Name: "authority", Label: access.Text{VI: "Cơ quan phê duyệt", EN: "Approved by"}, Type: TypeLine, Required: true, Max: 200},
	{
		Name: "ground", Label: access.Text{VI: "Căn cứ kiểm tra đột xuất", EN: "Ground of an unscheduled inspection"}, Law: "46/2022/TT-BCA Art. 6.4.b", Type: TypeText, Max: maxText,
		Help: access.Text{VI: "Bắt buộc với kiểm tra đột xuất.", EN: "Needed for an unscheduled inspection."},
	},
	{Name: "scope", Label: access.Text{VI: "Phạm vi, nội dung", EN: "Scope and content"}, Law: "46/2022/TT-BCA Art. 6.2", Type: TypeText, Required: true, Min: 20},
	{Name: "lead", Label: access.Text{VI: "Trưởng đoàn", EN: "Head of the team"}, Type: TypeLine, Required: true, Max: 100},
	{Name: "team", Label: access.Text{VI: "Thành viên đoàn", EN: "Members of the team"}, Type: TypeLines, Max: 30, Help: access.Text{VI: "Mỗi dòng một người, kèm đơn vị.", EN: "One a line, with their unit."}},
	{Name: "from", Label: access.Text{VI: "Kiểm tra từ ngày", EN: "From"}, Type: TypeDate, Required: true},
	{Name: "until", Label: access.Text{VI: "Đến ngày", EN: "Until"}, Type: TypeDate, Required: true},
	{Name: "documents", Label: access.Text{VI: "Kế hoạch hoặc quyết định", EN: "Plan or decision"}, Type: TypeFiles, Required: true, Max: 10},
}

// resultsSection is what was found, by the five groups of what is checked, the
// logs, and the use that is made of the connection.
var resultsSection = Section{
	Name: "results", Title: access.Text{VI: "Kết quả kiểm tra", EN: "Results"}, Law: "46/2022/TT-BCA Art. 6.2, 6.4, 8",
	Form: Form{
		{Name: "configuration", Label: access.Text{VI: "a) Cấu hình an toàn thiết bị, máy chủ, ứng dụng, cơ sở dữ liệu", EN: "a) Secure configuration of devices, servers, applications, databases"}, Law: "46/2022/TT-BCA Art. 6.2.a", Type: TypeText},
		{Name: "weaknesses", Label: access.Text{VI: "b) Mã độc, lỗ hổng, điểm yếu; thử nghiệm xâm nhập", EN: "b) Malware, vulnerabilities, weaknesses; penetration test"}, Law: "46/2022/TT-BCA Art. 6.2.b", Type: TypeText},
		{Name: "source", Label: access.Text{VI: "c) An toàn mã nguồn ứng dụng", EN: "c) Security of the source code"}, Law: "46/2022/TT-BCA Art. 6.2.c", Type: TypeText},
		{Name: "hardware", Label: access.Text{VI: "d) An ninh, an toàn phần cứng", EN: "d) Security of the hardware"}, Law: "46/2022/TT-BCA Art. 6.2.d", Type: TypeText},
		{Name: "policy", Label: access.Text{VI: "đ) Quy chế, chính sách đã ban hành", EN: "đ) Rules and policies issued"}, Law: "46/2022/TT-BCA Art. 6.2.đ", Type: TypeText},
		{Name: "logs", Label: access.Text{VI: "Nhật ký khai thác", EN: "Logs of the use"}, Law: "46/2022/TT-BCA Art. 8", Type: TypeText},
		{Name: "use", Label: access.Text{VI: "Tài khoản và việc khai thác đúng mục đích", EN: "Accounts, and use for the purpose"}, Law: "47/2020/NĐ-CP Art. 52", Type: TypeText},
		{Name: "summary", Label: access.Text{VI: "Nhận xét chung", EN: "Summary"}, Type: TypeText, Required: true, Min: 20},
		{
			Name: "findings", Label: access.Text{VI: "Tồn tại phải khắc phục", EN: "Findings to be followed up"}, Type: TypeLines, Max: 50,
			Help: access.Text{VI: "Mỗi dòng một tồn tại. Để trống: không có.", EN: "One a line. Empty: none."},
		},
		{Name: "documents", Label: access.Text{VI: "Biên bản, tài liệu", EN: "Minutes and documents"}, Type: TypeFiles},
	},
}

func openInspection(w *work) error {
	if err := w.plan(); err != nil {
		return err
	}
	if s := w.dir.System(w.m.System); s != nil {
		w.m.Title = s.Name.VI
	}
	// It is what the calendar asked for.
	connection := MatterOf(KindConnection, w.m.Connection)
	w.after = append(w.after, func() error {
		return finishTasks(w.ctx, w.tx.Tx, connection, TaskInspectionPlan, w.by.Actor.ID, w.now)
	})
	return nil
}

// plan checks and stores a plan or decision.
func (w *work) plan() error {
	from, until := w.in.date("from"), w.in.date("until")
	switch {
	case w.in.date("approved").After(w.now):
		return misfilled("approved", "Ngày phê duyệt không thể ở tương lai.", "it cannot have been approved in the future")
	case w.in.date("approved").Before(w.longAgo()):
		return misfilled("approved", "Ngày phê duyệt đã quá 5 năm.", "it was approved more than 5 years ago")
	case from.Before(w.in.date("approved")):
		return misfilled("from", "Không thể kiểm tra trước ngày phê duyệt.", "it cannot begin before it was approved")
	case until.Before(from):
		return misfilled("until", "Ngày kết thúc phải sau ngày bắt đầu.", "it must not end before it begins")
	case !until.AddDate(0, 0, 1).After(w.now):
		return misfilled("until", "Thời gian kiểm tra đã qua.", "that time is over")
	case w.in.text("kind") == inspectUnscheduled && w.in.text("ground") == "":
		return misfilled("ground", "Kiểm tra đột xuất phải nêu căn cứ.", "say why it is unscheduled")
	}
	w.m.put("plan", w.in)
	w.members["inspection"] = w.in.text("kind")
	// A decision is announced when it is carried out; a plan is sent within a
	// time of its approval.
	w.due[TaskInspectionAnnounce] = time.Time{}
	if w.in.text("kind") == inspectPeriodic {
		w.due[TaskInspectionAnnounce] = w.o.deadline(w.in.date("approved"), catalogue.ClockInspectionPlanSent)
	}
	return nil
}

func replanInspection(w *work) error { return w.plan() }

// savedPart is a part of the document that an act's form was kept as.
func (w *work) savedPart(name string, form Form) (Values, error) {
	v, problems := form.Read(w.m.sections()[name], w.around(), false)
	return v, wrongForm(problems)
}

// announceInspection sends plan or decision to the agency. A plan is sent so
// many days before the inspection begins; an unscheduled one may begin at once.
func announceInspection(w *work) error {
	plan, err := w.savedPart("plan", planForm)
	if err != nil {
		return err
	}
	from := plan.date("from")
	if !plan.date("until").AddDate(0, 0, 1).After(w.now) {
		return refuse(fault.Conflict, "Thời gian kiểm tra trong kế hoạch đã qua: hãy sửa kế hoạch.", "the time of the plan is over: change the plan first")
	}
	kind := inspectUnscheduled
	if plan.text("kind") == inspectPeriodic {
		kind = "planned"
		if last := w.o.deadline(from, catalogue.ClockInspectionPlanAhead); !w.now.Before(last) {
			return refuse(fault.Conflict, "Kế hoạch phải được gửi trước ngày %s để kiểm tra từ %s: hãy lùi ngày bắt đầu.",
				"the plan had to be sent before %s for an inspection from %s on: move its beginning", day(last), day(from))
		}
		sent := w.o.deadline(plan.date("approved"), catalogue.ClockInspectionPlanSent)
		w.members["late"] = w.now.After(sent)
	}
	w.m.put("announced", Values{"at": moment(w.now), "letter": w.in.text("letter")})
	w.params["inspection"], w.params["starts"] = kind, moment(from)
	return nil
}

var announceForm = Form{
	{Name: "letter", Label: access.Text{VI: "Số văn bản gửi", EN: "Number of the letter"}, Type: TypeLine, Max: 100},
	{Name: "documents", Label: access.Text{VI: "Văn bản gửi cơ quan", EN: "Letter to the agency"}, Type: TypeFiles, Max: 5},
}

var onsiteStartForm = Form{
	{Name: "started", Label: access.Text{VI: "Ngày công bố, bắt đầu kiểm tra", EN: "Date on which it began"}, Type: TypeDate, Required: true},
}

func startInspection(w *work) error {
	plan, err := w.savedPart("plan", planForm)
	if err != nil {
		return err
	}
	started := w.in.date("started")
	switch {
	case started.After(w.now):
		return misfilled("started", "Ngày bắt đầu không thể ở tương lai.", "it cannot have begun in the future")
	case started.Before(plan.date("from")):
		return misfilled("started", "Không thể bắt đầu trước ngày %s đã thông báo.", "it cannot begin before %s, as announced", day(plan.date("from")))
	}
	w.m.put("onsite", Values{"started": w.in.text("started")})
	return nil
}

var onsiteForm = Form{
	{Name: "ended", Label: access.Text{VI: "Ngày kết thúc kiểm tra trực tiếp", EN: "Date on which the inspection on site ended"}, Type: TypeDate, Required: true},
}

// endOnsite starts the clock of the conclusion.
func endOnsite(w *work) error {
	onsite, err := w.savedPart("onsite", append(onsiteStartForm, onsiteForm...))
	if err != nil {
		return err
	}
	ended := w.in.date("ended")
	switch {
	case ended.After(w.now):
		return misfilled("ended", "Ngày kết thúc không thể ở tương lai.", "it cannot have ended in the future")
	case ended.Before(onsite.date("started")):
		return misfilled("ended", "Ngày kết thúc phải sau ngày bắt đầu.", "it cannot have ended before it began")
	}
	onsite["ended"] = w.in.text("ended")
	w.m.put("onsite", onsite)
	w.due[TaskInspectionConclude] = w.o.deadline(ended, catalogue.ClockInspectionResult)
	return nil
}

// inspectionResults reads the results, which must be complete: something was looked at.
func (w *work) inspectionResults() (Values, error) {
	v, problems := w.m.values(&resultsSection, w.around(), true)
	items := 0
	for _, name := range []string{"configuration", "weaknesses", "source", "hardware", "policy", "logs", "use"} {
		if v.text(name) != "" {
			items++
		}
	}
	if items == 0 {
		problems = append(problems, FieldProblem{resultsSection.Name, "configuration", text("Hãy ghi kết quả của ít nhất một nội dung.", "write the result of at least one item")})
	}
	return v, wrongForm(problems)
}

// draftReport opens the draft for the comments of the inspected body.
func draftReport(w *work) error {
	onsite, err := w.savedPart("onsite", append(onsiteStartForm, onsiteForm...))
	if err != nil {
		return err
	}
	if onsite.text("ended") == "" {
		return refuse(fault.Conflict, "Hãy ghi nhận ngày kết thúc kiểm tra trực tiếp trước.", "record first when the inspection on site ended")
	}
	if _, err := w.inspectionResults(); err != nil {
		return err
	}
	until := w.o.deadline(w.now, catalogue.ClockInspectionComments)
	w.m.put("draft", map[string]any{"at": moment(w.now), "until": moment(until)})
	w.m.put("comment", nil)
	w.due[TaskInspectionComment] = until
	w.params["due"] = isoDay(until)
	return nil
}

var commentForm = Form{
	{
		Name: "agrees", Label: access.Text{VI: "Nhất trí với dự thảo", EN: "We agree with the draft"}, Type: TypeChoice, Required: true,
		Choices: func(Around) []Choice {
			return []Choice{{"yes", access.Text{VI: "Nhất trí", EN: "We agree"}}, {"no", access.Text{VI: "Có ý kiến khác", EN: "We do not agree with all of it"}}}
		},
	},
	{Name: "text", Label: access.Text{VI: "Ý kiến", EN: "Comments"}, Type: TypeText},
	{Name: "documents", Label: access.Text{VI: "Tài liệu kèm theo", EN: "Documents"}, Type: TypeFiles},
}

func commentReport(w *work) error {
	if w.in.text("agrees") == "no" && w.in.text("text") == "" {
		return misfilled("text", "Hãy nêu ý kiến của cơ quan.", "say what you do not agree with")
	}
	w.m.put("comment", w.in)
	return nil
}

var concludeForm = Form{
	{Name: "number", Label: access.Text{VI: "Số kết luận", EN: "Number of the conclusion"}, Type: TypeLine, Required: true, Max: 100},
	{Name: "text", Label: access.Text{VI: "Kết luận, kiến nghị", EN: "Conclusion and what it asks for"}, Type: TypeText, Required: true, Min: 20},
	{Name: "assess", Label: access.Text{VI: "Yêu cầu đánh giá an toàn đột xuất", EN: "Order an unscheduled assessment"}, Law: "46/2022/TT-BCA Art. 6.4.b", Type: TypeBool},
	{
		Name: "suspend", Label: access.Text{VI: "Kiến nghị tạm ngừng kết nối: lý do", EN: "Propose to suspend the connection: why"}, Law: "47/2020/NĐ-CP Art. 43.5", Type: TypeText, Max: maxText,
		Help: access.Text{VI: "Để trống: không kiến nghị.", EN: "Empty: not proposed."},
	},
	{Name: "documents", Label: access.Text{VI: "Kết luận kiểm tra", EN: "Conclusion"}, Type: TypeFiles, Required: true, Max: 10},
}

// concludeInspection issues the conclusion, after the agency has commented or
// the time for it is over. Without anything to follow up the inspection is
// closed by it.
func concludeInspection(w *work) error {
	results, err := w.inspectionResults()
	if err != nil {
		return err
	}
	var draft struct{ Until time.Time }
	if _, err := w.m.read("draft", &draft); err != nil {
		return err
	}
	if _, commented := w.m.sections()["comment"]; !commented && w.now.Before(draft.Until) {
		return refuse(fault.Conflict, "Cơ quan được góp ý đến hết ngày %s: chưa thể kết luận.", "the agency may comment until the end of %s: it cannot be concluded yet", lastDayText(draft.Until))
	}
	w.m.put("conclusion", w.in)
	findings := results.list("findings")
	w.members["findings"], w.members["assess"], w.members["suspend"] = len(findings), w.in.bool("assess"), w.in.text("suspend") != ""
	w.params["open"] = number(len(findings))
	if len(findings) > 0 {
		w.opens(TaskInspectionFollowUp)
	}
	if w.in.text("suspend") != "" {
		w.opens(TaskSuspensionDecide)
	}
	if len(findings) == 0 && w.in.text("suspend") == "" {
		w.to = Closed
	}
	if w.in.bool("assess") {
		w.after = append(w.after, func() error { return w.orderAssessment() })
	}
	return nil
}

// opens stages a task that only some acts of the row begin.
func (w *work) opens(kind TaskKind) {
	w.after = append(w.after, func() error { return w.open(kind) })
}

// orderAssessment opens the assessment that follows from the matter.
func (w *work) orderAssessment() error {
	_, err := w.begun(KindAssessment, Values{"kind": string(catalogue.Unscheduled), "track": w.trackFor(), "why": clip(w.in.text("number"))}, nil)
	return err
}

var followUpForm = Form{
	{Name: "measures", Label: access.Text{VI: "Kết quả khắc phục từng tồn tại", EN: "What was done about each finding"}, Type: TypeText, Required: true, Min: 20},
	{Name: "documents", Label: access.Text{VI: "Tài liệu chứng minh", EN: "Evidence"}, Type: TypeFiles},
}

func followUpInspection(w *work) error {
	var had []Values
	if _, err := w.m.read("followUps", &had); err != nil {
		return err
	}
	w.m.put("followUps", append(had, w.in))
	return nil
}

var closeInspectionForm = Form{
	{Name: "result", Label: access.Text{VI: "Kết quả kiểm tra việc khắc phục", EN: "What checking the follow-up showed"}, Type: TypeText, Required: true, Min: 10},
	{Name: "documents", Label: access.Text{VI: "Tài liệu", EN: "Documents"}, Type: TypeFiles},
}

// closeInspection needs every finding followed up and every proposal decided.
func closeInspection(w *work) error {
	open, err := selectTasks(w.ctx, w.tx, taskQuery{matter: w.m.ID, kind: string(TaskSuspensionDecide), open: true, limit: 1})
	if err != nil {
		return err
	}
	if len(open) > 0 {
		return refuse(fault.Conflict, "Kiến nghị tạm ngừng kết nối chưa được quyết định.", "the proposal to suspend the connection has not been decided")
	}
	if w.m.State == Concluded {
		results, err := w.inspectionResults()
		if err != nil {
			return err
		}
		if len(results.list("findings")) > 0 {
			return refuse(fault.Conflict, "Còn tồn tại chưa được báo cáo khắc phục.", "there are findings whose follow-up has not been reported")
		}
	}
	w.m.put("closing", w.in)
	return nil
}
