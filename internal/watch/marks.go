package watch

import (
	"context"
	"fmt"
	"time"

	"dancu/internal/db"
)

// Mark is an entry about a connection's life: a lock, a suspension, a change.
type Mark struct {
	Index      int64
	Time       time.Time
	Connection string
	Kind       string // of the entry, such as "connection.locked"
}

// MaxMarks is the most that Marks returns.
const MaxMarks = 200

// Marks returns the newest marks of a connection, or of all for "", of the time
// from from up to but not including until; newest first, at most MaxMarks.
func (u *Usage) Marks(ctx context.Context, connection string, from, until time.Time) ([]Mark, error) {
	query, args := "SELECT idx, time, connection, kind FROM usage_marks WHERE time >= $1 AND time < $2", []any{db.Micros(from), db.Micros(until)}
	if connection != "" {
		query, args = query+" AND connection = $3 ORDER BY idx DESC LIMIT $4", append(args, connection, int64(MaxMarks))
	} else {
		query, args = query+" ORDER BY idx DESC LIMIT $3", append(args, int64(MaxMarks))
	}
	rows, err := u.cfg.Derived.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("couldn't read what happened to connections: %w", err)
	}
	defer rows.Close()
	var out []Mark
	for rows.Next() {
		var m Mark
		var at int64
		if err := rows.Scan(&m.Index, &at, &m.Connection, &m.Kind); err != nil {
			return nil, fmt.Errorf("couldn't read what happened to connections: %w", err)
		}
		m.Time = db.Time(at)
		out = append(out, m)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("couldn't read what happened to connections: %w", err)
	}
	return out, nil
}
