package identity

import (
	"context"
	"errors"
	"testing"
	"time"

	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
	"dancu/internal/ledger"
)

func TestTimeOutsOnBothSides(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		admin := h.admin()
		sup := h.hire(admin, Supervisor, "", "GS-1")
		h.signIn(admin)
		for _, c := range []struct {
			p              *person
			idle, absolute time.Duration
		}{{admin, 5 * time.Minute, 8 * time.Hour}, {sup, 15 * time.Minute, 10 * time.Hour}} {
			h.signIn(c.p)
			h.pass(c.idle - time.Second)
			if !h.live(c.p) {
				t.Fatalf("%s: timed out a second before %v", c.p.Kind, c.idle)
			}
			h.pass(c.idle - time.Second)
			if !h.live(c.p) {
				t.Fatalf("%s: a request does not prolong the session", c.p.Kind)
			}
			h.pass(c.idle + time.Second)
			_, err := h.Use(h.ctx, c.p.token, desk)
			h.refused(err, fault.Unauthenticated, SessionTimedOut)
			_, err = h.Use(h.ctx, c.p.token, desk)
			h.refused(err, fault.Unauthenticated, SessionTimedOut)

			h.signIn(c.p)
			began := h.now()
			for h.now().Sub(began) < c.absolute-c.idle {
				h.pass(c.idle - time.Second)
				if !h.live(c.p) {
					t.Fatalf("%s: ended after %v, want %v", c.p.Kind, h.now().Sub(began), c.absolute)
				}
			}
			h.pass(c.absolute - h.now().Sub(began) - time.Second)
			if !h.live(c.p) {
				t.Fatalf("%s: ended a second before %v", c.p.Kind, c.absolute)
			}
			h.pass(2 * time.Second)
			_, err = h.Use(h.ctx, c.p.token, desk)
			h.refused(err, fault.Unauthenticated, SessionTimedOut)
		}
	})
}

// A logout that never comes is closed by the time-out, with its true reason and
// time, once.
func TestTheSweepTellsTheTrueTime(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		p := h.admin()
		id, ends := p.session.ID, p.session.IdleUntil
		h.must(h.Sweep(h.ctx))
		if h.count(EventSessionTimedOut) != 0 {
			t.Fatal("a live session was closed")
		}
		h.pass(3 * time.Hour)
		h.must(h.Sweep(h.ctx))
		h.must(h.Sweep(h.ctx))
		if h.live(p) {
			t.Fatal("it lives")
		}
		h.must(h.LogOut(h.ctx, desk, p.token))
		e := h.entries(EventSessionTimedOut, EventSessionClosed)
		if len(e) != 1 || e[0].Event["why"] != whyIdle || e[0].Event["session"] != id || e[0].Event["ended"] != moment(ends) || e[0].Person["id"] != "QT-1" {
			t.Errorf("the log says %v, want one time-out of %s at %s", e, id, moment(ends))
		}
		// The row goes in the end; what the log says stays.
		rows := func() (n int) {
			t.Helper()
			h.must(h.main.QueryRow(h.ctx, "SELECT count(*) FROM sessions WHERE id = $1", id).Scan(&n))
			return n
		}
		h.pass(keepSessions - 3*time.Hour)
		h.must(h.Sweep(h.ctx))
		if rows() != 1 {
			t.Error("the session's row went early")
		}
		h.pass(3 * time.Hour)
		h.must(h.Sweep(h.ctx))
		if rows() != 0 {
			t.Error("the session's row stays")
		}
		_, err := h.Use(h.ctx, p.token, desk)
		h.refused(err, fault.Unauthenticated, SessionEnded)
	})
}

func TestOwnSessions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		admin := h.admin()
		one := h.hire(admin, Supervisor, "", "GS-1")
		two := *one
		h.signIn(&two)
		three := *one
		h.signIn(&three)
		list, err := h.Sessions(h.ctx, one.actor())
		h.must(err)
		if len(list) != 3 || list[0].Address != "192.0.2.10" {
			t.Fatalf("own sessions: %v", list)
		}
		h.must(h.EndSession(h.ctx, one.actor(), two.session.ID))
		if h.live(&two) || !h.live(&three) || !h.live(one) {
			t.Fatal("the wrong session ended")
		}
		h.signIn(admin)
		h.refused(h.EndSession(h.ctx, one.actor(), admin.session.ID), fault.NotFound, NotThere)
		n, err := h.EndOtherSessions(h.ctx, one.actor())
		h.must(err)
		if n != 1 || h.live(&three) || !h.live(one) || !h.live(admin) {
			t.Fatalf("ended %d others", n)
		}
		n, err = h.EndSessionsOf(h.ctx, admin.actor(), one.ID, why)
		h.must(err)
		if n != 1 || h.live(one) {
			t.Fatal("the administrator did not end it")
		}
		e := h.entries(EventSessionEnded)
		if len(e) != 3 || e[2].Event["reason"] != why || e[2].Event["officer"] != "GS-1" || e[2].Person["id"] != "QT-1" {
			t.Errorf("the log says %v", e)
		}
	})
}

// A reading of the log that is under way gives nothing to whoever is shut out
// meanwhile, and is not told of.
func TestDisablingBitesAReadingUnderWay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		admin := h.admin()
		inspector := h.hire(admin, Inspector, "", "KT-1")
		h.signIn(admin)
		read := func(still func(context.Context, db.Querier, time.Time) error) error {
			reader := ledger.Reader{Actor: ledger.Actor{Kind: "inspector", ID: "KT-1"}, Reason: why, Still: still}
			res, err := h.ledger.Search(h.ctx, reader, ledger.Query{})
			if err != nil && res != nil {
				t.Error("a refused reading gives something")
			}
			_, taken := h.ledger.Take(h.ctx, reader, nil, 0)
			if CodeOf(taken) != CodeOf(err) {
				t.Errorf("the search says %v, the export %v", err, taken)
			}
			return err
		}
		told := func() int { return h.count("log.search") + h.count("log.export") }
		h.must(read(h.Still(inspector.actor(), SearchLog)))
		if told() != 2 {
			t.Fatalf("%d entries of 2 readings", told())
		}
		h.refused(read(h.Still(inspector.actor(), ManageStaff)), fault.Forbidden, NotAllowed)
		// The check is of the moment of the entry: what was asked for before does
		// not help.
		under := h.Still(inspector.actor(), SearchLog)
		h.must(h.DisableAccount(h.ctx, admin.actor(), inspector.ID, why))
		h.refused(read(under), fault.Unauthenticated, SessionEnded)
		if told() != 2 {
			t.Errorf("%d entries of 2 readings", told())
		}
	})
}

// Disabling and every change of the account bite at the next use, and at the
// gate.
func TestDisablingBites(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		admin := h.admin()
		chief := h.hire(admin, AgencyAdmin, "ward", "QT")
		officer := h.hire(chief, AgencyOfficer, "", "CB-1")
		h.signIn(chief)
		h.must(h.SetRights(h.ctx, chief.actor(), officer.ID, Rights{"ward.con": {"g.lookup"}}))
		find := func() bool {
			t.Helper()
			var ok bool
			h.must(h.ledger.Write(h.ctx, func(tx *ledger.Tx) error {
				found, err := h.FindOfficers(h.ctx, tx, []string{officer.session.ID, "unknown", admin.session.ID}, tx.Now)
				if err != nil {
					return err
				}
				o := found[officer.session.ID]
				if ok = o != nil; ok && (o.ID != "CB-1" || o.Agency != "ward" || len(o.Grants["ward.con"]) != 1 || len(found) != 1) {
					t.Errorf("the gate is told %+v of %v", o, found)
				}
				return nil
			}))
			return ok
		}
		if !find() || !h.live(officer) {
			t.Fatal("a live officer is not found")
		}
		for name, act := range map[string]func() error{
			"disabling": func() error { return h.DisableAccount(h.ctx, chief.actor(), officer.ID, why) },
			"a new password": func() error {
				_, err := h.ResetPassword(h.ctx, chief.actor(), officer.ID, why)
				return err
			},
			"a reset of factors": func() error {
				_, err := h.ResetFactors(h.ctx, chief.actor(), officer.ID, why)
				return err
			},
			"ending its sessions": func() error {
				_, err := h.EndSessionsOf(h.ctx, chief.actor(), officer.ID, why)
				return err
			},
			"a logout": func() error { return h.LogOut(h.ctx, desk, officer.token) },
		} {
			h.signIn(chief)
			if a := h.account(chief, officer.ID); a.State == Disabled {
				i, err := h.EnableAccount(h.ctx, chief.actor(), officer.ID, why)
				h.must(err)
				officer = h.back(officer, i)
			} else if a.MustChange {
				i, err := h.ResetFactors(h.ctx, chief.actor(), officer.ID, why)
				h.must(err)
				officer = h.arrive(i)
			} else {
				h.signIn(officer)
			}
			h.signIn(chief)
			if !find() {
				t.Fatalf("before %s: not found", name)
			}
			h.must(act())
			if find() {
				t.Errorf("after %s the gate still finds the officer", name)
			}
			if h.live(officer) {
				t.Errorf("after %s the session lives", name)
			}
		}
		// An act begun before is refused, too: it is asked again under the lock.
		h.signIn(admin)
		h.signIn(chief)
		h.must(h.DisableAccount(h.ctx, admin.actor(), chief.ID, why))
		_, err := h.CreateAccount(h.ctx, chief.actor(), NewAccount{Kind: AgencyOfficer, Code: "CB-2", Login: "cb.hai", Name: "Tên"})
		h.refused(err, fault.Unauthenticated, SessionEnded)
	})
}

// back brings somebody in whose account was enabled again.
func (h *house) back(p *person, i Issued) *person {
	h.t.Helper()
	step, err := h.Begin(h.ctx, p.from, p.Login, i.Password)
	h.must(err)
	step, err = h.GiveFactor(h.ctx, p.from, step.Token, Proof{Code: h.code(p)})
	h.must(err)
	if step.Need != NeedPassword {
		h.t.Fatalf("needs %q, want a new password", step.Need)
	}
	p.password += " lại"
	step, err = h.SetPassword(h.ctx, p.from, step.Token, p.password)
	h.must(err)
	p.enter(step)
	return p
}

// If the entry cannot be written nothing has happened (G9).
func TestNoEntryNoAct(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		admin := h.admin()
		sup := h.hire(admin, Supervisor, "", "GS-1")
		h.signIn(admin)
		broken := func(step string) error {
			if step == "commit" {
				return errors.New("the disk is gone")
			}
			return nil
		}
		up := func() {
			t.Helper()
			h.fault.Store(nil)
			for i := 0; h.ledger.Ready() != nil; i++ {
				if i > 100 {
					t.Fatal("the log does not come up")
				}
				time.Sleep(20 * time.Millisecond)
			}
		}
		step, err := h.Begin(h.ctx, desk, sup.Login, sup.password)
		h.must(err)
		code := h.code(sup)
		for name, act := range map[string]func() error{
			"sign-in": func() error {
				_, err := h.GiveFactor(h.ctx, desk, step.Token, Proof{Code: code})
				return err
			},
			"logout":  func() error { return h.LogOut(h.ctx, desk, admin.token) },
			"disable": func() error { return h.DisableAccount(h.ctx, admin.actor(), sup.ID, why) },
			"create": func() error {
				_, err := h.CreateAccount(h.ctx, admin.actor(), NewAccount{Kind: Support, Code: "X", Login: "x.x", Name: "X"})
				return err
			},
			"recovery": func() error { _, err := h.NewRecoveryCodes(h.ctx, admin.actor()); return err },
		} {
			before, accounts := h.size(), h.accounts()
			h.fault.Store(&broken)
			err := act()
			if !fault.Is(err, fault.Unavailable) {
				t.Errorf("%s: %v, want unavailable", name, err)
			}
			up()
			if got := h.accounts(); got != accounts {
				t.Errorf("%s left %d accounts, want %d", name, got, accounts)
			}
			if got := h.size() - before; got != h.count("node.resumed")-h.resumed(before) {
				t.Errorf("%s left %d entries", name, got)
			}
		}
		if !h.live(admin) || !h.live(sup) {
			t.Error("what had no entry took effect")
		}
		// And the very same code does once the entry can be written.
		if _, err := h.GiveFactor(h.ctx, desk, step.Token, Proof{Code: h.code(sup)}); err != nil {
			t.Errorf("after the trouble: %v", err)
		}
	})
}

// resumed is how many of the first n entries tell that the log came up again.
func (h *house) resumed(n int) (out int) {
	h.t.Helper()
	h.must(h.main.QueryRow(h.ctx, "SELECT count(*) FROM entries WHERE kind = 'node.resumed' AND idx < $1", int64(n)).Scan(&out))
	return out
}

func (h *house) accounts() (n int) {
	h.t.Helper()
	h.must(h.main.QueryRow(h.ctx, "SELECT count(*) FROM accounts").Scan(&n))
	return n
}

// Another node sees what this one did, with no delay.
func TestTwoNodesKnowTheSame(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		other := h.node()
		p := h.admin()
		if _, err := other.Use(h.ctx, p.token, desk); err != nil {
			t.Fatalf("the other node does not know the session: %v", err)
		}
		h.must(other.LogOut(h.ctx, desk, p.token))
		if h.live(p) {
			t.Error("a logout at the other node does not bind here")
		}
		sealed := h.Seal("test", []byte("x"))
		if got, err := other.Open("test", sealed); err != nil || string(got) != "x" {
			t.Errorf("the other node cannot open what was sealed here: %v", err)
		}
		if _, err := other.Open("another purpose", sealed); !fault.Is(err, fault.Invalid) {
			t.Errorf("opened for another purpose: %v", err)
		}
	})
}

// The log with all this in it holds together, and is found by officer and
// address.
func TestEntriesAreFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		admin := h.admin()
		sup := h.hire(admin, Supervisor, "", "GS-1")
		h.signIn(admin)
		h.must(h.DisableAccount(h.ctx, admin.actor(), sup.ID, why))
		find := func(k ledger.TermKind, v string) map[string]int {
			t.Helper()
			res, err := h.ledger.Search(h.ctx, ledger.Reader{Actor: ledger.Actor{Kind: "cli", ID: "test"}, Reason: "test"}, ledger.Query{Terms: []ledger.Term{{Kind: k, Value: v}}, Limit: 1000})
			h.must(err)
			out := map[string]int{}
			for _, r := range res.Records {
				out[r.Kind]++
			}
			return out
		}
		// What was done to the supervisor, and by them.
		got := find(ledger.TermOfficer, "GS-1")
		for kind, n := range map[string]int{EventAccountCreated: 1, EventAccountDisabled: 1, EventSessionOpened: 1, EventSessionEnded: 1, EventPasswordChanged: 1, EventFactorAdded: 1} {
			if got[kind] != n {
				t.Errorf("by the officer %d of %s are found, want %d (%v)", got[kind], kind, n, got)
			}
		}
		if got := find(ledger.TermOfficer, "QT-1"); got[EventAccountDisabled] != 1 || got[EventSessionOpened] != 2 {
			t.Errorf("by the administrator: %v", got)
		}
		if got := find(ledger.TermAddress, "192.0.2.10"); got[EventSessionOpened] != 3 || got[EventAccountDisabled] != 1 {
			t.Errorf("by the address: %v", got)
		}
		rep, err := ledger.Fsck(h.ctx, ledger.FsckConfig{Main: h.main, Derived: h.der, SealingKey: h.kek, VKey: h.vkey})
		h.must(err)
		if !rep.OK() {
			t.Errorf("fsck: %+v", rep)
		}
	})
}

func TestUseWithoutTheLog(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		p := h.admin()
		h.pass(time.Minute)
		broken := func(step string) error {
			if step == "commit" {
				return errors.New("no room")
			}
			return nil
		}
		h.fault.Store(&broken)
		// What is stored still holds, but is not prolonged.
		s, err := h.Use(h.ctx, p.token, desk)
		h.must(err)
		stored, err := sessionByID(h.ctx, h.main, s.ID)
		h.must(err)
		if !stored.idleUntil.Equal(p.session.IdleUntil) {
			t.Error("prolonged although nothing could be written")
		}
	})
}

// Whose a session was is told for a day after its end, and to nobody before.
func TestWhoseASessionWas(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		admin := h.admin()
		was := func(token, want string) {
			t.Helper()
			if got, err := h.Was(h.ctx, token); err != nil || got != want {
				t.Fatalf("the session was %q's (%v), want %q", got, err, want)
			}
		}
		h.signIn(admin)
		token := admin.token
		was(token, "") // it lives
		was("nothing of the kind", "")
		h.pass(6 * time.Minute)
		was(token, admin.ID) // before anybody closed it
		if _, err := h.Use(h.ctx, token, desk); CodeOf(err) != SessionTimedOut {
			t.Fatal(err)
		}
		was(token, admin.ID)
		h.pass(keptFor)
		was(token, "")
		h.signIn(admin)
		token = admin.token
		h.must(h.LogOut(h.ctx, desk, token))
		was(token, admin.ID)
	})
}
