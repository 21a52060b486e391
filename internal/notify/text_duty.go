package notify

// dutyTopics are about reports that are owed, breaches and overdue tasks.
var dutyTopics = []Topic{
	{
		"usereport.asked",
		Text{
			"Yêu cầu báo cáo tình hình khai thác: kết nối {connection}",
			"Theo Điều 51 Nghị định 47/2020/NĐ-CP, đề nghị cơ quan báo cáo tình hình khai thác của kết nối {connection} chậm nhất ngày {due}. Nội dung cần báo cáo được nêu tại hồ sơ {matter}.",
		},
		Text{
			"A report on use is asked for: connection {connection}",
			"Under Decree 47/2020/NĐ-CP, Article 51, please report on the use of connection {connection} by {due}. Matter {matter} says what the report is to cover.",
		},
	},
	{
		"usereport.overdue",
		Text{
			"Quá hạn báo cáo tình hình khai thác: kết nối {connection}",
			"Báo cáo tình hình khai thác của kết nối {connection} (hồ sơ {matter}) quá hạn từ ngày {due}. Đề nghị gửi ngay; cơ quan quản lý có thể từ chối hoặc tạm ngừng cung cấp dịch vụ theo Điều 51, 52 Nghị định 47/2020/NĐ-CP.",
		},
		Text{
			"The report on use is overdue: connection {connection}",
			"The report on the use of connection {connection} (matter {matter}) was due on {due}. Please submit it now; the register may refuse or suspend the service under Decree 47/2020/NĐ-CP, Articles 51 and 52.",
		},
	},
	{
		"breach.opened",
		Text{
			"Sự cố vi phạm dữ liệu cá nhân: hồ sơ {matter}",
			"Đã mở hồ sơ {matter} về vi phạm quy định bảo vệ dữ liệu cá nhân liên quan đến cơ quan {agency}, phát hiện lúc {since}. Thông báo gửi cơ quan chuyên trách bảo vệ dữ liệu cá nhân phải được gửi trong 72 giờ kể từ khi phát hiện, có thể gửi theo từng giai đoạn.",
		},
		Text{
			"Personal-data breach: matter {matter}",
			"Matter {matter} was opened about a personal-data breach that concerns agency {agency}, found at {since}. The authority for personal-data protection must be told within 72 hours of the finding; this may be done in phases.",
		},
	},
	{
		"breach.due",
		Text{
			"Sắp hết 72 giờ thông báo vi phạm dữ liệu cá nhân: hồ sơ {matter}",
			"Thông báo về vi phạm dữ liệu cá nhân của hồ sơ {matter} phải được gửi trước {ends}. Nếu chưa đủ thông tin, đề nghị gửi thông báo giai đoạn đầu và bổ sung sau.",
		},
		Text{
			"The 72 hours of a breach are nearly over: matter {matter}",
			"The notice of the personal-data breach in matter {matter} must be given before {ends}. If not all is known yet, send a first notice and complete it later.",
		},
	},
	{
		"task.overdue",
		Text{
			"Công việc quá hạn: hồ sơ {matter}",
			"Một công việc của hồ sơ {matter} quá hạn từ ngày {due}. Đề nghị xử lý ngay, hoặc ghi rõ lý do chậm trong hồ sơ.",
		},
		Text{
			"A task is overdue: matter {matter}",
			"A task of matter {matter} was due on {due}. Please deal with it now, or say in the matter why it is late.",
		},
	},
}
