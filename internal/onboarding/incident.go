package onboarding

import (
	"cmp"
	"slices"
	"time"

	"dancu/internal/access"
	"dancu/internal/fault"
)

// The states of an incident, besides [Opened].
const (
	Taken    State = "taken"
	Resolved State = "resolved"
)

// incidentKind: something that the log showed, or that somebody reported: an
// undeclared change, a lock, a lapsed assessment, a problem of security. dancu
// opens the first three by itself.
var incidentKind = KindInfo{
	Kind:  KindIncident,
	Title: access.Text{VI: "Sự cố", EN: "Incident"}, Many: access.Text{VI: "Sự cố", EN: "Incidents"},
	Law: "46/2022/TT-BCA Art. 6; 1785/TCTTKĐA", First: Opened, By: []Duty{Agency, Operator, Supervisor, Inspector, Assessor},
	Open: incidentForm, Opening: openIncident, Event: EventIncidentOpened, Opens: []TaskKind{TaskIncidentTake},
	MayOpen: []TaskKind{TaskChangeDeclare, TaskLockReview},
	Tell:    []Telling{{"incident.opened", Supervisor}},
	States: []StateInfo{
		{Opened, access.Text{VI: "Chưa có người xử lý", EN: "nobody has taken it yet"}, false},
		{Taken, access.Text{VI: "Đang xử lý", EN: "being handled"}, false},
		{Resolved, access.Text{VI: "Đã xử lý", EN: "resolved"}, true},
	},
}

// What incidents are about.
const (
	incidentUndeclared = "undeclared" // a client build or key that was not assessed
	incidentLock       = "lock"       // a connection was locked for its volume
	incidentLapsed     = "lapsed"     // an active connection's assessment ended
	incidentSecurity   = "security"   // reported by people
	incidentMisuse     = "misuse"
	incidentOther      = "other"
)

// byItself are those that only dancu opens.
var byItself = []string{incidentUndeclared, incidentLock, incidentLapsed}

var incidentForm = Form{
	{
		Name: "kind", Label: access.Text{VI: "Loại sự cố", EN: "Kind"}, Type: TypeChoice, Required: true,
		Choices: func(Around) []Choice {
			return []Choice{
				{incidentSecurity, access.Text{VI: "Mất an ninh, an toàn thông tin", EN: "A problem of security"}},
				{incidentMisuse, access.Text{VI: "Khai thác sai mục đích, dùng công cụ chưa được đánh giá", EN: "Use for another purpose, or of an unassessed tool"}},
				{incidentOther, access.Text{VI: "Sự cố khác", EN: "Another incident"}},
				{incidentUndeclared, access.Text{VI: "Thay đổi chưa khai báo (do hệ thống phát hiện)", EN: "Undeclared change (found by dancu)"}},
				{incidentLock, access.Text{VI: "Kết nối bị khoá (do hệ thống phát hiện)", EN: "Locked connection (found by dancu)"}},
				{incidentLapsed, access.Text{VI: "Đánh giá an toàn hết hiệu lực (do hệ thống phát hiện)", EN: "Lapsed assessment (found by dancu)"}},
			}
		},
	},
	{Name: "at", Label: access.Text{VI: "Thời điểm phát hiện", EN: "When it was found"}, Type: TypeMoment, Required: true},
	{Name: "what", Label: access.Text{VI: "Mô tả", EN: "What happened"}, Type: TypeText, Required: true, Min: 20, Help: access.Text{VI: "Không ghi thông tin cá nhân của công dân.", EN: "Write no citizen's personal data."}},
	{Name: "measures", Label: access.Text{VI: "Đã xử lý ban đầu", EN: "What was done at once"}, Type: TypeText},
	{Name: "documents", Label: access.Text{VI: "Tài liệu", EN: "Documents"}, Type: TypeFiles},
}

func openIncident(w *work) error {
	kind := w.in.text("kind")
	switch {
	case w.by.Duty != Itself && slices.Contains(byItself, kind):
		return misfilled("kind", "Loại này do hệ thống tự lập: hãy chọn loại khác.", "dancu opens these by itself: choose another kind")
	case w.in.moment("at").After(w.now):
		return misfilled("at", "Thời điểm phát hiện không thể ở tương lai.", "it cannot have been found in the future")
	}
	if s := w.dir.System(w.m.System); s != nil {
		w.m.Title = s.Name.VI
	} else if a := w.dir.Agency(w.m.Agency); a != nil {
		w.m.Title = a.Name.VI
	}
	w.m.put("report", w.in)
	w.members["incident"] = kind
	w.params["since"] = moment(w.in.moment("at"))
	var from origin
	if _, err := w.m.read("origin", &from); err != nil {
		return err
	}
	if from.Key != "" {
		w.members["key"] = from.Key
	}
	switch kind {
	case incidentUndeclared:
		// The agency is told how to declare it, and has a time for it.
		w.row.Tell = append(slices.Clone(w.row.Tell), Telling{"change.undeclared", Agency})
		w.opens(TaskChangeDeclare)
	case incidentLock:
		w.row.Tell = append(slices.Clone(w.row.Tell), Telling{"connection.locked", Agency})
		if c := w.dir.Connection(w.m.Connection); c != nil {
			w.params["limit"] = number(int(c.Limit.Calls))
		}
		w.after = append(w.after, func() error { return w.beginOn(MatterOf(KindConnection, w.m.Connection), TaskLockReview) })
	case incidentLapsed:
		w.row.Tell = append(slices.Clone(w.row.Tell), Telling{"assessment.lapsed", Agency})
		cert, err := w.o.certificationOf(w.ctx, w.tx, w.m.System)
		if err != nil {
			return err
		}
		w.params["certificate"] = cmp.Or(cert.Number, "-")
	}
	return nil
}

// beginOn begins a task on another matter of the same agency, unless one of its
// kind is open there.
func (w *work) beginOn(matter string, kind TaskKind) error {
	open, err := selectTasks(w.ctx, w.tx, taskQuery{matter: matter, kind: string(kind), open: true, limit: 1})
	if err != nil || len(open) > 0 {
		return err
	}
	info := taskOf(kind)
	due := time.Time{}
	if info.Clock != "" {
		due = w.o.deadline(w.now, info.Clock)
	}
	return insertTask(w.ctx, w.tx.Tx, &Task{ID: newID(), Kind: kind, Matter: matter, Owner: info.Owner, Agency: w.m.Agency, Opened: w.now, Due: due})
}

func takeIncident(w *work) error {
	w.m.put("taken", map[string]string{"by": w.by.Actor.ID, "at": moment(w.now)})
	return nil
}

var explainForm = Form{
	{
		Name: "intended", Label: access.Text{VI: "Nguyên nhân theo cơ quan", EN: "How the agency explains it"}, Type: TypeChoice, Required: true,
		Choices: func(Around) []Choice {
			return []Choice{
				{"yes", access.Text{VI: "Thay đổi có chủ đích, đã hoặc sẽ báo cáo thay đổi", EN: "An intended change, which is or will be reported"}},
				{"no", access.Text{VI: "Không phải do cơ quan chủ ý", EN: "It was not intended"}},
				{"unknown", access.Text{VI: "Đang xác minh", EN: "Being looked into"}},
			}
		},
	},
	{Name: "text", Label: access.Text{VI: "Giải trình", EN: "Explanation"}, Type: TypeText, Required: true, Min: 20},
	{Name: "change", Label: access.Text{VI: "Mã báo cáo thay đổi", EN: "Id of the change report"}, Law: "46/2022/TT-BCA Art. 6.2", Type: TypeLine, Max: 100},
	{Name: "documents", Label: access.Text{VI: "Tài liệu", EN: "Documents"}, Type: TypeFiles},
}

func explainIncident(w *work) error {
	if err := w.linked("change", w.in.text("change"), KindChange); err != nil {
		return err
	}
	w.m.put("explanation", w.in)
	return nil
}

// linked refuses a link to a matter that is not there, is of another kind, or
// concerns another agency.
func (w *work) linked(field, id string, kind Kind) error {
	if id == "" {
		return nil
	}
	m, err := w.o.matter(w.ctx, w.tx, w.dir, id)
	if err != nil {
		return err
	}
	if m == nil || m.Kind != kind || w.m.Agency != "" && m.Agency != w.m.Agency {
		return misfilled(field, "Không có hồ sơ “%s” phù hợp của cơ quan này.", "the agency has no such matter %q", clip(id))
	}
	return nil
}

var resolveForm = Form{
	{Name: "cause", Label: access.Text{VI: "Nguyên nhân", EN: "Cause"}, Type: TypeText, Required: true, Min: 10},
	{Name: "measures", Label: access.Text{VI: "Biện pháp đã thực hiện", EN: "Measures"}, Type: TypeText, Required: true, Min: 10},
	{Name: "change", Label: access.Text{VI: "Báo cáo thay đổi liên quan", EN: "The change report it led to"}, Type: TypeLine, Max: 100},
	{Name: "connection", Label: access.Text{VI: "Kết nối bị tạm ngừng vì sự cố này", EN: "The connection suspended for it"}, Law: "47/2020/NĐ-CP Art. 43.5", Type: TypeLine, Max: maxID},
	{Name: "documents", Label: access.Text{VI: "Tài liệu", EN: "Documents"}, Type: TypeFiles},
}

// resolveIncident closes it. What it was about must be over: a lock lifted, a
// proposal decided.
func resolveIncident(w *work) error {
	if err := w.linked("change", w.in.text("change"), KindChange); err != nil {
		return err
	}
	if id := w.in.text("connection"); id != "" {
		if err := w.linked("connection", MatterOf(KindConnection, id), KindConnection); err != nil {
			return err
		}
		if w.dir.Connection(id).State == access.Active {
			return misfilled("connection", "Kết nối này không bị tạm ngừng.", "that connection is not suspended")
		}
	}
	open, err := selectTasks(w.ctx, w.tx, taskQuery{matter: w.m.ID, kind: string(TaskSuspensionDecide), open: true, limit: 1})
	if err != nil {
		return err
	}
	if len(open) > 0 {
		return refuse(fault.Conflict, "Kiến nghị tạm ngừng kết nối chưa được quyết định.", "the proposal to suspend the connection has not been decided")
	}
	report, err := w.savedPart("report", incidentForm)
	if err != nil {
		return err
	}
	if c := w.dir.Connection(w.m.Connection); report.text("kind") == incidentLock && c != nil && c.State != access.Ended {
		var from origin
		if _, err := w.m.read("origin", &from); err != nil {
			return err
		}
		if c.Lock.By != access.Unlocked && c.Lock.Epoch == from.Epoch {
			return refuse(fault.Conflict, "Kết nối vẫn đang bị khoá: hãy mở khoá trước.", "the connection is still locked: unlock it first")
		}
	}
	w.m.put("resolution", w.in)
	return nil
}
