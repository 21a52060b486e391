package catalogue

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"dancu/internal/access"
	"dancu/internal/onboarding/strict"
)

// FieldType is what a field of a template takes.
type FieldType string

// The types of fields.
const (
	LineField   FieldType = "line"   // one line of text; Max characters
	TextField   FieldType = "text"   // paragraphs; Max characters in all
	LinesField  FieldType = "lines"  // one item a line; Max items of at most 500 characters
	DateField   FieldType = "date"   // YYYY-MM-DD
	NumberField FieldType = "number" // a whole number from 0 to Max
)

// TemplateField is one value that a template takes.
type TemplateField struct {
	Name     string      `json:"name"`
	Label    access.Text `json:"label"`
	Type     FieldType   `json:"type"`
	Required bool        `json:"required"`
	Max      int         `json:"max,omitempty"`
}

// Template is a text with fields, to be filled in and signed. The Vietnamese
// text is what is signed; the English one is a translation for reading.
type Template struct {
	Header
	// SignAgainDays is how many days after From whoever signed an older version
	// must have signed this one; 0 if an older one stands until its term.
	SignAgainDays int             `json:"signAgainDays"`
	Fields        []TemplateField `json:"fields"`
	Body          access.Text     `json:"body"`

	lines map[bool][]bodyLine // of the Vietnamese text (false) and the English (true)
}

// SignAgainBy returns the moment from which an older version no longer does,
// and the zero time if an older one stands until its term.
func (t *Template) SignAgainBy() time.Time {
	if t.SignAgainDays == 0 {
		return time.Time{}
	}
	return time.Date(t.From.Year, t.From.Month, t.From.Day+t.SignAgainDays, 0, 0, 0, 0, access.Zone).UTC()
}

// Field returns the field with that name; ok is false if there is none.
func (t *Template) Field(name string) (TemplateField, bool) {
	i := slices.IndexFunc(t.Fields, func(f TemplateField) bool { return f.Name == name })
	if i < 0 {
		return TemplateField{}, false
	}
	return t.Fields[i], true
}

// bodyLine is a line of a body: texts with fields between them, or one field
// that fills the line.
type bodyLine struct {
	texts  []string // one more than fields
	fields []string // names
	block  bool     // one field of type text or lines, which makes lines of its own
}

var (
	fieldName   = regexp.MustCompile(`^[a-z][A-Za-z0-9]{0,40}$`)
	placeholder = regexp.MustCompile(`\{\{([^{}]*)\}\}`)
	// startsBlock are the beginnings of lines that are values, written by
	// Render alone, and what separates the text from what Render adds.
	startsBlock = []string{open, quoteMark, rule}
)

func (p *parser) template(root strict.Place) document {
	d := &Template{lines: map[bool][]bodyLine{}}
	var fieldsAt, vi, en strict.Place
	p.document(root, &d.Header,
		need("signAgainDays", func(at strict.Place) { d.SignAgainDays = p.Integer(at, 0, 3650) }),
		need("fields", func(at strict.Place) {
			fieldsAt = at
			seen := ids{}
			p.List(at, 200, func(at strict.Place) { d.Fields = append(d.Fields, p.field(at, seen)) })
		}),
		need("body", func(at strict.Place) {
			p.Object(at,
				need("vi", func(at strict.Place) { d.Body.VI, _ = p.Text(at, maxBody); vi = at }),
				need("en", func(at strict.Place) { d.Body.EN, _ = p.Text(at, maxBody); en = at }))
		}))
	if !fieldsAt.There() || !vi.There() || !en.There() {
		return d
	}
	d.Body.VI, d.Body.EN = strings.TrimRight(d.Body.VI, "\n"), strings.TrimRight(d.Body.EN, "\n")
	d.lines[false] = p.bodyLines(vi, d, d.Body.VI)
	d.lines[true] = p.bodyLines(en, d, d.Body.EN)
	return d
}

func (p *parser) field(at strict.Place, seen ids) (f TemplateField) {
	most := map[FieldType]int{LineField: 500, TextField: 20_000, LinesField: 500, NumberField: 1_000_000_000}
	var maxAt strict.Place
	p.Object(at,
		need("name", func(at strict.Place) {
			if f.Name, _ = p.Line(at, maxName); f.Name != "" && !fieldName.MatchString(f.Name) {
				p.Bad(at, "%q is not a name of a field: use letters a-z, A-Z and digits, beginning with a small letter", strict.Clip(f.Name))
			}
			p.once(seen, at, f.Name)
		}),
		need("label", func(at strict.Place) { f.Label = p.Bilingual(at, maxName) }),
		need("type", func(at strict.Place) {
			f.Type = FieldType(p.OneOf(at, string(LineField), string(TextField), string(LinesField), string(DateField), string(NumberField)))
		}),
		need("required", func(at strict.Place) { f.Required = p.Boolean(at) }),
		may("max", func(at strict.Place) { f.Max, maxAt = p.Integer(at, 1, 1_000_000_000), at }))
	switch {
	case f.Type == "":
	case f.Type == DateField && maxAt.There():
		p.Bad(maxAt, "a date has no max: leave it out")
	case f.Type != DateField && !maxAt.There():
		p.Bad(at, "max is missing: say how much the field takes")
	case f.Max > most[f.Type] && f.Type != DateField:
		p.Bad(maxAt, "a %s takes at most %d", f.Type, most[f.Type])
	}
	return f
}

// bodyLines reads a body into lines. What is wrong is told with the line in the
// body, counted from where the body begins.
func (p *parser) bodyLines(at strict.Place, d *Template, body string) (out []bodyLine) {
	used := ids{}
	after := false // the line before is a field that makes lines of its own
	for n, line := range strings.Split(body, "\n") {
		bad := func(format string, args ...any) {
			p.Bad(at, "in line %d of the text: %s", n+1, fmt.Sprintf(format, args...))
		}
		if strings.ContainsAny(line, open+shut) {
			bad("« and » mark values when the text is filled in: use other quotation marks")
		}
		if slices.ContainsFunc(startsBlock, func(s string) bool { return strings.HasPrefix(line, s) }) {
			bad("a line beginning with > or --- is written by filling in: begin it otherwise")
		}
		l := bodyLine{}
		rest := 0
		for _, m := range placeholder.FindAllStringSubmatchIndex(line, -1) {
			name := line[m[2]:m[3]]
			f, ok := d.Field(name)
			if !ok {
				bad("no field is called %q: add it to fields, or correct the name", strict.Clip(name))
			}
			used[name] = true
			l.texts, l.fields = append(l.texts, line[rest:m[0]]), append(l.fields, name)
			rest = m[1]
			if f.Type == TextField || f.Type == LinesField {
				l.block = true
			}
		}
		l.texts = append(l.texts, line[rest:])
		if l.block && (len(l.fields) != 1 || strings.Join(l.texts, "") != "") {
			bad("a field of type text or lines fills lines of its own: put it alone on a line")
		}
		if after && line != "" {
			bad("an empty line must follow a field of type text or lines, so that its end can be told")
		}
		after = l.block
		if strings.ContainsAny(strings.Join(l.texts, ""), "{}") {
			bad("a single { or } is left over: write fields like {{name}}")
		}
		out = append(out, l)
	}
	for _, f := range d.Fields {
		if !used[f.Name] {
			p.Bad(at, "the field %q is not in this text: whoever signs would not see it", f.Name)
		}
	}
	return out
}
