package onboarding

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"dancu/internal/access"
	"dancu/internal/fault"
	"dancu/internal/onboarding/catalogue"
)

// The states of an assessment.
const (
	Ordered   State = "ordered"
	Running   State = "running"
	Findings  State = "findings"  // something is open
	Passed    State = "passed"    // nothing is open: a certificate may be issued
	Certified State = "certified" // or exempt, with evidence
	Failed    State = "failed"
	Cancelled State = "cancelled"
	Revoked   State = "revoked"
)

// assessmentKind: a check of a system's information security by a checklist of
// the five groups of Circular 46/2022/TT-BCA Art. 6.2. Checklists, tracks and
// terms are files of the catalogue.
var assessmentKind = KindInfo{
	Kind:  KindAssessment,
	Title: access.Text{VI: "Đánh giá an toàn thông tin", EN: "Security assessment"}, Many: access.Text{VI: "Đánh giá an toàn thông tin", EN: "Security assessments"},
	Law: "46/2022/TT-BCA Art. 6.2, 6.4", First: Ordered, By: []Duty{Assessor, Supervisor, Operator, Agency}, About: KindSystem,
	Open: Form{
		{Name: "kind", Label: access.Text{VI: "Loại đánh giá", EN: "Kind"}, Type: TypeChoice, Required: true, Choices: func(Around) (out []Choice) {
			for _, k := range catalogue.AssessmentKinds {
				out = append(out, Choice{string(k), k.Text()})
			}
			return out
		}},
		{Name: "track", Label: access.Text{VI: "Hình thức", EN: "Track"}, Law: "46/2022/TT-BCA Art. 6.3, 6.4", Type: TypeLine, Max: 40, Help: access.Text{
			VI: "ordinary, defence, eid-platform, monitoring-shared, recent-certificate. Để trống: ordinary.",
			EN: "ordinary, defence, eid-platform, monitoring-shared, recent-certificate. Empty: ordinary.",
		}},
		{Name: "checklist", Label: access.Text{VI: "Phiên bản danh mục kiểm tra", EN: "Version of the checklist"}, Type: TypeLine, Max: 40, Help: access.Text{VI: "Để trống: phiên bản đang áp dụng.", EN: "Empty: the one in force."}},
		{Name: "why", Label: access.Text{VI: "Căn cứ, lý do", EN: "Why"}, Type: TypeText, Max: 1000},
	},
	Opening: openAssessment, Event: EventAssessmentOrdered, Own: assessmentSections,
	MayOpen: []TaskKind{TaskAssess, TaskExempt}, Replaced: []State{Certified},
	States: []StateInfo{
		{Ordered, access.Text{VI: "Chờ thực hiện", EN: "ordered"}, false},
		{Running, access.Text{VI: "Đang đánh giá", EN: "running"}, false},
		{Findings, access.Text{VI: "Có phát hiện phải khắc phục", EN: "with open findings"}, false},
		{Passed, access.Text{VI: "Đạt, chờ cấp chứng nhận", EN: "passed, to be certified"}, false},
		{Certified, access.Text{VI: "Đã chứng nhận", EN: "certified"}, false},
		{Failed, access.Text{VI: "Không đạt", EN: "failed"}, true},
		{Cancelled, access.Text{VI: "Đã huỷ", EN: "cancelled"}, true},
		{Revoked, access.Text{VI: "Chứng nhận bị thu hồi", EN: "revoked"}, true},
		{Superseded, access.Text{VI: "Đã được thay thế", EN: "superseded"}, true},
	},
	Editable: []State{Running}, EditBy: []Duty{Assessor},
}

// checklistID is the catalogue's id of the checklist.
const checklistID = "assessment"

// plan is what an assessment is made by.
type assessmentPlan struct {
	Kind      catalogue.AssessmentKind `json:"kind"`
	Track     string                   `json:"track"`
	Checklist catalogue.Ref            `json:"checklist"`
	// Assessor is who does it, with the licence or designation.
	Assessor string `json:"assessor,omitempty"`
	Licence  string `json:"licence,omitempty"`
	Started  string `json:"started,omitempty"` // date
}

// finding is an item that did not pass.
type finding struct {
	Item   string      `json:"item"`
	Text   access.Text `json:"text"`
	Note   string      `json:"note"`
	State  string      `json:"state"` // open, corrected, closed
	Opened time.Time   `json:"opened"`
	// Measures is what the agency did, Check what the re-check found.
	Measures string    `json:"measures,omitempty"`
	Evidence []string  `json:"evidence,omitempty"`
	Check    string    `json:"check,omitempty"`
	Closed   time.Time `json:"closed,omitzero"`
}

// certificate is the written certification that ends an assessment (Circular
// 46/2022/TT-BCA Art. 6.4.a), or the exemption from it.
type certification struct {
	Number string    `json:"number"`
	Issuer string    `json:"issuer"`
	From   time.Time `json:"from"`
	Until  time.Time `json:"until"` // exclusive
	// Exempt names the track that stands in for the check.
	Exempt   string   `json:"exempt,omitempty"`
	Evidence []string `json:"evidence,omitempty"`
	Text     string   `json:"text,omitempty"` // as printed
	SHA256   string   `json:"sha256,omitempty"`
}

func openAssessment(w *work) error {
	kind := catalogue.AssessmentKind(w.in.text("kind"))
	on := access.DateOf(w.now)
	p := assessmentPlan{Kind: kind, Track: w.in.text("track")}
	if p.Track == "" {
		p.Track = catalogue.TrackOrdinary
	}
	track, err := w.o.track(kind, p.Track, on)
	if err != nil {
		return err
	}
	defence, err := w.o.defence(w.ctx, w.tx, w.m.Agency)
	if err != nil {
		return err
	}
	if track.Defence && !defence {
		return wrongForm([]FieldProblem{{Field: "track", Text: text("Hình thức này chỉ dành cho hệ thống của Bộ Quốc phòng.", "this track is for systems of the Ministry of Defence only")}})
	}
	if defence && !track.Defence && !track.Exempt {
		return wrongForm([]FieldProblem{{Field: "track", Text: text("Hệ thống của Bộ Quốc phòng do đơn vị của Bộ Quốc phòng đánh giá: chọn defence.", "the Ministry of Defence's own units assess its systems: choose defence")}})
	}
	var list *catalogue.Checklist
	if v := w.in.text("checklist"); v != "" {
		list, err = w.o.cat.Checklists.Version(checklistID, v)
	} else {
		list, err = w.o.cat.Checklists.At(checklistID, on)
	}
	if err != nil {
		return fieldRefused("checklist", err)
	}
	p.Checklist = list.Ref()
	w.m.Title = kind.Text().VI
	w.m.put("plan", p)
	w.params["assessment"] = string(kind)
	w.members["assessment"], w.members["track"], w.members["checklist"] = string(kind), p.Track, list.Hash
	task := TaskAssess
	if track.Exempt {
		task = TaskExempt
	}
	w.after = append(w.after, func() error { return w.open(task) })
	return nil
}

// track finds a way of assessing.
func (o *Onboarding) track(kind catalogue.AssessmentKind, id string, on access.Date) (catalogue.Track, error) {
	all := o.cat.Tracks(kind, on)
	if i := slices.IndexFunc(all, func(t catalogue.Track) bool { return t.ID == id }); i >= 0 {
		return all[i], nil
	}
	return catalogue.Track{}, wrongForm([]FieldProblem{{Field: "track", Text: text("Không có hình thức “%s” cho loại đánh giá này.", "there is no track %q for this kind of assessment", clip(id))}})
}

// planOf reads by what an assessment is made, and the checklist.
func (o *Onboarding) planOf(m *Matter) (p assessmentPlan, list *catalogue.Checklist, err error) {
	if ok, err := m.read("plan", &p); err != nil || !ok {
		return p, nil, errors.Join(err, fmt.Errorf("the assessment %s has no plan", m.ID))
	}
	list, err = o.cat.Checklists.Hash(p.Checklist.Hash)
	return p, list, err
}

// The results of an item.
const (
	itemPass          = "pass"
	itemFail          = "fail"
	itemNotApplicable = "not-applicable"
)

func resultChoices(Around) []Choice {
	return []Choice{
		{itemPass, access.Text{VI: "Đạt", EN: "pass"}},
		{itemFail, access.Text{VI: "Không đạt", EN: "fail"}},
		{itemNotApplicable, access.Text{VI: "Không áp dụng", EN: "not applicable"}},
	}
}

// assessmentSections are the items of the checklist, group by group: for each
// its result, what was found, and the evidence.
func assessmentSections(o *Onboarding, m *Matter) (out []Section, err error) {
	p, list, err := o.planOf(m)
	if err != nil {
		return nil, err
	}
	if track, err := o.track(p.Kind, p.Track, access.DateOf(m.Opened)); err == nil && track.Exempt {
		return nil, nil
	}
	items := list.For(p.Kind)
	for _, g := range list.Groups {
		s := Section{Name: "group-" + g.ID, Title: access.Text{VI: g.Letter + ") " + g.Name.VI, EN: g.Letter + ") " + g.Name.EN}, Law: lawText(g.Law)}
		for _, i := range items {
			if i.Group != g.ID {
				continue
			}
			s.Form = append(s.Form,
				Field{Name: i.ID, Label: i.Text, Law: lawText(i.Law), Type: TypeChoice, Required: true, Choices: resultChoices},
				Field{Name: i.ID + ".note", Label: text("Nhận xét", "Remark"), Type: TypeText, Max: 2000},
				Field{Name: i.ID + ".evidence", Label: text("Minh chứng", "Evidence"), Type: TypeFiles, Max: 10},
			)
		}
		if len(s.Form) > 0 {
			out = append(out, s)
		}
	}
	return out, nil
}

func lawText(list []catalogue.Law) string {
	var s string
	for i, l := range list {
		if i > 0 {
			s += "; "
		}
		s += string(l)
	}
	return s
}

var startForm = Form{
	{Name: "assessor", Label: access.Text{VI: "Đơn vị, người đánh giá", EN: "Assessor"}, Type: TypeLine, Required: true, Max: 200},
	{Name: "licence", Label: access.Text{VI: "Giấy phép hoặc quyết định chỉ định", EN: "Licence or designation"}, Type: TypeLine, Required: true, Max: 200},
	{Name: "started", Label: access.Text{VI: "Ngày bắt đầu", EN: "Begun on"}, Type: TypeDate, Required: true},
}

func startAssessment(w *work) error {
	p, _, err := w.o.planOf(w.m)
	if err != nil {
		return err
	}
	if track, err := w.o.track(p.Kind, p.Track, access.DateOf(w.m.Opened)); err != nil {
		return err
	} else if track.Exempt {
		return refuse(fault.Conflict, "Hình thức này là miễn kiểm tra: hãy ghi nhận miễn.", "this track is an exemption: record it")
	}
	p.Assessor, p.Licence, p.Started = w.in.text("assessor"), w.in.text("licence"), w.in.text("started")
	w.m.put("plan", p)
	return nil
}

// concludeAssessment ends the marking: every item is answered, a pass has its
// evidence where the checklist asks for it, what does not apply says why, and
// what failed becomes a finding.
func concludeAssessment(w *work) error {
	p, list, err := w.o.planOf(w.m)
	if err != nil {
		return err
	}
	sections, err := assessmentSections(w.o, w.m)
	if err != nil {
		return err
	}
	var wrong []FieldProblem
	var found []finding
	for i := range sections {
		s := &sections[i]
		v, problems := w.m.values(s, w.around(), true)
		wrong = append(wrong, problems...)
		for _, item := range list.For(p.Kind) {
			if "group-"+item.Group != s.Name {
				continue
			}
			note := v.text(item.ID + ".note")
			switch result := v.text(item.ID); {
			case result == itemPass && item.Evidence && len(v.list(item.ID+".evidence")) == 0:
				wrong = append(wrong, FieldProblem{s.Name, item.ID + ".evidence", text("Mục này phải có minh chứng mới được đánh giá đạt.", "a pass needs evidence here")})
			case result == itemNotApplicable && note == "":
				wrong = append(wrong, FieldProblem{s.Name, item.ID + ".note", text("Hãy nêu lý do không áp dụng.", "say why it does not apply")})
			case result == itemFail && note == "":
				wrong = append(wrong, FieldProblem{s.Name, item.ID + ".note", text("Hãy nêu phát hiện.", "say what was found")})
			case result == itemFail:
				found = append(found, finding{Item: item.ID, Text: item.Text, Note: note, State: "open", Opened: w.now})
			}
		}
	}
	if err := wrongForm(wrong); err != nil {
		return err
	}
	w.m.put("findings", found)
	w.members["findings"] = len(found)
	w.params["open"] = strconv.Itoa(len(found))
	if w.to = Passed; len(found) > 0 {
		w.to = Findings
		w.after = append(w.after, func() error { return w.open(TaskCorrect) })
	} else {
		w.after = append(w.after, func() error { return w.open(TaskCertify) })
	}
	return nil
}

var correctForm = Form{
	{Name: "item", Label: access.Text{VI: "Mã mục", EN: "Item"}, Type: TypeLine, Required: true, Max: 60},
	{Name: "measures", Label: access.Text{VI: "Biện pháp khắc phục", EN: "Measures"}, Type: TypeText, Required: true, Min: 10},
	{Name: "evidence", Label: access.Text{VI: "Minh chứng", EN: "Evidence"}, Type: TypeFiles, Max: 10},
}

// findings reads the findings and the one that the act is about.
func (w *work) findings(states ...string) ([]finding, *finding, error) {
	var all []finding
	if _, err := w.m.read("findings", &all); err != nil {
		return nil, nil, err
	}
	i := slices.IndexFunc(all, func(f finding) bool { return f.Item == w.in.text("item") })
	if i < 0 || !slices.Contains(states, all[i].State) {
		return nil, nil, wrongForm([]FieldProblem{{Field: "item", Text: text("Không có phát hiện nào của mục này đang chờ.", "no finding of this item waits for that")}})
	}
	return all, &all[i], nil
}

// correctFinding is the agency's answer to a finding.
func correctFinding(w *work) error {
	all, f, err := w.findings("open")
	if err != nil {
		return err
	}
	f.State, f.Measures, f.Evidence = "corrected", w.in.text("measures"), w.in.list("evidence")
	w.m.put("findings", all)
	w.members["item"] = f.Item
	if !slices.ContainsFunc(all, func(f finding) bool { return f.State == "open" }) {
		w.after = append(w.after, func() error { return finishTasks(w.ctx, w.tx.Tx, w.m.ID, TaskCorrect, w.by.Actor.ID, w.now) })
	}
	return nil
}

var recheckForm = Form{
	{Name: "item", Label: access.Text{VI: "Mã mục", EN: "Item"}, Type: TypeLine, Required: true, Max: 60},
	{Name: "result", Label: access.Text{VI: "Kết quả kiểm tra lại", EN: "Result of the re-check"}, Type: TypeChoice, Required: true, Choices: func(Around) []Choice {
		return resultChoices(Around{})[:2]
	}},
	{Name: "note", Label: access.Text{VI: "Nhận xét", EN: "Remark"}, Type: TypeText, Required: true, Min: 3},
}

// recheckFinding closes a finding or opens it again. When all are closed the
// assessment is passed.
func recheckFinding(w *work) error {
	all, f, err := w.findings("corrected")
	if err != nil {
		return err
	}
	f.Check = w.in.text("note")
	if f.State = "open"; w.in.text("result") == itemPass {
		f.State, f.Closed = "closed", w.now
	}
	w.m.put("findings", all)
	w.members["item"], w.members["result"] = f.Item, w.in.text("result")
	waits := func(state string) bool {
		return slices.ContainsFunc(all, func(f finding) bool { return f.State == state })
	}
	if waits("open") {
		w.after = append(w.after, func() error { return w.open(TaskCorrect) })
	}
	if !waits("corrected") {
		w.after = append(w.after, func() error { return finishTasks(w.ctx, w.tx.Tx, w.m.ID, TaskRecheck, w.by.Actor.ID, w.now) })
	}
	if !waits("open") && !waits("corrected") {
		w.to = Passed
		w.after = append(w.after, func() error { return w.open(TaskCertify) })
	}
	return nil
}

var certifyForm = Form{
	{Name: "number", Label: access.Text{VI: "Số chứng nhận", EN: "Number of the certificate"}, Type: TypeLine, Required: true, Max: 60},
	{Name: "issuer", Label: access.Text{VI: "Cơ quan chứng nhận", EN: "Issuer"}, Type: TypeLine, Required: true, Max: 300},
	{Name: "signatory", Label: access.Text{VI: "Người ký, chức vụ", EN: "Signatory, position"}, Type: TypeLine, Required: true, Max: 300},
	{Name: "until", Label: access.Text{VI: "Đến hết ngày", EN: "Last day"}, Type: TypeDate, Help: access.Text{VI: "Để trống: thời hạn tối đa (01 năm).", EN: "Empty: the longest term (a year)."}},
	{Name: "builds", Label: access.Text{VI: "Phiên bản phần mềm kết nối đã đánh giá", EN: "Client builds that were assessed"}, Type: TypeLines, Max: 50, Help: access.Text{VI: "Để trống: như đã đăng ký.", EN: "Empty: as registered."}},
}

// certify issues the certificate: nothing is open, and from this entry on the
// connections of the system are assessed until its last day.
func certify(w *work) error {
	p, list, err := w.o.planOf(w.m)
	if err != nil {
		return err
	}
	longest := w.o.deadline(w.now, catalogue.ClockAssessmentTerm)
	c := certification{Number: w.in.text("number"), Issuer: w.in.text("issuer"), From: w.now, Until: longest}
	if d := w.in.date("until"); !d.IsZero() {
		if c.Until = d.AddDate(0, 0, 1).UTC(); c.Until.After(longest) || !c.Until.After(w.now) {
			return wrongForm([]FieldProblem{{Field: "until", Text: text("Ngày phải từ hôm nay đến %s.", "give a day from today to %s", day(longest.Add(-time.Second)))}})
		}
	}
	s := *w.dir.System(w.m.System)
	if builds := w.in.list("builds"); len(builds) > 0 {
		s.Builds = tidied(builds)
	}
	s.Keys = liveKeys(&s, w.now)
	if err := w.printCertificate(&c, p, list, &s); err != nil {
		return err
	}
	w.assess(c.From, c.Until)
	if was := w.dir.System(s.ID); !slices.Equal(s.Builds, was.Builds) || !slices.Equal(s.Keys, was.Keys) {
		w.stand(access.ChangeSystem, s.ID, &s)
	}
	w.certified(p.Kind, c)
	return nil
}

// liveKeys are the keys of the certificates that a system now calls with: those
// that an assessment is of. While one is unknown none is checked.
func liveKeys(s *access.System, now time.Time) []string {
	var keys []string
	for _, c := range s.Credentials {
		switch {
		case !live(c, now):
		case c.Key == "":
			return nil
		default:
			keys = append(keys, c.Key)
		}
	}
	return tidied(keys)
}

// certified keeps a certification, ends what it replaces, and closes the change
// that asked for it.
func (w *work) certified(kind catalogue.AssessmentKind, c certification) {
	w.params["assessment"] = string(kind)
	w.m.put("certificate", c)
	w.members["certificate"], w.members["issuer"], w.members["until"] = c.Number, c.Issuer, moment(c.Until)
	w.params["until"], w.params["certificate"] = isoDay(c.Until), c.Number
	w.after = append(w.after, func() error {
		others, err := selectMatters(w.ctx, w.tx, matterQuery{kind: string(KindAssessment), system: w.m.System, state: string(Certified), limit: MaxPage})
		if err != nil {
			return err
		}
		for _, m := range others {
			if m.ID != w.m.ID {
				if err := w.supersede(m); err != nil {
					return err
				}
			}
		}
		return w.closeParentChange()
	})
}

// assess sets the term on every connection of the system.
func (w *work) assess(from, until time.Time) {
	for c := range w.dir.Connections() {
		if c.System != w.m.System || c.State == access.Ended {
			continue
		}
		next := *c
		next.AssessedFrom, next.AssessedUntil = from, until
		w.stand(access.ChangeConnection, c.ID, &next)
	}
}

// printCertificate makes the document, whose bytes are hashed.
func (w *work) printCertificate(c *certification, p assessmentPlan, list *catalogue.Checklist, s *access.System) error {
	t, err := w.o.cat.Templates.At("certificate", access.DateOf(w.now))
	if err != nil {
		return err
	}
	agency := ""
	if a := w.dir.Agency(w.m.Agency); a != nil {
		agency = a.Name.VI
	}
	results, err := w.results(list, p.Kind)
	if err != nil {
		return err
	}
	rendered, err := t.Render(templateValues(t, map[string]any{
		"number": c.Number, "date": access.DateOf(w.now).String(), "issuer": c.Issuer, "agency": agency, "system": s.Name.VI, "level": int64(s.Level),
		"kind": p.Kind.Text().VI, "track": p.Track, "checklist": fmt.Sprintf("%s %s %s", list.ID, list.Version, list.Hash), "builds": s.Builds,
		"results": results, "assessor": p.Assessor + ", " + p.Licence, "from": access.DateOf(c.From).String(),
		"until": access.DateOf(c.Until.Add(-time.Second)).String(), "signatory": w.in.text("signatory"),
	}))
	if err != nil {
		return err
	}
	sum := sha256.Sum256(rendered)
	c.Text, c.SHA256 = string(rendered), hex.EncodeToString(sum[:])
	return nil
}

// results sums up the items group by group, in words.
func (w *work) results(list *catalogue.Checklist, kind catalogue.AssessmentKind) (out []string, err error) {
	sections, err := assessmentSections(w.o, w.m)
	if err != nil {
		return nil, err
	}
	for i := range sections {
		v, _ := w.m.values(&sections[i], w.around(), false)
		n := map[string]int{}
		for _, item := range list.For(kind) {
			if "group-"+item.Group == sections[i].Name {
				n[v.text(item.ID)]++
			}
		}
		out = append(out, fmt.Sprintf("%s: %d mục đạt, %d mục không đạt đã khắc phục, %d mục không áp dụng", sections[i].Title.VI, n[itemPass], n[itemFail], n[itemNotApplicable]))
	}
	return out, nil
}

var exemptForm = Form{
	{Name: "number", Label: access.Text{VI: "Số, ký hiệu văn bản chứng minh", EN: "Number of the evidence"}, Type: TypeLine, Required: true, Max: 150},
	{Name: "issuer", Label: access.Text{VI: "Cơ quan ban hành", EN: "Issued by"}, Type: TypeLine, Required: true, Max: 300},
	{Name: "date", Label: access.Text{VI: "Ngày của văn bản", EN: "Date of the evidence"}, Type: TypeDate, Required: true},
	{Name: "evidence", Label: access.Text{VI: "Minh chứng", EN: "Evidence"}, Type: TypeFiles, Required: true, Max: 10},
}

// exempt records an exemption, with its evidence and its end.
func exempt(w *work) error {
	p, _, err := w.o.planOf(w.m)
	if err != nil {
		return err
	}
	track, err := w.o.track(p.Kind, p.Track, access.DateOf(w.m.Opened))
	if err != nil {
		return err
	}
	if !track.Exempt {
		return refuse(fault.Conflict, "Hình thức này không phải là miễn kiểm tra.", "this track is no exemption")
	}
	date := w.in.date("date")
	until := w.o.deadline(date, track.Clock)
	if date.After(w.now) || !until.After(w.now) {
		return wrongForm([]FieldProblem{{Field: "date", Text: text("Văn bản phải còn trong thời hạn được miễn.", "the evidence must be of a date that still exempts")}})
	}
	w.assess(w.now, until)
	w.certified(p.Kind, certification{Number: w.in.text("number"), Issuer: w.in.text("issuer"), From: w.now, Until: until, Exempt: track.ID, Evidence: w.in.list("evidence")})
	return nil
}

// failAssessment ends an assessment that was not passed. What was in force
// before ends with it, unless this was the first.
func failAssessment(w *work) error {
	w.lapse(w.now)
	return nil
}

// lapse ends the assessment of every connection of the system at a moment, if
// it would last longer: from then on calls are refused (assessment.lapsed).
func (w *work) lapse(at time.Time) {
	for c := range w.dir.Connections() {
		if c.System != w.m.System || c.State == access.Ended || !c.AssessedUntil.After(at) {
			continue
		}
		next := *c
		next.AssessedUntil = at
		if next.AssessedFrom.After(at) {
			next.AssessedFrom = at
		}
		w.stand(access.ChangeConnection, c.ID, &next)
	}
}
