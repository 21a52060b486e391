package access

import (
	"maps"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestDecide has one case or more for each rule: with the rule taken out of
// Decide, one of them fails.
func TestDecide(t *testing.T) {
	type edit func(s *Standing, r *Request)
	verify := func(s *Standing, r *Request) {
		s.Connection.Grants = []Grant{verifyGrant()}
		r.Service, r.Keys, r.Fields = Verify, Keys(KeyPIN), DefaultClaims
	}
	tests := []struct {
		name string
		base func() (*Standing, *Request)
		edit edit
		want []Reason
	}{
		{"a granted look-up is allowed", stateCall, nil, nil},
		{"a carried look-up with consent is allowed", bankCall, nil, nil},
		{"a portal look-up of a verified officer is allowed", portalCall, nil, nil},

		// Who calls.
		{
			"an unknown system", stateCall, func(s *Standing, _ *Request) { *s = Standing{} },
			[]Reason{{UnknownCredential, nil}, {ConnectionNotActive, nil}},
		},
		{"an unknown certificate", stateCall, func(s *Standing, _ *Request) { s.Credential = nil }, []Reason{{UnknownCredential, nil}}},
		{"a certificate without a system", stateCall, func(s *Standing, _ *Request) { s.System = nil }, []Reason{{UnknownCredential, nil}}},
		{"a certificate not yet valid", stateCall, func(s *Standing, _ *Request) { s.Credential.NotBefore = noon.Add(1) }, []Reason{{UnknownCredential, nil}}},
		{"a certificate from its first instant", stateCall, func(s *Standing, _ *Request) { s.Credential.NotBefore = noon }, nil},
		{"a certificate at its last instant", stateCall, func(s *Standing, _ *Request) { s.Credential.NotAfter = noon }, nil},
		{"a certificate past its term", stateCall, func(s *Standing, _ *Request) { s.Credential.NotAfter = noon.Add(-1) }, []Reason{{UnknownCredential, nil}}},
		{"a channel that is not known needs a certificate", portalCall, func(_ *Standing, r *Request) { r.Channel = "fax" }, []Reason{{UnknownCredential, nil}}},

		// The portal.
		{"a portal call without a session of ours", portalCall, func(_ *Standing, r *Request) { r.Officer.Verified = false }, []Reason{{UnknownCredential, nil}}},
		{"a portal call without a connection", portalCall, func(s *Standing, _ *Request) { s.Connection = nil }, []Reason{{ConnectionNotActive, nil}}},
		{"the system's addresses do not bind the portal", portalCall, func(s *Standing, _ *Request) {
			s.System.Addresses = []netip.Prefix{netip.MustParsePrefix("198.51.100.0/24")}
		}, nil},
		{"the system's builds do not bind the portal", portalCall, func(s *Standing, _ *Request) { s.Owner.Builds = []string{"1"} }, nil},

		// Intermediary and represented system.
		{"a system that is no intermediary", bankCall, func(s *Standing, _ *Request) { s.System.Intermediary = false }, intermediary("represented")},
		{"no connection through the intermediary", bankCall, func(s *Standing, _ *Request) { s.Connection = nil }, intermediary("represented")},
		{"a connection through another intermediary", bankCall, func(s *Standing, _ *Request) { s.Connection.Via = "other" }, intermediary("represented")},
		{"a connection of another system", bankCall, func(_ *Standing, r *Request) { r.Represented = "other" }, intermediary("represented")},
		{"an intermediary that is not connected itself", bankCall, func(s *Standing, _ *Request) { s.Carrier = nil }, intermediary("represented")},
		{"an intermediary under another's connection", bankCall, func(s *Standing, _ *Request) { s.Carrier.System = "other" }, intermediary("represented")},
		{"an intermediary behind an intermediary", bankCall, func(s *Standing, _ *Request) { s.Carrier.Via = "other" }, intermediary("represented")},
		{"a certificate bound to the represented system", bankCall, func(s *Standing, _ *Request) { s.Credential.Represents = "sys" }, nil},
		{"a bound certificate need not name its system", bankCall, func(s *Standing, r *Request) {
			s.Credential.Represents, r.Represented = "sys", ""
		}, nil},
		{"a certificate bound to another system", bankCall, func(s *Standing, _ *Request) { s.Credential.Represents = "other" }, intermediary("represented")},
		{"an intermediary that represents nobody and has no connection", bankCall, func(s *Standing, r *Request) {
			r.Represented, s.Connection = "", nil
		}, intermediary()},
		{"an intermediary that represents nobody on a represented system's connection", bankCall, func(_ *Standing, r *Request) { r.Represented = "" }, intermediary()},
		{"an intermediary that represents nobody and has no grants", stateCall, func(s *Standing, _ *Request) {
			s.System.Intermediary, s.Connection.Grants = true, nil
		}, []Reason{{IntermediaryForbidden, nil}, {GrantNone, []string{"lookup"}}}},
		{"an intermediary with grants of its own", stateCall, func(s *Standing, _ *Request) { s.System.Intermediary = true }, nil},

		// The connection.
		{"a system without a connection", stateCall, func(s *Standing, _ *Request) { s.Connection = nil }, []Reason{{ConnectionNotActive, nil}}},
		{"a direct call on a carried connection", stateCall, func(s *Standing, _ *Request) { s.Connection.Via = "lgsp" }, []Reason{{ConnectionNotActive, nil}}},
		{"a direct call on another's connection", stateCall, func(s *Standing, _ *Request) {
			s.Connection.System = "other"
			s.Owner = &System{ID: "other", Agency: "agency"}
		}, []Reason{{ConnectionNotActive, nil}}},
		{"a connection whose system is not known", stateCall, func(s *Standing, _ *Request) { s.Owner = nil }, []Reason{{ConnectionNotActive, nil}}},
		{"a connection whose system is another", stateCall, func(s *Standing, _ *Request) { s.Owner = &System{ID: "other", Agency: "agency"} }, []Reason{{ConnectionNotActive, nil}}},
		{"a connection whose agency is not known", stateCall, func(s *Standing, _ *Request) { s.Agency = nil }, []Reason{{ConnectionNotActive, nil}}},
		{"a connection whose agency is another", stateCall, func(s *Standing, _ *Request) { s.Agency.ID = "other" }, []Reason{{ConnectionNotActive, nil}}},
		{"a draft", stateCall, func(s *Standing, _ *Request) { s.Connection.State = Draft }, []Reason{{ConnectionNotActive, []string{"conn"}}}},
		{"an ended connection", stateCall, func(s *Standing, _ *Request) { s.Connection.State = Ended }, []Reason{{ConnectionNotActive, []string{"conn"}}}},
		{"a state that is not known", stateCall, func(s *Standing, _ *Request) { s.Connection.State = "" }, []Reason{{ConnectionNotActive, []string{"conn"}}}},
		{"a suspended connection", stateCall, func(s *Standing, _ *Request) { s.Connection.State = Suspended }, []Reason{{ConnectionSuspended, []string{"conn", "suspendedBy:register"}}}},
		{"a connection suspended at the agency's own wish", stateCall, func(s *Standing, _ *Request) {
			s.Connection.State, s.Connection.SuspendedBy = Suspended, ByAgency
		}, []Reason{{ConnectionSuspended, []string{"conn", "suspendedBy:agency"}}}},
		{"who suspends is nothing while nobody did", stateCall, func(s *Standing, _ *Request) { s.Connection.SuspendedBy = ByAgency }, nil},
		{"a lock for volume", stateCall, func(s *Standing, _ *Request) { s.Connection.Lock.By = LockedVolume }, []Reason{{ConnectionVolume, []string{"conn"}}}},
		{"a lock for a pattern", stateCall, func(s *Standing, _ *Request) { s.Connection.Lock.By = LockedPattern }, []Reason{{ConnectionPattern, []string{"conn"}}}},
		{"a lock of a kind that is not known", stateCall, func(s *Standing, _ *Request) { s.Connection.Lock.By = "new" }, []Reason{{ConnectionPattern, []string{"conn"}}}},
		{"an assessment from its first instant", stateCall, func(s *Standing, _ *Request) { s.Connection.AssessedFrom = noon }, nil},
		{"an assessment before its term", stateCall, func(s *Standing, _ *Request) { s.Connection.AssessedFrom = noon.Add(1) }, []Reason{{AssessmentLapsed, []string{"conn"}}}},
		{"an assessment before its last instant", stateCall, func(s *Standing, _ *Request) { s.Connection.AssessedUntil = noon.Add(1) }, nil},
		{"an assessment after its term", stateCall, func(s *Standing, _ *Request) { s.Connection.AssessedUntil = noon }, []Reason{{AssessmentLapsed, []string{"conn"}}}},
		{"no assessment", stateCall, func(s *Standing, _ *Request) { s.Connection.AssessedUntil = time.Time{} }, []Reason{{AssessmentLapsed, []string{"conn"}}}},
		{"an undertaking before its last instant", stateCall, func(s *Standing, _ *Request) { s.Connection.CommittedUntil = noon.Add(1) }, nil},
		{"an undertaking after its term", stateCall, func(s *Standing, _ *Request) { s.Connection.CommittedUntil = noon }, []Reason{{ConnectionNotActive, []string{"conn", "committedUntil"}}}},
		{"an undertaking without an end", stateCall, func(s *Standing, _ *Request) { s.Connection.CommittedUntil = time.Time{} }, nil},
		{"the carrier's undertaking binds as well", bankCall, func(s *Standing, _ *Request) { s.Carrier.CommittedUntil = noon }, []Reason{{ConnectionNotActive, []string{"carrier", "committedUntil"}}}},
		{"a portal call after the undertaking's term", portalCall, func(s *Standing, _ *Request) { s.Connection.CommittedUntil = noon }, []Reason{{ConnectionNotActive, []string{"conn", "committedUntil"}}}},
		{"a draft whose undertaking has run out", stateCall, func(s *Standing, _ *Request) {
			s.Connection.State, s.Connection.CommittedUntil = Draft, noon
		}, []Reason{{ConnectionNotActive, []string{"conn", "conn", "committedUntil"}}}},
		{"the carrier's state, lock and assessment bind as well", bankCall, func(s *Standing, _ *Request) {
			s.Carrier.State, s.Carrier.Lock.By, s.Carrier.AssessedUntil = Suspended, LockedVolume, noon
		}, []Reason{{ConnectionSuspended, []string{"carrier", "suspendedBy:register"}}, {ConnectionVolume, []string{"carrier"}}, {AssessmentLapsed, []string{"carrier"}}}},
		{"one reason names both connections", bankCall, func(s *Standing, _ *Request) {
			s.Carrier.State, s.Connection.State = Suspended, Suspended
		}, []Reason{{ConnectionSuspended, []string{"conn", "suspendedBy:register", "carrier", "suspendedBy:register"}}}},

		// Build and address.
		{"a declared build", stateCall, func(s *Standing, r *Request) { s.Owner.Builds, r.Build = []string{"1", "2"}, "2" }, nil},
		{"an undeclared build", stateCall, func(s *Standing, r *Request) { s.Owner.Builds, r.Build = []string{"1", "2"}, "3" }, []Reason{{ChangeUndeclared, []string{"build"}}}},
		{"no build where builds are declared", stateCall, func(s *Standing, _ *Request) { s.Owner.Builds = []string{"1"} }, []Reason{{ChangeUndeclared, []string{"build"}}}},
		{"the represented system's builds bind", bankCall, func(s *Standing, _ *Request) { s.Owner.Builds = []string{"1"} }, []Reason{{ChangeUndeclared, []string{"build"}}}},
		{"any build where none is declared", stateCall, func(_ *Standing, r *Request) { r.Build = "3" }, nil},
		{"a declared key", stateCall, func(s *Standing, _ *Request) { s.System.Keys, s.Credential.Key = []string{"a", "b"}, "b" }, nil},
		{"an undeclared key", stateCall, func(s *Standing, _ *Request) { s.System.Keys, s.Credential.Key = []string{"a", "b"}, "c" }, []Reason{{ChangeUndeclared, []string{"key"}}}},
		{"a key that is not known where keys are declared", stateCall, func(s *Standing, _ *Request) { s.System.Keys = []string{"a"} }, []Reason{{ChangeUndeclared, []string{"key"}}}},
		{"any key where none is declared", stateCall, func(s *Standing, _ *Request) { s.Credential.Key = "c" }, nil},
		{"the intermediary's keys bind, whose certificate it is", bankCall, func(s *Standing, _ *Request) {
			s.System.Keys, s.Credential.Key = []string{"a"}, "c"
		}, []Reason{{ChangeUndeclared, []string{"key"}}}},
		{"the represented system's own keys do not", bankCall, func(s *Standing, _ *Request) { s.Owner.Keys = []string{"a"} }, nil},
		{"keys do not bind the portal", portalCall, func(s *Standing, _ *Request) { s.System.Keys = []string{"a"} }, nil},
		{"a registered address", stateCall, func(s *Standing, _ *Request) { s.System.Addresses = prefixes("198.51.100.0/24", "192.0.2.0/24") }, nil},
		{"a registered address in IPv6 form", stateCall, func(s *Standing, r *Request) {
			s.System.Addresses, r.Address = prefixes("192.0.2.0/24"), netip.MustParseAddr("::ffff:192.0.2.7")
		}, nil},
		{"a registered link-local address", stateCall, func(s *Standing, r *Request) {
			s.System.Addresses, r.Address = prefixes("fe80::/10"), netip.MustParseAddr("fe80::1%eth0")
		}, nil},
		{"another address", stateCall, func(s *Standing, _ *Request) { s.System.Addresses = prefixes("198.51.100.0/24") }, []Reason{{AddressForbidden, nil}}},
		{"no address where addresses are registered", stateCall, func(s *Standing, r *Request) {
			s.System.Addresses, r.Address = prefixes("0.0.0.0/0", "::/0"), netip.Addr{}
		}, []Reason{{AddressForbidden, nil}}},
		{"the intermediary's addresses bind", bankCall, func(s *Standing, _ *Request) { s.System.Addresses = prefixes("198.51.100.0/24") }, []Reason{{AddressForbidden, nil}}},
		{"the represented system's addresses do not", bankCall, func(s *Standing, _ *Request) {
			s.Owner = &System{ID: "sys", Agency: "agency", Addresses: prefixes("198.51.100.0/24")}
		}, nil},

		// The officer.
		{
			"no officer", stateCall, func(_ *Standing, r *Request) { r.Officer = Officer{} },
			[]Reason{{OfficerMissing, []string{"officer.id", "officer.address", "officer.session"}}},
		},
		{"an officer's address that is none", stateCall, func(_ *Standing, r *Request) { r.Officer.Address = "counter 4" }, []Reason{{OfficerMissing, []string{"officer.address"}}}},
		{"an officer's address in IPv6", stateCall, func(_ *Standing, r *Request) { r.Officer.Address = "2001:db8::1" }, nil},
		{"an officer's address in its longest form", stateCall, func(_ *Standing, r *Request) { r.Officer.Address = "2001:0db8:0000:0000:0000:0000:255.255.255.255" }, nil},
		{"an officer's address with a zone", stateCall, func(_ *Standing, r *Request) { r.Officer.Address = "fe80::1%eth0" }, []Reason{{OfficerMissing, []string{"officer.address"}}}},
		{"an officer's address of great length", stateCall, func(_ *Standing, r *Request) { r.Officer.Address = strings.Repeat("1", 1<<20) }, []Reason{{OfficerMissing, []string{"officer.address"}}}},
		{"a verified officer without the grant", portalCall, func(s *Standing, _ *Request) { s.OfficerGrants = []string{"g2"} }, []Reason{{OfficerForbidden, []string{"g1"}}}},
		{"a claimed officer needs no grant", stateCall, func(s *Standing, _ *Request) { s.OfficerGrants = []string{"g2"} }, nil},

		// The purpose.
		{
			"no purpose", stateCall, func(_ *Standing, r *Request) { r.Procedure, r.Case = "", "" },
			[]Reason{{PurposeMissing, []string{"purpose.procedure", "purpose.case"}}},
		},
		{"a malformed procedure", stateCall, func(_ *Standing, r *Request) { r.Procedure = "1.0101" }, []Reason{{PurposeMalformed, []string{"purpose.procedure"}}}},
		{"a malformed procedure that is granted", stateCall, func(s *Standing, r *Request) {
			r.Procedure = "x"
			s.Connection.Grants[0].Procedures = []string{"x"}
		}, []Reason{{PurposeMalformed, []string{"purpose.procedure"}}}},
		{"a malformed case", stateCall, func(_ *Standing, r *Request) { r.Case = "H13" }, []Reason{{PurposeMalformed, []string{"purpose.case"}}}},
		{"a case of tomorrow", stateCall, func(_ *Standing, r *Request) { r.Case = "H13-260303-0001" }, []Reason{{PurposeMalformed, []string{"purpose.case"}}}},
		{"a procedure not granted", stateCall, func(_ *Standing, r *Request) { r.Procedure = "1.010101" }, []Reason{{PurposeNotGranted, []string{"1.010101"}}}},
		{"a case of another agency", stateCall, func(_ *Standing, r *Request) { r.Case = "H14-260301-0001" }, []Reason{{PurposeNotGranted, []string{"H14"}}}},
		{"a case of a body the agency acts for", stateCall, func(_ *Standing, r *Request) { r.Case = "H13.1-260301-0001" }, nil},
		{"a case under the old code of the agency", stateCall, func(_ *Standing, r *Request) { r.Case = "000.00.00.H13-260301-0001" }, nil},

		// The grant.
		{"no grant of the service", stateCall, func(_ *Standing, r *Request) { r.Service = Household }, []Reason{{GrantNone, []string{"household"}}}},
		{"no service", stateCall, func(s *Standing, r *Request) { r.Service, s.Connection.Grants[0].Service = NoService, NoService }, []Reason{{GrantNone, nil}}},
		{"a service that is not known", stateCall, func(_ *Standing, r *Request) { r.Service = numServices }, []Reason{{GrantNone, nil}}},
		{"no grants", stateCall, func(s *Standing, _ *Request) { s.Connection.Grants = nil }, []Reason{{GrantNone, []string{"lookup"}}}},
		{"a grant from its first instant", stateCall, func(s *Standing, _ *Request) { s.Connection.Grants[0].From = noon }, nil},
		{"a grant before its term", stateCall, func(s *Standing, _ *Request) { s.Connection.Grants[0].From = noon.Add(1) }, []Reason{{GrantExpired, []string{"g1"}}}},
		{"a grant before its last instant", stateCall, func(s *Standing, _ *Request) { s.Connection.Grants[0].Until = noon.Add(1) }, nil},
		{"a grant after its term", stateCall, func(s *Standing, _ *Request) { s.Connection.Grants[0].Until = noon }, []Reason{{GrantExpired, []string{"g1"}}}},
		{"fields not granted", stateCall, func(_ *Standing, r *Request) { r.Fields |= FieldsOf(Religion, Ethnicity) }, []Reason{{GrantField, []string{"ethnicity", "religion"}}}},
		{"fields that only two grants together have", stateCall, func(s *Standing, r *Request) {
			second := lookupGrant()
			second.ID, second.Fields = "g0", FieldsOf(FullName, DateOfBirth, Religion)
			s.Connection.Grants = append(s.Connection.Grants, second)
			r.Fields = FieldsOf(FullName, PermanentResidence, Religion)
		}, []Reason{{GrantField, []string{"permanentResidence"}}}},
		{"a number alone", stateCall, func(_ *Standing, r *Request) { r.Keys = Keys(KeyPIN) }, []Reason{{GrantKey, []string{"fullName", "dateOfBirth"}}}},
		{"no keys", stateCall, func(_ *Standing, r *Request) { r.Keys = 0 }, []Reason{{GrantKey, []string{"pin", "fullName", "dateOfBirth"}}}},
		{"the old number", stateCall, func(_ *Standing, r *Request) { r.Keys = Keys(KeyCMND, KeyFullName, KeyDateOfBirth) }, nil},
		{"a key in no combination", stateCall, func(_ *Standing, r *Request) { r.Keys |= Keys(KeyProvince) }, []Reason{{GrantKey, []string{"province"}}}},
		{"name and date of birth may always be given", stateCall, func(s *Standing, _ *Request) { s.Connection.Grants[0].Keys = []KeySet{Keys(KeyPIN)} }, nil},
		{"a combination without keys is none", stateCall, func(s *Standing, r *Request) {
			s.Connection.Grants[0].Keys, r.Keys = []KeySet{0}, 0
		}, []Reason{{GrantKey, AllKeys.Names()}}},
		{"a combination after one without keys", stateCall, func(s *Standing, _ *Request) { s.Connection.Grants[0].Keys = []KeySet{0, Keys(KeyPIN)} }, nil},
		{"the nearest combination is named whatever their order", stateCall, func(s *Standing, r *Request) {
			slices.Reverse(s.Connection.Grants[0].Keys)
			r.Keys = narrowing
		}, []Reason{{GrantKey, []string{"pin"}}}},
		{"territory granted", stateCall, func(s *Standing, r *Request) {
			s.Connection.Grants[0].Provinces, r.Province = []string{"001", "002"}, "002"
		}, nil},
		{"territory not granted", stateCall, func(s *Standing, r *Request) {
			s.Connection.Grants[0].Provinces, r.Province = []string{"001", "002"}, "004"
		}, []Reason{{TerritoryForbidden, []string{"province"}}}},
		{"a request that names no territory", stateCall, func(s *Standing, _ *Request) { s.Connection.Grants[0].Provinces = []string{"001"} }, nil},
		{"a grant for the whole country", stateCall, func(_ *Standing, r *Request) { r.Province = "004" }, nil},

		// Verification.
		{"a granted verification", stateCall, verify, nil},
		{"a verification of a field granted beside the claims", stateCall, edits(verify, func(_ *Standing, r *Request) { r.Fields |= FieldsOf(Sex) }), nil},
		{"a verification of a field not granted", stateCall, edits(verify, func(_ *Standing, r *Request) { r.Fields |= FieldsOf(Religion) }), []Reason{{GrantField, []string{"religion"}}}},
		{"a verification without a required claim", stateCall, edits(verify, func(_ *Standing, r *Request) { r.Fields = FieldsOf(FullName) }), []Reason{{GrantKey, []string{"dateOfBirth"}}}},
		{
			"a verification without the number", stateCall, edits(verify, func(_ *Standing, r *Request) { r.Keys, r.Fields = 0, 0 }),
			[]Reason{{GrantKey, []string{"pin", "fullName", "dateOfBirth"}}},
		},
		{"a verification by the old number", stateCall, edits(verify, func(_ *Standing, r *Request) { r.Keys = Keys(KeyCMND) }), []Reason{{GrantKey, []string{"pin", "cmnd"}}}},
		{"a verification with the claims as keys", stateCall, edits(verify, func(_ *Standing, r *Request) { r.Keys |= narrowing }), nil},
		{"a name that is missing as claim and given as unknown key is named once", stateCall, edits(verify, func(s *Standing, r *Request) {
			s.Connection.Grants[0].Claims = FieldsOf(Sex)
			r.Keys, r.Fields = Keys(KeyPIN, KeySex), 0
		}), []Reason{{GrantKey, []string{"sex"}}}},
		{"a grant without claims needs the default ones", stateCall, edits(verify, func(s *Standing, r *Request) {
			s.Connection.Grants[0].Claims, r.Fields = 0, 0
		}), []Reason{{GrantKey, []string{"fullName", "dateOfBirth"}}}},

		// Consent.
		{"no consent", bankCall, func(s *Standing, _ *Request) { s.Consent = nil }, consent("consent")},
		{"another consent than the one named", bankCall, func(_ *Standing, r *Request) { r.Consent = "other" }, consent("consent")},
		{"another agency's consent", bankCall, func(s *Standing, _ *Request) { s.Consent.Agency = "other" }, consent("consent")},
		{"another person's consent", bankCall, func(s *Standing, _ *Request) { s.Person = "001305000043" }, consent("person")},
		{"the person is not known yet", bankCall, func(s *Standing, _ *Request) { s.Person = "" }, nil},
		{"consent to another procedure", bankCall, func(s *Standing, _ *Request) { s.Consent.Procedure = "1.010101" }, consent("purpose.procedure")},
		{"consent to another case", bankCall, func(s *Standing, _ *Request) { s.Consent.Case = "0100112437-260301-0002" }, consent("purpose.case")},
		{"consent to this case", bankCall, func(s *Standing, r *Request) { s.Consent.Case = r.Case }, nil},
		{"consent to fewer fields", bankCall, func(s *Standing, _ *Request) { s.Consent.Fields = FieldsOf(FullName) }, consent("dateOfBirth")},
		{"consent from its first instant", bankCall, func(s *Standing, _ *Request) { s.Consent.From = noon }, nil},
		{"consent before its term", bankCall, func(s *Standing, _ *Request) { s.Consent.From = noon.Add(1) }, consent("term")},
		{"consent before its last instant", bankCall, func(s *Standing, _ *Request) { s.Consent.Until = noon.Add(1) }, nil},
		{"consent after its term", bankCall, func(s *Standing, _ *Request) { s.Consent.Until = noon }, consent("term")},
		{"consent withdrawn now", bankCall, func(s *Standing, _ *Request) { s.Consent.Withdrawn = noon }, consent("term")},
		{"consent withdrawn later", bankCall, func(s *Standing, _ *Request) { s.Consent.Withdrawn = noon.Add(1) }, nil},
		{"a group that is not known needs consent", stateCall, func(s *Standing, _ *Request) { s.Agency.Group = 0 }, consent("consent")},

		// Maintenance.
		{"a window of all services", stateCall, closed(hours(-1), hours(1)), maintenance()},
		{"a window of this service", stateCall, closed(hours(-1), hours(1), Verify, Lookup), maintenance()},
		{"a window of other services", stateCall, closed(hours(-1), hours(1), Verify, Search), nil},
		{"a window from its first instant", stateCall, closed(noon, hours(1)), maintenance()},
		{"a window before its beginning", stateCall, closed(noon.Add(1), hours(1)), nil},
		{"a window before its last instant", stateCall, closed(hours(-1), noon.Add(1)), maintenance()},
		{"a window after its end", stateCall, closed(hours(-1), noon), nil},
		{"a window that ends before it begins", stateCall, closed(hours(1), hours(-1)), nil},
		{"a window in the portal", portalCall, closed(hours(-1), hours(1)), maintenance()},
		{"a window of all services, and no service is asked", stateCall, edits(closed(hours(-1), hours(1)), func(_ *Standing, r *Request) { r.Service = NoService }), []Reason{{GrantNone, nil}, {ServiceBusy, []string{"maintenance"}}}},
		{"a window of some services, and no service is asked", stateCall, edits(closed(hours(-1), hours(1), Lookup), func(_ *Standing, r *Request) { r.Service = NoService }), []Reason{{GrantNone, nil}}},

		// Several reasons, in the published order, the first one the answer.
		{"every reason is kept", stateCall, func(s *Standing, r *Request) {
			s.Connection.State, s.Connection.Lock.By = Suspended, LockedVolume
			s.Credential.NotAfter = hours(-1)
			s.System.Addresses, s.Owner.Builds = prefixes("198.51.100.0/24"), []string{"1"}
			s.Connection.AssessedUntil, s.Connection.CommittedUntil = noon, noon
			s.System.Keys, s.Maintenance = []string{"b"}, []Maintenance{{From: hours(-1), Until: hours(1)}}
			s.Agency.Group = GroupAllOthers
			g := &s.Connection.Grants[0]
			g.Until, g.Provinces = noon, []string{"001"}
			r.Officer.Verified, r.Officer.Session = true, ""
			r.Keys, r.Fields, r.Province = Keys(KeyPIN), AllFields, "004"
			r.Procedure, r.Case = "1.010101", "H13-269999-0001"
		}, []Reason{
			{UnknownCredential, nil},
			{ConnectionNotActive, []string{"conn", "committedUntil"}},
			{ConnectionSuspended, []string{"conn", "suspendedBy:register"}},
			{ConnectionVolume, []string{"conn"}},
			{AssessmentLapsed, []string{"conn"}},
			{ChangeUndeclared, []string{"build", "key"}},
			{GrantExpired, []string{"g1"}},
			{GrantField, (AllFields &^ lookupGrant().Fields).Names()},
			{GrantKey, []string{"fullName", "dateOfBirth"}},
			{PurposeMalformed, []string{"purpose.case"}},
			{PurposeNotGranted, []string{"1.010101"}},
			{ConsentMissing, []string{"consent"}},
			{OfficerMissing, []string{"officer.session"}},
			{OfficerForbidden, []string{"g1"}},
			{TerritoryForbidden, []string{"province"}},
			{AddressForbidden, nil},
			{ServiceBusy, []string{"maintenance"}},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, r := tt.base()
			if tt.edit != nil {
				tt.edit(s, r)
			}
			got := Decide(s, r, noon)
			want := Decision{Reasons: tt.want}
			if len(tt.want) == 0 {
				want.Grant = &s.Connection.Grants[0]
			} else {
				want.Code = tt.want[0].Code
			}
			if diff := cmp.Diff(want, got, equateEmpty); diff != "" {
				t.Errorf("Decide (-want +got):\n%s", diff)
			}
			if got.Allowed() != (len(tt.want) == 0) {
				t.Errorf("Allowed() = %t", got.Allowed())
			}
		})
	}
}

// equateEmpty takes no names for an empty list of names.
var equateEmpty = cmp.FilterValues(func(x, y []string) bool { return len(x) == 0 && len(y) == 0 }, cmp.Ignore())

func stateCall() (*Standing, *Request)  { return direct(), lookup() }
func bankCall() (*Standing, *Request)   { return carried(), carriedLookup() }
func portalCall() (*Standing, *Request) { return portal(), portalLookup() }

func intermediary(names ...string) []Reason { return []Reason{{IntermediaryForbidden, names}} }
func consent(names ...string) []Reason      { return []Reason{{ConsentMissing, names}} }

func maintenance() []Reason { return []Reason{{ServiceBusy, []string{"maintenance"}}} }

// closed announces a window of some services, or of all.
func closed(from, until time.Time, services ...Service) func(*Standing, *Request) {
	return func(s *Standing, _ *Request) {
		s.Maintenance = []Maintenance{{From: from, Until: until, Services: services}}
	}
}

func edits(es ...func(*Standing, *Request)) func(*Standing, *Request) {
	return func(s *Standing, r *Request) {
		for _, e := range es {
			e(s, r)
		}
	}
}

func prefixes(ps ...string) (out []netip.Prefix) {
	for _, p := range ps {
		out = append(out, netip.MustParsePrefix(p))
	}
	return out
}

func TestNilIsRefusedWithEveryReason(t *testing.T) {
	got := Decide(nil, nil, noon)
	want := []Reason{
		{UnknownCredential, nil},
		{ConnectionNotActive, nil},
		{PurposeMissing, []string{"purpose.procedure", "purpose.case"}},
		{OfficerMissing, []string{"officer.id", "officer.address", "officer.session"}},
	}
	if diff := cmp.Diff(Decision{Code: UnknownCredential, Reasons: want}, got, equateEmpty); diff != "" {
		t.Errorf("Decide(nil, nil) (-want +got):\n%s", diff)
	}
	if got.Allowed() || (Decision{}).Allowed() {
		t.Error("a nil call, or the zero Decision, is allowed")
	}
}

func TestGrantOfLowestIDIsChosen(t *testing.T) {
	s, r := stateCall()
	wide, narrow := lookupGrant(), lookupGrant()
	wide.ID, wide.Fields = "g0", AllFields
	narrow.ID, narrow.Fields = "a", FieldsOf(Sex)
	s.Connection.Grants = append(s.Connection.Grants, wide, narrow)
	for range 2 {
		if got := Decide(s, r, noon); !got.Allowed() || got.Grant.ID != "g0" {
			t.Errorf("grant %v, want g0", got.Grant)
		}
		slices.Reverse(s.Connection.Grants)
	}
}

func TestUnknownStageIsNotPassed(t *testing.T) {
	s, r := stateCall()
	q := ask{r: r, now: noon}
	if q.passes(&s.Connection.Grants[0], stage(numStages)) {
		t.Error("a stage that does not exist was passed")
	}
	if got := q.names(nil, stage(numStages)); got != nil {
		t.Errorf("names = %q", got)
	}
}

func TestDefaultKeys(t *testing.T) {
	want := map[Service][][]string{
		Lookup:    {{"pin", "fullName", "dateOfBirth"}, {"cmnd", "fullName", "dateOfBirth"}},
		Household: {{"pin", "fullName", "dateOfBirth"}, {"cmnd", "fullName", "dateOfBirth"}},
		Search: {
			{"fullName", "dateOfBirth"},
			{"fullName", "dateOfBirth", "sex"},
			{"fullName", "dateOfBirth", "province"},
			{"fullName", "dateOfBirth", "sex", "province"},
		},
		Verify:      {{"pin"}},
		NoService:   nil,
		numServices: nil,
	}
	for _, s := range slices.Sorted(maps.Keys(want)) {
		var got [][]string
		for _, k := range DefaultKeys(s) {
			got = append(got, k.Names())
		}
		if diff := cmp.Diff(want[s], got); diff != "" {
			t.Errorf("DefaultKeys(%v) (-want +got):\n%s", s, diff)
		}
	}
	DefaultKeys(Verify)[0] = AllKeys
	if got := DefaultKeys(Verify)[0]; got != Keys(KeyPIN) {
		t.Errorf("the defaults can be changed from outside: %v", got.Names())
	}
}

func TestConsentCovers(t *testing.T) {
	bank := carried()
	tests := []struct {
		name   string
		s      *Standing
		person string
		want   bool
	}{
		{"nobody", nil, aPIN, false},
		{"no agency", &Standing{}, aPIN, false},
		{"a state agency", direct(), aPIN, true},
		{"the consent's person", bank, aPIN, true},
		{"another person", bank, "001305000043", false},
		{"no person", &Standing{Agency: bank.Agency, Consent: &Consent{}}, "", false},
		{"no consent", &Standing{Agency: bank.Agency}, aPIN, false},
	}
	for _, tt := range tests {
		if got := ConsentCovers(tt.s, tt.person); got != tt.want {
			t.Errorf("%s: got %t, want %t", tt.name, got, tt.want)
		}
	}
}

// bigDirectory holds n agencies, each with a direct connection of one look-up
// grant and ten others, and one more behind the first system.
func bigDirectory(t testing.TB, n int) *Directory {
	var things []any
	for i := range n {
		id := string(rune('a'+i/26)) + string(rune('a'+i%26))
		s := direct()
		s.System.ID, s.System.Agency, s.Agency.ID = id, id, id
		s.System.Credentials[0].SHA256 = Thumbprint{byte(i), byte(i >> 8), 1}.String()
		s.System.Intermediary = i == 0
		s.Connection.ID, s.Connection.System = id, id
		for range 10 {
			g := lookupGrant()
			g.Procedures = []string{"2.000001", "2.000002"}
			s.Connection.Grants = append([]Grant{g}, s.Connection.Grants...)
		}
		via := *s.Connection
		via.ID, via.Via = id+"-via", "aa"
		things = append(things, s.System, s.Agency, s.Connection, &via)
	}
	return apply(t, nil, rows(t, things...)...)
}

func TestAllowedCallDoesNotAllocate(t *testing.T) {
	d := bigDirectory(t, 3)
	r, via := lookup(), lookup()
	via.Represented = "ab"
	n := testing.AllocsPerRun(100, func() {
		s := d.Standing(Thumbprint{1, 0, 1}, "")
		if got := Decide(&s, r, noon); !got.Allowed() {
			t.Fatalf("direct call refused: %v", got.Reasons)
		}
		s = d.Standing(Thumbprint{0, 0, 1}, via.Represented)
		if got := Decide(&s, via, noon); !got.Allowed() {
			t.Fatalf("carried call refused: %v", got.Reasons)
		}
	})
	if n != 0 {
		t.Errorf("%v allocations, want none", n)
	}
}

func BenchmarkDecide(b *testing.B) {
	d := bigDirectory(b, 600)
	r := lookup()
	b.ReportAllocs()
	for b.Loop() {
		s := d.Standing(Thumbprint{1, 0, 1}, "")
		if got := Decide(&s, r, noon); !got.Allowed() {
			b.Fatal(got.Reasons)
		}
	}
}

func BenchmarkDecideRefused(b *testing.B) {
	s, r := stateCall()
	r.Fields = AllFields
	b.ReportAllocs()
	for b.Loop() {
		if got := Decide(s, r, noon); got.Allowed() {
			b.Fatal("allowed")
		}
	}
}

func BenchmarkApplyLock(b *testing.B) {
	d := bigDirectory(b, 600)
	lock := []Change{{Version: d.Version() + 1, Kind: ChangeLock, ID: "aa", Doc: []byte(`{"by":"volume","epoch":1}`)}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.Apply(lock); err != nil {
			b.Fatal(err)
		}
	}
}
