package onboarding

import (
	"slices"
	"strings"
	"testing"
	"time"

	"dancu/internal/access"
	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
	"dancu/internal/ledger"
)

// people are one of each duty.
type people struct{ operator, assessor, supervisor, agency Person }

// connected takes a connection hanoi.con from nothing to where every gate but
// those left out is green. It returns who did it.
func (o *office) connected(without ...string) people {
	o.t.Helper()
	operator, agency := o.hanoi()
	p := people{operator, o.someone(Assessor, "as", ""), o.someone(Supervisor, "su", ""), agency}
	m := o.request(agency)
	o.do(agency, m.ID, "submit", Input{})
	m = o.do(operator, m.ID, "approve", Input{Reason: "it is in order", Values: mustJSON(Values{"authority": "provincial-director", "id": "hanoi.con"})})
	var of offer
	_, err := m.read("offer", &of)
	o.must(err)
	o.do(agency, m.ID, "accept", Input{Values: mustJSON(Values{"hashes": []string{of.Grants[0].Hash, of.Grants[1].Hash}})})
	for _, step := range []struct {
		gate string
		do   func()
	}{
		{"level", func() {
			o.save(agency, "system.hanoi.onestop", "level", Values{"level": 3, "decision": "15/QĐ-STTTT", "appraised": "2025-01-10", "approved": "2025-02-01", "authority": "Sở TTTT"})
		}},
		{"undertaking", func() { o.committed(p, Undertaking) }},
		{"agreement", func() { o.committed(p, Agreement) }},
		{"assessment", func() { o.assessed(p, "initial") }},
		{"certificate", func() {
			o.do(agency, "system.hanoi.onestop", "certificate", Input{Values: mustJSON(Values{"certificate": certificate{}.pem(o.t)})})
		}},
	} {
		if !slices.Contains(without, step.gate) {
			step.do()
		}
	}
	return p
}

// committed signs and accepts one of the texts.
func (o *office) committed(p people, template string) *Matter {
	o.t.Helper()
	m, err := o.Open(o.ctx, p.agency, KindCommitment, About{System: "hanoi.onestop"}, Input{Values: mustJSON(Values{"template": template})})
	o.must(err)
	o.fillText(p.agency, m)
	m = o.do(p.agency, m.ID, "fix", Input{})
	var st signedText
	_, err = m.read("signed", &st)
	o.must(err)
	_, err = o.Act(o.ctx, p.agency, m.ID, "sign", Input{Values: mustJSON(Values{"name": "Trần B", "position": "Giám đốc", "sha256": strings.Repeat("0", 64)})})
	o.refused(err, fault.Invalid, "not the hash")
	o.do(p.agency, m.ID, "sign", Input{Values: mustJSON(Values{"name": "Trần B", "position": "Giám đốc", "sha256": st.SHA256})})
	return o.do(p.operator, m.ID, "accept", Input{Values: mustJSON(Values{"name": "Lê C", "position": "Cục trưởng"})})
}

// fillText answers every field of a text with something that fits.
func (o *office) fillText(by Person, m *Matter) {
	o.t.Helper()
	see, err := o.See(o.ctx, by, m.ID)
	o.must(err)
	for _, s := range see.Sections {
		o.save(by, m.ID, s.Name, anything(s.Form))
	}
}

// anything are answers that a form takes.
func anything(f Form) Values {
	v := Values{}
	for _, field := range f {
		switch field.Type {
		case TypeNumber:
			v[field.Name] = int64(3)
		case TypeDate:
			v[field.Name] = "2026-01-31"
		case TypeLines:
			v[field.Name] = []string{"một", "hai"}
		case TypeLine, TypeText:
			v[field.Name] = "Nội dung của mục này"
		}
	}
	return v
}

// assessed takes an assessment to its certificate: one item fails, is corrected
// and re-checked.
func (o *office) assessed(p people, kind string) *Matter {
	o.t.Helper()
	m, err := o.Open(o.ctx, p.assessor, KindAssessment, About{System: "hanoi.onestop"}, Input{Values: mustJSON(Values{"kind": kind})})
	o.must(err)
	return o.assess(p, m)
}

func (o *office) assess(p people, m *Matter) *Matter {
	o.t.Helper()
	o.do(p.assessor, m.ID, "start", Input{Values: mustJSON(Values{"assessor": "A05", "licence": "12/GP", "started": "2026-03-01"})})
	see, err := o.See(o.ctx, p.assessor, m.ID)
	o.must(err)
	failed := ""
	for _, s := range see.Sections {
		v := Values{}
		for _, f := range s.Form {
			switch {
			case f.Type == TypeChoice && failed == "":
				failed = f.Name
				v[f.Name], v[f.Name+".note"] = itemFail, "Mật khẩu mặc định chưa được đổi"
			case f.Type == TypeChoice:
				v[f.Name], v[f.Name+".evidence"] = itemPass, []string{"018f0000-0000-7000-8000-000000000002"}
			}
		}
		o.save(p.assessor, m.ID, s.Name, v)
	}
	m = o.do(p.assessor, m.ID, "conclude", Input{})
	if m.State != Findings {
		o.t.Fatalf("with a finding it is %s", m.State)
	}
	certificate := Input{Values: mustJSON(Values{"number": "7/CN-A05", "issuer": "A05", "signatory": "Phạm D, Cục trưởng"})}
	_, err = o.Act(o.ctx, p.assessor, m.ID, "certify", certificate)
	o.refused(err, fault.Conflict, "with open findings")
	recheck := func(result string) *Matter {
		return o.do(p.assessor, m.ID, "recheck", Input{Values: mustJSON(Values{"item": failed, "result": result, "note": "đã xem"})})
	}
	_, err = o.Act(o.ctx, p.assessor, m.ID, "recheck", Input{Values: mustJSON(Values{"item": failed, "result": itemPass, "note": "đã xem"})})
	o.refused(err, fault.Invalid, "no finding of this item waits")
	o.do(p.agency, m.ID, "correct", Input{Values: mustJSON(Values{"item": failed, "measures": "Đã đổi mật khẩu"})})
	if m = recheck(itemFail); m.State != Findings {
		o.t.Fatalf("after a re-check that failed it is %s", m.State)
	}
	o.do(p.agency, m.ID, "correct", Input{Values: mustJSON(Values{"item": failed, "measures": "Đã đổi mật khẩu"})})
	if m = recheck(itemPass); m.State != Passed {
		o.t.Fatalf("with every finding closed it is %s", m.State)
	}
	return o.do(p.assessor, m.ID, "certify", certificate)
}

var whyActivate = Input{Reason: "every condition is met"}

// No gate can be skipped: with any one of them red two people cannot activate
// the connection, and with all green they can.
func TestActivationNeedsEveryGate(t *testing.T) {
	for _, missing := range []string{"level", "undertaking", "agreement", "assessment", "certificate"} {
		t.Run(missing, func(t *testing.T) {
			o := newOffice(t, dbtest.SQLite(t))
			o.connected(missing)
			o.refused(o.ofTwo("hanoi.con", "activate", whyActivate), fault.Conflict, "not every condition is met", missing+":")
			if s := o.connection("hanoi.con").State; s != access.Draft {
				t.Errorf("it is %s", s)
			}
		})
	}
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		o := newOffice(t, env)
		p := o.connected()
		_, err := o.Act(o.ctx, p.operator, "connection.hanoi.con", "activate", whyActivate)
		o.refused(err, fault.Forbidden, "takes two people")
		o.refused(o.log.Write(o.ctx, func(tx *ledger.Tx) error {
			_, err := o.ActOfTwo(o.ctx, tx, p.operator, p.operator, "connection.hanoi.con", "activate", whyActivate)
			return err
		}), fault.Forbidden, "another person")
		o.must(o.ofTwo("hanoi.con", "activate", whyActivate))
		c := o.connection("hanoi.con")
		if c.State != access.Active || !c.AssessedUntil.After(time.Now().AddDate(0, 11, 0)) {
			t.Errorf("connection: %+v", c)
		}
	})
}

// What follows from a change report holds from the report on: the rule stops
// the connection until it was assessed again, and the certificate brings it
// back.
func TestAChangeStopsUntilAssessedAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		o := newOffice(t, env)
		p := o.connected()
		o.must(o.ofTwo("hanoi.con", "activate", whyActivate))
		before := o.connection("hanoi.con").AssessedUntil

		m, err := o.Open(o.ctx, p.agency, KindChange, About{System: "hanoi.onestop"}, Input{Values: mustJSON(Values{"kind": "application"})})
		o.must(err)
		_, err = o.Act(o.ctx, p.agency, m.ID, "declare", Input{})
		o.refused(err, fault.Invalid, "change.what: this is required")
		o.save(p.agency, m.ID, "change", Values{"what": "Nâng cấp lên phiên bản 3.0", "why": "Hết hỗ trợ", "from": "2026-01-01", "builds": []string{"onestop/3.0"}})
		o.do(p.agency, m.ID, "declare", Input{})
		if until := o.connection("hanoi.con").AssessedUntil; until.After(time.Now()) {
			t.Fatalf("it still counts as assessed until %s", until)
		}
		if s := o.system("hanoi.onestop"); slices.Contains(s.Builds, "onestop/3.0") {
			t.Error("the new build may call before it was assessed")
		}
		list, err := o.List(o.ctx, p.assessor, Filter{Kind: KindAssessment, Parent: m.ID})
		o.must(err)
		if len(list.Matters) != 1 || list.Matters[0].State != Ordered {
			t.Fatalf("the assessment it asks for: %+v", list.Matters)
		}
		// A milder decision gives back what the report took.
		o.do(p.operator, m.ID, "overrule", Input{Reason: "the change is small", Values: mustJSON(Values{"consequence": "until"})})
		if until := o.connection("hanoi.con").AssessedUntil; !until.After(time.Now()) || !until.Before(before) {
			t.Fatalf("it counts as assessed until %s", until)
		}
		_, err = o.Act(o.ctx, p.operator, m.ID, "close", Input{})
		o.refused(err, fault.Conflict, "not finished")
		o.do(p.operator, m.ID, "overrule", Input{Reason: "the change is not small", Values: mustJSON(Values{"consequence": "stop"})})
		o.assess(p, list.Matters[0])
		if until := o.connection("hanoi.con").AssessedUntil; !until.After(time.Now()) {
			t.Errorf("assessed again, it counts until %s", until)
		}
		see, err := o.See(o.ctx, p.agency, m.ID)
		o.must(err)
		if see.Matter.State != Closed {
			t.Errorf("the report is %s", see.Matter.State)
		}
	})
}
