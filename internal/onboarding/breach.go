package onboarding

import (
	"slices"
	"time"

	"dancu/internal/access"
	"dancu/internal/fault"
	"dancu/internal/onboarding/catalogue"
)

// The states of a breach.
const (
	Opened    State = "open"
	Notified  State = "notified"
	Dismissed State = "dismissed"
)

// breachKind: a breach of the protection of personal data, at the register or
// at an agency. The first notice goes to the authority within 72 hours of the
// finding and may be completed in phases; minutes are taken; the file is kept.
var breachKind = KindInfo{
	Kind:  KindBreach,
	Title: access.Text{VI: "Vi phạm quy định bảo vệ dữ liệu cá nhân", EN: "Personal-data breach"}, Many: access.Text{VI: "Vi phạm dữ liệu cá nhân", EN: "Personal-data breaches"},
	Law: "13/2023/NĐ-CP Art. 23; 91/2025/QH15 Art. 23", First: Opened, By: []Duty{Agency, Operator, Supervisor, Inspector, Assessor},
	Open: breachForm, Opening: openBreach, Event: EventBreachOpened, Opens: []TaskKind{TaskBreachMinutes},
	MayOpen: []TaskKind{TaskBreachNotice, TaskBreachNoticeOwn, TaskBreachSubjects, TaskBreachSubjectsOwn},
	Tell:    []Telling{{"breach.opened", Supervisor}, {"breach.opened", Agency}},
	States: []StateInfo{
		{Opened, access.Text{VI: "Mới phát hiện, chưa thông báo", EN: "found, not notified yet"}, false},
		{Notified, access.Text{VI: "Đã thông báo cho A05", EN: "A05 was notified"}, false},
		{Closed, access.Text{VI: "Đã kết thúc", EN: "closed"}, true},
		{Dismissed, access.Text{VI: "Không phải vi phạm", EN: "no breach after all"}, true},
	},
}

// The kinds of data that a breach may touch. It is for the law to say of which
// the subjects must be told; [Settings.TellSubjects] holds it.
const (
	DataIdentity   = "identity"
	DataContact    = "contact"
	DataFamily     = "family"
	DataDocuments  = "documents"
	DataBiometrics = "biometrics"
	DataLocation   = "location"
	DataOther      = "other"
)

// BreachData returns the kinds of data that a breach may be of.
func BreachData() (out []string) {
	for _, c := range breachData(Around{}) {
		out = append(out, c.Value)
	}
	return out
}

func breachData(Around) []Choice {
	return []Choice{
		{DataIdentity, access.Text{VI: "Thông tin nhân thân, số định danh", EN: "Identity, personal number"}},
		{DataContact, access.Text{VI: "Nơi cư trú, liên hệ", EN: "Residence, contact"}},
		{DataFamily, access.Text{VI: "Quan hệ gia đình, hộ gia đình", EN: "Family, household"}},
		{DataDocuments, access.Text{VI: "Hình ảnh giấy tờ, thông tin tài khoản định danh", EN: "Images of documents, e-identification accounts"}},
		{DataBiometrics, access.Text{VI: "Sinh trắc học", EN: "Biometrics"}},
		{DataLocation, access.Text{VI: "Vị trí", EN: "Location"}},
		{DataOther, access.Text{VI: "Dữ liệu khác", EN: "Other data"}},
	}
}

var breachForm = Form{
	{Name: "found", Label: access.Text{VI: "Thời điểm phát hiện", EN: "When it was found"}, Law: "13/2023/NĐ-CP Art. 23", Type: TypeMoment, Required: true, Help: access.Text{VI: "Thời hạn 72 giờ tính từ thời điểm này.", EN: "The 72 hours count from here."}},
	{
		Name: "where", Label: access.Text{VI: "Xảy ra tại", EN: "Where it happened"}, Type: TypeChoice, Required: true,
		Choices: func(Around) []Choice {
			return []Choice{
				{"agency", access.Text{VI: "Cơ quan khai thác", EN: "At the agency"}},
				{"register", access.Text{VI: "Cơ quan quản lý cơ sở dữ liệu", EN: "At the register"}},
			}
		},
	},
	{Name: "nature", Label: access.Text{VI: "Tính chất, hành vi vi phạm", EN: "Nature, and the act"}, Law: "13/2023/NĐ-CP Art. 23", Type: TypeText, Required: true, Min: 20},
	{Name: "data", Label: access.Text{VI: "Loại dữ liệu", EN: "Kinds of data"}, Law: "13/2023/NĐ-CP Art. 23", Type: TypeMany, Required: true, Choices: breachData},
	{Name: "people", Label: access.Text{VI: "Số người liên quan (ước tính)", EN: "People concerned (estimate)"}, Type: TypeNumber, Max: 200_000_000},
	{Name: "measures", Label: access.Text{VI: "Biện pháp đã thực hiện ngay", EN: "Measures taken at once"}, Type: TypeText},
}

func openBreach(w *work) error {
	found := w.in.moment("found")
	at := w.in.text("where")
	switch {
	case found.After(w.now):
		return misfilled("found", "Thời điểm phát hiện không thể ở tương lai.", "it cannot have been found in the future")
	case found.Before(w.longAgo()):
		return misfilled("found", "Thời điểm phát hiện đã quá 5 năm.", "that was more than 5 years ago")
	case at == "agency" && w.m.Agency == "":
		return refuse(fault.Invalid, "Hãy cho biết cơ quan nào.", "say which agency it concerns")
	case at == "register" && w.by.Duty == Agency:
		return misfilled("where", "Cơ quan báo cáo vi phạm tại cơ quan mình; nếu nghi ngờ ở nơi khác, hãy báo cáo sự cố.", "an agency reports its own; about the register, report an incident")
	}
	w.m.Title = day(found)
	w.m.put("breach", w.in)
	notice, told := w.breachTasks()
	due := w.o.deadline(found, catalogue.ClockBreachNotice)
	w.due[notice] = due
	w.opens(notice)
	if w.mustTell(w.in.list("data")) {
		w.due[told] = w.o.deadline(found, catalogue.ClockBreachSubjects)
		w.opens(told)
	}
	w.members["found"], w.members["due"], w.members["where"] = moment(found), moment(due), at
	w.breachParams(found, due)
	return nil
}

// breachParams are what notices of a breach take: never what it was about.
func (w *work) breachParams(found, due time.Time) {
	w.params["since"], w.params["ends"] = moment(found), moment(due)
	w.params["agency"] = "-"
	if a := w.dir.Agency(w.m.Agency); a != nil {
		w.params["agency"] = a.Code
	}
}

// ownBreach refuses an agency that would act about a breach at the register.
func (w *work) ownBreach() error {
	if notice, _ := w.breachTasks(); w.by.Duty == Agency && notice != TaskBreachNotice {
		return refuse(fault.Forbidden, "Vi phạm này xảy ra tại cơ quan quản lý cơ sở dữ liệu.", "this breach happened at the register: it is not the agency's to handle")
	}
	return nil
}

// breachTasks are the notice to the authority and to the subjects: whose they
// are depends on where it happened.
func (w *work) breachTasks() (notice, subjects TaskKind) {
	v, _ := breachForm.Read(w.m.sections()["breach"], w.around(), false)
	if v.text("where") == "agency" {
		return TaskBreachNotice, TaskBreachSubjects
	}
	return TaskBreachNoticeOwn, TaskBreachSubjectsOwn
}

// mustTell reports whether the subjects have to be told of a breach of these
// kinds of data.
func (w *work) mustTell(data []string) bool {
	return slices.ContainsFunc(data, func(d string) bool { return slices.Contains(w.o.set.TellSubjects, d) })
}

var breachNoticeForm = Form{
	{Name: "at", Label: access.Text{VI: "Thời điểm gửi thông báo cho A05", EN: "When the notice went to A05"}, Type: TypeMoment, Required: true},
	{Name: "letter", Label: access.Text{VI: "Số văn bản, hình thức gửi", EN: "Number of the letter, how it was sent"}, Type: TypeLine, Required: true, Max: 200},
	{
		Name: "late", Label: access.Text{VI: "Lý do thông báo chậm", EN: "Why it is late"}, Law: "13/2023/NĐ-CP Art. 23", Type: TypeText, Max: maxText,
		Help: access.Text{VI: "Bắt buộc nếu quá 72 giờ.", EN: "Needed after 72 hours."},
	},
	{Name: "time", Label: access.Text{VI: "Thời gian xảy ra", EN: "When it happened"}, Law: "13/2023/NĐ-CP Art. 23", Type: TypeLine, Required: true},
	{Name: "place", Label: access.Text{VI: "Địa điểm", EN: "Where"}, Law: "13/2023/NĐ-CP Art. 23", Type: TypeLine, Required: true},
	{Name: "act", Label: access.Text{VI: "Hành vi", EN: "The act"}, Law: "13/2023/NĐ-CP Art. 23", Type: TypeText, Required: true},
	{Name: "who", Label: access.Text{VI: "Tổ chức, cá nhân thực hiện", EN: "Who did it"}, Law: "13/2023/NĐ-CP Art. 23", Type: TypeText, Required: true, Help: access.Text{VI: "Nếu chưa rõ, ghi “Chưa xác định”.", EN: "If it is not known, write so."}},
	{Name: "data", Label: access.Text{VI: "Các loại dữ liệu", EN: "Kinds of data"}, Law: "13/2023/NĐ-CP Art. 23", Type: TypeMany, Required: true, Choices: breachData},
	{Name: "number", Label: access.Text{VI: "Số lượng dữ liệu, số người", EN: "Number of records and of people"}, Law: "13/2023/NĐ-CP Art. 23", Type: TypeLine, Required: true},
	{Name: "contact", Label: access.Text{VI: "Đầu mối liên hệ (chức danh, đơn vị)", EN: "Contact (office and unit)"}, Law: "13/2023/NĐ-CP Art. 23", Type: TypeLine, Required: true},
	{Name: "consequences", Label: access.Text{VI: "Hậu quả, thiệt hại có thể xảy ra", EN: "Consequences"}, Law: "13/2023/NĐ-CP Art. 23", Type: TypeText, Required: true},
	{Name: "measures", Label: access.Text{VI: "Biện pháp giải quyết, giảm thiểu tác hại", EN: "Measures"}, Law: "13/2023/NĐ-CP Art. 23", Type: TypeText, Required: true},
	{
		Name: "more", Label: access.Text{VI: "Còn thông báo tiếp theo giai đoạn", EN: "More will follow in a later phase"}, Law: "13/2023/NĐ-CP Art. 23", Type: TypeBool,
	},
	{Name: "documents", Label: access.Text{VI: "Thông báo", EN: "The notice"}, Type: TypeFiles, Required: true, Max: 10},
}

// phase is one notice that was given.
type phase struct {
	Number int    `json:"number"`
	At     string `json:"at"`
	Late   bool   `json:"late"`
	More   bool   `json:"more"`
	Notice Values `json:"notice"`
}

// noticeBreach records a notice to the authority. Only the first has the clock.
func noticeBreach(w *work) error {
	if err := w.ownBreach(); err != nil {
		return err
	}
	var had []phase
	if _, err := w.m.read("notices", &had); err != nil {
		return err
	}
	at := w.in.moment("at")
	v, _ := breachForm.Read(w.m.sections()["breach"], w.around(), false)
	found := v.moment("found")
	due := w.o.deadline(found, catalogue.ClockBreachNotice)
	late := len(had) == 0 && at.After(due)
	switch {
	case at.After(w.now):
		return misfilled("at", "Thời điểm gửi không thể ở tương lai.", "it cannot have been sent in the future")
	case at.Before(found):
		return misfilled("at", "Không thể gửi trước khi phát hiện.", "it cannot have been sent before the breach was found")
	case late && w.in.text("late") == "":
		return misfilled("late", "Đã quá 72 giờ: hãy nêu lý do chậm.", "72 hours had passed: say why it is late")
	case len(had) >= 50:
		return refuse(fault.Exhausted, "Hồ sơ đã có 50 thông báo.", "there are 50 notices already")
	}
	had = append(had, phase{len(had) + 1, moment(at), late, w.in.bool("more"), w.in})
	w.m.put("notices", had)
	w.members["phase"], w.members["late"], w.members["more"] = len(had), late, w.in.bool("more")
	// What is learned later may make it one of which the subjects are told.
	_, subjects := w.breachTasks()
	if w.mustTell(w.in.list("data")) && !w.mustTell(v.list("data")) && !w.has("subjects") {
		w.due[subjects] = w.o.deadline(w.now, catalogue.ClockBreachSubjects)
		w.opens(subjects)
	}
	if w.in.bool("more") {
		w.opens(TaskBreachComplete)
	}
	return nil
}

// has reports whether the document has a part.
func (w *work) has(part string) bool {
	_, ok := w.m.sections()[part]
	return ok
}

var breachSubjectsForm = Form{
	{Name: "at", Label: access.Text{VI: "Thời điểm thông báo cho chủ thể dữ liệu", EN: "When the subjects were told"}, Type: TypeMoment, Required: true},
	{Name: "how", Label: access.Text{VI: "Hình thức thông báo", EN: "How"}, Type: TypeLine, Required: true, Max: 200},
	{Name: "number", Label: access.Text{VI: "Số người được thông báo", EN: "How many were told"}, Type: TypeNumber, Required: true, Max: 200_000_000},
	{Name: "documents", Label: access.Text{VI: "Nội dung thông báo", EN: "What they were told"}, Type: TypeFiles, Max: 5},
}

func tellSubjects(w *work) error {
	if err := w.ownBreach(); err != nil {
		return err
	}
	if w.in.moment("at").After(w.now) {
		return misfilled("at", "Thời điểm thông báo không thể ở tương lai.", "they cannot have been told in the future")
	}
	w.m.put("subjects", w.in)
	return nil
}

var breachMinutesForm = Form{
	{Name: "at", Label: access.Text{VI: "Ngày lập biên bản", EN: "Date of the minutes"}, Type: TypeDate, Required: true},
	{Name: "text", Label: access.Text{VI: "Nội dung xác nhận", EN: "What they confirm"}, Type: TypeText, Required: true, Min: 20},
	{Name: "documents", Label: access.Text{VI: "Biên bản", EN: "Minutes"}, Type: TypeFiles, Required: true, Max: 10},
}

func minuteBreach(w *work) error {
	if err := w.ownBreach(); err != nil {
		return err
	}
	if w.in.date("at").After(w.now) {
		return misfilled("at", "Ngày lập biên bản không thể ở tương lai.", "minutes cannot be of the future")
	}
	w.m.put("minutes", w.in)
	return nil
}

var closeBreachForm = Form{
	{Name: "cause", Label: access.Text{VI: "Nguyên nhân", EN: "Cause"}, Type: TypeText, Required: true, Min: 20},
	{Name: "learned", Label: access.Text{VI: "Bài học, biện pháp phòng ngừa", EN: "What was learned, and what prevents it"}, Type: TypeText, Required: true, Min: 20},
	{Name: "documents", Label: access.Text{VI: "Tài liệu", EN: "Documents"}, Type: TypeFiles},
}

// closeBreach needs the last phase, the minutes, and the subjects told where
// the law asks for it.
func closeBreach(w *work) error {
	var notices []phase
	if _, err := w.m.read("notices", &notices); err != nil {
		return err
	}
	data := []string{}
	v, _ := breachForm.Read(w.m.sections()["breach"], w.around(), false)
	data = append(data, v.list("data")...)
	for _, p := range notices {
		n, _ := breachNoticeForm.Read(mustJSON(p.Notice), w.around(), false)
		data = append(data, n.list("data")...)
	}
	switch {
	case len(notices) == 0 || notices[len(notices)-1].More:
		return refuse(fault.Conflict, "Thông báo giai đoạn cuối cho A05 chưa được ghi nhận.", "the last phase of the notice to A05 has not been recorded")
	case !w.has("minutes"):
		return refuse(fault.Conflict, "Chưa có biên bản xác nhận.", "there are no minutes yet")
	case w.mustTell(data) && !w.has("subjects"):
		return refuse(fault.Conflict, "Chưa ghi nhận việc thông báo cho chủ thể dữ liệu.", "it is not recorded that the subjects were told")
	}
	w.m.put("closing", w.in)
	w.keepBreach()
	return nil
}

func dismissBreach(w *work) error {
	w.keepBreach()
	return nil
}

// keepBreach says until when the file must be kept at least.
func (w *work) keepBreach() {
	until := w.o.deadline(w.now, catalogue.ClockBreachFile)
	w.m.put("keepUntil", moment(until))
	w.members["keepUntil"] = moment(until)
}
