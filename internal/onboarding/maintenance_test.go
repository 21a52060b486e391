package onboarding

import (
	"maps"
	"testing"
	"time"

	"dancu/internal/access"
	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
)

func (d *desk) stopOf(from, until time.Duration, change Values) Values {
	v := Values{"from": d.at(from), "until": d.at(until), "services": []string{"lookup"}, "textVI": "Nâng cấp máy chủ", "textEN": "Servers are upgraded"}
	maps.Copy(v, change)
	return v
}

func (d *desk) stop(by Person, v Values) (*Matter, error) {
	return d.Open(d.ctx, by, KindMaintenance, About{}, Input{Values: mustJSON(v)})
}

// reopens is when calls of a service are answered again, as the gate asks.
func (d *desk) reopens(s access.Service) time.Time {
	d.t.Helper()
	dir, err := d.Load(d.ctx, d.main, nil)
	d.must(err)
	running, announced := dir.Maintenance(d.now())
	return access.Reopens(append(running, announced...), s, d.now())
}

const hour = time.Hour

// Planned maintenance is announced seven working days before, everybody is
// told, and calls in it are refused by the clock alone.
func TestMaintenanceIsAnnouncedAhead(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		d := newDesk(t, env)
		day := 24 * hour
		// Monday: the seventh working day before is Wednesday of the week after
		// next at the earliest, as none of the days is a holiday.
		_, err := d.stop(d.supervisor, d.stopOf(9*day, 9*day+hour, nil))
		d.refused(err, fault.Invalid, "from", "had to be announced before")
		for name, v := range map[string]Values{
			"ends before": d.stopOf(20*day, 19*day, nil),
			"over":        d.stopOf(-2*hour, -hour, nil),
			"too long":    d.stopOf(20*day, 51*day, nil),
			"past":        d.stopOf(-hour, hour, nil),
			"no reason":   d.stopOf(hour, 2*hour, Values{"force": true}),
			"no text":     d.stopOf(20*day, 21*day, Values{"textVI": nil}),
			"no service":  d.stopOf(20*day, 21*day, Values{"services": []string{"spy"}}),
		} {
			_, err := d.stop(d.supervisor, v)
			t.Log(name)
			d.refused(err, fault.Invalid)
		}
		_, err = d.stop(d.operator, d.stopOf(20*day, 21*day, nil))
		d.refused(err, fault.Forbidden)

		m, err := d.stop(d.supervisor, d.stopOf(10*day, 10*day+2*hour, nil))
		d.must(err)
		if n := d.told.of("maintenance.announced"); len(n) != 1 || n[0].Agency != "a" || n[0].Params["starts"] == "" || n[0].Params["ends"] == "" {
			t.Errorf("told: %+v", n)
		}
		_, list, err := d.Maintenance(d.ctx)
		d.must(err)
		if len(list) != 1 || list[0].Running || list[0].Force || list[0].Text.EN != "Servers are upgraded" || len(list[0].Services) != 1 {
			t.Errorf("announced: %+v", list)
		}
		d.bars(d.supervisor, m, "over", nil, fault.Conflict, "cancel it instead")
		d.bars(d.supervisor, m, "move", Values{"until": d.at(9 * day)}, fault.Invalid, "until")
		d.bars(d.supervisor, m, "move", Values{"until": d.at(80 * day)}, fault.Invalid, "at most 30 days")
		if !d.reopens(access.Lookup).IsZero() {
			t.Error("it stops before it begins")
		}
		d.later(10*day + time.Minute)
		if d.reopens(access.Lookup).IsZero() || !d.reopens(access.Verify).IsZero() {
			t.Error("it does not stop what was announced, or more")
		}
		d.bars(d.supervisor, m, "cancel", nil, fault.Conflict, "it has begun")
		d.acts(d.supervisor, m, "move", Values{"until": d.at(3 * hour)}, Announced)
		if got := d.reopens(access.Lookup).Sub(d.now()); got < 2*hour+50*time.Minute {
			t.Errorf("prolonged, it ends in %v", got)
		}
		_, list, err = d.Maintenance(d.ctx)
		d.must(err)
		if len(list) != 1 || !list[0].Running {
			t.Errorf("running: %+v", list)
		}
		d.acts(d.supervisor, m, "over", nil, Over)
		if !d.reopens(access.Lookup).IsZero() {
			t.Error("it stops after it is over")
		}
		d.owes(m.ID)

		m, err = d.stop(d.supervisor, d.stopOf(20*day, 21*day, Values{"services": nil}))
		d.must(err)
		d.acts(d.supervisor, m, "cancel", nil, Cancelled)
		d.later(20*day + hour)
		if !d.reopens(access.Lookup).IsZero() {
			t.Error("it stops though it was cancelled")
		}
		if n := d.told.of("maintenance.cancelled"); len(n) != 1 {
			t.Errorf("told: %+v", n)
		}
		kinds := []string{}
		for _, e := range d.entries() {
			if len(e.kind) > 12 && e.kind[:12] == "maintenance." {
				kinds = append(kinds, e.kind[12:])
			}
		}
		if len(kinds) != 5 || kinds[1] != "moved" || kinds[2] != "over" || kinds[4] != "cancelled" {
			t.Errorf("entries: %v", kinds)
		}
	})
}

// Force majeure needs no time of notice, and a reason.
func TestForceMajeure(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		d := newDesk(t, env)
		m, err := d.stop(d.supervisor, d.stopOf(-hour, 2*hour, Values{"force": true, "why": "Mất điện trung tâm dữ liệu", "services": nil}))
		d.must(err)
		for _, s := range []access.Service{access.Lookup, access.Verify, access.NoService} {
			if d.reopens(s).IsZero() {
				t.Errorf("%s is given", s)
			}
		}
		_, list, err := d.Maintenance(d.ctx)
		d.must(err)
		if len(list) != 1 || !list[0].Force || !list[0].Running {
			t.Errorf("running: %+v", list)
		}
		// Nobody has to end it: the clock does, and the sweep tidies up.
		d.later(2*hour + time.Second)
		if !d.reopens(access.Lookup).IsZero() {
			t.Error("it goes on after its end")
		}
		d.must(d.Sweep(d.ctx))
		if got := d.matterNow(m.ID); got.State != Over || got.Closed.IsZero() {
			t.Errorf("it is %s", got.State)
		}
		if _, list, err = d.Maintenance(d.ctx); err != nil || len(list) != 0 {
			t.Errorf("listed: %+v, %v", list, err)
		}
	})
}
