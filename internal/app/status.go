package app

import (
	"context"
	"encoding/base64"
	"strings"
	"time"

	"dancu/internal/access"
	"dancu/internal/console"
	"dancu/internal/ledger"
)

// recentEntries is how many entries the status page lists.
const recentEntries = 20

// status is the picture that the status page shows.
func (a *App) status(ctx context.Context) (console.Status, error) {
	now := a.Main.Clock()
	s := console.Status{At: now, Ready: a.Ready() == nil}
	dir := a.Gate.Directory()
	for c := range dir.Connections() {
		one, err := a.connectionStatus(ctx, dir, c, now)
		if err != nil {
			return s, err
		}
		s.Connections = append(s.Connections, one)
	}
	today := access.Day.Start(now)
	stats, err := a.Log.Stats(ctx, today, now)
	if err != nil {
		return s, err
	}
	s.CallsToday, s.Refusals = countToday(stats)
	lines, err := a.Log.Recent(ctx, recentEntries)
	if err != nil {
		return s, err
	}
	for _, l := range lines {
		s.Recent = append(s.Recent, entryStatus(dir, l))
	}
	if s.People, err = a.Register.Count(ctx); err != nil {
		return s, err
	}
	s.Log = a.logStatus()
	return s, nil
}

// isCall reports whether entries of that kind are calls, which count when they
// are not refused.
func isCall(kind string) bool {
	_, ok := access.ParseService(kind)
	return ok
}

// countToday adds up the day: calls that were counted, and refusals by code.
func countToday(stats []ledger.Stat) (calls int64, refusals []console.Refusal) {
	byCode := map[access.Code]int64{}
	for _, t := range stats {
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

func (a *App) connectionStatus(ctx context.Context, dir *access.Directory, c *access.Connection, now time.Time) (console.Connection, error) {
	out := console.Connection{
		ID: c.ID, State: c.State, LockedAt: c.Lock.Since,
		AssessedFrom: c.AssessedFrom, AssessedUntil: c.AssessedUntil, Limit: c.Limit,
	}
	if c.Lock.By == access.Unlocked {
		out.LockedAt = time.Time{}
	}
	// The system that shows its certificate is the intermediary, if there is
	// one.
	caller := dir.System(c.System)
	if system := dir.System(c.System); system != nil {
		out.System = system.Name
		if agency := dir.Agency(system.Agency); agency != nil {
			out.Agency = agency.Name
		}
	}
	if c.Via != "" {
		if caller = dir.System(c.Via); caller != nil {
			out.Via = caller.Name
		}
	}
	out.CertificateUntil = certificateUntil(caller, c, now)
	for i := range c.Grants {
		if g := &c.Grants[i]; !now.Before(g.From) && now.Before(g.Until) {
			out.Grants++
		}
	}
	out.Stopped = stopped(dir, c, now)
	used, err := a.Gate.Used(ctx, c)
	if err != nil {
		return out, err
	}
	out.Calls, out.People, out.Reset = used.Calls, used.People, used.Reset
	return out, nil
}

// certificateUntil is when the last certificate ends that the connection can
// be called with: of those that hold now if there are any.
func certificateUntil(caller *access.System, c *access.Connection, now time.Time) (until time.Time) {
	if caller == nil {
		return until
	}
	for _, valid := range []bool{true, false} {
		for i := range caller.Credentials {
			k := &caller.Credentials[i]
			if c.Via != "" && k.Represents != "" && k.Represents != c.System {
				continue
			}
			holds := !now.Before(k.NotBefore) && now.Before(k.NotAfter)
			if holds == valid && k.NotAfter.After(until) {
				until = k.NotAfter
			}
		}
		if !until.IsZero() {
			break
		}
	}
	return until
}

// stopped is what every call on the connection is refused with now.
func stopped(dir *access.Directory, c *access.Connection, now time.Time) access.Code {
	s := dir.StandingOf(c.ID)
	d := access.Decide(&s, &access.Request{Channel: access.ChannelPortal}, now)
	for _, r := range d.Reasons {
		switch r.Code {
		case access.ConnectionNotActive, access.ConnectionSuspended, access.ConnectionVolume,
			access.ConnectionPattern, access.AssessmentLapsed:
			return r.Code
		default:
		}
	}
	if c.Via == "" {
		return access.Allowed
	}
	// The intermediary's own standing binds its calls as well.
	for carrier := range dir.Connections() {
		if carrier.System == c.Via && carrier.Via == "" {
			return stopped(dir, carrier, now)
		}
	}
	return access.IntermediaryForbidden
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
	switch {
	case l.Code != "":
		e.Result = "refused"
	case isCall(l.Kind):
		e.Result = "answered"
	}
	return e
}

func (a *App) logStatus() console.Log {
	h := a.Log.Head()
	out := console.Log{
		Origin: a.Log.Origin(), VerifierKey: a.VerifierKey, Size: h.Size, Time: h.Time,
		Root: base64.StdEncoding.EncodeToString(h.Root[:]), Checkpoint: string(a.Log.Checkpoint()),
	}
	// Size and root are those of the checkpoint where there is one, so that the
	// page agrees with what anybody can check.
	if lines := strings.SplitN(out.Checkpoint, "\n", 4); len(lines) == 4 {
		out.Root = lines[2]
	}
	return out
}
