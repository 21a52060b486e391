package identity

import (
	"context"

	"testing"

	"dancu/internal/db/dbtest"
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
