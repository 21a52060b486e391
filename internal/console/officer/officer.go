// Package officer is the desk of an agency's officer: the look-up, the fastest
// honest way to it, and what the officer looked up before.
//
// A look-up here is a call like any system's: it goes through the gate, which
// decides, counts and writes the entry, and reads the officer's session and
// rights again at the commit. The page offers only what would be granted and
// decides nothing (TestDeskOnlyOffers). Every form carries a fresh transaction
// id, so that sending it twice is one call (TestAnOfficersDay in package
// console).
package officer

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"dancu/internal/access"
	"dancu/internal/console/agency"
	"dancu/internal/console/i18n"
	"dancu/internal/gate"
	"dancu/internal/identity"
	"dancu/internal/ledger"
	"dancu/internal/manual"
	"dancu/internal/web"
)

// Desk answers look-ups; the gate does.
type Desk interface {
	// Do answers one call, or refuses it with a *gate.Refusal. What it answers is
	// in the log.
	Do(ctx context.Context, c *gate.Call) (*gate.Answer, error)
	// Directory is the present picture of everybody's standing.
	Directory() *access.Directory
	// Used is what a connection has used of its limit.
	Used(ctx context.Context, c *access.Connection) (gate.Used, error)
}

// Log is the log as an officer reads it: every reading is itself an entry.
type Log interface {
	Search(ctx context.Context, reader ledger.Reader, q ledger.Query) (*ledger.Result, error)
	Read(ctx context.Context, reader ledger.Reader, people []string, indexes ...int64) (*ledger.Result, error)
}

// Pages are the handlers.
type Pages struct {
	desk    Desk
	log     Log
	board   Board
	limiter *web.Limiter
}

// rate is how fast one session may look up: faster than a person works, far
// slower than a program that wants the register.
var rate = web.Rate{PerSecond: 1, Burst: 15}

// sessions is how many sessions' rates are remembered.
const sessions = 50_000

// Board is what an agency's administrator tells its officers.
type Board interface {
	Notices(ctx context.Context, agency string) ([]manual.Notice, error)
}

// New returns the pages over the gate, the log and the board.
func New(d Desk, l Log, b Board) *Pages {
	return &Pages{desk: d, log: l, board: b, limiter: web.NewLimiter(sessions)}
}

// Left is what a connection has used of its limit, for the pages of its agency.
func Left(d Desk) func(ctx context.Context, c *access.Connection) (agency.Left, error) {
	return func(ctx context.Context, c *access.Connection) (agency.Left, error) {
		u, err := d.Used(ctx, c)
		return agency.Left{Calls: u.MostCalls, People: u.MostPeople, Reset: u.Reset}, err
	}
}

// preset is a procedure an officer may look up for, on one connection, with
// the grants that were given for it.
type preset struct {
	connection *access.Connection
	system     access.Text
	agency     *access.Agency
	procedure  string
	grants     map[access.Service]*access.Grant
}

// key names the preset in an address; it names no person.
func (p *preset) key() string { return p.connection.ID + "," + p.procedure }

// service returns the service that is asked for if there is a grant for it,
// else the first there is.
func (p *preset) service(asked string) access.Service {
	if s, ok := access.ParseService(asked); ok && p.grants[s] != nil {
		return s
	}
	return p.services()[0]
}

// offered are the services of the desk, the look-up first.
var offered = []access.Service{access.Lookup, access.Verify, access.Search, access.Household}

// services are those there is a grant for, the look-up first.
func (p *preset) services() (out []access.Service) {
	for _, s := range offered {
		if p.grants[s] != nil {
			out = append(out, s)
		}
	}
	return out
}

// presets are what an officer may do now: the rights given, as far as the
// connections still have them and their term runs. What binds is decided at
// the commit.
func presets(dir *access.Directory, rights identity.Rights, now time.Time) (out []*preset) {
	for id, grants := range rights {
		s := dir.StandingOf(id)
		if s.Connection == nil {
			continue
		}
		by := map[string]*preset{}
		for i := range s.Connection.Grants {
			g := &s.Connection.Grants[i]
			if !slices.Contains(grants, g.ID) || now.Before(g.From) || !now.Before(g.Until) {
				continue
			}
			for _, proc := range g.Procedures {
				p := by[proc]
				if p == nil {
					p = &preset{connection: s.Connection, system: s.Owner.Name, agency: s.Agency, procedure: proc, grants: map[access.Service]*access.Grant{}}
					by[proc] = p
					out = append(out, p)
				}
				// Of several grants the gate takes the one of lowest id.
				if old := p.grants[g.Service]; old == nil || g.ID < old.ID {
					p.grants[g.Service] = g
				}
			}
		}
	}
	slices.SortFunc(out, func(a, b *preset) int {
		return cmp.Or(strings.Compare(a.procedure, b.procedure), strings.Compare(a.connection.ID, b.connection.ID))
	})
	return out
}

// wish is what a form asks for, by the purpose and service it names. It may be
// open since before a right was taken away: then the look-up is still the one
// that was asked, never another in its place, and the gate refuses it and has
// it in the log. The preset is nil for what the officer's agency never had.
func wish(dir *access.Directory, ps []*preset, agency, purpose, service string) (*preset, access.Service) {
	var p *preset
	for _, x := range ps {
		if x.key() == purpose {
			p = x
		}
	}
	switch {
	case p != nil:
	case purpose != "":
		p = lost(dir, agency, purpose)
	case len(ps) > 0:
		p = ps[0]
	}
	if p == nil {
		return nil, access.NoService
	}
	s, ok := access.ParseService(service)
	switch {
	case ok && slices.Contains(offered, s):
		return p, s
	case service == "" && len(p.grants) > 0:
		return p, p.services()[0]
	}
	return nil, access.NoService
}

// lost is a preset that the officer has not, on one of the agency's own
// connections.
func lost(dir *access.Directory, agency, key string) *preset {
	id, procedure, _ := strings.Cut(key, ",")
	s := dir.StandingOf(id)
	if _, err := access.ParseProcedure(procedure); err != nil || s.Connection == nil || s.Owner == nil || s.Agency == nil || s.Agency.ID != agency {
		return nil
	}
	p := &preset{connection: s.Connection, system: s.Owner.Name, agency: s.Agency, procedure: procedure, grants: map[access.Service]*access.Grant{}}
	for _, o := range offered {
		p.grants[o] = asTyped(o)
	}
	return p
}

// asTyped reads a look-up without a grant out of its form: what was typed is
// what the gate is asked, and refuses.
func asTyped(s access.Service) *access.Grant {
	keys := access.Keys(access.KeyPIN, access.KeyCMND, access.KeyFullName, access.KeyDateOfBirth)
	if s == access.Search {
		keys = access.Keys(access.KeyFullName, access.KeyDateOfBirth, access.KeyProvince, access.KeySex)
	}
	return &access.Grant{Service: s, Fields: access.AllFields, Keys: []access.KeySet{keys, 0}}
}

// find returns the preset of that key, else the first; nil if there is none.
func find(ps []*preset, key string) *preset {
	for _, p := range ps {
		if p.key() == key {
			return p
		}
	}
	if len(ps) > 0 {
		return ps[0]
	}
	return nil
}

// judgeCase says what is wrong with a case code as far as that can be told
// before the call, "" if nothing is, and the day in it.
func judgeCase(l i18n.Lang, a *access.Agency, code string, now time.Time) (wrong string, day access.Date) {
	if code == "" {
		return l.T(i18n.CaseMissing), day
	}
	c, err := access.ParseCase(code)
	switch {
	case err != nil:
		return l.T(i18n.CaseWrong, exampleCase(a, now)), day
	case c.Date.After(access.DateOf(now)):
		return l.T(i18n.CaseFuture), day
	case c.AgencyCode != a.Code && !slices.Contains(a.Codes, c.AgencyCode):
		return l.T(i18n.CaseOther, c.AgencyCode), day
	}
	return "", c.Date
}

// exampleCase is how a case of that agency looks.
func exampleCase(a *access.Agency, now time.Time) string {
	return a.Code + "-" + now.In(access.Zone).Format("060102") + "-0001"
}

// tidyCase takes a case code as people type it: without blanks, in capitals.
func tidyCase(s string) string {
	return strings.ToUpper(strings.Join(strings.Fields(s), ""))
}

// tidyDigits takes a number as people type it: without blanks and dots.
func tidyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '.' || r == '-' || r == '\u00a0' {
			return -1
		}
		return r
	}, s)
}

// readDay reads a date as people type it: dd/mm/yyyy with any of / . - or no
// signs, yyyy-mm-dd, or a year. It returns the register's form.
func readDay(s string) (string, bool) {
	s = strings.TrimSpace(s)
	for _, layout := range []string{"02/01/2006", "2/1/2006", "02-01-2006", "2-1-2006", "02.01.2006", "2.1.2006", "02012006", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.Format(time.DateOnly), true
		}
	}
	if t, err := time.Parse("2006", s); err == nil {
		return t.Format("2006"), true
	}
	return "", false
}
