package life

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"dancu/internal/access"
	"dancu/internal/console/i18n"
	"dancu/internal/console/ui"
	"dancu/internal/onboarding"
)

// The names of what goes along with a form's own fields. No field's name begins
// so.
const (
	nameReason  = "_reason"
	nameVersion = "_version"
	nameNext    = "_next" // save and go on
	uploadSign  = ".file" // after a field's name: the files that are added to it
)

// The most choices that a page offers as radio buttons, as a list, and without
// groups or columns.
const (
	maxRadios = 6
	maxSelect = 100
	maxPlain  = 12
)

// answers are what stands in the fields of a form, as it was typed or as it is
// saved.
type answers struct {
	values url.Values
	// wrong is what is wrong with a field.
	wrong map[string]string
	// now is what is saved of a field where somebody was faster.
	now map[string]string
	// files are what is known of the files that stand in the fields.
	files map[string]File
}

func newAnswers() *answers {
	return &answers{values: url.Values{}, wrong: map[string]string{}, now: map[string]string{}, files: map[string]File{}}
}

// saved are the answers that a JSON object holds, as people type them.
func saved(l i18n.Lang, f onboarding.Form, raw json.RawMessage) *answers {
	a := newAnswers()
	parts := map[string]json.RawMessage{}
	if len(raw) == 0 || json.Unmarshal(raw, &parts) != nil {
		return a
	}
	for i := range f {
		if typed := typedAs(l, &f[i], parts[f[i].Name]); len(typed) > 0 {
			a.values[f[i].Name] = typed
		}
	}
	return a
}

// typedAs is a saved value as it would be typed.
func typedAs(l i18n.Lang, f *onboarding.Field, raw json.RawMessage) []string {
	var v any
	if len(raw) == 0 || json.Unmarshal(raw, &v) != nil {
		return nil
	}
	switch v := v.(type) {
	case string:
		if f.Type == onboarding.TypeMoment {
			if t, err := time.Parse(time.RFC3339, v); err == nil {
				v = t.In(access.Zone).Format(momentForm)
			}
		}
		if v == "" {
			return nil
		}
		return []string{v}
	case float64:
		return []string{l.Int(int64(v))}
	case bool:
		return []string{strconv.FormatBool(v)}
	case []any:
		var list []string
		for _, x := range v {
			if s, ok := x.(string); ok {
				list = append(list, s)
			}
		}
		if f.Type == onboarding.TypeLines || f.Type == onboarding.TypeCIDRs {
			return []string{strings.Join(list, "\n")}
		}
		return list
	}
	return nil
}

// momentForm is how a browser gives a time, in Vietnam's.
const momentForm = "2006-01-02T15:04"

// first is what stands in a field of one value.
func (a *answers) first(name string) string { return a.values.Get(name) }

// json are the answers as the office reads them.
func (a *answers) json(f onboarding.Form) json.RawMessage {
	return f.FromForm(func(name string) []string { return a.values[name] })
}

// input is what an act or a save is given.
func (a *answers) input(f onboarding.Form) onboarding.Input {
	version, _ := strconv.ParseInt(a.first(nameVersion), 10, 64) // what is none is any
	return onboarding.Input{Reason: a.first(nameReason), Values: a.json(f), Version: version}
}

// controlKind is how a field is asked.
type controlKind uint8

const (
	asInput controlKind = iota
	asArea
	asSelect
	asRadios
	asBoxes
	asTick
	asUpload
)

// control is a field as a page asks it.
type control struct {
	kind    controlKind
	field   ui.Field
	choice  ui.Choice
	options []ui.Option
	on      bool
	upload  string
	keep    string
	files   []ui.Attached
}

// fieldID is the id of a field on its page.
func fieldID(name string) string { return "f-" + name }

// asker makes controls.
type asker struct {
	lang i18n.Lang
	at   onboarding.Around
	// uploads says that files are taken, matter the one in which they stand.
	uploads bool
	matter  string
}

// controls are the fields of a form with these answers.
func (k *asker) controls(f onboarding.Form, a *answers) (out []control) {
	for i := range f {
		out = append(out, k.control(&f[i], a))
	}
	return out
}

func (k *asker) control(f *onboarding.Field, a *answers) control {
	c := control{field: ui.Field{
		Name: f.Name, ID: fieldID(f.Name), Label: k.lang.Text(f.Label), Hint: k.hint(f), Value: a.first(f.Name),
		Error: a.wrong[f.Name], Required: f.Required, Marked: f.Required, Wide: true,
	}}
	if now, ok := a.now[f.Name]; ok {
		c.field.Hint = strings.TrimSpace(c.field.Hint + " " + k.lang.T(i18n.LifeSavedNow, now))
	}
	switch f.Type {
	case onboarding.TypeText:
		c.kind, c.field.Rows = asArea, 5
	case onboarding.TypeLines, onboarding.TypeCIDRs:
		c.kind, c.field.Rows = asArea, 4
		c.field.Value = strings.Join(a.values[f.Name], "\n")
	case onboarding.TypeBool:
		c.kind, c.on = asTick, a.first(f.Name) != "" && a.first(f.Name) != "false"
	case onboarding.TypeChoice:
		k.chooseOne(&c, f, a)
	case onboarding.TypeMany:
		c.kind, c.choice = asBoxes, k.group(&c, f, a)
	case onboarding.TypeFiles:
		k.attach(&c, f, a)
	case onboarding.TypeNumber:
		c.field.Mode, c.field.Wide = "numeric", false
	case onboarding.TypeEmail:
		c.field.Mode = "email"
	case onboarding.TypePhone:
		c.field.Mode, c.field.Wide = "tel", false
	case onboarding.TypeDate:
		c.field.Wide = false
		if _, err := time.Parse(time.DateOnly, c.field.Value); err == nil || c.field.Value == "" {
			c.field.Type = "date" // what is no date stays as it was typed
		}
	case onboarding.TypeMoment:
		c.field.Wide = false
		if _, err := time.Parse(momentForm, c.field.Value); err == nil || c.field.Value == "" {
			c.field.Type = "datetime-local"
		}
	case onboarding.TypeLine:
	}
	return c
}

// choices are what may be chosen in a field.
func (k *asker) choices(f *onboarding.Field) []onboarding.Choice {
	if f.Choices == nil {
		return nil
	}
	return f.Choices(k.at)
}

// chooseOne asks for one of the choices: as radio buttons where there are few
// and one is needed, as a list, or where there are too many by its id.
func (k *asker) chooseOne(c *control, f *onboarding.Field, a *answers) {
	all := k.choices(f)
	switch {
	case len(all) > maxSelect:
		c.field.Hint = strings.TrimSpace(c.field.Hint + " " + k.lang.T(i18n.LifeTypeID))
	case f.Required && len(all) <= maxRadios:
		c.kind, c.choice = asRadios, k.group(c, f, a)
	default:
		c.kind = asSelect
		c.options = append(c.options, ui.Option{Label: k.lang.T(i18n.LifeChoose)})
		for _, x := range all {
			c.options = append(c.options, ui.Option{Value: x.Value, Label: k.lang.Text(x.Label)})
		}
	}
}

// group is a group of boxes. Those of one group of the field stand together.
func (k *asker) group(c *control, f *onboarding.Field, a *answers) ui.Choice {
	all := k.choices(f)
	out := ui.Choice{
		Name: f.Name, ID: c.field.ID, Legend: c.field.Label, Hint: c.field.Hint, Error: c.field.Error, Marked: f.Required,
		Columns: len(all) > maxPlain,
	}
	for _, x := range all {
		o := ui.Option{Value: x.Value, Label: k.lang.Text(x.Label), On: slices.Contains(a.values[f.Name], x.Value)}
		if f.Group != nil && len(all) > maxPlain {
			o.Group = k.lang.Text(f.Group(x.Value))
		}
		out.Options = append(out.Options, o)
	}
	if f.Group != nil && len(all) > maxPlain {
		// The groups in the order in which they first come.
		var order []string
		for _, o := range out.Options {
			if !slices.Contains(order, o.Group) {
				order = append(order, o.Group)
			}
		}
		slices.SortStableFunc(out.Options, func(x, y ui.Option) int { return slices.Index(order, x.Group) - slices.Index(order, y.Group) })
	}
	return out
}

// attach asks for files.
func (k *asker) attach(c *control, f *onboarding.Field, a *answers) {
	c.kind, c.keep = asUpload, k.lang.T(i18n.LifeFilesKept)
	if k.uploads {
		c.upload = f.Name + uploadSign
	} else {
		c.field.Hint = strings.TrimSpace(c.field.Hint + " " + k.lang.T(i18n.LifeNoVault))
	}
	for _, id := range a.values[f.Name] {
		x := ui.Attached{ID: id, Name: id, On: true}
		if file, ok := a.files[id]; ok {
			x.Name, x.Note = file.Name, fileNote(k.lang, file)
			if k.matter != "" {
				x.Href = fileHref(k.matter, id)
			}
		}
		c.files = append(c.files, x)
	}
}

// hint is what stands below a label: the help, the law, and the bounds that
// people cannot guess.
func (k *asker) hint(f *onboarding.Field) string {
	l := k.lang
	var parts []string
	add := func(s string) {
		if s != "" {
			parts = append(parts, s)
		}
	}
	add(l.Text(f.Help))
	if f.None != (access.Text{}) && len(k.choices(f)) == 0 {
		add(l.Text(f.None))
	}
	switch f.Type {
	case onboarding.TypeNumber:
		if f.Max > 0 {
			add(l.T(i18n.LifeFromTo, l.Int(int64(f.Min)), l.Int(int64(f.Max))))
		}
	case onboarding.TypeText, onboarding.TypeLine:
		if f.Min > 0 {
			add(l.T(i18n.LifeAtLeast, l.Int(int64(f.Min))))
		}
	case onboarding.TypeLines, onboarding.TypeCIDRs:
		if f.Help == (access.Text{}) {
			add(l.T(i18n.LifeOneALine))
		}
	default:
	}
	if f.Law != "" {
		add(l.T(i18n.LifeLaw, law(l, f.Law)))
	}
	return strings.Join(parts, " ")
}

// reasonControl asks why.
func (k *asker) reasonControl(a *answers, required bool) control {
	return control{kind: asArea, field: ui.Field{
		Name: nameReason, ID: fieldID(nameReason), Label: k.lang.T(i18n.Reason),
		Hint:  k.lang.T(i18n.ReasonHint) + " " + k.lang.T(i18n.LifeAtLeast, k.lang.Int(onboarding.MinReason)),
		Value: a.first(nameReason), Error: a.wrong[nameReason], Required: required, Marked: required, Rows: 3,
	}}
}

// mistakes are the errors of the controls, in their order, each with its label.
func mistakes(list []control) (out []ui.Mistake) {
	for _, c := range list {
		if c.field.Error != "" {
			out = append(out, ui.Mistake{Field: c.field.ID, Text: c.field.Label + ": " + c.field.Error})
		}
	}
	return out
}

// hasFiles reports whether a form takes files.
func hasFiles(list []control) bool {
	return slices.ContainsFunc(list, func(c control) bool { return c.kind == asUpload && c.upload != "" })
}

// needs reports whether any is required.
func needs(list []control) bool {
	return slices.ContainsFunc(list, func(c control) bool { return c.field.Marked })
}
