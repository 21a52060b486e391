package onboarding

import (
	"context"
	"slices"
	"time"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/fault"
	"dancu/internal/onboarding/catalogue"
)

// Over is the state of maintenance that has ended.
const Over State = "over"

// MaxMaintenance is the longest time for which services may be stopped at once:
// a year mistyped must not close the register.
const MaxMaintenance = 30 * 24 * time.Hour

// maintenanceKind: a stop of services for all, planned and announced so many
// working days ahead, or by force majeure, announced with its repair (Decree
// 47/2020/NĐ-CP Art. 43.3). Calls in it are told when to come back.
var maintenanceKind = KindInfo{
	Kind:  KindMaintenance,
	Title: access.Text{VI: "Dừng dịch vụ để bảo trì, nâng cấp", EN: "Maintenance"}, Many: access.Text{VI: "Bảo trì, nâng cấp", EN: "Maintenance"},
	Law: "47/2020/NĐ-CP Art. 43.3", First: Announced, By: []Duty{Supervisor, Machine},
	Open: maintenanceForm, Opening: openMaintenance, Event: EventMaintenanceAnnounced, Opens: []TaskKind{TaskMaintenanceEnd},
	States: []StateInfo{
		{Announced, access.Text{VI: "Đã thông báo", EN: "announced"}, false},
		{Over, access.Text{VI: "Đã kết thúc", EN: "over"}, true},
		{Cancelled, access.Text{VI: "Đã huỷ", EN: "cancelled"}, true},
	},
}

var maintenanceForm = Form{
	{Name: "from", Label: access.Text{VI: "Dừng từ", EN: "From"}, Law: "47/2020/NĐ-CP Art. 43.3", Type: TypeMoment, Required: true},
	{Name: "until", Label: access.Text{VI: "Dự kiến khôi phục lúc", EN: "Expected to be restored at"}, Law: "47/2020/NĐ-CP Art. 43.3", Type: TypeMoment, Required: true},
	{Name: "services", Label: access.Text{VI: "Dịch vụ dừng", EN: "Services stopped"}, Type: TypeMany, Choices: serviceChoices, Help: access.Text{VI: "Để trống: tất cả.", EN: "Empty: all of them."}},
	{Name: "textVI", Label: access.Text{VI: "Nội dung thông báo", EN: "Announcement (Vietnamese)"}, Law: "47/2020/NĐ-CP Art. 43.3", Type: TypeText, Required: true, Min: 10, Max: 1000},
	{Name: "textEN", Label: access.Text{VI: "Nội dung thông báo (tiếng Anh)", EN: "Announcement (English)"}, Type: TypeText, Max: 1000},
	{Name: "force", Label: access.Text{VI: "Trường hợp bất khả kháng", EN: "Force majeure"}, Law: "47/2020/NĐ-CP Art. 43.3", Type: TypeBool, Help: access.Text{VI: "Không phải thông báo trước; phải nêu lý do.", EN: "Needs no time of notice, and a reason."}},
	{Name: "why", Label: access.Text{VI: "Lý do bất khả kháng", EN: "What the force majeure is"}, Type: TypeText, Max: 1000},
	{Name: "documents", Label: access.Text{VI: "Văn bản", EN: "Documents"}, Type: TypeFiles, Max: 5},
}

func openMaintenance(w *work) error {
	from, until := w.in.moment("from"), w.in.moment("until")
	force := w.in.bool("force")
	switch {
	case !until.After(from):
		return misfilled("until", "Thời điểm khôi phục phải sau thời điểm dừng.", "it must be restored after it stops")
	case !until.After(w.now):
		return misfilled("until", "Thời gian này đã qua.", "that time is over")
	case until.Sub(from) > MaxMaintenance:
		return misfilled("until", "Không quá %d ngày một lần.", "at most %d days at once", int(MaxMaintenance.Hours()/24))
	case force && w.in.text("why") == "":
		return misfilled("why", "Hãy nêu lý do bất khả kháng.", "say what the force majeure is")
	case !force && from.Before(w.now):
		return misfilled("from", "Thời điểm dừng phải ở tương lai.", "it must begin in the future")
	}
	if force {
		return w.announceStop(from, until)
	}
	if last := w.o.deadline(from, catalogue.ClockMaintenanceNotice); !w.now.Before(last) {
		return misfilled("from", "Phải thông báo trước ngày %s để dừng lúc này: hãy lùi thời điểm dừng, hoặc nêu lý do bất khả kháng.",
			"a stop at this time had to be announced before %s: move it, or give the force majeure", day(last))
	}
	return w.announceStop(from, until)
}

func (w *work) announceStop(from, until time.Time) error {
	w.m.Title = day(from)
	w.window(from, until, w.in)
	w.tellAgencies("maintenance.announced")
	return nil
}

// window stages the stop. Who calls in it is refused by the time of the call's
// entry, with no job that has to run.
func (w *work) window(from, until time.Time, form Values) {
	m := access.Maintenance{
		ID: w.m.ID, From: from.UTC().Truncate(time.Microsecond), Until: until.UTC().Truncate(time.Microsecond), Text: access.Text{VI: form.text("textVI"), EN: form.text("textEN")},
	}
	for _, name := range tidied(form.list("services")) {
		s, _ := access.ParseService(name)
		m.Services = append(m.Services, s)
	}
	w.m.put("announcement", form)
	w.m.put("window", m)
	w.members["from"], w.members["until"], w.members["force"] = moment(from), moment(until), form.bool("force")
	w.params["starts"], w.params["ends"] = moment(from), moment(until)
	w.due[TaskMaintenanceEnd] = until
	w.stand(access.ChangeMaintenance, w.m.ID, &m)
}

// announced reads what was announced.
func (w *work) announced() (access.Maintenance, error) {
	var m access.Maintenance
	_, err := w.m.read("window", &m)
	return m, err
}

var prolongForm = Form{
	{Name: "until", Label: access.Text{VI: "Dự kiến khôi phục lúc", EN: "Expected to be restored at"}, Law: "47/2020/NĐ-CP Art. 43.3", Type: TypeMoment, Required: true},
}

// changeRestore moves the expected end: repair takes longer, or less.
func changeRestore(w *work) error {
	m, err := w.announced()
	if err != nil {
		return err
	}
	until := w.in.moment("until")
	switch {
	case !until.After(w.now) || !until.After(m.From):
		return misfilled("until", "Thời điểm khôi phục phải ở tương lai và sau thời điểm dừng.", "it must be restored in the future and after it stops")
	case until.Sub(m.From) > MaxMaintenance:
		return misfilled("until", "Không quá %d ngày một lần.", "at most %d days at once", int(MaxMaintenance.Hours()/24))
	}
	form, err := w.savedPart("announcement", maintenanceForm)
	if err != nil {
		return err
	}
	form["until"] = w.in.text("until")
	w.window(m.From, until, form)
	w.tellAgencies("maintenance.announced")
	return nil
}

func cancelMaintenance(w *work) error {
	m, err := w.announced()
	if err != nil {
		return err
	}
	if !w.now.Before(m.From) {
		return refuse(fault.Conflict, "Việc dừng dịch vụ đã bắt đầu: hãy ghi nhận kết thúc.", "it has begun: record that it is over")
	}
	w.params["starts"] = moment(m.From)
	w.reopen()
	w.tellAgencies("maintenance.cancelled")
	return nil
}

// endMaintenance records that services are given again: by whoever restored
// them, or by dancu when the announced time is over.
func endMaintenance(w *work) error {
	m, err := w.announced()
	if err != nil {
		return err
	}
	switch {
	case w.now.Before(m.From):
		return refuse(fault.Conflict, "Việc dừng dịch vụ chưa bắt đầu: hãy huỷ thông báo.", "it has not begun: cancel it instead")
	case w.by.Duty == Itself && w.now.Before(m.Until):
		return refuse(fault.Conflict, "Thời gian đã thông báo chưa hết.", "the announced time is not over")
	}
	w.members["restored"] = moment(w.now)
	if w.by.Duty == Itself {
		w.members["restored"] = moment(m.Until)
	}
	w.reopen()
	return nil
}

// reopen takes the window out of the standing.
func (w *work) reopen() {
	w.steps = append(w.steps, step{access.ChangeMaintenance, w.m.ID, nil, nil})
}

// tellAgencies tells every agency that has a connection.
func (w *work) tellAgencies(topic string) {
	w.after = append(w.after, func() error {
		told := map[string]bool{}
		for c := range w.dir.Connections() {
			s := w.dir.System(c.System)
			if s == nil || c.State == access.Ended || told[s.Agency] {
				continue
			}
			told[s.Agency] = true
			if err := w.notice(topic, Agency, s.Agency); err != nil {
				return err
			}
		}
		return nil
	})
}

// Stop is a stop of services as everybody may know of it.
type Stop struct {
	access.Maintenance
	// Force tells that it is by force majeure; Running that it has begun.
	Force   bool `json:"force"`
	Running bool `json:"running"`
}

// Maintenance returns the stops that are announced or have begun, in the order
// of their beginnings. It is for everybody: nothing of it is about a person.
func (o *Onboarding) Maintenance(ctx context.Context) (now time.Time, stops []Stop, err error) {
	now = o.main.Clock().UTC()
	stops = []Stop{}
	var list []*Matter
	err = o.main.Read(ctx, func(tx *db.Tx) (err error) {
		list, err = selectMatters(ctx, tx, matterQuery{kind: string(KindMaintenance), open: true, limit: MaxPage})
		return err
	})
	if err != nil {
		return now, nil, err
	}
	for _, m := range list {
		var s Stop
		if _, err := m.read("window", &s.Maintenance); err != nil {
			return now, nil, err
		}
		if !now.Before(s.Until) {
			continue
		}
		var form struct{ Force bool }
		if _, err := m.read("announcement", &form); err != nil {
			return now, nil, err
		}
		s.Force, s.Running = form.Force, !now.Before(s.From)
		stops = append(stops, s)
	}
	slices.SortFunc(stops, func(a, b Stop) int { return a.From.Compare(b.From) })
	return now, stops, nil
}
