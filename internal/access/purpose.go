package access

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Limits on the length of codes, in bytes but for [MaxAgencyCode].
const (
	// MaxAgencyCode is the longest agency code, in characters (Decision
	// 20/2020/QĐ-TTg Art. 4).
	MaxAgencyCode = 35
	// MaxCaseCode is the longest case code: the longest agency code, a date
	// and a serial of 21 digits. The law bounds the first two only.
	MaxCaseCode = 64
)

// Date is a civil day.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf returns the day t lies in, in [Zone].
func DateOf(t time.Time) Date {
	y, m, d := t.In(Zone).Date()
	return Date{y, m, d}
}

// After reports whether d comes after o.
func (d Date) After(o Date) bool {
	if d.Year != o.Year {
		return d.Year > o.Year
	}
	if d.Month != o.Month {
		return d.Month > o.Month
	}
	return d.Day > o.Day
}

// String returns the day as YYYY-MM-DD.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// MarshalText writes YYYY-MM-DD.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads YYYY-MM-DD; it must be a real day.
func (d *Date) UnmarshalText(b []byte) error {
	t, err := time.ParseInLocation(time.DateOnly, string(b), Zone)
	if err != nil {
		return fmt.Errorf("%q is not a day: write it like 2026-01-31", b)
	}
	*d = DateOf(t)
	return nil
}

// Procedure is an administrative procedure's code in its parts.
type Procedure struct {
	Number     string // "1.008377": the level and the number in the national list
	AgencyCode string // the publishing agency, in the old or the new form; "" in the bare form
}

var errProcedure = errors.New(`not a procedure code: write it like "1.008377", "2.002709.H13" or "1.008377.000.00.00.H13"`)

// ParseProcedure reads a procedure code: the number N.NNNNNN, alone or with
// the code of the agency ("1.010100", "2.002709.H13",
// "1.008377.000.00.00.H13"). It does not allocate.
func ParseProcedure(code string) (Procedure, error) {
	const n = len("1.008377")
	if len(code) < n || code[0] < '1' || code[0] > '9' || code[1] != '.' || !digits(code[2:n]) {
		return Procedure{}, errProcedure
	}
	p := Procedure{Number: code[:n]}
	if len(code) == n {
		return p, nil
	}
	p.AgencyCode = code[n+1:]
	if code[n] != '.' || !rootCode(p.AgencyCode) && !oldAgencyCode(p.AgencyCode) {
		return Procedure{}, errProcedure
	}
	return p, nil
}

// Case is a dossier's code in its parts.
type Case struct {
	AgencyCode string // who received the dossier
	Date       Date   // the day it was received
	Serial     string // the number of the day; may start with the owner's digits
}

var (
	errCase     = errors.New(`not a case code: write it like "H21.18-200101-0001" or "000.00.00.H13-200101-0001"`)
	errCaseDate = errors.New(`not a case code: the part YYMMDD is not a day`)
)

// ParseCase reads a dossier's code, AGENCY-YYMMDD-SERIAL, in one of these
// forms:
//
//   - 000.00.00.H13-200101-0001: an old agency code and a serial of four
//     digits (Decree 61/2018 Art. 26, Circular 01/2018 Art. 19);
//   - H21.18-200101-0001: a new agency code and four digits or more;
//   - G01.001.02-260125-120001: the same with the owner's two digits before
//     the serial (Circular 4/2025/TT-VPCP, centralised services);
//   - 0100112437-200101-0001: an enterprise number of 10 or 13 digits and four
//     digits or more. No rule gives organisations outside the state a form for
//     their dossiers; this one is dancu's own convention.
//
// The day must be a real one, of the years 2000 to 2099. Whether it has come
// yet is for [Decide] to say. ParseCase does not allocate.
func ParseCase(code string) (Case, error) {
	if len(code) > MaxCaseCode {
		return Case{}, errCase
	}
	s := strings.LastIndexByte(code, '-')
	if s < 0 {
		return Case{}, errCase
	}
	d := strings.LastIndexByte(code[:s], '-')
	if d < 0 {
		return Case{}, errCase
	}
	c := Case{AgencyCode: code[:d], Serial: code[s+1:]}
	day := code[d+1 : s]
	if len(day) != 6 || !digits(day) || len(c.Serial) < 4 || !digits(c.Serial) {
		return Case{}, errCase
	}
	switch {
	case newAgencyCode(c.AgencyCode), enterpriseNumber(c.AgencyCode):
	case oldAgencyCode(c.AgencyCode) && len(c.Serial) == 4:
	default:
		return Case{}, errCase
	}
	c.Date = Date{2000 + two(day), time.Month(two(day[2:])), two(day[4:])}
	if t := time.Date(c.Date.Year, c.Date.Month, c.Date.Day, 0, 0, 0, 0, time.UTC); t.Month() != c.Date.Month || t.Day() != c.Date.Day {
		return Case{}, errCaseDate
	}
	return c, nil
}

// ValidAgencyCode reports whether code is an agency code: of a state agency in
// the form of Decision 20/2020/QĐ-TTg Art. 4 ("H13", "H21.18") or the older
// one of QCVN 102:2016 ("000.00.00.H13"), an enterprise number (Art. 5), or
// another body's code under one of the schemes Z01 to Z99 (Art. 6).
func ValidAgencyCode(code string) bool {
	return newAgencyCode(code) || oldAgencyCode(code) || enterpriseNumber(code) || otherBodyCode(code)
}

// newAgencyCode: groups of A-Z and 0-9 separated by dots, the first of them a
// letter A to Y and two digits; 35 characters at most.
func newAgencyCode(s string) bool {
	if len(s) < 3 || len(s) > MaxAgencyCode || !rootCode(s[:3]) {
		return false
	}
	for rest := s[3:]; rest != ""; {
		if rest[0] != '.' {
			return false
		}
		n := 1
		for n < len(rest) && (isDigit(rest[n]) || 'A' <= rest[n] && rest[n] <= 'Z') {
			n++
		}
		if n == 1 {
			return false
		}
		rest = rest[n:]
	}
	return true
}

// oldAgencyCode: three digits, two, two, then a letter A to Y and two digits.
func oldAgencyCode(s string) bool {
	return len(s) == len("000.00.00.H13") && s[3] == '.' && s[6] == '.' && s[9] == '.' &&
		digits(s[:3]) && digits(s[4:6]) && digits(s[7:9]) && rootCode(s[10:])
}

// rootCode: a letter A to Y and two digits.
func rootCode(s string) bool {
	return len(s) == 3 && 'A' <= s[0] && s[0] <= 'Y' && digits(s[1:])
}

// enterpriseNumber: 10 digits, or 13 with or without a hyphen after the tenth.
func enterpriseNumber(s string) bool {
	switch len(s) {
	case 10, 13:
		return digits(s)
	case 14:
		return digits(s[:10]) && s[10] == '-' && digits(s[11:])
	}
	return false
}

// otherBodyCode: a scheme Z01 to Z99 and, without a separator, one to 32
// characters. The Decision leaves the characters open; control characters and
// broken UTF-8 are refused because codes are shown and stored.
func otherBodyCode(s string) bool {
	if len(s) < 4 || s[0] != 'Z' || !digits(s[1:3]) || s[1:3] == "00" || !utf8.ValidString(s) {
		return false
	}
	for _, r := range s[3:] {
		if unicode.IsControl(r) {
			return false
		}
	}
	return utf8.RuneCountInString(s) <= MaxAgencyCode
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func digits(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return true
}

// two is the number in the first two digits of s.
func two(s string) int { return int(s[0]-'0')*10 + int(s[1]-'0') }
