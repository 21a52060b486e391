package life

import (
	"context"
	"encoding/json"
	"io"
	"time"

	"github.com/a-h/templ"

	"dancu/internal/access"
	"dancu/internal/console/agency"
	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/fault"
	"dancu/internal/identity"
	"dancu/internal/onboarding"
)

// Samples are the pages of this package with made-up data.
func Samples() []site.Sample {
	pages := &Pages{standing: sampleStanding{}, files: sampleFiles{}, around: func(string) onboarding.Around {
		return onboarding.Around{Dir: agency.SampleDirectory(), On: access.DateOf(site.SampleTime)}
	}}
	application := func(p ui.Page, mine identity.Kind, state onboarding.State) matterView {
		s := sampleApplication(state)
		s.Can, s.Edit = sampleCan(s.Matter, mine), mine == identity.AgencyAdmin && state == onboarding.Draft
		return newMatterView(p, mine, s, sampleFile(), false)
	}
	return []site.Sample{
		{Name: "life", Kind: identity.Onboarder, Path: "/life", Title: i18n.LifeTasks, Draw: func(p ui.Page) templ.Component {
			list, tally := sampleTasks()
			return tasksPage(newTasksView(p, identity.Onboarder, onboarding.TaskFilter{}, false, list, tally, agency.SampleDirectory()))
		}},
		{Name: "life-none", Kind: identity.AgencyAdmin, Path: "/life", Title: i18n.LifeTasks, Draw: func(p ui.Page) templ.Component {
			return tasksPage(newTasksView(p, identity.AgencyAdmin, onboarding.TaskFilter{}, false, onboarding.TaskList{Now: site.SampleTime}, nil, agency.SampleDirectory()))
		}},
		{Name: "life-list", Kind: identity.Onboarder, Path: "/life/application/", Title: i18n.LifeAllKinds, Draw: func(p ui.Page) templ.Component {
			who := onboarding.Person{Duty: onboarding.Operator}
			list := onboarding.List{Matters: []*onboarding.Matter{
				sampleApplication(onboarding.Submitted).Matter, sampleApplication(onboarding.Approved).Matter, sampleApplication(onboarding.Refused).Matter,
			}, Next: "next"}
			return listPage(newListView(p, &who, query{kind: onboarding.KindApplication, words: "mot cua"}, list, agency.SampleDirectory()))
		}},
		{Name: "life-application", Kind: identity.AgencyAdmin, Path: "/life/x", Title: i18n.LifeMatter, Draw: func(p ui.Page) templ.Component {
			return matterPage(application(p, identity.AgencyAdmin, onboarding.Draft))
		}},
		{Name: "life-review", Kind: identity.Onboarder, Path: "/life/x", Title: i18n.LifeMatter, Draw: func(p ui.Page) templ.Component {
			return matterPage(application(p, identity.Onboarder, onboarding.Submitted))
		}},
		{Name: "life-connection", Kind: identity.Supervisor, Path: "/life/x", Title: i18n.LifeMatter, Draw: func(p ui.Page) templ.Component {
			s := sampleConnection(onboarding.State(access.Suspended))
			s.Can = sampleCan(s.Matter, identity.Supervisor)
			return matterPage(newMatterView(p, identity.Supervisor, s, nil, false))
		}},
		{Name: "life-system", Kind: identity.AgencyAdmin, Path: "/life/x", Title: i18n.LifeMatter, Draw: func(p ui.Page) templ.Component {
			s := sampleSystem()
			s.Can, s.Edit = sampleCan(s.Matter, identity.AgencyAdmin), true
			v := newMatterView(p, identity.AgencyAdmin, s, nil, false)
			v.Done = p.Lang.T(i18n.LifeSaved)
			return matterPage(v)
		}},
		{Name: "life-section", Kind: identity.AgencyAdmin, Path: "/life/x", Title: i18n.LifeSection, Draw: func(p ui.Page) templ.Component {
			s := sampleApplication(onboarding.Draft)
			s.Edit = true
			v := sampleSection(p, pages, s, "data", nil, nil)
			v.keeping(&ui.KeepOf{Action: v.Action}, &ui.KeptOf{Form: v.Action, Title: v.Title, When: p.Lang.Time(site.SampleTime.Add(-time.Hour)), Until: p.Lang.Date(site.SampleTime.AddDate(0, 0, 30))}, newAnswers())
			return sectionPage(v)
		}},
		{Name: "life-section-refused", Kind: identity.AgencyAdmin, Path: "/life/x", Title: i18n.LifeSection, Draw: func(p ui.Page) templ.Component {
			s := sampleApplication(onboarding.Draft)
			s.Edit = true
			out := &refusal{}
			out.Title, out.Text = p.Lang.T(i18n.LifeFasterTitle), p.Lang.T(i18n.LifeFasterText)
			return sectionPage(sampleSection(p, pages, s, "documents", func(a *answers) {
				a.wrong["request"] = p.Lang.T(i18n.LifeNoFile)
			}, out))
		}},
		{Name: "life-section-read", Kind: identity.Onboarder, Path: "/life/x", Title: i18n.LifeSection, Draw: func(p ui.Page) templ.Component {
			return sectionPage(sampleSection(p, pages, sampleApplication(onboarding.Submitted), "system", nil, nil))
		}},
		{Name: "life-check", Kind: identity.AgencyAdmin, Path: "/life/x", Title: i18n.LifeCheck, Draw: func(p ui.Page) templ.Component {
			s := sampleApplication(onboarding.Draft)
			s.Can, s.Edit = sampleCan(s.Matter, identity.AgencyAdmin), true
			return checkPage(newCheckView(p, s, sampleFile()))
		}},
		{Name: "life-act", Kind: identity.Supervisor, Path: "/life/x", Title: i18n.LifeAct, Draw: func(p ui.Page) templ.Component {
			s := sampleConnection(onboarding.State(access.Active))
			a := newAnswers()
			a.values.Set("violation", "Tra cứu ngoài mục đích đã đăng ký")
			a.wrong["remedy"] = "…"
			return actPage(pages.newActView(p, s, sampleRow(onboarding.KindConnection, "suspend"), a, nil))
		}},
		{Name: "life-act-two", Kind: identity.Supervisor, Path: "/life/x", Title: i18n.LifeAct, Draw: func(p ui.Page) templ.Component {
			return actPage(pages.newActView(p, sampleConnection(onboarding.State(access.Suspended)), sampleRow(onboarding.KindConnection, "unlock"), newAnswers(), nil))
		}},
		{Name: "life-approve", Kind: identity.Onboarder, Path: "/life/x", Title: i18n.LifeAct, Draw: func(p ui.Page) templ.Component {
			return actPage(pages.newActView(p, sampleApplication(onboarding.Submitted), sampleRow(onboarding.KindApplication, "approve"), newAnswers(), nil))
		}},
		{Name: "life-paper", Kind: identity.AgencyAdmin, Path: "/life/x", Title: i18n.LifePaper, Draw: func(p ui.Page) templ.Component {
			s := sampleConnection(onboarding.State(access.Suspended))
			return paperPage(newPaperView(p, s, &samplePaper))
		}},
		{Name: "life-new", Kind: identity.Onboarder, Path: "/life/new/agency", Title: i18n.LifeNew, Draw: func(p ui.Page) templ.Component {
			who := onboarding.Person{Duty: onboarding.Operator}
			return newPage(pages.newOpenView(p, &who, infoOf(onboarding.KindSystem), newAnswers(), nil))
		}},
		{Name: "life-waiting", Kind: identity.Supervisor, Path: "/life/connection.mot-cua", Title: i18n.LifeMatter, Draw: func(p ui.Page) templ.Component {
			v := newMatterView(p, identity.Supervisor, sampleConnection(onboarding.State(access.Suspended)), nil, false)
			v.Waiting = sampleWaiting(p.Lang)
			return matterPage(v)
		}},
		{Name: "contacts", Path: "/contacts", Title: i18n.ContactsTitle, Draw: func(p ui.Page) templ.Component {
			return contactsPage(newContactsView(p, "", "", onboarding.ContactList{Contacts: []onboarding.Contact{
				{Agency: "tinh-mau", Code: "H98", Name: access.Text{VI: "UBND tỉnh Mẫu", EN: "Mẫu Province"}, Officer: "Nguyễn Thị Mẫu", Role: "Trưởng phòng Công nghệ thông tin", Phone: "0123 456 789", Email: "dau-moi@mau.example.vn"},
				{Agency: "bo-mau", Code: "G98", Name: access.Text{VI: "Bộ Mẫu", EN: "Ministry of Samples"}},
			}}))
		}},
	}
}

var samplePaper = onboarding.Paper{
	Name: "suspension-1", Title: access.Text{VI: "Thông báo tạm ngừng kết nối", EN: "Notice of suspension"}, At: site.SampleTime,
	Text:   "# THÔNG BÁO\n## Tạm ngừng kết nối đến Cơ sở dữ liệu quốc gia về dân cư\n\nSố: 12/TB, ngày 02/03/2026\nKính gửi: UBND tỉnh Mẫu\n",
	SHA256: "3c7be53a0f0f5f8be1b2c44a79d5a38d4dd2a8a9c0a2a1b8a7e3b7a9d5c1e2f4",
}

type sampleStanding struct{}

func (sampleStanding) Directory() *access.Directory { return agency.SampleDirectory() }

// sampleFiles is a vault with one made-up file.
type sampleFiles struct{}

const sampleFileID = "01990a5e-3333-7000-8000-000000000001"

func sampleFile() map[string]File {
	return map[string]File{sampleFileID: {ID: sampleFileID, Name: "Công văn đề nghị kết nối.pdf", Type: "application/pdf", Size: 1_532_110, Added: site.SampleTime}}
}

func (sampleFiles) Put(context.Context, string, string, io.Reader) (File, error) {
	return File{}, fault.New(fault.Unavailable, "the gallery takes no files")
}
func (sampleFiles) Await(context.Context, string, time.Time, ...string) error { return nil }
func (sampleFiles) Hold(context.Context, string, ...string) error             { return nil }
func (sampleFiles) Stat(_ context.Context, id string) (File, error) {
	return sampleFile()[id], nil
}

func (sampleFiles) Open(context.Context, string) (File, io.Reader, error) {
	return File{}, nil, fault.New(fault.NotFound, "the gallery has no files")
}
func (sampleFiles) MaxSize() int64 { return 20 << 20 }

// sampleRow is an act of the table.
func sampleRow(k onboarding.Kind, name string) *onboarding.Row {
	for _, r := range onboarding.Lifecycle() {
		if r.Kind == k && r.Name == name {
			return &r
		}
	}
	panic("life: no act " + name + " on " + string(k)) // a sample names only what is there
}

// sampleCan are the acts that somebody may do on a matter.
func sampleCan(m *onboarding.Matter, k identity.Kind) (out []*onboarding.Row) {
	mine, _ := DutyOf(k)
	for _, r := range onboarding.Lifecycle() {
		if r.Kind != m.Kind {
			continue
		}
		by, from := false, false
		for _, d := range r.By {
			by = by || d == mine
		}
		for _, s := range r.From {
			from = from || s == m.State
		}
		if by && from {
			out = append(out, &r)
		}
	}
	return out
}

func sampleSection(p ui.Page, pages *Pages, s *onboarding.Sight, name string, change func(a *answers), out *refusal) formView {
	section := sectionOf(s.Sections, name)
	a := saved(p.Lang, section.Form, partOf(s.Matter, name))
	a.files = sampleFile()
	if change != nil {
		change(a)
	}
	return pages.newSectionView(p, s, section, a, out)
}

func sampleTask(kind onboarding.TaskKind, due time.Time) onboarding.Task {
	return onboarding.Task{
		ID: "01990a5e-4444-7000-8000-000000000001", Kind: kind, Matter: "01990a5e-5555-7000-8000-000000000001", Owner: taskOf(kind).Owner,
		Agency: "tinh-mau", Opened: site.SampleTime.AddDate(0, 0, -2), Due: due,
	}
}

func sampleTasks() (onboarding.TaskList, []onboarding.TaskTally) {
	now := site.SampleTime
	list := onboarding.TaskList{Now: now, Tasks: []onboarding.Task{
		sampleTask(onboarding.TaskApplicationDecide, now.AddDate(0, 0, -4)),
		sampleTask(onboarding.TaskApplicationDecide, now.Add(3*time.Hour)),
		sampleTask(onboarding.TaskEndDecide, now.AddDate(0, 0, 6)),
		sampleTask(onboarding.TaskCertificate, time.Time{}),
	}, Matters: map[string]*onboarding.Matter{}, Next: "next"}
	list.Matters[list.Tasks[0].Matter] = sampleApplication(onboarding.Submitted).Matter
	return list, []onboarding.TaskTally{
		{Kind: onboarding.TaskApplicationDecide, Open: 2, Overdue: 1}, {Kind: onboarding.TaskCertificate, Open: 1}, {Kind: onboarding.TaskEndDecide, Open: 1},
	}
}

const sampleDoc = `{
 "applicant":{"unit":"Văn phòng UBND tỉnh Mẫu","functions":"Giải quyết thủ tục hành chính","officer":"Nguyễn Thị Mẫu","role":"Trưởng phòng","phone":"0123 456 789","email":"dau-moi@mau.example.vn"},
 "system":{"id":"mot-cua","whyDirect":"Nền tảng của tỉnh chưa sẵn sàng","nameVI":"Hệ thống một cửa tỉnh Mẫu","level":3,"addresses":["203.0.113.0/24"],"builds":["mot-cua/2.1"]},
 "data":{"services":["lookup","verify"],"procedures":["1.900101.H98","1.900102.H98"],"fields":["fullName","dateOfBirth","permanentResidence"],"daily":1500,"perCase":4},
 "documents":{"request":["` + sampleFileID + `"]}}`

func sampleApplication(state onboarding.State) *onboarding.Sight {
	now := site.SampleTime
	m := &onboarding.Matter{
		ID: "01990a5e-5555-7000-8000-000000000001", Kind: onboarding.KindApplication, Agency: "tinh-mau", State: state,
		Title: "Hệ thống một cửa tỉnh Mẫu", Doc: json.RawMessage(sampleDoc), Version: 5, Opened: now.AddDate(0, 0, -3), Changed: now.Add(-2 * time.Hour),
	}
	dir := agency.SampleDirectory()
	s := &onboarding.Sight{Now: now, Matter: m, Dir: dir, Agency: dir.Agency("tinh-mau"), Sections: infoOf(m.Kind).Sections, Missing: []onboarding.FieldProblem{
		{Section: "purpose", Field: "purpose", Text: access.Text{VI: "Mục này là bắt buộc.", EN: "this is required"}},
		{Section: "purpose", Field: "use", Text: access.Text{VI: "Mục này là bắt buộc.", EN: "this is required"}},
		{Section: "data", Field: "until", Text: access.Text{VI: "Mục này là bắt buộc.", EN: "this is required"}},
	}}
	s.Done = []onboarding.Done{
		{Version: 5, Act: "save", State: onboarding.Draft, Actor: "QT-H98", Duty: onboarding.Agency, Entry: 48_102, At: now.Add(-2 * time.Hour), Input: json.RawMessage(`{"request":["` + sampleFileID + `"]}`)},
		{Version: 1, Act: "open", State: onboarding.Draft, Actor: "QT-H98", Duty: onboarding.Agency, Entry: 47_990, At: now.AddDate(0, 0, -3), Input: json.RawMessage(`{}`)},
	}
	if state == onboarding.Submitted {
		s.Missing = nil
		s.Notes = []access.Text{{VI: "Trường “tôn giáo” không thuộc thành phần hồ sơ của thủ tục 1.900101.H98.", EN: "The field “religion” is not justified by the procedure 1.900101.H98."}}
		s.Tasks = []onboarding.Task{sampleTask(onboarding.TaskApplicationDecide, now.AddDate(0, 0, 2))}
		s.Done = append([]onboarding.Done{{Version: 6, Act: "submit", State: state, Actor: "QT-H98", Duty: onboarding.Agency, Entry: 48_110, At: now.Add(-time.Hour), Input: json.RawMessage(`{}`)}}, s.Done...)
	}
	return s
}

func sampleConnection(state onboarding.State) *onboarding.Sight {
	now, dir := site.SampleTime, agency.SampleDirectory()
	c := *dir.Connection("mot-cua")
	m := &onboarding.Matter{
		ID: "connection.mot-cua", Kind: onboarding.KindConnection, Agency: "tinh-mau", System: "mot-cua", Connection: "mot-cua", State: state,
		Title: "Hệ thống một cửa tỉnh Mẫu", Doc: json.RawMessage("{}"), Version: 3, Opened: now.AddDate(0, -1, 0), Changed: now.Add(-3 * time.Hour),
	}
	s := &onboarding.Sight{Now: now, Matter: m, Dir: dir, Agency: dir.Agency("tinh-mau"), System: dir.System("mot-cua"), Connection: &c}
	if state == onboarding.State(access.Suspended) {
		c.Violation, c.Remedy = "Tra cứu ngoài mục đích đã đăng ký", "Rà soát quyền của cán bộ, báo cáo bằng văn bản"
		c.Lock = access.Lock{By: access.LockedVolume, Since: now.Add(-97 * time.Minute)}
		s.Tasks = []onboarding.Task{sampleTask(onboarding.TaskSuspensionNotice, now.Add(20*time.Hour)), sampleTask(onboarding.TaskLockReview, now.AddDate(0, 0, -2))}
		s.Done = []onboarding.Done{{
			Version: 3, Act: "suspend", State: state, Actor: "GS-0001", Duty: onboarding.Supervisor, Entry: 48_050, At: now.Add(-3 * time.Hour),
			Input: json.RawMessage(`{"violation":"Tra cứu ngoài mục đích đã đăng ký","remedy":"Rà soát quyền của cán bộ, báo cáo bằng văn bản"}`),
		}}
	}
	s.Gates = []onboarding.Gate{
		{Name: "contact", Label: access.Text{VI: "Cơ quan đã công bố đầu mối kết nối", EN: "The agency has named its contact officer"}, Law: "47/2020/NĐ-CP Art. 7", Green: true, Why: access.Text{VI: "Trưởng phòng", EN: "Head of office"}, Matter: "agency.tinh-mau"},
		{Name: "level", Label: access.Text{VI: "Hồ sơ cấp độ từ cấp 3 đã được phê duyệt", EN: "A dossier of level 3 or higher is approved"}, Law: "46/2022/TT-BCA Art. 6.1", Why: access.Text{VI: "Chưa có hồ sơ cấp độ đầy đủ, đã phê duyệt.", EN: "there is no complete, approved dossier of the level"}, Matter: "system.mot-cua"},
		{Name: "assessment", Label: access.Text{VI: "Đánh giá an toàn thông tin còn hiệu lực", EN: "The security assessment is in force"}, Law: "46/2022/TT-BCA Art. 6.2", Green: true, Why: access.Text{VI: "Có hiệu lực đến 20/10/2027.", EN: "in force until 20/10/2027"}},
	}
	s.Related = []*onboarding.Matter{sampleApplication(onboarding.Accepted).Matter}
	return s
}

func sampleSystem() *onboarding.Sight {
	s := sampleConnection(onboarding.State(access.Active))
	m := *s.Matter
	m.ID, m.Kind, m.Connection, m.State = "system.mot-cua", onboarding.KindSystem, "", onboarding.Registered
	m.Doc = json.RawMessage(`{"supply":{"owner":"UBND tỉnh Mẫu","operator":"Sở Khoa học và Công nghệ","vendor":"Công ty Mẫu"}}`)
	s.Matter, s.Connection, s.Gates, s.Sections = &m, nil, nil, infoOf(m.Kind).Sections
	x := *s.System
	x.Credentials = []access.Credential{
		{SHA256: "3c7be53a0f0f5f8be1b2c44a79d5a38d4dd2a8a9c0a2a1b8a7e3b7a9d5c1e2f4", NotBefore: s.Now.AddDate(-1, 0, 0), NotAfter: s.Now.AddDate(0, 0, 12)},
		{SHA256: "9f2ae53a0f0f5f8be1b2c44a79d5a38d4dd2a8a9c0a2a1b8a7e3b7a9d5c1e2aa", NotBefore: s.Now.AddDate(-2, 0, 0), NotAfter: s.Now.AddDate(0, -1, 0)},
	}
	s.System = &x
	s.Missing = []onboarding.FieldProblem{{Section: "level", Field: "level"}}
	return s
}
