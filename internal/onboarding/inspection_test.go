package onboarding

import (
	"context"
	"maps"
	"testing"
	"time"

	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
	"dancu/internal/ledger"
)

func (d *desk) inspectionOf(change Values) Values {
	v := Values{
		"kind": "periodic", "number": "12/KH-C06", "approved": d.date(0), "authority": "Cục C06", "scope": "Năm nhóm nội dung của khoản 2 Điều 6",
		"lead": "Trần Thị B", "from": d.date(12), "until": d.date(14), "documents": []string{"018f0000-0000-7000-8000-000000000001"},
	}
	maps.Copy(v, change)
	return v
}

var someResults = Values{"configuration": "Đã kiểm tra 12 máy chủ", "summary": "Nhìn chung đáp ứng yêu cầu", "findings": []string{"Chưa bật nhật ký máy chủ web"}}

// A yearly inspection from its plan to its end: plan and conclusion have their
// clocks, the agency comments, findings are followed up.
func TestAnInspectionFromItsPlanToItsEnd(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		d := newDesk(t, env)
		m := d.begin(d.inspector, KindInspection, d.inspectionOf(nil))
		d.owes(m.ID, TaskInspectionAnnounce)
		d.dueAt(m.ID, TaskInspectionAnnounce, d.midnight(10))
		// The agency does not know yet.
		if _, err := d.See(d.ctx, d.agency, m.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("the agency sees a plan: %v", err)
		}
		list, err := d.List(d.ctx, d.agency, Filter{Kind: KindInspection})
		d.must(err)
		if len(list.Matters) != 0 {
			t.Errorf("the agency is listed a plan: %+v", list.Matters[0])
		}
		see, err := d.See(d.ctx, d.agency, MatterOf(KindConnection, "a.con"))
		d.must(err)
		if len(see.Related) != 0 {
			t.Errorf("a plan is related to the connection: %+v", see.Related[0])
		}
		d.bars(d.agency, m, "comment", Values{"agrees": "yes"}, fault.NotFound)
		d.bars(d.operator, m, "announce", nil, fault.Forbidden, "inspector")

		d.acts(d.inspector, m, "replan", d.inspectionOf(Values{"from": d.date(9), "until": d.date(9)}), Planned)
		d.bars(d.inspector, m, "announce", nil, fault.Conflict, "had to be sent before", "move its beginning")
		d.acts(d.inspector, m, "replan", d.inspectionOf(Values{"from": d.date(11), "until": d.date(12)}), Planned)
		d.acts(d.inspector, m, "announce", Values{"letter": "30/CV"}, Announced)
		d.owes(m.ID)
		if n := d.told.of("inspection.announced"); len(n) != 1 || n[0].Agency != "a" || n[0].Params["inspection"] != "planned" || n[0].Params["connection"] != "a.con" {
			t.Errorf("told: %+v", n)
		}
		d.bars(d.inspector, m, "start", Values{"started": d.date(1)}, fault.Invalid, "started", "in the future")
		d.bars(d.inspector, m, "start", Values{"started": d.date(0)}, fault.Invalid, "cannot begin before", "as announced")
		d.days(11)
		d.acts(d.inspector, m, "start", Values{"started": d.date(0)}, Ongoing)
		d.save(d.inspector, m.ID, "results", Values{"summary": "Nhìn chung đáp ứng yêu cầu"})
		// Nor does it see what is being written.
		see, err = d.See(d.ctx, d.agency, m.ID)
		d.must(err)
		if _, there := see.Matter.sections()["results"]; there || see.Done[0].Act != "start" {
			t.Errorf("the agency sees results that are being written: %s", see.Matter.Doc)
		}
		d.bars(d.inspector, m, "draft", nil, fault.Conflict, "record first when")
		d.bars(d.inspector, m, "leave", Values{"ended": d.date(1)}, fault.Invalid, "in the future")
		d.bars(d.inspector, m, "leave", Values{"ended": d.date(-1)}, fault.Invalid, "before it began")
		d.days(1)
		d.acts(d.inspector, m, "leave", Values{"ended": d.date(0)}, Ongoing)
		d.dueAt(m.ID, TaskInspectionConclude, d.midnight(30))
		d.bars(d.inspector, m, "draft", nil, fault.Invalid, "results.configuration", "at least one item")
		d.save(d.inspector, m.ID, "results", someResults)
		d.acts(d.inspector, m, "draft", nil, Reported)
		d.owes(m.ID, TaskInspectionComment, TaskInspectionConclude)
		d.dueAt(m.ID, TaskInspectionComment, d.midnight(5))
		if n := d.told.of("inspection.report"); len(n) != 1 || n[0].Params["due"] != d.date(5) {
			t.Errorf("told: %+v", n)
		}
		conclusion := Values{"number": "45/KL-C06", "text": "Cơ quan khắc phục trước ngày 30/4", "assess": true, "documents": []string{"018f0000-0000-7000-8000-000000000002"}}
		d.bars(d.inspector, m, "conclude", conclusion, fault.Conflict, "may comment until")
		d.bars(d.agency, m, "comment", Values{"agrees": "no"}, fault.Invalid, "what you do not agree with")
		d.acts(d.agency, m, "comment", Values{"agrees": "no", "text": "Nhật ký đã bật từ tháng trước"}, Reported)
		d.acts(d.inspector, m, "conclude", conclusion, Concluded)
		d.owes(m.ID, TaskInspectionFollowUp)
		ordered, err := selectMatters(d.ctx, d.main, matterQuery{kind: string(KindAssessment), parent: m.ID, limit: 2})
		d.must(err)
		if len(ordered) != 1 || ordered[0].System != "a.sys" {
			t.Errorf("ordered: %+v", ordered)
		}
		d.bars(d.inspector, m, "close", Values{"result": "Đã kiểm tra lại"}, fault.Conflict, "has not been reported")
		d.acts(d.agency, m, "follow-up", Values{"measures": "Đã bật nhật ký trên mọi máy chủ"}, FollowedUp)
		d.owes(m.ID, TaskInspectionCheck)
		d.acts(d.inspector, m, "return", nil, Concluded)
		d.acts(d.agency, m, "follow-up", Values{"measures": "Đã bật nhật ký trên cả máy chủ dự phòng"}, FollowedUp)
		d.acts(d.inspector, m, "close", Values{"result": "Đã kiểm tra lại, đạt"}, Closed)
		d.owes(m.ID)
		d.entered(EventInspectionPlanned, EventInspectionReplanned, EventInspectionReplanned, EventInspectionAnnounced, EventInspectionStarted,
			EventInspectionLeft, EventInspectionDrafted, EventInspectionCommented, EventInspectionConcluded, EventAssessmentOrdered, EventInspectionFollowedUp,
			EventInspectionReturned, EventInspectionFollowedUp, EventInspectionClosed)
	})
}

// An unscheduled inspection needs its ground and no time of notice; without a
// finding it ends with its conclusion.
func TestAnUnscheduledInspection(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		d := newDesk(t, env)
		for name, c := range map[string]struct {
			change Values
			words  []string
		}{
			"no ground":   {Values{"kind": "unscheduled"}, []string{"ground", "why it is unscheduled"}},
			"future":      {Values{"approved": d.date(1)}, []string{"approved", "in the future"}},
			"old":         {Values{"approved": d.date(-2000)}, []string{"approved", "5 years"}},
			"before":      {Values{"from": d.date(-1)}, []string{"from", "before it was approved"}},
			"backwards":   {Values{"until": d.date(11)}, []string{"until", "before it begins"}},
			"over":        {Values{"approved": d.date(-9), "from": d.date(-4), "until": d.date(-1)}, []string{"until", "is over"}},
			"no document": {Values{"documents": nil}, []string{"documents", "required"}},
		} {
			_, err := d.tryBegin(d.inspector, KindInspection, d.inspectionOf(c.change))
			t.Log(name)
			d.refused(err, fault.Invalid, c.words...)
		}
		_, err := d.tryBegin(d.operator, KindInspection, d.inspectionOf(nil))
		d.refused(err, fault.Forbidden)
		_, err = d.Open(d.ctx, d.inspector, KindInspection, About{System: "a.sys"}, Input{Values: mustJSON(d.inspectionOf(nil))})
		d.refused(err, fault.Invalid, "which connection")

		m := d.begin(d.inspector, KindInspection, d.inspectionOf(Values{"kind": "unscheduled", "ground": "Số lượt tăng bất thường", "from": d.date(0), "until": d.date(1)}))
		d.dueAt(m.ID, TaskInspectionAnnounce, time.Time{})
		d.acts(d.inspector, m, "announce", nil, Announced)
		d.acts(d.inspector, m, "start", Values{"started": d.date(0)}, Ongoing)
		d.acts(d.inspector, m, "propose-suspension", nil, Ongoing)
		d.acts(d.inspector, m, "leave", Values{"ended": d.date(0)}, Ongoing)
		d.save(d.inspector, m.ID, "results", Values{"use": "Khai thác đúng mục đích", "summary": "Không có tồn tại phải khắc phục"})
		d.acts(d.inspector, m, "draft", nil, Reported)
		d.bars(d.supervisor, m, "decide-suspension", Values{"decision": "suspended"}, fault.Conflict, "suspend it on its own page")
		d.acts(d.supervisor, m, "decide-suspension", Values{"decision": "declined"}, Reported)
		// Nobody comments: the time for it ends, and not before.
		d.goTo(d.midnight(5).Add(-time.Second))
		conclusion := Values{"number": "46/KL-C06", "text": "Không có kiến nghị gì thêm", "documents": []string{"018f0000-0000-7000-8000-000000000002"}}
		d.bars(d.inspector, m, "conclude", conclusion, fault.Conflict, "may comment until")
		d.later(2 * time.Second)
		d.acts(d.inspector, m, "conclude", conclusion, Closed)
		d.owes(m.ID)

		// One whose suspension is proposed waits for that, and is not closed before.
		m = d.begin(d.inspector, KindInspection, d.inspectionOf(Values{"kind": "unscheduled", "ground": "Phản ánh của công dân", "from": d.date(0), "until": d.date(1)}))
		d.acts(d.inspector, m, "announce", nil, Announced)
		d.acts(d.inspector, m, "start", Values{"started": d.date(0)}, Ongoing)
		d.acts(d.inspector, m, "leave", Values{"ended": d.date(0)}, Ongoing)
		d.save(d.inspector, m.ID, "results", Values{"use": "Khai thác sai mục đích", "summary": "Có vi phạm nghiêm trọng"})
		d.acts(d.inspector, m, "draft", nil, Reported)
		d.acts(d.agency, m, "comment", Values{"agrees": "yes"}, Reported)
		conclusion["suspend"] = "Khai thác sai mục đích"
		d.acts(d.inspector, m, "conclude", conclusion, Concluded)
		d.owes(m.ID, TaskSuspensionDecide)
		d.bars(d.inspector, m, "close", Values{"result": "Đã kiểm tra lại"}, fault.Conflict, "has not been decided")
		d.do(d.supervisor, MatterOf(KindConnection, "a.con"), "suspend", Input{Values: mustJSON(Values{"violation": "Sai mục đích", "remedy": "Báo cáo giải trình"})})
		d.acts(d.supervisor, m, "decide-suspension", Values{"decision": "suspended"}, Concluded)
		d.acts(d.inspector, m, "close", Values{"result": "Kết nối đã tạm ngừng"}, Closed)
	})
}

func TestAnInspectionIsCancelled(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		d := newDesk(t, env)
		m := d.begin(d.inspector, KindInspection, d.inspectionOf(nil))
		d.acts(d.inspector, m, "cancel", nil, Cancelled)
		if len(d.told.of("inspection.cancelled")) != 0 {
			t.Error("the agency is told of what it never knew")
		}
		m = d.begin(d.inspector, KindInspection, d.inspectionOf(nil))
		d.days(20)
		d.bars(d.inspector, m, "announce", nil, fault.Conflict, "change the plan first")
		d.acts(d.inspector, m, "replan", d.inspectionOf(Values{"approved": d.date(-15)}), Planned)
		d.acts(d.inspector, m, "announce", nil, Announced)
		d.acts(d.inspector, m, "cancel", nil, Cancelled)
		if len(d.told.of("inspection.cancelled")) != 1 {
			t.Error("the agency is not told")
		}
		d.entered(EventInspectionAnnounced, EventInspectionCancelled)
	})
}

// What is done about a connection is found under it and under its agency.
func TestEntriesAreFoundByConnectionAndAgency(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		d := newDesk(t, env)
		d.begin(d.inspector, KindInspection, d.inspectionOf(nil))
		d.begin(d.operator, KindUseReport, d.askedUse())
		d.begin(d.operator, KindBreach, d.breachOf(nil))
		d.begin(d.agency, KindIncident, d.incidentOf(nil))
		done := make(chan error, 1)
		ctx, stop := context.WithCancel(t.Context())
		go func() { done <- d.log.Run(ctx) }()
		defer func() { stop(); <-done }()
		reader := ledger.Reader{Actor: clerk, Reason: "a test"}
		for _, kind := range []string{EventInspectionPlanned, EventUseReportAsked, EventBreachOpened, EventIncidentOpened} {
			for _, term := range []ledger.Term{{Kind: ledger.TermConnection, Value: "a.con"}, {Kind: ledger.TermAgency, Value: "H13"}} {
				res, err := d.log.Search(d.ctx, reader, ledger.Query{Terms: []ledger.Term{term}, Kind: kind})
				d.must(err)
				if len(res.Records) != 1 {
					t.Errorf("%s: %d entries under %s", kind, len(res.Records), term.Value)
				}
			}
		}
	})
}
