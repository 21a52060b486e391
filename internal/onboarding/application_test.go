package onboarding

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"dancu/internal/access"
	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
)

// hanoi registers an agency with its contact officer, and returns people.
func (o *office) hanoi() (operator, agency Person) {
	o.t.Helper()
	operator, agency = o.someone(Operator, "op", ""), o.someone(Agency, "admin", "hanoi")
	_, err := o.Open(o.ctx, operator, KindAgency, About{}, Input{Values: mustJSON(Values{"id": "hanoi", "code": "H26", "nameVI": "UBND thành phố Hà Nội", "group": "1", "body": "provincial"})})
	o.must(err)
	o.save(agency, "agency.hanoi", "contact", Values{"name": "Nguyễn Văn A", "role": "Trưởng phòng", "phone": "024 3825 1234", "email": "ketnoi@hanoi.example.vn"})
	return operator, agency
}

func (o *office) save(by Person, matter, section string, v Values) *Matter {
	o.t.Helper()
	m, err := o.Save(o.ctx, by, matter, section, Input{Values: mustJSON(v)})
	o.must(err)
	return m
}

func (o *office) do(by Person, matter, act string, in Input) *Matter {
	o.t.Helper()
	m, err := o.Act(o.ctx, by, matter, act, in)
	o.must(err)
	return m
}

// request opens an application and fills all of it.
func (o *office) request(agency Person) *Matter {
	o.t.Helper()
	m, err := o.Open(o.ctx, agency, KindApplication, About{}, Input{})
	o.must(err)
	for section, v := range map[string]Values{
		"applicant": {"unit": "Văn phòng UBND", "functions": "Giải quyết thủ tục hành chính", "officer": "Nguyễn Văn A", "role": "Trưởng phòng", "phone": "024 3825 1234", "email": "ketnoi@hanoi.example.vn"},
		"system": {
			"id": "hanoi.onestop", "whyDirect": "Nền tảng trung gian chưa sẵn sàng", "nameVI": "Hệ thống một cửa", "level": 3,
			"addresses": []string{"203.0.113.0/24", "198.51.100.7"}, "builds": []string{"onestop/2.1"},
		},
		"purpose":   {"purpose": "Kiểm tra thông tin công dân khi tiếp nhận hồ sơ", "use": "Điền sẵn tờ khai và đối chiếu giấy tờ", "basisVI": "Luật Căn cước Điều 10", "storage": "Không lưu sau khi trả kết quả"},
		"data":      {"services": []string{"verify", "lookup"}, "procedures": []string{"1.004222"}, "fields": []string{"fullName", "dateOfBirth", "sex"}, "daily": 500, "perCase": 4, "until": "2099-12-31", "onward": []string{"Bưu điện thành phố; Hợp đồng 12/HĐ; 2027-12-31"}},
		"documents": {"request": []string{"018f0000-0000-7000-8000-000000000001"}},
	} {
		m = o.save(agency, m.ID, section, v)
	}
	return m
}

// A request becomes a grant that both sides accepted, by its hash, and a
// connection that cannot call yet.
func TestARequestBecomesAGrant(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		o := newOffice(t, env)
		operator, agency := o.hanoi()
		other := o.someone(Agency, "stranger", "elsewhere")

		m := o.request(agency)
		_, err := o.See(o.ctx, other, m.ID)
		o.refused(err, fault.NotFound, "no matter")
		_, err = o.Act(o.ctx, operator, m.ID, "approve", Input{Reason: "it is in order", Values: mustJSON(Values{"authority": "provincial-director"})})
		o.refused(err, fault.Conflict, "draft")
		_, err = o.Act(o.ctx, operator, m.ID, "submit", Input{})
		o.refused(err, fault.Forbidden, "agency")

		o.do(agency, m.ID, "submit", Input{})
		_, err = o.Save(o.ctx, agency, m.ID, "data", Input{Values: mustJSON(Values{"daily": 9_000_000})})
		o.refused(err, fault.Conflict, "submitted")
		o.do(operator, m.ID, "return", Input{Reason: "the connection model is missing"})
		o.do(agency, m.ID, "submit", Input{})
		_, err = o.Act(o.ctx, operator, m.ID, "approve", Input{Reason: "it is in order", Values: mustJSON(Values{"authority": "provincial-director"})})
		o.refused(err, fault.Invalid, "id: give the new connection an id")
		_, err = o.Act(o.ctx, operator, m.ID, "approve", Input{Reason: "it is in order", Values: mustJSON(Values{"authority": "provincial-director", "id": "hanoi.con", "fields": []string{"religion"}})})
		o.refused(err, fault.Invalid, "no field can be granted that was not asked for")
		m = o.do(operator, m.ID, "approve", Input{Reason: "it is in order", Values: mustJSON(Values{"authority": "provincial-director", "id": "hanoi.con", "fields": []string{"fullName", "sex"}, "calls": 700})})
		var of offer
		if _, err := m.read("offer", &of); err != nil || len(of.Grants) != 2 {
			t.Fatalf("offer: %+v, %v", of, err)
		}
		if dir, _ := o.Load(o.ctx, o.main, nil); dir.Connection("hanoi.con") != nil {
			t.Fatal("the connection is there before the agency accepted")
		}
		accept := func(hashes ...string) error {
			_, err := o.Act(o.ctx, agency, m.ID, "accept", Input{Values: mustJSON(Values{"hashes": hashes})})
			return err
		}
		o.refused(accept(of.Grants[0].Hash), fault.Invalid, "not the hashes")
		o.must(accept(of.Grants[1].Hash, of.Grants[0].Hash))

		c := o.connection("hanoi.con")
		if c.State != access.Draft || c.Limit.Calls != 700 || len(c.Grants) != 2 {
			t.Fatalf("connection: %+v", c)
		}
		for i, g := range c.Grants {
			if g.Hash != GrantHash(g) || g.Hash != of.Grants[i].Hash || g.PeoplePerCase != 4 {
				t.Errorf("grant: %+v", g)
			}
		}
		if g := c.Grants[0]; g.Service != access.Lookup || g.Fields != access.FieldsOf(access.FullName, access.Sex) {
			t.Errorf("the look-up's grant: %+v", g)
		}
		if s := o.system("hanoi.onestop"); s.Level != 3 || len(s.Addresses) != 2 || !slices.Equal(s.Builds, []string{"onestop/2.1"}) {
			t.Errorf("system: %+v", s)
		}
		// What is missing is shown by gates, and no two people get past them.
		see, err := o.See(o.ctx, operator, "connection.hanoi.con")
		o.must(err)
		green := map[string]bool{}
		for _, g := range see.Gates {
			green[g.Name] = g.Green
		}
		for name, want := range map[string]bool{"contact": true, "grant": true, "level": false, "assessment": false, "certificate": false, "intermediary": true} {
			if green[name] != want {
				t.Errorf("gate %s is %v", name, green[name])
			}
		}
		err = o.ofTwo("hanoi.con", "activate", Input{Reason: "everything is in order"})
		o.refused(err, fault.Conflict, "level", "assessment", "certificate")
		// Every act is there with its entry.
		see, err = o.See(o.ctx, agency, m.ID)
		o.must(err)
		if len(see.Done) != 11 || see.Done[0].Act != "accept" || see.Done[0].Entry == 0 {
			t.Errorf("done: %+v", see.Done)
		}
	})
}

// What is wrong is told field by field, in both languages, and nothing that
// was saved is lost.
func TestASectionIsCheckedFieldByField(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t))
	_, agency := o.hanoi()
	m := o.request(agency)
	for name, c := range map[string]struct {
		section string
		values  string
		field   string
	}{
		"unknown member": {"data", `{"colour":"red"}`, "colour"},
		"type":           {"data", `{"daily":"many"}`, "daily"},
		"below":          {"data", `{"daily":0}`, "daily"},
		"above":          {"data", `{"daily":10000001}`, "daily"},
		"choice":         {"data", `{"services":["spy"]}`, "services"},
		"procedure":      {"data", `{"procedures":["x"]}`, "procedures"},
		"twice":          {"data", `{"procedures":["1.004222","1.004222"]}`, "procedures"},
		"date":           {"data", `{"until":"31/12/2026"}`, "until"},
		"onward":         {"data", `{"onward":["a; b"]}`, "onward"},
		"network":        {"system", `{"addresses":["10.0.0.1/8"]}`, "addresses"},
		"control":        {"purpose", `{"purpose":"a\u0007b aaaaaaaaaaaaaaaaaaaaaa"}`, "purpose"},
		"bidi":           {"applicant", `{"unit":"a\u202eb"}`, "unit"},
		"email":          {"applicant", `{"email":"nobody"}`, "email"},
		"phone":          {"applicant", `{"phone":"call me"}`, "phone"},
		"no object":      {"applicant", `[]`, ""},
	} {
		_, err := o.Save(o.ctx, agency, m.ID, c.section, Input{Values: json.RawMessage(c.values)})
		var r *Refusal
		if !errors.As(err, &r) || r.Kind != fault.Invalid || len(r.Fields) != 1 || r.Fields[0].Field != c.field || r.Fields[0].Text.VI == "" || r.Fields[0].Text.EN == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	see, err := o.See(o.ctx, agency, m.ID)
	o.must(err)
	if len(see.Missing) != 0 || see.Matter.Version != m.Version {
		t.Errorf("missing: %+v", see.Missing)
	}
	_, err = o.Save(o.ctx, agency, m.ID, "data", Input{Version: m.Version - 1, Values: json.RawMessage(`{"daily":7}`)})
	o.refused(err, fault.Conflict, "somebody else")
}
