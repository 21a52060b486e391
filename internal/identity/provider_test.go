package identity

import (
	"context"
	"strings"
	"testing"
	"time"

	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
	"dancu/internal/ledger"
)

func TestProviderVouchesForOwnOfficersOnly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		admin := h.admin()
		ward := h.hire(admin, AgencyAdmin, "ward", "QT")
		bank := h.hire(admin, AgencyAdmin, "bank", "QT2")
		officer := h.hire(ward, AgencyOfficer, "", "CB-1")
		h.hire(bank, AgencyOfficer, "", "CB-2")
		p := Provider{Issuer: "https://sso.ward.example", ClientID: "dancu", Secret: "s3cret-of-the-ward", Claim: "employee", Factors: []string{"mfa"}, Enabled: true}
		h.signIn(ward)
		for _, bad := range []Provider{
			{Issuer: "http://sso.ward.example", ClientID: "d", Secret: "s", Claim: "c"},
			{Issuer: "https://u:p@sso.example", ClientID: "d", Secret: "s", Claim: "c"},
			{Issuer: "https://sso.example?x=1", ClientID: "d", Secret: "s", Claim: "c"},
			{Issuer: "https://sso.example", Secret: "s", Claim: "c"},
			{Issuer: "https://sso.example", ClientID: "d", Claim: "c"}, // there is no secret to keep
		} {
			h.refused(h.SetProvider(h.ctx, ward.actor(), bad), fault.Invalid, ProviderInvalid)
		}
		h.must(h.SetProvider(h.ctx, ward.actor(), p))
		if strings.Contains(h.dump(), p.Secret) {
			t.Error("the secret is stored as it is")
		}
		got, err := h.ProviderOf(h.ctx, ward.actor())
		h.must(err)
		if got.Secret != "" || got.Issuer != p.Issuer || got.Agency != "ward" {
			t.Errorf("shown: %+v", got)
		}
		own := p
		own.Factors = nil // the second factor is always ours
		h.must(h.SetProvider(h.ctx, ward.actor(), own))
		h.must(h.SetProvider(h.ctx, ward.actor(), p))
		kept := p
		kept.Secret, kept.Claim = "", "code"
		h.must(h.SetProvider(h.ctx, ward.actor(), kept))
		if got, err = h.SignInProvider(h.ctx, "ward"); err != nil || got.Secret != p.Secret || got.Claim != "code" {
			t.Errorf("the kept secret: %+v, %v", got, err)
		}
		// A secret does not follow to another issuer.
		kept.Issuer = "https://elsewhere.example"
		h.refused(h.SetProvider(h.ctx, ward.actor(), kept), fault.Invalid, ProviderInvalid)
		h.pass(h.rules().AdminIdle - time.Second)
		if h.live(ward) {
			h.pass(time.Minute)
			h.refused(h.SetProvider(h.ctx, ward.actor(), p), fault.Forbidden, FactorStale)
		}
		h.signIn(ward)
		_, err = h.ProviderOf(h.ctx, officer.actor())
		if !fault.Is(err, fault.Forbidden) && !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("an officer sees the provider's settings: %v", err)
		}

		word := Federated{Agency: "ward", Issuer: p.Issuer, Code: "CB-1", Proofs: []string{"pwd", "mfa"}}
		step, err := h.BeginFederated(h.ctx, desk, word)
		h.must(err)
		if step.Session == nil || step.Session.Account.ID != officer.ID || step.Session.Method != "provider" {
			t.Errorf("two factors at the provider: %+v", step)
		}
		// Without the second factor there, ours is asked.
		word.Proofs = []string{"pwd"}
		step, err = h.BeginFederated(h.ctx, desk, word)
		h.must(err)
		if step.Need != NeedFactor || step.Session != nil {
			t.Fatalf("one factor is enough: %+v", step)
		}
		step, err = h.GiveFactor(h.ctx, desk, step.Token, Proof{Code: h.code(officer)})
		h.must(err)
		if step.Session == nil {
			t.Errorf("after our factor: %+v", step)
		}
		word.Proofs = []string{"mfa"}
		for what, f := range map[string]Federated{
			"another agency's officer":     {Agency: "ward", Issuer: p.Issuer, Code: "CB-2", Proofs: word.Proofs},
			"an administrator":             {Agency: "ward", Issuer: p.Issuer, Code: "QT", Proofs: word.Proofs},
			"nobody":                       {Agency: "ward", Issuer: p.Issuer, Code: "CB-9", Proofs: word.Proofs},
			"an agency without provider":   {Agency: "bank", Issuer: p.Issuer, Code: "CB-2", Proofs: word.Proofs},
			"staff":                        {Agency: "", Issuer: p.Issuer, Code: "QT-1", Proofs: word.Proofs},
			"another issuer":               {Agency: "ward", Issuer: "https://evil.example", Code: "CB-1", Proofs: word.Proofs},
			"a code that could not be one": {Agency: "ward", Issuer: p.Issuer, Code: "CB-1' or 1=1", Proofs: word.Proofs},
		} {
			if _, err := h.BeginFederated(h.ctx, desk, f); CodeOf(err) != ProviderRefused {
				t.Errorf("%s: %v", what, err)
			}
		}
		h.signIn(ward)
		h.must(h.DisableAccount(h.ctx, ward.actor(), officer.ID, why))
		_, err = h.BeginFederated(h.ctx, desk, word)
		h.refused(err, fault.Unauthenticated, ProviderRefused)
		h.must(h.RemoveProvider(h.ctx, ward.actor()))
		h.refused(h.RemoveProvider(h.ctx, ward.actor()), fault.NotFound, NotThere)
		if _, err := h.SignInProvider(h.ctx, "ward"); !fault.Is(err, fault.NotFound) {
			t.Errorf("a removed provider: %v", err)
		}
	})
}

// Without TLS a provider is reached on this very machine alone, and only where
// the operator says so.
func TestALoopbackProviderIsASetting(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		trial := h.node(func(c *Config) { c.Settings.LoopbackProviders = true })
		ward := h.hire(h.admin(), AgencyAdmin, "ward", "QT")
		h.signIn(ward)
		p := Provider{Issuer: "http://127.0.0.1:8080", ClientID: "dancu", Secret: "s3cret", Claim: "employee", Factors: []string{"mfa"}, Enabled: true}
		h.refused(h.SetProvider(h.ctx, ward.actor(), p), fault.Invalid, ProviderInvalid)
		h.must(trial.SetProvider(h.ctx, ward.actor(), p))
		_, err := trial.SignInProvider(h.ctx, "ward")
		h.must(err)
		// What was set then is worth nothing where it is not allowed.
		_, err = h.SignInProvider(h.ctx, "ward")
		h.refused(err, fault.NotFound, ProviderRefused)
		for _, issuer := range []string{"http://192.0.2.1", "http://localhost:8080", "ftp://127.0.0.1"} {
			p.Issuer = issuer
			h.refused(trial.SetProvider(h.ctx, ward.actor(), p), fault.Invalid, ProviderInvalid)
		}
	})
}

// Whom a provider vouched for is out when the agency trusts it no more, or
// trusts it otherwise; whoever came in by other ways, or to another agency, stays.
func TestAProvidersSessionsEndWithIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		admin := h.admin()
		bosses := map[string]*person{}
		for _, agency := range []string{"ward", "bank"} {
			bosses[agency] = h.hire(admin, AgencyAdmin, agency, "QT-"+agency)
		}
		ward := bosses["ward"]
		inside, typed := h.hire(ward, AgencyOfficer, "", "CB-1"), h.hire(ward, AgencyOfficer, "", "CB-2")
		halfway := h.hire(ward, AgencyOfficer, "", "CB-3")
		neighbour := h.hire(bosses["bank"], AgencyOfficer, "", "CB-4")
		p := Provider{Issuer: "https://sso.example", ClientID: "dancu", Secret: "s3cret", Claim: "employee", Factors: []string{"mfa"}, Enabled: true}
		come := func(agency string, who *person, proofs ...string) Step {
			t.Helper()
			step, err := h.BeginFederated(h.ctx, desk, Federated{Agency: agency, Issuer: p.Issuer, Code: who.Code, Proofs: proofs})
			h.must(err)
			if step.Session != nil {
				who.enter(step)
			}
			return step
		}
		for _, b := range bosses {
			h.signIn(b)
			h.must(h.SetProvider(h.ctx, b.actor(), p))
		}
		come("bank", neighbour, "mfa")
		for name, act := range map[string]func() error{
			"switched off": func() error {
				off := p
				off.Enabled = false
				return h.SetProvider(h.ctx, ward.actor(), off)
			},
			"changed": func() error {
				other := p
				other.ClientID = "another"
				return h.SetProvider(h.ctx, ward.actor(), other)
			},
			"removed": func() error { return h.RemoveProvider(h.ctx, ward.actor()) },
		} {
			h.signIn(ward)
			h.must(h.SetProvider(h.ctx, ward.actor(), p))
			h.signIn(typed)
			come("ward", inside, "mfa")
			step := come("ward", halfway)
			if step.Need != NeedFactor || !h.live(inside) || !h.live(typed) {
				t.Fatalf("%s: nobody is in before", name)
			}
			ended, left := h.count(EventSessionEnded), h.count(EventSignInAbandoned)
			h.must(act())
			if h.live(inside) {
				t.Errorf("%s: whom the provider vouched for stays in", name)
			}
			_, err := h.GiveFactor(h.ctx, desk, step.Token, Proof{Code: h.code(halfway)})
			h.refused(err, fault.Unauthenticated, SignInGone)
			if !h.live(typed) || !h.live(ward) || !h.live(neighbour) {
				t.Errorf("%s: others are out: %t %t %t", name, h.live(typed), h.live(ward), h.live(neighbour))
			}
			if e, l := h.count(EventSessionEnded)-ended, h.count(EventSignInAbandoned)-left; e != 1 || l != 1 {
				t.Errorf("%s: %d entries of sessions and %d of sign-ins, want one each", name, e, l)
			}
		}
		e := h.entries(EventSessionEnded)
		if last := e[len(e)-1]; last.Event["why"] != "provider" || last.Event["officer"] != "CB-1" || last.Person["id"] != ward.Code {
			t.Errorf("the log says %v", last)
		}
	})
}

func TestCitizens(t *testing.T) {
	const pin, stranger = "001099000017", "001099000018"
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		demo := DemoEIdentity{Code: "123456", Synthetic: func(_ context.Context, p string) (bool, error) { return p == pin, nil }}
		h := start(t, env, func(c *Config) { c.EIdentity = demo })
		if demo, ok := h.EIdentityDemo(); !demo || !ok {
			t.Error("the demonstration does not say what it is")
		}
		step, err := h.SignInCitizen(h.ctx, desk, CitizenAnswer{pin, "123456"})
		h.must(err)
		s, err := h.Use(h.ctx, step.Token, desk)
		h.must(err)
		if s.Account.Kind != Citizen || s.Account.ID != "" {
			t.Errorf("a citizen's session: %+v", s)
		}
		if got, err := h.PersonOf(h.ctx, s.ID); err != nil || got != pin {
			t.Errorf("whose session: %v", err)
		}
		if strings.Contains(h.dump(), pin) {
			t.Error("the number is stored as it is")
		}
		// A citizen has no other rights.
		by := s.Actor(desk)
		for what, try := range map[string]func() error{
			"accounts": func() error { _, _, err := h.Accounts(h.ctx, by, Filter{}); return err },
			"create": func() error {
				_, err := h.CreateAccount(h.ctx, by, NewAccount{Kind: Support, Code: "X", Login: "x.x", Name: "X"})
				return err
			},
			"sessions":  func() error { _, err := h.Sessions(h.ctx, by); return err },
			"proposals": func() error { _, _, err := h.Proposals(h.ctx, by, ProposalFilter{}); return err },
			"reviews":   func() error { _, err := h.ReviewsDue(h.ctx, by); return err },
			"disable":   func() error { return h.DisableAccount(h.ctx, by, "x", why) },
			"totp":      func() error { _, err := h.OfferTOTP(h.ctx, step.Token); return err },
		} {
			if err := try(); !fault.Is(err, fault.Forbidden) {
				t.Errorf("a citizen may do %s: %v", what, err)
			}
		}
		if found, err := h.FindOfficers(h.ctx, h.main, []string{s.ID}, h.now()); err != nil || len(found) != 0 {
			t.Errorf("a citizen is an officer: %v, %v", found, err)
		}
		// The entry is found by the number, and tells it nowhere else.
		res, err := h.ledger.Search(h.ctx, ledger.Reader{Actor: ledger.Actor{Kind: "cli", ID: "test"}, Reason: "test"}, ledger.Query{Terms: []ledger.Term{{Kind: ledger.TermPerson, Value: pin}}})
		h.must(err)
		found := 0
		for _, r := range res.Records {
			if r.Kind == EventSessionOpened {
				found++
				if p := r.Part(ledger.PartEvent); strings.Contains(string(p.Data), pin) {
					t.Error("the event names the number")
				}
			}
		}
		if found != 1 {
			t.Errorf("found by number %d times, want 1", found)
		}
		h.must(h.LogOut(h.ctx, desk, step.Token))
		if _, err := h.PersonOf(h.ctx, s.ID); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("after the logout: %v", err)
		}
		// Who is not made up does not come in, and nobody guesses for ever.
		_, err = h.SignInCitizen(h.ctx, desk, CitizenAnswer{stranger, "123456"})
		h.refused(err, fault.Unauthenticated, SignInFailed)
		for i := range h.rules().Failures {
			_, err = h.SignInCitizen(h.ctx, Client{Address: netipFrom(i)}, CitizenAnswer{pin, "000000"})
			h.refused(err, fault.Unauthenticated, SignInFailed)
		}
		_, err = h.SignInCitizen(h.ctx, desk, CitizenAnswer{pin, "123456"})
		h.refused(err, fault.Unauthenticated, SignInFailed)
		h.pass(h.rules().LockTime + time.Second)
		step, err = h.SignInCitizen(h.ctx, desk, CitizenAnswer{pin, "123456"})
		h.must(err)
		h.pass(h.rules().CitizenIdle + time.Second)
		_, err = h.Use(h.ctx, step.Token, desk)
		h.refused(err, fault.Unauthenticated, SessionTimedOut)
	})
}
