package onboarding

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
	"dancu/internal/ledger"
)

// nodes are offices on one set of databases: two nodes on PostgreSQL. SQLite
// has one.
func (d *desk) nodes() []*office {
	first := d.office
	if d.env.Engine != db.Postgres {
		return []*office{first, first}
	}
	d.open(d.t)
	second := d.office
	d.office = first
	return []*office{first, second}
}

// arrives is somebody who tells when they are asked, which is under the lock,
// whether they are still there, and then waits a while.
func arrives(p Person) (Person, <-chan struct{}) {
	here := make(chan struct{})
	var once sync.Once
	p.Still = func(context.Context, db.Querier, time.Time, bool) error {
		once.Do(func() { close(here) })
		time.Sleep(5 * time.Millisecond) // the other one now waits for the lock
		return nil
	}
	return p, here
}

func ofTwoBy(o *office, first, second Person, id, act string, in Input) error {
	return o.log.Write(o.ctx, func(tx *ledger.Tx) error {
		_, err := o.ActOfTwo(o.ctx, tx, first, second, MatterOf(KindConnection, id), act, in)
		return err
	})
}

// A suspension races an activation. Whichever comes first, the suspension
// holds and is an entry; the activation is one, too, or is told that it came
// too late.
func TestASuspensionRacesAnActivation(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		d := newDesk(t, env)
		nodes := d.nodes()
		suspension := Input{Values: mustJSON(Values{"violation": "dùng sai mục đích", "remedy": "báo cáo việc sử dụng"})}
		for round := range 12 {
			d.change(func(c *access.Connection) { c.State, c.SuspendedBy, c.Violation, c.Remedy = access.Draft, "", "", "" })
			before := len(d.entries())
			first, firstIn := arrives(d.operator)
			supervisor, supervisorIn := arrives(d.supervisor)
			var activated, stopped error
			var wg sync.WaitGroup
			activate := func() { activated = ofTwoBy(nodes[0], first, d.supervisor, "a.con", "activate", whyActivate) }
			suspend := func() { _, stopped = nodes[1].Act(d.ctx, supervisor, "connection.a.con", "suspend", suspension) }
			if activationFirst := round%2 == 0; activationFirst {
				wg.Go(activate)
				<-firstIn
				wg.Go(suspend)
			} else {
				wg.Go(suspend)
				<-supervisorIn
				wg.Go(activate)
			}
			wg.Wait()
			if stopped != nil {
				t.Fatalf("the suspension was lost: %v", stopped)
			}
			c := d.connection("a.con")
			if c.State != access.Suspended || c.Violation == "" {
				t.Fatalf("round %d: it is %s", round, c.State)
			}
			var kinds []string
			for _, e := range d.entries()[before:] {
				kinds = append(kinds, e.kind)
			}
			if round%2 == 0 {
				if activated != nil || !slices.Equal(kinds, []string{EventConnectionActivated, EventConnectionSuspended}) {
					t.Fatalf("the activation came first (%v): %v", activated, kinds)
				}
			} else {
				d.refused(activated, fault.Conflict, "suspended")
				if !slices.Equal(kinds, []string{EventConnectionSuspended}) {
					t.Fatalf("the suspension came first: %v", kinds)
				}
			}
		}
	})
}

// Two operators decide on what they both saw: one does, the other is told that
// somebody was faster, and nothing of theirs is written.
func TestTwoDecideOnWhatTheySaw(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		d := newDesk(t, env)
		nodes := d.nodes()
		d.do(d.supervisor, "connection.a.con", "suspend", Input{Values: mustJSON(Values{"violation": "dùng sai mục đích", "remedy": "báo cáo"})})
		see, err := d.See(d.ctx, d.supervisor, "connection.a.con")
		d.must(err)
		before := len(d.entries())
		in := Input{Version: see.Matter.Version, Values: mustJSON(Values{"at": "2027-03-01T10:00", "how": "Công văn 15"})}
		errs := make([]error, 8)
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() {
				_, errs[i] = nodes[i%2].Act(d.ctx, d.someone(Supervisor, fmt.Sprint("su", i), ""), "connection.a.con", "notified", in)
			})
		}
		wg.Wait()
		done := 0
		for _, err := range errs {
			if err == nil {
				done++
				continue
			}
			d.refused(err, fault.Conflict, "somebody else has just changed this")
		}
		if n := len(d.entries()) - before; done != 1 || n != 1 {
			t.Errorf("%d did it with %d entries, want one", done, n)
		}
	})
}

// Many act on one connection at once. Every act that was not refused is there,
// one after the other, each with its entry, and each began where the one
// before had led.
func TestManyActOnOneConnection(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		d := newDesk(t, env)
		nodes := d.nodes()
		suspension := Input{Values: mustJSON(Values{"violation": "dùng sai mục đích", "remedy": "báo cáo"})}
		why := Input{Reason: "a reason long enough"}
		tries := []func(o *office) error{
			func(o *office) error {
				_, err := o.Act(o.ctx, d.supervisor, "connection.a.con", "suspend", suspension)
				return err
			},
			func(o *office) error { return ofTwoBy(o, d.supervisor, d.operator, "a.con", "resume", why) },
			func(o *office) error {
				_, err := o.Act(o.ctx, d.agency, "connection.a.con", "pause", why)
				return err
			},
			func(o *office) error {
				_, err := o.Act(o.ctx, d.agency, "connection.a.con", "ask-end", why)
				return err
			},
		}
		const goroutines, each = 8, 12
		var mu sync.Mutex
		done := 0
		var wg sync.WaitGroup
		for g := range goroutines {
			wg.Go(func() {
				for i := range each {
					switch err := tries[(g+i)%len(tries)](nodes[g%2]); {
					case err == nil:
						mu.Lock()
						done++
						mu.Unlock()
					case !fault.Is(err, fault.Conflict):
						t.Errorf("refused, but not for its state: %v", err)
					}
				}
			})
		}
		wg.Wait()
		acts, err := selectDone(d.ctx, d.main, "connection.a.con", 1000)
		d.must(err)
		slices.Reverse(acts)
		if len(acts) != done || done < goroutines {
			t.Fatalf("%d acts were done and %d are there", done, len(acts))
		}
		at, state := int64(-1), active
		for i, a := range acts {
			if a.Version != int64(i)+1 || a.Entry <= at {
				t.Fatalf("act %d is of version %d at entry %d, after entry %d", i, a.Version, a.Entry, at)
			}
			row := rowsOf(KindConnection, a.Act)[0]
			if !slices.Contains(row.From, state) || row.To != "" && a.State != row.To {
				t.Fatalf("%s was done to a connection that was %s, and led to %s", a.Act, state, a.State)
			}
			at, state = a.Entry, a.State
		}
		if got := d.connection("a.con").State; State(got) != state {
			t.Errorf("it is %s, the last act led to %s", got, state)
		}
		// Both nodes see the same.
		for _, o := range nodes {
			dir, err := o.picture(d.ctx, o.main)
			d.must(err)
			if dir.Connection("a.con").State != access.State(state) {
				t.Error("a node sees another state")
			}
		}
	})
}
