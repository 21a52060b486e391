package gate

import (
	"context"
	"encoding/json"
	"net/netip"
	"slices"
	"time"

	"github.com/google/uuid"

	"dancu/internal/access"
	"dancu/internal/fault"
	"dancu/internal/ledger"
	"dancu/internal/register"
)

// ConsentCall is an agency's statement that a person agreed to be looked up
// (Decree 70/2024 Art. 10). It is recorded as claimed, with a hash of the
// evidence the agency keeps.
type ConsentCall struct {
	Thumbprint      access.Thumbprint
	Address         netip.Addr
	Transaction     string
	RequestID       string
	Represented     string
	PIN             string
	Procedure, Case string // an empty Case covers every case of the procedure
	Fields          access.FieldSet
	Until           time.Time
	EvidenceKind    string // "paper", "recording", "electronic", …
	EvidenceSHA256  string // hex
}

// GiveConsent records a consent and returns its id. The error is a *Refusal or
// a fault of ours.
func (g *Gate) GiveConsent(ctx context.Context, c *ConsentCall) (string, error) {
	call := &Call{
		Thumbprint: c.Thumbprint, Address: c.Address, Channel: access.ChannelAPI, Transaction: c.Transaction,
		RequestID: c.RequestID, Represented: c.Represented, Procedure: c.Procedure, Case: c.Case, Fields: c.Fields,
		Keys: register.Keys{PIN: c.PIN},
	}
	var id string
	var refused *Refusal
	var summary func()
	err := g.log.Write(ctx, func(tx *ledger.Tx) error {
		id, refused, summary = "", nil, nil
		dir, err := g.cfg.Load(ctx, tx, g.dir.Load())
		if err != nil {
			return fault.Wrap(fault.Unavailable, err, "the standing cannot be read")
		}
		p := &proposal{call: call, dir: dir, standing: dir.Standing(c.Thumbprint, c.Represented), request: call.request(), index: -1}
		if !known(&p.standing, tx.Now) {
			refused = g.undecided(call, nil, access.UnknownCredential, 0)
			return nil
		}
		replays := map[callKey]earlier{}
		if err := g.statements.readReplays(ctx, tx, withKey(p), replays); err != nil {
			return err
		}
		first, replayed := replays[p.key]
		p.code, p.reas = decideConsent(p, tx.Now)
		p.wait = p.reopens(tx.Now)
		if p.code == access.Allowed && replayed {
			p.refuse(access.RequestReplayed)
			p.index, p.first = first.index, first.result
		}
		if p.code == access.Allowed && (!c.Until.After(tx.Now) || c.Until.After(tx.Now.Add(g.cfg.ConsentTerm))) {
			refused = g.undecided(call, p.standing.Connection, access.RequestInvalid, 0)
			refused.Reasons[0].Names = []string{"until"}
			return nil
		}
		outcome := ledger.Outcome{Result: "answered"}
		if p.code != access.Allowed {
			refused = p.refusal()
			if p.code == access.ServiceBusy || !g.refusals.take(p.connection(), p.code, tx.Now) {
				n, now := g.summaryOf(p, p.code), tx.Now
				summary = func() { g.summaries.add(n, now) }
				return nil
			}
			outcome = ledger.Outcome{Result: "refused", Code: string(p.code)}
		} else {
			id = uuid.Must(uuid.NewV7()).String()
		}
		e, err := g.consentEntry(p, c, id)
		if err != nil {
			return err
		}
		if !replayed {
			e.Call = p.key[:]
		}
		index := tx.Append(e, outcome)
		if p.code != access.Allowed {
			if p.code != access.RequestReplayed {
				refused.Index = index
			}
			return nil
		}
		return g.cfg.Consents.StoreConsent(ctx, tx.Tx, &access.Consent{
			ID: id, Agency: p.standing.Agency.ID, Person: c.PIN, Procedure: c.Procedure, Case: c.Case, Fields: c.Fields,
			From: tx.Now, Until: c.Until,
		}, c.EvidenceKind, c.EvidenceSHA256)
	})
	if err != nil {
		if fault.Is(err, fault.Unavailable) {
			return "", g.undecided(call, nil, access.LogUnavailable, time.Second)
		}
		return "", err
	}
	if summary != nil {
		summary()
	}
	if refused != nil {
		return "", refused
	}
	return id, nil
}

func withKey(p *proposal) []*proposal {
	p.key = ledger.CallKey(p.caller(), p.call.Transaction)
	return []*proposal{p}
}

// decideConsent says whether a connection may record a consent: if one of its
// grants would allow reading these fields for this purpose, were the consent
// there. What a consent cannot have (an officer, search keys, a consent) is
// not asked of it.
func decideConsent(p *proposal, now time.Time) (access.Code, []access.Reason) {
	code, reasons := access.GrantNone, []access.Reason{{Code: access.GrantNone}}
	for _, s := range []access.Service{access.Lookup, access.Verify, access.Search, access.Household} {
		r := p.request
		r.Service = s
		d := access.Decide(&p.standing, &r, now)
		var left []access.Reason
		for _, reason := range d.Reasons {
			switch reason.Code {
			case access.ConsentMissing, access.OfficerMissing, access.OfficerForbidden, access.GrantKey:
			case access.ServiceBusy: // a consent is asked of no single service
				if !access.Reopens(p.standing.Maintenance, access.NoService, now).IsZero() {
					left = append(left, reason)
				}
			case access.ChangeUndeclared: // it comes without a build
				if slices.Contains(reason.Names, access.NameKey) {
					left = append(left, access.Reason{Code: reason.Code, Names: []string{access.NameKey}})
				}
			case access.PurposeMissing:
				if p.call.Procedure == "" { // the case may be left open
					left = append(left, reason)
				}
			default:
				left = append(left, reason)
			}
		}
		if len(left) == 0 {
			return access.Allowed, nil
		}
		if code == access.GrantNone {
			code, reasons = left[0].Code, left
		}
	}
	return code, reasons
}

// consentEntry is the entry of a consent given, or refused.
func (g *Gate) consentEntry(p *proposal, c *ConsentCall, id string) (*ledger.Entry, error) {
	members := map[string]any{
		"connection": p.connection(), "system": p.caller(), "request": c.RequestID, "transaction": c.Transaction,
		"consent": id, "procedure": c.Procedure, "case": c.Case, "fields": c.Fields,
		"until": c.Until.UTC().Format(ledger.TimeLayout), "evidenceKind": c.EvidenceKind, "evidenceSHA256": c.EvidenceSHA256,
		"status": "claimed", "credential": c.Thumbprint.String(),
	}
	if a := p.standing.Agency; a != nil {
		members["agency"] = a.Code
	}
	e, err := ledger.EventEntry("consent.given", ledger.Actor{Kind: "system", ID: p.caller(), Address: c.Address.String()}, members)
	if err != nil {
		return nil, err
	}
	keys, err := json.Marshal(map[string]string{"pin": c.PIN})
	if err != nil {
		return nil, err
	}
	e.RequestID = c.RequestID
	e.Add(ledger.PartKeys, keys)
	e.Find(ledger.TermPerson, c.PIN)
	return e, nil
}
