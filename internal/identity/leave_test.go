package identity

import (
	"context"
	"sync/atomic"
	"testing"

	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
)

// Whoever goes away while a password is compared has made a proof that counts
// and is told, or none: nobody is locked out without an entry.
func TestGoingAwayIsTold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		p := h.admin()
		// leaving ends the request as soon as its proof is reserved.
		leaving := func(do func(ctx context.Context) error) {
			t.Helper()
			ctx, cancel := context.WithCancel(h.ctx)
			defer cancel()
			f := func(step string) error {
				if step == "commit" {
					cancel()
				}
				return nil
			}
			h.fault.Store(&f)
			defer h.fault.Store(nil)
			if do(ctx) == nil {
				t.Fatal("a guess came in")
			}
		}
		for range 2 {
			leaving(func(ctx context.Context) error { _, err := h.Begin(ctx, desk, p.Login, "guess"); return err })
			leaving(func(ctx context.Context) error {
				_, err := h.ChangePassword(ctx, desk, p.token, "guess", "Hoa sen 77 nở bên hồ")
				return err
			})
		}
		a, err := readAttempt(h.ctx, h.main, accountSubject(p.ID))
		h.must(err)
		if told := h.count(EventSignInFailed); a.failures != int64(told) {
			t.Errorf("%d failures count and %d are told", a.failures, told)
		}
		// A right password is one, too, whoever still waits for the answer.
		before := a.failures
		for range 4 {
			leaving(func(ctx context.Context) error {
				if _, err := h.Begin(ctx, desk, p.Login, p.password); err != nil {
					return err
				}
				return context.Canceled // nobody reads the answer
			})
		}
		if a, err = readAttempt(h.ctx, h.main, accountSubject(p.ID)); err != nil || a.failures != before {
			t.Errorf("%d failures count after right passwords, want %d (%v)", a.failures, before, err)
		}
	})
}

// That somebody knew the password is told, however they left: by giving up, by
// beginning anew, or because the account changed.
func TestGivingUpIsTold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		admin := h.admin()
		p := h.hire(admin, Support, "", "HT-1")
		other := Client{Address: netipFrom(9), Agent: "guesser"}
		begin := func() string {
			t.Helper()
			step, err := h.Begin(h.ctx, other, p.Login, p.password)
			h.must(err)
			return step.Token
		}
		told := func(want int) {
			t.Helper()
			e := h.entries(EventSignInAbandoned)
			if len(e) != want {
				t.Fatalf("%d sign-ins are told as given up, want %d", len(e), want)
			}
			if last := e[want-1]; last.Event["lacked"] != "factor" || last.Person["id"] != "HT-1" || last.Person["address"] != "198.18.0.9" {
				t.Errorf("the log says of the sign-in: %v", last)
			}
		}
		h.must(h.Abandon(h.ctx, begin()))
		told(1)
		begin()
		begin() // the first is no more
		told(2)
		_, err := h.EndSessionsOf(h.ctx, admin.actor(), p.ID, why)
		h.must(err)
		told(3)
		// A sign-in that goes on is none given up.
		i, err := h.ResetPassword(h.ctx, admin.actor(), p.ID, why)
		h.must(err)
		step, err := h.Begin(h.ctx, other, p.Login, i.Password)
		h.must(err)
		step, err = h.GiveFactor(h.ctx, other, step.Token, Proof{Code: h.code(p)})
		h.must(err)
		step, err = h.SetPassword(h.ctx, other, step.Token, "Hoa sen 77 nở bên hồ")
		h.must(err)
		if step.Session == nil {
			t.Fatalf("signed in, but %q is needed", step.Need)
		}
		told(3)
	})
}

// Anybody can send a token: one that was never given out locks nothing.
func TestMadeUpTokensLockNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		p := h.admin()
		h.must(h.LogOut(h.ctx, p.from, p.token))
		var commits atomic.Int64
		f := func(step string) error {
			if step == "commit" {
				commits.Add(1)
			}
			return nil
		}
		h.fault.Store(&f)
		defer h.fault.Store(nil)
		h.must(h.LogOut(h.ctx, desk, "made-up"))
		h.must(h.LogOut(h.ctx, desk, p.token))
		h.must(h.Abandon(h.ctx, "made-up"))
		_, err := h.Enrol(h.ctx, desk, "made-up", Enrolment{Code: "123456"})
		h.refused(err, fault.Unauthenticated, SessionEnded)
		_, err = h.OfferTOTP(h.ctx, "made-up")
		h.refused(err, fault.Unauthenticated, SessionEnded)
		_, err = h.PasskeyChallenge(h.ctx, "made-up")
		h.refused(err, fault.Unauthenticated, SessionEnded)
		_, err = h.GiveFactor(h.ctx, desk, "made-up", Proof{Code: "123456"})
		h.refused(err, fault.Unauthenticated, SignInGone)
		_, err = h.StepUp(h.ctx, desk, "made-up", Proof{Code: "123456"})
		h.refused(err, fault.Unauthenticated, SessionEnded)
		if n := commits.Load(); n != 0 {
			t.Errorf("%d transactions for tokens that are none", n)
		}
	})
}
