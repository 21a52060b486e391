package verify

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"strconv"

	"golang.org/x/mod/sumdb/tlog"
)

// ExportFormat is the name and version of the export format: JSON Lines.
//
//	{"checkpoint":…,"end":E,"first":F,"format":"dancu.log-export/1","origin":…}
//	{"hashes":…,"proof":[…],"tile":N}      before the first entry of each tile
//	{"index":I,"parts":[…]}                for each entry from F to E-1; or, where
//	{"index":I,"leaf":…}                   the body is gone, its leaf
//	{"end":E,"entries":E-F,"sha256":…}     at the end
//
// checkpoint is a signed note; hashes are those of tile/0/N at the
// checkpoint's size in standard base64, proof leads from the tile's root to
// the checkpoint's (RFC 6962), parts are as in a receipt, and sha256 is the hex
// SHA-256 of all lines before. So a file can be checked with the log's key
// alone, in one pass and little memory, every stretch of it for itself; and a
// part can be replaced by its digest and everything still fits but the last
// line.
const ExportFormat = "dancu.log-export/1"

// ExportWriter writes an export.
type ExportWriter struct {
	w          *bufio.Writer
	sum        hash.Hash
	buf        []byte
	first, end int64
	next       int64
	err        error
}

// NewExportWriter writes the head of an export of the entries from first up to
// but not including end, under a signed checkpoint that covers them.
func NewExportWriter(w io.Writer, signed []byte, first, end int64) (*ExportWriter, error) {
	c, err := ParseCheckpoint(signed)
	if err != nil {
		return nil, err
	}
	if first < 0 || first > end || end > c.Size {
		return nil, fmt.Errorf("entries %d to %d are not under a checkpoint of %d", first, end, c.Size)
	}
	e := &ExportWriter{w: bufio.NewWriterSize(w, 64<<10), sum: sha256.New(), first: first, end: end, next: first}
	b := append(e.buf[:0], `{"checkpoint":`...)
	b = AppendString(b, string(signed))
	b = append(b, `,"end":`...)
	b = strconv.AppendInt(b, end, 10)
	b = append(b, `,"first":`...)
	b = strconv.AppendInt(b, first, 10)
	b = append(b, `,"format":"`+ExportFormat+`","origin":`...)
	b = AppendString(b, c.Origin)
	e.line(append(b, '}'))
	return e, e.err
}

// Next returns the index of the entry that must be written next.
func (e *ExportWriter) Next() int64 { return e.next }

func (e *ExportWriter) line(b []byte) {
	b = append(b, '\n')
	e.sum.Write(b)
	if e.err == nil {
		_, e.err = e.w.Write(b)
	}
	e.buf = b
}

// Tile writes the hashes of tile/0/n at the checkpoint's size and their proof
// (see [ProveTile]). It must come before the first entry of each tile.
func (e *ExportWriter) Tile(n int64, hashes []byte, proof []tlog.Hash) error {
	b := append(e.buf[:0], `{"hashes":"`...)
	b = base64.StdEncoding.AppendEncode(b, hashes)
	b = append(b, `","proof":[`...)
	for i, h := range proof {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '"')
		b = base64.StdEncoding.AppendEncode(b, h[:])
		b = append(b, '"')
	}
	b = append(b, `],"tile":`...)
	b = strconv.AppendInt(b, n, 10)
	e.line(append(b, '}'))
	return e.err
}

// Entry writes the next entry with its parts.
func (e *ExportWriter) Entry(parts []Part) error {
	b := append(e.buf[:0], `{"index":`...)
	b = strconv.AppendInt(b, e.next, 10)
	b = append(b, `,"parts":[`...)
	for i := range parts {
		if i > 0 {
			b = append(b, ',')
		}
		b = AppendPart(b, &parts[i])
	}
	e.line(append(b, "]}"...))
	e.next++
	return e.err
}

// Leaf writes the next entry, whose body is gone.
func (e *ExportWriter) Leaf(leaf [32]byte) error {
	b := append(e.buf[:0], `{"index":`...)
	b = strconv.AppendInt(b, e.next, 10)
	b = append(b, `,"leaf":"`...)
	b = base64.StdEncoding.AppendEncode(b, leaf[:])
	e.line(append(b, `"}`...))
	e.next++
	return e.err
}

// Close writes the last line. The writer below stays open.
func (e *ExportWriter) Close() error {
	if e.err == nil && e.next != e.end {
		return fmt.Errorf("entries up to %d were promised and up to %d written", e.end, e.next)
	}
	b := append(e.buf[:0], `{"end":`...)
	b = strconv.AppendInt(b, e.end, 10)
	b = append(b, `,"entries":`...)
	b = strconv.AppendInt(b, e.end-e.first, 10)
	b = append(b, `,"sha256":"`...)
	b = hex.AppendEncode(b, e.sum.Sum(nil))
	e.line(append(b, `"}`...))
	if e.err != nil {
		return e.err
	}
	return e.w.Flush()
}

// tiles returns how many tiles of level 0 a tree has.
func tilesIn(size int64) int64 { return (size + TileWidth - 1) / TileWidth }

// ProveTile returns the hashes that lead from the root of tile/0/n to the root
// of a tree of the given size.
func ProveTile(size, n int64, r tlog.HashReader) ([]tlog.Hash, error) {
	if n < 0 || n >= tilesIn(size) || size > MaxSize {
		return nil, fmt.Errorf("tile %d is not in a tree of %d entries", n, size)
	}
	var proof []tlog.Hash
	lo, hi := int64(0), size
	for hi-lo > TileWidth {
		k := int64(TileWidth)
		for k*2 < hi-lo {
			k *= 2
		}
		a, b := lo+k, hi // the sibling
		if n*TileWidth < lo+k {
			hi = lo + k
		} else {
			a, b = lo, lo+k
			lo += k
		}
		h, err := rangeRoot(a, b, r)
		if err != nil {
			return nil, err
		}
		proof = append(proof, h)
	}
	// From the leaf's side up.
	for i, j := 0, len(proof)-1; i < j; i, j = i+1, j-1 {
		proof[i], proof[j] = proof[j], proof[i]
	}
	return proof, nil
}

// rangeRoot returns the root of the entries from lo up to hi, a node of an RFC
// 6962 tree.
func rangeRoot(lo, hi int64, r tlog.HashReader) (tlog.Hash, error) {
	var need []int64
	for lo < hi {
		level := 0
		for lo&(1<<level) == 0 && lo+2<<level <= hi {
			level++
		}
		need = append(need, tlog.StoredHashIndex(level, lo>>level))
		lo += 1 << level
	}
	hashes, err := r.ReadHashes(need)
	if err != nil {
		return tlog.Hash{}, err
	}
	h := hashes[len(hashes)-1]
	for i := len(hashes) - 2; i >= 0; i-- {
		h = tlog.NodeHash(hashes[i], h)
	}
	return h, nil
}

// CheckTile checks that hashes are those of tile/0/n in the tree of c.
func CheckTile(c Checkpoint, n int64, hashes []byte, proof []tlog.Hash) error {
	if want := TileWidthAt(0, n, c.Size) * tlog.HashSize; want == 0 || len(hashes) != want {
		return fmt.Errorf("tile %d has %d bytes instead of %d", n, len(hashes), want)
	}
	if err := tlog.CheckRecord(proof, tilesIn(c.Size), c.Root, n, tileRoot(hashes)); err != nil {
		return fmt.Errorf("tile %d is not what the checkpoint of %d entries commits to", n, c.Size)
	}
	return nil
}

// ExportedEntry is an entry read from an export that fits its checkpoint.
type ExportedEntry struct {
	Index int64
	Leaf  [32]byte
	Parts []Part // nil if the body was gone
}

// CheckExport reads an export and reports all places where it is not what its
// checkpoint, signed with the log's key, commits to: entries changed, dropped,
// swapped, repeated, a file cut off. each, if not nil, is given every entry
// that fits. The error says that reading was not possible.
func CheckExport(ctx context.Context, in io.Reader, vkey string, each func(ExportedEntry) error) (*Report, error) {
	x := exportReader{ctx: ctx, in: bufio.NewReaderSize(in, 64<<10), sum: sha256.New(), vkey: vkey, each: each, tile: -1}
	err := x.run()
	return &x.report, err
}

// exportReader is the state of CheckExport.
type exportReader struct {
	ctx    context.Context
	in     *bufio.Reader
	sum    hash.Hash
	vkey   string
	each   func(ExportedEntry) error
	report Report

	line       int64
	first, end int64
	next       int64  // the entry that must come
	tile       int64  // the tile last read
	hashes     []byte // its hashes, nil if they do not fit
	done       bool
}

var errLine = fmt.Errorf("longer than %d bytes", MaxJSON)

// readLine returns the next line without its end; io.EOF if there is none. A
// last line without an end is cut.
func (x *exportReader) readLine() ([]byte, error) {
	var line []byte
	for {
		part, err := x.in.ReadSlice('\n')
		if len(line)+len(part) > MaxJSON {
			return nil, errLine
		}
		line = append(line, part...)
		switch {
		case err == nil:
			x.line++
			return line[:len(line)-1], nil
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF) && len(line) > 0:
			x.line++
			return nil, io.ErrUnexpectedEOF
		default:
			return nil, err
		}
	}
}

// add reports a finding at the present line.
func (x *exportReader) add(format string, args ...any) {
	x.report.Add(fmt.Sprintf("line %d", x.line), format, args...)
}

func (x *exportReader) addEntry(index int64, format string, args ...any) {
	x.report.Add(fmt.Sprintf("line %d, %s", x.line, Entry(index)), format, args...)
}

func (x *exportReader) run() error {
	for {
		if err := x.ctx.Err(); err != nil {
			return err
		}
		line, err := x.readLine()
		switch {
		case errors.Is(err, io.ErrUnexpectedEOF):
			x.add("the line is cut off")
			x.cut()
			return nil
		case errors.Is(err, io.EOF):
			x.cut()
			return nil
		case errors.Is(err, errLine):
			x.line++
			x.add("%v", err)
			return nil
		case err != nil:
			return err
		}
		if x.line == 1 {
			if !x.head(line) {
				return nil
			}
		} else if err := x.body(line); err != nil {
			return err
		}
		x.sum.Write(line)
		x.sum.Write([]byte{'\n'})
	}
}

// cut reports what is missing at the end of the file.
func (x *exportReader) cut() {
	switch {
	case x.line == 0:
		x.report.Add("line 1", "the file is empty")
	case !x.done && x.next < x.end:
		x.report.Add(Entry(x.next), "the file ends before this entry; entries up to %d were promised", x.end-1)
	case !x.done:
		x.report.Add(fmt.Sprintf("line %d", x.line+1), "the last line is missing")
	}
}

// head reads the first line and reports whether the rest can be checked.
func (x *exportReader) head(line []byte) bool {
	m, err := Object(line)
	if err != nil {
		x.add("this is not an export of a log: %v", err)
		return false
	}
	if format, err := String(m["format"]); err != nil || format != ExportFormat {
		x.add("this is not an export of the format %s", ExportFormat)
		return false
	}
	signed, err := String(m["checkpoint"])
	if err != nil {
		x.add("the checkpoint is missing")
		return false
	}
	c, err := OpenCheckpoint([]byte(signed), x.vkey)
	if err != nil {
		x.add("%v", err)
		return false
	}
	x.report.Checkpoint = c
	if origin, err := String(m["origin"]); err != nil || origin != c.Origin {
		x.add("the origin is not the checkpoint's, %q", c.Origin)
	}
	var e1, e2 error
	x.first, e1 = Integer(m["first"])
	x.end, e2 = Integer(m["end"])
	if e1 != nil || e2 != nil || x.first < 0 || x.first > x.end || x.end > c.Size {
		x.add("first and end must name entries under a checkpoint of %d", c.Size)
		return false
	}
	x.next = x.first
	return true
}

// body reads any other line.
func (x *exportReader) body(line []byte) error {
	if x.done {
		x.add("something follows the last line")
		return nil
	}
	m, err := Object(line)
	if err != nil {
		x.add("%v", err)
		return nil
	}
	switch {
	case m["sha256"] != nil:
		x.last(m)
	case m["tile"] != nil:
		x.readTile(m)
	case m["index"] != nil:
		return x.entry(m)
	default:
		x.add("neither a tile, an entry nor the last line")
	}
	return nil
}

// last reads the last line.
func (x *exportReader) last(m map[string][]byte) {
	x.done = true
	if x.next < x.end {
		x.report.Add(Entry(x.next), "the entries from here up to %d are missing", x.end-1)
	}
	end, e1 := Integer(m["end"])
	n, e2 := Integer(m["entries"])
	if e1 != nil || e2 != nil || end != x.end || n != x.end-x.first {
		x.add("the last line does not count the entries from %d to %d", x.first, x.end-1)
	}
	if sum, err := String(m["sha256"]); err != nil || sum != hex.EncodeToString(x.sum.Sum(nil)) {
		x.add("the lines before are not those whose SHA-256 the last line has")
	}
}

// readTile reads a line with a tile's hashes.
func (x *exportReader) readTile(m map[string][]byte) {
	n, err := Integer(m["tile"])
	if err != nil || n < x.first/TileWidth || n >= tilesIn(x.end) {
		x.add("a tile that does not belong here")
		return
	}
	x.tile, x.hashes = n, nil
	place := fmt.Sprintf("line %d, %s", x.line, Tile{N: n, Width: max(1, TileWidthAt(0, n, x.report.Checkpoint.Size))}.Path())
	text, err := String(m["hashes"])
	var hashes []byte
	if err == nil {
		hashes, err = base64.StdEncoding.Strict().DecodeString(text)
	}
	if err != nil {
		x.report.Add(place, "hashes: base64 was expected")
		return
	}
	list, err := Array(m["proof"])
	if err != nil || len(list) > MaxProofHashes {
		x.report.Add(place, "proof: a list of at most %d hashes was expected", MaxProofHashes)
		return
	}
	proof := make([]tlog.Hash, len(list))
	for i, e := range list {
		s, err := String(e)
		if err == nil {
			proof[i], err = parseHash(s)
		}
		if err != nil {
			x.report.Add(place, "proof: 32 bytes in base64 were expected")
			return
		}
	}
	if err := CheckTile(x.report.Checkpoint, n, hashes, proof); err != nil {
		x.report.Add(place, "%v", err)
		return
	}
	x.hashes = hashes
}

// entry reads a line with an entry.
func (x *exportReader) entry(m map[string][]byte) error {
	index, err := Integer(m["index"])
	switch {
	case err != nil || index < x.first || index >= x.end:
		x.add("an entry that does not belong here")
		return nil
	case index < x.next:
		x.addEntry(index, "the entry is repeated or out of order: entry %d was expected", x.next)
		return nil
	case index > x.next:
		x.addEntry(x.next, "the entries from here up to %d are missing", index-1)
	}
	x.next = index + 1
	x.report.Entries++
	e := ExportedEntry{Index: index}
	if leaf, gone := m["leaf"]; gone {
		s, err := String(leaf)
		var h tlog.Hash
		if err == nil {
			h, err = parseHash(s)
		}
		if err != nil || m["parts"] != nil {
			x.addEntry(index, "leaf: 32 bytes in base64, and no parts, were expected")
			return nil
		}
		e.Leaf = h
	} else {
		if e.Parts, err = parseParts(m["parts"]); err != nil {
			x.addEntry(index, "%v", err)
			return nil
		}
		e.Leaf = LeafOf(e.Parts)
	}
	switch {
	case x.tile != index/TileWidth:
		x.addEntry(index, "the hashes of %s are missing before this entry", Tile{N: index / TileWidth, Width: TileWidth}.Path())
		x.tile, x.hashes = index/TileWidth, nil // once a tile
		return nil
	case x.hashes == nil:
		return nil // reported with the tile
	case LeafHash(e.Leaf) != tlog.Hash(x.hashes[index%TileWidth*tlog.HashSize:]):
		x.addEntry(index, "the entry was changed: its parts do not give the leaf in the log")
		return nil
	}
	if e.Parts != nil {
		if err := checkOutcome(e.Parts, index, ""); err != nil {
			x.addEntry(index, "%v", err)
			return nil
		}
	}
	if x.each != nil {
		return x.each(e)
	}
	return nil
}
