package compliance

var decree47 = Law{
	Name: Text{"Nghị định 47/2020/NĐ-CP", "Decree 47/2020/NĐ-CP"},
	Rows: []Row{
		{
			Article: "43.5",
			Asks: Text{
				"khi tạm dừng kết nối phải nêu vi phạm và biện pháp để khôi phục",
				"a suspension says what is violated and what restores the connection",
			},
			Marks: []Mark{Verified},
			Kept:  "both texts are needed to suspend (`dancu connection suspend`)",
			By:    []string{"internal/onboarding.suspendForm", "internal/onboarding.suspend", "internal/onboarding.Field.Required"},
			Tests: []string{"internal/onboarding.TestTextsAreNeeded"},
			Off: []Mutation{{
				Name: "nothing that a form asks for is required", Test: "internal/onboarding.TestTextsAreNeeded/sqlite",
				Edits: []Edit{Never("internal/onboarding/form.go", "why == nil && v == nil && complete && field.Required")},
			}},
		},
		{
			Article: "45",
			Asks: Text{
				"nhật ký gồm thời gian, hình thức yêu cầu và cung cấp, người yêu cầu, mục đích và kết quả",
				"the log has time and form of request and supply, who asked, for what, the result",
			},
			Marks: []Mark{Verified},
			Kept:  "parts `access`, `officer`, `keys`, `subject` and `outcome` of the entry, of answers and refusals alike",
			By:    []string{"internal/gate.Gate.build", "internal/gate.Gate.addAccess", "internal/gate.Gate.addSubjects", "internal/ledger.Outcome"},
			Tests: []string{"internal/gate.TestLookupIsAnsweredAndRecorded", "internal/gate.TestRefusalsAreRecorded", "e2e.TestTheLogIsTheWholeDay"},
			Off: []Mutation{{
				Name: "a refusal has no entry", Test: "internal/gate.TestRefusalsAreRecorded/sqlite",
				Edits: []Edit{{"internal/gate/commit.go", "if counted && !p.own {", "if counted && !p.own || OFF && !lock {"}},
			}},
		},
		{
			Article: "46",
			Asks: Text{
				"ưu tiên kết nối qua nền tảng tích hợp, chia sẻ dữ liệu",
				"connections through an intermediary platform are preferred",
			},
			Marks: []Mark{Verified},
			Kept:  "intermediary and represented system are both checked; calls are counted for the represented system",
			By:    []string{"internal/access.judgeCaller", "internal/gate.limitKey"},
			Tests: []string{"internal/access.TestDecide", "internal/gate.TestCountingIsPerRepresentedSystem"},
			Off: []Mutation{{
				Name: "all who are behind an intermediary have one count", Test: "internal/gate.TestCountingIsPerRepresentedSystem/sqlite",
				Edits: []Edit{{
					"internal/gate/usage.go", "\tswitch c.Limit.Scope {\n",
					"\tif OFF && c.Via != \"\" {\n\t\tk.connection = c.Via\n\t}\n\tswitch c.Limit.Scope {\n",
				}},
			}},
			OffAs: []string{"an intermediary may speak for anybody"},
		},
	},
}
