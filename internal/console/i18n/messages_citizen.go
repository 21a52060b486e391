package i18n

import "dancu/internal/access"

// The texts of what people see about themselves, and of the desk.
const (
	MeGoneTitle Msg = endKeep + iota
	MeGone
	MeForReason
	MeProofReason
	MeConsulted
	MeConsultedText
	MeMatched
	MeMatchedText
	MeMismatched
	MeMismatchedText
	MeListed
	MeListedText
	MeEmpty
	MeEmptyText
	MeRefused
	MeRefusedText
	MeRepresented
	MeRepresentedText
	MeYourRepresentative
	MeAgencyUnknown
	MeBySystem
	MeByOfficer
	MeByClaimed
	RelationFather
	RelationMother
	RelationRepresentative
	MeFor
	MeMonth
	MeNothingFiltered
	MeSince
	MeShown
	MeAnyMonth
	MeFilter
	MeFilterAgency
	MeFilterFrom
	MeFilterUntil
	MeFilterSubmit
	MeFilterClear
	MeSealedNote
	MeTotalsLink
	MeBackToOwn
	MeForProcedure
	MeFieldsLabel
	MeLawLabel
	MeDetails
	MeDetailsOnly
	MeDetailsOf
	MePeopleTitle
	MePeopleLead
	MePeopleYouAre
	MePeopleNone
	MePeopleShow
	MePeopleRules
	MeEntryTitle
	MeBack
	MeFactTime
	MeFactAgency
	MeFactWho
	MeFactSystem
	MeFactProcedure
	MeFactCase
	MeFactFields
	MeFactLaw
	MeFactEntry
	MeAllowedTitle
	MeAllowedRefused
	MeAllowedYes
	MeAllowedLaw
	MeAllowedConsent
	MeAllowedFields
	MeAllowedVerify
	MeAllowedBut
	MeAsk
	MeProofTitle
	MeProofText
	MeProofHides
	MeProofHidesCase
	MeProofHidesAll
	MeProofTake
	MeProofHow
	MeProofHowText
	AskTitle
	AskLead
	AskBack
	AskAbout
	AskKind
	AskQuestion
	AskQuestionNote
	AskComplaint
	AskComplaintNote
	AskText
	AskTextHint
	AskGoOn
	AskCheckTitle
	AskCheckLead
	AskWho
	AskSend
	AskEdit
	RequestsTitle
	RequestsLead
	RequestsNone
	RequestAbout
	RequestOpen
	RequestTitle
	RequestReceived
	RequestSeen
	RequestAnswered
	RequestClosed
	RequestSent
	RequestWasClosed
	RequestSentAt
	RequestFor
	RequestOnBehalf
	RequestHistory
	RequestClose
	RequestCloseNote
	StepReceived
	StepSeenAgency
	StepSeenRegister
	StepAnsweredAgency
	StepAnsweredRegister
	StepClosedCitizen
	StepClosedRegister
	TotalsTitle
	TotalsLead
	TotalsNote
	TotalsNone
	TotalsMonth
	TotalsAnswered
	TotalsRefused
	MenuMyRequests
	MenuMyPeople
	MenuTotals
	MenuRequests
	WorkTitle
	WorkLead
	WorkNone
	WorkOne
	WorkOnlyOpen
	WorkEvery
	WorkState
	WorkKind
	WorkAnyKind
	WorkShow
	WorkColumnWhen
	WorkColumnWhat
	WorkColumnAbout
	WorkColumnState
	WorkFind
	WorkCall
	WorkTransaction
	WorkCallTime
	WorkSeen
	WorkAnswer
	WorkAnswerHint
	WorkAnswerSend
	WorkSettle
	WorkReadNote
	WorkDoneSeen
	WorkDoneAnswered
	WorkDoneClosed
	EntryRequestOpened
	EntryRequestSeen
	EntryRequestAnswered
	EntryRequestClosed
	EntryRequestRead
	EntryRepresentation
	endCitizen
)

// citizenTexts are these texts in both languages.
var citizenTexts = map[Msg]access.Text{
	MeGoneTitle:            {VI: "Trang này không còn được giữ", EN: "This page is no longer kept"},
	MeGone:                 {VI: "Lựa chọn trước đó đã hết hạn, hoặc theo cơ sở dữ liệu ông/bà không còn đại diện cho người này. Hãy quay lại và chọn lại.", EN: "What you chose before has lapsed, or the register no longer records that you represent this person. Please go back and choose again."},
	MeForReason:            {VI: "Công dân xem cho người mình đại diện", EN: "A citizen looks for somebody they represent"},
	MeProofReason:          {VI: "Công dân lấy bằng chứng về lượt tra cứu mình", EN: "A citizen takes the proof of an access along"},
	MeConsulted:            {VI: "Đã xem thông tin", EN: "Looked at"},
	MeConsultedText:        {VI: "Cơ quan đã nhận những thông tin ghi dưới đây.", EN: "The agency was given the information named below."},
	MeMatched:              {VI: "Chỉ đối chiếu: khớp", EN: "Only checked: matches"},
	MeMatchedText:          {VI: "Cơ quan đưa ra thông tin sẵn có và chỉ được trả lời là khớp. Không có thông tin nào khác được cung cấp.", EN: "The agency gave what it already had and was only told that it matches. Nothing else was given."},
	MeMismatched:           {VI: "Chỉ đối chiếu: không khớp", EN: "Only checked: does not match"},
	MeMismatchedText:       {VI: "Cơ quan đưa ra thông tin sẵn có và chỉ được trả lời là không khớp. Không có thông tin nào khác được cung cấp.", EN: "The agency gave what it already had and was only told that it does not match. Nothing else was given."},
	MeListed:               {VI: "Có tên trong danh sách", EN: "Only in a list"},
	MeListedText:           {VI: "Cơ quan tìm người khác hoặc xem cả hộ gia đình; ông/bà có tên trong danh sách kết quả cùng những thông tin ghi dưới đây.", EN: "The agency looked for somebody else or for a whole household; you stood in the list of results with the information named below."},
	MeEmpty:                {VI: "Không có thông tin nào được cung cấp", EN: "Nothing was given"},
	MeEmptyText:            {VI: "Cơ quan đã hỏi theo số định danh này nhưng không nhận được thông tin nào.", EN: "The agency asked by this number and was given nothing."},
	MeRefused:              {VI: "Bị từ chối", EN: "Refused"},
	MeRefusedText:          {VI: "Cơ quan đã hỏi theo số định danh này và bị hệ thống từ chối. Không có thông tin nào được cung cấp.", EN: "The agency asked by this number and the system refused. Nothing was given."},
	MeRepresented:          {VI: "Người đại diện xem", EN: "Seen by a representative"},
	MeRepresentedText:      {VI: "Người đại diện đã mở danh sách này. Họ chỉ thấy ai đã tra cứu, không thấy thông tin khác trong cơ sở dữ liệu.", EN: "Your representative opened this list. They see who looked, and nothing else of the register."},
	MeYourRepresentative:   {VI: "Người đại diện: %s", EN: "Your representative: %s"},
	MeAgencyUnknown:        {VI: "Cơ quan không xác định được", EN: "An agency that could not be identified"},
	MeBySystem:             {VI: "Hệ thống của cơ quan, không nêu cán bộ", EN: "The agency’s system, without an officer"},
	MeByOfficer:            {VI: "Một cán bộ của cơ quan, đăng nhập bằng tài khoản riêng đã được xác thực", EN: "An officer of the agency, signed in to an account of their own"},
	MeByClaimed:            {VI: "Một cán bộ, do hệ thống của cơ quan khai báo", EN: "An officer, as the agency’s system says"},
	RelationFather:         {VI: "cha", EN: "father"},
	RelationMother:         {VI: "mẹ", EN: "mother"},
	RelationRepresentative: {VI: "người đại diện hợp pháp", EN: "legal representative"},
	MeFor:                  {VI: "Đang xem cho %s (ông/bà là %s)", EN: "You are looking for %s (as their %s)"},
	MeMonth:                {VI: "Tháng %s", EN: "Month %s"},
	MeNothingFiltered:      {VI: "Không có lượt nào khớp với điều kiện lọc. Hãy bỏ bớt điều kiện.", EN: "Nothing matches the filter. Take a condition out."},
	MeSince:                {VI: "Nhật ký có dữ liệu từ ngày %s. Các lượt trước ngày đó không tra được ở đây. Pháp luật yêu cầu lưu nhật ký ít nhất 2 năm (Điều 8 Thông tư 46/2022/TT-BCA).", EN: "The log goes back to %s. What was before cannot be seen here. The law asks that the log is kept for at least two years (Circular 46/2022/TT-BCA, Article 8)."},
	MeShown:                {VI: "Trang này có %s lượt, mới nhất ở trên.", EN: "%s on this page, the newest first."},
	MeAnyMonth:             {VI: "Bất kỳ", EN: "Any"},
	MeFilter:               {VI: "Lọc theo cơ quan, thời gian", EN: "Filter by agency or time"},
	MeFilterAgency:         {VI: "Tên cơ quan", EN: "Name of the agency"},
	MeFilterFrom:           {VI: "Từ tháng", EN: "From month"},
	MeFilterUntil:          {VI: "Đến tháng", EN: "To month"},
	MeFilterSubmit:         {VI: "Lọc", EN: "Filter"},
	MeFilterClear:          {VI: "Bỏ lọc", EN: "Clear"},
	MeSealedNote:           {VI: "Trong một số trường hợp, pháp luật cho phép chưa công khai một lượt tra cứu trong thời gian nhất định. Lượt đó vẫn được ghi nhật ký, vẫn được tính trong số liệu công bố, và sẽ hiện ở đây khi hết thời hạn.", EN: "In some cases the law allows an access not to be shown for a time. It is in the log all the same, counts in the published figures, and appears here when its time is over."},
	MeTotalsLink:           {VI: "Xem số liệu công bố", EN: "See the published figures"},
	MeBackToOwn:            {VI: "Quay lại dữ liệu của tôi", EN: "Back to my own data"},
	MeForProcedure:         {VI: "Để giải quyết: %s", EN: "To deal with: %s"},
	MeFieldsLabel:          {VI: "Thông tin:", EN: "Information:"},
	MeLawLabel:             {VI: "Theo:", EN: "Under:"},
	MeDetails:              {VI: "Chi tiết, bằng chứng, hỏi hoặc khiếu nại", EN: "Details, proof, question or complaint"},
	MeDetailsOnly:          {VI: "Chi tiết, bằng chứng", EN: "Details, proof"},
	MeDetailsOf:            {VI: ", bản ghi số %s", EN: ", entry %s"},
	MePeopleTitle:          {VI: "Xem cho con, người được đại diện", EN: "For a child or somebody I represent"},
	MePeopleLead:           {VI: "Danh sách lấy từ cơ sở dữ liệu dân cư ngay lúc này. Mỗi lần mở được ghi vào nhật ký, nêu cả hai người.", EN: "The list comes from the population register as it is now. Each time it is opened is recorded in the log, naming both people."},
	MePeopleYouAre:         {VI: "Ông/bà là %s", EN: "You are their %s"},
	MePeopleNone:           {VI: "Cơ sở dữ liệu dân cư không ghi nhận con dưới 18 tuổi hoặc người mà ông/bà là đại diện hợp pháp. Nếu thông tin này chưa đúng, hãy đề nghị cơ quan công an nơi cư trú điều chỉnh.", EN: "The register records no child under age and nobody whose legal representative you are. If that is not right, ask the police of your place of residence to correct it."},
	MePeopleShow:           {VI: "Xem ai đã tra cứu", EN: "See who looked"},
	MePeopleRules:          {VI: "Cha, mẹ xem được cho con chưa thành niên; người đại diện hợp pháp xem được cho người mình đại diện nếu việc đại diện đã ghi trong cơ sở dữ liệu (Điều 136 Bộ luật Dân sự 2015). Khi đã ghi người đại diện khác thì chỉ người đó xem được. Người đang được bảo vệ không hiện ở đây.", EN: "Parents may look for children under age, legal representatives for those they represent if the register records it (Civil Code 2015, Article 136). Where another representative is recorded, only that one may. People under protection are not listed."},
	MeEntryTitle:           {VI: "Một lượt tra cứu", EN: "One access"},
	MeBack:                 {VI: "Ai đã xem dữ liệu", EN: "Who looked"},
	MeFactTime:             {VI: "Thời điểm", EN: "When"},
	MeFactAgency:           {VI: "Cơ quan", EN: "Agency"},
	MeFactWho:              {VI: "Người thực hiện", EN: "Who did it"},
	MeFactSystem:           {VI: "Qua hệ thống", EN: "Through"},
	MeFactProcedure:        {VI: "Thủ tục", EN: "Procedure"},
	MeFactCase:             {VI: "Mã hồ sơ", EN: "Case"},
	MeFactFields:           {VI: "Thông tin", EN: "Information"},
	MeFactLaw:              {VI: "Căn cứ pháp lý", EN: "Legal basis"},
	MeFactEntry:            {VI: "Bản ghi số", EN: "Entry"},
	MeAllowedTitle:         {VI: "Việc này có được phép không?", EN: "Was this allowed?"},
	MeAllowedRefused:       {VI: "Không. Hệ thống đã từ chối và không đưa ra thông tin nào. Lý do:", EN: "No. The system refused it and gave nothing. The reason:"},
	MeAllowedYes:           {VI: "Có, theo quyền đã cấp: %s được tra cứu để giải quyết “%s”. Hệ thống chỉ trả lời khi quyền đó còn hiệu lực đúng lúc tra cứu.", EN: "Yes, under the permission given: %s may look people up to deal with “%s”. The system answers only while that permission is in force at that very moment."},
	MeAllowedLaw:           {VI: "Quyền này dựa trên: %s.", EN: "The permission rests on: %s."},
	MeAllowedConsent:       {VI: "Cơ quan khai rằng ông/bà đã đồng ý cho tra cứu. Nếu không phải, hãy khiếu nại.", EN: "The agency states that you agreed to it. If you did not, please complain."},
	MeAllowedFields:        {VI: "Chỉ những thông tin nêu ở trên được đưa ra, không có thông tin nào khác.", EN: "Only the information named above was given, and nothing else."},
	MeAllowedVerify:        {VI: "Cơ quan chỉ biết thông tin họ đưa ra có khớp hay không.", EN: "The agency only learned whether what it gave matches."},
	MeAllowedBut:           {VI: "Hệ thống không biết cán bộ có thật sự cần thông tin này cho công việc của ông/bà hay không. Nếu ông/bà không làm thủ tục này, hoặc thấy không đúng, hãy hỏi hoặc khiếu nại.", EN: "The system cannot know whether the officer really needed it for something of yours. If you have no such matter with them, or it seems wrong to you, ask or complain."},
	MeAsk:                  {VI: "Hỏi hoặc khiếu nại về lượt này", EN: "Ask or complain about this"},
	MeProofTitle:           {VI: "Lấy bằng chứng mang về", EN: "Take the proof along"},
	MeProofText:            {VI: "Tệp này chứng minh lượt tra cứu có trong nhật ký và về sau không ai sửa hoặc xoá mà không bị phát hiện. Hãy giữ tệp ở nơi riêng tư vì có số định danh.", EN: "This file proves that the access is in the log and that nobody can change or remove it later without it showing. Keep it private: it has the identity number in it."},
	MeProofHides:           {VI: "Tệp không có tên, mã của cán bộ và thông tin của người khác; những phần đó chỉ còn dấu vết kiểm tra.", EN: "It has no officer’s name or code and nothing about others; of those parts only a fingerprint is there."},
	MeProofHidesCase:       {VI: "Vì cơ quan giải quyết hồ sơ của người khác, tệp chỉ cho thấy ông/bà có trong lượt này và thời điểm. Phần về cơ quan, hồ sơ, cán bộ chỉ còn dấu vết kiểm tra; cơ quan quản lý mở được khi giải quyết khiếu nại.", EN: "Because the agency dealt with somebody else’s case, the file shows that you are in this entry, and when. Of the agency, the case and the officer only a fingerprint is there; the register can open them when it deals with a complaint."},
	MeProofHidesAll:        {VI: "Tệp cho thấy ông/bà có trong bản ghi này và thời điểm.", EN: "The file shows that you are in this entry, and when."},
	MeProofTake:            {VI: "Tải tệp bằng chứng", EN: "Download the proof"},
	MeProofHow:             {VI: "Kiểm tra tệp bằng cách nào?", EN: "How can the file be checked?"},
	MeProofHowText:         {VI: "Bất kỳ ai có chương trình dancu đều kiểm tra được trên máy của mình, không cần mạng và không cần hỏi chúng tôi. Mở cửa sổ lệnh tại thư mục chứa tệp và gõ:", EN: "Anybody who has the program dancu can check it on their own computer, without a network and without asking us. Open a terminal in the file’s folder and type:"},
	AskTitle:               {VI: "Hỏi hoặc khiếu nại", EN: "Ask or complain"},
	AskLead:                {VI: "Nội dung được gửi đến cơ quan đã tra cứu và cơ quan quản lý cơ sở dữ liệu dân cư.", EN: "It goes to the agency that looked and to the authority that runs the register."},
	AskBack:                {VI: "Quay lại lượt tra cứu", EN: "Back to the access"},
	AskAbout:               {VI: "Về lượt tra cứu này", EN: "About this access"},
	AskKind:                {VI: "Ông/bà muốn", EN: "You want to"},
	AskQuestion:            {VI: "Hỏi", EN: "Ask"},
	AskQuestionNote:        {VI: "Vì sao cơ quan xem, dùng vào việc gì.", EN: "Why the agency looked, and what for."},
	AskComplaint:           {VI: "Khiếu nại", EN: "Complain"},
	AskComplaintNote:       {VI: "Ông/bà cho rằng việc tra cứu là sai hoặc không cần thiết.", EN: "You think that it was wrong or not needed."},
	AskText:                {VI: "Nội dung", EN: "What you write"},
	AskTextHint:            {VI: "Viết ngắn gọn, tối đa %s ký tự. Không cần ghi số định danh hay tài khoản.", EN: "Keep it short, up to %s characters. You need not give your number or any account."},
	AskGoOn:                {VI: "Tiếp tục", EN: "Go on"},
	AskCheckTitle:          {VI: "Kiểm tra trước khi gửi", EN: "Check before you send"},
	AskCheckLead:           {VI: "Chưa gửi. Hãy đọc lại rồi bấm Gửi.", EN: "Nothing is sent yet. Read it once more, then press Send."},
	AskWho:                 {VI: "Nội dung được lưu dưới dạng niêm kín. Người có trách nhiệm của hai cơ quan đọc được, và mỗi lần đọc đều được ghi nhật ký.", EN: "It is kept sealed. Those responsible at the two authorities can read it, and each reading is recorded."},
	AskSend:                {VI: "Gửi", EN: "Send"},
	AskEdit:                {VI: "Sửa lại", EN: "Change it"},
	RequestsTitle:          {VI: "Câu hỏi, khiếu nại của tôi", EN: "My questions and complaints"},
	RequestsLead:           {VI: "Những gì ông/bà đã gửi và tình trạng xử lý.", EN: "What you sent, and where it stands."},
	RequestsNone:           {VI: "Ông/bà chưa gửi câu hỏi hoặc khiếu nại nào. Mở một lượt tra cứu trong mục Ai đã xem dữ liệu của tôi để hỏi về lượt đó.", EN: "You have sent none. Open an access under Who looked at my data to ask about it."},
	RequestAbout:           {VI: "Về bản ghi số %s", EN: "About entry %s"},
	RequestOpen:            {VI: "Xem", EN: "Show"},
	RequestTitle:           {VI: "Câu hỏi, khiếu nại", EN: "Question or complaint"},
	RequestReceived:        {VI: "Đã nhận", EN: "Received"},
	RequestSeen:            {VI: "Đã xem", EN: "Seen"},
	RequestAnswered:        {VI: "Đã trả lời", EN: "Answered"},
	RequestClosed:          {VI: "Đã khép lại", EN: "Closed"},
	RequestSent:            {VI: "Đã gửi. Cơ quan đã tra cứu và cơ quan quản lý được thông báo. Trả lời sẽ hiện ở trang này.", EN: "Sent. The agency and the authority that runs the register were told. The answer will appear on this page."},
	RequestWasClosed:       {VI: "Đã khép lại.", EN: "It is closed."},
	RequestSentAt:          {VI: "Gửi lúc", EN: "Sent"},
	RequestFor:             {VI: "Cho", EN: "For"},
	RequestOnBehalf:        {VI: "người được đại diện", EN: "somebody represented"},
	RequestHistory:         {VI: "Quá trình xử lý", EN: "What was done"},
	RequestClose:           {VI: "Khép lại", EN: "Close it"},
	RequestCloseNote:       {VI: "Khép lại khi ông/bà đã rõ hoặc không hỏi nữa. Sau đó không ai trả lời thêm; ông/bà vẫn xem lại được và có thể gửi lại.", EN: "Close it when it is settled or you no longer ask. Nobody answers after that; you can still read it, and ask anew."},
	StepReceived:           {VI: "Đã gửi", EN: "Sent"},
	StepSeenAgency:         {VI: "Cơ quan đã tra cứu đã xem", EN: "Seen by the agency that looked"},
	StepSeenRegister:       {VI: "Cơ quan quản lý cơ sở dữ liệu đã xem", EN: "Seen by the authority that runs the register"},
	StepAnsweredAgency:     {VI: "Cơ quan đã tra cứu trả lời", EN: "Answer of the agency that looked"},
	StepAnsweredRegister:   {VI: "Cơ quan quản lý cơ sở dữ liệu trả lời", EN: "Answer of the authority that runs the register"},
	StepClosedCitizen:      {VI: "Người gửi khép lại", EN: "Closed by who sent it"},
	StepClosedRegister:     {VI: "Cơ quan quản lý cơ sở dữ liệu khép lại", EN: "Closed by the authority that runs the register"},
	TotalsTitle:            {VI: "Số liệu tra cứu công bố", EN: "Published figures"},
	TotalsLead:             {VI: "Số lượt các cơ quan tra cứu cơ sở dữ liệu dân cư theo tháng, tính cả những lượt chưa công khai cho người liên quan.", EN: "How many times agencies asked the population register, by month, those that are not yet shown to the people concerned among them."},
	TotalsNote:             {VI: "Số liệu không nêu ai tra cứu và ai được tra cứu. Lượt bị từ chối quá nhiều trong một phút được gộp vào một bản ghi nên chỉ tính một.", EN: "The figures name neither who asked nor about whom. Refusals beyond a number a minute share an entry and count as one."},
	TotalsNone:             {VI: "Chưa có số liệu.", EN: "No figures yet."},
	TotalsMonth:            {VI: "Tháng", EN: "Month"},
	TotalsAnswered:         {VI: "Lượt được trả lời", EN: "Answered"},
	TotalsRefused:          {VI: "Lượt bị từ chối", EN: "Refused"},
	MenuMyRequests:         {VI: "Câu hỏi, khiếu nại của tôi", EN: "My questions"},
	MenuMyPeople:           {VI: "Xem cho con, người được đại diện", EN: "For those I represent"},
	MenuTotals:             {VI: "Số liệu công bố", EN: "Published figures"},
	MenuRequests:           {VI: "Câu hỏi, khiếu nại", EN: "Questions, complaints"},
	WorkTitle:              {VI: "Câu hỏi, khiếu nại của công dân", EN: "People’s questions and complaints"},
	WorkLead:               {VI: "Về những lượt tra cứu trong nhật ký. Nội dung chỉ hiện khi mở, và mỗi lần mở được ghi nhật ký.", EN: "About accesses in the log. What was written shows when one is opened, and each opening is recorded."},
	WorkNone:               {VI: "Không có câu hỏi hoặc khiếu nại nào. Bỏ bớt điều kiện lọc để xem những việc đã khép lại.", EN: "There is none. Clear the filter to see those that are closed."},
	WorkOne:                {VI: "Câu hỏi, khiếu nại của công dân", EN: "A person’s question or complaint"},
	WorkOnlyOpen:           {VI: "Chưa khép lại", EN: "Not closed"},
	WorkEvery:              {VI: "Tất cả", EN: "All"},
	WorkState:              {VI: "Tình trạng", EN: "State"},
	WorkKind:               {VI: "Loại", EN: "Kind"},
	WorkAnyKind:            {VI: "Cả hai", EN: "Both"},
	WorkShow:               {VI: "Lọc", EN: "Filter"},
	WorkColumnWhen:         {VI: "Gửi lúc", EN: "Sent"},
	WorkColumnWhat:         {VI: "Loại", EN: "Kind"},
	WorkColumnAbout:        {VI: "Về", EN: "About"},
	WorkColumnState:        {VI: "Tình trạng", EN: "State"},
	WorkFind:               {VI: "Tìm lượt này trong nhật ký của cơ quan", EN: "How to find the call in your own log"},
	WorkCall:               {VI: "Mã yêu cầu", EN: "Request id"},
	WorkTransaction:        {VI: "Mã giao dịch của cơ quan", EN: "The agency’s transaction id"},
	WorkCallTime:           {VI: "Thời điểm tra cứu", EN: "Time of the call"},
	WorkSeen:               {VI: "Đánh dấu đã xem", EN: "Mark as seen"},
	WorkAnswer:             {VI: "Trả lời", EN: "Answer"},
	WorkAnswerHint:         {VI: "Người hỏi đọc được nguyên văn. Nói rõ vì sao tra cứu, dùng vào việc gì; không nêu thông tin của người khác.", EN: "The person reads it as it is. Say why it was looked up and what for; name nobody else."},
	WorkAnswerSend:         {VI: "Gửi trả lời", EN: "Send the answer"},
	WorkSettle:             {VI: "Khép lại", EN: "Close"},
	WorkReadNote:           {VI: "Việc mở nội dung này đã được ghi vào nhật ký.", EN: "That you opened this is in the log."},
	WorkDoneSeen:           {VI: "Đã đánh dấu; người hỏi thấy được.", EN: "Marked; the person can see it."},
	WorkDoneAnswered:       {VI: "Đã gửi trả lời.", EN: "The answer is sent."},
	WorkDoneClosed:         {VI: "Đã khép lại.", EN: "Closed."},
	EntryRequestOpened:     {VI: "Công dân gửi câu hỏi, khiếu nại", EN: "Question or complaint received"},
	EntryRequestSeen:       {VI: "Xem câu hỏi, khiếu nại", EN: "Question or complaint seen"},
	EntryRequestAnswered:   {VI: "Trả lời câu hỏi, khiếu nại", EN: "Question or complaint answered"},
	EntryRequestClosed:     {VI: "Khép lại câu hỏi, khiếu nại", EN: "Question or complaint closed"},
	EntryRequestRead:       {VI: "Mở nội dung câu hỏi, khiếu nại", EN: "Question or complaint read"},
	EntryRepresentation:    {VI: "Xác minh quan hệ đại diện", EN: "Representation checked in the register"},
}
