package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"dancu/internal/db"
	"dancu/internal/fault"
)

// newestSize returns how many entries the newest visible head has.
func newestSize(ctx context.Context, q db.Querier) (size int64, err error) {
	err = q.QueryRow(ctx, "SELECT COALESCE(MAX(size), 0) FROM heads").Scan(&size)
	if err != nil {
		return 0, fmt.Errorf("couldn't read the newest head: %w", err)
	}
	return size, nil
}

// readLeaves reads the leaves from first up to end.
func readLeaves(ctx context.Context, q db.Querier, first, end int64) ([][32]byte, error) {
	rows, err := q.Query(ctx, "SELECT idx, leaf FROM entries WHERE idx >= $1 AND idx < $2 ORDER BY idx", first, end)
	if err != nil {
		return nil, fmt.Errorf("couldn't read leaves: %w", err)
	}
	defer rows.Close()
	leaves := make([][32]byte, 0, end-first)
	for rows.Next() {
		var idx int64
		var leaf sql.RawBytes
		if err := rows.Scan(&idx, &leaf); err != nil {
			return nil, fmt.Errorf("couldn't read leaves: %w", err)
		}
		if idx != first+int64(len(leaves)) || len(leaf) != 32 {
			return nil, damagedAt(first + int64(len(leaves)))
		}
		leaves = append(leaves, [32]byte(leaf))
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("couldn't read leaves: %w", err)
	}
	if int64(len(leaves)) != end-first {
		return nil, damagedAt(first + int64(len(leaves)))
	}
	return leaves, nil
}

func damagedAt(index int64) error {
	return fault.New(fault.Unavailable, "entry %d of the log is missing or damaged: run dancu ledger fsck", index)
}

// row is an entry as it is stored.
type row struct {
	index, micros          int64
	kind, connection, code string
	call, leaf             []byte
	sealkey                string
	body, outcome          []byte // nil when removed
}

const rowColumns = "idx, time, kind, connection, code, call, leaf, sealkey, body, outcome"

// readRows calls fn for each stored entry from first up to end, in order. The
// row's slices are fn's to keep.
func readRows(ctx context.Context, q db.Querier, first, end int64, fn func(*row) error) error {
	rows, err := q.Query(ctx, "SELECT "+rowColumns+" FROM entries WHERE idx >= $1 AND idx < $2 ORDER BY idx", first, end)
	if err != nil {
		return fmt.Errorf("couldn't read entries: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var r row
		if err := rows.Scan(&r.index, &r.micros, &r.kind, &r.connection, &r.code, &r.call, &r.leaf, &r.sealkey, &r.body, &r.outcome); err != nil {
			return fmt.Errorf("couldn't read entries: %w", err)
		}
		if err := fn(&r); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("couldn't read entries: %w", err)
	}
	return nil
}

// readItems reads what the index needs of the entries from first up to end.
// A body that does not open has no terms: fsck reports it, and the index goes
// on.
func (l *Log) readItems(ctx context.Context, first, end int64) ([]indexItem, error) {
	items := make([]indexItem, 0, end-first)
	err := readRows(ctx, l.cfg.Main, first, end, func(r *row) error {
		if r.index != first+int64(len(items)) {
			return damagedAt(first + int64(len(items)))
		}
		it, err := l.item(ctx, r)
		if err != nil {
			return err
		}
		items = append(items, it)
		return nil
	})
	if err == nil && int64(len(items)) != end-first {
		err = damagedAt(first + int64(len(items)))
	}
	return items, err
}

func (l *Log) item(ctx context.Context, r *row) (indexItem, error) {
	it := indexItem{micros: r.micros, kind: r.kind, connection: r.connection, code: r.code, sealkey: r.sealkey}
	m, err := l.keys.get(ctx, l.cfg.Main, r.sealkey)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return it, err
	}
	if m != nil && r.body != nil {
		parts, err := m.open(r.body)
		if err != nil {
			l.cfg.Logger.Error("an entry's body does not open: run dancu ledger fsck", "index", r.index)
			return it, nil
		}
		it.terms = termsOf(parts)
	}
	return it, nil
}

// tileCounts returns how many full tiles are stored on each level.
func tileCounts(ctx context.Context, q db.Querier) ([]int64, error) {
	var counts []int64
	for {
		var n int64
		err := q.QueryRow(ctx, "SELECT COALESCE(MAX(n) + 1, 0) FROM tiles WHERE level = $1", int64(len(counts))).Scan(&n)
		if err != nil {
			return nil, fmt.Errorf("couldn't read the tiles: %w", err)
		}
		if n == 0 {
			return counts, nil
		}
		counts = append(counts, n)
	}
}

var errTileDamaged = errors.New("a tile is missing or damaged")

// tilesFrom reads the tiles of a level from n on.
func tilesFrom(ctx context.Context, q db.Querier, level int, n int64) ([][]byte, error) {
	rows, err := q.Query(ctx, "SELECT n, data FROM tiles WHERE level = $1 AND n >= $2 ORDER BY n", int64(level), n)
	if err != nil {
		return nil, fmt.Errorf("couldn't read the tiles: %w", err)
	}
	defer rows.Close()
	var tiles [][]byte
	for rows.Next() {
		var at int64
		var data []byte
		if err := rows.Scan(&at, &data); err != nil {
			return nil, fmt.Errorf("couldn't read the tiles: %w", err)
		}
		if at != n+int64(len(tiles)) || len(data) != 256*32 {
			return nil, errTileDamaged
		}
		tiles = append(tiles, data)
	}
	return tiles, rows.Err()
}

// readTile reads a full tile, nil if it is not stored.
func readTile(ctx context.Context, q db.Querier, k tileKey) ([]byte, error) {
	var data []byte
	err := q.QueryRow(ctx, "SELECT data FROM tiles WHERE level = $1 AND n = $2", int64(k.level), k.n).Scan(&data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("couldn't read a tile: %w", err)
	}
	if len(data) != 256*32 {
		return nil, fault.New(fault.Unavailable, "tile %d of level %d is damaged: run dancu ledger fsck", k.n, k.level)
	}
	return data, nil
}

// writeTiles stores full tiles; those that are there already are the same.
func writeTiles(ctx context.Context, d *db.DB, tiles []fullTile) error {
	err := d.Write(ctx, func(tx *db.Tx) error {
		for _, t := range tiles {
			_, err := tx.Exec(ctx, "INSERT INTO tiles (level, n, data) VALUES ($1, $2, $3) ON CONFLICT (level, n) DO NOTHING", int64(t.level), t.n, t.data)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("couldn't write tiles: %w", err)
	}
	return nil
}

func clearTiles(ctx context.Context, d *db.DB) error {
	return d.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "DELETE FROM tiles")
		return err
	})
}

// clearDerived empties everything that is derived.
func clearDerived(ctx context.Context, d *db.DB) error {
	return d.Write(ctx, func(tx *db.Tx) error {
		for _, query := range []string{
			"UPDATE progress SET size = 0", // the derivers', too: they begin by emptying theirs
			"DELETE FROM tiles", "DELETE FROM index_runs", "DELETE FROM index_pages", "DELETE FROM statistics",
		} {
			if _, err := tx.Exec(ctx, query); err != nil {
				return err
			}
		}
		return nil
	})
}

// readProgress returns how many entries index and statistics cover.
func readProgress(ctx context.Context, q db.Querier) (size int64, err error) {
	if err := q.QueryRow(ctx, "SELECT size FROM progress WHERE name = 'index'").Scan(&size); err != nil {
		return 0, fmt.Errorf("couldn't read how far the index is: %w", err)
	}
	return size, nil
}

// writeIndex stores a run and counts for the entries from pos to end, if the
// index is at pos.
func writeIndex(ctx context.Context, d *db.DB, pos, end int64, r run, counts map[statKey]int64) error {
	return d.Write(ctx, func(tx *db.Tx) error {
		// First, so that of several nodes one goes on.
		n, err := tx.Exec(ctx, "UPDATE progress SET size = $1 WHERE name = 'index' AND size = $2", end, pos)
		if err != nil {
			return fmt.Errorf("couldn't write the index: %w", err)
		}
		if n == 0 {
			return errMoved
		}
		_, err = tx.Exec(ctx, `INSERT INTO index_runs (segment, first, data) VALUES ($1, $2, $3)
			ON CONFLICT (segment, first) DO UPDATE SET data = excluded.data`, pos>>segmentBits, r.first, r.data)
		if err != nil {
			return fmt.Errorf("couldn't write the index: %w", err)
		}
		for k, n := range counts {
			_, err := tx.Exec(ctx, `INSERT INTO statistics (hour, connection, kind, code, n) VALUES ($1, $2, $3, $4, $5)
				ON CONFLICT (hour, connection, kind, code) DO UPDATE SET n = statistics.n + excluded.n`, k.hour, k.connection, k.kind, k.code, n)
			if err != nil {
				return fmt.Errorf("couldn't write the statistics: %w", err)
			}
		}
		return nil
	})
}

// unmerged returns the first segment before open that still has runs, -1 if
// there is none.
func unmerged(ctx context.Context, q db.Querier, open int64) (segment int64, err error) {
	err = q.QueryRow(ctx, "SELECT COALESCE(MIN(segment), -1) FROM index_runs WHERE segment < $1", open).Scan(&segment)
	if err != nil {
		return -1, fmt.Errorf("couldn't read the index: %w", err)
	}
	return segment, nil
}

// readRuns returns the postings in a segment's runs, in no order.
func readRuns(ctx context.Context, q db.Querier, segment int64) ([]uint64, error) {
	rows, err := q.Query(ctx, "SELECT data FROM index_runs WHERE segment = $1", segment)
	if err != nil {
		return nil, fmt.Errorf("couldn't read the index: %w", err)
	}
	defer rows.Close()
	var postings []uint64
	for rows.Next() {
		var data sql.RawBytes
		if err := rows.Scan(&data); err != nil {
			return nil, fmt.Errorf("couldn't read the index: %w", err)
		}
		if postings, err = parsePostings(postings, data); err != nil {
			return nil, fmt.Errorf("the index of segment %d is damaged: run dancu ledger fsck: %w", segment, err)
		}
	}
	return postings, rows.Err()
}

// readPages returns the postings from lo to hi in a segment's pages.
func readPages(ctx context.Context, q db.Querier, segment int64, lo, hi uint64) ([]uint64, error) {
	rows, err := q.Query(ctx, `SELECT first, data FROM index_pages WHERE segment = $1 AND first <= $3 AND first >=
		COALESCE((SELECT MAX(first) FROM index_pages WHERE segment = $1 AND first <= $2), 0) ORDER BY first`,
		segment, int64(lo), int64(hi))
	if err != nil {
		return nil, fmt.Errorf("couldn't read the index: %w", err)
	}
	defer rows.Close()
	var postings []uint64
	for rows.Next() {
		var first int64
		var data sql.RawBytes
		if err := rows.Scan(&first, &data); err != nil {
			return nil, fmt.Errorf("couldn't read the index: %w", err)
		}
		if postings, err = (page{uint64(first), data}).appendTo(postings); err != nil {
			return nil, fmt.Errorf("the index of segment %d is damaged: run dancu ledger fsck: %w", segment, err)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("couldn't read the index: %w", err)
	}
	in := postings[:0]
	for _, p := range postings {
		if lo <= p && p <= hi {
			in = append(in, p)
		}
	}
	return in, nil
}

// writePages replaces a segment's runs by pages.
func writePages(ctx context.Context, d *db.DB, segment int64, postings []uint64) error {
	pages := makePages(postings)
	return d.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, "DELETE FROM index_runs WHERE segment = $1", segment)
		if err != nil {
			return fmt.Errorf("couldn't write the index: %w", err)
		}
		if n == 0 {
			return errMoved
		}
		for _, p := range pages {
			_, err := tx.Exec(ctx, "INSERT INTO index_pages (segment, first, data) VALUES ($1, $2, $3)", segment, int64(p.first), p.data)
			if err != nil {
				return fmt.Errorf("couldn't write the index: %w", err)
			}
		}
		return nil
	})
}
