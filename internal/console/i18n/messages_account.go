package i18n

import "dancu/internal/access"

// The texts of the own account.
const (
	AccountTitle Msg = endSignin + iota
	AccountFacts
	AccountName
	AccountLogin
	AccountCode
	AccountKind
	AccountUnit
	AccountAgency
	AccountSigned
	AccountEnds
	AccountPassword
	AccountPasswordOld
	AccountPasswordSet
	AccountPasswordDone
	AccountFactors
	AccountFactorApp
	AccountFactorKey
	AccountFactorUsed
	AccountFactorNever
	AccountFactorAdded
	AccountFactorRemove
	AccountFactorAdd
	AccountFactorDone
	AccountFactorGone
	AccountRecovery
	AccountRecoveryLeft
	AccountRecoveryNew
	AccountRecoveryNote
	AccountSessions
	AccountSessionThis
	AccountSessionEnd
	AccountSessionEndAll
	AccountSessionDone
	AccountSessionAddress
	AccountSessionAgent
	AccountSessionStarted
	AccountSessionSeen
	AccountSessionMethod
	MethodPassword
	MethodProvider
	MethodIdentity
	ConfirmTitle
	ConfirmLead
	ConfirmSubmit
	ConfirmDone
	AccountFactorLast
	APIKeys
	APIKeysNote
	APIKeysNone
	APIKeyNew
	APIKeyNewLead
	APIKeyOne
	APIKeyName
	APIKeyNameHint
	APIKeyTerm
	APIKeyTermHint
	APIKeyDays
	APIKeyNetworks
	APIKeyNetworksHint
	APIKeyNetworksAny
	APIKeyExpires
	APIKeyUsed
	APIKeyNever
	APIKeyEnd
	APIKeyDone
	APIKeyMade
	APIKeyMadeLead
	APIKeyMadeBack
	APIKeyWhyOwner
	APIKeyWhyAdmin
	APIKeyWhyPassword
	APIKeyWhyFactors
	APIKeyWhyDisabled
	APIKeyWhyTerm
	APIKeyCreated
	APIKeyMoreNetworks

	endAccount
)

var accountTexts = map[Msg]access.Text{
	AccountTitle:          {VI: "Tài khoản của tôi", EN: "My account"},
	AccountFacts:          {VI: "Thông tin tài khoản", EN: "Account"},
	AccountName:           {VI: "Họ và tên", EN: "Name"},
	AccountLogin:          {VI: "Tên đăng nhập", EN: "Login name"},
	AccountCode:           {VI: "Mã trong nhật ký", EN: "Code in the log"},
	AccountKind:           {VI: "Loại tài khoản", EN: "Kind of account"},
	AccountUnit:           {VI: "Đơn vị", EN: "Unit"},
	AccountAgency:         {VI: "Cơ quan", EN: "Agency"},
	AccountSigned:         {VI: "Đăng nhập lúc", EN: "Signed in at"},
	AccountEnds:           {VI: "Phiên đóng muộn nhất lúc", EN: "The session ends at the latest at"},
	AccountPassword:       {VI: "Đổi mật khẩu", EN: "Change password"},
	AccountPasswordOld:    {VI: "Mật khẩu hiện tại", EN: "Present password"},
	AccountPasswordSet:    {VI: "Đặt lúc %s", EN: "Set on %s"},
	AccountPasswordDone:   {VI: "Mật khẩu đã đổi; các phiên khác đã được đóng.", EN: "The password is changed, and the other sessions are closed."},
	AccountFactors:        {VI: "Xác thực bước hai", EN: "Second step"},
	AccountFactorApp:      {VI: "Ứng dụng xác thực", EN: "Authenticator app"},
	AccountFactorKey:      {VI: "Khoá truy cập hoặc khoá USB", EN: "Passkey or USB key"},
	AccountFactorUsed:     {VI: "Dùng lần cuối %s", EN: "Last used %s"},
	AccountFactorNever:    {VI: "Chưa dùng", EN: "Not used yet"},
	AccountFactorAdded:    {VI: "Đăng ký lúc %s", EN: "Enrolled on %s"},
	AccountFactorRemove:   {VI: "Bỏ", EN: "Remove"},
	AccountFactorAdd:      {VI: "Thêm cách xác thực", EN: "Add another"},
	AccountFactorDone:     {VI: "Đã lưu cách xác thực.", EN: "The second step is saved."},
	AccountFactorGone:     {VI: "Đã bỏ cách xác thực.", EN: "The second step is removed."},
	AccountRecovery:       {VI: "Mã khôi phục", EN: "Recovery codes"},
	AccountRecoveryLeft:   {VI: "Còn %s mã chưa dùng.", EN: "%s codes are left."},
	AccountRecoveryNew:    {VI: "Tạo mã mới", EN: "Make new codes"},
	AccountRecoveryNote:   {VI: "Mã cũ mất hiệu lực ngay khi tạo mã mới.", EN: "The old codes are worth nothing once new ones are made."},
	AccountSessions:       {VI: "Phiên làm việc", EN: "Sessions"},
	AccountSessionThis:    {VI: "Phiên này", EN: "This session"},
	AccountSessionEnd:     {VI: "Đóng", EN: "End"},
	AccountSessionEndAll:  {VI: "Đóng mọi phiên khác", EN: "End all other sessions"},
	AccountSessionDone:    {VI: "Đã đóng phiên.", EN: "The session is ended."},
	AccountSessionAddress: {VI: "Địa chỉ", EN: "Address"},
	AccountSessionAgent:   {VI: "Trình duyệt", EN: "Browser"},
	AccountSessionStarted: {VI: "Bắt đầu", EN: "Started"},
	AccountSessionSeen:    {VI: "Thao tác cuối", EN: "Last seen"},
	AccountSessionMethod:  {VI: "Cách đăng nhập", EN: "Signed in by"},
	MethodPassword:        {VI: "Mật khẩu và bước hai", EN: "Password and second step"},
	MethodProvider:        {VI: "Hệ thống của cơ quan", EN: "Agency’s own sign-in"},
	MethodIdentity:        {VI: "Định danh điện tử", EN: "E-identity"},
	ConfirmTitle:          {VI: "Xác nhận là chính ông/bà", EN: "Confirm that it is you"},
	ConfirmLead:           {VI: "Việc này cần xác thực bước hai vừa thực hiện. Xác nhận xong, hãy thực hiện lại việc đang làm.", EN: "This needs a second step made just now. Confirm, then do again what you were about to do."},
	ConfirmSubmit:         {VI: "Xác nhận", EN: "Confirm"},
	ConfirmDone:           {VI: "Đã xác nhận. Mời thực hiện lại việc vừa rồi.", EN: "Confirmed. Please do again what you were about to do."},
	AccountFactorLast:     {VI: "Dùng lần cuối", EN: "Last used"},
	APIKeys:               {VI: "Khoá API", EN: "API keys"},
	APIKeysNote:           {VI: "Chương trình giữ khoá làm việc thay ông/bà trong phạm vi loại tài khoản này: không xác nhận việc cần hai người, không đổi tài khoản, không đọc nhật ký. Mọi việc qua khoá được ghi dưới tên ông/bà cùng mã của khoá.", EN: "A program that holds a key works for you, as far as your kind of account goes: it confirms no act of two people, changes no account and does not read the log. All it does is recorded as yours, with the key’s id."},
	APIKeysNone:           {VI: "Chưa có khoá nào.", EN: "There are no keys."},
	APIKeyNew:             {VI: "Tạo khoá API", EN: "New API key"},
	APIKeyNewLead:         {VI: "Mỗi chương trình một khoá, thời hạn ngắn nhất đủ dùng.", EN: "One key for each program, for the shortest time that will do."},
	APIKeyOne:             {VI: "Khoá", EN: "Key"},
	APIKeyName:            {VI: "Dùng vào việc gì", EN: "What it is for"},
	APIKeyNameHint:        {VI: "Ví dụ: đồng bộ hồ sơ từ phần mềm một cửa.", EN: "For example: bring over files from the one-stop software."},
	APIKeyTerm:            {VI: "Thời hạn", EN: "Term"},
	APIKeyTermHint:        {VI: "Hết thời hạn, khoá tự hết hiệu lực; khi đó tạo khoá mới.", EN: "After it the key is worth nothing; make a new one then."},
	APIKeyDays:            {VI: "%s ngày", EN: "%s days"},
	APIKeyNetworks:        {VI: "Mạng được dùng khoá", EN: "Networks it is heard from"},
	APIKeyNetworksHint:    {VI: "Mỗi dòng một mạng như 10.1.2.0/24, hoặc một địa chỉ. Để trống: từ mọi nơi.", EN: "One to a line, like 10.1.2.0/24, or one address. Empty: from anywhere."},
	APIKeyNetworksAny:     {VI: "Mọi nơi", EN: "Anywhere"},
	APIKeyExpires:         {VI: "Hết hạn", EN: "Holds until"},
	APIKeyUsed:            {VI: "Dùng lần cuối khoảng %s", EN: "Last used at about %s"},
	APIKeyNever:           {VI: "Chưa dùng", EN: "Not used yet"},
	APIKeyEnd:             {VI: "Chấm dứt", EN: "End"},
	APIKeyDone:            {VI: "Đã chấm dứt khoá.", EN: "The key is ended."},
	APIKeyMade:            {VI: "Khoá API mới", EN: "The new API key"},
	APIKeyMadeLead:        {VI: "Chép khoá vào chương trình ngay bây giờ: khoá chỉ hiện một lần này.", EN: "Copy it into the program now: it is shown this once."},
	APIKeyMadeBack:        {VI: "Về tài khoản của tôi", EN: "Back to my account"},
	APIKeyWhyOwner:        {VI: "Chủ khoá chấm dứt", EN: "Ended by its owner"},
	APIKeyWhyAdmin:        {VI: "Người quản lý chấm dứt", EN: "Ended by an administrator"},
	APIKeyWhyPassword:     {VI: "Chấm dứt khi cấp lại mật khẩu", EN: "Ended as the password was reset"},
	APIKeyWhyFactors:      {VI: "Chấm dứt khi đặt lại bước hai", EN: "Ended as the second step was reset"},
	APIKeyWhyDisabled:     {VI: "Chấm dứt khi khoá tài khoản", EN: "Ended with the account"},
	APIKeyWhyTerm:         {VI: "Đã hết hạn", EN: "Past its term"},
	APIKeyCreated:         {VI: "Tạo lúc %s", EN: "Made on %s"},
	APIKeyMoreNetworks:    {VI: "và %s mạng khác", EN: "and %s more"},
}
