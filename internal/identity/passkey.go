package identity

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"dancu/internal/fault"
	"dancu/internal/ledger"
)

// newPasskeys returns the relying party that the console is.
func newPasskeys(set *Settings) (*webauthn.WebAuthn, error) {
	u, err := url.Parse(set.Origin)
	if err != nil || u.Host == "" {
		return nil, fault.New(fault.Invalid, "the console's public address must be like https://dancu.example.vn")
	}
	w, err := webauthn.New(&webauthn.Config{
		RPID: u.Hostname(), RPDisplayName: set.Issuer, RPOrigins: []string{u.Scheme + "://" + u.Host},
		// The key is a second factor beside the password: to touch it is enough,
		// and most USB keys in offices have no PIN.
		AuthenticatorSelection: protocol.AuthenticatorSelection{UserVerification: protocol.VerificationPreferred, ResidentKey: protocol.ResidentKeyRequirementDiscouraged},
		AttestationPreference:  protocol.PreferNoAttestation,
	})
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "the console's public address cannot have passkeys: it must be like https://dancu.example.vn")
	}
	return w, nil
}

// passkeyUser is an account as the protocol sees it.
type passkeyUser struct {
	account     *record
	credentials []webauthn.Credential
	rows        []*factorRow
}

func newPasskeyUser(r *record, factors []*factorRow) (*passkeyUser, error) {
	u := &passkeyUser{account: r}
	for _, f := range factors {
		if f.Kind != factorPasskey {
			continue
		}
		var c webauthn.Credential
		if err := json.Unmarshal(f.secret, &c); err != nil {
			return nil, fmt.Errorf("couldn't read a stored passkey: %w", err)
		}
		u.credentials = append(u.credentials, c)
		u.rows = append(u.rows, f)
	}
	return u, nil
}

// The protocol's view of an account.
func (u *passkeyUser) WebAuthnID() []byte                         { return []byte(u.account.ID) }
func (u *passkeyUser) WebAuthnName() string                       { return u.account.Login }
func (u *passkeyUser) WebAuthnDisplayName() string                { return u.account.Name }
func (u *passkeyUser) WebAuthnCredentials() []webauthn.Credential { return u.credentials }

// parsedProof is a proof, read before the lock.
type parsedProof struct {
	code      string
	passkey   bool
	assertion *protocol.ParsedCredentialAssertionData // nil if it cannot be read
}

func parseProof(p Proof) *parsedProof {
	out := &parsedProof{code: p.Code, passkey: len(p.Passkey) > 0}
	if out.passkey && len(p.Passkey) <= maxProof {
		if a, err := protocol.ParseCredentialRequestResponseBytes(p.Passkey); err == nil {
			out.assertion = a
		}
	}
	return out
}

// ceremonyPurpose parts what is sealed for different people and uses.
func ceremonyPurpose(owner, kind string) string { return "ceremony/" + kind + "/" + owner }

// verifyPasskey takes an answer to the owner's challenge. The challenge is used
// up, whatever becomes of it.
func (s *Store) verifyPasskey(ctx context.Context, tx *ledger.Tx, r *record, factors []*factorRow, owner string, p *parsedProof) (bool, error) {
	data, err := s.takeCeremony(ctx, tx, owner, ceremonyLogin)
	if err != nil || data == nil || p.assertion == nil {
		return false, err
	}
	var session webauthn.SessionData
	if err := json.Unmarshal(data, &session); err != nil {
		return false, fmt.Errorf("couldn't read a challenge: %w", err)
	}
	u, err := newPasskeyUser(r, factors)
	if err != nil {
		return false, err
	}
	c, err := s.passkeys.ValidateLogin(u, session, p.assertion)
	// A counter that went back says that somebody has a copy of the key.
	if err != nil || c.Authenticator.CloneWarning {
		return false, nil // why an answer does not hold is nobody's business
	}
	for i, f := range u.rows {
		if !bytes.Equal(u.credentials[i].ID, c.ID) {
			continue
		}
		if f.secret, err = json.Marshal(c); err != nil {
			return false, err
		}
		f.Used = tx.Now
		return true, useFactor(ctx, tx.Tx, f)
	}
	return false, nil
}

// takeCeremony takes out and opens what was asked or offered, nil if nothing
// was.
func (s *Store) takeCeremony(ctx context.Context, tx *ledger.Tx, owner, kind string) ([]byte, error) {
	sealed, err := takeCeremony(ctx, tx.Tx, owner, kind, tx.Now)
	if err != nil || sealed == nil {
		return nil, err
	}
	plain, err := s.Open(ceremonyPurpose(owner, kind), sealed)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "a stored challenge does not open")
	}
	return plain, nil
}

func (s *Store) putCeremony(ctx context.Context, tx *ledger.Tx, owner, kind string, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return putCeremony(ctx, tx.Tx, owner, kind, s.Seal(ceremonyPurpose(owner, kind), data), tx.Now.Add(ceremonyTime))
}

// PasskeyChallenge returns the JSON that the browser's credentials.get wants,
// for a pending sign-in that needs a factor or for a session ([Store.StepUp]).
func (s *Store) PasskeyChallenge(ctx context.Context, token string) (options []byte, err error) {
	err = s.holder(ctx, token, Client{}, func(tx *ledger.Tx, h *holder) error {
		if h.signin != nil && h.signin.need != NeedFactor {
			return refuse(fault.Conflict, SignInGone)
		}
		factors, err := factorsOf(ctx, tx, h.account.ID)
		if err != nil {
			return err
		}
		u, err := newPasskeyUser(h.account, factors)
		if err != nil {
			return err
		}
		if len(u.credentials) == 0 {
			return refuse(fault.NotFound, FactorWrong)
		}
		ask, session, err := s.passkeys.BeginLogin(u)
		if err != nil {
			return fmt.Errorf("couldn't ask for a passkey: %w", err)
		}
		if options, err = json.Marshal(ask); err != nil {
			return err
		}
		return s.putCeremony(ctx, tx, h.owner, ceremonyLogin, session)
	})
	return options, err
}

// OfferPasskey begins the enrolment of a passkey or USB key, for a pending
// sign-in that needs a factor or for a session with a fresh one: it returns the
// JSON that the browser's credentials.create wants.
func (s *Store) OfferPasskey(ctx context.Context, token string) (options []byte, err error) {
	err = s.holder(ctx, token, Client{}, func(tx *ledger.Tx, h *holder) error {
		if err := s.mayEnrol(tx, h); err != nil {
			return err
		}
		factors, err := factorsOf(ctx, tx, h.account.ID)
		if err != nil {
			return err
		}
		u, err := newPasskeyUser(h.account, factors)
		if err != nil {
			return err
		}
		ask, session, err := s.passkeys.BeginRegistration(u, webauthn.WithExclusions(webauthn.Credentials(u.credentials).CredentialDescriptors()))
		if err != nil {
			return fmt.Errorf("couldn't offer a passkey: %w", err)
		}
		if options, err = json.Marshal(ask); err != nil {
			return err
		}
		return s.putCeremony(ctx, tx, h.owner, ceremonyRegister, session)
	})
	return options, err
}

// parsedEnrolment is an enrolment, read before the lock.
type parsedEnrolment struct {
	Enrolment
	creation *protocol.ParsedCredentialCreationData
}

func parseEnrolment(e Enrolment) *parsedEnrolment {
	out := &parsedEnrolment{Enrolment: e}
	if len(e.Passkey) > 0 && len(e.Passkey) <= maxProof {
		if c, err := protocol.ParseCredentialCreationResponseBytes(e.Passkey); err == nil {
			out.creation = c
		}
	}
	return out
}

// newPasskey returns the factor that an answer to the owner's offer is, nil if
// it is none.
func (s *Store) newPasskey(ctx context.Context, tx *ledger.Tx, h *holder, factors []*factorRow, e *parsedEnrolment) (*factorRow, error) {
	data, err := s.takeCeremony(ctx, tx, h.owner, ceremonyRegister)
	if err != nil || data == nil || e.creation == nil {
		return nil, err
	}
	var session webauthn.SessionData
	if err := json.Unmarshal(data, &session); err != nil {
		return nil, fmt.Errorf("couldn't read an offer: %w", err)
	}
	u, err := newPasskeyUser(h.account, factors)
	if err != nil {
		return nil, err
	}
	c, err := s.passkeys.CreateCredential(u, session, e.creation)
	if err != nil {
		return nil, nil // why an answer does not hold is nobody's business
	}
	secret, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	f := &factorRow{account: h.account.ID, secret: secret, handle: base64.RawURLEncoding.EncodeToString(c.ID)}
	// A key is of one account. That it is another's reads as any that does not
	// hold: whose it is is nobody's business either.
	if taken, err := handleTaken(ctx, tx, f.handle); err != nil || taken {
		return nil, err
	}
	f.Kind = factorPasskey
	return f, nil
}
