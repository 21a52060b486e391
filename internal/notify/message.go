package notify

import (
	"strings"
	"time"
)

// Message is a notice on its way to one mailbox or webhook.
type Message struct {
	// ID is the notice's: the same at every attempt and at every target.
	ID     string
	Topic  string
	To     string
	Time   time.Time // when the notice was written
	Params map[string]string
	URL    string // of the page about it, "" if none
	Name   string // of who sends it
	// Texts are the notice in both languages, the recipient's first.
	Texts []Rendered
	// Email is the mailbox, "" on the way to Webhook.
	Email   string
	Webhook *Webhook
}

// Rendered is a notice in one language.
type Rendered struct {
	Lang    string // vi, en
	Subject string
	Body    string
}

// frame is what stands around every mail's text.
var frame = map[string]struct{ greeting, page, end string }{
	"vi": {"Kính gửi Quý cơ quan, đơn vị,", "Xem chi tiết và xử lý tại:", "Đây là thông báo tự động và không chứa dữ liệu cá nhân của công dân. Đề nghị không trả lời thư này."},
	"en": {"Dear colleagues,", "Details and what to do:", "This is an automatic notice and holds no personal data. Please do not reply to it."},
}

// Subject is the subject of a mail: the first language's.
func (m *Message) Subject() string { return m.Texts[0].Subject }

// Plain is the text of a mail: one language below the other.
func (m *Message) Plain() string {
	var b strings.Builder
	for i, t := range m.Texts {
		f := frame[t.Lang]
		if i > 0 {
			b.WriteString("\n----------------------------------------\n\n" + t.Subject + "\n\n")
		}
		b.WriteString(f.greeting + "\n\n" + t.Body + "\n")
		if m.URL != "" {
			b.WriteString("\n" + f.page + "\n" + m.URL + "\n")
		}
		b.WriteString("\n" + m.Name + "\n" + f.end + "\n")
	}
	return b.String()
}
