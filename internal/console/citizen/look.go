package citizen

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"dancu/internal/access"
	"dancu/internal/console/agency"
	"dancu/internal/console/i18n"
	"dancu/internal/console/officer"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/ledger"
)

// kindRepresentation is the kind of the entry of somebody who looks on behalf of
// another (gate.KindRepresentation).
const kindRepresentation = "representation.read"

// sight is what became of a person in an entry.
type sight uint8

// The sights.
const (
	nothing     sight = iota // the entry is not about them
	consulted                // their record was disclosed
	matched                  // what was claimed of them was confirmed
	mismatched               // what was claimed of them was not confirmed
	listed                   // they stood in a list of results
	empty                    // they were asked for and nothing was given
	refused                  // they were asked for and the call was refused
	represented              // who represents them looked at this list
)

// look is what an entry says about one person.
type look struct {
	sight
	call     site.Call
	service  access.Service
	fields   access.FieldSet
	relation string         // represented: who looked
	direct   bool           // they were asked for by their number
	seal     *access.Sealed // nil if there is none
}

// lookAt reads an entry as it concerns the person with that number.
func lookAt(r *ledger.Record, pin string) (l look) {
	var keys struct{ PIN string }
	read(r.Part(ledger.PartKeys), &keys)
	l.direct = keys.PIN == pin
	var mine struct {
		PIN, Access, Relation string
		Fields                []string
	}
	for i := range r.Parts {
		if r.Parts[i].Name != ledger.PartSubject {
			continue
		}
		mine.PIN = ""
		if read(&r.Parts[i], &mine); mine.PIN == pin {
			break
		}
	}
	l.fields = access.FieldSet(0)
	if mine.PIN == pin {
		for _, name := range mine.Fields {
			if f, ok := access.ParseField(name); ok {
				l.fields |= access.FieldsOf(f)
			}
		}
	}
	if r.Kind == kindRepresentation {
		if mine.PIN == pin && mine.Relation != "" {
			l.sight, l.relation = represented, mine.Relation
		}
		return l
	}
	if !strings.HasPrefix(r.Kind, "call.") {
		return l
	}
	var a struct{ Seal *access.Sealed }
	if p := r.Part(ledger.PartAccess); p != nil && json.Unmarshal(p.Data, &a) != nil {
		a.Seal = &access.Sealed{} // what cannot be read is not shown
	}
	l.seal = a.Seal
	l.call = site.CallOf(r)
	l.service, _ = access.ParseService(l.call.Service)
	switch {
	case r.Code != "":
		if l.direct {
			l.sight = refused
		}
	case mine.PIN == pin && mine.Access == "verify":
		l.sight = matched
		l.fields = 0
		for _, name := range l.call.Asked {
			if f, ok := access.ParseField(name); ok {
				l.fields |= access.FieldsOf(f)
			}
		}
	case mine.PIN == pin && mine.Access == "listed":
		l.sight = listed
	case mine.PIN == pin:
		l.sight = consulted
	case l.direct && l.service == access.Verify:
		l.sight = mismatched
	case l.direct:
		l.sight = empty
	}
	return l
}

func read(p *ledger.Part, v any) {
	if p != nil {
		_ = json.Unmarshal(p.Data, v) // what is of a later form stays empty
	}
}

// shows says which entries are there for a person at now: those about them that
// are not under seal. That they were represented is for themselves to see.
func (s *subject) shows(now time.Time) func(*ledger.Record) bool {
	return func(r *ledger.Record) bool {
		l := lookAt(r, s.pin)
		return l.sight != nothing && (l.sight != represented || s.own()) && !l.seal.Covers(now)
	}
}

// words are what the kinds of sight are called.
var words = map[sight]struct {
	name i18n.Msg
	tone ui.Tone
	text i18n.Msg
}{
	consulted:   {i18n.MeConsulted, ui.Warn, i18n.MeConsultedText},
	matched:     {i18n.MeMatched, ui.Plain, i18n.MeMatchedText},
	mismatched:  {i18n.MeMismatched, ui.Plain, i18n.MeMismatchedText},
	listed:      {i18n.MeListed, ui.Plain, i18n.MeListedText},
	empty:       {i18n.MeEmpty, ui.Plain, i18n.MeEmptyText},
	refused:     {i18n.MeRefused, ui.Bad, i18n.MeRefusedText},
	represented: {i18n.MeRepresented, ui.Plain, i18n.MeRepresentedText},
}

// row is one look, in plain words.
type row struct {
	Index, Time, Href string
	Word              string
	Tone              ui.Tone
	Text              string
	Agency, System    string
	Procedure, Code   string
	Law, Fields       string
	Service           string
	Who               string // in what capacity somebody looked
	Refusal           string
	Link              string // what the way to its page is called
}

// newRow puts an entry into words for the person it is about.
func (p *Pages) newRow(l i18n.Lang, r *ledger.Record, s *subject) row {
	x := lookAt(r, s.pin)
	w := words[x.sight]
	index := strconv.FormatInt(r.Index, 10)
	out := row{Index: l.Int(r.Index), Time: l.Time(r.Time), Word: l.T(w.name), Tone: w.tone, Text: l.T(w.text), Href: s.path("/me/entry/" + index), Link: l.T(i18n.MeDetails)}
	if x.sight == represented {
		out.Link = l.T(i18n.MeDetailsOnly)
		out.Agency = l.T(i18n.MeYourRepresentative, relationName(l, x.relation))
		return out
	}
	c := x.call
	dir := p.c.Directory()
	out.Agency = agencyName(l, dir, c.Agency)
	if out.Agency == "" {
		out.Agency = l.T(i18n.MeAgencyUnknown)
	}
	out.System = c.System
	if c.Represented != "" {
		out.System = c.Represented
	}
	if sys := dir.System(out.System); sys != nil {
		out.System = l.Text(sys.Name)
	}
	out.Service = agency.ServiceName(l, x.service)
	out.Code = c.Procedure
	out.Procedure = c.Procedure
	if name, ok := p.c.Procedure(c.Procedure, r.Time); ok {
		out.Procedure = l.Text(name)
	}
	out.Law = lawName(l, dir, &c)
	switch x.sight {
	case consulted, listed, matched, mismatched:
		if x.sight == mismatched {
			x.fields = 0
			for _, name := range c.Asked {
				if f, ok := access.ParseField(name); ok {
					x.fields |= access.FieldsOf(f)
				}
			}
		}
		var names []string
		for f := range x.fields.All() {
			names = append(names, officer.FieldName(l, f))
		}
		out.Fields = strings.Join(names, "; ")
	}
	switch {
	case c.Officer == "":
		out.Who = l.T(i18n.MeBySystem)
	case c.Verified:
		out.Who = l.T(i18n.MeByOfficer)
	default:
		out.Who = l.T(i18n.MeByClaimed)
	}
	if x.sight == refused {
		if info, ok := access.Code(r.Code).Info(); ok {
			out.Refusal = l.Text(info.Citizen)
		} else {
			out.Refusal = r.Code
		}
	}
	return out
}

// lawName is the legal basis as it stands in the entry; in another language as
// the grant has it, as long as the grant is the same.
func lawName(l i18n.Lang, dir *access.Directory, c *site.Call) string {
	if conn := dir.Connection(c.Connection); conn != nil {
		for i := range conn.Grants {
			if conn.Grants[i].LegalBasis.VI == c.LegalBasis {
				return l.Text(conn.Grants[i].LegalBasis)
			}
		}
	}
	return c.LegalBasis
}

// agencyName is the name of the agency with that code, or the code.
func agencyName(l i18n.Lang, dir *access.Directory, code string) string {
	for a := range dir.Agencies() {
		if a.Code == code {
			return l.Text(a.Name)
		}
	}
	return code
}

// relationName is what a representative is to whom they represent.
func relationName(l i18n.Lang, relation string) string {
	switch relation {
	case "father":
		return l.T(i18n.RelationFather)
	case "mother":
		return l.T(i18n.RelationMother)
	}
	return l.T(i18n.RelationRepresentative)
}
