package identity

import (
	"encoding/json"
	"fmt"
	"maps"

	"dancu/internal/ledger"
	"dancu/verify"
)

// The kinds of this area's entries (QCVN 12:2026/BCA 3.7.2.4: login, logout,
// failed login, lock, unlock, creation, change and deletion of accounts, change
// of rights).
const (
	EventSessionOpened   = "session.opened"
	EventSessionClosed   = "session.closed"    // logged out
	EventSessionTimedOut = "session.timed_out" // idle or absolute, with the time it really ended
	EventSessionEnded    = "session.ended"     // by its owner elsewhere, an administrator, or a change of the account
	EventFactorShown     = "session.factor"    // the second factor anew
	EventSignInFailed    = "signin.failed"
	EventSignInAbandoned = "signin.abandoned" // right password, nothing after it
	EventSignInsFailed   = "signins.failed"   // a minute's summary, by address

	EventAccountCreated   = "account.created"
	EventAccountChanged   = "account.changed"
	EventAccountDisabled  = "account.disabled"
	EventAccountEnabled   = "account.enabled"
	EventAccountLocked    = "account.locked"
	EventAccountUnlocked  = "account.unlocked"
	EventPasswordChanged  = "account.password_changed"
	EventPasswordReset    = "account.password_reset"
	EventFactorAdded      = "account.factor_added"
	EventFactorRemoved    = "account.factor_removed"
	EventFactorsReset     = "account.factors_reset"
	EventRecoveryMade     = "account.recovery_made"
	EventRecoveryUsed     = "account.recovery_used"
	EventRightsChanged    = "account.rights_changed"
	EventReviewOpened     = "review.opened"
	EventReviewDecided    = "review.decided"
	EventReviewSigned     = "review.signed"
	EventProposalMade     = "proposal.made"
	EventProposalExecuted = "proposal.executed"
	EventProposalDeclined = "proposal.declined"
	EventProposalLapsed   = "proposal.lapsed"
	EventProposalFailed   = "proposal.failed" // confirmed, and could not be done any more
	EventKeyMade          = "key.made"
	EventKeyEnded         = "key.ended"    // by its owner, with the account's secrets or the account, or at its term
	EventKeyUsed          = "key.used"     // at most once an hour and key: what a sign-in is to a session
	EventKeysRefused      = "keys.refused" // a minute's summary, by address
	EventProviderSet      = "provider.set"
	EventProviderRemoved  = "provider.removed"
)

// members are what an entry tells.
type members = map[string]any

// entry stages the entry of an act. It names who acts in its officer part, by
// which their day is found, and whom the act is about in the event's members.
func (w *acting) entry(tx *ledger.Tx, kind string, m members) error {
	return w.append(tx, kind, m, ledger.Outcome{})
}

func (w *acting) append(tx *ledger.Tx, kind string, m members, o ledger.Outcome) error {
	m = maps.Clone(m)
	if m == nil {
		m = members{}
	}
	if a := w.from.agent(); a != "" {
		m["agent"] = a
	}
	actor := w.actor()
	// Without an officer part the address is found by the event's own.
	if w.account == nil && actor.Address != "" {
		m["address"] = actor.Address
	}
	if _, ok := m["agency"]; !ok && w.agency != "" {
		m["agency"] = w.agency
	}
	e, err := ledger.EventEntry(kind, actor, m)
	if err != nil {
		return err
	}
	if w.account != nil {
		if err := w.officerPart(e, actor); err != nil {
			return err
		}
	}
	tx.Append(e, o)
	return nil
}

// actor is who acts, as entries name them.
func (w *acting) actor() ledger.Actor {
	if w.local != nil {
		return *w.local
	}
	a := ledger.Actor{Address: w.from.address()}
	if w.session != nil {
		a.Session = w.session.id
	}
	if w.key != nil {
		a.Key = w.key.ID
	}
	if w.account == nil {
		// A citizen has no code, and the number belongs in no event.
		a.Kind, a.ID = string(Citizen), "citizen"
		return a
	}
	a.Kind, a.ID = string(w.account.Kind), w.account.Code
	return a
}

// officerPart adds the part that calls have, too: whose act it is.
func (w *acting) officerPart(e *ledger.Entry, actor ledger.Actor) error {
	m := map[string]any{"id": actor.ID, "verified": w.session != nil || w.key != nil}
	if actor.Address != "" {
		m["address"] = actor.Address
	}
	if actor.Session != "" {
		m["session"] = actor.Session
	}
	if actor.Key != "" {
		m["key"] = actor.Key
	}
	raw, err := json.Marshal(m)
	if err != nil {
		return err
	}
	data, err := verify.Canonical(raw)
	if err != nil {
		return fmt.Errorf("couldn't encode who acts: %w", err)
	}
	e.Add(ledger.PartOfficer, data)
	e.Find(ledger.TermOfficer, actor.ID)
	e.Find(ledger.TermAddress, actor.Address)
	return nil
}

// about is what entries say of an account that somebody else acts on; more is
// added to it.
func about(r *record, agency string, more members) members {
	m := members{"account": r.ID, "accountKind": string(r.Kind), "officer": r.Code, "agency": agency}
	if agency == "" {
		delete(m, "agency")
	}
	maps.Copy(m, more)
	return m
}
