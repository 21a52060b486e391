package onboarding

import (
	"context"
	"time"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/fault"
)

// Gate is one condition of the law that must hold before a connection is
// active.
type Gate struct {
	Name  string      `json:"name"`
	Label access.Text `json:"label"`
	Law   string      `json:"law,omitempty"`
	Green bool        `json:"green"`
	// Why says what is missing, or what it is green by.
	Why access.Text `json:"why"`
	// Matter is the id of the matter that it stands on or waits for, "" if
	// there is none.
	Matter string `json:"matter,omitempty"`
}

// gateCheck computes one gate.
type gateCheck struct {
	name  string
	label access.Text
	law   string
	check func(g *gatework) (green bool, why access.Text, matter string, err error)
}

// gatework is what a gate may look at.
type gatework struct {
	ctx    context.Context
	q      db.Querier
	o      *Onboarding
	dir    *access.Directory
	now    time.Time
	c      *access.Connection
	s      *access.System // the connection's
	caller *access.System // whose certificates calls come with
	// imported: the connection came from a file of existing agencies, and what
	// was done before dancu is known from there only.
	imported bool
}

// gates are all conditions, in the order in which they are worked through.
var gates = []gateCheck{
	{"contact", access.Text{VI: "Cơ quan đã công bố đầu mối kết nối", EN: "The agency has named its contact officer"}, "47/2020/NĐ-CP Art. 7", gateContact},
	{"grant", access.Text{VI: "Quyền khai thác đã được hai bên chấp nhận", EN: "Both sides have accepted the grant"}, "47/2020/NĐ-CP Art. 35, 37", gateGrant},
	{"level", access.Text{VI: "Hồ sơ cấp độ từ cấp 3 đã được phê duyệt", EN: "A dossier of level 3 or higher is approved"}, "46/2022/TT-BCA Art. 6.1", gateLevel},
	{"undertaking", access.Text{VI: "Bản cam kết an ninh đã ký và được tiếp nhận", EN: "The security undertaking is signed and accepted"}, "46/2022/TT-BCA", gateCommitment(Undertaking)},
	{"agreement", access.Text{VI: "Thoả thuận khai thác đã được hai bên ký", EN: "Both sides have signed the agreement"}, "47/2020/NĐ-CP Art. 37-39", gateCommitment(Agreement)},
	{"assessment", access.Text{VI: "Đánh giá an toàn thông tin còn hiệu lực", EN: "The security assessment is in force"}, "46/2022/TT-BCA Art. 6.2", gateAssessment},
	{"certificate", access.Text{VI: "Chứng thư số còn hiệu lực", EN: "A certificate is in force"}, "", gateCertificate},
	{"intermediary", access.Text{VI: "Nền tảng trung gian đang hoạt động", EN: "The intermediary is active"}, "47/2020/NĐ-CP Art. 46", gateIntermediary},
}

// gatesOf computes every gate of a connection.
func (o *Onboarding) gatesOf(ctx context.Context, q db.Querier, dir *access.Directory, now time.Time, c *access.Connection) ([]Gate, error) {
	g := &gatework{ctx: ctx, q: q, o: o, dir: dir, now: now, c: c, s: dir.System(c.System)}
	g.caller = g.s
	if c.Via != "" {
		g.caller = dir.System(c.Via)
	}
	if g.s == nil || g.caller == nil {
		return nil, fault.New(fault.Conflict, "the connection %q has no system", c.ID)
	}
	applied, err := selectMatters(ctx, q, matterQuery{kind: string(KindApplication), connection: c.ID, limit: 1})
	if err != nil {
		return nil, err
	}
	g.imported = len(applied) == 0
	var out []Gate
	for _, check := range gates {
		green, why, matter, err := check.check(g)
		if err != nil {
			return nil, err
		}
		out = append(out, Gate{check.name, check.label, check.law, green, why, matter})
	}
	return out, nil
}

// imported is why a gate is green that was passed before dancu.
var imported = access.Text{VI: "Theo dữ liệu ban đầu khi nhập.", EN: "By the records that were imported."}

func gateContact(g *gatework) (bool, access.Text, string, error) {
	id := MatterOf(KindAgency, g.s.Agency)
	m, err := selectMatter(g.ctx, g.q, id)
	if err != nil {
		return false, access.Text{}, "", err
	}
	if m != nil {
		v, problems := m.values(agencyKind.Section("contact"), g.o.Around(g.dir, g.s.Agency), true)
		if len(problems) == 0 {
			return true, access.Text{VI: v.text("role"), EN: v.text("role")}, id, nil
		}
	}
	if g.imported {
		return true, imported, id, nil
	}
	return false, text("Chưa đủ thông tin đầu mối.", "the contact officer is not complete"), id, nil
}

func gateGrant(g *gatework) (bool, access.Text, string, error) {
	open, err := selectMatters(g.ctx, g.q, matterQuery{kind: string(KindApplication), connection: g.c.ID, limit: 1})
	if err != nil {
		return false, access.Text{}, "", err
	}
	matter := ""
	if len(open) > 0 {
		matter = open[0].ID
	}
	for _, grant := range g.c.Grants {
		if g.now.Before(grant.Until) {
			return true, text("Có hiệu lực đến %s.", "in force until %s", day(grant.Until)), matter, nil
		}
	}
	if g.s.Intermediary && g.c.Via == "" {
		return true, text("Chỉ chuyển tiếp cho hệ thống khác.", "it carries others only"), matter, nil
	}
	return false, text("Không có quyền khai thác nào còn hiệu lực.", "no grant is in force"), matter, nil
}

func gateLevel(g *gatework) (bool, access.Text, string, error) {
	id := MatterOf(KindSystem, g.s.ID)
	m, err := selectMatter(g.ctx, g.q, id)
	if err != nil {
		return false, access.Text{}, "", err
	}
	if m != nil {
		v, problems := m.values(&levelSection, g.o.Around(g.dir, g.s.Agency), true)
		if len(problems) == 0 && !v.date("approved").After(g.now) {
			return true, text("Cấp độ %[1]d, quyết định %[2]s.", "level %[1]d, decision %[2]s", v.number("level"), v.text("decision")), id, nil
		}
	}
	if g.imported && g.s.Level >= minLevel {
		return true, imported, id, nil
	}
	return false, text("Chưa có hồ sơ cấp độ đầy đủ, đã phê duyệt.", "there is no complete, approved dossier of the level"), id, nil
}

func gateAssessment(g *gatework) (bool, access.Text, string, error) {
	c := g.c
	if !g.now.Before(c.AssessedFrom) && g.now.Before(c.AssessedUntil) {
		return true, text("Có hiệu lực đến %s.", "in force until %s", day(c.AssessedUntil)), "", nil
	}
	if c.AssessedUntil.IsZero() {
		return false, text("Hệ thống chưa được đánh giá.", "the system has not been assessed"), "", nil
	}
	return false, text("Hết hiệu lực từ %s.", "it ended on %s", day(c.AssessedUntil)), "", nil
}

func gateCertificate(g *gatework) (bool, access.Text, string, error) {
	id := MatterOf(KindSystem, g.caller.ID)
	for _, c := range g.caller.Credentials {
		if (c.Represents == "" || c.Represents == g.s.ID) && !g.now.Before(c.NotBefore) && !g.now.After(c.NotAfter) {
			return true, text("Có hiệu lực đến %s.", "in force until %s", day(c.NotAfter)), id, nil
		}
	}
	return false, text("Không có chứng thư số nào còn hiệu lực.", "no certificate is in force"), id, nil
}

func gateIntermediary(g *gatework) (bool, access.Text, string, error) {
	if g.c.Via == "" {
		return true, text("Kết nối trực tiếp.", "it connects directly"), "", nil
	}
	for c := range g.dir.Connections() {
		if c.System == g.c.Via && c.Via == "" && c.State == access.Active {
			return true, text("%s đang hoạt động.", "%s is active", c.ID), MatterOf(KindConnection, c.ID), nil
		}
	}
	return false, text("Kết nối của nền tảng trung gian chưa hoạt động.", "the intermediary's own connection is not active"), "", nil
}

// allGreen refuses while a gate is not.
func (w *work) allGreen(c *access.Connection) error {
	all, err := w.o.gatesOf(w.ctx, w.tx, w.dir, w.now, c)
	if err != nil {
		return err
	}
	r := &Refusal{Kind: fault.Conflict, Text: access.Text{VI: "Chưa đủ điều kiện:", EN: "not every condition is met:"}}
	passed := []string{}
	for _, g := range all {
		if g.Green {
			passed = append(passed, g.Name)
			continue
		}
		r.Fields = append(r.Fields, FieldProblem{Field: g.Name, Text: access.Text{VI: g.Label.VI + ": " + g.Why.VI, EN: g.Label.EN + ": " + g.Why.EN}})
	}
	if len(r.Fields) > 0 {
		return r
	}
	w.members["gates"] = passed
	return nil
}

// activate makes a connection active: every gate is green at this moment, and
// two people say so (Circular 46/2022/TT-BCA Art. 6).
func activate(w *work) error {
	next := *w.dir.Connection(w.m.Connection)
	if err := w.allGreen(&next); err != nil {
		return err
	}
	next.State = access.Active
	w.stand(access.ChangeConnection, next.ID, &next)
	// What it begins to call with is what is declared.
	if s := *w.dir.System(next.System); len(s.Keys) == 0 && next.Via == "" {
		if s.Keys = liveKeys(&s, w.now); len(s.Keys) > 0 {
			w.stand(access.ChangeSystem, s.ID, &s)
		}
	}
	return nil
}
