package onboarding

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"dancu/internal/access"
	"dancu/internal/db"
)

// Kind is a kind of matter.
type Kind string

// The kinds. Agencies, systems and connections are matters, too: their life is
// long, and their id is that of the standing behind the kind and a dot
// ([MatterOf]).
const (
	KindAgency      Kind = "agency"
	KindSystem      Kind = "system"
	KindConnection  Kind = "connection"
	KindApplication Kind = "application" // a request for connection and grants (Decree 47/2020/NĐ-CP Art. 35)
	KindCommitment  Kind = "commitment"  // undertaking or agreement (Decree 47/2020/NĐ-CP Art. 37-39)
	KindAssessment  Kind = "assessment"  // of information security (Circular 46/2022/TT-BCA Art. 6)
	KindChange      Kind = "change"      // a change report
	KindInspection  Kind = "inspection"  // Circular 46/2022/TT-BCA Art. 6.4
	KindMaintenance Kind = "maintenance" // Decree 47/2020/NĐ-CP Art. 43.3
	KindIncident    Kind = "incident"    // something the log showed, or somebody reported
	KindUseReport   Kind = "usereport"   // Decree 47/2020/NĐ-CP Art. 51
	KindBreach      Kind = "breach"      // of personal data: 72 hours
)

// State is where a matter is in its life.
type State string

// Matter is something that people deal with about a connection.
type Matter struct {
	ID   string `json:"id"`
	Kind Kind   `json:"kind"`
	// What it concerns: ids of the standing, "" where there is none (yet).
	Agency     string `json:"agency,omitempty"`
	System     string `json:"system,omitempty"`
	Connection string `json:"connection,omitempty"`
	// Parent is the matter it follows from: the change that asks for this
	// assessment.
	Parent string `json:"parent,omitempty"`
	State  State  `json:"state"`
	// Title is for lists; it names no person.
	Title string `json:"title,omitempty"`
	// Doc is a JSON object: the sections of the kind's form, and what the acts
	// keep.
	Doc json.RawMessage `json:"doc"`
	// Version counts changes: who saves says which version they saw.
	Version int64     `json:"version"`
	Opened  time.Time `json:"opened"`
	Changed time.Time `json:"changed"`
	Closed  time.Time `json:"closed,omitzero"`
}

// MatterOf returns the id of the matter that an agency, a system or a
// connection is.
func MatterOf(kind Kind, id string) string { return string(kind) + "." + id }

// standingOf takes such an id apart; ok is false for other matters.
func standingOf(matter string) (kind Kind, id string, ok bool) {
	k, id, _ := strings.Cut(matter, ".")
	switch kind = Kind(k); kind {
	case KindAgency, KindSystem, KindConnection:
		return kind, id, id != ""
	}
	return "", "", false
}

// sections returns the parts of the document as they are.
func (m *Matter) sections() map[string]json.RawMessage {
	out := map[string]json.RawMessage{}
	if len(m.Doc) > 0 {
		if err := json.Unmarshal(m.Doc, &out); err != nil {
			panic(fmt.Sprintf("the document of matter %s is no object: %v", m.ID, err)) // we have written it
		}
	}
	return out
}

// read decodes one part of the document into v and reports whether it is
// there.
func (m *Matter) read(name string, v any) (bool, error) {
	raw, ok := m.sections()[name]
	if !ok {
		return false, nil
	}
	if err := json.Unmarshal(raw, v); err != nil {
		return false, fmt.Errorf("couldn't read %s of matter %s: %w", name, m.ID, err)
	}
	return true, nil
}

// put replaces one part of the document; nil takes it out.
func (m *Matter) put(name string, v any) {
	parts := m.sections()
	if v == nil {
		delete(parts, name)
	} else {
		parts[name] = mustJSON(v)
	}
	m.Doc = document(parts)
}

// Section is a part of a matter's form, saved on its own.
type Section struct {
	Name  string
	Title access.Text
	Help  access.Text
	Law   string
	Form  Form
}

// values returns what is saved of a section, checked as it is read: rules may
// have changed since.
func (m *Matter) values(s *Section, at Around, complete bool) (Values, []FieldProblem) {
	v, problems := s.Form.Read(m.sections()[s.Name], at, complete)
	for i := range problems {
		problems[i].Section = s.Name
	}
	return v, problems
}

// StateInfo is a state of a kind, for people.
type StateInfo struct {
	Name  State
	Label access.Text
	// Final: nothing follows.
	Final bool
}

// KindInfo is what there is to know of a kind of matter.
type KindInfo struct {
	Kind  Kind
	Title access.Text // of one
	Many  access.Text // of a list
	Law   string
	// First is the state of a new one, By who may open one; nobody where the
	// act of another matter does.
	First State
	By    []Duty
	// About says what a new one must name: KindAgency, KindSystem,
	// KindConnection, or "" if it concerns nobody in particular.
	About Kind
	// Sections are saved one by one, in the states Editable by those who may.
	Sections []Section
	// Own adds the sections that a matter has by what it is about: the fields
	// of the text to be signed, the items of the checklist. It may be nil.
	Own      func(o *Onboarding, m *Matter) ([]Section, error)
	Editable []State
	EditBy   []Duty
	States   []StateInfo
	// Open asks what opening needs; Opening checks it and fills the matter.
	Open    Form
	Opening func(w *work) error
	// Event is the kind of the entry of opening one, Opens the tasks that begin
	// with it, and Tell who is told of it.
	Event string
	Opens []TaskKind
	Tell  []Telling
	// MayOpen are the tasks that Opening begins only sometimes, some on other
	// matters; Closes those that opening one ends, on the connection.
	MayOpen, Closes []TaskKind
	// Replaced are the states in which one is superseded when another of the
	// kind takes its place.
	Replaced []State
	// Hidden are the states in which an agency does not see the matter, though
	// it concerns it. Veiled are the states in which the agency does not see
	// what is saved in the sections yet.
	Hidden, Veiled []State
	// Notes points out to the register's people what stands out; it may be nil.
	Notes func(ctx context.Context, q db.Querier, o *Onboarding, dir *access.Directory, m *Matter) ([]access.Text, error)
}

// Section returns the section of this name that every matter of the kind has,
// nil if there is none.
func (k *KindInfo) Section(name string) *Section { return findSection(k.Sections, name) }

func findSection(list []Section, name string) *Section {
	for i := range list {
		if list[i].Name == name {
			return &list[i]
		}
	}
	return nil
}

// sectionsOf returns all sections of a matter.
func (o *Onboarding) sectionsOf(k *KindInfo, m *Matter) ([]Section, error) {
	if k.Own == nil {
		return k.Sections, nil
	}
	own, err := k.Own(o, m)
	return append(k.Sections[:len(k.Sections):len(k.Sections)], own...), err
}

// State returns what there is to know of a state.
func (k *KindInfo) State(s State) StateInfo {
	for _, i := range k.States {
		if i.Name == s {
			return i
		}
	}
	return StateInfo{Name: s, Label: access.Text{VI: string(s), EN: string(s)}}
}
