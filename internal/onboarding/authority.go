package onboarding

import (
	"dancu/internal/access"
	"dancu/internal/fault"
	"dancu/internal/onboarding/catalogue"
)

// Who may permit an application is a table of the catalogue: it goes by the sort
// of body that the agency is (Decree 70/2024/NĐ-CP Art. 9).

// permit is by whose authority an application was approved, and the rule that
// gave it.
type permit struct {
	Authority string      `json:"-"`
	Name      access.Text `json:"name"`
	Rule      string      `json:"rule"`
	Body      string      `json:"body"`
}

var authorityField = Field{
	Name: "authority", Label: access.Text{VI: "Cấp cho phép", EN: "Permitted by"}, Law: "70/2024/NĐ-CP Art. 9", Type: TypeChoice, Required: true,
	Choices: authorityChoices,
	Help:    access.Text{VI: "Chỉ những cấp mà quy tắc thẩm quyền giao cho loại cơ quan này.", EN: "Only those to whom the rules of authority give this sort of body."},
	None: access.Text{
		VI: "Chưa xác định được cấp có thẩm quyền: hãy ghi loại cơ quan trong hồ sơ đăng ký của cơ quan (Sửa thông tin đăng ký), hoặc bổ sung quy tắc thẩm quyền cho loại đó vào danh mục.",
		EN: "it is not known who may permit it: say what sort of body the agency is (Correct the registration), or add a rule of authority for that sort to the catalogue",
	},
}

// authorityChoices are those who may permit the agency that a form is about.
func authorityChoices(at Around) (out []Choice) {
	for _, r := range at.authorities() {
		out = append(out, Choice{r.Authority, r.Name})
	}
	return out
}

func (a Around) authorities() []catalogue.AuthorityRule {
	agency := a.Dir.Agency(a.Agency)
	if agency == nil || agency.Body == "" {
		return nil
	}
	return a.catalogue().Authorities(agency.Body, a.On)
}

// permittedBy finds the rule that lets an authority permit the agency of this
// matter.
func (w *work) permittedBy(authority string) (permit, error) {
	at := w.around()
	for _, r := range at.authorities() {
		if r.Authority == authority {
			w.members["authority"], w.members["rule"] = r.Authority, r.ID
			return permit{r.Authority, r.Name, r.ID, w.dir.Agency(w.m.Agency).Body}, nil
		}
	}
	// The form has checked it by the same table.
	return permit{}, refuse(fault.Conflict, "Cấp này không có thẩm quyền cho phép.", "that authority may not permit it")
}

// soleAuthority is what the approval begins with where only one may permit it.
func soleAuthority(s *Sight) Values {
	if list := authorityChoices(s.Around()); len(list) == 1 {
		return Values{"authority": list[0].Value}
	}
	return nil
}

// authorityNote tells the reviewer who may permit the application, and how well
// the rule is known.
func authorityNote(at Around) access.Text {
	rules := at.authorities()
	if len(rules) == 0 {
		return authorityField.None
	}
	var vi, en string
	for i, r := range rules {
		if i > 0 {
			vi, en = vi+"; ", en+"; "
		}
		mark := r.Mark.Text()
		vi, en = vi+r.Name.VI+" ("+mark.VI+")", en+r.Name.EN+" ("+mark.EN+")"
	}
	return access.Text{VI: "Thẩm quyền cho phép: " + vi + ".", EN: "may be permitted by: " + en}
}
