// Package oidc signs officers in through their agency's own OpenID Connect
// provider: authorization code with PKCE, a nonce, and a state bound to the
// browser that began. Whom the provider vouches for, identity decides; see
// TestOnlyTheBrowserThatBegan and TestForgedTokens.
package oidc

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"dancu/internal/fault"
	"dancu/internal/identity"
)

// Patience is how long a provider may take for one answer, and Term how long a
// browser may take from Start to Finish.
const (
	Patience = 10 * time.Second
	Term     = 10 * time.Minute
)

// maxAnswer is the longest answer of a provider that is read, in bytes.
const maxAnswer = 1 << 20

// Config says how to reach providers and how they reach us.
type Config struct {
	Store *identity.Store
	// Callback is our address that the provider sends the browser back to.
	Callback string
	// Client reaches the providers; nil means one with time-out that follows
	// no redirects.
	Client *http.Client
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// Door is the way in through providers.
type Door struct {
	cfg Config
}

// New returns the way in.
func New(cfg Config) *Door {
	if cfg.Client == nil {
		cfg.Client = &http.Client{
			Timeout: Patience,
			// A redirect could lead a secret elsewhere.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}
	}
	bounded := *cfg.Client
	if bounded.Transport == nil {
		bounded.Transport = http.DefaultTransport
	}
	bounded.Transport = limited{bounded.Transport}
	cfg.Client = &bounded
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Door{cfg: cfg}
}

// limited bounds what is read of an answer.
type limited struct{ next http.RoundTripper }

func (l limited) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := l.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	resp.Body = http.MaxBytesReader(nil, resp.Body, maxAnswer)
	return resp, nil
}

// trip is what the browser keeps while it is away, sealed.
type trip struct {
	Agency   string    `json:"a"`
	Issuer   string    `json:"i"`
	State    string    `json:"s"`
	Nonce    string    `json:"n"`
	Verifier string    `json:"v"`
	Until    time.Time `json:"u"`
}

const purpose = "oidc/trip"

// Start returns where to send the browser, and what it keeps meanwhile in a
// cookie (HttpOnly, Secure, SameSite=Lax, Term). agency is the agency's id; one
// without a provider is fault.NotFound, a provider that does not answer
// fault.Unavailable.
func (d *Door) Start(ctx context.Context, agency string) (address, browser string, err error) {
	p, err := d.cfg.Store.SignInProvider(ctx, agency)
	if err != nil {
		return "", "", err
	}
	config, _, err := d.discover(ctx, &p)
	if err != nil {
		return "", "", err
	}
	t := trip{
		Agency: p.Agency, Issuer: p.Issuer, State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(),
		Until: d.cfg.Now().Add(Term),
	}
	raw, err := json.Marshal(t)
	if err != nil {
		return "", "", err
	}
	return config.AuthCodeURL(t.State, oidc.Nonce(t.Nonce), oauth2.S256ChallengeOption(t.Verifier)),
		base64.RawURLEncoding.EncodeToString(d.cfg.Store.Seal(purpose, raw)), nil
}

// discover reads what the provider says of itself. Each sign-in does so: keys
// and addresses change, and there are few sign-ins.
func (d *Door) discover(ctx context.Context, p *identity.Provider) (*oauth2.Config, *oidc.Provider, error) {
	provider, err := oidc.NewProvider(oidc.ClientContext(ctx, d.cfg.Client), p.Issuer)
	if err != nil {
		return nil, nil, fault.Wrap(fault.Unavailable, err, "your agency's sign-in system does not answer: try again later, or sign in with your password here")
	}
	// What the provider says of itself is shown as a link, and is sent the
	// secret: it is held to what the issuer's own address is held to.
	var more struct {
		Keys string `json:"jwks_uri"`
	}
	if err := provider.Claims(&more); err != nil {
		return nil, nil, fault.Wrap(fault.Unavailable, err, "your agency's sign-in system gives an answer that cannot be read: tell your account manager, and sign in with your password here")
	}
	for _, a := range []string{provider.Endpoint().AuthURL, provider.Endpoint().TokenURL, more.Keys} {
		if !like(p.Issuer, a) {
			return nil, nil, fault.New(fault.Unavailable, "your agency's sign-in system leads to an address that is not https: tell your account manager, and sign in with your password here")
		}
	}
	return &oauth2.Config{
		ClientID: p.ClientID, ClientSecret: p.Secret, Endpoint: provider.Endpoint(), RedirectURL: d.cfg.Callback,
		Scopes: []string{oidc.ScopeOpenID},
	}, provider, nil
}

// like reports whether an address is one over HTTPS, or on the issuer's own
// host as the issuer is.
func like(issuer, address string) bool {
	i, err := url.Parse(issuer)
	if err != nil {
		return false
	}
	a, err := url.Parse(address)
	return err == nil && a.Host != "" && a.User == nil && (a.Scheme == "https" || a.Scheme == i.Scheme && a.Host == i.Host)
}

// algorithms are those with which a provider may sign: none is not among them,
// nor is any with a shared secret.
var algorithms = []string{oidc.RS256, oidc.RS384, oidc.RS512, oidc.PS256, oidc.PS384, oidc.PS512, oidc.ES256, oidc.ES384, oidc.ES512, oidc.EdDSA}

// Finish takes the query with which the browser came back and what it kept. The
// caller drops the cookie, whatever becomes of it. What does not hold is
// [identity.ProviderRefused].
func (d *Door) Finish(ctx context.Context, from identity.Client, browser string, query url.Values) (identity.Step, error) {
	refused := func() (identity.Step, error) { return identity.Step{}, d.cfg.Store.RefuseFederated(from) }
	t, ok := d.open(browser)
	if !ok || subtle.ConstantTimeCompare([]byte(query.Get("state")), []byte(t.State)) != 1 || query.Get("error") != "" || query.Get("code") == "" {
		return refused()
	}
	// RFC 9207: the answer of another provider is not this one's.
	if iss := query.Get("iss"); iss != "" && iss != t.Issuer {
		return refused()
	}
	p, err := d.cfg.Store.SignInProvider(ctx, t.Agency)
	if fault.Is(err, fault.NotFound) || err == nil && p.Issuer != t.Issuer {
		return refused() // it was changed meanwhile
	}
	if err != nil {
		return identity.Step{}, err
	}
	config, provider, err := d.discover(ctx, &p)
	if err != nil {
		return identity.Step{}, err
	}
	claims, err := d.claims(ctx, config, provider, &t, query.Get("code"))
	var away *url.Error
	switch {
	case errors.As(err, &away):
		return identity.Step{}, fault.Wrap(fault.Unavailable, err, "your agency's sign-in system does not answer: try again later, or sign in with your password here")
	case err != nil:
		return refused()
	}
	code, _ := claims[p.Claim].(string)
	return d.cfg.Store.BeginFederated(ctx, from, identity.Federated{
		Agency: p.Agency, Issuer: t.Issuer, Code: code, Proofs: proofs(claims),
	})
}

// open reads what the browser kept.
func (d *Door) open(browser string) (t trip, ok bool) {
	sealed, err := base64.RawURLEncoding.DecodeString(browser)
	if err != nil {
		return t, false
	}
	raw, err := d.cfg.Store.Open(purpose, sealed)
	if err != nil || json.Unmarshal(raw, &t) != nil {
		return t, false
	}
	return t, d.cfg.Now().Before(t.Until)
}

// claims changes the code for an ID token and returns what it says, verified:
// signature, issuer, audience, term and nonce.
func (d *Door) claims(ctx context.Context, config *oauth2.Config, provider *oidc.Provider, t *trip, code string) (map[string]any, error) {
	ctx = oidc.ClientContext(ctx, d.cfg.Client)
	token, err := config.Exchange(ctx, code, oauth2.VerifierOption(t.Verifier))
	if err != nil {
		return nil, err
	}
	raw, _ := token.Extra("id_token").(string)
	verifier := provider.VerifierContext(ctx, &oidc.Config{ClientID: config.ClientID, SupportedSigningAlgs: algorithms, Now: d.cfg.Now})
	id, err := verifier.Verify(ctx, raw)
	if err != nil {
		return nil, err
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(t.Nonce)) != 1 {
		return nil, errors.New("the token is of another sign-in")
	}
	// A token for several parties says which one asked for it.
	var claims map[string]any
	if err := id.Claims(&claims); err != nil {
		return nil, err
	}
	if azp, ok := claims["azp"]; len(id.Audience) > 1 && azp != config.ClientID || ok && azp != config.ClientID {
		return nil, errors.New("the token is for another party")
	}
	return claims, nil
}

// proofs are the values of amr and acr.
func proofs(claims map[string]any) (out []string) {
	if amr, ok := claims["amr"].([]any); ok {
		for _, v := range amr {
			if s, ok := v.(string); ok {
				out = append(out, s)
			}
		}
	}
	if acr, ok := claims["acr"].(string); ok {
		out = append(out, acr)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
