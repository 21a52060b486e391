package notify

// endTopics remind of what of a connection ends by itself, besides assessments
// and certificates.
var endTopics = []Topic{
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
}
