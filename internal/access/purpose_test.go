package access

import (
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// The forms as regular expressions: the oracle for the parsers, which the
// program itself does not use.
var (
	reProcedure  = regexp.MustCompile(`^[1-9]\.\d{6}(\.(\d{3}\.\d{2}\.\d{2}\.)?[A-Y]\d{2})?$`)
	reAgencyNew  = regexp.MustCompile(`^[A-Y]\d{2}(\.[A-Z0-9]+)*$`)
	reAgencyOld  = regexp.MustCompile(`^\d{3}\.\d{2}\.\d{2}\.[A-Y]\d{2}$`)
	reEnterprise = regexp.MustCompile(`^\d{10}(-?\d{3})?$`)
	reOtherBody  = regexp.MustCompile(`^Z(0[1-9]|[1-9]\d)[^\p{Cc}]{1,32}$`)
	reCaseOld    = regexp.MustCompile(`^(\d{3}\.\d{2}\.\d{2}\.[A-Y]\d{2})-(\d{6})-(\d{4})$`)
	reCaseNew    = regexp.MustCompile(`^([A-Y]\d{2}(?:\.[A-Z0-9]+)*)-(\d{6})-(\d{4,})$`)
	reCaseFirm   = regexp.MustCompile(`^(\d{10}(?:-?\d{3})?)-(\d{6})-(\d{4,})$`)
)

func agencyOracle(s string) bool {
	return reAgencyNew.MatchString(s) && len(s) <= 35 || reAgencyOld.MatchString(s) || reEnterprise.MatchString(s) ||
		reOtherBody.MatchString(s) && utf8.ValidString(s)
}

func caseOracle(s string) (c Case, ok bool) {
	if len(s) > 64 {
		return Case{}, false
	}
	for _, re := range []*regexp.Regexp{reCaseOld, reCaseNew, reCaseFirm} {
		m := re.FindStringSubmatch(s)
		if m == nil || re == reCaseNew && len(m[1]) > 35 {
			continue
		}
		day, err := time.Parse("20060102", "20"+m[2])
		return Case{m[1], Date{day.Year(), day.Month(), day.Day()}, m[3]}, err == nil
	}
	return Case{}, false
}

func TestValidAgencyCode(t *testing.T) {
	valid := []string{
		"H13", "G01", "A00", "Y99", "H21.18", "H99.AZ09", "H21.18.PX", "H13." + strings.Repeat("A", 31), // 35 characters
		"000.00.00.H13",
		"0100112437", "0100112437001", "0100112437-001",
		"Z01x", "Z99" + strings.Repeat("x", 32), "Z10" + strings.Repeat("ữ", 32), "Z42 a-b.c",
	}
	invalid := []string{
		"", "H", "H1", "H1A", "h13", "Z13", "H13.", "H13..A", "H13.a", "H13A", "H13 ", ".H13", "13H", "H13.Đ",
		"H13." + strings.Repeat("A", 32), // 36 characters
		"000.00.00.Z13", "00.00.00.H13", "000.00.00-H13", "000.00.0A.H13", "00A.00.00.H13", "000.0A.00.H13", "000-00.00.H13", "000.00-00.H13",
		"010011243", "01001124370", "010011243700", "01001124370011", "0100112437+001", "0100112437-0A1", "010011243A", "010011243A-001",
		"Z00x", "Z01", "Z0", "ZA1x", "Z99" + strings.Repeat("x", 33), "Z01\n", "Z01\x7f", "Z01\xff", "Z10" + strings.Repeat("ữ", 33),
	}
	for _, s := range valid {
		if !ValidAgencyCode(s) {
			t.Errorf("%q is refused", s)
		}
	}
	for _, s := range invalid {
		if ValidAgencyCode(s) {
			t.Errorf("%q is taken", s)
		}
	}
	for _, s := range append(valid, invalid...) {
		if ValidAgencyCode(s) != agencyOracle(s) {
			t.Errorf("%q: parser and regular expressions disagree", s)
		}
	}
}

func TestParseProcedure(t *testing.T) {
	valid := map[string]Procedure{
		"1.008377.000.00.00.H13": {"1.008377", "000.00.00.H13"},
		"2.002709.H13":           {"2.002709", "H13"},
		"3.000259.H13":           {"3.000259", "H13"},
		"1.014466.H12":           {"1.014466", "H12"},
		"1.010100":               {"1.010100", ""},
		"9.999999.Y99":           {"9.999999", "Y99"},
	}
	for s, want := range valid {
		if got, err := ParseProcedure(s); err != nil || got != want {
			t.Errorf("ParseProcedure(%q) = %+v, %v, want %+v", s, got, err, want)
		}
	}
	for _, s := range []string{
		"", "1", "1.01010", "1.0101000", "0.010100", "a.010100", "1-010100", "1.01010a", "1.010100.", "1.010100.Z13", "1.010100.H1",
		"1.010100-H13", "1.010100.H13.1", "1.010100.000.00.H13", "1.010100.000.00.00.Z13", "1.010100.000.00.00.H13.", " 1.010100",
	} {
		if got, err := ParseProcedure(s); !errors.Is(err, errProcedure) || got != (Procedure{}) {
			t.Errorf("ParseProcedure(%q) = %+v, %v", s, got, err)
		}
	}
}

func TestParseCase(t *testing.T) {
	day := Date{2020, time.January, 1}
	valid := map[string]Case{
		"000.00.00.H13-200101-0001":     {"000.00.00.H13", day, "0001"},
		"H13-200101-0001":               {"H13", day, "0001"},
		"H21.18-200101-0001":            {"H21.18", day, "0001"},
		"H21.18-200101-12345":           {"H21.18", day, "12345"},
		"G01.001.02-260125-120001":      {"G01.001.02", Date{2026, time.January, 25}, "120001"},
		"0100112437-200101-0001":        {"0100112437", day, "0001"},
		"0100112437001-200101-0001":     {"0100112437001", day, "0001"},
		"0100112437-001-200101-0001":    {"0100112437-001", day, "0001"},
		"H13-240229-0001":               {"H13", Date{2024, time.February, 29}, "0001"},
		"H13-991231-0001":               {"H13", Date{2099, time.December, 31}, "0001"},
		"H13-000101-0001":               {"H13", Date{2000, time.January, 1}, "0001"},
		"H13-200101-" + nines(64-4-7):   {"H13", day, nines(64 - 4 - 7)}, // 64 bytes
		long35 + "-200101-" + nines(21): {long35, day, nines(21)},
	}
	for s, want := range valid {
		if got, err := ParseCase(s); err != nil || got != want {
			t.Errorf("ParseCase(%q) = %+v, %v, want %+v", s, got, err, want)
		}
	}
	for _, s := range []string{
		"", "H13", "H13-200101", "-200101-0001", "200101-0001", "H13-200101-001", "H13-200101-", "H13-200101-000A", "H13-20010-0001",
		"H13-2001011-0001", "H13-20O101-0001", "Z13-200101-0001", "Z01abc-200101-0001", "h13-200101-0001", "H13-200101-0001 ", "H13--0001",
		"000.00.00.H13-200101-00001", "000.00.00.H13-200101-000", "010011243-200101-0001", "H13_200101_0001",
		"H13-200101-" + nines(64-4-7+1), // 65 bytes
		long35 + "A-200101-0001",
	} {
		if got, err := ParseCase(s); !errors.Is(err, errCase) || got != (Case{}) {
			t.Errorf("ParseCase(%q) = %+v, %v", s, got, err)
		}
	}
	for _, s := range []string{"H13-230229-0001", "H13-200001-0001", "H13-201301-0001", "H13-200100-0001", "H13-200132-0001", "H13-200431-0001"} {
		if got, err := ParseCase(s); !errors.Is(err, errCaseDate) || got != (Case{}) {
			t.Errorf("ParseCase(%q) = %+v, %v", s, got, err)
		}
	}
}

var long35 = "H13." + strings.Repeat("A", 31)

func nines(n int) string { return strings.Repeat("9", n) }

func TestCodesAreParsedWithoutAllocation(t *testing.T) {
	n := testing.AllocsPerRun(100, func() {
		_, err1 := ParseProcedure("1.008377.000.00.00.H13")
		_, err2 := ParseCase("G01.001.02-260125-120001")
		_, err3 := ParseCase("nonsense")
		if err1 != nil || err2 != nil || err3 == nil {
			t.Fatal(err1, err2, err3)
		}
	})
	if n != 0 {
		t.Errorf("%v allocations, want none", n)
	}
}

func TestDate(t *testing.T) {
	d := Date{2026, time.March, 2}
	if got := DateOf(noon); got != d {
		t.Errorf("DateOf(%v) = %v, want the day in Zone, %v", noon, got, d)
	}
	if got := d.String(); got != "2026-03-02" {
		t.Errorf("String() = %q", got)
	}
	for _, o := range []Date{{2026, 3, 1}, {2026, 2, 28}, {2025, 12, 31}} {
		if !d.After(o) || o.After(d) {
			t.Errorf("%v is not after %v", d, o)
		}
	}
	if d.After(d) {
		t.Errorf("%v is after itself", d)
	}
}

func FuzzParseCase(f *testing.F) {
	for _, s := range []string{
		"000.00.00.H13-200101-0001", "H21.18-200101-0001", "G01.001.02-260125-120001", "0100112437-001-200101-0001",
		"H13-230229-0001", "Z01abc", "Z10ữ", "H13--0001", "",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		want, ok := caseOracle(s)
		if !ok {
			want = Case{}
		}
		got, err := ParseCase(s)
		if (err == nil) != ok || got != want {
			t.Errorf("ParseCase(%q) = %+v, %v; regular expressions: %+v, %t", s, got, err, want, ok)
		}
		if err == nil && !ValidAgencyCode(got.AgencyCode) {
			t.Errorf("ParseCase(%q): agency code %q is not valid", s, got.AgencyCode)
		}
		if got, want := ValidAgencyCode(s), agencyOracle(s); got != want {
			t.Errorf("ValidAgencyCode(%q) = %t, regular expressions: %t", s, got, want)
		}
	})
}

func FuzzParseProcedure(f *testing.F) {
	for _, s := range []string{"1.008377.000.00.00.H13", "2.002709.H13", "1.010100", "1.010100.", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := ParseProcedure(s)
		if want := reProcedure.MatchString(s); (err == nil) != want {
			t.Errorf("ParseProcedure(%q) = %+v, %v; regular expression: %t", s, got, err, want)
		}
		if err != nil {
			return
		}
		if joined := strings.TrimSuffix(got.Number+"."+got.AgencyCode, "."); joined != s {
			t.Errorf("ParseProcedure(%q) = %+v", s, got)
		}
	})
}

func TestADateIsTextInJSON(t *testing.T) {
	in := Date{2026, time.February, 3}
	data, err := json.Marshal(in)
	if err != nil || string(data) != `"2026-02-03"` {
		t.Fatalf("got %s, %v", data, err)
	}
	var out Date
	if err := json.Unmarshal(data, &out); err != nil || out != in {
		t.Errorf("got %v, %v, want %v", out, err, in)
	}
	for _, bad := range []string{`"2026-02-30"`, `"03/02/2026"`, `""`} {
		if err := json.Unmarshal([]byte(bad), &out); err == nil {
			t.Errorf("%s is read as a day", bad)
		}
	}
}
