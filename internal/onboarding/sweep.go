package onboarding

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/ledger"
	"dancu/internal/onboarding/catalogue"
)

// What time brings about is done here, by one node at a time: the yearly tasks
// are begun, reminders are sent, overdue tasks are told of, and incidents of
// lapsed assessments opened. Nothing of it is needed for anything to be
// refused: a call is judged by the time of its entry. Everything has a key, so
// that doing it twice does it once.

const (
	// sweepLease is how long a node keeps the sweep without renewing it.
	sweepLease = 3 * time.Minute
	sweepName  = "onboarding.sweep"
	// sweepBatch is how much one transaction settles.
	sweepBatch = 50
	// calendarEvery is how often the whole standing is looked through.
	calendarEvery = time.Hour
)

// sweeper is what a node remembers of its sweeps. It only spares work.
type sweeper struct {
	one      sync.Mutex // one sweep at a time
	holder   string
	calendar time.Time
	told     map[string]bool // keys of notices that were put
}

// Sweep does what time brings about, if no other node does. It is to be called
// every minute or so.
func (o *Onboarding) Sweep(ctx context.Context) error {
	o.sweeper.one.Lock()
	defer o.sweeper.one.Unlock()
	now := o.main.Clock().UTC()
	mine, err := o.lease(ctx, now)
	if err != nil || !mine {
		return err
	}
	err = errors.Join(o.endStops(ctx, now), o.tellOverdue(ctx, now), o.tellBreaches(ctx, now))
	if s := &o.sweeper; s.calendar.IsZero() || now.Sub(s.calendar) >= calendarEvery {
		if c := o.sweepCalendar(ctx, now); c != nil {
			return errors.Join(err, c)
		}
		s.calendar = now
	}
	return err
}

// lease takes or renews the sweep for this process.
func (o *Onboarding) lease(ctx context.Context, now time.Time) (mine bool, err error) {
	err = o.main.Write(ctx, func(tx *db.Tx) (err error) {
		mine, err = takeLease(ctx, tx, sweepName, o.sweeper.holder, now, now.Add(sweepLease))
		return err
	})
	return mine, err
}

// endStops closes maintenance whose announced time is over.
func (o *Onboarding) endStops(ctx context.Context, now time.Time) error {
	list, err := selectMatters(ctx, o.main, matterQuery{kind: string(KindMaintenance), open: true, limit: MaxPage})
	if err != nil {
		return err
	}
	for _, m := range list {
		var window access.Maintenance
		if _, err := m.read("window", &window); err != nil {
			return err
		}
		if now.Before(window.Until) {
			continue
		}
		// Prolonged meanwhile, it is refused by its version, and waits.
		if _, err := o.Act(ctx, itself, m.ID, "over", Input{Version: m.Version}); err != nil {
			return err
		}
	}
	return nil
}

// tellOverdue tells whose tasks are late of each, once.
func (o *Onboarding) tellOverdue(ctx context.Context, now time.Time) error {
	if o.cfg.Notices == nil {
		return nil
	}
	for {
		list, err := selectTasks(ctx, o.main, taskQuery{open: true, untold: true, dueBefore: db.Micros(now), limit: sweepBatch})
		if err != nil || len(list) == 0 {
			return err
		}
		err = o.main.Write(ctx, func(tx *db.Tx) error {
			for i := range list {
				first, err := markTold(ctx, tx, list[i].ID)
				if err != nil {
					return err
				}
				if !first {
					continue // done meanwhile, or told
				}
				if err := o.tellTask(ctx, tx, &list[i]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || len(list) < sweepBatch {
			return err
		}
	}
}

// tellTask puts the notices of an overdue task: to whose it is, and to the
// supervisor where an agency owes something.
func (o *Onboarding) tellTask(ctx context.Context, tx *db.Tx, t *Task) error {
	topic := "task.overdue"
	switch t.Kind {
	case TaskUseReport:
		topic = "usereport.overdue"
	case TaskSuspensionNotice:
		topic = "suspension.overdue"
	}
	n, err := o.aboutTask(ctx, tx, t)
	if err != nil {
		return err
	}
	n.Key, n.Topic, n.Duty = "overdue/"+t.ID, topic, t.Owner
	if t.Owner == Agency {
		n.Agency = t.Agency
		if t.Agency == "" {
			return nil
		}
	}
	if err := o.cfg.Notices.Put(ctx, tx, n); err != nil || t.Owner != Agency {
		return err
	}
	n.Key, n.Topic, n.Duty, n.Agency = n.Key+"/supervisor", "task.overdue", Supervisor, ""
	return o.cfg.Notices.Put(ctx, tx, n)
}

// aboutTask is a notice about a task, to be completed.
func (o *Onboarding) aboutTask(ctx context.Context, q db.Querier, t *Task) (Notice, error) {
	params := map[string]string{"matter": t.Matter, "due": isoDay(t.Due), "ends": moment(t.Due), "since": moment(t.Opened), "agency": "-", "connection": "-"}
	dir, err := o.picture(ctx, q)
	if err != nil {
		return Notice{}, err
	}
	m, err := o.matter(ctx, q, dir, t.Matter)
	if err != nil {
		return Notice{}, err
	}
	if m != nil && m.Connection != "" {
		params["connection"] = m.Connection
	}
	if a := dir.Agency(t.Agency); a != nil {
		params["agency"] = a.Code
	}
	return Notice{Params: params, Link: "/life/" + t.Matter}, nil
}

// breachWarning is how long before the end of the 72 hours whose notice is
// missing is told of it.
const breachWarning = 24 * time.Hour

func (o *Onboarding) tellBreaches(ctx context.Context, now time.Time) error {
	for _, kind := range []TaskKind{TaskBreachNotice, TaskBreachNoticeOwn} {
		list, err := selectTasks(ctx, o.main, taskQuery{kind: string(kind), open: true, dueBefore: db.Micros(now.Add(breachWarning)), limit: MaxPage})
		if err != nil {
			return err
		}
		for i := range list {
			t := &list[i]
			if now.After(t.Due) {
				continue // told as overdue
			}
			n, err := o.aboutTask(ctx, o.main, t)
			if err != nil {
				return err
			}
			n.Key, n.Topic, n.Duty = "breach.due/"+t.ID, "breach.due", t.Owner
			if t.Owner == Agency {
				n.Agency = t.Agency
			}
			if err := o.remind(ctx, n); err != nil {
				return err
			}
		}
	}
	return nil
}

// remind puts a notice that may have been put before.
func (o *Onboarding) remind(ctx context.Context, n Notice) error {
	if o.cfg.Notices == nil || o.sweeper.told[n.Key] {
		return nil
	}
	err := o.main.Write(ctx, func(tx *db.Tx) error { return o.cfg.Notices.Put(ctx, tx, n) })
	if err == nil {
		o.sweeper.told[n.Key] = true
	}
	return err
}

// sweepCalendar looks through the standing for what ends.
func (o *Onboarding) sweepCalendar(ctx context.Context, now time.Time) error {
	var dir *access.Directory
	var inspected map[string]time.Time
	err := o.main.Read(ctx, func(tx *db.Tx) (err error) {
		if dir, err = o.picture(ctx, tx); err != nil {
			return err
		}
		inspected, err = selectInspected(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	if len(o.sweeper.told) > 100_000 {
		clear(o.sweeper.told) // it only spares work
	}
	// One that fails must not keep the others from being looked at.
	failed := []error{o.signAgain(ctx, now)}
	reminded := map[string]bool{}
	for c := range dir.Connections() {
		s := dir.System(c.System)
		if s == nil || c.State == access.Ended {
			continue
		}
		cert, err := o.certificationOf(ctx, o.main, s.ID)
		if err != nil {
			return err
		}
		failed = append(failed, o.remindConnection(ctx, now, c, s, cert))
		for _, system := range []*access.System{s, dir.System(c.Via)} {
			if system != nil && !reminded[system.ID] {
				reminded[system.ID] = true
				failed = append(failed, o.remindCredentials(ctx, now, c, system))
			}
		}
		failed = append(failed, o.yearly(ctx, now, c, inspected[c.ID], cert), o.assessAgain(ctx, now, c), o.lapsed(ctx, now, c))
	}
	return errors.Join(failed...)
}

// certificationOf returns what a system is certified by, or exempt; zero if by
// nothing.
func (o *Onboarding) certificationOf(ctx context.Context, q db.Querier, system string) (c certification, err error) {
	list, err := selectMatters(ctx, q, matterQuery{kind: string(KindAssessment), system: system, state: string(Certified), limit: 1})
	if err != nil || len(list) == 0 {
		return c, err
	}
	_, err = list[0].read("certificate", &c)
	return c, err
}

// yearly begins the inspector's task of the yearly inspection (Circular
// 46/2022/TT-BCA Art. 6.4.c) when the year is nearly over: counted from the
// last inspection, or else from the assessment before connecting. A system
// that is exempt has until its exemption ends.
func (o *Onboarding) yearly(ctx context.Context, now time.Time, c *access.Connection, last time.Time, cert certification) error {
	if last.IsZero() {
		last = c.AssessedFrom
	}
	if c.State == access.Draft || last.IsZero() {
		return nil
	}
	due := last.AddDate(1, 0, 0)
	if cert.Exempt != "" && cert.Until.After(due) {
		due = cert.Until
	}
	id, needed := MatterOf(KindConnection, c.ID), o.near(now, due)
	if open, err := o.openTask(ctx, o.main, id, TaskInspectionPlan); err != nil || open == needed {
		return err
	}
	return o.log.Write(ctx, func(tx *ledger.Tx) error {
		if open, err := o.openTask(ctx, tx, id, TaskInspectionPlan); err != nil || open == needed {
			return err
		}
		if !needed {
			return finishTasks(ctx, tx.Tx, id, TaskInspectionPlan, itself.Actor.ID, tx.Now)
		}
		dir, err := o.picture(ctx, tx.Tx)
		if err != nil {
			return err
		}
		agency := ""
		if s := dir.System(c.System); s != nil {
			agency = s.Agency
		}
		return insertTask(ctx, tx.Tx, &Task{ID: newID(), Kind: TaskInspectionPlan, Matter: id, Owner: Inspector, Agency: agency, Opened: tx.Now, Due: due})
	})
}

func (o *Onboarding) openTask(ctx context.Context, q db.Querier, matter string, kind TaskKind) (bool, error) {
	open, err := selectTasks(ctx, q, taskQuery{matter: matter, kind: string(kind), open: true, limit: 1})
	return len(open) > 0, err
}

// assessAgain opens the periodic assessment of a system when its certificate is
// about to end, unless one is being made.
func (o *Onboarding) assessAgain(ctx context.Context, now time.Time, c *access.Connection) error {
	if c.State == access.Draft || c.AssessedUntil.IsZero() || !o.near(now, c.AssessedUntil) {
		return nil
	}
	if being, err := o.beingAssessed(ctx, o.main, c.System); err != nil || being {
		return err
	}
	return o.log.Write(ctx, func(tx *ledger.Tx) error {
		if being, err := o.beingAssessed(ctx, tx, c.System); err != nil || being {
			return err
		}
		dir, err := o.picture(ctx, tx.Tx)
		if err != nil {
			return err
		}
		s := dir.System(c.System)
		if s == nil {
			return nil
		}
		track := catalogue.TrackOrdinary
		if defence, err := o.defence(ctx, tx, s.Agency); err != nil {
			return err
		} else if defence {
			track = catalogue.TrackDefence
		}
		_, err = o.openIn(ctx, tx, itself, KindAssessment, About{System: s.ID}, Input{Values: mustJSON(Values{"kind": string(catalogue.Periodic), "track": track})}, nil)
		return err
	})
}

// beingAssessed reports whether an assessment of the system is open, one that
// has its certificate not counted.
func (o *Onboarding) beingAssessed(ctx context.Context, q db.Querier, system string) (bool, error) {
	list, err := selectMatters(ctx, q, matterQuery{kind: string(KindAssessment), system: system, open: true, limit: MaxPage})
	return slices.ContainsFunc(list, func(m *Matter) bool { return m.State != Certified }), err
}

// lapsed opens the incident of an active connection whose assessment has
// ended: its calls are refused already.
func (o *Onboarding) lapsed(ctx context.Context, now time.Time, c *access.Connection) error {
	if c.State != access.Active || c.AssessedUntil.IsZero() || now.Before(c.AssessedUntil) {
		return nil
	}
	from := origin{Key: "lapsed:" + moment(c.AssessedUntil)}
	if had, err := o.opened(ctx, o.main, c, from.Key, c.AssessedUntil); err != nil || had {
		return err
	}
	return o.log.Write(ctx, func(tx *ledger.Tx) error {
		dir, err := o.picture(ctx, tx.Tx)
		if err != nil {
			return err
		}
		is := dir.Connection(c.ID)
		if is == nil || is.State != access.Active || !is.AssessedUntil.Equal(c.AssessedUntil) {
			return nil // changed meanwhile
		}
		return o.incident(ctx, tx, is, incidentLapsed, c.AssessedUntil, from, fmt.Sprintf(
			"Đánh giá an toàn thông tin hết hiệu lực từ %s; các lời gọi bị từ chối. The assessment lapsed; calls are refused.", moment(c.AssessedUntil)))
	})
}

// remindClocks are the times before an end at which it is reminded of.
var remindClocks = []string{catalogue.ClockReminderFirst, catalogue.ClockReminderSecond, catalogue.ClockReminderLast}

// before is when the n-th reminder of an end is due.
func (o *Onboarding) before(end time.Time, n int) time.Time { return o.deadline(end, remindClocks[n]) }

// near reports whether an end has come, or is to be prepared for.
func (o *Onboarding) near(now, end time.Time) bool {
	return !now.Before(end) || !now.Before(o.before(end, 0))
}

// reminder tells the newest reminder of an end that is due now; 0 if none is,
// or the end has come.
func (o *Onboarding) reminder(now, end time.Time) (n, days int) {
	if end.IsZero() || !now.Before(end) {
		return 0, 0
	}
	for i := range slices.Backward(remindClocks) {
		if !now.Before(o.before(end, i)) {
			return i + 1, int(end.Sub(now).Hours()/24) + 1
		}
	}
	return 0, 0
}
