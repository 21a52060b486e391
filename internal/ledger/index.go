package ledger

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"slices"
	"strings"
	"time"

	"dancu/internal/db"
	"dancu/internal/fault"
)

// The search index is an inverted file in segments of 65,536 entries. A
// posting is 8 bytes: the kind of term, 5 bytes of the term's hash and the
// entry's place in the segment. While a segment grows, each round adds a run
// of postings; when it is complete they are sorted once into pages, so that a
// search is one seek a segment and an entry of ten terms takes some thirty
// bytes. Persons are hashed with the month's key; what is found is opened and
// compared, so that a collision of hashes costs time and nothing else.
const (
	segmentBits = 16
	segmentSize = 1 << segmentBits

	tokenBits = 40
	pageSize  = 4000 // of a page's data, about

	// smallRun is how many entries a run has at least, while there are more:
	// a smaller one is written again with the next round's postings in it.
	smallRun = 64
	// roundEntries is how many entries make a round begin at once; fewer wait
	// roundPause for others.
	roundEntries = 2048
	roundPause   = 200 * time.Millisecond
)

// indexItem is what index and statistics need of an entry.
type indexItem struct {
	micros                 int64
	kind, connection, code string
	sealkey                string
	terms                  []Term
}

// statKey is what entries are counted by.
type statKey struct {
	hour                   int64 // its start, UTC microseconds
	connection, kind, code string
}

const hourMicros = int64(time.Hour / time.Microsecond)

// posting packs a term's hash and an entry's place; token gives the term's
// part of it.
func posting(token uint64, index int64) uint64 { return token | uint64(index)&(segmentSize-1) }

func token(kind TermKind, sum []byte) uint64 {
	return uint64(kind)<<(tokenBits+segmentBits) | binary.BigEndian.Uint64(sum)>>(64-tokenBits)<<segmentBits
}

// plainToken is the token of a term that is no person.
func plainToken(kind TermKind, value string) uint64 {
	var stack [128]byte
	b := append(stack[:0], byte(kind), 0)
	sum := sha256.Sum256(append(b, value...))
	return token(kind, sum[:])
}

// tokenizer computes tokens. It is not for concurrent use.
type tokenizer struct {
	macs  map[string]hash.Hash // by month
	sum   [sha256.Size]byte
	known map[Term]uint64 // tokens of terms that many entries share
}

// maxKnown bounds how many tokens a tokenizer remembers.
const maxKnown = 4096

// plain is plainToken, remembered where entries are likely to share it.
func (t *tokenizer) plain(kind TermKind, value string) uint64 {
	if kind == TermRequest || kind == TermTransaction || kind == TermCase {
		return plainToken(kind, value)
	}
	k := Term{kind, value}
	token, ok := t.known[k]
	if !ok {
		if t.known == nil || len(t.known) >= maxKnown {
			t.known = make(map[Term]uint64, maxKnown)
		}
		token = plainToken(kind, value)
		k.Value = strings.Clone(value) // not the request it stood in
		t.known[k] = token
	}
	return token
}

// person is the token of a person in a month whose key is m.
func (t *tokenizer) person(m *monthKey, value string) uint64 {
	mac := t.macs[m.name]
	if mac == nil {
		if t.macs == nil || len(t.macs) > 100 {
			t.macs = map[string]hash.Hash{}
		}
		mac = hmac.New(sha256.New, m.index)
		t.macs[m.name] = mac
	}
	mac.Reset()
	mac.Write([]byte(value))
	return token(TermPerson, mac.Sum(t.sum[:0]))
}

// add appends the postings of an entry. m is the key of its month, nil if that
// is gone: then it cannot be found by persons.
func (t *tokenizer) add(out []uint64, index int64, it *indexItem, m *monthKey) []uint64 {
	out = append(out, posting(t.plain(termEntryKind, it.kind), index))
	if it.code != "" {
		out = append(out, posting(t.plain(termCode, it.code), index))
	}
	for i := range it.terms {
		switch term := &it.terms[i]; {
		case term.Kind != TermPerson:
			out = append(out, posting(t.plain(term.Kind, term.Value), index))
		case m != nil:
			out = append(out, posting(t.person(m, term.Value), index))
		}
	}
	return out
}

// errMoved says that another node has indexed this already.
var errMoved = errors.New("another node was faster")

// indexer is the state of the follower that writes index and statistics.
type indexer struct {
	log *Log
	tok tokenizer

	tail run // the open segment's last run, if this node wrote it last
	gap  int64
	buf  []uint64
}

// run is a stored run of postings.
type run struct {
	first, end int64
	data       []byte
}

// followIndex writes index and statistics until ctx ends.
func (l *Log) followIndex(ctx context.Context) {
	x := &indexer{log: l}
	for ctx.Err() == nil {
		more, err := x.round(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			l.cfg.Logger.Error("couldn't write the log's index", "error", err)
			pause(ctx, nil, retryPause)
			continue
		case more:
		default:
			pause(ctx, l.items.kick, followTick)
		}
		// Let entries gather, unless somebody waits for them.
		if l.urgent.Load() == 0 && l.items.waiting() < roundEntries && l.acked.Load().Size-l.indexed.Load() < roundEntries {
			pause(ctx, l.hurry, roundPause)
		}
	}
}

// round indexes what there is.
func (x *indexer) round(ctx context.Context) (more bool, err error) {
	l := x.log
	if l.cfg.Main.Engine() == db.Postgres {
		if err := x.reload(ctx); err != nil {
			return false, err
		}
	}
	if err := x.mergeComplete(ctx); err != nil {
		return false, err
	}
	pos := l.indexed.Load()
	items, _, upTo := l.items.take(pos)
	if items == nil {
		end := l.readTo(pos, upTo)
		if end == 0 {
			return false, nil
		}
		// Another node's entries: it has them in memory, so it may go first.
		if l.cfg.Main.Engine() == db.Postgres && x.gap != pos {
			x.gap = pos
			pause(ctx, nil, 100*time.Millisecond)
			return true, nil
		}
		if items, err = l.readItems(ctx, pos, end); err != nil {
			return false, err
		}
	}
	for len(items) > 0 {
		n := min(int64(len(items)), segmentSize-pos&(segmentSize-1))
		if err := x.write(ctx, pos, items[:n]); err != nil {
			x.tail = run{}
			if errors.Is(err, errMoved) {
				return true, x.reload(ctx)
			}
			return false, err
		}
		pos += n
		items = items[n:]
		l.indexed.Store(pos)
		l.moved()
	}
	return true, nil
}

// reload looks how far the index is now.
func (x *indexer) reload(ctx context.Context) error {
	pos, err := readProgress(ctx, x.log.cfg.Derived)
	if err != nil {
		return err
	}
	if pos != x.log.indexed.Load() {
		x.tail = run{}
		x.log.indexed.Store(pos)
		x.log.moved()
	}
	return nil
}

// write stores the postings and counts of items, which begin at pos and end in
// its segment.
func (x *indexer) write(ctx context.Context, pos int64, items []indexItem) error {
	l := x.log
	x.buf = x.buf[:0]
	counts := map[statKey]int64{}
	for i := range items {
		it := &items[i]
		m, err := l.keys.get(ctx, l.cfg.Main, it.sealkey)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		x.buf = x.tok.add(x.buf, pos+int64(i), it, m)
		counts[statKey{it.micros - it.micros%hourMicros, it.connection, it.kind, it.code}]++
	}
	end := pos + int64(len(items))
	r := run{first: pos, end: end}
	if x.tail.end == pos && x.tail.first>>segmentBits == pos>>segmentBits && x.tail.end-x.tail.first < smallRun {
		r.first = x.tail.first
		r.data = x.tail.data
	}
	r.data = appendPostings(r.data[:len(r.data):len(r.data)], x.buf)
	if err := writeIndex(ctx, l.cfg.Derived, pos, end, r, counts); err != nil {
		return err
	}
	x.tail = r
	return nil
}

// mergeComplete sorts the runs of complete segments into pages.
func (x *indexer) mergeComplete(ctx context.Context) error {
	for {
		segment, err := unmerged(ctx, x.log.cfg.Derived, x.log.indexed.Load()>>segmentBits)
		if err != nil || segment < 0 {
			return err
		}
		postings, err := readRuns(ctx, x.log.cfg.Derived, segment)
		if err != nil {
			return err
		}
		slices.Sort(postings)
		err = writePages(ctx, x.log.cfg.Derived, segment, slices.Compact(postings))
		if err != nil && !errors.Is(err, errMoved) {
			return err
		}
	}
}

// appendPostings appends the stored form of a run.
func appendPostings(b []byte, postings []uint64) []byte {
	b = slices.Grow(b, 8*len(postings))
	for _, p := range postings {
		b = binary.BigEndian.AppendUint64(b, p)
	}
	return b
}

// parsePostings reads the stored form of a run.
func parsePostings(out []uint64, b []byte) ([]uint64, error) {
	if len(b)%8 != 0 {
		return nil, fmt.Errorf("a run of %d bytes", len(b))
	}
	for ; len(b) > 0; b = b[8:] {
		out = append(out, binary.BigEndian.Uint64(b))
	}
	return out, nil
}

// page is a stored page of sorted postings.
type page struct {
	first uint64
	data  []byte // distances, as varints
}

// makePages packs sorted postings without repetitions.
func makePages(postings []uint64) []page {
	var pages []page
	var last uint64
	for _, p := range postings {
		n := len(pages) - 1
		if n < 0 || len(pages[n].data) >= pageSize {
			pages = append(pages, page{first: p, data: make([]byte, 0, pageSize+binary.MaxVarintLen64)})
		} else {
			pages[n].data = binary.AppendUvarint(pages[n].data, p-last)
		}
		last = p
	}
	return pages
}

// appendTo appends the page's postings to out.
func (p page) appendTo(out []uint64) ([]uint64, error) {
	out = append(out, p.first)
	last := p.first
	for b := p.data; len(b) > 0; {
		d, k := binary.Uvarint(b)
		if k <= 0 || d == 0 || last+d < last {
			return nil, errors.New("a page that cannot be read")
		}
		b = b[k:]
		last += d
		out = append(out, last)
	}
	return out, nil
}

// waitIndexed waits until index and statistics cover size entries.
func (l *Log) waitIndexed(ctx context.Context, size int64) error {
	if l.indexed.Load() >= size {
		return nil
	}
	l.urgent.Add(1)
	defer l.urgent.Add(-1)
	select {
	case l.hurry <- struct{}{}:
	default:
	}
	l.items.wake()
	return l.await(ctx, "index", func() bool { return l.indexed.Load() >= size })
}
