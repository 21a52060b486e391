package i18n

import "dancu/internal/access"

// The texts of the pages of whoever runs the register.
const (
	OpToday Msg = endExport + iota
	OpConnections
	OpConnection
	OpQueues
	OpCalendar
	OpWords
	OpEnds
	OpUse
	OpSort
	OpAny
	OpWithin
	OpUseFrom
	OpSortAgency
	OpSortEnd
	OpSortUse
	OpLocked
	OpStopped
	OpCount
	OpConnectionsNone
	OpFirstEnd
	OpEndAssessment
	OpEndCertificate
	OpEndCommitment
	OpEndGrants
	OpAnswered
	OpRefused
	OpUsual
	OpMarks
	OpNumbers
	OpPeople
	OpByHour
	OpByHourOf
	OpByHourDesc
	OpByHourUsual
	OpUsageDays
	OpUsageDesc
	OpLimitLine
	OpBehind
	OpPendingTitle
	OpNoUsual
	OpUsualNow
	OpAnsweredToday
	OpRefusedToday
	OpRefusedShare
	OpPeopleToday
	OpLockedNow
	OpTasksLate
	OpTasksOpen
	OpReady
	OpNotReady
	OpServing
	OpCheckpointBehind
	OpCheckpointNone
	OpChecked
	OpCheckNever
	OpCheckHow
	OpCheckGood
	OpCheckBad
	OpCheckKept
	OpRoom
	OpRoomEnough
	OpRoomLow
	OpRoomOut
	OpRoomOf
	OpNode
	OpAttention
	OpAttentionNone
	OpAllConnections
	OpAllTasks
	OpLogHealth
	OpEvents
	OpEventsNote
	OpEventsNone
	OpCause
	OpShare
	OpMatter
	OpRange
	OpDays
	OpLifeSteps
	OpNoGates
	OpGateGreen
	OpGateOpen
	OpByProcedure
	OpProcedure
	OpService
	OpUntil
	OpOfficers
	OpOfficersShort
	OpNone
	OpMore
	OpGrantsNone
	OpCallsNone
	OpEntriesNote
	OpEntriesNone
	OpAssessments
	OpDocuments
	OpMatters
	OpMattersNone
	OpAllMatters
	OpQueueRequests
	OpQueueChanges
	OpQueueAssessments
	OpQueueInspections
	OpQueueSuspensions
	OpQueueUnlocks
	OpQueueOthers
	OpQueueEmpty
	OpEverybody
	OpMine
	OpLateOnly
	OpMonth
	OpMonths
	OpMonday
	OpTuesday
	OpWednesday
	OpThursday
	OpFriday
	OpSaturday
	OpSunday
	OpTodayWord
	OpInspectionsOf
	OpInspectionsDue
	OpInspectionsNone
	OpDaysOf
	OpRefusals
	OpCalls
	OpPerHour
	OpPerDay
	OpPerMonth
	OpMonthHint
	OpServiceTitle
	OpNoMaintenance
	OpContacts
	OpUsageToday
	OpRefusalsNone
	endToday
)

// todayTexts are these texts in both languages.
var todayTexts = map[Msg]access.Text{
	OpToday:            {VI: "Hôm nay", EN: "Today"},
	OpConnections:      {VI: "Kết nối", EN: "Connections"},
	OpConnection:       {VI: "Kết nối", EN: "Connection"},
	OpQueues:           {VI: "Hàng đợi xử lý", EN: "Queues"},
	OpCalendar:         {VI: "Lịch kiểm tra", EN: "Inspection calendar"},
	OpWords:            {VI: "Cơ quan, hệ thống, mã", EN: "Agency, system, id"},
	OpEnds:             {VI: "Sắp hết hạn", EN: "Ends"},
	OpUse:              {VI: "Mức dùng hạn mức", EN: "Use of the limit"},
	OpSort:             {VI: "Sắp xếp theo", EN: "Sort by"},
	OpAny:              {VI: "Tất cả", EN: "Any"},
	OpWithin:           {VI: "Trong %s ngày tới", EN: "Within %s days"},
	OpUseFrom:          {VI: "Từ %d %% trở lên", EN: "%d %% or more"},
	OpSortAgency:       {VI: "Tên cơ quan", EN: "Agency"},
	OpSortEnd:          {VI: "Hết hạn trước", EN: "What ends first"},
	OpSortUse:          {VI: "Dùng nhiều nhất", EN: "What is used most"},
	OpLocked:           {VI: "Đang bị khoá", EN: "Locked"},
	OpStopped:          {VI: "Đang bị từ chối mọi lượt gọi", EN: "Every call refused"},
	OpCount:            {VI: "%s trong tổng số %s kết nối", EN: "%s of %s connections"},
	OpConnectionsNone:  {VI: "Không có kết nối nào như vậy. Hãy bỏ bớt điều kiện lọc.", EN: "There is no such connection. Take a condition away."},
	OpFirstEnd:         {VI: "Hết hạn sớm nhất", EN: "First to end"},
	OpEndAssessment:    {VI: "Đánh giá an toàn", EN: "Assessment"},
	OpEndCertificate:   {VI: "Chứng thư số", EN: "Certificate"},
	OpEndCommitment:    {VI: "Bản cam kết", EN: "Undertaking"},
	OpEndGrants:        {VI: "Quyền khai thác", EN: "Grants"},
	OpAnswered:         {VI: "Được trả lời", EN: "Answered"},
	OpRefused:          {VI: "Bị từ chối", EN: "Refused"},
	OpUsual:            {VI: "Thường lệ", EN: "Usual"},
	OpMarks:            {VI: "Sự kiện của kết nối", EN: "Events of the connection"},
	OpNumbers:          {VI: "Bảng số liệu", EN: "The numbers"},
	OpPeople:           {VI: "Số người", EN: "People"},
	OpByHour:           {VI: "Lượt gọi theo giờ", EN: "Calls by hour"},
	OpByHourOf:         {VI: "Lượt gọi theo giờ, ngày %s", EN: "Calls by hour on %s"},
	OpByHourDesc:       {VI: "Hôm nay đến giờ: %s lượt được trả lời, %s lượt bị từ chối.", EN: "So far today: %s answered, %s refused."},
	OpByHourUsual:      {VI: "Thường lệ đến giờ này: %s lượt.", EN: "Usual by now: %s."},
	OpUsageDays:        {VI: "Khai thác trong %s ngày", EN: "Use in %s days"},
	OpUsageDesc:        {VI: "%s lượt được trả lời, %s lượt bị từ chối, %s sự kiện của kết nối.", EN: "%s answered, %s refused, %s events of the connection."},
	OpLimitLine:        {VI: "Hạn mức %s lượt", EN: "Limit of %s calls"},
	OpBehind:           {VI: "Còn %s bản ghi nhật ký chưa được tính vào số liệu trên trang này.", EN: "%s entries of the log are not in the figures of this page yet."},
	OpPendingTitle:     {VI: "Số liệu đang được tính", EN: "Figures are being computed"},
	OpNoUsual:          {VI: "Chưa đủ dữ liệu để so với thường lệ", EN: "Not enough data to compare yet"},
	OpUsualNow:         {VI: "Thường lệ đến giờ này: %s", EN: "Usual by now: %s"},
	OpAnsweredToday:    {VI: "Lượt được trả lời hôm nay", EN: "Answered today"},
	OpRefusedToday:     {VI: "Lượt bị từ chối hôm nay", EN: "Refused today"},
	OpRefusedShare:     {VI: "%s tổng số lượt gọi", EN: "%s of all calls"},
	OpPeopleToday:      {VI: "Lượt người được cung cấp thông tin", EN: "People disclosed today"},
	OpLockedNow:        {VI: "Kết nối đang bị khoá", EN: "Connections locked"},
	OpTasksLate:        {VI: "Việc quá hạn", EN: "Overdue tasks"},
	OpTasksOpen:        {VI: "%s việc chưa xong", EN: "%s open"},
	OpReady:            {VI: "Đang phục vụ", EN: "Answering"},
	OpNotReady:         {VI: "Không phục vụ: mọi lượt gọi bị từ chối", EN: "Not answering: every call is refused"},
	OpServing:          {VI: "Tra cứu", EN: "Look-ups"},
	OpCheckpointBehind: {VI: "Còn %s bản ghi chưa có điểm kiểm tra đã ký", EN: "%s entries have no signed checkpoint yet"},
	OpCheckpointNone:   {VI: "Chưa có", EN: "None yet"},
	OpChecked:          {VI: "Kiểm tra toàn vẹn gần nhất", EN: "Last check of integrity"},
	OpCheckNever:       {VI: "Chưa kiểm tra lần nào", EN: "Never checked"},
	OpCheckHow:         {VI: "Chạy lệnh: dancu ledger fsck", EN: "Run: dancu ledger fsck"},
	OpCheckGood:        {VI: "Không phát hiện sai lệch", EN: "Nothing found wrong"},
	OpCheckBad:         {VI: "%s chỗ sai lệch", EN: "%s things found wrong"},
	OpCheckKept:        {VI: "Có đối chiếu với điểm kiểm tra hoặc biên nhận đã giữ.", EN: "Held against kept checkpoints or receipts."},
	OpRoom:             {VI: "Ổ đĩa dữ liệu", EN: "Data disk"},
	OpRoomEnough:       {VI: "Còn đủ chỗ", EN: "Enough room"},
	OpRoomLow:          {VI: "Sắp hết chỗ", EN: "Little room"},
	OpRoomOut:          {VI: "Hết chỗ: các lượt gọi sắp bị từ chối", EN: "Out of room: calls are about to be refused"},
	OpRoomOf:           {VI: "Còn %s GiB trong %s GiB", EN: "%s of %s GiB free"},
	OpNode:             {VI: "Máy chủ đang xem", EN: "This node"},
	OpAttention:        {VI: "Kết nối cần chú ý", EN: "Connections that need attention"},
	OpAttentionNone:    {VI: "Không có kết nối nào cần chú ý.", EN: "No connection needs attention."},
	OpAllConnections:   {VI: "Tất cả kết nối", EN: "All connections"},
	OpAllTasks:         {VI: "Tất cả việc cần làm", EN: "All tasks"},
	OpLogHealth:        {VI: "Tình trạng nhật ký", EN: "Health of the log"},
	OpEvents:           {VI: "Sự kiện kết nối", EN: "Connection events"},
	OpEventsNote:       {VI: "24 giờ qua", EN: "the last 24 hours"},
	OpEventsNone:       {VI: "Không có sự kiện nào.", EN: "Nothing happened."},
	OpCause:            {VI: "Nguyên nhân", EN: "Cause"},
	OpShare:            {VI: "Tỷ lệ", EN: "Share"},
	OpMatter:           {VI: "Hồ sơ của kết nối", EN: "The connection’s file"},
	OpRange:            {VI: "Khoảng thời gian", EN: "Time shown"},
	OpDays:             {VI: "%s ngày", EN: "%s days"},
	OpLifeSteps:        {VI: "Điều kiện và việc của vòng đời", EN: "Conditions and tasks of the life cycle"},
	OpNoGates:          {VI: "Không có điều kiện nào được tính.", EN: "No conditions are computed."},
	OpGateGreen:        {VI: "Đạt", EN: "Met"},
	OpGateOpen:         {VI: "Chưa đạt", EN: "Not met"},
	OpByProcedure:      {VI: "Theo thủ tục", EN: "By procedure"},
	OpProcedure:        {VI: "Thủ tục", EN: "Procedure"},
	OpService:          {VI: "Dịch vụ", EN: "Service"},
	OpUntil:            {VI: "Đến ngày", EN: "Until"},
	OpOfficers:         {VI: "%s cán bộ được cấp quyền", EN: "%s officers with rights"},
	OpOfficersShort:    {VI: "Cán bộ", EN: "Officers"},
	OpNone:             {VI: "Không ghi", EN: "Not given"},
	OpMore:             {VI: "và %s mục khác", EN: "and %s more"},
	OpGrantsNone:       {VI: "Chưa có quyền khai thác nào.", EN: "There are no grants yet."},
	OpCallsNone:        {VI: "Không có lượt gọi nào trong thời gian này.", EN: "There were no calls in this time."},
	OpEntriesNote:      {VI: "Chỉ các cột không niêm phong; đọc nội dung bản ghi là việc của người kiểm tra và được ghi lại.", EN: "Plain columns only: reading an entry’s content is the inspector’s, and is itself recorded."},
	OpEntriesNone:      {VI: "Không có bản ghi nào trong hai triệu bản ghi mới nhất.", EN: "None among the newest two million entries."},
	OpAssessments:      {VI: "Đánh giá an toàn thông tin", EN: "Security assessments"},
	OpDocuments:        {VI: "Hồ sơ đề nghị và bản cam kết", EN: "Applications and undertakings"},
	OpMatters:          {VI: "Hồ sơ khác", EN: "Other matters"},
	OpMattersNone:      {VI: "Không có hồ sơ nào.", EN: "There are none."},
	OpAllMatters:       {VI: "Tất cả hồ sơ", EN: "All matters"},
	OpQueueRequests:    {VI: "Đề nghị kết nối", EN: "Requests"},
	OpQueueChanges:     {VI: "Thay đổi", EN: "Changes"},
	OpQueueAssessments: {VI: "Đánh giá", EN: "Assessments"},
	OpQueueInspections: {VI: "Kiểm tra", EN: "Inspections"},
	OpQueueSuspensions: {VI: "Tạm ngừng, chấm dứt", EN: "Suspensions and ends"},
	OpQueueUnlocks:     {VI: "Mở khoá", EN: "Unlocks"},
	OpQueueOthers:      {VI: "Việc khác", EN: "Others"},
	OpQueueEmpty:       {VI: "Không có việc nào đang chờ ở hàng này.", EN: "Nothing waits in this queue."},
	OpEverybody:        {VI: "Mọi bộ phận", EN: "Everybody"},
	OpMine:             {VI: "Việc của tôi", EN: "My office"},
	OpLateOnly:         {VI: "Chỉ việc quá hạn", EN: "Overdue only"},
	OpMonth:            {VI: "Tháng %d/%d", EN: "Month %d/%d"},
	OpMonths:           {VI: "Chọn tháng", EN: "Choose a month"},
	OpMonday:           {VI: "Thứ Hai", EN: "Monday"},
	OpTuesday:          {VI: "Thứ Ba", EN: "Tuesday"},
	OpWednesday:        {VI: "Thứ Tư", EN: "Wednesday"},
	OpThursday:         {VI: "Thứ Năm", EN: "Thursday"},
	OpFriday:           {VI: "Thứ Sáu", EN: "Friday"},
	OpSaturday:         {VI: "Thứ Bảy", EN: "Saturday"},
	OpSunday:           {VI: "Chủ nhật", EN: "Sunday"},
	OpTodayWord:        {VI: "hôm nay", EN: "today"},
	OpInspectionsOf:    {VI: "Các cuộc kiểm tra: %s", EN: "Inspections: %s"},
	OpInspectionsDue:   {VI: "Việc kiểm tra phải làm đến hết tháng", EN: "Inspection tasks due by the end of the month"},
	OpInspectionsNone:  {VI: "Không có cuộc kiểm tra nào trong tháng.", EN: "There are no inspections in this month."},
	OpDaysOf:           {VI: "Thời gian", EN: "Days"},
	OpRefusals:         {VI: "Từ chối theo nguyên nhân", EN: "Refusals by cause"},
	OpCalls:            {VI: "Lượt", EN: "Calls"},
	OpPerHour:          {VI: "mỗi giờ", EN: "an hour"},
	OpPerDay:           {VI: "mỗi ngày", EN: "a day"},
	OpPerMonth:         {VI: "mỗi tháng", EN: "a month"},
	OpMonthHint:        {VI: "Năm-tháng, ví dụ 2026-11", EN: "Year-month, such as 2026-11"},
	OpServiceTitle:     {VI: "Tình trạng dịch vụ", EN: "State of the service"},
	OpNoMaintenance:    {VI: "Chưa có lịch bảo trì nào được thông báo.", EN: "No maintenance is announced."},
	OpContacts:         {VI: "Danh sách đầu mối kết nối", EN: "List of contact officers"},
	OpUsageToday:       {VI: "Khai thác hôm nay", EN: "Use today"},
	OpRefusalsNone:     {VI: "Không có lượt gọi nào bị từ chối trong thời gian này.", EN: "No call was refused in this time."},
}
