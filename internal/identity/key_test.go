package identity

import (
	"context"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
	"dancu/internal/ledger"
)

// key makes a key of a person's.
func (h *house) key(p *person, networks ...string) MadeKey {
	h.t.Helper()
	h.signIn(p)
	k, err := h.NewKey(h.ctx, p.actor(), NewKey{Name: "Đồng bộ hồ sơ", Networks: networks})
	h.must(err)
	return k
}

var program = Client{Address: netip.MustParseAddr("10.1.2.3"), Agent: "dong-bo/1.0"}

// TestKeyTexts: the checksum finds every slip of one character, and a key is the
// text that was given out and no other spelling of it.
func TestKeyTexts(t *testing.T) {
	text := newKeyText()
	if !KeyShaped(text) || len(text) != 46 || !strings.HasPrefix(text, "dancu_") || !strings.HasPrefix(text, selector(text)) {
		t.Fatalf("%q is no key", text)
	}
	for i := range len(text) {
		for _, c := range "abcdefghijklmnopqrstuvwxyz234567A_-1 \n" {
			if slip := text[:i] + string(c) + text[i+1:]; slip != text && KeyShaped(slip) {
				t.Errorf("the slip %q passes for %q", slip, text)
			}
		}
	}
	for _, other := range []string{"", "dancu_", text + "a", text[:len(text)-1], strings.ToUpper(text), " " + text, text + "\n"} {
		if KeyShaped(other) {
			t.Errorf("%q passes for a key", other)
		}
	}
}

func TestKeysOfALife(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		admin := h.admin()
		clerk := h.hire(admin, Onboarder, "", "TN-1")
		other := h.hire(admin, Assessor, "", "DG-1")

		// Who may, and what for.
		h.signIn(admin)
		_, err := h.NewKey(h.ctx, admin.actor(), NewKey{Name: "x"})
		h.refused(err, fault.Forbidden, NotAllowed)
		h.signIn(clerk)
		for code, k := range map[Code]NewKey{
			KeyName:     {Name: " "},
			KeyTerm:     {Name: "x", Term: 91 * 24 * time.Hour},
			KeyNetworks: {Name: "x", Networks: []string{"10.1.2.3/8"}},
		} {
			_, err := h.NewKey(h.ctx, clerk.actor(), k)
			h.refused(err, fault.Invalid, code)
		}
		_, err = h.NewKey(h.ctx, clerk.actor(), NewKey{Name: "x", Term: time.Hour})
		h.refused(err, fault.Invalid, KeyTerm)
		for range 3 {
			h.pass(2 * time.Minute)
			h.live(clerk)
		}
		_, err = h.NewKey(h.ctx, clerk.actor(), NewKey{Name: "x"})
		h.refused(err, fault.Forbidden, FactorStale)

		// Made, shown once, nowhere stored.
		k := h.key(clerk, "10.1.2.0/24", " 2001:db8::1 ", "10.1.2.0/24")
		if got := k.Key.Expires.Sub(k.Key.Created); got != 30*24*time.Hour {
			t.Errorf("it holds for %s", got)
		}
		if strings.Contains(h.dump(), k.Text) || strings.Contains(h.dump(), k.Text[len(k.Key.Shown):]) {
			t.Error("the key is stored")
		}
		list, err := h.Keys(h.ctx, clerk.actor())
		h.must(err)
		if len(list) != 1 || list[0].ID != k.Key.ID || !list[0].Used.IsZero() || !strings.HasPrefix(k.Text, list[0].Shown) || len(list[0].Networks) != 2 {
			t.Fatalf("the list has %+v", list)
		}

		// It is the account's, from where it is heard.
		b, err := h.Bear(h.ctx, k.Text, program)
		h.must(err)
		if b.Account.ID != clerk.ID || b.Account.Kind != Onboarder || b.Key.ID != k.Key.ID || b.Key.Used.IsZero() {
			t.Fatalf("whose it is: %+v", b)
		}
		_, err = h.Bear(h.ctx, k.Text, desk)
		h.refused(err, fault.Unauthenticated, KeyRefused)
		_, err = h.Bear(h.ctx, k.Text, Client{Address: netip.MustParseAddr("::ffff:10.1.2.9")})
		h.must(err)
		_, err = h.Bear(h.ctx, k.Text, Client{Address: netip.MustParseAddr("2001:db8::1")})
		h.must(err)
		_, err = h.Bear(h.ctx, k.Text, Client{})
		h.refused(err, fault.Unauthenticated, KeyRefused)
		// Its use is noted once an hour.
		for range 5 {
			h.pass(20 * time.Minute)
			_, err = h.Bear(h.ctx, k.Text, program)
			h.must(err)
		}
		if n := h.count(EventKeyUsed); n != 2 {
			t.Errorf("%d entries of its use in an hour and forty minutes, want 2", n)
		}

		// What goes through it, and what does not.
		by := b.Actor(program)
		still := func(by Actor, a Act) error { return h.Still(by, a)(h.ctx, h.main, h.now()) }
		h.must(still(by, ManageConnections))
		h.must(still(by, ProposeActivation))
		h.refused(still(by, ConfirmActivation), fault.Forbidden, NotByKey)
		h.refused(still(by, OwnAccount), fault.Forbidden, NotByKey)
		h.refused(still(by, OwnKeys), fault.Forbidden, NotByKey)
		h.refused(still(by, SearchLog), fault.Forbidden, NotAllowed)
		h.refused(still(by, Assess), fault.Forbidden, NotAllowed)
		h.refused(still(b.Actor(desk), ManageConnections), fault.Unauthenticated, KeyRefused)
		h.refused(h.StillFresh(by, ManageConnections)(h.ctx, h.main, h.now()), fault.Forbidden, NotByKey)
		both := by
		both.Session = other.session.ID
		h.refused(still(both, ManageConnections), fault.Unauthenticated, KeyRefused)
		h.refused(still(Actor{Key: "none"}, ManageConnections), fault.Unauthenticated, KeyRefused)
		_, err = h.NewKey(h.ctx, by, NewKey{Name: "x"})
		h.refused(err, fault.Forbidden, NotByKey)
		h.refused(h.EndKey(h.ctx, by, k.Key.ID), fault.Forbidden, NotByKey)
		_, err = h.NewRecoveryCodes(h.ctx, by)
		h.refused(err, fault.Forbidden, NotByKey)
		_, err = h.Factors(h.ctx, by)
		h.refused(err, fault.Forbidden, NotByKey)
		_, err = h.Keys(h.ctx, by)
		h.refused(err, fault.Forbidden, NotByKey)
		h.refused(h.DisableAccount(h.ctx, by, other.ID, why), fault.Forbidden, NotAllowed)
		_, _, err = h.Accounts(h.ctx, by, Filter{})
		h.refused(err, fault.Forbidden, NotAllowed)
		a, actor, err := h.Acting(h.ctx, h.main, by, h.now())
		h.must(err)
		if a.ID != clerk.ID || actor != (ledger.Actor{Kind: "onboarder", ID: "TN-1", Address: "10.1.2.3", Key: k.Key.ID}) {
			t.Errorf("who acts is %+v, named %+v", a, actor)
		}

		// Another's cannot be ended, the own bites at once and once.
		h.signIn(other)
		h.refused(h.EndKey(h.ctx, other.actor(), k.Key.ID), fault.NotFound, NotThere)
		h.signIn(clerk)
		h.must(h.EndKey(h.ctx, clerk.actor(), k.Key.ID))
		h.refused(still(by, ManageConnections), fault.Unauthenticated, KeyRefused)
		_, err = h.Bear(h.ctx, k.Text, program)
		h.refused(err, fault.Unauthenticated, KeyRefused)
		h.refused(h.EndKey(h.ctx, clerk.actor(), k.Key.ID), fault.NotFound, NotThere)

		e := h.entries(EventKeyMade, EventKeyUsed, EventKeyEnded)
		if len(e) != 4 || e[0].Kind != EventKeyMade || e[0].Event["keyId"] != k.Key.ID || e[0].Person["id"] != "TN-1" || e[3].Event["why"] != "owner" {
			t.Fatalf("the log says %v", e)
		}
		if u := e[1]; u.Person["key"] != k.Key.ID || u.Person["verified"] != true || u.Person["session"] != nil || u.Event["actor"].(map[string]any)["key"] != k.Key.ID {
			t.Errorf("an act through a key reads %v", u)
		}
	})
}

// Keys end at their term by the clock, and the sweep tells of it afterwards
// with the true time; then their rows go.
func TestKeysLapse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		clerk := h.hire(h.admin(), Onboarder, "", "TN-1")
		k := h.key(clerk)
		h.pass(k.Key.Expires.Sub(h.now()) - 20*time.Second)
		b, err := h.Bear(h.ctx, k.Text, program)
		h.must(err)
		row, a, err := h.keyOf(h.ctx, h.main, k.Text)
		h.must(err)
		for at, want := range map[time.Time]string{k.Key.Expires.Add(-time.Microsecond): "", k.Key.Expires: "term"} {
			if got := h.keyFails(row, a, program, at); got != want {
				t.Errorf("at %s it fails by %q, want %q", at, got, want)
			}
		}
		h.pass(k.Key.Expires.Sub(h.now()))
		h.refused(h.Still(b.Actor(program), ManageConnections)(h.ctx, h.main, h.now()), fault.Unauthenticated, KeyRefused)
		_, err = h.Bear(h.ctx, k.Text, program)
		h.refused(err, fault.Unauthenticated, KeyRefused)
		h.signIn(clerk)
		for i := range 2 { // before the sweep, and after it
			list, err := h.Keys(h.ctx, clerk.actor())
			h.must(err)
			if len(list) != 1 || list[0].Why != "term" || !list[0].Ended.Equal(k.Key.Expires) {
				t.Errorf("%d: the list has %+v", i, list)
			}
			h.must(h.Sweep(h.ctx))
		}
		e := h.entries(EventKeyEnded)
		if len(e) != 1 || e[0].Event["why"] != "term" || e[0].Event["ended"] != moment(k.Key.Expires) || e[0].Event["officer"] != "TN-1" {
			t.Errorf("the log says %v", e)
		}
		h.pass(32 * 24 * time.Hour)
		h.signIn(clerk)
		h.must(h.Sweep(h.ctx))
		if list, err := h.Keys(h.ctx, clerk.actor()); err != nil || len(list) != 0 {
			t.Errorf("after a month: %v, %v", list, err)
		}
	})
}

// Keys end with whatever shuts their owner out, in the same transaction.
func TestKeysEndWithTheAccount(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		admin := h.admin()
		for reason, end := range map[string]func(p *person) error{
			"disabled": func(p *person) error { return h.DisableAccount(h.ctx, admin.actor(), p.ID, why) },
			"password": func(p *person) error { _, err := h.ResetPassword(h.ctx, admin.actor(), p.ID, why); return err },
			"admin":    func(p *person) error { _, err := h.EndSessionsOf(h.ctx, admin.actor(), p.ID, why); return err },
			"factors":  func(p *person) error { _, err := h.ResetFactors(h.ctx, admin.actor(), p.ID, why); return err },
		} {
			h.signIn(admin)
			p := h.hire(admin, AgencyAdmin, "ward", "QT-"+reason)
			k := h.key(p)
			b, err := h.Bear(h.ctx, k.Text, program)
			h.must(err)
			h.signIn(admin)
			before := h.count(EventKeyEnded)
			h.must(end(p))
			h.refused(h.Still(b.Actor(program), OwnLifecycle)(h.ctx, h.main, h.now()), fault.Unauthenticated, KeyRefused)
			e := h.entries(EventKeyEnded)
			if len(e) != before+1 || e[before].Event["why"] != reason || e[before].Event["officer"] != p.Code || e[before].Event["agency"] != "H01.ward" || e[before].Person["id"] != "QT-1" {
				t.Errorf("%s: the log says %v", reason, e[before:])
			}
			// A key does not come back with the account.
			if reason == "disabled" {
				_, err := h.EnableAccount(h.ctx, admin.actor(), p.ID, why)
				h.must(err)
				_, err = h.Bear(h.ctx, k.Text, program)
				h.refused(err, fault.Unauthenticated, KeyRefused)
			}
		}
		// Whoever does not sign in any more has no program that goes on, whether
		// the sweep was there or not.
		h.signIn(admin)
		p := h.hire(admin, Assessor, "", "DG-1")
		h.signIn(p)
		made, err := h.NewKey(h.ctx, p.actor(), NewKey{Name: "x", Term: 90 * 24 * time.Hour})
		h.must(err)
		h.pass(h.rules().Inactive - time.Minute)
		_, err = h.Bear(h.ctx, made.Text, program)
		h.must(err)
		h.pass(2 * time.Minute)
		_, err = h.Bear(h.ctx, made.Text, program)
		h.refused(err, fault.Unauthenticated, KeyRefused)
	})
}

// However many are made at once, an account has no more than the setting says.
func TestKeysAreBounded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		clerk := h.hire(h.admin(), Onboarder, "", "TN-1")
		h.signIn(clerk)
		var mu sync.Mutex
		var made []MadeKey
		var wg sync.WaitGroup
		for range 12 {
			wg.Go(func() {
				k, err := h.NewKey(h.ctx, clerk.actor(), NewKey{Name: "x"})
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					made = append(made, k)
				} else if CodeOf(err) != KeyMany || !fault.Is(err, fault.Exhausted) {
					t.Errorf("one too many: %v", err)
				}
			})
		}
		wg.Wait()
		if len(made) != 5 {
			t.Fatalf("%d keys were made, want 5", len(made))
		}
		h.must(h.EndKey(h.ctx, clerk.actor(), made[0].Key.ID))
		_, err := h.NewKey(h.ctx, clerk.actor(), NewKey{Name: "x"})
		h.must(err)
		_, err = h.NewKey(h.ctx, clerk.actor(), NewKey{Name: "x"})
		h.refused(err, fault.Exhausted, KeyMany)
		// Those whose time is over count no more, swept or not.
		h.pass(30*24*time.Hour + time.Second)
		h.signIn(clerk)
		_, err = h.NewKey(h.ctx, clerk.actor(), NewKey{Name: "x"})
		h.must(err)
	})
}

// Guessers are shut out by network and told of once a minute, without what they
// typed; a key that holds takes nothing of its address.
func TestKeysGuessed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env, func(c *Config) { c.Settings.AddressFailures = 10 })
		clerk := h.hire(h.admin(), Onboarder, "", "TN-1")
		k := h.key(clerk, "10.1.0.0/16")
		for range 50 {
			_, err := h.Bear(h.ctx, k.Text, program)
			h.must(err)
		}
		// An unknown one, one of the same beginning, and a slip.
		forged := keyText(append(keySelectorOf(t, k.Text), make([]byte, keySecret)...))
		if selector(forged) != k.Key.Shown {
			t.Fatal("the forged key has another beginning")
		}
		for i := range 10 {
			from := Client{Address: netip.MustParseAddr("203.0.113.7")}
			switch i % 3 {
			case 0:
				_, err := h.Bear(h.ctx, newKeyText(), from)
				h.refused(err, fault.Unauthenticated, KeyRefused)
			case 1:
				_, err := h.Bear(h.ctx, forged, from)
				h.refused(err, fault.Unauthenticated, KeyRefused)
			default:
				_, err := h.Bear(h.ctx, k.Text[:45], from)
				h.refused(err, fault.Unauthenticated, KeyMistyped)
			}
		}
		_, err := h.Bear(h.ctx, newKeyText(), Client{Address: netip.MustParseAddr("203.0.113.7")})
		h.refused(err, fault.Exhausted, KeyBusy)
		_, err = h.Bear(h.ctx, k.Text, program)
		h.must(err)
		// Sign-ins from there are another matter.
		_, err = h.Begin(h.ctx, Client{Address: netip.MustParseAddr("203.0.113.7")}, clerk.Login, clerk.password)
		h.must(err)
		// The known key from a strange network is named, for its owner's sake.
		_, err = h.Bear(h.ctx, k.Text, Client{Address: netip.MustParseAddr("198.51.100.9")})
		h.refused(err, fault.Unauthenticated, KeyRefused)
		h.must(h.Flush(h.ctx))
		got := map[string]float64{}
		for _, e := range h.entries(EventKeysRefused) {
			key, _ := e.Event["key"].(string)
			got[e.Event["why"].(string)+" "+e.Event["address"].(string)+" "+key] += e.Event["count"].(float64)
			if e.Code != string(KeyRefused) {
				t.Errorf("its code is %q", e.Code)
			}
		}
		want := map[string]float64{
			"unknown 203.0.113.7 ": 7, "mistyped 203.0.113.7 ": 3, "address 203.0.113.7 ": 1, "network 198.51.100.9 " + k.Key.ID: 1,
		}
		for s, n := range want {
			if got[s] != n {
				t.Errorf("%s: %v refused, want %v", s, got[s], n)
			}
		}
		if len(got) != len(want) {
			t.Errorf("the summaries are %v", got)
		}
		h.pass(11 * time.Minute)
		_, err = h.Bear(h.ctx, newKeyText(), Client{Address: netip.MustParseAddr("203.0.113.7")})
		h.refused(err, fault.Unauthenticated, KeyRefused)
	})
}

// keySelectorOf is the bytes by which a key is found.
func keySelectorOf(t *testing.T, text string) []byte {
	t.Helper()
	raw, err := keyCoding.DecodeString(text[len(keyPrefix):])
	if err != nil {
		t.Fatal(err)
	}
	return raw[:keySelector:keySelector]
}

// counter counts what is asked of a database.
type counter struct {
	db.Querier
	asked []string
}

func (c *counter) QueryRow(ctx context.Context, sql string, args ...any) *db.Row {
	c.asked = append(c.asked, sql)
	return c.Querier.QueryRow(ctx, sql, args...)
}

// A key that is unknown costs what a known one does: the same statements, and
// nothing is written for either.
func TestUnknownKeysCostTheSame(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		clerk := h.hire(h.admin(), Onboarder, "", "TN-1")
		k := h.key(clerk)
		h.must(h.EndKey(h.ctx, clerk.actor(), k.Key.ID))
		forged := keyText(append(keySelectorOf(t, k.Text), make([]byte, keySecret)...))
		asked := func(text string, known bool) string {
			t.Helper()
			c := &counter{Querier: h.main}
			r, _, err := h.keyOf(h.ctx, c, text)
			h.must(err)
			if (r != nil) != known {
				t.Errorf("known: %v, want %v", r != nil, known)
			}
			size := h.size()
			_, err = h.Bear(h.ctx, text, program)
			h.refused(err, fault.Unauthenticated, KeyRefused)
			if h.size() != size {
				t.Error("a refused key has an entry of its own")
			}
			return strings.Join(c.asked, "\n")
		}
		ended := asked(k.Text, true)
		for _, text := range []string{newKeyText(), forged} {
			if got := asked(text, false); got != ended || got == "" {
				t.Errorf("an unknown key asks\n%s\nand a known one\n%s", got, ended)
			}
		}
	})
}

// If the entry of its use cannot be written, a key still reads, and no act gets
// through; a key that cannot be told of is not made.
func TestKeysWithoutTheLog(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		clerk := h.hire(h.admin(), Onboarder, "", "TN-1")
		k := h.key(clerk)
		broken := func(step string) error {
			if step == "commit" {
				return context.DeadlineExceeded
			}
			return nil
		}
		h.fault.Store(&broken)
		_, err := h.NewKey(h.ctx, clerk.actor(), NewKey{Name: "x"})
		if !fault.Is(err, fault.Unavailable) {
			t.Errorf("making one without an entry: %v", err)
		}
		b, err := h.Bear(h.ctx, k.Text, program)
		h.must(err)
		if !b.Key.Used.IsZero() {
			t.Error("its use is told of without an entry")
		}
		h.refused(h.act(h.ctx, b.Actor(program), ManageConnections, func(*ledger.Tx, *acting) error { return nil }), fault.Unavailable, "")
		h.fault.Store(nil)
		for i := 0; h.ledger.Ready() != nil; i++ {
			if i > 100 {
				t.Fatal("the log does not come up")
			}
			time.Sleep(20 * time.Millisecond)
		}
		list, err := h.Keys(h.ctx, clerk.actor())
		h.must(err)
		if len(list) != 1 || h.count(EventKeyMade) != 1 || h.count(EventKeyUsed) != 0 {
			t.Errorf("%d keys, %d entries of one made, %d of its use", len(list), h.count(EventKeyMade), h.count(EventKeyUsed))
		}
	})
}
