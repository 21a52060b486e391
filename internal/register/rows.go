package register

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"dancu/internal/access"
	"dancu/internal/fault"
)

// Format is the format of an import file.
type Format string

// The formats.
const (
	JSONLines Format = "jsonl" // one JSON object a line
	CSV       Format = "csv"   // RFC 4180 with a header; comma, semicolon or tab
)

// ParseFormat returns the format of that name.
func ParseFormat(name string) (Format, bool) {
	switch f := Format(name); f {
	case JSONLines, CSV:
		return f, true
	}
	return "", false
}

// FormatOf guesses a file's format from its name; ok is false if it cannot.
func FormatOf(name string) (f Format, ok bool) {
	name = strings.ToLower(name)
	switch {
	case strings.HasSuffix(name, ".csv"), strings.HasSuffix(name, ".tsv"):
		return CSV, true
	case strings.HasSuffix(name, ".jsonl"), strings.HasSuffix(name, ".ndjson"), strings.HasSuffix(name, ".json"):
		return JSONLines, true
	}
	return "", false
}

var (
	errRowTooLong  = &rowError{why: "a row must be at most 65536 bytes"}
	errQuoteOpen   = &rowError{why: "a quote is opened and not closed within 65536 bytes"}
	errQuoteStray  = &rowError{why: "a quote stands inside a cell without quotes, or text follows a closing quote"}
	errCellCount   = &rowError{why: "a row must have as many cells as the header"}
	errHeaderQuote = fault.New(fault.Invalid, "the header of the CSV file cannot be read: check its quotes")
)

// splitter cuts a stream into rows without holding more than one of them. A
// bad row is one physical line: a quote that is never closed costs its own
// line and not the rest of the file.
type splitter struct {
	in     io.Reader
	csv    bool
	delim  byte
	buf    []byte // unread bytes are buf[r:w]
	r, w   int
	eof    bool
	offset int64 // of buf[r] in the stream
	line   int64 // number of lines before buf[r]
}

func newSplitter(in io.Reader, csv bool) *splitter {
	return &splitter{in: in, csv: csv, delim: ',', buf: make([]byte, 4*MaxRow)}
}

// rawRow is a row as it stands in the file.
type rawRow struct {
	text []byte // without the line's end; good until the next row
	line int64  // number of its first line, from 1
	bad  error  // why it could not be cut out
}

// next returns the next row that is not empty, io.EOF after the last. Before
// it returns, offset and line have moved past the row.
func (s *splitter) next() (rawRow, error) {
	for {
		length, lines, bad, err := s.scan()
		if err != nil {
			return rawRow{}, err
		}
		row := rawRow{text: s.buf[s.r : s.r+length], line: s.line + 1, bad: bad}
		long := errors.Is(bad, errRowTooLong)
		if long {
			row.text = nil
		}
		s.take(length)
		s.line += lines
		if long {
			if err := s.skipLine(); err != nil {
				return rawRow{}, err
			}
		}
		if row.text = trimEnd(row.text); len(row.text) == 0 && bad == nil {
			continue
		}
		return row, nil
	}
}

func trimEnd(v []byte) []byte {
	v = bytes.TrimSuffix(v, []byte("\n"))
	return bytes.TrimSuffix(v, []byte("\r"))
}

func (s *splitter) take(n int) {
	s.r += n
	s.offset += int64(n)
}

// scan finds the end of the next row: its length with the line's end, and how
// many lines that is.
func (s *splitter) scan() (length int, lines int64, bad, err error) {
	const unread = MaxRow + 2 // a row and its line's end
	if s.w-s.r < unread && !s.eof {
		if err := s.fill(); err != nil {
			return 0, 0, nil, err
		}
	}
	v := s.buf[s.r:s.w]
	if len(v) == 0 {
		return 0, 0, nil, io.EOF
	}
	first := bytes.IndexByte(v, '\n') // end of the first physical line
	if !s.csv || first >= 0 && bytes.IndexByte(v[:first], '"') < 0 {
		switch {
		case first < 0 && len(trimEnd(v)) <= MaxRow: // only at the end of the stream
			return len(v), 1, nil, nil
		case first < 0:
			return len(v), 0, errRowTooLong, nil
		case len(trimEnd(v[:first+1])) > MaxRow:
			return first, 0, errRowTooLong, nil // skipLine takes the rest
		}
		return first + 1, 1, nil, nil
	}
	const (
		cellStart = iota
		plain
		quoted
		quoteInQuoted
	)
	state, i := cellStart, 0
	for ; i < len(v); i++ {
		b := v[i]
		if state == quoted {
			if b == '"' {
				state = quoteInQuoted
			} else if b == '\n' {
				lines++
			}
			continue
		}
		if b == '\n' {
			break
		}
		switch {
		case b == s.delim:
			state = cellStart
		case b == '"' && (state == cellStart || state == quoteInQuoted):
			state = quoted
		default:
			state = plain
		}
	}
	n := min(i+1, len(v))
	switch {
	case state != quoted && len(trimEnd(v[:n])) <= MaxRow:
		return n, lines + 1, nil, nil
	case first < 0 && len(trimEnd(v)) > MaxRow:
		return len(v), 0, errRowTooLong, nil
	case first >= 0 && len(trimEnd(v[:first+1])) > MaxRow:
		return first, 0, errRowTooLong, nil
	case first < 0:
		return len(v), 1, errQuoteOpen, nil
	}
	return first + 1, 1, errQuoteOpen, nil
}

// skipLine drops the rest of a line that is too long.
func (s *splitter) skipLine() error {
	for {
		if i := bytes.IndexByte(s.buf[s.r:s.w], '\n'); i >= 0 {
			s.take(i + 1)
			s.line++
			return nil
		}
		s.take(s.w - s.r)
		if s.eof {
			s.line++
			return nil
		}
		if err := s.fill(); err != nil {
			return err
		}
	}
}

// fill reads until the buffer holds a whole row or the stream ends.
func (s *splitter) fill() error {
	copy(s.buf, s.buf[s.r:s.w])
	s.r, s.w = 0, s.w-s.r
	for empty := 0; s.w < len(s.buf) && !s.eof; {
		n, err := s.in.Read(s.buf[s.w:])
		s.w += n
		switch {
		case errors.Is(err, io.EOF):
			s.eof = true
		case err != nil:
			return fault.Wrap(fault.Unavailable, err, "the import file cannot be read on")
		case n == 0:
			if empty++; empty == 100 {
				return fault.Wrap(fault.Unavailable, io.ErrNoProgress, "the import file cannot be read on")
			}
		default:
			empty = 0
			if s.w > MaxRow+2 {
				return nil
			}
		}
	}
	return nil
}

// begin looks at the first bytes of a stream: it drops a byte-order mark and
// refuses what is no text, and tells the format.
func (s *splitter) begin() (Format, error) {
	if err := s.fill(); err != nil {
		return "", err
	}
	v := s.buf[s.r:s.w]
	switch {
	case bytes.HasPrefix(v, []byte("\xef\xbb\xbf")):
		s.take(3)
	case bytes.HasPrefix(v, []byte("\xff\xfe")), bytes.HasPrefix(v, []byte("\xfe\xff")):
		return "", fault.New(fault.Invalid, "the import file is in UTF-16: save it as UTF-8")
	case bytes.HasPrefix(v, []byte("\x1f\x8b")), bytes.HasPrefix(v, []byte("PK\x03\x04")), bytes.HasPrefix(v, []byte("\x28\xb5\x2f\xfd")):
		return "", fault.New(fault.Invalid, "the import file is compressed: unpack it, or pipe it in unpacked")
	}
	if rest := bytes.TrimSpace(s.buf[s.r:s.w]); len(rest) > 0 && rest[0] == '{' {
		return JSONLines, nil
	}
	return CSV, nil
}

// column is what a column of a CSV file holds.
type column struct {
	name      string
	field     access.Field
	sub       int // index of the member in the shape's rules; -1 for the whole value
	protected bool
}

// header reads the header row of a CSV file and sets the delimiter. Its errors
// are the whole file's.
func (s *splitter) header() ([]column, error) {
	if err := s.ensure(); err != nil {
		return nil, err
	}
	// Names have none of these characters.
	if i := bytes.IndexAny(s.buf[s.r:s.w], ",;\t\n"); i >= 0 && s.buf[s.r+i] != '\n' {
		s.delim = s.buf[s.r+i]
	}
	raw, err := s.next()
	if errors.Is(err, io.EOF) {
		return nil, fault.New(fault.Invalid, "the import file is empty")
	}
	if err != nil {
		return nil, err
	}
	var p parser
	if raw.bad != nil || p.split(raw.text, s.delim) != nil {
		return nil, errHeaderQuote
	}
	return parseHeader(p.cells)
}

func (s *splitter) ensure() error {
	if s.w == s.r && !s.eof {
		return s.fill()
	}
	return nil
}

func parseHeader(names [][]byte) ([]column, error) {
	columns := make([]column, len(names))
	type key struct {
		field access.Field
		sub   int
	}
	seen := map[key]bool{}
	whole, parts := access.FieldSet(0), access.FieldSet(0)
	for i, raw := range names {
		name := string(bytes.TrimSpace(raw))
		c := column{name: name, sub: -1}
		if name == "protected" {
			c.protected, c.field = true, access.NumFields
		} else {
			base, sub, dotted := strings.Cut(name, ".")
			f, ok := access.ParseField(base)
			if ok && dotted {
				shape := access.Fields[f].Shape
				ok = shape != access.ShapePeople
				if ok {
					c.sub = memberIndex(shapeRules[shape], []byte(sub))
					ok = c.sub >= 0
				}
			}
			if !ok {
				return nil, fault.New(fault.Invalid, "column %d of the CSV header is no field of a record: use names such as fullName or permanentResidence.unit", i+1)
			}
			c.field = f
			if dotted {
				parts |= access.FieldsOf(f)
			} else {
				whole |= access.FieldsOf(f)
			}
		}
		if seen[key{c.field, c.sub}] {
			return nil, fault.New(fault.Invalid, "column %s stands twice in the CSV header", name)
		}
		seen[key{c.field, c.sub}] = true
		columns[i] = c
	}
	for f := range (whole & parts).All() {
		return nil, fault.New(fault.Invalid, "the CSV header has %s whole and in parts: keep one of them", f)
	}
	for _, f := range [...]access.Field{access.PIN, access.FullName, access.DateOfBirth} {
		if !whole.Has(f) {
			return nil, fault.New(fault.Invalid, "the CSV header has no column %s", f)
		}
	}
	return columns, nil
}

// split cuts a row of CSV into p.cells.
func (p *parser) split(v []byte, delim byte) error {
	p.cells, p.cell = p.cells[:0], p.cell[:0]
	for {
		if len(v) == 0 || v[0] != '"' {
			i := bytes.IndexByte(v, delim)
			one := v
			if i >= 0 {
				one = v[:i]
			}
			if bytes.IndexByte(one, '"') >= 0 {
				return errQuoteStray
			}
			p.cells = append(p.cells, one)
			if i < 0 {
				return nil
			}
			v = v[i+1:]
			continue
		}
		v = v[1:]
		start := len(p.cell)
		for {
			i := bytes.IndexByte(v, '"')
			if i < 0 {
				return errQuoteOpen
			}
			p.cell = append(p.cell, v[:i]...)
			if v = v[i+1:]; len(v) == 0 || v[0] != '"' {
				break
			}
			p.cell = append(p.cell, '"')
			v = v[1:]
		}
		p.cells = append(p.cells, p.cell[start:len(p.cell):len(p.cell)])
		if len(v) == 0 {
			return nil
		}
		if v[0] != delim {
			return errQuoteStray
		}
		v = v[1:]
	}
}

// parseCSV reads a row of CSV. An empty cell is nothing.
func (p *parser) parseCSV(text []byte, delim byte, columns []column, rec *Record) error {
	*rec = Record{}
	p.arena = p.arena[:0]
	if len(text) > MaxRow {
		return errRowTooLong
	}
	if err := p.split(text, delim); err != nil {
		return err
	}
	if len(p.cells) != len(columns) {
		return errCellCount
	}
	var parts access.FieldSet
	for i, c := range columns {
		cell := bytes.TrimSpace(p.cells[i])
		switch {
		case len(cell) == 0:
		case c.protected:
			switch string(cell) {
			case "true", "1":
				rec.protected = true
			case "false", "0":
			default:
				return &rowError{"protected", "must be true or false"}
			}
		case c.sub >= 0:
			parts |= access.FieldsOf(c.field)
		default:
			start := len(p.arena)
			if err := p.cellValue(c.field, cell); err != nil {
				return err
			}
			if len(p.arena) > start {
				rec.values[c.field] = p.arena[start:len(p.arena):len(p.arena)]
			}
		}
	}
	for f := range parts.All() {
		v, err := p.assemble(f, columns)
		if err != nil {
			return err
		}
		rec.values[f] = v
	}
	return required(rec)
}

// cellValue appends the stored form of a cell that holds a whole field.
func (p *parser) cellValue(f access.Field, cell []byte) error {
	info := &access.Fields[f]
	if rule := textRules[f]; rule != nil {
		return p.putText(info.JSON, "", cell, rule)
	}
	p.start(cell)
	if _, err := p.field(f); err != nil {
		var re *rowError
		if errors.As(err, &re) && re.column == "" {
			return &rowError{info.JSON, re.why}
		}
		return err
	}
	if p.dec.PeekKind() != 0 || len(bytes.TrimSpace(p.dec.UnreadBuffer())) != 0 {
		return &rowError{info.JSON, "must be one JSON value"}
	}
	return nil
}

// assemble makes a compound value from the dotted columns.
func (p *parser) assemble(f access.Field, columns []column) ([]byte, error) {
	info := &access.Fields[f]
	rules := shapeRules[info.Shape]
	start := len(p.arena)
	p.arena = append(p.arena, '{')
	for sub, m := range rules {
		given := false
		for i, c := range columns {
			if c.field != f || c.sub != sub {
				continue
			}
			cell := bytes.TrimSpace(p.cells[i])
			if len(cell) == 0 {
				break
			}
			if len(p.arena) > start+1 {
				p.arena = append(p.arena, ',')
			}
			p.arena = append(p.arena, m.quoted...)
			if err := p.putText(info.JSON, m.name, cell, m.rule); err != nil {
				return nil, err
			}
			given = true
		}
		if m.must && !given {
			return nil, &rowError{info.JSON + "." + m.name, "is missing"}
		}
	}
	p.arena = append(p.arena, '}')
	return p.arena[start:len(p.arena):len(p.arena)], nil
}
