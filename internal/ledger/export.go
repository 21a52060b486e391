package ledger

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"dancu/internal/db"
	"dancu/internal/fault"
	"dancu/verify"
)

// ExportOptions says what to export.
type ExportOptions struct {
	// First and End are the entries: from First up to but not including End.
	// An End of 0 means up to the newest entry acknowledged when asked.
	First, End int64
	// From and Until, if not zero, narrow that down to entries not older than
	// From and older than Until.
	From, Until time.Time
	// Omit names parts that are left out: their digests stand in, and the rest
	// still verifies.
	Omit []string
	// Progress, if not nil, is told how many entries are written.
	Progress func(done, total int64)
}

// Export writes entries with their bodies in the format that
// verify.CheckExport reads: with the newest checkpoint and the log's key it
// can be checked without the database. That it was asked for, by whom, why and
// of what, is itself an entry, acknowledged before the first byte is written.
// It returns how many entries were written.
func (l *Log) Export(ctx context.Context, w io.Writer, reader Reader, o ExportOptions) (int64, error) {
	if err := reader.check(); err != nil {
		return 0, err
	}
	head, err := l.observe(ctx)
	if err != nil {
		return 0, err
	}
	first, end := o.First, o.End
	if end == 0 {
		end = head.Size
	}
	if first < 0 || end > head.Size || first > end {
		return 0, fault.New(fault.Invalid, "entries %d up to %d cannot be exported: the log has %d", o.First, end, head.Size)
	}
	if !o.From.IsZero() {
		at, err := l.firstAt(ctx, db.Micros(o.From), head.Size)
		if err != nil {
			return 0, err
		}
		first = max(first, at)
	}
	if !o.Until.IsZero() {
		at, err := l.firstAt(ctx, db.Micros(o.Until), head.Size)
		if err != nil {
			return 0, err
		}
		end = min(end, at)
	}
	end = max(first, end)
	members := map[string]any{"first": first, "end": end, "count": end - first}
	if len(o.Omit) > 0 {
		members["omitted"] = o.Omit
	}
	if _, err := l.tell(ctx, "log.export", reader, members, nil); err != nil {
		return 0, err
	}
	if err := l.WaitPublished(ctx, max(end-1, 0)); err != nil {
		return 0, err
	}
	return end - first, l.export(ctx, w, l.published.Load(), first, end, o)
}

// export writes the entries under a checkpoint.
func (l *Log) export(ctx context.Context, w io.Writer, p *published, first, end int64, o ExportOptions) error {
	out, err := verify.NewExportWriter(w, p.signed, first, end)
	if err != nil {
		return err
	}
	tree := l.hashReader(ctx, p.Size)
	for pos := first; pos < end; {
		n := pos / verify.TileWidth
		hashes, err := l.hashes(ctx, 0, n, verify.TileWidthAt(0, n, p.Size))
		if err != nil {
			return fmt.Errorf("couldn't export entry %d: %w", pos, err)
		}
		var proof []tlog.Hash
		if proof, err = verify.ProveTile(p.Size, n, tree); err != nil {
			return fmt.Errorf("couldn't export entry %d: %w", pos, err)
		}
		if err := verify.CheckTile(p.Checkpoint, n, hashes, proof); err != nil {
			return errTiles(err)
		}
		if err := out.Tile(n, hashes, proof); err != nil {
			return fmt.Errorf("couldn't write the export: %w", err)
		}
		to := min(end, (n+1)*verify.TileWidth)
		err = readRows(ctx, l.cfg.Main, pos, to, func(r *row) error {
			if r.index != out.Next() {
				return damagedAt(out.Next())
			}
			rec, err := l.open(ctx, r)
			if err != nil {
				return err
			}
			if rec.Parts == nil {
				return out.Leaf(rec.Leaf)
			}
			parts := make([]verify.Part, len(rec.Parts))
			for i, p := range rec.Parts {
				parts[i] = verify.Part{Name: p.Name, Shown: !slices.Contains(o.Omit, p.Name), Salt: p.Salt, Data: p.Data, Digest: p.Digest}
			}
			return out.Entry(parts)
		})
		if err != nil {
			return fmt.Errorf("couldn't write the export: %w", err)
		}
		if out.Next() != to {
			return damagedAt(out.Next())
		}
		pos = to
		if o.Progress != nil {
			o.Progress(pos-first, end-first)
		}
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("couldn't write the export: %w", err)
	}
	return nil
}
