package i18n

import "dancu/internal/access"

// The texts of two-person acts.
const (
	ActsTitle Msg = endAgency + iota
	ActsLead
	ActsNone
	ActsWhat
	ActsBy
	ActsReason
	ActsUntil
	ActsState
	ActsConfirm
	ActsDecline
	ActsWithdraw
	ActsNote
	ActsProposed
	ActsExecuted
	ActsDeclined
	ActsLapsed
	ActsFailed
	ActsFailedNow
	ActsAllKinds
	ActsConfirmers
	ActsSecretTitle
	ActsOwn
	ActsReasonHint
	ActsPropose

	endOperator
)

var operatorTexts = map[Msg]access.Text{
	ActsTitle:       {VI: "Việc cần hai người", EN: "Two-person acts"},
	ActsLead:        {VI: "Một người đề nghị kèm lý do, một người khác xác nhận bằng xác thực bước hai vừa thực hiện. Không ai tự xác nhận đề nghị của mình.", EN: "One person proposes with a reason, another confirms with a second step made just now. Nobody confirms what they proposed."},
	ActsNone:        {VI: "Không có đề nghị nào.", EN: "There are no proposals."},
	ActsWhat:        {VI: "Việc", EN: "Act"},
	ActsBy:          {VI: "Người đề nghị", EN: "Proposed by"},
	ActsReason:      {VI: "Lý do", EN: "Reason"},
	ActsUntil:       {VI: "Hết hạn", EN: "Lapses"},
	ActsState:       {VI: "Trạng thái", EN: "State"},
	ActsConfirm:     {VI: "Xác nhận và thực hiện", EN: "Confirm and do it"},
	ActsDecline:     {VI: "Từ chối", EN: "Decline"},
	ActsWithdraw:    {VI: "Rút đề nghị", EN: "Withdraw"},
	ActsNote:        {VI: "Vì sao từ chối", EN: "Why decline"},
	ActsProposed:    {VI: "Chờ xác nhận", EN: "Waiting"},
	ActsExecuted:    {VI: "Đã thực hiện", EN: "Done"},
	ActsDeclined:    {VI: "Đã từ chối", EN: "Declined"},
	ActsLapsed:      {VI: "Đã hết hạn", EN: "Lapsed"},
	ActsFailed:      {VI: "Không thực hiện được", EN: "Could not be done"},
	ActsFailedNow:   {VI: "Không thực hiện được nữa, đề nghị đã kết thúc: %s", EN: "It can no longer be done, and the proposal has ended: %s"},
	ActsAllKinds:    {VI: "Mọi việc", EN: "All acts"},
	ActsConfirmers:  {VI: "Người xác nhận: %s khác người đề nghị", EN: "To confirm: another person, one of: %s"},
	ActsSecretTitle: {VI: "Mật khẩu một lần", EN: "One-time password"},
	ActsOwn:         {VI: "Đề nghị của ông/bà: cần người khác xác nhận.", EN: "You proposed this: another person must confirm it."},
	ActsReasonHint:  {VI: "Ít nhất 10 ký tự. Lý do đi cùng đề nghị và được ghi vào nhật ký.", EN: "At least 10 characters. The reason goes with the proposal and into the log."},
	ActsPropose:     {VI: "Đề nghị", EN: "Propose"},
}
