package onboarding

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/ledger"
)

// What the log shows becomes an incident: an undeclared change one for each
// connection and build or key, a lock one for each lock. The same sign again
// finds the incident it has, so that a follower may be told twice.

// maxIncidents is how many incidents that dancu opened a connection has open at
// most: a program that declares another build with every call fills no office.
// What is beyond stands in the log.
const maxIncidents = 20

// origin is what an incident that dancu opened came from.
type origin struct {
	Key   string `json:"key"`             // what it is one for, within the connection
	Entry int64  `json:"entry,omitempty"` // index in the log
	Epoch int64  `json:"epoch,omitempty"` // of a lock
}

// SeeSignals opens the incidents that the log's signals ask for, in the
// transaction in which a follower is told of them ([ledger.Follower]). It does
// nothing outside of tx, and a signal about what is not there any more is
// passed over.
func (o *Onboarding) SeeSignals(ctx context.Context, tx *ledger.Tx, signals []ledger.Signal) error {
	for i := range signals {
		s := &signals[i]
		dir, err := o.picture(ctx, tx.Tx)
		if err != nil {
			return err
		}
		c := dir.Connection(s.Connection)
		if c == nil || dir.System(c.System) == nil {
			continue
		}
		if s.Lock != "" || s.Code == "" {
			err = o.seeLock(ctx, tx, c, s)
		} else {
			err = o.seeUndeclared(ctx, tx, dir, c, s)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (o *Onboarding) seeLock(ctx context.Context, tx *ledger.Tx, c *access.Connection, s *ledger.Signal) error {
	return o.incident(ctx, tx, c, incidentLock, s.Time, origin{Key: fmt.Sprintf("lock:%d", s.Index), Entry: s.Index, Epoch: c.Lock.Epoch},
		fmt.Sprintf("Kết nối bị tự động khoá (%s) lúc %s; mục nhật ký %d. The connection was locked.", s.Lock, moment(s.Time), s.Index))
}

func (o *Onboarding) seeUndeclared(ctx context.Context, tx *ledger.Tx, dir *access.Directory, c *access.Connection, s *ledger.Signal) error {
	owner := dir.System(c.System)
	caller := owner
	if via := dir.System(c.Via); via != nil {
		caller = via
	}
	pairs := s.Undeclared
	if len(pairs) == 0 {
		pairs = []ledger.Undeclared{{}}
	}
	for _, u := range pairs {
		for _, key := range undeclaredKeys(owner, caller, u) {
			err := o.incident(ctx, tx, c, incidentUndeclared, s.Time, origin{Key: key, Entry: s.Index},
				fmt.Sprintf("Lời gọi với phiên bản phần mềm hoặc khoá chưa khai báo: %s; mục nhật ký %d. A call with an undeclared build or key.", key, s.Index))
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// undeclaredKeys tells which of the two was not declared, by the standing as it
// is now; what was declared meanwhile is none.
func undeclaredKeys(owner, caller *access.System, u ledger.Undeclared) (keys []string) {
	if len(owner.Builds) > 0 && !slices.Contains(owner.Builds, u.Build) {
		keys = append(keys, "build:"+plainBuild(u.Build))
	}
	if len(caller.Keys) > 0 && u.Credential != "" {
		i := slices.IndexFunc(caller.Credentials, func(c access.Credential) bool { return strings.EqualFold(c.SHA256, u.Credential) })
		if i < 0 || !slices.Contains(caller.Keys, caller.Credentials[i].Key) {
			keys = append(keys, "certificate:"+strings.ToLower(u.Credential))
		}
	}
	return keys
}

// plainBuild is what a program declared, as it may stand in a text: it can be
// anything.
func plainBuild(s string) string {
	if len(s) > 100 {
		return hash([]byte(s))
	}
	return strconv.QuoteToASCII(s)
}

// incident opens one unless there is one for the same already: an open one, or
// one that was resolved after what is told now.
func (o *Onboarding) incident(ctx context.Context, tx *ledger.Tx, c *access.Connection, kind string, at time.Time, from origin, what string) error {
	had, err := o.opened(ctx, tx, c, from.Key, at)
	if err != nil || had {
		return err
	}
	_, err = o.openIn(ctx, tx, itself, KindIncident, About{Connection: c.ID}, Input{Values: mustJSON(Values{
		"kind": kind, "at": moment(minTime(at, tx.Now)), "what": what,
	})}, func(m *Matter) { m.put("origin", from) })
	return err
}

func minTime(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// opened reports whether the connection needs no further incident for the key.
func (o *Onboarding) opened(ctx context.Context, q db.Querier, c *access.Connection, key string, at time.Time) (bool, error) {
	list, err := selectIncidents(ctx, q, c.System, c.ID)
	if err != nil {
		return false, err
	}
	open := 0
	for _, m := range list {
		var from origin
		if _, err := m.read("origin", &from); err != nil {
			return false, err
		}
		if from.Key == "" {
			continue // people's
		}
		if m.Closed.IsZero() {
			open++
		}
		if from.Key == key && (m.Closed.IsZero() || !m.Closed.Before(at)) {
			return true, nil
		}
	}
	return open >= maxIncidents, nil
}
