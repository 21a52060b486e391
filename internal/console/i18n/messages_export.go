package i18n

import "dancu/internal/access"

// The texts of lists that are taken along and of long work (jobs).
const (
	ExportLabel Msg = endLife + iota
	MenuJobs
	JobsTitle
	JobsLead
	JobsNone
	JobsCount
	JobTitle
	JobsWhat
	JobsState
	JobsCreated
	JobsEnded
	JobQueued
	JobRunning
	JobStopping
	JobDone
	JobFailed
	JobCancelled
	JobGone
	JobLeave
	JobRefresh
	JobProgress
	JobOf
	JobSoFar
	JobRate
	JobLeft
	JobLeftUnknown
	JobTook
	JobStarted
	JobNode
	JobAttempts
	JobCancel
	JobDownload
	JobKeptUntil
	JobNoFile
	JobWhy
	JobWhyGivenUp
	JobWhyInvalid
	JobWhyNotAllowed
	JobWhyNotFound
	JobWhyTooLarge
	JobWhyUnavailable
	JobWhyBroken
	JobAgain
	JobCountRows
	JobCountInserted
	JobCountUpdated
	JobCountUnchanged
	JobCountBad
	JobCountEntries
	JobCountFindings
	JobCountProofs
	JobBadRows
	JobsNew
	JobsVerify
	JobsVerifyText
	JobsVerifyGo
	JobsImport
	JobsImportLead
	JobsImportFile
	JobsImportHint
	JobsImportGo
	JobsImportMissing
	JobsImportBadName
	JobsImportLarge
	JobsImportAgain
	EntryImportBegun
	EntryImported
	Seconds
	MinutesSeconds
	HoursMinutes
	endExport
)

// exportTexts are these texts in both languages.
var exportTexts = map[Msg]access.Text{
	ExportLabel:       {VI: "Tải danh sách đang hiện:", EN: "Download the list shown:"},
	MenuJobs:          {VI: "Việc chạy nền", EN: "Long work"},
	JobsTitle:         {VI: "Việc chạy nền của tôi", EN: "My long work"},
	JobsLead:          {VI: "Xuất dữ liệu, kiểm tra và nhập dữ liệu lớn chạy ở đây. Có thể rời trang hoặc đăng xuất: việc vẫn chạy tiếp và kết quả chờ ở đây.", EN: "Large exports, checks and imports run here. You may leave or sign out: they go on, and the results wait here."},
	JobsNone:          {VI: "Chưa có việc nào. Khi một bản xuất quá dài để tải ngay, nó xuất hiện ở đây.", EN: "There is none yet. An export that is too long to be downloaded at once will appear here."},
	JobsCount:         {VI: "%s việc trên trang này", EN: "%s on this page"},
	JobTitle:          {VI: "Việc chạy nền", EN: "Long work"},
	JobsWhat:          {VI: "Việc", EN: "What"},
	JobsState:         {VI: "Tình trạng", EN: "State"},
	JobsCreated:       {VI: "Yêu cầu lúc", EN: "Asked for"},
	JobsEnded:         {VI: "Kết thúc lúc", EN: "Ended"},
	JobQueued:         {VI: "Đang chờ", EN: "Waiting"},
	JobRunning:        {VI: "Đang chạy", EN: "Under way"},
	JobStopping:       {VI: "Đang dừng", EN: "Stopping"},
	JobDone:           {VI: "Xong", EN: "Done"},
	JobFailed:         {VI: "Không xong", EN: "Failed"},
	JobCancelled:      {VI: "Đã huỷ", EN: "Cancelled"},
	JobGone:           {VI: "Không có việc này, hoặc đã quá thời gian lưu kết quả. Hãy yêu cầu lại.", EN: "There is no such work, or its result was removed because its time was over. Ask for it anew."},
	JobLeave:          {VI: "Có thể rời trang này: việc vẫn chạy tiếp.", EN: "You may leave this page: the work goes on."},
	JobRefresh:        {VI: "Trang tự cập nhật sau mỗi 10 giây.", EN: "The page brings itself up to date every 10 seconds."},
	JobProgress:       {VI: "Tiến độ", EN: "Progress"},
	JobOf:             {VI: "%s trên %s (%s)", EN: "%s of %s (%s)"},
	JobSoFar:          {VI: "%s, chưa rõ tổng số", EN: "%s, the total is not known"},
	JobRate:           {VI: "Tốc độ mỗi giây", EN: "Rate a second"},
	JobLeft:           {VI: "Còn khoảng", EN: "About left"},
	JobLeftUnknown:    {VI: "chưa tính được", EN: "not known yet"},
	JobTook:           {VI: "Đã chạy trong", EN: "Took"},
	JobStarted:        {VI: "Bắt đầu lúc", EN: "Begun"},
	JobNode:           {VI: "Máy chủ thực hiện", EN: "Node"},
	JobAttempts:       {VI: "Lần chạy", EN: "Attempt"},
	JobCancel:         {VI: "Huỷ việc này", EN: "Cancel"},
	JobDownload:       {VI: "Tải kết quả về", EN: "Download the result"},
	JobKeptUntil:      {VI: "Kết quả được giữ đến", EN: "Kept until"},
	JobNoFile:         {VI: "Việc này không có tệp kết quả.", EN: "This work has no result to download."},
	JobWhy:            {VI: "Lý do", EN: "Why"},
	JobWhyGivenUp:     {VI: "Máy chủ dừng giữa chừng nhiều lần khi thực hiện việc này. Yêu cầu lại với phạm vi nhỏ hơn; nếu vẫn vậy, báo đơn vị vận hành.", EN: "The nodes that did this ended in the middle, several times. Ask for less; if it happens again, tell the operator."},
	JobWhyInvalid:     {VI: "Không thực hiện được điều đã yêu cầu. Xem lý do dưới đây, sửa rồi yêu cầu lại.", EN: "What was asked cannot be done. See the reason below, mend it and ask again."},
	JobWhyNotAllowed:  {VI: "Tài khoản không có hoặc không còn quyền làm việc này.", EN: "The account may not do this, or may no longer."},
	JobWhyNotFound:    {VI: "Dữ liệu liên quan không còn. Yêu cầu lại.", EN: "What it is about is no longer there. Ask for it anew."},
	JobWhyTooLarge:    {VI: "Kết quả lớn hơn mức cho phép. Thu hẹp phạm vi rồi yêu cầu lại.", EN: "The result would be larger than may be. Ask for less."},
	JobWhyUnavailable: {VI: "Một phần của hệ thống không trả lời. Yêu cầu lại sau ít phút.", EN: "Something it needs does not answer. Ask again in a few minutes."},
	JobWhyBroken:      {VI: "Hệ thống gặp lỗi và đã ghi lại lỗi này. Báo đơn vị vận hành kèm mã việc.", EN: "It failed for a reason of ours, which was recorded. Tell the operator the work's id."},
	JobAgain:          {VI: "Về danh sách", EN: "Back to the list"},
	JobCountRows:      {VI: "Số dòng", EN: "Rows"},
	JobCountInserted:  {VI: "Người mới", EN: "New people"},
	JobCountUpdated:   {VI: "Người được cập nhật", EN: "People brought up to date"},
	JobCountUnchanged: {VI: "Không thay đổi", EN: "Unchanged"},
	JobCountBad:       {VI: "Dòng không nhập được", EN: "Rows not imported"},
	JobCountEntries:   {VI: "Bản ghi nhật ký", EN: "Entries of the log"},
	JobCountFindings:  {VI: "Điểm không khớp", EN: "Places that do not fit"},
	JobCountProofs:    {VI: "Bằng chứng", EN: "Proofs"},
	JobBadRows:        {VI: "Tệp kết quả có các dòng không nhập được kèm lý do. Tệp chứa dữ liệu cá nhân: sửa xong thì xoá khỏi máy.", EN: "The result has the rows that were not imported, with the reasons. It holds personal data: delete it from your computer once they are mended."},
	JobsNew:           {VI: "Bắt đầu việc mới", EN: "Begin something"},
	JobsVerify:        {VI: "Kiểm tra toàn bộ nhật ký", EN: "Verify the whole log"},
	JobsVerifyText:    {VI: "Tính lại mọi thứ từ các bản ghi đã lưu và so với cây, điểm kiểm tra, chỉ mục tìm kiếm và thống kê. Không hiện nội dung bản ghi nào.", EN: "Computes everything again from the stored entries and compares it with the tree, the checkpoints, the search index and the statistics. No entry is shown."},
	JobsVerifyGo:      {VI: "Bắt đầu kiểm tra", EN: "Begin the verification"},
	JobsImport:        {VI: "Nhập dữ liệu dân cư", EN: "Import people"},
	JobsImportLead:    {VI: "Tải lên tệp CSV hoặc JSON Lines. Ai đã có theo số định danh thì được cập nhật, ai không có trong tệp thì giữ nguyên. Việc nhập được ghi vào nhật ký. Tệp lớn hơn %s MiB: nhập tại máy chủ bằng lệnh dancu import.", EN: "Upload a file of CSV or JSON Lines. Who is there already, by their number, is brought up to date; who is not named stays. The import goes into the log. A file larger than %s MiB is imported at the machine, with dancu import."},
	JobsImportFile:    {VI: "Tệp dữ liệu dân cư", EN: "File of people"},
	JobsImportHint:    {VI: "Tên tệp kết thúc bằng .csv hoặc .jsonl.", EN: "Its name ends in .csv or .jsonl."},
	JobsImportGo:      {VI: "Tải lên và nhập", EN: "Upload and import"},
	JobsImportMissing: {VI: "Chọn tệp cần nhập.", EN: "Choose the file to import."},
	JobsImportBadName: {VI: "Tệp phải là CSV (.csv) hoặc JSON Lines (.jsonl). Đổi tên cho đúng loại rồi tải lên lại.", EN: "The file must be CSV (.csv) or JSON Lines (.jsonl). Name it by what it is and upload it again."},
	JobsImportLarge:   {VI: "Tệp lớn hơn mức nhận qua trang này. Nhập tại máy chủ bằng lệnh dancu import.", EN: "The file is larger than this page takes. Import it at the machine, with dancu import."},
	JobsImportAgain:   {VI: "Tệp không tải lên được trọn vẹn. Tải lên lại.", EN: "The file did not come whole. Upload it again."},
	EntryImportBegun:  {VI: "Bắt đầu nhập dữ liệu dân cư", EN: "Import of people begun"},
	EntryImported:     {VI: "Đã nhập dữ liệu dân cư", EN: "People imported"},
	Seconds:           {VI: "%d giây", EN: "%d s"},
	MinutesSeconds:    {VI: "%d phút %d giây", EN: "%d min %d s"},
	HoursMinutes:      {VI: "%d giờ %d phút", EN: "%d h %d min"},
}
