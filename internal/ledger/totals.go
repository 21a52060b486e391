package ledger

import (
	"context"
	"fmt"
	"time"

	"dancu/internal/db"
)

// Total counts the entries that have kind and code in common, whoever's they
// are.
type Total struct {
	Kind string
	Code string // "" unless refused
	N    int64
}

// Totals returns the counts of the hours that begin from from up to but not
// including until, added up over hours and connections, and how many entries of
// the log the counts cover: those of the followers' last round. It waits for
// nothing and hurries nobody, so that it may be asked by anybody at any time;
// [Log.Stats] is for counts that must be complete.
func (l *Log) Totals(ctx context.Context, from, until time.Time) (totals []Total, covered int64, err error) {
	// Read first: the counts are then at least that far.
	if covered, err = readProgress(ctx, l.cfg.Derived); err != nil {
		return nil, 0, err
	}
	rows, err := l.cfg.Derived.Query(ctx, `SELECT kind, code, CAST(SUM(n) AS BIGINT) FROM statistics WHERE hour >= $1 AND hour < $2
		GROUP BY kind, code ORDER BY kind, code`, db.Micros(from), db.Micros(until))
	if err != nil {
		return nil, 0, fmt.Errorf("couldn't read the statistics: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var t Total
		if err := rows.Scan(&t.Kind, &t.Code, &t.N); err != nil {
			return nil, 0, fmt.Errorf("couldn't read the statistics: %w", err)
		}
		totals = append(totals, t)
	}
	if err := rows.Err(); err != nil {
		return nil, 0, fmt.Errorf("couldn't read the statistics: %w", err)
	}
	return totals, covered, nil
}
