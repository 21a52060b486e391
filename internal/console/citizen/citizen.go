// Package citizen is what people see about themselves: who looked at their data,
// when, for which procedure and under which law, in plain words; the proof to
// take along; and a question or complaint about that very entry (guarantee G8).
//
// Everything is read by the number that the session proves, or by that of
// somebody the register says they represent, asked anew at each request; an
// entry that is not about that person, or under seal, is not there, whatever
// address is typed (TestACitizenAsks, TestSealedIsNotThere in package
// console). Whom
// somebody looks at, and what they look for, stands in no address (guarantee
// G10): it is kept under an id for their session.
//
// Which officer it was is not shown: the law that was read lets people know of
// the processing, and does not say that they learn an official's name. The
// agency answers for its officers, and the log has each of them.
package citizen

import (
	"context"
	"net/http"
	"time"

	"dancu/internal/access"
	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/desk"
	"dancu/internal/fault"
	"dancu/internal/identity"
	"dancu/internal/ledger"
	"dancu/internal/web"
)

// Log is the log as it is read here.
type Log interface {
	Search(ctx context.Context, reader ledger.Reader, q ledger.Query) (*ledger.Result, error)
	// Take is a reading for what is taken away: the entry says so.
	Take(ctx context.Context, reader ledger.Reader, people []string, indexes ...int64) (*ledger.Result, error)
	Receipt(ctx context.Context, r *ledger.Record, show func(*ledger.Part) bool) ([]byte, error)
	Since(ctx context.Context) (time.Time, error)
}

// Represented is somebody whom a person represents, by the register.
type Represented struct {
	PIN, Name string
	// Relation is what the person is to them: "father", "mother" or
	// "representative".
	Relation string
}

// People says who represents whom. It reads the register, and each reading is an
// entry that names both, acknowledged before it returns.
type People interface {
	AllRepresented(ctx context.Context, reader ledger.Reader, pin string) ([]Represented, error)
	// Represent is fault.NotFound if the one does not represent the other.
	Represent(ctx context.Context, reader ledger.Reader, pin, other string) (Represented, error)
}

// Desk takes questions and complaints.
type Desk interface {
	Open(ctx context.Context, by desk.Asker, d desk.Draft) (id string, err error)
	Mine(ctx context.Context, pin, id string) (*desk.Request, error)
	ListMine(ctx context.Context, pin string, f desk.Filter) (desk.List, error)
	Close(ctx context.Context, by desk.Asker, id string) error
}

// Month is what is published of a month: how many calls there were, those under
// seal among them.
type Month struct {
	From              time.Time
	Answered, Refused int64
}

// Config is what the pages are made of.
type Config struct {
	Log    Log
	People People
	Desk   Desk
	// Directory is the present picture of the agencies, for their names.
	Directory func() *access.Directory
	// Procedure is the name of a procedure on a day; false if nobody knows it.
	Procedure func(code string, on time.Time) (access.Text, bool)
	// Totals are the published months, newest first.
	Totals func(ctx context.Context) ([]Month, error)
	// VerifierKey is the log's public key.
	VerifierKey string
}

// Pages are the handlers.
type Pages struct{ c Config }

// New returns the pages.
func New(c Config) *Pages { return &Pages{c} }

const (
	perPage    = 30
	maxAgency  = 100
	monthShape = "2006-01"
)

// view is what somebody looks at: whose data, and what of it. It is kept for the
// session and stands in addresses by its id alone.
type view struct {
	Person      string // the number of somebody represented; "" for the own
	Agency      string // part of the agency's name or code, as typed
	From, Until string // months, "2006-01"; "" for no bound
}

// subject is whose data is looked at, as proven for this request.
type subject struct {
	view
	id   string // of the view; "" where it is the plain own list
	self string // the number of who is signed in
	pin  string // whose data it is
	who  Represented
}

// own reports whether it is the visitor's own data.
func (s *subject) own() bool { return s.pin == s.self }

// owner is under what views are kept: citizens have no account, so it is their
// session.
func owner(v *site.Visit) string { return "citizen/" + v.Session.ID }

// savedView is the kind of what is kept of a citizen's pages.
const savedView = "citizen"

// keep keeps what is looked at, for this session alone, and returns its id.
func (p *Pages) keep(r *http.Request, v *site.Visit, x view) (string, error) {
	return v.Searches.Save(r.Context(), owner(v), savedView, x)
}

// kept is what was looked at under an id; errGone if it is no longer there.
func (p *Pages) kept(r *http.Request, v *site.Visit, id string) (x view, err error) {
	there, err := v.Searches.Find(r.Context(), owner(v), savedView, id, &x)
	if err == nil && !there {
		err = errGone
	}
	return x, err
}

// errGone says that a view is no longer kept.
var errGone = &web.Problem{
	Status: http.StatusGone, Code: "request.invalid",
	Title:  web.Text{VI: i18n.VI.T(i18n.MeGoneTitle), EN: i18n.EN.T(i18n.MeGoneTitle)},
	Detail: web.Text{VI: i18n.VI.T(i18n.MeGone), EN: i18n.EN.T(i18n.MeGone)},
}

// subject finds out whose data a request is about, and proves it.
func (p *Pages) subject(r *http.Request, v *site.Visit, id string) (*subject, error) {
	pin, err := v.Identity.PersonOf(r.Context(), v.Session.ID)
	if err != nil {
		return nil, err
	}
	s := &subject{id: id, self: pin, pin: pin}
	if id == "" {
		return s, nil
	}
	if s.view, err = p.kept(r, v, id); err != nil {
		return nil, err
	}
	if s.Person == "" {
		return s, nil
	}
	s.who, err = p.c.People.Represent(r.Context(), reader(v, i18n.MeForReason), pin, s.Person)
	if fault.Is(err, fault.NotFound) {
		return nil, errGone
	}
	s.pin = s.Person
	return s, err
}

// reader is the visitor as a reader of the log.
func reader(v *site.Visit, reason i18n.Msg) ledger.Reader {
	return v.ReaderOf(i18n.VI.T(reason), identity.SeeOwnRecord)
}

// path is an address with the view in it.
func (s *subject) path(to string, pairs ...string) string {
	return site.With(to, append([]string{"of", s.id}, pairs...)...)
}
