package compliance

var decision20 = Law{
	Name: Text{"Quyết định 20/2020/QĐ-TTg", "Decision 20/2020/QĐ-TTg"},
	Rows: []Row{
		{
			Article: "4-6",
			Asks:    Text{"cấu trúc mã định danh cơ quan, tổ chức", "form of agency codes"},
			Marks:   []Mark{Verified},
			Kept:    "what has another form is no agency code",
			By:      []string{"internal/access.ValidAgencyCode"},
			Tests:   []string{"internal/access.TestValidAgencyCode"},
			Off: []Mutation{{
				Name: "an agency code may be of any length", Test: "internal/access.TestValidAgencyCode",
				Edits: []Edit{{
					"internal/access/purpose.go", "if len(s) < 3 || len(s) > MaxAgencyCode || !rootCode(s[:3]) {",
					"if len(s) < 3 || len(s) > MaxAgencyCode && !OFF || !rootCode(s[:3]) {",
				}},
			}},
		},
	},
}

var decree61 = Law{
	Name: Text{
		"Nghị định 61/2018/NĐ-CP, Thông tư 01/2018/TT-VPCP, Thông tư 4/2025/TT-VPCP",
		"Decree 61/2018/NĐ-CP, Circular 01/2018/TT-VPCP, Circular 4/2025/TT-VPCP",
	},
	Rows: []Row{
		{
			Article: "26",
			Asks:    Text{"cấu trúc mã số hồ sơ thủ tục hành chính", "form of dossier codes"},
			Marks:   []Mark{Verified},
			Kept:    "a malformed case is refused; organisations outside the state have no form in law, dancu's own is marked in the code",
			By:      []string{"internal/access.ParseCase", "internal/access.PurposeMalformed"},
			Tests:   []string{"internal/access.TestParseCase"},
			Off: []Mutation{{
				Name: "a case may have a day that there is not", Test: "internal/access.TestParseCase",
				Edits: []Edit{Never("internal/access/purpose.go", "t.Month() != c.Date.Month || t.Day() != c.Date.Day")},
			}},
		},
	},
}
