package access

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// Decision is the answer of [Decide].
type Decision struct {
	// Code is the first of the reasons in the published order ([Precedence]),
	// and Allowed when there is none.
	Code Code
	// Reasons are all reasons for a refusal, in the published order, one for
	// each code.
	Reasons []Reason
	// Grant is the grant that allows the call: the one of lowest id where
	// several do. It is nil when the call is refused.
	Grant *Grant
}

// Allowed reports whether the call may go on. The zero Decision does not.
func (d Decision) Allowed() bool { return d.Code == Allowed && d.Grant != nil }

// Reason is one reason for a refusal.
type Reason struct {
	Code Code
	// Names says what was not granted, or what is missing: fields, keys,
	// members of the request, codes, ids. It never holds a search key's value.
	Names []string
}

// reasons collects reasons; names of one code are put together.
type reasons []Reason

func (w *reasons) add(code Code, names ...string) {
	for i := range *w {
		if (*w)[i].Code == code {
			(*w)[i].Names = append((*w)[i].Names, names...)
			return
		}
	}
	*w = append(*w, Reason{code, names})
}

// Decide says whether the call may be answered. It is pure and total: no I/O,
// no clock, no error, and the same answer whatever the order of the grants.
// What is not known or not granted is refused; a nil standing or request is an
// empty one. An allowed call costs no allocation.
//
// The grant must pass one stage after the other: service, procedure, term,
// officer, search keys, territory, fields. A stage that none of the grants
// left can pass is a reason, and the later stages are judged as if it had been
// passed, so that every reason is found.
func Decide(s *Standing, r *Request, now time.Time) Decision {
	if s == nil {
		s = &Standing{}
	}
	if r == nil {
		r = &Request{}
	}
	var why reasons
	judgeCaller(&why, s, r, now)
	if s.Connection != nil {
		judgeConnection(&why, s.Connection, now)
		if s.Carrier != nil && s.Carrier != s.Connection {
			judgeConnection(&why, s.Carrier, now)
		}
	}
	judgeMaintenance(&why, s.Maintenance, r, now)
	judgeOfficer(&why, r)
	procedure := judgePurpose(&why, s.Agency, r, now)
	judgeConsent(&why, s, r, now)
	var grant *Grant
	if s.Connection != nil {
		q := ask{r: r, now: now, procedure: procedure, officerGrants: s.OfficerGrants}
		if grant = q.choose(s.Connection.Grants); grant == nil {
			q.explain(&why, s.Connection.Grants)
		}
	}
	if len(why) == 0 {
		// grant is not nil: judgeCaller refuses a missing connection.
		return Decision{Grant: grant}
	}
	slices.SortFunc(why, func(a, b Reason) int { return cmp.Compare(a.Code.rank(), b.Code.rank()) })
	return Decision{Code: why[0].Code, Reasons: why}
}

// judgeCaller: who calls, and may they call on that connection. In a call
// through dancu's own console the agency's system takes no part: the officer's
// verified session stands in the certificate's place.
func judgeCaller(w *reasons, s *Standing, r *Request, now time.Time) {
	known := s.Connection != nil && s.Owner != nil && s.Agency != nil &&
		s.Connection.System == s.Owner.ID && s.Owner.Agency == s.Agency.ID
	if r.Channel == ChannelPortal {
		if !r.Officer.Verified {
			w.add(UnknownCredential)
		}
		if !known {
			w.add(ConnectionNotActive)
		}
		return
	}
	if s.System == nil || s.Credential == nil ||
		now.Before(s.Credential.NotBefore) || now.After(s.Credential.NotAfter) {
		w.add(UnknownCredential)
	}
	if s.System == nil {
		if !known {
			w.add(ConnectionNotActive)
		}
		return
	}
	represented, bound := r.Represented, ""
	if s.Credential != nil {
		bound = s.Credential.Represents
	}
	represented = cmp.Or(represented, bound)
	c := s.Connection
	switch {
	case represented != "":
		if !s.System.Intermediary || !known || c.Via != s.System.ID || c.System != represented ||
			bound != "" && bound != represented || !carries(s) {
			w.add(IntermediaryForbidden, "represented")
		}
	case !known || c.Via != "" || c.System != s.System.ID:
		if s.System.Intermediary {
			w.add(IntermediaryForbidden)
		} else {
			w.add(ConnectionNotActive)
		}
	case s.System.Intermediary && len(c.Grants) == 0:
		w.add(IntermediaryForbidden)
	}
	judgeClient(w, s, r)
}

// carries reports whether the intermediary itself is connected.
func carries(s *Standing) bool {
	return s.Carrier != nil && s.Carrier.System == s.System.ID && s.Carrier.Via == ""
}

// judgeClient: the caller's address, the client's build and the certificate's
// key. The build is that of the system that asks, address and key are those of
// the system that calls.
func judgeClient(w *reasons, s *Standing, r *Request) {
	if s.Owner != nil && len(s.Owner.Builds) > 0 && !slices.Contains(s.Owner.Builds, r.Build) {
		w.add(ChangeUndeclared, NameBuild)
	}
	if s.Credential != nil && len(s.System.Keys) > 0 && !slices.Contains(s.System.Keys, s.Credential.Key) {
		w.add(ChangeUndeclared, NameKey)
	}
	if len(s.System.Addresses) == 0 {
		return
	}
	// A prefix holds neither addresses with a zone nor mapped IPv4 ones.
	a := r.Address.Unmap().WithZone("")
	for _, p := range s.System.Addresses {
		if p.Contains(a) {
			return
		}
	}
	w.add(AddressForbidden)
}

// judgeConnection: state, lock, undertaking and assessment. The names are the connections'
// ids, because the intermediary's binds as well.
func judgeConnection(w *reasons, c *Connection, now time.Time) {
	switch c.State {
	case Active:
	case Suspended:
		w.add(ConnectionSuspended, c.ID, suspender(c))
	default: // draft, ended, and what we do not know
		w.add(ConnectionNotActive, c.ID)
	}
	if !c.CommittedUntil.IsZero() && !now.Before(c.CommittedUntil) {
		w.add(ConnectionNotActive, c.ID, NameCommitment)
	}
	switch c.Lock.By {
	case Unlocked:
	case LockedVolume:
		w.add(ConnectionVolume, c.ID)
	case LockedPattern:
		w.add(ConnectionPattern, c.ID)
	default:
		// A lock of a kind we do not know holds until a person lifts it, as
		// one for a pattern does.
		w.add(ConnectionPattern, c.ID)
	}
	if !within(now, c.AssessedFrom, c.AssessedUntil) {
		w.add(AssessmentLapsed, c.ID)
	}
}

// suspender is the name that tells who suspended the connection.
func suspender(c *Connection) string {
	if c.WhoSuspended() == ByAgency {
		return NameByAgency
	}
	return NameByRegister
}

// within reports whether t lies in [from, until).
func within(t, from, until time.Time) bool { return !t.Before(from) && t.Before(until) }

// judgeOfficer: somebody must be named. The address is that of the officer's
// computer, so a zone, which means nothing elsewhere, is not part of it.
func judgeOfficer(w *reasons, r *Request) {
	o := &r.Officer
	if o.ID == "" {
		w.add(OfficerMissing, "officer.id")
	}
	if !ipAddress(o.Address) {
		w.add(OfficerMissing, "officer.address")
	}
	if o.Session == "" {
		w.add(OfficerMissing, "officer.session")
	}
}

func ipAddress(s string) bool {
	const longest = len("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255")
	if len(s) > longest || strings.Contains(s, "%") {
		return false
	}
	_, err := netip.ParseAddr(s)
	return err == nil
}

// judgePurpose: procedure and case must be there, well formed, and the case
// one of the agency's and not from the future. It reports whether there is a
// procedure that grants can be asked for.
func judgePurpose(w *reasons, a *Agency, r *Request, now time.Time) (procedure bool) {
	if r.Procedure == "" {
		w.add(PurposeMissing, "purpose.procedure")
	} else if _, err := ParseProcedure(r.Procedure); err != nil {
		w.add(PurposeMalformed, "purpose.procedure")
	} else {
		procedure = true
	}
	if r.Case == "" {
		w.add(PurposeMissing, "purpose.case")
		return procedure
	}
	c, err := ParseCase(r.Case)
	if err != nil || c.Date.After(DateOf(now)) {
		w.add(PurposeMalformed, "purpose.case")
		return procedure
	}
	if a != nil && c.AgencyCode != a.Code && !slices.Contains(a.Codes, c.AgencyCode) {
		w.add(PurposeNotGranted, c.AgencyCode)
	}
	return procedure
}

// judgeConsent: where the agency's group needs it, the consent the request
// names must be the agency's, of this person, for this purpose, in force, and
// cover what is asked.
func judgeConsent(w *reasons, s *Standing, r *Request, now time.Time) {
	if s.Agency == nil || !s.Agency.Group.NeedsConsent() {
		return
	}
	c := s.Consent
	if c == nil || c.ID != r.Consent || c.Agency != s.Agency.ID {
		// One answer to all three: ids of others' consents cannot be probed.
		w.add(ConsentMissing, "consent")
		return
	}
	if s.Person != "" && c.Person != s.Person {
		w.add(ConsentMissing, "person")
	}
	if c.Procedure != r.Procedure {
		w.add(ConsentMissing, "purpose.procedure")
	}
	if c.Case != "" && c.Case != r.Case {
		w.add(ConsentMissing, "purpose.case")
	}
	if !within(now, c.From, c.Until) || !c.Withdrawn.IsZero() && !now.Before(c.Withdrawn) {
		w.add(ConsentMissing, "term")
	}
	if lacks := r.Fields &^ c.Fields; lacks != 0 {
		w.add(ConsentMissing, lacks.Names()...)
	}
}

// stage is one thing a grant must fit.
type stage uint8

// The stages, in their order. The fields come last: the grants left for that
// stage do not depend on the fields asked, so asking more can only add a
// reason.
const (
	stageService stage = iota
	stageProcedure
	stageTerm
	stageOfficer
	stageKeys
	stageTerritory
	stageFields
)

const numStages = int(stageFields) + 1

var stageCodes = [numStages]Code{
	GrantNone, PurposeNotGranted, GrantExpired, OfficerForbidden, GrantKey, TerritoryForbidden, GrantField,
}

// ask is a request as the grants see it.
type ask struct {
	r             *Request
	now           time.Time
	procedure     bool // whether the request names a procedure
	officerGrants []string
}

// choose returns the grant of lowest id that passes every stage, or nil.
func (q *ask) choose(grants []Grant) *Grant {
	var best *Grant
	for i := range grants {
		if g := &grants[i]; q.passesAll(g) && (best == nil || g.ID < best.ID) {
			best = g
		}
	}
	return best
}

func (q *ask) passesAll(g *Grant) bool {
	for st := range stage(numStages) {
		if !q.passes(g, st) {
			return false
		}
	}
	return true
}

// passes reports whether g fits the request at one stage.
func (q *ask) passes(g *Grant, st stage) bool {
	r := q.r
	switch st {
	case stageService:
		return r.Service != NoService && g.Service == r.Service
	case stageProcedure:
		// A missing or malformed procedure is a reason already.
		return !q.procedure || slices.Contains(g.Procedures, r.Procedure)
	case stageTerm:
		return within(q.now, g.From, g.Until)
	case stageOfficer:
		return !r.Officer.Verified || slices.Contains(q.officerGrants, g.ID)
	case stageKeys:
		missing, forbidden := keysAgainst(g, r)
		return missing == 0 && forbidden == 0 && claimsMissing(g, r) == 0
	case stageTerritory:
		return r.Province == "" || len(g.Provinces) == 0 || slices.Contains(g.Provinces, r.Province)
	case stageFields:
		return fieldsForbidden(g, r) == 0
	default:
		return false
	}
}

// explain adds the reasons why no grant allows the request.
func (q *ask) explain(w *reasons, grants []Grant) {
	left := make([]*Grant, 0, len(grants))
	for i := range grants {
		left = append(left, &grants[i])
	}
	// Names must not depend on the order of the grants.
	slices.SortFunc(left, func(a, b *Grant) int { return cmp.Compare(a.ID, b.ID) })
	for st := range stage(numStages) {
		var pass []*Grant
		for _, g := range left {
			if q.passes(g, st) {
				pass = append(pass, g)
			}
		}
		if len(pass) > 0 {
			left = pass
			continue
		}
		w.add(stageCodes[st], q.names(left, st)...)
		if st == stageService {
			return // nothing is left to be judged
		}
	}
}

// names says what of the request the grants do not grant at a stage; where
// they differ, what the nearest of them does not.
func (q *ask) names(grants []*Grant, st stage) []string {
	switch st {
	case stageService:
		if q.r.Service == NoService || q.r.Service >= numServices {
			return nil
		}
		return []string{q.r.Service.String()}
	case stageProcedure:
		return []string{q.r.Procedure}
	case stageTerm, stageOfficer:
		ids := make([]string, len(grants))
		for i, g := range grants {
			ids[i] = g.ID
		}
		return ids
	case stageKeys:
		return nearest(grants, func(g *Grant) []string {
			missing, forbidden := keysAgainst(g, q.r)
			names := (missing | forbidden).Names()
			for f := range claimsMissing(g, q.r).All() {
				if !slices.Contains(names, f.String()) {
					names = append(names, f.String())
				}
			}
			return names
		})
	case stageTerritory:
		return []string{"province"}
	case stageFields:
		return nearest(grants, func(g *Grant) []string { return fieldsForbidden(g, q.r).Names() })
	default:
		return nil
	}
}

// nearest returns the shortest of the grants' lists, the first of equals.
func nearest(grants []*Grant, list func(*Grant) []string) []string {
	var best []string
	for i, g := range grants {
		if l := list(g); i == 0 || len(l) < len(best) {
			best = l
		}
	}
	return best
}

// keysAgainst returns which keys the request lacks for the nearest of the
// grant's combinations, and which it gives that the grant does not know. Name
// and date of birth may always be given: they only narrow. A combination
// without keys is none.
func keysAgainst(g *Grant, r *Request) (missing, forbidden KeySet) {
	combinations := g.Keys
	if r.Service == Verify {
		combinations = verifyKeys
	}
	missing = AllKeys
	var known KeySet
	for _, k := range combinations {
		if k == 0 {
			continue
		}
		known |= k
		if m := k &^ r.Keys; m.Len() < missing.Len() || m.Len() == missing.Len() && m < missing {
			missing = m
		}
	}
	return missing, r.Keys &^ (known | narrowing)
}

var (
	narrowing  = Keys(KeyFullName, KeyDateOfBirth)
	verifyKeys = []KeySet{Keys(KeyPIN)}
)

// claimsMissing returns the claims a verification must make and does not.
func claimsMissing(g *Grant, r *Request) FieldSet {
	if r.Service != Verify {
		return 0
	}
	return g.RequiredClaims() &^ r.Fields
}

// fieldsForbidden returns the asked fields, or claims, that g does not grant.
func fieldsForbidden(g *Grant, r *Request) FieldSet {
	granted := g.Fields
	if r.Service == Verify {
		granted |= g.RequiredClaims()
	}
	return r.Fields &^ granted
}

// RequiredClaims returns the claims that every verification under g must make:
// a grant that names none needs [DefaultClaims], for a number alone is not a
// verification but a question who exists.
func (g *Grant) RequiredClaims() FieldSet {
	if g.Claims == 0 {
		return DefaultClaims
	}
	return g.Claims
}

// DefaultClaims are the claims of a verification whose grant names none: full
// name and date of birth, which with the number are what a body sends under
// Decree 70/2024 Art. 8(1).
var DefaultClaims = FieldsOf(FullName, DateOfBirth)

// DefaultKeys returns the combinations of search keys that a grant of the
// service accepts when it names none: a number together with name and date of
// birth (Decree 70/2024 Art. 8(1)); for a search, name and date of birth with
// or without sex and province; for a verification the number, to which the
// claims are compared. It returns nil for an unknown service.
func DefaultKeys(s Service) []KeySet {
	switch s {
	case Lookup, Household:
		return []KeySet{Keys(KeyPIN) | narrowing, Keys(KeyCMND) | narrowing}
	case Search:
		return []KeySet{
			narrowing,
			narrowing | Keys(KeySex),
			narrowing | Keys(KeyProvince),
			narrowing | Keys(KeySex, KeyProvince),
		}
	case Verify:
		return slices.Clone(verifyKeys)
	default:
		return nil
	}
}

// ConsentCovers reports whether, as far as consent goes, this person may be
// shown to the caller: always where the agency's group needs none, else only
// the person whose consent it is. Services that find more than one person ask
// it of each.
func ConsentCovers(s *Standing, person string) bool {
	if s == nil || s.Agency == nil {
		return false
	}
	if !s.Agency.Group.NeedsConsent() {
		return true
	}
	return s.Consent != nil && s.Consent.Person == person && person != ""
}
