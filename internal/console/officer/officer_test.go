package officer

import (
	"encoding/json"
	"testing"
	"time"

	"dancu/internal/access"
	"dancu/internal/console/agency"
	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/identity"
)

// The desk offers what was given, as far as the connection has it and its term
// runs, and nothing besides.
func TestDeskOnlyOffers(t *testing.T) {
	dir, now := agency.SampleDirectory(), site.SampleTime
	names := func(rights identity.Rights, at time.Time) (out []string) {
		for _, p := range presets(dir, rights, at) {
			for _, s := range p.services() {
				out = append(out, p.procedure+" "+s.String())
			}
		}
		return out
	}
	for _, c := range []struct {
		name   string
		rights identity.Rights
		at     time.Time
		want   int
	}{
		{"all", agency.SampleRights(), now, 8},
		{"one", identity.Rights{"mot-cua": {"verify"}}, now, 2},
		{"none", nil, now, 0},
		{"a grant there is not", identity.Rights{"mot-cua": {"batch"}}, now, 0},
		{"another's connection", identity.Rights{"cap-phep": {"lookup"}}, now, 0},
		{"before the term", agency.SampleRights(), now.AddDate(-1, 0, 0), 0},
		{"after the term", agency.SampleRights(), now.AddDate(2, 0, 0), 0},
	} {
		if got := names(c.rights, c.at); len(got) != c.want {
			t.Errorf("%s: %v, want %d", c.name, got, c.want)
		}
	}
	p := presets(dir, agency.SampleRights(), now)[0]
	if got := p.service("household"); got != access.Household {
		t.Errorf("the service asked for is %v", got)
	}
	if got := p.service("batch"); got != access.Lookup {
		t.Errorf("a service there is not becomes %v", got)
	}
	v := newFormView(ui.Page{Lang: i18n.EN}, presets(dir, agency.SampleRights(), now), p, access.Lookup, now)
	if got, want := len(v.Fields.Options), p.grants[access.Lookup].Fields.Len(); got != want {
		t.Errorf("%d fields are offered, %d are granted", got, want)
	}
}

func TestCaseAsTyped(t *testing.T) {
	dir, now := agency.SampleDirectory(), site.SampleTime
	a := dir.Agency("tinh-mau")
	for typed, want := range map[string]string{
		"H98-261120-0042": "", " h98 - 261120 - 0042 ": "", "H98-261121-0001": i18n.EN.T(i18n.CaseFuture),
		"H97-261120-0042": i18n.EN.T(i18n.CaseOther, "H97"), "H98-261332-0042": i18n.EN.T(i18n.CaseWrong, "H98-261120-0001"),
		"": i18n.EN.T(i18n.CaseMissing), "0042": i18n.EN.T(i18n.CaseWrong, "H98-261120-0001"),
	} {
		if got, _ := judgeCase(i18n.EN, a, tidyCase(typed), now); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
}

func TestDaysAsTyped(t *testing.T) {
	for typed, want := range map[string]string{
		"02/03/1990": "1990-03-02", "2/3/1990": "1990-03-02", "02-03-1990": "1990-03-02", "2.3.1990": "1990-03-02", "02031990": "1990-03-02",
		"1990-03-02": "1990-03-02", "1990": "1990", " 02/03/1990 ": "1990-03-02", "31/02/1990": "", "3/1990": "", "90": "", "": "", "02/03/90": "",
	} {
		if got, ok := readDay(typed); got != want || ok != (want != "") {
			t.Errorf("%q: %q, %v, want %q", typed, got, ok, want)
		}
	}
	if got := tidyDigits("001 190-000.001"); got != "001190000001" {
		t.Errorf("a number reads %q", got)
	}
}

// Every shape of value has words, and what is odd is shown, not lost.
func TestValuesAreReadable(t *testing.T) {
	for _, c := range []struct {
		field access.Field
		raw   string
		want  string
	}{
		{access.FullName, `"Nguyễn Văn Mẫu"`, "Nguyễn Văn Mẫu"},
		{access.FullName, `null`, "(none)"},
		{access.FullName, `"a\u0001b"`, `"a\x01b"`},
		{access.DateOfBirth, `"1990-03-02"`, "02/03/1990"},
		{access.DateOfBirth, `"1990"`, "1990"},
		{access.Sex, `"male"`, "Male"},
		{access.Sex, `"odd"`, "Not known"},
		{access.PermanentResidence, `{"unit":"00001","detail":"Số 1","country":"VN"}`, "Số 1, unit 00001, VN"},
		{access.Ethnicity, `{"code":"01","name":"Kinh"}`, "Kinh · 01"},
		{access.IdentityCard, `{"number":"001190000001","issued":"2021-05-06","expires":"2031-05-06"}`, "001190000001, issued 06/05/2021, until 06/05/2031"},
		{access.Relatives, `[{"relation":"cha","pin":"001160000001","fullName":"Nguyễn Văn A"},{"relation":"mẹ","fullName":"B"}]`, "cha: Nguyễn Văn A · ••••••••0001\nmẹ: B"},
		{access.TemporaryAbsence, `{"from":"2026-01-02","until":"2026-02-03","destination":"Huế"}`, "02/01/2026 – 03/02/2026, Huế"},
		{access.DeathOrMissing, `{"status":"missing","date":"2020"}`, "missing, 2020"},
		{access.Contact, `{"mobile":"0900000000","email":"a@b.vn"}`, "0900000000 · a@b.vn"},
		{access.Other, `{"b":1,"a":{"c":true}}`, "a: {\"c\":true}\nb: 1"},
		{access.PermanentResidence, `"odd"`, "odd"},
		{access.FullName, `nonsense`, "(none)"},
	} {
		if got := readable(i18n.EN, c.field, json.RawMessage(c.raw)); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.field, c.raw, got, c.want)
		}
	}
}

// A list masks numbers; the one person asked for is shown whole.
func TestListsAreMasked(t *testing.T) {
	if got := ui.Mask("001190000001"); got != "••••••••0001" {
		t.Error(got)
	}
	if got := ui.Mask("1234"); got != "••••" {
		t.Error(got)
	}
}
