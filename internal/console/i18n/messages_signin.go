package i18n

import "dancu/internal/access"

// The texts of the sign-in.
const (
	SignInTitle Msg = endShell + iota
	SignInLead
	SignInLogin
	SignInPassword
	SignInSubmit
	SignInFirstTime
	SignInWhyTime
	SignInWhyTimeText
	SignInWhyEnded
	SignInWhyEndedText
	SignInWhyOut
	SignInWhyOutText
	SignInForgot
	SignInForgotText
	SignInOther
	SignInAgency
	SignInAgencyLead
	SignInAgencyCode
	SignInAgencyHint
	SignInAgencyNone
	SignInAgencyGo
	SignInCitizen
	SignInCitizenTitle
	SignInCitizenDemo
	SignInCitizenDemoText
	SignInCitizenPIN
	SignInCitizenCode
	SignInCodeMissing
	SignInLoginMissing
	SignInPasswordMissing
	SignInPINWrong
	FactorTitle
	FactorLead
	FactorCode
	FactorCodeHint
	FactorRecovery
	FactorRecoveryTitle
	FactorRecoveryHint
	FactorRecoveryNone
	FactorPasskey
	FactorPasskeyNeedsScript
	PasskeyUnsupported
	PasskeyKnown
	PasskeyFailed
	NewPasswordTitle
	NewPasswordLead
	NewPassword
	NewPasswordAgain
	NewPasswordHint
	NewPasswordDiffer
	EnrolTitle
	EnrolLead
	EnrolApp
	EnrolAppSteps
	EnrolAppPicture
	EnrolSecret
	EnrolCode
	EnrolName
	EnrolNameHint
	EnrolDone
	EnrolKey
	EnrolKeyText
	EnrolKeyButton
	EnrolKeyAddress
	RecoveryTitle
	RecoveryLead
	RecoveryKept
	SignInSlowly
	SignInPlain

	endSignin
)

var signinTexts = map[Msg]access.Text{
	SignInTitle:              {VI: "Đăng nhập", EN: "Sign in"},
	SignInLead:               {VI: "Mỗi người một tài khoản. Mọi lần đăng nhập, đăng xuất và tra cứu đều được ghi vào nhật ký.", EN: "One account, one person. Every sign-in, sign-out and look-up goes into the log."},
	SignInLogin:              {VI: "Tên đăng nhập", EN: "Login name"},
	SignInPassword:           {VI: "Mật khẩu", EN: "Password"},
	SignInSubmit:             {VI: "Tiếp tục", EN: "Continue"},
	SignInFirstTime:          {VI: "Lần đầu đăng nhập: dùng mật khẩu một lần do người quản trị giao.", EN: "First time here: use the one-time password your administrator gave you."},
	SignInWhyTime:            {VI: "Phiên làm việc đã hết giờ", EN: "Your session timed out"},
	SignInWhyTimeText:        {VI: "Đã lâu không có thao tác hoặc phiên đã đủ thời lượng tối đa, nên hệ thống tự đóng phiên và ghi rõ lý do vào nhật ký. Đăng nhập lại để làm tiếp; nội dung chưa gửi cần nhập lại.", EN: "Nothing was done for some time, or the session had lasted as long as one may, so it was closed, and the log says so. Sign in again to go on; what was not sent has to be typed again."},
	SignInWhyEnded:           {VI: "Phiên làm việc đã kết thúc", EN: "Your session has ended"},
	SignInWhyEndedText:       {VI: "Phiên đã được đăng xuất ở nơi khác, hoặc tài khoản vừa được thay đổi. Nếu không phải ông/bà làm, hãy báo ngay người quản trị.", EN: "It was signed out elsewhere, or the account was changed. If that was not you, tell your administrator at once."},
	SignInWhyOut:             {VI: "Đã đăng xuất", EN: "You are signed out"},
	SignInWhyOutText:         {VI: "Phiên làm việc đã kết thúc và được ghi vào nhật ký.", EN: "The session has ended, and the log says so."},
	SignInForgot:             {VI: "Quên mật khẩu hoặc bị khoá", EN: "Forgotten password, or locked out"},
	SignInForgotText:         {VI: "Sau nhiều lần nhập sai liên tiếp, tài khoản bị khoá tạm thời rồi tự mở; mỗi lần khoá lại lâu hơn. Cần dùng ngay, hãy nhờ người quản trị của cơ quan mở khoá hoặc đặt lại mật khẩu; người quản trị của cơ quan thì nhờ bộ phận hỗ trợ của CSDL.", EN: "After several failures in a row an account is locked for a while and opens by itself; each further lock lasts longer. If it cannot wait, ask your agency’s administrator to unlock it or to give you a new password; administrators of agencies ask the register’s support."},
	SignInOther:              {VI: "Cách đăng nhập khác", EN: "Other ways to sign in"},
	SignInAgency:             {VI: "Qua hệ thống đăng nhập của cơ quan", EN: "Through my agency’s own sign-in"},
	SignInAgencyLead:         {VI: "Dành cho cán bộ của cơ quan đã khai báo hệ thống đăng nhập riêng.", EN: "For officers of agencies that have registered their own sign-in."},
	SignInAgencyCode:         {VI: "Mã cơ quan", EN: "Agency code"},
	SignInAgencyHint:         {VI: "Ví dụ H98. Hỏi người quản trị của cơ quan nếu không biết.", EN: "Such as H98. Ask your agency’s administrator if you do not know it."},
	SignInAgencyNone:         {VI: "Cơ quan này chưa khai báo hệ thống đăng nhập riêng: hãy đăng nhập bằng tên và mật khẩu.", EN: "This agency has not registered a sign-in of its own: use your login name and password."},
	SignInAgencyGo:           {VI: "Đến trang đăng nhập của %s", EN: "Go to the sign-in of %s"},
	SignInCitizen:            {VI: "Công dân", EN: "Citizens"},
	SignInCitizenTitle:       {VI: "Công dân đăng nhập", EN: "Citizen sign-in"},
	SignInCitizenDemo:        {VI: "Định danh minh hoạ", EN: "Demonstration identity"},
	SignInCitizenDemoText:    {VI: "Đây không phải hệ thống định danh và xác thực điện tử quốc gia. Chỉ những người không có thật của bản minh hoạ đăng nhập được, bằng mã chung ghi trong hướng dẫn của bản minh hoạ.", EN: "This is not the national e-identification. Only the made-up people of the demonstration can sign in, with the shared code that the demonstration prints."},
	SignInCitizenPIN:         {VI: "Số định danh cá nhân", EN: "Personal identification number"},
	SignInCitizenCode:        {VI: "Mã xác thực", EN: "Code"},
	SignInCodeMissing:        {VI: "Hãy nhập mã.", EN: "Type the code."},
	SignInLoginMissing:       {VI: "Hãy nhập tên đăng nhập.", EN: "Type your login name."},
	SignInPasswordMissing:    {VI: "Hãy nhập mật khẩu.", EN: "Type your password."},
	SignInPINWrong:           {VI: "Số định danh cá nhân gồm đúng 12 chữ số.", EN: "The number has exactly 12 digits."},
	FactorTitle:              {VI: "Xác thực bước hai", EN: "Second step"},
	FactorLead:               {VI: "Mật khẩu đúng. Còn một bước để chắc chắn là chính ông/bà.", EN: "The password is right. One more step makes sure it is you."},
	FactorCode:               {VI: "Mã 6 chữ số của ứng dụng xác thực", EN: "The 6-digit code of your authenticator app"},
	FactorCodeHint:           {VI: "Mã đổi 30 giây một lần và chỉ dùng được một lần.", EN: "The code changes every 30 seconds and works once."},
	FactorRecovery:           {VI: "Mã khôi phục", EN: "Recovery code"},
	FactorRecoveryTitle:      {VI: "Dùng mã khôi phục", EN: "Use a recovery code"},
	FactorRecoveryHint:       {VI: "Mỗi mã chỉ dùng được một lần.", EN: "Each code works once."},
	FactorRecoveryNone:       {VI: "Không còn mã khôi phục. Nhờ người quản trị đặt lại xác thực bước hai.", EN: "There are no recovery codes left. Ask your administrator to reset your second step."},
	FactorPasskey:            {VI: "Dùng khoá truy cập hoặc khoá USB", EN: "Use a passkey or USB key"},
	FactorPasskeyNeedsScript: {VI: "Khoá truy cập và khoá USB cần JavaScript; mã của ứng dụng và mã khôi phục thì không.", EN: "Passkeys and USB keys need JavaScript; the app’s codes and recovery codes do not."},
	PasskeyUnsupported:       {VI: "Trình duyệt này không dùng được khoá truy cập: hãy dùng ứng dụng xác thực.", EN: "This browser cannot use passkeys: use an authenticator app."},
	PasskeyKnown:             {VI: "Khoá này đã được đăng ký.", EN: "This key is enrolled already."},
	PasskeyFailed:            {VI: "Khoá chưa trả lời hoặc bị huỷ. Hãy thử lại.", EN: "The key gave no answer, or it was cancelled. Try again."},
	NewPasswordTitle:         {VI: "Đặt mật khẩu mới", EN: "Set a new password"},
	NewPasswordLead:          {VI: "Mật khẩu một lần chỉ dùng để vào lần đầu, mật khẩu quá hạn phải thay.", EN: "A one-time password is for the first time only, and one past its term must be replaced."},
	NewPassword:              {VI: "Mật khẩu mới", EN: "New password"},
	NewPasswordAgain:         {VI: "Nhập lại mật khẩu mới", EN: "New password once more"},
	NewPasswordHint:          {VI: "Ít nhất %s ký tự có chữ hoa, chữ thường, chữ số và ký tự khác; hoặc từ %s ký tự trở lên tuỳ ý. Không chứa tên đăng nhập.", EN: "At least %s characters with capital and small letters, digits and signs; or %s and more of any kind. It must not hold your login name."},
	NewPasswordDiffer:        {VI: "Hai lần nhập khác nhau.", EN: "The two do not match."},
	EnrolTitle:               {VI: "Đăng ký xác thực bước hai", EN: "Enrol your second step"},
	EnrolLead:                {VI: "Cần một trong hai cách: ứng dụng xác thực trên điện thoại, hoặc khoá truy cập, khoá USB.", EN: "One of the two is needed: an authenticator app on a phone, or a passkey or USB key."},
	EnrolApp:                 {VI: "Ứng dụng xác thực", EN: "Authenticator app"},
	EnrolAppSteps:            {VI: "1. Mở ứng dụng xác thực (loại dùng được mã TOTP). 2. Quét hình này, hoặc gõ khoá bên dưới. 3. Nhập mã 6 chữ số mà ứng dụng hiện ra.", EN: "1. Open an authenticator app (any that knows TOTP codes). 2. Scan this picture, or type the key below. 3. Type the 6-digit code the app shows."},
	EnrolAppPicture:          {VI: "Hình chứa khoá của ứng dụng xác thực; khoá được ghi bằng chữ bên cạnh.", EN: "A picture of the authenticator app’s key; the key stands beside it in letters."},
	EnrolSecret:              {VI: "Khoá để gõ tay", EN: "Key to type"},
	EnrolCode:                {VI: "Mã ứng dụng đang hiện", EN: "Code the app shows now"},
	EnrolName:                {VI: "Tên gợi nhớ", EN: "A name for it"},
	EnrolNameHint:            {VI: "Ví dụ: điện thoại cơ quan, khoá trên móc chìa.", EN: "Such as: office phone, key on my ring."},
	EnrolDone:                {VI: "Hoàn tất", EN: "Finish"},
	EnrolKey:                 {VI: "Khoá truy cập hoặc khoá USB", EN: "Passkey or USB key"},
	EnrolKeyText:             {VI: "Khoá USB của cơ quan, vân tay hoặc mã PIN của máy này.", EN: "Your agency’s USB key, or this machine’s fingerprint or PIN."},
	EnrolKeyButton:           {VI: "Đăng ký khoá", EN: "Enrol a key"},
	EnrolKeyAddress:          {VI: "Khoá truy cập chỉ dùng được khi mở trang bằng tên miền đã khai báo: %s", EN: "Passkeys work only when the page is opened at its registered address: %s"},
	RecoveryTitle:            {VI: "Mã khôi phục", EN: "Recovery codes"},
	RecoveryLead:             {VI: "Chỉ hiện một lần này. In hoặc chép ra giấy, cất nơi an toàn; mỗi mã dùng được một lần khi không có điện thoại hoặc khoá.", EN: "They are shown this once. Print them or write them down and keep them safe; each works once when the phone or key is not at hand."},
	RecoveryKept:             {VI: "Tôi đã cất các mã này", EN: "I have put these codes away"},
	SignInSlowly:             {VI: "Có quá nhiều lượt đăng nhập từ địa chỉ này: hãy đợi ít giây rồi thử lại.", EN: "Too many sign-ins come from this address: wait a few seconds and try again."},
	SignInPlain:              {VI: "Trang này đang mở qua HTTP không mã hoá từ máy khác, nên không nhận mật khẩu. Mở qua HTTPS: người vận hành đặt console.certificate_file và identity.origin.", EN: "This page is open over plain HTTP from another machine, so it takes no password. Use HTTPS: the operator sets console.certificate_file and identity.origin."},
}
