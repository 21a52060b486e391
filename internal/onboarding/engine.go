package onboarding

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/fault"
	"dancu/internal/ledger"
)

// MinReason is the shortest reason of an act that asks for one, in characters.
const MinReason = 10

// The acts that every kind has.
const (
	actOpen = "open"
	actSave = "save"
)

// Row is one act on matters of one kind: a line of the table in lifecycle.go.
type Row struct {
	Kind Kind
	Name string
	// From are the states in which it may be done, To where it leads; "" stays.
	From []State
	To   State
	// Or are the states where Do may lead instead of To.
	Or []State
	By []Duty // who may; with Two, who may propose
	// Confirm makes the act one of two people: one proposes it, another of
	// these duties confirms it.
	Confirm []Duty
	// Fresh asks for a second factor shown just now: the act binds like a
	// signature.
	Fresh  bool
	Reason bool // asks why, in at least [MinReason] characters
	Form   Form
	Event  string // kind of the entry
	// Closes are the tasks that it ends, Opens those that it begins.
	Closes, Opens []TaskKind
	// MayClose and MayOpen are those that its Do ends and begins only sometimes.
	MayClose, MayOpen []TaskKind
	Tell              []Telling
	Label             access.Text
	Law               string
	// Prefill is what the act's form begins with; it may be nil.
	Prefill func(s *Sight) Values
	// Prepare does before the lock what is slow, on what the matter then is; it
	// may be nil. What it returns is w.prepared.
	Prepare func(ctx context.Context, o *Onboarding, m *Matter, in Values) (any, error)
	// Do checks what the table cannot say and stages what else follows; it may
	// be nil. It runs under the lock, and writes nothing by itself.
	Do func(w *work) error
}

// Two reports whether the act takes two people.
func (r *Row) Two() bool { return len(r.Confirm) > 0 }

// Telling is a notice that goes out with an act.
type Telling struct {
	Topic string
	To    Duty // Agency: the one that the matter concerns
}

// Notices takes what is to be told, in the transaction of the act that tells
// it. Put must be cheap: it runs under the lock. A key that was put before is
// not put again. Nothing of it may be personal data.
type Notices interface {
	Put(ctx context.Context, tx *db.Tx, n Notice) error
}

// Notice is something to tell.
type Notice struct {
	Key    string // of what it is: the same again is the same notice
	Topic  string // a stable dotted kind
	Duty   Duty   // whom: an office of the register, or with Agency an agency
	Agency string
	Params map[string]string
	Link   string // path of the page, "" for none
}

// Input is what an act is given.
type Input struct {
	Reason string          `json:"reason,omitempty"`
	Values json.RawMessage `json:"values,omitempty"` // JSON object of the act's form
	// Version is the matter's that whoever acts has seen; 0 is any. Another
	// one is a conflict: somebody was faster.
	Version int64 `json:"version,omitempty"`
}

// work is one act being done: what its Do may use and change.
type work struct {
	ctx context.Context
	tx  *ledger.Tx
	o   *Onboarding
	dir *access.Directory // the newest standing; what the act staged is not in it
	now time.Time
	by  *Person
	// second is who confirms; nil for acts of one.
	second *Person
	row    *Row
	kind   *KindInfo
	m      *Matter
	in     Values
	reason string
	to     State // where it will lead: Do may choose
	// members are added to the entry.
	members map[string]any
	params  map[string]string // of the notices
	due     map[TaskKind]time.Time
	dueBy   time.Time // when the first of the tasks begun is due
	steps   []step
	after   []func() error // done when the entry is written; w.entry is known
	entry   int64
	// prepared is what the row's Prepare returned; the matter may have moved on
	// since.
	prepared any
}

// stand stages a change of the standing. Further entries may be added about
// parts of it, such as a grant; the act's own entry names the version.
func (w *work) stand(kind access.ChangeKind, id string, doc any, more ...event) {
	w.steps = append(w.steps, step{kind, id, document(doc), more})
}

// Act does an act of one person on a matter.
func (o *Onboarding) Act(ctx context.Context, by Person, matter, act string, in Input) (*Matter, error) {
	prepared, err := o.prepare(ctx, &by, matter, act, in)
	if err != nil {
		return nil, err
	}
	if kind, err := o.kindOfMatter(ctx, matter); err != nil {
		return nil, err
	} else if rows := rowsOf(kind, act); len(rows) > 0 {
		if err := o.hold(ctx, &by, rows[0].Form, in.Values, nil); err != nil {
			return nil, err
		}
	}
	var m *Matter
	err = o.log.Write(ctx, func(tx *ledger.Tx) (err error) {
		m, err = o.actIn(ctx, tx, by, nil, matter, act, in, prepared)
		return err
	})
	if err != nil {
		return nil, err
	}
	return m, nil
}

// kindOfMatter is the kind that a matter is of, "" if there is none.
func (o *Onboarding) kindOfMatter(ctx context.Context, id string) (Kind, error) {
	if kind, _, ok := standingOf(id); ok {
		return kind, nil
	}
	m, err := selectMatter(ctx, o.main, id)
	if err != nil || m == nil {
		return "", err
	}
	return m.Kind, nil
}

// hold keeps the files that a form names, before the lock: the vault is
// another database. Those that the matter's section has already (there) are
// kept, whoever uploaded them.
func (o *Onboarding) hold(ctx context.Context, by *Person, f Form, raw json.RawMessage, there []string) error {
	if o.cfg.Vault == nil {
		return nil
	}
	values, _ := f.Read(raw, Around{}, false)
	for i := range f {
		if f[i].Type != TypeFiles {
			continue
		}
		ids := slices.DeleteFunc(values.list(f[i].Name), func(id string) bool { return slices.Contains(there, id) })
		if len(ids) > 0 {
			if err := o.cfg.Vault.Hold(ctx, by.FilesOf(), ids...); err != nil {
				return fieldRefused(f[i].Name, err)
			}
		}
	}
	return nil
}

// prepare runs the Prepare of an act that has one. Whoever may not see the
// matter has nothing prepared; the act itself says why.
func (o *Onboarding) prepare(ctx context.Context, by *Person, matter, act string, in Input) (any, error) {
	m, err := selectMatter(ctx, o.main, matter)
	if err != nil || m == nil || !by.seesMatter(m) {
		return nil, err
	}
	for _, r := range rowsOf(m.Kind, act) {
		if r.Prepare == nil || !by.may(r.By) || !slices.Contains(r.From, m.State) {
			continue
		}
		if err := by.stands(ctx, o.main, o.main.Clock().UTC(), false); err != nil {
			return nil, err
		}
		values, problems := r.Form.Read(in.Values, o.Around(nil, m.Agency), true)
		if err := wrongForm(problems); err != nil {
			return nil, err
		}
		return r.Prepare(ctx, o, m, values)
	}
	return nil, nil
}

// CheckAct refuses, without doing it, an act that could not be done now: for
// proposals of acts that take two.
func (o *Onboarding) CheckAct(ctx context.Context, tx *ledger.Tx, by Person, matter, act string, in Input) error {
	w, err := o.begin(ctx, tx, by, matter, act, in)
	if err != nil {
		return err
	}
	if !w.row.Two() {
		return refuse(fault.Invalid, "Việc này không cần người thứ hai: hãy thực hiện trực tiếp.", "this act takes one person: do it directly")
	}
	// Done on a copy and thrown away.
	if w.row.Do != nil {
		return w.row.Do(w)
	}
	return nil
}

// ActOfTwo does an act of two people in the transaction in which the second
// confirms it.
func (o *Onboarding) ActOfTwo(ctx context.Context, tx *ledger.Tx, first, second Person, matter, act string, in Input) (*Matter, error) {
	return o.actIn(ctx, tx, first, &second, matter, act, in, nil)
}

// actIn does an act in a transaction under the lock.
func (o *Onboarding) actIn(ctx context.Context, tx *ledger.Tx, by Person, second *Person, matter, act string, in Input, prepared any) (*Matter, error) {
	w, err := o.begin(ctx, tx, by, matter, act, in)
	if err != nil {
		return nil, err
	}
	switch {
	case w.row.Two() && second == nil:
		return nil, refuse(fault.Forbidden, "Việc này cần hai người: hãy đề xuất để người khác xác nhận.", "this act takes two people: propose it, and another confirms")
	case !w.row.Two() && second != nil:
		return nil, refuse(fault.Invalid, "Việc này không cần người thứ hai.", "this act takes one person")
	case second != nil && (second.Account == "" || second.Account == by.Account || !second.may(w.row.Confirm)):
		return nil, refuse(fault.Forbidden, "Người xác nhận phải là người khác và có thẩm quyền.", "who confirms must be another person, and one who may")
	}
	w.second, w.prepared = second, prepared
	if w.row.Do != nil {
		if err := w.row.Do(w); err != nil {
			return nil, err
		}
	}
	return w.m, w.finish()
}

// begin finds the matter and the act and checks what the table says.
func (o *Onboarding) begin(ctx context.Context, tx *ledger.Tx, by Person, matter, act string, in Input) (*work, error) {
	dir, err := o.picture(ctx, tx.Tx)
	if err != nil {
		return nil, err
	}
	m, err := o.matter(ctx, tx, dir, matter)
	if err != nil {
		return nil, err
	}
	if m == nil || !by.seesMatter(m) {
		return nil, errNoMatter(matter)
	}
	rows := rowsOf(m.Kind, act)
	if len(rows) == 0 {
		return nil, refuse(fault.NotFound, "Hồ sơ này không có việc “%s”.", "there is no act %q on this matter", clip(act))
	}
	kind := kindOf(m.Kind)
	// One act may have several rows: by duty, by state.
	var row *Row
	mine := false
	for _, r := range rows {
		if !by.may(r.By) {
			continue
		}
		mine = true
		if slices.Contains(r.From, m.State) {
			row = r
			break
		}
	}
	switch {
	case !mine:
		return nil, refuse(fault.Forbidden, "Bạn không có thẩm quyền thực hiện việc này.", "this is not yours to do: it is for %s", dutiesText(rows))
	case row == nil:
		return nil, refuse(fault.Conflict, "Hồ sơ đang ở trạng thái “%[1]s” nên không thể %[2]s.", "it is %[3]s and cannot be taken through %[4]q",
			kind.State(m.State).Label.VI, rows[0].Label.VI, kind.State(m.State).Label.EN, act)
	}
	if err := by.stands(ctx, tx, tx.Now, row.Fresh); err != nil {
		return nil, err
	}
	if in.Version != 0 && in.Version != m.Version {
		return nil, errFaster()
	}
	reason := tidy(in.Reason)
	if row.Reason || reason != "" {
		if why := (&Field{Type: TypeText, Min: MinReason}).check(reason, Around{}); why != nil {
			return nil, &Refusal{fault.Invalid, text("Hãy nêu lý do.", "say why"), []FieldProblem{{Field: "reason", Text: *why}}}
		}
	}
	values, problems := row.Form.Read(in.Values, o.Around(dir, m.Agency), true)
	if err := wrongForm(problems); err != nil {
		return nil, err
	}
	return &work{
		ctx: ctx, tx: tx, o: o, dir: dir, now: tx.Now, by: &by, row: row, kind: kind, m: m, in: values, reason: reason,
		to: row.To, members: map[string]any{}, params: map[string]string{}, due: map[TaskKind]time.Time{},
	}, nil
}

func errNoMatter(id string) error {
	return refuse(fault.NotFound, "Không có hồ sơ “%s”.", "there is no matter %q", clip(id))
}

func errFaster() error { return Overtaken() }

// overtaken is the refusal of a version that is no longer the matter's.
type overtaken struct{ *Refusal }

// Unwrap gives the refusal.
func (o overtaken) Unwrap() error { return o.Refusal }

// Overtaken is the error of acts on another version of a matter than it has.
func Overtaken() error {
	return overtaken{&Refusal{Kind: fault.Conflict, Text: text(
		"Hồ sơ vừa được người khác thay đổi: hãy tải lại trang rồi làm lại.", "somebody else has just changed this: load it again")}}
}

// IsOvertaken reports whether an error is that of [Overtaken].
func IsOvertaken(err error) bool {
	var o overtaken
	return errors.As(err, &o)
}

func dutiesText(rows []*Row) string {
	var s string
	for _, r := range rows {
		for _, d := range r.By {
			if s != "" {
				s += ", "
			}
			s += string(d)
		}
	}
	return s
}

// finish writes what the act changed: the matter, the standing, tasks,
// notices, and the entry that tells of all of it.
func (w *work) finish() error {
	from := w.m.State
	if w.to != "" {
		w.m.State = w.to
	}
	w.m.Version++
	w.m.Changed = w.now
	if w.kind.State(w.m.State).Final && w.m.Closed.IsZero() {
		w.m.Closed = w.now
	}
	if w.m.Opened.IsZero() {
		w.m.Opened = w.now
	}
	input := mustJSON(w.in)
	if len(w.in) == 0 {
		input = []byte("{}")
	}
	about := w.about()
	maps.Copy(about, w.members)
	about["act"], about["from"], about["to"] = w.row.Name, string(from), string(w.m.State)
	if w.reason != "" {
		about["reason"] = w.reason
	}
	if len(w.in) > 0 {
		about["input"] = json.RawMessage(input)
	}
	about["document"] = hash(w.m.Doc)
	if w.second != nil {
		about["confirmer"] = w.second.Actor.ID
	}
	for _, s := range w.steps {
		version := w.tx.Stand(string(s.kind), s.id, s.doc)
		about["standing"] = version
		for _, e := range s.events {
			e.members["standing"], e.members["matter"] = version, w.m.ID
			entry, err := ledger.EventEntry(e.kind, w.by.Actor, e.members)
			if err != nil {
				return err
			}
			w.tx.Append(entry, ledger.Outcome{})
		}
	}
	entry, err := ledger.EventEntry(w.row.Event, w.by.Actor, about)
	if err != nil {
		return err
	}
	w.entry = w.tx.Append(entry, ledger.Outcome{})
	if err := saveMatter(w.ctx, w.tx.Tx, w.m); err != nil {
		return err
	}
	done := Done{
		Version: w.m.Version, Act: w.row.Name, State: w.m.State, Actor: w.by.Actor.ID, Duty: w.by.Duty,
		Reason: w.reason, Input: input, Entry: w.entry, At: w.now,
	}
	if err := insertDone(w.ctx, w.tx.Tx, w.m.ID, &done); err != nil {
		return err
	}
	if err := w.tasks(); err != nil {
		return err
	}
	for _, fn := range w.after {
		if err := fn(); err != nil {
			return err
		}
	}
	return w.tell()
}

// about are the members by which an entry about the matter is found.
func (w *work) about() map[string]any {
	m := map[string]any{"matter": w.m.ID, "matterKind": string(w.m.Kind)}
	if a := w.dir.Agency(w.m.Agency); a != nil {
		m["agency"] = a.Code
	}
	if w.m.System != "" {
		m["system"] = w.m.System
	}
	if w.m.Connection != "" {
		m["connection"] = w.m.Connection
		if c := w.dir.Connection(w.m.Connection); c != nil && c.Via != "" {
			m["via"] = c.Via
		}
	}
	return m
}

// tasks ends and begins the tasks of the row.
func (w *work) tasks() error {
	if !w.m.Closed.IsZero() {
		if err := finishTasks(w.ctx, w.tx.Tx, w.m.ID, "", w.by.Actor.ID, w.now); err != nil {
			return err
		}
	}
	for _, kind := range w.row.Closes {
		if err := finishTasks(w.ctx, w.tx.Tx, w.m.ID, kind, w.by.Actor.ID, w.now); err != nil {
			return err
		}
	}
	for _, kind := range w.row.Opens {
		if err := w.open(kind); err != nil {
			return err
		}
	}
	return nil
}

// open begins a task on the matter; an open one of the kind is replaced.
func (w *work) open(kind TaskKind) error {
	info := taskOf(kind)
	due, ok := w.due[kind]
	if !ok && info.Clock != "" {
		due = w.o.deadline(w.now, info.Clock)
	}
	if !due.IsZero() && (w.dueBy.IsZero() || due.Before(w.dueBy)) {
		w.dueBy = due
	}
	if err := finishTasks(w.ctx, w.tx.Tx, w.m.ID, kind, w.by.Actor.ID, w.now); err != nil {
		return err
	}
	return insertTask(w.ctx, w.tx.Tx, &Task{
		ID: newID(), Kind: kind, Matter: w.m.ID, Owner: info.Owner, Agency: w.m.Agency, Opened: w.now, Due: due,
	})
}

// tell puts the row's notices.
func (w *work) tell() error {
	for _, t := range w.row.Tell {
		if t.To == Agency && w.m.Agency == "" {
			continue
		}
		agency := ""
		if t.To == Agency {
			agency = w.m.Agency
		}
		if err := w.notice(t.Topic, t.To, agency); err != nil {
			return err
		}
	}
	return nil
}

// notice puts one notice of the act.
func (w *work) notice(topic string, to Duty, agency string) error {
	if w.o.cfg.Notices == nil {
		return nil
	}
	params := map[string]string{"matter": w.m.ID, "since": moment(w.now)}
	if a := w.dir.Agency(w.m.Agency); a != nil {
		params["agency"] = a.Code
	}
	for name, id := range map[string]string{"connection": w.m.Connection, "system": w.m.System} {
		if id != "" {
			params[name] = id
		}
	}
	if !w.dueBy.IsZero() {
		params["due"] = isoDay(w.dueBy)
	}
	maps.Copy(params, w.params)
	key := fmt.Sprintf("%s@%d/%s/%s", w.m.ID, w.m.Version, topic, to)
	if agency != "" && agency != w.m.Agency {
		key += "/" + agency
	}
	return w.o.cfg.Notices.Put(w.ctx, w.tx.Tx, Notice{
		Key: key, Topic: topic, Duty: to, Agency: agency, Params: params, Link: "/life/" + w.m.ID,
	})
}

// begun opens a matter that follows from this act, in the same transaction,
// as dancu's own act; fill may set what it concerns and its document.
func (w *work) begun(kind Kind, values any, fill func(m *Matter)) (*Matter, error) {
	in := Input{}
	if values != nil {
		in.Values = mustJSON(values)
	}
	return w.o.openIn(w.ctx, w.tx, itself, kind, About{Agency: w.m.Agency, System: w.m.System, Connection: w.m.Connection, Parent: w.m.ID}, in, fill)
}

// About is what a new matter concerns: the most particular decides, and what
// it belongs to is found from it.
type About struct {
	Agency     string `json:"agency,omitempty"`
	System     string `json:"system,omitempty"`
	Connection string `json:"connection,omitempty"`
	Parent     string `json:"parent,omitempty"`
}

// Open opens a matter of a kind. An agency's people open what concerns their
// own agency only.
func (o *Onboarding) Open(ctx context.Context, by Person, kind Kind, about About, in Input) (*Matter, error) {
	if info := kindOf(kind); info != nil {
		if err := o.hold(ctx, &by, info.Open, in.Values, nil); err != nil {
			return nil, err
		}
	}
	var m *Matter
	err := o.log.Write(ctx, func(tx *ledger.Tx) (err error) {
		m, err = o.openIn(ctx, tx, by, kind, about, in, nil)
		return err
	})
	if err != nil {
		return nil, err
	}
	return m, nil
}

// openIn opens a matter in a transaction under the lock.
func (o *Onboarding) openIn(ctx context.Context, tx *ledger.Tx, by Person, kind Kind, about About, in Input, fill func(*Matter)) (*Matter, error) {
	info := kindOf(kind)
	if info == nil {
		return nil, refuse(fault.NotFound, "Không có loại hồ sơ “%s”.", "there is no kind of matter %q", clip(string(kind)))
	}
	if by.Duty != Itself && !by.may(info.By) {
		return nil, refuse(fault.Forbidden, "Bạn không có thẩm quyền lập hồ sơ này.", "you may not open a matter of this kind")
	}
	if err := by.stands(ctx, tx, tx.Now, false); err != nil {
		return nil, err
	}
	dir, err := o.picture(ctx, tx.Tx)
	if err != nil {
		return nil, err
	}
	m := &Matter{ID: newID(), Kind: kind, State: info.First, Doc: json.RawMessage("{}"), Parent: about.Parent}
	if by.Duty == Agency && about.Agency == "" {
		about.Agency = by.Agency
	}
	if err := concern(dir, m, about, info.About); err != nil {
		return nil, err
	}
	if !by.sees(m.Agency) {
		return nil, refuse(fault.Forbidden, "Hồ sơ chỉ được lập cho cơ quan của bạn.", "you may open this for your own agency only")
	}
	if by.Duty == Agency {
		n, err := countOpen(ctx, tx, m.Agency)
		if err != nil {
			return nil, err
		}
		if n >= o.set.OpenPerAgency {
			return nil, refuse(fault.Exhausted, "Cơ quan đang có %d hồ sơ chưa kết thúc: hãy hoàn tất hoặc rút bớt.", "the agency has %d open matters: finish or withdraw some", n)
		}
	}
	values, problems := info.Open.Read(in.Values, o.Around(dir, m.Agency), true)
	if err := wrongForm(problems); err != nil {
		return nil, err
	}
	w := &work{
		ctx: ctx, tx: tx, o: o, dir: dir, now: tx.Now, by: &by, kind: info, m: m, in: values, reason: tidy(in.Reason),
		row:     &Row{Kind: kind, Name: actOpen, Event: info.Event, Opens: info.Opens, Tell: info.Tell},
		members: map[string]any{}, params: map[string]string{}, due: map[TaskKind]time.Time{},
	}
	if fill != nil {
		fill(m)
	}
	if info.Opening != nil {
		if err := info.Opening(w); err != nil {
			return nil, err
		}
	}
	if _, _, is := standingOf(m.ID); is {
		if old, err := selectMatter(ctx, tx, m.ID); err != nil || old != nil {
			if err == nil {
				err = refuse(fault.Conflict, "Mã này đã có: hãy chọn mã khác.", "this id is taken: choose another")
			}
			return nil, err
		}
	}
	return m, w.finish()
}

// concern fills what the matter concerns, and refuses what does not exist.
func concern(dir *access.Directory, m *Matter, about About, most Kind) error {
	m.Agency, m.System, m.Connection = about.Agency, about.System, about.Connection
	if m.Connection != "" {
		c := dir.Connection(m.Connection)
		if c == nil {
			return refuse(fault.NotFound, "Không có kết nối “%s”.", "there is no connection %q", clip(m.Connection))
		}
		m.System = c.System
	}
	if m.System != "" {
		s := dir.System(m.System)
		if s == nil {
			return refuse(fault.NotFound, "Không có hệ thống “%s”.", "there is no system %q", clip(m.System))
		}
		m.Agency = s.Agency
	}
	if m.Agency != "" && dir.Agency(m.Agency) == nil {
		return refuse(fault.NotFound, "Không có cơ quan “%s”.", "there is no agency %q", clip(m.Agency))
	}
	switch {
	case most == KindConnection && m.Connection == "":
		return refuse(fault.Invalid, "Hãy cho biết kết nối nào.", "say which connection it concerns")
	case most == KindSystem && m.System == "":
		return refuse(fault.Invalid, "Hãy cho biết hệ thống nào.", "say which system it concerns")
	case most == KindAgency && m.Agency == "":
		return refuse(fault.Invalid, "Hãy cho biết cơ quan nào.", "say which agency it concerns")
	}
	return nil
}

// Save stores a section of a matter: what is given must be right, and need not
// be complete. Nothing of what was saved before is lost if it is refused.
func (o *Onboarding) Save(ctx context.Context, by Person, matter, section string, in Input) (*Matter, error) {
	if err := o.holdSection(ctx, &by, matter, section, in.Values); err != nil {
		return nil, err
	}
	var m *Matter
	err := o.log.Write(ctx, func(tx *ledger.Tx) error {
		dir, err := o.picture(ctx, tx.Tx)
		if err != nil {
			return err
		}
		if m, err = o.matter(ctx, tx, dir, matter); err != nil {
			return err
		}
		if m == nil || !by.seesMatter(m) {
			return errNoMatter(matter)
		}
		kind := kindOf(m.Kind)
		all, err := o.sectionsOf(kind, m)
		if err != nil {
			return err
		}
		s := findSection(all, section)
		switch {
		case s == nil:
			return refuse(fault.NotFound, "Hồ sơ không có phần “%s”.", "the matter has no section %q", clip(section))
		case !by.may(kind.EditBy):
			return refuse(fault.Forbidden, "Bạn không có thẩm quyền sửa phần này.", "this is not yours to edit")
		case !slices.Contains(kind.Editable, m.State):
			return refuse(fault.Conflict, "Hồ sơ đang ở trạng thái “%[1]s” nên không sửa được.", "it is %[2]s and cannot be edited", kind.State(m.State).Label.VI, kind.State(m.State).Label.EN)
		}
		if err := by.stands(ctx, tx, tx.Now, false); err != nil {
			return err
		}
		if in.Version != 0 && in.Version != m.Version {
			return errFaster()
		}
		values, problems := s.Form.Read(in.Values, o.Around(dir, m.Agency), false)
		for i := range problems {
			problems[i].Section = s.Name
		}
		if err := wrongForm(problems); err != nil {
			return err
		}
		m.put(s.Name, values)
		w := &work{
			ctx: ctx, tx: tx, o: o, dir: dir, now: tx.Now, by: &by, kind: kind, m: m, in: values,
			row:     &Row{Kind: m.Kind, Name: actSave, Event: EventMatterSaved},
			members: map[string]any{"section": s.Name}, params: map[string]string{}, due: map[TaskKind]time.Time{},
		}
		return w.finish()
	})
	if err != nil {
		return nil, err
	}
	return m, nil
}

// holdSection keeps the files that a section names.
func (o *Onboarding) holdSection(ctx context.Context, by *Person, matter, section string, raw json.RawMessage) error {
	kind, err := o.kindOfMatter(ctx, matter)
	if err != nil || kind == "" {
		return err
	}
	m, err := selectMatter(ctx, o.main, matter)
	if err != nil {
		return err
	}
	if m == nil {
		m = &Matter{ID: matter, Kind: kind}
	}
	all, err := o.sectionsOf(kindOf(kind), m)
	if err != nil {
		return err
	}
	if s := findSection(all, section); s != nil {
		return o.hold(ctx, by, s.Form, raw, s.Form.Files(m.sections()[s.Name]))
	}
	return nil
}

// matter returns a matter as it is now: agencies, systems and connections are
// there as soon as their standing is. nil if there is none.
func (o *Onboarding) matter(ctx context.Context, q db.Querier, dir *access.Directory, id string) (*Matter, error) {
	m, err := selectMatter(ctx, q, id)
	if err != nil {
		return nil, err
	}
	kind, sid, ok := standingOf(id)
	if !ok {
		return m, nil
	}
	if m == nil {
		m = &Matter{ID: id, Kind: kind, Doc: json.RawMessage("{}")}
	}
	if !standIn(dir, m, kind, sid) {
		return nil, nil
	}
	return m, nil
}

// standIn fills what the standing says of an agency, a system or a connection;
// false if it has none.
func standIn(dir *access.Directory, m *Matter, kind Kind, id string) bool {
	switch kind {
	case KindAgency:
		a := dir.Agency(id)
		if a == nil {
			return false
		}
		m.Agency, m.Title = id, a.Name.VI
	case KindSystem:
		s := dir.System(id)
		if s == nil {
			return false
		}
		m.Agency, m.System, m.Title = s.Agency, id, s.Name.VI
	case KindConnection:
		c := dir.Connection(id)
		if c == nil {
			return false
		}
		m.System, m.Connection, m.State, m.Title = c.System, id, State(c.State), id
		if s := dir.System(c.System); s != nil {
			m.Agency, m.Title = s.Agency, s.Name.VI
		}
	}
	if m.State == "" {
		m.State = Registered
	}
	return true
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }
