package compliance

var decree47 = Law{
	Name: Text{"Nghị định 47/2020/NĐ-CP", "Decree 47/2020/NĐ-CP"},
	Rows: []Row{
		{
			Article: "7",
			Asks: Text{
				"cơ quan công bố cán bộ đầu mối kết nối, chia sẻ dữ liệu",
				"the agency names the officer in charge of connection and sharing",
			},
			Marks: []Mark{Verified},
			Kept:  "a condition of every activation; the list is public",
			By:    []string{"internal/onboarding.gateContact", "internal/onboarding.agencyKind"},
			Tests: []string{"internal/onboarding.TestActivationNeedsTheContactOfficer", "internal/onboarding.TestLifecycle"},
			Off: []Mutation{{
				Name: "no contact officer is needed", Test: "internal/onboarding.TestActivationNeedsTheContactOfficer/sqlite",
				Edits: []Edit{{"internal/onboarding/activation.go", "agencyKind.Section(\"contact\"), g.o.Around(g.dir, g.s.Agency), true)\n\t\tif len(problems) == 0 {", "agencyKind.Section(\"contact\"), g.o.Around(g.dir, g.s.Agency), true)\n\t\tif OFF || len(problems) == 0 {"}},
			}},
		},
		{
			Article: "35",
			Asks: Text{
				"hồ sơ đề nghị kết nối đủ nội dung; trả lời trong 05 ngày làm việc",
				"a request with all it has to say, answered within five working days",
			},
			Marks: []Mark{Verified},
			Kept:  "a form with every item, a task with a clock of working days, and grants of no field that was not asked for",
			By:    []string{"internal/onboarding.applicationSections", "internal/onboarding.approveApplication", "internal/onboarding.TaskApplicationDecide"},
			Tests: []string{"internal/onboarding.TestARequestBecomesAGrant", "internal/onboarding.TestASectionIsCheckedFieldByField", "internal/onboarding.TestTwoYearsOfAConnection"},
			Off: []Mutation{{
				Name: "tasks have no clock", Test: "internal/onboarding.TestTwoYearsOfAConnection/sqlite",
				Edits: []Edit{Never("internal/onboarding/engine.go", `!ok && info.Clock != ""`)},
			}, {
				Name: "fields are granted that nobody asked for", Test: "internal/onboarding.TestARequestBecomesAGrant/sqlite",
				Edits: []Edit{Never("internal/onboarding/application.go", "fields&^asked != 0")},
			}},
		},
		{
			Article: "37-39",
			Asks: Text{
				"hai bên thoả thuận bằng văn bản về nội dung khai thác trước khi kết nối",
				"both sides agree in writing on what is exploited before connecting",
			},
			Marks: []Mark{Verified},
			Kept:  "grants are accepted by their hashes; an agreement whose text is known by its hash is signed by both sides, and is a condition of every activation",
			By:    []string{"internal/onboarding.acceptGrant", "internal/onboarding.gateCommitment", "internal/onboarding.acceptCommitment"},
			Tests: []string{"internal/onboarding.TestARequestBecomesAGrant", "internal/onboarding.TestActivationNeedsEveryGate", "internal/onboarding.TestLifecycle"},
			Off: []Mutation{{
				Name: "a grant is accepted that is not the one approved", Test: "internal/onboarding.TestARequestBecomesAGrant/sqlite",
				Edits: []Edit{Never("internal/onboarding/application.go", `!slices.Equal(tidied(want), tidied(w.in.list("hashes")))`)},
			}, {
				Name: "no agreement is needed", Test: "internal/onboarding.TestActivationNeedsEveryGate/agreement",
				Edits: []Edit{{"internal/onboarding/commitment.go", "case m == nil && g.imported:", "case m == nil && (OFF || g.imported):"}},
			}},
		},
		{
			Article: "40",
			Asks: Text{
				"bảo vệ tài khoản, khoá kết nối; thay thế, thu hồi khi cần",
				"the keys of a connection are guarded, replaced and revoked",
			},
			Marks: []Mark{Verified},
			Kept:  "certificates are pinned; a rotation has an overlap that ends; a new key is reported before it may call",
			By:    []string{"internal/onboarding.Rotation", "internal/onboarding.revokeCertificate", "internal/onboarding.giveCertificate"},
			Tests: []string{"internal/onboarding.TestTwoYearsOfAConnection", "internal/onboarding.TestUndeclaredKeys", "e2e.TestTheCausesOf2023"},
			Off: []Mutation{{
				Name: "a certificate that was replaced never ends", Test: "internal/onboarding.TestTwoYearsOfAConnection/sqlite",
				Edits: []Edit{Never("internal/onboarding/connection.go", "c.NotAfter.After(retired)")},
			}},
			OffAs: []string{"a key that was not declared may be used", "a retired key stays declared"},
		},
		{
			Article: "43",
			Asks: Text{
				"thông báo trước khi tạm dừng để bảo trì; tạm dừng khi có vi phạm và chỉ khôi phục khi đã khắc phục",
				"maintenance is announced ahead; a connection is suspended for a violation, and restored when that is remedied",
			},
			Marks: []Mark{Verified},
			Kept:  "windows that are announced; a suspension holds from its entry on and is never lost to an act beside it; two people resume",
			By:    []string{"internal/onboarding.maintenanceKind", "internal/onboarding.suspend", "internal/onboarding.resume", "internal/onboarding.Row.Confirm"},
			Tests: []string{
				"internal/onboarding.TestMaintenanceIsAnnouncedAhead", "internal/onboarding.TestASuspensionRacesAnActivation",
				"internal/onboarding.TestManyActOnOneConnection", "internal/onboarding.TestLifecycle",
			},
			Off: []Mutation{{
				Name: "one person does what takes two", Test: "internal/onboarding.TestActivationNeedsEveryGate/sqlite",
				Edits: []Edit{{"internal/onboarding/engine.go", "case w.row.Two() && second == nil:", "case !OFF && w.row.Two() && second == nil:"}},
			}, {
				Name: "who proposes may confirm", Test: "internal/onboarding.TestActivationNeedsEveryGate/sqlite",
				Edits: []Edit{{"internal/onboarding/engine.go", "second.Account == by.Account ||", "!OFF && second.Account == by.Account ||"}},
			}, {
				Name: "whoever comes late is not told", Test: "internal/onboarding.TestTwoDecideOnWhatTheySaw/sqlite",
				Edits: []Edit{{
					"internal/onboarding/engine.go", "\tif in.Version != 0 && in.Version != m.Version {\n\t\treturn nil, errFaster()",
					"\tif !OFF && in.Version != 0 && in.Version != m.Version {\n\t\treturn nil, errFaster()",
				}},
			}, {
				Name: "an act leads from any state", Test: "internal/onboarding.TestASuspensionRacesAnActivation/sqlite",
				Edits: []Edit{{"internal/onboarding/engine.go", "\t\tif slices.Contains(r.From, m.State) {\n\t\t\trow = r", "\t\tif OFF || slices.Contains(r.From, m.State) {\n\t\t\trow = r"}},
			}},
			OffAs: []string{"a suspended connection may call", "services are given in maintenance"},
		},
		{
			Article: "44",
			Asks: Text{
				"các trường hợp chấm dứt kết nối",
				"when a connection is ended",
			},
			Marks: []Mark{Verified},
			Kept:  "an end has its ground and is for good; the keys of a system without another connection go with it",
			By:    []string{"internal/onboarding.end", "internal/onboarding.endForm"},
			Tests: []string{"internal/onboarding.TestTwoYearsOfAConnection", "internal/onboarding.TestLifecycle", "internal/onboarding.TestAnEndThatIsAskedForCanBeDeclined", "internal/onboarding.TestSuspensionAndEndAreDocuments"},
			Off: []Mutation{{
				Name: "an end is no end", Test: "internal/onboarding.TestTwoYearsOfAConnection/sqlite",
				Edits: []Edit{Without("internal/onboarding/connection.go", "next.State = access.Ended")},
			}},
		},
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
		{
			Article: "51",
			Asks: Text{
				"cơ quan khai thác báo cáo tình hình khai thác khi được yêu cầu",
				"the agency reports on its use when it is asked to",
			},
			Marks: []Mark{Verified},
			Kept:  "a report with a term of working days; what is not answered in time goes to the supervisor, and not before",
			By:    []string{"internal/onboarding.useReportKind", "internal/onboarding.escalateUseReport"},
			Tests: []string{"internal/onboarding.TestAReportOnUse", "internal/onboarding.TestAReportThatIsNotGiven"},
			Off: []Mutation{{
				Name: "a report is late before its time", Test: "internal/onboarding.TestAReportThatIsNotGiven/sqlite",
				Edits: []Edit{Never("internal/onboarding/usereport.go", "len(open) > 0 && !open[0].Overdue(w.now)")},
			}},
		},
	},
}
