package api

import (
	"net/netip"
	"unicode/utf8"

	"dancu/internal/access"
	"dancu/internal/register"
	"dancu/internal/web"
)

// Limits of texts in a request, in characters where not said otherwise.
const (
	maxID      = 64  // ids: officer, represented system, consent, kind of evidence
	maxCode    = 64  // procedure and case
	maxSession = 128 // the officer's session
	maxClient  = 200 // Dancu-Client, bytes
)

// rule is what a text member must be. The decoder and the published document
// are both made from it.
type rule struct {
	name    string
	max     int    // characters
	pattern string // of the document; the check below is what counts
	// empty lets "" through as if the member were missing: the decision then
	// says what is missing, and the refusal has its entry.
	empty bool
	// check is what holds beyond length and control characters; nil for
	// nothing.
	check func(string) bool
	must  web.Text // "must be …"
	about web.Text // for the document
}

// The rules of the text members.
var (
	rulePIN = rule{
		name: "pin", max: 12, pattern: `^[0-9]{12}$`,
		check: func(s string) bool { return register.Keys{PIN: s}.Validate() == nil && s != "" },
		must:  web.Text{VI: "phải là chuỗi đúng 12 chữ số, kể cả số 0 ở đầu", EN: "must be a text of exactly 12 digits, leading zeros included"},
		about: web.Text{VI: "Số định danh cá nhân", EN: "Personal identification number"},
	}
	ruleCMND = rule{
		name: "cmnd", max: 9, pattern: `^[0-9]{9}$`,
		check: func(s string) bool { return register.Keys{CMND: s}.Validate() == nil && s != "" },
		must:  web.Text{VI: "phải là chuỗi đúng 9 chữ số, kể cả số 0 ở đầu", EN: "must be a text of exactly 9 digits, leading zeros included"},
		about: web.Text{VI: "Số chứng minh nhân dân 9 số, dùng khi không có số định danh", EN: "Old nine-digit identity card number, where there is no PIN"},
	}
	ruleFullName = rule{
		name: "fullName", max: register.MaxName,
		check: func(s string) bool { return s != "" && register.Keys{FullName: s}.Validate() == nil },
		must:  web.Text{VI: "phải có từ 1 đến 100 ký tự, có chữ cái và không có ký tự điều khiển", EN: "must be 1 to 100 characters with a letter among them and no control characters"},
		about: web.Text{VI: "Họ và tên khai sinh; không phân biệt hoa thường, dấu, khoảng trắng", EN: "Birth name; case, diacritics and spacing do not matter"},
	}
	ruleDateOfBirth = rule{
		name: "dateOfBirth", max: 10, pattern: `^[0-9]{4}(-[0-9]{2}-[0-9]{2})?$`,
		check: func(s string) bool { return s != "" && register.Keys{DateOfBirth: s}.Validate() == nil },
		must:  web.Text{VI: "phải là ngày có thật dạng YYYY-MM-DD, hoặc YYYY nếu chỉ biết năm", EN: "must be a real date as YYYY-MM-DD, or YYYY where only the year is known"},
		about: web.Text{VI: "Ngày, tháng, năm sinh", EN: "Date of birth"},
	}
	ruleSex = rule{
		name: "sex", max: 6, pattern: `^(male|female)$`,
		check: func(s string) bool { return s != "" && register.Keys{Sex: s}.Validate() == nil },
		must:  web.Text{VI: "phải là male hoặc female", EN: "must be male or female"},
		about: web.Text{VI: "Giới tính", EN: "Sex"},
	}
	ruleProvince = rule{
		name: "province", max: 3, pattern: `^[0-9]{3}$`,
		check: func(s string) bool { return s != "" && register.Keys{Province: s}.Validate() == nil },
		must:  web.Text{VI: "phải là một trong 63 mã tỉnh gồm ba chữ số, ví dụ 001", EN: "must be one of the 63 three-digit province codes, for example 001"},
		about: web.Text{VI: "Mã tỉnh nơi thường trú", EN: "Code of the province of permanent residence"},
	}
	ruleProcedure = rule{
		name: "procedure", max: maxCode, empty: true,
		must:  web.Text{VI: "phải có nhiều nhất 64 ký tự, không có ký tự điều khiển", EN: "must be at most 64 characters without control characters"},
		about: web.Text{VI: "Mã thủ tục hành chính, ví dụ 1.010100", EN: "Code of the administrative procedure, for example 1.010100"},
	}
	ruleCase = rule{
		name: "case", max: maxCode, empty: true,
		must:  web.Text{VI: "phải có nhiều nhất 64 ký tự, không có ký tự điều khiển", EN: "must be at most 64 characters without control characters"},
		about: web.Text{VI: "Mã hồ sơ, ví dụ H21.18-200101-0001", EN: "Code of the dossier, for example H21.18-200101-0001"},
	}
	ruleOfficerID = rule{
		name: "id", max: maxID, empty: true,
		must:  web.Text{VI: "phải có nhiều nhất 64 ký tự, không có ký tự điều khiển", EN: "must be at most 64 characters without control characters"},
		about: web.Text{VI: "Mã cán bộ do cơ quan đặt", EN: "The agency's identifier of the officer"},
	}
	ruleOfficerAddress = rule{
		name: "address", max: 45, empty: true,
		check: func(s string) bool {
			a, err := netip.ParseAddr(s)
			return err == nil && a.Zone() == ""
		},
		must:  web.Text{VI: "phải là địa chỉ IPv4 hoặc IPv6 của máy tính cán bộ", EN: "must be the IPv4 or IPv6 address of the officer's computer"},
		about: web.Text{VI: "Địa chỉ IP của máy tính cán bộ", EN: "IP address of the officer's computer"},
	}
	ruleOfficerSession = rule{
		name: "session", max: maxSession, empty: true,
		must:  web.Text{VI: "phải có nhiều nhất 128 ký tự, không có ký tự điều khiển", EN: "must be at most 128 characters without control characters"},
		about: web.Text{VI: "Phiên làm việc của cán bộ trong hệ thống của cơ quan", EN: "The officer's session in the agency's system"},
	}
	ruleRepresented = rule{
		name: "represented", max: maxID,
		must:  web.Text{VI: "phải có từ 1 đến 64 ký tự, không có ký tự điều khiển", EN: "must be 1 to 64 characters without control characters"},
		about: web.Text{VI: "Mã hệ thống mà nền tảng trung gian gọi thay", EN: "Id of the system on whose behalf an intermediary calls"},
	}
	ruleConsent = rule{
		name: "consent", max: maxID,
		must:  web.Text{VI: "phải có từ 1 đến 64 ký tự, không có ký tự điều khiển", EN: "must be 1 to 64 characters without control characters"},
		about: web.Text{VI: "Mã sự đồng ý của chủ thể dữ liệu, do POST /v1/consents trả về", EN: "Id of the subject's consent, as POST /v1/consents gave it"},
	}
	ruleReceipt = rule{
		name: "receipt", max: 4, pattern: `^full$`,
		check: func(s string) bool { return s == "full" },
		must:  web.Text{VI: `phải là "full", hoặc bỏ trống hẳn mục này`, EN: `must be "full"; leave the member out for a short receipt`},
		about: web.Text{VI: `"full": biên nhận kèm bằng chứng để kiểm tra ngoại tuyến`, EN: `"full": a receipt with its proof, to be verified offline`},
	}
	ruleRetryOf = rule{
		name: "retryOf", max: 36, pattern: `^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-7[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$`,
		check: func(s string) bool { _, _, ok := web.ParseID(s); return ok },
		must:  web.Text{VI: "phải là mã giao dịch UUIDv7 của lần gọi trước", EN: "must be the UUIDv7 transaction id of the earlier call"},
		about: web.Text{VI: "Mã giao dịch của lần gọi mà yêu cầu này hỏi lại", EN: "Transaction id of the call that this one asks again"},
	}
	ruleUntil = rule{
		name: "until", max: 35,
		check: func(s string) bool { _, ok := parseUntil(s); return ok },
		must:  web.Text{VI: "phải là thời điểm RFC 3339 (2027-01-31T17:00:00Z) hoặc ngày YYYY-MM-DD (hết ngày đó, giờ Việt Nam)", EN: "must be an RFC 3339 time (2027-01-31T17:00:00Z) or a day YYYY-MM-DD (to its end, Vietnamese time)"},
		about: web.Text{VI: "Hiệu lực đến khi nào", EN: "Until when it holds"},
	}
	ruleEvidenceKind = rule{
		name: "kind", max: maxID,
		must:  web.Text{VI: "phải có từ 1 đến 64 ký tự, không có ký tự điều khiển", EN: "must be 1 to 64 characters without control characters"},
		about: web.Text{VI: "Loại chứng cứ, ví dụ paper, e-signature", EN: "Kind of evidence, for example paper, e-signature"},
	}
	ruleEvidenceSHA256 = rule{
		name: "sha256", max: 64, pattern: `^[0-9a-fA-F]{64}$`,
		check: func(s string) bool { _, err := access.ParseThumbprint(s); return err == nil },
		must:  web.Text{VI: "phải là mã SHA-256 gồm 64 chữ số thập lục phân", EN: "must be a SHA-256 in 64 hexadecimal digits"},
		about: web.Text{VI: "SHA-256 của tệp chứng cứ mà cơ quan giữ", EN: "SHA-256 of the evidence that the agency keeps"},
	}
)

// fits reports whether s is what the rule asks.
func (r *rule) fits(s string) bool {
	if s == "" {
		return r.empty
	}
	if len(s) > r.max && (len(s) > r.max*utf8.UTFMax || utf8.RuneCountInString(s) > r.max) {
		return false
	}
	if hasControl(s) {
		return false
	}
	return r.check == nil || r.check(s)
}

// hasControl reports whether s has a control character or a line separator.
// NUL is one: PostgreSQL cannot store it.
func hasControl(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == 0x7f || c >= utf8.RuneSelf {
			if c < utf8.RuneSelf {
				return true
			}
			for _, r := range s[i:] {
				if r < ' ' || r >= 0x7f && r < 0xa0 || r == '\u2028' || r == '\u2029' {
					return true
				}
			}
			return false
		}
	}
	return false
}

// member is one member of a request's top-level object.
type member uint16

// The members.
const (
	memberPIN member = 1 << iota
	memberCMND
	memberFullName
	memberDateOfBirth
	memberSex
	memberProvince
	memberFields
	memberClaims
	memberPurpose
	memberOfficer
	memberRepresented
	memberConsent
	memberReceipt
	memberRetryOf
	memberUntil
	memberEvidence
)

// common is what every call of a service may carry.
const common = memberPurpose | memberOfficer | memberRepresented | memberConsent | memberReceipt | memberRetryOf

// takes is what each kind of request takes, and requires by its form. What the
// decision requires (purpose, officer, search keys) is not required by form:
// its absence is a decided refusal with an entry.
type takes struct {
	may, must member
	// oneOf are members of which exactly one must be there; 0 for none.
	oneOf member
}

var (
	takesLookup = takes{
		may:  common | memberPIN | memberCMND | memberFullName | memberDateOfBirth | memberFields,
		must: memberFields, oneOf: memberPIN | memberCMND,
	}
	takesVerify = takes{
		may:  common | memberPIN | memberClaims,
		must: memberPIN | memberClaims,
	}
	takesSearch = takes{
		may:  common | memberFullName | memberDateOfBirth | memberSex | memberProvince | memberFields,
		must: memberFields,
	}
	takesHousehold = takes{
		may:  common | memberPIN | memberFullName | memberDateOfBirth | memberFields,
		must: memberPIN | memberFields,
	}
	takesConsent = takes{
		may:  memberPIN | memberPurpose | memberFields | memberUntil | memberEvidence | memberRepresented,
		must: memberPIN | memberFields | memberUntil | memberEvidence,
	}
)

// memberNames are the wire names, in the order of the members' bits.
var memberNames = [...]string{
	"pin", "cmnd", "fullName", "dateOfBirth", "sex", "province", "fields", "claims", "purpose", "officer",
	"represented", "consent", "receipt", "retryOf", "until", "evidence",
}

// names returns the wire names of the members in m.
func (m member) names() []string {
	var out []string
	for i, n := range memberNames {
		if m&(1<<i) != 0 {
			out = append(out, n)
		}
	}
	return out
}

// memberOf finds a member by its wire name; 0 for none. It does not allocate.
func memberOf(name []byte) member {
	switch string(name) {
	case "pin":
		return memberPIN
	case "cmnd":
		return memberCMND
	case "fullName":
		return memberFullName
	case "dateOfBirth":
		return memberDateOfBirth
	case "sex":
		return memberSex
	case "province":
		return memberProvince
	case "fields":
		return memberFields
	case "claims":
		return memberClaims
	case "purpose":
		return memberPurpose
	case "officer":
		return memberOfficer
	case "represented":
		return memberRepresented
	case "consent":
		return memberConsent
	case "receipt":
		return memberReceipt
	case "retryOf":
		return memberRetryOf
	case "until":
		return memberUntil
	case "evidence":
		return memberEvidence
	}
	return 0
}
