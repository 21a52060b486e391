package i18n

import "dancu/internal/access"

// The texts of notices and webhooks.
const (
	MenuNotices Msg = endCitizen + iota
	NoticesTitle
	NoticesLead
	NoticesOwn
	NoticesOwnLead
	NoticesPages
	NoticesOne
	NoticesWhat
	NoticesTo
	NoticesAnybody
	NoticesAt
	NoticesTopic
	NoticesAttempts
	NoticesNext
	NoticesSettled
	NoticesCause
	NoticesText
	NoticesLink
	NoticesDeliveries
	NoticesNoDeliveries
	NoticesTarget
	NoticesLast
	NoticesMail
	NoticesWebhook
	NoticesTaken
	NoticesRefused
	NoticesWaiting
	NoticesSending
	NoticesHeld
	NoticesSent
	NoticesFailed
	NoticesFailedNote
	NoticesNone
	NoticesNoneFiltered
	NoticesCount
	NoticesPage
	NoticesRetry
	NoticesRetryNote
	NoticesRetried
	NoticesOff
	NoticesOffText
	CauseNobody
	CauseMany
	CauseOurs
	CauseMailDown
	CauseMailTLS
	CauseMailAuth
	CauseMailSender
	CauseMailLater
	CauseMailbox
	CauseMailBroken
	CauseHookNetwork
	CauseHookDown
	CauseHookTLS
	CauseHookRedirect
	CauseHookGone
	CauseHookInvalid
	CauseHookStatus
	CauseTimeout
	HooksTitle
	HooksLead
	HooksOff
	HooksOffText
	HooksRegister
	HooksURL
	HooksURLHint
	HooksURLMissing
	HooksHow
	HooksFull
	HooksNew
	HooksNewNext
	HooksActive
	HooksID
	HooksMade
	HooksTested
	HooksTaken
	HooksRotating
	HooksTest
	HooksTestTaken
	HooksTestFailed
	HooksRotate
	HooksEnd
	HooksEnded
	HooksEndedAt
	HooksOld
	HooksSecret
	HooksSecretLead
	HooksSecretNext
	LifeWaiting
	LifeWaitingBy
	LifeWaitingUntil
	LifeWaitingOwn
	LifeWaitingConfirm
	LifeWaitingSee
	HooksSecretBack

	endNotices
)

var noticesTexts = map[Msg]access.Text{
	MenuNotices:         {VI: "Thông báo", EN: "Notices"},
	NoticesTitle:        {VI: "Thông báo đã gửi", EN: "Notices"},
	NoticesLead:         {VI: "Mọi thông báo gửi cho cơ quan và cán bộ: đã đến nơi chưa, vì sao chưa đến. Thông báo được giữ lại làm bằng chứng đã báo khi nào.", EN: "Every notice to agencies and staff: whether it arrived, and if not, why. They are kept as proof of what was told when."},
	NoticesOwn:          {VI: "Thông báo của cơ quan", EN: "Your agency’s notices"},
	NoticesOwnLead:      {VI: "Những gì hệ thống đã thông báo cho cơ quan qua thư điện tử của đầu mối và qua webhook.", EN: "What your agency was told by mail to its contact officer and by webhook."},
	NoticesPages:        {VI: "Các trang thông báo", EN: "Pages of notices"},
	NoticesOne:          {VI: "Thông báo", EN: "Notice"},
	NoticesWhat:         {VI: "Nội dung", EN: "Subject"},
	NoticesTo:           {VI: "Người nhận", EN: "Recipient"},
	NoticesAnybody:      {VI: "Mọi người nhận", EN: "All recipients"},
	NoticesAt:           {VI: "Lập lúc", EN: "Written"},
	NoticesTopic:        {VI: "Loại", EN: "Topic"},
	NoticesAttempts:     {VI: "Số lần thử", EN: "Attempts"},
	NoticesNext:         {VI: "Thử lại lúc", EN: "Tried again at"},
	NoticesSettled:      {VI: "Kết thúc lúc", EN: "Settled at"},
	NoticesCause:        {VI: "Lỗi gần nhất", EN: "Last failure"},
	NoticesText:         {VI: "Văn bản thông báo", EN: "Text"},
	NoticesLink:         {VI: "Mở trang liên quan", EN: "Open the page it points to"},
	NoticesDeliveries:   {VI: "Nơi nhận", EN: "Deliveries"},
	NoticesNoDeliveries: {VI: "Chưa gửi đến nơi nào.", EN: "It was not tried anywhere yet."},
	NoticesTarget:       {VI: "Địa chỉ", EN: "Target"},
	NoticesLast:         {VI: "Lần cuối", EN: "Last"},
	NoticesMail:         {VI: "thư điện tử", EN: "mail"},
	NoticesWebhook:      {VI: "webhook", EN: "webhook"},
	NoticesTaken:        {VI: "Đã nhận", EN: "Taken"},
	NoticesRefused:      {VI: "Bị từ chối hẳn", EN: "Refused for good"},
	NoticesWaiting:      {VI: "Chờ gửi", EN: "Waiting"},
	NoticesSending:      {VI: "Đang gửi", EN: "Being sent"},
	NoticesHeld:         {VI: "Đang giữ", EN: "Held"},
	NoticesSent:         {VI: "Đã gửi", EN: "Sent"},
	NoticesFailed:       {VI: "Không gửi được", EN: "Given up"},
	NoticesFailedNote:   {VI: "trong 30 ngày qua", EN: "in the last 30 days"},
	NoticesNone:         {VI: "Chưa có thông báo nào. Thông báo xuất hiện ở đây khi có việc cần báo.", EN: "There are no notices yet. They appear here when there is something to tell."},
	NoticesNoneFiltered: {VI: "Không có thông báo nào như vậy. Hãy bỏ bớt điều kiện lọc.", EN: "No notice is like that. Try fewer conditions."},
	NoticesCount:        {VI: "%s thông báo", EN: "%s notices"},
	NoticesPage:         {VI: "%s thông báo trên trang này", EN: "%s notices on this page"},
	NoticesRetry:        {VI: "Gửi lại", EN: "Send again"},
	NoticesRetryNote:    {VI: "Nơi nào đã nhận sẽ không nhận lại. Hãy sửa nguyên nhân trước khi gửi lại.", EN: "Who has had it is not sent it again. Mend the cause first."},
	NoticesRetried:      {VI: "Thông báo sẽ được gửi lại ngay.", EN: "The notice is sent again now."},
	NoticesOff:          {VI: "Hệ thống này không gửi thông báo", EN: "This installation sends no notices"},
	NoticesOffText:      {VI: "Chưa khai báo máy chủ thư và chưa bật webhook trong cấu hình: thông báo được giữ lại, thông báo của bảy ngày gần nhất sẽ được gửi khi khai báo xong.", EN: "The configuration has no mail server and no webhooks: notices are held, and those of the last seven days go out once there is one."},
	CauseNobody:         {VI: "Không có nơi nhận: cơ quan chưa có thư điện tử của đầu mối, hoặc cấu hình chưa có hộp thư của bộ phận này", EN: "There is nobody to send it to: the agency’s contact officer has no mailbox, or the duty’s mailbox is not configured"},
	CauseMany:           {VI: "Quá nhiều nơi nhận", EN: "Too many targets"},
	CauseOurs:           {VI: "Chưa đọc được nơi nhận từ cơ sở dữ liệu", EN: "The database did not say who is to have it"},
	CauseMailDown:       {VI: "Không kết nối được máy chủ thư", EN: "The mail server is not reached"},
	CauseMailTLS:        {VI: "Chứng thư hoặc TLS của máy chủ thư không dùng được", EN: "The mail server’s TLS or certificate does not hold"},
	CauseMailAuth:       {VI: "Máy chủ thư từ chối tài khoản gửi", EN: "The mail server refuses our sign-in"},
	CauseMailSender:     {VI: "Máy chủ thư không cho gửi từ địa chỉ này", EN: "The mail server does not let us send from this address"},
	CauseMailLater:      {VI: "Máy chủ thư yêu cầu gửi lại sau", EN: "The mail server asks to come back later"},
	CauseMailbox:        {VI: "Hộp thư không tồn tại hoặc từ chối: hãy sửa đầu mối rồi gửi lại", EN: "The mailbox does not exist or refuses: put the contact right, then send it again"},
	CauseMailBroken:     {VI: "Kết nối bị ngắt giữa chừng; thư có thể đã đến", EN: "The connection broke; the mail may have arrived"},
	CauseHookNetwork:    {VI: "Tên miền dẫn vào mạng không được phép gửi đến", EN: "The name leads into a network that is not allowed"},
	CauseHookDown:       {VI: "Không kết nối được nơi nhận", EN: "The receiver is not reached"},
	CauseHookTLS:        {VI: "Chứng thư của nơi nhận không dùng được", EN: "The receiver’s certificate does not hold"},
	CauseHookRedirect:   {VI: "Nơi nhận chuyển hướng; hệ thống không đi theo", EN: "The receiver redirects, which is not followed"},
	CauseHookGone:       {VI: "Nơi nhận trả lời không nhận nữa (410)", EN: "The receiver wants no more (410)"},
	CauseHookInvalid:    {VI: "Địa chỉ hoặc khoá của webhook không dùng được", EN: "The webhook’s address or secret cannot be used"},
	CauseHookStatus:     {VI: "Nơi nhận trả lời mã %s", EN: "The receiver answered %s"},
	CauseTimeout:        {VI: "Không trả lời kịp", EN: "No answer in time"},
	HooksTitle:          {VI: "Webhook", EN: "Webhooks"},
	HooksLead:           {VI: "Hệ thống của cơ quan có thể nhận thông báo tự động qua HTTPS, có chữ ký. Webhook chỉ bắt đầu nhận sau khi đã nhận một thông báo thử.", EN: "Your systems can take notices over HTTPS, signed. A webhook gets notices once it has taken a test."},
	HooksOff:            {VI: "Hệ thống này không gửi webhook", EN: "This installation sends no webhooks"},
	HooksOffText:        {VI: "Cơ quan quản lý cơ sở dữ liệu chưa bật webhook. Thông báo vẫn đến thư điện tử của đầu mối.", EN: "The register’s operator has not turned webhooks on. Notices go to the contact officer’s mailbox."},
	HooksRegister:       {VI: "Đăng ký webhook", EN: "Register a webhook"},
	HooksURL:            {VI: "Địa chỉ nhận", EN: "Address"},
	HooksURLHint:        {VI: "Địa chỉ https công khai của hệ thống nhận, ví dụ https://he-thong.example.vn/thong-bao", EN: "A public https address of the receiver, like https://system.example.vn/notices"},
	HooksURLMissing:     {VI: "Hãy nhập địa chỉ nhận, bắt đầu bằng https://", EN: "Type the address; it begins with https://"},
	HooksHow:            {VI: "Sau khi đăng ký, khoá bí mật hiện ra một lần. Đặt khoá vào hệ thống nhận, rồi gửi thông báo thử.", EN: "The secret is then shown once. Put it into the receiver, then send a test."},
	HooksFull:           {VI: "Cơ quan đã có 4 webhook, là mức tối đa. Hãy chấm dứt một webhook để đăng ký địa chỉ khác.", EN: "Your agency has 4 webhooks, which is the most. End one to register another."},
	HooksNew:            {VI: "Chờ thử", EN: "To be tested"},
	HooksNewNext:        {VI: "Chưa nhận thông báo nào: hãy đặt khoá bí mật vào hệ thống nhận rồi gửi thông báo thử.", EN: "It gets nothing yet: put the secret into the receiver, then send a test."},
	HooksActive:         {VI: "Đang nhận", EN: "Active"},
	HooksID:             {VI: "Mã", EN: "Id"},
	HooksMade:           {VI: "Đăng ký", EN: "Registered"},
	HooksTested:         {VI: "Thử gần nhất", EN: "Last test"},
	HooksTaken:          {VI: "đã nhận", EN: "taken"},
	HooksRotating:       {VI: "Đang đổi khoá: thông báo mang chữ ký của cả hai khoá đến %s. Gửi thông báo thử để chứng minh khoá mới; khi đó khoá cũ hết hiệu lực ngay.", EN: "The secret is being changed: both sign until %s. Send a test to prove the new one; the old one then ends at once."},
	HooksTest:           {VI: "Gửi thông báo thử", EN: "Send a test"},
	HooksTestTaken:      {VI: "Hệ thống nhận đã nhận thông báo thử.", EN: "The receiver took the test."},
	HooksTestFailed:     {VI: "Thông báo thử không được nhận: %s", EN: "The test was not taken: %s"},
	HooksRotate:         {VI: "Đổi khoá bí mật", EN: "Change the secret"},
	HooksEnd:            {VI: "Chấm dứt", EN: "End"},
	HooksEnded:          {VI: "Webhook đã chấm dứt và không nhận thông báo nữa.", EN: "The webhook has ended and gets no more notices."},
	HooksEndedAt:        {VI: "Chấm dứt lúc", EN: "Ended"},
	HooksOld:            {VI: "Webhook đã chấm dứt", EN: "Ended webhooks"},
	HooksSecret:         {VI: "Khoá bí mật của webhook", EN: "Secret of the webhook"},
	HooksSecretLead:     {VI: "Khoá này chỉ hiện một lần và không lưu ở dạng đọc được. Hãy chép ngay vào hệ thống nhận.", EN: "This is shown once and kept nowhere in the clear. Copy it into the receiver now."},
	HooksSecretNext:     {VI: "Hệ thống nhận tính HMAC-SHA256 bằng khoá này trên thời điểm, dấu chấm và nội dung, rồi so với v1 trong tiêu đề Dancu-Signature.", EN: "The receiver computes HMAC-SHA256 under this secret over the time, a dot and the body, and compares it with v1 of the header Dancu-Signature."},
	LifeWaiting:         {VI: "Chờ người thứ hai xác nhận", EN: "Waits for a second person"},
	LifeWaitingBy:       {VI: "Đề xuất", EN: "Proposed"},
	LifeWaitingUntil:    {VI: "Hết hạn", EN: "Lapses"},
	LifeWaitingOwn:      {VI: "Đề xuất của ông/bà: cần người khác xác nhận. Ông/bà có thể rút lại.", EN: "You proposed this: another person must confirm it. You can withdraw it."},
	LifeWaitingConfirm:  {VI: "Xem và xác nhận hoặc từ chối", EN: "See it and confirm or decline"},
	LifeWaitingSee:      {VI: "Xem đề xuất", EN: "See the proposal"},
	HooksSecretBack:     {VI: "Đã chép khoá", EN: "I have copied it"},
}
