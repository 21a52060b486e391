package access

import (
	"encoding/json"
	"fmt"
	"iter"
	"math/bits"
)

// Field is one item of a person's record: an item of the list in the Law on
// Identification 26/2023/QH15 Art. 9. Its number is the law's item number
// less one.
type Field uint8

// The fields, in the law's order.
const (
	FullName Field = iota
	OtherName
	PIN
	DateOfBirth
	Sex
	PlaceOfBirth
	BirthRegistrationPlace
	NativePlace
	Ethnicity
	Religion
	Nationality
	BloodGroup
	CMND
	IdentityCard
	Relatives
	PermanentResidence
	TemporaryResidence
	CurrentResidence
	TemporaryAbsence
	ResidenceFileNumber
	MaritalStatus
	RelationToHead
	HouseholdField
	DeathOrMissing
	Contact
	Other
	NumFields
)

// Shape says what JSON a field's value is.
type Shape string

// The shapes.
const (
	ShapeText     Shape = "text"     // a string
	ShapeDate     Shape = "date"     // "YYYY-MM-DD", or "YYYY" where only the year is known
	ShapeDigits   Shape = "digits"   // a string of digits
	ShapeSex      Shape = "sex"      // "male", "female" or "unknown"
	ShapeCode     Shape = "code"     // {"code","name"}
	ShapeAddress  Shape = "address"  // {"unit","detail","country"}
	ShapeCard     Shape = "card"     // {"number","issued","place","expires"}
	ShapePeople   Shape = "people"   // [{"relation","pin"|"cmnd","fullName","nationality"}]
	ShapeAbsence  Shape = "absence"  // {"from","until","destination"}
	ShapePassing  Shape = "passing"  // {"status":"dead"|"missing","date"}
	ShapeContact  Shape = "contact"  // {"mobile","email"}
	ShapeFreeForm Shape = "freeform" // an object
)

// ShapeInfo describes a shape for the documents.
type ShapeInfo struct {
	Shape Shape
	JSON  string // an example or the forms, in JSON
	Text  Text
}

// Shapes is the table of shapes.
var Shapes = []ShapeInfo{
	{ShapeText, `"…"`, Text{"chuỗi ký tự", "a string"}},
	{ShapeDate, `"YYYY-MM-DD" | "YYYY"`, Text{"ngày; chỉ có năm nếu chỉ biết năm", "a day, or the year alone where only the year is known"}},
	{ShapeDigits, `"0…9"`, Text{"chuỗi chữ số, giữ số 0 ở đầu", "a string of digits, leading zeros kept"}},
	{ShapeSex, `"male" | "female" | "unknown"`, Text{"nam, nữ hoặc chưa rõ", "male, female or not known"}},
	{ShapeCode, `{"code","name"}`, Text{"mã và tên trong danh mục", "a code and its name in a list"}},
	{ShapeAddress, `{"unit","detail","country"}`, Text{"mã đơn vị hành chính, địa chỉ chi tiết, quốc gia", "administrative unit's code, details, country"}},
	{ShapeCard, `{"number","issued","place","expires"}`, Text{"số, ngày cấp, nơi cấp, thời hạn", "number, date of issue, place of issue, last day"}},
	{ShapePeople, `[{"relation","pin" | "cmnd","fullName","nationality"}]`, Text{"danh sách người có quan hệ", "a list of related people"}},
	{ShapeAbsence, `{"from","until","destination"}`, Text{"từ ngày, đến ngày, nơi đến", "first day, last day, destination"}},
	{ShapePassing, `{"status":"dead" | "missing","date"}`, Text{"đã chết hoặc mất tích, ngày", "dead or missing, and the date"}},
	{ShapeContact, `{"mobile","email"}`, Text{"số thuê bao di động, thư điện tử", "mobile number, e-mail address"}},
	{ShapeFreeForm, `{…}`, Text{"đối tượng tuỳ loại thông tin", "an object that depends on the information"}},
}

// FieldInfo is what is known of one field.
type FieldInfo struct {
	Field Field
	JSON  string // name in the machine API
	VI    string
	EN    string
	Item  int    // item number in the law's list
	Wire  string // name in QCVN 109:2017/BTTTT; "" where the standard has none
	Shape Shape
}

// Fields is the one table of fields; documents and decoders are made from it.
var Fields = [NumFields]FieldInfo{
	{FullName, "fullName", "Họ, chữ đệm và tên khai sinh", "Birth name (family, middle, given)", 1, "HoVaTen", ShapeText},
	{OtherName, "otherName", "Tên gọi khác", "Other name", 2, "", ShapeText},
	{PIN, "pin", "Số định danh cá nhân", "Personal identification number", 3, "SoDinhDanh", ShapeDigits},
	{DateOfBirth, "dateOfBirth", "Ngày, tháng, năm sinh", "Date of birth", 4, "NgayThangNamSinh", ShapeDate},
	{Sex, "sex", "Giới tính", "Sex", 5, "GioiTinh", ShapeSex},
	{PlaceOfBirth, "placeOfBirth", "Nơi sinh", "Place of birth", 6, "", ShapeAddress},
	{BirthRegistrationPlace, "birthRegistrationPlace", "Nơi đăng ký khai sinh", "Place of birth registration", 7, "NoiDangKyKhaiSinh", ShapeAddress},
	{NativePlace, "nativePlace", "Quê quán", "Native place", 8, "QueQuan", ShapeAddress},
	{Ethnicity, "ethnicity", "Dân tộc", "Ethnicity", 9, "DanToc", ShapeCode},
	{Religion, "religion", "Tôn giáo", "Religion", 10, "TonGiao", ShapeCode},
	{Nationality, "nationality", "Quốc tịch", "Nationality", 11, "QuocTich", ShapeText},
	{BloodGroup, "bloodGroup", "Nhóm máu", "Blood group", 12, "NhomMau", ShapeText},
	{CMND, "cmnd", "Số chứng minh nhân dân 09 số", "Old nine-digit identity card number", 13, "SoCMND", ShapeDigits},
	{IdentityCard, "identityCard", "Ngày cấp, nơi cấp, thời hạn của thẻ căn cước, thẻ căn cước công dân, chứng minh nhân dân 12 số", "Identity card: date, place and term of issue", 14, "", ShapeCard},
	{Relatives, "relatives", "Cha, mẹ, vợ hoặc chồng, con, người đại diện, người được đại diện", "Parents, spouse, children, representatives and represented", 15, "Cha, Me, VoChong, NguoiDaiDien", ShapePeople},
	{PermanentResidence, "permanentResidence", "Nơi thường trú", "Permanent residence", 16, "ThuongTru", ShapeAddress},
	{TemporaryResidence, "temporaryResidence", "Nơi tạm trú", "Temporary residence", 17, "", ShapeAddress},
	{CurrentResidence, "currentResidence", "Nơi ở hiện tại", "Current residence", 18, "NoiOHienTai", ShapeAddress},
	{TemporaryAbsence, "temporaryAbsence", "Tình trạng khai báo tạm vắng", "Declared temporary absence", 19, "", ShapeAbsence},
	{ResidenceFileNumber, "residenceFileNumber", "Số hồ sơ cư trú", "Residence file number", 20, "SoSoHoKhau", ShapeText},
	{MaritalStatus, "maritalStatus", "Tình trạng hôn nhân", "Marital status", 21, "TinhTrangHonNhan", ShapeCode},
	{RelationToHead, "relationToHead", "Quan hệ với chủ hộ", "Relation to the head of household", 22, "ChuHo.QuanHe", ShapeText},
	{HouseholdField, "household", "Chủ hộ và thành viên hộ gia đình", "Head and members of the household", 23, "ChuHo", ShapePeople},
	{DeathOrMissing, "deathOrMissing", "Ngày, tháng, năm chết hoặc mất tích", "Date of death or of going missing", 24, "", ShapePassing},
	{Contact, "contact", "Số thuê bao di động, địa chỉ thư điện tử", "Mobile number and e-mail address", 25, "", ShapeContact},
	{Other, "other", "Thông tin khác do Chính phủ quy định", "Other information set by the Government", 26, "", ShapeFreeForm},
}

var fieldByJSON = func() map[string]Field {
	m := make(map[string]Field, NumFields)
	for _, f := range Fields {
		m[f.JSON] = f.Field
	}
	return m
}()

// ParseField returns the field with that JSON name.
func ParseField(name string) (Field, bool) {
	f, ok := fieldByJSON[name]
	return f, ok
}

// String returns the field's JSON name.
func (f Field) String() string {
	if f < NumFields {
		return Fields[f].JSON
	}
	return fmt.Sprintf("field(%d)", uint8(f))
}

// FieldSet is a set of fields. In JSON it is a list of names in the law's
// order.
type FieldSet uint32

// AllFields is every field there is.
const AllFields FieldSet = 1<<NumFields - 1

// FieldsOf returns the set of the given fields.
func FieldsOf(fs ...Field) (s FieldSet) {
	for _, f := range fs {
		s |= 1 << f
	}
	return s
}

// Has reports whether f is in s.
func (s FieldSet) Has(f Field) bool { return s&(1<<f) != 0 }

// Len returns how many fields s has.
func (s FieldSet) Len() int { return bits.OnesCount32(uint32(s)) }

// All yields the fields of s in the law's order.
func (s FieldSet) All() iter.Seq[Field] {
	return func(yield func(Field) bool) {
		for left := s; left != 0; left &= left - 1 {
			if !yield(Field(bits.TrailingZeros32(uint32(left)))) {
				return
			}
		}
	}
}

// Names returns the JSON names of the fields of s in the law's order.
func (s FieldSet) Names() []string {
	out := make([]string, 0, s.Len())
	for f := range s.All() {
		out = append(out, f.String())
	}
	return out
}

// MarshalJSON writes the list of names.
func (s FieldSet) MarshalJSON() ([]byte, error) { return json.Marshal(s.Names()) }

// UnmarshalJSON reads a list of names; an unknown or repeated name is an error.
func (s *FieldSet) UnmarshalJSON(data []byte) error {
	var names []string
	if err := json.Unmarshal(data, &names); err != nil {
		return err
	}
	set, err := ParseFields(names)
	if err != nil {
		return err
	}
	*s = set
	return nil
}

// ParseFields returns the set of the named fields; an unknown or repeated name
// is an error that names it.
func ParseFields(names []string) (FieldSet, error) {
	var set FieldSet
	for _, n := range names {
		f, ok := fieldByJSON[n]
		if !ok {
			return 0, fmt.Errorf("no field is called %q", n)
		}
		if set.Has(f) {
			return 0, fmt.Errorf("field %q is named twice", n)
		}
		set |= 1 << f
	}
	return set, nil
}
