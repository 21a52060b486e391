package notify

// connectionTopics are about the connection itself, its stops and its keys.
var connectionTopics = []Topic{
	{
		"connection.activated",
		Text{
			"Kết nối đã được kích hoạt: {connection}",
			"Kết nối {connection} đã được kích hoạt từ {since}. Mọi lượt khai thác phải đúng mục đích đã đăng ký, có mã thủ tục và mã hồ sơ, và được ghi nhật ký (Điều 8 Thông tư 46/2022/TT-BCA).",
		},
		Text{
			"The connection is active: {connection}",
			"Connection {connection} has been active since {since}. Every look-up must be for the registered purpose, with its procedure and case, and is recorded (Circular 46/2022/TT-BCA, Article 8).",
		},
	},
	{
		"connection.locked",
		Text{
			"Kết nối bị khoá do vượt giới hạn số lượt: {connection}",
			"Kết nối {connection} đã vượt giới hạn {limit} lượt và tự động bị khoá từ {since}. Khoá không tự hết khi sang ngày mới. Để mở khoá, đề nghị làm rõ nguyên nhân, nêu biện pháp khắc phục và gửi đề nghị tại trang của kết nối.",
		},
		Text{
			"The connection was locked for its volume: {connection}",
			"Connection {connection} passed its limit of {limit} calls and was locked at {since}. The lock does not end with the day. To have it lifted, find the cause, say what was done about it, and ask for it on the connection's page.",
		},
	},
	{
		"connection.unlocked",
		Text{
			"Kết nối đã được mở khoá: {connection}",
			"Kết nối {connection} đã được mở khoá từ {since}. Nguyên nhân, biện pháp khắc phục và quyết định mở khoá được lưu tại trang của kết nối. Số lượt được tính lại từ đầu.",
		},
		Text{
			"The connection was unlocked: {connection}",
			"Connection {connection} was unlocked at {since}. Cause, measures and decision are kept on the connection's page. Counting begins anew.",
		},
	},
	{
		"connection.suspended",
		Text{
			"Kết nối bị tạm ngừng: {connection}",
			"Kết nối {connection} bị tạm ngừng từ {since}. Căn cứ: {ground}. Nội dung vi phạm hoặc nguy cơ, phương án xử lý và điều kiện để khôi phục được nêu tại hồ sơ {matter}. Trong thời gian tạm ngừng, mọi lượt tra cứu bị từ chối (mã connection.suspended).",
		},
		Text{
			"The connection was suspended: {connection}",
			"Connection {connection} was suspended at {since}. Ground: {ground}. What was found, what is planned and what restores the connection stands in matter {matter}. Meanwhile every look-up is refused (connection.suspended).",
		},
	},
	{
		"suspension.overdue",
		Text{
			"Quá hạn thông báo tạm ngừng: kết nối {connection}",
			"Kết nối {connection} của cơ quan {agency} bị tạm ngừng từ {since} (hồ sơ {matter}) nhưng chưa có thông báo đầy đủ cho cơ quan khai thác. Khoản 5 Điều 43 Nghị định 47/2020/NĐ-CP yêu cầu thông báo trong 1 ngày kể từ khi phát hiện, nêu rõ vi phạm và điều kiện khôi phục. Đề nghị thông báo ngay.",
		},
		Text{
			"The notice of a suspension is overdue: connection {connection}",
			"Connection {connection} of agency {agency} was suspended at {since} (matter {matter}), and the agency has not been told in full. Decree 47/2020/NĐ-CP, Article 43.5, allows 1 day from the finding, and asks for the violation and what restores the connection. Please tell them now.",
		},
	},
	{
		"connection.resumed",
		Text{
			"Kết nối hoạt động trở lại: {connection}",
			"Việc tạm ngừng kết nối {connection} đã kết thúc; kết nối hoạt động trở lại từ {since}. Quyết định khôi phục được lưu tại hồ sơ {matter}.",
		},
		Text{
			"The connection is active again: {connection}",
			"The suspension of connection {connection} is over; it has been active again since {since}. The decision is kept in matter {matter}.",
		},
	},
	{
		"connection.ended",
		Text{
			"Kết nối đã chấm dứt: {connection}",
			"Kết nối {connection} đã chấm dứt từ {since} theo Điều 44 Nghị định 47/2020/NĐ-CP. Chứng thư của kết nối không còn được chấp nhận. Văn bản chấm dứt có trong hồ sơ {matter}; nhật ký vẫn được lưu theo quy định.",
		},
		Text{
			"The connection has ended: {connection}",
			"Connection {connection} ended at {since} under Decree 47/2020/NĐ-CP, Article 44. Its certificates are no longer accepted. The closing document is in matter {matter}; the log is kept as the law asks.",
		},
	},
	{
		"maintenance.announced",
		Text{
			"Thông báo bảo trì: từ {starts}",
			"Dịch vụ khai thác tạm ngừng để bảo trì, nâng cấp từ {starts} và dự kiến khôi phục lúc {ends}. Thông báo này được công khai trước ít nhất 7 ngày làm việc theo khoản 3 Điều 43 Nghị định 47/2020/NĐ-CP. Đề nghị bố trí công việc phù hợp.",
		},
		Text{
			"Maintenance announced: from {starts}",
			"The services will be stopped for maintenance at {starts} and are expected back at {ends}. It is announced at least 7 working days ahead, as Decree 47/2020/NĐ-CP, Article 43.3, asks. Please plan your work accordingly.",
		},
	},
	{
		"maintenance.cancelled",
		Text{
			"Huỷ lịch bảo trì: {starts}",
			"Đợt bảo trì dự kiến từ {starts} đã được huỷ. Dịch vụ khai thác hoạt động bình thường trong thời gian này.",
		},
		Text{
			"Maintenance cancelled: {starts}",
			"The maintenance planned for {starts} was cancelled. The services run as usual during that time.",
		},
	},
	{
		"credential.expiring",
		Text{
			"Chứng thư còn {days} ngày: kết nối {connection}",
			"Chứng thư {credential} của kết nối {connection} hết hạn vào cuối ngày {until}, còn {days} ngày. Đề nghị nộp chứng thư mới hoặc yêu cầu cấp (CSR) tại trang của kết nối; chứng thư cũ và mới được dùng song song trong thời gian chuyển đổi. Hết hạn mà chưa thay, kết nối không được nhận diện.",
		},
		Text{
			"A certificate ends in {days} days: connection {connection}",
			"Certificate {credential} of connection {connection} ends at the end of {until}, in {days} days. Please upload a new one or a signing request (CSR) on the connection's page; old and new hold side by side during the change. After that day, unreplaced, the connection is not recognised.",
		},
	},
	{
		"credential.rotated",
		Text{
			"Chứng thư mới đã được chấp nhận: kết nối {connection}",
			"Kết nối {connection} đã có chứng thư mới {credential}, được chấp nhận ngay. Chứng thư cũ còn được chấp nhận đến hết ngày {until}. Nếu cơ quan không thực hiện việc này, đề nghị báo ngay cho cơ quan quản lý.",
		},
		Text{
			"A new certificate is accepted: connection {connection}",
			"Connection {connection} has a new certificate, {credential}, accepted from now on. The old one is accepted until the end of {until}. If this was not your doing, tell the register at once.",
		},
	},
	{
		"credential.revoked",
		Text{
			"Chứng thư đã bị thu hồi: kết nối {connection}",
			"Chứng thư {credential} của kết nối {connection} bị thu hồi từ {since} và không còn được chấp nhận ngay từ yêu cầu kế tiếp. Lý do được lưu tại trang của kết nối.",
		},
		Text{
			"A certificate was revoked: connection {connection}",
			"Certificate {credential} of connection {connection} was revoked at {since} and is refused from the next call on. The reason is kept on the connection's page.",
		},
	},
}
