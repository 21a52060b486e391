package access

import (
	"net/netip"
	"time"
)

// Text is a text in both languages of the product.
type Text struct {
	VI string `json:"vi"`
	EN string `json:"en,omitzero"`
}

// Group is one of the four user groups of Decree 137/2015 Art. 8 as amended by
// Decree 37/2021, restated in Decree 70/2024 Art. 8.
type Group uint8

// The groups.
const (
	GroupState     Group = 1 // state agencies, political and socio-political organisations
	GroupServices  Group = 2 // banks, telecoms, e-ID, notaries, bailiffs, public-service bodies
	GroupCitizens  Group = 3 // a person, own data
	GroupAllOthers Group = 4
)

// NeedsConsent reports whether the group may read a person's data only with
// that person's consent (Decree 70/2024 Art. 10: bodies outside Art. 8(1)).
func (g Group) NeedsConsent() bool { return g != GroupState }

// Agency is an organisation that connects.
type Agency struct {
	ID    string `json:"id"`
	Code  string `json:"code"` // agency code (Decision 20/2020/QĐ-TTg)
	Name  Text   `json:"name"`
	Group Group  `json:"group"`
	// Body is the sort of body it is, by the catalogue of authority: who may
	// permit it follows from it (Decree 70/2024/NĐ-CP Art. 9). It is empty for
	// agencies of which nobody has said it.
	Body string `json:"body,omitempty"`
	// Codes are further agency codes of bodies the agency acts for: a dossier
	// must be one of theirs or its own.
	Codes []string `json:"codes,omitempty"`
}

// Thumbprint is the SHA-256 of a certificate's DER form.
type Thumbprint [32]byte

// Credential is a client certificate registered for a system.
type Credential struct {
	Thumbprint Thumbprint `json:"-"`
	SHA256     string     `json:"sha256"` // Thumbprint in hex
	NotBefore  time.Time  `json:"notBefore"`
	NotAfter   time.Time  `json:"notAfter"`
	// Represents binds a certificate of an intermediary to one represented
	// system, so that the call need not name it; "" leaves it open.
	Represents string `json:"represents,omitempty"`
	// Key is the SHA-256 of the certificate's SubjectPublicKeyInfo, DER, in hex:
	// it stays the same when a certificate is renewed for the same key. It is
	// empty for certificates registered before keys were kept.
	Key string `json:"key,omitempty"`
}

// System is an agency's information system.
type System struct {
	ID        string         `json:"id"`
	Agency    string         `json:"agency"` // id of the owner
	Name      Text           `json:"name"`
	Level     int            `json:"level"`               // security level; at least 3 (Circular 46/2022 Art. 6.1)
	Addresses []netip.Prefix `json:"addresses,omitempty"` // where its calls may come from; empty means anywhere
	Builds    []string       `json:"builds,omitempty"`    // client builds that were assessed; empty: a declared build is recorded, not checked
	// Keys are the certificate keys that were declared and assessed, each as
	// in [Credential].Key; calls under a certificate with another key are
	// refused. Empty: keys are recorded, not checked.
	Keys []string `json:"keys,omitempty"`
	// Intermediary marks a platform (LGSP, NDXP) that carries calls of others.
	Intermediary bool         `json:"intermediary,omitempty"`
	Credentials  []Credential `json:"credentials,omitempty"`
}

// State is where a connection is in its life.
type State string

// The states.
const (
	Active    State = "active"
	Suspended State = "suspended" // by the register's operator (Decree 47/2020 Art. 43), or at the agency's own wish
	Ended     State = "ended"
	Draft     State = "draft" // not yet allowed to call
)

// Suspender is who suspended a connection. Only the register resumes it.
type Suspender string

// Who suspends. In documents older than this member it was the register.
const (
	ByRegister Suspender = "register" // for a violation or a danger (Decree 47/2020 Art. 43)
	ByAgency   Suspender = "agency"   // the agency itself, which may at any time
)

// Window is the calendar window of a limit, in [Zone].
type Window string

// The windows.
const (
	Hour  Window = "hour"
	Day   Window = "day"
	Month Window = "month"
)

// Start returns the start of the window that t lies in. An unknown window is a
// day.
func (w Window) Start(t time.Time) time.Time {
	t = t.In(Zone)
	y, m, d := t.Date()
	switch w {
	case Hour:
		return time.Date(y, m, d, t.Hour(), 0, 0, 0, Zone)
	case Month:
		return time.Date(y, m, 1, 0, 0, 0, 0, Zone)
	default:
		return time.Date(y, m, d, 0, 0, 0, 0, Zone)
	}
}

// End returns the start of the window after the one that t lies in.
func (w Window) End(t time.Time) time.Time {
	s := w.Start(t)
	switch w {
	case Hour:
		return s.Add(time.Hour)
	case Month:
		return s.AddDate(0, 1, 0)
	default:
		return s.AddDate(0, 0, 1)
	}
}

// Scope is whose calls a volume limit adds up.
type Scope string

// The scopes.
const (
	PerConnection Scope = "connection"
	PerOfficer    Scope = "officer"
	PerService    Scope = "service"
)

// Limit is a volume limit. The provincial letters name a number (10,000) and
// neither period nor scope, so all of it is a setting.
type Limit struct {
	Calls  int64  `json:"calls"`           // counted calls per window; 0 means none may pass
	People int64  `json:"people,omitzero"` // people disclosed per window; 0 means not limited
	Window Window `json:"window"`
	Scope  Scope  `json:"scope"`
	WarnAt int    `json:"warnAt"` // per cent of Calls or People at which a warning is given
}

// DefaultLimit is 10,000 counted calls per connection and calendar day with a
// warning at 80 %.
var DefaultLimit = Limit{Calls: 10_000, Window: Day, Scope: PerConnection, WarnAt: 80}

// Rate bounds how fast one connection may call.
type Rate struct {
	PerSecond float64 `json:"perSecond"`
	Burst     int     `json:"burst"`
}

// Lock is a lock on a connection. The zero Lock is none.
type Lock struct {
	By     LockKind  `json:"by,omitempty"`
	Since  time.Time `json:"since,omitzero"`
	Reason string    `json:"reason,omitempty"`
	// Epoch counts unlockings; counters are kept per epoch, so that unlocking
	// starts a new count.
	Epoch int64 `json:"epoch"`
}

// LockKind says what locked a connection.
type LockKind string

// The kinds of lock.
const (
	Unlocked      LockKind = ""
	LockedVolume  LockKind = "volume"
	LockedPattern LockKind = "pattern"
)

// Connection is a system's standing towards the register. A system behind an
// intermediary has a connection of its own, with Via naming the intermediary:
// it is granted, counted and locked on its own.
type Connection struct {
	ID     string `json:"id"`
	System string `json:"system"`
	Via    string `json:"via,omitempty"` // id of the intermediary system; "" for a direct connection
	State  State  `json:"state"`
	// SuspendedBy is who suspended the connection; empty means the register.
	SuspendedBy Suspender `json:"suspendedBy,omitempty"`
	// Why the connection is suspended, and what would restore it (Decree
	// 47/2020 Art. 43.5).
	Violation string `json:"violation,omitempty"`
	Remedy    string `json:"remedy,omitempty"`
	// The assessment certificate's term: look-ups are refused outside it
	// (Circular 46/2022 Art. 6).
	AssessedFrom  time.Time `json:"assessedFrom"`
	AssessedUntil time.Time `json:"assessedUntil"`
	// CommittedUntil is the end of the signed security undertaking, exclusive;
	// look-ups are refused from then on. Zero: it has no end of its own.
	CommittedUntil time.Time `json:"committedUntil,omitzero"`
	Limit          Limit     `json:"limit"`
	Rate           Rate      `json:"rate"`
	// Mismatches is how many failed verifications of one person a day are
	// borne before more are refused.
	Mismatches int     `json:"mismatches"`
	Grants     []Grant `json:"grants"`
	// Seals keep accesses for some procedures from the people concerned, for a
	// time.
	Seals []Seal `json:"seals,omitempty"`
	Lock  Lock   `json:"-"` // kept apart from the rest: the gate writes it
}

// WhoSuspended returns who suspended the connection, "" if it is not
// suspended. Where the document does not say, or says what we do not know, it
// was the register: that is the one whose notice counts.
func (c *Connection) WhoSuspended() Suspender {
	switch {
	case c.State != Suspended:
		return ""
	case c.SuspendedBy == ByAgency:
		return ByAgency
	default:
		return ByRegister
	}
}

// Grant is what a connection may do: a dated permission.
type Grant struct {
	ID         string    `json:"id"`
	Hash       string    `json:"hash"` // hex SHA-256 of the grant's canonical JSON, in every entry made under it
	Service    Service   `json:"service"`
	Procedures []string  `json:"procedures"`
	Fields     FieldSet  `json:"fields"`
	Claims     FieldSet  `json:"claims,omitzero"` // Verify: the claims a call must make
	Keys       []KeySet  `json:"keys"`            // the combinations of search keys that will do
	From       time.Time `json:"from"`
	Until      time.Time `json:"until"`
	LegalBasis Text      `json:"legalBasis"`
	// PeoplePerCase is how many people one case may disclose; 0 means not
	// limited.
	PeoplePerCase int `json:"peoplePerCase"`
	// Quota is the grant's own number of calls per window; 0 means none of its
	// own. Reaching it refuses and does not lock.
	Quota       int64  `json:"quota,omitzero"`
	QuotaWindow Window `json:"quotaWindow,omitempty"`
	// Provinces limits the people shown to those residing there (3-digit
	// codes); empty means the whole country.
	Provinces []string `json:"provinces,omitempty"`
	// Protected shows people under protection, too.
	Protected bool `json:"protected,omitempty"`
	// SearchCap is how many people a search may list; more is refused.
	SearchCap int `json:"searchCap,omitzero"`
	// Onward are the permissions to supply what was obtained to third parties
	// (Decree 47/2020 Art. 38: part of the agreement). They bind the agency;
	// no call is decided by them.
	Onward []Onward `json:"onward,omitempty"`
}

// Onward permits an agency to supply to one third party what it obtained under
// a grant.
type Onward struct {
	Name  Text      `json:"name"`  // of the third party
	Basis Text      `json:"basis"` // the provision or agreement that permits it
	Until time.Time `json:"until"` // the permission's end, exclusive
}

// Consent is a person's agreement that an agency reads fields of theirs for a
// purpose during a term.
type Consent struct {
	ID        string
	Agency    string
	Person    string // the PIN it is about
	Procedure string
	Case      string // "" covers every case of the procedure
	Fields    FieldSet
	From      time.Time
	Until     time.Time
	Verified  bool // confirmed through the citizen; otherwise claimed by the agency
	Withdrawn time.Time
}

// Standing is everything the decision may know of the caller. Nil members are
// unknown, and what is unknown is refused.
type Standing struct {
	System     *System     // whose certificate it is
	Credential *Credential // the certificate
	Carrier    *Connection // the intermediary's own connection; nil for a direct call
	Connection *Connection // the connection called on: the represented system's behind an intermediary
	Agency     *Agency     // owner of the connection's system
	Owner      *System     // the connection's system
	Consent    *Consent    // the consent the request names, if there is one
	// Person is the PIN the call is about, "" while it is not known; a consent
	// must be this person's. A call that names a PIN is about that PIN whether
	// or not anybody has it: else the difference between consent.missing and an
	// empty answer would tell who exists.
	Person string
	// OfficerGrants are the ids of the grants that the officer has been given
	// by the agency. They bind officers known to dancu itself
	// ([Officer].Verified); what a connection no longer has is not had through
	// this list either.
	OfficerGrants []string
	// Maintenance are the announced windows without service, in the order of
	// their ends.
	Maintenance []Maintenance
}

// OfficerStanding is what may be known of an officer who is signed in to dancu
// itself.
type OfficerStanding struct {
	ID     string // the officer's identifier, as it stands in entries
	Agency string // id of the agency the officer works for
	// Grants are the ids of the grants given to the officer, by connection.
	Grants map[string][]string
}
