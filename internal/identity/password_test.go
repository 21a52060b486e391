package identity

import (
	"context"
	"maps"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
)

func TestPasswordRules(t *testing.T) {
	s, set := &Store{}, DefaultSettings()
	s.set.Store(&set)
	for password, want := range map[string]Code{
		"Nh4-máy":                            PasswordShort, // 7
		"Nh4-máyx":                           "",            // 8, mixed
		"nh4-máyxx":                          PasswordPlain, // no capital
		"NhaMayGao":                          PasswordPlain, // no digit, no sign
		"con ga trong d":                     "",            // 14, not mixed
		"con ga trong!":                      PasswordPlain, // 13
		"Password1!":                         PasswordCommon,
		"P@ssw0rd!23":                        PasswordCommon,
		"Matkhau@123":                        PasswordCommon,
		"Qwerty!2345":                        PasswordCommon,
		"12345678901234":                     PasswordCommon,
		"aaaaaaaaaaaaaaa":                    PasswordCommon,
		"abcdefghijklmnop":                   PasswordCommon,
		"Tran.Van!2026":                      PasswordLogin, // holds the login
		"Xin chào tran.van@ward 1!":          PasswordLogin,
		strings.Repeat("Ab1!xyq ", 16):       "", // 128
		strings.Repeat("Ab1!xyq ", 16) + "z": PasswordLong,
		"Nh4-\x00máyxyz":                     TextInvalid,
		"Nh4-\xffmayxyz":                     TextInvalid,
	} {
		if err := s.checkPassword("tran.van@ward", password); CodeOf(err) != want {
			t.Errorf("%q: %v, want %q", password, err, want)
		}
	}
}

func TestHashes(t *testing.T) {
	set := quick.withDefaults()
	set.Hashes = 2
	h := newHasher(&set)
	ctx := context.Background()
	hash, err := h.Hash(ctx, "một mật khẩu")
	if err != nil || !strings.HasPrefix(hash, "$argon2id$v=19$m=64,t=1,p=1$") {
		t.Fatalf("%q, %v", hash, err)
	}
	for password, want := range map[string]bool{"một mật khẩu": true, "một mật khẩu ": false, "": false} {
		ok, old, err := h.Match(ctx, hash, password)
		if ok != want || old || err != nil {
			t.Errorf("%q: %v, %v, %v", password, ok, old, err)
		}
	}
	// However the keyboard writes the letters.
	if ok, _, err := h.Match(ctx, hash, norm.NFD.String("một mật khẩu")); !ok || err != nil {
		t.Errorf("decomposed letters: %v, %v", ok, err)
	}
	// Nobody's hash matches nothing, not even the decoy's own password.
	if ok, _, err := h.Match(ctx, "", ""); ok || err != nil {
		t.Errorf("nobody's password: %v, %v", ok, err)
	}
	// With other parameters it still matches, and is to be made again.
	set.HashTime = 2
	if ok, old, err := newHasher(&set).Match(ctx, hash, "một mật khẩu"); !ok || !old || err != nil {
		t.Errorf("an older hash: %v, %v, %v", ok, old, err)
	}
	for _, bad := range []string{"x", "$argon2i$v=19$m=64,t=1,p=1$YWFhYWFhYWE$YWFhYWFhYWFhYWFhYWFhYQ", "$argon2id$v=19$m=4294967295,t=1,p=1$YWFhYWFhYWE$YWFhYWFhYWFhYWFhYWFhYQ", "$argon2id$v=19$m=64,t=1,p=1$YWFhYWFhYWE$"} {
		if _, _, err := h.Match(ctx, bad, "x"); err == nil {
			t.Errorf("%q is read as a hash", bad)
		}
	}
	// No more are computed at once than the setting says, and who waits too
	// long is told so.
	a, err := h.take(ctx)
	if err != nil {
		t.Fatal(err)
	}
	b, err := h.take(ctx)
	if err != nil {
		t.Fatal(err)
	}
	short, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
	defer cancel()
	if _, err := h.Hash(short, "x"); !fault.Is(err, fault.Unavailable) || CodeOf(err) != SignInBusy {
		t.Errorf("a third at once: %v", err)
	}
	a()
	if _, err := h.Hash(ctx, "x"); err != nil {
		t.Error(err)
	}
	b()
}

func TestPasswordsOfALife(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		p := h.admin()
		sup := h.hire(p, Supervisor, "", "GS-1")
		change := func(password string) error {
			t.Helper()
			if !h.live(sup) {
				h.signIn(sup)
			}
			step, err := h.ChangePassword(h.ctx, desk, sup.token, sup.password, password)
			if err == nil {
				sup.password = password
				sup.enter(step)
			}
			return err
		}
		first := sup.password
		other := *sup
		h.signIn(&other)
		old := sup.token
		h.must(change("Nh4 máy số 0"))
		if h.live(&other) || sup.token == old || !h.live(sup) {
			t.Error("a new password ends the other sessions and renews this one's token")
		}
		// Not one of the last ten, the present one included.
		h.refused(change(sup.password), fault.Invalid, PasswordUsed)
		for i := 1; i <= 9; i++ {
			h.refused(change(first), fault.Invalid, PasswordUsed)
			h.must(change("Nh4 máy số " + string(rune('0'+i))))
		}
		h.must(change(first)) // the eleventh
		h.refused(change("Password1!"), fault.Invalid, PasswordCommon)
		// A wrong old password counts as one at the sign-in.
		good := sup.password
		for range h.rules().Failures {
			sup.password = "wrong"
			h.refused(change("Nh4 máy mới"), fault.Invalid, PasswordWrong)
		}
		sup.password = good
		h.refused(change("Nh4 máy mới"), fault.Invalid, PasswordWrong) // locked
		if h.count(EventAccountLocked) != 1 {
			t.Error("guessing the old password does not lock")
		}
		h.must(h.UnlockAccount(h.ctx, clerk, sup.ID, why))
		h.must(change("Nh4 máy mới"))

		// Who administers changes it every two months, others need not.
		h.signIn(p)
		set := h.now()
		at := func(d time.Duration) Need {
			t.Helper()
			h.pass(d - h.now().Sub(set))
			step, err := h.Begin(h.ctx, desk, p.Login, p.password)
			h.must(err)
			step, err = h.GiveFactor(h.ctx, desk, step.Token, Proof{Code: h.code(p)})
			h.must(err)
			return step.Need
		}
		a, err := accountByID(h.ctx, h.main, p.ID)
		h.must(err)
		set = a.PasswordSet
		if need := at(40 * 24 * time.Hour); need != NeedNothing {
			t.Errorf("after 40 days: %q", need)
		}
		if need := at(h.rules().AdminPasswordAge - time.Minute); need != NeedNothing {
			t.Errorf("a minute before two months: %q", need)
		}
		if need := at(h.rules().AdminPasswordAge); need != NeedPassword {
			t.Errorf("after two months: %q", need)
		}
		h.must(h.Abandon(h.ctx, "unknown"))
	})
}

// A hash of older parameters is made again when its password is typed.
func TestHashesAreRenewed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		p := h.admin()
		newer := h.node(func(c *Config) { c.Settings.HashMemory = 128 })
		step, err := newer.Begin(h.ctx, desk, p.Login, p.password)
		h.must(err)
		a, err := accountByID(h.ctx, h.main, p.ID)
		h.must(err)
		if !strings.Contains(a.password, "m=128,") {
			t.Errorf("the hash stays %q", a.password[:24])
		}
		step, err = newer.GiveFactor(h.ctx, desk, step.Token, Proof{Code: h.code(p)})
		h.must(err)
		if !h.live(p) || step.Session == nil {
			t.Error("a renewed hash is no new password: sessions live on")
		}
	})
}

func TestSettingsAreNotLaxer(t *testing.T) {
	good := DefaultSettings()
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Settings){
		"failures":           func(s *Settings) { s.Failures = 6 },
		"idle":               func(s *Settings) { s.Idle = 16 * time.Minute },
		"admin_idle":         func(s *Settings) { s.AdminIdle = 6 * time.Minute },
		"inactive":           func(s *Settings) { s.Inactive = 46 * 24 * time.Hour },
		"review_every":       func(s *Settings) { s.ReviewEvery = 93 * 24 * time.Hour },
		"password_length":    func(s *Settings) { s.PasswordLength = 7 },
		"password_history":   func(s *Settings) { s.PasswordHistory = 9 },
		"admin_password_age": func(s *Settings) { s.AdminPasswordAge = 63 * 24 * time.Hour },
		"origin":             func(s *Settings) { s.Origin = "dancu.example" },
	} {
		s := DefaultSettings()
		change(&s)
		if err := s.Check(); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), name+":") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAddressesAtOnce(t *testing.T) {
	f := flood{failures: 5, attempts: 8, window: time.Minute}
	now := time.Now()
	a := netipFrom(7)
	var heard atomic.Int64
	var wg sync.WaitGroup
	for range 64 {
		wg.Go(func() {
			if f.admit(a, now) {
				heard.Add(1)
			}
		})
	}
	wg.Wait()
	if heard.Load() != 5 {
		t.Errorf("%d were heard, want 5", heard.Load())
	}
	// What held gives its failure back, but the attempts end, too.
	for range 5 {
		f.forgive(a, now)
	}
	n := 0
	for f.admit(a, now) {
		f.forgive(a, now)
		n++
	}
	if n != 3 {
		t.Errorf("%d more attempts, want 3", n)
	}
	// A sign-in gives back what was counted in this window, and no more.
	b := netipFrom(9)
	for range 20 {
		if !f.admit(b, now) {
			t.Fatal("a sign-in that succeeded is counted")
		}
		f.succeed(b, now)
	}
	f.admit(b, now.Add(time.Minute))
	f.succeed(b, now)
	f.opened(Step{origin: b, begun: now})
	if c := f.by[network(b)]; c.attempts != 1 || c.failures != 1 {
		t.Errorf("what began in the window before gives back of this one: %+v", c)
	}
	if !f.admit(netipFrom(8), now) || f.admit(a, now.Add(time.Minute-1)) || !f.admit(a, now.Add(time.Minute)) {
		t.Error("the window is not of this address and this minute")
	}
	// An IPv6 host has a whole /64; an IPv4 address is the same in either form.
	v6 := func(s string) netip.Addr { return netip.MustParseAddr(s) }
	for range 5 {
		f.admit(v6("2001:db8:1:2::1"), now)
	}
	if f.admit(v6("2001:db8:1:2:ffff::9"), now) || !f.admit(v6("2001:db8:1:3::1"), now) {
		t.Error("a /64 is one address")
	}
	for range 5 {
		f.admit(v6("203.0.113.9"), now)
	}
	if f.admit(v6("::ffff:203.0.113.9"), now) {
		t.Error("an IPv4 address counts twice")
	}
	// The memory is bounded.
	for i := range 3 * maxAddresses {
		f.admit(netipFrom(i+100), now)
		f.note(Client{Address: netipFrom(i + 100)}, "unknown", now)
	}
	if len(f.by) > maxAddresses || len(f.open) > maxSummaries+1 {
		t.Errorf("%d addresses and %d summaries are kept", len(f.by), len(f.open))
	}
	// A host that changes its address within its /64 has one summary, which
	// names the address as long as it is one.
	f = flood{}
	f.note(Client{Address: v6("2001:db8:1:2::1")}, "unknown", now)
	f.note(Client{Address: v6("2001:db8:1:2::1")}, "unknown", now)
	f.note(Client{Address: v6("2001:db8:9::1")}, "unknown", now)
	for i := range 500 {
		f.note(Client{Address: netip.AddrFrom16([16]byte{0x20, 1, 0xd, 0xb8, 9, 14: byte(i >> 8), 15: byte(i)})}, "address", now)
	}
	got := map[string]int64{}
	for k, s := range f.open {
		got[s.address+" "+k.why] = s.count
	}
	want := map[string]int64{"2001:db8:1:2::1 unknown": 2, "2001:db8:9::1 unknown": 1, "2001:db8:900::/64 address": 500}
	if !maps.Equal(got, want) {
		t.Errorf("the summaries are %v, want %v", got, want)
	}
}

// A flood from more addresses than are remembered neither shuts the others out
// nor lets a guesser begin anew.
func TestAFloodOfAddressesForgetsTheQuietOnes(t *testing.T) {
	f := flood{failures: 5, attempts: 8, window: 10 * time.Minute}
	now := time.Now()
	guesser, slower := netipFrom(1), netipFrom(2)
	for f.admit(guesser, now) {
	}
	for range 4 {
		f.admit(slower, now)
	}
	host := func(i int) netip.Addr {
		return netip.AddrFrom16([16]byte{0x20, 1, 0xd, 0xb8, 0, byte(i >> 16), byte(i >> 8), byte(i), 15: 1})
	}
	for i := range 4 * maxAddresses {
		if !f.admit(host(i), now.Add(time.Second)) {
			t.Fatalf("network %d is shut out by the others", i)
		}
		if len(f.by) > maxAddresses {
			t.Fatalf("%d addresses are kept", len(f.by))
		}
	}
	if f.admit(guesser, now.Add(time.Minute)) {
		t.Error("a flood lets the guesser begin anew")
	}
	if !f.admit(slower, now.Add(time.Minute)) || f.admit(slower, now.Add(time.Minute)) {
		t.Error("a flood forgets four failures, or makes five of them")
	}
	if f.by[network(host(4*maxAddresses-1))] == nil {
		t.Error("the newest is forgotten before older ones")
	}
	// Whose window is over goes before anybody else, and the guesser comes back
	// with the next window.
	if later := now.Add(11 * time.Minute); !f.admit(host(1), later) || !f.admit(guesser, later) {
		t.Error("the window does not end")
	}
	f.makeRoom(now.Add(30 * time.Minute))
	if len(f.by) != 0 {
		t.Errorf("%d addresses are kept after their window", len(f.by))
	}
}
