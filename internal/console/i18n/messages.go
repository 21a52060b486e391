package i18n

import "dancu/internal/access"

// Msg is a text of the console.
type Msg uint16

// The texts.
const (
	Missing Msg = iota

	// The shell.
	ProductName
	ProductLine
	SkipToContent
	LanguageSwitch
	Reload
	Licences
	LicencesIntro
	LicencesNone
	FootNote
	Unbuilt

	// Error pages.
	NotFoundTitle
	NotFoundText
	MethodTitle
	MethodText
	UnavailableTitle
	UnavailableText
	UnavailableNext
	InternalTitle
	InternalText
	BackToStatus

	// The status page.
	StatusTitle
	StatusAsOf
	NodeReady
	NodeNotReady
	NodeNotReadyText
	FigureConnections
	FigureConnectionsOf
	FigureCalls
	FigureCallsNote
	FigureRefusals
	FigureRefusalsNote
	FigureEntries
	FigurePeople
	FigurePeopleNote

	Connections
	ConnectionsNone
	ConnectionsMore
	ColumnAgency
	ColumnState
	ColumnUsage
	ColumnCertificate
	ColumnAssessment
	ColumnGrants
	ViaIntermediary

	StateActive
	StateSuspended
	StateLockedVolume
	StateLockedPattern
	StateDraft
	StateEnded
	StateAssessmentLapsed
	StateCertificateLapsed
	StateIntermediary
	StateStopped
	StateSince
	NearLimit
	NoCertificate
	NotAssessed
	ExpiresToday
	ExpiresInOne
	ExpiresIn
	Expired

	UsageOf
	UsageAria
	UsageReset
	UsagePeople
	UsagePerOfficer
	UsagePerService
	WindowHour
	WindowDay
	WindowMonth
	LegendUsed
	LegendNear
	LegendFull
	LegendWarn
	LegendLimit

	Recent
	RecentNone
	RecentNote
	ColumnTime
	ColumnKind
	ColumnOwner
	ColumnResult
	ColumnIndex
	ResultAnswered
	ResultRefused
	ResultDone

	Refusals
	RefusalsNone
	RefusalsPending
	ColumnCode
	ColumnCount

	Log
	LogNone
	LogSize
	LogSizeOf
	LogTime
	LogOrigin
	LogRoot
	LogKey
	LogCheckpoint
	LogNote

	KindVerify
	KindLookup
	KindSearch
	KindHousehold
	KindSummary
	KindConsent
	KindNodeStarted
	KindNodeResumed
	KindStanding
	KindAgencyNew
	KindAgencyChanged
	KindSystemNew
	KindSystemChanged
	KindCredentialNew
	KindCredentialChanged
	KindCredentialRetired
	KindActivated
	KindConnectionChanged
	KindLocked
	KindUnlocked
	KindSuspended
	KindResumed
	KindEnded
	KindGrantNew
	KindGrantChanged
	KindGrantEnded
	KindLogSearch
	KindLogRead
	KindLogExport

	endStatus
)

// messages holds the texts. Verbs are those of fmt; both languages use the
// same ones in the same order, or number them.
var statusTexts = [endStatus]access.Text{
	Missing: {VI: "(thiếu văn bản)", EN: "(text missing)"},

	ProductName:    {VI: "dancu", EN: "dancu"},
	ProductLine:    {VI: "Cổng khai thác CSDLQG về dân cư", EN: "Access gateway of the population register"},
	SkipToContent:  {VI: "Đến nội dung chính", EN: "Skip to content"},
	LanguageSwitch: {VI: "Ngôn ngữ", EN: "Language"},
	Reload:         {VI: "Tải lại số liệu", EN: "Reload figures"},
	Licences:       {VI: "Giấy phép phần mềm", EN: "Software licences"},
	LicencesIntro:  {VI: "Trang này dùng các gói giao diện dưới đây, theo giấy phép của chúng.", EN: "The pages use the front-end packages below, under their licences."},
	LicencesNone:   {VI: "Bản này chỉ dùng giao diện của chính dancu, không có gói bên ngoài.", EN: "This build uses dancu's own styles only; no third-party front-end package is in it."},
	FootNote:       {VI: "Trang này không hiển thị tên người, số định danh, cán bộ, hồ sơ hay địa chỉ.", EN: "This page shows no person, identity number, officer, case or address."},
	Unbuilt:        {VI: "Giao diện tối giản (chưa đóng gói tài nguyên)", EN: "Plain styles (assets were not built)"},

	NotFoundTitle:    {VI: "Không có trang này", EN: "There is no such page"},
	NotFoundText:     {VI: "Địa chỉ có thể bị gõ sai, hoặc trang thuộc phiên bản khác.", EN: "The address may be mistyped, or the page belongs to another version."},
	MethodTitle:      {VI: "Không dùng được cách gọi này", EN: "That method is not allowed here"},
	MethodText:       {VI: "Trang này chỉ để xem.", EN: "This page can only be read."},
	UnavailableTitle: {VI: "Chưa đọc được tình trạng hệ thống", EN: "The system's status cannot be read now"},
	UnavailableText:  {VI: "Nhật ký hoặc cơ sở dữ liệu chưa trả lời. Khi không ghi được nhật ký thì không có tra cứu nào được trả lời.", EN: "The log or the database does not answer. While the log cannot be written, no look-up is answered."},
	UnavailableNext:  {VI: "Hãy tải lại sau ít phút. Nếu vẫn vậy, người vận hành xem /readyz ở cổng vận hành và nhật ký hoạt động của máy chủ.", EN: "Reload in a few minutes. If it stays so, the operator finds the cause under /readyz on the operations listener and in the server's own log."},
	InternalTitle:    {VI: "Máy chủ gặp lỗi", EN: "The server met an error"},
	InternalText:     {VI: "Lỗi đã được ghi lại cho người vận hành. Hãy tải lại trang.", EN: "It has been noted for the operator. Reload the page."},
	BackToStatus:     {VI: "Về trang tình trạng", EN: "Back to the status page"},

	StatusTitle:         {VI: "Tình trạng khai thác", EN: "Access status"},
	StatusAsOf:          {VI: "Số liệu lúc %s (giờ Việt Nam)", EN: "As of %s (Việt Nam time)"},
	NodeReady:           {VI: "Sẵn sàng", EN: "Ready"},
	NodeNotReady:        {VI: "Không sẵn sàng", EN: "Not ready"},
	NodeNotReadyText:    {VI: "Máy chủ này đang từ chối mọi tra cứu cho đến khi ghi được nhật ký trở lại. Người vận hành xem /readyz ở cổng vận hành.", EN: "This server refuses every look-up until the log can be written again. The operator finds the cause under /readyz on the operations listener."},
	FigureConnections:   {VI: "Kết nối đang hoạt động", EN: "Active connections"},
	FigureConnectionsOf: {VI: "trên %s kết nối", EN: "of %s connections"},
	FigureCalls:         {VI: "Lượt khai thác hôm nay", EN: "Counted calls today"},
	FigureCallsNote:     {VI: "đã tính vào hạn mức", EN: "counted against limits"},
	FigureRefusals:      {VI: "Lượt từ chối hôm nay", EN: "Refusals today"},
	FigureRefusalsNote:  {VI: "dồn dập thì gộp thành một bản ghi", EN: "floods are summed up in one entry"},
	FigureEntries:       {VI: "Bản ghi nhật ký", EN: "Log entries"},
	FigurePeople:        {VI: "Số người trong CSDL", EN: "People in the register"},
	FigurePeopleNote:    {VI: "bản ghi dân cư", EN: "population records"},

	Connections:       {VI: "Kết nối và hạn mức hôm nay", EN: "Connections and today’s limits"},
	ConnectionsNone:   {VI: "Chưa có kết nối nào. Khai báo bằng lệnh: dancu connection apply TỆP", EN: "There are no connections yet. Declare them with: dancu connection apply FILE"},
	ConnectionsMore:   {VI: "Chỉ hiện %s kết nối cần chú ý nhất, trên tổng số %s. Xem tất cả bằng lệnh: dancu connection show", EN: "Only the %s that need attention most are shown, of %s. See all with: dancu connection show"},
	ColumnAgency:      {VI: "Cơ quan, hệ thống", EN: "Agency, system"},
	ColumnState:       {VI: "Tình trạng", EN: "State"},
	ColumnUsage:       {VI: "Đã dùng / hạn mức", EN: "Used / limit"},
	ColumnCertificate: {VI: "Chứng thư đến", EN: "Certificate until"},
	ColumnAssessment:  {VI: "Đánh giá đến", EN: "Assessed until"},
	ColumnGrants:      {VI: "Quyền khai thác", EN: "Grants"},
	ViaIntermediary:   {VI: "qua %s", EN: "through %s"},

	StateActive:            {VI: "Đang hoạt động", EN: "Active"},
	StateSuspended:         {VI: "Tạm ngừng", EN: "Suspended"},
	StateLockedVolume:      {VI: "Bị khoá: vượt hạn mức", EN: "Locked: over the volume limit"},
	StateLockedPattern:     {VI: "Bị khoá: khai thác bất thường", EN: "Locked: abnormal use"},
	StateDraft:             {VI: "Chưa kích hoạt", EN: "Not active yet"},
	StateEnded:             {VI: "Đã chấm dứt", EN: "Ended"},
	StateAssessmentLapsed:  {VI: "Ngoài thời hạn đánh giá", EN: "Assessment not in term"},
	StateCertificateLapsed: {VI: "Không có chứng thư hợp lệ", EN: "No valid certificate"},
	StateIntermediary:      {VI: "Nền tảng trung gian không dùng được", EN: "Intermediary not usable"},
	StateStopped:           {VI: "Bị từ chối: %s", EN: "Refused: %s"},
	StateSince:             {VI: "từ %s", EN: "since %s"},
	NearLimit:              {VI: "Gần hạn mức", EN: "Near the limit"},
	NoCertificate:          {VI: "Chưa có", EN: "None"},
	NotAssessed:            {VI: "Chưa đánh giá", EN: "Not assessed"},
	ExpiresToday:           {VI: "hết hạn hôm nay", EN: "ends today"},
	ExpiresInOne:           {VI: "còn 1 ngày", EN: "1 day left"},
	ExpiresIn:              {VI: "còn %s ngày", EN: "%s days left"},
	Expired:                {VI: "đã hết hạn", EN: "expired"},

	UsageOf:         {VI: "%s / %s lượt", EN: "%s / %s calls"},
	UsageAria:       {VI: "Đã dùng %s trên %s lượt (%s); mức cảnh báo %s.", EN: "%s of %s calls used (%s); warning level %s."},
	UsageReset:      {VI: "%s, tính lại lúc %s", EN: "%s, counted anew at %s"},
	UsagePeople:     {VI: "Số người: %s / %s", EN: "People: %s / %s"},
	UsagePerOfficer: {VI: "tính riêng từng cán bộ; hiện số lớn nhất", EN: "counted per officer; the highest is shown"},
	UsagePerService: {VI: "tính riêng từng dịch vụ; hiện số lớn nhất", EN: "counted per service; the highest is shown"},
	WindowHour:      {VI: "Trong giờ này", EN: "This hour"},
	WindowDay:       {VI: "Hôm nay", EN: "Today"},
	WindowMonth:     {VI: "Tháng này", EN: "This month"},
	LegendUsed:      {VI: "đã dùng", EN: "used"},
	LegendNear:      {VI: "từ mức cảnh báo", EN: "at the warning level"},
	LegendFull:      {VI: "hết hạn mức", EN: "limit reached"},
	LegendWarn:      {VI: "mức cảnh báo", EN: "warning level"},
	LegendLimit:     {VI: "hạn mức", EN: "limit"},

	Recent:         {VI: "Bản ghi mới nhất", EN: "Newest log entries"},
	RecentNone:     {VI: "Nhật ký chưa có bản ghi nào.", EN: "The log has no entries yet."},
	RecentNote:     {VI: "Chỉ các cột công khai; xem nội dung bản ghi là một lần đọc và được ghi lại.", EN: "Plain columns only; reading an entry’s content is a read and is itself logged."},
	ColumnTime:     {VI: "Thời điểm", EN: "Time"},
	ColumnKind:     {VI: "Loại", EN: "Kind"},
	ColumnOwner:    {VI: "Cơ quan", EN: "Agency"},
	ColumnResult:   {VI: "Kết quả", EN: "Result"},
	ColumnIndex:    {VI: "Số thứ tự", EN: "Index"},
	ResultAnswered: {VI: "Đã trả lời", EN: "Answered"},
	ResultRefused:  {VI: "Từ chối", EN: "Refused"},
	ResultDone:     {VI: "Đã ghi", EN: "Recorded"},

	Refusals:        {VI: "Từ chối hôm nay theo mã", EN: "Today’s refusals by code"},
	RefusalsPending: {VI: "Đang tính lại số liệu thống kê của nhật ký; hãy tải lại sau.", EN: "The log’s statistics are being computed; reload later."},
	RefusalsNone:    {VI: "Hôm nay chưa có lượt nào bị từ chối.", EN: "No call has been refused today."},
	ColumnCode:      {VI: "Lý do", EN: "Reason"},
	ColumnCount:     {VI: "Bản ghi", EN: "Entries"},

	Log:           {VI: "Nhật ký", EN: "Log"},
	LogNone:       {VI: "Nhật ký còn trống: chưa có điểm kiểm tra.", EN: "The log is empty: there is no checkpoint yet."},
	LogSize:       {VI: "Kích thước", EN: "Size"},
	LogSizeOf:     {VI: "%s bản ghi", EN: "%s entries"},
	LogTime:       {VI: "Bản ghi cuối", EN: "Last entry"},
	LogOrigin:     {VI: "Tên nhật ký", EN: "Origin"},
	LogRoot:       {VI: "Mã băm gốc", EN: "Root hash"},
	LogKey:        {VI: "Khoá kiểm chứng", EN: "Verifier key"},
	LogCheckpoint: {VI: "Điểm kiểm tra", EN: "Checkpoint"},
	LogNote:       {VI: "Giữ lại điểm kiểm tra này thì về sau mọi thay đổi, xoá hay đảo bản ghi trước nó đều bị phát hiện, bằng công cụ không phụ thuộc chúng tôi.", EN: "Whoever keeps this checkpoint can later detect any change, removal or reordering before it, with tools that do not depend on us."},

	KindVerify:            {VI: "Xác minh", EN: "Verification"},
	KindLookup:            {VI: "Tra cứu một người", EN: "Look-up"},
	KindSearch:            {VI: "Tìm kiếm", EN: "Search"},
	KindHousehold:         {VI: "Tra cứu hộ", EN: "Household"},
	KindSummary:           {VI: "Tổng hợp lượt gọi bị từ chối", EN: "Summary of refused calls"},
	KindConsent:           {VI: "Nhận đồng ý của chủ thể", EN: "Consent given"},
	KindNodeStarted:       {VI: "Máy chủ khởi động", EN: "Node started"},
	KindNodeResumed:       {VI: "Máy chủ hoạt động lại", EN: "Node resumed"},
	KindStanding:          {VI: "Thay đổi tư cách khai thác", EN: "Standing changed"},
	KindAgencyNew:         {VI: "Ghi nhận cơ quan", EN: "Agency registered"},
	KindAgencyChanged:     {VI: "Thay đổi thông tin cơ quan", EN: "Agency changed"},
	KindSystemNew:         {VI: "Ghi nhận hệ thống", EN: "System registered"},
	KindSystemChanged:     {VI: "Thay đổi hệ thống", EN: "System changed"},
	KindCredentialNew:     {VI: "Ghi nhận chứng thư", EN: "Certificate registered"},
	KindCredentialChanged: {VI: "Thay đổi chứng thư", EN: "Certificate changed"},
	KindCredentialRetired: {VI: "Ngừng dùng chứng thư", EN: "Certificate retired"},
	KindActivated:         {VI: "Kích hoạt kết nối", EN: "Connection activated"},
	KindConnectionChanged: {VI: "Thay đổi kết nối", EN: "Connection changed"},
	KindLocked:            {VI: "Khoá kết nối", EN: "Connection locked"},
	KindUnlocked:          {VI: "Mở khoá kết nối", EN: "Connection unlocked"},
	KindSuspended:         {VI: "Tạm ngừng kết nối", EN: "Connection suspended"},
	KindResumed:           {VI: "Cho kết nối hoạt động lại", EN: "Connection resumed"},
	KindEnded:             {VI: "Chấm dứt kết nối", EN: "Connection ended"},
	KindGrantNew:          {VI: "Cấp quyền khai thác", EN: "Grant given"},
	KindGrantChanged:      {VI: "Thay đổi quyền khai thác", EN: "Grant changed"},
	KindGrantEnded:        {VI: "Chấm dứt quyền khai thác", EN: "Grant ended"},
	KindLogSearch:         {VI: "Tra cứu nhật ký", EN: "Log searched"},
	KindLogRead:           {VI: "Đọc nhật ký", EN: "Log read"},
	KindLogExport:         {VI: "Xuất nhật ký", EN: "Log exported"},
}
