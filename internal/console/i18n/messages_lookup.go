package i18n

import "dancu/internal/access"

// The texts of the officer's desk.
const (
	LookupTitle Msg = endAccount + iota
	LookupLead
	LookupNoRights
	LookupNoRightsText
	LookupPurpose
	LookupChange
	LookupServices
	LookupCase
	LookupCaseHint
	LookupNumber
	LookupNumberOld
	LookupNumberHint
	LookupNumberOldHint
	LookupName
	LookupNameHint
	LookupBirth
	LookupBirthHint
	LookupSex
	LookupSexAny
	LookupSexMale
	LookupSexFemale
	LookupSexUnknown
	LookupProvince
	LookupProvinceHint
	LookupConsent
	LookupConsentHint
	LookupFields
	LookupFieldsSome
	LookupFieldsMissing
	LookupClaims
	LookupClaimsNote
	LookupSubmit
	LookupSubmitVerify
	LookupSubmitSearch
	LookupNumberMissing
	LookupNumberWrong
	LookupNumberOldWrong
	LookupNameMissing
	LookupBirthMissing
	LookupBirthWrong
	LookupClaimMissing
	LookupProvinceWrong
	CaseMissing
	CaseWrong
	CaseFuture
	CaseOther
	CaseGood
	FormOld
	TooFast
	QuotaLeft
	QuotaText
	ResultTitle
	ResultFound
	ResultNobody
	ResultNobodyText
	ResultMatch
	ResultMatchText
	ResultNoMatch
	ResultNoMatchText
	ResultPeople
	ResultMembers
	ResultPurpose
	ResultOfficer
	ResultAt
	ResultReceipt
	ResultEntry
	ResultRequest
	ResultReceiptNote
	ResultReceiptFull
	ResultPrint
	ResultOpen
	RefusedTitle
	RefusedWhat
	RefusedWhy
	RefusedLaw
	RefusedNext
	RefusedCitizen
	RefusedEntry
	RefusedBefore
	OutcomeAnswered
	OutcomeEmpty
	OutcomeRefused
	HistoryTitle
	HistoryLead
	HistoryNone
	HistoryTime
	HistoryService
	HistoryPurpose
	HistoryPerson
	HistoryResult
	HistoryReveal
	HistoryReason
	HistoryRevealReason
	HistoryEntry
	ValueNone
	ValueDead
	ValueMissing
	ValueUnit
	ValueIssued
	ValueExpires

	endLookup
)

var lookupTexts = map[Msg]access.Text{
	LookupTitle:          {VI: "Tra cứu", EN: "Look-up"},
	LookupLead:           {VI: "Mỗi lượt phải gắn với một hồ sơ đã tiếp nhận. Kết quả chỉ có các trường được cấp cho thủ tục đã chọn.", EN: "Every look-up belongs to a dossier you received. The result has only the fields granted for the procedure you chose."},
	LookupNoRights:       {VI: "Chưa được giao quyền tra cứu", EN: "No rights yet"},
	LookupNoRightsText:   {VI: "Người quản trị của cơ quan chưa giao quyền tra cứu cho tài khoản này, hoặc quyền của cơ quan đã hết. Hãy nêu thủ tục ông/bà được phân công khi đề nghị giao quyền.", EN: "Your agency’s administrator has not given this account any rights, or the agency’s own have ended. When asking, name the procedures you are assigned to."},
	LookupPurpose:        {VI: "Thủ tục", EN: "Procedure"},
	LookupChange:         {VI: "Đổi", EN: "Change"},
	LookupServices:       {VI: "Loại tra cứu", EN: "Kind of look-up"},
	LookupCase:           {VI: "Mã hồ sơ", EN: "Dossier code"},
	LookupCaseHint:       {VI: "Mã hồ sơ đã tiếp nhận, ví dụ %s", EN: "The code of the dossier you received, such as %s"},
	LookupNumber:         {VI: "Số định danh cá nhân", EN: "Personal identification number"},
	LookupNumberOld:      {VI: "Số định danh cá nhân hoặc số CMND 9 số", EN: "Personal number or old 9-digit card number"},
	LookupNumberHint:     {VI: "12 chữ số", EN: "12 digits"},
	LookupNumberOldHint:  {VI: "12 chữ số, hoặc 9 chữ số của CMND cũ", EN: "12 digits, or the 9 of an old card"},
	LookupName:           {VI: "Họ và tên", EN: "Full name"},
	LookupNameHint:       {VI: "Có dấu hay không dấu đều được.", EN: "With or without diacritics."},
	LookupBirth:          {VI: "Ngày sinh", EN: "Date of birth"},
	LookupBirthHint:      {VI: "dd/mm/yyyy, hoặc chỉ năm nếu giấy tờ chỉ ghi năm", EN: "dd/mm/yyyy, or the year alone if the papers say no more"},
	LookupSex:            {VI: "Giới tính", EN: "Sex"},
	LookupSexAny:         {VI: "Không nêu", EN: "Not given"},
	LookupSexMale:        {VI: "Nam", EN: "Male"},
	LookupSexFemale:      {VI: "Nữ", EN: "Female"},
	LookupSexUnknown:     {VI: "Chưa rõ", EN: "Not known"},
	LookupProvince:       {VI: "Tỉnh, thành phố thường trú (mã 3 số)", EN: "Province of permanent residence (3-digit code)"},
	LookupProvinceHint:   {VI: "Ví dụ 001 là Hà Nội. Không bắt buộc.", EN: "Such as 001 for Hà Nội. May be left out."},
	LookupConsent:        {VI: "Mã đồng ý của chủ thể", EN: "Reference of the person’s consent"},
	LookupConsentHint:    {VI: "Cơ quan của ông/bà chỉ được tra cứu khi có đồng ý của người đó (Nghị định 70/2024/NĐ-CP, Điều 10).", EN: "Your agency may look up only with that person’s consent (Decree 70/2024/NĐ-CP, Article 10)."},
	LookupFields:         {VI: "Trường thông tin cần lấy", EN: "Fields to fetch"},
	LookupFieldsSome:     {VI: "%s trong %s trường được cấp", EN: "%s of the %s granted fields"},
	LookupFieldsMissing:  {VI: "Chọn ít nhất một trường.", EN: "Choose at least one field."},
	LookupClaims:         {VI: "Thông tin cần xác minh", EN: "What to verify"},
	LookupClaimsNote:     {VI: "Hệ thống chỉ trả lời khớp hay không khớp, không cho biết mục nào sai.", EN: "The answer is only match or no match, never which one is wrong."},
	LookupSubmit:         {VI: "Tra cứu", EN: "Look up"},
	LookupSubmitVerify:   {VI: "Xác minh", EN: "Verify"},
	LookupSubmitSearch:   {VI: "Tìm kiếm", EN: "Search"},
	LookupNumberMissing:  {VI: "Hãy nhập số.", EN: "Type the number."},
	LookupNumberWrong:    {VI: "Số định danh cá nhân gồm đúng 12 chữ số, giữ cả số 0 ở đầu.", EN: "The number has exactly 12 digits, zeros at the front included."},
	LookupNumberOldWrong: {VI: "Nhập đúng 12 chữ số, hoặc 9 chữ số của CMND cũ.", EN: "Type exactly 12 digits, or the 9 of an old card."},
	LookupNameMissing:    {VI: "Hãy nhập họ và tên.", EN: "Type the full name."},
	LookupBirthMissing:   {VI: "Hãy nhập ngày sinh.", EN: "Type the date of birth."},
	LookupBirthWrong:     {VI: "Không phải ngày có thật: viết dd/mm/yyyy hoặc yyyy.", EN: "That is not a day: write dd/mm/yyyy or yyyy."},
	LookupClaimMissing:   {VI: "Hãy nhập mục này: quyền được cấp đòi hỏi.", EN: "Type this: the grant asks for it."},
	LookupProvinceWrong:  {VI: "Không có mã tỉnh này.", EN: "There is no such province code."},
	CaseMissing:          {VI: "Hãy nhập mã hồ sơ.", EN: "Type the dossier code."},
	CaseWrong:            {VI: "Chưa đúng dạng mã hồ sơ: viết như %s", EN: "That is not a dossier code: write it like %s"},
	CaseFuture:           {VI: "Ngày trong mã hồ sơ chưa đến.", EN: "The day in the dossier code has not come yet."},
	CaseOther:            {VI: "Hồ sơ của cơ quan khác (%s): chỉ tra cứu cho hồ sơ của cơ quan mình.", EN: "That dossier is another agency’s (%s): look up for your own agency’s only."},
	CaseGood:             {VI: "Đúng dạng: hồ sơ tiếp nhận ngày %s", EN: "Well formed: a dossier received on %s"},
	FormOld:              {VI: "Biểu mẫu đã mở quá lâu: lượt này chưa được gửi. Kiểm tra rồi gửi lại.", EN: "The form was open for too long: nothing was sent. Check it and send it again."},
	TooFast:              {VI: "Quá nhanh: đợi ít giây rồi tra cứu tiếp.", EN: "Too fast: wait a few seconds before the next one."},
	QuotaLeft:            {VI: "Hạn mức của cơ quan", EN: "The agency’s limit"},
	QuotaText:            {VI: "Đã dùng %s trên %s lượt, tính lại lúc %s", EN: "%s of %s calls used; counted anew at %s"},
	ResultTitle:          {VI: "Kết quả", EN: "Result"},
	ResultFound:          {VI: "Tìm thấy một người", EN: "One person found"},
	ResultNobody:         {VI: "Không có người nào khớp với thông tin đã nhập", EN: "Nobody fits what was typed"},
	ResultNobodyText:     {VI: "Kiểm tra lại số, họ tên và ngày sinh trên giấy tờ. Người được bảo vệ và người ngoài địa bàn được cấp cũng hiện như vậy.", EN: "Check number, name and date of birth against the papers. People under protection and outside the granted territory read the same."},
	ResultMatch:          {VI: "Khớp", EN: "Match"},
	ResultMatchText:      {VI: "Mọi thông tin đã nhập đúng với cơ sở dữ liệu.", EN: "Everything typed agrees with the register."},
	ResultNoMatch:        {VI: "Không khớp", EN: "No match"},
	ResultNoMatchText:    {VI: "Có ít nhất một mục không đúng, hoặc không có người này. Hệ thống không cho biết mục nào.", EN: "At least one thing does not agree, or there is no such person. Which one is not told."},
	ResultPeople:         {VI: "Tìm thấy %s người", EN: "%s people found"},
	ResultMembers:        {VI: "Hộ có %s người", EN: "The household has %s people"},
	ResultPurpose:        {VI: "Mục đích", EN: "Purpose"},
	ResultOfficer:        {VI: "Cán bộ", EN: "Officer"},
	ResultAt:             {VI: "Thời điểm", EN: "Time"},
	ResultReceipt:        {VI: "Biên nhận", EN: "Receipt"},
	ResultEntry:          {VI: "Bản ghi nhật ký số", EN: "Log entry"},
	ResultRequest:        {VI: "Mã yêu cầu", EN: "Request"},
	ResultReceiptNote:    {VI: "Biên nhận chứng minh lượt tra cứu này nằm trong nhật ký; kiểm chứng được mà không cần chúng tôi.", EN: "The receipt proves that this look-up is in the log; it can be checked without us."},
	ResultReceiptFull:    {VI: "Toàn văn biên nhận", EN: "The whole receipt"},
	ResultPrint:          {VI: "In kết quả và biên nhận", EN: "Print result and receipt"},
	ResultOpen:           {VI: "Tra cứu người này", EN: "Look this person up"},
	RefusedTitle:         {VI: "Bị từ chối", EN: "Refused"},
	RefusedWhat:          {VI: "Chưa được cấp", EN: "Not granted"},
	RefusedWhy:           {VI: "Nguyên nhân có thể", EN: "Likely cause"},
	RefusedLaw:           {VI: "Căn cứ", EN: "Legal basis"},
	RefusedNext:          {VI: "Việc cần làm", EN: "What to do"},
	RefusedCitizen:       {VI: "Nói với công dân", EN: "What to tell the citizen"},
	RefusedEntry:         {VI: "Lượt bị từ chối này là bản ghi nhật ký số %s.", EN: "This refusal is entry %s of the log."},
	RefusedBefore:        {VI: "Biểu mẫu này đã được gửi: lượt trước là bản ghi số %s, kết quả: %s. Không có lượt thứ hai được tính. Muốn hỏi lại, gửi lần nữa.", EN: "This form was sent before: the first time is entry %s, with the result: %s. No second one was counted. To ask again, send it once more."},
	OutcomeAnswered:      {VI: "có kết quả", EN: "answered"},
	OutcomeEmpty:         {VI: "không có người nào", EN: "nobody found"},
	OutcomeRefused:       {VI: "bị từ chối", EN: "refused"},
	HistoryTitle:         {VI: "Lượt tra cứu của tôi", EN: "My look-ups"},
	HistoryLead:          {VI: "Đọc lại nhật ký cũng là một lượt đọc được ghi lại. Số định danh được che; bấm Hiện số để xem một dòng, và việc xem đó cũng được ghi.", EN: "Reading the log is itself in the log. Numbers are masked; Show number reveals one line, and that is recorded too."},
	HistoryNone:          {VI: "Chưa có lượt tra cứu nào.", EN: "There are no look-ups yet."},
	HistoryTime:          {VI: "Thời điểm", EN: "Time"},
	HistoryService:       {VI: "Loại", EN: "Kind"},
	HistoryPurpose:       {VI: "Thủ tục, hồ sơ", EN: "Procedure, dossier"},
	HistoryPerson:        {VI: "Người được tra cứu", EN: "Person"},
	HistoryResult:        {VI: "Kết quả", EN: "Result"},
	HistoryReveal:        {VI: "Hiện số", EN: "Show number"},
	HistoryReason:        {VI: "Cán bộ xem lại lượt tra cứu của chính mình", EN: "An officer reads their own look-ups again"},
	HistoryRevealReason:  {VI: "Cán bộ xem lại số của một lượt tra cứu của chính mình", EN: "An officer reads the number of one of their own look-ups"},
	HistoryEntry:         {VI: "Bản ghi số %s", EN: "Entry %s"},
	ValueNone:            {VI: "(không có)", EN: "(none)"},
	ValueDead:            {VI: "đã chết", EN: "dead"},
	ValueMissing:         {VI: "mất tích", EN: "missing"},
	ValueUnit:            {VI: "mã ĐVHC", EN: "unit"},
	ValueIssued:          {VI: "cấp ngày %s", EN: "issued %s"},
	ValueExpires:         {VI: "đến %s", EN: "until %s"},
}
