package register

import (
	"bytes"
	"fmt"
	"iter"
	"unicode"
	"unicode/utf8"

	"dancu/internal/access"
)

// Limits of a record. A row beyond one of them is a bad row.
const (
	MaxRow      = 64 << 10 // bytes of a row of an import file
	MaxDetail   = 300      // runes of an address or destination
	MaxRelation = 40       // runes of a relation
	MaxListed   = 64       // people in a list of relatives or of a household
	MaxEmail    = 254      // bytes
	MaxOther    = 8 << 10  // bytes of the field other
	MaxDepth    = 8        // levels of the field other
)

// rule checks one text of a record. It returns "" or what the text must be.
type rule func(v []byte) string

// memberRule is one member of a compound value.
type memberRule struct {
	name   string
	quoted string // `"name":`
	rule   rule
	must   bool // the value is nothing without it
}

// shapeRules is what compound values look like, in the order in which their
// members are stored.
var shapeRules = func() map[access.Shape][]memberRule {
	m := map[access.Shape][]memberRule{
		access.ShapeAddress: {{name: "unit", rule: isCode(16)}, {name: "detail", rule: isText(MaxDetail)}, {name: "country", rule: isCountry}},
		access.ShapeCard:    {{name: "number", rule: isCardNumber}, {name: "issued", rule: isDayRule}, {name: "place", rule: isText(MaxName)}, {name: "expires", rule: isDayRule}},
		access.ShapeCode:    {{name: "code", rule: isCode(10), must: true}, {name: "name", rule: isText(MaxName)}},
		access.ShapePeople: {
			{name: "relation", rule: isText(MaxRelation), must: true},
			{name: "pin", rule: digits(12)},
			{name: "cmnd", rule: digits(9)},
			{name: "fullName", rule: isName},
			{name: "nationality", rule: isCountry},
		},
		access.ShapeAbsence: {{name: "from", rule: isDayRule}, {name: "until", rule: isDayRule}, {name: "destination", rule: isText(MaxDetail)}},
		access.ShapePassing: {{name: "status", rule: oneOf("dead", "missing"), must: true}, {name: "date", rule: isDateRule}},
		access.ShapeContact: {{name: "mobile", rule: isMobile}, {name: "email", rule: isEmail}},
	}
	for _, ms := range m {
		for i := range ms {
			ms[i].quoted = `"` + ms[i].name + `":`
		}
	}
	return m
}()

// textRules is the rules of the fields that are one text.
var textRules = func() (t [access.NumFields]rule) {
	for _, f := range access.Fields {
		switch f.Shape {
		case access.ShapeText:
			t[f.Field] = isText(MaxName)
		case access.ShapeDate:
			t[f.Field] = isDateRule
		case access.ShapeSex:
			t[f.Field] = oneOf("male", "female", "unknown")
		}
	}
	t[access.FullName], t[access.OtherName] = isName, isName
	t[access.PIN], t[access.CMND] = digits(12), digits(9)
	t[access.Nationality] = isCountry
	t[access.BloodGroup] = isText(10)
	return t
}()

func isText(limit int) rule {
	long := fmt.Sprintf("must be at most %d characters", limit)
	return func(v []byte) string {
		switch {
		case len(v) == 0:
			return "must not be empty"
		case len(v) > limit && utf8.RuneCount(v) > limit:
			return long
		}
		return ""
	}
}

var nameText = isText(MaxName)

func isName(v []byte) string {
	if why := nameText(v); why != "" {
		return why
	}
	for rest := v; len(rest) > 0; {
		r, n := utf8.DecodeRune(rest)
		if unicode.IsLetter(r) && foldRune(r) >= 0 {
			return ""
		}
		rest = rest[n:]
	}
	return "must contain a letter"
}

func digits(n int) rule {
	why := fmt.Sprintf("must be a text of %d digits", n)
	return func(v []byte) string {
		if !isDigits(string(v), n) {
			return why
		}
		return ""
	}
}

func isDateRule(v []byte) string {
	if !isDate(string(v)) {
		return "must be a real date as YYYY-MM-DD, or YYYY"
	}
	return ""
}

func isDayRule(v []byte) string {
	if !isDay(string(v)) {
		return "must be a real date as YYYY-MM-DD"
	}
	return ""
}

func isCode(limit int) rule {
	why := fmt.Sprintf("must be 1 to %d of A-Z, 0-9, dot and hyphen", limit)
	return func(v []byte) string {
		if len(v) == 0 || len(v) > limit {
			return why
		}
		for _, b := range v {
			if (b < '0' || b > '9') && (b < 'A' || b > 'Z') && b != '.' && b != '-' {
				return why
			}
		}
		return ""
	}
}

func isCountry(v []byte) string {
	if len(v) != 2 || v[0] < 'A' || v[0] > 'Z' || v[1] < 'A' || v[1] > 'Z' {
		return "must be a country as two capital letters, for example VN"
	}
	return ""
}

func isCardNumber(v []byte) string {
	if !isDigits(string(v), 12) && !isDigits(string(v), 9) {
		return "must be a text of 12 or 9 digits"
	}
	return ""
}

func isMobile(v []byte) string {
	d := bytes.TrimPrefix(v, []byte("+"))
	if len(d) < 8 || len(d) > 15 || !isDigits(string(d), len(d)) {
		return "must be 8 to 15 digits, a + before them allowed"
	}
	return ""
}

func isEmail(v []byte) string {
	at := bytes.IndexByte(v, '@')
	if len(v) > MaxEmail || at < 1 || at == len(v)-1 || bytes.ContainsAny(v, " \"<>") {
		return "must be an e-mail address"
	}
	return ""
}

func oneOf(words ...string) rule {
	why := "must be " + words[0]
	for _, w := range words[1:] {
		why += " or " + w
	}
	return func(v []byte) string {
		for _, w := range words {
			if string(v) == w {
				return ""
			}
		}
		return why
	}
}

// The register stores every value in one form: no white space, the members of
// a compound value in the order of shapeRules. The next two read that form.

// member returns a text member of a stored object; "" if there is none.
func member(v []byte, name string) string {
	for i := 0; i < len(v); {
		// At a member's name, after '{' or ','.
		i++
		end := textEnd(v, i)
		if end < 0 {
			return ""
		}
		hit := string(v[i+1:end]) == name
		i = end + 2 // past the colon
		stop := textEnd(v, i)
		if stop < 0 {
			return ""
		}
		if hit {
			return unquote(v[i : stop+1])
		}
		i = stop + 1
	}
	return ""
}

// elements yields the objects of a stored list.
func elements(v []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for i := 1; i < len(v); {
			start := i
			for i < len(v) && v[i] != '}' {
				if v[i] == '"' {
					if i = textEnd(v, i); i < 0 {
						return
					}
				}
				i++
			}
			if i >= len(v) || !yield(v[start:i+1]) {
				return
			}
			i += 2 // past '}' and ',' or ']'
		}
	}
}

// textEnd returns where the JSON string that begins at v[i] ends; -1 if there
// is none.
func textEnd(v []byte, i int) int {
	if i >= len(v) || v[i] != '"' {
		return -1
	}
	for i++; i < len(v); i++ {
		switch v[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return -1
}
