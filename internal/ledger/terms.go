package ledger

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
		"officer": TermOfficer, "address": TermAddress,
	},
}
