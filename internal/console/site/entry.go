package site

import (
	"encoding/json"

	"dancu/internal/identity"
	"dancu/internal/ledger"
)

// Call is what a page shows of the entry of a call, taken from its parts.
type Call struct {
	Agency, System, Represented, Connection string
	Procedure, Case, Service, Channel       string
	LegalBasis, Consent, Request            string
	Transaction, Source                     string
	Asked                                   []string
	Officer, OfficerAddress, Session        string
	Verified                                bool
	// Number is the number asked for, or of the one person disclosed; People are
	// the numbers disclosed.
	Number string
	People []string
	Name   string
	Result string
}

// CallOf reads the entry of a call. What is not there stays empty: a body may
// have been removed after its term.
func CallOf(r *ledger.Record) Call {
	var a struct {
		Agency, System, Represented, Connection, Procedure, Case, Service, Channel string
		LegalBasis, Consent, Request, Transaction, Source                          string
		Asked                                                                      []string
	}
	part(r, ledger.PartAccess, &a)
	var o struct {
		ID, Address, Session string
		Verified             bool
	}
	part(r, ledger.PartOfficer, &o)
	var k struct{ PIN, CMND, FullName string }
	part(r, ledger.PartKeys, &k)
	var out struct{ Result string }
	part(r, ledger.PartOutcome, &out)
	c := Call{
		Agency: a.Agency, System: a.System, Represented: a.Represented, Connection: a.Connection, Procedure: a.Procedure, Case: a.Case,
		Service: a.Service, Channel: a.Channel, LegalBasis: a.LegalBasis, Consent: a.Consent, Request: a.Request,
		Transaction: a.Transaction, Source: a.Source, Asked: a.Asked,
		Officer: o.ID, OfficerAddress: o.Address, Session: o.Session, Verified: o.Verified,
		Number: k.PIN, Name: k.FullName, Result: out.Result,
	}
	if c.Number == "" {
		c.Number = k.CMND
	}
	for i := range r.Parts {
		if r.Parts[i].Name != ledger.PartSubject {
			continue
		}
		var s struct{ PIN string }
		if json.Unmarshal(r.Parts[i].Data, &s) == nil && s.PIN != "" {
			c.People = append(c.People, s.PIN)
		}
	}
	if c.Number == "" && len(c.People) == 1 {
		c.Number = c.People[0]
	}
	return c
}

// Event is what a page shows of an entry that is no call.
type Event struct {
	ActorKind, Actor, Address, Session string
	Agency, Connection, Officer        string
	Reason                             string
	Members                            map[string]json.RawMessage
}

// EventOf reads such an entry.
func EventOf(r *ledger.Record) Event {
	var e struct {
		Actor                               ledger.Actor
		Agency, Connection, Officer, Reason string
		Address, Session                    string
	}
	part(r, ledger.PartEvent, &e)
	ev := Event{
		ActorKind: e.Actor.Kind, Actor: e.Actor.ID, Address: e.Actor.Address, Session: e.Actor.Session,
		Agency: e.Agency, Connection: e.Connection, Officer: e.Officer, Reason: e.Reason,
	}
	if ev.Address == "" {
		ev.Address = e.Address
	}
	if ev.Session == "" {
		ev.Session = e.Session
	}
	part(r, ledger.PartEvent, &ev.Members)
	return ev
}

// part decodes a part of an entry; one that is not there, or of a later form,
// leaves v as far as it goes.
func part(r *ledger.Record, name string, v any) {
	if p := r.Part(name); p != nil {
		_ = json.Unmarshal(p.Data, v)
	}
}

// ReaderOf is the visitor as a reader of the log by that act: whoever may no
// longer do it when the reading is told of is given nothing.
func (v *Visit) ReaderOf(reason string, act identity.Act) ledger.Reader {
	a := v.Session.Account
	address := ""
	if v.From.Address.IsValid() {
		address = v.From.Address.Unmap().WithZone("").String()
	}
	id := a.Code
	if id == "" {
		id = string(a.Kind) // a citizen: the entry is found by their number
	}
	return ledger.Reader{
		Actor:  ledger.Actor{Kind: string(a.Kind), ID: id, Address: address, Session: v.Session.ID},
		Reason: reason, Still: v.Identity.Still(v.Actor(), act),
	}
}
