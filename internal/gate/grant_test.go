package gate

import (
	"context"
	"encoding/hex"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"dancu/internal/access"
	"dancu/internal/db/dbtest"
)

// behind puts two represented systems behind an intermediary and returns a
// change that makes a call go through it.
func (w *world) behind(intermediary string, limits map[string]int64) func(represented string) func(*Call) {
	w.t.Helper()
	now := w.main.Clock()
	t := thumb(intermediary)
	w.connect(intermediary)
	w.put(access.ChangeSystem, intermediary, access.System{
		ID: intermediary, Agency: intermediary, Level: 3, Intermediary: true,
		Credentials: []access.Credential{{SHA256: hex.EncodeToString(t[:]), NotBefore: now.AddDate(0, -1, 0), NotAfter: now.AddDate(1, 0, 0)}},
	})
	for id, limit := range limits {
		w.connect(id, func(c *access.Connection) { c.Via, c.Limit.Calls = intermediary, limit })
	}
	return func(represented string) func(*Call) {
		return func(c *Call) { c.Thumbprint, c.Represented = thumb(intermediary), represented }
	}
}

func TestCountingIsPerRepresentedSystem(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		w := start(t, env)
		via := w.behind("lgsp", map[string]int64{"small": 50, "large": 1 << 40})
		var wg sync.WaitGroup
		for range 16 {
			wg.Go(func() {
				for {
					if _, code := w.do(w.call("", 1, via("small"))); code != access.Allowed {
						if code != access.ConnectionVolume {
							t.Errorf("got %q", code)
						}
						break
					}
				}
				for range 10 {
					if _, code := w.do(w.call("", 1, via("large"))); code != access.Allowed {
						t.Errorf("the neighbour's lock gave %q", code)
					}
				}
			})
		}
		wg.Wait()
		if w.answered("small") != 50 || w.counted("small") != 50 || w.counted("large") != 160 || w.counted("lgsp") != 0 {
			t.Errorf("got %d entries and %d counted of 50, %d of 160, %d of the intermediary's own",
				w.answered("small"), w.counted("small"), w.counted("large"), w.counted("lgsp"))
		}
		w.expect(w.call("", 1, via("stranger")), access.IntermediaryForbidden)
		// The intermediary's own standing binds, too.
		w.alter("lgsp", func(c *access.Connection) { c.State = access.Suspended })
		w.expect(w.call("", 1, via("large")), access.ConnectionSuspended)
	})
}

func TestACaseDisclosesSoManyPeople(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		w := start(t, env)
		w.connect("a", func(c *access.Connection) { c.Grants[0].PeoplePerCase = 3 })
		for i := range 3 {
			w.expect(w.call("a", i), access.Allowed)
			w.expect(w.call("a", i), access.Allowed) // the same person again is no further one
		}
		w.expect(w.call("a", 3), access.CaseExhausted)
		w.expect(w.call("a", 3, func(c *Call) { c.Case = "H13-250101-0002" }), access.Allowed)
		w.restart()
		w.expect(w.call("a", 3), access.CaseExhausted)
		w.expect(w.call("a", 2), access.Allowed)
		// Numbers that nobody has count as well: a case is not for trying.
		other := func(c *Call) { c.Case = "H13-250101-0003" }
		for i := range 3 {
			w.expect(w.call("a", 100+i, other), access.Allowed)
		}
		w.expect(w.call("a", 103, other), access.CaseExhausted)
		// At once, the case's number is exact as well.
		var wg sync.WaitGroup
		allowed := make(chan int, 10)
		for i := range 10 {
			wg.Go(func() {
				if _, code := w.do(w.call("a", i, func(c *Call) { c.Case = "H13-250101-0004" })); code == access.Allowed {
					allowed <- i
				}
			})
		}
		wg.Wait()
		if len(allowed) != 3 {
			t.Errorf("got %d people of one case, want 3", len(allowed))
		}
	})
}

func TestVerifyAnswersOnlyYesOrNo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		w := start(t, env)
		w.connect("a")
		verify := func(i int, name, birth string) *Call {
			return w.call("a", i, func(c *Call) {
				c.Service, c.Fields = access.Verify, 0
				c.Claims = map[access.Field]string{access.FullName: name, access.DateOfBirth: birth}
			})
		}
		a, _ := w.expect(verify(1, "nguyen van  b", "1990-01-02"), access.Allowed)
		if !a.Match || len(a.People) > 1 {
			t.Errorf("a true claim did not match: %+v", a)
		}
		for range 3 {
			a, _ = w.expect(verify(1, "Nguyễn Văn B", "1990-01-03"), access.Allowed)
			if a.Match {
				t.Error("a false claim matched")
			}
		}
		w.expect(verify(1, "Nguyễn Văn B", "1990-01-02"), access.VerifyMismatches)
		w.restart()
		w.expect(verify(1, "Nguyễn Văn B", "1990-01-02"), access.VerifyMismatches)
		w.expect(verify(2, "Nguyễn Văn C", "1990-01-03"), access.Allowed)
		for range 3 {
			w.expect(verify(500, "Nguyễn Văn C", "1990-01-03"), access.Allowed) // nobody reads like a mismatch
		}
		w.expect(verify(500, "Nguyễn Văn C", "1990-01-03"), access.VerifyMismatches)
	})
}

func TestASearchOverTheCapIsRefusedNotCut(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		w := start(t, env)
		w.connect("a", func(c *access.Connection) { c.Grants[2].SearchCap = 1 })
		search := func(c *Call) {
			c.Service = access.Search
			c.Keys.PIN, c.Keys.FullName, c.Keys.DateOfBirth = "", "NGUYEN VAN B", "1990-01-02"
		}
		a, _ := w.expect(w.call("a", 1, search), access.Allowed)
		if len(a.People) != 1 {
			t.Fatalf("got %d people", len(a.People))
		}
		if strings.Contains(string(a.Receipt), pin(1)) {
			t.Error("the receipt tells a number that was not granted")
		}
		twin := strings.ReplaceAll(person(1), pin(1), "001090999999")
		if _, err := w.gate.cfg.Register.Import(t.Context(), strings.NewReader(twin+"\n"), importJSON); err != nil {
			t.Fatal(err)
		}
		w.expect(w.call("a", 1, search), access.SearchTooMany)
		if got := w.counted("a"); got != 1 {
			t.Errorf("got %d counted, want 1", got)
		}
	})
}

func TestOutOfTerritoryAndProtectedReadLikeNobody(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		w := start(t, env)
		w.connect("far", func(c *access.Connection) {
			for i := range c.Grants {
				c.Grants[i].Provinces = []string{"079"}
			}
		})
		a, _ := w.expect(w.call("far", 1), access.Allowed)
		b, _ := w.expect(w.call("far", 77), access.Allowed)
		if len(a.People) != 0 || len(b.People) != 0 {
			t.Error("somebody outside the territory was shown")
		}
		w.expect(w.call("far", 1, func(c *Call) {
			c.Service, c.Keys.PIN, c.Keys.FullName, c.Keys.DateOfBirth, c.Keys.Province = access.Search, "", "Nguyễn Văn B", "1990-01-02", "001"
		}), access.TerritoryForbidden)
	})
}

func TestConsentIsOfThePersonAndBindsAtTheCommit(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		w := start(t, env)
		w.connect("bank")
		w.put(access.ChangeAgency, "bank", access.Agency{ID: "bank", Code: "H13", Group: access.GroupServices})
		w.expect(w.call("bank", 1), access.ConsentMissing)
		give := func(i int, change ...func(*ConsentCall)) (string, error) {
			c := &ConsentCall{
				Thumbprint: thumb("bank"), Address: w.call("bank", 1).Address, Transaction: uuid.Must(uuid.NewV7()).String(),
				RequestID: uuid.Must(uuid.NewV7()).String(), PIN: pin(i), Procedure: procedure,
				Fields: access.FieldsOf(access.FullName, access.Sex), Until: w.main.Clock().Add(time.Hour),
				EvidenceKind: "paper", EvidenceSHA256: strings.Repeat("ab", 32),
			}
			for _, f := range change {
				f(c)
			}
			return w.gate.GiveConsent(context.Background(), c)
		}
		id, err := give(1)
		if err != nil {
			t.Fatal(err)
		}
		with := func(c *Call) { c.Consent = id }
		a, _ := w.expect(w.call("bank", 1, with), access.Allowed)
		if len(a.People) != 1 {
			t.Errorf("got %d people with consent", len(a.People))
		}
		w.expect(w.call("bank", 2, with), access.ConsentMissing)
		w.expect(w.call("bank", 88, with), access.ConsentMissing) // and tells nothing of whether there is such a person
		w.expect(w.call("bank", 1, with, func(c *Call) { c.Fields |= access.FieldsOf(access.DateOfBirth) }), access.ConsentMissing)

		refused := func(want access.Code, change func(*ConsentCall)) {
			t.Helper()
			_, err := give(1, change)
			var r *Refusal
			if !errors.As(err, &r) || r.Code != want {
				t.Errorf("got %v, want %s", err, want)
			}
		}
		refused(access.GrantField, func(c *ConsentCall) { c.Fields |= access.FieldsOf(access.Religion) })
		refused(access.RequestInvalid, func(c *ConsentCall) { c.Until = w.main.Clock().Add(-time.Second) })
		refused(access.UnknownCredential, func(c *ConsentCall) { c.Thumbprint = thumb("nobody") })
		refused(access.PurposeNotGranted, func(c *ConsentCall) { c.Procedure = "1.000001" })

		// Withdrawn while a call waits for its commit: refused.
		held, hold := make(chan struct{}), make(chan struct{})
		go w.hold(held, hold)
		<-held
		done := make(chan access.Code)
		go func() {
			_, code := w.do(w.call("bank", 1, with))
			done <- code
		}()
		for w.gate.Waiting() == 0 {
			time.Sleep(time.Millisecond)
		}
		w.consents.mu.Lock()
		c := *w.consents.byID[id]
		c.Withdrawn = w.main.Clock()
		w.consents.byID[id] = &c
		w.consents.mu.Unlock()
		close(hold)
		if got := <-done; got != access.ConsentMissing {
			t.Errorf("got %q after the withdrawal", got)
		}
	})
}
