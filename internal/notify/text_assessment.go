package notify

// assessmentTopics are about assessments, changes and inspections.
var assessmentTopics = []Topic{
	{
		"assessment.ordered",
		Text{
			"Yêu cầu đánh giá an toàn thông tin: kết nối {connection}",
			"Kết nối {connection} phải thực hiện {assessment} (hồ sơ {matter}), hoàn thành chậm nhất ngày {due}. Nội dung gồm năm nhóm quy định tại khoản 2 Điều 6 Thông tư 46/2022/TT-BCA. Đề nghị chuẩn bị tài liệu và bố trí cán bộ phối hợp.",
		},
		Text{
			"An assessment was ordered: connection {connection}",
			"Connection {connection} is to undergo: {assessment} (matter {matter}), by {due}. It covers the five groups of Circular 46/2022/TT-BCA, Article 6.2. Please have the documents ready and name who will assist.",
		},
	},
	{
		"assessment.findings",
		Text{
			"Còn {open} nội dung đánh giá chưa đạt: kết nối {connection}",
			"Đánh giá {matter} của kết nối {connection} còn {open} nội dung chưa đạt. Đề nghị khắc phục và báo cáo để được kiểm tra lại chậm nhất ngày {due}. Văn bản xác nhận chỉ được cấp khi không còn nội dung nào chưa đạt.",
		},
		Text{
			"{open} findings are open: connection {connection}",
			"Assessment {matter} of connection {connection} has {open} open findings. Please put them right and report them for a re-check by {due}. No certificate is issued while any is open.",
		},
	},
	{
		"assessment.certified",
		Text{
			"Đã cấp văn bản xác nhận an toàn thông tin: kết nối {connection}",
			"Kết nối {connection} đạt yêu cầu đánh giá an toàn thông tin. Văn bản xác nhận số {certificate} có giá trị đến hết ngày {until} và có thể in từ hồ sơ {matter}.",
		},
		Text{
			"A certificate was issued: connection {connection}",
			"Connection {connection} has passed its security assessment. Certificate {certificate} is valid until the end of {until} and can be printed from matter {matter}.",
		},
	},
	{
		"assessment.due",
		Text{
			"Văn bản xác nhận an toàn thông tin còn {days} ngày: kết nối {connection}",
			"Văn bản xác nhận số {certificate} của kết nối {connection} hết hạn vào cuối ngày {until}, còn {days} ngày. Hết hạn mà chưa có văn bản mới, mọi lượt tra cứu bị từ chối ngay (mã assessment.lapsed). Đề nghị đăng ký kiểm tra định kỳ theo khoản 4 Điều 6 Thông tư 46/2022/TT-BCA, hoặc nộp căn cứ được miễn.",
		},
		Text{
			"The certificate ends in {days} days: connection {connection}",
			"Certificate {certificate} of connection {connection} ends at the end of {until}, in {days} days. Without a new one every look-up is refused from then on (assessment.lapsed). Please ask for the yearly inspection under Circular 46/2022/TT-BCA, Article 6.4, or submit the evidence for an exemption.",
		},
	},
	{
		"assessment.lapsed",
		Text{
			"Văn bản xác nhận an toàn thông tin đã hết hạn: kết nối {connection}",
			"Văn bản xác nhận số {certificate} của kết nối {connection} đã hết hạn từ {since}. Mọi lượt tra cứu qua kết nối này đang bị từ chối (mã assessment.lapsed) cho đến khi có văn bản xác nhận mới.",
		},
		Text{
			"The certificate has lapsed: connection {connection}",
			"Certificate {certificate} of connection {connection} lapsed at {since}. Every look-up over this connection is refused (assessment.lapsed) until there is a new certificate.",
		},
	},
	{
		"change.reported",
		Text{
			"Báo cáo thay đổi mới: kết nối {connection}",
			"Cơ quan {agency} đã báo cáo thay đổi về {change} của kết nối {connection} (hồ sơ {matter}). Đề nghị xem xét và quyết định chậm nhất ngày {due}.",
		},
		Text{
			"A change was reported: connection {connection}",
			"Agency {agency} has reported a change of {change} of connection {connection} (matter {matter}). Please decide on it by {due}.",
		},
	},
	{
		"change.keep",
		Text{
			"Thay đổi được ghi nhận, kết nối tiếp tục hoạt động: {connection}",
			"Thay đổi về {change} của kết nối {connection} (hồ sơ {matter}) đã được ghi nhận. Kết nối tiếp tục hoạt động, không phải đánh giá lại.",
		},
		Text{
			"Change noted, the connection keeps running: {connection}",
			"The change of {change} of connection {connection} (matter {matter}) was noted. The connection keeps running; no new assessment is needed.",
		},
	},
	{
		"change.until",
		Text{
			"Thay đổi phải được đánh giá lại trước ngày {until}: kết nối {connection}",
			"Thay đổi về {change} của kết nối {connection} (hồ sơ {matter}) phải được đánh giá lại theo khoản 2 Điều 6 Thông tư 46/2022/TT-BCA. Kết nối được tiếp tục hoạt động đến hết ngày {until}; sau đó, nếu chưa đạt đánh giá lại, mọi lượt tra cứu bị từ chối.",
		},
		Text{
			"The change must be assessed by {until}: connection {connection}",
			"The change of {change} of connection {connection} (matter {matter}) needs a new assessment under Circular 46/2022/TT-BCA, Article 6.2. The connection may run until the end of {until}; after that, without it, every look-up is refused.",
		},
	},
	{
		"change.stop",
		Text{
			"Kết nối dừng cho đến khi đánh giá lại: {connection}",
			"Do thay đổi về {change} (hồ sơ {matter}), kết nối {connection} dừng hoạt động cho đến khi đạt đánh giá lại theo khoản 2 Điều 6 Thông tư 46/2022/TT-BCA. Đề nghị đăng ký đánh giá lại.",
		},
		Text{
			"The connection stops until it is re-assessed: {connection}",
			"Because of the change of {change} (matter {matter}), connection {connection} stops until it has passed a new assessment under Circular 46/2022/TT-BCA, Article 6.2. Please ask for one.",
		},
	},
	{
		"change.undeclared",
		Text{
			"Phát hiện thay đổi chưa báo cáo: kết nối {connection}",
			"Từ {since}, kết nối {connection} gửi yêu cầu bằng phiên bản phần mềm hoặc khoá chứng thư khác với bản đã được đánh giá. Các yêu cầu này bị từ chối (mã change.undeclared) và sự cố {matter} đã được mở.\n\nNếu thay đổi là có chủ đích: lập báo cáo thay đổi tại trang của kết nối, nêu loại thay đổi, phiên bản hoặc chứng thư mới, và gửi để được quyết định. Nếu không phải: kiểm tra ngay các máy chủ, công cụ đang dùng chứng thư của kết nối và báo cáo cơ quan quản lý.",
		},
		Text{
			"An undeclared change was found: connection {connection}",
			"Since {since}, connection {connection} has been calling with a client build or a certificate key other than the assessed one. These calls are refused (change.undeclared), and incident {matter} was opened.\n\nIf the change is intended: file a change report on the connection's page with the kind of change and the new build or certificate, and submit it. If it is not: check at once which servers and tools use the connection's certificate, and report to the register.",
		},
	},
	{
		"inspection.announced",
		Text{
			"Thông báo kiểm tra: kết nối {connection}",
			"Kết nối {connection} được kiểm tra ({inspection}), bắt đầu {starts}. Kế hoạch hoặc quyết định kiểm tra có trong hồ sơ {matter}. Đề nghị chuẩn bị báo cáo, tài liệu và bố trí cán bộ làm việc với đoàn.",
		},
		Text{
			"Inspection announced: connection {connection}",
			"Connection {connection} will be inspected ({inspection}), beginning at {starts}. The plan or decision is in matter {matter}. Please have reports and documents ready and name who will work with the inspectors.",
		},
	},
	{
		"inspection.report",
		Text{
			"Dự thảo kết quả kiểm tra chờ ý kiến đến ngày {due}: kết nối {connection}",
			"Dự thảo báo cáo kết quả kiểm tra kết nối {connection} (hồ sơ {matter}) đã được gửi để lấy ý kiến. Đề nghị có ý kiến chậm nhất ngày {due}, trước khi kết luận kiểm tra được ban hành.",
		},
		Text{
			"Draft of the inspection report, comments by {due}: connection {connection}",
			"The draft report on the inspection of connection {connection} (matter {matter}) is open for your comments until {due}, before the conclusion is issued.",
		},
	},
	{
		"inspection.concluded",
		Text{
			"Kết luận kiểm tra: kết nối {connection}",
			"Đã có kết luận kiểm tra kết nối {connection} (hồ sơ {matter}). Đề nghị xem kết luận và thực hiện các kiến nghị, nếu có, đúng thời hạn ghi trong đó.",
		},
		Text{
			"Inspection concluded: connection {connection}",
			"The inspection of connection {connection} (matter {matter}) has been concluded. Please read the conclusion and carry out what it asks for, if anything, by the dates in it.",
		},
	},
}
