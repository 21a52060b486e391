package gate

import (
	"context"
	"slices"
	"testing"
	"time"

	"dancu/internal/access"
	"dancu/internal/db/dbtest"
)

// announce announces a window of some services, or of all.
func (w *world) announce(id string, from, until time.Time, services ...access.Service) {
	w.t.Helper()
	w.put(access.ChangeMaintenance, id, access.Maintenance{
		ID: id, From: from, Until: until, Services: services, Text: access.Text{VI: "Bảo trì", EN: "Maintenance"},
	})
}

func isMaintenance(r *Refusal) bool {
	return r.Index == -1 && slices.ContainsFunc(r.Reasons, func(x access.Reason) bool {
		return x.Code == access.ServiceBusy && slices.Contains(x.Names, access.NameMaintenance)
	})
}

// TestMaintenanceRefusesUntilItsEnd: the services of a window are refused
// until its end, which Retry-After tells; nothing of that is counted or has an
// entry of its own, and no job ends it.
func TestMaintenanceRefusesUntilItsEnd(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		w := start(t, env)
		w.connect("a")
		now := w.main.Clock()
		end := now.Add(time.Hour)
		w.announce("m1", now.Add(-time.Minute), end, access.Lookup)
		_, r := w.expect(w.call("a", 1), access.ServiceBusy)
		if !isMaintenance(r) || r.RetryAfter > time.Hour || r.RetryAfter < 59*time.Minute {
			t.Errorf("refused with %+v", r)
		}
		verify := func(c *Call) {
			c.Service, c.Fields = access.Verify, 0
			c.Claims = map[access.Field]string{access.FullName: "Nguyễn Văn B", access.DateOfBirth: "1990-01-02"}
		}
		w.expect(w.call("a", 1, verify), access.Allowed) // the others are given
		// A reason of the caller's own comes first and has its entry.
		_, r = w.expect(w.call("a", 1, func(c *Call) { c.Officer.Session = "" }), access.OfficerMissing)
		if r.Index < 0 || r.RetryAfter != 0 {
			t.Errorf("refused with %+v", r)
		}
		// However often it is tried, it is in a summary alone.
		for range 150 {
			w.expect(w.call("a", 1), access.ServiceBusy)
		}
		if got := w.answered("a"); got != 1 || w.counted("a") != 1 {
			t.Errorf("%d answers, %d counted", got, w.counted("a"))
		}
		// A longer one of all services, which begins in it, lengthens the wait
		// up to the most that is asked of anybody.
		w.announce("m2", end.Add(-time.Minute), end.Add(72*time.Hour))
		if _, r = w.expect(w.call("a", 1), access.ServiceBusy); r.RetryAfter != MaxRetryAfter {
			t.Errorf("wait %v", r.RetryAfter)
		}
		w.expect(w.call("a", 1, verify), access.Allowed)

		me, err := w.gate.Me(context.Background(), thumb("a"), "")
		if err != nil || len(me.Running) != 1 || me.Running[0].ID != "m1" || len(me.Announced) != 1 || me.Announced[0].ID != "m2" || me.Decided != access.Allowed {
			t.Errorf("me: %+v, %v", me, err)
		}
		w.restart()
		if got := w.summed()[string(access.ServiceBusy)]; got != 152 {
			t.Errorf("the summaries count %d calls, want 152", got)
		}
		for _, r := range w.rows("call.") {
			if r.code == string(access.ServiceBusy) {
				t.Errorf("entry %d is one of maintenance", r.index)
			}
		}
		// Called off: calls are answered again.
		w.put(access.ChangeMaintenance, "m1", nil)
		w.expect(w.call("a", 1), access.Allowed)
		// All services: every call, and recording a consent, too.
		w.announce("m2", now.Add(-time.Minute), end)
		w.expect(w.call("a", 1, verify), access.ServiceBusy)
		if me, err = w.gate.Me(context.Background(), thumb("a"), ""); err != nil || me.Decided != access.ServiceBusy {
			t.Errorf("me: %+v, %v", me, err)
		}
	})
}

// TestMaintenanceBindsAtTheCommit holds the lock while a window begins: the
// call that waited is refused, by the time it would have had.
func TestMaintenanceBindsAtTheCommit(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		w := start(t, env)
		w.connect("a")
		begin := w.main.Clock().Add(400 * time.Millisecond)
		w.announce("m", begin, begin.Add(time.Hour))
		w.expect(w.call("a", 1), access.Allowed)
		held, release := make(chan struct{}), make(chan struct{})
		go w.hold(held, release)
		<-held
		type result struct {
			a *Answer
			r *Refusal
		}
		done := make(chan result)
		for range 2 {
			go func() {
				a, r := w.try(w.call("a", 1))
				done <- result{a, r}
			}()
		}
		for w.main.Clock().Before(begin.Add(20*time.Millisecond)) || w.gate.Waiting() == 0 {
			time.Sleep(5 * time.Millisecond)
		}
		close(release)
		for range 2 {
			got := <-done
			if got.a != nil || got.r.Code != access.ServiceBusy || !isMaintenance(got.r) || got.r.RetryAfter > time.Hour || got.r.RetryAfter < 50*time.Minute {
				t.Errorf("got %+v, %+v", got.a, got.r)
			}
		}
		for _, r := range w.rows("call.") {
			if r.time >= begin.UnixMicro() {
				t.Errorf("an entry stands at %d, after the window's beginning", r.index)
			}
		}
		if w.counted("a") != 1 {
			t.Errorf("%d calls are counted", w.counted("a"))
		}
		w.restart()
		if got := w.summed()[string(access.ServiceBusy)]; got != 2 {
			t.Errorf("the summaries count %d calls, want 2", got)
		}
	})
}
