package identity

import (
	"errors"

	"dancu/internal/fault"
)

var errUnbuilt = errors.New("not there yet")

// Code names a refusal, so that pages can say it in two languages. Codes are
// stable: add, never rename.
type Code string

// The codes.
const (
	SignInFailed     Code = "signin.failed"     // wrong, unknown, locked or disabled: it reads alike
	SignInGone       Code = "signin.gone"       // took too long, or was begun elsewhere
	SignInBusy       Code = "signin.busy"       // too much from one address, or in all
	FactorWrong      Code = "factor.wrong"      // or used already
	FactorStale      Code = "factor.stale"      // show it again
	FactorLast       Code = "factor.last"       // the last one cannot go
	FactorInvalid    Code = "factor.invalid"    // the new factor did not prove itself
	PasswordShort    Code = "password.short"    // too short
	PasswordPlain    Code = "password.plain"    // not mixed
	PasswordCommon   Code = "password.common"   // among the commonest
	PasswordLogin    Code = "password.login"    // holds the login name
	PasswordUsed     Code = "password.used"     // one of the last
	PasswordLong     Code = "password.long"     // over 128 characters
	PasswordWrong    Code = "password.wrong"    // the old one
	SessionTimedOut  Code = "session.timed_out" // idle or absolute
	SessionEnded     Code = "session.ended"     // logged out, ended or account changed
	NotAllowed       Code = "act.not_allowed"   // this kind may not
	NotThere         Code = "account.not_found"
	LoginTaken       Code = "account.login_taken"
	CodeTaken        Code = "account.code_taken"
	FieldInvalid     Code = "account.invalid" // a field of it; the text says which
	ReasonMissing    Code = "reason.missing"
	OwnAccountAct    Code = "account.own"  // not on the own account
	LastAdmin        Code = "account.last" // the last administrator stays
	WrongState       Code = "account.state"
	TwoPeople        Code = "act.two_people"     // propose it
	SamePerson       Code = "act.same_person"    // another must confirm
	ProposalSettled  Code = "proposal.settled"   // executed, declined or lapsed
	RightsBeyond     Code = "rights.beyond"      // the agency has not got them
	ReviewUndecided  Code = "review.undecided"   // accounts left
	ReviewSigned     Code = "review.signed"      // it is over
	ProviderInvalid  Code = "provider.invalid"   // settings
	ProviderRefused  Code = "provider.refused"   // the provider's word does not hold
	CitizensAbsent   Code = "citizen.absent"     // no e-identification
	LogUnavailable   Code = "log.unavailable"    // nothing can be written
)

// CodeOf returns the code of a refusal of this area, "" if err is none.
func CodeOf(err error) Code {
	var r *refusal
	if errors.As(err, &r) {
		return r.code
	}
	return ""
}

// Text returns the refusal in the language ("vi" or "en"), "" if there is no
// such code.
func (c Code) Text(lang string) string { return "" }

type refusal struct{ code Code }

func (r *refusal) Error() string { return string(r.code) }

func refuse(kind fault.Kind, c Code) error {
	return fault.Wrap(kind, &refusal{c}, "%s", c.Text("en"))
}
