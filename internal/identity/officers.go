package identity

import (
	"context"
	"time"

	"dancu/internal/access"
	"dancu/internal/db"
)

// FindOfficers returns whose these sessions (public ids) are, of those that
// are live at now and an active officer's. The gate asks it in the
// transaction that commits the call, so that the end of a session, a disabled
// account and a right taken away bind there.
func (s *Store) FindOfficers(ctx context.Context, q db.Querier, sessions []string, now time.Time) (map[string]*access.OfficerStanding, error) {
	return nil, errUnbuilt
}
