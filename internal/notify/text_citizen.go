package notify

// citizenTopics tell that somebody asks about an access to their data.
var citizenTopics = []Topic{
	{
		"citizen.question",
		Text{
			"Công dân hỏi về một lượt tra cứu: {matter}",
			"Một công dân đã hỏi về một lượt tra cứu dữ liệu của mình do cơ quan {agency} thực hiện (mã {matter}). Đề nghị mở câu hỏi tại mục Câu hỏi, khiếu nại và trả lời.",
		},
		Text{
			"A question about an access: {matter}",
			"A person asks about an access to their data by agency {agency} (number {matter}). Please open it under Questions, complaints and answer it.",
		},
	},
	{
		"citizen.complaint",
		Text{
			"Công dân khiếu nại về một lượt tra cứu: {matter}",
			"Một công dân đã khiếu nại về một lượt tra cứu dữ liệu của mình do cơ quan {agency} thực hiện (mã {matter}). Đề nghị mở khiếu nại tại mục Câu hỏi, khiếu nại, xem xét và trả lời.",
		},
		Text{
			"A complaint about an access: {matter}",
			"A person complains about an access to their data by agency {agency} (number {matter}). Please open it under Questions, complaints, look into it and answer.",
		},
	},
}
