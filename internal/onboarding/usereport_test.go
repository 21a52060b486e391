package onboarding

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
)

func (d *desk) askedUse() Values {
	return Values{"from": d.date(-60), "until": d.date(-1), "why": "Số lượt khai thác tăng bất thường", "questions": []string{"Vì sao tăng?"}}
}

var useAnswers = map[string]Values{
	"purposes":       {"purposes": "Kiểm tra thông tin khi tiếp nhận hồ sơ", "storage": "Xoá sau khi trả kết quả"},
	"numbers":        {"procedures": []string{"1.004222; 120; 340"}},
	"officers":       {"accounts": 14, "control": "Rà soát mỗi quý, thu hồi khi chuyển công tác"},
	"irregularities": {"found": "Không"},
}

// The agency reports on its use section by section; the register accepts, or
// asks again.
func TestAReportOnUse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		d := newDesk(t, env)
		bad := d.askedUse()
		bad["until"] = d.date(-61)
		_, err := d.tryBegin(d.operator, KindUseReport, bad)
		d.refused(err, fault.Invalid, "until", "before it begins")
		bad["until"] = d.date(1)
		_, err = d.tryBegin(d.operator, KindUseReport, bad)
		d.refused(err, fault.Invalid, "until", "must be over")
		_, err = d.tryBegin(d.agency, KindUseReport, d.askedUse())
		d.refused(err, fault.Forbidden)

		m := d.begin(d.operator, KindUseReport, d.askedUse())
		// Ten working days from a Monday: the second Monday after.
		d.dueAt(m.ID, TaskUseReport, d.midnight(14))
		if n := d.told.of("usereport.asked"); len(n) != 1 || n[0].Agency != "a" || n[0].Params["due"] != d.date(14) {
			t.Errorf("told: %+v", n)
		}
		for _, line := range []string{"1.004222; 120", "x; 1; 1", "1.004222; -1; 3", "1.004222; a; 3"} {
			_, err := d.Save(d.ctx, d.agency, m.ID, "numbers", Input{Values: mustJSON(Values{"procedures": []string{line}})})
			d.refused(err, fault.Invalid, "procedures")
		}
		_, err = d.Save(d.ctx, d.operator, m.ID, "numbers", Input{Values: mustJSON(useAnswers["numbers"])})
		d.refused(err, fault.Forbidden)
		d.bars(d.agency, m, "submit", nil, fault.Invalid, "purposes.purposes", "numbers.procedures", "officers.accounts", "irregularities.found")
		for s, v := range useAnswers {
			d.save(d.agency, m.ID, s, v)
		}
		d.bars(d.stranger, m, "submit", nil, fault.NotFound)
		d.acts(d.agency, m, "submit", nil, Submitted)
		d.owes(m.ID, TaskUseReportExamine)
		d.days(3)
		d.acts(d.operator, m, "return", nil, Returned)
		d.dueAt(m.ID, TaskUseReport, d.midnight(14))
		d.acts(d.agency, m, "submit", nil, Submitted)
		d.acts(d.operator, m, "accept", nil, Accepted)
		d.owes(m.ID)
		d.entered(EventUseReportAsked, EventUseReportSubmitted, EventUseReportReturned, EventUseReportSubmitted, EventUseReportAccepted)
	})
}

// Who does not answer, or refuses to, is for the supervisor to decide about.
func TestAReportThatIsNotGiven(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		d := newDesk(t, env)
		m := d.begin(d.operator, KindUseReport, d.askedUse())
		d.bars(d.operator, m, "escalate", nil, fault.Conflict, "has until the end of")
		d.goTo(d.midnight(14).Add(-2e9))
		d.bars(d.operator, m, "escalate", nil, fault.Conflict, "has until the end of")
		d.later(4e9)
		d.acts(d.operator, m, "escalate", nil, Asked)
		d.owes(m.ID, TaskUseReport, TaskSuspensionDecide)
		d.bars(d.supervisor, m, "decide-suspension", Values{"decision": "suspended"}, fault.Conflict, "still active")
		d.acts(d.supervisor, m, "decide-suspension", Values{"decision": "declined"}, Asked)
		d.acts(d.agency, m, "refuse", nil, Refused)
		d.owes(m.ID, TaskSuspensionDecide)
		d.bars(d.supervisor, m, "close", nil, fault.Conflict, "has not been decided")
		d.do(d.supervisor, MatterOf(KindConnection, "a.con"), "suspend", Input{Values: mustJSON(Values{"violation": "Không báo cáo", "remedy": "Báo cáo"})})
		d.acts(d.supervisor, m, "decide-suspension", Values{"decision": "suspended"}, Refused)
		d.acts(d.supervisor, m, "close", nil, Closed)
		d.entered(EventUseReportAsked, EventUseReportEscalated, EventSuspensionDecided, EventUseReportRefused, "connection.suspended", EventSuspensionDecided, EventUseReportClosed)

		// An agency that refused may think better of it.
		m = d.begin(d.inspector, KindUseReport, d.askedUse())
		d.acts(d.agency, m, "refuse", nil, Refused)
		for s, v := range useAnswers {
			d.save(d.agency, m.ID, s, v)
		}
		d.acts(d.agency, m, "submit", nil, Submitted)
		d.owes(m.ID, TaskUseReportExamine)

		m = d.begin(d.supervisor, KindUseReport, d.askedUse())
		d.acts(d.supervisor, m, "withdraw", nil, Withdrawn)
		d.owes(m.ID)
	})
}

func (d *desk) breachOf(change Values) Values {
	v := Values{
		"found": d.at(-5 * 3600e9), "where": "agency", "nature": "Tệp kết quả tra cứu bị gửi nhầm địa chỉ", "data": []string{DataIdentity}, "people": 12,
	}
	maps.Copy(v, change)
	return v
}

func (d *desk) phaseOf(change Values) Values {
	v := Values{
		"at": d.at(0), "letter": "77/TB", "time": "Sáng ngày 1/3", "place": "Văn phòng một cửa", "act": "Gửi nhầm thư", "who": "Chưa xác định",
		"data": []string{DataIdentity}, "number": "12 người", "contact": "Trưởng phòng CNTT", "consequences": "Lộ thông tin nhân thân", "measures": "Đã thu hồi thư",
		"documents": []string{"018f0000-0000-7000-8000-000000000003"},
	}
	maps.Copy(v, change)
	return v
}

// A breach at an agency: the 72 hours count from the finding, notices come in
// phases, the file is kept for five years.
func TestABreachHasSeventyTwoHours(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		d := newDesk(t, env)
		found := d.now().Add(-5 * 3600e9).UTC().Truncate(1e9)
		m := d.begin(d.agency, KindBreach, d.breachOf(nil))
		d.owes(m.ID, TaskBreachNotice, TaskBreachMinutes)
		d.dueAt(m.ID, TaskBreachNotice, found.Add(72*3600e9))
		if task := d.tasksOf(m.ID)[TaskBreachNotice]; task.Owner != Agency || task.Agency != "a" {
			t.Errorf("the notice is for %s of %s", task.Owner, task.Agency)
		}
		if n := d.told.of("breach.opened"); len(n) != 2 || n[0].Params["agency"] != "H13" {
			t.Errorf("told: %+v", n)
		}
		d.bars(d.agency, m, "notice", d.phaseOf(Values{"at": d.at(3600e9)}), fault.Invalid, "at", "in the future")
		d.bars(d.agency, m, "notice", d.phaseOf(Values{"at": d.at(-6 * 3600e9)}), fault.Invalid, "before the breach was found")
		d.bars(d.supervisor, m, "close", Values{"cause": "Nhập sai địa chỉ người nhận", "learned": "Kiểm tra hai người trước khi gửi"}, fault.Conflict)
		d.goTo(found.Add(72*3600e9 + 1e9))
		d.bars(d.agency, m, "notice", d.phaseOf(nil), fault.Invalid, "late", "say why")
		// Sent in time, recorded later: it is not late.
		d.acts(d.agency, m, "notice", d.phaseOf(Values{"at": d.at(-10e9), "more": true}), Notified)
		d.owes(m.ID, TaskBreachMinutes, TaskBreachComplete)
		ending := Values{"cause": "Nhập sai địa chỉ người nhận", "learned": "Kiểm tra hai người trước khi gửi"}
		d.bars(d.supervisor, m, "close", ending, fault.Conflict, "last phase")
		// The second phase shows that biometrics were among it.
		d.acts(d.supervisor, m, "notice", d.phaseOf(Values{"data": []string{DataIdentity, DataBiometrics}}), Notified)
		d.owes(m.ID, TaskBreachMinutes, TaskBreachSubjects)
		d.bars(d.supervisor, m, "close", ending, fault.Conflict, "minutes")
		d.bars(d.agency, m, "minutes", Values{"at": d.date(1), "text": "Xác nhận việc gửi nhầm thư", "documents": []string{"018f0000-0000-7000-8000-000000000003"}}, fault.Invalid, "future")
		d.acts(d.agency, m, "minutes", Values{"at": d.date(0), "text": "Xác nhận việc gửi nhầm thư", "documents": []string{"018f0000-0000-7000-8000-000000000003"}}, Notified)
		d.bars(d.supervisor, m, "close", ending, fault.Conflict, "subjects were told")
		d.bars(d.agency, m, "tell", Values{"at": d.at(3600e9), "how": "Thư", "number": 12}, fault.Invalid, "future")
		d.acts(d.agency, m, "tell", Values{"at": d.at(0), "how": "Thư", "number": 12}, Notified)
		d.acts(d.supervisor, m, "close", ending, Closed)
		d.owes(m.ID)
		var keep string
		if _, err := d.matterNow(m.ID).read("keepUntil", &keep); err != nil || keep < d.now().AddDate(5, 0, 0).UTC().Format("2006-01-02") {
			t.Errorf("kept until %s, %v", keep, err)
		}
		var phases []phase
		if _, err := d.matterNow(m.ID).read("notices", &phases); err != nil || len(phases) != 2 || phases[0].Late || !phases[0].More || phases[1].Number != 2 {
			t.Errorf("phases: %+v, %v", phases, err)
		}
		d.entered(EventBreachOpened, EventBreachNotified, EventBreachNotified, EventBreachMinuted, EventBreachTold, EventBreachClosed)
	})
}

// A breach at the register is the register's to notify.
func TestABreachAtTheRegister(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		d := newDesk(t, env)
		open := func(by Person, v Values) error {
			_, err := d.Open(d.ctx, by, KindBreach, About{}, Input{Values: mustJSON(v)})
			return err
		}
		d.refused(open(d.agency, d.breachOf(Values{"where": "register"})), fault.Invalid, "report an incident")
		d.refused(open(d.operator, d.breachOf(nil)), fault.Invalid, "which agency")
		d.refused(open(d.operator, d.breachOf(Values{"found": d.at(3600e9)})), fault.Invalid, "found", "future")
		d.refused(open(d.operator, d.breachOf(Values{"found": "2019-01-01T00:00"})), fault.Invalid, "found", "5 years")
		m := d.begin(d.inspector, KindBreach, d.breachOf(Values{"where": "register", "data": []string{DataLocation}}))
		d.owes(m.ID, TaskBreachNoticeOwn, TaskBreachSubjectsOwn, TaskBreachMinutes)
		d.dueAt(m.ID, TaskBreachSubjectsOwn, d.tasksOf(m.ID)[TaskBreachNoticeOwn].Due)
		d.bars(d.agency, m, "notice", d.phaseOf(nil), fault.Forbidden, "at the register")
		d.bars(d.agency, m, "tell", Values{"at": d.at(0), "how": "Thư", "number": 12}, fault.Forbidden)
		d.days(4)
		d.acts(d.supervisor, m, "notice", d.phaseOf(Values{"late": "Phải xác minh với nhà cung cấp"}), Notified)
		d.bars(d.supervisor, m, "dismiss", nil, fault.Conflict)
		m = d.begin(d.operator, KindBreach, d.breachOf(Values{"where": "register"}))
		d.acts(d.supervisor, m, "dismiss", nil, Dismissed)
		if !slices.Contains(slices.Collect(maps.Keys(d.matterNow(m.ID).sections())), "keepUntil") {
			t.Error("a dismissed breach has no time for which it is kept")
		}
		// What must be told is a setting.
		d.set.TellSubjects = []string{DataContact}
		m = d.begin(d.agency, KindBreach, d.breachOf(Values{"data": []string{DataBiometrics}}))
		d.owes(m.ID, TaskBreachNotice, TaskBreachMinutes)
		if !json.Valid(d.matterNow(m.ID).Doc) {
			t.Error("no JSON")
		}
	})
}
