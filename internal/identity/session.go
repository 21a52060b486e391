package identity

import (
	"context"
	"time"

	"dancu/internal/db"
	"dancu/internal/fault"
	"dancu/internal/ledger"
)

// Session is a live session, without its token.
type Session struct {
	ID      string // public: it stands in entries
	Account Account
	// Started is the sign-in, Seen the last request noted (up to a thirtieth of
	// the idle time-out ago), Factor the last second factor shown.
	Started, Seen, Factor time.Time
	// IdleUntil and EndsBy are when it ends without and with requests.
	IdleUntil, EndsBy time.Time
	Address, Agent    string // of the sign-in
	// Fresh says that the second factor is fresh enough for acts that ask so.
	Fresh bool
	// Method is how it was signed in: "password", "provider" or "e-identity".
	Method string
}

// Why a session ended, as entries say it.
const (
	whyIdle     = "idle"
	whyAbsolute = "absolute"
	whyLogOut   = "logout"
	whyOwner    = "owner"    // by its owner, from another session
	whyAdmin    = "admin"    // by who manages the account
	whyPassword = "password" // the password changed
	whyFactors  = "factors"  // the factors were reset
	whyDisabled = "disabled"
	whyProvider = "provider" // the provider that vouched was changed or removed
)

// idle and absolute are the time-outs of a kind of account.
func (s *Store) idle(k Kind) time.Duration {
	switch {
	case k == Citizen:
		return s.rules().CitizenIdle
	case k.Administers():
		return s.rules().AdminIdle
	}
	return s.rules().Idle
}

func (s *Store) absolute(k Kind) time.Duration {
	switch {
	case k == Citizen:
		return s.rules().CitizenAbsolute
	case k.Administers():
		return s.rules().AdminAbsolute
	}
	return s.rules().Absolute
}

// session is a row as its owner may see it. r is nil for a citizen.
func (s *Store) session(ctx context.Context, q db.Querier, row *sessionRow, r *record, now time.Time) (*Session, error) {
	out := &Session{
		ID: row.id, Started: row.started, Seen: row.seen, Factor: row.factor, IdleUntil: row.idleUntil, EndsBy: row.endsBy,
		Address: row.address, Agent: row.agent, Fresh: s.fresh(row, now), Method: row.method,
		Account: Account{Kind: row.kind, State: Active},
	}
	if r == nil {
		return out, nil
	}
	a, err := s.fill(ctx, q, r, true)
	out.Account = a
	return out, err
}

// Use returns the session of a token and notes the request. A session that is
// over is fault.Unauthenticated: [SessionTimedOut] or [SessionEnded].
func (s *Store) Use(ctx context.Context, token string, from Client) (*Session, error) {
	hash := tokenHash(token)
	now := s.main.Clock()
	var out *Session
	var row *sessionRow
	err := s.main.Read(ctx, func(tx *db.Tx) error {
		var err error
		if row, err = sessionByToken(ctx, tx, hash); err != nil {
			return err
		}
		w, err := s.whoIn(ctx, tx, row, from, now)
		if err != nil {
			return err
		}
		out, err = s.session(ctx, tx, row, w.account, now)
		return err
	})
	switch {
	case CodeOf(err) == SessionTimedOut && row.ended.IsZero():
		// Whoever comes late closes the session, if the sweep has not.
		if cerr := s.closeOverdue(ctx, row.id); cerr != nil {
			return nil, cerr
		}
		return nil, err
	case err != nil:
		return nil, err
	case now.Sub(row.seen) < s.idle(row.kind)/30:
		return out, nil // a write for every request would be too many
	}
	idle := s.idle(row.kind)
	err = s.log.Write(ctx, func(tx *ledger.Tx) error {
		cur, err := sessionByToken(ctx, tx, hash)
		if err != nil {
			return err
		}
		if _, err := s.whoIn(ctx, tx, cur, from, tx.Now); err != nil {
			return err
		}
		cur.seen, cur.idleUntil = tx.Now, tx.Now.Add(idle)
		out.Seen, out.IdleUntil = cur.seen, cur.idleUntil
		return updateSession(ctx, tx.Tx, cur)
	})
	if fault.Is(err, fault.Unavailable) {
		// The session lives as far as is stored; while nothing can be written
		// it is not prolonged, and no act gets through.
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}

// keptFor is how long after its end a session still says whose it was.
const keptFor = 24 * time.Hour

// Was returns the account of a session that is over, by its token, for a day
// after its end: what was typed when the session had just ended is kept for
// whom it belongs to. It gives no right to anything. It is "" while the session
// lives, and for citizens, who have no account.
func (s *Store) Was(ctx context.Context, token string) (account string, err error) {
	row, err := sessionByToken(ctx, s.main, tokenHash(token))
	if err != nil || row == nil {
		return "", err
	}
	now, end := s.main.Clock(), row.ended
	if end.IsZero() {
		if over(row, now) == "" {
			return "", nil
		}
		if end = row.idleUntil; row.endsBy.Before(end) {
			end = row.endsBy
		}
	}
	if now.Sub(end) > keptFor {
		return "", nil
	}
	return row.account, nil
}

// StepUp takes the second factor anew for acts that want a fresh one. The
// session gets a new token.
func (s *Store) StepUp(ctx context.Context, from Client, token string, p Proof) (Step, error) {
	now := s.main.Clock()
	if !s.flood.admit(from.Address, now) {
		s.flood.note(from, "address", now)
		return Step{}, refuse(fault.Exhausted, SignInBusy)
	}
	parsed := parseProof(p)
	var step Step
	var refused error
	err := s.inSession(ctx, token, from, func(tx *ledger.Tx, h *holder) error {
		step, refused = Step{}, nil
		how, err := s.prove(ctx, tx, h, parsed)
		if err != nil {
			return err
		}
		if how == notShown {
			refused = refuse(fault.Unauthenticated, FactorWrong)
			return nil
		}
		h.session.factor = tx.Now
		if err := h.entry(tx, EventFactorShown, members{"factor": string(how)}); err != nil {
			return err
		}
		step, err = s.renew(ctx, tx, h.acting)
		return err
	})
	if err == nil {
		err = refused
	}
	if err == nil {
		s.flood.succeed(from.Address, now)
	}
	return step, err
}

// inSession runs fn for whoever holds a session's token.
func (s *Store) inSession(ctx context.Context, token string, from Client, fn func(tx *ledger.Tx, h *holder) error) error {
	return s.holder(ctx, token, from, func(tx *ledger.Tx, h *holder) error {
		if h.session == nil {
			return refuse(fault.Unauthenticated, SessionEnded)
		}
		return fn(tx, h)
	})
}

// renew stores the session of who acts under a new token: whoever had the old
// one does not come along into more rights.
func (s *Store) renew(ctx context.Context, tx *ledger.Tx, w *acting) (Step, error) {
	row := w.session
	row.seen, row.idleUntil = tx.Now, tx.Now.Add(s.idle(row.kind))
	if err := updateSession(ctx, tx.Tx, row); err != nil {
		return Step{}, err
	}
	token, hash := newToken()
	if err := replaceToken(ctx, tx.Tx, row.id, hash); err != nil {
		return Step{}, err
	}
	session, err := s.session(ctx, tx, row, w.account, tx.Now)
	return Step{Token: token, Session: session}, err
}

// LogOut ends the session of a token. One that is over already is no error.
func (s *Store) LogOut(ctx context.Context, from Client, token string) error {
	hash := tokenHash(token)
	if row, err := sessionByToken(ctx, s.main, hash); err != nil || row == nil || !row.ended.IsZero() {
		return err // nothing to end, and nothing to lock for it
	}
	return s.log.Write(ctx, func(tx *ledger.Tx) error {
		row, err := sessionByToken(ctx, tx, hash)
		if err != nil || row == nil || !row.ended.IsZero() {
			return err
		}
		if over(row, tx.Now) != "" {
			return s.timeOut(ctx, tx, row)
		}
		w, err := s.owner(ctx, tx, row, from)
		if err != nil {
			return err
		}
		return s.closeSession(ctx, tx, w, row, EventSessionClosed, whyLogOut, tx.Now, nil)
	})
}

// owner is whose session it is, whatever became of the account.
func (s *Store) owner(ctx context.Context, q db.Querier, row *sessionRow, from Client) (*acting, error) {
	w := &acting{session: row, from: from}
	if row.account == "" {
		return w, nil
	}
	r, err := accountByID(ctx, q, row.account)
	if err != nil || r == nil {
		return w, err
	}
	w.account = r
	w.agency, err = s.agencyCode(ctx, q, r.Agency)
	return w, err
}

// closeSession ends a session with its entry, by who acts.
func (s *Store) closeSession(ctx context.Context, tx *ledger.Tx, w *acting, row *sessionRow, kind, why string, at time.Time, more members) error {
	row.ended, row.why = at, why
	if err := updateSession(ctx, tx.Tx, row); err != nil {
		return err
	}
	m := members{"session": row.id, "why": why, "started": moment(row.started), "ended": moment(at)}
	for k, v := range more {
		m[k] = v
	}
	return w.entry(tx, kind, m)
}

// timeOut closes a session that timed out, with the time at which it did.
func (s *Store) timeOut(ctx context.Context, tx *ledger.Tx, row *sessionRow) error {
	// The address and browser are those of the sign-in: nobody is here now.
	w, err := s.owner(ctx, tx, row, Client{Address: parseAddress(row.address), Agent: row.agent})
	if err != nil {
		return err
	}
	at, why := row.idleUntil, whyIdle
	if !row.endsBy.After(row.idleUntil) {
		at, why = row.endsBy, whyAbsolute
	}
	return s.closeSession(ctx, tx, w, row, EventSessionTimedOut, why, at, members{"seen": moment(row.seen)})
}

// closeOverdue closes one session that timed out, unless somebody did.
func (s *Store) closeOverdue(ctx context.Context, id string) error {
	return s.log.Write(ctx, func(tx *ledger.Tx) error {
		row, err := sessionByID(ctx, tx, id)
		if err != nil || row == nil || !row.ended.IsZero() || over(row, tx.Now) != SessionTimedOut {
			return err
		}
		return s.timeOut(ctx, tx, row)
	})
}

// endSessions ends the open sessions of an account but the one of who acts, and
// returns how many; those that had timed out are closed as such. reason is what
// the one who acts gave, "" if none is asked.
func (s *Store) endSessions(ctx context.Context, tx *ledger.Tx, w *acting, r *record, why, reason string) (n int, err error) {
	rows, err := openSessions(ctx, tx, r.ID)
	if err != nil {
		return 0, err
	}
	for _, row := range rows {
		switch {
		case w.session != nil && row.id == w.session.id:
			// It lives on under the account's new version.
			w.session.version = r.version
			err = updateSession(ctx, tx.Tx, w.session)
		case over(row, tx.Now) == SessionTimedOut:
			err = s.timeOut(ctx, tx, row)
		default:
			m := members{}
			if reason != "" {
				m["reason"] = reason
			}
			if w.account == nil || w.account.ID != r.ID {
				code, cerr := s.agencyCode(ctx, tx, r.Agency)
				if cerr != nil {
					return n, cerr
				}
				m = about(r, code, m)
			}
			n++
			err = s.closeSession(ctx, tx, w, row, EventSessionEnded, why, tx.Now, m)
		}
		if err != nil {
			return n, err
		}
	}
	if w.session == nil && w.account != nil && w.account.ID == r.ID {
		return n, dropSignins(ctx, tx.Tx, r.ID) // the sign-in that goes on
	}
	return n, s.giveUp(ctx, tx, r.ID)
}

// endFederated ends the sessions and pending sign-ins that the provider of the
// actor's agency opened.
func (s *Store) endFederated(ctx context.Context, tx *ledger.Tx, w *acting) error {
	agency := w.account.Agency
	rows, err := federatedSessions(ctx, tx, agency)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if over(row, tx.Now) == SessionTimedOut {
			if err := s.timeOut(ctx, tx, row); err != nil {
				return err
			}
			continue
		}
		r, err := accountByID(ctx, tx, row.account)
		if err != nil {
			return err
		}
		if err := s.closeSession(ctx, tx, w, row, EventSessionEnded, whyProvider, tx.Now, about(r, w.agency, nil)); err != nil {
			return err
		}
	}
	ins, err := takeFederatedSignins(ctx, tx.Tx, agency)
	if err != nil {
		return err
	}
	for _, in := range ins {
		if err := s.abandoned(ctx, tx, in); err != nil {
			return err
		}
	}
	return nil
}

// Sessions lists the actor's own live sessions, newest first.
func (s *Store) Sessions(ctx context.Context, by Actor) (out []Session, err error) {
	err = s.look(ctx, by, []Act{OwnAccount}, func(tx *db.Tx, w *acting, now time.Time) error {
		rows, err := openSessions(ctx, tx, w.account.ID)
		if err != nil {
			return err
		}
		out = nil
		for _, row := range rows {
			if over(row, now) != "" || row.version != w.account.version {
				continue
			}
			one, err := s.session(ctx, tx, row, w.account, now)
			if err != nil {
				return err
			}
			out = append(out, *one)
		}
		return nil
	})
	return out, err
}

// EndSession ends another of the actor's own sessions.
func (s *Store) EndSession(ctx context.Context, by Actor, id string) error {
	return s.act(ctx, by, OwnAccount, func(tx *ledger.Tx, w *acting) error {
		row, err := sessionByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if row == nil || row.account != w.account.ID || over(row, tx.Now) != "" {
			return refuse(fault.NotFound, NotThere)
		}
		return s.closeSession(ctx, tx, w, row, EventSessionEnded, whyOwner, tx.Now, nil)
	})
}

// EndOtherSessions ends all of the actor's own sessions but the one in use and
// returns how many there were.
func (s *Store) EndOtherSessions(ctx context.Context, by Actor) (n int, err error) {
	err = s.act(ctx, by, OwnAccount, func(tx *ledger.Tx, w *acting) (err error) {
		n, err = s.endSessions(ctx, tx, w, w.account, whyOwner, "")
		return err
	})
	return n, err
}

// EndSessionsOf ends all sessions and keys of an account the actor manages, and
// returns how many sessions there were.
func (s *Store) EndSessionsOf(ctx context.Context, by Actor, account, reason string) (n int, err error) {
	if err := checkReason(&reason); err != nil {
		return 0, err
	}
	err = s.manage(ctx, by, account, managing, func(tx *ledger.Tx, w *acting, r *record) (err error) {
		if err := s.endKeys(ctx, tx, w, r, whyAdmin); err != nil {
			return err
		}
		n, err = s.endSessions(ctx, tx, w, r, whyAdmin, reason)
		return err
	})
	return n, err
}
