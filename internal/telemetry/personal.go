package telemetry

import (
	"encoding"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
)

// personal are the names, folded, under which values of people travel: the
// fields of the Law on Identification by their names in the machine API, and
// the members of requests that hold them. TestNoFieldMayBeLogged keeps the list
// complete.
var personal = func() map[string]bool {
	m := map[string]bool{}
	for _, n := range strings.Fields(`
		fullName otherName pin dateOfBirth sex placeOfBirth birthRegistrationPlace nativePlace ethnicity religion
		nationality bloodGroup cmnd identityCard relatives permanentResidence temporaryResidence currentResidence
		temporaryAbsence residenceFileNumber maritalStatus relationToHead household deathOrMissing contact other

		name birthday birthdate phone email person people members subject subjects citizen record
		keys claims values args params query body password secret token salt`) {
		m[folded(n)] = true
	}
	return m
}()

// folded takes case, underscores and hyphens out of a name.
func folded(name string) string {
	return strings.Map(func(r rune) rune {
		if r == '_' || r == '-' {
			return -1
		}
		return r
	}, strings.ToLower(name))
}

// Personal reports whether an attribute of that name, in whatever spelling, is
// one that no log may have, because it would hold something of a person.
func Personal(name string) bool { return personal[folded(name)] }

// withheld stands where a value would have stood: the record itself is kept,
// so that the mistake shows.
const withheld = "(withheld)"

// safe is the last net around one attribute.
func safe(groups []string, a slog.Attr) slog.Attr {
	if Personal(a.Key) {
		return slog.String(a.Key, withheld)
	}
	for _, g := range groups {
		if Personal(g) {
			return slog.String(a.Key, withheld)
		}
	}
	if len(groups) == 0 && exempt[a.Key] {
		return a
	}
	v := a.Value.Resolve()
	switch v.Kind() {
	case slog.KindString:
		return slog.String(a.Key, Hide(v.String()))
	case slog.KindAny:
		return slog.String(a.Key, safeText(v.Any()))
	default:
		return a
	}
}

// safeText is the text of a value that says itself what its text is, or is made
// of plain values. Of others, a record or a request for one, only the type.
func safeText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case error:
		return Hide(v.Error())
	case fmt.Stringer, encoding.TextMarshaler, []byte:
		return Hide(fmt.Sprint(v))
	}
	t := reflect.TypeOf(v)
	for t.Kind() == reflect.Slice || t.Kind() == reflect.Array {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.Struct, reflect.Map, reflect.Pointer, reflect.Interface:
		return fmt.Sprintf("(withheld: %T)", v)
	}
	return Hide(fmt.Sprint(v))
}
