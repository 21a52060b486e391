package identity

import (
	"context"
	"net/netip"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"dancu/internal/db"
	"dancu/internal/fault"
	"dancu/internal/ledger"
)

// Client is where a request comes from.
type Client struct {
	Address netip.Addr
	Agent   string // the browser, as it calls itself
}

// maxAgent is how much of a browser's name is kept, in bytes.
const maxAgent = 200

// agent returns the browser's name as it may be kept: printable and bounded.
func (c Client) agent() string {
	s := strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, c.Agent)
	for len(s) > maxAgent {
		_, n := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-n]
	}
	return s
}

// address returns the address as it stands in entries, "" if unknown.
func (c Client) address() string {
	if !c.Address.IsValid() {
		return ""
	}
	return c.Address.Unmap().WithZone("").String()
}

// Actor is who does an act: somebody signed in, whose session, account and kind
// are read again in the act's transaction; a program that holds somebody's key,
// whose key and account are read likewise; or an account of the machine.
type Actor struct {
	Session string       // id of a live session
	Key     string       // id of a live key; then there is no session
	From    Client       // where this request came from
	Local   ledger.Actor // set by the command line alone, without session and key
}

// Actor returns the session's person as an actor.
func (s *Session) Actor(from Client) Actor { return Actor{Session: s.ID, From: from} }

// acting is who does an act, as read in the act's transaction.
type acting struct {
	local   *ledger.Actor // an account of the machine; the rest is then nil
	account *record       // nil for a citizen
	session *sessionRow   // nil while signing in, and for a key
	key     *keyRow       // nil unless a program acts through it
	agency  string        // the account's agency's code
	from    Client
}

// localMay is what an account of the machine may: whoever has that has the
// files. It is what gets a register going, or out of having nobody left, and
// what shuts somebody out in an emergency. It makes no officer and gives no
// right.
var localMay = map[Act]bool{ManageStaff: true, ManageAgencyAdmins: true, ManageOfficers: true, ReleaseLockouts: true, SeeStaff: true}

// may reports whether who acts may do this.
func (w *acting) may(a Act) bool {
	switch {
	case w.local != nil:
		return localMay[a]
	case w.key != nil:
		return MayByKey(w.account.Kind, a)
	}
	return May(w.session.kind, a)
}

// check refuses what who acts may not do.
func (w *acting) check(a Act) error {
	switch {
	case w.may(a):
		return nil
	case w.key != nil && May(w.account.Kind, a):
		return refuse(fault.Forbidden, NotByKey)
	}
	return refuse(fault.Forbidden, NotAllowed)
}

// fresh reports whether the second factor was shown lately enough. A key has
// none to show.
func (s *Store) fresh(r *sessionRow, now time.Time) bool {
	return r != nil && !r.factor.IsZero() && now.Sub(r.factor) <= s.rules().FreshFactor
}

// freshly refuses who acts without a second factor shown lately enough.
func (s *Store) freshly(w *acting, now time.Time) error {
	switch {
	case w.local != nil:
		return refuse(fault.Forbidden, NotAllowed)
	case w.key != nil:
		return refuse(fault.Forbidden, NotByKey)
	case !s.fresh(w.session, now):
		return refuse(fault.Forbidden, FactorStale)
	}
	return nil
}

// who reads who acts. Whoever is not signed in, whose session is over at now or
// whose account is not what it was is fault.Unauthenticated.
func (s *Store) who(ctx context.Context, q db.Querier, by Actor, now time.Time) (*acting, error) {
	if by.Key != "" {
		return s.whoByKey(ctx, q, by, now)
	}
	if by.Session == "" {
		if by.Local.Kind == "" || by.Local.ID == "" {
			return nil, refuse(fault.Unauthenticated, SessionEnded)
		}
		return &acting{local: &by.Local, from: by.From}, nil
	}
	r, err := sessionByID(ctx, q, by.Session)
	if err != nil {
		return nil, err
	}
	return s.whoIn(ctx, q, r, by.From, now)
}

// whoIn is who acts in a session.
func (s *Store) whoIn(ctx context.Context, q db.Querier, r *sessionRow, from Client, now time.Time) (*acting, error) {
	if code := over(r, now); code != "" {
		return nil, refuse(fault.Unauthenticated, code)
	}
	w := &acting{session: r, from: from}
	if r.kind == Citizen {
		return w, nil
	}
	a, err := accountByID(ctx, q, r.account)
	if err != nil {
		return nil, err
	}
	if a == nil || a.State != Active || a.version != r.version {
		return nil, refuse(fault.Unauthenticated, SessionEnded)
	}
	w.account = a
	w.agency, err = s.agencyCode(ctx, q, a.Agency)
	return w, err
}

// over says why a session is over at now, "" if it is not.
func over(r *sessionRow, now time.Time) Code {
	switch {
	case r == nil:
		return SessionEnded
	case !r.ended.IsZero() && (r.why == whyIdle || r.why == whyAbsolute):
		return SessionTimedOut
	case !r.ended.IsZero():
		return SessionEnded
	case !now.Before(r.idleUntil), !now.Before(r.endsBy):
		return SessionTimedOut
	}
	return ""
}

// act runs fn as an act of by, who must be one that may.
func (s *Store) act(ctx context.Context, by Actor, a Act, fn func(tx *ledger.Tx, w *acting) error) error {
	return s.log.Write(ctx, func(tx *ledger.Tx) error {
		w, err := s.who(ctx, tx, by, tx.Now)
		if err != nil {
			return err
		}
		if err := w.check(a); err != nil {
			return err
		}
		return fn(tx, w)
	})
}

// look runs fn as a reading of by, who must be one that may any of acts.
func (s *Store) look(ctx context.Context, by Actor, acts []Act, fn func(tx *db.Tx, w *acting, now time.Time) error) error {
	now := s.main.Clock()
	return s.main.Read(ctx, func(tx *db.Tx) error {
		w, err := s.who(ctx, tx, by, now)
		if err != nil {
			return err
		}
		for _, a := range acts {
			if w.may(a) {
				return fn(tx, w, now)
			}
		}
		return w.check(acts[0])
	})
}

// Still returns what says, in a transaction of somebody else's, whether who acts
// is still signed in and may still do this. Its errors are those of an act.
func (s *Store) Still(by Actor, a Act) func(ctx context.Context, q db.Querier, now time.Time) error {
	return func(ctx context.Context, q db.Querier, now time.Time) error {
		w, err := s.who(ctx, q, by, now)
		if err != nil {
			return err
		}
		return w.check(a)
	}
}

// StillFresh is [Store.Still] for acts that are signatures: who acts has shown a
// second factor just now, too. Whoever has not is [FactorStale]; a key, and the
// machine, never have.
func (s *Store) StillFresh(by Actor, a Act) func(ctx context.Context, q db.Querier, now time.Time) error {
	return func(ctx context.Context, q db.Querier, now time.Time) error {
		w, err := s.who(ctx, q, by, now)
		if err != nil {
			return err
		}
		if err := w.check(a); err != nil {
			return err
		}
		return s.freshly(w, now)
	}
}

// Acting returns whose account an act is, as read in the transaction of the act,
// and how entries name who acts. Its errors are those of an act. An account of
// the machine has no Account, a citizen one with a kind alone.
func (s *Store) Acting(ctx context.Context, q db.Querier, by Actor, now time.Time) (Account, ledger.Actor, error) {
	w, err := s.who(ctx, q, by, now)
	if err != nil {
		return Account{}, ledger.Actor{}, err
	}
	switch {
	case w.account != nil:
		return w.account.Account, w.actor(), nil
	case w.session != nil:
		return Account{Kind: w.session.kind, State: Active}, w.actor(), nil
	}
	return Account{}, w.actor(), nil
}

// agencyCode returns the code of an agency, "" for none.
func (s *Store) agencyCode(ctx context.Context, q db.Querier, agency string) (string, error) {
	if agency == "" {
		return "", nil
	}
	return s.cfg.Agencies.AgencyCode(ctx, q, agency)
}
