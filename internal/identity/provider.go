package identity

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"dancu/internal/db"
	"dancu/internal/fault"
	"dancu/internal/ledger"
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

// checkProvider refuses settings that cannot work.
func (s *Store) checkProvider(p *Provider) error {
	u, err := url.Parse(p.Issuer)
	switch {
	case err != nil, u.Scheme != "https" && !(s.rules().LoopbackProviders && loopback(u)), u.Host == "", u.User != nil, u.RawQuery != "", u.Fragment != "":
	case p.ClientID == "", p.Claim == "", len(p.Factors) > 20:
	case slices.ContainsFunc(append([]string{p.Issuer, p.ClientID, p.Secret, p.Claim}, p.Factors...), func(s string) bool { return !textFits(s, 500) }):
	default:
		return nil
	}
	return refuse(fault.Invalid, ProviderInvalid)
}

// loopback reports whether a provider is on this very machine without TLS.
func loopback(u *url.URL) bool {
	a := parseAddress(u.Hostname())
	return u.Scheme == "http" && a.IsValid() && a.IsLoopback()
}

// SetProvider sets the actor's own agency's provider. It wants a fresh factor:
// whoever the provider vouches for comes in. Whom the provider before vouched
// for is not in any more.
func (s *Store) SetProvider(ctx context.Context, by Actor, p Provider) error {
	p.Issuer, p.ClientID, p.Claim = strings.TrimSpace(p.Issuer), strings.TrimSpace(p.ClientID), strings.TrimSpace(p.Claim)
	p.Factors = append([]string{}, p.Factors...) // none is an empty list, in the table and in the entry
	if err := s.checkProvider(&p); err != nil {
		return err
	}
	return s.act(ctx, by, ManageProvider, func(tx *ledger.Tx, w *acting) error {
		if !s.fresh(w.session, tx.Now) {
			return refuse(fault.Forbidden, FactorStale)
		}
		p.Agency, p.Set = w.account.Agency, tx.Now
		if p.Secret == "" {
			had, err := s.provider(ctx, tx, p.Agency)
			if err != nil {
				return err
			}
			if had == nil || had.Issuer != p.Issuer {
				return refuse(fault.Invalid, ProviderInvalid) // a secret goes to its own issuer alone
			}
			p.Secret = had.Secret
		}
		if err := s.storeProvider(ctx, tx, &p); err != nil {
			return err
		}
		if err := s.endFederated(ctx, tx, w); err != nil {
			return err
		}
		return w.entry(tx, EventProviderSet, members{"issuer": p.Issuer, "client": p.ClientID, "claim": p.Claim, "factors": p.Factors, "enabled": p.Enabled})
	})
}

// RemoveProvider takes it away, and ends the sessions it opened.
func (s *Store) RemoveProvider(ctx context.Context, by Actor) error {
	return s.act(ctx, by, ManageProvider, func(tx *ledger.Tx, w *acting) error {
		n, err := tx.Exec(ctx, "DELETE FROM identity_providers WHERE agency = $1", w.account.Agency)
		if err != nil {
			return fmt.Errorf("couldn't remove a provider: %w", err)
		}
		if n == 0 {
			return refuse(fault.NotFound, NotThere)
		}
		if err := s.endFederated(ctx, tx, w); err != nil {
			return err
		}
		return w.entry(tx, EventProviderRemoved, nil)
	})
}

// ProviderOf returns the actor's own agency's provider without its secret; none
// is fault.NotFound.
func (s *Store) ProviderOf(ctx context.Context, by Actor) (p Provider, err error) {
	err = s.look(ctx, by, []Act{ManageProvider}, func(tx *db.Tx, w *acting, _ time.Time) error {
		had, err := s.provider(ctx, tx, w.account.Agency)
		if err != nil {
			return err
		}
		if had == nil {
			return refuse(fault.NotFound, NotThere)
		}
		p = *had
		p.Secret = ""
		return nil
	})
	return p, err
}

// SignInProvider returns the enabled provider of an agency (by its id) with its
// secret, for the protocol alone; none is fault.NotFound.
func (s *Store) SignInProvider(ctx context.Context, agency string) (Provider, error) {
	p, err := s.provider(ctx, s.main, agency)
	if err != nil {
		return Provider{}, err
	}
	// One that was set under other rules is there no more.
	if p == nil || !p.Enabled || s.checkProvider(p) != nil {
		return Provider{}, refuse(fault.NotFound, ProviderRefused)
	}
	return *p, nil
}

// SignInProviders lists the ids of the agencies whose officers can sign in
// through a provider.
func (s *Store) SignInProviders(ctx context.Context) (agencies []string, err error) {
	rows, err := s.main.Query(ctx, "SELECT agency FROM identity_providers WHERE enabled = 1 ORDER BY agency")
	if err != nil {
		return nil, fmt.Errorf("couldn't read the providers: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var a string
		if err := rows.Scan(&a); err != nil {
			return nil, fmt.Errorf("couldn't read the providers: %w", err)
		}
		agencies = append(agencies, a)
	}
	return agencies, rows.Err()
}

// provider returns an agency's provider with its secret, nil if there is none.
func (s *Store) provider(ctx context.Context, q db.Querier, agency string) (*Provider, error) {
	p := Provider{Agency: agency}
	var sealed []byte
	var factors string
	var enabled, set int64
	err := q.QueryRow(ctx, "SELECT issuer, client_id, secret, claim, factors, enabled, set_at FROM identity_providers WHERE agency = $1", agency).
		Scan(&p.Issuer, &p.ClientID, &sealed, &p.Claim, &factors, &enabled, &set)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("couldn't read a provider: %w", err)
	}
	secret, err := s.Open("provider/"+agency, sealed)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "a stored provider's secret does not open")
	}
	p.Secret, p.Enabled, p.Set = string(secret), enabled != 0, db.Time(set)
	return &p, unmarshal([]byte(factors), &p.Factors)
}

func (s *Store) storeProvider(ctx context.Context, tx *ledger.Tx, p *Provider) error {
	factors, err := json.Marshal(p.Factors)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO identity_providers (agency, issuer, client_id, secret, claim, factors, enabled, set_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (agency) DO UPDATE SET issuer = excluded.issuer, client_id = excluded.client_id,
		secret = excluded.secret, claim = excluded.claim, factors = excluded.factors, enabled = excluded.enabled, set_at = excluded.set_at`,
		p.Agency, p.Issuer, p.ClientID, s.Seal("provider/"+p.Agency, []byte(p.Secret)), p.Claim, string(factors), bit(p.Enabled), db.Micros(p.Set))
	if err != nil {
		return fmt.Errorf("couldn't store a provider: %w", err)
	}
	return nil
}

// BeginFederated begins the sign-in of an officer whom the agency's provider
// vouches for. Only an enabled officer of that very agency comes in; whoever
// else it is, [ProviderRefused]. Where the provider's word does not say that
// two factors were shown, our own is asked.
func (s *Store) BeginFederated(ctx context.Context, from Client, f Federated) (Step, error) {
	now := s.main.Clock()
	if !s.flood.admit(from.Address, now) {
		s.flood.note(from, "address", now)
		return Step{}, refuse(fault.Exhausted, SignInBusy)
	}
	refused := refuse(fault.Unauthenticated, ProviderRefused)
	var step Step
	err := s.log.Write(ctx, func(tx *ledger.Tx) error {
		step = Step{}
		p, err := s.provider(ctx, tx, f.Agency)
		if err != nil {
			return err
		}
		if p == nil || !p.Enabled || p.Issuer != f.Issuer || !codeForm.MatchString(f.Code) {
			return nil
		}
		r, err := accountByCode(ctx, tx, f.Agency, f.Code)
		if err != nil || r == nil || r.Kind != AgencyOfficer {
			return err
		}
		w := &acting{account: r, from: from}
		if w.agency, err = s.agencyCode(ctx, tx, r.Agency); err != nil {
			return err
		}
		at, err := readAttempt(ctx, tx, accountSubject(r.ID))
		if err != nil {
			return err
		}
		if r.State != Active || s.inactive(r, tx.Now) || tx.Now.Before(at.lockedUntil) {
			return nil
		}
		if err := s.giveUp(ctx, tx, r.ID); err != nil {
			return err
		}
		in := &signinRow{account: r.ID, method: methodProvider, expires: tx.Now.Add(s.rules().SignInTime)}
		if slices.ContainsFunc(p.Factors, func(v string) bool { return slices.Contains(f.Proofs, v) }) {
			in.factor = tx.Now
		}
		step, err = s.advance(ctx, tx, w, in)
		return err
	})
	if err != nil {
		return Step{}, err
	}
	if step.Token == "" {
		s.flood.note(from, "provider", now)
		return Step{}, refused
	}
	if step.Session != nil {
		s.flood.succeed(from.Address, now)
	} else {
		s.flood.forgive(from.Address, now)
	}
	return step, nil
}

// RefuseFederated counts a provider's answer that did not hold.
func (s *Store) RefuseFederated(from Client) error {
	now := s.main.Clock()
	s.flood.admit(from.Address, now)
	s.flood.note(from, "provider", now)
	return refuse(fault.Unauthenticated, ProviderRefused)
}
