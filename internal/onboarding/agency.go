package onboarding

import (
	"context"
	"slices"
	"strconv"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/fault"
)

// agencyKind: who may connect. The contact officer is published (Decree
// 47/2020/NĐ-CP Art. 7).
var agencyKind = KindInfo{
	Kind:  KindAgency,
	Title: access.Text{VI: "Cơ quan, tổ chức", EN: "Agency"}, Many: access.Text{VI: "Cơ quan, tổ chức", EN: "Agencies"},
	First: Registered, By: []Duty{Operator, Machine}, Open: append(Form{idField}, agencyForm...), Opening: openAgency, Event: EventAgencyRegistered,
	States:   []StateInfo{{Registered, access.Text{VI: "Đã đăng ký", EN: "registered"}, false}},
	Editable: []State{Registered}, EditBy: []Duty{Agency, Operator},
	Sections: []Section{
		{
			Name: "contact", Title: access.Text{VI: "Đầu mối kết nối", EN: "Contact officer"}, Law: "47/2020/NĐ-CP Art. 7",
			Help: access.Text{VI: "Thông tin này được công bố công khai.", EN: "This is published."},
			Form: Form{
				{Name: "name", Label: access.Text{VI: "Họ và tên", EN: "Name"}, Type: TypeLine, Required: true, Max: 100},
				{Name: "role", Label: access.Text{VI: "Chức vụ", EN: "Role"}, Type: TypeLine, Required: true, Max: 150},
				{Name: "phone", Label: access.Text{VI: "Điện thoại", EN: "Telephone"}, Type: TypePhone, Required: true},
				{
					Name: "email", Label: access.Text{VI: "Thư điện tử", EN: "E-mail"}, Type: TypeEmail, Required: true,
					Help: access.Text{VI: "Thông báo của hệ thống được gửi đến địa chỉ này; nên dùng hộp thư chung của đơn vị.", EN: "Notices go to this address; a mailbox of the unit is best."},
				},
			},
		},
		{
			Name: "functions", Title: access.Text{VI: "Chức năng, nhiệm vụ, quyền hạn", EN: "Functions, duties and powers"}, Law: "46/2022/TT-BCA",
			Form: Form{
				{Name: "functions", Label: access.Text{VI: "Chức năng, nhiệm vụ, quyền hạn", EN: "Functions, duties and powers"}, Type: TypeText, Required: true},
				{Name: "basis", Label: access.Text{VI: "Văn bản quy định", EN: "Legal act that gives them"}, Type: TypeLines, Required: true, Max: 20},
			},
		},
	},
}

var idField = Field{
	Name: "id", Label: access.Text{VI: "Mã trong hệ thống", EN: "Id"}, Type: TypeLine, Required: true, Max: maxID,
	Help:  access.Text{VI: "Chữ thường không dấu, chữ số, dấu chấm và gạch nối; không đổi được về sau.", EN: "a-z, 0-9, dot and hyphen; it stays for good."},
	Check: checkID,
}

func checkID(v any) *access.Text {
	if s, _ := v.(string); !idForm.MatchString(s) {
		return textp("Chỉ dùng a-z, 0-9, dấu chấm và gạch nối, bắt đầu bằng chữ hoặc số.", "use a-z, 0-9, dot and hyphen, beginning with a letter or digit")
	}
	return nil
}

func checkAgencyCode(v any) *access.Text {
	codes, ok := v.([]string)
	if !ok {
		codes = []string{v.(string)}
	}
	for _, c := range codes {
		if !access.ValidAgencyCode(c) {
			return textp("“%s” không phải là mã định danh điện tử của cơ quan (ví dụ H26.15).", "%q is not an agency code (such as H26.15)", clip(c))
		}
	}
	return nil
}

// groupChoices are the four user groups of the law.
func groupChoices(Around) []Choice {
	return []Choice{
		{"1", access.Text{VI: "Nhóm 1: cơ quan nhà nước, tổ chức chính trị, chính trị - xã hội", EN: "Group 1: state, political and socio-political bodies"}},
		{"2", access.Text{VI: "Nhóm 2: tín dụng, viễn thông, định danh, công chứng, thừa phát lại, đơn vị sự nghiệp công", EN: "Group 2: credit, telecom, e-identification, notaries, bailiffs, public-service bodies"}},
		{"4", access.Text{VI: "Nhóm 4: tổ chức khác", EN: "Group 4: others"}},
	}
}

// bodyChoices are the sorts of bodies of today's rules, but people themselves:
// they read their own data and connect no system.
func bodyChoices(at Around) (out []Choice) {
	for _, b := range at.catalogue().Bodies(at.On) {
		if b.Group != access.GroupCitizens {
			out = append(out, Choice{b.ID, b.Name})
		}
	}
	return out
}

func agencyChoices(at Around) (out []Choice) {
	for a := range at.Dir.Agencies() {
		out = append(out, Choice{a.ID, a.Name})
	}
	return out
}

// agencyForm is the registration of an agency.
var agencyForm = Form{
	{Name: "code", Label: access.Text{VI: "Mã định danh điện tử", EN: "Agency code"}, Law: "20/2020/QĐ-TTg", Type: TypeLine, Required: true, Max: 35, Check: checkAgencyCode},
	{Name: "nameVI", Label: access.Text{VI: "Tên (tiếng Việt)", EN: "Name (Vietnamese)"}, Type: TypeLine, Required: true},
	{Name: "nameEN", Label: access.Text{VI: "Tên (tiếng Anh)", EN: "Name (English)"}, Type: TypeLine},
	{Name: "group", Label: access.Text{VI: "Nhóm đối tượng khai thác", EN: "User group"}, Law: "70/2024/NĐ-CP Art. 8", Type: TypeChoice, Required: true, Choices: groupChoices},
	{
		Name: "body", Label: access.Text{VI: "Loại cơ quan, tổ chức", EN: "Sort of body"}, Law: "70/2024/NĐ-CP Art. 9", Type: TypeChoice, Required: true, Choices: bodyChoices,
		Help: access.Text{VI: "Cấp có thẩm quyền cho phép khai thác được xác định theo loại này.", EN: "Who may permit it follows from this."},
	},
	{Name: "parent", Label: access.Text{VI: "Cơ quan chủ quản", EN: "Parent agency"}, Type: TypeChoice, Choices: agencyChoices},
	{Name: "defence", Label: access.Text{VI: "Thuộc Bộ Quốc phòng", EN: "Under the Ministry of Defence"}, Law: "46/2022/TT-BCA Art. 6.3", Type: TypeBool},
	{
		Name: "codes", Label: access.Text{VI: "Được tiếp nhận hồ sơ thay các cơ quan (mã)", EN: "Acts for these bodies too (codes)"}, Type: TypeLines, Check: checkAgencyCode,
		Help: access.Text{VI: "Mỗi dòng một mã. Mã hồ sơ trong lời gọi phải thuộc cơ quan hoặc một trong các mã này.", EN: "One a line. A dossier must be the agency's own or one of theirs."},
	},
}

// ContactMail returns the mailbox that an agency's notices go to: its contact
// officer's; none while nobody is named.
func ContactMail(ctx context.Context, q db.Querier, agency string) ([]string, error) {
	m, err := selectMatter(ctx, q, MatterOf(KindAgency, agency))
	if err != nil || m == nil {
		return nil, err
	}
	var v Values
	if _, err := m.read("contact", &v); err != nil || v.text("email") == "" {
		return nil, err
	}
	return []string{v.text("email")}, nil
}

func openAgency(w *work) error {
	id := w.in.text("id")
	if w.dir.Agency(id) != nil {
		return refuse(fault.Conflict, "Mã “%s” đã có: hãy chọn mã khác.", "the id %q is taken: choose another", id)
	}
	w.m.ID, w.m.Agency = MatterOf(KindAgency, id), id
	return w.registerAgency()
}

func correctAgency(w *work) error { return w.registerAgency() }

// registerAgency writes an agency's standing from the registration form.
func (w *work) registerAgency() error {
	group, err := strconv.Atoi(w.in.text("group"))
	if err != nil {
		return err // the form has checked it
	}
	for a := range w.dir.Agencies() {
		if a.ID != w.m.Agency && a.Code == w.in.text("code") {
			return refuse(fault.Conflict, "Mã định danh “%s” đã đăng ký cho %s.", "the code %q is registered for %s", a.Code, a.ID)
		}
	}
	// The form has checked that there is such a body.
	if body, ok := w.o.cat.Body(w.in.text("body"), access.DateOf(w.now)); ok && body.Group != access.Group(group) {
		return misfilled("group", "“%[1]s” thuộc nhóm %[3]d.", "%[2]q is of group %[3]d", body.Name.VI, body.Name.EN, body.Group)
	}
	a := access.Agency{
		ID: w.m.Agency, Code: w.in.text("code"), Name: access.Text{VI: w.in.text("nameVI"), EN: w.in.text("nameEN")},
		Group: access.Group(group), Body: w.in.text("body"), Codes: w.in.list("codes"),
	}
	if w.in.text("parent") == a.ID {
		return refuse(fault.Invalid, "Cơ quan không thể là cơ quan chủ quản của chính mình.", "an agency is not its own parent")
	}
	w.m.Title = a.Name.VI
	w.m.put("registration", w.in)
	w.members["agency"] = a.Code
	w.stand(access.ChangeAgency, a.ID, &a)
	return nil
}

// defence reports whether an agency is the Ministry of Defence's: its own
// units assess it (Circular 46/2022/TT-BCA Art. 6.3).
func (o *Onboarding) defence(ctx context.Context, q db.Querier, agency string) (bool, error) {
	m, err := selectMatter(ctx, q, MatterOf(KindAgency, agency))
	if err != nil || m == nil {
		return false, err
	}
	var v Values
	if _, err := m.read("registration", &v); err != nil {
		return false, err
	}
	return v.bool("defence"), nil
}

// fieldChoices are the fields of a person's record.
func fieldChoices(Around) (out []Choice) {
	for _, f := range access.Fields {
		out = append(out, Choice{f.JSON, access.Text{VI: f.VI, EN: f.EN}})
	}
	return out
}

// serviceChoices are the services that can be granted.
func serviceChoices(Around) []Choice {
	return []Choice{
		{access.Verify.String(), access.Text{VI: "Xác minh thông tin (có/không)", EN: "Verify (yes or no)"}},
		{access.Lookup.String(), access.Text{VI: "Tra cứu thông tin công dân", EN: "Look up a person"}},
		{access.Search.String(), access.Text{VI: "Tìm kiếm theo họ tên và ngày sinh", EN: "Search by name and date of birth"}},
		{access.Household.String(), access.Text{VI: "Thông tin hộ gia đình", EN: "Household"}},
	}
}

func checkProcedures(v any) *access.Text {
	for _, code := range v.([]string) {
		if _, err := access.ParseProcedure(code); err != nil {
			return textp("“%s” không phải là mã thủ tục hành chính (ví dụ 1.004222).", "%q is not a procedure code (such as 1.004222)", clip(code))
		}
	}
	return nil
}

func intermediaryChoices(at Around) (out []Choice) {
	for s := range at.Dir.Systems() {
		if s.Intermediary {
			out = append(out, Choice{s.ID, s.Name})
		}
	}
	return out
}

// tidied is a list in order, without what is twice.
func tidied(list []string) []string {
	out := slices.Clone(list)
	slices.Sort(out)
	return slices.Compact(out)
}
