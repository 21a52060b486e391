package ledger

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"dancu/internal/db"
	"dancu/internal/fault"
	"dancu/verify"
)

// FsckConfig says what to check, and against what.
type FsckConfig struct {
	Main    *db.DB
	Derived *db.DB
	// SealingKey opens the bodies.
	SealingKey []byte
	// VKey is the log's verifier key; needed for Checkpoints and Receipts.
	VKey string
	// Checkpoints are signed checkpoints that somebody kept: what they commit
	// to must still be the log's beginning. A rewrite of the whole store shows
	// only here.
	Checkpoints [][]byte
	// Receipts are receipts that somebody kept.
	Receipts []*verify.Receipt
	// Progress, if not nil, is told how many entries were looked at.
	Progress func(done, total int64)
}

// Fsck computes everything again from the entries and compares it with what is
// stored: every body opens and gives its leaf, the leaves give every head's
// root and every tile, the plain columns say what the body says, the standing's
// documents are those the log commits to, index and statistics are what the
// entries give, and kept checkpoints and receipts still hold. It reports all
// places that do not fit, the first ones first. It reads no body to anybody,
// changes nothing, may run beside a server, and takes memory for one segment
// of the index. The error says that checking itself was not possible.
func Fsck(ctx context.Context, cfg FsckConfig) (*verify.Report, error) {
	keys, err := newKeyring(cfg.SealingKey)
	if err != nil {
		return nil, err
	}
	f := &fsck{cfg: cfg, keys: keys, report: &verify.Report{}, counts: map[statKey]int64{}, hours: map[int64]bool{}, hour: -1, shut: map[string]bool{}}
	if err := f.readKept(); err != nil {
		return nil, err
	}
	if err := f.run(ctx); err != nil {
		return nil, err
	}
	return f.report, nil
}

// fsck is the state of one check.
type fsck struct {
	cfg    FsckConfig
	keys   *keyring
	report *verify.Report

	size    int64 // of the newest head when the check began
	indexed int64 // how far the index was then

	kept     []verify.Checkpoint // by size
	receipts []*verify.Receipt   // by index

	// The tree of the stored leaves. lost says that it cannot be compared
	// until the next head, because an entry is missing or differs.
	tree frontier
	edge rightEdge
	lost bool
	next int64 // the entry that must come

	heads    []headRow // read ahead
	headRows int64     // sizes up to here were read
	head     headRow   // the one that covers the present entry
	prev     headRow   // the one before

	shut  map[string]bool // keys that do not open
	blind bool            // a body of the present segment stayed shut

	told int64 // the newest standing version that an entry committed to

	tok      tokenizer
	postings []uint64          // of the present segment
	segment  int64             // its number
	counts   map[statKey]int64 // of the present hour
	hour     int64
	hours    map[int64]bool // that were compared: 24 a day
}

// headRow is a stored head.
type headRow struct {
	size, standing, micros int64
	root, frontier         []byte
}

func headPlace(size int64) string { return fmt.Sprintf("head %d", size) }

// readKept checks the signatures of what was kept.
func (f *fsck) readKept() error {
	for i, signed := range f.cfg.Checkpoints {
		c, err := verify.OpenCheckpoint(signed, f.cfg.VKey)
		if err != nil {
			return fault.Wrap(fault.Invalid, err, "checkpoint %d cannot be used", i+1)
		}
		f.kept = append(f.kept, c)
	}
	for i, r := range f.cfg.Receipts {
		if err := r.Check(); err != nil {
			return fault.Wrap(fault.Invalid, err, "receipt %d cannot be used", i+1)
		}
		if r.Proof != nil {
			c, err := r.Verify(f.cfg.VKey)
			if err != nil {
				return fault.Wrap(fault.Invalid, err, "receipt %d cannot be used", i+1)
			}
			f.kept = append(f.kept, c)
		}
		f.receipts = append(f.receipts, r)
	}
	slices.SortFunc(f.kept, func(a, b verify.Checkpoint) int { return cmp.Compare(a.Size, b.Size) })
	slices.SortFunc(f.receipts, func(a, b *verify.Receipt) int { return cmp.Compare(a.Index, b.Index) })
	return nil
}

func (f *fsck) run(ctx context.Context) (err error) {
	// Before the head: the index never covers more than the log.
	if f.indexed, err = readProgress(ctx, f.cfg.Derived); err != nil {
		return err
	}
	if f.size, err = newestSize(ctx, f.cfg.Main); err != nil {
		return err
	}
	// A forged head must not make the check run for ever: it ends with the last
	// entry.
	var last int64
	if err := f.cfg.Main.QueryRow(ctx, "SELECT COALESCE(MAX(idx) + 1, 0) FROM entries").Scan(&last); err != nil {
		return err
	}
	if f.size > last {
		f.report.Add(verify.Entry(last), "the entries from here to %d are missing: the log's end was cut off", f.size-1)
		f.report.Add(headPlace(f.size), "the last of the log's entries is %s", verify.Entry(last-1))
		f.size = last
	}
	if f.indexed > f.size {
		f.report.Add("index", "it covers %d entries, the log has %d: the log's end was cut off", f.indexed, f.size)
		f.indexed = f.size
	}
	if err := f.checkSealKeys(ctx); err != nil {
		return err
	}
	f.checkKept()
	for pos := int64(0); pos < f.size; pos += readChunk {
		if err := ctx.Err(); err != nil {
			return fault.Wrap(fault.Unavailable, err, "the check was broken off")
		}
		end := min(pos+readChunk, f.size)
		if ok, err := f.near(ctx, end); !ok {
			return err
		}
		if err := readRows(ctx, f.cfg.Main, pos, end, func(r *row) error { return f.entry(ctx, r) }); err != nil {
			return err
		}
		if err := f.missing(ctx, end); err != nil {
			return err
		}
		if err := f.tiles(ctx); err != nil {
			return err
		}
		if f.cfg.Progress != nil {
			f.cfg.Progress(end, f.size)
		}
	}
	for _, r := range f.receipts {
		f.report.Add(fmt.Sprintf("receipt of %s", verify.Entry(r.Index)), "the log has only %d entries: its end was cut off", f.size)
	}
	for _, c := range f.kept {
		f.report.Add(fmt.Sprintf("checkpoint of %d entries", c.Size), "the log has only %d entries: its end was cut off", f.size)
	}
	for _, check := range []func(context.Context) error{f.beyond, f.standingEnd, f.tilesEnd, f.derivedEnd} {
		if err := check(ctx); err != nil {
			return err
		}
	}
	return nil
}

// maxGap is how many missing entries in a row the check steps over.
const maxGap = 1 << 24

// near reports whether the next entry is at most maxGap away from end; a
// larger gap ends the check, since nothing behind it can be said.
func (f *fsck) near(ctx context.Context, end int64) (bool, error) {
	if f.next >= end-readChunk {
		return true, nil
	}
	var index int64
	err := f.cfg.Main.QueryRow(ctx, "SELECT COALESCE(MIN(idx), 0) FROM entries WHERE idx >= $1", f.next).Scan(&index)
	if err != nil || index-f.next <= maxGap {
		return err == nil, err
	}
	f.report.Add(verify.Entry(f.next), "the entries from here to %d are missing: nothing behind so large a gap can be checked", index-1)
	return false, nil
}

// checkSealKeys reports keys that do not open.
func (f *fsck) checkSealKeys(ctx context.Context) error {
	names, err := sealKeyNames(ctx, f.cfg.Main)
	if err != nil {
		return err
	}
	if f.size > 0 && !slices.Contains(names, pseudonymKey) {
		f.badKey(pseudonymKey, errors.New("it is missing"))
	}
	for _, name := range names {
		if _, err := f.keys.get(ctx, f.cfg.Main, name); err != nil {
			f.badKey(name, err)
		}
	}
	return nil
}

// badKey reports a key once: all bodies under it stay shut.
func (f *fsck) badKey(name string, err error) {
	if !f.shut[name] {
		f.shut[name] = true
		f.report.Add("key "+name, "%v", err)
	}
}

// entry checks one stored entry and what comes due with it.
func (f *fsck) entry(ctx context.Context, r *row) error {
	if err := f.missing(ctx, r.index); err != nil {
		return err
	}
	if err := f.cover(ctx, r.index); err != nil {
		return err
	}
	f.report.Entries++
	f.next = r.index + 1
	place := verify.Entry(r.index)
	bad := func(format string, args ...any) { f.report.Add(place, format, args...) }

	if f.head.size > 0 && r.micros != f.head.micros {
		bad("its time %s is not that of its head of %d entries, %s", stampOf(db.Time(r.micros)), f.head.size, stampOf(db.Time(f.head.micros)))
	}
	var leaf [32]byte
	if len(r.leaf) != len(leaf) {
		bad("its leaf has %d bytes instead of %d", len(r.leaf), len(leaf))
	}
	copy(leaf[:], r.leaf)
	parts, err := f.body(ctx, r, leaf, bad)
	if err != nil {
		return err
	}
	f.tree.add(leaf)
	f.edge.add([][32]byte{leaf})
	for len(f.receipts) > 0 && f.receipts[0].Index == r.index {
		if f.receipts[0].Leaf() != leaf {
			f.report.Add(fmt.Sprintf("receipt of %s", place), "the log has another entry there: it was rewritten")
		}
		f.receipts = f.receipts[1:]
	}
	f.checkKept()
	if err := f.derive(ctx, r, parts); err != nil {
		return err
	}
	if f.next == f.head.size {
		f.checkHead()
	}
	return nil
}

// body opens an entry's body and compares it with the row's other columns. It
// returns the parts, nil if they cannot be had.
func (f *fsck) body(ctx context.Context, r *row, leaf [32]byte, bad func(string, ...any)) ([]Part, error) {
	if want := monthName(db.Time(r.micros)); r.sealkey != want {
		bad("it is sealed with the key %q; the key of its month is %q", r.sealkey, want)
	}
	if r.body == nil || r.outcome == nil {
		bad("its body is missing")
		return nil, nil
	}
	m, err := f.keys.get(ctx, f.cfg.Main, r.sealkey)
	if err != nil {
		if !f.shut[r.sealkey] && !fault.Is(err, fault.NotFound) {
			return nil, err
		}
		f.badKey(r.sealkey, err)
		f.blind = true
		return nil, nil
	}
	parts, err := openParts(m, r)
	if err != nil {
		bad("%v", err)
		return nil, nil
	}
	if leafOf(parts) != leaf {
		bad("its body and outcome do not give its leaf")
	}
	f.columns(r, parts, bad)
	if r.call == nil {
		if err := f.noCall(ctx, r, parts, bad); err != nil {
			return nil, err
		}
	}
	if r.kind == standingKind {
		if err := f.standing(ctx, r, parts, bad); err != nil {
			return nil, err
		}
	}
	return parts, nil
}

// texts returns the string members of a part.
func texts(p *Part) map[string]string {
	out := map[string]string{}
	if p == nil {
		return out
	}
	members, err := verify.Object(p.Data)
	if err != nil {
		return out
	}
	for name, value := range members {
		if s, err := verify.String(value); err == nil {
			out[name] = s
		}
	}
	return out
}

func partOf(parts []Part, name string) *Part { return (&Record{Parts: parts}).Part(name) }

// columns compares the plain columns with the parts.
func (f *fsck) columns(r *row, parts []Part, bad func(string, ...any)) {
	for _, p := range parts {
		if c, err := verify.Canonical(p.Data); err != nil || !bytes.Equal(c, p.Data) {
			bad("its part %q is not canonical JSON", p.Name)
		}
	}
	outcome := partOf(parts, PartOutcome)
	members, err := verify.Object(outcome.Data)
	if err != nil {
		return // reported above
	}
	if i, err := verify.Integer(members["index"]); err != nil || i != r.index {
		bad("its outcome is that of another index")
	}
	o := texts(outcome)
	if o["time"] != db.Time(r.micros).Format(TimeLayout) {
		bad("its time is %s, its outcome says %s", stampOf(db.Time(r.micros)), o["time"])
	}
	if o["code"] != r.code {
		bad("its code is %q, its outcome says %q", r.code, o["code"])
	}
	about := texts(partOf(parts, PartEvent))
	kind := about["kind"]
	if access := partOf(parts, PartAccess); access != nil {
		about = texts(access)
		kind = "call." + strings.ToLower(about["service"])
	}
	if kind != r.kind {
		bad("its kind is %q, its body says %q", r.kind, kind)
	}
	if about["connection"] != r.connection {
		bad("its connection is %q, its body says %q", r.connection, about["connection"])
	}
	key := CallKey(about["system"], about["transaction"])
	if r.call != nil && !bytes.Equal(r.call, key[:]) {
		bad("its call is not that of the system and transaction in its body")
	}
}

// noCall checks that an entry without a call is none, or a repeat.
func (f *fsck) noCall(ctx context.Context, r *row, parts []Part, bad func(string, ...any)) error {
	about := texts(partOf(parts, PartAccess))
	if partOf(parts, PartAccess) == nil {
		if about = texts(partOf(parts, PartEvent)); about["transaction"] == "" {
			return nil
		}
	}
	if r.code != "" {
		var first int64
		key := CallKey(about["system"], about["transaction"])
		err := f.cfg.Main.QueryRow(ctx, "SELECT idx FROM entries WHERE call = $1", key[:]).Scan(&first)
		switch {
		case err == nil && first < r.index:
			return nil
		case err != nil && !errors.Is(err, sql.ErrNoRows):
			return err
		}
	}
	bad("its call is missing")
	return nil
}

// standing compares the documents that an entry commits to with the stored
// ones.
func (f *fsck) standing(ctx context.Context, r *row, parts []Part, bad func(string, ...any)) error {
	event := partOf(parts, PartEvent)
	if event == nil {
		bad("it has no event part")
		return nil
	}
	members, err := verify.Object(event.Data)
	if err != nil {
		return nil // reported before
	}
	list, err := verify.Array(members["changes"])
	if err != nil {
		bad("it names no changes of the standing")
		return nil
	}
	for _, c := range list {
		m, err := verify.Object(c)
		if err != nil {
			bad("a change of the standing in it cannot be read")
			continue
		}
		version, _ := verify.Integer(m["version"])
		if version != f.told+1 {
			bad("it tells of version %d of the standing; %d was expected", version, f.told+1)
		}
		f.told = version
		if err := f.standingRow(ctx, r, version, texts(&Part{Data: c})); err != nil {
			return err
		}
	}
	return nil
}

func (f *fsck) standingRow(ctx context.Context, r *row, version int64, want map[string]string) error {
	place := fmt.Sprintf("standing %d", version)
	var kind, id string
	var doc []byte
	var micros int64
	err := f.cfg.Main.QueryRow(ctx, "SELECT kind, id, doc, time FROM standing WHERE version = $1", version).Scan(&kind, &id, &doc, &micros)
	if errors.Is(err, sql.ErrNoRows) {
		f.report.Add(place, "it is missing; %s tells of it", verify.Entry(r.index))
		return nil
	}
	if err != nil {
		return err
	}
	if kind != want["kind"] || id != want["id"] {
		f.report.Add(place, "it is of %s %q; %s says of %s %q", kind, id, verify.Entry(r.index), want["kind"], want["id"])
	}
	if sum := sha256.Sum256(doc); base64.StdEncoding.EncodeToString(sum[:]) != want["sha256"] {
		f.report.Add(place, "its document is not the one that %s commits to", verify.Entry(r.index))
	}
	if micros != r.micros {
		f.report.Add(place, "its time is %s, that of %s is %s", stampOf(db.Time(micros)), verify.Entry(r.index), stampOf(db.Time(r.micros)))
	}
	return nil
}

// missing reports the entries from f.next up to index, if they are not there.
func (f *fsck) missing(ctx context.Context, index int64) error {
	if f.next >= index {
		return nil
	}
	if index-f.next == 1 {
		f.report.Add(verify.Entry(f.next), "it is missing")
	} else {
		f.report.Add(verify.Entry(f.next), "the entries from here to %d are missing", index-1)
	}
	// The tree goes on after a gap from the next head's own frontier.
	for ; f.next < index; f.next++ {
		if err := f.cover(ctx, f.next); err != nil {
			return err
		}
		f.lost = true
		f.tree.add([32]byte{})
		f.edge.add([][32]byte{{}})
		for len(f.receipts) > 0 && f.receipts[0].Index == f.next {
			f.report.Add(fmt.Sprintf("receipt of %s", verify.Entry(f.next)), "the entry is missing")
			f.receipts = f.receipts[1:]
		}
		f.checkKept()
		if err := f.segmentDue(ctx, f.next); err != nil {
			return err
		}
		if f.next+1 == f.head.size {
			f.checkHead()
		}
	}
	return nil
}

// cover makes f.head the head that covers an entry.
func (f *fsck) cover(ctx context.Context, index int64) error {
	for f.head.size <= index {
		if len(f.heads) == 0 {
			var err error
			if f.heads, err = readHeads(ctx, f.cfg.Main, f.headRows); err != nil {
				return err
			}
			if len(f.heads) == 0 { // cannot happen: index is below the newest
				f.head = headRow{}
				return nil
			}
			f.headRows = f.heads[len(f.heads)-1].size
		}
		f.prev, f.head = f.head, f.heads[0]
		f.heads = f.heads[1:]
	}
	return nil
}

// readHeads reads heads larger than size.
func readHeads(ctx context.Context, q db.Querier, size int64) ([]headRow, error) {
	rows, err := q.Query(ctx, "SELECT size, standing, time, root, frontier FROM heads WHERE size > $1 ORDER BY size LIMIT 1000", size)
	if err != nil {
		return nil, fmt.Errorf("couldn't read heads: %w", err)
	}
	defer rows.Close()
	var heads []headRow
	for rows.Next() {
		var h headRow
		if err := rows.Scan(&h.size, &h.standing, &h.micros, &h.root, &h.frontier); err != nil {
			return nil, fmt.Errorf("couldn't read heads: %w", err)
		}
		heads = append(heads, h)
	}
	return heads, rows.Err()
}

// checkHead checks the head whose last entry was just looked at.
func (f *fsck) checkHead() {
	h := &f.head
	bad := func(format string, args ...any) { f.report.Add(headPlace(h.size), format, args...) }
	own, err := parseFrontier(h.size, h.frontier)
	sound := false
	if err != nil {
		bad("%v", err)
	} else if root := own.root(); !bytes.Equal(root[:], h.root) {
		bad("its root is not that of its frontier")
	} else {
		sound = true
	}
	if root := f.tree.root(); !f.lost && !bytes.Equal(root[:], h.root) {
		bad("the entries do not give its root")
	}
	// Told once: from here on the tree is compared with what this head says.
	f.lost = false
	if root := f.tree.root(); sound && !bytes.Equal(root[:], h.root) {
		f.tree = own
	}
	if h.standing != f.told {
		bad("it says version %d of the standing; the entries tell of %d", h.standing, f.told)
		f.told = h.standing
	}
	if h.micros < f.prev.micros {
		bad("its time is before that of the head before it")
	}
}

// checkKept compares kept checkpoints of the present size. They are compared
// with the tree of the stored leaves, which no head can mend.
func (f *fsck) checkKept() {
	for len(f.kept) > 0 && f.kept[0].Size == f.edge.size {
		c := f.kept[0]
		f.kept = f.kept[1:]
		if _, root := f.edge.root(); root != c.Root {
			f.report.Add(fmt.Sprintf("checkpoint of %d entries", c.Size), "the log's first %d entries are not those it commits to: the past was rewritten", c.Size)
		}
	}
}

// beyond reports entries after the newest head.
func (f *fsck) beyond(ctx context.Context) error {
	// Heads may have been added meanwhile; within one snapshot they agree.
	return f.cfg.Main.Read(ctx, func(tx *db.Tx) error {
		size, err := newestSize(ctx, tx)
		if err != nil {
			return err
		}
		var n, least int64
		if err := tx.QueryRow(ctx, "SELECT COUNT(*), COALESCE(MIN(idx), 0) FROM entries WHERE idx >= $1", size).Scan(&n, &least); err != nil {
			return err
		}
		if n > 0 {
			f.report.Add(verify.Entry(least), "%d entries from here on are under no head: heads are missing", n)
		}
		if err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM entries WHERE idx < 0").Scan(&n); err != nil {
			return err
		}
		if n > 0 {
			f.report.Add("entry -1", "%d entries have a negative index", n)
		}
		if err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM heads WHERE size < 1").Scan(&n); err != nil {
			return err
		}
		if n > 0 {
			f.report.Add(headPlace(0), "a head of no entries")
		}
		return nil
	})
}

// standingEnd reports versions of the standing that no entry tells of.
func (f *fsck) standingEnd(ctx context.Context) error {
	return f.cfg.Main.Read(ctx, func(tx *db.Tx) error {
		h, _, err := readHead(ctx, tx)
		if err != nil && h.Size == 0 {
			return err
		}
		var n, least int64
		err = tx.QueryRow(ctx, "SELECT COUNT(*), COALESCE(MIN(version), 0) FROM standing WHERE version > $1 OR version < 1", h.Standing).Scan(&n, &least)
		if err != nil {
			return err
		}
		if n > 0 {
			f.report.Add(fmt.Sprintf("standing %d", least), "no entry tells of it")
		}
		return nil
	})
}

// tiles compares the tiles that have become full.
func (f *fsck) tiles(ctx context.Context) error {
	full := f.edge.full()
	slices.SortFunc(full, func(a, b fullTile) int { return cmp.Or(cmp.Compare(a.level, b.level), cmp.Compare(a.n, b.n)) })
	for _, t := range full {
		place := verify.Tile{Level: t.level, N: t.n, Width: verify.TileWidth}.Path()
		var data []byte
		err := f.cfg.Derived.QueryRow(ctx, "SELECT data FROM tiles WHERE level = $1 AND n = $2", int64(t.level), t.n).Scan(&data)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			// The newest may not be written yet; a gap is no delay.
			counts, err := tileCounts(ctx, f.cfg.Derived)
			if err != nil {
				return err
			}
			if (t.n+1)<<((t.level+1)*verify.TileHeight) <= f.indexed || t.level < len(counts) && t.n < counts[t.level] {
				f.report.Add(place, "it is missing")
			}
		case err != nil:
			return err
		case !bytes.Equal(data, t.data):
			f.report.Add(place, "it is not what the entries give")
		}
	}
	f.edge.stored(full)
	return nil
}

// tilesEnd reports tiles of more entries than the log has.
func (f *fsck) tilesEnd(ctx context.Context) error {
	counts, err := tileCounts(ctx, f.cfg.Derived)
	if err != nil {
		return err
	}
	size, err := newestSize(ctx, f.cfg.Main) // after the tiles
	if err != nil {
		return err
	}
	for level, n := range counts {
		if most := size >> ((level + 1) * verify.TileHeight); n > most {
			f.report.Add(verify.Tile{Level: level, N: most, Width: verify.TileWidth}.Path(), "the log has no entries for it: the log's end was cut off")
		}
	}
	var n int64
	err = f.cfg.Derived.QueryRow(ctx, "SELECT COUNT(*) FROM tiles WHERE n < 0 OR level < 0 OR level > $1", int64(max(len(counts)-1, 0))).Scan(&n)
	if err == nil && n > 0 {
		f.report.Add("tiles", "%d tiles that no log of this size has", n)
	}
	return err
}

// derive adds an entry to the index and the statistics and compares a segment
// or an hour when it is complete.
func (f *fsck) derive(ctx context.Context, r *row, parts []Part) error {
	if r.index >= f.indexed {
		return nil
	}
	if err := f.segmentDue(ctx, r.index); err != nil {
		return err
	}
	// By the head's time: one altered time must not shift all that follows.
	if hour := f.head.micros - f.head.micros%hourMicros; hour > f.hour {
		if err := f.hourDue(ctx, f.cfg.Derived); err != nil {
			return err
		}
		f.hour = hour
	}
	return f.addDerived(ctx, r, parts)
}

func (f *fsck) addDerived(ctx context.Context, r *row, parts []Part) error {
	m, err := f.keys.get(ctx, f.cfg.Main, r.sealkey)
	if err != nil && ctx.Err() != nil {
		return err
	}
	if m != nil && parts == nil && r.body != nil {
		if parts, err = m.open(r.body); err != nil {
			parts = nil // reported
		}
	}
	it := indexItem{kind: r.kind, code: r.code, terms: termsOf(parts)}
	f.postings = f.tok.add(f.postings, r.index, &it, m)
	f.counts[statKey{r.micros - r.micros%hourMicros, r.connection, r.kind, r.code}]++
	return nil
}

// segmentDue compares the present segment when index lies beyond it.
func (f *fsck) segmentDue(ctx context.Context, index int64) error {
	for f.segment < index>>segmentBits && index < f.indexed {
		err := f.cfg.Derived.Read(ctx, func(tx *db.Tx) error { return f.compareSegment(ctx, tx) })
		if err != nil {
			return err
		}
		f.postings, f.blind = f.postings[:0], false
		f.segment++
	}
	return nil
}

// compareSegment compares the stored index of the present segment with what
// the entries give.
func (f *fsck) compareSegment(ctx context.Context, q db.Querier) error {
	if f.blind {
		return nil // it cannot be known what should be in it
	}
	place := fmt.Sprintf("index segment %d", f.segment)
	stored, err := readRuns(ctx, q, f.segment)
	if err == nil {
		var pages []uint64
		pages, err = readPages(ctx, q, f.segment, 0, 1<<63-1)
		stored = append(stored, pages...)
	}
	if err != nil {
		if ctx.Err() != nil || fault.Is(err, fault.Unavailable) {
			return err
		}
		f.report.Add(place, "%v", err)
		return nil
	}
	slices.Sort(stored)
	stored = slices.Compact(stored)
	slices.Sort(f.postings)
	want := slices.Compact(f.postings)
	for len(stored) > 0 || len(want) > 0 {
		switch {
		case len(want) == 0 || len(stored) > 0 && stored[0] < want[0]:
			f.posting(place, stored[0], "the index finds it by a %s that it does not have")
			stored = stored[1:]
		case len(stored) == 0 || want[0] < stored[0]:
			f.posting(place, want[0], "the index does not find it by its %s")
			want = want[1:]
		default:
			stored, want = stored[1:], want[1:]
		}
	}
	return nil
}

func (f *fsck) posting(place string, p uint64, text string) {
	index := f.segment<<segmentBits | int64(p&(segmentSize-1))
	f.report.Add(fmt.Sprintf("%s, %s", place, verify.Entry(index)), text, TermKind(p>>(tokenBits+segmentBits)))
}

// hourDue compares the counts of the present hour.
func (f *fsck) hourDue(ctx context.Context, q db.Querier) error {
	if f.hour < 0 {
		return nil
	}
	f.hours[f.hour] = true
	place := "statistics of " + db.Time(f.hour).Format(time.RFC3339)
	rows, err := q.Query(ctx, "SELECT connection, kind, code, n FROM statistics WHERE hour = $1", f.hour)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		k := statKey{hour: f.hour}
		var n int64
		if err := rows.Scan(&k.connection, &k.kind, &k.code, &n); err != nil {
			return err
		}
		if n != f.counts[k] {
			f.report.Add(place, "%d entries of connection %q, kind %q, code %q; the log has %d", n, k.connection, k.kind, k.code, f.counts[k])
		}
		delete(f.counts, k)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for k, n := range f.counts {
		f.report.Add(place, "no entries of connection %q, kind %q, code %q; the log has %d", k.connection, k.kind, k.code, n)
	}
	clear(f.counts)
	return nil
}

// derivedEnd compares the last segment and hour: in one snapshot of the index,
// with the entries that were added since the check began.
func (f *fsck) derivedEnd(ctx context.Context) error {
	return f.cfg.Derived.Read(ctx, func(tx *db.Tx) error {
		indexed, err := readProgress(ctx, tx)
		if err != nil {
			return err
		}
		size, err := newestSize(ctx, f.cfg.Main)
		if err != nil {
			return err
		}
		for pos := f.indexed; pos < min(indexed, size); pos += readChunk {
			end := min(pos+readChunk, indexed, size)
			err := readRows(ctx, f.cfg.Main, pos, end, func(r *row) error {
				if f.segment < r.index>>segmentBits {
					if err := f.compareSegment(ctx, tx); err != nil {
						return err
					}
					f.postings, f.blind = f.postings[:0], false
					f.segment = r.index >> segmentBits
				}
				if hour := r.micros - r.micros%hourMicros; hour > f.hour {
					if err := f.hourDue(ctx, tx); err != nil {
						return err
					}
					f.hour = hour
				}
				return f.addDerived(ctx, r, nil)
			})
			if err != nil {
				return err
			}
		}
		if err := f.compareSegment(ctx, tx); err != nil {
			return err
		}
		if err := f.hourDue(ctx, tx); err != nil {
			return err
		}
		for _, table := range []string{"index_runs", "index_pages"} {
			var n, most int64
			err := tx.QueryRow(ctx, "SELECT COUNT(*), COALESCE(MAX(segment), 0) FROM "+table+" WHERE segment > $1 OR segment < 0", f.segment).Scan(&n, &most)
			if err != nil {
				return err
			}
			if n > 0 {
				f.report.Add(fmt.Sprintf("index segment %d", most), "the log has no entries for it")
			}
		}
		return f.otherHours(ctx, tx)
	})
}

// otherHours reports statistics of hours in which the log has no entries.
func (f *fsck) otherHours(ctx context.Context, q db.Querier) error {
	rows, err := q.Query(ctx, "SELECT DISTINCT hour FROM statistics ORDER BY hour")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var hour int64
		if err := rows.Scan(&hour); err != nil {
			return err
		}
		if !f.hours[hour] {
			f.report.Add("statistics of "+db.Time(hour).Format(time.RFC3339), "the log has no entries of this hour")
		}
	}
	return rows.Err()
}
