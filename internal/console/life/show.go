package life

import (
	"encoding/json"
	"strings"
	"time"

	"dancu/internal/access"
	"dancu/internal/console/i18n"
	"dancu/internal/console/ui"
	"dancu/internal/onboarding"
)

// answer is a field with what was answered, for reading.
type answer struct {
	Label string
	Lines []string // what was answered, one a line; none where nothing was
	Files []ui.Attached
	// Missing says that it must be there and is not.
	Missing bool
}

// read are the answers to a form, for reading.
func (k *asker) read(f onboarding.Form, a *answers) (out []answer) {
	for i := range f {
		x := &f[i]
		one := answer{Label: k.lang.Text(x.Label)}
		if x.Type == onboarding.TypeFiles {
			var c control
			k.attach(&c, x, a)
			one.Files = c.files
		} else {
			one.Lines = k.shown(x, a.values[x.Name])
		}
		one.Missing = x.Required && len(one.Lines) == 0 && len(one.Files) == 0
		out = append(out, one)
	}
	return out
}

// shown is what was typed into a field, as people read it.
func (k *asker) shown(f *onboarding.Field, typed []string) (out []string) {
	l := k.lang
	label := func(value string) string {
		for _, c := range k.choices(f) {
			if c.Value == value {
				return l.Text(c.Label)
			}
		}
		return value
	}
	for _, s := range typed {
		if s == "" {
			continue
		}
		switch f.Type {
		case onboarding.TypeChoice, onboarding.TypeMany:
			out = append(out, label(s))
		case onboarding.TypeBool:
			if s == "false" {
				out = append(out, l.T(i18n.No))
			} else {
				out = append(out, l.T(i18n.Yes))
			}
		case onboarding.TypeDate:
			if t, err := time.ParseInLocation(time.DateOnly, s, access.Zone); err == nil {
				s = l.Date(t)
			}
			out = append(out, s)
		case onboarding.TypeMoment:
			if t, err := time.ParseInLocation(momentForm, s, access.Zone); err == nil {
				s = l.Time(t)
			}
			out = append(out, s)
		default:
			out = append(out, strings.Split(s, "\n")...)
		}
	}
	return out
}

// shownText is the same in one line; a dash for nothing.
func shownText(k *asker, f *onboarding.Field, typed []string) string {
	if s := strings.Join(k.shown(f, typed), "; "); s != "" {
		return s
	}
	return "–"
}

// given is what an act was given, for reading.
func (k *asker) given(s *onboarding.Sight, info *onboarding.KindInfo, d *onboarding.Done) (out []answer) {
	var forms []onboarding.Form
	switch d.Act {
	case "open":
		forms = append(forms, info.Open)
	case "save":
		for i := range s.Sections {
			forms = append(forms, s.Sections[i].Form)
		}
	default:
		for _, r := range onboarding.Lifecycle() {
			if r.Kind == info.Kind && r.Name == d.Act {
				forms = append(forms, r.Form)
			}
		}
	}
	members := map[string]json.RawMessage{}
	if len(d.Input) == 0 || json.Unmarshal(d.Input, &members) != nil {
		return nil
	}
	// Whichever form has all that was given is the one that was asked.
	best := onboarding.Form(nil)
	most := 0
	for _, f := range forms {
		n := 0
		for name := range members {
			if f.Field(name) != nil {
				n++
			}
		}
		if n > most {
			best, most = f, n
		}
	}
	a := saved(k.lang, best, d.Input)
	for _, x := range k.read(best, a) {
		if len(x.Lines) > 0 || len(x.Files) > 0 {
			x.Missing = false
			out = append(out, x)
		}
	}
	return out
}
