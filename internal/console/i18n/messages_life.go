package i18n

import "dancu/internal/access"

// The texts of the life cycle's pages.
const (
	MenuLife Msg = endKinds + iota
	MenuConnections
	MenuApplications
	LifeTasks
	LifeTasksLead
	LifeTasksAll
	LifeTasksNone
	LifeTasksCount
	LifeTasksOwn
	LifeTasksEvery
	LifeOpenTasks
	LifeByKind
	LifeShownOnly
	LifeOverdueCount
	LifeOwner
	LifeNoClock
	LifeDone
	LifeDoneLate
	LifeOverdue
	LifeOverdueBy
	LifeDueToday
	LifeDueTomorrow
	LifeDueIn
	LifeDue
	LifeDoneBy
	LifeMatter
	LifeAllKinds
	LifeLists
	LifeBegin
	LifeNew
	LifeNewOf
	LifeOpen
	LifeTitle
	LifeKind
	LifeAgency
	LifeSystem
	LifeConnection
	LifeParent
	LifeParentOpen
	LifeLawTerm
	LifeLaw
	LifeOpenedAt
	LifeChangedAt
	LifeClosedAt
	LifeWords
	LifeOpenOrNot
	LifeBoth
	LifeOnlyOpen
	LifeOnlyClosed
	LifeAnyState
	LifeAnyAgency
	LifeFilter
	LifeClear
	LifeListNone
	LifeListNoneFiltered
	LifeListPage
	LifeListCount
	LifeNext
	LifeNextFinal
	LifeNextMissing
	LifeNextMine
	LifeNextOther
	LifeNextUntil
	LifeNextAct
	LifeNextNothing
	LifeTwoMark
	LifeGates
	LifeGatesNote
	LifeGateGreen
	LifeGateRed
	LifeGateSee
	LifeGateMend
	LifeSections
	LifeSection
	LifeNotStarted
	LifeOptional
	LifeIncomplete
	LifeComplete
	LifeNotes
	LifeNotesNote
	LifeGrants
	LifeGrantFields
	LifeGrantProcedures
	LifeGrantTerm
	LifeGrantLaw
	LifeGrantHash
	LifePerCase
	LifeKeys
	LifeKeyUntil
	LifeKeyGood
	LifeKeyAhead
	LifeKeyEnded
	LifeKeyRevoke
	LifeFacts
	LifeStanding
	LifeCode
	LifeGroup
	LifeCodes
	LifeLevel
	LifeAddresses
	LifeBuilds
	LifeIntermediary
	LifeVia
	LifeLimit
	LifeCalls
	LifeAssessed
	LifeViolation
	LifeRemedy
	LifeLocked
	LifeMatterTasks
	LifeNoTasks
	LifeRelated
	LifeHistory
	LifeHistoryAll
	LifeNoHistory
	LifeWhen
	LifeWhat
	LifeWho
	LifeEntry
	LifeGiven
	LifeSaved
	LifeActDone
	LifeOpened
	LifeProposed
	LifeToActs
	LifeSave
	LifeSaveNext
	LifeReadOnly
	LifeMissing
	LifeCheck
	LifeCheckLead
	LifeCheckMissing
	LifeCheckMend
	LifeMend
	LifeAct
	LifePropose
	LifeNothingAsked
	LifeMarked
	LifeSays
	LifeSaysTwo
	LifeSaysFresh
	LifeSaysState
	LifeSaysFinal
	LifeSaysOpens
	LifeSaysTold
	LifeSaysLogged
	LifeSaysSections
	LifeNotNow
	LifeFactorStale
	LifeConfirmNow
	LifeTryAgain
	LifeFasterTitle
	LifeFasterText
	LifeFaster
	LifeSavedNow
	LifeChoose
	LifeTypeID
	LifeFromTo
	LifeAtLeast
	LifeOneALine
	LifeFilesKept
	LifeNoVault
	LifeNoFile
	LifeNotScanned
	ContactsTitle
	ContactsLead
	ContactsWords
	ContactsOfficer
	ContactsPhone
	ContactsEmail
	ContactsNobody
	ContactsNone
	MaintenanceTitle
	MaintenanceText
	LifePapers
	LifePapersNote
	LifePaper
	LifePaperHash
	LifePaperMade
	LifePaperDownload

	endLife
)

var lifeTexts = map[Msg]access.Text{
	MenuLife:             {VI: "Việc phải làm", EN: "To do"},
	MenuConnections:      {VI: "Kết nối", EN: "Connections"},
	MenuApplications:     {VI: "Hồ sơ đề nghị", EN: "Applications"},
	LifeTasks:            {VI: "Việc phải làm", EN: "To do"},
	LifeTasksLead:        {VI: "Việc của %s. Việc đến hạn trước đứng trước.", EN: "Tasks of the %s. What is due first stands first."},
	LifeTasksAll:         {VI: "Việc của mọi bộ phận và mọi cơ quan. Việc đến hạn trước đứng trước.", EN: "Tasks of every office and agency. What is due first stands first."},
	LifeTasksNone:        {VI: "Không có việc nào đang chờ. Có thể xem các danh sách hồ sơ ở bên cạnh.", EN: "Nothing is waiting. The lists beside this have all matters."},
	LifeTasksCount:       {VI: "%s việc đang mở, %s việc quá hạn", EN: "%s open, %s overdue"},
	LifeTasksOwn:         {VI: "Chỉ xem việc của tôi", EN: "Only mine"},
	LifeTasksEvery:       {VI: "Xem việc của mọi bộ phận", EN: "Everybody’s"},
	LifeOpenTasks:        {VI: "Việc đang mở", EN: "Open tasks"},
	LifeByKind:           {VI: "Theo loại việc", EN: "By kind"},
	LifeShownOnly:        {VI: "Đang chỉ xem loại này; bấm lần nữa để xem tất cả", EN: "Only these are shown; follow it again for all"},
	LifeOverdueCount:     {VI: "%s quá hạn", EN: "%s overdue"},
	LifeOwner:            {VI: "Bộ phận", EN: "Whose"},
	LifeNoClock:          {VI: "Không có thời hạn", EN: "No clock"},
	LifeDone:             {VI: "Đã xong", EN: "Done"},
	LifeDoneLate:         {VI: "Xong muộn", EN: "Done late"},
	LifeOverdue:          {VI: "Quá hạn", EN: "Overdue"},
	LifeOverdueBy:        {VI: "Quá hạn %s ngày", EN: "%s days overdue"},
	LifeDueToday:         {VI: "Hết hạn hôm nay", EN: "Due today"},
	LifeDueTomorrow:      {VI: "Còn đến ngày mai", EN: "Due tomorrow"},
	LifeDueIn:            {VI: "Còn %s ngày", EN: "%s days left"},
	LifeDue:              {VI: "Hạn", EN: "Due"},
	LifeDoneBy:           {VI: "Xong lúc", EN: "Done on"},
	LifeMatter:           {VI: "Hồ sơ", EN: "Matter"},
	LifeAllKinds:         {VI: "Tất cả hồ sơ", EN: "All matters"},
	LifeLists:            {VI: "Danh sách", EN: "Lists"},
	LifeBegin:            {VI: "Lập hồ sơ mới", EN: "Begin"},
	LifeNew:              {VI: "Lập hồ sơ", EN: "New matter"},
	LifeNewOf:            {VI: "Lập mới: %s", EN: "New: %s"},
	LifeOpen:             {VI: "Lập hồ sơ", EN: "Open it"},
	LifeTitle:            {VI: "Tên", EN: "Title"},
	LifeKind:             {VI: "Loại", EN: "Kind"},
	LifeAgency:           {VI: "Cơ quan", EN: "Agency"},
	LifeSystem:           {VI: "Hệ thống", EN: "System"},
	LifeConnection:       {VI: "Kết nối", EN: "Connection"},
	LifeParent:           {VI: "Phát sinh từ", EN: "Follows from"},
	LifeParentOpen:       {VI: "Xem hồ sơ gốc", EN: "the matter before it"},
	LifeLawTerm:          {VI: "Căn cứ", EN: "Law"},
	LifeLaw:              {VI: "Căn cứ: %s.", EN: "Law: %s."},
	LifeOpenedAt:         {VI: "Lập lúc", EN: "Opened"},
	LifeChangedAt:        {VI: "Thay đổi", EN: "Changed"},
	LifeClosedAt:         {VI: "Kết thúc", EN: "Closed"},
	LifeWords:            {VI: "Tên hoặc mã", EN: "Title or id"},
	LifeOpenOrNot:        {VI: "Đang mở hay đã xong", EN: "Open or closed"},
	LifeBoth:             {VI: "Tất cả", EN: "Both"},
	LifeOnlyOpen:         {VI: "Đang mở", EN: "Open"},
	LifeOnlyClosed:       {VI: "Đã kết thúc", EN: "Closed"},
	LifeAnyState:         {VI: "Mọi trạng thái", EN: "Any state"},
	LifeAnyAgency:        {VI: "Mọi cơ quan", EN: "Any agency"},
	LifeFilter:           {VI: "Lọc", EN: "Filter"},
	LifeClear:            {VI: "Bỏ lọc", EN: "Clear"},
	LifeListNone:         {VI: "Chưa có hồ sơ nào.", EN: "There are none yet."},
	LifeListNoneFiltered: {VI: "Không có hồ sơ nào khớp. Hãy bớt điều kiện lọc.", EN: "Nothing matches. Take a condition out of the filter."},
	LifeListPage:         {VI: "%s hồ sơ trên trang này", EN: "%s on this page"},
	LifeListCount:        {VI: "%s hồ sơ", EN: "%s in all"},
	LifeNext:             {VI: "Bước tiếp theo:", EN: "Next:"},
	LifeNextFinal:        {VI: "hồ sơ đã kết thúc, không còn việc gì phải làm.", EN: "this is closed; nothing is left to do."},
	LifeNextMissing:      {VI: "còn %s mục phải điền, trong %s phần.", EN: "%s answers are missing, in %s sections."},
	LifeNextMine:         {VI: "việc của ông/bà là “%s”.", EN: "it is yours to do: %s."},
	LifeNextOther:        {VI: "đang chờ %s: “%s”.", EN: "it waits for the %s: %s."},
	LifeNextUntil:        {VI: "Hạn: %s.", EN: "Due %s."},
	LifeNextAct:          {VI: "có thể %s.", EN: "you may do this: %s."},
	LifeNextNothing:      {VI: "không có việc nào đang chờ.", EN: "nothing is waiting."},
	LifeTwoMark:          {VI: "(hai người)", EN: "(two people)"},
	LifeGates:            {VI: "Điều kiện kích hoạt", EN: "Conditions"},
	LifeGatesNote:        {VI: "Phải đạt tất cả thì kết nối mới được kích hoạt", EN: "All must hold before the connection is active"},
	LifeGateGreen:        {VI: "Đạt", EN: "Met"},
	LifeGateRed:          {VI: "Chưa đạt", EN: "Not met"},
	LifeGateSee:          {VI: "Xem căn cứ", EN: "See what it stands on"},
	LifeGateMend:         {VI: "Mở để khắc phục", EN: "Open, to put it right"},
	LifeSections:         {VI: "Các phần của hồ sơ", EN: "Sections"},
	LifeSection:          {VI: "Phần hồ sơ", EN: "Section"},
	LifeNotStarted:       {VI: "Chưa bắt đầu", EN: "Not started"},
	LifeOptional:         {VI: "Không bắt buộc", EN: "Optional"},
	LifeIncomplete:       {VI: "Còn thiếu %s mục", EN: "%s missing"},
	LifeComplete:         {VI: "Đã đủ", EN: "Complete"},
	LifeNotes:            {VI: "Điểm cần lưu ý", EN: "What stands out"},
	LifeNotesNote:        {VI: "Chỉ cán bộ của cơ sở dữ liệu thấy phần này", EN: "Only the register’s staff see this"},
	LifeGrants:           {VI: "Quyền khai thác", EN: "Grants"},
	LifeGrantFields:      {VI: "Trường thông tin", EN: "Fields"},
	LifeGrantProcedures:  {VI: "Thủ tục", EN: "Procedures"},
	LifeGrantTerm:        {VI: "Thời hạn", EN: "Term"},
	LifeGrantLaw:         {VI: "Căn cứ pháp lý", EN: "Legal basis"},
	LifeGrantHash:        {VI: "Mã băm SHA-256", EN: "SHA-256"},
	LifePerCase:          {VI: "tối đa %s người mỗi hồ sơ", EN: "at most %s people per case"},
	LifeKeys:             {VI: "Chứng thư số", EN: "Certificates"},
	LifeKeyUntil:         {VI: "Đến", EN: "Until"},
	LifeKeyGood:          {VI: "Đang dùng được", EN: "In force"},
	LifeKeyAhead:         {VI: "Dùng được từ %s", EN: "From %s"},
	LifeKeyEnded:         {VI: "Đã hết hiệu lực", EN: "Ended"},
	LifeKeyRevoke:        {VI: "Thu hồi", EN: "Revoke"},
	LifeFacts:            {VI: "Thông tin chung", EN: "About it"},
	LifeStanding:         {VI: "Hiện đang áp dụng", EN: "In force now"},
	LifeCode:             {VI: "Mã định danh", EN: "Agency code"},
	LifeGroup:            {VI: "Nhóm", EN: "Group"},
	LifeCodes:            {VI: "Tiếp nhận thay", EN: "Acts for"},
	LifeLevel:            {VI: "Cấp độ", EN: "Level"},
	LifeAddresses:        {VI: "Địa chỉ mạng", EN: "Networks"},
	LifeBuilds:           {VI: "Phiên bản", EN: "Client builds"},
	LifeIntermediary:     {VI: "Trung gian", EN: "Intermediary"},
	LifeVia:              {VI: "Qua trung gian", EN: "Through"},
	LifeLimit:            {VI: "Giới hạn", EN: "Limit"},
	LifeCalls:            {VI: "%s lượt", EN: "%s calls"},
	LifeAssessed:         {VI: "Đánh giá có hiệu lực", EN: "Assessment in force"},
	LifeViolation:        {VI: "Lý do tạm ngừng", EN: "Suspended for"},
	LifeRemedy:           {VI: "Để được kết nối lại", EN: "What restores it"},
	LifeLocked:           {VI: "Đang bị khoá (%s) từ %s: mọi lượt khai thác bị từ chối.", EN: "Locked (%s) since %s: every call is refused."},
	LifeMatterTasks:      {VI: "Việc và thời hạn", EN: "Tasks and clocks"},
	LifeNoTasks:          {VI: "Chưa có việc nào.", EN: "None yet."},
	LifeRelated:          {VI: "Hồ sơ liên quan", EN: "Related matters"},
	LifeHistory:          {VI: "Lịch sử", EN: "History"},
	LifeHistoryAll:       {VI: "Xem toàn bộ lịch sử", EN: "All of it"},
	LifeNoHistory:        {VI: "Chưa có gì được thực hiện tại đây; dữ liệu ban đầu được nhập từ tệp.", EN: "Nothing was done here yet; it came from a file."},
	LifeWhen:             {VI: "Lúc", EN: "When"},
	LifeWhat:             {VI: "Việc", EN: "What"},
	LifeWho:              {VI: "Người thực hiện", EN: "By"},
	LifeEntry:            {VI: "Số nhật ký", EN: "Log entry"},
	LifeGiven:            {VI: "Nội dung đã khai", EN: "What was given"},
	LifeSaved:            {VI: "Đã lưu. Có thể rời trang và làm tiếp bất cứ lúc nào.", EN: "Saved. You can leave and go on at any time."},
	LifeActDone:          {VI: "Việc đã được thực hiện và ghi vào nhật ký.", EN: "It is done, and it is in the log."},
	LifeOpened:           {VI: "Hồ sơ đã được lập.", EN: "The matter is open."},
	LifeProposed:         {VI: "Đã đề xuất. Việc được thực hiện khi một người khác có thẩm quyền xác nhận.", EN: "Proposed. It is done when another who may confirms it."},
	LifeToActs:           {VI: "Xem việc cần hai người", EN: "See the two-person acts"},
	LifeSave:             {VI: "Lưu", EN: "Save"},
	LifeSaveNext:         {VI: "Lưu và sang phần tiếp theo", EN: "Save and go on"},
	LifeReadOnly:         {VI: "Phần này hiện chỉ xem được.", EN: "This can only be read now."},
	LifeMissing:          {VI: "Còn thiếu", EN: "Missing"},
	LifeCheck:            {VI: "Xem lại toàn bộ nội dung đã khai", EN: "Check all answers"},
	LifeCheckLead:        {VI: "Hãy đọc lại trước khi gửi.", EN: "Read them again before you send them."},
	LifeCheckMissing:     {VI: "Còn thiếu %s mục bắt buộc", EN: "%s required answers are missing"},
	LifeCheckMend:        {VI: "Các mục còn thiếu được đánh dấu bên dưới. Những gì đã lưu vẫn còn.", EN: "They are marked below. What was saved stays."},
	LifeMend:             {VI: "Sửa", EN: "Change"},
	LifeAct:              {VI: "Thực hiện", EN: "Act"},
	LifePropose:          {VI: "Đề xuất để người khác xác nhận", EN: "Propose it to another"},
	LifeNothingAsked:     {VI: "Việc này không cần khai thêm gì.", EN: "Nothing needs to be filled in."},
	LifeMarked:           {VI: "Mục có dấu * là bắt buộc.", EN: "What is marked * is required."},
	LifeSays:             {VI: "Khi thực hiện", EN: "What will follow"},
	LifeSaysTwo:          {VI: "Việc này cần hai người: ông/bà đề xuất, một người khác xác nhận (%s).", EN: "This takes two people: you propose it, another confirms (%s)."},
	LifeSaysFresh:        {VI: "Có giá trị như chữ ký: cần xác thực bước hai vừa thực hiện.", EN: "It binds like a signature: a second step made just now is needed."},
	LifeSaysState:        {VI: "Chuyển sang trạng thái “%s”.", EN: "The state becomes “%s”."},
	LifeSaysFinal:        {VI: "Không thể đảo ngược.", EN: "There is no way back."},
	LifeSaysOpens:        {VI: "Mở việc cho %s: “%s”.", EN: "A task begins for the %s: %s."},
	LifeSaysTold:         {VI: "Thông báo được gửi tới: %s.", EN: "Told of it: %s."},
	LifeSaysLogged:       {VI: "Người thực hiện, nội dung và thời điểm được ghi vào nhật ký, không sửa được.", EN: "Who did it, what and when stands in the log and cannot be changed."},
	LifeSaysSections:     {VI: "Hồ sơ có %s phần; mỗi phần lưu riêng, có thể làm dần.", EN: "It has %s sections; each is saved on its own, in your own time."},
	LifeNotNow:           {VI: "Không thể thực hiện “%s” lúc này: trạng thái là “%s”; người được thực hiện: %s. Hãy quay lại hồ sơ để xem bước tiếp theo.", EN: "“%s” cannot be done now: the state is “%s”; who may: %s. Go back to the matter for what comes next."},
	LifeFactorStale:      {VI: "Việc này cần xác thực bước hai vừa thực hiện. Hãy xác thực trong thẻ mới rồi gửi lại trang này; những gì đã gõ còn nguyên.", EN: "This needs a second step made just now. Confirm it in a new tab, then send this page again; what you typed is still here."},
	LifeConfirmNow:       {VI: "Xác thực trong thẻ mới", EN: "Confirm in a new tab"},
	LifeTryAgain:         {VI: "Hệ thống tạm thời chưa ghi nhận được. Những gì đã gõ còn nguyên bên dưới: hãy gửi lại sau ít phút.", EN: "It could not be recorded just now. What you typed is still below: send it again in a few minutes."},
	LifeFasterTitle:      {VI: "Có người vừa thay đổi hồ sơ này", EN: "Somebody has just changed this"},
	LifeFasterText:       {VI: "Những gì ông/bà gõ còn nguyên bên dưới. Hãy so với giá trị đang lưu, rồi gửi lại nếu vẫn muốn.", EN: "What you typed is still below. Compare it with what is saved now, and send it again if you still want to."},
	LifeFaster:           {VI: "%s %s đã thực hiện “%s” lúc %s.", EN: "%s %s did “%s” at %s."},
	LifeSavedNow:         {VI: "Đang lưu: %s.", EN: "Saved now: %s."},
	LifeChoose:           {VI: "– Chọn –", EN: "– Choose –"},
	LifeTypeID:           {VI: "Gõ mã như trong danh sách.", EN: "Type its id, as the list has it."},
	LifeFromTo:           {VI: "Từ %s đến %s.", EN: "From %s to %s."},
	LifeAtLeast:          {VI: "Ít nhất %s ký tự.", EN: "At least %s characters."},
	LifeOneALine:         {VI: "Mỗi dòng một mục.", EN: "One a line."},
	LifeFilesKept:        {VI: "Tệp đã tải lên; bỏ dấu để gỡ ra", EN: "Files that were uploaded; untick to take out"},
	LifeNoVault:          {VI: "Hệ thống này chưa thiết lập kho tệp nên chưa nhận được tệp: hãy liên hệ đơn vị vận hành.", EN: "No vault for files is set up here, so none can be taken: ask the operator."},
	LifeNoFile:           {VI: "Không có tệp này, hoặc tệp của người khác: hãy tải lên lại.", EN: "There is no such file, or it is another’s: upload it again."},
	LifeNotScanned:       {VI: "chưa quét mã độc", EN: "not scanned for malware"},
	ContactsTitle:        {VI: "Đầu mối kết nối của các cơ quan", EN: "Contact officers of the agencies"},
	ContactsLead:         {VI: "Công bố theo Nghị định 47/2020/NĐ-CP Điều 7.", EN: "Published under Decree 47/2020/NĐ-CP Art. 7."},
	ContactsWords:        {VI: "Tên hoặc mã cơ quan", EN: "Name or code of the agency"},
	ContactsOfficer:      {VI: "Cán bộ đầu mối", EN: "Contact officer"},
	ContactsPhone:        {VI: "Điện thoại", EN: "Telephone"},
	ContactsEmail:        {VI: "Thư điện tử", EN: "E-mail"},
	ContactsNobody:       {VI: "Chưa công bố", EN: "Not named yet"},
	ContactsNone:         {VI: "Không có cơ quan nào khớp.", EN: "No agency matches."},
	MaintenanceTitle:     {VI: "Bảo trì đã thông báo", EN: "Announced maintenance"},
	LifePapers:           {VI: "Văn bản", EN: "Documents"},
	LifePapersNote:       {VI: "Nội dung có mã băm trong nhật ký.", EN: "Their hashes stand in the log."},
	LifePaper:            {VI: "Văn bản của hồ sơ", EN: "A document of the matter"},
	LifePaperHash:        {VI: "Mã băm SHA-256", EN: "SHA-256"},
	LifePaperMade:        {VI: "Lập lúc", EN: "Made"},
	LifePaperDownload:    {VI: "Tải về (.txt, đúng nội dung có mã băm)", EN: "Download (.txt, exactly what was hashed)"},
	MaintenanceText:      {VI: "Từ %s đến %s.", EN: "From %s to %s."},
}
