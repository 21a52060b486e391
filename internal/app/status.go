package app

import (
	"context"
	"encoding/base64"
	"iter"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"dancu/internal/access"
	"dancu/internal/console"
	"dancu/internal/gate"
	"dancu/internal/ledger"
)

// recentEntries is how many entries the status page lists.
const recentEntries = 20

// What is counted over much data is counted at most this often, however often
// the page is asked for.
const (
	totalsEvery = 5 * time.Second
	peopleEvery = time.Minute
)

// statisticsLag is how many entries today's counts may be behind the log
// without being called unknown.
const statisticsLag = 50_000

// status is the source of the status page.
type status struct {
	*App

	// One reader at a time asks (the console sees to it), but the count of
	// people comes when it comes.
	totals   []ledger.Total
	covered  int64
	totalsAt time.Time

	people   atomic.Int64 // -1: not counted yet
	counting atomic.Bool
	peopleAt atomic.Int64 // Unix time in nanoseconds
}

// newStatus returns the source of the status page.
func newStatus(a *App) *status {
	s := &status{App: a}
	s.people.Store(-1)
	return s
}

// Status is the picture that the status page shows.
func (a *status) Status(ctx context.Context) (console.Status, error) {
	now := a.Main.Clock()
	s := console.Status{At: now, Ready: a.Ready() == nil, People: a.countPeople(ctx)}
	dir := a.Gate.Directory()
	for _, m := range dir.StandingOf("").Maintenance {
		if m.Until.After(now) {
			s.Maintenance = append(s.Maintenance, m)
		}
	}
	used, err := a.Gate.UsedOf(ctx, slices.Collect(dir.Connections())...)
	if err != nil {
		return s, err
	}
	stops := newStops(dir, now)
	for c := range dir.Connections() {
		s.Connections = append(s.Connections, connectionStatus(stops, c, used[c.ID]))
	}
	if time.Since(a.totalsAt) >= totalsEvery {
		var err error
		if a.totals, a.covered, err = a.Log.Totals(ctx, access.Day.Start(now), now); err != nil {
			return s, err
		}
		a.totalsAt = time.Now()
	}
	s.CallsToday, s.Refusals = countToday(a.totals)
	s.CountsPending = a.covered+statisticsLag < a.Log.Head().Size
	lines, err := a.Log.Recent(ctx, recentEntries)
	if err != nil {
		return s, err
	}
	for _, l := range lines {
		s.Recent = append(s.Recent, entryStatus(dir, l))
	}
	s.Log = a.logStatus()
	return s, nil
}

// countPeople returns how many people are in the register, -1 while it is not
// known. Counting takes longer the more there are, so that nobody waits for
// more than the blink that a small register takes.
func (a *status) countPeople(ctx context.Context) int64 {
	const blink = 200 * time.Millisecond
	if time.Since(time.Unix(0, a.peopleAt.Load())) < peopleEvery || a.counting.Swap(true) {
		return a.people.Load()
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer a.counting.Store(false)
		own, cancel := context.WithTimeout(context.WithoutCancel(ctx), peopleEvery)
		defer cancel()
		n, err := a.Register.Count(own)
		if err != nil {
			n = -1
		}
		a.people.Store(n)
		a.peopleAt.Store(time.Now().UnixNano())
	}()
	select {
	case <-done:
	case <-time.After(blink):
	case <-ctx.Done():
	}
	return a.people.Load()
}

// isCall reports whether entries of that kind are calls, which count when they
// are not refused.
func isCall(kind string) bool { return strings.HasPrefix(kind, "call.") }

// countToday adds up the day: calls that were counted, and refusals by code.
func countToday(totals []ledger.Total) (calls int64, refusals []console.Refusal) {
	byCode := map[access.Code]int64{}
	for _, t := range totals {
		switch {
		case t.Code != "":
			byCode[access.Code(t.Code)] += t.N
		case isCall(t.Kind):
			calls += t.N
		}
	}
	for code, n := range byCode {
		refusals = append(refusals, console.Refusal{Code: code, Count: n})
	}
	return calls, refusals
}

func connectionStatus(at *stops, c *access.Connection, used gate.Used) console.Connection {
	dir, now := at.dir, at.now
	out := console.Connection{
		ID: c.ID, State: c.State, LockedAt: c.Lock.Since,
		AssessedFrom: c.AssessedFrom, AssessedUntil: c.AssessedUntil, Limit: c.Limit,
	}
	if c.Lock.By == access.Unlocked {
		out.LockedAt = time.Time{}
	}
	if system := dir.System(c.System); system != nil {
		out.System = system.Name
		if agency := dir.Agency(system.Agency); agency != nil {
			out.Agency = agency.Name
		}
	}
	caller := callerOf(dir, c)
	if c.Via != "" && caller != nil {
		out.Via = caller.Name
	}
	out.CertificateUntil = certificateUntil(caller, c, now)
	for i := range c.Grants {
		if g := &c.Grants[i]; !now.Before(g.From) && now.Before(g.Until) {
			out.Grants++
		}
	}
	out.Stopped = at.of(c)
	out.Calls, out.People, out.Reset = used.MostCalls, used.MostPeople, used.Reset
	return out
}

// credentials are the certificates that the connection can be called with.
func credentials(caller *access.System, c *access.Connection) iter.Seq[*access.Credential] {
	return func(yield func(*access.Credential) bool) {
		if caller == nil {
			return
		}
		for i := range caller.Credentials {
			k := &caller.Credentials[i]
			if c.Via != "" && k.Represents != "" && k.Represents != c.System {
				continue
			}
			if !yield(k) {
				return
			}
		}
	}
}

// holds reports whether the certificate is in its term; as in the decision,
// its last instant is.
func holds(k *access.Credential, now time.Time) bool {
	return !now.Before(k.NotBefore) && !now.After(k.NotAfter)
}

// certified reports whether any certificate of the connection is in its term.
func certified(caller *access.System, c *access.Connection, now time.Time) bool {
	for k := range credentials(caller, c) {
		if holds(k, now) {
			return true
		}
	}
	return false
}

// certificateUntil is when the last certificate ends that the connection can
// be called with: of those that hold now if there are any.
func certificateUntil(caller *access.System, c *access.Connection, now time.Time) (until time.Time) {
	any := certified(caller, c, now)
	for k := range credentials(caller, c) {
		if holds(k, now) == any && k.NotAfter.After(until) {
			until = k.NotAfter
		}
	}
	return until
}

// stops says what every call on a connection is refused with, for all of them
// at one moment: an intermediary is asked once, however many it carries.
type stops struct {
	dir      *access.Directory
	now      time.Time
	carriers map[string]bool // system ids of those whose own connection stands
}

func newStops(dir *access.Directory, now time.Time) *stops {
	s := &stops{dir: dir, now: now, carriers: map[string]bool{}}
	for c := range dir.Connections() {
		if c.Via == "" && s.own(c) == access.Allowed {
			s.carriers[c.System] = true
		}
	}
	return s
}

// own is what every call on the connection is refused with now, its
// certificates and its intermediary aside.
func (s *stops) own(c *access.Connection) access.Code {
	standing := s.dir.StandingOf(c.ID)
	d := access.Decide(&standing, &access.Request{Channel: access.ChannelPortal}, s.now)
	for _, r := range d.Reasons {
		switch r.Code {
		case access.ConnectionNotActive, access.ConnectionSuspended, access.ConnectionVolume,
			access.ConnectionPattern, access.AssessmentLapsed:
			return r.Code
		default:
		}
	}
	return access.Allowed
}

// standing is what every call on the connection is refused with now, its
// certificates aside.
func (s *stops) standing(c *access.Connection) access.Code {
	code := s.own(c)
	if code == access.Allowed && c.Via != "" && !s.carriers[c.Via] {
		return access.IntermediaryForbidden // its own standing binds its calls as well
	}
	return code
}

// of is what every call on the connection is refused with now.
func (s *stops) of(c *access.Connection) access.Code {
	code := s.standing(c)
	if code == access.Allowed && !certified(callerOf(s.dir, c), c, s.now) {
		return access.UnknownCredential
	}
	return code
}

// callerOf is the system whose certificates a connection's calls come with: the
// intermediary's, if there is one. It is nil if there is no such system.
func callerOf(dir *access.Directory, c *access.Connection) *access.System {
	if c.Via != "" {
		return dir.System(c.Via)
	}
	return dir.System(c.System)
}

func entryStatus(dir *access.Directory, l ledger.Line) console.Entry {
	e := console.Entry{Index: l.Index, Time: l.Time, Kind: l.Kind, Code: access.Code(l.Code)}
	if c := dir.Connection(l.Connection); c != nil {
		if s := dir.System(c.System); s != nil {
			if g := dir.Agency(s.Agency); g != nil {
				e.Agency = g.Name
			}
		}
	}
	return e
}

func (a *status) logStatus() console.Log {
	h := a.Log.Head()
	out := console.Log{
		Origin: a.Log.Origin(), VerifierKey: a.VerifierKey, Size: h.Size, Time: h.Time,
		Root: base64.StdEncoding.EncodeToString(h.Root[:]), Checkpoint: string(a.Log.Checkpoint()),
	}
	// Size and root are those of the checkpoint where there is one, so that the
	// page agrees with what anybody can check: origin, size and root are its
	// first lines.
	if lines := strings.SplitN(out.Checkpoint, "\n", 4); len(lines) == 4 {
		if n, err := strconv.ParseInt(lines[1], 10, 64); err == nil {
			out.Size, out.Root = n, lines[2]
		}
	}
	return out
}
