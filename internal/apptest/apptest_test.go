package apptest_test

import (
	"os"
	"testing"

	"go.uber.org/goleak"

	"dancu/internal/apptest"
	"dancu/internal/db/dbtest"
)

func TestMain(m *testing.M) {
	code := m.Run()
	apptest.RemoveBinary()
	if code == 0 {
		if err := goleak.Find(
			goleak.IgnoreAnyFunction("database/sql.(*DB).connectionOpener"),
		); err != nil {
			println(err.Error())
			code = 1
		}
	}
	os.Exit(code)
}

// TestOneLookUp is the main job, once through, on both engines: three systems,
// every service, every answer with a receipt that the public log proves.
func TestOneLookUp(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		s := apptest.Start(t, apptest.Options{Env: env})
		person := s.Info.People[0]
		office, ministry, bank := s.Client(0), s.Client(1), s.Client(2)
		for _, c := range []struct {
			name string
			do   func() *apptest.Answer
			good func(*apptest.Answer) bool
		}{
			{"office looks up", func() *apptest.Answer { return office.Lookup(person) }, (*apptest.Answer).Found},
			{"office verifies", func() *apptest.Answer { return office.Verify(person) }, func(a *apptest.Answer) bool { return a.Match }},
			{"office searches", func() *apptest.Answer { return office.Search(person) }, func(a *apptest.Answer) bool { return len(a.People) > 0 }},
			{"office reads a household", func() *apptest.Answer { return office.Household(person) }, func(a *apptest.Answer) bool { return len(a.Members) > 0 }},
			{"ministry looks up", func() *apptest.Answer { return ministry.Lookup(person) }, (*apptest.Answer).Found},
			{"bank with consent", func() *apptest.Answer {
				return bank.Post("/v1/lookup", bank.LookupRequest(person).With("consent", bank.GiveConsent(person)))
			}, (*apptest.Answer).Found},
			{"bank naming itself", func() *apptest.Answer {
				return bank.Post("/v1/lookup", bank.LookupRequest(person).With("consent", bank.GiveConsent(person)).With("represented", bank.System.Represented))
			}, (*apptest.Answer).Found},
			{"full receipt", func() *apptest.Answer {
				return office.Post("/v1/lookup", office.LookupRequest(person).With("receipt", "full"))
			}, (*apptest.Answer).Found},
			{"nobody", func() *apptest.Answer {
				return office.Post("/v1/lookup", office.LookupRequest(person).With("fullName", "Người Khác"))
			}, func(a *apptest.Answer) bool { return !a.Found() }},
		} {
			a := c.do()
			if a.Status != 200 || !c.good(a) {
				t.Errorf("%s: %d %s", c.name, a.Status, a.Body)
				continue
			}
			s.VerifyReceipt(a.Receipt)
		}
		for _, c := range []struct {
			name, code string
			do         func() *apptest.Answer
		}{
			{"field not granted", "grant.field_not_allowed", func() *apptest.Answer {
				return office.Post("/v1/lookup", office.LookupRequest(person).With("fields", []string{"religion"}))
			}},
			{"service not granted", "grant.none", func() *apptest.Answer { return ministry.Search(person) }},
			{"consent missing", "consent.missing", func() *apptest.Answer { return bank.Lookup(person) }},
			{"PIN alone", "grant.key_not_allowed", func() *apptest.Answer {
				return office.Post("/v1/lookup", office.LookupRequest(person).With("fullName", nil).With("dateOfBirth", nil))
			}},
		} {
			if a := c.do(); a.Code != c.code {
				t.Errorf("%s: %d %s", c.name, a.Status, a.Body)
			}
		}
		s.VerifyLog()
	})
}

func TestEverySampleCanBeLookedUpByEverySystem(t *testing.T) {
	s := apptest.Start(t)
	if n := len(s.Info.People); n < 50 {
		t.Fatalf("%d sample people, want 50 or more", n)
	}
	for i, sys := range s.Info.Systems {
		c := s.Client(i)
		if len(sys.Fields) >= len(s.Info.AllFields) {
			t.Errorf("%s lacks no field", sys.ID)
		}
		for _, p := range s.Info.People {
			r := c.LookupRequest(p)
			if sys.Consent {
				r = r.With("consent", c.GiveConsent(p))
			}
			if a := c.Post("/v1/lookup", r); !a.Found() {
				t.Errorf("%s: %d %s", sys.ID, a.Status, a.Body)
			}
		}
	}
}

func TestRestartKeepsEverything(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		s := apptest.Start(t, apptest.Options{Env: env})
		before := s.Info
		a := s.Client(0).Lookup(before.People[0])
		s.Restart()
		if s.Info.Log.Vkey != before.Log.Vkey || s.Info.CA != before.CA {
			t.Error("keys changed")
		}
		s.VerifyReceipt(a.Receipt)
		if got := s.Connection(before.Systems[0].ID).Used.Calls; got != 1 {
			t.Errorf("%d calls counted, want 1", got)
		}
		if a := s.Client(0).Lookup(before.People[1]); !a.Found() {
			t.Errorf("%d %s", a.Status, a.Body)
		}
	})
}

func TestProcessIsKilledAndGoesOn(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program; the full run has it")
	}
	s := apptest.StartProcess(t)
	a := s.Client(0).Lookup(s.Info.People[0])
	s.Kill()
	s.Restart()
	s.VerifyReceipt(a.Receipt)
	s.Suspend(s.Info.Systems[0].ID)
	if a := s.Client(0).Lookup(s.Info.People[0]); a.Code != "connection.suspended" {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	s.Resume(s.Info.Systems[0].ID)
	if a := s.Client(0).Lookup(s.Info.People[0]); !a.Found() {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}
