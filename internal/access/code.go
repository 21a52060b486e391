package access

// The published tables docs/api/codes.md and docs/api/fields.md are made from
// this package; TestDocuments fails when they are stale.
//
//go:generate go test -run ^TestDocuments$ . -update

// Code is a stable answer to "why not": codes are added, never renamed. The
// empty Code is no refusal.
type Code string

// The codes.
const (
	Allowed               Code = ""
	UnknownCredential     Code = "auth.unknown_credential"
	IntermediaryForbidden Code = "intermediary.not_allowed"
	ConnectionNotActive   Code = "connection.not_active"
	ConnectionSuspended   Code = "connection.suspended"
	ConnectionVolume      Code = "connection.locked_volume"
	ConnectionPattern     Code = "connection.locked_pattern"
	AssessmentLapsed      Code = "assessment.lapsed"
	ChangeUndeclared      Code = "change.undeclared"
	GrantNone             Code = "grant.none"
	GrantExpired          Code = "grant.expired"
	GrantField            Code = "grant.field_not_allowed"
	GrantKey              Code = "grant.key_not_allowed"
	PurposeMissing        Code = "purpose.missing"
	PurposeMalformed      Code = "purpose.malformed"
	PurposeNotGranted     Code = "purpose.not_granted"
	CaseExhausted         Code = "case.exhausted"
	ConsentMissing        Code = "consent.missing"
	OfficerMissing        Code = "officer.missing"
	OfficerForbidden      Code = "officer.not_allowed"
	TerritoryForbidden    Code = "territory.not_allowed"
	AddressForbidden      Code = "address.not_allowed"
	QuotaExceeded         Code = "quota.exceeded"
	RequestInvalid        Code = "request.invalid"
	RequestTooLarge       Code = "request.too_large"
	RequestReplayed       Code = "request.replayed"
	RateExceeded          Code = "rate.exceeded"
	SearchTooMany         Code = "search.too_many"
	VerifyMismatches      Code = "verify.too_many_mismatches"
	LogUnavailable        Code = "log.unavailable"
	ServiceBusy           Code = "service.busy"
	InternalError         Code = "internal"
)

// Precedence is the published order of the codes: of several reasons the first
// one here is the answer.
var Precedence = []Code{
	UnknownCredential,
	IntermediaryForbidden,
	ConnectionNotActive,
	ConnectionSuspended,
	ConnectionVolume,
	ConnectionPattern,
	AssessmentLapsed,
	ChangeUndeclared,
	GrantNone,
	GrantExpired,
	GrantField,
	GrantKey,
	PurposeMissing,
	PurposeMalformed,
	PurposeNotGranted,
	CaseExhausted,
	ConsentMissing,
	OfficerMissing,
	OfficerForbidden,
	TerritoryForbidden,
	AddressForbidden,
	QuotaExceeded,
	RequestInvalid,
	RequestTooLarge,
	RequestReplayed,
	RateExceeded,
	SearchTooMany,
	VerifyMismatches,
	LogUnavailable,
	ServiceBusy,
	InternalError,
}

var ranks = func() map[Code]int {
	m := make(map[Code]int, len(Precedence))
	for i, c := range Precedence {
		m[c] = i
	}
	return m
}()

// rank is the place of c in the published order.
func (c Code) rank() int { return ranks[c] }
