package onboarding

import (
	"slices"

	"dancu/internal/access"
)

// The states of matters. A connection's are those of its standing.
const (
	Registered State = "registered" // an agency or a system that is known
	Closed     State = "closed"

	Draft     State = "draft"     // being written
	Submitted State = "submitted" // waits for the register
	Returned  State = "returned"  // more was asked for
	Approved  State = "approved"  // waits for the agency to accept the grant
	Accepted  State = "accepted"
	Refused   State = "refused"
	Withdrawn State = "withdrawn"

	active    = State(access.Active)
	suspended = State(access.Suspended)
	ended     = State(access.Ended)
	drafted   = State(access.Draft)
)

// lifecycle is the whole of it: every act on every kind of matter, from which
// states it may be done, where it leads, who may, whether it takes two, and
// what follows. What is not here cannot be done. The state diagrams of
// docs/lifecycle.md are drawn from it, the console's forms, the machine API and
// the command line are built from it, and TestLifecycle walks it at random.
var lifecycle = []Row{
	// Agencies and their systems. Who is registered stays; what changes are the
	// sections of its form.
	{
		Kind: KindAgency, Name: "correct", From: []State{Registered}, By: []Duty{Operator}, Reason: true,
		Form: agencyForm, Event: EventAgencyChanged, Do: correctAgency,
		Label: access.Text{VI: "Sửa thông tin đăng ký", EN: "Correct the registration"},
	},
	{
		Kind: KindSystem, Name: "correct", From: []State{Registered}, By: []Duty{Operator}, Reason: true,
		Form: systemForm, Event: EventSystemChanged, Do: correctSystem,
		Label: access.Text{VI: "Sửa thông tin hệ thống", EN: "Correct the system"},
	},
	{
		Kind: KindSystem, Name: "certificate", From: []State{Registered}, By: []Duty{Agency, Operator, Machine},
		Form: certificateForm, Event: EventCertificateGiven, Do: giveCertificate, Closes: []TaskKind{TaskCertificate},
		Tell:  []Telling{{"credential.rotated", Agency}},
		Label: access.Text{VI: "Nộp chứng thư số", EN: "Give a certificate"},
	},
	{
		Kind: KindSystem, Name: "csr", From: []State{Registered}, By: []Duty{Agency, Operator}, Form: csrForm,
		Event: EventCSRGiven, Do: giveCSR, Opens: []TaskKind{TaskCertificate},
		Label: access.Text{VI: "Nộp yêu cầu cấp chứng thư số (CSR)", EN: "Give a certificate request (CSR)"},
	},
	{
		Kind: KindSystem, Name: "revoke", From: []State{Registered}, By: []Duty{Agency, Operator, Supervisor, Machine}, Reason: true,
		Form: revokeForm, Event: EventCertificateRevoked, Do: revokeCertificate,
		Tell:  []Telling{{"credential.revoked", Agency}, {"credential.revoked", Operator}},
		Label: access.Text{VI: "Thu hồi chứng thư số", EN: "Revoke a certificate"},
	},

	// Request for connection and grants (Decree 47/2020/NĐ-CP Art. 35).
	{
		Kind: KindApplication, Name: "submit", From: []State{Draft, Returned}, To: Submitted, By: []Duty{Agency},
		Event: EventApplicationSubmitted, Do: submitApplication,
		Closes: []TaskKind{TaskApplicationMend}, Opens: []TaskKind{TaskApplicationDecide},
		Tell:  []Telling{{"application.submitted", Operator}, {"application.submitted", Agency}},
		Label: access.Text{VI: "Gửi hồ sơ", EN: "Submit"}, Law: "47/2020/NĐ-CP Art. 35",
	},
	{
		Kind: KindApplication, Name: "return", From: []State{Submitted}, To: Returned, By: []Duty{Operator}, Reason: true,
		Event: EventApplicationReturned, Closes: []TaskKind{TaskApplicationDecide}, Opens: []TaskKind{TaskApplicationMend},
		Tell:  []Telling{{"application.returned", Agency}},
		Label: access.Text{VI: "Yêu cầu bổ sung", EN: "Ask for more"}, Law: "47/2020/NĐ-CP Art. 35",
	},
	{
		Kind: KindApplication, Name: "refuse", From: []State{Submitted}, To: Refused, By: []Duty{Operator}, Reason: true,
		Event: EventApplicationRefused, Tell: []Telling{{"application.refused", Agency}},
		Label: access.Text{VI: "Từ chối", EN: "Refuse"}, Law: "47/2020/NĐ-CP Art. 35",
	},
	{
		Kind: KindApplication, Name: "approve", From: []State{Submitted}, To: Approved, By: []Duty{Operator}, Reason: true,
		Form: approveForm, Event: EventApplicationApproved, Do: approveApplication,
		Closes: []TaskKind{TaskApplicationDecide}, Opens: []TaskKind{TaskGrantAccept},
		Tell:  []Telling{{"application.approved", Agency}},
		Label: access.Text{VI: "Chấp thuận", EN: "Approve"}, Law: "47/2020/NĐ-CP Art. 35",
	},
	{
		Kind: KindApplication, Name: "accept", From: []State{Approved}, To: Accepted, By: []Duty{Agency}, Fresh: true,
		Form: acceptForm, Event: EventGrantAccepted, Do: acceptGrant, Closes: []TaskKind{TaskGrantAccept},
		Tell:  []Telling{{"grant.accepted", Operator}},
		Label: access.Text{VI: "Chấp nhận quyền khai thác", EN: "Accept the grant"}, Law: "47/2020/NĐ-CP Art. 37",
	},
	{
		Kind: KindApplication, Name: "withdraw", From: []State{Draft, Submitted, Returned, Approved}, To: Withdrawn, By: []Duty{Agency},
		Reason: true, Event: EventApplicationWithdrawn,
		Label: access.Text{VI: "Rút hồ sơ", EN: "Withdraw"},
	},

	// The connection itself.
	{
		Kind: KindConnection, Name: "activate", From: []State{drafted}, To: active, By: []Duty{Operator}, Confirm: []Duty{Operator, Supervisor},
		Reason: true, Event: EventConnectionActivated, Do: activate, Tell: []Telling{{"connection.activated", Agency}},
		Label: access.Text{VI: "Kích hoạt kết nối", EN: "Activate"}, Law: "46/2022/TT-BCA Art. 6",
	},
	{
		Kind: KindConnection, Name: "suspend", From: []State{drafted, active}, To: suspended, By: []Duty{Supervisor, Machine},
		Form: suspendForm, Event: EventConnectionSuspended, Do: suspend, Opens: []TaskKind{TaskSuspensionNotice},
		Tell:  []Telling{{"connection.suspended", Agency}},
		Label: access.Text{VI: "Tạm ngừng kết nối", EN: "Suspend"}, Law: "47/2020/NĐ-CP Art. 43.5",
	},
	{
		Kind: KindConnection, Name: "notified", From: []State{suspended}, By: []Duty{Supervisor}, Form: notifiedForm,
		Event: EventSuspensionNotified, Closes: []TaskKind{TaskSuspensionNotice},
		Label: access.Text{VI: "Ghi nhận đã thông báo tạm ngừng", EN: "Record that the suspension was notified"}, Law: "47/2020/NĐ-CP Art. 43.5",
	},
	{
		Kind: KindConnection, Name: "pause", From: []State{active}, To: suspended, By: []Duty{Agency}, Reason: true,
		Event: EventConnectionSuspended, Do: pause, Tell: []Telling{{"connection.suspended", Operator}, {"connection.suspended", Supervisor}},
		Label: access.Text{VI: "Tự tạm ngừng kết nối của cơ quan", EN: "Suspend our own connection"},
	},
	{
		Kind: KindConnection, Name: "remedied", From: []State{suspended}, By: []Duty{Agency}, Form: remediedForm,
		Event: EventSuspensionRemedied, Opens: []TaskKind{TaskSuspensionReview}, Tell: []Telling{{"suspension.remedied", Supervisor}},
		Label: access.Text{VI: "Báo cáo đã khắc phục", EN: "Report that it is remedied"}, Law: "47/2020/NĐ-CP Art. 43.5",
	},
	{
		Kind: KindConnection, Name: "resume", From: []State{suspended}, To: active, By: []Duty{Supervisor}, Confirm: []Duty{Operator, Supervisor},
		Reason: true, Event: EventConnectionResumed, Do: resume, Closes: []TaskKind{TaskSuspensionNotice, TaskSuspensionReview},
		Tell:  []Telling{{"connection.resumed", Agency}},
		Label: access.Text{VI: "Cho hoạt động trở lại", EN: "Resume"}, Law: "47/2020/NĐ-CP Art. 43.5",
	},
	{
		Kind: KindConnection, Name: "unlock", From: []State{drafted, active, suspended}, By: []Duty{Supervisor}, Confirm: []Duty{Operator, Supervisor},
		Reason: true, Form: unlockForm, Event: EventConnectionUnlocked, Do: unlock, Closes: []TaskKind{TaskLockReview},
		Tell:  []Telling{{"connection.unlocked", Agency}},
		Label: access.Text{VI: "Mở khoá kết nối", EN: "Unlock"},
	},
	{
		Kind: KindConnection, Name: "ask-end", From: []State{drafted, active, suspended}, By: []Duty{Agency}, Reason: true,
		Event: EventConnectionEndAsked, Opens: []TaskKind{TaskEndDecide}, Tell: []Telling{{"connection.end-asked", Operator}},
		Label: access.Text{VI: "Đề nghị chấm dứt kết nối", EN: "Ask to end it"}, Law: "47/2020/NĐ-CP Art. 44",
	},
	{
		Kind: KindConnection, Name: "end", From: []State{drafted, active, suspended}, To: ended, By: []Duty{Supervisor, Operator, Machine}, Reason: true,
		Form: endForm, Event: EventConnectionEnded, Do: end, Tell: []Telling{{"connection.ended", Agency}},
		Label: access.Text{VI: "Chấm dứt kết nối", EN: "End"}, Law: "47/2020/NĐ-CP Art. 44",
	},
}

// kinds is every kind of matter.
var kinds = []*KindInfo{&agencyKind, &systemKind, &connectionKind, &applicationKind}

// tasks is every kind of task. Clocks are named in the catalogue.
var tasks = []TaskInfo{
	{TaskApplicationDecide, access.Text{VI: "Xem xét, trả lời hồ sơ đề nghị kết nối", EN: "Decide the application"}, "47/2020/NĐ-CP Art. 35", Operator, "application.decision"},
	{TaskApplicationMend, access.Text{VI: "Bổ sung hồ sơ đề nghị kết nối", EN: "Mend the application"}, "", Agency, ""},
	{TaskGrantAccept, access.Text{VI: "Chấp nhận quyền khai thác", EN: "Accept the grant"}, "47/2020/NĐ-CP Art. 37", Agency, ""},
	{TaskCertificate, access.Text{VI: "Cấp chứng thư số theo CSR", EN: "Issue the certificate of the request"}, "", Operator, ""},
	{TaskSuspensionNotice, access.Text{VI: "Thông báo tạm ngừng cho cơ quan khai thác", EN: "Notify the agency of the suspension"}, "47/2020/NĐ-CP Art. 43.5", Supervisor, "suspension.notice"},
	{TaskSuspensionReview, access.Text{VI: "Xem xét kết quả khắc phục", EN: "Review the remedy"}, "", Supervisor, ""},
	{TaskLockReview, access.Text{VI: "Làm rõ nguyên nhân khoá kết nối", EN: "Find out why the connection was locked"}, "", Supervisor, "lock.review"},
	{TaskEndDecide, access.Text{VI: "Xem xét đề nghị chấm dứt kết nối", EN: "Decide on the end that was asked for"}, "47/2020/NĐ-CP Art. 44", Operator, ""},
}

// The kinds of task.
const (
	TaskApplicationDecide TaskKind = "application.decide"
	TaskApplicationMend   TaskKind = "application.mend"
	TaskGrantAccept       TaskKind = "grant.accept"
	TaskCertificate       TaskKind = "certificate.issue"
	TaskSuspensionNotice  TaskKind = "suspension.notice"
	TaskSuspensionReview  TaskKind = "suspension.review"
	TaskLockReview        TaskKind = "lock.review"
	TaskEndDecide         TaskKind = "connection.end"
)

// Kinds returns what there is to know of every kind of matter.
func Kinds() []*KindInfo { return kinds }

// Lifecycle returns the table. It must not be changed.
func Lifecycle() []Row { return lifecycle }

// TaskKinds returns every kind of task. It must not be changed.
func TaskKinds() []TaskInfo { return tasks }

// kindOf returns what there is to know of a kind, nil if there is none.
func kindOf(k Kind) *KindInfo {
	if i := slices.IndexFunc(kinds, func(x *KindInfo) bool { return x.Kind == k }); i >= 0 {
		return kinds[i]
	}
	return nil
}

// rowsOf returns the rows of an act.
func rowsOf(k Kind, name string) (out []*Row) {
	for i := range lifecycle {
		if r := &lifecycle[i]; r.Kind == k && r.Name == name {
			out = append(out, r)
		}
	}
	return out
}

// taskOf returns what there is to know of a kind of task.
func taskOf(k TaskKind) *TaskInfo {
	if i := slices.IndexFunc(tasks, func(x TaskInfo) bool { return x.Kind == k }); i >= 0 {
		return &tasks[i]
	}
	panic("onboarding: no task " + string(k)) // the table names only those that are there
}
