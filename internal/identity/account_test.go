package identity

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
)

func TestMayIsOneTable(t *testing.T) {
	if May("stranger", OwnAccount) || May(Administrator, "fly") || May("", "") {
		t.Error("what is not in the table is allowed")
	}
	seen := map[Act]bool{}
	for _, a := range Acts() {
		if seen[a] {
			t.Errorf("%s stands in the table twice", a)
		}
		seen[a] = true
		n := 0
		for _, k := range Kinds {
			if May(k, a) {
				n++
			}
		}
		if n == 0 {
			t.Errorf("nobody may %s", a)
		}
	}
	// Duties that are kept apart.
	for _, k := range Kinds {
		for _, apart := range [][2]Act{
			{ManageConnections, Assess},
			{ManageConnections, Suspend},
			{Assess, Suspend},
			{Assess, Inspect},
			{Inspect, Suspend},
			{Inspect, ManageConnections},
			{ManageTerms, ManageConnections},
			{ManageTerms, Assess},
			{OwnLifecycle, SeeLifecycle},
			{OwnLifecycle, LookUp},
			{OwnKeys, ManageStaff},
			{LookUp, SearchLog},
			{ManageStaff, SearchLog},
			{ManageStaff, ManageConnections},
			{ManageOfficers, LookUp},
			{ManageStaff, LookUp},
		} {
			if May(k, apart[0]) && May(k, apart[1]) {
				t.Errorf("%s may both %s and %s", k, apart[0], apart[1])
			}
		}
	}
}

// Whoever confirms is somebody who may, of another account; each two-person pair
// of the life cycle has somebody on both sides.
func TestWhoIsOfTwo(t *testing.T) {
	two := ActsForTwo()
	for _, pair := range []struct {
		propose, confirm Act
		first, second    []Kind
	}{
		{ProposeActivation, ConfirmActivation, []Kind{Onboarder}, []Kind{Onboarder, Supervisor}},
		{ProposeUnlock, ConfirmUnlock, []Kind{Supervisor}, []Kind{Supervisor}},
		{ProposeEnd, ConfirmEnd, []Kind{Onboarder, Supervisor}, []Kind{Supervisor}},
	} {
		if !slices.Contains(two, pair.propose) || !slices.Contains(two, pair.confirm) {
			t.Errorf("%s and %s have no page", pair.propose, pair.confirm)
		}
		for _, k := range Kinds {
			if May(k, pair.propose) != slices.Contains(pair.first, k) || May(k, pair.confirm) != slices.Contains(pair.second, k) {
				t.Errorf("%s: may %s %v, may %s %v", k, pair.propose, May(k, pair.propose), pair.confirm, May(k, pair.confirm))
			}
		}
	}
}

// Through a key goes what is written down here, by hand a second time.
func TestMayByKeyIsLess(t *testing.T) {
	want := map[Kind][]Act{
		Onboarder:   {SeeLifecycle, ManageConnections, ProposeActivation, ProposeEnd, SeeNotices, RetryNotices, SeeStatus},
		Assessor:    {SeeLifecycle, Assess, SeeStatus},
		Inspector:   {SeeLifecycle, Inspect, SeeStatus},
		Supervisor:  {SeeLifecycle, Suspend, ProposeUnlock, ProposeEnd, SeeNotices, RetryNotices, SeeStatus},
		Support:     {SeeLifecycle, SeeNotices, RetryNotices, SeeStatus},
		AgencyAdmin: {OwnLifecycle, OwnNotices},
	}
	for _, k := range Kinds {
		for _, a := range Acts() {
			if may := MayByKey(k, a); may != slices.Contains(want[k], a) {
				t.Errorf("a key of %s may %s: %v", k, a, may)
			}
			if MayByKey(k, a) && !May(k, a) {
				t.Errorf("a key of %s may %s, which the account may not", k, a)
			}
		}
	}
}

func TestCodesAreInTwoLanguages(t *testing.T) {
	for _, c := range Codes() {
		vi, en := c.Text("vi"), c.Text("en")
		if vi == "" || en == "" || vi == en || !strings.HasSuffix(vi, ".") || !strings.HasSuffix(en, ".") {
			t.Errorf("%s: %q, %q", c, vi, en)
		}
		if err := refuse(fault.Invalid, c); CodeOf(err) != c || fault.Text(err) != en {
			t.Errorf("%s is not told by its error: %v", c, err)
		}
	}
}

// Everybody tries to make every kind of account: who may is told by the table,
// and whose by the agency.
func TestWhoMakesWhom(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		admin := h.admin()
		people := map[Kind]*person{Administrator: admin}
		for _, k := range []Kind{Onboarder, Assessor, Inspector, Supervisor, Support} {
			people[k] = h.hire(admin, k, "", "X-"+string(k))
			h.signIn(admin)
		}
		people[AgencyAdmin] = h.hire(admin, AgencyAdmin, "ward", "QT")
		people[AgencyOfficer] = h.hire(people[AgencyAdmin], AgencyOfficer, "", "CB")
		for k, p := range people {
			h.signIn(p)
			for i, made := range []Kind{Onboarder, Assessor, Inspector, Supervisor, Support, Administrator, AgencyAdmin, AgencyOfficer} {
				agency := ""
				if made.OfAgency() {
					agency = "ward"
				}
				code := string(k)[:3] + "-" + string(rune('a'+i))
				_, err := h.CreateAccount(h.ctx, p.actor(), NewAccount{Kind: made, Agency: agency, Code: code, Login: "new." + strings.ToLower(code) + string(k), Name: "Người mới"})
				switch {
				case made == Administrator:
					h.refused(err, fault.Forbidden, TwoPeople)
				case k == Administrator && made != AgencyOfficer, k == AgencyAdmin && made == AgencyOfficer:
					h.must(err)
				default:
					h.refused(err, fault.Forbidden, NotAllowed)
				}
			}
		}
		_, err := h.CreateAccount(h.ctx, people[AgencyAdmin].actor(), NewAccount{Kind: AgencyOfficer, Agency: "bank", Code: "B", Login: "b.b.b", Name: "B"})
		h.refused(err, fault.NotFound, AgencyInvalid)
		h.signIn(admin)
		for want, a := range map[Code]NewAccount{
			AgencyInvalid: {Kind: AgencyAdmin, Agency: "nowhere", Code: "B", Login: "b.b.b", Name: "B"},
			LoginTaken:    {Kind: Support, Code: "B", Login: " QuanTri.Mot ", Name: "B"},
			CodeTaken:     {Kind: Support, Code: "QT-1", Login: "b.b.b", Name: "B"},
			CodeInvalid:   {Kind: Support, Code: strings.Repeat("x", 21), Login: "b.b.b", Name: "B"},
			LoginInvalid:  {Kind: Support, Code: "B", Login: "bé", Name: "B"},
			NameInvalid:   {Kind: Support, Code: "B", Login: "b.b.b", Name: "a\x00b"},
			KindInvalid:   {Kind: Citizen, Code: "B", Login: "b.b.b", Name: "B"},
		} {
			if _, err := h.CreateAccount(h.ctx, admin.actor(), a); CodeOf(err) != want {
				t.Errorf("%+v: %v, want %s", a, err, want)
			}
		}
		// One code may stand in two agencies, and 20 characters do.
		_, err = h.CreateAccount(h.ctx, admin.actor(), NewAccount{Kind: AgencyAdmin, Agency: "bank", Code: "QT", Login: "bank.qt", Name: "Ngân hàng"})
		h.must(err)
		_, err = h.CreateAccount(h.ctx, admin.actor(), NewAccount{Kind: Support, Code: strings.Repeat("x", 20), Login: "b.b.b", Name: "B"})
		h.must(err)
	})
}

// Nobody reaches another agency's accounts by their ids, nor sees them.
func TestAccountsOfOthersAreNotThere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		admin := h.admin()
		ward := h.hire(admin, AgencyAdmin, "ward", "QT")
		bank := h.hire(admin, AgencyAdmin, "bank", "QT2")
		officer := h.hire(ward, AgencyOfficer, "", "CB-1")
		h.signIn(admin)
		sup := h.hire(admin, Supervisor, "", "GS-1")
		name := "X"
		for _, by := range []*person{bank, admin, officer, sup} {
			h.signIn(by)
			for what, try := range map[string]func() error{
				"see": func() error { _, err := h.Account(h.ctx, by.actor(), officer.ID); return err },
				"change": func() error {
					return h.ChangeAccount(h.ctx, by.actor(), officer.ID, Change{Name: &name})
				},
				"disable":  func() error { return h.DisableAccount(h.ctx, by.actor(), officer.ID, why) },
				"enable":   func() error { _, err := h.EnableAccount(h.ctx, by.actor(), officer.ID, why); return err },
				"unlock":   func() error { return h.UnlockAccount(h.ctx, by.actor(), officer.ID, why) },
				"password": func() error { _, err := h.ResetPassword(h.ctx, by.actor(), officer.ID, why); return err },
				"factors":  func() error { _, err := h.ResetFactors(h.ctx, by.actor(), officer.ID, why); return err },
				"rights":   func() error { return h.SetRights(h.ctx, by.actor(), officer.ID, Rights{}) },
				"sessions": func() error { _, err := h.EndSessionsOf(h.ctx, by.actor(), officer.ID, why); return err },
			} {
				err := try()
				if !fault.Is(err, fault.NotFound) && !fault.Is(err, fault.Forbidden) {
					t.Errorf("%s %s may %s an officer that is not theirs: %v", by.Kind, by.Code, what, err)
				}
				if by == bank && !fault.Is(err, fault.NotFound) {
					t.Errorf("the other agency's administrator learns that the officer exists: %s: %v", what, err)
				}
			}
		}
		h.signIn(bank)
		list, _, err := h.Accounts(h.ctx, bank.actor(), Filter{})
		h.must(err)
		for _, a := range list {
			if a.Agency != "bank" {
				t.Errorf("the bank sees %s of %q", a.Code, a.Agency)
			}
		}
		list, _, err = h.Accounts(h.ctx, bank.actor(), Filter{Agency: "ward"})
		h.must(err)
		if len(list) != 0 {
			t.Error("the bank lists the ward's accounts")
		}
		h.signIn(ward)
		list, _, err = h.Accounts(h.ctx, ward.actor(), Filter{Text: "NGUYEN thi cb"})
		h.must(err)
		if len(list) != 1 || list[0].ID != officer.ID {
			t.Errorf("searched by name without marks: %v", list)
		}
		list, _, err = h.Accounts(h.ctx, ward.actor(), Filter{Text: "%"})
		h.must(err)
		if len(list) != 0 {
			t.Error("a sign of the query language is taken as one")
		}
		_, err = h.listAs(officer)
		h.refused(err, fault.Forbidden, NotAllowed)
		// Pages.
		h.signIn(admin)
		var all []string
		for after := ""; ; {
			page, next, err := h.Accounts(h.ctx, admin.actor(), Filter{Limit: 1, After: after})
			h.must(err)
			for _, a := range page {
				all = append(all, a.ID)
			}
			if after = next; next == "" {
				break
			}
		}
		if len(all) != 4 { // admin, two agencies' administrators, supervisor
			t.Errorf("page by page the administrator sees %d accounts, want 4", len(all))
		}
	})
}

// listAs lists accounts as somebody who signs in first.
func (h *house) listAs(p *person) ([]Account, error) {
	h.t.Helper()
	h.signIn(p)
	list, _, err := h.Accounts(h.ctx, p.actor(), Filter{})
	return list, err
}

func TestRightsAreNeverMoreThanTheAgencys(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		admin := h.admin()
		chief := h.hire(admin, AgencyAdmin, "ward", "QT")
		officer := h.hire(chief, AgencyOfficer, "", "CB-1")
		h.signIn(chief)
		has, err := h.AvailableRights(h.ctx, chief.actor())
		h.must(err)
		if len(has["ward.con"]) != 2 {
			t.Fatalf("the agency has %v", has)
		}
		h.must(h.SetRights(h.ctx, chief.actor(), officer.ID, Rights{"ward.con": {"g.verify", "g.lookup", "g.lookup"}}))
		for _, r := range []Rights{
			{"ward.con": {"g.bank"}}, {"bank.con": {"g.bank"}}, {"ward.con": {"g.lookup", "g.old"}}, {"nowhere": {"g.lookup"}}, {"": {""}},
		} {
			h.refused(h.SetRights(h.ctx, chief.actor(), officer.ID, r), fault.Forbidden, RightsBeyond)
		}
		a, err := h.Account(h.ctx, chief.actor(), officer.ID)
		h.must(err)
		if got := a.Rights["ward.con"]; len(a.Rights) != 1 || len(got) != 2 || got[0] != "g.lookup" || got[1] != "g.verify" {
			t.Errorf("the officer has %v", a.Rights)
		}
		// What the agency lost it cannot give any more; what is given is only a
		// reference.
		delete(h.grants["ward"], "ward.con")
		h.refused(h.SetRights(h.ctx, chief.actor(), officer.ID, Rights{"ward.con": {"g.lookup"}}), fault.Forbidden, RightsBeyond)
		h.must(h.SetRights(h.ctx, chief.actor(), officer.ID, nil))
		h.must(h.SetRights(h.ctx, chief.actor(), officer.ID, Rights{}))
		// Not to an account of another kind, nor to oneself.
		h.refused(h.SetRights(h.ctx, chief.actor(), chief.ID, Rights{}), fault.NotFound, NotThere)
		if got := h.entries(EventRightsChanged); len(got) != 2 || got[0].Event["officer"] != "CB-1" || got[0].Person["id"] != "QT" || got[0].Event["agency"] != "H01.ward" {
			t.Errorf("the log says %v", got)
		}
	})
}

func TestTwoPeople(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		one := h.admin()
		two := h.second(one)
		sup := h.hire(one, Supervisor, "", "GS-1")
		propose := func(kind, subject string, payload any) Proposal {
			t.Helper()
			if !h.live(one) {
				h.signIn(one)
			}
			raw, err := json.Marshal(payload)
			h.must(err)
			p, err := h.Propose(h.ctx, one.actor(), TwoPersonAct{Kind: kind, Subject: subject, Payload: raw, Reason: why})
			h.must(err)
			return p
		}
		// The same person; a stale factor; the wrong kind.
		p := propose(FactorReset, sup.ID, nil)
		h.stepUp(one)
		_, err := h.Confirm(h.ctx, one.actor(), p.ID)
		h.refused(err, fault.Forbidden, SamePerson)
		h.signIn(sup)
		_, err = h.Confirm(h.ctx, sup.actor(), p.ID)
		h.refused(err, fault.Forbidden, NotAllowed)
		h.signIn(two)
		for range 3 {
			h.pass(2 * time.Minute)
			h.live(two)
		}
		_, err = h.Confirm(h.ctx, two.actor(), p.ID)
		h.refused(err, fault.Forbidden, FactorStale)
		if !h.live(sup) {
			t.Fatal("a refused confirmation had effect")
		}
		h.stepUp(two)
		secret, err := h.Confirm(h.ctx, two.actor(), p.ID)
		h.must(err)
		if h.live(sup) {
			t.Error("the reset left the session")
		}
		_, err = h.Confirm(h.ctx, two.actor(), p.ID)
		h.refused(err, fault.Conflict, ProposalGone)
		sup = h.arrive(Issued{sup.Account, secret})
		e := h.entries(EventProposalExecuted, EventFactorsReset)
		if len(e) != 2 || e[0].Event["proposer"] != "QT-1" || e[0].Event["reason"] != why || e[1].Event["confirmer"] != "QT-2" || e[0].Person["id"] != "QT-2" {
			t.Errorf("the log says %v", e)
		}
		if strings.Contains(h.dump(), secret) {
			t.Error("the one-time password is stored")
		}

		// Declined, by the proposer too; lapsed on both sides of its time.
		h.signIn(one)
		p = propose(FactorReset, sup.ID, nil)
		h.must(h.Decline(h.ctx, one.actor(), p.ID, "a mistake of mine"))
		h.signIn(two)
		_, err = h.Confirm(h.ctx, two.actor(), p.ID)
		h.refused(err, fault.Conflict, ProposalGone)
		admin3 := map[string]string{"Code": "QT-3", "Login": "quantri.ba", "Name": "Ba"}
		p = propose(NewAdministrator, "", admin3)
		late := propose(NewAdministrator, "", admin3)
		h.pass(h.rules().ProposalTime - time.Minute)
		h.signIn(two)
		h.pass(p.Expires.Sub(h.now()) - 20*time.Second)
		h.must(h.Sweep(h.ctx))
		secret, err = h.Confirm(h.ctx, two.actor(), p.ID)
		h.must(err)
		h.pass(late.Expires.Sub(h.now()))
		_, err = h.Confirm(h.ctx, two.actor(), late.ID)
		h.refused(err, fault.Conflict, ProposalGone)
		h.must(h.Sweep(h.ctx))
		if n := h.count(EventProposalLapsed); n != 1 {
			t.Errorf("%d proposals lapsed in the log, want 1", n)
		}
		three := h.arrive(h.issued(two, "quantri.ba", secret))
		if three.Kind != Administrator {
			t.Errorf("two people made a %s", three.Kind)
		}

		// At once: one confirmation of many executes.
		h.signIn(one)
		p = propose(FactorReset, sup.ID, nil)
		h.signIn(two)
		h.signIn(three)
		var done atomic.Int64
		var wg sync.WaitGroup
		for i := range 16 {
			by := []*person{two, three}[i%2]
			wg.Go(func() {
				if _, err := h.Confirm(h.ctx, by.actor(), p.ID); err == nil {
					done.Add(1)
				} else if CodeOf(err) != ProposalGone {
					t.Errorf("a confirmation: %v", err)
				}
			})
		}
		wg.Wait()
		if done.Load() != 1 || h.count(EventFactorsReset) != 2 {
			t.Errorf("executed %d times, %d resets, want 1 and 2", done.Load(), h.count(EventFactorsReset))
		}

		// A proposer who is gone is no longer one of two.
		h.signIn(one)
		p = propose(NewAdministrator, "", map[string]string{"Code": "QT-4", "Login": "quantri.bon", "Name": "Bốn"})
		h.signIn(two)
		h.must(h.DisableAccount(h.ctx, two.actor(), one.ID, why))
		_, err = h.Confirm(h.ctx, two.actor(), p.ID)
		h.refused(err, fault.Conflict, ProposalGone)
		// And comes back by two people only.
		_, err = h.EnableAccount(h.ctx, two.actor(), one.ID, why)
		h.refused(err, fault.Forbidden, TwoPeople)
		back, err := h.Propose(h.ctx, two.actor(), TwoPersonAct{Kind: EnableAdministrator, Subject: one.ID, Reason: why})
		h.must(err)
		h.signIn(three)
		_, err = h.Confirm(h.ctx, three.actor(), back.ID)
		h.must(err)
		if a := h.account(three, one.ID); a.State != Active || !a.MustChange {
			t.Errorf("the administrator who was enabled is %s", a.State)
		}
		list, _, err := h.Proposals(h.ctx, three.actor(), ProposalFilter{})
		h.must(err)
		if len(list) != 7 || list[0].ID != back.ID || list[0].State != Executed {
			t.Errorf("%d proposals are listed, the newest %+v", len(list), list[0])
		}
		for _, a := range []TwoPersonAct{
			{Kind: "unknown", Reason: why},
			{Kind: NewAdministrator, Payload: json.RawMessage("{"), Reason: why},
		} {
			_, err = h.Propose(h.ctx, three.actor(), a)
			h.refused(err, fault.Invalid, ActInvalid)
		}
		_, err = h.Propose(h.ctx, three.actor(), TwoPersonAct{Kind: FactorReset, Subject: sup.ID, Reason: "short"})
		h.refused(err, fault.Invalid, ReasonMissing)
	})
}

// issued is the account of a login, with the password that was told.
func (h *house) issued(by *person, login, password string) Issued {
	h.t.Helper()
	list, _, err := h.Accounts(h.ctx, by.actor(), Filter{Text: login})
	h.must(err)
	if len(list) != 1 {
		h.t.Fatalf("%d accounts have %q in them", len(list), login)
	}
	return Issued{list[0], password}
}

// Whoever has no second factor yet is whoever has the password: one
// administrator alone gives no staff account away.
func TestAPasswordOfStaffWithoutAFactorTakesTwo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		one := h.admin()
		two := h.second(one)
		h.signIn(one)
		for _, kind := range []Kind{Inspector, Support} {
			i, err := h.CreateAccount(h.ctx, one.actor(), NewAccount{Kind: kind, Code: "M-" + string(kind[:2]), Login: "moi." + string(kind), Name: "Mới"})
			h.must(err)
			_, err = h.ResetPassword(h.ctx, one.actor(), i.Account.ID, why)
			h.refused(err, fault.Forbidden, TwoPeople)
			// What was issued first still works, and with a factor one is enough.
			p := h.arrive(i)
			h.signIn(one)
			again, err := h.ResetPassword(h.ctx, one.actor(), p.ID, why)
			h.must(err)
			if again.Password == "" || h.live(p) {
				t.Error("a reset with a factor gave no password, or left the session")
			}
		}
		// The two of them can, and so can the account of the machine.
		i, err := h.CreateAccount(h.ctx, one.actor(), NewAccount{Kind: Supervisor, Code: "GS-1", Login: "giam.sat", Name: "Mới"})
		h.must(err)
		_, err = h.ResetPassword(h.ctx, one.actor(), i.Account.ID, why)
		h.refused(err, fault.Forbidden, TwoPeople)
		proposal, err := h.Propose(h.ctx, one.actor(), TwoPersonAct{Kind: FactorReset, Subject: i.Account.ID, Reason: why})
		h.must(err)
		h.signIn(two)
		secret, err := h.Confirm(h.ctx, two.actor(), proposal.ID)
		h.must(err)
		_, err = h.Begin(h.ctx, desk, "giam.sat", i.Password)
		h.refused(err, fault.Unauthenticated, SignInFailed)
		step, err := h.Begin(h.ctx, desk, "giam.sat", secret)
		h.must(err)
		if step.Need != NeedPassword {
			t.Errorf("the new password needs %q", step.Need)
		}
		_, err = h.ResetPassword(h.ctx, clerk, i.Account.ID, why)
		h.must(err)
		// Another administrator without a factor is not given away either.
		h.signIn(one)
		_, err = h.ResetFactors(h.ctx, clerk, two.ID, why)
		h.must(err)
		_, err = h.ResetPassword(h.ctx, one.actor(), two.ID, why)
		h.refused(err, fault.Forbidden, TwoPeople)
		// An agency's officer is its administrator's.
		chief := h.hire(one, AgencyAdmin, "ward", "QT")
		officer, err := h.CreateAccount(h.ctx, chief.actor(), NewAccount{Kind: AgencyOfficer, Code: "CB-1", Login: "can.bo", Name: "Mới"})
		h.must(err)
		_, err = h.ResetPassword(h.ctx, chief.actor(), officer.Account.ID, why)
		h.must(err)
	})
}

func TestTheFirstAdministratorAndTheLast(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		admin := h.admin()
		_, err := h.CreateFirstAdministrator(h.ctx, admin.actor(), NewAccount{Code: "QT-9", Login: "quantri.chin", Name: "Chín"})
		h.refused(err, fault.Forbidden, TwoPeople)
		h.refused(h.DisableAccount(h.ctx, clerk, admin.ID, why), fault.Conflict, LastAdmin)
		// One alone could confirm nothing: the second is made like the first, and
		// no third.
		second, err := h.CreateFirstAdministrator(h.ctx, clerk, NewAccount{Code: "QT-2", Login: "quantri.hai", Name: "Phạm Văn Hai"})
		h.must(err)
		two := h.arrive(second)
		_, err = h.CreateFirstAdministrator(h.ctx, clerk, NewAccount{Code: "QT-9", Login: "quantri.chin", Name: "Chín"})
		h.refused(err, fault.Conflict, HasAdmin)
		h.signIn(admin)
		h.refused(h.DisableAccount(h.ctx, admin.actor(), admin.ID, why), fault.Forbidden, OwnAccountAct)
		h.must(h.DisableAccount(h.ctx, admin.actor(), two.ID, why))
		h.refused(h.DisableAccount(h.ctx, clerk, admin.ID, why), fault.Conflict, LastAdmin)
		// The machine's account gets an administrator back whose factors are gone.
		i, err := h.ResetFactors(h.ctx, clerk, admin.ID, why)
		h.must(err)
		h.arrive(i)
		if e := h.entries(EventFactorsReset); len(e) != 1 || e[0].Event["actor"].(map[string]any)["id"] != "uid:1000(clerk)" || e[0].Event["officer"] != "QT-1" {
			t.Errorf("the log says %v", e)
		}
		// Somebody without a name does nothing.
		if _, err := h.CreateAccount(h.ctx, Actor{}, NewAccount{Kind: Support, Code: "X", Login: "x.x", Name: "X"}); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("nobody made an account: %v", err)
		}
	})
}

func TestInactivityOnBothSides(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env, func(c *Config) { c.Settings.OneTimePassword = 31 * 24 * time.Hour })
		admin := h.admin()
		sup := h.hire(admin, Supervisor, "", "GS-1")
		h.signIn(sup)
		last := h.now()
		h.pass(h.rules().Inactive - h.now().Sub(last) - time.Minute)
		h.signIn(admin)
		h.must(h.Sweep(h.ctx))
		if a := h.account(admin, sup.ID); a.State != Active {
			t.Fatal("disabled a minute early")
		}
		h.pass(time.Minute)
		_, err := h.Begin(h.ctx, desk, sup.Login, sup.password)
		h.refused(err, fault.Unauthenticated, SignInFailed)
		h.must(h.Sweep(h.ctx))
		h.must(h.Sweep(h.ctx))
		if a := h.account(admin, sup.ID); a.State != Disabled || a.Reason != inactivityReason {
			t.Fatalf("after 45 days the account is %s", a.State)
		}
		if e := h.entries(EventAccountDisabled); len(e) != 1 || e[0].Event["officer"] != "GS-1" {
			t.Errorf("the log says %v", e)
		}
		// Enabled, it has 45 days again.
		if !h.live(admin) {
			h.signIn(admin)
		}
		i, err := h.EnableAccount(h.ctx, admin.actor(), sup.ID, why)
		h.must(err)
		h.must(h.Sweep(h.ctx))
		h.back(sup, i)
	})
}

// A review shows of each account what the account's own page shows.
func TestAReviewShowsTheAccounts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		admin := h.admin()
		chief := h.hire(admin, AgencyAdmin, "ward", "QT")
		officer := h.hire(chief, AgencyOfficer, "", "CB-1")
		h.signIn(chief)
		_, err := h.CreateAccount(h.ctx, chief.actor(), NewAccount{Kind: AgencyOfficer, Code: "CB-2", Login: "can.bo.hai", Name: "Cán Bộ Hai"})
		h.must(err)
		h.must(h.SetRights(h.ctx, chief.actor(), officer.ID, Rights{"ward.con": {"g.lookup"}}))
		for range h.rules().Failures {
			_, _ = h.Begin(h.ctx, desk, officer.Login, "wrong")
		}
		for _, by := range []*person{chief, admin} {
			h.signIn(by)
			r, err := h.OpenReview(h.ctx, by.actor())
			h.must(err)
			if len(r.Items) != 2 {
				t.Fatalf("%d accounts are in the review", len(r.Items))
			}
			for _, it := range r.Items {
				if a := h.account(by, it.Account.ID); !reflect.DeepEqual(a, it.Account) {
					t.Errorf("the review shows\n%+v, the account\n%+v", it.Account, a)
				}
			}
			if a := r.Items[0].Account; by == chief && (len(a.Rights) != 1 || a.LockedUntil.IsZero() || !a.TOTP || a.Recovery != recoveryCodes) {
				t.Errorf("the officer is shown as %+v", a)
			}
		}
	})
}

func TestReviews(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		admin := h.admin()
		sup := h.hire(admin, Supervisor, "", "GS-1")
		chief := h.hire(admin, AgencyAdmin, "ward", "QT")
		officer := h.hire(chief, AgencyOfficer, "", "CB-1")
		due := func(p *person) map[string]ReviewDue {
			t.Helper()
			list, err := h.ReviewsDue(h.ctx, p.actor())
			h.must(err)
			out := map[string]ReviewDue{}
			for _, d := range list {
				out[d.Agency] = d
			}
			return out
		}
		h.signIn(admin)
		if d := due(admin); len(d) != 2 || d[""].Overdue || d["ward"].Overdue {
			t.Fatalf("due: %v", d)
		}
		r, err := h.OpenReview(h.ctx, admin.actor())
		h.must(err)
		again, err := h.OpenReview(h.ctx, admin.actor())
		h.must(err)
		if r.ID != again.ID || len(r.Items) != 3 {
			t.Fatalf("two open reviews, or not all accounts: %d", len(r.Items))
		}
		h.refused(h.SignReview(h.ctx, admin.actor(), r.ID), fault.Conflict, ReviewUndecided)
		h.must(h.DecideReview(h.ctx, admin.actor(), r.ID, admin.ID, true, ""))
		h.must(h.DecideReview(h.ctx, admin.actor(), r.ID, chief.ID, true, "còn làm việc"))
		h.refused(h.DecideReview(h.ctx, admin.actor(), r.ID, sup.ID, false, ""), fault.Invalid, ReasonMissing)
		h.refused(h.DecideReview(h.ctx, admin.actor(), r.ID, admin.ID, false, why), fault.Forbidden, OwnAccountAct)
		h.refused(h.DecideReview(h.ctx, admin.actor(), r.ID, officer.ID, true, ""), fault.NotFound, NotThere)
		h.must(h.DecideReview(h.ctx, admin.actor(), r.ID, sup.ID, false, "moved to another province"))
		if h.live(sup) {
			t.Error("who was disabled in the review is still in")
		}
		// Another scope cannot touch it.
		h.signIn(chief)
		h.refused(h.DecideReview(h.ctx, chief.actor(), r.ID, officer.ID, true, ""), fault.NotFound, NotThere)
		_, err = h.Review(h.ctx, chief.actor(), r.ID)
		h.refused(err, fault.NotFound, NotThere)
		mine, err := h.OpenReview(h.ctx, chief.actor())
		h.must(err)
		if len(mine.Items) != 1 || mine.Items[0].Account.ID != officer.ID {
			t.Errorf("the agency reviews %v", mine.Items)
		}
		h.signIn(admin)
		h.must(h.SignReview(h.ctx, admin.actor(), r.ID))
		signed := h.now()
		h.refused(h.SignReview(h.ctx, admin.actor(), r.ID), fault.Conflict, ReviewSigned)
		h.refused(h.DecideReview(h.ctx, admin.actor(), r.ID, admin.ID, true, ""), fault.Conflict, ReviewSigned)
		if e := h.entries(EventReviewSigned); len(e) != 1 || e[0].Event["kept"] != 2.0 || e[0].Event["disabled"] != 1.0 {
			t.Errorf("the log says %v", e)
		}
		// Overdue on both sides.
		for h.now().Sub(signed) < h.rules().ReviewEvery-30*24*time.Hour {
			h.pass(30 * 24 * time.Hour)
			h.passwordOf(admin)
		}
		h.pass(h.rules().ReviewEvery - h.now().Sub(signed) - time.Minute)
		h.passwordOf(admin)
		if d := due(admin)[""]; d.Overdue {
			t.Error("overdue early")
		}
		h.pass(time.Minute)
		if d := due(admin); !d[""].Overdue || !d["ward"].Overdue || d["ward"].Open != mine.ID {
			t.Errorf("not overdue after a quarter: %v", d)
		}
	})
}

// passwordOf signs an administrator in, who changes the password if it is time.
func (h *house) passwordOf(p *person) {
	h.t.Helper()
	step, err := h.Begin(h.ctx, p.from, p.Login, p.password)
	h.must(err)
	step, err = h.GiveFactor(h.ctx, p.from, step.Token, Proof{Code: h.code(p)})
	h.must(err)
	if step.Need == NeedPassword {
		p.password += "."
		step, err = h.SetPassword(h.ctx, p.from, step.Token, p.password)
		h.must(err)
	}
	p.enter(step)
}
