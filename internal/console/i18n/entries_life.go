package i18n

import "dancu/internal/access"

// LifeEntries names the kinds of entry of the life of a connection.
var LifeEntries = map[string]access.Text{
	"settings.changed": {VI: "Đổi thiết lập", EN: "Setting changed"},
	"settings.loaded":  {VI: "Cấu hình khác lần khởi động trước", EN: "Configuration differs from the last start"},

	"notice.retried":     {VI: "Gửi lại thông báo", EN: "Notice sent again"},
	"webhook.registered": {VI: "Đăng ký webhook", EN: "Webhook registered"},
	"webhook.tested":     {VI: "Thử webhook", EN: "Webhook tested"},
	"webhook.rotated":    {VI: "Đổi khoá bí mật của webhook", EN: "Secret of a webhook changed"},
	"webhook.ended":      {VI: "Chấm dứt webhook", EN: "Webhook ended"},

	"matter.saved": {VI: "Lưu phần hồ sơ", EN: "Part of a matter saved"},

	"connection.sealed":   {VI: "Niêm kín lượt tra cứu theo thủ tục", EN: "Accesses for a procedure sealed"},
	"connection.unsealed": {VI: "Bỏ niêm kín lượt tra cứu", EN: "Seal on accesses lifted"},

	"certificate.given":     {VI: "Nộp chứng thư số", EN: "Certificate given"},
	"certificate.requested": {VI: "Nộp yêu cầu cấp chứng thư số", EN: "Certificate requested"},
	"certificate.revoked":   {VI: "Thu hồi chứng thư số", EN: "Certificate revoked"},

	"application.opened":    {VI: "Lập hồ sơ đề nghị kết nối", EN: "Application begun"},
	"application.submitted": {VI: "Gửi hồ sơ đề nghị kết nối", EN: "Application submitted"},
	"application.returned":  {VI: "Yêu cầu bổ sung hồ sơ đề nghị kết nối", EN: "Application returned for more"},
	"application.refused":   {VI: "Từ chối hồ sơ đề nghị kết nối", EN: "Application refused"},
	"application.approved":  {VI: "Chấp thuận hồ sơ đề nghị kết nối", EN: "Application approved"},
	"application.withdrawn": {VI: "Rút hồ sơ đề nghị kết nối", EN: "Application withdrawn"},
	"grant.accepted":        {VI: "Cơ quan chấp nhận quyền khai thác", EN: "Grant accepted by the agency"},

	"commitment.opened":    {VI: "Lập bản cam kết, thoả thuận", EN: "Commitment begun"},
	"commitment.fixed":     {VI: "Chốt văn bản cam kết, thoả thuận", EN: "Text of a commitment fixed"},
	"commitment.reopened":  {VI: "Sửa lại văn bản cam kết, thoả thuận", EN: "Text of a commitment changed"},
	"commitment.signed":    {VI: "Ký bản cam kết, thoả thuận", EN: "Commitment signed"},
	"commitment.accepted":  {VI: "Tiếp nhận bản cam kết, thoả thuận", EN: "Commitment accepted"},
	"commitment.returned":  {VI: "Trả lại bản cam kết, thoả thuận", EN: "Commitment returned"},
	"commitment.withdrawn": {VI: "Huỷ bản cam kết, thoả thuận", EN: "Commitment withdrawn"},
	"commitment.outdated":  {VI: "Yêu cầu ký lại cam kết theo mẫu mới", EN: "Commitment to be signed again"},

	"assessment.ordered":           {VI: "Yêu cầu đánh giá an toàn thông tin", EN: "Assessment ordered"},
	"assessment.started":           {VI: "Bắt đầu đánh giá an toàn thông tin", EN: "Assessment started"},
	"assessment.concluded":         {VI: "Kết luận đánh giá an toàn thông tin", EN: "Assessment concluded"},
	"assessment.finding-corrected": {VI: "Khắc phục phát hiện của đánh giá", EN: "Finding corrected"},
	"assessment.finding-rechecked": {VI: "Kiểm tra lại phát hiện của đánh giá", EN: "Finding re-checked"},
	"assessment.certified":         {VI: "Cấp chứng nhận an toàn thông tin", EN: "Assessment certified"},
	"assessment.exempted":          {VI: "Ghi nhận miễn đánh giá", EN: "Exemption from assessment recorded"},
	"assessment.failed":            {VI: "Đánh giá không đạt", EN: "Assessment failed"},
	"assessment.cancelled":         {VI: "Huỷ đánh giá", EN: "Assessment cancelled"},
	"assessment.revoked":           {VI: "Thu hồi chứng nhận an toàn thông tin", EN: "Certificate of an assessment revoked"},

	"change.opened":    {VI: "Lập báo cáo thay đổi", EN: "Change report begun"},
	"change.declared":  {VI: "Gửi báo cáo thay đổi", EN: "Change declared"},
	"change.overruled": {VI: "Quyết định hệ quả khác của thay đổi", EN: "Consequence of a change overruled"},
	"change.closed":    {VI: "Hoàn tất báo cáo thay đổi", EN: "Change closed"},
	"change.withdrawn": {VI: "Rút báo cáo thay đổi", EN: "Change withdrawn"},

	"connection.end-asked":    {VI: "Đề nghị chấm dứt kết nối", EN: "End of a connection asked for"},
	"connection.end-declined": {VI: "Không chấp thuận chấm dứt kết nối", EN: "Request to end a connection declined"},
	"suspension.notified":     {VI: "Thông báo tạm ngừng kết nối", EN: "Suspension notified"},
	"suspension.remedied":     {VI: "Báo cáo đã khắc phục vi phạm", EN: "Remedy reported"},
	"suspension.proposed":     {VI: "Kiến nghị tạm ngừng kết nối", EN: "Suspension proposed"},
	"suspension.decided":      {VI: "Quyết định về kiến nghị tạm ngừng", EN: "Proposed suspension decided"},

	"inspection.planned":     {VI: "Lập kế hoạch, quyết định kiểm tra", EN: "Inspection planned"},
	"inspection.replanned":   {VI: "Sửa kế hoạch, quyết định kiểm tra", EN: "Plan of an inspection changed"},
	"inspection.announced":   {VI: "Thông báo kiểm tra", EN: "Inspection announced"},
	"inspection.started":     {VI: "Bắt đầu kiểm tra trực tiếp", EN: "Inspection begun"},
	"inspection.left":        {VI: "Kết thúc kiểm tra trực tiếp", EN: "Inspection on site ended"},
	"inspection.drafted":     {VI: "Gửi dự thảo báo cáo kiểm tra", EN: "Draft of an inspection report sent"},
	"inspection.commented":   {VI: "Ý kiến về dự thảo báo cáo kiểm tra", EN: "Draft report commented on"},
	"inspection.concluded":   {VI: "Kết luận kiểm tra", EN: "Inspection concluded"},
	"inspection.followed-up": {VI: "Báo cáo khắc phục sau kiểm tra", EN: "Inspection followed up"},
	"inspection.returned":    {VI: "Yêu cầu khắc phục tiếp sau kiểm tra", EN: "More follow-up asked for"},
	"inspection.closed":      {VI: "Kết thúc kiểm tra", EN: "Inspection closed"},
	"inspection.cancelled":   {VI: "Huỷ kiểm tra", EN: "Inspection cancelled"},

	"maintenance.announced": {VI: "Thông báo bảo trì", EN: "Maintenance announced"},
	"maintenance.moved":     {VI: "Đổi thời điểm khôi phục dịch vụ", EN: "End of maintenance changed"},
	"maintenance.over":      {VI: "Khôi phục dịch vụ sau bảo trì", EN: "Maintenance over"},
	"maintenance.cancelled": {VI: "Huỷ bảo trì", EN: "Maintenance cancelled"},

	"incident.opened":    {VI: "Mở hồ sơ sự cố", EN: "Incident opened"},
	"incident.taken":     {VI: "Nhận xử lý sự cố", EN: "Incident taken"},
	"incident.explained": {VI: "Giải trình sự cố", EN: "Incident explained"},
	"incident.declared":  {VI: "Thay đổi trong sự cố đã được khai báo", EN: "Change of an incident declared"},
	"incident.resolved":  {VI: "Kết thúc xử lý sự cố", EN: "Incident resolved"},

	"usereport.asked":     {VI: "Yêu cầu báo cáo tình hình khai thác", EN: "Report on use asked for"},
	"usereport.submitted": {VI: "Gửi báo cáo tình hình khai thác", EN: "Report on use submitted"},
	"usereport.returned":  {VI: "Yêu cầu báo cáo lại tình hình khai thác", EN: "Report on use asked for again"},
	"usereport.refused":   {VI: "Từ chối báo cáo tình hình khai thác", EN: "Report on use refused"},
	"usereport.accepted":  {VI: "Chấp nhận báo cáo tình hình khai thác", EN: "Report on use accepted"},
	"usereport.escalated": {VI: "Chuyển xem xét tạm ngừng vì chưa báo cáo", EN: "Missing report on use handed on"},
	"usereport.closed":    {VI: "Kết thúc yêu cầu báo cáo, không có báo cáo", EN: "Closed without a report on use"},
	"usereport.withdrawn": {VI: "Rút yêu cầu báo cáo tình hình khai thác", EN: "Report on use no longer asked for"},

	"breach.opened":    {VI: "Mở hồ sơ vi phạm dữ liệu cá nhân", EN: "Personal-data breach opened"},
	"breach.notified":  {VI: "Thông báo vi phạm dữ liệu cá nhân cho A05", EN: "Personal-data breach notified to A05"},
	"breach.told":      {VI: "Thông báo vi phạm cho chủ thể dữ liệu", EN: "Subjects told of a breach"},
	"breach.minuted":   {VI: "Lập biên bản vi phạm dữ liệu cá nhân", EN: "Minutes of a breach taken"},
	"breach.closed":    {VI: "Kết thúc hồ sơ vi phạm dữ liệu cá nhân", EN: "Personal-data breach closed"},
	"breach.dismissed": {VI: "Xác định không phải vi phạm dữ liệu cá nhân", EN: "Found to be no breach"},
}
