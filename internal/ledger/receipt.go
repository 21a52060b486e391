package ledger

import (
	"context"
	"slices"
	"strconv"
	"time"

	"dancu/internal/db"
	"dancu/internal/fault"
	"dancu/verify"
)

// Receipt returns the full receipt of an entry that was read: the parts for
// which show is true whole, of the others the digests, the outcome always, and
// the proof under the newest checkpoint. It verifies offline (verify.Receipt).
// An entry whose body was removed after its term has none: fault.NotFound.
func (l *Log) Receipt(ctx context.Context, r *Record, show func(*Part) bool) ([]byte, error) {
	if len(r.Parts) == 0 {
		return nil, fault.New(fault.NotFound, "the body of entry %d was removed after its term: the proof of its place can still be had", r.Index)
	}
	proof, err := l.Proof(ctx, r.Index)
	if err != nil {
		return nil, err
	}
	b := append(make([]byte, 0, 4096), `{"index":`...)
	b = strconv.AppendInt(b, r.Index, 10)
	b = append(b, `,"origin":`...)
	b = verify.AppendString(b, l.cfg.Origin)
	b = append(b, `,"parts":[`...)
	for i := range r.Parts {
		p := r.Parts[i]
		p.Withheld = p.Name != PartOutcome && !show(&p)
		if i > 0 {
			b = append(b, ',')
		}
		b = appendPart(b, &p)
	}
	b = append(b, `],"proof":`...)
	b = verify.AppendString(b, string(proof))
	b = append(b, `,"time":"`...)
	b = r.Time.UTC().AppendFormat(b, TimeLayout)
	return append(b, `"}`...), nil
}

// Since returns from when on people can be found in the log: the time of its
// first entry, or the start of the oldest month whose key is still there. It is
// zero while the log is empty.
func (l *Log) Since(ctx context.Context) (time.Time, error) {
	head, err := l.observe(ctx)
	if err != nil || head.Size == 0 {
		return time.Time{}, err
	}
	names, err := sealKeyNames(ctx, l.cfg.Main)
	if err != nil {
		return time.Time{}, err
	}
	for _, name := range slices.Backward(names) {
		month, err := time.ParseInLocation("2006-01", name, zone)
		if err != nil {
			continue // a key of something else
		}
		at, err := l.firstAt(ctx, db.Micros(month), head.Size)
		if err != nil || at == head.Size {
			return time.Time{}, err
		}
		var first time.Time
		err = readRows(ctx, l.cfg.Main, at, at+1, func(r *row) error {
			first = db.Time(r.micros)
			return nil
		})
		return first, err
	}
	return time.Time{}, nil
}
