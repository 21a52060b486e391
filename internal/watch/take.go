package watch

import (
	"context"
	"strings"
	"time"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/ledger"
)

// The kinds of entries that are calls.
const (
	callPrefix  = "call."         // one call, and its service
	summaryKind = "calls.refused" // many refused ones
	markPrefix  = "connection."   // something about a connection's life
)

// row is what calls are counted by: at is the start of an hour, or of a day.
type row struct {
	at                                                                     int64
	connection, agency, system, procedure, service, channel, code, officer string
}

// sum is what sums are kept by.
type sum struct {
	scope, name string
	hour        int64
}

// The scopes that have sums by hour of their own.
const (
	scopeAll        = "all"
	scopeConnection = "connection"
	scopeAgency     = "agency"
	scopeProcedure  = "procedure"
)

// tally is what some facts add up to.
type tally struct {
	hours, days map[row]*Count
	sums        map[sum]*Count
	marks       []Mark
}

// add counts one fact, if it is of calls, and notes it if it is of a
// connection's life.
func (t *tally) add(f *ledger.Fact) {
	if strings.HasPrefix(f.Kind, markPrefix) && f.Connection != "" {
		t.marks = append(t.marks, Mark{Index: f.Index, Time: f.Time, Connection: f.Connection, Kind: f.Kind})
		return
	}
	service, call := strings.CutPrefix(f.Kind, callPrefix)
	if !call && f.Kind != summaryKind {
		return
	}
	if f.Service != "" {
		service = f.Service
	} else if !call {
		service = ""
	}
	n := Count{Calls: f.Count, People: f.People}
	if f.Code == "" {
		n.Answered = f.Count
	} else {
		n.Refused = f.Count
	}
	hour := db.Micros(f.Time.Truncate(time.Hour))
	r := row{hour, f.Connection, f.Agency, f.System, f.Procedure, service, f.Channel, f.Code, f.Officer}
	count(t.hours, r, n)
	r.at = db.Micros(access.Day.Start(f.Time))
	count(t.days, r, n)
	count(t.sums, sum{scopeAll, "", hour}, n)
	for _, s := range [...]struct{ scope, name string }{
		{scopeConnection, f.Connection}, {scopeAgency, f.Agency}, {scopeProcedure, f.Procedure},
	} {
		if s.name != "" {
			count(t.sums, sum{s.scope, s.name, hour}, n)
		}
	}
}

func count[K comparable](m map[K]*Count, k K, n Count) {
	if have := m[k]; have != nil {
		have.add(n)
		return
	}
	m[k] = &n
}

// take adds the facts to the sums.
func take(ctx context.Context, tx *db.Tx, facts []ledger.Fact) error {
	t := tally{hours: map[row]*Count{}, days: map[row]*Count{}, sums: map[sum]*Count{}}
	for i := range facts {
		t.add(&facts[i])
	}
	return t.write(ctx, tx)
}
