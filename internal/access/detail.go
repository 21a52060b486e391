package access

import "slices"

// Names of a reason that tell which of a code's rules it was. Where ids may
// stand beside them, they are written as no id is.
const (
	NameBuild       = "build"                // the client build is not one of those declared
	NameKey         = "key"                  // the certificate's key is not one of those declared
	NameCommitment  = "committedUntil"       // the undertaking has run out
	NameByRegister  = "suspendedBy:register" // who suspended the connection
	NameByAgency    = "suspendedBy:agency"
	NameMaintenance = "maintenance" // an announced window, not a full queue
)

// Detail is what is published of one rule among several that share a code:
// what is wrong and what to do next.
type Detail struct {
	Code Code
	Name string // the one among the reason's names that tells it
	Text Text
}

// Details is the table of them, in the order of the codes.
var Details = []Detail{
	{
		ConnectionNotActive, NameCommitment,
		Text{
			"Bản cam kết bảo đảm an toàn của hệ thống, hoặc của nền tảng trung gian, đã hết hiệu lực: người có thẩm quyền của cơ quan phải ký lại bản cam kết theo mẫu hiện hành thì kết nối mới hoạt động tiếp.",
			"The security undertaking of the system, or of the intermediary, has run out: the agency's signatory has to sign it again, in its present version, before the connection works again.",
		},
	},
	{
		ConnectionSuspended, NameByRegister,
		Text{
			"Đơn vị vận hành cơ sở dữ liệu đã tạm ngừng kết nối. Ngừng gửi; `GET /v1/me` nêu vi phạm và việc cần khắc phục, và chỉ đơn vị vận hành mới khôi phục được.",
			"The register's operator suspended the connection. Stop calling; `GET /v1/me` says what was wrong and what restores it, and only the operator resumes it.",
		},
	},
	{
		ConnectionSuspended, NameByAgency,
		Text{
			"Chính cơ quan đã yêu cầu tạm ngừng kết nối. Ngừng gửi; khi sẵn sàng, cơ quan đề nghị đơn vị vận hành cơ sở dữ liệu khôi phục.",
			"The agency itself had the connection suspended. Stop calling; when it is ready, the agency asks the register's operator to resume it.",
		},
	},
	{
		ChangeUndeclared, NameBuild,
		Text{
			"Phiên bản chương trình gửi trong `Dancu-Client` không nằm trong các phiên bản đã được đánh giá: dùng lại phiên bản đã đánh giá, hoặc báo cáo thay đổi.",
			"The build sent in `Dancu-Client` is not among those assessed: go back to an assessed build, or report the change.",
		},
	},
	{
		ChangeUndeclared, NameKey,
		Text{
			"Khoá của chứng thư không nằm trong các khoá đã được khai báo, đánh giá: dùng lại chứng thư cũ, hoặc báo cáo việc thay khoá và chờ được chấp nhận.",
			"The certificate's key is not among those declared and assessed: go back to the earlier certificate, or report the change of key and wait until it is accepted.",
		},
	},
	{
		ServiceBusy, NameMaintenance,
		Text{
			"Dịch vụ đang được bảo trì theo kế hoạch đã thông báo: gửi lại sau thời gian nêu trong `Retry-After`; `GET /v1/me` nêu thời gian và nội dung bảo trì.",
			"The service is under maintenance, as announced: retry after the time in `Retry-After`; `GET /v1/me` says when and what for.",
		},
	},
}

// Detail returns the text of the rule that the reason tells of; ok is false if
// its code has but one.
func (r *Reason) Detail() (text Text, ok bool) {
	for i := range Details {
		if d := &Details[i]; d.Code == r.Code && slices.Contains(r.Names, d.Name) {
			return d.Text, true
		}
	}
	return Text{}, false
}
