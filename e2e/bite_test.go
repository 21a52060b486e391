package e2e

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dancu/internal/db/dbtest"
	"dancu/internal/identity"
)

// What an administrator decides about an officer who is signed in binds at
// once: the next request and the next look-up fail, and after the entry of the
// change the log has no answer to that officer.
func TestWhatIsDecidedBindsAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		t.Parallel()
		h := openHouse(t, env)
		officer, who := h.account("canbo.songxanh"), h.one(0)
		admin := h.visit("administrator").signIn(h.account("quantri.songxanh"))
		for _, c := range []struct {
			name, kind string
			act        func()
			// page and desk are what the officer is told on opening a page, and on
			// sending a form that was open.
			page, desk string
			after      func() // makes the account usable again
		}{
			{
				"a right taken away", identity.EventRightsChanged,
				func() { admin.manage(officer.Login, "rights", "rights", "mot-cua verify") },
				"", "Officer not allowed",
				func() {
					admin.manage(officer.Login, "rights", "rights", "mot-cua lookup", "rights", "mot-cua verify")
				},
			},
			{
				"all rights taken away", identity.EventRightsChanged,
				func() { admin.manage(officer.Login, "rights") },
				"No rights yet", "Officer not allowed",
				func() {
					admin.manage(officer.Login, "rights", "rights", "mot-cua lookup", "rights", "mot-cua verify")
				},
			},
			{
				"the sessions ended", identity.EventSessionEnded,
				func() { admin.manage(officer.Login, "sessions", "reason", "máy để mở ở quầy") },
				"Your session has ended", "Your session has ended", nil,
			},
			{
				"the account disabled", identity.EventAccountDisabled,
				func() { admin.manage(officer.Login, "disable", "reason", "chuyển công tác từ hôm nay") },
				"Your session has ended", "Your session has ended", nil,
			},
		} {
			for _, first := range []string{"page", "look-up"} {
				name := c.name + ", then a " + first
				if officer.Password == "" {
					break // disabled by now
				}
				v := h.visit("officer").signIn(officer)
				v.must(v.looks(who), "One person found")
				from := h.next()
				c.act()
				if first == "page" && c.page != "" {
					v.must(v.get("/look-up"), c.page)
				}
				for n := range 3 {
					s, said := v.looks(who), c.desk
					if c.kind != identity.EventRightsChanged && (n > 0 || first == "page") {
						said = "First time here" // the browser was told why, and then forgets the session
					}
					if !strings.Contains(s.body, said) || strings.Contains(s.body, who.FullName+"<") || strings.Contains(s.body, "One person found") {
						t.Errorf("%s: the look-up's page (status %d) is %s", name, s.status, tags.ReplaceAllString(s.body, " "))
					}
				}
				changes := h.entries(from, c.kind)
				if len(changes) != 1 {
					t.Fatalf("%s: %d entries of %s, want 1", name, len(changes), c.kind)
				}
				for _, e := range h.entries(changes[0].Index, "call.") {
					if e.answered() {
						t.Errorf("%s: entry %d answers a call after entry %d", name, e.Index, changes[0].Index)
					}
				}
				refused := h.entries(changes[0].Index, "call.")
				if want := map[bool]int{true: 3, false: 0}[c.kind == identity.EventRightsChanged]; len(refused) != want {
					t.Errorf("%s: %d refusals are in the log, want %d", name, len(refused), want)
				}
				if c.after != nil {
					c.after()
					v.must(v.looks(who), "One person found") // in the same session
					v.post("/sign-out")
				}
				if c.kind == identity.EventAccountDisabled {
					officer.Password = ""
				}
			}
		}
	})
}

// While look-ups run from many windows at once, the account is disabled: what
// the log has after that entry holds no answer to the officer, whatever was
// under way; and each page that showed a person has its entry before it.
func TestDisablingWhileLookUpsRun(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		t.Parallel()
		h := openHouse(t, env)
		officer := h.account("canbo.songxanh")
		admin := h.visit("administrator").signIn(h.account("quantri.songxanh"))
		const windows = 6
		var vs []*visitor
		for range windows {
			// A session's pace is bounded; several of one officer are not one pace.
			vs = append(vs, h.visit("officer").signIn(officer))
		}
		id := h.id(officer.Login)
		from := h.next()
		var answers, ended atomic.Int64
		ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
		defer cancel()
		const enough = 10
		begun := make(chan struct{})
		var wg sync.WaitGroup
		for i := range windows * 2 {
			wg.Go(func() {
				v, who := vs[i%windows], h.one(i)
				for ctx.Err() == nil {
					s, err := v.try(http.MethodPost, "/look-up", h.lookUp(who)...)
					switch {
					case err != nil:
						t.Errorf("window %d: %v", i, err)
						return
					case strings.Contains(s.body, "One person found"):
						if answers.Add(1) == enough {
							close(begun)
						}
					case strings.Contains(s.body, "Your session has ended"):
						ended.Add(1)
						return
					case s.status == http.StatusTooManyRequests:
						time.Sleep(100 * time.Millisecond)
					case strings.HasPrefix(s.at, "/sign-in"): // another window of the session was told why
						ended.Add(1)
						return
					default:
						t.Errorf("window %d: status %d at %s: %s", i, s.status, s.at, tags.ReplaceAllString(s.body, " "))
						return
					}
				}
			})
		}
		select {
		case <-begun:
		case <-ctx.Done():
			t.Fatalf("only %d look-ups were answered", answers.Load())
		}
		s := admin.post("/agency/officers/"+id+"/disable", "reason", "có dấu hiệu dùng sai mục đích")
		wg.Wait()
		admin.must(s, "Done", "Disabled")
		if ctx.Err() != nil || ended.Load() != windows*2 {
			t.Fatalf("only %d of %d windows were told that the session had ended", ended.Load(), windows*2)
		}
		disabled := h.entries(from, identity.EventAccountDisabled)
		if len(disabled) != 1 {
			t.Fatalf("%d entries of the disabling, want 1", len(disabled))
		}
		before, after := int64(0), 0
		for _, e := range h.entries(from, "call.") {
			// After it there may be refusals of what was under way: of a session that
			// is no more, whose officer therefore is not verified.
			if e.Officer.ID != officer.Code || e.Call.Channel != "portal" || e.Officer.Verified != (e.Index < disabled[0].Index) {
				t.Errorf("entry %d is of %+v, channel %s", e.Index, e.Officer, e.Call.Channel)
			}
			switch {
			case !e.answered():
			case e.Index > disabled[0].Index:
				after++
			default:
				before++
			}
		}
		if after > 0 {
			t.Errorf("%d calls are answered after the entry of the disabling", after)
		}
		if got := answers.Load(); got != before {
			t.Errorf("%d pages showed a person, %d answers are in the log", got, before)
		}
		if n := len(h.entries(disabled[0].Index, identity.EventSessionOpened)); n != 0 {
			t.Errorf("%d sessions were opened after it", n)
		}
		if out := h.visit("officer").post("/sign-in", "login", officer.Login, "password", officer.Password); strings.HasPrefix(out.at, "/sign-in/") {
			t.Errorf("the disabled officer comes as far as %s", out.at)
		}
		h.VerifyLog()
		t.Logf("%d answers, then the disabling at entry %d", before, disabled[0].Index)
	})
}
