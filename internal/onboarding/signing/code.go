package signing

import (
	"errors"

	"dancu/internal/access"
	"dancu/internal/fault"
)

// Code names what is wrong with a signature, so that pages can say it in two
// languages. Codes are stable: add, never rename.
type Code string

// The codes.
const (
	Missing       Code = "signature.missing"
	Malformed     Code = "signature.malformed"
	TooMany       Code = "signature.too_many"
	Altered       Code = "signature.altered" // it is of other contents
	Wrong         Code = "signature.wrong"   // it does not fit the certificate
	Weak          Code = "signature.weak"
	Unsupported   Code = "signature.unsupported"
	NoCertificate Code = "signature.no_certificate"
	Expired       Code = "signature.expired" // the certificate, when it counted
	FromFuture    Code = "signature.future"
	KeyUsage      Code = "signature.key_usage"
	UnknownRoot   Code = "signature.unknown_root"
	NotWhole      Code = "signature.not_whole" // a PDF was changed after signing
	NowMissing    Code = "signature.now_missing"
)

// codes has what each code says: what is wrong and what to do.
var codes = map[Code]access.Text{
	Missing:       {VI: "Tài liệu chưa có chữ ký số. Ký số tài liệu rồi tải lên lại.", EN: "The document has no digital signature. Sign it and upload it again."},
	Malformed:     {VI: "Không đọc được chữ ký số. Ký lại bằng phần mềm của tổ chức cung cấp chứng thư số rồi tải lên lại.", EN: "The digital signature cannot be read. Sign again with the software of your certificate's provider and upload that."},
	TooMany:       {VI: "Tài liệu có quá nhiều chữ ký số. Tải lên bản chỉ có chữ ký của những người phải ký.", EN: "The document has too many signatures. Upload one with only those of the people who must sign."},
	Altered:       {VI: "Chữ ký số không phải của tài liệu này, hoặc tài liệu đã bị sửa sau khi ký. Ký lại đúng tệp này rồi tải lên cả tệp và chữ ký.", EN: "The signature is not of this document, or the document was changed after signing. Sign this very file and upload both."},
	Wrong:         {VI: "Chữ ký số không khớp với chứng thư số kèm theo. Ký lại rồi tải lên.", EN: "The signature does not fit its certificate. Sign again and upload that."},
	Weak:          {VI: "Chữ ký số dùng thuật toán hoặc khoá không còn an toàn (MD5, SHA-1, RSA dưới 2048 bit). Chọn SHA-256 trong phần mềm ký, hoặc đổi chứng thư số, rồi ký lại.", EN: "The signature uses an algorithm or key that is no longer safe (MD5, SHA-1, RSA under 2048 bits). Choose SHA-256 in the signing software, or renew the certificate, and sign again."},
	Unsupported:   {VI: "Loại chữ ký số này không được nhận. Ký theo chuẩn PKCS#7/CAdES với RSA (PKCS#1 v1.5) hoặc ECDSA và SHA-256; với PDF, dùng loại adbe.pkcs7.detached hoặc ETSI.CAdES.detached.", EN: "Signatures of this kind are not taken. Sign as PKCS#7 or CAdES with RSA (PKCS#1 v1.5) or ECDSA and SHA-256; in a PDF as adbe.pkcs7.detached or ETSI.CAdES.detached."},
	NoCertificate: {VI: "Chữ ký số không kèm chứng thư số của người ký. Chọn đính kèm chứng thư số trong phần mềm ký rồi ký lại.", EN: "The signer's certificate is not in the signature. Choose to include it in the signing software and sign again."},
	Expired:       {VI: "Chứng thư số của người ký không còn hoặc chưa có hiệu lực vào thời điểm ký. Gia hạn chứng thư số rồi ký lại; nên ký kèm dấu thời gian.", EN: "The signer's certificate was not valid at the time of signing. Renew it and sign again, preferably with a timestamp."},
	FromFuture:    {VI: "Thời điểm ký ở trong tương lai. Chỉnh lại đồng hồ máy tính rồi ký lại.", EN: "The time of signing lies in the future. Set your computer's clock and sign again."},
	KeyUsage:      {VI: "Chứng thư số này không dùng để ký tài liệu. Ký bằng chứng thư số có chức năng ký số.", EN: "This certificate is not one for signing documents. Sign with one that is."},
	UnknownRoot:   {VI: "Chứng thư số của người ký không do tổ chức được công nhận cấp. Ký bằng chứng thư số chuyên dùng công vụ hoặc chứng thư số công cộng được cấp phép.", EN: "The signer's certificate was not issued by a recognised authority. Sign with a certificate for official use or of a licensed public authority."},
	NotWhole:      {VI: "Tệp PDF đã được thêm hoặc sửa sau khi ký, nên chữ ký không bao trùm toàn bộ tệp. Tải lên đúng bản vừa ký; nếu có hai bên ký, mỗi bên ký một bản riêng hoặc dùng tệp chữ ký rời.", EN: "The PDF was added to after signing, so the signature does not cover all of it. Upload it just as it was signed; where two parties sign, let each sign a copy or use a detached signature."},
	NowMissing:    {VI: "Thiếu thời điểm nhận tài liệu.", EN: "When the document was received is missing."},
}

// refusal is a code and its cause.
type refusal struct {
	code  Code
	cause error
}

func (r *refusal) Error() string {
	if r.cause == nil {
		return string(r.code)
	}
	return string(r.code) + ": " + r.cause.Error()
}

func (r *refusal) Unwrap() error { return r.cause }

func refuse(c Code, cause error) error {
	kind := fault.Invalid
	if c == NowMissing {
		kind = fault.Internal
	}
	return fault.Wrap(kind, &refusal{c, cause}, "%s", codes[c].EN)
}

// CodeOf returns the code of an error of this package, "" if err is none.
func CodeOf(err error) Code {
	var r *refusal
	if errors.As(err, &r) {
		return r.code
	}
	return ""
}

// Text returns what a code says, in two languages.
func (c Code) Text() access.Text { return codes[c] }
