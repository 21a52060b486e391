package register

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
)

// full is a record with all 26 fields, in the form the register stores.
var full = map[access.Field]string{
	access.FullName:               `"Đặng Thị Hường"`,
	access.OtherName:              `"Sáu \"Nhỏ\""`,
	access.PIN:                    `"001185000042"`,
	access.DateOfBirth:            `"1985-02-28"`,
	access.Sex:                    `"female"`,
	access.PlaceOfBirth:           `{"unit":"001","detail":"Bệnh viện","country":"VN"}`,
	access.BirthRegistrationPlace: `{"unit":"001X0001"}`,
	access.NativePlace:            `{"detail":"Quảng Nam"}`,
	access.Ethnicity:              `{"code":"01","name":"Kinh"}`,
	access.Religion:               `{"code":"99"}`,
	access.Nationality:            `"VN"`,
	access.BloodGroup:             `"00"`,
	access.CMND:                   `"012345678"`,
	access.IdentityCard:           `{"number":"001185000042","issued":"2022-01-05","place":"Bộ Công an","expires":"2025-02-28"}`,
	access.Relatives:              `[{"relation":"father","cmnd":"011111111","fullName":"Đặng Văn Đức","nationality":"VN"},{"relation":"child","pin":"001310000001"}]`,
	access.PermanentResidence:     `{"unit":"001X0001","detail":"Số 1, đường Lê Lợi","country":"VN"}`,
	access.TemporaryResidence:     `{"unit":"079"}`,
	access.CurrentResidence:       `{"unit":"079","country":"VN"}`,
	access.TemporaryAbsence:       `{"from":"2025-01-01","until":"2025-12-31","destination":"TP Hồ Chí Minh"}`,
	access.ResidenceFileNumber:    `"HS-1"`,
	access.MaritalStatus:          `{"code":"2"}`,
	access.RelationToHead:         `"Vợ"`,
	access.HouseholdField:         `[{"relation":"head","pin":"001083000007","fullName":"Lê Đức Anh"},{"relation":"spouse","pin":"001185000042"}]`,
	access.DeathOrMissing:         `{"status":"missing","date":"2025"}`,
	access.Contact:                `{"mobile":"+84100000000","email":"huong@dancu.example"}`,
	access.Other:                  `{"a":[1,{"b":null}],"c":"x"}`,
}

// line makes a row of JSON Lines; changes replace fields, "" removes one.
func line(changes map[access.Field]string) string {
	var parts []string
	for f := range access.NumFields {
		v, ok := changes[f]
		if !ok {
			v = full[f]
		}
		if v != "" {
			parts = append(parts, `"`+f.String()+`":`+v)
		}
	}
	return "{" + strings.Join(parts, ",") + "}"
}

// simple is a row of just names, numbers and what else is given.
func simple(pin, name, dob string, more ...string) string {
	s := fmt.Sprintf(`{"pin":%q,"fullName":%q,"dateOfBirth":%q`, pin, name, dob)
	for _, m := range more {
		s += "," + m
	}
	return s + "}"
}

// open returns a register that holds the given rows.
func open(t testing.TB, env *dbtest.Env, lines ...string) *Register {
	t.Helper()
	r := New(env.Open(db.Register))
	if len(lines) > 0 {
		c, err := r.Import(t.Context(), strings.NewReader(strings.Join(lines, "\n")), ImportOptions{Format: JSONLines})
		if err != nil || c.Inserted != int64(len(lines)) {
			t.Fatalf("import of the test's people: %+v, %v", c, err)
		}
	}
	return r
}

func find(t *testing.T, r *Register, k Keys) *Person {
	t.Helper()
	if err := k.Validate(); err != nil {
		t.Fatal(err)
	}
	p, err := r.Find(t.Context(), k)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAllFieldsRoundTrip(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		r := open(t, env, line(nil))
		p := find(t, r, Keys{PIN: "001185000042"})
		if p == nil {
			t.Fatal("nobody found")
		}
		if got := string(p.Append(nil, access.AllFields)); got != line(nil) {
			t.Errorf("all fields:\n got %s\nwant %s", got, line(nil))
		}
		want := access.Subject{Province: "001", Unit: "001X0001"}
		if p.Subject != want || p.Household != "001083000007" || p.PIN != "001185000042" {
			t.Errorf("person: %+v", p)
		}
		n, err := r.Count(t.Context())
		if n != 1 || err != nil {
			t.Errorf("Count: %d, %v", n, err)
		}
	})
}

func TestOnlyAskedFields(t *testing.T) {
	r := open(t, dbtest.SQLite(t), line(nil), simple("001085000001", "Một", "1985"))
	all := find(t, r, Keys{PIN: "001185000042"})
	bare := find(t, r, Keys{PIN: "001085000001"})
	for f := range access.NumFields {
		set := access.FieldsOf(f)
		if got, want := string(all.Append([]byte("x"), set)), `x{"`+f.String()+`":`+full[f]+`}`; got != want {
			t.Errorf("%s: got %s, want %s", f, got, want)
		}
		var m map[string]any
		if err := json.Unmarshal(bare.Append(nil, access.AllFields&^set), &m); err != nil {
			t.Fatal(err)
		}
		if _, ok := m[f.String()]; ok || len(m) != int(access.NumFields)-1 {
			t.Errorf("%s was not asked for and is there", f)
		}
	}
	if got := string(bare.Append(nil, access.FieldsOf(access.Sex, access.FullName))); got != `{"fullName":"Một","sex":null}` {
		t.Errorf("absent field: %s", got)
	}
	if got := string(bare.Append(nil, 0)); got != `{}` {
		t.Errorf("no field: %s", got)
	}
}

func TestFindNeedsEveryGivenKey(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		r := open(t, env,
			line(nil),
			simple("001050000001", "Trần Văn Tư", "1950", `"cmnd":"222222222"`),
			simple("001050000002", "Trần Văn Năm", "1951", `"cmnd":"222222222"`),
			simple("001050000003", "Trần Văn Năm", "1951", `"cmnd":"333333333"`),
			simple("001050000004", "Trần Văn Năm", "1951", `"cmnd":"333333333"`))
		right := Keys{PIN: "001185000042", CMND: "012345678", FullName: "dang thi HUONG", DateOfBirth: "1985-02-28", Sex: "female", Province: "001"}
		for _, c := range []struct {
			name string
			k    Keys
			pin  string
		}{
			{"all keys", right, right.PIN},
			{"old number alone", Keys{CMND: right.CMND}, right.PIN},
			{"other name", Keys{PIN: right.PIN, FullName: "Đặng Thị Hương Lan"}, ""},
			{"other date", Keys{PIN: right.PIN, DateOfBirth: "1985-02-27"}, ""},
			{"year for a full date", Keys{PIN: right.PIN, DateOfBirth: "1985"}, ""},
			{"other sex", Keys{PIN: right.PIN, Sex: "male"}, ""},
			{"other province", Keys{PIN: right.PIN, Province: "079"}, ""},
			{"other old number", Keys{PIN: right.PIN, CMND: "012345679"}, ""},
			{"unknown PIN", Keys{PIN: "001185000043"}, ""},
			{"year of a year", Keys{PIN: "001050000001", DateOfBirth: "1950"}, "001050000001"},
			{"full date for a year", Keys{PIN: "001050000001", DateOfBirth: "1950-01-01"}, ""},
			{"sex the record does not have", Keys{PIN: "001050000001", Sex: "male"}, ""},
			{"old number of two, told apart by name", Keys{CMND: "222222222", FullName: "Trần Văn Tư"}, "001050000001"},
			{"old number of two, alone", Keys{CMND: "222222222"}, ""},
			{"old number of two who are alike", Keys{CMND: "333333333", FullName: "Trần Văn Năm", DateOfBirth: "1951"}, ""},
		} {
			got := ""
			if p := find(t, r, c.k); p != nil {
				got = p.PIN
			}
			if got != c.pin {
				t.Errorf("%s: found %q, want %q", c.name, got, c.pin)
			}
		}
		if _, err := r.Find(t.Context(), Keys{FullName: "A", DateOfBirth: "1950"}); !fault.Is(err, fault.Invalid) {
			t.Errorf("no number given: %v", err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := r.Find(ctx, right); err == nil {
			t.Error("a read under an ended context succeeded")
		}
	})
}

func TestMatchSaysYesOnlyToTheTruth(t *testing.T) {
	r := open(t, dbtest.SQLite(t), line(nil))
	p := find(t, r, Keys{PIN: "001185000042"})
	truth := Claims{
		access.FullName: "ĐẶNG thị-hường", access.OtherName: "sau nho", access.PIN: "001185000042", access.DateOfBirth: "1985-02-28",
		access.Sex: "female", access.PlaceOfBirth: "001", access.BirthRegistrationPlace: "001X0001", access.Ethnicity: "kinh",
		access.Religion: "99", access.Nationality: "VN", access.BloodGroup: "00", access.CMND: "012345678",
		access.IdentityCard: "001185000042", access.PermanentResidence: "001X0001", access.TemporaryResidence: "079",
		access.CurrentResidence: "079", access.ResidenceFileNumber: "hs1", access.MaritalStatus: "2", access.RelationToHead: "vo",
	}
	// OtherName holds quotation marks, which are no spacing.
	truth[access.OtherName] = `sau "nho"`
	if err := truth.Validate(); err != nil {
		t.Fatal(err)
	}
	if !p.Match(truth) {
		for f, v := range truth {
			if !p.Match(Claims{f: v}) {
				t.Errorf("%s: the truth does not match", f)
			}
		}
	}
	for f := range truth {
		lie := Claims{}
		for g, v := range truth {
			lie[g] = v
		}
		for _, v := range []string{"khác", "", " ", truth[f] + "1"} {
			lie[f] = v
			if p.Match(lie) {
				t.Errorf("%s: %q matches", f, v)
			}
		}
	}
	if p.Match(Claims{access.NativePlace: "001"}) {
		t.Error("an address without a unit matches a unit")
	}
	for f := range access.NumFields {
		if !Claimable.Has(f) && (p.Match(Claims{f: "x"}) || Claims{f: "x"}.Validate() == nil) {
			t.Errorf("%s can be claimed", f)
		}
	}
	if p.Match(Claims{access.NumFields: "x"}) || (Claims{access.NumFields: "x"}).Validate() == nil {
		t.Error("a field that does not exist can be claimed")
	}
}

func TestSearchByNameAndDate(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		r := open(t, env,
			simple("001085000001", "Nguyễn Đức Anh", "1985-01-01", `"sex":"male"`, `"permanentResidence":{"unit":"001"}`),
			simple("001085000002", "NGUYEN DUC  ANH", "1985-01-01", `"sex":"male"`, `"permanentResidence":{"unit":"079"}`),
			simple("001185000003", "Nguyễn Đức-Ánh", "1985-01-01", `"sex":"female"`, `"permanentResidence":{"unit":"079"}`),
			simple("001085000004", "Nguyễn Đức Anh", "1985-01-02"),
			simple("001085000005", "Nguyễn Đức Anh", "1985"))
		for _, c := range []struct {
			k     Keys
			limit int
			want  string
			more  bool
		}{
			{Keys{FullName: "nguyễn đức anh", DateOfBirth: "1985-01-01"}, 3, "1 2 3", false},
			{Keys{FullName: "nguyễn đức anh", DateOfBirth: "1985-01-01"}, 2, "1 2", true},
			{Keys{FullName: "nguyễn đức anh", DateOfBirth: "1985-01-01"}, 0, "1", true},
			{Keys{FullName: "nguyenducanh", DateOfBirth: "1985-01-01", Sex: "male"}, 9, "1 2", false},
			{Keys{FullName: "nguyenducanh", DateOfBirth: "1985-01-01", Province: "079"}, 9, "2 3", false},
			{Keys{FullName: "nguyenducanh", DateOfBirth: "1985-01-01", Sex: "female", Province: "001"}, 9, "", false},
			{Keys{FullName: "nguyenducanh", DateOfBirth: "1985-01-01", PIN: "001085000002"}, 9, "2", false},
			{Keys{FullName: "nguyenducanh", DateOfBirth: "1985-01-01", CMND: "000000000"}, 9, "", false},
			{Keys{FullName: "nguyenducanh", DateOfBirth: "1985"}, 9, "5", false},
			{Keys{FullName: "nguyenducan", DateOfBirth: "1985"}, 9, "", false},
		} {
			people, more, err := r.Search(t.Context(), c.k, c.limit)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, p := range people {
				got = append(got, p.PIN[11:])
			}
			if strings.Join(got, " ") != c.want || more != c.more {
				t.Errorf("%+v: got %v more %v, want %s more %v", c.k, got, more, c.want, c.more)
			}
		}
		if _, _, err := r.Search(t.Context(), Keys{FullName: "A"}, 1); !fault.Is(err, fault.Invalid) {
			t.Errorf("search without a date: %v", err)
		}
	})
}

func TestHousehold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		in := func(head string) string { return `"household":[{"relation":"Chủ hộ",` + head + `}]` }
		lines := []string{
			simple("001085000009", "Cha", "1985", `"relationToHead":"Chủ hộ"`),
			simple("001085000001", "Con", "2010", in(`"pin":"001085000009"`)),
			simple("001085000002", "Mẹ", "1986", in(`"pin":"001085000009"`)),
			simple("001085000003", "Riêng", "1986"),
			simple("001085000004", "Cũ", "1986", in(`"cmnd":"123456789"`)),
			simple("001085000005", "Cũ hai", "1986", in(`"cmnd":"123456789"`)),
			simple("001085000006", "Chủ", "1940", `"relationToHead":"head"`),
		}
		for i := range MaxHousehold {
			lines = append(lines, simple(fmt.Sprintf("0011%08d", i), "Đông", "1986", in(`"pin":"001085000006"`)))
		}
		r := open(t, env, lines...)
		for asked, want := range map[string]string{"1": "9 1 2", "9": "9 1 2", "3": "3", "5": "4 5"} {
			p, members, err := r.Household(t.Context(), Keys{PIN: "00108500000" + asked})
			if err != nil || p.PIN[11:] != asked {
				t.Fatal(asked, p, err)
			}
			var got []string
			for _, m := range members {
				got = append(got, m.PIN[11:])
			}
			if strings.Join(got, " ") != want {
				t.Errorf("household of %s: %v, want %s", asked, got, want)
			}
		}
		p, members, err := r.Household(t.Context(), Keys{PIN: "001085000001", FullName: "Khác"})
		if p != nil || members != nil || err != nil {
			t.Errorf("nobody: %v %v %v", p, members, err)
		}
		if _, _, err := r.Household(t.Context(), Keys{PIN: "001085000006"}); !fault.Is(err, fault.Exhausted) {
			t.Errorf("a household of %d: %v", MaxHousehold+1, err)
		}
	})
}

func TestHouseholdOfExactlyTheMost(t *testing.T) {
	lines := []string{simple("001085000006", "Chủ", "1940", `"relationToHead":"head"`)}
	for i := range MaxHousehold - 1 {
		lines = append(lines, simple(fmt.Sprintf("0011%08d", i), "Đông", "1986", `"household":[{"relation":"head","pin":"001085000006"}]`))
	}
	_, members, err := open(t, dbtest.SQLite(t), lines...).Household(t.Context(), Keys{PIN: "001100000003"})
	if err != nil || len(members) != MaxHousehold || members[0].PIN != "001085000006" {
		t.Errorf("%d members, %v", len(members), err)
	}
}

func TestKeysValidate(t *testing.T) {
	long := strings.Repeat("ạ", MaxName)
	for _, c := range []struct {
		k  Keys
		ok bool
	}{
		{Keys{}, true},
		{Keys{PIN: "001185000042", CMND: "012345678", FullName: "Đặng", DateOfBirth: "1985-02-28", Sex: "male", Province: "096"}, true},
		{Keys{PIN: "00118500004"}, false},
		{Keys{PIN: "0011850000421"}, false},
		{Keys{PIN: "00118500004a"}, false},
		{Keys{PIN: "001185 00042"}, false},
		{Keys{PIN: "00118500004٣"}, false},
		{Keys{CMND: "01234567"}, false},
		{Keys{CMND: "0123456789"}, false},
		{Keys{FullName: long}, true},
		{Keys{FullName: long + "a"}, false},
		{Keys{FullName: strings.Repeat("x", 1<<20)}, false},
		{Keys{FullName: "a\x00b"}, false},
		{Keys{FullName: "a\xff"}, false},
		{Keys{FullName: "a\nb"}, false},
		{Keys{FullName: "a\u0085b"}, false},
		{Keys{FullName: " - "}, false},
		{Keys{FullName: "123"}, false},
		{Keys{FullName: "ʼ"}, false},
		{Keys{DateOfBirth: "1985"}, true},
		{Keys{DateOfBirth: "1800"}, true},
		{Keys{DateOfBirth: "1799"}, false},
		{Keys{DateOfBirth: "2400"}, false},
		{Keys{DateOfBirth: "2024-02-29"}, true},
		{Keys{DateOfBirth: "2023-02-29"}, false},
		{Keys{DateOfBirth: "1985-13-01"}, false},
		{Keys{DateOfBirth: "1985-00-01"}, false},
		{Keys{DateOfBirth: "1985-01-00"}, false},
		{Keys{DateOfBirth: "1985-1-1"}, false},
		{Keys{DateOfBirth: "1985/01/01"}, false},
		{Keys{DateOfBirth: "19850101"}, false},
		{Keys{Sex: "unknown"}, false},
		{Keys{Sex: "M"}, false},
		{Keys{Province: "003"}, false},
		{Keys{Province: "01"}, false},
	} {
		err := c.k.Validate()
		if (err == nil) != c.ok || (err != nil && !fault.Is(err, fault.Invalid)) {
			t.Errorf("%.40q: %v", fmt.Sprint(c.k), err)
		}
		for _, v := range []string{c.k.PIN, c.k.CMND, c.k.FullName, c.k.DateOfBirth} {
			if err != nil && len(v) > 5 && strings.Contains(err.Error(), v) {
				t.Errorf("the error names the value: %v", err)
			}
		}
	}
	if got, want := (Keys{PIN: "1", FullName: "x"}).Set(), access.Keys(access.KeyPIN, access.KeyFullName); got != want {
		t.Errorf("Set: %v, want %v", got.Names(), want.Names())
	}
}

func TestCheckPINWarnsAndNeverRejects(t *testing.T) {
	for _, c := range []struct {
		pin, province, sex, dob string
		want                    []Warning
	}{
		{"001305000042", "001", "female", "2005-01-01", nil},
		{"001305000042", "", "", "", nil},
		{"001305000042", "079", "male", "1906", []Warning{PINPrefixOther, PINSex, PINCentury, PINYear}},
		{"003305000042", "001", "female", "2005", []Warning{PINPrefixUnknown}},
		{"096999000000", "096", "female", "2399-12-31", nil},
		{"001100000000", "001", "female", "1900", nil},
		{"001100000000", "001", "unknown", "1899", []Warning{PINCentury, PINYear}},
		{"x", "001", "female", "1900", nil},
	} {
		if got := CheckPIN(c.pin, c.province, c.sex, c.dob); !cmp.Equal(got, c.want) {
			t.Errorf("%+v: %v", c, got)
		}
	}
	if len(provinces) != 63 || len(Provinces()) != 63 {
		t.Errorf("%d provinces", len(provinces))
	}
}

func TestDamagedRecordIsAnError(t *testing.T) {
	rec, err := ParseRecord([]byte(line(nil)))
	if err != nil {
		t.Fatal(err)
	}
	good := appendRec(nil, head{"001", "001X0001", "001083000007", true}, &rec.values)
	if p, err := newPerson("x", good); err != nil || !p.Subject.Protected {
		t.Fatal(p, err)
	}
	for n := range len(good) {
		if _, err := newPerson("x", good[:n]); err == nil {
			t.Fatalf("a record cut to %d bytes is taken", n)
		}
	}
	for i := range good {
		bad := append([]byte(nil), good...)
		bad[i] ^= 0x41
		if p, err := newPerson("x", bad); err == nil {
			p.Append(nil, access.AllFields) // must not panic
		}
	}
}
