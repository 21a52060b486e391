package onboarding

import (
	"encoding/json"
	"fmt"
	"net/mail"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"dancu/internal/access"
	"dancu/internal/fault"
)

// FieldType says what a field holds and how it is asked.
type FieldType string

// The types, with the Go type that [Values] hold for each.
const (
	TypeLine   FieldType = "line"   // string, one line
	TypeText   FieldType = "text"   // string, several lines
	TypeNumber FieldType = "number" // int64
	TypeDate   FieldType = "date"   // string, YYYY-MM-DD
	TypeMoment FieldType = "moment" // string, RFC 3339; a form gives it without zone, as in Vietnam
	TypeBool   FieldType = "bool"   // bool
	TypeChoice FieldType = "choice" // string, one of Choices
	TypeMany   FieldType = "many"   // []string, some of Choices
	TypeLines  FieldType = "lines"  // []string, one a line
	TypeFiles  FieldType = "files"  // []string, ids of evidence files
	TypeEmail  FieldType = "email"  // string
	TypePhone  FieldType = "phone"  // string
	TypeCIDRs  FieldType = "cidrs"  // []string, networks
)

// Field is one thing that a form asks.
type Field struct {
	Name     string // JSON member
	Label    access.Text
	Help     access.Text
	Law      string // where the law asks for it; "" if we do
	Type     FieldType
	Required bool
	// Min and Max bound characters of a text, the value of a number, the
	// members of a list. 0 stands for the type's own bound.
	Min, Max int
	// Choices are what may be chosen; a function, because some depend on the
	// standing or the catalogues.
	Choices func(Around) []Choice
	// None says what to do where there is nothing to choose from; empty for
	// choices that are always there.
	None access.Text
	// Group names the group in which a page shows a choice, where there are
	// many; nil for none.
	Group func(value string) access.Text
	// Check is a further rule of the field; it gets a value of the field's
	// type.
	Check func(value any) *access.Text
}

// Choice is one value of a choice.
type Choice struct {
	Value string      `json:"value"`
	Label access.Text `json:"label"`
}

// Form is what is asked at once.
type Form []Field

// Values are checked answers, by the names of fields. What was left empty is
// not in it.
type Values map[string]any

// Bounds of what a form takes, where a field has none of its own.
const (
	maxLine   = 300
	maxArea   = 4000
	maxLines  = 200
	maxFiles  = 20
	maxNumber = 1_000_000_000_000
	maxValues = 48 << 10 // bytes of JSON of one form: it stands in an entry
)

// FieldProblem is what is wrong with one answer.
type FieldProblem struct {
	Section string      `json:"section,omitempty"`
	Field   string      `json:"field"`
	Text    access.Text `json:"text"`
}

// Refusal is an error in both languages, for people: what is wrong, and what
// to do.
type Refusal struct {
	Kind   fault.Kind
	Text   access.Text
	Fields []FieldProblem // of a form
}

// Error returns the English text with what is wrong with each field.
func (r *Refusal) Error() string {
	var b strings.Builder
	b.WriteString(r.Text.EN)
	for _, f := range r.Fields {
		b.WriteString("\n  ")
		if f.Section != "" {
			b.WriteString(f.Section + ".")
		}
		b.WriteString(f.Field + ": " + f.Text.EN)
	}
	return b.String()
}

// Unwrap gives the refusal its kind.
func (r *Refusal) Unwrap() error { return &fault.Error{Kind: r.Kind, Text: r.Error()} }

// Words returns the text in both languages.
func (r *Refusal) Words() access.Text { return r.Text }

// refuse returns an error in both languages.
func refuse(kind fault.Kind, vi, en string, args ...any) error {
	return &Refusal{Kind: kind, Text: text(vi, en, args...)}
}

// text formats both languages with the same arguments.
func text(vi, en string, args ...any) access.Text {
	if len(args) == 0 {
		return access.Text{VI: vi, EN: en}
	}
	return access.Text{VI: fmt.Sprintf(vi, args...), EN: fmt.Sprintf(en, args...)}
}

func textp(vi, en string, args ...any) *access.Text {
	t := text(vi, en, args...)
	return &t
}

// wrongForm is the error about a form's fields, nil if nothing is wrong.
func wrongForm(problems []FieldProblem) error {
	if len(problems) == 0 {
		return nil
	}
	return &Refusal{fault.Invalid, text(
		"Có %d mục cần sửa; chưa có gì được ghi nhận.", "%d fields need mending; nothing was recorded.", len(problems)), problems}
}

// Field returns the field of this name, nil if there is none.
func (f Form) Field(name string) *Field {
	if i := slices.IndexFunc(f, func(x Field) bool { return x.Name == name }); i >= 0 {
		return &f[i]
	}
	return nil
}

// Read checks answers given as a JSON object: every member must be a field of
// the form and of its type. With complete, what is required must be there.
// What is empty counts as not given.
func (f Form) Read(raw json.RawMessage, at Around, complete bool) (Values, []FieldProblem) {
	in := map[string]json.RawMessage{}
	if len(raw) > maxValues {
		return nil, []FieldProblem{{Text: text("Biểu mẫu dài quá %d byte: hãy rút gọn hoặc đính kèm tệp.", "the form has more than %d bytes: shorten it, or attach a file", maxValues)}}
	}
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &in); err != nil {
			return nil, []FieldProblem{{Text: text("Dữ liệu không phải là một đối tượng JSON.", "this is not a JSON object")}}
		}
	}
	var problems []FieldProblem
	for name := range in {
		if f.Field(name) == nil {
			problems = append(problems, FieldProblem{Field: name, Text: text("Biểu mẫu không có mục này.", "the form has no such field")})
		}
	}
	out := Values{}
	for i := range f {
		field := &f[i]
		v, why := field.fromJSON(in[field.Name])
		if why == nil && v != nil {
			why = field.check(v, at)
		}
		if why == nil && v == nil && complete && field.Required {
			if why = field.none(at); why == nil {
				why = textp("Mục này là bắt buộc.", "this is required")
			}
		}
		switch {
		case why != nil:
			problems = append(problems, FieldProblem{Field: field.Name, Text: *why})
		case v != nil:
			out[field.Name] = v
		}
	}
	slices.SortFunc(problems, func(a, b FieldProblem) int { return strings.Compare(a.Field, b.Field) })
	return out, problems
}

// FromForm turns what a browser sent into the JSON that Read takes. It does
// not judge: a number that is none stays a text, and Read says so.
func (f Form) FromForm(get func(name string) []string) json.RawMessage {
	out := map[string]any{}
	for i := range f {
		field := &f[i]
		given := get(field.Name)
		switch field.Type {
		case TypeMany, TypeFiles:
			given = slices.DeleteFunc(slices.Clone(given), func(s string) bool { return s == "" })
			if len(given) > 0 {
				out[field.Name] = given
			}
			continue
		case TypeLines, TypeCIDRs:
			if lines := splitLines(strings.Join(given, "\n")); len(lines) > 0 {
				out[field.Name] = lines
			}
			continue
		}
		if len(given) == 0 || strings.TrimSpace(given[0]) == "" {
			continue
		}
		s := given[0]
		switch field.Type {
		case TypeNumber:
			// As Vietnamese and English people write thousands.
			plain := strings.NewReplacer(".", "", ",", "", " ", "", "\u00a0", "").Replace(s)
			if n, err := strconv.ParseInt(plain, 10, 64); err == nil {
				out[field.Name] = n
				continue
			}
			out[field.Name] = s
		case TypeBool:
			out[field.Name] = s == "on" || s == "true" || s == "1"
		default:
			out[field.Name] = s
		}
	}
	raw, err := json.Marshal(out)
	if err != nil {
		panic(err) // strings, numbers and lists of strings
	}
	return raw
}

func splitLines(s string) []string {
	var out []string
	for line := range strings.Lines(s) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// fromJSON decodes a value of the field's type; nil for nothing given.
func (f *Field) fromJSON(raw json.RawMessage) (any, *access.Text) {
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	switch f.Type {
	case TypeNumber:
		var n int64
		if json.Unmarshal(raw, &n) != nil {
			return nil, textp("Hãy nhập một số nguyên.", "give a whole number")
		}
		return n, nil
	case TypeBool:
		var b bool
		if json.Unmarshal(raw, &b) != nil {
			return nil, textp("Hãy chọn có hoặc không.", "give true or false")
		}
		return b, nil
	case TypeMany, TypeLines, TypeFiles, TypeCIDRs:
		var list []string
		if json.Unmarshal(raw, &list) != nil {
			return nil, textp("Hãy nhập một danh sách.", "give a list of texts")
		}
		out := []string{}
		for _, s := range list {
			if s = tidy(s); s != "" {
				out = append(out, s)
			}
		}
		if len(out) == 0 {
			return nil, nil
		}
		return out, nil
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return nil, textp("Hãy nhập một đoạn văn bản.", "give a text")
	}
	if s = tidy(s); s == "" {
		return nil, nil
	}
	return s, nil
}

// tidy trims and composes: what looks the same is the same.
func tidy(s string) string {
	return strings.TrimSpace(norm.NFC.String(strings.ReplaceAll(s, "\r\n", "\n")))
}

var phoneForm = regexp.MustCompile(`^\+?[0-9][0-9 .\-()]{5,24}$`)

// check says what is wrong with a value, nil if nothing is.
func (f *Field) check(v any, at Around) *access.Text {
	var why *access.Text
	switch v := v.(type) {
	case int64:
		low, high := int64(f.Min), int64(f.Max)
		if high == 0 {
			high = maxNumber
		}
		if v < low || v > high {
			return textp("Hãy nhập số từ %d đến %d.", "give a number from %d to %d", low, high)
		}
	case []string:
		why = f.checkList(v, at)
	case string:
		why = f.checkText(v, at)
	}
	if why == nil && f.Check != nil {
		why = f.Check(v)
	}
	return why
}

func (f *Field) checkList(list []string, at Around) *access.Text {
	most := f.Max
	if most == 0 {
		if most = maxLines; f.Type == TypeFiles {
			most = maxFiles
		}
	}
	if len(list) < f.Min || len(list) > most {
		return textp("Cần từ %d đến %d mục, đã nhập %d.", "from %d to %d are needed, %d were given", f.Min, most, len(list))
	}
	var choices []Choice
	if f.Choices != nil {
		choices = f.Choices(at)
	}
	for i, s := range list {
		if slices.Contains(list[:i], s) {
			return textp("“%s” bị lặp lại.", "%q stands there twice", clip(s))
		}
		if why := plainText(s, maxLine, false); why != nil {
			return why
		}
		switch f.Type {
		case TypeMany:
			if !slices.ContainsFunc(choices, func(c Choice) bool { return c.Value == s }) {
				return textp("“%s” không có trong danh sách.", "%q is not among the choices", clip(s))
			}
		case TypeCIDRs:
			if p, err := netip.ParsePrefix(s); err != nil || p != p.Masked() {
				if _, err := netip.ParseAddr(s); err != nil {
					return textp("“%s” không phải là một mạng như 203.0.113.0/24.", "%q is not a network such as 203.0.113.0/24", clip(s))
				}
			}
		}
	}
	return nil
}

func (f *Field) checkText(s string, at Around) *access.Text {
	most, area := f.Max, f.Type == TypeText
	if most == 0 {
		if most = maxLine; area {
			most = maxArea
		}
	}
	if why := plainText(s, most, area); why != nil {
		return why
	}
	if n := utf8.RuneCountInString(s); n < f.Min {
		return textp("Cần ít nhất %d ký tự, đã nhập %d.", "at least %d characters are needed, %d were given", f.Min, n)
	}
	switch f.Type {
	case TypeDate:
		if t, err := time.Parse(time.DateOnly, s); err != nil || t.Year() < 1900 || t.Year() > 2200 {
			return textp("Ngày phải có dạng 2026-01-31.", "give a date such as 2026-01-31")
		}
	case TypeMoment:
		if _, err := readMoment(s); err != nil {
			return textp("Thời điểm phải có dạng 2026-01-31T17:00.", "give a time such as 2026-01-31T17:00")
		}
	case TypeChoice:
		choices := f.Choices(at)
		if !slices.ContainsFunc(choices, func(c Choice) bool { return c.Value == s }) {
			if why := f.none(at); why != nil {
				return why
			}
			return notAmong(s, choices)
		}
	case TypeEmail:
		if a, err := mail.ParseAddress(s); err != nil || a.Address != s || !strings.Contains(s, ".") {
			return textp("Địa chỉ thư điện tử không đúng dạng.", "this is not an e-mail address")
		}
	case TypePhone:
		if !phoneForm.MatchString(s) {
			return textp("Số điện thoại chỉ gồm chữ số, dấu cách và dấu +.", "a telephone number has digits, blanks and a leading +")
		}
	}
	return nil
}

// none says what to do about a choice that has nothing to choose from, nil where
// there is something.
func (f *Field) none(at Around) *access.Text {
	if f.None == (access.Text{}) || len(f.Choices(at)) > 0 {
		return nil
	}
	return &f.None
}

// fewChoices is how many are named to whoever has named none of them.
const fewChoices = 8

func notAmong(s string, choices []Choice) *access.Text {
	if len(choices) == 0 || len(choices) > fewChoices {
		return textp("“%s” không có trong danh sách.", "%q is not among the choices", clip(s))
	}
	values := make([]string, len(choices))
	for i, c := range choices {
		values[i] = c.Value
	}
	return textp("“%[1]s” không có trong danh sách: hãy chọn một trong %[2]s.", "%[1]q is not among the choices: choose one of %[2]s", clip(s), strings.Join(values, ", "))
}

// plainText refuses what must not be in a text.
func plainText(s string, most int, lines bool) *access.Text {
	if !utf8.ValidString(s) {
		return textp("Văn bản không phải là UTF-8.", "this is not UTF-8 text")
	}
	if n := utf8.RuneCountInString(s); n > most {
		return textp("Dài quá %d ký tự (đã nhập %d).", "at most %d characters fit, %d were given", most, n)
	}
	for _, r := range s {
		if r == '\n' && lines || r == '\t' && lines {
			continue
		}
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return textp("Có ký tự điều khiển không được phép.", "there is a control character in it")
		}
	}
	return nil
}

// readMoment reads a time; without a zone it is Vietnam's.
func readMoment(s string) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t, nil
	}
	return time.ParseInLocation("2006-01-02T15:04", s, access.Zone)
}

// Typed reading of values that were checked: what is not there is zero.

func (v Values) text(name string) string   { s, _ := v[name].(string); return s }
func (v Values) number(name string) int64  { n, _ := v[name].(int64); return n }
func (v Values) bool(name string) bool     { b, _ := v[name].(bool); return b }
func (v Values) list(name string) []string { l, _ := v[name].([]string); return l }

// date returns the start of a day in Vietnam; zero if it is not there.
func (v Values) date(name string) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, v.text(name), access.Zone)
	if err != nil {
		return time.Time{}
	}
	return t
}

func (v Values) moment(name string) time.Time {
	t, err := readMoment(v.text(name))
	if err != nil {
		return time.Time{}
	}
	return t
}
