package evidence

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
	TooLarge      Code = "file.too_large"
	Empty         Code = "file.empty"
	CutOff        Code = "file.cut_off" // less or more came than was announced, or the sender went away
	BadName       Code = "file.name_invalid"
	LongName      Code = "file.name_long"
	BadType       Code = "file.type_not_allowed"
	Mismatch      Code = "file.type_mismatch" // the contents are not what the name says
	Broken        Code = "file.broken"
	Active        Code = "file.active" // would do something when opened
	Nested        Code = "file.nested" // holds other files
	Encrypted     Code = "file.encrypted"
	Inflated      Code = "file.inflated" // a decompression bomb
	PrivateKey    Code = "file.private_key"
	Malware       Code = "file.malware"
	ScanMissing   Code = "file.scan_unavailable"
	Busy          Code = "file.busy"
	TooMany       Code = "file.too_many"
	NotThere      Code = "file.not_found"
	Damaged       Code = "file.damaged" // in the vault
	OwnerMissing  Code = "file.owner_missing"
	TooManyAtOnce Code = "file.too_many_at_once"
)

// codes has each refusal's kind and what it says: what is wrong and what to do.
var codes = map[Code]struct {
	kind   fault.Kind
	vi, en string
}{
	TooLarge:      {fault.Invalid, "Tệp lớn hơn %s cho phép. Giảm độ phân giải bản quét hoặc tách thành nhiều tệp rồi tải lên lại.", "The file is larger than the %s allowed. Scan it at a lower resolution or split it, then upload it again."},
	Empty:         {fault.Invalid, "Tệp rỗng. Kiểm tra lại tệp trên máy rồi tải lên lại.", "The file is empty. Check it on your computer and upload it again."},
	CutOff:        {fault.Invalid, "Việc tải lên bị ngắt giữa chừng và không có gì được lưu. Tải lên lại.", "The upload was cut off and nothing of it was kept. Upload the file again."},
	BadName:       {fault.Invalid, "Tên tệp không dùng được. Đổi tên tệp: chỉ dùng chữ, số, dấu cách, gạch ngang, gạch dưới và dấu chấm; không bắt đầu bằng dấu chấm, không có đường dẫn thư mục và ký tự ẩn.", "The file's name cannot be used. Rename it with letters, digits, spaces, hyphens, underscores and dots only, not beginning with a dot, without folders and invisible characters."},
	LongName:      {fault.Invalid, "Tên tệp dài quá %d ký tự. Đặt tên ngắn hơn rồi tải lên lại.", "The file's name is longer than %d characters. Give it a shorter one and upload it again."},
	BadType:       {fault.Invalid, "Loại tệp này không được nhận. Dùng một trong các loại: %s.", "Files of this type are not taken. Use one of: %s."},
	Mismatch:      {fault.Invalid, "Nội dung tệp không đúng với phần mở rộng của tên (%s). Lưu lại tệp từ chương trình đã tạo ra nó, với phần mở rộng đúng, rồi tải lên lại.", "The file's contents do not fit the ending of its name (%s). Save it again from the program that made it, with the right ending, and upload that."},
	Broken:        {fault.Invalid, "Tệp bị hỏng hoặc không đúng định dạng. Mở tệp trên máy, lưu lại rồi tải lên lại.", "The file is damaged or not well formed. Open it on your computer, save it anew and upload that."},
	Active:        {fault.Invalid, "Tệp chứa mã lệnh, macro, liên kết tự động hoặc biểu mẫu động. In ra PDF rồi tải lên bản PDF đó.", "The file holds scripts, macros, automatic links or a dynamic form. Print it to PDF and upload that."},
	Nested:        {fault.Invalid, "Tệp chứa tệp khác bên trong. Tải từng tệp lên riêng.", "The file holds other files. Upload each of them on its own."},
	Encrypted:     {fault.Invalid, "Tệp được đặt mật khẩu hoặc mã hoá nên không kiểm tra được. Bỏ mật khẩu rồi tải lên lại.", "The file is encrypted or has a password, so it cannot be checked. Remove the password and upload it again."},
	Inflated:      {fault.Invalid, "Tệp nén giải ra quá lớn hoặc có quá nhiều mục. Tách tài liệu thành nhiều tệp nhỏ hơn.", "The file unpacks to too much or has too many parts. Split the document into smaller files."},
	PrivateKey:    {fault.Invalid, "Tệp chứa khoá bí mật. Không gửi khoá bí mật cho bất kỳ ai: coi khoá này là đã lộ, tạo khoá mới và chỉ tải lên chứng thư hoặc yêu cầu cấp chứng thư (CSR).", "The file holds a private key. Never send one to anybody: treat this key as exposed, make a new one, and upload only the certificate or the request for one (CSR)."},
	Malware:       {fault.Invalid, "Phần mềm quét phát hiện mã độc trong tệp (%s). Không mở tệp này; báo bộ phận an toàn thông tin của cơ quan.", "The scanner found malware in the file (%s). Do not open it; tell your agency's information security staff."},
	ScanMissing:   {fault.Unavailable, "Chưa quét được mã độc nên tệp không được nhận. Thử lại sau ít phút; nếu vẫn vậy, báo đơn vị vận hành.", "The file could not be scanned for malware, so it was not taken. Try again in a few minutes; if it stays so, tell the operator."},
	Busy:          {fault.Unavailable, "Đang có nhiều tệp được tải lên. Thử lại sau ít phút.", "Many files are being uploaded. Try again in a few minutes."},
	TooMany:       {fault.Exhausted, "Có quá nhiều tệp đã tải lên mà chưa gắn vào hồ sơ (%d). Gắn các tệp đó vào hồ sơ, hoặc chờ đến khi chúng tự được xoá, rồi tải lên lại.", "Too many uploaded files are not yet part of a matter (%d). Attach them, or wait until they are removed by themselves, and upload again."},
	NotThere:      {fault.NotFound, "Không có tệp này, hoặc tệp đã bị xoá vì không được gắn vào hồ sơ nào. Tải tệp lên lại.", "There is no such file, or it was removed because no matter refers to it. Upload it again."},
	Damaged:       {fault.Unavailable, "Tệp lưu trong hệ thống không còn nguyên vẹn nên không được đưa ra. Báo đơn vị vận hành khôi phục từ bản sao lưu.", "The stored file is no longer intact, so it is not given out. Tell the operator, who can restore it from a backup."},
	OwnerMissing:  {fault.Internal, "Thiếu thông tin người tải lên.", "Who uploads the file is missing."},
	TooManyAtOnce: {fault.Invalid, "Gắn nhiều nhất %d tệp một lần. Bớt tệp rồi thực hiện lại.", "At most %d files can be attached at once. Take some out and try again."},
}

// refusal is a refusal's code and its texts with their values.
type refusal struct {
	code  Code
	text  access.Text
	cause error
}

func (r *refusal) Error() string {
	if r.cause == nil {
		return string(r.code)
	}
	return string(r.code) + ": " + r.cause.Error()
}

func (r *refusal) Unwrap() error { return r.cause }

// refuse returns the error of a code; args are the values in its text.
func refuse(c Code, cause error, args ...any) error {
	t := codes[c]
	r := &refusal{c, access.Text{VI: fmt.Sprintf(t.vi, args...), EN: fmt.Sprintf(t.en, args...)}, cause}
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
