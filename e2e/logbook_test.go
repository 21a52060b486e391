package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"dancu/internal/db/dbtest"
	"dancu/internal/identity"
)

// Of an officer's whole day the log holds, exactly once each, what the letters
// ask for: the login with address and browser, each query with its time,
// content, address and session, the refused one too, and the logout, or the
// time-out with its true reason and time where no logout ever came.
func TestTheLogIsTheWholeDay(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		t.Parallel()
		h := openHouse(t, env)
		officer := h.account("canbo.songxanh")
		admin := h.visit("administrator").signIn(h.account("quantri.songxanh"))
		const office, counter, home = "Mozilla/5.0 (Windows NT 10.0) Chrome/109.0", "Mozilla/5.0 (X11; Linux) Firefox/140.0", "Mozilla/5.0 (Macintosh) Safari/605"
		from := h.next()

		// A day: sign in, two look-ups, one refused, sign out.
		v := h.visit(office).signIn(officer)
		v.must(v.looks(h.one(0)), "One person found")
		v.must(v.looks(h.one(1)), "One person found")
		admin.manage(officer.Login, "rights", "rights", "mot-cua verify")
		v.must(v.looks(h.one(2)), "Officer not allowed")
		v.must(v.post("/sign-out"), "You are signed out")
		v.post("/sign-out") // the tab that was still open
		v.get("/look-up")

		// Left idle, and nobody comes back: the sweep closes it.
		left := h.visit(counter).signIn(officer)
		leftUntil := h.now().Add(15 * time.Minute)
		h.pass(20 * time.Minute)
		h.until(from, 2, identity.EventSessionTimedOut) // the administrator's, too

		// Left idle, and somebody comes back late: whoever is first closes it,
		// and there is one entry all the same.
		late := h.visit(home).signIn(officer)
		lateUntil := h.now().Add(15 * time.Minute)
		h.pass(16 * time.Minute)
		late.must(late.looks(h.one(3)), "Your session timed out")
		late.must(late.get("/look-up"), "Sign in")
		left.get("/account")

		h.until(from, 3, identity.EventSessionTimedOut)
		var all []entry
		for _, e := range h.entries(from, "session.", "call.", "signin") {
			if e.Officer.ID == officer.Code {
				all = append(all, e)
			}
		}
		if len(all) != 9 {
			var b strings.Builder
			for _, e := range all {
				fmt.Fprintf(&b, "%d %s %s\n", e.Index, e.Kind, e.Code)
			}
			t.Fatalf("the day has %d entries, want 9:\n%s", len(all), b.String())
		}
		// What every one of them says, and what each.
		session := map[string]string{}
		for i, want := range []struct{ kind, browser string }{
			{identity.EventSessionOpened, office},
			{"call.lookup", office},
			{"call.lookup", office},
			{"call.lookup", office},
			{identity.EventSessionClosed, office},
			{identity.EventSessionOpened, counter},
			{identity.EventSessionTimedOut, counter},
			{identity.EventSessionOpened, home},
			{identity.EventSessionTimedOut, home},
		} {
			e := all[i]
			if e.Kind != want.kind {
				t.Errorf("entry %d of the day is %s, want %s", i, e.Kind, want.kind)
				continue
			}
			if want.kind == identity.EventSessionOpened {
				if session[want.browser] = e.Officer.Session; e.Officer.Session == "" {
					t.Errorf("%s: the login names no session", want.browser)
				}
			}
			if e.Officer.Session != session[want.browser] || e.Officer.Address != "127.0.0.1" && e.Officer.Address != "::1" || !e.Officer.Verified {
				t.Errorf("%s of %s is by %+v, want the session %s", e.Kind, want.browser, e.Officer, session[want.browser])
			}
			if !strings.HasPrefix(e.Kind, "call.") && e.Event.Agent != want.browser {
				t.Errorf("%s: the browser is %q, want %q", e.Kind, e.Event.Agent, want.browser)
			}
		}
		if len(session) != 3 || session[office] == session[counter] {
			t.Errorf("the sessions are %v", session)
		}
		for i, who := range []int{0, 1, 2} {
			c := all[1+i].Call
			p := h.one(who)
			if c.Number != p.PIN || c.Case != h.caseCode() || c.Procedure != h.Info.Systems[0].Procedures[0] || c.Agency != "H98" || c.Channel != "portal" ||
				strings.Join(c.Asked, " ") != "fullName dateOfBirth" && strings.Join(c.Asked, " ") != "dateOfBirth fullName" {
				t.Errorf("look-up %d is in the log as %+v", i, c)
			}
			if got, want := all[1+i].Code, map[int]string{2: "officer.not_allowed"}[i]; got != want {
				t.Errorf("look-up %d: code %q, want %q", i, got, want)
			}
			if got, want := c.Result, []string{"answered", "answered", "refused"}[i]; got != want {
				t.Errorf("look-up %d: %s, want %s", i, got, want)
			}
		}
		if got := all[4].Event.Why; got != "logout" {
			t.Errorf("the logout's reason is %q", got)
		}
		for i, until := range map[int]time.Time{6: leftUntil, 8: lateUntil} {
			e := all[i]
			ended, err := time.Parse(time.RFC3339, e.Event.Ended)
			if err != nil || e.Event.Why != "idle" || ended.After(until.Add(time.Minute)) || ended.Before(until.Add(-time.Minute)) {
				t.Errorf("time-out %d: %+v, want idle at %s", i, e.Event, until)
			}
			if e.Time.Before(ended) {
				t.Errorf("the entry of the time-out is older than the time-out")
			}
		}
		h.VerifyLog()
	})
}
