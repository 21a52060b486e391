// Package site is the frame in which every page of the console is served: who
// is visiting, who may, what a form says, and how a page is sent.
//
// A route is a pattern, who may, and a handler ([Route]); who may is asked
// before the handler sees the request, and what no route names there is not
// (TestNothingIsAllowedByDefault). Whose accounts, sessions or entries an act
// concerns, the area asks again in the act's own transaction.
package site

import (
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"dancu/internal/console/i18n"
	"dancu/internal/console/ui"
	"dancu/internal/draft"
	"dancu/internal/fault"
	"dancu/internal/identity"
	"dancu/internal/web"
	frontend "dancu/web"
)

// Site is what all pages share.
type Site struct {
	// Assets are the stylesheet, script and icons.
	Assets *frontend.Assets
	// Identity knows who is signed in; nil: nobody can sign in, and only what
	// anybody may see is there.
	Identity *identity.Store
	// Secure says that browsers come over HTTPS: then the cookies bear the
	// prefix __Host- and never travel otherwise.
	Secure bool
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	Log *slog.Logger
	// Searches are the saved searches of everybody signed in; nil where nobody
	// can sign in.
	Searches Searches
	// Drafts keep what is typed into long forms; nil: nothing is kept.
	Drafts *draft.Store
}

// now returns the present moment.
func (s *Site) now() time.Time {
	if s.Now != nil {
		return s.Now()
	}
	return time.Now()
}

// May says who may use a route. The zero May is nobody.
type May struct {
	public bool
	acts   []identity.Act
}

// Anybody may, signed in or not.
var Anybody = May{public: true}

// Those may whose kind of account may do one of these acts.
func Those(acts ...identity.Act) May { return May{acts: acts} }

// Everybody who is signed in may, citizens too.
var Everybody = Those(identity.OwnAccount, identity.SeeOwnRecord)

// Public reports whether no sign-in is asked for.
func (m May) Public() bool { return m.public }

// Kind reports whether accounts of this kind may.
func (m May) Kind(k identity.Kind) bool {
	return m.public || slices.ContainsFunc(m.acts, func(a identity.Act) bool { return identity.May(k, a) })
}

// Handler answers a request of a visitor who may.
type Handler func(w http.ResponseWriter, r *http.Request, v *Visit) error

// Route is one line of the site map.
type Route struct {
	// Pattern is "METHOD /path", as for http.ServeMux.
	Pattern string
	May     May
	Handler Handler
	// Keeps says that what is typed into this form is kept: there is a page of
	// the same address (TestWhatKeepsHasItsPage in package console).
	Keeps bool
}

// Visit is one request of somebody, who may be nobody.
type Visit struct {
	*Site
	Lang i18n.Lang
	// Session is whose it is; nil while nobody is signed in.
	Session *identity.Session
	// From is where the request comes from.
	From identity.Client
	url  *http.Request
	// over says why there is no session although the browser had one.
	over identity.Code
}

// Serve makes a web.Handler of a route.
func (s *Site) Serve(route Route) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, err := s.visit(w, r)
		if err != nil {
			return err
		}
		w.Header().Add("Vary", "HX-Request")
		switch {
		case route.May.public:
		case v.Session == nil && route.Keeps && r.Method == http.MethodPost:
			return v.park(w, r)
		case v.Session == nil:
			return v.toSignIn(w, r)
		case !route.May.Kind(v.Session.Account.Kind):
			return Forbidden()
		}
		return Problem(route.Handler(w, r, v))
	}
}

// Forbidden is the problem of a page that the visitor's kind does not use.
func Forbidden() error {
	return &web.Problem{
		Status: http.StatusForbidden, Code: "auth.forbidden",
		Title:  text(i18n.ForbiddenTitle),
		Detail: text(i18n.ForbiddenText),
	}
}

// text is a message in both languages.
func text(m i18n.Msg, args ...any) web.Text {
	return web.Text{VI: i18n.VI.T(m, args...), EN: i18n.EN.T(m, args...)}
}

// visit finds out who is visiting.
func (s *Site) visit(w http.ResponseWriter, r *http.Request) (*Visit, error) {
	v := s.Nobody(r)
	if s.Identity == nil {
		return v, nil
	}
	token := s.cookie(r, sessionCookie)
	if token == "" {
		return v, nil
	}
	session, err := s.Identity.Use(r.Context(), token, v.From)
	switch {
	case err == nil:
		v.Session = session
	case fault.Is(err, fault.Unauthenticated):
		// The browser need not send it again; what was the matter is said on the
		// page that asks for a new sign-in.
		s.dropCookie(w, sessionCookie)
		v.over = identity.CodeOf(err)
	default:
		return nil, err
	}
	return v, nil
}

// Visitor is who sends r; where that cannot be told, nobody: it is for pages
// about what went wrong.
func (s *Site) Visitor(w http.ResponseWriter, r *http.Request) *Visit {
	v, err := s.visit(w, r)
	if err != nil {
		return s.Nobody(r)
	}
	return v
}

// Nobody is a visit of whoever sends r, not signed in.
func (s *Site) Nobody(r *http.Request) *Visit {
	return &Visit{
		Site: s, Lang: i18n.Of(r), url: r,
		From: identity.Client{Address: web.RemoteAddr(r), Agent: r.UserAgent()},
	}
}

// Actor is the visitor as who does an act.
func (v *Visit) Actor() identity.Actor {
	if v.Session == nil {
		return identity.Actor{From: v.From}
	}
	return v.Session.Actor(v.From)
}

// T is a text in the visitor's language.
func (v *Visit) T(m i18n.Msg, args ...any) string { return v.Lang.T(m, args...) }

// Kind is the visitor's kind of account, "" for nobody.
func (v *Visit) Kind() identity.Kind {
	if v.Session == nil {
		return ""
	}
	return v.Session.Account.Kind
}

// Page begins the description of a page.
func (v *Visit) Page(title i18n.Msg) ui.Page {
	p := ui.Page{Lang: v.Lang, Title: v.T(title), URL: v.url.URL, Assets: v.Assets}
	if v.Identity == nil {
		return p
	}
	p.Scripted, p.SignIn = true, v.Session == nil
	if v.Session != nil {
		a := v.Session.Account
		p.Account, p.Role = a.Name, KindName(v.Lang, a.Kind)
		if p.Account == "" {
			p.Account = p.Role
		}
		p.Menu = Here(Menu(v.Lang, a.Kind), v.url.URL.Path)
	}
	return p
}

// Here marks the entry of a menu that a page belongs to: the nearest above it.
func Here(menu []ui.Entry, path string) []ui.Entry {
	best := -1
	for i, e := range menu {
		if e.Href == path || e.Href != "/" && strings.HasPrefix(path, strings.TrimSuffix(e.Href, "/")+"/") {
			if best < 0 || len(e.Href) > len(menu[best].Href) {
				best = i
			}
		}
	}
	if best >= 0 {
		menu[best].Here = true
	}
	return menu
}

// toSignIn sends whoever is not signed in to the sign-in, and back afterwards.
func (v *Visit) toSignIn(w http.ResponseWriter, r *http.Request) error {
	to := "/sign-in"
	var q []string
	if why := v.why(); why != "" {
		q = append(q, "why="+why)
	}
	if r.Method == http.MethodGet {
		if next := Next(r.URL.RequestURI()); next != "" && next != "/" {
			q = append(q, "next="+escape(next))
		}
	}
	if len(q) > 0 {
		to += "?" + strings.Join(q, "&")
	}
	v.Redirect(w, r, to)
	return nil
}

// why says why there is no session although the browser had one, as the
// sign-in is told; "" if it had none.
func (v *Visit) why() string {
	switch v.over {
	case identity.SessionTimedOut:
		return "time"
	case "":
		return ""
	}
	return "ended"
}

// Redirect sends the browser to a page of the site, after a form too; a
// fragment's request leaves the whole page.
func (v *Visit) Redirect(w http.ResponseWriter, r *http.Request, to string) {
	w.Header().Set("Cache-Control", "no-store")
	if Fragment(r) {
		w.Header().Set("HX-Redirect", to)
		w.WriteHeader(http.StatusOK)
		return
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// Fragment reports whether the script asks for a part of the page.
func Fragment(r *http.Request) bool { return r.Header.Get("HX-Request") == "true" }

// Home is where an account's work begins.
func Home(k identity.Kind) string {
	switch k {
	case identity.AgencyOfficer:
		return "/look-up"
	case identity.AgencyAdmin:
		return "/agency"
	case identity.Onboarder, identity.Assessor, identity.Supervisor, identity.Support, identity.Administrator:
		return "/operator"
	case identity.Inspector:
		return "/log"
	case identity.Citizen:
		return "/me"
	}
	return "/"
}

// Moment is the present moment, for what a page shows.
func (v *Visit) Moment() time.Time { return v.now() }

// Stamp is the present moment in the name of a file, in UTC.
func (v *Visit) Stamp() string { return v.now().UTC().Format("20060102-150405") }

// Said is what the accounts say of a refusal that belongs on the form it came
// from, "" if the error is none of those.
func (v *Visit) Said(err error) string {
	c := identity.CodeOf(err)
	switch c {
	case "", identity.SessionTimedOut, identity.SessionEnded, identity.NotAllowed, identity.NotThere:
		return ""
	}
	return c.Text(v.Lang.String())
}

// With is an address within the site with a query of the pairs that have a
// value.
func With(path string, pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}
