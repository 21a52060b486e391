package onboarding

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"dancu/internal/access"
	"dancu/internal/fault"
	"dancu/internal/onboarding/catalogue"
)

// Declared is a change that the agency has reported.
const Declared State = "declared"

// changeKind is the report of a change of a connected system: what follows from
// it is a table of the catalogue, and holds from the report on (Circular
// 46/2022/TT-BCA Art. 6.2 and the provincial letters of 2023).
var changeKind = KindInfo{
	Kind:  KindChange,
	Title: access.Text{VI: "Báo cáo thay đổi", EN: "Change report"}, Many: access.Text{VI: "Báo cáo thay đổi", EN: "Change reports"},
	Law: "46/2022/TT-BCA Art. 6.2", First: Draft, By: []Duty{Agency, Operator}, About: KindSystem,
	Open: Form{{Name: "kind", Label: access.Text{VI: "Nội dung thay đổi", EN: "What changes"}, Type: TypeChoice, Required: true, Choices: changeChoices}},
	Opening: func(w *work) error {
		rule, err := w.o.cat.ChangeRule(catalogue.ChangeKind(w.in.text("kind")), access.DateOf(w.now))
		if err != nil {
			return fieldRefused("kind", err)
		}
		w.m.Title = rule.Name.VI
		w.m.put("kind", rule.Kind)
		return nil
	},
	Event: EventChangeOpened,
	States: []StateInfo{
		{Draft, access.Text{VI: "Đang soạn", EN: "draft"}, false},
		{Declared, access.Text{VI: "Đã báo cáo", EN: "declared"}, false},
		{Closed, access.Text{VI: "Đã hoàn tất", EN: "closed"}, true},
		{Withdrawn, access.Text{VI: "Đã rút", EN: "withdrawn"}, true},
	},
	Editable: []State{Draft}, EditBy: []Duty{Agency, Operator},
	Sections: []Section{{
		Name: "change", Title: access.Text{VI: "Nội dung thay đổi", EN: "The change"}, Law: "46/2022/TT-BCA Art. 6.2",
		Form: Form{
			{Name: "what", Label: access.Text{VI: "Mô tả thay đổi", EN: "What changes"}, Type: TypeText, Required: true, Min: 20},
			{Name: "why", Label: access.Text{VI: "Lý do", EN: "Why"}, Type: TypeText, Required: true},
			{Name: "from", Label: access.Text{VI: "Thực hiện từ ngày", EN: "From"}, Type: TypeDate, Required: true},
			{
				Name: "builds", Label: access.Text{VI: "Phiên bản phần mềm kết nối mới", EN: "New client builds"}, Type: TypeLines, Max: 20,
				Help: access.Text{VI: "Đúng như phần mềm khai trong tiêu đề Dancu-Client.", EN: "As the software declares it in the header Dancu-Client."},
			},
			{Name: "addresses", Label: access.Text{VI: "Địa chỉ mạng mới", EN: "New networks"}, Type: TypeCIDRs, Max: 50},
			{
				Name: "keys", Label: access.Text{VI: "Khoá mới của chứng thư số (SHA-256)", EN: "New certificate keys (SHA-256)"}, Type: TypeLines, Max: 10,
				Help: access.Text{VI: "Dấu vân tay SHA-256 của khoá công khai (SubjectPublicKeyInfo).", EN: "The SHA-256 of the public key (SubjectPublicKeyInfo)."}, Check: checkKeys,
			},
			{Name: "documents", Label: access.Text{VI: "Tài liệu", EN: "Documents"}, Type: TypeFiles},
		},
	}},
}

// changeChoices are the kinds that the rules of the day know.
func changeChoices(at Around) (out []Choice) {
	for _, r := range at.catalogue().ChangeRules(at.On) {
		out = append(out, Choice{string(r.Kind), r.Name})
	}
	return out
}

func checkKeys(v any) *access.Text {
	for _, s := range v.([]string) {
		if _, err := access.ParseThumbprint(s); err != nil {
			return textp("“%s” không phải là SHA-256 dạng thập lục phân.", "%q is not a SHA-256 in hex", clip(s))
		}
	}
	return nil
}

// effect is what followed from a report.
type effect struct {
	Consequence catalogue.Consequence `json:"consequence"`
	Reassess    bool                  `json:"reassess"`
	From        time.Time             `json:"from"`
	// Until is when calls stop unless the system is assessed again before;
	// zero if they do not.
	Until time.Time `json:"until,omitzero"`
	// Was is until when the system was assessed before.
	Was        time.Time `json:"was,omitzero"`
	Assessment string    `json:"assessment,omitempty"` // id of the matter
}

// declareChange is the report: what the rule says holds at once, or from the
// day of the change. What is new of builds, addresses and keys is declared with
// it; where the rule stops the connection, it has to be assessed before.
func declareChange(w *work) error {
	v, problems := w.m.values(&changeKind.Sections[0], w.around(), true)
	if err := wrongForm(problems); err != nil {
		return err
	}
	var kind catalogue.ChangeKind
	if ok, err := w.m.read("kind", &kind); err != nil || !ok {
		return errors.Join(err, fmt.Errorf("the change %s has no kind", w.m.ID))
	}
	rule, err := w.o.cat.ChangeRule(kind, access.DateOf(w.now))
	if err != nil {
		return err
	}
	e := effect{Consequence: rule.Consequence, Reassess: rule.Reassess, From: v.date("from")}
	if e.From.Before(w.now) {
		e.From = w.now
	}
	return w.follow(e, rule.Clock, v)
}

// follow makes a consequence hold.
func (w *work) follow(e effect, clock string, v Values) error {
	switch e.Consequence {
	case catalogue.Stop:
		e.Until = e.From
	case catalogue.Until:
		e.Until = w.o.deadline(e.From, clock)
	case catalogue.Keep:
	}
	if e.Was.IsZero() {
		for c := range w.dir.Connections() {
			if c.System == w.m.System && c.State != access.Ended && c.AssessedUntil.After(e.Was) {
				e.Was = c.AssessedUntil
			}
		}
	}
	if !e.Until.IsZero() {
		w.lapse(e.Until)
	}
	s := *w.dir.System(w.m.System)
	before := document(&s)
	if e.Consequence != catalogue.Stop {
		if builds := v.list("builds"); len(builds) > 0 && len(s.Builds) > 0 {
			s.Builds = tidied(append(slices.Clone(s.Builds), builds...))
		}
		if nets := networks(v.list("addresses")); len(nets) > 0 && len(s.Addresses) > 0 {
			s.Addresses = append(slices.Clone(s.Addresses), nets...)
		}
		if keys := v.list("keys"); len(keys) > 0 && len(s.Keys) > 0 {
			s.Keys = tidied(append(slices.Clone(s.Keys), keys...))
		}
	}
	if hash(before) != hash(document(&s)) {
		w.stand(access.ChangeSystem, s.ID, &s)
	}
	w.members["consequence"] = string(e.Consequence)
	if !e.Until.IsZero() {
		w.members["until"] = moment(e.Until)
		w.params["until"] = isoDay(e.Until)
	}
	if e.Reassess {
		// Its id stands in this act's own document, whose hash the entry has.
		e.Assessment = newID()
	}
	w.m.put("effect", e)
	over := !e.Reassess && e.Assessment == ""
	w.after = append(w.after, func() error { return w.settle(w.m, over) })
	if !e.Reassess {
		w.after = append(w.after, func() error { return w.open(TaskChangeReview) })
		return nil
	}
	w.after = append(w.after, func() error {
		_, err := w.begun(KindAssessment, Values{"kind": string(catalogue.AfterChange), "track": w.trackFor(), "why": w.m.Title}, func(m *Matter) {
			m.ID = e.Assessment
		})
		return err
	})
	return nil
}

// trackFor is the ordinary track, or that of the Ministry of Defence.
func (w *work) trackFor() string {
	if is, err := w.o.defence(w.ctx, w.tx, w.m.Agency); err == nil && is {
		return catalogue.TrackDefence
	}
	return catalogue.TrackOrdinary
}

var overruleForm = Form{{
	Name: "consequence", Label: access.Text{VI: "Hệ quả", EN: "Consequence"}, Type: TypeChoice, Required: true,
	Choices: func(Around) []Choice {
		return []Choice{
			{string(catalogue.Keep), access.Text{VI: "Tiếp tục khai thác", EN: "Keep running"}},
			{string(catalogue.Until), access.Text{VI: "Khai thác đến hạn", EN: "Run until a date"}},
			{string(catalogue.Stop), access.Text{VI: "Dừng đến khi được đánh giá lại", EN: "Stop until assessed again"}},
		}
	},
}, {
	Name: "reassess", Label: access.Text{VI: "Phải đánh giá lại", EN: "Has to be assessed again"}, Type: TypeBool,
}}

// overruleChange is the register's stricter, or milder, decision on a report.
// A milder one gives back the term that the report itself took, and no more: an
// assessment that failed since stays failed.
func overruleChange(w *work) error {
	var e effect
	if ok, err := w.m.read("effect", &e); err != nil || !ok {
		return errors.Join(err, fmt.Errorf("the change %s has no effect", w.m.ID))
	}
	next := effect{Consequence: catalogue.Consequence(w.in.text("consequence")), Reassess: w.in.bool("reassess"), From: w.now, Was: e.Was, Assessment: e.Assessment}
	if next.Consequence == catalogue.Until && !e.From.IsZero() {
		next.From = e.From
	}
	w.giveBack(e)
	if next.Consequence != catalogue.Keep {
		next.Reassess = true
	}
	if e.Assessment != "" {
		// It is under way already.
		next.Reassess = false
	}
	v, _ := w.m.values(&changeKind.Sections[0], w.around(), false)
	return w.follow(next, catalogue.ClockChangeRunOn, v)
}

// giveBack restores, in the picture that this act works on, the term that a
// report took: where it is still the report's.
func (w *work) giveBack(e effect) {
	if e.Until.IsZero() {
		return
	}
	var back []access.Change
	for c := range w.dir.Connections() {
		if c.System == w.m.System && c.State != access.Ended && c.AssessedUntil.Equal(e.Until) {
			next := *c
			next.AssessedUntil = e.Was
			w.stand(access.ChangeConnection, c.ID, &next)
			back = append(back, access.Change{Version: w.dir.Version() + 1, Kind: access.ChangeConnection, ID: c.ID, Doc: document(&next)})
		}
	}
	if dir, err := w.dir.Apply(back); err == nil {
		w.dir = dir
	}
}

// closeChange ends a report; one that has to be assessed ends with the
// certificate.
func closeChange(w *work) error {
	var e effect
	if _, err := w.m.read("effect", &e); err != nil {
		return err
	}
	w.after = append(w.after, func() error { return w.settle(w.m, true) })
	if e.Assessment == "" {
		return nil
	}
	m, err := selectMatter(w.ctx, w.tx, e.Assessment)
	if err != nil {
		return err
	}
	if m != nil && m.Closed.IsZero() && m.State != Certified {
		return refuse(fault.Conflict, "Đánh giá lại chưa hoàn tất.", "the assessment it asked for is not finished")
	}
	return nil
}

// closeParentChange ends the change report that asked for this assessment.
func (w *work) closeParentChange() error {
	if w.m.Parent == "" {
		return nil
	}
	m, err := selectMatter(w.ctx, w.tx, w.m.Parent)
	if err != nil || m == nil || m.Kind != KindChange || m.State != Declared {
		return err
	}
	m.State, m.Version, m.Changed, m.Closed = Closed, m.Version+1, w.now, w.now
	if err := saveMatter(w.ctx, w.tx.Tx, m); err != nil {
		return err
	}
	if err := finishTasks(w.ctx, w.tx.Tx, m.ID, "", w.by.Actor.ID, w.now); err != nil {
		return err
	}
	err = insertDone(w.ctx, w.tx.Tx, m.ID, &Done{
		Version: m.Version, Act: "close", State: m.State, Actor: w.by.Actor.ID, Duty: w.by.Duty, Input: []byte("{}"), Entry: w.entry, At: w.now,
	})
	if err != nil {
		return err
	}
	return w.settle(m, true)
}
