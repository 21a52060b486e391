package ui

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"
)

// Field is one field of a form. What was typed stays in Value when the form is
// shown again, with what is wrong in Error.
type Field struct {
	// Name is the field's name in the form, and its id unless ID is another:
	// for a name that several forms of a page have.
	Name, ID, Label string
	// Hint stands below the label; "" for none.
	Hint string
	// Value is what is in the field; a password is never given back.
	Value string
	// Error says what is wrong with it and what to write instead; "" if nothing
	// is.
	Error string
	// Type is that of the input element; "" means text.
	Type string
	// Complete is the autocomplete token; "" means off: what is typed here is
	// mostly about others, on machines that several people use.
	Complete string
	// Mode is the keyboard a phone shows: "numeric", "text", …; "" for its own.
	Mode string
	// Max is the most characters; 0 for no bound of the field's own.
	Max int
	// Focus puts the cursor here when the page opens.
	Focus bool
	// Required is checked on the server; the mark tells assistive technology.
	Required bool
	// Marked shows that it is required.
	Marked bool
	// Rows is how high an area is; 0 means 3.
	Rows int
	// Wide makes the field as wide as its form.
	Wide bool
	// More are further attributes, such as those of htmx.
	More templ.Attributes
}

func (f Field) id() string {
	if f.ID != "" {
		return f.ID
	}
	return f.Name
}

// kind is the type attribute.
func (f Field) kind() string {
	if f.Type == "" {
		return "text"
	}
	return f.Type
}

// value is what is given back into the page.
func (f Field) value() string {
	if f.Type == "password" {
		return ""
	}
	return f.Value
}

func (f Field) complete() string {
	if f.Complete == "" {
		return "off"
	}
	return f.Complete
}

// described names what describes the field.
func (f Field) described() string {
	d := ""
	if f.Hint != "" {
		d = f.id() + "-hint"
	}
	if f.Error != "" {
		if d != "" {
			d += " "
		}
		d += f.id() + "-error"
	}
	return d
}

func (f Field) rows() string {
	if f.Rows == 0 {
		return "3"
	}
	return strconv.Itoa(f.Rows)
}

func (f Field) max() string { return strconv.Itoa(f.Max) }

// Option is one choice of a select, or one of several boxes.
type Option struct {
	Value, Label string
	// Note stands beside the label; "" for none.
	Note string
	// Group is the group it stands in, where there are many; options of one
	// group follow each other.
	Group string
	// On says whether it is chosen.
	On bool
	// Off says that it cannot be chosen; Note should say why.
	Off bool
}

// Choice is a group of boxes: one of which may be ticked, or any.
type Choice struct {
	// Name is the boxes' name in the form, and the group's id unless ID is
	// another.
	Name, ID, Legend, Hint, Error string
	Options                       []Option
	// Marked shows that it is required.
	Marked bool
	// Columns lays many short options out side by side.
	Columns bool
}

func (c Choice) id() string {
	if c.ID != "" {
		return c.ID
	}
	return c.Name
}

// groups are the options by their groups, in their order.
func (c Choice) groups() (out [][]Option) {
	for i, o := range c.Options {
		if i == 0 || o.Group != c.Options[i-1].Group {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], o)
	}
	return out
}

// Mistake is one line of an error summary: it links to the field, or where Href
// says; without both it is no link.
type Mistake struct{ Field, Text, Href string }

func (m Mistake) href() string {
	if m.Href == "" && m.Field != "" {
		return "#" + m.Field
	}
	return m.Href
}

// Attached is a file that an [Upload] has already.
type Attached struct {
	// ID is the file's id and stands in the form, Name what it is called.
	ID, Name string
	// Note stands beside the name; "" for none. Href leads to the file.
	Note, Href string
	// On says whether it stays.
	On bool
}

// Mistakes lists what is wrong in the fields, in their order.
func Mistakes(fields ...Field) (out []Mistake) {
	for _, f := range fields {
		if f.Error != "" {
			out = append(out, Mistake{Field: f.id(), Text: f.Error})
		}
	}
	return out
}

// PagerOf is the content of a [Pager]: the list goes on by keys, not by page
// numbers, so that it costs the same however long it is.
type PagerOf struct {
	First, Next string // addresses within the site; "" for none
	// Count says how many there are, or are shown.
	Count string
}

// Mask hides all but the last four of a number; what is shorter is hidden
// whole.
func Mask(number string) string {
	const shown = 4
	if len(number) <= 2*shown {
		return "••••"
	}
	return "••••••••" + number[len(number)-shown:]
}

// tail is what of a number is read out when it is masked; "" for nothing.
func tail(number string) string {
	m := Mask(number)
	return strings.TrimLeft(m, "•")
}
