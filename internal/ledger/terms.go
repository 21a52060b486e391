package ledger

import (
	"strconv"

	"dancu/internal/fault"
	"dancu/verify"
)

// TermKind is a kind of thing the log can be searched by. The numbers are in
// the stored index: add, never renumber.
type TermKind uint8

// The kinds of search term.
const (
	TermPerson      TermKind = 1  // PIN or old number; indexed as a keyed hash
	TermOfficer     TermKind = 2  // officer id
	TermAgency      TermKind = 3  // agency code
	TermSystem      TermKind = 4  // system id, also the represented one's
	TermConnection  TermKind = 5  // connection id
	TermProcedure   TermKind = 6  // procedure code
	TermCase        TermKind = 7  // case code
	TermAddress     TermKind = 8  // IP address
	TermRequest     TermKind = 9  // request id given by the gate
	TermTransaction TermKind = 10 // the caller's transaction id
)

// Term is one thing an entry can be found by.
type Term struct {
	Kind  TermKind
	Value string
}

// The names of an entry's parts.
const (
	PartAccess  = "access"  // who asked, through what, for what purpose
	PartOfficer = "officer" // on whose behalf
	PartKeys    = "keys"    // the numbers and names asked
	PartSubject = "subject" // one person disclosed or matched
	PartEvent   = "event"   // an act that is no call
	PartOutcome = "outcome" // index, time and result: always the caller's own
)

// partTerms says which members of which parts are search terms. Whoever hands
// ready terms to the log hands exactly what this table gives, in any order.
var partTerms = map[string]map[string]TermKind{
	PartAccess: {
		"agency": TermAgency, "system": TermSystem, "represented": TermSystem,
		"connection": TermConnection, "procedure": TermProcedure, "case": TermCase,
		"request": TermRequest, "transaction": TermTransaction,
	},
	PartOfficer: {"id": TermOfficer, "address": TermAddress},
	PartKeys:    {"pin": TermPerson, "cmnd": TermPerson},
	PartSubject: {"pin": TermPerson},
	PartEvent: {
		"agency": TermAgency, "system": TermSystem, "connection": TermConnection,
		"officer": TermOfficer, "address": TermAddress, "procedure": TermProcedure, "case": TermCase,
		"request": TermRequest, "transaction": TermTransaction,
	},
}

// What every entry can be found by besides its terms.
const (
	termEntryKind TermKind = 100 // the entry's kind
	termCode      TermKind = 101 // the code of a refusal
)

var termNames = map[TermKind]string{
	TermPerson: "person", TermOfficer: "officer", TermAgency: "agency", TermSystem: "system",
	TermConnection: "connection", TermProcedure: "procedure", TermCase: "case", TermAddress: "address",
	TermRequest: "request", TermTransaction: "transaction", termEntryKind: "kind", termCode: "code",
}

// String returns the kind's name, such as "person".
func (k TermKind) String() string {
	if s, ok := termNames[k]; ok {
		return s
	}
	return "term " + strconv.Itoa(int(k))
}

// ParseTermKind is the reverse of String.
func ParseTermKind(name string) (TermKind, error) {
	for k, s := range termNames {
		if s == name && k < termEntryKind {
			return k, nil
		}
	}
	return 0, fault.New(fault.Invalid, "the log cannot be searched by %q: use person, officer, agency, system, connection, procedure, case, address, request or transaction", name)
}

// termsOf returns the search terms in an entry's parts, by the table.
func termsOf(parts []Part) []Term {
	var terms []Term
	for i := range parts {
		table := partTerms[parts[i].Name]
		if table == nil {
			continue
		}
		members, err := verify.Object(parts[i].Data)
		if err != nil {
			continue // what is not canonical JSON has no terms; fsck reports it
		}
		for name, kind := range table {
			if v, err := verify.String(members[name]); err == nil && v != "" {
				terms = append(terms, Term{kind, v})
			}
		}
	}
	return terms
}
