package gate

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dancu/internal/access"
	"dancu/internal/db/dbtest"
	"dancu/internal/ledger"
)

func TestLookupIsAnsweredAndRecorded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		w := start(t, env)
		w.connect("a")
		a, _ := w.expect(w.call("a", 1), access.Allowed)
		if len(a.People) != 1 {
			t.Fatalf("got %d people, want 1", len(a.People))
		}
		got := string(a.People[0].Append(nil, access.FieldsOf(access.FullName, access.Sex)))
		if want := `{"fullName":"Nguyễn Văn B","sex":"male"}`; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		rows := w.rows("call.lookup")
		if len(rows) != 1 || rows[0].index != a.Index || rows[0].code != "" || rows[0].connection != "a" {
			t.Errorf("got entries %+v, want one at %d", rows, a.Index)
		}
		if !strings.Contains(string(a.Receipt), `"result":"answered"`) {
			t.Errorf("the receipt does not tell the result: %s", a.Receipt)
		}
		// Time and form of the request, who asked, for what, about whom.
		for _, part := range []string{ledger.PartAccess, ledger.PartOfficer, ledger.PartKeys, ledger.PartSubject, ledger.PartOutcome} {
			if !strings.Contains(string(a.Receipt), `"name":"`+part+`"`) {
				t.Errorf("the entry has no part %s: %s", part, a.Receipt)
			}
		}
		// Nobody with that number reads like somebody whose name differs.
		for _, c := range []*Call{
			w.call("a", 99),
			w.call("a", 1, func(c *Call) { c.Keys.FullName, c.Keys.DateOfBirth = "Trần Thị X", "1990-01-02" }),
		} {
			a, _ := w.expect(c, access.Allowed)
			if len(a.People) != 0 {
				t.Errorf("got %d people, want none", len(a.People))
			}
		}
		if got, want := w.counted("a"), int64(3); got != want {
			t.Errorf("got %d counted calls, want %d: an empty answer counts", got, want)
		}
	})
}

func TestRefusalsAreRecorded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		w := start(t, env)
		w.connect("a")
		for code, change := range map[access.Code]func(*Call){
			access.GrantField:       func(c *Call) { c.Fields |= access.FieldsOf(access.Religion) },
			access.PurposeMissing:   func(c *Call) { c.Case = "" },
			access.PurposeMalformed: func(c *Call) { c.Case = "x" },
			access.OfficerMissing:   func(c *Call) { c.Officer.ID = "" },
		} {
			_, r := w.expect(w.call("a", 1, change), code)
			rows := w.rows("call.")
			if last := rows[len(rows)-1]; r.Index != last.index || last.code != string(code) {
				t.Errorf("%s: refusal says entry %d, the newest is %+v", code, r.Index, last)
			}
		}
		if got := w.counted("a"); got != 0 {
			t.Errorf("got %d counted calls, want 0: refusals never count", got)
		}
		before := len(w.rows(""))
		_, r := w.expect(w.call("nobody", 1), access.UnknownCredential)
		if r.Index != -1 || len(w.rows("")) != before {
			t.Errorf("an unknown credential got an entry of its own: %+v", r)
		}
		w.restart()
		rows := w.rows("calls.refused")
		if len(rows) != 1 || rows[0].code != string(access.UnknownCredential) {
			t.Errorf("got summaries %+v, want one of auth.unknown_credential", rows)
		}
	})
}

func TestARepeatIsRefusedWithTheFirstCall(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		w := start(t, env)
		w.connect("a")
		w.connect("b")
		c := w.call("a", 1)
		a, _ := w.expect(c, access.Allowed)
		_, r := w.expect(c, access.RequestReplayed)
		if r.Index != a.Index || r.First != "answered" {
			t.Errorf("got first call %d %q, want %d answered", r.Index, r.First, a.Index)
		}
		other := w.call("b", 1)
		other.Transaction = c.Transaction
		w.expect(other, access.Allowed) // ids need to differ within one system only
		if got := w.counted("a"); got != 1 {
			t.Errorf("got %d counted calls, want 1", got)
		}
		// Many at once with one id: exactly one is answered.
		c = w.call("a", 2)
		var ok, replayed atomic.Int64
		var wg sync.WaitGroup
		for range 32 {
			wg.Go(func() {
				switch _, code := w.do(c); code {
				case access.Allowed:
					ok.Add(1)
				case access.RequestReplayed:
					replayed.Add(1)
				default:
					t.Errorf("got %q", code)
				}
			})
		}
		wg.Wait()
		if ok.Load() != 1 || replayed.Load() != 31 {
			t.Errorf("got %d answers and %d repeats, want 1 and 31", ok.Load(), replayed.Load())
		}
		// A repeat of a refused call is a repeat, too, once it could pass.
		c = w.call("a", 3, func(c *Call) { c.Officer.Session = "" })
		w.expect(c, access.OfficerMissing)
		w.expect(c, access.OfficerMissing)
		c.Officer.Session = "s"
		_, r = w.expect(c, access.RequestReplayed)
		if r.First != string(access.OfficerMissing) {
			t.Errorf("got first result %q", r.First)
		}
	})
}

func TestTheCountIsExact(t *testing.T) {
	for _, limit := range []int64{1, 1000} {
		dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
			w := start(t, env)
			w.connect("a", func(c *access.Connection) { c.Limit.Calls = limit })
			w.connect("b")
			var answers, locked atomic.Int64
			var wg sync.WaitGroup
			for range 64 {
				wg.Go(func() {
					for locked.Load() < 64 {
						switch _, code := w.do(w.call("a", 1)); code {
						case access.Allowed:
							answers.Add(1)
						case access.ConnectionVolume:
							locked.Add(1)
							return
						default:
							t.Errorf("got %q", code)
							return
						}
					}
				})
			}
			wg.Wait()
			if answers.Load() != limit || w.answered("a") != limit || w.counted("a") != limit {
				t.Errorf("got %d answers, %d entries, %d counted; want %d of each", answers.Load(), w.answered("a"), w.counted("a"), limit)
			}
			if got := len(w.rows("connection.locked")); got != 1 {
				t.Errorf("got %d locks, want 1", got)
			}
			w.expect(w.call("b", 1), access.Allowed) // others go on
			w.restart()
			w.expect(w.call("a", 1), access.ConnectionVolume) // a lock outlives the process
			w.unlock("a")
			w.expect(w.call("a", 1), access.Allowed)
			if got := w.counted("a"); got != 1 {
				t.Errorf("got %d counted after unlocking, want 1: unlocking starts a new count", got)
			}
		})
	}
}

// A batch that is decided twice, because a repeat shows only when it is
// written, counts what it refuses once.
func TestABatchDecidedTwiceCountsItsRefusalsOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		const refusals = 4
		w := start(t, env, func(c *Config) { c.RefusalsPerMinute = refusals })
		w.connect("a", func(c *access.Connection) { c.Grants[0].PeoplePerCase = 1 })
		first := w.call("a", 1)
		w.expect(first, access.Allowed)
		held, release := make(chan struct{}), make(chan struct{})
		var wg sync.WaitGroup
		wg.Go(func() { w.hold(held, release) })
		<-held
		waiting := 0
		send := func(c *Call, want access.Code) {
			wg.Go(func() {
				if _, code := w.do(c); code != want {
					t.Errorf("got %q, want %q", code, want)
				}
			})
			for waiting++; w.gate.Waiting() < waiting; {
				time.Sleep(time.Millisecond)
			}
		}
		send(w.call("a", 1), access.Allowed) // the batch before
		send(first, access.RequestReplayed)
		for i := range refusals {
			send(w.call("a", 2+i), access.CaseExhausted)
		}
		close(release)
		wg.Wait()
		own := 0
		for _, r := range w.rows("call.") {
			if r.code == string(access.CaseExhausted) {
				own++
			}
		}
		if own != refusals {
			t.Errorf("%d refusals have entries of their own, want %d", own, refusals)
		}
		// What the first decision put into the books is not there twice.
		w.expect(w.call("a", 9), access.CaseExhausted)
		if got := w.counted("a"); got != 2 {
			t.Errorf("%d calls are counted, want 2", got)
		}
	})
}
