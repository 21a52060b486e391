package identity

import "slices"

// Kind is the kind of an account. An account has one for its life: who changes
// duties gets another account, and the old one is disabled.
type Kind string

// The kinds. The first six are the register's staff.
const (
	Onboarder     Kind = "onboarder"      // takes agencies' applications, registers systems and grants
	Assessor      Kind = "assessor"       // assesses information security
	Inspector     Kind = "inspector"      // reads the log
	Supervisor    Kind = "supervisor"     // suspends and unlocks
	Support       Kind = "support"        // helps agencies; sees, changes nothing but lockouts
	Administrator Kind = "administrator"  // staff accounts and agencies' administrators
	AgencyAdmin   Kind = "agency-admin"   // an agency's officers and their rights (Decree 70/2024/NĐ-CP Art. 10)
	AgencyOfficer Kind = "agency-officer" // looks people up; public-postal staff too
	Citizen       Kind = "citizen"        // the person the data is about; has no account row
)

// Kinds are all kinds, in the order in which tables show them.
var Kinds = []Kind{Onboarder, Assessor, Inspector, Supervisor, Support, Administrator, AgencyAdmin, AgencyOfficer, Citizen}

// Staff reports whether the kind is one of the register's own staff.
func (k Kind) Staff() bool {
	switch k {
	case Onboarder, Assessor, Inspector, Supervisor, Support, Administrator:
		return true
	}
	return false
}

// OfAgency reports whether accounts of the kind belong to an agency.
func (k Kind) OfAgency() bool { return k == AgencyAdmin || k == AgencyOfficer }

// Administers reports whether accounts of the kind manage others' accounts:
// stricter rules hold for them.
func (k Kind) Administers() bool { return k == Administrator || k == AgencyAdmin }

// Valid reports whether there is such a kind.
func (k Kind) Valid() bool { return k.Staff() || k.OfAgency() || k == Citizen }

// Act is something people do, as far as the question is who may.
type Act string

// The acts.
const (
	OwnAccount         Act = "own-account"          // own password, factors, sessions
	LookUp             Act = "look-up"              // look people up through the gate
	OwnHistory         Act = "own-history"          // what one looked up oneself
	SeeOfficers        Act = "see-officers"         // the own agency's officers
	ManageOfficers     Act = "manage-officers"      // create, change, disable, unlock them
	GiveRights         Act = "give-rights"          // grants of the own agency to its officers
	ReviewOfficers     Act = "review-officers"      // quarterly review of the own agency's accounts
	ManageProvider     Act = "manage-provider"      // the own agency's sign-in provider
	SeeAgencyHistory   Act = "see-agency-history"   // what the own agency's officers looked up
	ReadGuides         Act = "read-guides"          // user guides, the own agency's too
	WriteGuides        Act = "write-guides"         // the own agency's guide, and notices to its officers
	SeeStaff           Act = "see-staff"            // the accounts of staff and of agencies' administrators
	ManageStaff        Act = "manage-staff"         // create, change, disable staff; two people for administrators
	ManageAgencyAdmins Act = "manage-agency-admins" // issue an agency's account
	ReleaseLockouts    Act = "release-lockouts"     // of agencies' administrators
	ReviewStaff        Act = "review-staff"         // quarterly review of staff and agencies' administrators
	OwnKeys            Act = "own-keys"             // keys of the own account, for its programs
	SeeLifecycle       Act = "see-lifecycle"        // all agencies' systems, connections, grants and matters
	OwnLifecycle       Act = "own-lifecycle"        // the own agency's: apply, sign, report changes, certificates, own suspension
	ManageConnections  Act = "manage-connections"   // take applications, register and change what they are about
	Assess             Act = "assess"               // assessments and certificates
	Inspect            Act = "inspect"              // plan and carry out inspections
	Suspend            Act = "suspend"              // suspend connections and let them go on
	ProposeActivation  Act = "propose-activation"   // of a connection whose gates are green
	ConfirmActivation  Act = "confirm-activation"   // as the other of two
	ProposeUnlock      Act = "propose-unlock"       // of a locked connection
	ConfirmUnlock      Act = "confirm-unlock"       // as the other of two
	ProposeEnd         Act = "propose-end"          // of a connection, for good (Decree 47/2020/NĐ-CP Art. 44)
	ConfirmEnd         Act = "confirm-end"          // as the other of two
	ManageTerms        Act = "manage-terms"         // calendar of working days, catalogues, templates
	SeeNotices         Act = "see-notices"          // what everybody was told
	RetryNotices       Act = "retry-notices"        // send a notice again
	OwnNotices         Act = "own-notices"          // what the own agency was told
	ManageWebhooks     Act = "manage-webhooks"      // where the own agency's systems are told
	ChangeSettings     Act = "change-settings"      // see the system's settings; change them as one of two
	SearchLog          Act = "search-log"           // read the log's entries, with a reason
	ExportLog          Act = "export-log"           // and export them
	VerifyLog          Act = "verify-log"           // check all of the log, which shows no entry
	ImportRegister     Act = "import-register"      // bring people into the register from a file
	SeeStatus          Act = "see-status"           // the system's condition
	SeeOwnRecord       Act = "see-own-record"       // a citizen's own accesses
	AnswerRequests     Act = "answer-requests"      // people's questions and complaints; an agency those about itself
)

// mays is who may do what: the whole of it.
var mays = []struct {
	act Act
	may []Kind
}{
	{OwnAccount, []Kind{Onboarder, Assessor, Inspector, Supervisor, Support, Administrator, AgencyAdmin, AgencyOfficer}},
	{LookUp, []Kind{AgencyOfficer}},
	{OwnHistory, []Kind{AgencyOfficer}},
	{SeeOfficers, []Kind{AgencyAdmin}},
	{ManageOfficers, []Kind{AgencyAdmin}},
	{GiveRights, []Kind{AgencyAdmin}},
	{ReviewOfficers, []Kind{AgencyAdmin}},
	{ManageProvider, []Kind{AgencyAdmin}},
	{SeeAgencyHistory, []Kind{AgencyAdmin}},
	{ReadGuides, []Kind{AgencyAdmin, AgencyOfficer}},
	{WriteGuides, []Kind{AgencyAdmin}},
	{SeeStaff, []Kind{Administrator, Support}},
	{ManageStaff, []Kind{Administrator}},
	{ManageAgencyAdmins, []Kind{Administrator}},
	{ReleaseLockouts, []Kind{Administrator, Support}},
	{ReviewStaff, []Kind{Administrator}},
	{OwnKeys, []Kind{Onboarder, Assessor, Inspector, Supervisor, Support, AgencyAdmin}},
	{SeeLifecycle, []Kind{Onboarder, Assessor, Inspector, Supervisor, Support}},
	{OwnLifecycle, []Kind{AgencyAdmin}},
	{ManageConnections, []Kind{Onboarder}},
	{Assess, []Kind{Assessor}},
	// Who finds what is wrong does not suspend for it, and who suspends did not
	// find it: an inspection is the inspector's alone.
	{Inspect, []Kind{Inspector}},
	{Suspend, []Kind{Supervisor}},
	{ProposeActivation, []Kind{Onboarder}},
	{ConfirmActivation, []Kind{Onboarder, Supervisor}},
	{ProposeUnlock, []Kind{Supervisor}},
	{ConfirmUnlock, []Kind{Supervisor}},
	{ProposeEnd, []Kind{Onboarder, Supervisor}},
	{ConfirmEnd, []Kind{Supervisor}},
	{ManageTerms, []Kind{Administrator}},
	{SeeNotices, []Kind{Onboarder, Supervisor, Support, Administrator}},
	{RetryNotices, []Kind{Onboarder, Supervisor, Support}},
	{OwnNotices, []Kind{AgencyAdmin}},
	{ManageWebhooks, []Kind{AgencyAdmin}},
	{ChangeSettings, []Kind{Administrator, Supervisor}},
	{SearchLog, []Kind{Inspector}},
	{ExportLog, []Kind{Inspector}},
	{VerifyLog, []Kind{Inspector, Support, Administrator}},
	{ImportRegister, []Kind{Administrator}},
	{SeeStatus, []Kind{Onboarder, Assessor, Inspector, Supervisor, Support, Administrator}},
	{SeeOwnRecord, []Kind{Citizen}},
	{AnswerRequests, []Kind{Onboarder, Supervisor, Support, AgencyAdmin}},
}

// Acts returns all acts, in the order of the table.
func Acts() []Act {
	out := make([]Act, len(mays))
	for i, m := range mays {
		out[i] = m.act
	}
	return out
}

// byKey is what may be done through a key of an account's ([Store.NewKey]),
// besides being allowed to the account's kind. A program that holds a key does
// its owner's work on connections; it confirms nothing that takes two people,
// changes no account, factor or key, and reads neither the log nor the register.
var byKey = []Act{
	SeeLifecycle, OwnLifecycle, ManageConnections, Assess, Inspect, Suspend, ProposeActivation, ProposeUnlock, ProposeEnd, SeeStatus,
	SeeNotices, RetryNotices, OwnNotices,
}

// MayByKey reports whether a key of an account of this kind may do this.
func MayByKey(k Kind, a Act) bool { return May(k, OwnKeys) && slices.Contains(byKey, a) && May(k, a) }

// forTwo are the acts by which acts that take two people are proposed and
// confirmed: their page is there for whoever may one of these.
var forTwo = []Act{
	ManageStaff, ProposeActivation, ConfirmActivation, ProposeUnlock, ConfirmUnlock, ProposeEnd, ConfirmEnd, ChangeSettings,
}

// ActsForTwo returns the acts by which acts that take two people are proposed
// and confirmed ([Store.RegisterTwoPerson]).
func ActsForTwo() []Act { return slices.Clone(forTwo) }

// May reports whether accounts of this kind may do this. What is not in the
// table nobody may. Whose accounts and whose agency it concerns is a further
// question, which each method asks.
func May(k Kind, a Act) bool {
	for _, m := range mays {
		if m.act == a {
			for _, o := range m.may {
				if o == k {
					return true
				}
			}
		}
	}
	return false
}
