package identity

import "context"

// EIdentity proves who a citizen is: the national e-identification, or in a
// demonstration something that looks like it.
type EIdentity interface {
	// Demo reports whether this is a demonstration, which every page says.
	Demo() bool
	// Identify returns the PIN of whoever gives these answers, or an error of
	// kind fault.Unauthenticated. It never returns another's number.
	Identify(ctx context.Context, a CitizenAnswer) (pin string, err error)
}

// CitizenAnswer is what a citizen gives to be known.
type CitizenAnswer struct {
	PIN  string
	Code string
}

// SignInCitizen signs a citizen in. Failures are limited by person and address
// as an account's.
func (s *Store) SignInCitizen(ctx context.Context, from Client, a CitizenAnswer) (Step, error) {
	return Step{}, errUnbuilt
}

// PersonOf returns the PIN of a live citizen session. It is for that citizen's
// own pages, and never goes into an address or a log.
func (s *Store) PersonOf(ctx context.Context, sessionID string) (pin string, err error) {
	return "", errUnbuilt
}

// EIdentityDemo reports whether citizens sign in (ok), and whether that is a
// demonstration.
func (s *Store) EIdentityDemo() (demo, ok bool) {
	if s.cfg.EIdentity == nil {
		return false, false
	}
	return s.cfg.EIdentity.Demo(), true
}

// DemoEIdentity knows synthetic people only, by a code that is no secret. It is
// for demonstrations: whoever is not synthetic is refused.
type DemoEIdentity struct {
	// Code is the code everybody has.
	Code string
	// Synthetic reports whether the number is that of a made-up person.
	Synthetic func(ctx context.Context, pin string) (bool, error)
}

// Demo is true.
func (DemoEIdentity) Demo() bool { return true }

// Identify knows synthetic people by the demonstration's code.
func (d DemoEIdentity) Identify(ctx context.Context, a CitizenAnswer) (string, error) {
	return "", errUnbuilt
}
