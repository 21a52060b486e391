package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"dancu/internal/db"
	"dancu/internal/fault"
	"dancu/verify"
)

// Limits of reading.
const (
	// MaxResults is how many entries one search or read gives at most.
	MaxResults = 1000
	// defaultResults is how many it gives when nothing is said.
	defaultResults = 50
	// maxQueryTerms is how many terms a query may have.
	maxQueryTerms = 16
	// maxValue is how long a term's value or a reason may be, in bytes.
	maxValue = 1024
)

// Reader is who reads the log, and why: both go into the log (guarantee G7).
type Reader struct {
	Actor  Actor
	Reason string
	// Still says whether the reader may read as of now; nil: nothing is asked.
	// It is asked in the transaction of the entry about the reading, so that
	// whoever was shut out meanwhile is given nothing; its error is returned.
	Still func(ctx context.Context, q db.Querier, now time.Time) error
}

func (r *Reader) check() error {
	if r.Actor.Kind == "" || r.Actor.ID == "" {
		return fault.New(fault.Invalid, "reading the log needs a reader: say who reads")
	}
	if strings.TrimSpace(r.Reason) == "" {
		return fault.New(fault.Invalid, "reading the log needs a reason: say why")
	}
	if len(r.Reason) > maxValue {
		return fault.New(fault.Invalid, "the reason has %d bytes; at most %d fit", len(r.Reason), maxValue)
	}
	return nil
}

// Query says which entries are looked for: those that have all of it.
type Query struct {
	Terms []Term
	Kind  string // entry kind, "" for any
	Code  string // of a refusal, "" for any entry
	// Kinds narrows the search to entries of any of these kinds; nil does not.
	Kinds []string
	// Result is how a call ended ("answered", "empty", "refused"), "" for any
	// entry. Actor is the id of who did something that is no call, "" for anybody.
	// The index has neither: entries that have all the rest are looked at one by
	// one, so ask for them with something else that few entries have.
	Result, Actor string
	From          time.Time
	Until         time.Time // the first moment after; zero: now
	// Before is where to go on: only entries below this index. 0 means from
	// the newest.
	Before int64
	// First leaves out all entries below this index.
	First int64
	Limit int // 0 means 50; at most MaxResults
	// Show, if not nil, says which of the entries are there for this reader. The
	// others are as if they were not: no page has a gap where they are, and the
	// entry about the reading does not have them, for they were not given out.
	Show func(*Record) bool `json:"-"` // a reader at the command line has none
}

func (q *Query) check() error {
	if q.Limit == 0 {
		q.Limit = defaultResults
	}
	switch {
	case q.Limit < 0 || q.Limit > MaxResults:
		return fault.New(fault.Invalid, "a search gives 1 to %d entries at a time", MaxResults)
	case q.Before < 0 || q.First < 0:
		return fault.New(fault.Invalid, "the index of an entry is 0 or more")
	case len(q.Terms) > maxQueryTerms:
		return fault.New(fault.Invalid, "a search has at most %d terms", maxQueryTerms)
	case len(q.Kinds) > maxQueryTerms:
		return fault.New(fault.Invalid, "a search has at most %d kinds", maxQueryTerms)
	case len(q.Kind) > maxValue || len(q.Code) > maxValue || len(q.Result) > maxValue || len(q.Actor) > maxValue:
		return fault.New(fault.Invalid, "a search term has at most %d bytes", maxValue)
	}
	for _, t := range q.Terms {
		if _, ok := termNames[t.Kind]; !ok || t.Kind >= termEntryKind {
			return fault.New(fault.Invalid, "the log has no search terms of kind %d", t.Kind)
		}
		if t.Value == "" || len(t.Value) > maxValue {
			return fault.New(fault.Invalid, "a search term has 1 to %d bytes", maxValue)
		}
	}
	return nil
}

// Record is one entry of the log, opened.
type Record struct {
	Index      int64
	Time       time.Time
	Kind       string
	Connection string
	Code       string
	Leaf       [32]byte
	// Parts are all parts, the outcome last; nil when the body was removed
	// after its legal term.
	Parts []Part
}

// Part returns the first part of that name, nil if there is none.
func (r *Record) Part(name string) *Part {
	for i := range r.Parts {
		if r.Parts[i].Name == name {
			return &r.Parts[i]
		}
	}
	return nil
}

// Result is what a search or a read gives.
type Result struct {
	Records []Record
	// Next is the Query.Before of the following results, 0 if there are none.
	Next int64
	// Entry is the log's entry about this very reading.
	Entry int64
}

// Search returns the newest entries that have all the query asks for, up to
// the newest entry acknowledged when it was called. That they were read, by
// whom, why and which, is itself an entry, acknowledged before any is given
// out.
func (l *Log) Search(ctx context.Context, reader Reader, q Query) (*Result, error) {
	if err := reader.check(); err != nil {
		return nil, err
	}
	if err := q.check(); err != nil {
		return nil, err
	}
	head, err := l.observe(ctx)
	if err != nil {
		return nil, err
	}
	if err := l.waitIndexed(ctx, head.Size); err != nil {
		return nil, err
	}
	res := &Result{}
	err = l.find(ctx, q, head.Size, func(r *Record) bool {
		if len(res.Records) == q.Limit {
			res.Next = res.Records[q.Limit-1].Index
			return false
		}
		res.Records = append(res.Records, *r)
		return true
	})
	if err != nil {
		return nil, err
	}
	members, people := q.members()
	members["entries"] = indexesOf(res.Records)
	if res.Entry, err = l.tell(ctx, "log.search", reader, members, people); err != nil {
		return nil, err
	}
	return res, nil
}

// members is what is asked as it stands in the entry about the reading; people
// are those it is asked of, who stand in parts of their own.
func (q *Query) members() (members map[string]any, people []string) {
	members = map[string]any{}
	var terms []any
	for _, t := range q.Terms {
		if t.Kind == TermPerson {
			people = append(people, t.Value)
		} else {
			terms = append(terms, map[string]any{"kind": t.Kind.String(), "value": t.Value})
		}
	}
	if terms != nil {
		members["terms"] = terms
	}
	set := func(name, value string) {
		if value != "" {
			members[name] = value
		}
	}
	set("entryKind", q.Kind)
	set("code", q.Code)
	set("from", stampOf(q.From))
	set("until", stampOf(q.Until))
	set("result", q.Result)
	set("by", q.Actor)
	if q.Kinds != nil {
		members["entryKinds"] = q.Kinds
	}
	if q.Before > 0 {
		members["before"] = q.Before
	}
	return members, people
}

func stampOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(TimeLayout)
}

func indexesOf(records []Record) []any {
	out := make([]any, len(records))
	for i := range records {
		out[i] = records[i].Index
	}
	return out
}

// Read returns the entries with these indexes, in this order. people are those
// on whose account they are read, if there are such: the entry about the
// reading can be found by them.
func (l *Log) Read(ctx context.Context, reader Reader, people []string, indexes ...int64) (*Result, error) {
	return l.read(ctx, "log.read", reader, people, indexes)
}

// Take is Read for entries that are taken away in another form, such as a
// table: the entry about it is one of an export.
func (l *Log) Take(ctx context.Context, reader Reader, people []string, indexes ...int64) (*Result, error) {
	return l.read(ctx, "log.export", reader, people, indexes)
}

func (l *Log) read(ctx context.Context, kind string, reader Reader, people []string, indexes []int64) (*Result, error) {
	if err := reader.check(); err != nil {
		return nil, err
	}
	if len(indexes) == 0 || len(indexes) > MaxResults {
		return nil, fault.New(fault.Invalid, "1 to %d entries can be read at a time", MaxResults)
	}
	if len(people) > maxQueryTerms {
		return nil, fault.New(fault.Invalid, "at most %d people can be named", maxQueryTerms)
	}
	head, err := l.observe(ctx)
	if err != nil {
		return nil, err
	}
	res := &Result{}
	for _, i := range indexes {
		if i < 0 || i >= head.Size {
			return nil, fault.New(fault.NotFound, "the log has %d entries: there is no entry %d", head.Size, i)
		}
		r, err := l.record(ctx, i)
		if err != nil {
			return nil, err
		}
		res.Records = append(res.Records, *r)
	}
	if res.Entry, err = l.tell(ctx, kind, reader, map[string]any{"entries": indexesOf(res.Records)}, people); err != nil {
		return nil, err
	}
	return res, nil
}

// tell writes the entry about a reading.
func (l *Log) tell(ctx context.Context, kind string, reader Reader, members map[string]any, people []string) (int64, error) {
	members["reason"] = reader.Reason
	if list, ok := members["entries"].([]any); ok {
		members["count"] = int64(len(list))
	}
	e, err := EventEntry(kind, reader.Actor, members)
	if err != nil {
		return 0, err
	}
	for _, p := range people {
		data, err := verify.Canonical(append(verify.AppendString([]byte(`{"pin":`), p), '}'))
		if err != nil {
			return 0, fault.Wrap(fault.Invalid, err, "the log cannot be searched by such a number")
		}
		e.Add(PartKeys, data)
		e.Find(TermPerson, p)
	}
	var index int64
	err = l.Write(ctx, func(tx *Tx) error {
		if reader.Still != nil {
			if err := reader.Still(ctx, tx, tx.Now); err != nil {
				return err
			}
		}
		index = tx.Append(e, Outcome{})
		return nil
	})
	return index, err
}

// record reads and opens one entry.
func (l *Log) record(ctx context.Context, index int64) (*Record, error) {
	var out *Record
	err := readRows(ctx, l.cfg.Main, index, index+1, func(r *row) (err error) {
		out, err = l.open(ctx, r)
		return err
	})
	if err == nil && out == nil {
		err = damagedAt(index)
	}
	return out, err
}

// open opens a stored entry and checks that its parts give its leaf: what was
// changed in the store is not given out as if it were the log.
func (l *Log) open(ctx context.Context, r *row) (*Record, error) {
	rec := &Record{Index: r.index, Time: db.Time(r.micros), Kind: r.kind, Connection: r.connection, Code: r.code}
	if len(r.leaf) != len(rec.Leaf) {
		return nil, damagedAt(r.index)
	}
	rec.Leaf = [32]byte(r.leaf)
	if r.body == nil {
		return rec, nil
	}
	m, err := l.keys.get(ctx, l.cfg.Main, r.sealkey)
	if fault.Is(err, fault.NotFound) {
		return rec, nil // the month's key is gone, and with it its bodies
	}
	if err != nil {
		return nil, err
	}
	if rec.Parts, err = openParts(m, r); err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "entry %d of the log is damaged: run dancu ledger fsck", r.index)
	}
	if leafOf(rec.Parts) != rec.Leaf {
		return nil, damagedAt(r.index)
	}
	return rec, nil
}

// openParts returns all parts of a stored entry, the outcome last.
func openParts(m *monthKey, r *row) ([]Part, error) {
	parts, err := m.open(r.body)
	if err != nil {
		return nil, err
	}
	if len(r.outcome) < len(verify.Salt{}) {
		return nil, errors.New("the outcome is cut off")
	}
	o := Part{Name: PartOutcome, Salt: verify.Salt(r.outcome), Data: r.outcome[len(verify.Salt{}):]}
	o.Digest = verify.PartDigest(o.Name, &o.Salt, o.Data)
	return append(parts, o), nil
}

func leafOf(parts []Part) [32]byte {
	digests := make([]verify.Digest, len(parts))
	for i := range parts {
		digests[i] = parts[i].Digest
	}
	return verify.Leaf(digests)
}

// span is a stretch of entries of which one month's key made the person
// tokens.
type span struct {
	lo, hi int64
	key    *monthKey
}

// find calls fn for the matching entries below size, newest first, until it
// returns false.
func (l *Log) find(ctx context.Context, q Query, size int64, fn func(*Record) bool) error {
	lo, hi := q.First, size
	var err error
	if q.Before > 0 {
		hi = min(hi, q.Before)
	}
	if !q.Until.IsZero() {
		var at int64
		if at, err = l.firstAt(ctx, db.Micros(q.Until), size); err != nil {
			return err
		}
		hi = min(hi, at)
	}
	if !q.From.IsZero() {
		var at int64
		if at, err = l.firstAt(ctx, db.Micros(q.From), size); err != nil {
			return err
		}
		lo = max(lo, at)
	}
	spans := []span{{lo: lo, hi: hi}}
	if slices.ContainsFunc(q.Terms, func(t Term) bool { return t.Kind == TermPerson }) {
		if spans, err = l.monthSpans(ctx, lo, hi, size); err != nil {
			return err
		}
	}
	var tok tokenizer
	for _, s := range spans {
		tokens := []uint64{}
		if q.Kind != "" {
			tokens = append(tokens, plainToken(termEntryKind, q.Kind))
		}
		if q.Code != "" {
			tokens = append(tokens, plainToken(termCode, q.Code))
		}
		for _, t := range q.Terms {
			if t.Kind == TermPerson {
				tokens = append(tokens, tok.person(s.key, t.Value))
			} else {
				tokens = append(tokens, plainToken(t.Kind, t.Value))
			}
		}
		for seg := (s.hi - 1) >> segmentBits; s.lo < s.hi && seg >= s.lo>>segmentBits; seg-- {
			places, err := l.anyPlaces(ctx, seg, tokens, q.Kinds)
			if err != nil {
				return err
			}
			for _, p := range slices.Backward(places) {
				index := seg<<segmentBits | int64(p)
				if index < s.lo || index >= s.hi {
					continue
				}
				if err := ctx.Err(); err != nil {
					return fault.Wrap(fault.Unavailable, err, "the search took too long: ask for less")
				}
				rec, err := l.record(ctx, index)
				if err != nil {
					return err
				}
				if rec.matches(&q) && (q.Show == nil || q.Show(rec)) && !fn(rec) {
					return nil
				}
			}
		}
	}
	return nil
}

// matches says whether what the index found is what was asked for.
func (r *Record) matches(q *Query) bool {
	if q.Kind != "" && r.Kind != q.Kind || q.Code != "" && r.Code != q.Code || q.Kinds != nil && !slices.Contains(q.Kinds, r.Kind) {
		return false
	}
	if q.Result != "" && memberOf(r.Part(PartOutcome), "result") != q.Result || q.Actor != "" && r.actor() != q.Actor {
		return false
	}
	if len(q.Terms) == 0 {
		return true
	}
	have := termsOf(r.Parts)
	for _, t := range q.Terms {
		if !slices.Contains(have, t) {
			return false
		}
	}
	return true
}

// memberOf is a text of a part, "" if it is not there.
func memberOf(p *Part, name string) string {
	if p == nil {
		return ""
	}
	m, err := verify.Object(p.Data)
	if err != nil {
		return ""
	}
	s, err := verify.String(m[name])
	if err != nil {
		return ""
	}
	return s
}

// actor is the id of who did what the entry tells of, "" of a call.
func (r *Record) actor() string {
	p := r.Part(PartEvent)
	if p == nil {
		return ""
	}
	m, err := verify.Object(p.Data)
	if err != nil || m["actor"] == nil {
		return ""
	}
	return memberOf(&Part{Data: m["actor"]}, "id")
}

// anyPlaces is places of entries of any of the kinds, if there are such.
func (l *Log) anyPlaces(ctx context.Context, segment int64, tokens []uint64, kinds []string) ([]uint16, error) {
	if kinds == nil {
		return l.places(ctx, segment, tokens)
	}
	var all []uint16
	for _, k := range kinds {
		some, err := l.places(ctx, segment, append(slices.Clone(tokens), plainToken(termEntryKind, k)))
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

// rarity orders kinds of term by how few entries share one.
var rarity = []TermKind{
	TermRequest, TermTransaction, TermCase, TermPerson, TermOfficer, TermAddress, TermProcedure,
	termCode, TermConnection, TermSystem, TermAgency, termEntryKind,
}

// fewPlaces is when opening the entries costs less than reading on in the
// index.
const fewPlaces = 16

// places returns the places in a segment that have all the tokens, in order;
// where they are few, some of them may lack one of the commoner tokens.
func (l *Log) places(ctx context.Context, segment int64, tokens []uint64) ([]uint16, error) {
	if len(tokens) == 0 {
		all := make([]uint16, segmentSize)
		for i := range all {
			all[i] = uint16(i)
		}
		return all, nil
	}
	rank := func(token uint64) int { return slices.Index(rarity, TermKind(token>>(tokenBits+segmentBits))) }
	tokens = slices.SortedFunc(slices.Values(tokens), func(a, b uint64) int { return rank(a) - rank(b) })
	var places []uint16
	err := l.cfg.Derived.Read(ctx, func(tx *db.Tx) error {
		runs, err := readRuns(ctx, tx, segment)
		if err != nil {
			return err
		}
		for i, token := range tokens {
			found := runs
			if runs == nil {
				if found, err = readPages(ctx, tx, segment, token, token|(segmentSize-1)); err != nil {
					return err
				}
			}
			var have []uint16
			for _, p := range found {
				if p&^(segmentSize-1) == token {
					have = append(have, uint16(p))
				}
			}
			slices.Sort(have)
			have = slices.Compact(have)
			if i == 0 {
				places = have
			} else {
				places = intersect(places, have)
			}
			if len(places) <= fewPlaces {
				return nil
			}
		}
		return nil
	})
	return places, err
}

// intersect keeps in a what is also in b; both are sorted.
func intersect(a, b []uint16) []uint16 {
	out := a[:0]
	for _, p := range a {
		for len(b) > 0 && b[0] < p {
			b = b[1:]
		}
		if len(b) > 0 && b[0] == p {
			out = append(out, p)
		}
	}
	return out
}

// firstAt returns the first entry below size that is not older than a moment,
// or size. Times never go back in the log.
func (l *Log) firstAt(ctx context.Context, micros, size int64) (int64, error) {
	var err error
	at := sort.Search(int(size), func(i int) bool {
		if err != nil {
			return true
		}
		var t int64
		err = l.cfg.Main.QueryRow(ctx, "SELECT time FROM entries WHERE idx = $1", int64(i)).Scan(&t)
		if errors.Is(err, sql.ErrNoRows) {
			err = damagedAt(int64(i))
		}
		return t >= micros
	})
	return int64(at), err
}

// monthSpans cuts the entries from lo up to hi into months, newest first, with
// the key of each. A month whose key is gone is left out: nobody can be found
// in it by number.
func (l *Log) monthSpans(ctx context.Context, lo, hi, size int64) ([]span, error) {
	names, err := sealKeyNames(ctx, l.cfg.Main)
	if err != nil {
		return nil, err
	}
	var spans []span
	for _, name := range names {
		start, err := time.ParseInLocation("2006-01", name, zone)
		if err != nil {
			continue // a key of something else
		}
		s := span{}
		if s.lo, err = l.firstAt(ctx, db.Micros(start), size); err != nil {
			return nil, err
		}
		if s.hi, err = l.firstAt(ctx, db.Micros(start.AddDate(0, 1, 0)), size); err != nil {
			return nil, err
		}
		if s.lo, s.hi = max(s.lo, lo), min(s.hi, hi); s.lo >= s.hi {
			continue
		}
		if s.key, err = l.keys.get(ctx, l.cfg.Main, name); err != nil {
			return nil, err
		}
		spans = append(spans, s)
	}
	return spans, nil
}

// sealKeyNames returns the names of all keys, newest first.
func sealKeyNames(ctx context.Context, q db.Querier) ([]string, error) {
	rows, err := q.Query(ctx, "SELECT name FROM sealkeys ORDER BY name DESC")
	if err != nil {
		return nil, fmt.Errorf("couldn't read the names of the keys: %w", err)
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, fmt.Errorf("couldn't read the names of the keys: %w", err)
		}
		names = append(names, name)
	}
	return names, rows.Err()
}

// Line is what of an entry may be listed without reading it.
type Line struct {
	Index      int64
	Time       time.Time
	Kind       string
	Connection string
	Code       string
}

// Recent returns the newest n entries (at most MaxResults), newest first,
// without their bodies: that is no reading of the log.
func (l *Log) Recent(ctx context.Context, n int) ([]Line, error) {
	rows, err := l.cfg.Main.Query(ctx, "SELECT idx, time, kind, connection, code FROM entries ORDER BY idx DESC LIMIT $1", int64(min(max(n, 0), MaxResults)))
	if err != nil {
		return nil, fmt.Errorf("couldn't list entries: %w", err)
	}
	defer rows.Close()
	var lines []Line
	for rows.Next() {
		var r Line
		var micros int64
		if err := rows.Scan(&r.Index, &micros, &r.Kind, &r.Connection, &r.Code); err != nil {
			return nil, fmt.Errorf("couldn't list entries: %w", err)
		}
		r.Time = db.Time(micros)
		lines = append(lines, r)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("couldn't list entries: %w", err)
	}
	return lines, nil
}

// Stat counts the entries of one hour that have connection, kind and code in
// common.
type Stat struct {
	Hour       time.Time // its start
	Connection string
	Kind       string
	Code       string
	N          int64
}

// maxStats bounds what Stats returns.
const maxStats = 100_000

// Stats returns the counts of the hours that begin from from up to but not
// including until, in order. Days are hours added up: Vietnam is a whole
// number of hours from UTC. It waits until everything acknowledged is counted.
func (l *Log) Stats(ctx context.Context, from, until time.Time) ([]Stat, error) {
	head, err := l.observe(ctx)
	if err != nil {
		return nil, err
	}
	if err := l.waitIndexed(ctx, head.Size); err != nil {
		return nil, err
	}
	rows, err := l.cfg.Derived.Query(ctx, `SELECT hour, connection, kind, code, n FROM statistics WHERE hour >= $1 AND hour < $2
		ORDER BY hour, connection, kind, code LIMIT $3`, db.Micros(from), db.Micros(until), int64(maxStats+1))
	if err != nil {
		return nil, fmt.Errorf("couldn't read the statistics: %w", err)
	}
	defer rows.Close()
	var stats []Stat
	for rows.Next() {
		var s Stat
		var hour int64
		if err := rows.Scan(&hour, &s.Connection, &s.Kind, &s.Code, &s.N); err != nil {
			return nil, fmt.Errorf("couldn't read the statistics: %w", err)
		}
		s.Hour = db.Time(hour)
		stats = append(stats, s)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("couldn't read the statistics: %w", err)
	}
	if len(stats) > maxStats {
		return nil, fault.New(fault.Invalid, "the statistics of these hours have more than %d rows: ask for fewer hours", maxStats)
	}
	return stats, nil
}

// recentSegments is how far back RecentOf looks: two million entries.
const recentSegments = 32

// RecentOf returns the newest n entries (at most MaxResults) about a connection
// among the last two million that are indexed, newest first, without their
// bodies: that is no reading of the log. It waits for nothing.
func (l *Log) RecentOf(ctx context.Context, connection string, n int) ([]Line, error) {
	n = min(max(n, 0), MaxResults)
	end, err := readProgress(ctx, l.cfg.Derived)
	if err != nil {
		return nil, err
	}
	token := plainToken(TermConnection, connection)
	var lines []Line
	for segment := (end - 1) >> segmentBits; segment >= max(0, end>>segmentBits-recentSegments) && len(lines) < n; segment-- {
		places, err := l.places(ctx, segment, []uint64{token})
		if err != nil {
			return nil, err
		}
		for i := len(places) - 1; i >= 0 && len(lines) < n; i-- {
			var r Line
			var micros int64
			err := l.cfg.Main.QueryRow(ctx, "SELECT idx, time, kind, connection, code FROM entries WHERE idx = $1", segment<<segmentBits|int64(places[i])).
				Scan(&r.Index, &micros, &r.Kind, &r.Connection, &r.Code)
			if err != nil && !errors.Is(err, sql.ErrNoRows) {
				return nil, fmt.Errorf("couldn't list entries: %w", err)
			}
			if err == nil && r.Connection == connection { // hashes may collide; a part may name another connection
				r.Time = db.Time(micros)
				lines = append(lines, r)
			}
		}
	}
	return lines, nil
}
