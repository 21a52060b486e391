package i18n

import "dancu/internal/access"

// The texts of the console of an agency's administrator.
const (
	MenuAgency Msg = endSettings + iota
	HomeTitle
	HomeLead
	HomeTodo
	HomeNothing
	HomeAllTasks
	HomeMoreTasks
	HomeUnderWay
	HomeNothingUnderWay
	HomeSince
	HomeChanged
	HomeActs
	HomeSetup
	HomeGates
	HomeGatesAll
	HomeGateOpen
	HomeGateGreen
	HomeNoConnection
	HomeQuotaLeft
	HomeQuotaPeople
	HomeQuotaOfficer
	HomeQuotaService
	HomeEnds
	HomeEndsNote
	HomeEndsNone
	HomeEndsAt
	HomeEndsIn
	HomeEnded
	HomeEndAssessment
	HomeEndCommitment
	HomeEndGrant
	HomeEndCertificate
	HomeMaintenance
	HomeWays
	HomeCertificates
	HomeApply
	HomeApplications
	HomeChange
	HomeChanges
	HomeUndertakings
	HomeAssessments
	HomeInspections
	HomeIncident
	HomeBreach
	HomeStop
	HomeLockedSince
	HomeSeeConnection
	HomeRemedied
	HomeAskAssess
	HomeSignCommitment
	HomeNextSuspended
	HomeNextVolume
	HomeNextPattern
	HomeNextAssess
	HomeNextCommitment
	HomeWhyCommitment
	CertificatesTitle
	CertificatesLead
	CertificatesNone
	CertificatesNoneHold
	CertificatesOne
	CertificatesOverlap
	CertificatesNoSystem
	CertificatePrint
	CertificateFrom
	CertificateUntil
	CertificateWay
	CertificateAdd
	CertificateCSR
	CertificateSystem
	CertificateHolds
	CertificateOver
	CertificateNotYet
	CertificateRevoke
	CertificateHow
	CertificateStep1
	CertificateStep2
	CertificateStep3
	CertificateStep4

	endHome
)

var homeTexts = map[Msg]access.Text{
	MenuAgency:           {VI: "Cơ quan", EN: "My agency"},
	HomeTitle:            {VI: "Cơ quan của tôi", EN: "My agency"},
	HomeLead:             {VI: "Việc cần làm, việc đang chờ bên khác, hạn mức còn lại và những thời hạn sắp đến.", EN: "What there is to do, what others are working on, what is left of the quota, and what runs out soon."},
	HomeTodo:             {VI: "Việc cơ quan cần làm", EN: "For your agency to do"},
	HomeNothing:          {VI: "Hiện không có việc nào chờ cơ quan xử lý.", EN: "Nothing waits for your agency now."},
	HomeAllTasks:         {VI: "Mọi việc và hồ sơ", EN: "All tasks and matters"},
	HomeMoreTasks:        {VI: "còn %s việc khác", EN: "%s more"},
	HomeUnderWay:         {VI: "Hồ sơ đang xử lý", EN: "Under way"},
	HomeNothingUnderWay:  {VI: "Không có hồ sơ nào đang xử lý. Muốn kết nối hoặc xin thêm quyền khai thác, hãy lập hồ sơ đề nghị ở mục “Lối vào nhanh”.", EN: "No matter is under way. To connect or to ask for more, open an application under “Quick ways”."},
	HomeSince:            {VI: "từ ngày %s", EN: "since %s"},
	HomeChanged:          {VI: "Thay đổi gần nhất ngày %s", EN: "Last changed on %s"},
	HomeActs:             {VI: "%s xử lý, từ ngày %s", EN: "%s to act, since %s"},
	HomeSetup:            {VI: "Chuẩn bị kết nối: %s", EN: "Getting connected: %s"},
	HomeGates:            {VI: "đã đạt %s trong %s điều kiện", EN: "%s of %s conditions met"},
	HomeGatesAll:         {VI: "đủ điều kiện, chờ kích hoạt", EN: "all conditions met, waiting for activation"},
	HomeGateOpen:         {VI: "Chưa đạt", EN: "Not yet"},
	HomeGateGreen:        {VI: "Đã đạt", EN: "Met"},
	HomeNoConnection:     {VI: "Cơ quan chưa có kết nối nào.", EN: "Your agency has no connection yet."},
	HomeQuotaLeft:        {VI: "Còn %s trong %s lượt, tính lại lúc %s.", EN: "%s of %s calls left; a new count begins at %s."},
	HomeQuotaPeople:      {VI: "Còn %s trong %s người được cung cấp thông tin.", EN: "%s of %s people left."},
	HomeQuotaOfficer:     {VI: "Hạn mức tính theo từng cán bộ; đây là người dùng nhiều nhất.", EN: "The limit counts each officer; this is who has used most."},
	HomeQuotaService:     {VI: "Hạn mức tính theo từng dịch vụ; đây là dịch vụ dùng nhiều nhất.", EN: "The limit counts each service; this is the one used most."},
	HomeEnds:             {VI: "Sắp hết hạn", EN: "Running out"},
	HomeEndsNote:         {VI: "trong 60 ngày tới", EN: "within 60 days"},
	HomeEndsNone:         {VI: "Chứng thư số, đánh giá, bản cam kết và quyền khai thác đều còn hạn trên 60 ngày.", EN: "Certificates, assessments, undertakings and grants are good for more than 60 days."},
	HomeEndsAt:           {VI: "hết hạn ngày %s", EN: "ends on %s"},
	HomeEndsIn:           {VI: "Còn %s ngày", EN: "%s days left"},
	HomeEnded:            {VI: "Đã hết hạn", EN: "Ended"},
	HomeEndAssessment:    {VI: "Đánh giá an toàn thông tin: %s", EN: "Security assessment: %s"},
	HomeEndCommitment:    {VI: "Bản cam kết: %s", EN: "Undertaking: %s"},
	HomeEndGrant:         {VI: "Quyền khai thác “%s”: %s", EN: "Grant “%s”: %s"},
	HomeEndCertificate:   {VI: "Chứng thư số: %s", EN: "Certificate: %s"},
	HomeMaintenance:      {VI: "Dừng dịch vụ để bảo trì từ %s đến %s", EN: "Maintenance from %s to %s"},
	HomeWays:             {VI: "Lối vào nhanh", EN: "Quick ways"},
	HomeCertificates:     {VI: "Chứng thư số và thay chứng thư", EN: "Certificates and rotation"},
	HomeApply:            {VI: "Lập hồ sơ đề nghị kết nối, khai thác", EN: "Apply for a connection or grants"},
	HomeApplications:     {VI: "Hồ sơ đề nghị đã lập", EN: "Applications"},
	HomeChange:           {VI: "Báo cáo một thay đổi", EN: "Report a change"},
	HomeChanges:          {VI: "Báo cáo thay đổi đã gửi", EN: "Change reports"},
	HomeUndertakings:     {VI: "Văn bản cần ký: cam kết, thoả thuận", EN: "Documents to sign: undertakings, agreements"},
	HomeAssessments:      {VI: "Đánh giá an toàn và khắc phục", EN: "Assessments and corrective actions"},
	HomeInspections:      {VI: "Kiểm tra và kết luận", EN: "Inspections and findings"},
	HomeIncident:         {VI: "Báo sự cố", EN: "Report an incident"},
	HomeBreach:           {VI: "Báo vi phạm dữ liệu cá nhân (72 giờ)", EN: "Report a personal-data breach (72 hours)"},
	HomeStop:             {VI: "%s: %s", EN: "%s: %s"},
	HomeLockedSince:      {VI: "Bị khoá từ %s.", EN: "Locked since %s."},
	HomeSeeConnection:    {VI: "Xem kết nối và tiến trình xử lý", EN: "See the connection and what is being done"},
	HomeRemedied:         {VI: "Báo đã khắc phục", EN: "Report that it is put right"},
	HomeAskAssess:        {VI: "Đề nghị đánh giá lại", EN: "Ask for a new assessment"},
	HomeSignCommitment:   {VI: "Lập bản cam kết mới", EN: "Prepare a new undertaking"},
	HomeNextSuspended:    {VI: "Thực hiện yêu cầu khắc phục rồi gửi báo cáo; đơn vị quản lý cho hoạt động lại khi đủ điều kiện.", EN: "Do what is asked and report it; the register's operator lets the connection go on once the conditions hold."},
	HomeNextVolume:       {VI: "Số lượt đã vượt hạn mức %s lượt. Kiểm tra nguyên nhân ở mục “Mức khai thác”, gửi giải trình cho đơn vị quản lý; khoá được gỡ bởi hai người và bắt đầu lượt đếm mới.", EN: "The calls passed the limit of %s. Find the cause under “Usage” and explain it to the register's operator; two people lift the lock, and a new count begins."},
	HomeNextPattern:      {VI: "Hệ thống thấy dấu hiệu khai thác bất thường. Kiểm tra nhật ký của cơ quan, trả lời đơn vị quản lý trong hồ sơ sự cố; khoá được gỡ bởi hai người.", EN: "Unusual use was seen. Check your agency's log and answer the register's operator in the incident; two people lift the lock."},
	HomeNextAssess:       {VI: "Đề nghị đánh giá và nộp hồ sơ còn thiếu. Tra cứu chạy lại ngay khi có chứng nhận mới.", EN: "Ask for an assessment and hand in what is missing. Look-ups work again as soon as there is a new certificate."},
	HomeNextCommitment:   {VI: "Lập và ký bản cam kết mới; tra cứu chạy lại khi bản cam kết được chấp nhận.", EN: "Prepare and sign a new undertaking; look-ups work again once it is accepted."},
	HomeWhyCommitment:    {VI: "Bản cam kết bảo đảm an toàn đã hết hạn ngày %s.", EN: "The security undertaking ended on %s."},
	CertificatesTitle:    {VI: "Chứng thư số", EN: "Certificates"},
	CertificatesLead:     {VI: "Hệ thống của cơ quan kết nối bằng các chứng thư số này. Có thể có hai chứng thư cùng hiệu lực để thay mà không gián đoạn.", EN: "Your systems connect with these certificates. Two may hold at once, so that one is replaced without a stop."},
	CertificatesNone:     {VI: "Chưa đăng ký chứng thư số nào.", EN: "No certificate is registered."},
	CertificatesNoneHold: {VI: "không có chứng thư còn hiệu lực: hệ thống không kết nối được", EN: "none holds: the system cannot connect"},
	CertificatesOne:      {VI: "một chứng thư còn hiệu lực", EN: "one holds"},
	CertificatesOverlap:  {VI: "%s chứng thư cùng còn hiệu lực", EN: "%s hold at the same time"},
	CertificatesNoSystem: {VI: "Cơ quan chưa có hệ thống thông tin nào được đăng ký. Hãy lập hồ sơ đề nghị kết nối.", EN: "Your agency has no registered system yet. Open an application."},
	CertificatePrint:     {VI: "Dấu vân tay SHA-256", EN: "SHA-256 fingerprint"},
	CertificateFrom:      {VI: "Từ ngày", EN: "From"},
	CertificateUntil:     {VI: "Đến", EN: "Until"},
	CertificateWay:       {VI: "Việc", EN: "Act"},
	CertificateAdd:       {VI: "Đăng ký chứng thư mới", EN: "Register a new certificate"},
	CertificateCSR:       {VI: "Gửi yêu cầu cấp (CSR)", EN: "Send a request (CSR)"},
	CertificateSystem:    {VI: "Hồ sơ hệ thống", EN: "The system"},
	CertificateHolds:     {VI: "Còn hiệu lực", EN: "Holds"},
	CertificateOver:      {VI: "Hết hiệu lực", EN: "Over"},
	CertificateNotYet:    {VI: "Chưa đến hạn", EN: "Not yet"},
	CertificateRevoke:    {VI: "Thu hồi", EN: "Revoke"},
	CertificateHow:       {VI: "Thay chứng thư mà không gián đoạn", EN: "Replacing one without a stop"},
	CertificateStep1:     {VI: "Tạo khoá mới trên máy chủ của hệ thống; khoá riêng không rời khỏi máy chủ.", EN: "Make a new key on the system's server; the private key never leaves it."},
	CertificateStep2:     {VI: "Gửi yêu cầu cấp (CSR), hoặc đăng ký chứng thư do tổ chức chứng thực cấp. Khoá mới là một thay đổi cần khai báo (Thông tư 46/2022/TT-BCA Điều 6).", EN: "Send the request (CSR), or register a certificate that an authority has issued. A new key is a change to be declared (Circular 46/2022/TT-BCA Art. 6)."},
	CertificateStep3:     {VI: "Chọn số ngày chứng thư cũ còn dùng được, rồi chuyển hệ thống sang chứng thư mới trong thời gian đó.", EN: "Choose for how many days the old one stays good, and move the system over within them."},
	CertificateStep4:     {VI: "Khi hệ thống đã chạy bằng chứng thư mới, thu hồi chứng thư cũ. Nếu lộ khoá, thu hồi ngay.", EN: "Once the system runs on the new one, revoke the old one. If a key has leaked, revoke it at once."},
}
