package identity

import (
	"errors"

	"dancu/internal/fault"
)

// Code names a refusal, so that pages can say it in two languages. Codes are
// stable: add, never rename.
type Code string

// The codes.
const (
	SignInFailed    Code = "signin.failed" // wrong, unknown, locked or disabled: it reads alike
	SignInGone      Code = "signin.gone"   // took too long, or was begun anew elsewhere
	SignInBusy      Code = "signin.busy"   // too much from one address, or in all
	FactorWrong     Code = "factor.wrong"  // or used already
	FactorStale     Code = "factor.stale"  // show it again
	FactorLast      Code = "factor.last"
	FactorInvalid   Code = "factor.invalid" // the new factor did not prove itself
	FactorMany      Code = "factor.many"
	PasswordShort   Code = "password.short"
	PasswordPlain   Code = "password.plain" // not mixed
	PasswordCommon  Code = "password.common"
	PasswordLogin   Code = "password.login"
	PasswordUsed    Code = "password.used"
	PasswordLong    Code = "password.long"
	PasswordWrong   Code = "password.wrong" // the old one
	SessionTimedOut Code = "session.timed_out"
	SessionEnded    Code = "session.ended"
	NotAllowed      Code = "act.not_allowed"
	NotThere        Code = "account.not_found"
	LoginTaken      Code = "account.login_taken"
	CodeTaken       Code = "account.code_taken"
	LoginInvalid    Code = "account.login_invalid"
	CodeInvalid     Code = "account.code_invalid"
	NameInvalid     Code = "account.name_invalid"
	KindInvalid     Code = "account.kind_invalid"
	AgencyInvalid   Code = "account.agency_invalid"
	TextInvalid     Code = "text.invalid"
	ReasonMissing   Code = "reason.missing"
	OwnAccountAct   Code = "account.own"
	LastAdmin       Code = "account.last_administrator"
	HasAdmin        Code = "account.has_administrator"
	WrongState      Code = "account.wrong_state"
	TwoPeople       Code = "act.two_people"
	SamePerson      Code = "act.same_person"
	ActInvalid      Code = "act.invalid"
	ProposalGone    Code = "proposal.settled"
	ProposalMany    Code = "proposal.many"
	RightsBeyond    Code = "rights.beyond"
	ReviewUndecided Code = "review.undecided"
	ReviewSigned    Code = "review.signed"
	ProviderInvalid Code = "provider.invalid"
	ProviderRefused Code = "provider.refused"
	CitizensAbsent  Code = "citizen.absent"
	KeyRefused      Code = "key.refused" // unknown, ended, past its term, another's network: it reads alike
	KeyMistyped     Code = "key.mistyped"
	KeyBusy         Code = "key.busy"
	KeyMany         Code = "key.many"
	KeyName         Code = "key.name"
	KeyTerm         Code = "key.term"
	KeyNetworks     Code = "key.networks"
	NotByKey        Code = "act.not_by_key"
)

// codes says each refusal in two languages: what is wrong and what to do.
var codes = map[Code]struct{ vi, en string }{
	SignInFailed:    {"Tên đăng nhập hoặc mật khẩu không đúng, hoặc tài khoản đang bị khoá. Kiểm tra lại rồi đăng nhập lại; nếu đã sai nhiều lần, chờ ít nhất 15 phút hoặc báo người quản lý tài khoản.", "The login name or the password is wrong, or the account is locked. Check them and sign in again; after several failures wait at least 15 minutes or tell your account manager."},
	SignInGone:      {"Lần đăng nhập này đã hết hạn hoặc đã bắt đầu lại ở nơi khác. Đăng nhập lại từ đầu.", "This sign-in has expired or was begun anew elsewhere. Sign in from the beginning."},
	SignInBusy:      {"Có quá nhiều lượt đăng nhập từ địa chỉ này. Chờ ít phút rồi thử lại.", "There are too many sign-ins from this address. Wait a few minutes and try again."},
	FactorWrong:     {"Mã hoặc khoá xác thực không đúng hoặc đã được dùng. Chờ mã mới hiện ra rồi nhập lại.", "The code or key is wrong or was used already. Wait for the next code and enter that."},
	FactorStale:     {"Việc này cần xác thực lại bước hai. Nhập mã hoặc dùng khoá bảo mật rồi thực hiện lại.", "This needs the second factor again. Enter a code or use your key, then repeat it."},
	FactorLast:      {"Không thể gỡ phương thức xác thực cuối cùng. Thêm phương thức khác trước.", "The last second factor cannot be removed. Add another one first."},
	FactorInvalid:   {"Chưa thêm được phương thức xác thực: mã hoặc khoá không khớp với yêu cầu vừa tạo. Làm lại từ đầu.", "The second factor was not added: the code or key does not fit what was offered. Begin again."},
	FactorMany:      {"Tài khoản đã có đủ số phương thức xác thực. Gỡ bớt phương thức không còn dùng.", "The account has as many second factors as it can. Remove one that is no longer used."},
	PasswordShort:   {"Mật khẩu quá ngắn. Dùng ít nhất 8 ký tự gồm chữ hoa, chữ thường, chữ số và ký hiệu, hoặc một câu dài ít nhất 14 ký tự.", "The password is too short. Use at least 8 characters with capital and small letters, digits and signs, or a phrase of at least 14 characters."},
	PasswordPlain:   {"Mật khẩu dưới 14 ký tự phải có chữ hoa, chữ thường, chữ số và ký hiệu.", "A password under 14 characters needs capital and small letters, digits and signs."},
	PasswordCommon:  {"Mật khẩu này quá dễ đoán. Chọn mật khẩu khác.", "This password is too easy to guess. Choose another."},
	PasswordLogin:   {"Mật khẩu không được chứa tên đăng nhập.", "The password must not contain the login name."},
	PasswordUsed:    {"Mật khẩu này đã được dùng gần đây. Chọn mật khẩu chưa từng dùng.", "This password was used recently. Choose one that was not used before."},
	PasswordLong:    {"Mật khẩu quá dài. Dùng nhiều nhất 128 ký tự.", "The password is too long. Use at most 128 characters."},
	PasswordWrong:   {"Mật khẩu hiện tại không đúng. Nhập lại.", "The present password is wrong. Enter it again."},
	SessionTimedOut: {"Phiên làm việc đã hết hạn. Đăng nhập lại.", "The session has timed out. Sign in again."},
	SessionEnded:    {"Phiên làm việc đã kết thúc. Đăng nhập lại.", "The session has ended. Sign in again."},
	NotAllowed:      {"Loại tài khoản này không được làm việc đó.", "This kind of account may not do that."},
	NotThere:        {"Không có tài khoản hoặc mục này trong phạm vi của ông/bà.", "There is no such account or item within your reach."},
	LoginTaken:      {"Tên đăng nhập này đã có người dùng. Chọn tên khác.", "This login name is taken. Choose another."},
	CodeTaken:       {"Mã cán bộ này đã có trong cơ quan. Dùng mã khác.", "This officer code is taken in the agency. Use another."},
	LoginInvalid:    {"Tên đăng nhập gồm 3 đến 64 chữ thường không dấu, chữ số, dấu chấm, gạch nối, gạch dưới hoặc @, bắt đầu bằng chữ hoặc số.", "A login name has 3 to 64 small letters, digits, dots, hyphens, underscores or @, and begins with a letter or digit."},
	CodeInvalid:     {"Mã cán bộ gồm 1 đến 20 chữ không dấu, chữ số, dấu chấm, gạch nối hoặc gạch dưới.", "An officer code has 1 to 20 letters, digits, dots, hyphens or underscores."},
	NameInvalid:     {"Nhập họ và tên, nhiều nhất 200 byte, không có ký tự điều khiển.", "Enter the full name, at most 200 bytes, without control characters."},
	KindInvalid:     {"Chọn một loại tài khoản có trong danh sách.", "Choose a kind of account from the list."},
	AgencyInvalid:   {"Chọn cơ quan đã đăng ký; tài khoản của cán bộ cơ quan quản lý dữ liệu thì để trống.", "Choose a registered agency; leave it empty for the register's own staff."},
	TextInvalid:     {"Nội dung quá dài hoặc có ký tự không dùng được. Sửa lại.", "The text is too long or has characters that cannot be used. Correct it."},
	ReasonMissing:   {"Ghi rõ lý do, ít nhất 10 ký tự.", "Give the reason, at least 10 characters."},
	OwnAccountAct:   {"Không thể làm việc này với chính tài khoản của mình. Nhờ người quản lý khác.", "This cannot be done to one's own account. Ask another administrator."},
	LastAdmin:       {"Đây là quản trị viên đang hoạt động cuối cùng. Tạo thêm quản trị viên trước.", "This is the last active administrator. Make another first."},
	HasAdmin:        {"Đã có hai quản trị viên đang hoạt động. Quản trị viên mới do hai người cùng tạo trên trang quản trị.", "There are two active administrators. Another one is made by two people in the console."},
	WrongState:      {"Tài khoản không ở trạng thái cho phép làm việc này. Tải lại trang để xem trạng thái hiện tại.", "The account is not in a state that allows this. Reload the page to see its present state."},
	TwoPeople:       {"Việc này cần hai người: lập đề nghị để người khác xác nhận.", "This takes two people: propose it for another to confirm."},
	SamePerson:      {"Người đề nghị không được tự xác nhận. Nhờ người khác có thẩm quyền.", "Who proposed it cannot confirm it. Ask another who may."},
	ActInvalid:      {"Đề nghị này thiếu hoặc sai thông tin. Kiểm tra lại.", "This proposal lacks something or is wrong. Check it."},
	ProposalGone:    {"Đề nghị này đã được xử lý hoặc đã hết hạn.", "This proposal was settled already, or has lapsed."},
	ProposalMany:    {"Ông/bà đang có quá nhiều đề nghị loại này chờ xác nhận. Rút bớt hoặc chờ người khác xử lý rồi đề nghị tiếp.", "Too many of your proposals of this kind are waiting. Withdraw some, or wait until others are settled."},
	RightsBeyond:    {"Cơ quan không có quyền khai thác đó nên không giao được cho cán bộ. Tải lại trang để xem các quyền hiện có.", "The agency does not have that grant and cannot give it. Reload the page to see what it has."},
	ReviewUndecided: {"Còn tài khoản chưa được rà soát. Quyết định từng tài khoản trước khi ký.", "Some accounts are not decided yet. Decide each before signing off."},
	ReviewSigned:    {"Đợt rà soát này đã được ký. Mở đợt mới nếu cần.", "This review is signed off. Open a new one if needed."},
	ProviderInvalid: {"Thông tin nhà cung cấp đăng nhập chưa đúng: địa chỉ phải là https, mã ứng dụng, tên trường mã cán bộ và khoá bí mật không được trống.", "The sign-in provider's settings are not right: the issuer must be https, and client id, claim and secret must not be empty."},
	ProviderRefused: {"Không đăng nhập được qua hệ thống của cơ quan. Đăng nhập lại; nếu vẫn lỗi, báo người quản lý tài khoản.", "The sign-in through your agency's system did not succeed. Try again; if it still fails, tell your account manager."},
	CitizensAbsent:  {"Chưa có đăng nhập bằng định danh điện tử trên hệ thống này.", "There is no sign-in by electronic identity on this system."},
	KeyRefused:      {"Khoá API không dùng được: không có khoá này, khoá đã chấm dứt hoặc hết hạn, tài khoản không còn hoạt động, hoặc yêu cầu đến từ mạng khoá không cho phép. Chủ khoá kiểm tra trên trang tài khoản và tạo khoá mới nếu cần.", "The API key cannot be used: there is no such key, it was ended or is past its term, its account is not active, or the request comes from a network that the key does not allow. Its owner can look on the account page, and make a new one."},
	KeyMistyped:     {"Khoá API bị thiếu hoặc sai ký tự. Chép lại nguyên vẹn khoá, bắt đầu bằng dancu_.", "The API key lacks a character or has a wrong one. Copy it again as a whole; it begins with dancu_."},
	KeyBusy:         {"Có quá nhiều lượt dùng khoá API sai từ địa chỉ này. Sửa khoá, chờ ít phút rồi thử lại.", "There are too many wrong API keys from this address. Correct the key, wait a few minutes and try again."},
	KeyMany:         {"Tài khoản đã có đủ số khoá API. Chấm dứt khoá không còn dùng trước.", "The account has as many API keys as it can. End one that is no longer used."},
	KeyName:         {"Ghi khoá dùng vào việc gì, nhiều nhất 100 byte, trên một dòng.", "Say what the key is for, in at most 100 bytes on one line."},
	KeyTerm:         {"Thời hạn của khoá từ 1 ngày đến hết thời hạn dài nhất được phép. Chọn thời hạn ngắn hơn.", "A key holds from one day up to the longest term there may be. Choose a shorter one."},
	KeyNetworks:     {"Ghi mỗi mạng nguồn dạng 10.1.2.0/24 hoặc một địa chỉ, nhiều nhất 20 mạng; để trống nếu không giới hạn.", "Write each source network like 10.1.2.0/24 or as one address, at most 20 of them; leave it empty for no bound."},
	NotByKey:        {"Việc này phải do người có tài khoản đăng nhập và tự làm, không làm qua khoá API. Đăng nhập trang quản trị để thực hiện.", "This is done by the person who has the account, not through an API key. Sign in to the console to do it."},
}

// Codes returns all codes there are, in no order.
func Codes() []Code {
	out := make([]Code, 0, len(codes))
	for c := range codes {
		out = append(out, c)
	}
	return out
}

// CodeOf returns the code of a refusal of this area, "" if err is none.
func CodeOf(err error) Code {
	var r *refusal
	if errors.As(err, &r) {
		return r.code
	}
	return ""
}

// Text returns the refusal in the language ("vi", else English), "" if there is
// no such code.
func (c Code) Text(lang string) string {
	if lang == "vi" {
		return codes[c].vi
	}
	return codes[c].en
}

type refusal struct{ code Code }

func (r *refusal) Error() string { return string(r.code) }

func refuse(kind fault.Kind, c Code) error {
	return fault.Wrap(kind, &refusal{c}, "%s", codes[c].en)
}
