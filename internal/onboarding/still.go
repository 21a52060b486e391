package onboarding

import (
	"context"
	"time"

	"dancu/internal/db"
)

// StillBy makes the [Person].Still of somebody of whom accounts know two things:
// whether they are still signed in and may still act, and whether they have
// shown a second factor just now besides.
func StillBy(still, fresh func(ctx context.Context, q db.Querier, now time.Time) error) func(ctx context.Context, q db.Querier, now time.Time, fresh bool) error {
	return func(ctx context.Context, q db.Querier, now time.Time, freshly bool) error {
		if freshly {
			return fresh(ctx, q, now)
		}
		return still(ctx, q, now)
	}
}
