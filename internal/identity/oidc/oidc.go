// Package oidc signs officers in through their agency's own OpenID Connect
// provider: authorization code with PKCE, nonce, and a state bound to the
// browser that began. Whom it vouches for, identity decides; see
// TestOnlyTheBrowserThatBegan.
package oidc

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"dancu/internal/identity"
)

// Config says how to reach providers and how they reach us.
type Config struct {
	Store *identity.Store
	// Callback is our address that the provider sends the browser back to.
	Callback string
	// Client reaches the providers; nil means one with a time-out.
	Client *http.Client
}

// Door is the way in through providers.
type Door struct {
	cfg Config
}

// New returns the way in.
func New(cfg Config) *Door { return &Door{cfg: cfg} }

// Start returns where to send the browser, and what it keeps meanwhile in a
// cookie (HttpOnly, SameSite=Lax, ten minutes). agency is an agency's id or
// code; one without a provider is fault.NotFound.
func (d *Door) Start(ctx context.Context, agency string) (address, browser string, err error) {
	_, _ = oidc.ScopeOpenID, oauth2.Endpoint{}
	return "", "", errors.New("not there yet")
}

// Finish takes the query with which the browser came back and what it kept.
func (d *Door) Finish(ctx context.Context, from identity.Client, browser string, query url.Values) (identity.Step, error) {
	return identity.Step{}, errors.New("not there yet")
}
