package onboarding

import (
	"testing"

	"dancu/internal/access"
	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
)

// A contact officer who is no longer published holds an activation up as one
// who never was.
func TestActivationNeedsTheContactOfficer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		o := newOffice(t, env)
		p := o.connected()
		o.save(p.agency, "agency.hanoi", "contact", Values{"name": "Nguyễn Văn A", "role": "Trưởng phòng", "phone": "024 3825 1234"})
		o.refused(o.ofTwo("hanoi.con", "activate", whyActivate), fault.Conflict, "contact:")
		o.save(p.agency, "agency.hanoi", "contact", Values{"name": "Nguyễn Văn A", "role": "Trưởng phòng", "phone": "024 3825 1234", "email": "ketnoi@hanoi.example.vn"})
		o.must(o.ofTwo("hanoi.con", "activate", whyActivate))
	})
}

// What exempts from an assessment is a track of the law with evidence that is
// of a date that still exempts, and it ends a year after that date.
func TestAnExemptionHasEvidenceAndAnEnd(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		d := newDesk(t, env)
		open := func(track string) (*Matter, error) {
			return d.Open(d.ctx, d.assessor, KindAssessment, About{System: "a.sys"}, Input{Values: mustJSON(Values{"kind": "periodic", "track": track})})
		}
		exempt := func(m *Matter, date string, evidence ...string) error {
			_, err := d.Act(d.ctx, d.assessor, m.ID, "exempt", Input{Values: mustJSON(Values{"number": "12/CN", "issuer": "A05", "date": date, "evidence": evidence})})
			return err
		}
		const file = "018f0000-0000-7000-8000-000000000003"
		ordinary, err := open("ordinary")
		d.must(err)
		d.refused(exempt(ordinary, d.date(-10), file), fault.Conflict, "no exemption")
		m, err := open("recent-certificate")
		d.must(err)
		_, err = d.Act(d.ctx, d.assessor, m.ID, "start", Input{Values: mustJSON(Values{"assessor": "A05", "licence": "12/GP", "started": d.date(0)})})
		d.refused(err, fault.Conflict, "an exemption")
		d.refused(exempt(m, d.date(-10)), fault.Invalid, "evidence")
		d.refused(exempt(m, d.date(1), file), fault.Invalid, "date")
		d.refused(exempt(m, d.date(-367), file), fault.Invalid, "date")
		d.must(exempt(m, d.date(-100), file))
		c := d.connection("a.con")
		want := d.midnight(-100).AddDate(1, 0, 0)
		if got := c.AssessedUntil; got.Before(want) || got.After(want.AddDate(0, 0, 1)) {
			t.Errorf("exempt until %s, want a year after the evidence: %s", got, want)
		}
		if c.State != access.Active {
			t.Errorf("it is %s", c.State)
		}
	})
}

// Systems of the Ministry of Defence are assessed by its own units, and no
// others are.
func TestDefenceIsAssessedByItsOwn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		o := newOffice(t, env)
		operator, assessor := o.someone(Operator, "op", ""), o.someone(Assessor, "as", "")
		for id, defence := range map[string]bool{"quan-khu": true, "so-y-te": false} {
			code := map[bool]string{true: "G11", false: "H26.5"}[defence]
			_, err := o.Open(o.ctx, operator, KindAgency, About{}, Input{Values: mustJSON(Values{"id": id, "code": code, "nameVI": "Cơ quan", "group": "1", "body": "provincial", "defence": defence})})
			o.must(err)
			_, err = o.Open(o.ctx, operator, KindSystem, About{Agency: id}, Input{Values: mustJSON(Values{"id": id + ".sys", "nameVI": "Hệ thống", "level": 3})})
			o.must(err)
			for _, track := range []string{"ordinary", "defence"} {
				_, err := o.Open(o.ctx, assessor, KindAssessment, About{System: id + ".sys"}, Input{Values: mustJSON(Values{"kind": "initial", "track": track})})
				if right := defence == (track == "defence"); right {
					o.must(err)
				} else {
					o.refused(err, fault.Invalid, "track")
				}
			}
		}
	})
}
