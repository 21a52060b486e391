package identity

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
	"dancu/internal/ledger"
)

// activation is another area's act: it may be done while open is true.
type activation struct {
	open  atomic.Bool
	other error // what else goes wrong
	done  atomic.Int64
}

// moved is an error in both languages, as another area has them.
type moved struct{}

func (moved) Error() string { return "moved on" }
func (moved) Words() access.Text {
	return access.Text{VI: "Kết nối đang tạm ngừng.", EN: "The connection is suspended."}
}

func (a *activation) act() TwoPerson {
	return TwoPerson{
		Title: access.Text{VI: "Kích hoạt kết nối", EN: "Activate a connection"}, Propose: ProposeActivation, Confirm: ConfirmActivation,
		Show: func(_ context.Context, _ db.Querier, t TwoPersonAct) (Shown, error) {
			if t.Subject == "gone" {
				return Shown{}, fault.New(fault.NotFound, "there is no such connection")
			}
			return Shown{About: access.Text{VI: "Kết nối " + t.Subject, EN: "Connection " + t.Subject}, Path: "/connections/" + t.Subject}, nil
		},
		Execute: func(ctx context.Context, tx *ledger.Tx, p Proposal, by Actor, _ any) (string, error) {
			// What was begun before the refusal must leave nothing.
			if _, err := tx.Exec(ctx, "INSERT INTO attempts (subject, failures, rounds, locked_until, last) VALUES ($1, 0, 0, 0, 0)", "test:"+p.ID); err != nil {
				return "", err
			}
			switch {
			case a.other != nil:
				return "", a.other
			case !a.open.Load():
				return "", fault.Wrap(fault.Conflict, moved{}, "the connection is suspended: let it go on first")
			}
			a.done.Add(1)
			return "", nil
		},
	}
}

func (h *house) propose(p *person, kind, subject string) (Proposal, error) {
	return h.Propose(h.ctx, p.actor(), TwoPersonAct{Kind: kind, Subject: subject, Reason: why})
}

// An act that cannot be done any more ends with its reason and its entry;
// what is the confirmer's or the machine's trouble leaves it open.
func TestAnActThatCannotBeDoneAnyMore(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		a := &activation{}
		h.RegisterTwoPerson("connection.activate", a.act())
		admin := h.admin()
		one := h.hire(admin, Onboarder, "", "TN-1")
		h.signIn(admin)
		two := h.hire(admin, Supervisor, "", "GS-1")
		h.signIn(one)
		p, err := h.propose(one, "connection.activate", "ward.con")
		h.must(err)
		h.signIn(two)
		for _, other := range []error{
			errors.New("a bug"), refuse(fault.Forbidden, OwnAccountAct), fault.New(fault.Unavailable, "the disk is full"), refuse(fault.Exhausted, KeyMany),
		} {
			a.other = other
			if _, err := h.Confirm(h.ctx, two.actor(), p.ID); !errors.Is(err, other) && fault.Text(err) != fault.Text(other) {
				t.Errorf("got %v, want %v", err, other)
			}
			for i := 0; h.ledger.Ready() != nil && i < 100; i++ {
				time.Sleep(20 * time.Millisecond) // an outage is one of the log, too
			}
			if q := h.proposal(p.ID); q.State != Proposed {
				t.Fatalf("after %v the proposal is %s", other, q.State)
			}
		}
		a.other = nil
		_, err = h.Confirm(h.ctx, two.actor(), p.ID)
		words, failed := FailureOf(err)
		if !failed || !fault.Is(err, fault.Conflict) || words != (moved{}).Words() || fault.Text(err) != "the connection is suspended: let it go on first" {
			t.Fatalf("got %v, %v", err, words)
		}
		a.open.Store(true)
		_, err = h.Confirm(h.ctx, two.actor(), p.ID)
		h.refused(err, fault.Conflict, ProposalGone)
		list, _, err := h.Proposals(h.ctx, one.actor(), ProposalFilter{State: Failed})
		h.must(err)
		if len(list) != 1 || list[0].Failure != words || list[0].Note != "" || list[0].Second != two.ID {
			t.Errorf("the list has %+v", list)
		}
		e := h.entries(EventProposalFailed)
		if len(e) != 1 || e[0].Event["failure"] != words.EN || e[0].Event["proposer"] != "TN-1" || e[0].Event["confirmer"] != "GS-1" || e[0].Person["id"] != "GS-1" || e[0].Event["subject"] != "ward.con" {
			t.Errorf("the log says %v", e)
		}
		var left int
		h.must(h.main.QueryRow(h.ctx, "SELECT count(*) FROM attempts WHERE subject LIKE 'test:%'").Scan(&left))
		if left != 0 || a.done.Load() != 0 {
			t.Errorf("a refused act left %d rows, and was done %d times", left, a.done.Load())
		}
		// It can be proposed anew, and then done.
		h.signIn(one)
		p, err = h.propose(one, "connection.activate", "ward.con")
		h.must(err)
		h.signIn(two)
		_, err = h.Confirm(h.ctx, two.actor(), p.ID)
		h.must(err)
		if a.done.Load() != 1 {
			t.Errorf("done %d times", a.done.Load())
		}
	})
}

// Of many confirmations at once of an act that fails, one ends it: one entry.
func TestAFailureIsToldOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		h.RegisterTwoPerson("connection.activate", (&activation{}).act())
		admin := h.admin()
		one := h.hire(admin, Onboarder, "", "TN-1")
		h.signIn(admin)
		two := h.hire(admin, Supervisor, "", "GS-1")
		h.signIn(one)
		p, err := h.propose(one, "connection.activate", "ward.con")
		h.must(err)
		h.signIn(two)
		var failed atomic.Int64
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				_, err := h.Confirm(h.ctx, two.actor(), p.ID)
				if _, ok := FailureOf(err); ok {
					failed.Add(1)
				} else if CodeOf(err) != ProposalGone {
					t.Errorf("a confirmation: %v", err)
				}
			})
		}
		wg.Wait()
		if failed.Load() != 1 || h.count(EventProposalFailed) != 1 {
			t.Errorf("failed %d times, %d entries, want 1 and 1", failed.Load(), h.count(EventProposalFailed))
		}
	})
}

func (h *house) proposal(id string) *Proposal {
	h.t.Helper()
	p, err := proposalByID(h.ctx, h.main, id)
	h.must(err)
	return p
}

// Everybody sees the acts they may propose or confirm, with what these are
// about and who may confirm, and nobody else's.
func TestWhoSeesWhichActs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		h.RegisterTwoPerson("connection.activate", (&activation{}).act())
		admin := h.admin()
		one := h.hire(admin, Onboarder, "", "TN-1")
		h.signIn(admin)
		two := h.hire(admin, Supervisor, "", "GS-1")
		h.signIn(admin)
		out := h.hire(admin, Assessor, "", "DG-1")
		h.signIn(admin)
		_, err := h.Propose(h.ctx, admin.actor(), TwoPersonAct{Kind: NewAdministrator, Payload: json.RawMessage(`{"Code":"QT-3","Login":"quantri.ba","Name":"Lê Ba"}`), Reason: why})
		h.must(err)
		h.signIn(one)
		var ids []string
		for _, subject := range []string{"ward.con", "gone", "bank.con"} {
			p, err := h.propose(one, "connection.activate", subject)
			h.must(err)
			ids = append(ids, p.ID)
		}
		_, err = h.propose(one, FactorReset, two.ID)
		h.refused(err, fault.Forbidden, NotAllowed)

		list := func(p *person, f ProposalFilter) []Listed {
			t.Helper()
			if !h.live(p) {
				h.signIn(p)
			}
			l, _, err := h.Proposals(h.ctx, p.actor(), f)
			h.must(err)
			return l
		}
		mine := list(one, ProposalFilter{})
		if len(mine) != 3 || !mine[0].Own || mine[0].MayConfirm || mine[0].Shown.About.VI != "Kết nối bank.con" || mine[1].Shown.About.VI != "" || mine[0].Title.EN != "Activate a connection" {
			t.Errorf("the proposer sees %+v", mine)
		}
		if k := mine[0].Confirmers; len(k) != 2 || k[0] != Onboarder || k[1] != Supervisor {
			t.Errorf("%v may confirm", k)
		}
		h.signIn(two)
		if l := list(two, ProposalFilter{}); len(l) != 3 || l[0].Own || !l[0].MayConfirm {
			t.Errorf("the other sees %+v", l)
		}
		h.signIn(admin)
		if l := list(admin, ProposalFilter{}); len(l) != 1 || l[0].Shown.About.VI != "Lê Ba · quantri.ba" {
			t.Errorf("the administrator sees %+v", l)
		}
		h.signIn(out)
		_, _, err = h.Proposals(h.ctx, out.actor(), ProposalFilter{})
		h.refused(err, fault.Forbidden, NotAllowed)
		if k := h.ActKinds(Supervisor); len(k) != 1 || k[0].Kind != "connection.activate" || h.MayPropose(Supervisor, k[0].Kind) || !h.MayPropose(Onboarder, k[0].Kind) {
			t.Errorf("a supervisor has %v", k)
		}

		// Filters and pages.
		h.signIn(two)
		h.must(h.Decline(h.ctx, two.actor(), ids[2], "not needed any more"))
		for f, want := range map[ProposalFilter]int{
			{State: Proposed}: 2, {State: Declined}: 1, {State: Executed}: 0, {Kind: "connection.activate"}: 3, {Kind: NewAdministrator}: 0, {Kind: "none"}: 0,
		} {
			if l := list(two, f); len(l) != want {
				t.Errorf("%+v: %d are listed, want %d", f, len(l), want)
			}
		}
		var seen []string
		for f := (ProposalFilter{Limit: 2}); ; {
			l, next, err := h.Proposals(h.ctx, two.actor(), f)
			h.must(err)
			for _, x := range l {
				seen = append(seen, x.ID)
			}
			if f.After = next; next == "" {
				break
			}
		}
		if len(seen) != 3 || seen[0] != ids[2] || seen[2] != ids[0] {
			t.Errorf("page by page: %v of %v", seen, ids)
		}
		// Past their time they have lapsed before the sweep says so.
		h.pass(h.rules().ProposalTime)
		h.signIn(two)
		if a, b := list(two, ProposalFilter{State: Proposed}), list(two, ProposalFilter{State: Lapsed}); len(a) != 0 || len(b) != 2 || b[0].State != Lapsed || b[0].MayConfirm {
			t.Errorf("after their time %d wait and %d lapsed", len(a), len(b))
		}
	})
}

// One person has so many of a kind waiting and no more, however many at once;
// settled and lapsed ones count no more.
func TestProposalsAreBounded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env, func(c *Config) { c.Settings.Proposals = 3 })
		a := &activation{}
		h.RegisterTwoPerson("connection.activate", a.act())
		h.RegisterTwoPerson("connection.again", a.act())
		admin := h.admin()
		one := h.hire(admin, Onboarder, "", "TN-1")
		h.signIn(admin)
		other := h.hire(admin, Onboarder, "", "TN-2")
		h.signIn(one)
		var made atomic.Int64
		var last atomic.Pointer[Proposal]
		var wg sync.WaitGroup
		for i := range 9 {
			wg.Go(func() {
				p, err := h.propose(one, "connection.activate", "c"+strconv.Itoa(i))
				if err == nil {
					made.Add(1)
					last.Store(&p)
				} else if CodeOf(err) != ProposalMany || !fault.Is(err, fault.Exhausted) {
					t.Errorf("one too many: %v", err)
				}
			})
		}
		wg.Wait()
		if made.Load() != 3 {
			t.Fatalf("%d were proposed, want 3", made.Load())
		}
		_, err := h.propose(one, "connection.again", "c")
		h.must(err)
		h.must(h.Decline(h.ctx, one.actor(), last.Load().ID, "a mistake of mine"))
		_, err = h.propose(one, "connection.activate", "c")
		h.must(err)
		_, err = h.propose(one, "connection.activate", "c")
		h.refused(err, fault.Exhausted, ProposalMany)
		h.signIn(other)
		_, err = h.propose(other, "connection.activate", "c")
		h.must(err)
		h.pass(h.rules().ProposalTime)
		h.signIn(one)
		_, err = h.propose(one, "connection.activate", "c")
		h.must(err)
	})
}

// A key proposes and takes back its own; it confirms and declines nothing.
func TestAKeyIsNoneOfTwo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		a := &activation{}
		a.open.Store(true)
		h.RegisterTwoPerson("connection.activate", a.act())
		admin := h.admin()
		one := h.hire(admin, Onboarder, "", "TN-1")
		h.signIn(admin)
		two := h.hire(admin, Onboarder, "", "TN-2")
		k1, k2 := h.key(one), h.key(two)
		b1, err := h.Bear(h.ctx, k1.Text, program)
		h.must(err)
		b2, err := h.Bear(h.ctx, k2.Text, program)
		h.must(err)
		p, err := h.Propose(h.ctx, b1.Actor(program), TwoPersonAct{Kind: "connection.activate", Subject: "ward.con", Reason: why})
		h.must(err)
		_, err = h.Confirm(h.ctx, b2.Actor(program), p.ID)
		h.refused(err, fault.Forbidden, NotByKey)
		h.refused(h.Decline(h.ctx, b2.Actor(program), p.ID, "not needed any more"), fault.Forbidden, NotByKey)
		l, _, err := h.Proposals(h.ctx, b2.Actor(program), ProposalFilter{})
		h.must(err)
		if len(l) != 1 || l[0].MayConfirm {
			t.Errorf("a key sees %+v", l)
		}
		// The person behind the proposing key is the same person.
		h.signIn(one)
		_, err = h.Confirm(h.ctx, one.actor(), p.ID)
		h.refused(err, fault.Forbidden, SamePerson)
		h.signIn(two)
		_, err = h.Confirm(h.ctx, two.actor(), p.ID)
		h.must(err)
		p, err = h.Propose(h.ctx, b1.Actor(program), TwoPersonAct{Kind: "connection.activate", Subject: "ward.con", Reason: why})
		h.must(err)
		h.must(h.Decline(h.ctx, b1.Actor(program), p.ID, "not needed any more"))
		if e := h.entries(EventProposalMade); len(e) != 2 || e[0].Person["key"] != k1.Key.ID {
			t.Errorf("the log says %v", e)
		}
	})
}

// Whoever wires an act that nobody could see or confirm is told at once.
func TestRegisteringTwice(t *testing.T) {
	env := dbtest.SQLite(t)
	h := start(t, env)
	whole := (&activation{}).act()
	h.RegisterTwoPerson("a", whole)
	untitled, hidden, idle, apart := whole, whole, whole, whole
	untitled.Title.EN, hidden.Show, idle.Execute, apart.Confirm = "", nil, nil, Assess
	for name, t2 := range map[string]TwoPerson{"a": whole, "untitled": untitled, "hidden": hidden, "idle": idle, "apart": apart} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s is registered", name)
				}
			}()
			h.RegisterTwoPerson(name, t2)
		}()
	}
}

// Staff without a second factor come back by two people, with one by one.
func TestEnablingStaffWithoutAFactorTakesTwo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		one := h.admin()
		two := h.second(one)
		with := h.hire(one, Support, "", "HT-1")
		h.signIn(one)
		without, err := h.CreateAccount(h.ctx, one.actor(), NewAccount{Kind: Inspector, Code: "KT-1", Login: "kiem.tra", Name: "Kiểm Tra"})
		h.must(err)
		for _, id := range []string{with.ID, without.Account.ID} {
			h.must(h.DisableAccount(h.ctx, one.actor(), id, why))
		}
		_, err = h.EnableAccount(h.ctx, one.actor(), with.ID, why)
		h.must(err)
		_, err = h.EnableAccount(h.ctx, one.actor(), without.Account.ID, why)
		h.refused(err, fault.Forbidden, TwoPeople)
		for _, a := range []struct{ kind, subject string }{{EnableAdministrator, without.Account.ID}, {EnableStaff, two.ID}, {EnableStaff, "none"}} {
			_, err = h.propose(one, a.kind, a.subject)
			h.refused(err, fault.NotFound, NotThere)
		}
		_, err = h.propose(one, EnableStaff, with.ID)
		h.refused(err, fault.Conflict, WrongState)
		p, err := h.propose(one, EnableStaff, without.Account.ID)
		h.must(err)
		h.signIn(two)
		secret, err := h.Confirm(h.ctx, two.actor(), p.ID)
		h.must(err)
		h.arrive(Issued{without.Account, secret})
		// At the machine one is enough: whoever has that has the files.
		h.signIn(one)
		third, err := h.CreateAccount(h.ctx, one.actor(), NewAccount{Kind: Inspector, Code: "KT-2", Login: "kiem.tra.hai", Name: "Kiểm Tra"})
		h.must(err)
		h.must(h.DisableAccount(h.ctx, one.actor(), third.Account.ID, why))
		_, err = h.EnableAccount(h.ctx, clerk, third.Account.ID, why)
		h.must(err)
	})
}
