package register

import (
	"context"
	"fmt"
	"iter"
	"time"

	"dancu/internal/db"
)

// Load brings records in by PIN as an import does, without a file: in
// transactions of bounded size, each record whole or not at all.
func (r *Register) Load(ctx context.Context, records iter.Seq[*Record]) (counts Counts, err error) {
	counts.Warnings = map[Warning]int64{}
	units, err := r.unitProvinces(ctx)
	if err != nil {
		return counts, err
	}
	ctx, cancel := context.WithCancel(ctx)
	type encoded struct {
		rows     []row
		warnings map[Warning]int64
	}
	batches := make(chan encoded, 1)
	go func() {
		defer close(batches)
		enc := encoder{units: units}
		b := encoded{warnings: map[Warning]int64{}}
		send := func() bool {
			select {
			case batches <- b:
			case <-ctx.Done():
				return false
			}
			b = encoded{rows: make([]row, 0, batchRows), warnings: map[Warning]int64{}}
			return true
		}
		for rec := range records {
			one, warnings := enc.row(rec)
			b.rows = append(b.rows, one)
			for _, w := range warnings {
				b.warnings[w]++
			}
			if len(b.rows) == batchRows && !send() {
				return
			}
		}
		if len(b.rows) > 0 {
			send()
		}
	}()
	defer func() {
		cancel()
		for range batches {
		}
	}()
	for b := range batches {
		done := counts.clone()
		err := r.db.Write(ctx, func(tx *db.Tx) error {
			for n := 1; ; n++ {
				inserted, updated, err := upsert(ctx, tx, b.rows)
				if err != nil {
					return err
				}
				done.Rows += int64(len(b.rows))
				done.Inserted += inserted
				done.Updated += updated
				done.Unchanged += int64(len(b.rows)) - inserted - updated
				for w, n := range b.warnings {
					done.Warnings[w] += n
				}
				if n == txBatches {
					return nil
				}
				var ok bool
				select {
				case b, ok = <-batches:
				case <-time.After(txWait):
				}
				if !ok {
					return nil
				}
			}
		})
		if err != nil {
			return counts, fmt.Errorf("couldn't write people: %w", err)
		}
		counts = done
	}
	if err := ctx.Err(); err != nil {
		return counts, stopped(ctx)
	}
	return counts, nil
}
