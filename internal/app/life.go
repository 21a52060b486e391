package app

import (
	"context"
	"time"

	"dancu/internal/ledger"
)

// lifeEvery is how soon what time brings about in the life of connections is
// done: reminders, tasks, and telling of what is late. Nothing is refused by
// it, so a minute is soon enough.
const lifeEvery = time.Minute

// life does what time brings about in the life of connections, until ctx ends.
// Every node calls it; one of them does it.
func (a *App) life(ctx context.Context) error {
	tick := time.NewTicker(lifeEvery)
	defer tick.Stop()
	for {
		if err := a.Onboarding.Sweep(ctx); err != nil && ctx.Err() == nil {
			// It is tried again, and what was done is not done twice.
			a.Logger.Warn("couldn't sweep the life of connections", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// incidents opens an incident for what the log shows, until ctx ends.
func (a *App) incidents(ctx context.Context) error {
	return a.Log.Follow(ctx, ledger.Follower{Name: "onboarding.incidents", Tell: a.Onboarding.SeeSignals})
}
