package i18n

import "dancu/internal/access"

// The texts of the shell: menu, account, keys, forms, lists, help.
const (
	Menu Msg = endStatus + iota
	Help
	SignIn
	SignOut
	OwnAccount
	OwnSessions
	Close
	Back
	Save
	Cancel
	Print
	Yes
	No
	None
	Reason
	ReasonHint
	ReasonMissing
	TextTooLong
	TextInvalid
	FormMistakes
	Done
	Pager
	PagerFirst
	PagerNext
	MaskedNumber
	MaskedWhole
	Keys
	KeySearch
	KeyRows
	KeyEnter
	KeyEscape
	KeyHelp
	HelpAll
	HelpLead
	HelpEvery
	HelpLookup
	HelpLookupText
	HelpRefused
	HelpRefusedText
	HelpAccount
	HelpAccountText
	HelpContact
	HelpContactText
	MenuLookup
	MenuHistory
	MenuOfficers
	MenuReview
	MenuStaff
	MenuAdministrators
	MenuReviews
	MenuActs
	MenuLog
	MenuDay
	MenuAccount
	ForbiddenTitle
	ForbiddenText
	InvalidTitle
	BackHome
	KindAgencyAdmin
	KindOfficer
	KindCitizen
	MenuProvider
	MenuMe
	KindOnboarder
	KindAssessor
	KindInspector
	KindSupervisor
	KindSupport
	KindAdministrator
	FormUnreadable
	GalleryTitle
	GalleryLead
	FootLogged
	ColumnAct

	endShell
)

var shellTexts = map[Msg]access.Text{
	Menu:               {VI: "Danh mục", EN: "Menu"},
	Help:               {VI: "Trợ giúp", EN: "Help"},
	SignIn:             {VI: "Đăng nhập", EN: "Sign in"},
	SignOut:            {VI: "Đăng xuất", EN: "Sign out"},
	OwnAccount:         {VI: "Tài khoản của tôi", EN: "My account"},
	OwnSessions:        {VI: "Phiên làm việc của tôi", EN: "My sessions"},
	Close:              {VI: "Đóng", EN: "Close"},
	Back:               {VI: "Quay lại", EN: "Back"},
	Save:               {VI: "Lưu", EN: "Save"},
	Cancel:             {VI: "Huỷ", EN: "Cancel"},
	Print:              {VI: "In", EN: "Print"},
	Yes:                {VI: "Có", EN: "Yes"},
	No:                 {VI: "Không", EN: "No"},
	None:               {VI: "–", EN: "–"},
	Reason:             {VI: "Lý do", EN: "Reason"},
	ReasonHint:         {VI: "Nêu rõ việc và văn bản làm căn cứ; lý do được ghi vào nhật ký.", EN: "Say what happened and on which document it rests; the reason goes into the log."},
	ReasonMissing:      {VI: "Hãy nêu lý do.", EN: "Give the reason."},
	TextTooLong:        {VI: "Ngắn lại còn nhiều nhất %s ký tự.", EN: "Shorten this to at most %s characters."},
	TextInvalid:        {VI: "Có ký tự không dùng được: hãy gõ lại bằng chữ thường, không dán ký tự điều khiển.", EN: "There are characters that cannot be used: type the text again without control characters."},
	FormMistakes:       {VI: "Cần sửa trước khi gửi", EN: "Put these right first"},
	Done:               {VI: "Đã thực hiện", EN: "Done"},
	Pager:              {VI: "Chuyển trang", EN: "Pages"},
	PagerFirst:         {VI: "Về đầu danh sách", EN: "Back to the first"},
	PagerNext:          {VI: "Xem tiếp", EN: "Next"},
	MaskedNumber:       {VI: "số được che, bốn số cuối là %s", EN: "masked number ending in %s"},
	MaskedWhole:        {VI: "số được che", EN: "masked number"},
	Keys:               {VI: "Phím tắt", EN: "Keyboard shortcuts"},
	KeySearch:          {VI: "Đến ô tìm kiếm hoặc ô nhập số", EN: "Go to the search or number field"},
	KeyRows:            {VI: "Đến dòng tiếp theo, dòng trước", EN: "Next row, previous row"},
	KeyEnter:           {VI: "Gửi biểu mẫu, mở dòng đang chọn", EN: "Send the form, open the row"},
	KeyEscape:          {VI: "Rời ô đang nhập, đóng hộp thoại", EN: "Leave the field, close the dialog"},
	KeyHelp:            {VI: "Mở bảng phím tắt này", EN: "Open this list"},
	HelpAll:            {VI: "Toàn bộ trợ giúp", EN: "All help"},
	HelpLead:           {VI: "Cách làm việc với cổng, phím tắt và nơi liên hệ khi gặp trở ngại.", EN: "How to work here, the keys, and whom to ask."},
	HelpEvery:          {VI: "Mọi việc đều làm được không cần chuột và không cần JavaScript. Mỗi lần xem dữ liệu của một người đều được ghi vào nhật ký không sửa được, và người đó được quyền biết.", EN: "Every task can be done without a mouse and without JavaScript. Every look at a person’s data goes into a log that cannot be changed, and that person has the right to know."},
	HelpLookup:         {VI: "Tra cứu một người", EN: "Looking a person up"},
	HelpLookupText:     {VI: "Chọn thủ tục, gõ mã hồ sơ đã tiếp nhận, gõ số định danh rồi nhấn Enter. Hệ thống chỉ trả các trường mà cơ quan được cấp cho thủ tục đó. Giữ biên nhận: nó chứng minh lượt tra cứu.", EN: "Choose the procedure, type the code of the dossier you received, type the number and press Enter. Only the fields your agency was granted for that procedure come back. Keep the receipt: it proves the look-up."},
	HelpRefused:        {VI: "Bị từ chối", EN: "Refused"},
	HelpRefusedText:    {VI: "Trang kết quả nói rõ điều gì chưa được cấp, điều luật liên quan và việc cần làm tiếp. Lượt bị từ chối cũng được ghi nhật ký.", EN: "The result says what was not granted, which provision it rests on and what to do next. Refusals are in the log as well."},
	HelpAccount:        {VI: "Mật khẩu, mã xác thực, phiên làm việc", EN: "Password, codes, sessions"},
	HelpAccountText:    {VI: "Không dùng chung tài khoản. Mất điện thoại hoặc khoá USB thì dùng mã khôi phục, rồi đăng ký lại ở Tài khoản của tôi; không còn mã khôi phục thì nhờ người quản trị của cơ quan đặt lại.", EN: "Accounts are not shared. If you lose your phone or USB key, use a recovery code and then enrol again under My account; without recovery codes, ask your agency’s administrator to reset them."},
	HelpContact:        {VI: "Cần hỗ trợ", EN: "If you need help"},
	HelpContactText:    {VI: "Cán bộ liên hệ người quản trị của cơ quan mình; người quản trị liên hệ bộ phận hỗ trợ của cơ sở dữ liệu. Đọc cho họ mã yêu cầu ghi ở cuối trang lỗi.", EN: "Officers ask their agency’s administrator; administrators ask the register’s support. Read out the request code at the bottom of the error page."},
	MenuLookup:         {VI: "Tra cứu", EN: "Look-up"},
	MenuHistory:        {VI: "Lượt tra cứu của tôi", EN: "My look-ups"},
	MenuOfficers:       {VI: "Cán bộ", EN: "Officers"},
	MenuReview:         {VI: "Rà soát tài khoản", EN: "Account review"},
	MenuStaff:          {VI: "Cán bộ quản lý CSDL", EN: "Register staff"},
	MenuAdministrators: {VI: "Quản trị của cơ quan", EN: "Agency administrators"},
	MenuReviews:        {VI: "Kết quả rà soát", EN: "Reviews"},
	MenuActs:           {VI: "Việc cần hai người", EN: "Two-person acts"},
	MenuLog:            {VI: "Nhật ký", EN: "The log"},
	MenuDay:            {VI: "Một ngày của cán bộ", EN: "An officer’s day"},
	MenuAccount:        {VI: "Tài khoản của tôi", EN: "My account"},
	ForbiddenTitle:     {VI: "Không có quyền", EN: "Not allowed"},
	ForbiddenText:      {VI: "Loại tài khoản của ông/bà không dùng trang này. Nếu nhiệm vụ đã thay đổi, hãy đề nghị người quản trị cấp lại quyền.", EN: "Your kind of account does not use this page. If your duties have changed, ask your administrator for the right."},
	InvalidTitle:       {VI: "Chưa thực hiện được", EN: "This could not be done"},
	BackHome:           {VI: "Về trang chính", EN: "To the main page"},
	KindAgencyAdmin:    {VI: "Quản trị của cơ quan", EN: "Agency administrator"},
	KindOfficer:        {VI: "Cán bộ của cơ quan", EN: "Agency officer"},
	KindCitizen:        {VI: "Công dân", EN: "Citizen"},
	MenuProvider:       {VI: "Đăng nhập qua hệ thống của cơ quan", EN: "Agency sign-in provider"},
	MenuMe:             {VI: "Ai đã xem dữ liệu của tôi", EN: "Who looked at my data"},
	KindOnboarder:      {VI: "Cán bộ kết nối", EN: "Onboarding officer"},
	KindAssessor:       {VI: "Cán bộ đánh giá an toàn thông tin", EN: "Security assessor"},
	KindInspector:      {VI: "Cán bộ kiểm tra, giám sát", EN: "Inspector"},
	KindSupervisor:     {VI: "Lãnh đạo vận hành", EN: "Supervisor"},
	KindSupport:        {VI: "Cán bộ hỗ trợ", EN: "Support"},
	KindAdministrator:  {VI: "Quản trị CSDL", EN: "Register administrator"},
	FormUnreadable:     {VI: "Không đọc được biểu mẫu: hãy mở lại trang và gửi lại.", EN: "The form could not be read: open the page again and send it again."},
	GalleryTitle:       {VI: "Mọi trang với dữ liệu mẫu", EN: "Every page with sample data"},
	GalleryLead:        {VI: "Không có hệ thống nào phía sau; không ai trong các trang này có thật.", EN: "There is no system behind it, and nobody on these pages is real."},
	FootLogged:         {VI: "Mọi lượt xem dữ liệu của một người đều được ghi vào nhật ký.", EN: "Every look at a person’s data goes into the log."},
	ColumnAct:          {VI: "Thao tác", EN: "Act"},
}
