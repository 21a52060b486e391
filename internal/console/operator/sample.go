package operator

import (
	"time"

	"github.com/a-h/templ"

	"dancu/internal/access"
	"dancu/internal/console/i18n"
	"dancu/internal/console/life"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/identity"
	"dancu/internal/onboarding"
)

// Samples are the pages of this package with made-up data.
func Samples() []site.Sample {
	return []site.Sample{
		{Name: "acts", Kind: identity.Administrator, Path: "/acts", Title: i18n.ActsTitle, Draw: func(p ui.Page) templ.Component {
			at := site.SampleTime
			admin := access.Text{VI: "Tạo tài khoản quản trị CSDL", EN: "New register administrator"}
			unlock := access.Text{VI: "Mở khoá kết nối", EN: "Unlock a connection"}
			text := func(vi, en string) access.Text { return access.Text{VI: vi, EN: en} }
			one := func(id string, title access.Text, state identity.ProposalState, by, reason string, age, left time.Duration) identity.Listed {
				return identity.Listed{
					Proposal: identity.Proposal{ID: id, Act: identity.TwoPersonAct{Reason: reason}, State: state, ByCode: by, Created: at.Add(-age), Expires: at.Add(left)},
					Title:    title, Confirmers: []identity.Kind{identity.Administrator},
				}
			}
			const day = 24 * time.Hour
			list := []identity.Listed{
				one("a", admin, identity.Proposed, "QT-0001", "Bổ sung quản trị theo Công văn số 15/MAU", time.Hour, 71*time.Hour),
				one("b", unlock, identity.Proposed, "QT-0002", "Đã rà soát lưu lượng, nguyên nhân do lỗi lặp", 2*time.Hour, 70*time.Hour),
				one("c", unlock, identity.Declined, "QT-0002", "Yêu cầu qua điện thoại", 4*day, -day),
				one("d", unlock, identity.Failed, "QT-0002", "Đã khắc phục theo Công văn số 9/MAU", 5*day, -2*day),
				one("e", admin, identity.Executed, "QT-0001", "Thay người nghỉ chế độ", 9*day, -6*day),
			}
			list[0].MayConfirm = true
			list[0].Shown = identity.Shown{
				About:   text("Hoàng Văn Mẫu · hoang.van.mau", "Hoàng Văn Mẫu · hoang.van.mau"),
				Details: []identity.Detail{{Label: text("Mã trong nhật ký", "Code in the log"), Value: text("QT-0003", "QT-0003")}},
			}
			list[1].Own, list[1].Confirmers = true, []identity.Kind{identity.Supervisor}
			list[1].Shown = identity.Shown{About: text("Ngân hàng Mẫu: Xác minh khách hàng", "Sample Bank: Customer verification"), Path: "/operator/connections/c-bank"}
			list[2].Note = "Chưa xác minh được người yêu cầu"
			list[3].Failure = text("Kết nối đã chấm dứt.", "The connection has ended.")
			kinds := []identity.ActKind{{Kind: "account.new-administrator", Title: admin}, {Kind: "connection.unlock", Title: unlock}}
			return listPage(newListView(p, kinds, true, identity.ProposalFilter{}, list, "e"))
		}},
		{Name: "acts-propose", Kind: identity.Administrator, Path: "/acts/administrator", Title: i18n.PeopleAdminPropose, Draw: func(p ui.Page) templ.Component {
			return proposePage(newProposeView(p))
		}},
		{Name: "acts-secret", Kind: identity.Administrator, Path: "/acts", Title: i18n.ActsSecretTitle, Draw: func(p ui.Page) templ.Component {
			p.Lead = p.Lang.T(i18n.IssuedLead)
			return secretPage(secretView{Page: p, Secret: "mau-4K7Q-9TZX-2MNP"})
		}},
		{Name: "today", Kind: identity.Supervisor, Path: "/operator", Title: i18n.OpToday, Draw: func(p ui.Page) templ.Component {
			return todayPage(newTodayView(p, sampleToday(onboarding.Supervisor)))
		}},
		{Name: "today-behind", Kind: identity.Administrator, Path: "/operator", Title: i18n.OpToday, Draw: func(p ui.Page) templ.Component {
			t := sampleToday("")
			t.hasUsual, t.lines, t.codes, t.marks = false, nil, nil, nil
			t.health.Ready, t.health.Covered, t.health.Checkpoint, t.health.Check, t.health.Room = false, 12, 0, nil, RoomOut
			return todayPage(newTodayView(p, t))
		}},
		{Name: "connections", Kind: identity.Onboarder, Path: "/operator/connections", Title: i18n.OpConnections, Draw: func(p ui.Page) templ.Component {
			dir, lines := sampleLines()
			return connectionsPage(newConnectionsView(p, query{}, dir, lines, site.SampleTime))
		}},
		{Name: "connections-none", Kind: identity.Support, Path: "/operator/connections", Title: i18n.OpConnections, Draw: func(p ui.Page) templ.Component {
			dir, lines := sampleLines()
			return connectionsPage(newConnectionsView(p, query{words: "khong co", within: 30, use: 80, sort: byEnd}, dir, lines, site.SampleTime))
		}},
		{Name: "connection", Kind: identity.Supervisor, Path: "/operator/connections/mot-cua", Title: i18n.OpConnection, Draw: func(p ui.Page) templ.Component {
			return onePage(newOneView(p, sampleOne()))
		}},
		{Name: "queue", Kind: identity.Onboarder, Path: "/operator/queues/requests", Title: i18n.OpQueues, Draw: func(p ui.Page) templ.Component {
			list, tally := life.SampleTasks()
			dir, _ := sampleLines()
			return queuePage(newQueueView(p, queueQuery{q: &queues[0]}, list, tally, dir))
		}},
		{Name: "queue-empty", Kind: identity.Inspector, Path: "/operator/queues/inspections", Title: i18n.OpQueues, Draw: func(p ui.Page) templ.Component {
			dir, _ := sampleLines()
			return queuePage(newQueueView(p, queueQuery{q: &queues[3], owner: mine, late: "1"}, onboarding.TaskList{Now: site.SampleTime}, nil, dir))
		}},
		{Name: "inspections", Kind: identity.Inspector, Path: "/operator/queues/inspections/calendar", Title: i18n.OpCalendar, Draw: func(p ui.Page) templ.Component {
			list, _ := life.SampleTasks()
			dir, _ := sampleLines()
			list.Tasks = list.Tasks[:2]
			working := func(d access.Date) bool {
				day := time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, access.Zone).Weekday()
				return day != time.Saturday && day != time.Sunday
			}
			return calendarPage(newCalendarView(p, access.Month.Start(site.SampleTime), site.SampleTime, sampleInspections(), list, dir, working))
		}},
	}
}
