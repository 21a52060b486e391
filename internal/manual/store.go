package manual

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"dancu/internal/db"
)

func lastVersion(ctx context.Context, q db.Querier, agency string) (n int64, err error) {
	if err := q.QueryRow(ctx, "SELECT COALESCE(MAX(version), 0) FROM guides WHERE agency = $1", agency).Scan(&n); err != nil {
		return 0, fmt.Errorf("couldn't read a guide: %w", err)
	}
	return n, nil
}

func insertGuide(ctx context.Context, tx *db.Tx, agency string, o *Own) error {
	_, err := tx.Exec(ctx, "INSERT INTO guides (agency, version, at, writer, title, changes, text) VALUES ($1, $2, $3, $4, $5, $6, $7)",
		agency, o.Version, db.Micros(o.At), o.Writer, o.Title, strings.Join(o.Changes, "\n"), o.Text)
	if err != nil {
		return fmt.Errorf("couldn't store a guide: %w", err)
	}
	return nil
}

func guideVersions(ctx context.Context, q db.Querier, agency string) (out []Own, err error) {
	rows, err := q.Query(ctx, "SELECT version, at, writer, title, changes FROM guides WHERE agency = $1 ORDER BY version DESC", agency)
	if err != nil {
		return nil, fmt.Errorf("couldn't read a guide's versions: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var o Own
		var at int64
		var changes string
		if err := rows.Scan(&o.Version, &at, &o.Writer, &o.Title, &changes); err != nil {
			return nil, fmt.Errorf("couldn't read a guide's versions: %w", err)
		}
		o.At, o.Changes = db.Time(at), lines(changes)
		out = append(out, o)
	}
	return out, rows.Err()
}

// guideVersion returns one version, 0 for the newest; nil if there is none.
func guideVersion(ctx context.Context, q db.Querier, agency string, version int64) (*Own, error) {
	var o Own
	var at int64
	var changes string
	err := q.QueryRow(ctx, `SELECT version, at, writer, title, changes, text FROM guides
		WHERE agency = $1 AND (version = $2 OR $2 = 0) ORDER BY version DESC LIMIT 1`, agency, version).
		Scan(&o.Version, &at, &o.Writer, &o.Title, &changes, &o.Text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("couldn't read a guide: %w", err)
	}
	o.At, o.Changes = db.Time(at), lines(changes)
	return &o, nil
}

func countNotices(ctx context.Context, q db.Querier, agency string, now time.Time) (n int64, err error) {
	if err := q.QueryRow(ctx, "SELECT count(*) FROM officer_notices WHERE agency = $1 AND until > $2", agency, db.Micros(now)).Scan(&n); err != nil {
		return 0, fmt.Errorf("couldn't count the notices: %w", err)
	}
	return n, nil
}

func insertNotice(ctx context.Context, tx *db.Tx, agency string, n *Notice) error {
	_, err := tx.Exec(ctx, "INSERT INTO officer_notices (id, agency, at, until, writer, text) VALUES ($1, $2, $3, $4, $5, $6)",
		n.ID, agency, db.Micros(n.At), db.Micros(n.Until), n.Writer, n.Text)
	if err != nil {
		return fmt.Errorf("couldn't store a notice: %w", err)
	}
	return nil
}

// endNotice ends a notice that is shown, and reports whether it was.
func endNotice(ctx context.Context, tx *db.Tx, agency, id string, now time.Time) (bool, error) {
	n, err := tx.Exec(ctx, "UPDATE officer_notices SET until = $3 WHERE agency = $1 AND id = $2 AND until > $3", agency, id, db.Micros(now))
	if err != nil {
		return false, fmt.Errorf("couldn't end a notice: %w", err)
	}
	return n == 1, nil
}

func shownNotices(ctx context.Context, q db.Querier, agency string, now time.Time, limit int) (out []Notice, err error) {
	rows, err := q.Query(ctx, "SELECT id, at, until, writer, text FROM officer_notices WHERE agency = $1 AND until > $2 ORDER BY id DESC LIMIT $3", agency, db.Micros(now), int64(limit))
	if err != nil {
		return nil, fmt.Errorf("couldn't read the notices: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var n Notice
		var at, until int64
		if err := rows.Scan(&n.ID, &at, &until, &n.Writer, &n.Text); err != nil {
			return nil, fmt.Errorf("couldn't read the notices: %w", err)
		}
		n.At, n.Until = db.Time(at), db.Time(until)
		out = append(out, n)
	}
	return out, rows.Err()
}
