package oidc

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/json"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"golang.org/x/mod/sumdb/note"

	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
	"dancu/internal/identity"
	"dancu/internal/ledger"
)

const (
	clientID = "dancu"
	callback = "https://dancu.example/signin/provider"
	secret   = "a-secret-of-the-ward"
)

var desk = identity.Client{Address: netip.MustParseAddr("192.0.2.10"), Agent: "test"}

// provider is an agency's OpenID Connect provider. change alters the claims of
// the next token, forge its text.
type provider struct {
	*httptest.Server
	t      testing.TB
	key    *rsa.PrivateKey
	code   string
	nonce  string
	pkce   string // the challenge
	change func(claims map[string]any)
	forge  func(token string) string
	silent bool
	says   map[string]any // members of what it says of itself, in place of the right ones
}

func newProvider(t testing.TB) *provider {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p := &provider{t: t, key: key}
	mux := http.NewServeMux()
	answer := func(w http.ResponseWriter, v any) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(v)
	}
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		if p.silent {
			http.Error(w, "down", http.StatusBadGateway)
			return
		}
		about := map[string]any{
			"issuer": p.URL, "authorization_endpoint": p.URL + "/auth", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys",
			"id_token_signing_alg_values_supported": []string{"RS256", "HS256", "none"},
		}
		maps.Copy(about, p.says)
		answer(w, about)
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, map[string]any{"keys": []any{map[string]any{
			"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "1",
			"n": b64(key.N.Bytes()), "e": b64(big.NewInt(int64(key.E)).Bytes()),
		}}})
	})
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		id, pass, _ := r.BasicAuth()
		sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
		if id != clientID || pass != secret || r.FormValue("code") != p.code || p.code == "" || b64(sum[:]) != p.pkce || r.FormValue("redirect_uri") != callback {
			w.WriteHeader(http.StatusBadRequest)
			answer(w, map[string]any{"error": "invalid_grant"})
			return
		}
		p.code = "" // good once
		now := time.Now()
		claims := map[string]any{
			"iss": p.URL, "aud": clientID, "sub": "u-1", "nonce": p.nonce, "iat": now.Unix(), "exp": now.Add(time.Minute).Unix(),
			"employee": "CB-1", "amr": []string{"pwd", "otp"},
		}
		if p.change != nil {
			p.change(claims)
		}
		token := p.sign(map[string]any{"alg": "RS256", "kid": "1"}, claims, key)
		if p.forge != nil {
			token = p.forge(token)
		}
		answer(w, map[string]any{"access_token": "x", "token_type": "Bearer", "id_token": token})
	})
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func (p *provider) sign(header, claims map[string]any, key *rsa.PrivateKey) string {
	h, _ := json.Marshal(header)
	c, _ := json.Marshal(claims)
	text := b64(h) + "." + b64(c)
	sum := sha256.Sum256([]byte(text))
	sig, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		p.t.Fatal(err)
	}
	return text + "." + b64(sig)
}

// visit is the officer signing in there; it returns how the browser comes back.
func (p *provider) visit(address string) url.Values {
	p.t.Helper()
	u, err := url.Parse(address)
	if err != nil || !strings.HasPrefix(address, p.URL+"/auth?") {
		p.t.Fatalf("sent to %q: %v", address, err)
	}
	q := u.Query()
	if q.Get("code_challenge_method") != "S256" || q.Get("client_id") != clientID || q.Get("redirect_uri") != callback || q.Get("response_type") != "code" {
		p.t.Fatalf("asked for %v", q)
	}
	p.code, p.nonce, p.pkce = rand.Text(), q.Get("nonce"), q.Get("code_challenge")
	return url.Values{"code": {p.code}, "state": {q.Get("state")}, "iss": {p.URL}}
}

// agencies is one agency.
type agencies struct{}

func (agencies) AgencyCode(_ context.Context, _ db.Querier, id string) (string, error) {
	if id != "ward" {
		return "", nil
	}
	return "H01.ward", nil
}

func (agencies) GrantsOf(context.Context, db.Querier, string) (map[string][]string, error) {
	return nil, nil
}

// office is a store with an agency, its administrator, an officer CB-1 and a
// provider.
type office struct {
	t      testing.TB
	ctx    context.Context
	store  *identity.Store
	door   *Door
	there  *provider
	offset atomic.Int64
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

func open(t testing.TB, env *dbtest.Env) *office {
	t.Helper()
	o := &office{t: t, ctx: context.Background(), there: newProvider(t)}
	signer, _, err := note.GenerateKey(rand.Reader, "log.example/test")
	o.must(err)
	main := env.Open(db.Main)
	log, err := ledger.Open(o.ctx, ledger.Config{
		Main: main, Derived: env.Open(db.Derived, func(c *db.Config) { c.Relaxed = true }),
		Origin: "log.example/test", SigningKey: signer, SealingKey: make([]byte, ledger.KeySize), Node: "test",
	})
	o.must(err)
	o.store, err = identity.New(o.ctx, identity.Config{
		Main: main, Log: log, Agencies: agencies{},
		Settings: identity.Settings{HashMemory: 64, HashTime: 1, HashThreads: 1, Hashes: 4, LoopbackProviders: true},
	})
	o.must(err)
	o.door = New(Config{Store: o.store, Callback: callback, Client: o.there.Client(), Now: func() time.Time { return time.Now().Add(time.Duration(o.offset.Load())) }})
	first, err := o.store.CreateFirstAdministrator(o.ctx, identity.Actor{Local: ledger.Actor{Kind: "cli", ID: "test"}}, identity.NewAccount{Code: "QT-1", Login: "quantri", Name: "Một"})
	o.must(err)
	admin := o.arrive(first)
	chief, err := o.store.CreateAccount(o.ctx, admin, identity.NewAccount{Kind: identity.AgencyAdmin, Agency: "ward", Code: "QT", Login: "ward.qt", Name: "Hai"})
	o.must(err)
	ward := o.arrive(chief)
	officer, err := o.store.CreateAccount(o.ctx, ward, identity.NewAccount{Kind: identity.AgencyOfficer, Code: "CB-1", Login: "ward.cb", Name: "Ba"})
	o.must(err)
	o.arrive(officer)
	o.must(o.store.SetProvider(o.ctx, ward, identity.Provider{
		Issuer: o.there.URL, ClientID: clientID, Secret: secret, Claim: "employee", Factors: []string{"otp"}, Enabled: true,
	}))
	return o
}

// arrive takes somebody through the first sign-in.
func (o *office) arrive(i identity.Issued) identity.Actor {
	o.t.Helper()
	step, err := o.store.Begin(o.ctx, desk, i.Account.Login, i.Password)
	o.must(err)
	step, err = o.store.SetPassword(o.ctx, desk, step.Token, "Đường 9 làng sen")
	o.must(err)
	offer, err := o.store.OfferTOTP(o.ctx, step.Token)
	o.must(err)
	if _, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(offer.Secret); err != nil {
		o.t.Fatal(err)
	}
	code, err := totp.GenerateCode(offer.Secret, time.Now())
	o.must(err)
	step, err = o.store.Enrol(o.ctx, desk, step.Token, identity.Enrolment{Code: code})
	o.must(err)
	return step.Session.Actor(desk)
}

// goAndBack is one whole sign-in.
func (o *office) goAndBack() (identity.Step, error) {
	o.t.Helper()
	address, browser, err := o.door.Start(o.ctx, "ward")
	o.must(err)
	return o.door.Finish(o.ctx, desk, browser, o.there.visit(address))
}

func (o *office) refused(what string, err error) {
	o.t.Helper()
	if identity.CodeOf(err) != identity.ProviderRefused {
		o.t.Errorf("%s: %v, want it refused", what, err)
	}
}

func TestAnOfficerComesInThroughTheProvider(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		o := open(t, env)
		step, err := o.goAndBack()
		o.must(err)
		if step.Session == nil || step.Session.Account.Code != "CB-1" {
			t.Errorf("%+v", step)
		}
		o.there.change = func(c map[string]any) { c["amr"] = []string{"pwd"} }
		step, err = o.goAndBack()
		o.must(err)
		if step.Need != identity.NeedFactor {
			t.Errorf("one factor at the provider: %+v", step)
		}
		o.there.change = func(c map[string]any) { delete(c, "amr"); c["acr"] = "otp" }
		step, err = o.goAndBack()
		o.must(err)
		if step.Session == nil {
			t.Errorf("two factors told by acr: %+v", step)
		}
		if _, _, err := o.door.Start(o.ctx, "bank"); !fault.Is(err, fault.NotFound) {
			t.Errorf("an agency without a provider: %v", err)
		}
		o.there.silent = true
		if _, _, err := o.door.Start(o.ctx, "ward"); !fault.Is(err, fault.Unavailable) {
			t.Errorf("a silent provider: %v", err)
		}
	})
}

func TestOnlyTheBrowserThatBegan(t *testing.T) {
	o := open(t, dbtest.SQLite(t))
	address, browser, err := o.door.Start(o.ctx, "ward")
	o.must(err)
	_, another, err := o.door.Start(o.ctx, "ward")
	o.must(err)
	q := o.there.visit(address)
	finish := func(browser string, change func(url.Values)) error {
		v := url.Values{}
		for k := range q {
			v[k] = q[k]
		}
		if change != nil {
			change(v)
		}
		_, err := o.door.Finish(o.ctx, desk, browser, v)
		return err
	}
	o.refused("another browser", finish(another, nil))
	o.refused("no browser", finish("", nil))
	o.refused("a made-up browser", finish(b64([]byte(`{"s":"x"}`)), nil))
	o.refused("another state", finish(browser, func(v url.Values) { v.Set("state", "x") }))
	o.refused("no state", finish(browser, func(v url.Values) { v.Del("state") }))
	o.refused("another issuer's answer", finish(browser, func(v url.Values) { v.Set("iss", "https://evil.example") }))
	o.refused("an error", finish(browser, func(v url.Values) { v.Set("error", "access_denied") }))
	o.refused("another code", finish(browser, func(v url.Values) { v.Set("code", "x") }))
	o.offset.Store(int64(Term))
	o.refused("too late", finish(browser, nil))
	o.offset.Store(0)
	o.must(finish(browser, nil))
	o.refused("twice", finish(browser, nil))
}

// A provider leads nobody to an address that is no HTTPS one, nor is the secret
// sent there.
func TestWhereAProviderLeads(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		o := open(t, env)
		for _, member := range []string{"authorization_endpoint", "token_endpoint", "jwks_uri"} {
			for _, address := range []string{"javascript:alert(1)", "http://192.0.2.1/x", "http://127.0.0.1:1/x", "file:///etc/passwd", "https://user@other.example/", "/auth", ""} {
				o.there.says = map[string]any{member: address}
				if to, _, err := o.door.Start(o.ctx, "ward"); !fault.Is(err, fault.Unavailable) {
					t.Errorf("%s %q: the browser is led to %q (%v)", member, address, to, err)
				}
			}
			o.there.says = map[string]any{member: "https://login.example/" + member}
			_, _, err := o.door.Start(o.ctx, "ward")
			o.must(err)
		}
	})
}

func TestForgedTokens(t *testing.T) {
	o := open(t, dbtest.SQLite(t))
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	o.must(err)
	body := func(token string) map[string]any {
		raw, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
		o.must(err)
		var c map[string]any
		o.must(json.Unmarshal(raw, &c))
		return c
	}
	for what, change := range map[string]func(c map[string]any){
		"another nonce":        func(c map[string]any) { c["nonce"] = "x" },
		"no nonce":             func(c map[string]any) { delete(c, "nonce") },
		"another audience":     func(c map[string]any) { c["aud"] = "other" },
		"another issuer":       func(c map[string]any) { c["iss"] = "https://evil.example" },
		"over":                 func(c map[string]any) { c["exp"] = time.Now().Add(-time.Minute).Unix() },
		"for another party":    func(c map[string]any) { c["azp"] = "other" },
		"for several, unnamed": func(c map[string]any) { c["aud"] = []string{clientID, "other"} },
		"another officer":      func(c map[string]any) { c["employee"] = "CB-9" },
		"no officer":           func(c map[string]any) { delete(c, "employee") },
		"a number for a code":  func(c map[string]any) { c["employee"] = 1 },
		"the administrator":    func(c map[string]any) { c["employee"] = "QT" },
	} {
		o.there.change = change
		_, err := o.goAndBack()
		o.refused(what, err)
	}
	o.there.change = nil
	for what, forge := range map[string]func(token string) string{
		"another's signature": func(tok string) string {
			return o.there.sign(map[string]any{"alg": "RS256", "kid": "1"}, body(tok), other)
		},
		"unsigned": func(tok string) string {
			return b64([]byte(`{"alg":"none"}`)) + "." + strings.Split(tok, ".")[1] + "."
		},
		"a shared secret's": func(tok string) string {
			return o.there.sign(map[string]any{"alg": "HS256", "kid": "1"}, body(tok), o.there.key)
		},
		"changed": func(tok string) string {
			f := strings.Split(tok, ".")
			return f[0] + "." + b64([]byte(strings.Replace(string(must(base64.RawURLEncoding.DecodeString(f[1]))), "CB-1", "CB-2", 1))) + "." + f[2]
		},
		"none":     func(string) string { return "" },
		"too long": func(tok string) string { return tok + strings.Repeat("x", maxAnswer) },
	} {
		o.there.forge = forge
		_, err := o.goAndBack()
		o.refused(what, err)
	}
	o.there.forge = nil
	if _, err := o.goAndBack(); err != nil {
		t.Fatalf("after all that an honest one: %v", err)
	}
}

func must(b []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return b
}
