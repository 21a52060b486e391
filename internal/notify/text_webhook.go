package notify

// testTopic is the notice with which a webhook is tried out.
const testTopic = "webhook.test"

// hookTopics tell of an agency's own webhooks.
var hookTopics = []Topic{
	step(testTopic, "Thử webhook", "Test of a webhook",
		"Đây là thông báo thử của webhook {hook}. Hệ thống nhận cần kiểm tra chữ ký và trả lời bằng mã 2xx; khi đó webhook bắt đầu nhận thông báo.",
		"This is the test notice of webhook {hook}. The receiver should check the signature and answer with 2xx; the webhook then gets notices."),
	step("webhook.changed", "Webhook của cơ quan có thay đổi", "A webhook of your agency has changed",
		"Webhook {hook} của cơ quan: {hookact}. Nếu cơ quan không thực hiện việc này, đề nghị kiểm tra tài khoản quản trị và liên hệ ngay cơ quan quản lý cơ sở dữ liệu.",
		"Webhook {hook} of your agency: {hookact}. If your agency did not do this, check your administrator's account and call the register's operator at once."),
}
