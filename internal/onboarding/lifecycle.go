package onboarding

import (
	"slices"

	"dancu/internal/access"
	"dancu/internal/onboarding/catalogue"
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
		Form: agencyForm, Prefill: agencyAsItIs, Event: EventAgencyChanged, Do: correctAgency,
		Label: access.Text{VI: "Sửa thông tin đăng ký", EN: "Correct the registration"},
	},
	{
		Kind: KindSystem, Name: "correct", From: []State{Registered}, By: []Duty{Operator}, Reason: true,
		Form: systemForm, Prefill: systemAsItIs, Event: EventSystemChanged, Do: correctSystem,
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
		Form: approveForm, Prefill: soleAuthority, Event: EventApplicationApproved, Do: approveApplication,
		Closes: []TaskKind{TaskApplicationDecide}, Opens: []TaskKind{TaskGrantAccept},
		Tell:  []Telling{{"application.approved", Agency}},
		Label: access.Text{VI: "Chấp thuận", EN: "Approve"}, Law: "47/2020/NĐ-CP Art. 35",
	},
	{
		Kind: KindApplication, Name: "accept", From: []State{Approved}, To: Accepted, By: []Duty{Agency}, Fresh: true,
		Form: acceptForm, Prefill: offered, Event: EventGrantAccepted, Do: acceptGrant, Closes: []TaskKind{TaskGrantAccept},
		Tell:  []Telling{{"grant.accepted", Operator}},
		Label: access.Text{VI: "Chấp nhận quyền khai thác", EN: "Accept the grant"}, Law: "47/2020/NĐ-CP Art. 37",
	},
	{
		Kind: KindApplication, Name: "withdraw", From: []State{Draft, Submitted, Returned, Approved}, To: Withdrawn, By: []Duty{Agency},
		Reason: true, Event: EventApplicationWithdrawn,
		Label: access.Text{VI: "Rút hồ sơ", EN: "Withdraw"},
	},

	// Undertaking and agreement (Decree 47/2020/NĐ-CP Art. 37-39).
	{
		Kind: KindCommitment, Name: "fix", From: []State{Draft}, To: Fixed, By: []Duty{Agency, Operator}, Event: EventCommitmentFixed, Do: fixCommitment,
		Opens: []TaskKind{TaskSign}, Tell: []Telling{{"commitment.sign", Agency}},
		Label: access.Text{VI: "Chốt văn bản để ký", EN: "Fix the text to be signed"},
	},
	{
		Kind: KindCommitment, Name: "reopen", From: []State{Fixed}, To: Draft, By: []Duty{Agency, Operator}, Event: EventCommitmentReopened, Do: reopenCommitment,
		Closes: []TaskKind{TaskSign},
		Label:  access.Text{VI: "Sửa lại văn bản", EN: "Change the text"},
	},
	{
		Kind: KindCommitment, Name: "sign", From: []State{Fixed}, To: Signed, By: []Duty{Agency}, Fresh: true, Form: signForm, Prefill: signs,
		Event: EventCommitmentSigned, Do: sign, Closes: []TaskKind{TaskSign}, Opens: []TaskKind{TaskAcceptCommitment},
		Tell:  []Telling{{"commitment.signed", Operator}},
		Label: access.Text{VI: "Ký bằng tài khoản người đại diện", EN: "Sign with the signatory's account"}, Law: "47/2020/NĐ-CP Art. 37",
	},
	{
		Kind: KindCommitment, Name: "sign-file", From: []State{Fixed}, To: Signed, By: []Duty{Agency}, Form: signFileForm,
		Event: EventCommitmentSigned, Prepare: checkSignedFile, Do: signFile, Closes: []TaskKind{TaskSign}, Opens: []TaskKind{TaskAcceptCommitment},
		Tell:  []Telling{{"commitment.signed", Operator}},
		Label: access.Text{VI: "Nộp tệp đã ký số", EN: "Give a signed file"}, Law: "47/2020/NĐ-CP Art. 37",
	},
	{
		Kind: KindCommitment, Name: "accept", From: []State{Signed}, To: InForce, By: []Duty{Operator}, Fresh: true, Form: acceptCommitmentForm,
		Event: EventCommitmentAccepted, Do: acceptCommitment, Closes: []TaskKind{TaskAcceptCommitment, TaskSignAgain},
		Tell:  []Telling{{"commitment.accepted", Agency}},
		Label: access.Text{VI: "Tiếp nhận, ký", EN: "Accept and sign"}, Law: "47/2020/NĐ-CP Art. 37",
	},
	{
		Kind: KindCommitment, Name: "return", From: []State{Signed}, To: Draft, By: []Duty{Operator}, Reason: true,
		Event: EventCommitmentReturned, Do: reopenCommitment, Closes: []TaskKind{TaskAcceptCommitment}, Tell: []Telling{{"commitment.returned", Agency}},
		Label: access.Text{VI: "Trả lại", EN: "Return"},
	},
	{
		Kind: KindCommitment, Name: "outdate", From: []State{InForce}, By: []Duty{Itself}, Event: EventCommitmentOutdated, Do: outdateCommitment,
		Opens: []TaskKind{TaskSignAgain}, Tell: []Telling{{"commitment.renew", Agency}},
		Label: access.Text{VI: "Yêu cầu ký lại theo mẫu mới", EN: "Ask for it to be signed again"}, Law: "47/2020/NĐ-CP Art. 38",
	},
	{
		Kind: KindCommitment, Name: "withdraw", From: []State{Draft, Fixed, Signed}, To: Withdrawn, By: []Duty{Agency, Operator}, Reason: true,
		Event: EventCommitmentWithdrawn,
		Label: access.Text{VI: "Huỷ", EN: "Withdraw"},
	},

	// Assessment of information security (Circular 46/2022/TT-BCA Art. 6).
	{
		Kind: KindAssessment, Name: "start", From: []State{Ordered}, To: Running, By: []Duty{Assessor}, Form: startForm,
		Event: EventAssessmentStarted, Do: startAssessment,
		Label: access.Text{VI: "Bắt đầu đánh giá", EN: "Start"}, Law: "46/2022/TT-BCA Art. 6.2",
	},
	{
		Kind: KindAssessment, Name: "conclude", From: []State{Running}, To: Passed, Or: []State{Findings}, By: []Duty{Assessor},
		Event: EventAssessmentConcluded, Do: concludeAssessment, Closes: []TaskKind{TaskAssess}, MayOpen: []TaskKind{TaskCorrect, TaskCertify},
		Tell:  []Telling{{"assessment.concluded", Agency}},
		Label: access.Text{VI: "Kết luận", EN: "Conclude"}, Law: "46/2022/TT-BCA Art. 6.2",
	},
	{
		Kind: KindAssessment, Name: "correct", From: []State{Findings}, By: []Duty{Agency}, Form: correctForm,
		Event: EventFindingCorrected, Do: correctFinding, Opens: []TaskKind{TaskRecheck}, MayClose: []TaskKind{TaskCorrect},
		Tell:  []Telling{{"assessment.corrected", Assessor}},
		Label: access.Text{VI: "Báo cáo khắc phục một phát hiện", EN: "Report a corrective action"},
	},
	{
		Kind: KindAssessment, Name: "recheck", From: []State{Findings}, Or: []State{Passed}, By: []Duty{Assessor}, Form: recheckForm,
		Event: EventFindingRechecked, Do: recheckFinding, MayClose: []TaskKind{TaskRecheck}, MayOpen: []TaskKind{TaskCorrect, TaskCertify},
		Label: access.Text{VI: "Kiểm tra lại một phát hiện", EN: "Re-check a finding"},
	},
	{
		Kind: KindAssessment, Name: "certify", From: []State{Passed}, To: Certified, By: []Duty{Assessor}, Fresh: true, Form: certifyForm,
		Event: EventAssessmentCertified, Do: certify, Closes: []TaskKind{TaskCertify}, Tell: []Telling{{"assessment.certified", Agency}, {"assessment.certified", Operator}},
		Label: access.Text{VI: "Cấp chứng nhận", EN: "Issue the certificate"}, Law: "46/2022/TT-BCA Art. 6.4",
	},
	{
		Kind: KindAssessment, Name: "exempt", From: []State{Ordered}, To: Certified, By: []Duty{Assessor}, Fresh: true, Form: exemptForm,
		Event: EventAssessmentExempted, Do: exempt, Closes: []TaskKind{TaskExempt, TaskAssess}, Tell: []Telling{{"assessment.certified", Agency}},
		Label: access.Text{VI: "Ghi nhận miễn kiểm tra", EN: "Record the exemption"}, Law: "46/2022/TT-BCA Art. 6.4",
	},
	{
		Kind: KindAssessment, Name: "fail", From: []State{Running, Findings}, To: Failed, By: []Duty{Assessor}, Reason: true,
		Event: EventAssessmentFailed, Do: failAssessment, Tell: []Telling{{"assessment.failed", Agency}, {"assessment.failed", Supervisor}},
		Label: access.Text{VI: "Kết luận không đạt", EN: "Fail"}, Law: "46/2022/TT-BCA Art. 6.2",
	},
	{
		Kind: KindAssessment, Name: "cancel", From: []State{Ordered, Running}, To: Cancelled, By: []Duty{Assessor, Supervisor}, Reason: true,
		Event: EventAssessmentCancelled,
		Label: access.Text{VI: "Huỷ", EN: "Cancel"},
	},
	{
		Kind: KindAssessment, Name: "revoke", From: []State{Certified}, To: Revoked, By: []Duty{Assessor, Supervisor}, Reason: true,
		Event: EventAssessmentRevoked, Do: failAssessment, Tell: []Telling{{"assessment.revoked", Agency}},
		Label: access.Text{VI: "Thu hồi chứng nhận", EN: "Revoke the certificate"},
	},

	// Change reports (Circular 46/2022/TT-BCA Art. 6.2).
	{
		Kind: KindChange, Name: "declare", From: []State{Draft}, To: Declared, By: []Duty{Agency, Operator}, Event: EventChangeDeclared, Do: declareChange,
		MayOpen: []TaskKind{TaskChangeReview},
		Tell:    []Telling{{"change.declared", Operator}, {"change.declared", Agency}},
		Label:   access.Text{VI: "Gửi báo cáo thay đổi", EN: "Declare the change"}, Law: "46/2022/TT-BCA Art. 6.2",
	},
	{
		Kind: KindChange, Name: "overrule", From: []State{Declared}, By: []Duty{Operator, Supervisor}, Reason: true, Form: overruleForm,
		Event: EventChangeOverruled, Do: overruleChange, Tell: []Telling{{"change.decided", Agency}},
		Label: access.Text{VI: "Quyết định hệ quả khác", EN: "Decide otherwise"},
	},
	{
		Kind: KindChange, Name: "close", From: []State{Declared}, To: Closed, By: []Duty{Operator}, Event: EventChangeClosed, Do: closeChange,
		Closes: []TaskKind{TaskChangeReview}, Tell: []Telling{{"change.closed", Agency}},
		Label: access.Text{VI: "Hoàn tất", EN: "Close"},
	},
	{
		Kind: KindChange, Name: "withdraw", From: []State{Draft}, To: Withdrawn, By: []Duty{Agency, Operator}, Reason: true, Event: EventChangeWithdrawn,
		Label: access.Text{VI: "Rút", EN: "Withdraw"},
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
		Kind: KindConnection, Name: "seal", From: []State{drafted, active, suspended}, By: []Duty{Supervisor}, Confirm: []Duty{Operator, Supervisor},
		Reason: true, Form: sealForm, Event: EventConnectionSealed, Do: seal,
		Label: access.Text{VI: "Niêm kín lượt tra cứu theo thủ tục", EN: "Seal accesses for a procedure"},
	},
	{
		Kind: KindConnection, Name: "unseal", From: []State{drafted, active, suspended}, By: []Duty{Supervisor}, Confirm: []Duty{Operator, Supervisor},
		Reason: true, Form: unsealForm, Event: EventConnectionUnsealed, Do: unseal,
		Label: access.Text{VI: "Bỏ niêm kín lượt tra cứu", EN: "Lift a seal"},
	},
	{
		Kind: KindConnection, Name: "ask-end", From: []State{drafted, active, suspended}, By: []Duty{Agency}, Reason: true,
		Event: EventConnectionEndAsked, Opens: []TaskKind{TaskEndDecide}, Tell: []Telling{{"connection.end-asked", Operator}},
		Label: access.Text{VI: "Đề nghị chấm dứt kết nối", EN: "Ask to end it"}, Law: "47/2020/NĐ-CP Art. 44",
	},
	{
		Kind: KindConnection, Name: "decline-end", From: []State{drafted, active, suspended}, By: []Duty{Supervisor, Operator}, Reason: true,
		Event: EventConnectionEndRefused, Do: declineEnd, Closes: []TaskKind{TaskEndDecide}, Tell: []Telling{{"connection.end-declined", Agency}},
		Label: access.Text{VI: "Không chấp thuận chấm dứt", EN: "Decline to end it"}, Law: "47/2020/NĐ-CP Art. 44",
	},
	{
		Kind: KindConnection, Name: "end", From: []State{drafted, active, suspended}, To: ended, By: []Duty{Supervisor, Operator, Machine}, Reason: true,
		Form: endForm, Event: EventConnectionEnded, Do: end, Closes: []TaskKind{TaskEndDecide}, Tell: []Telling{{"connection.ended", Agency}},
		Label: access.Text{VI: "Chấm dứt kết nối", EN: "End"}, Law: "47/2020/NĐ-CP Art. 44",
	},

	// Inspections (Circular 46/2022/TT-BCA Art. 6.4).
	{
		Kind: KindInspection, Name: "replan", From: []State{Planned}, By: []Duty{Inspector}, Reason: true, Form: planForm,
		Event: EventInspectionReplanned, Do: replanInspection, Opens: []TaskKind{TaskInspectionAnnounce},
		Label: access.Text{VI: "Sửa kế hoạch, quyết định", EN: "Change the plan"},
	},
	{
		Kind: KindInspection, Name: "announce", From: []State{Planned}, To: Announced, By: []Duty{Inspector}, Form: announceForm,
		Event: EventInspectionAnnounced, Do: announceInspection, Closes: []TaskKind{TaskInspectionAnnounce},
		Tell:  []Telling{{"inspection.announced", Agency}},
		Label: access.Text{VI: "Gửi kế hoạch, quyết định cho cơ quan", EN: "Send it to the agency"}, Law: "03/2017/TT-BTTTT Art. 11.5",
	},
	{
		Kind: KindInspection, Name: "start", From: []State{Announced}, To: Ongoing, By: []Duty{Inspector}, Form: onsiteStartForm,
		Event: EventInspectionStarted, Do: startInspection,
		Label: access.Text{VI: "Bắt đầu kiểm tra", EN: "Begin on site"},
	},
	{
		Kind: KindInspection, Name: "leave", From: []State{Ongoing}, By: []Duty{Inspector}, Form: onsiteForm,
		Event: EventInspectionLeft, Do: endOnsite, Opens: []TaskKind{TaskInspectionConclude},
		Label: access.Text{VI: "Kết thúc kiểm tra trực tiếp", EN: "End on site"}, Law: "03/2017/TT-BTTTT Art. 11",
	},
	{
		Kind: KindInspection, Name: "draft", From: []State{Ongoing, Reported}, To: Reported, By: []Duty{Inspector},
		Event: EventInspectionDrafted, Do: draftReport, Opens: []TaskKind{TaskInspectionComment},
		Tell:  []Telling{{"inspection.report", Agency}},
		Label: access.Text{VI: "Gửi dự thảo báo cáo lấy ý kiến", EN: "Send the draft report for comments"}, Law: "03/2017/TT-BTTTT Art. 11",
	},
	{
		Kind: KindInspection, Name: "comment", From: []State{Reported}, By: []Duty{Agency}, Form: commentForm,
		Event: EventInspectionCommented, Do: commentReport, Closes: []TaskKind{TaskInspectionComment},
		Tell:  []Telling{{"inspection.commented", Inspector}},
		Label: access.Text{VI: "Cho ý kiến về dự thảo", EN: "Comment on the draft"}, Law: "03/2017/TT-BTTTT Art. 11",
	},
	{
		Kind: KindInspection, Name: "conclude", From: []State{Reported}, To: Concluded, Or: []State{Closed}, By: []Duty{Inspector}, Form: concludeForm,
		Event: EventInspectionConcluded, Do: concludeInspection, Closes: []TaskKind{TaskInspectionComment, TaskInspectionConclude},
		MayOpen: []TaskKind{TaskInspectionFollowUp, TaskSuspensionDecide},
		Tell:    []Telling{{"inspection.concluded", Agency}},
		Label:   access.Text{VI: "Ban hành kết luận", EN: "Conclude"}, Law: "03/2017/TT-BTTTT Art. 11",
	},
	{
		Kind: KindInspection, Name: "follow-up", From: []State{Concluded}, To: FollowedUp, By: []Duty{Agency}, Form: followUpForm,
		Event: EventInspectionFollowedUp, Do: followUpInspection, Closes: []TaskKind{TaskInspectionFollowUp}, Opens: []TaskKind{TaskInspectionCheck},
		Tell:  []Telling{{"inspection.followup", Inspector}},
		Label: access.Text{VI: "Báo cáo khắc phục", EN: "Report the follow-up"},
	},
	{
		Kind: KindInspection, Name: "return", From: []State{FollowedUp}, To: Concluded, By: []Duty{Inspector}, Reason: true,
		Event: EventInspectionReturned, Closes: []TaskKind{TaskInspectionCheck}, Opens: []TaskKind{TaskInspectionFollowUp},
		Tell:  []Telling{{"inspection.returned", Agency}},
		Label: access.Text{VI: "Yêu cầu khắc phục tiếp", EN: "Ask for more"},
	},
	{
		Kind: KindInspection, Name: "propose-suspension", From: []State{Ongoing, Concluded, FollowedUp}, By: []Duty{Inspector}, Reason: true,
		Event: EventSuspensionProposed, Opens: []TaskKind{TaskSuspensionDecide}, Tell: []Telling{{"suspension.proposed", Supervisor}},
		Label: access.Text{VI: "Kiến nghị tạm ngừng kết nối", EN: "Propose to suspend the connection"}, Law: "47/2020/NĐ-CP Art. 43.5",
	},
	{
		Kind: KindInspection, Name: "decide-suspension", From: []State{Ongoing, Reported, Concluded, FollowedUp}, By: []Duty{Supervisor}, Reason: true,
		Form: suspensionDecisionForm, Event: EventSuspensionDecided, Do: decideSuspension, Closes: []TaskKind{TaskSuspensionDecide},
		Label: access.Text{VI: "Quyết định về kiến nghị tạm ngừng", EN: "Decide on the proposed suspension"}, Law: "47/2020/NĐ-CP Art. 43.5",
	},
	{
		Kind: KindInspection, Name: "close", From: []State{Concluded, FollowedUp}, To: Closed, By: []Duty{Inspector}, Form: closeInspectionForm,
		Event: EventInspectionClosed, Do: closeInspection, Closes: []TaskKind{TaskInspectionCheck},
		Tell:  []Telling{{"inspection.closed", Agency}},
		Label: access.Text{VI: "Kết thúc", EN: "Close"},
	},
	{
		Kind: KindInspection, Name: "cancel", From: []State{Planned}, To: Cancelled, By: []Duty{Inspector}, Reason: true, Event: EventInspectionCancelled,
		Label: access.Text{VI: "Huỷ", EN: "Cancel"},
	},
	{
		Kind: KindInspection, Name: "cancel", From: []State{Announced}, To: Cancelled, By: []Duty{Inspector}, Reason: true, Event: EventInspectionCancelled,
		Tell:  []Telling{{"inspection.cancelled", Agency}},
		Label: access.Text{VI: "Huỷ", EN: "Cancel"},
	},

	// Maintenance (Decree 47/2020/NĐ-CP Art. 43.3).
	{
		Kind: KindMaintenance, Name: "move", From: []State{Announced}, By: []Duty{Supervisor, Machine}, Reason: true, Form: prolongForm,
		Event: EventMaintenanceMoved, Do: changeRestore, Opens: []TaskKind{TaskMaintenanceEnd},
		Label: access.Text{VI: "Đổi thời điểm dự kiến khôi phục", EN: "Change the expected end"}, Law: "47/2020/NĐ-CP Art. 43.3",
	},
	{
		Kind: KindMaintenance, Name: "cancel", From: []State{Announced}, To: Cancelled, By: []Duty{Supervisor, Machine}, Reason: true,
		Event: EventMaintenanceCancelled, Do: cancelMaintenance,
		Label: access.Text{VI: "Huỷ", EN: "Cancel"},
	},
	{
		Kind: KindMaintenance, Name: "over", From: []State{Announced}, To: Over, By: []Duty{Supervisor, Machine, Itself},
		Event: EventMaintenanceOver, Do: endMaintenance, Closes: []TaskKind{TaskMaintenanceEnd},
		Label: access.Text{VI: "Đã khôi phục dịch vụ", EN: "Services are restored"},
	},

	// Incidents.
	{
		Kind: KindIncident, Name: "take", From: []State{Opened}, To: Taken, By: []Duty{Operator, Assessor, Supervisor, Inspector},
		Event: EventIncidentTaken, Do: takeIncident, Closes: []TaskKind{TaskIncidentTake}, Opens: []TaskKind{TaskIncidentResolve},
		Label: access.Text{VI: "Nhận xử lý", EN: "Take it"},
	},
	{
		Kind: KindIncident, Name: "explain", From: []State{Opened, Taken}, By: []Duty{Agency}, Form: explainForm,
		Event: EventIncidentExplained, Do: explainIncident, Closes: []TaskKind{TaskChangeDeclare}, Tell: []Telling{{"incident.explained", Supervisor}},
		Label: access.Text{VI: "Giải trình", EN: "Explain"}, Law: "46/2022/TT-BCA Art. 6.2",
	},
	{
		Kind: KindIncident, Name: "declared", From: []State{Opened, Taken}, By: []Duty{Itself}, Form: settledForm,
		Event: EventIncidentDeclared, Do: declareIncident, Closes: []TaskKind{TaskChangeDeclare}, Tell: []Telling{{"incident.explained", Supervisor}},
		Label: access.Text{VI: "Ghi nhận đã khai báo thay đổi", EN: "Note that the change was declared"}, Law: "46/2022/TT-BCA Art. 6.2",
	},
	{
		Kind: KindIncident, Name: "settle", From: []State{Opened, Taken}, To: Resolved, By: []Duty{Itself}, Form: settledForm,
		Event: EventIncidentResolved, Do: settleIncident, Tell: []Telling{{"incident.resolved", Agency}},
		Label: access.Text{VI: "Kết thúc do đã khai báo thay đổi", EN: "End it, since the change is declared"}, Law: "46/2022/TT-BCA Art. 6.2",
	},
	{
		Kind: KindIncident, Name: "propose-suspension", From: []State{Taken}, By: []Duty{Operator, Assessor, Supervisor, Inspector}, Reason: true,
		Event: EventSuspensionProposed, Do: needConnection, Opens: []TaskKind{TaskSuspensionDecide}, Tell: []Telling{{"suspension.proposed", Supervisor}},
		Label: access.Text{VI: "Kiến nghị tạm ngừng kết nối", EN: "Propose to suspend the connection"}, Law: "47/2020/NĐ-CP Art. 43.5",
	},
	{
		Kind: KindIncident, Name: "decide-suspension", From: []State{Taken}, By: []Duty{Supervisor}, Reason: true,
		Form: suspensionDecisionForm, Event: EventSuspensionDecided, Do: decideSuspension, Closes: []TaskKind{TaskSuspensionDecide},
		Label: access.Text{VI: "Quyết định về kiến nghị tạm ngừng", EN: "Decide on the proposed suspension"}, Law: "47/2020/NĐ-CP Art. 43.5",
	},
	{
		Kind: KindIncident, Name: "resolve", From: []State{Taken}, To: Resolved, By: []Duty{Operator, Assessor, Supervisor, Inspector}, Form: resolveForm,
		Event: EventIncidentResolved, Do: resolveIncident, Closes: []TaskKind{TaskIncidentResolve}, Tell: []Telling{{"incident.resolved", Agency}},
		Label: access.Text{VI: "Kết thúc xử lý", EN: "Resolve"},
	},

	// Reports on use (Decree 47/2020/NĐ-CP Art. 51).
	{
		Kind: KindUseReport, Name: "submit", From: []State{Asked, Returned, Refused}, To: Submitted, By: []Duty{Agency},
		Event: EventUseReportSubmitted, Do: submitUseReport, Closes: []TaskKind{TaskUseReport, TaskSuspensionDecide}, Opens: []TaskKind{TaskUseReportExamine},
		Tell:  []Telling{{"usereport.submitted", Operator}},
		Label: access.Text{VI: "Gửi báo cáo", EN: "Submit the report"}, Law: "47/2020/NĐ-CP Art. 51",
	},
	{
		Kind: KindUseReport, Name: "refuse", From: []State{Asked, Returned}, To: Refused, By: []Duty{Agency}, Reason: true,
		Event: EventUseReportRefused, Closes: []TaskKind{TaskUseReport}, Opens: []TaskKind{TaskSuspensionDecide}, Tell: []Telling{{"usereport.refused", Supervisor}},
		Label: access.Text{VI: "Từ chối báo cáo", EN: "Refuse to report"},
	},
	{
		Kind: KindUseReport, Name: "escalate", From: []State{Asked, Returned}, By: []Duty{Operator, Inspector, Supervisor}, Reason: true,
		Event: EventUseReportEscalated, Do: escalateUseReport, Opens: []TaskKind{TaskSuspensionDecide}, Tell: []Telling{{"suspension.proposed", Supervisor}},
		Label: access.Text{VI: "Chuyển xem xét tạm ngừng vì quá hạn", EN: "Hand it on because it is overdue"}, Law: "47/2020/NĐ-CP Art. 51",
	},
	{
		Kind: KindUseReport, Name: "decide-suspension", From: []State{Asked, Returned, Refused}, By: []Duty{Supervisor}, Reason: true,
		Form: suspensionDecisionForm, Event: EventSuspensionDecided, Do: decideSuspension, Closes: []TaskKind{TaskSuspensionDecide},
		Label: access.Text{VI: "Quyết định về việc tạm ngừng", EN: "Decide on the suspension"}, Law: "47/2020/NĐ-CP Art. 51",
	},
	{
		Kind: KindUseReport, Name: "return", From: []State{Submitted}, To: Returned, By: []Duty{Operator, Inspector, Supervisor}, Reason: true,
		Event: EventUseReportReturned, Do: returnUseReport, Closes: []TaskKind{TaskUseReportExamine}, Opens: []TaskKind{TaskUseReport},
		Tell:  []Telling{{"usereport.returned", Agency}},
		Label: access.Text{VI: "Yêu cầu báo cáo lại", EN: "Ask again"}, Law: "47/2020/NĐ-CP Art. 51",
	},
	{
		Kind: KindUseReport, Name: "accept", From: []State{Submitted}, To: Accepted, By: []Duty{Operator, Inspector, Supervisor}, Reason: true,
		Event: EventUseReportAccepted, Closes: []TaskKind{TaskUseReportExamine}, Tell: []Telling{{"usereport.accepted", Agency}},
		Label: access.Text{VI: "Chấp nhận báo cáo", EN: "Accept the report"},
	},
	{
		Kind: KindUseReport, Name: "close", From: []State{Refused}, To: Closed, By: []Duty{Supervisor}, Reason: true,
		Event: EventUseReportClosed, Do: closeUseReport,
		Label: access.Text{VI: "Kết thúc, không có báo cáo", EN: "Close without a report"},
	},
	{
		Kind: KindUseReport, Name: "withdraw", From: []State{Asked, Returned}, To: Withdrawn, By: []Duty{Operator, Inspector, Supervisor}, Reason: true,
		Event: EventUseReportWithdrawn, Tell: []Telling{{"usereport.withdrawn", Agency}},
		Label: access.Text{VI: "Rút yêu cầu", EN: "Withdraw"},
	},

	// Breaches of personal data (Decree 13/2023/NĐ-CP Art. 23).
	{
		Kind: KindBreach, Name: "notice", From: []State{Opened, Notified}, To: Notified, By: []Duty{Agency, Operator, Supervisor}, Form: breachNoticeForm,
		Event: EventBreachNotified, Do: noticeBreach, Closes: []TaskKind{TaskBreachNotice, TaskBreachNoticeOwn, TaskBreachComplete},
		MayOpen: []TaskKind{TaskBreachComplete, TaskBreachSubjects, TaskBreachSubjectsOwn},
		Label:   access.Text{VI: "Ghi nhận thông báo gửi A05", EN: "Record a notice to A05"}, Law: "13/2023/NĐ-CP Art. 23; 91/2025/QH15 Art. 23",
	},
	{
		Kind: KindBreach, Name: "tell", From: []State{Opened, Notified}, By: []Duty{Agency, Operator, Supervisor}, Form: breachSubjectsForm,
		Event: EventBreachTold, Do: tellSubjects, Closes: []TaskKind{TaskBreachSubjects, TaskBreachSubjectsOwn},
		Label: access.Text{VI: "Ghi nhận đã thông báo cho chủ thể dữ liệu", EN: "Record that the subjects were told"}, Law: "356/2025/NĐ-CP",
	},
	{
		Kind: KindBreach, Name: "minutes", From: []State{Opened, Notified}, By: []Duty{Agency, Operator, Supervisor}, Form: breachMinutesForm,
		Event: EventBreachMinuted, Do: minuteBreach, Closes: []TaskKind{TaskBreachMinutes},
		Label: access.Text{VI: "Lập biên bản xác nhận", EN: "Record the minutes"}, Law: "13/2023/NĐ-CP Art. 23",
	},
	{
		Kind: KindBreach, Name: "close", From: []State{Notified}, To: Closed, By: []Duty{Supervisor}, Form: closeBreachForm,
		Event: EventBreachClosed, Do: closeBreach,
		Label: access.Text{VI: "Kết thúc", EN: "Close"}, Law: "356/2025/NĐ-CP",
	},
	{
		Kind: KindBreach, Name: "dismiss", From: []State{Opened}, To: Dismissed, By: []Duty{Supervisor}, Reason: true,
		Event: EventBreachDismissed, Do: dismissBreach,
		Label: access.Text{VI: "Xác định không phải vi phạm", EN: "Find that it is no breach"},
	},
}

// kinds is every kind of matter.
var kinds = []*KindInfo{
	&agencyKind, &systemKind, &connectionKind, &applicationKind, &commitmentKind, &assessmentKind, &changeKind,
	&inspectionKind, &maintenanceKind, &incidentKind, &useReportKind, &breachKind,
}

// tasks is every kind of task. Clocks are named in the catalogue.
var tasks = []TaskInfo{
	{TaskApplicationDecide, access.Text{VI: "Xem xét, trả lời hồ sơ đề nghị kết nối", EN: "Decide the application"}, "47/2020/NĐ-CP Art. 35", Operator, catalogue.ClockApplicationDecision},
	{TaskApplicationMend, access.Text{VI: "Bổ sung hồ sơ đề nghị kết nối", EN: "Mend the application"}, "", Agency, catalogue.ClockApplicationMore},
	{TaskGrantAccept, access.Text{VI: "Chấp nhận quyền khai thác", EN: "Accept the grant"}, "47/2020/NĐ-CP Art. 37", Agency, ""},
	{TaskSign, access.Text{VI: "Ký cam kết, thoả thuận", EN: "Sign the undertaking or agreement"}, "47/2020/NĐ-CP Art. 37", Agency, ""},
	{TaskSignAgain, access.Text{VI: "Ký lại theo mẫu mới", EN: "Sign again, by the new version"}, "", Agency, ""},
	{TaskAcceptCommitment, access.Text{VI: "Tiếp nhận cam kết, thoả thuận đã ký", EN: "Accept what was signed"}, "", Operator, ""},
	{TaskAssess, access.Text{VI: "Thực hiện đánh giá an toàn thông tin", EN: "Assess the system"}, "46/2022/TT-BCA Art. 6.2", Assessor, ""},
	{TaskExempt, access.Text{VI: "Xem xét hồ sơ miễn kiểm tra", EN: "Decide on the exemption"}, "46/2022/TT-BCA Art. 6.4", Assessor, ""},
	{TaskCorrect, access.Text{VI: "Khắc phục các phát hiện", EN: "Correct the findings"}, "46/2022/TT-BCA Art. 6.2", Agency, catalogue.ClockCorrective},
	{TaskRecheck, access.Text{VI: "Kiểm tra lại phát hiện đã khắc phục", EN: "Re-check what was corrected"}, "", Assessor, ""},
	{TaskCertify, access.Text{VI: "Cấp chứng nhận đánh giá", EN: "Issue the certificate"}, "46/2022/TT-BCA Art. 6.4", Assessor, ""},
	{TaskChangeReview, access.Text{VI: "Xem xét báo cáo thay đổi", EN: "Review the change report"}, "46/2022/TT-BCA Art. 6.2", Operator, ""},
	{TaskCertificate, access.Text{VI: "Cấp chứng thư số theo CSR", EN: "Issue the certificate of the request"}, "", Operator, ""},
	{TaskSuspensionNotice, access.Text{VI: "Thông báo tạm ngừng cho cơ quan khai thác", EN: "Notify the agency of the suspension"}, "47/2020/NĐ-CP Art. 43.5", Supervisor, catalogue.ClockSuspensionNotice},
	{TaskSuspensionReview, access.Text{VI: "Xem xét kết quả khắc phục", EN: "Review the remedy"}, "", Supervisor, ""},
	{TaskLockReview, access.Text{VI: "Làm rõ nguyên nhân khoá kết nối", EN: "Find out why the connection was locked"}, "", Supervisor, catalogue.ClockLockNotice},
	{TaskEndDecide, access.Text{VI: "Xem xét đề nghị chấm dứt kết nối", EN: "Decide on the end that was asked for"}, "47/2020/NĐ-CP Art. 44", Operator, ""},
	{TaskSuspensionDecide, access.Text{VI: "Quyết định về kiến nghị tạm ngừng kết nối", EN: "Decide on the suspension that was proposed"}, "47/2020/NĐ-CP Art. 43.5", Supervisor, ""},
	{TaskInspectionPlan, access.Text{VI: "Lập kế hoạch kiểm tra định kỳ hằng năm", EN: "Plan the yearly inspection"}, "46/2022/TT-BCA Art. 6.4.c", Inspector, ""},
	{TaskInspectionAnnounce, access.Text{VI: "Gửi kế hoạch, quyết định kiểm tra cho cơ quan", EN: "Send the plan or decision to the agency"}, "03/2017/TT-BTTTT Art. 11.5", Inspector, ""},
	{TaskInspectionComment, access.Text{VI: "Góp ý dự thảo báo cáo kiểm tra", EN: "Comment on the draft report"}, "03/2017/TT-BTTTT Art. 11", Agency, catalogue.ClockInspectionComments},
	{TaskInspectionConclude, access.Text{VI: "Ban hành kết luận kiểm tra", EN: "Issue the conclusion"}, "03/2017/TT-BTTTT Art. 11", Inspector, ""},
	{TaskInspectionFollowUp, access.Text{VI: "Khắc phục và báo cáo theo kết luận kiểm tra", EN: "Follow up the findings and report"}, "46/2022/TT-BCA Art. 6.4", Agency, catalogue.ClockInspectionFollowUp},
	{TaskInspectionCheck, access.Text{VI: "Kiểm tra kết quả khắc phục", EN: "Check the follow-up"}, "", Inspector, ""},
	{TaskMaintenanceEnd, access.Text{VI: "Khôi phục dịch vụ đúng thời điểm đã thông báo", EN: "Restore the services when announced"}, "47/2020/NĐ-CP Art. 43.3", Supervisor, ""},
	{TaskIncidentTake, access.Text{VI: "Nhận xử lý sự cố", EN: "Take the incident"}, "", Supervisor, ""},
	{TaskIncidentResolve, access.Text{VI: "Xử lý, kết thúc sự cố", EN: "Resolve the incident"}, "", Supervisor, ""},
	{TaskChangeDeclare, access.Text{VI: "Giải trình, khai báo thay đổi", EN: "Explain or declare the change"}, "46/2022/TT-BCA Art. 6.2", Agency, catalogue.ClockChangeDeclare},
	{TaskUseReport, access.Text{VI: "Báo cáo tình hình khai thác", EN: "Report on the use"}, "47/2020/NĐ-CP Art. 51", Agency, catalogue.ClockUseReport},
	{TaskUseReportExamine, access.Text{VI: "Xem xét báo cáo tình hình khai thác", EN: "Examine the report on use"}, "47/2020/NĐ-CP Art. 51", Operator, ""},
	{TaskBreachNotice, access.Text{VI: "Thông báo vi phạm dữ liệu cá nhân cho A05 trong 72 giờ", EN: "Notify A05 of the breach within 72 hours"}, "13/2023/NĐ-CP Art. 23; 91/2025/QH15 Art. 23", Agency, ""},
	{TaskBreachNoticeOwn, access.Text{VI: "Thông báo vi phạm dữ liệu cá nhân của đơn vị cho A05 trong 72 giờ", EN: "Notify A05 of the register’s breach within 72 hours"}, "13/2023/NĐ-CP Art. 23; 91/2025/QH15 Art. 23", Supervisor, ""},
	{TaskBreachComplete, access.Text{VI: "Thông báo giai đoạn tiếp theo cho A05", EN: "Complete the notice to A05"}, "13/2023/NĐ-CP Art. 23", Supervisor, ""},
	{TaskBreachSubjects, access.Text{VI: "Thông báo cho chủ thể dữ liệu", EN: "Tell the subjects"}, "356/2025/NĐ-CP", Agency, ""},
	{TaskBreachSubjectsOwn, access.Text{VI: "Thông báo cho chủ thể dữ liệu về vi phạm của đơn vị", EN: "Tell the subjects of the register’s breach"}, "356/2025/NĐ-CP", Supervisor, ""},
	{TaskBreachMinutes, access.Text{VI: "Lập biên bản xác nhận vi phạm", EN: "Take the minutes of the breach"}, "13/2023/NĐ-CP Art. 23", Supervisor, ""},
}

// The kinds of task.
const (
	TaskApplicationDecide TaskKind = "application.decide"
	TaskApplicationMend   TaskKind = "application.mend"
	TaskGrantAccept       TaskKind = "grant.accept"
	TaskSign              TaskKind = "commitment.sign"
	TaskSignAgain         TaskKind = "commitment.sign-again"
	TaskAcceptCommitment  TaskKind = "commitment.accept"
	TaskAssess            TaskKind = "assessment.assess"
	TaskExempt            TaskKind = "assessment.exempt"
	TaskCorrect           TaskKind = "assessment.correct"
	TaskRecheck           TaskKind = "assessment.recheck"
	TaskCertify           TaskKind = "assessment.certify"
	TaskChangeReview      TaskKind = "change.review"
	TaskCertificate       TaskKind = "certificate.issue"
	TaskSuspensionNotice  TaskKind = "suspension.notice"
	TaskSuspensionReview  TaskKind = "suspension.review"
	TaskLockReview        TaskKind = "lock.review"
	TaskEndDecide         TaskKind = "connection.end"

	TaskSuspensionDecide   TaskKind = "suspension.decide"
	TaskInspectionPlan     TaskKind = "inspection.plan"
	TaskInspectionAnnounce TaskKind = "inspection.announce"
	TaskInspectionComment  TaskKind = "inspection.comment"
	TaskInspectionConclude TaskKind = "inspection.conclude"
	TaskInspectionFollowUp TaskKind = "inspection.follow-up"
	TaskInspectionCheck    TaskKind = "inspection.check"
	TaskMaintenanceEnd     TaskKind = "maintenance.end"
	TaskIncidentTake       TaskKind = "incident.take"
	TaskIncidentResolve    TaskKind = "incident.resolve"
	TaskChangeDeclare      TaskKind = "change.declare"
	TaskUseReport          TaskKind = "usereport.answer"
	TaskUseReportExamine   TaskKind = "usereport.examine"
	TaskBreachNotice       TaskKind = "breach.notice"
	TaskBreachNoticeOwn    TaskKind = "breach.notice-own"
	TaskBreachComplete     TaskKind = "breach.complete"
	TaskBreachSubjects     TaskKind = "breach.subjects"
	TaskBreachSubjectsOwn  TaskKind = "breach.subjects-own"
	TaskBreachMinutes      TaskKind = "breach.minutes"
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
