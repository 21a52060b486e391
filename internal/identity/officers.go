package identity

import (
	"context"
	"fmt"

	"dancu/internal/db"
)

// OfficersOn counts an agency's active officers who were given grants of a
// connection: by grant, and all of them together under "". It names nobody.
func (s *Store) OfficersOn(ctx context.Context, agency, connection string) (map[string]int64, error) {
	out := map[string]int64{}
	err := s.main.Read(ctx, func(tx *db.Tx) error {
		rows, err := tx.Query(ctx, `SELECT g.grant_id, COUNT(*) FROM accounts a JOIN officer_grants g ON g.account = a.id AND g.connection = $2
			WHERE a.agency = $1 AND a.kind = $3 AND a.state = $4 GROUP BY g.grant_id`, agency, connection, string(AgencyOfficer), string(Active))
		if err != nil {
			return fmt.Errorf("couldn't count officers: %w", err)
		}
		defer rows.Close()
		for rows.Next() {
			var grant string
			var n int64
			if err := rows.Scan(&grant, &n); err != nil {
				return fmt.Errorf("couldn't count officers: %w", err)
			}
			out[grant] = n
		}
		if err := rows.Err(); err != nil {
			return fmt.Errorf("couldn't count officers: %w", err)
		}
		var all int64
		err = tx.QueryRow(ctx, `SELECT COUNT(DISTINCT a.id) FROM accounts a JOIN officer_grants g ON g.account = a.id AND g.connection = $2
			WHERE a.agency = $1 AND a.kind = $3 AND a.state = $4`, agency, connection, string(AgencyOfficer), string(Active)).Scan(&all)
		if err != nil {
			return fmt.Errorf("couldn't count officers: %w", err)
		}
		out[""] = all
		return nil
	})
	return out, err
}
