package life

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/a-h/templ"

	"dancu/internal/access"
	"dancu/internal/console/agency"
	"dancu/internal/console/i18n"
	"dancu/internal/console/ui"
	"dancu/internal/onboarding"
)

// law is a provision as people write it: its articles are Điều in Vietnamese.
func law(l i18n.Lang, s string) string {
	if l == i18n.EN {
		return s
	}
	return strings.ReplaceAll(s, "Art. ", "Điều ")
}

// stateTone is the colour of a state. A state that the table does not give a
// meaning of its own is plain.
func stateTone(info onboarding.StateInfo) ui.Tone {
	switch access.State(info.Name) {
	case access.Active:
		return ui.OK
	case access.Suspended:
		return ui.Bad
	case access.Ended:
		return ui.Plain
	}
	switch info.Name {
	case onboarding.Accepted, onboarding.Registered:
		return ui.OK
	case onboarding.Refused:
		return ui.Bad
	case onboarding.Submitted, onboarding.Returned, onboarding.Approved:
		return ui.Warn
	}
	return ui.Plain
}

// badge is a matter's state.
func badge(l i18n.Lang, m *onboarding.Matter) (word string, tone ui.Tone) {
	k := infoOf(m.Kind)
	if k == nil {
		return string(m.State), ui.Plain
	}
	info := k.State(m.State)
	return upper(l.Text(info.Label)), stateTone(info)
}

// upper begins a label with a capital letter, as a cell or badge does.
func upper(s string) string {
	for i, r := range s {
		if i == 0 {
			return strings.ToUpper(string(r)) + s[len(string(r)):]
		}
	}
	return s
}

// title is how a matter is called: by its title, else by its kind.
func title(l i18n.Lang, m *onboarding.Matter) string {
	if m.Title != "" {
		return m.Title
	}
	if k := infoOf(m.Kind); k != nil {
		return l.Text(k.Title)
	}
	return m.ID
}

// clock says when something is due and how that stands at now.
func clock(l i18n.Lang, t *onboarding.Task, now time.Time) (due, note string, tone ui.Tone) {
	if t.Due.IsZero() {
		return l.T(i18n.LifeNoClock), "", ui.Plain
	}
	due = l.Time(t.Due)
	days := int64(access.Day.Start(t.Due).Sub(access.Day.Start(now)) / (24 * time.Hour))
	switch {
	case !t.Done.IsZero() && t.Overdue(now):
		return due, l.T(i18n.LifeDoneLate), ui.Warn
	case !t.Done.IsZero():
		return due, l.T(i18n.LifeDone), ui.OK
	case t.Overdue(now) && days >= -1:
		return due, l.T(i18n.LifeOverdue), ui.Bad
	case t.Overdue(now):
		return due, l.T(i18n.LifeOverdueBy, l.Int(-days)), ui.Bad
	case days == 0:
		return due, l.T(i18n.LifeDueToday), ui.Warn
	case days == 1:
		return due, l.T(i18n.LifeDueTomorrow), ui.Warn
	case days <= 3:
		return due, l.T(i18n.LifeDueIn, l.Int(days)), ui.Warn
	}
	return due, l.T(i18n.LifeDueIn, l.Int(days)), ui.Plain
}

// duty is the name of an office.
func duty(l i18n.Lang, d onboarding.Duty) string { return l.Text(d.Label()) }

// dutyList names several.
func dutyList(l i18n.Lang, list []onboarding.Duty) string {
	var names []string
	for _, d := range list {
		names = append(names, duty(l, d))
	}
	return strings.Join(names, ", ")
}

// agencyName is the name of an agency, or its id.
func agencyName(l i18n.Lang, dir *access.Directory, id string) string {
	if a := dir.Agency(id); a != nil {
		return cmp.Or(l.Text(a.Name), id)
	}
	return id
}

// path is the address of a matter's page.
func path(id string) string { return "/life/" + id }

// searchMark marks the field to which the key / leads.
var searchMark = templ.Attributes{"data-search": true}

// joined is a list in one line.
func joined[T any](list []T) string {
	words := make([]string, len(list))
	for i, x := range list {
		words[i] = fmt.Sprint(x)
	}
	return strings.Join(words, ", ")
}

// serviceName is the name of a service.
func serviceName(l i18n.Lang, s access.Service) string { return agency.ServiceName(l, s) }

// dash stands where there is nothing.
func dash(s string) string { return cmp.Or(s, "–") }
