package ledger

import "context"

// TakeAll gives each every entry that has all the query asks for, newest first,
// up to the newest entry acknowledged when it was called; the query's limit does
// not count. It is for what is taken away in another form and may be long: one
// entry tells of it, with what is asked, of how many entries of the log, by whom
// and why, and is acknowledged before the first is given. each is told how many
// entries of the log are behind it, and ends it by an error. The index of that entry is returned.
func (l *Log) TakeAll(ctx context.Context, reader Reader, q Query, each func(r *Record, done, total int64) error) (entry int64, err error) {
	if err := reader.check(); err != nil {
		return 0, err
	}
	q.Limit = 0
	if err := q.check(); err != nil {
		return 0, err
	}
	head, err := l.observe(ctx)
	if err != nil {
		return 0, err
	}
	if err := l.waitIndexed(ctx, head.Size); err != nil {
		return 0, err
	}
	members, people := q.members()
	members["size"] = head.Size
	if entry, err = l.tell(ctx, "log.export", reader, members, people); err != nil {
		return 0, err
	}
	var failed error
	err = l.find(ctx, q, head.Size, func(r *Record) bool {
		failed = each(r, head.Size-r.Index, head.Size)
		return failed == nil
	})
	if failed != nil {
		return entry, failed
	}
	return entry, err
}
