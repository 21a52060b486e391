package ledger

import (
	"context"
	"encoding/json"
	"time"

	"dancu/internal/db"
	"dancu/internal/fault"
)

// Fact is what of an entry may be kept in sums beside the log: who connects,
// through what and for which procedure, and how many people were disclosed. It
// names no citizen, no case and no address; an officer only by the code in the
// agency's own books, and only where dancu itself knows who it was.
type Fact struct {
	Index      int64
	Time       time.Time
	Kind       string
	Code       string // of a refusal
	Connection string
	// The rest is empty where the entry has none, and where its body was removed
	// after its legal term.
	Agency    string // agency code
	System    string // id of the represented system; of the caller's own where it represents none
	Procedure string
	Service   string
	Channel   string
	Officer   string // the officer's code, of calls with dancu's own session
	People    int64  // disclosed or matched; 0 of a refusal
	// Count is how many calls the entry stands for: more than one only in a
	// summary.
	Count int64
}

// factItem is what facts are read from: of an entry in memory, or of a row.
// It keeps no part that names a person.
type factItem struct {
	index, micros          int64
	kind, connection, code string
	access, officer, event []byte // the parts' data, nil if there are none
	subjects               int64
}

// take notes the parts that facts are read from.
func (it *factItem) take(parts []Part) {
	for i := range parts {
		switch p := &parts[i]; p.Name {
		case PartAccess:
			it.access = p.Data
		case PartOfficer:
			it.officer = p.Data
		case PartEvent:
			it.event = p.Data
		case PartSubject:
			it.subjects++
		}
	}
}

// fact reads what may be kept. What is not written by us has no facts; fsck
// reports it.
func (it *factItem) fact() Fact {
	f := Fact{
		Index: it.index, Time: db.Time(it.micros), Kind: it.kind, Code: it.code, Connection: it.connection, Count: 1,
	}
	if f.Code == "" {
		f.People = it.subjects
	}
	var m struct {
		Agency, System, Represented, Procedure, Service, Channel string
		Count                                                    int64
	}
	part := it.access
	if part == nil {
		part = it.event
	}
	if part == nil || json.Unmarshal(part, &m) != nil {
		return f
	}
	f.Agency, f.System, f.Procedure, f.Service, f.Channel = m.Agency, m.System, m.Procedure, m.Service, m.Channel
	if m.Represented != "" {
		f.System = m.Represented
	}
	if it.access == nil && it.kind == summaryKind && m.Count > 0 {
		f.Count = m.Count
	}
	var o struct {
		ID       string
		Verified bool
	}
	if it.access != nil && it.officer != nil && json.Unmarshal(it.officer, &o) == nil && o.Verified {
		f.Officer = o.ID
	}
	return f
}

// summaryKind is the kind of the entries that stand for many refused calls.
const summaryKind = "calls.refused"

// readFacts reads the facts of the entries from first up to end. A body that
// does not open leaves what stands beside it: fsck reports it.
func (l *Log) readFacts(ctx context.Context, first, end int64) ([]factItem, error) {
	items := make([]factItem, 0, end-first)
	err := readRows(ctx, l.cfg.Main, first, end, func(r *row) error {
		if r.index != first+int64(len(items)) {
			return damagedAt(first + int64(len(items)))
		}
		it := factItem{index: r.index, micros: r.micros, kind: r.kind, connection: r.connection, code: r.code}
		m, err := l.keys.get(ctx, l.cfg.Main, r.sealkey)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		if m != nil && r.body != nil {
			parts, err := m.open(r.body)
			if err != nil {
				l.cfg.Logger.Error("an entry's body does not open: run dancu ledger fsck", "index", r.index)
			}
			it.take(parts)
		}
		items = append(items, it)
		return nil
	})
	if err == nil && int64(len(items)) != end-first {
		err = damagedAt(first + int64(len(items)))
	}
	return items, err
}
