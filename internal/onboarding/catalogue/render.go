package catalogue

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"dancu/internal/access"
	"dancu/internal/fault"
)

// Values are what a template is filled in with, by field: a string for each
// type, and also []string for lines, and int or int64 for a number. A field
// that is not there is empty. Lines in one string are parted by line breaks; a
// date is YYYY-MM-DD; a number has digits alone.
type Values map[string]any

// maxItem is the longest item of a list, in characters.
const maxItem = 500

// How values stand in a text. Nothing else in it looks like this (parsing a
// template makes sure), and no value can (encode does): so where a value
// begins and ends can always be told, and two different sets of values never
// give the same text. See TestAValueForgesNothing.
const (
	open      = "«"
	shut      = "»"
	quoteMark = ">"
	itemMark  = "- "
	rule      = "---"
)

// Wrong says what is wrong with the value of a field.
type Wrong struct {
	Field string // its name; not one of the template's if the value is too many
	Text  access.Text
}

// Check returns everything that is wrong with the values, in the order of the
// fields.
func (t *Template) Check(v Values) (out []Wrong) {
	for _, f := range t.Fields {
		if _, wrong := f.clean(v[f.Name]); wrong != (access.Text{}) {
			out = append(out, Wrong{f.Name, wrong})
		}
	}
	for name := range v {
		if _, ok := t.Field(name); !ok {
			out = append(out, Wrong{name, access.Text{VI: "văn bản mẫu không có mục này", EN: "the template has no such field"}})
		}
	}
	return out
}

// Render returns the text to be signed: the Vietnamese body with the values in
// their places, and a last line that names template, version and hash. The
// same values always give the same bytes, which are UTF-8, with a line break
// after each line and none but those. Values are cleaned as a form would:
// blanks round them go, and line breaks are one character. Wrong values are
// fault.Invalid and name every field.
func (t *Template) Render(v Values) ([]byte, error) { return t.render(v, false) }

// Translate returns the English text with the same values. It is for reading;
// its bytes are not what is signed.
func (t *Template) Translate(v Values) ([]byte, error) { return t.render(v, true) }

func (t *Template) render(v Values, english bool) ([]byte, error) {
	if wrong := t.Check(v); len(wrong) > 0 {
		texts := make([]string, len(wrong))
		for i, w := range wrong {
			texts[i] = w.Field + ": " + w.Text.EN
		}
		return nil, fault.New(fault.Invalid, "%s cannot be filled in: %s", t.Name.EN, strings.Join(texts, "; "))
	}
	var b strings.Builder
	for _, l := range t.lines[english] {
		b.WriteString(l.texts[0])
		for i, name := range l.fields {
			f, _ := t.Field(name)
			value, _ := f.clean(v[name])
			if l.block {
				f.block(&b, value)
			} else {
				b.WriteString(open + encode(f.shown(value, english)) + shut)
			}
			b.WriteString(l.texts[i+1])
		}
		b.WriteByte('\n')
	}
	if english {
		fmt.Fprintf(&b, "\n%s\nTemplate %s, version %s, SHA-256 %s. Translation for reading; the Vietnamese text is the one signed.\n", rule, t.ID, t.Version, t.Hash)
	} else {
		fmt.Fprintf(&b, "\n%s\nMẫu %s, phiên bản %s, SHA-256 %s.\n", rule, t.ID, t.Version, t.Hash)
	}
	return []byte(b.String()), nil
}

// clean returns a value as it is kept, or what is wrong with it.
func (f TemplateField) clean(value any) (string, access.Text) {
	var v string
	switch x := value.(type) {
	case nil:
	case string:
		v = x
	case []string:
		if f.Type != LinesField {
			return "", access.Text{VI: "mục này chỉ nhận một giá trị", EN: "this takes one value only"}
		}
		v = strings.Join(x, "\n")
	case int:
		v = strconv.Itoa(x)
	case int64:
		v = strconv.FormatInt(x, 10)
	default:
		return "", access.Text{VI: "không phải văn bản; hãy nhập lại", EN: "this is not text; enter it again"}
	}
	if !utf8.ValidString(v) {
		return "", access.Text{VI: "không phải văn bản UTF-8; hãy nhập lại", EN: "this is not UTF-8 text; enter it again"}
	}
	v = strings.TrimSpace(strings.ReplaceAll(strings.ReplaceAll(v, "\r\n", "\n"), "\r", "\n"))
	if v == "" {
		if f.Required {
			return "", access.Text{VI: "mục này bắt buộc; hãy nhập", EN: "this is needed; fill it in"}
		}
		return "", access.Text{}
	}
	manyLines := f.Type == TextField || f.Type == LinesField
	if strings.ContainsFunc(v, func(c rune) bool {
		return unicode.In(c, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) && (c != '\n' || !manyLines)
	}) {
		return "", access.Text{
			VI: "có ký tự điều khiển, ký tự ẩn hoặc xuống dòng không được phép; hãy xoá và nhập lại",
			EN: "this has control characters, invisible characters or line breaks; take them out",
		}
	}
	tooMuch := func(what access.Text) (string, access.Text) {
		return "", access.Text{
			VI: fmt.Sprintf("tối đa %d %s; hãy rút gọn", f.Max, what.VI),
			EN: fmt.Sprintf("at most %d %s; shorten it", f.Max, what.EN),
		}
	}
	switch f.Type {
	case DateField:
		if d, err := time.Parse(time.DateOnly, v); err != nil || d.Year() < 1900 || d.Year() > 2199 {
			return "", access.Text{VI: "không phải ngày; hãy nhập như 2026-01-31", EN: "this is not a day; write it like 2026-01-31"}
		}
	case NumberField:
		n, err := strconv.Atoi(v)
		if err != nil || n < 0 || strconv.Itoa(n) != v {
			return "", access.Text{VI: "không phải số nguyên; chỉ nhập chữ số", EN: "this is not a whole number; enter digits only"}
		}
		if n > f.Max {
			return "", access.Text{VI: fmt.Sprintf("lớn nhất là %d", f.Max), EN: fmt.Sprintf("the greatest is %d", f.Max)}
		}
	case LinesField:
		var items []string
		for item := range strings.SplitSeq(v, "\n") {
			if item = strings.TrimSpace(item); item == "" {
				continue
			}
			if utf8.RuneCountInString(item) > maxItem {
				return "", access.Text{
					VI: fmt.Sprintf("mỗi dòng tối đa %d ký tự; hãy rút gọn", maxItem),
					EN: fmt.Sprintf("each line has at most %d characters; shorten it", maxItem),
				}
			}
			items = append(items, item)
		}
		if len(items) > f.Max {
			return tooMuch(access.Text{VI: "dòng", EN: "lines"})
		}
		v = strings.Join(items, "\n")
	case LineField, TextField:
		lines := strings.Split(v, "\n")
		for i, line := range lines {
			lines[i] = strings.TrimRightFunc(line, unicode.IsSpace)
		}
		v = strings.Join(lines, "\n")
		if utf8.RuneCountInString(v) > f.Max {
			return tooMuch(access.Text{VI: "ký tự", EN: "characters"})
		}
	}
	return v, access.Text{}
}

// shown is how a value is written within a line.
func (f TemplateField) shown(v string, english bool) string {
	if f.Type == DateField && v != "" && !english {
		return v[8:] + "/" + v[5:7] + "/" + v[:4]
	}
	return v
}

// block writes the lines of a text or list; the last is ended by the caller.
func (f TemplateField) block(b *strings.Builder, v string) {
	for i, line := range strings.Split(v, "\n") {
		if i > 0 {
			b.WriteByte('\n')
		}
		switch {
		case f.Type == LinesField:
			b.WriteString(itemMark + open + encode(line) + shut)
		case line == "":
			b.WriteString(quoteMark)
		default:
			b.WriteString(quoteMark + " " + line)
		}
	}
}

var encoder = strings.NewReplacer(`\`, `\\`, open, `\`+open, shut, `\`+shut)

// encode writes a value so that it cannot end before its end.
func encode(v string) string { return encoder.Replace(v) }
