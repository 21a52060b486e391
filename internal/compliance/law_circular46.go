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
			Kept:  "a system of a lower level is not taken in, and without the approved dossier of its level nobody can activate its connection",
			By:    []string{"internal/onboarding.reader.system", "internal/onboarding.levelSection", "internal/onboarding.gateLevel"},
			Tests: []string{"internal/onboarding.TestWhatIsWrongIsToldWithItsLine", "internal/onboarding.TestActivationNeedsEveryGate", "internal/onboarding.TestLifecycle"},
			Off: []Mutation{{
				Name: "a system of any level may connect", Test: "internal/onboarding.TestWhatIsWrongIsToldWithItsLine",
				Edits: []Edit{Never("internal/onboarding/file.go", "n == 1 || n == 2")},
			}, {
				Name: "no dossier of the level is needed", Test: "internal/onboarding.TestActivationNeedsEveryGate/level",
				Edits: []Edit{Always("internal/onboarding/activation.go", `len(problems) == 0 && !v.date("approved").After(g.now)`)},
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
			By:    []string{"internal/access.judgeConnection", "internal/access.AssessmentLapsed", "internal/onboarding.gateAssessment", "internal/onboarding.concludeAssessment", "internal/onboarding.certify"},
			Tests: []string{
				"internal/access.TestDecide", "internal/gate.TestATermEndsWhileTheCallWaits",
				"internal/onboarding.TestActivationNeedsEveryGate", "internal/onboarding.TestTwoYearsOfAConnection", "internal/onboarding.TestLifecycle",
			},
			Off: []Mutation{{
				Name: "a connection is activated without an assessment", Test: "internal/onboarding.TestActivationNeedsEveryGate/assessment",
				Edits: []Edit{Always("internal/onboarding/activation.go", "!g.now.Before(c.AssessedFrom) && g.now.Before(c.AssessedUntil)")},
			}, {
				Name: "what was found in an assessment needs no correction", Test: "internal/onboarding.TestAChangeStopsUntilAssessedAgain/sqlite",
				Edits: []Edit{{"internal/onboarding/assessment.go", "if w.to = Passed; len(found) > 0 {", "if w.to = Passed; !OFF && len(found) > 0 {"}},
			}, {
				Name: "conditions that are not met do not hold an activation up", Test: "internal/onboarding.TestActivationNeedsEveryGate/undertaking",
				Edits: []Edit{Never("internal/onboarding/activation.go", "len(r.Fields) > 0")},
			}},
			OffAs: []string{"a lapsed assessment does not matter", "nothing is decided again at the commit"},
		},
		{
			Article: "6.2",
			Asks: Text{
				"hệ thống có thay đổi thì phải kiểm tra, đánh giá lại",
				"a change of the system is checked again",
			},
			Marks: []Mark{Verified},
			Kept:  "a client build or a certificate's key that was not declared is refused (`change.undeclared`) and opens an incident; a reported change stops the connection, or lets it run to a day, until it was assessed again, by a table of rules",
			By:    []string{"internal/access.judgeClient", "internal/access.ChangeUndeclared", "internal/onboarding.declareChange", "internal/onboarding.Onboarding.SeeSignals"},
			Tests: []string{
				"internal/access.TestDecide", "internal/onboarding.TestWhatTheOperatorDoesDeclaresTheKey", "internal/onboarding.TestAChangeStopsUntilAssessedAgain",
				"internal/onboarding.TestTwoYearsOfAConnection", "internal/onboarding.TestAnUndeclaredChangeOpensOneIncident", "e2e.TestTheCausesOf2023",
			},
			Off: []Mutation{{
				Name: "a change that was reported stops nothing", Test: "internal/onboarding.TestAChangeStopsUntilAssessedAgain/sqlite",
				Edits: []Edit{Without("internal/onboarding/change.go", "w.lapse(e.Until)")},
			}, {
				Name: "an undeclared change opens no incident", Test: "internal/onboarding.TestAnUndeclaredChangeOpensOneIncident/sqlite",
				Edits: []Edit{Never("internal/onboarding/seen.go", "len(owner.Builds) > 0 && !slices.Contains(owner.Builds, u.Build)")},
			}},
			OffAs: []string{"a build that was not declared may be used", "a key that was not declared may be used", "a retired key stays declared"},
		},
		{
			Article: "6.3",
			Asks: Text{
				"hệ thống của Bộ Quốc phòng do đơn vị của Bộ Quốc phòng kiểm tra, đánh giá",
				"the Ministry of Defence's systems are checked by its own units",
			},
			Marks: []Mark{Verified},
			Kept:  "a track of its own, which its systems must take and no others may",
			By:    []string{"internal/onboarding.openAssessment", "internal/onboarding/catalogue.Track.Defence"},
			Tests: []string{"internal/onboarding.TestDefenceIsAssessedByItsOwn"},
			Off: []Mutation{{
				Name: "anybody assesses the Ministry of Defence's systems", Test: "internal/onboarding.TestDefenceIsAssessedByItsOwn/sqlite",
				Edits: []Edit{Never("internal/onboarding/assessment.go", "defence && !track.Defence && !track.Exempt")},
			}, {
				Name: "anybody may take the Ministry of Defence's track", Test: "internal/onboarding.TestDefenceIsAssessedByItsOwn/sqlite",
				Edits: []Edit{Never("internal/onboarding/assessment.go", "track.Defence && !defence")},
			}},
		},
		{
			Article: "6.4",
			Asks: Text{
				"các trường hợp được miễn kiểm tra; chứng nhận không quá một năm",
				"what exempts from the check; a certificate at most a year old",
			},
			Marks: []Mark{Verified, Setting},
			Kept:  "tracks of the catalogue, each with its evidence and its end; a certificate stands a year at most",
			By:    []string{"internal/onboarding.exempt", "internal/onboarding.certify"},
			Tests: []string{"internal/onboarding.TestAnExemptionHasEvidenceAndAnEnd", "internal/onboarding.TestTwoYearsOfAConnection"},
			Off: []Mutation{{
				Name: "evidence of any age exempts", Test: "internal/onboarding.TestAnExemptionHasEvidenceAndAnEnd/sqlite",
				Edits: []Edit{Never("internal/onboarding/assessment.go", "date.After(w.now) || !until.After(w.now)")},
			}, {
				Name: "any assessment can be an exemption", Test: "internal/onboarding.TestAnExemptionHasEvidenceAndAnEnd/sqlite",
				Edits: []Edit{{"internal/onboarding/assessment.go", "\tif !track.Exempt {\n", "\tif !OFF && !track.Exempt {\n"}},
			}},
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
		{
			Article: "9.1",
			Asks: Text{
				"cơ quan kết nối xây dựng hướng dẫn sử dụng dịch vụ khai thác của mình",
				"each connecting agency writes a user guide of its own exploitation service",
			},
			Marks: []Mark{Verified},
			Kept:  "guides in versions that are only added, in the program and of each agency's own, which its own people alone read",
			By:    []string{"internal/manual.Store.Publish", "internal/manual.NewShelf"},
			Tests: []string{"internal/manual.TestVersionsAreOnlyAdded", "internal/console.TestAnAgencysGuide"},
			Off: []Mutation{{
				Name: "a version is published on top of one that nobody saw", Test: "internal/manual.TestVersionsAreOnlyAdded/sqlite",
				Edits: []Edit{Never("internal/manual/manual.go", "last != seen")},
			}},
		},
	},
}
