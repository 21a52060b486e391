package identity

import (
	"context"
	"time"
)

// Provider is an agency's own OpenID Connect provider, through which its
// officers may sign in. Only officers do; accounts are made and disabled here
// as ever.
type Provider struct {
	Agency   string // id
	Issuer   string // https address
	ClientID string
	// Secret is written and never shown; setting "" keeps the one there is.
	Secret string
	// Claim is the claim that holds the officer's code.
	Claim string
	// Factors are values of amr or acr of which one must be there for the
	// provider's sign-in to count as two factors. Empty, or none there: our
	// own second factor is asked.
	Factors []string
	Enabled bool
	Set     time.Time
}

// Federated is what an agency's provider said of an officer, verified.
type Federated struct {
	Agency string
	Issuer string
	Code   string   // the officer's code
	Proofs []string // amr and acr
}

// SetProvider sets the actor's own agency's provider. It wants a fresh factor.
func (s *Store) SetProvider(ctx context.Context, by Actor, p Provider) error { return errUnbuilt }

// RemoveProvider takes it away.
func (s *Store) RemoveProvider(ctx context.Context, by Actor) error { return errUnbuilt }

// ProviderOf returns an agency's provider without its secret, for its
// administrator; none is fault.NotFound.
func (s *Store) ProviderOf(ctx context.Context, by Actor) (Provider, error) {
	return Provider{}, errUnbuilt
}

// SignInProvider returns the enabled provider of an agency with its secret, for
// the protocol alone; none is fault.NotFound. agency is an id or a code.
func (s *Store) SignInProvider(ctx context.Context, agency string) (Provider, error) {
	return Provider{}, errUnbuilt
}

// BeginFederated begins the sign-in of an officer whom the agency's provider
// vouches for.
func (s *Store) BeginFederated(ctx context.Context, from Client, f Federated) (Step, error) {
	return Step{}, errUnbuilt
}

// Seal seals what a browser keeps for us for a while; purpose parts uses. Open
// is its reverse and refuses what was not sealed here for that purpose.
func (s *Store) Seal(purpose string, plain []byte) []byte { return nil }

// Open is the reverse of Seal.
func (s *Store) Open(purpose string, sealed []byte) ([]byte, error) { return nil, errUnbuilt }
