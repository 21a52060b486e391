package officer

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"dancu/internal/access"
	"dancu/internal/console/i18n"
	"dancu/internal/console/ui"
)

// readable puts the value of a field into words, as people write them in Việt
// Nam. A value of a shape that is not known is shown as it is.
func readable(l i18n.Lang, f access.Field, raw json.RawMessage) string {
	var v any
	if err := json.Unmarshal(raw, &v); err != nil || v == nil {
		return l.T(i18n.ValueNone)
	}
	switch access.Fields[f].Shape {
	case access.ShapeDate:
		return day(l, v)
	case access.ShapeSex:
		switch v {
		case "male":
			return l.T(i18n.LookupSexMale)
		case "female":
			return l.T(i18n.LookupSexFemale)
		}
		return l.T(i18n.LookupSexUnknown)
	case access.ShapePeople:
		list, _ := v.([]any)
		out := make([]string, 0, len(list))
		for _, x := range list {
			m, _ := x.(map[string]any)
			number := text(m["pin"])
			if number == "" {
				number = text(m["cmnd"])
			}
			if number != "" {
				number = ui.Mask(number)
			}
			out = append(out, join(": ", text(m["relation"]), join(" · ", text(m["fullName"]), number, text(m["nationality"]))))
		}
		return strings.Join(out, "\n")
	}
	m, ok := v.(map[string]any)
	if !ok {
		return text(v)
	}
	switch access.Fields[f].Shape {
	case access.ShapeAddress:
		unit := text(m["unit"])
		if unit != "" {
			unit = l.T(i18n.ValueUnit) + " " + unit
		}
		return join(", ", text(m["detail"]), unit, text(m["country"]))
	case access.ShapeCode:
		return join(" · ", text(m["name"]), text(m["code"]))
	case access.ShapeCard:
		return join(", ", text(m["number"]), worded(l, i18n.ValueIssued, m["issued"]), text(m["place"]), worded(l, i18n.ValueExpires, m["expires"]))
	case access.ShapeAbsence:
		return join(", ", join(" – ", day(l, m["from"]), day(l, m["until"])), text(m["destination"]))
	case access.ShapePassing:
		what := l.T(i18n.ValueDead)
		if m["status"] == "missing" {
			what = l.T(i18n.ValueMissing)
		}
		return join(", ", what, day(l, m["date"]))
	case access.ShapeContact:
		return join(" · ", text(m["mobile"]), text(m["email"]))
	}
	var out []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, k+": "+text(m[k]))
	}
	return strings.Join(out, "\n")
}

func text(v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case string:
		if !printable(x) {
			return fmt.Sprintf("%q", x)
		}
		return x
	case float64, bool:
		return fmt.Sprint(x)
	}
	b, _ := json.Marshal(v)
	return string(b)
}

// day writes a date as it is written here; a year alone stays one.
func day(l i18n.Lang, v any) string {
	s := text(v)
	if t, err := time.ParseInLocation(time.DateOnly, s, access.Zone); err == nil {
		return l.Date(t)
	}
	return s
}

func worded(l i18n.Lang, m i18n.Msg, v any) string {
	if d := day(l, v); d != "" {
		return l.T(m, d)
	}
	return ""
}

// join puts the texts that are there together.
func join(sep string, texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(s string) bool { return s == "" }), sep)
}
