package compliance

var letters = Law{
	Name: Text{"Công văn của các tỉnh năm 2023", "Provincial letters of 2023"},
	Rows: []Row{
		{
			Asks: Text{
				"nhật ký phía đơn vị khai thác: thời gian, nội dung từng lần tra cứu, địa chỉ máy tính",
				"logs on the user's side: time and content of each look-up, address of the computer",
			},
			Marks: []Mark{Verified},
			Kept:  "`officer.address` and `officer.session` are mandatory on every call (`officer.missing`)",
			By:    []string{"internal/access.judgeOfficer", "internal/access.OfficerMissing"},
			Tests: []string{"internal/access.TestDecide"},
			Off: []Mutation{{
				Name: "no address of a computer is needed", Test: "internal/access.TestDecide",
				Edits: []Edit{Without("internal/access/decide.go", `w.add(OfficerMissing, "officer.address")`)},
			}, {
				Name: "no session is needed", Test: "internal/access.TestDecide",
				Edits: []Edit{Without("internal/access/decide.go", `w.add(OfficerMissing, "officer.session")`)},
			}},
		},
		{
			Asks: Text{
				"quá 10.000 lượt tra cứu thì khoá kết nối; công văn không nêu trong bao lâu và tính theo phạm vi nào",
				"more than 10,000 queries lock the connection; period and scope are not stated",
			},
			Marks: []Mark{Setting},
			Kept:  "limit, window and scope per connection, 10,000 a day by default; lifted only by two people, with cause, measures and decision",
			By:    []string{"internal/access.Admit", "internal/gate.Gate.lock", "internal/onboarding.unlock"},
			Tests: []string{"internal/gate.TestTheCountIsExact", "internal/gate.TestMidnightStartsANewCountAndLiftsNoLock", "internal/onboarding.TestTextsAreNeeded", "e2e.TestAFloodIsLockedAndUnlockedByTwo"},
			Off: []Mutation{{
				Name: "a lock does not hold", Test: "internal/gate.TestMidnightStartsANewCountAndLiftsNoLock/sqlite",
				Edits: []Edit{Without("internal/access/decide.go", "w.add(ConnectionVolume, c.ID)")},
			}},
			OffAs: []string{"one call too many is let through", "the lock is not written"},
		},
		{
			Asks: Text{
				"không tra cứu ngoài mục đích đã đăng ký",
				"no look-up outside the registered purpose",
			},
			Marks: []Mark{Verified},
			Kept:  "procedure and case on every call, checked against grant and agency (`purpose.*`)",
			By:    []string{"internal/access.judgePurpose", "internal/access.PurposeNotGranted"},
			Tests: []string{"internal/access.TestDecide"},
			OffAs: []string{"any procedure will do", "another's case will do"},
		},
		{
			Asks: Text{
				"nhật ký tài khoản: đăng nhập, đăng xuất, thời gian và nội dung từng lần tra cứu, địa chỉ máy tính",
				"logs of accounts: login, logout, time and content of each query and the computer's address; a logout that never came has its true time",
			},
			Marks: []Mark{Verified},
			Kept:  "entries of accounts; a look-up carries its session",
			By:    []string{"internal/identity.Store.closeSession", "internal/identity.Store.timeOut", "internal/identity.EventSessionOpened"},
			Tests: []string{"e2e.TestTheLogIsTheWholeDay", "internal/identity.TestTheSweepTellsTheTrueTime"},
			Off: []Mutation{{
				Name: "a time-out is told with the time of the sweep", Test: "internal/identity.TestTheSweepTellsTheTrueTime/sqlite",
				Edits: []Edit{{
					"internal/identity/session.go", "\tat, why := row.idleUntil, whyIdle\n",
					"\tat, why := row.idleUntil, whyIdle\n\tif OFF {\n\t\tat = tx.Now\n\t}\n",
				}},
			}, {
				Name: "a sign-in has no entry", Test: "e2e.TestTheLogIsTheWholeDay/sqlite",
				Edits: []Edit{First("internal/identity/entry.go", "\tm = maps.Clone(m)\n", "\tif kind == EventSessionOpened {\n\t\treturn nil\n\t}")},
			}},
		},
		{
			Asks: Text{
				"tài khoản chỉ dùng cho nhiệm vụ đã đăng ký, kể cả nhân viên bưu chính công ích",
				"accounts are for registered tasks alone, public-postal staff included",
			},
			Marks: []Mark{Verified},
			Kept:  "kinds and rights; session, account and right bind at the commit",
			By:    []string{"internal/identity.mays", "internal/identity.Store.FindOfficers", "internal/gate.proposal.admitOfficer"},
			Tests: []string{"e2e.TestWhatIsDecidedBindsAtOnce", "e2e.TestDisablingWhileLookUpsRun"},
			Off: []Mutation{{
				Name: "a right taken away holds on", Test: "e2e.TestWhatIsDecidedBindsAtOnce/sqlite",
				Edits: []Edit{Always("internal/access/decide.go", "!r.Officer.Verified || slices.Contains(q.officerGrants, g.ID)")},
			}},
		},
		{
			Asks: Text{
				"ký cam kết bảo đảm an ninh, an toàn thông tin với Bộ Công an trước khi kết nối",
				"an undertaking on security is signed with the Ministry of Public Security before connecting",
			},
			Marks: []Mark{Verified, Setting},
			Kept:  "the text is made from a version of a template and signed by its hash, with a fresh second factor or a digital signature; a new version is signed again by its day",
			By:    []string{"internal/onboarding.fixCommitment", "internal/onboarding.work.addSignature", "internal/onboarding.outdateCommitment"},
			Tests: []string{"internal/onboarding.TestActivationNeedsEveryGate", "internal/onboarding.TestTwoYearsOfAConnection", "internal/onboarding.TestLifecycle"},
			Off: []Mutation{{
				Name: "a text is signed that the signer has not seen", Test: "internal/onboarding.TestAChangeStopsUntilAssessedAgain/sqlite",
				Edits: []Edit{Never("internal/onboarding/commitment.go", `s.Method != "pdf" && s.SHA256 != st.SHA256`)},
			}, {
				Name: "a new version of a text is never to be signed", Test: "internal/onboarding.TestTwoYearsOfAConnection/sqlite",
				Edits: []Edit{Never("internal/onboarding/commitment.go", "!by.IsZero() && (until.IsZero() || by.Before(until))")},
			}},
			OffAs: []string{"an undertaking that has run out does not matter"},
		},
		{
			Asks: Text{
				"hệ thống, phần mềm mới và mọi thay đổi hệ thống, ứng dụng, mã nguồn, chức năng phải báo cáo để kiểm tra; không dùng công cụ chưa được đánh giá",
				"new systems and software and every change of system, application, source code or function are reported to be checked; no tool is used that was not assessed",
			},
			Marks: []Mark{Verified, Setting},
			Kept:  "change reports whose effect holds from the report on; a build or key that was not declared is refused at once",
			By:    []string{"internal/onboarding.changeKind", "internal/onboarding.declareChange", "internal/access.judgeClient"},
			Tests: []string{"e2e.TestTheCausesOf2023", "internal/onboarding.TestAChangeStopsUntilAssessedAgain"},
			OffAs: []string{"a change that was reported stops nothing", "a build that was not declared may be used", "a key that was not declared may be used"},
		},
	},
}
