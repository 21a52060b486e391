package identity

import (
	"context"
	"encoding/json"
	"time"

	"dancu/internal/ledger"
)

// The two-person acts of this area.
const (
	// NewAdministrator makes another register administrator. Its payload is a
	// NewAccount in JSON (members Code, Login, Name, Unit).
	NewAdministrator = "account.new-administrator"
	// FactorReset is ResetFactors on a staff account. Its subject is the
	// account's id.
	FactorReset = "account.factor-reset"
)

// TwoPersonAct is an act that takes two people.
type TwoPersonAct struct {
	Kind    string          // one that is registered
	Subject string          // id of what it is about; may be ""
	Payload json.RawMessage // what the executor needs; may be nil
	Reason  string          // at least 10 characters
}

// TwoPerson is a kind of two-person act. Other areas' acts are registered by
// whoever wires the areas.
type TwoPerson struct {
	Propose, Confirm Act // who may, by [May]
	// Check refuses a proposal that could not be executed; it may be nil. It
	// runs in the proposal's transaction.
	Check func(ctx context.Context, tx *ledger.Tx, a TwoPersonAct) error
	// Prepare does before the lock what is slow; it may be nil.
	Prepare func(ctx context.Context, a TwoPersonAct) (prepared any, err error)
	// Execute does the act, in the confirmation's transaction, exactly once.
	// secret is shown to the confirmer once and stored nowhere.
	Execute func(ctx context.Context, tx *ledger.Tx, p Proposal, by Actor, prepared any) (secret string, err error)
}

// ProposalState is where a two-person act stands.
type ProposalState string

// The states of a proposal. All but the first are for good.
const (
	Proposed ProposalState = "proposed"
	Executed ProposalState = "executed"
	Declined ProposalState = "declined"
	Lapsed   ProposalState = "lapsed"
)

// Proposal is a two-person act on its way.
type Proposal struct {
	ID      string
	Act     TwoPersonAct
	State   ProposalState
	By      string // account id of the proposer
	ByCode  string
	Created time.Time
	Expires time.Time
	Second  string // account id of who confirmed or declined; "" so far
	Note    string // why it was declined
	Settled time.Time
}

// RegisterTwoPerson adds a kind of two-person act. It is called before the
// store is used, and panics if the kind is there already.
func (s *Store) RegisterTwoPerson(kind string, t TwoPerson) {}

// Propose proposes a two-person act.
func (s *Store) Propose(ctx context.Context, by Actor, a TwoPersonAct) (Proposal, error) {
	return Proposal{}, errUnbuilt
}

// Confirm executes a proposed act. The actor is another person than the
// proposer, may confirm such acts and has shown a second factor just now.
func (s *Store) Confirm(ctx context.Context, by Actor, id string) (secret string, err error) {
	return "", errUnbuilt
}

// Decline ends a proposal; the proposer may do it, too.
func (s *Store) Decline(ctx context.Context, by Actor, id, note string) error { return errUnbuilt }

// Proposals lists the newest 200 proposals that the actor may propose or
// confirm, newest first.
func (s *Store) Proposals(ctx context.Context, by Actor) ([]Proposal, error) { return nil, errUnbuilt }
