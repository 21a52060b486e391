package i18n

import "dancu/internal/access"

// The texts about user guides, and notices to officers.
const (
	GuidesTitle Msg = endUsage + iota
	GuidesLead
	GuideVersion
	GuideVersions
	GuideContents
	GuideOld
	GuideSeeCurrent
	GuideBy
	GuideOwnTitle
	GuideOwnSummary
	GuideOwnNone
	GuideWrite
	GuideWriteTitle
	GuideWriteLead
	GuideFieldTitle
	GuideFieldChanges
	GuideFieldChangesHint
	GuideFieldText
	GuideFieldTextHint
	GuideTitleMissing
	GuideChangesMissing
	GuideTextMissing
	GuideTextWrong
	GuideOvertaken
	GuidePublish
	GuideHow
	GuideHowText
	BoardTitle
	BoardLead
	BoardShown
	BoardNone
	NoticeText
	NoticeTextHint
	NoticeTextMissing
	NoticeDays
	NoticeDaysWrong
	NoticeWhen
	NoticePost
	NoticeEnd
	NoticeTooMany
	DeskGuide
	DeskOwnGuide
	DeskNotices
	DeskNoticeUntil
	BarsTable
	EntryGuidePublished
	EntryNoticePosted
	EntryNoticeEnded

	endGuides
)

var guidesTexts = map[Msg]access.Text{
	GuidesTitle:           {VI: "Hướng dẫn sử dụng", EN: "Guides"},
	GuidesLead:            {VI: "Cách dùng từng dịch vụ, mục đích, lỗi và cách xử lý (Thông tư 46/2022/TT-BCA Điều 9).", EN: "How to use each service, purposes, errors and what to do (Circular 46/2022/TT-BCA Art. 9)."},
	GuideVersion:          {VI: "Phiên bản %s, ngày %s", EN: "Version %s of %s"},
	GuideVersions:         {VI: "Các phiên bản và thay đổi", EN: "Versions and what changed"},
	GuideContents:         {VI: "Mục lục", EN: "Contents"},
	GuideOld:              {VI: "Đây là phiên bản cũ.", EN: "This is an older version."},
	GuideSeeCurrent:       {VI: "Xem phiên bản hiện hành", EN: "See the current one"},
	GuideBy:               {VI: "người công bố %s", EN: "published by %s"},
	GuideOwnTitle:         {VI: "Cơ quan chưa có hướng dẫn riêng", EN: "Your agency has no guide of its own yet"},
	GuideOwnSummary:       {VI: "Hướng dẫn do cơ quan viết cho dịch vụ khai thác của mình.", EN: "Written by your agency for its own service."},
	GuideOwnNone:          {VI: "Cơ quan kết nối phải xây dựng hướng dẫn sử dụng dịch vụ khai thác của mình (Thông tư 46/2022/TT-BCA Điều 9 khoản 1). Có thể bắt đầu từ các hướng dẫn dưới đây.", EN: "Each connected agency writes a user guide of its own service (Circular 46/2022/TT-BCA Art. 9.1). The guides below are a beginning."},
	GuideWrite:            {VI: "Viết phiên bản mới", EN: "Write a new version"},
	GuideWriteTitle:       {VI: "Hướng dẫn của cơ quan", EN: "Your agency's guide"},
	GuideWriteLead:        {VI: "Mỗi lần công bố là một phiên bản mới; các phiên bản trước vẫn đọc được. Chỉ người của cơ quan xem được hướng dẫn này.", EN: "Each publication is a new version; the ones before can still be read. Only your agency's people see this guide."},
	GuideFieldTitle:       {VI: "Tên hướng dẫn", EN: "Title"},
	GuideFieldChanges:     {VI: "Có gì thay đổi", EN: "What changed"},
	GuideFieldChangesHint: {VI: "Mỗi dòng một thay đổi, để cán bộ biết cần đọc lại phần nào.", EN: "One change a line, so that officers know what to read again."},
	GuideFieldText:        {VI: "Nội dung", EN: "Text"},
	GuideFieldTextHint:    {VI: "Dùng ## cho đề mục, - cho danh sách, **chữ đậm**. Không dùng HTML, không ghi thông tin của công dân.", EN: "Use ## for headings, - for lists, **bold**. No HTML, and no citizen's data."},
	GuideTitleMissing:     {VI: "Hãy đặt tên cho hướng dẫn.", EN: "Give the guide a title."},
	GuideChangesMissing:   {VI: "Hãy ghi có gì thay đổi so với phiên bản trước.", EN: "Say what changed since the version before."},
	GuideTextMissing:      {VI: "Hãy viết nội dung hướng dẫn.", EN: "Write the guide."},
	GuideTextWrong:        {VI: "Nội dung có HTML, hình ảnh hoặc liên kết không được phép. Viết đề mục bằng ##, danh sách bằng -, bảng bằng |; liên kết bắt đầu bằng / hoặc https://.", EN: "There is HTML, a picture or a link that is not taken. Write headings with ##, lists with -, tables with |; a link begins with / or https://."},
	GuideOvertaken:        {VI: "Người khác vừa công bố phiên bản %s. Nội dung của ông/bà được giữ lại bên dưới; hãy đọc phiên bản đó, bổ sung rồi công bố.", EN: "Somebody has just published version %s. What you wrote stands below; read that version, add to yours, then publish."},
	GuidePublish:          {VI: "Công bố phiên bản mới", EN: "Publish the new version"},
	GuideHow:              {VI: "Cách viết", EN: "How to write"},
	GuideHowText:          {VI: "## Đề mục\n\nĐoạn văn có **chữ đậm**, *chữ nghiêng* và [liên kết](/contacts).\n\n1. Bước một\n2. Bước hai\n\n- Lưu ý\n\n| Lỗi | Việc cần làm |\n|---|---|\n| Hồ sơ sai | Kiểm tra lại mã |", EN: "## Heading\n\nA paragraph with **bold**, *italics* and a [link](/contacts).\n\n1. First step\n2. Second step\n\n- A note\n\n| Error | What to do |\n|---|---|\n| Wrong case | Check the code |"},
	BoardTitle:            {VI: "Thông báo cho cán bộ", EN: "Notices to officers"},
	BoardLead:             {VI: "Thông báo ngắn hiện trên trang tra cứu của mọi cán bộ trong cơ quan, có ngày và hết hạn.", EN: "Short notices on the look-up page of all your officers, dated and with an end."},
	BoardShown:            {VI: "Đang hiện", EN: "Shown now"},
	BoardNone:             {VI: "Chưa có thông báo nào đang hiện.", EN: "No notice is shown."},
	NoticeText:            {VI: "Nội dung", EN: "Text"},
	NoticeTextHint:        {VI: "Tối đa 500 ký tự. Không ghi thông tin của công dân.", EN: "At most 500 characters. No citizen's data."},
	NoticeTextMissing:     {VI: "Hãy viết nội dung thông báo.", EN: "Write the notice."},
	NoticeDays:            {VI: "Hiện trong số ngày", EN: "Days for which it is shown"},
	NoticeDaysWrong:       {VI: "Ghi số ngày từ 1 đến 180.", EN: "Give 1 to 180 days."},
	NoticeWhen:            {VI: "từ %s đến %s · %s", EN: "from %s to %s · %s"},
	NoticePost:            {VI: "Đăng thông báo", EN: "Post the notice"},
	NoticeEnd:             {VI: "Gỡ", EN: "Take down"},
	NoticeTooMany:         {VI: "Đã có 10 thông báo đang hiện. Hãy gỡ bớt trước khi đăng thêm.", EN: "Ten notices are shown already. Take one down first."},
	DeskGuide:             {VI: "Hướng dẫn tra cứu", EN: "Look-up guide"},
	DeskOwnGuide:          {VI: "Mọi hướng dẫn của cơ quan", EN: "All guides"},
	DeskNotices:           {VI: "Thông báo của cơ quan", EN: "Notices of your agency"},
	DeskNoticeUntil:       {VI: "ngày %s", EN: "of %s"},
	BarsTable:             {VI: "Xem số liệu dạng bảng", EN: "The numbers as a table"},
	EntryGuidePublished:   {VI: "Công bố hướng dẫn", EN: "Guide published"},
	EntryNoticePosted:     {VI: "Đăng thông báo cho cán bộ", EN: "Notice to officers posted"},
	EntryNoticeEnded:      {VI: "Gỡ thông báo cho cán bộ", EN: "Notice to officers taken down"},
}
