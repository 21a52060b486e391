// Package catalogue holds what changes without the program changing:
// checklists of assessments, texts to be signed, procedures and the fields they
// justify, rules of change, who permits whom, grounds, and the terms of the law.
//
// All of it is files (data/, embedded, and an operator's folder beside it),
// each a version of a document with the day it holds from and a hash. Nothing
// is guessed when a file is read, and every error names file and line. Old
// versions stay readable, replaced ones too, so that what was assessed or
// signed under one can be shown for as long as it is kept. A fact that no
// source was read for is marked so ([Mark]); none is built in.
//
// A document of the operator with the id and version of a shipped one replaces
// it. Otherwise it adds: the version of a checklist or a template that is in
// force is the one with the latest day; a table (procedures, changes,
// authority, grounds, tracks, clocks, acts) is read entry by entry, the
// operator's before the shipped, so that a file may hold a single term.
//
// See TestEveryShippedFile, TestOperatorsFolder and TestAValueForgesNothing.
package catalogue

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"github.com/go-json-experiment/json/jsontext"

	"dancu/internal/access"
)

// Kind is what a document is; it is the first member of its file.
type Kind string

// The kinds.
const (
	KindActs       Kind = "acts"       // the laws that other documents name
	KindChecklist  Kind = "checklist"  // what an assessment asks
	KindTemplate   Kind = "template"   // a text with fields, to be filled in and signed
	KindProcedures Kind = "procedures" // administrative procedures and the fields they justify
	KindChanges    Kind = "changes"    // what follows from a change of a system
	KindAuthority  Kind = "authority"  // who permits whom
	KindGrounds    Kind = "grounds"    // of termination, suspension and refusal
	KindTracks     Kind = "tracks"     // ways to an assessment, and exemptions from one
	KindClocks     Kind = "clocks"     // terms
)

// Mark says how well a fact is known.
type Mark string

// The marks.
const (
	Verified   Mark = "verified"   // read in a text of the law or an official publication
	Secondary  Mark = "secondary"  // read in a secondary source only
	Unverified Mark = "unverified" // no source was read: a setting, to be confirmed by the operator
	Proposal   Mark = "proposal"   // dancu's own: no law says it
)

var marks = []string{string(Verified), string(Secondary), string(Unverified), string(Proposal)}

// Text returns the mark in words.
func (m Mark) Text() access.Text {
	switch m {
	case Verified:
		return access.Text{VI: "đã đối chiếu văn bản", EN: "verified against the text"}
	case Secondary:
		return access.Text{VI: "theo nguồn thứ cấp", EN: "from a secondary source"}
	case Proposal:
		return access.Text{VI: "đề xuất của dancu", EN: "dancu's proposal"}
	case Unverified:
	}
	return access.Text{VI: "chưa đối chiếu, cần xác nhận", EN: "not verified, to be confirmed"}
}

// Header is what every document has.
type Header struct {
	Kind    Kind        `json:"kind"`
	ID      string      `json:"id"`      // of the document, the same in all of its versions
	Version string      `json:"version"` // unique within the id; letters, digits, dot and hyphen
	From    access.Date `json:"from"`    // the first day it holds on
	Name    access.Text `json:"name"`
	Source  access.Text `json:"source"` // where it is from, and what of it is not verified
	Law     []Law       `json:"law,omitempty"`
	Mark    Mark        `json:"mark"`

	// Hash is the hex SHA-256 of the document's canonical JSON (RFC 8785)
	// without this member: of what it says, not of how the file is laid out.
	Hash string `json:"hash,omitempty"`
	// File is where it was read, for messages; Operator is true for the
	// operator's folder.
	File     string `json:"-"`
	Operator bool   `json:"-"`
}

// Ref names one version of a document and fixes its content.
type Ref struct {
	Kind    Kind   `json:"kind"`
	ID      string `json:"id"`
	Version string `json:"version"`
	Hash    string `json:"hash"`
}

// Ref returns the reference to keep with what was done under the document.
func (h *Header) Ref() Ref { return Ref{h.Kind, h.ID, h.Version, h.Hash} }

func (h *Header) head() *Header { return h }

// document is any kind of document.
type document interface{ head() *Header }

// canonical returns the canonical JSON of a document without its hash.
func canonical(d document) []byte {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(mustJSON(d), &members); err != nil {
		panic(err) // we have just written it
	}
	delete(members, "hash")
	v := jsontext.Value(mustJSON(members))
	if err := v.Canonicalize(); err != nil {
		panic(err) // we have just written it
	}
	return v
}

// mustJSON marshals our own types, which cannot fail: their texts are valid
// UTF-8.
func mustJSON(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return data
}

func hashOf(d document) string {
	sum := sha256.Sum256(canonical(d))
	return hex.EncodeToString(sum[:])
}

// Catalogue is all documents. It is never changed; a new one is loaded in its
// place.
type Catalogue struct {
	Checklists Series[*Checklist]
	Templates  Series[*Template]

	acts       Series[*acts]
	procedures Series[*procedures]
	changes    Series[*changes]
	authority  Series[*authority]
	grounds    Series[*grounds]
	tracks     Series[*tracks]
	clocks     Series[*clocks]
}

// Headers returns the header of every document in force at some time, by kind
// and id, for a page that lists them.
func (c *Catalogue) Headers() (out []Header) {
	for _, d := range c.documents() {
		out = append(out, *d.head())
	}
	return out
}

func (c *Catalogue) documents() (out []document) {
	out = appendAll(out, c.acts)
	out = appendAll(out, c.Checklists)
	out = appendAll(out, c.Templates)
	out = appendAll(out, c.procedures)
	out = appendAll(out, c.changes)
	out = appendAll(out, c.authority)
	out = appendAll(out, c.grounds)
	out = appendAll(out, c.tracks)
	return appendAll(out, c.clocks)
}

func appendAll[T document](out []document, s Series[T]) []document {
	for _, d := range s.docs {
		out = append(out, d)
	}
	return out
}
