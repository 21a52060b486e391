package onboarding

import "slices"

// What an agency sees of the matters that concern it: not an inspection before
// it is announced, and not what the register's people are still writing.

// seesMatter reports whether the person may know of the matter.
func (p *Person) seesMatter(m *Matter) bool {
	if !p.sees(m.Agency) {
		return false
	}
	k := kindOf(m.Kind)
	return p.Duty != Agency || k == nil || !slices.Contains(k.Hidden, m.State)
}

// veiled reports whether the matter's sections are kept from the person.
func (p *Person) veiled(m *Matter) bool {
	k := kindOf(m.Kind)
	return p.Duty == Agency && k != nil && slices.Contains(k.Veiled, m.State)
}

// sight leaves of a list what the person may see. A page may become shorter by
// it; its cursor stays right.
func (p *Person) sight(list []*Matter) []*Matter {
	list = slices.DeleteFunc(list, func(m *Matter) bool { return !p.seesMatter(m) })
	for _, m := range list {
		if p.veiled(m) {
			m.veil()
		}
	}
	return list
}

// veil takes the sections out of a matter that was read to be shown.
func (m *Matter) veil() {
	for _, s := range kindOf(m.Kind).Sections {
		m.put(s.Name, nil)
	}
}
