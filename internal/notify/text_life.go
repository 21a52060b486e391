package notify

// lifeTopics are about what happens in the life of a connection besides: what
// ends, inspections' comments and follow-up, incidents, reports on use.
var lifeTopics = []Topic{
	{
		"commitment.due",
		Text{
			"Bản cam kết còn {days} ngày: kết nối {connection}",
			"Bản cam kết, thoả thuận của kết nối {connection} hết hiệu lực vào cuối ngày {until}, còn {days} ngày. Hết hiệu lực mà chưa ký lại, mọi lượt tra cứu bị từ chối (mã connection.not_active). Đề nghị ký lại tại trang của kết nối.",
		},
		Text{
			"The commitment ends in {days} days: connection {connection}",
			"The commitment or agreement of connection {connection} ends at the end of {until}, in {days} days. Unless it is signed again, every look-up is refused from then on (connection.not_active). Please sign it again on the connection's page.",
		},
	},
	{
		"grant.ending",
		Text{
			"Quyền khai thác {grant} còn {days} ngày: kết nối {connection}",
			"Quyền khai thác {grant} của kết nối {connection} hết hiệu lực vào cuối ngày {until}, còn {days} ngày. Nếu còn nhu cầu, đề nghị gửi hồ sơ thay đổi quyền khai thác theo Điều 35 Nghị định 47/2020/NĐ-CP.",
		},
		Text{
			"The grant {grant} ends in {days} days: connection {connection}",
			"Grant {grant} of connection {connection} ends at the end of {until}, in {days} days. If it is still needed, please apply for a change of the grants under Decree 47/2020/NĐ-CP, Article 35.",
		},
	},
	{
		"suspension.proposed",
		Text{
			"Kiến nghị tạm ngừng kết nối {connection}",
			"Có kiến nghị tạm ngừng kết nối {connection} (hồ sơ {matter}) theo khoản 5 Điều 43 Nghị định 47/2020/NĐ-CP. Đề nghị xem xét và ghi quyết định vào hồ sơ.",
		},
		Text{
			"A suspension was proposed: connection {connection}",
			"It was proposed to suspend connection {connection} (matter {matter}) under Decree 47/2020/NĐ-CP, Article 43.5. Please decide, and record the decision in the matter.",
		},
	},
	{
		"inspection.cancelled",
		Text{
			"Huỷ kiểm tra: kết nối {connection}",
			"Cuộc kiểm tra kết nối {connection} đã thông báo (hồ sơ {matter}) được huỷ. Lý do có trong hồ sơ.",
		},
		Text{
			"Inspection cancelled: connection {connection}",
			"The inspection of connection {connection} that was announced (matter {matter}) was cancelled. The reason is in the matter.",
		},
	},
	{
		"inspection.commented",
		Text{
			"Cơ quan đã có ý kiến về dự thảo báo cáo kiểm tra: kết nối {connection}",
			"Cơ quan được kiểm tra đã gửi ý kiến về dự thảo báo cáo kiểm tra kết nối {connection} (hồ sơ {matter}). Có thể hoàn thiện và ban hành kết luận.",
		},
		Text{
			"The draft report was commented on: connection {connection}",
			"The inspected agency has commented on the draft report about connection {connection} (matter {matter}). It can be completed and concluded now.",
		},
	},
	{
		"inspection.followup",
		Text{
			"Báo cáo khắc phục sau kiểm tra: kết nối {connection}",
			"Cơ quan đã báo cáo kết quả khắc phục theo kết luận kiểm tra kết nối {connection} (hồ sơ {matter}). Đề nghị kiểm tra lại.",
		},
		Text{
			"The findings were followed up: connection {connection}",
			"The agency has reported what it did about the findings of the inspection of connection {connection} (matter {matter}). Please check it.",
		},
	},
	{
		"inspection.returned",
		Text{
			"Yêu cầu khắc phục tiếp sau kiểm tra: kết nối {connection}",
			"Kết quả khắc phục theo kết luận kiểm tra kết nối {connection} (hồ sơ {matter}) chưa đạt. Đề nghị xem nội dung còn thiếu trong hồ sơ và báo cáo lại.",
		},
		Text{
			"More follow-up is asked for: connection {connection}",
			"What was done about the findings of the inspection of connection {connection} (matter {matter}) will not do yet. Please see in the matter what is missing, and report again.",
		},
	},
	{
		"inspection.closed",
		Text{
			"Kết thúc kiểm tra: kết nối {connection}",
			"Cuộc kiểm tra kết nối {connection} (hồ sơ {matter}) đã kết thúc; các tồn tại đã được kiểm tra lại.",
		},
		Text{
			"Inspection closed: connection {connection}",
			"The inspection of connection {connection} (matter {matter}) is closed; its findings were checked again.",
		},
	},
	{
		"incident.opened",
		Text{
			"Sự cố mới: hồ sơ {matter}",
			"Đã mở hồ sơ sự cố {matter}. Đề nghị phân công người xử lý.",
		},
		Text{
			"A new incident: matter {matter}",
			"Incident {matter} was opened. Please have somebody take it.",
		},
	},
	{
		"incident.explained",
		Text{
			"Cơ quan đã giải trình sự cố: hồ sơ {matter}",
			"Cơ quan đã giải trình về sự cố {matter}. Đề nghị xem xét trong hồ sơ.",
		},
		Text{
			"The agency explained an incident: matter {matter}",
			"The agency has explained incident {matter}. Please read it in the matter.",
		},
	},
	{
		"incident.resolved",
		Text{
			"Sự cố đã được xử lý: hồ sơ {matter}",
			"Sự cố {matter} đã được xử lý xong. Nguyên nhân và biện pháp được ghi trong hồ sơ.",
		},
		Text{
			"Incident resolved: matter {matter}",
			"Incident {matter} is resolved. Cause and measures are in the matter.",
		},
	},
	{
		"usereport.submitted",
		Text{
			"Báo cáo tình hình khai thác mới: kết nối {connection}",
			"Cơ quan đã gửi báo cáo tình hình khai thác của kết nối {connection} (hồ sơ {matter}). Đề nghị xem xét.",
		},
		Text{
			"A report on use was submitted: connection {connection}",
			"The agency has reported on its use of connection {connection} (matter {matter}). Please examine it.",
		},
	},
	{
		"usereport.returned",
		Text{
			"Yêu cầu báo cáo lại tình hình khai thác: kết nối {connection}",
			"Báo cáo tình hình khai thác của kết nối {connection} (hồ sơ {matter}) cần bổ sung, làm rõ chậm nhất ngày {due}. Lý do có trong hồ sơ.",
		},
		Text{
			"The report on use is asked for again: connection {connection}",
			"The report on the use of connection {connection} (matter {matter}) needs to be completed by {due}. The reason is in the matter.",
		},
	},
	{
		"usereport.refused",
		Text{
			"Cơ quan từ chối báo cáo tình hình khai thác: kết nối {connection}",
			"Cơ quan từ chối báo cáo tình hình khai thác của kết nối {connection} (hồ sơ {matter}). Đề nghị quyết định về việc tạm ngừng theo Điều 51 Nghị định 47/2020/NĐ-CP.",
		},
		Text{
			"The agency refused to report: connection {connection}",
			"The agency refused to report on its use of connection {connection} (matter {matter}). Please decide about a suspension under Decree 47/2020/NĐ-CP, Article 51.",
		},
	},
	{
		"usereport.accepted",
		Text{
			"Báo cáo tình hình khai thác được chấp nhận: kết nối {connection}",
			"Báo cáo tình hình khai thác của kết nối {connection} (hồ sơ {matter}) đã được chấp nhận.",
		},
		Text{
			"The report on use was accepted: connection {connection}",
			"The report on the use of connection {connection} (matter {matter}) was accepted.",
		},
	},
	{
		"usereport.withdrawn",
		Text{
			"Rút yêu cầu báo cáo tình hình khai thác: kết nối {connection}",
			"Yêu cầu báo cáo tình hình khai thác của kết nối {connection} (hồ sơ {matter}) đã được rút. Cơ quan không phải báo cáo.",
		},
		Text{
			"The report on use is no longer asked for: connection {connection}",
			"The report on the use of connection {connection} (matter {matter}) is no longer asked for. Nothing has to be submitted.",
		},
	},
}
