package notify

// stepTopics tell of the steps of a matter that need no more words: the page
// says the rest.
var stepTopics = []Topic{
	step("grant.accepted", "Cơ quan đã chấp nhận quyền khai thác", "A grant was accepted",
		"Cơ quan {agency} đã chấp nhận quyền khai thác theo hồ sơ {matter}. Hai bên cùng xác nhận một nội dung, theo mã băm ghi trong hồ sơ.",
		"Agency {agency} has accepted the grant of matter {matter}. Both sides agreed to the same text, by the hash that the matter names."),
	step("commitment.sign", "Văn bản chờ ký: hệ thống {system}", "A text is to be signed: system {system}",
		"Văn bản trong hồ sơ {matter} của hệ thống {system} đã chốt và chờ người có thẩm quyền của cơ quan ký (Điều 37 Nghị định 47/2020/NĐ-CP).",
		"The text of matter {matter} for system {system} is fixed and waits for your signatory (Decree 47/2020/NĐ-CP, Article 37)."),
	step("commitment.signed", "Văn bản đã ký chờ tiếp nhận: hệ thống {system}", "A signed text is to be accepted: system {system}",
		"Cơ quan {agency} đã ký văn bản trong hồ sơ {matter}. Đề nghị kiểm tra chữ ký và tiếp nhận hoặc trả lại.",
		"Agency {agency} has signed the text of matter {matter}. Please check the signature, and accept or return it."),
	step("commitment.accepted", "Văn bản đã có hiệu lực: hệ thống {system}", "The text is in force: system {system}",
		"Văn bản trong hồ sơ {matter} của hệ thống {system} đã được tiếp nhận và có hiệu lực.",
		"The text of matter {matter} for system {system} was accepted and is in force."),
	step("commitment.returned", "Văn bản được trả lại: hệ thống {system}", "The text was returned: system {system}",
		"Văn bản trong hồ sơ {matter} của hệ thống {system} được trả lại; lý do ghi trong hồ sơ. Đề nghị sửa và ký lại.",
		"The text of matter {matter} for system {system} was returned; the matter says why. Please correct it and sign again."),
	step("assessment.concluded", "Đã có kết luận đánh giá: hệ thống {system}", "The assessment is concluded: system {system}",
		"Đánh giá an toàn thông tin của hệ thống {system} (hồ sơ {matter}) đã có kết luận; số phát hiện phải khắc phục: {open}. Kết quả từng mục và hạn khắc phục ghi trong hồ sơ (Điều 6 Thông tư 46/2022/TT-BCA).",
		"The security assessment of system {system} (matter {matter}) is concluded; findings to be corrected: {open}. The matter has every item and the time for correcting (Circular 46/2022/TT-BCA, Article 6)."),
	step("assessment.corrected", "Cơ quan báo cáo đã khắc phục: hệ thống {system}", "A finding was corrected: system {system}",
		"Cơ quan {agency} báo cáo đã khắc phục một phát hiện trong hồ sơ {matter}. Đề nghị kiểm tra lại.",
		"Agency {agency} reports that it corrected a finding of matter {matter}. Please check again."),
	step("assessment.failed", "Kết luận đánh giá không đạt: hệ thống {system}", "The assessment was failed: system {system}",
		"Đánh giá an toàn thông tin của hệ thống {system} (hồ sơ {matter}) có kết luận không đạt. Các lời gọi của hệ thống bị từ chối cho đến khi có đánh giá mới đạt yêu cầu.",
		"The security assessment of system {system} (matter {matter}) was failed. The system's calls are refused until a new assessment is passed."),
	step("assessment.revoked", "Chứng nhận đánh giá bị thu hồi: hệ thống {system}", "The assessment certificate was revoked: system {system}",
		"Chứng nhận đánh giá an toàn thông tin của hệ thống {system} (hồ sơ {matter}) bị thu hồi; lý do ghi trong hồ sơ. Các lời gọi của hệ thống bị từ chối từ thời điểm thu hồi.",
		"The assessment certificate of system {system} (matter {matter}) was revoked; the matter says why. The system's calls are refused from then on."),
	step("change.declared", "Báo cáo thay đổi: hệ thống {system}", "A change was declared: system {system}",
		"Thay đổi của hệ thống {system} đã được báo cáo (hồ sơ {matter}). Hệ quả đối với kết nối (tiếp tục, khai thác đến hạn hoặc dừng đến khi được đánh giá lại) ghi trong hồ sơ (Điều 6 khoản 2 Thông tư 46/2022/TT-BCA).",
		"A change of system {system} was declared (matter {matter}). The matter says what follows for the connection: it keeps running, runs until a date, or stops until assessed again (Circular 46/2022/TT-BCA, Article 6.2)."),
	step("change.decided", "Quyết định về báo cáo thay đổi: hệ thống {system}", "A change report was decided otherwise: system {system}",
		"Cơ quan quản lý đã quyết định hệ quả khác đối với báo cáo thay đổi {matter} của hệ thống {system}; lý do ghi trong hồ sơ.",
		"The register has decided otherwise on change report {matter} of system {system}; the matter says why."),
	step("change.closed", "Báo cáo thay đổi đã hoàn tất: hệ thống {system}", "The change report is closed: system {system}",
		"Báo cáo thay đổi {matter} của hệ thống {system} đã hoàn tất.",
		"Change report {matter} of system {system} is closed."),
	step("suspension.remedied", "Cơ quan báo cáo đã khắc phục: hệ thống {system}", "The agency reports a remedy: system {system}",
		"Cơ quan {agency} báo cáo đã khắc phục nguyên nhân tạm ngừng kết nối của hệ thống {system}. Đề nghị xem xét cho hoạt động trở lại.",
		"Agency {agency} reports that the cause of the suspension of system {system} is remedied. Please consider resuming the connection."),
	step("connection.end-asked", "Đề nghị chấm dứt kết nối: hệ thống {system}", "An end is asked for: system {system}",
		"Cơ quan {agency} đề nghị chấm dứt kết nối của hệ thống {system} (Điều 44 Nghị định 47/2020/NĐ-CP). Đề nghị xem xét.",
		"Agency {agency} asks to end the connection of system {system} (Decree 47/2020/NĐ-CP, Article 44). Please decide."),
	step(Changed, "Hồ sơ có thay đổi", "A matter has changed",
		"Hồ sơ {matter} có thay đổi. Đề nghị xem chi tiết trên hệ thống.",
		"Matter {matter} has changed. Please see the page."),
}

// Changed is the topic that says only that something was done: for whatever
// cannot be said otherwise.
const Changed = "matter.changed"

func step(name, subjectVI, subjectEN, bodyVI, bodyEN string) Topic {
	return Topic{name, Text{subjectVI, bodyVI}, Text{subjectEN, bodyEN}}
}
