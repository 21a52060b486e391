package i18n

import "dancu/internal/access"

// The texts about what is typed and not sent yet.
const (
	KeepPromise Msg = endToday + iota
	KeepSaved
	KeepFailed
	KeepLater
	KeepEnded
	KeepEndedKept
	KeepSignIn
	KeepNotSignIn
	KeepUntitled
	KeepDone
	KeptTitle
	KeptText
	KeptDiscard
	KeptList
	KeptWhen
	KeptRemove

	endKeep
)

var keepTexts = map[Msg]access.Text{
	KeepPromise:   {VI: "Nội dung đang nhập được lưu nháp; gián đoạn giữa chừng cũng không mất.", EN: "What you type is kept as a draft; an interruption loses nothing."},
	KeepSaved:     {VI: "Đã lưu nháp lúc %s.", EN: "Draft saved at %s."},
	KeepFailed:    {VI: "Chưa lưu nháp được. Hãy giữ trang này mở và gửi biểu mẫu khi hệ thống trở lại.", EN: "The draft could not be saved. Keep this page open and send the form when the system is back."},
	KeepLater:     {VI: "Lưu nháp, làm tiếp sau", EN: "Save and come back"},
	KeepEnded:     {VI: "Phiên làm việc đã kết thúc và nội dung vừa nhập chưa lưu được. Hãy giữ trang này mở, đăng nhập lại ở một thẻ khác rồi gửi.", EN: "Your session has ended and what you just typed could not be saved. Keep this page open, sign in again in another tab, then send it."},
	KeepEndedKept: {VI: "Phiên làm việc đã kết thúc. Nội dung đã nhập được giữ lại; đăng nhập lại để làm tiếp.", EN: "Your session has ended. What you typed is kept; sign in again to go on."},
	KeepSignIn:    {VI: "Nội dung ông/bà đã nhập được giữ lại. Đăng nhập lại bằng đúng tài khoản đó để trở về biểu mẫu với đầy đủ nội dung. Tệp vừa chọn mà chưa tải lên thì cần chọn lại.", EN: "What you typed is kept. Sign in again with the same account and you are back on the form with all of it. A file that you had chosen but not uploaded must be chosen again."},
	KeepNotSignIn: {VI: "Nội dung vừa gửi chưa lưu được vì không xác định được phiên làm việc trước đó. Hãy dùng nút quay lại của trình duyệt, sao chép nội dung rồi đăng nhập lại.", EN: "What you just sent could not be kept, because it cannot be told whose session it was. Go back with your browser, copy what you typed, then sign in again."},
	KeepUntitled:  {VI: "Biểu mẫu chưa gửi", EN: "A form not sent"},
	KeepDone:      {VI: "Đã lưu nháp. Mở lại ở mục “Biểu mẫu đang nhập dở” bên dưới.", EN: "The draft is saved. You find it under “Forms begun” below."},
	KeptTitle:     {VI: "Nội dung ông/bà nhập lúc %s, chưa gửi", EN: "What you typed at %s and have not sent"},
	KeptText:      {VI: "Chỉ tài khoản này xem được bản nháp. Bản nháp được giữ đến hết %s và tự xoá khi gửi.", EN: "Only this account can see the draft. It is kept until %s and goes when the form is sent."},
	KeptDiscard:   {VI: "Bỏ bản nháp, nhập lại từ đầu", EN: "Discard the draft and begin anew"},
	KeptList:      {VI: "Biểu mẫu đang nhập dở", EN: "Forms begun"},
	KeptWhen:      {VI: "Lưu lúc %s, giữ đến %s", EN: "Saved at %s, kept until %s"},
	KeptRemove:    {VI: "Bỏ", EN: "Discard"},
}
