package i18n

import "dancu/internal/access"

// The texts of the log's pages, for inspectors and for citizens.
const (
	LogTitle Msg = endOperator + iota
	LogLead
	LogReason
	LogReasonHint
	LogPerson
	LogOfficer
	LogAgency
	LogSystem
	LogConnection
	LogProcedure
	LogCase
	LogAddress
	LogRequest
	LogTransaction
	LogKind
	LogKindAny
	LogCode
	LogCodeAny
	LogFrom
	LogUntil
	LogDayHint
	LogDayWrong
	LogSubmit
	LogWho
	LogWhat
	LogWhen
	LogResults
	LogAgain
	LogNew
	LogNothing
	LogCount
	LogGone
	LogExportNote
	LogColumnEntry
	LogColumnWho
	LogColumnWhat
	LogColumnPurpose
	LogColumnPerson
	LogColumnResult
	LogColumnFrom
	LogStory
	LogVerified
	LogClaimed
	LogRemoved
	LogAddTerm
	LogSlowlyTitle
	LogSlowly
	StoryTitle
	StoryLead
	StoryProof
	StoryProofGood
	StoryProofBad
	StoryProofLater
	StoryLeaf
	StoryParts
	StoryPeople
	StoryReceipt
	DayTitle
	DayLead
	DayDay
	DayShow
	DayOf
	DayHours
	DayHoursText
	DayHour
	DayCalls
	DayPeople
	DayCases
	DayRefused
	DaySessions
	DayNothing
	DayMany
	MeTitle
	MeLead
	MeNothing
	MeReason

	endInspector
)

var inspectorTexts = map[Msg]access.Text{
	LogTitle:         {VI: "Tra cứu nhật ký", EN: "Search the log"},
	LogLead:          {VI: "Mỗi lần đọc nhật ký cũng được ghi vào nhật ký: ai đọc, đọc gì, vì sao.", EN: "Every reading of the log goes into the log: who read, what, and why."},
	LogReason:        {VI: "Vì sao đọc nhật ký", EN: "Why you read the log"},
	LogReasonHint:    {VI: "Số văn bản, đơn thư hoặc kế hoạch kiểm tra.", EN: "The letter, complaint or inspection plan."},
	LogPerson:        {VI: "Số định danh của công dân", EN: "Citizen’s number"},
	LogOfficer:       {VI: "Mã cán bộ", EN: "Officer’s code"},
	LogAgency:        {VI: "Mã cơ quan", EN: "Agency code"},
	LogSystem:        {VI: "Hệ thống", EN: "System"},
	LogConnection:    {VI: "Kết nối", EN: "Connection"},
	LogProcedure:     {VI: "Mã thủ tục", EN: "Procedure"},
	LogCase:          {VI: "Mã hồ sơ", EN: "Dossier"},
	LogAddress:       {VI: "Địa chỉ IP", EN: "IP address"},
	LogRequest:       {VI: "Mã yêu cầu", EN: "Request id"},
	LogTransaction:   {VI: "Mã giao dịch", EN: "Transaction id"},
	LogKind:          {VI: "Loại bản ghi", EN: "Kind of entry"},
	LogKindAny:       {VI: "Mọi loại", EN: "Any kind"},
	LogCode:          {VI: "Kết quả từ chối", EN: "Refusal"},
	LogCodeAny:       {VI: "Mọi kết quả", EN: "Any result"},
	LogFrom:          {VI: "Từ ngày", EN: "From"},
	LogUntil:         {VI: "Đến hết ngày", EN: "Until the end of"},
	LogDayHint:       {VI: "dd/mm/yyyy", EN: "dd/mm/yyyy"},
	LogDayWrong:      {VI: "Viết ngày dd/mm/yyyy.", EN: "Write the day as dd/mm/yyyy."},
	LogSubmit:        {VI: "Tìm trong nhật ký", EN: "Search the log"},
	LogWho:           {VI: "Người, cán bộ, hồ sơ, địa chỉ", EN: "Person, officer, dossier, address"},
	LogWhat:          {VI: "Cơ quan, thủ tục, loại", EN: "Agency, procedure, kind"},
	LogWhen:          {VI: "Thời gian", EN: "Time"},
	LogResults:       {VI: "Kết quả tra cứu nhật ký", EN: "Entries found"},
	LogAgain:         {VI: "Sửa điều kiện tìm", EN: "Change the search"},
	LogNew:           {VI: "Tìm mới", EN: "New search"},
	LogNothing:       {VI: "Không có bản ghi nào phù hợp. Nới thời gian hoặc bỏ bớt điều kiện.", EN: "No entry fits. Widen the time or drop a condition."},
	LogCount:         {VI: "%s bản ghi trên trang này; lần đọc này là bản ghi số %s", EN: "%s entries on this page; this reading is entry %s"},
	LogGone:          {VI: "Lần tìm này không còn: kết quả chỉ giữ trong một ngày làm việc và trên máy chủ đã tìm. Hãy tìm lại.", EN: "This search is no longer kept: searches are kept for a working day, on the node they were made on. Search again."},
	LogExportNote:    {VI: "Việc xuất được ghi vào nhật ký.", EN: "The export goes into the log."},
	LogColumnEntry:   {VI: "Bản ghi", EN: "Entry"},
	LogColumnWho:     {VI: "Cơ quan, cán bộ", EN: "Agency, officer"},
	LogColumnWhat:    {VI: "Việc", EN: "Act"},
	LogColumnPurpose: {VI: "Mục đích", EN: "Purpose"},
	LogColumnPerson:  {VI: "Công dân", EN: "Citizen"},
	LogColumnResult:  {VI: "Kết quả", EN: "Result"},
	LogColumnFrom:    {VI: "Địa chỉ, phiên", EN: "Address, session"},
	LogStory:         {VI: "Toàn bộ yêu cầu này", EN: "This request’s story"},
	LogVerified:      {VI: "đã xác thực", EN: "verified"},
	LogClaimed:       {VI: "cơ quan khai", EN: "claimed"},
	LogRemoved:       {VI: "Nội dung đã được xoá sau thời hạn lưu", EN: "The body was removed after its legal term"},
	LogAddTerm:       {VI: "Nêu ít nhất một điều kiện hoặc một khoảng thời gian.", EN: "Give at least one condition or a time."},
	LogSlowlyTitle:   {VI: "Đọc nhật ký quá nhanh", EN: "The log is read too fast"},
	LogSlowly:        {VI: "Mỗi lần xem trang này được ghi vào nhật ký, và một phiên xem nhiều nhất 60 lần mỗi phút. Hãy đợi ít giây rồi tải lại trang.", EN: "Every look at this page goes into the log, and a session has 60 a minute at most. Wait a few seconds, then load the page again."},
	StoryTitle:       {VI: "Một yêu cầu", EN: "One request"},
	StoryLead:        {VI: "Mọi bản ghi của yêu cầu %s.", EN: "Every entry of request %s."},
	StoryProof:       {VI: "Bằng chứng", EN: "Proof"},
	StoryProofGood:   {VI: "Đúng: bản ghi nằm trong nhật ký dưới điểm kiểm tra %s bản ghi", EN: "Good: the entry is in the log, under a checkpoint of %s entries"},
	StoryProofBad:    {VI: "Không kiểm chứng được", EN: "It does not verify"},
	StoryProofLater:  {VI: "Chưa có điểm kiểm tra đã ký cho bản ghi này: thử lại sau ít giây.", EN: "There is no signed checkpoint for this entry yet: try again in a few seconds."},
	StoryLeaf:        {VI: "Mã băm của bản ghi", EN: "The entry’s hash"},
	StoryParts:       {VI: "Nội dung", EN: "Content"},
	StoryPeople:      {VI: "Số người được cung cấp", EN: "People disclosed"},
	StoryReceipt:     {VI: "Biên nhận trong bằng chứng", EN: "Receipt"},
	DayTitle:         {VI: "Một ngày của cán bộ", EN: "An officer’s day"},
	DayLead:          {VI: "Đăng nhập, tra cứu, kết quả, đăng xuất: theo trình tự thời gian.", EN: "Sign-in, look-ups, results, sign-out, in order of time."},
	DayDay:           {VI: "Ngày", EN: "Day"},
	DayShow:          {VI: "Xem", EN: "Show"},
	DayOf:            {VI: "%s, cơ quan %s, ngày %s", EN: "%s of %s on %s"},
	DayHours:         {VI: "Số lượt theo giờ", EN: "Calls by the hour"},
	DayHoursText:     {VI: "Nhiều nhất %s lượt trong một giờ; cả ngày %s lượt.", EN: "At most %s calls in an hour; %s in the whole day."},
	DayHour:          {VI: "Giờ", EN: "Hour"},
	DayCalls:         {VI: "Số lượt", EN: "Calls"},
	DayPeople:        {VI: "Số người khác nhau", EN: "Different people"},
	DayCases:         {VI: "Số hồ sơ khác nhau", EN: "Different dossiers"},
	DayRefused:       {VI: "Bị từ chối", EN: "Refused"},
	DaySessions:      {VI: "Đăng nhập", EN: "Sign-ins"},
	DayNothing:       {VI: "Cán bộ này không có bản ghi nào trong ngày.", EN: "This officer has no entry on that day."},
	DayMany:          {VI: "Chỉ hiện %s bản ghi mới nhất của ngày.", EN: "Only the newest %s entries of the day are shown."},
	MeTitle:          {VI: "Ai đã xem dữ liệu của tôi", EN: "Who looked at my data"},
	MeLead:           {VI: "Danh sách lấy thẳng từ nhật ký không sửa được.", EN: "The list comes straight from the log that cannot be changed."},
	MeNothing:        {VI: "Chưa có lượt nào.", EN: "Nobody so far."},
	MeReason:         {VI: "Công dân xem ai đã tra cứu mình", EN: "A citizen looks who looked them up"},
}
