package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"dancu/internal/access"
	"dancu/internal/register"
	"dancu/internal/web"
)

func TestDecodeWholeRequests(t *testing.T) {
	officer := access.Officer{ID: "cb-17", Address: "10.1.2.3", Session: "s-1"}
	const procedure, caseCode = "1.010100", "H13-261120-0001"
	tests := []struct {
		name string
		t    *takes
		body string
		want request
	}{
		{"lookup", &takesLookup, lookupBody, request{
			keys:   register.Keys{PIN: "001305000042", FullName: "Nguyễn Văn An", DateOfBirth: "2005-02-03"},
			fields: access.FieldsOf(access.FullName, access.Sex), procedure: procedure, caseCode: caseCode, officer: officer,
		}},
		{"verify", &takesVerify, verifyBody, request{
			keys: register.Keys{PIN: "001305000042"}, procedure: procedure, caseCode: caseCode, officer: officer,
			claims: register.Claims{access.FullName: "Nguyễn Văn An", access.DateOfBirth: "2005-02-03"},
		}},
		{"search", &takesSearch, searchBody, request{
			keys:   register.Keys{FullName: "Nguyễn Văn An", DateOfBirth: "2005", Sex: "male", Province: "001"},
			fields: access.FieldsOf(access.PIN, access.FullName), procedure: procedure, caseCode: caseCode, officer: officer,
		}},
		{"everything", &takesLookup, ` { "cmnd" : "012345678", "fields":["pin"], "represented":"bank", "consent":"c1", "receipt":"full",
			"retryOf":"019AABCD-0000-7abc-8def-0123456789ab", "pur\u0070ose":{"case":""}, "officer":{} } `, request{
			keys: register.Keys{CMND: "012345678"}, fields: access.FieldsOf(access.PIN), represented: "bank", consent: "c1", full: true,
			retryOf: "019aabcd-0000-7abc-8def-0123456789ab",
		}},
	}
	for _, test := range tests {
		var got request
		if err := decode([]byte(test.body), test.t, &got); err != nil {
			t.Errorf("%s: %v: %+v", test.name, err, problemIn(err))
			continue
		}
		got.given = 0
		if d := cmp.Diff(test.want, got, cmp.AllowUnexported(request{}, struct{ kind, sha256 string }{})); d != "" {
			t.Errorf("%s: %s", test.name, d)
		}
	}
	var c request
	if err := decode([]byte(consentBody), &takesConsent, &c); err != nil {
		t.Fatal(problemIn(err))
	}
	if want := time.Date(2027, 1, 31, 17, 0, 0, 0, time.UTC); !c.until.Equal(want) || c.evidence.kind != "paper" || c.evidence.sha256 != strings.Repeat("abcdef", 11)[:64] {
		t.Errorf("consent: %+v", c)
	}
}

func problemIn(err error) *web.Problem {
	var p *web.Problem
	errors.As(err, &p)
	return p
}

// with returns a look-up with one member replaced or added.
func with(name, value string) string {
	m := map[string]json.RawMessage{}
	if err := json.Unmarshal([]byte(lookupBody), &m); err != nil {
		panic(err)
	}
	m[name] = json.RawMessage(value)
	b, err := json.Marshal(m)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func TestDecodeNamesTheMemberThatIsWrong(t *testing.T) {
	tests := []struct {
		name    string
		t       *takes
		body    string
		pointer string
	}{
		{"empty", &takesLookup, ``, ""},
		{"not JSON", &takesLookup, `pin=001305000042`, ""},
		{"a list", &takesLookup, `[` + lookupBody + `]`, ""},
		{"a text", &takesLookup, `"001305000042"`, ""},
		{"null", &takesLookup, `null`, ""},
		{"cut off", &takesLookup, lookupBody[:len(lookupBody)-1], ""},
		{"cut in a text", &takesLookup, `{"pin":"0013`, "/pin"},
		{"trailing object", &takesLookup, lookupBody + `{}`, ""},
		{"trailing comma", &takesLookup, lookupBody[:len(lookupBody)-1] + `,}`, ""},
		{"trailing text", &takesLookup, lookupBody + ` x`, ""},
		{"a byte order mark", &takesLookup, "\ufeff" + lookupBody, ""},
		{"unknown member", &takesLookup, with2(lookupBody, `"foo":1`), "/foo"},
		{"unknown member that is a number", &takesLookup, with2(lookupBody, `"001305000042":1`), ""},
		{"member of another call", &takesLookup, with2(lookupBody, `"claims":{}`), "/claims"},
		{"duplicate member", &takesLookup, with2(lookupBody, `"pin":"001305000042"`), "/pin"},
		{"duplicate by escape", &takesLookup, with2(lookupBody, `"p\u0069n":"001305000042"`), "/pin"},
		{"other case", &takesLookup, with2(lookupBody, `"PIN":"001305000042"`), "/PIN"},
		{"duplicate in an object", &takesLookup, strings.Replace(lookupBody, `"id":"cb-17"`, `"id":"cb-17","id":"cb-17"`, 1), "/officer/id"},
		{"unknown in an object", &takesLookup, strings.Replace(lookupBody, `"id":"cb-17"`, `"name":"x"`, 1), "/officer/name"},
		{"pin as a number", &takesLookup, strings.Replace(lookupBody, `"001305000042"`, `1305000042`, 1), "/pin"},
		{"pin null", &takesLookup, strings.Replace(lookupBody, `"001305000042"`, `null`, 1), "/pin"},
		{"pin a list", &takesLookup, strings.Replace(lookupBody, `"001305000042"`, `["001305000042"]`, 1), "/pin"},
		{"pin of 11 digits", &takesLookup, strings.Replace(lookupBody, `001305000042`, `00130500004`, 1), "/pin"},
		{"pin of 13 digits", &takesLookup, strings.Replace(lookupBody, `001305000042`, `0013050000421`, 1), "/pin"},
		{"pin with a letter", &takesLookup, strings.Replace(lookupBody, `001305000042`, `00130500004x`, 1), "/pin"},
		{"pin in other digits", &takesLookup, strings.Replace(lookupBody, `001305000042`, `٠٠١٣٠٥٠٠٠٠٤٢`, 1), "/pin"},
		{"empty pin", &takesLookup, strings.Replace(lookupBody, `001305000042`, ``, 1), "/pin"},
		{"no number", &takesLookup, strings.Replace(lookupBody, `"pin":"001305000042",`, ``, 1), ""},
		{"two numbers", &takesLookup, with2(lookupBody, `"cmnd":"012345678"`), ""},
		{"cmnd in a household", &takesHousehold, with2(householdBody, `"cmnd":"012345678"`), "/cmnd"},
		{"NUL in a name", &takesLookup, with("fullName", `"An\u0000"`), "/fullName"},
		{"raw NUL", &takesLookup, strings.Replace(lookupBody, `An"`, "An\x00\"", 1), "/fullName"},
		{"control character", &takesLookup, with("fullName", `"An\u0085"`), "/fullName"},
		{"line separator", &takesLookup, with("represented", `"a\u2028b"`), "/represented"},
		{"invalid UTF-8", &takesLookup, strings.Replace(lookupBody, `Nguyễn`, "Nguy\xff", 1), "/fullName"},
		{"lone surrogate", &takesLookup, strings.Replace(lookupBody, `Nguyễn`, `\ud800`, 1), "/fullName"},
		{"name without letters", &takesLookup, with("fullName", `"123 456"`), "/fullName"},
		{"date that is none", &takesLookup, with("dateOfBirth", `"2005-02-30"`), "/dateOfBirth"},
		{"date in another order", &takesLookup, with("dateOfBirth", `"03/02/2005"`), "/dateOfBirth"},
		{"no fields", &takesLookup, strings.Replace(lookupBody, `"fields":["fullName","sex"],`, ``, 1), "/fields"},
		{"empty fields", &takesLookup, strings.Replace(lookupBody, `["fullName","sex"]`, `[]`, 1), "/fields"},
		{"fields a text", &takesLookup, strings.Replace(lookupBody, `["fullName","sex"]`, `"sex"`, 1), "/fields"},
		{"field unknown", &takesLookup, strings.Replace(lookupBody, `"sex"]`, `"salary"]`, 1), "/fields/1"},
		{"field twice", &takesLookup, strings.Replace(lookupBody, `"sex"]`, `"fullName"]`, 1), "/fields/1"},
		{"field a number", &takesLookup, strings.Replace(lookupBody, `"sex"]`, `5]`, 1), "/fields/1"},
		{"field cut off", &takesLookup, `{"fields":["sex"`, "/fields/1"},
		{"purpose a text", &takesLookup, strings.Replace(lookupBody, `{"procedure":"1.010100","case":"H13-261120-0001"}`, `"1.010100"`, 1), "/purpose"},
		{"procedure null", &takesLookup, strings.Replace(lookupBody, `"1.010100"`, `null`, 1), "/purpose/procedure"},
		{"procedure too deep", &takesLookup, strings.Replace(lookupBody, `"1.010100"`, strings.Repeat(`[`, 20000), 1), "/purpose/procedure"},
		{"unknown too deep", &takesLookup, `{"x":` + strings.Repeat(`{"x":`, 20000), "/x"},
		{"address that is none", &takesLookup, strings.Replace(lookupBody, `10.1.2.3`, `10.1.2.300`, 1), "/officer/address"},
		{"address with a zone", &takesLookup, strings.Replace(lookupBody, `10.1.2.3`, `fe80::1%eth0`, 1), "/officer/address"},
		{"receipt short", &takesLookup, with2(lookupBody, `"receipt":"short"`), "/receipt"},
		{"receipt empty", &takesLookup, with2(lookupBody, `"receipt":""`), "/receipt"},
		{"receipt true", &takesLookup, with2(lookupBody, `"receipt":true`), "/receipt"},
		{"represented empty", &takesLookup, with2(lookupBody, `"represented":""`), "/represented"},
		{"retry of no UUID", &takesLookup, with2(lookupBody, `"retryOf":"x"`), "/retryOf"},
		{"retry of version 4", &takesLookup, with2(lookupBody, `"retryOf":"019aabcd-0000-4abc-8def-0123456789ab"`), "/retryOf"},
		{"claims missing", &takesVerify, strings.Replace(verifyBody, `"claims":{"fullName":"Nguyễn Văn An","dateOfBirth":"2005-02-03"},`, ``, 1), "/claims"},
		{"claim about what cannot be claimed", &takesVerify, strings.Replace(verifyBody, `"claims":{`, `"claims":{"relatives":"x",`, 1), "/claims/relatives"},
		{"claim unknown", &takesVerify, strings.Replace(verifyBody, `"claims":{`, `"claims":{"salary":"x",`, 1), "/claims/salary"},
		{"claim empty", &takesVerify, strings.Replace(verifyBody, `"claims":{`, `"claims":{"ethnicity":"",`, 1), "/claims/ethnicity"},
		{"claim a number", &takesVerify, strings.Replace(verifyBody, `"claims":{`, `"claims":{"pin":1,`, 1), "/claims/pin"},
		{"claimed date that is none", &takesVerify, strings.Replace(verifyBody, `2005-02-03`, `2005-13-03`, 1), "/claims/dateOfBirth"},
		{"sex unknown", &takesSearch, strings.Replace(searchBody, `"male"`, `"m"`, 1), "/sex"},
		{"province that is none", &takesSearch, strings.Replace(searchBody, `"001"`, `"003"`, 1), "/province"},
		{"until that is none", &takesConsent, strings.Replace(consentBody, `2027-01-31`, `2027-02-31`, 1), "/until"},
		{"evidence without kind", &takesConsent, strings.Replace(consentBody, `"kind":"paper",`, ``, 1), "/evidence/kind"},
		{"evidence without sha256", &takesConsent, `{"evidence":{"kind":"paper"}}`, "/evidence/sha256"},
		{"evidence of another hash", &takesConsent, strings.Replace(consentBody, `ABCDEF`, `ABCDEX`, 1), "/evidence/sha256"},
		{"officer in a consent", &takesConsent, with2(consentBody, `"officer":{}`), "/officer"},
	}
	for _, test := range tests {
		err := decode([]byte(test.body), test.t, new(request))
		p := problemIn(err)
		if p == nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if p.Code != "request.invalid" || p.Status != 400 || !p.HasPointer || p.Pointer != test.pointer {
			t.Errorf("%s: %s %d pointer %q, want %q (%s)", test.name, p.Code, p.Status, p.Pointer, test.pointer, p.Detail.EN)
		}
		if p.Detail.VI == "" || p.Detail.EN == "" {
			t.Errorf("%s: no detail in one language", test.name)
		}
	}
}

// with2 adds a member at the end.
func with2(body, member string) string { return body[:len(body)-1] + "," + member + "}" }

func TestProblemsHoldNoValue(t *testing.T) {
	const secret = "001305000042"
	for _, body := range []string{
		`{"pin":"` + secret + `x"}`, `{"` + secret + `":1}`, `{"fields":["` + secret + `"]}`, `{"purpose":{"` + secret + `":1}}`,
		`{"claims":{"` + secret + `":"x"}}`, `{"` + secret + `":1,"` + secret + `":1}`, `{"officer":{"address":"` + secret + `"}}`,
		`"` + secret, secret, `{"pin":` + secret + `}`, `{"pin":"\x` + secret + `"}`, `{"officer":{"` + secret + `":1,"` + secret + `":1}}`,
	} {
		for _, k := range []*takes{&takesLookup, &takesVerify, &takesSearch, &takesHousehold, &takesConsent} {
			p := problemIn(decode([]byte(body), k, new(request)))
			if p == nil {
				t.Fatalf("%s was taken", body)
			}
			if s := string(p.AppendJSON(nil, web.English, "r")) + p.Error(); strings.Contains(s, secret) {
				t.Errorf("%s: %s", body, s)
			}
		}
	}
}

func TestTextLimits(t *testing.T) {
	// ế is three bytes: limits are in characters.
	long := func(n int) string { return `"` + strings.Repeat("ế", n) + `"` }
	ascii := func(n int) string { return `"` + strings.Repeat("a", n) + `"` }
	in := func(object, member string, value func(int) string) func(int) string {
		return func(n int) string {
			return with2(`{"pin":"001305000042","fields":["sex"]}`, `"`+object+`":{"`+member+`":`+value(n)+`}`)
		}
	}
	top := func(member string, value func(int) string) func(int) string {
		return func(n int) string { return with2(`{"pin":"001305000042","fields":["sex"]}`, `"`+member+`":`+value(n)) }
	}
	claim := func(member string) func(int) string {
		return func(n int) string { return `{"pin":"001305000042","claims":{"` + member + `":` + long(n) + `}}` }
	}
	evidence := func(n int) string { return strings.Replace(consentBody, `"paper"`, long(n), 1) }
	for _, test := range []struct {
		name  string
		t     *takes
		limit int
		body  func(int) string
	}{
		{"fullName", &takesLookup, 100, top("fullName", long)},
		{"represented", &takesLookup, 64, top("represented", long)},
		{"consent", &takesLookup, 64, top("consent", ascii)},
		{"procedure", &takesLookup, 64, in("purpose", "procedure", long)},
		{"case", &takesLookup, 64, in("purpose", "case", ascii)},
		{"officer id", &takesLookup, 64, in("officer", "id", long)},
		{"officer session", &takesLookup, 128, in("officer", "session", long)},
		{"claimed name", &takesVerify, 100, claim("fullName")},
		{"claimed other name", &takesVerify, 100, claim("otherName")},
		{"claimed residence", &takesVerify, 300, claim("permanentResidence")},
		{"kind of evidence", &takesConsent, 64, evidence},
	} {
		if err := decode([]byte(test.body(test.limit)), test.t, new(request)); err != nil {
			t.Errorf("%s: at the limit: %v %+v", test.name, err, problemIn(err))
		}
		if err := decode([]byte(test.body(test.limit+1)), test.t, new(request)); err == nil {
			t.Errorf("%s: one over the limit was taken", test.name)
		}
	}
	all := access.AllFields.Names()
	body := func(names []string) []byte {
		list, _ := json.Marshal(names)
		return []byte(`{"pin":"001305000042","fields":` + string(list) + `}`)
	}
	if err := decode(body(all), &takesLookup, new(request)); err != nil {
		t.Errorf("all 26 fields: %v", problemIn(err))
	}
	if p := problemIn(decode(body(append(all, "one more")), &takesLookup, new(request))); p == nil || p.Pointer != "/fields" {
		t.Errorf("27 fields: %+v", p)
	}
}

// What the decoder takes, the register takes, and both say the same of it
// another time.
func FuzzDecode(f *testing.F) {
	for i, b := range []string{lookupBody, verifyBody, searchBody, householdBody, consentBody, `{"pin":"\ud800"}`, `{"a":[[[[`, "{\"\x00\":1}", `{"p\u0069n":"1"}`} {
		f.Add([]byte(b), uint8(i))
	}
	kinds := []*takes{&takesLookup, &takesVerify, &takesSearch, &takesHousehold, &takesConsent}
	f.Fuzz(func(t *testing.T, body []byte, kind uint8) {
		k := kinds[int(kind)%len(kinds)]
		var q, again request
		before := bytes.Clone(body)
		err := decode(body, k, &q)
		if !bytes.Equal(before, body) {
			t.Fatal("the body was changed")
		}
		if err != nil {
			p := problemIn(err)
			if p == nil || p.Code != "request.invalid" || p.Detail.VI == "" {
				t.Fatalf("not a problem: %v", err)
			}
			if !json.Valid(p.AppendJSON(nil, web.Vietnamese, "")) {
				t.Fatal("the problem is not JSON")
			}
			return
		}
		if !json.Valid(body) {
			t.Fatalf("not JSON, and taken: %q", body)
		}
		if err := q.keys.Validate(); err != nil {
			t.Fatalf("the register does not take the keys: %v", err)
		}
		if err := q.claims.Validate(); err != nil {
			t.Fatalf("the register does not take the claims: %v", err)
		}
		for _, s := range []string{q.procedure, q.caseCode, q.officer.ID, q.officer.Address, q.officer.Session, q.represented, q.consent, q.retryOf, q.evidence.kind} {
			if !utf8.ValidString(s) || strings.ContainsRune(s, 0) || utf8.RuneCountInString(s) > maxSession {
				t.Fatalf("text %q", s)
			}
		}
		if q.given&^k.may != 0 || k.must&^q.given != 0 {
			t.Fatalf("members %v", q.given.names())
		}
		if err := decode(body, k, &again); err != nil {
			t.Fatalf("the second time: %v", err)
		}
		if d := cmp.Diff(q, again, cmp.AllowUnexported(request{}, struct{ kind, sha256 string }{})); d != "" {
			t.Fatal(d)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	for name, body := range map[string]string{"lookup": lookupBody, "verify": verifyBody} {
		k := &takesLookup
		if name == "verify" {
			k = &takesVerify
		}
		b.Run(name, func(b *testing.B) {
			raw := []byte(body)
			b.ReportAllocs()
			b.SetBytes(int64(len(raw)))
			for b.Loop() {
				var q request
				if err := decode(raw, k, &q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
