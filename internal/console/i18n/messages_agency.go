package i18n

import "dancu/internal/access"

// The texts about accounts: lists, one account, reviews, rights, provider.
const (
	PeopleOfficers Msg = endLookup + iota
	PeopleOfficersLead
	PeopleStaff
	PeopleStaffLead
	PeopleFind
	PeopleFindHint
	PeopleFindButton
	PeopleFilter
	PeopleAllKinds
	PeopleAllStates
	PeopleCount
	PeopleFound
	PeopleFoundMany
	PeopleNone
	PeopleNotFound
	PeopleNew
	PeopleNewOfficer
	PeopleNewLead
	PeopleAdminTwo
	PeopleAdminPropose
	FieldName
	FieldNameMissing
	FieldLogin
	FieldLoginHint
	FieldLoginMissing
	FieldCode
	FieldCodeHint
	FieldCodeMissing
	FieldUnit
	FieldUnitHint
	FieldKind
	FieldKindMissing
	FieldAgency
	FieldAgencyHint
	FieldAgencyMissing
	ColumnName
	ColumnKindOf
	ColumnUnit
	ColumnLast
	ColumnFactor
	StateOfActive
	StateOfDisabled
	StateOfLocked
	StateOfNew
	NeverSignedIn
	FactorsNone
	FactorsSome
	IssuedTitle
	IssuedLead
	IssuedFor
	IssuedBack
	OneFacts
	OneCreated
	OneActs
	OneChange
	OneDisable
	OneDisableText
	OneEnable
	OneEnableText
	OneUnlock
	OneUnlockText
	OnePassword
	OnePasswordText
	OneFactors
	OneFactorsText
	OneFactorsTwo
	OneSessions
	OneSessionsText
	OneDone
	OneProposed
	OneNothing
	RightsTitle
	RightsLead
	RightsNone
	RightsSave
	RightsLost
	RightsUntil
	ServiceVerify
	ServiceLookup
	ServiceSearch
	ServiceHousehold
	ReviewTitle
	ReviewLead
	ReviewLast
	ReviewDueAt
	ReviewOverdue
	ReviewOpen
	ReviewOpened
	ReviewKeep
	ReviewDisable
	ReviewKept
	ReviewDisabled
	ReviewUndecidedYet
	ReviewDecision
	ReviewNote
	ReviewNoteMissing
	ReviewSign
	ReviewSignText
	ReviewLeft
	ReviewSigned
	ReviewAgencies
	ReviewRegister
	ProviderTitle
	ProviderLead
	ProviderIssuer
	ProviderIssuerHint
	ProviderClient
	ProviderSecret
	ProviderSecretHint
	ProviderClaim
	ProviderFactors
	ProviderFactorsHint
	ProviderEnabled
	ProviderMissing
	ProviderRemove
	ProviderSet
	ProviderNone

	endAgency
)

var agencyTexts = map[Msg]access.Text{
	PeopleOfficers:      {VI: "Cán bộ của cơ quan", EN: "The agency’s officers"},
	PeopleOfficersLead:  {VI: "Cơ quan tự quản lý cán bộ của mình trong phạm vi quyền được cấp (Nghị định 70/2024/NĐ-CP, Điều 10).", EN: "An agency manages its own officers within its own grants (Decree 70/2024/NĐ-CP, Article 10)."},
	PeopleStaff:         {VI: "Cán bộ quản lý CSDL và quản trị của cơ quan", EN: "Register staff and agency administrators"},
	PeopleStaffLead:     {VI: "Mỗi người một tài khoản, mỗi tài khoản một nhiệm vụ.", EN: "One account for each person, one duty for each account."},
	PeopleFind:          {VI: "Tìm theo tên, tên đăng nhập hoặc mã", EN: "Find by name, login or code"},
	PeopleFindHint:      {VI: "Có dấu hay không dấu đều được.", EN: "With or without diacritics."},
	PeopleFindButton:    {VI: "Tìm", EN: "Find"},
	PeopleFilter:        {VI: "Lọc", EN: "Filter"},
	PeopleAllKinds:      {VI: "Mọi loại tài khoản", EN: "All kinds"},
	PeopleAllStates:     {VI: "Mọi trạng thái", EN: "All states"},
	PeopleCount:         {VI: "%s tài khoản trên trang này", EN: "%s accounts on this page"},
	PeopleFound:         {VI: "Tìm thấy %s tài khoản", EN: "%s accounts found"},
	PeopleFoundMany:     {VI: "Hiện %s tài khoản đầu tiên: gõ thêm để thu hẹp.", EN: "The first %s accounts: type more to narrow it down."},
	PeopleNone:          {VI: "Chưa có tài khoản nào. Bắt đầu bằng nút Tạo tài khoản.", EN: "There are no accounts yet. Begin with Create an account."},
	PeopleNotFound:      {VI: "Không tìm thấy tài khoản nào phù hợp: thử gõ ngắn hơn.", EN: "No account fits: try typing less."},
	PeopleNew:           {VI: "Tạo tài khoản", EN: "Create an account"},
	PeopleNewOfficer:    {VI: "Tạo tài khoản cán bộ", EN: "Create an officer’s account"},
	PeopleNewLead:       {VI: "Tài khoản mới có mật khẩu một lần; người nhận đổi mật khẩu và đăng ký xác thực bước hai khi đăng nhập lần đầu.", EN: "A new account has a one-time password; its owner changes it and enrols a second step at the first sign-in."},
	PeopleAdminTwo:      {VI: "Tài khoản quản trị CSDL cần hai người: một người đề nghị, người khác xác nhận.", EN: "A register administrator’s account takes two people: one proposes, another confirms."},
	PeopleAdminPropose:  {VI: "Đề nghị tài khoản quản trị CSDL", EN: "Propose a register administrator"},
	FieldName:           {VI: "Họ và tên", EN: "Name"},
	FieldNameMissing:    {VI: "Hãy nhập họ và tên.", EN: "Type the name."},
	FieldLogin:          {VI: "Tên đăng nhập", EN: "Login name"},
	FieldLoginHint:      {VI: "3 đến 64 ký tự: chữ thường không dấu, chữ số, dấu chấm, gạch ngang, gạch dưới, @.", EN: "3 to 64 small letters, digits, dots, hyphens, underscores or @."},
	FieldLoginMissing:   {VI: "Hãy nhập tên đăng nhập.", EN: "Type the login name."},
	FieldCode:           {VI: "Mã cán bộ trong nhật ký", EN: "Officer’s code in the log"},
	FieldCodeHint:       {VI: "Mã này đứng trong mọi bản ghi nhật ký và không đổi; tối đa 20 ký tự, ví dụ CB-0123.", EN: "It stands in every log entry and never changes; at most 20 characters, such as CB-0123."},
	FieldCodeMissing:    {VI: "Hãy nhập mã cán bộ.", EN: "Type the code."},
	FieldUnit:           {VI: "Đơn vị công tác", EN: "Unit"},
	FieldUnitHint:       {VI: "Phòng, ban, điểm phục vụ bưu chính công ích. Không bắt buộc.", EN: "Department or public-postal service point. May be left out."},
	FieldKind:           {VI: "Loại tài khoản", EN: "Kind of account"},
	FieldKindMissing:    {VI: "Hãy chọn loại tài khoản.", EN: "Choose the kind of account."},
	FieldAgency:         {VI: "Mã định danh của cơ quan trên hệ thống", EN: "The agency’s id"},
	FieldAgencyHint:     {VI: "Chỉ với quản trị của cơ quan.", EN: "For agency administrators only."},
	FieldAgencyMissing:  {VI: "Hãy chọn cơ quan.", EN: "Choose the agency."},
	ColumnName:          {VI: "Họ và tên", EN: "Name"},
	ColumnKindOf:        {VI: "Loại", EN: "Kind"},
	ColumnUnit:          {VI: "Đơn vị", EN: "Unit"},
	ColumnLast:          {VI: "Đăng nhập gần nhất", EN: "Last sign-in"},
	ColumnFactor:        {VI: "Bước hai", EN: "Second step"},
	StateOfActive:       {VI: "Hoạt động", EN: "Active"},
	StateOfDisabled:     {VI: "Đã vô hiệu hoá", EN: "Disabled"},
	StateOfLocked:       {VI: "Đang bị khoá đến %s", EN: "Locked until %s"},
	StateOfNew:          {VI: "Chưa nhận", EN: "Not taken up"},
	NeverSignedIn:       {VI: "Chưa lần nào", EN: "Never"},
	FactorsNone:         {VI: "Chưa đăng ký", EN: "Not enrolled"},
	FactorsSome:         {VI: "Đã đăng ký", EN: "Enrolled"},
	IssuedTitle:         {VI: "Mật khẩu một lần", EN: "One-time password"},
	IssuedLead:          {VI: "Chỉ hiện một lần này. Giao trực tiếp cho người dùng; mật khẩu chỉ dùng để vào lần đầu và phải đổi ngay.", EN: "It is shown this once. Hand it over in person; it is good for the first sign-in only and must be changed there."},
	IssuedFor:           {VI: "Tài khoản", EN: "Account"},
	IssuedBack:          {VI: "Tôi đã giao mật khẩu", EN: "I have handed it over"},
	OneFacts:            {VI: "Tài khoản", EN: "Account"},
	OneCreated:          {VI: "Tạo lúc", EN: "Created"},
	OneActs:             {VI: "Việc với tài khoản này", EN: "Acts on this account"},
	OneChange:           {VI: "Sửa họ tên, đơn vị", EN: "Change name or unit"},
	OneDisable:          {VI: "Vô hiệu hoá", EN: "Disable"},
	OneDisableText:      {VI: "Có hiệu lực ngay: yêu cầu tiếp theo của người này bị từ chối và các phiên được đóng.", EN: "It takes effect at once: this person’s next request fails and the sessions are ended."},
	OneEnable:           {VI: "Cho hoạt động lại", EN: "Enable"},
	OneEnableText:       {VI: "Người dùng nhận mật khẩu một lần mới.", EN: "The person gets a new one-time password."},
	OneUnlock:           {VI: "Mở khoá", EN: "Unlock"},
	OneUnlockText:       {VI: "Bỏ thời gian chờ sau nhiều lần nhập sai.", EN: "Ends the wait after several failures."},
	OnePassword:         {VI: "Cấp mật khẩu một lần mới", EN: "Give a new one-time password"},
	OnePasswordText:     {VI: "Các phiên đang mở được đóng; xác thực bước hai giữ nguyên.", EN: "The sessions are ended; the second step stays."},
	OneFactors:          {VI: "Đặt lại xác thực bước hai", EN: "Reset the second step"},
	OneFactorsText:      {VI: "Dùng khi mất điện thoại, khoá USB và hết mã khôi phục. Hãy xác minh đúng người trước khi làm.", EN: "For a lost phone or key without recovery codes. Make sure who is asking before you do it."},
	OneFactorsTwo:       {VI: "Với cán bộ quản lý CSDL, việc này cần hai người: đề nghị của ông/bà sẽ chờ người thứ hai xác nhận.", EN: "For register staff this takes two people: what you propose waits for a second person."},
	OneSessions:         {VI: "Đóng mọi phiên", EN: "End all sessions"},
	OneSessionsText:     {VI: "Khoá API của người dùng cũng chấm dứt. Người dùng vẫn đăng nhập lại được.", EN: "The person’s API keys end, too. The person can sign in again."},
	OneDone:             {VI: "Đã thực hiện và ghi vào nhật ký.", EN: "Done, and in the log."},
	OneProposed:         {VI: "Đã ghi đề nghị; việc được thực hiện khi người thứ hai xác nhận.", EN: "Proposed; it is done once a second person confirms."},
	OneNothing:          {VI: "Không có việc nào với tài khoản này.", EN: "There is nothing to do with this account."},
	RightsTitle:         {VI: "Quyền tra cứu", EN: "Rights"},
	RightsLead:          {VI: "Chỉ chọn được trong quyền mà cơ quan đang có. Thay đổi có hiệu lực từ lượt tra cứu tiếp theo.", EN: "Only what the agency itself has can be given. A change binds from the next look-up."},
	RightsNone:          {VI: "Cơ quan chưa có quyền khai thác nào để giao.", EN: "The agency has no grants to give."},
	RightsSave:          {VI: "Lưu quyền", EN: "Save rights"},
	RightsLost:          {VI: "Quyền cơ quan không còn: %s. Lưu lại sẽ bỏ các quyền này.", EN: "Rights the agency no longer has: %s. Saving takes them away."},
	RightsUntil:         {VI: "đến %s", EN: "until %s"},
	ServiceVerify:       {VI: "Xác minh", EN: "Verify"},
	ServiceLookup:       {VI: "Tra cứu", EN: "Look up"},
	ServiceSearch:       {VI: "Tìm kiếm", EN: "Search"},
	ServiceHousehold:    {VI: "Tra cứu hộ", EN: "Household"},
	ReviewTitle:         {VI: "Rà soát tài khoản", EN: "Account review"},
	ReviewLead:          {VI: "Danh sách tài khoản được rà soát hằng quý và ký xác nhận (QCVN 12:2026/BCA, 3.7.2).", EN: "Account lists are reviewed every quarter and signed off (QCVN 12:2026/BCA, 3.7.2)."},
	ReviewLast:          {VI: "Lần ký gần nhất", EN: "Last sign-off"},
	ReviewDueAt:         {VI: "Hạn lần tới", EN: "Next due"},
	ReviewOverdue:       {VI: "Quá hạn", EN: "Overdue"},
	ReviewOpen:          {VI: "Mở đợt rà soát", EN: "Open the review"},
	ReviewOpened:        {VI: "Đợt rà soát mở ngày %s", EN: "Review opened on %s"},
	ReviewKeep:          {VI: "Giữ", EN: "Keep"},
	ReviewDisable:       {VI: "Vô hiệu hoá", EN: "Disable"},
	ReviewKept:          {VI: "Đã giữ", EN: "Kept"},
	ReviewDisabled:      {VI: "Đã vô hiệu hoá", EN: "Disabled"},
	ReviewUndecidedYet:  {VI: "Chưa xem", EN: "Not decided"},
	ReviewDecision:      {VI: "Quyết định", EN: "Decision"},
	ReviewNote:          {VI: "Lý do vô hiệu hoá", EN: "Why disable"},
	ReviewNoteMissing:   {VI: "Vô hiệu hoá cần nêu lý do.", EN: "Disabling needs a reason."},
	ReviewSign:          {VI: "Ký xác nhận", EN: "Sign off"},
	ReviewSignText:      {VI: "Mọi tài khoản đã có quyết định. Ký xác nhận được ghi vào nhật ký và không sửa được.", EN: "Every account is decided. The sign-off goes into the log and cannot be changed."},
	ReviewLeft:          {VI: "Còn %s tài khoản chưa quyết định.", EN: "%s accounts are still undecided."},
	ReviewSigned:        {VI: "Đã ký xác nhận ngày %s", EN: "Signed off on %s"},
	ReviewAgencies:      {VI: "Các cơ quan", EN: "Agencies"},
	ReviewRegister:      {VI: "Cán bộ quản lý CSDL", EN: "The register’s own"},
	ProviderTitle:       {VI: "Đăng nhập qua hệ thống của cơ quan", EN: "The agency’s own sign-in"},
	ProviderLead:        {VI: "Cán bộ đăng nhập bằng hệ thống OpenID Connect của cơ quan. Tài khoản vẫn được tạo, giao quyền và vô hiệu hoá tại đây.", EN: "Officers sign in with the agency’s OpenID Connect provider. Accounts are still made, given rights and disabled here."},
	ProviderIssuer:      {VI: "Địa chỉ nhà cung cấp (issuer)", EN: "Issuer address"},
	ProviderIssuerHint:  {VI: "Bắt đầu bằng https://", EN: "It begins with https://"},
	ProviderClient:      {VI: "Mã ứng dụng (client ID)", EN: "Client ID"},
	ProviderSecret:      {VI: "Khoá bí mật (client secret)", EN: "Client secret"},
	ProviderSecretHint:  {VI: "Không bao giờ hiện lại. Để trống là giữ khoá đang có.", EN: "It is never shown again. Leave it empty to keep the one there is."},
	ProviderClaim:       {VI: "Tên trường chứa mã cán bộ", EN: "Claim that holds the officer’s code"},
	ProviderFactors:     {VI: "Giá trị amr hoặc acr được coi là đủ hai bước", EN: "Values of amr or acr that count as two steps"},
	ProviderFactorsHint: {VI: "Cách nhau bằng dấu phẩy. Để trống: luôn hỏi thêm bước hai của hệ thống này.", EN: "Separated by commas. Left empty, our own second step is always asked."},
	ProviderEnabled:     {VI: "Cho phép đăng nhập bằng cách này", EN: "Let officers sign in this way"},
	ProviderMissing:     {VI: "Hãy điền mục này.", EN: "Fill this in."},
	ProviderRemove:      {VI: "Bỏ cách đăng nhập này", EN: "Remove this way of signing in"},
	ProviderSet:         {VI: "Khai báo lúc %s", EN: "Set on %s"},
	ProviderNone:        {VI: "Chưa khai báo.", EN: "Not set up."},
}
