package ledger

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"dancu/internal/db"
	"dancu/internal/fault"
)

// Signal is what a follower is told of an entry that asks for something to be
// done: a refusal for an undeclared change, or a lock. It holds nothing of the
// person looked up and nothing of the officer.
type Signal struct {
	Index      int64
	Time       time.Time
	Kind       string // of the entry
	Code       string // of a refusal; "" of a lock
	Connection string
	System     string // id of the connection's own system, as the entry has it
	Agency     string // agency code
	// Count is how many calls the entry stands for: more than one only in a
	// summary.
	Count int64
	// Undeclared are the builds and certificates that were refused; More says
	// that there were others.
	Undeclared []Undeclared
	More       bool
	// Lock is what locked the connection, such as "volume"; "" of a refusal.
	Lock string
}

// Undeclared is one pair of what a call declares and what it comes with. It is
// not known here which of the two was not declared: the standing tells.
type Undeclared struct {
	Build      string // of the client, as declared; "" if none was
	Credential string // hex SHA-256 of the certificate; "" if the entry has none
}

// The entries that are signals. The words of the condition are those of the
// index entries_signal, which is how the engines know to use it.
const (
	signalCode = "change.undeclared"
	signalKind = "connection.locked"

	signalCondition = "(code = 'change.undeclared' OR kind = 'connection.locked')"
)

// isSignal reports whether an entry is one; it is signalCondition.
func isSignal(e *Entry) bool { return e.Code == signalCode || e.Kind == signalKind }

// selectSignals reads signals from an entry on. SQLite must be told to take the
// index: it cannot know how rare they are.
func selectSignals(e db.Engine) string {
	from := "entries"
	if e == db.SQLite {
		from += " INDEXED BY entries_signal"
	}
	return "SELECT " + rowColumns + " FROM " + from + " WHERE idx >= $1 AND " + signalCondition + " ORDER BY idx LIMIT $2"
}

// anySignal reports whether there is a signal from an entry on.
func anySignal(ctx context.Context, q db.Querier, next int64) (bool, error) {
	rows, err := readSignalRows(ctx, q, next, 1)
	return len(rows) > 0, err
}

// readSignalRows reads at most so many signals from an entry on.
func readSignalRows(ctx context.Context, q db.Querier, next, limit int64) (out []row, err error) {
	rows, err := q.Query(ctx, selectSignals(q.Engine()), next, limit)
	if err != nil {
		return nil, fmt.Errorf("couldn't read the log's signals: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var r row
		if err := rows.Scan(&r.index, &r.micros, &r.kind, &r.connection, &r.code, &r.call, &r.leaf, &r.sealkey, &r.body, &r.outcome); err != nil {
			return nil, fmt.Errorf("couldn't read the log's signals: %w", err)
		}
		out = append(out, r)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("couldn't read the log's signals: %w", err)
	}
	return out, nil
}

// signal opens what a follower may know of a stored entry. A body that is
// gone, or does not open (fsck reports it), leaves what stands beside it.
func (l *Log) signal(ctx context.Context, q db.Querier, r *row) (Signal, error) {
	s := Signal{Index: r.index, Time: db.Time(r.micros), Kind: r.kind, Code: r.code, Connection: r.connection, Count: 1}
	if r.body == nil {
		return s, nil
	}
	m, err := l.keys.get(ctx, q, r.sealkey)
	if fault.Is(err, fault.NotFound) {
		return s, nil
	}
	if err != nil {
		return s, err
	}
	parts, err := m.open(r.body)
	if err != nil {
		l.cfg.Logger.Error("an entry's body does not open: run dancu ledger fsck", "index", r.index)
		return s, nil
	}
	for i := range parts {
		if n := parts[i].Name; n == PartAccess || n == PartEvent {
			s.read(parts[i].Data)
		}
	}
	return s, nil
}

// read takes from a part what a signal tells. The members are those that the
// gate writes.
func (s *Signal) read(part []byte) {
	var m struct {
		Agency, System, Represented string
		Build, Credential           string // of a call
		By                          string // of a lock
		Count                       int64  // of a summary
		Changes                     []Undeclared
		MoreChanges                 bool
	}
	if json.Unmarshal(part, &m) != nil {
		return // not written by us; fsck reports it
	}
	s.Agency, s.System = m.Agency, m.System
	if m.Represented != "" {
		s.System = m.Represented
	}
	if s.Kind == signalKind {
		s.Lock = m.By
		return
	}
	if m.Count > 0 {
		s.Count, s.Undeclared, s.More = m.Count, m.Changes, m.MoreChanges
		return
	}
	s.Undeclared = []Undeclared{{m.Build, m.Credential}}
}
