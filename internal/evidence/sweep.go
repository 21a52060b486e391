package evidence

import (
	"context"
	"slices"

	"dancu/internal/db"
)

// sweepBatch is how many files one transaction settles.
const sweepBatch = 50

// Sweep settles the files whose time is over: referred returns which of these
// ids something refers to; those stay for good, the others are removed. It
// returns how many were removed. It may run on any node, and beside itself.
//
// A file that is being attached is safe: [Vault.Hold] puts off its end before
// the transaction that refers to it begins, and what referred sees is newer
// than any transaction whose Hold was a term ago.
func (v *Vault) Sweep(ctx context.Context, referred func(ctx context.Context, ids []string) ([]string, error)) (removed int, err error) {
	now, after := v.db.Clock(), ""
	for {
		ids, err := expiredAfter(ctx, v.db, now, after, sweepBatch)
		if err != nil || len(ids) == 0 {
			return removed, err
		}
		after = ids[len(ids)-1]
		stay, err := referred(ctx, ids)
		if err != nil {
			return removed, err
		}
		n := 0
		err = v.db.Write(ctx, func(tx *db.Tx) error {
			n = 0
			for _, id := range ids {
				if slices.Contains(stay, id) {
					if err := keep(ctx, tx, id); err != nil {
						return err
					}
					continue
				}
				gone, err := remove(ctx, tx, id, now)
				if err != nil {
					return err
				}
				if gone {
					n++
				}
			}
			return nil
		})
		if err != nil {
			return removed, err
		}
		removed += n
	}
}
