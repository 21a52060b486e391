package evidence

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"dancu/internal/db"
)

// row is a row of evidence_files.
type row struct {
	id, owner      string
	chunks         int64
	added, expires time.Time // expires is zero if the file stays
	about          []byte
}

func insertFile(ctx context.Context, tx *db.Tx, r *row) error {
	_, err := tx.Exec(ctx, "INSERT INTO evidence_files (id, owner, chunks, added, expires, about) VALUES ($1, $2, $3, $4, $5, $6)",
		r.id, r.owner, r.chunks, db.Micros(r.added), db.Micros(r.expires), r.about)
	if err != nil {
		return fmt.Errorf("couldn't store a file: %w", err)
	}
	return nil
}

func insertChunk(ctx context.Context, tx *db.Tx, id string, i int64, data []byte) error {
	if _, err := tx.Exec(ctx, "INSERT INTO evidence_chunks (file, n, data) VALUES ($1, $2, $3)", id, i, data); err != nil {
		return fmt.Errorf("couldn't store a part of a file: %w", err)
	}
	return nil
}

// fileByID returns the row of a file, nil if there is none.
func fileByID(ctx context.Context, q db.Querier, id string) (*row, error) {
	r := row{id: id}
	var added, expires int64
	err := q.QueryRow(ctx, "SELECT owner, chunks, added, expires, about FROM evidence_files WHERE id = $1", id).
		Scan(&r.owner, &r.chunks, &added, &expires, &r.about)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("couldn't read a file: %w", err)
	}
	r.added, r.expires = db.Time(added), db.Time(expires)
	return &r, nil
}

// finishFile describes a file that was made, now that it is whole.
func finishFile(ctx context.Context, tx *db.Tx, r *row) error {
	n, err := tx.Exec(ctx, "UPDATE evidence_files SET chunks = $2, expires = $3, about = $4 WHERE id = $1", r.id, r.chunks, db.Micros(r.expires), r.about)
	if err != nil {
		return fmt.Errorf("couldn't store a file: %w", err)
	}
	if n != 1 {
		return refuse(NotThere, nil) // it took longer than it was to be kept
	}
	return nil
}

// removeOf deletes a file of an owner that is not there for good.
func removeOf(ctx context.Context, tx *db.Tx, owner, id string) error {
	n, err := tx.Exec(ctx, "DELETE FROM evidence_files WHERE id = $1 AND owner = $2 AND expires > 0", id, owner)
	if err == nil && n == 1 {
		_, err = tx.Exec(ctx, "DELETE FROM evidence_chunks WHERE file = $1", id)
	}
	if err != nil {
		return fmt.Errorf("couldn't remove a file: %w", err)
	}
	return nil
}

// chunk returns a piece of a file, nil if it is not there.
func chunk(ctx context.Context, q db.Querier, id string, i int64) (data []byte, err error) {
	err = q.QueryRow(ctx, "SELECT data FROM evidence_chunks WHERE file = $1 AND n = $2", id, i).Scan(&data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("couldn't read a part of a file: %w", err)
	}
	return data, nil
}

// countPending returns how many files of an owner nothing refers to yet.
func countPending(ctx context.Context, q db.Querier, owner string) (n int64, err error) {
	if err := q.QueryRow(ctx, "SELECT count(*) FROM evidence_files WHERE owner = $1 AND expires > 0", owner).Scan(&n); err != nil {
		return 0, fmt.Errorf("couldn't count the waiting files: %w", err)
	}
	return n, nil
}

// pendingOf returns the ids of those files.
func pendingOf(ctx context.Context, q db.Querier, owner string) (ids []string, err error) {
	rows, err := q.Query(ctx, "SELECT id FROM evidence_files WHERE owner = $1 AND expires > 0 ORDER BY id", owner)
	if err != nil {
		return nil, fmt.Errorf("couldn't read the waiting files: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("couldn't read the waiting files: %w", err)
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// prolong puts off the end of an owner's file, and reports whether it is there.
// A file that stays goes on staying.
func prolong(ctx context.Context, tx *db.Tx, owner, id string, until time.Time) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE evidence_files SET expires = CASE WHEN expires = 0 OR expires > $3 THEN expires ELSE $3 END
		WHERE id = $1 AND owner = $2`, id, owner, db.Micros(until))
	if err != nil {
		return false, fmt.Errorf("couldn't hold a file: %w", err)
	}
	return n == 1, nil
}

// expiredAfter returns up to limit ids of files whose time is over, after an
// id.
func expiredAfter(ctx context.Context, q db.Querier, now time.Time, after string, limit int) (ids []string, err error) {
	rows, err := q.Query(ctx, "SELECT id FROM evidence_files WHERE expires > 0 AND expires <= $1 AND id > $2 ORDER BY id LIMIT $3",
		db.Micros(now), after, int64(limit))
	if err != nil {
		return nil, fmt.Errorf("couldn't read the expired files: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("couldn't read the expired files: %w", err)
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// keep makes a file stay.
func keep(ctx context.Context, tx *db.Tx, id string) error {
	if _, err := tx.Exec(ctx, "UPDATE evidence_files SET expires = 0 WHERE id = $1", id); err != nil {
		return fmt.Errorf("couldn't keep a file: %w", err)
	}
	return nil
}

// remove deletes a file whose time is over, and reports whether it did.
func remove(ctx context.Context, tx *db.Tx, id string, now time.Time) (bool, error) {
	n, err := tx.Exec(ctx, "DELETE FROM evidence_files WHERE id = $1 AND expires > 0 AND expires <= $2", id, db.Micros(now))
	if err == nil && n == 1 {
		_, err = tx.Exec(ctx, "DELETE FROM evidence_chunks WHERE file = $1", id)
	}
	if err != nil {
		return false, fmt.Errorf("couldn't remove a file: %w", err)
	}
	return n == 1, nil
}
