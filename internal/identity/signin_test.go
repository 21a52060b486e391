package identity

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
	"dancu/internal/ledger"
)

func TestFirstSignInAndEverydayOnes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		p := h.admin()
		if !h.live(p) {
			t.Fatal("the first sign-in opened no session")
		}
		old := p.token
		h.must(h.LogOut(h.ctx, p.from, p.token))
		h.must(h.LogOut(h.ctx, p.from, p.token)) // twice is no error
		if h.live(p) {
			t.Error("a session lives after the logout")
		}
		h.signIn(p)
		if p.token == old {
			t.Error("two sessions have one token")
		}
		if got := h.count(EventSessionOpened); got != 2 {
			t.Errorf("%d sign-ins are in the log, want 2", got)
		}
		if got := h.count(EventSessionClosed); got != 1 {
			t.Errorf("%d logouts are in the log, want 1", got)
		}
		for _, e := range h.entries(EventSessionOpened) {
			if e.Person["id"] != "QT-1" || e.Person["address"] != "192.0.2.10" || e.Person["session"] == "" || e.Event["agent"] != desk.Agent {
				t.Errorf("the entry of a sign-in says %v, %v", e.Event, e.Person)
			}
		}
		// What is typed and held is stored nowhere.
		dump := h.dump()
		for what, secret := range map[string]string{
			"password": p.password, "token": p.token, "TOTP secret": string(p.secret),
			"recovery code": strings.ReplaceAll(p.recovery[0], "-", ""),
		} {
			if strings.Contains(dump, secret) {
				t.Errorf("the %s is stored as it is", what)
			}
		}
	})
}

// Whoever knew an earlier step's token does not come along (session fixation).
func TestEveryStepHasANewToken(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		p := h.admin()
		step, err := h.Begin(h.ctx, desk, p.Login, p.password)
		h.must(err)
		pending := step.Token
		if _, err := h.Use(h.ctx, pending, desk); CodeOf(err) != SessionEnded {
			t.Fatalf("a pending sign-in has rights: %v", err)
		}
		if _, err := h.SetPassword(h.ctx, desk, pending, "Another 1 password!"); CodeOf(err) != SignInGone {
			t.Fatalf("a step was skipped: %v", err)
		}
		if _, err := h.OfferTOTP(h.ctx, pending); CodeOf(err) != SignInGone {
			t.Fatalf("a factor was offered to who has not shown one: %v", err)
		}
		step, err = h.GiveFactor(h.ctx, desk, pending, Proof{Code: h.code(p)})
		h.must(err)
		if step.Token == pending {
			t.Fatal("the session has the pending sign-in's token")
		}
		for _, try := range []func() error{
			func() error { _, err := h.Use(h.ctx, pending, desk); return err },
			func() error { _, err := h.Pending(h.ctx, pending); return err },
			func() error {
				_, err := h.GiveFactor(h.ctx, desk, pending, Proof{Code: h.code(p)})
				return err
			},
		} {
			if err := try(); !fault.Is(err, fault.Unauthenticated) {
				t.Errorf("the old token still does something: %v", err)
			}
		}
		p.enter(step)
		before := p.token
		h.stepUp(p)
		if p.token == before || p.session.ID != step.Session.ID {
			t.Error("a fresh factor must give the same session a new token")
		}
		if _, err := h.Use(h.ctx, before, desk); CodeOf(err) != SessionEnded {
			t.Errorf("the token before the fresh factor: %v", err)
		}
		// Beginning anew ends what was begun.
		one, err := h.Begin(h.ctx, desk, p.Login, p.password)
		h.must(err)
		_, err = h.Begin(h.ctx, desk, p.Login, p.password)
		h.must(err)
		if _, err := h.Pending(h.ctx, one.Token); CodeOf(err) != SignInGone {
			t.Errorf("two sign-ins of one account are pending: %v", err)
		}
	})
}

func TestTOTPCodeIsGoodOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		p := h.admin()
		give := func(code string) error {
			t.Helper()
			step, err := h.Begin(h.ctx, desk, p.Login, p.password)
			h.must(err)
			_, err = h.GiveFactor(h.ctx, desk, step.Token, Proof{Code: code})
			return err
		}
		code := h.code(p)
		h.must(give(code))
		h.refused(give(code), fault.Unauthenticated, FactorWrong)
		// The step before the one used is used, too; one that is to come does.
		h.refused(give(h.codeAt(p, -1)), fault.Unauthenticated, FactorWrong)
		h.must(give(h.codeAt(p, 1)))
		// Beyond the window on both sides.
		h.pass(5 * time.Minute)
		h.refused(give(h.codeAt(p, 2)), fault.Unauthenticated, FactorWrong)
		h.refused(give(h.codeAt(p, -2)), fault.Unauthenticated, FactorWrong)
		h.must(give(h.codeAt(p, -1)))
		// At once: one of many.
		h.pass(5 * time.Minute)
		code = h.codeAt(p, 0)
		step, err := h.Begin(h.ctx, desk, p.Login, p.password)
		h.must(err)
		var in atomic.Int64
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				if s, err := h.GiveFactor(h.ctx, desk, step.Token, Proof{Code: code}); err == nil && s.Session != nil {
					in.Add(1)
				}
			})
		}
		wg.Wait()
		if in.Load() != 1 {
			t.Errorf("%d sessions came of one code, want 1", in.Load())
		}
	})
}

func TestRecoveryCodeIsGoodOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		p := h.admin()
		give := func(code string) error {
			t.Helper()
			step, err := h.Begin(h.ctx, desk, p.Login, p.password)
			h.must(err)
			s, err := h.GiveFactor(h.ctx, desk, step.Token, Proof{Code: code})
			if err == nil {
				p.enter(s)
			}
			return err
		}
		h.must(give(strings.ToLower(strings.ReplaceAll(p.recovery[0], "-", " "))))
		h.refused(give(p.recovery[0]), fault.Unauthenticated, FactorWrong)
		if e := h.entries(EventRecoveryUsed); len(e) != 1 || e[0].Event["left"] != float64(recoveryCodes-1) {
			t.Errorf("the log says of the recovery code: %v", e)
		}
		// Another's codes are worth nothing here.
		other := h.hire(p, Inspector, "", "TT-1")
		h.refused(give(other.recovery[1]), fault.Unauthenticated, FactorWrong)
		// New ones end the old ones.
		h.must(give(p.recovery[1]))
		codes, err := h.NewRecoveryCodes(h.ctx, p.actor())
		h.must(err)
		h.refused(give(p.recovery[2]), fault.Unauthenticated, FactorWrong)
		h.must(give(codes[9]))
		h.pass(h.rules().FreshFactor + time.Second)
		_, err = h.NewRecoveryCodes(h.ctx, p.actor())
		if CodeOf(err) != FactorStale && CodeOf(err) != SessionTimedOut {
			t.Errorf("new codes without a fresh factor: %v", err)
		}
	})
}

func TestLockoutOnBothSides(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		p := h.admin()
		sup := h.hire(p, Supervisor, "", "GS-9")
		begin := func(password string) error {
			_, err := h.Begin(h.ctx, desk, sup.Login, password)
			return err
		}
		fail := func(n int) {
			t.Helper()
			for range n {
				h.refused(begin("wrong"), fault.Unauthenticated, SignInFailed)
			}
		}
		// The right password does not start the count anew: the second factor's
		// guesses are among the five.
		fail(3)
		h.must(begin(sup.password))
		step, err := h.Begin(h.ctx, desk, sup.Login, sup.password)
		h.must(err)
		_, err = h.GiveFactor(h.ctx, desk, step.Token, Proof{Code: "000000"})
		h.refused(err, fault.Unauthenticated, FactorWrong)
		if h.count(EventAccountLocked) != 0 {
			t.Fatal("locked after four failures")
		}
		_, err = h.GiveFactor(h.ctx, desk, step.Token, Proof{Code: "000000"})
		h.refused(err, fault.Unauthenticated, FactorWrong)
		if h.count(EventAccountLocked) != 1 {
			t.Fatal("not locked after five failures")
		}
		// Nothing that was right before is now.
		_, err = h.GiveFactor(h.ctx, desk, step.Token, Proof{Code: h.code(sup)})
		h.refused(err, fault.Unauthenticated, SignInGone)
		h.refused(begin(sup.password), fault.Unauthenticated, SignInFailed)
		if a := h.account(p, sup.ID); a.LockedUntil.IsZero() {
			t.Error("the administrator does not see the lock")
		}
		// Until the time, and no longer.
		until := h.account(p, sup.ID).LockedUntil
		h.pass(until.Sub(h.now()) - time.Second)
		h.refused(begin(sup.password), fault.Unauthenticated, SignInFailed)
		h.pass(2 * time.Second)
		h.must(begin(sup.password))
		// The next lock is longer.
		fail(5)
		h.signIn(p)
		if d := h.account(p, sup.ID).LockedUntil.Sub(h.now()); d < 29*time.Minute || d > 31*time.Minute {
			t.Errorf("the second lock lasts %v, want half an hour", d)
		}
		h.refused(h.UnlockAccount(h.ctx, p.actor(), sup.ID, "short"), fault.Invalid, ReasonMissing)
		h.must(h.UnlockAccount(h.ctx, p.actor(), sup.ID, why))
		h.refused(h.UnlockAccount(h.ctx, p.actor(), sup.ID, why), fault.Conflict, WrongState)
		h.signIn(sup)
		// A sign-in brought to its end starts anew.
		fail(4)
		h.must(begin(sup.password))
	})
}

// account reads an account as an administrator sees it, who signs in again if
// need be.
func (h *house) account(by *person, id string) Account {
	h.t.Helper()
	if !h.live(by) {
		h.signIn(by)
	}
	a, err := h.Account(h.ctx, by.actor(), id)
	h.must(err)
	return a
}

func TestLockGrowsToItsEnd(t *testing.T) {
	s, set := &Store{}, DefaultSettings()
	s.set.Store(&set)
	for i, want := range []time.Duration{15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour} {
		if got := s.lockTime(int64(i)); got != want {
			t.Errorf("lock %d lasts %v, want %v", i+1, got, want)
		}
	}
	for _, i := range []int64{7, 8, 63, 1 << 40} {
		if got := s.lockTime(i); got != 24*time.Hour {
			t.Errorf("lock %d lasts %v, want a day", i, got)
		}
	}
}

// However many guess at once, no more are heard than the setting says.
func TestGuessersAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		p := h.admin()
		h.must(h.LogOut(h.ctx, p.from, p.token))
		const guessers = 64
		var in atomic.Int64
		var wg sync.WaitGroup
		for i := range guessers {
			wg.Go(func() {
				// Every address is another.
				from := Client{Address: netipFrom(i)}
				if _, err := h.Begin(h.ctx, from, p.Login, "guess"); err == nil {
					in.Add(1)
				} else if CodeOf(err) != SignInFailed {
					t.Errorf("a guess: %v", err)
				}
			})
		}
		wg.Wait()
		if in.Load() != 0 {
			t.Fatal("a guess came in")
		}
		if got := h.count(EventSignInFailed); got != h.rules().Failures {
			t.Errorf("%d guesses were heard, want %d", got, h.rules().Failures)
		}
		if got := h.count(EventAccountLocked); got != 1 {
			t.Errorf("locked %d times, want once", got)
		}
		// The others are in the summaries.
		h.pass(2 * time.Minute)
		h.must(h.Sweep(h.ctx))
		total := 0
		for _, e := range h.entries(EventSignInsFailed) {
			total += int(e.Event["count"].(float64))
		}
		if total != guessers-h.rules().Failures {
			t.Errorf("the summaries have %d, want %d", total, guessers-h.rules().Failures)
		}
	})
}

// A reserved proof that nobody settled does not lock for ever.
func TestAProofLostInACrash(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		p := h.admin()
		for range h.rules().Failures {
			h.must(h.ledger.Write(h.ctx, func(tx *ledger.Tx) error {
				_, err := h.reserve(h.ctx, tx, accountSubject(p.ID))
				return err
			}))
		}
		_, err := h.Begin(h.ctx, desk, p.Login, p.password)
		h.refused(err, fault.Unauthenticated, SignInFailed)
		h.pass(staleAttempt + time.Second)
		h.signIn(p)
	})
}

func TestManyAccountsFromOneAddress(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env, func(c *Config) { c.Settings.AddressFailures = 20 })
		p := h.admin()
		bad := Client{Address: netipFrom(1)}
		for i := range 20 {
			_, err := h.Begin(h.ctx, bad, "nobody"+string(rune('a'+i)), "guess")
			h.refused(err, fault.Unauthenticated, SignInFailed)
		}
		_, err := h.Begin(h.ctx, bad, p.Login, p.password)
		h.refused(err, fault.Exhausted, SignInBusy)
		// Another address is not concerned; a neighbour in the same /64 is.
		step, err := h.Begin(h.ctx, Client{Address: netipFrom(2)}, p.Login, p.password)
		h.must(err)
		_, err = h.GiveFactor(h.ctx, bad, step.Token, Proof{Code: h.code(p)})
		h.refused(err, fault.Exhausted, SignInBusy)
		h.pass(h.rules().AddressWindow + time.Second)
		_, err = h.Begin(h.ctx, bad, p.Login, p.password)
		h.must(err)
		// Nothing of what was typed is in the log, and it is not filled.
		h.pass(2 * time.Minute)
		h.must(h.Sweep(h.ctx))
		if got := h.count(EventSignInFailed); got != 0 {
			t.Errorf("guesses at nobody have %d entries of their own", got)
		}
		got := h.entries(EventSignInsFailed)
		if len(got) == 0 || len(got) > 4 {
			t.Fatalf("%d summaries, want one for each cause and minute", len(got))
		}
		for _, e := range got {
			if e.Event["address"] != bad.address() {
				t.Errorf("a summary says %v", e.Event)
			}
			for _, v := range e.Event {
				if s, ok := v.(string); ok && strings.Contains(s, "nobody") {
					t.Errorf("a summary tells what was typed: %q", s)
				}
			}
		}
	})
}

// A sign-in that ended in a session gives its attempts back: a big office behind
// one address signs in. What failed and what was left half-way stays counted.
func TestAnOfficeBehindOneAddress(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		const attempts = 6
		h := start(t, env, func(c *Config) {
			c.Settings.AddressAttempts, c.Settings.AddressWindow = attempts, 24*time.Hour
		})
		p := h.admin() // the first sign-in, too, gives back
		p.from = Client{Address: netipFrom(1)}
		used := func(from Client, want int) {
			t.Helper()
			h.flood.mu.Lock()
			defer h.flood.mu.Unlock()
			if c := h.flood.by[network(from.Address)]; c == nil || c.attempts != want || c.failures > c.attempts {
				t.Fatalf("%v is counted for %s, want %d attempts", c, from.Address, want)
			}
		}
		used(desk, 0)
		for range 3 * attempts {
			h.signIn(p)
			h.stepUp(p)
		}
		used(p.from, 0)
		// Half-way and failed ones are counted, and what succeeds after them
		// gives back its own alone.
		for range 2 {
			_, err := h.Begin(h.ctx, p.from, p.Login, p.password)
			h.must(err)
		}
		_, err := h.Begin(h.ctx, p.from, p.Login, "guess")
		h.refused(err, fault.Unauthenticated, SignInFailed)
		step, err := h.Begin(h.ctx, p.from, p.Login, p.password)
		h.must(err)
		_, err = h.GiveFactor(h.ctx, p.from, step.Token, Proof{Code: "000000"})
		h.refused(err, fault.Unauthenticated, FactorWrong)
		used(p.from, 5)
		_, err = h.GiveFactor(h.ctx, p.from, step.Token, Proof{Code: h.code(p)})
		h.must(err)
		used(p.from, 4)
		h.signIn(p)
		used(p.from, 4)
		for range 2 {
			_, err = h.Begin(h.ctx, p.from, p.Login, p.password)
			h.must(err)
		}
		_, err = h.Begin(h.ctx, p.from, p.Login, p.password)
		h.refused(err, fault.Exhausted, SignInBusy)
	})
}

// Who exists cannot be told: not by the words, nor by the work, nor by a lock.
func TestUnknownReadsLikeWrong(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		admin := h.admin()
		gone := h.hire(admin, Support, "", "HT-1")
		h.must(h.DisableAccount(h.ctx, admin.actor(), gone.ID, why))
		work := func(login, password string) (text string, commits int64, statements int64) {
			t.Helper()
			var c, st atomic.Int64
			f := func(step string) error {
				switch step {
				case "commit":
					c.Add(1)
				case "statement":
					st.Add(1)
				}
				return nil
			}
			h.fault.Store(&f)
			defer h.fault.Store(nil)
			_, err := h.Begin(h.ctx, desk, login, password)
			h.refused(err, fault.Unauthenticated, SignInFailed)
			return err.Error(), c.Load(), st.Load()
		}
		wantText, wantCommits, _ := work("nobody.here", "guess")
		for range h.rules().Failures + 2 { // up to the lock and beyond
			for _, c := range [][2]string{{admin.Login, "guess"}, {gone.Login, "guess"}, {gone.Login, gone.password}, {"nobody.here", "guess"}} {
				text, commits, _ := work(c[0], c[1])
				if text != wantText || commits != wantCommits {
					t.Errorf("%q in %d commits, want %q in %d", text, commits, wantText, wantCommits)
				}
			}
		}
		// An unknown login locks as an account does.
		subject, err := h.nobodySubject("nobody.here")
		h.must(err)
		a, err := readAttempt(h.ctx, h.main, subject)
		h.must(err)
		if a.lockedUntil.IsZero() {
			t.Error("an unknown login does not lock")
		}
		// Its rows go again: the table does not grow with guesses.
		h.pass(h.rules().MaxLockTime * 3)
		h.must(h.Sweep(h.ctx))
		if a, err = readAttempt(h.ctx, h.main, subject); err != nil || a != (attemptRow{}) {
			t.Errorf("the failures of an unknown login stay: %v, %v", a, err)
		}
	})
}

func TestSignInTakesItsTime(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		p := h.admin()
		step, err := h.Begin(h.ctx, desk, p.Login, p.password)
		h.must(err)
		h.pass(h.rules().SignInTime - time.Second)
		_, err = h.Pending(h.ctx, step.Token)
		h.must(err)
		h.must(h.Sweep(h.ctx))
		h.pass(time.Second)
		_, err = h.GiveFactor(h.ctx, desk, step.Token, Proof{Code: h.codeAt(p, 0)})
		h.refused(err, fault.Unauthenticated, SignInGone)
		if h.count(EventSignInAbandoned) != 0 {
			t.Fatal("abandoned before its time")
		}
		h.must(h.Sweep(h.ctx))
		h.must(h.Sweep(h.ctx))
		e := h.entries(EventSignInAbandoned)
		if len(e) != 1 || e[0].Event["lacked"] != "factor" || e[0].Person["id"] != "QT-1" || e[0].Person["address"] != "192.0.2.10" {
			t.Errorf("the log says of the sign-in that was not finished: %v", e)
		}
		// One-time passwords end, too.
		h.signIn(p)
		i, err := h.CreateAccount(h.ctx, p.actor(), NewAccount{Kind: Support, Code: "HT-2", Login: "hotro.hai", Name: "Hồ Trợ"})
		h.must(err)
		h.pass(h.rules().OneTimePassword - time.Minute)
		_, err = h.Begin(h.ctx, desk, "hotro.hai", i.Password)
		h.must(err)
		h.pass(time.Minute)
		_, err = h.Begin(h.ctx, desk, "hotro.hai", i.Password)
		h.refused(err, fault.Unauthenticated, SignInFailed)
	})
}
