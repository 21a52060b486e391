// Package life is the pages of the life cycle: what people have to do, the
// matters they do it on, and the acts by which a connection is applied for,
// assessed, activated, suspended and ended.
//
// The pages know no kind of matter. What a kind asks, who may do what and what
// follows is read from the tables of package onboarding: a kind is here by being
// there (TestEveryKindHasItsPages). What is refused is said beside the field it
// is about, in the visitor's language, and nothing that was typed is lost
// (TestNothingTypedIsLost).
package life

import (
	"context"
	"io"
	"time"

	"dancu/internal/access"
	"dancu/internal/onboarding"
)

// File is an evidence file as pages show it.
type File struct {
	ID, Name, Type string
	Size           int64 // bytes
	Added          time.Time
	// Scanned is when a scanner found nothing in it; zero: no scanner is set up.
	Scanned time.Time
}

// Files keeps the evidence files.
//
// Put takes a file whole or not at all; owner is whose it is until a matter
// refers to it. Await puts off the end of an owner's uploads while a draft names
// them; those that are not there are passed over. Hold refuses files that are not there, or not the owner's, and
// sees to it that they stay until the act that refers to them is done. Open
// gives out only what is intact. A refusal is an error with a text for people
// (fault.Text), and in both languages where it is a Worded.
type Files interface {
	Put(ctx context.Context, owner, name string, r io.Reader) (File, error)
	Await(ctx context.Context, owner string, until time.Time, ids ...string) error
	Hold(ctx context.Context, owner string, ids ...string) error
	Stat(ctx context.Context, id string) (File, error)
	Open(ctx context.Context, id string) (File, io.Reader, error)
	// MaxSize is the size in bytes up to which files are taken.
	MaxSize() int64
}

// Worded is an error that says itself in both languages.
type Worded interface{ Words() access.Text }

// Standing is the picture of everybody's standing, for names and choices; what
// binds is decided elsewhere.
type Standing interface{ Directory() *access.Directory }

// Pages are the handlers.
type Pages struct {
	office   *onboarding.Onboarding
	standing Standing
	files    Files // nil: no vault is set up
	// around is what the choices of a new matter's form depend on.
	around func(agency string) onboarding.Around
}

// New returns the pages over the office. files may be nil: then no page takes a
// file, and says so.
func New(office *onboarding.Onboarding, s Standing, files Files) *Pages {
	return &Pages{office, s, files, func(agency string) onboarding.Around { return office.Around(s.Directory(), agency) }}
}

// infoOf is what there is to know of a kind, nil if there is none.
func infoOf(k onboarding.Kind) *onboarding.KindInfo {
	for _, i := range onboarding.Kinds() {
		if i.Kind == k {
			return i
		}
	}
	return nil
}

// taskOf is what there is to know of a kind of task.
func taskOf(k onboarding.TaskKind) onboarding.TaskInfo {
	for _, t := range onboarding.TaskKinds() {
		if t.Kind == k {
			return t
		}
	}
	return onboarding.TaskInfo{Kind: k, Label: access.Text{VI: string(k), EN: string(k)}}
}

// rowOf is an act that may be done now, nil if it is not among them.
func rowOf(can []*onboarding.Row, act string) *onboarding.Row {
	for _, r := range can {
		if r.Name == act {
			return r
		}
	}
	return nil
}

// sectionOf is a section of a matter, nil if there is none.
func sectionOf(list []onboarding.Section, name string) *onboarding.Section {
	for i := range list {
		if list[i].Name == name {
			return &list[i]
		}
	}
	return nil
}

// labelOf is the name of an act that was done.
func labelOf(k onboarding.Kind, act string) access.Text {
	for _, r := range onboarding.Lifecycle() {
		if r.Kind == k && r.Name == act {
			return r.Label
		}
	}
	switch act {
	case "open":
		return access.Text{VI: "Lập hồ sơ", EN: "Opened"}
	case "save":
		return access.Text{VI: "Lưu phần hồ sơ", EN: "Section saved"}
	}
	return access.Text{VI: act, EN: act}
}
