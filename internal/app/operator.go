package app

import (
	"context"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"dancu/internal/access"
	"dancu/internal/console/operator"
)

// operatorSource is what the operators' pages read besides the areas.
type operatorSource struct{ *App }

// Directory returns the present picture of everybody's standing.
func (a operatorSource) Directory() *access.Directory { return a.Gate.Directory() }

// Used returns what connections used of their limits.
func (a operatorSource) Used(ctx context.Context, list ...*access.Connection) (map[string]operator.Used, error) {
	all, err := a.Gate.UsedOf(ctx, list...)
	if err != nil {
		return nil, err
	}
	out := make(map[string]operator.Used, len(all))
	for id, u := range all {
		out[id] = operator.Used{Calls: u.MostCalls, People: u.MostPeople, All: u.Calls, Reset: u.Reset}
	}
	return out, nil
}

// Stands returns how every connection stands now.
func (a operatorSource) Stands(dir *access.Directory) map[string]operator.Stand {
	now := a.Main.Clock()
	at := newStops(dir, now)
	out := map[string]operator.Stand{}
	for c := range dir.Connections() {
		out[c.ID] = operator.Stand{Stopped: at.of(c), CertificateUntil: certificateUntil(callerOf(dir, c), c, now)}
	}
	return out
}

// Health returns how the log and its store stand on this node.
func (a operatorSource) Health(ctx context.Context) operator.Health {
	head := a.Log.Head()
	h := operator.Health{Node: a.Config.Node, Ready: a.Ready() == nil, Size: head.Size, At: head.Time}
	if lines := strings.SplitN(string(a.Log.Checkpoint()), "\n", 3); len(lines) == 3 {
		if n, err := strconv.ParseInt(lines[1], 10, 64); err == nil {
			h.Checkpoint = n
		}
	}
	if size, _, err := a.Usage.Covered(ctx); err == nil {
		h.Covered = size
	}
	c, err := a.Config.lastCheck()
	switch {
	case err != nil:
		a.Logger.Warn("couldn't read when the log was last checked", "error", err)
	case c != nil:
		h.Check = &operator.Check{At: c.At, Entries: c.Entries, Problems: c.Problems, Kept: c.Kept}
	}
	var s unix.Statfs_t
	if unix.Statfs(a.Config.State, &s) == nil {
		h.Free, h.Disk = uint64(s.Bavail)*uint64(s.Bsize), uint64(s.Blocks)*uint64(s.Bsize)
		h.Room = operator.RoomEnough
		switch {
		case h.Free < roomProblem:
			h.Room = operator.RoomOut
		case h.Free < roomWarning:
			h.Room = operator.RoomLow
		}
	}
	return h
}
