package compliance

var accounts = Law{
	Name: Text{"QCVN 12:2026/BCA", "QCVN 12:2026/BCA"},
	Rows: []Row{
		{
			Article: "3.7.2",
			Asks: Text{
				"mỗi người một tài khoản; đổi mật khẩu lần đầu; khoá sau tối đa 5 lần sai; hết phiên khi không thao tác 15 phút (quản trị 5 phút); 45 ngày không dùng thì vô hiệu; rà soát hằng quý",
				"one account, one person; first password changed; lockout after at most 5 failures; idle at most 15 minutes (administrators 5); 45 days unused disables; list reviewed quarterly",
			},
			Marks: []Mark{Verified, Setting},
			Kept:  "settings that may be stricter and not laxer",
			By:    []string{"internal/identity.Settings.Check", "internal/identity.Store.admits", "internal/identity.over", "internal/identity.Store.sweepAccounts", "internal/identity.Store.ReviewsDue"},
			Tests: []string{
				"internal/identity.TestFirstSignInAndEverydayOnes", "internal/identity.TestLockoutOnBothSides", "internal/identity.TestTimeOutsOnBothSides",
				"internal/identity.TestInactivityOnBothSides", "internal/identity.TestReviews", "internal/identity.TestSettingsAreNotLaxer",
			},
			Off: []Mutation{{
				Name: "guesses are without end", Test: "internal/identity.TestLockoutOnBothSides/sqlite",
				Edits: []Edit{{"internal/identity/attempt.go", "\t\ta.failures++\n", "\t\tif !OFF {\n\t\t\ta.failures++\n\t\t}\n"}},
			}, {
				Name: "a session left alone goes on", Test: "internal/identity.TestTimeOutsOnBothSides/sqlite",
				Edits: []Edit{{"internal/identity/actor.go", "case !now.Before(r.idleUntil), !now.Before(r.endsBy):", "case !OFF && !now.Before(r.idleUntil), !now.Before(r.endsBy):"}},
			}, {
				Name: "an unused account stays", Test: "internal/identity.TestInactivityOnBothSides/sqlite",
				Edits: []Edit{First("internal/identity/sweep.go", "\trows, err := idleAccounts(ctx, s.main, now.Add(-s.rules().Inactive), sweepBatch)\n", "\treturn nil")},
			}, {
				Name: "reviews are never due", Test: "internal/identity.TestReviews/sqlite",
				Edits: []Edit{{"internal/identity/review.go", "d.Overdue = !now.Before(d.Due)", "d.Overdue = !OFF && !now.Before(d.Due)"}},
			}, {
				Name: "settings may be laxer than the rules", Test: "internal/identity.TestSettingsAreNotLaxer",
				Edits: []Edit{{
					"internal/identity/settings.go", "func (set *Settings) Check() error {\n",
					"func (set *Settings) Check() error {\n\tif OFF {\n\t\treturn nil\n\t}\n",
				}},
			}},
		},
		{
			Article: "3.7.2.4",
			Asks: Text{
				"ghi nhật ký đăng nhập, đăng xuất, đăng nhập sai, khoá, mở khoá, tạo, sửa, xoá tài khoản, thay đổi quyền",
				"login, logout, failed login, lock, unlock, creation, change and deletion of accounts, change of rights are logged",
			},
			Marks: []Mark{Verified},
			Kept:  "one transaction with its entry, or nothing happens",
			By:    []string{"internal/identity.acting.entry", "internal/identity.EventAccountCreated", "internal/ledger.Log.Write"},
			Tests: []string{"internal/identity.TestEntriesAreFound", "internal/identity.TestNoEntryNoAct"},
			Off: []Mutation{{
				Name: "an account is disabled without an entry", Test: "internal/identity.TestEntriesAreFound/sqlite",
				Edits: []Edit{First("internal/identity/entry.go", "\tactor := w.actor()\n\t// Without an officer part", "\tif kind == EventAccountDisabled {\n\t\treturn nil\n\t}")},
			}},
		},
		{
			Article: "3.9.2",
			Asks: Text{
				"ghi lại người đã xem hoặc trích xuất nhật ký",
				"who viewed or exported the log is logged",
			},
			Marks: []Mark{Verified},
			Kept:  "every reading in the console is an entry (G7)",
			By:    []string{"internal/ledger.Log.Search", "internal/ledger.Reader"},
			Tests: []string{"internal/console.TestEveryReadingIsAnEntry"},
			Off: []Mutation{{
				Name: "a search has no entry", Test: "internal/console.TestEveryReadingIsAnEntry",
				Edits: []Edit{First("internal/ledger/search.go", "\tif res.Entry, err = l.tell(ctx, \"log.search\", reader, members, people); err != nil {\n", "\treturn res, nil")},
			}},
		},
	},
}
