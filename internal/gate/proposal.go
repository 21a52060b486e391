package gate

import (
	"encoding/hex"
	"strings"
	"time"
	"unicode/utf8"

	"dancu/internal/access"
	"dancu/internal/ledger"
	"dancu/internal/register"
	"dancu/verify"
)

// proposal is a call on its way through the commit. Until it is put into the
// queue it is its caller's, then the committer's, and its caller's again when
// done is closed.
type proposal struct {
	call     *Call
	dir      *access.Directory // the picture the standing was taken from
	standing access.Standing
	officer  *access.OfficerStanding // whose session it is, in dancu's own console
	request  access.Request
	decision access.Decision

	fetched bool // whether the register was asked
	found   []*register.Person
	tooMany bool
	people  []*register.Person // of found, those the grant may see
	match   bool

	tokens   [][16]byte // pseudonyms of the people it counts for its case
	entry    *ledger.Entry
	verified bool        // what entry says of the officer
	seal     access.Seal // what entry says of a seal; the zero Seal is none
	key      callKey

	// What the count of refusals said, however often the call is decided.
	taken access.Code
	own   bool

	// The outcome.
	done  chan struct{}
	again bool  // the standing changed so that the fetch must be done (again)
	err   error // not acknowledged
	code  access.Code
	reas  []access.Reason
	index int64         // of its entry, or of the first call's; -1 if in a summary
	first string        // result of the first call, for a replay
	wait  time.Duration // when to try again, for service.busy
	usage Usage
}

// callKey is what ledger.CallKey gives.
type callKey = [24]byte

// request is the call as the decision sees it.
func (c *Call) request() access.Request {
	r := access.Request{
		Service: c.Service, Channel: c.Channel, Address: c.Address, Build: c.Build, Represented: c.Represented,
		Keys: c.Keys.Set(), Fields: c.Fields, Procedure: c.Procedure, Case: c.Case, Officer: c.Officer,
		Consent: c.Consent, Province: c.Keys.Province,
	}
	if c.Service == access.Verify {
		r.Fields = c.Claims.Fields()
	}
	return r
}

// readable reports whether every text of the call is UTF-8 without NUL: what
// is not could neither be stored nor read back from an entry. The edge has
// looked already; nothing here relies on it.
func (c *Call) readable() bool {
	ok := func(s string) bool { return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 }
	for _, s := range [...]string{
		c.Transaction, c.RetryOf, c.Build, c.RequestID, c.Represented, c.Keys.PIN, c.Keys.CMND, c.Keys.FullName,
		c.Keys.DateOfBirth, c.Keys.Sex, c.Keys.Province, c.Procedure, c.Case, c.Officer.ID, c.Officer.Address,
		c.Officer.Session, c.Consent, c.Connection,
	} {
		if !ok(s) {
			return false
		}
	}
	for _, s := range c.Claims {
		if !ok(s) {
			return false
		}
	}
	return true
}

// connection is the id of the connection called on, "" if there is none.
func (p *proposal) connection() string {
	if p.standing.Connection == nil {
		return ""
	}
	return p.standing.Connection.ID
}

// refusal is the answer to a call that was refused.
func (p *proposal) refusal() *Refusal {
	return &Refusal{Code: p.code, Reasons: p.reas, Index: p.index, First: p.first, RetryAfter: p.wait, Usage: p.usage}
}

// refuse sets the outcome to a refusal without reasons of the decision.
func (p *proposal) refuse(code access.Code) {
	p.code, p.reas = code, []access.Reason{{Code: code}}
}

// caller is the system whose call it is: whose transaction ids must differ.
func (p *proposal) caller() string {
	if p.standing.System == nil {
		return ""
	}
	return p.standing.System.ID
}

// see keeps of the people found those the grant may see: unknown, protected
// and out-of-territory people read alike.
func (p *proposal) see() {
	p.people, p.match = p.people[:0], false
	g := p.decision.Grant
	if g == nil {
		return
	}
	for i, f := range p.found {
		if access.Visible(g, f.Subject) && access.ConsentCovers(&p.standing, f.PIN) {
			p.people = append(p.people, f)
		} else if p.call.Service == access.Household && i == 0 {
			return // the person asked for must not be told apart by the others
		}
	}
	p.match = p.call.Service == access.Verify && len(p.people) == 1
}

// subject returns the PIN that a consent must be of: the one asked for,
// whether or not there is such a person, so that a consent of one person tells
// nothing about another. A search names nobody; see keeps to the consent's
// person there.
func (p *proposal) subject() string {
	switch {
	case p.call.Keys.PIN != "" || p.call.Service == access.Search:
		return p.call.Keys.PIN
	case len(p.found) > 0:
		return p.found[0].PIN
	case p.fetched:
		return "nobody"
	}
	return ""
}

// build makes the entry for the present decision, and the pseudonyms.
func (g *Gate) build(p *proposal) error {
	p.see()
	p.tokens = p.tokens[:0]
	p.entry = nil
	c := p.call
	p.seal = p.sealed(g.cfg.Main.Clock())
	e := ledger.NewEntry(kindOf(c.Service), p.connection())
	e.RequestID = c.RequestID
	p.key = ledger.CallKey(p.caller(), c.Transaction)
	e.Call = p.key[:]
	e.Parts = make([]ledger.Part, 0, 4+len(p.people))
	e.Terms = make([]ledger.Term, 0, 12+len(p.people))
	g.addAccess(e, p)
	b := make([]byte, 0, 192)
	b = appendMembers(b, "address", c.Officer.Address, "id", c.Officer.ID, "session", c.Officer.Session)
	b = append(b[:len(b)-1], `,"verified":`...)
	p.verified = p.request.Officer.Verified
	if p.verified {
		b = append(b, "true}"...)
	} else {
		b = append(b, "false}"...)
	}
	if b[1] == ',' { // none of the texts was given
		b = append(b[:1], b[2:]...)
	}
	e.Add(ledger.PartOfficer, b)
	e.Find(ledger.TermOfficer, c.Officer.ID)
	e.Find(ledger.TermAddress, c.Officer.Address)
	k := &c.Keys
	name, birth := k.FullName, k.DateOfBirth
	if c.Service == access.Verify {
		name, birth = c.Claims[access.FullName], c.Claims[access.DateOfBirth]
	}
	e.Add(ledger.PartKeys, appendMembers(nil, "cmnd", k.CMND, "dateOfBirth", birth, "fullName", name,
		"pin", k.PIN, "province", k.Province, "sex", k.Sex))
	e.Find(ledger.TermPerson, k.PIN)
	e.Find(ledger.TermPerson, k.CMND)
	if p.decision.Allowed() {
		if err := g.addSubjects(e, p); err != nil {
			return err
		}
	}
	p.entry = e
	return nil
}

// addSubjects adds a part for every person disclosed or matched, and counts
// them for the case; a call that found nobody counts the number asked for, so
// that a case cannot be used to try numbers.
func (g *Gate) addSubjects(e *ledger.Entry, p *proposal) error {
	c := p.call
	for i, person := range p.people {
		kind, fields := "consult", c.Fields
		switch {
		case c.Service == access.Verify:
			kind, fields = "verify", 0
		case c.Service == access.Search, c.Service == access.Household && i > 0:
			kind = "listed"
		}
		b := append(make([]byte, 0, 160), `{"access":"`...)
		b = append(b, kind...)
		b = append(b, `",`...)
		b = appendFields(b, "fields", fields)
		b = append(b, `"pin":"`...)
		b = append(b, person.PIN...)
		b = append(b, `"}`...)
		part := e.Add(ledger.PartSubject, b)
		// The receipt must not tell a number that the answer does not.
		part.Withheld = person.PIN != c.Keys.PIN && !fields.Has(access.PIN)
		if person.PIN != c.Keys.PIN {
			e.Find(ledger.TermPerson, person.PIN)
		}
		token, err := g.log.Pseudonym(person.PIN)
		if err != nil {
			return err
		}
		p.tokens = append(p.tokens, token)
	}
	if len(p.people) == 0 && c.Keys.Set()&access.Keys(access.KeyPIN, access.KeyCMND) != 0 {
		token, err := g.log.Pseudonym(c.Keys.PIN + c.Keys.CMND)
		if err != nil {
			return err
		}
		p.tokens = append(p.tokens, token)
	}
	return nil
}

// addAccess adds the part that tells who asked, through what and for what.
func (g *Gate) addAccess(e *ledger.Entry, p *proposal) {
	c, s := p.call, &p.standing
	var agency, owner, connection string
	if s.Agency != nil {
		agency = s.Agency.Code
	}
	if s.Owner != nil && s.System != nil && s.Owner.ID != s.System.ID {
		owner = s.Owner.ID
	} else if s.Owner == nil {
		owner = c.Represented
	}
	connection = p.connection()
	b := make([]byte, 0, 768)
	b = append(b, '{')
	b = appendMember(b, "agency", agency)
	b = appendFields(b, "asked", p.request.Fields)
	b = appendMember(b, "build", c.Build)
	b = appendMember(b, "case", c.Case)
	b = appendMember(b, "channel", string(c.Channel))
	b = appendMember(b, "connection", connection)
	b = appendMember(b, "consent", c.Consent)
	if c.Channel != access.ChannelPortal {
		b = append(b, `"credential":"`...)
		b = hex.AppendEncode(b, c.Thumbprint[:])
		b = append(b, `",`...)
	}
	if gr := p.decision.Grant; gr != nil {
		b = appendMember(b, "grant", gr.ID)
		b = appendMember(b, "grantHash", gr.Hash)
		b = appendMember(b, "legalBasis", gr.LegalBasis.VI)
	}
	b = appendMember(b, "procedure", c.Procedure)
	b = appendMember(b, "represented", owner)
	b = appendMember(b, "request", c.RequestID)
	b = appendMember(b, "retryOf", c.RetryOf)
	if p.seal.Procedure != "" {
		b = appendSeal(b, &p.seal, g.cfg.Main.Clock())
	}
	b = appendMember(b, "service", c.Service.String())
	b = appendMember(b, "source", c.Address.String())
	b = appendMember(b, "system", p.caller())
	b = appendMember(b, "transaction", c.Transaction)
	b[len(b)-1] = '}'
	e.Add(ledger.PartAccess, b)
	e.Find(ledger.TermAgency, agency)
	e.Find(ledger.TermCase, c.Case)
	e.Find(ledger.TermConnection, connection)
	e.Find(ledger.TermProcedure, c.Procedure)
	e.Find(ledger.TermSystem, owner)
	e.Find(ledger.TermRequest, c.RequestID)
	e.Find(ledger.TermSystem, p.caller())
	e.Find(ledger.TermTransaction, c.Transaction)
}

// appendMember appends "name":"value", unless value is empty.
func appendMember(b []byte, name, value string) []byte {
	if value == "" {
		return b
	}
	b = append(b, '"')
	b = append(b, name...)
	b = append(b, `":`...)
	b = verify.AppendString(b, value)
	return append(b, ',')
}

// appendMembers appends an object of the non-empty pairs, which must come in
// the order of their names.
func appendMembers(b []byte, pairs ...string) []byte {
	b = append(b, '{')
	for i := 0; i < len(pairs); i += 2 {
		b = appendMember(b, pairs[i], pairs[i+1])
	}
	if b[len(b)-1] == ',' {
		b[len(b)-1] = '}'
		return b
	}
	return append(b, '}')
}

// appendFields appends "name":[fields] in the law's order, unless there are
// none.
func appendFields(b []byte, name string, fields access.FieldSet) []byte {
	if fields == 0 {
		return b
	}
	b = append(b, '"')
	b = append(b, name...)
	b = append(b, `":[`...)
	for f := range fields.All() {
		b = append(b, '"')
		b = append(b, f.String()...)
		b = append(b, `",`...)
	}
	b[len(b)-1] = ']'
	return append(b, ',')
}

// kindOf is the kind of a call's entry.
func kindOf(s access.Service) string { return "call." + s.String() }
