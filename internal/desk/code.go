package desk

import (
	"errors"
	"fmt"

	"dancu/internal/access"
	"dancu/internal/fault"
)

// Code names a refusal, so that pages can say it in two languages. Codes are
// stable: add, never rename.
type Code string

// The codes.
const (
	KindMissing  Code = "request.kind_missing"
	TextShort    Code = "request.text_short"
	TextLong     Code = "request.text_long"
	TextOdd      Code = "request.text_invalid"
	TooManyToday Code = "request.too_many_today"
	TooManyOpen  Code = "request.too_many_open"
	OpenAlready  Code = "request.open_already"
	NotThere     Code = "request.not_found"
	NotNow       Code = "request.not_now"
)

// codes has each refusal's kind and what it says: what is wrong, and what to do.
var codes = map[Code]struct {
	kind   fault.Kind
	vi, en string
}{
	KindMissing:  {fault.Invalid, "Hãy chọn hỏi hay khiếu nại.", "Choose whether you ask or complain."},
	TextShort:    {fault.Invalid, "Hãy viết rõ hơn điều ông/bà muốn hỏi hoặc không đồng ý, ít nhất 10 ký tự.", "Say more clearly what you ask or object to: at least 10 characters."},
	TextLong:     {fault.Invalid, "Nội dung dài quá %d ký tự. Hãy viết ngắn lại, giữ ý chính.", "The text is longer than %d characters. Please shorten it to what matters."},
	TextOdd:      {fault.Invalid, "Nội dung có ký tự không đọc được. Hãy gõ lại.", "The text has characters that cannot be read. Please type it again."},
	TooManyToday: {fault.Exhausted, "Trong 24 giờ qua ông/bà đã gửi %d câu hỏi hoặc khiếu nại, là mức tối đa. Nội dung vừa viết chưa được gửi; hãy gửi lại vào ngày mai.", "You have sent %d questions or complaints in the last 24 hours, which is the most. What you wrote was not sent; please send it tomorrow."},
	TooManyOpen:  {fault.Exhausted, "Ông/bà đang có %d câu hỏi hoặc khiếu nại chưa khép lại, là mức tối đa. Hãy khép lại những việc đã xong rồi gửi tiếp.", "%d of your questions or complaints are still open, which is the most. Close those that are settled, then send this one."},
	OpenAlready:  {fault.Conflict, "Ông/bà đã gửi câu hỏi hoặc khiếu nại này về lượt tra cứu này và việc đó chưa khép lại. Xem tại mục Câu hỏi, khiếu nại của tôi.", "You have an open request of this kind about this access already. See it under My questions."},
	NotThere:     {fault.NotFound, "Không có câu hỏi hoặc khiếu nại này.", "There is no such request."},
	NotNow:       {fault.Conflict, "Việc này không còn làm được: tình trạng vừa thay đổi. Hãy tải lại trang.", "This cannot be done any more: the request has changed meanwhile. Load the page again."},
}

// refusal is a refusal's code and its texts with their values.
type refusal struct {
	code Code
	text access.Text
}

func (r *refusal) Error() string { return string(r.code) }

// refuse returns the error of a code; args are the values in its text.
func refuse(c Code, args ...any) error {
	t := codes[c]
	say := func(s string) string {
		if len(args) == 0 {
			return s
		}
		return fmt.Sprintf(s, args...)
	}
	r := &refusal{c, access.Text{VI: say(t.vi), EN: say(t.en)}}
	return fault.Wrap(t.kind, r, "%s", r.text.EN)
}

// CodeOf returns the code of a refusal of this package, "" if err is none.
func CodeOf(err error) Code {
	var r *refusal
	if errors.As(err, &r) {
		return r.code
	}
	return ""
}

// TextOf returns what a refusal of this package says; the zero Text if err is
// none.
func TextOf(err error) access.Text {
	var r *refusal
	if errors.As(err, &r) {
		return r.text
	}
	return access.Text{}
}
