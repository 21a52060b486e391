package identity

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/fault"
	"dancu/internal/ledger"
)

// The two-person acts of this area.
const (
	// NewAdministrator makes another register administrator. Its payload is a
	// NewAccount in JSON (members Code, Login, Name, Unit).
	NewAdministrator = "account.new-administrator"
	// FactorReset is ResetFactors on a staff account, which is ResetPassword,
	// too, where there is no factor yet. Its subject is the account's id.
	FactorReset = "account.factor-reset"
	// EnableAdministrator is EnableAccount on a register administrator. Its
	// subject is the account's id.
	EnableAdministrator = "account.enable-administrator"
	// EnableStaff is EnableAccount on another member of staff who has no second
	// factor. Its subject is the account's id.
	EnableStaff = "account.enable-staff"
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
	// Title is what the act is called, in both languages.
	Title access.Text
	// Propose and Confirm are who may, by [May]; both are of [ActsForTwo].
	Propose, Confirm Act
	// Show says what an act is about: nobody confirms what they cannot see. It is
	// asked for the open and for the settled; fault.NotFound is no failure.
	Show func(ctx context.Context, q db.Querier, a TwoPersonAct) (Shown, error)
	// Check refuses a proposal that could not be executed; it may be nil. It
	// runs in the proposal's transaction.
	Check func(ctx context.Context, tx *ledger.Tx, a TwoPersonAct) error
	// Prepare does before the lock what is slow; it may be nil.
	Prepare func(ctx context.Context, a TwoPersonAct) (prepared any, err error)
	// Execute does the act, in the confirmation's transaction, exactly once.
	// secret is shown to the confirmer once and stored nowhere. An error of the
	// kinds Conflict, NotFound and Invalid says that things are no longer such
	// that the act can be done: it ends the proposal as [Failed], with what the
	// error says. Any other leaves it open.
	Execute func(ctx context.Context, tx *ledger.Tx, p Proposal, by Actor, prepared any) (secret string, err error)
}

// Shown is what a page says of a two-person act.
type Shown struct {
	About   access.Text // what it is about, one line; may be empty
	Details []Detail    // what else to know before confirming
	Path    string      // of the page about it ("/connections/ID"); may be ""
}

// Detail is one line about a two-person act.
type Detail struct{ Label, Value access.Text }

// ProposalState is where a two-person act stands.
type ProposalState string

// The states of a proposal. All but the first are for good.
const (
	Proposed ProposalState = "proposed"
	Executed ProposalState = "executed"
	Declined ProposalState = "declined"
	Lapsed   ProposalState = "lapsed"
	Failed   ProposalState = "failed" // confirmed, and could not be done any more
)

// ProposalStates are the states in the order in which pages offer them.
var ProposalStates = []ProposalState{Proposed, Executed, Declined, Failed, Lapsed}

// Proposal is a two-person act on its way.
type Proposal struct {
	ID      string
	Act     TwoPersonAct
	State   ProposalState
	By      string // account id of the proposer
	ByCode  string
	Created time.Time
	Expires time.Time
	Second  string      // account id of who confirmed or declined; "" so far
	Note    string      // why it was declined
	Failure access.Text // why it failed
	Settled time.Time
}

// RegisterTwoPerson adds a kind of two-person act. It is called before the
// store is used, and panics if the kind is there already, lacks a part, or has
// no page for who may.
func (s *Store) RegisterTwoPerson(kind string, t TwoPerson) {
	switch _, there := s.twoOf[kind]; {
	case there:
		panic("identity: the two-person act " + kind + " is registered twice")
	case t.Execute == nil, t.Show == nil, t.Title.VI == "", t.Title.EN == "":
		panic("identity: the two-person act " + kind + " lacks Title, Show or Execute")
	case !slices.Contains(forTwo, t.Propose), !slices.Contains(forTwo, t.Confirm):
		panic("identity: the two-person act " + kind + " is proposed or confirmed by an act that ActsForTwo does not have")
	}
	s.twoOf[kind] = t
}

// maxPayload is the longest payload, in bytes: it stands in an entry.
const maxPayload = 32 << 10

// Propose proposes a two-person act. One person has Settings.Proposals of one
// kind waiting at most ([ProposalMany]).
func (s *Store) Propose(ctx context.Context, by Actor, a TwoPersonAct) (Proposal, error) {
	t, ok := s.twoOf[a.Kind]
	if !ok || len(a.Payload) > maxPayload || len(a.Payload) > 0 && !json.Valid(a.Payload) || !textFits(a.Subject, maxName) {
		return Proposal{}, refuse(fault.Invalid, ActInvalid)
	}
	if err := checkReason(&a.Reason); err != nil {
		return Proposal{}, err
	}
	var p Proposal
	err := s.act(ctx, by, t.Propose, func(tx *ledger.Tx, w *acting) error {
		if w.account == nil {
			return refuse(fault.Forbidden, NotAllowed) // the two are people
		}
		if t.Check != nil {
			if err := t.Check(ctx, tx, a); err != nil {
				return err
			}
		}
		waiting, err := countProposals(ctx, tx, w.account.ID, a.Kind, tx.Now)
		if err != nil {
			return err
		}
		if waiting >= int64(s.rules().Proposals) {
			return refuse(fault.Exhausted, ProposalMany)
		}
		p = Proposal{
			ID: newID(), Act: a, State: Proposed, By: w.account.ID, ByCode: w.account.Code,
			Created: tx.Now, Expires: tx.Now.Add(s.rules().ProposalTime),
		}
		if err := insertProposal(ctx, tx.Tx, &p); err != nil {
			return err
		}
		return w.entry(tx, EventProposalMade, p.members(members{"expires": moment(p.Expires), "payload": string(a.Payload)}))
	})
	return p, err
}

// members are what entries say of a proposal. The payload stands in the entry
// of its making; others have its id.
func (p *Proposal) members(more members) members {
	m := members{"proposal": p.ID, "act": p.Act.Kind, "reason": p.Act.Reason, "proposer": p.ByCode}
	if p.Act.Subject != "" {
		m["subject"] = p.Act.Subject
	}
	for k, v := range more {
		m[k] = v
	}
	return m
}

// Confirm executes a proposed act. The actor is another person than the
// proposer, may confirm such acts and has shown a second factor just now. If the
// act cannot be done any more, the proposal ends as [Failed], with its entry:
// of two acts that race, neither is lost without a trace. The error is then the
// executor's, and [FailureOf] knows it.
func (s *Store) Confirm(ctx context.Context, by Actor, id string) (secret string, err error) {
	// What is slow is done before the lock; a proposal never changes but in its
	// state.
	seen, err := proposalByID(ctx, s.main, id)
	if err != nil {
		return "", err
	}
	if seen == nil {
		return "", refuse(fault.NotFound, NotThere)
	}
	t, ok := s.twoOf[seen.Act.Kind]
	if !ok {
		return "", refuse(fault.NotFound, NotThere)
	}
	var prepared any
	if t.Prepare != nil && seen.State == Proposed {
		if prepared, err = t.Prepare(ctx, seen.Act); err != nil {
			return "", err
		}
	}
	var failure error // of the executor
	err = s.act(ctx, by, t.Confirm, func(tx *ledger.Tx, w *acting) error {
		failure = nil
		p, err := openProposal(ctx, tx, id)
		if err != nil {
			return err
		}
		switch {
		case w.account == nil:
			return refuse(fault.Forbidden, NotAllowed)
		case w.account.ID == p.By:
			return refuse(fault.Forbidden, SamePerson)
		}
		if err := s.freshly(w, tx.Now); err != nil {
			return err
		}
		// The proposer's right must hold still: who was disabled since, or was
		// wrong to be trusted, is not one of two.
		first, err := accountByID(ctx, tx, p.By)
		if err != nil {
			return err
		}
		if first == nil || first.State != Active || !May(first.Kind, t.Propose) {
			return refuse(fault.Conflict, ProposalGone)
		}
		if secret, err = t.Execute(ctx, tx, *p, by, prepared); err != nil {
			failure = err
			return err
		}
		p.State, p.Second, p.Settled = Executed, w.account.ID, tx.Now
		if err := settleProposal(ctx, tx.Tx, p); err != nil {
			return err
		}
		return w.entry(tx, EventProposalExecuted, p.members(members{"confirmer": w.account.Code}))
	})
	switch {
	case err == nil:
		return secret, nil
	case failure == nil || !movedOn(failure):
		return "", err
	}
	return "", s.fail(ctx, by, t.Confirm, id, failure)
}

// movedOn reports whether an executor's error is about how things are, and not
// about who confirms or about the machine.
func movedOn(err error) bool {
	switch fault.KindOf(err) {
	case fault.Conflict, fault.NotFound, fault.Invalid:
		return true
	}
	return false
}

// failedAct is the error of a confirmed act that could not be done.
type failedAct struct {
	cause error
	words access.Text
}

func (f *failedAct) Error() string { return f.cause.Error() }
func (f *failedAct) Unwrap() error { return f.cause }

// FailureOf returns what kept a confirmed act from being done, if that is what
// err is: its proposal has ended.
func FailureOf(err error) (access.Text, bool) {
	var f *failedAct
	if errors.As(err, &f) {
		return f.words, true
	}
	return access.Text{}, false
}

// Worded is an error that says itself in both languages. What an executor's
// error of another type says stands in both.
type Worded interface{ Words() access.Text }

// wordsOf is what may be shown of an error.
func wordsOf(err error) access.Text {
	if c := CodeOf(err); c != "" {
		return access.Text{VI: c.Text("vi"), EN: c.Text("en")}
	}
	var w Worded
	if errors.As(err, &w) {
		return w.Words()
	}
	return access.Text{VI: fault.Text(err), EN: fault.Text(err)}
}

// fail ends a proposal whose act could not be done, and returns why. What the
// executor had begun is undone by then; if somebody settled the proposal
// meanwhile, that stands.
func (s *Store) fail(ctx context.Context, by Actor, a Act, id string, cause error) error {
	f := &failedAct{cause, wordsOf(cause)}
	err := s.act(ctx, by, a, func(tx *ledger.Tx, w *acting) error {
		p, err := openProposal(ctx, tx, id)
		if err != nil {
			return err
		}
		p.State, p.Second, p.Failure, p.Settled = Failed, w.account.ID, f.words, tx.Now
		if err := settleProposal(ctx, tx.Tx, p); err != nil {
			return err
		}
		return w.append(tx, EventProposalFailed, p.members(members{"confirmer": w.account.Code, "failure": f.words.EN}),
			ledger.Outcome{Result: "refused", Code: string(CodeOf(cause))})
	})
	if err != nil {
		return err
	}
	return fault.Wrap(fault.KindOf(cause), f, "%s", fault.Text(cause))
}

// openProposal returns a proposal that waits.
func openProposal(ctx context.Context, tx *ledger.Tx, id string) (*Proposal, error) {
	p, err := proposalByID(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if p == nil {
		return nil, refuse(fault.NotFound, NotThere)
	}
	if p.State != Proposed || !tx.Now.Before(p.Expires) {
		return nil, refuse(fault.Conflict, ProposalGone)
	}
	return p, nil
}

// Decline ends a proposal; the proposer may do it, too. So may whoever has the
// machine, who is neither of two: it keeps something from being done.
func (s *Store) Decline(ctx context.Context, by Actor, id, note string) error {
	if err := checkReason(&note); err != nil {
		return err
	}
	return s.log.Write(ctx, func(tx *ledger.Tx) error {
		w, err := s.who(ctx, tx, by, tx.Now)
		if err != nil {
			return err
		}
		p, err := proposalByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if p == nil || w.account == nil && w.local == nil || !s.concerns(w, p) {
			return refuse(fault.NotFound, NotThere)
		}
		if w.key != nil && p.By != w.account.ID {
			return refuse(fault.Forbidden, NotByKey) // to decide on others' takes a person
		}
		if p, err = openProposal(ctx, tx, id); err != nil {
			return err
		}
		p.State, p.Note, p.Settled = Declined, note, tx.Now
		if w.account != nil {
			p.Second = w.account.ID
		}
		if err := settleProposal(ctx, tx.Tx, p); err != nil {
			return err
		}
		return w.entry(tx, EventProposalDeclined, p.members(members{"note": note}))
	})
}

// concerned reports whether who acts may propose or confirm such acts, a key's
// owner themselves counting; whoever has the machine is concerned by all.
func (w *acting) concerned(t *TwoPerson) bool {
	return w.local != nil || w.account != nil && (May(w.account.Kind, t.Confirm) || May(w.account.Kind, t.Propose))
}

// concerns reports whether a proposal is of acts that concern who acts.
func (s *Store) concerns(w *acting, p *Proposal) bool {
	t, ok := s.twoOf[p.Act.Kind]
	return ok && w.concerned(&t)
}

func (s *Store) sweepProposals(ctx context.Context, now time.Time) error {
	late, err := overdueProposals(ctx, s.main, now, sweepBatch)
	if err != nil || len(late) == 0 {
		return err
	}
	w := &acting{local: &ledger.Actor{Kind: "identity", ID: "expiry"}}
	return s.log.Write(ctx, func(tx *ledger.Tx) error {
		for i := range late {
			p, err := proposalByID(ctx, tx, late[i].ID)
			if err != nil {
				return err
			}
			if p == nil || p.State != Proposed || tx.Now.Before(p.Expires) {
				continue
			}
			p.State, p.Settled = Lapsed, tx.Now
			if err := settleProposal(ctx, tx.Tx, p); err != nil {
				return err
			}
			if err := w.entry(tx, EventProposalLapsed, p.members(nil)); err != nil {
				return err
			}
		}
		return nil
	})
}
