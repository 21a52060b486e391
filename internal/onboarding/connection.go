package onboarding

import (
	"cmp"
	"context"
	"slices"
	"time"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/fault"
	"dancu/internal/ledger"
	"dancu/internal/onboarding/catalogue"
)

// connectionKind: a connection's own life. It begins with the acceptance of a
// grant, or with a file of existing agencies.
var connectionKind = KindInfo{
	Kind:  KindConnection,
	Title: access.Text{VI: "Kết nối", EN: "Connection"}, Many: access.Text{VI: "Kết nối", EN: "Connections"},
	First: drafted, About: KindSystem,
	States: []StateInfo{
		{drafted, access.Text{VI: "Chưa kích hoạt", EN: "not yet active"}, false},
		{active, access.Text{VI: "Đang hoạt động", EN: "active"}, false},
		{suspended, access.Text{VI: "Tạm ngừng", EN: "suspended"}, false},
		{ended, access.Text{VI: "Đã chấm dứt", EN: "ended"}, true},
	},
}

var suspendForm = append(Form{
	{Name: "violation", Label: access.Text{VI: "Vi phạm hoặc nguy cơ mất an toàn", EN: "The violation, or the danger"}, Law: "47/2020/NĐ-CP Art. 43.5", Type: TypeText, Required: true, Max: maxText},
	{Name: "remedy", Label: access.Text{VI: "Điều kiện để được kết nối lại", EN: "What restores the connection"}, Law: "47/2020/NĐ-CP Art. 43.5", Type: TypeText, Required: true, Max: maxText},
	{Name: "plan", Label: access.Text{VI: "Phương án xử lý", EN: "The plan of handling it"}, Law: "47/2020/NĐ-CP Art. 43.5", Type: TypeText, Max: maxText},
}, issuing(Field{
	Name: "cause", Label: access.Text{VI: "Căn cứ tạm ngừng", EN: "Ground"}, Law: "47/2020/NĐ-CP Art. 43", Type: TypeChoice, Choices: groundChoices(catalogue.ForSuspension),
	Help: access.Text{VI: "Để trống: vi phạm quy định.", EN: "Empty: a breach of the rules."},
}, Field{Name: "contact", Label: access.Text{VI: "Đầu mối liên hệ của cơ quan quản lý", EN: "Contact at the register"}, Type: TypeLine, Max: 300})...)

// violated is the ground of a suspension of which none is named.
const violated = "suspension.violation"

// suspend stops a connection until it is resumed: its calls are refused from
// the entry of this act on.
func suspend(w *work) error {
	next := *w.dir.Connection(w.m.Connection)
	next.State, next.SuspendedBy = access.Suspended, access.ByRegister
	next.Violation, next.Remedy = w.in.text("violation"), w.in.text("remedy")
	w.members["violation"], w.members["remedy"] = next.Violation, next.Remedy
	w.params["ground"] = "violation"
	ground := cmp.Or(w.in.text("cause"), violated)
	w.members["ground"] = ground
	err := w.paper("suspension", map[string]any{
		"since": day(w.now) + " " + w.now.In(access.Zone).Format("15:04"), "ground": w.groundText(catalogue.ForSuspension, ground),
		"violation": next.Violation, "remedy": next.Remedy, "plan": cmp.Or(w.in.text("plan"), "Tạm ngừng cho đến khi khắc phục."),
		"contact": cmp.Or(w.in.text("contact"), blank),
	})
	if err != nil {
		return err
	}
	w.stand(access.ChangeConnection, next.ID, &next)
	return nil
}

// pause is an agency's own suspension, at once.
func pause(w *work) error {
	next := *w.dir.Connection(w.m.Connection)
	next.State, next.SuspendedBy, next.Violation = access.Suspended, access.ByAgency, w.reason
	next.Remedy = "Cơ quan đề nghị cho hoạt động trở lại."
	w.params["ground"] = "request"
	w.stand(access.ChangeConnection, next.ID, &next)
	return nil
}

var notifiedForm = Form{
	{Name: "at", Label: access.Text{VI: "Thời điểm thông báo", EN: "When it was notified"}, Type: TypeMoment, Required: true},
	{Name: "how", Label: access.Text{VI: "Hình thức, số văn bản", EN: "How, number of the letter"}, Type: TypeLine, Required: true, Max: 200},
	{Name: "documents", Label: access.Text{VI: "Văn bản", EN: "Letter"}, Type: TypeFiles, Max: 5},
}

var remediedForm = Form{
	{Name: "measures", Label: access.Text{VI: "Biện pháp đã thực hiện", EN: "Measures taken"}, Type: TypeText, Required: true, Min: 20},
	{Name: "documents", Label: access.Text{VI: "Tài liệu chứng minh", EN: "Evidence"}, Type: TypeFiles},
}

// resume ends a suspension: the conditions must hold again. It does not lift a
// lock.
func resume(w *work) error {
	next := *w.dir.Connection(w.m.Connection)
	if err := w.allGreen(&next); err != nil {
		return err
	}
	next.State, next.SuspendedBy, next.Violation, next.Remedy = access.Active, "", "", ""
	w.stand(access.ChangeConnection, next.ID, &next)
	return nil
}

var unlockForm = Form{
	{Name: "cause", Label: access.Text{VI: "Nguyên nhân", EN: "Cause"}, Type: TypeText, Required: true, Min: 10},
	{Name: "measures", Label: access.Text{VI: "Biện pháp khắc phục", EN: "Measures"}, Type: TypeText, Required: true, Min: 10},
	{Name: "decision", Label: access.Text{VI: "Quyết định mở khoá (số, ngày)", EN: "Decision (number, date)"}, Type: TypeLine, Required: true, Max: 200},
}

// unlock lifts a lock, automatic or not. A new count begins.
func unlock(w *work) error {
	c := w.dir.Connection(w.m.Connection)
	if c.Lock.By == access.Unlocked {
		return refuse(fault.Conflict, "Kết nối không bị khoá.", "the connection %[1]q is not locked: there is nothing to lift", c.ID)
	}
	next := access.Lock{Epoch: c.Lock.Epoch + 1}
	w.members["lock"], w.members["since"], w.members["epoch"] = string(c.Lock.By), moment(c.Lock.Since), next.Epoch
	w.stand(access.ChangeLock, c.ID, &next)
	return nil
}

var endForm = append(Form{
	{
		Name: "ground", Label: access.Text{VI: "Căn cứ chấm dứt", EN: "Ground"}, Law: "47/2020/NĐ-CP Art. 44", Type: TypeChoice, Required: true,
		Choices: groundChoices(catalogue.ForTermination),
		None:    access.Text{VI: "Danh mục không có căn cứ chấm dứt nào: hãy bổ sung.", EN: "the catalogue has no ground of termination: add one"},
	},
	{Name: "documents", Label: access.Text{VI: "Văn bản chấm dứt", EN: "Closing document"}, Type: TypeFiles, Max: 5},
}, issuing(Field{
	Name: "data", Label: access.Text{VI: "Xử lý dữ liệu đã nhận", EN: "What becomes of the data received"}, Law: "47/2020/NĐ-CP Art. 38", Type: TypeText,
	Help: access.Text{VI: "Để trống: theo thoả thuận đã ký.", EN: "Empty: as the signed agreement says."},
})...)

// groundChoices are the grounds that the catalogue has for an act.
func groundChoices(use catalogue.Use) func(Around) []Choice {
	return func(at Around) (out []Choice) {
		for _, g := range at.catalogue().Grounds(use, at.On) {
			out = append(out, Choice{g.ID, g.Text})
		}
		return out
	}
}

// declineEnd refuses an agency's request to end its connection: there must be
// one that waits.
func declineEnd(w *work) error {
	open, err := selectTasks(w.ctx, w.tx, taskQuery{matter: w.m.ID, kind: string(TaskEndDecide), open: true, limit: 1})
	if err != nil {
		return err
	}
	if len(open) == 0 {
		return refuse(fault.Conflict, "Cơ quan không có đề nghị chấm dứt nào đang chờ.", "no request to end it is waiting")
	}
	return nil
}

// end ends a connection for good. The keys of a system that then has no other
// connection go with it.
func end(w *work) error {
	next := *w.dir.Connection(w.m.Connection)
	next.State = access.Ended
	w.members["ground"] = w.in.text("ground")
	w.stand(access.ChangeConnection, next.ID, &next)
	var retired []event
	var keys []string
	closing := func() error {
		return w.paper("termination", map[string]any{
			"ended": day(w.now) + " " + w.now.In(access.Zone).Format("15:04"), "ground": w.groundText(catalogue.ForTermination, w.in.text("ground")),
			"reason": w.reason, "keys": keys, "data": cmp.Or(w.in.text("data"), "Theo thoả thuận kết nối, khai thác đã ký."),
		})
	}
	for c := range w.dir.Connections() {
		if c.ID != next.ID && c.State != access.Ended && (c.System == next.System || c.Via == next.System) {
			return closing()
		}
	}
	s := *w.dir.System(next.System)
	s.Credentials = slices.Clone(s.Credentials)
	for i := range s.Credentials {
		if c := &s.Credentials[i]; !w.now.After(c.NotAfter) {
			c.NotAfter = justBefore(w.now)
			keys = append(keys, c.SHA256)
			retired = append(retired, event{EventCredentialRetired, "", aboutSystem(w.dir, &s, map[string]any{"sha256": c.SHA256})})
		}
	}
	if len(retired) > 0 {
		w.stand(access.ChangeSystem, s.ID, &s, retired...)
	}
	return closing()
}

// The same acts for whoever has the machine.

// Suspend is the act suspend.
func (o *Onboarding) Suspend(ctx context.Context, actor ledger.Actor, id, violation, remedy string) error {
	return o.atMachine(ctx, actor, id, "suspend", Input{Values: mustJSON(Values{"violation": violation, "remedy": remedy})})
}

// End is the act end.
func (o *Onboarding) End(ctx context.Context, actor ledger.Actor, id, ground, reason string) error {
	return o.atMachine(ctx, actor, id, "end", Input{Reason: reason, Values: mustJSON(Values{"ground": ground})})
}

func (o *Onboarding) atMachine(ctx context.Context, actor ledger.Actor, id, act string, in Input) error {
	_, err := o.Act(ctx, Person{Actor: actor, Duty: Machine}, MatterOf(KindConnection, id), act, in)
	return err
}

// DefaultOverlap is how long a replaced certificate stays good, and
// MaxOverlap how long it can be asked to.
const (
	DefaultOverlap = 7 * 24 * time.Hour
	MaxOverlap     = 90 * 24 * time.Hour
)

// Rotation is the replacement of a system's certificate.
type Rotation struct {
	// Cert is the new certificate, PEM.
	Cert []byte `json:"cert"`
	// Represents binds the new certificate of an intermediary to one
	// represented system; then only certificates bound to the same are
	// replaced, and otherwise only those bound to none.
	Represents string `json:"represents,omitempty"`
	// Overlap is how long the replaced certificates stay good (unless they
	// end sooner by themselves); 0 means DefaultOverlap.
	Overlap time.Duration `json:"overlap,omitempty"`
	// Now retires them at once: for a key that was disclosed.
	Now bool `json:"now,omitempty"`
	// undeclared: an agency registers it by itself; a new key is a change that
	// it has to report.
	undeclared bool
}

// RotateCert registers a new certificate and retires the ones it replaces. id
// is that of a direct connection, or of the system itself. It returns when the
// replaced certificates end.
func (o *Onboarding) RotateCert(ctx context.Context, actor ledger.Actor, id string, rot Rotation) (retired time.Time, err error) {
	cred, err := rot.check()
	if err != nil {
		return retired, err
	}
	err = o.act(ctx, actor, func(now time.Time, dir *access.Directory) (s step, err error) {
		s, retired, err = rot.step(dir, now, id, cred)
		return s, err
	})
	return retired, err
}

// check reads the certificate and completes what was left out.
func (rot *Rotation) check() (access.Credential, error) {
	cred, err := readCertificate(rot.Cert)
	if err != nil {
		return cred, fault.New(fault.Invalid, "the new certificate: %s", err)
	}
	cred.Represents = rot.Represents
	switch {
	case rot.Now && rot.Overlap != 0:
		return cred, fault.New(fault.Invalid, "give an overlap or retire the old certificate now, not both")
	case rot.Overlap < 0 || rot.Overlap > MaxOverlap:
		return cred, fault.New(fault.Invalid, "the overlap can be up to %d hours: a key that is replaced should go", int(MaxOverlap.Hours()))
	case rot.Overlap == 0:
		rot.Overlap = DefaultOverlap
	}
	return cred, nil
}

// step is the change of the standing that a rotation is, and when the replaced
// certificates end.
func (rot *Rotation) step(dir *access.Directory, now time.Time, id string, cred access.Credential) (_ step, retired time.Time, err error) {
	s, err := systemOf(dir, id)
	if err != nil {
		return step{}, retired, err
	}
	if why := expired(cred, now); why != "" {
		return step{}, retired, fault.New(fault.Invalid, "%s", why)
	}
	if h := dir.Standing(cred.Thumbprint, "").System; h != nil {
		return step{}, retired, fault.New(fault.Conflict, "the certificate %s is registered for the system %q already: have a new one issued", short(cred), h.ID)
	}
	if rot.Represents != "" && (!s.Intermediary || dir.System(rot.Represents) == nil) {
		return step{}, retired, fault.New(fault.Invalid, "a certificate represents another system only at an intermediary, and that system must be registered: check %q", rot.Represents)
	}
	retired = now.Add(rot.Overlap)
	if rot.Now {
		retired = justBefore(now)
	}
	if cred.NotBefore.After(retired) {
		return step{}, retired, fault.New(fault.Invalid, "the new certificate begins on %s, after the old one would end (%s): lengthen the overlap", stamp(cred.NotBefore), stamp(retired))
	}
	next := *s
	next.Credentials = slices.Clone(s.Credentials)
	if len(next.Credentials) >= maxList {
		return step{}, retired, fault.New(fault.Exhausted, "the system %q has %d certificates: no more fit", s.ID, maxList)
	}
	about := func(c access.Credential) map[string]any {
		m := aboutSystem(dir, s, map[string]any{
			"sha256": c.SHA256, "notBefore": moment(c.NotBefore), "notAfter": moment(c.NotAfter),
		})
		if c.Key != "" {
			m["key"] = c.Key
		}
		if c.Represents != "" {
			m["represents"] = c.Represents
		}
		return m
	}
	added := about(cred)
	events := []event{{EventCredentialAdded, "certificate " + short(cred) + " of " + s.ID, added}}
	var gone []string
	for i := range next.Credentials {
		c := &next.Credentials[i]
		if c.Represents != rot.Represents || now.After(c.NotAfter) {
			continue
		}
		if c.NotAfter.After(retired) {
			c.NotAfter = retired
		}
		if rot.Now {
			gone = append(gone, c.Key)
		}
		m := about(*c)
		m["replacedBy"] = cred.SHA256
		events = append(events, event{EventCredentialRetired, "certificate " + short(*c) + " of " + s.ID, m})
	}
	next.Credentials = append(next.Credentials, cred)
	if rot.undeclared {
		added["declared"] = len(next.Keys) == 0 || slices.Contains(next.Keys, cred.Key)
	} else {
		added["declared"] = declareKey(&next, cred.Key, now)
	}
	forgetKeys(&next, gone, now)
	return step{access.ChangeSystem, s.ID, document(&next), events}, retired, nil
}

// systemOf finds the system whose certificate is meant by the id of a
// connection or of a system.
func systemOf(dir *access.Directory, id string) (*access.System, error) {
	if c := dir.Connection(id); c != nil {
		if c.State == access.Ended {
			return nil, fault.New(fault.Conflict, "the connection %q is ended: an ended connection does not come back; apply a file with a new connection", c.ID)
		}
		if c.Via != "" {
			return nil, fault.New(fault.Conflict, "the connection %q is carried by %q under that system's certificate: rotate %s", id, c.Via, c.Via)
		}
		if s := dir.System(c.System); s != nil {
			return s, nil
		}
	}
	if s := dir.System(id); s != nil {
		return s, nil
	}
	return nil, fault.New(fault.NotFound, "there is no connection or system %q: connection show lists them", clip(id))
}

// act does one change under the lock. plan decides on the newest standing.
func (o *Onboarding) act(ctx context.Context, actor ledger.Actor, plan func(now time.Time, dir *access.Directory) (step, error)) error {
	return o.log.Write(ctx, func(tx *ledger.Tx) error {
		dir, err := o.picture(ctx, tx.Tx)
		if err != nil {
			return err
		}
		s, err := plan(tx.Now, dir)
		if err != nil {
			return err
		}
		_, err = write(tx, actor, s, func(event, int64) {})
		return err
	})
}

func connection(dir *access.Directory, id string) (*access.Connection, error) {
	if c := dir.Connection(id); c != nil {
		return c, nil
	}
	return nil, fault.New(fault.NotFound, "there is no connection %q: connection show lists them", clip(id))
}

// aboutSystem adds what entries about a system are found by.
func aboutSystem(dir *access.Directory, s *access.System, m map[string]any) map[string]any {
	m["system"] = s.ID
	if a := dir.Agency(s.Agency); a != nil {
		m["agency"] = a.Code
	}
	return m
}

// View is a connection with what it stands on, at one moment.
type View struct {
	Now        time.Time         `json:"now"`
	Connection access.Connection `json:"connection"`
	Lock       access.Lock       `json:"lock"`
	System     access.System     `json:"system"`
	Agency     access.Agency     `json:"agency"`
	// Caller is whose certificates calls come with: the intermediary, or the
	// system itself.
	Caller access.System `json:"caller"`
}

// Show returns the connections with these ids, or all of them, in the order
// of their ids. An unknown id is fault.NotFound.
func (o *Onboarding) Show(ctx context.Context, ids ...string) ([]View, error) {
	var dir *access.Directory
	err := o.main.Read(ctx, func(tx *db.Tx) (err error) {
		dir, err = o.picture(ctx, tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(ids) == 0 {
		for c := range dir.Connections() {
			ids = append(ids, c.ID)
		}
	}
	views := []View{}
	now := o.main.Clock().UTC()
	for _, id := range ids {
		c, err := connection(dir, id)
		if err != nil {
			return nil, err
		}
		v := View{Now: now, Connection: *c, Lock: c.Lock}
		if s := dir.System(c.System); s != nil {
			v.System, v.Caller = *s, *s
			if a := dir.Agency(s.Agency); a != nil {
				v.Agency = *a
			}
		}
		if s := dir.System(c.Via); s != nil {
			v.Caller = *s
		}
		views = append(views, v)
	}
	return views, nil
}
