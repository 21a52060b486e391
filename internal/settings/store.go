package settings

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"dancu/internal/db"
)

const columns = "version, name, was, value, proposer, confirmer, proposal, reason, made"

// latest is the version of the newest change, 0 if there is none.
func latest(ctx context.Context, q db.Querier) (v int64, err error) {
	if err := q.QueryRow(ctx, "SELECT coalesce(max(version), 0) FROM setting_changes").Scan(&v); err != nil {
		return 0, fmt.Errorf("couldn't read the version of the settings: %w", err)
	}
	return v, nil
}

// newest returns the newest change of each name.
func newest(ctx context.Context, q db.Querier) (map[string]Change, error) {
	list, err := changes(q.Query(ctx, "SELECT "+columns+` FROM setting_changes AS c
		WHERE version = (SELECT max(version) FROM setting_changes WHERE name = c.name) ORDER BY version`))
	if err != nil {
		return nil, err
	}
	out := map[string]Change{}
	for _, c := range list {
		out[c.Name] = c
	}
	return out, nil
}

func changesOf(ctx context.Context, q db.Querier, name string, limit int) ([]Change, error) {
	return changes(q.Query(ctx, "SELECT "+columns+" FROM setting_changes WHERE name = $1 ORDER BY version DESC LIMIT $2", name, int64(limit)))
}

func changes(rows *db.Rows, err error) (out []Change, _ error) {
	if err != nil {
		return nil, fmt.Errorf("couldn't read changes of settings: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var c Change
		var made int64
		if err := rows.Scan(&c.Version, &c.Name, &c.Was, &c.Value, &c.Proposer, &c.Confirmer, &c.Proposal, &c.Reason, &made); err != nil {
			return nil, fmt.Errorf("couldn't read a change of a setting: %w", err)
		}
		c.Made = db.Time(made)
		out = append(out, c)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("couldn't read changes of settings: %w", err)
	}
	return out, nil
}

func insertChange(ctx context.Context, tx *db.Tx, c *Change) error {
	_, err := tx.Exec(ctx, `INSERT INTO setting_changes (version, name, was, value, proposer, confirmer, proposal, reason, made)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		c.Version, c.Name, c.Was, c.Value, c.Proposer, c.Confirmer, c.Proposal, c.Reason, db.Micros(c.Made))
	if err != nil {
		return fmt.Errorf("couldn't store a change of a setting: %w", err)
	}
	return nil
}

// fileOf is what a node's configuration said at its last start.
func fileOf(ctx context.Context, q db.Querier, node string) (map[string]string, error) {
	rows, err := q.Query(ctx, "SELECT name, value FROM setting_files WHERE node = $1", node)
	if err != nil {
		return nil, fmt.Errorf("couldn't read the last configuration: %w", err)
	}
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var name, value string
		if err := rows.Scan(&name, &value); err != nil {
			return nil, fmt.Errorf("couldn't read the last configuration: %w", err)
		}
		out[name] = value
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("couldn't read the last configuration: %w", err)
	}
	return out, nil
}

// saveFile keeps what a node's configuration says.
func saveFile(ctx context.Context, tx *db.Tx, node string, values map[string]string) error {
	if _, err := tx.Exec(ctx, "DELETE FROM setting_files WHERE node = $1", node); err != nil {
		return fmt.Errorf("couldn't keep the configuration: %w", err)
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if _, err := tx.Exec(ctx, "INSERT INTO setting_files (node, name, value) VALUES ($1, $2, $3)", node, name, values[name]); err != nil {
			return fmt.Errorf("couldn't keep the configuration: %w", err)
		}
	}
	return nil
}
