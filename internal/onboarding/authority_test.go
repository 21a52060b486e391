package onboarding

import (
	"strings"
	"testing"
	"testing/fstest"

	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
	"dancu/internal/onboarding/catalogue"
)

// who may permit provincial bodies, beside the director, by an operator's file.
const ownAuthority = `kind: authority
id: own-authority
version: "1"
from: 2026-01-01
name: {vi: Thẩm quyền bổ sung, en: More authorities}
source: {vi: Quyết định 1, en: Decision 1}
mark: proposal
bodies:
  - {id: provincial, group: 1, level: provincial, mark: verified, name: {vi: Cơ quan cấp tỉnh, en: Provincial state body}}
channels:
  - {id: connection, groups: [1], law: [26/2023/QH15 Art. 10.5.a], mark: verified, name: {vi: Kết nối, en: Connection}}
rules:
  - {id: deputy, bodies: [provincial], authority: deputy-director, name: {vi: Phó Giám đốc Công an cấp tỉnh, en: Deputy director of the provincial police}, law: [70/2024/NĐ-CP Art. 9], mark: proposal}
`

// TestApprovalAsksWhoMayPermit: by the rules of authority and the sort of body
// that applies, not by what the officer writes.
func TestApprovalAsksWhoMayPermit(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		o := newOffice(t, env)
		operator, agency := o.hanoi()
		m := o.request(agency)
		o.do(agency, m.ID, "submit", Input{})
		approve := func(authority string) error {
			_, err := o.Act(o.ctx, operator, m.ID, "approve", Input{Reason: "it is in order", Values: mustJSON(Values{"authority": authority, "id": "hanoi.con"})})
			return err
		}
		o.refused(approve("id-agency-head"), fault.Invalid, `"id-agency-head" is not among the choices: choose one of provincial-director`)
		o.refused(approve(""), fault.Invalid, "authority: this is required")

		see, err := o.See(o.ctx, operator, m.ID)
		o.must(err)
		if c := authorityChoices(see.Around()); len(c) != 1 || soleAuthority(see).text("authority") != "provincial-director" {
			t.Errorf("an approval begins with %v of %v", soleAuthority(see), c)
		}
		if note := see.Notes[0].EN; !strings.Contains(note, "Director of the provincial police") {
			t.Errorf("the reviewer is told %q", note)
		}

		// What sort of body it is, nobody has said: nobody may permit it until they do.
		o.apply("agencies: [{id: elsewhere, code: H13, name: {vi: Nơi khác}, group: 2}]\n")
		stranger := o.someone(Agency, "stranger", "elsewhere")
		first := m
		m, err = o.Open(o.ctx, stranger, KindApplication, About{}, Input{})
		o.must(err)
		for section, raw := range first.sections() {
			if findSection(applicationSections, section) == nil {
				continue
			}
			if section == "system" {
				raw = []byte(strings.ReplaceAll(string(raw), "hanoi.", "elsewhere."))
			}
			_, err := o.Save(o.ctx, stranger, m.ID, section, Input{Values: raw})
			o.must(err)
		}
		o.do(stranger, m.ID, "submit", Input{})
		o.refused(approve("provincial-director"), fault.Invalid, "say what sort of body the agency is (Correct the registration)")

		correct := func(v Values) error {
			v["code"], v["nameVI"] = "H13", "Nơi khác"
			_, err := o.Act(o.ctx, operator, "agency.elsewhere", "correct", Input{Reason: "its decision of founding says so", Values: mustJSON(v)})
			return err
		}
		o.refused(correct(Values{"group": "1", "body": "credit"}), fault.Invalid, "group: ", "is of group 2")
		o.refused(correct(Values{"group": "2", "body": "district"}), fault.Invalid, `body: "district" is not among the choices`)
		o.must(correct(Values{"group": "2", "body": "credit"}))
		o.refused(approve("provincial-director"), fault.Invalid, "choose one of id-agency-head")
		m = o.do(operator, m.ID, "approve", Input{Reason: "it is in order", Values: mustJSON(Values{"authority": "id-agency-head", "id": "hanoi.con"})})
		var of offer
		if _, err := m.read("offer", &of); err != nil || of.Authority != "id-agency-head" || of.Permit.Rule != "id-agency-head" || of.Permit.Body != "credit" {
			t.Errorf("the approval keeps %+v, %v", of, err)
		}

		// A file that does not say it leaves it as it is.
		o.apply("agencies: [{id: elsewhere, code: H13, name: {vi: Nơi khác nữa}, group: 2}]\n")
		dir, err := o.Load(o.ctx, o.main, nil)
		o.must(err)
		if b := dir.Agency("elsewhere").Body; b != "credit" {
			t.Errorf("the file made it %q", b)
		}
	})
}

// TestOperatorsAuthorityIsAChoice: where the rules name several, the officer
// chooses among them.
func TestOperatorsAuthorityIsAChoice(t *testing.T) {
	cat, err := catalogue.Load(fstest.MapFS{"authority.yaml": {Data: []byte(ownAuthority)}})
	if err != nil {
		t.Fatal(err)
	}
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		o := newOffice(t, env)
		o.cat = cat
		operator, agency := o.hanoi()
		m := o.request(agency)
		o.do(agency, m.ID, "submit", Input{})
		see, err := o.See(o.ctx, operator, m.ID)
		o.must(err)
		if c := authorityChoices(see.Around()); len(c) != 2 || soleAuthority(see) != nil {
			t.Fatalf("the choices are %v, and one is chosen: %v", c, soleAuthority(see))
		}
		o.do(operator, m.ID, "approve", Input{Reason: "it is in order", Values: mustJSON(Values{"authority": "deputy-director", "id": "hanoi.con"})})
	})
}

// TestAFileSaysTheSortOfBody: by today's rules, and in its group.
func TestAFileSaysTheSortOfBody(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		o := newOffice(t, env)
		for file, want := range map[string]string{
			"agencies: [{id: a, code: H13, name: {vi: Tên}, group: 1, body: district}]\n": `there is no sort of body "district" today: write one of central, provincial`,
			"agencies: [{id: a, code: H13, name: {vi: Tên}, group: 1, body: credit}]\n":   `"credit" is of group 2, and the agency is said to be of group 1`,
		} {
			_, err := o.ApplyFile(o.ctx, clerk, Source{Name: "test.yaml", YAML: []byte(file)}, Options{})
			o.refused(err, fault.Invalid, want)
		}
		o.apply("agencies: [{id: a, code: H13, name: {vi: Tên}, group: 2, body: credit}]\n")
	})
}
