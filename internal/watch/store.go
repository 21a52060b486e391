package watch

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"dancu/internal/db"
)

// manyRows is how many rows one statement adds to: on a server of its own each
// statement costs a journey there and back.
const manyRows = 32

// upsert adds rows to a table of sums, with one text for a row and one for many.
type upsert struct{ one, many string }

// newUpsert returns the texts that add to the counts of a table's rows.
func newUpsert(table, key string, counts ...string) upsert {
	columns := key + ", " + strings.Join(counts, ", ")
	width := strings.Count(columns, ",") + 1
	var sets []string
	for _, c := range counts {
		sets = append(sets, c+" = "+table+"."+c+" + excluded."+c)
	}
	text := func(rows int) string {
		var b strings.Builder
		b.WriteString("INSERT INTO " + table + " (" + columns + ") VALUES ")
		for i := range rows * width {
			switch {
			case i == 0:
				b.WriteByte('(')
			case i%width == 0:
				b.WriteString("), (")
			default:
				b.WriteString(", ")
			}
			b.WriteString("$" + strconv.Itoa(i+1))
		}
		b.WriteString(") ON CONFLICT (" + key + ") DO UPDATE SET " + strings.Join(sets, ", "))
		return b.String()
	}
	return upsert{text(1), text(manyRows)}
}

var (
	addHours = newUpsert("usage_hours", "connection, hour, agency, system, procedure, service, channel, code, officer", "calls", "people")
	addDays  = newUpsert("usage_days", "connection, day, agency, system, procedure, service, channel, code, officer", "calls", "people")
	addSums  = newUpsert("usage_sums", "scope, name, hour", "answered", "refused", "people")
)

// run adds rows of so many values each.
func (u upsert) run(ctx context.Context, tx *db.Tx, args []any, width int) error {
	for len(args) > 0 {
		text, n := u.one, width
		if len(args) >= manyRows*width {
			text, n = u.many, manyRows*width
		}
		if _, err := tx.Exec(ctx, text, args[:n]...); err != nil {
			return fmt.Errorf("couldn't add to the sums of calls: %w", err)
		}
		args = args[n:]
	}
	return nil
}

// write adds the tally to the stored sums.
func (t *tally) write(ctx context.Context, tx *db.Tx) error {
	for _, w := range []struct {
		text upsert
		rows map[row]*Count
	}{{addHours, t.hours}, {addDays, t.days}} {
		var args []any
		for r, n := range w.rows {
			args = append(args, r.connection, r.at, r.agency, r.system, r.procedure, r.service, r.channel, r.code, r.officer, n.Calls, n.People)
		}
		if err := w.text.run(ctx, tx, args, 11); err != nil {
			return err
		}
	}
	var args []any
	for s, n := range t.sums {
		args = append(args, s.scope, s.name, s.hour, n.Answered, n.Refused, n.People)
	}
	if err := addSums.run(ctx, tx, args, 6); err != nil {
		return err
	}
	for _, m := range t.marks {
		_, err := tx.Exec(ctx, "INSERT INTO usage_marks (idx, time, connection, kind) VALUES ($1, $2, $3, $4)", m.Index, db.Micros(m.Time), m.Connection, m.Kind)
		if err != nil {
			return fmt.Errorf("couldn't note what happened to a connection: %w", err)
		}
	}
	return nil
}

// clearSums empties all of it.
func clearSums(ctx context.Context, tx *db.Tx) error {
	for _, query := range []string{"DELETE FROM usage_hours", "DELETE FROM usage_days", "DELETE FROM usage_sums", "DELETE FROM usage_marks"} {
		if _, err := tx.Exec(ctx, query); err != nil {
			return fmt.Errorf("couldn't empty the sums of calls: %w", err)
		}
	}
	return nil
}

// conditions are the columns a scope is held against, in one order, so that
// there are few texts.
func (s *Scope) conditions(args []any) (string, []any) {
	var b strings.Builder
	for _, c := range [...]struct{ column, value string }{
		{"connection", s.Connection}, {"agency", s.Agency}, {"procedure", s.Procedure}, {"officer", s.Officer},
	} {
		if c.value != "" {
			args = append(args, c.value)
			b.WriteString(" AND " + c.column + " = $" + strconv.Itoa(len(args)))
		}
	}
	return b.String(), args
}

// counts are the columns of a count over rows with calls, code and people.
const counts = `CAST(COALESCE(SUM(calls), 0) AS BIGINT), CAST(COALESCE(SUM(CASE WHEN code = '' THEN calls ELSE 0 END), 0) AS BIGINT),
	CAST(COALESCE(SUM(people), 0) AS BIGINT)`

// readHours calls fn for each hour from from up to until that has calls.
func readHours(ctx context.Context, q db.Querier, s Scope, from, until int64, fn func(hour int64, n Count)) error {
	query, args := `SELECT hour, answered + refused, answered, people FROM usage_sums WHERE scope = $3 AND name = $4 AND hour >= $1 AND hour < $2`,
		[]any{from, until}
	if scope, name, ok := s.sums(); ok {
		args = append(args, scope, name)
	} else {
		var where string
		where, args = s.conditions(args)
		query = "SELECT hour, " + counts + " FROM usage_hours WHERE hour >= $1 AND hour < $2" + where + " GROUP BY hour"
	}
	rows, err := q.Query(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("couldn't read the sums of calls: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var hour int64
		var n Count
		if err := rows.Scan(&hour, &n.Calls, &n.Answered, &n.People); err != nil {
			return fmt.Errorf("couldn't read the sums of calls: %w", err)
		}
		n.Refused = n.Calls - n.Answered
		fn(hour, n)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("couldn't read the sums of calls: %w", err)
	}
	return nil
}

// readGroups reads the counts by a column: of the days from dayFrom up to
// dayUntil, and of the hours before and after them.
func readGroups(ctx context.Context, q db.Querier, column string, s Scope, from, dayFrom, dayUntil, until int64) ([]Group, error) {
	where, args := s.conditions([]any{from, dayFrom, dayUntil, until})
	part := func(table, at, lo, hi string) string {
		return "SELECT " + column + " AS name, code, calls, people FROM " + table + " WHERE " + at + " >= " + lo + " AND " + at + " < " + hi + where
	}
	query := "SELECT name, " + counts + " FROM (" + part("usage_hours", "hour", "$1", "$2") + " UNION ALL " +
		part("usage_days", "day", "$2", "$3") + " UNION ALL " + part("usage_hours", "hour", "$3", "$4") + ") AS parts GROUP BY name"
	rows, err := q.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("couldn't read the sums of calls: %w", err)
	}
	defer rows.Close()
	var out []Group
	for rows.Next() {
		var g Group
		if err := rows.Scan(&g.Key, &g.Calls, &g.Answered, &g.People); err != nil {
			return nil, fmt.Errorf("couldn't read the sums of calls: %w", err)
		}
		g.Refused = g.Calls - g.Answered
		out = append(out, g)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("couldn't read the sums of calls: %w", err)
	}
	return out, nil
}

// firstHour is the first hour that a scope's sums have, 0 if it has none.
func firstHour(ctx context.Context, q db.Querier, scope, name string) (hour int64, err error) {
	err = q.QueryRow(ctx, "SELECT COALESCE(MIN(hour), 0) FROM usage_sums WHERE scope = $1 AND name = $2", scope, name).Scan(&hour)
	if err != nil {
		return 0, fmt.Errorf("couldn't read the sums of calls: %w", err)
	}
	return hour, nil
}
