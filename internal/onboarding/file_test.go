package onboarding

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dancu/internal/access"
	"dancu/internal/fault"
	"dancu/internal/onboarding/catalogue"
	"dancu/internal/onboarding/strict"
	"dancu/verify"
)

// check parses and plans a file against an empty standing and returns all that
// is wrong, one a line.
func check(file string) string {
	f, wrong := parse(Source{Name: "test.yaml", YAML: []byte(file)})
	p := newPlan(time.Now().UTC(), false, nil, catalogue.Default(), f)
	if err := wrongIn("test.yaml", append(wrong, p.r.Problems...)); err != nil {
		return fault.Text(err)
	}
	return ""
}

const whole = `
agencies:
  - {id: a, code: H13, name: {vi: Cơ quan, en: Agency}, group: 1, codes: [H13.01]}
systems:
  - {id: plat, agency: a, name: {vi: Nền tảng}, level: 4, intermediary: true}
  - id: a.sys
    agency: a
    name: {vi: Hệ thống}
    level: 3
    addresses: [10.0.0.0/8, "2001:db8::/32"]
    builds: [one/1.0]
connections:
  - {id: plat, system: plat, assessment: {from: 2026-01-01, until: 2026-12-31}}
  - id: a.con
    system: a.sys
    via: plat
    assessment: {from: 2026-01-01T00:00:00+07:00, until: 2026-12-31}
    limit: {calls: 5, people: 6, window: hour, scope: officer, warnAt: 50}
    rate: {perSecond: 0.5, burst: 1}
    mismatches: 2
    commitment: {until: 2026-10-31}
    actsFor: [H13.02, H13.01]
    grants:
      - id: g
        service: lookup
        procedures: [1.010100, 1.008377.H13]
        fields: [fullName, sex]
        keys: [[pin], [cmnd, fullName]]
        from: 2026-01-01
        until: 2026-06-30
        legalBasis: {vi: Luật, en: Law}
        peoplePerCase: 3
        quota: {calls: 7, window: month}
        provinces: [045, "001"]
        protected: true
        onward: [{name: {vi: Kho bạc, en: Treasury}, basis: {vi: Điều 5}, until: 2026-03-31}]
      - {id: s, service: search, procedures: ["1.010100"], fields: [pin], from: 2026-01-01, until: 2026-06-30, legalBasis: {vi: Luật, en: Law}, searchCap: 100}
      - {id: v, service: verify, procedures: ["1.010100"], from: 2026-01-01, until: 2026-06-30, legalBasis: {vi: Luật, en: Law}}
`

func TestEveryMemberIsRead(t *testing.T) {
	if wrong := check(whole); wrong != "" {
		t.Fatal(wrong)
	}
	f, _ := parse(Source{YAML: []byte(whole)})
	p := newPlan(time.Now(), false, nil, catalogue.Default(), f)
	if got := p.agencies["a"].Codes; !cmp.Equal(got, []string{"H13.01", "H13.02"}) {
		t.Errorf("codes: %v", got)
	}
	c := f.connections[1].Connection
	want := access.Connection{
		ID: "a.con", System: "a.sys", Via: "plat", Mismatches: 2,
		CommittedUntil: time.Date(2026, 10, 31, 17, 0, 0, 0, time.UTC),
		// A day as an end is included: it ends at the next midnight in Vietnam.
		AssessedFrom:  time.Date(2025, 12, 31, 17, 0, 0, 0, time.UTC),
		AssessedUntil: time.Date(2026, 12, 31, 17, 0, 0, 0, time.UTC),
		Limit:         access.Limit{Calls: 5, People: 6, Window: access.Hour, Scope: access.PerOfficer, WarnAt: 50},
		Rate:          access.Rate{PerSecond: 0.5, Burst: 1},
		Grants: []access.Grant{
			{
				ID: "g", Service: access.Lookup, Procedures: []string{"1.008377.H13", "1.010100"},
				Fields:     access.FieldsOf(access.FullName, access.Sex),
				Keys:       []access.KeySet{access.Keys(access.KeyPIN), access.Keys(access.KeyCMND, access.KeyFullName)},
				From:       time.Date(2025, 12, 31, 17, 0, 0, 0, time.UTC),
				Until:      time.Date(2026, 6, 30, 17, 0, 0, 0, time.UTC),
				LegalBasis: access.Text{VI: "Luật", EN: "Law"}, PeoplePerCase: 3, Quota: 7, QuotaWindow: access.Month,
				Provinces: []string{"001", "045"}, Protected: true,
				Onward: []access.Onward{{
					Name: access.Text{VI: "Kho bạc", EN: "Treasury"}, Basis: access.Text{VI: "Điều 5"},
					Until: time.Date(2026, 3, 31, 17, 0, 0, 0, time.UTC),
				}},
			},
			{ID: "s", Service: access.Search, Fields: access.FieldsOf(access.PIN), Keys: sorted(access.DefaultKeys(access.Search)), PeoplePerCase: DefaultPeoplePerCase, SearchCap: MaxSearchCap},
			{ID: "v", Service: access.Verify, Fields: access.DefaultClaims, Claims: access.DefaultClaims, Keys: access.DefaultKeys(access.Verify), PeoplePerCase: DefaultPeoplePerCase},
		},
	}
	for i := 1; i < 3; i++ {
		g := &want.Grants[i]
		g.Procedures, g.From, g.Until, g.LegalBasis = []string{"1.010100"}, want.Grants[0].From, want.Grants[0].Until, want.Grants[0].LegalBasis
	}
	if d := cmp.Diff(c, want); d != "" {
		t.Error(d)
	}
}

// JSON is YAML, and may be indented with tabs nowhere: but it is read.
func TestJSONIsRead(t *testing.T) {
	if wrong := check(`{"agencies":[{"id":"a","code":"H13","name":{"vi":"Tên"},"group":4}]}`); wrong != "" {
		t.Error(wrong)
	}
}

// Each change of a good file makes it wrong, and the message says where and
// what to do.
func TestWhatIsWrongIsToldWithItsLine(t *testing.T) {
	for _, tt := range []struct{ old, new, want string }{
		{"level: 3", "level: 2", `line 9: systems[1].level: the system is of level 2: only a system of level 3 or higher may connect (Circular 46/2022/TT-BCA Art. 6.1)`},
		{"level: 3", "level: 6", "line 9: systems[1].level: 6 is not a whole number from 1 to 5"},
		{"level: 3", "level: high", "line 9: systems[1].level: this must be a whole number, not text"},
		{"    level: 3\n", "", "line 6: systems[1]: level is missing: add it"},
		{"builds: [one/1.0]", "build: [one/1.0]", `line 11: systems[1]: unknown key "build": the keys here are id, agency`},
		{"builds: [one/1.0]", "level: 3", `line 11: systems[1]: "level" is there twice, first on line 9: keep one`},
		{"builds: [one/1.0]", "builds: one/1.0", "line 11: systems[1].builds: this must be a list, not text"},
		{"builds: [one/1.0]", "builds: [one/1.0, one/1.0]", `systems[1].builds[1]: "one/1.0" is there twice`},
		{"10.0.0.0/8", "10.0.0.1/8", `line 10: systems[1].addresses[0]: "10.0.0.1/8" has bits outside its range: write 10.0.0.0/8`},
		{"10.0.0.0/8", "10.0.0.1", "write 10.0.0.1/32"},
		{"10.0.0.0/8", "anywhere", "not a range of addresses"},
		{"10.0.0.0/8", "0.0.0.0/0", "every address: leave addresses out"},
		{"10.0.0.0/8", `"::ffff:10.0.0.0/104"`, "IPv4 range written as IPv6"},
		{"id: a.sys", "id: A_sys", `line 6: systems[1].id: "A_sys" is not an id`},
		{"id: a.sys", "id: " + strings.Repeat("a", 64), "is not an id"},
		{"id: a.sys", "id: [a]", "this must be text, not a list"},
		{"id: a.sys", "id: ~", "this must be text, not nothing"},
		{"    agency: a\n", "    agency: b\n", `line 7: systems[1].agency: there is no agency "b": add it to this file or apply its file first`},
		{"code: H13,", "code: H1,", `line 3: agencies[0].code: "H1" is not an agency code`},
		{"codes: [H13.01]", "codes: [13]", `line 3: agencies[0].codes[0]: "13" is not an agency code`},
		{"group: 1", "group: 3", "group 3 is a person"},
		{"group: 1", "group: 5", "5 is not a whole number from 1 to 4"},
		{"name: {vi: Cơ quan, en: Agency}", "name: {en: Agency}", "agencies[0].name: vi is missing"},
		{"name: {vi: Cơ quan, en: Agency}", `name: {vi: " "}`, "this is empty"},
		{"name: {vi: Cơ quan, en: Agency}", `name: {vi: "a\0b"}`, "control characters"},
		{"name: {vi: Cơ quan, en: Agency}", `name: {vi: ` + strings.Repeat("ớ", maxName+1) + `}`, "301 characters: at most 300"},
		{"system: a.sys", "system: b.sys", `there is no system "b.sys"`},
		{"via: plat", "via: nobody", `there is no system "nobody"`},
		{"via: plat", "via: a.sys", "a system does not reach the register through itself"},
		{"intermediary: true", "intermediary: false", `the system "plat" is not an intermediary`},
		{"intermediary: true", "intermediary: yes please", "this must be true or false, not text"},
		{"  - {id: plat, system: plat, assessment: {from: 2026-01-01, until: 2026-12-31}}\n", "", `the intermediary "plat" has no connection of its own`},
		{"from: 2026-01-01T00:00:00+07:00", "from: 01/01/2026", `"01/01/2026" is not a time: write a day like 2026-01-31`},
		{"from: 2026-01-01T00:00:00+07:00", "from: 2026-02-30", "is not a time"},
		{"from: 2026-01-01T00:00:00+07:00", "from: 0026-02-03", "the year 26 cannot be meant"},
		{"from: 2026-01-01T00:00:00+07:00", "from: 2027-01-01", "it ends (2027-01-01T00:00:00+07:00) before it begins"},
		{"limit: {calls: 5,", "limit: {calls: 0,", "0 is not a whole number from 1 to"},
		{"limit: {calls: 5,", "limit: {calls: 1000000000001,", "is not a whole number"},
		{"limit: {calls: 5,", "limit: {calls: 99999999999999999999,", "whole number"},
		{"limit: {calls: 5,", "limit: {", "limit: calls is missing"},
		{"window: hour", "window: week", `"week" is none of hour, day, month`},
		{"scope: officer", "scope: agency", `"agency" is none of connection, officer, service`},
		{"warnAt: 50", "warnAt: 101", "from 1 to 100"},
		{"perSecond: 0.5", "perSecond: 0", "0 is not a number above 0"},
		{"perSecond: 0.5", "perSecond: .inf", "is not a number above 0"},
		{"perSecond: 0.5", "perSecond: .nan", "is not a number above 0"},
		{"burst: 1", "burst: 0", "from 1 to"},
		{"mismatches: 2", "mismatches: -1", "from 1 to"},
		{"actsFor: [H13.02, H13.01]", "actsFor: [x]", "is not an agency code"},
		{"service: lookup", "service: look", `"look" is none of verify, lookup, search, household`},
		{"procedures: [1.010100, 1.008377.H13]", "procedures: [1.01]", `line 26: connections[1].grants[0].procedures[0]: "1.01" is not a procedure code`},
		{"procedures: [1.010100, 1.008377.H13]", "procedures: []", "name at least one procedure"},
		{"fields: [fullName, sex]", "fields: [fullName, salary]", `line 27: connections[1].grants[0].fields[1]: no field is called "salary": the fields are fullName`},
		{"fields: [fullName, sex]", "fields: []", "name at least one field"},
		{"        fields: [fullName, sex]\n", "", "fields is missing: name what may be shown"},
		{"keys: [[pin], [cmnd, fullName]]", "keys: [[pin, cmnd]]", "it is asked by either pin or cmnd"},
		{"keys: [[pin], [cmnd, fullName]]", "keys: [[fullName]]", "it is asked by either pin or cmnd"},
		{"keys: [[pin], [cmnd, fullName]]", "keys: [[pin], [pin]]", "this combination is there twice"},
		{"keys: [[pin], [cmnd, fullName]]", "keys: [[]]", "the combination is empty"},
		{"keys: [[pin], [cmnd, fullName]]", "keys: []", "leave keys out for the default"},
		{"keys: [[pin], [cmnd, fullName]]", "keys: [[phone]]", `no search key is called "phone"`},
		{"keys: [[pin], [cmnd, fullName]]", "keys: pin", "this must be a list, not text"},
		{"peoplePerCase: 3", "peoplePerCase: 0", "from 1 to"},
		{"quota: {calls: 7, window: month}", "quota: 7", "this must be a mapping (key: value), not a number"},
		{"provinces: [045,", "provinces: [45,", `"45" is not a province: write its three digits`},
		{"protected: true", "protected: maybe", "this must be true or false"},
		{"protected: true", "searchCap: 5", "only a search has a searchCap"},
		{"protected: true", "claims: [fullName]", "only a verification has claims"},
		{"searchCap: 100", "searchCap: 101", "from 1 to 100"},
		{"searchCap: 100", "keys: [[fullName]]", "a search is asked by fullName and dateOfBirth"},
		{"{id: v, service: verify,", "{id: v, service: verify, keys: [[pin]],", "leave keys out, and name under claims"},
		{"{id: v, service: verify,", "{id: v, service: verify, claims: [pin],", "neither a claim nor a field"},
		{"legalBasis: {vi: Luật, en: Law}\n        people", "legalBasis: {vi: Luật}\n        people", "legalBasis: en is missing"},
		{"      - {id: s,", "      - {id: g,", `grant "g" is there twice in this connection`},
		{"- {id: plat, agency: a,", "- {id: a.sys, agency: a,", `system "a.sys" is there twice, first on line 5`},
		{"- {id: plat, system: plat,", "- {id: a.con, system: plat,", `connection "a.con" is there twice, first on line 13`},
		{"- {id: plat, system: plat,", "- {id: other, system: a.sys, via: plat,", "the connection of the system and via"},
		{"group: 1, codes: [H13.01]}", "group: 1, codes: [H13.01]}\n  - {id: b, code: H13, name: {vi: Khác}, group: 1}", "the agency code \"H13\" is there twice"},
		{"    level: 3\n", "    level: *three\n", "this is not YAML"},
		{"    level: 3\n", "   level: 3\n", "this is not YAML"},
		{"  - {id: plat, system: plat,", "  - &p {id: plat, system: plat,", ""},
		{"agencies:\n", "agencies: &x\n", ""},
		{"systems:\n", "systemz:\n", `line 4: unknown key "systemz": the keys here are agencies, systems, connections`},
	} {
		file := strings.Replace(whole, tt.old, tt.new, 1)
		if file == whole {
			t.Fatalf("%q is not in the file", tt.old)
		}
		got := check(file)
		if tt.want == "" && got != "" || !strings.Contains(got, tt.want) {
			t.Errorf("%q for %q: got\n%s\nwant %q", tt.new, tt.old, got, tt.want)
		}
	}
}

func TestEverythingWrongIsToldAtOnce(t *testing.T) {
	got := check("agencies:\n  - {id: A, code: x, name: {vi: N}, group: 9}\nsystems:\n  - {id: s, agency: nobody, name: {vi: N}, level: 1}\nextra: 1\n")
	for _, w := range []string{"6 things are in test.yaml wrong, nothing was changed", "agencies[0].id", "agencies[0].code", "agencies[0].group", "systems[0].level", "systems[0].agency", `"extra"`} {
		if !strings.Contains(got, w) {
			t.Errorf("it does not say %q:\n%s", w, got)
		}
	}
	var many strings.Builder
	many.WriteString("agencies:\n")
	for range strict.MaxProblems + 5 {
		many.WriteString("  - {id: A, code: H13.01, name: {vi: N}, group: 1, codes: []}\n")
	}
	if got := check(many.String()); strings.Count(got, "\n") > strict.MaxProblems+1 || !strings.Contains(got, "more") {
		t.Errorf("%d lines", strings.Count(got, "\n"))
	}
}

func TestHostileFiles(t *testing.T) {
	bomb := "a: &a [x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c <= 'z'; c++ {
		bomb += fmt.Sprintf("%c: &%c [*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c]\n", c, c, c-1, c-1, c-1, c-1, c-1, c-1, c-1, c-1, c-1)
	}
	for name, tt := range map[string]struct{ file, want string }{
		"empty":             {"", "the file is empty"},
		"only a comment":    {"# nothing\n", "the file is empty"},
		"null":              {"~", "must be a mapping"},
		"a list":            {"[]", "must be a mapping"},
		"no members":        {"{}", "names no agency"},
		"at the limit":      {"agencies: []\n#" + strings.Repeat("x", MaxFile-14), "names no agency"},
		"over the limit":    {"agencies: []\n#" + strings.Repeat("x", MaxFile-13), "at most 1048576 are read"},
		"deep list":         {"agencies: " + strings.Repeat("[", 9000), ""},
		"deep mapping":      {"agencies: " + strings.Repeat("{a: ", 9000), ""},
		"deeper":            {"agencies: " + strings.Repeat("[", MaxFile-20), "not YAML"},
		"deep indentation":  {"agencies:\n" + deepIndent(1000), "must be a list"},
		"alias bomb":        {bomb, "unknown key"},
		"alias as a value":  {"x: &x []\nagencies: *x\n", "aliases are not read"},
		"merge":             {"systems:\n  - &s {id: s}\n  - {<<: *s, level: 3}\n", `unknown key "<<"`},
		"self reference":    {"agencies: &a [*a]\n", "aliases are not read"},
		"two documents":     {"agencies: []\n---\nagencies: []\n", "a second document"},
		"NUL":               {"agencies: \x00", "not YAML"},
		"not UTF-8":         {"agencies: \xff\xfe", "not UTF-8"},
		"UTF-16":            {"\xff\xfea\x00", "not UTF-8"},
		"key is a list":     {"? [a]\n: b\n", "must be a key, not a list"},
		"binary tag":        {"agencies: !!binary aGVsbG8=\n", "must be a list"},
		"unknown tag":       {"agencies: !exec [ls]\n", "must be a mapping"},
		"unclosed":          {"agencies: [", "not YAML"},
		"tab":               {"agencies:\n\t- id: a\n", "not YAML"},
		"many keys":         {"agencies: [{" + strings.Repeat("a: 1, ", 50_000) + "}]", "keep one"},
		"long unknown key":  {strings.Repeat("k", 1000) + ": 1", "…"},
		"long list of text": {"agencies: [{codes: [" + strings.Repeat("H13,", maxList+1) + "]}]", "has 1001 members"},
	} {
		t.Run(name, func(t *testing.T) {
			got := check(tt.file)
			if got == "" || !strings.Contains(got, tt.want) {
				t.Errorf("got\n%.500s\nwant %q", got, tt.want)
			}
			if len(got) > 64<<10 {
				t.Errorf("the message has %d bytes", len(got))
			}
		})
	}
}

func deepIndent(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i+1) + "a:\n")
	}
	return b.String()
}

func TestCertificatesThatAreNotTaken(t *testing.T) {
	rsaKey := func(bits int) *rsa.PrivateKey {
		k, err := rsa.GenerateKey(rand.Reader, bits)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	ecKey := func(c elliptic.Curve) *ecdsa.PrivateKey {
		k, err := ecdsa.GenerateKey(c, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	_, edKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(edKey)
	if err != nil {
		t.Fatal(err)
	}
	private := string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}))
	good := certificate{}.pem(t)
	for name, tt := range map[string]struct{ pem, want string }{
		"P-256":               {good, ""},
		"P-384":               {certificate{key: ecKey(elliptic.P384())}.pem(t), ""},
		"Ed25519":             {certificate{key: edKey}.pem(t), ""},
		"RSA 2048":            {certificate{key: rsaKey(2048)}.pem(t), ""},
		"RSA 2047":            {certificate{key: rsaKey(2047)}.pem(t), "its RSA key has 2047 bits"},
		"P-521":               {certificate{key: ecKey(elliptic.P521())}.pem(t), "curve P-521"},
		"P-224":               {certificate{key: ecKey(elliptic.P224())}.pem(t), "curve P-224"},
		"SHA-1":               {rehash(t, certificate{key: rsaKey(2048)}.pem(t)), "signed with SHA1"},
		"expired":             {certificate{until: time.Now().Add(-time.Second)}.pem(t), "expired on"},
		"not yet":             {certificate{from: time.Now().AddDate(0, 1, 0)}.pem(t), ""},
		"authority":           {certificate{ca: true}.pem(t), "certificate of an authority"},
		"server":              {certificate{usage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}.pem(t), "not for client authentication"},
		"any use":             {certificate{usage: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}}.pem(t), ""},
		"with private key":    {good + private, "it holds a private key"},
		"private key":         {private, "it holds a private key"},
		"chain":               {good + certificate{ca: true}.pem(t), "more than one certificate"},
		"request":             {"-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n", "it holds a CERTIFICATE REQUEST"},
		"no PEM":              {"hello", "no PEM certificate"},
		"broken":              {"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "cannot be read"},
		"larger than allowed": {good + strings.Repeat("#", MaxCertificate), "at most 65536 are kept"},
	} {
		t.Run(name, func(t *testing.T) {
			got := check(oneSystem("a", "H13", []string{tt.pem}, grant("g", "sex")))
			if tt.want == "" && got != "" || !strings.Contains(got, tt.want) {
				t.Errorf("got\n%s\nwant %q", got, tt.want)
			}
			if tt.want != "" && !strings.Contains(got, "line 3: systems[0].certificates[0]") {
				t.Errorf("the place is missing:\n%s", got)
			}
		})
	}
	if got := check(oneSystem("a", "H13", []string{good, good}, grant("g", "sex"))); !strings.Contains(got, "the same certificate is there twice, first on line 3") {
		t.Error(got)
	}
}

// rehash makes a certificate say that it was signed with SHA-1, which Go does
// not do any more: sha256WithRSAEncryption and sha1WithRSAEncryption differ in
// one byte.
func rehash(t *testing.T, text string) string {
	t.Helper()
	b, _ := pem.Decode([]byte(text))
	sha256oid := []byte{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b}
	sha1oid := []byte{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x05}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: bytes.ReplaceAll(b.Bytes, sha256oid, sha1oid)}))
}

func TestReadSourceReadsNoMoreThanItMay(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, n int) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, bytes.Repeat([]byte("#"), n), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	if _, err := ReadSource(write("full.yaml", MaxFile), nil); err != nil {
		t.Error(err)
	}
	_, err := ReadSource(write("over.yaml", MaxFile+1), nil)
	refusedWith(t, err, fault.Invalid, "over.yaml is larger than 1048576 bytes")
	_, err = ReadSource(dir, nil)
	refusedWith(t, err, fault.Invalid, "is it a file?")
	_, err = ReadSource("-", errReader{})
	refusedWith(t, err, fault.Invalid, "standard input")
	src, err := ReadSource("-", strings.NewReader(strings.Repeat("#", MaxFile+5)))
	if err != nil || len(src.YAML) != MaxFile+1 {
		t.Errorf("%d bytes of standard input, %v", len(src.YAML), err)
	}
	write("big.pem", MaxCertificate+1)
	path := filepath.Join(dir, "c.yaml")
	if err := os.WriteFile(path, []byte("systems:\n  - certificates:\n      - file: big.pem\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = ReadSource(path, nil)
	refusedWith(t, err, fault.Invalid, "line 3: systems[0].certificates[0]", "larger than 65536 bytes")
}

type errReader struct{}

func (errReader) Read([]byte) (int, error) { return 0, errors.New("gone") }

func TestGrantHashIsOfItsCanonicalJSON(t *testing.T) {
	f, _ := parse(Source{YAML: []byte(whole)})
	g := f.connections[1].Grants[0]
	want := `{"fields":["fullName","sex"],"from":"2025-12-31T17:00:00Z","id":"g","keys":[["pin"],["cmnd","fullName"]],` +
		`"legalBasis":{"en":"Law","vi":"Luật"},"onward":[{"basis":{"vi":"Điều 5"},"name":{"en":"Treasury","vi":"Kho bạc"},` +
		`"until":"2026-03-31T17:00:00Z"}],"peoplePerCase":3,"procedures":["1.008377.H13","1.010100"],"protected":true,` +
		`"provinces":["001","045"],"quota":7,"quotaWindow":"month","service":"lookup","until":"2026-06-30T17:00:00Z"}`
	if got := string(grantJSON(g)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	// Whoever accepted the text can compute the hash with other tools: ours for
	// receipts is written apart from this.
	raw, err := json.Marshal(g)
	if err != nil {
		t.Fatal(err)
	}
	other, err := verify.Canonical([]byte(strings.Replace(string(raw), `"hash":"",`, "", 1)))
	if err != nil || string(other) != want {
		t.Errorf("package verify has %s, %v", other, err)
	}
	first := GrantHash(g)
	sum := sha256.Sum256([]byte(want))
	if first != hex.EncodeToString(sum[:]) {
		t.Errorf("the hash is %s", first)
	}
	g.Hash = "something"
	if GrantHash(g) != first || len(first) != 64 {
		t.Error("the hash depends on itself")
	}
	for what, change := range map[string]func(*access.Grant){
		"protected": func(g *access.Grant) { g.Protected = false },
		"no onward": func(g *access.Grant) { g.Onward = nil },
		"a longer permission": func(g *access.Grant) {
			g.Onward = []access.Onward{g.Onward[0]}
			g.Onward[0].Until = g.Until
		},
	} {
		other := g
		change(&other)
		if GrantHash(other) == first {
			t.Errorf("the hash does not depend on %s", what)
		}
	}
}

// FuzzFile: whatever the bytes, parsing and planning end without a panic; what
// is found good has documents the directory can read, and planning it again
// gives the same.
func FuzzFile(f *testing.F) {
	f.Add([]byte(whole))
	data, err := os.ReadFile("../../docs/examples/connections.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`{"agencies":[{"id":"a","code":"H13","name":{"vi":"x"},"group":2}]}`))
	f.Add([]byte("a: &a [*a]"))
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, data []byte) {
		file, wrong := parse(Source{YAML: data})
		p := newPlan(now, false, nil, catalogue.Default(), file)
		if len(wrong)+len(p.r.Problems) > 0 {
			if err := wrongIn("x", append(wrong, p.r.Problems...)); err == nil || fault.Text(err) == "" {
				t.Fatal("nothing is said of what is wrong")
			}
			return
		}
		var changes []access.Change
		for i, s := range p.steps {
			if len(s.events) == 0 {
				t.Fatalf("%s %s changes without an entry", s.kind, s.id)
			}
			changes = append(changes, access.Change{Version: int64(i + 1), Kind: s.kind, ID: s.id, Doc: s.doc})
		}
		dir, err := (*access.Directory)(nil).Apply(changes)
		if err != nil {
			t.Fatal(err)
		}
		for c := range dir.Connections() {
			for _, g := range c.Grants {
				if g.Hash != GrantHash(g) {
					t.Fatalf("the hash of %s does not survive", g.ID)
				}
			}
		}
		if again := newPlan(now, false, dir, catalogue.Default(), file); len(again.steps)+len(again.r.Problems) > 0 {
			t.Fatalf("applied again: %d steps, %v", len(again.steps), again.r.Problems)
		}
	})
}
