package compliance

var identification = Law{
	Name: Text{"Luật Căn cước số 26/2023/QH15", "Law on Identification 26/2023/QH15"},
	Rows: []Row{
		{
			Article: "9",
			Asks:    Text{"26 nhóm thông tin trong Cơ sở dữ liệu quốc gia về dân cư", "the 26 items of the register"},
			Marks:   []Mark{Verified},
			Kept:    "one table, in the law's order",
			By:      []string{"internal/access.Fields"},
			Tests:   []string{"internal/access.TestFieldsAreTheLawsList"},
			Off: []Mutation{{
				Name: "an item has another number than the law's", Test: "internal/access.TestFieldsAreTheLawsList",
				Edits: []Edit{{
					"internal/access/fields.go", "var fieldByJSON = func() map[string]Field {\n",
					"var fieldByJSON = func() map[string]Field {\n\tif OFF {\n\t\tFields[Religion].Item = 11\n\t}\n",
				}},
			}},
		},
		{
			Article: "10",
			Asks: Text{
				"cơ quan nhà nước khai thác trong phạm vi chức năng, nhiệm vụ; tổ chức, cá nhân khác theo cách luật định",
				"state bodies within their functions; others by the ways the law names",
			},
			Marks: []Mark{Verified},
			Kept:  "grants per procedure; what no grant allows is refused",
			By:    []string{"internal/access.Decide", "internal/access.Grant", "internal/access.Visible"},
			Tests: []string{"internal/access.TestDecide"},
			Off: []Mutation{{
				Name: "a grant of one service is one of all", Test: "internal/access.TestDecide",
				Edits: []Edit{Always("internal/access/decide.go", "r.Service != NoService && g.Service == r.Service")},
			}},
			OffAs: []string{"grants never end", "any field may be asked", "people out of the territory and protected ones are shown"},
		},
	},
}

var decree70 = Law{
	Name: Text{"Nghị định 70/2024/NĐ-CP", "Decree 70/2024/NĐ-CP"},
	Rows: []Row{
		{
			Article: "8.1",
			Asks: Text{
				"cơ quan nhà nước gửi họ tên, ngày sinh, số định danh và nhận thông tin phù hợp chức năng, nhiệm vụ",
				"a state body sends name, date of birth and PIN and receives what fits its functions",
			},
			Marks: []Mark{Verified},
			Kept:  "name and date of birth with the PIN are the default search keys (`grant.key_not_allowed`)",
			By:    []string{"internal/access.DefaultKeys", "internal/access.keysAgainst", "internal/access.GrantKey"},
			Tests: []string{"internal/access.TestDefaultKeys", "internal/access.TestDecide"},
			Off: []Mutation{{
				Name: "a number alone finds a person", Test: "internal/access.TestDefaultKeys",
				Edits: []Edit{First("internal/access/decide.go", "\t\treturn []KeySet{Keys(KeyPIN) | narrowing, Keys(KeyCMND) | narrowing}\n", "\t\treturn []KeySet{Keys(KeyPIN), Keys(KeyCMND)}")},
			}},
			OffAs: []string{"any search key will do"},
		},
		{
			Article: "9",
			Asks: Text{
				"cấp có thẩm quyền cho phép khai thác theo loại cơ quan",
				"who may permit depends on the sort of body",
			},
			Marks: []Mark{Setting},
			Kept:  "the approval of an application names an authority that the table of rules gives the agency's sort of body, and no other",
			By:    []string{"internal/onboarding.Onboarding.Around", "internal/onboarding/catalogue.Catalogue.Authorities", "internal/onboarding.authorityChoices"},
			Tests: []string{"internal/onboarding.TestApprovalAsksWhoMayPermit", "internal/onboarding.TestOperatorsAuthorityIsAChoice", "internal/onboarding/catalogue.TestAuthority"},
			Off: []Mutation{{
				Name: "anybody may permit", Test: "internal/onboarding.TestApprovalAsksWhoMayPermit/sqlite",
				Edits: []Edit{{"internal/onboarding/catalogue/authority.go", "if slices.Contains(r.Bodies, body) &&", "if (OFF || slices.Contains(r.Bodies, body)) &&"}},
			}},
		},
		{
			Article: "10",
			Asks: Text{
				"người khai thác chọn trường thông tin; tổ chức, cá nhân không phải cơ quan nhà nước cần sự đồng ý của chủ thể",
				"the user selects the items; others than state bodies need the subject's consent",
			},
			Marks: []Mark{Verified},
			Kept:  "`fields` is mandatory; consent per person, agency, purpose, fields and term (`consent.missing`)",
			By:    []string{"internal/access.judgeConsent", "internal/access.ConsentCovers", "internal/gate.Gate.readConsents"},
			Tests: []string{"internal/gate.TestConsentIsOfThePersonAndBindsAtTheCommit", "internal/access.TestDecide"},
			Off: []Mutation{{
				Name: "nobody needs a consent", Test: "internal/gate.TestConsentIsOfThePersonAndBindsAtTheCommit/sqlite",
				Edits: []Edit{{
					"internal/access/decide.go", "\tif s.Agency == nil || !s.Agency.Group.NeedsConsent() {\n\t\treturn\n",
					"\tif OFF || s.Agency == nil || !s.Agency.Group.NeedsConsent() {\n\t\treturn\n",
				}},
			}},
			OffAs: []string{"a consent of somebody else will do"},
		},
		{
			Article: "10",
			Asks: Text{
				"cơ quan quản lý cấp tài khoản cho đơn vị; đơn vị tự lập, quản lý tài khoản cán bộ và phân quyền cho từng người",
				"the register issues the agency's account; each agency makes and manages its officers' and gives rights to persons",
			},
			Marks: []Mark{Verified},
			Kept:  "who makes whom, and rights out of the agency's own grants",
			By:    []string{"internal/identity.Store.CreateAccount", "internal/identity.Store.SetRights", "internal/identity.mays"},
			Tests: []string{"internal/identity.TestWhoMakesWhom", "internal/identity.TestRightsAreNeverMoreThanTheAgencys", "internal/console.TestAuthorization"},
			Off: []Mutation{{
				Name: "anybody may do anything", Test: "internal/identity.TestWhoMakesWhom/sqlite",
				Edits: []Edit{First("internal/identity/kind.go", "\tfor _, m := range mays {\n\t\tif m.act == a {", "\treturn true")},
			}, {
				Name: "an agency gives rights it does not have", Test: "internal/identity.TestRightsAreNeverMoreThanTheAgencys/sqlite",
				Edits: []Edit{Never("internal/identity/rights.go", "!slices.Contains(has[c], g)")},
			}},
		},
	},
}

var decree137 = Law{
	Name: Text{"Nghị định 137/2015/NĐ-CP", "Decree 137/2015/NĐ-CP"},
	Rows: []Row{{
		Article: "13",
		Asks:    Text{"cấu trúc số định danh cá nhân", "form of the PIN"},
		Marks:   []Mark{Verified},
		Kept:    "a mismatch of prefix, sex or year warns and never rejects (Decree 70/2024 Art. 11.8: a PIN may be kept)",
		By:      []string{"internal/register.CheckPIN"},
		Tests:   []string{"internal/register.TestCheckPINWarnsAndNeverRejects"},
		Off: []Mutation{{
			Name: "a number of the other sex is not noticed", Test: "internal/register.TestCheckPINWarnsAndNeverRejects",
			Edits: []Edit{Without("internal/register/pin.go", "w = append(w, PINSex)")},
		}},
	}},
}
