package i18n

import "dancu/internal/access"

// The names of kinds of entry about accounts.
const (
	EntryAccountCreated Msg = endInspector + iota
	EntryAccountChanged
	EntryAccountDisabled
	EntryAccountEnabled
	EntryAccountLocked
	EntryAccountUnlocked
	EntryFactorAdded
	EntryFactorRemoved
	EntryFactorsReset
	EntryPasswordChanged
	EntryPasswordReset
	EntryRecoveryMade
	EntryRecoveryUsed
	EntryRightsChanged
	EntryProposalMade
	EntryProposalExecuted
	EntryProposalDeclined
	EntryProposalLapsed
	EntryProposalFailed
	EntryKeyMade
	EntryKeyEnded
	EntryKeyUsed
	EntryKeysRefused
	EntryProviderSet
	EntryProviderRemoved
	EntryReviewOpened
	EntryReviewDecided
	EntryReviewSigned
	EntrySessionOpened
	EntrySessionClosed
	EntrySessionEnded
	EntrySessionTimedOut
	EntrySessionFactor
	EntrySignInFailed
	EntrySignInAbandoned
	EntrySignInsFailed

	endKinds
)

var kindsTexts = map[Msg]access.Text{
	EntryAccountCreated:   {VI: "Tạo tài khoản", EN: "Account created"},
	EntryAccountChanged:   {VI: "Sửa tài khoản", EN: "Account changed"},
	EntryAccountDisabled:  {VI: "Vô hiệu hoá tài khoản", EN: "Account disabled"},
	EntryAccountEnabled:   {VI: "Cho tài khoản hoạt động lại", EN: "Account enabled"},
	EntryAccountLocked:    {VI: "Khoá tài khoản do nhập sai", EN: "Account locked after failures"},
	EntryAccountUnlocked:  {VI: "Mở khoá tài khoản", EN: "Account unlocked"},
	EntryFactorAdded:      {VI: "Thêm xác thực bước hai", EN: "Second step added"},
	EntryFactorRemoved:    {VI: "Bỏ xác thực bước hai", EN: "Second step removed"},
	EntryFactorsReset:     {VI: "Đặt lại xác thực bước hai", EN: "Second step reset"},
	EntryPasswordChanged:  {VI: "Đổi mật khẩu", EN: "Password changed"},
	EntryPasswordReset:    {VI: "Cấp mật khẩu một lần", EN: "One-time password given"},
	EntryRecoveryMade:     {VI: "Tạo mã khôi phục", EN: "Recovery codes made"},
	EntryRecoveryUsed:     {VI: "Dùng mã khôi phục", EN: "Recovery code used"},
	EntryRightsChanged:    {VI: "Thay đổi quyền của cán bộ", EN: "Officer’s rights changed"},
	EntryProposalMade:     {VI: "Đề nghị việc cần hai người", EN: "Two-person act proposed"},
	EntryProposalExecuted: {VI: "Thực hiện việc cần hai người", EN: "Two-person act done"},
	EntryProposalDeclined: {VI: "Từ chối việc cần hai người", EN: "Two-person act declined"},
	EntryProposalLapsed:   {VI: "Việc cần hai người hết hạn", EN: "Two-person act lapsed"},
	EntryProposalFailed:   {VI: "Việc cần hai người không thực hiện được", EN: "Two-person act could not be done"},
	EntryKeyMade:          {VI: "Tạo khoá API", EN: "API key made"},
	EntryKeyEnded:         {VI: "Chấm dứt khoá API", EN: "API key ended"},
	EntryKeyUsed:          {VI: "Dùng khoá API", EN: "API key used"},
	EntryKeysRefused:      {VI: "Từ chối khoá API", EN: "API keys refused"},
	EntryProviderSet:      {VI: "Khai báo hệ thống đăng nhập của cơ quan", EN: "Agency sign-in set"},
	EntryProviderRemoved:  {VI: "Bỏ hệ thống đăng nhập của cơ quan", EN: "Agency sign-in removed"},
	EntryReviewOpened:     {VI: "Mở đợt rà soát tài khoản", EN: "Account review opened"},
	EntryReviewDecided:    {VI: "Quyết định trong rà soát tài khoản", EN: "Account review decided"},
	EntryReviewSigned:     {VI: "Ký rà soát tài khoản", EN: "Account review signed off"},
	EntrySessionOpened:    {VI: "Đăng nhập", EN: "Signed in"},
	EntrySessionClosed:    {VI: "Đăng xuất", EN: "Signed out"},
	EntrySessionEnded:     {VI: "Phiên bị đóng", EN: "Session ended"},
	EntrySessionTimedOut:  {VI: "Phiên hết giờ", EN: "Session timed out"},
	EntrySessionFactor:    {VI: "Xác thực lại bước hai", EN: "Second step shown again"},
	EntrySignInFailed:     {VI: "Đăng nhập không thành", EN: "Sign-in failed"},
	EntrySignInAbandoned:  {VI: "Bỏ dở đăng nhập", EN: "Sign-in given up"},
	EntrySignInsFailed:    {VI: "Tổng hợp đăng nhập không thành", EN: "Summary of failed sign-ins"},
}
