package i18n

import "dancu/internal/access"

// The texts about an agency's own usage and its own part of the log.
const (
	UsageTitle Msg = endHome + iota
	UsageLead
	UsageFrom
	UsageUntil
	UsageShow
	UsageAllConnections
	UsageTabs
	UsageByProcedure
	UsageByOfficer
	UsageByService
	UsageByConnection
	UsageByCode
	UsageNoOfficer
	UsageCalls
	UsageAnswered
	UsageRefused
	UsageRefusedNote
	UsageDisclosed
	UsagePicture
	UsageDescribe
	UsageDay
	UsageHour
	UsageMonth
	UsageNone
	UsageRows
	UsageAsOf
	OwnLogTitle
	OwnLogLead
	OwnLogReasonHint
	OwnLogNote
	OwnLogResults
	OwnLogFields

	endUsage
)

var usageTexts = map[Msg]access.Text{
	UsageTitle:          {VI: "Mức khai thác", EN: "Usage"},
	UsageLead:           {VI: "Số lượt hệ thống và cán bộ của cơ quan đã hỏi, được trả lời và bị từ chối.", EN: "How much your agency's systems and officers asked, were answered and were refused."},
	UsageFrom:           {VI: "Từ ngày", EN: "From"},
	UsageUntil:          {VI: "Đến hết ngày", EN: "Until the end of"},
	UsageShow:           {VI: "Xem", EN: "Show"},
	UsageAllConnections: {VI: "Mọi kết nối", EN: "All connections"},
	UsageTabs:           {VI: "Xem theo", EN: "Shown by"},
	UsageByProcedure:    {VI: "Thủ tục", EN: "Procedure"},
	UsageByOfficer:      {VI: "Cán bộ", EN: "Officer"},
	UsageByService:      {VI: "Dịch vụ", EN: "Service"},
	UsageByConnection:   {VI: "Kết nối", EN: "Connection"},
	UsageByCode:         {VI: "Kết quả", EN: "Result"},
	UsageNoOfficer:      {VI: "Qua hệ thống của cơ quan", EN: "Through the agency's own systems"},
	UsageCalls:          {VI: "Số lượt", EN: "Calls"},
	UsageAnswered:       {VI: "Được trả lời", EN: "Answered"},
	UsageRefused:        {VI: "Bị từ chối", EN: "Refused"},
	UsageRefusedNote:    {VI: "không tính vào hạn mức", EN: "not counted against the limit"},
	UsageDisclosed:      {VI: "Số người được cung cấp", EN: "People disclosed"},
	UsagePicture:        {VI: "Số lượt từ %s đến %s", EN: "Calls from %s to %s"},
	UsageDescribe:       {VI: "Tổng cộng %s lượt. Bảng bên cạnh có số của từng cột.", EN: "%s calls in all. The table beside it has the number of each bar."},
	UsageDay:            {VI: "Ngày", EN: "Day"},
	UsageHour:           {VI: "Giờ", EN: "Hour"},
	UsageMonth:          {VI: "Tháng", EN: "Month"},
	UsageNone:           {VI: "Không có lượt nào trong khoảng thời gian này. Hãy chọn khoảng thời gian khác.", EN: "No calls in this time. Choose another."},
	UsageRows:           {VI: "%s dòng", EN: "%s rows"},
	UsageAsOf:           {VI: "số liệu đến %s", EN: "as of %s"},
	OwnLogTitle:         {VI: "Nhật ký của cơ quan", EN: "Your agency's log"},
	OwnLogLead:          {VI: "Các lượt tra cứu, đăng nhập và thay đổi tài khoản của hệ thống và cán bộ thuộc cơ quan. Mỗi lần xem được ghi vào nhật ký.", EN: "Look-ups, sign-ins and account changes of your agency's systems and officers. Every reading goes into the log."},
	OwnLogReasonHint:    {VI: "Ví dụ: đối chiếu hồ sơ theo kế hoạch kiểm tra nội bộ số 12. Lý do được ghi vào nhật ký.", EN: "For example: comparing dossiers under internal check no. 12. The reason goes into the log."},
	OwnLogNote:          {VI: "Để trống các ô để xem tất cả, mới nhất trước. Số định danh của công dân được che.", EN: "Leave the fields empty to see all, the newest first. Citizens' numbers are masked."},
	OwnLogResults:       {VI: "Bản ghi của cơ quan", EN: "Your agency's entries"},
	OwnLogFields:        {VI: "Thông tin đã yêu cầu", EN: "What was asked for"},
}
