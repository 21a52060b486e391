package identity

import (
	"context"
	"time"
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

// Use returns the session of a token and notes the request. A session that is
// over is fault.Unauthenticated: [SessionTimedOut] or [SessionEnded].
func (s *Store) Use(ctx context.Context, token string, from Client) (*Session, error) {
	return nil, errUnbuilt
}

// StepUp takes the second factor anew for acts that want a fresh one. The
// session gets a new token.
func (s *Store) StepUp(ctx context.Context, from Client, token string, p Proof) (Step, error) {
	return Step{}, errUnbuilt
}

// LogOut ends the session of a token. One that is over already is no error.
func (s *Store) LogOut(ctx context.Context, from Client, token string) error { return errUnbuilt }

// Sessions lists the actor's own live sessions, newest first.
func (s *Store) Sessions(ctx context.Context, by Actor) ([]Session, error) { return nil, errUnbuilt }

// EndSession ends another of the actor's own sessions.
func (s *Store) EndSession(ctx context.Context, by Actor, id string) error { return errUnbuilt }

// EndOtherSessions ends all of the actor's own sessions but the one in use and
// returns how many there were.
func (s *Store) EndOtherSessions(ctx context.Context, by Actor) (int, error) { return 0, errUnbuilt }

// EndSessionsOf ends all sessions of an account the actor manages.
func (s *Store) EndSessionsOf(ctx context.Context, by Actor, account, reason string) (int, error) {
	return 0, errUnbuilt
}

// Sweep does what time brings about: it closes sessions that timed out, with
// the time at which they did, ends sign-ins that were not finished, disables
// accounts unused for too long, lets proposals lapse, and writes the summaries
// of failed sign-ins. It is to be called every few seconds, on any node.
func (s *Store) Sweep(ctx context.Context) error { return errUnbuilt }
