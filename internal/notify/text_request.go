package notify

// requestTopics are about the request, the grant and the commitment.
var requestTopics = []Topic{
	{
		"application.submitted",
		Text{
			"Hồ sơ đề nghị kết nối mới: {agency}",
			"Cơ quan {agency} đã gửi hồ sơ đề nghị kết nối của hệ thống {system} (hồ sơ {matter}). Đề nghị xem xét và trả lời chậm nhất ngày {due}: thời hạn là 5 ngày làm việc kể từ ngày nhận đủ hồ sơ, theo Điều 35 Nghị định 47/2020/NĐ-CP.",
		},
		Text{
			"New request for a connection: {agency}",
			"Agency {agency} has submitted a request to connect its system {system} (matter {matter}). Please decide on it by {due}: Decree 47/2020/NĐ-CP, Article 35, allows 5 working days.",
		},
	},
	{
		"application.returned",
		Text{
			"Hồ sơ đề nghị kết nối cần bổ sung: hệ thống {system}",
			"Hồ sơ {matter} đề nghị kết nối của hệ thống {system} chưa đủ và được trả lại để bổ sung. Các mục cần bổ sung được ghi trong hồ sơ; nội dung đã khai vẫn được giữ. Sau khi bổ sung, đề nghị gửi lại để được xem xét tiếp.",
		},
		Text{
			"Your request needs more: system {system}",
			"Request {matter} for system {system} is not complete and was given back to you. The request names the items that are missing; what you have entered is kept. Please complete it and submit it again.",
		},
	},
	{
		"application.approved",
		Text{
			"Hồ sơ đề nghị kết nối được chấp thuận: hệ thống {system}",
			"Hồ sơ {matter} đề nghị kết nối của hệ thống {system} đã được chấp thuận. Kết nối {connection} được lập nhưng chưa hoạt động: còn phải xác nhận quyền khai thác, ký bản cam kết bảo đảm an ninh, an toàn thông tin và đạt đánh giá an toàn thông tin theo Điều 6 Thông tư 46/2022/TT-BCA.",
		},
		Text{
			"Your request was approved: system {system}",
			"Request {matter} for system {system} was approved. Connection {connection} has been set up and is not active yet: the grant is to be accepted, the security commitment signed, and the assessment under Circular 46/2022/TT-BCA, Article 6, passed.",
		},
	},
	{
		"application.refused",
		Text{
			"Hồ sơ đề nghị kết nối không được chấp thuận: hệ thống {system}",
			"Hồ sơ {matter} đề nghị kết nối của hệ thống {system} không được chấp thuận. Văn bản trả lời nêu rõ lý do được lưu trong hồ sơ (Điều 35 Nghị định 47/2020/NĐ-CP). Cơ quan có thể lập hồ sơ mới sau khi khắc phục các lý do đó.",
		},
		Text{
			"Your request was refused: system {system}",
			"Request {matter} for system {system} was refused. The written reasons are kept with the request (Decree 47/2020/NĐ-CP, Article 35). You may file a new one once the reasons no longer hold.",
		},
	},
	{
		"grant.offered",
		Text{
			"Quyền khai thác chờ xác nhận: kết nối {connection}",
			"Quyền khai thác {grant} của kết nối {connection} đã được cấp và chờ cơ quan xác nhận. Đề nghị kiểm tra dịch vụ, trường thông tin, thủ tục hành chính, giới hạn và thời hạn trước khi xác nhận. Quyền chưa được xác nhận thì chưa có hiệu lực.",
		},
		Text{
			"A grant is to be accepted: connection {connection}",
			"Grant {grant} of connection {connection} has been issued and waits for your acceptance. Please check its services, fields, procedures, limits and term first. It has no effect until it is accepted.",
		},
	},
	{
		"commitment.asked",
		Text{
			"Đề nghị ký bản cam kết bảo đảm an ninh, an toàn thông tin: kết nối {connection}",
			"Đề nghị ký bản cam kết theo mẫu {template} của kết nối {connection}: ký số trên tệp hoặc do người có thẩm quyền ký trên hệ thống bằng yếu tố xác thực thứ hai. Kết nối chỉ được kích hoạt khi bản cam kết đã được ký.",
		},
		Text{
			"A commitment is to be signed: connection {connection}",
			"Please sign the security commitment of connection {connection}, template {template}: as a digitally signed file, or by your signatory on the page with a second factor. The connection is not activated before.",
		},
	},
	{
		"commitment.renew",
		Text{
			"Bản cam kết phải ký lại trước ngày {due}: kết nối {connection}",
			"Mẫu văn bản đã có phiên bản mới {template}. Đề nghị ký lại bản cam kết, thoả thuận của kết nối {connection} chậm nhất ngày {due}. Quá ngày này mà chưa ký lại, kết nối không còn đủ điều kiện hoạt động.",
		},
		Text{
			"To be signed again by {due}: connection {connection}",
			"There is a new version of the template, {template}. Please sign the commitment or agreement of connection {connection} again by {due}. After that day, unsigned, the connection no longer meets the conditions for being active.",
		},
	},
}
