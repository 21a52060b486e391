package register

import (
	"time"
	"unicode"
	"unicode/utf8"

	"dancu/internal/access"
	"dancu/internal/fault"
)

// Limits of what a caller may ask with.
const (
	MaxName  = 100 // runes of a name (the national service's own limit)
	MaxClaim = 300 // runes of any other claimed text
)

// Keys is what a person is looked for by. An empty member is not given; every
// given one must match.
type Keys struct {
	PIN         string // 12 digits
	CMND        string // 9 digits
	FullName    string // matched without case, diacritics and spacing
	DateOfBirth string // YYYY-MM-DD, or YYYY for a person of whom only the year is known
	Sex         string // male or female
	Province    string // 3-digit code of the province of permanent residence
}

// Set returns which keys are given.
func (k Keys) Set() (s access.KeySet) {
	for _, e := range [...]struct {
		v string
		k access.Key
	}{
		{k.PIN, access.KeyPIN},
		{k.CMND, access.KeyCMND},
		{k.FullName, access.KeyFullName},
		{k.DateOfBirth, access.KeyDateOfBirth},
		{k.Sex, access.KeySex},
		{k.Province, access.KeyProvince},
	} {
		if e.v != "" {
			s |= access.Keys(e.k)
		}
	}
	return s
}

// Validate checks the form of the given keys. Its errors are of kind Invalid;
// they name the key and the rule and never the value.
func (k Keys) Validate() error {
	if k.PIN != "" && !isDigits(k.PIN, 12) {
		return fault.New(fault.Invalid, "pin must be a text of exactly 12 digits, leading zeros included")
	}
	if k.CMND != "" && !isDigits(k.CMND, 9) {
		return fault.New(fault.Invalid, "cmnd must be a text of exactly 9 digits, leading zeros included")
	}
	if k.FullName != "" {
		if err := checkName("fullName", k.FullName); err != nil {
			return err
		}
	}
	if k.DateOfBirth != "" && !isDate(k.DateOfBirth) {
		return fault.New(fault.Invalid, "dateOfBirth must be a real date as YYYY-MM-DD, or YYYY where only the year is known")
	}
	if k.Sex != "" && k.Sex != "male" && k.Sex != "female" {
		return fault.New(fault.Invalid, "sex must be male or female")
	}
	if k.Province != "" {
		if _, ok := Province(k.Province); !ok {
			return fault.New(fault.Invalid, "province must be one of the 63 three-digit province codes, for example 001")
		}
	}
	return nil
}

// Claims is what somebody says of a person, by field.
//
// A text is compared folded. Digits and sex are compared exactly. A date must
// be the very date: a year matches only a record of which the year alone is
// known, and a full date never matches such a record, for the register cannot
// confirm it. An address is claimed by its unit code, an ethnicity, religion
// or marital status by its code or its name, a card by its number. What the
// record does not have matches nothing.
type Claims map[access.Field]string

// Claimable is the fields a claim can be made about; the others have no value
// one text could stand for.
var Claimable = func() (s access.FieldSet) {
	for _, f := range access.Fields {
		switch f.Shape {
		case access.ShapeText, access.ShapeDate, access.ShapeDigits, access.ShapeSex, access.ShapeCode, access.ShapeAddress, access.ShapeCard:
			s |= access.FieldsOf(f.Field)
		}
	}
	return s
}()

// Fields returns which fields are claimed.
func (c Claims) Fields() (s access.FieldSet) {
	for f := range c {
		if f < access.NumFields {
			s |= access.FieldsOf(f)
		}
	}
	return s
}

// Validate checks the form of the claims. Its errors are of kind Invalid; they
// name the field and the rule and never the value.
func (c Claims) Validate() error {
	for f := range access.NumFields {
		v, ok := c[f]
		if !ok {
			continue
		}
		if !Claimable.Has(f) {
			return fault.New(fault.Invalid, "nothing can be claimed about %s: leave it out of claims", f)
		}
		if err := checkClaim(f, v); err != nil {
			return err
		}
	}
	for f := range c {
		if f >= access.NumFields {
			return fault.New(fault.Invalid, "claims name a field that does not exist")
		}
	}
	return nil
}

func checkClaim(f access.Field, v string) error {
	switch f {
	case access.FullName, access.OtherName:
		return checkName(f.String(), v)
	case access.PIN:
		if !isDigits(v, 12) {
			return fault.New(fault.Invalid, "pin must be a text of exactly 12 digits, leading zeros included")
		}
		return nil
	case access.CMND:
		if !isDigits(v, 9) {
			return fault.New(fault.Invalid, "cmnd must be a text of exactly 9 digits, leading zeros included")
		}
		return nil
	}
	switch access.Fields[f].Shape {
	case access.ShapeDate:
		if !isDate(v) {
			return fault.New(fault.Invalid, "%s must be a real date as YYYY-MM-DD, or YYYY where only the year is known", f)
		}
		return nil
	case access.ShapeSex:
		if v != "male" && v != "female" {
			return fault.New(fault.Invalid, "%s must be male or female", f)
		}
		return nil
	}
	return checkText(f.String(), v, MaxClaim)
}

// checkName checks a name: it must have at least one letter that counts.
func checkName(name, v string) error {
	if err := checkText(name, v, MaxName); err != nil {
		return err
	}
	if !hasLetter(v) {
		return fault.New(fault.Invalid, "%s must contain a letter", name)
	}
	return nil
}

func hasLetter(v string) bool {
	for _, r := range v {
		if unicode.IsLetter(r) && foldRune(r) >= 0 {
			return true
		}
	}
	return false
}

// checkText checks that a text is there, valid UTF-8, free of control
// characters and at most limit runes long.
func checkText(name, v string, limit int) error {
	switch {
	case v == "":
		return fault.New(fault.Invalid, "%s must not be empty: leave it out if it is not known", name)
	case len(v) > limit*utf8.UTFMax || utf8.RuneCountInString(v) > limit:
		return fault.New(fault.Invalid, "%s must be at most %d characters", name, limit)
	case !utf8.ValidString(v):
		return fault.New(fault.Invalid, "%s must be valid UTF-8", name)
	case hasControl(v):
		return fault.New(fault.Invalid, "%s must not contain control characters", name)
	}
	return nil
}

func hasControl(v string) bool {
	for _, r := range v {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return true
		}
	}
	return false
}

// isDigits reports whether v is n ASCII digits.
func isDigits(v string, n int) bool {
	if len(v) != n {
		return false
	}
	for i := range len(v) {
		if v[i] < '0' || v[i] > '9' {
			return false
		}
	}
	return true
}

// Years of birth and of documents that are taken for possible. The PIN can
// express 1900 to 2399; the oldest records are of people born before.
const (
	minYear = 1800
	maxYear = 2399
)

// isDate reports whether v is YYYY or a real day YYYY-MM-DD.
func isDate(v string) bool {
	if len(v) == 4 {
		return isYear(v)
	}
	return isDay(v)
}

func isYear(v string) bool {
	if !isDigits(v, 4) {
		return false
	}
	y := atoi(v)
	return y >= minYear && y <= maxYear
}

// isDay reports whether v is a real day YYYY-MM-DD.
func isDay(v string) bool {
	if len(v) != 10 || v[4] != '-' || v[7] != '-' || !isYear(v[:4]) || !isDigits(v[5:7], 2) || !isDigits(v[8:], 2) {
		return false
	}
	m, d := atoi(v[5:7]), atoi(v[8:])
	return m >= 1 && m <= 12 && d >= 1 && d <= daysIn(atoi(v[:4]), m)
}

func daysIn(y, m int) int {
	return time.Date(y, time.Month(m)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// atoi reads a text known to be a few digits.
func atoi(v string) (n int) {
	for i := range len(v) {
		n = n*10 + int(v[i]-'0')
	}
	return n
}
