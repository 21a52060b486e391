package compliance

var circular46 = Law{
	Name: Text{"Thông tư 46/2022/TT-BCA", "Circular 46/2022/TT-BCA"},
	Rows: []Row{
		{
			Article: "6.1",
			Asks: Text{
				"hệ thống thông tin kết nối phải đạt cấp độ 3 trở lên về an toàn hệ thống thông tin",
				"a connecting system is of security level 3 or higher",
			},
			Marks: []Mark{Verified},
			Kept:  "a system of a lower level is not taken in",
			By:    []string{"internal/onboarding.reader.system"},
			Tests: []string{"internal/onboarding.TestWhatIsWrongIsToldWithItsLine"},
			Off: []Mutation{{
				Name: "a system of any level may connect", Test: "internal/onboarding.TestWhatIsWrongIsToldWithItsLine",
				Edits: []Edit{Never("internal/onboarding/file.go", "n == 1 || n == 2")},
			}},
		},
		{
			Article: "6.2, 6.4",
			Asks: Text{
				"an toàn, an ninh mạng được kiểm tra, đánh giá trước khi kết nối và hằng năm",
				"security is checked before connecting and every year",
			},
			Marks: []Mark{Verified},
			Kept:  "each connection has the term of its assessment; outside it calls are refused (`assessment.lapsed`), from that second and at the commit",
			By:    []string{"internal/access.judgeConnection", "internal/access.AssessmentLapsed"},
			Tests: []string{"internal/access.TestDecide", "internal/gate.TestATermEndsWhileTheCallWaits"},
			OffAs: []string{"a lapsed assessment does not matter", "nothing is decided again at the commit"},
		},
		{
			Article: "6.2",
			Asks: Text{
				"hệ thống có thay đổi thì phải kiểm tra, đánh giá lại",
				"a change of the system is checked again",
			},
			Marks: []Mark{Verified},
			Kept:  "a client build or a certificate's key that was not declared is refused (`change.undeclared`)",
			By:    []string{"internal/access.judgeClient", "internal/access.ChangeUndeclared"},
			Tests: []string{"internal/access.TestDecide", "internal/onboarding.TestWhatTheOperatorDoesDeclaresTheKey"},
			OffAs: []string{"a build that was not declared may be used", "a key that was not declared may be used", "a retired key stays declared"},
		},
		{
			Article: "8",
			Asks: Text{
				"hai bên lưu nhật ký kết nối, chia sẻ, khai thác ít nhất 02 năm",
				"both sides keep the log of connection, sharing and exploitation at least two years",
			},
			Marks: []Mark{Verified},
			Kept:  "every answer has its entry, of which nothing is removed; its receipt gives the agency its side",
			By:    []string{"internal/gate.Gate.settle", "internal/ledger.Tx.Append"},
			Tests: []string{"internal/gate.TestLookupIsAnsweredAndRecorded", "internal/gate.TestEveryChangeOfACallShows"},
			Off: []Mutation{{
				Name: "an entry has nothing of who was looked up", Test: "internal/gate.TestLookupIsAnsweredAndRecorded/sqlite",
				Edits: []Edit{{"internal/gate/proposal.go", "\tif p.decision.Allowed() {\n\t\tif err := g.addSubjects", "\tif p.decision.Allowed() && !OFF {\n\t\tif err := g.addSubjects"}},
			}},
			OffAs: []string{"fsck does not compare bodies with leaves"},
		},
	},
}
