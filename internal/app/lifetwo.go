package app

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"dancu/internal/access"
	"dancu/internal/console/life"
	"dancu/internal/db"
	"dancu/internal/fault"
	"dancu/internal/identity"
	"dancu/internal/ledger"
	"dancu/internal/onboarding"
)

// registerTwo lets the accounts propose and confirm the acts of the life cycle
// that take two people: one kind of proposal for each such row of the table.
func registerTwo(accounts *identity.Store, office *onboarding.Onboarding) {
	done := map[string]bool{}
	for _, row := range onboarding.Lifecycle() {
		kind := row.TwoKind()
		if !row.Two() || done[kind] {
			continue // an act may have several rows
		}
		done[kind] = true
		var propose, confirm []onboarding.Duty
		for _, r := range onboarding.Lifecycle() {
			if r.TwoKind() == kind {
				propose, confirm = append(propose, r.By...), append(confirm, r.Confirm...)
			}
		}
		accounts.RegisterTwoPerson(kind, identity.TwoPerson{
			Title: row.Label, Propose: actFor(propose), Confirm: actFor(confirm),
			Show: func(ctx context.Context, q db.Querier, a identity.TwoPersonAct) (identity.Shown, error) {
				return showTwo(a)
			},
			Check: func(ctx context.Context, tx *ledger.Tx, a identity.TwoPersonAct) error {
				p, err := proposed(a)
				if err != nil {
					return err
				}
				// That the proposer may, the accounts have just asked; which of
				// the offices it is, is asked when it is done.
				for i, d := range propose {
					err = office.CheckAct(ctx, tx, onboarding.Person{Duty: d, Still: asked}, p.Matter, p.Act, p.Input)
					if err == nil || i == len(propose)-1 || !fault.Is(err, fault.Forbidden) {
						return err
					}
				}
				return nil
			},
			Execute: func(ctx context.Context, tx *ledger.Tx, p identity.Proposal, by identity.Actor, _ any) (string, error) {
				x, err := proposed(p.Act)
				if err != nil {
					return "", err
				}
				account, actor, err := accounts.Acting(ctx, tx, by, tx.Now)
				if err != nil {
					return "", err
				}
				second, err := holder(account.ID, account.Kind, actor)
				if err != nil {
					return "", err
				}
				firstKind, err := accounts.KindOf(ctx, tx, p.By)
				if err != nil {
					return "", err
				}
				first, err := holder(p.By, firstKind, ledger.Actor{Kind: string(firstKind), ID: p.ByCode})
				if err != nil {
					return "", err
				}
				_, err = office.ActOfTwo(ctx, tx, first, second, x.Matter, x.Act, x.Input)
				return "", err
			},
		})
	}
}

// asked is the Still of people of whom the accounts have been asked in the same
// transaction.
func asked(context.Context, db.Querier, time.Time, bool) error { return nil }

// holder is somebody of the accounts as who acts in the office.
func holder(id string, kind identity.Kind, actor ledger.Actor) (onboarding.Person, error) {
	duty, ok := life.DutyOf(kind)
	if !ok {
		return onboarding.Person{}, fault.New(fault.Forbidden, "an account of the kind %s has no part in the life cycle", kind)
	}
	return onboarding.Person{Actor: actor, Account: id, Duty: duty, Still: asked}, nil
}

// proposed reads the payload of a proposal.
func proposed(a identity.TwoPersonAct) (p onboarding.Proposed, err error) {
	if err := json.Unmarshal(a.Payload, &p); err != nil {
		return p, fault.Wrap(fault.Invalid, err, "the proposal cannot be read: make it again")
	}
	if p.Matter == "" || p.Matter != a.Subject || !strings.HasPrefix(a.Kind, "life.") || !strings.HasSuffix(a.Kind, "."+p.Act) {
		return p, fault.New(fault.Invalid, "the proposal is about something else: make it again")
	}
	p.Input.Reason = a.Reason // the one that the confirmer reads is the one that counts
	return p, nil
}

// showTwo says what a proposal is about, so that nobody confirms unseen.
func showTwo(a identity.TwoPersonAct) (identity.Shown, error) {
	p, err := proposed(a)
	if err != nil {
		return identity.Shown{}, err
	}
	out := identity.Shown{About: access.Text{VI: p.Matter, EN: p.Matter}, Path: "/life/" + p.Matter}
	for _, row := range onboarding.Lifecycle() {
		if row.TwoKind() != a.Kind {
			continue
		}
		values := map[string]any{}
		if len(p.Input.Values) > 0 && json.Unmarshal(p.Input.Values, &values) != nil {
			continue
		}
		for _, f := range row.Form {
			if v, ok := values[f.Name]; ok {
				said := fmt.Sprint(v)
				out.Details = append(out.Details, identity.Detail{Label: f.Label, Value: access.Text{VI: said, EN: said}})
			}
		}
		break
	}
	return out, nil
}

// actFor is the act of the accounts by which these offices propose or confirm:
// the one that the fewest others may besides. The office asks for the duty
// itself again.
func actFor(duties []onboarding.Duty) identity.Act {
	var best identity.Act
	fewest := len(identity.Kinds) + 1
	for _, a := range identity.ActsForTwo() {
		n, all := 0, true
		for _, k := range identity.Kinds {
			d, ok := life.DutyOf(k)
			may := identity.May(k, a)
			if may {
				n++
			}
			if ok && slices.Contains(duties, d) && !may {
				all = false
			}
		}
		if all && n < fewest {
			best, fewest = a, n
		}
	}
	if best == "" {
		panic(fmt.Sprintf("app: no act of the accounts is for %v: identity.ActsForTwo needs one", duties))
	}
	return best
}
