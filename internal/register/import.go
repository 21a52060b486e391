package register

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"dancu/internal/db"
	"dancu/internal/fault"
)

// Bounds of a batch, which bound the memory of an import, and of one of its
// transactions. Small transactions write the same pages of the indexes again
// and again (at a million people 16,000 rows at a time wrote 8.3 GB, 64,000
// rows 4.5 GB); large ones make whoever else writes to the register wait. The
// log has a file of its own and look-ups never wait.
const (
	batchRows  = 2000
	batchBytes = 4 << 20
	txBatches  = 32
	// txWait is how long a transaction stays open for a batch that is not
	// there yet.
	txWait = 20 * time.Millisecond
)

// ImportOptions says how to import.
type ImportOptions struct {
	// Format is the format; "" tells it from the name and the first bytes.
	Format Format
	// Errors is the file that bad rows go to, as JSON Lines with line, reason
	// and row, readable by its owner only for it holds personal data. ""
	// keeps none, only their number.
	Errors string
	// Progress is called after each transaction, from one goroutine.
	Progress func(Progress)
	// Restart begins at the beginning although an import of the same file was
	// cut off.
	Restart bool

	batches int // in a transaction, for tests; 0 means txBatches
}

// Counts is what became of the rows of an import.
type Counts struct {
	Rows      int64             `json:"rows"` // all of them; the sum of the next four
	Inserted  int64             `json:"inserted"`
	Updated   int64             `json:"updated"`
	Unchanged int64             `json:"unchanged"`
	Bad       int64             `json:"bad"`
	Warnings  map[Warning]int64 `json:"warnings,omitempty"`
}

func (c *Counts) clone() Counts {
	out := *c
	out.Warnings = make(map[Warning]int64, len(c.Warnings))
	for w, n := range c.Warnings {
		out.Warnings[w] = n
	}
	return out
}

// Progress is how far an import has come.
type Progress struct {
	Counts  Counts
	Bytes   int64         // done, those of an earlier run included
	Total   int64         // of the file; 0 if not known
	From    int64         // where this run began
	Elapsed time.Duration // of this run
}

// Rate returns the bytes per second of this run.
func (p Progress) Rate() float64 {
	if p.Elapsed <= 0 {
		return 0
	}
	return float64(p.Bytes-p.From) / p.Elapsed.Seconds()
}

// Left returns how long the rest will take at that rate; 0 if not known.
func (p Progress) Left() time.Duration {
	rate := p.Rate()
	if p.Total <= p.Bytes || rate == 0 {
		return 0
	}
	return time.Duration(float64(p.Total-p.Bytes) / rate * float64(time.Second))
}

// ImportFile imports a file. An import that was cut off, however that was, is
// taken up where its last transaction ended when the same unchanged file comes
// again; the counts and the error file go on, too, so that the result is that
// of an import nobody cut off. A file that was imported to its end is imported
// anew, which changes nothing.
func (r *Register) ImportFile(ctx context.Context, path string, o ImportOptions) (Counts, error) {
	f, err := os.Open(path)
	if err != nil {
		return Counts{}, fault.Wrap(fault.Invalid, err, "the import file cannot be opened")
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return Counts{}, fault.Wrap(fault.Unavailable, err, "the import file cannot be read")
	}
	if o.Format == "" {
		o.Format, _ = FormatOf(path)
	}
	if !info.Mode().IsRegular() {
		return r.Import(ctx, f, o)
	}
	source, err := identify(f, info)
	if err != nil {
		return Counts{}, err
	}
	return r.run(ctx, f, source, info.Size(), o)
}

// Import imports a stream that cannot be taken up again in its middle: after a
// cut, give it anew from its beginning, and the rows that are in already count
// as unchanged.
func (r *Register) Import(ctx context.Context, in io.Reader, o ImportOptions) (Counts, error) {
	return r.run(ctx, in, "", 0, o)
}

// identify names a file by what would differ if it were another one: size,
// time of change and the first MiB. The path is not part of it, so that a file
// may move. A false difference costs a new start, which is harmless.
func identify(f *os.File, info os.FileInfo) (string, error) {
	h := sha256.New()
	fmt.Fprintf(h, "%d %d\n", info.Size(), info.ModTime().UnixNano())
	if _, err := io.Copy(h, io.NewSectionReader(f, 0, 1<<20)); err != nil {
		return "", fault.Wrap(fault.Unavailable, err, "the import file cannot be read")
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// place is how far an import has come.
type place struct {
	position int64 // bytes
	line     int64
	errpos   int64 // bytes of the error file
	counts   Counts
}

// importer is one import under way. The writer's goroutine owns at and errs.
type importer struct {
	reg     *Register
	source  string
	o       ImportOptions
	split   *splitter
	columns []column // CSV only
	units   map[string]string
	at      place
	errs    *os.File
	total   int64
	from    int64
	began   time.Time
}

func (r *Register) run(ctx context.Context, in io.Reader, source string, total int64, o ImportOptions) (_ Counts, err error) {
	im := &importer{reg: r, source: source, o: o, total: total, began: time.Now()}
	im.at.counts.Warnings = map[Warning]int64{}
	if im.units, err = r.unitProvinces(ctx); err != nil {
		return Counts{}, err
	}
	if source != "" && !o.Restart {
		if im.at, err = r.place(ctx, source); err != nil {
			return Counts{}, err
		}
	}
	im.from = im.at.position
	if err := im.open(in); err != nil {
		return im.at.counts, err
	}
	if err := im.openErrors(); err != nil {
		return im.at.counts, err
	}
	defer func() {
		if im.errs == nil {
			return
		}
		// What was reported for rows that were not committed goes.
		cerr := im.errs.Truncate(im.at.errpos)
		if e := im.errs.Close(); cerr == nil {
			cerr = e
		}
		if err == nil && cerr != nil {
			err = fault.Wrap(fault.Unavailable, cerr, "the error file cannot be written")
		}
		if err == nil && im.at.errpos == 0 {
			_ = os.Remove(o.Errors)
		}
	}()
	err = im.pump(ctx)
	return im.at.counts, err
}

// open reads what stands before the rows and goes to the first row to do.
func (im *importer) open(in io.Reader) error {
	im.split = newSplitter(in, false)
	guess, err := im.split.begin()
	if err != nil {
		return err
	}
	if im.o.Format == "" {
		im.o.Format = guess
	}
	if im.o.Format == CSV {
		im.split.csv = true
		if im.columns, err = im.split.header(); err != nil {
			return err
		}
	}
	if im.at.position <= im.split.offset {
		return nil
	}
	f, ok := in.(io.Seeker)
	if !ok {
		return errors.New("only a file can be taken up in its middle")
	}
	if _, err := f.Seek(im.at.position, io.SeekStart); err != nil {
		return fault.Wrap(fault.Unavailable, err, "the import file cannot be read on")
	}
	s := newSplitter(in, im.split.csv)
	s.delim, s.offset, s.line = im.split.delim, im.at.position, im.at.line
	im.split = s
	return nil
}

// openErrors opens the error file at the place it is meant to end: rows that
// were reported and not committed will be reported again.
func (im *importer) openErrors() error {
	if im.o.Errors == "" {
		return nil
	}
	f, err := os.OpenFile(im.o.Errors, os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "the error file cannot be written")
	}
	im.errs = f
	err = f.Chmod(0o600)
	if err == nil {
		var info os.FileInfo
		if info, err = f.Stat(); err == nil {
			// Another error file than last time is shorter.
			im.at.errpos = min(im.at.errpos, info.Size())
			err = f.Truncate(im.at.errpos)
		}
	}
	if err == nil {
		_, err = f.Seek(im.at.errpos, io.SeekStart)
	}
	if err != nil {
		_ = f.Close()
		return fault.Wrap(fault.Unavailable, err, "the error file cannot be written")
	}
	return nil
}

// batch is the rows of one transaction. It goes from the reader through a
// parser to the writer; done is closed between the last two.
type batch struct {
	raw      []byte
	cuts     []cut
	position int64 // after the last row
	line     int64
	last     bool

	rows     []row
	bad      []badRow
	warnings map[Warning]int64
	done     chan struct{}
}

// cut is one row of a batch's raw text.
type cut struct {
	start, end int
	line       int64
	bad        error
}

// badRow is a row that was not brought in.
type badRow struct {
	line   int64
	reason string
	text   []byte
}

// pump runs the stages: one goroutine cuts the stream into rows, some parse
// them, and this one writes them, in order. What is under way at once is
// bounded by the channels, so memory is constant.
func (im *importer) pump(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	parsers := max(1, runtime.GOMAXPROCS(0)-1)
	todo := make(chan *batch)
	inOrder := make(chan *batch, parsers)
	free := make(chan *batch, 2*parsers+2)
	var readErr error // written before inOrder is closed
	go func() {
		defer close(inOrder)
		defer close(todo)
		for {
			b := new(batch)
			select {
			case b = <-free:
			default:
			}
			b.done = make(chan struct{})
			if readErr = im.readBatch(b); readErr != nil {
				return
			}
			last := b.last // b is the parser's from here on
			select {
			case todo <- b:
			case <-ctx.Done():
				return
			}
			select {
			case inOrder <- b:
			case <-ctx.Done():
				return
			}
			if last {
				return
			}
		}
	}()
	for range parsers {
		go func() {
			var p parser
			enc := encoder{units: im.units}
			for b := range todo {
				im.parse(&p, &enc, b)
				close(b.done)
			}
		}()
	}
	// The reader may be waiting for the stream; it ends with it.
	defer func() {
		cancel()
		if im.source != "" {
			for range inOrder {
			}
		}
	}()
	next := func(wait <-chan time.Time) (b *batch, ok bool) {
		select {
		case b, ok = <-inOrder:
			if ok {
				<-b.done
			}
			return b, ok
		case <-ctx.Done():
		case <-wait:
		}
		return nil, false
	}
	recycle := func(b *batch) {
		select {
		case free <- b:
		default:
		}
	}
	for {
		b, ok := next(nil)
		if !ok {
			if ctx.Err() != nil {
				return stopped(ctx)
			}
			return readErr
		}
		last, err := im.write(ctx, b, next, recycle)
		if err != nil {
			if ctx.Err() != nil {
				return stopped(ctx)
			}
			return err
		}
		if last {
			return nil
		}
	}
}

func stopped(ctx context.Context) error {
	return fault.Wrap(fault.Unavailable, context.Cause(ctx), "the import was stopped: run the same command again and it goes on from there")
}

// readBatch fills b with the next rows.
func (im *importer) readBatch(b *batch) error {
	b.raw, b.cuts, b.last = b.raw[:0], b.cuts[:0], false
	for len(b.cuts) < batchRows && len(b.raw) < batchBytes {
		r, err := im.split.next()
		if errors.Is(err, io.EOF) {
			b.last = true
			break
		}
		if err != nil {
			return err
		}
		start := len(b.raw)
		b.raw = append(b.raw, r.text...)
		b.cuts = append(b.cuts, cut{start, len(b.raw), r.line, r.bad})
	}
	b.position, b.line = im.split.offset, im.split.line
	return nil
}

// parse turns the raw rows of b into rows of the table.
func (im *importer) parse(p *parser, enc *encoder, b *batch) {
	b.rows, b.bad = b.rows[:0], b.bad[:0]
	b.warnings = map[Warning]int64{}
	var rec Record
	for _, c := range b.cuts {
		text := b.raw[c.start:c.end]
		err := c.bad
		if err == nil {
			if im.columns != nil {
				err = p.parseCSV(text, im.split.delim, im.columns, &rec)
			} else {
				err = p.parseJSON(text, &rec)
			}
		}
		if err != nil {
			b.bad = append(b.bad, badRow{c.line, err.Error(), text})
			continue
		}
		r, warnings := enc.row(&rec)
		for _, w := range warnings {
			b.warnings[w]++
		}
		b.rows = append(b.rows, r)
	}
}

// write commits a batch, and those that come on its heels, with the place they
// end at; last is true when that is the end.
func (im *importer) write(ctx context.Context, b *batch, next func(<-chan time.Time) (*batch, bool), recycle func(*batch)) (last bool, err error) {
	to := place{errpos: im.at.errpos, counts: im.at.counts.clone()}
	err = im.reg.db.Write(ctx, func(tx *db.Tx) error {
		for n := 1; ; n++ {
			if err := im.apply(ctx, tx, b, &to); err != nil {
				return err
			}
			last = b.last
			recycle(b)
			if last || n == cmp.Or(im.o.batches, txBatches) {
				break
			}
			var ok bool
			if b, ok = next(time.After(txWait)); !ok {
				break
			}
		}
		switch {
		case im.source == "":
			return nil
		case last:
			_, err := tx.Exec(ctx, "delete from imports where source = $1", im.source)
			return err
		}
		return to.store(ctx, tx, im.source, im.reg.db.Clock())
	})
	if err != nil {
		return false, fmt.Errorf("couldn't write the rows after line %d: %w", im.at.line, err)
	}
	im.at = to
	if im.o.Progress != nil {
		im.o.Progress(Progress{Counts: im.at.counts.clone(), Bytes: im.at.position, Total: im.total, From: im.from, Elapsed: time.Since(im.began)})
	}
	return last, nil
}

// apply brings a batch into a transaction and moves the place past it.
func (im *importer) apply(ctx context.Context, tx *db.Tx, b *batch, to *place) error {
	inserted, updated, err := upsert(ctx, tx, b.rows)
	if err != nil {
		return err
	}
	// Before the commit: a bad row is reported once its batch counts as done.
	if err := im.report(b.bad, to); err != nil {
		return err
	}
	to.position, to.line = b.position, b.line
	c := &to.counts
	c.Rows += int64(len(b.cuts))
	c.Bad += int64(len(b.bad))
	c.Inserted += inserted
	c.Updated += updated
	c.Unchanged += int64(len(b.rows)) - inserted - updated
	for w, n := range b.warnings {
		c.Warnings[w] += n
	}
	return nil
}

// report writes bad rows to the error file.
func (im *importer) report(bad []badRow, to *place) error {
	if im.errs == nil || len(bad) == 0 {
		return nil
	}
	var out bytes.Buffer
	for _, r := range bad {
		reason, _ := json.Marshal(r.reason)
		// Bytes that are no UTF-8 are replaced; the line says where to look.
		text, _ := jsontext.AppendQuote(nil, r.text)
		fmt.Fprintf(&out, "{\"line\":%d,\"reason\":%s,\"row\":%s}\n", r.line, reason, text)
	}
	_, err := im.errs.WriteAt(out.Bytes(), to.errpos)
	if err == nil {
		err = im.errs.Sync()
	}
	if err != nil {
		return fault.Wrap(fault.Unavailable, err, "the error file cannot be written: make room and run the same command again")
	}
	to.errpos += int64(out.Len())
	return nil
}

// place reads how far an earlier import of the source came.
func (r *Register) place(ctx context.Context, source string) (p place, err error) {
	p.counts.Warnings = map[Warning]int64{}
	var counts string
	err = r.db.QueryRow(ctx, "select position, line, errpos, counts from imports where source = $1", source).
		Scan(&p.position, &p.line, &p.errpos, &counts)
	if errors.Is(err, sql.ErrNoRows) {
		return p, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(counts), &p.counts)
	}
	if err != nil {
		return p, fmt.Errorf("couldn't read how far an earlier import came: %w", err)
	}
	if p.counts.Warnings == nil {
		p.counts.Warnings = map[Warning]int64{}
	}
	return p, nil
}

// store writes the place into the transaction of its rows.
func (p *place) store(ctx context.Context, tx *db.Tx, source string, now time.Time) error {
	counts, err := json.Marshal(p.counts)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `insert into imports (source, position, line, errpos, counts, time) values ($1, $2, $3, $4, $5, $6)
		on conflict (source) do update set position = excluded.position, line = excluded.line, errpos = excluded.errpos,
		counts = excluded.counts, time = excluded.time`,
		source, p.position, p.line, p.errpos, string(counts), db.Micros(now))
	return err
}
